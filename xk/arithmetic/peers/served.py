"""How well borrowing would have served the peers: each as if it knew the figure of one year alone."""

import numpy as np
import pandas as pd

from xk.arithmetic.peers.borrowing import BorrowingTable
from xk.arithmetic.peers.donors import Donors
from xk.arithmetic.peers.misses import distribute
from xk.arithmetic.peers.region_grid import Ints, Values

# an end of an interval holds what lies on it but for rounding
SLACK = 1e-9
LEVELS = (80, 95)
STATED = (10, 30, 50, 70, 90)
"""Odds, in per cent, of which it is told whether what had them came: to lie no higher than that quantile."""
COLUMNS = (
    "definition", "region", "origin", "ahead", "error", "still", *(f"in{level}" for level in LEVELS),
    *(f"below{odds}" for odds in STATED), "after",
)  # fmt: skip


def score_borrowing(table: BorrowingTable, later: pd.DataFrame, *, ahead: int = 4) -> pd.DataFrame:
    """Return what came beside what each peer would have borrowed from the others, in every year up to the table's.

    The path is `BorrowingTable.borrow` with the peer itself left out; the widths are those that all peers told by the
    year in which it borrows. ``error = |T(x_t) - T(b_t)|``, ``still = |T(x_t) - T(x_s)|``, T the scale of the transfer,
    b the central path, s the year in which it borrows (the origin). Source: own definition (docs/en/method.md).

    Parameters
    ----------
    table : BorrowingTable
    later : DataFrame
        definition, region, year, value, segment: figures of years after the table's. They count for the origin of the
        table's own year alone, and have ``after``.
    ahead : int
        Most years ahead.

    Returns
    -------
    DataFrame
        definition, region, origin, ahead, error, still, in80, in95 (whether the interval held it), below10, ...
        (whether it was no higher than that quantile; missing where the quantile is a natural bound, which nothing
        exceeds), after. Origins in which fewer than 8 peers lend or tell have no rows.
    """
    if not table.donors.definitions:
        return pd.DataFrame(columns=COLUMNS)
    values, segments = _figures(table.donors, later, ahead)
    parts = [_score_origin(table, column, values, segments, ahead=ahead) for column in range(values.shape[2] - ahead)]
    return pd.concat(parts, ignore_index=True)


def _figures(donors: Donors, later: pd.DataFrame, ahead: int) -> tuple[Values, Ints]:
    """Return figures and segments (definitions, regions, years) to some years after the last known one."""
    room = ((0, 0), (0, 0), (0, ahead))
    values, segments = np.pad(donors.values, room, constant_values=np.nan), np.pad(donors.segments, room)
    lines, regions = ({name: row for row, name in enumerate(names)} for names in (donors.definitions, donors.regions))
    line, region = later["definition"].map(lines), later["region"].map(regions)
    column = later["year"] - donors.first
    kept = line.notna() & region.notna() & (later["year"] > donors.last) & (column < values.shape[2])
    place = tuple(one[kept].to_numpy(dtype=np.int64) for one in (line, region, column))
    values[place], segments[place] = (later.loc[kept, name].to_numpy() for name in ("value", "segment"))
    return values, segments


def _score_origin(table: BorrowingTable, column: int, values: Values, segments: Ints, *, ahead: int) -> pd.DataFrame:
    """Return the rows of one origin, the year of a column."""
    donors = table.donors
    origin = donors.first + column
    lent, widths = table.until(origin).lent_now()
    ahead = min(ahead, lent.shape[1])
    known = ~np.isnan(values[:, :, column]) & table.group & ~np.isnan(lent[:, 0]) & ~np.isnan(widths.half[:, :1])
    rows, places = np.nonzero(known)
    came = np.full((len(rows), ahead), np.nan)
    base, centre, ends = np.empty(len(rows)), came.copy(), np.empty((2, len(rows)))
    for row, (one, other) in enumerate(zip(rows.tolist(), places.tolist(), strict=True)):
        transfer, start = table.transfers[one], float(values[one, other, column])
        next_years = slice(column + 1, column + 1 + ahead)
        same = segments[one, other, next_years] == segments[one, other, column]
        came[row] = transfer.apply(np.where(same, values[one, other, next_years], np.nan))
        base[row], ends[:, row] = transfer.apply(start), transfer.ends
        centre[row] = transfer.apply(transfer.carry(start, lent[one, :ahead, other]))
    spread = distribute(base, centre, widths.half[rows, :ahead], widths, (ends[0], ends[1]))
    after = np.arange(1, ahead + 1) + origin > donors.last
    case, year = np.nonzero(~np.isnan(came) & ~np.isnan(centre) & (~after | (origin == donors.last)))
    found = came[case, year]
    inside = [
        (spread.quantile(0.5 - level / 200)[case, year] - SLACK <= found)
        & (found <= spread.quantile(0.5 + level / 200)[case, year] + SLACK)
        for level in LEVELS
    ]
    below = []
    for odds in STATED:
        quantile = spread.quantile(odds / 100)
        bound = (quantile <= spread.lower[:, None]) | (quantile >= spread.upper[:, None])
        below.append(np.where(bound[case, year], np.nan, found <= quantile[case, year]))
    names = (np.array(each, dtype=object)[at] for each, at in ((donors.definitions, rows), (donors.regions, places)))
    cells = [*(name[case] for name in names), np.full(len(case), origin), year + 1, np.abs(found - centre[case, year]),
             np.abs(found - base[case]), *inside, *below, after[year]]  # fmt: skip
    return pd.DataFrame(dict(zip(COLUMNS, cells, strict=True)))

"""Borrowed trend (参照趋势): a region takes over where the trends of others lead, and how far that may err.

It is never the region's own trend, and every result that rests on it carries the kind ``borrowed``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.arithmetic.peers.donors import Donors, build_donors
from xk.arithmetic.peers.misses import (
    FEWEST_PEERS,
    Moves,
    Widths,
    build_moves,
    build_widths,
    distribute,
    scaled_paths,
    stay_positions,
    usual_departure,
)
from xk.arithmetic.peers.transfer import Transfer
from xk.arithmetic.projection import METHODS, Projection, probability
from xk.arithmetic.projection.panel import build_panel
from xk.arithmetic.target import Target, meets
from xk.errors import UsageError, check_known

Values = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Scales = Mapping[str, Transfer]
# who lends: the peers' median, the region's own series (a proxy), or a region by its name
PEERS, OWN = "peers", "own"
# a single region must know so many points to lend with an interval
REFERENCE_POINTS = 5


@dataclass(frozen=True)
class Skill:
    """How well borrowing served in the past, against no change: mean absolute errors on the scale of the transfer.

    Parameters
    ----------
    error, no_change : float
        NaN where there is nothing to tell it by.
    cases, regions : int
        Errors that were counted, and of how many regions.
    """

    error: float
    no_change: float
    cases: int
    regions: int

    @property
    def better(self) -> bool:
        """Whether it does better than no change, told by at least 8 regions."""
        return self.regions >= FEWEST_PEERS and self.error < self.no_change


@dataclass(frozen=True, eq=False)
class Borrowing:
    """What a region borrows, from the year after its figure on.

    Parameters
    ----------
    donor : str
        `peers`, `own` or the name of a region.
    definition : str
        Definition of the series that lend.
    start : (year, value)
        The figure that the trend is carried over to.
    transfer : Transfer
        Scale and bounds.
    path, plain : array (years,)
        Central path, and what the second rule gives: the same change in units. NaN where nothing is lent.
    lenders : tuple of str
        Regions whose trends were used.
    known : int
        Year up to which figures were known.
    errors, origins, seen : int
        Errors of borrowing that the interval rests on, origins that they come from, most years ahead among them.
    projection : Projection or None
        Path and predictive distribution of one series, on the scale of the transfer; None where there is no interval.
    """

    donor: str
    definition: str
    start: tuple[int, float]
    transfer: Transfer
    path: Values
    plain: Values
    lenders: tuple[str, ...]
    known: int
    errors: int = 0
    origins: int = 0
    seen: int = 0
    projection: Projection | None = None

    @property
    def years(self) -> Ints:
        """Years of the path."""
        return self.start[0] + 1 + np.arange(len(self.path))

    def _distribute(self, half: Values, widths: Widths) -> Projection:
        """Return path and distribution on the scale of the transfer, as a projection of the one figure."""
        base, centre = float(self.transfer.apply(self.start[1])), self.transfer.apply(self.path)
        panel = build_panel(np.array([0]), np.array([self.start[0]]), np.array([base]), 1)
        low, high = self.transfer.ends
        ends = np.array([low]), np.array([high])
        spread = distribute(np.array([base]), centre[None], half[None], widths, ends)
        used, none = np.array(["borrowed"], dtype=object), np.full((1, 0), np.nan)
        return Projection(panel, spread.centre, spread, (), used, (), none, none, np.zeros(1, dtype=np.int64))

    def interval(self, level: float) -> tuple[Values, Values]:
        """Return the ends (years,) of the central interval of a level in per cent, in the unit; NaN where none."""
        if self.projection is None:
            return np.full(len(self.path), np.nan), np.full(len(self.path), np.nan)
        low, high = (self.transfer.restore(end[0]) for end in self.projection.interval(level))
        return low, high

    def agrees(self, target: Target, *, after: int | None = None) -> bool:
        """Whether both rules say the same of the years asked for that are to come: met, or not; False where unknown.

        `after`: years up to it are past; that up to which figures were known if not given.
        """
        last = target.due
        if last is None or not target.known:
            return False
        past = self.known if after is None else after
        first = last if target.hold_from is None else min(max(target.hold_from, past + 1), last)
        asked = (self.years >= first) & (self.years <= last)
        rules = self.path[asked], self.plain[asked]
        if not asked.any() or np.isnan(rules).any():
            return False
        first_met, second_met = (bool(meets(rule, target).all()) for rule in rules)
        return first_met == second_met

    def probability(self, target: Target, *, after: int | None = None) -> float:
        """Odds of meeting a target, as `probability` of a projection; NaN where the rules disagree or none can be told.

        Parameters
        ----------
        target : Target
            In the unit of the region's figure.
        after : int, optional
            Years up to it are past; that up to which figures were known if not given.
        """
        past = self.known if after is None else after
        if self.projection is None or not self.agrees(target, after=past):
            return float("nan")
        return float(probability(self.projection, self.transfer.target(target), after=past)[0])


class _Lent(NamedTuple):
    """The change that is lent, on the scale of the transfer and in units, by whom, and whether they suffice."""

    changes: Values
    units: Values
    lenders: tuple[str, ...] = ()
    enough: bool = False


@dataclass(frozen=True, eq=False)
class BorrowingTable:
    """What the regions of a group could lend each other by a year, and how far borrowing went wrong until then.

    Parameters
    ----------
    donors : Donors
        Figures, and the paths that they gave in each year.
    transfers : tuple of Transfer
        Scale and bounds of each definition of `donors`.
    group : array (regions,)
        Which regions are peers of each other; the others can but lend by name.
    """

    donors: Donors
    transfers: tuple[Transfer, ...]
    group: npt.NDArray[np.bool_]
    # what was worked out once: changes by lag, widths by donor, lag and the region left out
    _moves: dict[int, Moves] = field(default_factory=dict, repr=False)
    _widths: dict[tuple[str, int, int | None], Widths] = field(default_factory=dict, repr=False)

    def until(self, year: int) -> BorrowingTable:
        """Return the table as it stood in an earlier year: nothing later plays a part."""
        if year >= self.donors.last:
            return self
        return BorrowingTable(self.donors.until(year), self.transfers, self.group)

    def told(self) -> BorrowingTable:
        """Return the table of the definitions by which 8 peers and more have figures; the others tell nothing."""
        seen = ~np.isnan(self.donors.values[:, self.group])
        kept = np.flatnonzero(seen.any(axis=2).sum(axis=1) >= FEWEST_PEERS)
        return BorrowingTable(self.donors.take(kept), tuple(self.transfers[line] for line in kept), self.group)

    def borrow(
        self, region: str, definition: str, start: tuple[int, float], *, donor: str = PEERS, own: Donors | None = None
    ) -> Borrowing:
        """Carry a region's one figure forward along the trend that others lend.

        ``T(x_t) = T(x_s) + m_t``, T the logarithm (level, rate: factors of growth) or the logit (share), m the median
        over the peers of ``T(p_t) - T(p_s)``, p what each knew by the table's year and then the projection of its own
        figures; or the change of one region (`donor` its name), or of another series of the region itself (`own`).
        Its own figures of the definition play no part, but with `own`.

        Parameters
        ----------
        region : str
            Need not be in the table.
        definition : str
            Definition of the series that lend; it must be in the table.
        start : (year, value)
            The figure; its year not after the table's, its unit that of the scale.
        donor : str
            `peers`, `own` or a region of the table.
        own : Donors, optional
            Figures of a region that is not in the table, by which it lends to itself.

        Returns
        -------
        Borrowing
            Without an interval where fewer than 8 peers lend or can tell how far borrowing goes wrong, or where a
            single region lends that knows fewer than 5 points.

        Source: own definition (docs/en/method.md); the interval: see `build_widths`.
        """
        check_known(definition, self.donors.definitions, "definition")
        line, lag = self.donors.definitions.index(definition), self.donors.last - start[0]
        if lag < 0:
            raise UsageError(f"a figure of {start[0]} cannot borrow what was known in {self.donors.last}")
        transfer, found = self.transfers[line], self._lent(donor, definition, lag, region, own)
        path, plain = transfer.carry(start[1], found.changes), transfer.add(start[1], found.units)
        lent = Borrowing(donor, definition, start, transfer, path, plain, found.lenders, known=self.donors.last)
        if not found.enough or np.isnan(transfer.apply(start[1])):
            return lent
        widths = self._widths_of(donor, lag, self._row(region))
        half, told = widths.half[line], (one[line] for one in (widths.errors, widths.origins, widths.seen))
        errors, origins, seen = (int(count) for count in told)
        spread = None if np.isnan(half).all() else lent._distribute(half, widths)
        return replace(lent, errors=errors, origins=origins, seen=seen, projection=spread)

    def skill(self, definition: str, *, donor: str = PEERS, ahead: int | None = None) -> Skill:
        """Return how well borrowing served all peers until the table's year, against no change.

        ``mean |T(x_t) - T(b_t)|`` and ``mean |T(x_t) - T(x_s)|`` over the same origins, regions and years ahead, b
        what would have been borrowed. Source: own definition.

        Parameters
        ----------
        ahead : int, optional
            Most years ahead that count; all if not given.
        """
        check_known(definition, self.donors.definitions, "definition")
        line, moves = self.donors.definitions.index(definition), self._moves_of(0)
        missed = self._errors(donor, 0, None)[:, line, :ahead]
        known = ~np.isnan(missed)
        if not known.any():
            return Skill(np.nan, np.nan, 0, 0)
        still = np.abs(moves.came[:, line, :ahead][known]).mean()
        regions = int(known.any(axis=(0, 1)).sum())
        return Skill(float(np.abs(missed[known]).mean()), float(still), int(known.sum()), regions)

    def lent_now(self) -> tuple[Values, Widths]:
        """Return what the others lend each peer (definitions, years ahead, regions), and the widths that all tell.

        The changes since the table's year are on the scale of the transfer.
        """
        return self._moves_of(0).medians(None)[-1], self._widths_of(PEERS, 0, None)

    def _row(self, region: str) -> int | None:
        names = self.donors.regions
        return names.index(region) if region in names else None

    def _moves_of(self, lag: int) -> Moves:
        if lag not in self._moves:
            scaled = scaled_paths(self.donors, list(self.transfers))
            edges = np.array([one.ends[1] if one.scale == "share" else np.inf for one in self.transfers])
            self._moves[lag] = build_moves(self.donors, scaled, edges, lag=lag, group=self.group)
        return self._moves[lag]

    def _errors(self, donor: str, lag: int, own: int | None) -> Values:
        """Return what came less what would have been borrowed (origins, definitions, years ahead, regions)."""
        moves = self._moves_of(lag)
        counted = self.group.copy()
        if donor == OWN:
            lent = moves.lent
        elif donor == PEERS:
            lent = moves.medians(own)
        else:
            lender = self.donors.regions.index(self._checked(donor))
            counted[lender], lent = False, moves.lent[..., lender, None]
        if own is not None and donor != OWN:
            counted[own] = False
        return np.where(counted, moves.came - lent, np.nan)

    def _widths_of(self, donor: str, lag: int, own: int | None) -> Widths:
        key = donor, lag, None if donor == OWN else own
        if key not in self._widths:
            counted = self.group.copy()
            if key[2] is not None:
                counted[key[2]] = False
            usual = usual_departure(self._moves_of(lag).came, counted)
            stays = stay_positions(self._moves_of(lag), counted)
            self._widths[key] = build_widths(self._errors(*key), self._moves_of(lag).at_bound, usual, stays)
        return self._widths[key]

    def _checked(self, donor: str) -> str:
        check_known(donor, [PEERS, OWN, *self.donors.regions], "donor")
        return donor

    def _lent(self, donor: str, definition: str, lag: int, region: str, own: Donors | None) -> _Lent:
        """Return what is lent over the years from a start on, `own`: figures of a region that is not in the table."""
        donors = own if donor == OWN and own is not None else self.donors
        start, line = donors.values.shape[2] - 1 - lag, self.donors.definitions.index(definition)
        none = np.full(donors.horizon + lag, np.nan)
        if start < 0 or definition not in donors.definitions:
            return _Lent(none, none)
        ways = donors.paths[-1, donors.definitions.index(definition), :, start:]
        scaled = self.transfers[line].apply(ways)
        lends, names = ~np.isnan(scaled).any(axis=1), np.array(donors.regions)
        if donor == PEERS:
            lends &= self.group & (names != region)
            enough = bool(lends.sum() >= FEWEST_PEERS)
        else:
            lends &= names == (region if donor == OWN else self._checked(donor))
            points = (~np.isnan(donors.values[donors.definitions.index(definition), lends])).sum()
            enough = bool(lends.any() and (donor == OWN or points >= REFERENCE_POINTS))
        if not lends.any():
            return _Lent(none, none)
        changes, units = (np.median(each[lends, 1:] - each[lends, :1], axis=0) for each in (scaled, ways))
        return _Lent(changes, units, tuple(names[lends].tolist()), enough)


def calibrate(
    figures: pd.DataFrame, transfers: Scales, *, peers: Collection[str], as_of: int, horizon: int, method: str = "auto"
) -> BorrowingTable:
    """Return what the peers could lend each other by a year, with the errors of borrowing in all years before it.

    Formula: see `BorrowingTable.borrow` and `build_widths`. Source: own definition (docs/en/method.md).

    Parameters
    ----------
    figures : DataFrame
        definition, region, year, value, segment, of all peers and of those that lend by name; of many definitions,
        each of one unit and price base. Figures of one region, definition and segment compare, across segments never.
    transfers : dict
        Definition -> scale and natural bounds; those without one are left out.
    peers : collection of str
        Regions that are peers of each other; whoever borrows is never its own peer.
    as_of : int
        Figures of later years play no part.
    horizon : int
        Years that are projected after it.
    method : str
        Of the projections of the peers' own figures.

    Raises
    ------
    InputError
        No figures up to `as_of`.
    UsageError
        Two figures of one region, definition and year.
    """
    check_known(method, METHODS, "method")
    kept = figures[figures["definition"].isin(list(transfers))]
    donors = build_donors(kept, transfers, as_of=as_of, horizon=horizon, method=method)
    group = np.array([region in peers for region in donors.regions], dtype=bool)
    return BorrowingTable(donors, tuple(transfers[name] for name in donors.definitions), group)

"""Series for projection: of any region and indicator, each in one unit."""

from decimal import Decimal
from pathlib import Path

import pandas as pd

from xk.contracts.declarations import contract_of
from xk.contracts.faults import contract_faults, merge_faults, row_faults, type_table
from xk.contracts.records import Record, records
from xk.errors import Fault, UsageError, raise_faults
from xk.readers.block_figures import TEXTS, read_figures
from xk.readers.cells import convert, unit_scale
from xk.readers.conversion import factor_between
from xk.readers.naming import Names, read_names
from xk.readers.office_files import read_tables
from xk.readers.sheets import Block, unstored_faults
from xk.readers.store import read_store
from xk.readers.text import shown
from xk.readers.title_regions import region_above
from xk.vocab import AHEAD_KINDS, KINDS, NAMED

OTHER = "the unit {unit!r} of {indicator} is not {base!r}, that of its first row, nor converts to it"
ONE_UNIT = "give all its figures in one unit"


def read_points(path: str | Path, *, said: list[str] | None = None) -> pd.DataFrame:
    """Read series for projection, of any region and indicator, from a file of any known layout; values may be empty.

    Rows that a column ``kind`` calls projected are refused. Figures of an indicator are converted to the unit of its
    first row, where a series has two.

    Parameters
    ----------
    path : str or Path
        The file.
    said : list of str, optional
        What was converted and, after a ``?``, supposed is appended.

    Raises
    ------
    InputError
        With every fault: text in numbers, missing columns, duplicate years, units that do not convert, unreadable file.
    """
    file, contract = shown(Path(path)), contract_of("points")
    told: list[str] = [] if said is None else said
    found, faults = read_tables(path, lambda _: False)
    parts = []
    for block in found:
        figures = read_figures(block, gaps=True)
        rows = figures.rows.astype({name: object for name in TEXTS})
        faults += [*figures.faults, *_place(block, rows, told)]
        parts.append(rows)
    for sheet in {block.sheet.title: block.sheet for block in found}.values():
        faults += unstored_faults(sheet, faults)
    points = pd.concat(parts or [pd.DataFrame()])
    if points.empty:
        raise_faults(faults or [Fault(file, None, "", "has no rows", "give at least one observation")])
    points = points.rename(columns={"name": "indicator"}).set_index("line")
    points["value"], others = _in_one_unit(points, file, told)
    typed, _ = type_table(points[list(contract.columns)], contract, file)
    more = contract_faults(typed, contract, file, known={}) + others + _kind_faults(points, file)
    raise_faults(merge_faults(faults, more or _renamed(points, file)))
    return typed.astype({"year": "int64"}).reset_index(drop=True)


def _known() -> tuple[Names, dict[str, object]]:
    """Return the names that the project knows, and region -> the one it lies in; none where there is no project."""
    try:
        store = read_store()
    except UsageError:
        return Names({kind: {} for kind in NAMED}), {}
    return read_names(store), dict(zip(store.regions["region"], store.regions["parent"], strict=True))


def _renamed(points: pd.DataFrame, file: str) -> list[Fault]:
    """Return a fault for every name that means what another one in the file does: a region, or an indicator in it.

    They would be two series of one thing.
    """
    pairs = points[["region", "indicator"]].reset_index().drop_duplicates(["region", "indicator"])
    names = _known()[0] if len(pairs) > 1 else Names({kind: {} for kind in NAMED})
    first: dict[tuple[str, ...], Record] = {}
    faults = []
    for row in records(pairs):
        meant = tuple(names.sure(kind, row[kind]) or row[kind] for kind in ("region", "indicator"))
        other = first.setdefault(meant, row)
        if other is not row:
            what = next(kind for kind in ("indicator", "region") if other[kind] != row[kind])
            said = f"{row[what]!r} is {other[what]!r} of line {other['line']} by another name"
            faults.append(Fault(file, int(row["line"]), what, said, f"write {other[what]!r} in both"))
    return faults


def _place(block: Block, rows: pd.DataFrame, said: list[str]) -> list[Fault]:
    """Give figures of a table without regions that of its title; return a fault where that names none."""
    if rows.empty or "region" in block.by_row or (rows["region"] != "").any():
        return []
    title, (place, wrong) = block.sheet.title, region_above(block, *_known(), None)
    said += [f"? {title}: {doubt}" for doubt in block.doubts if place]
    rows["region"] = place or title  # told once
    if place or wrong:
        return [wrong] if wrong else []
    remedy = "give a column region, or begin the title above the table with a region that is known"
    return [Fault(title, None, "", "no line says of which region the figures are", remedy)]


def _in_one_unit(points: pd.DataFrame, file: str, said: list[str]) -> tuple[pd.Series, list[Fault]]:
    """Return the values of each indicator in the unit of its first row, and a fault for each that does not convert.

    Where a whole series is in a unit that has nothing in common with that, it keeps its own.
    """
    rows, faults = points.reset_index(), []  # type: pd.DataFrame, list[Fault]
    converted: dict[str, None] = {}
    varied = rows.groupby("indicator")["unit"].transform("nunique") > 1
    names = _known()[0] if varied.any() else Names({})
    for indicator, of_one in rows[varied].groupby("indicator", sort=False):
        first = of_one["unit"].iloc[0]
        for _, series in of_one.groupby("region", sort=False):
            own = series["unit"].iloc[0]
            base = own if _factor(own, first, names, str(indicator)) is None else first
            for unit, same in series.groupby("unit", sort=False):
                factor = _factor(str(unit), base, names, str(indicator))
                if factor is None:
                    faults += row_faults(same.set_index("line").assign(base=base), file, "", OTHER, ONE_UNIT)
                elif factor != 1:
                    rows.loc[same.index, "value"] = [convert(one, factor) for one in same["value"]]
                    converted[f"{indicator} {unit} to {base} (x {factor.normalize():f})"] = None
    said += [f"units converted: {', '.join(converted)}"] if converted else []
    return pd.Series(rows["value"].to_numpy(), points.index), faults


def _factor(unit: str, base: str, names: Names, indicator: str) -> Decimal | None:
    if base or not unit:
        return factor_between(unit, base, names, called=indicator)
    scale = unit_scale(unit)  # beside figures without a unit: % changes nothing, ‰ would
    return Decimal(1) if scale and scale[0] == 1 else None


def _kind_faults(cells: pd.DataFrame, file: str) -> list[Fault]:
    """Return a fault for every row whose kind, if there is such a column, is not that of a figure."""
    ahead = cells[cells["kind"].isin(AHEAD_KINDS)]
    others = cells[~cells["kind"].isin(("", *KINDS, *AHEAD_KINDS))]
    remedy = "project from observed figures: leave these rows out"
    faults = row_faults(ahead, file, "kind", "{kind!r} is no observation", remedy)
    return faults + row_faults(others, file, "kind", "unknown word {kind!r}", "use one of " + ", ".join(KINDS))

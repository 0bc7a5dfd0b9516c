"""Figures of users: observations beside the published ones, and series for projection."""

from itertools import chain
from pathlib import Path

import pandas as pd

from xk.contracts.declarations import Contract, contract_of
from xk.contracts.faults import contract_faults, duplicate_faults, merge_faults, row_faults, type_table
from xk.contracts.observations import observation_faults
from xk.errors import Fault, UsageError, nearest, raise_faults
from xk.readers.clock import this_year
from xk.readers.naming import read_names
from xk.readers.schemes import measures_of, names_of
from xk.readers.store import Store, describe_figures, read_store
from xk.readers.text import read_text_table, shown
from xk.vocab import AHEAD_KINDS, KINDS, OWN_VINTAGE

PARQUET = (".parquet", ".pq")


def read_observations(path: str | Path, *, store: Store | None = None, scheme: str = "") -> pd.DataFrame:
    """Read a user's observations (CSV or Parquet) and check them against the known regions and indicators.

    Parameters
    ----------
    path : str or Path
        Columns region, indicator (any known name of each), year, value; if known also unit, price_base, kind, vintage,
        source_id, series. A unit that is not given is taken to be the scheme's; a price base never is: a figure of
        what has prices in it is ``not_stated`` without one, and then not compared with a target that has.
    store : Store, optional
        What is known; read from the project if not given.
    scheme : str
        Whose numbers of indicators are meant; without it only a number that means the same in all schemes is known.

    Returns
    -------
    DataFrame
        Columns of the observations and of `describe_figures`; series in which the file continues the published ones
        of the same unit and price base: those that a scheme lets serve for the level before others.

    Raises
    ------
    InputError
        With every fault.
    """
    known = store or read_store()
    file, measures = shown(Path(path)), measures_of(known.schemes)
    contract = contract_of("observations")
    cells, faults = _read_cells(Path(path))
    if cells.columns.empty:
        raise_faults(faults)
    names = read_names(known).under(scheme)
    for column in {*cells} & {"region", "indicator", "unit"}:
        cells[column] = names.column(column, cells[column])
    frame, more = type_table(cells, contract, file)
    found = observation_faults(
        frame, file, regions=names_of(known.regions), measures=measures, series=known.series, this_year=this_year()
    )
    raise_faults(merge_faults(faults + more, found))
    out = _complete(frame, measures, known)
    raise_faults(duplicate_faults(out, contract.key, file))
    return out.reset_index(drop=True)


def _complete(frame: pd.DataFrame, measures: pd.DataFrame, known: Store) -> pd.DataFrame:
    scheme, series = measures.set_index("indicator"), known.series
    out = frame.copy()
    register = series.drop_duplicates("series").set_index("series")
    priced = out["indicator"].map(scheme["price_base"]).notna()
    unsaid = pd.Series("not_stated", index=out.index).where(priced)
    for column, otherwise in ("unit", out["indicator"].map(scheme["unit"])), ("price_base", unsaid):
        own = out["series"].map(register[column]).where(out["series"].notna(), otherwise)
        out[column] = out[column].fillna(own)
    out["kind"], out["vintage"] = out["kind"].fillna("observed"), out["vintage"].fillna(OWN_VINTAGE)
    alike = ["region", "indicator", "base"]
    declared = _by_service(known).assign(base=lambda rows: rows["price_base"].fillna("")).drop_duplicates(alike)
    based = out.assign(base=out["price_base"].fillna(""))
    joined = based.merge(declared, on=alike, how="left", suffixes=("", "_a")).set_axis(out.index)
    own = joined["region"] + "." + joined["indicator"] + ".file"
    out["series"] = out["series"].fillna(joined["series_a"]).fillna(own)
    return describe_figures(out, series)


def _by_service(known: Store) -> pd.DataFrame:
    """Return the series of grade A; those that a scheme names for a level come first, in its order."""
    served = (serving.level for scheme in known.schemes.values() for serving in scheme.served_by.values())
    places = {name: place for place, name in enumerate(chain.from_iterable(served))}
    series = known.series[known.series["grade"] == "A"]
    return series.assign(place=series["definition"].map(places)).sort_values("place", kind="stable")


def add_observations(observations: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Return `observations` with those of a user's file; where both have a figure the file's stands."""
    key = ["region", "indicator", "series", "year"]
    newest = more.sort_values("vintage", kind="stable").drop_duplicates(key, keep="last")
    replaced = pd.MultiIndex.from_frame(observations[key]).isin(pd.MultiIndex.from_frame(newest[key]))
    return pd.concat([observations[~replaced], newest]).sort_values(key, kind="stable").reset_index(drop=True)


def read_points(path: str | Path) -> pd.DataFrame:
    """Read series for projection: CSV or Parquet with region, indicator, year, value (may be empty).

    Other columns are left alone; rows that a column ``kind`` calls projected are refused.

    Raises
    ------
    InputError
        With every fault: text in numbers, missing columns, duplicate years, unreadable file.
    """
    file = shown(Path(path))
    contract = contract_of("points")
    cells, faults = _read_cells(Path(path))
    if cells.columns.empty:
        raise_faults(faults)
    typed, more = type_table(cells[[name for name in contract.columns if name in cells]], contract, file)
    faults += [_renamed(fault, cells, contract) for fault in more]
    found = contract_faults(typed, contract, file, known={}) + _kind_faults(cells, file)
    if typed.empty:
        found.append(Fault(file, None, "", "has no rows", "give at least one observation"))
    raise_faults(merge_faults(faults, found))
    return typed.astype({"year": "int64"}).reset_index(drop=True)


def _renamed(fault: Fault, cells: pd.DataFrame, contract: Contract) -> Fault:
    """Return a fault about a missing column with the name that may be meant for it."""
    others = [str(name) for name in cells if name not in contract.columns]
    near = nearest(fault.column, others)
    if fault.row != 1 or "did you mean" not in near:
        return fault
    return Fault(fault.file, 1, fault.column, fault.message, near.replace("did you mean", "rename it from"))


def _kind_faults(cells: pd.DataFrame, file: str) -> list[Fault]:
    """Return a fault for every row whose kind, if there is such a column, is not that of a figure."""
    if "kind" not in cells:
        return []
    kinds = cells[["kind"]].astype("str").assign(kind=lambda rows: rows["kind"].str.strip())
    ahead = kinds[kinds["kind"].isin(AHEAD_KINDS)]
    others = kinds[~kinds["kind"].isin(("", "nan", "None", *KINDS, *AHEAD_KINDS))]
    remedy = "project from observed figures: leave these rows out"
    faults = row_faults(ahead, file, "kind", "{kind!r} is no observation", remedy)
    return faults + row_faults(others, file, "kind", "unknown word {kind!r}", "use one of " + ", ".join(KINDS))


def _read_cells(file: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """Read the cells of a CSV or Parquet file; the first row counts as line 2 in both."""
    if file.suffix.lower() not in PARQUET or not file.is_file():
        return read_text_table(file)
    try:
        frame = pd.read_parquet(file)
    except ImportError as error:
        raise UsageError("reading Parquet needs pyarrow: pip install pyarrow") from error
    except (OSError, ValueError) as error:
        message = f"cannot be read as Parquet ({error})"
        return pd.DataFrame(), [Fault(shown(file), None, "", message, "write it again")]
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return frame.rename(columns=str), []

"""Figures of users: observations beside the published ones, and series for projection."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import pandas as pd

from xk.contracts.declarations import contract_of
from xk.contracts.faults import contract_faults, duplicate_faults, merge_faults, row_faults, type_table
from xk.contracts.observations import observation_faults
from xk.errors import Fault, raise_faults
from xk.readers.block_figures import TEXTS, read_figures
from xk.readers.clock import this_year
from xk.readers.naming import Names, read_names
from xk.readers.office_files import read_files, read_tables
from xk.readers.schemes import measures_of, names_of
from xk.readers.sheets import titled
from xk.readers.store import Store, describe_figures, read_store
from xk.readers.text import shown
from xk.vocab import AHEAD_KINDS, KINDS, OWN_VINTAGE, PLANNED_KINDS


def read_observations(
    paths: str | Path | Sequence[str | Path], *, store: Store | None = None, scheme: str = "", region: str = ""
) -> pd.DataFrame:
    """Read a user's observations from files of any known layout, and check them.

    Parameters
    ----------
    paths : str, Path or sequence of them
        Files as :func:`xk.readers.read_files` takes them; unit, price_base, kind, vintage, source_id, series are taken
        from a table with a line per figure. A unit that is not given is taken to be the scheme's; a price base
        never is: a figure of what has prices in it is ``not_stated`` without one, and then not compared with a target
        that has.
    store : Store, optional
        What is known; read from the project if not given.
    scheme : str
        Whose numbers of indicators are meant; without it only a number that means the same in all schemes is known.
    region : str
        Region of tables that name none.

    Returns
    -------
    DataFrame
        Columns of the observations and of `describe_figures`; series in which the file continues the published ones
        of the same unit and price base: those that a scheme lets serve for the level before others.

    Raises
    ------
    InputError
        With every fault. A region or indicator that is not known is one in a table with a line per figure; of other
        tables, which may hold more than is asked for, the figures of known ones are taken.
    """
    known = store or read_store()
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    reading = read_files(files, store=known, scheme=scheme, region=region or None)
    measures, contract = measures_of(known.schemes), contract_of("observations")
    frames, faults = [], reading.faults
    figures = _observed(reading.rows, read_names(known).under(scheme))
    for title, rows in figures.groupby("title", sort=False):
        frame = type_table(rows[list(contract.columns)], contract, str(title))[0]
        faults = merge_faults(faults, observation_faults(
            frame, str(title), regions=names_of(known.regions), measures=measures, series=known.series,
            this_year=this_year(),
        ))  # fmt: skip
        frames.append(frame)
    if not frames and not faults:
        message, remedy = "no figure is of a known region and indicator", "see what is known of it: xk read FILE"
        faults = [Fault(", ".join(shown(Path(file)) for file in files), None, "", message, remedy)]
    raise_faults(faults)
    out = _complete(pd.concat(frames), measures, known)
    raise_faults(duplicate_faults(out, contract.key, ", ".join(shown(Path(file)) for file in files)))
    return out.reset_index(drop=True)


def _observed(rows: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return the observed figures of a reading as text cells, index = line of the file, with its title.

    Where a table has a line per figure, an indicator that is not known keeps its name, so that it is told.
    """
    if rows.empty:
        return rows.assign(title="")
    out = rows[~rows["kind"].isin(PLANNED_KINDS)].astype({name: object for name in rows.select_dtypes("category")})
    out["title"] = list(map(titled, out["file"], out["sheet"]))
    tidy = out["layout"] == "tidy"
    known = (out["indicator"] != "") & out["region"].map(lambda word: bool(names.sure("region", str(word))))
    unknown = tidy & ~out["name"].map(lambda word: bool(names.sure("indicator", str(word))))
    out["indicator"] = out["indicator"].where((out["indicator"] != "") | ~unknown, out["name"])
    kept = known | (tidy & (out["indicator"] != ""))
    return out.set_index("line")[kept.to_numpy()]


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
    """Read series for projection, of any region and indicator, from a file of any known layout; values may be empty.

    Rows that a column ``kind`` calls projected are refused.

    Raises
    ------
    InputError
        With every fault: text in numbers, missing columns, duplicate years, unreadable file.
    """
    file, contract = shown(Path(path)), contract_of("points")
    found, faults = read_tables(path, lambda _: False)
    rows = [read_figures(block, gaps=True) for block in found]
    faults += [fault for figures in rows for fault in figures.faults]
    points = pd.concat([figures.rows.astype({name: object for name in TEXTS}) for figures in rows] or [pd.DataFrame()])
    if points.empty:
        raise_faults(faults or [Fault(file, None, "", "has no rows", "give at least one observation")])
    points = points.rename(columns={"name": "indicator"}).set_index("line")
    typed, _ = type_table(points[list(contract.columns)], contract, file)
    raise_faults(merge_faults(faults, contract_faults(typed, contract, file, known={}) + _kind_faults(points, file)))
    return typed.astype({"year": "int64"}).reset_index(drop=True)


def _kind_faults(cells: pd.DataFrame, file: str) -> list[Fault]:
    """Return a fault for every row whose kind, if there is such a column, is not that of a figure."""
    ahead = cells[cells["kind"].isin(AHEAD_KINDS)]
    others = cells[~cells["kind"].isin(("", *KINDS, *AHEAD_KINDS))]
    remedy = "project from observed figures: leave these rows out"
    faults = row_faults(ahead, file, "kind", "{kind!r} is no observation", remedy)
    return faults + row_faults(others, file, "kind", "unknown word {kind!r}", "use one of " + ", ".join(KINDS))

"""Figures of users: observations beside the published ones.

Figures of counties from a file of any known layout: those of one indicator, and what they weigh by.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from xk.contracts.declarations import contract_of
from xk.contracts.faults import merge_faults, type_table
from xk.contracts.observations import newest_vintage, observation_faults
from xk.contracts.provenance import sha256_of
from xk.errors import Fault, InputError, UsageError, raise_faults
from xk.readers.adding import Source, own_rows, said_in_all
from xk.readers.clock import this_year, today
from xk.readers.contradictions import contradictions
from xk.readers.naming import Names, read_names
from xk.readers.office_files import Reading, read_files
from xk.readers.plausibility import implausible, off_target
from xk.readers.schemes import names_of
from xk.readers.sheets import titled
from xk.readers.store import Asked, OwnFigures, Store, describe_figures, read_store
from xk.readers.text import printable, shown
from xk.vocab import OWN_GRADE, PLANNED_KINDS

OWN = Source("own", "", "")
"""The one source of all files of a question: what one of them begins in a series the next may go on with."""
PLACE = ["file", "sheet", "cell"]
States = tuple[tuple[int, int] | None, ...]


def read_observations(
    paths: str | Path | Sequence[str | Path], *, store: Store | None = None, scheme: str = "", region: str = ""
) -> pd.DataFrame:
    """Read a user's observations from files of any known layout, and check them.

    Parameters
    ----------
    paths : str, Path or sequence of them
        Files as :func:`xk.readers.read_files` takes them; unit, price_base, kind, vintage, source_id, series are taken
        from a table with a line per figure. A unit that is not given is taken to be the scheme's, a vintage the day on
        which the file was last changed; a price base never is: a figure of what has prices in it is ``not_stated``
        without one, and then not compared with a target that has.
    store : Store, optional
        What is known; read from the project if not given.
    scheme : str
        Whose numbers of indicators are meant; without it only a number that means the same in all schemes is known.
    region : str
        Region of tables that name none.

    Returns
    -------
    DataFrame
        Columns of the observations and of `describe_figures`. Own figures are series of their own, of grade ``own``;
        they continue a published one only where the file names that ``series``.

    Raises
    ------
    InputError
        With every fault. A region or indicator that is not known is one in a table with a line per figure; of other
        tables, which may hold more than is asked for, the figures of known ones are taken.
    """
    known = store or read_store()
    files = tuple(str(path) for path in ([paths] if isinstance(paths, str | Path) else paths))
    reading = read_files(files, store=known, scheme=scheme)
    return _own_figures(reading, known, Asked(files), scheme=scheme, region=region).frame.drop(columns=PLACE)


def store_as_asked(store: Store, asked: Asked, *, scheme: str, region: str) -> Store:
    """Return a store without the figures that were released later than is asked for, and with those of own files.

    The same files are read and checked once, for all regions where every table names one.

    Parameters
    ----------
    store : Store
        All of ``data/raw``.
    asked : Asked
        Files with own figures, and the last day of release that counts.
    scheme : str
        Whose numbers of indicators are meant.
    region : str
        Region of tables that name none.

    Raises
    ------
    InputError
        With every fault of the files.
    UsageError
        No figure at all was released by the day that is asked for.
    """
    if asked == Asked():
        return store
    states = tuple(map(_state, asked.observations))
    rows = read_own(store, asked.observations, scheme).rows
    return _join_once(store, asked, states, scheme, region if _nameless(rows).any() else "")


def read_own(store: Store, files: Sequence[str], scheme: str) -> Reading:
    """Return what was read of a user's files; done once while they do not change."""
    return _read_once(store, tuple(files), tuple(map(_state, files)), scheme)


def _state(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None  # reading says what is wrong with it
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=2)
def _read_once(store: Store, files: tuple[str, ...], states: States, scheme: str) -> Reading:  # noqa: ARG001
    return read_files(files, store=store, region=None, scheme=scheme) if files else Reading(pd.DataFrame())


@lru_cache(maxsize=4)
def _join_once(store: Store, asked: Asked, states: States, scheme: str, region: str) -> Store:
    published = newest_vintage(store.vintages[asked.counted(store.vintages)])
    if not asked.observations:
        _check_released(published, asked, store)
        return replace(store, asked=asked, observations=published)
    reading = _read_once(store, asked.observations, states, scheme)
    own = _own_figures(reading, store, asked, scheme=scheme, region=region)
    joined = add_observations(published, own.frame[asked.counted(own.frame)].drop(columns=PLACE))
    _check_released(joined, asked, store)
    return replace(
        store,
        asked=asked,
        own=replace(own, published=published),
        series=pd.concat([store.series, own.series], ignore_index=True),
        sources=pd.concat([store.sources, _sources_of(asked.observations)], ignore_index=True),
        observations=joined,
    )


def _check_released(observations: pd.DataFrame, asked: Asked, store: Store) -> None:
    """Raise UsageError where no figure at all counts: a result of nothing would answer no question."""
    days = store.vintages["vintage"].dropna()
    if asked.vintage is not None and observations.empty and len(days):
        said = f"no figure was released by {asked.vintage}; the first was on {days.min()}"
        raise UsageError(f"{said}: take that day or a later one")


def _nameless(rows: pd.DataFrame) -> pd.Series:
    """Return which observations are of a known indicator, and no line says of which region."""
    if rows.empty:
        return pd.Series(False, rows.index)
    return (rows["region"] == "") & (rows["indicator"] != "") & ~rows["kind"].isin(PLANNED_KINDS)


def _own_figures(reading: Reading, store: Store, asked: Asked, *, scheme: str, region: str) -> OwnFigures:
    """Return what was read of own files as figures in series of their own; raise InputError with every fault."""
    files, contract = {shown(Path(file)): file for file in asked.observations}, contract_of("observations")
    nameless = tuple(map(str, reading.rows[_nameless(reading.rows)]["file"].unique()))
    rows = _observed(reading.rows, read_names(store).under(scheme), region)
    rows["vintage"] = rows["vintage"].mask(rows["vintage"] == "", asked.vintage or "")
    _check(rows, reading, store, ", ".join(files))
    released = max(rows["vintage"].tolist(), default="")
    days = {name: today(Path(file)) for name, file in files.items()}
    numbers = {name: f"own_{at}" for at, name in enumerate(files, start=1)}
    dated = rows["vintage"].where(rows["vintage"] != "", rows["file"].map(days))
    sources = rows["source_id"].where(rows["source_id"] != "", rows["file"].map(numbers))
    rows = own_rows(rows.assign(vintage=dated, source_id=sources), store, OWN)
    typed = type_table(rows[list(contract.columns)], contract, "")[0].assign(**{name: rows[name] for name in PLACE})
    typed = typed.drop_duplicates([*contract.key, "value"]).reset_index(drop=True)
    raise_faults(contradictions(typed.assign(name=typed["indicator"]), list(contract.key))[1])
    series = _series_of(rows, store)
    frame = describe_figures(typed, pd.concat([store.series, series]))
    called = _called(list(files.values()))
    frame["file"] = frame["file"].map({name: called[file] for name, file in files.items()})
    placed = frame.assign(cell=frame["file"] + " " + frame["cell"]) if len(files) > 1 else frame
    remarks = (*implausible(placed, store), *off_target(reading.rows, store.schemes.get(scheme)))
    planned = int(reading.rows["kind"].isin(PLANNED_KINDS).sum())
    return OwnFigures(frame, series, store.observations, asked.observations, remarks, planned, nameless, released)


def _check(rows: pd.DataFrame, reading: Reading, store: Store, files: str) -> None:
    """Raise InputError with every fault of files, of those in cells first."""
    faults, measures, contract = list(reading.faults), store.measures, contract_of("observations")
    for title, own in rows.groupby("title", sort=False):
        own = own.drop_duplicates(contract.key)  # two values for one are told by their cells
        frame = type_table(own[list(contract.columns)], contract, str(title))[0]
        faults = merge_faults(faults, observation_faults(
            frame, str(title), regions=names_of(store.regions), measures=measures, series=store.series,
            this_year=this_year(),
        ))  # fmt: skip
    if rows.empty and not faults:
        message, remedy = "no figure is of a known region and indicator", "see what is known of it: xk read FILE"
        faults = [Fault(files, None, "", message, remedy)]
    raise_faults(faults)


def _observed(rows: pd.DataFrame, names: Names, region: str) -> pd.DataFrame:
    """Return the observed figures of a reading as text cells, index = line of the file, with its title.

    `region`: that of tables that name none. Where a table has a line per figure, an indicator that is not known keeps
    its name, so that it is told.
    """
    if rows.empty:
        return pd.DataFrame(columns=[*contract_of("observations").columns, *PLACE, "title"], dtype=object)
    out = rows[~rows["kind"].isin(PLANNED_KINDS)].astype({name: object for name in rows.select_dtypes("category")})
    out["title"] = list(map(titled, out["file"], out["sheet"]))
    out["region"] = out["region"].mask(out["region"] == "", region)
    tidy = out["layout"] == "tidy"
    known = (out["indicator"] != "") & out["region"].map(lambda word: bool(names.sure("region", str(word))))
    unknown = tidy & ~out["name"].map(lambda word: bool(names.sure("indicator", str(word))))
    out["indicator"] = out["indicator"].where((out["indicator"] != "") | ~unknown, out["name"])
    return out.set_index("line")[(known | (tidy & (out["indicator"] != ""))).to_numpy()]


def _series_of(rows: pd.DataFrame, store: Store) -> pd.DataFrame:
    """Return the register of the series that figures begin, with their definitions."""
    new = rows[~rows["series"].isin(store.series["series"])].drop_duplicates("series")
    said = said_in_all("definition", "own_definition")
    columns = ["series", "region", "definition", "indicator", "unit", "price_base"]
    return new[columns].replace("", None).assign(grade=OWN_GRADE, breaks="", **said)


def _sources_of(files: Sequence[str]) -> pd.DataFrame:
    """Return the register of files as sources."""
    own = list({shown(Path(file)): file for file in files}.values())
    sums = [f"sha256 {sha256_of(Path(file).read_bytes())}" for file in own]
    rows = zip(own, sums, strict=True)
    told = [(f"own_{at}", _called(own)[file], today(Path(file)), note) for at, (file, note) in enumerate(rows, start=1)]
    return pd.DataFrame(told, columns=["source_id", "title", "retrieved", "note"])


def _called(files: Sequence[str]) -> dict[str, str]:
    """Return file -> how pages call it: by its name, with its folder where two have the same."""
    names = [Path(file).name for file in files]
    parts = {file: 1 if names.count(Path(file).name) == 1 else 2 for file in files}
    return {file: printable("/".join(Path(file).parts[-count:])) for file, count in parts.items()}


def add_observations(observations: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Return `observations` with those of a user's file; where both have a figure the file's stands."""
    key = ["region", "indicator", "series", "year"]
    newest = more.sort_values("vintage", kind="stable").drop_duplicates(key, keep="last")
    replaced = pd.MultiIndex.from_frame(observations[key]).isin(pd.MultiIndex.from_frame(newest[key]))
    return pd.concat([observations[~replaced], newest]).sort_values(key, kind="stable").reset_index(drop=True)


def check_own_regions(store: Store, regions: Sequence[str]) -> None:
    """Raise UsageError where no own figure is of the regions that are asked for, or not said of which of several."""
    own = store.own
    if own is None:
        return
    files, found = ", ".join(map(printable, own.files)), sorted(own.frame["region"].unique())
    if own.nameless and len(set(regions)) > 1:
        named = ", ".join(own.nameless)
        raise UsageError(f"{named}: a table names no region; of several regions say in the file which it is of")
    if not set(found) & {*regions}:
        asked = ", ".join(map(repr, regions))
        raise UsageError(f"{files} has no row of region {asked}; its regions: {', '.join(found)}")


Figures = dict[str, float]


def read_counties(
    path: str | Path, *, store: Store, scheme: str, region: str, indicator: str
) -> tuple[Figures, Figures, int]:
    """Return county -> its latest figure of an indicator, county -> its weight, and the year of the figures.

    The weight is the one other quantity in the file that all of these counties have (people, output, ...): it need not
    be an indicator. Empty where there is none.

    Raises
    ------
    InputError
        With every fault of the file; no county of the region has a figure of the indicator; two quantities could be
        the weight.
    """
    reading = read_files([path], store=store, region=region, scheme=scheme)
    raise_faults(reading.faults)
    counties = set(store.regions.loc[(store.regions["parent"] == region).fillna(False), "region"])
    rows = reading.rows[["region", "indicator", "name", "year", "value"]]
    rows = rows.astype({"region": str, "indicator": str, "name": str})
    rows = rows[rows["region"].isin(counties)]
    rows = rows.assign(what=rows["indicator"].where(rows["indicator"] != "", rows["name"]))
    latest = rows.sort_values("year").groupby(["what", "region"], sort=False).tail(1)
    parts = latest.astype({"region": str, "value": float}).groupby("what", sort=False)
    found = {str(name): dict(zip(part["region"], part["value"], strict=True)) for name, part in parts}
    own = found.pop(indicator, {})
    if not own:
        message = f"has no figure of {indicator} in a county of {region}"
        raise InputError([Fault(shown(Path(path)), None, "", message, "one row a county, with its name and figure")])
    able = {name: {county: each[county] for county in own} for name, each in found.items() if set(own) <= set(each)}
    if len(able) > 1:
        message = f"has several quantities of all counties: {', '.join(able)}"
        raise InputError([Fault(shown(Path(path)), None, "", message, "leave in the file the one to weigh by")])
    year = int(latest.loc[latest["what"] == indicator, "year"].max())
    return own, next(iter(able.values()), {}), year

"""The store: everything under ``data/raw``, read and checked once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow

from xk.contracts.declarations import contract_of
from xk.contracts.faults import contract_faults, empty_table, merge_faults, unknown_faults
from xk.contracts.observations import (
    correct,
    correction_faults,
    definition_faults,
    deflator_faults,
    join_series,
    measure_faults,
    newest_vintage,
    observation_faults,
    published_faults,
    repeated_faults,
    segment_figures,
    series_faults,
    serving_faults,
    years_in,
)
from xk.contracts.provenance import sha256_of, source_faults
from xk.contracts.scheme import Scheme
from xk.errors import Fault, InputError, check_known, raise_faults
from xk.readers.changing import finish_change
from xk.readers.clock import this_year
from xk.readers.remarks import Remark
from xk.readers.schemes import (
    OWN,
    RAW,
    all_measures,
    find_root,
    measures_of,
    names_of,
    read_common,
    read_folder,
    scheme_folders,
)
from xk.readers.text import read_typed, shown
from xk.vocab import NAMED

ALIASES = "aliases.csv"


class Asked(NamedTuple):
    """What a question says of the data: files with own figures, and the last day of release that counts, if one."""

    observations: tuple[str, ...] = ()
    vintage: str | None = None

    def counted(self, figures: pd.DataFrame) -> pd.Series:
        """Return which figures had been released by then."""
        return figures["vintage"].notna() if self.vintage is None else figures["vintage"] <= self.vintage


@dataclass(frozen=True, eq=False)
class OwnFigures:
    """The figures of a user's files.

    Attributes
    ----------
    frame : DataFrame
        Columns of the observations in a `Store`, and file, sheet and cell; those too that take no part in the results.
    series : DataFrame
        The register of the series that they begin.
    published : DataFrame
        The observations of the store without them.
    files : tuple of str
        The files, as they were named.
    remarks : tuple of Remark
        What is doubtful about the figures.
    planned : int
        How many targets and evaluations stand in the files, which are no observations.
    nameless : tuple of str
        The files with a table that names no region, and was taken to be of the one that was asked for.
    released : str
        The newest day of release that stands in the files; empty where they name none.
    """

    frame: pd.DataFrame
    series: pd.DataFrame
    published: pd.DataFrame
    files: tuple[str, ...]
    remarks: tuple[Remark, ...] = ()
    planned: int = 0
    nameless: tuple[str, ...] = ()
    released: str = ""


@dataclass(frozen=True, eq=False)
class Store:
    """Everything under ``data/raw``, read and checked once.

    Attributes
    ----------
    root : Path
        Folder that holds ``data/raw``.
    regions, measure_labels, sources, series, observations : DataFrame
        The common tables (series: see `join_series`; observations: newest vintage, corrected, with ``grade``,
        ``definition`` and ``segment``).
    schemes : dict of Scheme
        By identifier.
    aliases : DataFrame
        Other names of things (kind, slug, alias): those that come with the project, then those that users confirmed.
    deflators : DataFrame
        Price indices by region, kind, base year and year (base year = 100); empty where there is no table.
    vintages : DataFrame
        The observations in all vintages.
    asked : Asked
        What of the data was asked for: by default all of ``data/raw``, and nothing else.
    own : OwnFigures or None
        The figures of a user that are among the observations.
    """

    root: Path
    regions: pd.DataFrame = field(repr=False)
    measure_labels: pd.DataFrame = field(repr=False)
    sources: pd.DataFrame = field(repr=False)
    series: pd.DataFrame = field(repr=False)
    observations: pd.DataFrame = field(repr=False)
    schemes: dict[str, Scheme] = field(repr=False)
    deflators: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)
    aliases: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)
    vintages: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)
    asked: Asked = Asked()
    own: OwnFigures | None = field(repr=False, default=None)

    def scheme(self, name: str) -> Scheme:
        """Return the scheme `name`; raise UsageError with the nearest known one."""
        check_known(name, self.schemes, "scheme")
        return self.schemes[name]

    @cached_property
    def measures(self) -> pd.DataFrame:
        """How all schemes measure and name their indicators: see `measures_of`."""
        return measures_of(self.schemes)


def read_store(root: Path | None = None) -> Store:
    """Read and check all of ``data/raw``.

    Raises
    ------
    InputError
        With every fault of every table.
    """
    home = root or find_root()
    for last in (False, False, True):
        state = _state_of(home)
        try:
            store = _read_once(home, state)
        except InputError:
            if last or _state_of(home) == state:
                raise
        else:
            if last or _state_of(home) == state:  # else a change came in between
                break
    return store


@lru_cache(maxsize=2)
def _read_once(root: Path, state: tuple[tuple[str, int, int], ...]) -> Store:  # noqa: ARG001
    """Read the store; the same files are not read and checked again."""
    pool = pyarrow.system_memory_pool()  # the usual one keeps what reading took, many times what the store holds
    pyarrow.set_memory_pool(pool)
    store, faults = read_everything(root)
    pool.release_unused()
    raise_faults(faults)
    return store


def _state_of(root: Path) -> tuple[tuple[str, int, int], ...]:
    files = sorted(path for folder in (RAW, OWN) for path in (root / folder).rglob("*") if path.is_file())
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


def read_everything(root: Path) -> tuple[Store, list[Fault]]:
    """Return all of ``data/raw`` and all faults found on the way; finish first what a killed command left."""
    finish_change(root)
    raw = root / RAW
    folders = scheme_folders(raw)
    regions, labels, faults = read_common(raw)
    sources, more = read_typed(raw / "sources.csv", contract_of("sources"))
    faults += merge_faults(more, source_faults(sources, shown(raw / "sources.csv"), _hashes(raw)))
    names, known_measures = names_of(regions), names_of(labels, "unit")
    schemes: dict[str, Scheme] = {}
    for folder in folders:
        schemes[folder], more = read_folder(raw / "schemes" / folder, names, known_measures)
        faults += more
    faults += measure_faults(all_measures(schemes), shown(raw / "schemes"))
    known = Known(names, measures_of(schemes), known_measures, sources)
    series, definitions, more = _read_series(raw / "observations", known)
    faults += more
    for name, scheme in schemes.items():
        rows, file = scheme.serving.set_axis(range(2, len(scheme.serving) + 2)), raw / "schemes" / name / "serving.csv"
        faults += serving_faults(rows, shown(file), definitions=definitions)
    published, wrong = _read_observation_files(raw / "observations", series, known)
    corrected, more = _corrected(published, raw / "observations" / "corrections.csv", known.measures)
    observations = describe_figures(corrected, series)
    faults += wrong + more
    deflators, found = _read_deflators(raw / "deflators.csv", known)
    aliases, wrong = _read_aliases(root, _slugs(schemes, regions, labels, definitions))
    newest = newest_vintage(observations)
    store = Store(root, regions, labels, sources, series, newest, schemes, deflators, aliases, observations)
    return store, faults + found + wrong


def faults_of(faults: Iterable[Fault], scheme: str | None, schemes: Iterable[str]) -> list[Fault]:
    """Return the faults of one scheme and of what it shares with others; all of them where none is named."""
    others = [f"schemes/{name}/" for name in schemes if scheme and name != scheme]
    return [fault for fault in faults if not any(other in f"{fault.file} {fault.message}" for other in others)]


@dataclass(frozen=True)
class Known:
    """What figures may refer to: names of regions, measures of indicators, units of measure, sources."""

    regions: dict[str, str]
    measures: pd.DataFrame
    measure_names: dict[str, str]
    sources: pd.DataFrame


def _hashes(raw: Path) -> dict[str, str]:
    files = [path for path in sorted(raw.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    hashes = {path.relative_to(raw).as_posix(): sha256_of(path.read_bytes()) for path in files}
    return {file: sha for file, sha in hashes.items() if file != "sources.csv"}


def _read_series(folder: Path, known: Known) -> tuple[pd.DataFrame, pd.DataFrame, list[Fault]]:
    """Return the series (joined), their definitions and what is wrong with both."""
    paths = {name: folder / f"{name}.csv" for name in ("series", "definitions")}
    (series, faults), (definitions, more) = (read_typed(path, contract_of(name)) for name, path in paths.items())
    named = set(definitions["definition"].dropna())
    found = series_faults(series, shown(paths["series"]), regions=known.regions, definitions=named)
    file, labels = shown(paths["definitions"]), known.measure_names
    found += definition_faults(definitions, file, measures=known.measures, labels=labels)
    return join_series(series, definitions), definitions, merge_faults(faults + more, found)


def describe_figures(observations: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return observations with ``grade``, ``definition`` and ``segment`` of their series.

    A figure of no registered series is of grade A, and its series is its definition.
    """
    register = series.drop_duplicates("series").set_index("series")
    breaks = {str(name): [int(year) for year in years_in(cell)] for name, cell in register["breaks"].items()}
    names = observations["series"]
    return observations.assign(
        grade=names.map(register["grade"]).fillna("A"),
        definition=names.map(register["definition"]).fillna(names),
        segment=segment_figures(observations, breaks),
    )


def _read_deflators(path: Path, known: Known) -> tuple[pd.DataFrame, list[Fault]]:
    if not path.exists():
        return empty_table(contract_of("deflators")), []
    frame, faults = read_typed(path, contract_of("deflators"))
    sources = set(known.sources["source_id"].dropna())
    found = deflator_faults(frame, shown(path), regions=known.regions, sources=sources)
    return frame.reset_index(drop=True), merge_faults(faults, found)


def _slugs(schemes: dict[str, Scheme], *others: pd.DataFrame) -> dict[str, set[str]]:
    """Return kind of name -> all known slugs, of the schemes and of other tables that have a column of that kind."""
    frames = [*others, *(frame for one in schemes.values() for frame in (one.domains, one.indicators, one.offices))]
    return {kind: {slug for one in frames if kind in one for slug in one[kind].dropna()} for kind in NAMED}


def _read_aliases(root: Path, slugs: dict[str, set[str]]) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the aliases of the project, then the user's own, and what is wrong with them."""
    frames, faults = [empty_table(contract_of("aliases"))], []
    for path in (root / RAW / ALIASES, root / OWN / ALIASES):
        if path.exists():
            frame, found = read_typed(path, contract_of("aliases"))
            more = contract_faults(frame, contract_of("aliases"), shown(path), known={})
            for kind, rows in frame.groupby("kind"):
                more += unknown_faults(rows["slug"], slugs.get(str(kind), set()), shown(path), what=str(kind))
            faults += merge_faults(found, more)
            frames.append(frame)
    return pd.concat(frames, ignore_index=True), faults


def _read_observation_files(folder: Path, series: pd.DataFrame, known: Known) -> tuple[pd.DataFrame, list[Fault]]:
    frames, faults = {}, []
    sources = set(known.sources["source_id"].dropna())
    for path in sorted(folder.glob("*.csv")):
        if path.name in ("series.csv", "definitions.csv", "corrections.csv"):
            continue
        file = shown(path)
        frame, unread = read_typed(path, contract_of("observations"))
        frames[file] = frame
        if unread and frame.empty:  # that it has no rows would be untrue
            faults += unread
            continue
        found = observation_faults(
            frame, file, regions=known.regions, measures=known.measures, series=series, this_year=this_year()
        )
        faults += merge_faults(unread, found + published_faults(frame, file, sources=sources, series=series))
    if not frames:
        fault = Fault(shown(folder), None, "", "has no table", "add observations")
        return empty_table(contract_of("observations")), [fault]
    return pd.concat(frames.values(), ignore_index=True), faults + repeated_faults(frames)


def _corrected(observations: pd.DataFrame, path: Path, measures: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Apply the ledger of corrections, if there is one without faults."""
    if not path.exists():
        return correct(observations, pd.DataFrame()), []
    ledger, faults = read_typed(path, contract_of("corrections"))
    faults = merge_faults(faults, correction_faults(ledger, observations, shown(path), measures=measures))
    return correct(observations, ledger[:0] if faults else ledger), faults

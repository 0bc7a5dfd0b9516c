"""Schemes: one folder each under ``data/raw/schemes``, in the folder of the project."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from xk.contracts.borrow_rules import KEY as BORROW
from xk.contracts.borrow_rules import borrow_faults, read_borrow
from xk.contracts.declarations import contract_of
from xk.contracts.faults import circle_faults, contract_faults, empty_table, merge_faults
from xk.contracts.forms import is_year
from xk.contracts.in_languages import said_in_each_language, stems_of
from xk.contracts.provenance import sha256_of
from xk.contracts.records import Record
from xk.contracts.scheme import Scheme
from xk.contracts.scheme_tables import OPTIONAL_TABLES, TABLES, facts_faults, scheme_faults
from xk.errors import Fault, UsageError, check_known, raise_faults
from xk.readers.region_levels import with_levels
from xk.readers.text import read_toml, read_typed, shown
from xk.vocab import columns_of

RAW = Path("data") / "raw"
OWN = Path("data") / "own"
"""What users make, not in git: read after what comes with the project."""
MEASURES = ("indicator", "unit", "price_base", *columns_of("name"), "lower_bound", "upper_bound")


SCHEMES_KEPT = 8
_SOUND: dict[str, Scheme] = {}
"""Schemes without faults, by all that they were read from."""

ROOT_VARIABLE = "XK_ROOT"
CLONE = Path(__file__).resolve().parents[2]
"""The folder of a clone of the project; of an installed library one without data."""


@contextmanager
def at_root(folder: str) -> Iterator[None]:
    """Have `folder`, if one is named, be that of the project inside of the block, and in processes started there."""
    before = os.environ.get(ROOT_VARIABLE)
    if folder:
        os.environ[ROOT_VARIABLE] = str(Path(folder).resolve())
    try:
        yield
    finally:
        os.environ.pop(ROOT_VARIABLE, None)
        if before is not None:
            os.environ[ROOT_VARIABLE] = before


def find_root() -> Path:
    """Return the folder of the project: the one that was named, else the working folder, one above it, or the clone.

    Raises
    ------
    UsageError
        What was named holds no ``data/raw/schemes``, or nothing does.
    """
    named = os.environ.get(ROOT_VARIABLE)
    here = Path(named or Path.cwd()).resolve()
    for folder in (here,) if named else (here, *here.parents, CLONE):
        if (folder / RAW / "schemes").is_dir():
            return folder
    where = str(here) if named else f"{here} and those above"
    raise UsageError(
        f"{where}: no project folder, as there is no {RAW.as_posix()}/schemes; lay one out with xk init DIR, "
        "then work there or name it with --root DIR"
    )


def measures_of(schemes: dict[str, Scheme]) -> pd.DataFrame:
    """Return how all schemes measure and name their indicators; the first one that knows an indicator leads.

    Returns
    -------
    DataFrame
        scheme, indicator, unit, price_base, name_zh, name_en, lower_bound, upper_bound.
    """
    return all_measures(schemes).drop_duplicates("indicator")


def all_measures(schemes: dict[str, Scheme]) -> pd.DataFrame:
    """Return how every scheme measures and names its indicators; columns as of :func:`measures_of`."""
    frames = [scheme.indicators[list(MEASURES)].assign(scheme=name) for name, scheme in schemes.items()]
    return pd.concat(frames) if frames else pd.DataFrame(columns=[*MEASURES, "scheme"])


def names_of(register: pd.DataFrame, of: str = "region") -> dict[str, str]:
    """Return every name of a region (or of what else a register is of), in every language, -> the region."""
    columns = [*columns_of("name"), of]
    known = [register.dropna(subset=[column, of]) for column in columns]
    pairs = (zip(each[column], each[of], strict=True) for column, each in zip(columns, known, strict=True))
    return {name: slug for each in pairs for name, slug in each}


def read_common(raw: Path) -> tuple[pd.DataFrame, pd.DataFrame, list[Fault]]:
    """Return regions and labels of the units of measure, with what is wrong with them."""
    paths = {"regions": raw / "regions.csv", "measures": raw / "measures.csv"}
    (regions, faults), (labels, more) = (read_typed(path, contract_of(name)) for name, path in paths.items())
    regions, wrong = with_levels(regions, shown(paths["regions"]))
    faults, known = merge_faults(faults, wrong), {"region": names_of(regions)}
    found: list[Fault] = []
    for name, frame in ("regions", regions), ("measures", labels):
        found += contract_faults(frame, contract_of(name), shown(paths[name]), known=known)
    return regions, labels, merge_faults(faults + more, found + circle_faults(regions, shown(paths["regions"])))


def read_folder(folder: Path, regions: dict[str, str], units: dict[str, str]) -> tuple[Scheme, list[Fault]]:
    """Return the scheme in `folder` and all faults found on the way; one without faults is not read and judged again.

    Figures are added, and benches asked, far more often than a programme changes.
    """
    files = [(path.name, sha256_of(path.read_bytes())) for path in sorted(folder.iterdir()) if path.is_file()]
    key = repr((folder.name, files, sorted(regions.items()), sorted(units.items())))
    if key in _SOUND:
        return _SOUND[key], []
    scheme, faults = _read_folder(folder, regions, units)
    if not faults:
        _SOUND[key] = scheme
        for oldest in list(_SOUND)[:-SCHEMES_KEPT]:
            del _SOUND[oldest]
    return scheme, faults


def _read_folder(folder: Path, regions: dict[str, str], units: dict[str, str]) -> tuple[Scheme, list[Fault]]:
    said, faults = read_toml(folder / "scheme.toml", "write the scheme's identity")
    facts = said_in_each_language(said, stems_of(contract_of("scheme")))
    without_facts, unread = bool(faults), False
    tables: dict[str, pd.DataFrame] = {}
    files = {name: shown(folder / f"{name}.csv") for name in TABLES}
    for name in TABLES:
        path = folder / f"{name}.csv"
        if name in OPTIONAL_TABLES and not path.exists():
            tables[name] = empty_table(contract_of(name))
            continue
        tables[name], more = read_typed(path, contract_of(name))
        faults += more
        unread |= bool(more) and tables[name].empty
    if facts:
        known = set(regions.values())
        faults += facts_faults(facts, shown(folder / "scheme.toml"), folder=folder.name, regions=known)
    lacking = {fault.file for fault in faults if fault.row is None and not fault.column}
    found = scheme_faults(tables, files, facts, units=units)
    if without_facts:  # what weights sum to stands there
        found = [fault for fault in found if fault.column != "weight"]
    if not unread and not lacking & set(files.values()):
        faults = merge_faults(faults, found)
    if BORROW in facts:
        lines = [*tables["indicators"]["indicator"].dropna(), *tables["domains"]["domain"].dropna()]
        file = shown(folder / "scheme.toml")
        faults += borrow_faults(facts[BORROW], file, names=lines, regions=sorted(set(regions.values())))
    return _scheme(folder.name, facts, tables), faults


def _scheme(name: str, facts: Record, tables: dict[str, pd.DataFrame]) -> Scheme:
    year, as_of, regions = (facts.get(key) for key in ("target_year", "as_of", "regions"))
    return Scheme(
        id=name,
        facts={key: str(value) for key, value in facts.items() if key != BORROW},
        target_year=year if is_year(year) else 0,
        weights=str(facts.get("weights", "equal")),
        regions=tuple(regions) if isinstance(regions, list) else (),
        as_of=as_of if is_year(as_of) else None,
        borrow=read_borrow(facts.get(BORROW)),
        **{table: frame.reset_index(drop=True) for table, frame in tables.items()},
    )


def read_scheme(name_or_path: str | Path, *, root: Path | None = None) -> Scheme:
    """Read one scheme by the name of its folder under ``data/raw/schemes``, or by the path of any folder.

    Raises
    ------
    InputError
        The scheme's tables have faults; all of them are named.
    UsageError
        There is no such scheme.
    """
    home = root or find_root()
    folder = Path(name_or_path)
    if not (folder / "scheme.toml").exists():
        check_known(str(name_or_path), scheme_folders(home / RAW), "scheme")
        folder = home / RAW / "schemes" / str(name_or_path)
    regions, labels, faults = read_common(home / RAW)
    scheme, more = read_folder(folder, names_of(regions), names_of(labels, "unit"))
    raise_faults(faults + more)
    return scheme


def scheme_folders(raw: Path) -> list[str]:
    """Return the names of the schemes under ``data/raw``; raise UsageError where there is no such folder."""
    if not (raw / "schemes").is_dir():
        raise UsageError(f"there is no folder {shown(raw / 'schemes')}; xk init DIR lays out a folder that has one")
    return sorted(path.name for path in (raw / "schemes").iterdir() if path.is_dir())

"""The door to the disk: reads raw tables and checks them, writes results whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from xk.contract import FIRST_ROW, type_table
from xk.errors import Fault, InputError, UsageError, check_known, raise_faults
from xk.observations import (
    CORRECTIONS,
    OBSERVATIONS,
    SERIES,
    newest_vintage,
    observation_faults,
    series_faults,
)
from xk.provenance import SOURCES, sha256_of, source_faults
from xk.scheme import Scheme
from xk.scheme.contract import OPTIONAL_TABLES, SCHEMAS, facts_faults, scheme_faults

REGIONS = pa.DataFrameSchema(
    {
        name: pa.Column(str, nullable=name == "parent")
        for name in ("region", "code", "name_zh", "name_en", "level", "parent")
    }
)
UNIT_LABELS = pa.DataFrameSchema({name: pa.Column(str) for name in ("unit", "name_zh", "name_en")})
RAW = Path("data") / "raw"


def find_root(start: Path | None = None) -> Path:
    """Return the folder that holds ``data/raw``: the working folder, one above it, or the checkout of the library.

    Raises
    ------
    UsageError
        There is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[1]):
        if (folder / RAW / "schemes").is_dir():
            return folder
    raise UsageError(f"no {RAW.as_posix()}/schemes in {here} or above; run from the project's folder")


def read_text_table(path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a CSV file as text cells, index = line of the file; faults instead of exceptions for what is broken."""
    name = shown(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return pd.DataFrame(), [Fault(name, None, "", "there is no such file", "mend the path")]
    except OSError as error:
        return pd.DataFrame(), [
            Fault(name, None, "", f"cannot be read ({error.strerror})", "mend the path or its rights")
        ]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return pd.DataFrame(), [
            Fault(name, line, "", "is not UTF-8", "save it as CSV in UTF-8 (Excel: CSV UTF-8)")
        ]
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return pd.DataFrame(), [Fault(name, line, "", "has a NUL character", "save it as plain CSV")]
    return _rows(text, name)


def _rows(text: str, name: str) -> tuple[pd.DataFrame, list[Fault]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    header: list[str] = [cell.strip() for cell in next(reader, [])]
    if not any(header):
        return pd.DataFrame(), [Fault(name, 1, "", "is empty", "write a header line and rows")]
    twice = sorted({column for column in header if header.count(column) > 1})
    faults = [Fault(name, 1, column, "column stands twice", "keep one of them") for column in twice]
    rows, lines, before = [], [], reader.line_num
    for row in reader:
        line, before = before + 1, reader.line_num
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            message = f"has {len(row)} cells, the header {len(header)}"
            faults.append(Fault(name, line, "", message, "check commas and quotes of the line"))
            continue
        rows.append(row)
        lines.append(line)
    if faults:
        return pd.DataFrame(), faults
    return pd.DataFrame(rows, columns=header, index=pd.Index(lines, dtype="int64"), dtype=str), []


def shown(path: Path) -> str:
    """Return `path` as a user would type it: relative to the working folder where it lies below it."""
    absolute = path.absolute()
    return absolute.relative_to(Path.cwd()).as_posix() if absolute.is_relative_to(Path.cwd()) else str(path)


def read_typed(path: Path, schema: pa.DataFrameSchema) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a CSV file and type it by `schema`; an unreadable one comes back empty with its faults."""
    text, faults = read_text_table(path)
    if faults:
        empty = pd.DataFrame({name: pd.Series(dtype=str) for name in schema.columns})
        return type_table(empty, schema, shown(path))[0], faults
    return type_table(text, schema, shown(path))


@dataclass(frozen=True)
class Store:
    """Everything under ``data/raw``, read and checked once.

    Attributes
    ----------
    root : Path
        Folder that holds ``data/raw``.
    regions, unit_labels, sources, series, observations : DataFrame
        The common tables (observations: newest vintage, corrected, with ``grade``).
    schemes : dict of Scheme
        By identifier.
    """

    root: Path
    regions: pd.DataFrame = field(repr=False)
    unit_labels: pd.DataFrame = field(repr=False)
    sources: pd.DataFrame = field(repr=False)
    series: pd.DataFrame = field(repr=False)
    observations: pd.DataFrame = field(repr=False)
    schemes: dict[str, Scheme] = field(repr=False)

    def scheme(self, name: str) -> Scheme:
        """Return the scheme `name`; raise UsageError with the nearest known one."""
        check_known(name, self.schemes, "scheme")
        return self.schemes[name]


def read_store(root: Path | None = None) -> Store:
    """Read and check all of ``data/raw``.

    Raises
    ------
    InputError
        With every fault of every table.
    """
    store, faults = read_everything(root or find_root())
    raise_faults(faults)
    return store


def read_everything(root: Path) -> tuple[Store, list[Fault]]:
    """Return all of ``data/raw`` and all faults found on the way."""
    raw = root / RAW
    regions, faults = read_typed(raw / "regions.csv", REGIONS)
    labels, more = read_typed(raw / "unit_labels.csv", UNIT_LABELS)
    sources, found = read_typed(raw / "sources.csv", SOURCES)
    faults += more + found
    known_regions, known_units = set(regions["region"].dropna()), set(labels["unit"].dropna())
    schemes: dict[str, Scheme] = {}
    for folder in sorted(path for path in (raw / "schemes").iterdir() if path.is_dir()):
        schemes[folder.name], more = _read_scheme(folder, known_regions, known_units)
        faults += more
    units = measures(schemes)
    series, more = read_typed(raw / "observations" / "series.csv", SERIES)
    faults += more + series_faults(
        series,
        shown(raw / "observations" / "series.csv"),
        regions=known_regions,
        units=units,
        labels=known_units,
    )
    observations, more = _read_observation_files(raw, known_regions, units, series)
    faults += more + source_faults(sources, shown(raw / "sources.csv"), _hashes(raw))
    return Store(root, regions, labels, sources, series, observations, schemes), faults


def measures(schemes: dict[str, Scheme]) -> pd.DataFrame:
    """Return indicator, unit, price_base of all schemes (the first one that knows the indicator leads)."""
    frames = [scheme.indicators[["indicator", "unit", "price_base"]] for scheme in schemes.values()]
    return (
        pd.concat(frames).drop_duplicates("indicator")
        if frames
        else pd.DataFrame(columns=["indicator", "unit", "price_base"])
    )


def _hashes(raw: Path) -> dict[str, str]:
    files = [path for path in sorted(raw.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    return {
        path.relative_to(raw).as_posix(): sha256_of(path.read_bytes())
        for path in files
        if path != raw / "sources.csv"
    }


def _read_scheme(folder: Path, regions: set[str], labels: set[str]) -> tuple[Scheme, list[Fault]]:
    facts, faults = _read_facts(folder / "scheme.toml")
    tables: dict[str, pd.DataFrame] = {}
    files = {name: shown(folder / f"{name}.csv") for name in SCHEMAS}
    for name, schema in SCHEMAS.items():
        path = folder / f"{name}.csv"
        if name in OPTIONAL_TABLES and not path.exists():
            tables[name] = type_table(pd.DataFrame(), schema, files[name])[0]
            continue
        tables[name], more = read_typed(path, schema)
        faults += more
    faults += facts_faults(facts, shown(folder / "scheme.toml"), folder=folder.name, regions=regions)
    if not any(fault.file in files.values() for fault in faults):
        faults += scheme_faults(tables, files, facts, unit_labels=labels)
    year = facts.get("target_year", 0)
    scheme = Scheme(
        id=folder.name,
        facts={key: str(value) for key, value in facts.items()},
        target_year=year if isinstance(year, int) else 0,
        weights=str(facts.get("weights", "equal")),
        regions=tuple(facts.get("regions", ())),
        **{name: table.reset_index(drop=True) for name, table in tables.items()},
    )
    return scheme, faults


def _read_facts(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")), []
    except FileNotFoundError:
        return {}, [Fault(shown(path), None, "", "there is no such file", "write the scheme's identity")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [Fault(shown(path), None, "", f"is no TOML ({error})", "mend it")]


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
        known = [path.name for path in (home / RAW / "schemes").iterdir() if path.is_dir()]
        check_known(str(name_or_path), known, "scheme")
        folder = home / RAW / "schemes" / str(name_or_path)
    regions, _ = read_typed(home / RAW / "regions.csv", REGIONS)
    labels, _ = read_typed(home / RAW / "unit_labels.csv", UNIT_LABELS)
    scheme, faults = _read_scheme(folder, set(regions["region"].dropna()), set(labels["unit"].dropna()))
    raise_faults(faults)
    return scheme


def _read_observation_files(
    raw: Path, regions: set[str], units: pd.DataFrame, series: pd.DataFrame
) -> tuple[pd.DataFrame, list[Fault]]:
    frames, faults = [], []
    for path in sorted((raw / "observations").glob("*.csv")):
        if path.name in ("series.csv", "corrections.csv"):
            continue
        frame, found = read_typed(path, OBSERVATIONS)
        found = found or observation_faults(frame, shown(path), regions=regions, units=units, series=series)
        faults += found
        frames.append(frame)
    if not frames:
        return pd.DataFrame(), [
            *faults,
            Fault(shown(raw / "observations"), None, "", "has no table", "add observations"),
        ]
    observations = pd.concat(frames, ignore_index=True)
    if (raw / "observations" / "corrections.csv").exists():
        observations, found = _correct(observations, raw / "observations" / "corrections.csv")
        faults += found
    grades = series.drop_duplicates("series").set_index("series")["grade"]
    observations["grade"] = observations["series"].map(grades)
    return newest_vintage(observations), faults


def _correct(observations: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """Apply the ledger of corrections; a correction that does not find the value it expects is a fault."""
    ledger, faults = read_typed(path, CORRECTIONS)
    out = observations.copy()
    for row in ledger.itertuples():
        hit = (out["series"] == row.series) & (out["year"] == row.year) & (out["vintage"] == row.vintage)
        if not hit.any():
            faults.append(
                Fault(
                    shown(path),
                    int(row.Index),
                    "series",
                    "corrects no observation",
                    "mend its key or drop it",
                )
            )
        elif not (out.loc[hit, "value"] == row.expect).all():
            found = out.loc[hit, "value"].iloc[0]
            message = f"expects {row.expect:g} but finds {found:g}"
            faults.append(
                Fault(
                    shown(path),
                    int(row.Index),
                    "expect",
                    message,
                    "the source has changed: drop the correction",
                )
            )
        else:
            out.loc[hit, "value"] = row.value
    return out, faults


def read_observations(path: str | Path, *, store: Store | None = None) -> pd.DataFrame:
    """Read a user's observations (CSV or Parquet) and check them against the known regions and indicators.

    Parameters
    ----------
    path : str or Path
        Columns region, indicator, year, value; unit, price_base, kind, vintage, source_id, series if known.
        A unit or price base that is not given is taken to be the scheme's.
    store : Store, optional
        What is known; read from the project if not given.

    Returns
    -------
    DataFrame
        Columns of the observations with ``grade``; series in which the file continues the published ones
        where unit and price base are the same.

    Raises
    ------
    InputError
        With every fault.
    """
    known = store or read_store()
    frame, faults = read_typed(Path(path), OBSERVATIONS)
    units = measures(known.schemes)
    faults = faults or observation_faults(
        frame, shown(Path(path)), regions=set(known.regions["region"]), units=units, series=known.series
    )
    raise_faults(faults)
    return _complete(frame.reset_index(drop=True), units, known.series)


def _complete(frame: pd.DataFrame, units: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    scheme = units.set_index("indicator")
    declared = series[series["grade"] == "A"].drop_duplicates(["region", "indicator"])
    out = frame.copy()
    for column in ("unit", "price_base"):
        out[column] = out[column].fillna(out["indicator"].map(scheme[column]))
    out["kind"], out["vintage"] = out["kind"].fillna("observed"), out["vintage"].fillna("file")
    joined = out.merge(declared, on=["region", "indicator"], how="left", suffixes=("", "_a"))
    same = joined["price_base"].fillna("") == joined["price_base_a"].fillna("")
    own = joined["region"] + "." + joined["indicator"] + ".file"
    out["series"] = out["series"].fillna(joined["series_a"].where(same, own)).fillna(own)
    out["grade"] = out["series"].map(series.set_index("series")["grade"]).fillna("A")
    return out


def add_observations(observations: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Return `observations` with those of a user's file; where both have a figure the file's stands."""
    return newest_vintage(pd.concat([observations, more], ignore_index=True))


def read_points(path: str | Path) -> pd.DataFrame:
    """Read any series for projection: CSV or Parquet with region, indicator, year, value (value may be empty).

    Raises
    ------
    InputError
        With every fault: text in numbers, missing columns, unreadable file.
    """
    file = Path(path)
    if file.suffix.lower() in (".parquet", ".pq"):
        return _read_parquet(file)
    schema = pa.DataFrameSchema({
        "region": pa.Column(str), "indicator": pa.Column(str), "year": pa.Column("Int64"), "value": pa.Column(float, nullable=True),
    })  # fmt: skip
    text, faults = read_text_table(file)
    raise_faults(faults)
    wanted = text[[column for column in schema.columns if column in text]]
    typed, faults = type_table(wanted, schema, shown(file))
    empty = [column for column in ("region", "indicator", "year") if column in text]
    for column in empty:
        rows = typed.index[typed[column].isna() & (text[column].str.strip() == "")]
        faults += [Fault(shown(file), int(row), column, "is empty", "fill it in") for row in rows]
    if typed.empty:
        faults.append(Fault(shown(file), None, "", "has no rows", "give at least one observation"))
    raise_faults(faults)
    return typed.astype({"year": "int64"})


def _read_parquet(file: Path) -> pd.DataFrame:
    try:
        frame = pd.read_parquet(file)
    except ImportError as error:
        raise UsageError("reading Parquet needs pyarrow: pip install pyarrow") from error
    except (OSError, ValueError) as error:
        raise InputError(
            [Fault(shown(file), None, "", f"cannot be read as Parquet ({error})", "write it again")]
        ) from error
    return frame


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a frame as CSV (UTF-8) or Parquet, whole or not at all: a temporary file beside it, then a rename."""
    target = Path(path)
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {shown(target.parent)}; make it first")
    if target.suffix.lower() in (".parquet", ".pq"):
        content = frame.to_parquet(index=False)
    else:
        content = frame.to_csv(index=False, lineterminator="\n").encode("utf-8")
    write_bytes(content, target)


def write_bytes(content: bytes, path: Path) -> None:
    """Write `content` to `path` by a temporary file in the same folder and a rename."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

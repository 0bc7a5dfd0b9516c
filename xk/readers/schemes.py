"""Schemes: one folder each under ``data/raw/schemes``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from xk.contract import type_table
from xk.errors import Fault, UsageError, check_known, raise_faults
from xk.readers.text import read_toml, read_typed, shown
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
    """Return the folder that holds ``data/raw``: the working folder, one above it, or the checkout.

    Raises
    ------
    UsageError
        There is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if (folder / RAW / "schemes").is_dir():
            return folder
    raise UsageError(f"no {RAW.as_posix()}/schemes in {here} or above; run from the project's folder")


def measures(schemes: dict[str, Scheme]) -> pd.DataFrame:
    """Return indicator, unit, price_base of all schemes (the first one that knows the indicator leads)."""
    frames = [scheme.indicators[["indicator", "unit", "price_base"]] for scheme in schemes.values()]
    return (
        pd.concat(frames).drop_duplicates("indicator")
        if frames
        else pd.DataFrame(columns=["indicator", "unit", "price_base"])
    )


def read_folder(folder: Path, regions: set[str], labels: set[str]) -> tuple[Scheme, list[Fault]]:
    facts, faults = read_toml(folder / "scheme.toml")
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
    scheme, faults = read_folder(folder, set(regions["region"].dropna()), set(labels["unit"].dropna()))
    raise_faults(faults)
    return scheme

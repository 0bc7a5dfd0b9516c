"""Figures of users: observations beside the published ones, and series for projection."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from xk.contract import type_table
from xk.errors import Fault, InputError, UsageError, raise_faults
from xk.observations import OBSERVATIONS, newest_vintage, observation_faults
from xk.readers.schemes import measures
from xk.readers.store import Store, read_store
from xk.readers.text import read_text_table, read_typed, shown

POINTS = pa.DataFrameSchema(
    {
        "region": pa.Column(str),
        "indicator": pa.Column(str),
        "year": pa.Column("Int64"),
        "value": pa.Column(float, nullable=True),
    }
)


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
    """Read series for projection: CSV or Parquet with region, indicator, year, value (may be empty).

    Raises
    ------
    InputError
        With every fault: text in numbers, missing columns, unreadable file.
    """
    file = Path(path)
    if file.suffix.lower() in (".parquet", ".pq"):
        return _read_parquet(file)
    schema = POINTS
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

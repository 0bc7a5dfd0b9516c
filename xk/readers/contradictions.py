"""Figures that stand twice, with two values: under one name or two, in one file or several."""

import numpy as np
import pandas as pd

from xk.contracts.records import Record, records
from xk.errors import Fault
from xk.readers.sheets import titled

KEEP = "keep one of the two"


def twice_told(rows: pd.DataFrame) -> tuple[list[Fault], np.ndarray]:
    """Return a fault for every figure that stands elsewhere with another value, and which rows these are.

    One that is known is the same under any of its names.
    """
    none = np.zeros(len(rows), dtype=bool)
    if rows.empty:
        return [], none
    key = ["region", "year", "kind", "price_base", "vintage", "series"]
    indicators, names = rows["indicator"].cat, rows["name"].cat
    known = (rows["indicator"] != "").to_numpy()
    codes = np.where(known, indicators.codes.astype("int64"), len(indicators.categories) + names.codes.astype("int64"))
    codes = codes * (rows["year"].max() + 1) + rows["year"].to_numpy()
    for what in (one for one in key if one != "year"):
        codes = codes * len(rows[what].cat.categories) + rows[what].cat.codes.to_numpy()
    if pd.Index(codes).is_unique:
        return [], none
    found = rows[pd.Series(codes).duplicated(keep=False).to_numpy()]
    meant = found["indicator"].astype(object).where(found["indicator"] != "", found["name"])
    other, faults = contradictions(found.assign(meant=meant), ["meant", *key])
    return faults, np.isin(codes, codes[other])


def contradictions(rows: pd.DataFrame, key: list[str]) -> tuple[pd.Index, list[Fault]]:
    """Return the figures that stand before, in another file perhaps, with another value, and a fault for each."""
    place = ["file", "sheet", "cell", "name", "value"]
    first = rows.groupby(key, observed=True, dropna=False)[place].transform("first").add_suffix("_first")
    other = rows.join(first)[(rows["value"] != first["value_first"]).to_numpy()]
    return other.index, [Fault(titled(row["file"], row["sheet"]), None, "", _both(row), KEEP) for row in records(other)]


def _both(row: Record) -> str:
    here, there = (titled(row[f"file{end}"], row[f"sheet{end}"]) for end in ("", "_first"))
    cell = f"{there} {row['cell_first']}" if there != here else row["cell_first"]
    called = f" as {row['name_first']}" if row["name_first"] != row["name"] else ""
    said = f"{row['cell']} has {row['value']:.15g} for {row['region']} {row['name']} {row['year']}"
    return f"{said}, but {cell} has {row['value_first']:.15g}{called}"

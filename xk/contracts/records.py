"""Rows of a table as mappings, for work line by line: asking a frame for every cell takes a hundred times as long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

Record = dict[str, Any]


def records(frame: pd.DataFrame) -> list[Record]:
    """Return the rows of a table, column -> cell, in their order; a missing cell stays what it is (NaN, NA, None)."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, cells, strict=True)) for cells in frame.to_numpy(dtype=object).tolist()]


def records_by(frame: pd.DataFrame, column: str) -> dict[str, list[Record]]:
    """Return the rows of a table by what stands in a column, in their order."""
    return grouped(records(frame), column)


def grouped(rows: Iterable[Record], column: str) -> dict[Any, list[Record]]:
    """Return rows by what stands in a column, in their order."""
    found: dict[str, list[Record]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def text_of(cell: object) -> str:
    """Return the text of a cell, empty where it is missing."""
    return cell if isinstance(cell, str) else ""

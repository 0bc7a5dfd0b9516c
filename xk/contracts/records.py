"""Rows of a table as mappings, for work line by line: asking a frame for every cell takes a hundred times as long."""

from collections.abc import Callable, Hashable, Iterable
from operator import itemgetter
from typing import Any, TypeVar

import pandas as pd

Record = dict[str, Any]
Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


def records(frame: pd.DataFrame) -> list[Record]:
    """Return the rows of a table, column -> cell, in their order; a missing cell stays what it is (NaN, NA, None)."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, cells, strict=True)) for cells in frame.to_numpy(dtype=object).tolist()]


def records_by(frame: pd.DataFrame, column: str) -> dict[str, list[Record]]:
    """Return the rows of a table by what stands in a column, in their order."""
    return grouped(records(frame), itemgetter(column))


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """Return rows by their key, in their order."""
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def text_of(cell: object) -> str:
    """Return the text of a cell, empty where it is missing."""
    return cell if isinstance(cell, str) else ""

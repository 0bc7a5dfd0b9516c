"""Tables beside one another under heads of one line: the part of a sheet that each has, cells in their places."""

from dataclasses import replace
from itertools import pairwise

from xk.readers.cells import read_period
from xk.readers.layouts.head_words import ROLE_OF, key
from xk.readers.layouts.meanings import kind_of
from xk.readers.sheets import Head, Sheet, Value

LABELS = ("no", "region", "name", "year")
SAMPLE = 50
"""Lines in which figures are looked for."""


def tables_beside(sheet: Sheet, head: Head, end: int) -> list[Sheet]:
    """Return the sheet for each table under a head, with the others' cells blank; the sheet itself for one table.

    A table begins where the first label of the head stands again, with figures under what follows: in
    指标 | 2016年 | 指标 | 2017年 two, in 指标 | 2016年 | 2017年 | 指标 one.
    """
    rows = sheet.rows
    width = max((len(rows[line]) for line in head.lines), default=0)
    starts = _starts([*rows[head.lines[-1]], *[None] * width][:width]) if head.lines else []
    body = rows[head.first : min(end, head.first + SAMPLE)]
    bounds = [0, *starts[1:], width]
    parts = [*pairwise(bounds)]
    if len(parts) < 2 or not all(_has_figures(body, *part) for part in parts):
        return [sheet]
    bounds[-1] = max(map(len, rows))
    return [_part(sheet, head, end, *part) for part in pairwise(bounds)]


def _starts(row: list[Value]) -> list[int]:
    """Return where the first label of a head stands, and where it stands again behind other heads."""
    label = next((key(cell) for cell in row if ROLE_OF.get(key(cell)) in LABELS), "")
    places = [column for column, cell in enumerate(row) if label and key(cell) == label]
    return [column for column in places if column == 0 or key(row[column - 1]) != label]


def _has_figures(body: list[list[Value]], first: int, last: int) -> bool:
    cells = [cell for row in body for cell in row[first + 1 : last]]
    labels = [cell for row in body for cell in row[first:last] if kind_of(cell) in "ty"]
    return any(kind_of(cell) == "n" or read_period(cell) for cell in cells) and bool(labels)


def _part(sheet: Sheet, head: Head, end: int, first: int, last: int) -> Sheet:
    """Return a sheet in which lines of the head and of figures have nothing outside some columns."""
    lines = {*head.lines, *range(head.first, end)}
    rows = [
        [cell if first <= column < last else None for column, cell in enumerate(row)] if place in lines else row
        for place, row in enumerate(sheet.rows)
    ]
    return replace(sheet, rows=rows)

"""Tables: columns that say how a row gives its cell, and how they show on a phone."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from xk.contracts.records import records
from xk.exhibits.pieces import Exhibit, Part, Rows, escape, fine_print, framed, paragraph


@dataclass(frozen=True)
class Column:
    """A column of a table: its label and how a row gives its cell.

    Parameters
    ----------
    label : str
        Head of the column.
    cell : callable
        Row (mapping) -> text; HTML if `raw`.
    number : bool
        Right-aligned figures.
    head : bool
        The cell names its row.
    raw : bool
        The cell is HTML already, its texts escaped.
    group : bool
        Not a column: what it says stands once, over the rows that share it.
    alone : bool
        On a phone it takes a line of its own, even if it is short.
    labelled : bool, optional
        Whether a phone, which has no heads of columns, puts the label before the cell: all but what names its row.
    """

    label: str
    cell: Callable[..., str]
    number: bool = False
    head: bool = False
    raw: bool = False
    group: bool = False
    alone: bool = False
    labelled: bool | None = None

    def content(self, row: object) -> str:
        """Return the cell of `row` as HTML."""
        words = self.cell(row)
        return words if self.raw else escape(words)

    def element(self, content: str, kind: str) -> str:
        """Return `content` as a table element."""
        labelled = not self.head if self.labelled is None else self.labelled
        label = f' data-label="{escape(self.label)}"' if labelled else ""
        return f'<th scope="row"{label}>{content}</th>' if self.head else f"<td{kind}{label}>{content}</td>"


def table(
    rows: Rows, columns: Sequence[Column], identifier: str, *, caption: str, note: str = "", empty: str = ""
) -> Exhibit:
    """Return a table with caption and note; where there are no rows, the words `empty` stand in its place.

    Parameters
    ----------
    rows : DataFrame or list of mappings
        What it shows, one row a line.
    columns : sequence of Column
    identifier : str
        Anchor, unique on the page.
    caption, note, empty : str
    """
    if not len(rows):
        return paragraph(empty)
    part = Part("table", f"tab-{identifier}", caption)
    box = _box(rows, columns, label=caption)
    return framed(part, below=box + fine_print(note), plain=f"{caption}: {len(rows)}", rows=rows)


def details(summary: str, rows: Rows, columns: Sequence[Column], *, label: str) -> Exhibit:
    """Return a small table that stays folded under its summary until it is asked for; `label` names its place."""
    inside = _box(rows, columns, label=label)
    return Exhibit(f"<details><summary>{escape(summary)}</summary>{inside}</details>", f"{summary}: {len(rows)}", rows)


def bare_table(rows: Rows, columns: Sequence[Column], *, label: str) -> Exhibit:
    """Return a small table under a heading that says what it shows: no caption, no number; `label` names its place."""
    return Exhibit(_box(rows, columns, label=label), f"{label}: {len(rows)}", rows)


def _box(rows: Rows, columns: Sequence[Column], *, label: str) -> str:
    """Return a table in a box of its own, in which a wide one is scrolled."""
    box = f'<div class="xk-scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
    return f"{box}{_grid(rows, columns)}</div>"


def _grid(rows: Rows, columns: Sequence[Column]) -> str:
    """Return a table; its classes say which cells are short enough to stand side by side on a phone."""
    shown = [column for column in columns if not column.group]
    grouping = next((column for column in columns if column.group), None)
    listed = records(rows) if isinstance(rows, pd.DataFrame) else rows
    contents = [[column.content(row) for row in listed] for column in shown]
    plain = [[_plain(cell) for cell in cells] for cells in contents]
    kinds = [_class(column, cells) for column, cells in zip(shown, plain, strict=True)]
    named = zip(kinds, shown, strict=True)
    heads = "".join(f'<th scope="col"{kind}>{escape(column.label)}</th>' for kind, column in named)
    body, last = [], ""
    for row, cells in zip(listed, zip(*contents, strict=True), strict=True):
        name = grouping.cell(row) if grouping else ""
        if name != last:
            body.append(f'<tr class="xk-group"><th scope="rowgroup" colspan="{len(shown)}">{escape(name)}</th></tr>')
        elements = (column.element(cell, kind) for column, cell, kind in zip(shown, cells, kinds, strict=True))
        body.append(f"<tr>{''.join(elements)}</tr>")
        last = name
    return f"<table{_layout(shown, plain)}><thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table>"


_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"（?[!-~]+[）～]?")  # with the signs that no line ends before or begins after
# In letters, of which a Chinese character takes two: a third of a phone's width, and all of it.
_SHORT, _LINE, _LATIN_LINE = 13, 48, 51
# Up to so many rows labels in each take less room than a head above all.
_FEW_ROWS = 9


def _plain(content: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", content)).split()) if "<" in content or "&" in content else content


def _width(words: str) -> int:
    return len(words) + sum(map("\u2e80".__le__, words))


def _longest_word(words: str) -> int:
    return max(map(_width, _WORD.findall(words)), default=2)


def _class(column: Column, cells: Sequence[str]) -> str:
    if column.head:
        return ' class="xk-head"'
    if column.number:
        return ' class="xk-num"'
    return ' class="xk-short"' if not column.alone and all(_width(cell) <= _SHORT for cell in cells) else ""


def _layout(columns: Sequence[Column], plain: Sequence[Sequence[str]]) -> str:
    """Return what says how a table shows on a phone: as it is, or in columns below the head of each row, or else."""
    needs = []
    for column, cells in zip(columns, plain, strict=True):
        measure = _longest_word if column.number else _width
        needs.append(max([_longest_word(column.label), *map(measure, cells)]))
    below = [need for need, column in zip(needs, columns, strict=True) if not column.head]
    line = _LATIN_LINE if all(column.label.isascii() for column in columns) else _LINE  # letters are narrower
    if sum(needs) + 2 * len(needs) <= line:
        return ' class="xk-fits"'
    pays = len(plain[0]) > _FEW_ROWS
    if pays and below and len(below) < len(needs) and sum(below) + len(below) <= line:
        return f' class="xk-brief" style="--xk-columns:{len(below)}"'
    return ' class="xk-stacked"'

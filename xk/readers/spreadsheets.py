"""Workbooks to take away: a sheet a table; data stays data."""

import io
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xk.errors import UsageError
from xk.vocab import NATIVE, text

_LONGEST_NAME, _LONGEST_TEXT, _MOST_ROWS = 31, 32_767, 1_048_576
_NAME_FORBIDS = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NARROWEST, _WIDEST = 7, 44
_PAPER_WIDTH = 200  # characters that are still legible side by side on A4
_AS_DATA = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}

Cell = str | float | date | None
"""What Excel can hold: text, number (or truth value), date, nothing."""


@dataclass(frozen=True)
class Sheet:
    """A table for a workbook.

    Parameters
    ----------
    frame : DataFrame
        Texts, numbers, truth values and dates; the index is left out.
    title : str
        What it is, in the first cell; without one the heads stand there.
    heads : mapping
        Column -> head in the reader's language; the column's own name where it is not named.
    """

    frame: pd.DataFrame
    title: str = ""
    heads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cover:
    """The first sheet: a title, facts in pairs, and lines that a reader must know before all else."""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    lines: Sequence[str] = ()


def new_book(buffer: io.BytesIO, title: str) -> xlsxwriter.Workbook:
    """Return a workbook in which data stays data; without a clock, so that the same tables give the same bytes."""
    book = xlsxwriter.Workbook(buffer, _AS_DATA)
    book.set_properties({"created": datetime(2000, 1, 1), "title": title})
    return book


def workbook_bytes(sheets: Mapping[str, Sheet], *, lang: str = NATIVE, cover: Cover | None = None) -> bytes:
    """Return an xlsx workbook: a cover, a list of contents, then a sheet a table, in the order given.

    A single sheet without a title is written alone, as programs read it.

    Numbers are numbers, missing values empty cells; text is text, whatever it begins with, and stays so
    when someone edits the cell. Heads stay in view and are repeated on paper. The same tables give the same
    bytes.

    Parameters
    ----------
    sheets : mapping of name -> Sheet
        The name is on the tab: at most 31 characters, without ``[ ] : * ? / \\``.
    lang : str
        Language of the words around the tables.
    cover : Cover, optional
        What the first sheet says; there is none if not given.

    Raises
    ------
    UsageError
        Names that Excel does not take, a column that is not there, a cell that is no text, number, truth
        value or date, or more than a sheet holds.
    """
    contents = text("book_contents", lang)
    listed = len(sheets) > 1 or any(sheet.title for sheet in sheets.values())
    _check_names([*([text("book_cover", lang)] if cover else []), *([contents] if listed else []), *sheets])
    buffer = io.BytesIO()
    with new_book(buffer, text("book_title", lang)) as book:
        looks = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "bottom": 2, "valign": "bottom", "text_wrap": True}),
            "text": book.add_format({"valign": "top", "text_wrap": True, "quote_prefix": True}),
            "date": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"}),
            "link": book.get_default_url_format(),
        }
        if cover:
            _write_cover(book.add_worksheet(text("book_cover", lang)), cover, contents, looks)
        if listed:
            _write_contents(book.add_worksheet(contents), sheets, looks, lang=lang)
        for name, sheet in sheets.items():
            _write_sheet(book, book.add_worksheet(name), sheet, looks)
    return buffer.getvalue()


def _check_names(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not name.strip() or len(name) > _LONGEST_NAME or _NAME_FORBIDS.search(name) or "'" in name:
            remedy = f"use 1 to {_LONGEST_NAME} characters without [ ] : * ? / \\ '"
            raise UsageError(f"{name!r} cannot be the name of a sheet; {remedy}")
        if name.casefold() in seen:
            raise UsageError(f"two sheets cannot have the name {name!r}")
        seen.add(name.casefold())


def _write_cover(page: Worksheet, cover: Cover, contents: str, looks: Mapping[str, Format]) -> None:
    page.write_string(0, 0, cover.title, looks["title"])
    for row, (label, value) in enumerate(cover.facts, start=2):
        page.write_string(row, 0, label, looks["head"])
        page.write_string(row, 1, value, looks["text"])
    for row, line in enumerate(cover.lines, start=3 + len(cover.facts)):
        page.write_string(row, 0, line)
    page.write_url(4 + len(cover.facts) + len(cover.lines), 0, f"internal:'{contents}'!A1", looks["link"], contents)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 70)
    _set_paper(page, head=0, width=94)


def _write_contents(page: Worksheet, sheets: Mapping[str, Sheet], looks: Mapping[str, Format], *, lang: str) -> None:
    page.write_string(0, 0, text("book_title", lang), looks["title"])
    for column, key in enumerate(("book_sheet", "book_table", "book_rows")):
        page.write_string(2, column, text(key, lang), looks["head"])
    for row, (name, sheet) in enumerate(sheets.items(), start=3):
        page.write_url(row, 0, f"internal:'{name}'!A1", looks["link"], name)
        page.write_string(row, 1, sheet.title)
        page.write_number(row, 2, len(sheet.frame))
    page.set_column(0, 0, _LONGEST_NAME)
    page.set_column(1, 1, 70)
    page.freeze_panes(3, 0)
    _set_paper(page, head=2, width=_LONGEST_NAME + 80)


def _write_sheet(book: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet, looks: Mapping[str, Format]) -> None:
    frame, width, top = sheet.frame, 0.0, 1 if sheet.title else 0
    _check_sheet(sheet)
    if sheet.title:
        page.write_string(0, 0, sheet.title, looks["title"])
    for place, column in enumerate(map(str, frame.columns)):
        head = sheet.heads.get(column, column)
        cells = [_cell(value, column) for value in frame.iloc[:, place].tolist()]
        of_cells, fitting = {**looks, "number": book.add_format({"valign": "top"})}, _width([head, *cells])
        width += fitting
        page.set_column(place, place, fitting, of_cells["number"])
        page.write_string(top, place, head, looks["head"])
        for row, value in enumerate(cells, start=top + 1):
            _write_cell(page, row, place, value, of_cells)
    page.freeze_panes(top + 1, 1)
    page.autofilter(top, 0, top + len(frame), len(frame.columns) - 1)
    _set_paper(page, head=top, width=width)


def _set_paper(page: Worksheet, *, head: int, width: float) -> None:
    """Set A4 across, heads on every page; what is too wide for one page goes on, with its first column, on others."""
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(head)
    page.set_footer("&L&A&R&P / &N")
    if width <= _PAPER_WIDTH:
        page.fit_to_pages(1, 0)
    else:
        page.repeat_columns(0)


def _check_sheet(sheet: Sheet) -> None:
    columns = [str(column) for column in sheet.frame.columns]
    if not columns:
        raise UsageError(f"the table {sheet.title!r} has no columns")
    if unknown := sorted(set(sheet.heads) - set(columns)):
        raise UsageError(f"the table {sheet.title!r} has no column {', '.join(unknown)}")
    if len(sheet.frame) + 2 > _MOST_ROWS:
        raise UsageError(f"the table {sheet.title!r} has {len(sheet.frame)} rows; a sheet holds {_MOST_ROWS}")


def _cell(value: object, column: str) -> Cell:
    """Return what Excel can hold, None for an empty cell."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        raise UsageError(f"column {column!r} has a text of {len(value)} characters; a cell holds 32767")
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "∞" if value > 0 else "-∞"
    if isinstance(value, str | int | float | date):
        return value
    raise UsageError(f"column {column!r} holds {type(value).__name__}, which is no text, number or date")


def _write_cell(page: Worksheet, row: int, column: int, value: Cell, looks: Mapping[str, Format]) -> None:
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        page.write_number(row, column, value, looks["number"])
    elif isinstance(value, str):
        page.write_string(row, column, value, looks["text"])
    elif value is not None:
        page.write_datetime(row, column, value, looks["date"])


def _width(cells: list[Cell]) -> float:
    """Return a width in characters that fits most cells: a Chinese character is as wide as two digits."""
    return float(min(max(max(map(_columns, set(cells))) + 2, _NARROWEST), _WIDEST))


def _columns(cell: Cell) -> int:
    if cell is None:
        return 0
    if isinstance(cell, date):
        return 10
    shown = f"{cell:.10g}" if isinstance(cell, float) else str(cell)
    if shown.isascii():
        return len(shown)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in shown)

"""Workbooks to fill in: what an office knows already, locked; what it is asked for, open, with lists to choose from."""

import io
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from xk.contracts.records import Record, records
from xk.contracts.scheme import Line, Scheme, offices_in
from xk.errors import UsageError
from xk.readers.clock import this_year
from xk.readers.spreadsheets import new_book
from xk.readers.store import Store
from xk.vocab import KINDS, OWN_GRADE, REGION_LEVELS, text

HEAD = 1
"""Row of the heads, from 0; the title stands above."""
OPEN_COLOUR, LINE_COLOUR = "#FFF9DB", "#B8B8B8"
RECENT, NEW_REGIONS = 5, 30
MARK = "〔xk {kind} {scheme}〕"
"""At the end of the title: by it a workbook is known when it comes back."""


class Field(NamedTuple):
    """A column of a workbook: the label of its head, and whether it is to be filled in."""

    label: str
    width: int = 10
    open: bool = False


FIELDS = {
    "observations": {
        "region": Field("field_region", 12), "no": Field("field_no", 6), "indicator": Field("field_name", 40),
        "unit": Field("field_unit", 12), "year": Field("field_year", 7), "target": Field("field_target_value"),
        "old": Field("template_old", 12), "value": Field("template_new", 12, open=True),
        "price_base": Field("field_price_base", 18, open=True), "kind": Field("field_kind", 12, open=True),
        "reason": Field("template_cause", 36, open=True),
    },
    "tasks": {
        "no": Field("field_no", 6), "indicator": Field("field_name", 30), "task": Field("field_task", 8),
        "milestone": Field("field_milestone", 12), "title": Field("field_title", 50),
        "quantity": Field("template_quantity", 14), "due": Field("template_due", 12),
        "share": Field("field_share", 14, open=True), "date": Field("field_date", 12, open=True),
        "evidence": Field("field_evidence", 40, open=True),
    },
    "region": {
        "code": Field("template_code", 14, open=True), "name_zh": Field("template_name_zh", 20, open=True),
        "name_en": Field("template_name_en", 24, open=True), "level": Field("template_level", 12, open=True),
        "parent": Field("template_parent", 20, open=True),
    },
}  # fmt: skip
"""Kind of workbook -> its columns."""
SAID = {
    "observations": ("open", "unit", "cause", "price", "back"), "schedule": ("open", "unit", "back"),
    "tasks": ("open", "share", "back"), "region": ("open", "region", "back"),
}  # fmt: skip


class Asked(NamedTuple):
    """What a workbook is asked for: a programme, a region, an office (empty: all of them), a language."""

    scheme: Scheme
    region: str
    office: str
    lang: str


def offices_asked(scheme: Scheme, kind: str = "observations") -> list[str]:
    """Return the offices that lead a line with figures of its own, or a task (``tasks``), in the programme's order."""
    led = [line.lead_offices for line in scheme.plain_lines()]
    if kind == "tasks":
        led = [offices_in(task["lead_offices"]) for task in scheme.ordered_tasks]
    return list(dict.fromkeys(chain.from_iterable(led)))


def template_bytes(kind: str, asked: Asked, store: Store) -> bytes:
    """Return a workbook to fill in: ``observations``, ``schedule``, ``tasks`` or ``region``."""
    scheme, lang = asked.scheme, asked.lang
    rows, fields = _schedule(asked) if kind == "schedule" else (ROWS[kind](asked, store), FIELDS[kind])
    if not rows:
        raise UsageError(f"{asked.office or scheme.id}: nothing to fill in of {kind}")
    office = scheme.office_names(lang).get(asked.office, text("template_all_offices", lang))
    region = dict(zip(store.regions["region"], store.regions[f"name_{lang}"], strict=True)).get(asked.region, "")
    title = text(f"template_title_{kind}", lang, region=region, office=office, scheme=scheme.name(lang))
    buffer = io.BytesIO()
    with new_book(buffer, title) as book:
        page = book.add_worksheet(text("template_sheet", lang))
        page.write_string(0, 0, title + MARK.format(kind=kind, scheme=scheme.id), book.add_format({"bold": True}))
        _write(book, page, list(fields.items()), rows, lang=lang)
        notes = book.add_worksheet(text("template_notes", lang))
        notes.set_column(0, 0, 100)
        for row, key in enumerate(SAID[kind]):
            notes.write_string(row, 0, text(f"template_say_{key}", lang), book.add_format({"text_wrap": True}))
        notes.protect()
    return buffer.getvalue()


def _write(
    book: xlsxwriter.Workbook, page: Worksheet, fields: Sequence[tuple[str, Field]], rows: list[Record], *, lang: str
) -> None:
    """Write heads and rows; what is open is coloured and can be changed, all else is locked."""
    border = {"border": 1, "border_color": LINE_COLOUR, "valign": "top", "text_wrap": True}
    head = book.add_format({**border, "bold": True})
    locked, free = book.add_format(border), book.add_format({**border, "locked": False, "bg_color": OPEN_COLOUR})
    for column, (key, field) in enumerate(fields):
        page.set_column(column, column, field.width)
        page.write_string(HEAD, column, head_of(key, field, lang), head)
        for row, cells in enumerate(rows, start=HEAD + 1):
            _write_cell(page, row, column, cells.get(key), free if field.open else locked)
        if words := choices(key, lang):
            about = {"validate": "list", "source": list(words)}
            page.data_validation(HEAD + 1, column, HEAD + len(rows), column, about)
    page.freeze_panes(HEAD + 1, 0)
    page.autofilter(HEAD, 0, HEAD + len(rows), len(fields) - 1)
    page.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD)


def head_of(key: str, field: Field, lang: str) -> str:
    """Return the head of a column; that of a year has the year for its key."""
    return text(field.label, lang, year=key) if key.isdigit() else text(field.label, lang)


def _write_cell(page: Worksheet, row: int, column: int, cell: object, look: object) -> None:
    if cell is None or cell is pd.NA or cell != cell or cell == "":
        page.write_blank(row, column, None, look)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, look)
    else:
        page.write_string(row, column, str(cell), look)


def choices(key: str, lang: str) -> dict[str, str]:
    """Return what may be chosen in a column: the words that are shown -> those of the library."""
    if key == "kind":
        return {text(f"kind_{word}", lang): word for word in KINDS}
    if key == "level":
        return {text(f"template_level_{word}", lang): word for word in REGION_LEVELS}
    if key == "price_base":
        years = {text("prices_of", lang, year=year): str(year) for year in range(2000, this_year() + 1, 5)}
        return {text(f"prices_{word}", lang): word for word in ("current", "not_stated")} | years
    return {}


def _observations(asked: Asked, store: Store) -> list[Record]:
    """Return a row for each line and year, with what is on file."""
    scheme, lang = asked.scheme, asked.lang
    names, said = scheme.names(lang), {word: shown for shown, word in choices("price_base", lang).items()}
    regions = dict(zip(store.regions["region"], store.regions[f"name_{lang}"], strict=True))
    units = dict(zip(store.measure_labels["unit"], store.measure_labels[f"name_{lang}"], strict=True))
    on_file = _on_file(asked, store)
    rows = []
    for line in _lines(asked):
        for year in _years(scheme, line):
            old = on_file.get((line.indicator, year), {})
            prices = old.get("price_base") or line.price_base
            rows.append({
                "region": regions[asked.region], "no": line.no, "indicator": names[line.indicator],
                "unit": units.get(line.unit, line.unit), "year": year, "old": old.get("value"),
                "target": _target(line), "price_base": said.get(prices, prices),
            })  # fmt: skip
    return rows


def _lines(asked: Asked) -> list[Line]:
    lines = asked.scheme.plain_lines()
    return [line for line in lines if not asked.office or asked.office in line.lead_offices]


def _years(scheme: Scheme, line: Line) -> range:
    """Return the years asked for: from the baseline to the target year, none that has not come."""
    last = min(line.target_year or scheme.target_year, this_year())
    return range(min(line.baseline_year or last - RECENT, last), last + 1)


def _target(line: Line) -> object:
    return line.target_value if line.target_low != line.target_low else f"{line.target_low:g}-{line.target_high:g}"


def _on_file(asked: Asked, store: Store) -> dict[tuple[str, int], Record]:
    """Return indicator and year -> the figure on file: a user's own, of what the scheme names, of grade A."""
    figures = store.observations[store.observations["region"] == asked.region]
    bases = figures["indicator"].map({name: line.price_base for name, line in asked.scheme.lines.items()})
    level = [name for served in asked.scheme.served_by.values() for name in served.level]
    order = dict(zip(level, range(1, len(level) + 1), strict=True))
    rank = figures["definition"].map(order).fillna(figures["grade"].map({"A": len(level) + 1}))
    rank, other = rank.mask(figures["grade"] == OWN_GRADE, 0), figures["price_base"].fillna("") != bases
    ranked = figures.assign(rank=rank, other=other).dropna(subset="rank").sort_values(["rank", "other"], kind="stable")
    first = ranked.drop_duplicates(["indicator", "year"]).astype({"price_base": object}).fillna("")
    return {(row["indicator"], int(row["year"])): row for row in records(first)}


def _schedule(asked: Asked) -> tuple[list[Record], dict[str, Field]]:
    """Return a row for each line, a column for each year: the annex of the programme."""
    scheme, lang = asked.scheme, asked.lang
    first = max((line.baseline_year or 0 for line in scheme.plain_lines()), default=0) or scheme.target_year - RECENT
    years = range(first + 1, scheme.target_year + 1)
    planned = {(row["indicator"], int(row["year"])): row["planned_value"] for row in records(scheme.schedule)}
    names = scheme.names(lang)
    rows = []
    for line in _lines(asked):
        about = {"no": line.no, "indicator": names[line.indicator], "unit": line.unit}
        rows.append(about | {str(year): planned.get((line.indicator, year)) for year in years})
    return rows, schedule_fields(years)


def schedule_fields(years: Iterable[int]) -> dict[str, Field]:
    """Return the columns of a schedule: a line, then its planned value in each year."""
    known = {key: FIELDS["observations"][key] for key in ("no", "indicator", "unit")}
    return known | {str(year): Field("template_planned", 12, open=True) for year in years}


def _tasks(asked: Asked, store: Store) -> list[Record]:  # noqa: ARG001
    """Return a row for each task that the office leads, its quantities below it."""
    scheme, lang = asked.scheme, asked.lang
    names = scheme.names(lang)

    def row(one: Record, **more: object) -> Record:
        line = scheme.lines[one["indicator"]]
        about = {"no": line.no, "indicator": names[line.indicator], "task": int(one["task"])}
        return about | {"title": one[f"title_{lang}"]} | more

    rows = []
    for task in scheme.ordered_tasks:
        if asked.office and asked.office not in offices_in(task["lead_offices"]):
            continue
        rows.append(row(task))
        for stone in scheme.stones.get((task["indicator"], task["task"]), ()):
            due: object = "" if pd.isna(stone["year"]) else int(stone["year"])
            quantity = f"{stone['value']:g} {stone['unit']}"
            rows.append(row(stone, milestone=int(stone["milestone"]), quantity=quantity, due=due))
    return rows


ROWS: dict[str, Callable[[Asked, Store], list[Record]]] = {
    "observations": _observations, "tasks": _tasks, "region": lambda *_: [{} for _ in range(NEW_REGIONS)],
}  # fmt: skip

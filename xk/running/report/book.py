"""The workbook of a run: a cover, contents, every table in the reader's words, and notes on the columns."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd
from pandas.api.types import is_extension_array_dtype

from xk.arithmetic.projection import METHODS
from xk.arithmetic.rulebooks import RULEBOOKS
from xk.exhibits import Wording, begun
from xk.readers.spreadsheets import Cover, Sheet, workbook_bytes
from xk.vocab import AHEAD_KINDS, KINDS, text

BOUND = re.compile("(lo|hi|projected_lo|projected_hi|covered)([0-9.]+)")
EXPLAINED = (
    "score", "attainment", "coverage", "probability", "probability_if_holds", "plan_gap", "required_change",
    "required_growth", "progress", "contribution", "possible", "index_without", "trend_region", "projected_kind",
    "value", "price_base", "parts_known", "weight", "scaled_error", "vintage", "source_id", "windows", "fastest_pace",
    "firmness",
)  # fmt: skip
"""Columns whose head does not say all: the label ``meaning_<column>`` does."""

Word = Callable[[Wording, str], str]

WORDS: dict[str, Word] = {
    "status": lambda words, cell: words.text(f"status_{cell}"),
    "kind": lambda words, cell: words.kind(cell) if cell in (*KINDS, *AHEAD_KINDS) else words.text(f"book_kind_{cell}"),
    "direction": lambda words, cell: words.text(f"direction_{cell}"),
    "planned_kind": lambda words, cell: words.text(f"planned_{cell}"),
    "plan_status": lambda words, cell: words.text(f"plan_{cell}"),
    "result": lambda words, cell: words.text(f"held_{cell}"),
    "rulebook": lambda words, cell: words.text(f"rulebook_short_{cell}"),
    "cause": lambda words, cell: words.text(f"change_{cell}"),
    "apart": lambda words, cell: words.text(f"apart_{cell}"),
    "region": lambda words, cell: words.region(cell),
    "domain": lambda words, cell: words.domain(cell),
    "level": lambda words, cell: words.level(cell),
    "offices": lambda words, cell: words.offices(*cell.split(";")),
    "unit": lambda words, cell: words.measure_labels.get(cell, cell),
    "price_base": lambda words, cell: words.price_base(cell),
    "trend": lambda words, cell: words.text(f"trend_{cell}"),
    "scale": lambda words, cell: words.text(f"scale_{cell}"),
    "basis": lambda words, cell: words.text(f"basis_{cell}"),
    "goal": lambda words, cell: words.text(f"book_goal_{cell}"),
    "method": lambda words, cell: words.text(f"method_{cell}" if cell in METHODS else f"book_rule_{cell}"),
    "verdict": lambda words, cell: words.text(f"comparability_{cell}"),
    "rule": lambda words, cell: words.text(f"comparison_{cell}"),
    "index_kind": lambda words, cell: words.text(f"deflator_{cell}"),
    "deflator": lambda words, cell: words.text(f"book_prices_{cell}"),
    "relation": lambda words, cell: words.text(f"book_relation_{cell}"),
    "due": lambda words, cell: words.text(f"book_{cell}"),
    "use": lambda words, cell: words.text(f"own_use_{cell}"),
    "claim": lambda words, cell: words.text(f"claim_{cell}"),
    "offices_from": lambda words, cell: words.text(f"offices_from_{cell}"),
}
"""Columns of closed lists -> how a workbook says what stands in them; the CSV has the words of the library."""

ALIKE = {
    "stretch_status": "status", "before": "status", "latest_kind": "kind", "projected_kind": "kind",
    "baseline_kind": "kind", "trend_region": "region", "fastest_region": "region", "index_region": "region",
    "lead_offices": "offices", "support_offices": "offices",
    "found": "price_base", "wanted": "price_base", "baseline_price_base": "price_base",
    "published_price_base": "price_base",
}  # fmt: skip


@dataclass(frozen=True)
class About:
    """What the cover of a workbook says: title, facts in pairs, what a reader must know before all else."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    notice: tuple[str, ...] = ()
    scenarios: Mapping[str, str] = field(default_factory=dict)


def book_bytes(tables: Mapping[str, pd.DataFrame | None], words: Wording, about: About) -> bytes:
    """Return the workbook of some tables.

    Parameters
    ----------
    tables : mapping of name -> DataFrame
        As they go out as CSV; None for one that is too large for a sheet, which the cover says.
    words : Wording
        Of any region of the run.
    about : About
        What the cover says, and the titles of scenarios by name.
    """
    lang, separator = words.lang, words.text("list_separator")
    large = [words.text(f"sheet_{name}") for name, frame in tables.items() if frame is None]
    lines = [*about.notice, *([words.text("book_left_out", tables=separator.join(large))] if large else [])]
    shown = {name: frame for name, frame in tables.items() if frame is not None}
    titles = {**about.scenarios, "reference": words.text("scenario_reference")}
    sheets = {words.text(f"sheet_{name}"): _sheet(name, frame, words, titles) for name, frame in shown.items()}
    sheets[words.text("book_notes")] = _notes(shown, words)
    return workbook_bytes(sheets, lang=lang, cover=Cover(about.title, about.facts, lines))


def _sheet(name: str, frame: pd.DataFrame, words: Wording, titles: Mapping[str, str]) -> Sheet:
    shown = frame.astype({column: object for column in frame.columns if is_extension_array_dtype(frame[column])})
    for column in shown.columns:
        said = WORDS.get(ALIKE.get(str(column), str(column)))
        if column in ("status", "before") and "rulebook" in frame:
            shown[column] = pd.Series(_verdicts(frame, str(column), words), shown.index, dtype=object)
        elif said:
            cells = [_said(said, words, cell) for cell in shown[column]]
            shown[column] = pd.Series(cells, shown.index, dtype=object)
    if "scenario" in shown:
        shown["scenario"] = [titles.get(cell, cell) for cell in shown["scenario"]]
    if "indicator" in shown and not any(str(column).startswith(("name", "title")) for column in shown.columns):
        place = list(shown.columns).index("indicator") + 1
        shown.insert(place, "name", [words.names.get(cell, cell) for cell in shown["indicator"]])
    heads = {str(column): head_of(str(column), words.lang) for column in shown.columns}
    return Sheet(shown, words.text(f"sheet_title_{name}"), heads)


def _said(said: Word, words: Wording, cell: object) -> object:
    return said(words, cell) if isinstance(cell, str) and cell else cell


def _verdicts(frame: pd.DataFrame, column: str, words: Wording) -> list[object]:
    """Return verdicts in the words of the rulebook that gave each."""
    pairs = zip(frame["rulebook"], frame[column], strict=True)
    return [words.text(RULEBOOKS[name].label(cell)) if isinstance(cell, str) else None for name, cell in pairs]


def head_of(column: str, lang: str) -> str:
    """Return the head of a column; the ends of intervals name their level."""
    bound = BOUND.fullmatch(column)
    return begun(text(f"field_{bound[1]}", lang, level=bound[2]) if bound else text(f"field_{column}", lang))


def stem_of(column: str) -> str:
    """Return the name of a column without the level that the ends of intervals have in it."""
    bound = BOUND.fullmatch(column)
    return bound[1] if bound else column


def _notes(tables: Mapping[str, pd.DataFrame], words: Wording) -> Sheet:
    """Return the columns of all tables: head, name in the CSV, what it means, on which sheets it stands."""
    where: dict[str, list[str]] = {}
    for name, frame in tables.items():
        for column in frame.columns:
            where.setdefault(str(column), []).append(words.text(f"sheet_{name}"))
    rows = [
        {
            "head": head_of(column, words.lang),
            "column": column,
            "meaning": words.text(f"meaning_{column}") if column in EXPLAINED else None,
            "sheets": words.listed(sheets),
        }
        for column, sheets in where.items()
    ]
    heads = {
        "head": words.text("book_column"), "column": words.text("book_code"),
        "meaning": words.text("book_meaning"), "sheets": words.text("book_sheet"),
    }  # fmt: skip
    return Sheet(pd.DataFrame(rows), words.text("book_notes_title"), heads)

"""Workbooks that came back filled in: what is new in them, with the value before and the reason of change."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

from xk.contracts.forms import is_date
from xk.errors import Fault
from xk.readers.cells import clean, fold
from xk.readers.naming import Names
from xk.readers.sheets import Sheet, Value
from xk.readers.templates import FIELDS, HEAD, choices
from xk.vocab import LANGUAGES, text

MARKED = re.compile(r"〔xk (\w+) ([^〕]+)〕")
TEXTS = (
    "region", "name", "no", "unit", "price_base", "kind", "vintage", "source_id", "series", "indicator", "file",
    "sheet",
)  # fmt: skip
"""Columns of figures that are texts, each often the same."""


class Row(NamedTuple):
    """A row of a workbook: its line (from 0), its cells by column key, and where each column stands."""

    line: int
    cells: dict[str, Value]
    places: dict[str, int]


class Form(NamedTuple):
    """A workbook that came back: what kind it is, of which programme, and the sheet that was filled in."""

    kind: str
    scheme: str
    sheet: Sheet


def form_of(sheets: Sequence[Sheet]) -> Form | None:
    """Return what workbook came back, None where the sheets are of no template whose columns are known."""
    for sheet in sheets:
        found = MARKED.search(str(sheet.rows[0][0])) if sheet.rows and sheet.rows[0] else None
        if found and found[1] in FIELDS:
            return Form(found[1], found[2], sheet)
    return None


def read_figures_of(form: Form, names: Names) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the figures that were filled in, with what was there before in their note, and what is wrong.

    A figure that is the one on file is none; one that differs needs a reason.
    """
    rows, faults = [], []
    for row in _rows(form, "value"):
        new, old = clean(row.cells["value"]), clean(row.cells["old"]).value
        why = fold(str(row.cells["reason"] or ""))
        said = new.doubt or ("is empty" if old is not None and new.value not in (None, old) and not why else "")
        if said:
            column, remedy = (
                ("value", "write a plain number") if new.doubt else ("reason", "say why the figure changes")
            )
            faults.append(form.sheet.fault(row.line, row.places[column], said, remedy))
        elif new.value is not None and new.value != old:
            rows.append(_figure(form, names, row, value=new.value, note=_changed(old, new.value, why)))
    frame = pd.DataFrame(rows, columns=[*TEXTS, "year", "value", "row", "column", "cell", "note"])
    return frame.astype({**dict.fromkeys(TEXTS, "category"), "year": "int64", "value": float}), faults


def _rows(form: Form, asked: str) -> Iterator[Row]:
    """Yield the rows in which the column that is asked for is filled in."""
    heads = {text(field.label, lang): key for key, field in FIELDS[form.kind].items() for lang in LANGUAGES}
    places = {heads[str(head)]: column for column, head in enumerate(form.sheet.rows[HEAD]) if str(head) in heads}
    for line, cells in enumerate(form.sheet.rows[HEAD + 1 :], start=HEAD + 1):
        named = {key: cells[column] if column < len(cells) else None for key, column in places.items()}
        if str(named.get(asked) or "").strip() or named.get(asked) == 0:
            yield Row(line, dict.fromkeys(FIELDS[form.kind]) | named, places)


def _figure(form: Form, names: Names, row: Row, *, value: float, note: str) -> dict[str, object]:
    chosen = {
        key: {shown: word for lang in LANGUAGES for shown, word in choices(key, lang).items()}
        for key in ("kind", "price_base")
    }
    words = {
        key: fold(str(row.cells[key] or "")) for key in ("region", "indicator", "unit", "no", "kind", "price_base")
    }
    known = names.under(form.scheme)
    return {
        **dict.fromkeys(TEXTS, ""),
        **{key: table.get(words[key], words[key]) for key, table in chosen.items()},
        "region": known.known("region", words["region"]), "name": words["indicator"], "unit": words["unit"],
        "indicator": known.sure("indicator", words["indicator"]), "no": words["no"],
        "file": form.sheet.file, "sheet": form.sheet.name, "year": int(clean(row.cells["year"]).value or 0),
        "value": value, "row": row.line, "column": row.places["value"],
        "cell": form.sheet.place(row.line, row.places["value"]), "note": note,
    }  # fmt: skip


def _changed(old: float | None, new: float, why: str) -> str:
    told = "new" if old is None else f"{old:.15g} -> {new:.15g}"
    return f"{told}; {why}" if why else told


def read_done(form: Form, names: Names) -> tuple[pd.DataFrame, list[Fault]]:
    """Return what was done: indicator, task, milestone, date, share, evidence; and what is wrong."""
    rows, faults = [], []
    for row in _rows(form, "share"):
        share, day, proof = clean(row.cells["share"]), _day(row.cells["date"]), fold(str(row.cells["evidence"] or ""))
        wrong = {
            "share": share.doubt
            or ("" if share.value is not None and 0 <= share.value <= 100 else "is not from 0 to 100"),
            "date": "" if is_date(day) else f"{day!r} is no date" if day else "is empty",
            "evidence": "" if proof else "is empty",
        }
        faults += [
            form.sheet.fault(row.line, row.places[key], said, "fill it in") for key, said in wrong.items() if said
        ]
        if not any(wrong.values()):
            rows.append({
                "indicator": names.under(form.scheme).sure("indicator", str(row.cells["indicator"])),
                **{key: clean(row.cells[key]).value for key in ("task", "milestone")},
                "date": day, "share": share.value, "evidence": proof,
            })  # fmt: skip
    return pd.DataFrame(rows), faults


def _day(cell: Value) -> str:
    return cell.isoformat()[:10] if isinstance(cell, date) else fold(str(cell or "")).replace("/", "-")

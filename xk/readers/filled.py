"""Workbooks that came back filled in: what is new in them, with the value before and the reason of change."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from xk.contracts.forms import is_date
from xk.errors import Fault
from xk.readers.block_figures import TEXTS
from xk.readers.cells import Cleaned, clean, fold
from xk.readers.clock import last_day
from xk.readers.kind_words import NO_OBSERVATION, kind_said
from xk.readers.naming import Names
from xk.readers.region_levels import level_of, refusal
from xk.readers.sheets import Sheet, Value, titled
from xk.readers.templates import FIELDS, HEAD, choices, head_of, schedule_fields
from xk.vocab import LANGUAGES, PLANNED_KINDS, YEAR_RANGE
from xk.vocab.figure_notes import join_notes, noted

MARKED = re.compile(r"〔xk (\w+) ([^〕]+)〕")
A_DAY = "write the day as 2019-12-31 or 2019年12月31日"
FILL = "fill it in"
AS_GIVEN = "leave it as it was given out"
KEPT = ("schedule", "tasks")
"""Kinds of workbooks whose cells go into tables of their programme."""
CATEGORIES = (*TEXTS, "indicator", "file", "sheet", "layout")
"""Columns of figures that are texts, each often the same."""


class Form(NamedTuple):
    """A workbook that came back: what kind it is, of which programme, its sheet, and where each column stands."""

    kind: str
    scheme: str
    sheet: Sheet
    places: dict[str, int]


class Entry(NamedTuple):
    """A cell that was filled in: its column, its line (from 0), what it says, and the row it stands in."""

    key: str
    line: int
    said: Cleaned
    row: dict[str, Value]

    @property
    def old(self) -> float | None:
        """Return the figure that was there before."""
        return clean(self.row.get("old")).value

    @property
    def why(self) -> str:
        """Return why it changed."""
        return fold(str(self.row.get("reason") or ""))


def form_of(sheets: Sequence[Sheet]) -> Form | None:
    """Return what workbook came back, None where the sheets are of no template."""
    for sheet in sheets:
        found = MARKED.search(str(sheet.rows[0][0])) if len(sheet.rows) > HEAD and sheet.rows[0] else None
        if found and found[1] in _heads_by_kind():
            heads = _heads_by_kind()[found[1]]
            places = {heads[str(head)]: column for column, head in enumerate(sheet.rows[HEAD]) if str(head) in heads}
            return Form(found[1], found[2], sheet, places)
    return None


@cache
def _heads_by_kind() -> dict[str, dict[str, str]]:
    """Return kind of workbook -> head in any language -> its column."""
    kinds = {**FIELDS, "schedule": schedule_fields(range(*YEAR_RANGE))}
    return {
        kind: {head_of(key, field, lang): key for key, field in fields.items() for lang in LANGUAGES}
        for kind, fields in kinds.items()
    }


def of_another(form: Form, scheme: str) -> list[Fault]:
    """Return a fault where a workbook that is kept with its programme would be kept with another, if that is named."""
    if form.kind not in KEPT or scheme in ("", form.scheme):
        return []
    message = f"is of the programme {form.scheme}, not of {scheme}"
    return [Fault(form.sheet.title, None, "", message, "add it alone, with its own programme or none")]


def read_figures_of(form: Form, names: Names) -> tuple[pd.DataFrame, list[Fault], list[str]]:
    """Return the figures that were filled in, with what was there before in their note, what is wrong, what was left.

    A figure that is the one on file is none; one that differs needs a reason. Planned values are of kind ``target``;
    observations that are called planned or expected are left.
    """
    rows, faults, left = [], _missing(form), []
    asked = ["value"] if form.kind == "observations" else [key for key in form.places if key.isdigit()]
    known = names.under(form.scheme)
    for entry in () if faults else _entries(form, asked):
        faults += _wrong_in(form, known, entry)
        if entry.said.value in (None, entry.old) or not _year(entry):
            continue
        row = _figure(form, known, entry)
        if form.kind == "observations" and row["kind"] in (*NO_OBSERVATION, *PLANNED_KINDS):
            reason = NO_OBSERVATION.get(str(row["kind"]), NO_OBSERVATION["target"])
            left.append(
                f"{form.sheet.title}: {row['cell']} ({entry.row['kind'] or row['kind']}) was not read: {reason}"
            )
        else:
            rows.append(row)
    frame = pd.DataFrame(rows, columns=[*CATEGORIES, "year", "value", "line", "cell", "note"])
    types = dict.fromkeys((*CATEGORIES, "note"), "category") | {"year": "int64", "line": "int64", "value": "float64"}
    return frame.astype(types), faults, left


def _wrong_in(form: Form, names: Names, entry: Entry) -> list[Fault]:
    """Return what is wrong with a figure that was filled in."""
    unexplained = entry.old is not None and entry.said.value not in (None, entry.old) and not entry.why
    found = {
        entry.key: (entry.said.doubt, "write a plain number"),
        "reason": ("is empty" if unexplained else "", "say why the figure changes"),
        "no": (_misnumbered(names, entry.row), AS_GIVEN),
        "year": ("" if _year(entry) else f"{entry.row['year']!r} is no year", AS_GIVEN),
    }
    return [_fault(form, entry.line, key, *said) for key, said in found.items() if said[0]]


def in_wrong_rows(rows: pd.DataFrame, faults: Sequence[Fault]) -> np.ndarray:
    """Return which figures stand in a row of a workbook that came back in which something is wrong."""
    if rows.empty:
        return np.zeros(0, dtype=bool)
    wrong = {(one.file, one.row) for one in faults}
    filled = rows["layout"].isin(list(_heads_by_kind())).to_numpy(copy=True)
    own = rows[filled]
    filled[filled] = [
        (titled(file, sheet), line) in wrong
        for file, sheet, line in zip(own["file"], own["sheet"], own["line"], strict=True)
    ]
    return filled


def _misnumbered(names: Names, row: dict[str, Value]) -> str:
    """Return what is wrong where number and name of a row are of two indicators."""
    number, name = (fold(str(row[key] or "")).removesuffix(".0") for key in ("no", "indicator"))
    meant = names.sure("indicator", number)
    return f"{number} is not the number of {name!r}" if number and meant != names.sure("indicator", name) else ""


def _year(entry: Entry) -> int:
    """Return the year of a figure, 0 where its row has none."""
    year = float(int(entry.key) if entry.key.isdigit() else clean(entry.row["year"]).value or 0)
    return int(year) if year.is_integer() else 0


def _missing(form: Form) -> list[Fault]:
    """Return a fault for every column of the template that is gone."""
    gone = [key for key in FIELDS.get(form.kind, ("no", "indicator")) if key not in form.places]
    return [form.sheet.fault(HEAD, None, f"the column of {key!r} is gone", "put its head back") for key in gone]


def _entries(form: Form, keys: Sequence[str], beside: Sequence[str] = ()) -> Iterator[Entry]:
    """Yield what is filled in, row by row; also where only a column `beside` it is."""
    for line, cells in enumerate(form.sheet.rows[HEAD + 1 :], start=HEAD + 1):
        row = {key: cells[column] if column < len(cells) else None for key, column in form.places.items()}
        for key in keys:
            said = clean(row[key])
            if said.value is not None or said.doubt or any(row[other] for other in beside):
                yield Entry(key, line, said, row)


def _fault(form: Form, line: int, key: str, message: str, remedy: str) -> Fault:
    return form.sheet.fault(line, form.places[key], message, remedy)


def _figure(form: Form, names: Names, entry: Entry) -> dict[str, object]:
    words = {key: fold(str(entry.row.get(key) or "")) for key in CATEGORIES if key in entry.row}
    chosen = {key: _chosen(key, words.get(key, "")) for key in ("kind", "price_base")}
    return {
        **dict.fromkeys(CATEGORIES, ""), **words, "name": words["indicator"],
        **chosen, "kind": chosen["kind"] if entry.said.kind in ("", "observed") else entry.said.kind,
        "layout": form.kind, **({"kind": "target"} if form.kind == "schedule" else {}),
        "region": names.known("region", words.get("region", "")),
        "indicator": names.sure("indicator", words["indicator"]),
        "file": form.sheet.file, "sheet": form.sheet.name, "year": _year(entry), "value": entry.said.value,
        "line": form.sheet.line(entry.line), "cell": form.sheet.place(entry.line, form.places[entry.key]),
        "note": _changed(form, entry),
    }  # fmt: skip


def _chosen(key: str, word: str) -> str:
    """Return the library's word for what was chosen from a list."""
    return {shown: known for lang in LANGUAGES for shown, known in choices(key, lang).items()}.get(
        word, key == "kind" and kind_said(word) or word
    )


def _changed(form: Form, entry: Entry) -> str:
    figures = {"old": f"{entry.old:.15g}", "new": f"{entry.said.value:.15g}"} if entry.old is not None else {}
    changed = noted("own_note_changed", **figures) if figures else noted("own_note_new")
    return join_notes((changed if form.kind == "observations" else "", entry.why, *entry.said.notes))


def read_done(form: Form, names: Names) -> tuple[pd.DataFrame, list[Fault]]:
    """Return what was done: indicator, task, milestone, date, share, evidence; and what is wrong."""
    rows, faults, known = [], _missing(form), names.under(form.scheme)
    for entry in () if faults else _entries(form, ["share"], ["date", "evidence"]):
        share, day, proof = entry.said, _day(entry.row["date"]), fold(str(entry.row["evidence"] or ""))
        slug = known.sure("indicator", str(entry.row["indicator"] or ""))
        wrong = {
            "share": (_wrong_share(share), FILL), "date": _wrong_day(day),
            "evidence": ("" if proof else "is empty", FILL), "no": (_misnumbered(known, entry.row), AS_GIVEN),
            "indicator": ("" if slug or entry.row["no"] else "is not known", AS_GIVEN),
        }  # fmt: skip
        found = [_fault(form, entry.line, key, *said) for key, said in wrong.items() if said[0]]
        faults += found
        if not found:
            numbers = {key: clean(entry.row[key]).value for key in ("task", "milestone")}
            rows.append({"indicator": slug, **numbers, "date": day, "share": share.value, "evidence": proof})
    return pd.DataFrame(rows, columns=["indicator", "task", "milestone", "date", "share", "evidence"]), faults


def _wrong_share(share: Cleaned) -> str:
    if share.value is None:
        return share.doubt or "is empty"
    return "" if 0 <= share.value <= 100 else f"{share.value:.15g} is not from 0 to 100"


def _wrong_day(day: str) -> tuple[str, str]:
    """Return what is wrong with the day on which something was done, and the remedy."""
    if is_date(day):
        return (f"{day} has not come" if day > last_day() else ""), "give the day on which it was done"
    return (f"{day!r} is no date" if day else "is empty"), A_DAY


def read_regions(form: Form, names: Names) -> tuple[pd.DataFrame, list[Fault]]:
    """Return new regions as rows of ``regions.csv``, and what is wrong; the slug is made of the English name."""
    rows, faults = [], _missing(form)
    for line, cells in () if faults else enumerate(form.sheet.rows[HEAD + 1 :], start=HEAD + 1):
        said = {key: fold(str(cells[at] or "")) if at < len(cells) else "" for key, at in form.places.items()}
        if not any(said.values()):
            continue
        said["code"] = said["code"].removesuffix(".0")
        slug = re.sub("[^a-z0-9]+", "_", said["name_en"].casefold().replace("'", "")).strip("_")
        parent = names.sure("region", said["parent"])
        wrong = {key: "is empty" for key, cell in said.items() if not cell}
        wrong |= {"parent": f"unknown region {said['parent']!r}"} if said["parent"] and not parent else {}
        known = [key for key in ("code", "name_zh", "name_en") if names.sure("region", said[key])]
        wrong |= {key: f"{said[key]!r} is known already" for key in known}
        faults += [_fault(form, line, key, message, "fill it in, or mend it") for key, message in wrong.items()]
        level, row = level_of(said["level"]), form.sheet.line(line)
        faults += [_fault(form, line, "level", *refusal(said["level"]))] if said["level"] and not level else []
        rows.append({**said, "region": slug, "level": level, "parent": parent, "title": form.sheet.title, "line": row})
    return pd.DataFrame(rows), faults


def _day(cell: Value) -> str:
    """Return a day as YYYY-MM-DD, however it is written; what is no day as it is."""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    found = re.fullmatch(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?", word := fold(str(cell or "")))
    return "-".join(part.zfill(2) for part in found.groups()) if found else word

"""Marks of figures: what they mean by a note under the table or by the official lists; which begin a series anew."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from xk.readers.cells import fold
from xk.readers.flags import BREAK, flag_meanings, flag_of
from xk.readers.kind_words import NO_OBSERVATION
from xk.readers.sheets import BLANK, Block
from xk.readers.told_notes import YEARS, break_meant, kind_meant, unclear, unclear_break, unmarked_breaks
from xk.vocab.figure_notes import noted, recognised, split_notes

BY_NOTE, BY_LIST = "by a note under the table", "by the official list of flags"
OF_LABEL, OF_HEAD = "own_note_mark_of_label", "own_note_mark_of_head"
MOST_SAID = 5
Notes = dict[int, list[str]]
"""Cell of a block -> its notes."""


class Anew(NamedTuple):
    """Why a figure may be the first after a break: in words, which years these name, whether each such mark is one."""

    words: str
    years: tuple[int, ...]
    each: bool


class Marked(NamedTuple):
    """What marks of one block say: cell -> kind; cell -> break; doubts."""

    kinds: dict[int, tuple[str, str]]
    breaks: dict[int, Anew]
    doubts: dict[str, None]


def take_flags(block: Block, values: np.ndarray, notes: Notes, legend: dict[str, str]) -> Marked:
    """Make the flags of a column marks of the figures of their rows; return what is said in words there."""
    found, width, unknown = Marked({}, {}, {}), len(block.columns), dict[str, None]()
    for place, cell in enumerate(block.by_row.get("flag", ())):
        code = "" if cell in BLANK else fold(str(cell))
        filled = np.flatnonzero(~np.isnan(values[place]))
        if not code or not len(filled):
            continue
        at, meanings = place * width + int(filled[0]), flag_meanings(code)
        if len(filled) > 1:
            found.doubts.setdefault(
                f"line {block.sheet.line(block.rows[place])} has a flag, {code}, for several figures"
            )
        elif code in legend or meanings is not None:
            notes.setdefault(at, []).extend([noted("own_note_mark", mark=code)] if code not in ("a", "A") else [])
        elif kind := kind_meant(code):
            found.kinds[at] = kind, "in the column of flags"
        elif break_meant(code):
            found.breaks[at] = _anew(code)
        else:
            unknown[code] = None
    if unknown:
        listed = ", ".join([*unknown][:MOST_SAID])
        found.doubts[f"flags that are not known were left out: {listed}; do they change what the figures are?"] = None
    for code, count in Counter(fold(str(cell or "")) for cell in block.by_row.get("secrecy", ())).items():
        if code.casefold() not in ("", "f", "free"):
            found.doubts[f"{count} figures have the confidentiality status {code}: may they be published?"] = None
    return found


def explain(
    block: Block, notes: Notes, legend: dict[str, str], kinds: dict[int, str], marked: Marked
) -> dict[int, Anew]:
    """Give notes of cells what their marks mean, and `kinds` the kinds that these say; return the breaks they tell."""
    for kind, count in Counter(kinds.values()).items():
        block.doubts.append(_counted(count, kind, "in their cells"))
    dated = [bool(one.get("year")) for one in block.by_column]
    for cell, said in notes.items():
        for key, mark in dict.fromkeys(pair for note in said for pair in _marks_in(note)):
            name = mark if mark in legend else flag_of(mark)
            of_all = key == OF_LABEL or key == OF_HEAD and not dated[cell % len(dated)]
            if name in legend:
                said.append(f"{mark}: {legend[name]}")
                _by_note(cell, legend[name], marked, of_all=of_all)
            else:
                _by_list(cell, name, marked, of_all=of_all)
    _row_notes(block, marked)
    block.doubts += [*marked.doubts, *map(unclear_break, unmarked_breaks(block.notes))]
    for (kind, how), count in Counter(marked.kinds.values()).items():
        block.doubts.append(_counted(count, kind, how))
    kinds |= {cell: kind for cell, (kind, _) in marked.kinds.items()}
    return marked.breaks


@lru_cache(maxsize=4096)
def _marks_in(note: str) -> tuple[tuple[str, str], ...]:
    key, facts = recognised(note)
    return tuple((key, mark) for mark in facts.get("mark", "").split(" ") if mark)


def _by_note(cell: int, words: str, marked: Marked, *, of_all: bool) -> None:
    kind, breaks, anew = kind_meant(words), break_meant(words), _anew(words)
    if kind not in ("", "observed"):
        marked.kinds.setdefault(cell, (kind, BY_NOTE))
    elif not kind and (doubt := unclear(words)):
        marked.doubts[doubt] = None
    if breaks is None or breaks and of_all and not anew.years:
        marked.doubts[unclear_break(words)] = None
    elif breaks:
        marked.breaks[cell] = anew


def _by_list(cell: int, flag: str, marked: Marked, *, of_all: bool) -> None:
    for meaning in flag_meanings(flag) or ():
        if meaning == BREAK and of_all:
            marked.doubts[unclear_break(flag)] = None
        elif meaning == BREAK:
            marked.breaks[cell] = _anew(BREAK)
        elif meaning:
            marked.kinds.setdefault(cell, (meaning, BY_LIST))


def kinds_flagged(notes: Iterable[str]) -> list[str]:
    """Return the kinds that official flags among the notes of one figure say."""
    return [meaning for meaning in _flagged(notes) if meaning not in ("", BREAK)]


def break_flagged(notes: Iterable[str]) -> bool:
    """Return whether an official flag among the notes of one figure says that it is the first after a break."""
    return BREAK in _flagged(notes)


def _flagged(notes: Iterable[str]) -> list[str]:
    marks = [mark for note in notes for _, mark in _marks_in(note)]
    return [meaning for mark in marks for meaning in flag_meanings(flag_of(mark)) or ()]


def _anew(words: str) -> Anew:
    years = tuple(sorted({int(one["from"]) for one in YEARS.finditer(words)}))
    return Anew(words, years, bool(re.search(r"\bbreaks?\b|断", words, re.IGNORECASE)))


def _row_notes(block: Block, marked: Marked) -> None:
    """Take the breaks that the notes of rows tell, as 2018年起口径调整; without a year, of the one figure of a row."""
    if "note" not in block.by_row or {"cell", "note"} <= block.words:
        return
    for place, cell in enumerate(block.by_row["note"]):
        text = fold(cell) if isinstance(cell, str) else ""
        if (breaks := break_meant(text) if text else False) is False:
            continue
        if breaks and (len(block.columns) == 1 or _anew(text).years):
            marked.breaks.setdefault(place * len(block.columns), _anew(text))
        else:
            marked.doubts[unclear_break(text)] = None


def _counted(count: int, kind: str, where: str) -> str:
    said = f"{count} cells are marked as {kind} {where}"
    return f"{said}, and were not read: {NO_OBSERVATION[kind]}" if kind in NO_OBSERVATION else said


def first_after_breaks(rows: pd.DataFrame, lines: np.ndarray, breaks: dict[int, Anew]) -> np.ndarray:
    """Return which figures are the first after a break of their series.

    The words of a mark that name years mean these, whatever figure they stand at; others mean the figure that is
    marked, of several in a row the first, if the words do not call each a break. `lines`: cell in the block of each.
    """
    first = np.zeros(len(rows), dtype=bool)
    at = {cell: place for place, cell in enumerate(lines.tolist()) if cell in breaks}
    series = (
        rows["region"].cat.codes.astype("int64") * len(rows["name"].cat.categories) + rows["name"].cat.codes
    ).to_numpy()
    years, marked = rows["year"].to_numpy(), {place: breaks[cell] for cell, place in at.items()}
    for name in {series[place] for place in marked}:
        own = np.flatnonzero(series == name)
        own = own[np.argsort(years[own], kind="stable")]
        for before, place in zip([-1, *own], own, strict=False):
            if (one := marked.get(int(place))) is None:
                continue
            for year in one.years:
                first[own[years[own] >= year][:1]] = True
            if not one.years and (one.each or before not in marked or marked[int(before)].words != one.words):
                first[place] = True
    return first


def breaks_of(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Return series -> years of the figures that are noted as the first after a break."""
    told = {note for note in rows["note"].unique() if noted("own_note_break") in split_notes(str(note))}
    found: dict[str, list[str]] = {}
    for name, year in rows.loc[rows["note"].isin(told), ["series", "year"]].drop_duplicates().itertuples(index=False):
        found.setdefault(str(name), []).append(str(int(year)))
    return found

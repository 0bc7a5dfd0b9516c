"""Raised and lowered text of cells: a footnote mark beside a figure is none of its digits."""

import re
from collections.abc import Collection

from xk.readers.cells import MARKS, RAISED_LETTERS
from xk.readers.sheets import BLANK, Value

DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LETTERS = {letter: raised for letter, raised in zip("abcdefghikmnprstuxz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱᵏᵐⁿᵖʳˢᵗᵘˣᶻ", strict=True)}
ONE = re.compile(r"[(（\[]?([0-9]{1,2}|[a-z])[)）\].]?")
FIGURE = re.compile(rf"(?=.*[0-9])[0-9.,\s%‰+\-—*{RAISED_LETTERS}⁰¹²³⁴-⁹]*")
DIGIT_MARK = re.compile("[⁰¹²³⁴-⁹]+")
WITHIN = re.compile(rf"(?<=[\u4e00-\u9fff])((?:\s?[⁰¹²³⁴-⁹{RAISED_LETTERS}])+)\s*([(（][^()（）]*[)）])$")
"""A mark between a name and its unit; behind a letter it may be an exponent, as in m²."""
NUMBERED = re.compile(r"(?:^|(?<=[:：;；。\s注]))([0-9]{1,2})[.、)）\s]\s*(?=[^\d\s])")
"""The number of a note, as in ``注：1 含新区；2 为计划数``."""


def raised(text: str, before: str, *, low: bool = False) -> str:
    """Return how raised text (or `low` one) goes on behind what stands `before` it in its cell.

    Numbers and letters become footnote marks as characters, such as ² in ``41.8²``; behind a figure other
    digits stand in brackets, so that they do not become its own. Lowered text is a mark behind figures
    alone: CO₂ is a name.
    """
    behind_figure = bool(FIGURE.fullmatch(before))
    if low and not behind_figure or not text.strip():
        return text
    words = [ONE.fullmatch(word) for word in re.split(r"[\s,，、;；]+", text.strip())]
    if all(words):
        marks = [word[1].translate(DIGITS) if word[1].isdigit() else LETTERS.get(word[1], f"[{word[1]}]")
                 for word in words if word]  # fmt: skip
        return " ".join(marks)
    return f"[{text}]" if behind_figure and re.search("[0-9]", text) and not MARKS.fullmatch(text) else text


def marks_last(text: str) -> str:
    """Return a text with the mark between its name and the unit in brackets behind both, where marks are looked for."""
    return WITHIN.sub(r"\2\1", text)


def number_notes(rows: list[list[Value]]) -> None:
    """Make the numbers of the notes under a table, rows of one text at its end, those marks that its cells have."""
    marks = {mark for row in rows for cell in row if isinstance(cell, str) for mark in DIGIT_MARK.findall(cell)}
    for row in reversed(rows if marks else []):
        if len({cell for cell in row if cell not in BLANK}) > 1:
            return
        row[:] = [
            NUMBERED.sub(lambda one: _as_mark(one, marks), cell) if isinstance(cell, str) else cell for cell in row
        ]


def _as_mark(found: re.Match[str], marks: Collection[str]) -> str:
    mark = found[1].translate(DIGITS)
    return f"{mark} " if mark in marks else found[0]

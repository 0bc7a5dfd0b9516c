"""Notes on own figures: each is a label with its facts; in files stands its English, by which it is known again."""

import re
from collections.abc import Iterable
from functools import cache
from string import Formatter

from xk.vocab import KINDS, PLANNED_KINDS, read_labels, text

WRITTEN = "en"
"""The language of notes in files."""
BETWEEN = "; "
OWN = "own_note_"
KIND = "kind_"
"""How the keys of notes begin: of what was done to a figure, of what kind it is."""
NUMBER = r"[-+]?[\d.]+(?:e[-+]?\d+)?"
FACTS = {"mark": r"\S{1,6}(?: \S{1,6})*", "unit": ".+", "base": ".+", "period": ".+"}
"""Forms of the facts that are no numbers."""


def noted(key: str, **facts: object) -> str:
    """Return the note of a label and its facts, as it stands in files."""
    return text(key, WRITTEN, **facts)


def recognised(note: str) -> tuple[str, dict[str, str]]:
    """Return the label and the facts of one note; no label where the words are a file's own."""
    for key, form in _forms().items():
        if found := form.fullmatch(note):
            return key, found.groupdict()
    return "", {}


def join_notes(notes: Iterable[str]) -> str:
    """Return some notes as one, without those that are empty."""
    return BETWEEN.join(filter(None, notes))


def split_notes(notes: str) -> list[str]:
    """Return the single notes that were joined."""
    return [note for note in notes.split(BETWEEN) if note]


def said_notes(notes: str, lang: str) -> str:
    """Return joined notes in a language; what a file says itself stays in its words."""
    known = [(note, *recognised(note)) for note in split_notes(notes)]
    return text("clause_separator", lang).join(text(key, lang, **facts) if key else note for note, key, facts in known)


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    """Return label -> what its notes look like, those of most words first: ``mark * of the head`` is no mark alone."""
    labels = read_labels()[WRITTEN]
    keys = [*filter(lambda key: key.startswith(OWN), labels), *(f"{KIND}{kind}" for kind in (*KINDS, *PLANNED_KINDS))]
    pieces = {key: [(said, name) for said, name, _, _ in Formatter().parse(labels[key])] for key in keys}
    by_words = sorted(keys, key=lambda key: -sum(len(said) for said, _ in pieces[key]))
    return {key: re.compile("".join(_form(*piece) for piece in pieces[key])) for key in by_words}


def _form(said: str, name: str | None) -> str:
    return re.escape(said) + (f"(?P<{name}>{FACTS.get(name, NUMBER)})" if name else "")

"""How an object shows itself, in a notebook and on a terminal: its names, facts and a short table, in all languages."""

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xk.vocab.labels import text
from xk.vocab.languages import LANGUAGES

ROWS, LETTERS = 60, 72
"""Rows that a table shows, and letters of a cell on a terminal, which shows a quarter of the rows."""


@dataclass(frozen=True)
class Card:
    """What an object shows of itself: title, facts (label and value), and a table by its head."""

    title: str
    facts: Sequence[tuple[str, object]] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()


class Shown:
    """What shows itself by a card: as HTML where Jupyter asks for that, else in words."""

    def card(self) -> Card:
        """Return what it shows."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return _plain(self.card())

    def _repr_html_(self) -> str:
        return _html(self.card())


def both(key: str, **values: object) -> str:
    """Return a label in all languages, the first one first."""
    return joined(text(key, lang, **values) for lang in LANGUAGES)


def joined(words: Iterable[str]) -> str:
    """Return the same in several languages as one, each once."""
    return " · ".join(dict.fromkeys(filter(None, words)))


def said(value: object) -> str:
    """Return a cell in words: a number with six figures that count, a dash for what is missing."""
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return "—"
    return f"{value:,.6g}" if isinstance(value, float) else " ".join(str(value).split())


def _html(card: Card) -> str:
    def cells(kind: str, row: Iterable[object]) -> str:
        return "".join(f"<{kind}>{html.escape(said(cell))}</{kind}>" for cell in row)

    facts = "".join(f"<tr>{cells('th', [label])}{cells('td', [value])}</tr>" for label, value in card.facts)
    shown = f"<p><b>{html.escape(card.title)}</b></p>" + (f"<table>{facts}</table>" if facts else "")
    if card.rows:
        body = "".join(f"<tr>{cells('td', row)}</tr>" for row in card.rows[:ROWS])
        more = f"<p>{html.escape(_more(card, ROWS))}</p>" if len(card.rows) > ROWS else ""
        shown += f"<table><thead><tr>{cells('th', card.head)}</tr></thead><tbody>{body}</tbody></table>{more}"
    return f"<div>{shown}</div>"


def _plain(card: Card) -> str:
    facts = [f"  {label}: {_short(value, 2 * LETTERS)}" for label, value in card.facts]
    rows = ["  " + " | ".join(map(_short, row)) for row in card.rows[: ROWS // 4]]
    more = [f"  {_more(card, ROWS // 4)}"] if len(card.rows) > ROWS // 4 else []
    return "\n".join([_short(card.title, 2 * LETTERS), *facts, *rows, *more])


def _more(card: Card, shown: int) -> str:
    return both("card_more", n=len(card.rows) - shown)


def _short(value: object, most: int = LETTERS) -> str:
    words = said(value)
    return words if len(words) <= most else f"{words[: most - 1]}…"

"""The words of the library: column names, closed lists, and the label table for Chinese and English.

Nothing here computes. A word that stands in a table, in a report or on the command line stands here once.
"""

from __future__ import annotations

import re
from typing import Literal

from xk.vocab.labels import LABELS

Lang = Literal["zh", "en"]

LANGUAGES: tuple[str, ...] = ("zh", "en")
HTML_LANG = {"zh": "zh-CN", "en": "en"}

DIRECTIONS: tuple[str, ...] = ("positive", "inverse", "interval", "composite")
KINDS: tuple[str, ...] = ("observed", "preliminary", "estimated")
RESULT_KINDS: tuple[str, ...] = (*KINDS, "projected", "borrowed")
AHEAD_KINDS: tuple[str, ...] = ("projected", "borrowed", "scenario")
GRADES: tuple[str, ...] = ("A", "B")
DEFLATOR_KINDS: tuple[str, ...] = ("gdp", "gdp_derived", "cpi")
PRICE_BASE_WORDS: tuple[str, ...] = ("current", "not_stated")
WEIGHTINGS: tuple[str, ...] = ("equal", "given")
RELATIONS: tuple[str, ...] = ("at_least", "at_most", "about", "equal", "reduce_by")
TREND_KINDS: tuple[str, ...] = ("own", "borrowed", "none")

STATUSES: tuple[str, ...] = (
    "achieved",
    "on_track",
    "lagging",
    "regressing",
    "no_data",
    "not_comparable",
    "no_target",
)
JUDGED_STATUSES: tuple[str, ...] = STATUSES[:4]

INDICATOR_COLUMNS: tuple[str, ...] = (
    "indicator", "no", "parent", "domain", "name_zh", "name_en", "unit", "price_base", "direction",
    "hold_from", "hold_to", "baseline_year", "baseline_value", "baseline_kind", "baseline_price_base",
    "target_year", "target_value", "target_low", "target_high", "limit_low", "limit_high",
    "target_stretch", "lower_bound", "upper_bound", "weight", "lead_offices", "comparable",
    "note_zh", "note_en", "clause",
)  # fmt: skip
OBSERVATION_COLUMNS: tuple[str, ...] = (
    "region", "indicator", "year", "vintage", "value", "unit", "price_base", "kind", "source_id", "series",
)  # fmt: skip

KERNELS: tuple[str, ...] = ("auto", "fork", "process")
"""How a notebook is run: in a fork of this process, in an ordinary kernel, or whichever is safe here."""

YEAR_RANGE = (1900, 2200)


def text(key: str, lang: str = "zh", **values: object) -> str:
    """Return the label `key` in `lang`, with `values` put in its places; ``[s]`` is an s unless the number is 1.

    Raises
    ------
    KeyError
        The label table has no such key, or no such language: a gap in the table, not in the data.
    """
    words = LABELS[key][LANGUAGES.index(check_lang(lang))].format(**values)
    return _PLURAL.sub(_with_plural, words) if "[s]" in words else words


_PLURAL = re.compile(r"\b([\d.,]+)([^\d\[]*)\[s\]")


def _with_plural(found: re.Match[str]) -> str:
    number, noun = found.groups()
    return f"{number}{noun}" if number == "1" else f"{number}{noun}s"


def check_lang(lang: str) -> str:
    """Return `lang` if it is one of the languages; raise KeyError with the known ones otherwise."""
    if lang not in LANGUAGES:
        raise KeyError(f"unknown language {lang!r}; known: {', '.join(LANGUAGES)}")
    return lang

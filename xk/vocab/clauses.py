"""Reasons in words: a key of the label table and the figures that it names, in each language."""

import math
from collections.abc import Mapping, Sequence

from xk.vocab import text

DIGITS = 4


def clause(key: str, values: Mapping[str, object], lang: str) -> str:
    """Return the reason `key` as a clause; numbers with four digits, names that end in ``_share`` as per cent."""
    return text(f"reason_{key}", lang, **{name: _said(name, value, lang) for name, value in values.items()})


def _said(name: str, value: object, lang: str) -> str:
    if isinstance(value, float) and name == "odds":
        return say_odds(value, lang)
    if isinstance(value, float | int) and name.endswith("_share"):
        return text("per_cent", lang, value=_figure(100 * value))
    if isinstance(value, float):
        return _figure(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return text("list_separator", lang).join(_part(part, lang) for part in value)
    return "" if value is None else str(value)


def _part(part: object, lang: str) -> str:
    """Return a year, a part's number with the word for its status, or a figure with its year."""
    if not isinstance(part, tuple):
        return str(part)
    first, second = part
    if isinstance(second, float):
        return text("figure_in_year", lang, value=_figure(second), year=first)
    return first + text("in_brackets", lang, word=text(f"status_{second}", lang))


def say_odds(odds: float, lang: str) -> str:
    """Return a probability in whole per cent, halves rounded up; near 0 and 1 it is not said to be certain."""
    near = "< 1" if odds < 0.01 else "> 99" if odds > 0.99 else ""
    return text("per_cent", lang, value=near or math.floor(round(100 * odds, 9) + 0.5))


def _figure(value: float) -> str:
    """Write a number with four significant digits and never with an exponent."""
    if not math.isfinite(value):
        return "∞" if value == math.inf else "-∞" if value == -math.inf else "—"
    if value == 0:
        return "0"
    places = max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
    written = f"{value:.{min(places, 12)}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written

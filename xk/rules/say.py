"""The reason of a verdict in words, in each language."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from xk.status import Reason
from xk.vocab import text

DIGITS = 4


def say(reason: Reason, lang: str) -> str:
    """Return a reason as a clause in `lang`; numbers with four digits, shares of 1 as per cent."""
    said = {name: _said(name, value, lang) for name, value in reason.values.items()}
    return text(f"reason_{reason.key}", lang, **said)


def _said(name: str, value: Any, lang: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return str(value)
    if name.endswith("_share"):
        return text("per_cent", lang, value=_figure(100 * value))
    if isinstance(value, float):
        return _figure(value)
    if isinstance(value, Sequence):
        return text("list_separator", lang).join(_part(part, lang) for part in value)
    return str(value)


def _part(part: Any, lang: str) -> str:
    if isinstance(part, tuple):
        return f"{part[0]} {text('status_' + part[1], lang)}"
    return str(part)


def _figure(value: float) -> str:
    """Write a number with four significant digits and never with an exponent."""
    if not math.isfinite(value):
        return "∞" if value == math.inf else "-∞" if value == -math.inf else "—"
    if value == 0:
        return "0"
    places = max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
    written = f"{value:.{min(places, 12)}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written

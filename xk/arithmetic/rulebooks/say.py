"""The reason of a verdict in words, in each language."""

from __future__ import annotations

from xk.arithmetic.status import Reason
from xk.vocab.clauses import clause


def say(reason: Reason, lang: str) -> str:
    """Return a reason as a clause in `lang`."""
    return clause(reason.key, reason.values, lang)

"""Why a verdict was given, as data and in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xk.vocab.clauses import clause


@dataclass(frozen=True)
class Reason:
    """Why a status was given: a key of the label table and the figures that it names."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


def say(reason: Reason, lang: str) -> str:
    """Return a reason as a clause in `lang`."""
    return clause(reason.key, reason.values, lang)

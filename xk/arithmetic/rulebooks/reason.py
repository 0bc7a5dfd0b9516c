"""Why a verdict was given, as data and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xk.vocab import text
from xk.vocab.clauses import clause


@dataclass(frozen=True)
class Reason:
    """Why a status was given: a key of the label table and the figures that it names, and what is to be said besides.

    Parameters
    ----------
    key : str
        The label is ``reason_<key>``.
    values : mapping
        What the label names.
    also : tuple of Reason
        Further clauses.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    also: tuple[Reason, ...] = ()

    def clauses(self) -> Iterator[Reason]:
        """Yield what is said, clause by clause."""
        yield self
        yield from self.also


def say(reason: Reason, lang: str) -> str:
    """Return a reason in `lang`."""
    said = [clause(one.key, one.values, lang) for one in reason.clauses()]
    return text("clause_separator", lang).join(said)

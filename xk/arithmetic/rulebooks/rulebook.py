"""What a rulebook declares of itself."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xk.arithmetic.rulebooks.case import NOT_AVAILABLE, Case, Reason, Verdict

HOUSE = "house"


@dataclass(frozen=True)
class Rulebook:
    """A rulebook: how it judges, its words, and what it needs.

    Its labels are ``rulebook_short_<name>``, ``status_<name>_<word>``, and where it needs figures of several years
    ``rulebook_need_<name>``: what the sentence calls it that says so.

    Parameters
    ----------
    name : str
    order : int
        Its place among the rulebooks.
    judge : callable
    statuses : mapping
        Each word, from best to worst, with a grade that makes rulebooks comparable: 3 met or on track, 2 the right way
        but not enough, 1 no progress or the wrong way.
    years : int
        Fewest years of own figures that it needs; 0 where it may judge by others.
    unjudged : tuple of str
        Words for what it does not judge, the plain one first.
    since_baseline : bool
        Whether one of these has to lie after the baseline: it takes the pace since then.
    met_in_one : bool
        Whether one year is enough for it where the latest value meets the target.
    checked : bool
        Whether results that the programme published were reproduced here (tests/test_conformance.py).
    whole : callable, optional
        How it judges an indicator by the number and the status of each part, if it has a way of its own.
    """

    name: str
    order: int
    judge: Callable[[Case], Verdict]
    statuses: Mapping[str, int]
    years: int = 0
    unjudged: tuple[str, ...] = (NOT_AVAILABLE,)
    since_baseline: bool = False
    met_in_one: bool = False
    checked: bool = False
    whole: Callable[[Sequence[tuple[str, str]]], Verdict] | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """All its words, the last ones for what it does not judge."""
        return (*self.statuses, *self.unjudged)

    def grade(self, status: str) -> int:
        """Return the grade of a word, 0 where the rulebook does not judge."""
        return self.statuses.get(status, 0)

    def label(self, status: str) -> str:
        """Return the key of the label table for a word; those of the house are the library's own (`xk.vocab`)."""
        shared = self.name == HOUSE or status in self.unjudged
        return f"status_{status}" if shared else f"status_{self.name}_{status}"

    def judge_parts(self, parts: Sequence[tuple[str, str]]) -> Verdict:
        """Judge a composite indicator by the number and the status of each part.

        Formula: as `whole` says, else the worst status of the parts; a good one only where every part is judged.
        Source: own rule.
        """
        if self.whole is not None:
            return self.whole(parts)
        judged = [status for _, status in parts if status in self.statuses]
        worst = max(judged, key=list(self.statuses).index, default=self.unjudged[0])
        if self.grade(worst) == max(self.statuses.values()) and len(judged) < len(parts):
            worst = self.unjudged[0]
        said = [(no, self.label(status).removeprefix("status_")) for no, status in parts]
        return Verdict(worst, math.nan, why=Reason("composite" if parts else "no_parts", {"parts": said}))

"""The rules by name, each with its own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xk.arithmetic.rulebooks import destatis, escap, house, opensdg, sdsn, un2023
from xk.arithmetic.rulebooks.case import NOT_AVAILABLE, Case, Verdict


@dataclass(frozen=True)
class Rulebook:
    """A rule: how it judges, and its words from best to worst.

    `statuses` maps each word to a grade that makes rules comparable: 3 met or on track, 2 the right way but
    not enough, 1 no progress or the wrong way. `checked` says whether its results were compared with
    published ones.
    """

    name: str
    judge: Callable[[Case], Verdict]
    statuses: Mapping[str, int]
    checked: bool

    def grade(self, status: str) -> int:
        """Return the grade of a word, 0 where the rule does not judge."""
        return self.statuses.get(status, 0)

    def words(self) -> list[str]:
        """Return all words of the rule, the last ones for what it does not judge."""
        return [*self.statuses, *(house.NOT_JUDGED if self.name == "house" else (NOT_AVAILABLE,))]


RULEBOOKS: dict[str, Rulebook] = {
    "house": Rulebook("house", house.judge_house, house.STATUSES, False),
    "opensdg": Rulebook("opensdg", opensdg.judge_opensdg, opensdg.STATUSES, True),
    "destatis": Rulebook("destatis", destatis.judge_destatis, destatis.STATUSES, True),
    "un2023": Rulebook("un2023", un2023.judge_un2023, un2023.STATUSES, False),
    "sdsn": Rulebook("sdsn", sdsn.judge_sdsn, sdsn.STATUSES, True),
    "escap": Rulebook("escap", escap.judge_escap, escap.STATUSES, False),
}

"""Every line of a scheme under all rulebooks, and where these disagree."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS, Verdict, unavailable
from xk.arithmetic.target import Target, stretch
from xk.contracts.records import grouped
from xk.contracts.scheme import Line, Scheme
from xk.pipeline.figures import Figure, last_segment
from xk.pipeline.result import LineResult
from xk.pipeline.targets import case_of, target_of

# rulebook -> what it says of one line
Verdicts = dict[str, Verdict]
GOALS = ("target", "stretch")
# reasons that rest on the level reached, not on where the trend leads
BY_LEVEL = ("achieved", "achieved_held", "achieved_once", "met_to_hold", "rulebook_level_met")


@dataclass(frozen=True)
class Judged:
    """What a rulebook says of one line and goal (target, stretch)."""

    indicator: str
    goal: str
    rulebook: str
    verdict: Verdict

    @property
    def status(self) -> str:
        """Status in the rulebook's words."""
        return self.verdict.status

    @property
    def grade(self) -> int:
        """Grade: 3 met or on track, 2 right way but not enough, 1 no progress or wrong way, 0 not judged."""
        return RULEBOOKS[self.rulebook].grade(self.status)


def build_verdicts(scheme: Scheme, seen: Mapping[str, list[Figure]], lines: Mapping[str, LineResult]) -> list[Judged]:
    """Judge every line under every rulebook.

    Parameters
    ----------
    scheme : Scheme
    seen : mapping
        Indicator -> the region's figures (`Paths.seen`). The other programmes' rulebooks judge by these alone; a
        borrowed trend serves the house rulebook only.
    lines : mapping of LineResult
        The verdicts of the house.

    Returns
    -------
    list of Judged
        One for each indicator, goal and rulebook, in the plan's order.
    """
    found: dict[tuple[str, str], Verdicts] = {}
    for line in scheme.plain_lines():
        name, target, result = line.indicator, target_of(line), lines[line.indicator]
        points = seen.get(name, [])
        found[name, "target"] = _judge_line(line, points, target, result.verdict)
        if line.has_stretch:
            known = replace(result.stretch or result.verdict, probability=math.nan)
            found[name, "stretch"] = _judge_line(line, points, stretch(target, line.target_stretch), known)
    for name in scheme.lines:
        if (name, "target") not in found:
            parts = [(scheme.lines[part].no, found[part, "target"]) for part in scheme.parts(name)]
            found[name, "target"] = {
                rulebook: one.judge_parts([(no, verdicts[rulebook].status) for no, verdicts in parts])
                for rulebook, one in RULEBOOKS.items()
            }
    keys = [(name, goal) for name in scheme.lines for goal in GOALS]
    return [Judged(*key, *verdict) for key in keys for verdict in found.get(key, {}).items()]


def _judge_line(line: Line, points: list[Figure], target: Target, house: Verdict) -> Verdicts:
    """Return the verdicts on one line; that of the house, which looks at more than the figures, is known."""
    good = last_segment(points)
    case = case_of(line, good, target)
    none = unavailable("rulebook_no_own_figures") if points and not good and target.known else None
    return {name: house if name == HOUSE else none or one.judge(case) for name, one in RULEBOOKS.items()}


@dataclass(frozen=True)
class Disagreement:
    """A line and goal on which rulebooks disagree: what the best and the worst say, and why they differ.

    `cause`: ``level`` (some rulebooks count the level reached now, others look at the trend), ``deadline`` (the year is
    there, or one in which it was to be held, and the target missed, which some do not ask), ``window`` (the trend turns
    with the years it is taken from) or ``cuts`` (same trend, other thresholds).
    """

    indicator: str
    goal: str
    best: list[Judged]
    worst: list[Judged]

    @property
    def cause(self) -> str:
        """Why they differ."""
        past = {one.verdict.why.key for one in self.worst}
        if "missed" in past:
            return "deadline"
        if any(one.verdict.why.key in BY_LEVEL for one in self.best):
            return "level"
        if "not_held" in past:
            return "deadline"
        return "window" if self.worst[0].grade == 1 else "cuts"


def build_disagreements(verdicts: Sequence[Judged]) -> list[Disagreement]:
    """Return the lines on which the rulebooks that judge them disagree, most divided first."""
    found = []
    for key, group in grouped(verdicts, lambda one: (one.indicator, one.goal)).items():
        by_grade = grouped((one for one in group if one.grade), lambda one: one.grade)
        if len(by_grade) > 1:
            found.append(Disagreement(*key, by_grade[max(by_grade)], by_grade[min(by_grade)]))
    return sorted(found, key=lambda one: one.worst[0].grade - one.best[0].grade)

"""Verdict history: each line as it would have been judged at each past year, and what changed it.

Every line of a scheme under all rulebooks, and where these disagree.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS, Verdict, unavailable
from xk.arithmetic.target import Target, meets, stretch
from xk.contracts.records import grouped
from xk.contracts.scheme import Line, Scheme
from xk.errors import UsageError
from xk.pipeline.figures import Figure, case_of, figures_of, last_segment, target_of
from xk.pipeline.paths import build_paths
from xk.pipeline.result import LineResult
from xk.pipeline.settings import Settings
from xk.pipeline.summary import build_lines
from xk.pipeline.surroundings import Surroundings

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

    `cause`: ``parts`` (each takes the worst part), ``assumed`` (the house judges what a scenario assumes, the others
    the figures), ``level`` (some rulebooks count the level reached now, others look at the trend), ``deadline`` (the
    year is there, or one in which it was to be held, and the target missed, which some do not ask), ``window`` (the
    trend turns with the years it is taken from, or the way it is carried on) or ``cuts`` (one direction, other
    thresholds).
    """

    indicator: str
    goal: str
    best: list[Judged]
    worst: list[Judged]

    @property
    def cause(self) -> str:
        """Why they differ."""
        best, worst = ({one.verdict.why.key for one in side} for side in (self.best, self.worst))
        if any("parts" in one.verdict.why.values for one in (*self.best, *self.worst)):
            return "parts"
        if any(len(side) == 1 and next(iter(side)).startswith("assumed_") for side in (best, worst)):
            return "assumed"
        if "missed" in worst or best == {"missed"}:
            return "deadline"
        if not best.isdisjoint(BY_LEVEL):
            return "level"
        if "not_held" in worst or best == {"not_held"}:
            return "deadline"
        return "window" if any(map(_leads_away, self.worst)) else "cuts"


def _leads_away(one: Judged) -> bool:
    """Return whether a rulebook sees the trend lead away; the lowest grade of the UN's has what hardly moves, too."""
    return one.grade == 1 and not (one.verdict.why.key == "rulebook_way" and one.verdict.value >= 0)


def build_disagreements(verdicts: Sequence[Judged]) -> list[Disagreement]:
    """Return the lines on which the rulebooks that judge them disagree, most divided first."""
    found = []
    for key, group in grouped(verdicts, lambda one: (one.indicator, one.goal)).items():
        by_grade = grouped((one for one in group if one.grade), lambda one: one.grade)
        if len(by_grade) > 1:
            found.append(Disagreement(*key, by_grade[max(by_grade)], by_grade[min(by_grade)]))
    return sorted(found, key=lambda one: one.worst[0].grade - one.best[0].grade)


CHANGES = (
    "first", "parts", "first_figure", "time_passed", "due", "target_met", "target_lost", "held_missed", "trend_found",
    "trend_lost", "trend_source", "lent_figure", "projection", "new_figure",
)  # fmt: skip
FINAL = ("achieved", "missed")
"""Statuses by the figure of the target year, wherever it stood before."""
MOST_YEARS = 7


@dataclass(frozen=True)
class PastVerdict(Judged):
    """A verdict as of a year, on the results of that year.

    `change` says what changed the status since the year before (see `CHANGES`; None where it is the same), `before` is
    the status then.
    """

    result: LineResult
    as_of: int
    change: str | None = None
    before: str | None = None

    @property
    def changed(self) -> bool:
        """Whether the status is another than the year before."""
        return self.change not in (None, "first")


def build_verdict_history(
    scheme: Scheme, around: Surroundings, *, settings: Settings, years: Sequence[int] | None = None
) -> list[PastVerdict]:
    """Judge every line with the figures known in each of several years.

    Parameters
    ----------
    scheme, around
        As for `build_paths`; of a figure that was revised, the newest vintage stands for all years.
    settings : Settings
        Resolved; region and method.
    years : sequence of int, optional
        Years to judge at; the last seven up to `as_of` that have a figure of the region, if not given.

    Returns
    -------
    list of PastVerdict
        Line by line, goal and rulebook, years ascending; none for a region without figures.
    """
    last, _ = settings.years()
    asked = list(years) if years is not None else _years(scheme, around, settings)
    if max(asked, default=last) > last:
        raise UsageError(f"the history ends in {last}, the last known year; {max(asked)} lies after it")
    if not asked:
        return []
    found = build_paths(scheme, around, settings=settings, years=sorted(set(asked)))
    lines: dict[tuple[str, str, str], list[PastVerdict]] = {}
    for year, paths in found.items():
        results = build_lines(scheme, paths, settings=replace(settings, as_of=year))
        for one in build_verdicts(scheme, paths.seen, results):
            line = lines.setdefault((one.indicator, one.goal, one.rulebook), [])
            new = PastVerdict(**vars(one), result=results[one.indicator], as_of=year)
            old = line[-1] if line else None
            line.append(replace(new, change=_change(old, new), before=old.status if old else None))
    return [one for line in lines.values() for one in line]


def _years(scheme: Scheme, around: Surroundings, settings: Settings) -> list[int]:
    last, _ = settings.years()
    own = figures_of(scheme, around.figures_in([settings.region]))
    known = {int(year) for year in own["year"] if year <= last}
    return sorted({*known, last})[-MOST_YEARS:] if known else []


def _met(result: LineResult) -> bool:
    target = target_of(result.line)
    return target.known and result.comparable and meets(result.latest.value, target)


def _change(old: PastVerdict | None, new: PastVerdict) -> str | None:
    """Return what changed a status since the year before; None where it is the same."""
    if old is None:
        return "first"
    if old.status == new.status:
        return None
    if new.result.line.is_composite:
        return "parts"
    then, now = old.result, new.result
    if then.latest.year is None and now.latest.year is not None:
        return "first_figure"
    if new.rulebook != HOUSE:
        return _way_met(then, now) or "new_figure"
    if new.status == "not_seen":
        return "time_passed"
    if new.status in FINAL and new.verdict.why.key != "achieved_once":
        return "due"
    return _way_met(then, now) or ("held_missed" if new.status == "not_held" else _way_ahead(then, now))


def _way_met(then: LineResult, now: LineResult) -> str | None:
    """Return whether the target came to be met, or to be met no more; None where neither."""
    if _met(then) == _met(now):
        return None
    return "target_met" if _met(now) else "target_lost"


def _way_ahead(then: LineResult, now: LineResult) -> str:
    """Return what changed of the projection; without a new figure of its own, those of others that it rests on."""
    if (then.trend.kind, then.trend.region) != (now.trend.kind, now.trend.region):
        kinds = {"trend_found": then.trend.kind, "trend_lost": now.trend.kind}
        return next((change for change, kind in kinds.items() if kind == "none"), "trend_source")
    if then.latest.year == now.latest.year:
        return "lent_figure"
    same = np.isclose(then.outlook.value, now.outlook.value, equal_nan=True)
    return "new_figure" if same else "projection"

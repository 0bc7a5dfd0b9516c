"""What would do (求解): the change, growth, factor on the trend, or latest start that just meets a target."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_UP, Decimal

import numpy as np

from xk.arithmetic.scenario import scenario_path
from xk.arithmetic.target import Target, meets
from xk.contracts.scenario_rules import Rule

Path = Mapping[int, float]
"""Year -> value in the indicator's unit; the first year is that of the last figure, the others are the reference's."""


def asked_years(target: Target, *, after: int) -> list[int]:
    """Return the years later than `after` in which a target has to be met.

    Formula: the target year and the years in which it is to be held. Source: the plan's wording (达到, 保持).
    """
    due = [] if target.due is None else [target.due]
    return sorted({year for year in (*target.held_years(), *due) if year > after})


def solve_change(start: tuple[int, float], target: Target, *, after: int) -> float:
    """Return the change, in units a year, that just meets a target from the last observation on.

    Formula: ``c = (y* - x_s) / (t - s)``, of the years t asked for that with the largest ``|c|``; 0 where x_s meets
    the target; to the nearer end of an interval. NaN where no year asked for is to come, or where the path that meets
    it in one year fails in another. Source: inverse of the rule ``change`` (docs/en/method.md).
    """
    return _solve("change", start, target, after, lambda end, years: (end - start[1]) / years)


def solve_growth(start: tuple[int, float], target: Target, *, after: int) -> float:
    """Return the growth, in per cent a year, that just meets a target from the last observation on.

    Formula: ``g = 100 ((y* / x_s)^(1 / (t - s)) - 1)``, otherwise as `solve_change`; NaN where x_s or y* is not
    above 0. Source: inverse of the rule ``growth``.
    """
    if start[1] <= 0:
        return math.nan

    def asked(end: float, years: int) -> float:
        return 100 * ((end / start[1]) ** (1 / years) - 1) if end > 0 else math.nan

    return _solve("growth", start, target, after, asked)


def _solve(
    name: str, start: tuple[int, float], target: Target, after: int, asked: Callable[[float, int], float]
) -> float:
    years = asked_years(target, after=max(after, start[0]))
    if not years or not target.known:
        return math.nan
    if meets(start[1], target):
        return 0.0
    low, high = target.ends
    found = max((asked(low if start[1] < low else high, year - start[0]) for year in years), key=abs)
    return found if _does((name, found), {start[0]: start[1]}, target, years) else math.nan


def solve_factor(path: Path, target: Target, *, since: int, after: int) -> float:
    """Return the least factor on the trend, from a year on, with which a target is just met.

    Formula: with r the reference and f the year from which the factor works, ``k = (y* - r_f) / (r_t - r_f)``, the
    largest over the years t asked for, 0 at least; to the end of an interval that the trend leads to. NaN where the
    trend leads away, stands still, or a year asked for up to f falls short. Source: inverse of the rule ``accelerate``.
    """
    years, first = asked_years(target, after=max(after, min(path))), max(since, min(path))
    if not years or not target.known or any(year not in path for year in (*years, first)):
        return math.nan
    low, high = target.ends
    pivot, found = path[first], 0.0
    for year in years:
        way = path[year] - pivot
        if year > first and way != 0 and not meets(pivot, target):
            found = max(found, ((low if way > 0 else high) - pivot) / way)
    return found if math.isfinite(found) and _does(_accelerated(found, first), path, target, years) else math.nan


def latest_start(path: Path, target: Target, *, pace: Rule, after: int) -> int | None:
    """Return the last year up to which the reference may be followed if a pace begins then, the target still being met.

    Formula: the largest year f, from the last observation on, with which the path r up to f and from there
    ``r_f + c (t - f)`` (change c), ``r_f (1 + g/100)^(t - f)`` (growth g) or ``r_f + k (r_t - r_f)`` (accelerate k)
    meets the target in all years asked for. None where no year does. Source: own definition.

    Parameters
    ----------
    path : mapping
    target : Target
    pace : (rule, number)
        change, growth or accelerate, and how much of it.
    after : int
        Years up to it are past.
    """
    years = asked_years(target, after=max(after, min(path)))
    if not years or any(year not in path for year in years):
        return None
    name, much = pace
    for first in sorted((year for year in path if year < years[-1]), reverse=True):
        rule: Rule = _accelerated(much, first) if name == "accelerate" else (name, much)
        start = min(path) if name == "accelerate" else first
        later = [year for year in years if year > first]
        kept = all(meets(path[year], target) for year in years if year <= first)
        if kept and _does(rule, {year: value for year, value in path.items() if year >= start}, target, later):
            return first
    return None


def _accelerated(factor: float, since: int) -> Rule:
    return "accelerate", {"factor": factor, "from": since}


def _does(rule: Rule, path: Path, target: Target, years: Sequence[int]) -> bool:
    """Return whether a rule from the first point of a path on meets the target in all of some years."""
    first = min(path)
    ahead = np.array(sorted({*years, *(year for year in path if year > first)}), dtype=float)
    reference = np.array([path.get(int(year), math.nan) for year in ahead])
    values = scenario_path(rule, (first, path[first]), ahead, reference=reference, target=target)
    return bool(meets(values[np.isin(ahead, years)], target).all())


def enough(value: float, *, decimals: int) -> float:
    """Return a pace that is asked for with so many decimals, rounded away from zero so that it still does.

    Formula: ``sign(v) ceil(|v| 10^d) / 10^d``, of the figure to ten decimals, so that what binary fractions add does
    not count. Source: house rule for required changes (docs/en/method.md).
    """
    if not math.isfinite(value):
        return value
    step, exact = Decimal(1).scaleb(-decimals), Decimal(repr(round(abs(float(value)), 10)))
    return math.copysign(float(exact.quantize(step, ROUND_UP)), value)

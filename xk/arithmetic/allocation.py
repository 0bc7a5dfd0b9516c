"""Targets for counties (层层分解任务): a city's target divided so that it comes back out, to the last digit."""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TypedDict, Unpack

import pandas as pd

from xk.arithmetic.target import TOLERANCE
from xk.errors import Fault, InputError, UsageError, check_known, raise_faults

RULES = ("proportional", "equal_effort", "converge")
KINDS = ("share", "rate", "sum")
BOUNDS: dict[str, tuple[float, float]] = {"share": (0.0, 100.0), "rate": (-math.inf, math.inf), "sum": (0.0, math.inf)}
# neighbouring doubles tried for one county where the last digits of all do not add up
MOST_NUDGES = 200
Numbers = Mapping[str, float] | pd.Series | Sequence[float]
Exact = list[Fraction]


class Frame(TypedDict, total=False):
    """Further facts: direction, natural bounds (lower, upper), years to the target, decimals of the targets."""

    direction: str
    lower: float
    upper: float
    years: int
    decimals: int


def allocate_targets(
    city_target: float,
    baselines: Numbers,
    *,
    weights: Numbers | None = None,
    rule: str = "proportional",
    kind: str = "rate",
    **frame: Unpack[Frame],
) -> pd.DataFrame:
    """Divide a city's target among its counties.

    Formula, with shares v_i = w_i / sum(w), baselines x_i, city baseline ``X = sum(v_i x_i)``, city target Y:

    - proportional ``y_i = x_i Y / X`` (the same attainment of the own target, so the same gap to close);
    - equal_effort ``y_i = x_i + (Y - X)`` (the same annual change);
    - converge ``y_i = Y`` (all reach the city's target).

    A sum (Y = sum(y_i)) is divided as amount per unit of weight: ``y_i = w_i z_i`` with z_i by the same rules.

    Parameters
    ----------
    city_target : float
        Y, in the indicator's unit.
    baselines : mapping, Series or sequence
        x_i by county; counties are numbered from 1 in a sequence.
    weights : mapping, Series or sequence
        w_i above 0: the denominator of the indicator (population, GDP, ...); may be left out for sums.
    rule : str
        proportional, equal_effort or converge.
    kind : str
        share (0-100 unless `lower`, `upper` say otherwise), rate (no bounds) or sum (no county below 0).
    **frame
        direction (positive, inverse): says which targets relax; lower, upper: natural bounds of a county's
        figure; years: to the target, for the annual change; decimals: of the targets, if they are to be round
        figures.

    Returns
    -------
    DataFrame
        region, baseline, weight (share, sums to 1), target, change, growth (per cent), annual_change (NaN
        without `years`), relaxes (True where the target asks for less than the county has).

    Raises
    ------
    UsageError
        Unknown rule, kind or argument; weights missing.
    InputError
        Weights or baselines that are no numbers or do not match; an allocation beyond a natural bound; a rule
        that has no answer. All faults at once.

    Notes
    -----
    Reckoned in fractions. The exact weighted mean (or sum) of the targets, rounded to a double, is `city_target`: what
    rounding to doubles loses is given back to the counties in turn, from the one with the coarsest last
    digit. With `decimals` the mean is the city's target when written with as many decimals; a sum is exact.
    Source: own rules after the plan's wording (docs/en/rulebooks.md).
    """
    check_known(rule, RULES, "allocation rule")
    check_known(kind, KINDS, "kind")
    for name in frame:
        check_known(name, Frame.__annotations__, "argument of allocate_targets")
    check_known(frame.get("direction", "positive"), ("positive", "inverse"), "direction")
    goal = _exact(city_target)
    if goal is None:
        raise UsageError(f"the city's target must be a finite number, not {city_target!r}")
    regions, start, weight = _matched(baselines, weights, kind)
    targets = _divided(goal, start, weight, rule=rule, kind=kind)
    _check_bounds(regions, targets, goal, kind=kind, frame=frame)
    exact = _rounded(targets, goal, weight, kind=kind, decimals=frame.get("decimals"))
    return _table(regions, start, weight, exact, frame)


def whole_of(baselines: Numbers, weights: Numbers | None = None, *, kind: str = "rate") -> float:
    """Return what the counties' figures come to together, in the indicator's unit.

    Formula: ``X = sum(w_i x_i) / sum(w_i)``, of a sum ``X = sum(x_i)``, in fractions. Source: docs/en/method.md.

    Raises
    ------
    UsageError, InputError
        As `allocate_targets` does for figures and weights that do not match.
    """
    check_known(kind, KINDS, "kind")
    _, start, weight = _matched(baselines, weights, kind)
    return float(_total(start, weight, kind))


def _mean(values: Exact, weights: Exact) -> Fraction:
    return sum((w * x for w, x in zip(weights, values, strict=True)), Fraction(0)) / sum(weights, Fraction(0))


def _total(values: Exact, weights: Exact, kind: str) -> Fraction:
    return sum(values, Fraction(0)) if kind == "sum" else _mean(values, weights)


def _divided(goal: Fraction, start: Exact, weight: Exact, *, rule: str, kind: str) -> Exact:
    """Return the targets as exact fractions; sums are handled per unit of weight."""
    whole = sum(weight, Fraction(0))
    level = [x / w for x, w in zip(start, weight, strict=True)] if kind == "sum" else start
    asked = goal / whole if kind == "sum" else goal
    now = _mean(level, weight)
    if rule == "proportional" and now == 0:
        raise InputError(
            "the counties' baselines average 0, which no factor turns into a target; use equal_effort or converge"
        )
    each: dict[str, Callable[[Fraction], Fraction]] = {
        "proportional": lambda x: x * asked / now,
        "equal_effort": lambda x: x + asked - now,
        "converge": lambda _: asked,
    }
    found = [each[rule](x) for x in level]
    return [w * y for w, y in zip(weight, found, strict=True)] if kind == "sum" else found


def _check_bounds(regions: list[str], targets: Exact, goal: Fraction, *, kind: str, frame: Frame) -> None:
    low, high = frame.get("lower", BOUNDS[kind][0]), frame.get("upper", BOUNDS[kind][1])
    if low > high:
        raise UsageError(f"the natural bounds are in the wrong order: {low:g} is above {high:g}")
    named = list(zip(regions, targets, strict=True))
    if kind != "sum":
        named.insert(0, ("the city", goal))
    remedy = "choose another rule, or another target for the city"
    faults = []
    for region, target in named:
        if not low <= target <= high:
            side, bound = ("above", high) if target > high else ("below", low)
            message = f"target {float(target):.6g} of {region} lies {side} the natural bound {bound:g}"
            faults.append(Fault("", None, "target", message, remedy))
    raise_faults(faults)


def _rounded(targets: Exact, goal: Fraction, weight: Exact, *, kind: str, decimals: int | None) -> Exact:
    if decimals is not None:
        return _in_steps(targets, goal, weight, kind=kind, decimals=decimals)
    doubles = [Fraction(float(target)) for target in targets]
    whole = sum(weight, Fraction(0))
    share = [Fraction(1) if kind == "sum" else w / whole for w in weight]
    # the coarsest first: what its last digit cannot take is left to the finer ones
    order = sorted(range(len(share)), key=lambda i: -math.ulp(float(doubles[i])) * float(share[i]))
    for i in [*order, *order[-1:] * MOST_NUDGES]:
        missing = goal - _total(doubles, weight, kind)
        if float(goal - missing) == float(goal):
            return doubles
        if i == order[-1]:
            doubles[order[0]] = Fraction(math.nextafter(float(doubles[order[0]]), math.inf))
            missing = goal - _total(doubles, weight, kind)
        doubles[i] = Fraction(float(doubles[i] + missing / share[i]))
    raise InputError("targets of either sign cancel so far that doubles cannot give back the city's; use decimals")


def _in_steps(targets: Exact, goal: Fraction, weight: Exact, *, kind: str, decimals: int) -> Exact:
    """Round to `decimals`, then move counties by one step, heaviest first, while that brings the total closer."""
    step = Fraction(1, 10**decimals)
    found = [round(target / step) * step for target in targets]
    goal, whole = round(goal / step) * step, sum(weight, Fraction(0))
    loss = [float(abs(target - now)) for target, now in zip(targets, found, strict=True)]
    for i in sorted(range(len(found)), key=lambda i: (-loss[i], -weight[i])):
        missing = goal - _total(found, weight, kind)
        move = step if missing > 0 else -step
        change = move if kind == "sum" else move * weight[i] / whole
        if abs(missing - change) < abs(missing):
            found[i] += move
    return found


def _table(regions: list[str], start: Exact, weight: Exact, targets: Exact, frame: Frame) -> pd.DataFrame:
    whole, years = sum(weight, Fraction(0)), frame.get("years")
    if years is not None and years < 1:
        raise UsageError(f"years to the target must be 1 or more, not {years}")
    sign = -1 if frame.get("direction") == "inverse" else 1
    change = [target - x for target, x in zip(targets, start, strict=True)]
    slack = [TOLERANCE * abs(float(x)) for x in start]
    return pd.DataFrame({
        "region": regions, "baseline": [float(x) for x in start], "weight": [float(w / whole) for w in weight],
        "target": [float(target) for target in targets], "change": [float(one) for one in change],
        "growth": [100 * float(one / x) if x else math.nan for one, x in zip(change, start, strict=True)],
        "annual_change": [float(one / years) if years else math.nan for one in change],
        "relaxes": [sign * float(one) < -room for one, room in zip(change, slack, strict=True)],
    })  # fmt: skip


def _matched(baselines: Numbers, weights: Numbers | None, kind: str) -> tuple[list[str], Exact, Exact]:
    start = _named(baselines)
    if weights is None:
        if kind != "sum":
            raise UsageError(f"a {kind} needs weights: the denominator of the indicator by county")
        weights = dict.fromkeys(start, 1.0)
    given = _named(weights)
    faults = [Fault("", None, name, "has no weight") for name in start if name not in given]
    faults += [Fault("", None, name, "has a weight but no baseline") for name in given if name not in start]
    if not start:
        faults.append(Fault("", None, "", "there are no counties"))
    x = {name: _exact(value) for name, value in start.items()}
    w = {name: _exact(value) for name, value in given.items()}
    faults += [Fault("", None, name, f"baseline {start[name]!r} is no number") for name in x if x[name] is None]
    faults += [
        Fault("", None, name, f"weight {given[name]!r} is no number above 0")
        for name, value in w.items()
        if value is None or value <= 0
    ]
    raise_faults(faults)
    names = list(start)
    return names, [x[name] or Fraction(0) for name in names], [w[name] or Fraction(0) for name in names]


def _named(numbers: Numbers) -> dict[str, float]:
    if isinstance(numbers, Mapping | pd.Series):
        names = [str(name) for name in numbers.keys()]
        if len(set(names)) < len(names):
            raise InputError("a county stands twice")
        return dict(zip(names, list(numbers.values() if isinstance(numbers, Mapping) else numbers), strict=True))
    return {str(i): value for i, value in enumerate(numbers, start=1)}


def _exact(value: float | str | None) -> Fraction | None:
    """Return a number as the fraction that its double is; None where it is no finite number."""
    if isinstance(value, str | bool) or value is None:
        return None
    number = float(value)
    return Fraction(number) if math.isfinite(number) else None

"""Attainment, progress and rates of one indicator.

Source of the definitions: the national monitoring method of the moderately prosperous society
(全面建设小康社会统计监测方案, National Bureau of Statistics, June 2008); its formula images are lost in the copies
that could be read, so the customary forms are used (docs/en/limits.md).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypedDict, Unpack, cast, overload

import numpy as np
import numpy.typing as npt

from xk.contracts.forms import check_numbers, read_numbers
from xk.errors import UsageError, check_known

Values = npt.NDArray[np.float64]
DIRECTIONS = ("positive", "inverse", "interval")
# an exact hit may miss by rounding, that of a target of 0 too
TOLERANCE, LEAST_SLACK = 1e-9, 1e-12
RATE_WINDOW = 5


class Ends(TypedDict, total=False):
    """The ends of an interval: of its target, and the limits that are permitted."""

    target_low: float
    target_high: float
    limit_low: float
    limit_high: float


@dataclass(frozen=True)
class Target:
    """What a programme asks of one indicator.

    Parameters
    ----------
    direction : str
        ``positive`` (more is better), ``inverse`` (less is better) or ``interval``.
    value : float
        Target, in the indicator's unit; NaN for an interval or where there is none.
    low, high, limit_low, limit_high : float
        Ends of a target interval and the permitted limits at which the score is 0.
    year : int or None
        Year by which it is to be met.
    hold_from, hold_to : int or None
        First and last year in which it is to be met every year.
    once : bool
        Whether reaching it once, by its year, is enough.
    """

    direction: str
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    limit_low: float = math.nan
    limit_high: float = math.nan
    year: int | None = None
    hold_from: int | None = None
    hold_to: int | None = None
    once: bool = False

    def __post_init__(self) -> None:
        check_known(self.direction, DIRECTIONS, "direction")
        if self.hold_from is not None and self.year is not None and self.hold_from > self.year:
            raise UsageError(f"hold_from {self.hold_from} lies after the year {self.year}")
        if self.direction != "interval":
            return
        ends = (self.limit_low, self.low, self.high, self.limit_high)
        if not all(first <= second for first, second in zip(ends, ends[1:], strict=False)):
            raise UsageError(f"interval needs limit_low <= target_low <= target_high <= limit_high, not {ends}")

    @property
    def known(self) -> bool:
        """Whether there is a target at all."""
        return self.direction == "interval" or not math.isnan(self.value)

    @property
    def sign(self) -> int:
        """+1 where more is better, -1 where less is better."""
        return -1 if self.direction == "inverse" else 1

    @property
    def due(self) -> int | None:
        """Year by which it is to be met, or else the last in which it is to be held."""
        return self.hold_to if self.year is None else self.year

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest value that is asked for, infinite at the open end; NaN where there is no target."""
        if self.direction == "interval":
            return self.low, self.high
        return (-math.inf, self.value) if self.direction == "inverse" else (self.value, math.inf)

    @cached_property
    def accepted(self) -> tuple[float, float]:
        """Lowest and highest value that meets it: its ends, and what rounding may have moved."""
        low, high = self.ends
        size = max(abs(low), abs(high)) if self.direction == "interval" else abs(self.value)
        slack = max(TOLERANCE * size, LEAST_SLACK)
        return low - slack, high + slack

    def held_years(self) -> range:
        """Years in which the target is to be met every year (empty where it need not be held)."""
        if self.hold_from is None or self.hold_to is None:
            return range(0)
        return range(self.hold_from, self.hold_to + 1)

    @property
    def alone(self) -> "Target":
        """The same asked for in the target year alone."""
        return replace(self, hold_from=None, hold_to=None, year=self.due)


def score(values: npt.ArrayLike, target: Target) -> Values:
    """Return the score (评价值) in per cent, uncapped.

    Formula: positive ``100 x / y*``; inverse ``100 y* / x``, infinite for ``x <= 0``; interval 100 inside
    ``[q1, q2]``, ``100 (1 - (q1 - x) / max(q1 - m, M - q2))`` below it, the mirror above, never below 0.
    Source: customary forms of the NBS monitoring method of 2008.

    Parameters
    ----------
    values : array_like
        In the indicator's unit, any shape; NaN stays NaN.
    target : Target
        In the same unit.

    Raises
    ------
    UsageError
        Positive direction with a target that is not above 0 (the ratio would mean nothing).
    """
    x = np.asarray(values, dtype=float)
    if target.direction == "interval":
        return _interval_score(x, target)
    if target.direction == "inverse":
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(x <= 0, np.inf, 100 * target.value / x)
        return np.where(np.isnan(x) | math.isnan(target.value), np.nan, ratio)
    if target.value <= 0:
        raise UsageError(f"positive target must be above 0, not {target.value:g}")
    return np.asarray(100 * x / target.value)


def _interval_score(x: Values, target: Target) -> Values:
    width = max(target.low - target.limit_low, target.limit_high - target.high)
    distance = np.maximum(np.maximum(target.low - x, x - target.high), 0)
    if width == 0:
        return np.where(np.isnan(x), np.nan, np.where(distance > 0, 0.0, 100.0))
    return np.asarray(np.maximum(100 * (1 - distance / width), 0))


def cap(scores: npt.ArrayLike) -> Values:
    """Return attainment (实现程度): `scores` in per cent, cut to 0-100.

    Formula: ``min(max(score, 0), 100)``. Source: NBS monitoring method of 2008 (over 100 counts as 100).
    """
    return np.clip(np.asarray(scores, dtype=float), 0, 100)


def attainment(
    values: npt.ArrayLike, *, target: float = math.nan, direction: str = "positive", **interval: Unpack[Ends]
) -> Values:
    """Return the capped attainment of `values` in per cent.

    Formula: ``cap(score(values))``, see :func:`score`. Source: NBS monitoring method of 2008.

    Parameters
    ----------
    values : array_like
        In the indicator's unit.
    target : float
        Target for the directions positive and inverse.
    direction : str
        positive, inverse or interval.
    **interval : float
        target_low, target_high, limit_low, limit_high of an interval: all four.

    Raises
    ------
    UsageError
        Unknown direction or argument; target missing; what is no finite number.
    """
    for name in interval:
        check_known(name, Ends.__annotations__, "argument")
    ends = cast(dict[str, float], interval)
    check_numbers(target=target, **ends)
    direction = "interval" if interval and direction == "positive" and math.isnan(target) else direction
    low, high, lowest, highest = (ends.get(name, math.nan) for name in Ends.__annotations__)
    if not (asked := Target(direction, target, low=low, high=high, limit_low=lowest, limit_high=highest)).known:
        raise UsageError("attainment needs a target (or target_low, target_high, limit_low, limit_high)")
    return cap(score(read_numbers(values), asked))


@overload
def meets(values: float, target: Target) -> bool: ...
@overload
def meets(
    values: Sequence[float] | npt.NDArray[np.float64], target: Target | Sequence[Target]
) -> npt.NDArray[np.bool_]: ...
def meets(values: npt.ArrayLike, target: Target | Sequence[Target]) -> bool | npt.NDArray[np.bool_]:
    """Return whether a value, or each of several, is at or past the target (an exact hit counts).

    Formula: ``d x >= d y*`` within 1e-9 of the target; interval: ``q1 <= x <= q2``, within 1e-9 of its larger end.
    Source: the plan's own wording (达到). NaN does not meet.

    Parameters
    ----------
    values : float or array_like
        In the indicator's unit, any shape.
    target : Target or sequence of Target
        One for all, or one for each row of the values.
    """
    if not isinstance(target, Target):
        x = np.asarray(values, dtype=float)
        low, high = np.array([one.accepted for one in target]).T.reshape(2, -1, *[1] * (x.ndim - 1))
        return np.asarray((x >= low) & (x <= high))
    first, last = target.accepted
    if isinstance(values, float | int):
        return bool(first <= values <= last)
    x = np.asarray(values, dtype=float)
    return np.asarray((x >= first) & (x <= last))


def shortfall(value: float, target: Target) -> float:
    """Return how far `value` is from meeting the target, in its unit (0 where it meets).

    Formula: ``max(d (y* - x), 0)``; interval: distance to the nearer end. Source: own definition.
    """
    if target.direction == "interval":
        return max(target.low - value, value - target.high, 0.0)
    return max(target.sign * (target.value - value), 0.0)


def progress(value: float, baseline: float, target: Target) -> float:
    """Return the share of the way from baseline to target that is covered, in per cent.

    Formula: ``100 (x - x_b) / (y* - x_b)``. NaN where the baseline already meets the target (the aim is then
    to hold it) and for intervals. Source: own definition, after the UN SDG Progress Chart's technical note.
    """
    if target.direction == "interval" or meets(baseline, target):
        return math.nan
    return 100 * (value - baseline) / (target.value - baseline)


def scale_of(unit: str, upper: float) -> str:
    """Return ``share`` (bounded above), ``rate`` (per cent without upper bound) or ``level`` (ratio scale).

    Formula: by natural bound and unit. Source: own definition (docs/en/limits.md).
    """
    return "share" if not math.isnan(upper) else "rate" if unit == "%" else "level"


@dataclass(frozen=True)
class Rates:
    """Yearly change (indicator's unit a year) and yearly growth (per cent a year)."""

    change: float = math.nan
    growth: float = math.nan
    years: int = 0


def _rates(x: float, y: float, years: int) -> Rates:
    if years <= 0 or math.isnan(x) or math.isnan(y):
        return Rates()
    growth = 100 * ((y / x) ** (1 / years) - 1) if x > 0 and y > 0 else math.nan
    return Rates((y - x) / years, growth, years)


def required_rate(year: int, value: float, target: Target) -> Rates:
    """Return the yearly change and growth still needed to be at the target in time.

    Formula: ``(y* - x_t)/(T - t)`` and ``100 ((y*/x_t)^(1/(T - t)) - 1)``. Zero where the value meets the target;
    for targets to be held the first held year after t counts as T. Intervals: to the nearer end. NaN where the
    deadline is past or nothing is known. Source: NBS practice (所需年均增速).
    """
    if not target.known or target.year is None or math.isnan(value):
        return Rates()
    due = next((held for held in target.held_years() if held > year), target.year)
    if meets(value, target):
        return Rates(0.0, 0.0, max(due - year, 0))
    end = target.value
    if target.direction == "interval":
        end = target.low if value < target.low else target.high
    return _rates(value, end, due - year)


def observed_rate(years: Sequence[int], values: Sequence[float]) -> Rates:
    """Return the yearly change and growth over the last five years, or over all there are if fewer.

    Formula: as :func:`required_rate`, from the first observation within five years before the last one.
    Source: practice of official programmes (last five years).
    """
    if len(years) < 2:
        return Rates()
    last = years[-1]
    first = next(i for i, year in enumerate(years) if year >= last - RATE_WINDOW)
    return _rates(values[first], values[-1], last - years[first])


def year_reached(years: Sequence[int], values: Sequence[float], target: Target) -> int | None:
    """Return the first year of a path that is at or past the target (an exact hit counts), None if there is none.

    Formula: ``min{t: d x_t >= d y*}``. Source: own definition.
    """
    hits = np.flatnonzero(meets(values, target))
    return int(years[int(hits[0])]) if hits.size and target.known else None


def stretch(target: Target, value: float) -> Target:
    """Return the stretch target (力争目标) beside a target: the same in all but its value.

    Formula: none. Source: the plan's wording (确保 ..., 力争 ...).
    """
    return replace(target, value=value)

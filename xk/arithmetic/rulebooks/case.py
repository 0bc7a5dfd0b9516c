"""What a rule is asked, checked once for all rules, and what it answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from xk.arithmetic.rulebooks.say import say
from xk.arithmetic.status import Reason
from xk.errors import Fault, UsageError, check_known, raise_faults

DIRECTIONS = ("positive", "inverse", "interval")
NOT_AVAILABLE = "not_available"


class Options(TypedDict, total=False):
    """Further facts for `judge`; a rule that has no use for one leaves it aside.

    hold, hold_from: to be held every year, from which year on; baseline_year; projected: value thought to be
    reached in the target year; bounds: natural bounds (low, high); limit: natural limit of an indicator
    without target; per_cent: a share.
    """

    hold: bool
    hold_from: int | None
    baseline_year: int | None
    projected: float | None
    bounds: tuple[float, float] | None
    limit: float | None
    per_cent: bool


@dataclass(frozen=True)
class Verdict:
    """What a rule says of a series.

    Attributes
    ----------
    status : str
        In the rule's own words, or `not_available`.
    value : float
        The quantity that the rule judges by (see docs/rulebooks.md); NaN where it has none.
    probability : float
        House rule: odds that the target is met in its year; NaN for the others.
    why : Reason
        Key of the label table and the numbers that it names.
    """

    status: str
    value: float
    probability: float = math.nan
    why: Reason = Reason("no_figure")

    @property
    def reason(self) -> str:
        """Why, in English."""
        return say(self.why, "en")


def verdict(status: str, value: float, why: Reason, *, probability: float = math.nan) -> Verdict:
    """Return a verdict with its reason in words."""
    return Verdict(status, float(value), probability, why)


def unavailable(key: str, **facts: Any) -> Verdict:
    """Return the verdict of a rule that cannot say."""
    return verdict(NOT_AVAILABLE, math.nan, Reason(key, facts))


@dataclass(frozen=True)
class Case:
    """A series and its target, in the indicator's unit; years ascending, no value missing.

    `target` is NaN without target; an interval has `low` and `high`.
    """

    years: tuple[int, ...]
    values: tuple[float, ...]
    target: float
    low: float
    high: float
    target_year: int | None
    direction: str
    options: Options

    @property
    def sign(self) -> int:
        """+1 where more is better, -1 where less is better."""
        return -1 if self.direction == "inverse" else 1

    @property
    def interval(self) -> bool:
        """Whether the target is an interval."""
        return self.direction == "interval"

    @property
    def targeted(self) -> bool:
        """Whether there is a target."""
        return self.interval or not math.isnan(self.target)

    @property
    def latest(self) -> tuple[int, float]:
        """Year and value of the last observation."""
        return self.years[-1], self.values[-1]

    @property
    def projected(self) -> float:
        """Value in the target year that the caller knows of, or NaN."""
        given = self.options.get("projected")
        return math.nan if given is None else float(given)

    def meets(self, value: float) -> bool:
        """Whether a value is at or past the target; an exact hit counts."""
        if self.interval:
            return self.low <= value <= self.high
        return self.sign * value >= self.sign * self.target

    def base(self) -> tuple[int, float] | None:
        """Return the baseline (year, value): as asked for, else the next later one; the first if none is."""
        wanted = self.options.get("baseline_year")
        later = [i for i, year in enumerate(self.years) if wanted is None or year >= wanted]
        return (self.years[later[0]], self.values[later[0]]) if later else None


def read_case(
    years: Sequence[Any],
    values: Sequence[Any],
    *,
    target: Any,
    target_year: Any,
    direction: str,
    options: Options,
) -> Case:
    """Return the case; UsageError for arguments that cannot be, InputError with all faults of the series."""
    for name in options:
        check_known(name, Options.__annotations__, "argument of judge")
    direction, pair, single = _read_target(target, direction)
    kept = _read_series(years, values)
    year = _whole(target_year, "target_year")
    _whole(options.get("baseline_year"), "baseline_year")
    return Case(
        tuple(year for year, _ in kept),
        tuple(value for _, value in kept),
        single,
        *pair,
        year,
        direction,
        options,
    )


def _read_target(target: Any, direction: Any) -> tuple[str, tuple[float, float], float]:
    if not isinstance(direction, str):
        raise UsageError("direction is missing; say positive (more is better), inverse or interval")
    check_known(direction, DIRECTIONS, "direction")
    none = (math.nan, math.nan)
    if isinstance(target, Sequence | np.ndarray) and not isinstance(target, str):
        if len(target) != 2 or not all(math.isfinite(end) for end in target):
            raise UsageError(f"an interval target is a pair of finite numbers (low, high), not {target!r}")
        low, high = float(target[0]), float(target[1])
        if low > high:
            raise UsageError(f"the limits of the target are in the wrong order: {low:g} is above {high:g}")
        return "interval", (low, high), math.nan
    if direction == "interval":
        raise UsageError("direction interval needs the target as a pair (low, high)")
    if _absent(target):
        return direction, none, math.nan
    if isinstance(target, str | bool) or not math.isfinite(target):
        raise UsageError(f"target must be a finite number, a pair or None, not {target!r}")
    return direction, none, float(target)


def _absent(value: Any) -> bool:
    return value is None or (not isinstance(value, str) and bool(pd.isna(value)))


def _whole(year: Any, name: str) -> int | None:
    if _absent(year):
        return None
    if isinstance(year, str | bool) or int(year) != year:
        raise UsageError(f"{name} must be a whole year, not {year!r}")
    return int(year)


def _read_series(years: Sequence[Any], values: Sequence[Any]) -> list[tuple[int, float]]:
    years, values = list(years), list(values)
    if len(years) != len(values):
        raise UsageError(f"there are {len(years)} years but {len(values)} values")
    faults: list[Fault] = []
    kept: dict[int, float] = {}
    for year, raw in zip(years, values, strict=True):
        value, fault = _number(raw)
        whole = _number(year)[0]
        if whole != whole or whole != int(whole):
            faults.append(Fault("", None, "years", f"{year!r} is no whole year", "write the year with four digits"))
        elif fault:
            faults.append(
                Fault("", None, "values", f"{raw!r} in {int(whole)} is no finite number", "give a number or NaN")
            )
        elif kept.get(int(whole), value) != value and value == value:
            faults.append(
                Fault("", None, "years", f"{int(whole)} stands twice with different values", "keep one value a year")
            )
        elif value == value:
            kept[int(whole)] = value
    raise_faults(faults)
    return sorted(kept.items())


def _number(raw: Any) -> tuple[float, bool]:
    """Return the number (NaN for none), and whether it is no number or infinite."""
    if type(raw) in (float, int):  # nearly always
        return (math.nan, True) if math.isinf(raw) else (float(raw), False)
    if isinstance(raw, str | bool | np.bool_):
        return math.nan, True
    if _absent(raw):
        return math.nan, False
    try:
        number = float(raw)
    except (TypeError, ValueError):
        return math.nan, True
    return (math.nan, True) if math.isinf(number) else (number, False)


def growth(start: tuple[int, float], end: tuple[int, float]) -> float:
    """Return yearly growth ``(x_t/x_b)^(1/(t-b)) - 1`` between two (year, value); NaN where there is none."""
    years, ratio = end[0] - start[0], end[1] / start[1] if start[1] else math.nan
    if years <= 0 or not ratio >= 0:
        return math.nan
    return float(ratio ** (1.0 / years)) - 1.0


def carry(value: float, rate: float, years: int) -> float:
    """Return ``x (1 + a)^n``, infinite where it is beyond a double."""
    try:
        return float(value * (1 + rate) ** years)
    except OverflowError:
        return math.copysign(math.inf, value)


def at_least(value: float, cut: float) -> bool:
    """Whether a value is at or above a cut; an exact hit that rounding has moved counts."""
    return value >= cut or math.isclose(value, cut, rel_tol=1e-12, abs_tol=1e-12)

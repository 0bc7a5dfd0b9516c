"""From the arguments of `judge` to a case: checked once for all rulebooks."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypedDict

import numpy as np
import pandas as pd

from xk.arithmetic.rulebooks.case import Case
from xk.arithmetic.target import DIRECTIONS, Target
from xk.contracts.forms import YEARS, check_year, is_year
from xk.errors import Fault, UsageError, check_known, raise_faults

# missing: None or NaN
Number = float | None
Given = Iterable[Number]
Asked = Number | Sequence[float]
"""A target, or the ends of an interval."""


class Options(TypedDict, total=False):
    """Further facts for `judge`; a rulebook that has no use for one leaves it aside.

    hold, hold_from: to be held every year, from which year on; once: reaching it once is enough; baseline_year;
    projected: value thought to be reached in the target year; bounds: natural bounds (low, high); limit: natural limit
    of an indicator without target; per_cent: a share.
    """

    hold: bool
    hold_from: int | None
    once: bool
    baseline_year: int | None
    projected: float | None
    bounds: tuple[float, float] | None
    limit: float | None
    per_cent: bool


def read_case(
    years: Given, values: Given, *, target: Asked, target_year: Number, direction: str, options: Options
) -> Case:
    """Return the case; UsageError for arguments that cannot be, InputError with all faults of the series.

    A target to be held is asked for in every year after the baseline, or from `hold_from` on, to the target year, or
    else to the last year of the series.
    """
    for name in options:
        check_known(name, Options.__annotations__, "argument of judge")
    _check_options(options)
    asked = _read_target(target, direction)
    kept = _read_series(years, values)
    year = _whole(target_year, "target_year")
    projected = options.get("projected")
    case = Case(
        tuple(year for year, _ in kept),
        tuple(value for _, value in kept),
        replace(asked, year=year, once=bool(options.get("once"))),
        baseline_year=_whole(options.get("baseline_year"), "baseline_year"),
        projected=None if projected is None or math.isnan(projected) else float(projected),
        bounds=options.get("bounds"),
        limit=options.get("limit"),
        per_cent=bool(options.get("per_cent")),
    )
    return _held(case, options.get("hold_from")) if kept and options.get("hold") else case


def _check_options(options: Options) -> None:
    """Raise UsageError for a fact that cannot be."""
    for name, fact in options.items():
        if name in ("hold", "per_cent") and not isinstance(fact, bool | np.bool_):
            raise UsageError(f"{name} must be True or False, not {fact!r}")
        if name in ("projected", "limit") and _number(fact) is None:  # type: ignore[arg-type]  # that is the question
            raise UsageError(f"{name} must be a finite number or None, not {fact!r}")
    ends = options.get("bounds")
    if ends is None:
        return
    pair = isinstance(ends, Sequence | np.ndarray) and not isinstance(ends, str) and len(ends) == 2
    if not pair or not all(isinstance(end, int | float | np.number) for end in ends):
        raise UsageError(f"bounds must be a pair of numbers (low, high), not {ends!r}")


def _held(case: Case, hold_from: int | None) -> Case:
    start = _whole(hold_from, "hold_from") or (case.base() or case.latest)[0] + 1
    end = case.target.year if case.target.year is not None else max(case.years[-1], start)
    return replace(case, target=replace(case.target, hold_from=min(start, end), hold_to=end))


def _read_target(target: Asked, direction: str) -> Target:
    if not isinstance(direction, str):
        raise UsageError("direction is missing; say positive (more is better), inverse or interval")
    check_known(direction, DIRECTIONS, "direction")
    if isinstance(target, Sequence | np.ndarray) and not isinstance(target, str):
        if len(target) != 2 or not all(math.isfinite(end) for end in target):
            raise UsageError(f"an interval target is a pair of finite numbers (low, high), not {target!r}")
        low, high = float(target[0]), float(target[1])
        if low > high:
            raise UsageError(f"the limits of the target are in the wrong order: {low:g} is above {high:g}")
        return Target("interval", low=low, high=high, limit_low=low, limit_high=high)
    if direction == "interval":
        raise UsageError("direction interval needs the target as a pair (low, high)")
    if target is None or _absent(target):
        return Target(direction)
    if isinstance(target, str | bool) or not math.isfinite(target):
        raise UsageError(f"target must be a finite number, a pair or None, not {target!r}")
    return Target(direction, float(target))


def _absent(value: Number) -> bool:
    return not isinstance(value, str) and bool(pd.isna(value))


def _whole(year: Number, name: str) -> int | None:
    return None if year is None or _absent(year) else check_year(year, name)


def _read_series(years: Given, values: Given) -> list[tuple[int, float]]:
    for name, given in (("years", years), ("values", values)):
        if isinstance(given, str) or not isinstance(given, Iterable):
            raise UsageError(f"{name} must be a list, not {given!r}")
    years, values = list(years), list(values)
    if len(years) != len(values):
        raise UsageError(f"there are {len(years)} years but {len(values)} values")
    faults: list[Fault] = []
    kept: dict[int, float] = {}

    def refuse(column: str, said: str, remedy: str) -> None:
        faults.append(Fault("", None, column, said, remedy))

    for raw_year, raw in zip(years, values, strict=True):
        year, value = _number(raw_year), _number(raw)
        if not is_year(year):
            refuse("years", f"{raw_year!r} is no whole year in {YEARS}", "write the year with four digits")
        elif value is None:
            refuse("values", f"{raw!r} in {int(year)} is no finite number", "give a number or NaN")
        elif kept.get(int(year), value) != value and value == value:
            refuse("years", f"{int(year)} stands twice with different values", "keep one value a year")
        elif value == value:
            kept[int(year)] = value
    raise_faults(faults)
    return sorted(kept.items())


def _number(raw: Number) -> float | None:
    """Return the number, NaN where it is missing, None for what is no finite number."""
    if raw is None:
        return math.nan
    if isinstance(raw, str | bool | np.bool_):
        return None
    if type(raw) not in (float, int) and _absent(raw):  # nearly always plain numbers, and those need no look
        return math.nan
    try:
        number = float(raw)
    except (TypeError, ValueError):
        return None
    return None if math.isinf(number) else number

"""The planned path (进度计划) of one indicator, and where a value stands against it."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from xk.arithmetic.target import TOLERANCE, Target, Values

Official = Mapping[int, float] | None
"""Year -> value in the annex of the programme."""


def planned_path(
    years: Sequence[int], baseline: tuple[int, float] | None, target: Target, *, scale: str, official: Official = None
) -> Values:
    """Return the planned value (进度计划) of each year: official where there is one, else derived.

    Formula: between two known points (baseline, official planned values, target) share, rate:
    ``x_1 + (x_2 - x_1)(t - t_1)/(t_2 - t_1)``; level: ``x_1 (x_2/x_1)^((t - t_1)/(t_2 - t_1))``; at the target in the
    years in which it is to be held and after T; NaN before the first point, without one (but for held years)
    or without a target. Source: derived, as the plan's annex with annual targets is not public;
    `planned_kinds` tells which is which.

    Parameters
    ----------
    years : sequence of int
    baseline : (year, value) or None
        Value in the indicator's unit.
    target : Target
        Interval targets have no single planned value: NaN but for official ones.
    scale : str
        As :func:`scale_of` gives it.
    official : mapping of year to planned value, optional
        The programme's own schedule.
    """
    t = np.asarray(years, dtype=float)
    given = dict(official or {})
    path = np.full(t.shape, np.nan)
    if target.direction != "interval" and target.known and target.year is not None:
        points = given | ({baseline[0]: baseline[1]} if baseline is not None else {})
        if points:
            path = _path_through(t, {target.year: target.value} | points, growing=scale == "level")
        if target.hold_from is not None:
            path = np.where(t >= target.hold_from, target.value, path)
    fixed = [given.get(int(year), math.nan) for year in years]
    return np.where(np.isnan(fixed), path, fixed)


def _path_through(t: Values, points: Mapping[int, float], *, growing: bool) -> Values:
    known = sorted(points.items())
    path = np.full(t.shape, np.nan)
    for start, end in zip(known, known[1:], strict=False):
        path = np.where(t >= start[0], _path_between(t, start, end, growing=growing), path)
    return np.where(t >= known[-1][0], known[-1][1], path)


def _path_between(t: Values, start: tuple[int, float], end: tuple[int, float], *, growing: bool) -> Values:
    (b, x), (year, y) = start, end
    part = np.clip((t - b) / (year - b), 0, 1)
    if growing and x > 0 and y > 0:
        return np.asarray(x * (y / x) ** part)
    return np.asarray(x + (y - x) * part)


def planned_kinds(years: Sequence[int], planned: npt.ArrayLike, official: Official = None) -> npt.NDArray[np.object_]:
    """Return for each planned value ``official`` or ``derived``, None where there is none.

    Formula: none. Source: the programme's schedule, if it has one.
    """
    given = official or {}
    known = ~np.isnan(np.asarray(planned, dtype=float))
    kinds = [("official" if int(year) in given else "derived") if there else None
             for year, there in zip(years, known, strict=True)]  # fmt: skip
    return np.array(kinds, dtype=object)


def plan_status(value: float, planned: float, target: Target) -> str:
    """Return where a value stands against the path for its year, apart from the status for the target year.

    Formula: gap ``g = d (x_t - p_t)``: ``ahead`` g > 0, ``on_plan`` g = 0 within a relative 1e-9, ``behind`` g < 0;
    ``no_plan`` where either is missing. Source: own rule.
    """
    if math.isnan(value) or math.isnan(planned):
        return "no_plan"
    gap = target.sign * (value - planned)
    if abs(gap) <= TOLERANCE * abs(planned):
        return "on_plan"
    return "ahead" if gap > 0 else "behind"

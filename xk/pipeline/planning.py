"""Where each indicator stands on the planned path: official where the programme has one, else derived."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.arithmetic.planned_path import plan_status, planned_kinds, planned_path
from xk.arithmetic.target import Target, meets, scale_of
from xk.contracts.scheme import Line, Scheme
from xk.pipeline.figures import Figure, choose_by_scheme, target_of
from xk.pipeline.result import LineResult


@dataclass(frozen=True)
class Position:
    """Where a line stands on the planned path in the year of its latest figure.

    `planned_kind` is official, derived or None, `plan_gap` positive where it is ahead, `plan_status` ahead, on_plan,
    behind, at_start or no_plan, `status` that for the target year.
    """

    indicator: str
    year: int | None
    value: float
    planned_value: float
    planned_kind: str | None
    plan_gap: float
    plan_status: str
    status: str
    years_left: int | None


@dataclass(frozen=True)
class HeldYear:
    """A year in which a target is to be held: met, missed, unknown (past, no figure) or ahead."""

    indicator: str
    year: int
    value: float
    result: str


def official_values(schedule: pd.DataFrame, indicator: str) -> dict[int, float]:
    """Return the programme's own planned values of an indicator by year; empty where it has none."""
    if schedule.empty:
        return {}
    at = np.flatnonzero(schedule["indicator"].to_numpy(dtype=object) == indicator)
    years, values = (schedule[name].to_numpy(dtype=float)[at].tolist() for name in ("year", "planned_value"))
    return {int(year): value for year, value in zip(years, values, strict=True)}


def plan_of(
    scheme: Scheme, line: Line, years: list[int], *, start: tuple[int, float] | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    """Return planned values of a line in some years, and their kinds (official, derived, None); `start`: `start_of`."""
    official = official_values(scheme.schedule, line.indicator)
    scale = scale_of(line.unit, line.upper_bound)
    values = planned_path(years, start, target_of(line), scale=scale, official=official)
    return values, planned_kinds(years, values, official)


def build_positions(lines: Mapping[str, LineResult], *, as_of: int) -> list[Position]:
    """Return where each plain line stands against the path of its latest year; `as_of` counts the years left."""
    return [_position(result, as_of) for result in lines.values() if not result.line.is_composite]


def _position(result: LineResult, as_of: int) -> Position:
    line, year = result.line, result.latest.year
    target, value = target_of(line), result.latest.value if result.comparable else math.nan
    planned, kind = result.plan.value, result.plan.kind
    standing = plan_status(value, planned, target)
    if kind == "derived" and year == line.baseline_year and standing != "no_plan":
        standing = "at_start"  # the derived path begins in the baseline itself
    gap = target.sign * (value - planned) + 0.0
    left = None if target.year is None else max(target.year - as_of, 0)
    return Position(line.indicator, year, value, planned, kind, gap, standing, result.status, left)


def baseline_serves(line: Line) -> bool:
    """Return whether the planned path may start from a line's baseline: comparable, and in the target's prices."""
    return line.comparable == "yes" and (line.baseline_price_base == line.price_base or not line.has_baseline)


def start_of(line: Line, seen: Sequence[Figure], based: float = math.nan) -> tuple[int, float] | None:
    """Return year and value from which the planned path of a line starts, None where nothing comparable is known.

    It is the baseline; where that is in other prices than the target, the figure of its year in those of the target, of
    the series that serves, else what the baseline itself is in them (`based`, see `converted_baseline`).
    """
    if not line.has_baseline or line.baseline_year is None or line.comparable != "yes":
        return None
    if baseline_serves(line):
        return line.baseline_year, line.baseline_value
    known = next((one.value for one in seen if one.year == line.baseline_year and one.comparable), based)
    return None if math.isnan(known) else (line.baseline_year, known)


def converted_baseline(scheme: Scheme, line: Line, figures: Iterable[Figure], region: str) -> float:
    """Return a baseline in the prices of its target; NaN where there is none.

    Where it is given in other prices, it is the published figure of its year in those of the target, of the series
    that served in that year: a vintage of later is another figure.
    """
    if not line.has_baseline or line.baseline_year is None or line.baseline_price_base == line.price_base:
        return line.baseline_value
    of_line = (one for one in figures if one.region == region and one.indicator == line.indicator and not one.own)
    known = [one for one in of_line if one.year <= line.baseline_year and one.comparable]
    chosen = choose_by_scheme(scheme, known).get((region, line.indicator))
    found = (one for one in known if chosen and (one.series, one.year) == (chosen.level, line.baseline_year))
    return next((one.value for one in found), math.nan)


def build_held_years(scheme: Scheme, seen: Mapping[str, list[Figure]], *, as_of: int) -> list[HeldYear]:
    """Return, for each target to be held, every year in which it is asked for; `as_of`: the last known year."""
    rows = []
    for line in scheme.plain_lines():
        target = target_of(line)
        known = {figure.year: figure.value for figure in seen.get(line.indicator, ()) if figure.comparable}
        for year in target.held_years() if target.known else ():
            value = known.get(year, math.nan)
            rows.append(HeldYear(line.indicator, year, value, _held(value, target, ahead=year > as_of)))
    return rows


def _held(value: float, target: Target, *, ahead: bool) -> str:
    if math.isnan(value):
        return "ahead" if ahead else "unknown"
    return "met" if meets(value, target) else "missed"

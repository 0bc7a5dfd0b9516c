"""Where each indicator stands on the planned path: official where the programme has one, else derived."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.arithmetic.target import Target, meets, plan_status, planned_kinds, planned_path, scale_of
from xk.contracts.records import Record, records
from xk.contracts.scheme import Line, Scheme
from xk.pipeline.result import LineResult
from xk.pipeline.targets import target_of

POSITION_COLUMNS = (
    "indicator", "no", "year", "value", "planned_value", "planned_kind", "plan_gap", "plan_status", "status",
    "target_year", "years_left", "required_change", "required_growth", "phase",
)  # fmt: skip


def official_values(schedule: pd.DataFrame, indicator: str) -> dict[int, float]:
    """Return the programme's own planned values of an indicator by year; empty where it has none."""
    if schedule.empty:
        return {}
    at = np.flatnonzero(schedule["indicator"].to_numpy(dtype=object) == indicator)
    years, values = (schedule[name].to_numpy(dtype=float)[at].tolist() for name in ("year", "planned_value"))
    return {int(year): value for year, value in zip(years, values, strict=True)}


def plan_of(
    scheme: Scheme, line: Line, years: list[int], *, comparable: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    """Return planned values and their kinds (official, derived, None) of one indicator.

    Parameters
    ----------
    scheme : Scheme
    line : Line
    years : list of int
    comparable : bool
        Whether the baseline may serve.
    """
    official = official_values(scheme.schedule, line.indicator)
    baseline = None
    if comparable and line.has_baseline and line.baseline_year is not None:
        baseline = (line.baseline_year, line.baseline_value)
    scale = scale_of(line.unit, line.upper_bound)
    values = planned_path(years, baseline, target_of(line), scale=scale, official=official)
    return values, planned_kinds(years, values, official)


def phase_at(phases: pd.DataFrame, year: int, month: int = 12) -> int | None:
    """Return the number of the phase that a month lies in (annual figures stand at the end of their year).

    None before the first phase, after the last one and between two.
    """
    at = f"{year:04d}-{month:02d}"
    inside = phases[(phases["start"] <= at) & (phases["end"] >= at)]
    return int(inside["phase"].iloc[0]) if len(inside) else None


def build_positions(scheme: Scheme, lines: Mapping[str, LineResult], *, as_of: int) -> pd.DataFrame:
    """Return where each line stands against the path of its latest year, beside its status for the target year.

    Parameters
    ----------
    scheme : Scheme
    lines : mapping of LineResult
    as_of : int
        Last known year; counts the years left and sets the phase.

    Returns
    -------
    DataFrame
        indicator, no, year, value, planned_value, planned_kind, plan_gap (positive: ahead), plan_status (ahead,
        on_plan, behind, at_start, no_plan), status, target_year, years_left, required_change, required_growth, phase
        (number or missing).
    """
    phase = phase_at(scheme.phases, as_of)
    plain = [result for result in lines.values() if not result.line.is_composite]
    rows = [_position(scheme, result, as_of) | {"phase": phase} for result in plain]
    frame = pd.DataFrame(rows, columns=list(POSITION_COLUMNS))
    whole = ["year", "target_year", "years_left", "phase"]
    return frame.astype(dict.fromkeys(whole, "Int64"))


def _position(scheme: Scheme, result: LineResult, as_of: int) -> Record:
    line, latest = result.line, result.latest
    target, value, year = target_of(line), latest.value if result.comparable else math.nan, latest.year
    planned, kind = math.nan, None
    if year is not None:
        values, kinds = plan_of(scheme, line, [year], comparable=baseline_serves(line))
        planned, kind = float(values[0]), kinds[0]
    due, standing = target.year, plan_status(value, planned, target)
    begins = year is not None and year == line.baseline_year
    if kind == "derived" and begins and standing != "no_plan":
        standing = "at_start"  # the derived path begins in the baseline itself
    return {
        "indicator": line.indicator, "no": line.no, "year": year, "value": value, "planned_value": planned,
        "planned_kind": kind, "plan_gap": target.sign * (value - planned) + 0.0, "plan_status": standing,
        "status": result.status, "target_year": due, "years_left": None if due is None else max(due - as_of, 0),
        "required_change": result.distance.required.change, "required_growth": result.distance.required.growth,
    }  # fmt: skip


def baseline_serves(line: Line) -> bool:
    """Return whether the planned path may start from a line's baseline: comparable, and in the target's prices."""
    return line.comparable == "yes" and (line.baseline_price_base == line.price_base or not line.has_baseline)


def build_held_years(scheme: Scheme, observed: pd.DataFrame, *, as_of: int) -> pd.DataFrame:
    """Return, for each target to be held, every year in which it is asked for.

    Parameters
    ----------
    scheme : Scheme
    observed : DataFrame
        indicator, year, value, comparable.
    as_of : int
        Last known year.

    Returns
    -------
    DataFrame
        indicator, no, year, target, value, result: ``met``, ``missed``, ``unknown`` (past, no figure) or ``ahead``.
    """
    known = {(row["indicator"], row["year"]): float(row["value"]) for row in records(observed) if row["comparable"]}
    rows = []
    for line in scheme.plain_lines():
        target = target_of(line)
        for year in target.held_years() if target.known else ():
            value = known.get((line.indicator, year), math.nan)
            result = _held(value, target, ahead=year > as_of)
            rows.append((line.indicator, line.no, year, target.value, value, result))
    return pd.DataFrame(rows, columns=["indicator", "no", "year", "target", "value", "result"])


def _held(value: float, target: Target, *, ahead: bool) -> str:
    if math.isnan(value):
        return "ahead" if ahead else "unknown"
    return "met" if meets(value, target) else "missed"

"""Where each indicator stands on the planned path: official where the programme has one, else derived."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.arithmetic.target import Target, meets, plan_status, planned_kinds, planned_path, scale_of
from xk.contracts.records import Record, records, text_of
from xk.contracts.scheme import Scheme
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
    scheme: Scheme, row: Record | pd.Series, years: list[int], *, comparable: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    """Return planned values and their kinds (official, derived, None) of one indicator.

    Parameters
    ----------
    scheme : Scheme
    row : mapping or Series
        Row of its table of indicators.
    years : list of int
    comparable : bool
        Whether the baseline may serve.
    """
    official = official_values(scheme.schedule, row["indicator"])
    has_baseline = comparable and pd.notna(row["baseline_value"])
    baseline = (int(row["baseline_year"]), float(row["baseline_value"])) if has_baseline else None
    scale = scale_of(row["unit"], float(row["upper_bound"]))
    values = planned_path(years, baseline, target_of(row), scale=scale, official=official)
    return values, planned_kinds(years, values, official)


def phase_at(phases: pd.DataFrame, year: int, month: int = 12) -> int | None:
    """Return the number of the phase that a month lies in (annual figures stand at the end of their year).

    None before the first phase, after the last one and between two.
    """
    at = f"{year:04d}-{month:02d}"
    inside = phases[(phases["start"] <= at) & (phases["end"] >= at)]
    return int(inside["phase"].iloc[0]) if len(inside) else None


def build_positions(scheme: Scheme, summary: pd.DataFrame, *, as_of: int) -> pd.DataFrame:
    """Return where each line stands against the path of its latest year, beside its status for the target year.

    Parameters
    ----------
    scheme : Scheme
    summary : DataFrame
        One row an indicator: latest_year, latest_value, comparable, status, required_change, required_growth.
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
    plain = [row for row in records(summary) if row["direction"] != "composite"]
    rows = [_position(scheme, row, as_of) | {"phase": phase} for row in plain]
    frame = pd.DataFrame(rows, columns=list(POSITION_COLUMNS))
    whole = ["year", "target_year", "years_left", "phase"]
    return frame.astype(dict.fromkeys(whole, "Int64"))


def _position(scheme: Scheme, row: Record, as_of: int) -> Record:
    line = scheme.lines[row["indicator"]]
    target, value = target_of(line), float(row["latest_value"]) if row["comparable"] else math.nan
    year: int | None = None if pd.isna(row["latest_year"]) else int(row["latest_year"])
    planned, kind = math.nan, None
    if year is not None:
        values, kinds = plan_of(scheme, line, [year], comparable=baseline_serves(line))
        planned, kind = float(values[0]), kinds[0]
    due, standing = target.year, plan_status(value, planned, target)
    begins: bool = not pd.isna(line["baseline_year"]) and year == line["baseline_year"]
    if kind == "derived" and begins and standing != "no_plan":
        standing = "at_start"  # the derived path begins in the baseline itself
    return {
        "indicator": row["indicator"], "no": row["no"], "year": year, "value": value, "planned_value": planned,
        "planned_kind": kind, "plan_gap": target.sign * (value - planned) + 0.0, "plan_status": standing,
        "status": row["status"], "target_year": due, "years_left": None if due is None else max(due - as_of, 0),
        "required_change": row["required_change"], "required_growth": row["required_growth"],
    }  # fmt: skip


def baseline_serves(line: Record) -> bool:
    """Return whether the planned path may start from a line's baseline: comparable, and in the target's prices."""
    same_prices = text_of(line["baseline_price_base"]) == text_of(line["price_base"])
    return line["comparable"] == "yes" and (same_prices or bool(pd.isna(line["baseline_value"])))


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
            value = known.get((line["indicator"], year), math.nan)
            result = _held(value, target, ahead=year > as_of)
            rows.append((line["indicator"], line["no"], year, target.value, value, result))
    return pd.DataFrame(rows, columns=["indicator", "no", "year", "target", "value", "result"])


def _held(value: float, target: Target, *, ahead: bool) -> str:
    if math.isnan(value):
        return "ahead" if ahead else "unknown"
    return "met" if bool(meets(value, target)) else "missed"

"""The house status (进度状态) of one indicator, each verdict with its reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xk.arithmetic.target import TOLERANCE, Target, meets, shortfall


@dataclass(frozen=True)
class Reason:
    """Why a status was given: a key of the label table and the numbers that it names."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """Where a series stands and where it is thought to go.

    Parameters
    ----------
    years, values : sequence
        What was observed, in ascending years, in the indicator's unit.
    as_of : int
        Last year that counts as known.
    projected : float
        Value in the target year (NaN where nothing can be projected).
    borrowed_from : str or None
        Region whose trend was borrowed.
    """

    years: Sequence[int]
    values: Sequence[float]
    as_of: int
    projected: float = math.nan
    borrowed_from: str | None = None


def house_status(standing: Standing, target: Target) -> tuple[str, Reason]:
    """Return the status (进度状态) under the house rule, with its reason.

    Formula: ``achieved`` latest value meets the target and, where it is to be held, met it in every year asked
    for so far; ``on_track`` the projection meets it in the target year; ``lagging`` it moves the right way or not
    at all and will miss; ``regressing`` it moves away; ``no_data`` no figure, or no trend to judge by;
    ``no_target``. Source: own rule (docs/method.md).
    """
    if not target.known or target.year is None:
        return "no_target", Reason("no_target")
    if not len(standing.years):
        return "no_data", Reason("no_figure")
    year, value = int(standing.years[-1]), float(standing.values[-1])
    if bool(meets(value, target)):
        held = _held_so_far(standing, target)
        if held is not None:
            return held
        return "achieved", _achieved_reason(year, value, target)
    if year >= target.year:
        return "lagging", Reason("deadline_missed", {"year": year, "value": value, "target_year": target.year})
    if standing.as_of >= target.year:
        return "no_data", Reason("deadline_unseen", {"year": year, "target_year": target.year})
    return _trend_status(standing, target)


def _held_so_far(standing: Standing, target: Target) -> tuple[str, Reason] | None:
    """Return a verdict where a year asked for was missed or is not known; None where all known ones are met."""
    asked = [year for year in target.held_years() if year <= standing.as_of]
    known = {int(year): float(value) for year, value in zip(standing.years, standing.values, strict=True)}
    missed = [year for year in asked if year in known and not bool(meets(known[year], target))]
    unseen = [year for year in asked if year not in known]
    if missed:
        status = "on_track" if bool(meets(standing.projected, target)) else "lagging"
        return status, Reason("held_missed", {"years": missed})
    if unseen:
        return "no_data", Reason("held_unseen", {"years": unseen, "year": int(standing.years[-1])})
    return None


def _achieved_reason(year: int, value: float, target: Target) -> Reason:
    ahead = [held for held in target.held_years() if held > year]
    facts = {"year": year, "value": value}
    return Reason("achieved_to_hold", facts | {"years": ahead}) if ahead else Reason("achieved", facts)


def _trend_status(standing: Standing, target: Target) -> tuple[str, Reason]:
    year, value = int(standing.years[-1]), float(standing.values[-1])
    if math.isnan(standing.projected):
        return "no_data", Reason("no_trend", {"n": len(standing.years), "year": year})
    source = "borrowed" if standing.borrowed_from else "own"
    facts = {"projected": standing.projected, "target_year": target.year, "region": standing.borrowed_from}
    if bool(meets(standing.projected, target)):
        return "on_track", Reason(f"on_track_{source}", facts)
    moved = shortfall(value, target) - shortfall(standing.projected, target)
    status = "regressing" if moved < -TOLERANCE * max(abs(value), 1e-300) else "lagging"
    return status, Reason(f"{status}_{source}", facts)

"""The house rule: latest value, years to be held, projection of the target year with its odds."""

from __future__ import annotations

import math

import numpy as np

from xk.arithmetic.projection import probability, project_arrays
from xk.arithmetic.rulebooks.case import Case, Verdict, verdict
from xk.arithmetic.status import Standing, house_status
from xk.arithmetic.target import Target

STATUSES = {"achieved": 3, "on_track": 3, "lagging": 2, "regressing": 1}
NOT_JUDGED = ("no_data", "not_comparable", "no_target")
FEWEST = 2


def judge_house(case: Case) -> Verdict:
    """Judge under the house rule.

    Formula: as in `xk.arithmetic.status.house_status`; the projection is `projected` where given, else the combined one
    of `xk.arithmetic.projection` from two values on. A target to be held is asked for in every year after the baseline
    (from `hold_from` where given). `value` is the value projected for the target year, in the indicator's
    unit, `probability` the odds that the target is met then. Source: own rule (docs/rulebooks.md).
    """
    target = _target(case)
    projected, odds = _outlook(case, target)
    as_of = case.years[-1] if case.years else 0
    status, why = house_status(Standing(case.years, case.values, as_of, projected), target)
    return verdict(status, projected, why, probability=odds)


def _target(case: Case) -> Target:
    hold_from, year = None, case.target_year
    if case.options.get("hold") and case.years:
        base = case.base() or case.latest
        hold_from = case.options.get("hold_from") or base[0] + 1
        year = year if year is not None else max(case.years[-1], hold_from)
        hold_from = min(hold_from, year)
    ends = {"low": case.low, "high": case.high, "limit_low": case.low, "limit_high": case.high} if case.interval else {}
    return Target(
        case.direction,
        case.target,
        year=year,
        hold_from=hold_from,
        hold_to=year if hold_from else None,
        **ends,
    )


def _outlook(case: Case, target: Target) -> tuple[float, float]:
    """Return the target year's value and the odds of meeting the target; NaN where there are none."""
    if not math.isnan(case.projected):
        return case.projected, math.nan
    if not target.known or target.year is None or len(case.years) < FEWEST or case.years[-1] >= target.year:
        return math.nan, math.nan
    view = project_arrays(
        np.array(case.years), np.array([case.values]), to=target.year, bounds=case.options.get("bounds")
    )
    asked = (target.low, target.high) if case.interval else target.value
    odds = probability(view, asked, year=target.year, direction=case.direction, hold_from=target.hold_from)
    return float(view.path[0, target.year - case.years[-1] - 1]), float(odds[0])

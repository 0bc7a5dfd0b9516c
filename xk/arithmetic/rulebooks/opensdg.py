"""Open SDG (Statistics Canada and other national platforms): observed growth over required growth."""

from __future__ import annotations

import math

from xk.arithmetic.rulebooks.case import Case, Verdict, growth, unavailable, verdict
from xk.arithmetic.status import Reason

STATUSES = {
    "target_achieved": 3,
    "substantial_progress": 3,
    "moderate_progress": 2,
    "limited_progress": 2,
    "deterioration": 1,
}
# stands in for a zero, of which no growth can be taken
ALMOST_ZERO = 0.001
CUTS_TARGET = (0.95, 0.60, 0.0)
CUTS_NONE = (0.015, 0.005, 0.0)
LIMIT_POWER = 4.44


def judge_opensdg(case: Case) -> Verdict:
    """Judge under the progress measure of Open SDG.

    Formula: ``v = s d o / |r|`` with o and r the compound growth from base to latest and from base to target,
    s = -1 for a negative base; cuts 0.95, 0.60, 0. Without target ``v = s d o``, cuts 0.015, 0.005, 0, times
    ``1 - (x_b/L)^4.44`` near a natural limit L. `value` is v, no unit. Latest value at or past the target:
    achieved. Source: open-sdg/sdg-build, ProgressMeasure.py; checked against Statistics Canada's SDG data
    hub.
    """
    if case.interval:
        return unavailable("rulebook_no_interval")
    if not case.years:
        return unavailable("no_figure")
    year, latest = case.latest
    target = ALMOST_ZERO if case.target == 0 else case.target
    achieved = case.targeted and case.sign * latest >= case.sign * target
    value, problem = _value(case, target)
    if achieved:
        return verdict("target_achieved", value, Reason("achieved", {"year": year, "value": latest}))
    if problem is not None:
        return problem
    if math.isnan(value):
        return unavailable("rulebook_no_growth")
    cuts = CUTS_TARGET if case.targeted else tuple(cut * _near_limit(case) for cut in CUTS_NONE)
    place = next((i for i, cut in enumerate(cuts) if value >= cut), len(cuts))
    key = "rulebook_growth_ratio" if case.targeted else "rulebook_growth"
    return verdict(list(STATUSES)[1 + place], value, Reason(key, {"ratio": value, "growth_share": value}))


def _value(case: Case, target: float) -> tuple[float, Verdict | None]:
    base = case.base()
    if base is None or base[0] >= case.latest[0]:
        return math.nan, unavailable("rulebook_few_years", n=0 if base is None else 1, needed=2)
    first, latest = base[1] or ALMOST_ZERO, case.latest[1]
    if first * latest < 0:
        return math.nan, unavailable("rulebook_sign_change")
    sign = case.sign * (-1 if base[1] < 0 else 1)
    seen = growth((base[0], first), case.latest)
    if not case.targeted:
        return sign * seen, None
    if case.target_year is None or case.target_year <= base[0]:
        return math.nan, unavailable("rulebook_no_target_year")
    needed = growth((base[0], first), (case.target_year, target))
    if needed == 0:
        return (math.nan if seen == 0 else math.copysign(math.inf, sign * seen)), None
    return sign * seen / abs(needed), None


def _near_limit(case: Case) -> float:
    limit, base = case.options.get("limit"), case.base()
    if limit is None or base is None:
        return 1.0
    size, end = abs(base[1]), abs(limit)
    if size >= 2 * end:
        return 1.0
    return float(1 - (min(size, 2 * end - size) / end) ** LIMIT_POWER)

"""Open SDG (Statistics Canada and other national platforms): observed growth over required growth."""

import math
from dataclasses import replace

from xk.arithmetic.rulebooks.case import Case, Reason, Verdict, at_least, growth, no_pace, unavailable, verdict
from xk.arithmetic.rulebooks.rulebook import Rulebook
from xk.arithmetic.target import meets

STATUSES = {
    "target_achieved": 3, "substantial_progress": 3, "moderate_progress": 2, "limited_progress": 2, "deterioration": 1,
}  # fmt: skip
FEWEST = 2
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
    if case.target.direction == "interval":
        return unavailable("rulebook_no_interval")
    if not case.years:
        return unavailable("no_figure")
    year, latest = case.latest
    case = replace(case, target=replace(case.target, value=case.target.value or ALMOST_ZERO))
    value, problem = _value(case)
    if meets(latest, case.target):
        return verdict("target_achieved", value, Reason("achieved", {"year": year, "value": latest}))
    if problem is not None:
        return problem
    if math.isnan(value):
        return unavailable("rulebook_no_growth")
    cuts = CUTS_TARGET if case.target.known else tuple(cut * _near_limit(case) for cut in CUTS_NONE)
    place = sum(not at_least(value, cut) for cut in cuts)
    key = "rulebook_growth_ratio" if case.target.known else "rulebook_growth"
    return verdict(list(STATUSES)[1 + place], value, Reason(key, {"ratio": value, "growth_share": value}))


RULEBOOK = Rulebook(
    "opensdg", 2, judge_opensdg, STATUSES, years=FEWEST, since_baseline=True, met_in_one=True, checked=True
)


def _value(case: Case) -> tuple[float, Verdict | None]:
    base = case.base()
    if base is None or base[0] >= case.latest[0]:
        return math.nan, no_pace(case, FEWEST)
    first, latest = base[1] or ALMOST_ZERO, case.latest[1]
    if first * latest < 0:
        return math.nan, unavailable("rulebook_sign_change")
    # a negative base that grows moves further from zero, that is down
    sign = case.target.sign * (-1 if base[1] < 0 else 1)
    seen = growth((base[0], first), case.latest)
    if not case.target.known:
        return sign * seen, None
    if case.target.year is None or case.target.year <= base[0]:
        return math.nan, unavailable("rulebook_no_target_year")
    needed = growth((base[0], first), (case.target.year, case.target.value))
    if needed == 0:
        return (math.nan if seen == 0 else math.copysign(math.inf, sign * seen)), None
    return sign * seen / abs(needed), None


def _near_limit(case: Case) -> float:
    limit, base = case.limit, case.base()
    if limit is None or base is None:
        return 1.0
    size, end = abs(base[1]), abs(limit)
    if size >= 2 * end:
        return 1.0
    return float(1 - (min(size, 2 * end - size) / end) ** LIMIT_POWER)

"""Anticipated progress of the United Nations regional commissions (UN ESCAP and others)."""

import math

import numpy as np

from xk.arithmetic.rulebooks.case import Case, Reason, Verdict, at_least, no_pace, unavailable, verdict
from xk.arithmetic.rulebooks.rulebook import Rulebook
from xk.arithmetic.target import meets

STATUSES = {"maintain": 3, "accelerate": 2, "reverse": 1}
FEWEST = 2
CUTS = (10.0, 100.0)


def judge_escap(case: Case) -> Verdict:
    """Judge under the anticipated progress index.

    Formula: ``P = 100 |y* - x_T| / |y* - x_b|``, 0 where the projected x_T meets the target: up to 10
    maintain, up to 100 accelerate, more reverse. x_T is `projected` where given, else a straight line through
    all values with weights that grow by the same step each year; the years before the baseline count, which may
    be the latest. `value` is P, per cent of the way from
    baseline to target. Source: UN ESCAP, Asia and the Pacific SDG Progress Report, technical notes; they do
    not print the weights, so the evenly growing ones are an assumption.
    """
    if case.target.direction == "interval":
        return unavailable("rulebook_no_interval")
    if not case.target.known:
        return unavailable("no_target")
    if case.target.year is None:
        return unavailable("rulebook_no_target_year")
    base = case.base()
    if base is None or len(case.years) < FEWEST:
        return no_pace(case, FEWEST)
    projected = _line(case) if case.projected is None else case.projected
    facts = {"projected": projected, "target_year": case.target.year}
    if meets(projected, case.target):
        return verdict("maintain", 0.0, Reason("rulebook_gap_none", facts))
    way = abs(case.target.value - base[1])
    if not way:
        return verdict("reverse", math.inf, Reason("rulebook_gap_left", facts))
    gap = 100 * abs(case.target.value - projected) / way
    status = list(STATUSES)[sum(not at_least(cut, gap) for cut in CUTS)]
    return verdict(status, gap, Reason("rulebook_gap", facts | {"gap_share": gap / 100}))


RULEBOOK = Rulebook("escap", 6, judge_escap, STATUSES, years=FEWEST)


def _line(case: Case) -> float:
    """Return the value in the target year of a straight line fitted with more weight on later years."""
    years, values = np.array(case.years), np.array(case.values)
    weights = years - years[0] + 1
    centre = float(np.average(years, weights=weights))
    level = float(np.average(values, weights=weights))
    spread = float((weights * (years - centre) ** 2).sum())
    slope = float((weights * (years - centre) * (values - level)).sum()) / spread
    return level + slope * (float(case.target.year or 0) - centre)

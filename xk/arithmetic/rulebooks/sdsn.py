"""Arrows of the SDG Index (Sustainable Development Report, SDSN and Bertelsmann Stiftung)."""

import math

from xk.arithmetic.rulebooks.case import Case, Reason, Verdict, at_least, no_pace, unavailable, verdict
from xk.arithmetic.rulebooks.rulebook import Rulebook
from xk.arithmetic.target import meets

STATUSES = {"on_track": 3, "moderately_improving": 2, "stagnating": 2, "decreasing": 1}
FEWEST = 2
CUTS = (1.0, 0.5)


def judge_sdsn(case: Case) -> Verdict:
    """Judge under the trend arrows of the SDG Index.

    Formula: from window start y0 to latest y1, ``q = a / ((n_g - n_0)/(T - y0))`` with ``a = (n_1 - n_0)/(y1
    - y0)``: 1 or more on track, 0.5 or more moderately improving, else stagnating, a < 0 decreasing; latest
    at or past the target: on track, also when falling. `value` is q, no unit. The score n is linear in x, so
    lower bound and optimum fall out of q and out of every comparison: it is taken on the values themselves.
    The target is the green threshold. Source: SDSN, Sustainable Development Report, methodology.
    """
    if case.target.direction == "interval":
        return unavailable("rulebook_no_interval")
    if not case.target.known:
        return unavailable("no_target")
    base = case.base()
    if base is None or base[0] >= case.latest[0]:
        return no_pace(case, FEWEST)
    year, latest = case.latest
    ratio = _pace(case, base)
    if meets(latest, case.target):
        return verdict("on_track", ratio, Reason("achieved", {"year": year, "value": latest}))
    if case.target.year is None or case.target.year <= base[0]:
        return unavailable("rulebook_no_target_year")
    facts = {"pace_share": ratio, "year": base[0]}
    if not at_least(case.target.sign * latest, case.target.sign * base[1]):
        return verdict("decreasing", ratio, Reason("rulebook_decreasing", facts))
    status = list(STATUSES)[sum(not at_least(ratio, cut) for cut in CUTS)]
    return verdict(status, ratio, Reason("rulebook_pace", facts))


RULEBOOK = Rulebook("sdsn", 5, judge_sdsn, STATUSES, years=FEWEST, since_baseline=True)


def _pace(case: Case, base: tuple[int, float]) -> float:
    """Return q; NaN where the baseline is at or past the target or there is no year to come."""
    if case.target.year is None or case.target.year <= base[0] or meets(base[1], case.target):
        return math.nan
    year, latest = case.latest
    needed = (case.target.value - base[1]) / (case.target.year - base[0])
    return (latest - base[1]) / (year - base[0]) / needed

"""SDG Progress Chart 2023 of the United Nations Statistics Division."""

import math
from dataclasses import replace

from xk.arithmetic.rulebooks.case import Case, Reason, Verdict, at_least, carry, growth, no_pace, unavailable, verdict
from xk.arithmetic.rulebooks.rulebook import Rulebook
from xk.arithmetic.target import meets

STATUSES = {"met_or_on_track": 3, "fair_progress": 2, "stagnation_or_regression": 1}
FEWEST = 2
CUTS_TARGET = (0.95, 0.10)
CUTS_NONE = (0.02, 0.005)
# a share this close to a target of 0 or 100 per cent counts as there
NEAR = 1.0


def judge_un2023(case: Case) -> Verdict:
    """Judge under the SDG Progress Chart of 2023.

    Formula: growth ``a = (x_t/x_b)^(1/(t-b)) - 1`` carried on to the target year, ``(x_t (1+a)^(T-t) -
    x_b)/(y* - x_b)``: 0.95 or more met or on track, 0.10 or more fair progress, less stagnation or
    regression. Latest value meets the target: on track whatever the trend. Without target ``d a``, cuts 2 %
    and 0.5 %. `value` is the ratio (or d a), no unit. Figures after the target year are left out. Source:
    UNSD, SDG Progress Chart 2023, technical note.
    """
    if case.target.direction == "interval":
        return unavailable("rulebook_no_interval")
    case = _up_to_target_year(case)
    if not case.years:
        return unavailable("no_figure")
    year, latest = case.latest
    base = _base(case)
    carried = growth(base, case.latest) if base else math.nan
    if case.target.known and _met(case, latest):
        value = _ratio(case, base, carried) if base else math.nan
        return verdict("met_or_on_track", value, Reason("achieved", {"year": year, "value": latest}))
    if base is None:
        return no_pace(case, FEWEST)
    if math.isnan(carried):
        return unavailable("rulebook_no_growth")
    if not case.target.known:
        way = case.target.sign * carried
        return verdict(_status(way, CUTS_NONE), way, Reason("rulebook_growth", {"growth_share": way}))
    if case.target.year is None:
        return unavailable("rulebook_no_target_year")
    return _by_ratio(case, base, carried)


RULEBOOK = Rulebook("un2023", 4, judge_un2023, STATUSES, years=FEWEST, since_baseline=True, met_in_one=True)


def _by_ratio(case: Case, base: tuple[int, float], carried: float) -> Verdict:
    if _met(case, base[1]):
        # the ratio turns its meaning where the baseline was past the target and the latest value no longer is
        return verdict("stagnation_or_regression", math.nan, Reason("rulebook_fallen_back", {"year": base[0]}))
    ratio = _ratio(case, base, carried)
    facts = {"way_share": ratio, "target_year": case.target.year, "since": base[0]}
    return verdict(_status(ratio, CUTS_TARGET), ratio, Reason("rulebook_way", facts))


def _up_to_target_year(case: Case) -> Case:
    if case.target.year is None:
        return case
    kept = sum(year <= case.target.year for year in case.years)
    return replace(case, years=case.years[:kept], values=case.values[:kept])


def _base(case: Case) -> tuple[int, float] | None:
    """Return the baseline: as asked for, else the next later year, else the nearest earlier one.

    The latest year is none, as no growth leads from it: a baseline year that is the latest has nothing since.
    """
    found = case.base()
    if found is not None and found[0] < case.years[-1]:
        return found
    if len(case.years) < FEWEST or case.baseline_year == case.years[-1]:
        return None
    return case.years[-2], case.values[-2]


def _met(case: Case, value: float) -> bool:
    near = case.per_cent and case.target.value in (0.0, 100.0) and at_least(NEAR, abs(value - case.target.value))
    return near or meets(value, case.target)


def _ratio(case: Case, base: tuple[int, float], carried: float) -> float:
    if case.target.year is None or meets(base[1], case.target):
        return math.nan
    year, latest = case.latest
    return (carry(latest, carried, case.target.year - year) - base[1]) / (case.target.value - base[1])


def _status(value: float, cuts: tuple[float, float]) -> str:
    return list(STATUSES)[sum(not at_least(value, cut) for cut in cuts)]

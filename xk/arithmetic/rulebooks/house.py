"""The house rule: latest value, years to be held, projection of the target year with its odds."""

import math
from dataclasses import replace

import numpy as np

from xk.arithmetic.projection import probability, project_arrays
from xk.arithmetic.rulebooks.case import Case, Verdict
from xk.arithmetic.rulebooks.reason import Reason
from xk.arithmetic.rulebooks.rulebook import HOUSE, Rulebook
from xk.arithmetic.target import TOLERANCE, meets, shortfall

FEWEST = 2


def judge_house(case: Case) -> Verdict:
    """Judge under the house rule.

    Formula: ``achieved`` latest value meets the target and, where it is to be held, met it in every year asked for so
    far; ``on_track`` the projection meets it in the target year; ``lagging`` it moves the right way or not at all and
    will miss; ``regressing`` it moves away; ``no_data`` no figure, or no trend to judge by; ``no_target``. The
    projection is `projected` where given, else the combined one of `xk.arithmetic.projection` from two values on.
    `value` is the value projected for the target year, in the indicator's unit, `probability` the odds that the target
    is met then. Source: own rule (docs/rulebooks.md).
    """
    projected, odds = _outlook(case)
    status, why = _judge(case, projected)
    return Verdict(status, projected, odds, why)


RULEBOOK = Rulebook(
    HOUSE,
    1,
    judge_house,
    {"achieved": 3, "on_track": 3, "lagging": 2, "regressing": 1},
    unjudged=("no_data", "not_comparable", "no_target"),
)


def _outlook(case: Case) -> tuple[float, float]:
    """Return the target year's value and the odds of meeting the target; NaN where there are none."""
    if case.projected is not None:
        return case.projected, case.probability
    target, due = case.target, case.target.due
    if not target.known or due is None or len(case.years) < FEWEST or case.years[-1] >= due:
        return math.nan, math.nan
    view = project_arrays(np.array(case.years), np.array([case.values]), to=due, bounds=case.bounds)
    odds = probability(view, replace(target, year=due))
    return float(view.path[0, due - case.years[-1] - 1]), float(odds[0])


def _judge(case: Case, projected: float) -> tuple[str, Reason]:
    target, due = case.target, case.target.due
    if not target.known or due is None:
        return "no_target", Reason("no_target")
    if not case.years:
        return "no_data", Reason("no_figure")
    year, value = case.latest
    as_of = year if case.as_of is None else case.as_of
    if meets(value, target):
        return _judge_held(case, as_of, projected)
    if year >= due:
        return "lagging", Reason("deadline_missed", {"year": year, "value": value, "target_year": due})
    if as_of >= due:
        return "no_data", Reason("deadline_unseen", {"year": year, "target_year": due})
    return _judge_trend(case, projected)


def _judge_held(case: Case, as_of: int, projected: float) -> tuple[str, Reason]:
    """Judge a series whose latest value meets the target, by the years in which it was to be held."""
    year, value = case.latest
    known = dict(zip(case.years, case.values, strict=True))
    asked = [held for held in case.target.held_years() if held <= as_of]
    missed = [held for held in asked if held in known and not meets(known[held], case.target)]
    unseen = [held for held in asked if held not in known]
    if missed:
        return "on_track" if meets(projected, case.target) else "lagging", Reason("held_missed", {"years": missed})
    if unseen:
        return "no_data", Reason("held_unseen", {"years": unseen, "year": year})
    ahead = [held for held in case.target.held_years() if held > year]
    facts: dict[str, object] = {"year": year, "value": value}
    return "achieved", Reason("achieved_to_hold", facts | {"years": ahead}) if ahead else Reason("achieved", facts)


def _judge_trend(case: Case, projected: float) -> tuple[str, Reason]:
    target, (year, value) = case.target, case.latest
    if math.isnan(projected):
        return "no_data", Reason("no_trend", {"n": len(case.years), "year": year})
    source = "borrowed" if case.borrowed_from else "own"
    facts = {"projected": projected, "target_year": target.due, "region": case.borrowed_from}
    if meets(projected, target):
        return "on_track", Reason(f"on_track_{source}", facts)
    moved = shortfall(value, target) - shortfall(projected, target)
    status = "regressing" if moved < -TOLERANCE * max(abs(value), 1e-300) else "lagging"
    return status, Reason(f"{status}_{source}", facts)

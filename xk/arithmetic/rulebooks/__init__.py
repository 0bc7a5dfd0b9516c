"""Rulebooks of official programmes: the same figures judged as each of them would (docs/en/rulebooks.md)."""

from typing import Unpack

from xk.arithmetic.rulebooks.asking import Asked, Given, Options, read_case
from xk.arithmetic.rulebooks.case import Case, Reason, Verdict, say, unavailable
from xk.arithmetic.rulebooks.house import short_years
from xk.arithmetic.rulebooks.registry import RULEBOOKS
from xk.arithmetic.rulebooks.rulebook import HOUSE
from xk.errors import check_known

__all__ = [
    "Case", "HOUSE", "RULEBOOKS", "Reason", "Verdict", "judge", "say", "short_years", "unavailable",
]  # fmt: skip


def judge(
    years: Given,
    values: Given,
    *,
    target: Asked = None,
    target_year: int | None = None,
    direction: str = "positive",
    rule: str = "house",
    **options: Unpack[Options],
) -> Verdict:
    """Judge a series of yearly values against its target under one rulebook.

    Parameters
    ----------
    years, values : sequence
        In any order; a value may be missing (NaN, None) and then takes no part.
    target : number, pair or None
        In the unit of the values; a pair (low, high) for an interval; None or NaN where there is no target.
    target_year : int, optional
        Year by which it is to be met.
    direction : str
        positive (more is better) or inverse; interval where the target is a pair.
    rule : str
        A name of `RULEBOOKS`: house, opensdg, destatis, ...
    **options
        hold (bool): to be met every year, after the baseline or from `hold_from` on; once (bool): reaching it once, by
        the target year, is enough (house); baseline_year: the first year of the series if not given, the next later
        one where it has no value; projected: value of the target year (house, escap); bounds: natural bounds of the
        projection (house); limit: natural limit (opensdg without target); per_cent: the values are shares in per cent
        (un2023).

    Returns
    -------
    Verdict
        status in the rule's own words, value it judges by, reason; `not_available` where the rule cannot say.

    Raises
    ------
    UsageError
        Unknown rule, direction or argument; a target that cannot be.
    InputError
        Years that are not whole or stand twice with different values, values that are no finite numbers: all of them
        at once.

    Notes
    -----
    Formulas and sources stand with each rule: ``RULEBOOKS[name].judge`` and docs/en/rulebooks.md.
    """
    check_known(rule, RULEBOOKS, "rule")
    case = read_case(years, values, target=target, target_year=target_year, direction=direction, options=options)
    return RULEBOOKS[rule].judge(case)

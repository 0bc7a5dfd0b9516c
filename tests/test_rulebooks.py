"""The rulebooks, each by figures worked out by hand, at its cuts and where it cannot say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xk.arithmetic.rulebooks import RULEBOOKS, Case, Verdict, judge, say
from xk.arithmetic.rulebooks.asking import read_case
from xk.arithmetic.rulebooks.case import at_least, carry, growth
from xk.arithmetic.rulebooks.registry import _declared
from xk.arithmetic.rulebooks.rulebook import Rulebook
from xk.errors import InputError, UsageError
from xk.vocab import LANGUAGES, text

YEARS = [2015, 2020]


def ask(values: list[float], rule: str, **asked: object) -> Verdict:
    years = list(range(2021 - len(values), 2021)) if len(values) != 2 else YEARS
    return judge(years, values, rule=rule, **{"target": 80.0, "target_year": 2030, **asked})


# Open SDG: from 10 to 14.4 in 2 years is 20 % a year; 10 -> 17.28 in 3 years needs 20 % a year.
@pytest.mark.parametrize(
    ("latest", "status", "ratio"),
    [
        (14.4, "substantial_progress", 1.0),
        (10 * 1.13**2, "moderate_progress", 0.65),
        (10 * 1.02**2, "limited_progress", 0.1),
        (10.0, "limited_progress", 0.0),
        (8.1, "deterioration", -0.5),
        (17.28, "target_achieved", (1.728**0.5 - 1) / 0.2),
    ],
)
def test_opensdg_by_hand(latest: float, status: str, ratio: float) -> None:
    found = judge([2015, 2017], [10, latest], target=17.28, target_year=2018, rule="opensdg")
    assert found.status == status
    assert found.value == pytest.approx(ratio, abs=1e-9)


# Without target: 2 %, 1 %, 0.2 %, 0 and -1 % a year in the wanted direction; cuts 1.5 %, 0.5 %, 0.
@pytest.mark.parametrize(
    ("rate", "status"),
    [
        (0.02, "substantial_progress"),
        (0.01, "moderate_progress"),
        (0.002, "limited_progress"),
        (-0.01, "deterioration"),
    ],
)
@pytest.mark.parametrize("direction", ["positive", "inverse"])
def test_opensdg_without_target(rate: float, status: str, direction: str) -> None:
    grown = 10 * (1 + (rate if direction == "positive" else -rate)) ** 5
    found = judge(YEARS, [10, grown], direction=direction, rule="opensdg")
    assert (found.status, found.value) == (status, pytest.approx(rate))


def test_opensdg_near_its_limit_asks_for_less() -> None:
    # 1 - (90/100)^4.44 = 0.3736: the first cut falls from 1.5 % to 0.56 %
    grown = 90 * 1.006**5
    assert judge(YEARS, [90, grown], rule="opensdg").status == "moderate_progress"
    assert judge(YEARS, [90, grown], rule="opensdg", limit=100).status == "substantial_progress"
    # and no further; the same as far above the limit
    for base in (90, 110):
        assert judge(YEARS, [base, base * 1.005**5], rule="opensdg", limit=100).status == "moderate_progress"
    # far above it all is asked for, of which 1.6 % is more than 1.5 %
    for base, rate, status in ((250, 1.014, "moderate_progress"), (300, 1.016, "substantial_progress")):
        assert judge(YEARS, [base, base * rate**5], rule="opensdg", limit=100).status == status


def test_opensdg_takes_almost_zero_for_zero_and_flips_negative_values() -> None:
    # base 0.001, latest 0.032 -> fivefold doubling in 5 years: 100 % a year; target 0.001 * 2^15: 100 % a
    # year
    found = judge([2015, 2020], [0, 0.032], target=32.768, target_year=2030, rule="opensdg")
    assert found.value == pytest.approx(1.0)
    # -8 -> -4 in one year halves the size: -50 %, which for more-is-better is progress
    assert judge([2015, 2016], [-8, -4], rule="opensdg").value == pytest.approx(0.5)
    assert ask([-1.0, 1.0], "opensdg").reason.startswith("baseline and latest value differ in sign")
    # what falls to nothing falls by 100 % a year, and has no other sign
    assert (judge([2015, 2016], [8, 0], rule="opensdg").value, ask([8, 0], "opensdg").status) == (-1, "deterioration")


def test_opensdg_target_zero_counts_as_almost_zero() -> None:
    assert (
        judge(YEARS, [5, 0.001], target=0, target_year=2030, direction="inverse", rule="opensdg").status
        == "target_achieved"
    )


def test_opensdg_target_equal_to_baseline() -> None:
    met = judge(YEARS, [5, 5], target=5, target_year=2030, rule="opensdg")
    lost = judge(YEARS, [5, 4], target=5, target_year=2030, rule="opensdg")
    assert met.status == "target_achieved" and math.isnan(met.value)
    assert lost.status == "deterioration"


def test_base_year_without_value_gives_way_to_the_next_later_one() -> None:
    years, values = [2012, 2016, 2020], [1.0, 10.0, 14.641]
    found = judge(years, values, rule="opensdg", baseline_year=2015)  # 10 -> 14.641 in 4 years: 10 % a year
    assert found.value == pytest.approx(0.1)
    assert judge(years, values, rule="opensdg", baseline_year=2021).status == "not_available"


# Destatis: gap 10, five more years; m = 2 covers it, 1.9 leaves 5 %, 1.6 leaves 20 %, 1.59 a little more.
@pytest.mark.parametrize(
    ("change", "status", "share"),
    [(2.0, "sun", 0.0), (1.96, "sun", 0.02), (1.9, "slightly_cloudy", 0.05), (1.6, "slightly_cloudy", 0.2),
     (1.59, "cloud", 0.205), (0.0, "thunderstorm", 1.0), (-1.0, "thunderstorm", 1.5)],
)  # fmt: skip
@pytest.mark.parametrize("sign", [1, -1])
def test_destatis_by_hand(change: float, status: str, share: float, sign: int) -> None:
    values = [sign * (70 - change * back) for back in range(5, -1, -1)]
    way = "positive" if sign == 1 else "inverse"
    found = judge(range(2015, 2021), values, target=sign * 80, target_year=2025, direction=way, rule="destatis")
    assert (found.status, found.value) == (status, pytest.approx(share, abs=1e-9))


@pytest.mark.parametrize(
    ("values", "status"),
    [([80, 81, 81, 82], "sun"), ([82, 82, 82, 82], "sun"), ([90, 85, 84, 82], "slightly_cloudy"),
     ([70, 71, 72, 73], "cloud"), ([73, 73, 73, 73], "thunderstorm"), ([75, 74, 73, 72], "thunderstorm")],
)  # fmt: skip
def test_destatis_target_to_be_held(values: list[float], status: str) -> None:
    assert ask(values, "destatis", hold=True, target_year=None).status == status


def test_destatis_met_already_is_held() -> None:
    assert ask([90, 85, 84, 82], "destatis").status == "slightly_cloudy"


@pytest.mark.parametrize(
    ("values", "status"),
    [([1, 2, 3, 4], "sun"), ([1, 4, 5, 4], "slightly_cloudy"), ([1, 2, 4, 4], "slightly_cloudy"),
     ([6, 2, 1, 2], "cloud"), ([4, 3, 2, 1], "thunderstorm"),
     # up and at last down; no mean change, and up at last; down, and no last change
     ([1, 2, 3, 5, 4], "slightly_cloudy"), ([4, 3, 2, 4], "cloud"), ([4, 3, 2, 2], "thunderstorm"),
     # 0.1 + 0.2 is 0.3 moved by rounding, which is no change; one of 1e-10 is one
     ([0.3, 0.2, 0.25, 0.1 + 0.2], "cloud"), ([1, 0.8, 0.9, 1 + 1e-10], "sun")],
)  # fmt: skip
def test_destatis_direction_alone(values: list[float], status: str) -> None:
    assert ask(values, "destatis", target=None).status == status


def test_destatis_interval_takes_the_weaker_bound() -> None:
    # within 1..3 and rising: the lower bound is met and improving (sun), the upper met but nearing (slightly
    # cloudy)
    assert ask([1.0, 1.5, 2.0, 2.5], "destatis", target=(1, 3)).status == "slightly_cloudy"
    # above 3 and rising: thunderstorm for the upper bound
    assert ask([3.5, 4.0, 4.5, 5.0], "destatis", target=(1, 3)).status == "thunderstorm"


def test_destatis_looks_at_six_points_only() -> None:
    assert ask([0, 60, 60, 60, 60, 60, 60], "destatis").status == "thunderstorm"
    assert ask([60, 65, 70], "destatis").status == "not_available"


# UN: 10 -> 12.1 in 2 years is 10 % a year; carried on 1 year: 13.31; 3.31 of the way.
@pytest.mark.parametrize(
    ("target", "status", "ratio"),
    [(13.31, "met_or_on_track", 1.0), (10 + 3.31 / 0.95, "met_or_on_track", 0.95),
     (43.1, "fair_progress", 0.1),
     (43.2, "stagnation_or_regression", 3.31 / 33.2)],
)  # fmt: skip
def test_un2023_by_hand(target: float, status: str, ratio: float) -> None:
    found = judge([2015, 2017], [10, 12.1], target=target, target_year=2018, rule="un2023")
    assert (found.status, found.value) == (status, pytest.approx(ratio))


def test_un2023_met_counts_whatever_the_trend() -> None:
    assert ask([95.0, 81.0], "un2023").status == "met_or_on_track"
    assert ask([95.0, 79.0], "un2023").status == "stagnation_or_regression"


def test_un2023_met_has_no_share_where_there_is_no_way() -> None:
    # one value is enough to be there; the baseline was there already; no year is given
    for values, year in (([85.0], 2030), ([95.0, 81.0], 2030), ([70.0, 81.0], None)):
        found = ask(values, "un2023", target_year=year)
        assert found.status == "met_or_on_track" and math.isnan(found.value)


def test_un2023_near_the_end_of_a_share() -> None:
    assert ask([99.2, 99.1], "un2023", target=100, per_cent=True).status == "met_or_on_track"
    assert ask([99.2, 99.1], "un2023", target=100).status == "stagnation_or_regression"


def test_un2023_baseline_may_lie_before_the_year_asked_for() -> None:
    found = judge([2013, 2016], [10, 13.31], target=80, target_year=2030, rule="un2023", baseline_year=2015)
    assert found.status == "fair_progress"
    # the first of several serves where none is asked for: 10 -> 12.1 in two years, 13.31 in the third
    found = judge([2015, 2016, 2017], [10, 12, 12.1], target=13.31, target_year=2018, rule="un2023")
    assert found.value == pytest.approx(1.0)


def test_un2023_looks_no_further_than_the_target_year() -> None:
    found = judge([2015, 2017, 2019], [10, 11, 50], target=20, target_year=2018, rule="un2023")
    # 10 -> 11 in two years, carried on one: 11 * 1.1^0.5 = 11.537, 15 % of the way
    assert found.value == pytest.approx((11 * 1.1**0.5 - 10) / 10)


@pytest.mark.parametrize(
    ("rate", "status"), [(0.02, "met_or_on_track"), (0.01, "fair_progress"), (0.004, "stagnation_or_regression")]
)
def test_un2023_without_target(rate: float, status: str) -> None:
    assert judge(YEARS, [10, 10 * (1 + rate) ** 5], rule="un2023").status == status
    assert judge(YEARS, [10, 10 * (1 - rate) ** 5], rule="un2023", direction="inverse").status == status


# SDSN: 50 -> 60 in 5 years; 30 to go in 15 years from 2015: needed 2 a year.
@pytest.mark.parametrize(
    ("latest", "status", "ratio"),
    [(60, "on_track", 1.0),
     (55, "moderately_improving", 0.5), (54.9, "stagnating", 0.49), (50, "stagnating", 0.0),
     (49, "decreasing", -0.1)],
)  # fmt: skip
def test_sdsn_by_hand(latest: float, status: str, ratio: float) -> None:
    found = ask([50, latest], "sdsn")
    assert (found.status, found.value) == (status, pytest.approx(ratio))


def test_sdsn_green_stays_up_when_falling_and_a_fall_from_green_does_not() -> None:
    assert ask([90, 85], "sdsn").status == "on_track" and math.isnan(ask([90, 85], "sdsn").value)
    assert ask([90, 79], "sdsn").status == "decreasing"


def test_sdsn_is_the_same_on_values_and_on_scores() -> None:
    rng = np.random.default_rng(7)
    for lower, optimum in ((20.0, 95.0), (60.0, 3.0)):
        values = rng.uniform(0, 100, (50, 2))
        scores = 100 * (values - lower) / (optimum - lower)
        goal = 40.0
        way = "positive" if optimum > lower else "inverse"
        for raw, scored in zip(values, scores, strict=True):
            plain = judge(YEARS, raw, target=goal, target_year=2030, direction=way, rule="sdsn")
            other = judge(YEARS, scored, target=100 * (goal - lower) / (optimum - lower), target_year=2030, rule="sdsn")
            assert plain.status == other.status
            assert plain.value == pytest.approx(other.value, nan_ok=True)


# ESCAP: on a straight line the weights do not matter; 50, 52, 54 -> 74 in 2030; way from 50 to 80 is 30.
def test_escap_by_hand() -> None:
    found = ask([50, 52, 54], "escap")
    assert (found.status, found.value) == ("accelerate", pytest.approx(20.0))
    assert ask([50, 53, 56], "escap").status == "maintain"
    assert ask([50, 49, 48], "escap").status == "reverse"
    # two values make a line: 50 -> 55 in five years, 65 in ten more
    assert ask([50, 55], "escap").value == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("projected", "status", "gap"),
    [
        (80, "maintain", 0),
        (77, "maintain", 10),
        (76.9, "accelerate", 31 / 3),
        (50, "accelerate", 100),
        (49, "reverse", 310 / 3),
    ],
)
def test_escap_cuts(projected: float, status: str, gap: float) -> None:
    found = ask([50, 52, 54], "escap", projected=projected)
    assert (found.status, found.value) == (status, pytest.approx(gap))


def test_escap_takes_its_line_through_the_years_before_the_baseline_too() -> None:
    """The line is fitted to all years, the way is that from the baseline, here the latest year: 2 of 6 units are left.

    50, 52, 54 lie on a line of 2 a year: 58 in the second year after, where 60 is asked for, from 54 on 6 units.
    """
    found = judge([2014, 2015, 2016], [50, 52, 54], target=60, target_year=2018, rule="escap", baseline_year=2016)
    assert (found.status, found.value) == ("accelerate", pytest.approx(100 * 2 / 6))


def test_un2023_takes_no_growth_from_before_a_baseline_that_has_a_figure() -> None:
    asked = {"target": 20, "target_year": 2018, "rule": "un2023"}
    found = judge([2015, 2016], [10, 11], baseline_year=2016, **asked)
    assert (found.status, found.why.key) == ("not_available", "rulebook_no_year_since")
    # where the year has none the growth is that since the nearest earlier one, and is said to be
    found = judge([2014, 2016], [10, 12.1], baseline_year=2015, **asked)
    assert found.value == pytest.approx((12.1 * 1.21 - 10) / 10) and found.why.values["since"] == 2014


def test_escap_weighs_later_years_more() -> None:
    # weights 1, 2, 3 on 2018-2020 with 0, 0, 6: centre 2019 1/3, level 3, slope (2*-1/3*-3 + 1*-4/3*-3 +
    # 3*2/3*3)/(10/3) = 3.6
    found = ask([0, 0, 6], "escap", target=100, target_year=2021)
    assert found.why.values["projected"] == pytest.approx(3 + 3.6 * 5 / 3)


def test_house_looks_ahead() -> None:
    assert ask([50, 53, 56, 59, 62], "house").status == "on_track"
    assert ask([50, 50.5, 51, 51.5, 52], "house").status == "lagging"
    assert ask([60, 58, 56, 54, 52], "house").status == "regressing"
    assert ask([50], "house").status == "no_trend"
    assert ask([50, 52, 54], "house", target=None).status == "no_target"


def test_house_takes_a_projection_that_is_given() -> None:
    found = ask([50, 51], "house", projected=80.0)
    assert (found.status, found.value) == ("on_track", 80.0)
    assert math.isnan(found.probability)


def test_house_gives_the_odds() -> None:
    near, far = (ask([50, 53, 55, 59, 62], "house", target=goal, target_year=2022).probability for goal in (65, 90))
    assert 0 <= far < near <= 1


def test_house_target_to_be_held() -> None:
    # 94.66 in the baseline year does not count, 94 in a later year does
    kept = judge([2016, 2017, 2018], [94.66, 95, 96], target=95, target_year=2020, hold=True)
    lost = judge([2016, 2017, 2018], [96, 94, 96], target=95, target_year=2020, hold=True)
    assert kept.status == "met_to_hold"
    assert lost.status == "not_held" and "94 in 2017" in lost.reason


def test_house_interval() -> None:
    assert ask([1.0, 1.5, 2.0], "house", target=(1, 3)).status == "met_to_hold"
    assert ask([7.0, 6.0, 5.0], "house", target=(1, 3), projected=3.0).status == "on_track"
    assert ask([7.0, 6.0, 5.0], "house", target=(1, 3), projected=3.1).status == "lagging"
    assert ask([0.3, 0.2, 0.1], "house", target=(1, 3), projected=0.0).status == "regressing"
    # its ends may be one
    assert ask([3.0], "house", target=(3, 3)).status == "met_to_hold"


@pytest.mark.parametrize("rule", RULEBOOKS)
def test_gaps_are_dropped_and_years_sorted(rule: str) -> None:
    plain = judge([2014, 2015, 2016, 2017, 2018], [50, 52, 55, 57, 60], target=80, target_year=2030, rule=rule)
    mixed = judge(
        pd.Series([2018, 2014, 2019, 2016, 2015, 2017]),
        [60, 50, None, 55, 52, 57],
        target=80,
        target_year=2030,
        rule=rule,
    )
    assert vars(mixed) == vars(plain)


@pytest.mark.parametrize("rule", RULEBOOKS)
@pytest.mark.parametrize("values", [[], [math.nan, None], [50.0]])
def test_too_little_is_told(rule: str, values: list[float]) -> None:
    found = judge(range(2015, 2015 + len(values)), values, target=80, target_year=2030, rule=rule)
    assert found.status in ("not_available", "no_data", "no_trend")
    assert found.reason


@pytest.mark.parametrize("rule", RULEBOOKS)
def test_every_word_of_a_rule_has_labels(rule: str) -> None:
    book = RULEBOOKS[rule]
    labels = [f"rulebook_short_{rule}", *map(book.label, book.words)]
    labels += [f"rulebook_need_{rule}"] if book.years else []
    assert all(text(label, lang) for label in labels for lang in LANGUAGES)


def test_reasons_are_told_in_both_languages() -> None:
    found = ask([50, 55], "sdsn")
    assert found.reason == "the mean yearly change since 2015 is 50 % of the change needed" == say(found.why, "en")
    assert say(found.why, "zh") == "2015年以来的年均变化为所需变化的50%"


# 0.1 + 0.2 is 0.30000000000000004, 0.7 + 0.1 is 0.7999999999999999
@pytest.mark.parametrize("rule", RULEBOOKS)
@pytest.mark.parametrize(
    ("values", "target", "direction"),
    [([0.6, 0.5, 0.45, 0.4, 0.1 + 0.2], 0.3, "inverse"), ([0.5, 0.6, 0.65, 0.7, 0.7 + 0.1], 0.8, "positive")],
)
def test_an_exact_hit_within_rounding_is_a_hit(rule: str, values: list[float], target: float, direction: str) -> None:
    assert (values[-1] - target) * (1 if direction == "positive" else -1) < 0  # misses by the last bit
    asked = {"target": target, "target_year": 2020, "direction": direction, "rule": rule}
    found = judge(range(2016, 2021), values, **asked, projected=values[-1])
    plain = judge(range(2016, 2021), [*values[:-1], target], **asked, projected=target)
    assert found.status == plain.status == list(RULEBOOKS[rule].statuses)[0]


@pytest.mark.parametrize("rule", ["house", "destatis"])
def test_the_ends_of_an_interval_are_hit_within_rounding(rule: str) -> None:
    for end, latest in (((0.1, 0.3), 0.1 + 0.2), ((0.8, 0.9), 0.7 + 0.1)):
        found = judge(range(2016, 2021), [latest] * 5, target=end, target_year=2020, rule=rule)
        assert found.status == list(RULEBOOKS[rule].statuses)[0]


def test_rulebooks_stand_in_their_declared_order() -> None:
    assert list(RULEBOOKS)[:6] == ["house", "opensdg", "destatis", "un2023", "sdsn", "escap"]
    assert [one.order for one in RULEBOOKS.values()] == sorted({one.order for one in RULEBOOKS.values()})
    assert {name: one.name for name, one in RULEBOOKS.items()} == {name: name for name in RULEBOOKS}
    assert sorted(one.name for one in _declared()) == sorted(RULEBOOKS)


def test_a_rulebook_more_is_a_declaration(monkeypatch: pytest.MonkeyPatch) -> None:
    def judge_up(case: Case) -> Verdict:
        return Verdict("up" if case.values[-1] > case.values[0] else "down", case.target.value)

    monkeypatch.setitem(RULEBOOKS, "seventh", Rulebook("seventh", 7, judge_up, {"up": 3, "down": 1}))
    found = ask([50, 55], "seventh")
    assert (found.status, found.value) == ("up", 80.0)
    assert RULEBOOKS["seventh"].words == ("up", "down", "not_available")
    assert RULEBOOKS["seventh"].label("up") == "status_seventh_up"
    assert RULEBOOKS["seventh"].label("not_available") == "status_not_available"


def test_no_argument_is_changed() -> None:
    years, values = [2018, 2016, 2017], [3.0, 1.0, 2.0]
    judge(years, values, target=5, target_year=2020)
    assert (years, values) == ([2018, 2016, 2017], [3.0, 1.0, 2.0])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rule": "opensgd"}, "unknown rule 'opensgd'; did you mean 'opensdg'"),
        ({"direction": "positiv"}, "unknown direction 'positiv'; did you mean 'positive'"),
        ({"direction": None}, "^direction is missing; say positive (more is better), inverse or interval$"),
        ({"direction": "interval"}, "^direction interval needs the target as a pair (low, high)$"),
        ({"target": (3, 1)}, "wrong order: 3 is above 1"),
        ({"target": (1, math.nan)}, "pair of finite numbers"),
        ({"target": (1, 2, 3)}, "pair of finite numbers"),
        ({"target": math.inf}, "finite number"),
        ({"target_year": 2020.5}, "target_year must be a whole year"),
        ({"base_year": 2015}, "unknown argument of judge 'base_year'; did you mean 'baseline_year'"),
    ],
)
def test_arguments_that_cannot_be(asked: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("(", r"\(").replace(")", r"\)")):
        judge([2015, 2016], [1, 2], **asked)


def test_faults_of_a_series_are_told_together() -> None:
    with pytest.raises(InputError) as caught:
        judge([2015, 2015, 2016.5, 2017], [1, 2, 3, math.inf], target=5, target_year=2020)
    assert [fault.message for fault in caught.value.faults] == [
        "2015 stands twice with different values", "2016.5 is no whole year in 1900-2200",
        "inf in 2017 is no finite number",
    ]  # fmt: skip
    with pytest.raises(InputError, match="15 is no whole year in 1900-2200"):
        judge([15, 20], [1, 2], target=5, target_year=2020)
    for year in (20, 2020.5, "2020", True):
        with pytest.raises(UsageError, match="target_year must be a whole year in 1900-2200, not"):
            judge([2015, 2016], [1, 2], target=5, target_year=year)
    with pytest.raises(UsageError, match="years must be a list, not 2016"):
        judge(2016, 5)  # type: ignore[arg-type]
    facts: list[tuple[dict[str, object], str]] = [
        ({"bounds": 5}, "bounds must be a pair of numbers"), ({"hold": "no"}, "hold must be True or False, not 'no'"),
        ({"projected": "x"}, "projected must be a finite number or None, not 'x'"),
    ]  # fmt: skip
    for fact, message in facts:
        with pytest.raises(UsageError, match=message):
            judge([2015, 2016], [1, 2], target=5, target_year=2020, **fact)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="2 years but 1 values"):
        judge([2015, 2016], [1])


def test_the_same_figure_twice_counts_once() -> None:
    twice = judge([2017, 2017], [5.5, 5.5], target=3, target_year=2030, direction="inverse", rule="opensdg")
    once = judge([2017], [5.5], target=3, target_year=2030, direction="inverse", rule="opensdg")
    assert vars(twice) == vars(once)
    assert twice.status == "not_available"


def test_values_beyond_a_double_do_not_fail() -> None:
    for rule in RULEBOOKS:
        found = judge([2015, 2016], [1e-200, 1e200], target=1e250, target_year=2030, rule=rule)
        assert found.reason


TO_2018: dict[str, object] = {"target_year": 2018}
GROWN = [10, 10 * 1.02**5]
FOUR = [2015, 2016, 2017, 2018]
SAID: list[tuple[str, list[int], list[float], dict[str, object], str, float, str, dict[str, object]]] = [
    # 20 % a year seen and needed; 1.728^(1/2) - 1 = 31.45 % a year are 1.57 times that
    ("opensdg", [2015, 2017], [10, 14.4], TO_2018 | {"target": 17.28}, "substantial_progress", 1.0,
     "rulebook_growth_ratio", {"ratio": 1.0, "growth_share": 1.0}),
    ("opensdg", [2015, 2017], [10, 17.28], TO_2018 | {"target": 17.28}, "target_achieved", 1.572671, "achieved",
     {"year": 2017, "value": 17.28}),
    ("opensdg", YEARS, GROWN, {}, "substantial_progress", 0.02, "rulebook_growth",
     {"ratio": 0.02, "growth_share": 0.02}),
    # 3 a year from 5, 2, 3, 4: a third less; of the 26 that are missing 26 2/3 are left
    ("destatis", FOUR, [1, 2, 3, 4], {"target": 3, "target_year": 2020}, "sun", 1.0, "rulebook_level_met",
     {"year": 2018, "value": 4.0, "change": 1.0, "since": 2015}),
    ("destatis", FOUR, [5, 2, 3, 4], {"target": 3, "target_year": 2020, "direction": "inverse", "hold": True}, "cloud",
     1 / 3, "rulebook_level_missed", {"year": 2018, "value": 4.0, "change": -1 / 3, "since": 2015}),
    ("destatis", FOUR, [5, 2, 3, 4], {"target": 30, "target_year": 2020}, "thunderstorm", (26 + 2 / 3) / 26,
     "rulebook_away", {"miss_share": (26 + 2 / 3) / 26, "target_year": 2020, "change": -1 / 3, "since": 2015}),
    # 1 a year for two years: 1 more than asked for; 0.05 of 2.05 and 10 of 12 are left
    ("destatis", FOUR, [5, 6, 7, 8], {"target": 9, "target_year": 2020}, "sun", -1.0, "rulebook_miss_none",
     {"miss_share": 0.0, "target_year": 2020, "change": 1.0, "since": 2015}),
    ("destatis", FOUR, [5, 6, 7, 8], {"target": 10.05, "target_year": 2020}, "sun", 0.05 / 2.05, "rulebook_miss",
     {"miss_share": 0.05 / 2.05, "target_year": 2020, "change": 1.0, "since": 2015}),
    ("destatis", FOUR, [5, 6, 7, 8], {"target": 20, "target_year": 2020}, "cloud", 10 / 12, "rulebook_miss",
     {"miss_share": 10 / 12, "target_year": 2020, "change": 1.0, "since": 2015}),
    ("destatis", FOUR, [5, 6, 7, 6.5], {}, "slightly_cloudy", 0.5, "rulebook_direction",
     {"change": 0.5, "since": 2015, "last": -0.5}),
    ("destatis", FOUR, [5, 6, 7, 6.5], {"direction": "inverse"}, "cloud", -0.5, "rulebook_direction",
     {"change": 0.5, "since": 2015, "last": -0.5}),
    # 12.1 * 1.1 = 13.31: 3.31 of 33.1, and of 2
    ("un2023", [2015, 2017], [10, 12.1], TO_2018 | {"target": 43.1}, "fair_progress", 0.1, "rulebook_way",
     {"way_share": 0.1, "target_year": 2018, "since": 2015}),
    ("un2023", [2015, 2017], [10, 12.1], TO_2018 | {"target": 12}, "met_or_on_track", 1.655, "achieved",
     {"year": 2017, "value": 12.1}),
    ("un2023", YEARS, GROWN, {}, "met_or_on_track", 0.02, "rulebook_growth", {"growth_share": 0.02}),
    ("un2023", [2015, 2016], [21, 11], TO_2018 | {"target": 20}, "stagnation_or_regression", math.nan,
     "rulebook_fallen_back", {"year": 2015}),
    ("sdsn", YEARS, [50, 55], {"target": 80, "target_year": 2030}, "moderately_improving", 0.5, "rulebook_pace",
     {"pace_share": 0.5, "year": 2015}),
    ("sdsn", YEARS, [50, 45], {"target": 80, "target_year": 2030}, "decreasing", -0.5, "rulebook_decreasing",
     {"pace_share": -0.5, "year": 2015}),
    ("sdsn", YEARS, [50, 85], {"target": 80, "target_year": 2030}, "on_track", 3.5, "achieved",
     {"year": 2020, "value": 85.0}),
    ("escap", FOUR[1:], [50, 52, 54], {"target": 80, "target_year": 2028}, "accelerate", 20.0, "rulebook_gap",
     {"projected": 74.0, "target_year": 2028, "gap_share": 0.2}),
    ("escap", FOUR[1:], [50, 55, 60], {"target": 80, "target_year": 2028}, "maintain", 0.0, "rulebook_gap_none",
     {"projected": 110.0, "target_year": 2028}),
    ("escap", FOUR[1:], [80, 70, 60], {"target": 80, "target_year": 2028}, "reverse", math.inf, "rulebook_gap_left",
     {"projected": -40.0, "target_year": 2028}),
    ("house", [2016, 2018], [70, 75], {"target": 80, "target_year": 2020}, "on_track", 80.0, "on_track_own",
     {"projected": 80.0, "target_year": 2020, "years": ()}),
    ("house", [2017, 2018], [70, 71], {"target": 80, "target_year": 2019}, "lagging", 72.0, "lagging_own",
     {"projected": 72.0, "target_year": 2019, "years": ()}),
    ("house", [2017, 2018], [72, 81], {"target": 80, "target_year": 2020, "hold": True}, "met_to_hold", 99.0,
     "met_to_hold", {"year": 2018, "value": 81.0, "years": [2019, 2020]}),
    ("house", FOUR[1:], [72, 81, 82], TO_2018 | {"target": 80, "hold": True}, "achieved", math.nan, "achieved_held",
     {"year": 2018, "value": 82.0, "years": [2017, 2018]}),
    ("house", FOUR[1:], [72, 79, 82], TO_2018 | {"target": 80, "hold": True}, "not_held", math.nan, "not_held",
     {"figures": [(2017, 79.0)]}),
    ("house", [2016, 2018], [72, 82], TO_2018 | {"target": 80, "hold": True}, "not_seen", math.nan, "not_seen",
     {"year": 2018, "value": 82.0, "years": [2017]}),
    ("house", [2017, 2018], [70, 78.5], TO_2018 | {"target": 80}, "missed", math.nan, "missed",
     {"year": 2018, "value": 78.5, "gap": 1.5}),
    ("house", [2018], [72], {"target": 80, "target_year": 2020}, "no_trend", math.nan, "no_trend",
     {"n": 1, "year": 2018}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "years", "values", "asked", "status", "value", "key", "facts"), SAID)
def test_every_verdict_names_its_figures(
    rule: str, years: list[int], values: list[float], asked: dict[str, Any], status: str, value: float, key: str,
    facts: dict[str, object],
) -> None:  # fmt: skip
    found = judge(years, values, rule=rule, **asked)
    assert (found.status, found.why.key) == (status, key)
    assert found.value == pytest.approx(value, rel=1e-6, nan_ok=True)
    said = dict(found.why.values)
    assert set(said) == set(facts)
    for name, fact in facts.items():
        assert said[name] == (pytest.approx(fact) if isinstance(fact, float) else fact), name


NO_INTERVAL, NO_YEAR, FEW = "rulebook_no_interval", "rulebook_no_target_year", "rulebook_few_years"
NONE_SINCE, BEFORE = "rulebook_no_year_since", "rulebook_before_baseline"
NEED_TWO, RULES_OF_NONE = ("opensdg", "un2023", "sdsn", "escap"), ("opensdg", "un2023", "house")
LESS_THAN_NONE = {"target": -3, "target_year": 2030, "direction": "inverse"}


@pytest.mark.parametrize(
    ("rule", "years", "values", "asked", "key", "facts"),
    [
        *((rule, YEARS, [1, 2], {"target": (1, 3)}, NO_INTERVAL, {}) for rule in NEED_TWO),
        *((rule, FOUR, [1, 2, 3, 4], {"target": 30}, NO_YEAR, {}) for rule in (*NEED_TWO, "destatis")),
        *((rule, YEARS, [1, 2], {"target": 3, "target_year": 2015}, NO_YEAR, {}) for rule in ("opensdg", "sdsn")),
        *((rule, [], [], {"target": 3, "target_year": 2018}, "no_figure", {}) for rule in RULES_OF_NONE),
        *((rule, [2016], [1], {"target": 3, "target_year": 2018}, FEW, {"n": 1, "needed": 2}) for rule in NEED_TWO),
        *((rule, [], [], {"target": 3, "target_year": 2018}, FEW, {"n": 0, "needed": 2}) for rule in ("sdsn", "escap")),
        *((rule, YEARS, [1, 2], {"baseline_year": 2020, "target": 3, "target_year": 2030}, NONE_SINCE, {"year": 2020})
          for rule in ("opensdg", "un2023", "sdsn")),
        *((rule, YEARS, [1, 2], {"baseline_year": 2021, "target": 3, "target_year": 2030}, BEFORE, {"year": 2021})
          for rule in ("opensdg", "sdsn", "escap")),
        ("destatis", FOUR[1:], [1, 2, 3], {"target": 30, "target_year": 2020}, FEW, {"n": 3, "needed": 4}),
        ("un2023", YEARS, [1, 2], {"target": 3, "target_year": 2014}, "no_figure", {}),
        *((rule, YEARS, [1, 2], {}, "no_target", {}) for rule in ("sdsn", "escap", "house")),
        ("opensdg", YEARS, [1, -2], {"target": 3, "target_year": 2030}, "rulebook_sign_change", {}),
        ("opensdg", YEARS, [1, 2], LESS_THAN_NONE, "rulebook_no_growth", {}),
        ("un2023", YEARS, [1, -2], {"target": 3, "target_year": 2030}, "rulebook_no_growth", {}),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_say_says_why(
    rule: str, years: list[int], values: list[float], asked: dict[str, Any], key: str, facts: dict[str, object]
) -> None:
    found = judge(years, values, rule=rule, **asked)
    assert found.status in RULEBOOKS[rule].unjudged and math.isnan(found.value)
    assert (found.why.key, dict(found.why.values)) == (key, facts)


def test_cuts_and_ends_of_single_rules() -> None:
    # one point from 100 and from 0 is there, a little more is not
    for values, goal, way in (([98, 99], 100, "positive"), ([2, 1], 0, "inverse")):
        near = judge(YEARS, values, target=goal, target_year=2030, direction=way, rule="un2023", per_cent=True)
        assert near.status == "met_or_on_track"
    assert ask([98, 98.9], "un2023", target=100, per_cent=True).why.key == "rulebook_way"
    assert ask([88, 89], "un2023", target=90, per_cent=True).why.key == "rulebook_way"
    # in the target year itself nothing is left to carry on: 5 of 10
    assert judge([2015, 2018], [10, 15], target=20, target_year=2018, rule="un2023").value == pytest.approx(0.5)
    # at twice its limit, and beyond, nothing is asked for less: 1.4 % a year is short of 1.5 %
    for base in (200, 300):
        assert judge(YEARS, [base, base * 1.014**5], rule="opensdg", limit=100).status == "moderate_progress"
    # as far above the limit as 90 is below it: 110, of which 0.56 % a year are enough
    assert judge(YEARS, [110, 110 * 1.006**5], rule="opensdg", limit=100).status == "substantial_progress"
    # no growth is needed, and some is seen the wrong way: without end
    assert judge(YEARS, [5, 6], target=5, target_year=2030, direction="inverse", rule="opensdg").value == -math.inf
    # a target year that is past leaves the whole gap
    assert judge(FOUR, [1, 2, 3, 4], target=5, target_year=2017, rule="destatis").value == 1.0


def test_growth_is_carried_on_as_far_as_doubles_go() -> None:
    assert growth((2015, 100.0), (2017, 121.0)) == pytest.approx(0.1)
    assert growth((2015, 100.0), (2016, 0.0)) == -1.0
    assert math.isnan(growth((2015, 0.0), (2016, 1.0))) and math.isnan(growth((2016, 1.0), (2016, 2.0)))
    assert carry(100.0, 0.1, 2) == pytest.approx(121.0)
    assert (carry(1.0, 1e9, 100), carry(-1.0, 1e9, 100)) == (math.inf, -math.inf)
    assert at_least(0.1 + 0.2, 0.3) and at_least(0.7 + 0.1, 0.8) and not at_least(0.3, 0.3 + 1e-9)
    assert at_least(-1e-13, 0.0) and not at_least(-1e-11, 0.0)
    assert not at_least(1.0, 1.0 + 1e-11)


def test_a_verdict_shows_itself() -> None:
    card = ask([50, 55], "sdsn").card()
    assert card.title.endswith(": moderately_improving")
    assert [value for _, value in card.facts][:1] == [0.5]
    assert "50 %" in str(card.facts[2][1]) and "50%" in str(card.facts[2][1])
    assert len({name for name, _ in card.facts}) == 3


def test_parts_are_judged_by_the_worst_of_them() -> None:
    book = RULEBOOKS["opensdg"]
    parts = [("1.1", "moderate_progress"), ("1.2", "target_achieved")]
    found = book.judge_parts(parts)
    assert (found.status, found.why.key) == ("moderate_progress", "composite") and math.isnan(found.value)
    assert found.why.values["parts"] == [("1.1", "opensdg_moderate_progress"), ("1.2", "opensdg_target_achieved")]
    # a good word only where every part is judged, a bad one in any case
    assert book.judge_parts([("1.1", "substantial_progress"), ("1.2", "not_available")]).status == "not_available"
    assert book.judge_parts([("1.1", "deterioration"), ("1.2", "not_available")]).status == "deterioration"
    assert book.judge_parts([("1.1", "target_achieved")] * 2).status == "target_achieved"
    none = book.judge_parts([])
    assert (none.status, none.why.key, none.why.values["parts"]) == ("not_available", "no_parts", [])
    assert [book.grade(word) for word in ("moderate_progress", "not_available")] == [2, 0]


def test_facts_that_may_be_missing() -> None:
    asked: dict[str, Any] = {"target": 80, "target_year": 2020}
    plain = judge(FOUR, [50, 52, 55, 60], **asked)
    for fact in ({"projected": None}, {"projected": math.nan}, {"baseline_year": math.nan}, {"limit": None},
                 {"bounds": None}, {"hold_from": 2019}, {"hold": np.False_}):  # fmt: skip
        assert judge(FOUR, [50, 52, 55, 60], **asked, **fact) == plain  # type: ignore[arg-type]
    assert judge(FOUR, [50, 52, 55, 60], target=np.nan, target_year=math.nan).status == "no_target"
    # 20 a year leads beyond 100, which bounds do not let it
    for bounds in ((0, 100), [0.0, 100.0], np.array([0, 100])):
        rising: dict[str, Any] = {"target": 120, "target_year": 2020, "bounds": bounds}
        assert judge([2017, 2018], [70, 90], **rising).value <= 100
        assert judge([2017, 2018], [70, 90], **(rising | {"bounds": None})).value == pytest.approx(130)
    # held from the year after the baseline, from the year asked for, or from the last year on
    case = ("target", "target_year", "direction", "options")
    later: list[tuple[dict[str, int], int]]
    later = [({}, 2016), ({"baseline_year": 2017}, 2018), ({"hold_from": 2019}, 2019), ({"hold_from": 2022}, 2020)]
    for options, first in later:
        given = dict(zip(case, (80, 2020, "positive", {"hold": True, **options}), strict=True))
        assert read_case(FOUR, [50, 52, 55, 60], **given).target.held_years() == range(first, 2021)  # type: ignore[arg-type]
    given = dict(zip(case, (80, None, "positive", {"hold": True}), strict=True))
    assert read_case(FOUR, [50, 52, 55, 60], **given).target.held_years() == range(2016, 2019)  # type: ignore[arg-type]
    assert read_case([2018], [50], **given).target.held_years() == range(2019, 2020)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"per_cent": 1}, "per_cent must be True or False, not 1"),
        ({"limit": math.inf}, "limit must be a finite number or None, not inf"),
        ({"limit": True}, "limit must be a finite number or None"),
        ({"bounds": (1, 2, 3)}, "bounds must be a pair"),
        ({"bounds": "12"}, "bounds must be a pair"),
        ({"bounds": ("1", 2)}, "bounds must be a pair"),
        ({"hold_from": 20, "hold": True}, "hold_from must be a whole year"),
        ({"baseline_year": "x"}, "baseline_year must be a whole year"),
    ],
)
def test_facts_that_cannot_be(fact: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        judge([2015, 2016], [1, 2], target=5, target_year=2020, **fact)
    for asked in ("80", True, np.array([1, math.inf])):
        with pytest.raises(UsageError, match="finite number"):
            judge([2015, 2016], [1, 2], target=asked)  # type: ignore[arg-type]


def test_a_fault_of_a_series_says_where_and_what_to_do() -> None:
    with pytest.raises(InputError) as caught:
        judge([2015, 2015, "2016", None, 2017, 2018], [1, 2, 3, 4, True, object()], target=5)  # type: ignore[list-item]
    assert [(fault.column, fault.remedy) for fault in caught.value.faults] == [
        ("years", "keep one value a year"), ("years", "write the year with four digits"),
        ("years", "write the year with four digits"), ("values", "give a number or NaN"),
        ("values", "give a number or NaN"),
    ]  # fmt: skip
    assert str(caught.value).startswith(
        "column 'years': 2015 stands twice with different values; keep one value a year"
    )
    for name, years, values in (("years", "2016", [1]), ("values", [2016], 5)):
        with pytest.raises(UsageError, match=f"{name} must be a list"):
            judge(years, values)  # type: ignore[arg-type]
    assert judge([2015, 2016], [pd.NA, np.float64(2)], rule="un2023") == judge([2016], [2.0], rule="un2023")  # type: ignore[list-item]


SAMPLES = [
    (rng.uniform(1, 99, 8).round(2).tolist(), float(rng.uniform(1, 99)))
    for rng in [np.random.default_rng(11)]
    for _ in range(40)
]
OTHERS = [rule for rule in RULEBOOKS if rule != "house"]


@pytest.mark.parametrize("rule", OTHERS)
def test_the_unit_does_not_matter(rule: str) -> None:
    for values, target in SAMPLES:
        plain = judge(range(2013, 2021), values, target=target, target_year=2030, rule=rule)
        scaled = judge(range(2013, 2021), [8 * x for x in values], target=8 * target, target_year=2030, rule=rule)
        assert plain.status == scaled.status


@pytest.mark.parametrize("rule", ["destatis", "sdsn", "escap"])
def test_less_is_better_mirrors_more_is_better(rule: str) -> None:
    for values, target in SAMPLES:
        more = judge(range(2013, 2021), values, target=target, target_year=2030, rule=rule)
        less = judge(
            range(2013, 2021),
            [100 - x for x in values],
            target=100 - target,
            target_year=2030,
            direction="inverse",
            rule=rule,
        )
        assert more.status == less.status


@pytest.mark.parametrize("rule", RULEBOOKS)
def test_whatever_comes_in_a_word_and_a_reason_come_out(rule: str) -> None:
    rng = np.random.default_rng(12)
    odd = [0.0, -1.0, 100.0, 50.0, 1e-300, 1e300, -1e300, math.nan, None, 3.3]
    for _ in range(150):
        size = int(rng.integers(0, 8))
        years = rng.choice(np.arange(2005, 2025), size, replace=False).tolist()
        values = [odd[i] for i in rng.integers(0, len(odd), size)]
        found = judge(
            years, values, target=[None, 0, 100, -5, (40, 60), 1e300][int(rng.integers(6))],
            target_year=[None, 2015, 2030][int(rng.integers(3))],
            direction=("positive", "inverse")[int(rng.integers(2))],
            rule=rule, hold=bool(rng.integers(2)), baseline_year=[None, 2010, 2023][int(rng.integers(3))],
        )  # fmt: skip
        assert found.status in RULEBOOKS[rule].words
        assert found.reason and "nan" not in found.reason and "None" not in found.reason
        assert isinstance(found.value, float)

"""The rulebooks, each by figures worked out by hand, at its cuts and where it cannot say."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from xk.arithmetic.rulebooks import RULEBOOKS, Case, Verdict, judge, say
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


def test_opensdg_takes_almost_zero_for_zero_and_flips_negative_values() -> None:
    # base 0.001, latest 0.032 -> fivefold doubling in 5 years: 100 % a year; target 0.001 * 2^15: 100 % a
    # year
    found = judge([2015, 2020], [0, 0.032], target=32.768, target_year=2030, rule="opensdg")
    assert found.value == pytest.approx(1.0)
    # -8 -> -4 in one year halves the size: -50 %, which for more-is-better is progress
    assert judge([2015, 2016], [-8, -4], rule="opensdg").value == pytest.approx(0.5)
    assert ask([-1.0, 1.0], "opensdg").reason.startswith("baseline and latest value differ in sign")


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
     ([6, 2, 1, 2], "cloud"), ([4, 3, 2, 1], "thunderstorm")],
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


def test_un2023_near_the_end_of_a_share() -> None:
    assert ask([99.2, 99.1], "un2023", target=100, per_cent=True).status == "met_or_on_track"
    assert ask([99.2, 99.1], "un2023", target=100).status == "stagnation_or_regression"


def test_un2023_baseline_may_lie_before_the_year_asked_for() -> None:
    found = judge([2013, 2016], [10, 13.31], target=80, target_year=2030, rule="un2023", baseline_year=2015)
    assert found.status == "fair_progress"


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
    assert ask([90, 85], "sdsn").status == "on_track"
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
        ({"rule": "opensgd"}, "did you mean 'opensdg'"),
        ({"direction": "positiv"}, "did you mean 'positive'"),
        ({"direction": None}, "direction is missing"),
        ({"direction": "interval"}, "needs the target as a pair"),
        ({"target": (3, 1)}, "wrong order: 3 is above 1"),
        ({"target": (1, math.nan)}, "pair of finite numbers"),
        ({"target": (1, 2, 3)}, "pair of finite numbers"),
        ({"target": math.inf}, "finite number"),
        ({"target_year": 2020.5}, "target_year must be a whole year"),
        ({"base_year": 2015}, "did you mean 'baseline_year'"),
    ],
)
def test_arguments_that_cannot_be(asked: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("(", r"\(")):
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

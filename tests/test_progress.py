"""Attainment, progress, planned path and rates by hand, with exact hits, zeros and gaps."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from xk.arithmetic.planned_path import plan_status, planned_kinds, planned_path
from xk.arithmetic.target import (
    Rates,
    Target,
    attainment,
    cap,
    meets,
    observed_rate,
    progress,
    required_rate,
    scale_of,
    score,
    shortfall,
    stretch,
    year_reached,
)
from xk.errors import UsageError

NAN = math.nan
MORE = Target("positive", 80.0, year=2020)
LESS = Target("inverse", 50.0, year=2020)
BAND = Target("interval", low=40.0, high=60.0, limit_low=20.0, limit_high=100.0, year=2020)
HELD = Target("positive", 95.0, year=2020, hold_from=2017, hold_to=2020)
NONE = Target("inverse")


@pytest.mark.parametrize(
    ("target", "values", "scores"),
    [
        (MORE, [40, 80, 100, 0, NAN], [50, 100, 125, 0, NAN]),
        (LESS, [100, 50, 25, 0, -1, NAN], [50, 100, 200, math.inf, math.inf, NAN]),
        # the wider side is 40: 10 below the band is a quarter of it, 10 above as well
        (BAND, [30, 40, 50, 60, 70, 0, 110, NAN], [75, 100, 100, 100, 75, 0, 0, NAN]),
        (NONE, [5], [NAN]),
    ],
)
def test_score_by_hand(target: Target, values: list[float], scores: list[float]) -> None:
    assert score(values, target).tolist() == pytest.approx(scores, nan_ok=True)


def test_scores_of_small_targets_and_of_none_left() -> None:
    assert score([0.25], Target("positive", 0.5)).tolist() == [50]
    assert score([0.5], Target("inverse", 0.25)).tolist() == [50]
    # nothing was asked for, and nothing is there; without a target there is no score, of nothing either
    assert score([0.0], Target("inverse", 0.0)).tolist() == [math.inf]
    assert np.isnan(score([0.0, -1.0], NONE)).all()


def test_a_figure_that_is_missing_may_be_none() -> None:
    given = [80, None]
    for found in (score(given, MORE), cap(given)):  # type: ignore[arg-type]
        assert np.isnan(found).tolist() == [False, True]
    assert meets(given, MORE).tolist() == meets(given, [MORE, LESS]).tolist() == [True, False]  # type: ignore[call-overload]


def test_the_cap_is_a_step_of_its_own() -> None:
    assert cap([125, math.inf, -5, 60, NAN]).tolist() == pytest.approx([100, 100, 0, 60, NAN], nan_ok=True)


def test_interval_without_width_is_met_or_not() -> None:
    point = Target("interval", low=5, high=5, limit_low=5, limit_high=5)
    assert score([5, 5.1, NAN], point).tolist() == pytest.approx([100, 0, NAN], nan_ok=True)


def test_attainment_for_users() -> None:
    assert attainment([40, 100], target=80).tolist() == [50, 100]
    assert attainment(100, target=50, direction="inverse") == 50
    assert attainment([30], target_low=40, target_high=60, limit_low=20, limit_high=100).tolist() == [75]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "^attainment needs a target"),
        ({"target": 0}, "must be above 0"),
        ({"target": 5, "direction": "up"}, "unknown direction"),
        ({"target_low": 5, "target_high": 3, "limit_low": 0, "limit_high": 9}, "limit_low <= target_low"),
        ({"target_low": 1, "target_high": 3}, "limit_low <= target_low"),
        ({"target_lo": 1}, "did you mean 'target_low'"),
    ],
)
def test_targets_that_cannot_be(asked: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        attainment([1.0], **asked)
    for given, end in ((["a"], 5), ([1.0], "5"), ([1.0], math.inf), ([1.0], True)):
        with pytest.raises(UsageError, match="must be numbers|target must be a finite number"):
            attainment(given, target=end)  # type: ignore[arg-type]


def test_the_ends_of_an_interval_are_checked_like_a_target() -> None:
    band = {"target_low": 40, "target_high": 60, "limit_low": 20, "limit_high": 100}
    assert attainment([30], direction="interval", **band) == attainment([30], **band) == [75]  # type: ignore[arg-type]
    for end in band:
        with pytest.raises(UsageError, match=f"{end} must be a finite number, not 'x'"):
            attainment([30], **(band | {end: "x"}))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="unknown argument 'target_mid'"):
        attainment([30], target_mid=50)  # type: ignore[call-arg]


def test_years_of_a_target() -> None:
    with pytest.raises(UsageError, match="hold_from 2021 lies after the year 2020"):
        Target("positive", 5.0, year=2020, hold_from=2021)
    assert Target("positive", 5.0, year=2020, hold_from=2020, hold_to=2020).held_years() == range(2020, 2021)
    assert HELD.held_years() == range(2017, 2021)
    assert not Target("positive", 5.0, hold_from=2017).held_years() and not MORE.held_years()
    assert not Target("positive", 5.0, hold_to=2017).held_years()
    for wrong in ((50.0, 40.0, 60.0, 70.0), (10.0, 40.0, 30.0, 70.0), (10.0, 20.0, 80.0, 70.0)):
        limit_low, low, high, limit_high = wrong
        with pytest.raises(UsageError, match="interval needs limit_low <= target_low"):
            Target("interval", low=low, high=high, limit_low=limit_low, limit_high=limit_high)


def test_an_exact_hit_meets() -> None:
    assert meets([80, 79.999, 0.1 + 0.7 + 79.2, NAN], MORE).tolist() == [True, False, True, False]
    assert meets([50, 50.1, NAN], LESS).tolist() == [True, False, False]
    assert meets([40, 60, 39.9, 60.1], BAND).tolist() == [True, True, False, False]
    # what rounding may have moved ends at doubles, which are in
    ends = list(BAND.accepted)
    assert [meets(end, BAND) for end in ends] == meets(ends, BAND).tolist() == meets(ends, [BAND] * 2).tolist()
    assert meets(ends, BAND).all()


def test_one_value_or_a_target_for_each_row_meets_alike() -> None:
    assert meets(0.1 + 0.2, Target("inverse", 0.3)) is True
    assert meets(NAN, MORE) is False and meets(80.0, NONE) is False
    values = [[80.0, NAN, 79.0], [50.0, 51.0, -math.inf], [39.0, 60.0, 61.0], [1.0, 2.0, 3.0]]
    assert meets(values, [MORE, LESS, BAND, NONE]).tolist() == [
        meets(row, target).tolist() for row, target in zip(values, [MORE, LESS, BAND, NONE], strict=True)
    ]
    assert meets([80.0, 50.1], [MORE, LESS]).tolist() == [True, False]


@pytest.mark.parametrize(
    ("value", "target", "short"),
    [(70, MORE, 10), (80, MORE, 0), (60, LESS, 10), (40, LESS, 0), (35, BAND, 5), (63, BAND, 3), (50, BAND, 0)],
)
def test_shortfall(value: float, target: Target, short: float) -> None:
    assert shortfall(value, target) == short


@pytest.mark.parametrize(
    ("value", "baseline", "target", "share"),
    [(50, 40, MORE, 25), (80, 40, MORE, 100), (30, 40, MORE, -25), (75, 100, LESS, 50), (90, 85, MORE, NAN),
     (50, NAN, MORE, NAN), (50, 30, BAND, NAN), (50, 30, replace(BAND, value=60.0), NAN), (50, 40, NONE, NAN)],
)  # fmt: skip
def test_progress_since_the_baseline(value: float, baseline: float, target: Target, share: float) -> None:
    assert progress(value, baseline, target) == pytest.approx(share, nan_ok=True)


def test_scale_of_an_indicator() -> None:
    assert [scale_of("%", 100.0), scale_of("%", NAN), scale_of("元", NAN)] == ["share", "rate", "level"]


YEARS = [2015, 2016, 2017, 2018, 2019, 2020, 2021]


def test_planned_share_is_a_straight_line() -> None:
    found = planned_path(YEARS, (2016, 40.0), MORE, scale="share")
    assert found.tolist() == pytest.approx([NAN, 40, 50, 60, 70, 80, 80], nan_ok=True)


def test_planned_level_grows_evenly() -> None:
    # 5 -> 80 in four years: twice as much each year
    found = planned_path(YEARS, (2016, 5.0), MORE, scale="level")
    assert found.tolist() == pytest.approx([NAN, 5, 10, 20, 40, 80, 80], nan_ok=True)
    # from 0 nothing grows: a straight line
    assert planned_path([2018], (2016, 0.0), MORE, scale="level").tolist() == [40]


def test_planned_path_of_what_is_held() -> None:
    assert planned_path(YEARS, (2016, 94.66), HELD, scale="share").tolist() == pytest.approx(
        [NAN, 94.66, 95, 95, 95, 95, 95], nan_ok=True
    )
    assert planned_path([2016, 2017], None, HELD, scale="share").tolist() == pytest.approx([NAN, 95], nan_ok=True)


def test_planned_path_ends_at_its_own_deadline() -> None:
    early = Target("positive", 100.0, year=2018)
    assert planned_path(YEARS, (2016, 50.0), early, scale="share").tolist()[1:] == [50, 75, 100, 100, 100, 100]


@pytest.mark.parametrize("target", [NONE, BAND])
def test_no_path_without_a_single_target(target: Target) -> None:
    assert np.isnan(planned_path(YEARS, (2016, 40.0), target, scale="share")).all()


def test_official_schedule_leads_and_what_lies_between_is_derived() -> None:
    official = {2017: 44.0, 2019: 72.0}
    found = planned_path(YEARS, (2016, 40.0), MORE, scale="share", official=official)
    assert found.tolist() == pytest.approx([NAN, 40, 44, 58, 72, 80, 80], nan_ok=True)
    kinds = planned_kinds(YEARS, found, official)
    assert kinds.tolist() == [None, "derived", "official", "derived", "official", "derived", "derived"]


def test_official_schedule_serves_without_baseline_and_over_held_years() -> None:
    assert planned_path(
        [2016, 2018, 2019, 2020], None, MORE, scale="share", official={2018: 60.0}
    ).tolist() == pytest.approx([NAN, 60, 70, 80], nan_ok=True)
    assert planned_path([2017, 2018], (2016, 94.0), HELD, scale="share", official={2018: 96.0}).tolist() == [95, 96]
    assert planned_path([2018], None, BAND, scale="share", official={2018: 45.0}).tolist() == [45]


@pytest.mark.parametrize(
    ("value", "planned", "target", "status"),
    [(50.0, 49.0, MORE, "ahead"), (50.0, 50.0, MORE, "on_plan"), (0.1 + 0.2, 0.3, MORE, "on_plan"),
     (49.0, 50.0, MORE, "behind"),
     (49.0, 50.0, LESS, "ahead"), (51.0, 50.0, LESS, "behind"),
     (NAN, 50.0, MORE, "no_plan"), (50.0, NAN, MORE, "no_plan")],
)  # fmt: skip
def test_status_against_the_path(value: float, planned: float, target: Target, status: str) -> None:
    assert plan_status(value, planned, target) == status


def test_required_rate_by_hand() -> None:
    found = required_rate(2018, 20.0, MORE)  # 60 more, fourfold, in two years
    assert (found.change, found.growth, found.years) == (30, pytest.approx(100), 2)
    falling = required_rate(2018, 200.0, LESS)
    assert (falling.change, falling.growth) == (-75, pytest.approx(-50))
    # 0.6 more, fourfold as well
    assert required_rate(2018, 0.2, replace(MORE, value=0.8)) == Rates(pytest.approx(0.3), pytest.approx(100), 2)


def test_required_rate_where_nothing_is_required_or_can_be() -> None:
    assert required_rate(2018, 80.0, MORE) == Rates(0.0, 0.0, 2)
    assert required_rate(2021, 80.0, MORE) == Rates(0.0, 0.0, 0)
    # nothing grows to 0
    fall = required_rate(2018, 10.0, Target("inverse", 0.0, year=2020))
    assert (fall.change, fall.years) == (-5, 2) and math.isnan(fall.growth)
    assert required_rate(2018, 70.0, Target("positive", 80.0)).years == 0
    assert math.isnan(required_rate(2020, 70.0, MORE).change)
    assert math.isnan(required_rate(2018, 70.0, NONE).change)
    assert math.isnan(required_rate(2018, NAN, MORE).change)
    assert math.isnan(required_rate(2018, 0.0, MORE).growth)


def test_required_rate_of_what_is_held_looks_at_the_next_held_year() -> None:
    found = required_rate(2016, 94.66, HELD)
    assert (found.change, found.years) == (pytest.approx(0.34), 1)
    # 2017 is held or not: what can still be done is for 2018
    assert (required_rate(2017, 94.0, HELD).change, required_rate(2017, 94.0, HELD).years) == (1, 1)


def test_required_rate_of_a_band_leads_to_its_nearer_end() -> None:
    assert required_rate(2018, 30.0, BAND).change == 5
    assert required_rate(2018, 66.0, BAND).change == -3
    assert (required_rate(2018, 30.0, BAND).years, required_rate(2018, 50.0, BAND)) == (2, Rates(0.0, 0.0, 2))


def test_observed_rate_looks_back_five_years() -> None:
    years = [2008, 2011, 2014, 2016]
    found = observed_rate(years, [1, 10, 12, 20])
    assert (found.change, found.growth, found.years) == (2, pytest.approx(100 * (2**0.2 - 1)), 5)
    assert math.isnan(observed_rate([2016], [20]).change)
    assert observed_rate([2000, 2016], [4, 20]).years == 0
    assert observed_rate([2015, 2016], [4, 6]) == Rates(2.0, pytest.approx(50.0), 1)
    assert observed_rate([2011, 2012, 2013], [1, 2, NAN]).years == 0


def test_year_reached() -> None:
    assert year_reached([2018, 2019, 2020], [79, 80, 81], MORE) == 2019
    assert year_reached([2018, 2019], [70, 75], MORE) is None
    assert year_reached([2018], [70], NONE) is None


def test_stretch_target_differs_in_its_value_alone() -> None:
    assert stretch(LESS, 30.0) == Target("inverse", 30.0, year=2020)

"""Intervals and odds: measures on paper, order of levels, bounds, coverage on simulated series, odds that come true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_up import noisy

from xk.arithmetic.projection import METHODS, Projection, probability, project_arrays
from xk.arithmetic.projection.arrays import path_panel
from xk.arithmetic.projection.distribution import Distribution
from xk.arithmetic.projection.intervals import common_sign, mean_miss, past_misses, roughness, yearly_steps
from xk.arithmetic.projection.normal import normal_odds, normal_positions, normal_quantile
from xk.arithmetic.target import Target
from xk.errors import UsageError

NAN = np.nan
YEARS = np.arange(2005, 2017)


def ahead(values, years=4, **asked):
    values = np.atleast_2d(np.asarray(values, dtype=float))
    return project_arrays(np.arange(2017 - values.shape[1], 2017), values, to=2016 + years, **asked)


def known(centre, half, *, tail=0.0, lower=-np.inf, upper=np.inf, last=0.0):
    """A projection with a given distribution in each year ahead, from a last value in 2016."""
    base = ahead([last - 2.0, last - 1.5, last - 0.5, last], len(centre))
    path, side = np.array([centre], dtype=float), np.array([half], dtype=float)
    spread = Distribution(
        path, side, side, np.array([tail]), np.array([lower]), np.array([upper]), np.zeros((1, len(centre)))
    )
    return replace(base, path=path, distribution=spread, levels=(80.0,))


def test_yearly_steps_on_paper():
    # changes 2, 2, 5: mean 3, drift 3; deviations -1, -1, 2: root of 6 over 2
    mean, rough = yearly_steps(np.array([[1.0, 3, 5, 10]]))
    assert (mean[0], rough[0]) == pytest.approx((3, np.sqrt(3)))


def test_a_gap_counts_as_the_root_of_its_years():
    # 0, _, _, _, 8, 9: 8 in four years and 1 in one: (8/2 + 1)/2; drift 9/5: (8 - 7.2)^2/4 + (1 - 1.8)^2
    mean, rough = yearly_steps(np.array([[0.0, NAN, NAN, NAN, 8, 9]]))
    assert (mean[0], rough[0]) == pytest.approx((2.5, np.sqrt(0.8**2 / 4 + 0.8**2)))


def test_roughness_on_paper():
    # 1, 2, 8: changes 1, 6 less 3.5: root of 12.5 = 3.54; rates log 2, log 4 less their mean: root of log(2)^2 / 2,
    # times the last value 8: 3.92. Of 8, 2, 1: the same 3.54, but rates times 1: 0.49
    rates = np.log(2) / np.sqrt(2)
    rows = np.array([[1.0, 2, 8], [8, 2, 1], [-8, -2, -1]])
    assert roughness(rows) == pytest.approx([np.sqrt(12.5), rates, rates])
    # no rates where the sign changes
    assert roughness(np.array([[-1.0, 0, 6]])) == pytest.approx([np.sqrt(12.5)])
    # a straight line and a constant rate are smooth
    assert roughness(np.array([[1.0, 2, 3], [1, 2, 4]])) == pytest.approx([0, 0], abs=1e-7)


def test_mean_miss_is_shrunk_by_one_error():
    misses, expected = np.array([[2.0, -4.0, NAN], [NAN, NAN, NAN]]), np.array([1.0, 0.5])
    assert mean_miss(misses, expected) == pytest.approx([7 / 3, 0.5])


def test_common_sign():
    assert common_sign(np.array([[1.0, NAN, 2], [-1, -2, NAN], [-1, 0, 1], [0, 1, 2]])).tolist() == [1, -1, 0, 0]


def test_past_misses_of_a_method_on_paper():
    # no change: 1, 2, 4, 8, 16: the last errors are 8, 4; before them fewer than three points
    misses = past_misses(np.array([[1.0, 2, 4, 8, 16]]), "constant")
    np.testing.assert_array_equal(misses[0], [8, 4, NAN, NAN, NAN, NAN])


def test_normal_table():
    assert normal_odds(np.array([0.0, 1.959964, -1.281552])) == pytest.approx([0.5, 0.975, 0.1], abs=1e-6)
    assert normal_positions(np.array([0.5, 0.975])) == pytest.approx([0, 1.959964], abs=1e-5)
    assert normal_quantile(0.9) == pytest.approx(1.281552, abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_levels_lie_within_each_other_and_about_the_path(method):
    found = ahead(noisy(), 8, method=method)
    ends = [found.interval(level) for level in (10, 50, 80, 95, 99.9)]
    for (low, high), (lower, higher) in zip(ends, ends[1:], strict=False):
        assert (lower < low).all() and (high < higher).all()
    assert (ends[0][0] <= found.path).all() and (found.path <= ends[0][1]).all()


def test_intervals_widen_with_the_years_ahead():
    low, high = ahead(noisy(100), 12).interval(80)
    assert (np.diff(high - low, axis=1) > 0).all()


def test_rougher_series_get_wider_intervals():
    calm, rough = 100 + np.arange(12.0), noisy(1)[0]
    low, high = ahead([calm, rough]).interval(80)
    assert (high - low)[1].min() > 3 * (high - low)[0].max()


def test_fewer_points_get_wider_intervals():
    rows = noisy(200)
    wide = [np.median(np.diff(ahead(rows[:, -n:]).interval(80), axis=0)[0][:, 0]) for n in (4, 6, 12)]
    assert wide[0] > wide[1] > wide[2]


def test_a_few_points_on_a_straight_line_do_not_dive():
    # incomes 100 to 130 in four years: two years on, the 80 % interval stays above today's value, the 95 % interval
    # above that of the year before (of 700 such cases 80.5 and 94.7 % came to lie inside)
    found = ahead([100.0, 110, 120.5, 130], 2)
    low, high = found.interval(80)
    assert low[0, -1] > 130 and high[0, -1] < 160
    low, high = found.interval(95)
    assert low[0, -1] > 120.5 and high[0, -1] < 180


def test_the_rougher_the_lighter_the_tails():
    calm, rough = 100 + np.arange(12.0) ** 1.5, noisy(1)[0]
    found = ahead([calm, rough])
    share = [(np.diff(found.interval(level), axis=0)[0]).mean(axis=1) for level in (80, 95)]
    assert share[1][0] / share[0][0] > share[1][1] / share[0][1] > 1.53


def test_positive_series_lean_upwards_and_negative_ones_downwards():
    rows = np.array([[10.0, 14, 9, 16, 11, 17, 12, 19]])
    for values, sign in ((rows, 1), (-rows, -1)):
        found = ahead(values)
        low, high = found.interval(80)
        assert (sign * ((high - found.path) - (found.path - low)) > 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_bounds_hold_path_and_intervals(method):
    rows = np.array([[60.0, 70, 78, 85, 91, 96, 98, 99.5], [9.0, 7, 6, 4, 3, 2, 1, 0.2]])
    found = ahead(rows, 10, method=method, bounds=(0, 100))
    for values in (found.path, *found.interval(80), *found.interval(99)):
        assert values.min() >= 0 and values.max() <= 100


def test_bounds_of_each_series_are_its_own():
    rows = np.tile([60.0, 70, 78, 85, 91, 96], (2, 1))
    found = ahead(rows, 5, method="drift", bounds=(np.array([NAN, NAN]), np.array([100.0, NAN])))
    assert found.path[0, -1] == 100
    assert found.path[1, -1] == pytest.approx(96 + 5 * 7.2)


def test_intervals_scale_with_the_unit():
    rows = noisy(5)
    low, high = ahead(rows).interval(95)
    for factor in (1e-290, 0.01, 1e200):
        scaled = ahead(rows * factor).interval(95)
        assert scaled[0] == pytest.approx(low * factor, rel=1e-6)
        assert scaled[1] == pytest.approx(high * factor, rel=1e-6)


@pytest.mark.parametrize("length", [7, 10, 16])
def test_intervals_cover_what_they_say_on_simulated_series(length):
    """Walks with drift, walks of changing drift and noisy trends, a third each; constants were fitted to none."""
    rng = np.random.default_rng(length)
    count, total = 700, length + 4
    shocks = rng.normal(0, 1, (3, count, total))
    walks = np.cumsum(1 + shocks[0], axis=1)
    wandering = np.cumsum(0.5 * np.cumsum(0.5 * shocks[1], axis=1) + rng.normal(0, 1, (count, total)), axis=1)
    trends = 0.7 * np.arange(total) + shocks[2]
    rows = 200 + np.concatenate([walks, wandering, trends])
    found = ahead(rows[:, :length])
    for level, low, high in ((80, 0.76, 0.9), (95, 0.92, 0.99)):
        ends = found.interval(level)
        inside = ((rows[:, length:] >= ends[0]) & (rows[:, length:] <= ends[1])).mean()
        assert low < inside < high


def odds(found: Projection, value, *, direction: str = "positive", **when: int) -> np.ndarray:
    """Odds of one target for all series, or of one for each."""
    if direction == "interval":
        low, high = value
        return probability(found, Target(direction, low=low, high=high, limit_low=low, limit_high=high, **when))
    values = np.broadcast_to(value, len(found.path)).tolist()
    return probability(found, [Target(direction, one, **when) for one in values])


def test_probability_on_paper():
    # normal with mean 10 and standard deviation 2: 12 is one deviation off
    found = known([9, 10], [1, 2])
    assert odds(found, 12, year=2018)[0] == pytest.approx(0.158655, abs=1e-5)
    assert odds(found, 12, year=2018, direction="inverse")[0] == pytest.approx(0.841345, abs=1e-5)
    assert odds(found, (8, 12), year=2018, direction="interval")[0] == pytest.approx(0.682689, abs=1e-5)
    assert odds(found, 9, year=2017)[0] == pytest.approx(0.5, abs=1e-6)
    assert np.isnan(odds(found, 9, year=2019)[0])


def test_probability_at_the_bounds():
    found = known([95, 99], [3, 3], upper=100.0, lower=0.0)
    assert odds(found, 0, year=2018)[0] == 1
    assert odds(found, 100, year=2018, direction="inverse")[0] == 1
    assert odds(found, 101, year=2018)[0] == 0
    # to be at the bound: whatever would lie beyond lies on it
    assert odds(found, 100, year=2018)[0] == pytest.approx(1 - 0.6305587, abs=1e-5)


def test_probability_of_observed_years_is_what_happened():
    found = known([1, 2], [1, 1], last=5.0)
    assert odds(found, 5, year=2016)[0] == 1
    assert odds(found, 5.1, year=2016)[0] == 0
    # held in 2015 and 2016 or not: what remains of a target to be held is 2017
    assert odds(found, 1, year=2017, hold_from=2015)[0] == odds(found, 1, year=2017)[0]
    assert np.isnan(odds(found, 5, year=2000)[0])


def test_holding_is_harder_than_meeting():
    found = ahead(noisy(30), 4)
    target = found.path[:, -1]
    once = odds(found, target, year=2020)
    held = odds(found, target, year=2020, hold_from=2017)
    assert (held <= once + 0.02).all()
    one_year = odds(found, target, year=2020, hold_from=2020)
    assert one_year == pytest.approx(once)


def test_holding_two_years_on_paper():
    # both years half likely, positions correlated by (1/2) ** 0.3: 1/4 + arcsin(rho) / (2 pi)
    found = known([10, 10], [1, 1])
    expected = 0.25 + np.arcsin(0.5**0.3) / (2 * np.pi)
    assert odds(found, 10, year=2018, hold_from=2017)[0] == pytest.approx(expected, abs=0.02)


def test_probability_falls_as_the_target_rises():
    found = ahead(noisy(10))
    fallen = [odds(found, target, year=2020) for target in (80, 100, 110, 120, 150)]
    assert (np.diff(fallen, axis=0) <= 0).all()
    assert np.isnan(odds(found, np.full(10, NAN), year=2020)).all()


def test_series_that_never_changed():
    # eight equal values, four years ahead: unchanged with 8/12, else up or down: 1 - (4/12)/2 at least as large
    found = ahead(np.full((1, 8), 100.0))
    assert odds(found, 100, year=2020)[0] == pytest.approx(5 / 6, abs=1e-4)
    assert odds(found, 100, year=2020, direction="inverse")[0] == pytest.approx(5 / 6, abs=1e-4)
    assert odds(found, (100, 100), year=2020, direction="interval")[0] == pytest.approx(8 / 12, abs=1e-4)
    # beyond today's value less than the sixth that lies there; the interval has width and says the same
    assert 0.02 < odds(found, 101, year=2020)[0] < 1 / 6
    for level in (80, 95, 99):
        low, high = (end[0, -1] for end in found.interval(level))
        assert low < 100 < high
        assert odds(found, high, year=2020)[0] == pytest.approx((1 - level / 100) / 2, abs=1e-4)
    # a share at its bound can only leave it
    share = ahead(np.full((1, 8), 100.0), bounds=(0, 100))
    assert odds(share, 100, year=2020)[0] == pytest.approx(5 / 6, abs=1e-4)
    low, high = share.interval(80)
    assert (low[0] < 100).all() and (high[0] == 100).all()


def test_what_has_never_been_negative_is_not_projected_below_zero():
    rows = np.array([[60.0, 50, 41, 30, 22, 10], [-60, -50, -41, -30, -22, -10], [5, 3, 1, -1, -2, -4]])
    found = ahead(rows, 6)
    low, high = found.interval(95)
    assert low[0].min() == 0 and found.path[0].min() >= 0
    assert high[1].max() == 0 and found.path[1].max() <= 0
    assert low[2].min() < 0
    panel = found.panel
    np.testing.assert_array_equal(path_panel(panel, to=2022), found.path)
    # where it can be, one says so
    assert ahead(rows, 6, bounds=(-1e3, 1e3)).interval(95)[0][0].min() < 0


def test_no_interval_no_odds():
    found = ahead([[NAN, NAN, 3.0, 4.0]])
    assert np.isnan(odds(found, 5, year=2018)[0])
    assert np.isnan(odds(found, 5, year=2018, hold_from=2017)[0])


def test_each_series_may_have_a_target_and_a_year_of_its_own():
    found = ahead(noisy(4), 6)
    targets = [Target("positive", 100.0, year=2019), Target("inverse", 110.0, year=2020, hold_from=2018, hold_to=2020),
               Target("positive", year=2020), Target("positive", 100.0)]  # fmt: skip
    together = probability(found, targets)
    for place, target in enumerate(targets[:2]):
        assert together[place] == probability(found, target)[place]
    assert np.isnan(together[2:]).all()


def test_no_year_before_the_first_to_be_held():
    with pytest.raises(UsageError, match="hold_from 2019 lies after the year 2018"):
        Target("positive", 5.0, year=2018, hold_from=2019)

"""The combination: its rules against plain loops, its weights on paper, gaps, and no look into the future."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_up import noisy

from xk.arithmetic.projection import explain, outlook, project_arrays
from xk.arithmetic.projection.auto import MEMORY, Values, backtest_rules, by_family, combine, fill_gaps, weigh
from xk.arithmetic.projection.fitted import read_rule_weights
from xk.arithmetic.projection.lines import constant, drift, linear
from xk.arithmetic.projection.looks import LOOKS, looks_of
from xk.arithmetic.projection.panel import Scaling, build_panel, from_unit, scale_panel, to_unit
from xk.arithmetic.projection.rules import (
    FAMILIES,
    FAMILY,
    LINEAR,
    RULES,
    linear_rules,
    logarithmic_rules,
    recent_change,
    smoothed_level,
    steady_drift,
    straight_line,
    trend_smoothing,
)

NAN = np.nan


def auto(values, ahead=3):
    values = np.atleast_2d(np.asarray(values, dtype=float))
    return project_arrays(np.arange(2017 - values.shape[1], 2017), values, to=2016 + ahead)


def test_change_of_the_last_years_on_paper():
    # 1, 2, 4, 8 over two years: (8 - 2)/2 = 3, damped by a half: 3 * 0.5, 3 * 0.75
    values = np.array([1.0, 2, 4, 8])
    assert values @ recent_change(4, 2, years=2, damping=0.5) == pytest.approx([9.5, 10.25])
    assert values @ recent_change(4, 2, years=99, damping=1.0) == pytest.approx([8 + 7 / 3, 8 + 14 / 3])
    assert values @ recent_change(4, 2, years=1, damping=0.0) == pytest.approx([8, 8])


def holt(values, alpha, beta, damping, start):
    """Run the damped trend as a plain loop; level, trend and squared errors."""
    level, trend = start
    least = 0.0
    for value in values:
        ahead = level + damping * trend
        least += (value - ahead) ** 2
        level, trend = ahead + alpha * (value - ahead), damping * trend + alpha * beta * (value - ahead)
    return level, trend, least


def test_trend_smoothing_is_the_best_start_of_a_plain_loop():
    from scipy.optimize import minimize

    values = noisy(1)[0]
    best = minimize(lambda start: holt(values, 0.5, 0.6, 0.85, start)[2], [values[0], 1.0], tol=1e-12)
    level, trend, _ = holt(values, 0.5, 0.6, 0.85, best.x)
    expected = [level + 0.85 * trend, level + (0.85 + 0.85**2) * trend]
    found = values @ trend_smoothing(12, 2, alpha=0.5, beta=0.6, damping=0.85)
    assert found == pytest.approx(expected, rel=1e-5)


def test_smoothed_level_is_that_of_statsmodels():
    from scipy.stats import linregress
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing

    values = noisy(1)[0]
    fit = SimpleExpSmoothing(values, initialization_method="estimated").fit(smoothing_level=0.3)
    assert values @ smoothed_level(12, 1, alpha=0.3, share=0.0) == pytest.approx(fit.forecast(1), rel=1e-6)
    slope = linregress(np.arange(12), values).slope
    with_line = values @ smoothed_level(12, 3, alpha=0.3, share=1.0)
    assert with_line == pytest.approx(fit.forecast(3) + slope * np.arange(1, 4), rel=1e-6)


@pytest.mark.parametrize("length", [3, 4, 12, 30])
def test_every_rule_moves_with_level_and_unit(length):
    # weights that add up to 1 carry a shift through
    for rules in (linear_rules(length, 4), logarithmic_rules(length, 4)):
        assert rules.shape[0] == length
        assert rules.sum(axis=0) == pytest.approx(np.ones(rules.shape[1]), abs=1e-6)


def test_rules_continue_a_line():
    values = 2.0 * np.arange(12)
    damped_or_flat = {"constant", "level"}
    straight = (values @ linear_rules(12, 1)).reshape(len(LINEAR), 1)[:, 0]
    exact = [abs(value - 24) < 1e-6 for value in straight]
    families = {FAMILIES[FAMILY[place]] for place, good in enumerate(exact) if good}
    assert {"recent", "drift", "holt"} <= families
    assert not families & damped_or_flat


def test_gaps_are_filled_on_the_straight_line():
    grid = np.array([[NAN, 1.0, NAN, NAN, 4.0], [2.0, NAN, 6.0, 7.0, 9.0]])
    expected = np.array([[NAN, 1, 2, 3, 4], [2, 4, 6, 7, 9]])
    np.testing.assert_allclose(fill_gaps(grid), expected)
    assert np.isnan(grid[0, 2])


def test_weights_on_paper():
    # looks that say nothing: weights fall with the power of the error that was learned
    own = np.ones((1, len(RULES)))
    own[0, 0] = 2.0
    weights = weigh(own, np.zeros((1, len(LOOKS))))[0]
    sharpness = read_rule_weights()[1]
    assert weights[1] / weights[0] == pytest.approx(2**sharpness)
    assert weights.sum() == pytest.approx(1)
    # one look: each rule by what it was learned to be worth there
    only = np.eye(len(LOOKS))[[LOOKS.index("straight")]]
    fitted = read_rule_weights()[0][LOOKS.index("straight")]
    assert np.log(weigh(np.ones_like(own), only)[0] @ np.exp(-fitted)) == pytest.approx(
        np.log(len(RULES) / np.exp(fitted).sum())
    )


def test_what_was_learned_is_there_for_each_rule():
    fitted, sharpness = read_rule_weights()
    assert fitted.shape == (len(LOOKS), len(RULES))
    assert sharpness > 0


def look(values, error=NAN):
    values = np.array([values])
    found = looks_of(values - values[:, -1:], np.array([values.shape[1]]), rated=np.array([True]),
                     level=values[:, -1], error=np.array([error]))  # fmt: skip
    return dict(zip(LOOKS, found[0], strict=True))


def test_looks_on_paper():
    # changes 2, 2, 5: mean size and drift 3; as shares 2/3, 2/3, 5/3, less their mean -1/3, -1/3, 2/3
    found = look([1.0, 3, 5, 10])
    assert found["length"] == pytest.approx(np.log(4 / 12))
    assert found["straight"] == 1
    assert found["rough"] == pytest.approx(np.tanh(np.log(np.sqrt(6 / 9 / 2) + 0.05)))
    assert found["autocorrelation"] == pytest.approx(2 * (1 / 9 - 2 / 9) / (6 / 9 + 0.5))
    assert found["last"] == pytest.approx(np.tanh(1 / 3))
    assert found["last size"] == pytest.approx(np.tanh(2 / 3))
    assert found["last three"] == pytest.approx(0)
    assert found["error"] == found["rough"]
    assert look([1.0, 3, 5, 10], error=6.0)["error"] == pytest.approx(np.tanh(np.log(2.05)))
    assert (found["place"], found["away"], found["rated"], found["one"]) == (1, 1, 0.5, 1)
    assert found["change"] == pytest.approx(np.tanh((np.log(0.303) + 3) / 2))


def test_a_series_turned_upside_down_or_in_another_unit_looks_the_same():
    values = [1.0, 3, 2, 5, 4]
    for factor in (-1.0, 1e6, 1e-6):
        assert look([factor * value for value in values]) == pytest.approx(look(values))
    falling = look(values[::-1])
    assert (falling["away"], falling["place"]) == (-1, 1)


def test_line_of_all_years_is_least_squares():
    values = noisy(1)[0]
    assert values @ straight_line(12, 3) == pytest.approx(linear(values[None], 3)[0])


def test_errors_of_the_rules_are_those_of_projections_made_in_the_past():
    values = noisy(1)
    found = combine(values, 3)
    # one year ahead of the last origin, by hand: all rules from eleven years, with the weights of today
    scaled, scaling = scale_panel(values)
    logs = np.log(values) - np.log(values[:, -1:])
    first, steady = (scaled[:, :11] @ linear_rules(11, 1)).ravel(), steady_drift(scaled[:, :11], 1).ravel()
    rates = [(logs[:, :11] @ logarithmic_rules(11, 1)).ravel(), steady_drift(logs[:, :11], 1).ravel()]
    rates = np.expm1(np.concatenate(rates)) * values[0, -1] / scaling.width / scaling.size
    errors = (scaled[0, 11] - np.concatenate([first, rates[:-1], steady, rates[-1:]])) * scaling.width * scaling.size
    one = by_family(np.eye(len(FAMILY)))
    assert errors.shape == FAMILY.shape
    # the miss is the mean of the errors with today's weights; the families' weights bound it
    rules = found.weights[0, : len(FAMILIES)]
    low = sum(rules * [errors[column > 0].min() for column in one.T])
    high = sum(rules * [errors[column > 0].max() for column in one.T])
    assert low - 1e-9 <= found.misses[0, 0] <= high + 1e-9
    assert high - low < 6


def test_weights_add_up_and_follow_the_errors():
    found = combine(noisy(50), 3)
    assert found.weights.sum(axis=1) == pytest.approx(np.ones(50))
    # what else counts being the same on average, a smaller error goes with a larger weight
    size = np.bincount(FAMILY)
    each, errors = np.log(found.weights / size), np.log(found.errors)
    slopes = [np.polyfit(errors[:, k] - errors.mean(axis=1), each[:, k] - each.mean(axis=1), 1)[0] for k in range(8)]
    assert np.mean(slopes) < -1


@pytest.mark.parametrize(
    ("values", "slope"),
    [
        ([1.0, 2, 4], 1),  # changes 1 and 2: the smaller
        ([4.0, 2, 1], -1),
        ([1.0, 3, 2], 0),  # there and back: no change
        ([1.0, 1, 2], 0),
        ([2.0, 2, 2], 0),
        # changes 1, 2, 1: a third of (1 + 2) + (2 + 1) is disagreement, two thirds of the drift of 4/3 are left
        ([1.0, 2, 4, 5], 8 / 9),
        ([1.0, 4, 7, 10], 3),
    ],
)
def test_the_drift_goes_on_as_far_as_the_changes_agree(values, slope):
    found = steady_drift(np.array([values]), 2)[0]
    assert found == pytest.approx([values[-1] + slope, values[-1] + 2 * slope])


def test_three_points_have_no_past_errors_and_go_by_their_looks():
    found = combine(np.array([[1.0, 2.0, 4.0]]), 2)
    assert found.weights.sum() == pytest.approx(1)
    assert np.isnan(found.errors).all()
    assert np.isnan(found.misses).all()
    # between no change and the last change gone on with
    assert 4 < found.path[0, 0] < 6


def test_nothing_after_the_last_observation_matters():
    rows = noisy(10, 16)
    cut = auto(rows[:, :12])
    hidden = rows.copy()
    hidden[:, 12:] = NAN
    found = project_arrays(np.arange(2005, 2021), hidden, to=2019)
    assert found.path[:, :3] == pytest.approx(cut.path, rel=1e-9)


def test_years_long_past_do_not_matter():
    rows = noisy(5, MEMORY + 10)
    other = rows.copy()
    other[:, :5] += 40
    assert auto(other).path == pytest.approx(auto(rows).path, rel=1e-6)


def test_an_unobserved_year_is_no_origin_and_no_outcome():
    rows = noisy(3)
    rows[0, 9] = NAN
    misses = combine(rows, 1).misses
    # latest first: outcomes 12th, 11th, 10th year ...: the 10th is missing, and the 11th has no origin
    assert np.isnan(misses[0]).tolist() == [False, True, True, False, False, False]
    assert np.isfinite(misses[1:]).all()


def test_laws_are_recovered():
    years = np.arange(12)
    assert auto(5 + 3.0 * years).path[0] == pytest.approx(5 + 3.0 * np.arange(12, 15), rel=1e-5)
    assert auto(80 * 1.06**years).path[0] == pytest.approx(80 * 1.06 ** np.arange(12, 15), rel=2e-3)
    assert auto(np.full(12, 4.0)).path[0] == pytest.approx([4, 4, 4])
    # a smooth curve, 172 next: the last change leads to 171, the mean change to 166
    assert 169 < auto(100 + 0.5 * years**2, 1).path[0, 0] < 173


def test_beats_its_simple_neighbours_on_series_of_many_laws():
    """Half trends that wander, half noisy levels: each simple method loses on one half."""
    rng = np.random.default_rng(5)
    walks = np.cumsum(np.cumsum(rng.normal(0, 1, (300, 18)), axis=1), axis=1)
    levels = rng.normal(0, 1, (300, 18))
    rows = np.concatenate([walks, levels])
    past, later = rows[:, :12], rows[:, 12:]
    scale = np.abs(np.diff(past, axis=1)).mean(axis=1)
    error = lambda path: (np.abs(path - later).mean(axis=1) / scale).mean()  # noqa: E731
    ours = error(auto(past, 6).path)
    for other in (constant, drift, linear):
        assert ours < error(other(past, 6))


def test_backtest_counts_an_error_h_years_ahead_as_one_over_h():
    # a series of one step at the end: every rule expects no change, so the errors are 1 at each origin
    scaled = np.array([[0.0, 0, 0, 0, 0, 1]]) - 1.0
    values = Values(scaled, np.zeros((1, 6)), np.ones(1), np.zeros(1, dtype=bool), Scaling(*np.ones((3, 1))))
    own, common, misses = backtest_rules(values, np.ones((1, 6), dtype=bool), np.arange(1, 7)[None])
    assert np.isfinite(own).all()
    # origins one, two and three years back: one year ahead the error is 1, 0, 0
    assert misses[0, :3, 0] == pytest.approx([1, 0, 0])
    # roots of errors: 1, then 0 and 1/2, then 0, 0 and 1/3, over the sum of the weights 1, 3/2, 11/6
    assert common[0] == pytest.approx((1 + 1 / 2 + 1 / 3) / (1 + 3 / 2 + 11 / 6), rel=1e-4)


def test_unit_is_exact():
    grid = np.array([[3.0, -7.0], [0.0, 0.0], [5e-324, NAN], [1.7e308, 1.0]])
    unit, exponent = to_unit(grid)
    assert (np.nanmax(np.abs(unit), axis=1) < 2).all()
    np.testing.assert_array_equal(from_unit(unit, exponent), grid)


def test_panel_lines_up_the_last_observations():
    panel = build_panel(np.array([0, 0, 1]), np.array([2010, 2012, 2011]), np.array([1.0, 2.0, 3.0]), 3)
    assert panel.last.tolist() == [2012, 2011, 0]
    assert panel.count.tolist() == [2, 1, 0]
    np.testing.assert_array_equal(panel.grid[:, -1], [2, 3, NAN])


def test_explanation():
    frame = pd.DataFrame(
        {
            "region": ["a"] * 8 + ["b"] * 2 + ["c"],
            "indicator": "x",
            "year": [*range(2009, 2017), 2015, 2016, 2016],
            "value": [1.0, 2, 4, 5, 7, 8, 10, 11, 3, 4, 5],
        }
    )
    table = explain(outlook(frame, to=2020))
    assert table["method"].tolist() == ["auto", "drift", "none"]
    assert table["observations"].tolist() == [8, 2, 1]
    weights = table.filter(like="weight_")
    assert weights.shape[1] == len(FAMILIES)
    assert weights.sum(axis=1)[0] == pytest.approx(1)
    assert table["error_constant"][0] > table["error_drift"][0]
    assert explain(outlook(frame, to=2020, method="linear"))["method"][0] == "linear"
    short = explain(outlook(frame[:3], to=2020)).filter(like="error_")
    assert short.isna().all(axis=None)

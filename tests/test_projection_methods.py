"""Single methods: each recovers its own law, agrees with independent implementations, and works on paper."""

from __future__ import annotations

import numpy as np
import pytest
from made_up import noisy
from scipy import stats
from statsmodels.tsa.holtwinters import ExponentialSmoothing, SimpleExpSmoothing

from xk.arithmetic.projection import METHODS, project_arrays, project_panel
from xk.arithmetic.projection.arrays import path_panel
from xk.arithmetic.projection.intervals import past_misses
from xk.arithmetic.projection.lines import drift, growth, linear, row_median, theil_sen
from xk.arithmetic.projection.methods import single_path
from xk.arithmetic.projection.panel import build_panel
from xk.arithmetic.projection.theta import Line, Seen, run_theta, solve_start
from xk.errors import InputError, UsageError

YEARS = np.arange(2005, 2017)
NAN = np.nan


def path(values, method, ahead=3, **asked):
    values = np.atleast_2d(np.asarray(values, dtype=float))
    years = np.arange(2017 - values.shape[1], 2017)
    return project_arrays(years, values, to=2016 + ahead, method=method, **asked).path


@pytest.mark.parametrize("method", ["drift", "linear", "theil_sen", "damped", "theta"])
def test_straight_line_goes_on(method):
    expected = 3 + 2.5 * np.arange(12, 15)
    assert path(3 + 2.5 * np.arange(12), method)[0] == pytest.approx(expected, rel=1e-6)


def test_constant_rate_goes_on():
    assert path(50 * 1.07 ** np.arange(12), "growth")[0] == pytest.approx(50 * 1.07 ** np.arange(12, 15), rel=1e-12)


def test_constant_rate_of_negative_values():
    assert path([-8, -4, -2], "growth", ahead=2)[0] == pytest.approx([-1, -0.5])


def test_damped_trend_goes_on():
    # level 10, trend 4, then 4 phi, 4 phi^2 ...: the law of the method without errors
    values = 10 + np.cumsum(4 * 0.8 ** np.arange(15))
    assert path(values[:12], "damped")[0] == pytest.approx(values[12:], rel=1e-3)


@pytest.mark.parametrize("method", METHODS)
def test_no_change_stays(method):
    assert path([7.5] * 8, method)[0] == pytest.approx([7.5] * 3)


def test_values_on_paper():
    # 1, 2, 4, 8: first to last 7/3 a year; doubling; least squares slope (3*7 + 1*2)/10 = 2.3 through 3.75 at -1.5
    values = [1.0, 2.0, 4.0, 8.0]
    assert path(values, "constant", 2)[0] == pytest.approx([8, 8])
    assert path(values, "drift", 2)[0] == pytest.approx([8 + 7 / 3, 8 + 14 / 3])
    assert path(values, "growth", 2)[0] == pytest.approx([16, 32])
    assert path(values, "linear", 2)[0] == pytest.approx([3.75 + 2.5 * 2.3, 3.75 + 3.5 * 2.3])
    # slopes of pairs: 1, 2, 4, 1.5, 3, 7/3: median (2 + 7/3)/2; medians of value 3 and time -1.5
    slope = (2 + 7 / 3) / 2
    assert path(values, "theil_sen", 2)[0] == pytest.approx([3 + 2.5 * slope, 3 + 3.5 * slope])


def test_time_is_the_year_not_the_position():
    # 2, _, 6, _, _, 12: two a year throughout
    gaps = [2, NAN, 6, NAN, NAN, 12]
    for method in ("drift", "linear", "theil_sen"):
        assert path(gaps, method, 2)[0] == pytest.approx([14, 16])
    assert path([1, NAN, 4, NAN, NAN, NAN, 64], "growth", 1)[0] == pytest.approx([128])


def test_least_squares_agrees_with_scipy():
    for row in noisy():
        fit = stats.linregress(YEARS, row)
        expected = fit.intercept + fit.slope * np.arange(2017, 2020)
        assert path(row, "linear")[0] == pytest.approx(expected, rel=1e-6)


def test_theil_sen_agrees_with_scipy():
    for row in noisy():
        slope, intercept, _, _ = stats.theilslopes(row, YEARS)
        assert path(row, "theil_sen")[0] == pytest.approx(intercept + slope * np.arange(2017, 2020), rel=1e-6)


def test_line_of_theta_agrees_with_scipy_year_by_year():
    row = noisy(1)[0]
    line = Line.empty(1)
    for time, value in enumerate(row, start=1):
        line.add(np.array([float(time)]), np.array([value]), np.ones(1))
        if time > 1:
            fit = stats.linregress(np.arange(1, time + 1), row[:time])
            assert line.slope()[0] == pytest.approx(fit.slope, rel=1e-6)
            assert line.start()[0] == pytest.approx(fit.intercept, rel=1e-6)


@pytest.mark.parametrize("alpha", [0.2, 0.5, 0.9])
def test_theta_of_one_is_simple_smoothing_of_statsmodels(alpha):
    # share 0 (theta 1): l_(t+1) = l_t + alpha (y - l_t); the same start gives the same squared errors
    row = noisy(1)[0]
    _, sums = run_theta(Seen.of(row[None]), np.array([alpha]))
    start = sums[4] / sums[2]
    fit = SimpleExpSmoothing(row, initialization_method="known", initial_level=float(start[0])).fit(
        smoothing_level=alpha, optimized=False
    )
    assert sums[5] - sums[4] ** 2 / sums[2] == pytest.approx(fit.sse, rel=1e-6)


def theta_errors(values, alpha, share, start):
    """One-step errors of the dynamic theta model, written as a plain loop after the paper."""
    level, errors = start, []
    for t, value in enumerate(values):
        if t == 0:
            intercept = slope = 0.0
        elif t == 1:
            intercept, slope = values[0], 0.0
        else:
            fit = stats.linregress(np.arange(1, t + 1), values[:t])
            intercept, slope = fit.intercept, fit.slope
        line = (1 - alpha) ** t * intercept + (1 - (1 - alpha) ** (t + 1)) / alpha * slope
        ahead = level + share * line
        errors.append(value - ahead)
        level = alpha * value + (1 - alpha) * level
    return np.array(errors)


def test_theta_agrees_with_a_plain_loop():
    row, alpha = noisy(1)[0], 0.4
    share, start, least = solve_start(run_theta(Seen.of(row[None]), np.array([alpha]))[1])
    assert least[0] == pytest.approx((theta_errors(row, alpha, share[0], start[0]) ** 2).sum(), rel=1e-6)
    for other in (start[0] - 0.5, start[0] + 0.5):
        assert (theta_errors(row, alpha, share[0], other) ** 2).sum() > least[0]


def test_damped_leaves_no_more_than_statsmodels():
    from xk.arithmetic.projection.damped import HIGH, LOW, STARTS, run_damped
    from xk.arithmetic.projection.search import search

    rows = noisy(6)
    scores = lambda asked: run_damped(rows, asked)[2]  # noqa: E731
    starts = np.array(STARTS)
    best = starts[np.argmin([scores(np.tile(start, (6, 1))) for start in starts], axis=0)]
    ours = scores(search(scores, best, LOW, HIGH))
    for row, least in zip(rows, ours, strict=True):
        model = ExponentialSmoothing(
            row,
            trend="add",
            damped_trend=True,
            initialization_method="estimated",
            bounds={"smoothing_level": (0.02, 0.99), "damping_trend": (0.6, 1.0)},
        )
        assert least <= model.fit().sse * 1.02


def test_pieces_on_paper():
    grid = np.array([[NAN, 1.0, 3.0], [2.0, NAN, 8.0]])
    assert drift(grid, 1)[:, 0] == pytest.approx([5, 11])
    assert linear(grid, 1)[:, 0] == pytest.approx([5, 11])
    assert theil_sen(grid, 1)[:, 0] == pytest.approx([5, 11])
    assert growth(grid, 1)[:, 0] == pytest.approx([9, 16])
    assert row_median(np.array([[3.0, NAN, 1.0], [4.0, 2.0, 9.0]])) == pytest.approx([2, 4])


def test_undefined_rate_takes_the_drift():
    found = project_arrays(np.arange(2013, 2017), np.array([[0.0, 1, 2, 3], [-1.0, 0, 1, 2]]), to=2018, method="growth")
    assert list(found.used) == ["drift", "drift"]
    assert found.path == pytest.approx(np.array([[4, 5], [3, 4]]))


@pytest.mark.parametrize("method", METHODS)
def test_few_points(method):
    found = project_arrays([2014, 2015, 2016], [[NAN, NAN, NAN], [NAN, NAN, 4], [NAN, 3, 4]], to=2018, method=method)
    assert list(found.used[:2]) == ["none", "none"]
    assert np.isnan(found.path[:2]).all()
    rising = {"constant": [4, 4], "growth": [16 / 3, 64 / 9]}.get(method, [5, 6])
    assert found.path[2] == pytest.approx(rising)
    assert np.isnan(found.interval(80)[0]).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("factor", [1e-300, 1e-12, 3.0, 1e280])
def test_scale_changes_the_unit_only(method, factor):
    rows = noisy(5)
    assert path(rows * factor, method) == pytest.approx(path(rows, method) * factor, rel=1e-6)


@pytest.mark.parametrize("method", [name for name in METHODS if name not in ("growth", "auto")])
def test_shift_changes_the_level_only(method):
    rows = noisy(5)
    assert path(rows + 5000, method) == pytest.approx(path(rows, method) + 5000, rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_order_of_series_and_columns_does_not_matter(method):
    rows, turned = noisy(9), np.random.default_rng(4).permutation(9)
    rows[3, :5] = NAN
    rows[4, 6] = NAN
    expected = path(rows, method)
    assert path(rows[turned], method) == pytest.approx(expected[turned], rel=1e-9)
    found = project_arrays(YEARS[::-1], rows[:, ::-1], to=2019, method=method)
    assert found.path == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_a_series_alone_gets_what_it_gets_among_others(method):
    rows = noisy(6)
    rows[2, :4] = NAN
    years = np.arange(2005, 2017)
    among, alone = (project_arrays(years, part, to=2020, method=method) for part in (rows, rows[2:3]))
    assert alone.path[0] == pytest.approx(among.path[2], rel=1e-9)
    assert alone.interval(95)[1][0] == pytest.approx(among.interval(95)[1][2], rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_a_longer_horizon_leaves_the_near_years_as_they_are(method):
    rows = noisy(4)
    assert path(rows, method, 12)[:, :3] == pytest.approx(path(rows, method, 3), rel=1e-9)


def test_series_with_ends_of_their_own():
    found = project_arrays(YEARS, np.array([[1.0] * 12, [*range(10), NAN, NAN]]), to=2018, method="drift")
    assert found.years[:, 0].tolist() == [2017, 2015]
    assert found.path[1] == pytest.approx([10, 11, 12, 13])


def test_refusals():
    with pytest.raises(UsageError, match="unknown method 'drfit'; did you mean 'drift'"):
        path([1, 2, 3], "drfit")
    with pytest.raises(InputError, match="values must be finite or NaN"):
        path([1, np.inf, 3], "drift")
    with pytest.raises(InputError, match="years must be whole numbers"):
        project_arrays([2014.5, 2015, 2016], [[1, 2, 3]], to=2018)
    with pytest.raises(InputError, match="two values for one year"):
        project_arrays([2015, 2015, 2016], [[1, 2, 3]], to=2018)
    with pytest.raises(InputError, match="no series has a value"):
        path([NAN, NAN], "drift")
    with pytest.raises(InputError, match="nothing to project"):
        project_arrays([2014, 2015, 2016], [[1, 2, 3]], to=2016)
    with pytest.raises(UsageError, match="lower bound lies above"):
        path([1, 2, 3], "drift", bounds=(5, 4))
    for level in (0, 100, -5, "80", True, np.nan):
        with pytest.raises(UsageError, match="is not a number between 0 and 100"):
            path([1, 2, 3], "drift", levels=[level])


@pytest.mark.parametrize("method", METHODS)
def test_a_path_alone_is_that_of_the_whole_projection(method: str) -> None:
    rows = np.array([[1.0, 2, 4, 8, 16, 30], [5, 5, 5, 5, 5, 5], [9, np.nan, 7, 6.5, 6, 4], [np.nan] * 4 + [1, 3]])
    series, column = np.nonzero(~np.isnan(rows))
    panel = build_panel(series, 2010 + column, rows[series, column], len(rows))
    asked = {"to": 2020, "method": method, "bounds": (0.0, 50.0)}
    np.testing.assert_array_equal(path_panel(panel, **asked), project_panel(panel, **asked).path)


@pytest.mark.parametrize("method", ["theta", "damped"])
def test_past_misses_are_those_of_each_origin_for_itself(method: str) -> None:
    grid = np.cumsum(np.random.default_rng(3).normal(1.0, 0.5, (5, 9)), axis=1)
    grid[1, 2], grid[2, :3] = np.nan, np.nan
    alone = [grid[:, -back] - single_path(grid[:, :-back], method, 1)[0][:, 0] for back in (1, 2, 3)]
    np.testing.assert_allclose(past_misses(grid, method)[:, :3], np.transpose(alone), rtol=1e-7)

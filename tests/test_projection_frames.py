"""Frames in and out: rows kept, faults told at once, backtests without the future, hard series, memory."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xk.arithmetic.projection import METHODS, backtest, outlook, probability, project, project_arrays
from xk.arithmetic.projection.frames import as_frame
from xk.arithmetic.target import Target
from xk.errors import InputError, UsageError

NAN = np.nan
HARD = {
    "nothing": [NAN] * 8,
    "one": [NAN] * 7 + [3],
    "two": [NAN] * 6 + [3, 5],
    "three": [1, NAN, NAN, NAN, 2, NAN, NAN, 4],
    "still": [5] * 8,
    "zeros": [0] * 8,
    "negative": [-1, -3, -4, -6, -9, -11, -12, -15],
    "tiny": [1e-300, 2e-300, 3e-300, 3.5e-300, 4e-300, 5e-300, 7e-300, 8e-300],
    "smallest": [5e-324] * 7 + [1e-323],
    "huge": [1e300, 1.1e300, 1.3e300, 1.2e300, 1.5e300, 1.6e300, 1.7e300, 1.75e300],
    "largest": [1.7e308, -1.7e308] * 4,
    "mixed": [1e-300, 1e300, 1e-300, 1e300, 1, 2, 3, 4],
    "doubling": [1, 2, 4, 8, 16, 32, 64, 128],
    "jump": [0] * 7 + [1e9],
    "ended": [1, 2, 3, 4, 3, NAN, NAN, NAN],
    "offset": [1e15 + year for year in range(8)],
}


def frame(values=(1.0, 2, 4, 5, 7), region="r", indicator="x", start=2012):
    years = range(start, start + len(values))
    return pd.DataFrame({"region": region, "indicator": indicator, "year": list(years), "value": list(values)})


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("to", [2017, 2200])
def test_hard_series_have_defined_results(method, to):
    rows = np.array(list(HARD.values()), dtype=float)
    found = project_arrays(np.arange(2009, 2017), rows, to=to, method=method, levels=(80, 95))
    count = (~np.isnan(rows)).sum(axis=1)
    assert np.isfinite(found.path[count >= 2]).all()
    assert np.isnan(found.path[count < 2]).all()
    ends = [found.interval(95)[0], found.interval(80)[0], found.path, found.interval(80)[1], found.interval(95)[1]]
    for lower, upper in zip(ends, ends[1:], strict=False):
        assert (lower <= upper)[count >= 3].all()
    assert np.isfinite(ends[0][count >= 3]).all() and np.isfinite(ends[-1][count >= 3]).all()
    assert np.isnan(ends[0][count < 3]).all()
    ends = {"low": 2.0, "high": 5.0, "limit_low": 2.0, "limit_high": 5.0}
    for target in (Target("positive", 5.0), Target("inverse", 5.0), Target("interval", **ends)):
        odds = probability(found, replace(target, year=to))
        inside = (odds >= 0) & (odds <= 1)
        assert (inside == (count >= 3)).all()


def test_every_row_is_kept_and_the_years_follow():
    given = pd.concat([frame(), frame([3, NAN, 4], "r", "y"), frame([9.0], "s", "x", 2016)], ignore_index=True)
    out = project(given, to=2018, levels=(80,))
    assert list(out.columns) == ["region", "indicator", "year", "value", "lo80", "hi80", "method", "kind"]
    seen = out[out["kind"] == "observed"]
    pd.testing.assert_frame_equal(
        seen[["region", "indicator", "year", "value"]].reset_index(drop=True), given, check_dtype=False
    )
    ahead = out[out["kind"] == "projected"]
    years = ahead.groupby(["region", "indicator"])["year"].apply(list).to_dict()
    assert years == {("r", "x"): [2017, 2018], ("r", "y"): [2015, 2016, 2017, 2018], ("s", "x"): [2017, 2018]}
    assert ahead.groupby(["region", "indicator"])["method"].first().to_dict() == {
        ("r", "x"): "auto",
        ("r", "y"): "drift",
        ("s", "x"): "none",
    }
    assert ahead.loc[ahead["region"] == "s", "value"].isna().all()


def test_a_series_that_reaches_the_year_gets_no_rows():
    out = project(pd.concat([frame(), frame(start=2014, region="late")]), to=2018)
    assert set(out.loc[out["kind"] == "projected", "region"]) == {"r"}
    assert (out["region"] == "late").sum() == 5


def test_the_frame_given_is_not_changed():
    given = frame().sample(frac=1, random_state=1)
    before = given.copy()
    project(given, to=2018)
    pd.testing.assert_frame_equal(given, before)


def test_order_of_rows_does_not_matter():
    rows = pd.concat([frame(), frame([9, 7, 8, 6, 5, 5], "s")], ignore_index=True)
    key = ["region", "indicator", "year"]
    plain, mixed = (
        project(part, to=2020).sort_values(key, ignore_index=True)
        for part in (rows, rows.sample(frac=1, random_state=2))
    )
    pd.testing.assert_frame_equal(plain, mixed)


def test_levels_name_their_columns():
    out = project(frame(), to=2017, levels=(97.5, 50))
    assert [name for name in out.columns if name.startswith(("lo", "hi"))] == ["lo50", "hi50", "lo97.5", "hi97.5"]


def test_faults_are_told_at_once_with_their_rows():
    bad = frame([1.0, "two", np.inf, 4.0, 5.0]).astype(object)
    bad.loc[4, "year"] = 2012
    bad.loc[3, "region"] = None
    with pytest.raises(InputError) as caught:
        project(bad, to=2018)
    said = [(fault.row, fault.column) for fault in caught.value.faults]
    assert said == [(3, "value"), (4, "value"), (5, "region"), (6, "year")]
    assert "value 'two' is not a finite number" in str(caught.value)
    assert "a second row for r, x, 2012" in str(caught.value)


@pytest.mark.parametrize(
    ("given", "asked", "error", "message"),
    [
        (frame().drop(columns="year"), {}, InputError, "column is missing"),
        (frame()["value"].to_numpy(), {}, UsageError, "observations must be a DataFrame or a Series by year, not a nd"),
        (
            "x.csv",
            {},
            UsageError,
            "not a str; the columns must be region, indicator, year, value; of one series year and",
        ),
        (frame().iloc[:0], {}, InputError, "observations: no observations"),
        (
            frame(region="a\u202eb"),
            {},
            InputError,
            r"observations: rows 2-6: column 'region': 'a\\u202eb' has a character that",
        ),
        (frame(indicator="a\nb"), {}, InputError, "has a character that cannot be seen; type the name anew"),
        (pd.concat([frame(), frame()], axis=1), {}, InputError, "column 'year': column stands twice"),
        (frame(), {"bounds": 5}, UsageError, "bounds must be a DataFrame with the columns indicator, lower_bound"),
        (frame([NAN, NAN]), {}, InputError, "no series has a value"),
        (frame().assign(year=2012.5), {}, InputError, "is not a whole year in 1900-2200"),
        (frame(start=8), {}, InputError, "year 8 is not a whole year in 1900-2200"),
        (frame(), {"to": 2016}, InputError, "nothing to project"),
        (frame(), {"to": 2018.5}, UsageError, "must be a whole year in 1900-2200, not 2018.5"),
        (frame(), {"to": 20180}, UsageError, "must be a whole year in 1900-2200, not 20180"),
        (frame(), {"method": "holt"}, UsageError, "unknown method 'holt'"),
        (frame(), {"levels": [0]}, UsageError, "between 0 and 100"),
        (frame(), {"levels": [80, 80]}, UsageError, "given twice"),
        (frame(), {"levels": "80"}, UsageError, "must be a list"),
        (frame(), {"bounds": pd.DataFrame({"indicator": ["x"]})}, InputError, "column of the bounds is missing"),
    ],
)
def test_refusals(given, asked, error, message):
    with pytest.raises(error, match=message):
        project(given, **({"to": 2018} | asked))


def test_bounds_match_by_indicator():
    bounds = pd.DataFrame({"indicator": ["x", "z"], "lower_bound": [0, NAN], "upper_bound": [8, 1]})
    out = project(pd.concat([frame(), frame(indicator="y")]), to=2020, bounds=bounds)
    top = out.groupby("indicator")[["value", "hi95"]].max()
    assert (top.loc["x"] <= 8).all()
    assert (top.loc["y"] > 8).all()
    twice = pd.concat([bounds, bounds])
    with pytest.raises(InputError, match="two rows of bounds"):
        project(frame(), to=2020, bounds=twice)
    with pytest.raises(InputError, match="lies above its upper bound"):
        project(frame(), to=2020, bounds=bounds.assign(lower_bound=9))


def test_empty_years_that_are_projected_have_one_row():
    gaps = pd.DataFrame({"region": "r", "indicator": "x", "year": range(2010, 2015), "value": [1, NAN, 3, NAN, NAN]})
    out = project(gaps, to=2015, method="drift")
    assert out["year"].tolist() == list(range(2010, 2016))
    assert out["kind"].tolist() == ["observed"] * 3 + ["projected"] * 3
    assert out["value"].tolist()[3:] == [4, 5, 6] and np.isnan(out["value"][1])


def test_outlook_finds_its_series():
    view = outlook(pd.concat([frame(), frame(region="s")]), to=2018)
    assert view.row("s", "x") == 1
    with pytest.raises(InputError, match="no series of region 'q'"):
        view.row("q", "x")
    assert len(as_frame(view)) == 14


def test_backtest_on_paper():
    # 1, 2, 4 | 5, 7: no change says 4: errors 4 - 5 and 4 - 7, over the mean change (1 + 2)/2
    table = backtest(frame(), origins=[2014], horizon=2, methods=["constant"])
    assert table["error"].tolist() == [-1, -3]
    assert table["scaled_error"].tolist() == pytest.approx([2 / 3, 2])
    assert table["horizon"].tolist() == [1, 2]
    inside = (table["actual"] >= table["lo80"]) & (table["actual"] <= table["hi80"])
    assert table["covered80"].tolist() == inside.astype(float).tolist()


def test_backtest_does_not_see_the_future():
    changed = frame([1.0, 2, 4, 5, 700])
    plain, other = (
        backtest(given, origins=[2015], horizon=1, methods=["auto", "theta"]) for given in (frame(), changed)
    )
    assert plain["value"].tolist() == other["value"].tolist()
    assert plain["hi95"].tolist() == other["hi95"].tolist()


def test_backtest_of_several_origins_and_methods():
    rng = np.random.default_rng(0)
    given = pd.concat([frame(50 + rng.normal(1, 1, 14).cumsum(), region, start=2003) for region in "abc"])
    table = backtest(given, origins=[2010, 2012], horizon=3, methods=["auto", "drift"])
    assert len(table) == 2 * 2 * 3 * 3
    assert set(table["used"]) == {"auto", "drift"}
    assert not table[["value", "lo80", "hi95", "scaled_error", "covered95"]].isna().any(axis=None)
    short = backtest(given, origins=[2003, 2004], horizon=1, methods=["auto"])
    assert set(short["used"]) == {"drift"}
    assert short["covered80"].isna().all()


def test_backtest_refusals():
    with pytest.raises(UsageError, match="at least one year"):
        backtest(frame(), origins=[2014], horizon=0)
    with pytest.raises(InputError, match="no origin has observations"):
        backtest(frame(), origins=[1990, 2030], horizon=3)
    with pytest.raises(UsageError, match="unknown method"):
        backtest(frame(), origins=[2014], horizon=1, methods=["best"])


def test_memory_grows_with_the_result_only():
    rng = np.random.default_rng(0)
    rows = 100 + rng.normal(1, 2, (20_000, 12)).cumsum(axis=1)
    tracemalloc.start()
    project_arrays(np.arange(2005, 2017), rows, to=2020)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # a stack of all rules and origins at once would need 28 x 21 doubles a series, 94 MB
    assert peak < 60e6

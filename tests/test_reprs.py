"""What objects show of themselves, and what a call that does not fit is answered with."""

from __future__ import annotations

import math
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from made_up import LINE, RESULT

import xk
from xk.arithmetic.rulebooks import Reason, Verdict
from xk.bench import Question, results_of
from xk.errors import InputError, UsageError, hinting, nearest
from xk.pipeline import Results
from xk.readers import read_store
from xk.vocab.cards import ROWS, Card, Shown, said


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of(Question(), read_store())


# --- cards


def test_what_each_shows_of_itself(results: Results) -> None:
    line = results.lines["services_share_of_gdp"]
    wanted: dict[str, tuple[object, list[str]]] = {
        "scheme": (results.scheme, ["云府〔2018〕10号", "2020", "经济发展 · Economic development"]),
        "line": (line.line, ["2 服务业增加值占GDP比重 · Services", "正指标 · positive", "38.5"]),
        "result": (line, ["38.46 % (2016)", "56 % (2020)", "滞后 · lagging", "city_yearbook_csmar", "auto"]),
        "verdict": (line.verdict, ["lagging", "按自身趋势", "by its own trend"]),
        "results": (results, ["reference", "2016", "1 人均GDP · GDP per capita", "30,679", "滞后 · lagging"]),
    }  # fmt: skip
    for name, (shown, facts) in wanted.items():
        markup = shown._repr_html_()  # type: ignore[attr-defined]
        for fact in facts:
            assert fact in repr(shown), (name, fact)
            assert fact in markup, (name, fact)
        assert markup.count("<table>") == markup.count("</table>") > 0
        # Chinese comes first
        assert re.search("[\u4e00-\u9fff]", repr(shown).partition("·")[0]), name


def test_plain_words_stay_short(results: Results) -> None:
    for shown in (results, results.scheme, *list(results.lines.values())[:3]):
        lines = repr(shown).splitlines()
        assert len(lines) <= ROWS // 4 + 12 and max(map(len, lines)) < 500
    assert f"另有{len(results.lines) - ROWS // 4}行" in repr(results)


def test_what_data_say_is_escaped() -> None:
    line = replace(LINE, names=("<b>名</b>", 'a "b" & c'), unit="<i>元</i>")
    shown = replace(RESULT, line=line, verdict=Verdict("lagging", 1.0, why=Reason("no_figure")))
    for one in (line, shown):
        assert "<b>" not in one._repr_html_().replace("<b>1 ", "") and "<i>" not in one._repr_html_()
        assert "&lt;b&gt;名&lt;/b&gt;" in one._repr_html_() and "&lt;i&gt;元" in one._repr_html_()
    assert repr(line).splitlines()[0] == '1 <b>名</b> · a "b" & c'


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (math.nan, "—"), (None, "—"), ("", "—"), (58000.0, "58,000"), (0.562289, "0.562289"), (2020, "2020"),
        ("a\n b", "a b"),
    ],
)  # fmt: skip
def test_cells(value: object, words: str) -> None:
    assert said(value) == words


def test_long_cells_and_tables_are_cut_and_say_so() -> None:
    class Long(Shown):
        def card(self) -> Card:
            return Card("x" * 500, [("fact", "y" * 500)], ["a"], [[number] for number in range(ROWS + 2)])

    assert max(map(len, repr(Long()).splitlines())) < 170 and f"另有{ROWS + 2 - ROWS // 4}行" in repr(Long())
    assert Long()._repr_html_().count("<tr>") == 1 + 1 + ROWS and "另有2行 · 2 more rows" in Long()._repr_html_()


def test_nothing_known_is_shown_as_such() -> None:
    line = replace(LINE, target_value=math.nan, baseline_value=math.nan, target_year=None)
    assert "nan" not in repr(line) and "None" not in repr(line) and "—" in repr(line)
    verdict = Verdict("not_available", math.nan, why=Reason("no_figure"))
    assert "nan" not in repr(verdict) and "not_available" in verdict._repr_html_()


# --- a Series by year


def test_a_series_is_projected_as_a_frame_is() -> None:
    """10, 11, 12, 13 go on by 1 a year under the drift: 14 and 15."""
    series = pd.Series([10.0, 11.0, 12.0, 13.0], index=range(2013, 2017), name="roads")
    found = xk.project(series, to=2018, method="drift")
    assert list(found["value"].round(9)) == [10, 11, 12, 13, 14, 15] and list(found["year"]) == list(range(2013, 2019))
    assert set(found["region"]) == {"own"} and set(found["indicator"]) == {"roads"}
    long = pd.DataFrame({"region": "own", "indicator": "roads", "year": series.index, "value": series.to_numpy()})
    pd.testing.assert_frame_equal(found, xk.project(long, to=2018, method="drift"))
    dated = series.set_axis(pd.PeriodIndex(series.index.astype(str), freq="Y"))
    pd.testing.assert_frame_equal(found, xk.project(dated, to=2018, method="drift"))
    bare = xk.project(long[["year", "value"]], to=2018, method="drift")
    assert list(bare.columns) == list(found.columns) and set(bare["indicator"]) == {"value"}
    assert list(series.index) == list(range(2013, 2017))  # what is given is not changed


def test_a_series_without_years_is_refused() -> None:
    with pytest.raises(InputError, match="year 0 is not a whole year"):
        xk.project(pd.Series([1.0, 2.0, 3.0]), to=2020)
    with pytest.raises(UsageError, match="a DataFrame or a Series by year, not a list"):
        xk.project([1.0, 2.0], to=2020)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="column 'indicator': column is missing"):
        xk.project(pd.DataFrame({"region": ["a"], "year": [2016], "value": [1.0]}), to=2020)


# --- hints

CALLS: list[tuple[Callable[[Any], object], str]] = [
    (lambda f: f.attainment(38.5, 56), r"attainment takes values by place.*write attainment\(values, target=56\)"),
    (lambda f: f.attainment(38.5, targett=56), "attainment has no argument 'targett'; did you mean 'target'"),
    (lambda f: f.attainment([1], target_lo=5), "did you mean 'target_low'"),
    (lambda f: f.attainment(), r"attainment needs values; write attainment\(values\)"),
    (lambda f: f.project(pd.Series([1.0]), 2020), r"write project\(observations, to=2020\)"),
    (lambda f: f.project(pd.Series([1.0])), r"project needs to; write project\(observations, to=\.\.\.\)"),
    (lambda f: f.judge([1], [2], 5, 2020), r"judge\(years, values, target=5, target_year=2020\)"),
    (lambda f: f.judge([1], [2], targt=5), "judge has no argument 'targt'; did you mean 'target'"),
    (lambda f: f.judge([1], [2], hold_form=5), "did you mean 'hold_from'"),
    (lambda f: f.normalise([1.0], "minmax", "inverse"), r"normalise\(values, method, direction='inverse'\)"),
    (lambda f: f.normalise([1.0], logg=True), "normalise has no argument 'logg'; did you mean 'log'"),
    (lambda f: f.deflate([1], [2], {}, 4), r"deflate\(values, years, index=\{\}, base=4\)"),
    (lambda f: f.composite_index([1], [2], hw="x"), "did you mean 'how'"),
    (lambda f: f.hdi(1, 2, 3, 4), r"hdi\(life_expectancy, expected_schooling, mean_schooling=3, gni_per_capita=4\)"),
]


@pytest.mark.parametrize(("call", "said"), CALLS)
def test_a_call_that_does_not_fit_is_told_what_to_write(call: Callable[[Any], object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        call(xk)


def test_every_function_hints_and_stays_what_it_was() -> None:
    for name in xk.__all__:
        found = getattr(xk, name)
        assert pickle.loads(pickle.dumps(found)) is found  # noqa: S301  # one's own, to send it to other processes
        if not isinstance(found, type):
            assert found.__doc__ and found.__name__ == name
            with pytest.raises(UsageError, match=f"{name} has no argument 'no_such_name'"):
                found(no_such_name=1)


def test_an_error_inside_is_left_alone() -> None:
    def wrong(number: int) -> object:
        return number + "x"  # type: ignore[operator]

    with pytest.raises(TypeError, match="unsupported operand"):
        hinting(wrong)(1)
    with pytest.raises(UsageError, match="wrong takes number by place"):
        hinting(wrong)(1, 2)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("negative", "inverse"), ("Lower is better", "inverse"), ("min", "inverse"), ("desc", "inverse"),
        ("逆指标", "inverse"), ("-1", "inverse"), ("up", "positive"), ("max", "positive"), ("正向", "positive"),
        ("range", "interval"), ("区间指标", "interval"), ("postive", "positive"),
    ],
)  # fmt: skip
def test_other_words_for_directions_are_proposed_never_taken(word: str, meant: str) -> None:
    said = f"unknown direction '{word}'; did you mean '{meant}'"
    with pytest.raises(UsageError, match=said):
        xk.attainment([1.0], target=2.0, direction=word)
    with pytest.raises(UsageError, match=said):
        xk.judge([2015, 2016], [1.0, 2.0], target=2.0, target_year=2020, direction=word)
    if meant != "interval":
        with pytest.raises(UsageError, match=said):
            xk.normalise([1.0, 2.0], direction=word)


def test_words_for_directions_mean_nothing_elsewhere() -> None:
    assert nearest("min", ["minmax", "rank"]) == "did you mean 'minmax'?"

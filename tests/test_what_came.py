"""Figures of years after the as-of year: apart from all results, drawn apart, held against what was projected."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import pandas as pd
import pytest
from drawn import gids, line
from made_up import made, points, worded

from xk import theme
from xk.bench import Question, first_results_of, results_of, words_of
from xk.charts import show_small_multiples, show_trajectories, show_trajectory
from xk.charts.drawn import line_of
from xk.charts.trajectory import plot_trajectory, trajectory_message
from xk.exhibits import Wording
from xk.pipeline import Results
from xk.pipeline.outturns import Outturn
from xk.readers import read_store
from xk.tables import say_came, table_came, table_sources
from xk.tables.sources import _editions
from xk.vocab import OWN_GRADE

theme.use()
BEFORE = points("city", "plain", {2014: 30, 2015: 35})
LATER = pd.concat(
    [
        points("city", "plain", {2017: 46, 2018: 48}, vintage="2030-01-01"),
        points("city", "plain", {2019: 70}, vintage="2030-01-01", segment=1),
        points(
            "city",
            "plain",
            {2020: 71},
            grade=OWN_GRADE,
            vintage="2030-01-01",
            series="city.plain.new",
            definition="new",
        ),
        points("city", "half", {2018: 55}, vintage="2030-01-01"),
    ],
    ignore_index=True,
)


@lru_cache
def with_later() -> Results:
    """Return results as of 2016 whose line `plain` rises by 5 a year to 40: by drift 45, 50, 55, 60 lie ahead."""
    return made(more=pd.concat([BEFORE, LATER], ignore_index=True), as_of=2016)


def outturns(name: str) -> dict[int, Outturn]:
    return {one.year: one for one in with_later().outturns if one.indicator == name}


@lru_cache
def yunfu() -> Wording:
    question = Question()
    return words_of(question, read_store(), results_of(question, read_store()))


def test_what_came_later_changes_no_result() -> None:
    without = made(more=BEFORE, as_of=2016)
    pd.testing.assert_frame_equal(with_later().yearly, without.yearly)
    assert {name: one.verdict for name, one in with_later().lines.items()} == {
        name: one.verdict for name, one in without.lines.items()
    }
    assert without.later.empty and with_later().later["value"].tolist() == [46, 48, 70, 71, 55]


def test_an_error_is_what_came_less_what_was_projected() -> None:
    found = outturns("plain")
    assert (found[2017].value, found[2017].error) == (pytest.approx(45), pytest.approx(1))
    assert (found[2018].value, found[2018].error) == (pytest.approx(50), pytest.approx(-2))
    low, high = found[2018].ends["lo80"], found[2018].ends["hi80"]
    assert found[2018].inside(80) == (low <= 48 <= high)


def test_only_the_series_that_was_projected_compares_and_only_unbroken() -> None:
    found = outturns("plain")
    assert {year: one.reason for year, one in found.items()} == {
        2017: "", 2018: "", 2019: "across_break", 2020: "other_series",
    }  # fmt: skip
    assert math.isnan(found[2019].error) and found[2019].inside(95) is None
    # one figure, and nothing to borrow from: nothing was projected
    assert outturns("half")[2018].reason == "not_projected"


def test_an_interval_covers_its_ends() -> None:
    one = Outturn("plain", 2017, "s", 46.0, 46.0, "", converted=False, value=45.0, ends={"lo80": 44.0, "hi80": 46.0})
    assert one.inside(80) is True and one.inside(95) is None
    assert one.record([80])["covered80"] == 1.0
    assert list(one.record([80])) == Outturn.columns([80])


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (0, "有1项、2个年份可与此后实际对照：各年推算均没有区间。"),
        (1, "2个年份可与此后实际对照：其中1个年份有区间，落在80%区间内的0个、落在95%区间内的1个。"),
        (2, "2个年份可与此后实际对照：落在80%区间内的0个、落在95%区间内的2个。"),
    ],
)
def test_years_without_an_interval_are_not_counted_as_outside_one(known: int, said: str) -> None:
    ends = {"lo80": 50.0, "hi80": 51.0, "lo95": 40.0, "hi95": 60.0}
    one = Outturn("plain", 2017, "s", 46.0, 46.0, "", converted=False, value=45.0)
    results = made(more=BEFORE, as_of=2016)
    results.__dict__["outturns"] = [replace(one, year=2017 + n, ends=ends if n < known else {}) for n in range(2)]
    assert said in say_came(worded(results)).plain


def test_charts_show_it_apart() -> None:
    axes = plot_trajectory(worded(with_later()), "plain")
    assert line(axes, "later") == [(2017, 46), (2018, 48)]
    assert line(axes, "later-apart") == [(2019, 70), (2020, 71)]
    marks = [artist for artist in axes.lines if artist.get_gid() in ("later", "later-apart")]
    assert {str(artist.get_markerfacecolor()) for artist in marks} == {"none"}
    assert {artist.get_linestyle() for artist in marks} == {"None"}
    assert line(axes, "observed")[-1] == (2016, 40)
    assert "later" not in gids(plot_trajectory(worded(made(more=BEFORE, as_of=2016)), "plain"))


def test_charts_show_what_came_at_the_level_of_the_path_in_every_view() -> None:
    """2.1723 doctors of the yearbook are 2.1723 * 1.74 / 1.8153 = 2.0822 at the level of the 1.74, as in the review.

    A scenario sets another path from the same figure on: what came stays what it is.
    """
    reference = yunfu()
    halted = Question(scenario={"name": "halt", "indicators": {"doctors_per_1000": {"halt": True}}})
    halt = words_of(halted, read_store(), results_of(halted, read_store()))
    for words in (reference, halt):
        drawn = line_of(words, "26")
        assert list(drawn.later) == ["later"] and drawn.published[2020] == 2.1723
        assert dict(drawn.later["later"])[2020] == pytest.approx(2.1723 * 1.74 / 1.8153)
        assert "2.08（公布2.172）" in trajectory_message(words, words.results.line("26"))
        assert [one.reason for one in words.results.outturns if one.indicator == "doctors_per_1000"] == [""] * 4
    shown = show_small_multiples(reference, "livelihood").html
    assert "此后2020年实际为2.08（公布2.172）" in shown and "按同一比例换算" in shown


def test_a_trend_of_another_series_is_said_to_be_one_everywhere() -> None:
    """No. 26 has one figure in the series of its level, and a trend by the yearbook's, its own too."""
    words = yunfu()
    line = words.results.line("26")
    assert "趋势取自本地区的另一序列，已换算到该项的水平值" in words.reason(line.verdict.why, line)
    assert "另一序列" not in words.reason(words.results.line("3").verdict.why, words.results.line("3"))
    assert "其中13项只有一个年份的数值" in show_small_multiples(words, "livelihood").html
    assert "（含取自另一序列的趋势）" in show_trajectories(words, "livelihood").html
    sources = table_sources(words, read_store(), domain="livelihood").html
    assert "医师数（趋势取自本地区这一序列，已换算到水平值）" in sources and "医师数（参照趋势" not in sources


def test_marks_are_explained_only_where_they_are_drawn() -> None:
    with_it, without = worded(with_later()), worded(made(more=BEFORE, as_of=2016))
    for show in (show_small_multiples, show_trajectories):
        assert "空心菱形为此后实际：2016年以后观测到的数值，不参与推算和判定。" in show(with_it, "first").html
        assert "此后实际" not in show(without, "first").html
    data = show_trajectory(with_it, "plain")
    assert "70（另一口径）" in data.html and "此后2020年实际为71（另一口径）" in data.html


def test_a_line_is_not_drawn_across_a_break() -> None:
    broken = points("city", "plain", {2014: 30, 2015: 35}, segment=0)
    whole = points("city", "plain", {2017: 41}, segment=1)
    drawn = line(plot_trajectory(worded(made(more=pd.concat([broken, whole]), as_of=2017)), "plain"), "observed")
    assert [year for year, _ in drawn][:3] == [2014, 2015, 2016]
    assert math.isnan(drawn[3][0]) and drawn[4] == (2017, 41)


def test_yunfus_own_projections_are_scored_by_name() -> None:
    """Of 11 years that came for nos. 3, 26 and 40, one, the census's of 2020, is another series.

    No. 40: 95.56 against a 95 % interval that ends at 87.2; 73.66 lies above the 80 % interval's 72.5.
    """
    said = say_came(yunfu()).plain.splitlines()
    assert "有3项、10个年份可与此后实际对照：落在80%区间内的7个、落在95%区间内的9个" in said[0]
    assert said[1] == "- 落在95%区间外的：40\u00a0一般工业固体废物综合利用率（2018）。"
    shown = table_came(yunfu())
    assert "1.77（公布1.847）" in shown.html
    assert "另一序列或修订后的版本）：1\u00a0人均GDP（2017—2020）、3\u00a0常住人口城镇化率（2020）。" in shown.plain
    assert "断点，前后不可比）：2\u00a0服务业增加值占GDP比重（2017—2020）。" in shown.plain


def test_later_series_are_listed_as_such() -> None:
    shown = table_sources(yunfu(), read_store()).html
    assert "常住人口城镇化率（此后实际，不计入结果）" in shown


def test_the_figures_of_peers_have_their_sources_too() -> None:
    """Those of a series that the region's own figures are of stand with these."""
    shown = table_sources(yunfu(), read_store()).html
    assert "（含同类地区）" in shown and "（同类地区）" in shown
    assert not yunfu().results.beside.empty


def test_the_newest_vintage_is_that_of_what_came_too() -> None:
    assert with_later().vintage == with_later().released == "2030-01-01"
    assert made(more=BEFORE, as_of=2016).vintage == "2020-01-01"


def test_a_final_assessment_looks_back_from_the_programmes_own_year() -> None:
    years = {
        as_of: first_results_of(Question(as_of=as_of), read_store()).settings.as_of for as_of in (2016, 2019, 2020)
    }
    assert years == {2016: 2016, 2019: 2019, 2020: 2016}
    # the national scheme names no year of its own
    asked = Question(scheme="national-2013", region="guangdong", as_of=2020)
    assert first_results_of(asked, read_store()).settings.as_of == 2020


def test_any_titles_are_told_each_once_and_editions_together() -> None:
    """What has no year at its end is never taken apart, whatever stands there."""
    titles = [
        "局: 完成情况（2014-2019年）",
        "局: 完成情况（2014-2019年）",
        "年鉴2018",
        "年鉴2019",
        "年鉴",
        "表²²²²",
        "20180401",
    ]
    told = _editions(yunfu(), titles)
    assert told == ["局: 完成情况（2014-2019年）", "年鉴2018—2019", "年鉴", "表²²²²", "20180401"]

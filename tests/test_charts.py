"""Charts by the data in their axes, not by their pixels: what is drawn, where, with which words."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from drawn import corners_of, gaps_of, gids, heatmap_of, line, offices_of, outside, overlaps, squares, words_at
from made_up import LINES, REGIONS, indicator, made, own_figures, phased, points, results, scheme, worded
from matplotlib.axes import Axes

from xk import charts
from xk.charts import heatmap
from xk.charts.beside import plot_beside
from xk.charts.frame import ems, fold, short_value, spread, tick_labels, value_limits
from xk.charts.heatmap import heatmap_rows, heatmap_sheets
from xk.charts.multiples import plot_small_multiples
from xk.charts.trajectory import plot_trajectory
from xk.exhibits.sparkline import sparkline
from xk.pipeline import Results, Settings, build_results
from xk.tables.furthest import say_unknown

pytestmark = pytest.mark.usefixtures("style")
LANGS = ("zh", "en")


OWN_TREND = points("city", "plain", {2012: 30, 2013: 32, 2014: 34, 2015: 37, 2016: 40})


def with_trend() -> Results:
    figures = own_figures()
    return results(pd.concat([figures[figures["indicator"] != "plain"], OWN_TREND], ignore_index=True))


# --- trajectory


def test_trajectory_draws_history_path_plan_and_target() -> None:
    axes = plot_trajectory(worded(with_trend()), "plain")
    assert line(axes, "observed") == [(2012, 30), (2013, 32), (2014, 34), (2015, 37), (2016, 40)]
    # drift: (40 - 30) / 4 = 2.5 a year, from the latest point on
    assert line(axes, "projected") == [(2016 + k, pytest.approx(40 + 2.5 * k)) for k in range(5)]
    assert line(axes, "target") == [(2019.55, 60), (2020.45, 60)]
    # a share: straight from 40 in 2016 to 60 in 2020
    assert line(axes, "planned")[-5:] == [(2016, 40), (2017, 45), (2018, 50), (2019, 55), (2020, 60)]
    assert line(axes, "baseline") == [(2016, 40)]
    assert words_at(axes, "label-latest") == ["40"]
    assert words_at(axes, "label-target") == ["目标≥60"]
    assert words_at(axes, "label-projected") == ["推算50"]


def test_fan_is_as_wide_as_the_intervals_and_starts_at_the_latest_point() -> None:
    found = with_trend()
    axes = plot_trajectory(worded(found), "plain")
    path = found.path("plain").set_index("year")
    for level in (80, 95):
        corners = corners_of(axes, f"band-{level}")
        at_end = corners[np.isclose(corners[:, 0], 2020), 1]
        assert at_end.min() == pytest.approx(path.loc[2020, f"lo{level}"])
        assert at_end.max() == pytest.approx(path.loc[2020, f"hi{level}"])
        assert set(corners[np.isclose(corners[:, 0], 2016), 1]) == {40.0}


def test_held_target_runs_through_all_its_years() -> None:
    axes = plot_trajectory(worded(made()), "held")
    assert line(axes, "held") == [(2016.5, 95), (2020.5, 95)]
    assert "target" not in gids(axes)


def test_stretch_target_is_drawn_beside_the_other() -> None:
    lines = [LINES[0] | {"target_stretch": "80"}, *LINES[1:]]
    axes = plot_trajectory(worded(made(lines)), "plain")
    assert line(axes, "target")[0][1] == 60 and line(axes, "stretch")[0][1] == 80
    assert words_at(axes, "label-stretch") == ["力争≥80"]


def test_interval_target_is_a_band_with_both_ends_named() -> None:
    inside = indicator("plain", "1", direction="interval", target_low=40, target_high=50, limit_low=0, limit_high=90)
    axes = plot_trajectory(worded(made([inside, *LINES[1:]]), "en"), "plain")
    assert {40.0, 50.0} == set(corners_of(axes, "target")[:, 1])
    assert words_at(axes, "label-target-low") == ["target from 40"]
    assert words_at(axes, "label-target-high") == ["target to 50"]


def test_borrowed_trend_looks_different_and_has_no_fan() -> None:
    reference = points("province", "plain", {2014: 20, 2015: 25, 2016: 30})
    words = worded(made(more=reference))
    axes = plot_trajectory(words, "plain")
    own = plot_trajectory(worded(with_trend()), "plain")
    drawn = [next(a for a in each.lines if a.get_gid() == "projected") for each in (axes, own)]
    assert drawn[0].get_color() != drawn[1].get_color() and drawn[0].get_linestyle() != drawn[1].get_linestyle()
    assert not any(gid.startswith("band-") for gid in gids(axes))
    assert "参照趋势（某省）" in words_at(axes, "legend")
    assert words_at(axes, "label-borrowed") == [] and words_at(axes, "label-projected")[0].startswith("参照")


def test_what_cannot_be_compared_is_hollow_and_not_joined() -> None:
    axes = plot_trajectory(worded(made()), "priced")
    (mark,) = [artist for artist in axes.lines if artist.get_gid() == "not-comparable"]
    assert mark.get_markerfacecolor() == "none" and mark.get_linestyle() == "None"
    assert line(axes, "not-comparable") == [(2016, 100)]
    assert not {"observed", "planned", "projected"} & set(gids(axes))


def test_estimate_is_a_square_and_says_so() -> None:
    lines = [LINES[0] | {"baseline_kind": "estimated"}, *LINES[1:]]
    figures = own_figures()
    figures.loc[figures["indicator"] == "plain", "kind"] = "estimated"
    axes = plot_trajectory(worded(results(figures, lines)), "plain")
    (ring,) = [artist for artist in axes.lines if artist.get_gid() == "baseline"]
    assert ring.get_marker() == "s"
    assert words_at(axes, "label-latest") == ["40（估计值）"]
    assert "基期（预计）" in words_at(axes, "legend")


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有可用数值"), ("en", "no figure is available")])
def test_no_figure_is_said(lang: str, said: str) -> None:
    axes = plot_trajectory(worded(made(), lang), "none")
    assert words_at(axes, "no-figure") == [said] and line(axes, "target")[0][1] == 90
    bare = [*LINES[:4], LINES[4] | {"target_value": "", "target_year": ""}, LINES[5]]
    empty = plot_trajectory(worded(made(bare), lang), "none")
    assert not empty.axison and words_at(empty, "no-figure") == [said] and not empty.lines


def test_natural_bounds_have_no_ticks_beyond() -> None:
    axes = plot_trajectory(worded(made()), "held")
    assert max(axes.get_yticks()) <= 100


def test_planned_path_needs_two_points() -> None:
    axes = plot_trajectory(worded(made()), "none")
    assert "planned" not in gids(axes)


# --- phases


def test_phases_lie_where_their_months_are() -> None:
    axes = plot_trajectory(worded(phased(made())), "plain")
    spans = {patch.get_gid(): patch.get_extents().transformed(axes.transData.inverted()) for patch in axes.patches}
    # a year is centred on its tick: November 2017 begins at 2017 - 0.5 + 10/12, March 2018 ends at 2018 - 0.5 + 3/12
    assert spans["phase-1"].x0 == pytest.approx(2017 + 1 / 3)
    assert spans["phase-1"].x1 == spans["phase-2"].x0 == pytest.approx(2017.75)
    assert spans["phase-2"].x1 == pytest.approx(2020.5)
    assert words_at(axes, "phase-label-1") == ["①"]


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "①一期（2017年11月至2018年3月）"), ("en", "② Second (April 2018 to")]
)
def test_note_explains_the_phases(lang: str, said: str) -> None:
    for found, explained in ((phased(made()), True), (made(), False)):
        words = worded(found, lang)
        assert (said in charts.show_trajectory(words, "plain").html) is explained
        assert (words.text("note_bands") in charts.show_small_multiples(words, "first").html) is explained


def test_a_line_has_a_chart_of_its_own_from_three_points_on() -> None:
    figures = own_figures()
    figures = figures[figures["indicator"] != "plain"]
    two, three = ({2014: 36, 2015: 38, 2016: 40} for _ in range(2))
    del two[2014]
    few, enough = (
        charts.show_trajectories(
            worded(results(pd.concat([figures, points("city", "plain", values)], ignore_index=True))), "first"
        )
        for values in (two, three)
    )
    assert few.plain.startswith("本领域没有一项的水平值序列有3个以上年份") and not few.parts
    assert [part.anchor for part in enough.parts] == ["fig-plain"]


@pytest.mark.parametrize(("name", "said"), [("plain", ()), ("held", ("应保持",)), ("priced", ("空心圆点",))])
def test_a_note_explains_the_marks_that_are_drawn(name: str, said: tuple[str, ...]) -> None:
    unit = {"unit": "元", "price_base": "not_stated"} if name == "priced" else {}
    figures = points("city", name, {2014: 94, 2015: 95, 2016: 96}, **unit)
    shown = charts.show_trajectories(worded(results(figures)), "second" if unit else "first").plain
    assert [word for word in ("应保持", "空心圆点") if word in shown] == [*said]


# --- panels, gaps, heat map


def test_panels_share_their_years_and_show_status_value_and_target() -> None:
    drawn = plot_small_multiples(worded(made()), "first")
    assert [words_at(axes, "title") for axes in drawn] == [["1\u00a0指标"], ["2\u00a0指标"]]
    assert len({axes.get_xlim() for axes in drawn}) == 1
    assert ("status-no_trend" in gids(drawn[0])) and ("status-met_to_hold" in gids(drawn[1]))
    assert words_at(drawn[0], "label-latest") == ["40"] and words_at(drawn[0], "label-target") == ["≥60"]
    assert len({axes.figure for axes in drawn}) == 2


def test_gaps_draw_scores_in_the_plans_order() -> None:
    words = worded(made())
    axes = gaps_of(words)
    # 40 of 60, 96 of 95, the composite by its one known part (50 of 100)
    assert words_at(axes, "name") == ["1\u00a0指标", "2\u00a0指标", "3\u00a0指标", "3.1\u00a0指标"]
    assert words_at(axes, "score") == ["66.7", "101.1", "50.0", "50.0"]
    assert line(axes, "status-met_to_hold") == [(pytest.approx(9600 / 95), 1)]
    assert "未列入：3.2、4" in charts.show_gaps(words).html


def test_gaps_show_baseline_and_projection_where_they_differ_from_the_latest() -> None:
    figures = own_figures()
    mine = points("city", "plain", {2015: 36, 2016: 40, 2017: 44})
    found = results(pd.concat([figures[figures["indicator"] != "plain"], mine], ignore_index=True))
    axes = gaps_of(worded(found), "first")
    # 44 of 60 in 2017, 40 of 60 at the baseline, 44 + 3 x 4 = 56 of 60 in 2020
    assert line(axes, "status-lagging") == [(pytest.approx(4400 / 60), 0)]
    assert line(axes, "baseline") == [(pytest.approx(4000 / 60), 0)]
    assert line(axes, "projected") == [(pytest.approx(5600 / 60), 0)]


def test_far_and_endless_scores_stand_at_the_edge() -> None:
    inverse = indicator("plain", "1", direction="inverse", target_value=60, baseline_year=2016, baseline_value=0,
                        baseline_kind="observed")  # fmt: skip
    figures = own_figures()
    figures.loc[figures["indicator"] == "plain", "value"] = 0.0
    axes = gaps_of(worded(results(figures, [inverse, *LINES[1:]])), "first")
    assert (140.0, 0.0) in line(axes, "status-met_to_hold")
    assert words_at(axes, "score")[0] == "∞"


def test_domain_without_a_comparable_figure_has_words_in_place_of_a_chart() -> None:
    bare = own_figures()
    words = worded(results(bare[bare["indicator"] == "half"]))
    assert "没有可以绘图的数值" in charts.show_gaps(words, "first").html
    assert "<svg" not in charts.show_gaps(words, "first").html
    assert not words_at(gaps_of(words, "first"), "name")


def test_heatmap_has_a_row_for_every_line_and_composites_from_their_parts() -> None:
    lines = [
        *LINES[:4],
        LINES[4] | {"baseline_year": "2016", "baseline_value": "45", "baseline_kind": "observed"},
        LINES[5],
    ]
    more = points("city", "none", {2016: 45})
    axes = heatmap_of(worded(made(lines, more)))
    assert [text.replace("\u00a0", " ") for text in words_at(axes, "name")] == [
        "1 指标", "2 指标", "3 指标", "3.1 指标", "3.2 指标", "4 指标",
    ]  # fmt: skip
    assert words_at(axes, "domain") == ["领域", "领域"]
    # 66.7; 96 of 95 is capped; (50 + 50) / 2; 50 of 100; 45 of 90
    assert words_at(axes, "value") == ["67", "100", "50", "50", "50"]
    # all of the first year, in the lines of 1, 2, 3, 3.1 and 3.2; lines 0 and 3 name the domains
    assert [(int(x), int(y)) for x, y in squares(axes, "figures")] == [(0, 1), (0, 2), (0, 4), (0, 5), (0, 6)]
    assert [gid for gid in gids(axes) if gid.startswith("empty-")] == ["empty-priced"]


def test_composite_with_half_of_its_parts_known_shows_their_mean() -> None:
    """3.1 is at 50 of 100, 3.2 is not known: the composite stands at 50 beside it, as in the summary."""
    axes = heatmap_of(worded(made()))
    assert words_at(axes, "value") == ["67", "100", "50", "50"] and "empty-mixed" not in gids(axes)


def test_projected_cells_are_framed() -> None:
    axes = heatmap_of(worded(with_trend()))
    # plain: five figures, four projections
    first = [(x, y) for x, y in squares(axes, "figures") if int(y) == 1]
    assert (len(first), len(squares(axes, "projections")), len(squares(axes, "frames"))) == (5, 4, 4)


def test_heatmap_keeps_to_twelve_years() -> None:
    long = points("city", "plain", {year: 20.0 + (year - 1990) for year in range(1990, 2017)})
    figures = own_figures()
    found = results(pd.concat([figures[figures["indicator"] != "plain"], long], ignore_index=True))
    axes = heatmap_of(worded(found))
    assert list(axes.get_xticks()) == [place + 0.5 for place in range(12)]
    # twelve labels would touch each other
    assert [label for label in words_at(axes, "tick") if label] == [str(year) for year in range(2010, 2021, 2)]
    assert overlaps(axes) == []


def test_units_have_a_symbol_for_each_indicator() -> None:
    lines = [*LINES[:1], LINES[1] | {"lead_offices": "bureau;other"}, *LINES[2:]]
    words = worded(made(lines))
    words.office_names["other"] = "另一局"
    axes = offices_of(words)
    # the bureau leads 1, 2, 3 (with the parts 3.1 and 3.2) and 4, the other one 2
    assert words_at(axes, "name") == ["局", "另一局"] and words_at(axes, "count") == ["4", "1"]
    assert sorted(line(axes, "status-met_to_hold")) == [(0, 0), (0, 1)]
    assert line(axes, "status-not_comparable") == [(3, 0)]


# --- fitting


def test_fold_breaks_and_cuts() -> None:
    assert fold("城乡居民人均收入", 4, lines=2) == "城乡居民\n人均收入"
    assert fold("城乡居民人均收入水平", 4, lines=2) == "城乡居民\n人均收…"
    assert fold("Income per capita of residents", 9, lines=3) == "Income per\ncapita of\nresidents"
    assert fold("short", 9, lines=1) == "short"
    assert ems("中a") == pytest.approx(1.56)


def test_spread_moves_only_what_is_too_near() -> None:
    assert spread([1.0, 5.0], 2.0, 0.0, 10.0) == [1.0, 5.0]
    assert spread([5.0, 4.0], 2.0, 0.0, 10.0) == [6.0, 4.0]
    assert spread([9.9, 9.8], 2.0, 0.0, 10.0) == [10.0, 8.0]
    # words 8 wide on a strip of 100: the later of two at 10 moves by 8, at the right end both move left
    assert spread([10, 10], 8, 4, 96) == [10, 18]
    assert spread([99, 99], 8, 4, 96) == [88, 96]
    assert spread([0], 8, 4, 96) == [4]
    # 8 and 4 wide need 6 between their middles
    assert spread([10, 10], [8, 4], [4, 2], [96, 98]) == [10, 16]


def test_limits_leave_room_and_never_nothing() -> None:
    assert value_limits([0, 100], room=0.1) == (-10.0, 110.0)
    low, high = value_limits([100.0, 100.0, math.nan])
    assert high - low > 5 and low < 100 < high
    assert value_limits([math.nan]) == (0.0, 1.0)
    assert value_limits([0.0])[0] < 0 < value_limits([0.0])[1]


@pytest.mark.parametrize(
    ("lang", "value", "said"),
    [
        ("zh", 58000, "58000"),
        ("en", 58000, "58,000"),
        ("zh", 123456789, "1.235亿"),
        ("en", 123456789, "123.5 m"),
        ("zh", 1234567, "123.5万"),
        ("en", -2.5e9, "-2.5 bn"),
        ("en", 1.5e12, "1.5 tn"),
        ("zh", math.inf, "∞"),
    ],
)
def test_big_values_are_shortened(lang: str, value: float, said: str) -> None:
    assert short_value(worded(made(), lang), value, None) == said


def test_ticks_of_big_values() -> None:
    words = worded(made())
    assert tick_labels(words, [0, 5e8, 1e9]) == ["0亿", "5亿", "10亿"]
    assert tick_labels(words, [0.1, 0.15, 0.2]) == ["0.10", "0.15", "0.20"]
    assert tick_labels(words, [1.5, 3.0, 4.5]) == ["1.5", "3.0", "4.5"]
    assert tick_labels(words, [25.0, 27.5, 30.0]) == ["25.0", "27.5", "30.0"]
    assert tick_labels(words, [2.5e8, 5e8]) == ["2.5亿", "5.0亿"]
    assert tick_labels(words, [30000, 35000]) == ["30000", "35000"]
    assert tick_labels(words, []) == []


HUGE = indicator("plain", "1", unit="元", upper_bound="", baseline_year=2016, baseline_value="123456789012",
                 baseline_kind="observed", target_value="987654321098")  # fmt: skip
LONG_ZH = "城乡居民家庭教育文化娱乐服务消费支出占家庭消费总支出的比重指标"
LONG_EN = "Education, culture and recreation as share of the whole consumption of urban and rural households"


def crowded(lang: str) -> list[Axes]:
    lines = [HUGE | {"name_zh": LONG_ZH, "name_en": LONG_EN}, *LINES[1:]]
    figures = own_figures()
    chosen = figures["indicator"] == "plain"
    figures.loc[chosen, ["value", "unit"]] = [123456789012.0, "元"]
    words = worded(phased(results(figures, lines)), lang)
    return [plot_trajectory(words, "plain"), *plot_small_multiples(words), gaps_of(words),
            heatmap_of(words), offices_of(words)]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_huge_numbers_and_long_names_fit(lang: str) -> None:
    for axes in crowded(lang):
        assert overlaps(axes) == [] and outside(axes) == []


# --- exhibits


def test_each_chart_has_caption_message_note_and_numbers() -> None:
    words = worded(phased(with_trend()))
    shown = [charts.show_trajectory(words, "plain"), charts.show_small_multiples(words, "first"),
             charts.show_gaps(words), charts.show_heatmap(words), charts.show_index(words),
             charts.show_offices(words)]  # fmt: skip
    for exhibit in shown:
        assert exhibit.html.count("<figure") == exhibit.html.count("<figcaption>") == 1
        assert 'aria-label="' in exhibit.html and "<details>" in exhibit.html and "<td" in exhibit.html
        assert 'class="xk-note"' in exhibit.html


def test_numbers_under_a_trajectory_are_those_of_its_lines() -> None:
    html = charts.show_trajectory(worded(with_trend()), "plain").html
    for said in ('<th scope="row" data-label="年份">2012</th>', ">30<", ">37<", ">50<", ">60<"):
        assert said in html


def test_names_are_text_and_never_markup() -> None:
    lines = [LINES[0] | {"name_zh": "<script>甲&乙</script>"}, *LINES[1:]]
    words = worded(made(lines))
    for exhibit in (charts.show_trajectory(words, "plain"), charts.show_gaps(words), charts.show_heatmap(words)):
        assert "<script" not in exhibit.html and "&lt;script&gt;" in exhibit.html


def test_scenario_stands_beside_its_reference() -> None:
    from xk.arithmetic.scenario import build_scenario

    rules = {"name": "push", "title_zh": "甲", "title_en": "A", "indicators": {"plain": {"change": 5.0}}}
    scenario = build_scenario(rules, indicators=["plain"], domains=["first"])
    figures = pd.concat([own_figures().query("indicator != 'plain'"), OWN_TREND], ignore_index=True)
    settings = Settings("city", method="drift")
    found = build_results(scheme(), figures, regions=REGIONS, settings=settings, scenario=scenario)
    words = worded(replace(found, reference=with_trend()))
    reference = words.beside
    assert reference is not None
    axes = plot_trajectory(words, "plain")
    assert line(axes, "projected")[-1] == (2020, 60.0)
    assert line(axes, "reference")[-1] == (2020, pytest.approx(50.0))
    assert words_at(axes, "label-reference") == ["基准50"]
    beside = plot_beside([reference, words], "plain")
    assert line(beside, "scenario-1")[-1] == (2020, 60.0)
    assert line(beside, "reference")[-1] == (2020, pytest.approx(50.0))
    assert words_at(beside, "label-1") == ["[1] 60"]
    assert "reference" not in gids(plot_trajectory(reference, "plain"))


def test_a_sparkline_has_what_is_seen_what_is_projected_and_the_target() -> None:
    """40, 42, 44 in 2014-2016; by drift 52 in 2020, the target 60: the lowest at the bottom, the target at the top."""
    figures = own_figures()
    mine = points("city", "plain", {2014: 40, 2015: 42, 2016: 44})
    found = results(pd.concat([figures[figures["indicator"] != "plain"], mine], ignore_index=True))
    drawn = sparkline(worded(found), "plain")
    assert 'class="xk-seen" points="4.0,18.0 ' in drawn and drawn.count("<circle") == 1
    assert 'class="xk-projected"' in drawn and 'class="xk-goal" d="M68.0 4.0h8"' in drawn
    # what goes along another's trend looks as it does in the charts
    lent = replace(found, yearly=found.yearly.assign(kind=found.yearly["kind"].replace("projected", "borrowed")))
    assert 'class="xk-borrowed"' in sparkline(worded(lent), "plain")
    # a single figure is a dot at the left end, and the target stands above it at the right
    single = sparkline(worded(made()), "plain")
    assert '<circle cx="4.0" cy="18.0"' in single and "xk-projected" not in single
    assert sparkline(worded(made()), "none") == ""


def test_a_heat_map_is_cut_between_rows_and_names_its_domain_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two domains and six lines are eight rows: with six a sheet, two of four; the second goes on with domain two."""
    words = worded(made())
    assert heatmap_sheets(words) == [heatmap_rows(words)]
    monkeypatch.setattr(heatmap, "SHEET", 6)
    first, second = heatmap_sheets(words)
    assert first == [("domain", "first"), ("indicator", "plain"), ("indicator", "held"), ("domain", "second")]
    assert second[0] == ("domain", "second") and [name for _, name in second[1:]] == ["mixed", "half", "none", "priced"]
    shown = charts.show_heatmap(words)
    assert shown.html.count("<svg") == 2 and "（1/2）" in shown.html and len(shown.parts) == 1


def test_what_cannot_be_judged_is_a_sentence_a_reason() -> None:
    """1 and 3.1 have one year of figures and nothing to borrow; 4 is in other prices; 3.2 has no figure.

    3.1 and 3.2 are parts, which the programme does not count: 1 is the one indicator of its reason.
    """
    said = say_unknown(worded(made())).plain.splitlines()
    assert (
        len(said) == 3
        and said[0].startswith("- 有数值、无趋势2项（其中1项是3的分项），")
        and said[0].endswith("1\u00a0指标、3.1\u00a0指标。")
    )

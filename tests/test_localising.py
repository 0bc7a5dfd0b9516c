"""A region that a scheme does not name: its targets as a yardstick, no baseline but its own, no office of another."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from made_up import LINES, REGIONS, indicator, own_figures, points, scheme, typed, worded

from xk import charts, tables
from xk.pipeline import Results, Settings, build_results
from xk.pipeline.localising import localise_scheme
from xk.pipeline.pricing import build_prices

pytestmark = pytest.mark.usefixtures("style")

COUNTY = pd.concat([REGIONS, pd.DataFrame({"region": ["county"], "parent": ["city"]})], ignore_index=True)

NO_INDEX = pd.DataFrame(columns=["region", "base_year", "year", "index", "source_id", "kind"])


def county(*more: pd.DataFrame, as_of: int = 2017) -> Results:
    figures = pd.concat([own_figures(), *more], ignore_index=True)
    return build_results(scheme(), figures, regions=COUNTY, settings=Settings("county", as_of=as_of, method="drift"))


def test_the_own_region_keeps_the_scheme_as_it_is() -> None:
    given = scheme()
    assert localise_scheme(given, "city", own_figures()) is given


def test_without_figures_there_is_no_baseline_no_office_and_no_path() -> None:
    found = county()
    summary = found.summary.set_index("indicator")
    assert summary["baseline_value"].isna().all() and summary["baseline_year"].isna().all()
    assert summary["lead_offices"].isna().all() and found.led_lines == {}
    assert math.isnan(summary.loc["plain", "planned_value"]) and summary.loc["plain", "target_value"] == 60
    # what is to be held is planned at its target all the same
    assert found.planned_values["held", 2017] == 95
    assert found.is_yardstick and found.scheme.home_region() == "city"


def test_a_figure_of_its_own_is_its_baseline() -> None:
    found = county(points("county", "plain", {2016: 30, 2018: 42}), as_of=2018)
    line = found.line("plain")
    assert (line.line.baseline_year, line.line.baseline_value, line.line.baseline_kind) == (2016, 30, "observed")
    # on the way from 30 to 60 in four years 45 is planned for 2018; 12 of 30 points are done: 40 %
    assert line.plan.value == 45 and line.plan.gap == -3
    assert line.distance.progress == pytest.approx(40)
    # a figure of another year is none
    other = county(points("county", "plain", {2017: 33, 2018: 42}), as_of=2018).line("plain")
    assert not other.line.has_baseline and math.isnan(other.plan.value) and math.isnan(other.distance.progress)


def test_figures_in_the_prices_of_the_target_go_before_others() -> None:
    base = {"unit": "元", "series": "county.priced.real", "price_base": "2010", "grade": "B"}
    nominal = {"unit": "元", "series": "county.priced.nominal", "price_base": "current"}
    real = {2012: 60, 2013: 65, 2014: 70, 2015: 75, 2016: 80}
    figures = [points("county", "priced", values, **more) for values, more in (({2016: 90}, nominal), (real, base))]
    line = county(*figures).line("priced")
    # the programme bars its own baseline from comparison, not that of the county
    assert (line.line.baseline_value, line.line.baseline_price_base, line.comparable) == (80, "2010", True)
    assert line.distance.attainment == 40


def test_a_proxy_of_a_few_years_is_neither_its_level_nor_its_baseline() -> None:
    few = points("county", "plain", {2014: 20, 2016: 30}, series="county.plain.near", grade="B")
    line = county(few).line("plain")
    assert line.status == "no_data" and math.isnan(line.distance.attainment) and not line.line.has_baseline


def test_offices_are_those_of_the_home_region_for_others_that_the_programme_names_too() -> None:
    found = county()
    named = replace(found, scheme=replace(found.scheme, regions=("city", "county")))
    assert not named.is_yardstick
    assert "方案列出的责任单位属于某市" in tables.office_blocks(worded(named)).plain


def test_its_pages_call_the_target_a_yardstick() -> None:
    words = worded(county())
    summary = tables.table_summary(words).html
    assert "参照目标" in summary and "甲局" not in summary
    assert "方案为某市规定的目标，对本地区仅作参照" in tables.key_points(words).plain
    assert "方案列出的责任单位属于某市" in tables.office_blocks(words).plain
    assert "某市" in charts.show_offices(words).plain


def test_without_figures_there_is_a_sentence_in_place_of_each_chart_and_ranking() -> None:
    words = worded(county())
    assert charts.show_heatmap(words).plain == "各年都没有可计算实现程度的数值，不列逐年实现程度图。"
    assert charts.show_index(words).html == "" and "不列综合指数" in tables.key_points(words).plain
    assert charts.show_small_multiples(words).plain == "没有可以绘图的数值。"
    assert tables.table_furthest(words).plain == "没有可与目标比较的数值，无从排列。"
    said = tables.key_points(words)
    assert "截至2017年没有county的数值" in said.plain
    # no sentence leads to a chart that is not there
    assert "fig-" not in said.html and "tab-index" in said.html


def test_offices_of_tasks_and_milestones_are_those_of_another_region_too() -> None:
    """A task that one office leads and another supports, and a quantity of it: neither office is the county's."""
    task = {"indicator": "plain", "task": "1", "title_zh": "任务", "title_en": "Task", "lead_offices": "bureau",
            "support_offices": "other"}  # fmt: skip
    stone = {"indicator": "plain", "milestone": "1", "task": "1", "title_zh": "数量", "title_en": "Quantity",
             "relation": "at_least", "value": "3", "unit": "%", "lead_offices": "bureau",
             "support_offices": "other"}  # fmt: skip
    given = replace(scheme(), tasks=typed("tasks", [task]), milestones=typed("milestones", [stone]))
    assert given.office_tasks.keys() == {("bureau", True), ("other", False)}
    here = localise_scheme(given, "county", own_figures())
    assert here.office_tasks == {} and len(here.ordered_tasks) == 1
    assert here.milestones[["lead_offices", "support_offices"]].isna().all(axis=None)


def test_a_reason_of_prices_speaks_of_the_region_not_of_the_programme() -> None:
    """The programme gives a baseline of the city in unstated prices; the county has none."""
    found = county()
    prices = build_prices(found, regions=COUNTY, deflators=NO_INDEX)
    shown = tables.table_comparability(worded(found), prices.comparisons).html
    assert "no_baseline" not in {*prices.comparisons["rule"]}, "the workbook has the same words"
    assert "没有本地区自身的基期数值" in shown and "方案没有给出基期值" not in shown


def test_an_indicator_made_of_parts_that_the_programme_does_not_list_is_named_as_unknown() -> None:
    """3 has the parts 3.1 and 3.2, which stand for it; 5 has none, and is counted, so it is named itself."""
    bare = indicator("bare", "5", direction="composite", domain="second", unit="%")
    found = build_results(
        scheme([*LINES, bare]), own_figures(), regions=REGIONS, settings=Settings("city", as_of=2016, method="drift")
    )
    said = tables.say_unknown(worded(found)).plain
    assert "没有分项数值：5\u00a0指标" in said and "3.2\u00a0指标" in said and "、3\u00a0指标" not in said

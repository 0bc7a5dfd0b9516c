"""A region that a scheme does not name: its targets as a yardstick, no baseline but its own, no office of another."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from made_up import REGIONS, own_figures, points, scheme, worded

from xk import charts, tables
from xk.pipeline import Results, Settings, build_results
from xk.pipeline.localising import localise_scheme

pytestmark = pytest.mark.usefixtures("style")

COUNTY = pd.concat([REGIONS, pd.DataFrame({"region": ["county"], "parent": ["city"]})], ignore_index=True)


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
    figures = [points("county", "priced", {2016: value}, **more) for value, more in ((90, nominal), (80, base))]
    line = county(*figures).line("priced")
    # the programme bars its own baseline from comparison, not that of the county
    assert (line.line.baseline_value, line.line.baseline_price_base, line.comparable) == (80, "2010", True)
    assert line.distance.attainment == 40


def test_its_pages_call_the_target_a_yardstick() -> None:
    words = worded(county())
    summary = tables.table_summary(words).html
    assert "参照目标" in summary and "甲局" not in summary
    assert "方案为某市规定的目标，对本地区仅作参照" in tables.key_points(words).plain
    assert "方案列出的责任单位属于某市" in tables.office_blocks(words).plain
    assert "<svg" in charts.show_heatmap(words).html

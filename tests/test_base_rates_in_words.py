"""Base rates in words: what nobody reached is said plainly, where readers look, and with all that limits it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from made_up import made, peer_line, peered

from xk import charts, tables
from xk.arithmetic.peers import BaseRate, RegionGrid, Windows
from xk.arithmetic.peers.base_rate import Counted, Pace
from xk.bench import Question, results_of, words_beside, words_of
from xk.exhibits import Wording
from xk.exhibits.assumption_words import assumptions_said
from xk.exhibits.peer_words import base_rate_said, count_said, needed_said, unprecedented
from xk.readers import read_store
from xk.running.runs.edition import _notice
from xk.vocab import BEHIND

EMPTY = np.array([])
NEVER = BaseRate(5.0, "change", 4, 168, 0, 21, 0, Pace("south", 2010, 2014, 4.0), until=2016)


def counted(*hits: Pace, among: tuple[str, ...] = ()) -> Counted:
    """Return what a base rate was counted from: these windows, all of which reached it, and these regions."""
    names = tuple(dict.fromkeys((*among, *(hit.region for hit in hits))))
    first, last, pace = (
        (np.array(each) for each in zip(*(hit[1:] for hit in hits), strict=True)) if hits else [EMPTY] * 3
    )
    windows = Windows(np.array([names.index(hit.region) for hit in hits], dtype=int), first, last, pace, 0, 0)
    grid = RegionGrid(names, 2000, np.empty((len(names), 0)), np.empty((len(names), 0), dtype=int))
    return Counted(grid, windows, np.arange(len(names)), np.arange(len(hits)))


def said_of(rate: BaseRate, lang: str = "zh", level: str = "prefecture", *, as_of: int | None = None) -> str:
    """Return what is said of a base rate of a made-up line in per cent."""
    found = made(as_of=as_of) if as_of else made()
    words = peered(lang=lang, found=replace(found, group=replace(found.group, level=level)))
    return needed_said(words, words.results.lines["plain"], rate).replace("\u00a0", " ")


@cache
def yunfu(lang: str, scenario: str = "", as_of: int | None = None) -> Wording:
    """Return the words for Yunfu, as of 2016, where nothing else is asked for."""
    question = Question(lang=lang, scenario=json.loads(scenario) if scenario else None, as_of=as_of)
    return words_of(question, read_store(), results_of(question, read_store()))


# By hand, from the yearbooks: no. 2 (56 - 38.46) / 4 = 4.385, asked for 4.39, Qingyuan 34.2 in 2009 and 47.6 in 2013:
# 13.4 / 4 = 3.35; no. 3 (60 - 40.96) / 4 = 4.76, Huizhou 5.96 points in four years: 1.49; no. 1 Qingyuan twice.
WORKED = {
    "services_share_of_gdp": (
        "须年均提高4.39个百分点，21市的84个四年期中没有一个达到这一速度，最快为清远市2009—2013年年均3.35个百分点",
        "it needs a rise of 4.39 points a year, which none of 84 four-year periods in 21 cities reached; "
        "fastest: Qingyuan 2009–2013, 3.35 points a year",
    ),
    "urban_population_share": (
        "须年均提高4.76个百分点，21市的42个四年期中没有一个达到这一速度，最快为惠州市2011—2015年年均1.49个百分点",
        "it needs a rise of 4.76 points a year, which none of 42 four-year periods in 21 cities reached; "
        "fastest: Huizhou 2011–2015, 1.49 points a year",
    ),
    "gdp_per_capita": (
        "须年均提高17.3%，20市的79个四年期中有2个达到这一速度（均为清远市），最快为清远市2005—2009年年均22.3%",
        "it needs a rise of 17.3 % a year, which 2 of 79 four-year periods in 20 cities reached (all in Qingyuan); "
        "fastest: Qingyuan 2005–2009, 22.3 % a year",
    ),
    "industrial_solid_waste_utilisation": (
        "须年均提高5.43个百分点，14市的14个四年期中没有一个达到这一速度，最快为东莞市2012—2016年年均2.92个百分点（期数少，仅供参考）",
        "it needs a rise of 5.43 points a year, which none of 14 four-year periods in 14 cities reached; "
        "fastest: Dongguan 2012–2016, 2.92 points a year; few to go by",
    ),
    "rd_expenditure_intensity": (
        "须年均提高0.50个百分点，按中国数据，8个四年期中没有一个达到这一速度，最快为2008—2012年年均0.11个百分点（期数少，仅供参考）",
        "it needs a rise of 0.50 points a year, which none of 8 four-year periods in China reached; "
        "fastest: 2008–2012, 0.11 points a year; few to go by",
    ),
    "public_transport_vehicles_per_10000": (
        "须年均提高2.54标台，按相近口径，21市的164个四年期中有4个达到这一速度（深圳市、汕尾市和东莞市），"
        "最快为深圳市2007—2011年年均15.00标台",
        "it needs a rise of 2.54 standard vehicles a year, which, by a proxy, 4 of 164 four-year periods in 21 cities "
        "reached (Shenzhen, Shanwei and Dongguan); fastest: Shenzhen 2007–2011, 15.00 standard vehicles a year",
    ),
    "lawyers_per_10000": (
        "须年均提高0.48人，没有同样长的先例期间可比",
        "it needs a rise of 0.48 persons a year, with no past period as long to compare",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORKED)
def test_sentences_of_yunfu(name: str) -> None:
    zh, en = WORKED[name]  # each of the figure of 2016, for 2020
    said = {"zh": f"2016—2020年{zh}", "en": en.replace(" a year", " a year from 2016 to 2020", 1)}
    for lang, expected in said.items():
        words = yunfu(lang)
        result = words.results.lines[name]
        assert result.base_rate is not None
        assert needed_said(words, result, result.base_rate).replace("\u00a0", " ") == expected


def test_the_first_screen_says_it() -> None:
    """The three worst with their pace, then the paces that nobody reached in windows enough to tell."""
    said = tables.key_points(yunfu("zh"), "economy").plain.replace("\u00a0", " ").split("\n")
    assert said[1].startswith("- 7 ")
    assert "；2016—2020年须年均提高3.56个百分点，没有同样长的先例期间可比；牵头：" in said[1]
    assert "按中国数据，6个四年期中没有一个达到这一速度" in said[2] and said[2].endswith("牵头：市商务局。")
    # each with its figure, target and offices, too
    assert said[4].startswith("- 3 常住人口城镇化率：2016年40.96%，目标≥60，实现程度68.3%；")
    for one, name in zip(said[4:6], ("urban_population_share", "services_share_of_gdp"), strict=True):
        assert f"{WORKED[name][0]}；牵头：" in one
    lines = yunfu("zh").results.lines.values()
    # 14 windows (no. 40) and China's eight are too few to be named so
    assert [result.no for result, _ in unprecedented(lines)] == ["2", "3"]


@pytest.mark.parametrize("domain", [None, *yunfu("zh").results.scheme.domain_names()])
def test_all_that_is_behind_is_named(domain: str | None) -> None:
    words = yunfu("en")
    said = tables.key_points(words, domain).plain
    for result in words.results.lines.values():
        if result.status in BEHIND and not result.line.is_composite and domain in (None, result.line.domain):
            assert words.line(result.indicator) in said
    later = "Figures of later years, up to 2020, are known of 5 lines (1, 2, 3, 26, 40)"
    assert (later in said) is (domain is None)


def test_tables_and_circular_count_it() -> None:
    """Of a line without a trend too: no. 6."""
    for shown in (tables.table_furthest(yunfu("en")), tables.table_summary(yunfu("en"), "economy")):
        assert "precedent 0 of 84<" in shown.html and "precedent 0 of 8 (China)<" in shown.html
    assert "先例2/79<" in tables.table_summary(yunfu("zh"), "economy").html
    assert "先例4/164（相近口径）<" in tables.table_furthest(yunfu("zh")).html
    blocks = tables.office_blocks(yunfu("zh")).html
    assert "先例0/84<" in blocks and "先例0/8（中国）<" in blocks
    assert count_said(yunfu("zh"), None) == "" == count_said(yunfu("zh"), replace(NEVER, windows=0, fastest=None))


def test_a_latest_figure_that_is_not_the_baseline_is_named_with_it() -> None:
    """The yearbook's 38.46 of 2016 beside the plan's 38.5, and no line without figures."""
    shown = {domain: tables.table_summary(yunfu("en"), domain).html for domain in ("economy", "livelihood")}
    said = "figures of that year: 1 30,679, plan 31,502 (current prices); 2 38.46, plan 38.5; 3 40.96, plan 40.95.<"
    assert said in shown["economy"] and "plan prints other" not in shown["livelihood"]
    assert "：40为66.31，方案为66.3。<" in tables.table_summary(yunfu("zh"), "environment").html


def test_a_final_assessment_requires_nothing_more() -> None:
    words = yunfu("zh", as_of=2020)
    assert "先例" not in tables.table_summary(words, "economy").html + tables.office_blocks(words).html
    assert "四年期" not in tables.key_points(words).plain


def scenario(**rules: Any) -> str:
    return json.dumps({"name": "own", "title_zh": "自拟", "title_en": "Own", "indicators": rules})


def test_a_scenario_that_assumes_the_unprecedented_is_told_so() -> None:
    # 38.46 + 4 x 4.4 = 56.06: 4.40 a year, more than any city's 3.35
    words = yunfu("zh", scenario(services_share_of_gdp={"change": 4.4}))
    warning = (
        "无先例：2\u00a0服务业增加值占GDP比重，情景假定年均提高4.40个百分点，21市的84个四年期中没有一个达到这一速度，"
        "最快为清远市2009—2013年年均3.35个百分点"
    )
    assert assumptions_said(words) == ["2\u00a0服务业增加值占GDP比重：每年+4.4点", warning]
    assert _notice(words)[1:] == tuple(assumptions_said(words)), "on every page"
    english = yunfu("en", scenario(services_share_of_gdp={"change": 4.4}))
    assert assumptions_said(english)[1].startswith(
        "Without precedent: 2\u00a0Services value added as share of GDP, for which the scenario assumes a rise of 4.40 "
        "points a year, which none of 84 four-year periods in 21 cities reached"
    )


def test_a_scenario_within_what_was_seen_is_not_warned() -> None:
    assert len(assumptions_said(yunfu("zh", scenario(services_share_of_gdp={"change": 3.0})))) == 1
    assert assumptions_said(yunfu("zh")) == []


def test_the_comparison_shows_the_warning() -> None:
    asked = json.loads(scenario(services_share_of_gdp={"change": 4.4}))
    shown = charts.table_assumptions(words_beside(Question(), [asked], read_store()))
    assert shown.html.count("无先例：") == 1


def test_regions_are_called_what_they_are() -> None:
    assert "21市的168个四年期中没有一个达到这一速度" in said_of(NEVER)
    assert "none of 168 four-year periods in 21 counties reached" in said_of(NEVER, "en", "county")
    assert "21个地区" in said_of(NEVER, level="")
    others = replace(NEVER, regions=2, is_elsewhere=True, counted=counted(among=("province", "city")))
    assert "按某省和某市数据，168个四年期中没有一个达到这一速度" in said_of(others)
    alone = replace(NEVER, regions=1, counted=counted(among=("south",)), windows=30)
    assert said_of(alone).endswith("，南市的30个四年期中没有一个达到这一速度，最快为2010—2014年年均4.00个百分点")


def test_who_reached_it() -> None:
    hits = tuple(Pace(name, 2008 + at, 2012 + at, 6.0) for at, name in enumerate(("north", "south", "east", "city")))
    some = replace(NEVER, reached=4, regions_reached=4, counted=counted(*hits), fastest=hits[0])
    assert "168个四年期中有4个达到这一速度（4市），最快为北市" in said_of(some)
    two = replace(some, reached=2, regions_reached=2, counted=counted(*hits[:2]))
    assert "2个达到这一速度（北市和南市）" in said_of(two)
    one = replace(some, reached=1, regions_reached=1, counted=counted(*hits[:1]))
    assert "1个达到这一速度，最快" in said_of(one)
    every = replace(some, reached=168)
    assert "168个四年期都达到这一速度，最快" in said_of(every)
    assert "which all 168 four-year periods in 21 cities reached" in said_of(every, "en")


def test_the_other_way_is_said() -> None:
    fell = replace(NEVER, fastest=Pace("south", 2010, 2014, -0.5))
    assert said_of(fell).endswith("最快为南市2010—2014年年均下降0.50个百分点")
    assert said_of(fell, "en").endswith("fastest: south 2010–2014, a fall of 0.50 points a year")
    # where a fall is asked for, a fall needs no word
    falls = replace(NEVER, required=-5.0, fastest=Pace("south", 2010, 2014, -0.5))
    assert said_of(falls).startswith("2016—2020年须年均下降5.00个百分点") and said_of(falls).endswith(
        "年年均0.50个百分点"
    )


def test_a_pace_that_is_asked_for_is_never_rounded_down() -> None:
    # (60 - 40.95) / 4 = 4.7625; a growth of 17.01 % has one decimal
    none = replace(NEVER, required=4.7625, windows=0, fastest=None)
    assert "年均提高4.77个百分点" in said_of(none)
    assert "年均提高17.1%" in said_of(replace(none, measure="growth", required=17.01))
    assert "年均下降17.1%" in said_of(replace(none, measure="growth", required=-17.01))


@pytest.mark.parametrize(
    ("required", "fastest", "reached", "said"),
    [
        (4.388, 4.386, 0, "4.3860"),  # 4.39 is asked for: 4.39 would look like a hit
        (4.381, 4.3812, 1, "4.39"),  # 4.39 is asked for: 4.38 would look like a miss
        (4.381, 4.381, 1, "4.39"),
        (4.385, 3.35, 0, "3.35"),
    ],
)
def test_the_fastest_shows_on_which_side_it_is(required: float, fastest: float, reached: int, said: str) -> None:
    pace = Pace("south", 2010, 2014, fastest)
    rate = replace(
        NEVER,
        required=required,
        reached=reached,
        regions_reached=reached,
        fastest=pace,
        counted=counted(*[pace] * reached),
    )
    assert said_of(rate).endswith(f"最快为南市2010—2014年年均{said}个百分点")


@pytest.mark.usefixtures("style")
def test_a_final_assessment_sets_later_windows_apart() -> None:
    later = BaseRate(5.0, "change", 4, 60, 6, 21, 2, Pace("north", 2015, 2019, 6.0), since=2017, until=2020)
    rate = replace(NEVER, windows=40, later=later)
    said = said_of(rate, as_of=2020)
    assert said.startswith("2016—2020年须年均提高5.00个百分点，21市的40个四年期中没有一个达到这一速度")
    assert said.endswith("；2016年以后结束的60个中6个达到")
    assert said_of(replace(rate, later=replace(later, reached=0)), as_of=2020).endswith(
        "；2016年以后结束的60个中也无一达到"
    )
    shown = charts.show_strips(peered(peer_line(base_rate=rate), found=made(as_of=2020)))
    assert "空心三角为2016年以前与所余时间同样长的各段中最快的一段" in shown.html


def test_a_line_by_itself() -> None:
    words = peered()
    result = words.results.lines["plain"]
    assert base_rate_said(words, result, replace(NEVER, fastest=None)) == "，没有同样长的先例期间可比"
    assert math.isnan(replace(NEVER, windows=0).share)


def test_no_pace_is_asked_for_where_a_deadline_is_past() -> None:
    """No. 30 was due by the end of 2018: as of 2018 it is said what it needed: (100 - 34.8) / 2 = 32.6 a year."""
    words = yunfu("zh", as_of=2018)
    result = words.results.lines["rural_poverty_exit_rate"]
    assert result.base_rate is not None
    assert needed_said(words, result, result.base_rate).startswith("2016—2018年须年均提高32.6")

"""Strips of a region among its peers, and its place among them: by the data in their axes and by their words."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from drawn import boxes, gids, line, outside, overlaps, words_at
from made_up import indicator, made, peer_line, peered, points

from xk import charts, tables
from xk.arithmetic.peers import Move
from xk.arithmetic.target import Rates
from xk.charts.strips import OPEN, peer_lines, plot_strips, strip_message
from xk.exhibits import fold
from xk.exhibits.peer_words import left_out_said, peer_value
from xk.vocab import OWN_GRADE

pytestmark = pytest.mark.usefixtures("style")


def test_strips_show_all_values_and_all_paces() -> None:
    values, paces = plot_strips(peered(), peer_line())
    assert sorted(x for x, _ in line(values, "peers")) == [45, 54, 64]
    assert line(values, "own") == [(40, 0)] and {x for x, _ in line(values, "target")} == {60}
    # (64 - 40) / 4 = 6 and (54 - 50) / 4 = 1; the third peer has no figure four years before
    assert sorted(x for x, _ in line(paces, "peers")) == [1, 6]
    # (40 - 32) / 4 = 2 is the own pace, (60 - 40) / 4 = 5 the one that is required
    assert line(paces, "own") == [(2, 0)] and {x for x, _ in line(paces, "required")} == {5}
    assert line(paces, "fastest") == [(6, 0)]
    assert words_at(values, "label-own") == ["某市 40"] and words_at(values, "label-target") == ["目标≥60"]
    assert words_at(paces, "label-own") == ["某市 +2.00"] and words_at(paces, "label-required") == ["所需+5.00"]
    assert words_at(paces, "label-fastest") == ["北市2012—2016年 +6.00"]
    assert words_at(values, "head") == ["最新数值（%）"] and words_at(paces, "head") == ["年均速度（个百分点）"]
    assert words_at(values, "title") == ["1\u00a0指标"] and "status-lagging" not in gids(paces)


def test_figures_of_another_measure_stand_without_the_target() -> None:
    peer = peer_line(latest=peer_line().latest.assign(attainment=math.nan))
    values, _ = plot_strips(peered(peer), peer)
    assert "target" not in gids(values)
    said = strip_message(peered(peer), peer)
    assert "（口径与目标不同）" in said and "≥60" not in said


def test_without_paces_there_is_one_strip() -> None:
    peer = peer_line(latest=peer_line().latest.assign(pace=math.nan), base_rate=None)
    assert len(plot_strips(peered(peer), peer)) == 1


def test_like_values_stand_beside_each_other() -> None:
    """Of marks at one place none hides another, up to five."""
    latest = peer_line().latest.assign(value=50.0)
    values, _ = plot_strips(peered(), peer_line(latest=latest))
    heights = [y for _, y in line(values, "peers")]
    assert len(set(heights)) == 3 and 0 in heights


LONG = {"city": "云浮县级试验区", "north": "阿坝藏族羌族自治州"}
LONG_EN = {"city": "Yun'an District", "north": "Qiandongnan Prefecture"}


@pytest.mark.parametrize(("lang", "names"), [("zh", LONG), ("en", LONG_EN)])
@pytest.mark.parametrize("own", [33.0, 44.0, 59.9, 63.0])
def test_words_of_strips_have_room(lang: str, names: dict[str, str], own: float) -> None:
    latest = peer_line().latest
    latest.loc[latest["own"], ["value", "pace"]] = [own, (own - 32) / 4]
    peer = peer_line(latest=latest)
    words = peered(peer, lang=lang)
    words.region_names = {**words.region_names, **names}
    drawn = plot_strips(words, peer)
    for axes in drawn:
        assert overlaps(axes) == [] and outside(axes) == []
    (above, first), (below, second) = [
        (min(box.y0 for _, box in boxes(axes)), max(box.y1 for _, box in boxes(axes))) for axes in drawn
    ]
    assert above >= second - 1 and first > second and below < above, "no strip writes into the other"


def test_the_message_says_place_pace_and_who_was_as_fast() -> None:
    # of three windows one, of one city, reached 5 points a year
    assert strip_message(peered(), peer_line()).replace("\u00a0", " ") == (
        "1 指标：2016年40%（目标≥60），在4市中居第4位；2016—2020年须年均提高5.00个百分点，"
        "3个地区的3个四年期中有1个达到这一速度，最快为北市2012—2016年年均6.00个百分点（期数少，仅供参考）。"
    )
    assert strip_message(peered(lang="en"), peer_line()).replace("\u00a0", " ") == (
        "1 Indicator: 40 % in 2016 (target ≥ 60), place 4 of 4 cities; it needs a rise of 5.00 points a year from 2016 "
        "to 2020, which 1 of 3 four-year periods in 3 regions reached; fastest: north 2012–2016, 6.00 points a year"
        "; few to go by."
    )
    shown = charts.show_strips(peered())
    assert shown.html.count(strip_message(peered(), peer_line())) == 2, "as a sentence, and instead of the drawing"


def test_nothing_is_required_of_what_is_met() -> None:
    peer = peer_line(required=Rates(0.0, 0.0, 4), base_rate=None)
    _, paces = plot_strips(peered(peer), peer)
    assert "required" not in gids(paces) and "fastest" not in gids(paces)
    assert strip_message(peered(peer), peer).endswith("2016年40%（目标≥60），在4市中居第4位。")


def test_what_is_left_out_is_counted_with_its_reason() -> None:
    rate = replace(peer_line().base_rate, across_breaks=3)
    peer = peer_line(left_out={"other_definition": 2, "no_figure": 0}, base_rate=rate)
    assert left_out_said(peered(), peer) == "口径不同2个地区、跨口径变动3个时段"
    assert left_out_said(peered(), peer_line()) == "—"
    assert "口径不同2个地区" in tables.table_standing(peered(peer)).html


def test_a_line_without_a_common_year_is_named() -> None:
    words = peered(peer_line(), peer_line(indicator="held", now=None))
    assert [peer.indicator for peer in peer_lines(words, None)] == ["plain"]
    assert "没有同年数值、未列入：2。" in charts.show_strips(words).html


def test_a_value_short_of_the_target_is_never_written_as_the_target() -> None:
    # decimals of 40 and 60: none, but 59.9 would be 60
    assert peer_value(peered(), peer_line(), 59.9) == "59.9"
    assert peer_value(peered(), peer_line(), 54.4) == "54"


def test_figures_of_all_regions_are_folded_under_the_strip() -> None:
    shown = charts.show_strips(peered())
    html = shown.html
    order = [html.index(f">{name}</th>") for name in ("北市", "南市", "东市", "某市")]
    assert order == sorted(order), "the best first"
    assert "66.7" in html and 'aria-label="1' in html
    assert [part.kind for part in shown.parts] == ["figure"]


@pytest.mark.parametrize(("count", "shown"), [(60, 60), (1000, 61)])
def test_of_very_many_regions_some_are_shown_evenly_by_rank(count: int, shown: int) -> None:
    values = [float(number) for number in range(count)]
    latest = pd.DataFrame({"region": [f"r{value:g}" for value in values], "year": 2016, "value": values, "pace": values,
                           "attainment": 50.0, "own": [value == 5 for value in values]})  # fmt: skip
    peer = peer_line(latest=latest, own_region="r5")
    strips = plot_strips(peered(peer), peer)
    for axes in strips:
        drawn = [x for x, _ in line(axes, "peers")]
        assert len(drawn) == shown - 1 and (min(drawn), max(drawn)) == (0, count - 1)
        assert line(axes, "own") == [(5, 0)]
    exhibit = charts.show_strips(peered(peer)).html
    assert exhibit.count("<tr>") == shown + 1  # with the heads of the columns
    assert ("多于60个" in exhibit) == (count > 60)


def test_a_falling_indicator_has_the_lowest_first() -> None:
    asked = {"baseline_year": 2016, "baseline_value": 40, "baseline_kind": "observed", "target_value": 30}
    lines = [indicator("plain", "1", direction="inverse", **asked), indicator("other", "2", domain="second")]
    html = charts.show_strips(peered(found=made(lines))).html
    order = [html.index(f">{name}</th>") for name in ("某市", "东市", "南市", "北市")]
    assert order == sorted(order)


def test_the_worst_lines_stand_open() -> None:
    names = [f"line{place}" for place in range(OPEN + 2)]
    lines = [
        indicator(name, str(place + 1), baseline_year=2016, baseline_value=50 - place, baseline_kind="observed",
                  target_value=100)
        for place, name in enumerate(names)
    ]  # fmt: skip
    lines.append(indicator("other", "99", domain="second"))
    more = pd.concat([points("city", name, {2016: 50 - place}) for place, name in enumerate(names)])
    words = peered(*(peer_line(indicator=name) for name in names), found=made(lines, more))
    # attainment falls from 50 % of the first to 44 % of the last
    assert [peer.indicator for peer in peer_lines(words, None)] == names[::-1]
    opened, rest = charts.show_strips(words).html, charts.show_more_strips(words).html
    assert opened.count("<svg") == OPEN and rest.count("<svg") == 2
    assert "第3、4、5、6、7项" in opened and "第1、2项" in rest
    assert charts.show_more_strips(peered()).html == ""


def test_without_peers_there_are_words() -> None:
    words = peered()
    assert "没有可以比较的同类地区数值" in charts.show_strips(words, "second").html
    assert tables.table_standing(words, "second").html == ""
    assert fold("其余", tables.table_standing(words, "second"), charts.show_more_strips(words, "second")).html == ""


def test_places_now_and_before() -> None:
    """Last of four now and of three before: among the three with figures of both years nothing moved."""
    html = tables.table_standing(peered()).html
    assert ">4/4<" in html and ">3/3（2012）<" in html and ">40%<" in html
    assert "不变（两年均有数值的3地）" in html and "升" not in html and "下降" not in html
    assert "不变" not in tables.table_standing(peered(peer_line(then=None, moved=None))).html
    assert "—" in tables.table_standing(peered(peer_line(moved=None))).html
    same = replace(peer_line().now, year=2012)
    html = tables.table_standing(peered(peer_line(then=same, moved=Move(-1, 4)))).html
    assert "下降1位" in html and "两年均有数值的4地" not in html
    up = peer_line(then=replace(same, place=6, of=6), moved=Move(2, 4))
    assert "up 2 (among 4 in both years)" in tables.table_standing(peered(up, lang="en")).html
    assert tables.table_standing(peered(peer_line(now=None))).html == ""


def test_a_place_that_others_share_is_said_to_be_joint() -> None:
    tied = peer_line(now=replace(peer_line().now, place=1, tied=2))
    assert ">并列1/4<" in tables.table_standing(peered(tied)).html
    assert "在4市中居并列第1位" in strip_message(peered(tied), tied)
    assert "joint place 1 of 4 cities" in strip_message(peered(tied, lang="en"), tied)


def test_where_an_own_figure_serves_the_place_says_that_it_is_by_the_published_one() -> None:
    """45.1 of 2017 is the user's; the place is by the 40 of 2016."""
    mine = points("city", "plain", {2017: 45.1}, series="city.plain.own", grade=OWN_GRADE)
    found = made(more=mine, as_of=2017)
    assert (
        strip_message(peered(found=found), peer_line())
        .split("；20")[0]
        .endswith("2016年40%（公布值；自有数据2017年为45.1%，不参加比较）（目标≥60），在4市中居第4位")
    )
    assert "40%（公布值；自有数据2017年为45.1%，不参加比较）" in tables.table_standing(peered(found=found)).html
    same = mine.assign(definition="plain")  # an own figure in the definition that is compared
    assert "公布值" not in strip_message(peered(found=made(more=same, as_of=2017)), peer_line())

"""Pieces of a report: their texts escaped, their numbers as each language writes them, readable without HTML."""

from __future__ import annotations

import math
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up import made, worded

from xk.exhibits import (
    Column,
    Columns,
    Exhibit,
    Part,
    badge,
    bullets,
    decimals_of,
    escape,
    figure,
    fold,
    gallery,
    join,
    lead,
    number,
    paragraph,
    section,
    side_by_side,
    subheading,
    table,
)

NASTY = "<script>alert(\"x\")</script> & 'y'"
SAFE = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#x27;y&#x27;"


class Elements(HTMLParser):
    """The elements of a fragment, in order, with what is left open."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.seen.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def pieces() -> list[Exhibit]:
    import matplotlib.pyplot as plt

    rows = pd.DataFrame({"name": [NASTY], "value": [1.5]})
    columns = [
        Column(NASTY, lambda row: row["name"], head=True),
        Column("value", lambda row: number(row["value"], "zh"), number=True),
    ]
    return [
        paragraph(NASTY),
        paragraph(NASTY, note=True),
        bullets([NASTY, "b"]),
        subheading(NASTY, NASTY),
        table(rows, columns, NASTY, caption=NASTY, note=NASTY),
        table(rows[:0], columns, NASTY, caption=NASTY, empty=NASTY),
        figure(plt.figure(), "f", caption=NASTY, alt=NASTY, note=NASTY),
    ]


def test_no_text_of_data_becomes_markup() -> None:
    assert escape(NASTY) == SAFE
    for piece in pieces():
        elements = Elements(piece.html)
        assert "script" not in elements.seen
        assert elements.open == []
        assert SAFE in piece.html or "&lt;script&gt;" in piece.html


def test_every_piece_has_words_without_markup() -> None:
    for piece in pieces():
        assert NASTY in piece.plain
        assert piece._repr_mimebundle_()[0] == {"text/html": piece.html, "text/plain": piece.plain}


def test_a_piece_without_words_still_shows_something_in_a_terminal() -> None:
    assert Exhibit("<p></p>")._repr_mimebundle_() == ({"text/html": "<p></p>", "text/plain": "(HTML)"}, {})


def test_pieces_join_in_order() -> None:
    both = paragraph("a") + paragraph("b")
    assert (both.html, both.plain) == ("<p>a</p>\n<p>b</p>", "a\nb")
    assert join([paragraph("a"), paragraph("b")]).html == both.html


def test_parts_travel_beside_the_html() -> None:
    shown = section("key_points", paragraph("a"), gallery([pieces()[-1], pieces()[-3]]), lang="zh")
    assert shown.parts == (
        Part("section", "key-points", "要点"),
        Part("figure", "fig-f", NASTY),
        Part("table", f"tab-{NASTY}", NASTY),
    )
    assert all(shown.html.count(part.opening) == 1 for part in shown.parts)
    _, metadata = shown._repr_mimebundle_()
    assert metadata["xk"]["parts"][0] == {"kind": "section", "anchor": "key-points", "title": "要点"}


def test_a_section_has_its_heading_in_each_language() -> None:
    assert section("key_points", paragraph("a"), lang="zh").html == '<h2 id="key-points">要点</h2>\n<p>a</p>'
    assert section("key_points", lang="en").html == '<h2 id="key-points">Key points</h2>'


def test_a_table_keeps_its_rows_and_tells_numbers_and_row_heads() -> None:
    rows = pd.DataFrame({"name": ["a"], "value": [1234.5]})
    columns = [
        Column("Name", lambda row: row["name"], head=True),
        Column("Value", lambda row: number(row["value"], "en"), number=True),
        Column("Mark", lambda row: f"<b>{row['name']}</b>", raw=True),
    ]
    shown = table(rows, columns, "t", caption="Cap")
    assert '<th scope="row">a</th><td class="xk-num" data-label="Value">1,234.5</td>' in shown.html
    assert '<th scope="col" class="xk-num">Value</th>' in shown.html
    assert "<b>a</b>" in shown.html
    assert shown.plain == "Cap: 1"
    assert shown.frame is rows


def layout_of(*columns: tuple[str, list[str], dict[str, bool]]) -> str:
    rows = pd.DataFrame({label: cells for label, cells, _ in columns})
    shown = [Column(label, lambda row, label=label: row[label], **kind) for label, _, kind in columns]
    return table(rows, shown, "t", caption="Cap").html


HEAD, NUMBER = {"head": True}, {"number": True}
INDICATOR = ("指标", ["城乡居民教育文化娱乐服务支出占家庭消费支出比重"], HEAD)
REASON = ("原因", ["只有1个年份的数值，也没有可参照的趋势，无法推算。达到目标每年需+0.34，连续4年。"], {})


@pytest.mark.parametrize(
    ("columns", "layout"),
    [
        ([("年份", ["2016"], HEAD), ("实际值", ["58000"], NUMBER), ("区间", ["57000～59000"], NUMBER)], "xk-fits"),
        ([INDICATOR, ("权重（%）", ["5.0"], NUMBER), ("状态", ["滞后"], {})], "xk-stacked"),
        # ten rows: a head above all takes less room than a label in each
        (
            [(INDICATOR[0], INDICATOR[1] * 10, HEAD), ("权重（%）", ["5.0"] * 10, NUMBER), ("状态", ["滞后"] * 10, {})],
            "xk-brief",
        ),
        ([INDICATOR, REASON], "xk-stacked"),
        ([INDICATOR, *((f"Contribution{n}", ["5.0"], NUMBER) for n in range(4))], "xk-stacked"),
        ([REASON], "xk-stacked"),
    ],
)
def test_a_table_says_how_it_shows_on_a_phone(columns: list[Any], layout: str) -> None:
    assert f'<table class="{layout}"' in layout_of(*columns)


def test_signs_that_no_line_begins_with_keep_a_figure_from_a_narrow_column() -> None:
    """Four columns of 9 letters and a space each are 40 of 48: 5 more and a space fit, 10 with brackets do not."""
    cells = [(f"值{n}", ["123456789"] * 10, NUMBER) for n in range(4)]
    head = (INDICATOR[0], INDICATOR[1] * 10, HEAD)
    assert "xk-brief" in layout_of(head, *cells, ("差", ["-0.02"] * 10, NUMBER))
    assert "xk-stacked" in layout_of(head, *cells, ("差", ["-0.02（-0.29%）"] * 10, NUMBER))


def test_on_a_phone_years_and_verdicts_have_their_labels() -> None:
    """A year names its row, so a label says that it is one; a status says what it is, unless its column is a year's."""
    rows = [{"year": 2016, "status": "lagging", "word": "滞后"}]
    show = Columns(worded(made()))
    of_year = show.text("of_year", lambda row: row["word"], raw=True, year=2016)
    html = table(rows, [show.year("column_year", head=True), show.status(), of_year], "t", caption="Cap").html
    assert '<th scope="row" data-label="年份">2016</th>' in html
    assert 'data-label="2016年">滞后<' in html and 'data-label="进度状态"' not in html


def test_short_cells_of_a_card_stand_side_by_side() -> None:
    html = layout_of(INDICATOR, ("等级", ["A"], {}), ("状态", ["滞后"], {"alone": True}), REASON)
    assert '<td class="xk-short" data-label="等级">' in html
    assert '<td data-label="状态">' in html and '<td data-label="原因">' in html
    assert layout_of(INDICATOR, ("a", ["&lt;b&gt;" * 9], {"raw": True})).count('class="xk-short"') == 0


def test_no_line_ends_between_a_number_and_its_per_cent_sign() -> None:
    assert paragraph("from 5 % to 95 %").html == "<p>from 5\u00a0% to 95\u00a0%</p>"


def test_an_empty_table_is_told_in_words() -> None:
    shown = table(pd.DataFrame({"a": []}), [], "t", caption="Cap", empty="nothing there")
    assert (shown.html, shown.frame) == ("<p>nothing there</p>", None)


def test_a_status_has_a_symbol_and_a_word() -> None:
    shown = badge("achieved", "已达标 & 好")
    assert 'data-status="achieved"' in shown
    assert "已达标 &amp; 好" in shown
    assert '<span class="xk-symbol" aria-hidden="true">●</span>' in shown


@pytest.mark.parametrize(
    ("value", "lang", "options", "words"),
    [
        (31502, "zh", {}, "31502"),
        (31502, "en", {}, "31,502"),
        (np.int64(31502), "en", {}, "31,502"),
        (38.5, "zh", {}, "38.5"),
        (np.float64(38.5), "zh", {}, "38.5"),
        (0.1 + 0.2, "zh", {}, "0.3"),
        # half away from zero, from the decimal form: 38.5 up, 91.85 is not 91.8499..., 0.475 not 0.4749...
        (38.5, "zh", {"decimals": 0}, "39"),
        (-1.25, "zh", {"decimals": 1}, "-1.3"),
        (91.85, "zh", {"decimals": 1}, "91.9"),
        (0.475, "zh", {"decimals": 2}, "0.48"),
        ((7.6 - 5.7) / 4, "zh", {"decimals": 2}, "0.48"),
        (1.005, "en", {"decimals": 2}, "1.01"),
        # what is required: away from zero always, but not for what arithmetic adds (0.57 / 3 is 0.18999...98)
        (4.7625, "zh", {"decimals": 2, "away": True}, "4.77"),
        (4.7601, "zh", {"decimals": 2, "away": True}, "4.77"),
        (-0.121, "zh", {"decimals": 2, "away": True}, "-0.13"),
        (0.57 / 3, "zh", {"decimals": 2, "away": True}, "0.19"),
        (0.1 + 0.2, "zh", {"decimals": 1, "away": True}, "0.3"),
        # short of a target: further decimals, at last one step off it
        (99.64, "zh", {"decimals": 0, "short_of": [100.0]}, "99.6"),
        (99.96, "zh", {"decimals": 0, "short_of": [100.0]}, "99.96"),
        (99.999999, "zh", {"decimals": 1, "short_of": [100.0]}, "99.9999"),
        (125.4000001, "zh", {"decimals": 1, "short_of": [125.4, 80.0]}, "125.4001"),
        (100.0, "zh", {"decimals": 0, "short_of": [100.0]}, "100"),
        (1e300, "en", {"decimals": 2}, f"1{',000' * 100}.00"),
        (2, "zh", {"signed": True}, "+2"),
        (0, "zh", {"signed": True}, "0"),
        (-0.04, "zh", {"decimals": 1}, "0.0"),
        (-0.04, "zh", {"decimals": 1, "signed": True}, "0.0"),
        (1.5e11, "en", {}, "150,000,000,000"),
        (1e-7, "zh", {}, "0.0000001"),
        (math.nan, "zh", {}, "—"),
        (None, "en", {}, "—"),
        (pd.NA, "en", {}, "—"),
        (math.inf, "en", {}, "∞"),
        (-math.inf, "en", {}, "-∞"),
    ],
)
def test_numbers(value: object, lang: str, options: dict[str, Any], words: str) -> None:
    assert number(value, lang, **options) == words  # type: ignore[arg-type]


def test_text_is_not_passed_off_as_a_missing_number() -> None:
    with pytest.raises(TypeError, match="'31502' is no number"):
        number("31502", "zh")


@pytest.mark.parametrize(
    ("values", "decimals"),
    [((1.0, 2.25), 2), ((100.0,), 0), ((math.nan, 0.125), 3), ((math.nan,), 1), ((), 1), ((1 / 3,), 10), ((2e11,), 0)],
)
def test_decimals_are_those_of_the_most_precise(values: tuple[float, ...], decimals: int) -> None:
    assert decimals_of(*values) == decimals


def test_a_sentence_leads_to_what_it_rests_on() -> None:
    shown = bullets(["甲<乙", "丙"], leads=[lead("fig-index", "见图"), ""])
    assert '<li>甲&lt;乙 <a class="xk-lead" href="#fig-index">见图</a></li><li>丙</li>' in shown.html
    assert shown.plain == "- 甲<乙\n- 丙"


def test_what_is_folded_keeps_its_parts_and_what_stands_side_by_side_its_order() -> None:
    first, second = subheading("a", "甲"), subheading("b", "乙")
    folded = fold("更多", first, second)
    assert folded.html.startswith('<details class="xk-fold"><summary>更多</summary>')
    assert [part.anchor for part in folded.parts] == ["a", "b"]
    both = side_by_side(first, second)
    assert both.html.count("<div>") == 2 and both.html.index("甲") < both.html.index("乙")


def test_a_verdict_begins_with_a_capital() -> None:
    assert "</span> No data</span>" in badge("no_data", "no data") and "</span> 滞后</span>" in badge("lagging", "滞后")


def test_signs_stay_with_their_figures() -> None:
    assert escape("≥ 15, ≤ 4, 5 %") == "≥\u00a015, ≤\u00a04, 5\u00a0%"

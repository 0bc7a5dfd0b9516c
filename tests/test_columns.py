"""The columns that tables are made of: their heads, and what stands in a cell of a line or of a record."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from made_up import LINES, made, worded

from xk.exhibits import Column, Columns, folded, number
from xk.pipeline.result import LineResult
from xk.theme import STATUS_SYMBOLS

ZH, EN = (Columns(worded(made([LINES[0] | {"name_zh": "甲<乙"}, *LINES[1:]]), lang)) for lang in ("zh", "en"))
PLAIN = ZH.words.results.line("plain")


def cell(column: Column, row: object) -> str:
    return column.cell(row)


def test_an_indicator_stands_with_its_number_as_the_head_of_its_row() -> None:
    line = ZH.line()
    assert (line.label, line.head) == ("指标", True)
    assert cell(line, PLAIN) == cell(line, {"indicator": "plain"}) == "1\u00a0甲<乙", "no line break between the two"
    assert cell(line, {"indicator": "plain", "goal": "target"}) == "1\u00a0甲<乙"
    assert cell(line, {"indicator": "plain", "goal": "stretch"}) == "1\u00a0甲<乙（力争目标）"
    group = ZH.line_group()
    assert group.group and cell(group, PLAIN) == "1\u00a0甲<乙"


def test_the_measure_stands_below_the_indicator_and_names_stay_text() -> None:
    column = ZH.line_with_measure()
    assert column.raw and cell(column, PLAIN) == '1\u00a0甲&lt;乙 <span class="xk-note">%</span>'


@pytest.mark.parametrize(
    ("columns", "more", "value", "said"),
    [
        (ZH, {}, 66.66, "66.7"),
        (EN, {}, 1234.5, "1,234.5"),
        (ZH, {"decimals": 2}, 66.666, "66.67"),
        (ZH, {"signed": True}, 2.0, "+2.0"),
        (ZH, {}, math.nan, "—"),
    ],
)
def test_shares(columns: Columns, more: dict[str, int], value: float, said: str) -> None:
    column = columns.share("column_weight", "value", **more)
    assert column.number and cell(column, {"value": value}) == said


def test_an_attribute_of_the_results_is_named_by_its_path() -> None:
    # 40 of 60
    assert cell(ZH.share("column_attainment", "distance.attainment"), PLAIN) == "66.7"
    assert cell(ZH.year("column_year", "latest.year"), PLAIN) == "2016"


def test_nothing_counted_is_a_dash() -> None:
    column = EN.count("column_count", "n")
    assert (column.label, column.number) == ("Indicators", True)
    assert [cell(column, {"n": n}) for n in (3, 0)] == ["3", "—"]


@pytest.mark.parametrize(
    ("year", "said"), [(2016, "2016"), (2016.0, "2016"), (None, "—"), (math.nan, "—"), (pd.NA, "—")]
)
def test_years(year: object, said: str) -> None:
    figure, head = ZH.year("column_year"), ZH.year("column_year", head=True)
    assert cell(figure, {"year": year}) == cell(head, {"year": year}) == said
    assert (figure.number, figure.head, head.number, head.head) == (True, False, False, True)


def test_an_interval_has_both_ends_or_a_dash() -> None:
    column = ZH.interval(80, lambda row, end: number(row[end], "zh", decimals=1))
    assert (column.label, column.number) == ("80%区间", True)
    assert cell(column, {"lo80": 55, "hi80": 61.25}) == "55.0～61.3"
    assert cell(column, {"lo80": math.nan, "hi80": math.nan}) == "—"


@pytest.mark.parametrize(
    "row", [replace(PLAIN, stretch=PLAIN.verdict), {"status": "no_trend", "stretch.status": "no_trend"}]
)
def test_a_status_has_its_symbol_and_its_word(row: LineResult | dict[str, str]) -> None:
    for column in (ZH.status(), ZH.status("stretch.status")):
        shown = cell(column, row)
        assert column.raw and column.alone and column.label == "进度状态"
        assert 'data-status="no_trend"' in shown and STATUS_SYMBOLS["no_trend"] in shown and "无趋势" in shown
    assert not ZH.status(alone=False).alone


def test_words_of_a_closed_list_and_of_a_level() -> None:
    word = EN.word("column_kind", "kind", "index")
    assert cell(word, {"kind": "projected"}) == "projected"
    assert [cell(ZH.level(), {"level": level}) for level in ("first", "total")] == ["领域", "综合"]


@pytest.mark.parametrize("make", [ZH.text, ZH.number])
def test_values_stand_in_the_head(make: Callable[..., Column]) -> None:
    assert make("legend_interval", str, level="95").label == "95%区间"


def test_numbers_under_a_chart_are_folded_where_there_are_any() -> None:
    shown = folded(ZH.words, [PLAIN], [ZH.line(), ZH.share("column_attainment", "distance.attainment")], "图")
    assert shown is not None and shown.html.startswith("<details>") and ">66.7<" in shown.html
    assert "甲&lt;乙" in shown.html
    assert folded(ZH.words, [], [ZH.line()], "图") is None

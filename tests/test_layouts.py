"""Layouts: what a table's heads, labels and lines above say of each figure; tables one below the other; faults in groups."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import pytest

from xk.errors import Fault, InputError
from xk.readers.block_figures import read_figures
from xk.readers.layouts import find_blocks
from xk.readers.sheets import Sheet, Value

PLACES = {"云浮市", "广东省"}


def blocks_of(*rows: list[Value], name: str = "") -> list[tuple[str, list[tuple[str, str, str, int, float]]]]:
    """Return layout and figures (region, name, unit, year, value) of each table."""
    width = max(map(len, rows))
    sheet = Sheet("a.xlsx", name, [[*row, *[""] * (width - len(row))] for row in rows])
    found, faults = find_blocks(sheet, PLACES.__contains__)
    assert not faults
    columns = ["region", "name", "unit", "year", "value"]
    return [
        (block.layout, list(read_figures(block).rows[columns].itertuples(index=False, name=None))) for block in found
    ]


def test_values_that_look_like_years_are_no_head() -> None:
    """Populations of 2183 and 2186 (10,000 persons) are no years, nor are those of a column."""
    ((layout, figures),) = blocks_of(["地区", "2016年", "2015年"], ["北京市", 2173, 2171], ["天津市", 1562, 1547])
    assert layout == "years across, regions down"
    assert [figure[3:] for figure in figures] == [(2016, 2173), (2015, 2171), (2016, 1562), (2015, 1547)]
    ((layout, figures),) = blocks_of(["", "人口", "户数"], [2015, 1985, 1990], [2016, 1986, 1991])
    assert (layout, figures[0]) == ("years down", ("", "人口", "", 2015, 1985))


def test_heads_of_two_lines_either_way_round() -> None:
    one = blocks_of(["地区", "GDP(亿元)", ""], ["", "2015年", "2016年"], ["云浮市", 713, 778])
    other = blocks_of(["地区", "2015年", "2016年"], ["", "GDP(亿元)", "GDP(亿元)"], ["云浮市", 713, 778])
    assert (
        one
        == other
        == [
            ("years across, regions down", [("云浮市", "GDP", "亿元", 2015, 713), ("云浮市", "GDP", "亿元", 2016, 778)])
        ]
    )


def test_a_continuation_keeps_year_and_unit_of_its_table() -> None:
    first, second = blocks_of(
        ["1-2 主要指标（2016年）"], ["单位：亿元"], ["地区", "GDP", "投资"], ["云浮市", 778, 700], ["1-2 续表"], ["地区", "消费", "出口"],
        ["云浮市", 300, 90],
    )  # fmt: skip
    assert first[1][0] == ("云浮市", "GDP", "亿元", 2016, 778)
    assert second[1] == [("云浮市", "消费", "亿元", 2016, 300), ("云浮市", "出口", "亿元", 2016, 90)]


def test_the_sheets_name_says_the_indicator_if_no_line_does() -> None:
    ((_, figures),) = blocks_of(["地区", "2016年"], ["云浮市", 778], name="地区生产总值(亿元)")
    assert figures == [("云浮市", "地区生产总值", "亿元", 2016, 778)]


def test_headings_within_and_notes_below_are_no_figures() -> None:
    ((_, figures),) = blocks_of(
        ["指标", "2015年", "2016年"], ["一、经济", "", ""], ["GDP", 713, 778], ["二、社会", "二、社会", "二、社会"], ["人口", 245, 246],
        ["注：2016年为快报数", "", ""],
    )  # fmt: skip
    assert [figure[1] for figure in figures] == ["GDP", "GDP", "人口", "人口"]


@pytest.mark.parametrize("head", ["2016年1月", "2016-01", "2016Q1", "2016年第一季度"])
def test_parts_of_years_are_refused_with_the_reason(head: str) -> None:
    found, (fault,) = find_blocks(Sheet("a.xlsx", "", [["指标", head], ["用电量", 1.5]]), PLACES.__contains__)
    assert not found
    assert "not of years" in fault.message and "sum, mean or last" in fault.remedy


def test_faults_that_share_their_remedy_share_a_line() -> None:
    faults = [Fault("a.csv", row, "D", "is no figure", "mend it") for row in (*range(2, 137), 140)]
    assert str(InputError([*faults, Fault("a.csv", 3, "C", "x", "y")])).splitlines() == [
        "a.csv: rows 2-136, 140: column 'D': is no figure; mend it", "a.csv:3: column 'C': x; y",
    ]  # fmt: skip


def test_a_continuation_in_the_first_line_of_figures_ends_the_search() -> None:
    """Found by fuzzing: the table that begins where it ends was looked for without end."""
    (table,) = blocks_of(["地区", "2015年", "2016年"], ["云浮市", 1, 2], ["继续表均", 3, 4])
    assert [figure[3:] for figure in table[1]] == [(2015, 1), (2016, 2)]


def test_another_table_below_has_its_own_head_and_its_own_lines_above() -> None:
    """The years of the second head are no figures of the first table; nor is what is told of the first told of it."""
    first, second = blocks_of(
        ["地区：云浮市", "", ""], ["指标", "2015年", "2016年"], ["GDP", 713, 778], ["人口", 245, 246], ["", "", ""],
        ["地区：广东省", "", ""], ["项目", 2014, 2015], ["GDP", 68173, 74732],
    )  # fmt: skip
    assert first[1][0] == ("云浮市", "GDP", "", 2015, 713)
    assert [figure[0] for figure in first[1]] == ["云浮市"] * 4
    assert second[1] == [("广东省", "GDP", "", 2014, 68173), ("广东省", "GDP", "", 2015, 74732)]
    first, second = blocks_of(
        ["地区：云浮市", "", ""], ["指标", "2015年", "2016年"], ["GDP", 713, 778], ["地区：广东省", "", ""], ["指标", "2015年", "2016年"],
        ["GDP", 74732, 82163],
    )  # fmt: skip
    assert [figure[0] for figure in first[1] + second[1]] == ["云浮市", "云浮市", "广东省", "广东省"]


def test_a_head_again_after_a_break_of_pages_keeps_what_was_told() -> None:
    first, second = blocks_of(
        ["指标：GDP(亿元)", "", ""], ["地区", "2015年", "2016年"], ["云浮市", 713, 778], ["地区", "2015年", "2016年"],
        ["广东省", 74732, 82163],
    )  # fmt: skip
    assert (first[1][0], second[1][0]) == (("云浮市", "GDP", "亿元", 2015, 713), ("广东省", "GDP", "亿元", 2015, 74732))


def test_figures_that_are_in_no_table_are_said_to_be_unread() -> None:
    """A second head that nothing shows to be one: C4 and D4 are in no line of the table above it, which has no year."""
    rows: list[list[Value]] = [["指标", "2016年", "", ""], ["GDP", 778, "", ""], ["", "", "共", ""], ["", "", 3, 4.5]]
    found, faults = find_blocks(Sheet("a.xlsx", "", rows), PLACES.__contains__)
    said = [doubt for block in found for doubt in block.doubts] + [fault.message for fault in faults]
    assert any("C4, D4" in words for words in said)


def test_a_year_is_no_figure_but_years_of_life_are() -> None:
    rows: list[list[Value]] = [["指标", "2015年", "2016年"], ["预期寿命", "76.1年", "2017年"]]
    (block,), _ = find_blocks(Sheet("a.xlsx", "", rows), PLACES.__contains__)
    figures = read_figures(block)
    assert list(figures.rows["value"]) == [76.1]
    assert [fault.message for fault in figures.faults] == ["'2017年' is a year, no figure"]


def test_years_over_columns_that_were_sorted_are_a_head_under_words_of_heads() -> None:
    ((_, figures),) = blocks_of(["Country Name", 1962, 1960, 1961], ["China", 70.9, 89.5, 80.1])
    assert [figure[3:] for figure in figures] == [(1962, 70.9), (1960, 89.5), (1961, 80.1)]


def test_words_under_a_head_with_a_unit_are_faults_and_no_labels() -> None:
    rows: list[list[Value]] = [
        ["年份", "人均GDP(元)", "占比(%)"],
        [2015, 30152, 37.9],
        [2016, "见说明", 38.5],
        [2017, "见说明", 39],
    ]
    (block,), _ = find_blocks(Sheet("a.xlsx", "", rows), PLACES.__contains__)
    figures = read_figures(block)
    assert list(figures.rows["value"]) == [30152, 37.9, 38.5, 39]
    assert [fault.row for fault in figures.faults] == [3, 4]

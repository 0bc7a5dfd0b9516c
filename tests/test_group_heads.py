"""Heads of groups beside years, tables beside one another, and titles that name no values of the indicators."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import pytest

from xk.readers.block_figures import read_figures
from xk.readers.cells import fold
from xk.readers.layouts.axes import find_blocks
from xk.readers.sheets import Sheet, Value

PLACES = {"云浮市", "广东省"}
SHARE = "常住人口城镇化率"
Told = list[tuple[str, str, int, float]]


def read(*rows: list[Value]) -> tuple[list[Told], list[str]]:
    """Return the figures (region, name, year, value) of each table, and the doubts of all."""
    width = max(map(len, rows))
    sheet = Sheet("a.xlsx", "", [[*row, *[""] * (width - len(row))] for row in rows])
    blocks, faults = find_blocks(sheet, PLACES.__contains__)
    assert not faults
    columns = ["region", "name", "year", "value"]
    figures = [list(read_figures(block).rows[columns].itertuples(index=False, name=None)) for block in blocks]
    return figures, [doubt for block in blocks for doubt in block.doubts]


@pytest.mark.parametrize("word", ["目标", "年度目标值", "规划期目标", "工作目标", "分年度目标"])
@pytest.mark.parametrize("merged", [True, False])
def test_a_group_of_plans_beside_a_year_of_the_same_line_is_no_observation(word: str, merged: bool) -> None:  # noqa: FBT001
    head = ["指标", "单位", "2016年"]
    groups, below = [word] * 3 if merged else [word, "", ""], head if merged else [""] * 3
    (figures,), doubts = read([*head, *groups], [*below, "2017年", "2018年", "2020年"], [SHARE, "%", 40.95, 43, 48, 60])
    assert figures == [("", SHARE, 2016, 40.95)]
    assert doubts[-1] == f"column F ({word} 2020年) was not read: a plan is no observation"


@pytest.mark.parametrize(
    ("word", "region", "name"),
    [
        ("广东省", "广东省", SHARE),
        ("全省平均", "", f"{SHARE} 全省平均"),
        ("比上年增长（%）", "", f"{SHARE} 比上年增长"),
    ],
)
def test_a_group_beside_a_year_of_the_same_line_names_its_figures(word: str, region: str, name: str) -> None:
    (figures,), _ = read(["指标", "2016年", word, word], ["指标", "2016年", "2017年", "2018年"], [SHARE, 40.95, 43, 48])
    assert figures == [("", SHARE, 2016, 40.95), (region, name, 2017, 43), (region, name, 2018, 48)]


@pytest.mark.parametrize("gap", [[], [""]])
def test_tables_beside_one_another_are_read_apart(gap: list[Value]) -> None:
    tables, _ = read(
        ["主要指标"], ["指标", "单位", "2016年", *gap, "指标", "单位", "2017年"], [SHARE, "%", 40.95, *gap, "森林覆盖率", "%", 69.8],
        ["", "", "", *gap, "绿化率", "%", 30],
    )  # fmt: skip
    assert tables == [[("", SHARE, 2016, 40.95)], [("", "森林覆盖率", 2017, 69.8), ("", "绿化率", 2017, 30)]]


def test_years_down_beside_one_another_are_each_tables_own() -> None:
    tables, _ = read(["年份", "绿化率", "年份", "绿化率"], [2010, 30, 2015, 35], [2011, 31, 2016, 36])
    assert [[figure[2:] for figure in table] for table in tables] == [
        [(2010, 30), (2011, 31)],
        [(2015, 35), (2016, 36)],
    ]


def test_a_label_that_stands_again_at_the_end_makes_no_other_table() -> None:
    (figures,), _ = read(
        ["地区", "2016年", "2017年", "地区"], ["云浮市", 1.5, 2.5, "Yunfu"], ["广东省", 3.5, 4.5, "Gd"]
    )
    assert [(region, *more) for region, _, *more in figures[1:3]] == [("云浮市", 2017, 2.5), ("广东省", 2016, 3.5)]


@pytest.mark.parametrize(
    ("title", "word"),
    [("云浮市小康指标实现程度", "实现程度"), ("云浮市主要指标比上年增长（%）", "比上年增长"), ("主要指标增长情况", "增长"), ("各指标全省排名", "排名"),
     ("主要指标及比上年增长速度", ""), ("主要指标和排名", ""), ("主要指标", "")],
)  # fmt: skip
def test_a_title_of_growth_ranks_or_scores_raises_a_doubt(title: str, word: str) -> None:
    _, doubts = read([title], ["指标", "单位", "2016年"], [SHARE, "%", 0.5])
    said = f"{fold(title)!r} names {word}, and its figures were read as the indicators' own values"
    assert doubts == [said] * bool(word)
    assert not read([title], ["指标", "单位", "2016年"], [f"{SHARE}增长率", "%", 0.5])[1]


def test_places_in_brackets_are_no_part_of_the_name_in_a_title() -> None:
    (figures,), _ = read(["2017年各县（市、区）常住人口城镇化率"], ["地区", "2016年"], ["云浮市", 40.95])
    assert figures == [("云浮市", SHARE, 2016, 40.95)]

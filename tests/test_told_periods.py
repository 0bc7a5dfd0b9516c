"""Years and parts of them in titles, lines above tables and names of sheets: what is no figure of a year is refused."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import pytest

from xk.errors import Fault
from xk.readers.layouts.axes import find_blocks
from xk.readers.layouts.told_years import part_of_year
from xk.readers.sheets import Block, Sheet, Value

ROW: list[Value] = ["城镇登记失业率", "%", 2.45]
ONE: list[list[Value]] = [["指标", "单位", "数值"], ROW]
ACROSS: list[list[Value]] = [["指标", "单位", "2016年", "2017年"], ["城镇登记失业率", "%", 2.45, 2.5]]


def read(*rows: list[Value], name: str = "") -> tuple[list[Block], list[Fault]]:
    width = max(map(len, rows))
    return find_blocks(
        Sheet("a.csv", name, [[*row, *[""] * (width - len(row))] for row in rows]), {"云浮市"}.__contains__
    )


def refusal(*rows: list[Value], name: str = "") -> str:
    blocks, (fault,) = read(*rows, name=name)
    assert not blocks
    return str(fault)


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("云浮市2018年上半年主要经济指标", "上半年"), ("云浮市2018年1-6月主要经济指标", "1-6月"), ("云浮市2018年1—11月指标", "1—11月"),
        ("云浮市2018年1月至9月指标", "1月至9月"), ("2018年第三季度主要指标", "第三季度"), ("2018年前三季度主要指标", "前三季度"),
        ("2018年Q3主要指标", "Q3"), ("2018Q3", "Q3"), ("云浮市主要指标2018.06", "2018.06"), ("云浮市2018年6月末主要指标", "6月末"),
        ("截至2018年6月30日主要指标", "截至2018年6月30日"), ("云浮市统计月报 2018年", "月报"), ("Main figures, January-June 2018", "January-June"),
        ("Main figures, first half of 2018", "first half"), ("Main figures, June 2018", "June 2018"),
    ],
)  # fmt: skip
def test_a_title_that_names_a_part_of_a_year_refuses_its_table(title: str, part: str) -> None:
    for table in ONE, ACROSS:
        said = refusal([title], *table)
        assert said.startswith(f"a.csv:1: {title!r} names a part of a year ({part})")
        assert "give the annual figures" in said


@pytest.mark.parametrize("above", ["时间：2018年1-6月", "（上半年）", "2018年1-9月", "注册数据，前三季度"])
def test_so_does_a_line_between_title_and_table(above: str) -> None:
    assert refusal(["云浮市主要指标"], [above], *ACROSS).startswith("a.csv:2: ")


@pytest.mark.parametrize("name", ["2017年上半年", "2015年1-9月", "Q2", "2018年6月"])
def test_so_does_the_name_of_a_sheet(name: str) -> None:
    assert refusal(["云浮市主要指标"], *ONE, name=name).startswith(f"a.csv [{name}]:2: {name!r} names a part of a year")


def test_so_does_the_head_of_a_column() -> None:
    title: list[Value] = ["云浮市2018年主要指标"]
    assert "months, quarters or days (1-6月 ...)" in refusal(title, ["指标", "单位", "1-6月"], ROW)
    (block,), (fault,) = read(["指标", "单位", "2017年", "2018年"], ["", "", "全年", "上半年"], [*ROW, 2.5])
    assert [said["year"] for said in block.by_column] == [2017]
    assert "上半年 is no year" in str(fault)


@pytest.mark.parametrize(
    "title",
    [
        "云浮市2018年1-12月主要指标", "云浮市2018年全年主要指标", "截至2018年12月31日主要指标", "2018年12月末主要指标", "2018年主要指标",
        "四季分明的云浮2018年", "表2.06 2018年主要指标", "Main figures 2018, January to December", "3-6岁儿童2018年",
    ],
)  # fmt: skip
def test_the_whole_year_is_a_year_and_said_where_it_was_taken_from(title: str) -> None:
    (block,), faults = read([title], *ONE)
    assert not faults
    assert block.whole["year"] == 2018
    assert "the year 2018 was taken from the title" in block.doubts


@pytest.mark.parametrize("line", ["填报日期：2019年3月", "统计局 2019年3月5日", "2019年3月印发"])
def test_the_day_of_a_release_is_no_part_of_a_year(line: str) -> None:
    (block,), faults = read(["云浮市2018年主要指标"], [line], *ONE)
    assert (block.whole["year"], faults) == (2018, [])


def test_the_year_of_a_sheet_is_said() -> None:
    (block,), _ = read(["云浮市主要指标"], *ONE, name="2018年")
    assert "the year 2018 was taken from the name of the sheet" in block.doubts


@pytest.mark.parametrize(
    "title",
    [
        "云浮统计年鉴2019",
        "云浮统计年鉴（2019）",
        "2019年云浮统计年鉴",
        "统计年鉴—2019",
        "Yunfu Statistical Yearbook 2019",
    ],
)
def test_the_year_of_a_yearbook_is_not_that_of_its_figures(title: str) -> None:
    for rows, name in ([[title], *ONE], ""), ([["云浮市主要指标"], *ONE], title):
        (fault,) = read(*rows, name=name)[1]
        assert "the year of a book, not of its figures" in str(fault)
        assert "write the year over the figures" in str(fault)
    (block,), faults = read([f"{title} 2018年主要指标"], *ONE)
    assert (block.whole["year"], faults) == (2018, [])


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("2018年数据截至11月底", "截至11月"), ("截至2018年9月30日", "截至2018年9月30日"), ("截至十一月末", "截至十一月"),
        ("截至2018年12月底", ""), ("截至12月31日", ""), ("数据截至十二月", ""), ("截至2018年底", ""), ("截至12月15日", "截至12月15日"),
    ],
)  # fmt: skip
def test_what_is_counted_until_a_month_is_of_a_part_of_a_year(text: str, part: str) -> None:
    assert part_of_year(text) == part

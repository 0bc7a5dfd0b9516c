"""Layouts: what a table's heads, labels and lines above say of each figure; tables one below the other; faults in groups."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import pytest

from xk.errors import Fault, InputError
from xk.readers.block_figures import read_figures
from xk.readers.layouts.axes import find_blocks
from xk.readers.sheets import Sheet, Value
from xk.readers.told_notes import legend_of, told_prices

PLACES = {"云浮市", "广东省"}
SHARE = "常住人口城镇化率"


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


@pytest.mark.parametrize(
    "units",
    [["年份", "（%）", "（万元，2010年价）"], ["", "（%）", "（万元，2010年价）"], ["", "%", "万元（2010年价）"]],
)
@pytest.mark.parametrize("groups", [[], [["年份", "社会", "经济"]], [["", "社会", "经济"]]])
def test_a_line_of_units_under_the_names_is_of_the_head(units: list[Value], groups: list[list[Value]]) -> None:
    names = ["年份", SHARE, "人均GDP"]
    rows = [["主要指标"], *groups, names, units, ["2019年", 33.3, 2.193], ["2020年", 33.84, 2.254]]
    ((layout, figures),) = blocks_of(*rows)
    assert layout == "years down"
    assert [(name.split()[-1], *more) for _, name, *more in figures[2:]] == [
        (SHARE, "%", 2020, 33.84),
        ("人均GDP", "万元", 2020, 2.254),
    ]
    (block,), _ = find_blocks(
        Sheet("a.xlsx", "", [[*row, *[""] * (3 - len(row))] for row in rows]), PLACES.__contains__
    )
    assert read_figures(block).rows["price_base"].tolist() == ["", "2010"] * 2


def test_units_stand_between_groups_and_the_years_under_them() -> None:
    ((_, figures),) = blocks_of(
        ["地区", "GDP", "", "人口", ""], ["", "（亿元）", "", "（万人）", ""], ["", 2019, 2020, 2019, 2020], ["云浮市", 921, 1002, 246, 238]
    )  # fmt: skip
    assert [figure[1:] for figure in figures] == [
        ("GDP", "亿元", 2019, 921), ("GDP", "亿元", 2020, 1002), ("人口", "万人", 2019, 246), ("人口", "万人", 2020, 238)
    ]  # fmt: skip


def test_an_unknown_unit_under_a_name_is_not_lost() -> None:
    ((_, figures),) = blocks_of(["年份", "产量", "GDP"], ["", "（万担）", "（亿元）"], ["2020年", 3, 1002])
    assert figures == [("", "产量 (万担)", "", 2020, 3), ("", "GDP", "亿元", 2020, 1002)]


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


@pytest.mark.parametrize(
    "line",
    [
        ["制表单位：云浮市统计局", "", "制表日期：2020年3月1日"], ["", "", "2020年3月1日"], ["填表人：张三", "联系电话：0766-8123456", ""],
        ["表号：云统01表", "", "有效期至：2021年6月"], ["单位：云浮市统计局", "", "（盖章）"], ["Prepared by: Bureau", "", "Date: 2020-03-01"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("head", [["指标", "2015年", "2016年"], ["指标", "2015年", "2016年①"]])
def test_lines_of_who_made_a_table_and_when_are_no_heads(line: list[Value], head: list[Value]) -> None:
    ((_, figures),) = blocks_of(["云浮市主要指标", "", ""], line, head, ["GDP(亿元)", 713, 778])
    assert figures == [("", "GDP", "亿元", 2015, 713), ("", "GDP", "亿元", 2016, 778)]
    ((_, figures),) = blocks_of(["2016年主要指标", "", ""], line, ["地区", "GDP(亿元)", "人口"], ["云浮市", 778, 246])
    assert figures == [("云浮市", "GDP", "亿元", 2016, 778), ("云浮市", "人口", "", 2016, 246)]


@pytest.mark.parametrize("cells", [("***", "***"), ("待公布", "待公布"), ("69%左右", "待公布"), ("inf", "-inf")])
@pytest.mark.parametrize("rows", [
    [["指标", "单位", "2015年", "2016年"], [SHARE, "%", None, None], ["森林覆盖率", "%", 69.1, 70.2]],
    [["指标", "单位", "2015年", "2016年"], ["用电量", "亿度", None, None], ["森林覆盖率", "%", 69.1, 70.2]],
    [["2016年主要指标", "", ""], ["地区", "GDP(亿元)", "人口"], ["云浮市", None, None], ["罗定市", 40, 41]],
])  # fmt: skip
def test_texts_in_the_first_line_of_figures_are_refused_and_make_no_head(
    rows: list[list[Value]], cells: tuple[str, str]
) -> None:
    filled = [[*row[:-2], *cells] if row[-1] is None else row for row in rows]
    (block,), _ = find_blocks(Sheet("a.xlsx", "", filled), PLACES.__contains__, is_named=SHARE.__eq__)
    found = read_figures(block)
    line = 1 + next(place for place, row in enumerate(rows) if row[-1] is None)
    assert [(fault.row, fault.message.split("'")[1]) for fault in found.faults] == [(line, cell) for cell in cells]
    assert found.rows["value"].tolist() == filled[-1][-2:]
    assert found.rows["name"].tolist() == (["森林覆盖率"] * 2 if "森林覆盖率" in rows[-1] else ["GDP", "人口"])


def test_a_year_that_stands_twice_over_the_figures_is_one_of_the_head() -> None:
    ((layout, figures),) = blocks_of(["指标", "单位", 2015, 2016, 2016], ["森林覆盖率", "%", 69, 70, 71])
    assert layout == "years across"
    assert [figure[3:] for figure in figures] == [(2015, 69), (2016, 70), (2016, 71)]


def test_parts_that_are_said_with_a_colon_are_heads() -> None:
    ((_, figures),) = blocks_of(
        ["2016年人口", "", ""], ["地区", "人口", ""], ["", "其中：男", "其中：女"], ["云浮市", 124, 122]
    )
    assert [figure[1] for figure in figures] == ["人口 其中:男", "人口 其中:女"]


def kinds_of(
    cell: Value, *notes: str, label: str = "失业率", name: str = ""
) -> tuple[dict[tuple[str, int], str], list[str]]:
    """Return the kind of every figure of a small table with notes under it, and the doubts."""
    rows = [
        ["指标", "单位", "2019年", "2020年"],
        [label, "%", 2.5, cell],
        ["城镇化率", "%", 33.3, 33.84],
        *([one] for one in notes),
    ]
    sheet = Sheet("a.xlsx", name, [[*row, *[""] * (4 - len(row))] for row in rows])
    (block,), _ = find_blocks(sheet, PLACES.__contains__)
    found = read_figures(block)
    assert not found.faults
    return {(row.name, row.year): row.kind for row in found.rows.itertuples(index=False)}, block.doubts


@pytest.mark.parametrize(
    ("cell", "notes", "which"),
    [
        ("2.6*", ["注：带*的为初步统计数。"], "one"), ("2.6*", ["注：“*”号者为初步数。"], "one"), ("2.6*", ["注：1. 按可比价计算；2. *为初步数；3. 计划为年初批准数。"], "one"),
        ("2.6①", ["注：①为初步核算数\n②口径调整"], "one"), ("2.6（初步数）", [], "one"), ("2.6%（快报数）", [], "one"), (2.6, ["注：2020年失业率为初步数。"], "one"),
        (2.6, ["注：2020年为初步数。"], "year"), (2.6, ["注：2020年为初步数，其余为年报数。"], "year"), (2.6, ["注：1.数据为公报数；2.2020年数据为快报数。"], "year"),
        (2.6, ["Note: figures for 2020 are preliminary."], "year"), (2.6, ["*2020年为初步数"], "year"), (2.6, ["注：2019—2020年为初步数。"], "all"), (2.6, ["注：本表数据均为初步数。"], "all"),
    ],
)  # fmt: skip
def test_what_notes_and_cells_call_preliminary_is_so(cell: Value, notes: list[str], which: str) -> None:
    kinds, doubts = kinds_of(cell, *notes)
    told = {"one": {("失业率", 2020)}, "year": {("失业率", 2020), ("城镇化率", 2020)}, "all": {*kinds}}[which]
    assert kinds == {about: "preliminary" if about in told else "" for about in kinds}
    assert len(kinds) == 4
    assert len([said for said in doubts if "preliminary" in said]) == 1


def test_a_label_or_a_sheet_may_call_its_figures_preliminary() -> None:
    assert {about: kind for about, kind in kinds_of(2.6, label="失业率（初步数）")[0].items() if kind} == {
        ("失业率", 2019): "preliminary", ("失业率", 2020): "preliminary"
    }  # fmt: skip
    assert {about for about, kind in kinds_of(2.6, name="2020年快报")[0].items() if kind} == {
        ("失业率", 2020),
        ("城镇化率", 2020),
    }


@pytest.mark.parametrize(
    "note",
    [
        "注：*为初步数。",
        "注：2020年部分指标为初步数。",
        "注：除失业率外均为初步数。",
        "注：财政收入为初步核算数。",
        "注：初步核算数以年报为准。",
    ],
)
def test_a_note_on_preliminary_figures_that_is_not_clear_is_said(note: str) -> None:
    kinds, doubts = kinds_of(2.6, note)
    assert {*kinds.values()} == {""}
    assert len([said for said in doubts if "does not say clearly which figures are preliminary" in said]) == 1


@pytest.mark.parametrize(
    "note", ["初步建成小康社会", "注：2021年为初步数。", "注：*为口径调整。", "注：完成年度计划。"]
)
def test_other_notes_are_not_on_the_kind_of_figures(note: str) -> None:
    kinds, doubts = kinds_of(2.6, note)
    assert ({*kinds.values()}, doubts) == ({""}, [])


def test_figures_that_a_note_calls_expected_are_not_read() -> None:
    kinds, doubts = kinds_of(2.6, "注：2020年为预测数。")
    assert kinds == {("失业率", 2019): "", ("城镇化率", 2019): ""}
    assert "2 figures are forecast by the note '注:2020年为预测数', and were not read: what is expected" in doubts[0]


def test_words_of_a_mark_end_where_the_next_note_begins() -> None:
    notes = ["注：1. 收入按2010年价计算；2. *为初步数；3. 计划为批准数。", "①口径调整。②含预备党员\n③初步数"]
    assert legend_of(notes) == {"*": "为初步数", "①": "口径调整", "②": "含预备党员", "③": "初步数"}
    assert [(one.about, one.base) for one in told_prices(notes)] == [(("收入",), "2010")]


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


def read_shares(*rows: list[Value]) -> tuple[list[tuple[int, float, str]], list[str]]:
    """Return year, value and kind of the figures of one table, and its doubts."""
    (block,), faults = find_blocks(Sheet("a.xlsx", "", [list(row) for row in rows]), PLACES.__contains__)
    assert not faults
    figures = read_figures(block).rows[["year", "value", "kind"]]
    return list(figures.itertuples(index=False, name=None)), block.doubts


@pytest.mark.parametrize(
    ("head", "why"),
    [
        *((one, "a plan") for one in ("2017年计划", "2017年目标", "2017计划", "2017年（计划）", "2017年预期", "2017年度计划数", "2017年预期目标", "2017 target")),
        *((one, "what is expected") for one in ("2017年预计", "2017年预测值", "2017F")),
    ],
)  # fmt: skip
def test_a_column_of_plans_is_no_observation_and_is_said(head: str, why: str) -> None:
    figures, doubts = read_shares(["指标", "单位", "2016年", head], [SHARE, "%", 42.7, 44.0])
    assert figures == [(2016, 42.7, "")]
    assert doubts == [f"column D ({head}) was not read: {why} is no observation"]


@pytest.mark.parametrize(
    "head", ["2016年实绩", "2016年实际", "2016年完成", "2016年完成数", "2016年（实际数）", "2016年末实际完成"]
)
def test_what_was_done_is_the_observation_of_its_year(head: str) -> None:
    figures, doubts = read_shares(["指标", "单位", "2015年", head], [SHARE, "%", 42.0, 42.7])
    assert (figures, doubts) == ([(2015, 42.0, ""), (2016, 42.7, "")], [])


@pytest.mark.parametrize(
    ("years", "kinds"),
    [
        (["2016年", "", "2017年", ""], ["计划", "完成", "目标", "实绩"]),
        (["2016年", "2016年", "2017年", "2017年"], ["计划", "实际", "计划", "完成数"]),
        (["2016年计划", "2016年完成", "2017年计划", "2017年完成"], None),
    ],
)  # fmt: skip
def test_of_plan_and_done_under_a_year_what_was_done_is_read(years: list[Value], kinds: list[Value] | None) -> None:
    below = [["", "", *kinds]] if kinds else []
    figures, doubts = read_shares(["指标", "单位", *years], *below, [SHARE, "%", 43.0, 42.7, 44.0, 43.5])
    assert [figure[:2] for figure in figures] == [(2016, 42.7), (2017, 43.5)]
    assert [doubt.partition(" (")[0] for doubt in doubts] == ["column C", "column E"]


def test_rows_of_plans_are_no_observations_and_are_said() -> None:
    years = ["2015年", "2016年快报数", "2017年（计划）", "2018年计划"]
    figures, doubts = read_shares(["年份", SHARE + "(%)"], *([year, 42.0 + at] for at, year in enumerate(years)))
    assert figures == [(2015, 42, ""), (2016, 43, "preliminary")]
    assert doubts == ["A4 (2017年（计划）), A5 (2018年计划): their rows were not read: a plan is no observation"]
    head = ["地区", "指标", "年份", "数值", "数据性质"]
    figures, doubts = read_shares(head, ["云浮市", SHARE, 2016, 42.7, "实际"], ["云浮市", SHARE, 2017, 44.0, "计划"])
    assert figures == [(2016, 42.7, "observed")]
    assert doubts == ["E3 (计划): its row was not read: a plan is no observation"]


def test_a_table_of_plans_alone_has_no_observation() -> None:
    figures, doubts = read_shares(["指标", "单位", "2017年计划", "2018年计划"], [SHARE, "%", 43.0, 44.0])
    assert figures == [(2017, 43, "target"), (2018, 44, "target")]
    assert doubts == ["its figures are planned ones: targets, no observations"]
    blocks, (fault,) = find_blocks(Sheet("a.csv", "", [["年份", SHARE], ["2017年计划", 43.0]]), PLACES.__contains__)
    assert not blocks
    assert str(fault).startswith("a.csv: holds no observations: A2 (2017年计划): its row was not read")


def test_a_title_that_names_a_plan_raises_a_doubt_and_one_of_what_came_of_it_none() -> None:
    head, row = ["指标", "单位", "数值"], [SHARE, "%", 44.0]
    figures, (doubt, year) = read_shares(["2017年国民经济计划主要指标"], head, row)
    assert figures[0][:2] == (2017, 44)
    assert "names a plan" in doubt
    assert read_shares(["2017年国民经济计划执行情况"], head, row)[1] == [year]

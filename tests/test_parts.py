"""What else a line says of its figures: parts by a column or a head above them, kinds by a column or a remark."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import pytest

from xk.readers.block_figures import Figures, read_figures
from xk.readers.cells import fold
from xk.readers.layouts.axes import find_blocks
from xk.readers.sheets import Sheet

LIFE = "平均预期寿命"
PLACES = {"云浮市", "罗定市", "新兴县"}
HEAD = "指标,单位,2016,2017"


def read(*lines: str) -> tuple[Figures, list[str], list[str]]:
    """Return the figures of a table, its doubts and its faults."""
    (block,), faults = find_blocks(Sheet("a.csv", "", [line.split(",") for line in lines]), PLACES.__contains__)
    figures = read_figures(block)
    return figures, block.doubts, list(map(str, faults))


@pytest.mark.parametrize(
    ("head", "part", "whole"),
    [("性别", "男", "合计"), ("城乡", "农村", "城乡合计"), ("季度", "一季度", "全年"), ("月份", "6", "全年"), ("分组", "男性", "全部"),
     ("sex", "male", "total"), ("age", "15-64", "total")],
)  # fmt: skip
def test_rows_of_a_part_by_a_column_are_refused(head: str, part: str, whole: str) -> None:
    rows = f"云浮市,{LIFE},2016,{part},73", f"云浮市,{LIFE},2016,{whole},75"
    figures, _, (fault,) = read(f"地区,指标,年份,{head},数值", *rows)
    assert figures.rows["value"].tolist() == [75]
    assert fault.startswith("a.csv:2: column 'D'") and f"({head}: {part})" in fault
    figures, _, (fault,) = read(f"{head},指标,单位,2016", f"{part},{LIFE},岁,73", f"{whole},{LIFE},岁,75")
    assert figures.rows["value"].tolist() == [75]


def test_a_row_whose_remark_is_a_part_alone_is_refused() -> None:
    figures, _, (fault,) = read(f"{HEAD},备注", f"{LIFE},岁,73,74,男性", "森林覆盖率,%,69,70,农村地区以外")
    assert figures.rows["value"].tolist() == [69, 70]
    assert "(note: 男性)" in fault


@pytest.mark.parametrize("head", ["状态", "数据类型", "status", "类型"])
@pytest.mark.parametrize("word", ["计划", "预测数", "forecast"])
def test_a_column_of_kinds_is_known_by_its_words(head: str, word: str) -> None:
    figures, doubts, _ = read(
        f"地区,指标,年份,数值,{head}", f"云浮市,{LIFE},2016,73,实际", f"云浮市,{LIFE},2017,74,{word}"
    )
    kept = figures.rows[~figures.rows["kind"].isin(["forecast", "target"])]
    assert kept["year"].tolist() == [2016]
    assert word == "forecast" or "not read" in doubts[0]


@pytest.mark.parametrize("head", ["性质", "口径", "类别", "指标性质", "数据口径"])
def test_a_column_of_kinds_beside_years_across_leaves_plans_out_and_gives_kinds(head: str) -> None:
    rows = (
        f"{LIFE},岁,计划数,73,74",
        f"{LIFE},岁,实际数,75,76",
        "失业率,%,初步数,2.4,2.5",
        "登记率,%,预计完成数,5,6",
        "参保率,%,预计,7,8",
    )
    figures, doubts, faults = read(f"指标,单位,{head},2016,2017", *rows)
    assert figures.rows["value"].tolist() == [75, 76, 2.4, 2.5, 5, 6]
    assert figures.rows["kind"].tolist() == ["observed"] * 2 + ["preliminary"] * 2 + ["estimated"] * 2
    assert doubts == [
        "C2 (计划数): its row was not read: a plan is no observation",
        "C6 (预计): its row was not read: what is expected is no observation",
    ]
    assert not faults


def test_one_word_for_a_plan_makes_a_column_one_of_kinds_whatever_else_stands_in_it() -> None:
    figures, doubts, _ = read("指标,单位,性质,2016,2017", f"{LIFE},岁,计划数,73,74", "失业率,%,约束性,2.4,2.5")
    assert figures.rows[["value", "kind"]].to_numpy().tolist() == [[2.4, "约束性"], [2.5, "约束性"]]  # refused later
    assert doubts == ["C2 (计划数): its row was not read: a plan is no observation"]


@pytest.mark.parametrize("month", ["12月", "12", "十二月", "12月份", "1-12月", "1—12月份", "December", "全年"])
def test_a_year_of_which_there_is_december_alone_is_that_up_to_it(month: str) -> None:
    rows = f"云浮市,{LIFE},2016,{month},73", f"云浮市,{LIFE},2017,6月,74", f"云浮市,{LIFE},2017,12月,75"
    figures, doubts, (fault,) = read("地区,指标,年份,月份,数值", *rows)
    assert figures.rows["value"].tolist() == [73]
    taken, said = [*figures.rows["note"]], month.replace("12", "12月") if month == "12" else fold(month)
    is_whole = month in ("1-12月", "全年")
    assert taken == ["" if is_whole else f"taken for the year from {said}"]
    assert doubts == [] if is_whole else [f"1 row(s) of {said} were taken for their years"]
    assert "2 row(s) from here on are of a part (月份: 6月, 12月); give the annual figures: whether a year" in fault


def test_december_alone_beside_years_across_is_that_up_to_it_and_a_month_is_not() -> None:
    figures, _, faults = read("指标,单位,月份,2016,2017", f"{LIFE},岁,12月,73,74")
    assert (figures.rows["value"].tolist(), faults) == ([73, 74], [])
    figures, _, (fault,) = read(
        "指标,单位,月份,2016,2017", f"{LIFE},岁,12月,73,74", "失业率,%,11月,2,3", "参保率,%,全年,5,6"
    )
    assert figures.rows["value"].tolist() == [5, 6]
    assert "(月份: 12月, 11月)" in fault


def test_another_column_of_texts_is_said() -> None:
    _, doubts, _ = read("地区,指标,年份,数值,口径", f"云浮市,{LIFE},2016,73,常住", f"云浮市,{LIFE},2017,74,户籍")
    assert doubts == ["column E (口径) was not read: 常住, 户籍; does it change what the figures are?"]


@pytest.mark.parametrize(
    ("note", "years"),
    [("计划数", []), ("预计数", []), ("为计划数", []), ("2017年为计划数", [2016]), ("快报数", [2016, 2017]), ("口径调整", [2016, 2017])],
)  # fmt: skip
def test_a_remark_in_the_row_says_its_kind(note: str, years: list[int]) -> None:
    figures, doubts, _ = read(f"{HEAD},备注", f"{LIFE},岁,73,74,{note}", "森林覆盖率,%,69,70,")
    assert figures.rows.loc[figures.rows["name"] == LIFE, "year"].tolist() == years
    assert len(figures.rows) == 2 + len(years)
    assert doubts


@pytest.mark.parametrize(
    "head", ["男性", "三、男性", "（三）男性", "3.男性", "男性人口：", "其中：男性", "男", "女性 Female", "农村", "一、农村居民", "Ⅲ 男性",
             "（一）市本级", "三、市直", "第三部分 男性", "（男）", "C、男性", "三 男性", "Female", "二、上半年"]
)  # fmt: skip
def test_rows_under_the_head_of_a_part_are_refused(head: str) -> None:
    figures, doubts, (fault,) = read(
        HEAD, "森林覆盖率,%,69,70", f"{head},,,", f"{LIFE},岁,73,74", "二、环境,,,", "绿化率,%,30,31"
    )
    assert (figures.rows["value"].tolist(), doubts) == ([69, 70, 30, 31], [])
    assert fault.startswith("a.csv:3: 1 row(s) stand under")


@pytest.mark.parametrize("head", ["一、经济发展", "三、农业农村", "城镇化", "城市建设", "二、男女平等"])
def test_the_head_of_a_section_is_harmless(head: str) -> None:
    figures, doubts, faults = read(HEAD, f"{head},,,", f"{LIFE},岁,73,74")
    assert (len(figures.rows), doubts, faults) == (2, [], [])


def test_a_name_that_says_the_part_itself_is_read_and_what_stands_under_of_which_is_said() -> None:
    figures, _, faults = read(HEAD, "男性,,,", f"男性{LIFE},岁,73,74")
    assert (len(figures.rows), faults) == (2, [])
    figures, (doubt,), _ = read(HEAD, "其中：,,,", f"{LIFE},岁,73,74")
    assert len(figures.rows) == 2 and "其中" in doubt


@pytest.mark.parametrize(
    "line", ["罗定市,,,", "二、罗定市,,,", "三、其中：罗定市,,,", "其中：罗定市,,,", "罗定市,罗定市,罗定市,罗定市"]
)
def test_rows_under_the_name_of_a_place_are_of_that_place(line: str) -> None:
    """Its name holds for groups that follow it at once, until another place is named."""
    rows = f"{LIFE},岁,73,74", line, "森林覆盖率,%,66,67", "新兴县,,,", "一、环境,,,", "绿化率,%,30,31"
    figures, doubts, faults = read("云浮市主要指标", HEAD, *rows)
    assert (figures.rows["region"].tolist(), faults) == (["", "", "罗定市", "罗定市", "新兴县", "新兴县"], [])
    assert doubts == [f"1 row(s) were read as of {place}, under which they stand" for place in ("罗定市", "新兴县")]
    figures, _, _ = read("2016年", "指标,单位,备注,数值", f"{LIFE},岁,,74", line, "森林覆盖率,%,,67")
    assert figures.rows["region"].tolist() == ["", "罗定市"]


def test_a_group_behind_the_rows_of_a_place_may_be_of_it_or_not_and_is_refused() -> None:
    figures, _, (fault,) = read(
        HEAD, "罗定市,,,", f"{LIFE},岁,73,74", "二、环境,,,", "绿化率,%,30,31", "云浮市,,,", "供水率,%,90,91"
    )
    assert figures.rows["value"].tolist() == [73, 74, 90, 91]
    assert fault.startswith("a.csv:4: 1 row(s) stand under '二、环境' behind those of '罗定市'")


def test_rows_under_a_place_that_is_not_known_are_said() -> None:
    figures, (doubt,), _ = read(HEAD, "信宜市,,,", f"{LIFE},岁,73,74")
    assert len(figures.rows) == 2 and "'信宜市'" in doubt


@pytest.mark.parametrize(
    ("line", "kind"),
    [("二、目标任务", ""), ("规划期目标", ""), ("三、预测数", ""), ("实现程度", ""), ("快报数", "preliminary")],
)
def test_rows_under_a_line_that_says_a_kind_are_of_that(line: str, kind: str) -> None:
    figures, doubts, _ = read(HEAD, "一、实际完成,,,", f"{LIFE},岁,73,74", f"{line},,,", "绿化率,%,30,31")
    assert figures.rows["kind"].tolist() == ["", "", *[kind] * 2 * bool(kind)]
    assert bool(kind) or doubts == [f"1 row(s) under {line!r} were not read: " + doubts[0].partition("read: ")[2]]


def test_rows_under_a_year_are_of_that_year_if_all_stand_under_one() -> None:
    rows = "2017年,", f"{LIFE},74", "2018年,", f"{LIFE},75"
    figures, _, faults = read("指标,数值", *rows)
    assert (figures.rows["year"].tolist(), faults) == ([2017, 2018], [])
    figures, _, (fault,) = read("云浮市2018年", "指标,数值", "森林覆盖率,69.7", *rows[:2])
    assert figures.rows["year"].tolist() == [2018]
    assert fault.startswith("a.csv:5: 1 row(s) stand under the year 2017")


def test_the_title_of_another_table_without_a_head_is_told() -> None:
    figures, _, (fault,) = read(
        "云浮市失业率情况表", "地区,2016年,2017年", "云浮市,2.5,2.4", "云浮市森林覆盖率情况表,,", "云浮市,69,70"
    )
    assert figures.rows["value"].tolist() == [2.5, 2.4]
    assert "may be the title of another table; repeat the head" in fault


def test_a_blank_region_among_named_ones_is_a_fault_of_its_row() -> None:
    head = "地区,指标,年份,数值"
    figures, _, (fault,) = read(head, f"云浮市,{LIFE},2016,73", f",{LIFE},2017,74", f"罗定市,{LIFE},2017,75")
    assert figures.rows["value"].tolist() == [73, 75]
    assert fault.startswith("a.csv:3: column 'A': the region is empty")
    figures, _, faults = read(head, f",{LIFE},2016,73", f",{LIFE},2017,74")
    assert (len(figures.rows), faults) == (2, [])


def test_a_row_of_a_plan_is_no_line_over_those_below_it() -> None:
    figures, doubts, _ = read("年份,绿化率", "2016年,30", "2018年目标,44", "2017年,31")
    assert figures.rows["value"].tolist() == [30, 31]
    assert len(doubts) == 1

"""Notes that say which figures are planned, expected or preliminary: left out or kept and said; unclear ones a doubt."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

from pathlib import Path

import pytest

from xk.readers import Store, read_files, read_store
from xk.readers.block_figures import read_figures
from xk.readers.layouts.axes import find_blocks
from xk.readers.sheets import Sheet, Value


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


def read(note: str, cell: Value = 2.6) -> tuple[list[tuple[int, float, str]], list[str]]:
    """Return year, value and kind of the figures of a table with a note under it, and its doubts."""
    head: list[Value] = ["指标", "单位", "2016年", "2017年", "2018年"]
    rows = [head, ["城镇登记失业率", "%", 2.49, 2.5, cell], [note, *[""] * 4]]
    (block,), faults = find_blocks(Sheet("a.xlsx", "", rows), {"云浮市"}.__contains__)
    assert not faults
    figures = read_figures(block).rows[["year", "value", "kind"]]
    return list(figures.itertuples(index=False, name=None)), block.doubts


@pytest.mark.parametrize(
    "note",
    [
        "2018年：计划数", "2018年数据为年度计划安排数", "2018年为全年预计数", "2018年为考核目标", "2018年（计划数）", "2018: plan",
        "2018年系预计全年数", "2018年均为计划", "计划数：2018年", "2018 figures are planned", "2018年为计划数，其他为实际数",
    ],
)  # fmt: skip
def test_what_a_note_calls_planned_or_expected_is_left_out(note: str) -> None:
    figures, (doubt,) = read(f"注：{note}。")
    assert [year for year, *_ in figures] == [2016, 2017]
    assert "were not read" in doubt


@pytest.mark.parametrize(
    "note",
    [
        "最后一列为计划数", "除城镇登记失业率外均为预计数", "2018年按计划测算", "17、18年为计划数", "2018年为“十三五”规划目标",
        "2018年数据来自政府工作报告预期目标", "2018年数为预估值", "The last column is a forecast",
    ],
)  # fmt: skip
def test_a_note_on_plans_that_is_not_clear_is_a_doubt(note: str) -> None:
    figures, (doubt,) = read(f"注：{note}。")
    assert len(figures) == 3
    assert "does not say clearly which figures are planned or expected" in doubt


@pytest.mark.parametrize(
    "note",
    [
        "计划生育率为抽样数",
        "本表为小康目标监测指标",
        "规划口径",
        "数据来源：自然资源和规划局",
        "资料来源：云浮市计划主要指标",
        "2018年为计划执行数",
    ],
)
def test_a_note_that_has_plans_in_it_and_speaks_of_other_things_is_none(note: str) -> None:
    assert read(f"注：{note}。")[1] == []


@pytest.mark.parametrize(
    "note",
    [
        "*为计划，其他为实际", "*表示为考核目标", "*为预计达到数", "标*者系全年预计数", "带*号数据为2018年计划数", "*为目标值；其余为实际",
    ],
)  # fmt: skip
def test_what_a_mark_calls_planned_is_left_out(note: str) -> None:
    figures, (doubt,) = read(f"注：{note}。", "2.6*")
    assert [year for year, *_ in figures] == [2016, 2017]
    assert "1 cells are marked as" in doubt and "were not read" in doubt


def test_a_mark_of_a_plan_that_is_not_clear_is_a_doubt() -> None:
    figures, (doubt,) = read("注：*按计划测算。", "2.6*")
    assert len(figures) == 3
    assert "planned or expected" in doubt


def test_a_clause_that_goes_on_is_of_the_year_before_it() -> None:
    figures, _ = read("注：2018年数据未经核实，为初步核算数。")
    assert [kind for *_, kind in figures] == ["", "", "preliminary"]
    figures, (doubt,) = read("注：部分数据尚未核实，为初步数。")
    assert [kind for *_, kind in figures] == ["", "", ""]
    assert "does not say clearly which figures are preliminary" in doubt


def test_a_note_that_names_a_part_of_a_year_is_a_doubt() -> None:
    figures, (doubt,) = read("注：2018年为1-11月数。")
    assert len(figures) == 3 and "names a part of a year" in doubt
    assert read("注：2018年为1-12月数。")[1] == read("注：2018年3月5日印发。")[1] == []


def test_figures_of_a_year_are_called_so_too() -> None:
    figures, (doubt,) = read("注：2016年数为初步数")
    assert [kind for year, _, kind in figures if year == 2016] == ["preliminary"] and "are preliminary" in doubt


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("2018年数据为推算数", "estimated"), ("2018年为测算数", "estimated"), ("2018年数据尚未经省统计局审定，以最终核定数为准", "preliminary"),
        ("2018 figures are estimates", "estimated"), ("2018年数据由各县上报，未经核实", "preliminary"),
    ],
)  # fmt: skip
def test_a_year_that_a_note_calls_no_final_figure_has_that_kind(note: str, kind: str) -> None:
    figures, (doubt,) = read(f"注：{note}。")
    assert [one for *_, one in figures] == ["", "", kind]
    assert f"1 figures are {kind} by the note" in doubt


@pytest.mark.parametrize(
    ("note", "years"),
    [
        ("2018 figures are projections", [2016, 2017]),
        ("2017年及以后为目标值", [2016]),
        ("2018年起为计划数", [2016, 2017]),
    ],
)
def test_years_from_one_on_and_projections_are_left_out(note: str, years: list[int]) -> None:
    figures, (doubt,) = read(f"注：{note}。")
    assert [year for year, *_ in figures] == years
    assert "were not read" in doubt


@pytest.mark.parametrize(
    "note", ["2018年失业率为城镇调查失业率", "2016年为城镇常住居民人均可支配收入", "2018年为沿用2017年数据"]
)
def test_a_note_that_one_year_is_of_something_else_is_a_doubt(note: str) -> None:
    figures, (doubt,) = read(f"注：{note}。")
    assert len(figures) == 3
    assert "says that figures of a year are of something else" in doubt


def test_remarks_that_say_no_kind_are_said(store: Store, tmp_path: Path) -> None:
    cells = ["户籍人口口径", "截至9月底", "测算数", "", "数据来自统计公报", "省统计局"]
    lines = [f"云浮市,森林覆盖率,{2012 + at},{60 + at},%,{cell}" for at, cell in enumerate(cells)]
    path = tmp_path / "own.csv"
    path.write_text("\n".join(["地区,指标,年份,数值,单位,备注", *lines]), encoding="utf-8")
    reading = read_files([path], store=store)
    assert list(reading.rows["kind"]) == ["", "", "estimated", "", "", ""]
    (said,) = [doubt for doubt in reading.doubts if "remarks were not read" in doubt]
    assert "line 2 '户籍人口口径', line 3 '截至9月底': do they change what the figures are?" in said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("云浮市平均预期寿命", ""), ("云浮市失业率增减情况", "names 增减情况"), ("云浮市发展速度", "names 发展速度"),
        ("云浮市预期指标", "names a plan"),
    ],
)  # fmt: skip
def test_titles_of_changes_are_doubts_and_life_expectancy_is_no_plan(title: str, said: str) -> None:
    rows: list[list[Value]] = [[title, "", ""], ["指标", "2016年", "2017年"], ["城镇登记失业率（%）", 2.4, 2.5]]
    (block,), _ = find_blocks(Sheet("a.xlsx", "", rows), {"云浮市"}.__contains__)
    assert bool(block.doubts) is bool(said)
    assert all(said in doubt for doubt in block.doubts)


def test_a_numbered_line_of_growth_is_a_doubt() -> None:
    rows: list[list[Value]] = [
        ["指标", "2016年", "2017年"], ["城镇登记失业率（%）", 2.4, 2.5], ["三、比上年增长（%）", "", ""], ["收入（元）", 8.8, 9.3],
    ]  # fmt: skip
    (block,), _ = find_blocks(Sheet("a.xlsx", "", rows), {"云浮市"}.__contains__)
    assert any("names 比上年增长" in doubt for doubt in block.doubts)

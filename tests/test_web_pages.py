"""Tables of web pages: marks that are raised, what is not seen, the text above and under a table."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

from pathlib import Path

import pytest

from xk.readers.block_figures import read_figures
from xk.readers.layouts.axes import find_blocks
from xk.readers.openers import read_sheets
from xk.readers.page_texts import Text, lines_above, split_notes
from xk.readers.raised import number_notes, raised
from xk.readers.sheets import Sheet, Value

HEAD = "<tr><th>指标</th><th>2016年</th><th>2017年</th></tr>"


def sheets(page: str, folder: Path) -> list[Sheet]:
    path = folder / "a.xls"
    path.write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    return read_sheets(path)


def table(cell: str = "66.3", name: str = "森林覆盖率（%）") -> str:
    return f"<table>{HEAD}<tr><td>{name}</td><td>66.1</td>{cell if cell.startswith('<td') else f'<td>{cell}</td>'}</tr></table>"


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("66.3<sup>1</sup>", "66.3¹"), ("66<sub>1</sub>", "66¹"), ("66.3<sup>1)</sup>", "66.3¹"), ("66.3<sup>1,12</sup>", "66.3¹ ¹²"),
        ("66.3<sup>a</sup>", "66.3ᵃ"), ("66.3<sup>j</sup>", "66.3[j]"), ("66.3<sup>[2]</sup>", "66.3²"), ("66.3<sup>②</sup>", "66.3②"),
        ("66.3<sup><a href='#n'>1</a></sup>", "66.3¹"), ("66.3<span style='vertical-align: super'>1</span>", "66.3¹"), ("66.3<sup>-3</sup>", "66.3[-3]"),
        ("m<sup>2</sup>", "m²"), ("城镇化率<sup>2</sup>（%）", "城镇化率（%）²"), ("面积m<sup>2</sup>(年末)", "面积m²(年末)"), ("PM<sub>2.5</sub>", "PM2.5"), ("CO<sub>2</sub>", "CO2"), ("1<sup>st</sup>", "1st"), ("<sup>66.3</sup>", "66.3"),
        ("<del>66.0</del>66.3", "66.3"), ("<s>66.0</s>", ""), ("66<span style='display:none'>.3</span>", "66"), ("66<i hidden>.3</i>", "66"),
        ("<span style='text-decoration: line-through'>66.0<b>1</b></span>66.3", "66.3"), ("66.3<script>7</script>", "66.3"),
        ("66.3<input hidden>0", "66.30"), ("66<s>.3", "66"), ("66<sup>1", "66¹"), ("<p style='display:none'>7<p>66.3", "66.3"),
        ("<td style='visibility:hidden'>66.3</td>", ""), ("<td style='display:none'>7</td><td>66.3</td>", "66.3"),
    ],
)  # fmt: skip
def test_a_cell_is_what_a_browser_shows_and_its_mark_is_no_digit(cell: str, read: str, tmp_path: Path) -> None:
    (sheet,) = sheets(table(cell), tmp_path)
    assert sheet.rows == [["指标", "2016年", "2017年"], ["森林覆盖率（%）", "66.1", read]]


def test_raised_text_that_is_no_mark_stands_in_brackets_behind_figures_alone() -> None:
    assert [raised("+2", "41.8"), raised("st", "1"), raised("-1", "t"), raised("*", "41.8")] == [
        "[+2]",
        "st",
        "-1",
        "*",
    ]
    assert [raised("2", "CO", low=True), raised("2", "41", low=True)] == ["2", "²"]


def test_what_is_hidden_around_rows_is_told_and_ends_with_its_element(tmp_path: Path) -> None:
    page = f"<div style='display:none'><div>x</div>{table()}</div><p>罗定市</p>{table()}"
    first, second = sheets(page, tmp_path)
    assert (first.hidden, second.hidden, second.rows[0]) == (True, False, ["罗定市", "", ""])
    (sheet,) = sheets(f"<p>罗定市</p>{table().replace('<tr><td>', '<tr hidden><td>')}", tmp_path)
    assert sheet.hidden_rows == {2} and sheet.rows[2] == ["森林覆盖率（%）", "66.1", "66.3"]
    (sheet,) = sheets(
        f"<table><tbody style='display:none'>{HEAD}</tbody><tbody><tr><td>a</td></tr></tbody></table>", tmp_path
    )
    assert sheet.hidden_rows == {0}


@pytest.mark.parametrize(
    ("page", "above", "below"),
    [
        (f"<p>罗定市主要指标</p><p>单位：%</p>{table()}<p>注：2017年为计划数。</p><p>版权所有</p>", ["罗定市主要指标", "单位：%"], ["注：2017年为计划数。"]),
        (f"<h3>罗定市指标</h3>{table().replace(HEAD, f'<caption>主要指标</caption>{HEAD}')}", ["主要指标", "罗定市指标"], []),
        (f"<h1>统计公报</h1><p>罗定市主要指标</p>{table()}", ["统计公报 罗定市主要指标"], []),
        (f"<h2>罗定市</h2><div>发布时间：2018-04-12 浏览次数：3</div><a href=x>月度数据</a>{table()}", ["罗定市"], []),
        (f"<title>首页</title><a name=x><p>罗定市<div>单位：%{table()}<p>注：<p>2017年为计划数", ["罗定市", "单位：%"], ["注：2017年为计划数"]),
        (f"<table><tr><td>首页<td><h3>罗定市</h3>单位：%{table()}<p>1 含新区</p></td></tr></table>", ["罗定市", "单位：%"], ["1 含新区"]),
        (f"<p>罗定市</p><p>{'长' * 90}</p>{table()}<p>以上为计划数</p><p>2019年4月12日</p>", [], ["以上为计划数"]),
        (f"<center>时间：2016-2017年</center><center>（%）</center>时间：2018-04-12{table()}", ["时间：2016-2017年", "（%）"], []),
        (f"{table()}<p>3.2 其他</p><p>5月份</p><p>Source: bureau</p>", [], ["Source: bureau"]),
    ],
)  # fmt: skip
def test_text_around_a_table_becomes_lines_above_and_under_it(
    page: str, above: list[str], below: list[str], tmp_path: Path
) -> None:
    sheet = sheets(page, tmp_path)[-1]
    around = len(above), len(sheet.rows) - len(below)
    assert ([row[0] for row in sheet.rows[: around[0]]], [row[0] for row in sheet.rows[around[1] :]]) == (above, below)
    assert [sheet.line(row) for row in range(*around)] == [1, 2]
    assert sheet.fault(around[0], 1, "x").row == 1 and (not above or sheet.fault(0, None, "x").row is None)


def test_between_two_tables_notes_are_of_the_one_before(tmp_path: Path) -> None:
    first, second = sheets(f"<h1>2017年上半年</h1>{table()}<p>注：a</p><p>罗定市</p><p>单位：‰</p>{table()}", tmp_path)
    assert [row[0] for row in first.rows[-1:]] == ["注：a"]
    assert [row[0] for row in second.rows[:3]] == ["罗定市", "单位：‰", "2017年上半年"]  # the part of a year is of both
    assert lines_above([Text("新兴县")], {1: "罗定市"}) == ["新兴县"]
    assert split_notes([Text("罗定市", 2), Text("2017年为计划数")]) == ([], [Text("罗定市", 2), Text("2017年为计划数")])


@pytest.mark.parametrize(
    ("page", "figures", "said"),
    [
        (f"<p>单位：‰</p>{table(name='森林覆盖率')}", [66.1, 66.3], ""),
        (f"{table()}<p>注：2017年为计划数。</p>", [66.1], "1 figures are target by the note"),
        (f"{table('66.3<sup>1</sup>')}<p>注：1 为计划数；2 为初步数。</p>", [66.1], "1 cells are marked as target"),
        (f"<h1>罗定市2017年上半年</h1>{table()}", [], "names a part of a year"),
    ],
)
def test_what_is_told_around_a_table_holds_of_its_figures(
    page: str, figures: list[float], said: str, tmp_path: Path
) -> None:
    blocks, faults = find_blocks(sheets(page, tmp_path)[0], {"罗定市"}.__contains__)
    rows = [read_figures(block).rows for block in blocks]
    assert [value for one in rows for value in one["value"]] == figures
    assert said in " ".join([*map(str, faults), *(doubt for block in blocks for doubt in block.doubts)])
    assert [unit for one in rows for unit in one["unit"].unique()] in (["‰"], ["%"], [])


def test_numbers_of_notes_are_the_marks_that_cells_have_raised() -> None:
    rows: list[list[Value]] = [["1. 农业", ""], ["a", "41.8¹"], ["注：1 含新区；2 为计划数", ""], ["1) x", None]]
    number_notes(rows)
    assert rows == [["1. 农业", ""], ["a", "41.8¹"], ["注：¹ 含新区；2 为计划数", ""], ["¹ x", None]]

"""What cells of an xlsx show besides values: words of number formats, raised digits, comments, what is struck out."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from xk.readers.block_figures import read_figures
from xk.readers.cell_looks import read_format, rich_cells, rich_text
from xk.readers.layouts.axes import find_blocks
from xk.readers.openers import read_sheets
from xk.readers.sheets import Sheet, doubts_of_cells

SUPER = b'<r><rPr><vertAlign val="superscript"/></rPr><t>%b</t></r>'


def write(folder: Path, *rows: list[Any], comments: dict[str, str] | None = None) -> Sheet:
    """Return the sheet of a workbook; a cell of more than one part is a number with its format, or pieces of rich text."""
    book = xlsxwriter.Workbook(folder / "a.xlsx")
    page = book.add_worksheet()
    looks = {
        "super": book.add_format({"font_script": 1}),
        "sub": book.add_format({"font_script": 2}),
        "struck": book.add_format({"font_strikeout": True}),
    }
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, list):
                page.write_rich_string(row, column, *(looks.get(piece, piece) for piece in cell))
            elif isinstance(cell, tuple):
                page.write(row, column, cell[0], looks.get(cell[1]) or book.add_format({"num_format": cell[1]}))
            else:
                page.write(row, column, cell)
    for place, text in (comments or {}).items():
        page.write_comment(place, text, {"author": "统计员"})
    book.close()
    (sheet,) = read_sheets(folder / "a.xlsx")
    return sheet


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ('0.0"‰"', 24.5, "24.5‰"), (r"0.0\‰", 24.5, "24.5‰"), ("0.0‰", 24.5, "24.5‰"), ('0.0"（计划）"', 66.5, "66.5（计划）"), ('0"*"', 2.0, "2*"),
        ('"约"0.0', 1.6, "约1.6"), ('General"万"', 2.01, "2.01万"), ('0"年"', 2016.0, "2016年"), ('[Red]#,##0.0_ "元"', 69.59999999999999, "69.6元"),
        ('0.0"%"', 23.4, "23.4%"), ('0.0%"（初步）"', 0.665, "66.5%（初步）"), ('0"人";\\-0"人"', -5.0, "-5人"), ('0;-0;"无"', 0.0, "无"), ('0"人"', -5.0, "-5人"),
    ],
)  # fmt: skip
def test_a_format_shows_its_words_beside_all_digits(code: str, value: float, shown: str) -> None:
    form = read_format(code)
    assert form and form.show(value) == shown


@pytest.mark.parametrize(
    "code",
    [
        "0.00", "0.0%", "General", "@", '0.0;-0.0;"-"', 'yyyy"年"', 'm"月"d"日"', "[$-804]aaaa", '0!.0,"万"', '0.0,"千"', '#,##0_ ;[Red]\\-#,##0\\ ',
        '_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', "0.00E+00", '000"号"000', '[>100]0"多";0', "", ";;;", '@"（计划）"', "(0.0)",
    ],
)  # fmt: skip
def test_formats_of_dates_signs_and_scales_are_left_alone(code: str) -> None:
    form = read_format(code)
    assert not form or not form.show(66.5)


def test_figures_are_what_their_formats_show(tmp_path: Path) -> None:
    sheet = write(
        tmp_path, ["指标", (2016, '0"年"'), (2017, '0"年"'), (2018, '0"年"')],
        ["失业率", (24.9, '0.0"‰"'), (0.0245, "0.00%"), (24.1, '0.0"（计划）"')], ["医师数（人）", (1.5, '0.0"人"'), (1.6, '"约"0.0'), (0.1, '0.0%"（初步）"')],
    )  # fmt: skip
    (block,), _ = find_blocks(sheet, lambda _: False)
    found = read_figures(block)
    told = found.rows[["year", "value", "unit", "kind"]].itertuples(index=False, name=None)
    assert [*told] == [
        (2016, 24.9, "‰", ""),
        (2017, 2.45, "%", ""),
        (2016, 1.5, "人", ""),
        (2018, 10.0, "人 / %", "preliminary"),
    ]
    assert [(fault.row, fault.column, "no exact figure" in fault.message) for fault in found.faults] == [(3, "C", True)]


def test_raised_parts_of_texts_are_marks_and_struck_ones_are_none(tmp_path: Path) -> None:
    sheet = write(
        tmp_path, ["指标", "2016年", "2017年", "2018年"], [["PM", "sub", "2.5", "浓度"], ["62.3", "super", "1"], ["33.1", "super", "2)"], ["struck", "66.0", "66.3"]],
        [["m", "super", "2"], ["41", "sub", "1"], 1.5, ("x", "struck")], ["注：1 为计划数；2 为初步数。"], comments={"D2": "此数为计划数", "A9": "x", "D1": "此数为计划数"},
    )  # fmt: skip
    assert sheet.rows[1] == ["PM2.5浓度", "62.3¹", "33.1²", "66.3"]
    assert sheet.rows[2:] == [["m²", "41¹", 1.5, "x"], ["注：¹ 为计划数；² 为初步数。", "", "", ""]]
    assert doubts_of_cells(sheet) == [
        "the comment '此数为计划数' stands on D1, D2: does it change what the figures are?",
        "D3: what is struck out was read: delete what is not meant",
    ]


def test_texts_within_a_sheet_are_read_as_shared_ones() -> None:
    cell = b'<c r="B2" s="1"/><c r="C2" t="inlineStr"><is><r><t>62.3</t></r>' + SUPER % b"1" + b"</is></c>"
    assert [*rich_cells(cell, {})] == [((1, 2), "62.3¹")]
    assert [*rich_cells(b'<x:c r="A1" t="s"><x:v>7</x:v></x:c><c r="B1" t="s"><v>8</v></c>', {b"7": "a¹"})] == [
        ((0, 0), "a¹")
    ]
    assert rich_text(b"<si><r><t>a&amp;b</t></r>" + SUPER % b"*") is None  # what it says already
    assert rich_text(b"<si><r><rPr><strike/></rPr><t>66</t></r><rPh><t>x</t></rPh>") == ""


def test_numbers_of_strings_count_empty_ones(tmp_path: Path) -> None:
    write(tmp_path, ["a", ["62.3", "super", "1"]])
    out = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/sharedStrings.xml":
                content = content.replace(b"<si><t>a</t></si>", b"<si/><si><t>a</t></si>")
            if name.endswith("sheet1.xml"):
                content = content.replace(b"<v>1</v>", b"<v>2</v>").replace(b"<v>0</v>", b"<v>1</v>")
            new.writestr(name, content)
    (tmp_path / "b.xlsx").write_bytes(out.getvalue())
    assert read_sheets(tmp_path / "b.xlsx")[0].rows == [["a", "62.3¹"]]


def test_comments_are_told_without_what_excel_writes_before_them(tmp_path: Path) -> None:
    thread = "[Threaded comment]\n\nYour version of Excel allows you to read it.\n\nComment:\n    计划数"
    sheet = write(tmp_path, [1, 2, 3], comments={"A1": thread, "B1": "王五:\n计划数", "C1": "计划数：3"})
    assert [*sheet.comments.values()] == ["计划数", "计划数", "计划数：3"]


def test_many_comments_are_counted() -> None:
    comments = {(row, 0): f"comment {row}" for row in range(12)}
    doubts = doubts_of_cells(Sheet("a.xlsx", "", [["x"]] * 12, comments=comments))
    assert len(doubts) == 11 and doubts[-1] == "2 more comments stand on cells"

"""Tables to take away: read back by another program, real numbers, text that can never become a formula."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from datetime import date
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from xk.errors import UsageError
from xk.readers.spreadsheets import Sheet, workbook_bytes
from xk.readers.writing import csv_bytes

EVIL = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1",
    '=cmd|"/c calc"!A1', '=HYPERLINK("https://example.org","x")', "https://example.org/a", "mailto:a@b.c",
]  # fmt: skip


def sheet(**changes: Any) -> Sheet:
    frame = pd.DataFrame(
        {
            "indicator": ["城镇化率", "森林覆盖率"],
            "year": [2016, 2017],
            "value": [40.38, float("nan")],
            "score": [73.418181818, float("inf")],
            "hold": [True, False],
            "since": [date(2018, 1, 31), None],
        }
    )
    return Sheet(**{"frame": frame, "title": "指标结果", "heads": {"indicator": "指标", "value": "数值"}, **changes})


def rows(content: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode("utf-8")


def test_reads_back_what_was_written() -> None:
    content = workbook_bytes({"结果": sheet()})
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["目录", "结果"]
    title, heads, first, second = rows(content, "结果")
    assert title[0] == "指标结果"
    assert heads == ["指标", "year", "数值", "score", "hold", "since"]
    assert first == ["城镇化率", 2016.0, 40.38, 73.418181818, True, date(2018, 1, 31)]
    assert second == ["森林覆盖率", 2017.0, "", "∞", False, ""], "missing stays missing"
    assert [type(cell) for cell in first[1:4]] == [float] * 3


def test_contents_lead_to_the_sheets() -> None:
    content = workbook_bytes({"结果": sheet(), "来源": sheet(title="来源表")})
    assert rows(content, "目录")[2:] == [["工作表", "内容", "行数"], ["结果", "指标结果", 2.0], ["来源", "来源表", 2.0]]
    assert re.findall(r'location="([^"]+)"', part(content, "xl/worksheets/sheet1.xml")) == ["'结果'!A1", "'来源'!A1"]


def test_english_words_around_the_tables() -> None:
    content = workbook_bytes({"results": sheet(heads={"value": "Value"})}, lang="en")
    assert rows(content, "Contents")[2] == ["Sheet", "Table", "Rows"]
    assert rows(content, "results")[1][2] == "Value"


def test_no_text_becomes_a_formula_or_a_link() -> None:
    frame = pd.DataFrame({"=2+2": EVIL, "n": range(len(EVIL))})
    evil = sheet(frame=frame, title="=3+3", heads={"n": "@n"})
    content = workbook_bytes({"=6+6": evil})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    pages = "".join(text for name, text in parts.items() if "worksheets/" in name)
    assert "<f>" not in pages and "<f " not in pages
    assert not any("example.org" in text for name, text in parts.items() if name.endswith(".rels"))
    back = [row[0] for row in rows(content, "=6+6")]
    assert back == ["=3+3", "=2+2", *EVIL]


def test_text_stays_text_when_its_cell_is_edited() -> None:
    """Without the quote prefix Excel would evaluate "=1+1" after F2 and Enter."""
    content = workbook_bytes({"a": sheet(frame=pd.DataFrame({"x": ["=1+1"]}), heads={})})
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    formats = ET.fromstring(part(content, "xl/styles.xml")).find(f"{space}cellXfs")
    (cell,) = re.findall(r'<c r="A3" s="(\d+)" t="s">', part(content, "xl/worksheets/sheet2.xml"))
    assert formats is not None and formats[int(cell)].get("quotePrefix") == "1"


def test_heads_stay_in_view_and_widths_fit_chinese() -> None:
    content = workbook_bytes({"结果": sheet()})
    page = part(content, "xl/worksheets/sheet2.xml")
    assert '<pane xSplit="1" ySplit="2" topLeftCell="B3"' in page
    assert '<autoFilter ref="A2:F4"/>' in page
    assert "_xlnm.Print_Titles" in part(content, "xl/workbook.xml")
    # 森林覆盖率: five characters, each as wide as two digits, and two to spare.
    assert float(re.findall(r'<col min="1" max="1" width="([\d.]+)"', page)[0]) == pytest.approx(12, abs=1)


def test_wide_tables_are_not_shrunk_beyond_reading() -> None:
    """20 columns of 44 characters are more than A4 can show; they go on over pages behind their first column."""
    many = pd.DataFrame({f"c{n}": ["x" * 50] for n in range(20)})
    wide = sheet(frame=many, heads={})
    content = workbook_bytes({"narrow": sheet(), "wide": wide})
    assert 'fitToHeight="0"' in part(content, "xl/worksheets/sheet2.xml")
    assert "fitToHeight" not in part(content, "xl/worksheets/sheet3.xml")
    assert "wide!$A:$A,wide!$2:$2" in part(content, "xl/workbook.xml")


def test_same_tables_give_the_same_bytes() -> None:
    assert workbook_bytes({"a": sheet()}) == workbook_bytes({"a": sheet()})


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "cannot be the name of a sheet"),
        ("a/b", "cannot be the name of a sheet"),
        ("'a", "cannot be the name of a sheet"),
        ("名" * 32, "cannot be the name of a sheet"),
        ("目录", "two sheets cannot have the name '目录'"),
    ],
)
def test_names_that_excel_does_not_take(name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        workbook_bytes({name: sheet()})


def test_names_of_31_characters_are_taken() -> None:
    assert rows(workbook_bytes({"名" * 31: sheet()}), "名" * 31)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"heads": {"vaule": "%"}}, "the table '指标结果' has no column vaule"),
        ({"frame": pd.DataFrame({"value": [{}], "score": 1, "indicator": ""})}, "column 'value' holds dict"),
        ({"frame": pd.DataFrame({"value": ["x" * 32_768], "score": 1, "indicator": ""})}, "32768 characters"),
        ({"frame": pd.DataFrame()}, "has no columns"),
    ],
)
def test_what_a_sheet_cannot_hold(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        workbook_bytes({"a": sheet(**changes)})


def test_a_table_without_rows_has_its_heads() -> None:
    empty = sheet(frame=sheet().frame.iloc[:0])
    assert rows(workbook_bytes({"a": empty}), "a")[-1][:2] == ["指标", "year"]


# CSV


def test_csv_for_excel_in_china() -> None:
    frame = pd.DataFrame({"指标": ["城镇化率", 'a,"b"'], "value": [-0.1, float("nan")], "year": [2016, 2017]})
    expected = '指标,value,year\r\n城镇化率,-0.1,2016\r\n"a,""b""",,2017\r\n'
    assert csv_bytes(frame, excel=True) == b"\xef\xbb\xbf" + expected.encode()


@pytest.mark.parametrize("cell", EVIL[:11])
def test_csv_guards_what_looks_like_a_formula(cell: str) -> None:
    frame = pd.DataFrame({"x": [cell]})
    back = pd.read_csv(io.BytesIO(csv_bytes(frame, excel=True)), encoding="utf-8-sig", lineterminator=None)
    # Line ends inside a cell are normalised by the reader, not by the writer.
    assert back["x"][0].replace("\r", "\n") == f"'{cell}".replace("\r", "\n")


@pytest.mark.parametrize("cell", ["-5", "+5.5", "-1e3", "-", "=", "—", "2016-2020", "a=b", "'x"])
def test_csv_leaves_plain_numbers_and_other_texts_alone(cell: str) -> None:
    assert csv_bytes(pd.DataFrame({"x": [cell]}), excel=True) == b"\xef\xbb\xbfx\r\n" + cell.encode() + b"\r\n"


def test_csv_guards_heads_and_changes_nothing_given() -> None:
    frame = pd.DataFrame({"=x": ["=1"]})
    assert csv_bytes(frame, excel=True).endswith(b"'=x\r\n'=1\r\n")
    assert list(frame.columns) == ["=x"] and frame.iloc[0, 0] == "=1"

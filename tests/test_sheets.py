"""Opening files: formats by their first bytes, what is seen of a workbook, and guards against what is no table."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from files.containers import as_ods, as_text, as_xls, as_xlsx

from xk.errors import InputError
from xk.readers import openers, workbooks
from xk.readers.openers import decode, read_sheets
from xk.readers.sheets import MAX_ROWS

GRID = [["a", 1.5], ["", -2]]
ROW = b'<row r="%d"><c r="A%d"><v>1</v></c></row>'


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_sheets(path)
    (fault,) = caught.value.faults
    assert fault.remedy
    return fault.message


def with_sheet(content: bytes) -> bytes:
    """Return an xlsx whose sheet is `content`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx(GRID))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize("write_as", [as_xlsx, as_xls, as_ods], ids=["xlsx", "xls", "ods"])
def test_workbooks_are_known_by_their_first_bytes(write_as: object, tmp_path: Path) -> None:
    (sheet,) = read_sheets(write(tmp_path, "table.csv", write_as(GRID)))  # type: ignore[operator]
    assert sheet.rows == [["a", 1.5], ["", -2.0]]
    assert (sheet.name, sheet.place(1, 1), sheet.line(1)) == ("Sheet1", "B2", 2)


def test_what_only_an_xlsx_shows_is_said_to_be_unknown_of_others(tmp_path: Path) -> None:
    assert not read_sheets(write(tmp_path, "a.xlsx", as_xlsx(GRID)))[0].unknown
    assert "per-cent formats" in read_sheets(write(tmp_path, "a.xls", as_xls(GRID)))[0].unknown


def test_percent_formats_hidden_rows_and_errors_of_an_xlsx_are_seen(tmp_path: Path) -> None:
    content = as_xlsx([["x", 0.5], ["y", 2], ["z", 3]], percent=[(0, 1)], hidden_rows=[1], errors=[(2, 1, "#REF!")])
    (sheet,) = read_sheets(write(tmp_path, "a.xlsx", content))
    assert (sheet.percents, sheet.hidden_rows, sheet.errors) == ({(0, 1)}, {1}, {(2, 1): "#REF!"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_encodings_are_found(encoding: str) -> None:
    assert decode("地区,a\n云浮,1\n".encode(encoding), "x").lstrip("\ufeff") == "地区,a\n云浮,1\n"


def test_one_word_of_gb18030_is_not_taken_for_another_script() -> None:
    """注 is D7 A2 in GB18030, which is U+05E2 in UTF-8; the μ and ³ of a unit in UTF-8 stay what they are."""
    assert decode("a,1.5[注1]\n".encode("gb18030"), "x") == "a,1.5[注1]\n"
    assert decode("a(μg/m³),1\n".encode(), "x") == "a(μg/m³),1\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found(separator: str, tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", as_text([["a", "b;c,d", "e"], ["1", "2", "3"]], separator=separator))
    assert [row[0] for row in read_sheets(path)[0].rows] == ["a", "1"]
    assert [len(row) for row in read_sheets(path)[0].rows] == [3, 3]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    (sheet,) = read_sheets(write(tmp_path, "a.csv", b'a,b\r\n"two\r\nlines",1\r\n\r\nc,2\r\n'))
    assert list(sheet.lines) == [1, 2, 5]
    assert sheet.place(2, 1) == "B5"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = with_sheet(b"<worksheet><sheetData>" + b" " * 100_000_000 + b"</sheetData></worksheet>")
    assert len(bomb) < 200_000
    assert "would unpack to" in refusal(write(tmp_path, "bomb.xlsx", bomb))


def test_a_sheet_of_a_million_rows_is_refused(tmp_path: Path) -> None:
    rows = b"".join(ROW % (place, place) for place in range(1, 20))
    last = ROW % (1_048_576, 1_048_576)
    path = write(
        tmp_path, "long.xlsx", with_sheet(b"<worksheet><sheetData>" + rows + last + b"</sheetData></worksheet>")
    )
    assert "has 1,048,576 rows" in refusal(path)


def test_rows_that_an_ods_repeats_are_counted(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(as_ods(GRID))) as archive:
        content = archive.read("content.xml").replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="900000">', 1
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    assert f"has {900_000:,} rows" in refusal(write(tmp_path, "long.ods", out.getvalue()))
    assert MAX_ROWS < 900_000


def test_a_file_of_one_line_is_no_table(tmp_path: Path) -> None:
    assert "line of more than 1 MB" in refusal(write(tmp_path, "line.csv", b"1," * 3_000_000))


def test_a_gigabyte_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n")
        file.truncate(2**30)
    assert "1,024 MB" in refusal(path)


def test_what_ends_the_other_process_is_a_fault_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "a.xls", as_xls(GRID))
    monkeypatch.setattr(workbooks, "READ_APART", write(tmp_path, "abort.py", b"import os; os.abort()"))
    assert refusal(path) == "is a damaged workbook"


def test_a_protected_workbook_is_called_that(tmp_path: Path) -> None:
    content = bytearray(as_xls(GRID))
    place = content.index("Workbook".encode("utf-16-le"))
    name = "EncryptedPackage".encode("utf-16-le") + b"\0\0"
    content[place : place + len(name)] = name
    assert refusal(write(tmp_path, "a.xlsx", bytes(content))) == "is protected by a password"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.4 x", "is a PDF"),
        (b"\x1f\x8b\x08 ", "gzip"),
        (b"PK\x03\x04 no", "damaged workbook"),
        (b"", "is empty"),
    ],
)
def test_other_files_are_called_what_they_are(content: bytes, words: str, tmp_path: Path) -> None:
    assert words in refusal(write(tmp_path, "a.xlsx", content))


def test_spans_of_a_page_are_filled_with_text_and_never_with_figures(tmp_path: Path) -> None:
    page = b"<table><tr><td rowspan=2>a</td><td colspan=2>b</td></tr><tr><td>1</td><td rowspan=2>2</td></tr><tr><td>c</td><td>3</td></tr></table>"
    (sheet,) = read_sheets(write(tmp_path, "a.xls", page))
    assert sheet.rows == [["a", "b", "b"], ["a", "1", "2"], ["c", "3", ""]]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (b"<html>" + b"<table><tr><td>\n" * 60, "tables within tables"),
        (b"<html><table><tr><td>1</table>" + b"<div>\n" * 200_001, "much besides tables"),
    ],
)
def test_pages_that_are_mostly_something_else_are_refused(page: bytes, words: str, tmp_path: Path) -> None:
    assert words in refusal(write(tmp_path, "a.xls", page))


def test_rows_of_an_ods_are_counted_before_they_are_read(tmp_path: Path) -> None:
    """Rows that differ, so that their packing does not give them away; none is repeated."""
    rows = "".join(f"<table:table-row>{place * 7919 % MAX_ROWS:x}</table:table-row>" for place in range(MAX_ROWS + 500))
    with zipfile.ZipFile(tmp_path / "long.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", '<table:table table:name="S">' + rows)
    assert "rows and 1 columns, more than is read" in refusal(tmp_path / "long.ods")


def test_a_parquet_file_that_unpacks_to_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same text in each of 1,000 rows is kept once, there as here."""
    path = tmp_path / "a.parquet"
    pd.DataFrame({"a": ["x" * 1000] * 1000}).to_parquet(path)
    rows = read_sheets(path)[0].rows
    assert len(rows) == 1001 and len({id(row[0]) for row in rows}) == 2
    monkeypatch.setattr(openers, "MAX_BYTES", path.stat().st_size)
    pd.DataFrame({"a": [str(n) * 5 for n in range(1000)]}).to_parquet(path, compression="zstd")
    monkeypatch.setattr(openers, "MAX_BYTES", path.stat().st_size)
    assert "would unpack to" in refusal(path)


@pytest.mark.parametrize(("name", "content"), [
    ("a.csv", b"a" + b"," * 20_000 + b"1\n"),
    ("a.xls", as_xls([["a", *[""] * 100], [1.0] * 101])),
])  # fmt: skip
def test_a_sheet_is_no_wider_than_a_workbook_can_be(
    name: str, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged one of 144,121 columns was looked through for minutes; Excel has 16,384."""
    if name == "a.xls":
        monkeypatch.setattr("xk.readers.sheets.MAX_COLUMNS", 100)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=r"has \d rows and [\d,]+ columns, more than is read of one sheet"):
        read_sheets(tmp_path / name)

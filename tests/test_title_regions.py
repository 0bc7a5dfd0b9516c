"""The region that a title names: the innermost; none where it is of a part, of several, or not the one asked for."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from xk.readers import Reading, Store, read_files, read_store

TABLE = "指标,单位,2016,2017\n森林覆盖率,%,69,69.5\n"


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


def read(title: str, tmp_path: Path, store: Store, table: str = TABLE, region: str | None = "") -> Reading:
    path = tmp_path / "own.csv"
    path.write_text(f"{title}\n{table}", encoding="utf-8")
    return read_files([path], store=store, region=region)


@pytest.mark.parametrize(
    ("title", "region"),
    [
        ("云浮市主要指标", "yunfu"), ("广东省云浮市主要指标", "yunfu"), ("云浮市罗定市主要指标", "luoding"),
        ("云浮市统计局：罗定市主要指标", "luoding"), ("罗定市主要指标（云浮市统计局）", "luoding"), ("广东统计年鉴 云浮部分", "yunfu"),
        ("中国广东云浮", "yunfu"), ("Yunfu (Guangdong): main figures", "yunfu"), ("云浮市战略性新兴产业主要指标", "yunfu"),
        ("云浮市区域经济主要指标", "yunfu"), ("云浮市农村居民生活主要指标", "yunfu"), ("云浮市城镇化主要指标", "yunfu"),
        ("表1 2016年云浮市主要指标", "yunfu"), ("云浮市城市道路主要指标", "yunfu"), ("云浮市和谐社会主要指标", "yunfu"),
    ],
)  # fmt: skip
def test_the_innermost_region_of_a_title_is_taken(title: str, region: str, tmp_path: Path, store: Store) -> None:
    reading = read(title, tmp_path, store)
    assert not reading.faults
    assert set(reading.rows["region"]) == {region}
    assert any(f"the region {region} was taken from the title" in said for said in reading.doubts)


@pytest.mark.parametrize(
    "title",
    [
        "云浮市区主要指标", "云浮市城区主要指标", "云浮市农村主要指标", "云浮新区主要指标", "云浮市直主要指标", "云浮市（不含罗定市）主要指标",
        "云浮市与肇庆市主要指标", "云浮市、罗定市主要指标", "除云浮市外全省主要指标", "茂名市信宜市主要指标", "阳春市主要指标（阳江）",
        "Urban Yunfu", "云浮市六都镇主要指标", "云浮市市辖区主要指标", "云浮市主要指标（中心城区）", "云浮市林业（市辖区）",
        "Yunfu: main figures (excluding Luoding)",
    ],
)  # fmt: skip
def test_a_title_of_a_part_or_of_several_regions_is_refused(title: str, tmp_path: Path, store: Store) -> None:
    reading = read(title, tmp_path, store)
    assert reading.rows.empty
    (said,) = map(str, reading.faults)
    is_part = "a part" in said
    assert "own.csv:1: " in said and "name the region in a column" in said
    assert is_part is ("give the figures of all of it" in said) is not ("or give --region" in said)
    reading = read(title, tmp_path, store, region="yunfu")
    assert len(reading.rows) == 2
    assert is_part is any("were read as of all of yunfu" in doubt for doubt in reading.doubts)
    told = "地区,指标,单位,2016,2017\n罗定市,森林覆盖率,%,69,69.5\n"
    reading = read(title, tmp_path, store, told)
    assert (set(reading.rows["region"]), reading.faults) == ({"luoding"}, [])


def test_a_command_that_takes_no_region_for_a_table_offers_none(tmp_path: Path, store: Store) -> None:
    reading = read("云浮市、罗定市主要指标", tmp_path, store, region=None)
    (said,) = map(str, reading.faults)
    assert said.endswith("; name the region in a column, or correct the title")
    assert not read("主要指标", tmp_path, store, region=None).doubts
    assert any("give --region" in said for said in read("主要指标", tmp_path, store).doubts)


def test_a_table_that_is_refused_is_said_to_be_with_the_reason(tmp_path: Path, store: Store) -> None:
    reading = read("云浮市、罗定市主要指标", tmp_path, store)
    why = "'云浮市、罗定市主要指标' names yunfu, luoding, and not which of them its figures are of"
    assert reading.layouts == [f"{tmp_path / 'own.csv'}: years across, C3 to D3: refused: {why}"]
    reading = read("云浮市主要指标", tmp_path, store, "指标,单位,2016,2017\n森林覆盖率,%,约69,38-39\n")
    assert reading.layouts[0].endswith("C3 to D3: refused: '38-39' is no figure and 1 more")
    reading = read("云浮市主要指标", tmp_path, store, "指标,单位,2016,2017\n森林覆盖率,%,约69,69.5\n")
    assert "1 figures of 2017-2017" in reading.layouts[0]


def test_another_region_than_that_of_the_title_is_refused(tmp_path: Path, store: Store) -> None:
    reading = read("罗定市主要指标", tmp_path, store, region="yunfu")
    assert reading.rows.empty
    assert "'罗定市主要指标' names the region luoding, and yunfu was asked for" in str(reading.faults[0])
    assert set(read("罗定市主要指标", tmp_path, store, region="luoding").rows["region"]) == {"luoding"}


@pytest.mark.parametrize(
    ("line", "regions"),
    [
        ("罗定市主要指标", {"yunfu"}), ("二、县级指标（罗定市）", {"yunfu"}), ("广东省平均水平", {"yunfu"}), ("附：佛山市对口帮扶指标", {"yunfu"}),
        ("全省主要指标", {"yunfu"}), ("附：扶贫指标", {"yunfu"}), ("市直单位指标", {"yunfu"}), ("二、农村居民生活", {"yunfu"}),
        ("附：全国", {"yunfu", "china"}), ("附：全省", {"yunfu", "guangdong"}), ("附：罗定市", {"yunfu", "luoding"}),
        ("附：农村地区指标", None),
    ],
)  # fmt: skip
def test_rows_under_a_line_of_another_region_are_no_silent_figures_of_the_first(
    line: str, regions: set[str] | None, tmp_path: Path, store: Store
) -> None:
    table = f"{TABLE}{line},,,\n城镇登记失业率,%,2.4,2.5\n"
    reading = read("云浮市主要指标", tmp_path, store, table)
    assert set(reading.rows["region"]) == (regions or {"yunfu"})
    assert bool(reading.faults) is (regions is None)
    told = [*reading.doubts, *map(str, reading.faults)]
    assert any("under" in said and "stand" in said for said in told)


@pytest.mark.parametrize(
    "line", ["一、云浮市生态", "全市主要指标", "二、城镇登记失业", "三、城市建设", "四、新兴产业", "县域经济"]
)
def test_a_line_of_the_same_region_or_of_none_is_no_doubt(line: str, tmp_path: Path, store: Store) -> None:
    reading = read("云浮市主要指标", tmp_path, store, f"{TABLE}{line},,,\n城镇登记失业率,%,2.4,2.5\n")
    assert len(reading.rows) == 4
    assert not reading.faults and not [said for said in reading.doubts if "stand under" in said]


@pytest.mark.parametrize(
    ("title", "note", "said"),
    [
        ("云浮市主要指标", "统计范围：市辖区", "the note '统计范围:市辖区' names a part (市辖区)"),
        ("云浮市城镇居民主要指标", "", "'云浮市城镇居民主要指标' names a part (城镇)"),
        ("云浮市城市建设", "统计范围：全市", ""),
        ("云浮市农村居民生活", "", "'云浮市农村居民生活' names a part (农村)"),
    ],
)
def test_a_title_or_a_note_that_names_a_part_is_a_doubt(
    title: str, note: str, said: str, tmp_path: Path, store: Store
) -> None:
    reading = read(f"{title}\n{note}" if note else title, tmp_path, store)
    assert len(reading.rows) == 2
    assert any("names a part" in doubt for doubt in reading.doubts) is bool(said)
    assert not said or any(said in doubt for doubt in reading.doubts)


def of_sheets(tmp_path: Path, **titles: str) -> Path:
    """Write a workbook with a table on every sheet, under a title if that has one."""
    path = tmp_path / "own.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for at, (name, title) in enumerate(titles.items()):
            rows = [*([[title]] if title else []), ["指标", "2016", "2017"], ["森林覆盖率（%）", 60 + at, 61 + at]]
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    return path


def test_the_name_of_a_sheet_is_the_region_where_no_title_names_one(tmp_path: Path, store: Store) -> None:
    path = of_sheets(
        tmp_path, 云浮市="", 罗定市="", 市直="", Sheet4="云安区主要指标", 新兴县="指标", 广东="郁南县主要指标"
    )
    reading = read_files([path], store=store)
    assert not reading.faults
    assert set(reading.rows["region"]) == {"yunfu", "luoding", "", "yunan_district", "xinxing", "yunan_county"}
    assert any("the region luoding was taken from the name of the sheet" in said for said in reading.doubts)
    assert any("the sheet is called '市直': are its figures of a part" in said for said in reading.doubts)
    (said, *_) = map(str, read_files([of_sheets(tmp_path, 罗定市="")], store=store, region="yunfu").faults)
    assert "'罗定市' names the region luoding, and yunfu was asked for" in said


def test_a_sheet_of_another_region_than_its_title_is_refused(tmp_path: Path, store: Store) -> None:
    path = of_sheets(tmp_path, 罗定市="云浮市主要指标")
    reading = read_files([path], store=store)
    (said,) = map(str, reading.faults)
    assert reading.rows.empty
    assert "'云浮市主要指标' names the region yunfu, and the sheet is called '罗定市'" in said
    assert set(read_files([path], store=store, region="luoding").rows["region"]) == {"luoding"}

"""The region that a title names: the innermost; none where it is of a part, of several, or not the one asked for."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

from pathlib import Path

import pytest

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
        "Urban Yunfu", "云浮市六都镇主要指标",
    ],
)  # fmt: skip
def test_a_title_of_a_part_or_of_several_regions_is_refused(title: str, tmp_path: Path, store: Store) -> None:
    reading = read(title, tmp_path, store)
    assert reading.rows.empty
    (said,) = map(str, reading.faults)
    assert "own.csv:1: " in said and "name the region in a column, or give --region" in said
    assert len(read(title, tmp_path, store, region="yunfu").rows) == 2
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

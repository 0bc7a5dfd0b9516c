"""Units that titles and notes tell of figures whose names tell none: taken and said, or a doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from xk.readers import Store, read_files, read_store
from xk.readers.office_files import Reading

UNEMPLOYMENT, DOCTORS, URBAN = "城镇登记失业率", "每千人口执业（助理）医师数", "城镇化率"


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


def read(lines: list[str], folder: Path, store: Store) -> Reading:
    path = folder / "own.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_files([path], store=store)


@pytest.mark.parametrize(
    ("title", "name", "note", "value", "expected"),
    [
        ("罗定市城镇登记失业率（‰）", UNEMPLOYMENT, "", 24.5, 2.45),
        ("罗定市城镇登记失业率 ‰", UNEMPLOYMENT, "", 24.5, 2.45),
        ("罗定市城镇登记失业率（单位：‰）", UNEMPLOYMENT, "", 24.5, 2.45),
        ("罗定市主要指标（单位：%，失业率为‰）", UNEMPLOYMENT, "", 24.5, 2.45),
        ("罗定市主要指标（失业率单位：‰）", UNEMPLOYMENT, "", 24.5, 2.45),
        ("Luoding: registered unemployment rate (per mille)", "Registered unemployment rate", "", 24.5, 2.45),
        ("罗定市主要指标", UNEMPLOYMENT, "注：本表计量单位为‰。", 24.5, 2.45),
        ("罗定市主要指标", UNEMPLOYMENT, "注：失业率以‰计。", 24.5, 2.45),
        ("罗定市每千人口执业（助理）医师数（人/万人）", DOCTORS, "", 25.1, 2.51),
        ("罗定市人均GDP（万元）", "人均GDP", "", 2.1, 21000),
    ],
)
def test_a_unit_of_a_title_or_note_is_that_of_the_figures(
    title: str, name: str, note: str, value: float, expected: float, tmp_path: Path, store: Store
) -> None:
    reading = read([title, f"指标,2016年,2017年\n{name},{value},{value}", *([note] if note else [])], tmp_path, store)
    assert reading.rows["value"].tolist() == [expected] * 2
    assert not reading.faults
    assert any("the unit" in said and "was taken from" in said for said in reading.doubts)


@pytest.mark.parametrize(
    ("title", "name", "note"),
    [
        ("罗定市主要指标（%）", UNEMPLOYMENT, ""),  # its own
        ("罗定市主要指标（年）", UNEMPLOYMENT, ""),
        ("罗定市人均GDP", "人均GDP", "注：GDP单位为亿元。"),  # of another thing
        ("罗定市失业率与医师数（人/万人）", f"{UNEMPLOYMENT}（%）", ""),  # a unit of its own is nearer
    ],
)
def test_a_unit_that_is_its_own_or_of_another_thing_changes_nothing(
    title: str, name: str, note: str, tmp_path: Path, store: Store
) -> None:
    reading = read([title, f"指标,2016年,2017年\n{name},2.4,2.5", *([note] if note else [])], tmp_path, store)
    assert reading.rows["value"].tolist() == [2.4, 2.5]
    assert not [said for said in reading.doubts if "the unit" in said or "another unit" in said]


@pytest.mark.parametrize("title", ["罗定市人均GDP（美元）", "罗定市主要指标增速（%）"])
def test_a_unit_that_does_not_convert_is_a_doubt(title: str, tmp_path: Path, store: Store) -> None:
    reading = read([title, "指标,2016年,2017年", "人均GDP,21000,22000"], tmp_path, store)
    assert reading.rows["value"].tolist() == [21000, 22000]
    assert any("tells another unit, and the figures were read in 元" in said for said in reading.doubts)


def test_of_several_units_each_figure_has_the_one_that_converts(tmp_path: Path, store: Store) -> None:
    rows = [
        "云浮市主要指标",
        "单位：万元、%、‰",
        "指标,2016年,2017年",
        "人均GDP,3.1,3.2",
        "每千老年人口养老床位数,31,32",
    ]
    reading = read([*rows, "城镇化率,40,41"], tmp_path, store)
    assert reading.rows["value"].tolist() == [31000, 32000]
    assert [fault.remedy for fault in reading.faults] == ["write its unit behind its name"] * 2


@pytest.mark.parametrize("mark", ["〃", "同上", "″"])
def test_a_mark_that_repeats_the_unit_above_is_that(mark: str, tmp_path: Path, store: Store) -> None:
    rows = ["罗定市主要指标", "指标,单位,2016年", "城镇化率,%,33.1", f"{UNEMPLOYMENT},{mark},2.4"]
    reading = read(rows, tmp_path, store)
    assert not reading.faults
    assert reading.rows["value"].tolist() == [33.1, 2.4]

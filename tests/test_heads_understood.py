"""Heads, titles and labels that say more than a name or a year: revised years, spans, bases, dates, prices, plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from xk.readers import Store, read_files, read_store
from xk.readers.naming import read_names
from xk.readers.office_files import Reading


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


def read(text: str, folder: Path, store: Store) -> Reading:
    path = folder / "own.csv"
    path.write_text(text + "\n", encoding="utf-8")
    return read_files([path], store=store)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Yun'an County", "yunan_district"),
        ("Yun’an", "yunan_district"),
        ("Yunan District", "yunan_district"),
        ("云安县", "yunan_district"),
        ("Yunan County", "yunan_county"),
    ],
)
def test_an_apostrophe_within_a_word_tells_regions_apart(name: str, slug: str, store: Store) -> None:
    assert read_names(store).sure("region", name) == slug


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("2017年（修订数）", ""),
        ("2017年修订数", ""),
        ("2017 (revised)", ""),
        ("现状值（2017年）", ""),
        ("2017 (prelim.)", "preliminary"),
    ],
)
def test_a_year_with_what_its_figures_are_is_read(head: str, kind: str, tmp_path: Path, store: Store) -> None:
    rows = read(f"罗定市主要指标\n指标,{head},2018年\n城镇化率（%）,33.1,33.6", tmp_path, store).rows
    assert rows[["year", "value", "kind"]].astype({"kind": str}).iloc[0].tolist() == [2017, 33.1, kind]


@pytest.mark.parametrize("head", ["2017年(争取)", "2017年(预)", "目标值（2017年）"])
def test_a_year_that_is_planned_or_expected_is_left(head: str, tmp_path: Path, store: Store) -> None:
    reading = read(f"罗定市主要指标\n指标,{head},2018年\n城镇化率（%）,33.1,33.6", tmp_path, store)
    assert reading.rows["year"].tolist() == [2018]
    assert any("no observation" in said for said in reading.doubts)


@pytest.mark.parametrize("title", ["2016-2017年各县（市、区）{}", "历年各县（市、区）{}", "{}（2016-2017年）"])
def test_years_of_a_title_are_no_part_of_the_name(title: str, tmp_path: Path, store: Store) -> None:
    table = title.format("人均地区生产总值") + "\n地区,2016年,2017年\n罗定市,20100,21000\n新兴县,48000,50000"
    assert set(read(table, tmp_path, store).rows["indicator"]) == {"gdp_per_capita"}


@pytest.mark.parametrize("day", ["12-31", "12-31T00:00:00"])
def test_days_that_end_their_years_are_these(day: str, tmp_path: Path, store: Store) -> None:
    down = f"地区,指标,时间,数值\n罗定市,城镇化率,2017-{day},33.1"
    across = f"罗定市主要指标\n指标,2016-{day},2017-{day}\n城镇化率（%）,32.8,33.1"
    for table, years in (down, [2017]), (across, [2016, 2017]):
        assert read(table, tmp_path, store).rows["year"].tolist() == years


def test_other_days_and_months_are_refused_still(tmp_path: Path, store: Store) -> None:
    assert read("地区,指标,时间,数值\n罗定市,城镇化率,2017-06-30,33.1", tmp_path, store).faults
    assert read("罗定市主要指标\n指标,2016-12-31,2017-06-30\n城镇化率（%）,32.8,33.1", tmp_path, store).faults


@pytest.mark.parametrize(
    "table",
    [
        "云浮市人均GDP（2010年价）\n指标,2016年,2017年\n人均GDP（元）,29100,30300",
        "云浮市人均GDP\n价格：2010年不变价\n指标,2016年,2017年\n人均GDP（元）,29100,30300",
        "云浮市人均GDP\n指标,价格,2016年,2017年\n人均GDP（元）,2010年不变价,29100,30300",
        "云浮市人均GDP\n年份,人均GDP（元）,人均GDP（元）\n,当年价,2010年价\n2016,31502,29100\n2017,32232,30300",
    ],
)
def test_prices_are_taken_wherever_they_stand(table: str, tmp_path: Path, store: Store) -> None:
    reading = read(table, tmp_path, store)
    rows = reading.rows[reading.rows["price_base"].astype(str) == "2010"]
    assert not reading.faults
    assert rows["value"].tolist() == [29100, 30300]


def test_an_amount_beside_its_growth_is_of_the_indicator(tmp_path: Path, store: Store) -> None:
    table = (
        "2018年各县人均生产总值\n地区,人均生产总值,人均生产总值\n地区,绝对数（元）,比上年增长（%）\n"
        "罗定市,22012,3.4\n新兴县,53012,2"
    )
    rows = read(table, tmp_path, store).rows
    assert rows.loc[rows["indicator"] == "gdp_per_capita", "value"].tolist() == [22012, 53012]


@pytest.mark.parametrize(
    ("title", "heads"),
    [
        ("罗定市“十三五”期末应达到的水平", "2019年,2020年"),
        ("云浮市2020年小康社会指标要求", "2019年,2020年"),
        ("云浮市到2020年小康社会主要指标", "2019年,2020年"),
        ("罗定市主要指标", "现状,2020年"),
        ("罗定市主要指标", "基期值（2015年）,2020年"),
    ],
)
def test_what_may_be_planned_is_a_doubt(title: str, heads: str, tmp_path: Path, store: Store) -> None:
    reading = read(f"{title}\n指标,{heads}\n城镇化率（%）,33.1,36", tmp_path, store)
    assert any("plans are no" in said for said in reading.doubts)


def test_life_that_is_expected_is_no_plan(tmp_path: Path, store: Store) -> None:
    reading = read("罗定市平均预期寿命\n指标,2016年,2017年\n平均预期寿命（岁）,76.1,76.3", tmp_path, store)
    assert not any("names a plan" in said for said in reading.doubts)


def test_the_year_of_a_base_is_not_that_of_the_figures(tmp_path: Path, store: Store) -> None:
    reading = read(
        "云浮市主要指标（以2010年为基期）\n指标,数值\n城镇化率（%）,41.2\n森林覆盖率（%）,69.7", tmp_path, store
    )
    assert reading.rows.empty
    assert "no year stands" in reading.faults[0].message


def test_a_text_with_numbers_is_told_to_be_no_table(tmp_path: Path, store: Store) -> None:
    (fault,) = read("2017年全市生产总值840亿元。\n城镇化率41.2%。", tmp_path, store).faults
    assert fault.message == "holds no table of figures"

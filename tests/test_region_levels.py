"""Levels of regions: the words of offices mean the four of the library, in forms and tables; others are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from made_up import SmallProject, fill

from xk.errors import InputError
from xk.readers import read_files, read_store
from xk.readers.adding import Source, add_reading
from xk.readers.region_levels import level_of
from xk.readers.templates import Asked, template_bytes
from xk.vocab import REGION_LEVELS

Form = Callable[..., Path]

KNOWN = "write one of 国家/country, 省级/province, 地级/prefecture, 县级/county"


@pytest.mark.parametrize(
    ("level", "words"),
    {
        "country": "country 国家 全国 national",
        "province": "province 省 省级 自治区 直辖市 特别行政区 provincial",
        "prefecture": "prefecture 地级 地级市 市 自治州 地区 盟 副省级市 City",
        "county": "county 县 县级 县级市 区 市辖区 旗 自治县 District",
    }.items(),
)
def test_the_usual_words_mean_a_level_however_they_are_spaced(level: str, words: str) -> None:
    assert {word: level_of(word) for word in words.split()} == dict.fromkeys(words.split(), level)
    assert level in REGION_LEVELS


def test_blanks_width_case_and_dashes_make_no_difference_and_what_is_no_level_means_nothing() -> None:
    assert level_of(" 县级 市 ") == level_of("COUNTY-level　city") == "county"
    assert [level_of(word) for word in ("乡镇", "Xyz", "县市", "")] == ["", "", "", ""]


@pytest.fixture
def form(small_project: SmallProject) -> Form:
    """Return what fills in the form of new regions, one of each level from row 3 on."""
    store, path = read_store(small_project.root), small_project.root / "region.xlsx"

    def filled(*levels: str) -> Path:
        path.write_bytes(template_bytes("region", Asked(store.scheme("national-2013"), "china", "", "zh"), store))
        for row, level in enumerate(levels, start=3):
            cells = (f"44539{row}", f"甲{row}市", f"Jia {row}", level, "广东省")
            fill(path, {f"{column}{row}": cell for column, cell in zip("ABCDE", cells, strict=True)})
        return path

    return filled


def test_regions_of_one_level_are_of_one_level_whatever_the_form_says(form: Form, small_project: SmallProject) -> None:
    store = read_store(small_project.root)
    reading = read_files([form("地级市", "地级", "自治州", "县级市")], store=store)
    add_reading(reading, store, Source("民政局", "行政区划代码", "2019-01-01"), scheme="national-2013")
    new = small_project.read("regions.csv").iloc[-4:]
    assert new["level"].tolist() == ["prefecture", "prefecture", "prefecture", "county"]


def test_a_form_with_an_unknown_level_is_refused_with_its_cell_the_known_ones_and_the_nearest(
    form: Form, small_project: SmallProject
) -> None:
    faults = read_files([form("乡镇", "Xyz", "县市")], store=read_store(small_project.root)).faults
    assert [(one.row, one.column, one.message, one.remedy) for one in faults] == [
        (3, "D", "'乡镇' is no level of regions", KNOWN),
        (4, "D", "'Xyz' is no level of regions", KNOWN),
        (5, "D", "'县市' is no level of regions", f"{KNOWN}; did you mean '县级市'?"),
    ]


def test_words_for_levels_in_the_table_are_read_as_the_levels_and_others_are_faults(
    small_project: SmallProject,
) -> None:
    before = read_store(small_project.root).regions
    rows = before["level"].tolist()
    small_project.replace("regions.csv", ",province,", ",省级,")
    small_project.register()
    assert read_store(small_project.root).regions["level"].tolist() == rows
    small_project.replace("regions.csv", ",省级,", ",provinse,")
    small_project.register()
    with pytest.raises(InputError) as told:
        read_store(small_project.root)
    (fault,) = told.value.faults
    assert (fault.row, fault.column) == (rows.index("province") + 2, "level")
    assert str(fault).endswith(f"'provinse' is no level of regions; {KNOWN}; did you mean 'province'?")


def test_a_country_lies_in_nothing_and_its_regions_in_it_in_one_form_and_one_language(
    small_project: SmallProject,
) -> None:
    store, path = read_store(small_project.root), small_project.root / "region.xlsx"
    path.write_bytes(template_bytes("region", Asked(store.scheme("national-2013"), "china", "", "en"), store))
    rows = {3: ("NV1", "", "Northmark", "province", "norvania"), 4: ("NV", "", "Norvania", "country", ""),
            5: ("NV9", "", "Eastmark", "province", ""), 6: ("NV8", "", "", "province", "Norvana")}  # fmt: skip
    for row, cells in rows.items():
        fill(path, {f"{column}{row}": cell for column, cell in zip("ABCDE", cells, strict=True)})
    told = [(one.row, one.column, one.message) for one in read_files([path], store=store).faults]
    assert told == [
        (5, "E", "is empty"),
        (6, "B", "is empty"),
        (6, "C", "is empty"),
        (6, "E", "unknown region 'Norvana'"),
    ]
    fill(path, {"E5": "Norvania", "B6": "南湾", "E6": "Norvania"})
    add_reading(read_files([path], store=store), store, Source("x", "y", "2019-01-01"), scheme="national-2013")
    new = small_project.read("regions.csv").iloc[-4:][["region", "name_zh", "parent"]].to_numpy().tolist()
    assert new == [
        ["northmark", "", "norvania"], ["norvania", "", ""], ["eastmark", "", "norvania"],
        ["region_nv8", "南湾", "norvania"],
    ]  # fmt: skip
    names = read_store(small_project.root).regions.set_index("region")["name_zh"]
    assert (names["northmark"], names["region_nv8"]) == ("Northmark", "南湾")

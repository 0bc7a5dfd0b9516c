"""Figures likely in another unit, that jump, turn negative or are fewer than before are told; sound ones are not."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

from pathlib import Path

import pytest
from made_up import SmallProject

from xk.readers import Store, read_files, read_store
from xk.readers.adding import Source, add_reading
from xk.readers.plausibility import fewer_than_last, implausible
from xk.readers.remarks import Remark

HEAD = "region,indicator,year,value\n"


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


COUNTIES = "".join(
    f"{name},urban_population_share,2016,{value}\n"
    for name, value in zip(
        ("luoding", "yunan_county", "xinxing", "yunan_district", "yuncheng"), range(40, 50, 2), strict=True
    )
)


def remarks_of(lines: str, folder: Path, store: Store) -> list[Remark]:
    path = folder / "own.csv"
    path.write_text(HEAD + lines + "\n", encoding="utf-8")
    return read_files([path], store=store).remarks


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        # published for 2017 is 48.1 %: 0.391 is a hundred-and-twenty-third of it, near a hundredth
        ("yunfu,services_share_of_gdp,2017,0.391", ": likely a share written as a fraction"),
        # published for 2017 are 33,285 yuan: 3.4 is about a ten-thousandth
        ("yunfu,gdp_per_capita,2017,3.4", ": likely tens of thousands of yuan given as yuan"),
        ("yunfu,gdp_per_capita,2017,340000000", "is about 10,000 times"),
        ("yunfu,life_expectancy,2015,76\nyunfu,life_expectancy,2016,760", "760 岁 for yunfu life_expectancy 2016 is about 10 times"),
        ("yunfu,rd_expenditure_intensity,2015,2\nyunfu,rd_expenditure_intensity,2016,2.1\nyunfu,rd_expenditure_intensity,2017,-2.1",
         "D4: -2.1 % for yunfu rd_expenditure_intensity 2017 is negative"),
        ("yunfu,gdp_per_capita,2016,31502\nyunfu,services_share_of_gdp,2016,38.5\nyunfu,gdp_per_capita,2017,33000",
         "2017 lacks 1 of 2 indicators of 2016: services_share_of_gdp"),
        ("yunfu,gdp_per_capita,2016,31502\nluoding,gdp_per_capita,2016,29000\nyunfu,gdp_per_capita,2017,33000",
         "2017 lacks 1 of 2 regions of 2016: luoding"),
        # 80 of 85 and 90 of 90 are 94.1 and 100: their mean cannot be 20
        ("yunfu,city_wastewater_treatment,2016,90\nyunfu,county_town_wastewater_treatment,2016,80\nyunfu,wastewater_treatment_index,2016,20",
         "D4: 20 % for yunfu wastewater_treatment_index 2016 lies outside the range of its 2 parts, 94.12 to 94.74"),
        # nothing is on file of these: the figures of other regions, and targets, are 2.3 to 4.3, 0.4 to 4.616 and 74 to 82.5
        ("luoding,registered_unemployment_rate,2017,24.9", "lies outside the range of all regions and targets, 2.3 to 4.3"),
        ("luoding,lawyers_per_10000,2017,40", "lies outside the range of all regions and targets, 0.4 to 4.616"),
        ("luoding,life_expectancy,2017,57.7", "lies outside the range of all regions and targets, 74.08 to 82.5"),
        # published for 2016 are 40.96, 75.88 and 69.6: none ever moved by as much
        ("yunfu,urban_population_share,2016,88.1", "is about 2.2 times the published figure of 2016 (40.96)"),
        ("yunfu,life_expectancy,2017,57.6", "is about 1/1.3 of the published figure of 2016 (75.88)"),
        ("yunfu,forest_coverage,2018,22.3", "is about 1/3.1 of the published figure of 2016 (69.6)"),
        ("luoding,life_expectancy,2015,76\nluoding,life_expectancy,2016,76.3\nluoding,life_expectancy,2017,96", "D4: 96"),
        (COUNTIES + "yunfu,urban_population_share,2016,70", "urban_population_share 2016 lies outside the range of its 5 parts, 40 to 48"),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_said(lines: str, words: str, tmp_path: Path, store: Store) -> None:
    assert [remark for remark in remarks_of(lines, tmp_path, store) if words in remark.said("en")]


@pytest.mark.parametrize(
    "lines",
    [
        "yunfu,income_per_capita,2015,15501\nyunfu,income_per_capita,2016,16517.6",
        COUNTIES + "yunfu,urban_population_share,2016,48.1",  # rounded, as its parts are
        COUNTIES.partition("\n")[2] + "yunfu,urban_population_share,2016,70",  # the county that is not there may be 90
    ],
)
def test_sound_figures_raise_no_doubt(lines: str, tmp_path: Path, store: Store) -> None:
    assert remarks_of(lines, tmp_path, store) == []


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        # published for 2016 are 31,502 yuan; 9,450,600 is 300 times that, 1e300 more than any power that is named
        ("yunfu,gdp_per_capita,2016,9450600", "is about 300 times the published figure of 2016 (31502)"),
        ("yunfu,gdp_per_capita,2016,3150200000000", "is about 100,000,000 times"),
        ("yunfu,gdp_per_capita,2016,1e300", "is about 3e+295 times"),
        ("yunfu,gdp_per_capita,2016,6000", "is about 1/5.3 of the published figure"),
        ("yunfu,gdp_per_capita,2016,6400", ""),  # 4.9 times
        ("shanwei,city_wastewater_treatment,2010,6", ""),  # a tenth of 2009; 22-fold was seen there, from 2008 to 2009
        ("luoding,life_expectancy,2015,76\nluoding,life_expectancy,2016,15", "is about 1/5.1 of 76 of 2015"),
        ("luoding,gdp_per_capita,2016,9e12", "lies outside the range of all regions and targets"),
    ],
)  # fmt: skip
def test_a_figure_farther_than_any_moved_is_grave(lines: str, words: str, tmp_path: Path, store: Store) -> None:
    found = [one.said("en") for one in remarks_of(lines, tmp_path, store) if one.is_grave]
    assert [words in said for said in found] == [True] * bool(words)


def test_the_published_figures_are_far_from_none_of_theirs(store: Store) -> None:
    own = store.observations.assign(cell="A1", kind="observed")
    assert not [one.said("en") for one in implausible(own, store) if one.is_grave]


PRICED = "region,indicator,year,value,price_base\n"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        # of 2018 the register has 34,608 in prices of 2010; an own figure in current prices goes before it
        ("yunfu,gdp_per_capita,2018,33764,current",
         "E2: 33764 元 for yunfu gdp_per_capita 2018 is in current prices, the target in prices of 2010, so the two are "
         "not compared; own figures go first, and this one takes the place of a published one that is comparable "
         "(34608 of 2018)"),
        ("yunfu,energy_use_per_gdp,2018,0.57,", "is in prices that are not stated, the target in prices of 2010"),
        ("yunfu,gdp_per_capita,2018,33764,2015", "is in prices of 2015, the target in prices of 2010"),
        ("yunfu,gdp_per_capita,2018,33764,2010", ""),
        ("yunfu,gdp_per_capita,2018,33764,current\nyunfu,gdp_per_capita,2017,33285,2010", ""),  # that one serves
        ("yunfu,income_per_capita,2018,19400,current", ""),  # nothing published is comparable
        ("yunfu,gdp_per_capita,2004,9000,current", ""),  # nothing published is of 2004 or before
    ],
)  # fmt: skip
def test_what_displaces_a_comparable_figure_is_said(lines: str, words: str, tmp_path: Path, store: Store) -> None:
    (tmp_path / "own.csv").write_text(PRICED + lines + "\n", encoding="utf-8")
    found = [one for one in read_files([tmp_path / "own.csv"], store=store).remarks if one.key == "displaces"]
    assert [words in one.said("en").replace("D2", "E2") for one in found] == [True] * bool(words)
    zh = [one.said("zh") for one in found]
    assert all("取代了可比的公布值" in one and "请改为目标值的价格填报" in one for one in zh)


def test_a_cell_is_doubted_once_and_whose_figure_it_is_held_against_is_said(tmp_path: Path, store: Store) -> None:
    """0.396 is 1/100 of what is published, of the year before and of the year after: one remark, on its own cell."""
    shares = [(2016, 38.5), (2017, 0.396), (2018, 40.4)]
    (remark,) = remarks_of("\n".join(f"yunfu,services_share_of_gdp,{y},{v}" for y, v in shares), tmp_path, store)
    assert remark.said("en").startswith("D3: 0.396 %") and "1/100 of the published figure of 2017 (48.1" in remark.said(
        "en"
    )
    years = [(2015, 76), (2016, 760), (2017, 76.2)]  # of which nothing is on file: 760 is ten times the one before
    (remark,) = remarks_of("\n".join(f"luoding,life_expectancy,{y},{v}" for y, v in years), tmp_path, store)
    assert remark.said("en") == "D3: 760 岁 for luoding life_expectancy 2016 is about 10 times 76 of 2015"


def test_a_remark_has_its_facts_and_is_said_in_each_language_by_names(tmp_path: Path, store: Store) -> None:
    (remark,) = remarks_of("yunfu,services_share_of_gdp,2017,0.391", tmp_path, store)
    assert (remark.key, remark.region, remark.indicator) == ("likely", "yunfu", "services_share_of_gdp")
    assert (remark.facts["cell"], remark.facts["value"], remark.facts["year"]) == ("D2", 0.391, 2017)
    names = {"yunfu": "云浮市", "services_share_of_gdp": "服务业增加值占GDP比重"}
    assert remark.said("zh", names).startswith(
        "D2：云浮市服务业增加值占GDP比重2017年的0.391%约为已发布数（2017年）48.1"
    )
    assert remark.said("zh", names).endswith("的1/100，可能是把百分数写成了小数")


def test_the_first_of_a_kind_are_told_and_the_others_counted(tmp_path: Path, store: Store) -> None:
    lines = "\n".join(f"yunfu,services_share_of_gdp,{year},0.39" for year in range(2008, 2017))
    assert [remark.said("en") for remark in remarks_of(lines, tmp_path, store)][5:] == ["... and 4 more like it"]


def test_what_cannot_be_is_a_fault_with_its_line(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "own.csv"
    path.write_text("指标,2016年,2017年\n服务业增加值占GDP比重,38.5,385\n", encoding="utf-8")
    (fault,) = read_files([path], store=store, region="yunfu").faults
    assert "own.csv:2: C2: 385 lies outside the natural bounds of services_share_of_gdp" in str(fault)


def test_fewer_than_were_last_added_from_the_source_is_told(small_project: SmallProject) -> None:
    """Two regions, two indicators, two years in 2019; one of each in the edition of 2020, and nothing of another."""
    root, path = small_project.root, small_project.root / "own.csv"
    rows = "guangdong,gdp_per_capita,2017,80932\nguangdong,services_share_of_gdp,2018,54\nchina,gdp_per_capita,2017,59660\n"
    path.write_text(HEAD + rows, encoding="utf-8")
    store = read_store(root)
    add_reading(
        read_files([path], store=store), store, Source("NBS", "Yearbook 2019", "2019-11-01"), scheme="national-2013"
    )
    path.write_text(HEAD + "guangdong,gdp_per_capita,2019,94172\n", encoding="utf-8")
    store = read_store(root)
    rows = read_files([path], store=store).rows
    about = "last added from NBS: Yearbook 2020 (2019-11-01)"
    assert [one.said("en") for one in fewer_than_last(rows, store, publisher="NBS", title="Yearbook 2020")] == [
        f"lacks 1 of 2 regions {about}: china", f"lacks 1 of 2 indicators {about}: services_share_of_gdp",
        "has 1 year, 2 were " + about,
    ]  # fmt: skip
    assert fewer_than_last(rows, store, publisher="NBS", title="Bulletin 2020") == []
    path.write_text(HEAD + "guangdong,gdp_per_capita,2017,80933\n", encoding="utf-8")
    rows = read_files([path], store=store).rows  # one figure that was there is corrected
    assert fewer_than_last(rows, store, publisher="NBS", title="Yearbook 2020") == []
    path.write_text(HEAD + "guangdong,urban_population_share,2019,71.4\n", encoding="utf-8")
    rows = read_files([path], store=store).rows  # none of the indicators of last time: another part of the source
    assert fewer_than_last(rows, store, publisher="NBS", title="Yearbook 2020") == []


def test_a_region_without_figures_is_held_against_all_regions(tmp_path: Path, store: Store) -> None:
    """Forest coverage of Luoding is not on file, that of others is 20 to 70 %: 0.684 is a fraction, 68.4 is sound."""
    (remark,) = remarks_of("luoding,forest_coverage,2016,0.684", tmp_path, store)
    assert remark.is_grave
    assert "D2: 0.684 % for luoding forest_coverage 2016 lies outside the range of all regions" in remark.said("en")
    assert remark.said("en").endswith("likely a share written as a fraction")
    assert not remarks_of("luoding,forest_coverage,2016,68.4", tmp_path, store)


def test_a_year_that_has_not_come_and_a_cell_out_of_bounds_are_faults_of_their_cells(
    tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("指标,单位,2016年,2061年\n常住人口城镇化率,%,142.5,43.3\n", encoding="utf-8")
    reading = read_files([path], store=store, region="yunfu")
    bounds, early = (str(fault).partition("wide.csv:")[2] for fault in reading.faults)
    assert bounds.startswith("2: C2: 142.5 lies outside the natural bounds of urban_population_share")
    assert early.startswith("2: D2: 43.3 is of 2061, which has not come in ")
    assert reading.rows.empty

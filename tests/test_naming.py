"""Names: slug, number, names and aliases mean the same thing everywhere; what comes near is proposed, never taken."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from made_up import SmallProject

from xk.bench import Question
from xk.errors import InputError, UsageError
from xk.readers import (
    Names,
    Store,
    name_scenario,
    read_everything,
    read_names,
    read_observations,
    read_scenario,
    read_store,
    read_weights,
)
from xk.readers.naming import Match, fold

PLAN, NATIONAL = "yunfu-2020", "national-2013"


@pytest.fixture(scope="module")
def store(root: Path) -> Store:
    return read_store(root)


@pytest.fixture(scope="module")
def names(store: Store) -> Names:
    return read_names(store)


@pytest.mark.parametrize(
    ("kind", "text", "slug", "how"),
    [
        ("region", "yunfu", "yunfu", "slug"),
        ("region", "云浮市", "yunfu", "name"),
        ("region", "Yun'an District", "yunan_district", "name"),
        ("region", "445300", "yunfu", "number"),
        ("region", " 云　浮 市 ", "yunfu", "name"),
        ("region", "云\u200b浮\ufeff市", "yunfu", "name"),
        ("region", "广东", "guangdong", "alias"),
        ("region", "云浮市①", "yunfu", "name"),
        ("indicator", "2", "services_share_of_gdp", "number"),
        ("indicator", "人均ＧＤＰ", "gdp_per_capita", "name"),
        ("indicator", "人均GDP(2010年不变价)", "gdp_per_capita", "name without brackets"),
        ("indicator", "人均GDP（元）", "gdp_per_capita", "name without brackets"),
        ("indicator", "人均地区生产总值[注1]", "gdp_per_capita", "alias"),
        ("indicator", "37.3 森林覆盖率", "forest_coverage", "name without its number"),
        ("indicator", "（二）城镇化率", "urban_population_share", "alias without its number"),
        ("indicator", "每千人口执业助理医师数", "doctors_per_1000", "name"),
        ("indicator", "地表水达到或好于III类水体比例", "good_surface_water_share", "name"),
        ("indicator", "第三产业增加值占GDP比重", "services_share_of_gdp", "name"),
        ("indicator", "每万人口拥有三馆一站公用房屋建筑面积", "cultural_venue_floor_area_per_10000", "name"),
        ("domain", "经济发展", "economy", "name"),
        ("domain", "民生", "livelihood", "alias"),
        ("office", "市发改局", "development_reform_bureau", "alias"),
        ("unit", "％", "%", "slug"),
        ("unit", "yuan", "元", "name"),
        ("unit", "㎡", "平方米", "alias"),
    ],
)
def test_a_name_is_taken(names: Names, kind: str, text: str, slug: str, how: str) -> None:
    assert names.find(kind, text)[:2] == (slug, how)


@pytest.mark.parametrize(
    ("kind", "text", "proposal"),
    [
        ("region", "chna", "china"),
        ("region", "云浮是", "云浮"),
        ("region", "云浮市（本级）", "云浮市"),
        ("indicator", "人均GDB", "人均GDP"),
        ("indicator", "常驻人口城镇化率", "常住人口城镇化率"),
        ("indicator", "第三产业增加值占GDP比例重", "第三产业增加值占GDP比重"),
        ("indicator", "每千常住人口执业（中医）医师数", "每千人口执业医师数"),
        ("indicator", "gdp_per_capta", "gdp_per_capita"),
    ],
)
def test_a_near_miss_is_proposed_and_not_taken(names: Names, kind: str, text: str, proposal: str) -> None:
    found = names.find(kind, text)
    assert found.slug is None
    assert proposal in found.proposals


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("indicator", "城镇居民人均可支配收入"), ("indicator", "居民人均可支配收入（农村）"),
        ("indicator", "人均GDP（上年=100）"),
        ("indicator", "人均GDP增长率"), ("indicator", "执业医师数"), ("region", "合计"), ("region", "全省平均"),
    ],
)  # fmt: skip
def test_what_differs_in_a_word_that_tells_things_apart_is_not_proposed(names: Names, kind: str, text: str) -> None:
    """Residents of towns are not all residents, an index or a rate is no amount, a total is of no region."""
    assert names.find(kind, text) == Match(None)


def test_a_number_means_what_the_scheme_means_by_it(names: Names) -> None:
    """No 5 is the contribution of science in the plan, patents in the national scheme; only the plan has a 37.1."""
    assert names.under(PLAN).slug("indicator", "5") == "science_technology_contribution"
    assert names.under(NATIONAL).slug("indicator", "5") == "invention_patents_per_10000"
    assert names.slug("indicator", "37.1") == "good_air_days_share"
    with pytest.raises(UsageError, match="'5'; that may be 'invention.*' or 'science.*': name one of them"):
        names.slug("indicator", "5")
    with pytest.raises(UsageError, match=r"unknown indicator '37.1'; "):
        names.under(NATIONAL).slug("indicator", "37.1")


def test_the_name_of_another_scheme_is_known_too(names: Names) -> None:
    assert names.under(PLAN).slug("indicator", "城镇人口比重") == "urban_population_share"
    assert names.under(NATIONAL).slug("indicator", "常住人口城镇化率") == "urban_population_share"


def test_an_unknown_name_is_refused_with_the_nearest(names: Names) -> None:
    with pytest.raises(UsageError, match=r"unknown region '云浮是'; did you mean '云浮'\?"):
        names.slug("region", "云浮是")
    with pytest.raises(UsageError, match="unknown domain 'xyz'; known: culture, democracy, economy"):
        names.under(PLAN).slug("domain", "xyz")
    with pytest.raises(UsageError, match="unknown kind of name 'regoin'; did you mean 'region'"):
        names.find("regoin", "yunfu")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(
            ("indicator", text)
            for text in (
                "森林覆盖率 1-9月完成", "森林覆盖率 上年", "森林覆盖率 增减", "森林覆盖率（6月末）",
                "GDP per capita (current US$)", "lawyers per 1,000",
            )
        ),
        ("region", "云浮市（不含罗定）"),
    ],
)  # fmt: skip
def test_a_name_of_another_figure_or_of_a_part_is_no_slip(kind: str, text: str, names: Names) -> None:
    assert names.find(kind, text) == (None, "", ())


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Yun'an County", "yunan_district"), ("Yun’an", "yunan_district"), ("Yunan District", "yunan_district"),
        ("Yunan County", "yunan_county"), ("'Yunan County'", "yunan_county"), ("云安县", "yunan_district"),
        ("Yunan", None),
    ],
)  # fmt: skip
def test_an_apostrophe_within_tells_one_region_from_another(text: str, slug: str | None, names: Names) -> None:
    found = names.find("region", text)
    assert found.slug == slug
    assert slug or set(found.proposals) == {"yunan_district", "yunan_county"}


def test_every_alias_that_comes_with_the_project_is_needed_and_means_one_thing(root: Path, store: Store) -> None:
    named = read_names(replace(store, aliases=store.aliases[:0]))
    with (root / "data" / "raw" / "aliases.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 300
    assert [row for row in rows if named.find(row["kind"], row["alias"]).slug] == []
    keys = [(row["kind"], fold(row["alias"], row["kind"])) for row in rows]
    assert len(set(keys)) == len(keys)


def test_a_name_that_two_schemes_give_to_two_things_is_ambiguous(store: Store) -> None:
    plan = store.schemes[PLAN]
    rows = plan.indicators.replace({"name_zh": {"森林覆盖率": "恩格尔系数"}})
    names = read_names(replace(store, schemes=store.schemes | {PLAN: replace(plan, indicators=rows)}))
    assert names.find("indicator", "恩格尔系数") == (None, "ambiguous", ("engel_coefficient", "forest_coverage"))
    assert names.under(PLAN).slug("indicator", "恩格尔系数") == "forest_coverage"
    assert names.under(NATIONAL).slug("indicator", "恩格尔系数") == "engel_coefficient"


def test_confirmed_aliases_are_read_after_those_of_the_project(small_project: SmallProject) -> None:
    own = small_project.root / "data" / "own"
    own.mkdir(parents=True)
    content = "kind,slug,alias\nindicator,gdp_per_capita,人均产值\nregion,atlantis,亚特\nrgion,china,中\n"
    (own / "aliases.csv").write_text(content, encoding="utf-8")
    store, faults = read_everything(small_project.root)
    told = [f"{Path(one.file).parent.name} {one.row} {one.column} {one.message}" for one in faults]
    assert told == [
        "own 3 slug unknown region 'atlantis'",
        "own 4 kind unknown word 'rgion'",
        "own 4 slug unknown rgion 'china'",
    ]
    (own / "aliases.csv").write_text(content.partition("region,")[0], encoding="utf-8")
    store = read_store(small_project.root)
    assert read_names(store).slug("indicator", "人均产值（元）") == "gdp_per_capita"
    shutil.rmtree(own)
    assert read_names(read_store(small_project.root)).find("indicator", "人均产值").slug is None


def test_a_question_has_slugs_once_it_is_resolved(store: Store) -> None:
    scenario = {"name": "x", "indicators": {"3": {"match": "广东"}}, "domains": {"经济发展": {"delay": 1}}}
    asked = Question("人民生活", NATIONAL, region="广东", scenario=scenario, weights={"人均GDP": 1.0})
    found = asked.resolved(store)
    assert (found.domain, found.region, found.weights) == ("livelihood", "guangdong", {"gdp_per_capita": 1.0})
    named = {"household_consumption_share_of_gdp": {"match": "guangdong"}}
    assert found.scenario == {"name": "x", "indicators": named, "domains": {"economy": {"delay": 1}}}
    assert found.resolved(store) == found
    with pytest.raises(UsageError, match=r"unknown region '广动省'; did you mean '广东省'\?"):
        Question(region="广动省").resolved(store)


def test_donors_are_named_as_all_regions_are(names: Names) -> None:
    plan = names.under(PLAN)
    assert name_scenario({"borrow": "广东省"}, plan) == {"borrow": "guangdong"}
    given = {"borrow": {"人均GDP": "全国", "经济发展": "none", "x": 1}}
    assert name_scenario(given, plan) == {"borrow": {"gdp_per_capita": "china", "economy": "none", "x": 1}}


def test_two_names_of_one_thing_are_refused(names: Names) -> None:
    with pytest.raises(InputError, match="indicator 'gdp_per_capita' is named twice, once as '人均GDP'"):
        names.keys("indicator", {"1": 1.0, "人均GDP": 2.0})


def test_files_of_users_take_any_name(tmp_path: Path, store: Store, names: Names) -> None:
    path = tmp_path / "own.csv"
    path.write_text("region,indicator,year,value,unit\n云浮,第三产业占GDP的比重,2018,40.2,％\n", encoding="utf-8")
    (row,) = read_observations(path, store=store).to_dict("records")
    assert (row["region"], row["indicator"], row["unit"]) == ("yunfu", "services_share_of_gdp", "%")
    path.write_text("region,indicator,year,value\nyunfu,5,2018,40.2\n", encoding="utf-8")
    (row,) = read_observations(path, store=store, scheme=PLAN).to_dict("records")
    assert row["indicator"] == "science_technology_contribution"
    with pytest.raises(InputError, match="unknown indicator '5'"):
        read_observations(path, store=store)

    scheme = store.schemes[NATIONAL]
    top = scheme.indicators[scheme.indicators["parent"].isna()]
    top[["name_en"]].assign(weight=1).rename(columns={"name_en": "indicator"}).to_csv(path, index=False)
    weights = read_weights(path, scheme=scheme, names=names.under(NATIONAL))
    assert weights == dict.fromkeys(top["indicator"], 1.0)


def test_a_scenario_takes_any_name_and_tells_faults_where_they_are_written(
    tmp_path: Path, store: Store, names: Names
) -> None:
    path = tmp_path / "push.toml"
    head = 'name = "push"\ntitle_zh = "x"\ntitle_en = "x"\n'
    path.write_text(f'{head}[indicators."人均GDP"]\ngrowth = 5.0\n[domains."2"]\ndelay = 1\n', encoding="utf-8")
    asked = {"scheme": store.schemes[PLAN], "names": names.under(PLAN), "regions": ["china"]}
    found = read_scenario(path, **asked)
    assert found["indicators"] == {"gdp_per_capita": {"growth": 5.0}}
    assert found["domains"] == {"democracy": {"delay": 1}}
    path.write_text(f'{head}[indicators."人均GDP"]\ngrowth = -500\n[domains."五"]\ndelay = 1\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_scenario(path, **asked)
    assert [(one.row, one.column) for one in caught.value.faults] == [(4, "人均GDP"), (6, "五")]


def test_a_column_keeps_what_is_unknown(names: Names) -> None:
    cells = pd.Series(["云浮", None, "某地", "yunfu"])
    assert names.column("region", cells).tolist()[0::2] == ["yunfu", "某地"]
    assert names.column("region", cells).isna().tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("text", "proposals"),
    [
        ("地区生产总值", ()),
        ("年末常住人口", ()),
        ("森林覆盖", ("森林覆盖率",)),
        ("常住人口城镇化律", ("常住人口城镇化率",)),
    ],
)
def test_a_name_that_goes_on_to_another_thing_is_not_near(names: Names, text: str, proposals: tuple[str, ...]) -> None:
    assert names.find("indicator", text).proposals == proposals

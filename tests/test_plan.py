"""The plan as data: every number against a second, independently typed table, the traps one by one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from xk.contracts.scheme import Scheme
from xk.contracts.scheme_tables import TABLES, scheme_faults
from xk.readers import Store, read_store
from xk.vocab import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
OFFICES = ("lead_offices", "support_offices")
SCHEMES = ("yunfu-2020", "national-2013")
HELD = "10 12 17 18 20 28 29.1 29.2 32 37.1 39.1 39.2".split()
FIGURE = ["region", "no", "year", "value"]
# figures of the plan's lines in each of the shared tables
SHARED_ROWS = {"guangdong_cities": 3774, "observations": 491, "yunfu_record": 240}
INVERSE = "12 20 21 31 33 34 35".split()
PARTS = {
    "23": ["23.1", "23.2"], "29": ["29.1", "29.2"], "37": ["37.1", "37.2", "37.3", "37.4"],
    "38": ["38.1", "38.2"], "39": ["39.1", "39.2"],
}  # fmt: skip
DOMAINS = {
    "economy": (1, 9),
    "democracy": (10, 13),
    "culture": (14, 18),
    "livelihood": (19, 32),
    "environment": (33, 42),
}
# tasks by number: the numbered clauses (一是, 二是, ...), else the paragraphs, else the sentences of the only paragraph
TASKS = {
    "1": 8, "2": 5, "3": 4, "4": 4, "5": 5, "6": 4, "7": 6, "8": 5, "9": 15, "10": 5, "11": 4, "12": 3, "13": 4,
    "14": 7, "15": 7, "16": 4, "17": 3, "18": 2, "19": 5, "20": 3, "21": 9, "22": 5, "23.1": 5, "23.2": 2, "24": 3,
    "25": 7, "26": 9, "27": 5, "28": 4, "29": 4, "30": 5, "31": 4, "32": 3, "33": 5, "34": 9, "35": 5, "36": 4,
    "37.1": 6, "37.2": 3, "37.3": 7, "37.4": 4, "38": 3, "39.1": 2, "39.2": 4, "40": 7, "41": 4, "42": 3,
}  # fmt: skip
# number, relation, quantity, unit, year (0: the plan names none), typed once more from the tasks
MILESTONES = """
4 at_most 3 年 0; 6 at_least 4 % 2020; 10 at_least 95 % 0; 11 at_least 400 人 0; 16 equal 100 % 2018
24 equal 100 % 2020; 24 at_least 600 人/10万人 2020; 24 at_least 1 个 2020
25 equal 100 % 2018; 25 equal 1 项 2018; 25 about 7 所 2018; 25 equal 7 个 0; 25 equal 1 所 2018
25 equal 95 % 2020; 25 about 46 % 2020; 25 equal 1 所 2018
26 at_least 40 人/年 0; 26 at_least 6 年 0; 26 equal 200 人/年 2020; 27 at_least 60 % 0
28 at_least 30 平方米/百户 0; 28 equal 100 % 0; 28 equal 100 % 2020; 30 equal 105 个村 0
34 equal 10000 立方米/月 2020; 34 equal 1.98 万亩 2020; 34 at_most 10 % 2020; 34 at_least 40 % 0
35 reduce_by 17.6 % 2020; 35 at_most 610 万吨标准煤 2020; 35 equal 200 家 2020; 35 equal 100 % 2020
35 at_least 25 家/年 0; 37.1 at_most 60 千帕 0; 37.3 equal 494 公里 2020; 37.3 equal 55.25 万亩 2020
37.3 equal 359.68 万亩 2020; 37.3 equal 90 个 2020; 37.3 equal 19 个 2020; 37.3 equal 15 个 2020; 39.2 equal 100 % 0
"""


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store(ROOT)


@pytest.fixture(scope="module")
def plan(store: Store) -> Scheme:
    return store.schemes["yunfu-2020"]


@pytest.fixture(scope="module")
def retyped() -> pd.DataFrame:
    path = ROOT / "tests" / "data" / "yunfu_plan_retyped.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False).set_index("no")


def shared(name: str) -> pd.DataFrame:
    if not (SHARED / name).exists():
        pytest.skip(f"no {name} beside the checkout (looked in ../shared/data)")
    return pd.read_csv(SHARED / name, dtype=str, keep_default_na=False)


def typed(cell: str) -> float | None:
    return float(cell) if cell else None


def stated(cell: Any) -> Any:
    return None if pd.isna(cell) else cell


def plain(name: str) -> str:
    """Return a name without brackets and without the Roman three, which the readable copy of the plan lost."""
    return re.sub(r"[（）()Ⅲ]", "", name)


def by_number(plan: Scheme, rows: pd.DataFrame) -> pd.Series:
    return rows["indicator"].map(plan.indicators.set_index("indicator")["no"])


# the plan against the second table


@pytest.mark.parametrize(
    "column",
    ["baseline_year", "baseline_value", "target_year", "target_value", "target_stretch", "hold_from", "hold_to"],
)
def test_every_number_agrees_with_the_second_table(plan: Scheme, retyped: pd.DataFrame, column: str) -> None:
    ours = plan.indicators.set_index("no")
    assert list(ours.index) == list(retyped.index)
    # an index of parts has no target of its own: its deadline and its hold stand with the parts
    rows = ours[ours["direction"] != "composite"].index if column != "baseline_value" else ours.index
    different = {
        no: (ours.at[no, column], retyped.at[no, column])
        for no in rows
        if stated(ours.at[no, column]) != typed(retyped.at[no, column])
    }
    assert not different


def test_every_word_agrees_with_the_second_table(plan: Scheme, retyped: pd.DataFrame) -> None:
    units = plan.office_names("zh")
    for row in plan.indicators.itertuples():
        other = retyped.loc[row.no]
        assert plain(row.name_zh) == plain(other["name_zh"])
        assert row.unit == (other["unit"] or "%"), row.no
        assert (row.direction == "inverse") == (other["inverse"] == "1"), row.no
        assert stated(row.price_base) == (other["price_base"] or None), row.no
        assert (row.baseline_kind == "estimated") == (other["baseline_estimated"] == "1"), row.no
        assert (row.once == "yes") == (other["once"] == "1"), row.no
        leads = [plain(units[unit]) for unit in row.lead_offices.split(";")]
        assert leads == [plain(name) for name in other["lead_offices_zh"].split(";")], row.no


def test_the_plan_has_42_indicators_in_five_domains(plan: Scheme) -> None:
    whole = plan.indicators[~plan.indicators["no"].str.contains(".", regex=False)]
    assert list(whole["no"]) == [str(no) for no in range(1, 43)]
    assert whole["domain"].value_counts(sort=False).to_dict() == {
        "economy": 9, "democracy": 4, "culture": 5, "livelihood": 14, "environment": 10,
    }  # fmt: skip
    for row in plan.indicators.itertuples():
        low, high = DOMAINS[row.domain]
        assert low <= int(row.no.split(".")[0]) <= high, row.no


def test_parts_are_the_plan_s(plan: Scheme) -> None:
    numbers = plan.indicators.set_index("indicator")["no"]
    composite = plan.indicators[plan.indicators["direction"] == "composite"]
    assert {no: [numbers[part] for part in plan.parts(slug)] for slug, no in zip(
        composite["indicator"], composite["no"], strict=True
    )} == PARTS  # fmt: skip


def test_identity_of_the_plan(plan: Scheme) -> None:
    wanted = {
        "number": "云府〔2018〕10号",
        "issuer_zh": "云浮市人民政府",
        "issued": "2018-02-26",
        "published": "2018-03-04",
    }
    assert {key: plan.facts[key] for key in wanted} == wanted
    assert plan.target_year == 2020
    assert list(plan.phases[["start", "end"]].itertuples(index=False, name=None)) == [
        ("2017-11", "2018-03"), ("2018-04", "2020-06"), ("2020-07", "2020-12"),
    ]  # fmt: skip


# traps


@pytest.mark.parametrize(
    ("no", "column", "value"),
    [
        ("1", "price_base", "2010"), ("1", "baseline_price_base", "current"), ("1", "comparable", "yes"),
        ("19", "price_base", "2010"), ("19", "baseline_price_base", "not_stated"), ("19", "comparable", "no"),
        ("4", "comparable", "no"), ("4", "baseline_value", 64), ("4", "target_value", 100),
        ("5", "baseline_kind", "estimated"), ("25", "baseline_year", 2014), ("30", "target_year", 2018),
        ("16", "target_value", 110), ("16", "upper_bound", None),
        ("34", "target_value", 125.4), ("34", "target_stretch", 80),
        ("41.2", "target_value", 90), ("41.2", "baseline_value", None), ("41.2", "weight", 0),
        ("41.2", "parent", None), ("29.1", "baseline_value", 94.66), ("29.1", "target_value", 95),
        ("36", "baseline_value", None), ("36", "target_value", 15), ("38.2", "hold_from", None),
    ],
)  # fmt: skip
def test_traps(plan: Scheme, no: str, column: str, value: Any) -> None:
    rows = plan.indicators.set_index("no")
    assert stated(rows.loc[no, column]) == value


def test_what_is_to_be_held_is_held_from_2017_to_2020(plan: Scheme) -> None:
    held = plan.indicators[plan.indicators["hold_from"].notna() & (plan.indicators["direction"] != "composite")]
    assert list(held["no"]) == HELD
    assert set(held["hold_from"]) == {2017}
    assert set(held["hold_to"]) == {2020}


def test_inverse_indicators(plan: Scheme) -> None:
    assert list(plan.indicators.loc[plan.indicators["direction"] == "inverse", "no"]) == INVERSE


@pytest.mark.parametrize("no", ["21", "22"])
def test_neither_baseline_nor_target(plan: Scheme, no: str) -> None:
    line = plan.line(no)
    assert (line.baseline_year, line.target_year) == (None, None)
    assert math.isnan(line.baseline_value) and math.isnan(line.target_value)


@pytest.mark.parametrize(
    "no", ["1", "4", "5", "15", "16", "19", "21", "22", "25", "28", "29", "30", "34", "36", "41.2"]
)
def test_what_the_plan_leaves_open_is_said_in_both_languages(plan: Scheme, no: str) -> None:
    assert all(plan.line(no).indicator in plan.notes(lang) for lang in LANGUAGES)


# tasks and milestones


def test_all_tasks_are_there(plan: Scheme) -> None:
    assert by_number(plan, plan.tasks).value_counts(sort=False).to_dict() == TASKS
    for _, rows in plan.tasks.groupby("indicator"):
        assert list(rows["task"]) == list(range(1, len(rows) + 1))
    assert not plan.tasks.duplicated(["indicator", "title_zh"]).any()


@pytest.mark.parametrize(
    ("no", "task", "units"),
    [
        ("1", 8, ["市各有关单位", "各县（市、区）政府"]),
        ("3", 1, ["市经济和信息化局", "市发展改革局", "市人力资源社会保障局", "各县（市、区）政府", "云浮新区管委会",
                  "佛山（云浮）产业转移工业园管委会"]),
        ("10", 1, ["市民政局", "市委组织部", "市人力资源社会保障局", "市农业局", "市住房城乡建设局", "市经济和信息化局",
                   "各县（市、区）政府"]),
        # （市文广新局，市农业局〈市委农办〉，市扶贫办……）: one office with two names
        ("16", 2, ["市文广新局", "市农业局", "市扶贫办", "市财政局", "市体育局", "各县（市、区）政府"]),
        ("34", 4, ["市水务局"]),
        ("37.1", 5, ["市环境保护局", "市气象局", "市发展改革局", "市经济和信息化局", "市科技局", "市统计局"]),
        ("37.3", 6, ["市林业局", "市公安局森林分局", "各县（市、区）政府", "各级自然保护区机构"]),
        ("39.1", 1, ["市城市综合管理局"]),
    ],
)  # fmt: skip
def test_units_stand_in_the_plan_s_order(plan: Scheme, no: str, task: int, units: list[str]) -> None:
    rows = plan.tasks[(by_number(plan, plan.tasks) == no) & (plan.tasks["task"] == task)]
    assert [
        plan.office_names("zh")[unit]
        for unit in ";".join(rows[column].item() for column in OFFICES if isinstance(rows[column].item(), str)).split(
            ";"
        )
    ] == units


def test_tasks_without_units_of_their_own_take_the_indicator_s(plan: Scheme) -> None:
    borrowed = plan.tasks[plan.tasks["offices_from"] == "indicator"]
    assert sorted(set(by_number(plan, borrowed))) == ["39.1", "39.2"]
    for row in borrowed.itertuples():
        assert row.lead_offices == ";".join(plan.line(row.indicator).lead_offices)


def test_counties_as_a_whole_are_one_unit(plan: Scheme) -> None:
    named = plan.offices[plan.offices["name_zh"].str.contains("县")]
    assert list(named["office"]) == ["county_governments"]


def test_every_unit_is_named_by_a_task_or_an_indicator(plan: Scheme) -> None:
    used = set(
        ";".join(
            [*plan.tasks["lead_offices"], *plan.tasks["support_offices"].dropna(), *plan.indicators["lead_offices"]]
        ).split(";")
    )
    assert used == set(plan.offices["office"])
    assert not plan.offices["name_zh"].duplicated().any()
    assert not plan.offices["name_en"].duplicated().any()


def test_all_milestones_are_there(plan: Scheme) -> None:
    rows = plan.milestones
    ours = zip(
        by_number(plan, rows), rows["relation"], rows["value"], rows["unit"], rows["year"].fillna(0), strict=True
    )
    wanted = [entry.split() for line in MILESTONES.strip().splitlines() for entry in line.split(";")]
    assert list(ours) == [(no, how, float(value), unit, int(year)) for no, how, value, unit, year in wanted]


def test_milestones_have_the_units_of_their_task(plan: Scheme) -> None:
    joined = plan.milestones.merge(plan.tasks, on=["indicator", "task"], suffixes=("", "_of_task"))
    assert len(joined) == len(plan.milestones)
    for column in OFFICES:
        assert (joined[column].fillna("") == joined[f"{column}_of_task"].fillna("")).all()


def test_several_offices_lead_where_several_stand_before_the_comma(plan: Scheme) -> None:
    led = plan.tasks[plan.tasks["lead_offices"].str.contains(";") & (plan.tasks["offices_from"] == "task")]
    found = dict.fromkeys(by_number(plan, led))
    assert list(found) == ["34", "36", "37.1", "37.2", "37.3", "40"]
    assert len(led) == 16
    # （市环境保护局、市气象局，市发展改革局……）: both lead; （市科技局、各县〈市、区〉政府）: the first alone
    rows = plan.tasks.set_index([by_number(plan, plan.tasks), "task"])
    assert rows.at[("37.1", 5), "lead_offices"] == "environment_bureau;meteorological_bureau"
    assert rows.at[("6", 1), "lead_offices"] == "science_technology_bureau"
    assert rows.at[("6", 1), "support_offices"] == "county_governments"


def test_leads_are_those_of_the_plan_s_brackets(plan: Scheme, shared: Path) -> None:
    text = next(shared.glob("seeds/000_*.txt")).read_text(encoding="utf-8").replace("各县〈市、区〉政府", "COUNTIES")
    names = plan.office_names("zh") | {"county_governments": "COUNTIES"}
    offices = plan.tasks[plan.tasks["offices_from"] == "task"]
    for row in offices.itertuples():
        leads = "、".join(names[office] for office in row.lead_offices.split(";"))
        single = ";" not in row.lead_offices
        assert f"({leads}," in text or (single and f"({leads}" in text), (row.indicator, row.task)


def test_milestones_are_due_as_the_plan_says(plan: Scheme) -> None:
    rows = plan.milestones.assign(no=by_number(plan, plan.milestones))
    odd = rows[rows["due"].notna() & (rows["due"] != "by_year")]
    assert list(zip(odd["no"], odd["milestone"], odd["due"], odd["year"], strict=True)) == [
        ("16", 1, "by_year_end", 2018),  # 力争2018年底
        ("24", 1, "before_year", 2020),  # 争取2020年前
        ("24", 2, "by_year_end", 2020), ("24", 3, "by_year_end", 2020),
        ("25", 8, "in_month", 2018),  # 力争2018年9月招生
        ("28", 3, "by_year_end", 2020),
    ]  # fmt: skip
    assert odd["month"].dropna().to_list() == [9]


def test_only_the_recruitment_runs_year_by_year(plan: Scheme) -> None:
    yearly = plan.milestones[plan.milestones["first_year"].notna()]
    assert list(yearly[["value", "first_year", "year"]].itertuples(index=False, name=None)) == [
        (200, 2017, 2020),
        (10000, 2018, 2020),
    ]


# both schemes


@pytest.mark.parametrize("name", SCHEMES)
def test_every_indicator_is_complete(store: Store, name: str) -> None:
    rows = store.schemes[name].indicators
    assert len(rows) >= 33
    needed = ["no", "unit", "direction", "clause", *(f"name_{lang}" for lang in LANGUAGES)]
    assert rows[needed].notna().all().all()
    # all of them, or none where the programme names no offices
    assert rows["lead_offices"].notna().all() == (len(store.schemes[name].offices) > 0)
    assert (rows["note_zh"].notna() == rows["note_en"].notna()).all()
    assert set(rows["unit"]) <= set(store.measure_labels["unit"])
    for lang in LANGUAGES:
        assert not rows[f"name_{lang}"].duplicated().any()
    assert not rows["name_en"].str.contains(r"[一-鿿]").any()
    assert not rows["name_en"].str.contains(r"\d 000").any(), "thousands are written 10,000"


@pytest.mark.parametrize("name", SCHEMES)
def test_weights_fit_the_scheme(store: Store, name: str) -> None:
    scheme = store.schemes[name]
    total = scheme.indicators["weight"].sum()
    assert total == (0 if scheme.weights == "equal" else 81)


def test_schemes_link_by_slug(store: Store) -> None:
    plan, national = (store.schemes[name].indicators.set_index("indicator") for name in SCHEMES)
    both = [slug for slug in plan.index if slug in national.index]
    assert both == [
        "gdp_per_capita", "services_share_of_gdp", "urban_population_share", "rd_expenditure_intensity",
        "grassroots_election_turnout", "lawyers_per_10000", "culture_share_of_gdp",
        "public_culture_spending_per_capita",
        "income_per_capita", "gini_coefficient", "housing_area_compliance", "public_transport_service_index",
        "life_expectancy", "energy_use_per_gdp", "rural_tap_water_coverage", "rural_sanitary_toilet_coverage",
    ]  # fmt: skip
    assert (plan.loc[both, "unit"] == national.loc[both, "unit"]).all()
    assert (plan.loc[both, "direction"] == national.loc[both, "direction"]).all()
    shared_bases = plan.loc[both, "price_base"].fillna("") == national.loc[both, "price_base"].fillna("")
    assert shared_bases.all()


def test_regions_of_the_plan(store: Store) -> None:
    regions = store.regions.set_index("region")
    counties = regions[regions["parent"] == "yunfu"]
    assert list(counties["name_zh"]) == ["云城区", "云安区", "新兴县", "郁南县", "罗定市"]
    assert list(regions.loc[["yunfu", "guangdong"], "parent"]) == ["guangdong", "china"]


def test_the_plan_is_one_source(store: Store) -> None:
    titles = store.sources["title"].str.contains("云府〔2018〕10号", regex=False)
    assert list(store.sources.loc[titles, "source_id"]) == ["plan_yunfu_2018_10"]
    assert not store.sources["file"].dropna().duplicated().any()


# what the contract refuses


def spoil(plan: Scheme, change: Callable[[dict[str, pd.DataFrame]], None]) -> list[str]:
    tables = {name: getattr(plan, name).copy() for name in TABLES}
    change(tables)
    units = {unit: unit for unit in (*plan.indicators["unit"], *plan.milestones["unit"])}
    faults = scheme_faults(tables, {name: name for name in TABLES}, {"weights": plan.weights}, units=units)
    return [f"{fault.file} {fault.column}: {fault.message}" for fault in faults]


def cell(table: str, row: int, column: str, value: Any) -> Callable[[dict[str, pd.DataFrame]], None]:
    def change(tables: dict[str, pd.DataFrame]) -> None:
        tables[table].loc[row, column] = value

    return change


def test_the_plan_passes_its_contract(plan: Scheme) -> None:
    assert spoil(plan, lambda _: None) == []


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "message"),
    [
        ("indicators", 1, "target_value", None, "is empty though the row claims a target"),
        ("indicators", 9, "hold_to", 2021, "hold_to is after target_year"),
        ("indicators", 9, "hold_from", 2021, "hold_from is after hold_to"),
        ("indicators", 1, "baseline_year", 2020, "baseline_year is not before target_year"),
        ("indicators", 1, "weight", 1, "a weight in a scheme of equal weights"),
        ("tasks", 0, "support_offices", "county_governments;county_governments", "'county_governments' stands twice"),
        ("tasks", 0, "lead_offices", "lighthouse_keeper", "unknown responsible office 'lighthouse_keeper'"),
        ("tasks", 0, "offices_from", "indicator", "are not those of gdp_per_capita"),
        ("milestones", 0, "task", 9, "internet_penetration_index has no task 9"),
        ("milestones", 0, "first_year", 2017, "first_year without year"),
        ("milestones", 1, "first_year", 2021, "first_year is after year"),
        ("milestones", 0, "relation", "roughly", "unknown word 'roughly'"),
        ("phases", 0, "start", "2019-01", "ends before it starts"),
    ],
)
def test_the_contract_refuses(plan: Scheme, table: str, row: int, column: str, value: Any, message: str) -> None:
    faults = spoil(plan, cell(table, row, column, value))
    assert [fault for fault in faults if fault.startswith(table) and message in fault], faults


# figures


def test_china_s_deflator_is_the_ratio_of_its_two_series(store: Store) -> None:
    china = store.observations[store.observations["indicator"] == "gdp_per_capita"].set_index(["series", "year"])[
        "value"
    ]
    nominal, real = china["china.gdp_per_capita.current"], china["china.gdp_per_capita.real2010"]
    rows = store.deflators[(store.deflators["kind"] == "gdp_derived") & (store.deflators["region"] == "china")]
    rows = rows.set_index("year")
    assert list(rows.index) == sorted(set(nominal.index) & set(real.index)) == list(range(2005, 2023))
    assert set(rows["base_year"]) == {2010}
    # 2016: 53783 / 46461 = 1.157595
    assert rows.at[2016, "index"] == pytest.approx(115.7595, abs=1e-4)
    assert rows["index"].to_dict() == pytest.approx((nominal / real * 100).to_dict(), abs=5.1e-5)


def test_china_s_consumer_prices_are_the_ratio_of_its_two_series_of_income(store: Store) -> None:
    china = store.observations.set_index(["series", "year"])["value"]
    nominal, real = china["china.income_per_capita.current"], china["china.income_per_capita.real2010"]
    rows = store.deflators[store.deflators["kind"] == "cpi_derived"].set_index("year")["index"]
    assert list(rows.index) == [2010, *range(2014, 2023)] and rows[2010] == 100
    # 2016: 23821 / 20322 = 1.172178
    assert rows[2016] == pytest.approx(117.2178, abs=1e-4)
    assert rows.drop(2010).to_dict() == pytest.approx((nominal / real * 100).to_dict(), abs=5.1e-5)


def number_of(observations: pd.DataFrame, plan: Scheme) -> pd.Series:
    """Return the plan's number; two close proxies have slugs of their own, as they are other figures."""
    own = {"internet_penetration_rate": "4", "licensed_doctors_per_1000": "26"}
    return by_number(plan, observations).fillna(observations["indicator"].map(own))


def definition_of(group: pd.DataFrame, ours: pd.DataFrame) -> str:
    """Return our definition of a group of shared rows, which are one definition: the one that has all their figures."""
    found = group.merge(ours, on=FIGURE, suffixes=("_shared", "")).drop_duplicates([*FIGURE, "definition"])
    held = found.groupby("definition").size()
    able = [name for name, number in held.items() if number == len(group.drop_duplicates(FIGURE))]
    # one figure may stand in two definitions: the yearbook prints the plan's own GDP per head, and its 100 % of waste
    if group["definition"].iloc[0].startswith("plan baseline"):
        able = [name for name in able if name.endswith(".plan")]
    (name,) = able
    return str(name)


@pytest.fixture(scope="module")
def compared(store: Store, plan: Scheme) -> pd.DataFrame:
    """Return all shared figures of the plan's lines beside ours, row by row; `side`: who has it."""
    tables = [shared(f"{name}.csv").assign(table=name) for name in SHARED_ROWS]
    theirs = pd.concat(tables, ignore_index=True).astype({"year": int, "value": float})
    theirs = theirs[theirs["no"] != ""]
    ours = store.observations.assign(no=number_of(store.observations, plan))
    # the bulletins' R&D of China and of Guangdong are worded alike, and are two definitions of ours
    area = theirs["region"].where(theirs["table"] == "observations", "")
    groups = theirs.groupby([area, "no", "definition"])
    named = pd.concat(group.assign(ours=definition_of(group, ours)) for _, group in groups)
    ours = ours.assign(ours=ours["definition"])
    return named.merge(
        ours, on=[*FIGURE, "ours"], how="outer", suffixes=("", "_ours"), indicator="side", validate="one_to_one"
    )


def test_figures_are_the_shared_ones_row_by_row(compared: pd.DataFrame) -> None:
    """All that have a number of the plan, in the definition group of ours, and nothing else."""
    assert compared["side"].eq("both").all(), compared[~compared["side"].eq("both")]
    assert compared["table"].value_counts().to_dict() == SHARED_ROWS
    # days by the mean of hourly AQI have been taken back by their compiler: too high by 1 to 4 points
    assert not compared["definition"].str.contains("mean of hourly|AQI mean").any()
    assert not compared["ours"].str.contains("aqi").any()
    taken_back = [("guangdong", 2014, 89.58), ("guangdong", 2015, 95.02), ("guangdong", 2016, 97.06),
                  ("yunfu", 2014, 93.7), ("yunfu", 2015, 94.25), ("yunfu", 2016, 93.72)]  # fmt: skip
    days = compared[(compared["no"] == "37.1") & (compared["ours"] != "good_air_days_share.pollutant_limits")]
    assert not {*zip(days["region"], days["year"], days["value"], strict=True)} & {*taken_back}


def test_units_differ_from_the_shared_ones_only_where_a_proxy_counts_other_things(compared: pd.DataFrame) -> None:
    differs = compared[compared["unit"] != compared["unit_ours"]]
    # vehicles lend their trend to standard vehicles, never their level
    assert {*zip(differs["ours"], differs["unit"], strict=True)} == {
        ("public_transport_vehicles_per_10000.yearbook_vehicles", "辆/万人")
    }


def test_price_bases_differ_from_the_shared_ones_only_where_a_publication_speaks(compared: pd.DataFrame) -> None:
    differs = compared[compared["price_base"] != compared["price_base_ours"].fillna("")]
    own = differs[differs["table"] == "observations"]
    assert set(own["region"]) == {"yunfu"}
    # the yearbook says in which prices the figure of no. 1 is, the plan those of four others
    assert dict(zip(own["no"], own["price_base_ours"], strict=True)) == {
        "1": "current", "19": "not_stated", "31": "2010", "33": "2010", "34": "2010", "35": "2010",
    }  # fmt: skip
    rest = differs.drop(own.index)
    said = zip(rest["no"], rest["price_base"], rest["price_base_ours"].fillna(""), strict=True)
    assert {*said} == {
        ("2", "current", ""), ("6", "current", ""),  # shares of GDP have no prices
        ("31", "current (not stated)", "not_stated"), ("35", "not stated", "not_stated"), ("35", "2005 prices", "2005"),
    }  # fmt: skip


def test_grades_are_those_of_definitions(compared: pd.DataFrame) -> None:
    """A grade is a definition's; the shared rows of a few have both, or another than the plan's own prices ask for."""
    differs = compared[compared["grade"] != compared["grade_ours"]]
    assert {*zip(differs["ours"], differs["grade_ours"], strict=True)} == {
        ("gdp_per_capita.yearbook_current", "B"), ("gdp_per_capita.yearbook_real2010", "A"),  # the target: 2010 prices
        ("services_share_of_gdp.yearbook", "A"),
        ("urban_population_share.sample_survey", "B"), ("urban_population_share.first_vintage", "A"),
        ("urban_population_share.bulletin", "A"),
        ("water_use_per_gdp.water_bulletin", "B"), ("energy_use_per_gdp.energy_2005", "B"),  # in other prices
    }  # fmt: skip


def test_figures_are_read_where_the_shared_table_read_them(store: Store, plan: Scheme) -> None:
    theirs = shared("observations.csv").astype({"year": int, "value": float})
    ours = store.observations.assign(no=number_of(store.observations, plan))
    joined = theirs.merge(ours, on=["region", "no", "year", "grade", "value"], suffixes=("", "_ours"))
    urls = store.sources.set_index("source_id")["url"].fillna("")
    for row in joined[joined["region"] != "yunfu"].itertuples():
        named = {url for source in row.source_id.split(";") for url in urls[source].split(" ; ")}
        assert set(row.source_url.split(" ; ")) <= named, (row.series, row.year)


def test_national_scheme_is_the_shared_one(store: Store) -> None:
    theirs = shared("scheme2013.csv").set_index("no")
    ours = store.schemes["national-2013"].indicators.set_index("no")
    assert list(ours.index) == list(theirs.index) == [str(no) for no in range(1, 34)]
    for no, row in theirs.iterrows():
        mine = ours.loc[no]
        assert (mine["unit"], mine["weight"], mine["direction"]) == (
            row["unit"],
            float(row["weight"]),
            row["direction"],
        )
        assert mine["name_zh"] == re.sub(r"\(.*", "", row["name_zh"])
        assert mine["target_value"] == float(row["target"].lstrip("≥≤="))
        assert (mine["price_base"] == "2010") == ("2010年不变价" in row["name_zh"])


def test_baselines_are_the_region_s_figures_of_that_year(store: Store, plan: Scheme) -> None:
    own = store.observations[store.observations["series"].str.endswith(".plan")].set_index("indicator")
    based = plan.indicators[plan.indicators["baseline_value"].notna()].set_index("indicator")
    assert set(own.index) == set(based.index)
    assert own["value"].to_dict() == based["baseline_value"].to_dict()
    assert own["year"].to_dict() == based["baseline_year"].to_dict()
    assert own["kind"].to_dict() == based["baseline_kind"].to_dict()

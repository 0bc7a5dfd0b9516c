"""From the target year on reports speak of what was reached: nothing is projected, nothing asked of years to come."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from xk import theme
from xk.bench import Question, first_results_of, results_of, words_of
from xk.charts import show_trajectories, table_index
from xk.charts.drawn import line_of
from xk.exhibits import Wording
from xk.exhibits.baseline_words import say_baseline
from xk.pipeline.result import split_parts
from xk.readers import read_observations, read_store
from xk.readers.own_figures import add_observations
from xk.running.cli import main
from xk.tables import (
    key_points,
    method_notes,
    office_blocks,
    run_facts,
    say_unknown,
    table_foreseen,
    table_furthest,
    table_sources,
    table_summary,
)

theme.use()
FIGURES = """region,indicator,year,value
yunfu,services_share_of_gdp,2020,41.4
yunfu,urban_population_share,2020,61.2
yunfu,county_town_wastewater_treatment,2020,91
"""


@pytest.fixture(scope="module")
def final(tmp_path_factory: pytest.TempPathFactory) -> Wording:
    """Return the words for Yunfu as of 2020, with three invented figures of that year."""
    path = tmp_path_factory.mktemp("own") / "invented.csv"
    path.write_text(FIGURES, encoding="utf-8")
    store = read_store()
    own = read_observations(path, store=store)
    store = replace(store, observations=add_observations(store.observations, own))
    question = Question(as_of=2020)
    return words_of(question, store, results_of(question, store))


@pytest.fixture(scope="module")
def came() -> Wording:
    """Return the words for Yunfu as of 2020 by the figures that were published."""
    question = Question(as_of=2020)
    return words_of(question, read_store(), results_of(question, read_store()))


@pytest.fixture(scope="module")
def before() -> Wording:
    """Return the words for the results that a final assessment looks back on: those as of the programme's own year."""
    found = first_results_of(Question(as_of=2020), read_store())
    return words_of(Question(), read_store(), found)


def test_it_is_final_from_the_target_year_on() -> None:
    found = {year: results_of(Question(as_of=year), read_store()).is_final for year in (2016, 2019, 2020)}
    assert found == {2016: False, 2019: False, 2020: True}


def test_nothing_is_projected_to_a_year_up_to_the_last_known_one(final: Wording) -> None:
    assert {result.outlook.kind for result in final.results.lines.values()} == {None}
    assert set(final.results.yearly["kind"].dropna()) <= {"observed", "estimated", "preliminary"}
    # as of 2018 the figures end in 2016: what lies between is unknown, the years after it are projected
    path = results_of(Question(as_of=2018), read_store()).path("rd_expenditure_intensity").set_index("year")["value"]
    assert pd.isna(path[[2017, 2018]]).all() and path[[2019, 2020]].notna().all()


def test_statuses_are_those_of_the_years_own_figures(final: Wording) -> None:
    """41.4 of 56 falls short, 61.2 of 60 and 91 of 85 are reached; the yearbooks' 38,289 yuan and 2.17 doctors do not.

    The rest of 2020 was not seen.
    """
    status = {name: result.status for name, result in final.results.lines.items()}
    assert status["services_share_of_gdp"] == "missed"
    assert status["urban_population_share"] == status["county_town_wastewater_treatment"] == "achieved"
    assert status["gdp_per_capita"] == status["doctors_per_1000"] == "missed"
    assert status["science_technology_contribution"] == "not_seen"


def test_the_words_are_those_of_a_final_assessment(final: Wording) -> None:
    said = key_points(final).html
    assert (
        "终期评估：目标年2020年已到，42项指标" in said
        and "达到目标1项、未达标3项、各年均保持0项、未能保持0项、目标年未见数据33项" in said
    )
    assert "须年均" not in said and "推算" not in said
    shown = table_summary(final, "economy").html + table_furthest(final).html + table_index(final).html
    for gone in ("推算", "所需", "概率", "同口径"):
        assert gone not in shown, gone
    assert "年均变化（实际）" in table_summary(final, "economy").html
    assert "推算至" not in run_facts(final) and "推算方法" not in run_facts(final)
    assert "参照" not in method_notes(final).html.partition("<details")[0]


def test_a_baseline_in_other_prices_is_converted_beside_target_and_figure(came: Wording) -> None:
    """31,502 yuan in prices of 2016 are 31502 / 102.6826 * 100 = 30,679 in those of 2010, as 38,289 and 58,000 are."""
    row = table_furthest(came).html.partition("人均GDP")[2].partition("</tr>")[0]
    assert "30679（2016年；现价为31502）" in row and "38289（2020年）" in row and "≥58000" in row
    assert "与基期（2016年30679）不相接" in table_summary(came, "economy").html
    assert line_of(came, "1").baseline == came.results.line("1").baseline == 30679
    # 16,517.6 yuan are of no stated prices: that is said, and nothing is converted
    assert say_baseline(came, came.results.line("19").line) == "16517.6（2016年，未说明价格基准）"
    row = came.results.line("1").record([])
    assert (row["baseline_value"], row["baseline_price_base"], row["price_base"]) == (31502, "current", "2010")


def test_a_further_target_is_no_part_in_words_and_counts(before: Wording) -> None:
    """41.2 is a target beside 41, which keeps its own status; 12 are parts, of 23, 29, 37, 38 and 39."""
    lines = list(before.results.lines.values())
    apart = {kind: [one.no for one in some] for kind, some in split_parts(lines).items()}
    assert apart["further"] == ["41.2"] and len(apart["parts"]) == 12
    assert before.results.line("41").status == "no_trend"
    assert "其中1项是41的另列目标" in say_unknown(before, "environment").plain
    said = before.statuses(before.results.line(no) for no in ("41", "41.2", "37.1", "38.2"))
    assert said == "有数值、无趋势1项（分项2项：已达标，须保持2项；另列目标1项：无数据1项）"
    assert before.parts_in([before.results.line("41.2")]) == "（含另列目标）"
    assert before.parts_in(before.results.line(no) for no in ("41.2", "37.1")) == "（含分项和另列目标）"


def test_the_first_screen_counts_names_and_says_whose(came: Wording) -> None:
    """Of 42 none was reached, 4 were missed, 33 not seen, 1 has no data, 2 do not compare, 2 have no target.

    Short by 58000 - 38289 = 19711; 60 - 43.7741 = 16.2259; 2.5 - 2.1723 = 0.3277; 56 - 49.6203 = 6.3797: first what
    has come least far (66.0, 73.0, 86.9 and 88.6 % of the target).
    """
    said = key_points(came).plain.splitlines()
    assert (
        "达到目标0项、未达标4项、各年均保持0项、未能保持0项、目标年未见数据33项、无数据1项、不可比2项、无目标值2项"
        in said[0]
    )
    assert "1\u00a0人均GDP：2020年38289元，目标≥58000，差19711元；牵头：市发展改革局、各县（市、区）政府。" in said[1]
    assert "3\u00a0常住人口城镇化率：2020年43.77%，目标≥60，差16.23个百分点；牵头：市规编委" in said[2]
    assert "26\u00a0每千人口执业（助理）医师数：2020年2.172人，目标≥2.5，差0.328人；牵头：市卫生计生局。" in said[3]
    assert "2\u00a0服务业增加值占GDP比重：2020年49.62%，目标≥56，差6.38个百分点" in said[4]
    assert "其中1、2、3、26的数值（4项）是修订后或另一口径的，与基期不相接。" in said[5]
    # the index is over figures of 44 lines, of which only these four are of 2020
    assert "指数所用的44项数值（含分项）中，4项是目标年2020年的" in said[6]


def test_a_figure_that_does_not_join_the_baseline_says_so(came: Wording) -> None:
    """49.6203 is of the accounts after the census of 2018, 38.5 of those before the R&D was counted in."""
    result = came.results.line("services_share_of_gdp")
    said = "目标年2020年数值49.62，未达到目标，差6.38；该数值是修订后或另一口径的数值，与基期（2016年38.5）不相接"
    assert came.reason(result.verdict.why, result) == said
    assert "修订后的核算2016年为43.9%" in table_furthest(came).html


def test_a_year_not_seen_says_what_the_last_figure_was(came: Wording) -> None:
    """No. 40 met its 88 in 2019 (95); of 2020 there is no figure."""
    result = came.results.line("40")
    assert (result.status, came.reason(result.verdict.why, result)) == (
        "not_seen", "应达标的2020年没有数值，最新数值为2019年95；该数值达到目标",
    )  # fmt: skip
    assert (
        "应达标的2020年没有数值，最新数值为2019年：40\u00a0一般工业固体废物综合利用率（95，达到目标）"
        in say_unknown(came).plain
    )


def test_a_series_that_begins_later_does_not_hide_the_target_years_figure() -> None:
    """The bulletins have the urban share from 2021 on, the census that of 2020: 43.7741 of 60."""
    result = results_of(Question(as_of=2022), read_store()).line("3")
    assert (result.status, result.verdict.why.values["value"]) == ("missed", 43.7741)


def test_the_final_figures_stand_beside_the_projection_of_2016(came: Wording, before: Wording) -> None:
    """2.1723 is brought to the level of the plan's 1.74 as the trend was: 2.1723 * 1.74 / 1.8153 = 2.0822."""
    assert before.results.settings.as_of == 2016
    shown = table_foreseen(came, before)
    assert shown.parts[0].title == "2020年终期结果与2016年时的推算：4项"
    assert [one.indicator for one in shown.rows] == [
        "gdp_per_capita", "services_share_of_gdp", "urban_population_share", "doctors_per_1000",
    ]  # fmt: skip
    assert shown.rows[3].actual == pytest.approx(2.1723 * 1.74 / 1.8153)
    assert "2.08（公布2.172）" in shown.html and "在80%区间内" in shown.html
    assert table_foreseen(before, before).html == ""


def test_nothing_lent_is_a_source_of_what_projects_nothing(came: Wording) -> None:
    assert came.results.references.empty
    assert "参照" not in table_sources(came, read_store()).html


def test_offices_are_asked_nothing_of_the_next_year(final: Wording) -> None:
    shown = office_blocks(final).html
    assert "2021" not in shown and "所需" not in shown and "须完成" not in shown
    assert "未达标或未能保持2项" in shown


@pytest.mark.usefixtures("style")
def test_no_line_leads_beyond_what_was_seen(final: Wording) -> None:
    assert 'id="projected"' not in show_trajectories(final, "economy").html


def test_titles_say_so(tmp_path: Path) -> None:
    title = "final assessment"
    asked = ["--scheme", "national-2013", "--region", "guangdong", "--as-of", "2020", "--lang", "en"]
    assert main(["report", *asked, "--domain", "economy", "--out", str(tmp_path)]) == 0
    folder = tmp_path / (tmp_path / "latest").readlink()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert title in manifest["title"] and title in manifest["reports"]["economy"]["title"]
    assert title in (folder / "economy.html").read_text(encoding="utf-8")


def test_a_figure_that_is_not_final_is_called_so_wherever_a_verdict_rests_on_it(tmp_path: Path) -> None:
    path = tmp_path / "invented.csv"
    kinds = ["kind", "preliminary", "observed", "estimated"]
    rows = [f"{row},{kind}\n" for row, kind in zip(FIGURES.splitlines(), kinds, strict=True)]
    path.write_text("".join(rows), encoding="utf-8")
    store = read_store()
    own = read_observations(path, store=store)
    store = replace(store, observations=add_observations(store.observations, own))
    results = results_of(Question(as_of=2020), store)
    said = {lang: words_of(Question(as_of=2020, lang=lang), store, results) for lang in ("zh", "en")}
    services, urban = results.line("2"), results.line("3")
    assert said["zh"].latest(services) == "41.4（2020年，初步数）"
    assert "2020年仅有初步数" in said["zh"].reason(services.verdict.why, services)
    assert "of 2020 only preliminary figures are known" in said["en"].reason(services.verdict.why, services)
    assert "known" not in said["en"].reason(urban.verdict.why, urban)
    assert "尚非定数的指标：2（初步数）" in str(key_points(said["zh"], "economy"))
    assert "not final: no. 2 (preliminary)" in str(key_points(said["en"]))


def test_the_year_that_decides_counts_and_not_the_latest(tmp_path: Path) -> None:
    path = tmp_path / "invented.csv"
    named = "yunfu,services_share_of_gdp"
    path.write_text(f"region,indicator,year,value,kind\n{named},2020,30,preliminary\n{named},2021,31,observed\n")
    store = read_store()
    store = replace(store, observations=add_observations(store.observations, read_observations(path, store=store)))
    question = Question(as_of=2021, lang="en")
    line = results_of(question, store).line("2")
    said = words_of(question, store, results_of(question, store)).reason(line.verdict.why, line)
    assert line.status == "missed" and "of 2020 only preliminary figures are known" in said

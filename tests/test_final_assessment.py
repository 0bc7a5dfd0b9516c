"""From the target year on reports speak of what was reached: nothing is projected, nothing asked of years to come."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from xk.bench import Question, results_of, words_of
from xk.charts import show_trajectories, table_index
from xk.exhibits.wording import Wording
from xk.readers import add_observations, read_observations, read_store
from xk.running.cli import main
from xk.tables import key_points, method_notes, office_blocks, run_facts, table_furthest, table_summary

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


def test_it_is_final_from_the_target_year_on() -> None:
    found = {year: results_of(Question(as_of=year), read_store()).is_final for year in (2016, 2019, 2020)}
    assert found == {2016: False, 2019: False, 2020: True}


def test_nothing_is_projected_to_a_year_up_to_the_last_known_one(final: Wording) -> None:
    assert {result.outlook.kind for result in final.results.lines.values()} == {None}
    assert set(final.results.yearly["kind"].dropna()) <= {"observed", "estimated", "preliminary"}
    # as of 2018 the only figure is of 2016: what lies between is unknown, the years after it are projected
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
    assert "终期评估：目标年2020年已到，42项指标" in said and "达到目标1项、未达标3项、目标年未见数据33项" in said
    assert "须年均" not in said and "推算" not in said
    shown = table_summary(final, "economy").html + table_furthest(final).html + table_index(final).html
    for gone in ("推算", "所需", "概率", "同口径"):
        assert gone not in shown, gone
    assert "年均变化（实际）" in table_summary(final, "economy").html
    assert "推算至" not in run_facts(final) and "推算方法" not in run_facts(final)
    assert "参照" not in method_notes(final).html.partition("<details")[0]


def test_offices_are_asked_nothing_of_the_next_year(final: Wording) -> None:
    shown = office_blocks(final).html
    assert "2021" not in shown and "所需" not in shown and "须完成" not in shown
    assert "未达标或未能保持2项" in shown


@pytest.mark.usefixtures("style")
def test_no_line_leads_beyond_what_was_seen(final: Wording) -> None:
    assert 'id="projected"' not in show_trajectories(final, "economy").html


@pytest.mark.parametrize(("lang", "title"), [("zh", "终期评估"), ("en", "final assessment")])
def test_titles_say_so(lang: str, title: str, tmp_path: Path) -> None:
    asked = ["--scheme", "national-2013", "--region", "guangdong", "--as-of", "2020", "--lang", lang]
    assert main(["report", *asked, "--domain", "economy", "--out", str(tmp_path)]) == 0
    folder = tmp_path / (tmp_path / "latest").readlink()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert title in manifest["title"] and title in manifest["reports"]["economy"]["title"]
    assert title in (folder / "economy.html").read_text(encoding="utf-8")

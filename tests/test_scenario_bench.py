"""The bench of scenarios, its widgets driven in Python: what is turned, solved for, weighed, compared, kept, undone."""

from __future__ import annotations

import os
from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from xk.bench import Question, results_of
from xk.pipeline.levers import domain_weights
from xk.readers import Store, read_scenario, read_store
from xk.readers import scenarios as scenario_files
from xk.running.app import Panel, View, onlooker, scenarios
from xk.running.app.differences import NUMBERED, ends_of, rule_of
from xk.running.app.scenario_bench import CONTROLS, SCENARIOS
from xk.running.app.scenario_pictures import PICTURES
from xk.running.kernels import execute
from xk.vocab import LANGUAGES

SERVICES, CITIES = "services_share_of_gdp", "urban_population_share"
PUSH: dict[str, Any] = {
    "name": "push", "title_zh": "提速", "title_en": "Push", "indicators": {SERVICES: {"change": 3.0}},
}  # fmt: skip
NAMED = {control.name: control for control in CONTROLS}
pytestmark = pytest.mark.usefixtures("style")


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a user's own scenarios in a folder of the test."""
    monkeypatch.setattr(scenario_files, "OWN", tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture
def panel(own: Path) -> Panel:  # noqa: ARG001
    return scenarios(Question(scenario=PUSH), SERVICES)


def put(panel: Panel, name: str, value: object) -> None:
    """Turn a control, as its widget does."""
    panel.choose(NAMED[name], value)


def field(panel: Panel, name: str) -> Any:
    return next(picker.field for picker in panel.page.pickers if picker.control.name == name)


def scenario(panel: Panel) -> Any:
    return panel.view.question.scenario


def data(panel: Panel) -> pd.DataFrame:
    """Return the figures that can be saved of what is shown."""
    coded = str(panel.page.again.value).partition("base64,")[2].partition('"')[0]
    return pd.read_csv(BytesIO(b64decode(coded)))


def test_one_slider_moves_path_odds_status_and_index(panel: Panel, store: Store) -> None:
    panel.page  # noqa: B018  # its widgets are made
    before = panel.page.picture.value
    field(panel, "amount").value = 4.385
    assert scenario(panel)["indicators"][SERVICES] == {"change": 4.385}
    shown = panel.page.picture.value
    assert shown != before and "56.00" in shown and "符合进度" in shown and "50%" in shown
    for word in ("56.00", "符合进度", "假定成立时达标概率50%", "经济发展指数+2.79点", "综合指数+0.56点"):
        assert word in panel.said, panel.said
    lines = results_of(Question(scenario=scenario(panel)), store).lines
    row = data(panel).set_index("scenario").loc["push"]
    assert row["projected_value"] == lines[SERVICES].outlook.value
    assert row["probability_if_holds"] == lines[SERVICES].outlook.probability_if_holds


def test_the_number_beside_the_slider_does_the_same(panel: Panel) -> None:
    knob = next(picker for picker in panel.page.pickers if picker.control.name == "amount")
    knob.number.value = 2.5
    assert scenario(panel)["indicators"][SERVICES] == {"change": 2.5} and knob.field.value == 2.5
    knob.number.value = 50.0  # beyond what was ever observed: it is taken, and the slider reaches as far
    assert knob.field.max >= 50.0 and scenario(panel)["indicators"][SERVICES] == {"change": 50.0}


@pytest.mark.parametrize(
    "rule", [rule for _, rule in NAMED["rule"].options(View(indicators=(SERVICES,)), read_store())]
)
@pytest.mark.parametrize("scope", [SERVICES, "economy"])
def test_every_rule_can_be_turned(panel: Panel, store: Store, rule: str, scope: str) -> None:
    put(panel, "scope", scope)
    if rule == "level" and scope == "economy":
        return
    put(panel, "rule", rule)
    assert not panel.wrong and (rule_of(panel.view) or ("",))[0] == rule
    if rule in NUMBERED:
        ends = ends_of(panel.view, store)
        assert ends["low"] < ends["high"] and ends["step"] > 0
        for value in (ends["low"], ends["high"]):
            put(panel, "amount", value)
            assert not panel.wrong, panel.wrong


def test_a_line_begins_where_the_reference_leads(panel: Panel, store: Store) -> None:
    reference = results_of(Question(), store).line(SERVICES).outlook.value
    for rule in ("growth", "level", "accelerate"):
        put(panel, "rule", rule)
        found = results_of(Question(scenario=scenario(panel)), store).line(SERVICES).outlook
        assert found.value == pytest.approx(reference, abs=0.01)


def test_what_just_meets_is_one_press(panel: Panel, store: Store) -> None:
    for rule, said in (("change", 4.385), ("growth", 9.8487), ("accelerate", 5.0668)):
        put(panel, "rule", rule)
        put(panel, "solve", True)
        argument = scenario(panel)["indicators"][SERVICES][rule]
        assert (argument["factor"] if rule == "accelerate" else argument) == said
        assert results_of(Question(scenario=scenario(panel)), store).line(SERVICES).status == "on_track"
    put(panel, "scope", "environment")
    put(panel, "solve", True)
    assert scenario(panel)["domains"]["environment"] == {"accelerate": {"factor": 1.3781, "from": 2016}}
    assert "38.1" in panel.said  # the line that asks for most
    put(panel, "scope", "20")
    put(panel, "solve", True)
    assert "没有可以求解" in panel.said


def test_differences_are_listed_and_taken_out(panel: Panel) -> None:
    put(panel, "scope", "3")
    put(panel, "rule", "reach")
    chips = next(picker for picker in panel.page.pickers if picker.control.name == "differences").chips.children
    assert [chip.description.replace("\xa0", " ") for chip in chips] == [
        "2 服务业增加值占GDP比重：每年+3点 ×",
        "3 常住人口城镇化率：逐年等量变化直至达到目标 ×",
    ]
    chips[0].click()
    assert scenario(panel)["indicators"] == {CITIES: {"reach": True}}
    panel.undo()
    assert set(scenario(panel)["indicators"]) == {SERVICES, CITIES}
    panel.reset()
    assert scenario(panel)["indicators"] == PUSH["indicators"]
    put(panel, "rule", "")
    assert scenario(panel) is None and not panel.wrong


def test_up_to_four_stand_beside_the_reference(panel: Panel) -> None:
    put(panel, "compared", ["faster_push", "slower_progress"])
    assert set(data(panel)["scenario"]) == {"reference", "push", "faster_push", "slower_progress"}
    assert panel.page.picture.value.count('id="') and panel.view.command().endswith(
        "--scenario push faster_push slower_progress"
    )
    for name in ("b", "c"):
        put(panel, "name", name)
        put(panel, "save", True)
    put(panel, "compared", ["faster_push", "slower_progress", "b", "c"])
    assert "4" in panel.wrong and len(panel.view.scenarios) == 2  # what stood stays


def test_a_scenario_is_saved_opened_and_deleted(panel: Panel, store: Store, own: Path) -> None:
    put(panel, "title", "服务业优先")
    put(panel, "name", "services_first")
    put(panel, "save", True)
    path = own / "services_first.toml"
    assert "services_first.toml" in panel.said and "xk report --scenario services_first" in panel.said
    assert read_scenario(path, scheme=store.scheme("yunfu-2020"))["indicators"] == PUSH["indicators"]
    assert path.read_text(encoding="utf-8") in [words for _, words in SCENARIOS.again(panel.view, store)]
    kept = scenario(panel)
    put(panel, "amount", 1.0)
    put(panel, "kept", "services_first")
    assert dict(scenario(panel)) == dict(kept)
    put(panel, "delete", True)
    assert "已删除" in panel.said and "服务业优先" in panel.said and not path.exists()
    put(panel, "delete", True)
    assert "services_first" in panel.wrong and "Traceback" not in panel.wrong


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("name", "../x", "../x"), ("kept", "fastr_push", "faster_push"), ("compared", ["nobody"], "nobody"),
        ("scope", "servces_share_of_gdp", SERVICES), ("scope", "37", "good_air_days_share"), ("amount", -1e400, ""),
        ("weights", {"economy": -1.0}, ""),
    ],
)  # fmt: skip
def test_mistakes_stand_in_the_panel_and_the_picture_stays(panel: Panel, name: str, value: object, said: str) -> None:
    before, view = panel.page.picture.value, panel.view
    put(panel, name, value)
    assert panel.wrong and said in panel.wrong and "Traceback" not in panel.wrong
    assert panel.page.picture.value == before and panel.view == view and 'role="alert"' in panel.page.wrong.value


def test_weights_move_the_index_and_ranks(panel: Panel, store: Store) -> None:
    put(panel, "picture", "index")
    put(panel, "weights", {"economy": 40.0})
    asked = Question(weights=panel.view.question.weights)
    assert domain_weights(results_of(asked, store))["economy"] == pytest.approx(100 / 3)
    assert "33.3" in panel.page.picture.value and "经济发展 40" in panel.said
    put(panel, "scope", "economy")
    put(panel, "line_weights", {SERVICES: 0.0})
    assert panel.view.question.weights[SERVICES] == 0.0  # type: ignore[index]
    assert "indicator,weight" in dict(SCENARIOS.again(panel.view, store))["bench_weights_file"]
    assert "--weights weights.csv" in panel.view.command()
    put(panel, "own_weights", True)
    assert panel.view.question.weights is None


@pytest.mark.parametrize("scope", [CITIES, "livelihood"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_in_every_language(panel: Panel, scope: str, lang: str) -> None:
    panel.change(panel.view.asks(lang=lang))
    put(panel, "scope", scope)
    for picture in PICTURES:
        put(panel, "picture", picture)
        assert not panel.wrong and panel.page.picture.value and not {"nan", "None"} & set(panel.shown.plain.split())
    assert not plt.get_fignums()


def test_the_link_opens_the_same(panel: Panel, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(panel, "compared", ["faster_push"])
    put(panel, "amount", 2.2)
    query = panel.view.query
    again = Panel(SCENARIOS, View.of_query(query, bench="scenarios"), store)
    assert again.view == panel.view and again.shown.html == panel.shown.html
    monkeypatch.setenv("QUERY_STRING", query)
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    assert onlooker.in_page() and "QUERY_STRING" in os.environ
    opened = Panel(SCENARIOS, View(Question(), bench="scenarios"), store)
    assert opened.view == panel.view


def test_the_notebook_leaves_static_pictures(root: Path) -> None:
    notebook = execute(root / "notebooks" / "scenarios.ipynb", {"lang": "en", "indicator": "economy"})
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert len(outputs) == 1
    html = outputs[0]["data"]["text/html"]
    assert "widget" not in str(outputs[0]["data"].keys()) and html.count("<svg") > 5
    for word in ("if the assumption holds", "just at its target", "factor on the trend", "precedent"):
        assert word in html.lower() or word in html, word
    question = replace(Question(), lang="en")
    assert scenarios(question, "economy").view.question.domain == "economy"

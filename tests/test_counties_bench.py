"""The bench of targets for counties: figures typed or read, three rules side by side, held against the city's own."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import xk
from xk.arithmetic.allocation import RULES, allocate_targets, whole_of
from xk.bench import Question, results_of
from xk.errors import InputError, UsageError
from xk.readers import Store, read_counties, read_store
from xk.running.app import Panel, View, counties
from xk.running.app.county_bench import CONTROLS, COUNTIES, divide
from xk.running.kernels import execute
from xk.vocab import LANGUAGES

CITIES = "urban_population_share"
FIGURES = {"yuncheng": 52.0, "yunan_district": 41.0, "xinxing": 43.0, "yunan_county": 35.0, "luoding": 37.0}
WEIGHTS = {"yuncheng": 34.0, "yunan_district": 28.0, "xinxing": 45.0, "yunan_county": 40.0, "luoding": 97.0}
NAMED = {control.name: control for control in CONTROLS}
pytestmark = pytest.mark.usefixtures("style")


@pytest.fixture
def panel() -> Panel:
    return counties(Question(), CITIES, baselines=FIGURES, weights=WEIGHTS)


def put(panel: Panel, name: str, value: object) -> None:
    panel.choose(NAMED[name], value)


def test_the_whole_by_hand() -> None:
    assert whole_of({"a": 40.0, "b": 60.0}, {"a": 3.0, "b": 1.0}) == 45.0
    assert whole_of({"a": 40.0, "b": 60.0}, kind="sum") == 100.0
    with pytest.raises(UsageError, match="a rate needs weights"):
        whole_of({"a": 40.0})
    with pytest.raises(InputError, match="has no weight"):
        whole_of({"a": 40.0, "b": 1.0}, {"a": 1.0})


def test_the_rules_stand_side_by_side_and_give_back_the_target(panel: Panel) -> None:
    found, refused = divide(panel.view, panel.store)
    assert set(found) == set(RULES) and not refused
    for frame in found.values():
        weights = [Fraction(WEIGHTS[name]) for name in frame["region"]]
        pairs = zip(frame["target"], weights, strict=True)
        assert float(sum(Fraction(target) * weight for target, weight in pairs) / sum(weights)) == 60.0
    html = panel.shown.html
    for said in ("趋同", "60.00", "罗定市", "<svg"):
        assert said in html, said
    rows = panel.shown.frame
    assert rows is None or len(rows)


@pytest.mark.parametrize(
    ("luoding", "zh", "en"),
    [
        # (52 x 34 + 41 x 28 + 43 x 45 + 35 x 40 + 37 x 97) / 244 = 9840 / 244 = 40.328; the city's own figure is 40.96
        (37.0, "与全市2016年数值40.96不一致，相差-0.632个百分点", "it differs by -0.632"),
        # 9840 + 97 x 1.59 = 9994.23; / 244 = 40.9600
        (38.59, "与全市2016年数值40.96一致", "it agrees with the city&#x27;s own figure of 2016, 40.96"),
    ],
)
def test_the_weighted_mean_is_held_against_the_city(panel: Panel, luoding: float, zh: str, en: str) -> None:
    put(panel, "baselines", {"luoding": luoding})
    assert zh in panel.shown.html.replace("\xa0", " ")
    panel.change(panel.view.asks(lang="en"))
    assert en in panel.shown.html.replace("\xa0", " ")


def test_a_table_of_fields_takes_numbers(panel: Panel) -> None:
    fields = next(picker for picker in panel.page.pickers if picker.control.name == "baselines").fields
    assert {name: field.value for name, field in fields.items()} == FIGURES
    fields["yuncheng"].value = 55.0
    assert panel.view.divided["baselines"]["yuncheng"] == 55.0 and "云城区 55" in panel.said  # type: ignore[index]
    panel.undo()
    assert fields["yuncheng"].value == 52.0


def test_a_rule_without_an_answer_says_why_and_the_others_stand(panel: Panel) -> None:
    put(panel, "baselines", {"yuncheng": 95.0, "yunan_county": 5.0})  # 95 x 60 / mean is beyond 100
    found, refused = divide(panel.view, panel.store)
    assert "proportional" in refused and "converge" in found
    assert "natural bound 100" in panel.shown.html and not panel.wrong


def test_other_kinds_and_years(panel: Panel) -> None:
    put(panel, "kind", "rate")
    put(panel, "years", 2.0)
    found, _ = divide(panel.view, panel.store)
    equal = allocate_targets(60.0, FIGURES, weights=WEIGHTS, rule="equal_effort", years=2)
    pd.testing.assert_frame_equal(found["equal_effort"], equal)
    lines = dict(COUNTIES.again(panel.view, panel.store))["bench_division"]
    scope: dict[str, Any] = {}
    exec(lines.replace("{rule:", "made = {rule:"), {"xk": xk}, scope)  # noqa: S102  # what the bench offers to copy
    pd.testing.assert_frame_equal(scope["made"]["equal_effort"], equal)


def written(folder: Path, text: str) -> Path:
    path = folder / "counties.csv"
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path, store: Store) -> Any:
    return read_counties(path, store=store, scheme="yunfu-2020", region="yunfu", indicator=CITIES)


def test_figures_and_weights_are_read_from_a_file(tmp_path: Path) -> None:
    rows = ["region,indicator,year,value"]
    for name, people in (("云城区", 34), ("云安区", 28), ("新兴县", 45)):
        rows += [
            f"{name},常住人口城镇化率,2015,40",
            f"{name},常住人口城镇化率,2016,41.5",
            f"{name},常住人口,2016,{people}",
        ]
    own, weights, year = read(written(tmp_path, "\n".join(rows)), read_store())
    assert own == {"yuncheng": 41.5, "yunan_district": 41.5, "xinxing": 41.5} and year == 2016
    assert weights == {"yuncheng": 34.0, "yunan_district": 28.0, "xinxing": 45.0}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["云浮市,常住人口城镇化率,2016,41"], "has no figure of urban_population_share in a county of yunfu"),
        (
            ["云城区,常住人口城镇化率,2016,41", "云城区,常住人口,2016,1", "云城区,户数,2016,2"],
            "several quantities of all counties",
        ),
    ],
)
def test_files_that_do_not_do_are_refused(tmp_path: Path, rows: list[str], said: str) -> None:
    path = written(tmp_path, "\n".join(["region,indicator,year,value", *rows]))
    with pytest.raises(InputError, match=said):
        read(path, read_store())


def test_mistakes_stand_in_the_panel(panel: Panel) -> None:
    for name, value, said in (
        ("file", "/etc/passwd", "/etc/passwd"),
        ("indicator", "21", "21"),
        ("file", "none.csv", "none"),
    ):
        before = panel.shown.html
        put(panel, name, value)
        assert said in panel.wrong and "Traceback" not in panel.wrong and panel.shown.html == before
    with pytest.raises(UsageError, match="unknown parameter 'basis' of a division"):
        Panel(COUNTIES, View(bench="counties", indicators=(CITIES,), divided={"basis": 1}))


def test_the_link_opens_the_same(panel: Panel) -> None:
    put(panel, "shares", {"luoding": 90.0})
    again = Panel(COUNTIES, View.of_query(panel.view.query, bench="counties"))
    assert again.view == panel.view and again.shown.html == panel.shown.html


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_notebook_leaves_static_pictures(root: Path, lang: str) -> None:
    notebook = execute(root / "notebooks" / "counties.ipynb", {"lang": lang})
    (output,) = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert "text/html" in output["data"] and "widget" not in str([*output["data"]])
    assert {"zh": "三种规则", "en": "three rules"}[lang] in output["data"]["text/html"]
    assert results_of(Question(), read_store()).line(CITIES).line.target_value == 60.0

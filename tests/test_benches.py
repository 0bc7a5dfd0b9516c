"""The benches: notebooks that people run by hand, and the calls behind them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import papermill
import pytest
from made_up import ROOT, write_notebook
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from xk import bench
from xk.arithmetic.projection import METHODS
from xk.bench import (
    Question,
    by_method,
    history_of,
    prices_of,
    results_of,
    review_of,
    weights_of,
    words_beside,
    words_of,
)
from xk.charts import table_assumptions, table_flips, table_index_beside, table_outcomes, table_status_counts
from xk.charts.outcomes import moved_lines
from xk.errors import InputError, UsageError
from xk.readers import read_store
from xk.running.kernels import execute
from xk.running.kernels.engine import ForkEngine
from xk.tables import table_methods, table_path, table_weights
from xk.vocab import LANGUAGES, read_labels

NATIONAL = Question(scheme="national-2013", region="guangdong", as_of=2016)
PUSH = {"name": "push", "indicators": {"services_share_of_gdp": {"change": 3.0}}}
HALT = {"name": "halt", "indicators": {"services_share_of_gdp": {"halt": True}}}
REACH = {"name": "reach", "indicators": {"services_share_of_gdp": {"reach": True}}}


def shown(notebook: Any) -> list[str]:
    """Return the HTML that the cells show; a line on stderr fails."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "stream"], outputs
    return [output["data"]["text/html"] for output in outputs]


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("explore", {}, ["服务业增加值占GDP比重", "泰尔—森中位斜率", "2020"]),
        ("explore", {"indicator": "3", "lang": "en", "method": "drift"}, ["Urban share of resident", "observed"]),
        ("scenarios", {}, ["服务业增加值占GDP比重", "基准情景与各情景", "60.00"]),
        ("counties", {"lang": "en"}, ["Luoding City", "60.00"]),
    ],
)
def test_benches_run(root: Path, name: str, parameters: dict[str, Any], words: list[str]) -> None:
    html = "\n".join(shown(execute(root / "notebooks" / f"{name}.ipynb", parameters)))
    for word in words:
        assert word in html


@pytest.mark.slow
def test_plain_papermill_runs_a_report_by_our_engine(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--engine", "xk", "-k", "python3", "-p", "domain", "democracy"]
    notebook = root / "notebooks" / "reports" / "domain.ipynb"
    done = subprocess.run([*command, str(notebook), str(out)], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cells = json.loads(out.read_text(encoding="utf-8"))["cells"]
    assert "每万人口拥有律师数" in json.dumps(cells, ensure_ascii=False)


ALL = [path for path in sorted((ROOT / "notebooks").rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_parameter_that_a_notebook_does_not_have_is_refused_by_itself(path: Path, tmp_path: Path) -> None:
    """Plain papermill only warns, and uses the default."""
    papermill_engines.register("xk", ForkEngine)
    given = {"engine_name": "xk", "kernel_name": "python3", "progress_bar": False, "cwd": str(ROOT)}
    has_none = path.stem == "start"
    hint, known = ("none is known", {}) if has_none else ("did you mean 'lang'", {"lang": "en"})
    with pytest.raises(PapermillExecutionError, match=f"unknown parameter 'langue'; {hint}"):
        papermill.execute_notebook(str(path), str(tmp_path / "out.ipynb"), known | {"langue": "en"}, **given)


def test_cells_of_a_user_are_no_parameters(tmp_path: Path) -> None:
    """In a kernel: of the names in other cells nothing is said, whatever they are."""
    cells = ("mine = 1", "# Parameters of mine\nmore = 2", "from xk import bench\nbench.check_injected()")
    execute(write_notebook(tmp_path / "a.ipynb", *cells), {"year": 2016}, kernel="process")
    bench.check_injected()  # nor is there a notebook here


def test_every_method_has_its_results() -> None:
    found = {method: results.line("2") for method, results in by_method(NATIONAL, read_store()).items()}
    assert list(found) == list(METHODS)
    assert {result.indicator for result in found.values()} == {"services_share_of_gdp"}
    # last value 52.01; by no change it stays there
    assert found["constant"].outlook.value == 52.01


def test_weights_say_why() -> None:
    store = read_store()
    weights = weights_of(NATIONAL, store, "2")
    assert weights["weight"].sum() == pytest.approx(1) and weights["weight"].is_monotonic_decreasing
    assert weights.loc[0, "error"] < weights["error"].max()
    words = words_of(NATIONAL, store, results_of(NATIONAL, store))
    assert "首末连线" in table_weights(words, weights).html
    drift = Question(scheme="national-2013", region="guangdong", as_of=2016, method="drift")
    assert weights_of(drift, store, "2").empty
    # Yunfu borrows the trend of Guangdong
    assert not weights_of(Question(), store, "2").empty and weights_of(Question(), store, "5").empty


def test_same_question_is_answered_once_and_other_questions_anew() -> None:
    store = read_store()
    assert results_of(NATIONAL, store) is results_of(NATIONAL, store)
    assert read_store() is store
    other = Question(scheme="national-2013", region="guangdong", as_of=2015)
    assert results_of(other, store) is not results_of(NATIONAL, store)


def test_tables_of_one_indicator() -> None:
    store = read_store()
    results = results_of(NATIONAL, store)
    words = words_of(NATIONAL, store, results)
    path = table_path(words, "2")
    assert "52.01" in path.html and "实际值" in path.html and "趋势推算" in path.html
    found = {method: one.line("2") for method, one in by_method(NATIONAL, store).items()}
    assert len(table_methods(words, found).frame) == len(METHODS)


def test_scenario_tables_show_what_moved_and_nothing_else() -> None:
    worded = words_beside(Question(), [PUSH, HALT], read_store())
    (moved,) = moved_lines(worded)
    name = "services_share_of_gdp"
    assert moved.results == tuple(words.results.line(name) for words in worded)
    # 38.46 + 4 x 3 = 50.46 of 56 is 90.1 %; where it stays, 38.46 of 56 is 68.7 %
    for said in ("50.46（情景）", "90.1", "38.46（情景）", "68.7"):
        assert said in table_outcomes(worded).html
    assert "没有改变任何指标" in table_outcomes(worded[:1]).html
    assert "没有指标的状态因情景而变" in table_flips(worded).html
    assert table_assumptions(worded).plain.endswith(": 2")


def test_statuses_that_a_scenario_changes_are_told() -> None:
    """A line to the target meets it: lagging becomes on track, one line the less and one the more."""
    worded = words_beside(Question(), [REACH], read_store())
    assert [row.indicator for row in moved_lines(worded) if row.flips] == ["services_share_of_gdp"]
    (lagging,) = (row for row in table_status_counts(worded).rows if row["status"] == "lagging")  # type: ignore[union-attr]
    (on_track,) = (row for row in table_status_counts(worded).rows if row["status"] == "on_track")  # type: ignore[union-attr]
    assert (lagging["1"] - lagging["0"], on_track["1"] - on_track["0"]) == (-1, 1)


def test_an_index_of_other_coverage_says_so() -> None:
    """Lines of the environment have a figure in 2020 if they stay; the coverage stands beside each index.

    Of its ten indicators, 36 has no figure and 41.2 no weight: 9 of 10. Without the scenario these have one: 34, 40, a
    quarter each of 37 for 37.1, 37.3 and 37.4, half of 38 for 38.1 and half of 39 for 39.1: 3.75.
    """
    worded = words_beside(Question(), [{"name": "stay", "domains": {"environment": {"halt": True}}}], read_store())
    html = table_index_beside(worded).html
    assert "覆盖37.5" in html and "覆盖90.0" in html and "不可直接比较" in html


def test_match_follows_the_pace_of_the_named_region() -> None:
    store = read_store()
    content = {"name": "pace", "indicators": {"urban_population_share": {"match": "china"}}}
    matched = results_of(Question(scenario=content), store).line("urban_population_share")
    reference = results_of(Question(), store).line("urban_population_share")
    assert matched.outlook.kind == "scenario" and reference.trend.kind == "own"
    assert matched.outlook.value > reference.outlook.value > matched.latest.value


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"name": "a", "indicators": {"services_share_of_gpd": {"growth": 1.0}}}, "services_share_of_gdp"),
        ({"name": "a", "indicators": {"services_share_of_gdp": {"grwoth": 1.0}}}, "growth"),
        ({"name": "a", "indicators": {"services_share_of_gdp": {"match": "chinaa"}}}, "china"),
        ({"name": "a", "indicators": {"non_fossil_energy_share": {"growth": 1.0}}}, "no comparable figure to start"),
    ],
)
def test_scenarios_that_cannot_be(content: dict[str, Any], message: str) -> None:
    with pytest.raises((UsageError, InputError), match=message):
        results_of(Question(scenario=content), read_store())


def test_domain_rule_leaves_out_what_it_cannot_serve() -> None:
    content = {"name": "all", "domains": {"livelihood": {"reach": True}}}
    summary = results_of(Question(scenario=content), read_store()).summary.set_index("indicator")
    assert summary.loc["life_expectancy", "projected_value"] == pytest.approx(77.34)
    assert pd.isna(summary.loc["gini_coefficient", "projected_kind"])


def test_review_compares_only_later_years() -> None:
    review = review_of(Question(), read_store())
    assert review.origin == 2016 and set(review.rows["region"]) == {"china", "guangdong", "yunfu"}
    assert review.rows["year"].min() == 2017 and review.rows["year"].max() == 2023


def test_history_has_every_line_in_every_year() -> None:
    history = history_of(NATIONAL, read_store())
    years = Counter(one.as_of for one in history if one.rulebook == "house" and one.goal == "target")
    assert set(years.values()) == {31 + 2} and max(years) == 2016


def test_prices_take_the_index_of_the_nearest_region_that_has_one() -> None:
    prices = prices_of(Question(), read_store())
    rows = prices.illustration.set_index("indicator")
    assert rows["index_region"].to_dict() == {"income_per_capita": "china"}
    (row,) = prices.converted.to_dict("records")
    # the plan's 31502 yuan are at prices of 2016; Yunfu's own deflator (2010 = 100) is 102.6826: 30679 in those of 2010
    assert (row["indicator"], row["value"], row["index_region"], row["index"]) == (
        "gdp_per_capita", 31502, "yunfu", pytest.approx(102.6826),
    )  # fmt: skip
    assert row["converted"] == pytest.approx(30679, abs=0.5)
    # income by consumer prices: 16517.6 / (23821 / 20322) = 14091.4, not 14269 by the deflator of output
    row = rows.loc["income_per_capita"]
    assert row["index_kind"] == "cpi_derived" and row["converted"] == pytest.approx(14091.4, abs=0.1)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_the_benches_calls_pictures_as_the_screen_does(root: Path, lang: str) -> None:
    """Those of counties have no table of their own."""
    said = (root / "docs" / lang / "benches.md").read_text(encoding="utf-8").casefold()
    labels = {key: name for key, name in read_labels()[lang].items() if re.fullmatch("picture_[a-z]+", key)}
    unsaid = {key for key, name in labels.items() if f"| {name.casefold()} |" not in said}
    assert len(labels) > 10 and unsaid == {"picture_rules", "picture_tiles"}

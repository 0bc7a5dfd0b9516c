"""Weights from a file in place of a scheme's own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from xk.arithmetic.index import effective_weights, weight_tree
from xk.bench import Question, results_of
from xk.errors import InputError
from xk.pipeline.localising import weigh_scheme
from xk.readers import read_scheme, read_store, read_weights
from xk.running.cli import main
from xk.running.runs import list_runs

SCHEME = read_scheme("national-2013")
NAMES = list(SCHEME.indicators["indicator"])
YUNFU = read_scheme("yunfu-2020").indicators
OTHER = dict.fromkeys(YUNFU.loc[YUNFU["parent"].isna(), "indicator"], 1.0) | {"services_share_of_gdp": 9.0}


def written(folder: Path, rows: dict[str, object]) -> Path:
    path = folder / "weights.csv"
    lines = ["indicator,weight", *(f"{name},{weight}" for name, weight in rows.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_weights_of_a_file_take_the_place_of_the_schemes(tmp_path: Path) -> None:
    others = SCHEME.indicators.drop_duplicates("domain")["indicator"][1:]
    rows = dict.fromkeys(NAMES, 0) | dict.fromkeys(others, 1) | {NAMES[0]: 1, NAMES[1]: 3}
    weighed = weigh_scheme(SCHEME, read_weights(written(tmp_path, rows), scheme=SCHEME))
    found = effective_weights(weight_tree(weighed.indicators[weighed.indicators["weight"] > 0], weighting="given"))
    whole = 4 + len(others)
    assert found.to_dict() == {NAMES[0]: 1 / whole, NAMES[1]: 3 / whole} | dict.fromkeys(others, 1 / whole)
    assert weighed.weights == "chosen"
    assert SCHEME.indicators["weight"].sum() == 81


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    rows = dict.fromkeys(NAMES[2:], 1) | {NAMES[0]: -1, "gdp_per_kapita": 1}
    path = written(tmp_path, rows)
    path.write_text(path.read_text(encoding="utf-8") + f"\n{NAMES[2]},2", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_weights(path, scheme=SCHEME)
    said = str(caught.value)
    assert f"weights.csv:{len(NAMES)}: column 'weight': weight of '{NAMES[0]}' is -1.0" in said
    assert "unknown indicator 'gdp_per_kapita'; did you mean 'gdp_per_capita'?" in said
    assert f"{NAMES[1]} has no weight" in said
    assert f"{NAMES[2]} stands in line 2 already" in said


def test_what_weighs_nothing_is_told_with_its_file_and_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_weights(written(tmp_path, dict.fromkeys(NAMES, 0)), scheme=SCHEME)
    assert [(fault.file, fault.message) for fault in caught.value.faults] == [
        (str(tmp_path / "weights.csv"), f"all indicators of {domain} weigh 0") for domain in SCHEME.domain_names()
    ]


def test_a_weight_that_is_no_number_hides_no_other_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_weights(written(tmp_path, dict.fromkeys(NAMES, 1) | {NAMES[0]: "x", NAMES[1]: -1}), scheme=SCHEME)
    assert [fault.row for fault in caught.value.faults] == [2, 3]
    assert "'x' is not a number" in str(caught.value) and "is -1.0" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": 1.0}, "unknown indicator 'x'"),
        ({"services_share_of_gdp": "9"}, "is '9'; give a number of 0 or more"),
        ({"services_share_of_gdp": float("nan")}, "is nan"),
        ({"services_share_of_gdp": 1e308}, "is 1e.308; give a number of 0 or more, at most 1e.12"),
    ],
)
def test_weights_of_a_notebook_are_checked_too(changes: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        results_of(Question(weights=OTHER | changes), read_store())
    with pytest.raises(InputError, match="has no weight"):
        results_of(Question(weights=changes), read_store())


def test_index_moves_to_the_weight_and_the_scheme_stays() -> None:
    store = read_store()
    own, other = (results_of(Question(weights=weights), store) for weights in (None, OTHER))
    value = [one.index.set_index(["level", "basis"])["value"] for one in (own, other)]
    # 68.75 of 100 in an indicator that weighs as much as nine others of its domain
    assert value[0]["economy", "latest"] != value[1]["economy", "latest"]
    assert value[0]["culture", "latest"] == pytest.approx(value[1]["culture", "latest"])
    pd.testing.assert_frame_equal(*(one.summary.drop(columns="weight") for one in (own, other)))
    assert store.scheme("yunfu-2020").weights == "equal" and own.index_without != other.index_without


def test_score_says_the_index_by_weights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["score", "--scheme", "yunfu-2020", "--region", "yunfu", "-o", str(tmp_path / "scores.csv")]
    assert main(command) == 0 and capsys.readouterr().out == ""
    rows = (tmp_path / "scores.csv").read_bytes()
    assert main([*command, "--weights", str(written(tmp_path, OTHER))]) == 0
    index = results_of(Question(weights=OTHER), read_store()).index.query("level == 'total' and basis == 'latest'")
    assert capsys.readouterr().out.startswith(f"index: {index['value'].iloc[0]:.1f} %, 5 of 5 domains, figures for ")
    assert (tmp_path / "scores.csv").read_bytes() == rows


def test_report_under_other_weights_has_another_index_and_says_so(
    tmp_path: Path, plan_run: Callable[[str], Path]
) -> None:
    out, made = tmp_path / "out", plan_run("en").resolve()
    shutil.copytree(made, out / made.name)
    command = ["report", "--domain", "economy", "--lang", "en", "--out", str(out)]
    assert main([*command, "--weights", str(written(tmp_path, OTHER))]) == 0
    plain, weighed = (out / run.name for run in reversed(list_runs(out)))
    index = [pd.read_csv(run / "data" / "index.csv")["value"] for run in (plain, weighed)]
    assert not index[0].equals(index[1])
    asked = [json.loads((run / "manifest.json").read_text(encoding="utf-8"))["parameters"] for run in (plain, weighed)]
    assert [one["weights"] for one in asked] == [None, OTHER]
    said = "<dt>Weights</dt><dd>Chosen in place of the programme"
    pages = ["".join((run / "economy.html").read_text(encoding="utf-8").split("\n")) for run in (plain, weighed)]
    assert [said in page for page in pages] == [False, True]
    runs = (out / "index.html").read_text(encoding="utf-8")
    assert "the programme&#39;s (1)" in runs and "chosen in place of the programme&#39;s (1)" in runs
    assert main(["verify", str(weighed), "--again"]) == 0

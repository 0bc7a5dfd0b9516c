"""Scenarios kept by name: saved, listed, read, deleted; what is refused; the same numbers on the command line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from xk.bench import Question, results_of
from xk.contracts.scenario_rules import RULES
from xk.errors import InputError, UsageError
from xk.readers import (
    Store,
    delete_scenario,
    find_scenario,
    kept_scenario,
    list_scenarios,
    read_store,
    scenario_text,
    write_scenario,
)
from xk.readers import scenarios as scenario_files
from xk.running.cli import main

PUSH: dict[str, Any] = {
    "name": "push",
    "title_zh": "提速",
    "title_en": "Push",
    "domains": {"economy": {"accelerate": {"factor": 1.5, "from": 2017}}},
    "indicators": {"services_share_of_gdp": {"change": 3.35}, "urban_population_share": {"reach": True}},
}


@pytest.fixture
def store() -> Store:
    return read_store()


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a user's own scenarios in a folder of the test."""
    monkeypatch.setattr(scenario_files, "OWN", tmp_path / "own")
    return tmp_path / "own"


def save(store: Store, **changes: Any) -> Path:
    return write_scenario(PUSH | changes, store, store.scheme("yunfu-2020"))


def test_what_is_saved_is_read_again(store: Store, own: Path) -> None:
    path = save(store)
    assert path == own / "push.toml"
    assert tomllib.loads(path.read_text(encoding="utf-8")) == PUSH
    assert kept_scenario("push", store, store.scheme("yunfu-2020")) == PUSH
    assert set(list_scenarios(store.root)) == {"faster_push", "push", "slower_progress"}
    assert [part.name for part in path.parent.iterdir()] == ["push.toml"]  # whole, and nothing beside it


def test_other_names_become_slugs(store: Store) -> None:
    rules = {"3": {"match": "中国"}, "服务业增加值占GDP比重": {"level": {"2018": 45, "2020": 55.5}}}
    content = tomllib.loads(save(store, indicators=rules, domains={}).read_text(encoding="utf-8"))
    assert content["indicators"] == {
        "urban_population_share": {"match": "china"}, "services_share_of_gdp": {"level": {"2018": 45, "2020": 55.5}}
    }  # fmt: skip
    assert "domains" not in content


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_written_as_toml(rule: str) -> None:
    argument = {
        "growth": 5.0, "change": -0.1, "level": {"2018": 52.5}, "accelerate": {"factor": 1.5, "from": 2018}, "delay": 1,
        "halt": True, "reach": True, "match": "china",
    }[rule]  # fmt: skip
    content = {"name": "x", "title_zh": '“引号”"\\\n\x7f', "title_en": "x", "indicators": {"a": {rule: argument}}}
    assert tomllib.loads(scenario_text(content)) == content


def test_all_faults_are_told_at_once(store: Store, own: Path) -> None:
    rules = {
        "services_share_of_gpd": {"change": 3},
        "urban_population_share": {"grwoth": 3},
        "2": {"level": {"2020": 160}},
    }
    with pytest.raises(InputError) as caught:
        save(store, name="Push me", title_en="", indicators=rules, colour="red")
    said = str(caught.value)
    for part in (
        "'Push me' is no name",
        "title_en",
        "services_share_of_gpd",
        "'grwoth'",
        "growth",
        "160 in 2020",
        "colour",
    ):
        assert part in said, part
    assert not own.exists()


@pytest.mark.parametrize("name", ["../push", "a/b", "/etc/passwd", "..", "", "reference", "con.toml", "推", "x" * 61])
def test_a_name_is_no_path(store: Store, name: str) -> None:
    with pytest.raises(InputError, match="name"):
        save(store, name=name)
    with pytest.raises(UsageError, match="there is no scenario named"):
        delete_scenario(name, store.root)
    with pytest.raises(UsageError, match="there is no scenario named"):
        kept_scenario(name, store, store.scheme("yunfu-2020"))


def test_what_comes_with_the_project_stays(store: Store) -> None:
    with pytest.raises(InputError, match="'faster_push' is a scenario that comes with the project; give yours another"):
        save(store, name="faster_push")
    with pytest.raises(UsageError, match="'faster_push' comes with the project and stays"):
        delete_scenario("faster_push", store.root)


def test_deleting_says_what_is_gone(store: Store) -> None:
    path = save(store)
    assert delete_scenario("push", store.root) == (path, PUSH)
    assert not path.exists()
    with pytest.raises(UsageError, match="there is no scenario named 'push'; did you mean 'faster_push'"):
        delete_scenario("push", store.root)


def test_a_file_goes_before_a_name(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = save(store)
    monkeypatch.chdir(tmp_path)
    assert find_scenario("push", store.root) == kept
    assert find_scenario("slower_progress", store.root).name == "slower_progress.toml"
    Path("push").write_text("", encoding="utf-8")
    assert find_scenario("push", store.root) == Path("push")
    assert find_scenario("nowhere/push.toml", store.root) == Path(
        "nowhere/push.toml"
    )  # its reader says that it is not there
    with pytest.raises(
        UsageError, match="neither a file nor a scenario named 'fastr_push'; did you mean 'faster_push'"
    ):
        find_scenario("fastr_push", store.root)


def test_the_command_line_gives_the_same_numbers_to_the_digit(store: Store, tmp_path: Path) -> None:
    save(store)
    out = tmp_path / "out.csv"
    asked = ["--scheme", "yunfu-2020", "--region", "yunfu"]
    assert main(["score", *asked, "--scenario", "push", "-o", str(out)]) == 0
    written = pd.read_csv(out).set_index("indicator")
    lines = results_of(Question(scenario=PUSH), store).lines
    for name in ("services_share_of_gdp", "urban_population_share", "gdp_per_capita"):
        assert written.at[name, "projected_value"] == lines[name].outlook.value, name
        assert written.at[name, "status"] == lines[name].status
    assert main(["score", *asked, "--scenario", "pussh", "-o", str(out)]) == 2


TITLES = 'name = "{}"\ntitle_zh = "甲"\ntitle_en = "A"\n'


@pytest.mark.parametrize("command", ["score", "report"])
def test_what_a_region_lacks_for_a_scenario_is_told_with_its_file(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "s.toml", tmp_path / "out"
    rules = "[indicators.gini_coefficient]\nreach = true\n[indicators.non_fossil_energy_share]\ngrowth = 1.0\n"
    path.write_text(TITLES.format("s") + rules, encoding="utf-8")
    more = {"score": ["--region", "yunfu", "-o", f"{out}.csv"], "report": ["--out", str(out), "--domain", "economy"]}
    assert main([command, "--scheme", "yunfu-2020", "--scenario", str(path), *more[command]]) == 1
    said = capsys.readouterr().err
    for name in ("gini_coefficient", "non_fossil_energy_share"):
        assert f"{path}: column '{name}': has no comparable figure to start from; leave the rule out" in said


def test_faults_of_all_files_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [tmp_path / f"{name}.toml" for name in ("a", "b")]
    for path, rule in zip(paths, ("raech", "growht"), strict=True):
        path.write_text(TITLES.format(path.stem) + f"[indicators.gini_coefficient]\n{rule} = true\n", encoding="utf-8")
    given = [*map(str, paths), str(tmp_path / "none.toml"), "nope"]
    assert main(["report", "--out", str(tmp_path / "out"), "--scenario", *given]) == 1
    said = capsys.readouterr().err
    for told in ("'raech'", "'growht'", "none.toml: there is no such file", "a scenario named 'nope'"):
        assert told in said
    weights = ["--weights", str(tmp_path / "w.csv"), "--region", "yunfu", "-o", str(tmp_path / "o.csv")]
    assert main(["score", "--scheme", "yunfu-2020", "--scenario", str(paths[0]), *weights]) == 1
    said = capsys.readouterr().err
    assert "'raech'" in said and "w.csv: there is no such file" in said


def test_a_rule_that_begins_where_the_paths_end_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.toml"
    rules = "[domains.economy]\naccelerate = { factor = 2, from = 2099 }\n"
    path.write_text(TITLES.format("s") + rules, encoding="utf-8")
    asked = ["--scheme", "yunfu-2020", "--region", "yunfu", "--scenario", str(path), "-o", str(tmp_path / "o.csv")]
    assert main(["score", *asked]) == 1
    assert "'economy': accelerate: from 2099 on changes nothing up to 2030; give a year" in capsys.readouterr().err

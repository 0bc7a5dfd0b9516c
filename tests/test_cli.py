"""The commands as a user types them: what they write, what they say, how they end."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from xk.running.cli import main

PROJECT_COLUMNS = ["region", "indicator", "year", "value", "lo80", "hi80", "lo95", "hi95", "method", "kind"]
SCORE_COLUMNS = [
    "no", "indicator", "name", "unit", "year", "value", "score", "attainment", "planned_value", "status", "reason",
    "probability", "projected_value",
]  # fmt: skip


@pytest.fixture
def copy(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the data to work in, as the working folder."""
    shutil.copytree(root / "data" / "raw", tmp_path / "data" / "raw")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def at_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


def points(folder: Path, text: str) -> str:
    path = folder / "in.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_check_of_good_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "no faults" in capsys.readouterr().out
    assert main(["check", "--scheme", "national-2013"]) == 0


def test_check_lists_every_fault(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = copy / "data" / "raw" / "schemes" / "yunfu-2020" / "indicators.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    assert ",positive," in lines[1] and ",2016," in lines[2]
    lines[1] = lines[1].replace(",positive,", ",upwards,", 1)
    lines[2] = lines[2].replace(",2016,", ",last year,", 1)
    table.write_text("".join(lines), encoding="utf-8")
    assert main(["check"]) == 1
    said = capsys.readouterr().err
    assert "yunfu-2020/indicators.csv:2: column 'direction': unknown word 'upwards'" in said
    assert "yunfu-2020/indicators.csv:3: column 'baseline_year': 'last year' is not a number" in said
    assert main(["check", "--scheme", "national-2013"]) == 0


def test_unknown_scheme_tells_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--scheme", "yunfu-2002"]) == 2
    assert "did you mean 'yunfu-2020'" in capsys.readouterr().err


def test_build_writes_all_tables_anew(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = copy / "data" / "processed" / "left_over.csv"
    old.parent.mkdir()
    old.write_text("x")
    assert main(["build"]) == 0
    written = sorted(path.name for path in (copy / "data" / "processed").iterdir())
    assert written == ["index.csv", "indicators.csv", "observations.csv", "results.csv", "summary.csv"]
    results = pd.read_csv(copy / "data" / "processed" / "results.csv")
    assert {"scheme", "scenario", "region", "indicator", "year", "value", "kind"} <= set(results)
    assert set(results["scheme"]) == {"yunfu-2020", "national-2013"}
    assert "data/processed/results.csv" in capsys.readouterr().out


def test_build_with_faults_leaves_what_was_there(copy: Path) -> None:
    old = copy / "data" / "processed" / "results.csv"
    old.parent.mkdir()
    old.write_text("old")
    (copy / "data" / "raw" / "regions.csv").write_text("nothing\n", encoding="utf-8")
    assert main(["build"]) == 1
    assert old.read_text() == "old"


def test_project_keeps_the_rows_and_adds_the_years(tmp_path: Path) -> None:
    text = "region,indicator,year,value\nchina,a,2014,1\nchina,a,2015,2\nchina,a,2016,3\nchina,b,2016,5\n"
    out = tmp_path / "out.csv"
    assert main(["project", points(tmp_path, text), "--to", "2018", "--method", "drift", "-o", str(out)]) == 0
    made = pd.read_csv(out)
    assert list(made) == PROJECT_COLUMNS
    assert made.loc[made["kind"] == "observed", "value"].tolist() == [1, 2, 3, 5]
    ahead = made[made["kind"] == "projected"].set_index(["indicator", "year"])
    # drift from 1 to 3 in two years: 1 a year
    assert ahead.loc[("a", 2018), "value"] == 5
    assert ahead.loc[("a", 2018), "lo95"] < ahead.loc[("a", 2018), "lo80"] < 5 < ahead.loc[("a", 2018), "hi80"]
    assert ahead.loc["b", "value"].isna().all() and set(ahead.loc["b", "method"]) == {"none"}


def test_project_takes_and_gives_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame({"region": "r", "indicator": "i", "year": [2014, 2015, 2016], "value": [1.0, 2.0, 3.0]})
    frame.to_parquet(tmp_path / "in.parquet")
    out = tmp_path / "out.parquet"
    assert main(["project", str(tmp_path / "in.parquet"), "--to", "2017", "--levels", "50", "-o", str(out)]) == 0
    assert {"lo50", "hi50"} <= set(pd.read_parquet(out)) and len(pd.read_parquet(out)) == 4


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        (
            "region,indicator,unit,2014,2015,2016\nYunfu,x,元,90,100,104\nLuoding,x,万元,0.009,0.01,0.0104\n",
            [90, 100, 104] * 2,
            "units converted: x 万元 to 元 (x 10000)",
        ),
        (
            "region,indicator,unit,year,value\na,x,元,2014,90\na,x,元,2015,100\na,x,万元,2016,0.0104\n",
            [90, 100, 104],
            "units converted: x 万元 to 元 (x 10000)",
        ),
        ("region,indicator,year,value\na,x,2015,66%\na,x,2016,670‰\n", [66, 67], "units converted: x ‰ to % (x 0.1)"),
        (
            "region,indicator,unit,year,value\na,x,吨,2016,1\nb,x,元,2016,2\nb,x,万元,2015,3\n",
            [1, 2, 30000],
            "units converted: x 万元 to 元 (x 10000)",
        ),
        (
            "云浮市主要指标\n指标,单位,2015,2016\n森林覆盖率,%,68,69\n",
            [68, 69],
            "the region yunfu was taken from the title",
        ),
    ],
)
def test_project_reads_units_and_regions_as_read_does(
    text: str, values: list[float], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert main(["project", points(tmp_path, text), "--to", "2017", "--method", "drift", "-o", str(out)]) == 0
    assert said in capsys.readouterr().out
    made = pd.read_csv(out)
    assert sorted(made.loc[made["kind"] == "observed", "value"]) == sorted(values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "region,indicator,unit,year,value\na,x,元,2014,90\na,x,吨,2015,1\na,x,吨,2016,2\n",
            "in.csv: rows 3-4: the unit '吨' of x is not '元', that of its first row, nor converts to it",
        ),
        ("region,indicator,year,value\na,x,2015,66\na,x,2016,670‰\n", "in.csv:3: the unit '‰' of x is not ''"),
        ("指标,单位,2015年,2016年\nx,元,1,2\n", "in.csv: no line says of which region the figures are"),
    ],
)
def test_project_refuses_other_units_and_no_region(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert main(["project", points(tmp_path, text), "--to", "2017", "-o", str(out)]) == 1
    said = capsys.readouterr().err
    assert message in said and "'region'" not in said and not out.exists()


@pytest.mark.parametrize(
    ("text", "arguments", "status", "message"),
    [
        (
            "region,indicator,year,value\na,b,2016,abc\na,b,2016.5,1\n",
            [],
            1,
            "in.csv:2: column 'D': 'abc' is no figure",
        ),
        ("region,indicator,yaer,value\na,b,2016,1\n", [], 1, "did you mean 'year'?"),
        ("", [], 1, "in.csv: is empty"),
        ("region,indicator,year,value\na,b,2015,1\na,b,2015,2\n", [], 1, "2015"),
        ("region,indicator,year,value\na,b,2015,1\na,b,2016,2\n", ["--to", "2015"], 1, "2015"),
        ("region,indicator,year,value\na,b,2015,1\n", ["--method", "thetta"], 2, "did you mean 'theta'"),
        ("region,indicator,year,value\na,b,2015,1\n", ["--levels", "80,100"], 2, "level 100.0 is not a number between"),
    ],
)
def test_project_refuses_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, arguments: list[str], status: int, message: str
) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")
    command = ["project", points(tmp_path, text), "--to", "2020", "-o", str(out), *arguments]
    assert main(command) == status
    assert message in capsys.readouterr().err
    assert out.read_text() == "old" and sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_missing_input_and_missing_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["project", str(tmp_path / "no.csv"), "--to", "2020", "-o", str(tmp_path / "out.csv")]) == 1
    assert "there is no such file" in capsys.readouterr().err
    text = "region,indicator,year,value\na,b,2015,1\na,b,2016,2\n"
    command = ["project", points(tmp_path, text), "--to", "2020", "-o", str(tmp_path / "no" / "out.csv")]
    assert main(command) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_score_of_the_plan(tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    assert main(["score", "--scheme", "yunfu-2020", "--region", "yunfu", "-o", str(out)]) == 0
    scores = pd.read_csv(out, dtype={"no": str})
    assert list(scores) == SCORE_COLUMNS
    rows = scores.set_index("no")
    # 38.46 of 56, as the yearbook prints what the plan rounds to 38.5; 4 % at most and 2.49 seen
    assert len(rows) == 55
    assert rows.loc["2", "attainment"] == pytest.approx(3846 / 56) and rows.loc["2", "year"] == 2016
    assert rows.loc["20", "attainment"] == 100 and rows.loc["20", "score"] == pytest.approx(400 / 2.49)
    assert list(rows.loc["20", ["name", "unit", "status"]]) == ["城镇登记失业率", "%", "met_to_hold"]
    assert rows.loc["20", "reason"] == "2016年数值2.49已达到目标，2017—2020年仍须达到"
    # 30,679 yuan of 58,000, in 2010 prices
    assert rows.loc["1", "status"] == "lagging" and rows.loc["1", "attainment"] == pytest.approx(3067900 / 58000)
    assert rows.loc["19", "status"] == "not_comparable" and pd.isna(rows.loc["19", "attainment"])
    assert rows.loc["21", "status"] == "no_target" and rows.loc["36", "status"] == "no_data"


def test_score_speaks_the_language_that_is_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    asked = ["score", "--scheme", "yunfu-2020", "--region", "yunfu", "--lang", "en", "-o", str(out)]
    assert main(asked) == 0
    scores = pd.read_csv(out, dtype={"no": str})
    assert list(scores) == SCORE_COLUMNS
    row = scores.set_index("no").loc["20"]
    assert row["name"] == "Registered urban unemployment rate"
    assert row["reason"] == "the 2016 figure, 2.49, meets the target; still to be met in 2017–2020"
    assert not scores["reason"].str.contains("[一-鿿]").any()


def test_score_puts_own_figures_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.csv"
    own.write_text("region,indicator,year,value\nyunfu,services_share_of_gdp,2020,56\n", encoding="utf-8")
    out = tmp_path / "scores.csv"
    command = ["score", "--scheme", "yunfu-2020", "--region", "yunfu", "--observations", str(own), "-o", str(out)]
    assert main([*command, "--as-of", "2020"]) == 0
    row = pd.read_csv(out, dtype={"no": str}).set_index("no").loc["2"]
    assert (row["year"], row["value"], row["attainment"], row["status"]) == (2020, 56, 100, "achieved")
    assert capsys.readouterr().out == ""
    # the programme's own year is 2016: one later figure does not move that of all others
    assert main(command) == 0
    row = pd.read_csv(out, dtype={"no": str}).set_index("no").loc["2"]
    assert (row["year"], row["value"]) == (2016, 38.46)
    assert capsys.readouterr().out == "as of 2016: 1 of 1 figures given are later and take no part; see --as-of\n"


@pytest.mark.parametrize(
    ("year", "status", "message"),
    [
        ("1066", 2, "must be a whole year in 1900-2024, a year after the last figure, not 1066"),
        ("2025", 2, "must be a whole year in 1900-2024, a year after the last figure, not 2025"),
        ("2024", 0, ""),
    ],
)
def test_the_last_known_year_lies_near_the_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], year: str, status: int, message: str
) -> None:
    # the last figures are of 2023
    asked = ["score", "--scheme", "yunfu-2020", "--region", "yunfu", "--as-of", year, "-o", str(tmp_path / "x.csv")]
    assert main(asked) == status
    assert message in capsys.readouterr().err


def test_a_figure_of_a_year_to_come_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xk.readers.own_figures.this_year", lambda: 2026)
    own = tmp_path / "own.csv"
    rows = ["2031,36,", "2018,40,2017-12-31", "2026,41,2026-01-31", "2017,39,2017-01-31"]
    own.write_text("region,indicator,year,value,vintage\n" + "\n".join(
        f"yunfu,services_share_of_gdp,{row}" for row in rows
    ), encoding="utf-8")  # fmt: skip
    asked = ["score", "--scheme", "yunfu-2020", "--region", "yunfu", "--observations", str(own)]
    assert main([*asked, "-o", str(tmp_path / "x.csv")]) == 1
    assert [line.partition("own.csv:")[2] for line in capsys.readouterr().err.splitlines()] == [
        "2: D2: 36 is of 2031, which has not come in 2026; mend the year; plans are no figures",
        "3: column 'year': a figure of 2018, which had not come in 2017; mend the year or the vintage",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("region,indicator,year,value\nyunfu,services_share_of_gpd,2017,40\n", "services_share_of_gdp"),
        ("region,indicator,year,value,unit\nyunfu,services_share_of_gdp,2017,40,元\n", "own.csv:2: the unit"),
        ("region,indicator,year,value\nyunfuu,services_share_of_gdp,2017,40\n", "own.csv:2: column 'region'"),
    ],
)
def test_score_refuses_faulty_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    own, out = tmp_path / "own.csv", tmp_path / "scores.csv"
    own.write_text(text, encoding="utf-8")
    command = ["score", "--scheme", "yunfu-2020", "--region", "yunfu", "--observations", str(own), "-o", str(out)]
    assert main(command) == 1
    assert message in capsys.readouterr().err and not out.exists()


VALIDATING = """
import json, pathlib, sys
from contextlib import nullcontext
from xk.running.cli.grammar import GRAMMAR, without_grammar
with without_grammar() if sys.argv[1] == "quick" else nullcontext():
    import jsonschema, nbformat
had = GRAMMAR in sys.modules
import rfc3987_syntax
said = []
for path in sorted(pathlib.Path("notebooks").rglob("*.ipynb")):
    notebook = nbformat.read(path, as_version=4)
    for change in ({}, {"cell_type": "plain"}, {"id": "https://no id"}, {"metadata": 1}):
        found = nbformat.validator.iter_validate({**notebook, "cells": [notebook.cells[0] | change]})
        said.append([str(error) for error in found])
print(json.dumps([had, sorted(jsonschema.FormatChecker.checkers), said]))
"""


def test_notebooks_are_validated_alike_with_and_without_the_grammar(root: Path) -> None:
    """The import that commands leave out for its second; behind that it can be imported as ever."""
    commands = [[sys.executable, "-c", VALIDATING, how] for how in ("quick", "slow")]
    answers = [subprocess.run(command, cwd=root, capture_output=True, text=True, check=True) for command in commands]
    (left_out, few, quick), (had, many, slow) = (json.loads(answer.stdout) for answer in answers)
    if not had:
        pytest.skip("this jsonschema is from before it had a grammar")
    assert not left_out
    assert set(many) - set(few) == {"iri", "iri-reference"}
    assert quick == slow and any(quick) and not all(quick)
    schemas = Path(nbformat.__file__).parent.rglob("*.schema.json")
    assert not any('"format": "' in path.read_text(encoding="utf-8") for path in schemas)


def test_lab_hands_its_arguments_on(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    from xk.running.cli import benches

    called: list[list[str]] = []

    class Done:
        returncode = 0

    def run(command: list[str], **_: object) -> type[Done]:
        called.append(command)
        return Done

    monkeypatch.setattr(benches.subprocess, "run", run)
    assert main(["lab", "--no-browser", "--port", "9000"]) == 0
    assert called[0][-3:] == ["--no-browser", "--port", "9000"]
    assert str(root / "notebooks") in called[0] and "--LabApp.default_url=/lab/tree/start.ipynb" in called[0]
    served = next(option for option in called[0] if "static_custom_path" in option).partition("=")[2]
    folders = ast.literal_eval(served)["static_custom_path"]
    style = (Path(folders[0]) / "custom.css").read_text(encoding="utf-8")
    (font,) = re.findall(r'url\("(.+?)"\)', style)
    assert (Path(folders[1]) / font).is_file()


@pytest.mark.parametrize(
    "arguments", [[], ["reprot"], ["check", "--no-such-option"], ["score"], ["project", "a.csv", "-o", "b.csv"]]
)
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--region", "yunfuu"], "did you mean 'yunfu'"),
        (["--domain", "economics"], "did you mean 'economy'"),
        (["--domain", "culture", "culture"], "domain 'culture' is given twice; name it once"),
        (["--method", "linaer"], "did you mean 'linear'"),
        (["--lang", "fr"], "unknown language 'fr'"),
        (["--to", "2010"], "is before the last known year"),
        (["--region", "../../x"], "unknown region"),
    ],
)
def test_report_refuses_before_it_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["report", "--out", str(tmp_path / "out"), *arguments]) == 2
    assert message in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_a_report_that_is_refused_is_on_record_where_there_is_a_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["report", "--out", str(tmp_path), "--region", "yunfuu"]
    assert main(command) == 2 and not list(tmp_path.iterdir())
    log = tmp_path / "log.jsonl"
    log.touch()
    assert main(command) == 2
    (told,) = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    assert (told["event"], told["run"]) == ("failed", "") and told["error"] in capsys.readouterr().err


def test_figures_of_another_region_alone_are_refused(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    own, out = tmp_path / "own.csv", tmp_path / "out.csv"
    own.write_text("region,indicator,year,value\nluoding,doctors_per_1000,2018,2\n", encoding="utf-8")
    command = ["score", "--scheme", "yunfu-2020", "--region", "yunfu", "--as-of", "2018"]
    assert main([*command, "--observations", str(own), "-o", str(out)]) == 2
    assert "no row of region 'yunfu'; its regions: luoding" in capsys.readouterr().err and not out.exists()


def test_a_report_on_all_domains_is_not_asked_for_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--domain", "circular"]) == 2
    assert "'circular' is of all domains: it comes with every run without --domain" in capsys.readouterr().err

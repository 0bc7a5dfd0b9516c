"""The `latest` of each question: a run moves its own, the plain one is the default report's; `keep` counts by it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from made_up import write_notebook
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from xk.errors import UsageError
from xk.running.cli import main
from xk.running.kernels import FailedReport
from xk.running.runs import Job, Run, list_runs, run_reports
from xk.running.runs.latest import asked_in, is_same, link_name, links_in

USUAL = {"scheme": "yunfu-2020", "regions": ["yunfu"], "domains": [], "method": "auto", "lang": "zh"}
HOME = {"national-2013": ["china"]}
"""First region of a programme: what its plain question is of."""


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({}, "latest"),
        ({"issued": "2018-03-31", "pdf": True, "to": None, "weights": {}}, "latest"),
        ({"lang": "en"}, "latest-lang-en"),
        ({"scheme": "national-2013"}, "latest-scheme-national-2013"),
        ({"regions": ["guangdong"]}, "latest-region-guangdong"),
        ({"regions": ["yunfu", "guangdong"], "lang": "en"}, "latest-lang-en-region-yunfu.guangdong"),
        ({"as_of": 2015, "to": 2022, "method": "drift"}, "latest-as_of-2015-to-2022-method-drift"),
        ({"domains": ["economy"]}, "latest-domain-economy"),
        ({"scenario": {"name": "faster", "indicators": {}}}, "latest-scenario-faster"),
        ({"scenarios": [{"name": "faster"}, {"name": "slower"}]}, "latest-scenario-faster.slower"),
        ({"scenario": {"name": "faster"}, "domains": ["economy"], "regions": ["guangdong"], "as_of": 2018},
         "latest-as_of-2018-region-guangdong-domain-economy-scenario-faster"),
        ({"scenarios": [{"name": "faster"}, {"name": "slower"}], "regions": ["guangdong"]},
         "latest-region-guangdong-scenario-faster.slower"),
        ({"observations": ["own.csv"], "vintage": "2018-03-31"}, "latest-observation-own.csv-vintage-2018-03-31"),
    ],
)  # fmt: skip
def test_a_link_is_called_after_what_is_not_as_usual(asked: dict[str, Any], name: str) -> None:
    """However the parameters are ordered: a manifest has them by name."""
    assert link_name(USUAL | asked, USUAL) == name
    assert link_name(dict(sorted((USUAL | asked).items())), USUAL) == name


@pytest.mark.parametrize(
    "asked",
    [
        {"observations": ["统计局.xlsx"]}, {"observations": ["../own.csv"]}, {"weights": {"gdp": 2.0}},
        {"scenario": {"name": "提速 / ../x"}}, {"regions": [f"county_{n}" for n in range(1000)]},
        {"scheme": "s" * 59, "vintage": "2018-03-31", "method": "m" * 59},
    ],
)  # fmt: skip
def test_a_link_is_a_name_of_a_file_whatever_was_asked(asked: dict[str, Any]) -> None:
    """What has other letters, or too many, is told apart by a checksum."""
    name = link_name(USUAL | asked, USUAL)
    assert name.isascii() and len(name) <= 90 and not set(name) & set("/\\ '\"") and name.startswith("latest-")
    ((parameter, value),) = [*asked.items()][:1]
    other = {**USUAL, **asked, parameter: [*value, "b"] if isinstance(value, list) else {"name": "另一个"}}
    assert link_name(other, USUAL) != name


def test_runs_that_were_asked_the_same() -> None:
    """A scenario that is edited keeps its name, an older version could not be asked for a vintage."""
    faster = {"scenario": {"name": "faster", "domains": {"economy": 1}}}
    assert is_same(USUAL | faster, USUAL | {"scenario": {"name": "faster"}})
    assert is_same(USUAL | {"vintage": None, "as_of": None}, {"scheme": "yunfu-2020", "regions": ["yunfu"]})
    assert not is_same(USUAL, USUAL | {"weights": {"gdp": 2.0}})
    assert asked_in(USUAL) == {"scheme": "yunfu-2020", "method": "auto", "lang": "zh", "regions": "yunfu"}


Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return what makes a run that was asked something, good or not, in the folder of runs."""
    notebook = write_notebook(tmp_path_factory.mktemp("source") / "report.ipynb", "show()")

    def pretend(_: Path, parameters: Mapping[str, Any]) -> NotebookNode:
        if not parameters["year"]:
            raise FailedReport("it failed")
        output = new_output("display_data", {"text/html": '<h2 id="a">年</h2>'})
        return new_notebook(cells=[new_code_cell("show()", id="show", execution_count=1, outputs=[output])])

    def made(name: str, asked: dict[str, Any] | None = None, *, good: bool = True, keep: int = 0) -> Path:
        about = USUAL | (asked or {})
        usual = USUAL | {"regions": HOME.get(about["scheme"], ["yunfu"])}
        run = Run(
            tmp_path, name, "云浮市", lang=about["lang"], about=about, link=link_name(about, usual), kernel="process",
            keep=keep,
        )  # fmt: skip
        run_reports([Job("a", notebook, {"year": int(good)}, "报告")], run, execute=pretend, progress=False)
        return tmp_path

    return made


EN, REGION = {"lang": "en"}, {"regions": ["guangdong"]}
NATIONAL = {"scheme": "national-2013", "regions": ["china"]}


def test_a_run_moves_only_the_latest_of_its_own_question(make: Make) -> None:
    make("r1")
    out = make("r2", REGION)
    assert links_in(out) == {"latest": "r1", "latest-region-guangdong": "r2"}
    make("r3", good=False)
    assert links_in(out) == {"latest": "r1", "latest-region-guangdong": "r2"}
    make("r4")
    make("r5", REGION)
    assert links_in(out) == {"latest": "r4", "latest-region-guangdong": "r5"}
    assert (out / "latest-region-guangdong").readlink() == Path("r5")
    assert json.loads((out / "latest-region-guangdong.json").read_text()) == {"run": "r5"}


def test_the_only_question_of_a_folder_has_the_plain_one_until_the_default_comes(make: Make) -> None:
    make("r1", EN)
    out = make("r2", EN)
    assert links_in(out) == {"latest": "r2", "latest-lang-en": "r2"}
    make("r3", REGION)
    assert links_in(out)["latest"] == "r2", "a second question leaves it"
    make("r4", EN)
    assert links_in(out)["latest"] == "r4"
    make("r5")
    make("r6", EN)
    assert links_in(out) == {"latest": "r5", "latest-lang-en": "r6", "latest-region-guangdong": "r3"}


def test_the_plain_one_leaves_a_run_of_which_nothing_can_be_read(
    make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    make("r1")
    out = make("r2", REGION)
    (out / "r1" / "manifest.json").write_text('{"number": 1', encoding="utf-8")
    assert main(["verify", str(out / "latest")]) == 2
    assert "is damaged: of this run nothing can be told; make it again" in capsys.readouterr().err
    make("r3", REGION)
    assert links_in(out) == {"latest": "r3", "latest-region-guangdong": "r3"}


def test_the_default_report_of_a_programme_comes_before_its_other_questions(make: Make) -> None:
    out = make("r1", NATIONAL | EN)
    make("r2", NATIONAL)
    assert links_in(out)["latest"] == "r2"
    make("r3")
    make("r4", NATIONAL)
    assert links_in(out) == {
        "latest": "r3", "latest-scheme-national-2013": "r4", "latest-scheme-national-2013-lang-en": "r1",
    }  # fmt: skip


def test_runs_of_an_older_version_know_their_question(make: Make) -> None:
    """Its manifest says what was asked, but not under which link; what it was not asked yet is the default."""
    out = make("r1", REGION)
    path = out / "r1" / "manifest.json"
    old = json.loads(path.read_text(encoding="utf-8"))
    del old["latest"], old["said"]
    path.write_text(json.dumps(old), encoding="utf-8")
    (out / "latest-region-guangdong").unlink()
    (out / "latest-region-guangdong.json").unlink()
    make("r2", EN)
    assert links_in(out) == {"latest": "r1", "latest-lang-en": "r2"}
    make("r3", REGION | {"vintage": None}, keep=1)
    assert links_in(out) == {"latest": "r3", "latest-lang-en": "r2", "latest-region-guangdong": "r3"}
    assert [run.name for run in list_runs(out)] == ["r3", "r2"]
    make("r4")
    assert links_in(out)["latest"] == "r4"


def test_keep_counts_per_question(make: Make) -> None:
    for name in ("r1", "r2", "r3"):
        make(name)
        make(f"{name}en", EN, good=name != "r3")
    out = make("r4", keep=2)
    assert [run.name for run in list_runs(out)] == ["r4", "r3en", "r3", "r2en", "r1en"]
    make("r4en", EN, good=False, keep=1)
    assert [run.name for run in list_runs(out)] == ["r4en", "r4", "r3", "r2en"], "r2en is the last good one"


def test_a_link_that_is_none_of_ours_is_told_before_anything_is_run(make: Make, tmp_path: Path) -> None:
    (tmp_path / "latest-lang-en").mkdir()
    with pytest.raises(UsageError, match="'latest-lang-en' in .* is not a link of ours"):
        make("r1", EN)
    assert [path.name for path in tmp_path.iterdir()] == ["latest-lang-en"]


def test_the_index_is_there_in_each_language_that_runs_are_in(make: Make) -> None:
    out = make("r1", EN)
    assert sorted(path.name for path in out.glob("index*")) == ["index-en.html", "index.html"]
    make("r2")
    pages = {path.name: path.read_text(encoding="utf-8") for path in out.glob("index*")}
    assert pages["index.html"] == pages["index-zh.html"] != pages["index-en.html"], "the default report is Chinese"
    assert '<a href="index-en.html">English</a>' in pages["index.html"]
    assert '<a lang="zh-CN" href="index-zh.html">中文</a>' in pages["index-en.html"]
    assert '<a class="xk-note" href="latest-lang-en/index.html">最新一期</a>' in pages["index.html"]
    assert 'href="../index-en.html"' in (out / "r1" / "index.html").read_text(encoding="utf-8")

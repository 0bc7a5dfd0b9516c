"""Without a clone: the wheel carries what a project folder begins with, `xk init` lays it out, `--root` names it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from installed import outside
from made_up import ROOT, fill

from xk.bench import Question
from xk.contracts.declarations import read_contracts
from xk.readers import read_names, read_store
from xk.readers.openers import read_sheets
from xk.running.cli import build_parser, main
from xk.running.runs.latest import link_name

CARRIED = "xk/readers/project/"
TOP = ("data/raw", "notebooks", "docs/zh", "docs/en", "docs/pictures")
MADE = {"api.md", "cli.md", "dictionary.md"}
"""Pages that the build of the site leaves beside the others, which are in no wheel."""


@pytest.fixture
def office(plan_run: Callable[[str], Path]) -> Path:
    """Return the folder of an office that has installed the wheel and made its first reports."""
    return plan_run("zh").parents[2]


def test_the_wheel_carries_the_figures_and_the_notebooks(office: Path) -> None:
    (wheel,) = (office / "clone").glob("xk-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        carried = {name.removeprefix(CARRIED) for name in packed.namelist() if name.startswith(CARRIED)}
    there = {path.relative_to(ROOT) for name in TOP for path in (ROOT / name).rglob("*.*") if path.name not in MADE}
    wanted = {path.as_posix() for path in there if (ROOT / path).is_file() and not any(p[0] == "." for p in path.parts)}
    assert carried == {"README.md", "crontab", *wanted} and len(wanted) > 30


def test_from_a_wheel_to_the_reports(office: Path) -> None:
    python, xk = (office / "venv" / "bin" / name for name in ("python", "xk"))
    assert f"{office}/venv" in outside(python, "-c", "import xk; print(xk.__file__)", cwd=office)
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (office / "demo/reports/latest").glob("*.html")}
    assert {"index", "overview", "economy", "circular", "projection_review"} < set(pages)
    assert "云浮市" in pages["economy"] and not any(str(office) in page for page in pages.values())
    line = (office / "demo" / "crontab").read_text(encoding="utf-8").splitlines()[-1]
    assert line == f"30 6 * * 1  {xk} report --root {office}/demo --keep 12 >/dev/null"
    assert outside(xk, "verify", "latest", "--root", "demo", cwd=office).endswith("-zh: as it was made\n")
    said = outside(xk, "report", cwd=office, status=2)
    assert "no project folder" in said and "xk init DIR" in said and "--root DIR" in said
    (office / "in.csv").write_text("region,indicator,year,value\na,b,2015,1\na,b,2016,2\na,b,2017,3\n")
    outside(xk, "project", "in.csv", "--to", "2018", "--method", "drift", "-o", "out.csv", cwd=office)  # needs none


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out a project, beside a file of an office, from the clone with figures and notebooks at its top."""
    folder = tmp_path_factory.mktemp("laid") / "out 100%"
    folder.mkdir()
    (folder / "统计局.xlsx").write_bytes(b"x")
    assert main(["init", str(folder)]) == 0
    return folder


def tables_and_notebooks(top: Path) -> dict[Path, bytes]:
    """Return what stands below a folder, without the checkpoints of a notebook that somebody opened."""
    paths = [path for path in top.rglob("*.[cti]*") if path.is_file() and ".ipynb_checkpoints" not in path.parts]
    return {path.relative_to(top): path.read_bytes() for path in paths}


def test_a_project_is_whole(project: Path) -> None:
    assert {path.name for path in project.iterdir()} == {
        "README.md", "crontab", "data", "docs", "example.xlsx", "notebooks", "reports", "统计局.xlsx",
    }  # fmt: skip
    assert (project / "统计局.xlsx").read_bytes() == b"x"
    for name in ("data/raw", "notebooks"):
        wanted, found = (tables_and_notebooks(top / name) for top in (ROOT, project))
        assert found == wanted and len(found) > 8
    assert r"--root '" in (line := (project / "crontab").read_text(encoding="utf-8")) and r"out 100\%'" in line
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert "填报" in readme and "a workbook to fill in" in readme
    for page in (project / "README.md", *project.glob("docs/*/*.md")):  # no link leads to what only a clone has
        told = re.findall(r"\]\(([^)\s#:]+)[^):]*\)", page.read_text(encoding="utf-8"))
        assert [one for one in told if not (page.parent / one).exists()] == []


def test_the_data_dictionary_is_laid_out_and_tells_how_a_programme_is_written(project: Path) -> None:
    zh, en = ((project / f"docs/{lang}/dictionary.md").read_text(encoding="utf-8") for lang in ("zh", "en"))
    assert all(f"### {name}\n" in page for name in read_contracts() for page in (zh, en))
    raw = en.split("\n## ")[1].splitlines()  # the published columns follow
    said = {line.split(" | ")[0].strip("| "): line for line in raw if line.startswith("| `")}
    assert "made of its parts, which name it as parent | text | yes | positive, inverse" in said["`direction`"]
    assert said["`lead_offices`"].endswith("| → responsible office, several with ; between |")
    assert "| 数量的含义：at_least 不低于" in zh and "<lang>" in zh


def test_the_line_for_cron_says_of_which_region_it_reports_and_how_another_is_named(project: Path) -> None:
    lines = (project / "crontab").read_text(encoding="utf-8").splitlines()
    told = " ".join(line for line in lines if line.startswith("#"))
    assert "--region" not in lines[-1] and "不加 --region" in told and "Without --region" in told
    region = re.findall(r"--region ([a-z]\w+)", told)[-1]
    (named,) = build_parser().parse_args(["report", "--region", region]).region
    assert read_names(read_store(project)).slug("region", named) == named
    assert link_name(Question(region=named).parameters(), Question(region="yunfu").parameters()) in told.split()


def test_its_example_is_filled_in_and_read_back(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services were 41.2 % in 2017: understood, and 41.2 / 56 = 73.57 % of the target, by the root that is named."""
    shutil.copy(project / "example.xlsx", tmp_path)
    monkeypatch.chdir(tmp_path)
    rows = read_sheets(Path("example.xlsx"))[0].rows
    (row,) = (n for n, one in enumerate(rows, 1) if one[1:5] == ["2", "服务业增加值占GDP比重", "%", 2017.0])
    fill(Path("example.xlsx"), {f"H{row}": 41.2, f"K{row}": "四经普修订"})
    root = ["--root", str(project)]
    assert main(["read", "example.xlsx", *root]) == 0
    assert "1 new figures" in capsys.readouterr().out
    asked = ["--scheme", "yunfu-2020", "--region", "yunfu", "--as-of", "2017", "--observations", "example.xlsx"]
    assert main(["score", *asked, "-o", "out.csv", *root]) == 0
    (scored,) = (line for line in Path("out.csv").read_text(encoding="utf-8").splitlines() if line.startswith("2,"))
    assert scored.split(",")[4:7] == ["2017", "41.2", "73.57142857142857"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["example.xlsx", "out.csv"]


@pytest.mark.parametrize("there", ["data", "README.md"])
def test_what_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str], there: str) -> None:
    (tmp_path / there).mkdir()
    (tmp_path / "统计局.xlsx").touch()
    assert main(["init", str(tmp_path)]) == 2
    assert f"has {there} already, and nothing was written" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([there, "统计局.xlsx"])


def test_what_to_do_next_is_said_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "a b")]) == 0
    zh, en = capsys.readouterr().out.splitlines()
    assert "项目文件夹已布置好" in zh and "a project folder; see its README.md" in en
    assert all(f"cd '{tmp_path / 'a b'}' && xk report" in one for one in (zh, en))


def test_the_workbook_to_fill_in_is_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path / "demo"), "--lang", "en"]) == 0
    rows = read_sheets(tmp_path / "demo" / "example.xlsx")[0].rows
    assert rows[1][:4] == ["region", "no.", "name", "unit"] and rows[2][0] == "Yunfu"


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "demo").touch()
    assert main(["init", str(tmp_path / "demo")]) == 2
    assert "is no folder; name a new one" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "build", "runs", "report", "lab"])
def test_a_root_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    """The clone that the tests run in does not stand in for a folder that was named."""
    status = main([command, "--root", str(tmp_path)])
    if command == "runs":
        assert status == 0
    else:
        assert status == 2 and f"{tmp_path}: no project folder" in capsys.readouterr().err
    assert "XK_ROOT" not in os.environ and list(tmp_path.iterdir()) == []


def test_the_library_is_found_beside_a_clone_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "xk").symlink_to(ROOT)
    code = "import xk; from xk.vocab import text; print(xk.__file__, xk.attainment([38.5], target=56)[0], text('dash'))"
    assert outside(sys.executable, "-c", code, cwd=tmp_path).split()[:2] == [f"{tmp_path}/xk/xk/__init__.py", "68.75"]
    assert "COMMAND" in outside(sys.executable, "-m", "xk", "--help", cwd=tmp_path)

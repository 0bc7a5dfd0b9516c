"""Without a clone: the wheel carries what a project folder begins with, `xk init` lays it out, `--root` names it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from made_up import ROOT, fill

from xk.readers import read_store
from xk.readers.openers import read_sheets
from xk.running.cli import main

CARRIED = "xk/readers/project/"
PLAIN = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "XK_ROOT")}


def run(*command: str | Path, cwd: Path, status: int = 0) -> str:
    """Run a command outside of the clone and return what it says."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=PLAIN, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, as building writes beside what it builds."""
    clone, out = (tmp_path_factory.mktemp(name) for name in ("clone", "wheel"))
    for name in ("xk", "data/raw", "notebooks"):
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, clone)
    (clone / "notebooks" / ".ipynb_checkpoints").mkdir()
    run(sys.executable, "-c", f"from setuptools import build_meta; build_meta.build_wheel({str(out)!r})", cwd=clone)
    (built,) = out.glob("xk-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `xk` of an environment with the wheel and the locked packages, far from any clone."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", home / "bin" / "python", "install"]
    run(*pip, "--no-deps", "--no-index", wheel, cwd=home)
    (packages,) = (home / "lib").glob("python*/site-packages")
    locked = [place for place in sys.path if place.endswith("-packages")]  # the line of an editable install is not read
    (home / "share").symlink_to(Path(sys.prefix) / "share")  # where nbconvert keeps its templates
    (packages / "locked.pth").write_text("\n".join(locked), encoding="utf-8")
    return home / "bin" / "xk"


def test_the_wheel_carries_the_figures_and_the_notebooks(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        carried = {name.removeprefix(CARRIED) for name in packed.namelist() if name.startswith(CARRIED)}
    there = {path.relative_to(ROOT) for name in ("data/raw", "notebooks") for path in (ROOT / name).rglob("*.*")}
    wanted = {path.as_posix() for path in there if (ROOT / path).is_file() and not any(p[0] == "." for p in path.parts)}
    assert carried == {"README.md", "crontab", *wanted} and len(wanted) > 30


def test_from_a_wheel_to_a_report(installed: Path, tmp_path: Path) -> None:
    python = installed.with_name("python")
    assert str(installed.parents[1]) in run(python, "-c", "import xk; print(xk.__file__)", cwd=tmp_path)
    said = run(installed, "report", cwd=tmp_path, status=2)
    assert "no project folder" in said and "xk init DIR" in said and "--root DIR" in said
    assert "cd demo && xk report" in run(installed, "init", "demo", cwd=tmp_path)
    made = run(installed, "report", "--domain", "culture", "--jobs", "1", cwd=tmp_path / "demo")
    assert made.startswith("1 of 1 reports: reports/")
    page = (tmp_path / "demo" / "reports" / "latest" / "culture.html").read_text(encoding="utf-8")
    assert "云浮市" in page and str(tmp_path) not in page
    line = (tmp_path / "demo" / "crontab").read_text(encoding="utf-8").splitlines()[-1]
    assert line == f"30 6 * * 1  {installed} report --root {tmp_path}/demo --keep 12 >/dev/null"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out a project from the clone, which has figures and notebooks at its top."""
    folder = tmp_path_factory.mktemp("laid") / "out 100%"
    assert main(["init", str(folder)]) == 0
    return folder


def test_a_project_is_whole(project: Path) -> None:
    assert {path.name for path in project.iterdir()} == {
        "README.md", "crontab", "data", "example.xlsx", "notebooks", "reports",
    }  # fmt: skip
    assert read_store(project).sources.equals(read_store(ROOT).sources)
    assert r"--root '" in (line := (project / "crontab").read_text(encoding="utf-8")) and r"out 100\%'" in line
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert "填报" in readme and "a workbook to fill in" in readme


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


def test_a_folder_with_files_of_an_office_becomes_a_project(tmp_path: Path) -> None:
    (tmp_path / "统计局.xlsx").write_bytes(b"x")
    assert main(["init", str(tmp_path)]) == 0
    assert (tmp_path / "统计局.xlsx").read_bytes() == b"x" and (tmp_path / "data" / "raw" / "schemes").is_dir()


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
    assert run(sys.executable, "-c", code, cwd=tmp_path).split()[:2] == [f"{tmp_path}/xk/xk/__init__.py", "68.75"]
    assert "COMMAND" in run(sys.executable, "-m", "xk", "--help", cwd=tmp_path)

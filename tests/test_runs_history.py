"""Runs that are there: listed by number, verified by checksum, compared, removed when old; commands after a run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from signal import SIGTERM
from typing import Any

import nbformat
import pytest
from made_up import is_gone, wait_until
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from xk.errors import ReportError, UsageError
from xk.running.kernels import FailedReport
from xk.running.runs import Job, Run, compare_runs, list_runs, run_reports, verify_run
from xk.running.runs.latest import run_at
from xk.running.runs.log import Log
from xk.running.runs.manifest import git_revision
from xk.running.runs.publish import clean, left_over


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "report.ipynb"
    cell = new_code_cell("year = 2017  # last year", metadata={"tags": ["parameters"]})
    nbformat.write(new_notebook(cells=[cell]), path)
    return path


def pretend(_: Path, parameters: Mapping[str, Any]) -> NotebookNode:
    """Stand in for the engine: shows the year; year 0 fails."""
    if parameters["year"] == 0:
        raise FailedReport("it failed")
    output = new_output("display_data", {"text/html": f'<h2 id="a">{parameters["year"]} 年</h2>'})
    return new_notebook(cells=[new_code_cell("show()", id="show", execution_count=1, outputs=[output])])


def make(out: Path, notebook: Path, name: str, year: int = 2016, **options: Any) -> Path:
    run = Run(out, name, "云浮市", kernel="process", **options)
    return run_reports([Job("a", notebook, {"year": year}, "报告")], run, execute=pretend, progress=False).folder


def test_runs_are_listed_newest_first(tmp_path: Path, notebook: Path) -> None:
    for name, year in (("b", 2016), ("c", 0), ("a", 2017), ("d", 0)):
        make(tmp_path, notebook, name, year)
    runs = list_runs(tmp_path)
    assert [(run.name, run.number, run.is_good, run.is_latest) for run in runs] == [
        ("d", 4, False, False), ("a", 3, True, True), ("c", 2, False, False), ("b", 1, True, False),
    ]  # fmt: skip
    assert runs[0].manifest["started"][:2] == "20"
    assert list_runs(tmp_path / "nowhere") == []


def test_old_runs_go(tmp_path: Path, notebook: Path) -> None:
    """Of six runs the newest two stay, and the last good one, which `latest` shows."""
    for name, year in (("r1", 2016), ("r2", 2017), ("r3", 0), ("r4", 0), ("r5", 0)):
        make(tmp_path, notebook, name, year)
    make(tmp_path, notebook, "r6", 0, keep=2)
    assert [run.name for run in list_runs(tmp_path)] == ["r6", "r5", "r2"]
    assert run_at(tmp_path) == "r2"
    make(tmp_path, notebook, "r7", 2018, keep=1)
    assert [run.name for run in list_runs(tmp_path)] == ["r7"]
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines[-1] == {
        "at": lines[-1]["at"], "run": "r7", "event": "published", "exit_status": 0, "failed": [],
        "removed": ["r6", "r5", "r2"],
    }  # fmt: skip


def test_what_is_no_run_is_left_alone(tmp_path: Path, notebook: Path) -> None:
    for name in (".hidden", "mine", ".latest", ".r1.part"):
        (tmp_path / name).mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{")
    for name in ("r1", "r2", "r3"):
        make(tmp_path, notebook, name, keep=1)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir() and not path.is_symlink()) == [
        ".hidden", ".latest", ".r1.part", "broken", "mine", "r3",
    ]  # fmt: skip


def test_leftovers_are_cleaned(tmp_path: Path, notebook: Path) -> None:
    (tmp_path / ".r1.abcd1234.part" / "notebooks").mkdir(parents=True)
    (tmp_path / ".latest.r1").symlink_to("r1")
    names = [".index.html.abcd1234.part", ".latest.json.abcd1234.part"]
    for name in (*names, ".mine.html.abcd1234.part"):
        (tmp_path / name).touch()
    make(tmp_path, notebook, "r2")
    first = json.loads((tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert (first["event"], first["run"], first["reports"]) == ("started", "r2", 1)
    assert first["left_over"] == [*names, ".latest.r1", ".r1.abcd1234.part"]
    assert clean(left_over(tmp_path)) == []
    assert (tmp_path / ".mine.html.abcd1234.part").exists()


def test_verify(tmp_path: Path, notebook: Path) -> None:
    folder = make(tmp_path, notebook, "r1")
    assert verify_run(folder) == verify_run(tmp_path / "latest") == []
    (folder / "index.html").write_text("x")
    (folder / "a.html").unlink()
    (folder / "new").touch()
    assert verify_run(folder) == ["a.html is missing", "index.html was changed", "new was added"]
    with pytest.raises(UsageError, match="there is no run with a manifest in"):
        verify_run(tmp_path)


def test_compare(tmp_path: Path, notebook: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("a")
    inputs = {"data/a.csv": source}
    one = make(tmp_path / "x", notebook, "r1", inputs=inputs)
    assert compare_runs(one, make(tmp_path / "y", notebook, "r1", inputs=inputs)) == []
    other = compare_runs(one, make(tmp_path / "z", notebook, "r1", 2018, inputs=inputs))
    assert other == [
        f"{name} differs though nothing that it is made of has" for name in ("a.html", "notebooks/a.ipynb")
    ]
    source.write_text("b")
    changed = compare_runs(one, make(tmp_path / "v", notebook, "r1", 2018, inputs=inputs))
    assert changed == ["the input data/a.csv has changed since", "a.html differs", "notebooks/a.ipynb differs"]


def test_command_after_the_run(tmp_path: Path, notebook: Path) -> None:
    """It gets the manifest's path as one argument, whatever characters are in it, and no shell sees it."""
    script = tmp_path / "tell.py"
    script.write_text("import sys, json\nopen(sys.argv[1], 'w').write(json.load(open(sys.argv[2]))['run'])\n")
    told = tmp_path / "told; rm -rf $HOME"
    command = f"{sys.executable} {script} '{told}'"
    make(tmp_path / "out $(x) dir", notebook, "r1", on_finish=command)
    assert told.read_text() == "r1"
    make(tmp_path / "out $(x) dir", notebook, "r2", 0, on_finish=command)
    assert told.read_text() == "r2", "a failed run is told, too"


@pytest.mark.parametrize("command", ["false", "/nowhere/command", "echo 'unclosed"])
def test_command_that_fails_is_an_error(tmp_path: Path, notebook: Path, command: str) -> None:
    with pytest.raises(ReportError, match="the run stands, but the command after it failed"):
        make(tmp_path, notebook, "r1", on_finish=command)
    assert run_at(tmp_path) == "r1"


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("signal", "status"), [("TERM", 143), ("HUP", 129)])
def test_command_ends_with_the_run(
    tmp_path: Path, notebook: Path, signal: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """With all that it has begun; the run is there, and stderr and the log say so."""
    script, child = tmp_path / "tell.sh", tmp_path / "child"
    script.write_text(f"sleep 1000 &\necho $! > '{child}'\nkill -{signal} $PPID\nwait\n")
    with pytest.raises(SystemExit) as stopped:
        make(tmp_path, notebook, "r1", on_finish=f"sh '{script}'")
    said = "the run 'r1' was published; the command after it was stopped"
    assert (stopped.value.code, run_at(tmp_path)) == (status, "r1")
    assert capsys.readouterr().err == f"{said}\n"
    last = json.loads((tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["event"], last["error"]) == ("finish", said)
    wait_until(lambda: is_gone(int(child.read_text())))


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_command_that_has_just_begun_ends_with_the_run(
    tmp_path: Path, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the signal comes before Python knows of the process."""
    begun: list[int] = []

    def begin(words: list[str], **options: Any) -> subprocess.Popen[bytes]:
        process = began(words, **options)
        if words[0] == "sleep":
            begun.append(process.pid)
            os.kill(os.getpid(), SIGTERM)
        return process

    began = subprocess.Popen
    monkeypatch.setattr("xk.running.runs.afterwards.subprocess.Popen", begin)
    with pytest.raises(SystemExit):
        make(tmp_path, notebook, "r1", on_finish="sleep 1000")
    assert is_gone(*begun)


@pytest.mark.parametrize("problem", [OSError(28, "No space left"), SystemExit(143), KeyboardInterrupt()])
def test_what_fails_behind_publication_says_that_the_run_is_there(
    tmp_path: Path, notebook: Path, problem: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise problem

    monkeypatch.setattr("xk.running.runs.write_index", fail)
    with pytest.raises((ReportError, SystemExit)) as told:
        make(tmp_path, notebook, "r1")
    assert run_at(tmp_path) == "r1"
    if isinstance(problem, OSError):
        assert "the run 'r1' was published, but what tells of it could not be written" in str(told.value)


def test_an_event_stands_behind_a_line_that_was_cut_off(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes(b'{"at": "2026-')
    for _ in range(2):
        Log(tmp_path, "r1").write("started")
    first, *events = (tmp_path / "log.jsonl").read_bytes().splitlines()
    assert first == b'{"at": "2026-' and [json.loads(line)["event"] for line in events] == ["started"] * 2


def test_log_begins_anew_when_it_is_full(tmp_path: Path, notebook: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes(b"x" * 8_000_001)
    make(tmp_path, notebook, "r1")
    assert (tmp_path / "log.1.jsonl").stat().st_size == 8_000_001
    assert len((tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()) == 3


def test_log_lines_are_whole_whatever_is_in_them(tmp_path: Path) -> None:
    Log(tmp_path, "r1").write("failed", error='two\nlines "quoted" 云浮\0')
    (line,) = (tmp_path / "log.jsonl").read_bytes().splitlines()
    assert json.loads(line)["error"] == 'two\nlines "quoted" 云浮\0'


def test_manifest_knows_number_time_and_revision(tmp_path: Path, notebook: Path, root: Path) -> None:
    manifest = json.loads((make(tmp_path, notebook, "r1") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["number"] == 1 and manifest["git"] is None
    assert len(manifest["started"]) == len("2018-01-01T00:00:00Z")
    if (root / ".git").exists():
        assert len((git_revision(root) or "").rstrip("+")) == 40


@pytest.mark.parametrize("wrong", [{"keep": -1}, {"workers": 0}, {"timeout": 0}])
def test_numbers_that_cannot_be(tmp_path: Path, notebook: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="must be [01] or more, not"):
        make(tmp_path / "out", notebook, "r1", **wrong)
    assert not os.path.exists(tmp_path / "out")

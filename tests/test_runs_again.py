"""Runs that are limited in time, tried again, resumed: what failed is made again, what is good is kept to the byte."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from made_up import ENDLESS, HANG, hanging, is_gone, let_time_end, wait_until, write_notebook

from xk.running.kernels.children import CAN_FORK, Child
from xk.running.runs import Job, Run, RunResult, list_runs, run_reports, verify_run
from xk.running.runs.latest import run_at

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="needs processes as Linux has them")

SHOW = "from IPython.display import HTML\nHTML(f'<h2 id=\"a\">{year} 年</h2>')"
TABLES = "data/a.csv"


def tables(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / TABLES).write_text("a\n")
    count(folder.parent, "tables")


def count(place: Path, name: str) -> None:
    with (place.parent / "counted").open("a") as file:
        file.write(f"{name}\n")


def counted(place: Path) -> list[str]:
    path = place / "counted"
    names = path.read_text().split() if path.exists() else []
    path.unlink(missing_ok=True)
    return sorted(names)


def jobs(folder: Path, **codes: str) -> list[Job]:
    """Return reports by name, each of a notebook that tells that it is made, does `code`, and shows its year."""
    told = "_ = open({!r}, 'a').write({!r})"
    cells = {name: (told.format(str(folder / "counted"), f"{name}\n"), code, SHOW) for name, code in codes.items()}
    facts = (("地区", "云浮市"),)
    return [
        Job(name, write_notebook(folder / f"{name}.ipynb", *each), {"year": 2016}, name, facts=facts)
        for name, each in cells.items()
    ]


def make(asked: list[Job], folder: Path, name: str, **options: Any) -> RunResult:
    run = Run(folder / "out", name, "云浮市", **{"kernel": "fork", "workers": 2, "add_files": tables} | options)
    return run_reports(asked, run, progress=False)


def manifest_of(result: RunResult) -> dict[str, Any]:
    return dict(json.loads((result.folder / "manifest.json").read_text(encoding="utf-8")))


def events(folder: Path, event: str) -> list[dict[str, Any]]:
    lines = (folder / "out" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [said for line in lines if (said := json.loads(line))["event"] == event]


@pytest.mark.parametrize("kernel", ["fork", "process"])
def test_a_failed_report_is_tried_again(tmp_path: Path, kernel: str) -> None:
    """One fails the first time, one always; a good one is made once, and nothing of a failed attempt is left."""
    once = f"import os\nos.path.exists({str(tmp_path / 'seen')!r}) or (open({str(tmp_path / 'seen')!r}, 'w'), 1 / 0)"
    asked = jobs(tmp_path, good="1", once=once, never="1 / 0")
    result = make(asked, tmp_path, "r1", retry=2, kernel=kernel)
    assert list(result.failures) == ["never"] and result.exit_status == 3
    assert counted(tmp_path) == ["good", "never", "never", "never", "once", "once", "tables"]
    reports = manifest_of(result)["reports"]
    assert {name: (one["ok"], one["attempts"]) for name, one in reports.items()} == {
        "good": (True, 1), "once": (True, 2), "never": (False, 3),
    }  # fmt: skip
    said = [(one["name"], one["attempts"], bool(one["error"])) for one in events(tmp_path, "report")]
    assert sorted(said) == [
        ("good", 1, False), ("never", 1, True), ("never", 2, True), ("never", 3, True), ("once", 1, True),
        ("once", 2, False),
    ]  # fmt: skip
    assert sorted(path.name for path in (result.folder / "notebooks").iterdir()) == [
        "good.ipynb", "never.failed.ipynb", "once.ipynb",
    ]  # fmt: skip
    assert verify_run(result.folder) == []


def test_a_killed_report_is_tried_again_and_its_page_has_a_title_block(tmp_path: Path) -> None:
    result = make(
        jobs(tmp_path, dies="import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"), tmp_path, "r1", retry=1
    )
    assert "its process was killed by SIGKILL" in result.failures["dies"]
    assert manifest_of(result)["reports"]["dies"]["attempts"] == 2
    page = (result.folder / "dies.html").read_text(encoding="utf-8")
    assert "<dt>地区</dt><dd>云浮市</dd>" in page and "SIGKILL" in page


def test_the_time_of_a_report_is_that_of_all_its_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 1,000 seconds each cell may take what those before it have left."""
    asked: list[float] = []
    receive = Child.receive
    monkeypatch.setattr(
        Child, "receive", lambda child, timeout=None: asked.append(timeout or HANG) or receive(child, timeout)
    )
    from xk.running.kernels import execute

    execute(jobs(tmp_path, a="1")[0].notebook, {}, kernel="fork", timeout=1000)
    assert asked == sorted(asked, reverse=True) and 1000 > asked[0] > asked[-1] > 0


def test_a_report_that_takes_too_long_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    let_time_end(monkeypatch, tmp_path)
    result = make(jobs(tmp_path, good="1", hangs=hanging(tmp_path)), tmp_path, "r1", timeout=30)
    assert list(result.failures) == ["hangs"] and "timed out" in result.failures["hangs"]


@pytest.mark.parametrize("kernel", ["fork", "process"])
def test_the_time_of_the_run(tmp_path: Path, kernel: str) -> None:
    """What is not made when it is up has failed: none is tried again, the others stand, none is left at work."""
    endless = f"import os\n_ = open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n{ENDLESS}"
    asked = jobs(tmp_path, hangs=endless, **{f"waits{n}": ENDLESS for n in range(3)})
    result = make(asked, tmp_path, "r1", run_timeout=4, retry=5, workers=1, kernel=kernel)
    assert len(result.failures) == 4 and result.exit_status == 3
    assert result.failures["waits2"] == "not made: the time for the whole run was up"
    assert {one["attempts"] for one in manifest_of(result)["reports"].values()} == {1}
    assert "<dt>地区</dt>" in (result.folder / "waits2.html").read_text(encoding="utf-8")
    wait_until(lambda: not (pid := tmp_path / "pid").exists() or is_gone(int(pid.read_text() or 0)))
    assert run_at(tmp_path / "out") == ""


def stopped(folder: Path, asked: list[Job], number: int, lines: int, **options: Any) -> None:
    """Begin a run in a process of its own, and stop that when `lines` pieces of work are on record."""
    process = Child(lambda _: os._exit(make(asked, folder, "r1", **options).exit_status))
    wait_until(lambda: [1 for path in (folder / "out").glob(".*made.part") if path.read_text().count("\n") > lines])
    os.kill(process.pid, number)
    process.end(patience=HANG)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_stopped_run_is_resumed(tmp_path: Path, number: int) -> None:
    """Tables and two reports are there when it is stopped: these are kept, the third is made, all as if in one go."""
    until = f"import os, time\nwhile not os.path.exists({str(tmp_path / 'go')!r}): time.sleep(0.01)"
    asked = jobs(tmp_path, a="1", b="1", c=until)
    stopped(tmp_path, asked, number, 3, resume=True)
    (tmp_path / "go").touch()
    assert {"a", "b", "tables"} <= {*counted(tmp_path)}
    (part,) = (path for path in (tmp_path / "out").glob(".r1.*.part") if path.is_dir())
    (part / "a.html").write_text("half")
    (part / "data" / "more.csv").write_text("half")
    result = make(asked, tmp_path, "r2", resume=True)
    assert counted(tmp_path) == ["a", "c"] and result.failures == {}
    assert events(tmp_path, "started")[-1]["taken"] == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        ".lock", "index-zh.html", "index.html", "latest", "latest.json", "log.jsonl", "r2",
    ]  # fmt: skip
    whole = make(asked, tmp_path / "whole", "r2")
    assert manifest_of(result)["outputs"] == manifest_of(whole)["outputs"]


def test_a_run_with_failed_reports_is_resumed(tmp_path: Path) -> None:
    asked = jobs(tmp_path, good="1", once=f"open({str(tmp_path / 'go')!r}) and None")
    assert make(asked, tmp_path, "r1").exit_status == 3
    (tmp_path / "go").touch()
    counted(tmp_path)
    result = make(asked, tmp_path, "r2", resume=True)
    assert result.failures == {} and counted(tmp_path) == ["once"]
    assert verify_run(result.folder) == verify_run(tmp_path / "out" / "r1") == []
    assert make(asked, tmp_path, "r3", resume=True).failures == {}
    assert counted(tmp_path) == ["good", "once", "tables"], "after a good run there is nothing to resume"


def test_what_is_made_of_other_things_is_not_taken_over(tmp_path: Path) -> None:
    """Another input, other parameters, another notebook, or a run without --resume: all is made anew."""
    source = tmp_path / "a.csv"
    source.write_text("a")
    changes: list[Any] = [
        lambda _: source.write_text("b"),
        lambda asked: asked.__setitem__(0, Job("good", asked[0].notebook, {"year": 2017}, "good")),
        lambda _: jobs(tmp_path, good="2"),
    ]
    for number, change in enumerate(changes):
        asked = jobs(tmp_path, good="1", bad="1 / 0")
        make(asked, tmp_path, f"a{number}", inputs={"a.csv": source})
        counted(tmp_path)
        change(asked)
        make(asked, tmp_path, f"b{number}", inputs={"a.csv": source}, resume=True)
        assert counted(tmp_path) == ["bad", "good", "tables"]
    make(asked, tmp_path, "c", inputs={"a.csv": source})
    assert counted(tmp_path) == ["bad", "good", "tables"]


def test_a_record_of_any_shape(tmp_path: Path) -> None:
    """What cannot be read of it, or leads elsewhere, is not taken over; the rest is."""
    asked = jobs(tmp_path, good="1", bad="1 / 0")
    make(asked, tmp_path, "r1")
    (record,) = (tmp_path / "out").glob(".r1.made.part")
    head, *lines = record.read_text().splitlines()
    odd = ["{", "[" * 100_000, "7", '{"name": 1}', '{"name": "x", "outcome": null, "files": {"../r1/good.html": "x"}}']
    record.write_text("\n".join([head, *odd, *lines, lines[0][:20]]))
    counted(tmp_path)
    make(asked, tmp_path, "r2", resume=True)
    assert counted(tmp_path) == ["bad"]
    (tmp_path / "out" / ".r3.made.part").write_bytes(b"\xff\x00")
    make(asked, tmp_path, "r4", resume=True)
    assert [run.name for run in list_runs(tmp_path / "out")] == ["r4", "r2", "r1"]

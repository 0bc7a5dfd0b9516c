"""Faults done for real: whatever dies, fills up or is changed, what `latest` shows is whole and good."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from made_up import ENDLESS, HANG, hanging, is_gone, let_time_end, wait_until, write_notebook

from xk.errors import ReportError, UsageError
from xk.running.kernels.children import CAN_FORK, Child
from xk.running.runs import Job, LockedError, Run, list_runs, run_reports, verify_run
from xk.running.runs.latest import run_at
from xk.running.runs.making import executor, lost_report, make_report

pytestmark = [
    pytest.mark.usefixtures("no_power_cuts"),
    pytest.mark.skipif(not CAN_FORK, reason="needs processes as Linux has them"),
]

KILLS = {
    "run": 40,
    "child": 15,
}  # and some 45 before each change: a hundred; a run that lost a child goes on, so is dear
REPORTS = 2
WHOLE = ["index.html", "manifest.json", "notebooks"] + [f"report{n}.html" for n in range(REPORTS)]


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a notebook that is made in an instant: its pages are, too, once they were made in this process."""
    show = "from IPython.display import HTML\nHTML(f'<h2 id=\"a\">{year} 年</h2>')"
    path = write_notebook(tmp_path_factory.mktemp("light") / "light.ipynb", show)
    out = tmp_path_factory.mktemp("out")
    bad = write_notebook(tmp_path_factory.mktemp("bad") / "light.ipynb", "import os\nos.kill(os.getpid(), 9)")
    run = Run(out, "r", "云浮市", kernel="fork")
    for job in jobs_of(path):
        make_report(job, run, executor(run))
        lost_report(job, run, "its process was killed by SIGKILL")
    make(out, path, "r1234567890")
    make(out, bad, "r12345678901")
    return path


def jobs_of(notebook: Path) -> list[Job]:
    return [Job(f"report{n}", notebook, {"year": 2010 + n}, f"报告{n}") for n in range(REPORTS)]


def make(out: Path, notebook: Path, name: str, **options: Any) -> int:
    run = Run(out, name, "云浮市", workers=2, **{"kernel": "fork", "keep": 4, **options})
    return run_reports(jobs_of(notebook), run, progress=False).exit_status


def start(work: Callable[[], int]) -> Child:
    """Do `work` in a process of its own that ends with its exit status, as the command line does."""

    def end_with_status(_: Any) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with open(os.devnull, "w") as sys.stderr:
            try:
                os._exit(work())
            except KeyboardInterrupt:
                os._exit(130)
            except SystemExit as stop:
                os._exit(stop.code if isinstance(stop.code, int) else 1)

    return Child(end_with_status)


def status_of(process: Child) -> str:
    while process.connection.poll(HANG):
        try:
            process.receive(HANG)
        except EOFError:
            return process.end()
    raise AssertionError("the run does not come to its end")


def check_published(out: Path) -> None:
    """Whatever happened: `latest` leads to a run that is whole and good, and no run counts as good that is not."""
    for run in list_runs(out):
        assert run.manifest, f"{run.name} has no readable manifest"
        assert verify_run(out / run.name) == []
        assert sorted(path.name for path in (out / run.name).iterdir()) == WHOLE
        assert run.is_good == all(report["ok"] for report in run.manifest["reports"].values())
    latest = run_at(out)
    if (out / "latest").is_symlink():
        assert latest, "latest leads nowhere"
    good = {run.name for run in list_runs(out) if run.is_good}
    assert latest in good | {""}
    if (out / "latest.json").exists():
        assert json.loads((out / "latest.json").read_text())["run"] in good


def descendants(pid: int) -> list[int]:
    try:
        children = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return children + [below for child in children for below in descendants(child)]


@pytest.mark.parametrize("victim", ["run", "child"])
def test_killed_at_any_moment(tmp_path: Path, light: Path, victim: str) -> None:
    """kill -9, at moments spread over the whole run, of the run itself or of one of the processes it has."""
    assert make(tmp_path, light, "first") == 0
    began = time.perf_counter()
    assert make(tmp_path, light, "r0") == 0
    whole, dice = time.perf_counter() - began, random.Random(20180101)
    killed = "was killed by SIGKILL" if victim == "run" else "ended with exit status 3"
    endings: list[str] = []
    while endings.count(killed) < KILLS[victim]:
        assert len(endings) < 20 * KILLS[victim], "too few kills hit the run while it worked"
        process = start(partial(make, tmp_path, light, f"r{len(endings) + 1}"))
        time.sleep(dice.uniform(0, whole))
        # nine moments of ten lie within the run, however fast or slow the machine has become since
        whole *= 0.8 if is_gone(process.pid) else 1.02
        target = process.pid if victim == "run" else dice.choice(descendants(process.pid) or [0])
        if target:
            with suppress(ProcessLookupError):  # it may just have come to its end
                os.kill(target, signal.SIGKILL)
        endings.append(status_of(process))
        check_published(tmp_path)
    assert set(endings) <= {killed, "ended with exit status 0"}
    assert make(tmp_path, light, "last") == 0
    assert run_at(tmp_path) == "last"
    assert left_over(tmp_path) == []


def left_over(out: Path) -> list[str]:
    return [path.name for path in out.iterdir() if path.name[0] == "." and path.name != ".lock"]


def kill_before(change: int) -> None:
    """Have this process killed before its change number `change` to any file or folder."""
    changes, own = count(1), os.getpid()
    kinds = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.truncate", "os.chmod"}

    def watch(event: str, args: tuple[Any, ...]) -> None:
        writes = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR)
        told = (writes or event in kinds) and os.getpid() == own and "coverage" not in str(args[0])
        if told and next(changes) == change:
            os.kill(own, signal.SIGKILL)

    sys.addaudithook(watch)


def test_killed_before_each_change(tmp_path: Path, light: Path) -> None:
    """kill -9 of the run before each of the changes that it makes to the folder, one after the other."""

    def make_until(change: int) -> int:
        kill_before(change)
        return make(tmp_path, light, f"r{change}", keep=2)

    for name in ("first", "second"):
        assert make(tmp_path, light, name) == 0
    for change in count(1):
        ending = status_of(start(partial(make_until, change)))
        check_published(tmp_path)
        if ending != "was killed by SIGKILL":
            break
    assert ending == "ended with exit status 0" and change > 45
    assert left_over(tmp_path) == []


def test_no_process_outlives_a_killed_run(tmp_path: Path) -> None:
    slow = write_notebook(tmp_path / "slow.ipynb", ENDLESS)
    process = start(partial(make, tmp_path / "out", slow, "r1"))
    below = wait_until(lambda: len(found := descendants(process.pid)) >= 4 and found)
    os.kill(process.pid, signal.SIGKILL)
    process.end()
    wait_until(lambda: all(is_gone(pid) for pid in below))


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_asked_to_stop(tmp_path: Path, light: Path, number: int, status: int) -> None:
    out = tmp_path / "out"
    make(out, light, "r1")
    process = start(partial(make, out, write_notebook(tmp_path / "slow.ipynb", ENDLESS), "r2"))
    below = wait_until(lambda: len(found := descendants(process.pid)) >= 4 and found)
    os.kill(process.pid, number)
    assert status_of(process) == f"ended with exit status {status}"
    wait_until(lambda: all(is_gone(pid) for pid in below))
    assert sorted(path.name for path in out.iterdir()) == [
        ".lock", "index-zh.html", "index.html", "latest", "latest.json", "log.jsonl", "r1",
    ]  # fmt: skip
    assert run_at(out) == "r1"
    assert json.loads((out / "log.jsonl").read_text().splitlines()[-1])["event"] == "failed"


def test_two_runs_started_together(tmp_path: Path, light: Path) -> None:
    slow = write_notebook(tmp_path / "slow.ipynb", ENDLESS)
    out = tmp_path / "out"
    process = start(partial(make, out, slow, "r1"))
    wait_until(lambda: len(descendants(process.pid)) >= 4)
    with pytest.raises(LockedError, match=rf"another run is writing to .*: process {process.pid}, since 20") as caught:
        make(out, light, "r2")
    assert caught.value.exit_status == 75
    process.end(patience=0)
    assert make(out, light, "r3") == 0


def test_many_runs_started_together(tmp_path: Path, light: Path) -> None:
    def attempt(name: str) -> int:
        try:
            return make(tmp_path, light, name)
        except LockedError as error:
            return error.exit_status

    processes = [start(partial(attempt, f"r{number}")) for number in range(6)]
    endings = [status_of(process) for process in processes]
    assert set(endings) <= {"ended with exit status 0", "ended with exit status 75"}
    check_published(tmp_path)
    assert len(list_runs(tmp_path)) == endings.count("ended with exit status 0") >= 1


def test_lock_is_not_held_by_what_a_notebook_leaves_running(tmp_path: Path, light: Path) -> None:
    code = "import subprocess\n_ = subprocess.Popen(['sleep', '30'], start_new_session=True)"
    jobs = [Job("a", write_notebook(tmp_path / "leaves.ipynb", code), {}, "a")]
    run_reports(jobs, Run(tmp_path / "out", "r1", "x", kernel="fork"), progress=False)
    assert make(tmp_path / "out", light, "r2") == 0


def small_disk(folder: Path, size: str) -> Iterator[Path]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only who may mount can have a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of a few hundred kilobytes."""
    yield from small_disk(tmp_path / "disk", "700k")


def test_disk_full(disk: Path, light: Path) -> None:
    assert make(disk, light, "r0", keep=1) == 0
    failed = 0
    for number in range(1, 12):
        ballast = disk / f"ballast{number}"
        ballast.write_bytes(b"x" * (os.statvfs(disk).f_bavail * 4096 - number * 20_000))
        try:
            assert make(disk, light, f"r{number}", keep=1) == 0
        except ReportError as error:
            failed += 1
            assert "could not be written" in str(error) and "No space left" in str(error)
        check_published(disk)
        ballast.unlink()
    assert 3 < failed < 12
    assert make(disk, light, "last", keep=1) == 0
    assert not [path for path in disk.iterdir() if path.name.endswith(".part")]


def test_disk_that_is_read_only(disk: Path, light: Path) -> None:
    assert make(disk, light, "r0", keep=1) == 0
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with pytest.raises(UsageError, match=r"cannot write to .*: Read-only file system"):
        make(disk, light, "r1")
    with pytest.raises(UsageError, match="cannot write to"):
        make(disk / "new", light, "r1")
    check_published(disk)


@pytest.mark.parametrize("back", [False, True])
def test_input_changed_during_the_run(tmp_path: Path, light: Path, back: bool) -> None:
    """Also when it is as before by the end: reports made meanwhile have read something else."""
    source, out = tmp_path / "observations.csv", tmp_path / "out"
    source.write_text("a")
    assert make(out, light, "r1", inputs={"data/observations.csv": source}) == 0

    def change(_: Path) -> None:
        source.write_text("b")
        if back:
            source.write_text("a")

    with pytest.raises(ReportError, match=r"changed during the run, .*: data/observations\.csv; run it again") as error:
        make(out, light, "r2", inputs={"data/observations.csv": source}, add_files=change)
    assert error.value.exit_status == 3
    assert [run.name for run in list_runs(out)] == ["r1"]
    assert make(out, light, "r3", inputs={"data/observations.csv": source}) == 0


def test_input_removed_during_the_run(tmp_path: Path, light: Path) -> None:
    source = tmp_path / "observations.csv"
    source.write_text("a")
    with pytest.raises(ReportError, match="changed during the run"):
        make(tmp_path / "out", light, "r1", inputs={"o.csv": source}, add_files=lambda _: source.unlink())


def test_clock_stepped_back(tmp_path: Path, light: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest run stays the newest although its name, made of the time, says otherwise."""
    names = ["20180105T000000Z", "20180106T000000Z"] + [f"2017010{day}T000000Z" for day in range(1, 7)]
    now = time.time()
    for step, name in enumerate(names):
        monkeypatch.setattr(time, "time", lambda step=step: now - step * 86_400)
        assert make(tmp_path, light, name) == 0
    runs = list_runs(tmp_path)
    assert [run.name for run in runs] == names[:-5:-1]
    assert [run.number for run in runs] == [8, 7, 6, 5]
    assert run_at(tmp_path) == names[-1]
    assert all(run.manifest["seconds"] >= 0 for run in runs)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; sys.exit(0)", "did not run to its end"),
        ("import os; os._exit(0)", "ended with exit status 0"),
        ("", "timed out"),
        ("import os\nif os.fork() == 0: os.execlp('sleep', 'sleep', '60')\nos.kill(os.getpid(), 9)", "SIGKILL"),
        ("x = bytearray(1 << 40)", "MemoryError"),
        ("import os; _ = os.write(2, b'from C')", "wrote to stderr: from C"),
    ],
)
def test_notebook_that_misbehaves(
    tmp_path: Path, light: Path, code: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_time_end(monkeypatch, tmp_path)
    out = tmp_path / "out"
    assert make(out, light, "r1") == 0
    bad = write_notebook(
        tmp_path / "bad.ipynb", code or hanging(tmp_path), "from IPython.display import HTML\nHTML('<p>made</p>')"
    )
    jobs = [Job("good", light, {}, "好"), Job("bad", bad, {}, "坏"), Job("good2", light, {}, "好")]
    result = run_reports(jobs, Run(out, "r2", "云浮市", kernel="fork", workers=2), progress=False)
    assert result.exit_status == 3 and list(result.failures) == ["bad"] and reason in result.failures["bad"]
    assert verify_run(result.folder) == []
    assert run_at(out) == "r1"
    assert make(out, light, "r3") == 0

"""Schedule: groups of work, each forked from a process that has done what is common to it; no loss unnoticed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from xk.kernels import CAN_FORK
from xk.runs.jobs import Job, Run, prepare
from xk.runs.making import executor, make_report
from xk.runs.schedule import Group, Lost, forked, in_child

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="groups are forked on Linux only")


def group_of(*names: str, log: Path) -> Group:
    """Return tasks that say who prepared them, and by whom they were forked."""
    known: list[int] = []

    def do_common() -> None:
        known.append(os.getpid())
        with log.open("a") as file:
            file.write(names[0] + "\n")

    return Group({name: lambda: (*known, os.getppid()) for name in names}, do_common)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_what_is_common_is_done_once(tmp_path: Path, workers: int) -> None:
    log = tmp_path / "log"
    answers = dict(forked([group_of("a", "b", "c", log=log), group_of("d", log=log), group_of("e", log=log)], workers))
    assert sorted(answers) == ["a", "b", "c", "d", "e"]
    assert sorted(log.read_text().split()) == ["a", "d", "e"]
    assert all(isinstance(answer, tuple) and len(set(answer)) == 1 for answer in answers.values())
    assert answers["a"] == answers["b"] == answers["c"]
    assert len({answers[name] for name in "ade"}) == 3 and os.getpid() not in answers["a"]  # type: ignore[operator]


def test_one_after_the_other_in_order() -> None:
    def done(name: str) -> Callable[[], object]:
        return lambda: name

    groups = [Group({name: done(name) for name in names}) for names in ("ba", "dc")]
    assert list(forked(groups, 1)) == [(name, name) for name in "badc"]


def test_group_whose_process_is_killed() -> None:
    def kill() -> None:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)

    answers = dict(forked([Group({"a": kill, "b": lambda: 1}), Group({"c": lambda: 2})], 1))
    assert isinstance(answers["a"], Lost) and "was killed by SIGKILL" in str(answers["a"])
    assert (answers["b"], answers["c"]) == (1, 2)


def test_task_that_is_killed_leaves_its_group() -> None:
    answers = dict(forked([Group({"a": lambda: os.kill(os.getpid(), signal.SIGKILL), "b": lambda: 1})], 1))
    assert str(answers["a"]) == "its process was killed by SIGKILL" and answers["b"] == 1


def test_caller_that_stops_leaves_no_process(tmp_path: Path) -> None:
    def sleep() -> None:
        (tmp_path / str(os.getpid())).touch()
        time.sleep(60)

    answers = forked([Group({"a": lambda: 1, "b": sleep, "c": sleep})], 3)
    assert next(answers) == ("a", 1)
    while len(list(tmp_path.iterdir())) < 2:
        time.sleep(0.01)
    answers.close()
    give_up = time.monotonic() + 5
    while any(Path("/proc", path.name).exists() for path in tmp_path.iterdir()):
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_work_in_a_child() -> None:
    assert in_child(os.getpid) != os.getpid()
    assert isinstance(in_child(lambda: 1 / 0), ZeroDivisionError)


def test_what_is_common_may_fail_and_each_report_says_so(tmp_path: Path) -> None:
    def complete(job: Job) -> Job:
        raise ZeroDivisionError(f"no results for {job.name}")

    job, run = Job("a", tmp_path / "a.ipynb", {}, "甲"), Run(tmp_path, "r", "x", complete=complete)
    prepare(job, run)
    made = make_report(job, run, executor(run))
    assert made.outcome.error == "ZeroDivisionError: no results for a"
    assert list(made.files) == ["a.html"]

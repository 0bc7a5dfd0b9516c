"""Schedule: groups of work, each in processes of its own; no loss unnoticed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from made_up import is_gone, wait_until

from xk.running.kernels.children import CAN_FORK
from xk.running.runs.jobs import Job, Run
from xk.running.runs.making import executor, make_report
from xk.running.runs.schedule import Group, Lost, forked

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="groups are forked on Linux only")


def group_of(*names: str) -> Group:
    """Return tasks that say in which process they were done, and how many of their group before them there."""
    done: list[str] = []

    def do(name: str) -> tuple[int, int]:
        done.append(name)
        return os.getpid(), len(done)

    return {name: partial(do, name) for name in names}


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_a_process_does_tasks_of_one_group(workers: int) -> None:
    answers = dict(forked([group_of("a", "b", "c"), group_of("d"), group_of("e")], workers))
    assert sorted(answers) == ["a", "b", "c", "d", "e"]
    pids = {name: pid for name, (pid, _) in answers.items()}  # type: ignore[misc]
    assert os.getpid() not in pids.values()
    assert not {pids[name] for name in "abc"} & {pids["d"], pids["e"]} and pids["d"] != pids["e"]
    if workers == 1:
        assert [answers[name][1] for name in "abcde"] == [1, 2, 3, 1, 1]  # type: ignore[index]


def test_two_processes_share_a_group_only_where_no_other_is_left(tmp_path: Path) -> None:
    def wait() -> int:
        wait_until((tmp_path / "begun").exists)
        return os.getpid()

    other = {"c": (tmp_path / "begun").touch}
    answers = dict(forked([{"a": wait, "b": wait}, other], 2))
    assert answers["c"] is None and all(isinstance(answers[name], int) for name in "ab")
    alone = forked([{"a": signal.pause, "b": lambda: 1}], 2)
    assert next(alone) == ("b", 1)
    alone.close()


def test_work_begins_before_an_answer_is_asked_for(tmp_path: Path) -> None:
    answers = forked([{"a": (tmp_path / "begun").touch}], 1)
    wait_until((tmp_path / "begun").exists)
    assert list(answers) == [("a", None)]


def test_one_after_the_other_in_order() -> None:
    def done(name: str) -> Callable[[], object]:
        return lambda: name

    groups = [{name: done(name) for name in names} for names in ("ba", "dc")]
    assert list(forked(groups, 1)) == [(name, name) for name in "badc"]


def test_task_that_is_killed_leaves_its_group() -> None:
    answers = dict(forked([{"a": lambda: os.kill(os.getpid(), signal.SIGKILL), "b": lambda: 1}, {"c": lambda: 2}], 1))
    assert isinstance(answers["a"], Lost) and str(answers["a"]) == "its process was killed by SIGKILL"
    assert (answers["b"], answers["c"]) == (1, 2)


def test_task_that_is_killed_while_it_answers_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def send_half(connection: Connection, content: bytes) -> None:
        os.write(connection.fileno(), len(content).to_bytes(4, "big") + content[: len(content) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(Connection, "send_bytes", send_half)
    answers = dict(forked([{"a": lambda: "long" * 1000, "b": lambda: "long" * 1000}], 1))
    assert [str(answers[name]) for name in "ab"] == ["its process was killed by SIGKILL"] * 2


def test_what_a_task_raises_comes_back() -> None:
    answers = dict(forked([{"a": lambda: 1 / 0, "b": lambda: 1}], 1))
    assert isinstance(answers["a"], ZeroDivisionError) and answers["b"] == 1


def test_caller_that_stops_leaves_no_process(tmp_path: Path) -> None:
    def sleep() -> None:
        (tmp_path / str(os.getpid())).touch()
        signal.pause()

    answers = forked([{"a": lambda: 1, "b": sleep, "c": sleep}], 3)
    assert next(answers) == ("a", 1)
    wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
    answers.close()
    assert all(is_gone(int(path.name)) for path in tmp_path.iterdir())


def test_what_is_common_may_fail_and_each_report_says_so(tmp_path: Path) -> None:
    def complete(job: Job) -> Job:
        raise ZeroDivisionError(f"no results for {job.name}")

    job, run = Job("a", tmp_path / "a.ipynb", {}, "甲"), Run(tmp_path, "r", "x", complete=complete)
    made = make_report(job, run, executor(run))
    assert made.outcome.error == "ZeroDivisionError: no results for a"
    assert list(made.files) == ["a.html"]

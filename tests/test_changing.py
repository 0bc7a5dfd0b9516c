"""Changes under ``data``: one at a time, whole or not at all, whatever dies on the way."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_up import SmallProject

from xk.contracts.faults import Fault
from xk.errors import UsageError
from xk.readers import RAW, adding, read_everything, read_files, read_store
from xk.readers.adding import Source, accept, add_reading, write_raw
from xk.readers.changing import PREPARED, PROCESSED, change_files, changing, finish_change, write_tables
from xk.readers.locking import LockedError
from xk.readers.own_aliases import confirm_alias
from xk.running.cli import main
from xk.running.kernels.children import CAN_FORK

SOURCE = Source("Bureau", "Yearbook", "2019-11-01")
FIGURES = "region,indicator,year,value\n广东省,第三产业增加值占GDP比重,2018,50.9\n"
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.truncate", "os.chmod"}

pytestmark = pytest.mark.usefixtures("no_power_cuts")
forks = pytest.mark.skipif(not CAN_FORK, reason="needs processes as Linux has them")


def state_of(root: Path) -> dict[str, bytes]:
    """Return all files under ``data`` but the lock, and the folders that only a change has."""
    found = {path.relative_to(root).as_posix(): path for path in (root / "data").rglob("*")}
    return {name: path.read_bytes() if path.is_file() else b"" for name, path in found.items() if path.name != ".lock"}


def killed_at(change: int, work: Callable[[], object]) -> bool:
    """Do `work` in a process that is killed before its change number `change` to any file; tell whether it was."""
    gc.disable()  # what is thrown away in the fork may wait for a thread that is not there
    pid = os.fork()
    if not pid:
        changes, own = count(1), os.getpid()

        def watch(event: str, args: tuple[Any, ...]) -> None:
            writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
            if (writes or event in CHANGES) and next(changes) == change:
                os.kill(own, signal.SIGKILL)

        sys.addaudithook(watch)
        try:
            work()
        finally:
            os._exit(0)
    gc.enable()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def kill_everywhere(root: Path, work: Callable[[], object]) -> int:
    """Kill `work` before each of its changes: what the next command finds is the old state or the new; count them."""
    old = state_of(root)
    work()
    new = state_of(root)
    ends = []
    for change in count(1):
        for name, content in state_of(root).items():
            if old.get(name) != content:
                (root / name).unlink() if name not in old else (root / name).write_bytes(old[name])
        was_killed = killed_at(change, work)
        finish_change(root)
        with changing(root):  # as whoever changes something does
            pass
        found = state_of(root)
        assert found in (old, new)
        ends.append(found == new)
        if not was_killed:
            break
    assert ends == sorted(ends) and ends[-1]  # from one change on, the command is done
    return len(ends) - sum(ends)


@forks
def test_adding_is_whole_wherever_it_is_killed(small_project: SmallProject, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading of the copy, which takes its time and writes nothing, is left out."""
    store, path = read_store(small_project.root), small_project.root / "own.csv"
    path.write_text(FIGURES, encoding="utf-8")
    written: list[partial[None]] = []
    with monkeypatch.context() as patch:
        patch.setattr(adding, "write_raw", lambda *given, **named: written.append(partial(write_raw, *given, **named)))
        add_reading(read_files([path], store=store), store, SOURCE, scheme=small_project.SCHEME[8:])
    with monkeypatch.context() as patch:
        patch.setattr(adding, "read_everything", lambda _: (store, []))
        assert kill_everywhere(small_project.root, written[0]) > 40
    assert (small_project.raw / "observations/bureau_yearbook_20191101.csv").exists()
    _, faults = read_everything(small_project.root)
    assert not faults


@forks
def test_an_alias_is_whole_wherever_it_is_killed(small_project: SmallProject) -> None:
    (small_project.root / "data" / "own").mkdir()
    done = kill_everywhere(
        small_project.root, lambda: confirm_alias("region", "guangdong", "南粤", root=small_project.root)
    )
    assert done > 4


@forks
def test_who_reads_finishes_what_was_killed(small_project: SmallProject) -> None:
    """Killed with one file moved and one not: the next reader sees both; before it was valid, none."""
    first, second = (RAW / name for name in ("measures.csv", "regions.csv"))
    root = small_project.root
    changed = {path: (root / path).read_bytes() + b"\n" for path in (first, second)}
    for change in count(1):
        assert killed_at(change, lambda: change_files(root, changed))
        moved = [(root / path).read_bytes() == content for path, content in changed.items()]
        if moved == [True, False]:
            break
        finish_change(root)
        (root / first).write_bytes(changed[first][:-1])
        (root / second).write_bytes(changed[second][:-1])
    read_everything(root)
    assert [(root / path).read_bytes() for path in changed] == list(changed.values())
    (root / "data" / PREPARED / "data").mkdir(parents=True)
    (small_project.raw / ".regions.csv.0123456789abcdef.part").write_bytes(b"half")
    read_everything(root)
    assert not [path for path in (root / "data").rglob(".*") if path.name != ".lock"]


def test_of_two_at_once_one_is_told_to_come_again(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_project.root)
    before = state_of(small_project.root)
    Path("own.csv").write_text(FIGURES, encoding="utf-8")
    holds = (
        "import sys; from pathlib import Path; from xk.readers.changing import changing\n"
        "with changing(Path()): print('holds', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", holds], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout and other.stdout.readline() == b"holds\n"
    try:
        for command in (
            ["add", "own.csv", "--source", "a: b"], ["alias", "粤", "广东省"], ["check", "--accept"], ["build"],
        ):  # fmt: skip
            assert main(command) == LockedError.exit_status == 75
            assert f"process {other.pid}, since " in capsys.readouterr().err
        assert main(["check"]) == 0  # who only reads goes on
    finally:
        other.kill()
        other.communicate()
    assert state_of(small_project.root) == before
    assert main(["alias", "粤", "广东省"]) == 0


def test_a_link_stays_and_its_file_is_written(
    small_project: SmallProject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path, elsewhere = small_project.raw / "measures.csv", tmp_path_factory.mktemp("elsewhere") / "m.csv"
    elsewhere.write_bytes(path.read_bytes())
    elsewhere.chmod(0o640)
    path.unlink()
    path.symlink_to(elsewhere)
    small_project.put("measures.csv", 2, name_en="per cent")
    assert accept(small_project.root) == ["measures.csv"]
    change_files(small_project.root, {RAW / "measures.csv": b"new"})
    assert path.is_symlink() and elsewhere.read_bytes() == b"new" and elsewhere.stat().st_mode & 0o777 == 0o640


def test_what_could_not_be_finished_is_refused_before(small_project: SmallProject) -> None:
    before = state_of(small_project.root)
    with pytest.raises(UsageError, match="cannot write to .*observations: mend the rights"):
        change_files(small_project.root, {RAW / "regions.csv": b"", RAW / "observations": b""})
    assert state_of(small_project.root) == before


def test_a_reader_that_meets_a_change_reads_again(small_project: SmallProject, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a change is read, with a fault that the whole of it has not."""
    from xk.readers import store as stores

    read, seen = stores.read_everything, []

    def meets(root: Path) -> tuple[object, list[Fault]]:
        seen.append(root)
        if len(seen) > 1:
            return read(root)
        os.utime(small_project.raw / "measures.csv", (0, 0))
        return read(root)[0], [Fault("measures.csv", None, "", "is half of it")]

    monkeypatch.setattr(stores, "read_everything", meets)
    assert read_store(small_project.root).root == small_project.root and len(seen) == 2


@forks
def test_a_killed_build_leaves_all_old_tables_or_all_new_ones(tmp_path: Path) -> None:
    """Killed before each of its changes; what it leaves aside is gone when data are next changed."""
    folder, frames = tmp_path / PROCESSED, {name: pd.DataFrame({"x": [2]}) for name in "ab"}
    for change in count(1):
        write_tables({name: pd.DataFrame({"x": [1]}) for name in "abc"}, tmp_path)
        (folder / "README.md").write_text("page")
        is_killed = killed_at(change, lambda: write_tables(frames, tmp_path))
        with changing(tmp_path):
            found = {path.name: path.read_text() for path in folder.iterdir() if path.suffix == ".csv"}
            assert found["a.csv"] == found["b.csv"] and found.keys() <= {"a.csv", "b.csv", "c.csv"}
        assert sorted(path.name for path in (tmp_path / "data").iterdir()) == [".lock", "processed"]
        if not is_killed:
            break
    assert change > 5 and sorted(path.name for path in folder.iterdir()) == ["README.md", "a.csv", "b.csv"]


@forks
def test_a_build_that_is_asked_to_stop_tidies_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(SystemExit) as stopped:
        write_tables({"a": pd.DataFrame({"x": [1]})}, tmp_path)
    assert stopped.value.code == 143
    assert [path.name for path in (tmp_path / "data").rglob("*")] == [".lock"]

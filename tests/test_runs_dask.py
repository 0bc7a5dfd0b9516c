"""Runs on a Dask cluster: the same bytes as on this machine, lost workers replaced, nothing read from a shared disk."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_up import HANG, write_notebook

from xk.errors import ReportError, UsageError
from xk.running.runs import Job, Run, run_reports, verify_run
from xk.running.runs import cluster as coordinator
from xk.running.runs.latest import run_at
from xk.running.runs.manifest import read_manifest
from xk.running.runs.remote import snapshot, unpacked

distributed = pytest.importorskip("distributed", reason="Dask is optional: pip install 'xk[dask]'")

dask = pytest.importorskip("dask")

# A worker that a nanny starts again is not given up, however long that takes on a busy machine.
PATIENT = {
    "distributed.deploy.lost-worker-timeout": HANG,
    "distributed.scheduler.worker-ttl": None,
    "distributed.comm.timeouts.connect": HANG,
    "distributed.comm.timeouts.tcp": HANG,
}
SHOW = (
    "from pathlib import Path\nfrom IPython.display import HTML\n"
    'HTML(f\'<h2 id="a">{2020 // year * year} 年</h2><p>{Path("data/raw/a.csv").read_text()}</p>\')'
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Start two workers; their working folder holds none of the files that the reports read."""
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    with dask.config.set(PATIENT), distributed.LocalCluster(**options) as started:
        yield started


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    write_notebook(folder / "report.ipynb", SHOW)
    (folder / "a.csv").write_text("云浮", encoding="utf-8")
    return folder


def make(out: Path, source: Path, years: list[int], **options: Any) -> Any:
    jobs = [Job(f"report{n}", source / "report.ipynb", {"year": year}, f"报告{n}") for n, year in enumerate(years)]
    inputs = {"data/raw/a.csv": source / "a.csv"}
    return run_reports(jobs, Run(out, "r1", "云浮市", inputs=inputs, **options), progress=False)


def outputs_of(result: Any) -> dict[str, str]:
    manifest = read_manifest(result.folder)
    assert manifest is not None
    return dict(manifest["outputs"])


def test_same_bytes_as_on_this_machine(
    tmp_path: Path, cluster: Any, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report that fails does so there as here; the tables beside the reports are made here."""

    def add_files(folder: Path) -> None:
        (folder / "table.csv").write_text("a")

    there = make(tmp_path / "a", source, [2016, 0, 2017], dask=cluster.scheduler_address, add_files=add_files)
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "a.csv").write_bytes((source / "a.csv").read_bytes())
    monkeypatch.chdir(tmp_path)
    here = make(tmp_path / "b", source, [2016, 0, 2017], kernel="fork", workers=2, add_files=add_files)
    assert list(there.failures) == list(here.failures) == ["report1"]
    assert "ZeroDivisionError" in there.failures["report1"]
    assert outputs_of(there) == outputs_of(here) and len(outputs_of(there)) == 8
    assert "云浮" in (there.folder / "report0.html").read_text(encoding="utf-8")
    assert all(outcome.memory for outcome in there.outcomes)
    assert run_at(tmp_path / "a") == ""


def test_worker_killed(tmp_path: Path, cluster: Any, source: Path) -> None:
    """Both workers are killed while they work: others take their place and the run is whole."""
    killed: list[int] = []

    def kill(_: Path) -> None:
        with distributed.Client(cluster, set_as_default=False) as client:
            for pid in client.run(os.getpid).values():
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    result = make(tmp_path, source, list(range(2001, 2013)), dask=cluster.scheduler_address, add_files=kill)
    assert len(killed) == 2
    assert result.failures == {}
    assert verify_run(result.folder) == [] and run_at(tmp_path) == "r1"


def test_process_of_a_worker_killed(tmp_path: Path, cluster: Any, source: Path) -> None:
    """The process that forks the reports dies under the worker: Dask tries again."""

    def kill(_: Path) -> None:
        with distributed.Client(cluster, set_as_default=False) as client:
            client.run(_kill_below)

    assert (
        make(tmp_path, source, [2001, 2002, 2003, 2004], dask=cluster.scheduler_address, add_files=kill).failures == {}
    )


def test_a_report_that_ends_its_process_takes_no_other_along(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one of three that a worker is given in one go."""
    monkeypatch.setattr(coordinator, "PIECES", 1)
    ends = "import os\nfrom IPython.display import HTML\nif year == 2:\n    os.kill(os.getppid(), 9)\n"
    write_notebook(tmp_path / "report.ipynb", ends + "HTML(f'<h2 id=\"a\">{year} 年</h2>')")
    (tmp_path / "a.csv").write_text("云浮", encoding="utf-8")
    result = make(tmp_path / "out", tmp_path, [1, 2, 3, 4, 5, 6], dask=cluster.scheduler_address)
    assert list(result.failures) == ["report1"] and "the worker failed 3 times" in result.failures["report1"]
    assert all("年" in (result.folder / f"report{n}.html").read_text(encoding="utf-8") for n in (0, 2, 3, 4, 5))


def test_a_worker_is_given_reports_that_have_something_in_common() -> None:
    def given(groups: int, threads: int) -> list[str]:
        jobs = [Job(f"{group}{n}", Path(), {}, "", group=group) for group in "abcdef"[:groups] for n in range(8)]
        return [" ".join(job.name for job in piece) for piece in coordinator._pieces(jobs, threads)]

    assert given(1, 2) == [f"a{n}" for n in range(8)]
    assert given(2, 1) == ["a0 a1 a2 a3", "a4 a5 a6 a7", "b0 b1 b2 b3", "b4 b5 b6 b7"]
    assert given(6, 1) == [" ".join(f"{group}{n}" for n in range(8)) for group in "abcdef"]


def _kill_below() -> None:
    import pathlib

    for pid in pathlib.Path("/proc/self/task", str(os.getpid()), "children").read_text().split():
        os.kill(int(pid), signal.SIGKILL)


def test_other_versions_are_refused(
    tmp_path: Path, cluster: Any, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = coordinator.versions()
    monkeypatch.setattr(coordinator, "versions", _Versions({**own, "matplotlib": "0.1"}))
    with pytest.raises(ReportError, match=rf"has other versions .*: matplotlib {own['matplotlib']} instead of 0\.1"):
        make(tmp_path, source, [2016], dask=cluster.scheduler_address)
    assert run_at(tmp_path) == ""


class _Versions:
    """Answers otherwise here than on a worker."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def __call__(self) -> dict[str, str]:
        return self._values

    def __reduce__(self) -> Any:
        from xk.running.runs.manifest import versions

        return (_same, (versions,))


def _same(function: Any) -> Any:
    return function


def test_no_scheduler(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coordinator, "CONNECTING", 0.5)
    with pytest.raises(UsageError, match=r"there is no Dask scheduler at 'tcp://127\.0\.0\.1:9'"):
        make(tmp_path, source, [2016], dask="tcp://127.0.0.1:9")


def test_files_from_elsewhere_are_not_sent(tmp_path: Path, source: Path) -> None:
    """Before a scheduler is asked: own figures must lie below the working folder."""
    job, own = Job("report", source / "report.ipynb", {}, "报告"), {"/srv/own.csv": source / "a.csv"}
    with pytest.raises(UsageError, match=r"'/srv/own\.csv' is no path inside the project"):
        run_reports([job], Run(tmp_path, "r1", "云浮市", inputs=own, dask="tcp://127.0.0.1:9"), progress=False)


def test_no_worker(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coordinator, "PATIENCE", 0.2)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as empty,
        pytest.raises(ReportError, match="has no worker"),
    ):
        make(tmp_path, source, [2016], dask=empty.scheduler_address)


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/../../b", "c:\\a", "..\\a"])
def test_files_stay_in_their_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is no path inside the project"):
        unpacked(snapshot({name: (b"x", 0)}), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_files_are_unpacked_once(tmp_path: Path) -> None:
    files = {"data/raw/a.csv": (b"x", 10**18), "notebooks/a.ipynb": (b"y", 0)}
    folder = unpacked(snapshot(files), tmp_path)
    assert (folder / "data/raw/a.csv").stat().st_mtime_ns == 10**18  # own figures are of the day of their file
    (folder / "data/raw/a.csv").write_bytes(b"kept")
    assert unpacked(snapshot(files), tmp_path) == folder and (folder / "data/raw/a.csv").read_bytes() == b"kept"
    assert unpacked(snapshot({**files, "b": (b"", 0)}), tmp_path) != folder

"""The worker's side of a run on a Dask cluster: a task makes some reports from what is sent along with it.

A worker has threads, and a process with threads does not fork safely. So each of its threads keeps a process of
its own that does: that one has imported everything, forks for each report, and is replaced now and then.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from xk.bench import forget_answers
from xk.contracts.provenance import sha256_of
from xk.errors import UsageError
from xk.readers.schemes import ROOT_VARIABLE
from xk.running.kernels.children import CAN_FORK
from xk.running.kernels.engine import FIXED_ENVIRONMENT
from xk.running.runs.jobs import Job, Run
from xk.running.runs.making import Made, executor, make_measured, make_report
from xk.running.runs.warm import warm_up

REPORTS_PER_PROCESS = 1000

_OWN = threading.local()
_UNPACKING = threading.Lock()


Files = Mapping[str, tuple[bytes, int]]
"""Files by name relative to the project: content, and when it was last changed (ns), as own figures take their date."""


class Sent(NamedTuple):
    """Files, and a name that only these have."""

    files: Files
    name: str


def snapshot(files: Files) -> Sent:
    """Return what it is given with its name: as a task of its own it is sent to each worker once, and to a new one."""
    return Sent(files, sha256_of(pickle.dumps(sorted(files.items())))[:16])


def make_remotely(jobs: Sequence[Job], run: Run, sent: Sent) -> list[Made]:
    """Make reports on a worker, out of the files that were sent; where its process ends, return those before it.

    Raises
    ------
    EOFError, BrokenPipeError
        It ended at the first, for Dask to try again.
    """
    from distributed import get_worker

    folder, made = unpacked(sent, Path(get_worker().local_directory)), list[Made]()
    for job in jobs:
        try:
            made.append(_make(job, run, folder))
        except (EOFError, BrokenPipeError):
            if not made:
                raise
            break
    return made


def _make(job: Job, run: Run, folder: Path) -> Made:
    maker = getattr(_OWN, "maker", None)
    if maker is None or maker.folder != folder or maker.made >= REPORTS_PER_PROCESS:
        _OWN.maker = maker = _Maker(folder)
    return maker.make(replace(job, notebook=folder / "notebooks" / job.notebook.name), run)


def check_inside(names: Iterable[str]) -> None:
    """Raise UsageError for a name that leads out of the folder of the project, or is a place of one machine."""
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
            sent = "workers are sent what lies below this folder"
            raise UsageError(f"{name!r:.80} is no path inside the project; {sent}")


def unpacked(sent: Sent, place: Path) -> Path:
    """Return the folder below `place` that holds the files, written if need be.

    Raises
    ------
    UsageError
        A name leads out of the folder.
    """
    check_inside(sent.files)
    folder = place / f"xk-{os.getpid()}-{sent.name}"
    with _UNPACKING:
        if not (folder / ".whole").exists():
            for name, (content, changed) in sent.files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
                os.utime(folder / name, ns=(changed, changed))
            (folder / ".whole").touch()
    return folder


class _Maker:
    """A process that makes reports in `folder`, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, 0
        command = [sys.executable, "-c", f"from {__name__} import serve; serve()"]
        environment = {**FIXED_ENVIRONMENT, **os.environ, ROOT_VARIABLE: str(folder)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(command, cwd=folder, env=environment, **pipes)  # type: ignore[call-overload]

    def make(self, job: Job, run: Run) -> Made:
        """Have one report made; raise EOFError or BrokenPipeError where the process is gone."""
        self.made += 1
        try:
            pickle.dump((job, run), self._process.stdin)
            self._process.stdin.flush()
            made: Made = pickle.load(self._process.stdout)
        except (EOFError, BrokenPipeError):
            del _OWN.maker
            raise
        return made

    def __del__(self) -> None:
        self._process.kill()
        self._process.communicate()


def serve() -> None:
    """Make the reports that come over stdin, until it is closed."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anyone prints is no answer
    warm_up(path for path in sorted(Path().rglob("*")) if path.is_file())
    make, group = make_measured if CAN_FORK else make_report, ""
    while True:
        try:
            job, run = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        if job.group != group:
            forget_answers()
            group = job.group
        pickle.dump(make(job, run, executor(run)), answers)
        answers.flush()

"""A run: all reports of one occasion, made side by side, published whole; one failure leaves the others.

This layer knows jobs, not domains: whoever calls it says which notebooks to run with what.
"""

from __future__ import annotations

import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from types import FrameType

from tqdm import tqdm

from xk.errors import ReportError
from xk.readers.locking import LockedError, locked
from xk.running.kernels import Execute, kernel_of
from xk.running.kernels.children import kept_from_children
from xk.running.runs.history import PastRun, compare_runs, links_of, list_runs, prune, verify_run
from xk.running.runs.jobs import INDEX, Job, Outcome, Run, RunResult, check_jobs
from xk.running.runs.latest import point_to
from xk.running.runs.listing import write_index
from xk.running.runs.log import Log
from xk.running.runs.making import Made, executor, lost_report, make_measured, make_report
from xk.running.runs.manifest import MANIFEST, Inputs, build_manifest, manifest_text
from xk.running.runs.pages import index_page
from xk.running.runs.publish import check_place, clean, new_folder
from xk.running.runs.recording import record_odds
from xk.running.runs.schedule import Answers, Group, forked, threaded
from xk.running.runs.warm import warm_up

__all__ = [
    "Job", "LockedError", "Outcome", "PastRun", "Run", "RunResult", "compare_runs", "list_runs", "run_reports",
    "verify_run",
]  # fmt: skip

# No report is called so: the tables beside the reports are a piece of work like them.
_FILES = ""


def run_reports(
    jobs: Sequence[Job], run: Run, *, execute: Execute | None = None, progress: bool | None = None
) -> RunResult:
    """Make all reports, publish them as one folder, and move the ``latest`` of their question if every one is good.

    Parameters
    ----------
    jobs : sequence of Job
        The reports, in the order of the index.
    run : Run
        Where and as what.
    execute : callable, optional
        What runs a notebook, in place of the run's own kernel.
    progress : bool, optional
        Progress bar on stderr; by default only where that is a terminal.

    Returns
    -------
    RunResult
        A report that failed has a page with the reasons in its place, and its notebook as
        ``notebooks/<name>.failed.ipynb``.

    Raises
    ------
    UsageError
        No jobs, names that cannot be file names or stand twice, unknown parameters, wrong types, a folder
        that is there already: nothing was run and nothing written.
    LockedError
        Another run is writing to the folder.
    ReportError
        The run could not be written (disk full, no permission), or an input changed meanwhile: nothing of it
        remains, ``latest`` stays. Or the command after it failed: the run stands.
    """
    check_jobs(jobs, run)
    check_place(run.out, run.name, run.link)
    log = Log(run.out, run.name)
    try:
        with _stoppable(), locked(run.out) as lock, kept_from_children(lock):
            result = _make_and_publish(jobs, run, log, execute or executor(run), progress)
    except LockedError as error:
        log.write("locked", error=str(error))
        raise
    except BaseException as error:
        with suppress(OSError):  # the folder itself may be what is wrong
            log.write("failed", error=str(error) or type(error).__name__)
        if isinstance(error, OSError):
            raise ReportError(f"the run {run.name!r} could not be written to {run.out}: {error}") from error
        raise
    if run.on_finish:
        _call(run.on_finish, result.folder / MANIFEST)
    return result


def _make_and_publish(jobs: Sequence[Job], run: Run, log: Log, execute: Execute, progress: bool | None) -> RunResult:
    began, at = time.perf_counter(), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    if _is_forked(run):
        warm_up(run.inputs.values())
    tqdm.monitor_interval = 0  # no thread of its own: this process is going to be forked
    log.turn()
    log.write("started", reports=len(jobs), left_over=clean(run.out))
    number = max((past.number for past in list_runs(run.out)), default=0) + 1
    with new_folder(run.out, run.name) as folder:
        inputs = Inputs(jobs, run)
        (folder / "notebooks").mkdir()
        answers = _answers(jobs, run, folder, execute, inputs)
        # tqdm asks the terminal where it is not told whether to hide its bar.
        bar = tqdm(total=len(jobs), desc=run.name, unit="report", disable=None if progress is None else not progress)
        outcomes = _make_all(jobs, run, folder, answers, log, bar)
        if run.finish:
            run.finish(folder)
        (folder / INDEX).write_bytes(index_page(jobs, run, outcomes, folder).encode())
        values = build_manifest(jobs, run, outcomes, inputs.checksums, folder)
        inputs.check_unchanged()
        values |= {"number": number, "seconds": round(time.perf_counter() - began, 3), "started": at}
        (folder / MANIFEST).write_bytes(manifest_text(values).encode())
    result = RunResult(run.out / run.name, outcomes)
    if not result.failures:
        for link in links_of(run):
            point_to(run.out, run.name, link)
    note = record_odds(run.out)
    removed = prune(run)
    write_index(run.out)
    log.write("published", exit_status=result.exit_status, failed=list(result.failures), removed=removed)
    if note:
        log.write("odds", error=note)
    return replace(result, note=note)


def _is_forked(run: Run) -> bool:
    return not run.dask and kernel_of(run.kernel) == "fork"


def _answers(jobs: Sequence[Job], run: Run, folder: Path, execute: Execute, inputs: Inputs) -> Answers:
    """Begin the work, tables first, as they take longest; what comes back says when each piece is done."""
    if run.dask:
        from xk.running.runs.cluster import distributed

        answers = distributed(jobs, run, inputs.files)
        if run.add_files:
            run.add_files(folder)
        return answers
    make, spread = (make_measured, forked) if _is_forked(run) else (make_report, threaded)
    groups: list[Group] = [{_FILES: partial(run.add_files, folder)}] if run.add_files else []
    for _, group in groupby(jobs, key=lambda job: job.group):
        groups.append({job.name: partial(make, job, run, execute) for job in group})
    return spread(groups, run.workers)


def _make_all(
    jobs: Sequence[Job], run: Run, folder: Path, answers: Answers, log: Log, bar: tqdm[object]
) -> tuple[Outcome, ...]:
    known = {job.name: job for job in jobs}
    outcomes: dict[str, Outcome] = {}
    with closing(answers), bar:
        for name, answer in answers:
            if name in known:
                made = answer if isinstance(answer, Made) else lost_report(known[name], run, str(answer))
                for file, content in made.files.items():
                    (folder / file).write_bytes(content)
                outcomes[name] = made.outcome
                bar.update()
                log.write("report", **asdict(made.outcome))
            elif isinstance(answer, BaseException):
                raise answer
    return tuple(outcomes[job.name] for job in jobs)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the run as an error would: everything is tidied up, the exit status is 128 + n."""
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _call(command: str, manifest: Path) -> None:
    """Call the user's command, without a shell, with the manifest's path as last argument."""
    try:
        subprocess.run([*shlex.split(command), str(manifest.resolve())], check=True)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise ReportError(f"the run stands, but the command after it failed: {error}") from None

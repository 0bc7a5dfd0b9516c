"""A run: all reports of one occasion, made side by side, published whole; one failure leaves the others.

This layer knows jobs, not domains: whoever calls it says which notebooks to run with what.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from math import inf
from typing import NoReturn

from tqdm import tqdm

from xk.errors import ReportError
from xk.readers.locking import LockedError, locked, stoppable
from xk.running.kernels import Execute
from xk.running.kernels.children import kept_from_children
from xk.running.runs.afterwards import call_command
from xk.running.runs.attempts import FILES, Work, is_forked, make_all
from xk.running.runs.history import PastRun, compare_runs, links_of, list_runs, prune, verify_run
from xk.running.runs.jobs import Job, Outcome, Run, RunResult, check_jobs
from xk.running.runs.latest import point_to
from xk.running.runs.listing import write_index
from xk.running.runs.log import Log
from xk.running.runs.making import executor
from xk.running.runs.manifest import MANIFEST, Inputs, build_manifest, manifest_text
from xk.running.runs.pages import index_page
from xk.running.runs.publish import INDEX, check_place, clean, left_over, new_folder
from xk.running.runs.published import record_odds
from xk.running.runs.resuming import Record, made_of, take_over
from xk.running.runs.warm import warm_up

__all__ = [
    "Job", "LockedError", "Outcome", "PastRun", "Run", "RunResult", "compare_runs", "list_runs", "run_reports",
    "verify_run",
]  # fmt: skip

INTERRUPTED = 130
"""Exit status of a run that the user stopped when it had been published."""


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
        remains, ``latest`` stays. Or it was published, but the index, the odds or the log could not be written, or the
        command after it failed: the run stands.
    """
    check_jobs(jobs, run)
    check_place(run.out, run.name, run.link)
    log = Log(run.out, run.name)
    with stoppable():
        try:
            with locked(run.out) as lock, kept_from_children(lock):
                result = _make_and_publish(jobs, run, log, execute, progress)
        except LockedError as error:
            with suppress(OSError):  # it may be another's
                log.write("locked", error=str(error))
            raise
        except BaseException as error:
            _tell_failed(error, run, log)
            raise
        if run.on_finish:
            _call(run, log)
    return result


def _tell_failed(error: BaseException, run: Run, log: Log) -> None:
    """Put it on record why a run failed; raise what says whether it is there, where what failed does not."""
    with suppress(OSError):  # the folder itself may be what is wrong
        log.write("failed", error=str(error) or type(error).__name__)
    is_there = (run.out / run.name).is_dir()
    if isinstance(error, OSError):
        what = f"the run {run.name!r} was published, but what tells of it" if is_there else f"the run {run.name!r}"
        raise ReportError(f"{what} could not be written to {run.out}: {error}") from error
    if is_there and isinstance(error, SystemExit | KeyboardInterrupt):
        _stop(error, f"the run {run.name!r} was published, but what tells of it may not be complete")


def _call(run: Run, log: Log) -> None:
    """Call the command after the run; where it fails, or is stopped, the log says so."""
    try:
        call_command(run.on_finish, run.out / run.name / MANIFEST)
    except (ReportError, SystemExit, KeyboardInterrupt) as error:
        is_told = isinstance(error, ReportError)
        said = str(error) if is_told else f"the run {run.name!r} was published; the command after it was stopped"
        with suppress(OSError):
            log.write("finish", error=said)
        if not is_told:
            _stop(error, said)
        raise


def _stop(error: BaseException, said: str) -> NoReturn:
    """End as one is asked to, and say of a run that it is there."""
    with suppress(OSError):
        print(said, file=sys.stderr)
    raise SystemExit(error.code if isinstance(error, SystemExit) else INTERRUPTED) from None


def _make_and_publish(
    jobs: Sequence[Job], run: Run, log: Log, execute: Execute | None, progress: bool | None
) -> RunResult:
    began, at = time.perf_counter(), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    until = time.monotonic() + (run.run_timeout or inf)
    if is_forked(run):
        warm_up(run.inputs.values())
    log.turn()
    left = left_over(run.out)
    removed = [] if run.resume else clean(left)
    number = max((past.number for past in list_runs(run.out)), default=0) + 1
    with new_folder(run.out, run.name, keep=run.resume) as folder:
        inputs = Inputs(jobs, run)
        (folder / "notebooks").mkdir()
        record = Record(folder, run.name, made_of(jobs, run, inputs.checksums))
        taken = take_over(left, record) if run.resume else {}
        removed = removed or clean(left)
        log.write("started", reports=len(jobs), left_over=removed, taken=len(taken.keys() - {FILES}))
        runs = execute or executor(run, until)
        outcomes = make_all(Work(jobs, run, runs, inputs, record, log, until, _bar(jobs, run, progress), taken))
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
        record.remove()
    note = record_odds(run.out)
    pruned = prune(run)
    write_index(run.out)
    log.write("published", exit_status=result.exit_status, failed=list(result.failures), removed=pruned)
    if note:
        log.write("odds", error=note)
    return replace(result, note=note)


def _bar(jobs: Sequence[Job], run: Run, progress: bool | None) -> tqdm[object]:
    tqdm.monitor_interval = 0  # no thread of its own: this process is going to be forked
    # tqdm asks the terminal where it is not told whether to hide its bar.
    return tqdm(total=len(jobs), desc=run.name, unit="report", disable=None if progress is None else not progress)

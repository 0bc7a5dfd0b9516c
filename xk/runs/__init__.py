"""A run: all reports of one occasion, made side by side, published whole; one failure leaves the others.

This layer knows jobs, not domains: whoever calls it says which notebooks to run with what.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from tqdm import tqdm

from xk import kernels
from xk.errors import ReportError, UsageError
from xk.kernels import Execute, FailedReport, check_parameters, notebook_parameters, read_notebook
from xk.readers import write_bytes
from xk.report import Page, export_html, run_notebook
from xk.runs.manifest import MANIFEST, checksums, files_below, manifest_text, versions
from xk.runs.pages import INDEX, failed_page, run_page, runs_page
from xk.runs.publish import LATEST, check_place, new_folder, point_latest
from xk.vocab import text

__all__ = ["Job", "Outcome", "Run", "RunResult", "run_reports"]

FAILED_NOTEBOOK = ".failed.ipynb"

_JOB_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_RUN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Job:
    """One report of a run.

    Parameters
    ----------
    name : str
        Names its files: lower-case letters, digits, ``_`` and ``-``.
    notebook : Path
        The notebook to run.
    parameters : mapping
        Values for its parameters cell.
    title, subtitle : str
        Heading of the page, and the line under it.
    facts : tuple of (label, value)
        The title block.
    expect : mapping, optional
        Fewest ``figures`` and ``tables``; by default what the notebook's metadata says.
    """

    name: str
    notebook: Path
    parameters: Mapping[str, Any]
    title: str
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    expect: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Run:
    """What holds for all reports of a run.

    Parameters
    ----------
    out : Path
        Folder of all runs.
    name : str
        Folder of this one: usually the UTC time of its start, then what tells it from others.
    title : str
        Heading of its index.
    lang : str
        Language of the pages, "zh" or "en".
    about : mapping
        Parameters of the run, for the manifest.
    facts : tuple of (label, value)
        The title block of its index.
    inputs : mapping
        Name -> file that the reports read, for the checksums in the manifest; the notebooks are added.
    add_files : callable, optional
        Called with the run's folder before it is published, to write tables for download into it.
    workers : int
        Notebooks to run at the same time.
    """

    out: Path
    name: str
    title: str
    lang: str = "zh"
    about: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[tuple[str, str], ...] = ()
    inputs: Mapping[str, Path] = field(default_factory=dict)
    add_files: Callable[[Path], None] | None = None
    workers: int = 1


@dataclass(frozen=True)
class Outcome:
    """How a job went: `error` has one reason a line and is empty when all is well; `seconds` of wall time."""

    name: str
    error: str
    seconds: float


@dataclass(frozen=True)
class RunResult:
    """How a run went: where it lies, and each job's outcome in the order of the jobs."""

    folder: Path
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> dict[str, str]:
        """Name of each failed report -> reasons."""
        return {outcome.name: outcome.error for outcome in self.outcomes if outcome.error}

    @property
    def exit_status(self) -> int:
        """0 when all reports are good, otherwise that of `ReportError`."""
        return ReportError.exit_status if self.failures else 0


def run_reports(
    jobs: Sequence[Job], run: Run, *, execute: Execute = kernels.execute, progress: bool | None = None
) -> RunResult:
    """Make all reports, publish them as one folder, and move ``latest`` if every one is good.

    Parameters
    ----------
    jobs : sequence of Job
        The reports, in the order of the index.
    run : Run
        Where and as what.
    execute : callable
        What runs a notebook; another engine can stand here.
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
    ReportError
        The run could not be written: disk full, no permission. Nothing of it remains, ``latest`` stays.
    """
    _check_jobs(jobs, run)
    try:
        return _make_and_publish(jobs, run, execute, progress)
    except OSError as error:
        raise ReportError(f"the run {run.name!r} could not be written to {run.out}: {error}") from error


def _make_and_publish(jobs: Sequence[Job], run: Run, execute: Execute, progress: bool | None) -> RunResult:
    started = time.perf_counter()
    read = checksums({**{job.notebook.name: job.notebook for job in jobs}, **run.inputs})
    with new_folder(run.out, run.name) as folder:
        (folder / "notebooks").mkdir()
        outcomes = _make_all(jobs, run, folder, execute, progress)
        if run.add_files:
            run.add_files(folder)
        _write(folder / INDEX, _index(jobs, run, outcomes, folder))
        values = _manifest(jobs, run, outcomes, read, folder)
        values["seconds"] = round(time.perf_counter() - started, 3)
        _write(folder / MANIFEST, manifest_text(values))
    result = RunResult(run.out / run.name, outcomes)
    if not result.failures:
        point_latest(run.out, run.name)
    write_bytes(runs_page(run.out, run.lang).encode("utf-8"), run.out / INDEX)
    return result


def _check_jobs(jobs: Sequence[Job], run: Run) -> None:
    if not jobs:
        raise UsageError("there is nothing to run: no jobs")
    if not _RUN_NAME.fullmatch(run.name) or run.name == LATEST:
        raise UsageError(f"{run.name!r} cannot be the name of a run; use letters, digits, '_' and '-'")
    names = [job.name for job in jobs]
    for name in names:
        if not _JOB_NAME.fullmatch(name) or f"{name}.html" == INDEX or names.count(name) > 1:
            raise UsageError(f"{name!r} cannot be the name of a report, or stands twice")
    if run.workers < 1:
        raise UsageError(f"the number of jobs at a time must be 1 or more, not {run.workers}")
    for job in jobs:
        check_parameters(notebook_parameters(read_notebook(job.notebook)), job.parameters)
    check_place(run.out, run.name)


def _make_all(
    jobs: Sequence[Job], run: Run, folder: Path, execute: Execute, progress: bool | None
) -> tuple[Outcome, ...]:
    hidden = None if progress is None else not progress  # None: tqdm asks the terminal
    with (
        ThreadPoolExecutor(run.workers) as pool,
        tqdm(total=len(jobs), desc=run.name, unit="report", disable=hidden) as bar,
    ):
        waiting = {pool.submit(_make_report, job, run, folder, execute) for job in jobs}
        futures = set(waiting)
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                bar.update(len(done))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    made = {outcome.name: outcome for outcome in (future.result() for future in futures)}
    return tuple(made[job.name] for job in jobs)


def _make_report(job: Job, run: Run, folder: Path, execute: Execute) -> Outcome:
    started = time.perf_counter()
    notebook: NotebookNode | None = None
    error = ""
    try:
        notebook = run_notebook(job.notebook, job.parameters, expect=job.expect, execute=execute)
        page = export_html(notebook, _page(job, run, f"notebooks/{job.name}.ipynb"))
    except Exception as problem:  # whatever it is, the other reports stand
        error = _reasons(problem)
        notebook = problem.notebook if isinstance(problem, FailedReport) else notebook
        kept = f"notebooks/{job.name}{FAILED_NOTEBOOK}" if notebook else ""
        page = failed_page(_page(job, run, kept), error)
    _write(folder / f"{job.name}.html", page)
    if notebook:
        suffix = FAILED_NOTEBOOK if error else ".ipynb"
        _write(folder / "notebooks" / f"{job.name}{suffix}", nbformat.writes(notebook) + "\n")
    return Outcome(job.name, error, round(time.perf_counter() - started, 3))


def _reasons(problem: Exception) -> str:
    named = str(problem) if isinstance(problem, ReportError) else f"{type(problem).__name__}: {problem}"
    return _TERMINAL_CODES.sub("", named)


def _page(job: Job, run: Run, notebook: str) -> Page:
    label = "page.failed_notebook" if notebook.endswith(FAILED_NOTEBOOK) else "page.notebook"
    links = [(INDEX, text("page.home", run.lang)), (notebook, text(label, run.lang))]
    return Page(job.title, run.lang, job.subtitle, job.facts, tuple(link for link in links if link[0]))


def _index(jobs: Iterable[Job], run: Run, outcomes: Iterable[Outcome], folder: Path) -> str:
    page = Page(run.title, run.lang, facts=run.facts, links=((f"../{INDEX}", text("page.runs", run.lang)),))
    reports = [
        {"name": job.name, "title": job.title, "subtitle": job.subtitle, "ok": not outcome.error}
        for job, outcome in zip(jobs, outcomes, strict=True)
    ]
    return run_page(page, reports, folder)


def _manifest(
    jobs: Iterable[Job], run: Run, outcomes: Sequence[Outcome], read: Mapping[str, str], folder: Path
) -> dict[str, Any]:
    reports = {
        job.name: {
            "error": outcome.error,
            "notebook": job.notebook.name,
            "ok": not outcome.error,
            "parameters": dict(job.parameters),
            "seconds": outcome.seconds,
            "title": job.title,
        }
        for job, outcome in zip(jobs, outcomes, strict=True)
    }
    return {
        "exit_status": RunResult(folder, tuple(outcomes)).exit_status,
        "inputs": dict(read),
        "lang": run.lang,
        "outputs": checksums(files_below(folder)),
        "parameters": dict(run.about),
        "reports": reports,
        "run": run.name,
        "title": run.title,
        "versions": versions(),
    }


def _write(path: Path, content: str) -> None:
    path.write_bytes(content.encode("utf-8"))

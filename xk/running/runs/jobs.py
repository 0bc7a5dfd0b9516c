"""What a run is asked for, and how it went."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xk.errors import ReportError, UsageError
from xk.running.kernels import TIMEOUT, kernel_of
from xk.running.kernels.parameters import check_parameters, notebook_parameters, read_notebook
from xk.running.runs.latest import LATEST, RUN_NAME
from xk.running.runs.publish import INDEX
from xk.vocab import NATIVE

_JOB_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


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
        The title block; that of the page of a report whose process is gone holds what was known before.
    notice : tuple of str
        What the page says before all else: that it is of a scenario, and what that assumes.
    group : str
        Reports of a group have something in common that is computed once (see `Run.complete`).
    """

    name: str
    notebook: Path
    parameters: Mapping[str, object]
    title: str
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    notice: tuple[str, ...] = ()
    group: str = ""


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
        Language of the pages, one of `xk.vocab.LANGUAGES`.
    about : mapping
        Parameters of the run, for the manifest.
    facts : tuple of (label, value)
        The title block of its index.
    notice : tuple of str
        What its index says before all else, as for a job.
    link : str
        The link that points to its question's last good run.
    said : mapping
        Language -> what the index of all runs tells of it: programme, regions by slug, scenario, last known year.
    inputs : mapping
        Path relative to the project -> file that the reports read; the notebooks are added. Their checksums
        go into the manifest, and the run fails if one changes while it lasts.
    complete : callable, optional
        Called with a job in the process that makes it; returns it with what took computing to know. What it
        leaves in memory serves the other reports of the job's group that the process makes.
    add_files : callable, optional
        Called with the run's folder before it is published, to write tables for download into it.
    finish : callable, optional
        Called with the run's folder when all pages are in it, before it is published.
    workers : int
        Reports made at the same time.
    kernel : str
        How notebooks are run: one of :data:`xk.vocab.KERNELS`.
    timeout : int
        Seconds that the notebook of a report may take.
    run_timeout : int
        Seconds that the run may take, 0 for any number; what is not made by then has failed.
    retry : int
        How often a report that failed is tried again.
    resume : bool
        Take over what an earlier run on the same has made whole and good, and leave that to a later one when stopped.
    dask : str
        Address of a Dask scheduler that makes the reports; empty for this machine.
    keep : int
        Runs of the same question to keep, the last good one besides; 0 for all.
    on_finish : str
        Command that is called when the run is published, with the path of its manifest as last argument.
    """

    out: Path
    name: str
    title: str
    lang: str = NATIVE
    about: Mapping[str, object] = field(default_factory=dict)
    facts: tuple[tuple[str, str], ...] = ()
    notice: tuple[str, ...] = ()
    link: str = LATEST
    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    inputs: Mapping[str, Path] = field(default_factory=dict)
    complete: Callable[[Job], Job] | None = None
    add_files: Callable[[Path], None] | None = None
    finish: Callable[[Path], None] | None = None
    workers: int = 1
    kernel: str = "auto"
    timeout: int = TIMEOUT
    run_timeout: int = 0
    retry: int = 0
    resume: bool = False
    dask: str = ""
    keep: int = 0
    on_finish: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a job went.

    Parameters
    ----------
    name : str
        Its name.
    error : str
        One reason a line, empty when all is well.
    seconds : float
        Wall time.
    memory : int or None
        Most bytes that its processes held at one time; None where that is not known.
    attempts : int
        How often it was tried.
    """

    name: str
    error: str
    seconds: float
    memory: int | None = None
    attempts: int = 1


@dataclass(frozen=True)
class RunResult:
    """How a run went: where it lies, each job's outcome in their order; ``note``: why its odds are not on record."""

    folder: Path
    outcomes: tuple[Outcome, ...]
    note: str = ""

    @property
    def failures(self) -> dict[str, str]:
        """Name of each failed report -> reasons."""
        return {outcome.name: outcome.error for outcome in self.outcomes if outcome.error}

    @property
    def exit_status(self) -> int:
        """0 when all reports are good, otherwise that of `ReportError`."""
        return ReportError.exit_status if self.failures else 0


def check_jobs(jobs: Sequence[Job], run: Run) -> None:
    """Raise UsageError for names that cannot be files, unknown parameters and numbers that cannot be."""
    if not jobs:
        raise UsageError("there is nothing to run: no jobs")
    if not re.fullmatch(RUN_NAME, run.name) or run.name.startswith(LATEST):
        raise UsageError(f"{run.name!r:.80} cannot be the name of a run; use letters, digits, '_' and '-'")
    for name, times in Counter(job.name for job in jobs).items():
        if not _JOB_NAME.fullmatch(name) or f"{name}.html" == INDEX or times > 1:
            raise UsageError(f"{name!r:.80} cannot be the name of a report, or stands twice")
    for what, number, least in (
        ("jobs at a time", run.workers, 1), ("seconds for a report", run.timeout, 1),
        ("seconds for the run", run.run_timeout, 0), ("further attempts", run.retry, 0),
        ("runs to keep", run.keep, 0),
    ):  # fmt: skip
        if number < least:
            raise UsageError(f"the number of {what} must be {least} or more, not {number}")
    kernel_of(run.kernel)
    known = {path: notebook_parameters(read_notebook(path)) for path in {job.notebook for job in jobs}}
    for job in jobs:
        check_parameters(known[job.notebook], job.parameters)

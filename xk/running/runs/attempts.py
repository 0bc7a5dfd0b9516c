"""All reports of a run: made side by side, tried again where they failed, put on record as they come."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import groupby

from tqdm import tqdm

from xk.running.kernels import Execute, kernel_of
from xk.running.kernels.children import is_safe_to_fork
from xk.running.runs.jobs import Job, Outcome, Run
from xk.running.runs.log import Log
from xk.running.runs.making import Made, lost_report, make_measured, make_report, notebook_name
from xk.running.runs.manifest import Inputs
from xk.running.runs.resuming import Record, unrecorded
from xk.running.runs.schedule import Answers, Group, forked, threaded

# No report is called so: the tables beside the reports are a piece of work like them.
FILES = ""


@dataclass(frozen=True)
class Work:
    """What it takes to make the reports of a run.

    Parameters
    ----------
    jobs, run
        What was asked.
    execute : callable
        Runs a notebook.
    inputs : Inputs
        The files that are read.
    record, log
        Where what is made is put down.
    until : float
        When the time is up, on the monotonic clock.
    bar : tqdm
        Shows how far it is.
    done : dict
        Name of a report (or `FILES`) -> how it went, the last time.
    """

    jobs: Sequence[Job]
    run: Run
    execute: Execute
    inputs: Inputs
    record: Record
    log: Log
    until: float
    bar: tqdm[object]
    done: dict[str, Outcome | None] = field(default_factory=dict)


def is_forked(run: Run) -> bool:
    """Return whether the reports of a run are made in forks of this process."""
    return not run.dask and kernel_of(run.kernel) == "fork"


def make_all(work: Work) -> tuple[Outcome, ...]:
    """Make all that is not done, and again what failed, as often as the run allows; return how each report went."""
    with work.bar:
        work.bar.update(sum(job.name in work.done for job in work.jobs))
        for attempt in range(1, work.run.retry + 2):
            wanted = [job for job in work.jobs if (went := work.done.get(job.name)) is None or went.error]
            if attempt == 1 or (wanted and time.monotonic() < work.until):
                _make(work, wanted, attempt)
    return tuple(went for job in work.jobs if (went := work.done[job.name]))


def _make(work: Work, wanted: Sequence[Job], attempt: int) -> None:
    known = {job.name: job for job in wanted}
    with closing(_answers(work, wanted)) as answers:
        for name, answer in answers:
            if name in known:
                _keep(work, known[name], answer, attempt)
            elif isinstance(answer, BaseException):
                raise answer
            else:
                work.record.add(FILES, unrecorded(work.record.folder, work.jobs))
                work.done[FILES] = None


def _keep(work: Work, job: Job, answer: object, attempt: int) -> None:
    """Write the files of a report that came, over those of an attempt before it."""
    made = answer if isinstance(answer, Made) else lost_report(job, work.run, str(answer))
    folder, outcome = work.record.folder, replace(made.outcome, attempts=attempt)
    (folder / notebook_name(job, failed=True)).unlink(missing_ok=True)
    for file, content in made.files.items():
        (folder / file).write_bytes(content)
    if not outcome.error:
        work.record.add(job.name, list(made.files), outcome)
    work.bar.update(job.name not in work.done)
    work.done[job.name] = outcome
    work.log.write("report", **asdict(outcome))


def _answers(work: Work, wanted: Sequence[Job]) -> Answers:
    """Begin the work, tables first, as they take longest; yield what is said of each piece when it is done."""
    run, groups = work.run, list[Group]()
    if run.add_files and FILES not in work.done:
        groups.append({FILES: partial(run.add_files, work.record.folder)})
    if run.dask and wanted:
        yield from _beside_cluster(work, wanted, groups)
        return
    make, spread = (make_measured, forked) if is_forked(run) else (make_report, threaded)
    for _, jobs in groupby(wanted, key=lambda job: job.group):
        groups.append({job.name: partial(make, job, run, work.execute) for job in jobs})
    yield from spread(groups, run.workers, work.until)


def _beside_cluster(work: Work, wanted: Sequence[Job], groups: Sequence[Group]) -> Answers:
    """Have reports made by a cluster and the tables here, in a fork that begins before Dask has threads here."""
    from xk.running.runs.cluster import distributed

    tables = (forked if is_safe_to_fork() else threaded)(groups, 1, work.until)
    with closing(tables), closing(distributed(wanted, work.run, work.inputs.files, work.until)) as reports:
        yield from reports
        yield from tables

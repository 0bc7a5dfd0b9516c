"""The coordinator's side of a run on a Dask cluster: reports come back as bytes, no disk is shared."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from xk.errors import ReportError, UsageError
from xk.running.runs.jobs import Job, Run
from xk.running.runs.making import Made
from xk.running.runs.manifest import versions
from xk.running.runs.remote import check_inside, make_remotely, snapshot
from xk.running.runs.schedule import LATE, Answers, Lost

if TYPE_CHECKING:
    from distributed import Client, Future

ATTEMPTS = 3
PIECES = 4
"""Pieces of work for each thread of a worker, at least: one may take longer than another, or be lost."""
CONNECTING = 60.0
"""Seconds for a scheduler to answer, which may be busy with the workers of others."""
PATIENCE = 600.0
"""Seconds to wait for a scheduler's first worker, or for another where all are lost.

A worker that a nanny starts again may take minutes on a busy machine; Dask itself counts it as lost when its
connection is closed, or after five minutes without a sign of life.
"""


def distributed(jobs: Sequence[Job], run: Run, files: Mapping[str, Path], until: float = inf) -> Answers:
    """Send the reports to the workers of the cluster at ``run.dask``, and return what yields them as they come.

    Those of a group go to one worker, which computes once what they have in common, unless others would be idle.

    Parameters
    ----------
    jobs : sequence of Job
    run : Run
    files : mapping
        Path relative to the project -> file: data and notebooks that the reports read.
    until : float
        When the time is up, on the monotonic clock: what is not made by then yields `LATE`.

    Raises
    ------
    UsageError
        A file does not lie below the working folder, the package `distributed` is not installed, or there is no
        scheduler at the address.
    ReportError
        There is no worker, or the workers have other versions of what shapes a report.
    """
    check_inside(files)
    client = _connected(run.dask)
    _check_versions(client)
    given = {name: (path.read_bytes(), path.stat().st_mtime_ns) for name, path in files.items()}
    with warnings.catch_warnings():  # data that is scattered would be lost with the worker that has it
        warnings.filterwarnings("ignore", "Sending large graph")
        sent = client.submit(snapshot, given, pure=False)
    bare = Run(Path(), run.name, run.title, run.lang, complete=run.complete, kernel=run.kernel, timeout=run.timeout)
    send = partial(client.submit, make_remotely, run=bare, sent=sent, pure=False, retries=ATTEMPTS - 1)
    answers = _answers(client, send, list(_pieces(jobs, sum(client.nthreads().values()))), until)
    next(answers)  # begun, it will tidy up whenever it is closed
    return answers


def _pieces(jobs: Sequence[Job], threads: int) -> Iterator[Sequence[Job]]:
    """Yield what a worker is to do in one go: reports of one group, of few groups only some of them."""
    most = max(len(jobs) // (PIECES * threads), 1)
    for _, each in groupby(jobs, key=lambda job: job.group):
        group = list(each)
        yield from (group[start : start + most] for start in range(0, len(group), most))


def _answers(client: Client, send: Callable[..., Future], pieces: Sequence[Sequence[Job]], until: float) -> Answers:
    from distributed import as_completed

    seen, sent = time.monotonic(), {send(piece): piece for piece in pieces}
    try:
        yield "", None
        completed = as_completed(list(sent), loop=client.loop)
        while completed.count():
            for future in completed.next_batch(block=False):
                jobs, made = sent.pop(future), _answer(future)
                if isinstance(made, Lost) and len(jobs) == 1:
                    yield jobs[0].name, made
                    continue
                came = [] if isinstance(made, Lost) else made
                yield from ((job.name, one) for job, one in zip(jobs, came, strict=False))
                for job in jobs[len(came) :]:  # one by one, as one of them may end each process that makes it
                    again = send([job])
                    sent[again] = [job]
                    completed.add(again)
            if time.monotonic() > until:
                yield from ((job.name, LATE) for jobs in sent.values() for job in jobs)
                return
            if client.scheduler_info()["workers"]:
                seen = time.monotonic()
            if time.monotonic() - seen > PATIENCE:
                raise ReportError(f"all workers of the cluster are lost, for {PATIENCE:.0f} seconds")
            time.sleep(0.02)
    finally:
        client.cancel(list(sent))
        client.close()


def _answer(future: Future) -> list[Made] | Lost:
    try:
        return list(future.result())
    except Exception as error:  # the last attempt's: Dask has tried again
        return Lost(f"the worker failed {ATTEMPTS} times: {type(error).__name__}: {error}")
    finally:
        future.release()


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("a run on a cluster needs Dask: pip install 'xk[dask]'") from None
    try:
        client = Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"there is no Dask scheduler at {address!r}: {error}") from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        client.close()
        raise ReportError(f"the Dask scheduler at {address} has no worker") from None
    return client


def _check_versions(client: Client) -> None:
    """Raise ReportError unless every worker has the versions that are here: figures and bytes depend on them."""
    here = versions()
    for worker, there in client.run(versions).items():
        other = sorted(name for name in here if there.get(name) != here[name])
        if other:
            client.close()
            told = ", ".join(f"{name} {there.get(name)} instead of {here[name]}" for name in other)
            raise ReportError(f"the worker {worker} has other versions than are here: {told}")

"""Making one report: from a job to the bytes of its page and notebook, or of the page that says why not."""

import os
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from xk.errors import ReportError
from xk.readers.schemes import ROOT_VARIABLE
from xk.running import kernels
from xk.running.kernels import Execute, FailedReport
from xk.running.kernels.children import take_peak
from xk.running.report import run_notebook
from xk.running.report.export import Page, export_html
from xk.running.runs.jobs import Job, Outcome, Run
from xk.running.runs.pages import failed_page
from xk.running.runs.publish import INDEX
from xk.vocab import text

FAILED_NOTEBOOK = ".failed.ipynb"

_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_MOST_REASONS = 20_000


@dataclass(frozen=True)
class Made:
    """A report: how it went, and file name relative to the run -> content."""

    outcome: Outcome
    files: dict[str, bytes]


def executor(run: Run, until: float = inf) -> Execute:
    """Return what runs the notebooks of `run`, none of them beyond `until` (of the monotonic clock)."""

    def execute(path: Path, parameters: Mapping[str, object]) -> NotebookNode:
        timeout = min(run.timeout, until - time.monotonic())
        return kernels.execute(path, parameters, kernel=run.kernel, timeout=timeout)

    return execute


def make_report(job: Job, run: Run, execute: Execute) -> Made:
    """Run the notebook of `job`, check it, and make its page; whatever goes wrong becomes the page."""
    started = time.perf_counter()
    notebook: NotebookNode | None = None
    error = ""
    try:
        job = run.complete(job) if run.complete else job
        notebook = run_notebook(job.notebook, job.parameters, execute=execute)
        page = export_html(notebook, _page(job, run, f"notebooks/{job.name}.ipynb"))
    except Exception as problem:  # whatever it is, the other reports stand
        error = _reasons(problem)
        notebook = problem.notebook if isinstance(problem, FailedReport) else notebook
        page = _failed(job, run, error, notebook)
    files = {f"{job.name}.html": page.encode()}
    if notebook:
        written = nbformat.writes(notebook) + "\n"
        files[notebook_name(job, failed=bool(error))] = (without_places(written) if error else written).encode()
    seconds = round(time.perf_counter() - started, 3)
    return Made(Outcome(job.name, error, seconds), files)


def make_measured(job: Job, run: Run, execute: Execute) -> Made:
    """Make a report in a forked process, and measure what that and the notebook's held."""
    import resource  # Windows has none, and forks nothing either

    take_peak()
    made = make_report(job, run, execute)
    memory = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, take_peak())
    return replace(made, outcome=replace(made.outcome, memory=memory))


def lost_report(job: Job, run: Run, error: str) -> Made:
    """Return what stands for a report whose process is gone."""
    return Made(Outcome(job.name, error, 0.0), {f"{job.name}.html": _failed(job, run, error, None).encode()})


def without_places(words: str) -> str:
    """Return `words` without the folders of this machine, which errors like to name."""
    places = {str(Path.cwd()): ".", sys.prefix: "PYTHON", sys.base_prefix: "PYTHON", str(Path.home()): "~"}
    places |= {str(Path(__file__).parents[3]): ".", os.environ.get(ROOT_VARIABLE, ""): "."}
    for place, name in sorted(places.items(), key=lambda item: -len(item[0])):
        if len(place) > 1:
            words = words.replace(place + os.sep, name + "/")
    return re.sub(r"/[\w./-]*/ipykernel_\d+/(\d+)\.py", r"cell-\1.py", words)


def notebook_name(job: Job, *, failed: bool) -> str:
    """Return where the notebook of a report lies in the folder of its run."""
    return f"notebooks/{job.name}{FAILED_NOTEBOOK if failed else '.ipynb'}"


def _failed(job: Job, run: Run, error: str, notebook: NotebookNode | None) -> str:
    return failed_page(_page(job, run, notebook_name(job, failed=bool(error)) if notebook else ""), error)


def _reasons(problem: Exception) -> str:
    named = str(problem) if isinstance(problem, ReportError) else f"{type(problem).__name__}: {problem}"
    return without_places(_TERMINAL_CODES.sub("", named))[:_MOST_REASONS]


def _page(job: Job, run: Run, notebook: str) -> Page:
    label = "page_failed_notebook" if notebook.endswith(FAILED_NOTEBOOK) else "page_notebook"
    links = [(INDEX, text("page_home", run.lang)), (notebook, text(label, run.lang))]
    return Page(job.title, run.lang, job.subtitle, job.facts, tuple(link for link in links if link[0]), job.notice)

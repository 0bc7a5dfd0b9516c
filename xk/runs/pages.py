"""Index pages and the page in place of a failed report: plain HTML in the style of the reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from xk.report import Page, render_page
from xk.runs.history import PastRun, list_runs
from xk.runs.jobs import INDEX, Job, Outcome, Run
from xk.runs.manifest import MANIFEST, files_below
from xk.runs.publish import latest_run
from xk.vocab import text


def failed_page(page: Page, error: str) -> str:
    """Return the page that says why a report could not be made; `error` has one reason a line."""
    title = text("page.failed_title", page.lang, title=page.title)
    stand_in = Page(title, page.lang, page.subtitle, page.facts, page.links)
    return render_page("failed.html.j2", stand_in, reasons=error.splitlines())


def index_page(jobs: Iterable[Job], run: Run, outcomes: Iterable[Outcome], folder: Path) -> str:
    """Return the index of a run whose files stand in `folder`."""
    page = Page(run.title, run.lang, facts=run.facts, links=((f"../{INDEX}", text("page.runs", run.lang)),))
    reports = [
        {"name": job.name, "title": job.title, "subtitle": job.subtitle, "ok": not outcome.error}
        for job, outcome in zip(jobs, outcomes, strict=True)
    ]
    return run_page(page, reports, folder)


def run_page(page: Page, reports: Sequence[Mapping[str, Any]], folder: Path) -> str:
    """Return the index of one run: its `reports` (name, title, subtitle, ok) and the data in `folder`."""
    data = [
        {"address": name, "name": name, "size": _size_text(path.stat().st_size)}
        for name, path in files_below(folder).items()
        if path.suffix not in (".html", ".ipynb") and name != MANIFEST
    ]
    return render_page("run.html.j2", page, reports=reports, files=data)


def runs_page(out: Path, lang: str) -> str:
    """Return the index of all runs below `out`, the newest first."""
    runs = [_run_row(run, lang) for run in list_runs(out)]
    page = Page(text("runs.title", lang), lang)
    return render_page("runs.html.j2", page, runs=runs, latest=latest_run(out))


def _run_row(run: PastRun, lang: str) -> dict[str, str]:
    if not run.manifest:
        return {"name": run.name, "about": "", "result": text("runs.unreadable", lang)}
    reports = run.manifest.get("reports", {}).values()
    failed = sum(not report.get("ok") for report in reports)
    key = "run.made_of" if failed else "run.made_all"
    result = text(key, lang, total=len(reports), failed=failed)
    return {"name": run.name, "about": str(run.manifest.get("title", "")), "result": result}


def _size_text(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"

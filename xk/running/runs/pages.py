"""The index of a run and the page in place of a failed report: plain HTML in the style of the reports."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from pathlib import Path

from xk.contracts.records import grouped
from xk.contracts.scenario_rules import REFERENCE
from xk.pipeline.result import tally_statuses
from xk.running.report.data import DATA, WORKBOOK
from xk.running.report.export import Page, render_page
from xk.running.report.packages import SDMX
from xk.running.runs.jobs import Job, Outcome, Run
from xk.running.runs.manifest import MANIFEST, Statuses, files_below, read_statuses
from xk.running.runs.publish import INDEX_IN
from xk.theme import STATUS_SYMBOLS
from xk.vocab import STATUSES, read_labels, text

NAMED = {
    "csv-metadata.json": "run_file_csv_metadata", "datapackage.json": "run_file_datapackage",
    f"{SDMX}.csv": "run_file_sdmx",
}  # fmt: skip
"""Files beside the tables that are named by what they are."""


def failed_page(page: Page, error: str) -> str:
    """Return the page that says why a report could not be made; `error` has one reason a line."""
    title = text("page_failed_title", page.lang, title=page.title)
    stand_in = Page(title, page.lang, page.subtitle, page.facts, page.links, page.notice)
    return render_page("failed.html.j2", stand_in, reasons=error.splitlines())


def index_page(jobs: Iterable[Job], run: Run, outcomes: Iterable[Outcome], folder: Path) -> str:
    """Return the index of a run whose files stand in `folder`: its reports, and data to take away."""
    way = f"../{INDEX_IN.format(lang=run.lang)}", text("page_runs", run.lang)
    page = Page(run.title, run.lang, facts=run.facts, links=(way,), notice=run.notice)
    jobs = list(jobs)
    counts = _counted(jobs, folder)
    reports = [{
        "name": job.name, "title": job.title, "ok": not outcome.error,
        "statuses": status_tiles(counts.get(job.name, {}), run.lang),
        "printed": (folder / f"{job.name}.pdf").exists(),
    } for job, outcome in zip(jobs, outcomes, strict=True)]  # fmt: skip
    return render_page("run.html.j2", page, reports=reports, files=_files(folder, run.lang))


def _counted(jobs: Iterable[Job], folder: Path) -> dict[str, dict[str, int]]:
    """Return report -> how many indicators have which status, of those that are about statuses.

    The table of indicators is read once a scenario: it has fifty lines for each of a thousand regions.
    """
    found: dict[str, dict[str, Statuses]] = {}
    counts = {}
    for job in (one for one in jobs if one.parameters.get("domain") or one.name.endswith("overview")):
        region, scenario, domain = (job.parameters.get(name) for name in ("region", "scenario", "domain"))
        name = str(scenario["name"]) if isinstance(scenario, Mapping) else REFERENCE
        if name not in found:
            found[name] = grouped(read_statuses(folder, name), itemgetter(0))
        rows = found[name].get(str(region), [])
        counts[job.name] = tally_statuses(status for _, own, status in rows if domain in (None, own))
    return counts


def status_tiles(counts: Mapping[str, int], lang: str) -> list[dict[str, object]]:
    """Return what the templates show of statuses counted, in their order."""
    shown = [status for status in STATUSES if counts.get(status)]
    labels = {status: text(f"status_{status}", lang) for status in shown}
    return [{"slug": one, "symbol": STATUS_SYMBOLS[one], "label": labels[one], "n": counts[one]} for one in shown]


def _files(folder: Path, lang: str) -> list[dict[str, str]]:
    """Return the files to take away, the workbook first."""
    names = sorted(files_below(folder), key=lambda name: (name != WORKBOOK, name))
    return [
        {"address": name, "name": _file_title(Path(name), lang), "size": _size_text((folder / name).stat().st_size)}
        for name in names
        if not name.endswith((".html", ".ipynb", ".pdf")) and name != MANIFEST
    ]


def _file_title(file: Path, lang: str) -> str:
    if file.as_posix() == WORKBOOK:
        return text("run_workbook", lang)
    if file.parent.name == DATA and file.name in NAMED:
        return text(NAMED[file.name], lang)
    key = f"sheet_{file.stem}"
    known = file.parent.name == DATA and key in read_labels()[lang]
    return text("run_table", lang, table=text(key, lang)) if known else file.as_posix()


def _size_text(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"

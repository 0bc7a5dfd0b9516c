"""Commands on reports: make them, list, verify and compare runs."""

import os
import sys
import tempfile
from argparse import Namespace
from dataclasses import fields, replace
from pathlib import Path

from xk.bench import Question, results_of, store_of, words_of
from xk.errors import ReportError, UsageError, XkError
from xk.exhibits.assumption_words import idle_said
from xk.readers import read_store
from xk.readers.text import printable, shown
from xk.readers.writing import check_apart
from xk.running.cli.options import in_scenario, question_of, scenarios_of
from xk.running.cli.tables import own_doubts, say_own
from xk.running.report.data import DATA, SCORECARD
from xk.running.report.pdf import NoBrowserError, find_browser, print_pages
from xk.running.runs import Job, Run, compare_runs, list_runs, run_reports, verify_run
from xk.running.runs.diff import diff_runs, diff_text
from xk.running.runs.edition import Extent, build_run
from xk.running.runs.listing import list_rows
from xk.running.runs.log import tell_refused
from xk.running.runs.manifest import read_manifest
from xk.running.runs.published import ODDS, read_odds, read_used
from xk.vocab import LANGUAGES, NATIVE, text

OPTIONS = ("workers", "kernel", "timeout", "run_timeout", "retry", "resume", "dask", "keep", "on_finish")
"""Options of the command that say how a run is made, by their names in `Run`."""


def run_report(asked: Namespace) -> int:
    """Make the reports and say where they are; 3 where one of them failed."""
    out = _out(asked)
    try:
        jobs, run, faults = _planned(asked, out)
    except XkError as fault:
        tell_refused(fault, out)
        raise
    refused = _with_pdf(asked.pdf)
    if asked.pdf and not refused:
        run = _printing(run)
    result = run_reports(jobs, run)
    print("".join(f"{said}\n" for said in (*faults, result.note) if said), end="", file=sys.stderr)
    for name, error in result.failures.items():
        print(f"{name}: failed\n{error}", file=sys.stderr)
    made = len(result.outcomes) - len(result.failures)
    print(f"{made} of {len(jobs)} reports: {result.folder / 'index.html'}")
    if refused:
        print(refused, file=sys.stderr)
        return ReportError.exit_status
    return result.exit_status


def _planned(asked: Namespace, out: Path) -> tuple[list[Job], Run, tuple[str, ...]]:
    """Return the reports that are asked for, how they are made, and what is wrong with the odds on record."""
    if odd := [name for one in asked.observations or () if (name := printable(one)) != one]:
        raise UsageError(
            f"{', '.join(odd)}: a report cannot name a file whose name is not plain text in UTF-8; rename it"
        )
    store = read_store()
    question = question_of(asked, store, left_out=("region", "domain", "scenario"))
    scenarios = scenarios_of(asked, store)
    with in_scenario(scenarios, asked.scenario):
        if len(scenarios) == 1:
            question, scenarios = replace(question, scenario=scenarios[0]), []
        extent, past = Extent(asked.region, asked.domain, scenarios, asked.issued), read_odds(out / ODDS)
        jobs, run = build_run(question, store, extent, out=out, past=past.stated)
        first = replace(question, region=str(jobs[0].parameters["region"]))
        doubts, data = own_doubts(first, store), store_of(first, store)
        say_own(data, as_of=results_of(first, data).settings.years()[0], doubts=doubts, to=sys.stderr)
        for under in [replace(first, scenario=one) for one in scenarios] or [first]:
            words = words_of(replace(under, lang="en"), data, results_of(under, data))
            print(
                "".join(f"? {words.scenario_title()}: {said}\n" for said in idle_said(words)), end="", file=sys.stderr
            )
    options = {name: getattr(asked, name) for name in OPTIONS}
    return jobs, replace(run, **{name: value for name, value in options.items() if value is not None}), past.faults


def _out(asked: Namespace) -> Path:
    """Return the folder of all runs: the one that was named, else `reports` of the named project, or here."""
    out = Path(asked.out or Path(asked.root) / "reports")
    if file := next((one for one in (out, *out.parents) if os.path.isfile(one)), None):
        raise UsageError(f"{shown(file)} is a file; --out wants a folder, a new one or one with runs")
    check_apart(out)
    return out


def _printing(run: Run) -> Run:
    return replace(run, finish=print_pages, about={**run.about, "pdf": True})


def _with_pdf(wanted: bool) -> str:
    """Return why there can be no PDF; empty where there can, or none is wanted."""
    try:
        if wanted:
            find_browser()
    except NoBrowserError as error:
        return str(error)
    return ""


def run_runs(asked: Namespace) -> int:
    """List the runs in a folder: name, reports made, what they are of, links to them; the latest is marked."""
    runs = list_runs(_out(asked))
    lang = asked.lang or next((run.lang for run in runs if run.is_latest), NATIVE)
    for row in list_rows(_out(asked), lang):
        run, said = row.run, (row.said[name] for name in ("region", "scenario", "as_of", "lang", "scheme"))
        told = [*said] if run.manifest else [text(run.problem, lang)]
        made = f"{run.reports - run.failed}/{run.reports}"
        print(f"{'*' if run.is_latest else ' '} {'  '.join([run.name, made, *told, *run.links])}")
    return 0


def _run_folder(name: str, out: Path) -> Path:
    """Return the folder of a run: one that is there, else that of the name among all runs."""
    places = (Path(name), out / name)
    for folder in places:
        if os.path.exists(folder):
            return folder.resolve()
    if lost := next((one for one in places if one.is_symlink()), None):
        raise UsageError(f"{shown(lost)} is a link to {os.readlink(lost)}, which is not there")
    raise UsageError(f"there is no run {name!r}, neither here nor in {shown(out)}")


def run_verify(asked: Namespace) -> int:
    """Tell which files of a run are not as they were made; with --again, make it anew and compare the bytes."""
    folder = _run_folder(asked.folder, _out(asked))
    faults = verify_run(folder)
    if asked.again and not faults:
        faults = _made_again(folder)
    print("\n".join(faults) if faults else f"{folder.name}: as it was made" + ", and as it would be" * asked.again)
    return 1 if faults else 0


def _made_again(folder: Path) -> list[str]:
    values = dict((read_manifest(folder) or {}).get("parameters", {}))
    is_printed = values.pop("pdf", False)
    covered = [item.name for item in fields(Extent) if item.name in values]
    extent = Extent(**{name: values.pop(name) for name in covered})
    question, store = Question.of(values), read_store()
    with tempfile.TemporaryDirectory(prefix="xk-verify-") as place:
        past = read_used(folder / DATA / f"{SCORECARD}.csv").stated
        jobs, run = build_run(question, store, extent, out=Path(place), name=folder.name, past=past)
        result = run_reports(jobs, _printing(run) if is_printed else run)
        return compare_runs(folder, result.folder)


def run_diff(asked: Namespace) -> int:
    """Print what changed between two runs, in the language of the later one unless another is asked for."""
    before, after = (_run_folder(name, _out(asked)) for name in (asked.before, asked.after))
    changes = diff_runs(before, after)
    lang = asked.lang or str((read_manifest(after) or {}).get("lang", LANGUAGES[0]))
    print(diff_text(changes, lang, (asked.before, asked.after)))
    return 0

"""An edition: which reports a question is answered with, for which regions, with which data beside them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from xk.bench import figures_for, results_of, words_of
from xk.errors import ReportError, UsageError
from xk.exhibits.wording import Wording
from xk.pipeline import resolve_settings
from xk.question import Question
from xk.readers import RAW, Store, read_store
from xk.running.report.data import write_data
from xk.running.runs import Job, Run
from xk.tables import run_facts
from xk.tables.circular import offices_in_charge
from xk.vocab import text

NOTEBOOKS = Path("notebooks") / "reports"
OVERVIEW, DOMAIN, REVIEW, CIRCULAR = "overview", "domain", "projection_review", "circular"
ALL_REGIONS = "all"


def build_run(
    question: Question,
    store: Store,
    *,
    regions: Sequence[str] = (),
    domains: Sequence[str] = (),
    out: Path,
    name: str = "",
) -> tuple[list[Job], Run]:
    """Return the jobs that answer a question and the run that they belong to.

    Parameters
    ----------
    question : Question
        What is asked of every region.
    store : Store
        The data, read and checked.
    regions : sequence of str
        Regions to report on; empty for the scheme's first, ``all`` for all of the scheme's.
    domains : sequence of str
        Domains to report on; empty for all of them, the overview, the circular and the review of projections.
    out : Path
        Folder of all runs.
    name : str
        Folder of this one; by default the UTC time, the scheme and the language, and a number where that is taken.

    Raises
    ------
    UsageError
        Unknown scheme, region or domain; impossible years.
    """
    scheme = store.scheme(question.scheme)
    for domain in domains:
        scheme.check_domain(domain)
        if list(domains).count(domain) > 1:
            raise UsageError(f"domain {domain!r} is given twice; name it once")
    asked = scheme.regions if list(regions) == [ALL_REGIONS] else regions or [scheme.default_region()]
    questions = [replace(question, region=region) for region in dict.fromkeys(asked)]
    for each in questions:
        settings = each.settings(scheme)
        resolve_settings(settings, scheme, figures_for(store, settings.region), regions=store.regions)
    first = _words(questions[0], store)
    names = {str(each.region): first.region(str(each.region)) for each in questions}
    run = Run(
        out=out,
        name=name or _unused(out, run_name(question)),
        title=first.text("title_run", scheme=scheme.name(question.lang)),
        lang=question.lang,
        about=question.parameters("region", "domain") | {"regions": list(names), "domains": list(domains)},
        facts=tuple(run_facts(first).items()),
        names=names,
        inputs=_inputs(store),
        complete=with_facts,
        add_files=partial(_add_files, questions, store),
    )
    folder = store.root / NOTEBOOKS
    return [job for each in questions for job in _jobs(each, domains, first, folder, many=len(names) > 1)], run


def run_name(question: Question, now: dt.datetime | None = None) -> str:
    """Return the name of a run: UTC time of its start, scheme, language."""
    stamp = (now or dt.datetime.now(dt.UTC)).strftime("%Y%m%dT%H%M%SZ")
    return f"{stamp}-{question.scheme}-{question.lang}"


def _unused(out: Path, name: str) -> str:
    """Return `name`, numbered where a run of the same second has it."""
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(each for each in names if not (out / each).exists())


def with_facts(job: Job) -> Job:
    """Return the job of a report with its title block, which says what its results are of."""
    question = Question.of(job.parameters)
    words = _words(question, read_store())
    words.results.compute_shared()
    return replace(job, facts=tuple(run_facts(words, question.domain).items()))


def _add_files(questions: Sequence[Question], store: Store, folder: Path) -> None:
    if read_store(store.root) is not store:  # read before the run took its checksums
        raise ReportError("the data changed just before the run, which counts for nothing; run it again")
    write_data(questions, store, folder)


def _words(question: Question, store: Store) -> Wording:
    return words_of(question, store, results_of(question, store))


def _jobs(question: Question, domains: Sequence[str], words: Wording, folder: Path, *, many: bool) -> list[Job]:
    """Return the reports on the region of a question; `words`: of any region."""
    region, scheme = str(question.region), words.results.scheme

    def job(notebook: str, key: str, domain: str | None = None) -> Job:
        title = text(key, words.lang, region=words.region(region), domain=words.domain(domain))
        name = f"{region}-{domain or notebook}" if many else domain or notebook
        parameters = replace(question, domain=domain).parameters(*([] if domain else ["domain"]))
        return Job(name, folder / f"{notebook}.ipynb", parameters, title, scheme.name(words.lang), group=region)

    wanted = [job(DOMAIN, "title_domain", domain) for domain in domains or scheme.domain_names()]
    if domains:
        return wanted
    # A circular is for several offices to see each other's state.
    circular = [job(CIRCULAR, "title_circular")] if len(offices_in_charge(words)) > 1 else []
    return [job(OVERVIEW, "title_overview"), *wanted, *circular, job(REVIEW, "title_review")]


def _inputs(store: Store) -> dict[str, Path]:
    raw = store.root / RAW
    files = (path for path in sorted(raw.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(store.root).as_posix(): path for path in files}

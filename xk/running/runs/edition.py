"""An edition: which reports a call of ``xk report`` makes, for which regions, with which data beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from xk.bench import Question, results_of, words_of
from xk.contracts.scheme import Scheme
from xk.errors import ReportError, check_known
from xk.exhibits.wording import Wording
from xk.pipeline import Settings, resolve_settings
from xk.readers import RAW, Store, read_store
from xk.running.report.data import write_data
from xk.running.runs import Job, Run
from xk.tables import run_facts
from xk.tables.circular import offices_in_charge
from xk.vocab import text

NOTEBOOKS = Path("notebooks") / "reports"
OVERVIEW, DOMAIN, REVIEW, CIRCULAR = "overview", "domain", "projection_review", "circular"
ALL_REGIONS = "all"


@dataclass(frozen=True)
class Edition:
    """What is asked of a run of reports.

    Parameters
    ----------
    question : Question
        Scheme, years, method, scenario and language; region and domain are those of each report.
    regions : sequence of str
        Regions to report on; empty for the scheme's first, ``all`` for all of the scheme's.
    domains : sequence of str
        Domains to report on; empty for all of them, the overview and the review of projections.
    """

    question: Question
    regions: Sequence[str] = ()
    domains: Sequence[str] = ()


def edition_of(parameters: Mapping[str, Any]) -> Edition:
    """Return the edition that the manifest of a run was made of."""
    names = ("scheme", "as_of", "to", "method", "scenario", "lang")
    question = Question(**{name: parameters[name] for name in names if name in parameters})
    return Edition(question, parameters.get("regions", ()), parameters.get("domains", ()))


def regions_of(edition: Edition, scheme: Scheme, store: Store) -> list[str]:
    """Return the regions of an edition in the order asked for; raise UsageError for unknown ones."""
    if list(edition.regions) == [ALL_REGIONS]:
        return list(scheme.regions)
    asked = list(dict.fromkeys(edition.regions)) or [scheme.default_region()]
    for region in asked:
        check_known(region, store.regions["region"], "region")
    return asked


def build_run(edition: Edition, store: Store, *, out: Path, name: str = "", workers: int = 1) -> tuple[list[Job], Run]:
    """Return the jobs of an edition and the run that they belong to.

    Parameters
    ----------
    edition : Edition
    store : Store
        The data, read and checked.
    out : Path
        Folder of all runs.
    name : str
        Folder of this one; by default the UTC time, the scheme and the language, and a number where that is taken.
    workers : int
        Reports made at the same time.

    Raises
    ------
    UsageError
        Unknown scheme, region or domain; impossible years.
    """
    scheme = store.scheme(edition.question.scheme)
    for domain in edition.domains:
        scheme.check_domain(domain)
    regions = regions_of(edition, scheme, store)
    questions = [replace(edition.question, region=region) for region in regions]
    for region in regions:
        settings = Settings(region, edition.question.as_of, edition.question.to)
        resolve_settings(settings, scheme, store.figures_in([region]), regions=store.regions)
    first = _words(questions[0], store)
    jobs = [job for region in regions for job in _jobs(edition, region, first, store, many=len(regions) > 1)]
    run = Run(
        out=out,
        name=name or _unused(out, run_name(edition.question)),
        title=first.text("title_run", scheme=scheme.name(edition.question.lang)),
        lang=edition.question.lang,
        about=_parameters(edition.question) | {"regions": regions, "domains": list(edition.domains)},
        facts=tuple(run_facts(first).items()),
        names={region: first.region(region) for region in regions},
        inputs=_inputs(store),
        complete=with_facts,
        add_files=partial(_add_files, questions, store),
        workers=workers,
    )
    return jobs, run


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
    question = Question(**job.parameters)
    words = _words(question, read_store())
    words.results.compute_shared()
    return replace(job, facts=tuple(run_facts(words, question.domain).items()))


def _add_files(questions: Sequence[Question], store: Store, folder: Path) -> None:
    if read_store(store.root) is not store:  # read before the run took its checksums
        raise ReportError("the data changed just before the run, which counts for nothing; run it again")
    write_data((_words(question, store) for question in questions), store, folder)


def _words(question: Question, store: Store) -> Wording:
    return words_of(question, store, results_of(question, store))


def _jobs(edition: Edition, region: str, words: Wording, store: Store, *, many: bool) -> list[Job]:
    folder = store.root / NOTEBOOKS
    shared = _parameters(edition.question) | {"region": region}
    prefix = f"{region}-" if many else ""

    def job(name: str, notebook: str, key: str, **parameters: Any) -> Job:
        domain = words.domain(parameters.get("domain"))
        title = text(key, words.lang, region=words.region(region), domain=domain)
        subtitle = words.results.scheme.name(words.lang)
        return Job(prefix + name, folder / f"{notebook}.ipynb", shared | parameters, title, subtitle, group=region)

    wanted = edition.domains or words.results.scheme.domain_names()
    domains = [job(domain, DOMAIN, "title_domain", domain=domain) for domain in wanted]
    if edition.domains:
        return domains
    # A circular is for several offices to see each other's state.
    circular = [job(CIRCULAR, CIRCULAR, "title_circular")] if len(offices_in_charge(words)) > 1 else []
    return [job(OVERVIEW, OVERVIEW, "title_overview"), *domains, *circular, job(REVIEW, REVIEW, "title_review")]


def _parameters(question: Question) -> dict[str, Any]:
    names = ("scheme", "as_of", "to", "method", "scenario", "lang")
    values = {name: getattr(question, name) for name in names}
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}


def _inputs(store: Store) -> dict[str, Path]:
    raw = store.root / RAW
    files = (path for path in sorted(raw.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(store.root).as_posix(): path for path in files}

"""An edition: which reports a question is answered with, for which regions, with which data beside them."""

import datetime as dt
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from xk import bench
from xk.bench import Question
from xk.contracts.forms import is_date
from xk.contracts.records import Record
from xk.contracts.scenario_rules import REFERENCE
from xk.errors import ReportError, UsageError
from xk.exhibits import Wording
from xk.exhibits.assumption_words import assumptions_said
from xk.pipeline import resolve_settings
from xk.pipeline.stated import Scored, Stated, build_card, score_stated
from xk.readers import RAW, Names, Store, check_own_regions, name_scenario, read_names, read_store
from xk.running.report.book import About
from xk.running.report.data import write_data
from xk.running.runs import Job, Run
from xk.running.runs.latest import link_name
from xk.tables import run_facts, trust_said
from xk.vocab import LANGUAGES, text

NOTEBOOKS = Path("notebooks") / "reports"
OVERVIEW, DOMAIN, REVIEW, CIRCULAR, COMPARISON = "overview", "domain", "projection_review", "circular", "comparison"
ALL_REGIONS = "all"


@dataclass(frozen=True)
class Extent:
    """What a run covers besides what its question says.

    Parameters
    ----------
    regions : sequence of str
        Regions to report on; empty for the scheme's first, ``all`` for the scheme's and their peers.
    domains : sequence of str
        Domains to report on; empty for all of them, the overview, the circular and the review of projections.
    scenarios : sequence of mapping
        Scenarios, each to be reported on as the reference is, and compared with it; empty for the question's own.
    issued : str
        Date of issue (YYYY-MM-DD); that of the newest data if empty.
    """

    regions: Sequence[str] = ()
    domains: Sequence[str] = ()
    scenarios: Sequence[Mapping[str, object]] = ()
    issued: str = ""

    def __post_init__(self) -> None:
        names = [one.get("name") for one in self.scenarios]
        for name in names:
            if names.count(name) > 1:
                raise UsageError(f"two scenarios have the name {name!r}; give each a name of its own")
        if self.issued and not is_date(self.issued):
            raise UsageError(f"{self.issued!r} is no date of issue; write it as 2018-03-31")

    def resolved(self, names: Names) -> "Extent":
        """Return it with slugs in place of all other names; raise UsageError for unknown ones."""
        if whole := {OVERVIEW, CIRCULAR, REVIEW}.intersection(self.domains):
            raise UsageError(f"{min(whole)!r} is of all domains: it comes with every run without --domain")
        regions = [one if one == ALL_REGIONS else names.slug("region", one) for one in self.regions]
        scenarios = [name_scenario(dict(one), names) for one in self.scenarios]
        domains = [names.slug("domain", one) for one in self.domains]
        return replace(self, regions=regions, domains=domains, scenarios=scenarios)

    def parameters(self) -> dict[str, object]:
        """Return what the manifest says of it; a plain run has neither scenarios nor a date of issue."""
        chosen = {"scenarios": [*self.scenarios], "issued": self.issued}
        return {"domains": [*self.domains], **{name: value for name, value in chosen.items() if value}}


def build_run(
    question: Question,
    store: Store,
    extent: Extent | None = None,
    *,
    out: Path,
    name: str = "",
    past: Sequence[Stated] = (),
) -> tuple[list[Job], Run]:
    """Return the jobs that answer a question and the run that they belong to.

    Parameters
    ----------
    question : Question
        What is asked of every region.
    store : Store
        The data, read and checked.
    extent : Extent, optional
        Which regions, domains and scenarios, and the date of issue; a plain run if not given.
    out : Path
        Folder of all runs.
    name : str
        Folder of this one; by default the UTC time, the scheme and the language, and a number where that is taken.
    past : sequence of Stated
        What earlier runs said of years to come.

    Raises
    ------
    UsageError
        Unknown scheme, region or domain; impossible years; own figures of other regions alone.
    InputError
        With every fault of own files.
    """
    question, scheme = question.resolved(store), store.scheme(question.scheme)
    asked = (extent or Extent()).resolved(read_names(store).under(scheme.id))
    for domain in asked.domains:
        scheme.check_domain(domain)
        if list(asked.domains).count(domain) > 1:
            raise UsageError(f"domain {domain!r} is given twice; name it once")
    questions = _questions(question, store, asked)
    store = bench.store_of(questions[0], store)
    check_own_regions(store, [str(each.region) for each in questions])
    final = {str(each.region) for each in questions if _is_final(each, store)}
    first = _words(questions[0], store)
    _answer_first(questions, store, asked.domains)
    others = bench.words_beside(questions[0], asked.scenarios, store)[1:]
    regions = list(dict.fromkeys(str(each.region) for each in questions))
    identity = _identity(question, asked, [first, *others], regions, store)
    title = first.text("title_run_final" if first.results.is_final else "title_run", scheme=scheme.name(question.lang))
    facts = run_facts(first, scenarios=[one.scenario_title() for one in others], issued=asked.issued, store=store)
    notice = _comparison_notice(first, others) if others else _notice(first)
    titles = {one.results.scenario.name: one.scenario_title() for one in (first, *others)}
    about = About(title, tuple(facts.items()), notice, titles)
    scored = score_stated(past, scheme, store.observations, method=question.method)
    cards = {region: build_card(scored, region) for region in regions}
    trust = {region: trust_said(first, card) for region, card in cards.items()}
    run = Run(
        out=out,
        name=name or _unused(out, run_name(question)),
        title=title,
        lang=question.lang,
        facts=about.facts,
        notice=about.notice,
        inputs=_inputs(store),
        complete=partial(with_facts, issued=asked.issued, trust=trust),
        add_files=partial(_add_files, questions, store, about, scored),
        **identity,
    )
    known = partial(run_facts, first, issued=asked.issued, store=store)
    return [_with_known(job, known, cards) for job in _all_jobs(questions, asked, store, final=final)], run


def _with_known(job: Job, known: Callable[..., Mapping[str, str]], cards: Mapping[str, Record]) -> Job:
    """Return a report with what its title block says before its results are there: it stays if its process dies.

    A review of projections knows what came of the odds that were published of its region.
    """
    asked: Mapping[str, Any] = job.parameters
    scenarios = asked.get("scenarios") or [asked.get("scenario")]
    titles = [_scenario_title(one, asked["lang"]) for one in scenarios]
    facts = known(asked.get("domain"), scenarios=titles, region=asked["region"])
    odds = {"odds": cards[asked["region"]]} if job.notebook.stem == REVIEW else {}
    return replace(job, facts=tuple(facts.items()), parameters={**asked, **odds})


def _identity(
    question: Question, extent: Extent, worded: Sequence[Wording], regions: Sequence[str], store: Store
) -> dict[str, Any]:
    """Return what tells a run from others: what was asked, the link of that, and how it is called in each language."""
    about = question.parameters("region", "domain") | {"regions": [*regions]} | extent.parameters()
    usual = Question().parameters("region", "domain") | {"regions": [store.scheme(question.scheme).default_region()]}
    said = {lang: _said(worded, regions, store, lang) for lang in LANGUAGES}
    return {"about": about, "link": link_name(about, usual), "said": said}


def _said(worded: Sequence[Wording], regions: Sequence[str], store: Store, lang: str) -> dict[str, Any]:
    """Return what the index of all runs tells of a run in one language, which need not be that of its reports."""
    first, *others = (bench.words_of(Question(lang=lang), store, one.results) for one in worded)
    return {
        "scheme": first.results.scheme.name(lang),
        "region": {region: first.region(region) for region in regions},
        "scenario": first.listed(one.scenario_title() for one in others or [first]),
        "as_of": first.text("of_year", year=first.results.settings.years()[0]),
    }


def _questions(question: Question, store: Store, extent: Extent) -> list[Question]:
    """Return the questions of a run, region by region: the reference before several scenarios, each a question."""
    scheme = store.scheme(question.scheme)
    regions = extent.regions or [scheme.default_region()]
    if list(regions) == [ALL_REGIONS]:
        groups = [bench.surroundings_of(store).group(region) for region in scheme.regions]
        # those of no region above them are whole countries, to which a programme of one of them means nothing
        regions = [one for group in groups for one in (group.all if group.parent else [group.region])]
    scenarios = [None, *extent.scenarios] if extent.scenarios else [question.scenario]
    return [replace(question, region=region, scenario=one) for region in dict.fromkeys(regions) for one in scenarios]


def _is_final(question: Question, store: Store) -> bool:
    """Return whether the reports on a region are a final assessment; raise UsageError for impossible years."""
    scheme = store.scheme(question.scheme)
    settings = question.settings(scheme)
    known = resolve_settings(settings, scheme, bench.figures_for(store, settings.region), regions=store.regions)
    return known.years()[0] >= scheme.target_year


def run_name(question: Question) -> str:
    """Return the name of a run: UTC time of its start, scheme, language."""
    return f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{question.scheme}-{question.lang}"


def _unused(out: Path, name: str) -> str:
    """Return `name`, numbered where a run of the same second has it."""
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(each for each in names if not os.path.lexists(out / each))


def with_facts(job: Job, *, issued: str = "", trust: Mapping[str, str] | None = None) -> Job:
    """Return the job of a report with its title block, which says what its results are of.

    `trust`: region -> how far the odds can be trusted that were published of it.
    """
    given: dict[str, Any] = dict(job.parameters)
    scenarios, _ = given.pop("scenarios", ()), given.pop("odds", None)
    question = Question.of(given)
    store = bench.store_of(question)
    words = _words(question, store)
    if scenarios:
        first, *others = bench.words_beside(question, scenarios, store)
        facts = run_facts(first, scenarios=[one.scenario_title() for one in others], issued=issued, store=store)
        # what each scenario assumes is the first table of the page
        return replace(job, facts=tuple(facts.items()), notice=(first.text("comparison_notice"),))
    words.results.compute_shared()
    if question.domain:
        _answer_for_pages(question, store, question.domain)
    elif job.notebook.stem == REVIEW:
        bench.lending_review_of(question, store)  # whose cases serve all regions that this process comes to
    facts = run_facts(words, question.domain, issued=issued, store=store)
    if said := (trust or {}).get(str(question.region)):
        facts[words.text("fact_odds")] = said
    return replace(job, facts=tuple(facts.items()), notice=_notice(words))


def _answer_first(questions: Sequence[Question], store: Store, domains: Sequence[str]) -> None:
    """Answer once, before the reports are forked from this process, what they ask of the first region."""
    for domain in domains or store.scheme(questions[0].scheme).domain_names():
        _answer_for_pages(questions[0], store, domain)
    if len(questions) > 1 and not domains:
        bench.lending_review_of(questions[0], store)  # whose cases are those of all its peers


def _answer_for_pages(question: Question, store: Store, domain: str) -> None:
    """Answer once what the page of a domain asks; most of it serves those of other domains too."""
    bench.firmness_of(question, store)
    bench.scenarios_of(question, store, domain)
    bench.methods_of(question, store, domain)


def _notice(words: Wording) -> tuple[str, ...]:
    """Return what a report of a scenario says before all else; nothing in the reference."""
    said = assumptions_said(words)
    return (words.text("scenario_notice", title=words.scenario_title()), *said) if said else ()


def _comparison_notice(words: Wording, others: Sequence[Wording]) -> tuple[str, ...]:
    """Return what the index of several scenarios says before all else."""
    said = [(one.scenario_title(), assumed) for one in others for assumed in assumptions_said(one)]
    lines = [words.text("assumed_for", what=title, said=assumed) for title, assumed in said]
    return (words.text("comparison_notice"), *lines)


def _add_files(questions: list[Question], store: Store, about: About, scored: Sequence[Scored], folder: Path) -> None:
    if bench.store_of(questions[0], read_store(store.root)) is not store:  # read before the run took its checksums
        raise ReportError("the data changed just before the run, which counts for nothing; run it again")
    write_data(questions, store, folder, about, scored=scored)


def _words(question: Question, store: Store) -> Wording:
    return bench.words_of(question, store, bench.results_of(question, store))


def _all_jobs(questions: Sequence[Question], extent: Extent, store: Store, *, final: Collection[str]) -> list[Job]:
    """Return the reports on all questions, and for each region, before its own, the comparison of its scenarios.

    `final`: the regions whose reports are a final assessment.
    """
    folder, jobs, many = store.root / NOTEBOOKS, [], len({one.region for one in questions}) > 1
    words = _words(questions[0], store)
    for question in questions:
        region = str(question.region)
        if extent.scenarios and question.scenario is None:
            jobs.append(_comparison(question, extent, words, folder, many=many))
        name = REFERENCE if question.scenario is None else str(question.scenario["name"])
        marks = [region] * many + [name] * bool(extent.scenarios)
        made = _jobs(question, extent.domains, words, folder, marks=marks, final=region in final)
        jobs += [one for one in made if one.notebook.stem != REVIEW or bench.has_review(question, store)]
    return jobs


def _scenario_title(scenario: Mapping[str, object] | None, lang: str) -> str:
    if scenario is None:
        return text("scenario_reference", lang)
    return str(scenario.get(f"title_{lang}", scenario["name"]))


def _comparison(question: Question, extent: Extent, words: Wording, folder: Path, *, many: bool) -> Job:
    """Return the page that sets all scenarios of a region beside each other."""
    region = str(question.region)
    name = "-".join([region] * many + [COMPARISON])
    parameters = question.parameters("domain", "scenario") | {
        "scenarios": [replace(question, scenario=one).parameters()["scenario"] for one in extent.scenarios]
    }
    title = words.text("title_comparison", region=words.region(region))
    subtitle = words.results.scheme.name(words.lang)
    return Job(name, folder / f"{COMPARISON}.ipynb", parameters, title, subtitle, group=region)


def _jobs(
    question: Question, domains: Sequence[str], words: Wording, folder: Path, *, marks: Sequence[str], final: bool
) -> list[Job]:
    """Return the reports on the region and scenario of a question.

    `words`: of any region; `marks`: what their names begin with where there are several; `final`: they are a final
    assessment, and so titled.
    """
    region, scheme = str(question.region), words.results.scheme
    scenario = _scenario_title(question.scenario, question.lang)
    named = words.bracketed(scenario) if question.scenario or REFERENCE in marks else ""

    def job(notebook: str, key: str, domain: str | None = None) -> Job:
        key = f"{key}_final" if final else key
        title = text(key, words.lang, region=words.region(region), domain=words.domain(domain))
        name = "-".join([*marks, domain or notebook])
        parameters = replace(question, domain=domain).parameters(*([] if domain else ["domain"]))
        group = "-".join([region, *marks])
        return Job(name, folder / f"{notebook}.ipynb", parameters, title + named, scheme.name(words.lang), group=group)

    wanted = [job(DOMAIN, "title_domain", domain) for domain in domains or scheme.domain_names()]
    if domains:
        return wanted
    # A circular is for several offices to see each other's state.
    circular = [job(CIRCULAR, "title_circular")] if len(scheme.offices) > 1 else []
    return [job(OVERVIEW, "title_overview"), *wanted, *circular, job(REVIEW, "title_review")]


def _inputs(store: Store) -> dict[str, Path]:
    raw, own_files = store.root / RAW, store.own.files if store.own else ()
    files = (path for path in sorted(raw.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(store.root).as_posix(): path for path in files} | {one: Path(one) for one in own_files}

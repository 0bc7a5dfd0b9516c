"""The bench of notebooks and commands: what answers a question, and the words to show it in."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from xk.arithmetic.prices import Indices, nearest_indices
from xk.arithmetic.projection import METHODS, backtest, explain, outlook
from xk.arithmetic.scenario import build_scenario
from xk.bench.question import Question as Question
from xk.contracts.scheme import Scheme
from xk.errors import InputError, UsageError, check_known
from xk.pipeline import Results, Settings, build_results, resolve_settings, vary_results
from xk.pipeline.choices import Firmness, build_firmness, earlier_days
from xk.pipeline.clashes import build_own_figures
from xk.pipeline.figures import last_segment
from xk.pipeline.lending_review import LendingReview, build_lending_review
from xk.pipeline.localising import weigh_scheme
from xk.pipeline.paths import donor_regions, reference_regions
from xk.pipeline.pricing import Prices, build_prices
from xk.pipeline.review import Review, build_review, reviewable
from xk.pipeline.surroundings import Surroundings
from xk.pipeline.verdicts import PastVerdict, build_verdict_history
from xk.readers import Store, read_names, read_shipped, read_store, store_as_asked
from xk.vocab import ASSUMED

if TYPE_CHECKING:
    from xk.exhibits import Wording

DIRECT_METHODS = ("constant", "drift", "linear", "growth", "theil_sen")
"""Methods without a search for parameters, which takes more time than all else."""
ANSWERS_KEPT = 32
"""Answers kept in memory: a few hundred kB each."""


INJECTED = "# Parameters\n"
"""How papermill begins the cell that it puts behind the parameters of a notebook."""


def check_injected() -> None:
    """Raise UsageError for a parameter that the notebook does not have, of which papermill only warns."""
    from IPython.core.getipython import get_ipython  # there in a notebook; nobody else needs it

    cells: Sequence[str] = getattr(get_ipython(), "user_ns", {}).get("In", ())
    for own, cell in pairwise(cells):
        if cell.startswith(INJECTED):
            known, given = (_assigned(source) for source in (own, cell))
            for name in given:
                check_known(name, known, "parameter")


def _assigned(source: str) -> list[str]:
    names = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name))
    return [node.id for node in names if isinstance(node.ctx, ast.Store)]


def store_of(question: Question, store: Store | None = None) -> Store:
    """Return the data of a question: those of the project (or of `store`) in its vintage, with its own figures.

    Whatever answers the question takes it; the same files are read and checked once.
    """
    base = store or read_store()
    if question.asked() == base.asked:
        return base
    scheme, region = base.scheme(question.scheme), question.region
    slug = read_names(base).under(scheme.id).slug("region", region) if region else scheme.default_region()
    return store_as_asked(base, question.asked(), scheme=scheme.id, region=slug)


def results_of(question: Question, store: Store, *, levels: tuple[int, ...] = Settings.levels) -> Results:
    """Return the results that answer a question; raise UsageError for names that the data do not know.

    Domain and language do not matter; the same question to the same store is answered once. `levels`: those of the
    intervals, in per cent.
    """
    if store.asked != question.asked():
        raise UsageError("these are not the data of the question, with its own figures and vintage: take store_of(it)")
    question, scheme = question.resolved(store), store.scheme(question.scheme)
    if question.domain is not None:
        scheme.check_domain(question.domain)
    region = question.region or scheme.default_region()
    return _answer(store, replace(question, domain=None, region=region, lang=Question.lang), levels)


@lru_cache(maxsize=ANSWERS_KEPT)
def _answer(store: Store, question: Question, levels: tuple[int, ...]) -> Results:
    scheme, scenario = store.scheme(question.scheme), None
    if question.scenario is not None:
        indicators, regions = list(scheme.indicators["indicator"]), list(store.regions["region"])
        domains, bounds = scheme.domain_names(), scheme.bounds()
        scenario = build_scenario(
            question.scenario, indicators=indicators, domains=domains, regions=regions, bounds=bounds
        )
    plain = replace(question, scenario=None, weights=None)
    if question != plain and not (scenario and (scenario.borrow or scenario.named_regions())):
        known = _answer(store, plain, levels)
        results = vary_results(known, _weighed(known.scheme, question), scenario=scenario)
    else:
        settings = replace(question.settings(scheme), levels=levels)
        figures = figures_for(store, settings.region, *donor_regions(scheme, scenario))
        results = build_results(
            _weighed(scheme, question), figures, regions=store.regions, settings=settings, scenario=scenario,
            around=surroundings_of(store),
        )  # fmt: skip
    return replace(results, reference=_answer(store, replace(question, scenario=None), levels)) if scenario else results


def _weighed(scheme: Scheme, question: Question) -> Scheme:
    return scheme if question.weights is None else weigh_scheme(scheme, question.weights)


@lru_cache(maxsize=2)
def surroundings_of(store: Store) -> Surroundings:
    """Return what was observed in all regions; of a store it is laid out once."""
    return Surroundings(store.observations, store.regions)


def figures_for(store: Store, region: str, *others: str) -> pd.DataFrame:
    """Return the observations of a region, of those that lend it their trends, and of others."""
    return surroundings_of(store).figures_in([region, *reference_regions(region, store.regions), *others])


def weights_of(question: Question, store: Store, indicator: str) -> pd.DataFrame:
    """Return how the trend of one indicator was projected: family of rules, weight, past error, most weight first.

    The trend is the region's own, or the one that it borrows. Empty where nothing is projected, or by one method only.
    """
    results = results_of(question, store)
    as_of, to = results.settings.years()
    series = results.line(indicator).trend.series
    points = store.observations[(store.observations["series"] == series) & (store.observations["year"] <= as_of)]
    if points.empty or results.settings.method != "auto":
        return pd.DataFrame(columns=["family", "weight", "error"])
    points = points[points["segment"] == points.sort_values("year")["segment"].iloc[-1]]
    known = points[["region", "indicator", "year", "value"]].astype({"year": "int64"})
    row = explain(outlook(known, to=max(to, as_of + 1))).iloc[0]
    families = [str(name).removeprefix("weight_") for name in row.index if str(name).startswith("weight_")]
    rows = [(name, float(row[f"weight_{name}"]), float(row[f"error_{name}"])) for name in families]
    found = pd.DataFrame(rows, columns=["family", "weight", "error"])
    return found[found["weight"] > 0].sort_values("weight", ascending=False, kind="stable").reset_index(drop=True)


def first_results_of(question: Question, store: Store) -> Results:
    """Return the results whose projections are held against what came later: those of the question, no scenario in it.

    A final assessment looks back on those as of the year that the programme itself starts from, if it names one.
    """
    plain = replace(question, scenario=None)
    results, first = results_of(plain, store), first_year_of(plain, store)
    return results if first == results.settings.years()[0] else results_of(replace(plain, as_of=first, to=None), store)


def first_year_of(question: Question, store: Store) -> int:
    """Return the last known year of `first_results_of`, without computing these."""
    question, scheme = question.resolved(store), store.scheme(question.scheme)
    settings = question.settings(scheme)
    seen = figures_for(store, settings.region, *donor_regions(scheme, None))
    year, _ = resolve_settings(settings, scheme, seen, regions=store.regions).years()
    is_final, start = year >= scheme.target_year, scheme.as_of
    return start if is_final and start is not None and start < year else year


def review_of(question: Question, store: Store) -> Review:
    """Return the review of projections as of the year of `first_results_of`, over the regions that lend and the own.

    Years up to the last one observed are compared.
    """
    scheme, (seen, origin, last) = first_results_of(question, store).scheme, _reviewed(question, store)
    return build_review(scheme, seen, origin=origin, to=last, method=question.method)


def has_review(question: Question, store: Store) -> bool:
    """Return whether any series has enough figures for a review of projections."""
    seen, origin, last = _reviewed(question, store)
    return len(reviewable(store.scheme(question.scheme), seen, origin=origin, to=last)) > 0


def _reviewed(question: Question, store: Store) -> tuple[pd.DataFrame, int, int]:
    """Return the figures that are reviewed, the year that they are reviewed as of, and the last one."""
    seen = figures_for(store, question.resolved(store).settings(store.scheme(question.scheme)).region)
    last = int(seen["year"].max())
    return seen, min(first_year_of(question, store), last - 1), last


@lru_cache(maxsize=ANSWERS_KEPT)
def lending_review_of(question: Question, store: Store) -> LendingReview:
    """Return how well borrowing would have served the region's peers (see `build_lending_review`)."""
    return build_lending_review(results_of(question, store), surroundings_of(store))


@lru_cache(maxsize=ANSWERS_KEPT)
def indices_of(region: str, store: Store) -> Indices:
    """Return the price indices of a region, or of the nearest above it that has them (see `nearest_indices`)."""
    return nearest_indices(store.deflators, [region, *reference_regions(region, store.regions)])


def prices_of(question: Question, store: Store) -> Prices:
    """Return what prices do to the results (see `build_prices`)."""
    return build_prices(results_of(question, store), regions=store.regions, deflators=store.deflators)


def firmness_of(question: Question, store: Store) -> dict[str, Firmness]:
    """Return how firm the verdict on each line is (see `build_firmness`); nothing of what a scenario assumes."""
    results = results_of(question, store)
    if question.scenario is not None:
        return {}
    as_of, to = results.settings.years()
    pinned = replace(question, domain=None, region=results.settings.region, as_of=as_of, to=to, lang=Question.lang)
    return _firmness(store, pinned.resolved(store))


@lru_cache(maxsize=ANSWERS_KEPT)
def _firmness(store: Store, question: Question) -> dict[str, Firmness]:
    results = results_of(question, store)
    earlier = {}
    for day in earlier_days(results):
        then = replace(question, vintage=day)
        with suppress(UsageError):  # nothing was out that reaches the last known year
            earlier[day] = results_of(then, store_of(then)).lines
    return build_firmness(results, surroundings_of(store), earlier)


def forget_answers() -> None:
    """Drop what was answered: of a region whose reports are out nothing is asked again."""
    for kept in (_answer, lending_review_of, indices_of, _firmness, _by_methods, _assumed, backtest_of):
        kept.cache_clear()


def own_of(question: Question, store: Store) -> pd.DataFrame:
    """Return the user's own figures of the region beside the published ones (see `build_own_figures`)."""
    own = store.own
    if own is None:
        return pd.DataFrame()
    counted = store.asked.counted(own.frame)
    return build_own_figures(results_of(question, store), own.frame, own.published, counted=counted)


def history_of(question: Question, store: Store) -> list[PastVerdict]:
    """Return every line as it would have been judged in each past year (see `build_verdict_history`)."""
    results = results_of(question, store)
    return build_verdict_history(results.scheme, surroundings_of(store), settings=results.settings)


def words_of(question: Question, store: Store, results: Results) -> Wording:
    """Return the words for results in the question's language."""
    from xk.exhibits import Wording  # takes the drawing along

    name, regions, measures = f"name_{question.lang}", store.regions, store.measure_labels
    region_names = dict(zip(regions["region"], regions[name], strict=True))
    measure_labels = dict(zip(measures["unit"], measures[name], strict=True))
    return Wording(results, question.lang, region_names=region_names, measure_labels=measure_labels)


def words_beside(question: Question, scenarios: Sequence[Mapping[str, object]], store: Store) -> list[Wording]:
    """Return the words for the reference and for each of some scenarios, all of the same question otherwise."""
    questions = [replace(question, scenario=scenario) for scenario in (None, *scenarios)]
    return [words_of(one, store, results_of(one, store)) for one in questions]


def by_method(question: Question, store: Store, *, levels: tuple[int, ...] = Settings.levels) -> dict[str, Results]:
    """Return projection method -> the results under it."""
    return {method: results_of(replace(question, method=method), store, levels=levels) for method in METHODS}


def assume(question: Question, store: Store, indicator: str, points: Mapping[int, float]) -> tuple[Question, Store]:
    """Return a question and its data with figures of one indicator assumed (kind `ASSUMED`), in the region's series.

    They stand in place of what was observed in their years, and count as known: of later years than the question knows
    nothing else becomes known by it.

    Raises
    ------
    UsageError
        The region has no figure of the indicator, so that there is no series that an assumed one could be of.
    """
    if not points:
        return question, store
    last = max(results_of(question, store).settings.years()[0], *points)
    to = None if question.to is None else max(question.to, last)
    return replace(question, as_of=last, to=to), _assumed(store, question, indicator, tuple(sorted(points.items())))


@lru_cache(maxsize=4)
def _assumed(store: Store, question: Question, indicator: str, points: tuple[tuple[int, float], ...]) -> Store:
    results = results_of(question, store)
    name, as_of = results.line(indicator).indicator, results.settings.years()[0]
    seen = results.paths.seen.get(name)
    if not seen:
        raise UsageError(f"{name} has no figure in {results.settings.region}: there is no series to assume one of")
    last, known, series = max(as_of, points[-1][0]), store.observations, seen[-1].series
    rows = results.paths.figures.iloc[[one.place for one in seen if one.series == series]].sort_values("year")
    places = [max(int((rows["year"] <= year).sum()) - 1, 0) for year, _ in points]
    own = rows.iloc[places].assign(
        year=[year for year, _ in points], value=[value for _, value in points], kind=ASSUMED, source_id=""
    )
    unseen = (known["year"] > as_of) & (known["year"] <= last)
    taken = (known["series"] == series) & (known["region"] == own["region"].iloc[0]) & known["year"].isin(own["year"])
    kept, new = known[~unseen & ~taken], own[list(known.columns)].astype(known.dtypes)
    return replace(store, observations=pd.concat([kept, new], ignore_index=True))


ORIGINS, FEWEST = 6, 3
"""Past years that a backtest projects from, the latest; figures that it needs up to each."""


@lru_cache(maxsize=ANSWERS_KEPT)
def backtest_of(question: Question, store: Store, indicator: str) -> pd.DataFrame:
    """Return what would have been projected of one indicator in each of the last years, beside what came by now.

    Columns as of `xk.arithmetic.projection.backtest`, and ``naive_error`` (scaled, of no change since) and ``inside``
    (whether the widest interval held it). Empty where the series is too short.
    """
    results = results_of(question, store)
    line, as_of = results.line(indicator).line, results.settings.years()[0]
    seen = last_segment(results.paths.seen.get(line.indicator, []))
    points = pd.DataFrame([(one.region, one.indicator, one.year, one.value) for one in seen],
                          columns=["region", "indicator", "year", "value"])  # fmt: skip
    origins = [year for year in points["year"][FEWEST - 1 : -1] if year < as_of][-ORIGINS:]
    if not origins:
        return pd.DataFrame()
    bounds = pd.DataFrame([(line.indicator, line.lower_bound, line.upper_bound)],
                          columns=["indicator", "lower_bound", "upper_bound"])  # fmt: skip
    methods = list(dict.fromkeys([question.method, "constant"]))
    both = backtest(points, origins=origins, horizon=as_of - origins[0], methods=methods, bounds=bounds)
    naive = both[both["method"] == "constant"].set_index(["origin", "year"])["scaled_error"].rename("naive_error")
    rows = both[both["method"] == question.method].join(naive, on=["origin", "year"])
    return rows.assign(inside=rows["covered95"].fillna(0).astype(int))


def scenarios_of(question: Question, store: Store, domain: str) -> list[Wording]:
    """Return the words for the scenarios that come with the project and name a domain, or indicators of it.

    None beside a scenario, or in a final assessment; one that the region has no figures for is left out.
    """
    results = results_of(question, store)
    if results.is_final or question.scenario is not None:
        return []
    names = read_names(store).under(results.scheme.id)
    shipped = read_shipped(store.root, results.scheme, regions=list(store.regions["region"]), names=names)
    found, named = [], {domain, *results.scheme.lines_in(domain)}
    for scenario in shipped:
        if not named & {*scenario.get("domains", {}), *scenario.get("indicators", {})}:
            continue
        asked = replace(question, scenario=scenario)
        with suppress(UsageError, InputError):  # such as one that asks for the pace of a line without a path
            found.append(words_of(asked, store, results_of(asked, store)))
    return found


def methods_of(question: Question, store: Store, domain: str) -> list[Wording]:
    """Return the words for the lines projected by their own figures, by each other method, if a domain has any.

    Only by methods that are computed at once, and of these lines alone (and what is made of them with its other parts),
    of all domains, which is what they come to among all. None under a scenario, or in a final assessment.
    """
    results = results_of(question, store)
    own = any(results.lines[name].trend.kind == "own" for name in results.scheme.lines_in(domain))
    if results.is_final or question.scenario is not None or not own:
        return []
    return [words_of(question, store, one) for one in _by_methods(store, replace(question, domain=None))]


@lru_cache(maxsize=ANSWERS_KEPT)
def _by_methods(store: Store, question: Question) -> list[Results]:
    results = results_of(question, store)
    own = {name for name, line in results.lines.items() if line.trend.kind == "own"}
    wholes = {results.lines[name].line.parent for name in own} - {None, ""}
    lines = results.scheme.lines.values()
    scheme = results.scheme.only([one.indicator for one in lines if {one.indicator, one.parent} & (own | wholes)])
    others = (method for method in DIRECT_METHODS if method != results.settings.method)
    return [vary_results(results, scheme, method=method) for method in others]

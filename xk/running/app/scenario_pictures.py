"""What the bench of scenarios shows: what is turned, all lines, the index, what would do, what moves most."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from xk import charts, tables
from xk.bench import results_of, words_beside, words_of
from xk.contracts.records import records
from xk.exhibits import Exhibit, Wording, join, number
from xk.pipeline.levers import build_ranks, build_tornado, solve_domain, solve_line, start_of_pace
from xk.readers import Store
from xk.running.app.differences import SOLVED, number_of, reference_of, rule_of, scope_of
from xk.running.app.view import View


def _worded(view: View, store: Store) -> list[Wording]:
    """Return the words for the reference, for the scenario that is turned, and for those beside."""
    own = [view.question.scenario] if view.question.scenario else []
    beside = [one for one in view.scenarios if isinstance(one, Mapping)]
    return words_beside(replace(view.question, scenario=None, domain=None), [*own, *beside], store)


def _turned(view: View, store: Store) -> Exhibit:
    """Return what the turned line comes to, or the lines of the turned domain: trajectory, odds, status, index."""
    worded, (group, name) = _worded(view, store), scope_of(view)
    if group == "indicators":
        told = charts.table_effects, charts.show_assumed, charts.say_precedents
        return replace(join(each(worded, name) for each in told), rows=outcome_rows(worded, [name]))
    lines = [line.indicator for line in worded[0].results.scheme.plain_lines() if line.domain == name]
    shown = [charts.table_index_beside(worded), charts.table_flips(worded), charts.show_beside(worded)]
    return replace(join(shown), rows=outcome_rows(worded, lines))


def _lines(view: View, store: Store) -> Exhibit:
    worded = _worded(view, store)
    shown = [charts.table_assumptions(worded), charts.table_status_counts(worded), charts.table_outcomes(worded)]
    beside = [charts.show_beside(worded)] if scope_of(view)[0] == "indicators" else []
    return replace(join([*shown, *beside]), rows=outcome_rows(worded, list(worded[0].results.lines)))


def _index(view: View, store: Store) -> Exhibit:
    worded = _worded(view, store)
    table = [charts.table_index_beside(worded)] if scope_of(view)[0] == "indicators" else []
    rows = pd.concat([one.results.index_band.assign(scenario=one.results.scenario.name) for one in worded])
    return replace(join([charts.show_index_beside(worded), *table, _ranks(view, store)]), rows=rows)


def outcome_rows(worded: Sequence[Wording], lines: Sequence[str]) -> pd.DataFrame:
    """Return what some lines come to in the reference and under each scenario, as figures, in the summary's columns."""
    columns = ["indicator", "no", "unit", "target_year", "projected_value", "projected_attainment", "status",
               "probability", "probability_if_holds"]  # fmt: skip
    frames = []
    for one in worded:
        rows = one.results.summary.set_index("indicator", drop=False).loc[list(lines), columns]
        frames.append(rows.assign(scenario=one.results.scenario.name))
    return pd.concat(frames, ignore_index=True)


def _ranks(view: View, store: Store) -> Exhibit:
    plain = replace(view.question, scenario=None, domain=None)
    before, after = (results_of(one, store) for one in (replace(plain, weights=None), plain))
    return tables.table_ranks(words_of(plain, store, before), build_ranks(before, after))


def _solutions(view: View, store: Store) -> Exhibit:
    words, (group, name) = reference_words(view, store), scope_of(view)
    results, domain = words.results, name if group == "domains" else words.results.scheme.lines[name].domain
    own = [name] if group == "indicators" else []
    rest = [line.indicator for line in results.scheme.plain_lines() if line.domain == domain]
    named = list(dict.fromkeys([*own, *rest]))
    found = [[solve_line(results, one, rule) for rule in ("change", "growth", "accelerate")] for one in named]
    rows = [{"indicator": one.indicator, "rule": one.rule, "value": one.value, "why": one.why, "since": one.since,
             "windows": one.rate.windows if one.rate else None, "reached": one.rate.reached if one.rate else None}
            for each in found for one in each]  # fmt: skip
    return replace(tables.table_solutions(words, found, found=solve_domain(results, domain)), rows=pd.DataFrame(rows))


def _tornado(view: View, store: Store) -> Exhibit:
    words, (group, name) = reference_words(view, store), scope_of(view)
    domain = name if group == "domains" else None
    return charts.show_tornado(words, build_tornado(words.results, domain=domain), domain)


def reference_words(view: View, store: Store) -> Wording:
    return words_of(view.question, store, reference_of(view, store))


PICTURES = {"turned": _turned, "lines": _lines, "index": _index, "solutions": _solutions, "tornado": _tornado}


def say_effect(view: View, store: Store) -> str:
    """Return in a sentence what the turned scenario comes to."""
    if not view.question.scenario:
        return ""
    plain = replace(view.question, domain=None)
    words, (group, name) = words_of(plain, store, results_of(plain, store)), scope_of(view)
    domain = name if group == "domains" else words.results.scheme.lines[name].domain
    shift = {row["level"]: row["points"] for row in records(reference_of(view, store).index_shift(words.results))}
    points = [number(shift[level], words.lang, decimals=2, signed=True) for level in (domain, "total")]
    moved = words.text("bench_index_moves", domain=words.domain(domain), points=points[0], total=points[1])
    if group == "domains":
        return moved
    result, rule = words.results.lines[name], rule_of(view)
    odds = result.outlook.probability_if_holds
    said = words.text("bench_comes_to", year=result.line.target_year, value=words.value(result.outlook.value, result),
                      status=words.text(f"status_{result.status}"))  # fmt: skip
    also = "" if math.isnan(odds) else words.text("outcome_odds_if_holds", odds=words.odds(odds))
    start = None
    if rule and rule[0] in SOLVED:
        start = start_of_pace(reference_of(view, store), name, (rule[0], number_of(rule)))
    latest = words.text("bench_latest_start", year=start) if start is not None else ""
    return words.several(filter(None, [said, also, latest, moved]))

"""The differences of a scenario as a bench turns them: what is chosen, its rule, sensible values and ranges."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from xk.bench import results_of
from xk.contracts.scenario_rules import RULES, Argument, Rule
from xk.pipeline import Results
from xk.pipeline.levers import path_of, solve_domain, solve_line
from xk.pipeline.peering import windows_of
from xk.readers import Store
from xk.running.app.view import View
from xk.vocab import columns_of

NUMBERED = ("growth", "change", "accelerate", "delay", "level")
"""Rules of which one number can be turned."""
SOLVED = ("growth", "change", "accelerate")
NAME = "own"
MOST = 4
"""Scenarios beside the reference."""

Content = dict[str, Argument]


def scope_of(view: View) -> tuple[str, str]:
    """Return what is turned: its group of a scenario (domains, indicators) and its slug."""
    return ("domains", view.question.domain) if view.question.domain else ("indicators", view.indicators[0])


def content_of(view: View) -> Content:
    """Return the scenario that is turned, its groups as copies; without differences it has a name only."""
    given = dict(view.question.scenario or {"name": NAME})
    written: dict[str, Argument] = {group: given.get(group) or {} for group in ("domains", "indicators")}
    groups = {group: {name: dict(rule) for name, rule in rules.items()} for group, rules in written.items()}
    return {**given, **groups}


def rule_of(view: View) -> Rule | None:
    """Return the rule of what is chosen, None where it follows the reference (or its domain)."""
    group, name = scope_of(view)
    found = content_of(view)[group].get(name)
    return next(iter(found.items())) if found else None


def with_content(view: View, content: Content) -> View:
    """Return the view with a scenario in place of the one that is turned; without a difference there is none."""
    kept = {key: value for key, value in content.items() if value or key not in ("domains", "indicators")}
    named = {**{title: kept.get("name", NAME) for title in columns_of("title")}, **kept}
    return view.asks(scenario=named if "domains" in kept or "indicators" in kept or "borrow" in kept else None)


def with_rule(view: View, rule: Rule | None) -> View:
    """Return the view with a rule for what is chosen, or without one."""
    (group, name), content = scope_of(view), content_of(view)
    content[group].pop(name, None)
    if rule is not None:
        content[group][name] = dict([rule])
    return with_content(view, content)


def reference_of(view: View, store: Store) -> Results:
    """Return the results of the reference."""
    return results_of(replace(view.question, scenario=None, domain=None), store)


def first_rule(view: View, store: Store, name: str) -> Rule:
    """Return a rule as it begins: where it can, leading to where the reference leads."""
    results = reference_of(view, store)
    as_of, _ = results.settings.years()
    year = results.scheme.target_year
    if name == "accelerate":
        return name, {"factor": 1.0, "from": as_of}
    if name in ("halt", "reach"):
        return name, True
    if name == "delay":
        return name, 1
    if name == "match":
        return name, results.group.parent or next(iter(results.group.peers), results.settings.region)
    group, chosen = scope_of(view)
    path = path_of(results, chosen) if group == "indicators" else {}
    due = results.scheme.lines[chosen].target_year or year if path else year
    if not path:
        return name, 0.0
    first, start = next(iter(path.items()))
    end = path.get(due, start)
    if name == "level":
        return name, {str(due): round(end, 4)}
    years = max(due - first, 1)
    growth = 100 * ((end / start) ** (1 / years) - 1) if start > 0 and end > 0 else 0.0
    return name, round((end - start) / years if name == "change" else growth, 3)


def number_of(rule: Rule) -> float:
    """Return the number of a rule that is turned."""
    name, argument = rule
    if name == "accelerate":
        return float(argument["factor"])
    return float(argument[max(argument, key=int)]) if name == "level" else float(argument)


def turned(rule: Rule, number: float) -> Rule:
    """Return a rule with another number."""
    name, argument = rule
    if name == "accelerate":
        return name, {**argument, "factor": number}
    return name, {**argument, max(argument, key=int): number} if name == "level" else number


def ends_of(view: View, store: Store) -> Mapping[str, float]:
    """Return the sensible range of the number that is turned, and its step.

    A pace: what was observed of the line in all regions compared with, over as many years as are left, and what its
    target asks, with a quarter to spare.
    """
    rule, results = rule_of(view), reference_of(view, store)
    group, chosen = scope_of(view)
    if rule is None:
        return {"low": 0.0, "high": 1.0, "step": 0.1}
    if rule[0] == "accelerate":
        return {"low": 0.0, "high": 5.0, "step": 0.05}
    if rule[0] == "delay":
        left = max(results.scheme.target_year - results.settings.years()[0], 1)
        return {"low": 0.0, "high": float(left), "step": 1.0}
    if rule[0] == "level":
        return _rounded(_levels(results, chosen))
    return _rounded([0.0, *([-10.0, 10.0] if group == "domains" else _paces(results, chosen, rule[0]))])


def _paces(results: Results, chosen: str, measure: str) -> list[float]:
    """Return paces that were observed or are asked for, the extreme ones first."""
    result, (as_of, _) = results.lines[chosen], results.settings.years()
    due, last = result.line.target_year or results.scheme.target_year, result.latest.year or as_of
    kind = "growth" if measure == "growth" else "change"
    windows, _ = windows_of(results.scheme, result.line, results.group, years=max(due - last, 1), until=as_of,
                            measure=kind)  # fmt: skip
    seen = [] if windows is None or not len(windows.pace) else [float(windows.pace.min()), float(windows.pace.max())]
    required = getattr(result.distance.required, kind)
    asked = [] if math.isnan(required) else [1.25 * required]
    return [*seen, *asked] or [-10.0, 10.0]


def _levels(results: Results, chosen: str) -> list[float]:
    """Return values that a line had, has to have, or leads to, with room on both sides, within its bounds."""
    result = results.lines[chosen]
    line = result.line
    values = [*path_of(results, chosen).values(), line.target_value, line.target_low, line.target_high]
    known = [value for value in values if not math.isnan(value)]
    low, high = min(known, default=0.0), max(known, default=100.0)
    room = 0.5 * (high - low) or 1.0
    return [float(np.fmax(low - room, line.lower_bound)), float(np.fmin(high + room, line.upper_bound))]


def _rounded(values: list[float]) -> Mapping[str, float]:
    """Return a range with round ends in which values lie, and a step of a hundredth of it."""
    low, high = min(values), max(values)
    step = 10.0 ** (math.floor(math.log10(max(high - low, 1e-6))) - 2)
    coarse = 10 * step
    return {"low": math.floor(low / coarse) * coarse, "high": math.ceil(high / coarse) * coarse, "step": step}


def solved(view: View, store: Store) -> Rule | None:
    """Return the rule with which what is chosen just meets its target (a domain: all its lines that can); None without.

    The rule that is turned, if its number can be solved for, else a yearly change; of a domain the factor.
    """
    rule, results = rule_of(view), reference_of(view, store)
    group, chosen = scope_of(view)
    since = int(rule[1]["from"]) if rule is not None and rule[0] == "accelerate" else None
    if group == "domains":
        whole = solve_domain(results, chosen, since=since)
        return None if math.isnan(whole.value) else ("accelerate", {"factor": whole.value, "from": whole.since})
    name = rule[0] if rule is not None and rule[0] in SOLVED else "change"
    found = solve_line(results, chosen, name, since=since)
    return None if found.why else found.argument


def rules_for(view: View) -> tuple[str, ...]:
    """Return the rules that what is chosen can have: a domain's lines have no common unit for levels."""
    return RULES if scope_of(view)[0] == "indicators" else tuple(rule for rule in RULES if rule != "level")

"""Assumptions of a scenario in words: what each rule sets, for one line or for a domain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xk.contracts.scenario_rules import Rule
from xk.contracts.scheme import Line
from xk.exhibits.numbers import number

if TYPE_CHECKING:
    from xk.exhibits.wording import Wording


def assumption(words: Wording, rule: Rule, line: Line | None = None, *, stops_at: float = math.nan) -> str:
    """Return what a rule sets: ``+4.4 points a year``.

    Parameters
    ----------
    words : Wording
    rule : (name, argument)
    line : Line, optional
        Whose unit is named; that of every indicator by itself if not given.
    stops_at : float
        Natural bound at which its path stops.
    """
    said = words.text(f"assumed_{rule[0]}", **_facts(words, rule, line))
    return said if math.isnan(stops_at) else words.text("assumed_within", said=said, bound=words.given(stops_at))


def _facts(words: Wording, rule: Rule, line: Line | None) -> dict[str, object]:
    name, argument = rule
    if name in ("growth", "change"):
        facts: dict[str, object] = {"value": number(argument, words.lang, signed=True)}
        return facts | {"unit": _unit(words, line)} if name == "change" else facts
    if name == "level":
        points = sorted((int(year), words.given(value)) for year, value in argument.items())
        said = [words.text("assumed_point", year=year, value=value) for year, value in points]
        return {"points": words.text("list_separator").join(said)}
    if name == "accelerate":
        return {"factor": words.given(argument["factor"]), "year": argument["from"]}
    if name == "delay":
        return {"n": argument}
    return {"region": words.region(argument)} if name == "match" else {}


def _unit(words: Wording, line: Line | None) -> str:
    if line is None:
        return words.text("assumed_units")
    return words.text("assumed_points") if line.unit == "%" else words.measure_labels.get(line.unit, line.unit)


def assumptions(words: Wording) -> list[str]:
    """Return what the scenario assumes, a line for each domain and indicator that it names; none in the reference."""
    scenario, scheme = words.results.scenario, words.results.scheme
    domains, lines = scenario.domains, scenario.indicators
    said = [
        (words.domain(name), _only(words, domains[name], None)) for name in scheme.domain_names() if name in domains
    ]
    said += [
        (words.line(name), _only(words, lines[name], line)) for name, line in scheme.lines.items() if name in lines
    ]
    return [words.text("assumed_for", what=what, said=rule) for what, rule in said]


def _only(words: Wording, rules: object, line: Line | None) -> str:
    ((name, argument),) = dict(rules).items()  # type: ignore[call-overload]
    return assumption(words, (name, argument), line)

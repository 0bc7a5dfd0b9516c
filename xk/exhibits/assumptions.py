"""Assumptions of a scenario in words: what a rule sets, for one line or for a domain."""

import math
from collections.abc import Mapping

from xk.contracts.scenario_rules import Rule
from xk.contracts.scheme import Line
from xk.exhibits.numbers import number
from xk.vocab import text

Names = Mapping[str, str]


def assumption(
    rule: Rule, line: Line | None, lang: str, *, regions: Names, measures: Names, stops_at: float = math.nan
) -> str:
    """Return what a rule sets: ``+4.4 points a year``.

    Parameters
    ----------
    rule : (name, argument)
    line : Line or None
        Whose unit is named; that of every indicator by itself if None.
    lang : str
    regions, measures : mapping
        Region -> name and unit of measure -> label, in `lang`.
    stops_at : float
        Natural bound at which its path stops.
    """
    said = text(f"assumed_{rule[0]}", lang, **_facts(rule, _unit(line, lang, measures), lang, regions))
    return said if math.isnan(stops_at) else text("assumed_within", lang, said=said, bound=number(stops_at, lang))


def in_effect(rule: Rule, last: int | None) -> Rule:
    """Return the rule from the year on in which it begins to act: none does before the `last` figure."""
    name, argument = rule
    if name != "accelerate" or last is None:
        return rule
    return name, {**argument, "from": max(last, argument["from"])}


def _facts(rule: Rule, unit: str, lang: str, regions: Names) -> dict[str, object]:
    name, argument = rule
    if name in ("growth", "change"):
        facts: dict[str, object] = {"value": number(argument, lang, signed=True)}
        return facts | {"unit": unit} if name == "change" else facts
    if name == "level":
        points = sorted((int(year), number(value, lang)) for year, value in argument.items())
        said = [text("assumed_point", lang, year=year, value=value) for year, value in points]
        return {"points": text("list_separator", lang).join(said)}
    if name == "accelerate":
        return {"factor": number(argument["factor"], lang), "year": argument["from"]}
    if name == "delay":
        return {"n": argument}
    return {"region": regions.get(argument, argument)} if name == "match" else {}


def _unit(line: Line | None, lang: str, measures: Names) -> str:
    if line is None or line.unit == "%":
        return text("assumed_units" if line is None else "assumed_points", lang)
    return measures.get(line.unit, line.unit)

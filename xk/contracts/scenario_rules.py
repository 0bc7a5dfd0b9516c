"""What a valid scenario is: its keys, its rules and what each takes."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from xk.contracts.borrow_rules import KEY as BORROW
from xk.contracts.borrow_rules import borrow_faults
from xk.contracts.forms import is_written_year
from xk.errors import Fault, nearest
from xk.vocab import columns_of

Argument = Any  # by rule: a number, true, a region, or pairs of names and numbers
Rule = tuple[str, Argument]
Bounds = Mapping[str, tuple[float, float]]
Known = Mapping[str, Sequence[str]]
RULES = ("growth", "change", "level", "accelerate", "delay", "halt", "reach", "match")
TITLES = columns_of("title")
KEYS = ("name", *TITLES, BORROW, "indicators", "domains")
NAME = r"[a-z][a-z0-9_-]*"
REFERENCE = "reference"
LARGEST, FASTEST, LONGEST = 1e15, 1000, 100
"""Of a change or level in any unit (no national product in yuan has more), of growth in per cent a year or a factor,
of a delay in years: beyond them paths leave what numbers hold."""


def scenario_faults(
    content: Mapping[str, Argument], file: str, *, known: Known | None = None, bounds: Bounds | None = None
) -> list[Fault]:
    """Return what is wrong with the content of a scenario.

    Parameters
    ----------
    content : mapping
        As for `xk.build_scenario`.
    file : str
        Name for the faults.
    known : mapping, optional
        Known names under indicators, domains and regions; what is not given is not checked.
    bounds : mapping, optional
        Indicator -> its natural bounds (low, high), NaN where it has none: no level may lie beyond them.
    """
    names = known or {}
    faults = [Fault(file, None, str(key), "unknown key", nearest(key, KEYS)) for key in content if key not in KEYS]
    name = content.get("name", "scenario")
    if not (isinstance(name, str) and re.fullmatch(NAME, name)) or name == REFERENCE:
        remedy = f"use lower-case ASCII letters, digits, - and _, not {REFERENCE!r}"
        faults.append(Fault(file, None, "name", f"{name!r} is no name for a scenario", remedy))
    for key in TITLES:
        if not isinstance(content.get(key, ""), str):
            faults.append(Fault(file, None, key, f"{content[key]!r} is no text", "write it in quotes"))
    for what in ("indicators", "domains"):
        faults += _group_faults(what, content.get(what, {}), file, names)
    faults += _level_faults(content.get("indicators", {}), file, bounds or {})
    if BORROW in content:
        lines = [*names["indicators"], *names["domains"]] if "indicators" in names and "domains" in names else None
        faults += borrow_faults(content[BORROW], file, names=lines, regions=names.get("regions") or None)
    elif not content.get("indicators") and not content.get("domains"):
        remedy = "write [indicators.NAME] or [domains.NAME] and a rule such as growth = 5.0"
        faults.append(Fault(file, None, "", "has no rule", remedy))
    return faults


def _group_faults(what: str, group: object, file: str, known: Known) -> list[Fault]:
    if not isinstance(group, Mapping):
        return [Fault(file, None, what, f"{group!r} is no table", f"write [{what}.NAME] and a rule below it")]
    faults = []
    for name, rules in group.items():
        if what in known and name not in known[what]:
            message = f"unknown {what.rstrip('s')} {name!r}"
            faults.append(Fault(file, None, name, message, nearest(name, known[what])))
        faults += [Fault(file, None, name, *said) for said in _rule_faults(rules, known)]
        if what == "domains" and isinstance(rules, Mapping) and "level" in rules:
            remedy = "give levels indicator by indicator"
            faults.append(Fault(file, None, name, "level: indicators of a domain have no common unit", remedy))
    return faults


def _level_faults(group: object, file: str, bounds: Bounds) -> list[Fault]:
    """Return the levels that no figure of their indicator can have: a share of 160 per cent."""
    faults = []
    for name, rules in group.items() if isinstance(group, Mapping) else ():
        levels = rules.get("level", {}) if isinstance(rules, Mapping) else {}
        low, high = bounds.get(name, (math.nan, math.nan))
        for year, value in levels.items() if _is_level(levels) else ():
            if value < low or value > high:
                side, bound = ("below", low) if value < low else ("above", high)
                message = f"level: {value:.15g} in {year} is {side} the natural bound of {bound:.15g}"
                faults.append(Fault(file, None, name, message, f"give a level {'not ' + side} {bound:.15g}"))
    return faults


def _rule_faults(rules: object, known: Known) -> list[tuple[str, str]]:
    """Return (message, remedy) of what is wrong with the rules of one name."""
    listed = ", ".join(RULES)
    if not isinstance(rules, Mapping):
        return [(f"{rules!r} is no rule", f"write one of {listed}, such as growth = 5.0")]
    unknown = [(f"unknown rule {rule!r}", nearest(rule, RULES)) for rule in rules if rule not in RULES]
    if len(rules) != 1:
        return [*unknown, (f"needs exactly one rule, not {len(rules)}", f"keep one of {listed}")]
    ((rule, argument),) = rules.items()
    return unknown or _argument_faults(rule, argument, known.get("regions") or ())


def _argument_faults(rule: str, argument: object, regions: Sequence[str]) -> list[tuple[str, str]]:
    if rule == "match":
        if not isinstance(argument, str):
            return [(f"match: {argument!r} is no region", "write match = 'region'")]
        found = regions and argument not in regions
        return [(f"match: unknown region {argument!r}", nearest(argument, regions))] if found else []
    wanted = {
        "growth": (
            lambda x: _is_number(x) and -100 < x <= FASTEST,
            f"a number above -100 and at most {FASTEST:,}, in per cent a year",
        ),
        "change": (_is_number, f"a number, in the indicator's unit a year, of at most {LARGEST:g}"),
        "delay": (lambda x: _is_number(x) and 0 <= x <= LONGEST, f"a number of years, from 0 to {LONGEST}"),
        "halt": (lambda x: x is True, "true"),
        "reach": (lambda x: x is True, "true"),
        "level": (_is_level, f"pairs of year and value, such as 2018 = 52.5, none beyond {LARGEST:g}"),
        "accelerate": (
            _is_acceleration,
            f"{{ factor = 1.5, from = 2018 }}: a factor from 0 to {FASTEST:,}, and a year",
        ),
    }
    fits, words = wanted[rule]
    return [] if fits(argument) else [(f"{rule}: {argument!r} cannot be", f"write {rule} = {words}")]


def _is_number(argument: object) -> bool:
    return isinstance(argument, int | float) and not isinstance(argument, bool) and abs(argument) <= LARGEST


def _is_year(argument: object) -> bool:
    return is_written_year(str(argument))


def _is_level(argument: object) -> bool:
    if not isinstance(argument, Mapping) or not argument:
        return False
    return all(map(_is_year, argument)) and all(map(_is_number, argument.values()))


def _is_acceleration(argument: object) -> bool:
    if not isinstance(argument, Mapping) or set(argument) != {"factor", "from"}:
        return False
    return _is_number(argument["factor"]) and 0 <= argument["factor"] <= FASTEST and _is_year(argument["from"])

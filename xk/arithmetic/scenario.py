"""Scenarios (情景): what a path would be if named indicators went another way than the reference."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from xk.arithmetic.target import Target, meets
from xk.errors import Fault, UsageError, nearest
from xk.vocab import LANGUAGES, YEAR_RANGE, columns_of

Values = npt.NDArray[np.float64]
Argument = Any  # by rule: a number, true, a region, or pairs of names and numbers
RULES = ("growth", "change", "level", "accelerate", "delay", "halt", "reach", "match")
TITLES = columns_of("title")
KEYS = ("name", *TITLES, "indicators", "domains")
NAME = r"[a-z][a-z0-9_-]*"
REFERENCE = "reference"


@dataclass(frozen=True)
class Scenario:
    """Differences from the reference.

    Parameters
    ----------
    name : str
        Short ASCII name; ``reference`` is the scenario without differences.
    titles : dict
        Language -> title.
    indicators, domains : dict
        Slug -> {rule: argument}; an indicator's own rule goes before its domain's.
    """

    name: str = "reference"
    titles: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, Mapping[str, Argument]] = field(default_factory=dict)
    domains: Mapping[str, Mapping[str, Argument]] = field(default_factory=dict)

    def rule_of(self, indicator: str, domain: str) -> tuple[str, Argument] | None:
        """Return (rule, argument) for an indicator, or None where it follows the reference."""
        found = self.indicators.get(indicator) or self.domains.get(domain)
        return next(iter(found.items())) if found else None

    def matched_regions(self) -> list[str]:
        """Return the regions whose pace something is to keep."""
        rules = [*self.indicators.values(), *self.domains.values()]
        return [str(rule["match"]) for rule in rules if "match" in rule]


def build_scenario(
    content: Mapping[str, Argument], *, indicators: Iterable[str], domains: Iterable[str], regions: Iterable[str] = ()
) -> Scenario:
    """Turn a mapping (as read from TOML) into a scenario.

    Formula: none. Source: naming after the WHO's scenario functions (docs/method.md).

    Parameters
    ----------
    content : mapping
        name, title_zh, title_en, and under indicators and domains: slug -> {rule: argument}.
    indicators, domains, regions : iterable of str
        Known names; without `regions` the region of ``match`` is not checked.

    Raises
    ------
    UsageError
        With everything that is wrong: unknown key, indicator, domain, region or rule, an argument that cannot
        be, not exactly one rule for a name, no rule at all.
    """
    known = {"indicators": list(indicators), "domains": list(domains), "regions": list(regions)}
    faults = scenario_faults(content, "scenario", known=known)
    if faults:
        raise UsageError("\n".join(map(str, faults)))
    name = str(content.get("name", "scenario"))
    titles = {lang: str(content.get(f"title_{lang}", name)) for lang in LANGUAGES}
    return Scenario(name, titles, dict(content.get("indicators", {})), dict(content.get("domains", {})))


def scenario_faults(
    content: Mapping[str, Argument], file: str, *, known: Mapping[str, Sequence[str]] | None = None
) -> list[Fault]:
    """Return what is wrong with the content of a scenario.

    Formula: none. Source: own contract (docs/method.md).

    Parameters
    ----------
    content : mapping
        As for :func:`build_scenario`.
    file : str
        Name for the faults.
    known : mapping, optional
        Known names under indicators, domains and regions; what is not given is not checked.
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
    if not content.get("indicators") and not content.get("domains"):
        remedy = "write [indicators.NAME] or [domains.NAME] and a rule such as growth = 5.0"
        faults.append(Fault(file, None, "", "has no rule", remedy))
    return faults


def _group_faults(what: str, group: object, file: str, known: Mapping[str, Sequence[str]]) -> list[Fault]:
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


def _rule_faults(rules: object, known: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
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
        "growth": (lambda x: _is_number(x) and x > -100, "a number above -100, in per cent a year"),
        "change": (_is_number, "a number, in the indicator's unit a year"),
        "delay": (lambda x: _is_number(x) and x >= 0, "a number of years, 0 or more"),
        "halt": (lambda x: x is True, "true"),
        "reach": (lambda x: x is True, "true"),
        "level": (_is_level, "pairs of year and value, such as 2018 = 52.5"),
        "accelerate": (_is_acceleration, "{ factor = 1.5, from = 2018 }: a factor of 0 or more, and a year"),
    }
    fits, words = wanted[rule]
    return [] if fits(argument) else [(f"{rule}: {argument!r} cannot be", f"write {rule} = {words}")]


def _is_number(argument: object) -> bool:
    return isinstance(argument, int | float) and not isinstance(argument, bool) and math.isfinite(argument)


def _is_year(argument: object) -> bool:
    return bool(re.fullmatch(r"[0-9]{4}", str(argument))) and YEAR_RANGE[0] <= int(str(argument)) <= YEAR_RANGE[1]


def _is_level(argument: object) -> bool:
    if not isinstance(argument, Mapping) or not argument:
        return False
    return all(map(_is_year, argument)) and all(map(_is_number, argument.values()))


def _is_acceleration(argument: object) -> bool:
    if not isinstance(argument, Mapping) or set(argument) != {"factor", "from"}:
        return False
    return _is_number(argument["factor"]) and argument["factor"] >= 0 and _is_year(argument["from"])


def scenario_path(
    rule: tuple[str, Argument],
    start: tuple[int, float],
    years: Values,
    *,
    reference: Values,
    target: Target,
    matched: Values | None = None,
) -> Values:
    """Return the values of a scenario in `years`, all after the start.

    Formula, with x the last observation in year s and r the reference:

    - growth ``x (1 + g/100)^(t - s)``; change ``x + c (t - s)``; halt ``x``
    - level: straight lines from the last observation through the given points, flat after the last
    - accelerate: ``r_t`` up to year f, ``r_f + k (r_t - r_f)`` after it
    - delay: ``r_(t - n)``, ``x`` for the first n years
    - reach: straight line from x to the target in its year (the next year where that is past), flat after it;
      to the nearer end of an interval; ``x`` where it meets the target already
    - match: ``x`` carried along the path of another region, growth factors or changes in the logit as in
      :func:`xk.arithmetic.borrowed.borrow_path`

    Source: docs/method.md, after the WHO's scenario functions.

    Parameters
    ----------
    rule : (name, argument)
    start : (year, value)
        Last observation, in the indicator's unit.
    years : array, shape (n,)
    reference : array, shape (n,)
        The reference's path in the same years (NaN where there is none).
    target : Target
    matched : array, shape (n,), optional
        The path at the pace of the other region in the same years, for ``match``.

    Raises
    ------
    UsageError
        ``reach`` without a target, ``level`` in years already observed, ``match`` without a path.
    """
    name, argument = rule
    year, value = start
    steps = years - year
    if name == "growth":
        return np.asarray(value * (1 + argument / 100) ** steps)
    if name == "change":
        return np.asarray(value + argument * steps)
    if name == "halt":
        return np.full(years.shape, value)
    if name == "reach":
        return _reach(start, years, target)
    if name == "level":
        return _levels(start, years, argument)
    if name == "match":
        if matched is None or np.isnan(matched).all():
            raise UsageError(f"scenario: there is no path of {argument} to match")
        return np.asarray(matched, dtype=float)
    path = np.concatenate([[value], reference])
    when = np.concatenate([[year], years])
    if name == "delay":
        return np.interp(years - argument, when, path)
    first = int(argument["from"])
    pivot = float(np.interp(max(first, year), when, path))
    return np.where(years <= first, reference, pivot + argument["factor"] * (reference - pivot))


def _reach(start: tuple[int, float], years: Values, target: Target) -> Values:
    year, value = start
    if not target.known or target.year is None:
        raise UsageError("scenario: reach needs an indicator with a target value")
    wanted = min(max(value, target.low), target.high) if target.direction == "interval" else target.value
    if meets(value, target):
        wanted = value
    return np.interp(years, [year, max(target.year, year + 1)], [value, wanted])


def _levels(start: tuple[int, float], years: Values, argument: Mapping[str, float]) -> Values:
    year, value = start
    points = {int(key): float(level) for key, level in argument.items()}
    if min(points) <= year:
        raise UsageError(f"scenario: level of {min(points)} is not after the last observation, {year}")
    known = [year, *sorted(points)]
    return np.interp(years, known, [value, *(points[key] for key in known[1:])])

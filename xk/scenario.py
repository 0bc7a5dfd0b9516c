"""Scenarios (情景): what a path would be if named indicators went another way than the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from xk.errors import UsageError, check_known
from xk.progress import Target

Values = npt.NDArray[np.float64]
RULES = ("growth", "change", "level", "accelerate", "delay", "halt", "reach")
KEYS = ("name", "title_zh", "title_en", "indicators", "domains")


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
    indicators: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    domains: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def rule_of(self, indicator: str, domain: str) -> tuple[str, Any] | None:
        """Return (rule, argument) for an indicator, or None where it follows the reference."""
        found = self.indicators.get(indicator) or self.domains.get(domain)
        return next(iter(found.items())) if found else None


def build_scenario(content: Mapping[str, Any], *, indicators: list[str], domains: list[str]) -> Scenario:
    """Turn a mapping (as read from TOML) into a scenario.

    Formula: none. Source: naming after the WHO's scenario functions (docs/method.md).

    Raises
    ------
    UsageError
        Unknown key, indicator, domain or rule; more than one rule for the same indicator.
    """
    for key in content:
        check_known(key, KEYS, "scenario key")
    for what, known in (("indicators", indicators), ("domains", domains)):
        for name, rules in content.get(what, {}).items():
            check_known(name, known, what.rstrip("s"))
            _check_rule(name, rules)
    titles = {lang: str(content.get(f"title_{lang}", content.get("name", "scenario"))) for lang in ("zh", "en")}
    name = str(content.get("name", "scenario"))
    return Scenario(name, titles, dict(content.get("indicators", {})), dict(content.get("domains", {})))


def _check_rule(name: str, rules: Mapping[str, Any]) -> None:
    if len(rules) != 1:
        raise UsageError(f"scenario: {name} needs exactly one rule, not {len(rules)}; rules: {', '.join(RULES)}")
    (rule, argument), *_ = rules.items()
    check_known(rule, RULES, "scenario rule")
    if rule in ("growth", "change", "delay") and not _is_number(argument):
        raise UsageError(f"scenario: {rule} of {name} needs a number, not {argument!r}")
    if rule in ("halt", "reach") and argument is not True:
        raise UsageError(f"scenario: {rule} of {name} is written {rule} = true, not {argument!r}")
    if rule == "level" and not (isinstance(argument, Mapping) and argument and all(map(_is_number, argument.values()))):
        raise UsageError(f"scenario: level of {name} needs year = value pairs, not {argument!r}")
    if rule == "accelerate":
        _check_accelerate(name, argument)


def _check_accelerate(name: str, argument: Any) -> None:
    if not isinstance(argument, Mapping):
        raise UsageError(f"scenario: accelerate of {name} needs factor and from, not {argument!r}")
    for key in argument:
        check_known(key, ("factor", "from"), "key of accelerate")
    if not all(_is_number(argument.get(key)) for key in ("factor", "from")):
        raise UsageError(f"scenario: accelerate of {name} needs a number for factor and for from")


def _is_number(argument: object) -> bool:
    return isinstance(argument, int | float) and not isinstance(argument, bool)


def scenario_path(
    rule: tuple[str, Any], start: tuple[int, float], years: Values, *, reference: Values, target: Target
) -> Values:
    """Return the values of a scenario in `years`, all after the start.

    Formula: growth ``x (1 + g/100)^(t - s)``; change ``x + c (t - s)``; level straight lines through the given
    points; accelerate ``r_f + k (r_t - r_f)`` from year f on; delay ``r_(t - n)``; halt ``x``; reach straight
    line from x to the target in its year. Source: docs/method.md, after the WHO's scenario functions.

    Parameters
    ----------
    rule : (name, argument)
    start : (year, value)
        Last observation, in the indicator's unit.
    years : array, shape (n,)
    reference : array, shape (n,)
        The reference's path in the same years (NaN where there is none).
    target : Target

    Raises
    ------
    UsageError
        ``reach`` without a target.
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
        if not target.known or target.year is None or target.direction == "interval":
            raise UsageError("scenario: reach needs an indicator with a target value")
        return np.interp(years, [year, max(target.year, year + 1)], [value, target.value])
    if name == "level":
        points = {year: value} | {int(key): float(level) for key, level in argument.items()}
        known = sorted(points)
        return np.interp(years, known, [points[key] for key in known])
    path = np.concatenate([[value], reference])
    when = np.concatenate([[year], years])
    if name == "delay":
        return np.interp(years - argument, when, path)
    pivot = float(np.interp(max(argument["from"], year), when, path))
    return np.where(years <= argument["from"], reference, pivot + argument["factor"] * (reference - pivot))

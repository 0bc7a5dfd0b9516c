"""Scenarios (情景): what a path would be if named indicators went another way than the reference."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from xk.arithmetic.target import Target, Values, meets
from xk.contracts.borrow_rules import KEY as BORROW
from xk.contracts.borrow_rules import NOBODY, read_borrow
from xk.contracts.in_languages import said_in_each_language
from xk.contracts.scenario_rules import REFERENCE, Argument, Bounds, Rule, scenario_faults
from xk.errors import UsageError
from xk.vocab import LANGUAGES

Names = Iterable[str]
Content = Mapping[str, Argument]
Point = tuple[int, float]
"""A year and its value."""


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
    borrow : dict
        Indicator, domain or nothing (all lines) -> region that lends its trend, or ``none``.
    """

    name: str = REFERENCE
    titles: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, Mapping[str, Argument]] = field(default_factory=dict)
    domains: Mapping[str, Mapping[str, Argument]] = field(default_factory=dict)
    borrow: Mapping[str, str] = field(default_factory=dict)

    def rule_of(self, indicator: str, domain: str) -> Rule | None:
        """Return (rule, argument) for an indicator, or None where it follows the reference."""
        found = self.indicators.get(indicator) or self.domains.get(domain)
        return next(iter(found.items())) if found else None

    def named_regions(self) -> list[str]:
        """Return the regions whose pace something is to keep, or whose trend it is to borrow."""
        rules = [*self.indicators.values(), *self.domains.values()]
        matched = [str(rule["match"]) for rule in rules if "match" in rule]
        return [*matched, *(donor for donor in self.borrow.values() if donor != NOBODY)]


def build_scenario(
    content: Content, *, indicators: Names, domains: Names, regions: Names = (), bounds: Bounds | None = None
) -> Scenario:
    """Turn a mapping (as read from TOML) into a scenario.

    Formula: none. Source: naming after the WHO's scenario functions (docs/en/method.md).

    Parameters
    ----------
    content : mapping
        name, title_zh, title_en, borrow (see `xk.contracts.borrow_rules`), and under indicators and domains: slug ->
        {rule: argument}.
    indicators, domains, regions : iterable of str
        Known names; without `regions` the region of ``match`` is not checked.
    bounds : mapping, optional
        Indicator -> its natural bounds (low, high), NaN where it has none: no level may lie beyond them.

    Raises
    ------
    UsageError
        With everything that is wrong: unknown key, indicator, domain, region or rule, an argument that cannot
        be, a level beyond natural bounds, not exactly one rule for a name, no rule at all.
    """
    known = {"indicators": list(indicators), "domains": list(domains), "regions": list(regions)}
    faults = scenario_faults(content, "scenario", known=known, bounds=bounds)
    if faults:
        raise UsageError("\n".join(map(str, faults)))
    name = str(content.get("name", "scenario"))
    said = said_in_each_language(content, ["title"])
    titles = {lang: str(said.get(f"title_{lang}", name)) for lang in LANGUAGES}
    lines, groups = (dict(content.get(what, {})) for what in ("indicators", "domains"))
    return Scenario(name, titles, lines, groups, read_borrow(content.get(BORROW)))


def scenario_path(
    rule: Rule, start: Point, years: Values, *, reference: Values, target: Target, matched: Values | None = None
) -> Values:
    """Return the values of a scenario in `years`, all after the start.

    Formula, with x the last observation in year s and r the reference:

    - growth ``x (1 + g/100)^(t - s)``; change ``x + c (t - s)``; halt ``x``
    - level: straight lines from the last observation through the given points, flat after the last
    - accelerate: ``r_t`` up to year p, ``r_p + k (r_t - r_p)`` after it, p the later of f and s (``r_s = x``)
    - delay: ``r_(t - n)``, ``x`` for the first n years
    - reach: straight line from x to the target in its year (the next year where that is past), flat after it;
      to the nearer end of an interval; ``x`` where it meets the target already
    - match: ``x`` carried along the path of another region, growth factors or changes in the logit as in
      :class:`xk.arithmetic.peers.transfer.Transfer`

    Source: docs/en/method.md, after the WHO's scenario functions.

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


def _reach(start: Point, years: Values, target: Target) -> Values:
    year, value = start
    if not target.known or target.year is None:
        raise UsageError("scenario: reach needs an indicator with a target value")
    wanted = min(max(value, target.low), target.high) if target.direction == "interval" else target.value
    if meets(value, target):
        wanted = value
    return np.interp(years, [year, max(target.year, year + 1)], [value, wanted])


def _levels(start: Point, years: Values, argument: Mapping[str, float]) -> Values:
    year, value = start
    points = {int(key): float(level) for key, level in argument.items()}
    if min(points) <= year:
        raise UsageError(f"scenario: level of {min(points)} is not after the last observation, {year}")
    known = [year, *sorted(points)]
    return np.interp(years, known, [value, *(points[key] for key in known[1:])])

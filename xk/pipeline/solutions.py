"""What would do: the pace, factor or start that just meets the target of one line, or of all lines of a domain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xk.arithmetic.peers import BaseRate
from xk.arithmetic.solving import asked_years, enough, latest_start, solve_change, solve_factor, solve_growth
from xk.arithmetic.target import Target, meets
from xk.contracts.scenario_rules import Rule
from xk.errors import check_known
from xk.pipeline import Results
from xk.pipeline.result import LineResult
from xk.pipeline.targets import target_of

SOLVED = ("change", "growth", "accelerate")
"""Rules whose argument can be solved for."""
DECIMALS = 4


@dataclass(frozen=True)
class Solution:
    """What just meets the target of a line under one rule.

    Attributes
    ----------
    indicator, rule : str
    value : float
        Units a year (change), per cent a year (growth) or factor on the trend (accelerate), rounded away from zero so
        that it still meets; NaN where nothing does.
    why : str
        Why there is none, or nothing is needed: ``no_target``, ``no_figure``, ``past`` (no year asked for is to come),
        ``met`` (the last figure meets it already), ``no_path`` (no trend to multiply), ``no_way`` (no value does);
        empty where there is one.
    rate : BaseRate or None
        How often anybody moved as fast (of the line itself: from its last figure to the target in the time left).
    since : int or None
        Year from which a factor works.
    """

    indicator: str
    rule: str
    value: float = math.nan
    why: str = ""
    rate: BaseRate | None = None
    since: int | None = None

    @property
    def argument(self) -> Rule:
        """Return it as a rule of a scenario."""
        return self.rule, {"factor": self.value, "from": self.since} if self.rule == "accelerate" else self.value


@dataclass(frozen=True)
class DomainSolution:
    """The common factor on the trends of a domain's lines with which all that can meet their targets do.

    `value`: the largest of the lines' own factors (NaN where no line has one); `binding`: the line that asks for it;
    `lines`: each line with a target, as solved for itself.
    """

    domain: str
    since: int
    value: float
    binding: str
    lines: tuple[Solution, ...]


def path_of(results: Results, indicator: str) -> dict[int, float]:
    """Return year -> value of a line's path in the reference, its last figure (the year it starts from) first."""
    basis = results.paths.basis
    if basis is None or indicator not in basis.judged:
        return {}
    last = basis.judged[indicator][-1]
    return {last.year: last.value} | {step.year: step.value for step in basis.ahead.get(indicator, ()) if
                                      step.year > last.year}  # fmt: skip


def solve_line(results: Results, indicator: str, rule: str, *, since: int | None = None) -> Solution:
    """Return the argument of a rule that just meets the target of one line.

    Parameters
    ----------
    results : Results
        Of the reference.
    indicator : str
        Slug or number.
    rule : str
        change, growth or accelerate.
    since : int, optional
        Year from which a factor works; the last known year if not given.
    """
    check_known(rule, SOLVED, "rule to solve for")
    result, (as_of, _) = results.line(indicator), results.settings.years()
    first = as_of if since is None else since
    path, target = path_of(results, result.indicator), target_of(result.line)
    why = _why_not(result, path, target, as_of)
    if why:
        return Solution(result.indicator, rule, why=why, since=first)
    start = (min(path), path[min(path)])
    if rule == "accelerate":
        if len(path) < 2:
            return Solution(result.indicator, rule, why="no_path", since=first)
        value = solve_factor(path, target, since=first, after=as_of)
    else:
        value = (solve_change if rule == "change" else solve_growth)(start, target, after=as_of)
    why = "no_way" if math.isnan(value) else ""
    return Solution(result.indicator, rule, enough(value, decimals=DECIMALS), why, result.base_rate, first)


def _why_not(result: LineResult, path: dict[int, float], target: Target, as_of: int) -> str:
    if not target.known or target.due is None:
        return "no_target"
    if not path:
        return "no_figure"
    if not asked_years(target, after=max(as_of, min(path))):
        return "past"
    return "met" if meets(path[min(path)], target) and result.base_rate is None else ""


def solve_domain(results: Results, domain: str, *, since: int | None = None) -> DomainSolution:
    """Return the common factor on the trends of a domain with which all its lines that can meet their targets do.

    Formula: the largest of the lines' own factors. Lines without a trend, and those whose trend leads away, no factor
    brings to their target; they stand in `lines` with the reason. Source: own definition (docs/en/method.md).
    """
    results.scheme.check_domain(domain)
    plain = [line for line in results.scheme.plain_lines() if line.domain == domain]
    found = [solve_line(results, line.indicator, "accelerate", since=since) for line in plain]
    lines = tuple(one for one in found if one.why != "no_target")
    first = results.settings.years()[0] if since is None else since
    best = max((one for one in lines if not one.why), key=lambda one: one.value, default=None)
    return DomainSolution(domain, first, math.nan if best is None else best.value,
                          "" if best is None else best.indicator, lines)  # fmt: skip


def start_of_pace(results: Results, indicator: str, pace: Rule) -> int | None:
    """Return the last year up to which a line may follow the reference if a pace begins then (see `latest_start`)."""
    result, (as_of, _) = results.line(indicator), results.settings.years()
    path = path_of(results, result.indicator)
    return latest_start(path, target_of(result.line), pace=pace, after=as_of) if path else None


def solved_scenario(solutions: Sequence[Solution]) -> dict[str, dict[str, object]]:
    """Return the rules of a scenario, indicator -> {rule: argument}, of what was found."""
    return {one.indicator: dict([one.argument]) for one in solutions if not one.why}

"""What moves the index most: each line alone at its target, or one usual step of pace faster or slower.

What would do: the pace, factor or start that just meets the target of one line, or of all lines of a domain.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xk.arithmetic.peers.base_rate import BaseRate, usual_step
from xk.arithmetic.solving import asked_years, enough, latest_start, solve_change, solve_factor, solve_growth
from xk.arithmetic.target import Target, cap, meets, required_rate, score
from xk.contracts.records import Record
from xk.contracts.scenario_rules import Rule
from xk.contracts.scheme import Line
from xk.errors import check_known
from xk.pipeline import Results
from xk.pipeline.figures import target_of
from xk.pipeline.index import weigh_lines
from xk.pipeline.peering import windows_of
from xk.pipeline.result import LineResult

CASES = ("target", "faster", "slower")
"""What each line alone does: it just meets its target; it goes one usual step of pace better; or worse."""
COLUMNS = ["indicator", "no", "domain", "basis", "attainment", "step", "measure",
           *(f"{case}{level}" for case in CASES for level in ("", "_domain"))]  # fmt: skip


def build_tornado(results: Results, *, domain: str | None = None) -> pd.DataFrame:
    """Return by how many points each line alone would move the index of the target year.

    Formula: ``w_i (a' - a)``, w_i the line's part of the whole weight of the level (as `build_index_shift`, so that no
    index is needed for it), a its attainment in the reference (its path in the target year; its latest figure where
    nothing is projected), a' that of

    - ``target``: the target just met, 100;
    - ``faster``, ``slower``: the same path one usual step of pace better or worse each year from the latest figure on:
      ``x_T +- s (T - t)``, or ``x_T (1 +- s/100)^(T - t)`` where the pace is growth, within natural bounds (s: see
      `usual_step`).

    Parameters
    ----------
    results : Results
        Of the reference.
    domain : str, optional
        Its lines, and its index besides the total; all lines without one.

    Returns
    -------
    DataFrame
        indicator, no, domain, basis (projected, latest), attainment, step, measure (growth, change), and target,
        faster, slower (points of the total), target_domain, faster_domain, slower_domain (points of the domain); what
        moves the level most first. Steps are NaN where no region shows two windows. Lines without target or figure are
        left out.

    Source: own definition, after the tornado diagram of sensitivity analysis (docs/en/method.md).
    """
    weights = weigh_lines(results.scheme)
    rows: list[Record] = []
    for line in results.scheme.plain_lines():
        moved = _moved(results, results.lines[line.indicator]) if line.indicator in weights["total"] else None
        if moved is not None and domain in (None, line.domain):
            facts, by = moved
            points = {"": weights["total"][line.indicator], "_domain": weights[line.domain][line.indicator]}
            rows.append({
                "indicator": line.indicator, "no": line.no, "domain": line.domain, **facts,
                **{f"{case}{level}": by[case] * share for case in CASES for level, share in points.items()},
            })  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    size = frame[[f"{case}{'_domain' if domain else ''}" for case in CASES]].astype(float).abs().max(axis=1)
    return frame.iloc[np.argsort(-size.to_numpy(), kind="stable")].reset_index(drop=True)


def _moved(results: Results, result: LineResult) -> tuple[Record, dict[str, float]] | None:
    """Return the attainment of a line, with what it rests on, and how far each case moves that.

    None without target or figure, or where the target year is past.
    """
    latest, ahead, target = result.latest, result.outlook.value, target_of(result.line)
    due = target.due
    if not target.known or due is None or latest.year is None or not result.comparable or due <= latest.year:
        return None
    basis, value = ("latest", latest.value) if math.isnan(ahead) else ("projected", ahead)
    years, (as_of, _) = due - latest.year, results.settings.years()
    windows, measure = windows_of(results.scheme, result.line, results.group, years=years, until=as_of)
    step = math.nan if windows is None else usual_step(windows)
    better = _better(latest.year, latest.value, target)
    ends = [_at_pace(value, way * better * step, years, measure, result.line) for way in (1, -1)]
    base, faster, slower = (float(one) for one in cap(score([value, *ends], target)))
    facts = {"basis": basis, "attainment": base, "step": step, "measure": measure}
    return facts, {"target": 100 - base, "faster": faster - base, "slower": slower - base}


def _better(year: int, value: float, target: Target) -> int:
    """Return the way that is better: that which the target asks for, else that of the direction."""
    asked = required_rate(year, value, target).change
    return target.sign if meets(value, target) or math.isnan(asked) or asked == 0 else (1 if asked > 0 else -1)


def _at_pace(value: float, step: float, years: int, measure: str, line: Line) -> float:
    moved = value * (1 + step / 100) ** years if measure == "growth" else value + step * years
    low, high = line.lower_bound, line.upper_bound
    return float(np.clip(moved, -math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high))


def build_ranks(before: Results, after: Results) -> pd.DataFrame:
    """Return the domains with their index and rank under two sets of weights.

    Formula: rank 1 for the highest index; equal ones share the better rank; NaN where the index is withheld. Source:
    own definition.

    Returns
    -------
    DataFrame
        level (domains, then the total), weight (per cent of the whole that the level has under the second), value and
        rank before and after (``value_before``, ...); the total has no rank.
    """
    levels, weights = before.scheme.domain_names(), domain_weights(after)
    found: dict[str, list[float]] = {"weight": [*weights.values(), 100.0]}
    for name, results in (("before", before), ("after", after)):
        rows = results.index[results.index["basis"] == "latest"]
        values = pd.Series(rows["value"].to_numpy(float), index=rows["level"]).reindex([*levels, "total"])
        found[f"value_{name}"] = values.tolist()
        found[f"rank_{name}"] = [*values.iloc[:-1].rank(ascending=False, method="min").tolist(), math.nan]
    return pd.DataFrame({"level": [*levels, "total"], **found})


def domain_weights(results: Results) -> dict[str, float]:
    """Return domain -> per cent of the whole weight that it holds."""
    weights, lines = weigh_lines(results.scheme)["total"], results.scheme.lines
    return {
        domain: 100 * sum(weight for name, weight in weights.items() if lines[name].domain == domain)
        for domain in results.scheme.domain_names()
    }


def weigh_domains(results: Results, asked: Mapping[str, float]) -> dict[str, float]:
    """Return weights of the lines by which the domains weigh as asked, the lines within each as they did before.

    Formula: ``w_i = W_d s_i``, s_i the indicator's part of the whole weight of its domain; a part keeps its weight.
    Source: own definition.

    Parameters
    ----------
    results : Results
        Under the weights that hold within the domains.
    asked : mapping
        Domain -> weight, relative; domains that are not named keep what they weigh (all weigh 100 together).
    """
    for name in asked:
        results.scheme.check_domain(name)
    weights, scheme = weigh_lines(results.scheme), results.scheme
    whole = domain_weights(results) | dict(asked)
    return {
        line.indicator: whole[line.domain] * sum(
            weights[line.domain].get(name, 0.0) for name in scheme.parts(line.indicator) or [line.indicator]
        )
        for line in scheme.lines.values() if not line.parent
    }  # fmt: skip


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
        ``met`` (the last figure meets it already), ``no_path`` (no trend to multiply, or none to judge by), ``no_way``
        (no value does); empty where there is one.
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
    if indicator not in basis.judged:
        return {}
    last = basis.judged[indicator][-1]
    ahead = (step for step in basis.ahead.get(indicator, ()) if step.year > last.year)
    return {last.year: last.value} | {step.year: step.value for step in ahead}


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
        if len(path) < 2 or result.trend.doubt:
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

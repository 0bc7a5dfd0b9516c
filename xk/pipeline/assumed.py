"""Scenarios applied: the paths of the indicators that a scenario names, in place of the reference's."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from xk.arithmetic.scenario import Scenario, scenario_path
from xk.contracts.scenario_rules import Rule
from xk.contracts.scheme import Line, Scheme
from xk.errors import Fault, UsageError, raise_faults
from xk.pipeline.figures import target_of
from xk.pipeline.result import Trend

Pace = Callable[[str, str], pd.DataFrame]
"""Indicator and region -> the path (year, value) of the figures at hand at the pace of that region."""

RESTING = ("accelerate", "delay", "match")
"""Rules whose path is made of another: the reference's, or another region's."""
OPEN = ("growth", "change", "accelerate")
"""Rules that may lead beyond natural bounds, where their paths stop."""


def apply_scenario(
    projected: pd.DataFrame,
    scenario: Scenario,
    *,
    scheme: Scheme,
    observed: pd.DataFrame,
    to: int,
    pace: Pace | None = None,
) -> pd.DataFrame:
    """Return the paths with those of the indicators that the scenario names in place of the reference's.

    Parameters
    ----------
    projected : DataFrame
        indicator, year, value, kind, method, lo/hi per level: the reference.
    scenario : Scenario
        Differences from it. A rule for a domain leaves out the indicators that it cannot serve (no figure; no
        target to reach; no path to accelerate, delay or match); a rule of an indicator's own must serve it.
    scheme : Scheme
    observed : DataFrame
        indicator, year, value: the figures that the paths start from.
    to : int
        Last year.
    pace : callable, optional
        Gives the path at the pace of another region, for ``match``.

    Returns
    -------
    DataFrame
        As `projected`; changed paths have the kind ``scenario`` and, being an assumption, no interval.

    Raises
    ------
    InputError
        With a fault for each indicator named by itself that has no comparable figure to start from, or that its rule
        cannot serve.
    """
    changed, faults = [], _too_late(scenario, to)  # type: list[pd.DataFrame], list[Fault]
    for line in scheme.lines.values():
        rule = scenario.rule_of(line.indicator, line.domain)
        if rule is None:
            continue
        own = line.indicator in scenario.indicators
        points = observed[observed["indicator"] == line.indicator]
        if points.empty and own:
            faults.append(_fault(scenario, line, "has no comparable figure to start from"))
        if points.empty or not (own or rule[0] != "reach" or target_of(line).known):
            continue
        try:
            path = _changed_path(line, rule, points, projected, to=to, pace=pace)
        except UsageError as error:
            faults.append(_fault(scenario, line, str(error)))
            continue
        if not path["value"].isna().any():
            changed.append(path)
        elif own:
            whose = f"of {rule[1]}" if rule[0] == "match" else "in the reference"
            faults.append(_fault(scenario, line, f"{rule[0]} needs a path {whose}; there is none"))
    raise_faults(faults)
    names = {frame["indicator"].iloc[0] for frame in changed if len(frame)}
    kept = projected[~projected["indicator"].isin(names)]
    return pd.concat([frame for frame in (kept, *changed) if len(frame)] or [projected], ignore_index=True)


def _too_late(scenario: Scenario, to: int) -> list[Fault]:
    """Return a fault for each rule that would begin where the paths end."""
    rules = [(name, rule) for group in (scenario.domains, scenario.indicators) for name, rule in group.items()]
    late = [(name, int(rule["accelerate"]["from"])) for name, rule in rules if "accelerate" in rule]
    said, remedy = "accelerate: from {} on changes nothing up to {}", f"give a year before {to}"
    return [Fault(scenario.name, None, name, said.format(year, to), remedy) for name, year in late if year >= to]


def _fault(scenario: Scenario, line: Line, message: str) -> Fault:
    remedy = "leave the rule out, or give figures of the region (--observations)"
    return Fault(scenario.name, None, line.indicator, message, remedy)


def _changed_path(
    line: Line, rule: Rule, points: pd.DataFrame, projected: pd.DataFrame, *, to: int, pace: Pace | None
) -> pd.DataFrame:
    name, start = line.indicator, (int(points["year"].iloc[-1]), float(points["value"].iloc[-1]))
    years = np.arange(start[0] + 1, to + 1, dtype=float)
    reference = _values_in(projected[projected["indicator"] == name], years)
    other = pace(name, str(rule[1])) if pace is not None and rule[0] == "match" else None
    matched = None if other is None or other.empty else _values_in(other, years)
    values = np.full(years.shape, np.nan)
    if matched is not None or rule[0] != "match":
        values = scenario_path(rule, start, years, reference=reference, target=target_of(line), matched=matched)
    low, high = line.lower_bound, line.upper_bound
    values = np.clip(values, -np.inf if np.isnan(low) else low, np.inf if np.isnan(high) else high)
    return pd.DataFrame({"indicator": name, "year": years, "value": values, "kind": "scenario", "method": rule[0]})


def _values_in(path: pd.DataFrame, years: np.ndarray) -> np.ndarray:
    return path.set_index("year")["value"].reindex(years).to_numpy(float)


def assumed_trend(rule: Rule, path: Sequence[float], line: Line, *, rests: Trend) -> Trend:
    """Return where a changed path comes from: its rule, and the series of another trend if it is made of that.

    `path`: its values; one that ends at a natural bound of the line, where rules like ``growth`` stop, says so.
    """
    lent = rests if rule[0] in RESTING else Trend()
    stops = rule[0] in OPEN and path and path[-1] in (line.lower_bound, line.upper_bound)
    return replace(lent, kind="scenario", method=rule[0], assumed=rule, stops_at=path[-1] if stops else math.nan)

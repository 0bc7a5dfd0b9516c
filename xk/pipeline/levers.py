"""What moves the index most: each line alone at its target, or one usual step of pace faster or slower."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xk.arithmetic.peers import usual_step
from xk.arithmetic.target import Target, cap, meets, required_rate, score
from xk.contracts.records import Record
from xk.contracts.scheme import Line
from xk.pipeline import Results
from xk.pipeline.index import weigh_lines
from xk.pipeline.peering import windows_of
from xk.pipeline.result import LineResult
from xk.pipeline.targets import target_of

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
            points = {"": weights["total"][line.indicator], "_domain": weights[line.domain][line.indicator]}
            rows.append({
                "indicator": line.indicator, "no": line.no, "domain": line.domain, "basis": moved.basis,
                "attainment": moved.attainment, "step": moved.step, "measure": moved.measure,
                **{f"{case}{level}": by * share for case, by in zip(CASES, moved.by, strict=True)
                   for level, share in points.items()},
            })  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    size = frame[[f"{case}{'_domain' if domain else ''}" for case in CASES]].astype(float).abs().max(axis=1)
    return frame.iloc[np.argsort(-size.to_numpy(), kind="stable")].reset_index(drop=True)


@dataclass(frozen=True)
class _Moved:
    """The attainment of a line, what it rests on, one usual step of its pace, and how far each case moves it."""

    basis: str
    attainment: float
    step: float
    measure: str
    by: tuple[float, ...]


def _moved(results: Results, result: LineResult) -> _Moved | None:
    """Return how far a line can move; None without target or figure, or where the target year is past."""
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
    return _Moved(basis, base, step, measure, (100 - base, faster - base, slower - base))


def _better(year: int, value: float, target: Target) -> int:
    """Return the way that is better: that which the target asks for, else that of the direction."""
    asked = required_rate(year, value, target).change
    return target.sign if meets(value, target) or math.isnan(asked) or asked == 0 else (1 if asked > 0 else -1)


def _at_pace(value: float, step: float, years: int, measure: str, line: Line) -> float:
    moved = value * (1 + step / 100) ** years if measure == "growth" else value + step * years
    low, high = line.lower_bound, line.upper_bound
    return float(np.clip(moved, -math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high))


def build_ranks(before: Results, after: Results, *, basis: str = "latest") -> pd.DataFrame:
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
        rows = results.index[results.index["basis"] == basis]
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

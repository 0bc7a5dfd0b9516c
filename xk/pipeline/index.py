"""Composite index: attainment of the indicators, up to domains and the total, with coverage beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.arithmetic.index import (
    Tree,
    build_tree,
    composite_index,
    effective_weights,
    level_indices,
    robustness,
    weight_tree,
)
from xk.arithmetic.projection.normal import normal_quantile
from xk.arithmetic.target import cap, score
from xk.contracts.records import Record, records_by
from xk.contracts.scheme import Line, Scheme
from xk.errors import UsageError
from xk.pipeline.result import LineResult, ends_of
from xk.pipeline.targets import target_of
from xk.vocab import AHEAD_KINDS

Values = npt.NDArray[np.float64]
BASES = ("latest", "target")
LEVELS = (80, 95)
DRAWS = 2_000
SEED = 20_160_101
RANGE_DRAWS = 10_000
NOISE = 0.25


@dataclass(frozen=True)
class Means:
    """The index of a scheme as a set of means: its tree of weights, and the levels that are shown, the total last."""

    tree: Tree
    levels: list[str]

    def of(self, scores: Values, *, min_coverage: float = 0.0) -> tuple[Values, Values]:
        """Return index and coverage (rows, levels) of scores (rows, leaves), an index that is withheld as NaN.

        The root is the total whatever the tree calls it.
        """
        value, coverage = level_indices(scores, self.tree, min_coverage=min_coverage)
        places = [*(self.tree.names.index(level) for level in self.levels[:-1]), -1]
        return value[:, places], coverage[:, places]


@lru_cache(maxsize=8)
def _means(scheme: Scheme) -> Means:
    weighting = "equal" if scheme.weights == "equal" else "given"
    tree = build_tree(weight_tree(scheme.indicators, weighting=weighting))
    return Means(tree, [*scheme.domain_names(), "total"])


def build_index(scheme: Scheme, lines: Mapping[str, LineResult], *, min_coverage: float = 0.0) -> pd.DataFrame:
    """Return the index by domain and in total, by latest figures and as projected for the target year.

    Returns
    -------
    DataFrame
        level (domain or ``total``), basis (latest or target), value (per cent), coverage (per cent of weight).
        A level without any attainment, or with a coverage under `min_coverage` (0..1), has NaN.
    """
    means = _means(scheme)
    value, coverage = means.of(_by_basis(means, lines).to_numpy(), min_coverage=min_coverage)
    levels = {"level": means.levels * len(BASES), "basis": [basis for basis in BASES for _ in means.levels]}
    return pd.DataFrame({**levels, "value": value.ravel(), "coverage": 100 * coverage.ravel()})


def build_contributions(scheme: Scheme, lines: Mapping[str, LineResult]) -> pd.DataFrame:
    """Return what each indicator (parts in place of composites) adds to the total index.

    Returns
    -------
    DataFrame
        basis (latest or target), indicator, no, domain, weight (per cent of the total), attainment (per cent),
        contribution (points of the index; they add up to it), possible (points it would add if it alone rose to 100),
        NaN without data.
    """
    means = _means(scheme)
    scores = _by_basis(means, lines)
    found = composite_index(scores, means.tree)
    weights = effective_weights(means.tree)
    leaves = [scheme.lines[name] for name in means.tree.leaves]
    # the index of ones: each contributes the share that it holds where others have no data
    shares = composite_index(scores.where(scores.isna(), 1.0), means.tree).contributions
    frames = [
        pd.DataFrame({
            "basis": basis, "indicator": list(scores.columns), "no": [line.no for line in leaves],
            "domain": [line.domain for line in leaves], "weight": 100 * weights.to_numpy(float),
            "attainment": scores.loc[basis].to_numpy(float),
            "contribution": found.contributions.loc[basis].to_numpy(float),
            "possible": shares.loc[basis].to_numpy(float) * (100 - scores.loc[basis].to_numpy(float)),
        })
        for basis in BASES
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def build_index_years(scheme: Scheme, yearly: pd.DataFrame, *, levels: tuple[int, ...] = LEVELS) -> pd.DataFrame:
    """Return the index of every year, with an interval where projections go in.

    Parameters
    ----------
    scheme : Scheme
    yearly : DataFrame
        indicator, year, value, kind, attainment and lo/hi per level, as `build_yearly` gives them.
    levels : tuple of int
        Levels of the intervals, in per cent; those of the projections.

    Returns
    -------
    DataFrame
        level (domain or ``total``), year, kind (observed, projected, mixed), value (per cent), lo/hi per level, change
        (points since the last year before that has figures, over the indicators that both years have: figures that come
        and go do not move it), coverage (per cent of weight with data), projected_share and interval_share (per cent of
        that weight whose figure is projected, and whose projection has an interval). The interval comes from seeded
        draws of each projection's own distribution, taken from its quantiles, each for itself; borrowed trends and
        assumptions have none and stand still in the draws.
    """
    means = _means(scheme)
    rows = yearly[yearly["indicator"].isin(means.tree.leaves) & yearly["attainment"].notna()]
    if rows.empty:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in _year_columns(levels)})
    years, row = np.unique(rows["year"].to_numpy(int), return_inverse=True)
    cell = row, pd.Index(means.tree.leaves).get_indexer(pd.Index(rows["indicator"]))
    attained, ahead, uncertain = np.full((3, len(years), len(means.tree.leaves)), np.nan)
    has_interval = _has_interval(rows, levels)
    attained[cell] = rows["attainment"]
    ahead[cell] = rows["attainment"].where(rows["kind"].isin(AHEAD_KINDS))
    uncertain[cell] = rows["attainment"].where(has_interval)
    value, coverage = means.of(attained)
    (_, projected), (_, spread) = means.of(ahead), means.of(uncertain)
    drawn = records_by(rows[has_interval], "year")
    ends = _ends(scheme, means, attained, [drawn.get(year, []) for year in years.tolist()], levels)
    shown = (spread > 0) & ~np.isnan(value)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = {"projected_share": 100 * projected / coverage, "interval_share": 100 * spread / coverage}
    kind = np.select([projected == 0, np.isclose(projected, coverage)], ["observed", "projected"], "mixed")
    columns = {"kind": kind, "value": value, "change": _change(means, attained), "coverage": 100 * coverage} | shares
    columns |= {name: np.where(shown, points, np.nan) for name, points in ends.items()}
    out = pd.DataFrame({name: np.ravel(cells) for name, cells in columns.items()})
    out["level"] = means.levels * len(years)
    out["year"] = np.repeat(years, len(means.levels))
    return out[_year_columns(levels)]


def _year_columns(levels: tuple[int, ...]) -> list[str]:
    shares = ("change", "coverage", "projected_share", "interval_share")
    return ["level", "year", "kind", "value", *ends_of(levels), *shares]


def _change(means: Means, attained: Values) -> Values:
    """Return the change of the index over the indicators that a year and the one before have; NaN where none."""
    before = np.vstack([np.full_like(attained[:1], np.nan), attained[:-1]])
    missing = np.isnan(attained) | np.isnan(before)
    now, then = (means.of(np.where(missing, np.nan, scores))[0] for scores in (attained, before))
    return np.asarray(now - then)


def _ends(
    scheme: Scheme, means: Means, attained: Values, rows: list[list[Record]], levels: tuple[int, ...]
) -> dict[str, Values]:
    """Return the ends of the intervals (years, levels), NaN in years without a projection that has one.

    `rows`: for each year the projections with an interval.
    """
    odds = {f"{end}{level}": (100 + sign * level) / 200 for level in levels for end, sign in (("lo", -1), ("hi", 1))}
    ends = np.full((len(odds), len(attained), len(means.levels)), np.nan)
    for i, projected in enumerate(rows):
        if projected:
            drawn = _draw(scheme, means.tree.leaves, attained[i], projected, levels)
            ends[:, i] = np.quantile(means.of(drawn)[0], list(odds.values()), axis=0)
    return dict(zip(odds, ends, strict=True))


def _draw(
    scheme: Scheme, leaves: tuple[str, ...], attained: Values, projected: list[Record], levels: tuple[int, ...]
) -> Values:
    """Return attainment (draws, leaves) in one year, every projected figure drawn from its own distribution."""
    rows = {row["indicator"]: row for row in projected}
    named = [(place, name) for place, name in enumerate(leaves) if name in rows]
    # published intervals were drawn behind a first row that nothing uses: without it all of them would move
    random = np.random.default_rng(SEED).standard_normal((1 + len(named), DRAWS))[1:]
    drawn = np.repeat(attained[None], DRAWS, axis=0)
    for (place, name), good in zip(named, random, strict=True):
        line = scheme.lines[name]
        target = target_of(line)
        drawn[:, place] = cap(score(_values_at(target.sign * good, rows[name], levels, line), target))
    return drawn


def _values_at(z: Values, row: Record, levels: tuple[int, ...], line: Line) -> Values:
    """Return the values at standard normal positions: straight lines between the known quantiles and on beyond them."""
    known = sorted(levels)
    places = [normal_quantile((100 + level) / 200) for level in known]
    at = np.array([-place for place in reversed(places)] + [0.0, *places])
    value = [row[f"lo{level}"] for level in reversed(known)] + [row["value"]] + [row[f"hi{level}"] for level in known]
    x = np.array(value, dtype=float)
    inside = np.interp(z, at, x)
    below = x[0] + (z - at[0]) * (x[1] - x[0]) / (at[1] - at[0])
    above = x[-1] + (z - at[-1]) * (x[-1] - x[-2]) / (at[-1] - at[-2])
    out = np.where(z < at[0], below, np.where(z > at[-1], above, inside))
    low, high = line.lower_bound, line.upper_bound
    return np.clip(out, -np.inf if np.isnan(low) else low, np.inf if np.isnan(high) else high)


def _has_interval(rows: pd.DataFrame, levels: tuple[int, ...]) -> pd.Series:
    ends = ends_of(levels)
    missing = [end for end in ends if end not in rows]
    if missing:
        raise UsageError(f"the projections have no column {missing[0]!r}; use the levels that they were made with")
    return rows[ends].notna().all(axis=1) & rows["kind"].isin(AHEAD_KINDS)


def _by_basis(means: Means, lines: Mapping[str, LineResult]) -> pd.DataFrame:
    found = [lines.get(name) for name in means.tree.leaves]
    latest = [one.distance.attainment if one else np.nan for one in found]
    ahead = [(one.distance if _is_there(one) else one.outlook).attainment if one else np.nan for one in found]
    return pd.DataFrame([latest, ahead], index=list(BASES), columns=list(means.tree.leaves), dtype=float)


def _is_there(result: LineResult) -> bool:
    """Return whether a line is observed in its target year: it need not be projected then."""
    seen, due = result.latest.year, result.line.target_year
    return seen is not None and due is not None and seen >= due


class IndexRange(TypedDict):
    """The index, its 5 and 95 % points with weights moved at random by up to `noise`, and what it is without each."""

    value: float
    low: float
    high: float
    draws: int
    noise: float
    without: dict[str, float]


def build_index_range(scheme: Scheme, lines: Mapping[str, LineResult]) -> IndexRange:
    """Return how firm the latest total index is under other weights, and with each indicator left out."""
    means = _means(scheme)
    scores = _by_basis(means, lines).loc[["latest"]]
    found = robustness(scores, means.tree, draws=RANGE_DRAWS, noise=NOISE)
    row = found.index.iloc[0]
    without = {str(name): float(value) for name, value in found.without.iloc[0].items()}
    return {
        "value": float(row["nominal"]), "low": float(row["low"]), "high": float(row["high"]),
        "draws": RANGE_DRAWS, "noise": NOISE, "without": without,
    }  # fmt: skip


def build_index_pair(scheme: Scheme, lines: Mapping[str, LineResult]) -> pd.DataFrame:
    """Return the index now and in the target year over the same indicators: those that have both.

    Returns
    -------
    DataFrame
        level (domain or ``total``), latest, target, change (per cent and points), coverage (per cent of weight).
    """
    means = _means(scheme)
    scores = _by_basis(means, lines).to_numpy()
    value, coverage = means.of(np.where(np.isnan(scores).any(axis=0), np.nan, scores))
    latest, target = value
    columns = {"level": means.levels, "latest": latest, "target": target, "change": target - latest}
    return pd.DataFrame({**columns, "coverage": 100 * coverage[0]})

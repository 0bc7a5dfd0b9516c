"""Composite index: attainment of the indicators, up to domains and the total, with coverage beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.composite import composite_index, effective_weights, robustness, weight_tree
from xk.errors import UsageError
from xk.pipeline.targets import target_of
from xk.progress import cap, score
from xk.projection.normal import normal_quantile
from xk.scheme import Scheme

Values = npt.NDArray[np.float64]
BASES = {"latest": "attainment", "target": "projected_attainment"}
LEVELS = (80, 95)
DRAWS = 2_000
SEED = 20_160_101
AHEAD = ("projected", "borrowed", "scenario")


@dataclass(frozen=True)
class IndexRules:
    """How the index is made and drawn.

    Parameters
    ----------
    min_coverage : float
        Share of weight with data (0..1) under which an index is withheld, in a domain and in total.
    levels : tuple of int
        Levels of the intervals, in per cent; those of the projections.
    draws, seed : int
        Number of draws and where they start.
    together : float
        Correlation (0..1) of the errors of the indicators, in the sense of good and bad; 0: each errs for itself.
    """

    min_coverage: float = 0.0
    levels: tuple[int, ...] = LEVELS
    draws: int = DRAWS
    seed: int = SEED
    together: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.together <= 1:
            raise UsageError(f"together is a correlation from 0 to 1, not {self.together:g}")
        if self.draws < 1:
            raise UsageError(f"draws must be 1 or more, not {self.draws}")


def build_index(scheme: Scheme, summary: pd.DataFrame, *, min_coverage: float = 0.0) -> pd.DataFrame:
    """Return the index by domain and in total, by latest figures and as projected for the target year.

    Returns
    -------
    DataFrame
        level (domain or ``total``), basis (latest or target), value (per cent), coverage (per cent of weight).
        A level without any attainment, or with a coverage under `min_coverage` (0..1), has NaN.
    """
    value, coverage = _index(scheme, _by_basis(scheme, summary), min_coverage=min_coverage)
    frames = [
        pd.DataFrame({"level": _levels(scheme), "basis": basis, "value": value[i], "coverage": 100 * coverage[i]})
        for i, basis in enumerate(BASES)
    ]
    return pd.concat(frames, ignore_index=True)


def build_contributions(scheme: Scheme, summary: pd.DataFrame) -> pd.DataFrame:
    """Return what each indicator (parts in place of composites) adds to the total index.

    Returns
    -------
    DataFrame
        basis (latest or target), indicator, no, domain, weight (per cent of the total), attainment (per cent),
        contribution (points of the index; they add up to it), possible (points it would add if it alone rose to 100),
        NaN without data.
    """
    tree = _tree(scheme)
    scores = _by_basis(scheme, summary)
    found = composite_index(scores, tree)
    weights = effective_weights(tree)
    rows = scheme.indicators.set_index("indicator").loc[list(scores.columns)]
    # the index of ones: each contributes the share that it holds where others have no data
    shares = composite_index(scores.where(scores.isna(), 1.0), tree).contributions
    frames = [
        pd.DataFrame({
            "basis": basis, "indicator": list(scores.columns), "no": rows["no"].to_numpy(),
            "domain": rows["domain"].to_numpy(), "weight": 100 * weights.to_numpy(float),
            "attainment": scores.loc[basis].to_numpy(float),
            "contribution": found.contributions.loc[basis].to_numpy(float),
            "possible": shares.loc[basis].to_numpy(float) * (100 - scores.loc[basis].to_numpy(float)),
        })
        for basis in BASES
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def build_index_years(scheme: Scheme, yearly: pd.DataFrame, rules: IndexRules | None = None) -> pd.DataFrame:
    """Return the index of every year, with an interval where projections go in.

    Parameters
    ----------
    scheme : Scheme
    yearly : DataFrame
        indicator, year, value, kind, attainment and lo/hi per level, as `build_yearly` gives them.
    rules : IndexRules, optional

    Returns
    -------
    DataFrame
        level (domain or ``total``), year, kind (observed, projected, mixed), value (per cent), lo/hi per level, change
        (points since the last year before that has figures, over the indicators that both years have: figures that come
        and go do not move it), coverage (per cent of weight with data), projected_share and interval_share (per cent of
        that weight whose figure is projected, and whose projection has an interval). The interval comes from seeded
        draws of each projection's own distribution, taken from its quantiles; borrowed trends and assumptions have
        none and stand still in the draws.
    """
    asked = rules or IndexRules()
    leaves = _leaves(scheme)
    rows = yearly[yearly["indicator"].isin(leaves) & yearly["attainment"].notna()]
    rows = rows.assign(ahead=rows["kind"].isin(AHEAD), spread=_has_interval(rows, asked.levels))
    table = {
        name: rows.pivot(index="year", columns="indicator", values=name).reindex(columns=leaves)
        for name in ("attainment", "ahead", "spread")
    }
    if rows.empty:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in _year_columns(asked)})
    attained = table["attainment"].astype(float)
    value, coverage = _index(scheme, attained, min_coverage=asked.min_coverage)
    _, projected = _index(scheme, attained.where(table["ahead"].eq(other=True)))
    _, spread = _index(scheme, attained.where(table["spread"].eq(other=True)))
    ends = _ends(scheme, attained, rows[rows["spread"]], asked)
    shown = (spread > 0) & ~np.isnan(value)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = {"projected_share": 100 * projected / coverage, "interval_share": 100 * spread / coverage}
    kind = np.select([projected == 0, np.isclose(projected, coverage)], ["observed", "projected"], "mixed")
    columns = {"kind": kind, "value": value, "change": _change(scheme, attained), "coverage": 100 * coverage} | shares
    columns |= {name: np.where(shown, points, np.nan) for name, points in ends.items()}
    out = pd.DataFrame({name: np.ravel(cells) for name, cells in columns.items()})
    out["level"] = _levels(scheme) * len(attained)
    out["year"] = np.repeat(attained.index.to_numpy(dtype=int), len(_levels(scheme)))
    return out[_year_columns(asked)]


def _year_columns(rules: IndexRules) -> list[str]:
    ends = [f"{end}{level}" for level in rules.levels for end in ("lo", "hi")]
    return ["level", "year", "kind", "value", *ends, "change", "coverage", "projected_share", "interval_share"]


def _change(scheme: Scheme, attained: pd.DataFrame) -> Values:
    """Return the change of the index over the indicators that a year and the one before have; NaN where none."""
    before = attained.shift(1)
    both = attained.notna() & before.notna()
    return np.asarray(_index(scheme, attained.where(both))[0] - _index(scheme, before.where(both))[0])


def _ends(scheme: Scheme, attained: pd.DataFrame, rows: pd.DataFrame, rules: IndexRules) -> dict[str, Values]:
    """Return the ends of the intervals (years, levels), NaN in years without a projection that has one."""
    odds = {
        f"{end}{level}": (100 + sign * level) / 200 for level in rules.levels for end, sign in (("lo", -1), ("hi", 1))
    }
    shape = (len(attained), len(_levels(scheme)))
    ends = {name: np.full(shape, np.nan) for name in odds}
    for i, year in enumerate(attained.index):
        ahead = rows[rows["year"] == year].set_index("indicator")
        if len(ahead):
            drawn = _draw(scheme, attained.loc[[year]], ahead, rules)
            for name, odd in odds.items():
                ends[name][i] = np.quantile(drawn, odd, axis=0)
    return ends


def _draw(scheme: Scheme, attained: pd.DataFrame, rows: pd.DataFrame, rules: IndexRules) -> Values:
    """Return the index (draws, levels) of one year with every projected figure drawn from its own distribution."""
    random = np.random.default_rng(rules.seed)
    common = random.standard_normal(rules.draws)
    drawn = pd.DataFrame(np.repeat(attained.to_numpy(), rules.draws, axis=0), columns=attained.columns)
    for name in [name for name in attained.columns if name in rows.index]:
        own = random.standard_normal(rules.draws)
        target = target_of(scheme.indicator(name))
        good = np.sqrt(rules.together) * common + np.sqrt(1 - rules.together) * own
        spread = rows.loc[[name]].iloc[0]
        values = _values_at(target.sign * good, spread, rules.levels, scheme.indicator(name))
        drawn[name] = cap(score(values, target))
    return _index(scheme, drawn)[0]


def _values_at(z: Values, row: pd.Series, levels: tuple[int, ...], bounds: pd.Series) -> Values:
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
    low, high = float(bounds["lower_bound"]), float(bounds["upper_bound"])
    return np.clip(out, -np.inf if np.isnan(low) else low, np.inf if np.isnan(high) else high)


def _has_interval(rows: pd.DataFrame, levels: tuple[int, ...]) -> pd.Series:
    ends = [f"{end}{level}" for level in levels for end in ("lo", "hi")]
    missing = [end for end in ends if end not in rows]
    if missing:
        raise UsageError(f"the projections have no column {missing[0]!r}; use the levels that they were made with")
    return rows[ends].notna().all(axis=1) & rows["kind"].isin(AHEAD)


def _index(scheme: Scheme, scores: pd.DataFrame, *, min_coverage: float = 0.0) -> tuple[Values, Values]:
    """Return index and coverage (rows of `scores`, levels); the root is the total whatever the tree calls it."""
    found = composite_index(scores, _tree(scheme), min_coverage=min_coverage)
    value, coverage = (
        table.assign(total=table.iloc[:, -1])[_levels(scheme)].to_numpy(float)
        for table in (found.nodes, found.node_coverage)
    )
    return value, coverage


def _tree(scheme: Scheme) -> pd.DataFrame:
    return weight_tree(scheme.indicators, weighting=scheme.weights)


def _leaves(scheme: Scheme) -> list[str]:
    parents = set(_tree(scheme)["parent"])
    return [name for name in scheme.indicators["indicator"] if name not in parents]


def _levels(scheme: Scheme) -> list[str]:
    return [*scheme.domain_names(), "total"]


def _by_basis(scheme: Scheme, summary: pd.DataFrame) -> pd.DataFrame:
    table = summary.set_index("indicator")
    rows = table[list(BASES.values())].reindex(_leaves(scheme)).astype(float)
    # what is observed in its target year need not be projected
    years = table[["latest_year", "target_year"]].reindex(_leaves(scheme)).apply(pd.to_numeric).astype("Float64")
    there = (years["latest_year"] >= years["target_year"]).fillna(value=False)
    rows["projected_attainment"] = rows["projected_attainment"].where(~there.astype(bool), rows["attainment"])
    return rows.rename(columns={column: basis for basis, column in BASES.items()}).T


def build_index_range(
    scheme: Scheme, summary: pd.DataFrame, *, draws: int = 10_000, noise: float = 0.25
) -> dict[str, Any]:
    """Return how firm the latest total index is under other weights, and with each indicator left out.

    Returns
    -------
    dict
        value, low and high (5 and 95 % points over `draws` of weights moved by up to the share `noise`), draws, noise,
        without (index by indicator left out).
    """
    scores = _by_basis(scheme, summary).loc[["latest"]]
    found = robustness(scores, _tree(scheme), draws=draws, noise=noise, ranks=False)
    row = found.index.iloc[0].to_dict()
    return {
        **{name: float(row[column]) for name, column in (("value", "nominal"), ("low", "low"), ("high", "high"))},
        "draws": draws,
        "noise": noise,
        "without": found.without.iloc[0].to_dict(),
    }


def build_index_pair(scheme: Scheme, summary: pd.DataFrame) -> pd.DataFrame:
    """Return the index now and in the target year over the same indicators: those that have both.

    Returns
    -------
    DataFrame
        level (domain or ``total``), latest, target, change (per cent and points), coverage (per cent of weight).
    """
    scores = _by_basis(scheme, summary)
    value, coverage = _index(scheme, _in_all_rows(scores))
    latest, target = value
    return pd.DataFrame(
        {
            "level": _levels(scheme),
            "latest": latest,
            "target": target,
            "change": target - latest,
            "coverage": 100 * coverage[0],
        }
    )


def _in_all_rows(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of the columns that every row has; the others are left empty."""
    return scores.loc[:, scores.notna().all(axis=0)].reindex(columns=scores.columns)

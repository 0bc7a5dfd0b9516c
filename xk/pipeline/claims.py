"""Stated odds against what came, over the series of a review: met in a year, held every year, reached by a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.arithmetic.calibration import OddsClass, count_classes
from xk.arithmetic.projection import Projection, outlook, probability
from xk.arithmetic.projection.backtesting import mean_change
from xk.arithmetic.projection.odds import met_by_draw
from xk.arithmetic.target import Target, meets
from xk.contracts.records import Record, records

AWAY = (-4, -2, -1, -0.5, 0, 0.5, 1, 2, 4, 8)
"""Targets of a review: the last known value, and so many mean yearly changes from it."""
CLAIMS = ("met", "held", "reached")

Reliability = dict[str, tuple[OddsClass, ...]]
"""Claim -> what was stated of it in each class of odds, and what came."""
Case = tuple[int, Target]
"""A series by its row, and what it is asked."""


def build_reliability(
    known: pd.DataFrame, *, origin: int, method: str, bounds: pd.DataFrame | None = None
) -> Reliability:
    """Return what the projections from a year would have stated of targets about the last value, and what came of it.

    Targets lie `AWAY` mean yearly changes from the last known value, upwards and downwards, within the natural bounds;
    the year is the last one observed. ``met``: in that year; ``held``: in every year to it, where all were observed;
    ``reached``: in one of these at the least, of targets not met yet. Source: own definition (docs/en/projection.md).

    Parameters
    ----------
    known : DataFrame
        region, indicator (the series), year, value, each series with a value after the origin.
    origin : int
        Last year that is known.
    method : str
        Projection method.
    bounds : DataFrame, optional
        indicator, lower_bound, upper_bound.
    """
    past, later = known[known["year"] <= origin], known[known["year"] > origin]
    ahead = outlook(past, to=int(later["year"].max()), method=method, bounds=bounds)
    change = {(row["region"], row["indicator"]): float(row["mean_change"]) for row in records(mean_change(past))}
    cases: list[tuple[Case, npt.NDArray[np.float64]]] = []
    for (region, indicator), rows in later.groupby(["region", "indicator"], sort=False):
        number, step = ahead.row(str(region), str(indicator)), change[str(region), str(indicator)]
        came = rows.sort_values("year")
        last, spread = float(ahead.projection.panel.grid[number, -1]), ahead.projection.distribution
        ends = float(spread.lower[number]), float(spread.upper[number])
        cases += [
            ((number, one), came["value"].to_numpy()) for one in _targets(last, step, ends, came["year"].tolist())
        ]
    if not cases:
        return {claim: () for claim in CLAIMS}
    return {claim: _classes(claim, cases, ahead.projection, origin) for claim in CLAIMS}


def _targets(last: float, step: float, ends: tuple[float, float], years: Sequence[int]) -> list[Target]:
    """Return what one series is asked for in the last of some years; nothing of one that never changed."""
    if not step > 0:
        return []
    asked = [(direction, last + away * step * (-1 if direction == "inverse" else 1))
             for away, direction in product(AWAY, ("positive", "inverse"))]  # fmt: skip
    return [
        Target(direction, value, year=years[-1], hold_from=years[0], hold_to=years[-1])
        for direction, value in asked
        if ends[0] < value < ends[1]
    ]


def _classes(
    claim: str, cases: Sequence[tuple[Case, npt.NDArray[np.float64]]], projection: Projection, origin: int
) -> tuple[OddsClass, ...]:
    """Return the classes of one claim; the cases of one series stand or fall together."""
    kept = [
        ((number, target), values)
        for (number, target), values in cases
        if claim == "met" or (len(values) == (target.year or 0) - origin)
        if claim != "reached" or not meets(projection.panel.grid[number, -1], target)
    ]
    if not kept:
        return ()
    rows = np.array([number for (number, _), _ in kept])
    targets = [target.alone if claim == "met" else target for (_, target), _ in kept]
    came = [meets(values, target) for (_, target), values in kept]
    true = [one[-1] if claim == "met" else one.all() if claim == "held" else one.any() for one in came]
    asked = _rows_of(projection, rows)
    odds = reached_odds(asked, targets) if claim == "reached" else probability(asked, targets, after=origin)
    return count_classes(odds, true, rows.tolist())


def _rows_of(projection: Projection, rows: npt.NDArray[np.int64]) -> Projection:
    """Return the projection of some series, which may stand in it more than once."""
    panel = projection.panel
    return replace(
        projection,
        panel=replace(panel, grid=panel.grid[rows], last=panel.last[rows], count=panel.count[rows]),
        path=projection.path[rows],
        distribution=projection.distribution.take(rows),
    )


def reached_odds(projection: Projection, targets: Sequence[Target]) -> npt.NDArray[np.float64]:
    """Return the odds that each target is met in one year at the least, up to its own; NaN without an interval."""
    due = np.array([target.due or 0 for target in targets]) - projection.panel.last
    ahead, odds = np.arange(1, projection.path.shape[1] + 1), np.full(len(targets), np.nan)
    for part, inside in met_by_draw(projection, targets, np.arange(len(targets))):
        odds[part] = (inside & (ahead <= due[part, None])[:, None]).any(axis=2).mean(axis=1)
    return np.where(np.isnan(projection.distribution.up).any(axis=1), np.nan, odds)


def reliability_rows(reliability: Reliability) -> list[Record]:
    """Return the classes as rows that go out, one a claim and class that has cases."""
    return [
        {
            "claim": claim,
            "odds_from": one.low,
            "odds_to": one.high,
            "cases": one.cases,
            "came": one.came,
            "independent": one.independent,
            "stated": one.stated,
            "share_came": one.share,
            "band": one.band,
        }
        for claim, classes in reliability.items()
        for one in classes
        if one.cases
    ]

"""Odds of meeting or holding a target."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from xk.arithmetic.projection.arrays import Projection
from xk.arithmetic.projection.normal import normal_odds
from xk.arithmetic.projection.panel import Array, Ints
from xk.arithmetic.target import TOLERANCE, Target, meets

DRAWS = 2_000
SEED = 20_200_101
# correlation of the positions of two years a < b ahead is (a / b) ** MEMORY; a random walk has 0.5, errors of
# projections hold together more (docs/en/projection.md)
MEMORY = 0.3
CHUNK_DRAWS = 4_000_000


def probability(projection: Projection, target: Target | Sequence[Target], *, after: int | None = None) -> Array:
    """Odds that a target is met in its year, or in every remaining year of those in which it is to be held.

    Parameters
    ----------
    projection : Projection
        Result of project_arrays, or `outlook(...).projection`.
    target : Target or sequence of Target
        In the unit of the series: one for all series, or one for each.
    after : int, optional
        Years up to it are past: they do not remain, seen or not. The last observed one of each series if not given.

    Returns
    -------
    array (series,)
        ``P(low <= Y <= high)`` in 0-1; where the target year is observed already 0 or 1, as in all years asked for the
        target was met or not; NaN where no interval can be given, the target has no value or no year, or the year lies
        beyond the projection.
    """
    targets = [target] * len(projection.path) if isinstance(target, Target) else target
    year = np.array([one.year or 0 for one in targets], dtype=np.int64)
    held_from = [one.year if one.hold_from is None else one.hold_from for one in targets]
    first = np.array([start or 0 for start in held_from], dtype=np.int64)
    seen, kept = past(projection, targets, first, year)
    ahead = year - projection.panel.last
    due = (ahead >= 1) & (ahead <= projection.path.shape[1])
    odds = np.where(seen & ~due, kept.astype(np.float64), np.nan)
    past_years = projection.panel.last if after is None else np.maximum(projection.panel.last, after)
    next_year = np.minimum(np.maximum(first, past_years + 1), year) - projection.panel.last
    alone = due & (next_year == ahead)
    odds[alone] = at_year(projection, targets, ahead)[alone]
    asked = np.array([one.known for one in targets], dtype=bool)
    rows = np.flatnonzero(due & ~alone & asked)
    odds[rows] = held(projection, targets, rows, next_year[rows], ahead[rows])
    return np.where(asked, odds, np.nan)


def past(projection: Projection, targets: Sequence[Target], first: Ints, year: Ints) -> tuple[np.ndarray, np.ndarray]:
    """Say of each series whether a value of first..year is observed, and whether all of these meet the target."""
    grid = projection.panel.grid
    years = projection.panel.last[:, None] - np.arange(grid.shape[1] - 1, -1, -1)
    asked = (years >= first[:, None]) & (years <= year[:, None]) & ~np.isnan(grid)
    return np.asarray(asked.any(axis=1)), ~np.any(asked & ~meets(grid, targets), axis=1)


def positions(projection: Projection, targets: Sequence[Target]) -> tuple[Array, Array]:
    """Standard normal positions (series, years) of the ends of the targets; what lies on a bound counts."""
    spread = projection.distribution
    least, most = np.array([one.ends for one in targets]).T
    low = np.where(least <= spread.lower, -np.inf, np.where(least > spread.upper, np.inf, least))
    high = np.where(most >= spread.upper, np.inf, np.where(most < spread.lower, -np.inf, most))
    below, above = spread.position(low[:, None]), spread.position(high[:, None])
    edge, last = spread.still, projection.panel.grid[:, -1:]
    # what stays as it is meets a target that it meets now
    below = np.where(np.isfinite(below) & hit(last, least[:, None]) & (edge > 0), -edge, below)
    above = np.where(np.isfinite(above) & hit(last, most[:, None]) & (edge > 0), edge, above)
    none = np.isnan(spread.up)
    return np.where(none, np.nan, below), np.where(none, np.nan, above)


def hit(values: Array, ends: Array) -> np.ndarray:
    """Say where values are equal to the ends but for rounding."""
    return np.asarray(np.abs(values - ends) <= TOLERANCE * np.abs(values))


def at_year(projection: Projection, targets: Sequence[Target], ahead: Ints) -> Array:
    """Odds that the targets are met `ahead` years after the last observation."""
    below, above = positions(projection, targets)
    rows, column = np.arange(len(ahead)), np.clip(ahead, 1, below.shape[1]) - 1
    low, high = below[rows, column], above[rows, column]
    # taken from the nearer tail, so that small odds keep their digits
    return np.where(low > 0, normal_odds(-low) - normal_odds(-high), normal_odds(high) - normal_odds(low))


@lru_cache(maxsize=4)
def walks(horizon: int) -> Array:
    """Return joint standard normal positions (draws, years) of one path a draw; always the same."""
    # every draw has its mirror image, so that the median path keeps even odds
    half = np.random.default_rng(SEED).standard_normal((DRAWS // 2, horizon))
    shocks = np.concatenate([half, -half])
    variance = np.arange(1, horizon + 1, dtype=np.float64) ** (2 * MEMORY)
    # independent steps of which the sums have that variance give the correlation (a / b) ** MEMORY
    parts = np.sqrt(np.diff(variance, prepend=0.0))
    return np.cumsum(shocks * parts, axis=1) / np.sqrt(variance)


def met_by_draw(projection: Projection, targets: Sequence[Target], rows: Ints) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield, for a part of `rows` at a time, whether the targets are met (series, draws, years)."""
    draws = walks(projection.path.shape[1])
    below, above = positions(projection, targets)
    size = max(1, CHUNK_DRAWS // draws.size)
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        inside = (draws >= below[part, None]) & (draws <= above[part, None])
        yield slice(start, start + len(part)), inside


def held(projection: Projection, targets: Sequence[Target], rows: Ints, first: Ints, last: Ints) -> Array:
    """Odds that the targets are met in each of the years first..last ahead, for some series."""
    odds = np.empty(len(rows))
    ahead = np.arange(1, projection.path.shape[1] + 1)
    for part, inside in met_by_draw(projection, targets, rows):
        asked = (ahead >= first[part, None]) & (ahead <= last[part, None])
        odds[part] = (inside | ~asked[:, None]).all(axis=2).mean(axis=1)
    return np.where(np.isnan(projection.distribution.up[rows]).any(axis=1), np.nan, odds)

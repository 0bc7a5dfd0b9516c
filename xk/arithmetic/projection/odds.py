"""Odds of meeting or holding a target, and the year in which it is reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from xk.arithmetic.projection.arrays import Projection
from xk.arithmetic.projection.normal import normal_odds, normal_positions
from xk.arithmetic.projection.panel import Array, Ints
from xk.errors import UsageError, check_known

DIRECTIONS = ("positive", "inverse", "interval")
# an exact hit may miss by rounding
ROUNDING = 1e-9
DRAWS = 2_000
SEED = 20_200_101
# correlation of the positions of two years a < b ahead is (a / b) ** MEMORY; a random walk has 0.5, errors of
# projections hold together more (docs/projection.md)
MEMORY = 0.3
CHUNK_DRAWS = 4_000_000


@dataclass(frozen=True)
class Band:
    """Values that meet a target: from `low` to `high` (series,), infinite at the open end."""

    low: Array
    high: Array

    def met(self, values: Array) -> np.ndarray:
        """Say of values (series, ...) whether they lie in the band, an exact hit counting as met."""
        low, high = (np.reshape(end, (-1,) + (1,) * (values.ndim - 1)) for end in (self.low, self.high))
        slack = ROUNDING * np.abs(values)
        return (values >= low - slack) & (values <= high + slack)


def read_band(target: Any, direction: str, size: int) -> Band:
    """Return the band of a target; UsageError for an unknown direction or a target that does not fit it."""
    check_known(direction, DIRECTIONS, "direction")
    pair = direction == "interval"
    if pair and not (isinstance(target, (tuple, list)) and len(target) == 2):
        raise UsageError("an interval target must be given as a pair (low, high)")
    low, high = target if pair else (target, np.inf) if direction == "positive" else (-np.inf, target)
    band = Band(*(np.broadcast_to(np.asarray(end, dtype=np.float64), (size,)) for end in (low, high)))
    if (band.low > band.high).any():
        raise UsageError("the low end of a target lies above its high end")
    return band


def probability(
    projection: Projection, target: Any, *, year: int, direction: str = "positive", hold_from: int | None = None
) -> Array:
    """Odds that a target is met in a year, or in every year from `hold_from` to it.

    Parameters
    ----------
    projection : Projection
        Result of project_arrays, or `outlook(...).projection`.
    target : number, array (series,), or a pair of these
        In the unit of the series; the pair (low, high) for direction `interval`.
    year : int
        Year in which the target is due.
    direction : str
        `positive` (at least), `inverse` (at most) or `interval`.
    hold_from : int, optional
        First year of those in which the target must be held; observed years are judged by their values,
        a year without observation before the last one is passed over.

    Returns
    -------
    array (series,)
        ``P(low <= Y <= high)`` in 0-1; for years observed already 0 or 1; NaN where no interval can be given
        or the year lies beyond the projection.

    Errors
    ------
    UsageError for an unknown direction, a pair that does not fit, or hold_from after the year.
    """
    band = read_band(target, direction, len(projection.path))
    first = year if hold_from is None else hold_from
    if first > year:
        raise UsageError(f"hold_from {first} lies after the year {year}")
    seen, kept = past(projection, band, first, year)
    ahead = year - projection.panel.last
    odds = np.where(seen, kept.astype(np.float64), np.nan)
    due = (ahead >= 1) & (ahead <= projection.path.shape[1])
    alone = (first > projection.panel.last) & (first == year)
    odds[due & alone] = at_year(projection, band, ahead)[due & alone]
    asked = ~np.isnan(band.low) & ~np.isnan(band.high)
    rows = np.flatnonzero(due & ~alone & kept & asked)
    odds[rows] = held(projection, band, rows, np.maximum(first - projection.panel.last, 1)[rows], ahead[rows])
    odds = np.where(due & ~kept, 0.0, odds)
    return np.where(asked, odds, np.nan)


def past(projection: Projection, band: Band, first: int, year: int) -> tuple[np.ndarray, np.ndarray]:
    """Say of each series whether a value of first..year is observed, and whether all of these meet the band."""
    grid = projection.panel.grid
    years = projection.panel.last[:, None] - np.arange(grid.shape[1] - 1, -1, -1)
    asked = (years >= first) & (years <= year) & ~np.isnan(grid)
    return np.asarray(asked.any(axis=1)), ~np.any(asked & ~band.met(grid), axis=1)


def positions(projection: Projection, band: Band) -> tuple[Array, Array]:
    """Standard normal positions (series, years) of the ends of the band; what lies on a bound counts."""
    spread = projection.distribution
    lower, upper = spread.lower, spread.upper
    low = np.where(band.low <= lower, -np.inf, np.where(band.low > upper, np.inf, band.low))
    high = np.where(band.high >= upper, np.inf, np.where(band.high < lower, -np.inf, band.high))
    below, above = spread.position(low[:, None]), spread.position(high[:, None])
    edge, last = still_edge(projection), projection.panel.grid[:, -1:]
    below = np.where(np.isfinite(below) & hit(last, band.low[:, None]) & ~np.isnan(edge), edge, below)
    above = np.where(np.isfinite(above) & hit(last, band.high[:, None]) & ~np.isnan(edge), -edge, above)
    none = np.isnan(spread.up)
    return np.where(none, np.nan, below), np.where(none, np.nan, above)


def hit(values: Array, ends: Array) -> np.ndarray:
    """Say where values are equal to the ends but for rounding."""
    return np.asarray(np.abs(values - ends) <= ROUNDING * np.abs(values))


def still_edge(projection: Projection) -> Array:
    """Position (series, years) up to which a series that has never changed is taken to move away; NaN for others.

    After n equal observations it is unchanged h years on with odds ``n / (n + h)`` (Laplace's rule of succession, the
    first observation included), and else moves up or down with even odds.
    """
    grid, count = projection.panel.grid, projection.panel.count[:, None]
    same = ((grid == grid[:, -1:]) | np.isnan(grid)).all(axis=1) & (count[:, 0] > 2)
    ahead = np.arange(1, projection.path.shape[1] + 1)
    edge = normal_positions(0.5 * ahead / np.maximum(count + ahead, 1))
    return np.where(same[:, None], edge, np.nan)


def at_year(projection: Projection, band: Band, ahead: Ints) -> Array:
    """Odds that the band is met `ahead` years after the last observation."""
    below, above = positions(projection, band)
    rows, column = np.arange(len(ahead)), np.clip(ahead, 1, below.shape[1]) - 1
    low, high = below[rows, column], above[rows, column]
    # taken from the nearer tail, so that small odds keep their digits
    return np.where(low > 0, normal_odds(-low) - normal_odds(-high), normal_odds(high) - normal_odds(low))


@lru_cache(maxsize=4)
def walks(horizon: int) -> Array:
    """Return joint standard normal positions (draws, years) of one path a draw; always the same."""
    rng = np.random.default_rng(SEED)
    half = rng.standard_normal((DRAWS // 2, horizon))
    shocks = np.concatenate([half, -half])
    variance = np.arange(1, horizon + 1, dtype=np.float64) ** (2 * MEMORY)
    parts = np.sqrt(np.diff(variance, prepend=0.0))
    return np.cumsum(shocks * parts, axis=1) / np.sqrt(variance)


def met_by_draw(projection: Projection, band: Band, rows: Ints) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield, for a part of `rows` at a time, whether the band is met (series, draws, years)."""
    draws = walks(projection.path.shape[1])
    below, above = positions(projection, band)
    size = max(1, CHUNK_DRAWS // draws.size)
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        inside = (draws >= below[part, None]) & (draws <= above[part, None])
        yield slice(start, start + len(part)), inside


def held(projection: Projection, band: Band, rows: Ints, first: Ints, last: Ints) -> Array:
    """Odds that the band is met in each of the years first..last ahead, for some series."""
    odds = np.empty(len(rows))
    ahead = np.arange(1, projection.path.shape[1] + 1)
    for part, inside in met_by_draw(projection, band, rows):
        asked = (ahead >= first[part, None]) & (ahead <= last[part, None])
        odds[part] = (inside | ~asked[:, None]).all(axis=2).mean(axis=1)
    unknown = np.isnan(projection.distribution.up[rows]).any(axis=1)
    return np.where(unknown, np.nan, odds)


def year_reached(projection: Projection, target: Any, *, direction: str = "positive") -> Array:
    """First year in which the central path is at or past the target, an exact hit counting.

    The path starts at the last observation: a series that is there already gives its last year. NaN where
    the path does not get there within the projection. Parameters and errors as in `probability`.
    """
    band = read_band(target, direction, len(projection.path))
    path = np.concatenate([projection.panel.grid[:, -1:], projection.path], axis=1)
    met = band.met(path)
    return np.where(met.any(axis=1), projection.panel.last + np.argmax(met, axis=1), np.nan)


def year_reached_odds(projection: Projection, target: Any, *, direction: str = "positive") -> tuple[Array, Array]:
    """Distribution of the first year in which the target is met.

    Returns
    -------
    odds : array (series, years)
        Odds that the year of that column of ``projection.years`` is the first; NaN without interval.
    never : array (series,)
        Odds that it is not met within the projection. Odds and never add up to 1. A series that meets the
        target at its last observation has 0 everywhere: it has arrived before.

    Parameters and errors as in `probability`.
    """
    band = read_band(target, direction, len(projection.path))
    rows = np.arange(len(projection.path))
    odds, never = np.zeros(projection.path.shape), np.zeros(len(rows))
    for part, inside in met_by_draw(projection, band, rows):
        arrived = inside.any(axis=2)
        first = np.where(arrived, np.argmax(inside, axis=2), inside.shape[2])
        for column in range(inside.shape[2]):
            odds[part, column] = (first == column).mean(axis=1)
        never[part] = 1.0 - arrived.mean(axis=1)
    there = band.met(projection.panel.grid[:, -1])
    odds[there], never[there] = 0.0, 0.0
    unknown = np.isnan(projection.distribution.up).any(axis=1)
    odds[unknown], never[unknown] = np.nan, np.nan
    return odds, never

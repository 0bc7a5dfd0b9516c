"""Holt's linear trend with damping, on a calendar with gaps."""

import numpy as np

from xk.arithmetic.projection.lines import drift, steps
from xk.arithmetic.projection.panel import Array
from xk.arithmetic.projection.search import search, solve_two

# alpha, beta (share of alpha), phi
LOW = np.array([0.02, 0.0, 0.6])
HIGH = np.array([0.99, 0.99, 1.0])
STARTS = [(0.9, 0.1, 0.9), (0.5, 0.1, 0.95), (0.9, 0.6, 0.95), (0.3, 0.0, 0.85), (0.9, 0.0, 0.98)]
FEWEST = 4


def run_damped(grid: Array, parameters: Array) -> tuple[Array, Array, Array]:
    """Filter all series with given parameters and least-squares starting values.

    Returns level and trend at the last year, and the sum of squared one-step errors.
    """
    alpha, beta, phi = parameters.T
    gain = alpha * beta
    size, years = grid.shape
    seen = ~np.isnan(grid.T)
    begun = np.maximum.accumulate(seen | ~seen.any(axis=0), axis=0)
    # rows: the data from a zero start, a start of level 1, a start of trend 1
    level, trend, value = np.zeros((3, size)), np.zeros((3, size)), np.zeros((years, 3, size))
    level[1], trend[2] = 1.0, 1.0
    value[:, 0] = np.where(seen, grid.T, 0.0)
    errors = np.empty((years, 3, size))
    for year, (has_begun, error) in enumerate(zip(begun, errors, strict=True)):
        slope = phi * trend
        ahead = level + slope
        np.multiply(value[year] - ahead, seen[year], out=error)
        level = np.where(has_begun, ahead + alpha * error, level)
        trend = np.where(has_begun, slope + gain * error, trend)
    own, first, second = errors.swapaxes(0, 1)
    sums = [np.sum(a * b, axis=0) for a, b in
            ((first, first), (first, second), (second, second), (own, own), (own, first), (own, second))]  # fmt: skip
    one, two = solve_two(sums[0], sums[1], sums[2], -sums[4], -sums[5])
    least = sums[3] + one * sums[4] + two * sums[5]
    return level[0] + one * level[1] + two * level[2], trend[0] + one * trend[1] + two * trend[2], least


def damping_sum(phi: Array, horizon: int) -> Array:
    """Sums ``phi + phi^2 + ... + phi^h`` for h = 1..horizon; h itself where phi is 1."""
    return np.cumsum(phi[:, None] ** steps(horizon), axis=1)


def damped(grid: Array, horizon: int) -> Array:
    """Holt's damped trend: ``y_(n+h) = l_n + (phi + ... + phi^h) b_n`` (Gardner and McKenzie 1985).

    ``alpha``, ``beta`` and ``phi`` minimise the squared one-step errors; a missing year is predicted, not
    smoothed. Values in the unit of the series. Fewer than four observations give the drift.
    """

    def score(parameters: Array) -> Array:
        return run_damped(grid, parameters)[2]

    starts = [np.tile(start, (len(grid), 1)) for start in STARTS]
    scores = np.stack([score(start) for start in starts])
    best = np.array(STARTS)[np.argmin(scores, axis=0)]
    best = search(score, best, LOW, HIGH)
    level, trend, _ = run_damped(grid, best)
    path = level[:, None] + trend[:, None] * damping_sum(best[:, 2], horizon)
    few = (~np.isnan(grid)).sum(axis=1) < FEWEST
    return np.where(few[:, None], drift(grid, horizon), path)

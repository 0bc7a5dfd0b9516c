"""Straight paths: no change, first to last, least squares, constant rate, median slope."""

import numpy as np

from xk.arithmetic.projection.panel import Array


def steps(horizon: int) -> Array:
    """Years ahead: 1, 2, ..., horizon."""
    return np.arange(1, horizon + 1, dtype=np.float64)


def first_of(grid: Array) -> tuple[Array, Array]:
    """Value of the first observation of each series, and its distance in years from the last."""
    seen = ~np.isnan(grid)
    at = np.argmax(seen, axis=1)
    return grid[np.arange(len(grid)), at], (grid.shape[1] - 1 - at).astype(np.float64)


def constant(grid: Array, horizon: int) -> Array:
    """No change: ``y_(n+h) = y_n``, in the unit of the values."""
    return np.repeat(grid[:, -1:], horizon, axis=1)


def drift(grid: Array, horizon: int) -> Array:
    """First to last: ``y_(n+h) = y_n + h (y_n - y_1) / (t_n - t_1)``, in the unit of the values."""
    first, apart = first_of(grid)
    slope = (grid[:, -1] - first) / np.where(apart > 0, apart, 1.0)
    return grid[:, -1:] + slope[:, None] * steps(horizon)


def linear(grid: Array, horizon: int) -> Array:
    """Ordinary least squares on the year: ``y_(n+h) = a + b h``, with a the line's value at t_n."""
    level, slope = fit_line(grid)
    return level[:, None] + slope[:, None] * steps(horizon)


def fit_line(grid: Array) -> tuple[Array, Array]:
    """Least-squares level at the last year and slope a year of each series."""
    seen = ~np.isnan(grid)
    time = np.arange(1 - grid.shape[1], 1, dtype=np.float64)
    count = np.maximum(seen.sum(axis=1), 1)
    values = np.where(seen, grid, 0.0)
    mean_time = (seen * time).sum(axis=1) / count
    mean = values.sum(axis=1) / count
    apart = np.where(seen, time - mean_time[:, None], 0.0)
    spread = (apart**2).sum(axis=1)
    slope = (apart * values).sum(axis=1) / np.where(spread > 0, spread, 1.0)
    return mean - slope * mean_time, slope


def growth(grid: Array, horizon: int) -> Array:
    """Constant rate first to last: ``y_(n+h) = y_n (y_n / y_1)^(h / (t_n - t_1))``.

    NaN where first and last are not both positive or both negative: a rate is not defined there.
    """
    first, apart = first_of(grid)
    last = grid[:, -1]
    alike = (np.sign(first) == np.sign(last)) & (first != 0)
    logs = np.log(np.abs(np.where(alike, last, 1.0))) - np.log(np.abs(np.where(alike, first, 1.0)))
    rate = logs / np.where(apart > 0, apart, 1.0)
    with np.errstate(over="ignore"):
        path = last[:, None] * np.exp(rate[:, None] * steps(horizon))
    top = np.finfo(np.float64).max
    return np.where(alike[:, None], np.clip(path, -top, top), np.nan)


def theil_sen(grid: Array, horizon: int) -> Array:
    """Median of the slopes of all pairs, through the medians of value and year (Theil 1950, Sen 1968)."""
    slope = row_median(pair_slopes(grid))
    time = np.where(np.isnan(grid), np.nan, np.arange(1 - grid.shape[1], 1, dtype=np.float64))
    level = row_median(grid) - slope * row_median(time)
    return level[:, None] + slope[:, None] * steps(horizon)


def pair_slopes(grid: Array) -> Array:
    """Slopes a year of all pairs of observations; NaN where one of the two is missing."""
    early, late = np.triu_indices(grid.shape[1], 1)
    return (grid[:, late] - grid[:, early]) / (late - early)


def row_median(values: Array) -> Array:
    """Median of each row over its numbers; NaN for a row without any."""
    if values.shape[1] == 0:
        return np.full(len(values), np.nan)
    ordered = np.sort(values, axis=1)  # NaN goes last
    count = np.maximum((~np.isnan(values)).sum(axis=1), 1)
    rows = np.arange(len(values))
    return 0.5 * (ordered[rows, (count - 1) // 2] + ordered[rows, count // 2])

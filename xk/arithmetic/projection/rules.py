"""The rules that `auto` combines: each weighs the past values with fixed numbers.

A rule with fixed smoothing parameters is linear in the data, so that its path is ``values @ weights`` with one
matrix (years, horizon) for all series of a length: no search, no loop over series.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from xk.arithmetic.projection.lines import steps
from xk.arithmetic.projection.panel import Array

RIDGE = 1e-9
# alpha, beta, damping
HOLT = ((1.0, 0.3, 0.85), (1.0, 0.3, 1.0), (0.5, 0.6, 0.85), (0.5, 0.6, 1.0), (0.8, 0.1, 1.0))
# years, damping
RECENT = ((1, 0.7), (1, 0.85), (1, 1.0), (3, 0.85), (3, 1.0))
Matrix = Callable[[int, int], Array]


def recent_change(size: int, horizon: int, *, years: int, damping: float) -> Array:
    """Last value plus the mean yearly change of the last `years`: ``y_n + (phi + ... + phi^h) (y_n - y_(n-k)) / k``.

    Unit of the values; damping 1 is the plain drift over k years, 0 no change. Source: drift and its damped form
    (Hyndman and Athanasopoulos 2021, 5.2 and 8.2).
    """
    back = min(years, size - 1)
    weights = np.zeros((size, horizon))
    weights[-1] = 1.0
    total = np.cumsum(damping ** steps(horizon))
    weights[-1] += total / back
    weights[-1 - back] -= total / back
    return weights


def trend_smoothing(size: int, horizon: int, *, alpha: float, beta: float, damping: float) -> Array:
    """Holt's damped trend with fixed parameters: ``l_n + (phi + ... + phi^h) b_n`` (Gardner and McKenzie 1985).

    Unit of the values; starting level and trend by least squares of the one-step errors. `beta` is a share of alpha.
    """
    # columns: each value, a start of level 1, a start of trend 1
    level, trend = np.zeros(size + 2), np.zeros(size + 2)
    level[size] = trend[size + 1] = 1.0
    errors = np.empty((size, size + 2))
    for year in range(size):
        ahead = level + damping * trend
        error = -ahead
        error[year] += 1.0
        level, trend = ahead + alpha * error, damping * trend + alpha * beta * error
        errors[year] = error
    starts = -errors[:, size:]
    solved = np.linalg.solve(starts.T @ starts + RIDGE * np.eye(2), starts.T @ errors[:, :size])
    level = level[:size] + level[size:] @ solved
    trend = trend[:size] + trend[size:] @ solved
    return level[:, None] + trend[:, None] * np.cumsum(damping ** steps(horizon))


def smoothed_level(size: int, horizon: int, *, alpha: float, share: float) -> Array:
    """Smoothed level plus a share of the least-squares slope: ``l_n + share b h``.

    Unit of the values; share 0 is simple exponential smoothing, 1/2 the theta method without its start-up term
    (Assimakopoulos and Nikolopoulos 2000, as read by Hyndman and Billah 2003).
    """
    weights = alpha * (1.0 - alpha) ** np.arange(size - 1, -1, -1.0)
    left = (1.0 - alpha) ** np.arange(size, dtype=np.float64)
    # errors of a zero start are (identity - lower triangle); the start that leaves least is a regression on `left`
    kept = np.tril(alpha * (1.0 - alpha) ** np.maximum(np.subtract.outer(range(size), range(size)) - 1.0, 0.0), -1)
    start = left @ (np.eye(size) - kept) / (left @ left)
    level = weights + (1.0 - alpha) ** size * start
    time = np.arange(size) - (size - 1) / 2.0
    return level[:, None] + share * (time / (time @ time))[:, None] * steps(horizon)


def straight_line(size: int, horizon: int) -> Array:
    """Least-squares line on the year (Gauss), unit of the values."""
    time = np.arange(size) - (size - 1) / 2.0
    ahead = (size - 1) / 2.0 + steps(horizon)
    return 1.0 / size + (time / (time @ time))[:, None] * ahead


def steady_drift(values: Array, horizon: int) -> Array:
    """Drift as far as the yearly changes agree: ``y_n + h (1 - u) (y_n - y_1)/(n - 1)``, values without gaps.

    ``u = sum |c_(t+1) - c_t| / sum (|c_(t+1)| + |c_t|)``, c the yearly changes: 0 where they are equal, 1 where each
    has the other sign than that before. Of three values it goes on by the smaller change, or not at all where the two
    have different signs, the minmod of slopes (Roe 1986). Unit of the values. Source: own, docs/en/projection.md.
    """
    change = np.diff(values, axis=1)
    size = np.abs(change)
    apart, most = np.abs(np.diff(change, axis=1)).sum(axis=1), (size[:, 1:] + size[:, :-1]).sum(axis=1)
    agreed = 1.0 - apart / np.where(most > 0, most, 1.0)
    slope = agreed * (values[:, -1] - values[:, 0]) / (values.shape[1] - 1)
    return values[:, -1:] + slope[:, None] * steps(horizon)


def _change(years: int, damping: float) -> Matrix:
    return lambda size, horizon: recent_change(size, horizon, years=years, damping=damping)


def _trend(alpha: float, beta: float, damping: float) -> Matrix:
    return lambda size, horizon: trend_smoothing(size, horizon, alpha=alpha, beta=beta, damping=damping)


def _level(alpha: float, share: float) -> Matrix:
    return lambda size, horizon: smoothed_level(size, horizon, alpha=alpha, share=share)


ALL_YEARS = 1_000
# name, rule; the first word is the family, which a report names
LINEAR: dict[str, Matrix] = {
    "constant": _change(1, 0.0),
    **{f"recent {years} {phi}": _change(years, phi) for years, phi in RECENT},
    **{f"drift 5 {phi}": _change(5, phi) for phi in (0.85, 1.0)},
    **{f"drift all {phi}": _change(ALL_YEARS, phi) for phi in (0.7, 0.85, 1.0)},
    **{f"holt {a} {b} {phi}": _trend(a, b, phi) for a, b, phi in HOLT},
    **{f"level {alpha}": _level(alpha, 0.0) for alpha in (0.1, 0.3, 0.6)},
    **{f"line {alpha}": _level(alpha, 1.0) for alpha in (0.1, 0.3, 0.6)},
    "line all": straight_line,
}
# the same on logarithms: constant rates instead of constant changes
LOGARITHMIC: dict[str, Matrix] = {
    **{f"growth all {phi}": _change(ALL_YEARS, phi) for phi in (1.0, 0.85)},
    "growth 5 1.0": _change(5, 1.0),
    "growth 3 0.85": _change(3, 0.85),
    "growth holt 1.0": _trend(1.0, 0.3, 1.0),
    "growth line 0.6": _level(0.6, 1.0),
    "growth line all": straight_line,
}
RULES = (*LINEAR, *LOGARITHMIC, "steady changes", "steady rates")
FAMILIES = ("constant", "recent", "drift", "holt", "level", "line", "growth", "steady")
FAMILY = np.array([FAMILIES.index(name.split()[0]) for name in RULES])


@lru_cache(maxsize=512)
def linear_rules(size: int, horizon: int) -> Array:
    """Weights (years, rules x horizon) of the rules on the values."""
    return np.concatenate([rule(size, horizon) for rule in LINEAR.values()], axis=1)


@lru_cache(maxsize=512)
def logarithmic_rules(size: int, horizon: int) -> Array:
    """Weights (years, rules x horizon) of the rules on logarithms."""
    return np.concatenate([rule(size, horizon) for rule in LOGARITHMIC.values()], axis=1)

"""Half-widths of the predictive distribution, from errors that a path would have made in the past.

The width of a series is a product of powers of measures of its own; the powers are common to all series and were
fitted once to projections of other series against what followed (docs/projection.md). A series therefore gets the same
interval whether it is projected alone or among others.
"""

from dataclasses import replace

import numpy as np

from xk.arithmetic.projection.auto import FEWEST_POINTS, ORIGINS, Combination, combine
from xk.arithmetic.projection.lines import first_of, steps
from xk.arithmetic.projection.methods import single_path
from xk.arithmetic.projection.panel import Array

LEVEL = 1.08
# tails are heavier than normal, those of smooth series more so
TAIL, SMOOTH_TAIL, TAIL_LEAST = 0.83, 0.08, 0.05
# a rough series widens with the root of the years ahead, as a random walk; a smooth one faster
WIDENING, SMOOTH_WIDENING = 0.56, 0.16
MISSES, ROUGHNESS, NEAR, APART = 0.16, 0.71, 0.07, 0.36
# few observations: wider, and their smoothness counts for less
FEW_POINTS, FEW_SMOOTH = 0.90, 0.45
# added to each measure, in mean yearly changes, and to the mean yearly change, in largest sizes of the series
LEAST, SLIVER = 0.005, 1e-4
# a series of one sign spreads further away from zero, as a log-normal variable: by about the root of exp(width / level)
SKEW = 0.6


def yearly_steps(grid: Array) -> tuple[Array, Array]:
    """Mean absolute change a year, and the root mean square of the changes less their mean (unit of the values).

    A change over a gap of g years is taken for the sum of g independent ones and divided by ``sqrt(g)``.
    """
    size, years = grid.shape
    seen = ~np.isnan(grid)
    before = np.maximum.accumulate(np.where(seen, np.arange(years), -1), axis=1)[:, :-1]
    step = seen[:, 1:] & (before >= 0)
    gap = np.where(step, np.arange(1, years) - before, 1).astype(np.float64)
    past = np.take_along_axis(grid, np.maximum(before, 0), axis=1)
    change = np.where(step, grid[:, 1:] - past, 0.0)
    first, apart = first_of(grid)
    slope = (grid[:, -1] - first) / np.where(apart > 0, apart, 1.0)
    count = step.sum(axis=1)
    mean = (np.abs(change) / np.sqrt(gap)).sum(axis=1) / np.maximum(count, 1)
    rest = np.where(step, (change - slope[:, None] * gap) ** 2 / gap, 0.0).sum(axis=1)
    return mean, np.sqrt(rest / np.maximum(count - 1, 1))


def roughness(grid: Array) -> Array:
    """Roughness (series,) of the changes or of the rates, whichever is the smaller, in the unit of the values.

    Each is the root mean square less the mean, see yearly_steps; rates are changes of the logarithm times the last
    value, and are left out where the values have not one sign.
    """
    rough = yearly_steps(grid)[1]
    signed = common_sign(grid) != 0
    rates = yearly_steps(np.log(np.where(signed[:, None], np.abs(grid), 1.0)))[1] * np.abs(grid[:, -1])
    return np.where(signed, np.minimum(rough, rates), rough)


def half_widths(grid: Array, found: Combination) -> tuple[Array, Array, Array]:
    """Return half-widths (series, years) below and above the path and the weight of the tails (series,).

    ``s_h = l m (e/m)^a (R/m)^b (d_h/m)^f (D_h/m)^g h^k exp(q / (n - 2))``, with m the mean absolute yearly change, e
    the mean absolute error one year ahead of the last origins, r the roughness, R the larger of e and r, d and D the
    weighted and the plain mean distance of the rules of `auto` from the path, n the number of observations;
    ``k = u - v log(r/m)`` and ``b = b0 - c / (n - 2)``. A sliver is added to each share so that none is zero. Where all
    values are positive the half-width is ``s exp(w)`` above and ``s exp(-w)`` below, w being 0.6 s over the level, 0.6
    at most; the other way round where all are negative. Tails: ``t (r/m)^-x``. Unit of the values; NaN half-widths
    under three observations. Source: own, docs/projection.md.
    """
    level = np.max(np.abs(np.where(np.isnan(grid), 0.0, grid)), axis=1)
    level = np.where(level > 0, level, 1.0)
    mean = yearly_steps(grid)[0] + SLIVER * level
    rough = roughness(grid) / mean
    count = (~np.isnan(grid)).sum(axis=1)
    few = 1.0 / np.maximum(count - 2, 1)
    miss = mean_miss(found.misses / mean[:, None], rough)
    own = LEVEL * mean * np.exp(FEW_POINTS * few) * power_of(miss, MISSES)
    own *= power_of(np.maximum(rough, miss), ROUGHNESS - FEW_SMOOTH * few)
    spread = power_of(found.near / mean[:, None], NEAR) * power_of(found.apart / mean[:, None], APART)
    power = WIDENING - SMOOTH_WIDENING * np.log(rough + LEAST)
    wide = own[:, None] * spread * steps(found.path.shape[1]) ** power[:, None]
    wide = np.where((count >= FEWEST_POINTS)[:, None], wide, np.nan)
    lean = np.exp(SKEW * np.minimum(wide / level[:, None], 1.0) * common_sign(grid)[:, None])
    return wide / lean, wide * lean, TAIL * (rough + TAIL_LEAST) ** -SMOOTH_TAIL


def power_of(share: Array, power: Array | float) -> Array:
    """Power of a measure in units of the mean yearly change, to which a sliver is added."""
    return np.asarray(np.power(share + LEAST, power))


def mean_miss(misses: Array, expected: Array) -> Array:
    """Mean absolute error (series,), shrunk to the expected one (series,) by one error's weight."""
    seen = ~np.isnan(misses)
    total = np.abs(np.where(seen, misses, 0.0)).sum(axis=1)
    return np.asarray((total + expected) / (seen.sum(axis=1) + 1.0))


def common_sign(grid: Array) -> Array:
    """1 where all values are positive, -1 where all are negative, else 0."""
    seen = ~np.isnan(grid)
    up, down = (~seen | (grid > 0)).all(axis=1), (~seen | (grid < 0)).all(axis=1)
    return np.asarray(up, dtype=np.float64) - np.asarray(down, dtype=np.float64)


def combine_about(grid: Array, method: str, path: Array) -> Combination:
    """Measure, for the path of a single method, what `auto` measures for its own: distances and past errors."""
    found = combine(grid, path.shape[1], about=path)
    return replace(found, path=path, misses=past_misses(grid, method))


def past_misses(grid: Array, method: str) -> Array:
    """Errors (series, origins) of a method one year ahead of the last origins, the latest first; NaN where none."""
    years = grid.shape[1]
    misses = np.full((len(grid), ORIGINS), np.nan)
    seen, points = ~np.isnan(grid), np.cumsum(~np.isnan(grid), axis=1)
    backs = np.arange(1, min(ORIGINS, years - 1) + 1)
    known = seen[:, years - backs - 1] & seen[:, years - backs] & (points[:, years - backs - 1] >= FEWEST_POINTS)
    rows, at = np.nonzero(known)
    # all origins in one call, each moved to the right edge: methods do not ask which year it is
    columns = np.arange(years - 1) - at[:, None]
    past = np.where(columns >= 0, grid[rows[:, None], np.maximum(columns, 0)], np.nan)
    if len(rows):
        misses[rows, at] = grid[rows, years - backs[at]] - single_path(past, method, 1)[0][:, 0]
    return misses

"""Half-widths of the predictive distribution, from errors that a path would have made in the past.

The width of a series is a product of powers of measures of its own; the powers are common to all series and were
learned once from projections of other series against what followed (docs/en/projection.md). A series therefore gets the
same interval whether it is projected alone or among others.
"""

from dataclasses import replace

import numpy as np

from xk.arithmetic.projection.auto import FEWEST_POINTS, ORIGINS, Combination, combine, fill_gaps
from xk.arithmetic.projection.fitted import read_width_weights
from xk.arithmetic.projection.lines import first_of, steps
from xk.arithmetic.projection.methods import single_path
from xk.arithmetic.projection.normal import normal_positions
from xk.arithmetic.projection.panel import Array

# added to each measure, in mean yearly changes, and to the mean yearly change, in largest sizes of the series
LEAST, SLIVER = 0.02, 1e-4
# a series of one sign spreads further away from zero, as a log-normal variable: by about the root of exp(width / level)
SKEW = 0.6
# a series that has never changed moves, when it does, by about this share of its value, times the root of the years
MOVE = 0.05
# what is measured of each series and year ahead, what of each series for the tails
SPREAD = (
    "one", "miss", "error", "near", "apart", "lead", "lead smooth", "few", "few smooth", "smooth squared", "length",
    "lead length", "largest", "common",
)  # fmt: skip
TAILS = ("one", "smooth", "few", "length", "largest")


def yearly_steps(grid: Array) -> tuple[Array, Array]:
    """Mean absolute change a year, and the root mean square of the changes less their mean (unit of the values).

    A change over a gap of g years is taken for the sum of g independent ones and divided by ``sqrt(g)``.
    """
    size, years = grid.shape
    seen = ~np.isnan(grid)
    before = np.maximum.accumulate(np.where(seen, np.arange(years), -1), axis=1)[:, :-1]
    step = seen[:, 1:] & (before >= 0)
    gap = np.where(step, np.arange(1, years) - before, 1).astype(np.float64)
    change = np.where(step, grid[:, 1:] - np.take_along_axis(grid, np.maximum(before, 0), axis=1), 0.0)
    first, apart = first_of(grid)
    slope = (grid[:, -1] - first) / np.where(apart > 0, apart, 1.0)
    count = step.sum(axis=1)
    mean = (np.abs(change) / np.sqrt(gap)).sum(axis=1) / np.maximum(count, 1)
    rest = np.where(step, (change - slope[:, None] * gap) ** 2 / gap, 0.0).sum(axis=1)
    return mean, np.sqrt(rest / np.maximum(count - 1, 1))


def largest_change(grid: Array) -> Array:
    """Largest absolute change a year between neighbouring observations (series,), unit of the values."""
    return np.abs(np.nan_to_num(np.diff(fill_gaps(grid), axis=1))).max(axis=1, initial=0.0)


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

    ``s_h = m exp(sum_j a_j x_jh)`` with m the mean absolute yearly change and x what `measure_spread` measures. Where
    all values are positive the half-width is ``s exp(w)`` above and ``s exp(-w)`` below, w being 0.6 s over the level,
    0.6 at most; the other way round where all are negative. Unit of the values; NaN half-widths under three
    observations. Source: own, docs/en/projection.md; numbers: benchmarks/fit_widths.py.
    """
    spread, tails = read_width_weights()
    level = largest_size(grid)
    mean, measured, shape = measure_spread(grid, found)
    wide = mean[:, None] * np.exp(measured @ spread)
    never = never_changed(grid)[:, None]
    wide = np.where(never, MOVE * level[:, None] * np.sqrt(steps(found.path.shape[1])), wide)
    wide = np.where(((~np.isnan(grid)).sum(axis=1) >= FEWEST_POINTS)[:, None], wide, np.nan)
    lean = np.exp(SKEW * np.minimum(wide / level[:, None], 1.0) * common_sign(grid)[:, None])
    return wide / lean, wide * lean, np.exp(shape @ tails)


def never_changed(grid: Array) -> np.ndarray:
    """Say which series (three observations at least) have one value throughout."""
    same = ((grid == grid[:, -1:]) | np.isnan(grid)).all(axis=1)
    return np.asarray(same & ((~np.isnan(grid)).sum(axis=1) >= FEWEST_POINTS))


def still_positions(grid: Array, horizon: int) -> Array:
    """Positions (series, years) up to which a series that has never changed stays as it is; 0 for others.

    After n equal observations it is unchanged h years on with odds ``n / (n + h)`` (Laplace's rule of succession, the
    first observation included), and else moves up or down with even odds.
    """
    count, ahead = (~np.isnan(grid)).sum(axis=1, keepdims=True), steps(horizon)
    edge = -normal_positions(0.5 * ahead / np.maximum(count + ahead, 1))
    return np.where(never_changed(grid)[:, None], edge, 0.0)


def largest_size(grid: Array) -> Array:
    """Largest absolute value (series,); 1 where all are 0."""
    level = np.max(np.abs(np.where(np.isnan(grid), 0.0, grid)), axis=1)
    return np.where(level > 0, level, 1.0)


def measure_spread(grid: Array, found: Combination) -> tuple[Array, Array, Array]:
    """Measure what tells how far a series may come from its path.

    With m the mean absolute yearly change, and each measure in units of it: miss, the mean absolute error one year
    ahead of the last origins; r, the roughness; error, the larger of both; near and apart, the weighted and the plain
    mean distance of the rules from the path h years ahead; common, the typical past error of the rules; largest, the
    largest change; n observations. Logarithms of these, of h and of n, ``1/(n - 2)`` and products.

    Returns
    -------
    mean : array (series,)
        m, and a sliver of the largest value, in the unit of the values.
    spread : array (series, years, SPREAD)
    tails : array (series, TAILS)
    """
    size, horizon = found.path.shape
    steps_, largest = yearly_steps(grid)[0], largest_change(grid)
    mean = steps_ + SLIVER * largest_size(grid)
    rough = roughness(grid) / mean
    count = (~np.isnan(grid)).sum(axis=1)
    few, length = 1.0 / np.maximum(count - 2, 1), np.log(np.maximum(count, 3) / 12.0)
    miss = mean_miss(found.misses / mean[:, None], rough)
    smooth, error = log_of(rough), log_of(np.maximum(rough, miss))
    common = np.where(np.isnan(found.common), rough, found.common / mean)
    lead = np.log(steps(horizon))
    one = np.ones(size)
    alone = {
        "one": one, "miss": log_of(miss), "error": error, "few": few, "few smooth": few * error,
        "smooth squared": smooth**2, "length": length, "largest": log_of(largest / mean), "common": log_of(common),
    }  # fmt: skip
    by_year = {
        "near": log_of(found.near / mean[:, None]), "apart": log_of(found.apart / mean[:, None]),
        "lead": one[:, None] * lead, "lead smooth": smooth[:, None] * lead, "lead length": length[:, None] * lead,
    }  # fmt: skip
    by_year |= {name: np.repeat(one[:, None], horizon, axis=1) for name, one in alone.items()}
    columns = [by_year[name] for name in SPREAD]
    tails = {"one": one, "smooth": smooth, "few": few, "length": length, "largest": alone["largest"]}
    return mean, np.stack(columns, axis=2), np.stack([tails[name] for name in TAILS], axis=1)


def log_of(share: Array) -> Array:
    """Logarithm of a measure in units of the mean yearly change, to which a sliver is added."""
    return np.asarray(np.log(share + LEAST))


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
    return replace(combine(grid, path.shape[1], about=path), path=path, misses=past_misses(grid, method))


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

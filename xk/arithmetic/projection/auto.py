"""The combination: each rule weighs by its errors at rolling origins of the series itself, shrunk to equal weights.

Three or four observations say little about rules: there the steady part of the drift stands for them, or counts half.

docs/projection.md tells how the few constants were chosen and how far they carry.
"""

from dataclasses import dataclass

import numpy as np

from xk.arithmetic.projection.lines import steps
from xk.arithmetic.projection.methods import single_path
from xk.arithmetic.projection.panel import Array, Ints, scale_panel, span_of
from xk.arithmetic.projection.rules import FAMILIES, FAMILY, linear_rules, logarithmic_rules

MEMBERS = (*FAMILIES, "steady")
# years before the last observation that are looked at
MEMORY = 30
# the last years are projected from each of so many earlier ones, so many years ahead at most
ORIGINS, AHEAD = 6, 6
FEWEST_YEARS, FEWEST_POINTS = 3, 3
# up to so many observations the steady part of the drift weighs as much as each origin, and one more: there are n - 3
STEADY_POINTS = 4
# weight of the error h years ahead: 1/h; of the common error in each rule's own, in single errors
COMMON, FLOOR = 1.0, 0.02
# weights fall with the typical error to the fourth power; it is the square of a mean of square roots
SHARPNESS = 8.0
# constant rates are tried where the largest value is less than so many times the smallest
RATIO = 10.0
NO_ERROR = 1e-12
# distances beyond, on the scale of the series, count as this
FAR = 1e100


@dataclass(frozen=True)
class Combination:
    """Paths of all rules for a panel, their weights, and what their backtest left.

    Parameters
    ----------
    path : array (series, years)
        Combined path in the unit of the series.
    near, apart : array (series, years)
        Weighted and plain mean distance of the rules from a path, see `disagreement`.
    weights, errors : array (series, members)
        Weights of the members, and their typical backtest error in units of the mean yearly change.
    misses : array (series, origins)
        Errors of the combination one year ahead of each origin, latest origin first; NaN where none.
    """

    path: Array
    near: Array
    apart: Array
    weights: Array
    errors: Array
    misses: Array


def auto_path(grid: Array, horizon: int) -> tuple[Array, np.ndarray, Combination]:
    """Return the path, the method used for each series, and how it came about.

    Two observations give the drift; fewer than two give NaN and ``none``.
    """
    line, used = single_path(grid, "drift", horizon)
    found = combine(grid, horizon)
    many = (~np.isnan(grid)).sum(axis=1) >= FEWEST_POINTS
    used[many] = "auto"
    return np.where(many[:, None], found.path, line), used, found


def fill_gaps(grid: Array) -> Array:
    """Return the grid with the years between two observations on the straight line between them."""
    column = np.arange(grid.shape[1])
    seen = ~np.isnan(grid)
    before = np.maximum.accumulate(np.where(seen, column, -1), axis=1)
    after = np.minimum.accumulate(np.where(seen, column, grid.shape[1])[:, ::-1], axis=1)[:, ::-1]
    gap = ~seen & (before >= 0) & (after < grid.shape[1])
    rows, columns = np.nonzero(gap)
    left, right = before[gap], after[gap]
    share = (columns - left) / (right - left)
    filled = grid.copy()
    filled[gap] = grid[rows, left] * (1.0 - share) + grid[rows, right] * share
    return filled


def combine(grid: Array, horizon: int, *, about: Array | None = None) -> Combination:
    """Combine the rules for all series of a grid.

    ``path = sum_k w_k f_k``, ``w_k ~ e_k^-4`` with e_k the typical error of rule k at the rolling origins (the
    squared mean of the roots of absolute errors, an error h years ahead counting 1/h), to which the mean over the
    rules is added with the weight of one error. Of three observations the path is that of `steady_drift` alone, of
    four the mean of both. Fewer than three give NaN.

    Parameters
    ----------
    grid : array (series, years)
        Values, the last column being each series' last observation; NaN where a year has none.
    horizon : int
        Years ahead.
    about : array (series, horizon), optional
        Path from which the rules' distances are taken; the combined one if not given.

    Sources: forecast combination by past performance, Bates and Granger 1969; shrinkage towards equal weights,
    Diebold and Pauly 1990; constants: own tuning, docs/projection.md.
    """
    size = len(grid)
    path, near, apart = (np.full((size, horizon), np.nan) for _ in range(3))
    weights, errors = (np.full((size, len(MEMBERS)), np.nan) for _ in range(2))
    misses = np.full((size, ORIGINS), np.nan)
    span = span_of(grid)
    usable = ((~np.isnan(grid)).sum(axis=1) >= FEWEST_POINTS) & ~np.isnan(grid[:, -1])
    for years in np.unique(span[usable]):
        rows = np.flatnonzero(usable & (span == years))
        part = _combine_alike(grid[rows, grid.shape[1] - years :], horizon, None if about is None else about[rows])
        path[rows], near[rows], apart[rows] = part.path, part.near, part.apart
        weights[rows], errors[rows], misses[rows] = part.weights, part.errors, part.misses
    return Combination(path, near, apart, weights, errors, misses)


def _combine_alike(grid: Array, horizon: int, about: Array | None) -> Combination:
    """Combine for series of one span, the first column holding a value for each."""
    filled = fill_gaps(grid)[:, -MEMORY:]
    seen = ~np.isnan(grid)
    points = np.cumsum(seen, axis=1)[:, -MEMORY:]
    scaled, scaling = scale_panel(filled)
    values = Values(scaled, *_rates(filled, scaling.centre, scaling.width))
    own, common, misses = backtest_rulebooks(values, seen[:, -MEMORY:], points)
    weights = weigh(own, common)
    paths = values.project(values.years, horizon)
    count = points[:, -1:]
    steady = np.where(count <= STEADY_POINTS, 1.0 / (count - FEWEST_POINTS + 1.0), 0.0)
    path = np.matvec(paths.transpose(0, 2, 1), weights)
    path = path + steady * (steady_drift(scaled, horizon) - path)
    middle = path if about is None else np.clip(scaling.apply(about), -FAR, FAR)
    distance = np.abs(paths - middle[:, None])
    in_unit = (scaling.size * scaling.width)[:, None]
    change = np.maximum(np.abs(np.diff(scaled, axis=1)).mean(axis=1), NO_ERROR)[:, None]
    typical = np.where(np.isnan(common)[:, None], np.nan, own**2) / change
    return Combination(
        scaling.restore(path),
        np.matvec(distance.transpose(0, 2, 1), weights) * in_unit,
        distance.mean(axis=1) * in_unit,
        np.concatenate([by_family(weights) * (1.0 - steady), steady], axis=1),
        np.concatenate([by_family(weights * typical) / by_family(weights), np.full((len(grid), 1), np.nan)], axis=1),
        np.matvec(misses, weights) * in_unit,
    )


def steady_drift(values: Array, horizon: int) -> Array:
    """Drift as far as the yearly changes agree: ``y_n + h (1 - u) (y_n - y_1)/(n - 1)``, values without gaps.

    ``u = sum |c_(t+1) - c_t| / sum (|c_(t+1)| + |c_t|)``, c the yearly changes: 0 where they are equal, 1 where each
    has the other sign than that before. Of three values it goes on by the smaller change, or not at all where the two
    have different signs, the minmod of slopes (Roe 1986). Unit of the values. Source: own, docs/projection.md.
    """
    change = np.diff(values, axis=1)
    size = np.abs(change)
    apart, most = np.abs(np.diff(change, axis=1)).sum(axis=1), (size[:, 1:] + size[:, :-1]).sum(axis=1)
    agreed = 1.0 - apart / np.where(most > 0, most, 1.0)
    slope = agreed * (values[:, -1] - values[:, 0]) / (values.shape[1] - 1)
    return values[:, -1:] + slope[:, None] * steps(horizon)


def by_family(values: Array) -> Array:
    """Sum over the rules of each family (series, families)."""
    return values @ np.eye(len(FAMILIES))[FAMILY]


def _rates(filled: Array, centre: Array, width: Array) -> tuple[Array, Array, np.ndarray]:
    """Return logarithms relative to the last value, what a unit of rate is on the scale, and where rates are tried."""
    size = np.abs(filled)
    one_sign = (filled > 0).all(axis=1) | (filled < 0).all(axis=1)
    rated = one_sign & (size.max(axis=1) / RATIO < size.min(axis=1))
    logs = np.log(np.where(rated[:, None], size, 1.0))
    return logs - logs[:, -1:], centre / width, rated


@dataclass(frozen=True)
class Values:
    """Series on their own scale and on logarithms, and where the latter are used.

    Parameters
    ----------
    scaled, logs : array (series, years)
        Values less the last one, over their greatest distance from it; logarithms less the last one.
    unit : array (series,)
        The last value on the scale, distance from zero.
    rated : array (series,) of bool
        Series for which constant rates are tried.
    """

    scaled: Array
    logs: Array
    unit: Array
    rated: np.ndarray

    @property
    def years(self) -> int:
        """Number of years."""
        return self.scaled.shape[1]

    def project(self, years: int, horizon: int) -> Array:
        """Return the paths (series, rules, horizon) of all rules from the first `years` years."""
        shape = (len(self.scaled), -1, horizon)
        linear = (self.scaled[:, :years] @ linear_rules(years, horizon)).reshape(shape)
        rules = logarithmic_rules(years, horizon)
        change = np.where(self.rated[:, None], self.logs[:, :years] @ rules, 0.0)
        # no rate leads further than the range in which rates are tried
        rates = np.expm1(np.clip(change, -np.log(RATIO), np.log(RATIO))) * self.unit[:, None]
        if not self.rated.all():
            rates = np.where(self.rated[:, None], rates, self.scaled[:, :years] @ rules)
        return np.concatenate([linear, rates.reshape(shape)], axis=1)


def backtest_rulebooks(values: Values, seen: np.ndarray, points: Ints) -> tuple[Array, Array, Array]:
    """Project from the origins before the last year and compare with what followed.

    Returns
    -------
    own : array (series, rules)
        Mean square root of the absolute errors (scaled values), shrunk towards the mean of all rules.
    common : array (series,)
        That mean; NaN where no origin could be used, and `own` is 1.
    misses : array (series, origins, rules)
        Errors one year ahead; NaN where the origin or the year after it was not observed.
    """
    size, rules = len(values.scaled), len(FAMILY)
    total, weight = np.zeros((size, rules)), np.zeros((size, 1))
    misses = np.full((size, ORIGINS, rules), np.nan)
    for back in range(1, min(ORIGINS, values.years - FEWEST_YEARS) + 1):
        origin, ahead = values.years - back, min(back, AHEAD)
        usable = seen[:, origin - 1] & (points[:, origin - 1] >= FEWEST_POINTS)
        actual = values.scaled[:, None, origin : origin + ahead]
        error = actual - values.project(origin, ahead)
        counts = (seen[:, origin : origin + ahead] & usable[:, None]) / np.arange(1.0, ahead + 1)
        total += np.matvec(np.sqrt(np.abs(error)), counts)
        weight[:, 0] += counts.sum(axis=1)
        good = usable & seen[:, origin]
        misses[good, back - 1] = error[good, :, 0]
    common = total.mean(axis=1, keepdims=True) / np.where(weight > 0, weight, 1.0)
    own = (total + COMMON * common) / (weight + COMMON) + FLOOR * common + NO_ERROR
    none = weight[:, 0] == 0
    own[none] = 1.0
    return own, np.where(none, np.nan, common[:, 0]), misses


def weigh(own: Array, common: Array) -> Array:
    """Weights (series, rules) that fall with the error and add up to 1; equal where no error is known."""
    logs = -SHARPNESS * np.log(own / own.min(axis=1, keepdims=True))
    logs[np.isnan(common)] = 0.0
    weights = np.exp(logs)
    return weights / weights.sum(axis=1, keepdims=True)

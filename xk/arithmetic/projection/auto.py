"""The combination: rules weigh by their errors at rolling origins of the series, and by what the series looks like.

How both count was learned once on other series and is data, not code (`fitted`); docs/en/projection.md tells how far it
carries.
"""

from dataclasses import dataclass

import numpy as np

from xk.arithmetic.projection.fitted import read_rule_weights
from xk.arithmetic.projection.lines import steps
from xk.arithmetic.projection.looks import looks_of
from xk.arithmetic.projection.methods import single_path
from xk.arithmetic.projection.panel import Array, Ints, Scaling, scale_panel, span_of
from xk.arithmetic.projection.rules import FAMILIES, FAMILY, linear_rules, logarithmic_rules, steady_drift

# years before the last observation that are looked at
MEMORY = 60
# the last years are projected from each of so many earlier ones, so many years ahead at most
ORIGINS, AHEAD = 6, 6
FEWEST_YEARS, FEWEST_POINTS = 3, 3
# weight of the error h years ahead: 1/h; of the common error in each rule's own, in single errors
COMMON, FLOOR = 1.0, 0.02
# constant rates are tried where the largest value is less than so many times the smallest
RATIO = 10.0
# no path leads further from the last value, h years ahead, than so many times h mean absolute yearly changes
CAP = 2.0
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
    weights, errors : array (series, families)
        Weights of the families of rules, and their typical backtest error in units of the mean yearly change.
    misses : array (series, origins)
        Errors of the combination one year ahead of each origin, latest origin first; NaN where none.
    common : array (series,)
        Typical error of all rules at the origins; NaN where none.
    capped : array (series,)
        First year ahead in which the path was drawn in to the cap; 0 where none.
    """

    path: Array
    near: Array
    apart: Array
    weights: Array
    errors: Array
    misses: Array
    common: Array
    capped: Ints


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

    ``path = sum_k w_k f_k``, ``w_k ~ exp(sum_j a_jk x_j - s log e_k)`` with e_k the typical error of rule k at the
    rolling origins (the mean of the roots of absolute errors, an error h years ahead counting 1/h, to which the mean
    over the rules is added with the weight of one error) and x_j what the series looks like (`looks_of`). No path
    leads further than CAP mean yearly changes a year. Fewer than three observations give NaN.

    Parameters
    ----------
    grid : array (series, years)
        Values, the last column being each series' last observation; NaN where a year has none.
    horizon : int
        Years ahead.
    about : array (series, horizon), optional
        Path from which the rules' distances are taken; the combined one if not given.

    Sources: forecast combination by past performance, Bates and Granger 1969; shrinkage towards equal weights,
    Diebold and Pauly 1990; weights by features, Montero-Manso et al. 2020; numbers: benchmarks/fit_projection.py.
    """
    size = len(grid)
    path, near, apart = (np.full((size, horizon), np.nan) for _ in range(3))
    weights, errors = (np.full((size, len(FAMILIES)), np.nan) for _ in range(2))
    misses, typical = np.full((size, ORIGINS), np.nan), np.full(size, np.nan)
    capped = np.zeros(size, dtype=np.int64)
    span = span_of(grid)
    usable = ((~np.isnan(grid)).sum(axis=1) >= FEWEST_POINTS) & ~np.isnan(grid[:, -1])
    for years in np.unique(span[usable]):
        rows = np.flatnonzero(usable & (span == years))
        part = _combine_alike(grid[rows, grid.shape[1] - years :], horizon, None if about is None else about[rows])
        path[rows], near[rows], apart[rows] = part.path, part.near, part.apart
        weights[rows], errors[rows], misses[rows] = part.weights, part.errors, part.misses
        typical[rows], capped[rows] = part.common, part.capped
    return Combination(path, near, apart, weights, errors, misses, typical, capped)


def _combine_alike(grid: Array, horizon: int, about: Array | None) -> Combination:
    """Combine for series of one span, the first column holding a value for each."""
    values, seen, points = lay_out(grid)
    own, looks, common, misses = look_back(values, seen, points)
    change = np.maximum(np.abs(np.diff(values.scaled, axis=1)).mean(axis=1), NO_ERROR)
    weights = weigh(own, looks)
    paths = values.project(values.years, horizon)
    free = np.matvec(paths.transpose(0, 2, 1), weights)
    most = CAP * change[:, None] * steps(horizon)
    path = np.clip(free, -most, most)
    scaling = values.scaling
    middle = path if about is None else np.clip(scaling.apply(about), -FAR, FAR)
    distance = np.abs(paths - middle[:, None])
    in_unit = (scaling.size * scaling.width)[:, None]
    typical = np.where(np.isnan(common)[:, None], np.nan, own**2) / change[:, None]
    share = by_family(weights)
    return Combination(
        scaling.restore(path),
        np.matvec(distance.transpose(0, 2, 1), weights) * in_unit,
        distance.mean(axis=1) * in_unit,
        share,
        by_family(weights * typical) / share,
        np.matvec(misses, weights) * in_unit,
        common**2 * in_unit[:, 0],
        np.where((path != free).any(axis=1), np.argmax(path != free, axis=1) + 1, 0),
    )


def by_family(values: Array) -> Array:
    """Sum over the rules of each family (series, families)."""
    return values @ np.eye(len(FAMILIES))[FAMILY]


@dataclass(frozen=True)
class Values:
    """Series without gaps on their own scale and on logarithms, and where the latter are used.

    Parameters
    ----------
    scaled, logs : array (series, years)
        Values less the last one, over their greatest distance from it; logarithms less the last one.
    unit : array (series,)
        The last value on the scale, distance from zero.
    rated : array (series,) of bool
        Series for which constant rates are tried.
    scaling : Scaling
        How the values were scaled.
    """

    scaled: Array
    logs: Array
    unit: Array
    rated: np.ndarray
    scaling: Scaling

    @property
    def years(self) -> int:
        """Number of years."""
        return self.scaled.shape[1]

    def project(self, years: int, horizon: int) -> Array:
        """Return the paths (series, rules, horizon) of all rules from the first `years` years."""
        shape, part, logs = (len(self.scaled), -1, horizon), self.scaled[:, :years], self.logs[:, :years]
        linear, steady = part @ linear_rules(years, horizon), steady_drift(part, horizon)
        rules = logarithmic_rules(years, horizon)
        change = np.concatenate([logs @ rules, steady_drift(logs, horizon)], axis=1)
        # no rate leads further than the range in which rates are tried
        rates = np.expm1(np.clip(change, -np.log(RATIO), np.log(RATIO))) * self.unit[:, None]
        if not self.rated.all():
            rates = np.where(self.rated[:, None], rates, np.concatenate([part @ rules, steady], axis=1))
        ahead = [block.reshape(shape) for block in (linear, rates[:, :-horizon], steady, rates[:, -horizon:])]
        return np.concatenate(ahead, axis=1)


def lay_out(grid: Array) -> tuple[Values, np.ndarray, Ints]:
    """Return the last MEMORY years without gaps, which were observed, and the number of observations by then."""
    filled = fill_gaps(grid)[:, -MEMORY:]
    seen = ~np.isnan(grid)[:, -MEMORY:]
    scaled, scaling = scale_panel(filled)
    size = np.abs(filled)
    one_sign = (filled > 0).all(axis=1) | (filled < 0).all(axis=1)
    rated = one_sign & (size.max(axis=1) / RATIO < size.min(axis=1))
    logs = np.log(np.where(rated[:, None], size, 1.0))
    values = Values(scaled, logs - logs[:, -1:], scaling.centre / scaling.width, rated, scaling)
    return values, seen, np.cumsum(~np.isnan(grid), axis=1)[:, -MEMORY:]


def look_back(values: Values, seen: np.ndarray, points: Ints) -> tuple[Array, Array, Array, Array]:
    """Return errors of the rules, looks of the series, the common error and the misses, as of the last year."""
    own, common, misses = backtest_rules(values, seen, points)
    known = np.minimum(points[:, -1], MEMORY)
    looks = looks_of(values.scaled, known, rated=values.rated, level=values.unit, error=common**2)
    return own, looks, common, misses


def backtest_rules(values: Values, seen: np.ndarray, points: Ints) -> tuple[Array, Array, Array]:
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
        error = values.scaled[:, None, origin : origin + ahead] - values.project(origin, ahead)
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


def weigh(own: Array, looks: Array) -> Array:
    """Weights (series, rules), adding up to 1, from the errors of the rules and the looks (series, features)."""
    fitted, sharpness = read_rule_weights()
    logits = looks @ fitted - sharpness * np.log(own / own.min(axis=1, keepdims=True))
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)

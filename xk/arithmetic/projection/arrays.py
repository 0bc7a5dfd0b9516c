"""Projections of many series at once: arrays in, a frozen result out."""

from dataclasses import dataclass

import numpy as np

from xk.arithmetic.projection.auto import auto_path
from xk.arithmetic.projection.checks import check_levels, check_method
from xk.arithmetic.projection.distribution import Distribution
from xk.arithmetic.projection.intervals import combine_about, half_widths, still_positions
from xk.arithmetic.projection.methods import NONE, single_path
from xk.arithmetic.projection.panel import Array, Bounds, Ints, Levels, Panel, build_panel, chunks, from_unit, to_unit
from xk.arithmetic.projection.rules import FAMILIES
from xk.contracts.forms import check_year
from xk.errors import Fault, InputError, UsageError


@dataclass(frozen=True)
class Projection:
    """Paths and predictive distributions of many series.

    Parameters
    ----------
    panel : Panel
        The observations that were projected.
    path : array (series, years)
        Central path; column h - 1 is h years after the series' own last observation. NaN where none.
    distribution : Distribution
        Predictive distribution about the path.
    levels : tuple of float
        Levels of the intervals, in per cent.
    used : array (series,)
        Name of the method used: as asked for, or what took its place (`drift`, `none`).
    members : tuple of str
        Methods that `auto` weighs.
    weights, errors : array (series, members)
        Weight of each member, and its mean backtest error in units of the mean yearly change; NaN where
        a single method was asked for.
    capped : array (series,)
        First year ahead in which the path of `auto` was drawn in to what like series ever showed; 0 where none.
    """

    panel: Panel
    path: Array
    distribution: Distribution
    levels: tuple[float, ...]
    used: np.ndarray
    members: tuple[str, ...]
    weights: Array
    errors: Array
    capped: Ints

    @property
    def years(self) -> Ints:
        """Years of the columns of the path (series, years)."""
        return self.panel.last[:, None] + np.arange(1, self.path.shape[1] + 1)

    def interval(self, level: float) -> tuple[Array, Array]:
        """Return the lower and upper end (series, years) of the central interval of a level in per cent."""
        odds = (100.0 - level) / 200.0
        return self.distribution.quantile(odds), self.distribution.quantile(1.0 - odds)


def project_arrays(
    years: Ints, values: Array, *, to: int, method: str = "auto", levels: Levels = (80, 95), bounds: Bounds = None
) -> Projection:
    """Project many annual series to a year.

    Parameters
    ----------
    years : array (years,) or (series, years)
        Calendar years of the columns, in any order; gaps are allowed.
    values : array (series, years)
        Values in the series' unit, NaN where missing.
    to : int
        Last year to project to.
    method : str
        One of METHODS.
    levels : sequence of float
        Levels of the intervals in per cent, each in (0, 100).
    bounds : pair of arrays (series,) or numbers, optional
        Natural lower and upper bounds in the unit; NaN or infinite for none.

    Errors
    ------
    UsageError for unknown methods and impossible levels; InputError for infinite values, a year twice in a
    series, and a target year that is not after the last observation of any series.
    """
    values = np.atleast_2d(np.asarray(values, dtype=np.float64))
    years = np.broadcast_to(np.asarray(years), values.shape)
    check_grid(years, values)
    series = np.repeat(np.arange(len(values)), values.shape[1])
    panel = build_panel(series, years.astype(np.int64).ravel(), values.ravel(), len(values))
    return project_panel(panel, to=to, method=method, levels=levels, bounds=bounds)


def check_grid(years: Ints, values: Array) -> None:
    """Raise InputError for infinite values, years that are not whole and years twice in a series."""
    said = []
    if np.isinf(values).any():
        said.append("values must be finite or NaN")
    if not np.all(np.isfinite(years)) or np.any(years != np.floor(years)):
        said.append("years must be whole numbers")
    elif (np.diff(np.sort(np.where(np.isnan(values), -np.arange(values.shape[1]), years), axis=1), axis=1) == 0).any():
        said.append("a series has two values for one year")
    if said:
        raise InputError([Fault("", None, "", message) for message in said])


def project_panel(
    panel: Panel, *, to: int, method: str = "auto", levels: Levels = (80, 95), bounds: Bounds = None
) -> Projection:
    """Project the series of a panel to a year; see project_arrays."""
    check_method(method)
    checked = check_levels(levels)
    horizon = check_horizon(panel, check_year(to, "the year to project to"))
    lower, upper = bounds_of(panel.grid, bounds, method)
    size = len(panel.grid)
    path, down, up = (np.full((size, horizon), np.nan) for _ in range(3))
    tail, capped = np.ones(size), np.zeros(size, dtype=np.int64)
    used = np.full(size, NONE, dtype=object)
    weights, errors = (np.full((size, len(FAMILIES)), np.nan) for _ in range(2))
    for rows in chunks(panel):
        grid, exponent = to_unit(panel.take(rows).grid)
        if method == "auto":
            line, used[rows], found = auto_path(grid, horizon)
            weights[rows], errors[rows], capped[rows] = found.weights, found.errors, found.capped
        else:
            line, used[rows] = single_path(grid, method, horizon)
            found = combine_about(grid, method, line)
        path[rows] = from_unit(line, exponent)
        below, above, tail[rows] = half_widths(grid, found)
        down[rows], up[rows] = (from_unit(side, exponent) for side in (below, above))
    path = np.clip(path, lower[:, None], upper[:, None])
    distribution = Distribution(path, down, up, tail, lower, upper, still_positions(panel.grid, horizon))
    return Projection(panel, path, distribution, checked, used, FAMILIES, weights, errors, capped)


def bounds_of(grid: Array, bounds: Bounds, method: str) -> tuple[Array, Array]:
    """Return the bounds (series,) that are given; for `auto` 0 where there is none and no value was ever beyond."""
    lower, upper = spread_bounds(bounds, len(grid))
    if method != "auto":
        return lower, upper
    least, most = np.nanmin(grid, axis=1, initial=np.inf), np.nanmax(grid, axis=1, initial=-np.inf)
    lower = np.where(np.isinf(lower) & (least >= 0), 0.0, lower)
    return lower, np.where(np.isinf(upper) & (most <= 0) & (least < 0), 0.0, upper)


def path_panel(panel: Panel, *, to: int, method: str = "auto", bounds: Bounds = None) -> Array:
    """Return the path (series, years) of `project_panel` alone: without intervals a search is made once, not often."""
    check_method(method)
    path = np.full((len(panel.grid), check_horizon(panel, check_year(to, "the year to project to"))), np.nan)
    for rows in chunks(panel):
        grid, exponent = to_unit(panel.take(rows).grid)
        found = auto_path(grid, path.shape[1]) if method == "auto" else single_path(grid, method, path.shape[1])
        path[rows] = from_unit(found[0], exponent)
    lower, upper = bounds_of(panel.grid, bounds, method)
    return np.clip(path, lower[:, None], upper[:, None])


def check_horizon(panel: Panel, to: int) -> int:
    """Return the longest horizon; InputError where no series ends before `to`."""
    if not (panel.count > 0).any():
        raise InputError([Fault("observations", None, "value", "no series has a value")])
    ends = panel.last[panel.count > 0]
    if to <= ends.min():
        message = f"nothing to project: every series has observations in or after {to}"
        raise InputError([Fault("observations", None, "year", message, f"project to a year after {ends.min()}")])
    return int(to - ends.min())


def spread_bounds(bounds: Bounds, size: int) -> tuple[Array, Array]:
    """Return bounds (series,), infinite where there is none; UsageError where lower exceeds upper."""
    low, high = (-np.inf, np.inf) if bounds is None else bounds
    lower = np.broadcast_to(np.asarray(low, dtype=np.float64), (size,))
    upper = np.broadcast_to(np.asarray(high, dtype=np.float64), (size,))
    lower, upper = np.where(np.isnan(lower), -np.inf, lower), np.where(np.isnan(upper), np.inf, upper)
    if (lower > upper).any():
        raise UsageError("a lower bound lies above the upper bound of its series")
    return lower, upper

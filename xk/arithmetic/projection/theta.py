"""The dynamic optimised theta model of Fiorucci et al. (2016), on a calendar with gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xk.arithmetic.projection.lines import drift, fit_line
from xk.arithmetic.projection.panel import Array
from xk.arithmetic.projection.search import search, solve_two

LOW = np.array([0.05])
HIGH = np.array([0.99])
STARTS = (0.1, 0.3, 0.5, 0.7, 0.9)
FEWEST = 4
ROUNDING = 1e-9
# share = 1 - 1/theta: 0 is simple smoothing (theta 1), 0.5 the standard theta of 2


@dataclass
class Line:
    """Least-squares line through the observations so far, kept up to date year by year."""

    count: Array
    mean_time: Array
    mean: Array
    spread: Array
    cross: Array

    @classmethod
    def empty(cls, size: int) -> Line:
        """Return the line of no observation."""
        return cls(*(np.zeros(size) for _ in range(5)))

    def add(self, time: Array, value: Array, seen: Array) -> None:
        """Take in one year; series that have no value in it stay as they are."""
        self.count = self.count + seen
        share = seen / np.maximum(self.count, 1.0)
        apart, off = time - self.mean_time, value - self.mean
        self.mean_time = self.mean_time + share * apart
        self.spread = self.spread + seen * apart * (time - self.mean_time)
        self.cross = self.cross + seen * off * (time - self.mean_time)
        self.mean = self.mean + share * off

    def slope(self) -> Array:
        """Slope a year; 0 before two observations."""
        return np.where(self.spread > 0, self.cross / np.where(self.spread > 0, self.spread, 1.0), 0.0)

    def start(self) -> Array:
        """Value of the line at time 0."""
        return self.mean - self.slope() * self.mean_time


@dataclass
class Seen:
    """What all values of alpha have in common: a row each year, a column a series.

    ``start`` and ``slope`` are of the line through the years before, ``time`` the years since the first observation,
    ``line`` the line through all years.
    """

    value: Array
    seen: np.ndarray
    begun: np.ndarray
    time: Array
    start: Array
    slope: Array
    line: Line

    @classmethod
    def of(cls, grid: Array) -> Seen:
        """Take in the years one by one."""
        seen = ~np.isnan(grid.T)
        begun = np.maximum.accumulate(seen | ~seen.any(axis=0), axis=0)
        time = np.cumsum(begun, axis=0, dtype=np.float64)
        value, line = np.where(seen, grid.T, 0.0), Line.empty(len(grid))
        start, slope = np.empty(seen.shape), np.empty(seen.shape)
        for year, is_seen in enumerate(seen):
            start[year], slope[year] = line.start(), line.slope()
            line.add(time[year], value[year], is_seen.astype(np.float64))
        return cls(value, seen, begun, time, start, slope, line)


@dataclass
class State:
    """The level after the last year as two linear parts: ``level = base + share * lift + start * left``.

    The start value and the share are still unknown.
    """

    base: Array
    lift: Array
    left: Array


def step_line(alpha: Array, time: Array, start: Array, slope: Array) -> Array:
    """Distance of the line at the next year from the smoothed line (the factor of 1 - 1/theta)."""
    kept = (1.0 - alpha) ** time
    return np.asarray(kept * start + (1.0 - (1.0 - alpha) * kept) / alpha * slope)


def run_theta(known: Seen, alpha: Array) -> tuple[State, Array]:
    """Filter all series with given alpha; returns the end state and the six sums of squared errors.

    The one-step error is ``y - base - share pull - start left``: linear in share and start, so the sums of
    the products of (pull, left, y - base) determine both.
    """
    seen, begun = known.seen, known.begun
    line = step_line(alpha, known.time - begun, known.start, known.slope)
    kept = np.where(seen, 1.0 - alpha, 1.0)
    left = np.cumprod(np.concatenate([np.ones((1, len(alpha))), kept]), axis=0)
    # a missing year takes its own forecast: the level moves along with the line
    moved, taken, kept = np.where(begun & ~seen, alpha * line, 0.0), alpha * seen, kept * begun
    base, lift = np.zeros_like(left), np.zeros_like(left)
    for year, value in enumerate(known.value):
        base[year + 1] = base[year] + taken[year] * (value - base[year])
        lift[year + 1] = kept[year] * lift[year] + moved[year]
    one, two, gap = (lift[:-1] + line) * seen, left[:-1] * seen, (known.value - base[:-1]) * seen
    sums = np.stack([np.sum(a * b, axis=0) for a, b in
                     ((one, one), (one, two), (two, two), (one, gap), (two, gap), (gap, gap))])  # fmt: skip
    return State(base[-1], lift[-1], left[-1]), sums


def solve_start(sums: Array) -> tuple[Array, Array, Array]:
    """Return share in [0, 1], starting level and the sum of squared errors that they leave."""
    share, _ = solve_two(sums[0], sums[1], sums[2], sums[3], sums[4])
    share = np.clip(share, 0.0, 1.0)
    # the share being held, the starting level is a regression on one variable
    start = (sums[4] - share * sums[1]) / np.maximum(sums[2], np.finfo(np.float64).tiny)
    cross = share * sums[3] + start * sums[4]
    square = share**2 * sums[0] + 2 * share * start * sums[1] + start**2 * sums[2]
    return share, start, sums[5] - 2 * cross + square


def theta_path(grid: Array, alpha: Array, horizon: int) -> Array:
    """Path of the model with given alpha; share and starting level by least squares."""
    known = Seen.of(grid)
    state, sums = run_theta(known, alpha)
    share, start, _ = solve_start(sums)
    level, time, line = state.base + share * state.lift + start * state.left, known.time[-1], known.line
    path = np.empty((len(grid), horizon))
    for ahead in range(horizon):
        apart = step_line(alpha, time, line.start(), line.slope())
        path[:, ahead] = level + share * apart
        level = level + alpha * share * apart
        time = time + 1.0
        line.add(time, path[:, ahead], np.ones(len(grid)))
    return path


def theta(grid: Array, horizon: int) -> Array:
    """Dynamic optimised theta model (Fiorucci, Pellegrini, Louzada, Petropoulos, Koehler 2016).

    ``y_(t+1) = l_t + (1 - 1/theta) ((1-a)^t A_t + (1 - (1-a)^(t+1))/a B_t)`` with ``A_t + B_t s`` the
    least-squares line through the years so far and ``l_t`` the level smoothed by ``a``. ``a``, ``theta`` and
    ``l_0`` minimise the squared one-step errors. The model's first two steps
    know no slope, so that it would bend a straight line: such a series, and one of fewer than four observations,
    gives the drift.
    """

    known = Seen.of(grid)

    def score(parameters: Array) -> Array:
        return solve_start(run_theta(known, parameters[:, 0])[1])[2]

    starts = [np.full((len(grid), 1), start) for start in STARTS]
    best = np.array(STARTS)[np.argmin(np.stack([score(start) for start in starts]), axis=0)]
    best = search(score, best[:, None], LOW, HIGH)
    plain = ((~np.isnan(grid)).sum(axis=1) < FEWEST) | is_line(grid)
    return np.where(plain[:, None], drift(grid, horizon), theta_path(grid, best[:, 0], horizon))


def is_line(grid: Array) -> np.ndarray:
    """Say which series lie on a straight line but for rounding; the values are of size 1."""
    level, slope = fit_line(grid)
    apart = grid - level[:, None] - slope[:, None] * np.arange(1 - grid.shape[1], 1)
    return np.asarray((np.isnan(apart) | (np.abs(apart) <= ROUNDING)).all(axis=1))

"""Predictive distribution of each series and year: two half-widths and one weight of the tails."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xk.arithmetic.projection.normal import normal_quantile
from xk.arithmetic.projection.panel import Array, Ints

# by so much of a half-width a series that has never changed moves within the odds that it stays
STIR = 0.02


@dataclass(frozen=True)
class Distribution:
    """Two-piece sinh-normal distribution about the central path, cut at the natural bounds.

    ``y = centre + side * sinh(tail z) / tail`` with z standard normal and side = `down` for z < 0, `up`
    for z > 0; the central path is the median. What falls beyond a bound lies on it. Where the series is `still` up to
    position e, values stay at the centre but for a sliver up to there, and z counts from e on.

    Parameters
    ----------
    centre, down, up : array (series, years)
        Median and half-widths in the unit of the series; NaN half-widths where no interval can be given.
    tail : array (series,)
        0 for normal tails, more for heavier ones.
    lower, upper : array (series,)
        Natural bounds; infinite where there is none.
    still : array (series, years)
        Positions up to which a series that has never changed stays as it is; 0 for others.
    """

    centre: Array
    down: Array
    up: Array
    tail: Array
    lower: Array
    upper: Array
    still: Array

    def value(self, z: Array | float) -> Array:
        """Return values at standard normal positions `z` (scalar or one a series and year)."""
        tail = np.maximum(self.tail, 1e-6)[:, None]
        side = np.where(np.asarray(z) < 0, self.down, self.up)
        top = np.finfo(np.float64).max
        size = np.abs(z)
        moved = np.sign(z) * (np.maximum(size - self.still, 0.0) + STIR * np.minimum(size, self.still))
        with np.errstate(over="ignore"):
            values = np.clip(self.centre + side * (np.sinh(tail * moved) / tail), -top, top)
        return np.clip(values, self.lower[:, None], self.upper[:, None])

    def quantile(self, odds: float) -> Array:
        """Return values (series, years) that are not exceeded with these odds, strictly in (0, 1)."""
        return self.value(normal_quantile(odds))

    def position(self, values: Array) -> Array:
        """Return the standard normal position of `values`, before the cut at the bounds."""
        tail = np.maximum(self.tail, 1e-6)[:, None]
        apart = values - self.centre
        side = np.where(apart < 0, self.down, self.up)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            moved = np.arcsinh(tail * apart / side) / tail
        stays = STIR * self.still
        inside = moved / np.where(stays > 0, STIR, 1.0)
        return np.where(np.abs(moved) <= stays, inside, moved + np.sign(moved) * (self.still - stays))

    def take(self, rows: Ints) -> Distribution:
        """Return the distribution of some series."""
        names = ("centre", "down", "up", "tail", "lower", "upper", "still")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})

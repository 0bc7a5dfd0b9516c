"""Half-widths of the predictive distribution from the size of a series' own yearly surprises."""

from __future__ import annotations

import numpy as np

from xk.projection.lines import drift, steps
from xk.projection.panel import Array

TAIL = 0.4
FEWEST = 3


def typical_step(grid: Array) -> Array:
    """Root mean square of the yearly changes less their mean, floored at a sliver of the level."""
    scale = np.max(np.abs(np.where(np.isnan(grid), 0.0, grid)), axis=1)
    size = np.where(scale > 0, scale, 1.0)
    unit = grid / size[:, None]
    slope = drift(unit, 1)[:, 0] - unit[:, -1]
    apart = np.diff(unit, axis=1) - slope[:, None]
    count = (~np.isnan(apart)).sum(axis=1)
    square = np.where(np.isnan(apart), 0.0, apart) ** 2
    return np.sqrt(square.sum(axis=1) / np.maximum(count - 1, 1) + 1e-8) * size


def half_widths(grid: Array, horizon: int) -> tuple[Array, Array]:
    """Return half-widths (series, years) below and above the path; NaN under three observations."""
    wide = typical_step(grid)[:, None] * 1.1 * steps(horizon) ** 0.8
    count = (~np.isnan(grid)).sum(axis=1)
    wide = np.where((count >= FEWEST)[:, None], wide, np.nan)
    return wide, wide

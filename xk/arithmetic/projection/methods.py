"""The methods by name; each takes a panel's grid and gives a path."""

from collections.abc import Callable

import numpy as np

from xk.arithmetic.projection.damped import damped
from xk.arithmetic.projection.lines import constant, drift, growth, linear, theil_sen
from xk.arithmetic.projection.panel import Array, Scaling, scale_panel
from xk.arithmetic.projection.theta import theta

SINGLE: dict[str, Callable[[Array, int], Array]] = {
    "constant": constant, "drift": drift, "linear": linear, "growth": growth, "theil_sen": theil_sen, "damped": damped,
    "theta": theta,
}  # fmt: skip
METHODS = (*SINGLE, "auto")
NONE = "none"
# methods whose result moves with the unit alone; growth needs the true zero
SHIFTED = frozenset(SINGLE) - {"growth"}


def single_path(grid: Array, method: str, horizon: int) -> tuple[Array, Array]:
    """Path of one method for all series, and the name of the method used for each.

    Two observations, or a rate that is not defined, give the drift; fewer than two give NaN and ``none``.
    """
    scaled, scaling = scale_panel(grid)
    line = drift(scaled, horizon)
    path = SINGLE[method](scaled, horizon) if method in SHIFTED else growth_path(grid, horizon, scaling)
    count = (~np.isnan(grid)).sum(axis=1)
    instead = (count < 3) if method in SHIFTED - {"constant"} else np.zeros(len(grid), dtype=bool)
    instead |= np.isnan(path).any(axis=1)
    path = scaling.restore(np.where(instead[:, None], line, path))
    used = np.where(instead, "drift", method).astype(object)
    path[count < 2] = np.nan
    used[count < 2] = NONE
    return path, used


def growth_path(grid: Array, horizon: int, scaling: Scaling) -> Array:
    """Path of the constant rate, which needs the true zero, on the scale of the series (see `growth`)."""
    return scaling.apply(growth(grid, horizon))

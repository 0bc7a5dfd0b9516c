"""Standard normal distribution without scipy: quantiles of a few odds, odds of many values."""

import math
from statistics import NormalDist

import numpy as np

from xk.arithmetic.projection.panel import Array

_REACH = 9.0
_KNOTS = np.linspace(-_REACH, _REACH, 18_001)
_ODDS = np.array([0.5 * math.erfc(-z / math.sqrt(2.0)) for z in _KNOTS])


def normal_quantile(odds: float) -> float:
    """Value below which a standard normal variable falls with these odds, in (0, 1)."""
    return NormalDist().inv_cdf(odds)


def normal_odds(values: Array) -> Array:
    """Odds that a standard normal variable is at most `values`, from a table (error below 1e-7)."""
    return np.interp(values, _KNOTS, _ODDS)


def normal_positions(odds: Array) -> Array:
    """Values below which a standard normal variable falls with these odds, from the same table."""
    return np.interp(odds, _ODDS, _KNOTS)

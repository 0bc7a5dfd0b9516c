"""Projections of annual series to a target year: paths, predictive distributions, odds, backtests."""

from xk.arithmetic.projection.arrays import Projection, project_arrays, project_panel
from xk.arithmetic.projection.backtesting import backtest
from xk.arithmetic.projection.frames import explain, outlook, project
from xk.arithmetic.projection.methods import METHODS
from xk.arithmetic.projection.odds import probability

__all__ = [
    "METHODS", "Projection", "backtest", "explain", "outlook", "probability", "project", "project_arrays",
    "project_panel",
]  # fmt: skip

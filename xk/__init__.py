"""Indicators of official target programmes: one scale, distance to target, projection, reports."""

from xk.arithmetic.allocation import allocate_targets
from xk.arithmetic.index import composite_index, hdi
from xk.arithmetic.normalise import normalise
from xk.arithmetic.prices import deflate
from xk.arithmetic.projection import backtest, project
from xk.arithmetic.rulebooks import Verdict, judge
from xk.arithmetic.scenario import build_scenario
from xk.arithmetic.target import attainment
from xk.pipeline import Settings, apply_scenario, build_results
from xk.readers import read_observations, read_scenario, read_scheme, read_store

__all__ = [
    "Settings",
    "Verdict",
    "allocate_targets",
    "apply_scenario",
    "attainment",
    "backtest",
    "build_results",
    "build_scenario",
    "composite_index",
    "deflate",
    "hdi",
    "judge",
    "normalise",
    "project",
    "read_observations",
    "read_scenario",
    "read_scheme",
    "read_store",
]

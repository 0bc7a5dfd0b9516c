"""Indicators of official target programmes: one scale, distance to target, projection, reports."""

from xk.allocation import allocate_targets
from xk.composite import composite_index, hdi
from xk.normalise import normalise
from xk.pipeline import Settings, apply_scenario, build_results
from xk.prices import deflate
from xk.progress import attainment
from xk.projection import backtest, project
from xk.readers import read_observations, read_scenario, read_scheme, read_store
from xk.rules import Verdict, judge
from xk.scenario import build_scenario

__all__ = [
    "Settings",
    "Verdict",
    "allocate_targets",
    "allocate_targets",
    "apply_scenario",
    "attainment",
    "backtest",
    "build_results",
    "build_scenario",
    "composite_index",
    "deflate",
    "hdi",
    "deflate",
    "judge",
    "normalise",
    "project",
    "read_observations",
    "read_scenario",
    "read_scheme",
    "read_store",
]

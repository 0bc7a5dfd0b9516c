"""Charts of the reports: results in, Axes out; what they draw was computed before."""

from __future__ import annotations

from xk.charts.overview import plot_gaps, plot_heatmap, plot_index
from xk.charts.scenario import plot_scenario
from xk.charts.show import (
    show_gaps,
    show_heatmap,
    show_index,
    show_scenario,
    show_trajectories,
    show_trajectory,
)
from xk.charts.trajectory import plot_trajectory

__all__ = [
    "plot_gaps",
    "plot_heatmap",
    "plot_index",
    "plot_scenario",
    "plot_trajectory",
    "show_gaps",
    "show_heatmap",
    "show_index",
    "show_scenario",
    "show_trajectories",
    "show_trajectory",
]

"""Charts of the reports: results in, Axes out; what they draw was computed before."""

from __future__ import annotations

from xk.charts.gaps import plot_gaps
from xk.charts.heatmap import plot_heatmap
from xk.charts.index import plot_index
from xk.charts.index_years import plot_contributions, plot_index_years
from xk.charts.multiples import plot_small_multiples
from xk.charts.offices import plot_offices
from xk.charts.review import plot_review_panel, show_review
from xk.charts.scenario import plot_scenario
from xk.charts.show import (
    show_gaps,
    show_heatmap,
    show_offices,
    show_scenario,
    show_small_multiples,
    show_trajectories,
    show_trajectory,
)
from xk.charts.show_index import show_contributions, show_index, show_index_years
from xk.charts.trajectory import plot_trajectory

__all__ = [
    "plot_contributions",
    "plot_gaps",
    "plot_heatmap",
    "plot_index",
    "plot_index_years",
    "plot_review_panel",
    "plot_scenario",
    "plot_small_multiples",
    "plot_trajectory",
    "plot_offices",
    "show_contributions",
    "show_gaps",
    "show_heatmap",
    "show_index",
    "show_index_years",
    "show_review",
    "show_scenario",
    "show_small_multiples",
    "show_trajectories",
    "show_trajectory",
    "show_offices",
]

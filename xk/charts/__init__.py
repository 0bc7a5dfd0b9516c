"""Charts of the reports with their tables: results in, exhibits out; what they show was computed before."""

from xk.charts.beside import show_scenario, table_scenario, table_scenario_index
from xk.charts.contributions import show_contributions, table_contributions
from xk.charts.gaps import show_gaps
from xk.charts.heatmap import show_heatmap
from xk.charts.hindsight import review_points, show_review, table_coverage, table_misses, table_review
from xk.charts.index_levels import show_index, table_index
from xk.charts.index_years import show_index_years
from xk.charts.multiples import show_small_multiples
from xk.charts.offices import show_offices, table_lead_offices
from xk.charts.trajectory import show_trajectories, show_trajectory

__all__ = [
    "review_points", "show_contributions", "show_gaps", "show_heatmap", "show_index", "show_index_years",
    "show_offices", "show_review", "show_scenario", "show_small_multiples", "show_trajectories", "show_trajectory",
    "table_contributions", "table_coverage", "table_index", "table_lead_offices", "table_misses", "table_review",
    "table_scenario", "table_scenario_index",
]  # fmt: skip

"""Charts of the reports with their tables: results in, exhibits out; what they show was computed before."""

from xk.charts.abreast import show_abreast
from xk.charts.beside import say_precedents, show_assumed, show_beside, table_effects
from xk.charts.borrowing_review import show_borrowing
from xk.charts.contributions import show_contributions
from xk.charts.gaps import show_gaps
from xk.charts.heatmap import show_heatmap
from xk.charts.hindsight import review_points, show_review, table_coverage, table_misses, table_review
from xk.charts.index_years import show_index, show_index_years, table_index
from xk.charts.multiples import show_alternatives, show_small_multiples
from xk.charts.offices import show_offices
from xk.charts.outcomes import table_assumptions, table_flips, table_index_beside, table_outcomes, table_status_counts
from xk.charts.past_paths import show_past_paths
from xk.charts.reliability import show_reliability
from xk.charts.scatter import show_scatter
from xk.charts.strips import show_more_strips, show_strip, show_strips
from xk.charts.tile_map import show_tile_map, show_tiles, tiles_of
from xk.charts.tornado import show_index_beside, show_tornado
from xk.charts.trajectory import show_trajectories, show_trajectory

__all__ = [
    "review_points", "say_precedents", "show_abreast", "show_alternatives", "show_assumed", "show_beside",
    "show_borrowing", "show_contributions", "show_gaps", "show_heatmap", "show_index", "show_index_beside",
    "show_index_years", "show_more_strips", "show_offices", "show_past_paths", "show_reliability", "show_review",
    "show_scatter", "show_small_multiples", "show_strip", "show_strips", "show_tile_map", "show_tiles",
    "show_tornado", "show_trajectories", "show_trajectory", "table_assumptions", "table_coverage",
    "table_effects", "table_flips", "table_index", "table_index_beside", "table_misses", "table_outcomes",
    "table_review", "table_status_counts", "tiles_of",
]  # fmt: skip

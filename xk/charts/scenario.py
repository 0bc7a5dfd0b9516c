"""A scenario's trajectory with the reference beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from xk.charts.frame import draw_legend
from xk.charts.marks import draw_line
from xk.charts.trajectory import plot_trajectory
from xk.exhibits.wording import Wording
from xk.pipeline import Results
from xk.theme import SERIES_COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def scenario_lines(words: Wording) -> pd.DataFrame:
    """Return the summary of the indicators whose path the scenario sets."""
    yearly = words.results.yearly
    changed = set(yearly.loc[yearly["kind"] == "scenario", "indicator"])
    return words.results.summary[words.results.summary["indicator"].isin(changed)]


def plot_scenario(words: Wording, before: Results, indicator: str) -> Axes:
    """Draw the trajectory of one indicator under the scenario, and its reference path (gid ``reference``).

    Parameters
    ----------
    words : Wording
        Results under the scenario.
    before : Results
        The reference.
    indicator : str
        Slug or number of the programme.
    """
    axes = plot_trajectory(words, indicator)
    path = before.path(indicator)
    ahead = path[path["kind"].isin(["projected", "borrowed"])]
    if len(ahead):
        draw_line(axes, ahead["year"], ahead["value"], color=SERIES_COLOURS[0], linestyle=(0, (1, 1.2)),
                  linewidth=2.0, label=words.text("legend_reference"), gid="reference")  # fmt: skip
        draw_legend(axes, below=0.27)
    return axes

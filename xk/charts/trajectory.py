"""One indicator over the years: history, projection with its band, planned path, targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.ticker import MaxNLocator

from xk.theme import INK, MUTED, SERIES_COLOURS, STATUS_COLOURS
from xk.wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (4.8, 3.1)
PROJECTED = ("projected", "borrowed", "scenario")
BAND_ALPHA = {80: 0.30, 95: 0.15}


def plot_trajectory(words: Wording, indicator: str, *, ax: Axes | None = None) -> Axes:
    """Draw the trajectory of one indicator.

    Parameters
    ----------
    words : Wording
        Results and language.
    indicator : str
        Slug or number of the plan.
    ax : Axes, optional
        Where to draw; a new figure if not given.

    Returns
    -------
    Axes
        Lines carry gids: observed, projected, planned, target, stretch.
    """
    row, path = words.results.row(indicator), words.results.path(indicator)
    axes = plt.subplots(figsize=SIZE)[1] if ax is None else ax
    seen = path[path["value"].notna() & ~path["kind"].isin(PROJECTED)]
    ahead = path[path["kind"].isin(PROJECTED)]
    _plot_band(axes, ahead, words)
    _plot_planned(axes, path, words)
    _plot_target(axes, row, words, path)
    _plot_projected(axes, seen, ahead, row, words)
    _plot_observed(axes, seen, row, words)
    _finish(axes, path, row, words)
    return axes


def _plot_band(axes: Axes, ahead: pd.DataFrame, words: Wording) -> None:
    for level in sorted(words.results.settings.levels, reverse=True):
        band = ahead.dropna(subset=[f"lo{level}", f"hi{level}"])
        if band.empty:
            continue
        axes.fill_between(
            band["year"].to_numpy(float), band[f"lo{level}"].to_numpy(float), band[f"hi{level}"].to_numpy(float),
            color=SERIES_COLOURS[0], alpha=BAND_ALPHA.get(level, 0.2), linewidth=0,
            label=words.text("legend_interval", level=level),
        )  # fmt: skip


def _plot_planned(axes: Axes, path: pd.DataFrame, words: Wording) -> None:
    planned = path[path["planned_value"].notna()]
    if len(planned) > 1:
        axes.plot(planned["year"], planned["planned_value"], color=MUTED, linestyle=(0, (1, 1.5)), linewidth=1.3,
                  label=words.text("legend_planned"), gid="planned")  # fmt: skip


def _plot_target(axes: Axes, row: pd.Series, words: Wording, path: pd.DataFrame) -> None:
    colour = STATUS_COLOURS["achieved"]
    if row["direction"] == "interval" and not pd.isna(row["target_low"]):
        axes.axhspan(row["target_low"], row["target_high"], color=colour, alpha=0.15, label=words.text("legend_target"))
        return
    if pd.isna(row["target_value"]):
        return
    year, value = int(row["target_year"]), float(row["target_value"])
    if pd.isna(row["hold_from"]):
        axes.plot([year], [value], marker="_", markersize=16, markeredgewidth=2.5, linestyle="none", color=colour,
                  label=words.text("legend_target"), gid="target")  # fmt: skip
        axes.axhline(value, color=colour, linewidth=0.6, alpha=0.6)
    else:
        years = np.arange(int(row["hold_from"]), int(row["hold_to"]) + 1)
        axes.plot(years, np.full(len(years), value), marker="_", markersize=12, markeredgewidth=2.5, color=colour,
                  linewidth=1.0, label=words.text("legend_held"), gid="target")  # fmt: skip
    if not pd.isna(row["target_stretch"]):
        axes.plot([year], [row["target_stretch"]], marker="_", markersize=16, markeredgewidth=1.2, linestyle="none",
                  color=colour, label=words.text("legend_stretch"), gid="stretch")  # fmt: skip


def _plot_projected(axes: Axes, seen: pd.DataFrame, ahead: pd.DataFrame, row: pd.Series, words: Wording) -> None:
    if ahead.empty or seen.empty:
        return
    kind = str(ahead["kind"].iloc[-1])
    label = words.text(f"legend_{kind}", region=words.reference(row) if kind == "borrowed" else "")
    years = [seen["year"].iloc[-1], *ahead["year"]]
    values = [seen["value"].iloc[-1], *ahead["value"]]
    style: dict[str, Any] = {"projected": "-", "borrowed": (0, (5, 2)), "scenario": (0, (5, 1, 1, 1))}
    colour = SERIES_COLOURS[3] if kind == "borrowed" else SERIES_COLOURS[0]
    axes.plot(years, values, color=colour, linestyle=style[kind], linewidth=1.6, label=label, gid="projected")


def _plot_observed(axes: Axes, seen: pd.DataFrame, row: pd.Series, words: Wording) -> None:
    if seen.empty:
        return
    hollow = not row["comparable"]
    label = words.text("legend_not_comparable" if hollow else "legend_observed")
    axes.plot(seen["year"], seen["value"], color=INK, linewidth=1.8, marker="o", markersize=4.5, label=label,
              markerfacecolor="none" if hollow else INK, linestyle="none" if hollow else "-", gid="observed")  # fmt: skip
    last = seen.iloc[-1]
    axes.annotate(words.given(float(last["value"])), (last["year"], last["value"]), textcoords="offset points",
                  xytext=(-2, 7), ha="right" if len(seen) > 1 else "left", color=INK, fontsize=8.5)  # fmt: skip


def _finish(axes: Axes, path: pd.DataFrame, row: pd.Series, words: Wording) -> None:
    if path.empty:
        axes.text(0.5, 0.5, words.text("reason_no_figure"), transform=axes.transAxes, ha="center", color=MUTED)
        axes.set_axis_off()
        return
    axes.set_xlim(path["year"].min() - 0.5, path["year"].max() + 0.6)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7, min_n_ticks=2))
    axes.margins(y=0.18)
    _respect_bounds(axes, row, words)
    axes.set_ylabel(words.unit(row), fontsize=8.5)
    axes.tick_params(labelsize=8.5)
    draw_legend(axes)


def draw_legend(axes: Axes) -> None:
    """Put the legend under the axes; what was drawn last, and so lies on top, comes first."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        axes.legend(handles[::-1], labels[::-1], loc="upper center", bbox_to_anchor=(0.5, -0.12), ncol=2, fontsize=8)


def _respect_bounds(axes: Axes, row: pd.Series, words: Wording) -> None:
    """Leave no empty axis beyond a natural bound, but room for marks that stand on it."""
    known = words.results.scheme.indicator(row["indicator"])
    low, high = axes.get_ylim()
    room = 0.04 * (high - low)
    if not pd.isna(known["lower_bound"]):
        low = max(low, float(known["lower_bound"]) - room)
    if not pd.isna(known["upper_bound"]):
        high = min(high, float(known["upper_bound"]) + 2.5 * room)
    axes.set_ylim(low, high)

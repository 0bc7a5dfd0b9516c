"""Many indicators at once: distance to target, attainment by year, index by domain."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from xk.exhibits import number
from xk.theme import INK, MUTED, SERIES_COLOURS, STATUS_COLOURS, STATUS_MARKERS, STATUS_SYMBOLS, ink_on
from xk.wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 4.8
EDGE = 140.0
PROJECTED = ("projected", "borrowed", "scenario")
HOLLOW = ("no_target", "no_data", "not_comparable")
WRAP = {"zh": 17, "en": 34}


def short_name(words: Wording, row: pd.Series, *, lines: int = 2) -> str:
    """Return number and name of an indicator, wrapped and cut to `lines`."""
    wrapped = textwrap.wrap(
        f"{row['no']} {words.names[row['indicator']]}", WRAP[words.lang], max_lines=lines, placeholder="…"
    )
    return "\n".join(wrapped)


def gap_rows(words: Wording, domain: str | None) -> pd.DataFrame:
    """Return what the gap chart shows: indicators of a domain with a score, in the plan's order."""
    rows = words.results.summary
    rows = rows[rows["indicator"].isin(words.results.scheme.in_domain(domain)["indicator"])]
    rows = rows[(rows["direction"] != "composite") & rows["score"].notna()]
    return rows.assign(shown=rows["score"].clip(upper=EDGE))


def plot_gaps(words: Wording, domain: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw how far each indicator is from its target: latest score, projected score, target = 100.

    Parameters
    ----------
    words : Wording
    domain : str, optional
    ax : Axes, optional
    """
    rows = gap_rows(words, domain).reset_index(drop=True)
    height = 0.42 * max(len(rows), 1) + 1.1
    axes = plt.subplots(figsize=(WIDTH, height))[1] if ax is None else ax
    axes.axvline(100, color=STATUS_COLOURS["achieved"], linewidth=1.6, label=words.text("legend_target"), gid="target")
    axes.hlines(rows.index, rows["shown"].clip(upper=100), 100, color=MUTED, linewidth=1.0, alpha=0.6)
    ahead = rows["projected_attainment"].where(rows["shown"] < 100)
    axes.plot(ahead, rows.index, linestyle="none", marker="|", markersize=9, markeredgewidth=2,
              color=SERIES_COLOURS[0], gid="projected",
              label=words.text("legend_projected_year", year=words.results.scheme.target_year))  # fmt: skip
    for status, part in rows.groupby("status", sort=False):
        face = "none" if status in HOLLOW else STATUS_COLOURS[str(status)]
        axes.plot(part["shown"], part.index, linestyle="none", marker=STATUS_MARKERS[str(status)], markersize=7,
                  color=STATUS_COLOURS[str(status)], markerfacecolor=face, markeredgewidth=1.4,
                  label=words.text(f"status_{status}"), gid=f"latest-{status}")  # fmt: skip
    for place, row in rows.iterrows():
        name = short_name(words, row, lines=1) if words.lang == "zh" else f"{row['no']} {words.names[row['indicator']]}"
        axes.annotate(name, (0.0, float(str(place))), xycoords=("axes fraction", "data"), xytext=(2, 6.5),
                      textcoords="offset points", fontsize=8, color=INK)  # fmt: skip
        axes.annotate(number(row["score"], words.lang, decimals=1), (1.0, float(str(place))),
                      xycoords=("axes fraction", "data"), xytext=(3, 0), textcoords="offset points",
                      fontsize=8, va="center", color=INK)  # fmt: skip
    axes.set_ylim(len(rows) - 0.4, -0.9)
    axes.set_xlim(0, max(110.0, float(rows["shown"].max() if len(rows) else 0) * 1.04))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(words.text("axis_score"), fontsize=8.5)
    axes.tick_params(labelsize=8.5)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.5 / height), ncol=3, fontsize=8)
    return axes


def attainment_grid(words: Wording) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return attainment and kind by indicator (rows, plan's order) and year (columns)."""
    yearly = words.results.yearly
    order = [name for name in words.results.scheme.indicators["indicator"] if name in set(yearly["indicator"])]
    values = yearly.pivot(index="indicator", columns="year", values="attainment").reindex(order).astype(float)
    kinds = yearly.pivot(index="indicator", columns="year", values="kind").reindex(order)
    columns = range(int(values.columns.min()), int(values.columns.max()) + 1)
    return values.reindex(columns=columns), kinds.reindex(columns=columns)


def plot_heatmap(words: Wording, *, ax: Axes | None = None) -> Axes:
    """Draw the attainment of all indicators by year; projections are hatched, the status stands at the left."""
    values, kinds = attainment_grid(words)
    height = 0.30 * len(values) + 1.2
    axes = plt.subplots(figsize=(WIDTH + 1.0, height))[1] if ax is None else ax
    wide = len(values.columns) > 10
    sns.heatmap(values, ax=axes, vmin=0, vmax=100, cmap="cividis", linewidths=0.6, linecolor="white",
                annot=not wide, fmt=".0f", annot_kws={"fontsize": 7.5},
                cbar_kws={"orientation": "horizontal", "pad": 0.012, "shrink": 0.6, "aspect": 40,
                          "label": words.text("axis_attainment")})  # fmt: skip
    for i, j in np.argwhere(kinds.isin(PROJECTED).to_numpy() & values.notna().to_numpy()):
        axes.add_patch(Rectangle((j, i), 1, 1, fill=False, hatch="////", edgecolor="white", linewidth=0, alpha=0.45))
    status = words.results.summary.set_index("indicator")
    labels = [
        f"{short_name(words, status.loc[name].rename(name).pipe(lambda row, n=name: row if 'indicator' in row else pd.concat([row, pd.Series({'indicator': n})])))} {STATUS_SYMBOLS[status.loc[name, 'status']]}"
        for name in values.index
    ]
    axes.set_yticks(np.arange(len(values)) + 0.5, labels, rotation=0, fontsize=7.5, linespacing=0.95)
    axes.set_xticks(np.arange(len(values.columns)) + 0.5, [str(year) for year in values.columns], fontsize=8,
                    rotation=90 if wide else 0)  # fmt: skip
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set(xlabel="", ylabel="")
    axes.figure.axes[-1].tick_params(labelsize=8)
    return axes


def plot_index(words: Wording, *, ax: Axes | None = None) -> Axes:
    """Draw the index of each domain and the total as bars; paler where less of the weight has figures."""
    index = words.results.index
    order = [*words.results.scheme.domain_names(), "total"]
    rows = index[index["basis"] == "latest"].set_index("level").reindex(order)
    axes = plt.subplots(figsize=(WIDTH, 0.42 * len(rows) + 0.9))[1] if ax is None else ax
    names = [words.text("total") if level == "total" else words.domain(str(level)) for level in order]
    for place, (level, row) in enumerate(rows.iterrows()):
        alpha = 0.25 + 0.75 * (0 if pd.isna(row["coverage"]) else row["coverage"] / 100)
        colour = INK if level == "total" else SERIES_COLOURS[0]
        axes.barh(place, 0 if pd.isna(row["value"]) else row["value"], color=colour, alpha=alpha, height=0.62, gid=str(level))
        said = number(row["value"], words.lang, decimals=1)
        share = words.text("in_brackets", word=f"{words.text('column_coverage').split('（')[0].split(' (')[0]} {words.share(row['coverage'])}")
        axes.annotate(f"{said}{share}", (0 if pd.isna(row["value"]) else row["value"], place), xytext=(4, 0),
                      textcoords="offset points", va="center", fontsize=8)  # fmt: skip
    axes.set_yticks(range(len(order)), names, fontsize=8.5)
    axes.invert_yaxis()
    axes.set_xlim(0, 150)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.axvline(100, color=STATUS_COLOURS["achieved"], linewidth=1.2)
    axes.set_xlabel(words.text("axis_attainment"), fontsize=8.5)
    axes.tick_params(labelsize=8.5)
    return axes


__all__ = ["attainment_grid", "gap_rows", "ink_on", "plot_gaps", "plot_heatmap", "plot_index", "short_name"]

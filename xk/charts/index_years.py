"""The index year by year, a panel for each domain and the total; and what the index is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xk.charts.frame import draw_legend, draw_scale, label_amounts, label_years
from xk.charts.ground import TEXT, WIDTH, fold, plot_phases
from xk.charts.index import index_levels
from xk.charts.marks import draw_band, draw_field, draw_line
from xk.charts.sheet import Margins, new_axes
from xk.contracts.records import records
from xk.exhibits import number
from xk.exhibits.wording import Wording
from xk.theme import GRID, INK, MUTED, PAPER, SERIES_COLOURS, STATUS_COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL = (2.3, 1.5)
PANEL_MARGINS = Margins(left=0.36, right=0.46, top=0.3, bottom=0.24)
BANDS = {80: 0.30, 95: 0.15}
ROW = 0.46
COVERED = 50.0  # per cent of weight: years with less are dots without a line


def plot_index_years(words: Wording, years: pd.DataFrame) -> list[Axes]:
    """Draw the index of the total and each domain over the years, with its band where it is projected.

    Parameters
    ----------
    words : Wording
    years : DataFrame
        The index by year, as `xk.pipeline.index.build_index_years` gives it.

    Returns
    -------
    list of Axes
        The total first; each has a figure of its own; gids ``observed``, ``projected``, ``band-80``, ``title``,
        ``label-latest``, ``label-projected``; ``thin`` are years in which less than half of the weight has figures.
    """
    levels = index_levels(words)
    return [_plot_level(words, years, level) for level in [levels[-1], *levels[:-1]]]


def _plot_level(words: Wording, years: pd.DataFrame, level: str) -> Axes:
    rows = years[years["level"] == level].sort_values("year")
    axes = new_axes(*PANEL, PANEL_MARGINS)
    first, last = float(years["year"].min()), float(years["year"].max())
    axes.set_xlim(first - 0.5, last + 0.5)
    axes.set_ylim(0, 108)
    plot_phases(axes, words, labels=False)
    draw_line(axes, axes.get_xlim(), [100, 100], color=STATUS_COLOURS["achieved"], linewidth=1.2, gid="target")
    rows = rows[rows["value"].notna()]
    thin = rows[rows["coverage"] < COVERED]
    full = rows[rows["coverage"] >= COVERED]
    seen, ahead = full[full["kind"] == "observed"], full[full["kind"] != "observed"]
    _plot_band(axes, rows[rows["kind"] != "observed"])
    if len(thin):
        draw_line(axes, thin["year"], thin["value"], color=MUTED, linestyle="none", marker="o", markersize=3.2,
                  markerfacecolor="none", markeredgewidth=0.8, gid="thin")  # fmt: skip
    if len(ahead):
        draw_line(axes, ahead["year"], ahead["value"], color=SERIES_COLOURS[0], linewidth=1.7, marker="o",
                  markersize=3.4, markerfacecolor=PAPER, gid="projected")  # fmt: skip
    if len(seen):
        draw_line(axes, seen["year"], seen["value"], color=INK, linewidth=1.8, marker="o", markersize=3.4,
                  gid="observed")  # fmt: skip
    _label_level(axes, words, level, seen, rows[rows["kind"] != "observed"])
    if rows.empty:
        _say_none(axes, words)
    label_years(axes, first, last, ends_only=True)
    draw_scale(axes, "left", [0, 50, 100], ["0", "50", "100"])
    return axes


def _plot_band(axes: Axes, ahead: pd.DataFrame) -> None:
    for width, alpha in sorted(BANDS.items(), reverse=True):
        if f"lo{width}" not in ahead:
            continue
        band = ahead[ahead[f"lo{width}"].notna()]
        if len(band):
            draw_band(axes, band["year"], band[f"lo{width}"], band[f"hi{width}"], color=SERIES_COLOURS[0], alpha=alpha,
                      gid=f"band-{width}")  # fmt: skip


def _label_level(axes: Axes, words: Wording, level: str, seen: pd.DataFrame, ahead: pd.DataFrame) -> None:
    axes.annotate(fold(words.level(level), 17.0, lines=1), (0.02, 1 - 0.02 / PANEL[1]), xycoords="figure fraction",
                  va="top", fontsize=TEXT, color=INK, fontweight="bold", gid="title")  # fmt: skip
    if len(seen):
        last = seen.iloc[-1]
        axes.annotate(number(last["value"], words.lang, decimals=1), (float(last["year"]), float(last["value"])),
                      xytext=(0, -6), textcoords="offset points", ha="center", va="top", fontsize=TEXT, color=INK,
                      fontweight="bold", gid="label-latest")  # fmt: skip
    if len(ahead):
        end = ahead.iloc[-1]
        axes.annotate(number(end["value"], words.lang, decimals=1), (1.0, float(end["value"])), xytext=(3, 0),
                      xycoords=("axes fraction", "data"), textcoords="offset points", va="center", fontsize=TEXT,
                      color=INK, annotation_clip=False, gid="label-projected")  # fmt: skip


def _say_none(axes: Axes, words: Wording) -> None:
    axes.text(0.5, 0.5, words.text("reason_no_figure"), transform=axes.transAxes, ha="center", fontsize=TEXT,
              color=MUTED, gid="no-figure")  # fmt: skip


def contribution_rows(contributions: pd.DataFrame, domain: str | None) -> pd.DataFrame:
    """Return what the chart of contributions shows, by the latest figures, heaviest part first.

    Parameters
    ----------
    contributions : DataFrame
        As `xk.pipeline.index.build_contributions` gives it.
    domain : str, optional
        Its indicators; without one, all domains summed up.

    Returns
    -------
    DataFrame
        key (indicator or domain), no, weight (points of the total index), gained, lost, unknown (they add up to it;
        unknown: the weight of indicators without attainment).
    """
    rows = contributions[(contributions["basis"] == "latest") & (contributions["weight"] > 0)]
    rows = rows if domain is None else rows[rows["domain"] == domain]
    known = rows["attainment"].notna()
    rows = rows.assign(
        key=rows["domain"] if domain is None else rows["indicator"],
        gained=(rows["weight"] * rows["attainment"] / 100).where(known, 0.0),
        unknown=rows["weight"].where(~known, 0.0),
    )
    rows = rows.assign(lost=rows["weight"] - rows["gained"] - rows["unknown"])
    if domain is not None:
        return rows[["key", "no", "weight", "gained", "lost", "unknown"]].reset_index(drop=True)
    summed = rows.groupby("key", sort=False)[["weight", "gained", "lost", "unknown"]].sum().reset_index()
    return summed.assign(no="")


def plot_contributions(
    words: Wording, contributions: pd.DataFrame, domain: str | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw how many points of the total index each indicator of a domain (or each domain) gains, lacks, leaves open.

    Returns
    -------
    Axes
        Stacked bars with the gids ``gained``, ``lost`` and ``unknown``, a row each; texts ``name`` and ``points``.
    """
    rows = contribution_rows(contributions, domain)
    margins = Margins(left=0.17, right=0.75, top=0.08, bottom=0.95)
    axes = new_axes(WIDTH, ROW * max(len(rows), 1) + 1.03, margins) if ax is None else ax
    looks: dict[str, dict[str, Any]] = {
        "gained": {"color": SERIES_COLOURS[0], "linewidth": 0},
        "lost": {"facecolor": GRID, "edgecolor": MUTED, "linewidth": 0.5},
        "unknown": {"facecolor": "none", "edgecolor": MUTED, "linewidth": 0.5, "hatch": "////"},
    }
    left = np.zeros(len(rows))
    for kind, look in looks.items():
        right = left + rows[kind].to_numpy(float)
        for place, ends in enumerate(zip(left, right, strict=True)):
            label = words.text(f"legend_{kind}") if place == 0 else None
            draw_field(axes, ends, (place - 0.2, place + 0.2), label=label, gid=kind, **look)
        left = right
    _name_contributions(axes, words, rows, domain)
    axes.set_ylim(len(rows) - 0.6, -0.85)
    axes.set_xlim(0, max(float(rows["weight"].max()), 1e-9) * 1.02 if len(rows) else 1)
    axes.spines["left"].set_visible(False)
    draw_scale(axes, "left", [], [])
    label_amounts(axes, words, words.text("axis_points"))
    draw_legend(axes, below=0.42)
    return axes


def _name_contributions(axes: Axes, words: Wording, rows: pd.DataFrame, domain: str | None) -> None:
    for place, row in enumerate(records(rows)):
        name = words.domain(row["key"]) if domain is None else f"{row['no']} {words.names[row['key']]}"
        axes.annotate(fold(name, 35.0, lines=1), (0.0, place), xycoords=("axes fraction", "data"), xytext=(1, 9),
                      textcoords="offset points", fontsize=TEXT, color=INK, gid="name")  # fmt: skip
        axes.annotate(points_of(words, row), (1.0, place), xycoords=("axes fraction", "data"), xytext=(5, 0),
                      textcoords="offset points", va="center", fontsize=TEXT, color=INK, gid="points")  # fmt: skip


def points_of(words: Wording, row: Any) -> str:
    """Return points gained of points possible."""
    gained = words.text("dash") if row["unknown"] >= row["weight"] else number(row["gained"], words.lang, decimals=1)
    return words.text("points_of", gained=gained, weight=number(row["weight"], words.lang, decimals=1))

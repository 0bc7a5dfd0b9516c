"""How far each indicator is from its target: baseline, latest and projected score, target = 100."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xk.charts.frame import draw_legend, draw_scale, label_amounts
from xk.charts.ground import TEXT, WIDTH, fold, plot_marks
from xk.charts.marks import draw_line
from xk.charts.sheet import Margins, new_axes
from xk.contracts.records import Record, records
from xk.exhibits import number
from xk.exhibits.wording import Wording
from xk.theme import INK, MUTED, PAPER, SERIES_COLOURS, STATUS_COLOURS
from xk.vocab import STATUSES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EDGE = 140.0
ROW = 0.42
MARGINS = Margins(left=0.12, right=0.52, top=0.1, bottom=1.0)


@lru_cache(maxsize=1)  # chart, table and message of one exhibit ask for it
def gap_rows(words: Wording, domain: str | None) -> list[Record]:
    """Return what the gap chart shows, in the plan's order: lines with a score, and their other scores.

    Returns
    -------
    list of mappings
        The summary's columns and ``baseline_score``, ``projected_score`` (per cent of the target, not capped).
    """
    yearly = words.results.yearly[["indicator", "year", "score"]]
    scores = {(row["indicator"], row["year"]): row["score"] for row in records(yearly)}
    wanted = words.results.scheme.lines_in(domain)
    return [
        row | {"baseline_score": _score_before(scores, row), "projected_score": _score_ahead(scores, row)}
        for name, row in words.results.lines.items() if name in wanted and not pd.isna(row["score"])
    ]  # fmt: skip


Scores = Mapping[tuple[str, int], float]


def _score_before(scores: Scores, row: Record) -> float:
    started, latest = row["baseline_year"], row["latest_year"]
    if pd.isna(started) or (not pd.isna(latest) and int(started) == int(latest)):
        return math.nan
    return float(scores.get((row["indicator"], int(started)), math.nan))


def _score_ahead(scores: Scores, row: Record) -> float:
    wanted, latest = row["target_year"], row["latest_year"]
    if pd.isna(wanted) or pd.isna(latest) or int(latest) >= int(wanted):
        return math.nan
    return float(scores.get((row["indicator"], int(wanted)), math.nan))


def plot_gaps(words: Wording, domain: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw how far each indicator is from its target, which is 100 for all.

    Parameters
    ----------
    words : Wording
    domain : str, optional
        All domains if not given.
    ax : Axes, optional
        Where to draw; a new figure if not given.

    Returns
    -------
    Axes
        A row an indicator; gids ``target``, ``baseline``, ``projected``, ``status-<status>``, ``name``, ``score``.
    """
    rows = gap_rows(words, domain)
    height = ROW * max(len(rows), 1) + MARGINS.top + MARGINS.bottom
    axes = new_axes(WIDTH, height, MARGINS) if ax is None else ax
    axes.set_ylim(len(rows) - 0.55, -0.8)
    drawn = [_cut(rows, column) for column in ("score", "baseline_score", "projected_score")]
    axes.set_xlim(0, max(110.0, float(np.nanmax(np.array(drawn), initial=0.0)) * 1.02))
    draw_line(axes, [100, 100], axes.get_ylim(), color=STATUS_COLOURS["achieved"], linewidth=1.8,
              label=words.text("legend_target"), gid="target")  # fmt: skip
    _plot_ways(axes, words, *drawn)
    for status in STATUSES:
        part = [place for place, row in enumerate(rows) if row["status"] == status]
        if part:
            plot_marks(axes, drawn[0][part], part, status, label=words.text(f"status_{status}"))
    _write_names(axes, words, rows)
    axes.spines["left"].set_visible(False)
    draw_scale(axes, "left", [], [])
    label_amounts(axes, words, words.text("axis_score"))
    draw_legend(axes, below=0.42)
    return axes


def _cut(rows: list[Record], column: str) -> NDArray[np.float64]:
    return np.minimum(np.array([row[column] for row in rows], dtype=float), EDGE)


def _plot_ways(
    axes: Axes, words: Wording, shown: NDArray[np.float64], start: NDArray[np.float64], ahead: NDArray[np.float64]
) -> None:
    """Draw the way still to go as a thin line, the baseline as a ring, the projection as an upright bar."""
    _draw_ways(axes, np.minimum(shown, 100), np.full(len(shown), 100.0), color=MUTED, linewidth=0.8, alpha=0.7,
               gid="gap")  # fmt: skip
    if known := _places(start):
        _draw_ways(axes, start, shown, color=INK, linewidth=2.2, alpha=0.35)
        draw_line(axes, start[known], known, linestyle="none", marker="o", markersize=5.5, markerfacecolor=PAPER,
                  markeredgecolor=MUTED, label=words.text("legend_baseline"), gid="baseline")  # fmt: skip
    if known := _places(ahead):
        _draw_ways(axes, shown, ahead, color=SERIES_COLOURS[0], linewidth=1.6, linestyle=(0, (2, 1)))
        draw_line(axes, ahead[known], known, linestyle="none", marker="|", markersize=10, markeredgewidth=2.2,
                  color=SERIES_COLOURS[0], gid="projected",
                  label=words.text("legend_projected_year", year=words.results.scheme.target_year))  # fmt: skip


def _places(scores: NDArray[np.float64]) -> list[int]:
    return [int(place) for place in np.flatnonzero(~np.isnan(scores))]


def _draw_ways(axes: Axes, begin: NDArray[np.float64], end: NDArray[np.float64], **style: Any) -> None:
    """Draw a level line in each row whose ends are known."""
    rows = np.repeat(np.arange(len(begin), dtype=float), 3)
    pauses = np.full(len(begin), np.nan)
    draw_line(axes, np.column_stack([begin, end, pauses]).ravel(), rows, solid_capstyle="butt", **style)


def _write_names(axes: Axes, words: Wording, rows: list[Record]) -> None:
    """Write each name above its row, parts set in, and the score at the right end."""
    for place, row in enumerate(rows):
        inset = 12 if isinstance(row["parent"], str) else 0
        name = fold(words.line(row), 36.5 - inset / TEXT, lines=1)
        axes.annotate(name, (0.0, place), xycoords=("axes fraction", "data"), xytext=(inset, 7.5), gid="name",
                      textcoords="offset points", fontsize=TEXT, color=INK,
                      fontweight="bold" if row["direction"] == "composite" else "normal",
                      bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}, zorder=3)  # fmt: skip
        axes.annotate(number(row["score"], words.lang, decimals=1), (1.0, place), xytext=(5, 0), fontsize=TEXT,
                      xycoords=("axes fraction", "data"), textcoords="offset points", va="center", color=INK,
                      gid="score")  # fmt: skip

"""Projections of the past beside what happened: a small panel for each series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from xk.charts.ground import TEXT, Margins, figure_of, fold, label_years, new_axes, value_limits
from xk.exhibits import Exhibit, figure
from xk.pipeline.review import Review
from xk.theme import INK, SERIES_COLOURS, STATUS_COLOURS
from xk.wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 2.3, 1.6
MARGINS = Margins(left=0.42, right=0.12, top=0.42, bottom=0.24)
TITLE_EMS, BEFORE = 17.5, 12
BAND_ALPHA = (0.16, 0.3)


def plot_review_panel(words: Wording, rows: pd.DataFrame, history: pd.DataFrame, *, origin: int) -> Axes:
    """Draw one series: known figures, what was projected from the origin with its intervals, what happened.

    Parameters
    ----------
    words : Wording
    rows : DataFrame
        The review's rows of the series.
    history : DataFrame
        Its observations (year, value).
    origin : int
        Last year that the projection knew.

    Returns
    -------
    Axes
        gids: known, projected, happened, missed (outside the widest interval).
    """
    axes = new_axes(WIDTH, HEIGHT, MARGINS)
    known = history[history["year"].between(origin - BEFORE, origin)].sort_values("year")
    levels = sorted((name.removeprefix("covered") for name in rows if name.startswith("covered")), key=float)[::-1]
    for level, alpha in zip(levels, BAND_ALPHA, strict=False):
        axes.fill_between(rows["year"].to_numpy(float), rows[f"lo{level}"].to_numpy(float),
                          rows[f"hi{level}"].to_numpy(float), color=SERIES_COLOURS[0], alpha=alpha, linewidth=0)  # fmt: skip
    axes.plot(known["year"], known["value"], color=INK, linewidth=1.4, gid="known")
    start = known.tail(1)
    axes.plot([*start["year"], *rows["year"]], [*start["value"], *rows["value"]], color=SERIES_COLOURS[0],
              linestyle=(0, (4, 2)), linewidth=1.3, gid="projected")  # fmt: skip
    out = rows[f"covered{levels[0]}"] == 0
    for gid, part, colour, mark in (
        ("happened", rows[~out], INK, "o"),
        ("missed", rows[out], STATUS_COLOURS["regressing"], "X"),
    ):
        axes.plot(part["year"], part["actual"], color=colour, linestyle="none", marker=mark, markersize=4, gid=gid)
    axes.set_ylim(*value_limits([*known["value"], *rows["actual"], *rows["value"], *rows[f"lo{levels[-1]}"].dropna()]))
    axes.set_xlim(float(known["year"].min()) - 0.5, float(rows["year"].max()) + 0.5)
    axes.yaxis.get_major_locator().set_params(nbins=4)
    axes.tick_params(labelsize=TEXT - 0.6)
    label_years(axes, float(known["year"].min()), float(rows["year"].max()), ends_only=True)
    row = rows.iloc[0]
    title = fold(f"{words.region(row['region'])} {words.line(row)}", TITLE_EMS, lines=2)
    axes.annotate(title, (0.02, 0.99), xycoords="figure fraction", va="top", fontsize=TEXT, color=INK,
                  linespacing=1.15, gid="title")  # fmt: skip
    return axes


def show_review(words: Wording, review: Review, observations: pd.DataFrame) -> Exhibit:
    """Return a panel for each reviewed series, in the order of the review."""
    pieces = []
    level = f"{review.level:g}"
    for place, (series, rows) in enumerate(review.rows.groupby("series", sort=False), start=1):
        history = observations[observations["series"] == series]
        axes = plot_review_panel(words, rows, history, origin=review.origin)
        row = rows.iloc[0]
        name = words.text(
            "caption_review_panel", region=words.region(row["region"]), name=words.names[row["indicator"]]
        )
        inside = int(rows[f"covered{level}"].sum())
        alt = words.text("alt_review", name=name, inside=inside, n=len(rows), level=level)
        pieces.append(figure(figure_of(axes), f"review-{place}", caption=name, alt=alt))
    inner = "\n".join(piece.html for piece in pieces)
    return Exhibit(f'<div class="xk-gallery">{inner}</div>', "\n".join(piece.plain for piece in pieces))

"""Projections of the past beside what happened: a small panel for each series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.ticker import MaxNLocator

from xk.charts.frame import draw_scale, label_years
from xk.charts.ground import TEXT, fold, tick_labels, value_limits
from xk.charts.marks import draw_band, draw_line
from xk.charts.sheet import Margins, figure_of, new_axes
from xk.exhibits import Exhibit, panels
from xk.pipeline.review import Review
from xk.theme import INK, SERIES_COLOURS, STATUS_COLOURS
from xk.wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 2.3, 1.6
MARGINS = Margins(left=0.5, right=0.12, top=0.42, bottom=0.24)
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
    levels = sorted((str(name)[7:] for name in rows if str(name).startswith("covered")), key=float)[::-1]
    for level, alpha in zip(levels, BAND_ALPHA, strict=False):
        low, high = (rows[f"{end}{level}"].to_numpy(float) for end in ("lo", "hi"))
        draw_band(axes, rows["year"], low, high, color=SERIES_COLOURS[0], alpha=alpha)
    draw_line(axes, known["year"], known["value"], color=INK, linewidth=1.4, gid="known")
    start = known.tail(1)
    draw_line(axes, [*start["year"], *rows["year"]], [*start["value"], *rows["value"]], color=SERIES_COLOURS[0],
              linestyle=(0, (4, 2)), linewidth=1.3, gid="projected")  # fmt: skip
    out = rows[f"covered{levels[0]}"] == 0
    for gid, part, colour, mark in (
        ("happened", rows[~out], INK, "o"),
        ("missed", rows[out], STATUS_COLOURS["regressing"], "X"),
    ):
        draw_line(axes, part["year"], part["actual"], color=colour, linestyle="none", marker=mark,
                  markersize=4, gid=gid)  # fmt: skip
    axes.set_ylim(*value_limits([*known["value"], *rows["actual"], *rows["value"], *rows[f"lo{levels[-1]}"].dropna()]))
    axes.set_xlim(float(known["year"].min()) - 0.5, float(rows["year"].max()) + 0.5)
    ticks = [float(tick) for tick in MaxNLocator(nbins=4).tick_values(*axes.get_ylim())]
    draw_scale(axes, "left", ticks, tick_labels(words, ticks), size=TEXT - 0.6)
    label_years(axes, float(known["year"].min()), float(rows["year"].max()), ends_only=True, size=TEXT - 0.6)
    title = fold(series_title(words, rows.iloc[0]), TITLE_EMS, lines=2)
    axes.annotate(title, (0.02, 0.99), xycoords="figure fraction", va="top", fontsize=TEXT, color=INK,
                  linespacing=1.15, gid="title")  # fmt: skip
    return axes


def series_title(words: Wording, row: Any) -> str:
    """Return region, indicator and the series' own mark: an indicator may have several."""
    mark = str(row["series"]).rpartition(".")[2]
    return f"{words.region(row['region'])} {words.line(row)}{words.text('in_brackets', word=mark)}"


def show_review(words: Wording, review: Review, observations: pd.DataFrame) -> Exhibit:
    """Return a panel for each reviewed series, in the order of the review."""
    drawn, level = [], f"{review.level:g}"
    seen = observations[observations["series"].isin(review.rows["series"])]
    histories = dict(list(seen.groupby("series")))
    for series, rows in review.rows.groupby("series", sort=False):
        axes = plot_review_panel(words, rows, histories[series], origin=review.origin)
        inside = int(rows[f"covered{level}"].sum())
        name = series_title(words, rows.iloc[0])
        alt = words.text("alt_review", name=name, inside=inside, n=len(rows), level=level)
        drawn.append((figure_of(axes), alt))
    caption, note = words.text("caption_review_panels"), words.text("note_review_panels", origin=review.origin)
    return panels(drawn, "review", caption=caption, note=note)

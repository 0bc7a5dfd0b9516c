"""How far each indicator is from its target: baseline, latest and projected score, target = 100."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from xk.charts.frame import draw_legend, drop_scale, fold, label_amounts, plot_statuses
from xk.charts.marks import TEXT, WIDTH, Margins, Style, draw_dots, draw_line, figure_of, new_axes, write_at
from xk.exhibits import Column, Columns, Exhibit, Wording, figure, folded, paragraph
from xk.pipeline.result import LineResult
from xk.theme import INK, MUTED, PAPER, SERIES_COLOURS, STATUS_COLOURS
from xk.vocab.counting import how_many

EDGE = 140.0
ROW = 0.42
MARGINS = Margins(left=0.12, right=0.52, top=0.1, bottom=1.0)


@dataclass(frozen=True)
class Gap:
    """A line with its scores, in per cent of the target, uncapped: of baseline, latest figure and outlook."""

    result: LineResult
    start: float
    latest: float
    ahead: float


def gap_rows(words: Wording, domain: str | None) -> list[Gap]:
    """Return what the gap chart shows, in the plan's order: the lines with a score."""
    yearly = words.results.yearly
    scores = dict(zip(zip(yearly["indicator"], yearly["year"], strict=True), yearly["score"].tolist(), strict=True))
    found = []
    for name, line in words.results.scheme.lines_in(domain).items():
        result = words.results.lines[name]
        if not math.isnan(result.distance.score):
            latest = result.latest.year
            start = None if line.baseline_year == latest else line.baseline_year
            ahead = line.target_year if latest is not None and latest < (line.target_year or latest) else None
            before, after = (scores.get((name, year), math.nan) for year in (start, ahead))
            found.append(Gap(result, before, result.distance.score, after))
    return found


def plot_gaps(words: Wording, rows: Sequence[Gap]) -> Axes:
    """Draw how far each indicator is from its target, which is 100 for all.

    Parameters
    ----------
    words : Wording
    rows : sequence of Gap
        As `gap_rows` gives them.

    Returns
    -------
    Axes
        A row an indicator; gids ``target``, ``baseline``, ``projected``, ``status-<status>``, ``name``, ``score``.
    """
    axes = new_axes(WIDTH, ROW * max(len(rows), 1) + MARGINS.top + MARGINS.bottom, MARGINS)
    axes.set_ylim(len(rows) - 0.55, -0.8)
    scores = ([getattr(row, which) for row in rows] for which in ("latest", "start", "ahead"))
    drawn = [np.minimum(np.array(each, dtype=float), EDGE) for each in scores]
    axes.set_xlim(0, max(110.0, float(np.nanmax(np.array(drawn), initial=0.0)) * 1.02))
    draw_line(axes, [100, 100], axes.get_ylim(), color=STATUS_COLOURS["achieved"], linewidth=1.8,
              label=words.text("legend_target"), gid="target")  # fmt: skip
    _plot_ways(axes, words, *drawn)
    plot_statuses(axes, drawn[0], range(len(rows)), [row.result.status for row in rows], words=words)
    _write_names(axes, words, rows)
    drop_scale(axes, "left")
    label_amounts(axes, words, words.text("axis_score"))
    draw_legend(axes, below=0.42)
    return axes


def _plot_ways(
    axes: Axes, words: Wording, shown: NDArray[np.float64], start: NDArray[np.float64], ahead: NDArray[np.float64]
) -> None:
    """Draw the way still to go as a thin line, the baseline as a ring, the projection as an upright bar."""
    _draw_ways(axes, np.minimum(shown, 100), np.full(len(shown), 100.0), color=MUTED, linewidth=0.8, alpha=0.7,
               gid="gap")  # fmt: skip
    if known := _places(start):
        _draw_ways(axes, start, shown, color=INK, linewidth=2.2, alpha=0.35)
        draw_dots(axes, start[known], known, "o", 5.5, markerfacecolor=PAPER, markeredgecolor=MUTED,
                  label=words.text("legend_baseline"), gid="baseline")  # fmt: skip
    if known := _places(ahead):
        _draw_ways(axes, shown, ahead, color=SERIES_COLOURS[0], linewidth=1.6, linestyle=(0, (2, 1)))
        label = words.text("legend_projected_year", year=words.results.scheme.target_year)
        draw_dots(axes, ahead[known], known, "|", 10, markeredgewidth=2.2, color=SERIES_COLOURS[0], label=label,
                  gid="projected")  # fmt: skip


def _places(scores: NDArray[np.float64]) -> list[int]:
    return [int(place) for place in np.flatnonzero(~np.isnan(scores))]


def _draw_ways(axes: Axes, begin: NDArray[np.float64], end: NDArray[np.float64], **style: Unpack[Style]) -> None:
    """Draw a level line in each row whose ends are known."""
    looks: Style = {"solid_capstyle": "butt", **style}
    rows = np.repeat(np.arange(len(begin), dtype=float), 3)
    pauses = np.full(len(begin), np.nan)
    draw_line(axes, np.column_stack([begin, end, pauses]).ravel(), rows, **looks)


def _write_names(axes: Axes, words: Wording, rows: Sequence[Gap]) -> None:
    """Write each name above its row, parts set in, and the score at the right end."""
    for place, row in enumerate(rows):
        inset = 12 if row.result.line.parent else 0
        name = fold(words.line(row.result.indicator), 36.5 - inset / TEXT, lines=1)
        write_at(axes, name, (0.0, place), (inset, 7.5), on="row", bold=row.result.line.is_composite, gid="name",
                 bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}, zorder=3)  # fmt: skip
        write_at(axes, words.points(row.latest), (1.0, place), (5, 0), on="row", va="center", gid="score")


def show_gaps(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the chart of distances to target."""
    rows = gap_rows(words, domain)
    if not rows:
        return paragraph(words.text("empty_chart"))
    worst, met = min(rows, key=lambda row: row.latest), sum(row.latest >= 100 for row in rows)
    said = {
        "n": len(rows), "met": words.text(f"some_past_{how_many(met, len(rows))}", n=met),
        "parts": words.parts_in(row.result for row in rows),
    }  # fmt: skip
    caption = words.text("caption_gaps", domain=words.domain(domain), **said)
    alt = words.text("alt_gaps", name=words.names[worst.result.indicator], value=words.points(worst.latest), **said)
    note = words.text("note_gaps") + _left_out(words, domain, rows)
    data = folded(words, rows, _columns(words, rows), caption)
    return figure(figure_of(plot_gaps(words, rows)), "gaps", caption=caption, alt=alt, note=note, data=data)


def _columns(words: Wording, rows: Sequence[Gap]) -> list[Column]:
    show = Columns(words)
    status = show.status("result.status", alone=False)
    columns = [show.line("result.indicator"), show.points("legend_latest", "latest"), status]
    if not all(math.isnan(row.start) for row in rows):
        columns.insert(1, show.points("legend_baseline", "start"))
    if not all(math.isnan(row.ahead) for row in rows):
        year = words.results.scheme.target_year
        columns.insert(-1, show.points("legend_projected_year", "ahead", year=year))
    return columns


def _left_out(words: Wording, domain: str | None, rows: Sequence[Gap]) -> str:
    shown = {row.result.indicator for row in rows}
    missing = words.numbers(name for name in words.results.scheme.lines_in(domain) if name not in shown)
    return words.text("note_left_out", numbers=missing) if missing else ""

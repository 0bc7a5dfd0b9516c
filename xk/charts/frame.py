"""What stands around a drawing: scales along the axes, the legend below them.

Matplotlib's own ticks and legend lay themselves out anew at every drawing, which takes most of a small chart's time.
Here places are known when the chart is made: each label is one text, the marks of a scale are one line.
"""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.markers import TICKDOWN, TICKLEFT, TICKUP, MarkerStyle
from matplotlib.patches import Patch, Polygon
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator
from matplotlib.transforms import ScaledTranslation, Transform

from xk.charts.ground import ems, tick_labels
from xk.charts.marks import TEXT, write_at
from xk.charts.sheet import figure_of
from xk.exhibits.wording import Wording
from xk.theme import INK, MUTED

TICK, LEGEND = "tick", "legend"
"""The gids of a scale's labels, and of what a legend is made of."""

EM = TEXT / 72  # inches
KEY, KEY_ROOM, BETWEEN, ROW = 1.8, 2.3, 1.2, 1.5  # ems: of a key, with the space behind it, between columns, of a row
LENGTH, PAD = 4.8, 3.5  # points: of the marks of a scale, between them and the labels
_MARKS = {"bottom": MarkerStyle(TICKDOWN), "top": MarkerStyle(TICKUP), "left": MarkerStyle(TICKLEFT)}


def draw_scale(
    axes: Axes, side: str, places: Sequence[float], labels: Sequence[str], *, marks: bool = True, size: float = TEXT
) -> None:
    """Write `labels` at `places` along one side of the axes, within their limits as they are now.

    Parameters
    ----------
    axes : Axes
    side : str
        "bottom", "top" or "left".
    places : sequence of float
        In data coordinates.
    labels : sequence of str
        One a place; an empty one leaves its mark.
    marks : bool
        Whether a short line marks each place.
    size : float
        Of the labels, in points.
    """
    axis, ends = (axes.yaxis, axes.get_ylim()) if side == "left" else (axes.xaxis, axes.get_xlim())
    axis.set_visible(False)
    axis.set_major_locator(FixedLocator(list(places)))
    axis.set_major_formatter(FixedFormatter(list(labels)))
    shown = [(at, label) for at, label in zip(places, labels, strict=True) if min(ends) <= at <= max(ends)]
    length = LENGTH if marks else 0.0
    if marks and shown:
        _draw_marks(axes, side, [at for at, _ in shown])
    where = {"bottom": axes.get_xaxis_text1_transform, "top": axes.get_xaxis_text2_transform,
             "left": axes.get_yaxis_text1_transform}[side]  # fmt: skip
    transform, upright, across = where(length + PAD)
    for at, label in shown:
        place = (0.0, at) if side == "left" else (at, float(side == "top"))
        if label:
            axes.text(*place, label, transform=transform, va=upright, ha=across, fontsize=size, color=INK, gid=TICK)


def _draw_marks(axes: Axes, side: str, places: Sequence[float]) -> None:
    edge = [float(side == "top")] * len(places)
    at = (edge, places) if side == "left" else (places, edge)
    transform = axes.get_yaxis_transform() if side == "left" else axes.get_xaxis_transform()
    axes.add_artist(Line2D(*at, transform=transform, linestyle="none", marker=_MARKS[side], markersize=LENGTH,
                           color=MUTED, markeredgewidth=1.0, clip_on=False, gid="marks"))  # fmt: skip


def drop_scale(axes: Axes, side: str) -> None:
    """Leave one side of the axes without a line and without labels."""
    axes.spines[side].set_visible(False)
    draw_scale(axes, side, [], [])


def label_years(axes: Axes, first: float, last: float, *, ends_only: bool = False, size: float = TEXT) -> None:
    """Put whole years under the axis, or just the first and the last."""
    ticks = MaxNLocator(integer=True, nbins=7, min_n_ticks=2).tick_values(*axes.get_xlim())
    years = [math.ceil(first), math.floor(last)] if ends_only else [year for year in ticks if first <= year <= last]
    draw_scale(axes, "bottom", years, [f"{year:.0f}" for year in years], size=size)


def label_values(axes: Axes, words: Wording, bounds: tuple[float, float]) -> None:
    """Put values beside the axis, none beyond a natural bound; big ones are shortened by a word."""
    ends = max(bounds[0] - 1e-9, axes.get_ylim()[0]), min(bounds[1] + 1e-9, axes.get_ylim()[1])
    ticks = MaxNLocator(nbins=5, min_n_ticks=3, steps=[1, 2, 5, 10]).tick_values(*axes.get_ylim())
    ticks = [tick for tick in ticks if ends[0] <= tick <= ends[1]]
    draw_scale(axes, "left", ticks, tick_labels(words, ticks))


def label_amounts(axes: Axes, words: Wording, title: str) -> None:
    """Put round figures from 0 on under the axis, and below them what they measure."""
    ticks = [float(tick) for tick in MaxNLocator(nbins=8, steps=[1, 2, 5, 10]).tick_values(*axes.get_xlim())]
    draw_scale(axes, "bottom", ticks, tick_labels(words, ticks))
    name_scale(axes, title)


def name_scale(axes: Axes, title: str, *, across: Literal["left", "center"] = "center") -> None:
    """Write what the scale at the bottom measures below its labels."""
    below = LENGTH + PAD + 1.2 * TEXT + 2
    write_at(
        axes, title, (0.0 if across == "left" else 0.5, 0), (0, -below), on="axes", ha=across, va="top", gid="scale"
    )


def draw_legend(axes: Axes, *, below: float) -> None:
    """Put the legend `below` inches under the axes; what was drawn last, and so lies on top, comes first.

    A second call replaces what the first one drew.
    """
    for old in [child for child in axes.get_children() if child.get_gid() == LEGEND]:
        old.remove()
    handles, labels = axes.get_legend_handles_labels()
    handles, labels = handles[::-1], labels[::-1]
    if not handles:
        return
    # inches from the axes' lower left corner
    corner = figure_of(axes).dpi_scale_trans + ScaledTranslation(0, 0, axes.transAxes)  # type: ignore[arg-type]
    left = 0.0
    for part in np.array_split(np.arange(len(labels)), _columns_that_fit(axes, labels)):
        for row, place in enumerate(part):
            middle = -below - (0.4 + (row + 0.5) * ROW) * EM
            _draw_key(axes, handles[place], (left, middle), corner)
            axes.text(left + KEY_ROOM * EM, middle - 0.36 * EM, labels[place], transform=corner, fontsize=TEXT,
                      color=INK, va="baseline", gid=LEGEND)  # fmt: skip
        left += (KEY_ROOM + BETWEEN + max((ems(labels[place]) for place in part), default=0.0)) * EM


def _draw_key(axes: Axes, of: Artist, at: tuple[float, float], corner: Transform) -> None:
    """Draw a short piece of what a label stands for: a line with one mark in its middle, or a small field."""
    x, y = at
    key: Line2D | Polygon
    right, low, high = x + KEY * EM, y - 0.35 * EM, y + 0.35 * EM
    if isinstance(of, Line2D):
        key = Line2D([x, (x + right) / 2, right], [y, y, y])
        key.update_from(of)
        key.set_markevery([1])
    elif isinstance(of, Patch):
        key = Polygon([(x, low), (right, low), (right, high), (x, high)], closed=True)
        key.update_from(of)
    else:
        raise TypeError(f"the legend has no key for a {type(of).__name__}")
    key.set(transform=corner, clip_on=False, label=None, gid=LEGEND)
    axes.add_artist(key)


def _columns_that_fit(axes: Axes, labels: Sequence[str]) -> int:
    """Return how many columns of labels, at most three, stand beside each other on the sheet."""
    room = figure_of(axes).get_figwidth() * (1 - axes.get_position().x0) * 72 / TEXT
    for columns in (3, 2):
        parts = [part for part in np.array_split(np.array([ems(label) for label in labels]), columns) if part.size]
        if sum(part.max() + KEY_ROOM for part in parts) + BETWEEN * (columns - 1) <= room:
            return columns
    return 1

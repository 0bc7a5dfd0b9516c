"""The strokes that charts are drawn with: lines, dots, bands, fields, words.

All charts set their own limits, so that nothing is measured here as matplotlib's own plot functions do.

Sheets of a fixed size to draw on.

Matplotlib makes four ticks for axes that may never show one, which is half of what axes cost; here scales are drawn
by :mod:`xk.charts.frame`, and a tick is made when somebody asks for it.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Required, TypedDict, Unpack, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import IdentityTransform, Transform
from matplotlib.typing import CapStyleType, LineStyleType
from numpy.typing import ArrayLike, NDArray

from xk.theme import HOVER, INK, LAYER, SERIES_COLOURS

TEXT = 8.6  # points: 8 pixels on a screen of 360
BAND_ALPHA: dict[float, float] = {80: 0.30, 95: 0.15}


class Style(TypedDict, total=False):
    """How a stroke looks, in matplotlib's words."""

    color: str
    facecolor: str | list[str]
    edgecolor: str
    alpha: float
    hatch: str
    linestyle: LineStyleType
    linewidth: float
    solid_capstyle: CapStyleType
    marker: str
    markersize: float
    markerfacecolor: str
    markeredgecolor: str
    markeredgewidth: float
    zorder: float
    clip_on: bool
    transform: Transform
    label: str | None
    gid: str


class Hand(TypedDict, total=False):
    """How words are written, in matplotlib's words."""

    ha: Literal["left", "center", "right"]
    va: Literal["bottom", "center", "top", "baseline"]
    color: str
    fontsize: float
    linespacing: float
    bbox: dict[str, str | float]
    zorder: float
    gid: Required[str]


Ground = Literal["data", "row", "column", "axes", "figure"]
_COORDINATES: dict[Ground, str | tuple[str, str]] = {
    "data": "data", "row": ("axes fraction", "data"), "column": ("data", "axes fraction"), "axes": "axes fraction",
    "figure": "figure fraction",
}  # fmt: skip


def write_at(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    away: tuple[float, float] = (0, 0),
    *,
    on: Ground = "data",
    bold: bool = False,
    **hand: Unpack[Hand],
) -> None:
    """Write `text` at a place, or so many points away from it.

    `on` says what the place is counted in: data; a row (across in fractions of the axes, up in data); a column, the
    other way round; fractions of the axes or of the figure.
    """
    looks: Hand = {"color": INK, "fontsize": TEXT, **hand}
    axes.annotate(text, at, xytext=away, xycoords=_COORDINATES[on], textcoords="offset points", annotation_clip=False,
                  fontweight="bold" if bold else "normal", **looks)  # fmt: skip


def draw_line(axes: Axes, x: ArrayLike, y: ArrayLike, **style: Unpack[Style]) -> None:
    """Draw a line through points; nothing where there are none."""
    if np.size(x):
        axes.add_artist(Line2D(np.asarray(x, dtype=float), np.asarray(y, dtype=float), **style))


def draw_dots(axes: Axes, x: ArrayLike, y: ArrayLike, mark: str, size: float, **style: Unpack[Style]) -> None:
    """Draw a mark at each point."""
    looks: Style = {"linestyle": "none", "marker": mark, "markersize": size, **style}
    draw_line(axes, x, y, **looks)


def draw_hover(axes: Axes, x: ArrayLike, y: ArrayLike, said: Sequence[str]) -> None:
    """Lay an unseen mark over each point that says what it is to who points at it; points that are NaN say nothing."""
    known = np.flatnonzero(~(np.isnan(np.asarray(x, dtype=float)) | np.isnan(np.asarray(y, dtype=float)))).tolist()
    gid = HOVER + json.dumps([said[place] for place in known], ensure_ascii=False)
    draw_dots(axes, np.asarray(x)[known], np.asarray(y)[known], "o", 11, alpha=0.0, zorder=9, clip_on=False, gid=gid)


def draw_band(axes: Axes, x: ArrayLike, low: ArrayLike, high: ArrayLike, **style: Unpack[Style]) -> None:
    """Fill what lies between two lines over the same places."""
    x, low, high = (np.asarray(part, dtype=float) for part in (x, low, high))
    _draw_area(axes, np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]), {"linewidth": 0, **style})


def draw_interval(
    axes: Axes, level: float, x: ArrayLike, low: ArrayLike, high: ArrayLike, **style: Unpack[Style]
) -> None:
    """Draw the interval of a projection, the wider one paler (gid ``band-95``)."""
    looks: Style = {"color": SERIES_COLOURS[0], "alpha": BAND_ALPHA.get(level, 0.2), "gid": f"band-{level:g}", **style}
    draw_band(axes, x, low, high, **looks)


def draw_field(axes: Axes, x: tuple[float, float], y: tuple[float, float], **style: Unpack[Style]) -> None:
    """Fill a rectangle from one end to the other on both axes."""
    _draw_area(axes, [x[0], x[1], x[1], x[0]], [y[0], y[0], y[1], y[1]], style)


@contextmanager
def seen_in(axes: Axes, number: int, said: str = "") -> Iterator[None]:
    """Let what is drawn inside be seen in one view of the chart alone, below what was drawn before.

    `said`: what the chart says in that view; its last mark says it.
    """
    before = {id(mark) for mark in axes.get_children()}
    yield
    drawn = [mark for mark in axes.get_children() if id(mark) not in before]
    for mark in drawn:
        mark.set_zorder(mark.get_zorder() - 0.5)
    lay(drawn, number, said)


def lay(marks: Sequence[Artist], number: int, said: str = "") -> None:
    """Let marks be seen in one view of a chart alone (see `xk.theme.LAYER`); the last of them says `said`."""
    for mark in marks:
        mark.set_gid(LAYER + json.dumps([number, said if mark is marks[-1] else ""], ensure_ascii=False))


def draw_squares(axes: Axes, corners: NDArray[np.float64], *, gap: float, **style: Unpack[Style]) -> None:
    """Fill unit squares, less a gap on all sides, by their lower left corners, shape (n, 2)."""
    shape = np.array([(gap, gap), (1 - gap, gap), (1 - gap, 1 - gap), (gap, 1 - gap)])
    axes.add_artist(PolyCollection(list(corners[:, None, :] + shape), **style))


def _draw_area(axes: Axes, x: ArrayLike, y: ArrayLike, style: Style) -> None:
    # A Rectangle is a unit square and a transform that matplotlib works out each time it looks at it.
    axes.add_artist(Polygon(np.column_stack([x, y]), closed=True, **style))


WIDTH = 4.8  # inches: a column of a page; on a phone it is drawn at three quarters


@dataclass(frozen=True)
class Margins:
    """Room around the axes, in inches."""

    left: float
    right: float
    top: float
    bottom: float


def new_axes(width: float, height: float, margins: Margins) -> Axes:
    """Return axes on a sheet of `width` x `height` inches; no layout engine: what is laid out once stays fast."""
    return new_stack(width, [(height, margins)])[0]


def new_stack(width: float, rows: Sequence[tuple[float, Margins]]) -> list[Axes]:
    """Return axes one below the other on one sheet: of each the height with its margins, and these, in inches."""
    height = sum(high for high, _ in rows)
    figure = Figure(figsize=(width, height), layout="none")  # type: ignore[arg-type]  # matplotlib takes it
    found, bottom = [], height
    for high, margins in rows:
        bottom -= high
        box = (
            margins.left / width,
            (bottom + margins.bottom) / height,
            (width - margins.left - margins.right) / width,
            (high - margins.top - margins.bottom) / height,
        )
        found.append(figure.add_axes(_Sheet(figure, box)))
    return found


def figure_of(axes: Axes) -> Figure:
    """Return the figure that `axes` stand in."""
    return cast(Figure, axes.figure)


# Private parts of matplotlib, for speed alone and nowhere else: plain axes give the same picture, which a test keeps.
class _Sheet(Axes):
    def __init__(self, figure: Figure, box: tuple[float, float, float, float]) -> None:
        super().__init__(figure, box)
        for axis in (self.xaxis, self.yaxis):  # from now on, who asks for ticks gets some
            del axis.majorTicks, axis.minorTicks

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _Across(self, clear=False), _Upright(self, clear=False)
        for axis, names in ((self.xaxis, ("bottom", "top")), (self.yaxis, ("left", "right"))):
            for name in names:
                self.spines[name].register_axis(axis)

    def _gen_axes_patch(self) -> Rectangle:
        return _Ground((0, 0), 1, 1)


class _Ground(Rectangle):
    """The unit square that all marks are cut off at; to be itself it needs no transform."""

    def get_patch_transform(self) -> Transform:
        return IdentityTransform()


class _Across(XAxis):
    def reset_ticks(self) -> None:
        self.majorTicks, self.minorTicks = [], []


class _Upright(YAxis):
    def reset_ticks(self) -> None:
        self.majorTicks, self.minorTicks = [], []

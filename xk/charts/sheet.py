"""Sheets of a fixed size to draw on.

Matplotlib makes four ticks for axes that may never show one, which is half of what axes cost; here scales are drawn
by :mod:`xk.charts.frame`, and a tick is made when somebody asks for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import IdentityTransform, Transform

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
    found = axes.figure
    if not isinstance(found, Figure):
        raise TypeError("the axes stand in no figure of their own")
    return found


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

"""The marks that charts are drawn with: lines, bands, fields.

All charts set their own limits, so that nothing is measured here as matplotlib's own plot functions do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray


def draw_line(axes: Axes, x: ArrayLike, y: ArrayLike, **style: Any) -> None:
    """Draw a line through points, or just their marks."""
    axes.add_artist(Line2D(np.asarray(x, dtype=float), np.asarray(y, dtype=float), **style))


def draw_band(axes: Axes, x: ArrayLike, low: ArrayLike, high: ArrayLike, **style: Any) -> None:
    """Fill what lies between two lines over the same places."""
    x, low, high = (np.asarray(part, dtype=float) for part in (x, low, high))
    _draw_area(axes, np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]), linewidth=0, **style)


def draw_field(axes: Axes, x: tuple[float, float], y: tuple[float, float], **style: Any) -> None:
    """Fill a rectangle from one end to the other on both axes."""
    _draw_area(axes, [x[0], x[1], x[1], x[0]], [y[0], y[0], y[1], y[1]], **style)


def draw_squares(axes: Axes, corners: NDArray[np.float64], *, gap: float, **style: Any) -> None:
    """Fill unit squares, less a gap on all sides, by their lower left corners, shape (n, 2)."""
    shape = np.array([(gap, gap), (1 - gap, gap), (1 - gap, 1 - gap), (gap, 1 - gap)])
    axes.add_artist(PolyCollection(list(corners[:, None, :] + shape), **style))


def _draw_area(axes: Axes, x: ArrayLike, y: ArrayLike, **style: Any) -> None:
    # A Rectangle is a unit square and a transform that matplotlib works out each time it looks at it.
    axes.add_artist(Polygon(np.column_stack([x, y]), closed=True, **style))

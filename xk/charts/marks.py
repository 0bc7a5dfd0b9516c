"""The marks that charts are drawn with: lines, bands, fields.

All charts set their own limits, so that nothing is measured here as matplotlib's own plot functions do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike


def draw_line(axes: Axes, x: ArrayLike, y: ArrayLike, **style: Any) -> None:
    """Draw a line through points, or just their marks."""
    axes.add_artist(Line2D(np.asarray(x, dtype=float), np.asarray(y, dtype=float), **style))


def draw_band(axes: Axes, x: ArrayLike, low: ArrayLike, high: ArrayLike, **style: Any) -> None:
    """Fill what lies between two lines over the same places."""
    x, low, high = (np.asarray(part, dtype=float) for part in (x, low, high))
    corners = np.column_stack([np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])])
    axes.add_artist(Polygon(corners, closed=True, linewidth=0, **style))


def draw_field(axes: Axes, x: tuple[float, float], y: tuple[float, float], **style: Any) -> None:
    """Draw a rectangle from one end to the other on both axes."""
    axes.add_artist(Rectangle((x[0], y[0]), x[1] - x[0], y[1] - y[0], **style))

"""Reading charts: what is drawn where, by the data in their axes, and whether its words have room."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from xk.charts.gaps import gap_rows, plot_gaps
from xk.charts.heatmap import attainment_grid, plot_heatmap
from xk.charts.offices import office_marks, plot_offices
from xk.exhibits import Wording


def gaps_of(words: Wording, domain: str | None = None) -> Axes:
    """Draw the gaps of a domain, or of all."""
    return plot_gaps(words, gap_rows(words, domain))


def heatmap_of(words: Wording) -> Axes:
    """Draw the heat map of the results."""
    return plot_heatmap(words, attainment_grid(words))


def offices_of(words: Wording) -> Axes:
    """Draw the marks of the lead offices."""
    return plot_offices(words, office_marks(words))


def gids(axes: Axes) -> list[str]:
    return [str(artist.get_gid()) for artist in axes.findobj() if artist.get_gid()]


def line(axes: Axes, gid: str) -> list[tuple[float, float]]:
    """Return the points of the one line that has the gid."""
    (found,) = [artist for artist in axes.lines if artist.get_gid() == gid]
    return [(float(x), float(y)) for x, y in zip(found.get_xdata(), found.get_ydata(), strict=True)]


def words_at(axes: Axes, gid: str) -> list[str]:
    return [text.get_text() for text in axes.texts if text.get_gid() == gid]


def corners_of(axes: Axes, gid: str) -> Any:
    """Return the corners of the one field that has the gid, shape (n, 2)."""
    (found,) = [artist for artist in axes.patches if artist.get_gid() == gid]
    assert isinstance(found, Polygon)
    return found.get_xy()


def squares(axes: Axes, gid: str) -> list[tuple[float, float]]:
    """Return the lower left corners of the squares that have the gid."""
    (found,) = [artist for artist in axes.collections if artist.get_gid() == gid]
    return [(float(path.vertices[0][0]), float(path.vertices[0][1])) for path in found.get_paths()]


def boxes(axes: Axes) -> list[tuple[str, Any]]:
    """Return the words of the chart with the places that they take."""
    figure = axes.figure
    assert isinstance(figure, Figure)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    found = [text for text in axes.texts if text.get_text().strip()]
    return [(text.get_text(), text.get_window_extent(renderer)) for text in found]


def overlaps(axes: Axes, tolerance: float = 1.0) -> list[tuple[str, str]]:
    found = boxes(axes)
    return [
        (first, second)
        for i, (first, a) in enumerate(found)
        for second, b in found[i + 1 :]
        if min(a.x1, b.x1) - max(a.x0, b.x0) > tolerance and min(a.y1, b.y1) - max(a.y0, b.y0) > 2 * tolerance
    ]


def outside(axes: Axes) -> list[str]:
    """Return the words that reach beyond the sheet at its sides: they would make the chart wider, and so smaller."""
    figure = axes.figure
    assert isinstance(figure, Figure)
    width = figure.get_figwidth() * figure.dpi
    return [text for text, box in boxes(axes) if box.x0 < -1 or box.x1 > width + 1]

"""What stands around a drawing: scales and legends, by the artists in the axes."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import pytest
from drawn import words_at
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from xk import theme
from xk.charts.frame import LEGEND, draw_legend, draw_scale, label_years
from xk.charts.marks import Margins, draw_band, draw_field, draw_line, new_axes


@pytest.fixture
def axes() -> Iterator[Axes]:
    with mpl.rc_context():
        theme.use()
        made = new_axes(4.8, 3.0, Margins(0.5, 1.0, 0.3, 0.8))
        made.set_xlim(2010, 2020)
        made.set_ylim(0, 10)
        yield made


def keys(axes: Axes) -> list[Line2D | Polygon]:
    found = (child for child in axes.get_children() if child.get_gid() == LEGEND)
    return [child for child in found if isinstance(child, Line2D | Polygon)]


def test_scale_leaves_out_what_lies_beyond_the_axes(axes: Axes) -> None:
    draw_scale(axes, "bottom", [2009, 2010, 2015, 2020, 2021], ["a", "b", "", "d", "e"])
    assert words_at(axes, "tick") == ["b", "d"]
    (marks,) = [line for line in axes.lines if line.get_gid() == "marks"]
    assert [float(x) for x in marks.get_xdata()] == [2010, 2015, 2020]
    # who asks the axes gets all of them, with their labels
    assert list(axes.get_xticks()) == [2009, 2010, 2015, 2020, 2021]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b", "", "d", "e"]


def test_scale_without_marks(axes: Axes) -> None:
    draw_scale(axes, "left", [0, 10], ["low", "high"], marks=False)
    assert words_at(axes, "tick") == ["low", "high"] and not axes.lines


def test_years_are_whole_and_within_the_data(axes: Axes) -> None:
    label_years(axes, 2012, 2019)
    years = [int(word) for word in words_at(axes, "tick")]
    assert len(years) >= 3 and 2012 <= min(years) and max(years) <= 2019


def test_legend_says_last_drawn_first_and_shows_what_it_stands_for(axes: Axes) -> None:
    draw_band(axes, [2010, 2020], [1, 1], [2, 2], color="#0072b2", alpha=0.3, label="band")
    draw_line(axes, [2010, 2020], [1, 2], color="#000000", linestyle=(0, (1, 1)), marker="o", label="line")
    draw_field(axes, (2011, 2012), (0, 1), hatch="////", facecolor="none", label="field")
    draw_line(axes, [2010, 2020], [3, 3], color="#000000")
    draw_legend(axes, below=0.3)
    assert words_at(axes, LEGEND) == ["field", "line", "band"]
    field, line, band = keys(axes)
    assert isinstance(line, Line2D) and line.get_marker() == "o" and line.get_linestyle() == "--"
    assert isinstance(field, Polygon) and field.get_hatch() == "////"
    assert isinstance(band, Polygon) and band.get_alpha() == 0.3


def test_second_legend_takes_the_place_of_the_first(axes: Axes) -> None:
    draw_line(axes, [2010, 2020], [1, 2], label="first")
    draw_legend(axes, below=0.3)
    draw_line(axes, [2010, 2020], [2, 1], label="second")
    draw_legend(axes, below=0.3)
    assert words_at(axes, LEGEND) == ["second", "first"] and len(keys(axes)) == 2


def test_long_labels_stand_below_each_other(axes: Axes) -> None:
    for name in ("一" * 30, "二" * 30, "三" * 30):
        draw_line(axes, [2010, 2020], [1, 2], label=name)
    draw_legend(axes, below=0.3)
    places = [text.get_position() for text in axes.texts if text.get_gid() == LEGEND]
    assert len({x for x, _ in places}) == 1 and len({y for _, y in places}) == 3


def test_marks_of_another_kind_have_no_key(axes: Axes) -> None:
    axes.scatter([2011], [1], label="points")
    with pytest.raises(TypeError, match="no key for a PathCollection"):
        draw_legend(axes, below=0.3)


def test_whoever_asks_for_ticks_gets_them(axes: Axes) -> None:
    axes.set_xticks([2010, 2020], ["a", "b"])
    assert [tick.label1.get_text() for tick in axes.xaxis.get_major_ticks()] == ["a", "b"]
    axes.set_title("named")
    axes.get_figure().canvas.draw()  # type: ignore[union-attr]

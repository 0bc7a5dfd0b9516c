"""Scenarios beside the reference: where each leads the indicators that one of them moves."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.typing import LineStyleType

from xk.charts.drawn import DrawnLine, line_of
from xk.charts.frame import apart_at_edge, bound, drop_scale, fold, label_years, short_value, value_limits
from xk.charts.marks import Margins, Style, draw_line, figure_of, new_axes, write_at
from xk.charts.outcomes import moved_lines
from xk.charts.trajectory import plot_targets
from xk.exhibits import Exhibit, Wording, panels, paragraph
from xk.theme import INK, MUTED, SERIES_COLOURS

WIDTH, HEIGHT = 3.1, 1.9
MARGINS = Margins(left=0.12, right=0.95, top=0.5, bottom=0.24)
TITLE_EMS = 22.0
DASHES: tuple[LineStyleType, ...] = ("-", (0, (5, 1, 1, 1)), (0, (3, 1)), (0, (1, 1)))


def mark_of(worded: Sequence[Wording], place: int) -> str:
    """Return what stands for a scenario in a panel: its number in the order given, the first letter of all for none."""
    return worded[0].text("mark_reference") if place == 0 else f"[{place}]"


def plot_beside(worded: Sequence[Wording], indicator: str) -> Axes:
    """Draw one indicator in the reference and under each scenario.

    Parameters
    ----------
    worded : sequence of Wording
        Results in words: of the reference first, then of each scenario.
    indicator : str
        Slug or number of the programme.

    Returns
    -------
    Axes
        Lines ``observed``, ``reference``, ``scenario-1``, ...; texts ``label-0`` (of the reference), ``label-1``, ...
    """
    lines = [line_of(words, indicator) for words in worded]
    first, axes = lines[0], new_axes(WIDTH, HEIGHT, MARGINS)
    axes.set_xlim(first.years[0] - 0.5, first.years[1] + 0.5)
    drawn = [value for line in lines for value in (*line.value, *line.targets().values())]
    axes.set_ylim(*value_limits(drawn, room=0.2))
    plot_targets(axes, first)
    for place, line in reversed(list(enumerate(lines))):
        _plot_path(axes, line, place)
    draw_line(axes, *first.points(first.seen), color=INK, linewidth=1.6, marker="o", markersize=3.4, gid="observed")
    label_years(axes, *first.years, ends_only=True)
    drop_scale(axes, "left")
    title = fold(worded[0].line(first.result.indicator), TITLE_EMS, lines=2)
    write_at(axes, title, (0.02, 1 - 0.015 / HEIGHT), on="figure", va="top", linespacing=1.15, gid="title")
    _label_ends(axes, worded, lines)
    return axes


def _plot_path(axes: Axes, line: DrawnLine, place: int) -> None:
    """Draw a path in its style."""
    if not line.ahead.any() or line.start is None:
        return
    places = line.onward(line.ahead)
    draw_line(axes, line.year[places], line.value[places], **path_style(place))


def path_style(place: int) -> Style:
    """Return how a path is drawn: the reference's (place 0) grey, each scenario's in its colour and dashes."""
    if not place:
        return {"color": MUTED, "linewidth": 1.5, "linestyle": (0, (4, 2)), "gid": "reference"}
    number = place - 1
    return {
        "color": SERIES_COLOURS[number % len(SERIES_COLOURS)], "linewidth": 1.7,
        "linestyle": DASHES[number % len(DASHES)], "gid": f"scenario-{place}",
    }  # fmt: skip


def _label_ends(axes: Axes, worded: Sequence[Wording], lines: Sequence[DrawnLine]) -> None:
    """Write at the right edge which value each path ends at, and the target, apart from each other."""
    result = lines[0].result
    said = {f"label-{name}": (value, bound(worded[0], value, result.line, name))
            for name, value in lines[0].targets().items()}  # fmt: skip
    for place, line in enumerate(lines):
        if line.ahead.any():
            value = float(line.value[np.flatnonzero(line.ahead)[-1]])
            shown = short_value(worded[0], value, worded[0].decimals(result))
            said[f"label-{place}"] = (value, f"{mark_of(worded, place)} {shown}")
    heights = apart_at_edge(axes, [value for value, _ in said.values()], 10.5)
    for (name, (_, text)), height in zip(said.items(), heights, strict=True):
        write_at(axes, text, (1.0, height), (3, 0), on="row", va="center", color=INK, gid=name)


def show_beside(worded: Sequence[Wording]) -> Exhibit:
    """Return a panel for each indicator that a scenario moves: the reference and every scenario, and the target."""
    words, rows = worded[0], [row for row in moved_lines(worded) if row.is_drawn]
    if not rows:
        return paragraph(words.text("empty_scenario"))
    drawn = [(figure_of(plot_beside(worded, row.indicator)), _message(worded, row.indicator)) for row in rows]
    marks = [
        words.text("scenario_marked", mark=mark_of(worded, place), title=one.scenario_title())
        for place, one in enumerate(worded)
    ]
    note = words.sentences(words.text("note_beside", marks=words.text("office_separator").join(marks)))
    return panels(drawn, "beside", caption=words.text("caption_beside"), note=note)


def _message(worded: Sequence[Wording], indicator: str) -> str:
    said = [
        words.text("alt_outcome", title=words.scenario_title(), value=words.projected(words.results.line(indicator)))
        for words in worded
    ]
    words, line = worded[0], worded[0].results.line(indicator).line
    values = words.text("office_separator").join(said)
    return words.text("alt_beside", name=words.names[line.indicator], values=values, target=words.target(line))

"""All indicators of a domain at a glance: one small panel each, the same years, values of their own."""

from collections.abc import Collection, Sequence

from matplotlib.axes import Axes

from xk.charts.drawn import DrawnLine, line_of
from xk.charts.frame import (
    apart_at_edge,
    drop_scale,
    fold,
    label_years,
    phase_note,
    plot_marks,
    plot_phases,
    short_value,
    value_limits,
)
from xk.charts.marks import Margins, figure_of, new_axes, write_at
from xk.charts.trajectory import bound, drawable_lines, note_breaks, note_later, plot_line, trajectory_message
from xk.exhibits import Columns, Exhibit, Wording, folded, panels, paragraph
from xk.pipeline.result import LineResult
from xk.theme import INK, MUTED
from xk.vocab import AHEAD_KINDS
from xk.vocab.counting import how_many

WIDTH, HEIGHT = 2.3, 1.55
MARGINS = Margins(left=0.1, right=0.72, top=0.5, bottom=0.24)
TITLE_EMS = 16.2


def plot_small_multiples(
    words: Wording, domain: str | None = None, *, only: Collection[str] | None = None, beside: Wording | None = None
) -> list[Axes]:
    """Draw a panel for each indicator of a domain; all share the axis of years.

    Parameters
    ----------
    words : Wording
    domain : str, optional
        All domains if not given.
    only : collection of str, optional
        Indicators to be drawn, on the axis that all of them have; all if not given.
    beside : Wording, optional
        Results whose axis of years the panels have; those of `words` if not given.

    Returns
    -------
    list of Axes
        Each with a figure of its own, so that a page can arrange them in as many columns as it is wide; gids as in
        :func:`xk.charts.trajectory.plot_trajectory`, and ``title``.
    """
    own = beside or words
    spans = [line_of(own, result.indicator).years for result in lines_with_figures(own, domain)]
    if not spans:
        return []
    years = min(first for first, _ in spans), max(last for _, last in spans)
    lines = [result.indicator for result in lines_with_figures(words, domain)]
    return [_plot_panel(words, line_of(words, name), years) for name in lines if only is None or name in only]


def lines_with_figures(words: Wording, domain: str | None) -> list[LineResult]:
    """Return the lines that have more to draw than a target."""
    return [result for result in drawable_lines(words, domain) if result.latest.year is not None]


def _plot_panel(words: Wording, line: DrawnLine, years: tuple[float, float]) -> Axes:
    axes = new_axes(WIDTH, HEIGHT, MARGINS)
    axes.set_xlim(years[0] - 0.5, years[1] + 0.5)
    axes.set_ylim(*value_limits(line.drawn_values(), room=0.2))
    plot_phases(axes, words, labels=False)
    plot_line(axes, line, words, size=3.2)
    label_years(axes, *years, ends_only=True)
    drop_scale(axes, "left")
    _write_title(axes, words, line)
    _write_values(axes, words, line)
    return axes


def _write_title(axes: Axes, words: Wording, line: DrawnLine) -> None:
    plot_marks(axes, [0.055], [1 - 0.1 / HEIGHT], line.result.status, size=6, markeredgewidth=1.2, zorder=2,
               transform=figure_of(axes).transFigure)  # fmt: skip
    title = fold(words.line(line.result.indicator), TITLE_EMS, lines=2)
    write_at(axes, title, (0.105, 1 - 0.015 / HEIGHT), on="figure", va="top", linespacing=1.15, gid="title")


def _write_values(axes: Axes, words: Wording, line: DrawnLine) -> None:
    """Write the latest value and the target at the right edge, apart from each other."""
    said = {f"label-{name}": (value, MUTED) for name, value in line.targets().items()}
    if line.start is not None:
        said["label-latest"] = (line.value[line.start], INK)
    places = apart_at_edge(axes, [value for value, _ in said.values()], 10.5)
    for (name, (value, colour)), place in zip(said.items(), places, strict=True):
        shown = bound(words, value, line.result.line, name.removeprefix("label-"))
        text = short_value(words, value, None) if name == "label-latest" else shown
        write_at(axes, text, (1.0, place), (3, 0), on="row", va="center", color=colour, gid=name,
                 bold=name == "label-latest")  # fmt: skip


def show_small_multiples(words: Wording, domain: str | None = None) -> Exhibit:
    """Return all indicators of a domain at a glance, a small panel each."""
    lines = lines_with_figures(words, domain)
    if not lines:
        return paragraph(words.text("empty_chart"))
    drawn = [figure_of(axes) for axes in plot_small_multiples(words, domain)]
    messages = [trajectory_message(words, result) for result in lines]
    show = Columns(words)
    columns = [show.line(), show.latest(), show.target(), show.status(alone=False)]
    alone = sum(result.latest.points == 1 for result in lines)
    single = words.text(f"some_single_{how_many(alone, len(lines))}", n=alone) if alone else ""
    said = {"n": len(lines), "parts": words.parts_in(lines), "single": single}
    caption = words.text("caption_multiples", domain=words.domain(domain), **said)
    data = folded(words, lines, columns, caption)
    left = words.numbers(result.indicator for result in drawable_lines(words, domain) if result not in lines)
    without = words.text("note_multiples_without", numbers=left) if left else ""
    note = words.sentences(words.text("note_multiples"), *_explained(words, lines), without, phase_note(words))
    return panels(list(zip(drawn, messages, strict=True)), "multiples", caption=caption, note=note, data=data)


def _explained(words: Wording, lines: Sequence[LineResult]) -> list[str]:
    """Return what the lines in the panels stand for, of those that are drawn."""
    planned = any(words.results.path(one.indicator)["planned_value"].notna().sum() > 1 for one in lines)
    kinds = {one.outlook.kind for one in lines}
    said = [words.text("note_multiples_planned")] if planned else []
    said += [words.text(f"note_multiples_{kind}") for kind in AHEAD_KINDS if kind in kinds]
    return [*said, note_breaks(words, lines), note_later(words, lines)]

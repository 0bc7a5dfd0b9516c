"""All indicators of a domain at a glance, a small panel each: as they are, under scenarios and by other methods."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from xk.charts.drawn import DrawnLine, line_of
from xk.charts.frame import (
    apart_at_edge,
    bound,
    drop_scale,
    label_years,
    plot_phases,
    plot_status,
    short_value,
    value_limits,
    write_title,
)
from xk.charts.marks import Margins, figure_of, lay, new_axes, seen_in, write_at
from xk.charts.outcomes import moved_lines
from xk.charts.trajectory import drawable_lines, note_breaks, note_later, plot_ahead, plot_line, trajectory_message
from xk.exhibits import (
    Column,
    Columns,
    Exhibit,
    Switch,
    Wording,
    bare_table,
    begun,
    escape,
    folded,
    join,
    paragraph,
    switched,
)
from xk.exhibits.assumption_words import assumptions
from xk.exhibits.columns import status_badge
from xk.pipeline.result import LineResult
from xk.theme import INK, MUTED
from xk.vocab import AHEAD_KINDS
from xk.vocab.counting import how_many, listed

WIDTH, HEIGHT = 2.3, 1.55
MARGINS = Margins(left=0.1, right=0.72, top=0.5, bottom=0.24)
TITLE_EMS = 16.2
OF_A_VIEW = ("projected", "reference", "band-", "status-")
"""How the gids of what differs from view to view begin."""


@dataclass(frozen=True)
class View:
    """What panels can be switched to: other results, what they are called, the lines that are shown, what is said."""

    words: Wording
    label: str
    names: Collection[str]
    below: Exhibit


def plot_small_multiples(words: Wording, domain: str | None = None, *, views: Sequence[View] = ()) -> list[Axes]:
    """Draw a panel for each indicator of a domain; all share the axis of years.

    Parameters
    ----------
    words : Wording
    domain : str, optional
        All domains if not given.
    views : sequence of View
        What the panels can be switched to: views 2, 3, ... of the charts (see `xk.theme.LAYER`), on the same axes.

    Returns
    -------
    list of Axes
        Each with a figure of its own, so that a page can arrange them in as many columns as it is wide; gids as in
        :func:`xk.charts.trajectory.plot_trajectory`, and ``title``.
    """
    lines = [line_of(words, result.indicator) for result in lines_with_figures(words, domain)]
    if not lines:
        return []
    years = min(line.years[0] for line in lines), max(line.years[1] for line in lines)
    return [_plot_panel(words, line, years, _views_of(line.result, views)) for line in lines]


def _views_of(result: LineResult, views: Sequence[View]) -> list[tuple[int, View]]:
    """Return the views that show a line, each with its number."""
    return [(number, view) for number, view in enumerate(views, start=2) if result.indicator in view.names]


def lines_with_figures(words: Wording, domain: str | None) -> list[LineResult]:
    """Return the lines that have more to draw than a target."""
    return [result for result in drawable_lines(words, domain) if result.latest.year is not None]


def _plot_panel(words: Wording, line: DrawnLine, years: tuple[float, float], views: Sequence[tuple[int, View]]) -> Axes:
    axes, name = new_axes(WIDTH, HEIGHT, MARGINS), line.result.indicator
    others = [(number, view.words, line_of(view.words, name)) for number, view in views]
    axes.set_xlim(years[0] - 0.5, years[1] + 0.5)
    axes.set_ylim(*_limits(line, [other for _, _, other in others]))
    plot_phases(axes, words, labels=False)
    plot_line(axes, line, words, size=3.2)
    label_years(axes, *years, ends_only=True)
    drop_scale(axes, "left")
    write_title(axes, words.line(name), TITLE_EMS, status=line.result.status)
    _write_values(axes, words, line)
    if others:
        lay([mark for mark in axes.get_children() if (mark.get_gid() or "").startswith(OF_A_VIEW)], 1,
            trajectory_message(words, line.result))  # fmt: skip
    for number, told, other in others:
        with seen_in(axes, number, trajectory_message(told, other.result)):
            plot_ahead(axes, other, told)
            plot_status(axes, other.result.status)
    return axes


def _limits(line: DrawnLine, others: Sequence[DrawnLine]) -> tuple[float, float]:
    """Return the ends of the axis of values: all of a line's own, of other views at most as much again on each side."""
    low, high = value_limits(line.drawn_values(), room=0.2)
    more = [value for other in others for value in other.drawn_values() if not math.isnan(value)]
    if all(low <= value <= high for value in more):
        return low, high
    held = np.clip([low, high, *more], 2 * low - high, 2 * high - low)
    return float(held.min()), float(held.max())


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


def show_small_multiples(
    words: Wording, domain: str | None = None, *, views: Sequence[View] = (), switches: Sequence[Switch] = ()
) -> Exhibit:
    """Return all indicators of a domain at a glance, a small panel each; `switches` choose among `views`."""
    lines = lines_with_figures(words, domain)
    if not lines:
        return paragraph(words.text("empty_chart"))
    drawn = [
        (figure_of(axes), _message(words, result, views), [1, *(number for number, _ in _views_of(result, views))])
        for axes, result in zip(plot_small_multiples(words, domain, views=views), lines, strict=True)
    ]
    show = Columns(words)
    columns = [show.line(), show.latest(), show.target(), show.status(alone=False)]
    alone = sum(result.latest.points == 1 and result.trend.kind != "own" for result in lines)
    single = words.text(f"some_single_{how_many(alone, len(lines))}", n=alone) if alone else ""
    counts = {"n": len(lines), "parts": words.parts_in(lines), "single": single}
    caption = words.text("caption_multiples", domain=words.domain(domain), **counts)
    data = folded(words, lines, columns, caption)
    left = words.numbers(result.indicator for result in drawable_lines(words, domain) if result not in lines)
    without = words.text("note_multiples_without", numbers=left) if left else ""
    bands = words.text("note_bands") if words.results.scheme.ordered_phases else ""
    note = words.sentences(words.text("note_multiples"), *_explained(words, lines), without, bands)
    return switched(drawn, "multiples", caption=caption, note=note, data=data, switches=switches)


def _message(words: Wording, result: LineResult, views: Sequence[View]) -> str:
    """Return what a panel says; where its views say that, what it is of."""
    return words.line(result.indicator) if _views_of(result, views) else trajectory_message(words, result)


def _explained(words: Wording, lines: Sequence[LineResult]) -> list[str]:
    """Return what the lines in the panels stand for, of those that are drawn."""
    planned = any(words.results.path(one.indicator)["planned_value"].notna().sum() > 1 for one in lines)
    kinds = {one.outlook.kind for one in lines}
    said = [words.text("note_multiples_planned")] if planned else []
    said += [words.text(f"note_multiples_{kind}") for kind in AHEAD_KINDS if kind in kinds]
    return [*said, note_breaks(words, lines), note_later(words, lines)]


def show_alternatives(
    words: Wording, domain: str, *, scenarios: Sequence[Wording] = (), methods: Sequence[Wording] = ()
) -> Exhibit:
    """Return all indicators of a domain at a glance, to be switched to what scenarios and other methods make of them.

    Parameters
    ----------
    words : Wording
        The results that are shown at first, and on paper.
    domain : str
    scenarios : sequence of Wording
        Results under scenarios, in the panels of the lines that each moves; those that move none are left out.
    methods : sequence of Wording
        Results by other methods of projection, of the lines that are projected by their own figures.
    """
    moved = [(one, _moved(words, one, domain)) for one in scenarios]
    by_method = [_by_method(words, one, domain) for one in methods]
    by_scenario = [_by_scenario(words, one, domain, names) for one, names in moved if names]
    switches = [
        _switch("scenario", words, words.scenario_title(), by_scenario, after=1 + len(by_method)),
        _switch("method", words, _method(words), by_method, after=1),
    ]
    return show_small_multiples(words, domain, views=[*by_method, *by_scenario], switches=switches)


def _switch(kind: str, words: Wording, first: str, views: Sequence[View], *, after: int) -> Switch:
    named = listed([view.label for view in views], words.lang) if views else ""
    printed = words.text(f"printed_{kind}", first=begun(first), others=named)
    numbered = [(number, view.label, view.below) for number, view in enumerate(views, start=after + 1)]
    return Switch(kind, words.text(f"switch_{kind}"), begun(first), numbered, printed)


def _method(words: Wording) -> str:
    return begun(words.text(f"method_{words.results.settings.method}"))


def _moved(words: Wording, other: Wording, domain: str) -> list[str]:
    """Return the lines of a domain that a scenario moves."""
    return [row.indicator for row in moved_lines([words, other]) if row.results[0].line.domain == domain]


def _by_scenario(words: Wording, other: Wording, domain: str, names: Sequence[str]) -> View:
    """Return the view of the lines that a scenario moves."""
    assumed = words.several(assumptions(other, domain))
    title = begun(other.scenario_title())
    caption = words.text("caption_scenario", title=title, n=len(names), of=_count(words, domain))
    note = words.sentences(words.text("note_scenario", said=assumed), words.text("note_alternatives"))
    return View(other, title, names, _below(words, other, names, caption, note))


def _by_method(words: Wording, other: Wording, domain: str) -> View:
    """Return the view of the lines that a method projects by their own figures."""
    lines = other.results.lines
    names = [name for name, line in other.results.scheme.lines_in(domain).items()
             if line.is_composite or lines[name].trend.kind == "own"]  # fmt: skip
    caption = words.text("caption_method", method=_method(other), n=len(names), of=_count(words, domain))
    return View(other, _method(other), names, _below(words, other, names, caption, words.text("note_alternatives")))


def _count(words: Wording, domain: str) -> int:
    return len(words.results.scheme.lines_in(domain))


def _below(words: Wording, other: Wording, names: Sequence[str], caption: str, note: str) -> Exhibit:
    """Return what lines come to under other results, in figures, those of the first view beside them."""
    lines = [other.results.lines[name] for name in names]
    figures = bare_table(lines, _columns(words, other, lines), label=caption)
    return join([paragraph(caption), paragraph(note, note=True), figures])


def _columns(words: Wording, other: Wording, lines: Sequence[LineResult]) -> list[Column]:
    """Return the columns of what lines come to, the odds where there are any, and to what in the first choice."""
    show = Columns(other)

    def first(result: LineResult) -> str:
        known = words.results.lines[result.indicator]
        shown = f"{escape(words.projected(known))} {status_badge(words, known.status)}"
        return f"<span>{shown}</span>"  # a status by itself has no label on a phone

    return [
        show.line(),
        show.number("column_projected", other.projected, year=words.results.scheme.target_year),
        *([] if all(math.isnan(one.outlook.probability) for one in lines) else [show.probability()]),
        show.status(),
        Column(begun(words.scenario_title()) if other.beside else _method(words), first, raw=True),
    ]

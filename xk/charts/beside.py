"""Scenarios beside the reference: where each leads the lines that it moves, a small panel each, or one line, large."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.typing import LineStyleType

from xk.charts.drawn import DrawnLine, line_of, natural_bounds
from xk.charts.frame import (
    bound,
    draw_legend,
    drop_scale,
    label_values,
    label_years,
    named_bound,
    short_value,
    value_limits,
    write_ends,
    write_title,
)
from xk.charts.marks import WIDTH, Margins, Style, draw_band, draw_line, figure_of, new_axes, write_at
from xk.charts.outcomes import moved_lines
from xk.charts.trajectory import plot_targets, trajectory_caption
from xk.contracts.records import records
from xk.exhibits import Column, Columns, Exhibit, Wording, begun, bullets, escape, figure, number, panels, paragraph
from xk.exhibits.columns import status_badge, with_note
from xk.exhibits.peer_words import pace_said
from xk.theme import INK, MUTED, SERIES_COLOURS

PANEL = (3.1, 1.9)
PANEL_MARGINS = Margins(left=0.12, right=0.95, top=0.5, bottom=0.24)
TITLE_EMS = 22.0
HEIGHT = 3.1
MARGINS = Margins(left=0.55, right=1.25, top=0.3, bottom=0.86)
BAND = 80
DASHES: tuple[LineStyleType, ...] = ("-", (0, (5, 1, 1, 1)), (0, (3, 1)), (0, (1, 1)))


def _mark(worded: Sequence[Wording], place: int) -> str:
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
    first, axes = lines[0], new_axes(*PANEL, PANEL_MARGINS)
    axes.set_xlim(first.years[0] - 0.5, first.years[1] + 0.5)
    axes.set_ylim(*value_limits(_held(lines), room=0.2))
    plot_targets(axes, first)
    for place, line in reversed(list(enumerate(lines))):
        _plot_path(axes, line, path_style(place))
    draw_line(axes, *first.points(first.seen), color=INK, linewidth=1.6, marker="o", markersize=3.4, gid="observed")
    label_years(axes, *first.years, ends_only=True)
    drop_scale(axes, "left")
    write_title(axes, worded[0].line(first.result.indicator), TITLE_EMS)
    targets = {f"label-{name}": (value, bound(worded[0], value, first.result.line, name))
               for name, value in first.targets().items()}  # fmt: skip
    write_ends(axes, targets | _path_ends(worded, lines), 10.5)
    return axes


def plot_assumed(worded: Sequence[Wording], indicator: str) -> Axes:
    """Draw one line in the reference and under each scenario, with the 80 % bands of each.

    Parameters
    ----------
    worded : sequence of Wording
        Of the reference first, then of each scenario.
    indicator : str

    Returns
    -------
    Axes
        Lines ``observed``, ``reference``, ``scenario-1``, ...; bands ``band-0`` (of the reference's projection),
        ``band-1``, ... (of the reference's errors about what is assumed); texts ``label-0``, ``label-1``, ...
    """
    lines, words = [line_of(words, indicator) for words in worded], worded[0]
    first, bands = lines[0], [_band(words, line) for words, line in zip(worded, lines, strict=True)]
    axes, asked = new_axes(WIDTH, HEIGHT, MARGINS), first.result.line
    axes.set_xlim(first.years[0] - 0.5, first.years[1] + 0.5)
    axes.set_ylim(*value_limits([*_held(lines), *np.ravel(bands)]))
    plot_targets(axes, first)
    for place, (line, band) in reversed(list(enumerate(zip(lines, bands, strict=True)))):
        style = path_style(place)
        known = line.ahead & ~np.isnan(band).any(axis=0)
        if known.any() and line.start is not None:
            at = line.onward(known)
            low, high = (np.where(known, end, line.value)[at] for end in band)
            look: Style = {"color": style["color"], "alpha": 0.16, "linewidth": 0, "gid": f"band-{place}"}
            draw_band(axes, line.year[at], low, high, **look)
        _plot_path(axes, line, {**style, "label": worded[place].scenario_title()})
    draw_line(axes, *first.joined(), color=INK, linewidth=1.7, marker="o", markersize=4.2, gid="observed",
              label=words.text("legend_observed"))  # fmt: skip
    label_years(axes, *first.years)
    label_values(axes, words, natural_bounds(asked))
    write_at(axes, words.measure(asked), (0, 1), (-34, 10), on="axes", color=MUTED, gid="unit")
    targets = {f"label-{name}": (value, named_bound(words, value, asked, name))
               for name, value in first.targets().items()}  # fmt: skip
    write_ends(axes, targets | _path_ends(worded, lines), 11.5, edge=3, away=6)
    draw_legend(axes, below=0.27)
    return axes


def _held(lines: Sequence[DrawnLine]) -> list[float]:
    """Return the values that the axis must hold: of all paths, and the targets."""
    return [value for line in lines for value in (*line.value, *line.targets().values())]


def _plot_path(axes: Axes, line: DrawnLine, style: Style) -> None:
    if line.ahead.any() and line.start is not None:
        places = line.onward(line.ahead)
        draw_line(axes, line.year[places], line.value[places], **style)


def path_style(place: int) -> Style:
    """Return how a path is drawn: the reference's (place 0) grey, each scenario's in its colour and dashes."""
    if not place:
        return {"color": MUTED, "linewidth": 1.5, "linestyle": (0, (4, 2)), "gid": "reference"}
    colour, dash = SERIES_COLOURS[(place - 1) % len(SERIES_COLOURS)], DASHES[(place - 1) % len(DASHES)]
    return {"color": colour, "linewidth": 1.7, "linestyle": dash, "gid": f"scenario-{place}"}


def _path_ends(worded: Sequence[Wording], lines: Sequence[DrawnLine]) -> dict[str, tuple[float, str]]:
    """Return which value each path ends at, and that in words, behind the mark of its scenario."""
    decimals, found = worded[0].decimals(lines[0].result), {}
    for place, line in enumerate(lines):
        if line.ahead.any():
            value = float(line.value[np.flatnonzero(line.ahead)[-1]])
            found[f"label-{place}"] = value, f"{_mark(worded, place)} {short_value(worded[0], value, decimals)}"
    return found


def _band(words: Wording, line: DrawnLine) -> np.ndarray:
    """Return the ends (2, years) of the band of a path: of its projection, or of errors about what is assumed."""
    steps = {step.year: step for step in words.results.paths.ahead.get(line.result.indicator, ())}
    names = (f"lo{BAND}", f"hi{BAND}")
    around = [{} if step is None else step.ends or step.if_holds for step in map(steps.get, line.year.astype(int))]
    return np.array([[one.get(name, math.nan) for one in around] for name in names])


def show_beside(worded: Sequence[Wording]) -> Exhibit:
    """Return a panel for each indicator that a scenario moves: the reference and every scenario, and the target."""
    words, rows = worded[0], [row for row in moved_lines(worded) if row.is_drawn]
    if not rows:
        return paragraph(words.text("empty_scenario"))
    drawn = [(figure_of(plot_beside(worded, row.indicator)), _message(worded, row.indicator)) for row in rows]
    marks = [
        words.text("scenario_marked", mark=_mark(worded, place), title=one.scenario_title())
        for place, one in enumerate(worded)
    ]
    note = words.text("note_beside", marks=words.several(marks))
    return panels(drawn, "beside", caption=words.text("caption_beside"), note=note)


def _message(worded: Sequence[Wording], indicator: str) -> str:
    said = [
        words.text("alt_outcome", title=words.scenario_title(), value=words.projected(words.results.line(indicator)))
        for words in worded
    ]
    words, line = worded[0], worded[0].results.line(indicator).line
    values = words.several(said)
    return words.text("alt_beside", name=words.names[line.indicator], values=values, target=words.target(line))


def show_assumed(worded: Sequence[Wording], indicator: str) -> Exhibit:
    """Return one line in the reference and under each scenario, with what the scenarios make of it in words."""
    words, result = worded[0], worded[0].results.line(indicator)
    drawn, note = figure_of(plot_assumed(worded, result.indicator)), words.text("note_turned", level=BAND)
    caption, alt = trajectory_caption(words, result), _message(worded, indicator)
    return figure(drawn, f"assumed-{result.indicator}", caption=caption, alt=alt, note=note)


def table_effects(worded: Sequence[Wording], indicator: str) -> Exhibit:
    """Return what each scenario makes of one line and of the index: a row each, the reference first.

    Value and attainment of the target year, status, odds, points of the domain's index and the total.
    """
    words, show = worded[0], Columns(worded[0])
    line = words.results.line(indicator).line
    rows = [_effect(worded, place, line.indicator) for place in range(len(worded))]

    def points(level: str) -> Column:
        return show.number("column_points_of", lambda row: row[level], what=words.level(level))

    columns = [
        show.text("column_scenario", lambda row: row["title"], head=True),
        show.number("column_in_year", lambda row: row["value"], year=words.results.scheme.target_year),
        show.number("column_attainment", lambda row: row["attainment"]),
        Column(words.text("column_status"), lambda row: row["status"], raw=True),
        show.number("column_probability", lambda row: row["odds"], raw=True),
        points(line.domain), points("total"),
    ]  # fmt: skip
    return show.table("effects", rows, columns, note=True)


def say_precedents(worded: Sequence[Wording], indicator: str) -> Exhibit:
    """Return, for the pace that a target requires and that each scenario assumes, whether anybody ever managed it."""
    first, said = worded[0].results.line(indicator), []
    for place, words in enumerate(worded):
        result = words.results.line(indicator)
        rate = result.assumed_rate if place else result.base_rate
        if rate is not None and (not place or result.trend.assumed is not None):
            title = words.text("precedent_required") if not place else words.scenario_title()
            said.append(words.text("assumed_for", what=title, said=pace_said(words, result, rate)))
    if not said:
        return paragraph(worded[0].text("precedent_none_needed", line=worded[0].line(first.indicator)))
    return bullets(list(dict.fromkeys(said)))


def _effect(worded: Sequence[Wording], place: int, indicator: str) -> dict[str, str]:
    words, first = worded[place], worded[0]
    result = words.results.line(indicator)
    odds = words.odds(result.outlook.probability)
    if not math.isnan(result.outlook.probability_if_holds):
        odds = with_note(escape(words.odds(result.outlook.probability_if_holds)), words.text("if_holds"))
    shift = {row["level"]: row for row in records(first.results.index_shift(words.results))}
    return {
        "title": begun(words.scenario_title()), "value": words.value(result.outlook.value, result), "odds": odds,
        "attainment": words.points(result.outlook.attainment),
        "status": status_badge(words, result.status),
        **{level: _points(first, words, level, shift[level]["points"] if place else math.nan) for level in
           (result.line.domain, "total")},
    }  # fmt: skip


def _points(first: Wording, words: Wording, level: str, moved: float) -> str:
    """Return an index of the target year, where there is one, and by how much a scenario moves it."""
    index = words.results.index
    (value,) = index.loc[(index["basis"] == "target") & (index["level"] == level), "value"]
    said = "" if math.isnan(value) else words.points(value)
    shift = "" if math.isnan(moved) else number(moved, first.lang, decimals=2, signed=True)
    return " ".join(filter(None, [said, f"({shift})" if said and shift else shift])) or words.text("dash")

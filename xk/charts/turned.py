"""One line in the reference and under scenarios, large: paths with what they may err by, target, odds, index."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from xk.charts.beside import mark_of, path_style
from xk.charts.drawn import DrawnLine, line_of, natural_bounds
from xk.charts.frame import apart_at_edge, bound, draw_legend, label_values, label_years, short_value, value_limits
from xk.charts.marks import WIDTH, Margins, Style, draw_band, draw_line, figure_of, new_axes, write_at
from xk.charts.trajectory import plot_targets
from xk.contracts.records import records
from xk.exhibits import Column, Columns, Exhibit, Wording, begun, bullets, escape, figure, number, paragraph
from xk.exhibits.columns import status_badge, with_note
from xk.exhibits.peer_words import pace_said
from xk.theme import INK, MUTED

HEIGHT = 3.1
MARGINS = Margins(left=0.55, right=1.25, top=0.3, bottom=0.86)
BAND = 80


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
    lines = [line_of(words, indicator) for words in worded]
    first, bands = lines[0], [_band(words, line) for words, line in zip(worded, lines, strict=True)]
    axes = new_axes(WIDTH, HEIGHT, MARGINS)
    axes.set_xlim(first.years[0] - 0.5, first.years[1] + 0.5)
    held = [value for line in lines for value in (*line.value, *line.targets().values())]
    axes.set_ylim(*value_limits([*held, *np.ravel(bands)]))
    plot_targets(axes, first)
    for place, (line, band) in reversed(list(enumerate(zip(lines, bands, strict=True)))):
        style = path_style(place)
        known = line.ahead & ~np.isnan(band).any(axis=0)
        if known.any() and line.start is not None:
            at = line.onward(known)
            low, high = (np.where(known, end, line.value)[at] for end in band)
            look: Style = {"color": style["color"], "alpha": 0.16, "linewidth": 0, "gid": f"band-{place}"}
            draw_band(axes, line.year[at], low, high, **look)
        if line.ahead.any() and line.start is not None:
            at = line.onward(line.ahead)
            named: Style = {**style, "label": worded[place].scenario_title()}
            draw_line(axes, line.year[at], line.value[at], **named)
    draw_line(axes, *first.joined(), color=INK, linewidth=1.7, marker="o", markersize=4.2, gid="observed",
              label=worded[0].text("legend_observed"))  # fmt: skip
    label_years(axes, *first.years)
    label_values(axes, worded[0], natural_bounds(first.result.line))
    measure = worded[0].measure(first.result.line)
    write_at(axes, measure, (0, 1), (-34, 10), on="axes", color=MUTED, gid="unit")
    _label_ends(axes, worded, lines)
    draw_legend(axes, below=0.27)
    return axes


def _band(words: Wording, line: DrawnLine) -> np.ndarray:
    """Return the ends (2, years) of the band of a path: of its projection, or of errors about what is assumed."""
    steps = {step.year: step for step in words.results.paths.ahead.get(line.result.indicator, ())}
    names = (f"lo{BAND}", f"hi{BAND}")
    around = [{} if step is None else step.ends or step.if_holds for step in map(steps.get, line.year.astype(int))]
    return np.array([[one.get(name, math.nan) for one in around] for name in names])


def _label_ends(axes: Axes, worded: Sequence[Wording], lines: Sequence[DrawnLine]) -> None:
    """Write at the right edge where each path ends, and the target, apart from each other."""
    words, result = worded[0], lines[0].result
    said = {f"label-{name}": (value, words.text(f"label_{name.replace('-', '_')}",
                                                value=bound(words, value, result.line, name)))
            for name, value in lines[0].targets().items()}  # fmt: skip
    for place, line in enumerate(lines):
        if line.ahead.any():
            value = float(line.value[np.flatnonzero(line.ahead)[-1]])
            shown = short_value(words, value, words.decimals(result))
            said[f"label-{place}"] = (value, f"{mark_of(worded, place)} {shown}")
    places = apart_at_edge(axes, [value for value, _ in said.values()], 11.5, edge=3)
    for (name, (_, text)), height in zip(said.items(), places, strict=True):
        write_at(axes, text, (1.0, height), (6, 0), on="row", va="center", color=INK, gid=name)


def show_assumed(worded: Sequence[Wording], indicator: str) -> Exhibit:
    """Return one line in the reference and under each scenario, with what the scenarios make of it in words."""
    words, result = worded[0], worded[0].results.line(indicator)
    said = [words.text("alt_outcome", title=one.scenario_title(), value=one.projected(one.results.line(indicator)))
            for one in worded]  # fmt: skip
    name, values = words.names[result.indicator], words.text("office_separator").join(said)
    alt = words.text("alt_beside", name=name, values=values, target=words.target(result.line))
    caption = words.text("caption_trajectory", no=result.no, name=name, measure=words.measure(result.line))
    drawn = figure_of(plot_assumed(worded, result.indicator))
    note = words.text("note_turned", level=BAND)
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
    return bullets(list(dict.fromkeys(said))) if said else paragraph(worded[0].text("precedent_none_needed",
                                                                     line=worded[0].line(first.indicator)))  # fmt: skip


def _effect(worded: Sequence[Wording], place: int, indicator: str) -> dict[str, str]:
    words, first = worded[place], worded[0]
    result = words.results.line(indicator)
    odds = words.odds(result.outlook.probability)
    if not math.isnan(result.outlook.probability_if_holds):
        odds = with_note(escape(words.odds(result.outlook.probability_if_holds)), words.text("if_holds"))
    shift = {row["level"]: row for row in records(first.results.index_shift(words.results))}
    value = words.value(result.outlook.value, result) if not math.isnan(result.outlook.value) else words.text("dash")
    return {
        "title": begun(words.scenario_title()), "value": value, "odds": odds,
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

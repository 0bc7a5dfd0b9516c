"""One indicator over the years: history, projection with its band, planned path, targets, phases of the plan."""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes

from xk.charts.drawn import DrawnLine, line_of, natural_bounds, say_later, say_points
from xk.charts.frame import (
    apart_at_edge,
    bound,
    draw_legend,
    label_values,
    label_years,
    phase_note,
    plot_phases,
    short_value,
    value_limits,
)
from xk.charts.marks import (
    TEXT,
    WIDTH,
    Hand,
    Margins,
    Style,
    draw_band,
    draw_dots,
    draw_interval,
    draw_line,
    figure_of,
    new_axes,
    write_at,
)
from xk.contracts.records import Record
from xk.exhibits import Columns, Exhibit, Wording, figure, folded, gallery, paragraph
from xk.pipeline.result import LineResult
from xk.theme import INK, MUTED, PAPER, SERIES_COLOURS, STATUS_COLOURS
from xk.vocab import ASSUMED, KINDS, language

HEIGHT = 3.0
FEWEST = 3  # points from which a line is worth a chart of its own; fewer stand in the small panels
MARGINS = Margins(left=0.55, right=1.12, top=0.36, bottom=0.75)
LEGEND_ROW = 0.18  # inches: a third row of the legend, for what came later; in letters a fourth for another vintage
ASSUMED_COLOUR = SERIES_COLOURS[3]
TARGET = STATUS_COLOURS["achieved"]
AHEAD: Style = {"linewidth": 1.7, "gid": "projected"}
LATER_MARKS = {"later": "D", "later-apart": "^"}
STYLES: dict[str, Style] = {
    "projected": AHEAD | {"color": SERIES_COLOURS[0]},
    "borrowed": AHEAD | {"color": SERIES_COLOURS[3], "linestyle": (0, (5, 2)), "marker": "."},
    "scenario": AHEAD | {"color": SERIES_COLOURS[1], "linestyle": (0, (5, 1, 1, 1))},
}


def plot_trajectory(words: Wording, indicator: str, *, hover: bool = False) -> Axes:
    """Draw the trajectory of one indicator.

    Parameters
    ----------
    words : Wording
        Results and language.
    indicator : str
        Slug or number of the plan.
    hover : bool
        Whether each point says what it is to who points at it.

    Returns
    -------
    Axes
        What is drawn carries a gid: ``observed``, ``assumed``, ``not-comparable``, ``baseline``, ``projected``,
        ``band-80``, ``planned``, ``reference``, ``target``, ``held``, ``stretch``, ``phase-1``, ``later``,
        ``later-apart``; labels ``label-latest``, ``label-target``.
    """
    line = line_of(words, indicator)
    room = LEGEND_ROW * (bool(line.later) + ("later-apart" in line.later and not language(words.lang).wide))
    axes = new_axes(WIDTH, HEIGHT + room, replace(MARGINS, bottom=MARGINS.bottom + room))
    axes.set_xlim(line.years[0] - 0.5, line.years[1] + 0.5)
    ends = np.ravel(list(line.ends.values()))
    axes.set_ylim(*value_limits([*line.drawn_values(), *ends, line.baseline]))
    if not line.year.size and not line.targets():
        _say_nothing_known(axes, words)
        return axes
    plot_phases(axes, words)
    plot_line(axes, line, words)
    label_years(axes, *line.years)
    label_values(axes, words, natural_bounds(line.result.line))
    write_at(axes, words.measure(line.result.line), (0, 1), (-34, 13), on="axes", color=MUTED, gid="unit")
    _label_latest(axes, line, words)
    _label_ends(axes, line, words)
    draw_legend(axes, below=0.27)
    if hover:
        say_points(axes, line, words)
    return axes


def plot_line(axes: Axes, line: DrawnLine, words: Wording, *, size: float = 4.5) -> None:
    """Draw all that is known of an indicator, history on top."""
    _plot_planned(axes, line, words)
    plot_targets(axes, line)
    plot_ahead(axes, line, words)
    _plot_later(axes, line, words, size=size)
    _plot_observed(axes, line, words, size=size)


def plot_ahead(axes: Axes, line: DrawnLine, words: Wording) -> None:
    """Draw what is projected, its intervals, and what the reference projects beside a scenario."""
    _plot_bands(axes, line, words)
    _plot_reference(axes, line, words)
    _plot_projected(axes, line, words)


def _plot_bands(axes: Axes, line: DrawnLine, words: Wording) -> None:
    """Draw the intervals of the projection, the wider one paler (gid ``band-95``); they start at the latest point."""
    for level, ends in sorted(line.ends.items(), reverse=True):
        known = line.ahead & ~np.isnan(ends).any(axis=0)
        if not known.any():
            continue
        places = line.onward(known)
        low, high = (np.where(line.ahead, end, line.value)[places] for end in ends)
        draw_interval(axes, level, line.year[places], low, high, label=words.text("legend_interval", level=level))


def _plot_planned(axes: Axes, line: DrawnLine, words: Wording) -> None:
    """Draw the planned path (gid ``planned``); what is met and only to be held has none besides the held line."""
    known = ~np.isnan(line.planned)
    held = line.result.line.hold_from is not None and line.result.distance.score >= 100
    if known.sum() > 1 and not held:
        draw_line(axes, line.year[known], line.planned[known], color=MUTED, linestyle=(0, (1, 1.5)), linewidth=1.4,
                  label=words.text("legend_planned"), gid="planned")  # fmt: skip


def plot_targets(axes: Axes, line: DrawnLine) -> None:
    """Draw what is asked: a mark in its year, a line through the years to be held, a band for an interval."""
    years = line.target_years(int(line.years[1]))
    ends = [years[0] - 0.5, years[-1] + 0.5]
    if line.has_interval:
        low, high = line.targets().values()
        draw_band(axes, ends, [low, low], [high, high], color=TARGET, alpha=0.16, gid="target")
        return
    for name, value in line.targets().items():
        wide = 1.2 if name == "stretch" else 2.6
        at, gid = (ends, "held") if len(years) > 1 else ([years[0] - 0.45, years[0] + 0.45], name)
        draw_line(axes, at, [value, value], color=TARGET, linewidth=wide, solid_capstyle="butt", gid=gid)


def _plot_projected(axes: Axes, line: DrawnLine, words: Wording) -> None:
    """Draw the path ahead from the latest point on (gid ``projected``); a borrowed trend in a manner of its own."""
    if not line.ahead.any() or line.start is None:
        return
    kind = str(line.kind[line.ahead][-1])
    places = line.onward(line.ahead)
    region = words.reference(line.result.trend) if kind == "borrowed" else ""
    style: Style = {**STYLES[kind], "label": words.text(f"legend_{kind}", region=region)}
    draw_line(axes, line.year[places], line.value[places], **style)


def _plot_reference(axes: Axes, line: DrawnLine, words: Wording) -> None:
    """Draw, beside a path that a scenario sets, that of the reference (gid ``reference``)."""
    known = ~np.isnan(line.reference)
    if not known.any() or line.start is None:
        return
    places = line.onward(known)
    values = np.where(known, line.reference, line.value)[places]
    draw_line(axes, line.year[places], values, color=MUTED, linewidth=1.5, linestyle=(0, (4, 2)),
              label=words.text("legend_reference"), gid="reference")  # fmt: skip


def _plot_observed(axes: Axes, line: DrawnLine, words: Wording, *, size: float) -> None:
    """Draw history: filled and joined what can be compared, hollow and alone what cannot; the baseline ringed."""
    asked = line.result.line
    draw_dots(axes, *line.points(line.odd), "o", size, color=INK, markerfacecolor="none", gid="not-comparable",
              label=words.text("legend_not_comparable"))  # fmt: skip
    if asked.baseline_year is not None and asked.has_baseline:
        estimated = asked.baseline_kind == "estimated"
        key = "legend_baseline_estimated" if estimated else "legend_baseline"
        draw_dots(axes, [asked.baseline_year], [line.baseline], "s" if estimated else "o", 2.1 * size,
                  markerfacecolor="none", markeredgecolor=MUTED, markeredgewidth=0.9, gid="baseline",
                  label=words.text(key))  # fmt: skip
    draw_line(axes, *line.joined(), color=INK, linewidth=1.8, marker="o", markersize=size,
              label=words.text("legend_observed"), gid="observed")  # fmt: skip
    draw_dots(axes, *line.points(line.kind == ASSUMED), "P", 2 * size, color=ASSUMED_COLOUR, markeredgecolor=PAPER,
              label=words.kind(ASSUMED), gid="assumed")  # fmt: skip


def _plot_later(axes: Axes, line: DrawnLine, words: Wording, *, size: float) -> None:
    """Draw what was observed after the last known year, hollow and not joined; another vintage by its own mark."""
    for gid, mark in LATER_MARKS.items():
        points = line.later.get(gid, [])
        label = words.text("legend_later_apart" if gid == "later-apart" else "legend_later")
        draw_dots(axes, [year for year, _ in points], [value for _, value in points], mark, 1.25 * size, color=INK,
                  markerfacecolor="none", markeredgewidth=1.1, label=label, gid=gid)  # fmt: skip


def _latest_offset(line: DrawnLine, start: int) -> tuple[tuple[float, float], Hand]:
    """Return where the label of the latest point stands, in points from it, and how it is aligned.

    It keeps out of the way of what comes after: below a path that rises, above one that falls; and of what came before
    on that side: to the right where years are still to come.
    """
    year, value = line.year[start], line.value[start]
    after = line.year > year
    planned = line.planned[after & ~np.isnan(line.planned)]
    path = line.value[after & ~np.isnan(line.value)]
    ends = [end for end in [*planned[-1:], *line.targets().values()] if not np.isnan(end)]
    known = [*path[-1:]] or ends
    aside = bool(len(path)) or year - line.years[0] < 0.5
    rises = bool(known) and sum(known) / len(known) > value
    away = (-9.0 if aside else 0.0, -6.0 if rises else 8.0)
    return away, {"gid": "label-latest", "ha": "left" if aside else "center", "va": "top" if rises else "bottom"}


def _say_nothing_known(axes: Axes, words: Wording) -> None:
    if not axes.lines:
        axes.set_axis_off()
    axes.text(0.5, 0.5, words.text("reason_no_figure"), transform=axes.transAxes, ha="center", fontsize=TEXT + 1,
              color=MUTED, gid="no-figure")  # fmt: skip


def _label_latest(axes: Axes, line: DrawnLine, words: Wording) -> None:
    start = line.start
    if start is None:
        _say_nothing_known(axes, words)
        return
    away, aligned = _latest_offset(line, start)
    said = short_value(words, line.value[start], None)
    if line.kind[start] in ("estimated", "preliminary", ASSUMED):
        said += words.bracketed(words.kind(line.kind[start]))
    write_at(axes, said, (line.year[start], line.value[start]), away, bold=True, **aligned)


def end_labels(line: DrawnLine, words: Wording) -> dict[str, tuple[float, float, str]]:
    """Return what is said at the right of the chart: gid -> (year, value, words)."""
    result, last = line.result, int(line.years[1])
    year = float(line.target_years(last)[-1])
    said = {
        f"label-{name}": (min(year + 0.45, line.years[1] + 0.5), value,
                          words.text(f"label_{name.replace('-', '_')}", value=bound(words, value, result.line, name)))
        for name, value in line.targets().items()
    }  # fmt: skip
    if line.ahead.any():
        end = np.flatnonzero(line.ahead)[-1]
        missed = result.line.missed_marks(line.value[end])
        value = short_value(words, line.value[end], words.decimals(result), short_of=missed)
        shown = words.text(f"label_{line.kind[end]}", value=value)
        said["label-projected"] = (line.year[end], line.value[end], shown)
    if not np.isnan(line.reference).all():
        end = np.flatnonzero(~np.isnan(line.reference))[-1]
        shown = words.text("label_reference", value=short_value(words, line.reference[end], words.decimals(result)))
        said["label-reference"] = (line.year[end], line.reference[end], shown)
    return said


def _label_ends(axes: Axes, line: DrawnLine, words: Wording) -> None:
    """Write targets and the projected value at the right edge, apart from each other, each with a thin lead."""
    said = end_labels(line, words)
    places = apart_at_edge(axes, [value for _, value, _ in said.values()], 11.5, edge=3)
    edge = axes.get_xlim()[1]
    for (name, (year, value, text)), place in zip(said.items(), places, strict=True):
        draw_line(axes, [year, edge + 0.02 * (edge - axes.get_xlim()[0])], [value, place], color=MUTED, linewidth=0.6,
                  clip_on=False, gid="lead")  # fmt: skip
        write_at(axes, text, (edge, place), (7, 0), va="center", gid=name)


def data_trajectory(words: Wording, indicator: str, caption: str) -> Exhibit | None:
    """Return value, kind, interval and planned value of one indicator by year, folded."""
    result, path = words.results.line(indicator), words.results.path(indicator)

    def value(year: Record) -> str:
        return words.given(year["value"], result.line) if year["kind"] in KINDS else words.value(year["value"], result)

    show, levels = Columns(words), [one for one in words.results.settings.levels if path[f"lo{one}"].notna().any()]
    columns = [
        show.year("column_year", head=True),
        show.number("column_value", value),
        show.text("column_kind", lambda year: words.kind(year["kind"])),
        *(show.interval(level, lambda year, end: words.value(year[end], result)) for level in levels),
    ]
    line = line_of(words, indicator)
    old = dict(zip(line.year, line.reference, strict=True))
    if not all(map(math.isnan, old.values())):
        columns.append(show.number("column_reference", lambda year: words.value(old[year["year"]], result)))
    came = {year: (value, gid) for gid, points in line.later.items() for year, value in points}
    if came:
        columns.append(show.number("legend_later", lambda row: _came(words, line, row["year"], came.get(row["year"]))))
    if path["planned_value"].notna().any():
        columns.append(show.number("column_planned", lambda year: words.planned(year["planned_value"], result)))
    return folded(words, path, columns, caption)


def _came(words: Wording, line: DrawnLine, year: int, point: tuple[float, str] | None) -> str:
    """Return what was observed of a year after the last known one, marked where it is of another series or vintage."""
    if point is None:
        return words.text("dash")
    value, gid = point
    vintage = words.bracketed(words.text("other_vintage")) if "apart" in gid else ""
    return say_later(words, line, year, value) + vintage


def trajectory_caption(words: Wording, result: LineResult) -> str:
    """Return number, name and measure of an indicator."""
    name, measure = words.names[result.indicator], words.measure(result.line)
    return words.text("caption_trajectory", no=result.no, name=name, measure=measure)


def trajectory_message(words: Wording, result: LineResult) -> str:
    """Return what a trajectory says: latest value, target, projection, status."""
    name, target = words.names[result.indicator], words.target(result.line)
    outlook = words.text("alt_final" if words.results.is_final else "alt_not_projected")
    if result.latest.year is None:
        return words.text("alt_no_figure", name=name, target=target)
    if not math.isnan(result.outlook.value):
        year = result.line.target_year or words.results.settings.years()[1]
        outlook = words.text("alt_projected", year=year, value=words.projected(result))
        if words.beside is not None and result.trend.kind == "scenario":
            old = words.beside.projected(words.beside.results.line(result.indicator))
            outlook += words.text("alt_reference", value=old)
    outlook += _said_later(words, result)
    priced = result.latest.year in words.results.comparable_years(result.indicator)
    measure = words.measure(result.line, priced=priced)
    value = words.text("with_measure", value=words.given(result.latest.value, result.line), measure=measure)
    value += words.bracketed(words.kind(ASSUMED)) if result.latest.kind == ASSUMED else ""
    return words.text("alt_trajectory", name=name, year=result.latest.year, value=value, target=target,
                      outlook=outlook, status=words.text(f"status_{result.status}"))  # fmt: skip


def _said_later(words: Wording, result: LineResult) -> str:
    """Return the last figure that is drawn of what was observed after the last known year; nothing without one."""
    line = line_of(words, result.indicator)
    if not line.later:
        return ""
    year, value, gid = max((year, value, gid) for gid, points in line.later.items() for year, value in points)
    return words.text("alt_later", year=year, value=_came(words, line, year, (value, gid)))


def note_later(words: Wording, lines: Iterable[LineResult]) -> str:
    """Return what the marks of later figures stand for, those that are drawn in any of some lines; nothing without."""
    shown = [line_of(words, one.indicator) for one in lines]
    drawn, (as_of, _) = {gid for line in shown for gid in line.later}, words.results.settings.years()
    said = [words.text("note_later", year=as_of)] if drawn else []
    said += [words.text("note_came_converted")] if any(line.published for line in shown) else []
    return words.sentences(*said, words.text("note_later_apart") if "later-apart" in drawn else "")


def note_breaks(words: Wording, lines: Iterable[LineResult]) -> str:
    """Return what a gap in a line stands for; nothing where no series breaks."""
    return words.text("note_breaks") if any(line_of(words, one.indicator).breaks for one in lines) else ""


def show_trajectory(words: Wording, indicator: str, *, phases: bool = True, hover: bool = False) -> Exhibit:
    """Return the trajectory of one indicator; its note explains marks, and the bands of the phases, if `phases`."""
    result = words.results.line(indicator)
    caption = trajectory_caption(words, result)
    marks = (note_breaks(words, [result]), note_later(words, [result]), phase_note(words)) if phases else ()
    note, data = words.sentences(words.note(result.indicator), *marks), data_trajectory(words, indicator, caption)
    drawn, identifier = figure_of(plot_trajectory(words, indicator, hover=hover)), result.indicator.replace("_", "-")
    return figure(drawn, identifier, caption=caption, alt=trajectory_message(words, result), note=note, data=data)


def drawable_lines(words: Wording, domain: str | None) -> list[LineResult]:
    """Return the lines of a domain that can be drawn, in the plan's order: those with a figure or a target."""
    lines = (words.results.lines[name] for name in words.results.scheme.lines_in(domain))
    return [
        result
        for result in lines
        if not result.line.is_composite
        and (result.latest.year is not None or result.line.direction == "interval"
             or not math.isnan(result.line.target_value))
    ]  # fmt: skip


def show_trajectories(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the trajectories of a domain's indicators that have figures of three years or more."""
    lines = [result for result in drawable_lines(words, domain) if result.latest.points >= FEWEST]
    if not lines:
        known = any(result.latest.year is not None for result in drawable_lines(words, domain))
        return paragraph(words.text("empty_trajectories" if known else "empty_chart", n=FEWEST))
    drawn_so = {
        "note_trajectories_held": any(result.line.hold_from is not None for result in lines),
        "note_trajectories_hollow": any(line_of(words, result.indicator).odd.any() for result in lines),
        "note_trajectories_borrowed": any(result.outlook.kind == "borrowed" for result in lines),
    }
    marks = [words.text("note_trajectories"), *(words.text(key) for key, is_drawn in drawn_so.items() if is_drawn)]
    note = words.sentences(*marks, note_breaks(words, lines), note_later(words, lines), phase_note(words))
    drawn = (show_trajectory(words, result.indicator, phases=False) for result in lines)
    return paragraph(note, note=True) + gallery(drawn)

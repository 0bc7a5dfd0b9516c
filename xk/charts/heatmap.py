"""Attainment of all indicators by year, with their status, domain by domain."""

import math
from collections.abc import Sequence
from functools import lru_cache

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from xk.charts.frame import draw_scale, ems, fold, plot_statuses
from xk.charts.marks import TEXT, WIDTH, Margins, draw_field, draw_line, draw_squares, figure_of, new_axes, write_at
from xk.exhibits import Column, Columns, Exhibit, Wording, folded, panels, paragraph
from xk.pipeline.result import LineResult
from xk.theme import GRID, MUTED, ink_on
from xk.vocab import AHEAD_KINDS, language

COLOURS = "cividis"
MAX_YEARS, SHEET = 12, 31  # years, and rows that A4 holds
ROW = {True: 0.26, False: 0.29}  # inches: in wide characters, and in letters
CELL, CELLS = 0.3, 2.84  # inches: of a year, at most, and of all years


Row = tuple[str, str]
Grid = tuple[pd.DataFrame, pd.DataFrame]


def attainment_grid(words: Wording) -> Grid:
    """Return attainment and kind by indicator (rows, all of them in the plan's order) and year (the last twelve).

    A composite indicator has the mean of its parts that are known, as in the summary (see `mean_of_parts`).
    """
    names = ["indicator", "year", "attainment", "kind"]
    yearly = pd.concat([words.results.yearly[names], words.results.composite_years[names]])
    values = yearly.pivot(index="indicator", columns="year", values="attainment").astype(float)
    kinds = yearly.pivot(index="indicator", columns="year", values="kind").astype(object)
    as_of, to = words.results.settings.years()
    first, last = (int(end) for end in (values.columns.min(), values.columns.max())) if len(values) else (as_of, to)
    years = range(max(first, max(to, last) - MAX_YEARS + 1), max(to, last) + 1)
    order = list(words.results.scheme.lines)
    values, kinds = (grid.reindex(index=order, columns=years) for grid in (values, kinds))
    return values, kinds.where(values.notna())


def heatmap_rows(words: Wording) -> list[Row]:
    """Return what stands in each row from the top: (``domain``, its name) or (``indicator``, its name)."""
    scheme = words.results.scheme
    rows: list[Row] = []
    for domain in scheme.domain_names():
        names = list(scheme.lines_in(domain))
        rows += [("domain", domain), *(("indicator", name) for name in names)] if names else []
    return rows


def heatmap_sheets(words: Wording) -> list[list[Row]]:
    """Return the rows in as many even parts as keep each on a page of paper; a domain that goes on is named again."""
    rows = heatmap_rows(words)
    parts = math.ceil(len(rows) / SHEET)
    size = math.ceil(len(rows) / parts)
    sheets, domain = [], ("domain", "")
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        sheets.append([domain, *part] if part[0][0] == "indicator" and domain[1] else part)
        domain = next((row for row in reversed(part) if row[0] == "domain"), domain)
    return sheets


def plot_heatmap(words: Wording, grid: Grid, rows: Sequence[Row] | None = None) -> Axes:
    """Draw the attainment of all indicators by year: full cells are figures, smaller ones in a frame projections.

    Parameters
    ----------
    words : Wording
    grid : pair of DataFrame
        As `attainment_grid` gives it.
    rows : sequence of (str, str), optional
        What stands in each row; all of it if not given.

    Returns
    -------
    Axes
        Collections of squares, row by row: ``figures``, ``projections`` and their ``frames``; ``empty-<indicator>``
        for a line without any figure; marks ``status-<status>``; texts ``name``, ``domain``, ``value``.
    """
    (values, kinds), rows = grid, heatmap_rows(words) if rows is None else rows
    wide = min(CELL * len(values.columns), CELLS)
    margins = Margins(left=max(WIDTH - 0.06 - wide, 1.9), right=0.06, top=0.3, bottom=0.06)
    width = margins.left + wide + margins.right
    axes = new_axes(width, ROW[language(words.lang).wide] * len(rows) + 0.36, margins)
    axes.set_xlim(0, len(values.columns))
    axes.set_ylim(len(rows), 0)
    name_ems = (margins.left * 72 - 20) / TEXT
    for place, (kind, name) in enumerate(rows):
        if kind == "domain":
            _write_domain(axes, words.domain(name), place, margins.left)
        else:
            _write_name(axes, words, place, name, name_ems)
    places = [place for place, (kind, _) in enumerate(rows) if kind == "indicator"]
    lines = [name for kind, name in rows if kind == "indicator"]
    _draw_cells(axes, words, places, values=values.loc[lines], kinds=kinds.loc[lines])
    for place, name in zip(places, lines, strict=True):
        if values.loc[name].isna().all():
            _draw_empty(axes, words, place, name)
    statuses = [words.results.lines[name].status for name in lines]
    beside = -8 / 72 * len(values.columns) / wide
    plot_statuses(axes, [beside] * len(places), [place + 0.5 for place in places], statuses, size=5.5)
    step = 1 if wide / len(values.columns) * 72 > ems("0000") * TEXT else 2  # labels that would touch: every other year
    years = [str(year) if place % step == 0 else "" for place, year in enumerate(values.columns[::-1])][::-1]
    draw_scale(axes, "top", [place + 0.5 for place in range(len(years))], years, marks=False)
    draw_scale(axes, "left", [], [])
    axes.spines[:].set_visible(False)
    return axes


def _write_domain(axes: Axes, name: str, place: int, left: float) -> None:
    write_at(axes, name, (0, place + 0.55), (-72 * left, 0), on="row", va="center", fontsize=TEXT + 0.5, bold=True,
             gid="domain")  # fmt: skip
    draw_line(axes, axes.get_xlim(), [place + 0.98] * 2, color=MUTED, linewidth=0.8, gid="separator")


def _draw_empty(axes: Axes, words: Wording, place: int, name: str) -> None:
    last = axes.get_xlim()[1]
    draw_field(axes, (0.06, last - 0.06), (place + 0.14, place + 0.86), facecolor="none", hatch="////",
               edgecolor=GRID, linewidth=0, gid=f"empty-{name}")  # fmt: skip
    axes.text(last / 2, place + 0.5, words.text("dash"), ha="center", va="center", fontsize=TEXT, color=MUTED)


def _draw_cells(axes: Axes, words: Wording, places: list[int], *, values: pd.DataFrame, kinds: pd.DataFrame) -> None:
    """Draw a square for each known value, the lines in `places`, smaller and framed where it lies ahead."""
    grid, ahead = values.to_numpy(float), kinds.isin(AHEAD_KINDS).to_numpy(bool)
    line, year = np.nonzero(~np.isnan(grid))
    corners = np.column_stack([year, np.array(places)[line]]).astype(float)
    shown, projected = grid[line, year], ahead[line, year]
    colours = np.array([_colours()[min(max(int(256 * value / 100), 0), 255)] for value in shown], dtype=object)
    for gid, which, gap in (("figures", ~projected, 0.03), ("projections", projected, 0.11)):
        draw_squares(axes, corners[which], gap=gap, facecolor=list(colours[which]), linewidth=0, gid=gid)
    draw_squares(axes, corners[projected], gap=0.03, facecolor="none", edgecolor=MUTED, linewidth=0.5,
                 linestyle=(0, (2, 1.5)), gid="frames")  # fmt: skip
    for (x, y), value, colour in zip(corners, shown, colours, strict=True):
        # as a cell has room for it: what falls short of 100 by less than 0.1 is 99.9
        narrow = words.points(value if value >= 100 else min(value, 99.9), 0)
        axes.text(x + 0.5, y + 0.52, narrow, ha="center", va="center", fontsize=TEXT, color=ink_on(colour), gid="value")


@lru_cache(maxsize=1)
def _colours() -> list[str]:
    """Return the 256 colours of the scale; matplotlib copies it whole whenever it is asked for one."""
    return [to_hex(colour) for colour in mpl.colormaps[COLOURS](range(256))]


def _write_name(axes: Axes, words: Wording, place: int, indicator: str, width: float) -> None:
    line = words.results.scheme.lines[indicator]
    inset = 8 if line.parent else 0
    two_lines = fold(words.line(indicator), width - inset / TEXT, lines=2)
    write_at(axes, two_lines, (0, place + 0.5), (inset - width * TEXT - 20, 0), on="row", va="center",
             linespacing=0.98, bold=line.is_composite, gid="name")  # fmt: skip


def show_heatmap(words: Wording) -> Exhibit:
    """Return the heat map of all indicators by year; a sentence where no year has an attainment."""
    values, kinds = attainment_grid(words)
    if values.isna().all(axis=None):
        return paragraph(words.text("empty_heatmap"))
    lines = [result for result in words.results.lines.values() if result.line.counted]
    met = sum(result.distance.attainment >= 100 for result in lines)
    alt = words.text("alt_heatmap", n=len(lines), first=values.columns.min(), last=values.columns.max(), met=met)
    caption = words.stage("caption_heatmap", n=len(lines), met=met, parts=words.parts_in(words.results.lines.values()))
    ahead = words.text("note_heatmap_ahead") if kinds.isin(AHEAD_KINDS).any(axis=None) else ""
    note = words.text("note_heatmap_cells", ahead=ahead)
    show = Columns(words)
    years = (_year(words, values[year], kinds[year]) for year in values.columns)
    columns = [show.line(), show.status(alone=False), *years]
    data = folded(words, [words.results.lines[name] for name in values.index], columns, caption)
    sheets = heatmap_sheets(words)
    drawn = [figure_of(plot_heatmap(words, (values, kinds), rows)) for rows in sheets]
    said = [words.text("alt_sheet", said=alt, n=place, all=len(sheets)) for place in range(1, len(sheets) + 1)]
    return panels(list(zip(drawn, said, strict=True)), "heatmap", caption=caption, note=note, data=data, small=False)


def _year(words: Wording, values: pd.Series, kinds: pd.Series) -> Column:
    """Return the column of one year; projected figures and composites of part of their parts are marked."""
    value, kind, year = values.to_dict(), kinds.to_dict(), int(str(values.name))

    def said(result: LineResult) -> str:
        shown = words.points(value[result.indicator])
        if kind[result.indicator] in AHEAD_KINDS:
            assumed = kind[result.indicator] == "scenario"
            shown = words.text("assumed_value" if assumed else "projected_mark", value=shown)
        return shown + words.parts_known.get((result.indicator, year), "")

    return Column(f"{year}", said, number=True)

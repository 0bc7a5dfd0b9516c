"""What moves the index most: a bar each way for every line."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from xk.charts.frame import draw_legend, draw_scale, drop_scale, fold, label_amounts, name_scale
from xk.charts.index_years import index_levels
from xk.charts.marks import WIDTH, Margins, Style, draw_field, draw_line, figure_of, new_axes, write_at
from xk.contracts.records import Record, records
from xk.exhibits import Columns, Exhibit, Wording, figure, folded, number, paragraph
from xk.exhibits.peer_words import pace_measure
from xk.pipeline.levers import CASES
from xk.theme import GRID, INK, MUTED, SERIES_COLOURS

ROW, MOST = 0.4, 12
LOOKS: dict[str, Style] = {"target": {"facecolor": GRID, "edgecolor": MUTED, "linewidth": 0.5},
         "faster": {"color": SERIES_COLOURS[0], "linewidth": 0},
         "slower": {"color": SERIES_COLOURS[1], "linewidth": 0}}  # fmt: skip


def plot_tornado(words: Wording, rows: pd.DataFrame) -> Axes:
    """Draw by how many points each line alone moves the index.

    Parameters
    ----------
    words : Wording
    rows : DataFrame
        indicator, and target, faster, slower in points, most first.

    Returns
    -------
    Axes
        Bars with the gids ``target``, ``faster``, ``slower``; texts ``name``.
    """
    axes = new_axes(WIDTH, ROW * len(rows) + 1.1, Margins(left=0.2, right=0.2, top=0.08, bottom=0.95))
    points = rows[list(CASES)].fillna(0.0).to_numpy(float)
    low, high = min(points.min(initial=0.0), 0.0), max(points.max(initial=0.0), 1e-6)
    axes.set_xlim(low * 1.05, high * 1.05)
    axes.set_ylim(len(rows) - 0.6, -0.85)
    draw_line(axes, [0, 0], axes.get_ylim(), color=GRID, linewidth=0.8, gid="zero")
    named: set[str] = set()
    for place, moved in enumerate(points.tolist()):
        for case, value in zip(CASES, moved, strict=True):
            half = 0.2 if case == "target" else 0.11
            label = words.text(f"legend_{case}_alone") if case not in named else None
            look: Style = {**LOOKS[case], "gid": case, "label": label}
            if value:
                named.add(case)
                draw_field(axes, (0, value), (place - half, place + half), **look)
    for place, row in enumerate(records(rows)):
        write_at(axes, fold(words.line(row["indicator"]), 34.0, lines=1), (0.0, place), (1, 9), on="row", gid="name")
    drop_scale(axes, "left")
    label_amounts(axes, words, words.text("axis_points"))
    draw_legend(axes, below=0.42)
    return axes


def show_tornado(words: Wording, levers: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return what moves the index most, that of a domain or the total.

    Parameters
    ----------
    words : Wording
        Of the reference.
    levers : DataFrame
        As `xk.pipeline.levers.build_tornado` gives it for the same domain.
    domain : str, optional
    """
    level = "_domain" if domain else ""
    rows = levers.assign(**{case: levers[f"{case}{level}"] for case in CASES})
    rows = rows[(rows[list(CASES)].fillna(0) != 0).any(axis=1)]
    name = words.level(domain or "total")
    if rows.empty:
        return paragraph(words.text("empty_tornado", level=name))
    shown = rows.head(MOST)
    first = records(shown)[0]
    points, show = number(first["target"], words.lang, decimals=2), Columns(words)
    said = {"level": name, "name": words.line(first["indicator"]), "n": len(shown), "points": points}
    caption, alt = (words.text(f"{key}_tornado", **said) for key in ("caption", "alt"))
    columns = [
        show.line(),
        show.text("column_rests_on", lambda row: words.text(f"lever_{row['basis']}")),
        show.points("column_attainment", "attainment"),
        show.number("column_step", lambda row: _step(words, row)),
        *(show.share(f"legend_{case}_alone", case, signed=True, decimals=2) for case in CASES),
    ]
    data = folded(words, rows, columns, caption)
    return figure(figure_of(plot_tornado(words, shown)), "tornado", caption=caption, alt=alt,
                  note=words.text("note_tornado"), data=data)  # fmt: skip


def _step(words: Wording, row: Record) -> str:
    if pd.isna(row["step"]):
        return words.text("dash")
    line = words.results.line(row["indicator"]).line
    size = number(row["step"], words.lang, decimals=2)
    return words.text("with_measure", value=size, measure=pace_measure(words, line, row["measure"]))


def plot_index_beside(worded: Sequence[Wording]) -> Axes:
    """Draw the index of the target year, by domain and in total, in the reference and under each scenario.

    Returns
    -------
    Axes
        A bar each with the gid ``bar-<level>-<place>``, its 80 % band where it is known ``band-<level>-<place>``.
    """
    words, levels = worded[0], known_levels(worded)
    bands = [one.results.index_band.set_index("level").reindex(levels) for one in worded]
    height = 0.16 * len(worded) + 0.24
    axes = new_axes(WIDTH, height * len(levels) + 0.55, Margins(left=1.3, right=0.75, top=0.06, bottom=0.42))
    axes.set_xlim(0, 100)
    axes.set_ylim(len(levels) - 0.5, -0.5)
    wide = 0.72 / len(worded)
    for place, (level, at) in enumerate((level, at) for level in range(len(levels)) for at in range(len(worded))):
        row, middle = bands[at].iloc[level], level - 0.36 + wide * (at + 0.5)
        value, colour = float(row["value"]), MUTED if at == 0 else SERIES_COLOURS[(at - 1) % len(SERIES_COLOURS)]
        if np.isnan(value):
            continue
        ends = middle - wide * 0.42, middle + wide * 0.42
        draw_field(axes, (0, value), ends, color=colour, alpha=0.75, linewidth=0, gid=f"bar-{levels[level]}-{at}")
        if not np.isnan(row["lo80"]):
            draw_line(axes, [row["lo80"], row["hi80"]], [middle, middle], color=INK, linewidth=1.1,
                      gid=f"band-{levels[level]}-{at}")  # fmt: skip
        write_at(axes, words.points(value), (1.0, middle), (4, 0), on="row", va="center", gid=f"value-{place}")
    draw_scale(axes, "left", range(len(levels)), [fold(words.level(one), 9.0, lines=1) for one in levels], marks=False)
    draw_scale(axes, "bottom", [0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
    name_scale(axes, words.text("axis_attainment"), across="left")
    return axes


def known_levels(worded: Sequence[Wording]) -> list[str]:
    """Return the levels whose index of the target year is known in the reference or under a scenario."""
    frames = [one.results.index_band for one in worded]
    known = {level for frame in frames for level in frame.loc[frame["value"].notna(), "level"]}
    return [level for level in index_levels(worded[0]) if level in known]


def show_index_beside(worded: Sequence[Wording]) -> Exhibit:
    """Return the index of the target year in the reference and under each scenario, with its bands where known."""
    words, levels = worded[0], known_levels(worded)
    year = words.results.scheme.target_year
    if not levels:
        return paragraph(words.text("empty_index_beside", year=year))
    said = []
    for one in worded:
        rows = (row for row in records(one.results.index_band) if not pd.isna(row["value"]))
        values = words.listed(f"{words.level(row['level'])} {words.points(row['value'])}" for row in rows)
        said.append(words.text("alt_outcome", title=one.scenario_title(), value=values or words.text("dash")))
    known = any(one.results.index_band["lo80"].notna().any() for one in worded)
    withheld = words.listed(words.level(one) for one in index_levels(words) if one not in levels)
    without = words.text("index_withheld", levels=withheld) if withheld else ""
    note = words.sentences(words.text("note_index_band" if known else "note_index_band_none"), without)
    drawn, caption = figure_of(plot_index_beside(worded)), words.text("caption_scenario_index", year=year)
    return figure(drawn, "index-beside", caption=caption, alt=words.several(said), note=note)

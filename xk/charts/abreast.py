"""Paths abreast in one chart: of several regions, or of one under several methods, on any scale."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from xk.charts.frame import apart_at_edge, draw_scale, ems, fold, label_ticks, label_years, short_value, value_limits
from xk.charts.marks import TEXT, Margins, draw_hover, draw_interval, draw_line, figure_of, new_axes, write_at
from xk.exhibits import Columns, Exhibit, Wording, figure, folded, paragraph
from xk.pipeline.scaled import Scaled
from xk.theme import MUTED, SERIES_COLOURS, STATUS_COLOURS
from xk.vocab import KINDS

WIDTH, HEIGHT = 6.6, 3.8
MARGINS = Margins(left=0.62, right=1.72, top=0.34, bottom=0.34)
LOG_STEPS = (1.0, 2.0, 5.0)


def plot_abreast(words: Wording, paths: Mapping[str, Scaled]) -> Axes:
    """Draw paths in one chart, each in a colour of its own with its name at its end.

    Parameters
    ----------
    words : Wording
    paths : mapping of Scaled
        Name -> path, all of one scale.

    Returns
    -------
    Axes
        gids ``seen-1``, ``ahead-1``, ``band-80``, ``target``; texts ``label-1``, ``unit``.
    """
    first, axes = next(iter(paths.values())), new_axes(WIDTH, HEIGHT, MARGINS)
    is_log, is_alone = first.scale == "log", len(paths) == 1
    scaled = {name: _logged(path) if is_log else path for name, path in paths.items()}
    years = np.concatenate([path.year for path in scaled.values()])
    axes.set_xlim(years.min() - 0.5, years.max() + 0.5)
    ends = [np.ravel(list(path.ends.values())) for path in scaled.values()] if is_alone else []
    targets = {path.target for path in scaled.values() if not math.isnan(path.target)}
    goals = list(targets) if len(targets) == 1 else []  # of indices each region has a target of its own
    axes.set_ylim(*value_limits(np.concatenate([*(path.value for path in scaled.values()), *ends, goals]), room=0.08))
    for goal in goals:
        draw_line(axes, axes.get_xlim(), [goal, goal], color=STATUS_COLOURS["achieved"], linewidth=1.6, gid="target")
    for place, path in reversed(list(enumerate(scaled.values()))):
        _plot_path(axes, path, place, with_bands=is_alone)
    for name, path in paths.items():
        said = [f"{name} {year:.0f}: {scale_value(words, path, value)}" + _kind(words, kind)
                for year, value, kind in zip(path.year, path.value, path.kind, strict=True)]  # fmt: skip
        draw_hover(axes, scaled[name].year, scaled[name].value, said)
    _label_values(axes, words, is_log=is_log)
    label_years(axes, float(years.min()), float(years.max()))
    write_at(axes, scale_unit(words, first), (0, 1), (-34, 10), on="axes", color=MUTED, gid="unit")
    _label_ends(axes, words, paths, scaled)
    return axes


def _logged(path: Scaled) -> Scaled:
    ends = {level: (np.log10(low), np.log10(high)) for level, (low, high) in path.ends.items()}
    target = math.log10(path.target) if path.target > 0 else math.nan
    return replace(path, value=np.log10(path.value), ends=ends, target=target)


def _kind(words: Wording, kind: object) -> str:
    return "" if kind == KINDS[0] else words.bracketed(words.kind(kind))


def scale_value(words: Wording, path: Scaled, value: float) -> str:
    """Return a value on a scale in words: one that is as it was given as it stands, others with one decimal more."""
    result = words.results.line(path.indicator)
    decimals = 1
    if path.scale in ("value", "log", "current_prices"):
        decimals = words.decimals(result)
    elif path.scale == "change":
        decimals = words.change_decimals(value, result)
    return short_value(words, value, decimals)


def scale_unit(words: Wording, path: Scaled) -> str:
    """Return what is measured along the axis."""
    line = words.results.line(path.indicator).line
    if path.scale == "index":
        return words.text("unit_index", year=f"{path.year[0]:.0f}")
    if path.scale == "target_share":
        return words.text("unit_target_share")
    if path.scale == "current_prices":
        return words.measure(line, priced=False) + words.bracketed(words.text("scale_current_prices"))
    return words.change_measure(line) if path.scale == "change" else words.measure(line)


def _plot_path(axes: Axes, path: Scaled, place: int, *, with_bands: bool) -> None:
    colour = SERIES_COLOURS[place % len(SERIES_COLOURS)]
    dash = (0, (4, 2)) if place < len(SERIES_COLOURS) else (0, (1, 1.5))
    seen = ~path.ahead
    for level, (low, high) in sorted(path.ends.items(), reverse=True) if with_bands else ():
        known = path.ahead & ~np.isnan(low)
        if known.any():
            alpha = 0.28 if level <= 80 else 0.14
            draw_interval(axes, level, path.year[known], low[known], high[known], color=colour, alpha=alpha)
    ahead = np.concatenate([np.flatnonzero(seen)[-1:], np.flatnonzero(path.ahead)])
    if path.ahead.any():
        draw_line(axes, path.year[ahead], path.value[ahead], color=colour, linewidth=1.7, linestyle=dash,
                  gid=f"ahead-{place + 1}")  # fmt: skip
    draw_line(axes, path.year[seen], path.value[seen], color=colour, linewidth=1.7, marker="o", markersize=3.6,
              gid=f"seen-{place + 1}")  # fmt: skip


def _label_values(axes: Axes, words: Wording, *, is_log: bool) -> None:
    if not is_log:
        label_ticks(axes, words, "left")
        return
    low, high = axes.get_ylim()
    powers = range(math.floor(low), math.ceil(high) + 1)
    values = [step * 10.0**power for power in powers for step in (LOG_STEPS if high - low < 2.5 else (1.0,))]
    if high - low < 0.5:
        values = [step * 10.0**power / 10 for power in powers for step in range(10, 100, 5 if high - low > 0.2 else 2)]
    inside = [value for value in values if low <= math.log10(value) <= high]
    said = [short_value(words, value, None) for value in inside]
    draw_scale(axes, "left", [math.log10(value) for value in inside], said)


def _label_ends(axes: Axes, words: Wording, paths: Mapping[str, Scaled], scaled: Mapping[str, Scaled]) -> None:
    """Write name and last value of each path at the right edge, apart from each other."""
    ends = [path.value[~np.isnan(path.value)][-1:] for path in scaled.values()]
    known = [place for place, end in enumerate(ends) if end.size]
    heights = apart_at_edge(axes, [float(ends[place][0]) for place in known], 11.5)
    names = list(paths)
    room = (MARGINS.right - 0.1) * 72 / TEXT
    for place, height in zip(known, heights, strict=True):
        path = paths[names[place]]
        value = scale_value(words, path, float(path.value[~np.isnan(path.value)][-1]))
        name = fold(names[place], room - ems(value) - 0.6, lines=1)
        colour = SERIES_COLOURS[place % len(SERIES_COLOURS)]
        write_at(axes, f"{name} {value}", (1.0, height), (6, 0), on="row", bold=place == 0, va="center", color=colour,
                 gid=f"label-{place + 1}")  # fmt: skip


def show_abreast(words: Wording, paths: Mapping[str, Scaled], *, caption: str) -> Exhibit:
    """Return paths in one chart, with their figures year by year.

    Parameters
    ----------
    words : Wording
        Of the first path.
    paths : mapping of Scaled
        Name -> path, all of one line and scale.
    caption, note : str
    """
    known = {name: path for name, path in paths.items() if path.year.size}
    if not known:
        return paragraph(words.text("reason_no_figure"))
    missing = words.listed(name for name in paths if name not in known)
    empty = words.text("note_abreast_missing", names=missing) if missing else ""
    axes = plot_abreast(words, known)
    ends = [(name, f"{path.year[-1]:.0f}", scale_value(words, path, path.value[-1])) for name, path in known.items()]
    alt = words.several(words.text("abreast_ends", name=name, year=year, value=value) for name, year, value in ends)
    data = _data(words, known, caption)
    return figure(figure_of(axes), "abreast", caption=caption, alt=alt, note=empty, data=data)


def _data(words: Wording, paths: Mapping[str, Scaled], caption: str) -> Exhibit | None:
    rows = pd.DataFrame([
        {"name": name, "region": path.region, "indicator": path.indicator, "year": int(year), "value": value,
         "published": raw, "kind": kind}
        for name, path in paths.items()
        for year, value, raw, kind in zip(path.year, path.value, path.raw, path.kind, strict=True)
    ])  # fmt: skip
    show = Columns(words)
    columns = [
        show.group(lambda row: row["name"]),
        show.year("column_year", head=True),
        show.number("column_value", lambda row: scale_value(words, paths[row["name"]], row["value"])),
        show.text("column_kind", lambda row: words.kind(row["kind"])),
    ]
    return folded(words, rows, columns, caption)

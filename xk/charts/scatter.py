"""Two indicators against each other, the years of each region joined as a path."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from xk.charts.frame import fold, label_ticks, name_scale, short_value, value_limits
from xk.charts.marks import Margins, draw_dots, draw_hover, draw_line, figure_of, new_axes, write_at
from xk.contracts.records import records
from xk.exhibits import Columns, Exhibit, Wording, figure, folded, paragraph
from xk.pipeline.scaled import Scaled
from xk.theme import MUTED, PAPER, SERIES_COLOURS

WIDTH, HEIGHT = 6.6, 4.6
MARGINS = Margins(left=0.66, right=0.3, top=0.62, bottom=0.56)
TITLE_EMS = 44.0

Pair = tuple[Scaled, Scaled]


def plot_scatter(words: Wording, pairs: Mapping[str, Pair]) -> Axes:
    """Draw the values of two lines against each other, a path through the years for each region.

    Parameters
    ----------
    words : Wording
    pairs : mapping of pairs of Scaled
        Name of the region -> its paths along and up.

    Returns
    -------
    Axes
        gids ``seen-1``, ``ahead-1``, ``first-1``; texts ``label-1`` (name and last year), ``from-1`` (first year).
    """
    axes, tables = new_axes(WIDTH, HEIGHT, MARGINS), {name: _both(pair) for name, pair in pairs.items()}
    whole = pd.concat(tables.values())
    axes.set_xlim(*value_limits(whole["x"].tolist(), room=0.08))
    axes.set_ylim(*value_limits(whole["y"].tolist(), room=0.08))
    for place, (name, table) in reversed(list(enumerate(tables.items()))):
        _plot_way(axes, table, place, name)
    across, up = next(iter(pairs.values()))
    for name, table in tables.items():
        said = [f"{name} {row['year']}: {_figure(words, across, row['x'])}, {_figure(words, up, row['y'])}"
                for row in records(table)]  # fmt: skip
        draw_hover(axes, table["x"], table["y"], said)
    for side in ("bottom", "left"):
        label_ticks(axes, words, side)
    name_scale(axes, _titled(words, across))
    title = fold("↑ " + _titled(words, up), TITLE_EMS, lines=2)
    write_at(axes, title, (0, 1), (-38, 12), on="axes", color=MUTED, gid="up")
    return axes


def _both(pair: Pair) -> pd.DataFrame:
    """Return year, x, y and whether both are seen, of the years in which both are known."""
    x, y = (pd.DataFrame({"year": one.year.astype(int), "value": one.value, "seen": ~one.ahead}) for one in pair)
    both = x.merge(y, on="year", suffixes=("_x", "_y"))
    seen = both["seen_x"] & both["seen_y"]
    return pd.DataFrame({"year": both["year"], "x": both["value_x"], "y": both["value_y"], "seen": seen})


def _figure(words: Wording, path: Scaled, value: float) -> str:
    return short_value(words, value, words.decimals(words.results.line(path.indicator)))


def _titled(words: Wording, path: Scaled) -> str:
    line = words.results.line(path.indicator).line
    return words.names[path.indicator] + words.bracketed(words.measure(line))


def _plot_way(axes: Axes, table: pd.DataFrame, place: int, name: str) -> None:
    colour = SERIES_COLOURS[place % len(SERIES_COLOURS)]
    seen = table[table["seen"]]
    ahead = table[~table["seen"] | (table["year"] == (seen["year"].max() if len(seen) else 0))]
    if len(ahead) > 1:
        draw_line(axes, ahead["x"], ahead["y"], color=colour, linewidth=1.4, linestyle=(0, (4, 2)),
                  gid=f"ahead-{place + 1}")  # fmt: skip
    draw_line(axes, seen["x"], seen["y"], color=colour, linewidth=1.4, marker="o", markersize=3.8,
              gid=f"seen-{place + 1}")  # fmt: skip
    first, last = table.iloc[0], table.iloc[-1]
    draw_dots(axes, [first["x"]], [first["y"]], "o", 5.5, markerfacecolor=PAPER, color=colour,
              markeredgewidth=1.4, gid=f"first-{place + 1}")  # fmt: skip
    at = (first["x"], first["y"])
    write_at(axes, f"{first['year']}", at, (0, 6), ha="center", color=MUTED, gid=f"from-{place + 1}")
    write_at(axes, f"{name} {last['year']}", (last["x"], last["y"]), (0, 7), ha="center", color=colour,
             bold=place == 0, gid=f"label-{place + 1}")  # fmt: skip


def show_scatter(words: Wording, pairs: Mapping[str, Pair]) -> Exhibit:
    """Return two lines against each other; regions without years in which both are known are named below."""
    known = {name: pair for name, pair in pairs.items() if len(_both(pair))}
    across, up = next(iter(pairs.values()))
    names = {"across": words.names[across.indicator], "up": words.names[up.indicator]}
    if not known:
        return paragraph(words.text("empty_scatter", **names))
    missing = words.listed(name for name in pairs if name not in known)
    caption = words.text("caption_scatter", **names)
    ends = {name: _both(pair).iloc[-1] for name, pair in known.items()}
    said = [words.text("scatter_end", name=name, year=int(row["year"]), x=_figure(words, across, row["x"]),
                       y=_figure(words, up, row["y"])) for name, row in ends.items()]  # fmt: skip
    without = words.text("note_abreast_missing", names=missing) if missing else ""
    note = words.sentences(words.text("note_scatter"), without)
    alt, data = words.several(said), _data(words, known, caption)
    return figure(figure_of(plot_scatter(words, known)), "scatter", caption=caption, alt=alt, note=note, data=data)


def _data(words: Wording, pairs: Mapping[str, Pair], caption: str) -> Exhibit | None:
    rows = pd.concat([_both(pair).assign(region=name) for name, pair in pairs.items()], ignore_index=True)
    across, up = next(iter(pairs.values()))
    show = Columns(words)
    columns = [
        show.group(lambda row: row["region"]),
        show.year("column_year", head=True),
        show.number("scatter_x", lambda row: _figure(words, across, row["x"]), name=words.names[across.indicator]),
        show.number("scatter_x", lambda row: _figure(words, up, row["y"]), name=words.names[up.indicator]),
        show.text("column_kind", lambda row: words.kind("observed" if row["seen"] else "projected")),
    ]
    kept = rows.replace({np.nan: None}).rename(columns={"x": across.indicator, "y": up.indicator})
    shown = folded(words, rows, columns, caption)
    return None if shown is None else Exhibit(shown.html, shown.plain, kept)

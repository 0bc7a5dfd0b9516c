"""The index of each domain and in total."""

import pandas as pd
from matplotlib.axes import Axes

from xk.charts.frame import draw_scale, name_scale
from xk.charts.ground import ems
from xk.charts.marks import TEXT, draw_field, draw_line, write_at
from xk.charts.sheet import WIDTH, Margins, figure_of, new_axes
from xk.exhibits import Column, Exhibit, figure, table
from xk.exhibits.columns import Columns, folded
from xk.exhibits.wording import Wording
from xk.theme import INK, SERIES_COLOURS, STATUS_COLOURS

ROW = 0.36


def index_levels(words: Wording) -> list[str]:
    """Return the levels of the index in the order in which they are drawn: domains, then the total."""
    return [*words.results.scheme.domain_names(), "total"]


def plot_index(words: Wording) -> Axes:
    """Draw the index of each domain and the total as bars; paler where less of the weight has figures.

    Returns
    -------
    Axes
        One bar a level with its name as gid, ``target`` at 100, texts ``value``.
    """
    index, order = words.results.index, index_levels(words)
    rows = index[index["basis"] == "latest"].set_index("level").reindex(order)
    names = [words.level(level) for level in order]
    margins = Margins(left=max(map(ems, names)) * TEXT / 72 + 0.12, right=0.15, top=0.06, bottom=0.42)
    axes = new_axes(WIDTH, ROW * len(rows) + 0.48, margins)
    axes.set_ylim(len(order) - 0.5, -0.5)
    draw_line(axes, [100, 100], axes.get_ylim(), color=STATUS_COLOURS["achieved"], linewidth=1.4, gid="target")
    said = [
        words.text("index_with_coverage", value=words.points(float(str(row.value))),
                   coverage=words.share(float(str(row.coverage))))
        for row in rows.itertuples()
    ]  # fmt: skip
    for place, (level, row) in enumerate(rows.iterrows()):
        _draw_bar(axes, (place, str(level)), row, said[place])
    inches = WIDTH - margins.left - margins.right
    axes.set_xlim(0, 100 * inches / (inches - max(map(ems, said)) * TEXT / 72 - 0.1))
    draw_scale(axes, "left", range(len(order)), names, marks=False)
    draw_scale(axes, "bottom", [0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
    name_scale(axes, words.text("axis_attainment"), across="left")
    return axes


def _draw_bar(axes: Axes, at: tuple[int, str], row: pd.Series, said: str) -> None:
    place, level = at
    value = 0.0 if pd.isna(row["value"]) else float(row["value"])
    alpha = 0.3 + 0.7 * (0.0 if pd.isna(row["coverage"]) else float(row["coverage"]) / 100)
    colour = INK if level == "total" else SERIES_COLOURS[0]
    draw_field(axes, (0, value), (place - 0.29, place + 0.29), color=colour, alpha=alpha, linewidth=0, gid=level)
    write_at(axes, said, (max(value, 100.0), place), (5, 0), va="center", gid="value")


def show_index(words: Wording) -> Exhibit:
    """Return the chart of the index by domain."""
    index = words.results.index
    rows = index[index["basis"] == "latest"]
    said = [f"{words.level(str(row.level))} {words.points(float(str(row.value)))}" for row in rows.itertuples()]
    alt = words.text("alt_index", values=words.text("list_separator").join(said))
    caption, note, show = words.text("caption_index_chart"), words.text("note_index_chart"), Columns(words)
    columns = [show.level(), show.points("column_index", "value"), show.points("column_coverage", "coverage")]
    data = folded(words, rows, columns, caption)
    return figure(figure_of(plot_index(words)), "index", caption=caption, alt=alt, note=note, data=data)


def _target_beside(words: Wording, show: Columns) -> list[Column]:
    """Return, under a scenario, the column of the index that the reference comes to in the target year."""
    if words.beside is None:
        return []
    old = words.beside.results.index_pair.set_index("level")["target"].to_dict()
    return [show.number("column_reference", lambda row: words.points(old[row["level"]]))]


def table_index(words: Wording) -> Exhibit:
    """Return the index of each domain and in total; now and in the target year over the same indicators."""
    results = words.results
    latest = results.index[results.index["basis"] == "latest"].set_index("level")[["value", "coverage"]]
    rows = results.index_pair.join(latest.rename(columns={"coverage": "latest_coverage"}), on="level")
    show = Columns(words)
    columns = [show.level(), show.points("column_index", "value"), show.points("column_coverage", "latest_coverage")]
    note = words.text(f"note_index_{results.scheme.weights}")
    if not results.is_final:
        columns += _same_now_and_then(words, show)
        note += words.text("note_index_pair")
    return table(rows, columns, "index", caption=words.text("caption_index"), note=note)


def _same_now_and_then(words: Wording, show: Columns) -> list[Column]:
    """Return the columns of the index over the same indicators, now and in the target year."""
    return [
        show.points("column_same_now", "latest"),
        show.points("column_same_target", "target", year=words.results.scheme.target_year),
        *_target_beside(words, show),
        show.share("column_same_change", "change", signed=True),
        show.points("column_same_coverage", "coverage"),
    ]

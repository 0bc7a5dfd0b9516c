"""The index of each domain and in total."""

import pandas as pd
from matplotlib.axes import Axes

from xk.charts.frame import draw_scale, ems, name_scale
from xk.charts.marks import TEXT, WIDTH, Margins, draw_field, draw_line, figure_of, new_axes, write_at
from xk.contracts.records import Record, records
from xk.exhibits import Column, Columns, Exhibit, Wording, figure, folded, number, table
from xk.exhibits.index_words import level_title, why_withheld
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
    names = [_name(words, row) for row in records(rows.reset_index())]
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
        if pd.isna(row["value"]):
            write_at(axes, said[place], (100.0, place), (5, 0), va="center", gid="value")
            continue
        _draw_bar(axes, (place, str(level)), row, said[place])
    inches = WIDTH - margins.left - margins.right
    axes.set_xlim(0, 100 * inches / (inches - max(map(ems, said)) * TEXT / 72 - 0.1))
    draw_scale(axes, "left", range(len(order)), names, marks=False)
    draw_scale(axes, "bottom", [0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
    name_scale(axes, words.text("axis_attainment"), across="left")
    return axes


def _draw_bar(axes: Axes, at: tuple[int, str], row: pd.Series, said: str) -> None:
    place, level = at
    value, alpha = float(row["value"]), 0.3 + 0.7 * float(row["coverage"]) / 100
    colour = INK if level == "total" else SERIES_COLOURS[0]
    draw_field(axes, (0, value), (place - 0.29, place + 0.29), color=colour, alpha=alpha, linewidth=0, gid=level)
    write_at(axes, said, (max(value, 100.0), place), (5, 0), va="center", gid="value")


def _name(words: Wording, row: Record) -> str:
    """Return the name of a level beside others: a domain's own, or what the index over all of them is called."""
    return level_title(words, row) if row["level"] == "total" else words.domain(row["level"])


def show_index(words: Wording) -> Exhibit:
    """Return the chart of the index by domain; nothing where all of them are withheld."""
    index = words.results.index
    rows = index[index["basis"] == "latest"]
    if rows["value"].isna().all():
        return Exhibit("")
    said = [f"{_name(words, row)} {words.points(row['value'])}" for row in records(rows)]
    alt = words.text("alt_index", values=words.text("list_separator").join(said))
    caption, note, show = _finding(words, rows), words.text("note_index_chart"), Columns(words)
    columns = [_level(words), show.points("column_index", "value"), show.points("column_coverage", "coverage")]
    data = folded(words, rows, columns, caption)
    return figure(figure_of(plot_index(words)), "index", caption=caption, alt=alt, note=note, data=data)


def _finding(words: Wording, rows: pd.DataFrame) -> str:
    """Return which domains stand highest and lowest; just what is shown where that cannot be told."""
    known = rows[(rows["level"] != "total") & rows["value"].notna()].sort_values("value", kind="stable")
    if len(known) < 2 or known["value"].iloc[0] == known["value"].iloc[-1]:
        return words.text("caption_index_chart")
    ends = records(known.iloc[[0, -1]])
    (low, least), (high, most) = ((words.domain(row["level"]), words.points(row["value"])) for row in ends)
    return words.text("caption_index_range", high=high, most=most, low=low, least=least)


def _level(words: Wording) -> Column:
    return Columns(words).text("column_domain", lambda row: _name(words, row), head=True)


def _target_beside(words: Wording, show: Columns) -> list[Column]:
    """Return, under a scenario, the column of the index that the reference comes to in the target year."""
    if words.beside is None:
        return []
    old = words.beside.results.index_pair.set_index("level")["target"].to_dict()
    return [show.number("column_reference", lambda row: words.points(old[row["level"]]))]


def table_index(words: Wording) -> Exhibit:
    """Return the index of each domain and in total; now and in the target year over the same indicators, where known.

    What is withheld has its reason in its place.
    """
    results, show = words.results, Columns(words)
    parts = results.contributions
    parts = parts[(parts["level"] == "total") & (parts["basis"] == "latest")]
    used = parts["used_weight"]
    weights = used.groupby(parts["domain"]).sum(min_count=1).to_dict() | {"total": used.sum(min_count=1)}
    pair = {row["level"]: row for row in records(results.index_pair)}
    rows = records(results.index[results.index["basis"] == "latest"])
    rows = [row | {"used": weights[row["level"]], "pair": pair[row["level"]]} for row in rows]
    columns = [
        _level(words),
        show.points("column_index", "value"),
        show.points("column_coverage", "coverage"),
        show.count("column_index_indicators", "indicators"),
        show.share("column_used_weight", "used"),
    ]
    if any(row["reason"] for row in rows):
        columns.append(show.text("column_why_withheld", lambda row: why_withheld(words, row) or words.text("dash")))
    note = words.text(f"note_index_{results.scheme.weights}")
    if results.is_final:
        return table(rows, columns, "index", caption=words.text("caption_index"), note=note)
    if any(not row["reason"] for row in pair.values()):
        columns += _pair_columns(words)
        note += words.text("note_index_pair")
    else:
        note += words.text("note_index_pair_none", year=results.scheme.target_year)
    return table(rows, columns, "index", caption=words.text("caption_index"), note=note)


def _pair_columns(words: Wording) -> list[Column]:
    show, year = Columns(words), words.results.scheme.target_year
    return [
        show.number("column_same_now", lambda row: words.points(row["pair"]["latest"])),
        show.number("column_same_target", lambda row: words.points(row["pair"]["target"]), year=year),
        *_target_beside(words, show),
        show.number(
            "column_same_change", lambda row: number(row["pair"]["change"], words.lang, decimals=1, signed=True)
        ),
        show.number("column_same_coverage", lambda row: words.points(row["pair"]["coverage"])),
    ]

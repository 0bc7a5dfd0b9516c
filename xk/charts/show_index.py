"""The charts of the index as exhibits."""

from __future__ import annotations

from xk.charts.data import folded, share_of
from xk.charts.ground import figure_of
from xk.charts.index import plot_index
from xk.exhibits import Column, Exhibit, figure, number
from xk.wording import Wording


def show_index(words: Wording) -> Exhibit:
    """Return the chart of the index by domain."""
    index = words.results.index
    rows = index[index["basis"] == "latest"]
    said = [f"{words.level(str(row.level))} {number(row.value, words.lang, decimals=1)}" for row in rows.itertuples()]
    alt = words.text("alt_index", values=words.text("list_separator").join(said))
    caption = words.text("caption_index_chart")
    columns = [
        Column(words.text("column_domain"), lambda row: words.level(row["level"]), head=True),
        share_of(words, words.text("column_index"), "value"),
        share_of(words, words.text("column_coverage"), "coverage"),
    ]
    data = folded(words, rows, columns, caption)
    note = words.text("note_index_chart")
    return figure(figure_of(plot_index(words)), "index", caption=caption, alt=alt, note=note, data=data)

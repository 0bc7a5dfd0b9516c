"""The figures of one indicator with where each is from: publication, release, and cell of a user's file."""

from xk.contracts.records import records, text_of
from xk.exhibits import Columns, Exhibit, Wording
from xk.readers import Store


def table_evidence(words: Wording, store: Store, indicator: str) -> Exhibit:
    """Return every figure of one indicator, those too that came after the last known year, the newest first."""
    name = words.results.line(indicator).indicator
    titles = dict(zip(store.sources["source_id"], store.sources["title"], strict=True))
    cells = {} if store.own is None else {
        (row["series"], row["year"]): f"{row['file']} {text_of(row['cell'])}" for row in records(store.own.frame)
    }  # fmt: skip
    rows = [
        {**row, "later": later, "cell": cells.get((row["series"], row["year"]), "")}
        for frame, later in ((words.results.later, True), (words.results.history, False))
        for row in records(frame[frame["indicator"] == name].sort_values("year", ascending=False))
    ]

    def source(row: dict[str, object]) -> str:
        named = [titles.get(one, one) for one in text_of(row["source_id"]).split(";") if one]
        return words.text("office_separator").join(map(str, named)) or words.text("dash")

    show = Columns(words)
    columns = [
        show.year("column_year", head=True),
        show.number("column_value", lambda row: words.given(row["value"])),
        show.text("column_kind", lambda row: words.text("legend_later") if row["later"] else words.kind(row["kind"])),
        show.text("column_source", source),
        show.text("column_vintage", lambda row: text_of(row["vintage"]) or words.text("dash")),
        show.text("column_series", lambda row: str(row["series"])),
        *([show.text("column_cell", lambda row: row["cell"] or words.text("dash"))] if cells else []),
    ]
    shown = ["indicator", "year", "value", "kind", "source_id", "vintage", "series", "cell"]
    table = show.table("evidence", rows, columns, empty=True, name=words.names[name])
    kept = [{column: row[column] for column in shown} for row in rows]
    return Exhibit(table.html, table.plain, kept, table.parts)

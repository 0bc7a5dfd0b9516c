"""One indicator: year by year beside the planned path, by projection method, and where each figure is from."""

from collections.abc import Mapping

import pandas as pd

from xk.contracts.records import records, text_of
from xk.exhibits import Columns, Exhibit, Wording, table
from xk.pipeline.result import LineResult
from xk.readers import Store


def table_path(words: Wording, indicator: str) -> Exhibit:
    """Return the figures of one indicator year by year, observed and projected, beside the planned path."""
    result, level = words.results.line(indicator), words.results.settings.levels[0]

    show = Columns(words)
    columns = [
        show.year("column_year", head=True),
        show.number("column_value", lambda year: words.value(year["value"], result)),
        show.text("column_kind", lambda year: words.kind(year["kind"])),
        show.interval(level, lambda year, end: words.value(year[end], result)),
        show.number("column_planned", lambda year: words.planned(year["planned_value"], result)),
        show.number("column_plan_gap", lambda year: words.planned(year["plan_gap"], result, signed=True)),
        show.points("column_score", "score"),
    ]
    name, measure = words.names[result.indicator], words.measure(result.line)
    caption, note = words.text("caption_path", name=name, measure=measure), words.text("note_path")
    path, empty = words.results.path(indicator), words.text("reason_no_figure")
    return table(path, columns, "path", caption=caption, note=note, empty=empty)


def table_methods(words: Wording, by_method: Mapping[str, LineResult]) -> Exhibit:
    """Return what each projection method makes of one indicator.

    Parameters
    ----------
    words : Wording
    by_method : mapping of LineResult
        Its results by method, of those that `xk.bench.by_method` gives.
    """
    line = next(iter(by_method.values())).line
    year = line.target_year or words.results.settings.years()[1]
    show = Columns(words)
    columns = [
        show.text("fact_method", lambda row: words.text(f"method_{row['method']}"), head=True),
        show.number("column_projected", lambda row: words.projected(row["result"]), year=year),
        show.number("column_probability", lambda row: words.odds(row["result"].outlook.probability)),
        show.number("column_year_reached", lambda row: words.reached(row["result"].outlook)),
        show.status(),
    ]
    rows = [{"method": name, "result": result, "status": result.status} for name, result in by_method.items()]
    return show.table("methods", rows, columns, note=True, name=words.names[line.indicator])


def table_weights(words: Wording, weights: pd.DataFrame) -> Exhibit:
    """Return which rules the automatic combination weighs how, and how well each did before.

    Parameters
    ----------
    words : Wording
    weights : DataFrame
        As `xk.bench.weights_of` gives it.
    """
    show = Columns(words)
    columns = [
        show.word("column_family", "family", "family", head=True),
        show.number("column_rule_weight", lambda row: words.share(100 * row["weight"])),
        show.share("column_past_error", "error", decimals=2),
    ]
    return show.table("weights", weights, columns, note=True, empty=True)


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
        return words.several(map(str, named)) or words.text("dash")

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

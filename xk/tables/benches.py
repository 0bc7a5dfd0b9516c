"""Tables of the benches: one indicator by method and by year, a scenario beside the reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from xk.contracts.records import Record
from xk.exhibits import Exhibit, table
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording
from xk.pipeline.result import LineResult


def table_methods(words: Wording, by_method: Mapping[str, LineResult]) -> Exhibit:
    """Return what each projection method makes of one indicator.

    Parameters
    ----------
    words : Wording
    by_method : mapping of LineResult
        Its results by method, as `xk.bench.by_method` gives them.
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
    caption = words.text("caption_methods", name=words.names[line.indicator])
    return table(rows, columns, "methods", caption=caption, note=words.text("note_methods"))


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
    caption, note, empty = (words.text(f"{what}_weights") for what in ("caption", "note", "empty"))
    return table(weights, columns, "weights", caption=caption, note=note, empty=empty)


def table_path(words: Wording, indicator: str) -> Exhibit:
    """Return the figures of one indicator year by year, observed and projected, beside the planned path."""
    result, level = words.results.line(indicator), words.results.settings.levels[0]

    def figure(column: str, *, signed: bool = False) -> Callable[[Record], str]:
        return lambda year: words.value(year[column], result, signed=signed)

    show = Columns(words)
    columns = [
        show.year("column_year", head=True),
        show.number("column_value", figure("value")),
        show.text("column_kind", lambda year: words.kind(year["kind"])),
        show.interval(level, lambda year, end: words.value(year[end], result)),
        show.number("column_planned", figure("planned_value")),
        show.number("column_plan_gap", figure("plan_gap", signed=True)),
        show.share("column_score", "score"),
    ]
    name, measure = words.names[result.indicator], words.measure(result.line)
    caption, note = words.text("caption_path", name=name, measure=measure), words.text("note_path")
    path, empty = words.results.path(indicator), words.text("reason_no_figure")
    return table(path, columns, "path", caption=caption, note=note, empty=empty)

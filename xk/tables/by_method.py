"""One indicator by projection method, and what the automatic combination of methods weighs."""

from collections.abc import Mapping

import pandas as pd

from xk.exhibits import Columns, Exhibit, Wording
from xk.pipeline.result import LineResult


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

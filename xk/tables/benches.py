"""Tables of the benches: one indicator by method and by year, a scenario beside the reference."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xk.exhibits import Column, Exhibit, badge, number, table
from xk.exhibits.wording import Wording
from xk.pipeline import Results
from xk.tables.domain import indicator_columns, status_column
from xk.theme import STATUS_SYMBOLS


def table_methods(words: Wording, rows: pd.DataFrame) -> Exhibit:
    """Return what each projection method makes of one indicator.

    Parameters
    ----------
    words : Wording
    rows : DataFrame
        Its summary by method, as `xk.bench.by_method` gives it.
    """
    year = words.results.settings.years()[1] if rows["target_year"].isna().all() else int(rows["target_year"].iloc[0])
    columns = [
        Column(words.text("fact_method"), lambda row: words.text(f"method_{row['asked']}"), head=True),
        Column(words.text("column_projected", year=year), words.projected, number=True),
        Column(words.text("column_probability"), lambda row: words.odds(row["probability"]), number=True),
        Column(words.text("column_year_reached"), words.reached, number=True),
        status_column(words),
    ]
    caption = words.text("caption_methods", name=words.names[rows["indicator"].iloc[0]])
    return table(rows, columns, "methods", caption=caption, note=words.text("note_methods"))


def table_weights(words: Wording, weights: pd.DataFrame) -> Exhibit:
    """Return which rules the automatic combination weighs how, and how well each did before.

    Parameters
    ----------
    words : Wording
    weights : DataFrame
        As `xk.bench.weights_of` gives it.
    """
    columns = [
        Column(words.text("column_family"), lambda row: words.text(f"family_{row['family']}"), head=True),
        Column(words.text("column_rule_weight"), lambda row: words.share(100 * row["weight"]), number=True),
        Column(words.text("column_past_error"), lambda row: number(row["error"], words.lang, decimals=2), number=True),
    ]
    caption, note, empty = (words.text(f"{what}_weights") for what in ("caption", "note", "empty"))
    return table(weights, columns, "weights", caption=caption, note=note, empty=empty)


def table_path(words: Wording, indicator: str) -> Exhibit:
    """Return the figures of one indicator year by year, observed and projected, beside the planned path."""
    row: Any = words.results.row(indicator)
    path = words.results.path(indicator)
    level = words.results.settings.levels[0]

    def interval(year: Any) -> str:
        if pd.isna(year[f"lo{level}"]):
            return words.text("dash")
        low, high = (words.value(year[f"{end}{level}"], row) for end in ("lo", "hi"))
        return words.text("interval_of", low=low, high=high)

    def figure(column: str) -> Any:
        return lambda year: words.value(year[column], row)

    columns = [
        Column(words.text("column_year"), lambda year: str(year["year"]), head=True),
        Column(words.text("column_value"), figure("value"), number=True),
        Column(words.text("column_kind"), lambda year: words.kind(year["kind"])),
        Column(words.text("legend_interval", level=level), interval, number=True),
        Column(words.text("column_planned"), figure("planned_value"), number=True),
        Column(
            words.text("column_plan_gap"), lambda year: words.value(year["plan_gap"], row, signed=True), number=True
        ),
        Column(words.text("column_score"), lambda year: number(year["score"], words.lang, decimals=1), number=True),
    ]
    caption = words.text("caption_path", name=words.names[row["indicator"]], measure=words.measure(row))
    return table(
        path, columns, "path", caption=caption, note=words.text("note_path"), empty=words.text("reason_no_figure")
    )


def changed_lines(results: Results, before: Results) -> pd.DataFrame:
    """Return the summary of the indicators whose target-year figure or status differs from `before`."""
    old = before.summary.set_index("indicator")[["projected_value", "projected_attainment", "status"]]
    both = results.summary.join(old.add_prefix("old_"), on="indicator")
    moved = both["status"] != both["old_status"]
    for name in ("projected_value", "projected_attainment"):
        new, old_one = both[name], both[f"old_{name}"]
        moved |= (new != old_one) & ~(new.isna() & old_one.isna())
    return both[moved]


def table_scenario(words: Wording, before: Results) -> Exhibit:
    """Return the indicators that a scenario moves: value, attainment, status in the target year, before and after."""
    rows = changed_lines(words.results, before)

    def old_status(row: Any) -> str:
        return badge(row["old_status"], words.lang, STATUS_SYMBOLS[row["old_status"]])

    def share(column: str) -> Any:
        return lambda row: number(row[column], words.lang, decimals=1)

    def paired(label: str, shown: str) -> str:
        return words.text("column_of", what=words.text(label), which=words.text(shown))

    columns = [
        *indicator_columns(words),
        Column(
            paired("column_value", "column_reference"),
            lambda row: words.value(row["old_projected_value"], row),
            number=True,
        ),
        Column(
            paired("column_value", "column_scenario"), lambda row: words.value(row["projected_value"], row), number=True
        ),
        Column(paired("column_attainment", "column_reference"), share("old_projected_attainment"), number=True),
        Column(paired("column_attainment", "column_scenario"), share("projected_attainment"), number=True),
        Column(paired("column_status", "column_reference"), old_status, raw=True),
        Column(
            paired("column_status", "column_scenario"),
            lambda row: badge(row["status"], words.lang, STATUS_SYMBOLS[row["status"]]),
            raw=True,
        ),
    ]
    caption = words.text("caption_scenario", year=words.results.scheme.target_year)
    return table(rows, columns, "scenario", caption=caption, empty=words.text("empty_scenario"))


def table_scenario_index(words: Wording, before: Results) -> Exhibit:
    """Return the projected index of each domain and in total, before and after."""
    keys = ["level", "basis"]
    old = before.index.set_index(keys)["value"].rename("old_value")
    rows = words.results.index.join(old, on=keys)
    rows = rows[rows["basis"] == "target"]
    rows = rows.assign(difference=rows["value"] - rows["old_value"])

    def figure(column: str, *, signed: bool = False) -> Any:
        return lambda row: number(row[column], words.lang, decimals=2, signed=signed)

    columns = [
        Column(words.text("column_domain"), lambda row: words.level(row["level"]), head=True),
        Column(words.text("column_reference"), figure("old_value"), number=True),
        Column(words.text("column_scenario"), figure("value"), number=True),
        Column(words.text("column_difference"), figure("difference", signed=True), number=True),
        Column(words.text("column_coverage"), lambda row: number(row["coverage"], words.lang, decimals=1), number=True),
    ]
    caption = words.text("caption_scenario_index", year=words.results.scheme.target_year)
    return table(rows, columns, "scenario-index", caption=caption, note=words.text("note_scenario_index"))

"""Lines against the planned path, and targets to be held, year by year."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from xk.contracts.records import Record, grouped, records
from xk.exhibits import Exhibit, number
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording
from xk.tables.tasks import in_domain


def table_plan(words: Wording, positions: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return each line's latest figure against the planned value of its year, beside the status for the target year.

    Parameters
    ----------
    words : Wording
    positions : DataFrame
        As `build_positions` gives it.
    domain : str, optional
    """
    rows = in_domain(words, records(positions), domain)
    if all(row["plan_status"] == "no_plan" for row in rows):
        rows = []

    def figure(column: str, *, signed: bool = False) -> Callable[[Record], str]:
        return lambda row: words.value(row[column], words.results.lines[row["indicator"]], signed=signed)

    def kind(row: Record) -> str:
        return words.text(f"planned_{row['planned_kind']}" if isinstance(row["planned_kind"], str) else "dash")

    show = Columns(words)
    columns = [
        show.line(),
        show.year("column_plan_year"),
        show.number("column_latest", figure("value")),
        show.number("column_planned", figure("planned_value")),
        show.text("column_planned_kind", kind),
        show.number("column_plan_gap", figure("plan_gap", signed=True)),
        show.word("column_plan_status", "plan_status", "plan"),
        show.status(),
        show.year("column_years_left", "years_left"),
    ]
    return show.table("plan", rows, columns, note=True, empty=True, domain=words.domain(domain))


def table_held(words: Wording, held: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return the targets to be held with the result of every year.

    Parameters
    ----------
    words : Wording
    held : DataFrame
        As `build_held_years` gives it.
    domain : str, optional
    """
    shown = in_domain(words, records(held), domain)
    rows = [
        {"indicator": indicator} | {str(one["year"]): one for one in group}
        for indicator, group in grouped(shown, "indicator").items()
    ]

    def at(year: int) -> Callable[[Record], str]:
        return lambda row: _result(words, row.get(str(year)))

    show = Columns(words)
    columns = [
        show.line(),
        show.number("column_target", lambda row: words.target(words.results.scheme.lines[row["indicator"]])),
        *(show.text("of_year", at(year), year=year) for year in sorted({row["year"] for row in shown})),
    ]
    return show.table("held", rows, columns, note=True, empty=True)


def _result(words: Wording, held: Record | None) -> str:
    if held is None:
        return words.text("dash")
    word = words.text(f"held_{held['result']}")
    if pd.isna(held["value"]):
        return word
    return words.text("baseline_of", value=number(held["value"], words.lang), year=word)

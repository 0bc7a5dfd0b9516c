"""The numbers behind each chart as a folded table beneath it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from xk.charts.gaps import gap_rows
from xk.charts.heatmap import attainment_grid
from xk.charts.offices import office_marks
from xk.exhibits import Column, Exhibit, Rows, badge, details, number
from xk.exhibits.wording import Wording
from xk.theme import STATUS_SYMBOLS
from xk.vocab import AHEAD_KINDS, STATUSES


def folded(words: Wording, rows: Rows, columns: Sequence[Column], caption: str) -> Exhibit | None:
    """Return the numbers of a chart, folded under it; None where there are none."""
    if not len(rows):
        return None
    summary = words.text("data_of_chart")
    return details(summary, rows, columns, label=words.text("column_of", what=summary, which=caption))


def status_of(words: Wording) -> Column:
    """Return the column of the status with its symbol."""
    return Column(
        words.text("column_status"),
        lambda row: badge(row["status"], words.lang, STATUS_SYMBOLS[row["status"]]),
        raw=True,
    )


def share_of(words: Wording, label: str, column: str) -> Column:
    """Return a column of per-cent figures with one decimal."""
    return Column(label, lambda row: number(row[column], words.lang, decimals=1), number=True)


def indicator_of(words: Wording) -> Column:
    """Return the column that names an indicator."""
    return Column(words.text("column_indicator"), words.line, head=True)


def data_trajectory(words: Wording, indicator: str, caption: str) -> Exhibit | None:
    """Return value, kind, interval and planned value of one indicator by year."""
    row: Any = words.results.row(indicator)
    path = words.results.path(indicator)

    def figure(column: str) -> Callable[[Any], str]:
        return lambda year: words.value(year[column], row)

    def value(year: Any) -> str:
        published = year["kind"] in ("observed", "preliminary", "estimated")
        return words.given(year["value"]) if published else words.value(year["value"], row)

    columns = [
        Column(words.text("column_year"), lambda year: str(year["year"]), head=True),
        Column(words.text("column_value"), value, number=True),
        Column(words.text("column_kind"), lambda year: words.kind(year["kind"])),
    ]
    levels = [level for level in words.results.settings.levels if path[f"lo{level}"].notna().any()]
    columns += [
        Column(words.text("legend_interval", level=level), _interval(words, row, level), number=True)
        for level in levels
    ]
    if path["planned_value"].notna().any():
        columns.append(Column(words.text("column_planned"), figure("planned_value"), number=True))
    return folded(words, path, columns, caption)


def _interval(words: Wording, row: Any, level: int) -> Callable[[Any], str]:
    def cell(year: Any) -> str:
        if pd.isna(year[f"lo{level}"]):
            return words.text("dash")
        low, high = (words.value(year[f"{end}{level}"], row) for end in ("lo", "hi"))
        return words.text("interval_of", low=low, high=high)

    return cell


def data_multiples(words: Wording, rows: pd.DataFrame, caption: str) -> Exhibit | None:
    """Return latest value, target and status of the indicators that have a panel."""
    columns = [
        indicator_of(words),
        Column(words.text("column_latest"), words.latest, number=True),
        Column(words.text("column_target"), words.target, number=True),
        status_of(words),
    ]
    return folded(words, rows, columns, caption)


def data_gaps(words: Wording, domain: str | None, caption: str) -> Exhibit | None:
    """Return baseline, latest and projected score of the indicators in the gap chart."""
    rows = gap_rows(words, domain)
    columns = [indicator_of(words)]
    if not all(math.isnan(row["baseline_score"]) for row in rows):
        columns.append(share_of(words, words.text("legend_baseline"), "baseline_score"))
    columns.append(share_of(words, words.text("legend_latest"), "score"))
    if not all(math.isnan(row["projected_score"]) for row in rows):
        label = words.text("legend_projected_year", year=words.results.scheme.target_year)
        columns.append(share_of(words, label, "projected_score"))
    return folded(words, rows, [*columns, status_of(words)], caption)


def data_heatmap(words: Wording, caption: str) -> Exhibit | None:
    """Return the attainment of all indicators by year; projected figures are marked."""
    values, kinds = attainment_grid(words)
    known = words.results.summary.set_index("indicator")[["no", "status"]]
    rows = values.rename(columns=str).join(known).reset_index(names="indicator")

    def cell(year: int) -> Callable[[Any], str]:
        def said(row: Any) -> str:
            shown = number(row[str(year)], words.lang, decimals=1)
            ahead = kinds.loc[row["indicator"], year] in AHEAD_KINDS  # blank where there is no value
            return words.text("projected_mark", value=shown) if ahead else shown

        return said

    years = [Column(str(year), cell(int(year)), number=True) for year in values.columns]
    return folded(words, rows, [indicator_of(words), status_of(words), *years], caption)


def data_measures(words: Wording, caption: str) -> Exhibit | None:
    """Return how many indicators of each lead office have which status."""
    marks = office_marks(words)
    counts = marks.pivot_table(index=["row", "office"], columns="status", values="no", aggfunc="count", fill_value=0)
    rows = counts.reset_index().assign(n=counts.sum(axis=1).to_numpy())

    def count(status: str) -> Callable[[Any], str]:
        return lambda row: str(row[status]) if row[status] else words.text("dash")

    columns = [
        Column(words.text("column_lead_offices"), lambda row: words.offices(row["office"]), head=True),
        Column(words.text("column_count"), lambda row: str(row["n"]), number=True),
    ]
    shown = [status for status in STATUSES if status in counts.columns]
    columns += [Column(words.text(f"status_{status}"), count(status), number=True) for status in shown]
    return folded(words, rows, columns, caption)

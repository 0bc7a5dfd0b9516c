"""Tables of the review of projections: coverage counted, misses named, every year compared."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xk.exhibits import Column, Exhibit, bullets, number, table
from xk.exhibits.wording import Wording
from xk.pipeline.review import Review


def review_points(words: Wording, review: Review) -> Exhibit:
    """Return the message of the review: how many years lay inside, how that compares with no change."""
    rows = review.rows
    said = [
        words.text("review_scope", origin=review.origin, last=int(rows["year"].max()), series=rows["series"].nunique(),
                   years=len(rows), method=words.text(f"method_{words.results.settings.method}"))
    ]  # fmt: skip
    whole = review.coverage[(review.coverage["region"] == "all") & (review.coverage["horizon"] == 0)]
    for row in whole.to_dict("records"):
        said.append(words.text("review_inside", level=f"{row['level']:g}", inside=row["inside"], years=row["years"],
                               share=words.share(row["share"])))  # fmt: skip
    both = rows[["scaled_error", "naive_error"]].dropna()
    if len(both):
        ours, naive = (number(both[name].mean(), words.lang, decimals=2) for name in ("scaled_error", "naive_error"))
        said.append(words.text("review_errors", ours=ours, naive=naive))
    return bullets(said)


def table_coverage(words: Wording, review: Review) -> Exhibit:
    """Return the years inside the intervals, by region and years ahead."""
    rows = review.coverage
    rows = rows.assign(order=rows["region"].eq("all").astype(int)).sort_values(
        ["order", "region", "horizon", "level"], kind="stable"
    )

    def region(row: Any) -> str:
        return words.text("all_regions") if row["region"] == "all" else words.region(row["region"])

    columns = [
        Column(words.text("fact_region"), region, group=True),
        Column(words.text("column_ahead"), lambda row: words.ahead(row["horizon"]), head=True),
        Column(words.text("column_level"), lambda row: words.share(row["level"]), number=True),
        Column(words.text("column_inside"), lambda row: f"{row['inside']} / {row['years']}", number=True),
        Column(words.text("column_share_inside"), lambda row: words.share_number(row["share"]), number=True),
    ]
    note = words.text("note_coverage")
    return table(rows, columns, "coverage", caption=words.text("caption_coverage"), note=note)


def table_misses(words: Wording, review: Review) -> Exhibit:
    """Return the years outside the widest interval, the farthest first."""
    level = f"{review.level:g}"
    columns = [
        *_series_columns(words, level),
        Column(words.text("column_side"), lambda row: words.text(f"side_{row['side']}")),
    ]
    caption = words.text("caption_misses", level=level)
    return table(review.misses, columns, "misses", caption=caption, empty=words.text("empty_misses", level=level))


def table_review(words: Wording, review: Review) -> Exhibit:
    """Return every year compared: actual, projected, interval, error in mean yearly changes."""
    level = f"{review.level:g}"
    columns = [
        *_series_columns(words, level),
        Column(
            words.text("column_scaled_error"),
            lambda row: number(row["scaled_error"], words.lang, decimals=2),
            number=True,
        ),
    ]
    note = words.text("note_review")
    return table(review.rows, columns, "review", caption=words.text("caption_review"), note=note)


def _series_columns(words: Wording, level: str) -> list[Column]:
    def name(row: Any) -> str:
        measure = words.measure_labels.get(row["unit"], row["unit"])
        series = str(row["series"]).rpartition(".")[2]
        return (
            f"{words.region(row['region'])} {words.line(row)}{words.text('in_brackets', word=f'{series}, {measure}')}"
        )

    return [
        Column("", name, group=True),
        Column(words.text("column_year"), lambda row: str(row["year"]), head=True),
        Column(words.text("column_actual"), lambda row: words.given(row["actual"]), number=True),
        Column(words.text("column_value_projected"), lambda row: _like(words, row, "value"), number=True),
        Column(words.text("legend_interval", level=level), lambda row: _interval(words, row, level), number=True),
    ]


def _like(words: Wording, row: Any, column: str) -> str:
    """Write a projected figure with one decimal more than the observed one has."""
    if pd.isna(row[column]):
        return words.text("dash")
    return number(row[column], words.lang, decimals=words.decimals_beside(row["actual"]))


def _interval(words: Wording, row: Any, level: str) -> str:
    if pd.isna(row[f"lo{level}"]):
        return words.text("dash")
    return words.text("interval_of", low=_like(words, row, f"lo{level}"), high=_like(words, row, f"hi{level}"))

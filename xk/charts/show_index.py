"""The charts of the index as exhibits."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xk.charts.data import folded, share_of
from xk.charts.ground import note_of, phase_note
from xk.charts.index import index_levels, plot_index
from xk.charts.index_years import contribution_rows, plot_contributions, plot_index_years, points_of
from xk.charts.sheet import figure_of
from xk.exhibits import Column, Exhibit, figure, number, panels, paragraph
from xk.exhibits.wording import Wording


def show_index(words: Wording) -> Exhibit:
    """Return the chart of the index by domain."""
    index = words.results.index
    rows = index[index["basis"] == "latest"]
    said = [f"{words.level(str(row.level))} {number(row.value, words.lang, decimals=1)}" for row in rows.itertuples()]
    alt = words.text("alt_index", values=words.text("list_separator").join(said))
    caption = words.text("caption_index_chart")
    columns = [
        _level_column(words),
        share_of(words, words.text("column_index"), "value"),
        share_of(words, words.text("column_coverage"), "coverage"),
    ]
    data = folded(words, rows, columns, caption)
    note = words.text("note_index_chart")
    return figure(figure_of(plot_index(words)), "index", caption=caption, alt=alt, note=note, data=data)


def _level_column(words: Wording) -> Column:
    return Column(words.text("column_domain"), lambda row: words.level(row["level"]), head=True)


def show_index_years(words: Wording, years: pd.DataFrame) -> Exhibit:
    """Return the index over the years, a panel for the total and each domain.

    Parameters
    ----------
    words : Wording
    years : DataFrame
        As `xk.pipeline.index.build_index_years` gives it.
    """
    if years["value"].notna().sum() == 0:
        return paragraph(words.text("key_index_none"))
    levels = index_levels(words)
    order = [levels[-1], *levels[:-1]]
    caption = words.text("caption_index_years")
    drawn = [
        (figure_of(axes), _level_message(words, years, level))
        for level, axes in zip(order, plot_index_years(words, years), strict=True)
    ]
    note = note_of(words, words.text("note_index_years"), phase_note(words))
    return panels(drawn, "index-years", caption=caption, note=note, data=_data_index_years(words, years, caption))


def _level_message(words: Wording, years: pd.DataFrame, level: str) -> str:
    rows = years[(years["level"] == level) & years["value"].notna()].sort_values("year")
    if rows.empty:
        return words.text("alt_index_level_none", level=words.level(level))
    said = [
        words.text("alt_index_level_year", year=int(row.year), value=number(row.value, words.lang, decimals=1),
                   kind=words.text(f"index_{row.kind}"), coverage=words.share(float(str(row.coverage))))
        for row in (rows.iloc[0], rows.iloc[-1])
    ]  # fmt: skip
    return words.text(
        "alt_index_level", level=words.level(level), years=words.text("office_separator").join(dict.fromkeys(said))
    )


def _data_index_years(words: Wording, years: pd.DataFrame, caption: str) -> Exhibit | None:
    rows = years[years["value"].notna()]

    def interval(row: Any) -> str:
        if pd.isna(row["lo80"]):
            return words.text("dash")
        low, high = (number(row[end], words.lang, decimals=1) for end in ("lo80", "hi80"))
        return words.text("interval_of", low=low, high=high)

    columns = [
        Column("", lambda row: words.level(row["level"]), group=True),
        Column(words.text("column_year"), lambda row: str(row["year"]), head=True),
        share_of(words, words.text("column_index"), "value"),
        Column(words.text("column_kind"), lambda row: words.text(f"index_{row['kind']}")),
        share_of(words, words.text("column_coverage"), "coverage"),
    ]
    if rows["lo80"].notna().any():
        columns.append(Column(words.text("legend_interval", level=80), interval, number=True))
    order = {level: place for place, level in enumerate(index_levels(words))}
    rows = rows.assign(place=rows["level"].map(order)).sort_values(["place", "year"], kind="stable")
    return folded(words, rows, columns, caption)


def show_contributions(words: Wording, contributions: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return what the index is made of: the indicators of a domain, or the domains.

    Parameters
    ----------
    words : Wording
    contributions : DataFrame
        As `xk.pipeline.index.build_contributions` gives it.
    domain : str, optional
    """
    rows = contribution_rows(contributions, domain)
    if rows.empty:
        return paragraph(words.text("key_index_none"))

    def name(row: Any) -> str:
        return words.domain(row["key"]) if domain is None else f"{row['no']} {words.names[row['key']]}"

    worst: Any = rows.sort_values("lost", ascending=False, kind="stable").iloc[0]
    total = {kind: number(rows[kind].sum(), words.lang, decimals=1) for kind in ("weight", "gained", "lost", "unknown")}
    alt = words.text(
        "alt_contributions", **total, name=name(worst), points=number(worst["lost"], words.lang, decimals=1)
    )
    caption = words.text("caption_contributions", domain=words.domain(domain))
    columns = [
        Column(words.text("column_domain" if domain is None else "column_indicator"), name, head=True),
        *(share_of(words, words.text(f"legend_{kind}"), kind) for kind in ("gained", "lost", "unknown")),
        Column(words.text("column_points"), lambda row: points_of(words, row), number=True),
    ]
    data = folded(words, rows, columns, caption)
    drawn = figure_of(plot_contributions(words, contributions, domain))
    note = words.text("note_contributions")
    return figure(drawn, "contributions", caption=caption, alt=alt, note=note, data=data)

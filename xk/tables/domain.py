"""Tables of one domain: indicators at a glance, tasks, milestones, what is not known, sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from xk.contracts.records import Record, records, text_of
from xk.exhibits import Column, Exhibit, badge, escape, table
from xk.exhibits.wording import Wording
from xk.readers import Store
from xk.theme import STATUS_SYMBOLS

FIGURE = ("indicator", "series", "year", "source_id", "vintage", "grade")
NOT_KNOWN = ("no_data", "not_comparable", "no_target")


def rows_of(words: Wording, domain: str | None) -> list[Record]:
    """Return the summary's rows of one domain, or all of them; an unknown domain raises."""
    return [words.results.lines[name] for name in words.results.scheme.lines_in(domain)]


def indicator_columns(words: Wording) -> list[Column]:
    """Return the columns that say which indicator a row is."""
    return [
        Column(words.text("column_indicator"), words.line, head=True),
        Column(words.text("column_measure"), words.measure),
    ]


def status_column(words: Wording) -> Column:
    """Return the column of the status with its symbol."""
    return Column(
        words.text("column_status"),
        lambda row: badge(row["status"], words.lang, STATUS_SYMBOLS[row["status"]]),
        raw=True,
        alone=True,
    )


def table_summary(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the indicators of a domain with baseline, latest value, target, rates, projection and status."""
    year = words.results.scheme.target_year
    columns = [
        Column(words.text("column_indicator"), lambda row: _name_and_unit(words, row), head=True, raw=True),
        status_column(words),
        Column(words.text("column_baseline"), words.baseline, number=True),
        Column(words.text("column_latest"), words.latest, number=True),
        Column(words.text("column_target"), words.target, number=True),
        Column(words.text("column_attainment"), lambda row: words.share_number(row["attainment"]), number=True),
        Column(words.text("column_changes"), lambda row: _changes(words, row), number=True, raw=True),
        Column(words.text("column_projected", year=year), words.projected, number=True),
        Column(words.text("column_reason"), lambda row: _reason(words, row), raw=True),
    ]
    caption = words.text("caption_summary", domain=words.domain(domain))
    return table(rows_of(words, domain), columns, "summary", caption=caption, note=words.text("note_summary"))


def _name_and_unit(words: Wording, row: Any) -> str:
    name = escape(words.line(row))
    return f'{name}<br><span class="xk-note">{escape(words.measure(row))}</span>'


def _changes(words: Wording, row: Any) -> str:
    observed = words.change(row["observed_change"], row["observed_growth"], row)
    required, seen = escape(words.required(row)), escape(observed)
    return f'{required}<br><span class="xk-note">{escape(words.text("seen"))} {seen}</span>'


def _reason(words: Wording, row: Any) -> str:
    said = [words.reason(row["reason"], row)]
    if isinstance(row["stretch_status"], str):
        status = words.text(f"status_{row['stretch_status']}")
        reason = words.reason(row["stretch_reason"], row)
        said.append(words.text("stretch_verdict", status=status, reason=reason))
    note = words.note(row["indicator"])
    shown = "<br>".join(escape(part) for part in said)
    return f'{shown}<br><span class="xk-note">{escape(note)}</span>' if note else shown


def table_tasks(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the tasks of a domain with leading and supporting offices."""
    rows = in_domain(words, words.results.scheme.ordered_tasks, domain)

    def title(row: Any) -> str:
        mark = "*" if row["offices_from"] == "indicator" else ""
        return f"{row[f'title_{words.lang}']}{mark}"

    columns = [
        Column("", words.line, group=True),
        Column(words.text("column_task"), title, head=True),
        Column(words.text("column_lead_offices"), lambda row: words.offices(row["offices"].split(";")[0])),
        Column(
            words.text("column_support_offices"), lambda row: words.offices(";".join(row["offices"].split(";")[1:]))
        ),
    ]
    caption = words.text("caption_tasks", domain=words.domain(domain))
    note, empty = words.text("note_tasks"), words.text("empty_tasks")
    return table(rows, columns, "tasks", caption=caption, note=note, empty=empty)


def in_domain(words: Wording, rows: Iterable[Record], domain: str | None) -> list[Record]:
    """Return those of some rows whose indicator belongs to a domain; all for None."""
    wanted = words.results.scheme.lines_in(domain)
    return [row for row in rows if row["indicator"] in wanted]


def table_milestones(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the quantified sub-targets of a domain's tasks."""
    rows = in_domain(words, words.results.scheme.ordered_milestones, domain)

    def quantity(row: Any) -> str:
        measure = words.measure_labels.get(row["unit"], row["unit"])
        value = words.text("with_measure", value=words.given(row["value"]), measure=measure)
        return words.text(f"relation_{row['relation']}", value=value)

    def due(row: Any) -> str:
        if pd.isna(row["year"]):
            return words.text("dash")
        if pd.isna(row["first_year"]):
            return words.text("by_year", year=int(row["year"]))
        return words.text("each_year", first=int(row["first_year"]), last=int(row["year"]))

    columns = [
        Column("", words.line, group=True),
        Column(words.text("column_milestone"), lambda row: row[f"title_{words.lang}"], head=True),
        Column(words.text("column_quantity"), quantity, number=True),
        Column(words.text("column_due"), due),
        Column(words.text("column_offices_in_charge"), lambda row: words.offices(row["offices"])),
    ]
    caption = words.text("caption_milestones", domain=words.domain(domain))
    note, empty = words.text("note_milestones"), words.text("empty_milestones")
    return table(rows, columns, "milestones", caption=caption, note=note, empty=empty)


def table_unknown(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the indicators that cannot be judged, with the reason and what would be required each year."""
    rows = [row for row in rows_of(words, domain) if row["status"] in NOT_KNOWN]

    def why(row: Any) -> str:
        said = [words.reason(row["reason"], row), words.note(row["indicator"])]
        if row["required_years"] and row["required_change"] != 0:
            change = words.change(row["required_change"], row["required_growth"], row)
            said.append(words.text("unknown_required", change=change, years=int(row["required_years"])))
        end = words.text("sentence_end")
        return " ".join(part.rstrip("。.") + end for part in said if part)

    columns = [
        *indicator_columns(words)[:1],
        status_column(words),
        Column(words.text("column_why"), why),
    ]
    return table(rows, columns, "unknown", caption=words.text("caption_unknown"), empty=words.text("empty_unknown"))


def table_sources(words: Wording, store: Store, *, domain: str | None = None, indicator: str | None = None) -> Exhibit:
    """Return the series behind the figures of a domain or an indicator, and where they were published.

    Parameters
    ----------
    words : Wording
    store : Store
        Registers of series and of sources.
    domain, indicator : str, optional
        What is shown; everything if neither is given.
    """
    scheme, history, series = words.results.scheme, words.results.history, store.series
    wanted = set(scheme.lines_in(domain))
    if indicator is not None:
        wanted &= {scheme.indicator(indicator)["indicator"]}
    rows = scheme.in_order(_series_used(records(history.loc[history["indicator"].isin(wanted), list(FIGURE)])))
    sources = zip(*(store.sources[name] for name in ("source_id", "publisher", "title")), strict=True)
    titles = {name: f"{publisher}: {title}" for name, publisher, title in sources}
    described = series[series["series"].isin([row["series"] for row in rows])]
    definitions = dict(zip(described["series"], described[f"definition_{words.lang}"], strict=True))

    def source(row: Any) -> str:
        ids = [name for name in str(row["source_id"]).split(";") if name]
        named = [titles.get(name, name) for name in ids]
        return words.text("office_separator").join(named) or words.text("dash")

    def definition(row: Any) -> str:
        return text_of(definitions.get(row["series"])) or words.text("dash")

    columns = [
        Column(words.text("column_source"), source, group=True),
        Column(words.text("column_indicator"), lambda row: words.names[row["indicator"]], head=True),
        Column(words.text("column_years"), lambda row: _span(row, words)),
        Column(words.text("column_grade"), lambda row: str(row["grade"])),
        Column(words.text("column_vintage"), lambda row: str(row["vintage"])),
        Column(words.text("column_definition"), definition),
    ]
    places: dict[str, int] = {}
    rows.sort(key=lambda row: places.setdefault(row["source_id"], len(places)))
    caption, note = words.text("caption_sources"), words.text("note_sources")
    return table(rows, columns, "sources", caption=caption, note=note, empty=words.text("empty_sources"))


def _series_used(figures: list[Record]) -> list[Record]:
    """Return a row a series of an indicator: its years, sources, newest vintage and grade."""
    series: dict[tuple[str, str], list[Record]] = {}
    for row in figures:
        if isinstance(row["series"], str):
            series.setdefault((row["indicator"], row["series"]), []).append(row)
    return [
        {
            "indicator": indicator, "series": name, "first": min(row["year"] for row in points),
            "last": max(row["year"] for row in points), "n": len(points),
            "source_id": ";".join(dict.fromkeys(_texts(points, "source_id"))),
            "vintage": max(_texts(points, "vintage"), default=None),
            "grade": next(iter(_texts(points, "grade")), None),
        }
        for (indicator, name), points in series.items()
    ]  # fmt: skip


def _texts(rows: list[Record], column: str) -> list[str]:
    return [row[column] for row in rows if isinstance(row[column], str)]


def _span(row: Any, words: Wording) -> str:
    first, last = int(row["first"]), int(row["last"])
    return f"{first}" if first == last else words.text("between_mark", low=first, high=last)

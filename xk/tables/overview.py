"""Tables of the overview: index by domain, furthest from target, lead offices, phases of the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xk.contracts.records import Record
from xk.exhibits import Column, Exhibit, number, table
from xk.exhibits.wording import Wording
from xk.tables.domain import indicator_columns, rows_of, status_column
from xk.vocab import STATUSES

FURTHEST = 10


def table_index(words: Wording) -> Exhibit:
    """Return the index of each domain and in total; now and in the target year over the same indicators."""
    results = words.results
    latest = results.index[results.index["basis"] == "latest"].set_index("level")[["value", "coverage"]]
    rows = results.index_pair.join(latest.rename(columns={"coverage": "latest_coverage"}), on="level")

    def figure(column: str, *, signed: bool = False) -> Callable[[Any], str]:
        return lambda row: number(row[column], words.lang, decimals=1, signed=signed)

    columns = [
        Column(words.text("column_domain"), lambda row: words.level(row["level"]), head=True),
        Column(words.text("column_index"), figure("value"), number=True),
        Column(words.text("column_coverage"), figure("latest_coverage"), number=True),
        Column(words.text("column_same_now"), figure("latest"), number=True),
        Column(words.text("column_same_target", year=results.scheme.target_year), figure("target"), number=True),
        Column(words.text("column_same_change"), figure("change", signed=True), number=True),
        Column(words.text("column_same_coverage"), figure("coverage"), number=True),
    ]
    note = words.text(f"note_index_{results.scheme.weights}") + words.text("note_index_pair")
    return table(rows, columns, "index", caption=words.text("caption_index"), note=note)


def table_furthest(words: Wording) -> Exhibit:
    """Return the indicators with the lowest attainment (composites are shown by their parts)."""
    short = [row for row in rows_of(words, None) if row["direction"] != "composite" and row["attainment"] < 100]
    rows = sorted(short, key=lambda row: row["attainment"])[:FURTHEST]
    columns = [
        *indicator_columns(words),
        Column(words.text("column_latest"), words.latest, number=True),
        Column(words.text("column_target"), words.target, number=True),
        Column(
            words.text("column_attainment"),
            lambda row: words.share_number(row["attainment"]),
            number=True,
        ),
        Column(words.text("column_required"), words.required, number=True),
        Column(words.text("column_lead_offices"), lambda row: words.offices(row["lead_offices"])),
        status_column(words),
    ]
    caption = words.text("caption_furthest")
    return table(rows, columns, "furthest", caption=caption, empty=words.text("empty_unknown"))


def count_by_unit(words: Wording) -> list[Record]:
    """Return for each lead office its indicators and how many have which status, most indicators first."""
    rows = []
    for office in words.office_names:
        lines = [row for row in words.results.led_lines.get(office, []) if row["direction"] != "composite"]
        if lines:
            statuses = [row["status"] for row in lines]
            counts = {status: statuses.count(status) for status in STATUSES}
            rows.append({"office": office, "n": len(lines), "numbers": [row["no"] for row in lines]} | counts)
    return sorted(rows, key=lambda row: -row["n"])


def table_lead_offices(words: Wording) -> Exhibit:
    """Return a row a lead office: its indicators and their statuses counted."""
    rows = count_by_unit(words)
    shown = [status for status in STATUSES if any(row[status] for row in rows)]

    def count(status: str) -> Any:
        return lambda row: str(row[status]) if row[status] else words.text("dash")

    columns = [
        Column(words.text("column_lead_offices"), lambda row: words.offices(row["office"]), head=True),
        Column(words.text("column_count"), lambda row: str(row["n"]), number=True),
        Column(words.text("column_indicator"), lambda row: words.text("list_separator").join(row["numbers"])),
        *(Column(words.text(f"status_{status}"), count(status), number=True) for status in shown),
    ]
    caption, note = words.text("caption_lead_offices"), words.text("note_lead_offices")
    return table(rows, columns, "lead-offices", caption=caption, note=note)


def table_phases(words: Wording) -> Exhibit:
    """Return the phases of the programme with their dates."""
    rows = words.results.scheme.ordered_phases
    columns = [
        Column(words.text("column_phase"), lambda row: row[f"name_{words.lang}"], head=True),
        Column(
            words.text("column_period"),
            lambda row: words.text("between_mark", low=row["start"], high=row["end"]),
        ),
        Column(words.text("column_aim"), lambda row: row[f"aim_{words.lang}"]),
    ]
    caption = words.text("caption_phases")
    return table(rows, columns, "phases", caption=caption, empty=words.text("empty_phases"))

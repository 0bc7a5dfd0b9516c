"""The circular (定期通报) by lead office: where the programme stands, and what each office has to answer for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from xk.contracts.records import Record
from xk.exhibits import Column, Exhibit, escape, join, number, paragraph, subheading, table
from xk.exhibits.wording import Wording
from xk.tables.domain import status_column
from xk.vocab import STATUSES

BEHIND = ("lagging", "regressing")


def offices_in_charge(words: Wording) -> list[str]:
    """Return the offices that lead an indicator or a task, in the programme's order."""
    scheme = words.results.scheme
    lead = {office for listed in scheme.indicators["lead_offices"].dropna() for office in listed.split(";")}
    lead |= {office for listed in scheme.tasks["offices"].dropna() for office in listed.split(";")[:1]}
    return [office for office in words.office_names if office in lead]


def office_lines(words: Wording, office: str) -> list[Record]:
    """Return the summary's rows of the indicators that an office leads, composites and parts, in the plan's order."""
    return words.results.led_lines.get(office, [])


def office_tasks(words: Wording, office: str, *, leading: bool = True) -> list[Record]:
    """Return the tasks that an office leads (it is named first), or those in which it supports others."""
    return words.results.scheme.office_tasks.get((office, leading), [])


def opening(words: Wording) -> Exhibit:
    """Return how the programme stands, in the sentences with which a circular begins."""
    results = words.results
    as_of, _ = results.settings.years()
    statuses = [row["status"] for row in results.lines.values() if row["direction"] != "composite"]
    said = [
        words.text("circular_counts", region=words.region(results.settings.region), year=as_of,
                   scheme=results.scheme.name(words.lang), n=len(statuses),
                   counts=status_counts(words, statuses)),
        _index_sentence(words),
        phase_sentence(words),
        words.text("circular_offices", n=len(offices_in_charge(words))),
    ]  # fmt: skip
    return join([paragraph(sentence) for sentence in said if sentence])


def status_counts(words: Wording, statuses: list[str]) -> str:
    """Return how often each status stands among those of some indicators, in words."""
    said = [
        words.text("circular_count", status=words.text(f"status_{status}"), n=statuses.count(status))
        for status in STATUSES
        if status in statuses
    ]
    return words.text("list_separator").join(said) or words.text("dash")


def _index_sentence(words: Wording) -> str:
    index = words.results.index
    row: Any = index[(index["level"] == "total") & (index["basis"] == "latest")].iloc[0]
    if pd.isna(row["value"]):
        return words.text("key_index_none")
    return words.text("circular_index", value=words.share(row["value"]), coverage=words.share(row["coverage"]))


def phase_sentence(words: Wording) -> str:
    """Return in which phase of the plan the end of the last known year lies; nothing for a plan without phases."""
    phases = words.results.scheme.ordered_phases
    as_of, _ = words.results.settings.years()
    now = f"{as_of}-12"
    if not phases:
        return ""
    known = {"year": as_of} | _phase_words(words, next((p for p in phases if p["end"] >= now), phases[-1]))
    if now < phases[0]["start"]:
        return words.text("phase_before", **known)
    if now > phases[-1]["end"]:
        return words.text("phase_after", **known)
    return words.text("phase_now", **known)


def _phase_words(words: Wording, phase: Mapping[str, Any]) -> dict[str, str]:
    return {
        "phase": phase[f"name_{words.lang}"],
        "start": words.month(phase["start"]),
        "end": words.month(phase["end"]),
        "aim": phase[f"aim_{words.lang}"].rstrip("。."),
    }


def table_behind(words: Wording) -> Exhibit:
    """Return the indicators that lag or move away from their targets, with what is required and who leads."""
    lines = words.results.lines.values()
    rows = [row for row in lines if row["status"] in BEHIND and row["direction"] != "composite"]
    columns = [
        _indicator_column(words),
        status_column(words),
        Column(words.text("column_latest"), words.latest, number=True),
        Column(words.text("column_target"), words.target, number=True),
        Column(words.text("column_projected_target"), words.projected, number=True),
        Column(words.text("column_required"), words.required, number=True),
        Column(words.text("column_lead_offices"), lambda row: words.offices(row["lead_offices"])),
    ]
    caption, empty = words.text("caption_behind"), words.text("empty_behind")
    return table(rows, columns, "behind", caption=caption, note=words.text("note_behind"), empty=empty)


def _indicator_column(words: Wording) -> Column:
    def name(row: Any) -> str:
        measure = escape(words.measure(row))
        return f'{escape(row["no"])} {escape(words.names[row["indicator"]])}<br><span class="xk-note">{measure}</span>'

    return Column(words.text("column_indicator"), name, head=True, raw=True)


def table_offices(words: Wording) -> Exhibit:
    """Return the list of the offices in charge, each leading to its section: its indicators by status, its tasks."""
    offices = offices_in_charge(words)
    rows = [_office_row(words, office) for office in offices]

    def link(row: Any) -> str:
        return f'<a href="#{section_id(row["office"])}">{escape(words.offices(row["office"]))}</a>'

    def count(column: str) -> Any:
        return lambda row: str(row[column]) if row[column] else words.text("dash")

    columns = [
        Column(words.text("column_office_in_charge"), link, head=True, raw=True),
        Column(words.text("column_led_indicators"), count("n"), number=True),
        Column(words.text("column_status"), lambda row: row["counts"]),
        Column(words.text("column_led_tasks"), count("led"), number=True),
        Column(words.text("column_supported_tasks"), count("supported"), number=True),
    ]
    caption, note = words.text("caption_offices"), words.text("note_lead_offices")
    return table(rows, columns, "offices", caption=caption, note=note, empty=words.text("empty_offices"))


def _office_row(words: Wording, office: str) -> dict[str, Any]:
    statuses, led, supported = _duties(words, office)
    counts = status_counts(words, statuses)
    return {"office": office, "n": len(statuses), "led": led, "supported": supported, "counts": counts}


def _duties(words: Wording, office: str) -> tuple[list[str], int, int]:
    """Return the statuses of the lines that an office leads, and how many tasks it leads and supports."""
    statuses = [row["status"] for row in office_lines(words, office) if row["direction"] != "composite"]
    led, supported = (len(office_tasks(words, office, leading=leading)) for leading in (True, False))
    return statuses, led, supported


def section_id(office: str) -> str:
    """Return the anchor of an office's section."""
    return f"office-{office.replace('_', '-')}"


def office_sections(words: Wording) -> Exhibit:
    """Return the section of every office in charge, in the programme's order."""
    pieces = [part for office in offices_in_charge(words) for part in office_section(words, office)]
    return join(pieces) if pieces else paragraph(words.text("empty_offices"))


def office_section(words: Wording, office: str) -> list[Exhibit]:
    """Return one office's section: heading, its counts, its indicators, its tasks."""
    pieces = [subheading(section_id(office), words.offices(office)), paragraph(office_sentence(words, office))]
    if office_lines(words, office):
        pieces.append(table_office(words, office))
    if office_tasks(words, office):
        pieces.append(table_office_tasks(words, office))
    return pieces


def office_sentence(words: Wording, office: str) -> str:
    """Return what an office answers for, in one sentence."""
    statuses, led, supported = _duties(words, office)
    tasks = words.text("office_tasks" if statuses else "office_tasks_only", led=led, supported=supported)
    if not statuses:
        return tasks
    return words.text("office_indicators", n=len(statuses), counts=status_counts(words, statuses), tasks=tasks)


def table_office(words: Wording, office: str) -> Exhibit:
    """Return the indicators that an office leads: status, latest figure, gap to plan, next year, reason."""
    as_of, _ = words.results.settings.years()

    def next_plan(row: Any) -> str:
        value = words.results.planned_values.get((row["indicator"], as_of + 1), math.nan)
        return words.text("dash") if math.isnan(value) else _planned(words, value, row)

    columns = [
        _indicator_column(words),
        status_column(words),
        Column(words.text("column_latest"), lambda row: latest_or_attainment(words, row), number=True),
        Column(words.text("column_target"), words.target, number=True),
        Column(words.text("column_gap_to_plan"), lambda row: gap_to_plan(words, row), number=True),
        Column(words.text("column_planned_next", year=as_of + 1), next_plan, number=True),
        Column(words.text("column_required"), words.required, number=True),
        Column(words.text("column_reason"), lambda row: words.reason(row["reason"], row)),
    ]
    caption = words.text("caption_office", office=words.offices(office))
    return table(
        office_lines(words, office), columns, section_id(office), caption=caption, note=words.text("note_office")
    )


def _planned(words: Wording, value: float, row: Mapping[str, Any]) -> str:
    shown = words.value(value, row)
    return words.text("at_most_mark" if row["direction"] == "inverse" else "at_least_mark", value=shown)


def latest_or_attainment(words: Wording, row: Mapping[str, Any]) -> str:
    """Return the latest figure; for a composite the attainment of its parts."""
    if row["direction"] != "composite":
        return words.latest(row)
    if pd.isna(row["attainment"]):
        return words.text("dash")
    return words.text("attainment_of", value=words.share(row["attainment"]))


def gap_to_plan(words: Wording, row: Mapping[str, Any]) -> str:
    """Return the gap to the planned path at the latest figure; a figure that is the baseline itself has none yet."""
    is_baseline = not pd.isna(row["baseline_year"]) and row["latest_year"] == row["baseline_year"]
    gap = row["plan_gap"]
    if row["direction"] == "composite" or is_baseline or pd.isna(gap):
        return words.text("dash")
    return number(gap, words.lang, decimals=words.decimals(row), signed=True)


def table_office_tasks(words: Wording, office: str) -> Exhibit:
    """Return the tasks that an office leads, with what of them is quantified."""
    columns = [
        Column("", words.line, group=True),
        Column(words.text("column_task"), lambda row: row[f"title_{words.lang}"], head=True),
        Column(words.text("column_quantities"), lambda row: quantities(words, row), raw=True),
    ]
    caption = words.text("caption_office_tasks", office=words.offices(office))
    return table(office_tasks(words, office), columns, f"{section_id(office)}-tasks", caption=caption)


def quantities(words: Wording, task: Mapping[str, Any]) -> str:
    """Return the quantified milestones of a task as lines of HTML."""
    stones = words.results.scheme.stones.get((task["indicator"], task["task"]), [])
    said = [escape(_quantity(words, stone)) for stone in stones]
    return "<br>".join(said)


def _quantity(words: Wording, stone: Mapping[Any, Any]) -> str:
    measure = words.measure_labels.get(stone["unit"], stone["unit"])
    value = words.text("with_measure", value=words.given(stone["value"]), measure=measure)
    asked = words.text(f"relation_{stone['relation']}", value=value)
    said = words.text("milestone_of", title=stone[f"title_{words.lang}"], quantity=asked)
    if pd.isna(stone["year"]):
        return said
    if pd.isna(stone["first_year"]):
        return said + words.text("in_brackets", word=words.text("by_year", year=int(stone["year"])))
    due = words.text("each_year", first=int(stone["first_year"]), last=int(stone["year"]))
    return said + words.text("in_brackets", word=due)

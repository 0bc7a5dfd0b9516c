"""The circular (定期通报) by lead office: where the programme stands, and what each office has to answer for."""

import math
from collections.abc import Mapping

from xk.contracts.records import Record
from xk.exhibits import Exhibit, escape, join, paragraph, subheading, table
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording
from xk.pipeline.result import LineResult
from xk.tables.indicators import judged_lines, lines_of
from xk.tables.key_points import latest_index
from xk.tables.phases import phase_sentence
from xk.tables.tasks import offices_of, quantities
from xk.vocab import BEHIND


def offices_in_charge(words: Wording) -> list[str]:
    """Return the offices that lead an indicator or a task, in the programme's order."""
    scheme = words.results.scheme
    lead = {office for line in scheme.lines.values() for office in line.lead_offices}
    lead |= {office for task in scheme.ordered_tasks for office in offices_of(task)[:1]}
    return [office for office in words.office_names if office in lead]


def office_lines(words: Wording, office: str) -> list[LineResult]:
    """Return the results of the lines that an office leads, composites and parts, in the plan's order."""
    return words.results.led_lines.get(office, [])


def office_tasks(words: Wording, office: str, *, leading: bool = True) -> list[Record]:
    """Return the tasks that an office leads (it is named first), or those in which it supports others."""
    return words.results.scheme.office_tasks.get((office, leading), [])


def opening(words: Wording) -> Exhibit:
    """Return how the programme stands, in the sentences with which a circular begins."""
    results = words.results
    as_of, _ = results.settings.years()
    lines = lines_of(words, None)
    said = [
        words.text("circular_counts", region=words.region(results.settings.region), year=as_of,
                   scheme=results.scheme.name(words.lang), n=words.count(lines),
                   counts=words.statuses(lines)),
        _index_sentence(words),
        phase_sentence(words),
        words.text("circular_offices", n=len(offices_in_charge(words))),
    ]  # fmt: skip
    return join([paragraph(sentence) for sentence in said if sentence])


def _index_sentence(words: Wording) -> str:
    value, coverage = latest_index(words, "total")
    if math.isnan(value):
        return words.text("key_index_none")
    return words.text("circular_index", value=words.share(value), coverage=words.share(coverage))


def table_behind(words: Wording) -> Exhibit:
    """Return the indicators that lag or move away from their targets, with what is required and who leads."""
    rows = [result for result in judged_lines(words) if result.status in BEHIND]
    show = Columns(words)
    columns = [
        show.line_with_measure(),
        show.status(),
        show.latest(),
        show.target(),
        show.number("column_projected_target", words.projected),
        *show.beside(),
        show.required(),
        show.lead_offices(),
    ]
    return show.table("behind", rows, columns, note=True, empty=True)


def table_offices(words: Wording) -> Exhibit:
    """Return the list of the offices in charge, each leading to its section: its indicators by status, its tasks."""
    rows = [{"office": office, **_duties(words, office)} for office in offices_in_charge(words)]

    def link(row: Mapping[str, str]) -> str:
        return f'<a href="#{section_id(row["office"])}">{escape(words.offices(row["office"]))}</a>'

    show = Columns(words)
    columns = [
        show.text("column_office_in_charge", link, head=True, raw=True),
        show.count("column_led_indicators", "n"),
        show.text("column_status", lambda row: row["counts"]),
        show.count("column_led_tasks", "led"),
        show.count("column_supported_tasks", "supported"),
    ]
    caption, note = words.text("caption_offices"), words.text("note_lead_offices")
    return table(rows, columns, "offices", caption=caption, note=note, empty=words.text("empty_offices"))


def _duties(words: Wording, office: str) -> dict[str, object]:
    """Return how many indicators an office leads, their statuses in words, and how many tasks it leads and supports."""
    lines = office_lines(words, office)
    led, supported = (len(office_tasks(words, office, leading=leading)) for leading in (True, False))
    counts = words.statuses(lines) or words.text("dash")
    return {"n": words.count(lines), "counts": counts, "led": led, "supported": supported}


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
    duties = _duties(words, office)
    leads = bool(office_lines(words, office))
    tasks = words.text("office_tasks" if leads else "office_tasks_only", **duties)
    return words.text("office_indicators", **duties, tasks=tasks) if leads else tasks


def table_office(words: Wording, office: str) -> Exhibit:
    """Return the indicators that an office leads: status, latest figure, gap to plan, next year, reason."""
    as_of, _ = words.results.settings.years()

    def next_plan(result: LineResult) -> str:
        value = words.results.planned_values.get((result.indicator, as_of + 1), math.nan)
        return (
            words.text("dash")
            if math.isnan(value)
            else words.bound(words.planned(value, result), result.line.direction)
        )

    show = Columns(words)
    columns = [
        show.line_with_measure(),
        show.status(),
        show.number("column_latest", lambda result: latest_or_attainment(words, result)),
        show.target(),
        show.number("column_gap_to_plan", lambda result: gap_to_plan(words, result)),
        show.number("column_planned_next", next_plan, year=as_of + 1),
        show.required(),
        *show.beside(),
        show.text("column_reason", lambda result: words.reason(result.verdict.why, result)),
    ]
    caption, note = words.text("caption_office", office=words.offices(office)), words.text("note_office")
    return table(office_lines(words, office), columns, section_id(office), caption=caption, note=note)


def latest_or_attainment(words: Wording, result: LineResult) -> str:
    """Return the latest figure; for a composite the attainment of its parts."""
    if not result.line.is_composite:
        return words.latest(result.latest)
    if math.isnan(result.distance.attainment):
        return words.text("dash")
    return words.text("attainment_of", value=words.share(result.distance.attainment))


def gap_to_plan(words: Wording, result: LineResult) -> str:
    """Return the gap to the planned path at the latest figure; a figure that is the baseline itself has none yet."""
    year, gap = result.line.baseline_year, result.plan.gap
    is_baseline = year is not None and result.latest.year == year
    if result.line.is_composite or is_baseline or math.isnan(gap):
        return words.text("dash")
    return words.planned(gap, result, signed=True)


def table_office_tasks(words: Wording, office: str) -> Exhibit:
    """Return the tasks that an office leads, with what of them is quantified."""
    show = Columns(words)
    columns = [
        show.line_group(),
        show.text("column_task", lambda row: row[f"title_{words.lang}"], head=True),
        show.text("column_quantities", lambda row: quantities(words, row), raw=True),
    ]
    caption = words.text("caption_office_tasks", office=words.offices(office))
    return table(office_tasks(words, office), columns, f"{section_id(office)}-tasks", caption=caption)

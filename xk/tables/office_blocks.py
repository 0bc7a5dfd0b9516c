"""The circular (定期通报): how it opens; then a block a lead office: what it leads, what is behind, what it must do."""

import math
from collections.abc import Iterable

from xk.contracts.records import Record
from xk.contracts.scheme import offices_in
from xk.exhibits import Columns, Exhibit, Wording, badge, bare_table, escape, join, paragraph, side_by_side, subheading
from xk.pipeline.result import LineResult, count_parts
from xk.tables.tasks import is_overdue, milestone, office_tasks, phase_sentence, progress, say_progress, stones_of
from xk.vocab import BEHIND


def opening(words: Wording) -> Exhibit:
    """Return in which phase the programme stands, what is recorded of it, and what follows: blocks of offices."""
    n = len(offices_in_charge(words))
    said = [words.stage("circular_offices", n=n), say_progress(words)] if n else []
    shown = words.sentences(phase_sentence(words), *said)
    return paragraph(shown) if shown else Exhibit("")


def offices_in_charge(words: Wording) -> list[str]:
    """Return the offices that lead an indicator or a task, in the programme's order."""
    scheme = words.results.scheme
    lead = {office for line in scheme.lines.values() for office in line.lead_offices}
    lead |= {office for task in scheme.ordered_tasks for office in offices_in(task["lead_offices"])}
    return [office for office in words.office_names if office in lead]


def office_lines(words: Wording, office: str) -> list[LineResult]:
    """Return the results of the lines that an office leads, composites and parts, in the plan's order."""
    return words.results.led_lines.get(office, [])


def section_id(office: str) -> str:
    """Return the anchor of an office's block."""
    return f"office-{office.replace('_', '-')}"


def office_blocks(words: Wording) -> Exhibit:
    """Return the block of every office in charge, in the programme's order."""
    blocks = [office_block(words, office) for office in offices_in_charge(words)]
    return join(blocks) if blocks else paragraph(words.no_offices())


def office_block(words: Wording, office: str) -> Exhibit:
    """Return one office's block: heading, what it answers for, its lines; below, what is behind and what to do."""
    head = [subheading(section_id(office), words.offices(office)), paragraph(office_sentence(words, office))]
    lines = [table_office(words, office)] if office_lines(words, office) else []
    return join([*head, *lines, office_duties(words, office)])


def office_sentence(words: Wording, office: str) -> str:
    """Return what an office answers for: its indicators by status, its tasks, those with a quantity counted."""
    lines = office_lines(words, office)
    led, supported = (office_tasks(words, office, leading=leading) for leading in (True, False))
    quantified = sum(bool(stones_of(words, task)) for task in led)
    tasks = words.text(
        "office_tasks" if led else "office_tasks_none", led=len(led),
        quantified=words.text("office_tasks_quantified", n=quantified) if quantified else "",
        supported=words.text("office_tasks_supported", n=len(supported)) if supported else "",
    )  # fmt: skip
    if not lines:
        return tasks
    own = sum(result.line.counted for result in lines)
    if not own:
        counts = words.text("count_separator").join(words.each_status(count_parts(lines)))
        return words.text("office_parts", n=len(lines), counts=counts, tasks=tasks)
    return words.text("office_indicators", n=own, counts=words.statuses(lines), tasks=tasks)


def table_office(words: Wording, office: str) -> Exhibit:
    """Return the lines that an office leads: status, latest figure, target, next year's plan, required change."""
    lines = office_lines(words, office)
    show = Columns(words)
    columns = [
        show.line_with_measure(),
        show.status(alone=False),
        show.number("column_latest", lambda result: latest_or_attainment(words, result)),
        show.target(),
    ]
    year = words.results.settings.years()[0] + 1
    if any(next_plan(words, result, year) for result in lines):
        dash = words.text("dash")
        planned = show.number("column_planned_next", lambda one: next_plan(words, one, year) or dash, year=year)
        columns.append(planned)
    columns += [*show.required(), *show.beside()]
    return bare_table(lines, columns, label=words.text("caption_office", office=words.offices(office)))


def next_plan(words: Wording, result: LineResult, year: int) -> str:
    """Return what is planned of a line for a year; nothing where nothing is."""
    value = words.results.planned_values.get((result.indicator, year), math.nan)
    return "" if math.isnan(value) else words.bound(words.planned(value, result), result.line.direction)


def latest_or_attainment(words: Wording, result: LineResult) -> str:
    """Return the latest figure; for a composite the attainment of its parts."""
    if not result.line.is_composite:
        return words.latest(result)
    if math.isnan(result.distance.attainment):
        return words.text("dash")
    return words.text("attainment_of", value=words.share(result.distance.attainment))


def office_duties(words: Wording, office: str) -> Exhibit:
    """Return what of an office's lines is behind, each with its reason, its quantities, what is recorded."""
    behind = [result for result in office_lines(words, office) if is_behind(result)]
    tasks = office_tasks(words, office)
    stones = [stone for task in tasks for stone in stones_of(words, task)]
    told = [(task, said) for task in tasks if (said := progress(words, task))]
    behind_said = [_behind(words, result) for result in behind]
    final = words.results.is_final
    lists = [
        *_listed(words, "office_missed" if final else "office_is_behind", behind_said),
        *_listed(words, "office_had_to_do" if final else "office_must_do",
                 [_stone(words, stone) for stone in stones]),
        *_listed(words, "office_recorded", [
            escape(words.text("milestone_of", title=task[f"title_{words.lang}"], quantity=said)) for task, said in told
        ]),
    ]  # fmt: skip
    return side_by_side(*lists) if lists else Exhibit("")


def _stone(words: Wording, stone: Record) -> str:
    """Return a milestone in HTML with its record; marked as overdue where anything is recorded at all."""
    said = escape(words.sentences(milestone(words, stone), progress(words, stone)))
    late = words.results.scheme.recorded and is_overdue(words, stone)
    return f"{badge('lagging', words.text('overdue'))} {said}" if late else said


def is_behind(result: LineResult) -> bool:
    """Return whether a line with figures of its own falls short, or will."""
    return result.status in BEHIND and not result.line.is_composite


def _behind(words: Wording, result: LineResult) -> str:
    status, reason = words.text(f"status_{result.status}"), words.reason(result.verdict.why, result)
    said = words.text("behind_said", line=words.line(result.indicator), reason=reason)
    return f"{badge(result.status, status)} {escape(said)}"


def _listed(words: Wording, key: str, items: Iterable[str]) -> list[Exhibit]:
    """Return a list of HTML under a line that names it; nothing where there is none."""
    listed = [f"<li>{item}</li>" for item in items]
    if not listed:
        return []
    head = words.text(key, n=len(listed))
    return [Exhibit(f'<div class="xk-list"><p>{escape(head)}</p><ul>{"".join(listed)}</ul></div>', head)]

"""Phases and tasks of the programme: offices that lead and support, quantified milestones, what is recorded."""

from collections.abc import Iterable

import pandas as pd

from xk.contracts.records import Record, Row, text_of
from xk.contracts.scheme import offices_in
from xk.exhibits import Columns, Exhibit, Wording, paragraph
from xk.exhibits.columns import cell_of


def table_phases(words: Wording) -> Exhibit:
    """Return the phases of the programme with their dates."""
    show = Columns(words)
    columns = [
        show.text("column_phase", lambda row: row[f"name_{words.lang}"], head=True),
        show.text(
            "column_period",
            lambda row: words.text("between_mark", low=words.month(row["start"]), high=words.month(row["end"])),
        ),
        show.text("column_aim", lambda row: row[f"aim_{words.lang}"]),
    ]
    return show.table("phases", words.results.scheme.ordered_phases, columns, empty=True)


def phase_sentence(words: Wording) -> str:
    """Return in which phase of the plan the end of the last known year lies; nothing for a plan without phases."""
    phases = words.results.scheme.ordered_phases
    as_of, _ = words.results.settings.years()
    now = f"{as_of}-12"
    if not phases:
        return ""
    key = "phase_before" if now < phases[0]["start"] else "phase_after" if now > phases[-1]["end"] else "phase_now"
    phase = next((phase for phase in phases if phase["end"] >= now), phases[-1])
    return words.text(key, year=as_of, **_phase_words(words, phase))


def _phase_words(words: Wording, phase: Record) -> dict[str, str]:
    return {
        "phase": phase[f"name_{words.lang}"],
        "start": words.month(phase["start"]),
        "end": words.month(phase["end"]),
        "aim": phase[f"aim_{words.lang}"].rstrip("。."),
    }


FULL = 100
"""Share of what is done, in per cent."""


def in_domain(words: Wording, rows: Iterable[Row], domain: str | None) -> list[Row]:
    """Return those of some rows whose indicator belongs to a domain; all for None."""
    wanted = words.results.scheme.lines_in(domain)
    return [row for row in rows if cell_of(row, "indicator") in wanted]


def say_tasks(words: Wording, domain: str | None = None) -> Exhibit:
    """Return how many tasks a domain has, how many of them carry quantities, and how many these are."""
    tasks = in_domain(words, words.results.scheme.ordered_tasks, domain)
    if not tasks:
        return paragraph(words.text("empty_tasks"))
    stones = [len(stones_of(words, task)) for task in tasks]
    quantified = sum(map(bool, stones))
    counts = {"n": len(tasks), "quantified": quantified, "stones": sum(stones), "rest": len(tasks) - quantified}
    return paragraph(words.text("tasks_counted", **counts))


def offices_of(row: Record) -> list[str]:
    """Return the responsible offices of a task or milestone, those that lead first."""
    return [*offices_in(row["lead_offices"]), *offices_in(row["support_offices"])]


def office_tasks(words: Wording, office: str, *, leading: bool = True) -> list[Record]:
    """Return the tasks that an office leads, or those in which it supports others."""
    return words.results.scheme.office_tasks.get((office, leading), [])


def stones_of(words: Wording, task: Record) -> list[Record]:
    """Return the quantified milestones of a task."""
    return words.results.scheme.stones.get((task["indicator"], task["task"]), [])


def record_of(words: Wording, row: Record) -> Record | None:
    """Return what was last recorded of a task or milestone."""
    key = row["indicator"], int(row["task"]), int(row.get("milestone", 0))
    return words.results.scheme.recorded.get(key)


def counted_day(words: Wording) -> str:
    """Return the day as of which terms are counted: the end of the last known year, or that of the last record."""
    as_of, _ = words.results.settings.years()
    return max(f"{as_of}-12-31", *(row["date"] for row in words.results.scheme.recorded.values()), "")


def last_due(stone: Record, day: str) -> str:
    """Return the last day up to `day` on which a milestone was due; empty where none has come."""
    if pd.isna(stone["year"]):
        return ""
    last = int(stone["year"]) - (text_of(stone["due"]) == "before_year")
    first = last if pd.isna(stone["first_year"]) else int(stone["first_year"])
    month = 12 if pd.isna(stone["month"]) else int(stone["month"])
    ends = (f"{year}-{month:02}-31" for year in range(last, first - 1, -1))
    return next((end for end in ends if end <= day), "")


def is_overdue(words: Wording, stone: Record) -> bool:
    """Return whether a milestone was due and is not recorded as done; what is due every year is done once a year."""
    found, due = record_of(words, stone), last_due(stone, counted_day(words))
    since: str = "" if pd.isna(stone["first_year"]) else due[:4]
    return bool(due) and not (found and found["share"] >= FULL and str(found["date"]) >= since)


def progress(words: Wording, row: Record) -> str:
    """Return what was recorded of a task or milestone: its share, the day and the evidence; empty where nothing was."""
    found = record_of(words, row)
    if found is None:
        return ""
    share = words.text("per_cent", value=words.given(found["share"]))
    return words.text("record_said", share=share, date=found["date"], evidence=found["evidence"])


def say_progress(words: Wording) -> str:
    """Return what is recorded as done, or how to record it, and what is overdue, of which offices."""
    scheme, day = words.results.scheme, counted_day(words)
    if not scheme.ordered_tasks:
        return ""
    full = sum(row["share"] >= FULL for row in scheme.recorded.values())
    counts = {"n": len(scheme.recorded), "full": full, "rest": len(scheme.recorded) - full}
    said = words.text("progress_counted", **counts) if scheme.recorded else words.text("progress_none")
    overdue = [stone for stone in scheme.ordered_milestones if is_overdue(words, stone)]
    offices = words.offices(*dict.fromkeys(office for stone in overdue for office in offices_in(stone["lead_offices"])))
    late = words.text("overdue_counted", n=len(overdue), day=day, offices=offices) if overdue else ""
    return words.sentences(said, late)


def table_milestones(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the quantified sub-targets of a domain's tasks."""
    rows = in_domain(words, words.results.scheme.ordered_milestones, domain)
    show = Columns(words)
    columns = [
        show.line_group(),
        show.text("column_milestone", lambda row: row[f"title_{words.lang}"], head=True),
        show.number("column_quantity", lambda row: _quantity(words, row)),
        show.text("column_due", lambda row: _due(words, row) or words.text("dash")),
    ]
    recorded = any(record_of(words, row) for row in rows)
    if recorded:
        columns.append(show.text("column_progress", lambda row: progress(words, row) or words.text("dash")))
    if any(map(offices_of, rows)):
        columns.append(show.text("column_offices_in_charge", lambda row: words.offices(*offices_of(row))))
    of = words.domain(domain)
    return show.table("milestones", rows, columns, note=not recorded, empty=True, domain=of, n=len(rows))


def _quantity(words: Wording, stone: Record) -> str:
    return words.text(f"relation_{stone['relation']}", value=words.amount(stone["value"], stone["unit"], asked=True))


def _due(words: Wording, stone: Record) -> str:
    """Return when a milestone is due; empty where the programme does not say."""
    if pd.isna(stone["year"]):
        return ""
    year = int(stone["year"])
    if text_of(stone["due"]) == "in_month":
        return words.month(f"{year}-{stone['month']:02}")
    if pd.isna(stone["first_year"]):
        return words.text(f"due_{stone['due']}", year=year)
    return words.text("each_year", first=int(stone["first_year"]), last=year)


def milestone(words: Wording, stone: Record) -> str:
    """Return a quantified milestone in words: what, how much, by when."""
    said = words.text("milestone_of", title=stone[f"title_{words.lang}"], quantity=_quantity(words, stone))
    return said + words.bracketed(_due(words, stone))

"""Tasks of the programme, with the offices that lead and support, and their quantified milestones."""

from collections.abc import Iterable

import pandas as pd

from xk.contracts.records import Record, Row, text_of
from xk.contracts.scheme import offices_in
from xk.exhibits import Columns, Exhibit, Wording, paragraph
from xk.exhibits.columns import cell_of

FULL = 100
"""Share of what is done, in per cent."""


def in_domain(words: Wording, rows: Iterable[Row], domain: str | None) -> list[Row]:
    """Return those of some rows whose indicator belongs to a domain; all for None."""
    wanted = words.results.scheme.lines_in(domain)
    return [row for row in rows if cell_of(row, "indicator") in wanted]


def say_tasks(words: Wording, domain: str | None = None) -> Exhibit:
    """Return how many tasks a domain has, and how many of them carry a quantity."""
    tasks = in_domain(words, words.results.scheme.ordered_tasks, domain)
    if not tasks:
        return paragraph(words.text("empty_tasks"))
    quantified = sum(bool(stones_of(words, task)) for task in tasks)
    return paragraph(words.text("tasks_counted", n=len(tasks), quantified=quantified, rest=len(tasks) - quantified))


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
    return words.text(
        "record_said",
        share=words.text("per_cent", value=words.given(found["share"])),
        date=found["date"],
        evidence=found["evidence"],
    )


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
    due = _due(words, stone)
    return said + (words.text("in_brackets", word=due) if due else "")

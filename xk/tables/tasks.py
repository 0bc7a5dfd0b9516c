"""Tasks of the programme, with the offices that lead and support, and their quantified milestones."""

from collections.abc import Iterable

import pandas as pd

from xk.contracts.records import Record, Row, text_of
from xk.contracts.scheme import offices_in
from xk.exhibits import Exhibit, paragraph
from xk.exhibits.columns import Columns, cell_of
from xk.exhibits.wording import Wording


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
    if any(map(offices_of, rows)):
        columns.append(show.text("column_offices_in_charge", lambda row: words.offices(*offices_of(row))))
    return show.table("milestones", rows, columns, note=True, empty=True, domain=words.domain(domain), n=len(rows))


def _quantity(words: Wording, stone: Record) -> str:
    return words.text(f"relation_{stone['relation']}", value=words.amount(stone["value"], stone["unit"]))


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

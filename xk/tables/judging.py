"""Tables of verdicts: lines under all rulebooks, where these disagree, history, planned path, held years."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from xk.contracts.records import Record, grouped, records
from xk.exhibits import Column, Exhibit, escape, number, table
from xk.exhibits.wording import Wording
from xk.tables.domain import in_domain, status_column
from xk.theme import STATUS_SYMBOLS
from xk.vocab import STATUSES
from xk.vocab.clauses import clause, status_label

# grade of a verdict -> house status that lends symbol and colour
GRADE_LOOKS = {3: "on_track", 2: "lagging", 1: "regressing", 0: "no_data"}


def summary_row(words: Wording, indicator: str) -> dict[str, Any]:
    """Return the summary of one indicator for the calls that put it into words."""
    return words.results.lines[words.results.scheme.indicator(indicator)["indicator"]]


def _look(status: str, grade: int) -> str:
    return status if status in STATUSES else GRADE_LOOKS[grade]


def _verdict(words: Wording, rulebook: str, status: object, grade: int) -> str:
    """Return a verdict as HTML: symbol and the rulebook's own word."""
    if not isinstance(status, str):
        return escape(words.text("dash"))
    look = _look(status, grade) if rulebook == "house" else GRADE_LOOKS[grade]
    word = escape(words.text(status_label(rulebook, status)))
    return (
        f'<span class="xk-status" data-status="{escape(look)}">'
        f'<span class="xk-symbol" aria-hidden="true">{escape(STATUS_SYMBOLS[look])}</span> {word}</span>'
    )


def _line(words: Wording, row: Mapping[str, Any]) -> str:
    """Return number and name of a line; a stretch target says so."""
    name = f"{row['no']} {words.names[row['indicator']]}"
    return words.text("goal_stretch", line=name) if row.get("goal") == "stretch" else name


def table_rulebooks(words: Wording, verdicts: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return the lines of a domain with their verdict under every rulebook.

    Parameters
    ----------
    words : Wording
    verdicts : DataFrame
        As `build_verdicts` gives it.
    domain : str, optional
    """
    every = records(verdicts)
    rulebooks = list(dict.fromkeys(row["rulebook"] for row in every))
    rows = _wide(in_domain(words, every, domain))

    def verdict(rulebook: str) -> Callable[[Any], str]:
        return lambda row: _verdict(words, rulebook, row[rulebook], int(row[f"{rulebook}_grade"]))

    columns = [
        Column(words.text("column_indicator"), lambda row: _line(words, row), head=True),
        *(Column(words.text(f"rulebook_short_{rulebook}"), verdict(rulebook), raw=True) for rulebook in rulebooks),
    ]
    caption = words.text("caption_rulebooks", domain=words.domain(domain))
    note = words.text("note_rulebooks", needs=words.text("rulebooks_need"))
    return table(rows, columns, "rulebooks", caption=caption, note=note, empty=words.text("empty_rulebooks"))


def _wide(verdicts: list[Record]) -> list[Record]:
    """Return one row a line and goal: status and grade of each rulebook in columns."""
    rows: dict[tuple[str, str], Record] = {}
    for one in verdicts:
        key = {name: one[name] for name in ("indicator", "no", "goal")}
        row = rows.setdefault((one["indicator"], one["goal"]), key)
        row |= {one["rulebook"]: one["status"], f"{one['rulebook']}_grade": one["grade"]}
    return list(rows.values())


def table_disagreements(
    words: Wording, disagreements: pd.DataFrame, verdicts: pd.DataFrame, domain: str | None = None
) -> Exhibit:
    """Return the lines on which the rulebooks disagree, with the verdicts, their reasons and the cause.

    Parameters
    ----------
    words : Wording
    disagreements, verdicts : DataFrame
        As `build_disagreements` and `build_verdicts` give them.
    domain : str, optional
    """
    rows = _with_reasons(words, in_domain(words, records(disagreements), domain))
    status = {
        (row["indicator"], row["goal"], row["rulebook"]): row["status"]
        for row in records(verdicts[["indicator", "goal", "rulebook", "status"]])
    }

    def side(which: str) -> Callable[[Any], str]:
        def said(row: Any) -> str:
            grade = int(row[which])
            lines = []
            for rulebook in row[f"{which}_rulebooks"].split(";"):
                word = _verdict(words, rulebook, status[row["indicator"], row["goal"], rulebook], grade)
                lines.append(
                    words.text(
                        "rulebook_and_verdict", rulebook=escape(words.text(f"rulebook_short_{rulebook}")), word=word
                    )
                )
            return "<br>".join(lines) + f'<br><span class="xk-note">{escape(row[f"{which}_reason"])}</span>'

        return said

    columns = [
        Column(words.text("column_indicator"), lambda row: _line(words, row), head=True),
        Column(words.text("column_best_rulebooks"), side("best"), raw=True),
        Column(words.text("column_worst_rulebooks"), side("worst"), raw=True),
        Column(words.text("column_cause"), lambda row: words.text(f"cause_{row['cause']}")),
    ]
    caption, note = words.text("caption_disagreements"), words.text("note_disagreements")
    empty = words.text("empty_disagreements")
    return table(rows, columns, "disagreements", caption=caption, note=note, empty=empty)


def _with_reasons(words: Wording, rows: list[Record]) -> list[Record]:
    """Return the rows with their reasons in words: of the first rulebook on either side."""

    def said(row: Record, which: str) -> str:
        return _reason(words, row[f"{which}_rulebooks"].split(";")[0], row[f"{which}_reason"], row["indicator"])

    return [row | {f"{which}_reason": said(row, which) for which in ("best", "worst")} for row in rows]


def _reason(words: Wording, rulebook: str, reason: Any, indicator: str) -> str:
    if rulebook == "house":
        return words.reason(reason, summary_row(words, indicator))
    return clause(reason.key, reason.values, words.lang)


def table_verdict_history(words: Wording, history: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return the house status of each line as of each year, and what changed it last.

    Parameters
    ----------
    words : Wording
    history : DataFrame
        As `build_verdict_history` gives it.
    domain : str, optional
    """
    house = records(history[(history["rulebook"] == "house") & (history["goal"] == "target")])
    shown = in_domain(words, house, domain)
    years = sorted({row["as_of"] for row in shown})
    rows = _history_rows(shown)

    def at(year: int) -> Callable[[Any], str]:
        return lambda row: _verdict(words, "house", row.get(f"{year}"), 0)

    columns = [
        Column(words.text("column_indicator"), lambda row: _line(words, row), head=True),
        *(Column(words.text("of_year", year=year), at(year), raw=True) for year in years),
        Column(words.text("column_last_change"), lambda row: _last_change(words, row)),
    ]
    caption, note = words.text("caption_history", domain=words.domain(domain)), words.text("note_history")
    return table(rows, columns, "verdict-history", caption=caption, note=note, empty=words.text("empty_history"))


def _history_rows(shown: list[Record]) -> list[Record]:
    rows = []
    for indicator, group in grouped(shown, "indicator").items():
        row: Record = {"indicator": indicator, "no": group[0]["no"]}
        row |= {f"{one['as_of']}": one["status"] for one in group}
        latest = next((one for one in reversed(group) if one["changed"]), None)
        for name in ("as_of", "before", "status", "change"):
            row[f"last_{name}"] = None if latest is None else latest[name]
        rows.append(row)
    return rows


def _last_change(words: Wording, row: Mapping[str, Any]) -> str:
    if not isinstance(row["last_change"], str):
        return words.text("change_none")
    before, now = (words.text(f"status_{row[f'last_{name}']}") for name in ("before", "status"))
    why = words.text(f"change_{row['last_change']}")
    return words.text("change_said", year=int(row["last_as_of"]), before=before, now=now, why=why)


def table_plan(words: Wording, positions: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return each line's latest figure against the planned value of its year, beside the status for the target year.

    Parameters
    ----------
    words : Wording
    positions : DataFrame
        As `build_positions` gives it.
    domain : str, optional
    """
    rows = in_domain(words, records(positions), domain)
    if all(row["plan_status"] == "no_plan" for row in rows):
        rows = []

    def figure(column: str, *, signed: bool = False) -> Callable[[Any], str]:
        return lambda row: words.value(row[column], summary_row(words, row["indicator"]), signed=signed)

    def kind(row: Any) -> str:
        return words.text(f"planned_{row['planned_kind']}" if isinstance(row["planned_kind"], str) else "dash")

    columns = [
        Column(words.text("column_indicator"), lambda row: _line(words, row), head=True),
        Column(words.text("column_plan_year"), lambda row: _whole(words, row["year"]), number=True),
        Column(words.text("column_latest"), figure("value"), number=True),
        Column(words.text("column_planned"), figure("planned_value"), number=True),
        Column(words.text("column_planned_kind"), kind),
        Column(words.text("column_plan_gap"), figure("plan_gap", signed=True), number=True),
        Column(words.text("column_plan_status"), lambda row: words.text(f"plan_{row['plan_status']}")),
        status_column(words),
        Column(words.text("column_years_left"), lambda row: _whole(words, row["years_left"]), number=True),
    ]
    caption, note = words.text("caption_plan", domain=words.domain(domain)), words.text("note_plan")
    return table(rows, columns, "plan", caption=caption, note=note, empty=words.text("empty_plan"))


def _whole(words: Wording, value: object) -> str:
    return words.text("dash") if pd.isna(value) else f"{value}"  # type: ignore[call-overload]


def table_held(words: Wording, held: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return the targets to be held with the result of every year.

    Parameters
    ----------
    words : Wording
    held : DataFrame
        As `build_held_years` gives it.
    domain : str, optional
    """
    shown = in_domain(words, records(held), domain)
    years = sorted({row["year"] for row in shown})
    rows = []
    for indicator, group in grouped(shown, "indicator").items():
        row: Record = {"indicator": indicator, "no": group[0]["no"]}
        for one in group:
            row |= {f"{one['year']}": one["result"], f"{one['year']}_value": one["value"]}
        rows.append(row)

    def at(year: int) -> Callable[[Any], str]:
        def said(row: Any) -> str:
            if f"{year}" not in row:
                return words.text("dash")
            word = words.text(f"held_{row[f'{year}']}")
            value = row[f"{year}_value"]
            return word if pd.isna(value) else words.text("baseline_of", value=number(value, words.lang), year=word)

        return said

    columns = [
        Column(words.text("column_indicator"), lambda row: _line(words, row), head=True),
        Column(
            words.text("column_target"),
            lambda row: words.target(summary_row(words, row["indicator"])),
            number=True,
        ),
        *(Column(words.text("of_year", year=year), at(year)) for year in years),
    ]
    caption, note = words.text("caption_held"), words.text("note_held")
    return table(rows, columns, "held", caption=caption, note=note, empty=words.text("empty_held"))

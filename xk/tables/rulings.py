"""Verdicts: lines under all rulebooks, and where these disagree."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS, Reason
from xk.contracts.records import Record, records
from xk.exhibits import Exhibit, badge, escape, table
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording
from xk.tables.tasks import in_domain
from xk.vocab.clauses import clause
from xk.vocab.counting import Counted, listed

# grade of a verdict -> house status that lends symbol and colour
GRADE_LOOKS = {3: "on_track", 2: "lagging", 1: "regressing", 0: "no_data"}


def verdict_of(words: Wording, rulebook: str, status: object) -> str:
    """Return a verdict as HTML: symbol and the rulebook's own word."""
    if not isinstance(status, str):
        return escape(words.text("dash"))
    look = status if rulebook == HOUSE else GRADE_LOOKS[RULEBOOKS[rulebook].grade(status)]
    return badge(look, words.text(RULEBOOKS[rulebook].label(status)))


def table_rulebooks(words: Wording, verdicts: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return the lines of a domain with their verdict under every rulebook.

    Parameters
    ----------
    words : Wording
    verdicts : DataFrame
        As `build_verdicts` gives it.
    domain : str, optional
    """
    rows = _wide(in_domain(words, records(verdicts), domain))

    def verdict(rulebook: str) -> Callable[[Record], str]:
        return lambda row: verdict_of(words, rulebook, row[rulebook])

    show = Columns(words)
    columns = [
        show.line(),
        *(show.text(f"rulebook_short_{rulebook}", verdict(rulebook), raw=True) for rulebook in RULEBOOKS),
    ]
    caption = words.text("caption_rulebooks", n=Counted(len(RULEBOOKS), words.lang), domain=words.domain(domain))
    note = words.text("note_rulebooks", needs=_needs(words))
    return table(rows, columns, "rulebooks", caption=caption, note=note, empty=words.text("empty_rulebooks"))


def _needs(words: Wording) -> str:
    """Return how many years of figures the rulebooks need, those that need the fewest first."""
    said = ""
    for years in sorted({rulebook.years for rulebook in RULEBOOKS.values() if rulebook.years}):
        names = [words.text(f"rulebook_need_{one.name}") for one in RULEBOOKS.values() if one.years == years]
        need = {"rulebooks": listed(names, words.lang), "n": Counted(years, words.lang)}
        said = words.text("rulebooks_need_more", less=said, **need) if said else words.text("rulebooks_need", **need)
    return said


def _wide(verdicts: list[Record]) -> list[Record]:
    """Return one row a line and goal: the status of each rulebook in its column."""
    rows: dict[tuple[str, str], Record] = {}
    for one in verdicts:
        key = {name: one[name] for name in ("indicator", "goal")}
        rows.setdefault((one["indicator"], one["goal"]), key)[one["rulebook"]] = one["status"]
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
    found = {(row["indicator"], row["goal"], row["rulebook"]): row["status"] for row in records(verdicts)}

    def side(which: str) -> Callable[[Record], str]:
        return lambda row: _side(words, row, which, found)

    show = Columns(words)
    columns = [
        show.line(),
        show.text("column_best_rulebooks", side("best"), raw=True),
        show.text("column_worst_rulebooks", side("worst"), raw=True),
        show.word("column_cause", "cause", "cause"),
    ]
    rows = in_domain(words, records(disagreements), domain)
    return show.table("disagreements", rows, columns, note=True, empty=True)


def _side(words: Wording, row: Record, which: str, statuses: dict[tuple[str, str, str], str]) -> str:
    """Return the rulebooks on one side with their words, and the reason of the first of them."""
    names, lines = row[f"{which}_rulebooks"].split(";"), []
    for rulebook in names:
        word = verdict_of(words, rulebook, statuses[row["indicator"], row["goal"], rulebook])
        name = escape(words.text(f"rulebook_short_{rulebook}"))
        lines.append(words.text("rulebook_and_verdict", rulebook=name, word=word))
    reason = escape(_reason(words, names[0], row[f"{which}_reason"], row["indicator"]))
    return "<br>".join(lines) + f'<br><span class="xk-note">{reason}</span>'


def _reason(words: Wording, rulebook: str, reason: Reason, indicator: str) -> str:
    if rulebook == HOUSE:
        return words.reason(reason, words.results.lines[indicator])
    return clause(reason.key, reason.values, words.lang)

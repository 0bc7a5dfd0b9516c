"""What would do: the pace that just meets each target of a domain; the rank of domains under other weights."""

from collections.abc import Callable, Sequence

import pandas as pd

from xk.contracts.records import Record, records
from xk.exhibits import Columns, Exhibit, Wording, number, table
from xk.exhibits.peer_words import base_rate_said
from xk.pipeline.levers import DomainSolution, Solution

DECIMALS = {"change": 3, "growth": 2, "accelerate": 2}


def solution_said(words: Wording, one: Solution) -> str:
    """Return what just meets a target under one rule, or why nothing does or need do."""
    if one.why:
        return words.text(f"unsolved_{one.why}")
    if one.rule == "change":
        unit = words.change_measure(words.results.line(one.indicator).line)
        return words.text("solved_change", value=_size(words, one, signed=True), unit=unit)
    if one.rule == "growth":
        return words.text("solved_growth", value=_size(words, one, signed=True))
    return words.text("solved_accelerate", value=_size(words, one), since=one.since)


def _size(words: Wording, one: Solution, *, signed: bool = False) -> str:
    return number(one.value, words.lang, decimals=DECIMALS[one.rule], signed=signed, away=True)


def table_solutions(
    words: Wording, solutions: Sequence[Sequence[Solution]], *, found: DomainSolution | None = None
) -> Exhibit:
    """Return what just meets the targets of some lines: a row a line, a column a rule, and whether anybody managed it.

    Parameters
    ----------
    words : Wording
        Of the reference.
    solutions : sequence of sequences of Solution
        For each line those under several rules, the same for all.
    found : DomainSolution, optional
        The common factor of the domain that the lines are of.
    """
    show = Columns(words)
    rows = [{"indicator": each[0].indicator, "solutions": each} for each in solutions]
    rules = [one.rule for one in solutions[0]] if solutions else []

    def precedent(row: Record) -> str:
        rate = next((one.rate for one in row["solutions"] if one.rate is not None), None)
        if rate is None:
            return words.text("dash")
        return base_rate_said(words, words.results.line(row["indicator"]), rate).lstrip("，, ")

    solved = (show.number(f"column_solved_{rule}", lambda row, at=at: solution_said(words, row["solutions"][at]))
              for at, rule in enumerate(rules))  # fmt: skip
    columns = [show.line(), *solved, show.text("column_precedent", precedent)]
    note = words.sentences(words.text("note_solutions"), "" if found is None else common_said(words, found))
    caption, empty = words.text("caption_solutions"), words.text("empty_solutions")
    return table(rows, columns, "solutions", caption=caption, note=note, empty=empty)


def common_said(words: Wording, found: DomainSolution) -> str:
    """Return the common factor of a domain in words: what it brings to their targets, and what no factor does."""
    able = [one for one in found.lines if not one.why]
    if not able:
        return words.text("solved_domain_none", domain=words.domain(found.domain))
    without = [one.indicator for one in found.lines if one.why in ("no_path", "no_way", "no_figure")]
    said = words.text(
        "solved_domain", domain=words.domain(found.domain), since=found.since, n=len(able),
        value=number(found.value, words.lang, decimals=2, away=True), line=words.line(found.binding),
    )  # fmt: skip
    return words.sentences(said, words.text("solved_domain_without", lines=words.numbers(without)) if without else "")


def table_ranks(words: Wording, ranks: pd.DataFrame) -> Exhibit:
    """Return the index and rank of the domains under the programme's own weights and under others.

    Parameters
    ----------
    words : Wording
    ranks : DataFrame
        As `xk.pipeline.levers.build_ranks` gives it.
    """
    show = Columns(words)

    def rank(name: str) -> Callable[[Record], str]:
        return lambda row: words.text("dash") if pd.isna(row[name]) else f"{row[name]:.0f}"

    columns = [
        show.level(),
        show.share("column_weight_chosen", "weight"),
        show.points("column_index_own_weights", "value_before"),
        show.number("column_rank_own_weights", rank("rank_before")),
        show.points("column_index_these_weights", "value_after"),
        show.number("column_rank_these_weights", rank("rank_after")),
    ]
    return show.table("ranks", records(ranks), columns, note=True)

"""Scenarios beside the reference in tables: assumptions, statuses, figures of the target year, index."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xk.contracts.records import Record, records
from xk.exhibits import Column, Columns, Exhibit, Wording, begun, escape, number, table
from xk.exhibits.assumption_words import assumptions_said
from xk.exhibits.columns import status_badge
from xk.exhibits.index_words import index_and_coverage, level_name
from xk.pipeline.result import LineResult, count_statuses
from xk.vocab import STATUSES


@dataclass(frozen=True)
class Moved:
    """A line that a scenario moves: its results in the reference, then under each scenario."""

    indicator: str
    results: tuple[LineResult, ...]

    @property
    def is_drawn(self) -> bool:
        """Whether it has a path to draw: a composite has none."""
        return not self.results[0].line.is_composite

    @property
    def flips(self) -> bool:
        """Whether a scenario changes its status."""
        return len({result.status for result in self.results}) > 1


def moved_lines(worded: Sequence[Wording]) -> list[Moved]:
    """Return the lines whose status or figure of the target year is another under a scenario than in the reference."""
    lines = [words.results.lines for words in worded]
    rows = (Moved(name, tuple(each[name] for each in lines)) for name in lines[0])
    return [row for row in rows if len({result.outcome for result in row.results}) > 1]


def table_assumptions(worded: Sequence[Wording]) -> Exhibit:
    """Return what each scenario assumes, and which of the paces that it assumes nobody ever reached."""
    rows = [{"title": words.scenario_title(), "said": said} for words in worded for said in assumptions_said(words)]
    show = Columns(worded[0])
    columns = [show.group(lambda row: row["title"]), show.text("column_assumption", lambda row: row["said"])]
    return show.table("assumptions", rows, columns, empty=True)


def table_status_counts(worded: Sequence[Wording]) -> Exhibit:
    """Return how many lines have which status in the reference and under each scenario."""
    counts = [count_statuses(words.results.lines.values()) for words in worded]
    rows = [
        {"status": status, **{str(place): each.get(status, 0) for place, each in enumerate(counts)}}
        for status in STATUSES
        if any(each.get(status) for each in counts)
    ]

    show = Columns(worded[0])
    columns = [
        show.status(),
        *(Column(_title(words), lambda row, at=at: str(row[str(at)]), number=True) for at, words in enumerate(worded)),
    ]
    return show.table("status_counts", rows, columns)


def table_flips(worded: Sequence[Wording]) -> Exhibit:
    """Return the lines whose status another scenario changes, with the status in each."""

    show = Columns(worded[0])
    columns = [
        show.line(),
        *(Column(_title(one), lambda row, at=at, one=one: status_badge(one, row.results[at].status), raw=True)
          for at, one in enumerate(worded)),
    ]  # fmt: skip
    return show.table("flips", [row for row in moved_lines(worded) if row.flips], columns, empty=True)


def table_outcomes(worded: Sequence[Wording]) -> Exhibit:
    """Return the lines that a scenario moves: figure and attainment of the target year, and status, in each."""
    show, year = Columns(worded[0]), worded[0].results.scheme.target_year
    return show.table("outcomes", moved_lines(worded), outcome_columns(worded), note=True, empty=True, year=year)


def outcome_columns(worded: Sequence[Wording]) -> list[Column]:
    """Return the columns of `table_outcomes`: line, measure, target, then one for the reference and each scenario."""

    show, words = Columns(worded[0]), worded[0]
    return [
        show.line(),
        show.text("column_measure", lambda row: words.measure(row.results[0].line)),
        show.number("column_target", lambda row: words.target(row.results[0].line)),
        *(
            Column(_title(one), lambda row, at=at, one=one: _said(one, row.results[at]), raw=True)
            for at, one in enumerate(worded)
        ),
    ]


def _said(words: Wording, result: LineResult) -> str:
    """Return figure and attainment of the target year, and the status."""
    said = [] if result.line.is_composite else [escape(words.projected(result))]
    if not math.isnan(result.outlook.attainment):
        attained = words.text("attainment_of", value=words.share(result.outlook.attainment))
        attained += words.parts_known.get((result.indicator, words.results.scheme.target_year), "")
        said.append(_note(attained))
    # of a trend, or of an assumption for the case that it holds
    told = {"outcome_odds": result.outlook.probability, "outcome_odds_if_holds": result.outlook.probability_if_holds}
    said += [_note(words.text(key, odds=words.odds(odds))) for key, odds in told.items() if not math.isnan(odds)]
    return "<br>".join([*said, status_badge(words, result.status)])


def _note(said: str) -> str:
    return f'<span class="xk-note">{escape(said)}</span>'


def _title(words: Wording) -> str:
    return begun(words.scenario_title())


def table_index_beside(worded: Sequence[Wording]) -> Exhibit:
    """Return the projected index of each domain and in total, in the reference and each scenario.

    Each with its coverage, and with the points by which the scenario moves the index, which are known where it is not.
    """
    words, show = worded[0], Columns(worded[0])
    found = [records(one.results.index[one.results.index["basis"] == "target"]) for one in worded]
    shifts = [records(words.results.index_shift(one.results)) for one in worded]
    cells = zip(zip(*found, strict=True), zip(*shifts, strict=True), strict=True)
    rows = [{"level": level[0]["level"], "cells": level, "shifts": moved} for level, moved in cells]

    def value(place: int) -> Callable[[Record], str]:
        return lambda row: "<br>".join(
            map(escape, [_index(words, row["cells"][place]), *_shift(words, row["shifts"][place], place)])
        )

    columns = [show.level(), *(Column(_title(one), value(at), number=True, raw=True) for at, one in enumerate(worded))]
    caption = words.text("caption_scenario_index", year=words.results.scheme.target_year)
    return table(rows, columns, "scenario-index", caption=caption, note=words.text("note_scenario_index"))


def _index(words: Wording, row: Record) -> str:
    said = index_and_coverage(words, row)
    part = row["level"] == "total" and not row["reason"] and row["domains"] < len(words.results.scheme.domain_names())
    return said + words.bracketed(level_name(words, row)) if part else said


def _shift(words: Wording, row: Record, place: int) -> list[str]:
    """Return by how many points a scenario moves an index; nothing for the reference, or without a figure in both."""
    if place == 0 or not row["indicators"]:
        return []
    points = number(row["points"], words.lang, decimals=2, signed=True)
    return [words.text("index_shift", points=points, n=row["indicators"])]

"""The columns that tables are made of: what each shows and how, so that a table only says which it has."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import pandas as pd

from xk.exhibits.grid import Column, details, table
from xk.exhibits.numbers import number
from xk.exhibits.peer_words import count_said
from xk.exhibits.pieces import Exhibit, Rows, badge, begun, escape
from xk.exhibits.wording import Wording
from xk.pipeline.result import LineResult

Cell = Callable[..., str]


class Columns:
    """Columns in the words of one report.

    `key` is that of the label at their head, `values` what stands in it; `name` says where a row has its cell: a column
    of a record (``value``), or an attribute of the results of a line (``latest.value``).
    """

    def __init__(self, words: Wording) -> None:
        self.words = words

    def text(self, key: str, cell: Cell, *, head: bool = False, raw: bool = False, **values: object) -> Column:
        """Return a column of words; of HTML, its texts escaped, if `raw`."""
        return Column(begun(self.words.text(key, **values)), cell, head=head, raw=raw)

    def number(self, key: str, cell: Cell, *, raw: bool = False, **values: object) -> Column:
        """Return a column of figures that are put into words already."""
        return Column(begun(self.words.text(key, **values)), cell, number=True, raw=raw)

    def word(self, key: str, name: str, prefix: str, *, head: bool = False) -> Column:
        """Return a column of words of a closed list, of which ``<prefix>_<word>`` is the label."""
        return self.text(key, lambda row: self.words.text(f"{prefix}_{cell_of(row, name)}"), head=head)

    def group(self, cell: Cell, key: str = "") -> Column:
        """Return what stands once over the rows that share it."""
        return Column(self.words.text(key) if key else "", cell, group=True)

    def line(self, name: str = "indicator") -> Column:
        """Return the column of number and name of the line; one on the stretch target says so."""
        return self.text("column_indicator", lambda row: self._line(row, name), head=True)

    def line_group(self) -> Column:
        """Return number and name of the line, once over its rows."""
        return self.group(self._line)

    def line_with_measure(self) -> Column:
        """Return the column of number and name of the line, with its measure."""

        def said(result: LineResult) -> str:
            measure = self.words.measure(result.line, priced=result.comparable)
            return f'{escape(self._line(result))} <span class="xk-note">{escape(measure)}</span>'

        return self.text("column_indicator", said, head=True, raw=True)

    def status(self, name: str = "status", *, alone: bool = True, below: Cell | None = None) -> Column:
        """Return the column of a status with its symbol; `below`: what is said below it, if anything."""

        def said(row: object) -> str:
            return with_note(status_badge(self.words, cell_of(row, name)), below(row) if below else "")

        return Column(self.words.text("column_status"), said, raw=True, alone=alone, labelled=False)

    def measure(self) -> Column:
        """Return the column of the measures of lines."""
        return self.text("column_measure", lambda result: self.words.measure(result.line))

    def latest(self) -> Column:
        """Return the column of the latest figures of lines, each with its year."""
        return self.number("column_latest", self.words.latest)

    def target(self) -> Column:
        """Return the column of what is asked of lines."""
        key = "column_target_yardstick" if self.words.results.is_yardstick else "column_target"

        def said(result: LineResult) -> str:
            base = result.line.price_base if not result.comparable else ""
            # the unit of a figure that is not in the target's prices names none: those of the target stand with it
            return self.words.target(result.line) + self.words.bracketed(base and self.words.price_base(base))

        return self.number(key, said)

    def required(self) -> list[Column]:
        """Return the column of what lines still require each year, and below it how often that pace was reached.

        None in a final assessment.
        """
        if self.words.results.is_final:
            return []
        return [self.number("column_required", lambda result: required_cell(self.words, result), raw=True)]

    def outlook(self, key: str, *, year: int | None = None) -> list[Column]:
        """Return the columns of what is projected for target years, and its odds; none in a final assessment."""
        if self.words.results.is_final:
            return []
        return [self.number(key, self.words.projected, year=year), self.probability(), *self.beside()]

    def probability(self, name: str = "outlook.probability") -> Column:
        """Return the column of the odds of meeting targets, a dash where the trend tells none."""
        return self.number("column_probability", lambda row: self.words.odds(cell_of(row, name)))

    def beside(self) -> list[Column]:
        """Return, under a scenario, the column of what lines come to in the reference: projection and status."""
        words = self.words.beside
        if words is None:
            return []

        def said(result: LineResult) -> str:
            old = words.results.lines[result.indicator]
            return f"{escape(words.projected(old))}<br>{status_badge(words, old.status)}"

        return [self.text("column_reference", said, raw=True)]

    def lead_offices(self) -> list[Column]:
        """Return the column of the offices that lead lines; none where no line has any."""
        if not self.words.results.led_lines:
            return []
        return [self.text("column_lead_offices", lambda result: self.words.offices(*result.line.lead_offices))]

    def share(self, key: str, name: str, *, signed: bool = False, decimals: int = 1, **values: object) -> Column:
        """Return a column of figures with so many decimals: shares in per cent, points of an index."""

        def said(row: object) -> str:
            return number(cell_of(row, name), self.words.lang, decimals=decimals, signed=signed)

        return Column(begun(self.words.text(key, **values)), said, number=True)

    def points(self, key: str, name: str, **values: object) -> Column:
        """Return a column of attainments or values of an index, of which none below 100 prints as 100."""
        label = begun(self.words.text(key, **values))
        return Column(label, lambda row: self.words.points(cell_of(row, name)), number=True)

    def asked(self, key: str, name: str, decimals: int) -> Column:
        """Return a column of changes that are asked for, rounded away from zero."""

        def said(row: object) -> str:
            return number(cell_of(row, name), self.words.lang, decimals=decimals, signed=True, away=True)

        return self.number(key, said)

    def count(self, key: str, name: str) -> Column:
        """Return a column of counts; nothing counted is a dash."""
        return self.number(key, lambda row: str(cell_of(row, name) or self.words.text("dash")))

    def year(self, key: str, name: str = "year", *, head: bool = False) -> Column:
        """Return a column of years, a dash where there is none."""

        def said(row: object) -> str:
            year = cell_of(row, name)
            return self.words.text("dash") if pd.isna(year) else f"{int(year)}"

        # a year alone does not name a row as a line or a region does
        return Column(self.words.text(key), said, head=True, labelled=True) if head else self.number(key, said)

    def level(self) -> Column:
        """Return the column of the levels of the index: domains and the total."""
        return self.text("column_domain", lambda row: self.words.level(row["level"]), head=True)

    def interval(self, level: float, said: Callable[..., str]) -> Column:
        """Return the column of the intervals of a level; `said`: row and name of an end -> its figure in words."""

        def between(row: Mapping[str, float]) -> str:
            if pd.isna(row[f"lo{level:g}"]):
                return self.words.text("dash")
            low, high = (said(row, f"{end}{level:g}") for end in ("lo", "hi"))
            return self.words.text("interval_of", low=low, high=high)

        return self.number("legend_interval", between, level=f"{level:g}")

    def table(
        self, name: str, rows: Rows, columns: Sequence[Column], /, *, note: bool = False, empty: bool = False,
        **values: object,
    ) -> Exhibit:  # fmt: skip
        """Return a table in its words: ``caption_<name>``, and ``note_<name>``, ``empty_<name>`` where it has them."""
        caption = self.words.text(f"caption_{name}", **values)
        below = self.words.text(f"note_{name}") if note else ""
        instead = self.words.text(f"empty_{name}") if empty else ""
        return table(rows, columns, name.replace("_", "-"), caption=caption, note=below, empty=instead)

    def _line(self, row: object, name: str = "indicator") -> str:
        line = self.words.line(cell_of(row, name))
        stretched = (row.get("goal") if isinstance(row, Mapping) else getattr(row, "goal", None)) == "stretch"
        return self.words.text("goal_stretch", line=line) if stretched else line


def required_cell(words: Wording, result: LineResult) -> str:
    """Return as HTML what a line still requires each year, and below it how often that pace was reached."""
    return with_note(escape(words.required(result)), count_said(words, result.base_rate))


def status_badge(words: Wording, status: str) -> str:
    """Return a status as HTML, with its symbol."""
    return badge(status, words.text(f"status_{status}"))


def with_note(shown: str, note: str) -> str:
    """Return HTML with a note below it, if there is one."""
    return f'{shown}<br><span class="xk-note">{escape(note)}</span>' if note else shown


def cell_of(row: object, name: str) -> Any:
    """Return what a row has under a name: a cell of a record, or an attribute of results (``latest.value``)."""
    return row[name] if isinstance(row, Mapping) else attrgetter(name)(row)


def folded(words: Wording, rows: Rows, columns: Sequence[Column], caption: str) -> Exhibit | None:
    """Return the numbers of a chart, folded under it; None where there are none."""
    if not len(rows):
        return None
    summary = words.text("data_of_chart")
    return details(summary, rows, columns, label=words.text("column_of", what=summary, which=caption))

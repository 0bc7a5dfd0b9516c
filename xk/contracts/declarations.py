"""What a valid table is, as it is declared: three tables beside this module, read when first needed.

``columns.csv`` has a line for every column of every table, ``rules.csv`` one for every rule that its rows must keep,
``links.csv`` one for every column whose cells name something that stands elsewhere. docs/en/data_sources.md says
how they are written.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib.resources import files
from typing import TYPE_CHECKING

import pandas as pd

from xk import vocab
from xk.contracts.forms import is_date, is_dated, is_month, is_price_base, is_printable, is_years

if TYPE_CHECKING:
    import pandera.pandas as pa


@dataclass(frozen=True)
class Form:
    """The form of a type of text: whether a text has it, what is said of one without it, and the remedy."""

    fits: Callable[[str], object]
    message: str
    remedy: str


UNSEEN = ("{case} has a character that cannot be seen", "type the name anew")
FORMS = {
    "date": Form(is_date, "{case} is no date", "write a day of the calendar as YYYY-MM-DD"),
    "dated": Form(is_dated, "{case} is no date", "write YYYY-MM-DD, YYYY-MM or YYYY"),
    "month": Form(is_month, "{case} is no month", "write YYYY-MM"),
    "years": Form(is_years, "{case} lists no years", "write YYYY, several in ascending order separated by ;"),
    "vintage": Form(is_date, "{case} is no date", "write YYYY-MM-DD, the day of release"),
    "price_base": Form(is_price_base, "unknown price base {case}", "use a year, current, not_stated, or leave empty"),
    "name": Form(is_printable, *UNSEEN),
    "sha256": Form(partial(re.fullmatch, r"[0-9a-f]{64}"), "{case} is no sha256", "write 64 hex digits"),
    "slug": Form(partial(re.fullmatch, r"[a-z][a-z0-9_]*"), "{case} is no slug",
                 "use lower-case ASCII letters, digits and underscores"),
}  # fmt: skip
"""Types of text that have a form."""
NUMBERS = {"number": "float64", "whole": "Int64", "year": "Int64"}
TYPES = ("text", *FORMS, *NUMBERS)
NEEDED = ("yes", "no", "optional")


@dataclass(frozen=True)
class Column:
    """A column: its name, its type (of :data:`TYPES`), whether it is needed, and its words, if they are a closed list.

    ``needed`` is ``yes`` where every cell must be filled, ``no`` where cells may be empty, ``optional`` where the whole
    column may be left out.
    """

    name: str
    type: str = "text"
    needed: str = "yes"
    words: tuple[str, ...] = ()

    @property
    def dtype(self) -> str:
        """The type of its cells once they are read."""
        return NUMBERS.get(self.type, "str")


@dataclass(frozen=True)
class Rule:
    """What must hold in each row, as a pandas expression (missing numbers are not judged), and what is said if not.

    A message with ``{case}`` is of one cell, which stands there.
    """

    column: str
    holds: str
    message: str
    remedy: str

    @property
    def of_cell(self) -> bool:
        """Whether it judges the cells of its column alone."""
        return "{case}" in self.message


@dataclass(frozen=True)
class Link:
    """A column that names something (several things with a `separator`) that must be known."""

    column: str
    names: str
    separator: str


@dataclass(frozen=True)
class Contract:
    """What a valid table is.

    Attributes
    ----------
    columns : dict of Column
        By name, in their order.
    keys : tuple of tuple of str
        Columns that no two rows share: those of the key of the table, then those that are a key alone.
    rules : tuple of Rule
        Rules of its rows.
    links : tuple of Link
        Columns that name what must be known, in the order in which their faults are told.
    """

    columns: dict[str, Column]
    keys: tuple[tuple[str, ...], ...] = ()
    rules: tuple[Rule, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def key(self) -> list[str]:
        """The columns of its key."""
        return list(self.keys[0])

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The contract in the words of pandera, which is not loaded before: of the columns that can be wrong.

        A table is typed before it is judged, so all columns are there and of their types.
        """
        import pandera.pandas as pa

        checks = {name: list(self._cell_checks(column)) for name, column in self.columns.items()}
        columns = {
            name: pa.Column(None, checks[name], nullable=column.needed != "yes", name=name)
            for name, column in self.columns.items()
            if checks[name] or column.needed == "yes"
        }
        return pa.DataFrameSchema(columns, checks=[_check(rule) for rule in self.rules if not rule.of_cell])

    def _cell_checks(self, column: Column) -> Iterator[pa.Check]:
        import pandera.pandas as pa

        if column.type in FORMS:
            form = FORMS[column.type]
            yield pa.Check(partial(_fit, form=form), error=said(column.name, form.message, form.remedy))
        if column.type == "year":
            low, high = vocab.YEAR_RANGE
            told = ["{case} is out of range", f"use a number from {low} to {high}"]
            yield pa.Check.in_range(low, high, error=said(column.name, *told))
        if column.words:
            told = ["unknown word {case}", "use one of " + ", ".join(column.words)]
            yield pa.Check.isin(column.words, error=said(column.name, *told))
        yield from (_check(rule) for rule in self.rules if rule.of_cell and rule.column == column.name)


def said(column: str, message: str, remedy: str) -> str:
    """Return what is said where a check fails in one text: pandera keeps no more of a check."""
    return "\t".join((column, message, remedy))


def _check(rule: Rule) -> pa.Check:
    import pandera.pandas as pa

    return pa.Check(partial(_holds, expression=rule.holds), error=said(rule.column, rule.message, rule.remedy))


def _fit(cells: pd.Series, form: Form) -> pd.Series:
    known = {text: bool(form.fits(text)) for text in cells.unique()}  # a column has few texts, each often
    return cells.map(known).astype(bool)


def _holds(cells: pd.DataFrame | pd.Series, expression: str) -> object:
    frame = pd.DataFrame(cells)
    named = [name for name in frame if str(name) in expression]  # eval turns over every column that it is given
    return frame[named].eval(expression, engine="python")


def contract_of(table: str) -> Contract:
    """Return what is declared of a table; raise KeyError if nothing is."""
    return read_contracts()[table]


@cache
def read_contracts() -> dict[str, Contract]:
    """Return table -> what is declared of it, read once a process."""
    return declared(_read("columns.csv"), _read("rules.csv"), _read("links.csv"))


def _read(name: str) -> list[dict[str, str]]:
    lines = files("xk.contracts").joinpath(name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines))


def declared(
    columns: list[dict[str, str]], rules: list[dict[str, str]], links: list[dict[str, str]]
) -> dict[str, Contract]:
    """Return table -> contract, of the lines of the three tables of declarations.

    Raises
    ------
    ValueError
        A line has an unknown table, column, type or closed list.
    """
    lines: dict[str, list[dict[str, str]]] = {}
    for line in columns:
        stem = line["column"].removesuffix("_<lang>")
        names = vocab.columns_of(stem) if stem != line["column"] else (stem,)
        lines.setdefault(line["table"], []).extend(line | {"column": name} for name in names)
    for line in (*rules, *links):
        if line["column"] not in [known["column"] for known in lines.get(line["table"], [])]:
            raise ValueError(f"no column is declared as {line['table']}.{line['column']}")
    return {
        table: Contract(
            {line["column"]: _column(line) for line in own},
            _keys(own),
            tuple(Rule(*_rest(line)) for line in rules if line["table"] == table),
            tuple(Link(*_rest(line)) for line in links if line["table"] == table),
        )
        for table, own in lines.items()
    }


def _rest(line: dict[str, str]) -> list[str]:
    """Return the cells of a line but for the first, the table."""
    return list(line.values())[1:]


def _column(line: dict[str, str]) -> Column:
    """Return a declared column; its words are written out, or are a closed list of :mod:`xk.vocab` in capitals."""
    words = line["words"]
    if line["type"] not in TYPES or line["needed"] not in NEEDED or (words.isupper() and not hasattr(vocab, words)):
        raise ValueError(f"unknown type, need or closed list of {line['table']}.{line['column']}: {line}")
    known = getattr(vocab, words) if words.isupper() else tuple(filter(None, words.split(";")))
    return Column(line["column"], line["type"], line["needed"], known)


def _keys(lines: list[dict[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return the key of the table, of the columns with a place in it, and the columns that are a key alone."""
    placed = sorted((line["key"], line["column"]) for line in lines if line["key"].isdigit())
    alone = [(line["column"],) for line in lines if line["key"] == "alone"]
    return (tuple(name for _, name in placed), *alone)

"""The declared columns, rules and links: all of them hold, each is broken by some row, and none names what is not."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from functools import cache

import pandas as pd
import pytest

from xk.contracts.declarations import NUMBERS, Column, Link, Rule, contract_of, declared, read_contracts
from xk.contracts.faults import link_faults, table_faults, type_table
from xk.contracts.scheme import Line, Scheme
from xk.contracts.scheme_tables import TABLES
from xk.errors import Fault
from xk.vocab import columns_of

CONTRACTS = read_contracts()
RULES = [(table, rule) for table, contract in CONTRACTS.items() for rule in contract.rules]
LINKS = [(table, link) for table, contract in CONTRACTS.items() for link in contract.links]
COLUMNS = [(table, column) for table, contract in CONTRACTS.items() for column in contract.columns.values()]
FILLED = {"text": "x", "slug": "x", "date": "2026-01-02", "month": "2018-01", "dated": "2018", "vintage": "2026-01-02",
          "price_base": "2010", "name": "x", "sha256": "0" * 64, "year": "2016",
          "whole": "1", "number": "1"}  # fmt: skip
SOUND = {
    "indicators": {"direction": "positive", "baseline_value": "40", "baseline_year": "2016", "target_value": "60",
                   "baseline_kind": "observed", "target_year": "2020", "lower_bound": "0", "upper_bound": "100"},
    "milestones": {"first_year": "2018", "year": "2020"},
    "sources": {"publisher": "x", "title": "x"},
}  # fmt: skip
GUESS = "Guess!\u200b"
INTERVAL = {
    "target_value": "",
    "direction": "interval",
    "target_low": "40",
    "target_high": "50",
    "limit_low": "30",
    "limit_high": "60",
}
BROKEN = {
    ("sources", "publisher", "is empty though no file is named"): {"publisher": ""},
    ("sources", "title", "is empty though no file is named"): {"title": ""},
    ("done", "share", "is not from 0 to 100"): {"share": "101"},
    ("deflators", "index", "is not above 0"): {"index": "0"},
    ("indicators", "weight", "is negative"): {"weight": "-1"},
    ("indicators", "target_value", "is empty though the row claims a target"): {"target_value": ""},
    ("regions", "region", "stands for all regions"): {"region": "all"},
    ("regions", "parent", "is its own parent"): {"parent": "x"},
    ("regions", "tile_row", "go together"): {"tile_row": ""},
    ("regions", "tile_row", "lies in row"): {"tile_row": "0"},
    ("domains", "domain", "is the name of something else"): {"domain": "index"},
    ("indicators", "target_value", "a positive target is not above 0"): {"target_value": "0"},
    ("indicators", "target_value", "an interval has no single"): INTERVAL | {"target_value": "45"},
    ("indicators", "target_low", "where the direction is none"): {"target_low": "40"},
    ("indicators", "target_low", "lie outside the natural bounds"): INTERVAL | {"limit_high": "101"},
    ("indicators", "target_stretch", "without target_value"): INTERVAL | {"target_stretch": "60"},
    ("indicators", "target_stretch", "lies outside"): {"target_stretch": "900"},
    ("indicators", "target_stretch", "is not beyond"): {"target_stretch": "59"},
    ("indicators", "hold_to", "is before target_year"): {"hold_from": "2018", "hold_to": "2019"},
    ("indicators", "hold_from", "is not after baseline_year"): {"hold_from": "1950", "hold_to": "2020"},
    ("indicators", "hold_from", "no target to hold"): {"target_value": "", "hold_from": "2017", "hold_to": "2020"},
    ("indicators", "parent", "is its own parent"): {"parent": "x"},
    ("indicators", "parent", "a composite is part"): {"direction": "composite", "parent": "y"},
    ("indicators", "target_year", "is empty though there is a target"): {"target_year": ""},
    ("indicators", "target_low", "interval without"): INTERVAL | {"target_high": ""},
    ("indicators", "target_high", "is above target_high"): INTERVAL | {"target_low": "55"},
    ("indicators", "limit_low", "must enclose"): INTERVAL | {"limit_low": "45"},
    ("indicators", "baseline_value", "go together"): {"baseline_year": ""},
    ("indicators", "baseline_kind", "goes with"): {"baseline_kind": ""},
    ("indicators", "hold_to", "go together"): {"hold_from": "2018"},
    ("indicators", "hold_to", "hold_from is after"): {"hold_from": "2020", "hold_to": "2019"},
    ("indicators", "hold_to", "is after target_year"): {"hold_from": "2019", "hold_to": "2021"},
    ("indicators", "once", "is not enough"): {"once": "yes", "hold_from": "2017", "hold_to": "2020"},
    ("indicators", "baseline_year", "is not before"): {"baseline_year": "2020"},
    ("indicators", "lower_bound", "is not below"): {"lower_bound": "100"},
    ("indicators", "baseline_value", "natural bounds"): {"baseline_value": "101"},
    ("indicators", "target_value", "natural bounds"): {"target_value": "101"},
    ("tasks", "task", "is out of range"): {"task": "1000"},
    ("milestones", "milestone", "is out of range"): {"milestone": "0"},
    ("milestones", "task", "is out of range"): {"task": "1000"},
    ("milestones", "first_year", "without year"): {"year": ""},
    ("milestones", "first_year", "is after year"): {"first_year": "2021"},
    ("milestones", "due", "goes with"): {"first_year": ""},
    ("milestones", "month", "goes with"): {"month": "9"},
    ("milestones", "month", "is no month"): {"first_year": "", "due": "in_month", "month": "13"},
    ("phases", "phase", "is out of range"): {"phase": "100"},
    ("phases", "end", "ends before it starts"): {"start": "2018-02", "end": "2018-01"},
}  # fmt: skip


def filled(column: Column) -> str:
    """Return a cell that the column takes, empty where it may be."""
    return "" if column.needed == "no" else column.words[0] if column.words else FILLED[column.type]


def faults_of(table: str, *changes: dict[str, str]) -> list[list[Fault]]:
    """Return the faults of sound rows with some cells changed, row by row."""
    contract = contract_of(table)
    row = {name: filled(column) for name, column in contract.columns.items()} | SOUND.get(table, {})
    frame = pd.DataFrame([row | cells for cells in changes], index=range(2, len(changes) + 2), dtype=str)
    typed, unread = type_table(frame, contract, "f")
    faults = unread + table_faults(typed, contract, "f")
    return [[fault for fault in faults if fault.row == line] for line in frame.index]


@cache
def broken(table: str) -> dict[tuple[str, str], list[Fault]]:
    """Return column and message of the broken rules of a table -> the faults of the row that breaks it."""
    rows = {(column, said): cells for (name, column, said), cells in BROKEN.items() if name == table}
    return dict(zip(rows, faults_of(table, *rows.values()), strict=True))


@cache
def spoilt(table: str) -> dict[tuple[str, str], list[Fault]]:
    """Return column and cell -> the faults of the row in which that column has that cell."""
    places = [(name, cell) for name in contract_of(table).columns for cell in (GUESS, "")]
    return dict(zip(places, faults_of(table, *({name: cell} for name, cell in places)), strict=True))


def test_contracts_are_known_without_pandera() -> None:
    code = "import sys, xk.readers; from xk.contracts.declarations import contract_of; contract_of('tasks')"
    done = subprocess.run([sys.executable, "-c", f"{code}; print('pandera' in sys.modules)"], capture_output=True)
    assert done.stdout.strip() == b"False"


def test_no_row_breaks_a_rule_that_is_gone() -> None:
    assert len(BROKEN) == len(RULES)


@pytest.mark.parametrize("table", CONTRACTS)
def test_the_rows_to_be_broken_are_sound(table: str) -> None:
    assert faults_of(table, {}, INTERVAL if table == "indicators" else {}) == [[], []]


@pytest.mark.parametrize(("table", "rule"), RULES)
def test_each_rule_is_broken_by_a_row(table: str, rule: Rule) -> None:
    (faults,) = (
        found for (column, said), found in broken(table).items() if column == rule.column and said in rule.message
    )
    message = re.escape(rule.message).replace(re.escape("{case}"), ".+")
    found = [fault for fault in faults if re.fullmatch(message, fault.message)]
    assert [(fault.column, fault.remedy) for fault in found] == [(rule.column, rule.remedy)]


@pytest.mark.parametrize(("table", "link"), LINKS)
def test_each_link_is_broken_by_an_unknown_name(table: str, link: Link) -> None:
    cell = f"known{link.separator}nowhere" if link.separator else "nowhere"
    frame = pd.DataFrame(dict.fromkeys(contract_of(table).columns, cell), index=[2])
    found = link_faults(frame, contract_of(table), "f", known={link.names: ["known"]})
    told = [(fault.row, fault.message) for fault in found if fault.column == link.column]
    assert told == [(2, f"unknown {link.names} 'nowhere'")]
    assert link_faults(frame, contract_of(table), "f", known={}) == []


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_each_column_refuses_what_it_does_not_declare(table: str, column: Column) -> None:
    if column.words or column.type != "text":
        assert column.name in {fault.column for fault in spoilt(table)[column.name, GUESS]}
    empty = [fault for fault in spoilt(table)[column.name, ""] if fault.message == "is empty"]
    assert [fault.column for fault in empty] == ([column.name] if column.needed == "yes" else [])


@pytest.mark.parametrize("table", CONTRACTS)
def test_each_table_has_a_key_that_is_never_left_out(table: str) -> None:
    contract = contract_of(table)
    assert contract.key
    assert {contract.columns[name].needed for name in contract.key} <= {"yes", "optional"}


def test_a_line_has_the_columns_that_are_declared() -> None:
    columns = contract_of("indicators").columns
    kinds = {"float": ["number"], "int | None": ["year"], "bool": ["text"]}
    own = {field.name: str(field.type) for field in fields(Line) if field.name not in ("counted", "names")}
    assert list(own) == [name for name in columns if name not in (*columns_of("name", "note"), "clause", "deflator")]
    for name, kind in own.items():
        assert columns[name].type in kinds.get(kind, set(columns[name].type.split()) - set(NUMBERS)), name


def test_a_scheme_has_the_tables_that_are_declared() -> None:
    own = [field.name for field in fields(Scheme) if str(field.type) == "pd.DataFrame"]
    assert own == list(TABLES)
    assert set(own) <= set(CONTRACTS)


LINE = {"table": "t", "column": "a", "type": "text", "key": "1", "needed": "yes", "words": ""}
RULE = {"table": "t", "column": "a", "holds": "a == a", "message": "is odd", "remedy": "mend it"}
LINK = {"table": "t", "column": "a", "names": "region", "separator": ""}


def test_a_table_is_declared_by_its_lines() -> None:
    lines = [LINE | {"key": "2"}, LINE | {"column": "b"}, LINE | {"column": "c_<lang>", "key": "alone", "words": "x;y"}]
    contract = declared(lines, [RULE], [LINK])["t"]
    assert list(contract.columns) == ["a", "b", *columns_of("c")]
    assert contract.keys == (("b", "a"), *((name,) for name in columns_of("c")))
    assert contract.columns["c_zh"].words == ("x", "y")
    assert (contract.rules, contract.links) == ((Rule("a", "a == a", "is odd", "mend it"),), (Link("a", "region", ""),))


@pytest.mark.parametrize(
    ("line", "rule", "link"),
    [
        ({"type": "money"}, {}, {}),
        ({"needed": "maybe"}, {}, {}),
        ({"words": "DIRECTION"}, {}, {}),
        ({}, {"table": "u"}, {}),
        ({}, {"column": "b"}, {}),
        ({}, {}, {"table": "u"}),
        ({}, {}, {"column": "b"}),
    ],
)
def test_what_is_unknown_cannot_be_declared(line: dict[str, str], rule: dict[str, str], link: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"of t\.a|declared as (u\.a|t\.b)"):
        declared([LINE | line], [RULE | rule], [LINK | link])
    with pytest.raises(KeyError):
        contract_of("nothing")

"""Text becomes numbers to the last digit or a fault; a contract's verdict becomes faults with their places."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pytest
from made_up import ROOT

from xk.contracts.declarations import Column, Contract
from xk.contracts.faults import duplicate_faults, empty_faults, merge_faults, table_faults, type_table, unknown_faults
from xk.contracts.in_languages import in_each_language, said_in_each_language
from xk.errors import Fault
from xk.vocab import NATIVE, columns_of

CONTRACT = Contract(
    {
        "name": Column("name", words=("red", "blue")),
        "year": Column("year", "year"),
        "value": Column("value", "number", "no"),
        "note": Column("note", needed="optional"),
    }
)


def cells(**columns: list[str]) -> pd.DataFrame:
    """Return a table of text as read from a file: the first row stands in line 2."""
    frame = pd.DataFrame(columns, dtype=str)
    return frame.set_axis(range(2, len(frame) + 2))


def value_of(text: str) -> tuple[float, list[Fault]]:
    typed, faults = type_table(cells(name=["red"], year=["2016"], value=[text]), CONTRACT, "f.csv")
    return typed["value"].iloc[0], faults


@pytest.mark.parametrize(
    ("text", "number"),
    [("31502", 31502), (" 38.5 ", 38.5), ("-1.5", -1.5), ("+2", 2), (".5", 0.5), ("1.", 1), ("1e3", 1000),
     ("2.5E-2", 0.025), ("0.1", 0.1), ("0.12345678901234567", 0.12345678901234567), ("1e308", 1e308)],
)  # fmt: skip
def test_numbers_are_read_to_the_last_digit(text: str, number: float) -> None:
    assert value_of(text) == (number, [])


def test_an_empty_cell_is_missing_and_no_fault() -> None:
    value, faults = value_of("  ")
    assert np.isnan(value)
    assert not faults


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("abc", "'abc' is not a number", "leave empty"),
        ("1,234.5", "'1,234.5' is not a plain number", "write 1234.5"),
        ("１２．５", "'１２．５' is not a plain number", "write 12.5"),
        ("38.5％", "'38.5％' is not a plain number", "write 38.5"),
        ("38.5%", "'38.5%' is not a plain number", "write 38.5"),
        ("1 234", "'1 234' is not a plain number", "write 1234"),
        ("inf", "'inf' is not a number", "leave empty"),
        ("-Infinity", "'-Infinity' is not a number", "leave empty"),
        ("nan", "'nan' is not a number", "leave empty"),
        ("NA", "'NA' is not a number", "leave empty"),
        ("—", "'—' is not a number", "leave empty"),
        ("1e400", "'1e400' is too large for a number", "mend"),
        ("0x10", "'0x10' is not a number", "leave empty"),
        ("1_000", "'1_000' is not a number", "leave empty"),
        ("True", "'True' is not a number", "leave empty"),
        ("1.2.3", "'1.2.3' is not a number", "leave empty"),
        ("9" * 50 + "x", f"'{'9' * 40}...' is not a number", "leave empty"),
    ],
)
def test_what_is_no_number_is_a_fault(text: str, message: str, remedy: str) -> None:
    value, (fault,) = value_of(text)
    assert np.isnan(value)
    assert (fault.file, fault.row, fault.column, fault.message) == ("f.csv", 2, "value", message)
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("year", "message"),
    [
        ("2016.5", "'2016.5' is not a whole number"),
        ("2016年", "'2016年' is not a plain number"),
        ("1e300", "'1e300' is too large for a number"),
        ("99999999999999999999", "'99999999999999999999' is too large for a number"),
        ("2016-12-31", "'2016-12-31' is not a number"),
    ],
)
def test_what_is_no_year_is_a_fault(year: str, message: str) -> None:
    typed, (fault,) = type_table(cells(name=["red"], year=[year], value=["1"]), CONTRACT, "f.csv")
    assert (fault.row, fault.column, fault.message) == (2, "year", message)
    assert typed["year"].isna().all()


def test_a_whole_number_may_be_written_with_a_point() -> None:
    typed, faults = type_table(cells(name=["red"], year=["2016.0"], value=["1"]), CONTRACT, "f.csv")
    assert (typed["year"].iloc[0], faults) == (2016, [])


def test_numeric_columns_stay_as_they_are() -> None:
    frame = pd.DataFrame({"name": ["red", "blue"], "year": [2016, 2017], "value": [0.1, np.inf]}, index=[2, 3])
    typed, (fault,) = type_table(frame, CONTRACT, "f.parquet")
    assert list(typed["year"]) == [2016, 2017]
    assert typed["value"].iloc[0] == 0.1
    assert (fault.row, fault.column) == (3, "value")


def test_misspelt_column_is_told_with_the_right_one_and_the_missing_one() -> None:
    frame = cells(name=["red"], year=["2016"], valeu=["1"])
    _, faults = type_table(frame, CONTRACT, "f.csv")
    assert [(fault.row, fault.column, fault.message) for fault in faults] == [
        (1, "valeu", "unknown column"),
        (1, "value", "column is missing"),
    ]
    assert faults[0].remedy == "did you mean 'value'?"


def test_a_column_without_a_name_is_a_fault() -> None:
    frame = cells(name=["red"], year=["2016"], value=["1"]).assign(**{"": "x"})
    _, (fault,) = type_table(frame, CONTRACT, "f.csv")
    assert (fault.row, fault.message) == (1, "a column has no name")


def test_table_faults_tell_every_place_once_in_order() -> None:
    frame = pd.DataFrame(
        {"name": ["green", "red", None], "year": [2016, 1066, 2018], "value": 1.0, "note": None}, index=[2, 3, 5]
    ).astype({"year": "Int64", "name": "str", "note": "str"})
    faults = table_faults(frame, CONTRACT, "f.csv")
    assert [str(fault) for fault in faults] == [
        "f.csv:2: column 'name': unknown word 'green'; use one of red, blue",
        "f.csv:3: column 'year': 1066 is out of range; use a number from 1900 to 2200",
        "f.csv:5: column 'name': is empty; fill it in",
    ]


def test_a_valid_table_has_no_faults_and_is_not_changed() -> None:
    text = cells(name=["red", "blue"], year=["2016", "2017"], value=["1", ""], note=["", "x"])
    before = text.copy()
    typed, faults = type_table(text, CONTRACT, "f.csv")
    assert not faults
    assert not table_faults(typed, CONTRACT, "f.csv")
    pd.testing.assert_frame_equal(text, before)


def test_duplicates_name_the_line_of_the_first() -> None:
    frame = pd.DataFrame({"a": ["x", "y", "x", "x"], "b": [1, 1, 1, 1]}, index=[2, 3, 5, 9])
    assert [str(fault) for fault in duplicate_faults(frame, ["a", "b"], "f.csv")] == [
        "f.csv:5: column 'b': a x, b 1 stands in line 2 already; keep one of the two",
        "f.csv:9: column 'b': a x, b 1 stands in line 2 already; keep one of the two",
    ]


def test_rows_with_a_gap_in_the_key_are_no_duplicates() -> None:
    frame = pd.DataFrame({"a": [None, None, "x"], "b": [1, 1, 1]}, index=[2, 3, 4])
    assert duplicate_faults(frame, ["a", "b"], "f.csv") == []
    assert duplicate_faults(frame[:0], ["a", "b"], "f.csv") == []


def test_unknown_names_in_a_list_are_told_one_by_one() -> None:
    units = pd.Series(["a_bureau;b_bureau", None, "c_bureu"], index=[2, 3, 4], name="units")
    faults = unknown_faults(units, ["a_bureau", "c_bureau"], "f.csv", what="unit", separator=";")
    assert [(fault.row, fault.message, fault.remedy) for fault in faults] == [
        (2, "unknown unit 'b_bureau'", "did you mean 'c_bureau'?"),
        (4, "unknown unit 'c_bureu'", "did you mean 'c_bureau'?"),
    ]


def test_another_name_for_a_known_thing_is_translated() -> None:
    regions = pd.Series(["云浮市", "yunfu"], index=[2, 3], name="region")
    (fault,) = unknown_faults(regions, {"云浮市": "yunfu", "yunfu": "yunfu"}, "f.csv", what="region")
    assert (fault.row, fault.remedy) == (2, "write 'yunfu'")


def test_empty_cells() -> None:
    frame = pd.DataFrame({"a": ["x", None], "b": [None, None]}, index=[2, 3])
    assert [(fault.row, fault.column) for fault in empty_faults(frame, ["a", "b"], "f")] == [
        (3, "a"),
        (2, "b"),
        (3, "b"),
    ]


def test_consequences_of_a_fault_are_left_out() -> None:
    unread = [Fault("f", 4, "value", "'x' is not a number"), Fault("f", 1, "unit", "column is missing")]
    found = [
        Fault("f", 4, "value", "is empty"),
        Fault("f", 2, "unit", "is empty"),
        Fault("f", 3, "year", "is empty"),
        Fault("g", 4, "value", "is empty"),
    ]
    merged = merge_faults(unread, found)
    assert [(fault.file, fault.row) for fault in merged] == [("f", 1), ("f", 3), ("f", 4), ("g", 4)]
    assert merged[2].message == "'x' is not a number"


def test_a_cell_in_one_language_alone_stands_for_the_other_and_one_in_none_stays_empty() -> None:
    notes = {name: Column(name, needed="optional") for name in ("note_zh", "note_en")}
    contract = Contract({name: Column(name) for name in ("name", "name_zh", "name_en", "note")} | notes)
    table = in_each_language(
        cells(name_en=["Sea", "", "Hill"], name_zh=["海", "湖", " "], note_zh=["甲", "", ""]), contract
    )
    assert table["name_en"].tolist() == ["Sea", "湖", "Hill"]
    assert table["name_zh"].tolist() == ["海", "湖", "Hill"]
    assert "note_en" not in table  # the note that has no language serves where its own has none
    assert in_each_language(cells(name_en=["Sea", ""]), contract)["name_zh"].tolist() == ["Sea", ""]


def test_facts_in_one_language_alone_stand_for_the_other() -> None:
    said = said_in_each_language({"title_zh": "", "title_en": "Push", "name": "push"}, ["title", "note"])
    assert said == {"title_zh": "Push", "title_en": "Push", "name": "push"}
    assert said_in_each_language({"note_en": ""}, ["note"]) == {"note_zh": "", "note_en": ""}


def shipped() -> Iterator[tuple[str, list[Mapping[str, object]]]]:
    """Yield the files under data/raw with texts in languages: their name, and what they say row by row."""
    raw = ROOT / "data" / "raw"
    for path in sorted(raw.rglob("*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        yield path.relative_to(raw).as_posix(), table.to_dict("records")
    for path in sorted(raw.rglob("*.toml")):
        yield path.relative_to(raw).as_posix(), [tomllib.loads(path.read_text(encoding="utf-8"))]


def test_what_comes_along_is_whole_in_every_language() -> None:
    """The note of a source serves every language that has none of its own."""
    seen = set()
    for file, rows in shipped():
        for key in rows[0] if rows else ():
            stem = key.removesuffix(f"_{NATIVE}")
            if key != stem and file != "sources.csv":
                seen.add(stem)
                assert [row for row in rows if len({bool(row.get(name)) for name in columns_of(stem)}) > 1] == [], file
    assert seen == {"name", "title", "note", "issuer", "definition", "aim"}

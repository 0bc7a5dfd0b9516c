"""Rows of a table as mappings: cells as they are, in the table's order."""

from __future__ import annotations

import pandas as pd

from xk.contracts.records import records, records_by, text_of

TABLE = pd.DataFrame({
    "name": pd.Series(["b", None, "a"], dtype="str"), "year": pd.Series([2016, None, 2017], dtype="Int64"),
    "value": [1.5, float("nan"), 3.0], "held": [True, False, True],
})  # fmt: skip


def test_rows_are_plain_values_and_what_is_missing_stays_missing() -> None:
    first, second, _ = records(TABLE)
    assert first == {"name": "b", "year": 2016, "value": 1.5, "held": True}
    assert [type(cell) for cell in first.values()] == [str, int, float, bool]
    assert pd.isna([second[name] for name in ("name", "year", "value")]).all()
    assert second["held"] is False


def test_no_rows_and_no_columns() -> None:
    assert records(TABLE[:0]) == records(pd.DataFrame()) == []
    assert records_by(TABLE[:0], "name") == {}


def test_rows_by_a_column_keep_their_order() -> None:
    twice = pd.concat([TABLE.dropna(), TABLE.dropna().assign(value=[5.0, 6.0])])
    found = records_by(twice, "name")
    assert list(found) == ["b", "a"]
    assert [row["value"] for row in found["b"]] == [1.5, 5.0]


def test_text_of_a_missing_cell_is_empty() -> None:
    assert [text_of(cell) for cell in ("x", None, pd.NA, float("nan"))] == ["x", "", "", ""]

"""What every valid table has in common: text turned into numbers, pandera's verdict turned into faults.

Tables arrive as text (one string a cell, empty = not stated) with the line of the file as index, so that a
fault can name its place. A table is typed first, cell by cell, then judged by its pandera schema; both
collect all faults and none of them repairs anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
import pandera.pandas as pa

from xk.errors import Fault, nearest

FIRST_ROW = 2


def rule(column: str, message: str, remedy: str = "") -> str:
    """Return the text under which a pandera check reports: column, message and remedy in one string."""
    return f"{column}|{message}|{remedy}"


def one_of(column: str, known: Iterable[str]) -> pa.Check:
    """Return a check that a cell is one of the `known` words (or empty)."""
    names = tuple(known)
    remedy = "use one of " + ", ".join(names)
    return pa.Check.isin(names, error=rule(column, "unknown word {case}", remedy), ignore_na=True)


def between(column: str, low: float, high: float) -> pa.Check:
    """Return a check that a number lies in [`low`, `high`]."""
    error = rule(column, "{case} is out of range", f"use a number from {low:g} to {high:g}")
    return pa.Check.in_range(low, high, error=error, ignore_na=True)


def type_table(
    frame: pd.DataFrame, schema: pa.DataFrameSchema, file: str
) -> tuple[pd.DataFrame, list[Fault]]:
    """Turn a table of text into the types of `schema`.

    Parameters
    ----------
    frame : DataFrame
        Text cells, empty string = not stated; index = line of the file.
    schema : DataFrameSchema
        Columns and their types (``float``, ``Int64`` or ``str``).
    file : str
        Name for the faults.

    Returns
    -------
    DataFrame, list of Fault
        The typed table with the schema's columns (cells that are no number become NA), and what was wrong.
    """
    faults = _column_faults(frame, schema, file)
    typed = {}
    for name, column in schema.columns.items():
        cells = frame[name] if name in frame else pd.Series("", index=frame.index, dtype=str)
        numeric = str(column.dtype) != "str"
        typed[name], bad = (
            _numbers(cells, whole="Int" in str(column.dtype)) if numeric else (_texts(cells), cells[:0])
        )
        remedy = "write a plain number, without unit or thousands separator; leave empty if not known"
        faults += [
            Fault(file, int(row), name, f"{cell!r} is not a number", remedy) for row, cell in bad.items()
        ]
    return pd.DataFrame(typed, index=frame.index), faults


def _column_faults(frame: pd.DataFrame, schema: pa.DataFrameSchema, file: str) -> list[Fault]:
    known = list(schema.columns)
    wanted = [name for name, column in schema.columns.items() if column.required and name not in frame]
    extra = [name for name in frame if name not in known]
    faults = [Fault(file, 1, name, "unknown column", nearest(name, known)) for name in extra]
    return faults + [Fault(file, 1, name, "column is missing", f"add the column {name!r}") for name in wanted]


def _texts(cells: pd.Series) -> pd.Series:
    stripped = cells.astype("str").str.strip()
    return stripped.where(stripped != "", None)


def _numbers(cells: pd.Series, *, whole: bool) -> tuple[pd.Series, pd.Series]:
    text = _texts(cells)
    numbers = pd.to_numeric(text, errors="coerce").astype("Float64")
    infinite = numbers.isin([float("inf"), float("-inf")]).fillna(False)
    broken = (numbers % 1 != 0).fillna(False) if whole else pd.Series(False, index=cells.index)
    bad = text.notna() & (numbers.isna() | infinite | broken)
    numbers = numbers.mask(bad.astype(bool))
    return numbers.astype("Int64" if whole else "float64"), cells[bad.astype(bool)]


def table_faults(frame: pd.DataFrame, schema: pa.DataFrameSchema, file: str) -> list[Fault]:
    """Return what `schema` finds wrong in a typed table, one fault a place.

    Raises
    ------
    Nothing; pandera's findings are the result.
    """
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as found:
        cases = found.failure_cases
    else:
        return []
    faults: dict[tuple[object, ...], Fault] = {}
    for case in cases.to_dict("records"):
        fault = _fault(case, file)
        faults.setdefault((fault.row, fault.column, fault.message), fault)
    return sorted(faults.values(), key=lambda fault: fault.row or 0)


def _fault(case: Mapping[str, object], file: str) -> Fault:
    check, value, index = str(case["check"]), case["failure_case"], case["index"]
    row = None if pd.isna(index) else int(float(str(index)))  # type: ignore[call-overload]
    if check.count("|") == 2:
        column, message, remedy = check.split("|")
        shown = repr(value) if isinstance(value, str) else f"{value}"
        return Fault(file, row, column, message.replace("{case}", shown), remedy)
    column = "" if pd.isna(case["column"]) else str(case["column"])  # type: ignore[call-overload]
    if check == "not_nullable":
        return Fault(file, row, column, "is empty", "fill it in")
    return Fault(
        file, row, column, f"{check} fails for {value!r}", "see the table's contract in docs/data.md"
    )


def duplicate_faults(frame: pd.DataFrame, key: list[str], file: str) -> list[Fault]:
    """Return a fault for every row whose `key` stands in an earlier row."""
    again = frame[frame.duplicated(key, keep="first")]
    first = frame[~frame.duplicated(key, keep="first")].reset_index(names="line").set_index(key)["line"]
    faults = []
    for row, values in zip(again.index, again[key].itertuples(index=False, name=None), strict=True):
        where = first.loc[values if len(key) > 1 else values[0]]
        said = ", ".join(f"{name} {value}" for name, value in zip(key, values, strict=True))
        faults.append(
            Fault(file, int(row), key[-1], f"{said} stands in line {where} already", "keep one of the two")
        )
    return faults


def unknown_faults(
    cells: pd.Series, known: Iterable[str], file: str, *, what: str, separator: str | None = None
) -> list[Fault]:
    """Return a fault for every cell (or listed part of one) that is not `known`."""
    names = set(known)
    faults = []
    for row, cell in cells.dropna().items():
        parts = str(cell).split(separator) if separator else [str(cell)]
        faults += [
            Fault(file, int(str(row)), str(cells.name), f"unknown {what} {part!r}", nearest(part, names))
            for part in parts
            if part not in names
        ]
    return faults

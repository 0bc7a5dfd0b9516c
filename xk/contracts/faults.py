"""What every valid table has in common: text turned into numbers, pandera's verdict turned into faults.

Tables arrive as text (one string a cell, empty = not stated) with the line of the file as index, so that a
fault can name its place. A table is typed first, cell by cell, then judged by its pandera schema; both
collect all faults and none of them repairs anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa

from xk.errors import Fault, nearest

PLAIN_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
LARGEST_WHOLE = 2.0**53
SHOWN_CHARACTERS = 40


@dataclass(frozen=True)
class Rule:
    """What is said of a cell that fails a check: ``{case}`` in the message stands for the cell."""

    column: str
    message: str
    remedy: str


# pandera keeps of a check that failed no more than its text.
_RULES: dict[str, Rule] = {}


def rule(column: str, message: str, remedy: str = "") -> str:
    """Keep what is said of a cell that fails a check, and return the text under which pandera reports the check."""
    told = f"{column} {message}: {remedy}"
    _RULES[told] = Rule(column, message, remedy)
    return told


def one_of(column: str, known: Iterable[str]) -> pa.Check:
    """Return a check that a cell is one of the `known` words (or empty)."""
    names = tuple(known)
    remedy = "use one of " + ", ".join(names)
    return pa.Check.isin(names, error=rule(column, "unknown word {case}", remedy), ignore_na=True)


def between(column: str, low: float, high: float) -> pa.Check:
    """Return a check that a number lies in [`low`, `high`]."""
    error = rule(column, "{case} is out of range", f"use a number from {low:g} to {high:g}")
    return pa.Check.in_range(low, high, error=error, ignore_na=True)


def type_table(frame: pd.DataFrame, schema: pa.DataFrameSchema, file: str) -> tuple[pd.DataFrame, list[Fault]]:
    """Turn a table of text into the types of `schema`.

    Parameters
    ----------
    frame : DataFrame
        Text cells, empty string = not stated; index = line of the file. Numeric columns stay as they are.
    schema : DataFrameSchema
        Columns and their types (``float``, ``Int64`` or ``str``).
    file : str
        Name for the faults.

    Returns
    -------
    DataFrame, list of Fault
        The typed table with the schema's columns (cells that are no number become NA), and what was wrong.
    """
    faults = column_faults(frame, schema, file)
    typed = {}
    for name, column in schema.columns.items():
        cells = frame[name] if name in frame else pd.Series("", index=frame.index, dtype=str)
        if str(column.dtype).startswith("str"):
            typed[name] = _texts(cells)
            continue
        whole = "Int" in str(column.dtype)
        typed[name], bad = _numbers(cells, whole=whole)
        faults += [_number_fault(file, row, name, cell, whole=whole) for row, cell in bad.items()]
    return pd.DataFrame(typed, index=frame.index), faults


def column_faults(frame: pd.DataFrame, schema: pa.DataFrameSchema, file: str) -> list[Fault]:
    """Return a fault for every column that `schema` does not know, and for every one that it misses."""
    known = list(schema.columns)
    absent = [name for name in known if name not in frame]
    extra = [str(name) for name in frame if name not in known]
    faults = [
        Fault(file, 1, name, "unknown column", nearest(name, absent or known))
        if name
        else Fault(file, 1, "", "a column has no name", "name it, or remove its comma from every line")
        for name in extra
    ]
    return faults + [
        Fault(file, 1, name, "column is missing", f"add the column {name!r}")
        for name in absent
        if schema.columns[name].required
    ]


def merge_faults(faults: list[Fault], more: list[Fault]) -> list[Fault]:
    """Return `faults` with those of `more` that are no mere consequence, in the order of the lines.

    A cell that could not be read counts as empty later on, and so do all cells of a missing column: what is
    said of such a place a second time is left out.
    """
    cells = {(fault.file, fault.row, fault.column) for fault in faults}
    columns = {(fault.file, fault.column) for fault in faults if fault.row == 1 and fault.column}
    new = [
        fault
        for fault in more
        if (fault.file, fault.row, fault.column) not in cells and (fault.file, fault.column) not in columns
    ]
    return sorted([*faults, *new], key=lambda fault: (fault.file, fault.row or 0))


def _texts(cells: pd.Series) -> pd.Series:
    stripped = cells.astype("str").str.strip()
    return stripped.where(stripped != "", None)


def _numbers(cells: pd.Series, *, whole: bool) -> tuple[pd.Series, pd.Series]:
    """Return the numbers, and the cells that are none; a number of a file is read to its last digit."""
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        given = cells.notna().to_numpy()
        numbers = cells.to_numpy(dtype=float, na_value=np.nan)
    else:
        text = _texts(cells)
        given = text.notna().to_numpy()
        plain = text.str.fullmatch(PLAIN_NUMBER, na=False).to_numpy(dtype=bool)
        numbers = np.full(len(cells), np.nan)
        numbers[plain] = text[plain].to_numpy(dtype=object).astype(float)
    good = np.isfinite(numbers) & (np.abs(numbers) <= LARGEST_WHOLE if whole else True)
    if whole:
        good &= np.floor(numbers) == numbers
    bad = given & ~good
    series = pd.Series(np.where(good, numbers, np.nan), index=cells.index)
    return series.astype("Int64" if whole else "float64"), cells[bad]


def _number_fault(file: str, row: object, column: str, cell: object, *, whole: bool) -> Fault:
    place = int(str(row))
    said = str(cell) if len(str(cell)) <= SHOWN_CHARACTERS else f"{str(cell)[:SHOWN_CHARACTERS]}..."
    bare = unicodedata.normalize("NFKC", said).strip().replace(",", "").replace(" ", "").rstrip("%年").strip()
    if re.fullmatch(PLAIN_NUMBER, said.strip()):
        if whole and abs(float(said)) <= LARGEST_WHOLE:
            return Fault(file, place, column, f"{said!r} is not a whole number", "write it without a fraction")
        return Fault(file, place, column, f"{said!r} is too large for a number", "mend the figure or its unit")
    if re.fullmatch(PLAIN_NUMBER, bare):
        return Fault(file, place, column, f"{said!r} is not a plain number", f"write {bare}, if that is meant")
    remedy = "write a plain number, without unit or thousands separator; leave empty if not known"
    return Fault(file, place, column, f"{said!r} is not a number", remedy)


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
    if broken := _RULES.get(check):
        shown = repr(value) if isinstance(value, str) else f"{value}"
        return Fault(file, row, broken.column, broken.message.replace("{case}", shown), broken.remedy)
    column = "" if pd.isna(case["column"]) else str(case["column"])  # type: ignore[call-overload]
    if check == "not_nullable":
        return Fault(file, row, column, "is empty", "fill it in")
    return Fault(file, row, column, f"{check} fails for {value!r}", "see the table's contract in docs/data_sources.md")


def empty_faults(frame: pd.DataFrame, columns: Iterable[str], file: str) -> list[Fault]:
    """Return a fault for every empty cell of `columns`."""
    return [
        Fault(file, int(str(row)), column, "is empty", "fill it in")
        for column in columns
        for row in frame.index[frame[column].isna()]
    ]


def duplicate_faults(frame: pd.DataFrame, key: list[str], file: str) -> list[Fault]:
    """Return a fault for every row whose `key` (complete) stands in an earlier row."""
    known = frame.dropna(subset=key)
    lines = known.index.to_series()
    first = lines.groupby([known[name] for name in key]).transform("first") if len(known) else lines
    faults = []
    for row, values in known.loc[lines != first, key].iterrows():
        said = ", ".join(f"{name} {value}" for name, value in values.items() if value != "")
        message = f"{said} stands in line {first.at[row]} already"
        faults.append(Fault(file, int(str(row)), key[-1], message, "keep one of the two"))
    return faults


def unknown_faults(
    cells: pd.Series, known: Iterable[str], file: str, *, what: str, separator: str | None = None
) -> list[Fault]:
    """Return a fault for every cell (or listed part of one) that is not `known`.

    Where `known` is a mapping, its values are the known words and its keys other names for them, which the
    remedy translates.
    """
    aliases = dict(known) if isinstance(known, Mapping) else {}
    names = set(aliases.values()) if aliases else set(known)
    faults = []
    for row, cell in cells.dropna().items():
        parts = str(cell).split(separator) if separator else [str(cell)]
        for part in parts:
            if part not in names:
                remedy = f"write {aliases[part]!r}" if part in aliases else nearest(part, names)
                faults.append(Fault(file, int(str(row)), str(cells.name), f"unknown {what} {part!r}", remedy))
    return faults

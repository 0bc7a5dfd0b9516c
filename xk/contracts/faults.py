"""What every valid table has in common: text turned into numbers, a contract's verdict turned into faults.

Tables arrive as text (one string a cell, empty = not stated) with the line of the file as index, so that a
fault can name its place. A table is typed first, cell by cell, then judged by its contract; both collect all
faults and none of them repairs anything.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from xk.contracts.declarations import Contract
from xk.contracts.records import Record, records
from xk.errors import Fault, nearest

PLAIN_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
LARGEST_WHOLE = 2.0**53
SHOWN_CHARACTERS = 40
NEW = {"unit of measure": "; a new one: a line in data/raw/measures.csv, then xk check --accept"}
"""What a link names -> where one that is not known yet goes."""


def type_table(frame: pd.DataFrame, contract: Contract, file: str) -> tuple[pd.DataFrame, list[Fault]]:
    """Turn a table of text into the types of its contract.

    Parameters
    ----------
    frame : DataFrame
        Text cells, empty string = not stated; index = line of the file. Numeric columns stay as they are.
    contract : Contract
        Columns and their types.
    file : str
        Name for the faults.

    Returns
    -------
    DataFrame, list of Fault
        The typed table with the contract's columns (cells that are no number become NA), and what was wrong.
    """
    faults = column_faults(frame, contract, file)
    typed = {}
    for name, column in contract.columns.items():
        cells = frame[name] if name in frame else pd.Series("", index=frame.index, dtype=str)
        if column.dtype == "str":
            typed[name] = _texts(cells)
            continue
        whole = column.dtype == "Int64"
        typed[name], bad = _numbers(cells, whole=whole)
        faults += [_number_fault(file, row, name, cell, whole=whole) for row, cell in bad.items()]
    return pd.DataFrame(typed, index=frame.index), faults


def empty_table(contract: Contract) -> pd.DataFrame:
    """Return a typed table without rows."""
    return type_table(pd.DataFrame(columns=list(contract.columns), dtype=str), contract, "")[0]


def column_faults(frame: pd.DataFrame, contract: Contract, file: str) -> list[Fault]:
    """Return a fault for every column that the contract does not know, and for every one that it misses."""
    known = list(contract.columns)
    absent = [name for name in known if name not in frame]
    extra = [str(name) for name in frame if name not in known]
    faults = [
        Fault(file, 1, name, "unknown column", nearest(name, absent or known))
        if name
        else Fault(file, 1, "", "a column has no name", "name it, or remove its comma from every line")
        for name in extra
    ]
    needed = [name for name in absent if contract.columns[name].needed != "optional"]
    return faults + [Fault(file, 1, name, "column is missing", f"add the column {name!r}") for name in needed]


def merge_faults(faults: list[Fault], more: list[Fault]) -> list[Fault]:
    """Return `faults` with those of `more` that are no mere consequence, in the order of the lines.

    A cell that could not be read counts as empty later on, and so do all cells of a missing column: what is
    said of such a place a second time is left out.
    """
    cells = {(fault.file, fault.row, fault.column) for fault in faults}
    columns = {(fault.file, fault.column) for fault in faults if fault.row == 1 and fault.column}
    apart = [fault for fault in more if (fault.file, fault.column) not in columns]
    new = [fault for fault in apart if (fault.file, fault.row, fault.column) not in cells]
    return sorted([*faults, *new], key=lambda fault: (fault.file, fault.row or 0))


def _texts(cells: pd.Series) -> pd.Series:
    given = cells.astype("str").to_numpy(dtype=object)
    stripped = [text.strip() or None if isinstance(text, str) else None for text in given]
    return pd.Series(stripped, index=cells.index, name=cells.name, dtype="str")


def _numbers(cells: pd.Series, *, whole: bool) -> tuple[pd.Series, pd.Series]:
    """Return the numbers, and the cells that are none; a number of a file is read to its last digit."""
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        given = cells.notna().to_numpy()
        numbers = cells.to_numpy(dtype=float, na_value=np.nan)
    else:
        text = _texts(cells)
        given = text.notna().to_numpy()
        plain = re.compile(PLAIN_NUMBER).fullmatch
        numbers = np.array([float(said) if isinstance(said, str) and plain(said) else np.nan for said in text])
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


def contract_faults(
    frame: pd.DataFrame, contract: Contract, file: str, *, known: Mapping[str, Iterable[str]]
) -> list[Fault]:
    """Return what a contract finds wrong in a typed table: its cells and rows, its keys, and its links.

    Parameters
    ----------
    frame : DataFrame
        Typed table, index = line of the file.
    contract : Contract
        What a valid one is.
    file : str
        Its name for the faults.
    known : mapping
        What a link names -> what is known of it (as in :func:`unknown_faults`); other links are not judged.
    """
    faults = table_faults(frame, contract, file)
    for key in contract.keys:
        faults += duplicate_faults(frame, list(key), file)
    return faults + link_faults(frame, contract, file, known=known)


def table_faults(frame: pd.DataFrame, contract: Contract, file: str) -> list[Fault]:
    """Return what is wrong with the cells and the rows of a typed table, one fault a place, in order of the lines."""
    import pandera.errors

    if frame.empty:
        return []
    try:
        contract.schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as found:
        cases = records(found.failure_cases)
    else:
        return []
    faults: dict[tuple[object, ...], Fault] = {}
    for case in cases:
        fault = _fault(case, file)
        faults.setdefault((fault.row, fault.column, fault.message), fault)
    return sorted(faults.values(), key=lambda fault: fault.row or 0)


def _fault(case: Record, file: str) -> Fault:
    check, value, index = str(case["check"]), case["failure_case"], case["index"]
    row: int | None = None if pd.isna(index) else int(float(index))
    if "\t" in check:
        column, message, remedy = check.split("\t")
        shown = repr(value) if isinstance(value, str) else f"{value}"
        return Fault(file, row, column, message.replace("{case}", shown), remedy)
    column = "" if pd.isna(case["column"]) else str(case["column"])
    if check == "not_nullable":
        return Fault(file, row, column, "is empty", "fill it in")
    return Fault(file, row, column, f"{check} fails for {value!r}", "see its contract in xk/contracts/columns.csv")


def row_faults(rows: pd.DataFrame, file: str, column: str, message: str, remedy: str) -> list[Fault]:
    """Return a fault for every one of some rows; a name in braces stands for the row's cell in that column."""
    return [
        Fault(file, int(line), column, message.format(**row), remedy.format(**row))
        for line, row in zip(rows.index, records(rows) if len(rows) else (), strict=True)
    ]


def empty_faults(frame: pd.DataFrame, columns: Iterable[str], file: str) -> list[Fault]:
    """Return a fault for every empty cell of `columns`."""
    found = (row_faults(frame[frame[name].isna()], file, name, "is empty", "fill it in") for name in columns)
    return [fault for faults in found for fault in faults]


def duplicate_faults(frame: pd.DataFrame, key: list[str], file: str) -> list[Fault]:
    """Return a fault for every row whose `key` (complete) stands in an earlier row."""
    known = frame.dropna(subset=key)
    if not known.duplicated(key).any():
        return []
    first = known.drop_duplicates(key).assign(first=lambda some: some.index)[[*key, "first"]]
    again = known[known.duplicated(key)].reset_index(names="line").merge(first, on=key)
    faults = []
    for values in again[[*key, "line", "first"]].to_dict("records"):
        row, line = values.pop("line"), values.pop("first")
        said = ", ".join(f"{name} {value}" for name, value in values.items() if value != "")
        message = f"{said} stands in line {line} already"
        faults.append(Fault(file, int(str(row)), key[-1], message, "keep one of the two"))
    return faults


def circle_faults(regions: pd.DataFrame, file: str) -> list[Fault]:
    """Return a fault for every region that lies, by way of others, in itself."""
    parents = dict(zip(regions["region"], regions["parent"], strict=True))
    faults = []
    for line, region in regions["region"].items():
        above, seen = parents.get(region), [region]
        while isinstance(above, str) and above not in seen:
            seen.append(above)
            above = parents.get(above)
        if above == region and len(seen) > 1:
            message = f"lies in itself: {' < '.join([*seen, region])}"
            faults.append(Fault(file, int(str(line)), "parent", message, "mend one of them"))
    return faults


def link_faults(
    frame: pd.DataFrame, contract: Contract, file: str, *, known: Mapping[str, Iterable[str]]
) -> list[Fault]:
    """Return a fault for every cell that names what is not known; links to what `known` leaves out are not judged."""
    faults = []
    for link in contract.links:
        if link.names in known:
            cells = frame[link.column]
            faults += unknown_faults(cells, known[link.names], file, what=link.names, separator=link.separator)
    return faults


def unknown_faults(cells: pd.Series, known: Iterable[str], file: str, *, what: str, separator: str = "") -> list[Fault]:
    """Return a fault for every cell (or listed part of one) that is not `known`.

    Where `known` is a mapping, its values are the known words and its keys other names for them, which the
    remedy translates.
    """
    aliases = dict(known) if isinstance(known, Mapping) else {}
    names = set(aliases.values()) if aliases else set(known)
    words = names | {alias for alias in aliases if alias.casefold() not in names}
    faults = []
    for row, cell in cells.dropna().items():
        parts = str(cell).split(separator) if separator else [str(cell)]
        for part in parts:
            if part not in names:
                remedy = f"write {aliases[part]!r}" if part in aliases else nearest(part, words) + NEW.get(what, "")
                faults.append(Fault(file, int(str(row)), str(cells.name), f"unknown {what} {part!r}", remedy))
    return faults

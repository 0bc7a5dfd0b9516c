"""Text tables: CSV and TOML files read as what they say, every fault with its place."""

import csv
import io
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from unicodedata import category

import pandas as pd

from xk.contracts.declarations import Contract
from xk.contracts.faults import empty_table, type_table
from xk.contracts.in_languages import in_each_language
from xk.contracts.records import Record
from xk.errors import Fault

CONTROL = ("Cc", "Zl", "Zp")
"""Characters that end a line, or are none that is seen."""
AS_UTF8 = "save it as CSV in UTF-8 (Excel: Save As, CSV UTF-8)"


def read_typed(path: Path, contract: Contract) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a CSV file and type it by its contract; what it says in one language stands for the others too.

    Returns
    -------
    DataFrame, list of Fault
        The lines that can be read, index = line of the file, with all columns of the contract; what was wrong. A
        file that cannot be read at all comes back without lines.
    """
    text, faults = read_text_table(path)
    if text.columns.empty:
        return empty_table(contract), faults
    typed, more = type_table(in_each_language(text, contract), contract, shown(path))
    return typed, faults + more


def read_text_table(path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a CSV file as text cells, index = line of the file; what is broken comes back as faults.

    Lines that do not fit the header are left out, so that the faults of the others can be told too.
    """
    text, faults = _read_text(path)
    return (pd.DataFrame(), faults) if faults else _rows(text, shown(path))


def read_toml(path: Path, remedy: str) -> tuple[Record, list[Fault]]:
    """Read a TOML file; what is broken comes back as faults, `remedy` for a file that is not there."""
    text, faults = _read_text(path, kind="TOML")
    if faults:
        missing = [Fault(fault.file, None, "", fault.message, remedy) for fault in faults]
        return {}, faults if path.exists() else missing
    try:
        return tomllib.loads(text), []
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else None
        return {}, [Fault(shown(path), line, "", f"is no TOML ({error})", "mend the line")]


def shown(path: Path) -> str:
    """Return `path` as a user would type it: relative to the working folder where it lies below it."""
    absolute = path.absolute()
    return printable(absolute.relative_to(Path.cwd()).as_posix() if absolute.is_relative_to(Path.cwd()) else str(path))


def printable(name: str) -> str:
    """Return the name of a file as text on a line: also one that is not in UTF-8, as archives of GB18030 have them."""
    try:
        name.encode()
    except UnicodeEncodeError:
        try:
            name = os.fsencode(name).decode("gb18030")
        except UnicodeError:
            name = name.encode(errors="backslashreplace").decode()
    return "".join(char.encode("unicode_escape").decode() if category(char) in CONTROL else char for char in name)


def _read_text(path: Path, *, kind: str = "CSV") -> tuple[str, list[Fault]]:
    name = shown(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "", [Fault(name, None, "", "there is no such file", "mend the path")]
    except IsADirectoryError:
        return "", [Fault(name, None, "", "is a folder, not a file", f"give the {kind} file in it")]
    except OSError as error:
        return "", [Fault(name, None, "", f"cannot be read ({error.strerror})", "mend the path or its rights")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message, remedy = _encoding(content, kind)
        return "", [Fault(name, line, "", message, remedy)]
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return "", [Fault(name, line, "", "has a NUL character", _as_utf8(kind))]
    return text, []


def _as_utf8(kind: str) -> str:
    return AS_UTF8 if kind == "CSV" else f"save the {kind} file in UTF-8, with an editor of plain text"


def _encoding(content: bytes, kind: str) -> tuple[str, str]:
    """Return what a file seems to be that is not UTF-8, and what to do about it."""
    remedy = _as_utf8(kind)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return f"is an Excel workbook, not {kind}", remedy
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16, not UTF-8", remedy
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "is not UTF-8", remedy
    return "is not UTF-8, but seems to be GBK or GB18030", remedy + ", or: iconv -f GB18030 -t UTF-8"


def _rows(text: str, name: str) -> tuple[pd.DataFrame, list[Fault]]:
    records = Records(text)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    faults: list[Fault] = []
    header: list[str] = []
    words: dict[str, str] = {}  # most cells of a long table stand in it many times: one string for each
    try:
        for line, cells in records:
            if line == 1:
                header = [cell.strip() for cell in cells]
            elif not any(map(str.strip, cells)):
                continue
            elif len(cells) == len(header):
                rows.append(tuple(words.setdefault(cell, cell) for cell in cells))
                lines.append(line)
            else:
                message = f"has {len(cells)} cells, the header {len(header)}"
                faults.append(Fault(name, line, "", message, "check commas and quotes of the line"))
    except csv.Error as error:
        faults.append(Fault(name, records.line, "", *broken(error)))
    if not any(header) and text.strip():
        return pd.DataFrame(), [Fault(name, 1, "", "the first line is blank", "begin with the header line")]
    if unreadable := _header_faults(header, name):
        return pd.DataFrame(), faults if records.line == 1 and faults else unreadable
    table = pd.DataFrame(rows, columns=header, index=pd.Index(lines, dtype="int64"), dtype=str)
    return table.loc[:, ~table.columns.duplicated()], [*_twice(header, name), *faults]


class Records:
    """Records of a CSV text with the line on which each begins; ``line`` is that of the next one."""

    def __init__(self, text: str) -> None:
        self.reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        self.line = 1

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        for cells in self.reader:
            yield self.line, cells
            self.line = self.reader.line_num + 1


def broken(error: csv.Error) -> tuple[str, str]:
    """Return what is said of a line at which a CSV file cannot be read further, and the remedy."""
    if "field limit" in str(error):
        return f"has a cell of more than {csv.field_size_limit()} characters", "close its quotes, or shorten it"
    return f"cannot be read further ({error})", "close the quotes of this line"


def _header_faults(header: list[str], name: str) -> list[Fault]:
    """Return the fault for which no line of the file can be understood."""
    if not any(header):
        return [Fault(name, 1, "", "is empty", "write a header line and rows")]
    other = next((sign for sign in ";\t，；" if len(header) == 1 and sign in header[0]), "")
    return [Fault(name, 1, "", f"is separated by {other!r}, not by commas", AS_UTF8)] if other else []


def _twice(header: list[str], name: str) -> list[Fault]:
    names = {column for column in header if column and header.count(column) > 1}
    return [Fault(name, 1, column, "column stands twice", "keep one of them") for column in sorted(names)]


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table that was written of a run, column -> cell; none where there is no such file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


LARGEST = 200_000_000
"""Bytes of a file of ours that are read; thousands of runs need fewer."""


def read_plain(path: Path) -> tuple[bytes, str]:
    """Return what is in a file, nothing where there is none, and what is wrong with it as a whole."""
    try:
        if not path.exists():
            return b"", ""
        if not path.is_file():
            return b"", "is no file; move it away"
        if (size := path.stat().st_size) > LARGEST:
            return b"", f"has {size / 1e6:.0f} MB, more than {LARGEST / 1e6:.0f} are not read; move it away"
        return path.read_bytes(), ""
    except OSError as error:
        return b"", f"cannot be read ({error.strerror})"

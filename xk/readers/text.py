"""Text tables: CSV and TOML files read as what they say, every fault with its place."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from xk.contract import type_table
from xk.errors import Fault


def read_text_table(path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a CSV file as text cells, index = line of the file; what is broken comes back as faults."""
    name = shown(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return pd.DataFrame(), [Fault(name, None, "", "there is no such file", "mend the path")]
    except OSError as error:
        return pd.DataFrame(), [
            Fault(name, None, "", f"cannot be read ({error.strerror})", "mend the path or its rights")
        ]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return pd.DataFrame(), [
            Fault(name, line, "", "is not UTF-8", "save it as CSV in UTF-8 (Excel: CSV UTF-8)")
        ]
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return pd.DataFrame(), [Fault(name, line, "", "has a NUL character", "save it as plain CSV")]
    return _rows(text, name)


def _rows(text: str, name: str) -> tuple[pd.DataFrame, list[Fault]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    header: list[str] = [cell.strip() for cell in next(reader, [])]
    if not any(header):
        return pd.DataFrame(), [Fault(name, 1, "", "is empty", "write a header line and rows")]
    twice = sorted({column for column in header if header.count(column) > 1})
    faults = [Fault(name, 1, column, "column stands twice", "keep one of them") for column in twice]
    rows, lines, before = [], [], reader.line_num
    for row in reader:
        line, before = before + 1, reader.line_num
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            message = f"has {len(row)} cells, the header {len(header)}"
            faults.append(Fault(name, line, "", message, "check commas and quotes of the line"))
            continue
        rows.append(row)
        lines.append(line)
    if faults:
        return pd.DataFrame(), faults
    return pd.DataFrame(rows, columns=header, index=pd.Index(lines, dtype="int64"), dtype=str), []


def shown(path: Path) -> str:
    """Return `path` as a user would type it: relative to the working folder where it lies below it."""
    absolute = path.absolute()
    return absolute.relative_to(Path.cwd()).as_posix() if absolute.is_relative_to(Path.cwd()) else str(path)


def read_typed(path: Path, schema: pa.DataFrameSchema) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a CSV file and type it by `schema`; an unreadable one comes back empty with its faults."""
    text, faults = read_text_table(path)
    if faults:
        empty = pd.DataFrame({name: pd.Series(dtype=str) for name in schema.columns})
        return type_table(empty, schema, shown(path))[0], faults
    return type_table(text, schema, shown(path))


def read_toml(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")), []
    except FileNotFoundError:
        return {}, [Fault(shown(path), None, "", "there is no such file", "write the scheme's identity")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [Fault(shown(path), None, "", f"is no TOML ({error})", "mend it")]

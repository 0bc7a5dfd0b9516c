"""Writing: whole or not at all, never over what is no file, and no text that a spreadsheet would take for a formula."""

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Collection, Hashable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from xk.errors import UsageError
from xk.readers.text import shown

LONGEST_STEM = 100
TABLES = (".csv", ".xlsx", ".parquet", ".pq")
"""Endings of the tables that can be written."""
FULL = {errno.ENOSPC, errno.EDQUOT}
KEPT = ("raw", "own")
"""Folders under ``data`` of what a project reads."""
SPECIAL = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket"}
FORMULA = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]\s*\S")
"""What Excel, LibreOffice or WPS take for a formula, full-width signs included (a sign alone is none), or its guard."""
PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a frame as CSV (UTF-8), xlsx or Parquet, by the ending of `path`, whole or not at all.

    Raises
    ------
    UsageError
        As `check_output` does, or `path` may not be written.
    """
    target = check_output(path)
    ending = target.suffix.lower()
    if ending == ".xlsx":
        from xk.readers.spreadsheets import Sheet, workbook_bytes  # takes xlsxwriter along

        content = workbook_bytes({"xk": Sheet(frame)})
    else:
        content = csv_bytes(frame) if ending == ".csv" else frame.to_parquet(index=False)
    write_output(content, target)


def check_output(path: str | Path, endings: Collection[str] = TABLES, *, inputs: Iterable[str | Path] = ()) -> Path:
    """Return `path` as that of a file to write; commands ask before they compute.

    `inputs`: the files, and the folders of files, that are read.

    Raises
    ------
    UsageError
        Its name has none of the `endings`, there is no such folder, what is there is no file, or it is an input.
    """
    target = Path(path)
    folder = Path(os.path.realpath(target)).parent if target.is_symlink() else target.parent
    if not folder.is_dir():
        raise UsageError(f"there is no folder {shown(folder)}; make it first")
    _check_plain(target)
    if target.suffix.lower() not in endings:
        raise UsageError(f"{shown(target)} cannot be written; give a name that ends in {' or '.join(endings)}")
    check_apart(target)
    real = Path(os.path.realpath(target))
    for one in map(Path, inputs):
        other = Path(os.path.realpath(one))
        is_around = other in real.parents and _is_kept(one.absolute())  # a folder in place of a file is told on reading
        if other == real or is_around or (real.exists() and other.exists() and real.samefile(other)):
            raise UsageError(f"{shown(target)} would be written over what is read ({shown(one)}); give another name")
    return target


def check_apart(path: Path) -> None:
    """Raise UsageError where `path` is a folder of what a project reads, or lies in one."""
    real = Path(os.path.realpath(path))
    for one in filter(_is_kept, (real, *real.parents)):
        raise UsageError(f"{shown(path)} would lie among what a project reads ({shown(one)}); give another name")


def _is_kept(folder: Path) -> bool:
    """Return whether a folder holds the own tables of a project, of this one or another."""
    return folder.parent.name == "data" and folder.name in KEPT and (folder.parent / "raw" / "schemes").is_dir()


def write_output(content: bytes, path: Path) -> None:
    """Write `content` as `write_bytes` does; raise UsageError where it cannot be, OSError where the disk is full."""
    try:
        write_bytes(content, path)
    except OSError as error:
        if error.errno in FULL:
            raise
        raise UsageError(f"{shown(path)} cannot be written ({error.strerror})") from error


def write_bytes(content: bytes, path: Path) -> None:
    """Write `content` to `path` by a temporary file in the same folder and a rename.

    A new file gets the rights that the user's umask gives, one that is replaced keeps its own; where `path` is a
    symbolic link its target is written. Raises UsageError where what is there is no file.
    """
    _check_plain(path)
    path = Path(os.path.realpath(path)) if path.is_symlink() else path
    part = path.with_name(f".{path.name[:LONGEST_STEM]}.{secrets.token_hex(8)}.part")
    with naming(path):
        _write_part(content, path, part)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name `path` in an error of the system that names no file, such as that of a full disk."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            raise OSError(error.errno, error.strerror, shown(path)) from error
        raise


def _write_part(content: bytes, path: Path, part: Path) -> None:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, part)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _check_plain(path: Path) -> None:
    """Raise UsageError where `path`, or what a link of that name leads to, is there and no regular file."""
    if path.is_symlink() and os.path.islink(os.path.realpath(path)):
        raise UsageError(f"{shown(path)} is a link that leads back to itself; give the name of a file")
    if path.exists() and not path.is_file():
        kind = SPECIAL.get(stat.S_IFMT(path.stat().st_mode), "a device")
        remedy = "give the name of a file in it" if path.is_dir() else "give the name of a file"
        raise UsageError(f"{shown(path)} is {kind}; {remedy}")


def csv_bytes(frame: pd.DataFrame, *, excel: bool = False, heads: bool = True) -> bytes:
    """Return a frame as CSV in UTF-8, guarded; for Excel with CR LF and, before the heads, a byte order mark."""
    safe = frame.rename(columns=guarded)
    for place, dtype in enumerate(frame.dtypes):
        if not (pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)):
            safe.isetitem(place, frame.iloc[:, place].map(guarded).array)
    content: str = safe.to_csv(index=False, header=heads, lineterminator="\r\n" if excel else "\n")
    return content.encode("utf-8-sig" if excel and heads else "utf-8")


def guarded(cell: Hashable) -> Hashable:
    """Return a cell as it is written to a text table: an apostrophe before what a spreadsheet would compute.

    Plain numbers, and texts that begin with no sign of a formula, stay as they are.
    """
    is_formula = isinstance(cell, str) and FORMULA.match(cell) and not PLAIN_NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell


def unguarded(cell: str) -> str:
    """Return a cell of a text table without the apostrophe that `guarded` put before it."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell

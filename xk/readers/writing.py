"""Writing: whole or not at all."""

import os
import secrets
import shutil
from pathlib import Path

import pandas as pd

from xk.errors import UsageError
from xk.readers.text import shown

LONGEST_STEM = 100


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a frame as CSV (UTF-8) or Parquet (by the ending of `path`), whole or not at all.

    Raises
    ------
    UsageError
        There is no such folder, `path` is one, or it may not be written.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {shown(target.parent)}; make it first")
    if target.is_dir():
        raise UsageError(f"{shown(target)} is a folder; give the name of a file in it")
    if target.suffix.lower() in (".parquet", ".pq"):
        content = frame.to_parquet(index=False)
    else:
        content = frame.to_csv(index=False, lineterminator="\n").encode("utf-8")
    try:
        write_bytes(content, target)
    except OSError as error:
        raise UsageError(f"{shown(target)} cannot be written ({error.strerror})") from error


def write_bytes(content: bytes, path: Path) -> None:
    """Write `content` to `path` by a temporary file in the same folder and a rename.

    A new file gets the rights that the user's umask gives, one that is replaced keeps its own.
    """
    part = path.with_name(f".{path.name[:LONGEST_STEM]}.{secrets.token_hex(8)}.part")
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

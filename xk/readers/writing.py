"""Writing: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pandas as pd

from xk.errors import UsageError
from xk.readers.text import shown


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a frame as CSV (UTF-8) or Parquet, whole or not at all."""
    target = Path(path)
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {shown(target.parent)}; make it first")
    if target.suffix.lower() in (".parquet", ".pq"):
        content = frame.to_parquet(index=False)
    else:
        content = frame.to_csv(index=False, lineterminator="\n").encode("utf-8")
    write_bytes(content, target)


def write_bytes(content: bytes, path: Path) -> None:
    """Write `content` to `path` by a temporary file in the same folder and a rename."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

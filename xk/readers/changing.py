"""Changing what lies under ``data``: one at a time, all of a change or nothing, whatever dies on the way.

A change is made ready in a folder of its own, which one rename makes valid; then its files move to their places. The
next command throws away what was not valid, and finishes what was.
"""

import errno
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from xk.errors import UsageError
from xk.readers.locking import LockedError, locked
from xk.readers.text import shown
from xk.readers.writing import csv_bytes, write_bytes

PROCESSED = Path("data") / "processed"
PREPARED, VALID = ".adding", ".added"
"""Folders under ``data``: of a change that is made ready, and of one whose files move to their places."""
PATIENCE, STEP = 1000, 0.01
"""How often it is looked whether files are on the move, and seconds in between: a move takes some thousandths."""
_HELD: set[Path] = set()


@contextmanager
def changing(root: Path) -> Iterator[None]:
    """Hold ``data`` of a project against others that change it, and finish what a killed one left; may be nested.

    Raises
    ------
    LockedError
        Another process is changing it.
    """
    data = (root / "data").resolve()
    if data in _HELD:
        yield
        return
    with locked(data):
        _HELD.add(data)
        try:
            _settle(data)
            yield
        finally:
            _HELD.discard(data)


def finish_change(root: Path) -> None:
    """Finish or throw away a change under ``data`` that was killed; wait for one whose files are on the move."""
    data = (root / "data").resolve()
    for left in range(PATIENCE, -1, -1):
        if data in _HELD or not any((data / folder).exists() for folder in (PREPARED, VALID)):
            return
        try:
            with changing(root):
                return
        except (LockedError, UsageError):  # another one is at work, or who reads may not write
            if not (data / VALID).exists():
                return
            if not left:
                raise
        time.sleep(STEP)


@contextmanager
def prepared(root: Path) -> Iterator[Path]:
    """Give an empty folder on the same disk in which to make a change ready; it is gone afterwards."""
    folder = root / "data" / PREPARED
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def change_files(root: Path, changed: Mapping[Path, bytes]) -> None:
    """Write files under ``data``, all of them or none; `changed`: path below the root -> content."""
    data = (root / "data").resolve()
    with changing(root), prepared(root) as folder:
        for path, content in changed.items():
            part = folder / VALID / path.relative_to("data")
            part.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(content, part)
            if (target := _target(data, part, folder / VALID)).exists():
                shutil.copymode(target, part)
            _check_may_write(target)
        os.replace(folder / VALID, data / VALID)
        _settle(data)


def write_tables(frames: Mapping[str, pd.DataFrame], root: Path) -> list[Path]:
    """Write frames as ``data/processed/<name>.csv`` of a project; other tables there go, a README.md stays.

    Returns
    -------
    list of Path
        The files below the root, in the order of the frames.
    """
    written = {PROCESSED / f"{name}.csv": csv_bytes(frame) for name, frame in frames.items()}
    with changing(root):
        change_files(root, written)
        for path in (root / PROCESSED).glob("*"):
            if path.name != "README.md" and PROCESSED / path.name not in written:
                path.unlink()
    return list(written)


def _target(data: Path, part: Path, folder: Path) -> Path:
    """Return where a file of a change goes: of a symbolic link its target, so that the link stays."""
    return Path(os.path.realpath(data / part.relative_to(folder)))


def _check_may_write(target: Path) -> None:
    """Raise UsageError where a change could not be finished, before it is valid."""
    there = next(folder for folder in target.parents if folder.exists())
    if target.is_dir() or not os.access(there, os.W_OK):
        raise UsageError(f"cannot write to {shown(target)}: mend the rights of {shown(there)}")


def _settle(data: Path) -> None:
    """Move the files of a valid change to their places, and remove what else killed ones left."""
    for part in sorted(path for path in (data / VALID).rglob("*") if path.is_file()):
        target = _target(data, part, data / VALID)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(part, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            write_bytes(part.read_bytes(), target)  # a link leads to another disk
            part.unlink()
    for folder in (VALID, PREPARED):
        shutil.rmtree(data / folder, ignore_errors=True)
    for left in data.rglob(".*.part"):
        left.unlink(missing_ok=True) if left.is_file() else None

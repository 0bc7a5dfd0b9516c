"""Publishing: a run appears whole or not at all, and ``latest`` always points to a good one."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from xk.errors import UsageError
from xk.readers import write_bytes
from xk.running.runs.log import LOG

LATEST = "latest"
LATEST_FILE = "latest.json"
INDEX = "index.html"
RECORD = ".made.part"
"""Ending of the file beside a run's folder that tells what of the run is made; no longer there when all is good."""

RUN_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}"
# What a killed run leaves behind: its folder, a link or a page that was not yet moved to its place.
_LEFTOVER = re.compile(r"\.([A-Za-z0-9][\w-]*|latest\.json|index\.html)\.\w+\.part|\.latest\.[\w-]+")


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


@contextmanager
def new_folder(out: Path, name: str, *, keep: bool = False) -> Iterator[Path]:
    """Give a folder to fill; it becomes ``out/name`` when the block ends well, and vanishes otherwise, unless `keep`.

    Raises
    ------
    UsageError
        ``out/name`` is there already, or `out` is no folder that can be written to.
    """
    check_place(out, name)
    try:
        part = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".part", dir=out))
    except OSError as error:
        raise UsageError(f"cannot write to {out}: {error.strerror}") from None
    try:
        yield part
        part.chmod(0o755)
        write_through(part)
        os.replace(part, out / name)
    except BaseException:
        if not keep:
            shutil.rmtree(part, ignore_errors=True)
            (out / f".{name}{RECORD}").unlink(missing_ok=True)
        raise


def write_through(folder: Path) -> None:
    """Have everything below `folder` on the disk, so that it is whole after a power cut, too."""
    for path in (*folder.rglob("*"), folder):
        if os.name == "posix" or path.is_file():
            descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def check_place(out: Path, name: str) -> None:
    """Raise UsageError where the run is there already, or something else in the place of what is to be written."""
    if (out / name).exists():
        raise UsageError(f"the run {name!r} is there already; remove it or choose another name")
    latest = out / LATEST
    if latest.exists() and not latest.is_symlink():
        raise UsageError(f"{LATEST!r} in {out} is not a link of ours; move it away")
    for file in (LATEST_FILE, INDEX, LOG):
        if (out / file).exists() and not (out / file).is_file():
            raise UsageError(f"{file!r} in {out} is no file; move it away")


def left_over(out: Path) -> list[Path]:
    """Return what killed runs have left in `out`, which must be locked."""
    return [path for path in sorted(out.iterdir()) if _LEFTOVER.fullmatch(path.name)]


def clean(left: Iterable[Path]) -> list[str]:
    """Remove what is left over, and return the names."""
    names = []
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
        names.append(path.name)
    return names


def remove_run(out: Path, name: str) -> None:
    """Remove a run: at once for those who look, then file by file."""
    part = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".part", dir=out))
    os.replace(out / name, part / name)
    shutil.rmtree(part)


def point_latest(out: Path, name: str) -> None:
    """Let ``latest`` (a link, where the system has links) and ``latest.json`` point to the run `name`."""
    link = out / f".{LATEST}.{name}"
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(name, target_is_directory=True)
    except (OSError, NotImplementedError):
        if (out / LATEST).is_symlink():
            raise
    else:
        os.replace(link, out / LATEST)
    write_bytes(json.dumps({"run": name}).encode() + b"\n", out / LATEST_FILE)


def latest_run(out: Path) -> str:
    """Return the name of the run that ``latest`` points to, empty where there is none.

    Where the system has links the link counts: a run that was killed may have moved it alone.
    """
    try:
        if (out / LATEST).is_symlink():
            name = os.readlink(out / LATEST)
        else:
            name = json.loads(read_plain(out / LATEST_FILE)[0])["run"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return name if isinstance(name, str) and re.fullmatch(RUN_NAME, name) and (out / name).is_dir() else ""

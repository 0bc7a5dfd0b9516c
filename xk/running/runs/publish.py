"""Publishing: a run appears whole or not at all."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from xk.errors import UsageError
from xk.running.runs.latest import LATEST
from xk.running.runs.log import LOG
from xk.vocab import LANGUAGES

INDEX = "index.html"
INDEX_IN = "index-{lang}.html"
"""The index of all runs in one language; the plain one is in that of ``latest``."""
RECORD = ".made.part"
"""Ending of the file beside a run's folder that tells what of the run is made; no longer there when all is good."""

# What a killed run leaves behind: its folder, a link or a page that was not yet moved to its place.
_LEFTOVER = re.compile(
    r"\.([A-Za-z0-9][\w-]*|latest(-[\w.-]+)?\.json|index(-\w+)?\.html)\.\w+\.part|\.latest(-[\w.-]+)?\.[\w-]+"
)


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


def check_place(out: Path, name: str, *links: str) -> None:
    """Raise UsageError where the run is there already, or something else in the place of what is to be written."""
    if os.path.lexists(out / name):
        raise UsageError(f"the run {name!r} is there already; remove it or choose another name")
    for link in (LATEST, *links):
        if os.path.exists(out / link) and not (out / link).is_symlink():
            raise UsageError(f"{link!r} in {out} is not a link of ours; move it away")
    pages = [INDEX, *(INDEX_IN.format(lang=lang) for lang in LANGUAGES)]
    for file in (LOG, *pages, *(f"{link}.json" for link in (LATEST, *links))):
        if os.path.exists(out / file) and not os.path.isfile(out / file):
            raise UsageError(f"{file!r} in {out} is no file; move it away")
    if os.path.isfile(out / LOG):
        _check_appends(out / LOG)


def _check_appends(path: Path) -> None:
    """Raise UsageError where nothing can be added to a file, before there is anything to tell in it."""
    try:
        path.open("ab+").close()
    except OSError as error:
        said = f"cannot write to {path}: {error.strerror}"
        raise UsageError(f"{said}; mend its owner or rights, or move it away") from None


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

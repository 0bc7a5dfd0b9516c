"""Publishing: a run appears whole or not at all."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xk.errors import UsageError
from xk.running.runs.latest import LATEST

# What a killed run leaves behind: its folder, a link or a page that was not yet moved to its place.
_LEFTOVER = re.compile(
    r"\.([A-Za-z0-9][\w-]*|latest(-[\w.-]+)?\.json|index(-\w+)?\.html)\.\w+\.part|\.latest(-[\w.-]+)?\.[\w-]+"
)


@contextmanager
def new_folder(out: Path, name: str) -> Iterator[Path]:
    """Give a folder to fill; it becomes ``out/name`` when the block ends well, and vanishes otherwise.

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
        shutil.rmtree(part, ignore_errors=True)
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
    """Raise UsageError where the run is there already, or something else in the place of ``latest`` or other links."""
    if (out / name).exists():
        raise UsageError(f"the run {name!r} is there already; remove it or choose another name")
    for link in (LATEST, *links):
        if (out / link).exists() and not (out / link).is_symlink():
            raise UsageError(f"{link!r} in {out} is not a link of ours; move it away")


def clean(out: Path) -> list[str]:
    """Remove what killed runs have left in `out`, which must be locked; return the names."""
    left = [path for path in sorted(out.iterdir()) if _LEFTOVER.fullmatch(path.name)]
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return [path.name for path in left]


def remove_run(out: Path, name: str) -> None:
    """Remove a run: at once for those who look, then file by file."""
    part = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".part", dir=out))
    os.replace(out / name, part / name)
    shutil.rmtree(part)

"""What surrounds a command: a terminal that may be closed or full, a home that may not be there to write to."""

import atexit
import io
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from importlib import import_module, metadata
from pathlib import Path


class _Lasting(io.FileIO):
    """A descriptor that takes all that is written to it; what goes no further is lost, and ``lost`` says why."""

    lost: OSError | None = None

    def write(self, content: bytes) -> int:  # type: ignore[override]
        try:
            return super().write(content)
        except OSError as error:
            self.lost = error
            return len(content)


def settle_streams() -> None:
    """Let no stream stop a command: a closed one leads nowhere, a broken one takes on what it can no longer say."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # else the next file that is opened would stand in its place
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        if stream is getattr(sys, f"__{name}__"):  # not one that a caller has put there
            encoding, is_lined = getattr(stream, "encoding", "utf-8"), number == 2 or os.isatty(number)
            raw = io.BufferedWriter(_Lasting(number, "w", closefd=False))  # type: ignore[type-var]
            new = io.TextIOWrapper(raw, encoding, "backslashreplace", line_buffering=is_lined)
            setattr(sys, name, new)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def lost_words() -> OSError | None:
    """Return why something that was printed is lost; None where all of it was taken."""
    sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.lost if isinstance(raw, _Lasting) else None


def settle_folders() -> None:
    """Let Matplotlib and IPython keep their files in a folder of this package, before the first of them is imported.

    Settings of the user would change drawings. The list of fonts is made apart and moved there whole: of two commands
    that begin at once none waits for the other, nor for the lock of one that was killed. Where nothing can be written
    the folder is one for this command alone.
    """
    if "matplotlib" in sys.modules:
        return
    own = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "xk"
    try:
        own.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=own))
    except OSError:  # there is no home, or it may not be written to
        own = Path(tempfile.mkdtemp(prefix="xk-"))
        new = own / "new"
        atexit.register(shutil.rmtree, own, ignore_errors=True)
    os.environ.setdefault("IPYTHONDIR", str(own / "ipython"))
    if "MPLCONFIGDIR" not in os.environ:
        made = own / f"matplotlib-{metadata.version('matplotlib')}"
        if not made.is_dir():
            os.environ["MPLCONFIGDIR"] = str(new)
            import_module("matplotlib.font_manager")  # writes its list
            with suppress(OSError):  # another was there first
                new.rename(made)
        os.environ["MPLCONFIGDIR"] = str(made)
    shutil.rmtree(new, ignore_errors=True)

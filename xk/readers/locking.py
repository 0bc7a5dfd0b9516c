"""One writer at a time in one folder, who tidies up when asked to stop."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from xk.errors import UsageError, XkError

LOCK = ".lock"

# Locked on Windows, where a locked byte cannot be read: far behind those that say who holds it.
_FAR = 1 << 30


class LockedError(XkError):
    """Another run is writing to the folder (exit status 75: try again later)."""

    exit_status = 75


@contextmanager
def locked(out: Path) -> Iterator[int]:
    """Hold the folder `out`, made if need be; the system lets go of it when this process ends, however it ends.

    SIGTERM and SIGHUP end the work as an error would: everything is tidied up, the exit status is 128 + n.

    Gives the descriptor of the lock, which forked children must not hold on to.

    Raises
    ------
    LockedError
        Another run holds it; the message says which.
    UsageError
        `out` is no folder that can be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise UsageError(_hindrance(out, error)) from None
    try:
        try:
            _take(descriptor)
        except OSError:
            raise LockedError(f"another run is writing to {out}: {_holder(descriptor)}; try again later") from None
        started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        _write(descriptor, json.dumps({"pid": os.getpid(), "started": started}).encode())
        with stoppable():
            yield descriptor
        _write(descriptor, b"")
    finally:
        os.close(descriptor)


def _hindrance(out: Path, error: OSError) -> str:
    """Return which path is in the way of writing to a folder, and what to do."""
    lost = next((path for path in (out, *out.parents) if path.is_symlink() and not os.path.exists(path)), None)
    if lost is not None:
        return f"cannot write to {out}: {lost} is a link to {os.readlink(lost)}, which is not there; mend the link"
    lock = out / LOCK
    if os.path.isdir(lock):
        return f"cannot write to {out}: {lock} is a folder; move it away"
    if os.path.lexists(lock):
        remedy = "mend its owner or rights, or remove it when no run is at work"
        return f"cannot write to {lock}: {error.strerror}; {remedy}"
    return f"cannot write to {out}: {error.strerror}"


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise SystemExit in the main thread."""
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def undivided() -> Iterator[None]:
    """Put off what would stop the main thread until the block is left, so that it knows all that was begun in it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _holder(descriptor: int) -> str:
    with suppress(ValueError, KeyError, OSError):
        held = json.loads(os.read(descriptor, 1000))
        return f"process {held['pid']}, since {held['started']}"
    return "it has just begun"


def _write(descriptor: int, content: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, content)


def _take(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

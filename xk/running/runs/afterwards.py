"""The command after a run: called with its manifest, and ended with the run, whatever it has begun itself."""

import os
import shlex
import signal
import subprocess
from pathlib import Path

from xk.errors import ReportError
from xk.readers.locking import undivided

PATIENCE = 600.0
"""Seconds that the command has: only one that hangs takes them."""
GRACE = 10.0
"""Seconds in which a command that is to end may tidy up."""


def call_command(command: str, manifest: Path) -> None:
    """Call the user's command, without a shell, with the manifest's path as last argument.

    It has a process group of its own, which is ended when this process is to end, or the command takes too long.

    Raises
    ------
    ReportError
        It cannot be called, failed, or took too long: the run stands.
    """
    try:
        words = [*shlex.split(command), str(manifest.resolve())]
        status = _status_of(words)
        if status:
            raise subprocess.CalledProcessError(status, words)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise ReportError(f"the run stands, but the command after it failed: {error}") from None


def _status_of(words: list[str]) -> int:
    process = None
    try:
        with undivided():  # a process that was begun, and not yet known, could not be ended
            process = subprocess.Popen(words, start_new_session=True)
        return process.wait(PATIENCE)
    except BaseException:
        if process is not None:
            _end(process)
        raise


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let a command and all that it began tidy up, then end what is left of them."""
    _tell(process, signal.SIGTERM)
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _tell(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        process.wait()


def _tell(process: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to the group of a command, on Windows to the command alone."""
    try:
        if os.name == "posix":
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    except (ProcessLookupError, PermissionError):
        pass  # all of it has ended

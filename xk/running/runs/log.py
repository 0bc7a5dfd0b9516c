"""The log of a folder of runs: one line of JSON for each thing that happened."""

import json
import os
import time
from contextlib import suppress
from pathlib import Path

LOG, OLD_LOG = "log.jsonl", "log.1.jsonl"

_LARGEST = 8_000_000


class Log:
    """Appends to ``log.jsonl`` in a folder; what happened before goes to ``log.1.jsonl`` when it is full."""

    def __init__(self, out: Path, run: str) -> None:
        self._path, self._run = out / LOG, run

    def turn(self) -> None:
        """Begin a new file if this one is full; the folder must be locked."""
        if self._path.exists() and self._path.stat().st_size > _LARGEST:
            os.replace(self._path, self._path.with_name(OLD_LOG))

    def write(self, event: str, **values: object) -> None:
        """Write a line: UTC time, run, event, and what else there is to say.

        A last line that a power cut broke off is ended first.
        """
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        line = json.dumps({"at": at, "run": self._run, "event": event, **values}, ensure_ascii=False) + "\n"
        with self._path.open("ab+", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - 1, 0))
            broken = b"\n" if size and file.read(1) != b"\n" else b""
            file.write(broken + line.encode())


def tell_refused(error: Exception, out: Path) -> None:
    """Put it on record why no run began, in a folder that has a log; whatever becomes of that, `error` is what counts.

    The line names no run. A folder without a log may be no folder of runs at all: nothing is written there.
    """
    with suppress(OSError, UnicodeError):
        if (out / LOG).is_file():
            Log(out, "").write("failed", error=str(error))

"""Exceptions of the library; each family has the exit status that the command line gives it."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

MOST_RUNS = 5
"""Runs of rows that one line of faults names."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input, said so that it can be mended.

    Parameters
    ----------
    file : str
        File as the user named it, or the argument of a call that has rows.
    row : int or None
        Line of the file, the header being line 1; None where the whole file or column is meant.
    column : str
        Column name; empty where the whole row is meant.
    message : str
        What is wrong.
    remedy : str
        What to type or do.
    """

    file: str
    row: int | None
    column: str
    message: str
    remedy: str = ""

    def over(self, rows: Sequence[int]) -> str:
        """Return what is said where the fault is that of several rows, in order."""
        runs: list[list[int]] = []
        for row in rows:
            if runs and row == runs[-1][-1] + 1:
                runs[-1] = [runs[-1][0], row]
            else:
                runs.append([row])
        said = ", ".join("-".join(map(str, run)) for run in runs[:MOST_RUNS])
        more = f" and {len(runs) - MOST_RUNS} more" if len(runs) > MOST_RUNS else ""
        return f"{self.file}: rows {said}{more}: {replace(self, file='', row=None)}"

    def __str__(self) -> str:
        row = "" if self.row is None else self.row
        place = ":".join(filter(None, (self.file, str(row)))) + ": " if self.file else f"row {row}: " if row else ""
        column = f"column {self.column!r}: " if self.column else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}{column}{self.message}{remedy}"


class XkError(Exception):
    """Base of all errors that the library raises on purpose."""

    exit_status = 1


class InputError(XkError):
    """The input has faults (exit status 1); all of them are in ``faults``."""

    exit_status = 1

    def __init__(self, faults: Sequence[Fault] | str) -> None:
        self.faults = [Fault("", None, "", faults)] if isinstance(faults, str) else list(faults)
        if not self.faults:
            raise ValueError("InputError needs at least one fault")
        super().__init__("\n".join(grouped(self.faults)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.faults,)


class UsageError(XkError):
    """An unknown name or an argument that cannot be (exit status 2)."""

    exit_status = 2


class ReportError(XkError):
    """A report could not be made or is not fit to be shown (exit status 3)."""

    exit_status = 3


def grouped(faults: Iterable[Fault]) -> list[str]:
    """Return what faults say, a line each; rows of a file that share fault and remedy share the line."""
    alike: dict[Fault, list[int]] = {}
    for fault in faults:
        alike.setdefault(replace(fault, row=None), []).extend([] if fault.row is None else [fault.row])
    return [
        str(replace(fault, row=rows[0] if rows else None)) if len(set(rows)) < 2 else fault.over(sorted(set(rows)))
        for fault, rows in alike.items()
    ]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the known name nearest to `name`, or lists the known ones."""
    names = sorted(map(str, known))
    folded = {name.casefold(): name for name in reversed(names)}
    close = difflib.get_close_matches(str(name).strip().casefold(), folded, n=1, cutoff=0.5)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    listed = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    return f"known: {listed}" if names else "none is known"


def check_known(name: str, known: Iterable[str], what: str = "name") -> None:
    """Raise UsageError unless `name` is one of `known`; the message names the nearest."""
    names = list(known)
    if name not in names:
        raise UsageError(f"unknown {what} {name!r}; {nearest(name, names)}")


def raise_faults(faults: Sequence[Fault]) -> None:
    """Raise InputError with all `faults`; return None where there are none."""
    if faults:
        raise InputError(faults)

"""The file of all odds that were ever published: a line a run, to which lines are added and nothing else is done."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from xk.contracts.records import Record
from xk.errors import UsageError
from xk.pipeline.stated import Stated, read_stated
from xk.readers.text import read_plain, shown
from xk.readers.writing import unguarded, write_bytes

ODDS = "odds.jsonl"
MOST_SAID = 5


class Past(NamedTuple):
    """What was published: lines in their order, names of the runs, and what is wrong with the file."""

    stated: tuple[Stated, ...] = ()
    runs: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()


def read_odds(path: Path) -> Past:
    """Read the odds that runs published, as far as they can be read; what is broken is skipped and named.

    A file that is not there has none.
    """
    content, fault = read_plain(path)
    if fault:
        return Past(faults=(f"{shown(path)} {fault}",))
    stated: list[Stated] = []
    runs, faults = set(), []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            found, wrong = _read_line(line)
            faults += [f"{shown(path)}: line {number} {one}; left out" for one in wrong]
            stated += found
            runs |= {one.run for one in found} | _run_of(line)
    said = faults[:MOST_SAID] + [f"... and {len(faults) - MOST_SAID} more"] * (len(faults) > MOST_SAID)
    return Past(tuple(stated), frozenset(runs), tuple(said))


def read_used(path: Path) -> Past:
    """Read the odds that a run held against what came, from the table that it published; rows that are none are not."""
    if not path.is_file():
        return Past()
    stated = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            with suppress(ValueError):
                stated.append(read_stated({name: unguarded(cell or "") for name, cell in row.items() if name}))
    return Past(tuple(stated))


def add_odds(path: Path, lines: Sequence[Record]) -> None:
    """Add a line for each run, behind what is there to the byte, all of them or none.

    Raises
    ------
    UsageError
        What is there is no file, cannot be read or is too big.
    """
    content, fault = read_plain(path)
    if fault:
        raise UsageError(f"{shown(path)} {fault}")
    broken = b"\n" if content and not content.endswith(b"\n") else b""
    more = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
    write_bytes(content + broken + more, path)


def _read_line(line: bytes) -> tuple[list[Stated], list[str]]:
    """Return what a line says, and what of it cannot be read."""
    try:
        run = json.loads(line)
        common = {name: cell for name, cell in run.items() if name not in ("columns", "odds")}
        names, rows = run["columns"], run["odds"]
        if not isinstance(names, list) or not isinstance(rows, list):
            raise TypeError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return [], ["is no line of a run"]
    found, wrong = [], []
    for row in rows:
        try:
            found.append(read_stated(common | dict(zip(names, row, strict=True))))
        except (ValueError, TypeError) as error:
            wrong.append(f"{error}" if isinstance(error, ValueError) else "has a row that is none")
    return found, wrong


def _run_of(line: bytes) -> set[str]:
    """Return the name of the run of a line, also of one that published nothing."""
    try:
        name = json.loads(line)["run"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return set()
    return {name} if isinstance(name, str) else set()

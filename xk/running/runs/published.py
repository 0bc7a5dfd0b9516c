"""The file of all odds that were ever published: each run adds its line, and nothing else is done to it."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from xk.contracts.records import Record
from xk.contracts.scenario_rules import REFERENCE
from xk.errors import UsageError
from xk.pipeline.stated import Stated, read_stated
from xk.readers.text import read_plain, read_rows, shown
from xk.readers.writing import unguarded, write_bytes
from xk.running.runs.history import list_runs
from xk.running.runs.manifest import Manifest
from xk.vocab import UNJUDGED

ODDS = "odds.jsonl"
MOST_SAID = 5
OF_A_RUN = ("run", "date", "scheme", "method")
"""What is the same for all lines of a run."""
COLUMNS = tuple(name for name in Stated.__dataclass_fields__ if name not in OF_A_RUN)


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
            run, found, wrong = _read_line(line)
            faults += [f"{shown(path)}: line {number} {one}; left out" for one in wrong]
            stated += found
            runs |= {one.run for one in found} | run
    said = faults[:MOST_SAID] + [f"... and {len(faults) - MOST_SAID} more"] * (len(faults) > MOST_SAID)
    return Past(tuple(stated), frozenset(runs), tuple(said))


def read_used(path: Path) -> Past:
    """Read the odds that a run held against what came, from the table that it published; rows that are none are not."""
    stated = []
    for row in read_rows(path):
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


def _read_line(line: bytes) -> tuple[set[str], list[Stated], list[str]]:
    """Return the name of the run of a line, if it has one, what it says, and what of it cannot be read."""
    named: set[str] = set()
    try:
        run = json.loads(line)
        named = {run["run"]} if isinstance(run.get("run"), str) else named
        common = {name: cell for name, cell in run.items() if name not in ("columns", "odds")}
        names, rows = run["columns"], run["odds"]
        if not isinstance(names, list) or not isinstance(rows, list):
            raise TypeError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return named, [], ["is no line of a run"]
    found, wrong = [], []
    for row in rows:
        try:
            found.append(read_stated(common | dict(zip(names, row, strict=True))))
        except (ValueError, TypeError) as error:
            wrong.append(f"{error}" if isinstance(error, ValueError) else "has a row that is none")
    return named, found, wrong


def record_odds(out: Path) -> str:
    """Add the odds of all published runs in `out`, which must be locked, that are not on record yet.

    So a run that was killed when it had just been published is made good by the next. A line that says what the last
    one on its question said is not written again.

    Returns
    -------
    str
        Why nothing could be added; empty where all is well.
    """
    past = read_odds(out / ODDS)
    last = {one.question: _row(one) for one in past.stated}
    lines = []
    for run in sorted(list_runs(out), key=lambda each: each.number):
        tables = out / run.name / "data"
        if run.name in past.runs or not os.path.isfile(tables / "summary.csv"):
            continue
        try:
            stated = list(_stated_in(run.name, run.manifest, tables))
        except (LookupError, OSError, TypeError, ValueError, csv.Error):
            continue  # its tables are damaged
        new = [one for one in stated if last.get(one.question) != _row(one)]
        last |= {one.question: _row(one) for one in new}
        lines.append(_facts_of(run.name, run.manifest) | {"columns": [*COLUMNS], "odds": list(map(_row, new))})
    try:
        if lines:
            add_odds(out / ODDS, lines)
    except (OSError, UsageError) as error:
        return f"the odds could not be recorded: {error}"
    return ""


def _facts_of(name: str, manifest: Manifest) -> Record:
    asked = manifest.get("parameters", {})
    told = {"scheme": asked.get("scheme", ""), "method": asked.get("method", "")}
    return {"run": name, "date": str(manifest.get("started", ""))[:10], **told}


def _row(one: Stated) -> list[object]:
    """Return the cells of a line; what is missing is empty, as JSON knows no NaN."""
    cells = (getattr(one, name) for name in COLUMNS)
    return [None if cell != cell else cell for cell in cells]


def _stated_in(name: str, manifest: Manifest, tables: Path) -> Iterable[Stated]:
    """Return what the tables of a run say of years to come, but for what a scenario assumes."""
    later = {(row["region"], row["indicator"], row["year"]) for row in read_rows(tables / "later.csv")}
    for row in read_rows(tables / "summary.csv"):
        if row["scenario"] == REFERENCE and row["status"] not in UNJUDGED:
            known = (row["region"], row["indicator"], row["target_year"]) in later
            try:
                yield read_stated(row | _facts_of(name, manifest) | {"known": str(known)})
            except ValueError:
                continue  # no target that is to come, or no figure of its own, as of an indicator with parts

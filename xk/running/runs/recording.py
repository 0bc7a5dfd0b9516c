"""What runs say of years to come, kept for good: each published run adds its odds to one file that only grows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from xk.contracts.records import Record
from xk.contracts.scenario_rules import REFERENCE
from xk.errors import UsageError
from xk.pipeline.stated import Stated, read_stated
from xk.running.runs.history import list_runs
from xk.running.runs.manifest import Manifest
from xk.running.runs.published import ODDS, add_odds, read_odds
from xk.vocab import UNJUDGED

OF_A_RUN = ("run", "date", "scheme", "method")
"""What is the same for all lines of a run."""
COLUMNS = tuple(name for name in Stated.__dataclass_fields__ if name not in OF_A_RUN)


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
        if run.name in past.runs or not (tables / "summary.csv").is_file():
            continue
        try:
            stated = list(_stated_in(run.name, run.manifest, tables))
        except (LookupError, OSError, TypeError, ValueError, csv.Error):
            continue  # its tables are damaged
        new = [one for one in stated if last.get(one.question) != _row(one)]
        last |= {one.question: _row(one) for one in new}
        lines.append(_line(run.name, run.manifest, new))
    try:
        if lines:
            add_odds(out / ODDS, lines)
    except (OSError, UsageError) as error:
        return f"the odds could not be recorded: {error}"
    return ""


def _line(name: str, manifest: Manifest, stated: Iterable[Stated]) -> Record:
    return _facts_of(name, manifest) | {"columns": [*COLUMNS], "odds": [_row(one) for one in stated]}


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
    later = {(row["region"], row["indicator"], row["year"]) for row in _rows(tables / "later.csv")}
    for row in _rows(tables / "summary.csv"):
        if row["scenario"] == REFERENCE and row["status"] not in UNJUDGED:
            known = (row["region"], row["indicator"], row["target_year"]) in later
            try:
                yield read_stated(row | _facts_of(name, manifest) | {"known": str(known)})
            except ValueError:
                continue  # no target that is to come, or no figure of its own, as of an indicator with parts


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)

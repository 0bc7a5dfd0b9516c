"""Resuming: what a run has made so far is on record beside it, and is taken over by a later one on the same."""

import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from xk.contracts.provenance import sha256_of
from xk.running.runs.jobs import Job, Outcome, Run
from xk.running.runs.manifest import Parameters, checksums, files_below, versions
from xk.running.runs.publish import RECORD


def made_of(jobs: Sequence[Job], run: Run, inputs: Mapping[str, str]) -> str:
    """Return a checksum of all that the reports of a run depend on: inputs, versions, code, what was asked."""
    asked = [(job.name, job.notebook.name, job.parameters, job.title, job.subtitle) for job in jobs]
    completed = getattr(run.complete, "keywords", None)
    told = [asked, completed, run.title, run.lang, run.about, run.facts, run.notice, run.said, inputs, versions()]
    return sha256_of(json.dumps(told, sort_keys=True).encode())


class Record:
    """What of a run is made: one line of JSON for each report, or the tables, with the checksums of its files."""

    def __init__(self, folder: Path, name: str, made_of: str) -> None:
        self._path, self.folder, self.made_of = folder.parent / f".{name}{RECORD}", folder, made_of
        self._write({"folder": folder.name, "run": name, "made_of": made_of})

    def add(self, name: str, files: Collection[str], outcome: Outcome | None = None) -> None:
        """Note that a report, or the tables, are made and lie in the folder."""
        sums = checksums({file: self.folder / file for file in files})
        self._write({"name": name, "outcome": outcome and asdict(outcome), "files": sums})

    def remove(self) -> None:
        """Forget it: there is nothing to resume."""
        self._path.unlink(missing_ok=True)

    def _write(self, line: Mapping[str, object]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def take_over(left: Iterable[Path], record: Record) -> dict[str, Outcome | None]:
    """Put into the folder of `record` what runs on the same have made whole and good; return it by name."""
    taken: dict[str, Outcome | None] = {}
    for path in (one for one in left if one.name.endswith(RECORD)):
        head, *lines = [*_lines(path)] or [{}]
        folders = [path.parent / str(head.get(key)) for key in ("folder", "run")]
        if head.get("made_of") == record.made_of and (found := [one for one in folders if one.is_dir()]):
            for line in lines:
                with suppress(OSError, KeyError, TypeError, AttributeError):  # half-written, or gone since
                    name, files, went = str(line["name"]), dict(line["files"]), line["outcome"]
                    if name not in taken and _copied(files, found[0], record.folder):
                        taken[name] = Outcome(**went) if went else None
                        record.add(name, files, taken[name])
    return taken


def _lines(path: Path) -> Iterator[Parameters]:
    with suppress(OSError, UnicodeDecodeError), path.open(encoding="utf-8") as file:
        for line in file:
            with suppress(ValueError, RecursionError):
                if isinstance(said := json.loads(line), dict):
                    yield said


def _copied(files: Mapping[str, str], source: Path, target: Path) -> bool:
    """Copy `files` (name -> checksum) from one folder to another; tell whether all are there and whole."""
    if any(".." in Path(name).parts or Path(name).is_absolute() for name in files):
        return False
    if checksums({name: source / name for name in files}) != files:
        return False
    for name in files:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source / name, target / name)
        except OSError:
            shutil.copyfile(source / name, target / name)
    return True


def unrecorded(folder: Path, jobs: Sequence[Job]) -> list[str]:
    """Return the files in `folder` that are no report's: the tables."""
    own = {f"{job.name}.html" for job in jobs}
    return [name for name in files_below(folder) if name not in own and not name.startswith("notebooks/")]

"""The manifest of a run: what went in, what came out, how long it took. Times stand nowhere else."""

import csv
import json
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any, TypedDict

from xk.contracts.provenance import sha256_of
from xk.contracts.scenario_rules import REFERENCE
from xk.errors import ReportError
from xk.pipeline.result import tally_statuses
from xk.running.runs.jobs import Job, Outcome, Run, RunResult

MANIFEST = "manifest.json"

Statuses = list[tuple[str, str, str]]
"""Region, domain and status of each indicator."""

Parameters = dict[str, Any]
"""What was asked, as JSON has it: the parameters of a question, with regions and domains."""


class ReportRecord(TypedDict):
    """How one report of a run went."""

    error: str
    memory: int | None
    notebook: str
    ok: bool
    parameters: Parameters
    seconds: float
    title: str


class Manifest(TypedDict, total=False):
    """A manifest as it is written; one of an older version may lack a key."""

    exit_status: int
    facts: dict[str, str]
    git: str | None
    inputs: dict[str, str]
    lang: str
    latest: str
    names: dict[str, str]
    number: int
    outputs: dict[str, str]
    parameters: Parameters
    reports: dict[str, ReportRecord]
    run: str
    said: dict[str, dict[str, Any]]
    seconds: float
    started: str
    statuses: dict[str, int]
    title: str
    versions: dict[str, str]


_PACKAGES = (
    "xk", "fonttools", "ipykernel", "ipython", "matplotlib", "nbclient", "nbconvert", "numpy", "pandas",
    "papermill", "pyarrow", "seaborn", "xlsxwriter", "zhplot",
)  # fmt: skip


def checksums(files: Mapping[str, Path]) -> dict[str, str]:
    """Return name -> SHA-256 of the content of each file."""
    return {name: sha256_of(path.read_bytes()) for name, path in files.items()}


class Inputs:
    """The files that a run reads, its inputs and the notebooks, as they are when it begins."""

    def __init__(self, jobs: Iterable[Job], run: Run) -> None:
        self.files = {f"notebooks/{job.notebook.name}": job.notebook for job in jobs} | dict(run.inputs)
        self.checksums = checksums(self.files)
        self._stamps = self._stamps_now()

    def check_unchanged(self) -> None:
        """Raise ReportError if one was written to since, even if it is the same again by now."""
        now = self._stamps_now()
        changed = [name for name, stamp in self._stamps.items() if now[name] != stamp]
        if changed:
            raise ReportError(f"changed during the run, which counts for nothing: {', '.join(changed)}; run it again")

    def _stamps_now(self) -> dict[str, tuple[int, int, int] | None]:
        return {name: _stamp(path) for name, path in self.files.items()}


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def files_below(folder: Path) -> dict[str, Path]:
    """Return path relative to `folder` (with ``/``) -> path, for every file below it, sorted."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return dict(sorted(found.items()))


def versions(packages: Iterable[str] = _PACKAGES) -> dict[str, str]:
    """Return the versions of Python and of the packages that shape a report; absent ones are left out."""
    found = {"python": platform.python_version()}
    for name in packages:
        with suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def git_revision(folder: Path) -> str | None:
    """Return the commit that `folder` is at, with a ``+`` if files differ from it; None outside of git."""
    git = shutil.which("git")
    if git is None:
        return None
    command = [git, "status", "--porcelain=v2", "--branch", "--untracked-files=no"]
    asked = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    commit = re.search(r"^# branch\.oid (\w+)$", asked.stdout, re.M)
    differs = re.search(r"^[^#]", asked.stdout, re.M)
    return commit[1] + "+" * bool(differs) if commit else None


def build_manifest(
    jobs: Sequence[Job], run: Run, outcomes: Sequence[Outcome], inputs: Mapping[str, str], folder: Path
) -> Manifest:
    """Return the manifest of the run whose files stand in `folder`, but for times and its number."""
    reports: dict[str, ReportRecord] = {
        job.name: {
            "error": outcome.error,
            "memory": outcome.memory,
            "notebook": job.notebook.name,
            "ok": not outcome.error,
            "parameters": dict(job.parameters),
            "seconds": outcome.seconds,
            "title": job.title,
        }
        for job, outcome in zip(jobs, outcomes, strict=True)
    }
    return {
        "exit_status": RunResult(folder, tuple(outcomes)).exit_status,
        "facts": dict(run.facts),
        "git": git_revision(jobs[0].notebook.parent),
        "inputs": dict(inputs),
        "lang": run.lang,
        "latest": run.link,
        "names": dict(run.names),
        "outputs": checksums(files_below(folder)),
        "parameters": dict(run.about),
        "reports": reports,
        "run": run.name,
        "said": {lang: dict(told) for lang, told in run.said.items()},
        "statuses": tally_statuses(status for *_, status in read_statuses(folder)),
        "title": run.title,
        "versions": versions(),
    }


def read_statuses(folder: Path, scenario: str = REFERENCE) -> Statuses:
    """Return region, domain and status of each of the programme's own indicators in the run's table of indicators.

    A run of several scenarios has them for each, all others for their own. Empty for a run without that table.
    """
    path = folder / "data" / "summary.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
        several = len({line.get("scenario") for line in lines}) > 1
        lines = [line for line in lines if not several or line["scenario"] == scenario]
        return [(line["region"], line["domain"], line["status"]) for line in lines if line["counted"] == "True"]


def manifest_text(values: Manifest) -> str:
    """Return the manifest as JSON: keys sorted, Chinese legible."""
    return json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of the run in `folder`, None where it cannot be read."""
    try:
        values: Manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return values if isinstance(values, dict) else None

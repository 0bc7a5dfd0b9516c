"""The manifest of a run: what went in, what came out, how long it took. Times stand nowhere else."""

import hashlib
import json
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

from xk.contracts.provenance import sha256_of
from xk.contracts.scenario_rules import REFERENCE
from xk.errors import ReportError
from xk.pipeline.result import tally_statuses
from xk.readers.text import read_plain, read_rows
from xk.running.runs.jobs import Job, Outcome, Run, RunResult
from xk.vocab import LANGUAGES

MANIFEST = "manifest.json"

Statuses = list[tuple[str, str, str]]
"""Region, domain and status of each indicator."""

Parameters = dict[str, Any]
"""What was asked, as JSON has it: the parameters of a question, with regions and domains."""


class ReportRecord(TypedDict):
    """How one report of a run went."""

    attempts: int
    error: str
    memory: int | None
    notebook: str
    ok: bool
    parameters: Parameters
    seconds: float
    title: str


class Said(TypedDict, total=False):
    """How a run is called in one language."""

    as_of: str
    region: dict[str, str]
    scenario: str
    scheme: str


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


_NOTHING = object()
_ASKED = {"scheme": str, "regions": list[str], "domains": list[str], "scenarios": list[dict[str, Any]]}
"""Types of those parameters that are read again; JSON has them so."""
_PACKAGES = (
    "xk", "fonttools", "ipykernel", "ipython", "matplotlib", "nbclient", "nbconvert", "numpy", "pandas",
    "papermill", "pyarrow", "seaborn", "xlsxwriter", "zhplot",
)  # fmt: skip


def checksums(files: Mapping[str, Path]) -> dict[str, str]:
    """Return name -> SHA-256 of the content of each file; tables of a province are too large to be held for that."""
    return {name: _sha256_of(path) for name, path in files.items()}


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


@lru_cache(maxsize=1)
def _code() -> str:
    """Return a checksum of the files of this package."""
    place = Path(__file__).parents[2]
    files = {name: path for name, path in files_below(place).items() if path.suffix != ".pyc"}
    return sha256_of(json.dumps(checksums(files)).encode())[:16]


def versions() -> dict[str, str]:
    """Return the versions of Python, this code and the packages that shape a report; absent ones are left out."""
    found = {"python": platform.python_version(), "code": _code()}
    for name in _PACKAGES:
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
            "attempts": outcome.attempts,
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
        "names": run.said.get(run.lang, {}).get("region", {}),
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
    lines = read_rows(folder / "data" / "summary.csv")
    several = len({line.get("scenario") for line in lines}) > 1
    lines = [line for line in lines if not several or line["scenario"] == scenario]
    return [(line["region"], line["domain"], line["status"]) for line in lines if line["counted"] == "True"]


def manifest_text(values: Manifest) -> str:
    """Return the manifest as JSON: keys sorted, Chinese legible."""
    return json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of the run in `folder`, None where it cannot be read; what is not of its type is left out."""
    content, _ = read_plain(folder / MANIFEST)
    try:
        values = json.loads(content)
        if b"\\u" in content:
            json.dumps(values, ensure_ascii=False).encode()  # half characters cannot be written again
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    hints = get_type_hints(Manifest) | {"said": dict[str, Said]}
    kept: Manifest = {name: _kept(value, hints[name]) for name, value in values.items() if name in hints}  # type: ignore[assignment]
    if isinstance(kept.get("parameters"), dict):
        asked = kept["parameters"].items()
        kept["parameters"] = {name: value for name, value in asked if _fits(value, _ASKED.get(name, Any))}
    if kept.get("lang") not in LANGUAGES:
        kept.pop("lang", None)
    return {name: value for name, value in kept.items() if value is not _NOTHING}  # type: ignore[return-value]


def _kept(value: object, hint: object) -> object:
    """Return what of a value has its type; `_NOTHING` for none of it."""
    if isinstance(value, dict) and get_origin(hint) is dict:
        return {name: each for name, each in value.items() if _fits(each, get_args(hint)[1])}
    return value if _fits(value, hint) else _NOTHING


def _fits(value: object, hint: Any) -> bool:
    """Tell whether a value of JSON has a type; a record that lacks a key has its own."""
    if hint is Any:
        return True
    if is_typeddict(hint):
        known = get_type_hints(hint)
        return isinstance(value, dict) and all(_fits(each, known.get(name, Any)) for name, each in value.items())
    origin, inner = get_origin(hint), get_args(hint)
    if origin is dict:
        return isinstance(value, dict) and all(_fits(one, inner[1]) for one in value.values())
    if origin is list:
        return isinstance(value, list) and all(_fits(one, inner[0]) for one in value)
    if inner:
        return any(_fits(value, one) for one in inner)
    kinds = (int, float) if hint is float else (hint,)
    return isinstance(value, kinds) and (hint is bool or not isinstance(value, bool))

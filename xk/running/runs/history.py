"""Runs that are there: which, whether their files are still as they were made, which may go."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from xk.errors import UsageError
from xk.running.runs.manifest import MANIFEST, Manifest, checksums, files_below, read_manifest
from xk.running.runs.publish import RUN_NAME, latest_run, remove_run
from xk.vocab import NATIVE


@dataclass(frozen=True)
class PastRun:
    """A run in a folder of runs.

    Parameters
    ----------
    name : str
        Its folder.
    number : int
        Counts the runs of the folder, whatever the clock says; 0 where the manifest cannot be read.
    manifest : mapping
        Its manifest; empty where that cannot be read.
    is_latest : bool
        Whether ``latest`` points to it.
    """

    name: str
    number: int
    manifest: Manifest
    is_latest: bool

    @property
    def lang(self) -> str:
        """Its language."""
        return self.manifest.get("lang", NATIVE)

    @property
    def reports(self) -> int:
        """How many reports it was asked for."""
        return len(self.manifest.get("reports", {}))

    @property
    def failed(self) -> int:
        """How many of them could not be made."""
        return sum(not report.get("ok") for report in self.manifest.get("reports", {}).values())

    @property
    def is_good(self) -> bool:
        """Whether all its reports were made."""
        return self.manifest.get("exit_status") == 0


def list_runs(out: Path) -> list[PastRun]:
    """Return the runs in `out`, the newest first; none where there is no such folder."""
    if not out.is_dir():
        return []
    latest = latest_run(out)
    folders = [path for path in out.iterdir() if re.fullmatch(RUN_NAME, path.name) and not path.is_symlink()]
    runs = [_past_run(path, path.name == latest) for path in folders if _has_manifest(path)]
    return sorted(runs, key=lambda run: (run.number, run.name), reverse=True)


def _has_manifest(folder: Path) -> bool:
    with suppress(OSError):  # a folder that may not be looked into
        return folder.is_dir() and (folder / MANIFEST).exists()
    return False


def _past_run(folder: Path, is_latest: bool) -> PastRun:
    manifest = read_manifest(folder) or Manifest()
    return PastRun(folder.name, manifest.get("number", 0), manifest, is_latest)


def prune(out: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` runs (0: none is removed) and return their names.

    The last good run stays, the one that ``latest`` points to, and those whose manifest cannot be read.
    """
    runs = list_runs(out)
    last_good = next((run.name for run in runs if run.is_good), "")
    old = [run for run in runs[keep:] if keep and run.manifest and not run.is_latest and run.name != last_good]
    for run in old:
        remove_run(out, run.name)
    return [run.name for run in old]


def verify_run(folder: Path) -> list[str]:
    """Return what is no longer as the manifest of a run says: files that are missing, changed or added.

    Raises
    ------
    UsageError
        There is no run with a manifest in `folder`.
    """
    recorded = _recorded(folder)["outputs"]
    found = checksums({name: path for name, path in files_below(folder).items() if name != MANIFEST})
    faults = {name: "is missing" for name in recorded if name not in found}
    faults |= {name: "was added" for name in found if name not in recorded}
    faults |= {name: "was changed" for name in found if recorded.get(name, found[name]) != found[name]}
    return [f"{name} {fault}" for name, fault in sorted(faults.items())]


def compare_runs(folder: Path, other: Path) -> list[str]:
    """Return why a second run of the same things is not the first, to the byte.

    If inputs or versions differ these are named; if only outputs do, the run cannot be reproduced.
    """
    one, two = _recorded(folder), _recorded(other)
    reasons = [f"the input {name} has changed since" for name in _differing(one["inputs"], two["inputs"])]
    reasons += [f"{name} has another version now" for name in _differing(one["versions"], two["versions"])]
    names = _differing(one["outputs"], two["outputs"])
    because = "" if reasons else " though nothing that it is made of has"
    return reasons + [f"{name} differs{because}" for name in names]


def _differing(one: Mapping[str, str], two: Mapping[str, str]) -> list[str]:
    return sorted(name for name in {*one, *two} if one.get(name) != two.get(name))


def _recorded(folder: Path) -> Manifest:
    manifest = read_manifest(folder)
    if manifest is None:
        raise UsageError(f"there is no run with a manifest in {folder}")
    if lacking := {"inputs", "outputs", "versions"} - manifest.keys():
        raise UsageError(f"the manifest in {folder} does not say its {', '.join(sorted(lacking))}")
    return manifest

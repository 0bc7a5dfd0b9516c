"""Runs that are there: which, whether their files are still as they were made, which may go."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xk.errors import UsageError
from xk.running.runs.jobs import Run
from xk.running.runs.latest import LATEST, RUN_NAME, is_same, links_in, takes_top
from xk.running.runs.manifest import MANIFEST, Manifest, Parameters, checksums, files_below, read_manifest
from xk.running.runs.publish import remove_run
from xk.vocab import NATIVE

STAMPED = re.compile(r"\d{8}T\d{6}Z-")
"""How the folders begin that runs name themselves."""


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
    links : tuple of str
        The links that point to it: ``latest`` and the like.
    problem : str
        Label of why its manifest says nothing; empty where it does.
    """

    name: str
    number: int
    manifest: Manifest
    links: tuple[str, ...] = ()
    problem: str = ""

    @property
    def is_latest(self) -> bool:
        """Whether the plain ``latest`` points to it."""
        return LATEST in self.links

    @property
    def asked(self) -> Parameters:
        """What it was asked."""
        return self.manifest.get("parameters", {})

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
    links = links_in(out)
    folders = [path for path in out.iterdir() if re.fullmatch(RUN_NAME, path.name) and not path.is_symlink()]
    runs = []
    for path in filter(os.path.isdir, folders):
        own = tuple(link for link, run in links.items() if run == path.name)
        problem = _problem(path)
        if problem != "runs_unreadable" and not own and not STAMPED.match(path.name):
            continue  # no run, but a folder of somebody
        manifest = read_manifest(path) or Manifest()
        runs.append(PastRun(path.name, manifest.get("number", 0), manifest, own, problem if not manifest else ""))
    return sorted(runs, key=lambda run: (run.number, run.name), reverse=True)


def _problem(folder: Path) -> str:
    """Return the label of why a manifest, if it says nothing, does not."""
    try:
        os.stat(folder / MANIFEST)
    except FileNotFoundError:
        return "runs_no_manifest"
    except OSError:
        return "runs_no_access"
    return "runs_unreadable"


def links_of(run: Run) -> list[str]:
    """Return the links that a run moves if it is good: that of its question, and ``latest`` where that is its own.

    It is where it points to a run of which nothing can be read.
    """
    top = next((past for past in list_runs(run.out) if past.is_latest), None)
    is_top = (
        top is None
        or not top.manifest
        or takes_top(run.link, run.about, top=top.manifest.get("latest"), top_asked=top.asked)
    )
    return list(dict.fromkeys([run.link, *[LATEST] * is_top]))


def prune(run: Run) -> list[str]:
    """Remove all but the newest ``run.keep`` runs of the question of `run` (0: none is removed); return their names.

    The last good run stays, those that links point to, and those whose manifest cannot be read.
    """
    runs = [past for past in list_runs(run.out) if past.manifest and is_same(past.asked, run.about)]
    last_good = next((past.name for past in runs if past.is_good), "")
    old = [past.name for past in runs[run.keep :] if run.keep and not past.links and past.name != last_good]
    for name in old:
        remove_run(run.out, name)
    return old


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
        if _problem(folder) == "runs_no_access":
            raise UsageError(f"{folder} cannot be read; mend its owner or rights")
        if _problem(folder) == "runs_unreadable":
            raise UsageError(f"the manifest in {folder} is damaged: of this run nothing can be told; make it again")
        raise UsageError(f"there is no run with a manifest in {folder}")
    if lacking := {"inputs", "outputs", "versions"} - manifest.keys():
        raise UsageError(f"the manifest in {folder} does not say its {', '.join(sorted(lacking))}")
    return manifest

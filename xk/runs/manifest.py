"""The manifest of a run: what went in, what came out, how long it took. Times stand nowhere else."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from xk.provenance import sha256_of

MANIFEST = "manifest.json"

_PACKAGES = (
    "xk", "fonttools", "ipykernel", "matplotlib", "nbclient", "nbconvert", "numpy", "pandas", "papermill",
    "seaborn", "zhplot",
)  # fmt: skip


def checksums(files: Mapping[str, Path]) -> dict[str, str]:
    """Return name -> SHA-256 of the content of each file."""
    return {name: sha256_of(path.read_bytes()) for name, path in files.items()}


def files_below(folder: Path) -> dict[str, Path]:
    """Return path relative to `folder` (with ``/``) -> path, for every file below it, sorted."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return dict(sorted(found.items()))


def versions(packages: Iterable[str] = _PACKAGES) -> dict[str, str]:
    """Return the versions of Python and of the packages that shape a report; absent ones are left out."""
    found = {"python": platform.python_version()}
    for name in packages:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def manifest_text(values: Mapping[str, Any]) -> str:
    """Return the manifest as JSON: keys sorted, Chinese legible."""
    return json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of the run in `folder`, None where it cannot be read."""
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return values if isinstance(values, dict) else None

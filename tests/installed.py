"""The reports as an office makes them that has no clone: from the wheel, in an environment and a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from made_up import ROOT

PLAIN = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "XK_ROOT")}


def outside(*command: str | Path, cwd: Path, status: int = 0) -> str:
    """Run a command that knows nothing of the clone and return what it says."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=PLAIN, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


def build_wheel(folder: Path) -> Path:
    """Build the wheel from a copy, as building writes beside what it builds."""
    for name in ("xk", "data/raw", "notebooks", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "LICENSE-DATA.md"):
        shutil.copy(ROOT / name, folder)
    (folder / "notebooks" / ".ipynb_checkpoints").mkdir(exist_ok=True)
    outside(sys.executable, "-c", "from setuptools import build_meta; build_meta.build_wheel('.')", cwd=folder)
    (built,) = folder.glob("xk-*.whl")
    return built


def install(wheel: Path, home: Path) -> Path:
    """Return the `xk` of a new environment with the wheel and, without a network, the packages that are here."""
    venv.create(home, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", home / "bin" / "python", "install"]
    outside(*pip, "--no-deps", "--no-index", wheel, cwd=home)
    (packages,) = (home / "lib").glob("python*/site-packages")
    here = [place for place in sys.path if place.endswith("-packages")]  # the line of an editable install is not read
    (packages / "here.pth").write_text("\n".join(here), encoding="utf-8")
    (home / "share").symlink_to(Path(sys.prefix) / "share")  # where nbconvert keeps its templates
    return home / "bin" / "xk"


def report_of_an_office(folder: Path) -> Path:
    """Return the run that an office makes in `folder`, which holds the clone, the environment and the project."""
    if not (folder / "demo" / "reports" / "latest").exists():
        shutil.rmtree(folder, ignore_errors=True)
        xk = install(build_wheel(folder / "clone"), folder / "venv")
        outside(xk, "init", "demo", cwd=folder)
        outside(xk, "report", cwd=folder / "demo")
    return folder / "demo" / "reports" / "latest"

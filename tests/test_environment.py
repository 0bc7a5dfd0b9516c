"""The lists of packages agree: pyproject.toml leads; environment.yml and the two lock files follow."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
DEV = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]
BUILD = [Requirement(line) for line in PROJECT["optional-dependencies"]["build"]]
APP = [Requirement(line) for line in PROJECT["optional-dependencies"]["app"]]
DOCS = [Requirement(line) for line in PROJECT["optional-dependencies"]["docs"]]
PYTHONS = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))

# conda-forge splits some packages, so that no desktop toolkit or second dataframe library comes along.
PYPI_NAMES = {
    "jupyter_client": "jupyter-client",
    "jupyter_server": "jupyter-server",
    "matplotlib-base": "matplotlib",
    "nbconvert-core": "nbconvert",
    "pandera-base": "pandera",
    "playwright-python": "playwright",
    "seaborn-base": "seaborn",
}
# Import names that are not the name of their package.
PACKAGES = {
    "axe_playwright_python": "axe-playwright-python",
    "fontTools": "fonttools",
    "IPython": "ipython",
    "jupyter_client": "jupyter-client",
    "jupyter_server": "jupyter-server",
    "matplotlib_inline": "matplotlib-inline",
    "python_calamine": "python-calamine",
}
# Run by name, or read from its file (the font), or used by pandas (Parquet).
NOT_IMPORTED = {"ipykernel", "jupyterlab", "pyarrow", "zhplot"}
OPTIONAL = {Requirement(line).name for line in PROJECT["optional-dependencies"]["dask"]}


def conda_lines() -> tuple[list[str], list[str]]:
    """Return the entries of environment.yml for conda and for pip."""
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    entries = text.split("dependencies:\n")[1]
    conda = re.findall(r"^  - ([^\s:]+)$", entries, re.M)
    pip = re.findall(r"^      - (.+)$", entries, re.M)
    return conda, pip


def ranges(requirements: list[Requirement]) -> dict[str, str]:
    return {canonicalize_name(r.name): str(r.specifier) for r in requirements}


def locked(name: str) -> dict[str, list[Requirement]]:
    """Return the pins of a lock file by package; some have one for each range of Python or system."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pins: dict[str, list[Requirement]] = {}
    for line in re.findall(r"^(\S.*==.*?) \\$", text, re.M):
        pin = Requirement(line)
        pins.setdefault(canonicalize_name(pin.name), []).append(pin)
    return pins


def version_of(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    return specifier.version


def imported(folder: str) -> set[str]:
    """Return the packages that the modules in a folder import, by package name."""
    names: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add((node.module or "").split(".")[0])
    own = {
        "xk",
        "conftest",
        *(path.stem for path in (ROOT / "benchmarks").glob("*.py")),
        *(path.stem for path in (ROOT / "tests").iterdir()),
    }
    return {PACKAGES.get(name, name) for name in names - set(sys.stdlib_module_names) - own}


def test_environment_repeats_the_project() -> None:
    conda, pip = conda_lines()
    entries = [Requirement(line) for line in [*conda, *pip] if line != "-e ."]
    found = {PYPI_NAMES.get(r.name, r.name): str(r.specifier) for r in entries}
    assert found.pop("python") == PROJECT["requires-python"]
    assert found.pop("pip") == ""
    assert found == ranges([*RUNTIME, *APP, *DEV])


def test_environment_installs_the_project_itself() -> None:
    assert "-e ." in conda_lines()[1]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("requirements.lock", [*RUNTIME, *APP, *BUILD]), ("requirements-dev.lock", [*RUNTIME, *APP, *BUILD, *DEV, *DOCS])],
)
def test_locks_hold_what_the_project_asks_for(name: str, wanted: list[Requirement]) -> None:
    pins = locked(name)
    for requirement in wanted:
        for pin in pins.get(canonicalize_name(requirement.name), []):
            assert version_of(pin) in requirement.specifier, f"{pin} against {requirement}: make lock"
    missing = {canonicalize_name(requirement.name) for requirement in wanted} - set(pins)
    assert not missing, f"{missing} in no line of {name}: make lock"


def test_locks_agree() -> None:
    runtime, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert len(runtime) > len(RUNTIME)
    assert {name: {version_of(pin) for pin in dev[name]} for name in runtime} == {
        name: {version_of(pin) for pin in pins} for name, pins in runtime.items()
    }


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_have_hashes_and_no_places(name: str) -> None:
    """Every pin carries hashes; where packages come from is for the machine to say."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=\S.*==)", text, flags=re.M)[1:]
    assert len(blocks) == sum(map(len, locked(name).values()))
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)
    assert not re.search(r"https?:|file:|index-url|find-links", text)


@pytest.mark.parametrize("python", PYTHONS)
def test_each_python_has_one_pin(python: str) -> None:
    place = {"python_version": python, "python_full_version": f"{python}.9"}
    for name, pins in locked("requirements-dev.lock").items():
        here = [pin for pin in pins if pin.marker is None or Marker(str(pin.marker)).evaluate(place)]
        assert len(here) <= 1, f"{name} has {here}"


def test_library_imports_what_it_declares() -> None:
    """`make report` installs the runtime packages alone."""
    assert (imported("xk") | NOT_IMPORTED) - OPTIONAL == set(ranges([*RUNTIME, *APP]))


def test_tests_import_what_is_declared() -> None:
    assert imported("tests") | imported("docs") <= set(ranges([*RUNTIME, *APP, *DEV, *DOCS]))


def test_dependencies_are_explained() -> None:
    text = (ROOT / "docs" / "en" / "dependencies.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([^`]+)` \|", text, re.M))
    assert named == set(ranges([*RUNTIME, *APP, *DEV, *BUILD, *DOCS]))


def test_version_is_in_the_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.findall(r"^## (\S+)", text, re.M)[0]
    assert newest == PROJECT["version"]

"""Ground of all tests: no network, a plain environment, and a browser where there is one."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OWN_SCHEMES = ("file:", "data:", "about:", "blob:")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared(root: Path) -> Path:
    """Return the folder of material beside the checkout; skip where it is not there."""
    folder = root.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"the material beside the checkout ({folder.name}/) is not on this machine")
    return folder


class SmallProject:
    """A copy of the raw tables that tests may break: one scheme, its regions, series and observations."""

    SCHEME = "schemes/national-2013"

    def __init__(self, root: Path) -> None:
        self.root, self.raw = root, root / "data" / "raw"

    def read(self, name: str) -> pd.DataFrame:
        """Return a table as text."""
        return pd.read_csv(self.raw / name, dtype=str, keep_default_na=False)

    def write(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table of text."""
        frame.to_csv(self.raw / name, index=False, lineterminator="\n")

    def put(self, name: str, line: int, **cells: str) -> None:
        """Write cells into the line `line` of a table, the header being line 1."""
        frame = self.read(name)
        for column, cell in cells.items():
            frame.loc[line - 2, column] = cell
        self.write(name, frame)

    def repeat(self, name: str, line: int, **cells: str) -> int:
        """Add a copy of a line, with some cells changed, at the end; return its line."""
        frame = self.read(name)
        self.write(name, pd.concat([frame, frame.loc[[line - 2]].assign(**cells)]))
        return len(frame) + 2

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace text of a file that must be there."""
        text = (self.raw / name).read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        (self.raw / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    def register(self) -> None:
        """Write the checksums of all files into the register of sources."""
        named = self.read("sources.csv")
        named = named[named["file"] == ""]
        files = sorted(path for path in self.raw.rglob("*") if path.is_file() and path.name != "sources.csv")
        names = [path.relative_to(self.raw).as_posix() for path in files]
        hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
        rows = pd.DataFrame({"source_id": names, "file": names, "sha256": hashes, "retrieved": "2026-01-01"})
        self.write("sources.csv", pd.concat([named, rows.assign(publisher="x", title="x")]).fillna(""))


@pytest.fixture(scope="session")
def sound_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the small project once: the parts of data/raw that belong to one scheme."""
    project = SmallProject(tmp_path_factory.mktemp("sound"))
    source = ROOT / "data" / "raw"
    shutil.copytree(source / SmallProject.SCHEME, project.raw / SmallProject.SCHEME)
    for name in ("regions.csv", "measures.csv", "sources.csv", "deflators.csv"):
        if (source / name).exists():
            shutil.copy(source / name, project.raw / name)
    known = set(project.read(f"{SmallProject.SCHEME}/indicators.csv")["indicator"])
    (project.raw / "observations").mkdir()
    for name in ("series", "china", "guangdong"):
        frame = pd.read_csv(source / "observations" / f"{name}.csv", dtype=str, keep_default_na=False)
        project.write(f"observations/{name}.csv", frame[frame["indicator"].isin(known)])
    project.register()
    return project.root


@pytest.fixture
def small_project(sound_tables: Path, tmp_path: Path) -> SmallProject:
    """Return a fresh copy of the small project."""
    shutil.copytree(sound_tables, tmp_path / "project")
    return SmallProject(tmp_path / "project")


@pytest.fixture(scope="session", autouse=True)
def plain_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's Jupyter, IPython and display settings out, for kernels that tests start too."""
    home = tmp_path_factory.mktemp("settings")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLBACKEND", "Agg")
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        patch.setenv("JUPYTER_CONFIG_DIR", str(home / "jupyter"))
        patch.delenv("PYTHONWARNINGS", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse connections that leave the machine; kernels talk over loopback."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"tests use no network, and {address!r} was asked for")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def find_browser() -> str:
    """Return the path of Chromium; without one, skip, or fail where XK_REQUIRE_BROWSER=1 asks for it."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    reason = f"no browser on this machine (looked for {', '.join(BROWSERS)})"
    if os.environ.get("XK_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason}, and XK_REQUIRE_BROWSER=1 asks for one")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium; once a module, as its event loop must be gone before others run notebooks."""
    path = find_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Open an empty page at 1280 x 900; the test fails if the page asks for anything outside its own file."""
    asked: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    context.close()
    outside = [url for url in asked if not url.startswith(OWN_SCHEMES)]
    assert not outside, f"the page asked for {outside}"

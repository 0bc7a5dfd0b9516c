"""Ground of all tests: no network, a plain environment, and a browser where there is one."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
import pytest
from installed import report_of_an_office
from made_up import HANG, ROOT, SmallProject, run_report
from served import Served, project, served

from xk import theme
from xk.readers import store

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OWN_SCHEMES = ("file:", "data:", "about:", "blob:")


LONG = (
    "test_faults", "test_end_to_end", "test_docs", "test_recipes", "test_browser_scenarios", "test_browser_benches",
    "test_browser_reports", "test_office_files", "test_add", "test_scenario_reports", "test_synthetic",
    "test_charts_plan", "test_report_length", "test_kernels", "test_own_reports", "test_benches", "test_scheme",
    "test_cli", "test_runs_again", "test_terminal", "test_warm", "test_book", "test_charts_sheet", "test_door",
    "test_scenario_bench", "test_journeys", "test_changing", "test_installed", "test_charts", "test_explore",
    "test_index_weights", "test_runs", "test_observations", "test_page_in_browser", "test_report", "test_browser_app",
)  # fmt: skip
"""The files that take longest: begun first, so that no process ends long after the other.

Kills come before all others, as a fork takes longer the more its process holds.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest before the others."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONG)))


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
    tables = {
        name: pd.read_csv(source / "observations" / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("definitions", "series", "china", "guangdong")
    }
    defined = tables["definitions"].set_index("definition")["indicator"]
    tables["series"] = tables["series"][tables["series"]["region"].isin(["china", "guangdong"])]
    for name, frame in tables.items():
        owner = frame["definition"].map(defined) if name == "series" else frame["indicator"]
        project.write(f"observations/{name}.csv", frame[owner.isin(known)])
    project.register()
    return project.root


@pytest.fixture
def small_project(sound_tables: Path, tmp_path: Path) -> SmallProject:
    """Return a fresh copy of the small project."""
    shutil.copytree(sound_tables, tmp_path / "project")
    return SmallProject(tmp_path / "project")


@pytest.fixture(scope="session")
def shared_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return what gives the reports by some options: made once for all processes of the tests, to be read.

    Those of the plan in Chinese are made from the wheel, as an office without a clone makes them.
    """
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(*options: str) -> Path:
        out = folder / hashlib.sha256("\0".join(options).encode()).hexdigest()[:12]
        with out.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if options == ("--lang", "zh"):
                return report_of_an_office(folder / "office")
            return out / "latest" if (out / "latest").exists() else run_report(ROOT, out, *options)

    return made


@pytest.fixture(scope="session")
def plan_run(shared_run: Callable[..., Path]) -> Callable[[str], Path]:
    """Return what gives the reports of the plan in a language."""
    return lambda lang: shared_run("--lang", lang)


@pytest.fixture(scope="session")
def pushed_run(shared_run: Callable[..., Path]) -> Path:
    """Return the report on the economy of the plan under the scenario of a faster push."""
    pace = ROOT / "data" / "raw" / "scenarios" / "faster_push.toml"
    return shared_run("--scenario", str(pace), "--domain", "economy")


@pytest.fixture
def no_power_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the waiting for the disk, where what is killed are processes."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def style() -> Iterator[None]:
    """Draw in the style of the reports, and leave matplotlib as it was."""
    with mpl.rc_context():
        theme.use()
        yield


@pytest.fixture(scope="session", autouse=True)
def plain_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's Jupyter, IPython and display settings out, for kernels that tests start too."""
    home = tmp_path_factory.mktemp("settings")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLBACKEND", "Agg")
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        patch.setenv("JUPYTER_CONFIG_DIR", str(home / "jupyter"))
        for name in ("PYTHONWARNINGS", "XK_ROOT"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def stores_kept() -> Iterator[None]:
    """Keep the store of the checkout, and answers from it, which two small projects would push out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_read_once", lru_cache(maxsize=8)(store._read_once.__wrapped__))
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


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Return the path of Chromium; without one, skip, or fail where XK_REQUIRE_BROWSER=1 asks for it."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    reason = f"no browser on this machine (looked for {', '.join(BROWSERS)})"
    if os.environ.get("XK_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason}, and XK_REQUIRE_BROWSER=1 asks for one")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Any]:
    """Start Chromium; once a module, as its event loop must be gone before others run notebooks."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path, timeout=1000 * HANG)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Open an empty page at 1280 x 900; the test fails if the page asks for anything outside its own file."""
    asked: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    context.set_default_timeout(1000 * HANG)
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    context.close()
    outside = [url for url in asked if not url.startswith(OWN_SCHEMES)]
    assert not outside, f"the page asked for {outside}"


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve small benches of our own; see tests/served.py."""
    folder = tmp_path_factory.mktemp("app")
    with served(project(folder / "project"), folder / "log") as server:
        yield server

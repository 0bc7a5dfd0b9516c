"""Ground of all tests: no network, a plain environment, and a browser where there is one."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OWN_SCHEMES = ("file:", "data:", "about:", "blob:")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return ROOT


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

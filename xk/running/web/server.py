"""The server of `xk app`: Voila with pages of our own, for colleagues who have no Jupyter.

Only the benches are served, each visit in a kernel of its own, and nothing is asked of the network.
"""

import html
import logging
import os
import sys
import tempfile
import webbrowser
from pathlib import Path

from tornado.ioloop import IOLoop
from traitlets.config import Config
from voila.app import Voila

from xk.running.web.addresses import Site, is_loopback, is_number
from xk.running.web.forks import ForkFactory, ForkProvisioner, Warm
from xk.running.web.webpages import ASSETS, BENCHES, TEMPLATES, Asset, Bench, Missing, Report, Start, said_to_all

CELL_TIMEOUT = 120
"""Seconds that a cell of a bench may take."""

# What Voila serves besides pages: its scripts, and messages between controls and their kernel, never code.
_KEPT = (
    "KernelHandler", "VoilaKernelWebsocketHandler", "VoilaShutdownKernelHandler", "MultiStaticFileHandler",
    "ThemesHandler", "FileFindHandler",
)  # fmt: skip
_CONTROLS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8"]


class App(Voila):
    """Voila without its own pages, lists of files and files."""

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        self.template_paths = [str(TEMPLATES), *self.template_paths]  # type: ignore[has-type]

    def init_handlers(self) -> list[tuple[object, ...]]:
        kept = [one for one in super().init_handlers() if one[1].__name__ in _KEPT]
        return [
            *kept,
            ("/", Start),
            (f"/({'|'.join(BENCHES)})", Bench, {"voila_configuration": self.voila_configuration,
                                                "template_paths": self.template_paths, "config": self.config}),
            (f"/xk/({'|'.join(ASSETS)})", Asset),
            ("/reports/(.+)", Report),
            ("/.*", Missing),
        ]  # fmt: skip


def serve(site: Site, warm: Warm | None, *, browser: bool = True) -> None:
    """Serve the benches until interrupted; kernels end with the server.

    Parameters
    ----------
    warm : Warm or None
        What kernels are forked from; None: each starts as an ordinary kernel does.
    browser : bool
        Open the start page in the user's browser.
    """
    if warm:
        ForkProvisioner.warm = warm
        ForkFactory.instance()
    app = App.instance(config=_config(site), config_file_paths=[])  # others find its log
    app.initialize([])
    IOLoop.current().add_callback(say_where, site, browser=browser)
    app.start()


def _config(site: Site) -> Config:
    """Return the settings of Voila; files with other settings are not read."""
    return Config({
        "Voila": {
            "root_dir": str(site.root / "notebooks"), "ip": site.host, "port": site.port, "port_retries": 0,
            "open_browser": False, "token": site.token, "log_level": logging.ERROR,
            "tornado_settings": tornado_settings(site),
        },
        "VoilaConfiguration": {
            "allow_template_override": "NO", "allow_theme_override": "NO", "extension_allowlist": _CONTROLS,
            "resources": {"failed": said_to_all("app_cell")},
        },
        "VoilaExecutor": {"timeout": CELL_TIMEOUT},
        "IdentityProvider": {"cookie_options": {"samesite": "Lax"}, "secure_cookie": site.url.startswith("https:")},
        "KernelManager": {"transport_encryption": "auto"},  # otherwise every kernel warns
        "MappingKernelManager": {
            "cull_idle_timeout": site.idle, "cull_interval": max(1, site.idle // 10), "cull_connected": True,
        },
    })  # fmt: skip


def tornado_settings(site: Site) -> dict[str, object]:
    by_number = is_number(site.name) and not is_loopback(site.name)
    return {
        "xk_root": site.root, "allow_remote_access": by_number, "local_hostnames": ["localhost", site.name],
        "static_path": str(TEMPLATES), "ws_ping_timeout": 30_000,
    }  # fmt: skip


def say_where(site: Site, *, browser: bool) -> None:
    """Say where the app is, once it answers; the browser gets the token by a file that only its user can read."""
    if site.is_open:
        print(f"warning: {site.host} is seen by other machines; whoever has the address below gets in", file=sys.stderr)
    address = f"{site.url}?token={site.token}"
    print(f"xk app: {address}\nCtrl+C ends it", flush=True)
    if browser:
        descriptor, name = tempfile.mkstemp(suffix=".html")
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(f'<meta http-equiv="refresh" content="0;url={html.escape(address)}">')
        webbrowser.open(Path(name).as_uri())
        IOLoop.current().call_later(60, os.unlink, name)

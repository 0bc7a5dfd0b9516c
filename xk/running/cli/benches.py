"""Commands on the benches: open them in JupyterLab, serve them as a page."""

import subprocess
import sys
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path

from xk import theme
from xk.errors import UsageError
from xk.readers import find_root
from xk.running.cli.grammar import without_grammar

LAB = Path(__file__).parents[1] / "web" / "lab"
START = "start.ipynb"


def run_lab(asked: Namespace) -> int:
    """Open JupyterLab on the start page of the benches, with a font that has Chinese."""
    folder = _with_notebooks(find_root()) / "notebooks"
    served = [str(LAB), str(theme.font_path().parent)]
    options = ["--LabApp.custom_css=True", f"--ServerApp.tornado_settings={{'static_custom_path': {served!r}}}"]
    if (folder / START).is_file():
        options.append(f"--LabApp.default_url=/lab/tree/{START}")
    command = [sys.executable, "-m", "jupyterlab", str(folder), *options, *asked.more]
    return subprocess.run(command, check=False).returncode


def run_app(asked: Namespace) -> int:
    """Serve the benches as a page until interrupted."""
    from xk.running.web.addresses import Site, checked

    if find_spec("voila") is None:
        raise UsageError('xk app needs Voila; install it with: pip install "xk[app]"')
    root = _with_notebooks(find_root())
    site = checked(Site(root, asked.host, asked.port, asked.address))
    with without_grammar():
        from xk.running.kernels.children import is_safe_to_fork
        from xk.running.web.forks import Warm

        warm = Warm(site.root) if is_safe_to_fork() else None  # it imports beside this process
        try:
            from xk.running.web.server import serve

            serve(site, warm, browser=asked.browser)
        finally:
            if warm:
                warm.end()
    return 0


def _with_notebooks(root: Path) -> Path:
    if not (root / "notebooks").is_dir():
        remedy = "xk init DIR lays out a project folder that has them"
        raise UsageError(f"there is no folder {root / 'notebooks'}; {remedy}")
    return root

"""Done once, before this process is forked, what every report would do again: imports, templates, first drawings."""

import importlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from matplotlib.backends.registry import backend_registry
from nbformat.v4 import new_code_cell, new_notebook, new_output

from xk import theme
from xk.running.report.export import Page, export_html
from xk.running.runs.pages import failed_page
from xk.vocab import LANGUAGES, language, read_labels

# What notebooks, their shell and the theme import; the charts bring matplotlib and pandas.
_MODULES = (
    "IPython.core.application", "IPython.core.completerlib", "IPython.core.crashhandler", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.utils.wildcard", "bdb", "encodings.ascii", "ipykernel.ipkernel",
    "ipykernel.zmqshell", "matplotlib.backends.backend_svg", "matplotlib.style", "matplotlib_inline.backend_inline",
    "pandas.core.reshape.reshape", "pyarrow.acero", "pyarrow.dataset", "pyarrow.substrait", "resource", "seaborn",
    "xk.bench", "xk.charts", "xk.running.kernels.shell", "xk.tables",
)  # fmt: skip

TEXTS = (".csv", ".toml", ".ipynb")


def warm_up(files: Iterable[Path]) -> None:
    """Import what notebooks import, make a page of each kind, and have the characters of tables and labels at hand."""
    _make_pages()
    characters = {char for labels in read_labels().values() for label in labels.values() for char in label}
    characters.update(*(language(lang).heading((place,)) for lang in LANGUAGES for place in range(100)))
    for path in (one for one in files if one.suffix in TEXTS):
        with path.open(encoding="utf-8", errors="ignore") as lines:
            for line in lines:
                characters.update(line)
    theme.keep_at_hand("".join(characters))


@lru_cache(maxsize=1)
def _make_pages() -> None:
    for name in _MODULES:
        importlib.import_module(name)
    backend_registry.list_all()
    shown = new_output("display_data", {"text/html": '<h2 id="a">0</h2>'})
    export_html(new_notebook(cells=[new_code_cell(outputs=[shown])]), Page(""))
    failed_page(Page(""), "")

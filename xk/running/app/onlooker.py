"""Who looks on while a notebook runs: somebody before a live page, or nobody."""

import os
from collections.abc import Mapping

from IPython.core.getipython import get_ipython

SERVER = "SERVER_SOFTWARE"
"""Set by Voila in the environment of its kernels; `QUERY_STRING` beside it is what follows ? in the page's address."""


def somebody_looks_on() -> bool:
    """Return whether widgets would be shown: in JupyterLab, an editor or Voila; not where a notebook is executed.

    Whoever shows cells names the cell with each request to run one; what executes notebooks (papermill, nbconvert,
    the project's own kernels) does not.
    """
    return in_page() or _cell_is_named()


def in_page() -> bool:
    """Return whether the notebook is a page of Voila."""
    return os.environ.get(SERVER, "").startswith("voila")


def query_of_page() -> str:
    """Return what stands behind ? in the address of the page; empty in JupyterLab."""
    return os.environ.get("QUERY_STRING", "") if in_page() else ""


def _cell_is_named() -> bool:
    parent: Mapping[str, Mapping[str, object]] = getattr(get_ipython(), "get_parent", dict)()
    return bool(parent.get("metadata", {}).get("cellId"))

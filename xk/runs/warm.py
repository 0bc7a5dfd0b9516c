"""Done once, before this process is forked, what every report would do again: imports, templates, first drawings."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from functools import lru_cache
from typing import Any

from nbformat.v4 import new_code_cell, new_notebook, new_output

from xk.bench import Question, results_of
from xk.errors import XkError
from xk.readers import read_store
from xk.report import Page, export_html
from xk.runs.pages import failed_page

# What notebooks and their shell import; the charts bring matplotlib, pandas and seaborn.
_MODULES = (
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "matplotlib_inline.backend_inline",
    "xk.bench",
    "xk.charts",
    "xk.tables",
)


@lru_cache(maxsize=1)
def warm_up() -> None:
    """Import what notebooks import and make a page of each kind."""
    for name in _MODULES:
        importlib.import_module(name)
    shown = new_output("display_data", {"text/html": '<h2 id="a">0</h2>'})
    export_html(new_notebook(cells=[new_code_cell(outputs=[shown])]), Page(""))
    failed_page(Page(""), "")


def answer(parameters: Mapping[str, Any]) -> None:
    """Read the data and answer the question of a report, so that it finds both done; its domain does not matter."""
    asked = {item.name for item in fields(Question)} - {"domain"}
    with suppress(XkError):  # the report itself will say what is wrong
        results_of(Question(**{name: value for name, value in parameters.items() if name in asked}), read_store())

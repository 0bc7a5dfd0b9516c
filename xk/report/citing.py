"""Under every figure and table a line that leads to the report's own section of sources."""

from __future__ import annotations

import copy
from html import escape

from nbformat import NotebookNode

from xk.report.fragments import read_fragments
from xk.report.places import Filler
from xk.vocab import text

SOURCES = "sources"
"""Id of the section that names the sources."""

_KINDS = {"xk-figure", "xk-table"}


def cite_sources(notebook: NotebookNode, lang: str) -> NotebookNode:
    """Return a copy of an executed notebook whose figures and tables name the section of sources.

    Those in that section itself do not; a notebook without such a section comes back as it is.
    """
    titles = [heading.text for heading in read_fragments(notebook).headings if heading.anchor == SOURCES]
    if not titles:
        return notebook
    link = f'<a href="#{SOURCES}">{escape(titles[0])}</a>'
    line = f'<p class="xk-note xk-source">{text("page.source", lang, section=link)}</p>'
    copied = copy.deepcopy(notebook)
    for cell in copied.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = _Citer(data["text/html"], line).filled()
    return copied


class _Citer(Filler):
    """Puts a line at the end of figures and tables outside of the section of sources."""

    def __init__(self, html: str, line: str) -> None:
        super().__init__(html)
        self.line = line
        self.figures: list[bool] = []
        self.in_sources = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "figure":
            self.figures.append(bool(_KINDS & set(values.get("class", "").split())))
        elif tag == "h2":
            self.in_sources = values.get("id") == SOURCES

    def handle_endtag(self, tag: str) -> None:
        if tag == "figure" and self.figures and self.figures.pop() and not self.in_sources:
            self.put(self.here(), self.line)

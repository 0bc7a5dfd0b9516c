"""Numbers of sections, figures and tables, and lines that lead to the sources: written into the text, to be cited."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field, replace
from html import escape

from nbformat import NotebookNode

from xk.running.report.fragments import SOURCES, Caption, Fragments, Heading, read_html
from xk.running.report.places import filled
from xk.vocab import language, text

_SECTIONS = {2: "section", 3: "subsection"}
_KINDS = {"figures": "figure", "tables": "table"}


@dataclass
class Numbered:
    """A notebook with numbers in it, and its sections, subsections and captions as they read there."""

    notebook: NotebookNode
    contents: list[Heading] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)


def number_notebook(notebook: NotebookNode, lang: str) -> Numbered:
    """Return a copy of an executed notebook whose HTML outputs carry numbers in `lang`.

    Sections (``<h2>``) and subsections (``<h3>``) are numbered in order; so are figures and tables, each kind
    by itself through the whole page, in front of their captions; the number is a link to the place itself. Where
    there is a section of sources, figures and tables outside of it end with a line that leads there.
    """
    copied = copy.deepcopy(notebook)
    outputs = [output.data for cell in copied.cells for output in cell.get("outputs", []) if "data" in output]
    shown = [data for data in outputs if "text/html" in data]
    found = [read_html(data["text/html"]) for data in shown]
    numberer = _Numberer(copied, lang)
    numbers = [numberer.number(fragments) for fragments in found]
    line = numberer.source_line()
    for data, fragments, put in zip(shown, found, numbers, strict=True):
        lines = dict.fromkeys(fragments.ends, line) if line else {}
        data["text/html"] = filled(data["text/html"], put | lines)
    return numberer.numbered


class _Numberer:
    """Gives numbers to headings and captions; the counts go on from one output to the next."""

    def __init__(self, notebook: NotebookNode, lang: str) -> None:
        self.numbered, self.lang = Numbered(notebook), lang
        self.counts: Counter[str] = Counter()

    def number(self, found: Fragments) -> dict[int, str]:
        """Return what belongs where in one output: offset -> number."""
        put: dict[int, str] = {}
        for heading in found.headings:
            if heading.level in _SECTIONS:
                put[heading.place] = number = self._section(_SECTIONS[heading.level])
                self.numbered.contents.append(replace(heading, text=_joined(number, heading.text)))
        for caption in found.captions:
            label = self._label(_KINDS[caption.kind])
            separator = text("number_separator", self.lang)
            put[caption.place] = _linked(label, caption.anchor) + separator
            self.numbered.captions.append(replace(caption, text=_joined(label + separator, caption.text)))
        return put

    def source_line(self) -> str:
        """Return the line that leads to the section of sources; empty without one."""
        titles = [heading.text for heading in self.numbered.contents if heading.anchor == SOURCES]
        if not titles:
            return ""
        link = f'<a href="#{SOURCES}">{escape(titles[0])}</a>'
        return f'<p class="xk-note xk-source">{text("page_source", self.lang, section=link)}</p>'

    def _section(self, kind: str) -> str:
        self.counts[kind] += 1
        if kind == "section":
            self.counts["subsection"] = 0
        places = (self.counts["section"], self.counts["subsection"])
        number = language(self.lang).heading(places if kind == "subsection" else places[:1])
        return text(f"number_{kind}", self.lang, number=number)

    def _label(self, kind: str) -> str:
        self.counts[kind] += 1
        return text(f"number_{kind}", self.lang, n=self.counts[kind])


def _linked(label: str, anchor: str) -> str:
    return f'<a class="xk-number" href="#{escape(anchor)}">{escape(label)}</a>' if anchor else escape(label)


def _joined(number: str, words: str) -> str:
    return " ".join((number + words).split())

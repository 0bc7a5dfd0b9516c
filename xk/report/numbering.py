"""Numbers of sections, figures and tables, written into the text, so that they can be read out and cited."""

from __future__ import annotations

import copy
from collections import Counter
from html import escape

from nbformat import NotebookNode

from xk.report.places import Filler
from xk.vocab import text

_SECTIONS = {"h2": "section", "h3": "subsection"}
_DIGITS = "〇一二三四五六七八九"


def number_notebook(notebook: NotebookNode, lang: str) -> NotebookNode:
    """Return a copy of an executed notebook whose HTML outputs carry numbers in `lang`.

    Sections (``<h2>``) and subsections (``<h3>``) are numbered in order; so are figures and tables, each kind
    by itself through the whole page, in front of their captions; the number is a link to the place itself.
    """
    copied = copy.deepcopy(notebook)
    counts: Counter[str] = Counter()
    for cell in copied.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = _Numberer(data["text/html"], counts, lang).filled()
    return copied


def chinese_numeral(number: int) -> str:
    """Return a number from 1 to 99 in Chinese, as sections are numbered: 1 一, 10 十, 12 十二, 23 二十三.

    Numbers beyond are written in digits.
    """
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones else "")


class _Numberer(Filler):
    """Puts numbers in front of headings and captions; the counts go on from one output to the next."""

    def __init__(self, html: str, counts: Counter[str], lang: str) -> None:
        super().__init__(html)
        self.counts, self.lang = counts, lang
        self.figures: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _SECTIONS:
            self.put(self.behind(), self._section(_SECTIONS[tag]))
        elif tag == "figure":
            self.figures.append((values.get("class", ""), values.get("id", "")))
        elif tag == "figcaption" and self.figures:
            self.put(self.behind(), self._caption(*self.figures[-1]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "figure" and self.figures:
            self.figures.pop()

    def _section(self, kind: str) -> str:
        self.counts[kind] += 1
        if kind == "section":
            self.counts["subsection"] = 0
        section, place = self.counts["section"], self.counts[kind]
        return text(f"number.{kind}", self.lang, n=place, section=section, zh=chinese_numeral(place))

    def _caption(self, classes: str, anchor: str) -> str:
        kinds = {"xk-figure": "figure", "xk-table": "table"}
        kind = next((kinds[name] for name in classes.split() if name in kinds), "")
        if not kind:
            return ""
        self.counts[kind] += 1
        label = escape(text(f"number.{kind}", self.lang, n=self.counts[kind]))
        linked = f'<a class="xk-number" href="#{escape(anchor)}">{label}</a>' if anchor else label
        return linked + text("number.separator", self.lang)

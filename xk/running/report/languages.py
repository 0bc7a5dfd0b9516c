"""Passages in Chinese on an English page are marked as such, so that screen readers change their voice."""

from __future__ import annotations

import re

from xk.running.report.places import PlacedReader, Tag, filled
from xk.vocab import NATIVE, language

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_SILENT = {"style", "title"}


def mark_chinese(html: str) -> str:
    """Return a page with ``lang`` on every element whose own text is Chinese for the most part."""
    marker = _Marker()
    marker.read(html, max(html.find("<body"), 0))
    return filled(html, dict.fromkeys(marker.chinese, f' lang="{language(NATIVE).html}"'))


class _Marker(PlacedReader):
    """Finds the places behind the names of elements that begin with Chinese text."""

    def __init__(self) -> None:
        self.place = -1
        self.chinese: list[int] = []

    def start_tag(self, tag: Tag) -> None:
        marked = tag.name in _SILENT or "lang" in tag.values
        self.place = -1 if marked else self.here + 1 + len(tag.name)

    def end_tag(self, name: str) -> None:  # noqa: ARG002
        # What follows belongs to a parent, whose text began before: it is judged by its beginning.
        self.place = -1

    def data(self, text: str) -> None:
        if self.place >= 0 and len(_HAN.findall(text)) > len(_LATIN.findall(text)):
            self.chinese.append(self.place)

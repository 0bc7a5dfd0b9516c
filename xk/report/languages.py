"""Passages in Chinese on an English page are marked as such, so that screen readers change their voice."""

from __future__ import annotations

import re

from xk.report.places import PlacedReader, filled
from xk.vocab import HTML_LANG

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_SILENT = {"style", "title"}


def mark_chinese(html: str) -> str:
    """Return a page with ``lang`` on every element whose own text is Chinese for the most part."""
    marker = _Marker(html)
    marker.read()
    return filled(html, dict.fromkeys(marker.chinese, f' lang="{HTML_LANG["zh"]}"'))


class _Marker(PlacedReader):
    """Finds the places behind the names of elements that begin with Chinese text."""

    def __init__(self, html: str) -> None:
        super().__init__(html)
        self.place = -1
        self.chinese: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marked = tag in _SILENT or "lang" in dict(attrs)
        self.place = -1 if marked else self.here() + 1 + len(tag)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        # What follows belongs to a parent, whose text began before: it is judged by its beginning.
        self.place = -1

    def handle_data(self, data: str) -> None:
        if self.place >= 0 and len(_HAN.findall(data)) > len(_LATIN.findall(data)):
            self.chinese.append(self.place)

"""Puts text into HTML at places found by reading it, and leaves all else as it is, to the character."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser


class PlacedReader(HTMLParser):
    """Reads HTML and knows at which offset."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._html = html
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def read(self) -> None:
        """Read all of it."""
        self.feed(self._html)
        self.close()

    def here(self) -> int:
        """Return the offset at which the tag begins that is being handled."""
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def behind(self) -> int:
        """Return the offset behind the start tag that is being handled."""
        return self.here() + len(self.get_starttag_text() or "")


def filled(html: str, put: Mapping[int, str]) -> str:
    """Return `html` with texts put in: offset -> text."""
    pieces, end = [], 0
    for place, text in sorted(put.items()):
        pieces += [html[end:place], text]
        end = place
    return "".join([*pieces, html[end:]])

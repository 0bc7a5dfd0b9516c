"""Puts text into HTML at places found by reading it, and leaves all else as it is, to the character."""

from __future__ import annotations

from html.parser import HTMLParser


class Filler(HTMLParser):
    """Reads HTML; what a subclass puts where while reading is in :meth:`filled`."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._html, self._put = html, dict[int, str]()
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def here(self) -> int:
        """Return the offset at which the tag begins that is being handled."""
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def behind(self) -> int:
        """Return the offset behind the start tag that is being handled."""
        return self.here() + len(self.get_starttag_text() or "")

    def put(self, place: int, text: str) -> None:
        """Put `text` at an offset, once."""
        self._put.setdefault(place, text)

    def filled(self) -> str:
        """Return the HTML with what was put."""
        self.feed(self._html)
        self.close()
        pieces, end = [], 0
        for place, text in sorted(self._put.items()):
            pieces += [self._html[end:place], text]
            end = place
        return "".join([*pieces, self._html[end:]])

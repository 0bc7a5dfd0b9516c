"""Puts text into HTML at places found by reading it, and leaves all else as it is, to the character."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

# What lies between "<" and ">" of a tag that can be read in one way only: attributes in double quotes, or none.
_PLAIN_TAG = re.compile(r'(/?)([A-Za-z][A-Za-z0-9]*)((?: [A-Za-z][A-Za-z0-9:-]*="[^"]*")*)(/?)')
_ATTRIBUTE = re.compile(r' ([A-Za-z0-9:-]+)="([^"]*)"')
# Elements whose content is text, whatever it looks like.
_RAW = frozenset({
    "iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "title", "xmp",
})  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Tag:
    """A tag: its name in small letters, the values of its attributes by name, whether it begins and ends an element."""

    name: str
    values: Mapping[str, str]
    begins: bool = True
    ends: bool = False


class PlacedReader:
    """Reads HTML and knows at which offset.

    Tags written plainly are read here, in a third of the time; from the first that is not, Python's parser takes over.

    Attributes
    ----------
    here, behind : int
        Offsets at which the tag begins that is being handled, and behind it.
    """

    here = behind = 0

    def start_tag(self, tag: Tag) -> None:
        """Handle the beginning of an element."""

    def end_tag(self, name: str) -> None:
        """Handle the end of an element."""

    def data(self, text: str) -> None:
        """Handle a text."""

    def read(self, html: str, start: int = 0) -> None:
        """Read `html` from an offset on that is outside of tags."""
        text, *pieces = html[start:].split("<")
        if text:
            self.data(unescape(text))
        place = start + len(text)
        for piece in pieces:
            source, closed, text = piece.partition(">")
            tag = _plain_tag(source)
            if not (tag and closed):
                _Parser(self, html, place)
                break
            self.here, self.behind = place, place + len(source) + 2
            self.handle(tag)
            if text:
                self.data(unescape(text))
            place += len(piece) + 1
        self.here = self.behind = len(html)

    def handle(self, tag: Tag) -> None:
        """Handle a tag."""
        if tag.begins:
            self.start_tag(tag)
        if tag.ends:
            self.end_tag(tag.name)


@lru_cache(maxsize=1024)
def _plain_tag(source: str) -> Tag | None:
    """Return the tag between "<" and ">", None where it is not plain. Tables repeat theirs in every row."""
    found = _PLAIN_TAG.fullmatch(source)
    if not found or (found[1] and (found[3] or found[4])) or found[2].lower() in _RAW:
        return None
    values = {name.lower(): unescape(value) for name, value in _ATTRIBUTE.findall(found[3])}
    return Tag(found[2].lower(), values, begins=not found[1], ends=bool(found[1] or found[4]))


class _Parser(HTMLParser):
    """Reads what is not plain, on behalf of a reader."""

    def __init__(self, reader: PlacedReader, html: str, start: int) -> None:
        super().__init__(convert_charrefs=True)
        self._reader = reader
        self._lines = [start]
        for line in html[start:].split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(html[start:])
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._handle(Tag(tag, {name: value or "" for name, value in attrs}), self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._handle(Tag(tag, {name: value or "" for name, value in attrs}, ends=True), self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._handle(Tag(tag, {}, begins=False, ends=True), "")

    def handle_data(self, data: str) -> None:
        self._reader.data(data)

    def _handle(self, tag: Tag, source: str) -> None:
        line, column = self.getpos()
        self._reader.here = self._lines[line - 1] + column
        self._reader.behind = self._reader.here + len(source)
        self._reader.handle(tag)


def filled(html: str, put: Mapping[int, str]) -> str:
    """Return `html` with texts put in: offset -> text."""
    pieces, end = [], 0
    for place, text in sorted(put.items()):
        pieces += [html[end:place], text]
        end = place
    return "".join([*pieces, html[end:]])

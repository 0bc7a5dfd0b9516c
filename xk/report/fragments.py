"""What a notebook shows: reads the HTML fragments among its outputs and judges whether they may be shown.

The fragments follow one contract: headings with an id, ``figure.xk-figure`` with a chart, ``figure.xk-table``
with a table. Labels in them were escaped by whoever made them; here nothing is repaired, only found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from nbformat import NotebookNode

from xk.report.places import PlacedReader

IMAGE_TYPES = ("image/svg+xml", "image/png")

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_FORBIDDEN_TAGS = {"script", "iframe", "object", "embed", "link", "meta", "base", "form", "mermaid"}
_FILLING = {"svg": "figures", "img": "figures", "td": "tables"}
_URL_ATTRIBUTES = {"href", "src", "srcset", "xlink:href", "action", "formaction", "poster", "data"}
_READ_ALOUD = {"alt", "aria-label", "title"}
_LOCAL_URL = re.compile(r"#|data:(image|text/csv|application/vnd\.)|(?![a-z][a-z0-9+.-]*:|//|\\)", re.I)
_LOADS = re.compile(r"url\(\s*['\"]?\s*(?!#|data:)|@import|expression\(", re.I)
_NO_VALUE = re.compile(r"(?<![A-Za-z0-9_.])(?:nan|NaN|NAN|inf|Inf|infinity|Infinity|None|NaT|<NA>)(?![A-Za-z0-9_])")


SOURCES = "sources"
"""Id of the section that names the sources."""


@dataclass
class Heading:
    """A heading of the report: `level` 1 to 6, `anchor` its id (empty where it has none), `text`; offset of that."""

    level: int
    anchor: str
    text: str = ""
    place: int = 0


@dataclass
class Caption:
    """A caption: `anchor` the id of its figure (empty where it has none), `text`, its offset, "figures" or "tables"."""

    anchor: str
    text: str = ""
    place: int = 0
    kind: str = ""


@dataclass
class Fragments:
    """What was found in the HTML outputs of one notebook, or in one of them, in the order of the page.

    ``ends``: offsets at which figures and tables end, but for those in the section of sources.
    """

    headings: list[Heading] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    figures: int = 0
    tables: int = 0
    shown: int = 0
    faults: list[str] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, more: Fragments, place: str) -> None:
        """Add what was found in an output; faults are said to be in `place`."""
        for name in ("headings", "captions", "anchors", "ends"):
            getattr(self, name).extend(getattr(more, name))
        for name in ("figures", "tables", "shown"):
            setattr(self, name, getattr(self, name) + getattr(more, name))
        self.faults += [f"{place}: {fault}" for fault in more.faults]


def read_fragments(notebook: NotebookNode) -> Fragments:
    """Return what the outputs of `notebook` show, with the faults found on the way."""
    found = Fragments()
    for number, output in _outputs(notebook):
        if "text/html" in output.data:
            found.add(read_html(output.data["text/html"]), f"cell {number}")
        elif any(kind in output.data for kind in IMAGE_TYPES) and not image_alt(output):
            found.faults.append(f"cell {number}: an image without a written alternative (metadata 'alt')")
        elif any(kind in output.data for kind in IMAGE_TYPES):
            found.figures += 1
            found.shown += 1
        elif "text/plain" not in output.data:
            found.faults.append(f"cell {number}: no way to show {', '.join(sorted(output.data))}")
    repeated = [anchor for anchor, times in Counter(found.anchors).items() if times > 1]
    found.faults += [f"id {anchor!r} stands more than once in the page" for anchor in repeated]
    return found


@lru_cache(maxsize=256)
def read_html(html: str) -> Fragments:
    """Return what one output shows; it is read once, for the check and for the page, and not to be changed."""
    reader = _Reader(html)
    reader.read()
    reader.finish()
    return reader.found


def image_alt(output: NotebookNode) -> str:
    """Return the written alternative of an image output, empty where it has none."""
    for place in (*(output.metadata.get(kind, {}) for kind in IMAGE_TYPES), output.metadata):
        if str(place.get("alt", "")).strip():
            return str(place["alt"])
    return ""


def _outputs(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type in ("display_data", "execute_result"):
                yield number, output


@dataclass
class _Open:
    """An element that is open: its tag, and for a figure its id, what it is to hold and whether it does."""

    tag: str
    anchor: str = ""
    holds: str = ""
    filled: bool = False
    caption: Caption | None = None


class _Reader(PlacedReader):
    def __init__(self, html: str) -> None:
        super().__init__(html)
        self.found = Fragments()
        self.open: list[_Open] = []
        self.heading: Heading | None = None
        self.caption: Caption | None = None
        self.in_sources = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._judge(tag, values)
        if values.get("id"):
            self.found.anchors.append(values["id"])
        if tag in _HEADINGS:
            self.heading = Heading(int(tag[1]), values.get("id", ""), place=self.behind())
            self.in_sources = values.get("id") == SOURCES if tag == "h2" else self.in_sources
        self.found.shown += tag == "img"
        if tag in _FILLING:
            self._fill(tag)
        if tag not in _VOID:
            self.open.append(_Open(tag, values.get("id", ""), _figure_kind(tag, values)))
            if tag == "figcaption":
                self._open_caption()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS and self.heading:
            self._close_heading(self.heading)
        if tag == "figcaption" and self.caption:
            self.caption.text = " ".join(self.caption.text.split())
            self.caption = None
        if any(element.tag == tag for element in reversed(self.open)):
            while self.open and (element := self.open.pop()):
                self._close(element)
                if element.tag == tag:
                    break

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1].tag == "style":
            self._check_style(data)
            return
        if self.heading:
            self.heading.text += data
        if self.caption:
            self.caption.text += data
        if data.strip():
            self.found.shown += 1
            self._check_text(data)

    def finish(self) -> None:
        while self.open:
            element = self.open.pop()
            self._close(element)
            self._fault(f"<{element.tag}> is never closed")

    def _judge(self, tag: str, values: dict[str, str]) -> None:
        if tag in _FORBIDDEN_TAGS:
            self._fault(f"<{tag}> has no place in a report")
        if tag == "img" and not values.get("alt", "").strip():
            self._fault("an <img> without a written alternative")
        for name, value in values.items():
            if name.startswith("on"):
                self._fault(f"the attribute {name} would run a script")
            elif name in _URL_ATTRIBUTES and not _LOCAL_URL.match("".join(value.split())):
                self._fault(f"{name}={value[:80]!r} leads out of the report")
            elif name in _READ_ALOUD:
                self._check_text(value)
            elif name == "style":
                self._check_style(value)

    def _fill(self, tag: str) -> None:
        for element in self.open:
            element.filled = element.filled or element.holds == _FILLING[tag]

    def _open_caption(self) -> None:
        figure = next((element for element in reversed(self.open) if element.holds), None)
        if figure:
            self.caption = figure.caption = Caption(figure.anchor, place=self.behind(), kind=figure.holds)
            self.found.captions.append(self.caption)

    def _close(self, element: _Open) -> None:
        if not element.holds:
            return
        if not element.filled:
            self._fault(f"an empty figure: there is nothing among its {element.holds}")
            return
        setattr(self.found, element.holds, getattr(self.found, element.holds) + 1)
        if not self.in_sources:
            self.found.ends.append(self.here())
        caption = element.caption
        if not (element.anchor and caption and caption.text):
            said = caption.text if caption else ""
            self._fault(f"a figure or table needs an id and a caption: {said or element.anchor or '(neither)'!r}")

    def _close_heading(self, heading: Heading) -> None:
        heading.text = " ".join(heading.text.split())
        if heading.level in (2, 3) and not (heading.anchor and heading.text):
            self._fault(f"a heading needs an id and a text: {heading.text or '(empty)'!r}")
        self.found.headings.append(heading)
        self.heading = None

    def _check_text(self, text: str) -> None:
        for word in sorted(set(_NO_VALUE.findall(text))):
            self._fault(f"shows {word!r} where a value belongs: {' '.join(text.split())[:80]!r}")

    def _check_style(self, style: str) -> None:
        if _LOADS.search(style):
            self._fault(f"a style that loads something: {style[:80]!r}")

    def _fault(self, message: str) -> None:
        self.found.faults.append(message)


def _figure_kind(tag: str, values: dict[str, str]) -> str:
    classes = values.get("class", "").split() if tag == "figure" else []
    return "figures" if "xk-figure" in classes else "tables" if "xk-table" in classes else ""

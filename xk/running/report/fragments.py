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

from xk.running.report.places import PlacedReader, Tag

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
    reader = _Reader()
    reader.read(html)
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
class _Figure:
    """A figure that is open: how many elements are open around it, its id, what it is to hold and whether it does."""

    depth: int
    anchor: str
    holds: str
    filled: bool = False
    caption: Caption | None = None


class _Reader(PlacedReader):
    def __init__(self) -> None:
        self.found = Fragments()
        self.open: list[str] = []
        self.figures: list[_Figure] = []
        self.heading: Heading | None = None
        self.caption: Caption | None = None
        self.in_sources = False

    def start_tag(self, tag: Tag) -> None:
        name, anchor = tag.name, tag.values.get("id", "")
        self.found.faults += _tag_faults(tag)
        if anchor:
            self.found.anchors.append(anchor)
        if name in _HEADINGS:
            self.heading = Heading(int(name[1]), anchor, place=self.behind)
            self.in_sources = anchor == SOURCES if name == "h2" else self.in_sources
        elif name in _FILLING:
            self._fill(name)
        elif name == "figure" and (holds := _held(tag)):
            self.figures.append(_Figure(len(self.open), anchor, holds))
        elif name == "figcaption" and self.figures:
            self._open_caption(self.figures[-1])
        if name not in _VOID:
            self.open.append(name)

    def end_tag(self, name: str) -> None:
        if name in _HEADINGS and self.heading:
            self._close_heading(self.heading)
        elif name == "figcaption" and self.caption:
            self.caption.text = " ".join(self.caption.text.split())
            self.caption = None
        if name in self.open:
            while self._close() != name:
                pass

    def data(self, text: str) -> None:
        if self.open and self.open[-1] == "style":
            self.found.faults += _style_faults(text)
            return
        if self.heading:
            self.heading.text += text
        if self.caption:
            self.caption.text += text
        if text.strip():
            self.found.shown += 1
            self.found.faults += _text_faults(text)

    def finish(self) -> None:
        while self.open:
            self._fault(f"<{self._close()}> is never closed")

    def _fill(self, name: str) -> None:
        self.found.shown += name == "img"
        for figure in self.figures:
            figure.filled = figure.filled or figure.holds == _FILLING[name]

    def _open_caption(self, figure: _Figure) -> None:
        self.caption = figure.caption = Caption(figure.anchor, place=self.behind, kind=figure.holds)
        self.found.captions.append(self.caption)

    def _close(self) -> str:
        """Close the innermost element and return its name."""
        name = self.open.pop()
        if self.figures and self.figures[-1].depth == len(self.open):
            self._close_figure(self.figures.pop())
        return name

    def _close_figure(self, figure: _Figure) -> None:
        if not figure.filled:
            self._fault(f"an empty figure: there is nothing among its {figure.holds}")
            return
        setattr(self.found, figure.holds, getattr(self.found, figure.holds) + 1)
        if not self.in_sources:
            self.found.ends.append(self.here)
        caption = figure.caption
        if not (figure.anchor and caption and caption.text):
            said = caption.text if caption else ""
            self._fault(f"a figure or table needs an id and a caption: {said or figure.anchor or '(neither)'!r}")

    def _close_heading(self, heading: Heading) -> None:
        heading.text = " ".join(heading.text.split())
        if heading.level in (2, 3) and not (heading.anchor and heading.text):
            self._fault(f"a heading needs an id and a text: {heading.text or '(empty)'!r}")
        self.found.headings.append(heading)
        self.heading = None

    def _fault(self, message: str) -> None:
        self.found.faults.append(message)


@lru_cache(maxsize=1024)
def _tag_faults(tag: Tag) -> list[str]:
    """Return what speaks against a tag; the same one comes again in every row of a table."""
    faults = []
    if tag.name in _FORBIDDEN_TAGS:
        faults.append(f"<{tag.name}> has no place in a report")
    if tag.name == "img" and not tag.values.get("alt", "").strip():
        faults.append("an <img> without a written alternative")
    for name, value in tag.values.items():
        if name.startswith("on"):
            faults.append(f"the attribute {name} would run a script")
        elif name in _URL_ATTRIBUTES and not _LOCAL_URL.match("".join(value.split())):
            faults.append(f"{name}={value[:80]!r} leads out of the report")
        elif name in _READ_ALOUD:
            faults += _text_faults(value)
        elif name == "style":
            faults += _style_faults(value)
    return faults


@lru_cache(maxsize=1024)
def _text_faults(text: str) -> list[str]:
    words = sorted(set(_NO_VALUE.findall(text)))
    return [f"shows {word!r} where a value belongs: {' '.join(text.split())[:80]!r}" for word in words]


@lru_cache(maxsize=1024)
def _style_faults(style: str) -> list[str]:
    return [f"a style that loads something: {style[:80]!r}"] if _LOADS.search(style) else []


def _held(figure: Tag) -> str:
    """Return what a figure is to hold, empty where it is none of a report's."""
    classes = figure.values.get("class", "").split()
    return "figures" if "xk-figure" in classes else "tables" if "xk-table" in classes else ""

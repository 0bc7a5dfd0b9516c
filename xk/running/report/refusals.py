"""What speaks against showing an output: the one place where its HTML is read, to refuse, not to repair.

Labels were escaped by whoever made them. Read it must be: a notebook may show HTML of any origin.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser

from nbformat import NotebookNode

from xk.exhibits import Part
from xk.running.report.numbering import parts_of

IMAGE_TYPES = ("image/svg+xml", "image/png")

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_FORBIDDEN_TAGS = {"script", "iframe", "object", "embed", "link", "meta", "base", "form", "mermaid"}
_HOLDS = {"figure": re.compile(r"<(svg|img)\b"), "table": re.compile(r"<td\b")}
_URL_ATTRIBUTES = {"href", "src", "srcset", "xlink:href", "action", "formaction", "poster", "data"}
_READ_ALOUD = {"alt", "aria-label", "title"}
_LOCAL_URL = re.compile(r"#|data:(image|text/csv|application/vnd\.)|(?![a-z][a-z0-9+.-]*:|//|\\)", re.I)
_LOADS = re.compile(r"url\(\s*['\"]?\s*(?!#|data:)|@import|expression\(", re.I)
_NO_VALUE = re.compile(r"(?<![A-Za-z0-9_.])(?:nan|NaN|NAN|inf|Inf|infinity|Infinity|None|NaT|<NA>)(?![A-Za-z0-9_])|-?∞")

Attributes = tuple[tuple[str, str | None], ...]


def shown_outputs(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Return the outputs that a page may show, each with the number of its cell."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type in ("display_data", "execute_result"):
                yield number, output


def image_alt(output: NotebookNode) -> str:
    """Return the written alternative of an image output, empty where it has none."""
    for place in (*(output.metadata.get(kind, {}) for kind in IMAGE_TYPES), output.metadata):
        if str(place.get("alt", "")).strip():
            return str(place["alt"])
    return ""


def count_exhibits(notebook: NotebookNode) -> Counter[str]:
    """Return how many ``figures`` and ``tables`` the notebook shows; a picture is a figure."""
    counts: Counter[str] = Counter()
    for _, output in shown_outputs(notebook):
        counts.update(f"{part.kind}s" for part in parts_of(output))
        counts["figures"] += _is_picture(output)
    return counts


def output_faults(notebook: NotebookNode) -> list[str]:
    """Return what speaks against showing the outputs of a notebook."""
    reader, faults, pictures = _Reader(), [], 0
    for number, output in shown_outputs(notebook):
        faults += [f"cell {number}: {fault}" for fault in _output_faults(output, reader)]
        pictures += _is_picture(output)
    faults += [f"id {anchor!r} stands more than once in the page" for anchor, times in reader.ids.items() if times > 1]
    return faults if reader.shows or pictures else ["the notebook shows nothing", *faults]


def _output_faults(output: NotebookNode, reader: _Reader) -> list[str]:
    if html := output.data.get("text/html"):
        return reader.read(html) + [fault for part in parts_of(output) for fault in _part_faults(part, html)]
    if _is_picture(output):
        return [] if image_alt(output) else ["an image without a written alternative (metadata 'alt')"]
    return [] if "text/plain" in output.data else [f"no way to show {', '.join(sorted(output.data))}"]


def _is_picture(output: NotebookNode) -> bool:
    return "text/html" not in output.data and any(kind in output.data for kind in IMAGE_TYPES)


def _part_faults(part: Part, html: str) -> list[str]:
    """Return what speaks against what an output says of itself."""
    if not (part.anchor and part.title.strip()):
        return [f"a {part.kind} needs an id and a title: {part.title.strip() or part.anchor or '(neither)'!r}"]
    _, opening, after = html.partition(part.opening)
    if not opening:
        return [f"the {part.kind} {part.title!r} is not there: {part.opening}"]
    is_empty = part.kind in _HOLDS and not _HOLDS[part.kind].search(after.partition("</figure>")[0])
    return [f"an empty {part.kind}: {part.title!r}"] if is_empty else []


class _Reader(HTMLParser):
    """Reads outputs one by one: their faults; the ids in all of them, and whether there is anything to see."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.shows = False

    def read(self, html: str) -> list[str]:
        """Return the faults of one output."""
        self.reset()
        self.faults: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        return self.faults + [f"<{tag}> is never closed" for tag in reversed(self.open)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults += _tag_faults(tag, tuple(attrs))
        self.ids.update(value for name, value in attrs if name == "id" and value)
        self.shows = self.shows or tag == "img"
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.faults += _style_faults(data)
        elif data.strip():
            self.shows = True
            self.faults += _text_faults(data)


@lru_cache(maxsize=1024)
def _tag_faults(tag: str, attributes: Attributes) -> list[str]:
    """Return what speaks against a tag; the same one comes again in every row of a table."""
    faults = []
    if tag in _FORBIDDEN_TAGS:
        faults.append(f"<{tag}> has no place in a report")
    if tag == "img" and not (dict(attributes).get("alt") or "").strip():
        faults.append("an <img> without a written alternative")
    for name, given in attributes:
        value = given or ""
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

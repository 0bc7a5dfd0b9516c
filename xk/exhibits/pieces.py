"""The pieces of a report: headings, texts and charts as self-contained HTML.

Every text that comes from data passes :func:`escape` here; pieces show in JupyterLab as they do in a report.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from xk.theme import figure_svg
from xk.vocab import text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


Rows = pd.DataFrame | Sequence[object]


def escape(value: object) -> str:
    """Return `value` as text that is safe inside HTML, in elements and in attributes; no line ends before a %."""
    return html.escape(str(value), quote=True).replace(" %", "\u00a0%")


@dataclass(frozen=True)
class Exhibit:
    """A piece of a report.

    Attributes
    ----------
    html : str
        Complete fragment, its texts escaped.
    plain : str
        The same in words, for terminals and screen readers.
    rows : DataFrame, list of mappings or None
        The figures that it shows, unformatted.
    """

    html: str
    plain: str = ""
    rows: Rows | None = field(default=None, repr=False)

    @property
    def frame(self) -> pd.DataFrame | None:
        """The figures that it shows, as a table."""
        return self.rows if self.rows is None or isinstance(self.rows, pd.DataFrame) else pd.DataFrame(self.rows)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        return {"text/html": self.html, "text/plain": self.plain or "(HTML)"}

    def __add__(self, other: Exhibit) -> Exhibit:
        return Exhibit(self.html + "\n" + other.html, f"{self.plain}\n{other.plain}".strip())


def join(exhibits: Iterable[Exhibit]) -> Exhibit:
    """Return several exhibits as one, in order."""
    pieces = list(exhibits)
    return Exhibit("\n".join(piece.html for piece in pieces), "\n".join(piece.plain for piece in pieces))


def section(key: str, *exhibits: Exhibit, lang: str) -> Exhibit:
    """Return a heading (label ``section_<key>``) with the exhibits that stand under it."""
    title = text(f"section_{key}", lang)
    heading = Exhibit(f'<h2 id="{escape(key.replace("_", "-"))}">{escape(title)}</h2>', title)
    return join([heading, *exhibits])


def subheading(identifier: str, title: str) -> Exhibit:
    """Return a third-level heading."""
    return Exhibit(f'<h3 id="{escape(identifier)}">{escape(title)}</h3>', title)


def paragraph(words: str, *, note: bool = False) -> Exhibit:
    """Return a paragraph of text; a note is set smaller."""
    kind = ' class="xk-note"' if note else ""
    return Exhibit(f"<p{kind}>{escape(words)}</p>", words)


def bullets(lines: Sequence[str], *, note: bool = False) -> Exhibit:
    """Return a list of lines."""
    kind = ' class="xk-note"' if note else ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return Exhibit(f"<ul{kind}>{items}</ul>", "\n".join(f"- {line}" for line in lines))


def facts(pairs: Mapping[str, str]) -> Exhibit:
    """Return name and value pairs."""
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs.items())
    return Exhibit(f'<dl class="xk-facts">{items}</dl>', "\n".join(f"{name}: {value}" for name, value in pairs.items()))


def figure(
    fig: Figure, identifier: str, *, caption: str, alt: str, note: str = "", data: Exhibit | None = None
) -> Exhibit:
    """Return a chart with its caption and its message in words; the figure is closed.

    Parameters
    ----------
    fig : Figure
        Drawn chart.
    identifier : str
        Anchor, unique on the page.
    caption, alt, note : str
        Title; the chart's message in words; what to know when reading it.
    data : Exhibit, optional
        The numbers that it shows, as :func:`details` gives them.
    """
    drawn = figure_svg(fig, identifier, alt=alt)
    return _framed(drawn, identifier, caption, note, data, plain=f"{caption}: {alt}")


def panels(
    figs: Sequence[tuple[Figure, str]], identifier: str, *, caption: str, note: str = "", data: Exhibit | None = None
) -> Exhibit:
    """Return small charts, each with its message in words, as one figure that flows with the width of the page."""
    drawn = [figure_svg(fig, f"{identifier}-{place}", alt=alt) for place, (fig, alt) in enumerate(figs, start=1)]
    inside = f'<div class="xk-panels">{"".join(drawn)}</div>'
    plain = "\n".join([f"{caption}:", *(alt for _, alt in figs)])
    return _framed(inside, identifier, caption, note, data, plain=plain)


def _framed(drawn: str, identifier: str, caption: str, note: str, data: Exhibit | None, *, plain: str) -> Exhibit:
    extra = f'<p class="xk-note">{escape(note)}</p>' if note else ""
    return Exhibit(
        f'<figure class="xk-figure" id="fig-{escape(identifier)}">{drawn}'
        f"<figcaption>{escape(caption)}</figcaption>{extra}{data.html if data else ''}</figure>",
        plain,
        data.rows if data else None,
    )


def badge(status: str | None, lang: str, symbol: str) -> str:
    """Return a status as HTML: symbol and word, its colour left to the style sheet."""
    if not isinstance(status, str):
        return ""
    word = escape(text(f"status_{status}", lang))
    return (
        f'<span class="xk-status" data-status="{escape(status)}">'
        f'<span class="xk-symbol" aria-hidden="true">{escape(symbol)}</span> {word}</span>'
    )

"""The pieces of a report: self-contained HTML, and beside it, as data, what a report numbers and lists.

Every text that comes from data passes :func:`escape` here; pieces show in JupyterLab as they do in a report.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

import pandas as pd
from matplotlib.figure import Figure

from xk.theme import STATUS_SYMBOLS, figure_svg, view_class
from xk.vocab import text

Rows = pd.DataFrame | Sequence[object]
Kind = Literal["section", "subsection", "figure", "table"]

Bundle = tuple[dict[str, str], dict[str, dict[str, object]]]
"""What Jupyter shows of a piece: media type -> content, and what is known beside it."""

_OPENINGS: dict[Kind, str] = {
    "section": '<h2 id="{}">',
    "subsection": '<h3 id="{}">',
    "figure": '<figure class="xk-figure" id="{}">',
    "table": '<figure class="xk-table" id="{}">',
}


def escape(value: object) -> str:
    """Return `value` as text that is safe inside HTML, in elements and attributes; %, ≥, ≤ stay with their figure."""
    said = html.escape(str(value), quote=True).replace(" %", "\u00a0%")
    return said.replace("≥ ", "≥\u00a0").replace("≤ ", "≤\u00a0")


@dataclass(frozen=True)
class Part:
    """What a report numbers and lists; a figure or table has its title in a ``<figcaption>``.

    Attributes
    ----------
    kind : "section", "subsection", "figure" or "table"
    anchor : str
        Id of its element, unique on the page.
    title : str
        Heading or caption, in words.
    """

    kind: Kind
    anchor: str
    title: str

    @property
    def opening(self) -> str:
        """The tag with which it begins, to the character: here a report finds its place."""
        return _OPENINGS[self.kind].format(escape(self.anchor))


@dataclass(frozen=True)
class Exhibit:
    """A piece of a report.

    Attributes
    ----------
    html : str
        Complete fragment, its texts escaped.
    plain : str
        The same in words, for terminals and screen readers.
    rows : DataFrame, sequence of rows or None
        The figures that it shows, unformatted.
    parts : tuple of Part
        Headings, figures and tables in it, in order: what a report numbers and lists.
    """

    html: str
    plain: str = ""
    rows: Rows | None = field(default=None, repr=False)
    parts: tuple[Part, ...] = ()

    @property
    def frame(self) -> pd.DataFrame | None:
        """The figures that it shows, as a table."""
        return self.rows if self.rows is None or isinstance(self.rows, pd.DataFrame) else pd.DataFrame(self.rows)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:  # noqa: ARG002
        data = {"text/html": self.html, "text/plain": self.plain or "(HTML)"}
        return data, {"xk": {"parts": [asdict(part) for part in self.parts]}} if self.parts else {}

    def __add__(self, other: Exhibit) -> Exhibit:
        return join([self, other])


def join(exhibits: Iterable[Exhibit]) -> Exhibit:
    """Return several exhibits as one, in order."""
    pieces = list(exhibits)
    return Exhibit(
        "\n".join(piece.html for piece in pieces),
        "\n".join(piece.plain for piece in pieces),
        parts=tuple(part for piece in pieces for part in piece.parts),
    )


def gallery(exhibits: Iterable[Exhibit]) -> Exhibit:
    """Return figures side by side, as many as the page is wide for."""
    inside = join(exhibits)
    return replace(inside, html=f'<div class="xk-gallery">{inside.html}</div>')


def side_by_side(*exhibits: Exhibit) -> Exhibit:
    """Return exhibits in columns where the page is wide enough, else one below the other."""
    inside = join(exhibits)
    columns = "".join(f"<div>{exhibit.html}</div>" for exhibit in exhibits)
    return replace(inside, html=f'<div class="xk-beside">{columns}</div>')


def fold(summary: str, *exhibits: Exhibit) -> Exhibit:
    """Return exhibits that stay folded under a summary until they are asked for, and on paper; nothing for nothing."""
    inside = join(exhibits)
    if not inside.html.strip():
        return Exhibit("")
    html_ = f'<details class="xk-fold"><summary>{escape(summary)}</summary>{inside.html}</details>'
    return replace(inside, html=html_, plain=f"{summary}\n{inside.plain}")


@dataclass(frozen=True)
class Switch:
    """What a figure can be switched to: the views of a group of radio buttons, the first of them as it is at first.

    Attributes
    ----------
    name : str
        Begins its ids, unique on the page.
    legend : str
        What is chosen.
    first : str
        Label of what is shown at first, and on paper.
    views : sequence of (int, label, exhibit)
        The others: number of the view (see `xk.theme.LAYER`), and what stands below the figure in place of its own.
    printed : str
        What paper says: which others there are, and where their figures stand.
    """

    name: str
    legend: str
    first: str
    views: Sequence[tuple[int, str, Exhibit]]
    printed: str

    @property
    def ids(self) -> list[str]:
        """The ids of its buttons."""
        return [f"switch-{self.name}-{place}" for place in range(1, len(self.views) + 2)]


def _buttons(switch: Switch) -> str:
    labels = [switch.first, *(label for _, label, _ in switch.views)]
    buttons = "".join(
        f'<span><input type="radio" name="switch-{switch.name}" id="{one}"{"" if place else " checked"}> '
        f'<label for="{one}">{escape(label)}</label></span>'
        for place, (one, label) in enumerate(zip(switch.ids, labels, strict=True))
    )
    return f'<fieldset id="switch-{switch.name}"><legend>{escape(switch.legend)}</legend>{buttons}</fieldset>'


def _switching(switches: Sequence[Switch]) -> str:
    """Return the style that shows the chosen view on a screen, and the first on paper."""
    first, rules = "", ""
    for place, one in enumerate(switches, start=1):
        start, *others = one.ids
        for button, (number, _, _) in zip(others, one.views, strict=True):
            rules += _seen(f".xk-switch{first}:has(#{button}:checked)", number)
        first += f":has(#{start}:checked)"
        later = ",".join(f"#switch-{each.name}" for each in switches[place:])
        rules += f".xk-switch:has(#{start}:not(:checked)) :is({later}){{display:none}}" if later else ""
    rules += _seen(f".xk-switch{first}", 1) + ".xk-printed{display:none}"
    return f"@media screen{{{rules}}}@media print{{{_seen('.xk-switch', 1)}.xk-switch>fieldset{{display:none}}}}"


def _seen(where: str, number: int) -> str:
    seen = f".xk-only-{number}"
    return f"{where} .xk-only:not({seen}){{display:none}}{where} g{seen}{{display:inline}}"


def section(key: str, *exhibits: Exhibit, lang: str, final: bool = False) -> Exhibit:
    """Return a heading with the exhibits that stand under it.

    Its words are the label ``section_<key>``, ``section_<key>_final`` where a final assessment has others.
    """
    title = text(f"section_{key}_final" if final else f"section_{key}", lang)
    return join([heading(key.replace("_", "-"), title), *exhibits])


def heading(identifier: str, title: str) -> Exhibit:
    """Return the heading of a section, in words of one's own."""
    part = Part("section", identifier, title)
    return Exhibit(f"{part.opening}{escape(title)}</h2>", title, parts=(part,))


def subheading(identifier: str, title: str) -> Exhibit:
    """Return the heading of a part of a section."""
    part = Part("subsection", identifier, title)
    return Exhibit(f"{part.opening}{escape(title)}</h3>", title, parts=(part,))


def paragraph(words: str, *, note: bool = False) -> Exhibit:
    """Return a paragraph of text; a note is set smaller."""
    kind = ' class="xk-note"' if note else ""
    return Exhibit(f"<p{kind}>{escape(words)}</p>", words)


def bullets(lines: Sequence[str], *, leads: Sequence[str] = ()) -> Exhibit:
    """Return a list of lines; `leads` is HTML that ends each of them, a link or nothing."""
    ends = leads or [""] * len(lines)
    items = "".join(f"<li>{escape(line)}{end}</li>" for line, end in zip(lines, ends, strict=True))
    return Exhibit(f"<ul>{items}</ul>", "\n".join(f"- {line}" for line in lines))


def lead(anchor: str, word: str) -> str:
    """Return a link to a place of the page as HTML, to stand behind a sentence."""
    return f' <a class="xk-lead" href="#{escape(anchor)}">{escape(word)}</a>'


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
    return _drawing(drawn, identifier, caption, note, data, plain=f"{caption}: {alt}")


def panels(
    figs: Sequence[tuple[Figure, str]],
    identifier: str,
    *,
    caption: str,
    note: str = "",
    data: Exhibit | None = None,
    small: bool = True,
) -> Exhibit:
    """Return charts, each with its message in words, as one figure; small ones flow with the width of the page."""
    drawn = [figure_svg(fig, f"{identifier}-{place}", alt=alt) for place, (fig, alt) in enumerate(figs, start=1)]
    inside = f'<div class="{"xk-panels" if small else "xk-sheets"}">{"".join(drawn)}</div>'
    plain = "\n".join([f"{caption}:", *(alt for _, alt in figs)])
    return _drawing(inside, identifier, caption, note, data, plain=plain)


def switched(
    figs: Sequence[tuple[Figure, str, Sequence[int]]],
    identifier: str,
    *,
    caption: str,
    note: str = "",
    data: Exhibit | None = None,
    switches: Sequence[Switch],
) -> Exhibit:
    """Return small charts as `panels` does, whose views are chosen by radio buttons without a script.

    A further switch chooses among views where those before it stand at their first. What hides the others rides along,
    as a notebook has no style sheet of reports; where styles are dropped charts show the first view, and what is below
    them is shown for all, each with its label.

    Parameters
    ----------
    figs : sequence of (Figure, str, views)
        Each with its message in words, and the views in which it is seen where there are switches.
    identifier, caption, note, data
        As for `panels`.
    switches : sequence of Switch
        What it can be switched to; those without views are left out.
    """
    switches = [one for one in switches if one.views]
    if not switches:
        return panels([(fig, alt) for fig, alt, _ in figs], identifier, caption=caption, note=note, data=data)
    drawn = [figure_svg(fig, f"{identifier}-{place}", alt=alt, views=views)
             for place, (fig, alt, views) in enumerate(figs, start=1)]  # fmt: skip
    inside = f'<div class="xk-panels">{"".join(drawn)}</div>'
    plain = "\n".join([f"{caption}:", *(alt for _, alt, _ in figs)])
    data = data or Exhibit("")
    own = replace(data, html=f'<div class="{view_class(1)}">{fine_print(note)}{data.html}</div>')
    shown = _drawing(inside, identifier, caption, "", own, plain=plain)
    others = [(number, f"{one.legend}: {label}", below) for one in switches for number, label, below in one.views]
    rest = [f'<div class="{view_class(number)}" role="group" aria-label="{escape(label)}">{below.html}</div>'
            for number, label, below in others]  # fmt: skip
    rest += [f'<p class="xk-note xk-printed">{escape(one.printed)}</p>' for one in switches]
    above = f"<style>{_switching(switches)}</style>{''.join(map(_buttons, switches))}"
    plain = "\n".join([shown.plain, *(f"{label}: {below.plain}" for _, label, below in others)])
    return replace(shown, html=f'<div class="xk-switch">{above}{shown.html}{"".join(rest)}</div>', plain=plain)


def _drawing(drawn: str, identifier: str, caption: str, note: str, data: Exhibit | None, *, plain: str) -> Exhibit:
    part, data = Part("figure", f"fig-{identifier}", caption), data or Exhibit("")
    return framed(part, above=drawn, below=fine_print(note) + data.html, plain=plain, rows=data.rows)


def framed(part: Part, *, above: str = "", below: str = "", plain: str, rows: Rows | None) -> Exhibit:
    """Return a figure or table whose HTML stands above and below its caption."""
    caption = f"<figcaption>{escape(part.title)}</figcaption>"
    return Exhibit(f"{part.opening}{above}{caption}{below}</figure>", plain, rows, (part,))


def fine_print(note: str) -> str:
    """Return a note as HTML, nothing for an empty one."""
    return paragraph(note, note=True).html if note else ""


def begun(words: str) -> str:
    """Return words with a capital, as they stand at the beginning of a sentence or a cell."""
    return words[:1].upper() + words[1:]


def badge(status: str, word: str) -> str:
    """Return a verdict as HTML: the symbol of a status and a word, its colour left to the style sheet."""
    return (
        f'<span class="xk-status" data-status="{escape(status)}">'
        f'<span class="xk-symbol" aria-hidden="true">{STATUS_SYMBOLS[status]}</span> {escape(begun(word))}</span>'
    )

"""What a report is made of: headings, figures, tables, tiles and notes as self-contained pieces of HTML.

Every text that comes from data passes :func:`escape` here; pieces show in JupyterLab as they do in a report.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING

import pandas as pd

from xk.contracts.records import records
from xk.theme import figure_svg
from xk.vocab import language, text

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


def details(summary: str, rows: Rows, columns: Sequence[Column], *, label: str) -> Exhibit:
    """Return a small table that stays folded under its summary until it is asked for; `label` names its place."""
    inside = (
        f'<div class="xk-scroll" tabindex="0" role="region" aria-label="{escape(label)}">{_grid(rows, columns)}</div>'
    )
    return Exhibit(f"<details><summary>{escape(summary)}</summary>{inside}</details>", f"{summary}: {len(rows)}", rows)


def badge(status: str | None, lang: str, symbol: str) -> str:
    """Return a status as HTML: symbol and word, its colour left to the style sheet."""
    if not isinstance(status, str):
        return ""
    word = escape(text(f"status_{status}", lang))
    return (
        f'<span class="xk-status" data-status="{escape(status)}">'
        f'<span class="xk-symbol" aria-hidden="true">{escape(symbol)}</span> {word}</span>'
    )


@dataclass(frozen=True)
class Column:
    """A column of a table: its label and how a row gives its cell.

    Parameters
    ----------
    label : str
        Head of the column.
    cell : callable
        Row (mapping) -> text; HTML if `raw`.
    number : bool
        Right-aligned figures.
    head : bool
        The cell names its row.
    raw : bool
        The cell is HTML already, its texts escaped.
    group : bool
        Not a column: what it says stands once, over the rows that share it.
    alone : bool
        On a phone it takes a line of its own, even if it is short.
    """

    label: str
    cell: Callable[..., str]
    number: bool = False
    head: bool = False
    raw: bool = False
    group: bool = False
    alone: bool = False

    def content(self, row: object) -> str:
        """Return the cell of `row` as HTML."""
        words = self.cell(row)
        return words if self.raw else escape(words)

    def element(self, content: str, kind: str) -> str:
        """Return `content` as a table element."""
        if self.head:
            return f'<th scope="row">{content}</th>'
        return f'<td{kind} data-label="{escape(self.label)}">{content}</td>'


def table(
    rows: Rows, columns: Sequence[Column], identifier: str, *, caption: str, note: str = "", empty: str = ""
) -> Exhibit:
    """Return a table with caption and note; where there are no rows, the words `empty` stand in its place.

    Parameters
    ----------
    rows : DataFrame or list of mappings
        What it shows, one row a line.
    columns : sequence of Column
    identifier : str
        Anchor, unique on the page.
    caption, note, empty : str
    """
    if not len(rows):
        return paragraph(empty)
    extra = f'<p class="xk-note">{escape(note)}</p>' if note else ""
    return Exhibit(
        f'<figure class="xk-table" id="tab-{escape(identifier)}"><figcaption>{escape(caption)}</figcaption>'
        f'<div class="xk-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"{_grid(rows, columns)}</div>{extra}</figure>",
        f"{caption}: {len(rows)}",
        rows,
    )


def _grid(rows: Rows, columns: Sequence[Column]) -> str:
    """Return a table; its classes say which cells are short enough to stand side by side on a phone."""
    shown = [column for column in columns if not column.group]
    grouping = next((column for column in columns if column.group), None)
    listed = records(rows) if isinstance(rows, pd.DataFrame) else rows
    contents = [[column.content(row) for row in listed] for column in shown]
    plain = [[_plain(cell) for cell in cells] for cells in contents]
    kinds = [_class(column, cells) for column, cells in zip(shown, plain, strict=True)]
    heads = "".join(
        f'<th scope="col"{kind}>{escape(column.label)}</th>' for kind, column in zip(kinds, shown, strict=True)
    )
    body, last = [], ""
    for row, cells in zip(listed, zip(*contents, strict=True), strict=True):
        name = grouping.cell(row) if grouping else ""
        if name != last:
            body.append(f'<tr class="xk-group"><th scope="rowgroup" colspan="{len(shown)}">{escape(name)}</th></tr>')
        elements = (column.element(cell, kind) for column, cell, kind in zip(shown, cells, kinds, strict=True))
        body.append(f"<tr>{''.join(elements)}</tr>")
        last = name
    return f"<table{_layout(shown, plain)}><thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table>"


_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[!-~]+")
# In letters, of which a Chinese character takes two: a third of a phone's width, and all of it.
_SHORT, _LINE = 13, 48


def _plain(content: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", content)).split()) if "<" in content or "&" in content else content


def _width(words: str) -> int:
    return len(words) + sum(map("\u2e80".__le__, words))


def _longest_word(words: str) -> int:
    return max(map(len, _WORD.findall(words)), default=2)


def _class(column: Column, cells: Sequence[str]) -> str:
    if column.head:
        return ' class="xk-head"'
    if column.number:
        return ' class="xk-num"'
    is_short = not column.alone and all(_width(cell) <= _SHORT for cell in cells)
    return ' class="xk-short"' if is_short else ""


def _layout(columns: Sequence[Column], plain: Sequence[Sequence[str]]) -> str:
    """Return what says how a table shows on a phone: as it is, or in columns below the head of each row, or else."""
    needs = []
    for column, cells in zip(columns, plain, strict=True):
        measure = _longest_word if column.number else _width
        needs.append(max([_longest_word(column.label), *map(measure, cells)]))
    below = [need for need, column in zip(needs, columns, strict=True) if not column.head]
    if sum(needs) + 2 * len(needs) <= _LINE:
        return ' class="xk-fits"'
    if below and len(below) < len(needs) and sum(below) + len(below) <= _LINE:
        return f' class="xk-brief" style="--xk-columns:{len(below)}"'
    return ' class="xk-stacked"'


def decimals_of(*values: float) -> int:
    """Return how many decimals the most precise of `values` is written with, up to ten figures."""
    known = [Decimal(f"{value:.10g}") for value in values if _is_known(value) and math.isfinite(value)]
    return max((max(0, -int(value.normalize().as_tuple().exponent)) for value in known), default=1)


def _is_known(value: object) -> bool:
    """Return whether `value` is a number; anything that is neither that nor missing raises TypeError."""
    if value is None or value is pd.NA or isinstance(value, Real):
        return isinstance(value, Real) and not math.isnan(value)
    raise TypeError(f"{value!r} is no number")


def number(value: object, lang: str, *, decimals: int | None = None, signed: bool = False) -> str:
    """Return a number as its language writes it, an em dash where it is not known.

    As given if `decimals` is None; thousands are set apart by the sign of the language.
    """
    if not _is_known(value):
        return "—"
    value = float(value)  # type: ignore[arg-type]
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    sign = "+" if signed else ""
    if decimals is None:
        decimals = decimals_of(value)
    written = f"{value:{sign},.{decimals}f}"
    if float(written.replace(",", "")) == 0:
        written = written.lstrip("+-")
    return written.replace(",", language(lang).thousands)

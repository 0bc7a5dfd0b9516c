"""Numbers of sections, figures and tables, and lines that lead to the sources: put into the page, to be cited.

What there is to number travels beside the HTML, in the metadata of each output, as :class:`xk.exhibits.Part`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from nbformat import NotebookNode

from xk.exhibits import Part
from xk.vocab import language, text

SOURCES = "sources"
"""Id of the section that names the sources."""

CAPTIONED = ("figure", "table")


@dataclass(frozen=True)
class Numbered:
    """A part of a report, its title with the number, the HTML that stands before its title, and the number in words."""

    part: Part
    title: str
    number: str
    label: str = ""


def parts_of(output: NotebookNode) -> list[Part]:
    """Return the headings, figures and tables that an output says it has; none where it says nothing."""
    parts = output.metadata.get("xk", {}).get("parts", [])
    return [Part(part["kind"], part["anchor"], part["title"]) for part in parts]


def number_parts(parts: Iterable[Part], lang: str) -> list[Numbered]:
    """Return parts with their numbers in `lang`.

    Sections and subsections are numbered in order; so are figures and tables, each kind by itself through the
    whole page, in front of their captions; the number is a link to the place itself.
    """
    counts: Counter[str] = Counter()
    numbered = []
    for part in parts:
        counts[part.kind] += 1
        if part.kind == "section":
            counts["subsection"] = 0
        if part.kind in CAPTIONED:
            label, behind = text(f"number_{part.kind}", lang, n=counts[part.kind]), text("number_separator", lang)
            number = f'<a class="xk-number" href="#{escape(part.anchor)}">{escape(label)}</a>{behind}'
        else:
            places = (counts["section"], counts["subsection"])[: 1 if part.kind == "section" else 2]
            label, behind = text(f"number_{part.kind}", lang, number=language(lang).heading(places)), ""
            number = label
        numbered.append(Numbered(part, " ".join((label + behind + part.title).split()), number, label))
    return numbered


def put_numbers(page: str, numbered: Sequence[Numbered], lang: str) -> str:
    """Return a page with the numbers of its parts, which stand in it in the same order.

    Where there is a section of sources, figures and tables outside of it end with a line that leads there. Links to
    places of the page name them by their numbers, which paper shows too.
    """
    page = _name_leads(page, numbered, lang)
    line, section, done = _source_line(numbered, lang), "", ""
    for one in numbered:
        before, opening, after = page.partition(one.part.opening)
        if not opening:
            continue
        done += before + opening
        section = one.part.anchor if one.part.kind == "section" else section
        if one.part.kind in CAPTIONED:
            above, caption, after = after.partition("<figcaption>")
            below, end, after = after.partition("</figure>")
            done += above + caption + one.number + below + ("" if section == SOURCES else line) + end
        else:
            done += one.number
        page = after
    return done + page


LEAD = re.compile(r'(<a class="xk-lead" href="#([^"]*)">)[^<]*(</a>)')
"""A link to a place of the page (see `xk.exhibits.lead`)."""


def _name_leads(page: str, numbered: Iterable[Numbered], lang: str) -> str:
    """Return a page whose links to figures, tables and sections say which; one to anything else says what it said."""
    labels = {escape(one.part.anchor): one.label if one.part.kind in CAPTIONED else one.title for one in numbered}

    def named(found: re.Match[str]) -> str:
        opening, anchor, end = found.groups()
        return (
            f"{opening}{escape(text('see_number', lang, number=labels[anchor]))}{end}" if anchor in labels else found[0]
        )

    return LEAD.sub(named, page)


def _source_line(numbered: Iterable[Numbered], lang: str) -> str:
    """Return the line that leads to the section of sources; empty without one."""
    for one in numbered:
        if one.part.anchor == SOURCES:
            link = f'<a href="#{SOURCES}">{escape(one.title)}</a>'
            return f'<p class="xk-note xk-source">{text("page_source", lang, section=link)}</p>'
    return ""

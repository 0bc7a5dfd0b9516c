"""A domain at a glance under other assumptions: the same small panels under each scenario and by each method."""

import math
from collections.abc import Sequence

from xk.charts.multiples import View, show_small_multiples
from xk.charts.outcomes import moved_lines
from xk.exhibits import Column, Columns, Exhibit, Switch, Wording, bare_table, begun, escape, join, paragraph
from xk.exhibits.columns import status_badge
from xk.pipeline.result import LineResult
from xk.vocab.counting import listed


def show_alternatives(
    words: Wording, domain: str, *, scenarios: Sequence[Wording] = (), methods: Sequence[Wording] = ()
) -> Exhibit:
    """Return all indicators of a domain at a glance, to be switched to what scenarios and other methods make of them.

    Parameters
    ----------
    words : Wording
        The results that are shown at first, and on paper.
    domain : str
    scenarios : sequence of Wording
        Results under scenarios, in the panels of the lines that each moves; those that move none are left out.
    methods : sequence of Wording
        Results by other methods of projection, of the lines that are projected by their own figures.
    """
    moved = [(one, _moved(words, one, domain)) for one in scenarios]
    by_method = [_by_method(words, one, domain) for one in methods]
    by_scenario = [_by_scenario(words, one, domain, names) for one, names in moved if names]
    switches = [
        _switch("scenario", words, words.scenario_title(), by_scenario, after=1 + len(by_method)),
        _switch("method", words, _method(words), by_method, after=1),
    ]
    return show_small_multiples(words, domain, views=[*by_method, *by_scenario], switches=switches)


def _switch(kind: str, words: Wording, first: str, views: Sequence[View], *, after: int) -> Switch:
    named = listed([view.label for view in views], words.lang) if views else ""
    printed = words.text(f"printed_{kind}", first=begun(first), others=named)
    numbered = [(number, view.label, view.below) for number, view in enumerate(views, start=after + 1)]
    return Switch(kind, words.text(f"switch_{kind}"), begun(first), numbered, printed)


def _method(words: Wording) -> str:
    return begun(words.text(f"method_{words.results.settings.method}"))


def _moved(words: Wording, other: Wording, domain: str) -> list[str]:
    """Return the lines of a domain that a scenario moves."""
    return [row.indicator for row in moved_lines([words, other]) if row.results[0].line.domain == domain]


def _by_scenario(words: Wording, other: Wording, domain: str, names: Sequence[str]) -> View:
    """Return the view of the lines that a scenario moves."""
    assumed = words.text("clause_separator").join(other.assumptions(domain))
    title = begun(other.scenario_title())
    caption = words.text("caption_scenario", title=title, n=len(names), of=_count(words, domain))
    note = words.sentences(words.text("note_scenario", said=assumed), words.text("note_alternatives"))
    return View(other, title, names, _below(words, other, names, caption, note))


def _by_method(words: Wording, other: Wording, domain: str) -> View:
    """Return the view of the lines that a method projects by their own figures."""
    lines = other.results.lines
    names = [name for name, line in other.results.scheme.lines_in(domain).items()
             if line.is_composite or lines[name].trend.kind == "own"]  # fmt: skip
    caption = words.text("caption_method", method=_method(other), n=len(names), of=_count(words, domain))
    return View(other, _method(other), names, _below(words, other, names, caption, words.text("note_alternatives")))


def _count(words: Wording, domain: str) -> int:
    return len(words.results.scheme.lines_in(domain))


def _below(words: Wording, other: Wording, names: Sequence[str], caption: str, note: str) -> Exhibit:
    """Return what lines come to under other results, in figures, those of the first view beside them."""
    lines = [other.results.lines[name] for name in names]
    figures = bare_table(lines, _columns(words, other, lines), label=caption)
    return join([paragraph(caption), paragraph(note, note=True), figures])


def _columns(words: Wording, other: Wording, lines: Sequence[LineResult]) -> list[Column]:
    """Return the columns of what lines come to, the odds where there are any, and to what in the first choice."""
    show = Columns(other)

    def first(result: LineResult) -> str:
        known = words.results.lines[result.indicator]
        shown = f"{escape(words.projected(known))} {status_badge(words, known.status)}"
        return f"<span>{shown}</span>"  # a status by itself has no label on a phone

    return [
        show.line(),
        show.number("column_projected", other.projected, year=words.results.scheme.target_year),
        *([] if all(math.isnan(one.outlook.probability) for one in lines) else [show.probability()]),
        show.status(),
        Column(begun(words.scenario_title()) if other.beside else _method(words), first, raw=True),
    ]

"""A domain at a glance under other assumptions: the same small panels under each scenario and by each method."""

import math
from collections.abc import Sequence

from xk.charts.marks import figure_of
from xk.charts.multiples import lines_with_figures, plot_small_multiples, show_small_multiples
from xk.charts.outcomes import moved_lines
from xk.charts.trajectory import trajectory_message
from xk.exhibits import Column, Columns, Exhibit, Wording, bare_table, begun, escape, panels, switch
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
    by_method = [(_method(words), show_small_multiples(words, domain))]
    by_method += [(_method(one), _show_method(words, one, domain)) for one in methods]
    shown = _switched("method", words, by_method)
    moved = [one for one in scenarios if _moved(words, one, domain)]
    by_scenario = [(begun(words.scenario_title()), shown)]
    by_scenario += [(begun(one.scenario_title()), _show_scenario(words, one, domain)) for one in moved]
    return _switched("scenario", words, by_scenario)


def _switched(kind: str, words: Wording, choices: Sequence[tuple[str, Exhibit]]) -> Exhibit:
    (first, _), *others = choices
    names = listed([label for label, _ in others], words.lang) if others else ""
    printed = words.text(f"printed_{kind}", first=first, others=names)
    return switch(kind, words.text(f"switch_{kind}"), choices, printed=printed)


def _method(words: Wording) -> str:
    return begun(words.text(f"method_{words.results.settings.method}"))


def _moved(words: Wording, other: Wording, domain: str) -> list[str]:
    """Return the lines of a domain that a scenario moves."""
    return [row.indicator for row in moved_lines([words, other]) if row.results[0].line.domain == domain]


def _show_scenario(words: Wording, other: Wording, domain: str) -> Exhibit:
    """Return the lines that a scenario moves: panels, and figures with those of the reference beside them."""
    names = _moved(words, other, domain)
    assumed = words.text("clause_separator").join(other.assumptions(domain))
    caption = words.text(
        "caption_scenario", title=begun(other.scenario_title()), n=len(names), of=_count(words, domain)
    )
    note = words.sentences(words.text("note_scenario", said=assumed), words.text("note_alternatives"))
    return _show(words, other, domain, names=names, caption=caption, note=note)


def _show_method(words: Wording, other: Wording, domain: str) -> Exhibit:
    """Return the lines that a method projects by their own figures, as `_show_scenario` does."""
    names = list(other.results.lines)
    caption = words.text("caption_method", method=_method(other), n=len(names), of=_count(words, domain))
    return _show(words, other, domain, names=names, caption=caption, note=words.text("note_alternatives"))


def _count(words: Wording, domain: str) -> int:
    return len(words.results.scheme.lines_in(domain))


def _show(words: Wording, other: Wording, domain: str, *, names: Sequence[str], caption: str, note: str) -> Exhibit:
    """Return panels of some lines as other results have them, and below them what these come to, in figures."""
    drawn = [figure_of(axes) for axes in plot_small_multiples(other, domain, only=names, beside=words)]
    said = [trajectory_message(other, one) for one in lines_with_figures(other, domain) if one.indicator in names]
    lines = [other.results.lines[name] for name in names]
    figures = bare_table(lines, _columns(words, other, lines), label=caption)
    return panels(list(zip(drawn, said, strict=True)), "multiples", caption=caption, note=note, data=figures)


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

"""The lines of a domain at a glance: baseline, latest figure, target, rates, projection, status."""

import math
from collections.abc import Iterable, Mapping

from xk.exhibits import Columns, Exhibit, Wording, begun, escape, table
from xk.exhibits.baseline_words import say_baseline
from xk.exhibits.columns import required_cell, with_note
from xk.exhibits.sparkline import sparkline
from xk.pipeline.choices import Firmness
from xk.pipeline.result import LineResult
from xk.tables.firmness import firm_said
from xk.vocab.counting import how_many


def lines_of(words: Wording, domain: str | None) -> list[LineResult]:
    """Return the results of one domain's lines, or of all; an unknown domain raises."""
    return [words.results.lines[name] for name in words.results.scheme.lines_in(domain)]


def judged_lines(words: Wording, domain: str | None = None) -> list[LineResult]:
    """Return the lines that are counted: indicators without parts, and the parts of composites."""
    return [result for result in lines_of(words, domain) if not result.line.is_composite]


def table_summary(
    words: Wording, domain: str | None = None, *, firmness: Mapping[str, Firmness] | None = None
) -> Exhibit:
    """Return the indicators of a domain with baseline, latest value, target, rates, projection and status.

    `firmness`: how firm the statuses are, said below each where given (see `xk.bench.firmness_of`); not in a final
    assessment.
    """
    firm = {} if words.results.is_final else firmness or {}
    changes = "column_changes_seen" if words.results.is_final else "column_changes"
    show = Columns(words)
    columns = [
        show.line_with_measure(),
        show.status(below=lambda result: firm_said(words, firm.get(result.indicator))),
        show.number("column_latest", lambda result: _latest(words, result), raw=True),
        show.target(),
        show.points("column_attainment", "distance.attainment"),
        show.text("column_trend", lambda result: sparkline(words, result.indicator), raw=True),
        show.number(changes, lambda result: _changes(words, result), raw=True),
        *show.outlook("column_projected", year=words.results.scheme.target_year),
        show.text("column_reason", lambda result: _reason(words, result), raw=True),
    ]
    rows = lines_of(words, domain)
    met = sum(result.distance.attainment >= 100 for result in rows)
    known = sum(not math.isnan(result.distance.attainment) for result in rows)
    said = words.text(f"some_met_{how_many(met, known) if known else 'nothing'}", n=met)
    caption = words.text("caption_summary", domain=words.domain(domain), known=known, met=said,
                         parts=words.parts_in(rows))  # fmt: skip
    note = "" if words.results.is_final else words.text("note_summary")
    return table(rows, columns, "summary", caption=caption, note=words.sentences(note, _printed_otherwise(words, rows)))


def _printed_otherwise(words: Wording, rows: Iterable[LineResult]) -> str:
    """Return of which lines the latest figure is not the baseline that the programme prints of that year, with both."""
    said = [
        words.text("baseline_apart", no=one.line.no, latest=words.given(one.latest.value), baseline=_plan(words, one))
        for one in rows
        if one.line.has_baseline
        and one.latest.year == one.line.baseline_year
        and one.latest.value != one.line.baseline_value
    ]
    return words.text("baselines_apart", said=words.several(said)) if said else ""


def _plan(words: Wording, result: LineResult) -> str:
    """Return the baseline as printed, and in which prices it is where those are not the target's."""
    line, printed = result.line, words.given(result.line.baseline_value)
    if line.baseline_price_base in ("", line.price_base):
        return printed
    return printed + words.bracketed(words.price_base(line.baseline_price_base))


def _latest(words: Wording, result: LineResult) -> str:
    """Return the latest figure, and below it the baseline where it is another one."""
    line, latest = result.line, escape(words.latest(result))
    if result.latest.year == line.baseline_year or not line.has_baseline:
        return latest
    return with_note(latest, f"{words.text('legend_baseline')} {say_baseline(words, line)}")


def _changes(words: Wording, result: LineResult) -> str:
    """Return the change that is required a year, and below it the one observed; in a final assessment that alone."""
    required, observed = required_cell(words, result), result.distance.observed
    if words.results.is_final:
        return escape(words.change(observed, result))
    if math.isnan(observed.change):
        return required
    return with_note(required, f"{words.text('seen')} {words.change(observed, result)}")


def _reason(words: Wording, result: LineResult) -> str:
    said = [begun(words.reason(result.verdict.why, result))]
    if result.stretch is not None:
        status, reason = words.text(f"status_{result.stretch.status}"), words.reason(result.stretch.why, result)
        alike = begun(reason) == said[0]
        said.append(words.text("stretch_alike" if alike else "stretch_verdict", status=status, reason=reason))
    return with_note("<br>".join(map(escape, said)), words.note(result.indicator))

"""What was projected of the region's own lines, by name, beside what came."""

import math
from collections.abc import Sequence

from xk.contracts.records import grouped
from xk.exhibits import Column, Columns, Exhibit, Wording, bullets, join, number, paragraph, table
from xk.exhibits.columns import status_badge
from xk.pipeline.outturns import Outturn
from xk.tables.indicators import judged_lines
from xk.tables.tasks import in_domain


def say_came(before: Wording) -> Exhibit:
    """Return how many years of the region's own projections can be held against what came, and how many lay inside.

    `before`: the results that the projections are of (see `xk.bench.first_results_of`).
    """
    told, (as_of, _) = _told(before.results.outturns), before.results.settings.years()
    region = before.region(before.results.settings.region)
    if not told:
        return bullets([before.text("came_none", region=region, as_of=as_of)])
    levels = before.results.settings.levels
    lines = list(dict.fromkeys(one.indicator for one in told))
    said = [before.text("came_scope", region=region, as_of=as_of, n=len(lines), years=len(told),
                        inside=_inside(before, told))]  # fmt: skip
    return bullets([*said, *_outside(before, told, max(levels))])


def _inside(before: Wording, told: Sequence[Outturn]) -> str:
    """Return how many years lay inside the intervals, of how many that had one; that none had one, if so."""
    levels = before.results.settings.levels
    known = [one for one in told if one.inside(max(levels)) is not None]
    if not known:
        return before.text("came_no_interval")
    counted = [before.text("came_inside", level=level, n=sum(one.inside(level) is True for one in known))
               for level in levels]  # fmt: skip
    inside = before.listed(counted)
    return inside if len(known) == len(told) else before.text("came_of_known", known=len(known), inside=inside)


def _told(outturns: Sequence[Outturn]) -> list[Outturn]:
    """Return those that can be held against what was projected."""
    return [one for one in outturns if not math.isnan(one.error)]


def _outside(before: Wording, told: Sequence[Outturn], level: int) -> list[str]:
    """Return a sentence that names the lines with years outside the widest interval; nothing where there are none."""
    missed = grouped((one for one in told if one.inside(level) is False), lambda one: one.indicator)
    names = [_years(before, indicator, group) for indicator, group in missed.items()]
    listed = before.listed(names)
    return [before.text("came_outside", level=level, names=listed)] if names else []


def _years(before: Wording, indicator: str, group: Sequence[Outturn]) -> str:
    return before.line(indicator) + before.bracketed(before.years(one.year for one in group))


def table_came(before: Wording) -> Exhibit:
    """Return every year that can be compared, line by line, and below it what cannot, and why."""
    told = _told(before.results.outturns)
    show = Columns(before)
    columns = [
        show.group(lambda one: before.line(one.indicator) + _measure(before, one)),
        show.year("column_year", head=True),
        show.number("column_actual", lambda one: _actual(before, one)),
        show.number("column_value_projected", lambda one: _projected(before, one)),
        *(_interval(before, show, level) for level in before.results.settings.levels),
        show.text("column_came_within", lambda one: within(before, one)),
        show.number("column_came_error", lambda one: _error(before, one)),
    ]
    note = before.text("note_came_converted") if any(one.converted for one in told) else ""
    caption, empty = before.text("caption_came", n=len(told)), before.text("empty_came")
    return join([table(told, columns, "came", caption=caption, note=note, empty=empty), _apart(before)])


def _apart(before: Wording) -> Exhibit:
    """Return which later figures are not held against a projection, a sentence a reason, and how many never came."""
    apart = grouped((one for one in before.results.outturns if one.reason), lambda one: one.reason)
    said = []
    for reason, group in apart.items():
        lines = grouped(group, lambda one: one.indicator).items()
        names = before.listed(_years(before, name, years) for name, years in lines)
        said.append(before.text("came_apart", reason=before.text(f"apart_{reason}"), names=names))
    came = {one.indicator for one in before.results.outturns}
    waiting = [one for one in judged_lines(before) if one.outlook.kind is not None and one.indicator not in came]
    if waiting:
        said.append(before.text("came_not_yet", n=len(waiting), parts=before.parts_in(waiting)))
    return bullets(said) if said else Exhibit("")


def table_foreseen(words: Wording, before: Wording, domain: str | None = None) -> Exhibit:
    """Return, in a final assessment, what the target year came to beside what had been projected for it.

    Parameters
    ----------
    words : Wording
        Of the final assessment; nothing is returned for another one.
    before : Wording
        Of the results that the projections are of.
    domain : str, optional
    """
    year, (as_of, _) = words.results.scheme.target_year, before.results.settings.years()
    if not words.results.is_final:
        return Exhibit("")
    rows = in_domain(words, [one for one in before.results.outturns if one.year == year and one.kind], domain)
    if not rows:
        return paragraph(words.text("empty_foreseen", year=year))
    show = Columns(words)
    columns = [
        show.line(),
        show.number("column_foreseen", lambda one: _projected(before, one), as_of=as_of, year=year),
        _interval(before, show, before.results.settings.levels[0]),
        show.number("column_foreseen_odds", lambda one: words.odds(one.probability)),
        show.number("column_foreseen_came", lambda one: _actual(before, one), year=year),
        show.number("column_target", lambda one: words.target(words.results.line(one.indicator).line)),
        show.text("column_status", lambda one: status_badge(words, words.results.line(one.indicator).status), raw=True),
        show.text("column_came_within", lambda one: within(before, one)),
    ]
    left = len([one for one in judged_lines(before, domain) if one.outlook.kind is not None]) - len(rows)
    note = words.text("note_foreseen_unseen", n=left, year=year) if left else ""
    if any(one.converted for one in rows):
        note = words.sentences(words.text("note_came_converted"), note)
    caption = words.text("caption_foreseen", year=year, as_of=as_of, n=len(rows))
    return table(rows, columns, "foreseen", caption=caption, note=note)


def within(before: Wording, one: Outturn) -> str:
    """Return the narrowest interval that what came lies in, that it lies in none, or why it is not compared."""
    if one.reason:
        return before.text(f"apart_{one.reason}")
    levels = sorted(before.results.settings.levels)
    inside = next((level for level in levels if one.inside(level)), None)
    if inside is not None:
        return before.text("within_interval", level=inside)
    known = one.inside(levels[-1]) is not None
    return before.text("outside_interval", level=levels[-1]) if known else before.text("dash")


def _measure(before: Wording, one: Outturn) -> str:
    return before.bracketed(before.measure(before.results.line(one.indicator).line))


def _actual(before: Wording, one: Outturn) -> str:
    """Return what came at the level of the projection, with the published figure where it was brought there."""
    if not one.converted:
        return before.given(one.published)
    value = before.value(one.actual, before.results.line(one.indicator))
    return before.text("came_converted", value=value, published=before.given(one.published))


def _projected(before: Wording, one: Outturn) -> str:
    value = before.value(one.value, before.results.line(one.indicator))
    return value + before.bracketed(before.kind(one.kind)) if one.kind == "borrowed" else value


def _interval(before: Wording, show: Columns, level: int) -> Column:
    """Return the column of the intervals of a level."""

    def said(one: Outturn) -> str:
        if f"lo{level}" not in one.ends:
            return before.text("dash")
        result = before.results.line(one.indicator)
        low, high = (before.value(one.ends[f"{end}{level}"], result) for end in ("lo", "hi"))
        return before.text("interval_of", low=low, high=high)

    return show.number("legend_interval", said, level=level)


def _error(before: Wording, one: Outturn) -> str:
    """Return what came less what was projected: in points for shares, else in the line's unit and in per cent."""
    result = before.results.line(one.indicator)
    error = before.value(one.error, result, signed=True)
    if result.line.unit == "%" or one.value == 0:
        return error
    growth = number(100 * one.error / one.value, before.lang, decimals=1, signed=True)
    return before.text("change_with_growth", change=error, growth=growth)

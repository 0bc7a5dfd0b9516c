"""What is furthest from its target, whether or not there is a trend, what is behind, and what cannot be judged."""

import math
from collections.abc import Mapping
from typing import Any

from xk.arithmetic.rulebooks import Reason
from xk.contracts.records import grouped
from xk.exhibits import Columns, Exhibit, Wording, bullets, paragraph, table
from xk.exhibits.baseline_words import say_baseline
from xk.pipeline.result import LineResult, split_parts
from xk.tables.indicators import judged_lines, lines_of
from xk.vocab import BEHIND, UNJUDGED

FURTHEST = 10


def short_lines(words: Wording, domain: str | None = None) -> list[LineResult]:
    """Return the lines short of their targets, lowest attainment first, then by the growth that is required."""
    short = [result for result in judged_lines(words, domain) if result.distance.attainment < 100]
    return sorted(short, key=_rank)


def _rank(result: LineResult) -> tuple[float, float]:
    growth = result.distance.required.growth
    return result.distance.attainment, 0.0 if math.isnan(growth) else -abs(growth)


def missed_lines(words: Wording, domain: str | None = None) -> list[LineResult]:
    """Return the lines that missed their target or did not hold it, lowest attainment first."""
    missed = [result for result in judged_lines(words, domain) if result.status in ("missed", "not_held")]
    return sorted(missed, key=lambda result: result.distance.attainment)


def table_furthest(words: Wording) -> Exhibit:
    """Return the lines of the lowest attainment, and all others that are behind, with what is required of whom.

    In a final assessment those that missed their target or did not hold it, by how much, and whose they are.
    """
    return _table_missed(words) if words.results.is_final else _table_behind(words)


def _table_missed(words: Wording) -> Exhibit:
    rows, year = missed_lines(words), words.results.scheme.target_year
    if not rows:
        return paragraph(words.text("empty_furthest_final", year=year))
    show = Columns(words)
    columns = [
        show.line_with_measure(),
        show.status(),
        show.number("legend_baseline", lambda result: say_baseline(words, result.line)),
        show.number("column_decided", lambda result: _decided(words, result)),
        show.target(),
        show.number("column_gap", lambda result: gap(words, result)),
        show.number("column_attainment", lambda result: _attained(words, result)),
        *show.lead_offices(),
        show.text("column_vintage_changed", lambda result: _beside_baseline(words, result)),
    ]
    caption = words.text("caption_furthest_final", n=len(rows), parts=words.parts_in(rows), year=year)
    return table(rows, columns, "furthest", caption=caption, note=words.text("note_furthest_final"))


def gap(words: Wording, result: LineResult) -> str:
    """Return by how much a line missed its target; a dash where the years to be held were missed."""
    facts: Mapping[str, Any] = result.verdict.why.values
    return words.gap(facts["gap"], facts["value"], result) if "gap" in facts else words.text("dash")


def _decided(words: Wording, result: LineResult) -> str:
    """Return the figures that decide, with their years: the target year's, or those of years to be held."""
    values = result.verdict.why.values
    return words.reason(Reason("figures" if "figures" in values else "figure", values), result)


def _attained(words: Wording, result: LineResult) -> str:
    """Return the attainment of the figure that decides, where that is the latest one; a dash for another."""
    latest = result.latest.year == result.verdict.why.values.get("year")
    return words.points(result.distance.attainment) if latest else words.text("dash")


def other_vintage(result: LineResult, key: str = "other_vintage") -> bool:
    """Return whether the figure that decides does not join the baseline; ``own_figure``: being a user's own."""
    return any(reason.key == key for reason in result.verdict.why.also)


def _beside_baseline(words: Wording, result: LineResult) -> str:
    """Return that the figure does not join the baseline, with what is said of the series; a dash where it does."""
    if not other_vintage(result):
        return words.text("own_beside_baseline" if other_vintage(result, "own_figure") else "dash")
    note = words.results.scheme.serving_notes(words.lang).get(result.indicator, "")
    return words.sentences(words.text("not_joined"), note)


def _table_behind(words: Wording) -> Exhibit:
    short = short_lines(words)
    behind = [result for result in judged_lines(words) if result.status in BEHIND]
    rows = short[:FURTHEST] + [result for result in short[FURTHEST:] if result.status in BEHIND]
    rows += [result for result in behind if result not in short]
    if not rows:
        known = sum(not math.isnan(result.distance.attainment) for result in judged_lines(words))
        return paragraph(words.text("empty_furthest" if known else "empty_furthest_unknown", n=known))
    show = Columns(words)
    columns = [
        show.line_with_measure(),
        show.status(),
        show.latest(),
        show.target(),
        show.points("column_attainment", "distance.attainment"),
        *show.required(),
        *show.outlook("column_projected_target"),
        *show.lead_offices(),
    ]
    said = {"short": len(short), "behind": len(behind), "n": min(FURTHEST, len(short)), "parts": words.parts_in(short)}
    caption = words.text("caption_furthest", **said)
    return table(rows, columns, "furthest", caption=caption, note=words.text("note_furthest"))


SHARED_REASONS = {"not_seen": "not_seen_then", "no_trend_untested": "untested_trend", "no_trend_apart": "apart_trends"}
"""Reason of a line -> the reason that it shares with others."""


def say_unknown(words: Wording, domain: str | None = None) -> Exhibit:
    """Return which lines cannot be judged, those of one reason together, the most frequent reason first.

    Of a composite its parts are named; one without parts in the programme stands for itself.
    """
    lines = lines_of(words, domain)
    parents = {result.line.parent for result in lines}
    rows = [one for one in lines if one.status in UNJUDGED and one.indicator not in parents]
    if not rows:
        return paragraph(words.text("empty_unknown"))
    groups = grouped(rows, lambda result: (result.status, _ground(words, result)))
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    return bullets([_said(words, status, reason, lines) for (status, reason), lines in ordered])


def _ground(words: Wording, result: LineResult) -> str:
    """Return why a line cannot be judged, without the figures that are its own: those stand with its name."""
    why = result.verdict.why
    return words.reason(Reason(SHARED_REASONS[why.key], why.values) if why.key in SHARED_REASONS else why, result)


def _name(words: Wording, result: LineResult) -> str:
    why = result.verdict.why
    if why.key != "not_seen":
        return words.line(result.indicator)
    met = any(one.key == "latest_meets" for one in why.also)
    key = "unknown_latest_met" if met else "unknown_latest_short"
    return words.text(key, line=words.line(result.indicator), value=words.given(result.latest.value, result.line))


def _said(words: Wording, status: str, reason: str, lines: list[LineResult]) -> str:
    apart = "".join(_apart(words, kind, some) for kind, some in split_parts(lines).items() if some)
    return words.text(
        "unknown_said", status=words.text(f"status_{status}"), n=len(lines), reason=reason,
        names=words.listed(_name(words, result) for result in lines),
        parts=apart,
    )  # fmt: skip


def _apart(words: Wording, kind: str, lines: list[LineResult]) -> str:
    """Return how many lines are parts of which indicators, or further targets beside which."""
    numbers = dict.fromkeys(result.line.no.rpartition(".")[0] for result in lines)
    return words.text(f"unknown_{kind}", n=len(lines), whole=words.listed(numbers))

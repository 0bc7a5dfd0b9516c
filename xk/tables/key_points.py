"""Tiles and sentences: how many indicators have which status, and what the figures say."""

import math

from xk.exhibits import Exhibit, bullets, escape
from xk.exhibits.wording import Wording
from xk.pipeline.result import LineResult, count_statuses
from xk.tables.indicators import judged_lines, lines_of
from xk.theme import STATUS_SYMBOLS
from xk.vocab import STATUSES

NAMED = 3


def tiles(words: Wording, domain: str | None = None) -> Exhibit:
    """Return a tile a status with the number of indicators that have it."""
    counts, old = count_statuses(lines_of(words, domain)), _counts_beside(words, domain)
    items = [
        f'<li data-status="{status}"><span class="xk-symbol" aria-hidden="true">{STATUS_SYMBOLS[status]}</span>'
        f'<span class="xk-count">{counts.get(status, 0)}</span>'
        f'<span class="xk-label">{escape(words.text(f"status_{status}"))}</span>'
        f"{_count_beside(words, old, status)}</li>"
        for status in STATUSES
        if counts.get(status) or (old and old.get(status))
    ]
    plain = ", ".join(f"{words.text(f'status_{status}')} {counts.get(status, 0)}" for status in STATUSES)
    return Exhibit(f'<ul class="xk-tiles">{"".join(items)}</ul>', plain)


def _counts_beside(words: Wording, domain: str | None) -> dict[str, int] | None:
    """Return, under a scenario, the status counts of the reference; None in the reference itself."""
    return None if words.beside is None else count_statuses(lines_of(words.beside, domain))


def _count_beside(words: Wording, counts: dict[str, int] | None, status: str) -> str:
    if counts is None:
        return ""
    return f'<span class="xk-note">{escape(words.text("tile_reference", n=counts.get(status, 0)))}</span>'


def key_points(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the report's message in a few sentences."""
    lines = judged_lines(words, domain)
    return bullets(
        [_counts(words, lines_of(words, domain)), _index(words, domain), *_furthest(words, lines), _as_of(words, lines)]
    )


def _counts(words: Wording, lines: list[LineResult]) -> str:
    return words.text("key_counts", n=words.count(lines), counts=words.statuses(lines))


def latest_index(words: Wording, level: str) -> tuple[float, float]:
    """Return the latest index of a level (domain or total) and its coverage, in per cent."""
    index = words.results.index
    row = index[(index["level"] == level) & (index["basis"] == "latest")].iloc[0]
    return float(row["value"]), float(row["coverage"])


def _index(words: Wording, domain: str | None) -> str:
    value, coverage = latest_index(words, domain or "total")
    if math.isnan(value):
        return words.text("key_index_none")
    return words.text("key_index", value=words.share(value), coverage=words.share(coverage))


def _furthest(words: Wording, lines: list[LineResult]) -> list[str]:
    short = [(result.distance.attainment, result.indicator) for result in lines if result.distance.attainment < 100]
    named = [
        f"{words.names[name]}{words.text('in_brackets', word=words.share(attained))}"
        for attained, name in sorted(short, key=lambda one: one[0])[:NAMED]
    ]
    return [words.text("key_furthest", names=words.text("list_separator").join(named))] if named else []


def _as_of(words: Wording, lines: list[LineResult]) -> str:
    as_of, _ = words.results.settings.years()
    lent = [result.trend for result in lines if result.trend.kind != "own"]
    regions = list(dict.fromkeys(words.reference(trend) for trend in lent if trend.kind == "borrowed"))
    if not regions:
        return words.text("key_as_of_own", as_of=as_of)
    return words.text("key_as_of", as_of=as_of, n=len(lent), regions=words.text("list_separator").join(regions))

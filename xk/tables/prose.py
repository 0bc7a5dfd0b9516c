"""Tiles and sentences: how many indicators have which status, what the figures say, how they were made."""

from __future__ import annotations

import math
from collections import Counter

from xk.contracts.records import Record
from xk.exhibits import Exhibit, bullets, escape
from xk.exhibits.wording import Wording
from xk.tables.domain import rows_of
from xk.tables.formulas import show_formulas
from xk.theme import STATUS_SYMBOLS
from xk.vocab import STATUSES

NAMED = 3


def judged_lines(words: Wording, domain: str | None) -> list[Record]:
    """Return the lines that are counted: indicators without parts, and the parts of composites."""
    return [row for row in rows_of(words, domain) if row["direction"] != "composite"]


def tiles(words: Wording, domain: str | None = None) -> Exhibit:
    """Return a tile a status with the number of lines that have it."""
    counts = Counter(row["status"] for row in judged_lines(words, domain))
    items = [
        f'<li data-status="{status}"><span class="xk-symbol" aria-hidden="true">{STATUS_SYMBOLS[status]}</span>'
        f'<span class="xk-count">{counts.get(status, 0)}</span>'
        f'<span class="xk-label">{escape(words.text(f"status_{status}"))}</span></li>'
        for status in STATUSES
        if counts.get(status, 0)
    ]
    plain = ", ".join(f"{words.text(f'status_{status}')} {counts.get(status, 0)}" for status in STATUSES)
    return Exhibit(f'<ul class="xk-tiles">{"".join(items)}</ul>', plain)


def key_points(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the report's message in a few sentences."""
    lines = judged_lines(words, domain)
    return bullets([_counts(words, lines), *_index(words, domain), *_furthest(words, lines), _as_of(words, lines)])


def _counts(words: Wording, lines: list[Record]) -> str:
    counts = Counter(row["status"] for row in lines)
    said = [f"{words.text(f'status_{status}')} {counts[status]}" for status in STATUSES if status in counts]
    return words.text("key_counts", n=len(lines), counts=words.text("list_separator").join(said))


def _index(words: Wording, domain: str | None) -> list[str]:
    index = words.results.index
    row = index[(index["level"] == (domain or "total")) & (index["basis"] == "latest")].iloc[0]
    if math.isnan(row["value"]):
        return [words.text("key_index_none")]
    return [words.text("key_index", value=words.share(row["value"]), coverage=words.share(row["coverage"]))]


def _furthest(words: Wording, lines: list[Record]) -> list[str]:
    short = sorted((row for row in lines if row["attainment"] < 100), key=lambda row: row["attainment"])
    named = [
        f"{words.names[row['indicator']]}{words.text('in_brackets', word=words.share(row['attainment']))}"
        for row in short[:NAMED]
    ]
    return [words.text("key_furthest", names=words.text("list_separator").join(named))] if named else []


def _as_of(words: Wording, lines: list[Record]) -> str:
    as_of, _ = words.results.settings.years()
    lent = [row for row in lines if row["trend"] != "own"]
    regions = list(dict.fromkeys(words.reference(row) for row in lent if row["trend"] == "borrowed"))
    if not regions:
        return words.text("key_as_of_own", as_of=as_of)
    return words.text("key_as_of", as_of=as_of, n=len(lent), regions=words.text("list_separator").join(regions))


def run_facts(words: Wording, domain: str | None = None) -> dict[str, str]:
    """Return what was asked, label -> value: programme, region, domain, years, scenario, method, newest vintage."""
    scheme, settings = words.results.scheme, words.results.settings
    as_of, to = settings.years()
    vintages = list(words.results.history["vintage"].dropna()) if len(words.results.history) else []
    scenario = words.results.scenario
    title = words.text("scenario_reference") if scenario.name == "reference" else scenario.titles[words.lang]
    pairs = {
        "scheme": scheme.name(words.lang),
        "number": scheme.facts["number"],
        "issuer": scheme.facts[f"issuer_{words.lang}"],
        "region": words.region(settings.region),
        "domain": words.domain(domain),
        "as_of": words.text("of_year", year=as_of),
        "to": words.text("of_year", year=to),
        "method": words.text(f"method_{settings.method}"),
        "scenario": title,
        "vintage": max(vintages, default=words.text("dash")),
    }
    return {words.text(f"fact_{name}"): value for name, value in pairs.items() if value}


def method_notes(words: Wording) -> Exhibit:
    """Return how the figures were made, in a few lines; the whole is in docs/method.md."""
    keys = ("scores", "composite", "planned", "projection", "borrowed", "status")
    method = words.text(f"method_{words.results.settings.method}")
    return bullets([words.text(f"method_text_{key}", method=method) for key in keys]) + show_formulas(words.lang)

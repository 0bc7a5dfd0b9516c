"""Tiles and sentences: how many indicators have which status, what the figures say, how they were made."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xk.exhibits import Exhibit, bullets, escape
from xk.tables.domain import rows_of
from xk.tables.formulas import show_formulas
from xk.theme import STATUS_SYMBOLS
from xk.vocab import STATUSES
from xk.wording import Wording

NAMED = 3


def judged_lines(words: Wording, domain: str | None) -> pd.DataFrame:
    """Return the lines that are counted: indicators without parts, and the parts of composites."""
    rows = rows_of(words, domain)
    return rows[rows["direction"] != "composite"]


def tiles(words: Wording, domain: str | None = None) -> Exhibit:
    """Return a tile a status with the number of lines that have it."""
    counts = judged_lines(words, domain)["status"].value_counts()
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
    return bullets([_counts(words, domain), *_index(words, domain), *_furthest(words, domain), _as_of(words, domain)])


def _counts(words: Wording, domain: str | None) -> str:
    lines = judged_lines(words, domain)
    counts = lines["status"].value_counts()
    said = [f"{words.text(f'status_{status}')} {counts[status]}" for status in STATUSES if status in counts]
    return words.text("key_counts", n=len(lines), counts=words.text("list_separator").join(said))


def _index(words: Wording, domain: str | None) -> list[str]:
    index = words.results.index
    row = index[(index["level"] == (domain or "total")) & (index["basis"] == "latest")].iloc[0]
    if math.isnan(row["value"]):
        return [words.text("key_index_none")]
    return [words.text("key_index", value=words.share(row["value"]), coverage=words.share(row["coverage"]))]


def _furthest(words: Wording, domain: str | None) -> list[str]:
    rows = judged_lines(words, domain)
    rows = rows[rows["attainment"] < 100].sort_values("attainment", kind="stable").head(NAMED)
    named = [
        f"{words.names[name]}{words.text('in_brackets', word=words.share(value))}"
        for name, value in zip(rows["indicator"], rows["attainment"], strict=True)
    ]
    return [words.text("key_furthest", names=words.text("list_separator").join(named))] if named else []


def _as_of(words: Wording, domain: str | None) -> str:
    rows = judged_lines(words, domain)
    as_of, _ = words.results.settings.years()
    lent = rows[rows["trend"] != "own"]
    borrowed: list[Any] = lent[lent["trend"] == "borrowed"].to_dict("records")
    regions = list(dict.fromkeys(words.reference(row) for row in borrowed))
    if lent.empty or not regions:
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

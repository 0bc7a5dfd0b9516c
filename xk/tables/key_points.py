"""The first screen: how many indicators have which status, what is furthest behind, who must do what."""

import math
from collections.abc import Mapping, Sequence

from xk.exhibits import Exhibit, bullets, escape, lead
from xk.exhibits.index_words import index_sentence, latest_index
from xk.exhibits.wording import Wording
from xk.pipeline.result import LineResult, count_parts, count_statuses
from xk.tables.furthest import short_lines
from xk.tables.indicators import judged_lines, lines_of
from xk.theme import STATUS_SYMBOLS
from xk.vocab import BEHIND, GOOD, STATUSES, UNJUDGED
from xk.vocab.counting import listed

NAMED = 3
INTERIM: Mapping[str, tuple[str, ...]] = {
    "good": GOOD, "uncertain": ("uncertain",), "behind": BEHIND, "unjudged": UNJUDGED,
}  # fmt: skip
FINAL: Mapping[str, tuple[str, ...]] = {
    "reached": ("achieved",), "open": ("met_to_hold", "on_track", "uncertain", "lagging", "regressing"),
    "missed": ("missed",), "not_held": ("not_held",), "not_seen": ("not_seen",),
    "unjudged": ("no_trend", "no_data", "not_comparable", "no_target"),
}  # fmt: skip
"""What is said of statuses together: group -> statuses, up to the target year and from it on."""
WHOLE: Mapping[str, str] = {"status": "fig-heatmap", "furthest": "tab-furthest", "index": "fig-index"}
PART: Mapping[str, str] = {"status": "tab-summary", "furthest": "tab-summary", "index": "fig-contributions"}
"""What a sentence rests on -> its place on a page on all domains, and on one domain."""


def tiles(words: Wording, domain: str | None = None) -> Exhibit:
    """Return a tile a status with the number of the programme's indicators that have it, parts in brackets."""
    lines = lines_of(words, domain)
    own, parts, old = count_statuses(lines), count_parts(lines), _counts_beside(words, domain)
    found = [status for status in STATUSES if status in {**own, **parts, **old}]
    said = {status: words.text("tile_parts", n=parts[status]) if status in parts else "" for status in found}
    items = [
        f'<li data-status="{status}"><span class="xk-symbol" aria-hidden="true">{STATUS_SYMBOLS[status]}</span>'
        f'<span class="xk-count">{own.get(status, 0)}</span>'
        f'<span class="xk-label">{escape(words.text(f"status_{status}") + said[status])}</span>'
        f"{_count_beside(words, old, status)}</li>"
        for status in found
    ]
    plain = ", ".join(f"{words.text(f'status_{status}')} {own.get(status, 0)}{said[status]}" for status in found)
    return Exhibit(f'<ul class="xk-tiles">{"".join(items)}</ul>', plain)


def _counts_beside(words: Wording, domain: str | None) -> dict[str, int]:
    """Return, under a scenario, the status counts of the reference; none in the reference itself."""
    return {} if words.beside is None else count_statuses(lines_of(words.beside, domain))


def _count_beside(words: Wording, counts: Mapping[str, int], status: str) -> str:
    if not counts:
        return ""
    return f'<span class="xk-note">{escape(words.text("tile_reference", n=counts.get(status, 0)))}</span>'


def key_points(words: Wording, domain: str | None = None, *, places: Mapping[str, str] | None = None) -> Exhibit:
    """Return the report's message in a few sentences, each with a link to what it rests on.

    Parameters
    ----------
    words : Wording
    domain : str, optional
    places : mapping, optional
        What a sentence rests on (status, furthest, index) -> anchor; a sentence without one has no link.
    """
    at = _places(words, domain, places)
    said = [
        ("status", _counts(words, lines_of(words, domain))),
        *(("furthest", _far(words, result)) for result in short_lines(words, domain)[:NAMED]),
        ("index", index_sentence(words, domain or "total")),
        ("", _as_of(words, judged_lines(words, domain))),
        *([("", words.text("yardstick", home=words.home()))] if words.results.is_yardstick else []),
    ]
    links = [_link(words, at.get(key, "")) for key, _ in said]
    return bullets([sentence for _, sentence in said], leads=links)


def _places(words: Wording, domain: str | None, places: Mapping[str, str] | None) -> dict[str, str]:
    """Return what sentences rest on -> anchor; what is left out, for want of anything to show, has none."""
    at = dict(places if places is not None else WHOLE if domain is None else PART)
    if places is None and latest_index(words, domain or "total")["reason"]:
        at["index"] = "tab-index" if domain is None else ""
    if domain is None and all(math.isnan(one.distance.attainment) for one in lines_of(words, domain)):
        at["status"] = ""
    return at


def _link(words: Wording, anchor: str) -> str:
    return lead(anchor, words.text("see_figure" if anchor.startswith("fig-") else "see_table")) if anchor else ""


def _counts(words: Wording, lines: Sequence[LineResult]) -> str:
    """Return how many of the programme's own indicators do well, are open, fall short, cannot be judged."""
    own = [one.status for one in lines if one.line.counted]
    groups = FINAL if words.results.is_final else INTERIM
    counted = {name: sum(status in group for status in own) for name, group in groups.items()}
    said = [words.text(f"counted_{name}", n=n) for name, n in counted.items() if n]
    parts = len(lines) - len(own)
    more = words.text("key_counts_parts", n=parts) if parts else ""
    key = "key_counts_final" if words.results.is_final else "key_counts"
    return words.text(
        key,
        year=words.results.scheme.target_year,
        n=len(own),
        parts=more,
        counts=words.text("list_separator").join(said),
    )


def _far(words: Wording, result: LineResult) -> str:
    """Return how far one line is from its target, the pace that is required, and whose it is."""
    offices = result.line.lead_offices
    pace = words.text("key_far_pace", pace=words.pace(result)) if abs(result.distance.required.change) > 0 else ""
    return words.text(
        "key_far", line=words.line(result.indicator), pace=pace, target=words.target(result.line),
        latest=words.amount(result.latest.value, result.line.unit),
        year=result.latest.year, attained=words.share(result.distance.attainment),
        lead=words.text("key_far_lead", offices=words.offices(*offices)) if offices else "",
        goal=words.text("goal_yardstick" if words.results.is_yardstick else "goal_own"),
    )  # fmt: skip


def _as_of(words: Wording, lines: Sequence[LineResult]) -> str:
    as_of, _ = words.results.settings.years()
    if all(result.latest.year is None for result in lines):
        return words.text("key_no_figures", as_of=as_of, region=words.region(words.results.settings.region))
    lent = [result for result in lines if result.outlook.kind == "borrowed"]
    regions = list(dict.fromkeys(words.reference(result.trend) for result in lent))
    if not regions:
        return words.text("key_as_of_own", as_of=as_of)
    return words.text(
        "key_as_of", as_of=as_of, n=len(lent), parts=words.parts_in(lent), regions=listed(regions, words.lang)
    )

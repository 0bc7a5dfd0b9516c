"""The first screen: how many indicators have which status, what is furthest behind, who must do what."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from xk.contracts.scheme import Line
from xk.exhibits import Exhibit, Wording, bullets, escape, lead
from xk.exhibits.index_words import index_sentence, latest_index
from xk.exhibits.peer_words import needed_said, unprecedented
from xk.pipeline.result import LineResult, count_parts, count_statuses, split_parts
from xk.tables.furthest import gap, missed_lines, other_vintage, short_lines
from xk.tables.indicators import judged_lines, lines_of
from xk.theme import STATUS_SYMBOLS
from xk.vocab import BEHIND, GOOD, STATUSES, UNJUDGED
from xk.vocab.counting import listed

NAMED, NAMED_FINAL = 3, 5
INTERIM: Mapping[str, tuple[str, ...]] = {
    "good": GOOD, "uncertain": ("uncertain",), "behind": BEHIND, "unjudged": UNJUDGED,
}  # fmt: skip
"""What is said of statuses together before the target year: group -> statuses."""
ENDED = ("achieved", "missed", "not_held", "not_seen")
"""Statuses that a final assessment is about; it names others after these, where there are any."""
WHOLE: Mapping[str, str] = {"status": "fig-heatmap", "furthest": "tab-furthest", "index": "fig-index"}
PART: Mapping[str, str] = {"status": "tab-summary", "furthest": "tab-summary", "index": "fig-contributions"}
"""What a sentence rests on -> its place on a page on all domains, and on one domain."""


def tiles(words: Wording, domain: str | None = None) -> Exhibit:
    """Return a tile a status with the number of the programme's indicators that have it, parts in brackets."""
    lines = lines_of(words, domain)
    own, parts = count_statuses(lines), count_parts(lines)
    old = {} if words.beside is None else count_statuses(lines_of(words.beside, domain))
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


def _count_beside(words: Wording, counts: Mapping[str, int], status: str) -> str:
    """Return, under a scenario, how many have a status in the reference."""
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
        *(("furthest", sentence) for sentence in _worst(words, domain)),
        ("index", words.sentences(index_sentence(words, domain or "total"), _index_years(words, domain))),
        ("", words.sentences(*_known(words, domain), "" if domain else _later(words))),
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
    own = [one for one in lines if one.line.counted]
    parts = len(lines) - len(own)
    groups = {name: sum(one.status in group for one in own) for name, group in INTERIM.items()}
    said = [words.text(f"counted_{name}", n=n) for name, n in groups.items() if n]
    said = _outcomes(words, own) if words.results.is_final else said
    more = split_parts(lines)
    too = words.text("key_counts_apart" if more["further"] else "key_counts_parts", n=parts) if parts else ""
    return words.stage("key_counts", year=words.results.scheme.target_year, n=len(own), parts=too,
                       counts=words.listed(said))  # fmt: skip


def _outcomes(words: Wording, own: Sequence[LineResult]) -> list[str]:
    """Return how many reached, missed, held, did not hold their target or were not seen, none too; then the others."""
    reached = [one for one in own if one.status == "achieved"]
    held = sum(one.line.hold_from is not None for one in reached)
    found = count_statuses(own)
    counted = {"reached": len(reached) - held, "missed": found.get("missed", 0), "held": held,
               "not_held": found.get("not_held", 0), "not_seen": found.get("not_seen", 0)}  # fmt: skip
    rest = {status: n for status, n in found.items() if status not in ENDED}
    return [*(words.text(f"counted_{name}", n=n) for name, n in counted.items()), *words.each_status(rest)]


def _worst(words: Wording, domain: str | None) -> list[str]:
    """Return a sentence each on the lines furthest behind; in a final assessment on those that missed their target."""
    if words.results.is_final:
        shown = missed_lines(words, domain)[:NAMED_FINAL]
        apart = [one.indicator for one in shown if other_vintage(one)]
        joined = words.text("key_not_joined", n=len(apart), numbers=words.numbers(apart))
        return [*(_missed(words, result) for result in shown), *([joined] if apart else [])]
    broken = missed_lines(words, domain)
    short = [one for one in short_lines(words, domain) if one not in broken]
    never = [one for one, _ in unprecedented(short[NAMED:])[:NAMED]]
    told = [*broken, *short[:NAMED], *never]
    behind = [one for one in judged_lines(words, domain) if one.status in BEHIND and one not in told]
    far = [_far(words, one) for one in told[len(broken) :]]
    met = [one for one in judged_lines(words, domain) if one.status == "met_to_hold"]
    loose = [one for one in met if one.outlook.short and not one.trend.doubt]
    rest = [_named(words, key, some) for key, some in (("key_behind", behind), ("key_loose", loose)) if some]
    return [*(_missed(words, one) for one in broken), *far, *rest]


def _named(words: Wording, key: str, lines: Sequence[LineResult]) -> str:
    """Return a sentence that names lines, with what is projected of each."""
    said = [
        words.text("key_behind_line", line=words.line(one.indicator), target=words.target(one.line),
                   year=one.line.target_year, value=words.value(one.outlook.value, one))
        for one in lines
    ]  # fmt: skip
    return words.text(key, n=len(lines), lines=words.several(said))


def _missed(words: Wording, result: LineResult) -> str:
    """Return what one line came to, by how much that falls short, and whose it is."""
    why, line = result.verdict.why, result.line
    said = {"line": words.line(result.indicator), "target": words.target(line), "lead": _lead(words, result)}
    if why.key != "missed":
        return words.text("key_not_held", reason=words.reason(replace(why, also=()), result), **said)
    value = _amount(words, float(str(why.values["value"])), line)
    short = words.text("with_measure", value=gap(words, result), measure=words.change_measure(line))
    return words.text("key_missed", year=why.values["year"], value=value, gap=short, **said)


def _lead(words: Wording, result: LineResult) -> str:
    """Return whose a line is; nothing where no office leads it."""
    offices = result.line.lead_offices
    return words.text("key_far_lead", offices=words.offices(*offices)) if offices else ""


def _index_years(words: Wording, domain: str | None) -> str:
    """Return, in a final assessment, of how many lines the index has the target year's own figure."""
    year = words.results.scheme.target_year
    if not words.results.is_final or latest_index(words, domain or "total")["reason"]:
        return ""
    known = [one for one in judged_lines(words, domain) if not math.isnan(one.distance.attainment)]
    due = sum(one.latest.year == year for one in known)
    return words.text("key_index_due", year=year, n=len(known), parts=words.parts_in(known), due=due)


def _far(words: Wording, result: LineResult) -> str:
    """Return how far one line is from its target, the pace that is required, and whose it is."""
    rate = result.base_rate
    return words.text(
        "key_far", line=words.line(result.indicator), target=words.target(result.line),
        pace="" if rate is None else words.text("clause_separator") + needed_said(words, result, rate),
        latest=_amount(words, result.latest.value, result.line), year=result.latest.year,
        attained=words.share(result.distance.attainment), lead=_lead(words, result),
        goal=words.text("goal_yardstick" if words.results.is_yardstick else "goal_own"),
    )  # fmt: skip


def _amount(words: Wording, value: float, line: Line) -> str:
    return words.amount(value, line.unit, short_of=line.missed_marks(value))


def _known(words: Wording, domain: str | None) -> list[str]:
    """Return up to when figures are known, and which lines are judged by such as are not final."""
    lines = judged_lines(words, domain)
    by_kind: dict[str, list[str]] = {}
    for line in lines:
        for kind in dict.fromkeys(str(one.values["kind"]) for one in line.verdict.why.also if one.key == "not_final"):
            by_kind.setdefault(kind, []).append(line.indicator)
    said = [words.numbers(of_kind) + words.bracketed(words.kind(kind)) for kind, of_kind in by_kind.items()]
    return [_as_of(words, lines), words.text("key_not_final", lines=words.listed(said)) if said else ""]


def _as_of(words: Wording, lines: Sequence[LineResult]) -> str:
    as_of, _ = words.results.settings.years()
    if all(result.latest.year is None for result in lines):
        return words.text("key_no_figures", as_of=as_of, region=words.region(words.results.settings.region))
    lent = [result for result in lines if result.outlook.kind == "borrowed"]
    judged, unjudged = ([one for one in lent if bool(one.trend.doubt) == doubtful] for doubtful in (False, True))
    said = [_lent(words, key, group) for key, group in (("judged", judged), ("unjudged", unjudged)) if group]
    return words.text("key_as_of", as_of=as_of, lent="".join(words.text("clause_separator") + one for one in said))


def _later(words: Wording) -> str:
    """Return which lines have figures of years after the last known one, on which nothing rests here."""
    came = {one.indicator for one in words.results.outturns}
    lines = [one.indicator for one in judged_lines(words) if one.indicator in came]
    _, until = words.results.settings.years()
    return words.text("key_later", year=until, n=len(lines), lines=words.numbers(lines)) if lines else ""


def _lent(words: Wording, key: str, lent: Sequence[LineResult]) -> str:
    """Return how many lines borrow, and whose trends; peers without their number, which differs from line to line."""
    lenders = dict.fromkeys(
        words.text("peers_in", region=words.region(one.trend.region)) if one.trend.peers else words.reference(one.trend)
        for one in lent
    )
    parts = words.parts_in(lent)
    return words.text(f"key_lent_{key}", n=len(lent), parts=parts, regions=listed(list(lenders), words.lang))

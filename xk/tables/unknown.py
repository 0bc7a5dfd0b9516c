"""What cannot be judged, and why: a sentence a reason, not a row a line."""

from collections.abc import Iterable

from xk.arithmetic.rulebooks import Reason
from xk.contracts.records import grouped
from xk.exhibits import Exhibit, Wording, bullets, paragraph
from xk.pipeline.result import LineResult, split_parts
from xk.tables.indicators import lines_of
from xk.vocab import UNJUDGED

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
    return words.text(key, line=words.line(result.indicator), value=words.given(result.latest.value))


def _said(words: Wording, status: str, reason: str, lines: list[LineResult]) -> str:
    def joined(names: Iterable[str]) -> str:
        return words.text("list_separator").join(names)

    apart = "".join(_apart(words, kind, some) for kind, some in split_parts(lines).items() if some)
    return words.text(
        "unknown_said", status=words.text(f"status_{status}"), n=len(lines), reason=reason,
        names=joined(_name(words, result) for result in lines),
        parts=apart,
    )  # fmt: skip


def _apart(words: Wording, kind: str, lines: list[LineResult]) -> str:
    """Return how many lines are parts of which indicators, or further targets beside which."""
    numbers = dict.fromkeys(result.line.no.rpartition(".")[0] for result in lines)
    return words.text(f"unknown_{kind}", n=len(lines), whole=words.text("list_separator").join(numbers))

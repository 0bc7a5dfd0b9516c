"""A region among its peers in words: its place, its pace and theirs, who is left out."""

import math

from xk.arithmetic.peers import BaseRate
from xk.contracts.scheme import Line
from xk.exhibits.numbers import decimals_of, number
from xk.exhibits.wording import Wording, missed_marks
from xk.pipeline.peering import PeerLine

LEVELS = ("country", "province", "prefecture", "county")
"""The levels of regions that have a word of their own (label ``peers_of_<level>``)."""


def peer_value(words: Wording, peer: PeerLine, value: float) -> str:
    """Return the value of a region with the decimals of the line's own baseline and target."""
    line = words.results.lines[peer.indicator].line
    known = [mark for mark in (line.baseline_value, line.target_value, line.target_low) if not math.isnan(mark)]
    return number(value, words.lang, decimals=decimals_of(*known) if known else 1, short_of=missed_marks(value, line))


def pace_value(words: Wording, measure: str, value: float, *, away: bool = False) -> str:
    """Return a yearly pace as it is written beside its mark; one that is asked for is rounded `away` from zero."""
    return number(value, words.lang, decimals=_decimals(measure, value), signed=True, away=away)


def pace_measure(words: Wording, line: Line, measure: str) -> str:
    """Return what paces are counted in: per cent (growth), points of per cent, or the line's own unit (change)."""
    if measure == "growth":
        return "%"
    return words.text("points_of_per_cent") if line.unit == "%" else words.measure(line, priced=False)


def _decimals(measure: str, value: float) -> int:
    return 1 if measure == "growth" or abs(value) >= 10 else 2


def required_pace(peer: PeerLine) -> float:
    """Return the pace that is required, in the measure of the paces; NaN where none is."""
    pace = peer.required.growth if peer.measure == "growth" else peer.required.change
    return math.nan if pace == 0 else pace


def counted_regions(words: Wording, n: int, level: str) -> str:
    """Return so many regions of a level in words (21 cities); just regions where it has no word."""
    return words.text(f"peers_of_{level if level in LEVELS else 'any'}", n=n)


def place_said(words: Wording, peer: PeerLine, value: str) -> str:
    """Return the own figure, in words already, with its target and its place among the peers.

    Nothing where no year has figures to compare.
    """
    if peer.now is None:
        return ""
    line = words.results.lines[peer.indicator].line
    facts: dict[str, object] = {"year": peer.now.year, "value": value, "place": peer.now.place}
    facts["among"] = counted_regions(words, peer.now.of, peer.level)
    if peer.latest["attainment"].isna().all():
        return words.text("peers_place_alone", **facts)
    return words.text("peers_place", target=words.target(line), **facts)


def fastest_said(words: Wording, rate: BaseRate | None) -> str:
    """Return who was fastest, when, and how fast; nothing without windows."""
    if rate is None or rate.fastest is None:
        return ""
    region, first, last, value = rate.fastest
    return words.text("peers_window", region=words.region(region), first=first, last=last,
                      value=pace_value(words, rate.measure, value))  # fmt: skip


def left_out_said(words: Wording, peer: PeerLine) -> str:
    """Return how many regions and windows are not compared, and why; a dash where none is left out."""
    said = [words.text(f"left_out_{reason}", n=n) for reason, n in peer.left_out.items() if n]
    if peer.base_rate is not None and peer.base_rate.across_breaks:
        said.append(words.text("left_out_windows", n=peer.base_rate.across_breaks))
    return words.text("list_separator").join(said) or words.text("dash")

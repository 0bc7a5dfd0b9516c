"""A region among its peers in words: its place, the pace that it needs, and whether anybody ever moved as fast."""

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


def pace_said(words: Wording, line: Line, measure: str, value: float, *, away: bool = False) -> str:
    """Return a yearly pace as a sentence has it: a rise of 17.0 % a year."""
    size = number(abs(value), words.lang, decimals=_decimals(measure, value), away=away)
    return words.text("pace_up" if value >= 0 else "pace_down", size=size, measure=pace_measure(words, line, measure))


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


def base_rate_said(words: Wording, line: Line, rate: BaseRate, level: str) -> str:
    """Return, as a clause, the pace that is required, how many ever moved as fast, and who was fastest.

    Parameters
    ----------
    words : Wording
    line : Line
    rate : BaseRate
    level : str
        Of the regions that are compared; empty where they are of several.
    """
    key = "peers_required_since" if words.results.is_final else "peers_required"
    pace = pace_said(words, line, rate.measure, rate.required, away=True)
    said = words.text(key, n=rate.years, since=rate.until, pace=pace)
    if rate.fastest is None:
        return said + words.text("peers_no_window")
    level = "" if rate.is_elsewhere else level
    said += _reached(words, rate, level)
    if rate.later is not None and rate.later.windows:
        key = "peers_later" if rate.later.reached else "peers_later_none"
        said += words.text(key, until=rate.until, n=rate.later.windows, reached=rate.later.reached)
    return said + (words.text("peers_few") if rate.is_few else "")


def _reached(words: Wording, rate: BaseRate, level: str) -> str:
    """Return how many windows of how many regions reached the pace, and the fastest of all."""
    among, of_them = (counted_regions(words, n, level) for n in (rate.regions, rate.regions_reached))
    if rate.reached:
        said = words.text("peers_reached", n=rate.windows, among=among, reached=rate.reached, of_them=of_them)
    else:
        said = words.text("peers_never_reached", n=rate.windows, among=among)
    return said + words.text("peers_fastest", fastest=fastest_said(words, rate))


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

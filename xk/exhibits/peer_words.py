"""A region among its peers in words: its place, its pace and theirs, who is left out."""

from xk.contracts.scheme import Line
from xk.exhibits.numbers import decimals_of, number
from xk.exhibits.wording import Wording, missed_marks
from xk.pipeline.peering import PeerLine
from xk.vocab import REGION_LEVELS


def peer_value(words: Wording, peer: PeerLine, value: float) -> str:
    """Return the value of a region with the decimals of the line's own baseline and target."""
    line = words.results.lines[peer.indicator].line
    decimals = decimals_of(line.baseline_value, line.target_value, line.target_low)
    return number(value, words.lang, decimals=decimals, short_of=missed_marks(value, line))


def measured_value(words: Wording, peer: PeerLine, value: float) -> str:
    """Return the value of a region with its unit of measure."""
    measure = words.measure_labels.get(peer.unit, peer.unit)
    return words.text("with_measure", value=peer_value(words, peer, value), measure=measure)


def pace_value(words: Wording, measure: str, value: float, *, away: bool = False) -> str:
    """Return a yearly pace as it is written beside its mark; one that is asked for is rounded `away` from zero."""
    return number(value, words.lang, decimals=_decimals(measure, value), signed=True, away=away)


def pace_measure(words: Wording, line: Line, measure: str) -> str:
    """Return what paces are counted in: per cent (growth), points of per cent, or the line's own unit (change)."""
    return "%" if measure == "growth" else words.change_measure(line)


def _decimals(measure: str, value: float) -> int:
    return 1 if measure == "growth" or abs(value) >= 10 else 2


def counted_regions(words: Wording, n: int, level: str) -> str:
    """Return so many regions of a level in words (21 cities); just regions where it has no word."""
    return words.text(f"peers_of_{level if level in REGION_LEVELS else 'any'}", n=n)


def is_comparable(peer: PeerLine) -> bool:
    """Whether the figures measure what the target does."""
    return bool(peer.latest["attainment"].notna().any())


def published_said(words: Wording, peer: PeerLine) -> str:
    """Return, where a user's own figure serves and peers are compared by published ones, that they are, and both."""
    seen = words.results.paths.seen.get(peer.indicator, [])
    if not seen or not seen[-1].own or seen[-1].definition == peer.definition:
        return ""
    result = words.results.lines[peer.indicator]
    value = words.text(
        "with_measure", value=words.given(seen[-1].value), measure=words.measure(result.line, priced=False)
    )
    return words.text("peers_published", year=seen[-1].year, value=value)


def place_said(words: Wording, peer: PeerLine, value: str) -> str:
    """Return the own figure, in words already, with its target and its place among the peers.

    Nothing where no year has figures to compare.
    """
    if peer.now is None:
        return ""
    line = words.results.lines[peer.indicator].line
    facts: dict[str, object] = {"year": peer.now.year, "value": value, "place": peer.now.place}
    facts["value"] = value + published_said(words, peer)
    facts["among"] = counted_regions(words, peer.now.of, peer.level)
    if is_comparable(peer):
        return words.text("peers_place", target=words.target(line), **facts)
    return words.text("peers_place_alone", **facts)


def left_out_said(words: Wording, peer: PeerLine) -> str:
    """Return how many regions and windows are not compared, and why; a dash where none is left out."""
    said = [words.text(f"left_out_{reason}", n=n) for reason, n in peer.left_out.items() if n]
    if peer.base_rate is not None and peer.base_rate.across_breaks:
        said.append(words.text("left_out_windows", n=peer.base_rate.across_breaks))
    return words.text("list_separator").join(said) or words.text("dash")

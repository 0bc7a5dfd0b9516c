"""A region among its peers in words: its place, its pace and theirs, who is left out.

Base rates in words: a pace that is asked for, how often anybody moved as fast, and who was fastest.
"""

from collections.abc import Iterable

from xk.arithmetic.peers.base_rate import BaseRate, Pace
from xk.contracts.scheme import Line
from xk.exhibits.numbers import decimals_of, number, published_decimals
from xk.exhibits.wording import Wording
from xk.pipeline.figures import Figure
from xk.pipeline.peering import PeerLine
from xk.pipeline.result import LineResult
from xk.vocab import REGION_LEVELS, language
from xk.vocab.counting import Counted, how_many, listed


def peer_value(words: Wording, peer: PeerLine, value: float) -> str:
    """Return the value of a region with the decimals of the line's own baseline, target and latest figure compared."""
    line, seen = words.results.lines[peer.indicator].line, words.results.paths.seen.get(peer.indicator, [])
    latest = [point.value for point in seen if point.definition == peer.definition][-1:]
    printed = [round(one, published_decimals(one)) for one in latest]
    decimals = decimals_of(line.baseline_value, line.target_value, line.target_low, *printed)
    return number(value, words.lang, decimals=decimals, short_of=line.missed_marks(value))


def measured_value(words: Wording, peer: PeerLine, value: float) -> str:
    """Return the value of a region with its unit of measure; of which prices and series it is, where that matters."""
    line = words.results.lines[peer.indicator].line
    said = words.text("with_measure", value=peer_value(words, peer, value), measure=words.measure(line, priced=False))
    about = [_priced(words, line.price_base), _other_series(words, peer)]
    return said + words.bracketed(words.several(filter(None, about)))


def _priced(words: Wording, base: str) -> str:
    return words.price_base(base) if base and base != "not_stated" else ""


def _other_series(words: Wording, peer: PeerLine) -> str:
    """Return, where peers are compared by another series than the line is judged by, that they are, and its figure.

    Where the line has no figure to judge, that theirs serves no verdict.
    """
    last, result = _judged_apart(words, peer), words.results.lines[peer.indicator]
    if last is None:
        return words.text("peers_not_judged") if is_comparable(peer) and result.latest.year is None else ""
    line = result.line
    value = words.text("with_measure", value=words.given(last.value), measure=words.measure(line, priced=False))
    value += words.bracketed("" if last.comparable else _priced(words, last.price_base))
    return words.text("peers_published" if last.own else "peers_other_series", year=last.year, value=value)


def _judged_apart(words: Wording, peer: PeerLine) -> Figure | None:
    """Return the latest figure that a line is judged by where peers are compared by another series; None elsewhere."""
    seen = words.results.paths.seen.get(peer.indicator, [])
    return seen[-1] if seen and seen[-1].definition != peer.definition else None


def say_level_beside(words: Wording, peer: PeerLine) -> str:
    """Return, where peers are compared by another series than the line is judged by, the region's value by either.

    Nothing where the series is the same, or the region has no figure in one of them.
    """
    last, result = _judged_apart(words, peer), words.results.lines[peer.indicator]
    own = peer.latest[peer.latest["own"].astype(bool)]
    if last is None or own.empty or not last.comparable:
        return ""
    measure = words.measure(result.line, priced=False)
    value = words.text("with_measure", value=peer_value(words, peer, float(own["value"].iloc[-1])), measure=measure)
    judged = words.text("with_measure", value=words.given(last.value), measure=measure)
    said = {"region": words.region(peer.own_region), "share": words.share(result.distance.attainment)}
    return words.text("level_beside", value=value, judged=judged, year=last.year, **said)


def pace_value(words: Wording, measure: str, value: float, *, away: bool = False) -> str:
    """Return a yearly pace as it is written beside its mark; one that is asked for is rounded `away` from zero."""
    decimals = 1 if measure == "growth" or abs(value) >= 10 else 2
    return number(value, words.lang, decimals=decimals, signed=True, away=away)


def pace_measure(words: Wording, line: Line, measure: str) -> str:
    """Return what paces are counted in: per cent (growth), points of per cent, or the line's own unit (change)."""
    return "%" if measure == "growth" else words.change_measure(line)


def counted_regions(words: Wording, n: int, level: str) -> str:
    """Return so many regions of a level in words (21 cities); just regions where it has no word."""
    return words.text(f"peers_of_{level if level in REGION_LEVELS else 'any'}", n=n)


def is_comparable(peer: PeerLine) -> bool:
    """Whether the figures measure what the target does."""
    return bool(peer.latest["attainment"].notna().any())


def place_said(words: Wording, peer: PeerLine, value: str) -> str:
    """Return the own figure, in words already, with its target and its place among the peers.

    Nothing where no year has figures to compare.
    """
    if peer.now is None:
        return ""
    line = words.results.lines[peer.indicator].line
    facts: dict[str, object] = {"year": peer.now.year, "value": value}
    facts["place"] = words.text("peers_place_tied" if peer.now.tied else "peers_place_own", place=peer.now.place)
    facts["among"] = counted_regions(words, peer.now.of, peer.level)
    if not is_comparable(peer):  # where the value tells of another series, that says it
        return words.text("peers_place_bare" if _other_series(words, peer) else "peers_place_alone", **facts)
    return words.text("peers_place", target=words.target(line), **facts)


def left_out_said(words: Wording, peer: PeerLine) -> str:
    """Return how many regions and windows are not compared, and why; a dash where none is left out."""
    said = [words.text(f"left_out_{reason}", n=n) for reason, n in peer.left_out.items() if n]
    if peer.base_rate is not None and peer.base_rate.across_breaks:
        said.append(words.text("left_out_windows", n=peer.base_rate.across_breaks))
    return words.listed(said) or words.text("dash")


NAMED = 3
"""So many regions that reached a pace are named; more are counted."""


def needed_said(words: Wording, result: LineResult, rate: BaseRate) -> str:
    """Return the pace that is required, in which years, and how often it was reached.

    They begin with the latest figure, past the target's year with the baseline.
    """
    pace = _pace(words, result, rate, rate.required, away=True)
    year, (as_of, _) = result.line.target_year, words.results.settings.years()
    is_past = year is not None and year <= as_of
    first = int((rate.until if is_past else result.latest.year) or as_of)
    said = {"pace": pace, "first": first, "last": first + rate.years, "said": base_rate_said(words, result, rate)}
    return words.text("precedent_needed" if is_past else "precedent_needs", **said)


def pace_said(words: Wording, result: LineResult, rate: BaseRate) -> str:
    """Return a pace that is asked for or assumed, and how often it was reached."""
    return _pace(words, result, rate, rate.required, away=True) + base_rate_said(words, result, rate)


def base_rate_said(words: Wording, result: LineResult, rate: BaseRate) -> str:
    """Return, to stand behind a pace, how many windows of how many regions reached it, and which was fastest."""
    if rate.fastest is None:
        return words.text("precedent_unknown")
    few = words.text("precedent_few") if rate.is_few else ""
    return _reached(words, rate) + _fastest(words, result, rate, rate.fastest) + few + _later(words, rate)


def _reached(words: Wording, rate: BaseRate) -> str:
    return words.text(
        f"precedent_{_outcome(rate)}", n=Counted(rate.years, words.lang),
        basis=words.text("precedent_by_proxy") if rate.is_proxy else "",
        where=words.text("precedent_elsewhere" if rate.is_elsewhere else "precedent_where", among=_among(words, rate)),
        windows=rate.windows, reached=rate.reached, whose=_whose(words, rate),
    )  # fmt: skip


def _outcome(rate: BaseRate) -> str:
    """Return how the label on the windows that reached a pace ends; an only one is not counted."""
    if rate.windows == 1:
        return "only_one_did" if rate.reached else "only_one_not"
    return how_many(rate.reached, rate.windows)


def _among(words: Wording, rate: BaseRate) -> str:
    """Return the regions with a window: counted, or the name of the only one."""
    if rate.regions == 1:
        return words.region(rate.among[0]) if rate.among else ""
    if rate.is_elsewhere and rate.regions <= NAMED:
        return listed([words.region(region) for region in rate.among], words.lang)
    return counted_regions(words, rate.regions, _level(words, rate))


def _whose(words: Wording, rate: BaseRate) -> str:
    """Return the regions that reached the pace, the fastest first, in brackets; nothing where that is plain."""
    if rate.regions == 1 or rate.reached == 1:
        return ""
    names = list(dict.fromkeys(words.region(pace.region) for pace in rate.hits))
    if len(names) > NAMED or not names:
        return words.text("precedent_in", among=counted_regions(words, rate.regions_reached, _level(words, rate)))
    return words.text("precedent_only" if len(names) == 1 else "in_brackets", word=listed(names, words.lang))


def _level(words: Wording, rate: BaseRate) -> str:
    return "" if rate.is_elsewhere else words.results.group.level


def _fastest(words: Wording, result: LineResult, rate: BaseRate, fastest: Pace) -> str:
    """Return who was fastest, when and how fast; against the way that is asked for, it says so."""
    region, first, last, value = fastest
    pace = _pace(words, result, rate, value)
    if value * rate.required >= 0:
        size = words.text("with_measure", value=_size(words, result, rate, value), measure=_unit(words, result, rate))
        pace = words.text("precedent_pace", size=size)
    name = "" if rate.regions == 1 else words.region(region) + language(words.lang).space
    return words.text("precedent_fastest", region=name, first=first, last=last, pace=pace)


def _pace(words: Wording, result: LineResult, rate: BaseRate, value: float, *, away: bool = False) -> str:
    """Return a yearly pace as a sentence has it: a rise of 17.3 % a year; one asked for is rounded `away` from zero."""
    return words.text(
        "pace_up" if value >= 0 else "pace_down", size=_size(words, result, rate, value, away=away),
        measure=_unit(words, result, rate),
    )  # fmt: skip


def _unit(words: Wording, result: LineResult, rate: BaseRate) -> str:
    return pace_measure(words, result.line, rate.measure)


def _size(words: Wording, result: LineResult, rate: BaseRate, value: float, *, away: bool = False) -> str:
    """Return the size of a pace; one beside the pace asked for shows on which side of it it lies."""
    size, asked = abs(value), abs(rate.required)
    decimals = 1 if rate.measure == "growth" else words.change_decimals(asked, result)
    if value != rate.required and value * rate.required > 0 and abs(size - asked) < 10**-decimals:
        return number(size, words.lang, decimals=decimals if size > asked else decimals + 2, away=size > asked)
    return number(size, words.lang, decimals=decimals, away=away or value == rate.required)


def _later(words: Wording, rate: BaseRate) -> str:
    """Return how many of the windows that ended since reached the pace; nothing where none did end."""
    if rate.later is None or not rate.later.windows:
        return ""
    key = "precedent_later" if rate.later.reached else "precedent_later_none"
    return words.text(key, until=rate.until, windows=rate.later.windows, reached=rate.later.reached)


def count_said(words: Wording, rate: BaseRate | None) -> str:
    """Return in a few words how many windows of how many regions reached a pace; nothing without windows."""
    if rate is None or not rate.windows:
        return ""
    said = words.text("precedent_count", windows=rate.windows, reached=rate.reached)
    if rate.is_elsewhere:
        return said + words.bracketed(_among(words, rate))
    return said + (words.text("precedent_proxy") if rate.is_proxy else "")


def unprecedented(results: Iterable[LineResult]) -> list[tuple[LineResult, BaseRate]]:
    """Return the lines that need a pace that nobody reached in windows enough to tell, each with its base rate."""
    rated = ((result, result.base_rate) for result in results)
    return [(result, rate) for result, rate in rated if rate and rate.is_unprecedented and not rate.is_few]

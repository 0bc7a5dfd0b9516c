"""Peers of a region (同类地区), line by line: its place among them, and whether anybody moved as fast as it must."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from xk.arithmetic.peers.base_rate import BaseRate, Windows, base_rate, latest_paces, measure_of, paces
from xk.arithmetic.peers.region_grid import RegionGrid
from xk.arithmetic.peers.standing import Move, Standing, place_among, place_before, places_moved
from xk.arithmetic.target import Rates, Target, cap, required_rate, scale_of, score
from xk.contracts.scheme import Line, Scheme, Serving
from xk.pipeline.figures import target_of
from xk.pipeline.planning import start_of
from xk.pipeline.result import LineResult
from xk.pipeline.settings import Settings
from xk.pipeline.surroundings import Defined, PeerGroup

LEFT_OUT = ("other_definition", "other_prices", "no_figure", "no_common_year", "across_break")
"""Why a peer is not compared: its figures measure something else, or in other prices; it has none; none of the year in
which the others are ranked; none but across a break of its series."""


@dataclass(frozen=True)
class PeerLine:
    """One line of a region among its peers.

    Attributes
    ----------
    indicator, definition, unit : str
    own_region, level : str
        The region, and what it and its peers are (prefecture, county, ...).
    is_proxy : bool
        Whether the definition is another coverage of what the line measures.
    latest : DataFrame
        region, year, value, pace (see `latest_paces`), attainment (in per cent; NaN where the definition is a proxy,
        whose level is not the line's), own.
    required : Rates
        The pace that is required of the region.
    measure : str
        growth or change: what paces are measured in.
    now, then : Standing or None
        Place in the latest common year, and some years before.
    moved : Move or None
        From then to now, among the regions with a figure of both years.
    base_rate : BaseRate or None
    left_out : dict
        Reason (LEFT_OUT) -> number of peers, each counted once.
    """

    indicator: str
    definition: str
    unit: str
    own_region: str
    latest: pd.DataFrame = field(repr=False)
    required: Rates
    measure: str
    now: Standing | None
    then: Standing | None
    base_rate: BaseRate | None
    left_out: Mapping[str, int]
    level: str
    is_proxy: bool = False
    moved: Move | None = None


def build_rated_lines(
    scheme: Scheme, lines: Mapping[str, LineResult], group: PeerGroup, settings: Settings
) -> dict[str, LineResult]:
    """Return the results with their base rates: of the pace that is required, and of the one that a scenario assumes.

    Windows end by the last known year. Where the target's year is past, the pace is that required in the baseline's
    year, windows end by then, and those that ended since stand apart (`BaseRate.later`).
    """
    as_of, _ = settings.years()
    found = dict(lines)
    for line in scheme.plain_lines():
        result = lines[line.indicator]
        asked, until = _asked(scheme, result, group, settings)
        rate = rate_pace(scheme, line, group, asked, until=until)
        if rate is not None and until < as_of:
            rate = _with_later(rate, line, group, asked, as_of)
        assumed = rate_pace(scheme, line, group, _assumed(result), until=as_of)
        found[line.indicator] = replace(result, base_rate=rate, assumed_rate=assumed)
    return found


def _assumed(result: LineResult) -> Rates:
    """Return the pace up to the target year that a scenario assumes; none where it sets no path."""
    latest, ahead, year = result.latest, result.outlook.value, result.line.target_year
    if result.trend.assumed is None or latest.year is None:
        return Rates()
    way = "positive" if ahead > latest.value else "inverse"
    return required_rate(latest.year, latest.value, Target(way, ahead, year=year))


def rate_pace(scheme: Scheme, line: Line, group: PeerGroup, asked: Rates, *, until: int) -> BaseRate | None:
    """Return how often a pace of one line was reached by windows up to a year; None where no pace is asked for.

    Windows are of the region and its peers, by the first definition that has any: the line's own, then proxies. Where
    none has, those of all other regions, by the definition with most windows. Definitions are never pooled.
    """
    rates = [
        replace(rate, definition=one.name, is_proxy=_is_proxy(scheme, line, one))
        for one in _candidates(scheme, line, group, until)
        if (rate := _rate(one.grid.of(group.all), line, asked, until)) is not None
    ]
    known = [rate for rate in rates if rate.windows]
    if not known:
        rates = [
            replace(rate, definition=one.name, is_elsewhere=True)
            for one in _measuring(line, group)
            if (rate := _rate(one.grid, line, asked, until)) is not None
        ]
        known = sorted((rate for rate in rates if rate.windows), key=lambda rate: -rate.windows)
    if known:
        return replace(known[0], other_definitions=sum(rate.windows for rate in known[1:]))
    return _rate(NO_REGIONS, line, asked, until)


def windows_of(
    scheme: Scheme, line: Line, group: PeerGroup, *, years: int, until: int, measure: str = ""
) -> tuple[Windows | None, str]:
    """Return the windows that a pace of a line over so many years is held against, and what their paces are in.

    Those that `rate_pace` counts by: of the region and its peers, else of all other regions; None where none has any.
    `measure`: growth or change, in place of the line's own.
    """
    of = measure or _measure(line)
    among = [one.grid.of(group.all) for one in _candidates(scheme, line, group, until)]
    near = [paces(grid.until(until), years=years, measure=of) for grid in among]
    far = [paces(one.grid.until(until), years=years, measure=of) for one in _measuring(line, group)]
    found = next((one for one in near if len(one.pace)), None) or max(far, key=lambda one: len(one.pace), default=None)
    return found, of


NO_REGIONS = RegionGrid((), 0, np.empty((0, 0)), np.empty((0, 0), dtype=np.int64))


def _rate(grid: RegionGrid, line: Line, asked: Rates, until: int, since: int | None = None) -> BaseRate | None:
    return base_rate(grid, asked, measure=_measure(line), until=until, since=since)


def _measure(line: Line) -> str:
    return measure_of(scale_of(line.unit, line.upper_bound), line.price_base)


def _with_later(rate: BaseRate, line: Line, group: PeerGroup, asked: Rates, as_of: int) -> BaseRate:
    one = next(_named(_measuring(line, group), [rate.definition]), None)
    if one is None or rate.until is None:
        return rate
    grid = one.grid if rate.is_elsewhere else one.grid.of(group.all)
    return replace(rate, later=_rate(grid, line, asked, as_of, rate.until + 1))


def _asked(scheme: Scheme, result: LineResult, group: PeerGroup, settings: Settings) -> tuple[Rates, int]:
    """Return the pace that is required, and the last year of the windows that it is held against."""
    line, (as_of, _) = result.line, settings.years()
    target = target_of(line)
    if target.due is None or as_of < target.due:
        return result.distance.required, as_of
    if line.baseline_year is None or not target.known:
        return Rates(), as_of
    year = line.baseline_year
    own = (one.grid.value(group.region, year) for one in _serving(scheme, line, group, year))
    barred = line.baseline_value if line.comparable == "no" else np.nan
    start = next((value for value in own if value is not None and not np.isclose(value, barred)), None)
    known = start_of(line, []) if start is None else (year, start)
    return (Rates(), as_of) if known is None else (required_rate(*known, target), year)


def _measuring(line: Line, group: PeerGroup) -> list[Defined]:
    """Return the definitions of a line in its unit and prices."""
    return [one for one in group.definitions.get(line.indicator, []) if one.measures(line)]


def _named(defined: Iterable[Defined], names: Iterable[str]) -> Iterator[Defined]:
    known = {one.name: one for one in defined}
    return (known[name] for name in names if name in known)


def _serving(scheme: Scheme, line: Line, group: PeerGroup, year: int) -> list[Defined]:
    """Return the definitions that may give the level, those first by which the region has a figure of a year."""
    able, served = _measuring(line, group), scheme.served_by.get(line.indicator, Serving())
    named = [*_named(able, served.level)] or [one for one in able if one.grade == "A" and one.name not in served.proxy]
    return sorted(named, key=lambda one: one.grid.value(group.region, year) is None)


def _is_proxy(scheme: Scheme, line: Line, one: Defined) -> bool:
    return one.name in scheme.served_by.get(line.indicator, Serving()).proxy


def _candidates(scheme: Scheme, line: Line, group: PeerGroup, year: int) -> list[Defined]:
    """Return the definitions to compare by, the first that serve first: level, trend, proxy, then all others."""
    able, served = _measuring(line, group), scheme.served_by.get(line.indicator, Serving())
    found = [*_serving(scheme, line, group, year), *_named(able, (*served.trend, *served.proxy)), *able]
    return list({one.name: one for one in found}.values())


def build_peer_lines(
    scheme: Scheme, lines: Mapping[str, LineResult], group: PeerGroup, settings: Settings
) -> dict[str, PeerLine]:
    """Return indicator -> the line among peers, for the lines of which two of them have comparable figures.

    It is by the first definition that serves and gives the region a place, else the first that two have.
    """
    as_of, _ = settings.years()
    found = {}
    for line in scheme.plain_lines():
        defined = _candidates(scheme, line, group, as_of)
        able = [one for one in defined if len(one.grid.of(group.all).until(as_of).known) > 1]
        if able:
            one = next((one for one in able if _has_place(one, line, group, as_of)), able[0])
            result, is_proxy = lines[line.indicator], _is_proxy(scheme, line, one)
            asked, _ = _asked(scheme, result, group, settings)
            peer = _peer_line(line, one, group, as_of=as_of, is_proxy=is_proxy)
            peer = replace(peer, required=asked, base_rate=result.base_rate)
            found[line.indicator] = replace(peer, left_out=_left_out(line, peer, one, group, as_of=as_of))
    return found


def _has_place(one: Defined, line: Line, group: PeerGroup, as_of: int) -> bool:
    return place_among(one.grid.of(group.all), group.region, target=target_of(line), until=as_of) is not None


def _peer_line(line: Line, one: Defined, group: PeerGroup, *, as_of: int, is_proxy: bool) -> PeerLine:
    """Return one line among peers, but for what is required."""
    grid, target, measure = one.grid.of(group.all).until(as_of), target_of(line), _measure(line)
    grid = grid.of(grid.known)
    years, values, pace = latest_paces(grid, measure=measure)
    is_scored = target.known and not is_proxy
    latest = pd.DataFrame({
        "region": pd.Series(grid.regions, dtype="str"), "year": years, "value": values, "pace": pace,
        "attainment": cap(score(values, target)) if is_scored else np.full(len(values), np.nan),
        "own": np.array([region == group.region for region in grid.regions], dtype=bool),
    })  # fmt: skip
    now = place_among(grid, group.region, target=target, until=as_of)
    then = None if now is None else place_before(grid, group.region, now, target=target)
    moved = None if now is None or then is None else places_moved(grid, group.region, now, then, target=target)
    return PeerLine(
        line.indicator, one.name, one.unit, group.region, latest, Rates(), measure, now, then, None, {},
        group.level, is_proxy, moved,
    )  # fmt: skip


def _left_out(line: Line, peer: PeerLine, one: Defined, group: PeerGroup, *, as_of: int) -> dict[str, int]:
    """Return how many peers are not compared, by the first reason that holds; a reason that none has is not there."""
    grid, others = one.grid.of(group.all).until(as_of), group.definitions[line.indicator]
    seen = set(grid.known)
    ranked = set() if peer.now is None else set(grid.known_in(peer.now.year))
    same, rest = (
        {r for other in others if other.measures(line) == able for r in other.grid.until(as_of).known}
        for able in (True, False)
    )
    broken = _only_across_breaks(grid, peer.required.years, peer.measure)

    def reason_of(region: str) -> str:
        if region not in seen:
            return "other_definition" if region in same else "other_prices" if region in rest else "no_figure"
        return "no_common_year" if region not in ranked else "across_break" if region in broken else ""

    reasons = [reason_of(region) for region in group.peers]
    return {reason: count for reason in LEFT_OUT if (count := reasons.count(reason))}


def _only_across_breaks(grid: RegionGrid, years: int, measure: str) -> set[str]:
    """Return the regions whose windows of so many years all lie across a break."""
    if not years:
        return set()
    joined = replace(grid, segments=np.zeros_like(grid.segments))
    every, kept = (np.unique(paces(one, years=years, measure=measure).rows) for one in (joined, grid))
    return {grid.regions[row] for row in np.setdiff1d(every, kept)}

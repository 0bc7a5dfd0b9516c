"""What regions lend each other under a scheme, and the path that a line borrows, with its interval and odds.

Where the trend of each line comes from: the region's own figures, or those that it borrows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from xk.arithmetic.peers.borrowing import OWN, PEERS, Borrowing, BorrowingTable, calibrate
from xk.arithmetic.peers.donors import Donors
from xk.arithmetic.peers.misses import FEWEST_PEERS
from xk.arithmetic.peers.transfer import Transfer, transfer_of
from xk.contracts.borrow_rules import NOBODY
from xk.contracts.scheme import Line, Scheme, Serving
from xk.pipeline.figures import MIN_SERIES_POINTS, NO_SERVING, Chosen, Figure, Figures, target_of
from xk.pipeline.result import NONE, Step, Trend
from xk.pipeline.settings import Settings
from xk.pipeline.spread import Spread, goals_of
from xk.pipeline.surroundings import PeerGroup, Surroundings

Names = frozenset[str]
Lines = tuple[tuple[str, str, str, Transfer], ...]
"""Indicator, unit, price base and scale of each line."""
Lenders = tuple[Sequence[str], Sequence[str]]
"""Regions above one's own, and those that are named."""
Choices = Mapping[tuple[str, str], Chosen]


def transfer_for(line: Line) -> Transfer:
    """Return the scale on which trends of a line are carried over."""
    return transfer_of(line.unit, lower=line.lower_bound, upper=line.upper_bound)


class Lent(NamedTuple):
    """What a line borrows: its trend, the path, and how far that may err (None where nothing tells)."""

    trend: Trend
    path: list[Step]
    spread: Spread | None = None


@dataclass(frozen=True, eq=False)
class Lending:
    """Who may lend a region its trends, and how far that goes wrong.

    Attributes
    ----------
    region, parent : str
        The region that borrows; that of its peers.
    as_of : int
        The last year that counts as known.
    table : BorrowingTable or None
        None where no region has a figure.
    definitions : dict
        Indicator -> definitions of the line itself, by which its peers lend.
    above : tuple of str
        The regions above it, nearest first.
    own : Donors or None
        The region's own figures where it is none of those that lend in the table.
    """

    region: str
    parent: str
    as_of: int
    table: BorrowingTable | None
    definitions: dict[str, tuple[str, ...]]
    above: tuple[str, ...] = ()
    own: Donors | None = None

    def until(self, year: int) -> Lending:
        """Return what was known in an earlier year."""
        table = None if self.table is None else self.table.until(year)
        return replace(self, as_of=year, table=table, own=None if self.own is None else self.own.until(year))

    def fails(self, definition: str, *, donor: str = OWN) -> bool:
        """Whether a proxy does no better than no change, as far as enough regions tell."""
        if self.table is None or definition not in self.table.donors.definitions:
            return False
        skill = self.table.skill(definition, donor=donor)
        return skill.regions >= FEWEST_PEERS and not skill.better

    def peers_for(self, line: Line, last: Figure, proxies: Sequence[str]) -> Trend | None:
        """Return the trend that the peers lend a line from its last figure; None where too few of them can.

        They lend by their figures of the line itself, or by those of a proxy that does better so than no change.
        """
        able = [name for name in proxies if not self.fails(name, donor=PEERS)]
        for definition in (*self.definitions.get(line.indicator, ()), *able):
            lent = self.borrow(last, definition, PEERS)
            if lent is not None and len(lent.lenders) >= FEWEST_PEERS:
                peers, proxy = len(lent.lenders), definition in able
                return Trend("borrowed", self.parent, proxy=proxy, definition=definition, peers=peers)
        return None

    def borrow(self, last: Figure, definition: str, donor: str) -> Borrowing | None:
        """Return what is lent from a figure on, None where nothing is."""
        if self.table is None or definition not in self.table.donors.definitions:
            return None
        if donor not in (PEERS, OWN, *self.table.donors.regions):
            return None
        lent = self.table.borrow(self.region, definition, (last.year, last.value), donor=donor, own=self.own)
        return None if np.isnan(lent.path).all() else lent

    def path(self, line: Line, last: Figure, trend: Trend, *, settings: Settings) -> Lent:
        """Return a borrowed trend, with what speaks against judging by it, and its path; no path where there is none.

        There is no verdict where nothing tells how far borrowing goes wrong (``untested``), or where the two rules by
        which a trend is carried over disagree about the target (``apart``).
        """
        donor = PEERS if trend.peers else OWN if trend.proxy else trend.region
        lent = self.borrow(last, trend.definition, donor)
        if lent is None:
            return Lent(replace(trend, kind="none"), [])
        target = target_of(line)
        untested = lent.projection is None
        doubt = "untested" if untested else "apart" if target.known and not lent.agrees(target) else ""
        spread = None if lent.projection is None else Spread(lent.projection, transfer=lent.transfer)
        return Lent(replace(trend, doubt=doubt, method=settings.method), _steps(line, lent, settings), spread)


def at_level(line: Line, points: list[Figure], judged: list[Figure], ahead: Sequence[Step] = ()) -> list[Figure]:
    """Return the figures of a series for the trend brought to the level of those that are judged, in their last year.

    As trends are borrowed: levels by a factor, shares by a shift of the logit (see `Transfer.bring`). `ahead`: the path
    of the series, for a last year that it has no figure of.
    """
    last, known = judged[-1], {one.year: one.value for one in ahead} | {one.year: one.value for one in points}
    values = transfer_for(line).bring(last.value, known[last.year], np.array([point.value for point in points]))
    return [point._replace(value=value) for point, value in zip(points, values.tolist(), strict=True)]


def _steps(line: Line, lent: Borrowing, settings: Settings) -> list[Step]:
    known = ~np.isnan(lent.path)
    ends = [end[known] for level in settings.levels for end in lent.interval(level)]
    odds = _odds(line, lent)
    cells = zip(lent.years[known].tolist(), lent.path[known].tolist(), *(end.tolist() for end in ends), strict=True)
    path = []
    for year, value, *around in cells:
        interval = {name: end for name, end in zip(settings.ends(), around, strict=True) if not math.isnan(end)}
        met = odds if year == line.target_year else NONE
        path.append(Step(year, value, "borrowed", settings.method, interval, met))
    return path


def _odds(line: Line, lent: Borrowing) -> dict[str, float]:
    known = target_of(line).known
    return {name: lent.probability(goal) for name, goal in goals_of(line).items()} if known else {}


def build_lending(
    scheme: Scheme, around: Surroundings, region: str, others: Lenders, *, years: tuple[int, int], method: str
) -> Lending:
    """Return who may lend a region its trends under a scheme.

    Parameters
    ----------
    scheme : Scheme
    around : Surroundings
        Figures of all regions.
    region : str
    others : pair of sequences of str
        Further regions that may lend: those above it, nearest first, and those that a scheme or scenario names.
    years : (as_of, to)
        Last known year, and last year of the paths.
    method : str
        Projection method.
    """
    group = around.group(region)
    lines = tuple((line.indicator, line.unit, line.price_base, transfer_for(line)) for line in scheme.plain_lines())
    above, named = others
    lenders = group.lenders
    table = _table(around, lines, lenders, frozenset([*above, *named]), years, method)
    alone = None if region in lenders else _table(around, lines, frozenset([region]), frozenset(), years, method)
    return Lending(
        region, group.parent, years[0], table, _own_definitions(scheme, group), tuple(above),
        own=None if alone is None else alone.donors,
    )  # fmt: skip


@lru_cache(maxsize=8)
def _table(
    around: Surroundings, lines: Lines, group: Names, others: Names, years: tuple[int, int], method: str
) -> BorrowingTable | None:
    """Return what a group of peers, and others, lend each other; all that borrow from it have it from here."""
    frames, transfers = [], {}
    for indicator, unit, price_base, transfer in lines:
        for one in around.definitions.get(indicator, []):
            grid = one.grid.of(group | others).until(years[0])
            if (one.unit, one.price_base) == (unit, price_base) and grid.known:
                frames.append(grid.frame.assign(definition=one.name))
                transfers[one.name] = transfer
    if not frames:
        return None
    figures, horizon = pd.concat(frames, ignore_index=True), years[1] - years[0]
    return calibrate(figures, transfers, peers=group, as_of=years[0], horizon=horizon, method=method)


def _own_definitions(scheme: Scheme, group: PeerGroup) -> dict[str, tuple[str, ...]]:
    """Return indicator -> the definitions that are the line's own: those named to serve, else those of grade A."""
    found = {}
    for line in scheme.plain_lines():
        served = scheme.served_by.get(line.indicator, Serving())
        able = [one for one in group.definitions.get(line.indicator, []) if one.measures(line)]
        names = [one.name for one in able if one.grade == "A" and one.name not in served.proxy]
        found[line.indicator] = tuple(dict.fromkeys([*served.level, *served.trend, *names]))
    return found


OWN_POINTS = 3
REFERENCE_MAX_AGE = 2


def build_trends(
    scheme: Scheme, by_series: Figures, chosen: Choices, *, judged: Figures, donors: Mapping[str, str], lending: Lending
) -> dict[str, Trend]:
    """Return for every observed indicator where its trend comes from.

    Of a region's own series the first that serves: one of a user's figures with five points, that of the level or what
    the scheme names with three, one of a user's figures with three. Without any the region borrows: from another series
    of itself (a proxy, unless it is known to do no better than no change), then from its peers, then from the nearest
    region above it. `donors`: indicator -> the one region that may lend, or ``none``, where one is named.
    """
    trends = {}
    for name, points in judged.items():
        one, last = chosen[lending.region, name], points[-1]
        own = _own_series(one, points, by_series, lending)
        if own:
            trends[name] = Trend("own") if own == points else Trend("own", lending.region, own[-1].series)
        else:
            donor = donors.get(name)
            lenders = [donor] if donor else [lending.region, *lending.above]
            able = {region: _series_of(chosen.get((region, name)), by_series, lending) for region in lenders}
            proxies = scheme.served_by.get(name, NO_SERVING).proxy
            lent = next(_candidates(scheme.lines[name], last, able, proxies=proxies, lending=lending), None)
            alone = Trend("own") if len(points) > 1 else Trend(doubt="barred" if donor == NOBODY else "")
            trends[name] = lent or alone
    return trends


def _own_series(one: Chosen, points: list[Figure], by_series: Figures, lending: Lending) -> list[Figure]:
    """Return the figures of a region's own that a trend is taken from; none where it must borrow.

    Other series than that of the level count where they are recent. A user's own figures that do not give the level
    come last; a published series of another year than the level's counts only beside a user's own level.
    """
    served, last = one.published or one, points[-1]
    own = [points if name == last.series else by_series.get(name, []) for name in one.own]
    named = by_series.get(served.trend or "", []) if served.named and served.trend != served.level else []
    same = one.published is not None or any(point.year == last.year for point in named)
    published = [points if served is one else by_series.get(served.level, []), named if same else []]
    leads = one.published is not None or last.series in one.own
    long = [series for series in own if leads and len(series) >= MIN_SERIES_POINTS]
    able = (some for some in (*long, *published, *own) if some == points or _lends(some, lending.as_of))
    return next((some for some in able if len(some) >= OWN_POINTS and _meets_level(some, last.year)), [])


def _meets_level(points: Sequence[Figure], year: int) -> bool:
    """Whether a series can be brought to a level of that year: by its figure of it, or its path from before."""
    return points[-1].year < year or any(point.year == year for point in points)


def _series_of(one: Chosen | None, by_series: Figures, lending: Lending) -> list[Figure]:
    """Return the figures of the series by which a region lends: its trend; of the region that borrows a proxy first."""
    if one is None:
        return []
    names = [*one.proxies, one.trend] if one.proxies else [one.trend]
    able = (by_series.get(name or "", []) for name in names if name != one.level or not one.proxies)
    return next((points for points in able if _lends(points, lending.as_of)), [])


def _candidates(
    line: Line, last: Figure, able: Mapping[str, list[Figure]], *, proxies: Sequence[str], lending: Lending
) -> Iterator[Trend]:
    """Return the trends that a line may borrow, the first choice first; `able`: region -> series by which it lends."""
    own = able.get(lending.region, [])
    if own and own[-1].series != last.series and not lending.fails(own[-1].definition):
        yield Trend("borrowed", lending.region, own[-1].series, proxy=True, definition=own[-1].definition)
    if lending.region in able and (peers := lending.peers_for(line, last, proxies)) is not None:
        yield peers
    for region, points in able.items():
        if points and region != lending.region:
            yield Trend("borrowed", region, points[-1].series, definition=points[-1].definition)


def _lends(points: Sequence[Figure], as_of: int) -> bool:
    """Whether a series is long and recent enough to lend its trend."""
    return len(points) >= OWN_POINTS and points[-1].year >= as_of - REFERENCE_MAX_AGE

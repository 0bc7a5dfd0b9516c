"""What regions lend each other under a scheme, and the path that a line borrows, with its interval and odds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from xk.arithmetic.peers.borrowing import OWN, PEERS, Borrowing, BorrowingTable, calibrate
from xk.arithmetic.peers.misses import FEWEST_PEERS
from xk.arithmetic.peers.transfer import Transfer, transfer_of
from xk.contracts.scheme import Line, Scheme, Serving
from xk.pipeline.figures import Figure
from xk.pipeline.peering import PeerGroup, Surroundings
from xk.pipeline.result import NONE, Step, Trend
from xk.pipeline.settings import Settings
from xk.pipeline.spread import Spread, goals_of
from xk.pipeline.targets import target_of


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
    """

    region: str
    parent: str
    as_of: int
    table: BorrowingTable | None
    definitions: dict[str, tuple[str, ...]]
    above: tuple[str, ...] = ()

    def until(self, year: int) -> Lending:
        """Return what was known in an earlier year."""
        return replace(self, as_of=year, table=None if self.table is None else self.table.until(year))

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
        lent = self.table.borrow(self.region, definition, (last.year, last.value), donor=donor)
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
    scheme: Scheme,
    around: Surroundings,
    region: str,
    others: tuple[Sequence[str], Sequence[str]],
    *,
    years: tuple[int, int],
    method: str,
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
    table = _table(around, lines, frozenset(group.all), frozenset([*above, *named]), years, method)
    return Lending(region, group.parent, years[0], table, _own_definitions(scheme, group), tuple(above))


@lru_cache(maxsize=8)
def _table(
    around: Surroundings,
    lines: tuple[tuple[str, str, str, Transfer], ...],
    group: frozenset[str],
    others: frozenset[str],
    years: tuple[int, int],
    method: str,
) -> BorrowingTable | None:
    """Return what a group of peers, and others, lend each other; all of its regions have it from here."""
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

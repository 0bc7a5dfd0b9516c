"""How well borrowing would have served a region's peers, which proxies lend, and who lends to the region now."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from xk.arithmetic.calibration import OddsClass
from xk.arithmetic.peers.borrowing import OWN, PEERS, BorrowingTable, Skill
from xk.arithmetic.peers.misses import FEWEST_PEERS
from xk.arithmetic.peers.served import COLUMNS, STATED, score_borrowing
from xk.contracts.records import Record
from xk.contracts.scheme import Serving
from xk.pipeline import Results
from xk.pipeline.result import Trend
from xk.pipeline.surroundings import Surroundings

AHEAD = 4
UNTOLD = Skill(math.nan, math.nan, 0, 0)
EMPTY = pd.DataFrame({"indicator": [], "definition": [], "ahead": [], "after": []})


class ProxyCheck(NamedTuple):
    """A proxy of a line, and how well it served the peers: each by its own series of it, or by those of the others."""

    indicator: str
    definition: str
    own: Skill
    peers: Skill

    @property
    def verdict(self) -> str:
        """Whether it may lend: ``used``, ``failed`` (no better than no change) or ``untold`` (fewer than 8 regions)."""
        if self.own.better or self.peers.better:
            return "used"
        return "failed" if max(self.own.regions, self.peers.regions) >= FEWEST_PEERS else "untold"


@dataclass(frozen=True)
class LendingReview:
    """The errors that the intervals of borrowed trends rest on, and what came of them.

    Attributes
    ----------
    region, parent, level : str
        The region; what its peers are, and the region that they lie in.
    as_of, peers : int
        Last known year; regions of the group that lend (see `PeerGroup.lenders`).
    cases : DataFrame
        As `score_borrowing` gives them, with indicator.
    counts : list of mappings
        What they come to by years ahead, then by line and years ahead (see `count_by_year`, `count_by_line`).
    reliability : tuple of OddsClass
        What was stated of borrowed trends, and what came of it (see `odds_classes`).
    proxies : list of ProxyCheck
        Those that the scheme names and any region has figures of, in the scheme's order.
    trends : dict
        Indicator -> trend, of the lines that borrow.
    """

    region: str
    parent: str
    level: str
    as_of: int
    peers: int
    cases: pd.DataFrame = field(repr=False)
    counts: list[Record] = field(repr=False)
    reliability: tuple[OddsClass, ...] = field(repr=False)
    proxies: list[ProxyCheck]
    trends: Mapping[str, Trend]

    def part(self, *, after: bool) -> pd.DataFrame:
        """Return the cases whose outcome was known by the last known year, or those that came after it."""
        return self.cases[self.cases["after"].astype(bool) == after]


def odds_classes(cases: pd.DataFrame) -> tuple[OddsClass, ...]:
    """Return what was stated of borrowed trends, at five odds, and what came; those of one series count as one."""
    told = cases if len(cases) else pd.DataFrame(columns=COLUMNS)
    series = told["definition"] + " " + told["region"]
    classes = []
    for odds in STATED:
        known = told[f"below{odds}"].notna()
        came, apart = told.loc[known, f"below{odds}"], series[known].nunique()
        ends = (odds - 10) / 100, (odds + 10) / 100
        stated = odds / 100 if len(came) else math.nan
        classes.append(OddsClass(*ends, len(came), int(came.sum()), apart, stated))
    return tuple(classes)


def count_served(cases: pd.DataFrame) -> dict[str, float]:
    """Return how many cases there are, the share in per cent that each interval held, and the error over no change's.

    Shares and error are NaN where there is none; so is the error where nothing changed.
    """
    shares = {name: 100.0 * float(cases[name].astype(float).mean()) for name in ("in80", "in95")}
    still = float(cases["still"].sum())
    return {"cases": len(cases), **shares, "ratio": float(cases["error"].sum()) / still if still else float("nan")}


def count_by_year(cases: pd.DataFrame) -> list[Record]:
    """Return for each number of years ahead the counts of what was known (``known``) and of what came ``later``."""
    after = cases["after"].astype(bool)
    return [
        {"ahead": year, "known": count_served(cases[~after & at]), "later": count_served(cases[after & at])}
        for year in sorted(cases["ahead"].unique().tolist())
        for at in [cases["ahead"] == year]
    ]


def count_by_line(cases: pd.DataFrame, indicators: Iterable[str]) -> list[Record]:
    """Return the same by indicator, in the order of `indicators`, and definition."""
    place = {name: order for order, name in enumerate(indicators)}
    pairs = cases[["indicator", "definition"]].drop_duplicates().itertuples(index=False, name=None)
    return [
        {"indicator": indicator, "definition": definition, **row}
        for indicator, definition in sorted(pairs, key=lambda pair: (place[pair[0]], pair[1]))
        for row in count_by_year(cases[cases["definition"] == definition])
    ]


def build_lending_review(results: Results, around: Surroundings) -> LendingReview:
    """Return the review of what a region's results borrow, by the table that they borrow from.

    Parameters
    ----------
    results : Results
    around : Surroundings
        Figures of all regions, with those after the last known year.
    """
    group, lending, as_of = results.group, results.paths.lending, results.settings.years()[0]
    table = None if lending is None or lending.table is None else _told(lending.table)
    asked = group.lenders, as_of, tuple(results.scheme.lines)
    served = (EMPTY, [], odds_classes(EMPTY)) if table is None else _served(table, around, *asked)
    trends = {name: trend for name, trend in results.paths.trends.items() if trend.kind == "borrowed"}
    proxies = [] if table is None else list(_proxies(results, table))
    return LendingReview(group.region, group.parent, group.level, as_of, len(group.lenders), *served, proxies, trends)


# the definitions that peers tell of: a fraction of a table, and all that there is to review
_told = lru_cache(maxsize=8)(BorrowingTable.told)


@lru_cache(maxsize=8)
def _served(
    table: BorrowingTable, around: Surroundings, group: frozenset[str], as_of: int, lines: tuple[str, ...]
) -> tuple[pd.DataFrame, list[Record], tuple[OddsClass, ...]]:
    """Return the cases of a table, their counts and classes; all regions of the group have them from here."""
    figures = around.observations
    later = figures["region"].isin(group) & (figures["year"] > as_of) & (figures["year"] <= as_of + AHEAD)
    kept = later & figures["definition"].isin(table.donors.definitions) & figures["value"].notna()
    later_figures = figures.loc[kept, ["definition", "region", "year", "value", "segment"]]
    cases = score_borrowing(table, later_figures, ahead=AHEAD)
    owner = {one.name: name for name, defined in around.definitions.items() for one in defined}
    cases = cases.assign(indicator=cases["definition"].map(owner))
    return cases, [*count_by_year(cases), *count_by_line(cases, lines)], odds_classes(cases)


def _proxies(results: Results, table: BorrowingTable) -> Iterator[ProxyCheck]:
    """Return the checks of the proxies that any region has in the unit and prices of their line."""
    for line in results.scheme.plain_lines():
        served = results.scheme.served_by.get(line.indicator, Serving())
        known = {one.name for one in results.group.definitions.get(line.indicator, []) if one.measures(line)}
        for name in (one for one in served.proxy if one in known):
            told = name in table.donors.definitions
            skills = (table.skill(name, donor=donor) if told else UNTOLD for donor in (OWN, PEERS))
            yield ProxyCheck(line.indicator, name, *skills)

"""What was observed in all regions, by definition, and which regions are peers of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from xk.arithmetic.peers.region_grid import CELLS, RegionGrid, lay_out
from xk.contracts.records import text_of
from xk.contracts.scheme import Line


class Defined(NamedTuple):
    """A definition of an indicator, with the figures of all regions that have any."""

    name: str
    grade: str
    unit: str
    price_base: str
    grid: RegionGrid

    def measures(self, line: Line) -> bool:
        """Whether its figures are in the unit and prices of a line."""
        return (self.unit, self.price_base) == (line.unit, line.price_base)


# indicator -> its definitions, the plan's own before proxies, of these those of most regions first
Definitions = Mapping[str, list[Defined]]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What was observed in all regions, laid out once for whoever asks.

    Attributes
    ----------
    observations : DataFrame
        region, indicator, year, value, unit, price_base, grade, definition, segment; one vintage.
    regions : DataFrame
        region, level, parent; without levels all regions of one parent are peers.
    """

    observations: pd.DataFrame = field(repr=False)
    regions: pd.DataFrame = field(repr=False)

    @cached_property
    def definitions(self) -> dict[str, list[Defined]]:
        """The figures by indicator and definition (see `build_definitions`)."""
        return build_definitions(self.observations)

    def figures_in(self, regions: Iterable[str], columns: list[str] | None = None) -> pd.DataFrame:
        """Return the observations of some regions, or some columns of them, without a search through those of all."""
        places = [self._places[region] for region in set(regions) if region in self._places]
        shown = self.observations if columns is None else self.observations[columns]
        return shown.iloc[np.sort(np.concatenate(places)) if places else []]

    @cached_property
    def _places(self) -> dict[str, np.ndarray]:
        return {str(region): np.asarray(rows) for region, rows in self.observations.groupby("region").indices.items()}

    def group(self, region: str) -> PeerGroup:
        """Return a region with its peers: those of the same level and parent."""
        kinds = self.kinds
        peers = tuple(other for other, kind in kinds.items() if kind == kinds[region] and other != region)
        return PeerGroup(region, *kinds[region], peers, self.definitions, self)

    def origins(self, region: str) -> pd.DataFrame:
        """Return where the figures of a region's peers come from: of what differs in region and value alone, one."""
        known = _origins_in(self, *self.kinds[region])
        return known[known["region"] != region].drop_duplicates(ORIGIN[:-1])

    @cached_property
    def kinds(self) -> dict[str, tuple[str, str]]:
        """Region -> level and parent, by which it has its peers."""
        rows = self.regions.reindex(columns=["region", "level", "parent"]).itertuples(index=False, name=None)
        return {name: (text_of(level), text_of(parent)) for name, level, parent in rows}


ORIGIN = ["indicator", "definition", "year", "source_id", "vintage", "grade", "series"]
"""Columns that say where a figure comes from; the last is the name of a series that has others of the same origin."""


@lru_cache(maxsize=8)
def _origins_in(around: Surroundings, level: str, parent: str) -> pd.DataFrame:
    """Return the origins of the figures of a group, of each the two that its first regions have: one is a peer's."""
    group = [name for name, kind in around.kinds.items() if kind == (level, parent)]
    apart = around.figures_in(group, [*ORIGIN, "region"]).drop_duplicates([*ORIGIN[:-1], "region"])
    return apart[apart.groupby(ORIGIN[:-1], dropna=False).cumcount() < 2]


MOST_LENDERS = 200
"""Regions of a group that lend their trends; more would tell the same of each other, and cost each of them time."""


@dataclass(frozen=True, eq=False)
class PeerGroup:
    """A region, its peers, and the figures of all regions by definition."""

    region: str
    level: str
    parent: str
    peers: tuple[str, ...]
    definitions: Definitions = field(repr=False)
    around: Surroundings = field(repr=False)

    @property
    def all(self) -> tuple[str, ...]:
        """The region and its peers."""
        return self.region, *self.peers

    @property
    def lenders(self) -> frozenset[str]:
        """Those of them that lend, the same for all: `MOST_LENDERS` at most, evenly by name."""
        names = sorted(self.all)
        count = min(len(names), MOST_LENDERS)
        return frozenset(names[place * len(names) // count] for place in range(count))


def build_definitions(observations: pd.DataFrame) -> dict[str, list[Defined]]:
    """Return indicator -> its definitions with the figures of all regions, each for itself (see `Surroundings`)."""
    found: dict[str, list[Defined]] = {}
    keys = ["indicator", "definition", "unit", "price_base"]
    known = observations[observations["value"].notna()]
    if known.empty:
        return {}
    groups = known.groupby(keys, sort=True, dropna=False).ngroup().to_numpy()
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    cells = [known[name].to_numpy(dtype=kind)[order] for name, kind in CELLS.items()]
    heads = known.iloc[order[starts]][[*keys, "grade"]].itertuples(index=False, name=None)
    for head, *figures in zip(heads, *(np.split(cell, starts[1:]) for cell in cells), strict=True):
        indicator, name, unit, prices, grade = map(text_of, head)
        found.setdefault(indicator, []).append(Defined(name, grade, unit, prices, lay_out(*figures)))
    return {
        indicator: sorted(defined, key=lambda one: (one.grade, -len(one.grid.regions), one.name))
        for indicator, defined in found.items()
    }

"""Place among peers (位次): where a region stands among others of its kind, now and some years before."""

import math
from dataclasses import dataclass

import numpy as np

from xk.arithmetic.peers.region_grid import RegionGrid, Values
from xk.arithmetic.target import LEAST_SLACK, TOLERANCE, Target

BEFORE, LEEWAY = 5, 2
"""Years between the place now and the one then; so many more or fewer where figures are missing."""


@dataclass(frozen=True)
class Standing:
    """The place of a region among those with a figure of one year.

    Attributes
    ----------
    year : int
    place : int
        1 is best; like values share the better place.
    of : int
        Regions with a figure, the own among them.
    tied : int
        Other regions that share the place.
    value : float
        The region's own.
    """

    year: int
    place: int
    of: int
    tied: int
    value: float


@dataclass(frozen=True)
class Move:
    """By how many places a region moved up among the regions with a figure of both years, itself among them."""

    places: int
    of: int


def place_among(grid: RegionGrid, region: str, *, target: Target, until: int) -> Standing | None:
    """Return the place of a region in the latest common year; None where there is none.

    Formula: ``1 + number of regions that are better``: higher where more is better, lower where less is, nearer to a
    target interval. A common year has a figure of the region and of another one; of those years the latest that has
    at least half as many figures as the fullest. Source: own definition (competition ranking).

    Parameters
    ----------
    grid : RegionGrid
        The region and those to compare with.
    region : str
    target : Target
        Says which way is better.
    until : int
        Last year that counts as known.
    """
    known = grid.until(until)
    if region not in known.regions:
        return None
    years = _common_years(known, known.row_of(region))
    return _standing(known, region, years[-1], target) if years else None


def place_before(grid: RegionGrid, region: str, now: Standing, *, target: Target) -> Standing | None:
    """Return the place of a region some years before; None where no year serves.

    Formula: as in `place_among`, in the common year nearest to five years before (of two the earlier), three to seven
    before, in the same segment of the region's series. Source: own definition.
    """
    known, row = grid.until(now.year), grid.row_of(region)
    segment = known.segments[row, now.year - known.start]
    years = [year for year in _common_years(known, row) if known.segments[row, year - known.start] == segment]
    off = {year: abs(now.year - BEFORE - year) for year in years}
    nearest = min((year for year in years if off[year] <= LEEWAY), key=lambda year: (off[year], year), default=None)
    return None if nearest is None else _standing(known, region, nearest, target)


def places_moved(grid: RegionGrid, region: str, now: Standing, then: Standing, *, target: Target) -> Move | None:
    """Return by how many places a region moved up from one year to another; None where no other has both years.

    Formula: place then less place now, both of `place_among`, among those regions alone that have a figure of both
    years: regions that joined or left move nobody. Source: own definition.
    """
    both = {*grid.known_in(then.year)} & {*grid.known_in(now.year)}
    if len(both) < 2:
        return None
    among = grid.of(both)
    before, after = (_standing(among, region, year, target).place for year in (then.year, now.year))
    return Move(before - after, len(both))


def _common_years(grid: RegionGrid, row: int) -> list[int]:
    """Return the years with a figure of one row and enough of others, ascending."""
    seen = ~np.isnan(grid.values)
    count = np.where(seen[row], seen.sum(axis=0), 0)
    enough = np.maximum(count.max(initial=0) / 2, 2)
    return [int(year) for year in grid.start + np.flatnonzero(count >= enough)]


def _standing(grid: RegionGrid, region: str, year: int, target: Target) -> Standing:
    values = grid.values[:, year - grid.start]
    own = float(values[grid.row_of(region)])
    ahead = _merit(values, target) - _merit(np.array([own]), target)
    slack = max(TOLERANCE * abs(own), LEAST_SLACK)
    of, tied = int((~np.isnan(values)).sum()), int((np.abs(ahead) <= slack).sum()) - 1
    return Standing(year, 1 + int((ahead > slack).sum()), of, tied, own)


def _merit(values: Values, target: Target) -> Values:
    """Return what is the higher the better."""
    if target.direction == "interval" and not math.isnan(target.low):
        return -np.maximum(np.maximum(target.low - values, values - target.high), 0)
    return target.sign * values

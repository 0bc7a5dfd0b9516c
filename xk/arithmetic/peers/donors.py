"""Figures of many definitions and regions, and where each region's own trend led from each earlier year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.arithmetic.peers.region_grid import Ints, Values
from xk.arithmetic.peers.transfer import Transfer
from xk.arithmetic.projection.arrays import path_panel
from xk.arithmetic.projection.auto import fill_gaps
from xk.arithmetic.projection.panel import build_panel
from xk.errors import InputError, UsageError

# what a region must know at least to lend its trend: points of one segment, the last at most so many years old
DONOR_POINTS, DONOR_AGE = 3, 2
YEAR_ZERO = 2000
KEYS = ("definition", "region", "year")


@dataclass(frozen=True, eq=False)
class Donors:
    """Figures up to a year, and the paths that every region's own figures gave in each year up to then.

    Parameters
    ----------
    definitions, regions : tuple of str
        First two axes of `values` and `segments`.
    first : int
        Year of the first column.
    values, segments : array (definitions, regions, years)
        Figures, NaN where there is none, and the number of breaks up to them.
    paths : array (origins, definitions, regions, years + horizon)
        What was known in the origin, gaps filled on the straight line, and projected from there on; the last segment
        alone. Origins are the years of the columns; NaN where a region cannot lend and after origin + horizon.
    horizon : int
        Years ahead of each origin.
    """

    definitions: tuple[str, ...]
    regions: tuple[str, ...]
    first: int
    values: Values
    segments: Ints
    paths: Values
    horizon: int

    @property
    def last(self) -> int:
        """The year up to which figures are known, the last origin."""
        return self.first + self.values.shape[2] - 1

    def until(self, year: int) -> Donors:
        """Return what was known in an earlier year."""
        count = min(max(year - self.first + 1, 1), self.values.shape[2])
        values, segments = self.values[..., :count], self.segments[..., :count]
        paths = self.paths[:count, ..., : count + self.horizon]
        return Donors(self.definitions, self.regions, self.first, values, segments, paths, self.horizon)

    def take(self, rows: Ints) -> Donors:
        """Return some of the definitions."""
        names = tuple(self.definitions[row] for row in rows)
        values, segments, paths = self.values[rows], self.segments[rows], self.paths[:, rows]
        return replace(self, definitions=names, values=values, segments=segments, paths=paths)


def build_donors(
    figures: pd.DataFrame, transfers: Mapping[str, Transfer], *, as_of: int, horizon: int, method: str
) -> Donors:
    """Lay out figures and project every region's figures from each year up to `as_of`, all in one call.

    Parameters
    ----------
    figures : DataFrame
        definition, region, year, value, segment.
    transfers : dict
        Definition -> scale and bounds.
    as_of, horizon : int
        Figures of later years play no part; years ahead that are projected from each origin.
    method : str
        One of METHODS.

    Raises
    ------
    InputError
        No figure up to `as_of`.
    UsageError
        Two figures of one definition, region and year.
    """
    known = figures[figures["value"].notna() & (figures["year"] <= as_of)]
    if known.empty:
        raise InputError(f"no figures of any region up to {as_of}")
    if known.duplicated(list(KEYS)).any():
        cell = known[known.duplicated(list(KEYS))].iloc[0]
        raise UsageError(f"two figures of {cell['region']} in {cell['year']}: two series are never pooled")
    definitions, rows = np.unique(known["definition"].to_numpy(dtype=str), return_inverse=True)
    regions, columns = np.unique(known["region"].to_numpy(dtype=str), return_inverse=True)
    first = int(known["year"].min())
    place = rows, columns, known["year"].to_numpy(dtype=np.int64) - first
    values = np.full((len(definitions), len(regions), as_of - first + 1), np.nan)
    segments = np.zeros(values.shape, dtype=np.int64)
    values[place], segments[place] = known["value"].to_numpy(float), known["segment"].to_numpy(np.int64)
    bounds = np.array([(transfers[name].lower, transfers[name].upper) for name in definitions.tolist()])
    paths = _project_origins(values, segments, bounds, horizon=horizon, method=method)
    return Donors(tuple(definitions.tolist()), tuple(regions.tolist()), first, values, segments, paths, horizon)


def _project_origins(values: Values, segments: Ints, bounds: Values, *, horizon: int, method: str) -> Values:
    """Return the paths (origins, definitions, regions, years + horizon)."""
    years = values.shape[2]
    paths = np.full((years, *values.shape[:2], years + horizon), np.nan)
    known = np.stack([_lendable(values, segments, origin) for origin in range(years)])
    origin, line, region = np.nonzero(known.any(axis=3))
    if not len(origin):
        return paths
    seen = known[origin, line, region]
    grid = np.where(seen, values[line, region], np.nan)
    number, column = np.nonzero(seen)
    # every origin counts as one and the same year, so that all are projected equally far ahead
    panel = build_panel(number, column - origin[number] + YEAR_ZERO, grid[seen], len(grid))
    low, high = bounds[line].T
    ahead = path_panel(panel, to=YEAR_ZERO + horizon, method=method, bounds=(low, high))
    whole = np.concatenate([fill_gaps(grid), np.full((len(grid), horizon), np.nan)], axis=1)
    place = (panel.last - YEAR_ZERO + origin)[:, None] + np.arange(1, ahead.shape[1] + 1)
    number, step = np.nonzero(place <= origin[:, None] + horizon)
    whole[number, place[number, step]] = ahead[number, step]
    paths[origin, line, region] = whole
    return paths


def _lendable(values: Values, segments: Ints, origin: int) -> npt.NDArray[np.bool_]:
    """Say which figures (definitions, regions, years) a region would project from in the year of column `origin`."""
    years = np.arange(values.shape[2])
    seen = ~np.isnan(values) & (years <= origin)
    last = years[-1] - np.argmax(seen[..., ::-1], axis=2)[..., None]
    seen &= segments == np.take_along_axis(segments, last, axis=2)
    enough = (seen.sum(axis=2) >= DONOR_POINTS) & (last[..., 0] >= origin - DONOR_AGE)
    return np.asarray(seen & enough[..., None])

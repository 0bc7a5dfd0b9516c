"""Figures of one definition in many regions, on a common calendar."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.errors import UsageError, check_known

Values = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
CELLS = {"region": str, "year": np.int64, "value": float, "segment": np.int64}


@dataclass(frozen=True, eq=False)
class RegionGrid:
    """Yearly figures of one definition, hence of one unit and price base.

    Parameters
    ----------
    regions : tuple of str
        A row each.
    start : int
        Year of the first column.
    values : array (regions, years)
        NaN where a region has no figure.
    segments : array (regions, years)
        How many breaks of the region's series lie at or before the year: figures of two segments do not compare over
        time.
    """

    regions: tuple[str, ...]
    start: int
    values: Values
    segments: Ints
    # parts that were asked for: those of a group of peers are the same for each of them
    _parts: dict[object, RegionGrid] = field(default_factory=dict, repr=False)

    def of(self, regions: Collection[str]) -> RegionGrid:
        """Return the rows of some regions; those that have none are left out."""
        wanted = frozenset(regions)
        if wanted not in self._parts:
            rows = [row for row, region in enumerate(self.regions) if region in wanted]
            names = tuple(self.regions[row] for row in rows)
            self._parts[wanted] = RegionGrid(names, self.start, self.values[rows], self.segments[rows])
        return self._parts[wanted]

    def until(self, year: int) -> RegionGrid:
        """Return the figures up to a year."""
        width = max(year - self.start + 1, 0)
        if width not in self._parts:
            part = RegionGrid(self.regions, self.start, self.values[:, :width], self.segments[:, :width])
            self._parts[width] = part
        return self._parts[width]

    def since(self, year: int) -> RegionGrid:
        """Return the figures from a year on."""
        skipped = min(max(year - self.start, 0), self.values.shape[1])
        return RegionGrid(self.regions, self.start + skipped, self.values[:, skipped:], self.segments[:, skipped:])

    def row_of(self, region: str) -> int:
        """Return the row of a region; raise UsageError for one that has none."""
        if region not in self._rows:
            check_known(region, self.regions, "region")
        return self._rows[region]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {region: row for row, region in enumerate(self.regions)}

    @cached_property
    def known(self) -> tuple[str, ...]:
        """The regions with a figure."""
        rows, _ = np.nonzero(~np.isnan(self.values))
        return tuple(self.regions[row] for row in np.unique(rows).tolist())

    def known_in(self, year: int) -> tuple[str, ...]:
        """Return the regions with a figure of one year."""
        return self.since(year).until(year).known

    def value(self, region: str, year: int) -> float | None:
        """Return the figure of a region and year, None where there is none."""
        place = year - self.start
        if region not in self._rows or not 0 <= place < self.values.shape[1]:
            return None
        value = float(self.values[self._rows[region], place])
        return None if np.isnan(value) else value

    @property
    def frame(self) -> pd.DataFrame:
        """The figures as a table: region, year, value, segment."""
        rows, columns = np.nonzero(~np.isnan(self.values))
        names = pd.Series([self.regions[row] for row in rows], dtype="str")
        return pd.DataFrame({
            "region": names, "year": self.start + columns,
            "value": self.values[rows, columns], "segment": self.segments[rows, columns],
        })  # fmt: skip


def lay_out(regions: npt.NDArray[np.str_], years: Ints, figures: Values, segments: Ints) -> RegionGrid:
    """Return the grid of figures of one definition, none of them NaN: a row a region, by name, a column a year."""
    names, rows = np.unique(regions, return_inverse=True)
    start, shape = int(years.min()), (len(names), int(years.max() - years.min()) + 1)
    cells = np.bincount(rows * shape[1] + years - start, minlength=shape[0] * shape[1])
    if cells.max() > 1:
        row, place = divmod(int(cells.argmax()), shape[1])
        raise UsageError(f"two figures of {names[row]} in {start + place}: two series are never pooled")
    values, breaks = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
    values[rows, years - start], breaks[rows, years - start] = figures, segments
    return RegionGrid(tuple(names.tolist()), start, values, breaks)

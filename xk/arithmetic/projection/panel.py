"""Series on a common calendar: one row a series, one column a year, the last observation at the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Levels = Sequence[float]
"""Levels of intervals, in per cent."""
Bounds = tuple[Array | float, Array | float] | None
"""Lowest and highest value, of all series or of each."""

# Cells (series x years) worked on at a time; keeps the memory of 100,000 series small.
CHUNK_CELLS = 60_000


@dataclass(frozen=True)
class Panel:
    """Annual series, each ending in its own last observation.

    Parameters
    ----------
    grid : array (series, years)
        Values in the series' unit; the last column is the last observation, NaN where a year has none.
    last : array (series,)
        Year of the last observation; 0 for a series without any.
    count : array (series,)
        Number of observations.
    """

    grid: Array
    last: Ints
    count: Ints

    def take(self, rows: Ints) -> Panel:
        """Return the panel of some series, without the leading years that none of them has."""
        grid = self.grid[rows]
        seen = ~np.isnan(grid).all(axis=0)
        start = int(np.argmax(seen)) if seen.any() else grid.shape[1] - 1
        return Panel(grid[:, start:], self.last[rows], self.count[rows])


def build_panel(series: Ints, years: Ints, values: Array, size: int) -> Panel:
    """Lay out observations (series number, year, value) as a panel of `size` series.

    Missing values take no part; a series without observations is a row of NaN.
    """
    seen = ~np.isnan(values)
    series, years, values = series[seen], years[seen], values[seen]
    last = np.full(size, np.iinfo(np.int64).min)
    np.maximum.at(last, series, years)
    back = last[series] - years
    width = int(back.max()) + 1 if len(back) else 1
    grid = np.full((size, width), np.nan)
    grid[series, width - 1 - back] = values
    count = np.bincount(series, minlength=size).astype(np.int64)
    return Panel(grid, np.where(count > 0, last, 0), count)


def chunks(panel: Panel) -> Iterator[Ints]:
    """Yield row numbers in chunks of series of like span, so that a long one does not widen all."""
    span = span_of(panel.grid)
    order = np.argsort(span, kind="stable")
    start = 0
    while start < len(order):
        # the widest of a chunk is its last, hence the second look at the size
        size = max(1, CHUNK_CELLS // int(span[order[start]]))
        widest = int(span[order[min(start + size, len(order)) - 1]])
        size = max(1, min(size, CHUNK_CELLS // widest))
        yield order[start : start + size]
        start += size


def span_of(grid: Array) -> Ints:
    """Years from the first to the last observation, both counted; 1 where there is none."""
    seen = ~np.isnan(grid)
    first = np.argmax(seen, axis=1)
    return np.where(seen.any(axis=1), grid.shape[1] - first, 1).astype(np.int64)


@dataclass(frozen=True)
class Scaling:
    """Affine map of each series to its last observation = 0 and greatest distance from it = 1."""

    size: Array
    centre: Array
    width: Array

    def restore(self, scaled: Array) -> Array:
        """Return values in the series' unit, held within what a double can carry."""
        extra = (slice(None),) + (None,) * (scaled.ndim - 1)
        with np.errstate(over="ignore", invalid="ignore"):
            values = (self.centre[extra] + self.width[extra] * scaled) * self.size[extra]
        top = np.finfo(np.float64).max
        return np.clip(values, -top, top)

    def apply(self, values: Array) -> Array:
        """Return values on the scale of the series, held within what a double can carry."""
        extra = (slice(None),) + (None,) * (values.ndim - 1)
        top = np.finfo(np.float64).max
        with np.errstate(over="ignore"):
            scaled = (values / self.size[extra] - self.centre[extra]) / self.width[extra]
        return np.clip(scaled, -top, top)


def to_unit(grid: Array) -> tuple[Array, Ints]:
    """Divide each series by a power of two so that its largest size lies in [1, 2): exact, and nothing overflows.

    Returns the grid and the exponents (series,); a series of zeros stays as it is.
    """
    size = np.max(np.abs(np.where(np.isnan(grid), 0.0, grid)), axis=1)
    exponent = np.where(size > 0, np.frexp(size)[1] - 1, 0).astype(np.int64)
    return np.ldexp(grid, -exponent[:, None]), exponent


def from_unit(values: Array, exponent: Ints) -> Array:
    """Undo `to_unit`, held within what a double can carry."""
    top = np.finfo(np.float64).max
    with np.errstate(over="ignore", under="ignore"):
        return np.clip(np.ldexp(values, exponent[:, None]), -top, top)


def scale_panel(grid: Array) -> tuple[Array, Scaling]:
    """Scale each series so that huge and tiny units give the same arithmetic."""
    size = np.nanmax(np.abs(np.where(np.isnan(grid), 0.0, grid)), axis=1)
    # a subnormal size would overflow when divided by
    size = np.where(size < np.finfo(np.float64).tiny, 1.0, size)
    unit = grid / size[:, None]
    centre = np.where(np.isnan(unit[:, -1]), 0.0, unit[:, -1])
    apart = np.abs(unit - centre[:, None])
    width = np.max(np.where(np.isnan(apart), 0.0, apart), axis=1)
    width = np.where(width == 0.0, 1.0, width)
    return (unit - centre[:, None]) / width[:, None], Scaling(size, centre, width)

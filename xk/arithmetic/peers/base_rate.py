"""Base rate (有无先例): the pace that is required, against what regions have managed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from xk.arithmetic.peers.region_grid import Ints, RegionGrid, Values
from xk.arithmetic.target import RATE_WINDOW, Rates, Target, meets
from xk.errors import UsageError, check_known

MEASURES = ("growth", "change")
FEW = 30
"""Fewer windows than this are said to be few."""


class Pace(NamedTuple):
    """What one region managed in one window: per cent a year (growth) or units a year (change)."""

    region: str
    first: int
    last: int
    value: float


class Windows(NamedTuple):
    """Windows in which regions moved: row of the region, first and last year, pace.

    `across_breaks` and `without_pace` say how many more there would be: across a break of the series; without a pace,
    as growth from or to what is not above 0 has none.
    """

    rows: Ints
    first: Ints
    last: Ints
    pace: Values
    across_breaks: int
    without_pace: int


class Counted(NamedTuple):
    """What a base rate was counted from: windows of a grid, the rows with any, the places of those that reached it."""

    grid: RegionGrid
    windows: Windows
    rows: Ints
    reached: Ints


@dataclass(frozen=True)
class BaseRate:
    """How often the pace that is required was reached.

    Attributes
    ----------
    required : float
        Per cent a year (measure growth) or units a year (measure change); below 0 where the figure must fall.
    measure : str
        growth or change.
    years : int
        Length of the windows.
    windows, reached : int
        All windows, and those that moved as fast or faster the way that is required.
    regions, regions_reached : int
        Regions with a window, and those with one that reached it.
    fastest : Pace or None
        The fastest window; of like ones the earliest.
    across_breaks, without_pace : int
        Windows that do not count (see `Windows`).
    since, until : int or None
        Windows that end in the years from `since` (None: any) to `until`.
    definition : str
        What the windows are windows of.
    other_definitions : int
        Windows of other definitions of the same indicator, which are not pooled with these.
    is_proxy : bool
        Whether that is another coverage of what is required.
    is_elsewhere : bool
        Whether they are of regions that are no peers, as neither these nor the region itself have any.
    later : BaseRate or None
        The same over windows that ended later.
    counted : Counted or None
        What `among` and `hits` are taken from.
    """

    required: float
    measure: str
    years: int
    windows: int
    reached: int
    regions: int
    regions_reached: int
    fastest: Pace | None
    across_breaks: int = 0
    without_pace: int = 0
    since: int | None = None
    until: int | None = None
    definition: str = ""
    other_definitions: int = 0
    is_proxy: bool = False
    is_elsewhere: bool = False
    later: BaseRate | None = None
    counted: Counted | None = field(default=None, repr=False, compare=False)

    @cached_property
    def among(self) -> tuple[str, ...]:
        """The regions with a window."""
        return () if self.counted is None else tuple(self.counted.grid.regions[row] for row in self.counted.rows)

    @cached_property
    def hits(self) -> tuple[Pace, ...]:
        """The windows that reached it, the fastest first, of like ones the earliest."""
        if self.counted is None:
            return ()
        grid, windows, _, reached = self.counted
        speed = windows.pace[reached] * (1 if self.required > 0 else -1)
        order = np.lexsort((windows.rows[reached], windows.first[reached], -speed))
        return _paces(grid, windows, reached[order])

    @property
    def share(self) -> float:
        """Share (0..1) of the windows that reached it; NaN without windows."""
        return self.reached / self.windows if self.windows else math.nan

    @property
    def is_few(self) -> bool:
        """Whether there are too few windows to say much."""
        return self.windows < FEW

    @property
    def is_unprecedented(self) -> bool:
        """Whether there are windows, and none reached it."""
        return self.windows > 0 and self.reached == 0


def measure_of(scale: str, price_base: str) -> str:
    """Return how the pace of an indicator is measured: ``growth`` (per cent a year) or ``change`` (units a year).

    Formula: growth for ratio-scale levels in prices of a year, which compound; change for shares, rates and counts per
    head. Source: own definition (docs/en/method.md).

    Parameters
    ----------
    scale : str
        As :func:`xk.arithmetic.target.scale_of` gives it.
    price_base : str
        Year of its prices; empty where there are no prices in it.
    """
    return "growth" if scale == "level" and price_base else "change"


@lru_cache(maxsize=128)  # all regions of a group, and all variants of their results, ask for the same
def paces(grid: RegionGrid, *, years: int, measure: str) -> Windows:
    """Return the pace in every window of so many years within one segment of a series, by region and first year.

    Formula: change ``(x_{t+n} - x_t)/n`` in units a year; growth ``100 ((x_{t+n}/x_t)^(1/n) - 1)`` in per cent a
    year, for values above 0. Both ends must have been observed; what lies between need not. Source: own definition.

    Parameters
    ----------
    grid : RegionGrid
    years : int
        n, 1 or more.
    measure : str
        growth or change.
    """
    check_known(measure, MEASURES, "measure")
    if years < 1:
        raise UsageError(f"a window has one year or more, not {years}")
    begin, end = grid.values[:, :-years], grid.values[:, years:]
    both = ~np.isnan(begin) & ~np.isnan(end)
    joined = both & (grid.segments[:, :-years] == grid.segments[:, years:])
    usable = joined & (begin > 0) & (end > 0) if measure == "growth" else joined
    rows, columns = np.nonzero(usable)
    x, y = begin[rows, columns], end[rows, columns]
    pace = 100 * ((y / x) ** (1 / years) - 1) if measure == "growth" else (y - x) / years
    first = grid.start + columns
    return Windows(rows, first, first + years, pace, int((both & ~joined).sum()), int((joined & ~usable).sum()))


def base_rate(
    grid: RegionGrid, required: Rates, *, measure: str, until: int, since: int | None = None
) -> BaseRate | None:
    """Return how often regions moved as fast as is required; None where no pace is.

    Formula: over all windows of as many years as are left, in all regions of the grid, the share whose pace ``g``
    is ``g >= r`` (``g <= r`` where the required ``r`` is below 0); an exact hit counts, within rounding as in
    :func:`xk.arithmetic.target.meets`. Source: own definition, after reference-class forecasting (Kahneman and
    Tversky 1979, "Intuitive prediction: biases and corrective procedures").

    Parameters
    ----------
    grid : RegionGrid
        The regions compared with, the own among them: what it did before counts too.
    required : Rates
        As :func:`xk.arithmetic.target.required_rate` gives it.
    measure : str
        growth or change: which of the two is compared.
    until : int
        Last year in which a window may end.
    since : int, optional
        First year in which one may end.
    """
    check_known(measure, MEASURES, "measure")
    pace = required.growth if measure == "growth" else required.change
    if math.isnan(pace) or pace == 0 or required.years < 1:
        return None
    known = grid.until(until) if since is None else grid.until(until).since(since - required.years)
    found = paces(known, years=required.years, measure=measure)
    sign = 1 if pace > 0 else -1
    hit = meets(found.pace, Target("positive" if pace > 0 else "inverse", pace))
    fastest = np.flatnonzero(sign * found.pace == np.max(sign * found.pace, initial=-np.inf))
    first = fastest[np.lexsort((found.rows[fastest], found.first[fastest]))][:1]
    among, reached = np.unique(found.rows), np.flatnonzero(hit)
    return BaseRate(
        pace, measure, required.years, len(hit), len(reached), len(among), len(np.unique(found.rows[hit])),
        _paces(known, found, first)[0] if len(first) else None, found.across_breaks, found.without_pace, since, until,
        counted=Counted(known, found, among, reached),
    )  # fmt: skip


def usual_step(windows: Windows) -> float:
    """Return one usual step of pace: how far apart the paces of ordinary windows lie.

    Formula: half the distance between the first and the third quartile of the paces, in their unit; NaN for fewer than
    two windows. Source: own definition; quartiles rather than the standard deviation, as revised accounts and mergers
    of places leave a few windows far out.
    """
    if len(windows.pace) < 2:
        return math.nan
    low, high = np.quantile(windows.pace, [0.25, 0.75])
    return float(high - low) / 2


def _paces(grid: RegionGrid, windows: Windows, places: Ints) -> tuple[Pace, ...]:
    rows, *cells = (column[places].tolist() for column in windows[:4])
    return tuple(Pace(grid.regions[row], *pace) for row, *pace in zip(rows, *cells, strict=True))


def latest_paces(grid: RegionGrid, *, measure: str) -> tuple[Ints, Values, Values]:
    """Return for each region its last year, its value and its pace up to then.

    Formula: as in `paces`, from the first figure of the last one's segment within five years before it (as
    :func:`xk.arithmetic.target.observed_rate`). Year 0 and NaN where a region has no figure, NaN where it has no pace.
    Source: practice of official programmes (last five years).
    """
    check_known(measure, MEASURES, "measure")
    if not grid.values.size:
        none = np.full(len(grid.regions), np.nan)
        return np.zeros(len(grid.regions), dtype=np.int64), none, none
    seen = ~np.isnan(grid.values)
    columns = np.arange(grid.values.shape[1])
    last = np.where(seen, columns, -1).max(axis=1, initial=-1)
    rows = np.arange(len(grid.regions))
    same = seen & (grid.segments == grid.segments[rows, last][:, None]) & (columns >= last[:, None] - RATE_WINDOW)
    first = np.where(same.any(axis=1), same.argmax(axis=1), last)
    value, start, span = grid.values[rows, last], grid.values[rows, first], last - first
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where((start > 0) & (value > 0), 100 * ((value / start) ** (1 / span) - 1), np.nan)
        pace = growth if measure == "growth" else (value - start) / span
    return np.where(last < 0, 0, grid.start + last), value, np.where(span > 0, pace, np.nan)

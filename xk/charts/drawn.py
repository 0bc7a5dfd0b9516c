"""One indicator as it is drawn: which of its points can be compared, which lie ahead, what its axis must hold.

What the points of a trajectory say to who points at them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from xk.charts.marks import draw_hover
from xk.contracts.scheme import Line
from xk.exhibits import Wording
from xk.pipeline.outturns import bring_figure, why_apart
from xk.pipeline.result import LineResult
from xk.vocab import AHEAD_KINDS

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
APART = ("other_series", "across_break")
"""Why a later figure does not join the path (see `why_apart`)."""


@dataclass(frozen=True)
class DrawnLine:
    """One indicator, ready to be drawn.

    Attributes
    ----------
    result : LineResult
    year, value, planned : array of float, shape (n,)
        Its yearly results; NaN where not known.
    kind : array of str, shape (n,)
        How each value came about.
    ends : dict of (int, pair of arrays of float)
        Lower and upper ends of the intervals, by level.
    seen, odd, ahead : array of bool, shape (n,)
        Observed years whose figures can be compared with the target; those whose cannot; projected years.
    reference : array of float, shape (n,)
        Where a scenario sets the path: what the reference projects; NaN elsewhere.
    breaks : list of int
        Places in the years and values of what was seen (`points`) before which the series breaks.
    years : tuple of float
        First and last year of the axis.
    later : dict of (str, list of pairs)
        Years on the axis after the last known one, with the figures observed then: ``later`` those of the series that
        was projected, at the level of the path, ``later-apart`` those of another series or vintage.
    published : dict
        Year -> the figure as published, of those of `later` that were brought to the level of the path.
    """

    result: LineResult
    year: Floats = field(repr=False)
    value: Floats = field(repr=False)
    planned: Floats = field(repr=False)
    kind: NDArray[np.object_] = field(repr=False)
    ends: dict[int, tuple[Floats, Floats]] = field(repr=False)
    seen: Mask = field(repr=False)
    odd: Mask = field(repr=False)
    ahead: Mask = field(repr=False)
    reference: Floats = field(repr=False)
    breaks: list[int]
    years: tuple[float, float]
    later: Mapping[str, list[tuple[int, float]]] = field(repr=False)
    published: Mapping[int, float] = field(repr=False)

    @property
    def has_interval(self) -> bool:
        """Whether the target is an interval."""
        return self.result.line.direction == "interval"

    @property
    def start(self) -> int | None:
        """The place of the latest observed point, which the projection starts from; None where there is none."""
        places = np.flatnonzero(self.seen if self.seen.any() else self.odd)
        return int(places[-1]) if places.size else None

    @property
    def baseline(self) -> float:
        """The baseline as it is drawn: in the target's prices, where it is known in them."""
        known = self.result.baseline
        return self.result.line.baseline_value if math.isnan(known) else known

    def joined(self) -> tuple[Floats, Floats]:
        """Return the years and values of what was seen, a gap where the series breaks."""
        year, value = self.points(self.seen)
        return np.insert(year, self.breaks, np.nan), np.insert(value, self.breaks, np.nan)

    def points(self, which: Mask) -> tuple[Floats, Floats]:
        """Return the years and values of some of its points."""
        return self.year[which], self.value[which]

    def onward(self, which: Mask) -> NDArray[np.int_]:
        """Return the places of the point to start from, if there is one, and of those in `which`."""
        places = np.flatnonzero(which)
        return places if self.start is None else np.concatenate([[self.start], places])

    def targets(self) -> dict[str, float]:
        """Return the targets that are drawn: gid -> value."""
        line = self.result.line
        if self.has_interval:
            return {"target-low": line.target_low, "target-high": line.target_high}
        pairs = {"target": line.target_value, "stretch": line.target_stretch}
        return {name: value for name, value in pairs.items() if not math.isnan(value)}

    def target_years(self, last: int) -> list[int]:
        """Return the years in which the target is asked for: those to be held, or its own, or the `last`."""
        line = self.result.line
        if line.hold_from is not None and line.hold_to is not None:
            return list(range(line.hold_from, line.hold_to + 1))
        return [last if line.target_year is None else line.target_year]

    def drawn_values(self) -> list[float]:
        """Return every value that the axis must hold, but for intervals and the baseline."""
        came = [value for points in self.later.values() for _, value in points]
        return [*self.value, *self.planned, *self.reference, *self.targets().values(), *came]


_DRAWN: WeakKeyDictionary[Wording, dict[str, DrawnLine]] = WeakKeyDictionary()


def line_of(words: Wording, indicator: str) -> DrawnLine:
    """Return one indicator, by slug or number of the programme, ready to be drawn; of the same words once."""
    known = _DRAWN.setdefault(words, {})
    if indicator not in known:
        known[indicator] = _line_of(words, indicator)
    return known[indicator]


def _line_of(words: Wording, indicator: str) -> DrawnLine:
    results = words.results
    result = results.line(indicator)
    path = results.path(indicator)
    year, value, planned = (path[name].to_numpy(float) for name in ("year", "value", "planned_value"))
    levels, kind = results.settings.levels, path["kind"].to_numpy(object)
    ends = {level: (path[f"lo{level}"].to_numpy(float), path[f"hi{level}"].to_numpy(float)) for level in levels}
    ahead = np.isin(kind, AHEAD_KINDS)
    observed = ~np.isnan(value) & ~ahead
    good = np.isin(year, list(results.comparable_years(indicator)))
    years = _years(words, result.line, year)
    reference = _reference(words, result, year)
    later, published = later_figures(words, result, last=int(years[1]))
    seen, segments = observed & good, results.segments(indicator)
    breaks = (np.flatnonzero(np.diff([segments[int(one)] for one in year[seen]])) + 1).tolist()
    odd = observed & ~good
    drawn = (year, value, planned, kind, ends, seen, odd, ahead, reference, breaks, years, later, published)
    return DrawnLine(result, *drawn)


def later_figures(
    words: Wording, result: LineResult, *, last: int
) -> tuple[dict[str, list[tuple[int, float]]], dict[int, float]]:
    """Return what was observed of a line after the last known year, up to a year (see `DrawnLine.later`, `published`).

    Figures of a series that was brought to the level of another for its trend are brought there as it was.
    """
    paths, name, scheme = words.results.paths, result.indicator, words.results.scheme
    found: dict[str, list[tuple[int, float]]] = {}
    published: dict[int, float] = {}
    for point in paths.later.get(name, []):
        if point.year > last or not point.comparable:
            continue
        why, value, converted = why_apart(paths, name, point), point.value, False
        if not why:
            value, converted = bring_figure(scheme, paths, name, point)
        found.setdefault("later-apart" if why in APART else "later", []).append((int(point.year), value))
        published |= {int(point.year): point.value} if converted else {}
    return found, published


def say_later(words: Wording, line: DrawnLine, year: int, value: float) -> str:
    """Return a later figure as it is drawn, with the published one where it was brought to the level of the path."""
    if year not in line.published:
        return words.given(value)
    return words.text(
        "came_converted", value=words.value(value, line.result), published=words.given(line.published[year])
    )


def _reference(words: Wording, result: LineResult, year: Floats) -> Floats:
    """Return what the reference projects in some years for a line whose path a scenario sets; NaN elsewhere."""
    if words.beside is None or result.trend.kind != "scenario":
        return np.full(year.shape, np.nan)
    beside = line_of(words.beside, result.indicator)
    ahead = dict(zip(beside.year[beside.ahead].tolist(), beside.value[beside.ahead].tolist(), strict=True))
    return np.array([ahead.get(one, np.nan) for one in year.tolist()])


def _years(words: Wording, line: Line, drawn: Floats) -> tuple[float, float]:
    as_of, to = words.results.settings.years()
    years = [*drawn, *(year for year in (line.target_year, line.hold_from, line.baseline_year) if year is not None), to]
    first = min(years) if len(drawn) or line.has_baseline else min(as_of, *years)
    return float(first), float(max(years))


def natural_bounds(line: Line) -> tuple[float, float]:
    """Return the natural bounds of a line, infinite where it has none."""
    low, high = line.lower_bound, line.upper_bound
    return -math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high


def say_points(axes: Axes, line: DrawnLine, words: Wording) -> None:
    """Say year, value and kind of each point; of projected ones the interval too, of later ones that they are."""
    ends = dict(sorted(line.ends.items())[:1])

    def said(place: int) -> str:
        value, kind = line.value[place], line.kind[place]
        shown = words.value(value, line.result) if line.ahead[place] else words.given(value, line.result.line)
        spans = [words.text("hover_interval", level=level, low=words.value(low[place], line.result),
                            high=words.value(high[place], line.result))
                 for level, (low, high) in ends.items() if not math.isnan(low[place])]  # fmt: skip
        how = words.bracketed(words.kind(kind))
        return "".join([f"{line.year[place]:.0f}: {shown}", how, *spans])

    known = np.flatnonzero(~np.isnan(line.value)).tolist()
    draw_hover(axes, line.year[known], line.value[known], [said(place) for place in known])
    came = [(year, value) for points in line.later.values() for year, value in points]
    later = words.bracketed(words.text("legend_later"))
    told = [f"{year}: {say_later(words, line, year, value)}{later}" for year, value in came]
    draw_hover(axes, [year for year, _ in came], [value for _, value in came], told)

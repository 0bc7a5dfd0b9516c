"""One indicator as it is drawn: which of its points can be compared, which lie ahead, what its axis must hold."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xk.exhibits.wording import Wording
from xk.vocab import AHEAD_KINDS

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Line:
    """One indicator, ready to be drawn.

    Attributes
    ----------
    row : mapping
        Its summary.
    year, value, planned : array of float, shape (n,)
        Its yearly results; NaN where not known.
    kind : array of str, shape (n,)
        How each value came about.
    ends : dict of (int, pair of arrays of float)
        Lower and upper ends of the intervals, by level.
    seen, odd, ahead : array of bool, shape (n,)
        Observed years whose figures can be compared with the target; those whose cannot; projected years.
    years : tuple of float
        First and last year of the axis.
    """

    row: Any
    year: Floats = field(repr=False)
    value: Floats = field(repr=False)
    planned: Floats = field(repr=False)
    kind: NDArray[np.object_] = field(repr=False)
    ends: dict[int, tuple[Floats, Floats]] = field(repr=False)
    seen: Mask = field(repr=False)
    odd: Mask = field(repr=False)
    ahead: Mask = field(repr=False)
    years: tuple[float, float]

    @property
    def has_interval(self) -> bool:
        """Whether the target is an interval."""
        return bool(self.row["direction"] == "interval" and not pd.isna(self.row["target_low"]))

    @property
    def start(self) -> int | None:
        """The place of the latest observed point, which the projection starts from; None where there is none."""
        places = np.flatnonzero(self.seen if self.seen.any() else self.odd)
        return int(places[-1]) if places.size else None

    def points(self, which: Mask) -> tuple[Floats, Floats]:
        """Return the years and values of some of its points."""
        return self.year[which], self.value[which]

    def onward(self, which: Mask) -> NDArray[np.int_]:
        """Return the places of the point to start from, if there is one, and of those in `which`."""
        places = np.flatnonzero(which)
        return places if self.start is None else np.concatenate([[self.start], places])

    def targets(self) -> dict[str, float]:
        """Return the targets that are drawn: gid -> value."""
        row = self.row
        if self.has_interval:
            return {"target-low": float(row["target_low"]), "target-high": float(row["target_high"])}
        pairs = {"target": row["target_value"], "stretch": row["target_stretch"]}
        return {name: float(value) for name, value in pairs.items() if not pd.isna(value)}

    def target_years(self, last: int) -> list[int]:
        """Return the years in which the target is asked for: those to be held, or its own, or the `last`."""
        if not pd.isna(self.row["hold_from"]):
            return list(range(int(self.row["hold_from"]), int(self.row["hold_to"]) + 1))
        return [last if pd.isna(self.row["target_year"]) else int(self.row["target_year"])]

    def drawn_values(self) -> list[float]:
        """Return every value that the axis must hold, but for intervals and the baseline."""
        return [*self.value, *self.planned, *self.targets().values()]


def line_of(words: Wording, indicator: str) -> Line:
    """Return one indicator, by slug or number of the programme, ready to be drawn."""
    results = words.results
    row: Any = results.row(indicator)
    path = results.path(indicator)
    year, value, planned = (path[name].to_numpy(float) for name in ("year", "value", "planned_value"))
    kind = path["kind"].to_numpy(object)
    ends = {
        level: (path[f"lo{level}"].to_numpy(float), path[f"hi{level}"].to_numpy(float))
        for level in results.settings.levels
    }
    ahead = np.isin(kind, AHEAD_KINDS)
    observed = ~np.isnan(value) & ~ahead
    good = np.isin(year, list(results.comparable_years(indicator)))
    years = _years(words, row, year)
    return Line(row, year, value, planned, kind, ends, observed & good, observed & ~good, ahead, years)


def _years(words: Wording, row: Any, drawn: Floats) -> tuple[float, float]:
    as_of, to = words.results.settings.years()
    known = [float(row[name]) for name in ("target_year", "hold_from", "baseline_year") if not pd.isna(row[name])]
    years = [*drawn, *known, float(to)]
    first = min(years) if len(drawn) or not math.isnan(float(row["baseline_value"])) else min(as_of, *years)
    return float(first), float(max(years))


def natural_bounds(words: Wording, row: Any) -> tuple[float, float]:
    """Return the natural bounds of an indicator, infinite where it has none."""
    known = words.results.scheme.indicator(row["indicator"])
    low, high = known["lower_bound"], known["upper_bound"]
    return -math.inf if pd.isna(low) else float(low), math.inf if pd.isna(high) else float(high)

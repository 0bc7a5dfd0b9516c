"""One indicator as it is drawn: which of its points can be compared, which lie ahead, what its axis must hold."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from xk.charts.ground import PROJECTED
from xk.wording import Wording


@dataclass(frozen=True)
class Line:
    """One indicator, ready to be drawn.

    Attributes
    ----------
    row : mapping
        Its summary.
    path : DataFrame
        Its yearly results.
    seen, odd : DataFrame
        Observed years whose figures can be compared with the target, and those that cannot.
    ahead : DataFrame
        Projected years.
    """

    row: Any
    path: pd.DataFrame = field(repr=False)
    seen: pd.DataFrame = field(repr=False)
    odd: pd.DataFrame = field(repr=False)
    ahead: pd.DataFrame = field(repr=False)
    years: tuple[float, float]

    @property
    def has_interval(self) -> bool:
        """Whether the target is an interval."""
        return bool(self.row["direction"] == "interval" and not pd.isna(self.row["target_low"]))

    @property
    def start(self) -> pd.DataFrame:
        """The latest observed point, which the projection starts from: one row, or none."""
        return self.seen.tail(1) if len(self.seen) else self.odd.tail(1)

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

    def drawn_values(self, levels: tuple[int, ...]) -> list[float]:
        """Return every value that the axis must hold."""
        columns = [name for level in levels for name in (f"lo{level}", f"hi{level}") if name in self.path]
        drawn = self.path[["value", "planned_value", *columns]].to_numpy(dtype=float)
        return [*drawn.ravel(), *self.targets().values(), float(self.row["baseline_value"])]


def line_of(words: Wording, indicator: str) -> Line:
    """Return one indicator, by slug or number of the programme, ready to be drawn."""
    results = words.results
    row: Any = results.row(indicator)
    path = results.path(indicator)
    history = results.history[results.history["indicator"] == row["indicator"]]
    comparable = set(history.loc[history["comparable"], "year"].astype(int))
    observed = path[path["value"].notna() & ~path["kind"].isin(PROJECTED)]
    good = observed["year"].isin(comparable) if len(observed) else pd.Series(dtype=bool)
    ahead = path[path["kind"].isin(PROJECTED)]
    return Line(row, path, observed[good], observed[~good], ahead, _years(words, row, path))


def _years(words: Wording, row: Any, path: pd.DataFrame) -> tuple[float, float]:
    as_of, to = words.results.settings.years()
    known = [float(row[name]) for name in ("target_year", "hold_from", "baseline_year") if not pd.isna(row[name])]
    years = [*path["year"].astype(float), *known, float(to)]
    first = min(years) if len(path) or not math.isnan(float(row["baseline_value"])) else min(as_of, *years)
    return float(first), float(np.max(years))


def natural_bounds(words: Wording, row: Any) -> tuple[float, float]:
    """Return the natural bounds of an indicator, infinite where it has none."""
    known = words.results.scheme.indicator(row["indicator"])
    low, high = known["lower_bound"], known["upper_bound"]
    return -math.inf if pd.isna(low) else float(low), math.inf if pd.isna(high) else float(high)

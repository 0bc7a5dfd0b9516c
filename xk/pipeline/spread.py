"""How far a path may err: a line's predictive distribution, carried about the path that a scenario assumes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xk.arithmetic.peers.transfer import Transfer
from xk.arithmetic.projection import Projection, probability
from xk.arithmetic.projection.panel import build_panel
from xk.arithmetic.target import Target, stretch
from xk.contracts.scheme import Line
from xk.pipeline.figures import target_of
from xk.pipeline.result import NONE, Step
from xk.pipeline.settings import Settings

SETS_PACE = ("growth", "change", "accelerate", "delay", "match")
"""Rules that assume a pace, which can be off as a trend can; the others (level, halt, reach) set the value itself."""


def goals_of(line: Line) -> dict[str, Target]:
    """Return what the odds of a line are of: its target, that in its year alone, and what is to be striven for."""
    target = target_of(line)
    return {"target": target, "target_year": target.alone, "stretch": stretch(target, line.target_stretch)}


@dataclass(frozen=True, eq=False)
class Spread:
    """The predictive distribution of one line: a row of a projection, on the scale of a transfer or in the unit."""

    projection: Projection
    row: int = 0
    transfer: Transfer | None = None

    def about(self, path: Sequence[Step], line: Line, settings: Settings) -> list[Step]:
        """Return a path that is assumed, with ends of intervals and odds for the case that the assumption holds.

        Formula: the reference's predictive distribution with the assumed value ``a_t`` in place of its centre, its
        half-widths kept: ``Y_t = a_t + side sinh(tail z) / tail`` (see `Distribution`), on the scale on which the
        reference errs (its unit; logarithm or logit where its trend is borrowed); odds as `probability`. Years without
        a width, or of width 0, have none. Source: own definition (docs/en/method.md).
        """
        found = self.projection
        years, spread = found.years[self.row], found.distribution.take(np.array([self.row]))
        values = {step.year: step.value for step in path}
        centre = np.array([values.get(year, math.nan) for year in years.tolist()])
        if self.transfer is not None:
            centre = self.transfer.apply(centre)
        wide = (spread.up + spread.down > 0) & ~np.isnan(centre)
        moved = replace(spread, centre=centre[None], up=np.where(wide, spread.up, np.nan),
                        down=np.where(wide, spread.down, np.nan))  # fmt: skip
        panel = build_panel(np.array([0]), np.array([int(found.panel.last[self.row])]), np.zeros(1), 1)
        none = np.full((1, 0), np.nan)
        carried = replace(found, panel=panel, path=centre[None], distribution=moved, used=found.used[[self.row]],
                          weights=none, errors=none)  # fmt: skip
        odds = self._odds(carried, line, settings)
        ends = [end for level in settings.levels for end in self._interval(carried, level)]
        around = {
            year: dict(zip(settings.ends(), cells, strict=True))
            for year, *cells in zip(years.tolist(), *(end.tolist() for end in ends), strict=True)
            if not math.isnan(cells[0])
        }
        return [
            step._replace(if_holds={**around.get(step.year, NONE), **(odds if step.year == line.target_year else NONE)})
            for step in path
        ]

    def _interval(self, carried: Projection, level: int) -> list[np.ndarray]:
        ends = [end[0] for end in carried.interval(level)]
        return ends if self.transfer is None else [self.transfer.restore(end) for end in ends]

    def _odds(self, carried: Projection, line: Line, settings: Settings) -> Mapping[str, float]:
        goals = {name: goal for name, goal in goals_of(line).items() if goal.known}
        if self.transfer is not None:
            goals = {name: self.transfer.target(goal) for name, goal in goals.items()}
        found = {name: probability(carried, goal, after=settings.years()[0])[0] for name, goal in goals.items()}
        return {name: float(odds) for name, odds in found.items() if not math.isnan(odds)}

"""Whether stated odds come true: counted by what was stated, and scored."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Where one class of stated odds ends and the next begins; what lies on an edge belongs to the upper one."""
FEWEST = 10
"""Fewest independent cases by which a class can be judged."""


@dataclass(frozen=True)
class OddsClass:
    """What was stated between two odds, and how often it came true.

    Attributes
    ----------
    low, high : float
        Ends of the class.
    cases, came : int
        How many were stated, how many of them came true.
    independent : int
        How many of the cases are independent: those of one series stand or fall together.
    stated : float
        Mean of the stated odds; NaN without a case.
    """

    low: float
    high: float
    cases: int
    came: int
    independent: int
    stated: float

    @property
    def share(self) -> float:
        """Share that came true, 0-1; NaN without a case."""
        return self.came / self.cases if self.cases else math.nan

    @property
    def band(self) -> float:
        """Two standard errors of the share if the odds are right: ``2 sqrt(p (1 - p) / m)``, m independent cases."""
        return 2 * math.sqrt(self.stated * (1 - self.stated) / self.independent) if self.independent else math.nan

    @property
    def enough(self) -> bool:
        """Whether there are cases enough to judge it by."""
        return self.independent >= FEWEST

    @property
    def holds(self) -> bool:
        """Whether the share lies within the band."""
        return abs(self.share - self.stated) <= self.band + 1e-12


def count_classes(
    odds: npt.ArrayLike, came: npt.ArrayLike, groups: Sequence[object] | None = None
) -> tuple[OddsClass, ...]:
    """Return the classes of `EDGES` with what was stated in each and what came of it.

    Formula: of the cases with odds p in a class, the mean of p, and the share that came true. Source: the reliability
    diagram of Murphy and Winkler (1977).

    Parameters
    ----------
    odds : array_like
        Stated, 0-1; a case with NaN takes no part.
    came : array_like
        Whether it came true.
    groups : sequence, optional
        What each case stands or falls with; each with itself alone if not given.
    """
    stated, true = np.asarray(odds, dtype=float), np.asarray(came, dtype=bool)
    owners = np.arange(len(stated)) if groups is None else np.asarray(groups, dtype=object)
    place = np.clip(np.searchsorted(EDGES, stated, side="right") - 1, 0, len(EDGES) - 2)
    found = []
    for number, (low, high) in enumerate(zip(EDGES, EDGES[1:], strict=False)):
        here = (place == number) & ~np.isnan(stated)
        cases = int(here.sum())
        mean = float(stated[here].mean()) if cases else math.nan
        found.append(OddsClass(low, high, cases, int(true[here].sum()), len(set(owners[here].tolist())), mean))
    return tuple(found)


def brier_score(odds: npt.ArrayLike, came: npt.ArrayLike) -> float:
    """Return ``mean (p - o)^2`` over the cases with odds p, o being 1 where it came true and else 0; NaN without one.

    0 is perfect, 0.25 what even odds for everything get. Source: Brier (1950), in its form for two outcomes.
    """
    stated = np.asarray(odds, dtype=float)
    missed = (stated - np.asarray(came, dtype=float))[~np.isnan(stated)]
    return float(np.mean(missed**2)) if len(missed) else math.nan

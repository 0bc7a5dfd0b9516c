"""Sets of annual series with what followed, and the measures that the benchmarks of the projections share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

KEYS = ["region", "indicator"]
SETS = ("wdi", "m1", "owid", "business")
LENGTHS = ((6, 8), (9, 12), (13, 20), (21, 40), (41, 99))
SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "bench"


@dataclass(frozen=True)
class Sample:
    """Histories (series, years) and what followed (series, years ahead), on common calendar years."""

    names: pd.MultiIndex
    years: np.ndarray
    history: np.ndarray
    actual: np.ndarray

    @property
    def change(self) -> np.ndarray:
        """Mean absolute yearly change of the history, the unit of MASE; NaN where nothing changed."""
        change = np.nanmean(np.abs(np.diff(self.history, axis=1)), axis=1)
        return np.where(change > 0, change, np.nan)

    def crop(self, length: int) -> Sample:
        """Return the sample with the last years of the histories only."""
        return Sample(self.names, self.years[-length:], self.history[:, -length:], self.actual)


def read_sample(name: str, bench: Path = SHARED) -> Sample:
    """Read a set: ``<name>_history.csv`` and ``<name>_actual.csv`` with region, indicator, year, value."""
    history, actual = (pd.read_csv(bench / f"{name}_{part}.csv") for part in ("history", "actual"))
    end, last = int(history["year"].max()), int(actual["year"].max())
    past = history.pivot(index=KEYS, columns="year", values="value").sort_index()
    past = past.reindex(columns=range(int(history["year"].min()), end + 1))
    later = actual.pivot(index=KEYS, columns="year", values="value")
    later = later.reindex(index=past.index, columns=range(end + 1, last + 1))
    return Sample(past.index, past.columns.to_numpy(), past.to_numpy(), later.to_numpy())


def mase(sample: Sample, path: np.ndarray) -> np.ndarray:
    """Mean absolute error of each series in units of its mean yearly change (Hyndman and Koehler 2006)."""
    known = ~np.isnan(sample.actual)
    error = np.where(known, np.abs(path - sample.actual), 0.0).sum(axis=1) / known.sum(axis=1)
    return error / sample.change


def by_lead(sample: Sample, path: np.ndarray) -> np.ndarray:
    """Absolute errors (series, years ahead) in units of the mean yearly change; NaN where unknown."""
    return np.abs(path - sample.actual) / sample.change[:, None]


def length_classes(sample: Sample) -> dict[str, np.ndarray]:
    """Which series have histories of 6-8, 9-12, 13-20, 21-40 and more points; classes of 50 at least."""
    count = (~np.isnan(sample.history)).sum(axis=1)
    found = {f"{low}-{high}": (count >= low) & (count <= high) for low, high in LENGTHS}
    return {label: part for label, part in found.items() if part.sum() >= 50}


def interval_score(sample: Sample, low: np.ndarray, high: np.ndarray, level: float) -> np.ndarray:
    """Mean scaled interval score of each series (Gneiting and Raftery 2007; scaled as in the M4 competition)."""
    actual, known = sample.actual, ~np.isnan(sample.actual)
    beyond = np.maximum(low - actual, 0.0) + np.maximum(actual - high, 0.0)
    score = np.where(known, high - low + 2.0 / (1.0 - level / 100.0) * beyond, 0.0)
    return score.sum(axis=1) / known.sum(axis=1) / sample.change


def covered(sample: Sample, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """1 where the interval holds what happened, 0 where not, NaN where nothing is known."""
    inside = (sample.actual >= low) & (sample.actual <= high)
    return np.where(np.isnan(sample.actual) | np.isnan(low), np.nan, inside.astype(float))

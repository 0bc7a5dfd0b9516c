"""Coverage of the intervals by horizon and length, and whether stated odds come true, on the sets of ../shared/bench.

python benchmarks/projection_coverage.py [--method auto]
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from projection_sets import SETS, SHARED, Sample, covered, read_sample

from xk.arithmetic.projection import Projection, probability, project_arrays
from xk.arithmetic.projection.odds import met_by_draw
from xk.arithmetic.target import Target, meets

LEVELS = (50, 80, 95)
# histories cut to so many years; None: as they are
LENGTHS = {"6-8": (6, 7, 8), "9-12": (9, 10, 12), "as given": (None,)}
# targets: the last value plus so many mean yearly changes
AWAY = (-4, -2, -1, -0.5, 0, 0.5, 1, 2, 4, 8)
# series of a set of which odds are asked
ASKED = 700
BINS = np.linspace(0, 1, 11).round(1)


def ahead(sample: Sample, method: str) -> Projection:
    """Project a set as far as what followed is known."""
    to = int(sample.years[-1]) + sample.actual.shape[1]
    return project_arrays(sample.years, sample.history, to=to, method=method)


def coverage(samples: list[Sample], method: str) -> pd.DataFrame:
    """Share of the years that the intervals hold, in per cent, by years ahead and in all."""
    found = [(sample, ahead(sample, method)) for sample in samples]
    rows = {}
    for level in LEVELS:
        inside = np.concatenate([covered(sample, *projection.interval(level)) for sample, projection in found])
        row = {f"h={year + 1}": 100 * np.nanmean(inside[:, year]) for year in range(inside.shape[1])}
        rows[level] = row | {"all": 100 * np.nanmean(inside), "years": int((~np.isnan(inside)).sum())}
    return pd.DataFrame(rows).T


def stated(sample: Sample, method: str) -> pd.DataFrame:
    """Stated odds and what happened, for many targets: met in the last year, held every year, reached by then."""
    rows = np.sort(np.random.default_rng(3).permutation(len(sample.names))[:ASKED])
    sample = Sample(sample.names[rows], sample.years, sample.history[rows], sample.actual[rows])
    projection, years = ahead(sample, method), sample.actual.shape[1]
    whole = ~np.isnan(sample.actual).any(axis=1) & (projection.panel.last == sample.years[-1])
    to, last, parts = int(sample.years[-1]) + years, sample.history[:, -1], []
    for away in AWAY:
        for direction, sign in (("positive", 1.0), ("inverse", -1.0)):
            target = last + sign * away * np.nan_to_num(sample.change)
            met = sign * (sample.actual - target[:, None]) >= 0
            once = [Target(direction, value, year=to) for value in target.tolist()]
            every_year = [replace(one, hold_from=to - years + 1, hold_to=to) for one in once]
            found = {
                "met": (probability(projection, once), met[:, -1]),
                "held": (probability(projection, every_year), met.all(axis=1)),
                "reached": (reached_odds(projection, once), met.any(axis=1)),
            }
            if away <= 0:  # reached before the projection starts
                del found["reached"]
            parts += [pd.DataFrame({"odds": o[whole], "came": c[whole], "what": k}) for k, (o, c) in found.items()]
    return pd.concat(parts, ignore_index=True)


def reached_odds(projection: Projection, targets: list[Target]) -> np.ndarray:
    """Odds (series,) that the target is met by some year of the projection; NaN without an interval."""
    odds = np.empty(len(targets))
    for part, inside in met_by_draw(projection, targets, np.arange(len(targets))):
        odds[part] = inside.any(axis=2).mean(axis=1)
    odds = np.where(meets(projection.panel.grid[:, -1], targets), 1.0, odds)
    return np.where(np.isnan(projection.distribution.up).any(axis=1), np.nan, odds)


def reliability(table: pd.DataFrame) -> pd.DataFrame:
    """Mean stated odds and share that came true, by what was stated."""
    groups = table.groupby(["what", pd.cut(table["odds"], BINS, include_lowest=True)], observed=True)
    return groups.agg(stated=("odds", "mean"), came_true=("came", "mean"), cases=("odds", "size")).round(3)


def main() -> None:
    """Print coverage by length and horizon, and the reliability tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bench", type=Path, default=SHARED)
    parser.add_argument("--method", default="auto")
    asked = parser.parse_args()
    for name in SETS:
        sample = read_sample(name, asked.bench)
        for label, lengths in LENGTHS.items():
            samples = [sample if length is None else sample.crop(length) for length in lengths]
            print(f"\n{name}, histories of {label} years: coverage in per cent")
            print(coverage(samples, asked.method).round(1).to_string())
        print(f"\n{name}: odds\n{reliability(stated(sample, asked.method)).to_string()}")


if __name__ == "__main__":
    main()

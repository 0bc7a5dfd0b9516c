"""Learn how wide the intervals of `auto` are, from the sets of ../shared/bench; see fit_projection.py.

python benchmarks/fit_widths.py              writes xk/arithmetic/projection/width_weights.csv
python benchmarks/fit_widths.py --held-back  prints the coverage of widths learned on the other half of the sources
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
from fit_projection import LEADS, PACKAGE, Cases, Learner, read_cases, read_origins
from projection_sets import SHARED
from scipy.optimize import minimize

from xk.arithmetic.projection import auto, intervals
from xk.arithmetic.projection.normal import normal_quantile

FOLDS = 5
# quantiles whose losses are added up, with weights that let each count alike
QUANTILES = {0.025: 3.0, 0.1: 1.5, 0.25: 0.3, 0.75: 0.3, 0.9: 1.5, 0.975: 3.0}
COUNTS = (1.0, 0.3, 0.3)
PULL, ROUNDS = 1e-5, 2
CLASSES = {"6-8": (6, 8), "9-12": (9, 12), "13-20": (13, 20), "21-40": (21, 40), "over 40": (41, 999)}
EARLIER = 0.12
"""Share of the earlier origins that take part where halves are held back, which would take long with all."""


@dataclass(frozen=True)
class Misses:
    """Paths made without the series of the same source, what came, and what was measured at the time (cases, leads).

    `scale` is a guess of the error, in which each counts.
    """

    path: np.ndarray
    actual: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    tails: np.ndarray
    level: np.ndarray
    sign: np.ndarray
    rough: np.ndarray
    scale: np.ndarray
    group: pd.DataFrame
    change: np.ndarray

    def take(self, rows: np.ndarray) -> Misses:
        """Return some of the cases."""
        parts = {name: getattr(self, name)[rows] for name in self.__dataclass_fields__ if name != "group"}
        return Misses(**parts, group=self.group.iloc[rows].reset_index(drop=True))


@contextmanager
def weighing(fitted: tuple[np.ndarray, float]) -> Iterator[None]:
    """Let the rules weigh by these numbers."""
    with patch.object(auto, "read_rule_weights", lambda: fitted):
        yield


def folds_of(group: pd.DataFrame) -> np.ndarray:
    """Number of the fold of each case; a source lies in one, series of a set of one source in turn."""
    rng = np.random.default_rng(7)
    names = np.where(group["set"] == "m1", "m1 " + (group["series"] % 10).astype(str), group["source"])
    found, number = np.unique(names.astype(str), return_inverse=True)
    return rng.permutation(len(found))[number] % FOLDS


def measure(shown: np.ndarray, came: np.ndarray, change: np.ndarray, group: pd.DataFrame) -> Misses:
    """Project, and measure what the intervals follow."""
    found = auto.combine(shown, LEADS)
    mean, spread, tails = intervals.measure_spread(shown, found)
    error, apart = (spread[:, :, intervals.SPREAD.index(name)] for name in ("error", "apart"))
    floor = (shown >= 0).all(axis=1).astype(float)
    path = np.where(floor[:, None] > 0, np.maximum(found.path, 0), found.path)
    scale = mean[:, None] * np.exp((error + apart) / 2) * np.arange(1, LEADS + 1) ** 0.4
    signs = np.stack([intervals.common_sign(shown), floor], axis=1)
    size, rough = intervals.largest_size(shown), intervals.roughness(shown) / mean
    return Misses(path, came, mean, spread, tails, size, signs, rough, scale, group, change)


def read_misses(cases: Cases, bench: Path = SHARED) -> Misses:
    """Project from all origins, in each fold with weights learned from the others."""
    fold = folds_of(cases.group)
    learned = []
    for number in range(FOLDS):
        rest = cases.take(np.flatnonzero(fold != number))
        learned.append(Learner(rest).unpack(Learner(rest).fit()))
    keys = ["set", "series"]
    places = cases.group[keys].assign(fold=fold).drop_duplicates(keys)
    parts = []
    for sample, part, shown, came in read_origins(bench):
        numbers = part.merge(places, on=keys, how="left")["fold"].to_numpy()
        moved = (np.abs(np.diff(shown, axis=1)).max(axis=1) > 0) & ~np.isnan(came).all(axis=1)
        for number in range(FOLDS):
            rows = np.flatnonzero(moved & (numbers == number))
            if len(rows):
                with weighing(learned[number]):
                    group = part.iloc[rows].assign(fold=number)
                    parts.append(measure(shown[rows], came[rows], sample.change[group["series"]], group))
    names = [name for name in Misses.__dataclass_fields__ if name != "group"]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Misses(**joined, group=pd.concat([part.group for part in parts], ignore_index=True))


def quantiles(misses: Misses, numbers: np.ndarray, z: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a quantile of each case and year, and what it gains by a relative widening and a relative longer tail."""
    split = len(intervals.SPREAD)
    wide = misses.mean[:, None] * np.exp(np.minimum(misses.spread @ numbers[:split], 50.0))
    tail = np.exp(np.minimum(misses.tails @ numbers[split:], 1.0))[:, None]
    share = wide / misses.level[:, None]
    side = np.sign(z) * misses.sign[:, :1] * intervals.SKEW
    reach = wide * np.exp(side * np.minimum(share, 1.0)) * np.sinh(tail * z) / tail
    value = misses.path + reach
    widening = reach * (1 + side * np.where(share < 1, share, 0.0))
    longer = reach * (tail * z / np.tanh(tail * z) - 1)
    cut = (misses.sign[:, 1:] > 0) & (value < 0)
    return np.where(cut, 0.0, value), np.where(cut, 0.0, widening), np.where(cut, 0.0, longer)


def fit(misses: Misses, steps: int = 40) -> np.ndarray:
    """Return the powers that cost least; each error counts in units of the width that the round before gave it."""
    found = fit_once(misses, steps)
    for _ in range(ROUNDS - 1):
        scale = misses.mean[:, None] * np.exp(misses.spread @ found[: len(intervals.SPREAD)])
        found = fit_once(replace(misses, scale=scale), steps)
    return found


def fit_once(misses: Misses, steps: int) -> np.ndarray:
    """Return the powers with the least scaled quantile losses; a set counts by the root of its cases."""
    split = len(intervals.SPREAD)
    known = ~np.isnan(misses.actual)
    actual = np.where(known, misses.actual, 0.0)
    count = np.zeros(len(known))
    for name in misses.group["set"].unique():
        for kind, weight in enumerate(COUNTS):
            rows = ((misses.group["set"] == name) & (misses.group["kind"] == kind)).to_numpy()
            count[rows] = weight / np.sqrt(max(known[rows].sum(), 1)) / 60
    share = known * count[:, None] / misses.scale
    start = np.zeros(split + len(intervals.TAILS))
    start[intervals.SPREAD.index("error")], start[intervals.SPREAD.index("apart")] = 0.5, 0.5
    start[intervals.SPREAD.index("lead")], start[split] = 0.4, np.log(0.8)

    def cost(numbers: np.ndarray) -> tuple[float, np.ndarray]:
        total, gradient = 0.0, np.zeros(len(numbers))
        for odds, counts in QUANTILES.items():
            value, widening, longer = quantiles(misses, numbers, normal_quantile(odds))
            over = actual - value
            slope = np.where(over > 0, odds, odds - 1.0)
            total += counts * (slope * over * share).sum()
            by_value = -counts * slope * share
            gradient[:split] += np.einsum("ch,chf->f", by_value * widening, misses.spread)
            gradient[split:] += ((by_value * longer).sum(axis=1)) @ misses.tails
        apart = numbers - start
        return float(total + PULL * (apart**2).sum()), gradient + 2 * PULL * apart

    return np.asarray(minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": steps}).x)


def held_back(misses: Misses) -> pd.DataFrame:
    """Return the share of years inside the intervals, in per cent, of ends whose source took no part in the widths."""
    chosen = np.random.default_rng(0).random(len(misses.group)) < EARLIER
    misses = misses.take(np.flatnonzero((misses.group["kind"] == 0) | chosen))
    half = misses.group["fold"].to_numpy() % 2
    inside = {level: np.full(misses.actual.shape, np.nan) for level in (80, 95)}
    for number in (0, 1):
        numbers, other = fit(misses.take(np.flatnonzero(half != number))), np.flatnonzero(half == number)
        held = misses.take(other)
        for level, found in inside.items():
            z = normal_quantile(0.5 + level / 200)
            low, high = (quantiles(held, numbers, side)[0] for side in (-z, z))
            within = (held.actual >= low) & (held.actual <= high)
            found[other] = np.where(np.isnan(held.actual), np.nan, within)
    ends = (misses.group["kind"] == 0).to_numpy()
    group, third = misses.group[ends], pd.qcut(misses.rough[ends], 3, labels=["smooth", "middle", "rough"])
    parts = {f"{low}-{high} points" if name != "over 40" else "over 40 points": group["length"].between(low, high)
             for name, (low, high) in CLASSES.items()}  # fmt: skip
    parts |= {f"{name} third": third == name for name in ("smooth", "middle", "rough")}
    parts |= {str(name): group["set"] == name for name in group["set"].unique()}
    rows = {name: {level: 100 * np.nanmean(found[ends][np.asarray(part)]) for level, found in inside.items()}
            for name, part in parts.items()}  # fmt: skip
    rows |= {f"{lead + 1} ahead": {level: 100 * np.nanmean(found[ends][:, lead]) for level, found in inside.items()}
             for lead in range(LEADS)}  # fmt: skip
    return pd.DataFrame(rows).T.round(1)


def write_widths(numbers: np.ndarray) -> None:
    """Write the powers of the measures: of the width, and of the tails."""
    split = len(intervals.SPREAD)
    names = {"spread": intervals.SPREAD, "tails": intervals.TAILS}
    parts = {"spread": numbers[:split], "tails": numbers[split:]}
    rows = [pd.DataFrame({"part": part, "measure": names[part], "power": parts[part].round(4)}) for part in names]
    pd.concat(rows).to_csv(PACKAGE / "width_weights.csv", index=False, lineterminator="\n")


def main() -> None:
    """Learn, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bench", type=Path, default=SHARED)
    parser.add_argument("--held-back", action="store_true", help="only print what unseen sources are covered by")
    asked = parser.parse_args()
    misses = read_misses(read_cases(asked.bench), asked.bench)
    if asked.held_back:
        print(held_back(misses).to_string())
    else:
        write_widths(fit(misses))


if __name__ == "__main__":
    main()

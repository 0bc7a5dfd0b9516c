"""Accuracy of every method, and of peers where their forecasts are given, on the sets of ../shared/bench.

python benchmarks/projection_accuracy.py [--peers DIR]    DIR: the files of peers_statsforecast.py
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from projection_sets import (
    KEYS,
    SETS,
    SHARED,
    Sample,
    by_lead,
    covered,
    interval_score,
    length_classes,
    mase,
    read_sample,
)

from xk.arithmetic.projection import METHODS, project_arrays

SHORT = ("auto", "drift", "damped", "constant")
ENDS = ("lo80", "hi80", "lo95", "hi95")


def own(sample: Sample, method: str) -> dict[str, np.ndarray]:
    """Project a set with one of our methods."""
    to = int(sample.years[-1]) + sample.actual.shape[1]
    found = project_arrays(sample.years, sample.history, to=to, method=method)
    ends = [end for level in (80, 95) for end in found.interval(level)]
    return {"value": found.path, **dict(zip(ENDS, ends, strict=True))}


def peer(sample: Sample, path: Path) -> dict[str, np.ndarray]:
    """Lay out a peer's forecasts like the sample."""
    frame = pd.read_csv(path)
    years = sample.years[-1] + 1 + np.arange(sample.actual.shape[1])
    tables = {name: frame.pivot(index=KEYS, columns="year", values=name) for name in ("value", *ENDS)}
    return {name: table.reindex(index=sample.names, columns=years).to_numpy() for name, table in tables.items()}


def measure(sample: Sample, got: dict[str, np.ndarray]) -> dict[str, float]:
    """Mean and median MASE, coverage and mean scaled interval score; series that a method refuses are counted."""
    errors = mase(sample, got["value"])
    row = {"mase": np.nanmean(errors), "median": np.nanmedian(errors)}
    for level in (80, 95):
        low, high = got[f"lo{level}"], got[f"hi{level}"]
        row[f"cover{level}"] = 100 * np.nanmean(covered(sample, low, high))
        row[f"score{level}"] = np.nanmean(interval_score(sample, low, high, level))
    return row | {"refused": int(np.isnan(errors).sum())}


def by_class(sample: Sample, paths: dict[str, np.ndarray]) -> pd.DataFrame:
    """Mean MASE by the length of the history, and mean error by years ahead in mean yearly changes."""
    rows = {name: mase(sample, path) for name, path in paths.items()}
    table = {label: {name: np.nanmean(row[part]) for name, row in rows.items()} | {"series": part.sum()}
             for label, part in length_classes(sample).items()}  # fmt: skip
    for lead in range(sample.actual.shape[1]):
        errors = {name: np.nanmean(by_lead(sample, path)[:, lead]) for name, path in paths.items()}
        table[f"{lead + 1} ahead"] = errors | {"series": (~np.isnan(sample.actual[:, lead])).sum()}
    return pd.DataFrame(table).T.astype({"series": int}).round(3)


def shortened(sample: Sample, length: int) -> pd.DataFrame:
    """Errors up to four years ahead where only the last years are known, in mean yearly changes of all history."""
    short = Sample(sample.names, sample.years, sample.history, sample.actual[:, :4]).crop(length)
    known = ~np.isnan(short.history).any(axis=1) & ~np.isnan(short.actual).all(axis=1) & ~np.isnan(sample.change)
    rows = {}
    for method in SHORT:
        got = own(short, method)
        errors = np.nanmean(np.abs(got["value"] - short.actual)[known], axis=1) / sample.change[known]
        row = {"mase": errors.mean(), "median": np.median(errors)}
        for level in (80, 95):
            row[f"cover{level}"] = 100 * np.nanmean(covered(short, got[f"lo{level}"], got[f"hi{level}"])[known])
        rows[method] = row | {"series": len(errors)}
    return pd.DataFrame(rows).T.astype({"series": int}).round(3)


def main() -> None:
    """Print one table a set, then those of short histories."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bench", type=Path, default=SHARED)
    parser.add_argument("--peers", type=Path)
    asked = parser.parse_args()
    for name in SETS:
        sample = read_sample(name, asked.bench)
        got = {f"xk {method}": own(sample, method) for method in METHODS}
        got["linear-damped"] = {key: (got["xk linear"][key] + got["xk damped"][key]) / 2 for key in ("value", *ENDS)}
        for path in sorted(asked.peers.glob(f"{name}_*.csv")) if asked.peers else []:
            got[path.stem.removeprefix(f"{name}_")] = peer(sample, path)
        print(f"\n{name}: {len(sample.names)} series, {sample.actual.shape[1]} years ahead")
        rows = {method: measure(sample, one) for method, one in got.items()}
        print(pd.DataFrame(rows).T.astype({"refused": int}).round(3).to_string())
        print(by_class(sample, {method: one["value"] for method, one in got.items()}).to_string())
    for name in SETS:
        sample = read_sample(name, asked.bench)
        for length in (3, 4, 5):
            print(f"\n{name}: the last {length} years\n{shortened(sample, length).to_string()}")


if __name__ == "__main__":
    main()

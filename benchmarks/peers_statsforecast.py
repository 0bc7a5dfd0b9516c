"""Forecasts and intervals of statsforecast on the tuning sets, written to a CSV file.

Runs in an environment of its own (statsforecast needs an older pandas than xk); see README.md.
One file a set and model is kept, so that the slow models are run once only.

    python peers_statsforecast.py --bench ../shared/bench --out peers/ [--models AutoETS Holt]
    python peers_statsforecast.py --time 2000 [--length 12] [--horizon 4]    seconds a series of AutoETS
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import statsforecast.models as sf

MODELS = {
    "drift": lambda: sf.RandomWalkWithDrift(),
    "Holt": lambda: sf.Holt(season_length=1),
    "AutoETS": lambda: sf.AutoETS(season_length=1),
    "AutoTheta": lambda: sf.AutoTheta(season_length=1),
    "DynamicOptimizedTheta": lambda: sf.DynamicOptimizedTheta(season_length=1),
    "AutoARIMA": lambda: sf.AutoARIMA(season_length=1),
}
LEVELS = [80, 95]


def forecast(model, values: np.ndarray, horizon: int) -> dict[str, np.ndarray]:
    """Mean and intervals of one series; NaN where the model refuses it."""
    try:
        got = model.forecast(y=values, h=horizon, level=LEVELS)
    except Exception:  # a peer that cannot do a series counts as missing, and is counted
        got = {}
    nan = np.full(horizon, np.nan)
    named = {"value": got.get("mean", nan)}
    for level in LEVELS:
        named[f"lo{level}"] = got.get(f"lo-{level}", nan)
        named[f"hi{level}"] = got.get(f"hi-{level}", nan)
    return named


def run_set(bench: Path, name: str, model_name: str) -> pd.DataFrame:
    """Forecast every series of a set with one model; rows of region, indicator, year."""
    history = pd.read_csv(bench / f"{name}_history.csv")
    last = pd.read_csv(bench / f"{name}_actual.csv").groupby(["region", "indicator"])["year"].max()
    rows = []
    for (region, indicator), part in history.groupby(["region", "indicator"], sort=True):
        part = part.sort_values("year")
        start = int(part["year"].iloc[-1])
        horizon = int(last[(region, indicator)]) - start
        got = forecast(MODELS[model_name](), part["value"].to_numpy(float), horizon)
        years = np.arange(start + 1, start + horizon + 1)
        rows.append(pd.DataFrame({"region": region, "indicator": indicator, "year": years, **got}))
    return pd.concat(rows, ignore_index=True).assign(set=name, model=model_name)


def time_autoets(count: int, length: int, horizon: int) -> dict[str, float]:
    """Seconds a series of AutoETS with intervals on trending random walks, after a warm-up."""
    rng = np.random.default_rng(0)
    series = 100 + np.cumsum(rng.normal(1, 2, (count + 1, length)), axis=1)
    forecast(MODELS["AutoETS"](), series[0], horizon)
    start = time.perf_counter()
    for values in series[1:]:
        forecast(MODELS["AutoETS"](), values, horizon)
    return {"series": count, "seconds_per_series": (time.perf_counter() - start) / count}


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--out", type=Path, default=Path("peers"))
    parser.add_argument("--models", nargs="+", choices=list(MODELS), default=list(MODELS))
    parser.add_argument("--sets", nargs="+", default=["wdi", "m1", "owid", "business"])
    parser.add_argument("--time", type=int)
    parser.add_argument("--length", type=int, default=12)
    parser.add_argument("--horizon", type=int, default=4)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    if asked.time:
        print(json.dumps(time_autoets(asked.time, asked.length, asked.horizon)))
        return
    asked.out.mkdir(parents=True, exist_ok=True)
    for name in asked.sets:
        for model in asked.models:
            path = asked.out / f"{name}_{model}.csv"
            if path.exists():
                continue
            start = time.perf_counter()
            frame = run_set(asked.bench, name, model)
            frame["seconds"] = (time.perf_counter() - start) / frame.groupby(["region", "indicator"]).ngroups
            frame.to_csv(path, index=False)
            print(f"{path}: {len(frame)} rows, {frame['seconds'].iloc[0] * 1000:.2f} ms a series", flush=True)


if __name__ == "__main__":
    main()

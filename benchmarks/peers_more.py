"""Forecasts and intervals of further peers on the sets of ../shared/bench: smooth, R's forecast, fracast.

Runs in environments of their own (see README.md); a file a set and model is kept, as of the other peers. They
take a sample of each set, always the same one; a peer that refuses a series leaves it out.

    python peers_more.py --bench ../shared/bench --out peers/ [--models ADAM CES fracast r_ets r_arima r_theta]
"""

from __future__ import annotations

import argparse
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

LEVELS = (80, 95)
SEED = 20_200_101
KEYS = ["region", "indicator"]
Ends = dict[str, np.ndarray]
Asked = tuple[tuple[str, str], int, np.ndarray, int]
"""A series: its name, last year, values, and the years ahead that are asked for."""

# one series a line, "horizon;value,value,..."; answers "value,lo80,hi80,lo95,hi95" a year, years joined by ";"
IN_R = """
suppressMessages(library(forecast))
rule <- list(r_ets = function(y, h) forecast(ets(y), h, level = c(80, 95)),
             r_arima = function(y, h) forecast(auto.arima(y), h, level = c(80, 95)),
             r_theta = function(y, h) thetaf(y, h, level = c(80, 95)))[["%s"]]
for (line in readLines(file("stdin"))) {
  parts <- strsplit(line, ";")[[1]]
  y <- ts(as.numeric(strsplit(parts[2], ",")[[1]])); h <- as.integer(parts[1])
  cat(tryCatch({ f <- rule(y, h)
    paste(sprintf("%%.10g,%%.10g,%%.10g,%%.10g,%%.10g", f$mean, f$lower[, 1], f$upper[, 1], f$lower[, 2], f$upper[, 2]),
          collapse = ";") }, error = function(e) ""), "\\n", sep = "")
}
"""


def by_smooth(name: str) -> Callable[[np.ndarray, int], Ends]:
    """Return what forecasts a series with a model of smooth."""
    from smooth import ADAM, CES

    def forecast(values: np.ndarray, horizon: int) -> Ends:
        model = ADAM("ZXZ") if name == "ADAM" else CES("none")
        model.fit(values)
        found = model.predict(h=horizon, interval="prediction", level=[level / 100 for level in LEVELS])
        ends = {"value": found.mean.to_numpy(float)}
        for place, level in enumerate(LEVELS):
            ends[f"lo{level}"] = found.lower.iloc[:, place].to_numpy(float)
            ends[f"hi{level}"] = found.upper.iloc[:, place].to_numpy(float)
        return ends

    return forecast


def by_fracast(asked: list[Asked]) -> list[Ends | None]:
    """Return the forecasts of fracast, by the weights in its wheel, all at once; eight values are its fewest.

    It has quantiles from 10 to 90 % at the most: an interval of 80 %, none of 95 %.
    """
    from fracast.inference import FracastModel

    model, fewest = FracastModel.from_pretrained(weights="fp32"), 8
    place = {round(100 * one): number for number, one in enumerate(model.quantiles)}
    able = [values for _, _, values, _ in asked if len(values) >= fewest]
    context = np.full((len(able), max(map(len, able))), np.nan)
    for row, values in enumerate(able):
        context[row, -len(values) :] = values
    rows = iter(model.forecast(context, horizon=max(ahead for *_, ahead in asked)))
    found: list[Ends | None] = []
    for _, _, values, ahead in asked:
        one = next(rows)[:ahead] if len(values) >= fewest else None
        names = {"value": 50, "lo80": 10, "hi80": 90}
        none = dict.fromkeys(("lo95", "hi95"), np.full(ahead, np.nan))
        found.append(None if one is None else {name: one[:, place[q]] for name, q in names.items()} | none)
    return found


def series_of(bench: Path, name: str, most: int) -> Iterator[Asked]:
    """Yield name, last year, values and years ahead of the series of a set, or of a sample of it."""
    history = pd.read_csv(bench / f"{name}_history.csv").sort_values([*KEYS, "year"])
    last = pd.read_csv(bench / f"{name}_actual.csv").groupby(KEYS)["year"].max()
    keys = last.index.sort_values()
    if most and len(keys) > most:
        keys = keys[np.sort(np.random.default_rng(SEED).permutation(len(keys))[:most])]
    parts = dict(tuple(history.groupby(KEYS)))
    for key in keys:
        start = int(parts[key]["year"].iloc[-1])
        yield key, start, parts[key]["value"].to_numpy(float), int(last[key]) - start


def in_r(name: str, asked: list[Asked]) -> list[Ends | None]:
    """Return the forecasts of a model of R's forecast, None where it refuses."""
    lines = "".join(f"{ahead};{','.join(map(repr, values.tolist()))}\n" for _, _, values, ahead in asked)
    done = subprocess.run(["Rscript", "-e", IN_R % name], input=lines, capture_output=True, text=True, check=True)
    found: list[Ends | None] = []
    for line in done.stdout.splitlines():
        cells = np.array([year.split(",") for year in line.split(";")], dtype=float) if line else None
        names = ("value", "lo80", "hi80", "lo95", "hi95")
        found.append(None if cells is None else dict(zip(names, cells.T, strict=True)))
    return found


def forecasts(name: str, asked: list[Asked]) -> list[Ends | None]:
    """Return the forecasts of all series by one model, None where it refuses one."""
    if name.startswith("r_"):
        return in_r(name, asked)
    if name == "fracast":
        return by_fracast(asked)
    one, found = by_smooth(name), []
    for _, _, values, ahead in asked:
        try:
            found.append(one(values, ahead))
        except Exception:  # a peer that cannot do a series counts as missing, and is counted
            found.append(None)
    return found


def run_set(bench: Path, name: str, model: str, most: int) -> pd.DataFrame:
    """Forecast a set, or a sample of it, with one model; rows of region, indicator, year."""
    asked = list(series_of(bench, name, most))
    began, rows = time.perf_counter(), []
    for (key, start, _, ahead), ends in zip(asked, forecasts(model, asked), strict=True):
        if ends is not None:
            years = np.arange(start + 1, start + ahead + 1)
            rows.append(pd.DataFrame({"region": key[0], "indicator": key[1], "year": years, **ends}))
    seconds = (time.perf_counter() - began) / len(asked)
    print(f"{name} {model}: {len(rows)} of {len(asked)} series, {1000 * seconds:.1f} ms a series", flush=True)
    return pd.concat(rows, ignore_index=True).assign(set=name, model=model, seconds=seconds)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--out", type=Path, default=Path("peers"))
    parser.add_argument("--models", nargs="+", default=["ADAM", "CES", "fracast", "r_ets", "r_arima", "r_theta"])
    parser.add_argument("--sets", nargs="+", default=["wdi", "m1", "owid", "business"])
    parser.add_argument("--most", type=int, default=300, help="series of a set at the most; 0: all")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    asked.out.mkdir(parents=True, exist_ok=True)
    for model in asked.models:
        for name in asked.sets:
            path = asked.out / f"{name}_{model}.csv"
            if not path.exists():
                run_set(asked.bench, name, model, asked.most).to_csv(path, index=False)


if __name__ == "__main__":
    main()

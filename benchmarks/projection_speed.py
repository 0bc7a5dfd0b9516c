"""Seconds and memory of `auto` with intervals, against AutoETS of statsforecast on the same machine in the same run.

    python benchmarks/projection_speed.py [--peer PYTHON] [--sizes 1000 10000 100000]

PYTHON: interpreter of an environment with statsforecast; it runs before and after ours, the faster run counts.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import subprocess
import time
from pathlib import Path

import numpy as np

from xk.arithmetic.projection import project_arrays

LENGTH, HORIZON, PEER_SERIES = 12, 4, 2_000


def trending(count: int) -> np.ndarray:
    """Return random walks with drift, as those of the peer."""
    return 100 + np.cumsum(np.random.default_rng(0).normal(1, 2, (count, LENGTH)), axis=1)


def run(count: int, found: multiprocessing.Queue) -> None:
    """Project series in a process of its own and send seconds and peak memory."""
    values, years = trending(count), np.arange(2017 - LENGTH, 2017)
    project_arrays(years, values[:100], to=2016 + HORIZON).interval(80)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    projection = project_arrays(years, values, to=2016 + HORIZON)
    ends = [projection.interval(level) for level in (80, 95)]
    seconds = time.perf_counter() - start
    assert all(np.isfinite(end).all() for pair in ends for end in pair)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found.put({"seconds": seconds, "peak": peak / 1024, "own": (peak - before) / 1024})


def measure(count: int) -> dict[str, float]:
    """Return seconds, peak memory and what the projection added to it, in MiB."""
    found: multiprocessing.Queue = multiprocessing.get_context("spawn").Queue()
    process = multiprocessing.get_context("spawn").Process(target=run, args=(count, found))
    process.start()
    result = found.get()
    process.join()
    return result


def peer_seconds(python: Path) -> float:
    """Return seconds a series of AutoETS, after a warm-up."""
    script = Path(__file__).with_name("peers_statsforecast.py")
    command = [python, script, "--time", PEER_SERIES, "--length", LENGTH, "--horizon", HORIZON]
    said = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout
    return float(json.loads(said)["seconds_per_series"])


def main() -> None:
    """Print a line a size, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    asked = parser.parse_args()
    peers = [peer_seconds(asked.peer)] if asked.peer else []
    for count in asked.sizes:
        got = measure(count)
        each = got["seconds"] / count
        print(f"{count:>7} series: {got['seconds']:7.2f} s, {1e6 * each:6.1f} us a series,", end=" ")
        print(f"peak {got['peak']:.0f} MiB, of it {got['own']:.0f} MiB for the projection")
    if asked.peer:
        peers.append(peer_seconds(asked.peer))
        print(f"AutoETS: {1e6 * min(peers):.0f} us a series (of {PEER_SERIES}); ratio {min(peers) / each:.0f}")


if __name__ == "__main__":
    main()

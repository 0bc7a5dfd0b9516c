"""Runs of reports against the ways they would be made otherwise; prints a table in Markdown.

    python benchmarks/runs.py [--repeat 3] [--regions 1,10,100] [--dask 5]

A machine that does other things at the time changes seconds, ratios less: the ways take turns within each round,
and medians are compared. CPU seconds, of all processes together, stand beside them.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
PYTHON = sys.executable
WORKERS = 2

# The same cells as plain code: imports, data and results once, then two forked processes draw.
PLAIN = """
import json, os, sys
from xk import bench, charts, tables, theme
from xk.readers import read_store
bench.results_of(bench.Question(), read_store())
jobs = json.load(open(sys.argv[1]))
pids = []
for worker in range(2):
    if (pid := os.fork()) == 0:
        for job in jobs[worker::2]:
            names = {"__name__": "__main__"}
            for number, cell in enumerate(job["cells"]):
                exec(compile(cell, job["name"], "exec"), names)
                if number == job["parameters_at"]:
                    names.update(job["parameters"])
        os._exit(0)
    pids.append(pid)
sys.exit(any(os.waitpid(pid, 0)[1] for pid in pids))
"""


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall and CPU seconds of all processes that `work` starts."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, cpu


def call(*command: str, cwd: Path = ROOT) -> None:
    """Run a command that must succeed."""
    done = subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")


def report(out: Path, *options: str, cwd: Path = ROOT) -> None:
    """Make the reports with the command of this project."""
    call(PYTHON, "-m", "xk", "report", "--out", str(out), "--jobs", str(WORKERS), *options, cwd=cwd)


def manifest_of(out: Path) -> dict[str, dict[str, dict[str, object]]]:
    """Return the manifest of the newest run."""
    return dict(json.loads((out / "latest" / "manifest.json").read_text(encoding="utf-8")))


def by_commands(out: Path, reports: dict[str, dict[str, object]]) -> None:
    """Make the same notebooks with papermill, then nbconvert, one command after the other."""
    for name, made in reports.items():
        executed = str(out / f"{name}.ipynb")
        values = out / f"{name}.yaml"
        values.write_text(json.dumps(made["parameters"]), encoding="utf-8")
        source = str(ROOT / "notebooks" / "reports" / str(made["notebook"]))
        call(PYTHON, "-m", "papermill", "--no-progress-bar", "-f", str(values), source, executed)
        call(PYTHON, "-m", "nbconvert", "--to", "html", "--log-level", "ERROR", executed)


def by_script(out: Path, reports: dict[str, dict[str, object]]) -> None:
    """Draw the same figures with a plain script in two processes."""
    jobs = []
    for name, made in reports.items():
        source = ROOT / "notebooks" / "reports" / str(made["notebook"])
        cells = [c for c in json.loads(source.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
        tagged = ["parameters" in cell["metadata"].get("tags", []) for cell in cells]
        code = ["".join(cell["source"]) for cell in cells]
        jobs.append(
            {"name": name, "cells": code, "parameters": made["parameters"], "parameters_at": tagged.index(True)}
        )
    (out / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    (out / "plain.py").write_text(PLAIN, encoding="utf-8")
    call(PYTHON, str(out / "plain.py"), str(out / "jobs.json"))


def table(title: str, rows: dict[str, list[tuple[float, float]]]) -> None:
    """Print medians, and the ratio to the first row."""
    print(f"\n| {title} | seconds (median; least-most) | CPU seconds | ratio | ratio of CPU |\n|---|---|---|---|---|")
    base: tuple[float, float] | None = None
    for name, times in rows.items():
        wall, cpu = (statistics.median(each) for each in zip(*times, strict=True))
        base = base or (wall, cpu)
        span = f"{min(t[0] for t in times):.1f}-{max(t[0] for t in times):.1f}"
        print(f"| {name} | {wall:.1f}; {span} | {cpu:.1f} | {wall / base[0]:.2f} | {cpu / base[1]:.2f} |")
    sys.stdout.flush()


def one_city(folder: Path, repeat: int) -> None:
    """Compare ways to make the reports of one city."""
    report(folder / "first")
    reports = manifest_of(folder / "first")["reports"]
    ways: dict[str, Callable[[Path], None]] = {
        f"xk report --jobs {WORKERS}": report,
        "xk report --kernel process": lambda out: report(out, "--kernel", "process"),
        "plain script, two forked processes": lambda out: by_script(out, reports),
        "papermill and nbconvert commands": lambda out: by_commands(out, reports),
    }
    rows: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for number in range(repeat):
        for name, way in ways.items():
            out = folder / f"{number}-{len(name)}"
            out.mkdir()
            rows[name].append(measured(lambda way=way, out=out: way(out)))  # type: ignore[misc]
    table(f"{len(reports)} reports of one city", rows)


def many_regions(folder: Path, numbers: list[int], *, on_dask: bool) -> None:
    """Compare provinces of different size: time of a further region, memory of the largest process and the parent."""
    print("\n| regions | reports | seconds | CPU seconds | CPU of each further report | largest, MB | parent, MB |")
    print("|---|---|---|---|---|---|---|")
    last = (0, 0.0)
    for number in numbers:
        province, out = synthetic(folder / f"province-{number}", number), folder / f"regions-{number}"
        with cluster() if on_dask else contextlib.nullcontext("") as address:
            watched: list[tuple[float, float]] = []
            options = ("--dask", address) if address else ()
            seconds, cpu = measured(lambda out=out: watched.append(report_and_watch(out, province, *options)))  # type: ignore[misc]  # noqa: B023
        count, ((largest, parent),) = len(manifest_of(out)["reports"]), watched
        cpu = cpu or float("nan")
        further = f"{(cpu - last[1]) / (count - last[0]):.2f}" if last[0] else ""
        row = f"{number} | {count} | {seconds:.1f} | {cpu:.1f} | {further} | {largest:.0f} | {parent:.0f}"
        print(f"| {row} |", flush=True)
        last = count, cpu


def synthetic(folder: Path, regions: int) -> Path:
    """Write an invented province."""
    call(PYTHON, str(ROOT / "benchmarks" / "synthetic.py"), str(folder), str(regions))
    return folder


def report_and_watch(out: Path, province: Path, *options: str) -> tuple[float, float]:
    """Make the reports of all regions; return the most MB that one of its processes held, and that the parent held.

    A worker of Dask, and what it starts, are processes of this one.
    """
    command = [PYTHON, "-m", "xk", "report", "--scheme", "synthetic", "--region", "all", "--out", str(out)]
    with subprocess.Popen(
        [*command, "--jobs", str(WORKERS), *options], cwd=province, env=ENVIRONMENT, stdout=subprocess.DEVNULL
    ) as process:
        most: dict[int, float] = {}
        while process.poll() is None:
            for pid in below(os.getpid()):
                with contextlib.suppress(OSError, IndexError):
                    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                    most[pid] = max(most.get(pid, 0.0), pages * resource.getpagesize() / 1e6)
            time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"the province could not be reported on: {process.returncode}")
    return max(most.values()), most[process.pid]


def below(pid: int) -> list[int]:
    """Return the processes that a process has, and those that these have."""
    try:
        threads = Path(f"/proc/{pid}/task").iterdir()
        children = [int(word) for thread in threads for word in (thread / "children").read_text().split()]
    except OSError:
        return []
    return children + [one for child in children for one in below(child)]


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Start a Dask cluster of two workers on this machine."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as started:
        yield str(started.scheduler_address)


def on_cluster(folder: Path, repeat: int, regions: int) -> None:
    """Compare a cluster of two workers, warm, with two processes here."""
    province = synthetic(folder / "province-dask", regions)
    options = ("--scheme", "synthetic", "--region", "all")
    rows: dict[str, list[tuple[float, float]]] = {f"--jobs {WORKERS}": [], f"--dask, {WORKERS} workers": []}
    with cluster() as address:
        report(folder / "dask-first", *options, "--dask", address, cwd=province)
        for number in range(repeat):
            for name, more in zip(rows, ((), ("--dask", address)), strict=True):
                out = folder / f"dask-{number}-{len(more)}"
                rows[name].append(measured(lambda out=out, more=more: report(out, *options, *more, cwd=province)))  # type: ignore[misc]
    table(f"{regions} regions", rows)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--regions", default="", help="sizes of provinces, such as 1,5,10")
    parser.add_argument("--on-dask", action="store_true", help="make those on a cluster of two workers here")
    parser.add_argument("--dask", type=int, default=0, metavar="REGIONS", help="compare a cluster over so many regions")
    parser.add_argument("--no-city", action="store_true", help="leave out the reports of one city")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xk-runs-") as name:
        if not asked.no_city:
            one_city(Path(name), asked.repeat)
        if asked.regions:
            many_regions(Path(name), [int(number) for number in asked.regions.split(",")], on_dask=asked.on_dask)
        if asked.dask:
            on_cluster(Path(name), asked.repeat, asked.dask)


if __name__ == "__main__":
    main()

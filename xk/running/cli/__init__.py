"""The command line: a thin wrapper over calls that Python users have too.

Exit status: 0 done; 1 the input has faults (listed); 2 wrong usage; 3 a report failed (the others stand);
75 another run is writing to the same folder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from xk.arithmetic.projection import METHODS
from xk.errors import XkError
from xk.running.cli.asking import add_question
from xk.running.cli.grammar import without_grammar
from xk.vocab import KERNELS, LANGUAGES

USAGE = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; what went wrong is told on stderr."""
    parser = build_parser()
    asked, more = parser.parse_known_args(arguments)
    if more and not hasattr(asked, "more"):
        parser.error(f"unrecognized arguments: {' '.join(more)}")
    asked.more = more
    try:
        return int(asked.run(asked))
    except XkError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("interrupted; nothing was published", file=sys.stderr)
        return INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="xk", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_tables(known)
    _add_project(known)
    _add_score(known)
    _add_report(known)
    _add_runs(known)
    return parser


def _later(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Return a command of a module that is imported only when it is called: papermill takes a second."""

    def run(asked: argparse.Namespace) -> int:
        with without_grammar():
            commands = import_module(f"xk.running.cli.{module}")
        return int(getattr(commands, name)(asked))

    return run


def _levels(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of levels such as 80,95") from None


def _add_tables(known: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = known.add_parser("check", help="check the tables in data/raw; lists every fault")
    check.add_argument("--scheme", help="one programme only")
    check.set_defaults(run=_later("tables", "run_check"))
    build = known.add_parser("build", help="data/raw -> data/processed")
    build.add_argument("--scheme", help="one programme only")
    build.set_defaults(run=_later("tables", "run_build"))


def _add_project(known: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    project = known.add_parser("project", help="project annual series of a CSV or Parquet file")
    project.add_argument("input", help="columns region, indicator, year, value")
    project.add_argument("--to", type=int, required=True, help="last year")
    project.add_argument("--method", default="auto", help=", ".join(METHODS))
    project.add_argument("--levels", type=_levels, default=(80.0, 95.0), help="per cent, such as 80,95")
    project.add_argument("-o", "--output", required=True, help="CSV or Parquet file to write")
    project.set_defaults(run=_later("tables", "run_project"))


def _add_score(known: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    score = known.add_parser("score", help="score and status of every indicator of a region")
    add_question(score, required=("scheme", "region"), left_out=("domain", "lang"))
    score.add_argument("--observations", help="CSV file with figures of your own, put before the published ones")
    score.add_argument("-o", "--output", required=True, help="CSV file to write")
    score.set_defaults(run=_later("tables", "run_score"))


def _add_report(known: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = known.add_parser("report", help="make the reports of a programme")
    add_question(
        report,
        region="regions; all: every region of the programme",
        domain="only the reports of these domains",
    )
    report.add_argument(
        "--jobs", dest="workers", type=int, default=2, metavar="N", help="reports made at the same time"
    )
    report.add_argument("--out", default="reports", help="folder of all runs")
    report.add_argument("--pdf", action="store_true", help="print each report to PDF too; needs Chromium")
    report.add_argument("--kernel", default="auto", choices=KERNELS, help="how notebooks are run")
    report.add_argument("--timeout", type=int, help="seconds that one cell may take")
    report.add_argument(
        "--dask", default="", metavar="ADDRESS", help="scheduler of a Dask cluster that makes the reports"
    )
    report.add_argument("--keep", type=int, default=0, metavar="N", help="runs to keep; 0: all of them")
    report.add_argument("--on-finish", default="", metavar="COMMAND", help="called with the path of the manifest")
    report.set_defaults(run=_later("reports", "run_report"))


def _add_runs(known: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    runs = known.add_parser("runs", help="list the runs that are there, the newest first")
    runs.add_argument("--out", default="reports", help="folder of all runs")
    runs.set_defaults(run=_later("reports", "run_runs"))
    verify = known.add_parser("verify", help="are the files of a run as they were made, and would be made again?")
    verify.add_argument("folder", metavar="RUN", help="its folder, such as reports/latest")
    verify.add_argument("--again", action="store_true", help="make the run anew beside it and compare byte by byte")
    verify.set_defaults(run=_later("reports", "run_verify"))
    diff = known.add_parser("diff", help="what changed between two runs: figures, targets, statuses")
    diff.add_argument("before", metavar="RUN_A")
    diff.add_argument("after", metavar="RUN_B")
    diff.add_argument("--lang", choices=LANGUAGES, help="that of the later run if not given")
    diff.set_defaults(run=_later("reports", "run_diff"))
    lab = known.add_parser("lab", help="JupyterLab on the notebooks; more arguments go to it")
    lab.set_defaults(more=[], run=_later("reports", "run_lab"))

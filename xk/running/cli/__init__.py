"""The command line: a thin wrapper over calls that Python users have too.

Exit status: 0 done; 1 the input has faults (listed); 2 wrong usage; 3 a report failed (the others stand);
75 another run is writing to the same folder.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module

from xk.arithmetic.projection import METHODS
from xk.bench import Question
from xk.errors import ReportError, XkError
from xk.readers.schemes import at_root
from xk.readers.writing import FULL
from xk.running.cli.grammar import without_grammar
from xk.running.cli.options import add_question
from xk.running.cli.streams import lost_words, settle_folders, settle_streams
from xk.running.cli.wrong import Parser, check_encoded, check_folder, check_words, end_unknown, whole, year
from xk.vocab import KERNELS, LANGUAGES, NAMED, NATIVE

INTERRUPTED, CLOSED = 130, 141
"""Exit statuses of what was stopped: by the user, by the end of who read the answer."""
PLANNED = "programme of planned values; that of a filled-in workbook if not given"
OUT = "folder of all runs; reports in DIR of --root, or here"

ANSWERS = frozenset({"check", "read", "runs", "verify", "diff"})
"""Commands that fail where their words are not taken; what others do stands whatever becomes of the terminal."""

Add = Callable[[str, str, str], argparse.ArgumentParser]
"""Adds a command: module that holds it, name, what it does in a line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; what went wrong is told on stderr."""
    settle_streams()
    parser = build_parser()
    arguments = sys.argv[1:] if arguments is None else arguments
    check_folder(parser)
    check_words(parser, arguments)
    asked, more = parser.parse_known_args(arguments)
    if not hasattr(asked, "more"):
        if more:
            end_unknown(asked.command, more)
        for before, given in zip(["", *arguments], arguments, strict=False):
            if not given.strip() or re.fullmatch(r"--[\w-]+=\s*", given):
                parser.error(f"{given.strip() or before} has an empty value; give one, or leave it out")
        check_encoded(asked)
    asked.more = more
    status = _status_of(asked)
    return status or (_answer_lost() if asked.is_answer else 0)


def _status_of(asked: argparse.Namespace) -> int:
    try:
        with at_root(asked.root):
            return int(asked.run(asked))
    except XkError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except OSError as error:
        while isinstance(error.args[0] if error.args else None, list):  # of copies, one by one
            error = OSError(*error.args[0][0][2:])
        room = "; free some room on that disk, and do it again" if error.errno in FULL else ""
        said = f"{error.filename or 'xk'}: {error.strerror or error}; nothing was changed by half{room}"
        print(said, file=sys.stderr)
        return ReportError.exit_status
    except KeyboardInterrupt:
        print("interrupted; nothing was published", file=sys.stderr)
        return INTERRUPTED


def _answer_lost() -> int:
    """Return the status of a command whose words were not taken, where they are all that it does."""
    error = lost_words()
    if error is None:
        return 0
    if isinstance(error, BrokenPipeError):  # who read the answer wanted no more of it
        return CLOSED
    print(f"xk: the answer could not be written: {error.strerror}", file=sys.stderr)
    return ReportError.exit_status


def build_parser() -> Parser:
    """Return the parser of all commands."""
    parser = Parser(prog="xk", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = partial(_command, parser.add_subparsers(required=True, metavar="COMMAND"))
    _add_tables(add)
    _add_inputs(add)
    _add_reports(add)
    _add_runs(add)
    _add_benches(add)
    return parser


def _command(known: argparse._SubParsersAction[Parser], module: str, name: str, words: str) -> argparse.ArgumentParser:
    parser = known.add_parser(name, help=words)
    parser.set_defaults(run=partial(_run, module, f"run_{name}"), is_answer=name in ANSWERS, root="", command=parser)
    if name != "init":
        parser.add_argument("--root", default="", metavar="DIR", help="project folder; that around the working folder")
    return parser


def _run(module: str, name: str, asked: argparse.Namespace) -> int:
    """Run a command of a module that is imported only when it is called: papermill takes a second."""
    if module == "reports" or name == "run_app":
        settle_folders()
    with without_grammar():
        commands = import_module(f"xk.running.cli.{module}")
    return int(getattr(commands, name)(asked))


def _levels(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of levels such as 80,95") from None


def _add_tables(add: Add) -> None:
    table = "CSV, xlsx or Parquet file to write"
    for name, words in (
        ("check", "check data/raw, or files of figures alone; lists every fault"),
        ("build", "data/raw -> data/processed"),
    ):
        command = add("tables", name, words)
        command.add_argument("--scheme", help="one programme only: its name, or any folder that holds one")
        if name == "check":
            command.add_argument("files", nargs="*", metavar="FILE", help="files with figures of your own, alone")
            command.add_argument("--region", help="region of tables in these that name none")
            meant = "write the checksums of edited files anew: the edit is meant"
            command.add_argument("--accept", action="store_true", help=meant)
    read = add("tables", "read", "what is understood of files of an office: layouts, names, figures with cell, doubts")
    read.add_argument("files", nargs="+", metavar="FILE", help="CSV, xlsx, xls, ods, HTML or Parquet")
    read.add_argument("--region", default="", help="region of tables that name none")
    read.add_argument("--scheme", default="", help=PLANNED)
    read.add_argument("-o", "--output", default="", help=f"{table}, a row a figure; nothing is written without")
    project = add("tables", "project", "project annual series of a file of any known layout")
    project.add_argument("input", help="such as CSV with region, indicator, year, value; see xk read")
    project.add_argument("--to", type=year, required=True, help="last year")
    project.add_argument("--method", default="auto", help=", ".join(METHODS))
    project.add_argument("--levels", type=_levels, default=(80.0, 95.0), help="per cent, such as 80,95")
    for end in ("lower", "upper"):
        project.add_argument(f"--{end}", type=float, metavar="BOUND", help=f"natural {end} bound of all series")
    project.add_argument("-o", "--output", required=True, help=table)
    score = add("tables", "score", "score and status of every indicator of a region")
    add_question(score, required=("scheme", "region"), left_out=("domain", "lang"))
    score.add_argument("-o", "--output", required=True, help=table)


def _add_inputs(add: Add) -> None:
    init = add("inputs", "init", "lay out a project folder: figures, notebooks, a workbook to fill in, a line for cron")
    init.add_argument("folder", metavar="DIR", help="a new folder, or one that has none of these yet")
    figures = add("inputs", "add", "add figures of your own to data/raw, with their source; all or nothing")
    figures.add_argument("files", nargs="+", metavar="FILE")
    figures.add_argument("--source", required=True, metavar="'PUBLISHER: TITLE'", help="who published them, and where")
    figures.add_argument("--region", help="region of tables that name none")
    figures.add_argument("--vintage", default="", metavar="DATE", help="day of release; that of the file if not given")
    figures.add_argument("--accept", action="store_true", help="figures far from others are meant as they stand")
    figures.add_argument("--scheme", help=PLANNED)
    template = add("inputs", "template", "write workbooks to fill in and give back, or a programme to begin with")
    template.add_argument("kind", choices=("observations", "schedule", "tasks", "region", "scheme"))
    template.add_argument("--scheme", default=Question.scheme, help="programme: a folder under data/raw/schemes")
    template.add_argument("--region", help="region asked for; the programme's first if not given")
    template.add_argument("--office", help="one office alone; a workbook for each where OUT is a folder")
    template.add_argument("--lang", default=NATIVE, choices=LANGUAGES)
    template.add_argument("-o", "--output", required=True, metavar="OUT", help="a workbook (.xlsx) or a folder")
    alias = add("inputs", "alias", "keep another name of a region, indicator, domain, office or unit")
    alias.add_argument("alias", help="the other name, as files have it")
    alias.add_argument("name", nargs="?", default="", help="a name that is known")
    alias.add_argument("--remove", action="store_true", help="forget the other name")
    alias.add_argument("--kind", choices=NAMED, help="what it is, where the name alone does not tell")


def _add_reports(add: Add) -> None:
    report = add("reports", "report", "make the reports of a programme")
    several = {"region": "regions; all: those of the programme and their peers",
               "domain": "only the reports of these domains",
               "scenario": "files with differences from the reference, or their names; several: compared"}  # fmt: skip
    add_question(report, **several)
    workers = "reports made at the same time"
    report.add_argument("--jobs", dest="workers", type=whole, default=2, metavar="N", help=workers)
    report.add_argument("--out", default="", metavar="DIR", help=OUT)
    issued = "date of issue; that of the newest data if not given"
    report.add_argument("--issued", default="", metavar="DATE", help=issued)
    report.add_argument("--pdf", action="store_true", help="print each report to PDF too; needs Chromium")
    report.add_argument("--kernel", default="auto", choices=KERNELS, help="how notebooks are run")
    numbers = (
        ("--timeout", "SECONDS", None, "seconds that the notebook of one report may take"),
        ("--run-timeout", "SECONDS", 0, "seconds that the run may take; what is not made then has failed"),
        ("--retry", "N", 0, "how often a report that failed is tried again"),
        ("--keep", "N", 0, "runs to keep of this question; 0: all"),
    )
    for name, metavar, default, words in numbers:
        report.add_argument(name, type=whole, default=default, metavar=metavar, help=words)
    resume = "take over what a run that was stopped, or failed, has made whole and good"
    report.add_argument("--resume", action="store_true", help=resume)
    dask = "scheduler of a Dask cluster that makes the reports"
    report.add_argument("--dask", default="", metavar="ADDRESS", help=dask)
    report.add_argument("--on-finish", default="", metavar="COMMAND", help="called with the path of the manifest")


def _add_runs(add: Add) -> None:
    runs = add("reports", "runs", "list the runs that are there, the newest first: what they are of, links to them")
    runs.add_argument("--lang", choices=LANGUAGES, help="that of the latest if not given")
    verify = add("reports", "verify", "are the files of a run as they were made, and would be made again?")
    verify.add_argument("folder", metavar="RUN", help="its folder, or its name, such as latest")
    verify.add_argument("--again", action="store_true", help="make the run anew beside it and compare byte by byte")
    diff = add("reports", "diff", "what changed between two runs: figures, targets, statuses")
    diff.add_argument("before", metavar="RUN_A")
    diff.add_argument("after", metavar="RUN_B")
    for command in (runs, verify, diff):
        command.add_argument("--out", default="", metavar="DIR", help=OUT)
    diff.add_argument("--lang", choices=LANGUAGES, help="that of the later run if not given")


def _add_benches(add: Add) -> None:
    add("benches", "lab", "JupyterLab on the benches; more arguments go to it").set_defaults(more=[])
    app = add("benches", "app", "the benches as a page, for colleagues without Jupyter")
    app.add_argument("--host", default="127.0.0.1", help="address to listen at; others than this machine see 0.0.0.0")
    app.add_argument("--port", type=whole, default=8866, help="0: any that is free")
    app.add_argument("--address", default="", metavar="URL", help="what colleagues type, behind another server")
    app.add_argument("--no-browser", dest="browser", action="store_false", help="only print the address")

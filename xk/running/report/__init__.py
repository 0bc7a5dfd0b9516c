"""One report: run the notebook, refuse what may not be shown, make the page."""

import copy
import re
from collections.abc import Mapping
from pathlib import Path

from nbformat import NotebookNode

from xk.errors import check_known
from xk.running.kernels import Execute, FailedReport, execute
from xk.running.report.refusals import count_exhibits, output_faults

_COUNTED = ("figures", "tables")
_SHOWING_TAGS = {"figure", "table"}
# Cells that papermill puts in get a random id, which is one in the page, too.
_ADDED_TAGS = {"injected-parameters", "papermill-error-cell-tag"}
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def run_notebook(path: Path, parameters: Mapping[str, object], *, execute: Execute = execute) -> NotebookNode:
    """Run a report notebook and return it, fit to be shown and the same to the byte for the same inputs.

    Parameters
    ----------
    path : Path
        The notebook.
    parameters : mapping
        Values for names of its parameters cell.
    execute : callable
        What runs notebooks; another engine can stand here.

    Raises
    ------
    UsageError
        Unknown parameter or wrong type; nothing was run.
    FailedReport
        It did not come to its end, or what it shows is not fit to be shown; all reasons are named.
    """
    try:
        executed = execute(path, parameters)
    except FailedReport as error:
        raise FailedReport(str(error), error.notebook and settled(error.notebook)) from error
    faults = check_report(executed)
    settled_notebook = settled(executed)
    if faults:
        raise FailedReport("\n".join(f"{path.name}: {fault}" for fault in faults), settled_notebook)
    return settled_notebook


def check_report(notebook: NotebookNode) -> list[str]:
    """Return what speaks against showing an executed notebook; an empty list where it is good.

    Every code cell has run to its end, nothing was written to stderr, the figures and tables expected are
    there (its metadata ``xk.expect`` says how many at least), no ``nan``, ``inf``, ``None`` or ``NaT`` is shown,
    nothing leads out of the page.
    """
    faults: list[str] = []
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            faults += _cell_faults(number, cell)
    counts = count_exhibits(notebook)
    for kind, fewest in notebook.metadata.get("xk", {}).get("expect", {}).items():
        check_known(kind, _COUNTED, what="expectation")
        if counts[kind] < fewest:
            faults.append(f"{counts[kind]} {kind} where at least {fewest} belong")
    return faults + output_faults(notebook)


def settled(notebook: NotebookNode) -> NotebookNode:
    """Return a copy without what differs from run to run: times, paths, random ids, addresses in memory."""
    copied = copy.deepcopy(notebook)
    copied.metadata.pop("papermill", None)
    for number, cell in enumerate(copied.cells, start=1):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        added = _ADDED_TAGS & set(cell.metadata.get("tags", []))
        if added:
            cell.id = f"{added.pop()}-{number}"
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get("text/plain")
            if isinstance(text, str):
                output.data["text/plain"] = _ADDRESS.sub("", text)
    return copied


def _cell_faults(number: int, cell: NotebookNode) -> list[str]:
    faults = []
    # papermill marks cells that never ran as completed, too; only the count tells.
    status = cell.metadata.get("papermill", {}).get("status", "completed")
    if cell.source.strip() and (cell.execution_count is None or status != "completed"):
        faults.append(f"cell {number} did not run to its end")
    for tag in _SHOWING_TAGS & set(cell.metadata.get("tags", [])):
        if not any(output.output_type in ("display_data", "execute_result") for output in cell.outputs):
            faults.append(f"cell {number} is tagged {tag!r} and shows nothing")
    for output in cell.outputs:
        if output.output_type == "error":
            faults.append(f"cell {number} stopped with {output.ename}: {output.evalue}")
        elif output.output_type == "stream" and output.name == "stderr":
            lines = filter(None, map(str.strip, output.text.splitlines()))
            faults.append(f"cell {number} wrote to stderr: {' / '.join(lines)[:400] or '(blank)'}")
    return faults

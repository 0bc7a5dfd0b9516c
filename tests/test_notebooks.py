"""The convention of the notebooks, read from the files; nothing is run here. CONTRIBUTING.md says why."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xk.bench.question import PARAMETERS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
REPORTS = {"domain.ipynb", "overview.ipynb"}

OPENING = ("parameters", "setup", "load", "compute")
TAGS = {*OPENING, "figure", "table", "text", "provenance"}
MAX_LINES = 10

LOGIC = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.IfExp,
    ast.Match, ast.Try, ast.With, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Delete,
)  # fmt: skip
FORBIDDEN_CALLS = {
    "open", "exit", "quit", "exec", "eval", "system", "savefig", "mkdir", "unlink", "to_csv",
    "to_excel", "to_html", "to_json", "to_parquet", "to_pickle", "to_markdown", "write_text", "write_bytes",
    "filterwarnings", "simplefilter", "set_theme", "set_option",
}  # fmt: skip
ABSOLUTE_PATH = re.compile(r"^(?:/|~|[A-Za-z]:[\\/]|\\\\)")

Notebook = dict[str, Any]


def notebook_files() -> list[Path]:
    found = sorted(FOLDER.rglob("*.ipynb"))
    return [path for path in found if ".ipynb_checkpoints" not in path.parts]


FILES = notebook_files()
START = FOLDER / "start.ipynb"  # words, and a cell that refuses parameters
each_notebook = pytest.mark.parametrize(
    "path", [path for path in FILES if path != START], ids=lambda path: path.relative_to(FOLDER).as_posix()
)
each_report = pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name == "reports"], ids=lambda path: path.name
)


def read(path: Path) -> Notebook:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def source_of(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def tags_of(cell: dict[str, Any]) -> list[str]:
    return list(cell["metadata"].get("tags", []))


def code_cells(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def tree_of(cell: dict[str, Any]) -> ast.Module:
    """Parse a cell; magics and shell lines are no Python and fail here."""
    source = source_of(cell)
    try:
        return ast.parse(source)
    except SyntaxError as error:
        pytest.fail(f"line {error.lineno} is no plain Python (no magics, no shell): {source}")


def check_form(notebook: Notebook) -> None:
    """nbformat 4.5 with ids, kernel python3, and no trace of a run."""
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell.get("id") for cell in notebook["cells"]]
    assert all(ids) and len(set(ids)) == len(ids), "every cell has an id of its own"
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info", "title", "xk"}


def check_no_outputs(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        assert not cell.get("outputs"), f"stored output in {source_of(cell)!r}"
        assert cell.get("execution_count") is None, f"execution count in {source_of(cell)!r}"
        assert set(cell["metadata"]) <= {"tags"}, f"metadata of a run or an editor: {sorted(cell['metadata'])}"
        assert "injected-parameters" not in tags_of(cell), "a cell that the runner has put in"


def check_opening(notebook: Notebook) -> None:
    """Title first, then the cells in their order, each with the tag that says what it is."""
    first = notebook["cells"][0]
    assert first["cell_type"] == "markdown" and re.match(r"# \S", source_of(first)), "begin with a title"
    tags = [tags_of(cell) for cell in code_cells(notebook)]
    assert all(len(own) == 1 and own[0] in TAGS for own in tags), f"one tag of {sorted(TAGS)} a cell: {tags}"
    opening = [own[0] for own in tags if own[0] in OPENING]
    assert opening == list(OPENING), f"one cell each of {OPENING}, in this order, not {opening}"
    kinds = [own[0] for own in tags]
    shown = [kind for kind in kinds[: kinds.index("compute")] if kind not in (*OPENING, "text")]
    assert not shown, f"{shown} before the results are computed"
    assert not any(tags_of(c) for c in notebook["cells"] if c["cell_type"] != "code"), "tags are for code cells"


def check_plain_cells(notebook: Notebook) -> None:
    """At most ten code lines a cell, parameters aside; no definition, loop, branch, magic, write or absolute path."""
    for cell in code_cells(notebook):
        source = source_of(cell)
        lines = [line for line in source.splitlines() if line.strip() and not line.strip().startswith("#")]
        assert 0 < len(lines) <= MAX_LINES or "parameters" in tags_of(cell), f"{len(lines)} code lines in {source!r}"
        for node in ast.walk(tree_of(cell)):
            check_plain(node, source)


def check_plain(node: ast.AST, source: str) -> None:
    assert not isinstance(node, LOGIC), f"logic belongs in xk: {type(node).__name__} in {source!r}"
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        assert name not in FORBIDDEN_CALLS and not name.startswith("write_"), f"{name}() in {source!r}"
    assert getattr(node, "attr", "") not in ("rcParams", "environ"), f"settings in {source!r}"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        assert not ABSOLUTE_PATH.match(node.value), f"absolute path in {source!r}"


def parameters(notebook: Notebook) -> list[str]:
    """Return the names in the parameters cell: one literal a line, each with its help text behind it."""
    (cell,) = [cell for cell in code_cells(notebook) if "parameters" in tags_of(cell)]
    lines = source_of(cell).splitlines()
    names = []
    for step in tree_of(cell).body:
        assert isinstance(step, ast.Assign | ast.AnnAssign) and step.value is not None, ast.unparse(step)
        target = step.targets[0] if isinstance(step, ast.Assign) else step.target
        assert isinstance(target, ast.Name), f"one name a line: {ast.unparse(step)}"
        assert is_literal(step.value), f"a literal, not {ast.unparse(step.value)}"
        help_text = lines[(step.end_lineno or 0) - 1][step.end_col_offset or 0 :]
        assert re.match(r"\s+# \S", help_text), f"say behind it what {target.id} is for"
        names.append(target.id)
    return names


def is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def test_notebooks_are_found() -> None:
    assert {path.name for path in FILES if path.parent.name == "reports"} >= REPORTS
    assert [path.name for path in FILES if path.parent == FOLDER], "no benches beside the reports"


@each_notebook
def test_form(path: Path) -> None:
    check_form(read(path))


@each_notebook
def test_no_outputs(path: Path) -> None:
    check_no_outputs(read(path))


def test_start_page_leads_to_every_bench() -> None:
    check_no_outputs(start := read(START))
    words, _ = map(source_of, start["cells"])
    benches = {path.name for path in FILES if path.parent == FOLDER and path != START}
    assert set(re.findall(r"\]\((\S+?)\)", words)) == benches


@each_notebook
def test_order_and_tags(path: Path) -> None:
    check_opening(read(path))


@each_notebook
def test_cells_are_plain(path: Path) -> None:
    check_plain_cells(read(path))


@each_notebook
def test_parameters_are_literals_with_help(path: Path) -> None:
    assert parameters(read(path))


@each_report
def test_reports_share_their_parameters(path: Path) -> None:
    """One call of the runner serves all reports."""
    names = ["scenario" if name == "scenarios" else name for name in parameters(read(path))]  # the comparison's several
    if path.name == "projection_review.ipynb":
        names.remove("odds")  # what the run knows of those before it
    assert names == [name for name in PARAMETERS if name != "domain" or path.name == "domain.ipynb"]


@each_notebook
def test_benches_take_own_figures_too(path: Path) -> None:
    assert path.name == "counties.ipynb" or {"observations", "vintage"} <= {*parameters(read(path))}


def made_up(**changes: str) -> Notebook:
    """Return a notebook that keeps the convention; `changes` replaces the source of the cells so tagged."""
    sources = {
        "parameters": 'region = "yunfu"  # which region\nto = None  # last year',
        "setup": "import xk",
        "load": 'scheme = xk.read_scheme("yunfu-2020")',
        "compute": "results = xk.build_results(scheme)",
        "figure": "xk.plot_gaps(results)",
    } | changes
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# Title\n", "Question?"]}
    ]
    for tag, source in sources.items():
        state = {"execution_count": None, "outputs": [], "source": source.splitlines(keepends=True)}
        cells.append({"cell_type": "code", "id": tag, "metadata": {"tags": [tag]}} | state)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}


def changed(**cell: Any) -> Notebook:
    """Return the made-up notebook with fields of its last cell changed."""
    notebook = made_up()
    notebook["cells"][-1] |= cell
    return notebook


def test_made_up_notebook_passes() -> None:
    for check in (check_form, check_no_outputs, check_opening, check_plain_cells):
        check(made_up())
    assert parameters(made_up()) == ["region", "to"]


@pytest.mark.parametrize(
    ("check", "notebook", "message"),
    [
        (check_form, changed(id="title"), "id of its own"),
        (check_form, made_up() | {"nbformat_minor": 4}, "assert"),
        (check_no_outputs, changed(outputs=[{"output_type": "stream"}]), "stored output"),
        (check_no_outputs, changed(execution_count=3), "execution count"),
        (check_no_outputs, changed(metadata={"papermill": {}}), "metadata of a run"),
        (check_no_outputs, changed(metadata={"tags": ["injected-parameters"]}), "runner has put in"),
        (check_opening, changed(metadata={"tags": []}), "one tag of"),
        (check_opening, changed(metadata={"tags": ["chart"]}), "one tag of"),
        (check_opening, changed(metadata={"tags": ["load"]}), "in this order"),
        (check_plain_cells, made_up(figure="x = 1\n" * 11), "11 code lines"),
        (check_plain_cells, made_up(figure="def f():\n    pass"), "logic belongs in xk"),
        (check_plain_cells, made_up(figure="[print(x) for x in y]"), "logic belongs in xk"),
        (check_plain_cells, made_up(figure="x = 1 if y else 2"), "logic belongs in xk"),
        (check_plain_cells, made_up(figure="%matplotlib inline"), "no plain Python"),
        (check_plain_cells, made_up(figure="frame.to_csv('a.csv')"), "to_csv"),
        (check_plain_cells, made_up(load="xk.read_scheme('/data/raw')"), "absolute path"),
        (check_plain_cells, made_up(setup="import os\nos.environ['A'] = 'b'"), "settings"),
        (parameters, made_up(parameters="to = 1 + year  # last year"), "a literal"),
        (parameters, made_up(parameters="to = 2019"), "say behind it"),
        (parameters, made_up(parameters="import os  # why"), "import os"),
    ],
)
def test_checks_find_faults(check: Callable[[Notebook], None], notebook: Notebook, message: str) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception), match=re.escape(message)):
        check(notebook)

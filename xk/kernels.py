"""Kernels: what a notebook takes, and running it with papermill so that nothing fails quietly.

papermill only warns about an unknown parameter, accepts any type, and takes ``sys.exit(0)`` for success.
Here a parameter is checked before anything starts, and whatever stops a notebook becomes `FailedReport`.
"""

from __future__ import annotations

import ast
import logging
import os
import tempfile
import tokenize
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets import default

from xk.errors import ReportError, UsageError, check_known

CELL_TIMEOUT = 600
"""Seconds that one cell may take before the notebook counts as hung."""

# Order of sets and dates inside files would differ from run to run; what the user has set wins.
_FIXED_ENVIRONMENT = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "315532800"}
_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict}

# Its warnings about parameters say less than the checks here; whoever sets up logging still gets them.
logging.getLogger("papermill").addHandler(logging.NullHandler())

Execute = Callable[[Path, Mapping[str, Any]], NotebookNode]
"""Runs a notebook with parameters and returns it executed; FailedReport where it did not come to its end."""


class FailedReport(ReportError):
    """A notebook that came to no good end; ``notebook`` is as far as it came, None where it did not start."""

    def __init__(self, message: str, notebook: NotebookNode | None = None) -> None:
        super().__init__(message)
        self.notebook = notebook


@dataclass(frozen=True)
class Parameter:
    """One line of a notebook's parameters cell.

    Parameters
    ----------
    name : str
        Name of the variable.
    kind : type
        Type of its values: of the default, or as annotated (``x: str | None = None``, or a comment that
        begins with ``type: str``).
    default : object
        The literal in the cell.
    optional : bool
        Whether None is a value, too.
    help : str
        The comment behind it.
    """

    name: str
    kind: type
    default: Any
    optional: bool
    help: str


class _Kernel(AsyncKernelManager):
    """A kernel whose environment is fixed, and which encrypts its local traffic where it can."""

    @default("transport_encryption")
    def _encryption(self) -> str:
        return "auto"  # otherwise every kernel warns on stderr

    async def start_kernel(self, *args: Any, **options: Any) -> None:  # type: ignore[override]
        options["env"] = {**_FIXED_ENVIRONMENT, **os.environ, **options.pop("env", {})}
        await super().start_kernel(*args, **options)


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook in `path`, brought to the newest format; UsageError where there is none."""
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise UsageError(f"there is no notebook {path.name} in {path.parent}") from None
    except (ValueError, AttributeError, nbformat.ValidationError) as error:
        raise UsageError(f"{path.name} is not a notebook: {error}") from None


def notebook_parameters(notebook: NotebookNode) -> dict[str, Parameter]:
    """Return the parameters of a notebook: name -> `Parameter`, in the order of the cell tagged so.

    Raises
    ------
    ReportError
        The cell holds something else than names and literals, or a default of None without a type.
    """
    found: dict[str, Parameter] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", []):
            comments = dict(_comments(cell.source))
            for statement in _statements(cell.source):
                parameter = _parameter(statement, comments.get(statement.end_lineno or 0, ""))
                found[parameter.name] = parameter
    return found


def check_parameters(known: Mapping[str, Parameter], given: Mapping[str, Any]) -> None:
    """Raise UsageError unless every parameter in `given` is known and its value has the right type."""
    for name, value in given.items():
        check_known(name, known, what="parameter")
        _check_value(known[name], value)


def execute(
    path: Path, parameters: Mapping[str, Any], *, cwd: Path | None = None, timeout: int = CELL_TIMEOUT
) -> NotebookNode:
    """Run a notebook in a kernel of its own and return it with its outputs.

    Parameters
    ----------
    path : Path
        The notebook; it is not changed.
    parameters : mapping
        Values for names of its parameters cell.
    cwd : Path, optional
        Folder that the kernel starts in; by default the one of this process. Only the kernel is put there, so
        that threads can run notebooks side by side.
    timeout : int
        Seconds that one cell may take.

    Raises
    ------
    UsageError
        Unknown parameter, wrong type, no such notebook.
    FailedReport
        A cell raised, the kernel died or did not start, or a cell took too long.
    """
    source = read_notebook(path)
    check_parameters(notebook_parameters(source), parameters)
    with tempfile.TemporaryDirectory(prefix="xk-kernel-") as folder:
        # papermill formats paths with str.format, and hands the notebook back only when all went well.
        output = Path(folder) / "executed.ipynb"
        try:
            return papermill.execute_notebook(
                source,
                str(output).replace("{", "{{").replace("}", "}}"),
                dict(parameters),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                kernel_manager_class=_Kernel,
                execution_timeout=timeout,
                coalesce_streams=True,
                # Of being stopped a kernel speaks as of an error; what matters comes as its outputs.
                extra_arguments=["--IPKernelApp.log_level=50"],
                resources={"metadata": {"path": str(cwd or Path.cwd())}},
            )
        except PapermillExecutionError as error:
            cause = f"{path.name}: cell [{error.exec_count}] raised {error.ename}: {error.evalue}"
            raise FailedReport(cause, _saved(output)) from None
        except Exception as error:  # a dead kernel, a time-out, no kernel: many types from three libraries
            cause = " ".join(str(error).split()) or type(error).__name__
            raise FailedReport(f"{path.name}: did not come to its end: {cause}", _saved(output)) from error


def _saved(output: Path) -> NotebookNode | None:
    try:
        return nbformat.read(output, as_version=4)
    except (OSError, ValueError):
        return None


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError as error:
        raise ReportError(f"the parameters cell is not Python: {error}") from None


def _comments(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("# ").strip()


def _parameter(statement: ast.stmt, comment: str) -> Parameter:
    name, annotation, value = _assignment(statement)
    if comment.startswith("type:"):
        annotation, _, comment = comment.removeprefix("type:").strip().partition(" ")
    words = annotation.replace("|", " ").replace("[", " ").replace("]", " ").split()
    kinds = [_TYPES[word] for word in words if word in _TYPES]
    if not kinds and value is None:
        raise ReportError(f"parameter {name!r} defaults to None; say its type: {name} = None  # type: str")
    optional = value is None or "None" in words or "Optional" in words
    return Parameter(name, kinds[0] if kinds else type(value), value, optional, comment.strip())


def _assignment(statement: ast.stmt) -> tuple[str, str, Any]:
    annotation = ""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets, annotation = [statement.target], ast.unparse(statement.annotation)
    try:
        [name] = [target.id for target in targets if isinstance(target, ast.Name)]
        return name, annotation, ast.literal_eval(statement.value)  # type: ignore[attr-defined]
    except ValueError:
        found = ast.unparse(statement).splitlines()[0]
        raise ReportError(f"the parameters cell holds more than names and literals: {found}") from None


def _check_value(parameter: Parameter, value: Any) -> None:
    if value is None and parameter.optional:
        return
    kind = parameter.kind
    allowed = (int, float) if kind is float else (list, tuple) if kind is list else (kind,)
    # True is an int for Python, never for a person who asks for a year.
    if not isinstance(value, allowed) or (isinstance(value, bool) and kind is not bool):
        wanted = kind.__name__ + (" or None" if parameter.optional else "")
        raise UsageError(
            f"parameter {parameter.name!r} takes {wanted}, not {type(value).__name__} {value!r:.80}"
        )

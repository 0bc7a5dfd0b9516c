"""What a notebook takes: its parameters cell, read as text, never run.

papermill only warns about an unknown parameter and accepts any type; here both are refused.
"""

import ast
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from xk.errors import ReportError, UsageError, check_known

_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict}


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
    optional : bool
        Whether None is a value, too.
    """

    name: str
    kind: type
    optional: bool


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


def check_parameters(known: Mapping[str, Parameter], given: Mapping[str, object]) -> None:
    """Raise UsageError unless every parameter in `given` is known and its value has the right type."""
    for name, value in given.items():
        check_known(name, known, what="parameter")
        _check_value(known[name], value)


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
        annotation = comment.removeprefix("type:").strip().partition(" ")[0]
    words = annotation.replace("|", " ").replace("[", " ").replace("]", " ").split()
    kinds = [_TYPES[word] for word in words if word in _TYPES]
    if not kinds and value is None:
        raise ReportError(f"parameter {name!r} defaults to None; say its type: {name} = None  # type: str")
    optional = value is None or "None" in words or "Optional" in words
    return Parameter(name, kinds[0] if kinds else type(value), optional)


def _assignment(statement: ast.stmt) -> tuple[str, str, object]:
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


def _check_value(parameter: Parameter, value: object) -> None:
    if value is None and parameter.optional:
        return
    kind = parameter.kind
    allowed = (int, float) if kind is float else (list, tuple) if kind is list else (kind,)
    # True is an int for Python, never for a person who asks for a year.
    if not isinstance(value, allowed) or (isinstance(value, bool) and kind is not bool):
        wanted = kind.__name__ + (" or None" if parameter.optional else "")
        raise UsageError(f"parameter {parameter.name!r} takes {wanted}, not {type(value).__name__} {value!r:.80}")

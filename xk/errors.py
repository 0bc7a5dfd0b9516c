"""Exceptions of the library; each family has the exit status that the command line gives it."""

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from itertools import groupby
from typing import Any, ParamSpec, TypeVar, get_args, get_type_hints

Given = ParamSpec("Given")
Found = TypeVar("Found")

MOST_RUNS = 5
"""Runs of rows that one line of faults names."""


def runs_of(numbers: Iterable[int]) -> list[list[int]]:
    """Return whole numbers in order, those without a gap between them together."""
    return [[one for _, one in run] for _, run in groupby(enumerate(numbers), key=lambda at: at[1] - at[0])]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input, said so that it can be mended.

    Parameters
    ----------
    file : str
        File as the user named it, or the argument of a call that has rows.
    row : int or None
        Line of the file, the header being line 1; None where the whole file or column is meant.
    column : str
        Column name; empty where the whole row is meant.
    message : str
        What is wrong.
    remedy : str
        What to type or do.
    """

    file: str
    row: int | None
    column: str
    message: str
    remedy: str = ""

    def over(self, rows: Sequence[int]) -> str:
        """Return what is said where the fault is that of several rows, in order."""
        runs = runs_of(rows)
        said = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs[:MOST_RUNS])
        more = f" and {len(runs) - MOST_RUNS} more" if len(runs) > MOST_RUNS else ""
        return f"{self.file}: rows {said}{more}: {replace(self, file='', row=None)}"

    def __str__(self) -> str:
        row = "" if self.row is None else self.row
        place = ":".join(filter(None, (self.file, str(row)))) + ": " if self.file else f"row {row}: " if row else ""
        column = f"column {self.column!r}: " if self.column else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}{column}{self.message}{remedy}"


class XkError(Exception):
    """Base of all errors that the library raises on purpose."""

    exit_status = 1


class InputError(XkError):
    """The input has faults (exit status 1); all of them are in ``faults``."""

    exit_status = 1

    def __init__(self, faults: Sequence[Fault] | str) -> None:
        self.faults = [Fault("", None, "", faults)] if isinstance(faults, str) else list(faults)
        if not self.faults:
            raise ValueError("InputError needs at least one fault")
        super().__init__("\n".join(grouped(self.faults)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.faults,)


class UsageError(XkError):
    """An unknown name or an argument that cannot be (exit status 2)."""

    exit_status = 2


class ReportError(XkError):
    """A report could not be made or is not fit to be shown (exit status 3)."""

    exit_status = 3


def grouped(faults: Iterable[Fault]) -> list[str]:
    """Return what faults say, a line each; rows of a file that share fault and remedy share the line."""
    alike: dict[Fault, list[int]] = {}
    for fault in faults:
        alike.setdefault(replace(fault, row=None), []).extend([] if fault.row is None else [fault.row])
    return [
        str(replace(fault, row=rows[0] if rows else None)) if len(set(rows)) < 2 else fault.over(sorted(set(rows)))
        for fault, rows in alike.items()
    ]


ALSO_SAID = {
    word: name
    for name, words in {
        "positive": "higher_is_better,more_is_better,maximise,maximize,max,up,asc,ascending,increasing,benefit,+,+1,1,"
        "正,正向,正指标,正向指标,越大越好,效益型",
        "inverse": "negative,lower_is_better,less_is_better,minimise,minimize,min,down,desc,descending,decreasing,cost,"
        "reverse,-,-1,逆,逆向,逆指标,逆向指标,负向,负向指标,越小越好,成本型",
        "interval": "range,between,band,区间,区间指标,适度,适度指标",
    }.items()
    for word in words.split(",")
}
"""What others call a direction, beside which the nearest spelling would be the opposite -> our name; only proposed."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the known name nearest to `name`, or lists the known ones."""
    names = sorted(map(str, known))
    if (meant := ALSO_SAID.get(str(name).strip().casefold().replace(" ", "_"))) in names:
        return f"did you mean {meant!r}?"
    folded = {name.casefold(): name for name in reversed(names)}
    close = difflib.get_close_matches(str(name).strip().casefold(), folded, n=1, cutoff=0.5)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    listed = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    return f"known: {listed}" if names else "none is known"


def check_known(name: str, known: Iterable[str], what: str = "name") -> None:
    """Raise UsageError unless `name` is one of `known`; the message names the nearest."""
    names = list(known)
    if name not in names:
        raise UsageError(f"unknown {what} {name!r}; {nearest(name, names)}")


def raise_faults(faults: Sequence[Fault]) -> None:
    """Raise InputError with all `faults`; return None where there are none."""
    if faults:
        raise InputError(faults)


def hinting(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Return a function that answers a call that does not fit it with a UsageError that says what to write."""
    signature, name = inspect.signature(function), function.__name__
    more = next((one.name for one in signature.parameters.values() if one.kind is one.VAR_KEYWORD), None)
    options = get_args(get_type_hints(function, include_extras=True)[more])[0].__annotations__ if more else {}
    known = [one for one in signature.parameters if one != more]

    @wraps(function)
    def asked(*args: Given.args, **given: Given.kwargs) -> Found:
        _check_names(name, given, [*known, *options])
        try:
            return function(*args, **given)
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise  # it was called, and is wrong inside
            raise UsageError(_hint(name, signature, args, given) or str(error)) from None

    return asked


def _check_names(function: str, given: Iterable[str], known: Sequence[str]) -> None:
    for name in given:
        if name not in known:
            raise UsageError(f"{function} has no argument {name!r}; {nearest(name, known)}")


def _hint(name: str, signature: inspect.Signature, args: Sequence[object], given: Mapping[str, object]) -> str:
    """Return what to write in place of a call that does not fit; nothing where that is not known."""
    known = list(signature.parameters.values())
    by_name = [one.name for one in known if one.kind is one.KEYWORD_ONLY]
    by_place = [one.name for one in known if one.kind is one.POSITIONAL_OR_KEYWORD]
    if len(args) > len(by_place):
        free = [one for one in by_name if one not in given]
        said = [*by_place, *(f"{one}={_short(value)}" for one, value in zip(free, args[len(by_place) :], strict=False))]
        return f"{name} takes {_listed(by_place)} by place, all else by name; write {name}({', '.join(said)})"
    needed = [one.name for one in known if one.default is one.empty and one.kind is not one.VAR_KEYWORD]
    missing = [one for one in needed if one not in [*by_place[: len(args)], *given]]
    called = ", ".join(f"{one}=..." if one in by_name else one for one in needed)
    return f"{name} needs {_listed(missing)}; write {name}({called})" if missing else ""


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else "nothing"


def _short(value: object) -> str:
    said = repr(value)
    return said if len(said) <= 40 and "\n" not in said else "..."

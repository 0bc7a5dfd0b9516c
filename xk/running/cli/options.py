"""A question on the command line: an option for each of its fields, so that a new one is added in one place."""

from argparse import ArgumentParser, Namespace
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

from xk.bench.question import PARAMETERS, Question, parameter_types
from xk.errors import Fault, InputError, UsageError, raise_faults
from xk.readers import Store
from xk.running.cli.wrong import year

READERS = {item.name: item.metadata["read"] for item in fields(Question) if item.metadata["read"]}
"""Parameter that a file stands for -> what reads and checks it."""
MANY: dict[str, Any] = {"nargs": "+", "action": "extend"}


def add_question(
    parser: ArgumentParser, *, required: Collection[str] = (), left_out: Collection[str] = (), **several: str
) -> None:
    """Give a command the options of a question, all but those `left_out`; `several`: help where many are taken."""
    for item in fields(Question):
        option, kinds = f"--{item.name.replace('_', '-')}", parameter_types()[item.name]
        metavar = "FILE" if item.metadata["read"] or Sequence in kinds else None  # lists are of files
        if item.name in several:
            parser.add_argument(option, default=[], metavar=metavar, help=several[item.name], **MANY)
        elif item.name in required:
            what, *_ = item.metadata["help"].split("; ")  # what follows says what stands in for it
            parser.add_argument(option, required=True, help=what)
        elif item.name not in left_out:
            kind = year if int in kinds else str  # whole numbers of a question are years
            more = {"type": kind, "metavar": metavar, **(MANY if Sequence in kinds else {})}
            parser.add_argument(option, default=item.default, help=item.metadata["help"], **more)


def question_of(asked: Namespace, store: Store, *, left_out: Collection[str] = ()) -> Question:
    """Return the question that was asked, without the parameters that the command takes several of.

    Files that stand for values are read and checked here.
    """
    given = {name: value for name, value in vars(asked).items() if name in PARAMETERS and name not in left_out}
    files = [(name, given[name]) for name in READERS if given.get(name)]
    contents = _read_all(files, asked.scheme, store)
    return Question.of(given | dict(zip(dict(files), contents, strict=True))).resolved(store)


def scenarios_of(asked: Namespace, store: Store) -> list[Mapping[str, object]]:
    """Return what the files of scenarios say, one by one."""
    return _read_all([("scenario", path) for path in asked.scenario], asked.scheme, store)


def _read_all(files: Sequence[tuple[str, str]], scheme: str, store: Store) -> list[Mapping[str, object]]:
    """Return what files say that stand for parameters; raise with what is wrong with any of them."""
    found, faults, unknown = [], [], []  # type: list[Mapping[str, object]], list[Fault], list[UsageError]
    for name, path in files:
        try:
            found.append(READERS[name](path, store.scheme(scheme), store))
        except InputError as error:
            faults += error.faults
        except UsageError as error:
            unknown.append(error)
    if unknown and not faults:
        raise UsageError("\n".join(dict.fromkeys(map(str, unknown))))
    raise_faults([*faults, *(Fault("", None, "", str(error)) for error in unknown)])
    return found


@contextmanager
def in_scenario(scenarios: Sequence[Mapping[str, object]], paths: Sequence[str]) -> Iterator[None]:
    """Name the files of scenarios, in place of their names, in what a region lacks for them."""
    files = {str(one["name"]): path for one, path in zip(scenarios, paths, strict=True)}
    try:
        yield
    except InputError as error:
        raise InputError([replace(fault, file=files.get(fault.file, fault.file)) for fault in error.faults]) from None

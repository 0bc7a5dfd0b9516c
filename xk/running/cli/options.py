"""A question on the command line: an option for each of its fields, so that a new one is added in one place."""

from argparse import ArgumentParser, Namespace
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields

from xk.question import PARAMETERS, Question, parameter_types
from xk.readers import Store
from xk.running.cli.wrong import year


def add_question(
    parser: ArgumentParser, *, required: Collection[str] = (), left_out: Collection[str] = (), **several: str
) -> None:
    """Give a command the options of a question, all but those `left_out`; `several`: help where many are taken."""
    for item in fields(Question):
        option, kinds = f"--{item.name.replace('_', '-')}", parameter_types()[item.name]
        if item.name in several:
            metavar = "FILE" if item.metadata["read"] else None
            parser.add_argument(
                option, nargs="+", action="extend", default=[], metavar=metavar, help=several[item.name]
            )
        elif item.name in required:
            what, *_ = item.metadata["help"].split("; ")  # what follows says what stands in for it
            parser.add_argument(option, required=True, help=what)
        elif item.name not in left_out:
            metavar, kind = (
                "FILE" if item.metadata["read"] else None,
                year if int in kinds else str,
            )  # whole numbers of a question are years
            many = {"nargs": "+", "action": "extend", "metavar": "FILE"} if Sequence in kinds else {"metavar": metavar}
            parser.add_argument(option, type=kind, default=item.default, help=item.metadata["help"], **many)


def question_of(asked: Namespace, store: Store, *, left_out: Collection[str] = ()) -> Question:
    """Return the question that was asked, without the parameters that the command takes several of.

    Files that stand for values are read and checked here.
    """
    given = {name: value for name, value in vars(asked).items() if name in PARAMETERS and name not in left_out}
    return Question.of(given | _from_files(given, store)).resolved(store)


def _from_files(given: Mapping[str, str], store: Store) -> dict[str, Mapping[str, object]]:
    readers = {item.name: item.metadata["read"] for item in fields(Question) if item.metadata["read"]}
    named = [name for name in readers if given.get(name)]
    return {name: readers[name](given[name], store.scheme(given["scheme"]), store) for name in named}


def several_of(asked: Namespace, name: str, store: Store) -> list[Mapping[str, object]]:
    """Return what the files say that stand for one parameter, one by one."""
    (read,) = (item.metadata["read"] for item in fields(Question) if item.name == name)
    return [read(path, store.scheme(asked.scheme), store) for path in getattr(asked, name)]

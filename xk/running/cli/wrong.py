"""Wrong usage: what was typed and is unknown, with the nearest that is known, under the usage of its own command."""

import argparse
import os
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

NEAR = 0.5
PATHS = frozenset({"output", "out", "folder", "root", "files", "input", "before", "after", "observations"})
"""Arguments that are names of files and folders, there or not."""
HELP = frozenset({"-h", "--help"})


def year(text: str) -> int:
    """Return a year of the command line; whether it can be one is judged with the other parameters."""
    return _number(text, "year; write four digits, such as 2016")


def whole(text: str) -> int:
    """Return a whole number of the command line."""
    return _number(text, "whole number; write one such as 4")


def _number(text: str, what: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no {what}") from None


class Parser(argparse.ArgumentParser):
    """A parser, or one of its commands, that says what it knows."""

    @property
    def commands(self) -> Mapping[str, "Parser"]:
        """Its commands by name."""
        return next(one.choices for one in self._actions if isinstance(one, argparse._SubParsersAction))

    @property
    def options(self) -> list[str]:
        """Its options, as they are written out."""
        return [name for name in self._option_string_actions if name.startswith("--")]


def check_words(parser: Parser, words: Sequence[str]) -> None:
    """End with the usage where a command or an option is unknown, before anything is said of what is missing.

    A command that hands on what it does not know has a default of `more`.
    """
    if not words or words[0].startswith("-") or HELP & {*words}:
        return
    commands = parser.commands
    if words[0] not in commands:
        parser.error(f"unknown command {words[0]!r}{_meant(words[0], commands)}; commands: {', '.join(commands)}")
    command, given = commands[words[0]], words[1:]
    given = given[: given.index("--")] if "--" in given else given
    options = [word.partition("=")[0] for word in given if word.startswith("--") and " " not in word.partition("=")[0]]
    known = command.options
    odd = [option for option in options if not any(name.startswith(option) for name in known)]
    if odd and command.get_default("more") is None:
        end_unknown(command, odd)


def check_encoded(asked: argparse.Namespace) -> None:
    """End with the usage where a word is no text, as one of a terminal in GBK; names of files may be any bytes."""
    for name, value in vars(asked).items():
        for word in value if isinstance(value, list | tuple) else [value]:
            odd = isinstance(word, str) and any("\ud800" <= char <= "\udfff" for char in word)
            if odd and name not in PATHS and not os.path.lexists(word):
                asked.command.error(
                    f"{os.fsencode(word)!r} is no text in UTF-8; type it in a terminal that is in UTF-8"
                )


def check_folder(parser: Parser) -> None:
    """End where the working folder was removed or moved away: every path would fail, without a name."""
    try:
        os.getcwd()
    except OSError as error:
        parser.exit(2, f"xk: the working folder is gone ({error.strerror}); go to one that is there: cd ~\n")


def end_unknown(command: Parser, words: Sequence[str]) -> None:
    """End with the usage of a command, and the option nearest to each that it does not know."""
    known = command.options
    said = [f"{word}{_meant(word, known) if word.startswith('-') else ''}" for word in words]
    command.error(f"unrecognized arguments: {', '.join(said)}")


def _meant(word: str, known: Iterable[str]) -> str:
    """Return a question for the nearest known word; dashes, which all options share, count for nothing."""
    bare = {name.lstrip("-"): name for name in known}
    near = get_close_matches(word.partition("=")[0].lstrip("-").casefold(), bare, n=1, cutoff=NEAR)
    return f" (did you mean {bare[near[0]]}?)" if near else ""

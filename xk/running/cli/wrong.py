"""Wrong usage: what was typed and is unknown, with the nearest that is known, under the usage of its own command."""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

NEAR = 0.5
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


def check_words(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """End with the usage where a command or an option is unknown, before anything is said of what is missing.

    A command that hands on what it does not know has a default of `more`.
    """
    if not words or words[0].startswith("-") or HELP & {*words}:
        return
    commands = _commands(parser)
    if words[0] not in commands:
        parser.error(f"unknown command {words[0]!r}{_meant(words[0], commands)}; commands: {', '.join(commands)}")
    command, given = commands[words[0]], words[1:]
    given = given[: given.index("--")] if "--" in given else given
    options = [word.partition("=")[0] for word in given if word.startswith("--") and " " not in word.partition("=")[0]]
    known = _options(command)
    odd = [option for option in options if not any(name.startswith(option) for name in known)]
    if odd and command.get_default("more") is None:
        end_unknown(command, odd)


def end_unknown(command: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """End with the usage of a command, and the option nearest to each that it does not know."""
    known = _options(command)
    said = [f"{word}{_meant(word, known) if word.startswith('-') else ''}" for word in words]
    command.error(f"unrecognized arguments: {', '.join(said)}")


def _commands(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    (found,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return found.choices


def _options(command: argparse.ArgumentParser) -> list[str]:
    return [name for name in command._option_string_actions if name.startswith("--")]


def _meant(word: str, known: Iterable[str]) -> str:
    """Return a question for the nearest known word; dashes, which all options share, count for nothing."""
    bare = {name.lstrip("-"): name for name in known}
    near = get_close_matches(word.partition("=")[0].lstrip("-").casefold(), bare, n=1, cutoff=NEAR)
    return f" (did you mean {bare[near[0]]}?)" if near else ""

"""The `latest` of each question: runs are told apart by all that they were asked, and each good one moves its own.

The plain ``latest`` belongs to what a bare ``xk report`` answers, else to the plain question of another programme, else
to whatever was asked first in the folder.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from xk.bench.question import PARAMETERS, Question
from xk.contracts.provenance import sha256_of
from xk.readers import write_bytes
from xk.readers.text import read_plain

LATEST = "latest"
RUN_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}"
LONGEST, FEWEST_LETTERS = 90, 8
PLAIN_LETTERS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
NO_QUESTION = ("issued", "pdf")
"""What a run is told besides: when its reports are issued, what is printed."""
AT_END = ("region", "domain", "scenario")
"""What a run can have several of; in names it comes last, in this order, behind the others in that of `PARAMETERS`."""


def asked_in(parameters: Mapping[str, object]) -> dict[str, str]:
    """Return what was asked, parameter -> value in the letters of addresses, all that says something.

    A scenario goes by its name and own figures by their files: what stands in these may change from run to run. What a
    run of an older version could not be asked is as it is by default.
    """
    asked = {**Question().parameters(), **parameters}
    return {name: _letters(value) for name, value in asked.items() if name not in NO_QUESTION and value}


def _letters(value: object) -> str:
    if isinstance(value, Mapping) and value.get("name"):
        value = value["name"]
    told = ".".join(map(_letters, value)) if isinstance(value, list) else str(value)
    is_plain = PLAIN_LETTERS.fullmatch(told)
    return told if is_plain else _short(json.dumps(value, sort_keys=True, default=str))


def _short(told: str) -> str:
    return sha256_of(told.encode())[:FEWEST_LETTERS]


def is_same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Return whether two runs were asked the same."""
    return asked_in(one) == asked_in(other)


def link_name(parameters: Mapping[str, object], usual: Mapping[str, object]) -> str:
    """Return the name of the link of a question: ``latest``, and what is not as `usual`: ``latest-lang-en``.

    The parts have one order, in whichever the parameters are given.
    """
    common = asked_in(usual)
    told = {name.removesuffix("s"): value for name, value in asked_in(parameters).items() if common.get(name) != value}
    places = [one.removesuffix("s") for one in PARAMETERS if one not in AT_END] + [*AT_END]
    name = "-".join([LATEST, *(f"{one}-{told[one]}" for one in places if one in told)])
    return name if len(name) <= LONGEST else f"{LATEST}-{_short(name)}"


def takes_top(link: str, asked: Mapping[str, object], *, top: str | None, top_asked: Mapping[str, object]) -> bool:
    """Return whether a question moves the plain ``latest`` too, which is of the question `top_asked`.

    `top`: the name of the link of that; None where an older version made the run.
    """
    if link == LATEST or is_same(asked, top_asked):
        return True
    return top is not None and _rank(link, asked) < _rank(top, top_asked)


def _rank(link: str, asked: Mapping[str, object]) -> int:
    by_scheme = f"{LATEST}-scheme-{asked_in(asked).get('scheme')}"
    return [LATEST, by_scheme].index(link) if link in (LATEST, by_scheme) else 2


def point_to(out: Path, name: str, link: str = LATEST) -> None:
    """Let `link` (a link, where the system has links) and its ``.json`` point to the run `name`."""
    part = out / f".{link}.{name}"
    part.unlink(missing_ok=True)
    try:
        part.symlink_to(name, target_is_directory=True)
    except (OSError, NotImplementedError):
        if (out / link).is_symlink():
            raise
    else:
        os.replace(part, out / link)
    write_bytes(json.dumps({"run": name}).encode() + b"\n", out / f"{link}.json")


def run_at(out: Path, link: str = LATEST) -> str:
    """Return the name of the run that `link` points to, empty where there is none.

    Where the system has links the link counts: a run that was killed may have moved it alone.
    """
    try:
        if (out / link).is_symlink():
            name = os.readlink(out / link)
        else:
            name = json.loads(read_plain(out / f"{link}.json")[0])["run"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return name if isinstance(name, str) and re.fullmatch(RUN_NAME, name) and (out / name).is_dir() else ""


def links_in(out: Path) -> dict[str, str]:
    """Return link -> run of all that point to one, the plain ``latest`` first."""
    names = sorted({path.name.removesuffix(".json") for path in out.glob(f"{LATEST}*")})
    return {name: run for name in names if (run := run_at(out, name))}

"""Scenarios kept by name: those that come with the project, and a user's own, which are saved and deleted here."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from xk.contracts.records import Record
from xk.contracts.scenario_rules import KEYS, NAME, REFERENCE, Argument, scenario_faults
from xk.contracts.scheme import Scheme
from xk.errors import Fault, UsageError, nearest, raise_faults
from xk.readers.naming import read_names
from xk.readers.scenarios import TITLED, name_scenario, read_scenario
from xk.readers.schemes import RAW
from xk.readers.store import Store
from xk.readers.text import read_toml
from xk.readers.writing import write_bytes

OWN, SHIPPED = Path("data/own/scenarios"), RAW / "scenarios"
LONGEST_NAME = 60


def list_scenarios(root: Path) -> dict[str, Path]:
    """Return name -> file of the scenarios of a project: a user's own, then those that come with it, by name."""
    found = [path for folder in (OWN, SHIPPED) for path in sorted((root / folder).glob("*.toml"))]
    return {path.stem: path for path in reversed(found) if is_name(path.stem)}


def find_scenario(named: str, root: Path) -> Path:
    """Return the file of a scenario: a path that is there, else the name of one that is kept; an own one goes first.

    Raises
    ------
    UsageError
        It looks like a name, and none has it; the nearest is named.
    """
    path, kept = Path(named), list_scenarios(root)
    if path.exists() or not is_name(named):
        return path
    if named not in kept:
        raise UsageError(f"there is neither a file nor a scenario named {named!r}; {nearest(named, kept)}")
    return kept[named]


def kept_scenario(name: str, store: Store, scheme: Scheme) -> Record:
    """Return a scenario that is kept, by its name alone, checked as any file of one.

    Raises
    ------
    UsageError
        There is none of that name.
    InputError
        What is wrong with its file.
    """
    kept = list_scenarios(store.root)
    if name not in kept:
        raise UsageError(f"there is no scenario named {name!r}; {nearest(name, kept)}")
    names = read_names(store).under(scheme.id)
    return read_scenario(kept[name], scheme=scheme, regions=list(store.regions["region"]), names=names)


def is_name(text: str) -> bool:
    """Return whether a text is a name that a scenario may have: no part of a path, none of the reference."""
    return bool(re.fullmatch(NAME, text)) and text != REFERENCE and len(text) <= LONGEST_NAME


def write_scenario(content: Mapping[str, Argument], store: Store, scheme: Scheme) -> Path:
    """Save a scenario under its name among a user's own, whole or not at all; one of that name is replaced.

    Parameters
    ----------
    content : mapping
        name, title_zh, title_en and the differences from the reference, by whatever names.
    store : Store
    scheme : Scheme
        Whose lines and domains they are.

    Raises
    ------
    InputError
        With everything that is wrong with it, a name too long or that of a scenario of the project.
    """
    given = name_scenario(dict(content), read_names(store).under(scheme.id))
    known = {"indicators": list(scheme.indicators["indicator"]), "domains": scheme.domain_names(),
             "regions": list(store.regions["region"])}  # fmt: skip
    name = str(given.get("name", ""))
    faults = [Fault("", None, key, "is missing", f"give the scenario a {key}") for key in TITLED if not given.get(key)]
    faults += scenario_faults(given, "", known=known, bounds=scheme.bounds())
    if len(name) > LONGEST_NAME:
        faults.append(Fault("", None, "name", f"has {len(name)} letters", f"use {LONGEST_NAME} at most"))
    if is_name(name) and (store.root / SHIPPED / f"{name}.toml").exists():
        message = f"{name!r} is a scenario that comes with the project"
        faults.append(Fault("", None, "name", message, "give yours another name"))
    raise_faults(faults)
    path = store.root / OWN / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(scenario_text(given).encode("utf-8"), path)
    return path


def delete_scenario(name: str, root: Path) -> tuple[Path, Record]:
    """Delete a user's own scenario; return the file that is gone, and what it said.

    Raises
    ------
    UsageError
        There is none of that name, or it comes with the project.
    """
    kept = list_scenarios(root)
    path = kept.get(name)
    if path is None:
        raise UsageError(f"there is no scenario named {name!r}; {nearest(name, kept)}")
    if path.parent != root / OWN:
        raise UsageError(f"{name!r} comes with the project and stays; only scenarios of one's own are deleted")
    content, _ = read_toml(path, "")
    path.unlink()
    return path, content


def scenario_text(content: Mapping[str, Argument]) -> str:
    """Return a scenario as the TOML file of it: name and titles, then a table for each domain and indicator."""
    lines = [f"{key} = {_value(content[key])}" for key in KEYS if key in content and not _is_group(key)]
    for group in ("domains", "indicators"):
        for name, rules in content.get(group, {}).items():
            lines += ["", f"[{group}.{_key(name)}]", *(f"{_key(rule)} = {_value(it)}" for rule, it in rules.items())]
    return "\n".join(lines) + "\n"


def _is_group(key: str) -> bool:
    return key in ("domains", "indicators")


def _key(name: object) -> str:
    return str(name) if re.fullmatch(r"[A-Za-z0-9_-]+", str(name)) else _value(str(name))


def _value(value: Argument) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    # JSON writes texts, numbers and true as TOML does, but for one control character
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

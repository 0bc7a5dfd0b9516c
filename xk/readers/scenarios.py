"""Scenarios as files: TOML with a name, titles and one rule for each indicator or domain that it changes.

Scenarios kept by name: those that come with the project, and a user's own, which are saved and deleted here.

Weights of an index as files: CSV with a weight for each indicator.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from xk.contracts.borrow_rules import KEY as BORROW
from xk.contracts.declarations import contract_of
from xk.contracts.faults import duplicate_faults, merge_faults
from xk.contracts.in_languages import said_in_each_language
from xk.contracts.records import Record
from xk.contracts.scenario_rules import KEYS, NAME, REFERENCE, Argument, scenario_faults
from xk.contracts.scheme import Scheme
from xk.contracts.scheme_tables import weight_faults
from xk.errors import Fault, UsageError, nearest, raise_faults
from xk.readers.naming import Names, read_names
from xk.readers.schemes import RAW
from xk.readers.store import Store
from xk.readers.text import read_toml, read_typed, shown
from xk.readers.writing import write_bytes
from xk.vocab import columns_of


def read_scenario(
    path: str | Path, *, scheme: Scheme | None = None, regions: Sequence[str] = (), names: Names | None = None
) -> Record:
    """Read a scenario from a TOML file, checked, as the mapping that :func:`xk.build_scenario` takes.

    Parameters
    ----------
    path : str or Path
        File with ``name``, ``title_zh``, ``title_en`` (one of the two is enough) and tables ``[indicators.NAME]``,
        ``[domains.NAME]``.
    scheme : Scheme, optional
        Whose indicators and domains may be named; names are not checked without it.
    regions : sequence of str
        Regions that ``match`` may name; not checked if empty.
    names : Names, optional
        Which names of indicators, domains and regions are known besides slugs.

    Raises
    ------
    InputError
        With every fault and, where it can be told, its line.
    """
    file = Path(path)
    content, faults = read_toml(file, "mend the path")
    raise_faults(faults)
    content = said_in_each_language(content, ["title"])
    faults = _untitled(content, shown(file))
    written, content = content, name_scenario(content, names) if names else content
    found = _faults(content, shown(file), scheme, regions)
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    spelt = _spelt(written, content)
    found = [replace(fault, column=spelt.get(fault.column, fault.column)) for fault in found]
    raise_faults(faults + [replace(fault, row=_line_of(fault.column, lines)) for fault in found])
    return content


def _untitled(content: Mapping[str, Argument], file: str) -> list[Fault]:
    """Return what a scenario lacks of a name and a title, in one language at least."""
    first = columns_of("title")[0]
    remedies = {
        "name": "write name = '...' in the first lines",
        first: f"write {' or '.join(columns_of('title'))} = '...' in the first lines; one of them is enough",
    }
    return [Fault(file, None, key, "is missing", said) for key, said in remedies.items() if not content.get(key)]


def read_shipped(root: Path, scheme: Scheme, *, regions: Sequence[str], names: Names | None = None) -> list[Record]:
    """Return the scenarios that come with a project (``data/raw/scenarios``), by file, of those that a scheme can have.

    One that names indicators, domains or regions of other programmes is none of this one.

    Raises
    ------
    InputError
        With every fault of a file but unknown names.
    """
    found = [read_scenario(path, names=names) for path in sorted((root / RAW / "scenarios").glob("*.toml"))]
    return [one for one in found if not _faults(one, "", scheme, regions)]


def _faults(content: Mapping[str, Argument], file: str, scheme: Scheme | None, regions: Sequence[str]) -> list[Fault]:
    """Return what is wrong with a scenario of a scheme; without one its lines and domains are not checked."""
    if scheme is None:
        return scenario_faults(content, file, known={"regions": regions})
    known = {"regions": regions, "indicators": list(scheme.lines), "domains": scheme.domain_names()}
    return scenario_faults(content, file, known=known, bounds=scheme.bounds())


def name_scenario(content: Record, names: Names) -> Record:
    """Return a scenario with slugs in place of the names of indicators, domains and regions; what is unknown stays."""
    found = dict(content)
    for key in ("indicators", "domains"):
        if isinstance(found.get(key), Mapping):
            rules = names.keys(key.removesuffix("s"), found[key])
            found[key] = {name: _name_match(rule, names) for name, rule in rules.items()}
    if isinstance(found.get(BORROW), Mapping):
        donors = names.keys("domain", names.keys("indicator", found[BORROW]))
        found[BORROW] = {line: names.known("region", donor) for line, donor in donors.items()}
    elif BORROW in found:
        found[BORROW] = names.known("region", found[BORROW])
    return found


def _name_match(rule: object, names: Names) -> object:
    if isinstance(rule, Mapping) and "match" in rule:
        return {**rule, "match": names.known("region", rule["match"])}
    return rule


def _spelt(written: Record, content: Record) -> dict[str, str]:
    """Return slug -> name as the file has it."""
    given = [key for key in ("indicators", "domains") if isinstance(written.get(key), Mapping)]
    return {slug: name for key in given for slug, name in zip(content[key], written[key], strict=True)}


def _line_of(key: str, lines: list[str]) -> int | None:
    """Return the first line that sets `key` or opens its table."""
    if not key:
        return None
    word = rf"[\"']?{re.escape(key)}[\"']?"
    opens = re.compile(rf"\s*(\[[^\]]*\b{word}\s*[.\]]|{word}\s*[=.])|^\s*\w+\s*=\s*\{{.*\b{word}\s*=")
    return next((number for number, line in enumerate(lines, 1) if opens.match(line)), None)


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
    path, names = _kept(name, store.root), read_names(store).under(scheme.id)
    return read_scenario(path, scheme=scheme, regions=list(store.regions["region"]), names=names)


def _kept(name: str, root: Path) -> Path:
    kept = list_scenarios(root)
    if name not in kept:
        raise UsageError(f"there is no scenario named {name!r}; {nearest(name, kept)}")
    return kept[name]


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
    titled = said_in_each_language(content, ["title"])
    given = name_scenario(titled, read_names(store).under(scheme.id))
    name = str(given.get("name", ""))
    faults = _untitled(given, "")
    faults += _faults(given, "", scheme, list(store.regions["region"]))
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
    path = _kept(name, root)
    if path.parent != root / OWN:
        raise UsageError(f"{name!r} comes with the project and stays; only scenarios of one's own are deleted")
    content, _ = read_toml(path, "")
    path.unlink()
    return path, content


def scenario_text(content: Mapping[str, Argument]) -> str:
    """Return a scenario as the TOML file of it: name and titles, then a table for each domain and indicator."""
    groups = ("domains", "indicators")
    lines = [f"{key} = {_value(content[key])}" for key in KEYS if key in content and key not in groups]
    for group in groups:
        for name, rules in content.get(group, {}).items():
            lines += ["", f"[{group}.{_key(name)}]", *(f"{_key(rule)} = {_value(it)}" for rule, it in rules.items())]
    return "\n".join(lines) + "\n"


def _key(name: object) -> str:
    return str(name) if re.fullmatch(r"[A-Za-z0-9_-]+", str(name)) else _value(str(name))


def _value(value: Argument) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    # JSON writes texts, numbers and true as TOML does, but for one control character
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_weights(path: str | Path, *, scheme: Scheme, names: Names | None = None) -> dict[str, float]:
    """Read weights for the lines of a scheme from a CSV file, checked, as a mapping: line -> weight.

    Parameters
    ----------
    path : str or Path
        Columns indicator, weight: a row for every indicator of the scheme; parts of a composite may be left out
        and then weigh the same. Weights are relative; 0 leaves a line out.
    scheme : Scheme
        Whose lines they are.
    names : Names, optional
        Which names of indicators are known besides slugs.

    Raises
    ------
    InputError
        With every fault: a line twice, unknown or missing indicators, weights below 0, nothing but 0 in a domain.
    """
    file = shown(Path(path))
    frame, faults = read_typed(Path(path), contract_of("weights"))
    if frame.empty:
        raise_faults(faults)
    if names is not None:
        frame["indicator"] = names.column("indicator", frame["indicator"])
    weights = dict(zip(frame["indicator"], frame["weight"].tolist(), strict=True))
    rows = dict(zip(frame["indicator"], frame.index, strict=True))
    found = duplicate_faults(frame, ["indicator"], file) + weight_faults(weights, scheme, file, rows=rows)
    raise_faults(merge_faults(faults, found))
    return weights

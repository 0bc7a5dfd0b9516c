"""Scenarios as files: TOML with a name, titles and one rule for each indicator or domain that it changes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from xk.contracts.borrow_rules import KEY as BORROW
from xk.contracts.records import Record
from xk.contracts.scenario_rules import scenario_faults
from xk.contracts.scheme import Scheme
from xk.errors import Fault, raise_faults
from xk.readers.naming import Names
from xk.readers.schemes import RAW
from xk.readers.text import read_toml, shown
from xk.vocab import columns_of

TITLED = ("name", *columns_of("title"))


def read_scenario(
    path: str | Path, *, scheme: Scheme | None = None, regions: Sequence[str] = (), names: Names | None = None
) -> Record:
    """Read a scenario from a TOML file, checked, as the mapping that :func:`xk.build_scenario` takes.

    Parameters
    ----------
    path : str or Path
        File with ``name``, ``title_zh``, ``title_en`` and tables ``[indicators.NAME]``, ``[domains.NAME]``.
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
    faults = [
        Fault(shown(file), None, key, "is missing", f"write {key} = '...' in the first lines")
        for key in TITLED
        if key not in content
    ]
    known: dict[str, Sequence[str]] = {"regions": regions}
    bounds = None
    if scheme is not None:
        bounds = scheme.bounds()
        known |= {"indicators": list(scheme.indicators["indicator"]), "domains": scheme.domain_names()}
    written, content = content, name_scenario(content, names) if names else content
    found = scenario_faults(content, shown(file), known=known, bounds=bounds)
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    spelt = _spelt(written, content)
    found = [replace(fault, column=spelt.get(fault.column, fault.column)) for fault in found]
    raise_faults(faults + [replace(fault, row=_line_of(fault.column, lines)) for fault in found])
    return content


def read_shipped(root: Path, scheme: Scheme, *, regions: Sequence[str], names: Names | None = None) -> list[Record]:
    """Return the scenarios that come with a project (``data/raw/scenarios``), by file, of those that a scheme can have.

    One that names indicators, domains or regions of other programmes is none of this one.

    Raises
    ------
    InputError
        With every fault of a file but unknown names.
    """
    found = [read_scenario(path, names=names) for path in sorted((root / RAW / "scenarios").glob("*.toml"))]
    known = {"regions": regions, "indicators": list(scheme.lines), "domains": scheme.domain_names()}
    return [one for one in found if not scenario_faults(one, "", known=known, bounds=scheme.bounds())]


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
    groups = [
        (written[key], content[key]) for key in ("indicators", "domains") if isinstance(written.get(key), Mapping)
    ]
    return {slug: name for names, slugs in groups for slug, name in zip(slugs, names, strict=True)}


def _line_of(key: str, lines: list[str]) -> int | None:
    """Return the first line that sets `key` or opens its table."""
    if not key:
        return None
    word = rf"[\"']?{re.escape(key)}[\"']?"
    opens = re.compile(rf"\s*(\[[^\]]*\b{word}\s*[.\]]|{word}\s*[=.])|^\s*\w+\s*=\s*\{{.*\b{word}\s*=")
    return next((number for number, line in enumerate(lines, 1) if opens.match(line)), None)

"""Scenarios as files: TOML with a name, titles and one rule for each indicator or domain that it changes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xk.contracts.records import Record
from xk.contracts.scenario_rules import scenario_faults
from xk.contracts.scheme import Scheme
from xk.errors import Fault, raise_faults
from xk.readers.text import read_toml, shown
from xk.vocab import columns_of

TITLED = ("name", *columns_of("title"))


def read_scenario(path: str | Path, *, scheme: Scheme | None = None, regions: Sequence[str] = ()) -> Record:
    """Read a scenario from a TOML file, checked, as the mapping that :func:`xk.build_scenario` takes.

    Parameters
    ----------
    path : str or Path
        File with ``name``, ``title_zh``, ``title_en`` and tables ``[indicators.NAME]``, ``[domains.NAME]``.
    scheme : Scheme, optional
        Whose indicators and domains may be named; names are not checked without it.
    regions : sequence of str
        Regions that ``match`` may name; not checked if empty.

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
    found = scenario_faults(content, shown(file), known=known, bounds=bounds)
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    raise_faults(faults + [replace(fault, row=_line_of(fault.column, lines)) for fault in found])
    return content


def _line_of(key: str, lines: list[str]) -> int | None:
    """Return the first line that sets `key` or opens its table."""
    if not key:
        return None
    word = rf"[\"']?{re.escape(key)}[\"']?"
    opens = re.compile(rf"\s*(\[[^\]]*\b{word}\s*[.\]]|{word}\s*[=.])|^\s*\w+\s*=\s*\{{.*\b{word}\s*=")
    return next((number for number, line in enumerate(lines, 1) if opens.match(line)), None)

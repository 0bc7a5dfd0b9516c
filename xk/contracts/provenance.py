"""Where figures come from: the register of sources and the fingerprints of files."""

import hashlib
import re
from collections.abc import Mapping

import pandas as pd

from xk.contracts.declarations import contract_of
from xk.contracts.faults import contract_faults
from xk.contracts.scheme_tables import TABLES
from xk.errors import Fault

EDITED = "is not the file recorded here"
"""What is said of a file whose checksum is another than the register's."""
UNLISTED = "has no line"
"""What is said of a file that the register does not name."""
OF_SCHEME = re.compile(rf"(schemes/[^/]+/(?:scheme\.toml|(?:{'|'.join(TABLES)})\.csv)) {UNLISTED}")
"""The same of a file of a programme, which says itself where it comes from."""


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of `content` as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def source_faults(sources: pd.DataFrame, file: str, hashes: Mapping[str, str]) -> list[Fault]:
    """Return what is wrong with the register of sources.

    Parameters
    ----------
    sources : DataFrame
        Typed register, index = line of the file.
    file : str
        Its name for the faults.
    hashes : mapping of str
        File under ``data/raw`` -> its SHA-256, for every file that is there.
    """
    faults = contract_faults(sources, contract_of("sources"), file, known={})
    listed = sources.dropna(subset=["file"])
    for row, name, recorded in listed[["file", "sha256"]].itertuples(name=None):
        if name not in hashes:
            faults.append(Fault(file, int(row), "file", f"{name} is not there", "mend the name or drop the line"))
        elif recorded != hashes[name]:
            remedy = f"if the change is meant, write {hashes[name]}"
            faults.append(Fault(file, int(row), "sha256", f"{name} {EDITED}", remedy))
    for name in sorted(set(hashes) - set(listed["file"])):
        message, remedy = f"{name} {UNLISTED}", f"add a line with its sha256, {hashes[name]}"
        meant = "if it is meant: xk check --accept"
        faults.append(Fault(file, None, "file", message, meant if OF_SCHEME.fullmatch(message) else remedy))
    return faults

"""Other names that users confirmed: kept in ``data/own``, and forgotten again."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from xk.contracts.declarations import contract_of
from xk.errors import UsageError
from xk.readers.adding import appended, table_bytes
from xk.readers.cells import fold, is_unit, read_period
from xk.readers.changing import change_files, changing
from xk.readers.layouts.head_words import LINE_OF, ROLE_OF, key
from xk.readers.layouts.told_years import part_of_year
from xk.readers.schemes import OWN
from xk.readers.store import ALIASES
from xk.readers.text import CONTROL, Records, shown
from xk.readers.title_regions import PARTLY

PLACE_NAME = re.compile("(?![全本我该各])([\u4e00-\u9fff]{2,})(?:自治)?[省市县区州盟旗]")
"""A name that some region has; 全市 and the like have none."""


def check_alias(kind: str, alias: str, names: Iterable[str]) -> None:
    """Raise UsageError for an alias that files have for something else: a unit, a year, a head, a part of two lines.

    One of a region may not read as another: no sign of it is in any of its names.
    """
    if any(unicodedata.category(char) in CONTROL for char in alias):
        raise UsageError(f"{alias!r} has a line end or another character that cannot be seen; type the name anew")
    meant = {
        "unit of measure": is_unit(alias), "year": read_period(alias) is not None,
        "word over the columns of tables": bool({key(alias)} & {*ROLE_OF, *LINE_OF}),
    }  # fmt: skip
    partly = PARTLY.search(alias) if kind == "region" else None
    if part := partly[0] if partly else part_of_year(alias, title=True):
        raise UsageError(f"{alias!r} is of a part ({part}): its figures would be taken for those of the whole")
    for what, is_meant in meant.items():
        if is_meant:
            raise UsageError(f"{alias!r} is known already, as a {what}: files would be read wrongly")
    found = PLACE_NAME.fullmatch(fold(alias).replace(" ", ""))
    if kind == "region" and found and not {*found[1]} & {*"".join(names)}:
        path = (OWN / ALIASES).as_posix()
        raise UsageError(
            f"{alias!r} reads as another region: its figures would be taken for those of this one; begin a new region "
            f"with xk template region, or, if the same is meant, write it into {path}"
        )


def confirm_alias(kind: str, slug: str, alias: str, *, root: Path) -> Path:
    """Keep another name of something in the user's own aliases; return their file."""
    path = root / OWN / ALIASES
    with changing(root):
        there = path.read_bytes() if path.exists() else table_bytes(contract_of("aliases").columns, [])
        row = {"kind": kind, "slug": slug, "alias": alias}
        change_files(root, {OWN / ALIASES: appended(there, [row], key=["alias"])})
    return path


def remove_alias(alias: str, *, root: Path) -> list[str]:
    """Take a name out of the user's own aliases; return what it was of. Raise UsageError where it is none of them."""
    path = root / OWN / ALIASES
    with changing(root):
        (_, header), *lines = Records(path.read_text("utf-8-sig")) if path.exists() else [(1, ["alias"])]
        rows = [dict(zip(header, cells, strict=False)) for _, cells in lines]
        gone = [row for row in rows if fold(row["alias"]) == fold(alias)]
        if not gone:
            known = ", ".join(repr(row["alias"]) for row in rows) or "none"
            raise UsageError(f"{alias!r} is no alias of your own; those in {shown(path)}: {known}")
        change_files(root, {OWN / ALIASES: table_bytes(header, [row for row in rows if row not in gone])})
    return [f"{row['kind']} {row['slug']}" for row in gone]

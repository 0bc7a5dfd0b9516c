"""Names with another year in brackets than that of their figures, as 森林覆盖率（2016年底） under 2017年: refused."""

import re

import pandas as pd

from xk.errors import Fault
from xk.readers.cells import fold
from xk.readers.naming import BRACKETS
from xk.readers.sheets import Block

ONE_YEAR = re.compile(r"(?:截[至止])?((?:19|20)\d\d)(?:年度?末?|年底|年末)?(?:数据?|数值)?")
REMEDY = "give it under its own year, or leave the year out of the name"


def leave_misdated(block: Block, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Return figures without those whose names say another year than their heads or labels, and a fault of each row."""
    years = rows["name"].map({name: _year_in(str(name)) for name in rows["name"].cat.categories}).astype("int64")
    wrong = (years > 0) & (years != rows["year"])
    said = "{} is under {}, and its name {!r} says {}"
    faults = [
        Fault(block.sheet.title, int(line), "", said.format(cell, year, str(name), own), REMEDY)
        for line, cell, year, name, own in zip(
            *(rows.loc[wrong, what] for what in ("line", "cell", "year", "name")), years[wrong], strict=True
        )
    ]
    return (rows[~wrong].reset_index(drop=True), faults) if faults else (rows, [])


def _year_in(name: str) -> int:
    """Return the year that stands alone in brackets in a name, 0 where none does."""
    within = ("".join(filter(None, one.groups())).strip() for one in BRACKETS.finditer(fold(name)))
    return next((int(found[1]) for text in within if (found := ONE_YEAR.fullmatch(text))), 0)

"""Settling: what a block lacks is taken from its titles, and said; what cannot be placed is left, and said."""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import PurePath

from xlsxwriter.utility import xl_col_to_name

from xk.errors import Fault
from xk.readers.cells import fold, is_unit
from xk.readers.layouts.head_words import NO_TITLE, ROLE_OF, key
from xk.readers.layouts.meanings import kind_of, title_name
from xk.readers.layouts.told_years import OF_A_BOOK, YEAR_IN, year_of
from xk.readers.sheets import BLANK, Block, Head, Value

COLUMNS = ("region", "indicator", "year", "value", "unit", "price_base", "kind", "vintage", "source_id", "series")
"""The columns of a line-per-figure table, the needed ones first."""
NO_REGION = (
    "the region is empty, and other rows name theirs",
    "write it in every row, also where the line above has it",
)
LAYOUTS: dict[str, Callable[[Block, bool], object]] = {
    "plan's annex": lambda block, _: {"target", "evaluation"} & {str(one.get("kind")) for one in block.by_column},
    "World Bank download": lambda block, _: (
        {"countrycode", "indicatorcode"} <= block.words or "seriescode" in block.words
    ),
    "OWID download": lambda block, _: {"entity", "code", "year"} <= block.words,
    "Eurostat download": lambda block, _: (
        any("time_period" in word for word in block.words) and "geo" in "".join(block.words)
    ),
    "CEIC download": lambda block, _: {"frequency", "about"} <= set(block.whole),
    "tidy": lambda block, _: block.words & {word for word, role in ROLE_OF.items() if role == "value"},
    "NBS export by region": lambda block, years: years and {"database", "name"} <= set(block.whole),
    "NBS export": lambda block, years: years and {"database", "time"} & set(block.whole),
    "years across, regions down": lambda block, years: (
        years and "region" in block.by_row and "name" not in block.by_row
    ),
    "years across": lambda _, years: years,
    "years down": lambda block, _: "year" in block.by_row,
    "yearbook, regions down": lambda block, _: "region" in block.by_row,
    "yearbook": lambda *_: True,
}
"""Name -> what a block of that layout has; the first that fits names it."""


def settle(block: Block, stacks: list[list[Value]], roles: dict[int, str], head: Head) -> list[Fault]:
    """Give a block its layout and what is still open of year, name and region; return what cannot be settled."""
    if "value" in {ROLE_OF.get(key(stack[-1])) for stack in stacks if stack}:
        _keep(block, lambda column, _: any(ROLE_OF.get(key(piece)) == "value" for piece in stacks[column]))
    block.layout = next(name for name, fits in LAYOUTS.items() if fits(block, head.years))
    faults = [*_split_dimensions(block), *_misnamed(block, stacks, roles, head)]
    faults += [] if faults and not block.rows else _settle_years(block)
    _fill_down(block)
    faults += _without_region(block, roles)
    if not block.says("name"):
        _settle_name(block)
    for column, role in roles.items():
        is_label = role not in ("", "value", "code") or role == "code" == ROLE_OF.get(key(stacks[column][-1]))
        if column in block.columns or is_label:
            continue
        filled = [row[column] for row in map(block.sheet.rows.__getitem__, block.rows) if column < len(row)]
        if any(kind_of(cell) in "ny" for cell in filled[:200]):
            words = " ".join(str(piece) for piece in stacks[column]) or "without a head"
            said = f"column {xl_col_to_name(column)} ({words}) was not read"
            why = "its head says more than the year; if they are the figures of that, write it alone"
            why = why if YEAR_IN.search(fold(words)) else "its head names neither a year nor a part"
            block.doubts.append(f"{said}: {why}")
        elif stacks[column] and key(stacks[column][-1]) not in ROLE_OF:
            texts = [*dict.fromkeys(str(cell) for cell in filled if kind_of(cell) == "t")][:3]
            words = " ".join(str(piece) for piece in stacks[column])
            said = f"column {xl_col_to_name(column)} ({words}) was not read: {', '.join(texts)}"
            block.doubts += [f"{said}; does it change what the figures are?"] if texts else []
    return faults


def _misnamed(block: Block, stacks: list[list[Value]], roles: dict[int, str], head: Head) -> list[Fault]:
    """Return a fault for every column of a line-per-figure table that stands twice or comes near a known name.

    Nothing of a table is read in which one of the columns that it needs is misspelt.
    """
    dated = "year" in block.by_row or any(said.get("year") for said in block.by_column)
    if head.years or (block.layout != "tidy" and dated):
        return []
    line, faults = head.lines[-1] if head.lines else None, []
    for column, stack in enumerate(stacks):
        word = key(stack[-1]) if stack else ""
        near = get_close_matches(word, COLUMNS, n=1, cutoff=0.7) if word.isascii() and word not in ROLE_OF else []
        if near and roles[column] in ("", "value", "name"):
            faults.append(block.sheet.fault(line, column, f"unknown column {word!r}", f"did you mean {near[0]!r}?"))
            block.rows = [] if near[0] in COLUMNS[:4] else block.rows
            _drop(block, column)
    for column in block.columns[1:] if block.layout == "tidy" else []:
        faults.append(block.sheet.fault(line, column, "a second column of values", "keep one of them"))
        _drop(block, column)
    return faults


def _drop(block: Block, column: int) -> None:
    _keep(block, lambda one, _: one != column)


def _split_dimensions(block: Block) -> list[Fault]:
    """Take Eurostat's first column apart, whose head is such as ``freq,unit,geo\\TIME_PERIOD``."""
    head = next((word for word in block.words if word.endswith("\\time_period")), "")
    if not head or "name" not in block.by_row:
        return []
    names = head.removesuffix("\\time_period").split(",")
    parts = [dict(zip(names, str(cell).split(","), strict=False)) for cell in block.by_row["name"]]
    block.by_row["region"] = [part.get("geo", "") for part in parts]
    block.by_row["unit"] = [part.get("unit", "") for part in parts]
    rest = [name for name in names if name not in ("freq", "unit", "geo")]
    block.by_row["name"] = [" ".join(part.get(name, "") for name in rest) for part in parts]
    return [
        block.sheet.fault(place, 0, "holds figures of months or quarters, not of years", "give the annual figures")
        for place, part in zip(block.rows, parts, strict=True) if part.get("freq", "A") != "A"
    ]  # fmt: skip


def _keep(block: Block, fits: Callable[[int, dict[str, object]], bool]) -> list[int]:
    """Keep the columns of a block that fit; return the others."""
    pairs = list(zip(block.columns, block.by_column, strict=True))
    block.columns = [column for column, said in pairs if fits(column, said)]
    block.by_column = [said for column, said in pairs if fits(column, said)]
    return [column for column, _ in pairs if column not in block.columns]


def _settle_years(block: Block) -> list[Fault]:
    """Find the year of every figure: in label, head, title, name of sheet or file."""
    faults = [
        block.sheet.fault(None, column, f"{said['finer']} is no year", "give the figure of the whole year")
        for column, said in zip(block.columns, block.by_column, strict=True) if said.get("finer")
    ]  # fmt: skip
    _keep(block, lambda _, said: not said.get("finer"))
    if "year" in block.by_row or block.says("year"):
        return faults
    if any(said.get("year") for said in block.by_column):
        _keep(block, lambda _, said: bool(said.get("year")))
        return faults
    return faults + _take_year(block)


def _take_year(block: Block) -> list[Fault]:
    """Take the year from the title, the lines above, the name of the sheet or of the file, and say so."""
    sheet, whole = block.sheet, block.whole
    told = {"title": whole.get("title"), "line of its time": whole.get("time"), "line of its name": whole.get("name")}
    told |= {"name of the sheet": sheet.name}
    texts = {where: str(text) for where, text in told.items() if text}
    if not any(year_of([text]) for text in texts.values()):
        texts |= {"name of the file": PurePath(sheet.file).stem}
    year = year_of(list(texts.values()))
    if year is None and block.rows:
        book = next((text for text in texts.values() if OF_A_BOOK.search(fold(text))), "")
        message = f"no year stands in the heads, labels or title of the table ({block.layout})"
        message = f"{book!r} names the year of a book, not of its figures" if book else message
        block.rows, wrong = [], block.rows[0]
        return [sheet.fault(wrong, None, message, "write the year over the figures, such as 2016年")]
    if year is not None:
        where = next(where for where, text in texts.items() if year_of([text]))
        block.doubts.append(f"the year {year} was taken from the {where}")
    whole["year"] = year
    return []


def _fill_down(block: Block) -> None:
    """Fill labels that stand once for several lines, where another label says that the line is one of its own."""
    for role, other in ("region", ("name", "year")), ("name", ("region", "year")):
        cells = block.by_row.get(role, [])
        is_told = any(what in block.by_row for what in other)
        if block.layout == "tidy" or not is_told or all(cell not in BLANK for cell in cells):
            continue
        filled: list[object] = []
        for cell in cells:
            filled.append(filled[-1] if filled and cell in BLANK else cell)
        if filled != cells:
            block.by_row[role] = filled
            block.doubts.append(f"blank {role}s were filled from the line above")


def _without_region(block: Block, roles: dict[int, str]) -> list[Fault]:
    """Take rows out of a line-per-figure table whose region is blank, and others' not; return them as faults."""
    column = next((column for column, role in roles.items() if role == "region"), None)
    cells = block.by_row.get("region", [])
    if block.layout != "tidy" or column is None or not block.rows or all(cell in BLANK for cell in cells):
        return []
    wrong = [place for place, cell in zip(block.rows, cells, strict=True) if cell in BLANK]
    block.leave_rows(wrong)
    return [block.sheet.fault(place, column, *NO_REGION) for place in wrong]


def _settle_name(block: Block) -> None:
    """Take the name of the indicator from the title of the table or of its sheet, and say so."""
    title, sheet = str(block.whole.get("title", "")), block.sheet.name
    for text, where in (title, "title"), (sheet, "name of the sheet"):
        found = title_name(text) if not (NO_TITLE.fullmatch(fold(text)) or is_unit(text)) else {}
        if found.get("name"):
            block.whole |= {what: word for what, word in found.items() if not block.whole.get(what)}
            block.doubts.append(f"the indicator was taken from the {where}: {block.whole['name']}")
            return
    block.doubts.append("no line says which indicator it is: write its name over the table")

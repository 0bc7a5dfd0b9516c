"""Lines of a head and lines of figures: what tells the one from the other where no cell of a line is a figure."""

from itertools import zip_longest

from xk.readers.cells import fold, price_in, read_period, read_unit
from xk.readers.layouts.head_words import ROLE_OF, key
from xk.readers.layouts.meanings import Known, kind_of
from xk.readers.sheets import Head, Sheet, Value

LABELS = 3
"""First cells of a line among which its name stands."""


def lines_below(rows: list[list[Value]], place: int, column: int) -> int:
    """Return the first line below a head that is none of it; `column` of its line `place` says that years stand there.

    Of the head are lines that repeat that word, as merged cells do, lines of units or texts in brackets, and of names
    below groups.
    """
    label, row = key(rows[place][column]), rows[place]
    for below in range(place + 1, len(rows)):
        line = [*rows[below], *[None] * len(row)]
        kinds = [kind_of(cell) for cell in line]
        of_groups = any(kind_of(cell) == "b" and kind == "t" for cell, kind in zip(row, kinds, strict=False))
        in_brackets = all(str(cell).strip()[0] in "(（" for cell in line if kind_of(cell) == "t")
        priced = all(price_in(fold(str(cell))) for cell in line if kind_of(cell) != "b")  # 当年价 | 2010年价
        is_part = kinds[column] == "b" and (of_groups or in_brackets or priced) or is_unit_line(line)
        if not (is_part or key(line[column]) == label) or "t" not in kinds or {"n", "y"} & {*kinds}:
            return below
        row = line
    return len(rows)


def is_over_years(rows: list[list[Value]], place: int) -> bool:
    """Return whether a line of a head with years goes on in the next: years under texts, under years the same or none.

    Such as 指标 | 2016年 | 目标 over 指标 | 2016年 | 2017年.
    """
    above, below = rows[place], rows[place + 1] if place + 1 < len(rows) else []
    pairs = [(one, other) for one, other in zip_longest(above, below) if kind_of(one) != "b" or kind_of(other) != "b"]
    kinds = [(kind_of(one), kind_of(other)) for one, other in pairs]
    same = all(other == "b" or read_period(cell) == read_period(under)
               for (one, other), (cell, under) in zip(kinds, pairs, strict=True) if one == "y")  # fmt: skip
    return same and ("t", "y") in kinds and all(other != "n" for _, other in kinds)


def is_unit_line(row: list[Value]) -> bool:
    """Return whether a line holds units, and nothing else but words of heads such as 单位 before them."""
    texts = [cell for cell in row if isinstance(cell, str) and kind_of(cell) == "t"]
    units = [key(cell) not in ROLE_OF for cell in texts if read_unit(cell)[0]]
    heads = [cell for cell in texts if not read_unit(cell)[0]]
    return any(units) and all(key(cell) in ROLE_OF for cell in heads) and all(kind_of(cell) in "bt" for cell in row)


def leave_data(sheet: Sheet, head: Head, is_name: Known) -> None:
    """Take out of a head its lines that are lines of figures: their cells are to be refused, not to vanish.

    Such as a line of texts below one that has all years, or all words, whose label is a known region or indicator, or
    has a unit beside it.
    """
    rows = sheet.rows
    for number, line in enumerate(head.lines):
        above = [rows[other] for other in head.lines[:number]]
        whole = any(sum(kind_of(cell) != "b" for cell in row) > 1 for row in above)
        dated = not head.years or any(read_period(cell) for row in above for cell in row)
        if whole and dated and (_is_data(rows[line], is_name) or _is_labelled(rows[line], above)):
            head.lines, head.first = head.lines[:number], line
            return


def _is_data(row: list[Value], is_name: Known) -> bool:
    """Return whether a line is named as lines of figures are, and no other cell of it is a word of heads."""
    names = [cell for cell in row[:LABELS] if isinstance(cell, str) and is_name(cell)]
    others = [str(cell) for cell in row if kind_of(cell) == "t" and cell not in names]
    return bool(names and others) and not any(key(text) in ROLE_OF or is_name(text) for text in others)


def _is_labelled(row: list[Value], above: list[list[Value]]) -> bool:
    """Return whether a line below years has a label of its own, and a unit beside that, or signs alone under years."""
    first = min((column for cells in above for column, cell in enumerate(cells) if read_period(cell)), default=0)
    label, *beside = [str(cell) for cell in row[:first] if kind_of(cell) == "t"] or [""]
    if not label or key(label) in ROLE_OF or any(label in cells for cells in above):
        return False
    texts = "".join(str(cell) for cell in row[first:] if kind_of(cell) == "t")
    signs = bool(texts) and not any(char.isalnum() or char in "%‰" for char in texts)
    return signs or any(read_unit(cell)[0] for cell in beside)

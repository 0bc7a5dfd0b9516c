"""Where the figures of a sheet stand: blocks of rows and columns, and what names each row and each column."""

from typing import cast

from xk.errors import Fault
from xk.readers.cells import clean, fold, read_period, read_unit
from xk.readers.layouts.group_lines import take_groups
from xk.readers.layouts.head_words import (
    CONTINUED,
    FOOT,
    LINE_OF,
    ROLE_OF,
    is_labels,
    is_official,
    key,
    told,
    without_dittos,
)
from xk.readers.layouts.left_plans import leave_plans
from xk.readers.layouts.line_kinds import is_over_years, is_unit_line, leave_data, lines_below
from xk.readers.layouts.meanings import Fields, Known, finer_than_years, kind_of, meaning_of, roles_of
from xk.readers.layouts.parts import leave_parts
from xk.readers.layouts.settling import settle
from xk.readers.layouts.side_by_side import tables_beside
from xk.readers.layouts.told_years import ANNUAL, part_of_year
from xk.readers.sheets import BLANK, Block, Head, Sheet, Value

SAMPLE, LOOK, LAST_HEAD, FIRST = 200, 200, 2100, 5
NOTES, LONGEST_NOTE = 100, 1000
"""Texts that are looked at above a table, and under it; characters of the longest."""
ASIDE = ("about", "time", "frequency", "database", "source", "note")
"""What lines that hold numbers tell besides figures."""
NO_YEAR = ("the year is empty", "write YYYY, such as 2016")
OBSERVED_ALONE = "give the figures that were observed"
RAGGED = "check separators and quotes of the line"
WANTED = (
    "a line per figure: region, indicator, year, value; or indicators down and years across: 指标 | 2016年 | 2017年"
)


def find_blocks(
    sheet: Sheet, is_known: Known, last: Block | None = None, *, is_named: Known = lambda _: False
) -> tuple[list[Block], list[Fault]]:
    """Return the tables of a sheet one below the other, each with its layout, and what was wrong with them.

    The first one may continue the `last` of the sheet before it, if it says so: then what was told of that holds.
    `is_known`, `is_named`: whether a text is a region, an indicator that is known.
    """
    blocks: list[Block] = []
    faults: list[Fault] = []
    start, above, before = 0, {}, set()  # type: int, Fields, set[str]
    told: set[int] = set()
    while (head := _find_head(sheet, start, is_known)) is not None:
        leave_data(sheet, head, lambda text: is_known(text) or is_named(text))
        end, labels = _find_end(sheet, head, is_known), _labels(sheet, head)
        first = (cell for row in sheet.rows[: head.first] for cell in row if isinstance(cell, str))
        if last and not start and (CONTINUED.search(sheet.name) or any(map(CONTINUED.search, first))):
            above, before = {what: word for what, word in last.whole.items() if what != "year"}, labels
        above = _told_above(sheet, start, head, above if labels & before or not labels else {})
        found = [_block(part, head, end, above, is_known) for part in tables_beside(sheet, head, end)]
        beside = [block for block, _ in found if block]
        faults += [fault for _, more in found for fault in more]
        read = {place for block in beside for place in (*block.rows, *block.left)}
        told |= read if beside else set(range(start, end))
        for block in beside:
            block.notes = _notes(sheet, [place for place in range(start, end) if place not in {*read, *head.lines}])
        blocks += [block for block in beside if block.rows and block.columns]
        start, before = max(end, start + 1), labels  # a head whose first line looks like one again holds nothing
    if left := _left(sheet, told, {fault.row for fault in faults}):
        said = f"{len(left)} cells with figures are in no table and were not read: "
        said += ", ".join(left[:FIRST]) + (" ..." if len(left) > FIRST else "")
        if blocks:
            blocks[-1].doubts.append(said)
        else:
            said = said if faults else "no known layout of a table was found"
            faults.append(sheet.fault(None, None, said, f"give {WANTED}"))
    return blocks, faults


def _notes(sheet: Sheet, places: list[int]) -> list[str]:
    """Return the texts of some lines, the first and the last of them."""
    texts = (cell for place in places for cell in sheet.rows[place] if isinstance(cell, str))
    notes = [text for text in dict.fromkeys(texts) if 0 < len(text) < LONGEST_NOTE]
    return [*notes[:NOTES], *notes[NOTES:][-NOTES:]]


def _left(sheet: Sheet, told: set[int], lines: set[int | None]) -> list[str]:
    """Return the cells with figures in lines that are in no table, and of which no fault tells."""
    left: list[str] = []
    for place, row in enumerate(sheet.rows):
        if place in told or sheet.line(place) in lines or not any(row) or LINE_OF.get(key(row[0])) in ASIDE:
            continue
        left += [sheet.place(place, column) for column, cell in enumerate(row) if _is_number(cell)]
    return left


def _is_number(cell: Value) -> bool:
    """Return whether a cell holds a number that is no year, with no unit behind it as heads such as 65岁 have."""
    if cell in BLANK or read_period(cell):
        return False
    seen = clean(cell)
    return seen.value is not None and not seen.unit


def _kinds(row: list[Value]) -> str:
    return "".join(map(kind_of, row))


def _find_head(sheet: Sheet, start: int, is_known: Known) -> Head | None:
    """Return the next head from a row on, None where no figures follow."""
    rows = sheet.rows
    for place in range(start, min(start + LOOK, len(rows))):
        kinds = _kinds(rows[place])
        if _is_metadata(rows, start, place):
            continue
        if _is_year_head(sheet, place, kinds, is_known) and not is_over_years(rows, place):
            return _year_head(sheet, start, place)
        words = [ROLE_OF.get(key(cell), "") for cell in rows[place]]
        if "year" in words and "y" not in kinds and "n" not in kinds and len(kinds.replace("b", "")) > 1:
            below = next((row for row in rows[place + 1 : place + 4] if any(row)), [])
            if not _is_year_head(sheet, rows.index(below, place) if below else place, _kinds(below), is_known):
                first = lines_below(sheet.rows, place, words.index("year"))
                return Head(_stack(sheet, start, first), first, False)
        texts = kinds.replace("b", "")
        if len(texts) > 1 and ("n" in texts or texts.count("y") > 1) and texts != "t" * len(texts):
            return Head(_stack(sheet, start, place), place, False)
    return None


def _is_metadata(rows: list[list[Value]], start: int, place: int) -> bool:
    """Return whether a row is one of the lines that a database puts above a series, such as its mean."""
    named = [key(row[0]) in LINE_OF for row in rows[start : start + 40] if row]
    return sum(named) > 3 and bool(rows[place]) and key(rows[place][0]) in LINE_OF


def _is_year_head(sheet: Sheet, place: int, kinds: str, is_known: Known) -> bool:
    """Return whether a row has years across: in order, with a place for labels before them and labels below."""
    first = kinds.find("y")
    if first < 1 or "n" in kinds:
        return False
    row = sheet.rows[place]
    labels = [cell for cell in row[:first] if kind_of(cell) == "t"]
    periods = [period for cell in row if (period := read_period(cell))]
    years = [period.year for period in periods if not period.finer]
    steps = {(a < b) - (a > b) for a, b in zip(years, years[1:], strict=False)}
    sure = labels and {key(cell) for cell in labels} <= {*ROLE_OF}
    said = sure or any(isinstance(cell, str) and "年" in cell for cell in row)
    repeated = len(set(years)) < len(years) and said
    if max(years, default=0) > LAST_HEAD:
        return False
    in_order = len(steps) < 2 and 0 not in steps or repeated or bool(_groups(sheet, place, first))
    named = any(key(cell) in ROLE_OF for cell in labels) or not labels and (bool(years) or len(periods) > 1)
    sorted_anew = sure and len(set(years)) == len(years)
    below = [_kinds(other[:first]) for other in sheet.rows[place + 1 : place + 6]]
    places = any(is_known(str(cell)) for cell in labels if key(cell) not in ROLE_OF)
    if places or not any("t" in kinds for kinds in below):
        return False
    known = named or len(periods) == len(kinds.rstrip("b")) - first
    return bool((in_order or sorted_anew) and (len(periods) > 1 or named) and known)


def _groups(sheet: Sheet, place: int, first: int, start: int = 0) -> list[int]:
    """Return the lines above that name groups of years: texts that are no title and no unit, with units below them."""
    units = place > start and is_unit_line(sheet.rows[place - 1])
    for line in range(place - 1 - units, place) if place - units > start else ():
        above = [cell for cell in sheet.rows[line] if kind_of(cell) == "t"]
        over = [cell for cell in sheet.rows[line][first:] if kind_of(cell) == "t" and not told(cell)[0]]
        if over and len({fold(str(cell)) for cell in above}) > 1 and not is_labels(above):
            return [*range(line, place)]
    return []


def _year_head(sheet: Sheet, start: int, place: int) -> Head:
    """Return the head around a row of years: names of groups above it, what is given of each year below it."""
    row, lines, first = sheet.rows[place], [place], place + 1
    years = [column for column, cell in enumerate(row) if read_period(cell)]
    lines = [*_groups(sheet, place, years[0], start), *lines]
    kinds = _kinds(sheet.rows[first] if first < len(sheet.rows) else [])
    if "n" not in kinds and "y" not in kinds and "t" in kinds[years[0] :]:
        lines, first = [*lines, first], first + 1
    return Head(lines, first, True)


def _stack(sheet: Sheet, start: int, first: int) -> list[int]:
    """Return the lines of the head above the first line of figures, without title and what is told in lines."""
    lines: list[int] = []
    for place in range(first - 1, max(start - 1, first - 60), -1):
        row = sheet.rows[place]
        texts = {fold(str(cell)) for cell in row if kind_of(cell) != "b"}
        alone = len(texts) == 1 and (kind_of(row[0]) != "b" or (lines and len(row) > 2) or bool(told(min(texts))[0]))
        metadata = key(row[0]) in LINE_OF and key(row[0]) not in ROLE_OF or _is_metadata(sheet.rows, start, place)
        if metadata and (len(texts) < 3 or LINE_OF.get(key(row[0])) not in ("region", "unit")):
            continue
        if not texts or alone and lines or told(row[0])[0] or (lines or is_official(row[0])) and is_labels(row):
            break
        if not alone and not any(map(_is_number, row)):
            lines.insert(0, place)
    return lines


def _labels(sheet: Sheet, head: Head) -> set[str]:
    return {key(cell) for line in head.lines for cell in sheet.rows[line][:1]} - {""}


def _find_end(sheet: Sheet, head: Head, is_known: Known) -> int:
    """Return the row at which the next table begins: the head again, another head, or a continuation.

    What stands alone on the lines above it, such as a title, is the next table's.
    """
    labels, rows = _labels(sheet, head), sheet.rows
    firsts = [row[0] if row else None for row in rows[head.first :]]
    words = {one for one in firsts if isinstance(one, str) and one}
    again = {one for one in words if key(one) in labels or (CONTINUED.search(one) and len(one) < 60)}
    others = {one for one in words if key(one) in ROLE_OF} | {None, ""}
    for end, cell in enumerate(firsts, head.first):
        if cell in again or (cell in others and end > head.first and _is_other_head(sheet, end, is_known)):
            while end - 1 > head.first and not CONTINUED.search(str(cell)) and _stands_alone(rows[end - 1]):
                end -= 1
            return end
    return len(rows)


def _is_other_head(sheet: Sheet, place: int, is_known: Known) -> bool:
    """Return whether a row within a table is the head of another one: words of heads or years, and no figure."""
    row = sheet.rows[place]
    if any(type(cell) is float and not read_period(cell) for cell in row):
        return False
    kinds = _kinds(row)
    words = kinds[:1] == "t" and "t" in kinds[1:] and not {"n", "y"} & set(kinds)
    return words or _is_year_head(sheet, place, kinds, is_known)


def _stands_alone(row: list[Value]) -> bool:
    """Return whether a line holds one text at most, and that is no note under a table."""
    texts = {fold(str(cell)) for cell in row if kind_of(cell) != "b"}
    alone = is_labels(row) if len(texts) > 1 else kind_of(row[0]) == "t"
    return not texts or alone and not FOOT.match(str(row[0]))


def _told_above(sheet: Sheet, start: int, head: Head, before: Fields) -> Fields:
    """Return what the lines between two tables tell; a continuation keeps what was told before."""
    places = [place for place in range(start, head.first) if place not in head.lines]
    lines = [row for row in map(sheet.rows.__getitem__, places) if any(row)]
    texts = [cell for row in lines for cell in row if isinstance(cell, str) and cell.strip()]
    found: Fields = dict(before) if any(CONTINUED.search(text) for text in texts) or not texts else {}
    for row in lines:
        filled = [cell for cell in row if cell not in BLANK]
        for place, cell in enumerate(filled):
            what, text = told(cell, filled[-1] if place == len(filled) - 2 else None)
            if what:
                found[what] = text
            if what == "unit" and (price := read_unit(text)[1]):  # 元（当年价）
                found |= {"unit": read_unit(text)[0], "price_base": price}
    titles = [fold(text) for text in texts if not (told(text)[0] or CONTINUED.search(text) or is_official(text))]
    if titles:
        found["title"] = titles[0]
    return found | _part_above(sheet, places, [*titles[:1], str(found.get("time", ""))])


def _part_above(sheet: Sheet, places: list[int], titles: list[str]) -> Fields:
    """Return the first text above a table that names a part of a year, and its line."""
    for place in places:
        for cell in dict.fromkeys(cell for cell in sheet.rows[place] if isinstance(cell, str)):
            is_title = any(one and one in fold(cell) for one in titles)
            if not (FOOT.match(cell) or is_official(cell)) and part_of_year(cell, title=is_title):
                return {"part": fold(cell), "part_line": place}
    return {}


def _part_told(sheet: Sheet, above: Fields) -> str:
    text = str(above.get("part", sheet.name))
    part = part_of_year(text, title=True)
    return f"{text!r} names a part of a year ({part}), and its figures are of that" if part else ""


def _heads(sheet: Sheet, head: Head, width: int) -> list[list[Value]]:
    """Return what stands over each column, from top to bottom; a head that covers several columns is repeated."""
    stacks: list[list[Value]] = [[] for _ in range(width)]
    for number, line in enumerate(head.lines):
        row = [*sheet.rows[line], *[None] * width][:width]
        below = [sheet.rows[other] for other in head.lines[number + 1 :]]
        carried, over = None, []  # type: Value, list[Value]
        for column, cell in enumerate(row):
            if kind_of(cell) != "b":
                carried, over = cell, [*stacks[column]]
            elif any(column < len(other) and kind_of(other[column]) != "b" for other in below):
                cell = carried if stacks[column] in ([], over) else cell
            if kind_of(cell) != "b" and cell not in stacks[column]:
                stacks[column].append(cell)
    return stacks


def _block(sheet: Sheet, head: Head, end: int, above: Fields, is_known: Known) -> tuple[Block | None, list[Fault]]:
    """Return one table as a block, or the reason why it is none; what is wrong with its cells, too."""
    body = [place for place in range(head.first, end) if any(sheet.rows[place])]
    width = max((len(sheet.rows[place]) for place in [*head.lines, *body[:SAMPLE]]), default=0)
    stacks = _heads(sheet, head, width)
    sample = [[*sheet.rows[place], *[None] * width] for place in body[:SAMPLE]]
    samples = [[row[column] for row in sample] for column in range(width)]
    roles = roles_of(stacks, samples, head.years, is_known)
    labels = {role: column for column, role in roles.items() if role not in ("value", "")}
    values = [column for column, role in roles.items() if role == "value"]
    meant = [meaning_of(stacks[column], is_known) for column in values]
    periods = samples[labels["year"]] if "year" in labels else []
    beside = sample[0][labels["frequency"]] if sample and "frequency" in labels else ""
    frequency = str(above.get("frequency", "") or beside or "")
    first = head.lines[0] if head.lines else head.first
    if why := finer_than_years(meant, periods, frequency):
        return None, [sheet.fault(first, None, *why)]
    if of_a_part := _part_told(sheet, above):
        return None, [sheet.fault(cast("int", above.get("part_line", first)), None, of_a_part, ANNUAL)]
    block = Block(sheet, "", [], values, {}, meant, dict(above))
    block.width = max((len(sheet.rows[line]) for line in head.lines), default=0)
    block.words = {key(piece) for stack in stacks for piece in stack}
    faults = _read_labels(block, body, labels)
    lines = range(head.lines[-1] + 1 if head.lines else head.first, end)
    faults += [*_ragged(block), *leave_parts(block, lines, labels), *take_groups(block, lines, is_known)]
    plans = leave_plans(block, stacks, roles, lines)
    if plans and not (block.rows and block.columns):
        return None, [*faults, sheet.fault(None, None, f"holds no observations: {'; '.join(plans)}", OBSERVED_ALONE)]
    faults += settle(block, stacks, roles, head)
    return block, faults


def _read_labels(block: Block, body: list[int], labels: dict[str, int]) -> list[Fault]:
    """Give a block its rows, those that hold something, and what their labels say of each."""
    rows, values = block.sheet.rows, block.columns
    for place in body:
        row = rows[place]
        for column in values:
            if column < len(row) and row[column] not in BLANK:
                break
        else:
            dated = "year" in labels and labels["year"] < len(row) and row[labels["year"]] not in BLANK
            if not dated and not (block.sheet.separator and 1 < len(row) < block.width):
                named = sum(column < len(row) and kind_of(row[column]) == "t" for column in labels.values())
                block.gaps += len(values) if named > 1 and len(set(row)) > 2 else 0  # one label alone is a heading
                continue
        if not isinstance(row[0], str) or not (_is_heading(row) or _is_foot(row, values)):
            block.rows.append(place)
    faults: list[Fault] = []
    for role, column in labels.items():
        cells = without_dittos([rows[place][column] if column < len(rows[place]) else None for place in block.rows])
        if role == "year":
            periods = {cell: read_period(cell) for cell in dict.fromkeys(cells)}
            if any(period and not period.finer for period in periods.values()):  # months among years
                periods = {cell: None if period and period.finer else period for cell, period in periods.items()}
            block.by_row["year"] = [period.year if (period := periods[cell]) else None for cell in cells]
            faults += [
                block.sheet.fault(place, column, *NO_YEAR if cell in BLANK else (f"{cell!r} is no year", NO_YEAR[1]))
                for place, cell in zip(block.rows, cells, strict=True) if not periods[cell]
            ]  # fmt: skip
        else:
            block.by_row[role] = list(cells)
    return faults


def _is_heading(row: list[Value]) -> bool:
    """Return whether a line is a heading that was merged over all columns."""
    return len(row) > 2 and row[0] == row[1] == row[-1] and row[0] not in BLANK and row.count(row[0]) == len(row)


def _is_foot(row: list[Value], values: list[int]) -> bool:
    """Return whether a line is a note under the table: it begins as one, and holds no figure."""
    text = str(row[0])
    return bool(FOOT.match(text)) and not any(column < len(row) and kind_of(row[column]) in "ny" for column in values)


def _ragged(block: Block) -> list[Fault]:
    """Take lines of a text file out of a block that have more or fewer cells than its head, and return them as faults.

    A separator that is missing, or one within a number, moves figures under other heads.
    """
    rows = block.sheet.rows
    width = block.width
    if not block.sheet.separator or not width:
        return []
    wrong = [place for place in block.rows if len(rows[place]) != width]
    if wrong:
        block.leave_rows(wrong)
    said = "has {} cells, the header {}"
    return [block.sheet.fault(place, None, said.format(len(rows[place]), width), RAGGED) for place in wrong]

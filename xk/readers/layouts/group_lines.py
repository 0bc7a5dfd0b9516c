"""Lines within a table that hold one text alone, and say of the rows under them a region, a year, or another table."""

from collections.abc import Callable
from os.path import commonprefix
from typing import cast

from xk.errors import Fault
from xk.readers.cells import fold, read_period
from xk.readers.layouts.meanings import NUMBERED, Known, is_place
from xk.readers.layouts.parts import OF_WHICH, STAND_UNDER, WHOLE, Groups, bare, groups_of, leave, text_alone
from xk.readers.sheets import Block

ALIKE = 3
"""Signs with which two titles of a sheet begin or end alike."""
BY_COLUMN = "name it in a column, or in the head of every group"
SPLIT = "repeat the head of the table under that title"


def spread(block: Block, groups: Groups, meant: Callable[[str], str | None]) -> tuple[dict[int, str], list[Fault]]:
    """Return row -> what the line over its group means, and as faults groups of which that is not clear.

    `meant`: what a text means, None for nothing. A group holds for the groups within it, which follow its line at once.
    What follows its own rows, and means nothing, can be of it or beside it; then its rows are left.
    """
    said: dict[int, str] = {}
    faults, holds, over, ended = [], "", "", False
    for head, places in groups.items():
        text = text_alone(block.sheet.rows[head])
        one = next((one for word in (bare(text), text) if (one := meant(word)) is not None), None)
        if one is not None:
            holds, over, ended = one, text, bool(places)
        elif holds and ended and places:
            message = f"{len(places)} row(s) stand under {text!r} behind those of {over!r}: are they of that too?"
            faults.append(block.sheet.fault(head, None, message, BY_COLUMN))
            leave(block, places)
            continue
        else:
            ended = ended or bool(places)
        said |= dict.fromkeys(places, holds) if holds else {}
    return said, faults


def take_groups(block: Block, lines: range, is_known: Known) -> list[Fault]:
    """Give the rows under a region or a year that, or refuse them; say what may be a part, refuse another table."""
    faults = _take_regions(block, groups_of(block, lines), is_known)
    faults += _take_years(block, groups_of(block, lines))
    return faults + _other_tables(block, groups_of(block, lines), is_known)


def _take_regions(block: Block, groups: Groups, is_known: Known) -> list[Fault]:
    if "region" in block.by_row or any(one.get("region") for one in block.by_column):
        return []
    said, faults = spread(block, groups, lambda text: text if is_known(text) or WHOLE.fullmatch(text) else None)
    for head, places in groups.items():
        text = text_alone(block.sheet.rows[head])
        may_be = is_place(bare(text), is_known) or OF_WHICH.match(text)
        if may_be and {*places} & {*block.rows} - {*said}:
            block.doubts.append(STAND_UNDER.format(len(places), text))
        else:
            block.over |= dict.fromkeys({*places} - {*said}, text)
    if said:
        block.by_row["region"] = [said.get(place, "") for place in block.rows]
        for region in dict.fromkeys(said.values()):
            count = [*said.values()].count(region)
            block.doubts.append(f"{count} row(s) were read as of {region}, under which they stand")
    return faults


def _take_years(block: Block, groups: Groups) -> list[Fault]:
    """Give every row the year under which it stands; refuse those under one if others stand under none."""
    said, faults = spread(block, groups, _year_in) if "year" not in block.by_row else ({}, [])
    if said and {*said} >= {*block.rows} and not any(one.get("year") for one in block.by_column):
        block.by_row["year"] = [int(said[place]) for place in block.rows]
        return faults
    for year in dict.fromkeys(said.values()):
        places = [place for place, other in said.items() if other == year]
        message = f"{len(places)} row(s) stand under the year {year}, and the table has figures of other years"
        faults.append(block.sheet.fault(places[0], None, message, "give the year in a column, or over the figures"))
        leave(block, places)
    return faults


def _year_in(text: str) -> str | None:
    period = read_period(text)
    return str(period.year) if period and not period.finer and period.kind in ("", "observed") else None


def _other_tables(block: Block, groups: Groups, is_known: Known) -> list[Fault]:
    """Refuse rows under what is the title of another table, where the first title alone says what is counted."""
    title = fold(cast("str", block.whole.get("title") or ""))
    if block.says("name") or not title:
        return []
    faults = []
    for head, places in groups.items():
        text = text_alone(block.sheet.rows[head])
        ends = commonprefix([text[::-1], title[::-1]])
        alike = max(len(commonprefix([text, title])), len(ends)) >= ALIKE or bool(NUMBERED.match(text))
        if places and alike and text != title and not is_place(bare(text), is_known):
            message = f"{len(places)} row(s) stand under {text!r}, which may be the title of another table"
            faults.append(block.sheet.fault(head, None, message, SPLIT))
            leave(block, places)
    return faults

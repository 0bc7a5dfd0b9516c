"""The region of a table whose rows name none: that of its title, of a national database, else the one asked for."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from xk.errors import Fault
from xk.readers.cells import fold
from xk.readers.layouts.parts import ANNEX, STAND_UNDER, WHOLE, bare
from xk.readers.naming import Names
from xk.readers.sheets import Block

NATIONAL = ("年度数据", "annual data", "national annual data")
"""The name of the database of the National Bureau of Statistics that is of the whole country, and of no other."""
LONGEST, LONGEST_TITLE = 30, 80
FULL = re.compile(r".*([省市县区州国]|大陆|市全|合计|总计|city|county|district|province)$", re.IGNORECASE)
EDGE = re.compile(r"(^|[\s:,;(\-—–_/·、与和及]|[省市县区年国度])$")
"""What stands before a short name, as 云浮; within words it is none, as 新兴 in 战略性新兴产业."""
PUBLISHER = re.compile(r"[^\s,:()]{0,8}?(局|委员会|办公室|政府|厅|调查队|年鉴)")
AND = re.compile(r"^\s*([、&+/与及]|和(?![谐平])|以及|and\b)|([、&+/与及和]|\band)\s*$", re.IGNORECASE)
"""What stands between two regions that are both meant."""
PARTLY = re.compile(r"不含|不包括|除.*[外]|扣除|excluding|except|without", re.IGNORECASE)
OF_ALL = re.compile(
    r"备?注|说明|[本上该]表|表中|数据|数字|数值|指标|[均都皆]|全[省市县区]|[\s\d.、:()①-⑳*]|notes?", re.IGNORECASE
)
"""What may stand before 不含 in a note on all figures."""
OF_FIGURES = re.compile("[为是系含除]|数据?$|数值|不包括|excluding|except|without", re.IGNORECASE)
EDGE_OF_NOTES = re.compile(rf"{EDGE.pattern}|[为是系含除仅按指括]$")
CITY = r"市辖区|辖区(?![内各县])|市?区(?![域划县位])|市?(?:中心|[中主新老])?城区|市?(?:直|本级)(?![接播达辖])"
"""What a city calls the town that it is itself, or its own offices."""
WITHIN = re.compile(
    rf"[\s(\-—]*({CITY}|城乡|农村(?!居民|人口|[饮住贫])|乡村|县域|[^\s()]{{0,3}}(新|开发|示范|园)区"
    r"|[\u4e00-\u9fff]{2,4}((?<!城)镇|(?<!城)乡(?!村)|街道|(?<![农乡])村)"
    r"|(?![各全分所下本两主])[\u4e00-\u9fff]{1,3}((?<![城上超门])市(?![场政民级值辖容内外])|(?<!困)县)"
    r"|urban|rural|city proper|downtown)",
    re.IGNORECASE,
)
"""What goes on behind a region and is a part of it, or a place in it that is not known."""
IN_BRACKETS = re.compile(rf"\(\s*(?:[仅只限]含?)?({CITY})(?:部分|范围|口径)?\s*\)")
SCOPE = re.compile(
    rf"(?:统计|调查|数据|指标)?(?:范围|口径|对象)\s*(?:[:为是系])\s*(?:[仅只限]含?)?全?({CITY}|城镇|农村)"
)
"""What says in a note that all figures are of a part."""
CITY_ALONE = re.compile(CITY)
PEOPLE = re.compile(r"(城镇|农村|乡村)(?=常住|户籍|居民|人口|住户|地区|部分)")
REMEDY = "name the region in a column, or give --region"
NO_OPTION = "name the region in a column, or correct the title"
ALL_OF_IT = "give the figures of all of it, or name the region in a column"


class Meant(NamedTuple):
    """The region that a title names, or why none is taken although it names some; whether that is a part of one."""

    region: str = ""
    why: str = ""
    is_part: bool = False


def region_above(
    block: Block, names: Names, parents: Mapping[str, object], own: str | None
) -> tuple[str, Fault | None]:
    """Return the region of the rows that name none, and why they cannot be read.

    `own` is the one that was asked for, empty where none was, None where none can be.
    """
    title, sheet = str(block.whole.get("title", "")), block.sheet.name
    said, meant = title, region_in(title, names, parents)
    of_sheet = Meant() if sheet.strip().isdigit() else region_in(sheet, names, parents)
    if meant == Meant():
        said, meant = _without_title(block, of_sheet)
    elif own not in (meant.region, of_sheet.region) and _differs(meant.region, of_sheet.region, parents):
        why = f"{title!r} names the region {meant.region}, and the sheet is called {sheet!r}"
        return "", _fault(block, title, why, NO_OPTION if own is None else REMEDY)
    where = "title" if said == title else "name of the sheet"
    if own and meant.region and own not in (meant.region, of_sheet.region):
        why = f"{said!r} names the region {meant.region}, and {own} was asked for"
        return "", _fault(block, said, why, f"leave out --region {own}, or correct the {where}")
    if without := next((note for note in block.notes if fold(note) != title and _leaves_out(note, names)), ""):
        return "", _fault(
            block, fold(without), f"{without!r} leaves out a part of the region", "give the figures of all"
        )
    if own:
        block.doubts += [f"{meant.why}; its figures were read as of all of {own}"] if meant.is_part else []
        return own, None
    if meant.why:
        remedy = ALL_OF_IT if meant.is_part else NO_OPTION if own is None else REMEDY
        return "", _fault(block, said, meant.why, remedy)
    if meant.region and said.casefold() not in NATIONAL:
        block.doubts.append(f"the region {meant.region} was taken from the {where}")
    return meant.region, None


def _without_title(block: Block, of_sheet: Meant) -> tuple[str, Meant]:
    """Return the text that names a region where the title names none, and what it names."""
    sheet = block.sheet.name
    for text in (sheet, str(block.whole.get("database", ""))):
        if text.casefold() in NATIONAL:
            return text, Meant("china")
    if CITY_ALONE.fullmatch(fold(sheet)):
        block.doubts.append(f"the sheet is called {sheet!r}: are its figures of a part of the region?")
    return sheet, of_sheet


def doubt_regions(block: Block, rows: pd.DataFrame, names: Names) -> None:
    """Say which notes and remarks name another region than the figures they stand beside are of, or a part of it."""
    if rows.empty:
        return
    own = set(rows["region"].astype(str))
    _doubt_groups(block, rows, names)
    _doubt_parts(block, rows)
    notes = [
        clause for note in block.notes if note != block.whole.get("title") for clause in re.split("[。；;\n]", note)
    ]
    for clause in dict.fromkeys(fold(note) for note in notes):
        others = {slug for slug in _others(clause, names) if slug not in own or PARTLY.search(clause)}
        if others and OF_FIGURES.search(clause):
            block.doubts.append(f"the note {clause!r} names {', '.join(sorted(others))}: which figures are of that?")
    regions = dict(zip(rows["line"], rows["region"].astype(str), strict=True))
    remarks = [] if {"cell", "note"} <= block.words else block.by_row.get("note", [])  # the notes of xk read
    for place, cell in zip(block.rows, remarks, strict=False):
        line, text = block.sheet.line(place), fold(cell) if isinstance(cell, str) else ""
        others = {slug for slug in _others(text, names) if slug != regions.get(line) or PARTLY.search(text)}
        if others and line in regions:
            said = f"the remark {text!r} names {', '.join(sorted(others))}: are the figures of that?"
            block.doubts.append(f"line {line}: {said}")


def _doubt_groups(block: Block, rows: pd.DataFrame, names: Names) -> None:
    """Say which rows stand under a line that names another region than theirs, or a part of one, or an annex."""
    regions = dict(zip(rows["line"], rows["region"].astype(str), strict=True))
    for text in dict.fromkeys(block.over.values()):
        places = [place for place, over in block.over.items() if over == text and block.sheet.line(place) in regions]
        own = {regions[block.sheet.line(place)] for place in places}
        whole = next((one[0][-1] for one in WHOLE.finditer(text)), "")
        is_other = whole and not any(name.endswith(whole) for slug in own for name in names.written("region", slug))
        others = {slug for _, _, slug in _mentions(text, names, EDGE_OF_NOTES)} - own
        part = PEOPLE.match(bare(text)) or CITY_ALONE.match(bare(text))
        lines = {block.sheet.line(place) for place in places}
        named = rows.loc[rows["line"].isin(lines), "name"].astype(str)
        is_part = part is not None and not named.str.contains(part[0], regex=False).all()
        if places and (is_other or others or is_part or ANNEX.match(text)):
            block.doubts.append(STAND_UNDER.format(len(places), text))


def _doubt_parts(block: Block, rows: pd.DataFrame) -> None:
    """Say where a title or a note says that all figures are of a part, and their names do not."""
    title = fold(str(block.whole.get("title", "")))
    people = PEOPLE.search(title)
    if people and not rows["name"].astype(str).str.contains(people[1]).all():
        block.doubts.append(f"{title!r} names a part ({people[1]}): are all of its figures of that?")
    clauses = (fold(clause) for note in block.notes for clause in re.split("[。；;，,\n]", note))
    for clause in dict.fromkeys(clauses):
        if found := SCOPE.search(clause):
            block.doubts.append(f"the note {clause!r} names a part ({found[1]}): are the figures of all of the region?")


def _others(text: str, names: Names) -> list[str]:
    """Return the regions that a text names, but those of a publisher."""
    return (
        [slug for _, end, slug in _mentions(text, names, EDGE_OF_NOTES) if not PUBLISHER.match(text[end:])]
        if text
        else []
    )


def _leaves_out(note: str, names: Names) -> bool:
    """Return whether a note says that all figures of a table are without a region that it names."""
    clauses = (fold(one) for one in re.split("[。；;，,]", note))
    parted = ((clause, found) for clause in clauses if (found := PARTLY.search(clause)))
    return any(_others(clause, names) and not OF_ALL.sub("", clause[: found.start()]) for clause, found in parted)


def _fault(block: Block, title: str, why: str, remedy: str) -> Fault:
    rows = enumerate(block.sheet.rows)
    line = next((at for at, row in rows if any(isinstance(cell, str) and fold(cell) == title for cell in row)), None)
    return block.sheet.fault(line, None, why, remedy)


def region_in(title: str, names: Names, parents: Mapping[str, object]) -> Meant:
    """Return the innermost region that a title names, or why none is taken although it names some."""
    text = fold(title)[:LONGEST_TITLE]
    found = _mentions(text, names)
    own = [one for one in found if not PUBLISHER.match(text[one[1] :])] or found
    slugs = list(dict.fromkeys(slug for _, _, slug in own))
    if not slugs:
        return Meant()
    said = f"{title!r} names {', '.join(slugs)}"
    if out := PARTLY.search(text):
        return Meant("", f"{said}, and leaves out a part ({out[0]})", is_part=True)
    between = [text[one[1] : other[0]] for one, other in zip(own, own[1:], strict=False)]
    inner = [slug for slug in slugs if {*slugs} - {slug} <= _above(slug, parents)]
    if not inner or any(map(AND.search, between)):
        return Meant("", f"{said}, and not which of them its figures are of")
    rests = [text[own[-1][1] :], text[: own[0][0]] if found[0] in own else ""]
    parts = [WITHIN.match(rest) or IN_BRACKETS.search(rest) for rest in rests]
    if part := next(filter(None, parts), None):
        return Meant("", f"{said}, and a part of it ({part[1]})", is_part=True)
    return Meant(inner[0])


def _differs(one: str, of_sheet: str, parents: Mapping[str, object]) -> bool:
    """Return whether the region of a sheet is another than that of a title in it, and none in which that lies."""
    return bool(one and of_sheet) and one != of_sheet and of_sheet not in _above(one, parents)


def _above(region: str, parents: Mapping[str, object]) -> set[object]:
    found: set[object] = set()
    above = parents.get(region)
    while isinstance(above, str) and above not in found:
        found.add(above)
        above = parents.get(above)
    return found


def _mentions(text: str, names: Names, edge: re.Pattern[str] = EDGE) -> list[tuple[int, int, str]]:
    """Return where a text names regions, each with its slug; the longest name at a place goes before."""
    found: list[tuple[int, int, str]] = []
    start = 0
    while start < len(text) - 1:
        ends = range(min(len(text), start + LONGEST), start + 1, -1)
        named = (
            (end, names.sure("region", text[start:end].strip()))
            for end in ends
            if _is_word(text, start, end, found, edge)
        )
        end, slug = next(((end, slug) for end, slug in named if slug), (start + 1, ""))
        if slug:
            found.append((start, end, slug))
        start = end
    return found


def _is_word(text: str, start: int, end: int, found: list[tuple[int, int, str]], edge: re.Pattern[str]) -> bool:
    word = text[start:end]
    is_edge = bool(edge.search(text[:start])) or found[-1:] != [] and found[-1][1] == start
    if word[0].isspace() or word[-1].isspace() or word.isdigit() or word[0].isdigit():
        return False
    if word.isascii():
        return not (text[:start][-1:].isalnum() or text[end:][:1].isalnum())
    return bool(is_edge or FULL.match(word)) and not text[end:].startswith("产业")

"""The region of a table whose rows name none: that of its title, of a national database, else the one asked for."""

import re
from collections.abc import Mapping

from xk.errors import Fault
from xk.readers.cells import fold
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
WITHIN = re.compile(
    r"[\s(\-—]*(市?区(?![域划县位])|市?[中主新老]?城区|城乡|农村(?!居民|人口|[饮住贫])|乡村|县域|市?直(?![接播达辖])|[^\s()]{0,3}(新|开发|示范|园)区"
    r"|[\u4e00-\u9fff]{2,4}((?<!城)镇|(?<!城)乡(?!村)|街道|(?<![农乡])村)"
    r"|(?![各全分所下本两主])[\u4e00-\u9fff]{1,3}((?<![城上超门])市(?![场政民级值辖容内外])|(?<!困)县)"
    r"|urban|rural|city proper|downtown)",
    re.IGNORECASE,
)
"""What goes on behind a region and is a part of it, or a place in it that is not known."""
REMEDY = "name the region in a column, or give --region"
NO_OPTION = "name the region in a column, or correct the title"


def region_above(
    block: Block, names: Names, parents: Mapping[str, object], own: str | None
) -> tuple[str, Fault | None]:
    """Return the region of the rows that name none, and why they cannot be read.

    `own` is the one that was asked for, empty where none was, None where none can be.
    """
    title = str(block.whole.get("title", ""))
    place, why = region_in(title, names, parents)
    if not (place or why) and (
        str(block.whole.get("database", "")).casefold() in NATIONAL or block.sheet.name in NATIONAL
    ):
        place, title = "china", block.sheet.name or str(block.whole.get("database", ""))
    if own and place and place != own:
        why = f"{title!r} names the region {place}, and {own} was asked for"
        return "", _fault(block, title, why, f"leave out --region {own}, or correct the title")
    if own:
        return own, None
    if why:
        return "", _fault(block, title, why, NO_OPTION if own is None else REMEDY)
    if place and title == str(block.whole.get("title", "")):
        block.doubts.append(f"the region {place} was taken from the title")
    return place, None


def _fault(block: Block, title: str, why: str, remedy: str) -> Fault:
    rows = enumerate(block.sheet.rows)
    line = next((at for at, row in rows if any(isinstance(cell, str) and fold(cell) == title for cell in row)), None)
    return block.sheet.fault(line, None, why, remedy)


def region_in(title: str, names: Names, parents: Mapping[str, object]) -> tuple[str, str]:
    """Return the innermost region that a title names, or why none is taken although it names some."""
    text = fold(title)[:LONGEST_TITLE]
    found = _mentions(text, names)
    own = [one for one in found if not PUBLISHER.match(text[one[1] :])] or found
    slugs = list(dict.fromkeys(slug for _, _, slug in own))
    if not slugs:
        return "", ""
    said = f"{title!r} names {', '.join(slugs)}"
    if PARTLY.search(text):
        return "", f"{said} without a part of it"
    between = [text[one[1] : other[0]] for one, other in zip(own, own[1:], strict=False)]
    inner = [slug for slug in slugs if {*slugs} - {slug} <= _above(slug, parents)]
    if not inner or any(map(AND.search, between)):
        return "", f"{said}, and not which of them its figures are of"
    rests = [text[own[-1][1] :], text[: own[0][0]] if found[0] in own else ""]
    if part := next((one for rest in rests if (one := WITHIN.match(rest))), None):
        return "", f"{said}, and a part of it ({part[1]})"
    return inner[0], ""


def _above(region: str, parents: Mapping[str, object]) -> set[object]:
    found: set[object] = set()
    above = parents.get(region)
    while isinstance(above, str) and above not in found:
        found.add(above)
        above = parents.get(above)
    return found


def _mentions(text: str, names: Names) -> list[tuple[int, int, str]]:
    """Return where a text names regions, each with its slug; the longest name at a place goes before."""
    found: list[tuple[int, int, str]] = []
    start = 0
    while start < len(text) - 1:
        ends = range(min(len(text), start + LONGEST), start + 1, -1)
        named = (
            (end, names.sure("region", text[start:end].strip())) for end in ends if _is_word(text, start, end, found)
        )
        end, slug = next(((end, slug) for end, slug in named if slug), (start + 1, ""))
        if slug:
            found.append((start, end, slug))
        start = end
    return found


def _is_word(text: str, start: int, end: int, found: list[tuple[int, int, str]]) -> bool:
    word = text[start:end]
    is_edge = bool(EDGE.search(text[:start])) or found[-1:] != [] and found[-1][1] == start
    if word[0].isspace() or word[-1].isspace() or word.isdigit() or word[0].isdigit():
        return False
    if word.isascii():
        return not (text[:start][-1:].isalnum() or text[end:][:1].isalnum())
    return bool(is_edge or FULL.match(word)) and not text[end:].startswith("产业")

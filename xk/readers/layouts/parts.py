"""Rows of a part alone, such as of men or a quarter: by a column that tells parts apart, or under the head of one."""

import re
from collections.abc import Collection

from xk.errors import Fault
from xk.readers.cells import fold, read_period
from xk.readers.layouts.head_words import key
from xk.readers.layouts.told_years import ANNUAL, DECEMBER, part_of_year
from xk.readers.sheets import BLANK, Block, Value

APART = {*"性别 sex gender 城乡 城乡分类 城乡类型 季度 quarter 月份 month 分组 年龄 年龄组 age agegroup".split()}
"""Heads of columns that tell parts apart."""
OF_ALL = {
    *"合计 总计 共计 小计 全部 全体 总体 不分 两性 男女合计 城乡合计 全年 年度 全市 1-12月".split(),
    *"total all both bothsexes t _t allages annual".split(),
}
OF = "of "
"""How the role of such a column begins."""
NUMBER = re.compile(r"[\s(]*(第?[一二三四五六七八九十\d]+(部分|[章节])?|[A-HIVX]{1,4}(?=[\s.、)]))[)、.:\s]*(?=\D)")
NUMBER_ALONE = re.compile(r"[(]?[\d.一二三四五六七八九十IVX]+[)、.]?")
PART = re.compile(
    r"(?P<core>[男女](?:[性生子孩]|(?=人口|居民|$|\s))|城镇|城市|农村|乡村|城区|市区"
    r"|[省市县区]?本级|[省市县区]直[属管]?)"
    r"(人口|居民|地区|部分|户)?(\s+[a-z ]+)?"
    r"|(?P<en>females?|males?|women|men|girls|boys|urban|rural)( population| areas?| residents)?",
    re.IGNORECASE,
)
ANNEX = re.compile(r"^附[录件表]?\d*\s*[:、]\s*")
"""What stands before the region of an annex to a table, as 附：全国."""
TRAILING = re.compile("(主要|基本|有关|相关)?(指标|情况|数据|统计|水平|部分)$")
WHOLE = re.compile("全[国省市县区]")
"""The whole in a table of its parts."""
STAND_UNDER = "{} rows stand under {!r}, which was not read: are they of a part?"
OF_WHICH = re.compile(r"^其中\s*:?|^of which\s*:?", re.IGNORECASE)
Groups = dict[int, list[int]]
"""Lines that hold one text alone -> the rows of figures up to the next."""
MONTHS = {f"{OF}{head}" for head in ("月份", "month")}
REMEDY = "give the figures of all; or name the part with the indicator in each row"


def leave_parts(block: Block, lines: range, labels: dict[str, int]) -> list[Fault]:
    """Take rows out of a block that are of a part alone, and return them as faults."""
    faults, rows = [], block.sheet.rows
    _take_decembers(block, labels)
    for role, column in ((role, column) for role, column in labels.items() if role.startswith((OF, "note"))):
        cells = zip(block.rows, block.by_row[role], strict=True)
        told = block.by_row.get("period", [""] * len(block.rows))
        apart = {
            place: fold(str(cell)) for (place, cell), period in zip(cells, told, strict=True)
            if cell not in BLANK and _is_part(str(cell), role) and not (period and role in MONTHS)
        }  # fmt: skip
        if apart:
            parts = ", ".join([*dict.fromkeys(apart.values())][:5])
            said = f"{len(apart)} row(s) from here on are of a part ({role.removeprefix(OF)}: {parts})"
            faults.append(block.sheet.fault(min(apart), column, said, ANNUAL if role in MONTHS else REMEDY))
        leave(block, apart)
    for head, places in groups_of(block, lines).items():
        text = text_alone(rows[head])
        if core := _core(text):
            apart = {place: text for place in places if core not in "".join(map(str, rows[place])).casefold()}
            if apart:
                said = f"{len(apart)} row(s) stand under {text!r}, and are of that part alone"
                faults.append(block.sheet.fault(head, None, said, REMEDY))
            leave(block, apart)
    return faults


def _take_decembers(block: Block, labels: dict[str, int]) -> None:
    """Note what months the figures of a year are of where all of that year are of December, or up to it; say it."""
    for role in MONTHS & {*labels}:
        cells = ["" if cell in BLANK else fold(str(cell)) for cell in block.by_row[role]]
        months = [re.sub(r"^12(\.0)?$", "12月", cell) for cell in cells]
        dated = [*zip(block.by_row.get("year", [None] * len(months)), months, strict=True)]
        others = {year for year, month in dated if key(month) not in OF_ALL and not DECEMBER.fullmatch(month)}
        periods = ["" if year in others or key(month) in OF_ALL else month for year, month in dated]
        if taken := [*filter(None, periods)]:
            block.by_row["period"] = [*periods]
            block.doubts.append(f"{len(taken)} row(s) of {', '.join(dict.fromkeys(taken))} were taken for their years")


def _is_part(text: str, role: str) -> bool:
    """Return whether a cell of a column that tells parts apart names one, or a remark nothing but one."""
    return bool(PART.fullmatch(fold(text))) if role == "note" else key(text) not in OF_ALL


def leave(block: Block, places: Collection[int]) -> None:
    """Take rows out of a block of which faults or doubts tell."""
    block.left += places
    block.leave_rows(places)


def groups_of(block: Block, lines: range) -> Groups:
    """Return the lines of a table that hold one text alone, each with the rows of figures up to the next."""
    found: Groups = {}
    read, head = {*block.rows}, None
    for place in lines:
        if place in read and head is not None:
            found[head].append(place)
        elif place not in read and text_alone(block.sheet.rows[place]):
            head = place
            found[head] = []
    return found


def text_alone(row: list[Value]) -> str:
    """Return the text of a line that holds one alone, but for a number before it."""
    *before, text = [*dict.fromkeys(fold(str(cell)) for cell in row if cell not in BLANK)] or [""]
    is_number = bool(NUMBER_ALONE.fullmatch(text)) and not read_period(text)
    return text if not is_number and all(map(NUMBER_ALONE.fullmatch, before)) else ""


def bare(text: str) -> str:
    """Return the text of a line without its number, 其中 and 附."""
    return OF_WHICH.sub("", NUMBER.sub("", ANNEX.sub("", text), count=1)).strip(" ():")


def _core(text: str) -> str:
    """Return the word by which the head of a group names a part, such as 农村 of 二、农村居民; else nothing."""
    found = PART.fullmatch(TRAILING.sub("", bare(text)))
    core = (found["core"] or found["en"]).casefold() if found else part_of_year(text, title=True)
    return core[:1] if core[:1] in ("男", "女") else core

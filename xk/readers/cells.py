"""Cells: what a cell says as a number, as a year, as a name with its unit; never more than it says."""

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from xk.contracts.forms import is_year
from xk.readers.flags import OFFICIAL, Letters, split_flag
from xk.readers.kind_words import dated_kind, kind_behind
from xk.readers.sheets import Value
from xk.vocab.figure_notes import noted

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u0000-\u0008]")
RAISED_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱᵏᵐⁿᵖʳˢᵗᵘˣʸᶻ"
RAISED = f"⁰¹²³⁴-⁹₀-₉{RAISED_LETTERS}"
MARK = (
    rf"[①-⑳㉑-㉟㊱-㊿⓪⓫-⓴⓵-⓾⑴-⒇⒈-⒛❶-❿➀-➓{RAISED}ªº*＊※†‡§#★▲△]|\[注?\s*[0-9一二三四五六七八九十a-z]{{0,3}}\]"
    r"|［注?[0-9]*］|【注?[0-9]*】|[（(]注[0-9]*[)）]|注[0-9]"
)
MARKS = re.compile(rf"(?:\s*(?:{MARK}))+")
LESS = re.compile(r"[△▲]\s*[\d.]")
"""What in accounts is less than nothing; behind a figure the sign is a mark."""
MISSING = {
    **dict.fromkeys(("", "/", "\\", "nan", "null", "none", "无"), "empty"),
    **dict.fromkeys(("na", "n/a", "n.a.", "n.a", ":", "..", "暂无", "暂缺", "缺", "缺失", "不详", "未公布", "无数据",
                     "not available", "no data"), "unavailable"),
    **dict.fromkeys(("-", "--", "---", "—", "——", "–", "―", "─", "--"), "none"),
    **dict.fromkeys(("…", "……", "...", "......"), "less_than_unit"),
    **dict.fromkeys(("x", "×", "c", ": c", ":c", "保密", "s"), "withheld"),
}  # fmt: skip
"""Folded text -> why there is no figure."""
UNAVAILABLE = re.compile(r":\s*(?!c$)[a-z]{1,3}")
"""Eurostat's sign of a figure that is not available, with a flag."""
ERRORS = ("#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "####")
PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?")
GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|[+-]?[1-9][0-9]{0,2}(?:[ '\u2019][0-9]{3})+(?:\.[0-9]+)?"
)
COMMA = re.compile(r"([+-]?[0-9]+),([0-9]+)")
DOTTED = re.compile(r"([+-]?[0-9]{1,3}(?:\.[0-9]{3})+),([0-9]+)")
DECIMAL = re.compile(r"([+-]?0),([0-9]+)")
MAX_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a cell says as a figure.

    Attributes
    ----------
    value : float or None
        The figure, None where there is none.
    missing : str
        Why not: ``empty``, ``unavailable`` (:), ``none`` (a dash), ``less_than_unit`` (…), ``withheld`` (x); empty
        where there is a figure.
    unit : str
        The unit written behind it, such as ``%``.
    notes : tuple of str
        What was left off: footnote marks, separators, blanks.
    doubt : str
        Why it cannot be read, with the readings that it may have.
    kind : str
        What kind of figure is written behind it, such as preliminary.
    """

    value: float | None = None
    missing: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()
    doubt: str = ""
    kind: str = ""


def fold(text: str) -> str:
    """Return a text with full width made half, marks that nobody sees taken out, and blanks made one."""
    plain = unicodedata.normalize("NFKC", UNSEEN.sub("", text))
    return " ".join(plain.split()).replace("−", "-")


def clean(value: Value, letters: Letters = OFFICIAL) -> Cleaned:
    """Return what a cell says as a figure; what can be read in two ways is not. `letters`: those that notes explain."""
    if value is None or value == "":
        return Cleaned(missing="empty")
    if isinstance(value, bool):
        return Cleaned(doubt=f"{str(value).upper()} is no figure")
    if isinstance(value, int | float):
        if math.isfinite(value):
            return Cleaned(float(value))
        return Cleaned(missing="empty") if math.isnan(value) else Cleaned(doubt=f"{value} is no figure")
    if isinstance(value, str):
        return clean_text(value, letters)
    return Cleaned(doubt=f"{value} is a date or a time: give the figure, its cell formatted as a number")


@lru_cache(maxsize=65536)
def clean_text(text: str, letters: Letters = OFFICIAL) -> Cleaned:
    """Return what a text says as a figure."""
    notes = []
    seen = UNSEEN.sub("", text).strip()
    if seen.startswith("'"):
        seen, notes = seen[1:].strip(), [noted("own_note_apostrophe")]
    word = fold(seen)
    if seen.upper().startswith(ERRORS):
        return Cleaned(doubt=f"{word} is an error of a formula")
    if why := "unavailable" if UNAVAILABLE.fullmatch(word) else MISSING.get(word.casefold()):
        return Cleaned(missing=why)
    without = fold(MARKS.sub("", seen)).casefold()
    if (marks := MARKS.findall(seen)) and MISSING.get(without, "empty") != "empty":
        return Cleaned(missing=MISSING[without], notes=(noted("own_note_mark", mark=" ".join(marks)),))
    bare, marks = unmarked(seen, letters)
    notes += [noted("own_note_mark", mark=mark) for mark in marks]
    bare, kind = kind_behind(bare)
    if LESS.match(word) or any(
        unicodedata.category(char) == "No" for char in bare
    ):  # folded, a mark within would be a digit
        return Cleaned(doubt=_readings(seen, word if LESS.match(word) else seen))
    figure = fold(bare)
    if figure != bare.strip() or seen != text.strip():
        notes.append(noted("own_note_folded"))
    figure, unit = _unit_behind(figure)
    if GROUPED.fullmatch(figure):
        figure, notes = re.sub("[, '\u2019]", "", figure), [*notes, noted("own_note_separators")]
    if unit == "年" and YEAR.fullmatch(word):
        return Cleaned(doubt=f"{seen!r} is a year, no figure: write the figure, or a head of years as one")
    if not PLAIN.fullmatch(figure.lower()) or kind == "evaluation":
        return Cleaned(doubt=_readings(seen, figure))
    return replace(_number(figure, unit, notes), kind=kind)


def _number(figure: str, unit: str, notes: list[str]) -> Cleaned:
    value = float(figure)
    if not math.isfinite(value):
        return Cleaned(doubt=f"{figure} is too large for a number")
    if len(figure) > MAX_DIGITS and Decimal(figure) != Decimal(repr(value)):
        notes = [*notes, noted("own_note_rounded", figure=figure, value=repr(value))]
    return Cleaned(value, unit=unit, notes=tuple(notes))


def unmarked(text: str, letters: Letters = OFFICIAL) -> tuple[str, list[str]]:
    """Return a text without the footnote marks and flags before and behind it, and these; digits are never one."""
    marks = []
    while True:
        if found := re.match(rf"\s*({MARK})", text) or re.search(rf"({MARK})\s*$", text):
            marks.append(fold(found[1]) if found[1] in RAISED_LETTERS else found[1])
            text = (text[: found.start()] + text[found.end() :]).strip()
        elif (flagged := split_flag(text, letters))[1]:
            text, flag = flagged
            marks.append(flag)
        else:
            return text, marks


def _unit_behind(figure: str) -> tuple[str, str]:
    """Return a figure without the unit that is written behind it, and the unit."""
    found = re.fullmatch(r"([+-]?[0-9][0-9.,' ]*?)\s*(%|‰|[^\W\d_].*)", figure)
    if found and (found[2] in "%‰" or (is_unit(found[2]) and not re.fullmatch("(?i)e[+-]?[0-9]*", found[2]))):
        return found[1], found[2]
    return figure, ""


def _readings(seen: str, figure: str) -> str:
    """Return why a text is not read as a figure; two readings are named, none is taken."""
    if found := DOTTED.fullmatch(figure) or DECIMAL.fullmatch(figure):
        whole, part = found[1].replace(".", ""), found[2]
        return f"{seen!r} is {whole}.{part} with a decimal comma, or mistyped: write it with a decimal point"
    if found := COMMA.fullmatch(figure):
        one, other = f"{found[1]}.{found[2]}", str(int(found[1] + found[2]))
        return f"{seen!r} can be {one} (decimal comma) or {other} (a comma too many): write the one that is meant"
    if found := re.fullmatch(r"\(([0-9.,]+)\)|[△▲]([0-9.,]+%?)", figure.replace(" ", "")):
        figure = found[1] or found[2]
        return f"{seen!r} can be -{figure} (bookkeeping) or {figure}: write the one that is meant"
    if found := re.fullmatch(r"([+-]?[0-9][0-9.,]*)\s*\(?([A-Za-z]{1,3})\)?", figure):
        letters = f"{seen!r} is {found[1]} with the mark {found[2]}, or in another unit"
        return f"{letters}: say in a note what {found[2]} means, or write a plain number"
    if re.match(r"[<>≤≥~≈约近逾超]|.*(以上|以下|左右|多|余)$", figure):
        return f"{seen!r} is no exact figure: write the exact one, or leave the cell empty"
    return f"{seen!r} is no figure: write a plain number, or leave the cell empty if it is not known"


# --- years

CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
YEAR = re.compile(r"(?:YR|FY|[XY])?((?:19|20|21)[0-9]{2}|2200)(?:\.0)?\s*(?:年度?末?|年底|\[YR[0-9]{4}\]|CY)?")
AT_YEARS = Letters(frozenset("bp"))
"""Flags that stand right behind a year; for e and f see `dated_kind`."""
FINER = re.compile(
    r"(?:19|20)[0-9]{2}(?:年|[-/.])?\s*(?:[0-9]{1,2}(?:-[0-9]{1,2})?月.*|第?[一二三四1-4]季度?.*|[上下]半年|前[一二三]季度|[QqMmHh]-?[0-9]{1,2})"
    r"|(?:19|20)[0-9]{2}[-/.](?:0?[1-9]|1[0-2])(?:[-/.][0-9]{1,2})?(?:[T ]00:00.*)?"
    r"|(?:0?[1-9]|1[0-2])[-/.](?:19|20)[0-9]{2}"
    r"|[Qq][1-4][ -]?(?:19|20)[0-9]{2}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -.](?:19|20)?[0-9]{2}",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or a part of one: then ``finer`` says which; ``mark`` and ``kind`` are what stood beside the year."""

    year: int
    finer: str = ""
    mark: str = ""
    kind: str = ""


def read_period(value: Value) -> Period | None:
    """Return the year, or the month or quarter, that a cell names; None where it names none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return Period(int(value)) if is_year(value) else None
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return Period(day.year, day.isoformat())
    return _period_of(value) if isinstance(value, str) and len(value) < 40 else None


@lru_cache(maxsize=4096)
def _period_of(text: str) -> Period | None:
    bare, marks = unmarked(UNSEEN.sub("", text).strip(), AT_YEARS)
    word = fold(bare)
    if re.fullmatch(r"[〇零○一二三四五六七八九]{4}年?度?", word):
        word = word.translate(CHINESE_DIGITS)
    mark = " ".join(marks)
    if found := YEAR.fullmatch(word):
        return Period(int(found[1]), "", mark)
    if dated := dated_kind(word):
        return Period(dated[0], "", mark, dated[1])
    if FINER.fullmatch(word):
        years = re.search(r"(?:19|20)[0-9]{2}", word)
        return Period(int(years[0]) if years else 0, word, mark)
    return None


# --- names and units

SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "hundred": 100, "thousand": 1000, "million": 10**6}
POWER = r"(?:100[0,]*|10*(?=[千万亿]))?[十百千万亿]*"
"""A power of ten as units have it: 10万, 1000, 100,000, 百万."""
ATOMS = (
    "元 美元 人民币元 人 人次 人年 户 吨标准煤 吨 公斤 千克 克 升 立方米 平方米 平方公里 公顷 亩 "
    "公里 千米 米 千瓦小时 千瓦时 千瓦 度 台 辆 座 个 件 "
    "家 所 张 册 份 部 条 项 次 岁 年 天 日 小时 床 标台 卷 头 只 株 "
    "期 宗 起 例 篇 倍 百分点 位 名 个村 村 户次 套 艘 架 毫米 摄氏度 千帕 分 点 场 对 处 "
    "微克 毫克 月 人日 篇次 箱 标准箱 分贝"
).split()  # fmt: skip
Factors = dict[str, tuple[int | Decimal, str]]
ENGLISH: Factors = {
    "percent": (1, "%"), "per cent": (1, "%"), "pct": (1, "%"), "yuan": (1, "元"), "rmb": (1, "元"), "cny": (1, "元"),
    "10000 yuan": (10**4, "元"), "100 million yuan": (10**8, "元"), "million yuan": (10**6, "元"),
    "billion yuan": (10**9, "元"),
    "persons": (1, "人"), "person": (1, "人"), "10000 persons": (10**4, "人"), "10000 people": (10**4, "人"),
    "million persons": (10**6, "人"), "years": (1, "年"), "thousand": (1000, ""), "million": (10**6, ""),
    "10000 tons": (10**4, "吨"), "tons": (1, "吨"), "10000 tce": (10**4, "吨标准煤"), "yuan/person": (1, "元/人"),
    "yuan per capita": (1, "元/人"), "pc": (1, "%"),
    "permille": (Decimal("0.1"), "%"), "per mille": (Decimal("0.1"), "%"),
}  # fmt: skip
SAME: Factors = {
    "%": (1, "%"), "‰": (Decimal("0.1"), "%"), "百分比": (1, "%"), "千分比": (Decimal("0.1"), "%"), "圆": (1, "元"),
    "岁": (1, "年"), "周岁": (1, "年"),
}  # fmt: skip
ATOM = "|".join(sorted(ATOMS, key=len, reverse=True))
PART = re.compile(rf"({POWER})\s*({ATOM})?")
BASE_YEAR = re.compile(r"(上年|(?:19|20)[0-9]{2}年?|previous year|preceding year)\s*=\s*1?00+")
PRICES = re.compile(
    r"[(，,、;]?\s*(?:按)?(?P<year>(?:19|20)[0-9]{2})年?(?:不变|可比)?价(?:格)?(?:计算)?"
    r"|(?:(?:at|in) )?(?:constant )?(?P<english>(?:19|20)[0-9]{2}) (?:constant )?prices"
    r"|(?P<current>现价|当年价格?|current prices)|可比价|不变价|constant prices",
    re.IGNORECASE,
)
TAIL = re.compile(r"^(.*\S)\s*[(\[]\s*([^()\[\]]{1,40}|[^()\[\]]*\([^()]*\)[^()\[\]]*)\s*[)\]]$")

BARE = re.compile(r"(.*\S)(?:\s*[,，]\s*(?=\S)|\s+(?=[^\x00-\x7f]+$)|(?=[%‰]$)|\s+(?=[%‰]$))(.*)$")
"""A name with a unit that no brackets enclose: behind a comma or a blank, or a sign of per cent."""


@lru_cache(maxsize=4096)
def unit_scale(unit: str) -> tuple[Decimal, str] | None:
    """Return factor and base of a unit, 万元 being (10000, 元); None for what is no unit that is known here."""
    word = fold(unit).replace(" ", "") if not re.search("[A-Za-z]", unit) else fold(unit)
    plain = word.casefold().replace(",", "").replace("×", "").strip(". ")
    known: tuple[int | Decimal, str] | None = SAME.get(plain) or ENGLISH.get(plain)
    if known:
        return Decimal(known[0]), known[1]
    if BASE_YEAR.fullmatch(word):
        return Decimal(1), word.replace(" ", "")
    sides = [PART.fullmatch(side) for side in re.split("/|每", word)] if 0 < len(word) < 16 else []
    if not sides or not all(side and (side[1] or side[2]) for side in sides) or not sides[0] or not sides[0][2]:
        return None
    factors = [Decimal(power_of(side[1])) for side in sides if side]
    base = "/".join(side[2] or "" for side in sides if side)
    return factors[0] / (factors[1] if len(factors) > 1 else 1), base.rstrip("/")


def power_of(text: str) -> int:
    """Return the number that digits and words for powers of ten are together: 100,000 for 10万; 1 for no text."""
    digits = re.sub("[^0-9]", "", text) or 1
    return math.prod((int(digits), *(SCALES[word] for word in re.findall("|".join(SCALES), text))))


def is_unit(text: str) -> bool:
    """Return whether a text is a unit of measure."""
    return unit_scale(text) is not None


@lru_cache(maxsize=4096)
def read_unit(text: str) -> tuple[str, str]:
    """Return unit and price base of a text that says nothing else, such as ``（万元，2010年价）``; else nothing."""
    word = fold(UNSEEN.sub("", text))
    bare = word[1:-1].strip() if word[:1] in "([" and word[-1:] in ")]" else word
    if is_unit(bare):
        return bare, ""
    parts = [part.strip() for part in re.split(r"[,;、()\[\]]", bare) if part.strip()]
    units = [part for part in parts if is_unit(part)]
    prices = [base for part in parts if part not in units and (base := price_in(part))]
    return (units[0], prices[0]) if units and len(parts) - 1 == len(units) == len(prices) else ("", "")


@lru_cache(maxsize=65536)
def split_name(text: str) -> tuple[str, str, str, str]:
    """Return name, unit, price base and footnote marks of a text such as ``地区生产总值(按2010年价格，亿元)①``."""
    bare, marks = unmarked(UNSEEN.sub("", text).strip())
    name, unit, price = fold(bare).rstrip(":"), "", ""
    if found := TAIL.match(name):
        parts = [part.strip() for part in re.split(r"[,;、，；]", found[2]) if part.strip()]
        units = [part for part in [found[2], *parts] if is_unit(part)]
        prices = [part for part in parts if PRICES.fullmatch(part)]
        if units or prices:
            unit, price = units[0] if units else "", price_in(prices[0]) if prices else ""
            rest = [part for part in parts if part not in units and part not in prices and found[2] not in units]
            name = found[1] + (f"({','.join(rest)})" if rest else "")
    elif (cut := BARE.match(name)) and is_unit(cut[2]):
        name, unit = cut[1], cut[2]
    return name, unit, price, " ".join(marks)


def price_in(text: str) -> str:
    """Return the price base of a text that says nothing else: its year, current or not_stated; else nothing."""
    found = PRICES.fullmatch(text)
    if not found:
        return ""
    return found["year"] or found["english"] or ("current" if found["current"] else "not_stated")


def convert(value: float, factor: Decimal) -> float:
    """Return a figure times a factor, worked out in decimals so that no digit moves."""
    return float(Decimal(repr(float(value))) * factor)

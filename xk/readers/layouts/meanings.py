"""What the columns and the labels of a table mean: by the words over them, else by what stands in them."""

import re
from collections.abc import Callable

from xk.readers.cells import clean, fold, is_unit, price_in, read_period, read_unit, split_name
from xk.readers.flags import flag_meanings
from xk.readers.kind_words import kind_behind, kind_said
from xk.readers.layouts.head_words import LINE_OF, NO_PLACE, ONE_YEAR, PLACE, ROLE_OF, key
from xk.readers.layouts.parts import APART, OF, OF_WHICH
from xk.readers.layouts.told_years import ANNUAL, SPANNED, YEAR_IN, part_of_year
from xk.readers.sheets import Value
from xk.vocab import AHEAD_KINDS, KINDS, PLANNED_KINDS

Known = Callable[[str], bool]
"""Whether a text is a region that the register knows."""
Fields = dict[str, object]
KIND_HEADS = {
    *"状态 数据状态 类型 数据类型 数值类型 性质 数值性质 指标性质 属性 类别 数据类别 口径 数据口径".split(),
    *"status datastatus type datatype".split(),
}
STATUS_HEADS = {*"状态 数据状态 status datastatus".split()}
OWN_KINDS = {*KINDS, *PLANNED_KINDS, *AHEAD_KINDS}
NOT_FINAL = ("preliminary", "estimated")
"""Kinds of figures that a name may say in brackets; a name that says another is of another thing."""

FIGURE_LIKE = re.compile(r"[<>≤≥~≈约近+(（△▲-]*\s?\d[\d.,' ]*(\S{0,2}|[(（]\w{1,3}[)）])$|#[A-Z]")
"""What was meant as a figure, though it cannot be read as one."""
NUMBERED = re.compile(
    r"^\s*(?:(?:附?[表图]|table)\s*)?[0-9一二三四五六七八九十]+(?:[-.－——][0-9]+)*[\s、.:]+(?=\D)|^附?[表图]\s*[0-9-]+\s*",
    re.IGNORECASE,
)
"""The number of a table before its title."""
EACH = re.compile(r"^(?:分省|分地区|各地区|各[省市县区]+|全市|全国)(?:市|区)*(?:\((?:[省市县区州]+[、,/及和]?)+\))?")
"""How a title begins that is of several places."""


def kind_of(value: Value) -> str:
    """Return what a cell looks like: b blank, y year or part of one, n figure or sign of a missing one, t text."""
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return "b"
    if read_period(value):
        return "y"
    if isinstance(value, str) and "价" in value and price_in(fold(value)):
        return "t"  # 2010年价 is no figure that was mistyped
    found = clean(value)
    return "t" if found.doubt and not FIGURE_LIKE.match(str(value).strip()) else "n"


def is_place(text: str, is_known: Known) -> bool:
    """Return whether a text is a region of the register, or is called as places are."""
    word = re.sub(r"\s", "", fold(text)) if re.search("[\u4e00-\u9fff]", text) else fold(text)
    return is_known(text) or bool(PLACE.fullmatch(word) and not NO_PLACE.fullmatch(word))


def roles_of(stacks: list[list[Value]], samples: list[list[Value]], years: bool, is_known: Known) -> dict[int, str]:
    """Return column -> its role: one of `ROLE_OF`, ``value``, or nothing."""
    roles: dict[int, str] = {}
    for column, (stack, sample) in enumerate(zip(stacks, samples, strict=True)):
        roles[column] = _by_words(stack, sample, years, is_known)
    taken = set(roles.values())
    for column, role in roles.items():
        if role == "?":
            roles[column] = _by_cells(stacks[column], samples[column], years, taken, is_known)
            taken.add(roles[column])
    seen: set[str] = set()
    for column, role in roles.items():
        if role in seen and role != "value":
            roles[column] = ""
        if role == "" and "name" in seen and [*map(key, stacks[column])] == ["name"]:
            roles[column] = "called"  # beside the slug, as in what is written of figures that were read
        seen.add(role)
    return roles


def _by_words(stack: list[Value], sample: list[Value], years: bool, is_known: Known) -> str:
    """Return the role that the words over a column give it, ``?`` where they give none."""
    if years and any(read_period(piece) for piece in stack):
        return "value"
    if sum(key(piece) in LINE_OF for piece in stack) > 1:
        return "?"
    if stack and key(stack[-1]) in APART:
        return f"{OF}{stack[-1]}"
    if stack and key(stack[-1]) in KIND_HEADS and _are_kinds(sample):
        return "kind"
    if stack and key(stack[-1]) in STATUS_HEADS and _are_flags(sample):
        return "flag"
    role = next((ROLE_OF[key(piece)] for piece in reversed(stack) if key(piece) in ROLE_OF), "?")
    texts = [str(cell) for cell in sample if kind_of(cell) == "t"]
    if role == "unit" and texts and sum(is_place(text, is_known) for text in texts) > len(texts) / 2:
        return "region"
    if role == "frequency" and any(kind_of(cell) in "ny" for cell in sample):
        return ""
    if role == "year" and sample and all(kind_of(cell) in "tb" for cell in sample):
        return "?"
    return role


def _are_kinds(sample: list[Value]) -> bool:
    """Return whether all words are kinds of figures, or one is that of figures which are not simply observed."""
    words = {str(cell) for cell in sample if kind_of(cell) != "b"}
    kinds = [word if word in OWN_KINDS else kind_said(word) for word in words]
    return any(kind not in ("", "observed") for kind in kinds) or bool(kinds) and all(kinds)


def _are_flags(sample: list[Value]) -> bool:
    codes = {str(cell) for cell in sample if kind_of(cell) != "b"}
    return bool(codes) and all(flag_meanings(code) is not None for code in codes)


def _by_cells(stack: list[Value], sample: list[Value], years: bool, taken: set[str], is_known: Known) -> str:
    """Return the role that the cells of a column give it."""
    kinds = [kind_of(cell) for cell in sample]
    filled = [(kind, cell) for kind, cell in zip(kinds, sample, strict=True) if kind != "b"]
    if not filled:
        return ""
    texts = [str(cell) for kind, cell in filled if kind == "t"]
    if not years and "year" not in taken and all(kind == "y" for kind, _ in filled):
        if not stack or taken <= {"?", "region", "code", "no"}:
            return "year"
    measured = "n" in kinds and any(split_name(piece)[1] for piece in stack if isinstance(piece, str))
    if len(texts) * 2 <= len(filled) or measured:  # words under a head with a unit are faults, not labels
        return "" if years else "value"
    if "region" not in taken and sum(is_place(text, is_known) for text in texts) * 2 > len(texts):
        return "region"
    if "unit" not in taken and all(is_unit(text) for text in texts):
        return "unit"
    return "name" if "name" not in taken else ""


def meaning_of(stack: list[Value], is_known: Known) -> Fields:
    """Return what the words over a column say of its figures: year, kind, unit, region, name."""
    found: Fields = {}
    names: list[str] = []
    for piece in stack:
        text = fold(str(piece)) if isinstance(piece, str) else ""
        if period := read_period(piece):
            found |= {"year": period.year, "finer": period.finer or found.get("finer", ""), "mark": period.mark}
            found |= {"kind": period.kind} if period.kind not in ("", "observed") else {}
        elif kind := kind_said(key(piece)):
            found |= {"kind": kind} if kind != "observed" else {}
        elif text and part_of_year(text, title=True) == text:
            found["finer"] = text
        elif measure := _measure_in(text):
            found |= measure
        elif is_place(place := OF_WHICH.sub("", text), is_known):
            found["region"] = place
        elif text and key(piece) not in ROLE_OF:
            years = set(YEAR_IN.findall(text))
            if len(years) == 1 and text.startswith(tuple(years)):
                found["year"], text = int(years.pop()), YEAR_IN.sub("", text, count=1).strip(" :_-")
                text, more = _behind_year(text)
                found |= more
            names.append(text)
    names = list(dict.fromkeys(name for name in names if name))
    lower = {"lower": names} if len(names) > 1 else {}
    return found | lower | named(" ".join(names), found)


def _measure_in(text: str) -> Fields:
    """Return unit and prices of a text that says no more, as （元，2010年价）, 当年价 or 绝对数（元）."""
    said = dict(zip(("unit", "price_base"), read_unit(text), strict=True))
    if not said["unit"]:
        name, unit, price, _ = split_name(text)
        said = {"unit": unit, "price_base": price} if kind_said(key(name)) == "observed" and unit else {}
        said = said or {"price_base": price_in(text)}
    return {what: word for what, word in said.items() if word}


def _behind_year(text: str) -> tuple[str, Fields]:
    """Return what names a figure of a text behind a year, and its kind or unit, as in 2017年（‰）."""
    if kind := kind_said(key(text)):
        return "", {"kind": kind} if kind != "observed" else {}
    said = dict(zip(("unit", "price_base"), read_unit(text), strict=True))
    return ("", {what: word for what, word in said.items() if word}) if said["unit"] else (text, {})


def named(text: str, given: Fields | None = None) -> Fields:
    """Return a text as name, with the unit, price base, kind and marks that it has in it; what is `given` stays."""
    bare, behind = kind_behind(text) if kind_behind(text)[1] in NOT_FINAL else (text, "")
    name, unit, price, mark = split_name(bare)
    name, within = kind_behind(name) if kind_behind(name)[1] in NOT_FINAL else (name, "")
    said = {"name": name, "unit": unit, "price_base": price, "mark": mark, "kind": behind or within}
    return {what: word for what, word in said.items() if word and what not in (given or {})}


def title_name(title: str) -> Fields:
    """Return what the title of a table names: without its number and its year."""
    text = SPANNED.sub("", NUMBERED.sub("", fold(title)), count=1)
    text = re.sub(r"\(\s*\)", "", YEAR_IN.sub("", text, count=1)).strip(" :-_")
    return named(EACH.sub("", text) or text)


def finer_than_years(columns: list[Fields], down: list[Value], frequency: str) -> tuple[str, str] | None:
    """Return why a table is not read whose figures are of months or quarters; None where they are of years."""
    periods = [period for cell in down if (period := read_period(cell))]
    finer = [str(field["finer"]) for field in columns if field.get("finer")]
    finer += [one.finer for one in periods if one.finer]
    whole = [field for field in columns if field.get("year") and not field.get("finer")]
    whole += [{} for one in periods if not one.finer]
    annual = key(frequency) in ONE_YEAR
    ends = {re.sub(r"(19|20)\d\d", "", one)[:6] for one in finer}
    years = {one.year for one in periods} | {field.get("year") for field in columns if field.get("finer")}
    if not annual and (ends == {"-12-31"} or ends == {"-01-01"} and len(years) > 1):
        annual = True
        for field in columns:
            field.pop("finer", None)
    told = bool(frequency) and not annual
    if annual or not (told or (finer and not whole)):
        return None
    example = f" ({finer[0]} ...)" if finer else f" ({frequency})"
    return f"holds figures of months, quarters or days{example}, not of years", ANNUAL

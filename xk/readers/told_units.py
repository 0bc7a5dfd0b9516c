"""Units that the title of a table, its sheet or a note tells of figures whose names, columns and cells tell none."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from xk.readers.cells import fold, is_unit, split_name
from xk.readers.conversion import factor_between
from xk.readers.naming import Names
from xk.readers.sheets import Block
from xk.vocab import NATIVE

BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]+|[^()\[\]]*\([^()]*\)[^()\[\]]*)\s*[)\]]")
LISTED = re.compile(r"\s*[,，、;；和及与]\s*")
SENTENCE = re.compile(r"[。；;\n]")
SAID = re.compile(
    r"(?P<about>[^:为是]*?(?:[:](?=.*单位))?[^:为是]*?)"
    r"(?:(?:的?(?:计量)?单位|\bunits?)\s*(?:[:]|[均都皆统一]*[为是]|\b(?:is|are)\b)|[均都皆统一]*[为是以按]|\b(?:is|are)?\s*in\b)"
    r"\s*(?P<unit>[^,，。;；]+?)(?:计(?:算|量)?|表示)?\s*(?:[,，。;；]|$)",
    re.IGNORECASE,
)
"""Of which names a text says a unit, and which: 失业率单位:‰, 本表计量单位为‰."""
OF_ALL = re.compile(
    r"备?注|说明|[本上该]表|表[中内]|数据|数字|数值|指标|[均都皆各的]|计量|all|figures|notes?|[\W\d]", re.IGNORECASE
)
NO_UNIT = {"年", "月", "天", "日"}
"""What in brackets behind a title is a period."""
ANOTHER = re.compile("人均|每|单位|增|指数|比重|占")
"""What before a name makes it that of another thing."""


class ToldUnit(NamedTuple):
    """Units that a text tells: of names that end in `about`, of all where that is empty; `before`: what they follow."""

    about: str
    units: tuple[str, ...]
    words: str
    before: str = ""


def take_units(block: Block, rows: pd.DataFrame, names: Names, measures: pd.DataFrame) -> None:
    """Give figures of which nothing nearer tells a unit the one that a title or note tells, and say so.

    Of several units each gets the one that converts to its own; where none or two do, that is said.
    """
    columns = (measures[what] for what in ("indicator", "unit", f"name_{NATIVE}"))
    register = {slug: (unit, called) for slug, unit, called in zip(*columns, strict=True)}
    here = rows["indicator"].isin(register) & (rows["kind"] != "evaluation")
    told = _told([str(block.whole.get("title") or ""), block.sheet.name, *block.notes]) if here.any() else []
    all_names = [_bare(str(name)) for name in rows["name"].unique()]
    for name, given, slug in rows.loc[here, ["name", "unit", "indicator"]].astype(str).drop_duplicates().to_numpy():
        own, called = register[slug]
        listed = listed_units(given)
        if given and len(listed) < 2:
            continue
        one = ToldUnit("", listed, "") if given else _of(name, told, all_names)
        factors = {unit: factor_between(unit, own, names, called=called) for unit in one.units} if one else {}
        if not one or not factors:
            continue
        unit = _fitting(factors)
        if unit and (given or factors[unit] != 1):
            where = (rows["name"] == name) & (rows["indicator"] == slug) & (rows["unit"] == given)
            rows["unit"] = pd.Categorical(rows["unit"].astype(object).mask(where, unit))
        if unit != own and not given:
            said = f"the unit {unit} was taken from {one.words!r}" if unit else f"{one.words!r} tells another unit"
            block.doubts.append(f"{name}: {said}" + ("" if unit else f", and the figures were read in {own}"))


def _fitting(factors: dict[str, Decimal | None]) -> str:
    """Return the one unit that converts; nothing where none does, or several do in different ways."""
    able = {unit: factor for unit, factor in factors.items() if factor is not None}
    return next(iter(able)) if len({*able.values()}) == 1 else ""


def _of(name: str, told: Sequence[ToldUnit], others: Sequence[str]) -> ToldUnit | None:
    """Return what tells the unit of a name: what is said of it alone, else of all; a unit behind another is not its."""
    word = _bare(name)
    for one in told:
        if one.about and word.endswith(one.about) and not ANOTHER.search(word.removesuffix(one.about)):
            return one
    of_all = (one for one in told if not one.about)
    return next((one for one in of_all if word in one.before or not any(other in one.before for other in others)), None)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", fold(text)).casefold()


def _told(texts: Sequence[str]) -> list[ToldUnit]:
    """Return the units that texts tell: in brackets, behind a title, or in sentences on units."""
    found: list[ToldUnit] = []
    for place, text in enumerate(dict.fromkeys(map(fold, texts))):
        for bracket in BRACKETS.finditer(text):
            inside, before = bracket[1], _bare(text[: bracket.start()])
            units = listed_units(inside)
            found += [ToldUnit("", units, text, before)] if units else _said(inside, text)
        bare = split_name(text)[1] if place < 2 and not BRACKETS.search(text) else ""
        found += [ToldUnit("", (bare,), text)] if bare and bare not in NO_UNIT else []
        for sentence in SENTENCE.split(BRACKETS.sub("", text)):
            found += _said(sentence, text)
    return found


def _said(text: str, whole: str) -> Iterator[ToldUnit]:
    for one in SAID.finditer(text):
        if units := listed_units(one["unit"]):
            yield ToldUnit(_bare(OF_ALL.sub("", one["about"])), units, whole)


def listed_units(text: str) -> tuple[str, ...]:
    """Return the units that a text lists; none where anything else stands in it."""
    parts = tuple(part for part in LISTED.split(text.strip()) if part)
    return parts if parts and all(is_unit(part) and part not in NO_UNIT for part in parts) else ()

"""Flags: letters behind a figure that say of what kind it is, by the lists of Eurostat and SDMX or by a note."""

import re
from collections.abc import Mapping
from typing import NamedTuple

BREAK = "break"
FLAGS = {
    "a": "", "b": BREAK, "c": "", "d": "", "e": "estimated", "f": "forecast", "n": "", "p": "preliminary", "r": "",
    "s": "estimated", "u": "",
}  # fmt: skip
"""Letter -> the kind of its figure, a break of the series before it, or nothing that matters here.

Source: Eurostat's flags, https://ec.europa.eu/eurostat/data/database/information, and SDMX's CL_OBS_STATUS 2.2, whose S
is another.
"""
COMBINED = re.compile("b?d?e?p?u?")
"""Flags that stand together, as Eurostat writes them."""
GLUED = {"p", "r"}
"""Those that no unit or scale is written as right behind a figure."""
BEHIND = re.compile(r"(.*[0-9%])(\s*)([(（]\s*)?([A-Za-z]{1,3})(\s*[)）])?\s*")
QUANTITY = re.compile(
    r"thousand|million|billion|trillion|hundred|dozen|\bunits?\b|per ?cent|met[er]{2}|hours?\b|minutes?\b|kilo"
    r"|tonn?e?s?\b|[千万亿]$|万[元人吨]|亿元",
    re.IGNORECASE,
)
"""What a letter stands for that is no flag."""


class Letters(NamedTuple):
    """Letters that notes explain: as flags; as footnotes, so in brackets alone; as units or scales, so never."""

    flags: frozenset[str] = frozenset()
    footnotes: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


OFFICIAL = Letters()


def flag_meanings(code: str) -> list[str] | None:
    """Return what an official flag, or several of them, such as ``bp`` or ``b, p``, says; None if one is not known."""
    words = re.split(r"[\s,;/|]+", code.strip(" ()（）[]"))
    if not any(words) or "S" in words:
        return None
    letters = [part for word in words for part in ([*word] if COMBINED.fullmatch(word.casefold()) else [word])]
    found = [FLAGS.get(letter.casefold()) for letter in letters]
    return [one for one in found if one is not None] if None not in found else None


def letters_in(legend: Mapping[str, str], meanings: Mapping[str, object]) -> Letters:
    """Return the letters of a legend by what it says of them; `meanings`: of its marks that say a kind or a break."""
    own = {mark: words for mark, words in legend.items() if mark.isascii() and mark.isalpha()}
    units = frozenset(mark for mark, words in own.items() if not meanings.get(mark) and QUANTITY.search(words))
    flags = frozenset(mark for mark in own if meanings.get(mark) or flag_meanings(mark) is not None) - units
    return Letters(flags, frozenset(own) - flags - units, units)


def split_flag(text: str, letters: Letters = OFFICIAL) -> tuple[str, str]:
    """Return a text without the flag behind its digits, and the flag; letters that may be a unit are left."""
    found = BEHIND.fullmatch(text)
    if not found or bool(found[3]) != bool(found[5]):
        return text, ""
    flag = found[4]
    if flag in letters.units:
        return text, ""
    if found[3]:
        sure = flag in letters.footnotes or flag_meanings(flag) is not None
    else:
        sure = flag.islower() and flag_meanings(flag) is not None if found[2] else flag in GLUED
    return (found[1], flag) if sure or flag in letters.flags else (text, "")


def flag_of(mark: str) -> str:
    """Return the letters of a mark such as ``[p]``; the mark itself where it has none."""
    bare = mark.strip("()（）[]")
    return bare if bare.isascii() and bare.isalpha() else mark

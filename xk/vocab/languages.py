"""The languages of reports: what is true of a language, not of one text. The texts stand in ``labels.csv``."""

from collections.abc import Callable
from dataclasses import dataclass

_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Language:
    """A language of reports.

    Attributes
    ----------
    code : str
        Its column in the label table; names in the tables of data stand in ``name_<code>``.
    html : str
        Its name on a page.
    thousands : str
        Sign between groups of three digits.
    wide : bool
        Whether it is written in characters as wide as they are high, without spaces.
    powers : tuple of int
        Powers of ten that have a word (label ``big_1e<power>``), the highest first.
    plural : callable
        A number as written -> which of the forms in ``{n|one|more}`` goes with it, from 0.
    heading : callable
        Numbers of a section, or of a section and a subsection -> the number as its heading has it.
    """

    code: str
    html: str
    thousands: str
    wide: bool
    powers: tuple[int, ...]
    plural: Callable[[str], int]
    heading: Callable[[tuple[int, ...]], str]

    @property
    def space(self) -> str:
        """What stands between two sentences."""
        return "" if self.wide else " "


def chinese_numeral(number: int) -> str:
    """Return a number from 1 to 99 in Chinese, as sections are numbered: 1 一, 10 十, 12 十二, 23 二十三.

    Numbers beyond are written in digits.
    """
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones else "")


_LANGUAGES = (
    Language("zh", html="zh-CN", thousands="", wide=True, powers=(12, 8, 4),
             plural=lambda _: 0, heading=lambda places: chinese_numeral(places[-1])),
    Language("en", html="en", thousands=",", wide=False, powers=(12, 9, 6),
             plural=lambda number: int(number != "1"), heading=lambda places: ".".join(map(str, places))),
)  # fmt: skip
LANGUAGES: tuple[str, ...] = tuple(one.code for one in _LANGUAGES)
NATIVE = LANGUAGES[0]
"""The language in which programmes are published; reports are made in it unless another is asked for."""

_BY_CODE = {one.code: one for one in _LANGUAGES}


def language(code: str) -> Language:
    """Return the language that has `code`; raise KeyError with the known ones if there is none."""
    if code not in _BY_CODE:
        raise KeyError(f"unknown language {code!r}; known: {', '.join(_BY_CODE)}")
    return _BY_CODE[code]


def columns_of(*stems: str) -> tuple[str, ...]:
    """Return the columns of data that hold texts, one for each language: ``name_zh``, ``name_en``."""
    return tuple(f"{stem}_{code}" for stem in stems for code in LANGUAGES)

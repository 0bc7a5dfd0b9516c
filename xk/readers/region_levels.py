"""Levels of regions: the words that offices use for them -> the four of the library; any other word is refused."""

from difflib import get_close_matches
from functools import cache
from itertools import product

import pandas as pd

from xk.errors import Fault
from xk.readers.cells import fold
from xk.vocab import LANGUAGES, REGION_LEVELS, columns_of, text

NEAR = 0.5
REGION_NAMES = columns_of("name")


@cache
def _words() -> dict[str, tuple[str, str]]:
    """Return folded word -> the word as it is written, and its level."""
    found: dict[str, tuple[str, str]] = {}
    for level, lang in product(REGION_LEVELS, LANGUAGES):
        more = text(f"region_level_words_{level}", lang).split(text("list_separator", lang))
        found |= {_folded(word): (word, level) for word in (level, text(f"template_level_{level}", lang), *more)}
    return found


def _folded(word: str) -> str:
    return fold(word).casefold().replace(" ", "").replace("-", "")


def level_of(word: str) -> str:
    """Return the level that a word means, nothing where it means none."""
    return _words().get(_folded(word), ("", ""))[1]


def refusal(word: str) -> tuple[str, str]:
    """Return what is said of a word that is no level, and the remedy: the known ones, and one that is near."""
    known = ", ".join("/".join(dict.fromkeys(text(f"template_level_{one}", lang) for lang in LANGUAGES))
                      for one in REGION_LEVELS)  # fmt: skip
    near = get_close_matches(_folded(word), _words(), n=1, cutoff=NEAR)
    meant = f"; did you mean {_words()[near[0]][0]!r}?" if near else ""
    return f"{word!r} is no level of regions", f"write one of {known}{meant}"


def with_levels(regions: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Fault]]:
    """Return a typed register of regions with levels in place of the words for them, and what is no level."""
    known = {word: level_of(word) for word in regions["level"].dropna().unique()}
    wrong = regions.loc[regions["level"].map(known) == "", "level"]
    faults = [Fault(file, line, "level", *refusal(word)) for line, word in zip(wrong.index, wrong, strict=True)]
    return regions.assign(level=regions["level"].map(lambda word: known.get(word) or word)), faults

"""A question typed in one line: its words matched with names, years, methods, pictures, scales."""

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache

from xk.arithmetic.projection import METHODS
from xk.arithmetic.scales import SCALES
from xk.errors import UsageError
from xk.readers import Names, Store, read_names
from xk.vocab import LANGUAGES, text

MOST_WORDS, MOST_NAMED = 9, 4
YEAR = re.compile(r"(?:19|20)\d\d")
APART = re.compile(
    r"[\s,，;；、+/]+|(?<=\d{4})\s*[-–—~至到]\s*(?=\d{4})|['’]s\b"
    r"|(?<=[A-Za-z])(?=(?:19|20)\d\d(?!\d))|(?<=[㐀-鿿])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[㐀-鿿])"
)
"""What stands between words: blanks and signs, the dash between two years, the change of script."""
PARTICLES = frozenset("the of in by and with as to for 的 按 用 截至 年 在 和 与".split())

Found = dict[str, list[str]]


def read_typed(words: str, store: Store, scheme: str, *, pictures: Collection[str]) -> Found:
    """Return what the words of a line mean: region, indicator, year, method, picture, scale -> slugs, in order.

    The longest run of words that is a name as a whole is taken for it; the words left over name together the one
    indicator, else the one region, in whose names they all occur.

    Raises
    ------
    UsageError
        A word occurs nowhere (the nearest name is told), or in the names of several.
    """
    names, fixed = read_names(store).under(scheme), _fixed(tuple(pictures))
    lines = list(store.scheme(scheme).lines)
    said, found, left = [word for word in APART.split(words) if word], Found(), []
    while said:
        size = next((n for n in range(min(MOST_WORDS, len(said)), 0, -1)
                     if _meaning(" ".join(said[:n]), names, fixed, lines)), 0)  # fmt: skip
        if meaning := _meaning(" ".join(said[:size]), names, fixed, lines) if size else None:
            _put(found, *meaning)
        elif said[0].casefold() in PARTICLES:
            pass
        elif parts := _halves(said[0], names, fixed, lines):
            said[:1] = parts
            continue
        else:
            left.append(said[0])
        del said[: size or 1]
    if left:
        _put(found, *_searched(left, names, lines, list(store.regions["region"])))
    return found


def _put(found: Found, kind: str, slug: str) -> None:
    if slug not in found.setdefault(kind, []):
        found[kind].append(slug)


@lru_cache(maxsize=4)
def _fixed(pictures: tuple[str, ...]) -> Mapping[str, tuple[str, str]]:
    """Return word, in lower case -> kind and slug of methods, pictures and scales, by slug and label."""
    known: dict[str, tuple[str, str]] = {}
    for lang in LANGUAGES:
        known |= {text(f"scale_{name}", lang).casefold(): ("scale", name) for name in SCALES}
        known |= {text(f"picture_{name}", lang).casefold(): ("picture", name) for name in pictures}
        known |= {text(f"method_{name}", lang).casefold(): ("method", name) for name in METHODS}
    known |= {name: ("scale", name) for name in SCALES[1:]}
    return known | {name: ("picture", name) for name in pictures} | {name: ("method", name) for name in METHODS}


def _meaning(
    words: str, names: Names, fixed: Mapping[str, tuple[str, str]], lines: Collection[str]
) -> tuple[str, str] | None:
    """Return kind and slug of what is a name as it stands; None where it is none."""
    if re.fullmatch(r"[\d.]+( [\d.]+)+", words):  # two numbers are not one
        return None
    if YEAR.fullmatch(words):
        return "year", words
    if known := fixed.get(words.casefold()):
        return known
    if region := names.sure("region", words):
        return "region", region
    line = names.sure("indicator", words)
    return ("indicator", line) if line in lines else None


def _halves(word: str, names: Names, fixed: Mapping[str, tuple[str, str]], lines: Collection[str]) -> list[str]:
    """Return a word of Chinese as a name, the longest that it begins with, and its rest; nothing where it has none."""
    if word.isascii():
        return []
    cuts = range(len(word) - 1, 1, -1)
    return next(([word[:at], word[at:]] for at in cuts if _meaning(word[:at], names, fixed, lines)), [])


def _searched(left: list[str], names: Names, lines: list[str], regions: list[str]) -> tuple[str, str]:
    """Return kind and slug of the one thing in whose names all words occur."""
    kinds = {"indicator": lines, "region": regions}
    for kind, slugs in kinds.items():
        hits = set(slugs)
        for word in left:
            hits &= set(_holding(word, kind, slugs, names))
        if len(hits) > 1:  # what a name begins with says more than what stands somewhere in it
            whole = " ".join(left).casefold()
            called = {slug: [name.casefold().replace("_", " ") for name in names.written(kind, slug)] for slug in hits}
            hits = {slug for slug in hits if any(name.startswith(whole) for name in called[slug])} or hits
        if len(hits) == 1:
            return kind, hits.pop()
        if hits:
            named = [names.written(kind, slug) for slug in slugs if slug in hits]
            typed = " ".join(left)
            shown = [_called(one, typed) for one in named[:MOST_NAMED]] + ["..."] * (len(named) > MOST_NAMED)
            raise UsageError(f"{typed!r} may be {', '.join(shown)}; say more of it")
    unknown = [word for word in left if not any(any(_holding(word, *kind, names)) for kind in kinds.items())]
    word = (unknown or left)[0]
    known = {name for kind, slugs in kinds.items() for slug in slugs
             for name in names.written(kind, slug)} | {*METHODS}  # fmt: skip
    folded = {part.casefold(): name for name in sorted(known) for part in (name, *name.split())}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.5)
    hint = f"did you mean {folded[near[0]]!r}?" if near else "it is in no name of a region, indicator, method or view"
    raise UsageError(f"unknown word {word!r}; {hint}" if unknown else f"{' '.join(left)!r} fits no one name; {hint}")


def _holding(word: str, kind: str, slugs: Collection[str], names: Names) -> Iterator[str]:
    for slug in slugs:
        if any(word.casefold() in name.casefold() for name in names.written(kind, slug)):
            yield slug


def _called(written: list[str], like: str) -> str:
    """Return how something is called in words, in the script of what was typed where it has a name in it."""
    named = [name for name in written if not re.fullmatch(r"[a-z0-9_.]+", name)] or written
    return next((name for name in named if name.isascii() == like.isascii()), named[0])

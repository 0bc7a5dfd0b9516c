"""Small numbers in words, and lists that end in "and"."""

from __future__ import annotations

from collections.abc import Sequence

from xk.vocab import text

WRITTEN_OUT = 12


class Counted(int):
    """A number that a label may write as it likes: ``{n}`` in digits, ``{n:word}`` in words up to twelve."""

    lang: str

    def __new__(cls, number: int, lang: str) -> Counted:
        """Return the number with the language of its word."""
        made = super().__new__(cls, number)
        made.lang = lang
        return made

    def __format__(self, spec: str) -> str:
        """Return the number in digits, or in words where `spec` is ``word``."""
        if spec != "word":
            return super().__format__(spec)
        return text(f"number_{int(self)}", self.lang) if 1 <= self <= WRITTEN_OUT else str(int(self))


def listed(names: Sequence[str], lang: str) -> str:
    """Return one name or more as a list: a, b and c."""
    *first, last = names
    return text("list_end", lang, first=text("list_separator", lang).join(first), last=last) if first else last


def how_many(n: int, of: int) -> str:
    """Return whether none, some or all of so many are `n` of them: how a label on that ends."""
    return "none" if not n else "all" if n == of else "some"

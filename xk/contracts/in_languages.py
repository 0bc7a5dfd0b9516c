"""Texts in several languages: what is said in one of them alone stands for the others too."""

from collections.abc import Iterable, Mapping

import pandas as pd

from xk.contracts.declarations import Contract
from xk.vocab import NATIVE, columns_of


def stems_of(contract: Contract) -> list[str]:
    """Return the texts that a contract has in each language; where they may be left out, another column serves all."""
    named = [one for one in contract.columns.values() if one.name.endswith(f"_{NATIVE}") and one.needed != "optional"]
    return [one.name.removesuffix(f"_{NATIVE}") for one in named]


def in_each_language(text: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return a table of text, cell by cell with the words of the first language that has any where one has none."""
    new: dict[str, pd.Series] = {}
    for stem in stems_of(contract):
        there = [name for name in columns_of(stem) if name in text]
        for name in columns_of(stem) if there else ():
            cells = text[name] if name in text else pd.Series("", index=text.index, dtype=str)
            for other in there:
                cells = cells.mask(cells.str.strip() == "", text[other])
            new[name] = cells
    return text.assign(**new) if new else text


def said_in_each_language(facts: Mapping[str, object], stems: Iterable[str]) -> dict[str, object]:
    """Return facts, such as those of a TOML file, in which what is said in one language alone stands for all."""
    given: dict[str, object] = {}
    for stem in stems:
        lacking = [name for name in columns_of(stem) if facts.get(name, "") == ""]
        words = [facts[name] for name in columns_of(stem) if name in facts]
        given |= dict.fromkeys(lacking, next(filter(None, words), "")) if words else {}
    return {**facts, **given}

"""Columns that go out: what ``fields.csv`` declares of each (type, unit, bounds, closed list) and the labels say."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import pandas as pd
from pandas.api.types import is_integer_dtype

from xk import vocab
from xk.contracts.declarations import read_contracts
from xk.running.report.book import EXPLAINED, head_of, stem_of
from xk.vocab import LANGUAGES, text

DTYPES = {"whole": "Int64", "year": "Int64", "flag": "boolean"}
KEYS = {
    "summary": "region scenario indicator", "results": "region scenario indicator year",
    "index": "region scenario level basis", "index_years": "region scenario level year",
    "contributions": "region scenario level basis indicator", "plan": "region scenario indicator",
    "held": "region indicator year", "verdicts": "region scenario indicator goal rulebook",
    "history": "region indicator goal rulebook as_of", "review": "region indicator trend_series year horizon",
    "prices": "region indicator", "converted": "region indicator year kind",
    "references": "region indicator year trend_series", "outturns": "region indicator as_of year series",
    "later": "region indicator year vintage series", "reliability": "region claim odds_from",
    "scorecard": "run region indicator",
}  # fmt: skip
"""Table -> the columns that no two of its rows share; of a table of ``data/raw`` its contract says them."""


@dataclass(frozen=True)
class Field:
    """A column: name, type, head and what that does not say by language, unit (``value``: the indicator's), limits."""

    name: str
    type: str = "text"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)


def field_of(table: str, column: str) -> Field:
    """Return what is declared of a column, of its table before any other; raise KeyError if nothing is."""
    declared, stem = read_fields(), stem_of(column)
    own = declared.get(f"{table}.{stem}")
    line = own or declared[stem]
    return Field(
        name=column,
        type=line["type"],
        unit=line["unit"] or (_in_brackets(column) if line["type"] == "number" else ""),
        low=float(line["low"]) if line["low"] else None,
        high=float(line["high"]) if line["high"] else None,
        words=_in_contract(table, column) or getattr(vocab, line["words"] or "none", ()),
        titles={lang: head_of(column, lang) for lang in LANGUAGES},
        meanings={lang: text(f"meaning_{column}", lang) for lang in LANGUAGES if column in EXPLAINED and not own},
    )


@cache
def read_fields() -> dict[str, dict[str, str]]:
    """Return what ``fields.csv`` says: a column, or one column of a table before it, -> its line."""
    lines = files("xk.running.report").joinpath("fields.csv").read_text(encoding="utf-8").splitlines()
    return {line["column"]: line for line in csv.DictReader(lines)}


def _in_contract(table: str, column: str) -> tuple[str, ...]:
    contract = read_contracts().get(table)
    return contract.columns[column].words if contract and column in contract.columns else ()


def _in_brackets(column: str) -> str:
    """Return the unit that a head names at its end: attainment (%)."""
    head, bracket, unit = head_of(column, "en").removesuffix(")").rpartition(" (")
    return unit if bracket else ""


def key_of(table: str, columns: Iterable[str]) -> list[str]:
    """Return the columns by which the rows of a table are told apart; none where one of them is missing."""
    contract, there = read_contracts().get(table), set(columns)
    key = KEYS[table].split() if table in KEYS else contract.key if contract else []
    return key if there.issuperset(key) else []


def typed(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose years, counts and truth values are such, also where some are missing."""
    wanted = {name: DTYPES.get(field_of(table, str(name)).type) for name in frame.columns}
    dtypes = {name: dtype for name, dtype in wanted.items() if dtype and not _is_such(frame[name], dtype)}
    return frame.astype(dtypes)


def _is_such(cells: pd.Series, dtype: str) -> bool:
    return is_integer_dtype(cells) if dtype == "Int64" else cells.dtype in ("bool", "str")  # yes and no stay words

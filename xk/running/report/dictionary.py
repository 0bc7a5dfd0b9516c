"""The data dictionary as a page: tables of ``data/raw`` by their contracts, then the columns that are published."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from xk import vocab
from xk.contracts.declarations import Contract, read_contracts
from xk.running.report.book import BOUND, EXPLAINED, head_of
from xk.running.report.fields import read_fields
from xk.vocab import LANGUAGES, text

PAGES = {lang: f"docs/{lang}/dictionary.md" for lang in LANGUAGES}
"""Language -> where the page lies in the folder of a project."""


def cell(words: object) -> str:
    """Return what stands in a cell of a Markdown table: on one line, no bar of its own."""
    said = re.sub(r"\s+", " ", str(words)).replace("|", "\\|")
    return said if said.startswith("`") else said.replace("<", "&lt;")


def table(*rows: tuple[object, ...]) -> str:
    """Return rows, the head first, as a Markdown table."""
    head, *body = (f"| {' | '.join(map(cell, row))} |" for row in rows)
    return "\n".join([head, "|---" * len(rows[0]) + "|", *body])


@cache
def column_words() -> dict[str, dict[str, str]]:
    """Return column, or ``table.column``, -> language -> what it means, of those that the workbook does not name."""
    lines = files("xk.running.report").joinpath("columns.csv").read_text(encoding="utf-8").splitlines()
    return {line.pop("column"): line for line in csv.DictReader(lines)}


def head_in(table_name: str, column: str, lang: str) -> str:
    """Return what a column is called: in ``columns.csv``, of its table before any other, else in the workbook."""
    own = column_words()
    return next((own[name][lang] for name in (f"{table_name}.{column}", column) if name in own), None) or head_of(
        column, lang
    )


def dictionary_page(lang: str) -> str:
    """Return the page in a language."""
    pieces = [f"# {text('dictionary_title', lang)}", text("dictionary_about", lang)]
    pieces += [f"## {text('dictionary_raw', lang)}"]
    for name, contract in read_contracts().items():
        heads = [text(f"dictionary_{key}", lang) for key in ("column", "meaning", "type", "needed", "words")]
        pieces += [f"### {name}", table(tuple(heads), *_columns(name, contract, lang))]
    heads = [text(f"dictionary_{key}", lang) for key in ("column", "meaning", "type", "unit", "bounds", "words")]
    return "\n\n".join([*pieces, f"## {text('dictionary_out', lang)}", table(tuple(heads), *_published(lang))]) + "\n"


def _columns(name: str, contract: Contract, lang: str) -> list[tuple[object, ...]]:
    """Return a row a column of a table; one in several languages is one row."""
    keys = {one for key in contract.keys for one in key}
    links = {
        one.column: f"→ {one.names}"
        + (f", {text('dictionary_several', lang, separator=one.separator)}" if one.separator else "")
        for one in contract.links
    }
    rows: dict[str, tuple[object, ...]] = {}
    for one in contract.columns.values():
        stem = re.sub(rf"_({'|'.join(LANGUAGES)})$", "", one.name)
        shown = f"`{one.name}`" if stem == one.name else f"`{stem}_<lang>`"
        key = f" ({text('dictionary_key', lang)})" if one.name in keys else ""
        listed = ", ".join(one.words) or links.get(one.name, "")
        needed = text(f"dictionary_{one.needed}", lang)
        rows[shown] = (shown + key, head_in(name, stem, lang), one.type, needed, listed)
    return list(rows.values())


def _published(lang: str) -> Iterator[tuple[object, ...]]:
    """Yield a row a column that goes out."""
    for column, line in read_fields().items():
        stem = column.rpartition(".")[2]
        meaning = head_of(f"{stem}80" if BOUND.fullmatch(f"{stem}80") else stem, lang)
        meaning += f": {text(f'meaning_{stem}', lang)}" if stem in EXPLAINED else ""
        unit = text("dictionary_of_line", lang) if line["unit"] == "value" else line["unit"]
        bounds = f"{line['low']} … {line['high']}" if line["low"] or line["high"] else ""
        listed = ", ".join(getattr(vocab, line["words"])) if line["words"] else ""
        yield (f"`{column}`", meaning, line["type"], unit, bounds, listed)

"""The label table: every text in every language, every key asked for, none without use; a third language is data."""

from __future__ import annotations

import ast
import csv
import json
import os
import re
import shutil
import string
import subprocess
import sys
import textwrap
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from inspect import isfunction, signature
from pathlib import Path

import pandas as pd
import pytest

from xk import vocab
from xk.arithmetic.projection import METHODS
from xk.contracts.declarations import read_contracts
from xk.exhibits import Columns
from xk.vocab import LANGUAGES, language, read_labels, text
from xk.vocab.languages import chinese_numeral

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "xk"
FILE = PACKAGE / "vocab" / "labels.csv"
HAN = r"[\u3400-\u9fff]"
# Signs that stand in Chinese text in their full width.
HALF_WIDTH = re.compile(rf"{HAN}\s*[,;:?!()](?!\d)|[,;:?!(]\s*{HAN}")
LATIN_NAMES = r"Theta|logit|HTML|PDF|CSV|Excel|Parquet|XLSX|SHA-256|JSON|TOML|Wilson|SDG|UN|SDSN|ESCAP|Destatis|Open"
# Words that only keys of labels begin with: what begins so in the code is a key, wherever it stands.
FAMILIES = (
    "alt", "axis", "book", "caption", "column", "diff", "empty", "fact", "formula", "legend", "page",
    "runs", "section", "sheet",
)  # fmt: skip
CLOSED_LISTS = {
    "status": vocab.STATUSES,
    "kind": (*vocab.KINDS, vocab.ASSUMED, *vocab.AHEAD_KINDS),
    "direction": vocab.DIRECTIONS,
    "relation": vocab.RELATIONS,
    "prices": (*vocab.PRICE_BASE_WORDS, "none", "of"),
    "method": tuple(METHODS),
    "runs_lang": LANGUAGES,
    "big": tuple(f"1e{power}" for lang in LANGUAGES for power in language(lang).powers),
}

Row = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """A place that asks for a label: its key as a pattern, the names of the values that it gives."""

    where: str
    pattern: str
    is_constant: bool
    values: frozenset[str] | None


def sources() -> Iterator[tuple[Path, str]]:
    """Yield every module of the library and every code cell of the notebooks."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield from ((path, "".join(cell["source"])) for cell in cells if cell["cell_type"] == "code")


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    """Return all that the code is made of, with its file; read where a test asks, as all processes collect tests."""
    return [(path.relative_to(ROOT).as_posix(), node) for path, code in sources() for node in ast.walk(ast.parse(code))]


@cache
def templates() -> str:
    files = sorted((PACKAGE / "running").rglob("*.j2"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def pattern_of(node: ast.JoinedStr) -> str:
    """Return what an f-string can be, with a group for each of its places."""
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"(\w+?)" for part in node.values)


def keys_of(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield (pattern, whether it is one key) for every key that an expression can be; nothing where it is a name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value), True
    elif isinstance(node, ast.IfExp):
        yield from keys_of(node.body)
        yield from keys_of(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield pattern_of(node), False
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        for left, _ in keys_of(node.left):
            yield left + r"(\w+?)", False


# What a call puts before its first argument to have a key.
PREFIXES = {"text": "", "noted": "", "section": "section_", "Reason": "reason_", "clause": "reason_"}
# The columns that tables are made of, each with the names of its arguments.
COLUMNS = {name: list(signature(call).parameters)[1:] for name, call in vars(Columns).items() if isfunction(call)}


def arguments_of(call: ast.Call, names: Collection[str]) -> dict[str, ast.expr]:
    """Return the arguments of a call by their names."""
    return dict(zip(names, call.args, strict=False)) | {one.arg: one.value for one in call.keywords if one.arg}


def makes_column(call: ast.Call, name: str) -> bool:
    """Whether a call is one of a method of `Columns`, which modules hold under the name ``show``."""
    if name not in COLUMNS or not isinstance(call.func, ast.Attribute):
        return False
    made = call.func.value
    return getattr(made, "id", "") == "show" or (
        isinstance(made, ast.Call) and getattr(made.func, "id", "") == "Columns"
    )


def labels_of(call: ast.Call) -> Iterator[tuple[str, bool]]:
    """Yield (pattern, whether it is one key) for every label that a call asks for."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    drawn = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") in ("ax", "axes", "plt")
    if makes_column(call, name) and name == "table":
        asked = {one.arg for one in call.keywords if isinstance(one.value, ast.Constant) and one.value.value is True}
        said = ("caption", *({"note", "empty"} & asked))
        yield from ((f"{what}_{pattern}", constant) for pattern, constant in keys_of(call.args[0]) for what in said)
    elif makes_column(call, name):
        given = arguments_of(call, COLUMNS[name])
        yield from keys_of(given["key"]) if "key" in given else ()
        yield from (
            (rf"{prefix}_(\w+?)", False) for prefix, _ in (keys_of(given["prefix"]) if "prefix" in given else ())
        )
    elif name in PREFIXES and call.args and not drawn:
        yield from ((PREFIXES[name] + pattern, constant) for pattern, constant in keys_of(call.args[0]))


def values_of(call: ast.Call) -> frozenset[str] | None:
    """Return the names of the values that a call gives to its label; None where they are not told there."""
    names = [keyword.arg for keyword in call.keywords]
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if None in names or not (name in ("text", "noted") or makes_column(call, name)):
        return None
    return frozenset(name for name in names if name and name != "lang")


@cache
def asked_for() -> list[Asked]:
    return [
        Asked(f"{where}:{node.lineno}", pattern, constant, values_of(node))
        for where, node in nodes()
        if isinstance(node, ast.Call)
        for pattern, constant in labels_of(node)
    ]


def word_columns() -> Iterator[str]:
    """Yield what a column of words asks for: a key of its family for every word that is in its cells."""
    for node in (node for _, node in nodes() if isinstance(node, ast.Call)):
        if getattr(node.func, "attr", "") == "word" and len(node.args) == 3 and isinstance(node.args[2], ast.Constant):
            yield rf"{node.args[2].value}_(\w+?)"


def strings() -> Iterator[str]:
    """Yield every string of the code that is no docstring."""
    alone = {node.value for _, node in nodes() if isinstance(node, ast.Expr)}
    for _, node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in alone:
            yield node.value


@cache
def words() -> set[str]:
    """Return the words that stand in the code and in the templates."""
    said = {word for said in (*strings(), templates()) for word in re.findall(r"\w+", said)}
    return said | {f"{word}_{lang}" for word in said for lang in LANGUAGES}


def patterns() -> set[str]:
    """Return what keys that code makes can be.

    The keys of section() and of clause() are known themselves; a pattern of places alone would fit every key.
    """
    joined = {pattern_of(node) for _, node in nodes() if isinstance(node, ast.JoinedStr)}
    found = {one.pattern for one in asked_for() if not one.is_constant} - {
        r"section_(\w+?)",
        r"reason_(\w+?)",
        r"(\w+?)_(\w+?)",
    }
    return found | {one for one in joined if one.startswith(("sheet_", "status_"))} | set(word_columns())


with FILE.open(encoding="utf-8", newline="") as lines:
    HEAD, *CELLS = csv.reader(lines)
ROWS: list[Row] = [dict(zip(HEAD, cells, strict=True)) for cells in CELLS]
KEYS = [row["key"] for row in ROWS]


def fields(label: str) -> set[str]:
    """Return the names of the places of a label; that of a noun with forms is its number's."""
    return {name.partition("|")[0] for _, name, _, _ in string.Formatter().parse(label) if name is not None}


def bare(label: str) -> str:
    """Return a label without its places."""
    return re.sub(r"\{[^}]*\}", "", label)


@cache
def forms_of(lang: str) -> int:
    """Return how many forms a noun has in a language."""
    return len({language(lang).plural(str(number)) for number in range(1000)})


def row_faults(row: Row) -> list[str]:
    """Return what is wrong with one label: a language missing, values or forms that a language lacks."""
    said = [f"no {lang}" for lang in LANGUAGES if not row[lang]]
    if len({frozenset(fields(row[lang])) for lang in LANGUAGES}) > 1:
        said.append("other values in another language")
    for lang in LANGUAGES:
        wanted = forms_of(lang)
        forms = re.findall(r"\{\w+\|([^{}]*)\}", row[lang])
        said += [f"{lang}: not {wanted} forms" for form in forms if len(form.split("|")) != wanted]
    return said


def unused(keys: Iterable[str]) -> list[str]:
    """Return the keys that stand nowhere in the code, and that no f-string makes of words that stand there."""
    said = {word for word in words() if "_" in word} | {f"reason_{word}" for word in words()}
    said |= {one.pattern for one in asked_for() if one.is_constant}
    said |= {f"{prefix}_{word}" for prefix, words in CLOSED_LISTS.items() for word in words}
    said |= {f"field_{column}" for contract in read_contracts().values() for column in contract.columns}
    made = [re.compile(pattern) for pattern in patterns()]
    return [key for key in keys if key not in said and not any(_makes(one, key) for one in made)]


def _makes(pattern: re.Pattern[str], key: str) -> bool:
    found = pattern.fullmatch(key)
    return found is not None and all(part in words() or part.isdigit() for part in found.groups())


def missing(keys: Collection[str]) -> set[str]:
    """Return what is asked for in code, templates or notebooks and is no key."""
    known = {re.escape(key) for key in keys}
    asked = {
        f"{one.where}: {one.pattern}"
        for one in asked_for()
        if one.pattern not in known and not any(re.fullmatch(one.pattern, key) for key in keys)
    }
    asked |= set(re.findall(r"""\btext\(["']([^"']+)""", templates())) - set(keys)
    return asked | {word for word in strings() if re.fullmatch(rf"({'|'.join(FAMILIES)})_(\w*[a-z0-9])", word)} - set(
        keys
    )


def test_labels_are_found() -> None:
    assert len(ROWS) > 150
    assert len(asked_for()) > 50


def test_the_table_is_in_order() -> None:
    assert HEAD == ["key", *LANGUAGES]
    assert sorted(set(KEYS)) == KEYS, "sort the rows by key, each key once"
    assert not [key for key in KEYS if not re.fullmatch(r"[a-z][a-z0-9_]*", key)]
    assert b"\r" not in FILE.read_bytes()


def test_every_label_says_the_same_in_every_language() -> None:
    """Else a text or a value would be lost in one of them."""
    faults = {row["key"]: said for row in ROWS if (said := row_faults(row))}
    assert not faults
    assert not [row["key"] for row in ROWS if "" in fields(row[LANGUAGES[0]])], "values have names"


@pytest.mark.parametrize(
    ("label", "faults"),
    [
        ({"zh": "{n}项", "en": "{n} {n|line|lines}"}, []),
        ({"zh": "指标", "en": ""}, ["no en"]),
        ({"zh": "{n}项", "en": "{m} lines"}, ["other values in another language"]),
        ({"zh": "{n}项", "en": "{n} {n|line}"}, ["en: not 2 forms"]),
        ({"zh": "{n}{n|项|项}", "en": "{n} {n|line|lines}"}, ["zh: not 1 forms"]),
    ],
)
def test_a_faulty_label_is_recognised(label: Row, faults: list[str]) -> None:
    assert row_faults(label) == faults


def test_every_key_is_used() -> None:
    assert unused(KEYS) == []
    made_up = ["unheard", "caption_unheard", "note_unheard", "status_house_unheard", "section_unheard"]
    assert unused(made_up) == made_up


@pytest.mark.parametrize(
    ("code", "labels"),
    [
        ('words.text("total")', [("total", True)]),
        ('axes.text("total")', []),
        ('section("sources", lang="zh")', [("section_sources", True)]),
        ('show.share("column_weight", "weight")', [("column_weight", True)]),
        ('show.number("a" if wide else "b", said)', [("a", True), ("b", True)]),
        ('show.share(f"legend_{kind}", kind)', [(r"legend_(\w+?)", False)]),
        ('show.group(source, "column_source")', [("column_source", True)]),
        ("show.group(source)", []),
        ('show.word("column_why", "rule", "comparison")', [("column_why", True), (r"comparison_(\w+?)", False)]),
        ('Columns(words).word("column_side", "side", prefix="side")', [("column_side", True), (r"side_(\w+?)", False)]),
        ('show.table("tasks", rows, columns, note=True, n=2)', [("caption_tasks", True), ("note_tasks", True)]),
        ('names.count("column_side")', []),
    ],
)
def test_labels_are_seen_wherever_they_are_asked_for(code: str, labels: list[tuple[str, bool]]) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert list(labels_of(call)) == labels


def test_every_key_that_is_asked_for_is_there() -> None:
    assert missing(KEYS) == set()
    asked = ("page_home", "page_skip", "column_value", "section_key_points", "reason_no_figure", "legend_interval")
    assert len(missing(set(KEYS) - set(asked))) >= len(asked)


def foreign(chinese: str, english: str) -> list[str]:
    """Return what is not of its language in a pair of texts."""
    said = []
    if re.search(HAN, english):
        said.append("English with Chinese characters")
    if re.search(r"[，。；：（）、？！％]", english):
        said.append("English with signs of full width")
    if HALF_WIDTH.search(chinese):
        said.append("Chinese with signs of half width")
    if re.search(r"[A-Za-z]{3,}", re.sub(LATIN_NAMES, "", chinese)) and not re.search(HAN, chinese):
        said.append("no Chinese word")
    return said


def test_chinese_is_chinese_and_english_is_english() -> None:
    said = {row["key"]: foreign(bare(row["zh"]), bare(row["en"])) for row in ROWS}
    assert not {key: faults for key, faults in said.items() if faults}


def test_no_page_tells_its_readers_commands() -> None:
    """Reports are read by those who type none; the terminal, the workbench and what is filled in may name them."""
    told = [row["key"] for row in ROWS if re.search(r"(?<![\w-])xk [a-z]", row["zh"] + " " + row["en"])]
    assert {key.partition("_")[0] for key in told} <= {"app", "bench", "init", "template"}


@pytest.mark.parametrize(
    ("chinese", "english", "faults"),
    [
        ("指标", "indicator", 0),
        ("Theta", "theta", 0),
        ("按logit变化", "logit changes", 0),
        ("indicator", "indicator", 1),
        ("指标,目标", "indicator, target", 1),
        ("指标", "指标", 1),
        ("指标", "indicator（s）", 1),
    ],
)
def test_foreign_text_is_recognised(chinese: str, english: str, faults: int) -> None:
    assert len(foreign(chinese, english)) == faults


def test_every_label_gets_the_values_that_it_names() -> None:
    lacking = {
        one.where: without
        for one in asked_for()
        if one.is_constant and one.values is not None
        if (without := fields(read_labels()[LANGUAGES[0]][one.pattern]) - one.values)
    }
    assert not lacking


@pytest.mark.parametrize(("prefix", "words"), CLOSED_LISTS.items())
def test_every_word_of_a_closed_list_has_a_label(prefix: str, words: tuple[str, ...]) -> None:
    assert {f"{prefix}_{word}" for word in words} <= set(KEYS)


def test_units_of_measure_and_regions_are_named_in_every_language() -> None:
    for name in ("measures.csv", "regions.csv"):
        table = pd.read_csv(ROOT / "data" / "raw" / name, dtype=str, keep_default_na=False)
        assert len(table)
        assert (table[list(vocab.columns_of("name"))] != "").all(axis=None)
        assert not any(re.search(HAN, name) for name in table["name_en"])


def test_text_puts_values_in_their_places() -> None:
    assert text("reason_no_trend", n=1, year=2016) == "只有1个年份的数值，也没有可参照的趋势，无法推算"
    assert text("per_cent", "en", value="3.5") == "3.5 %"


def test_a_noun_follows_its_number() -> None:
    said = [text("reason_no_trend", "en", n=n, year=2016).partition(" of ")[0] for n in (1, 2, 11, 0)]
    assert said == ["only 1 year", "only 2 years", "only 11 years", "only 0 years"]
    assert text("diff_count_indicator_new", "en", n=1) == "1 new indicator"
    assert text("diff_count_target", "en", n=2) == "2 changes to targets"
    assert not [row["key"] for row in ROWS if re.search(r"\(s\)|\[s\]", row["en"])]


@pytest.mark.parametrize(
    ("number", "numeral"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三"), (99, "九十九"), (100, "100")],
)
def test_chinese_numerals(number: int, numeral: str) -> None:
    assert chinese_numeral(number) == numeral


def test_unknown_keys_and_languages_are_refused() -> None:
    with pytest.raises(KeyError, match="no_such_key"):
        text("no_such_key")
    with pytest.raises(KeyError, match="unknown language 'de'; known: zh, en"):
        text("dash", "de")


def test_the_table_is_read_when_a_text_is_asked_for() -> None:
    code = "from xk.vocab import read_labels as r, text; a = r.cache_info().misses; text('dash'); text('total');"
    assert run_python(code + "print(a, r.cache_info().misses)") == "0 1"


def test_a_third_language_is_a_column_and_an_entry(tmp_path: Path) -> None:
    """A copy of the library gets a toy language: nothing but the table and the list of languages knows of it."""
    shutil.copytree(PACKAGE, tmp_path / "xk", ignore=shutil.ignore_patterns("__pycache__"))
    table = tmp_path / "xk" / "vocab" / "labels.csv"
    dashed = {key: f"-{key}-" for key in KEYS} | {"diff_count_target": "{n} {n|uno|duo|multi}"}
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*HEAD, "tl"], *([*row.values(), dashed[row["key"]]] for row in ROWS)])
    entries = tmp_path / "xk" / "vocab" / "languages.py"
    written = entries.read_text(encoding="utf-8")
    entry = 'Language("tl", "tl", "\'", False, (6,), lambda n: min(int(n), 3) - 1, lambda places: "*" * places[-1]),'
    entries.write_text(written.replace("\n)  # fmt: skip\nLANGUAGES", f"\n    {entry}\n)\nLANGUAGES"), encoding="utf-8")
    code = """
        from xk.contracts.declarations import contract_of
        from xk.exhibits import number
        from xk.vocab import LANGUAGES, language, text
        print(LANGUAGES[-1], text("dash", "tl"), *(text("diff_count_target", "tl", n=n) for n in (1, 2, 9)),
              text("dash"), list(contract_of("domains").columns)[2:5],
              number(1234.5, "tl"), language("tl").heading((1, 2)), sep="; ")
    """
    said = "tl; -dash-; 1 uno; 2 duo; 9 multi; —; ['name_zh', 'name_en', 'name_tl']; 1'234.5; **"
    assert run_python(code, library=tmp_path) == said


def run_python(code: str, *, library: Path = ROOT) -> str:
    """Return what `code` prints in a process of its own that has the library from `library`."""
    env = os.environ | {"PYTHONPATH": str(library), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, cwd=library, env=env, capture_output=True, encoding="utf-8", check=True)
    return done.stdout.strip()

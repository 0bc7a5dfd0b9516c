"""The label table: every text in both languages, every key that is asked for, every word of a closed list."""

from __future__ import annotations

import ast
import importlib
import json
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from xk import vocab
from xk.arithmetic.projection import METHODS
from xk.vocab import LABELS, LANGUAGES, text

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "xk"
HAN = r"[\u3400-\u9fff]"
# Signs that stand in Chinese text in their full width.
HALF_WIDTH = re.compile(rf"{HAN}\s*[,;:?!()](?!\d)|[,;:?!(]\s*{HAN}")
# Headings are numbered 一、(一) in Chinese, 1, 1.1 in English.
OWN_VALUES = {"number.section", "number.subsection"}
LATIN_NAMES = r"Theta|logit|HTML|PDF|CSV|Excel|Parquet|XLSX|SHA-256|JSON|TOML|Wilson|SDG|UN|SDSN|ESCAP|Destatis|Open"


@dataclass(frozen=True)
class Asked:
    """A place that asks for a label: its key as a pattern, the names of the values that it gives."""

    where: str
    pattern: str
    is_constant: bool
    values: frozenset[str] | None


def trees() -> Iterator[tuple[str, ast.AST]]:
    """Yield every module of the library and every code cell of the notebooks, parsed."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield path.relative_to(ROOT).as_posix(), ast.parse("".join(cell["source"]))


TREES = list(trees())


def keys_of(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield (pattern, whether it is one key) for every key that an expression can be; nothing where it is a name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value), True
    elif isinstance(node, ast.IfExp):
        yield from keys_of(node.body)
        yield from keys_of(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        parts = [re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values]
        yield "".join(parts), False
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        for left, _ in keys_of(node.left):
            yield left + ".+", False


def asked_for() -> list[Asked]:
    found = []
    for where, tree in TREES:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            if getattr(node.func, "attr", getattr(node.func, "id", "")) != "text":
                continue
            if isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in ("ax", "axes", "plt"):
                continue
            names = [keyword.arg for keyword in node.keywords]
            values = None if None in names else frozenset(name for name in names if name and name != "lang")
            found += [
                Asked(f"{where}:{node.lineno}", pattern, constant, values)
                for pattern, constant in keys_of(node.args[0])
            ]
    return found


ASKED = asked_for()


def fields(label: str) -> set[str]:
    """Return the names of the places of a label."""
    return {name for _, name, _, _ in string.Formatter().parse(label) if name is not None}


def bare(label: str) -> str:
    """Return a label without its places."""
    return re.sub(r"\{[^}]*\}", "", label)


def test_labels_are_found() -> None:
    assert len(LABELS) > 150
    assert len(ASKED) > 50


def test_every_label_is_there_in_every_language() -> None:
    wrong = {
        key: label
        for key, label in LABELS.items()
        if len(label) != len(LANGUAGES) or not all(isinstance(words, str) and words for words in label)
    }
    assert not wrong


def test_every_language_names_the_same_values() -> None:
    """Else a value would be lost in one language."""
    wrong = {key: label for key, label in LABELS.items() if fields(label[0]) != fields(label[1])}
    assert set(wrong) <= OWN_VALUES, wrong
    assert not [key for key, label in LABELS.items() if "" in fields(label[0])], "values have names"


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
    said = {key: foreign(*map(bare, label)) for key, label in LABELS.items()}
    assert not {key: faults for key, faults in said.items() if faults}


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


def test_no_key_stands_in_two_tables() -> None:
    """Of two texts under one key, the first would vanish in silence."""
    modules = [importlib.import_module(f"xk.vocab.{path.stem}") for path in (PACKAGE / "vocab").glob("*labels.py")]
    tables = {module.__name__: _own_tables(module) for module in modules}
    keys = [key for own in tables.values() for key in {key for table in own for key in table}]
    inside = [key for table in tables["xk.vocab.labels"] for key in table]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []
    assert sorted({key for key in inside if inside.count(key) > 1}) == []
    assert set(keys) == set(LABELS), "every table is merged"


def _own_tables(module: ModuleType) -> list[dict[str, tuple[str, str]]]:
    """Return the label tables that are written in a module, not those that it merges."""
    merged = module.__name__ == "xk.vocab.labels"
    return [
        table
        for name, table in vars(module).items()
        if name.isupper() and isinstance(table, dict) and not (merged and name.endswith("LABELS"))
    ]


def test_every_key_that_is_asked_for_is_there() -> None:
    assert not [f"{one.where}: {one.pattern}" for one in ASKED if not matching(one)]


def test_every_label_gets_the_values_that_it_names() -> None:
    missing = {
        one.where: lacking
        for one in ASKED
        if one.is_constant and one.values is not None
        if (lacking := fields("".join(LABELS[matching(one)[0]])) - one.values)
    }
    assert not missing


def matching(asked: Asked) -> list[str]:
    """Return the keys that a place can ask for."""
    return [key for key in LABELS if re.fullmatch(asked.pattern, key)]


def test_templates_ask_for_keys_that_are_there() -> None:
    files = sorted((PACKAGE / "running" / "report" / "templates").rglob("*.j2"))
    asked = {key for path in files for key in re.findall(r"""\btext\(["']([^"']+)""", path.read_text(encoding="utf-8"))}
    assert asked
    assert asked <= set(LABELS)


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("status", vocab.STATUSES),
        ("kind", (*vocab.RESULT_KINDS, "scenario")),
        ("direction", vocab.DIRECTIONS),
        ("relation", vocab.RELATIONS),
        ("prices", (*vocab.PRICE_BASE_WORDS, "none", "of")),
        ("method", tuple(METHODS)),
    ],
)
def test_every_word_of_a_closed_list_has_a_label(prefix: str, words: tuple[str, ...]) -> None:
    assert {f"{prefix}_{word}" for word in words} <= set(LABELS)


def test_every_reason_has_a_label() -> None:
    reasons = {
        pattern: (constant, where)
        for where, tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason" and node.args
        for pattern, constant in keys_of(node.args[0])
    }
    assert len(reasons) > 8
    for pattern in reasons:
        assert [key for key in LABELS if re.fullmatch(f"reason_{pattern}", key)], f"no label reason_{pattern}"


def test_units_of_measure_and_regions_are_named_in_both_languages() -> None:
    for name in ("measures.csv", "regions.csv"):
        table = pd.read_csv(ROOT / "data" / "raw" / name, dtype=str, keep_default_na=False)
        assert len(table)
        assert (table[["name_zh", "name_en"]] != "").all(axis=None)
        assert not table["name_en"].str.contains(HAN).any()


def test_text_puts_values_in_their_places() -> None:
    assert text("reason_no_trend", n=1, year=2016) == "只有1个年份的数值，也没有可参照的趋势，无法推算"
    assert text("per_cent", "en", value="3.5") == "3.5 %"


def test_english_has_its_plurals() -> None:
    said = [text("reason_no_trend", "en", n=n, year=2016).partition(" of ")[0] for n in (1, 2, 11, 0)]
    assert said == ["only 1 year", "only 2 years", "only 11 years", "only 0 years"]
    assert text("diff.count_indicator_new", "en", n=1) == "1 new indicator"
    assert text("diff.count_target", "en", n=2) == "2 changes to targets"
    assert [key for key, labels in LABELS.items() if "(s)" in labels[1]] == []


@pytest.mark.parametrize("key", [key for key, labels in LABELS.items() if "[s]" in "".join(labels)])
def test_a_plural_follows_its_number(key: str) -> None:
    chinese, english = LABELS[key]
    assert "[s]" not in chinese
    assert "[s]" not in text(key, "en", **dict.fromkeys(re.findall(r"{(\w+)}", english), 3))


def test_unknown_keys_and_languages_are_refused() -> None:
    with pytest.raises(KeyError, match="no_such_key"):
        text("no_such_key")
    with pytest.raises(KeyError, match="unknown language 'de'; known: zh, en"):
        text("dash", "de")

"""Cells: figures, missing ones, doubts with both readings, years, names with units; no digit is added or lost."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from xk.readers.cells import clean, convert, read_period, split_name, unit_scale


@pytest.mark.parametrize(
    ("cell", "value", "note"),
    [
        (38.5, 38.5, ""), (0, 0, ""), ("38.5①", 38.5, "①"), ("38²", 38, "²"), ("1,234.5", 1234.5, "thousands"), ("１，２３４", 1234, "thousands"),
        ("12 345", 12345, "thousands"), ("-3", -3, ""), ("－3", -3, ""), ("−3", -3, ""), ("38.5[注1]", 38.5, "[注1]"), ("38.5 e", 38.5, "e"),
        ("30.4 (p)", 30.4, "mark p"), ("30.4(p)", 30.4, "mark p"), ("30.4p", 30.4, "mark p"), ("25,700 (b)", 25700, "mark b"), ("38.5%（p）", 38.5, "mark p"),
        ("25,700 bp", 25700, "mark bp"), ("31.1ᵖ", 31.1, "mark p"), ("31.1[p]", 31.1, "mark [p]"), ("2E3", 2000, ""),
        ("1234567890123456789.5", 1234567890123456789.5, "rounded to"),
    ],
)  # fmt: skip
def test_figures_keep_their_digits(cell: str | float, value: float, note: str) -> None:
    seen = clean(cell)
    assert (seen.value, seen.doubt) == (value, "")
    assert note in "; ".join(seen.notes)


@pytest.mark.parametrize(
    ("cell", "why"),
    [(":", "unavailable"), (": u", "unavailable"), ("n/a", "unavailable"), (": c", "withheld"), (None, "empty"), ("", "empty"), (float("nan"), "empty"), ("-", "none"), ("—", "none"), ("…", "less_than_unit"),
     ("...", "less_than_unit"), ("x", "withheld"), ("…①", "less_than_unit")],
)  # fmt: skip
def test_why_there_is_no_figure_is_kept(cell: str | float | None, why: str) -> None:
    seen = clean(cell)
    assert (seen.value, seen.missing, seen.doubt) == (None, why, "")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1,5", "1.5 (decimal comma) or 15 (a comma too many)"), ("0,385", "'0,385' is 0.385 with a decimal comma, or mistyped"), ("0,55", "is 0.55 with"), ("1.234,5", "1234.5"),
        ("1,2345", "1.2345 (decimal comma) or 12345"), ("(3)", "-3 (bookkeeping) or 3"),
        ("△2.3", "-2.3 (bookkeeping) or 2.3"), ("▲ 2.3%", "-2.3% (bookkeeping) or 2.3%"), (">5", "no exact figure"),
        ("#REF!", "error of a formula"), (True, "TRUE is no figure"), (date(2016, 3, 5), "is a date or a time"),
        *((cell, "or in another unit: say in a note what") for cell in ("3.5h", "12k", "5m", "3e", "5 m", "12 kg", "25,700b", "5 bn", "31.1 (k)")),
        (float("inf"), "no figure"), ("٣", "no figure"), ("1e999", "too large"),
    ],
)  # fmt: skip
def test_what_has_two_readings_or_none_is_not_read(cell: str | float | date, words: str) -> None:
    seen = clean(cell)
    assert seen.value is None
    assert words in seen.doubt


@pytest.mark.parametrize(
    ("cell", "year"),
    [(2016, 2016), (2016.0, 2016), ("2016年", 2016), ("2016年度", 2016), ("2016①", 2016), ("二〇一六年", 2016), ("2016 [YR2016]", 2016),
     ("2016p", 2016), ("2016 (b)", 2016), ("YR2016", 2016), ("２０１６", 2016), (1899, None), (2201, None), ("16", None), (True, None), ("2016-2020", None), ("指标", None)],
)  # fmt: skip
def test_years(cell: str | float, year: int | None) -> None:
    period = read_period(cell)
    assert (period and period.year) == year
    assert not (period and period.finer)


@pytest.mark.parametrize(
    "cell", ["2016年1月", "2016-03", "03/2016", "2016Q1", "2016年一季度", "Q1 2016", "2016年1-2月", date(2016, 3, 1)]
)
def test_parts_of_years_are_no_years(cell: str | date) -> None:
    period = read_period(cell)
    assert period and period.year == 2016 and period.finer


@pytest.mark.parametrize(
    ("text", "name", "unit", "price"),
    [
        ("能源消费总量(万吨标准煤)", "能源消费总量", "万吨标准煤", ""), ("国民总收入指数(1978年=100)", "国民总收入指数", "1978年=100", ""),
        ("GDP per capita (yuan, 2010 prices)", "GDP per capita", "yuan", "2010"),
        ("GDP (yuan; at constant 2015 prices)", "GDP", "yuan", "2015"),
        ("人均GDP（按2010年价格，元）", "人均GDP", "元", "2010"), ("从业人员（不含研究生）（人）", "从业人员(不含研究生)", "人", ""),
        ("GDP (current US$)", "GDP (current US$)", "", ""), ("用水量，亿立方米", "用水量", "亿立方米", ""),
        ("三馆一站及村（社区）覆盖率", "三馆一站及村(社区)覆盖率", "", ""), ("Unemployment rate(%)", "Unemployment rate", "%", ""),
        ("森林覆盖率%", "森林覆盖率", "%", ""), ("森林覆盖率 ％", "森林覆盖率", "%", ""), ("人均GDP 元", "人均GDP", "元", ""), ("Number of persons", "Number of persons", "", ""),
    ],
)  # fmt: skip
def test_units_and_price_bases_are_taken_out_of_names(text: str, name: str, unit: str, price: str) -> None:
    assert split_name(text)[:3] == (name, unit, price)


@pytest.mark.parametrize(
    ("unit", "factor", "base"),
    [("万元", "10000", "元"), ("亿元", "100000000", "元"), ("‰", "0.1", "%"), ("人/10万人", "0.00001", "人/人"),
     ("平方米/百户", "0.01", "平方米/户"), ("100 million yuan", "100000000", "元"), ("吨/日", "1", "吨/日")],
)  # fmt: skip
def test_units_have_a_factor_and_a_base(unit: str, factor: str, base: str) -> None:
    assert unit_scale(unit) == (Decimal(factor), base)


def test_conversion_moves_no_digit() -> None:
    """0.57 x 100 is 57, though in doubles it is 56.99999999999999."""
    assert convert(0.57, Decimal(100)) == 57.0


def test_what_the_documents_say_of_cells_is_so(root: Path) -> None:
    """Each line of the table of cells: a figure, none, one that is refused, or a year."""
    table = (root / "docs" / "en" / "files.md").read_text(encoding="utf-8").split("## Cells")[1].split("## ")[0]
    for line in (line for line in table.splitlines() if line.startswith("| `") or line.startswith("| empty")):
        cells, said = line.strip("| ").split(" | ")
        for cell in re.findall("`([^`]+)`", re.sub("`[^`]+` beside", "", cells)):
            seen = clean(cell)
            wanted = {
                "refused": bool(seen.doubt),
                "no figur": bool(seen.missing),
                "2016": read_period(cell) is not None,
            }
            assert next((so for word, so in wanted.items() if said.startswith(word)), seen.value is not None), (
                cell,
                said,
            )

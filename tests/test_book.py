"""The workbook of a run: a cover that says what it is of, words in the reader's language, notes on every column."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from xk.bench import Question, results_of, words_of
from xk.errors import ReportError
from xk.exhibits import begun
from xk.readers import Store, read_store
from xk.running.report import data
from xk.running.report.book import About, book_bytes
from xk.running.report.data import parts_of
from xk.vocab import read_labels

ABOUT = About(
    "监测报告",
    (("地区", "云浮市"), ("发布日期", "2018-03-04")),
    ("情景报告“提速”", "2 服务业：+4.4点"),
    {"push": "提速"},
)
PUSH = {
    "name": "push",
    "title_zh": "提速",
    "title_en": "Push",
    "indicators": {"services_share_of_gdp": {"change": 4.4}},
}


def tables_of_all(questions: list[Question], store: Store) -> dict[str, pd.DataFrame | None]:
    """Return the tables of one region."""
    return {name: frame for part in parts_of(questions, store) for name, frame in part.items()}


@pytest.fixture(scope="module", params=["zh", "en"])
def book(request: pytest.FixtureRequest) -> tuple[str, dict[str, list[list[Any]]]]:
    """Return a language and the sheets of a workbook in it, of the reference and a scenario."""
    store, lang = read_store(), str(request.param)
    questions = [Question(scenario=scenario, region="yunfu", lang=lang) for scenario in (None, PUSH)]
    words = words_of(questions[0], store, results_of(questions[0], store))
    content = book_bytes(tables_of_all(questions, store), words, ABOUT)
    found = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return lang, {name: found.get_sheet_by_name(name).to_python() for name in found.sheet_names}


def test_the_cover_says_what_it_is_of(book: tuple[str, dict[str, list[list[Any]]]]) -> None:
    lang, sheets = book
    assert list(sheets)[:2] == {"zh": ["封面", "目录"], "en": ["Cover", "Contents"]}[lang]
    said = [[cell for cell in row if cell] for row in next(iter(sheets.values()))]
    assert said[0] == ["监测报告"] and ["地区", "云浮市"] in said and ["发布日期", "2018-03-04"] in said
    assert ["情景报告“提速”"] in said and ["2 服务业：+4.4点"] in said


def test_words_and_numbers_are_a_readers(book: tuple[str, dict[str, list[list[Any]]]]) -> None:
    lang, sheets = book
    _, heads, *rows = sheets[{"zh": "指标汇总", "en": "Summary"}[lang]]
    labels = read_labels()[lang]
    line = {one: dict(zip(heads, row, strict=True)) for row in rows for one in [(row[1], row[2])]}
    title = {"zh": "提速", "en": "提速"}[lang]
    row = line[title, "services_share_of_gdp"]
    assert row[begun(labels["field_region"])] == {"zh": "云浮市", "en": "Yunfu"}[lang]
    assert row[begun(labels["field_status"])] == labels["status_on_track"]
    assert row[begun(labels["field_projected_kind"])] == labels["kind_scenario"]
    # 38.46 + 4 x 4.4, a number and no text
    assert row[begun(labels["field_projected_value"])] == pytest.approx(56.06)
    assert (labels["scenario_reference"], "services_share_of_gdp") in line
    # codes of closed lists are words; what the library itself calls them stays in the CSV
    codes = {
        "trend",
        "scale",
        "method",
        "basis",
        "goal",
        "verdict",
        "rule",
        "relation",
        "due",
        "offices_from",
        "deflator",
    }
    places = {begun(labels[f"field_{code}"]) for code in codes}
    said = [cell for _, head, *body in list(sheets.values())[2:-1]
            for row in body for name, cell in zip(head, row, strict=True) if name in places and cell]  # fmt: skip
    assert said and not [cell for cell in said if isinstance(cell, str) and "_" in cell]


def test_every_column_is_in_the_notes(book: tuple[str, dict[str, list[list[Any]]]]) -> None:
    lang, sheets = book
    *tables, notes = list(sheets.items())[2:]
    heads = {head for _, rows in tables for head in rows[1]}
    told = {row[0] for row in notes[1][2:]}
    added = {begun(read_labels()[lang]["field_name"])}  # names stand beside codes in the workbook alone
    assert heads - added <= told


def test_what_a_sheet_cannot_show_is_said_on_the_cover() -> None:
    store = read_store()
    words = words_of(Question(lang="en"), store, results_of(Question(lang="en"), store))
    tables = {"tasks": store.scheme("yunfu-2020").tasks, "history": None, "results": None}
    found = CalamineWorkbook.from_filelike(io.BytesIO(book_bytes(tables, words, ABOUT)))
    assert found.sheet_names == ["Cover", "Contents", words.text("sheet_tasks"), words.text("book_notes")]
    said = [cell for row in found.get_sheet_by_name("Cover").to_python() for cell in row]
    assert "Too large for a sheet, there as CSV alone: Verdicts by year, Results by year." in said


def test_tables_grow_part_by_part_as_if_written_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty parts add nothing; whole numbers stay such in a column of fractions; texts are guarded in every part."""
    monkeypatch.setattr(data, "MOST_CELLS", 8)
    parts = [
        pd.DataFrame({"a": pd.Series([], dtype="str"), "c": []}),
        pd.DataFrame({"a": ["=x"], "b": [0.5]}),
        pd.DataFrame({"a": [], "b": []}),
        pd.DataFrame({"a": ["县", "+1"], "b": [1, 2]}),
        pd.DataFrame({"a": ["d", "e"], "b": [3.0, 4.0]}),
    ]
    written = data._Written(tmp_path / "t.csv", excel=True)
    kept = []
    for part in parts:
        written.add(part)
        kept.append(None if written.whole is None else len(written.whole))
    content = (tmp_path / "t.csv").read_bytes()
    assert content.decode("utf-8") == "\ufeffa,b\r\n'=x,0.5\r\n县,1.0\r\n+1,2.0\r\nd,3.0\r\ne,4.0\r\n"
    assert kept == [0, 1, 1, 3, None]  # ten cells are more than eight
    with pytest.raises(ReportError, match="t.csv: its parts have other columns: {'c'}"):
        written.add(pd.DataFrame({"a": ["f"], "b": [1.0], "c": [1]}))


def test_what_a_scenario_does_not_change_stands_once() -> None:
    store = read_store()
    one, two = (tables_of_all([Question(region="yunfu", scenario=each) for each in scenarios], store)
                for scenarios in ((None,), (None, PUSH)))  # fmt: skip
    assert len(two["observations"]) == len(one["observations"]) and len(two["held"]) == len(one["held"])
    assert len(two["summary"]) == 2 * len(one["summary"]) and len(two["results"]) >= 2 * len(one["results"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_past_reasons_name_who_lent_the_trend_then(lang: str) -> None:
    """No. 1 of 2012 rests on Guangdong's trend, though its own serves now; score as of 2012 says the same."""
    store = read_store()
    question = Question(region="yunfu", lang=lang)
    history = pd.DataFrame(tables_of_all([question], store)["history"])
    house = history[history["rulebook"] == "house"].set_index(["indicator", "goal", "as_of"])["reason"]
    then = replace(question, as_of=2012)
    words = words_of(then, store, results_of(then, store))
    result = words.results.line("gdp_per_capita")
    lender = words.reference(result.trend)
    assert lender and lender in words.reason(result.verdict.why, result)
    assert house["gdp_per_capita", "target", 2012] == words.reason(result.verdict.why, result)
    assert not history["reason"].str.contains("  |参照趋势，").any()

"""What is doubtful about own figures is told by whatever takes them, and their notes in the language of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from xk.errors import ReportError
from xk.running.cli import main, reports
from xk.vocab import KINDS, PLANNED_KINDS, read_labels
from xk.vocab.figure_notes import noted, recognised, said_notes

BUREAU = """\
地区,指标,单位,2014年,2015年,2016年
云浮市,人均地区生产总值（现价）,万元,2.5,2.7,2.9
云浮市,服务业增加值占GDP比重,%,38.1,38.4,38.8
合计,服务业增加值占GDP比重,%,38.1,38.4,38.8
"""


def doubts(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("? ")]


@pytest.fixture
def bureau(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(root)
    path = tmp_path / "own.csv"
    path.write_text(BUREAU, encoding="utf-8")
    return path


def test_score_and_report_tell_the_doubts_that_read_tells_and_go_on(
    bureau: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object) -> None:
        raise ReportError("here the run begins")

    assert main(["read", str(bureau)]) == 0
    read = capsys.readouterr().out
    prices = "prices: gdp_per_capita current (target: 2010)"
    assert prices in read.splitlines()
    wanted = [f"? {prices}", *doubts(read)]
    assert wanted[1] == "? 1 region(s) not known: 合计" and len(wanted) == 3
    asked = ["--scheme", "yunfu-2020", "--region", "yunfu", "--observations", str(bureau)]
    assert main(["score", *asked, "-o", str(bureau.with_name("scores.csv"))]) == 0
    assert doubts(capsys.readouterr().out) == wanted
    monkeypatch.setattr(reports, "run_reports", stopped)
    assert main(["report", *asked, "--out", str(bureau.with_name("out"))]) == 3
    told = capsys.readouterr()
    assert told.err.splitlines() == [*wanted, "here the run begins"]
    assert not told.out


def test_a_table_that_names_no_region_and_prices_as_the_targets_are_no_doubt(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bureau.write_text("指标,单位,2015年,2016年\n人均地区生产总值（2010年价）,元,27000,29000\n", encoding="utf-8")
    asked = ["--scheme", "yunfu-2020", "--region", "yunfu", "--observations", str(bureau)]
    assert main(["score", *asked, "-o", str(bureau.with_name("scores.csv"))]) == 0
    assert not doubts(capsys.readouterr().out)


def test_prices_are_asked_for_only_where_those_of_the_target_are_stated(
    bureau: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bureau.write_text("指标,单位,2016年\n工业劳动生产率,万元/人,10.5\n人均GDP,元,53000\n", encoding="utf-8")
    asked = ["--scheme", "national-2013", "--region", "china", "--observations", str(bureau)]
    assert main(["score", *asked, "-o", str(bureau.with_name("scores.csv"))]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if "price base not stated" in line]
    assert [line.partition(":")[0] for line in told] == ["own gdp_per_capita"]


NOTES = [
    ("own_note_apostrophe", {}, "' left off", "已去单引号"),
    ("own_note_break", {}, "break in series", "此前序列断开"),
    ("own_note_changed", {"old": "30679", "new": "-1.5e-07"}, "30679 -> -1.5e-07", "由30679改为-1.5e-07"),
    ("own_note_converted", {"factor": "0.1", "unit": "x from ‰"}, "x 0.1 from x from ‰", "由x from ‰换算，×0.1"),
    ("own_note_folded", {}, "full width or blanks folded", "已去全角和空格"),
    ("own_note_hidden", {}, "in a hidden row", "在隐藏行中"),
    ("own_note_hidden_column", {}, "in a hidden column", "在隐藏列中"),
    ("own_note_mark", {"mark": "① ② [注1]"}, "mark ① ② [注1]", "标记① ② [注1]"),
    ("own_note_mark_of_head", {"mark": "①"}, "mark ① of the head", "表头标记①"),
    ("own_note_mark_of_label", {"mark": "* #"}, "mark * # of the label", "行名标记* #"),
    ("own_note_new", {}, "new", "新增"),
    ("own_note_percent", {"value": "0.388"}, "0.388 is shown as per cent", "0.388以百分数显示"),
    ("own_note_period", {"period": "1-12月"}, "taken for the year from 1-12月", "取1-12月的数值为全年数值"),
    ("own_note_prices", {"base": "2010"}, "price base 2010", "价格基准2010"),
    ("own_note_rounded", {"figure": "1.05", "value": "1.0"}, "1.05 rounded to 1.0", "1.05舍入为1.0"),
    ("own_note_separators", {}, "thousands separators left off", "已去千位分隔符"),
    ("kind_estimated", {}, "estimated", "估计值"),
    ("kind_evaluation", {}, "evaluation", "评价值"),
    ("kind_observed", {}, "observed", "实际值"),
    ("kind_preliminary", {}, "preliminary", "初步数"),
    ("kind_target", {}, "target", "目标值"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "facts", "written", "zh"), NOTES)
def test_a_note_is_known_again_by_the_words_in_which_it_was_written(
    key: str, facts: dict[str, str], written: str, zh: str
) -> None:
    assert noted(key, **facts) == written
    assert recognised(written) == (key, facts)
    assert said_notes(written, "zh") == zh


def test_every_note_of_the_label_table_is_walked_above() -> None:
    kinds = {f"kind_{kind}" for kind in (*KINDS, *PLANNED_KINDS)}
    notes = {key for key in read_labels()["en"] if key.startswith("own_note_")} | kinds
    assert {key for key, *_ in NOTES} == notes


@pytest.mark.parametrize("words", ["in a row", "x times from 万元", "newly built", "mark the definition", "a -> b"])
def test_words_of_a_file_are_no_note(words: str) -> None:
    assert recognised(words) == ("", {})
    assert said_notes(words, "zh") == words


@pytest.mark.parametrize(
    ("note", "zh", "en"),
    [
        ("x 10000 from 万元", "由万元换算，×10000", "x 10000 from 万元"),
        ("0.388 is shown as per cent; in a hidden row", "0.388以百分数显示；在隐藏行中",
         "0.388 is shown as per cent; in a hidden row"),
        ("mark ①; ①: 2018年起口径调整", "标记①；①: 2018年起口径调整", "mark ①; ①: 2018年起口径调整"),
        ("mark * of the label; preliminary", "行名标记*；初步数", "mark * of the label; preliminary"),
        ("30679 -> 31502; 按现价", "由30679改为31502；按现价", "30679 -> 31502; 按现价"),
        ("new, as we were told", "new, as we were told", "new, as we were told"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_what_the_reader_notes_is_said_in_the_language_of_the_page(note: str, zh: str, en: str) -> None:
    assert [said_notes(note, lang) for lang in ("zh", "en")] == [zh, en]

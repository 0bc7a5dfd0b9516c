"""What is doubtful about own figures is told by whatever takes them, and their notes in the language of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from xk.errors import ReportError
from xk.running.cli import main, reports
from xk.tables.own_data import said_note

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


@pytest.mark.parametrize(
    ("note", "zh", "en"),
    [
        ("x 10000 from 万元", "由万元换算，×10000", "converted from 万元, × 10000"),
        ("0.388 is shown as per cent; in a hidden row", "0.388以百分数显示；在隐藏行中",
         "0.388 is shown as per cent; in a hidden row"),
        ("mark ①; ①: 2018年起口径调整", "标记①；①: 2018年起口径调整", "mark ①; ①: 2018年起口径调整"),
        ("mark * of the label; preliminary", "行名标记*；初步数", "mark * of the label; preliminary"),
        ("30679 -> 31502; 按现价", "由30679改为31502；按现价", "30679 changed to 31502; 按现价"),
        ("new, as we were told", "new, as we were told", "new, as we were told"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_what_the_reader_notes_is_said_in_the_language_of_the_page(note: str, zh: str, en: str) -> None:
    assert [said_note(note, lang) for lang in ("zh", "en")] == [zh, en]

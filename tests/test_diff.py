"""Since the last run: figures, targets and statuses that changed, found from the tables of two runs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_up import INDICATORS, OBSERVATIONS, SUMMARY, changed, write_run

from xk.errors import UsageError
from xk.running.cli import main
from xk.running.runs.diff import diff_runs, diff_text, previous_run, table_changes


def told(tmp_path: Path, asked: dict[str, Any] | None = None, **tables: pd.DataFrame) -> list[tuple[Any, ...]]:
    changes = diff_runs(write_run(tmp_path / "a"), write_run(tmp_path / "b", asked, **tables))
    return [
        (one.kind, one.indicator or None, one.year or None, one.field or None, one.before, one.after) for one in changes
    ]


def test_same_tables_no_changes(tmp_path: Path) -> None:
    assert told(tmp_path) == []


def test_new_revised_and_withdrawn_figures(tmp_path: Path) -> None:
    """2015 goes, 2016 is revised from 31502 (preliminary) to 31480.5 (observed), 2017 comes."""
    figures = changed(OBSERVATIONS, 1, value=31480.5, kind="observed")
    figures = changed(figures, 0, year=2017, value=33000)
    assert told(tmp_path, observations=figures) == [
        ("figure_new", "gdp", 2017, "value", None, 33000.0),
        ("figure_revised", "gdp", 2016, "value", 31502.0, 31480.5),
        ("figure_restated", "gdp", 2016, "kind", "preliminary", "observed"),
        ("figure_gone", "gdp", 2015, "value", 30000.0, None),
    ]


def test_years_that_another_series_lacks_are_not_withdrawn(tmp_path: Path) -> None:
    """GDP of 2015 and 2016 is from the plan; then from another source, for 2016 alone, and in other prices."""
    before = OBSERVATIONS.assign(series="plan", source_id="plan", price_base="2010")
    other = changed(before[1:], 1, value=31000, price_base="current", series="b", source_id="b")
    runs = [write_run(tmp_path / name, observations=rows) for name, rows in (("a", before), ("b", other))]
    about = pd.DataFrame({"source_id": ["b"], "publisher": ["统计局"], "title": ["公报"]})
    about.to_csv(runs[1] / "data" / "sources.csv", index=False)
    assert diff_text(diff_runs(*runs), "zh").splitlines() == [
        "与上一期相比：1项改用另一数据序列、另一序列的数据1个、不再采用的数据1个、1处单位、价格或性质变更。",
        "改用另一数据序列：1 人均GDP：plan（2015—2016年） → 统计局: 公报（2016年）",
        "另一序列的数据：1 人均GDP 2016年：31502 → 31000",
        "不再采用的数据：1 人均GDP 2015年：30000 → —",
        "单位、价格或性质变更：1 人均GDP 2016年（价格基准）：2010年不变价 → 现价",
    ]


def test_figures_of_another_series_are_neither_new_nor_revised(tmp_path: Path) -> None:
    """Plan for 2015 and 2016, bulletin for 2016 and 2017; then 2018 of the bulletin is new, and 2017 is withdrawn."""
    before = OBSERVATIONS.assign(series="plan")
    other = changed(before, 0, year=2017, value=33000, series="b")
    other = changed(other, 1, value=31502, series="b")
    a, b = (write_run(tmp_path / name, observations=rows) for name, rows in (("a", before), ("b", other)))
    kinds = [(one.kind, one.year) for one in diff_runs(a, b)]
    assert kinds == [("figure_series", 0), ("figure_other", 2017), ("figure_unserved", 2015)]
    c = write_run(tmp_path / "c", observations=changed(other, 0, year=2018, value=34000))
    assert [(one.kind, one.year) for one in diff_runs(b, c)] == [("figure_new", 2018), ("figure_gone", 2017)]


def test_a_run_goes_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        write_run(tmp_path / "runs" / name)
    assert main(["diff", "a", "b", "--out", str(tmp_path / "runs"), "--lang", "en"]) == 0
    assert capsys.readouterr().out == "Nothing differs between a and b.\n"
    write_run(tmp_path / "runs" / "c", summary=changed(SUMMARY, 2, status="on_track"))
    assert main(["diff", "a", "c", "--out", str(tmp_path / "runs"), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("From a to c: 1 status change.\n")
    assert main(["diff", "a", "b", "--out", str(tmp_path)]) == 2


def test_same_number_written_otherwise_is_no_revision(tmp_path: Path) -> None:
    assert told(tmp_path, observations=changed(OBSERVATIONS.astype({"value": str}), 0, value="3e4")) == []


def test_targets_changed_set_and_dropped(tmp_path: Path) -> None:
    targets = changed(changed(INDICATORS, 0, target_value=60000, target_year=2021), 2, target_value=95)
    targets = changed(targets, 1, target_value=None)
    assert told(tmp_path, indicators=targets) == [
        ("target", "gdp", None, "target_year", 2020.0, 2021.0),
        ("target", "gdp", None, "target_value", 58000.0, 60000.0),
        ("target", "forest", None, "target_value", 69.0, None),
        ("target", "water", None, "target_value", None, 95.0),
    ]


def test_statuses_in_the_order_of_the_programme(tmp_path: Path) -> None:
    statuses = changed(changed(SUMMARY, 2, status="on_track"), 0, status="achieved")
    assert told(tmp_path, summary=statuses) == [
        ("status", "gdp", None, "status", "lagging", "achieved"),
        ("status", "water", None, "status", "no_data", "on_track"),
    ]


def test_indicators_come_and_go(tmp_path: Path) -> None:
    new = {"indicator": "homes", "no": "24", "name": "住房"}
    tables = {"indicators": changed(INDICATORS, 2, indicator="homes"), "summary": changed(SUMMARY, 2, **new)}
    assert told(tmp_path, **tables) == [
        ("indicator_new", "homes", None, None, None, None),
        ("indicator_gone", "water", None, None, None, None),
    ]


def test_settings_that_differ(tmp_path: Path) -> None:
    assert told(tmp_path, {"as_of": 2017, "lang": "en"}) == [("setting", None, None, "as_of", 2016, 2017)]


def test_weights_in_place_of_the_programmes(tmp_path: Path) -> None:
    weights = {"gdp": 2.0, "forest": 1.0, "water": 1.0}
    assert told(tmp_path, {"weights": weights}) == [("setting", None, None, "weights", None, weights)]
    said = diff_text(diff_runs(tmp_path / "a", tmp_path / "b"), "en")
    assert "Weights" in said and "the programme's → chosen in place of the programme's" in said


def test_figures_differ_by_vintage_and_by_own_files(tmp_path: Path) -> None:
    revised = changed(OBSERVATIONS, 2, value=69.25)
    before = write_run(tmp_path / "a", {"vintage": "2018-12-31"})
    after = write_run(tmp_path / "b", {"observations": ["a.xls", "b.csv"]}, observations=revised)
    assert diff_text(diff_runs(before, after), "zh").splitlines()[1:] == [
        "设置变更：自有数据文件：— → a.xls、b.csv",
        "设置变更：只计此日前公布的数据：2018-12-31 → 最新",
        "修订数据：2 森林覆盖率 2016年：68.5 → 69.25",
    ]


def test_in_words(tmp_path: Path) -> None:
    tables = {
        "summary": changed(SUMMARY, 0, status="achieved"),
        "observations": changed(OBSERVATIONS, 2, value=69.25),
        "indicators": changed(INDICATORS, 0, target_value=60000),
    }
    after = write_run(tmp_path / "b", {"scenario": {"name": "fast", "title_zh": "提速"}}, **tables)
    changes = diff_runs(write_run(tmp_path / "a"), after)
    assert diff_text(changes, "zh").splitlines() == [
        "与上一期相比：设置变更1处、目标调整1处、修订数据1处、状态变化1项。",
        "设置变更：情景：基准情景 → 提速",
        "目标调整：1 人均GDP 目标值：58000 → 60000",
        "修订数据：2 森林覆盖率 2016年：68.5 → 69.25",
        "状态变化：1 人均GDP：滞后 → 已达标",
    ]
    assert "target: 1 人均GDP target: 58,000 → 60,000" in diff_text(changes, "en")
    assert diff_text([], "en") == "Nothing has changed since the run before."


def test_as_a_table(tmp_path: Path) -> None:
    tables = {"summary": changed(SUMMARY, 2, status="lagging")}
    changes = diff_runs(write_run(tmp_path / "a"), write_run(tmp_path / "b", **tables))
    html = table_changes(changes, "zh", region_names={}).html
    assert "&lt;b&gt;水质&lt;/b&gt;" in html and "<b>" not in html
    assert html.index('data-status="no_data"') < html.index('data-status="lagging"')
    assert table_changes([], "zh", region_names={}).plain == "与上一期相比没有变化。"


def test_regions_are_told_apart_only_where_there_are_several(tmp_path: Path) -> None:
    both = pd.concat([SUMMARY, SUMMARY.assign(region="china")])
    after = both.assign(status="on_track")
    changes = diff_runs(write_run(tmp_path / "a", summary=both), write_run(tmp_path / "b", summary=after))
    html = table_changes(changes, "zh", region_names={"yunfu": "云浮市"}).html
    assert "云浮市" in html and "china" in html
    one = table_changes([one for one in changes if one.region == "yunfu"], "zh", region_names={"yunfu": "云浮市"})
    assert "云浮市" not in one.html


def test_only_regions_of_both_runs_are_compared(tmp_path: Path) -> None:
    other = pd.concat([SUMMARY, SUMMARY.assign(region="china", status="achieved")])
    assert told(tmp_path, summary=other) == []


@pytest.mark.parametrize(
    ("asked", "tables", "message"),
    [
        ({"scheme": "national-2013"}, {}, "different programmes: yunfu-2020 and national-2013"),
        ({}, {"summary": SUMMARY.assign(region="china")}, "a and b have no region in common"),
        ({}, {"summary": pd.concat([SUMMARY, SUMMARY])}, "region, indicator do not tell its rows apart"),
        ({}, {"observations": OBSERVATIONS.drop(columns="year")}, r"observations\.csv has no column year"),
    ],
)
def test_runs_that_cannot_be_compared(
    tmp_path: Path, asked: dict[str, Any], tables: dict[str, pd.DataFrame], message: str
) -> None:
    before, after = write_run(tmp_path / "a"), write_run(tmp_path / "b", asked, **tables)
    with pytest.raises(UsageError, match=message):
        diff_runs(before, after)


def test_folders_that_are_no_runs(tmp_path: Path) -> None:
    run = write_run(tmp_path / "a")
    with pytest.raises(UsageError, match=r"b is no run with data to compare: there is no data/observations\.csv"):
        diff_runs(run, tmp_path / "b")
    (run / "manifest.json").write_text("{")
    with pytest.raises(UsageError, match="its manifest is missing or cannot be read"):
        diff_runs(run, run)


def test_the_run_before_asks_the_same(tmp_path: Path) -> None:
    """The newest by number, whatever its name; another language counts, another programme or region does not."""
    for number, (name, asked) in enumerate(
        {
            "b": {},
            "a": {"lang": "en"},
            "c": {"scheme": "national-2013"},
            "d": {"regions": ["china"]},
            "e": {"scenario": {"name": "fast"}},
        }.items()
    ):
        write_run(tmp_path / name, asked, number=number)
    write_run(tmp_path / "0", {"scenario": {"name": "fast"}}, number=9)
    write_run(tmp_path / "f", number=10)
    assert previous_run(tmp_path, "f") == tmp_path / "a"
    assert previous_run(tmp_path, "0") == tmp_path / "e"
    assert previous_run(tmp_path, "c") is None
    shutil.rmtree(tmp_path / "a" / "data")
    assert previous_run(tmp_path, "f") == tmp_path / "b"

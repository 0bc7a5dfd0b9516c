"""Workbooks to fill in, there and back: what is open, what is locked, what is new, and why it changed."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from made_up import SmallProject, fill

from xk.errors import InputError, UsageError
from xk.readers import Store, read_files, read_scheme, read_store
from xk.readers.adding import Source, add_reading
from xk.readers.openers import read_sheets
from xk.readers.starting import start_scheme
from xk.readers.templates import Asked, offices_asked, template_bytes
from xk.running.cli import main
from xk.running.report.data import exported_sources

PLAN = "yunfu-2020"
REFORM = "development_reform_bureau"


@pytest.fixture(scope="module")
def store(root: Path) -> Store:
    return read_store(root)


def workbook(store: Store, path: Path, kind: str, office: str = REFORM, lang: str = "zh") -> list[list[Any]]:
    """Write a template of the plan; return the rows of its sheet."""
    path.write_bytes(template_bytes(kind, Asked(store.schemes[PLAN], "yunfu", office, lang), store))
    return read_sheets(path)[0].rows


def test_an_office_is_asked_for_its_own_lines_with_what_is_on_file(store: Store, tmp_path: Path) -> None:
    """The Development and Reform Bureau leads 1 and 2; 38.46 of 2016 (yearbook) and the target of 56 stand there."""
    rows = workbook(store, tmp_path / "a.xlsx", "observations")
    assert rows[1] == [
        "地区", "序号", "指标名称", "单位", "年份", "目标值", "现有数值", "填报数值", "价格基准",
        "数值性质", "变动原因",
    ]  # fmt: skip
    leads = [line for line in store.schemes[PLAN].plain_lines() if REFORM in line.lead_offices]
    assert list(dict.fromkeys(row[1] for row in rows[2:])) == [line.no for line in leads]
    (share,) = [row for row in rows if row[1:5] == ["2", "服务业增加值占GDP比重", "%", 2016.0]]
    assert share[5:8] == [56.0, 38.46, ""]
    assert {row[4] for row in rows[2:] if row[1] == "2"} == {2016.0, 2017.0, 2018.0, 2019.0, 2020.0}


def test_heads_are_locked_cells_are_open_and_words_are_chosen_from_lists(store: Store, tmp_path: Path) -> None:
    rows = workbook(store, tmp_path / "a.xlsx", "observations")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        page, styles = (book.read(f"xl/{name}.xml").decode("utf-8") for name in ("worksheets/sheet1", "styles"))
    assert "<sheetProtection" in page
    looks = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", styles.partition("<cellXfs")[2])
    unlocked = {str(number) for number, look in enumerate(looks) if 'locked="0"' in look}
    style = dict(re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', page))
    assert {cell for cell, look in style.items() if look in unlocked} == {
        f"{column}{row}" for column in "HIJK" for row in range(3, len(rows) + 1)
    }
    lists = re.findall(r'<dataValidation type="list"[^>]*sqref="([A-Z])3:.*?<formula1>"(.*?)"</formula1>', page)
    assert dict(lists)["J"] == "实际值,初步数,估计值"
    assert dict(lists)["I"].startswith("现价,未说明价格基准,2000年不变价")


def test_it_comes_back_with_old_value_new_value_and_reason(store: Store, tmp_path: Path) -> None:
    """Rows 3-7 are the years 2016-2020 of no. 1, rows 8-12 those of no. 2."""
    path = tmp_path / "a.xlsx"
    rows = workbook(store, path, "observations")
    assert rows[7][:7] == ["云浮市", "2", "服务业增加值占GDP比重", "%", 2016.0, 56.0, 38.46]
    fill(path, {"H8": 38.46, "H9": 41.2, "K9": "四经普修订", "J9": "初步数", "H3": 31502, "I3": "现价", "K3": "按现价"})
    reading = read_files([path], store=store)
    assert not reading.faults
    found = reading.rows.astype(object).to_dict("records")
    assert [(one["indicator"], one["year"], one["value"], one["price_base"], one["kind"]) for one in found] == [
        ("gdp_per_capita", 2016, 31502.0, "current", ""),
        ("services_share_of_gdp", 2017, 41.2, "", "preliminary"),  # 38.46 is what stands there: no news
    ]
    old = rows[8][6]
    assert [one["note"] for one in found] == [f"{rows[2][6]:g} -> 31502; 按现价", f"{old:g} -> 41.2; 四经普修订"]
    assert [one["cell"] for one in found] == ["H3", "H9"]
    assert {(one["region"], one["unit"]) for one in found} == {("yunfu", "元"), ("yunfu", "%")}


def test_a_change_without_a_reason_and_a_text_for_a_figure_are_told_with_their_cell(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    workbook(store, path, "observations")
    fill(path, {"H9": 41.2, "H10": "约40"})
    told = [(fault.row, fault.column, fault.remedy) for fault in read_files([path], store=store).faults]
    assert told == [(9, "K", "say why the figure changes"), (10, "H", "write a plain number")]


def test_all_faults_of_a_workbook_are_told_at_once(store: Store, tmp_path: Path) -> None:
    """A missing reason hides neither figures that cannot be nor what else is wrong with its row."""
    path = tmp_path / "a.xlsx"
    workbook(store, path, "observations")
    fill(path, {"H8": 412, "H9": 41.2, "J9": "推断", "H10": 43, "C10": "森林覆盖率", "H11": 44, "E11": "去年"})
    fill(path, {f"K{row}": "x" for row in (9, 10, 11, 12)} | {"H12": 45})
    reading = read_files([path], store=store)
    assert reading.rows["cell"].tolist() == ["H12"]
    assert [(fault.row, fault.column, fault.message) for fault in reading.faults] == [
        (8, "K", "is empty"),
        (10, "B", "2 is not the number of '森林覆盖率'"),
        (11, "E", "'去年' is no year"),
        (8, "", "H8: 412 lies outside the natural bounds of services_share_of_gdp"),
        (9, "", "H9: unknown word '推断'"),
    ]


def test_what_is_planned_or_expected_is_left_and_said(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook(store, path, "observations")
    cells = {"H9": 41.2, "J9": "计划数", "H10": "42（预计）", "H11": 43, "J11": "快报数"}
    fill(path, cells | {f"K{row}": "x" for row in (9, 10, 11)})
    reading = read_files([path], store=store)
    assert [(row["cell"], row["kind"]) for row in reading.rows.to_dict("records")] == [("H11", "preliminary")]
    assert not reading.faults
    assert [said.partition("]: ")[2] for said in reading.doubts] == [
        "H9 (计划数) was not read: a plan is no observation",
        "H10 (forecast) was not read: what is expected is no observation",
    ]


def test_a_workbook_in_english_comes_back_too(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert workbook(store, path, "observations", lang="en")[1][:4] == ["region", "no.", "name", "unit"]
    fill(path, {"H9": 41.2, "K9": "census"})
    (row,) = read_files([path], store=store).rows.astype(object).to_dict("records")
    assert (row["region"], row["indicator"], row["unit"], row["value"]) == ("yunfu", "services_share_of_gdp", "%", 41.2)


def test_a_head_that_is_gone_is_told(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook(store, path, "observations")
    fill(path, {"K2": "备注", "H9": 41.2})
    assert [fault.message for fault in read_files([path], store=store).faults] == ["the column of 'reason' is gone"]


def test_the_schedule_is_asked_for_year_by_year_and_comes_back_as_targets(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert workbook(store, path, "schedule", "")[1] == [
        "序号", "指标名称", "单位", "2017年目标值", "2018年目标值", "2019年目标值", "2020年目标值",
    ]  # fmt: skip
    fill(path, {"D3": 36000, "E4": 47.5})
    found = read_files([path], store=store)
    assert found.scheme == PLAN
    assert [(one["indicator"], one["year"], one["value"], one["kind"]) for one in found.rows.to_dict("records")] == [
        ("gdp_per_capita", 2017, 36000.0, "target"),
        ("services_share_of_gdp", 2018, 47.5, "target"),
    ]


def test_a_schedule_is_that_of_its_own_programme(store: Store, tmp_path: Path) -> None:
    path, told = tmp_path / "a.xlsx", f"is of the programme {PLAN}, not of national-2013"
    workbook(store, path, "schedule", "")
    fill(path, {"E4": 47.5})
    assert [fault.message for fault in read_files([path], store=store, scheme="national-2013").faults] == [told]
    assert not read_files([path], store=store, scheme=PLAN).faults


def test_what_was_done_comes_back_by_task_and_milestone(store: Store, tmp_path: Path) -> None:
    path, office = tmp_path / "a.xlsx", "industry_it_bureau"
    rows = workbook(store, path, "tasks", office)
    led = [row for row in store.schemes[PLAN].ordered_tasks if office in row["lead_offices"].split(";")]
    assert sum(row[3] == "" for row in rows[2:]) == len(led)
    stone = next(number for number, row in enumerate(rows, 1) if number > 2 and row[3] != "")
    assert rows[stone - 1][4] == "公益性公共场所免费WIFI基本覆盖的期限"
    fill(path, {f"H{stone}": 60, f"I{stone}": "2018/06/30", f"J{stone}": "云府办〔2018〕3号"})
    reading = read_files([path], store=store)
    assert not reading.faults
    assert reading.done.to_dict("records") == [
        {"indicator": "internet_penetration_index", "task": 3, "milestone": 1, "date": "2018-06-30", "share": 60.0,
         "evidence": "云府办〔2018〕3号"}
    ]  # fmt: skip
    for day in ("2018年6月30日", "2018.6.30", "2018-6-30", "２０１８／０６／３０"):
        fill(path, {f"I{stone}": day})
        assert read_files([path], store=store).done["date"].tolist() == ["2018-06-30"]
    fill(path, {f"I{stone}": "2018年6月31日"})
    (fault,) = read_files([path], store=store).faults
    assert (fault.message, fault.remedy) == ("'2018-06-31' is no date", "write the day as 2019-12-31 or 2019年12月31日")
    fill(path, {f"I{stone}": "2099-01-01", f"B{stone}": "森林覆盖率"})
    told = [(fault.column, fault.message) for fault in read_files([path], store=store).faults]
    number = rows[stone - 1][0]
    assert told == [("I", "2099-01-01 has not come"), ("A", f"{number} is not the number of '森林覆盖率'")]
    fill(path, {f"A{stone}": "", f"H{stone}": "", f"I{stone}": "2018-06-30", f"B{stone}": "某指标"})
    told = [(fault.column, fault.message) for fault in read_files([path], store=store).faults]
    assert told == [("H", "is empty"), ("B", "is not known")]
    fill(path, {f"A{stone}": number, f"B{stone}": rows[stone - 1][1]})
    fill(path, {f"H{stone}": 100.0000001, f"I{stone}": "去年", f"J{stone}": ""})
    told = [(fault.column, fault.message) for fault in read_files([path], store=store).faults]
    assert told == [("H", "100.0000001 is not from 0 to 100"), ("I", "'去年' is no date"), ("J", "is empty")]


def test_an_office_with_nothing_to_fill_in_is_told(store: Store) -> None:
    with pytest.raises(UsageError, match="customs: nothing to fill in of observations"):
        template_bytes("observations", Asked(store.schemes[PLAN], "yunfu", "customs", "zh"), store)


def test_the_same_data_give_the_same_bytes(store: Store) -> None:
    asked = Asked(store.schemes[PLAN], "yunfu", REFORM, "zh")
    assert template_bytes("observations", asked, store) == template_bytes("observations", asked, store)


def test_the_command_writes_a_workbook_for_each_office(
    root: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    assert main(["template", "observations", "-o", str(tmp_path / "forms")]) == 0
    offices = offices_asked(store.schemes[PLAN])
    assert len(offices) > 10
    assert sorted(path.stem for path in (tmp_path / "forms").iterdir()) == sorted(
        f"observations_{one}" for one in offices
    )
    assert main(["template", "tasks", "-o", str(tmp_path / "done")]) == 0
    leads = {office for task in store.schemes[PLAN].ordered_tasks for office in task["lead_offices"].split(";")}
    assert {path.stem for path in (tmp_path / "done").iterdir()} == {f"tasks_{one}" for one in leads}
    assert main(["template", "tasks", "--office", "市发改局", "--region", "云浮", "-o", str(tmp_path / "a.xlsx")]) == 0
    assert main(["template", "tasks", "--office", "某局", "-o", str(tmp_path / "b.xlsx")]) == 2
    assert not (tmp_path / "b.xlsx").exists()


def test_a_scheme_to_begin_with_passes_the_check_and_takes_figures(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(small_project.root)
    folder = small_project.raw / "schemes" / "province-2031"
    store = read_store(small_project.root)
    assert [path.name for path in start_scheme(folder, store, region="guangdong")] == [
        "scheme.toml", "domains.csv", "indicators.csv", "offices.csv", "tasks.csv", "milestones.csv", "phases.csv",
    ]  # fmt: skip
    assert (folder / "tasks.csv").read_text(encoding="utf-8").startswith("indicator,task,title_zh,title_en,")
    assert main(["check"]) == 0
    with pytest.raises(UsageError, match="is there already"):
        start_scheme(folder, store, region="guangdong")
    store = read_store(small_project.root)
    scheme = store.schemes["province-2031"]
    assert [(line.direction, line.no) for line in scheme.plain_lines()] == [
        ("positive", "1"), ("inverse", "2"), ("interval", "3"),
    ]  # fmt: skip
    path = tmp_path / "a.xlsx"
    path.write_bytes(template_bytes("observations", Asked(scheme, "guangdong", "", "zh"), store))
    fill(path, {"H3": 41, "K3": ""})
    added = add_reading(read_files([path], store=store), store, Source("x", "y", "2030-01-01"), scheme=scheme.id)
    assert added == {"observations/x_y_20300101.csv": 1}
    done = small_project.raw / "schemes" / "province-2031" / "done.csv"
    assert not done.exists()


def test_tables_added_to_a_scheme_are_accepted_and_their_source_is_the_scheme(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is none of its tables is not."""
    monkeypatch.chdir(small_project.root)
    folder = small_project.raw / "schemes" / "mine"
    start_scheme(folder, read_store(small_project.root), region="guangdong")
    (folder / "tasks.csv").write_text(
        "indicator,task,title_en,lead_offices,support_offices,offices_from\nexample_positive,1,Build,example_office,,task\n",
        encoding="utf-8",
    )
    (folder / "schedule.csv").write_text("indicator,year,planned_value\n", encoding="utf-8")
    (folder / "note.txt").write_text("x", encoding="utf-8")
    assert main(["check", "--accept"]) == 1
    said = capsys.readouterr().err
    assert "schemes/mine/note.txt has no line; add a line with its sha256" in said and "schedule.csv" not in said
    (folder / "note.txt").unlink()
    assert main(["check"]) == 1
    assert "schemes/mine/schedule.csv has no line; if it is meant: xk check --accept" in capsys.readouterr().err
    assert main(["check", "--accept"]) == 0
    sources = small_project.read("sources.csv").set_index("file")
    assert sources.loc[["schemes/mine/schedule.csv", "schemes/mine/indicators.csv"], "publisher"].tolist() == ["", ""]
    assert not sources["source_id"].str.startswith("scheme_").any()
    store = read_store(small_project.root)
    assert store.schemes["mine"].tasks["title_zh"].tolist() == ["Build"]


@pytest.mark.parametrize(("lang", "issuer"), [("zh", "发布单位"), ("en", "Issuer")])
def test_a_scheme_that_the_register_does_not_name_is_its_own_source(
    small_project: SmallProject, lang: str, issuer: str
) -> None:
    start_scheme(small_project.raw / "schemes" / "mine", read_store(small_project.root), region="guangdong")
    store = read_store(small_project.root)
    (row,) = exported_sources(store.sources, (), store.schemes["mine"], lang).to_dict("records")
    assert (row["source_id"], row["publisher"]) == ("scheme_mine", issuer)
    assert row["title"] == store.schemes["mine"].name(lang)
    (row,) = exported_sources(store.sources, (), store.schemes["national-2013"], lang).to_dict("records")
    assert row["source_id"] == "nbs_scheme_2013"


def test_a_scheme_elsewhere_is_a_folder_that_reads(small_project: SmallProject, tmp_path: Path) -> None:
    start_scheme(tmp_path / "mine", read_store(small_project.root), region="china")
    assert read_scheme(tmp_path / "mine", root=small_project.root).regions == ("china",)
    (tmp_path / "mine" / "domains.csv").unlink()
    with pytest.raises(InputError, match="there is no such file"):
        read_scheme(tmp_path / "mine", root=small_project.root)

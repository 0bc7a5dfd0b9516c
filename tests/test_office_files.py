"""Files of offices: right ones give exactly their figures, wrong ones their list; fuzzed ones figures or faults."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pandas as pd
import pytest
import xlsxwriter
from files.containers import as_text
from files.make import LAYOUTS, Case, Key, layouts_by_formats, make_cases, quirks, tables, together
from fuzz_files import KINDS, SLOW, Made, fuzz, judge

from xk.readers import OUT, Reading, Store, read_files, read_store
from xk.readers.sheets import NOT_STORED
from xk.readers.workbooks import UNSTORED
from xk.running.cli import main

FUZZED = 75
NAMES = [case.name for case in (*layouts_by_formats(), *quirks(), *tables(), *together())] + [
    "tidy.parquet",
    "damaged.parquet",
]


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    cases = make_cases(tmp_path_factory.mktemp("files"))
    assert len({case.name for case in cases}) == len(cases) >= 80
    return {case.name: case for case in cases}


@pytest.fixture(scope="module")
def folder(corpus: dict[str, Case], tmp_path_factory: pytest.TempPathFactory) -> Path:
    del corpus
    return tmp_path_factory.getbasetemp() / "files0"


def by_key(rows: pd.DataFrame, column: str) -> dict[Key, object]:
    """Return what stands in a column of the figures that are no evaluations, by region, indicator (or name) and year."""
    if rows.empty:
        return {}
    plain = rows.astype({name: object for name in ("region", "indicator", "name", "kind")})
    plain = plain[plain["kind"] != "evaluation"]
    names = plain["indicator"].where(plain["indicator"] != "", plain["name"])
    return dict(zip(zip(plain["region"], names, plain["year"], strict=True), plain[column], strict=True))


def as_told(reading: Reading, words: Sequence[str]) -> bool:
    """Return whether every word is said by a doubt or remark."""
    return all(any(word in said for said in reading.answer() if said.startswith("? ")) for word in words)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_gives_its_figures_or_its_list(name: str, corpus: dict[str, Case], folder: Path, store: Store) -> None:
    case = corpus[name]
    reading = read_files([folder / name], store=store)
    assert by_key(reading.rows, "value") == case.figures
    assert [words for words, fault in zip(case.faults, reading.faults, strict=True) if words not in str(fault)] == []
    assert as_told(reading, case.doubts)
    notes, units = by_key(reading.rows, "note"), by_key(reading.rows, "unit")
    assert {key: words for key, words in case.notes.items() if words not in str(notes[key])} == {}
    assert {key: unit for key, unit in case.units.items() if units[key] != unit} == {}


def test_a_near_name_in_another_unit_is_not_proposed(tmp_path: Path, store: Store) -> None:
    (tmp_path / "a.csv").write_text("指标,单位,2018年\n常住人口,万人,96\n农村自来水普及,%,89\n", encoding="utf-8")
    (said,) = [
        one for one in read_files([tmp_path / "a.csv"], store=store, region="luoding").doubts if "not known" in one
    ]
    assert said == "2 indicator(s) not known: 常住人口, 农村自来水普及 (did you mean '农村自来水普及率'?)"


@pytest.mark.parametrize(
    ("rows", "cells", "left"),
    [
        (
            [["指标", "单位", "2015年", "2016年"], ["人均GDP", "元", 30152, 31502], ["森林覆盖率", "%", "=1", "=C3"]],
            ["C3", "D3"],
            2,
        ),
        ([["指标", "单位", "2015年", "2016年"], ["森林覆盖率", "%", "=1", "=C2+1"]], ["C2", "D2"], 0),
        ([["指标", "单位", "2015年", "2016年"], ["森林覆盖率", "%", 68, 69], ["=A2", "%", 3, 4]], ["A3"], 4),
        ([["指标", "单位", "2015年", "=C1+1"], ["森林覆盖率", "%", 68, 69]], ["D1"], 0),
        ([["指标", "单位", "2015年", "2016年"], ["森林覆盖率", "%", 68, 69], ["=A2", "=B2"]], ["A3", "B3"], 2),
    ],
)
def test_a_formula_without_a_stored_value_is_refused_wherever_it_stands(
    rows: list[list[str | int]], cells: list[str], left: int, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if str(cell).startswith("="):
                    sheet.write_formula(at, column, str(cell), None, "")
                else:
                    sheet.write(at, column, cell)
    reading = read_files([path], store=store, region="yunfu")
    told = [f"{one.column}{one.row}" for one in reading.faults if one.message.startswith(NOT_STORED)]
    assert sorted(told) == cells and len(reading.rows) == left
    assert not UNSTORED.search(b'<c r="A1" t="str"><f>IF(B1=1,1,"")</f><v></v></c>')  # an empty text is stored


@pytest.mark.parametrize("command", ["read", "check", "score"])
@pytest.mark.parametrize("parts", [1, 2])
def test_two_values_under_two_names_are_a_fault_of_both_cells(
    command: str, parts: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["yunfu,forest_coverage,2016,69", "云浮市,森林覆盖率,2016,71", "云浮市,forest_coverage,2015,68"]
    paths = [tmp_path / f"{name}.csv" for name in "ab"[:parts]]
    for path, some in zip(paths, [rows] if parts == 1 else [rows[:1], rows[1:]], strict=True):
        path.write_text("\n".join(["region,indicator,year,value", *some]), encoding="utf-8")
    out, given = tmp_path / "out.csv", [*map(str, paths)]
    scored = ["--scheme", "yunfu-2020", "--region", "yunfu", "--observations", *given]
    more = {"read": [*given, "-o", str(out)], "check": given, "score": [*scored, "-o", str(out)]}
    assert main([command, *more[command]]) == 1
    said = capsys.readouterr().err
    cell = "D3 has 71" if parts == 1 else "D2 has 71"
    there = "but D2 has 69" if parts == 1 else f"but {paths[0]} D2 has 69"
    assert f"{paths[-1]}: {cell} for yunfu 森林覆盖率 2016, {there} as forest_coverage; keep one of the two" in said
    if command == "read":
        assert pd.read_csv(out)["year"].tolist() == [2015]


def test_one_value_under_two_names_is_one_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    rows = ["region,indicator,year,value", "yunfu,forest_coverage,2016,69", "云浮市,森林覆盖率,2016,69"]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert main(["check", str(path)]) == 0
    assert "1 observations" in capsys.readouterr().out


def test_numbers_of_one_file_are_those_of_one_programme(tmp_path: Path, store: Store) -> None:
    """No. 1 of both is GDP per head; what the national programme alone knows has none where the plan's numbers stand."""
    plan, national = (dict(zip(*(store.scheme(name).indicators[what] for what in ("indicator", "no")), strict=True))
                      for name in ("yunfu-2020", "national-2013"))  # fmt: skip
    other = next(one for one in national if one not in plan)
    unit = store.measures.set_index("indicator")["unit"]
    for region, known in ("yunfu", plan), ("luoding", plan), ("guangdong", national):
        rows = [f"{region},{one},2016,1,{unit[one]}" for one in ("gdp_per_capita", "forest_coverage", other)]
        (tmp_path / "a.csv").write_text("\n".join(["region,indicator,year,value,unit", *rows]), encoding="utf-8")
        read = read_files([tmp_path / "a.csv"], store=store).rows
        assert read["no"].tolist() == [known.get(one, "") for one in read["indicator"]]


def test_the_cells_of_a_layout_are_the_same_in_every_format(
    folder: Path, corpus: dict[str, Case], store: Store
) -> None:
    """云浮市 2016: 31502 stands in the third line and fourth column of ``across``: D3."""
    assert corpus
    for ending in (".csv", ".xlsx", ".xls", ".ods", "_gb.csv", "_utf16.tsv", "_page.xls"):
        reading = read_files([folder / f"across{ending}"], store=store)
        assert by_key(reading.rows, "cell")[("yunfu", "gdp_per_capita", 2016)] == "D3"
        assert by_key(reading.rows, "no")[("yunfu", "gdp_per_capita", 2016)] == "1"


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("tidy", "tidy"), ("across", "years across"), ("down", "years down"), ("nbs", "NBS export"),
        ("nbs_regions", "NBS export by region"), ("nbs_regions_no_head", "years across, regions down"),
        ("yearbook", "yearbook, regions down"), ("world_bank", "World Bank download"), ("owid", "OWID download"),
        ("annex", "plan's annex"), ("regions_across", "yearbook"),
    ],
)  # fmt: skip
def test_the_answer_names_the_layout(
    name: str, layout: str, folder: Path, corpus: dict[str, Case], store: Store
) -> None:
    assert corpus
    first, *_ = read_files([folder / f"{name}.csv"], store=store).layouts
    assert re.search(rf": {re.escape(layout)}, [A-Z]+\d+ to", first)


def test_evaluations_of_the_annex_are_kept_apart(folder: Path, corpus: dict[str, Case], store: Store) -> None:
    assert corpus
    rows = read_files([folder / "annex.xlsx"], store=store).rows.astype({"kind": object})
    assert rows.loc[rows["kind"] == "target", "value"].tolist() == [31502, 34000]
    assert rows.loc[rows["kind"] == "evaluation", ["value", "unit", "note"]].to_numpy().tolist() == [
        [54.3, "", "evaluation"], [58.6, "", "evaluation"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "unit", "read"),
    [
        ("每万人口拥有律师数", "人/万人", 0.5), ("每万人口拥有律师数", "人", 0.5),
        ("每万人口拥有律师数", "人/千人", 5), ("每千人口执业（助理）医师数", "人/千人", 0.5),
        ("每千人口执业（助理）医师数", "人/万人", 0.05), ("人均GDP", "万元/人", 5000),
        ("每千人口执业（助理）医师数", "人/1000人", 0.5), ("每千人口执业（助理）医师数", "per 1000 persons", 0.5),
        ("每万人拥有社会组织数", "个/1万人", 0.5), ("每万人口拥有律师数", "人/10000人", 0.5),
        ("每万人口行政诉讼发案率", "件/10万人", 0.05), ("每万人口行政诉讼发案率", "件/100000人", 0.05),
        ("农村自来水普及率", "人/10万人", None),
        ("每万名公务人员检察机关立案人数", "人/万人", 0.5), ("每万名公务人员检察机关立案人数", "人", 0.5),
        ("每千老年人口养老床位数", "张/千人", 0.5), ("每万人拥有公共交通车辆", "辆/万人", None),
    ],
)  # fmt: skip
def test_heads_of_which_there_are_so_many_are_those_of_the_name(
    name: str, unit: str, read: float | None, tmp_path: Path, store: Store
) -> None:
    """0.5 per 10,000 is 0.5 of what is counted per 10,000, 0.05 of what is counted per 1,000, and no share."""
    path = tmp_path / "own.csv"
    path.write_text(f"地区,指标,年份,数值,单位\n云浮市,{name},2017,0.5,{unit}\n", encoding="utf-8")
    reading = read_files([path], store=store)
    known = reading.rows[reading.rows["indicator"] != ""]
    assert known["value"].tolist() == ([] if read is None else [read])
    assert ["nor converts to it" in str(fault) for fault in reading.faults] == ([True] if read is None else [])
    said = [one.partition(" (x ")[2] for one in reading.answer() if one.startswith("units converted: ")]
    assert said == ([] if read in (None, 0.5) else [f"{read / 0.5:g})"])


@pytest.mark.parametrize(
    ("head", "unit", "read"),
    [("2017年（‰）", "", 8.77), ("2017年（%）", "%", 87.7), ("2017年(万元)", "", None), ("2017年（‰）", "%", None)],
)
def test_a_unit_in_the_head_of_a_year_is_that_of_its_figures(
    head: str, unit: str, read: float | None, tmp_path: Path, store: Store
) -> None:
    """87.7 per mille are 8.77 per cent; another unit than that of the row is none that converts."""
    path = tmp_path / "own.csv"
    path.write_text(f"指标,单位,{head}\n农村自来水普及率,{unit},87.7\n", encoding="utf-8")
    reading = read_files([path], store=store, region="yunfu")
    assert reading.rows["value"].tolist() == ([] if read is None else [read])
    assert ["nor converts to it" in str(fault) for fault in reading.faults] == ([True] if read is None else [])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("农村自来水普及率（2018年）", 2018),
        ("农村自来水普及率(2015)", 2015),
        ("森林覆盖率（2016年底）", 2016),
        ("森林覆盖率（2017年）", 0),
    ],
)
def test_a_name_that_says_another_year_than_its_head_is_refused(
    name: str, says: int, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"指标,单位,2017年\n{name},%,60\n城镇登记失业率,%,2.4\n", encoding="utf-8")
    reading = read_files([path], store=store, region="yunfu")
    assert reading.rows["value"].tolist() == ([2.4] if says else [60, 2.4])
    assert [
        "2: C2 is under 2017, and its name" in str(one) and f"says {says};" in str(one) for one in reading.faults
    ] == ([True] if says else [])


@pytest.mark.parametrize(
    ("note", "base"),
    [
        ("注：GDP按当年价格计算。", "current"), ("本表按当年价格计算", "current"), ("注：按2010年可比价", "2010"), ("绝对数按现价计算，增长速度按2010年可比价计算", "current"),
        ("注：1.人均生产总值按当年价格计算。2.①为快报数。", "current"), ("（1）GDP按2010年价格计算", "2010"),
        ("注：①人均GDP按2010年可比价计算。", "2010"), ("①按2010年可比价格计算", ""),
        ("Note: GDP at 2010 constant prices", "2010"), ("GDP增长速度按可比价格计算", ""), ("农业总产值按当年价格计算", ""), ("2015年起按2015年不变价，以前按2010年不变价", ""),
        ("GDP按2010年不变价，GDP按当年价格", ""), ("2015年价格水平偏高", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("under", [False, True])
def test_prices_are_taken_from_a_note_that_says_them_clearly(
    note: str, base: str, under: bool, tmp_path: Path, store: Store
) -> None:
    """What is said of GDP holds for GDP per head, not for energy per GDP; growth and prices that vary give none."""
    path, table = (
        tmp_path / "own.csv",
        "指标,2015年,2016年\n人均GDP（元）,30152,31502\n单位GDP能耗（吨标准煤/万元）,0.7,0.68\n",
    )
    path.write_text(table + f"{note},,\n" if under else f"{note},,\n{table}", encoding="utf-8")
    reading = read_files([path], store=store, region="yunfu")
    bases = dict(zip(reading.rows["indicator"], reading.rows["price_base"], strict=True))
    energy = base if not re.search("GDP|产值|生产总值|①", note) else ""
    assert bases == {"gdp_per_capita": base, "energy_use_per_gdp": energy}
    said = f"prices: gdp_per_capita {base or 'not stated'} (target: 2010), energy_use_per_gdp {energy or 'not stated'}"
    assert any(said in line for line in reading.layouts)
    assert as_told(reading, ["prices not stated, so compared with no target"] if not energy else [])
    assert as_told(reading, [f"人均GDP: prices {base} were taken from the note"] if base else [])


@pytest.mark.parametrize("own", ["罗定市", "luoding"])
def test_the_whole_city_is_that_in_which_a_region_lies_that_rows_name_beside_it(
    own: str, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        f"罗定市主要指标,,,\n地区,指标,单位,2016年\n{own},常住人口城镇化率,%,29.8\n全市,常住人口城镇化率,%,38.2\n",
        encoding="utf-8",
    )
    rows = read_files([path], store=store, region="").rows
    assert dict(zip(rows["region"], rows["value"], strict=True)) == {"luoding": 29.8, "yunfu": 38.2}


def test_prices_behind_a_unit_are_taken_too(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "own.csv"
    for text in (
        "单位：元（当年价）,,\n指标,2015年,2016年\n人均GDP,1,2\n",
        "指标,单位,2016年\n人均GDP,元（当年价）,31502\n",
    ):
        path.write_text(text, encoding="utf-8")
        rows = read_files([path], store=store, region="yunfu").rows
        assert (set(rows["unit"]), set(rows["price_base"])) == ({"元"}, {"current"})


def test_what_is_written_of_a_file_is_read_back_as_it_was(tmp_path: Path, store: Store) -> None:
    """Price base, kind and marks stand in the note, a name that no programme knows beside an empty slug."""
    first, again = tmp_path / "own.csv", tmp_path / "out.csv"
    first.write_text(
        "地区：云浮市,,,\n指标,单位,2015年,2016年①\n人均GDP,元,30152,31502*\n某某指标,个,1,2\n另一指标,个,3,4\n"
        "注：GDP按当年价格计算。①初步数。,,,\n",
        encoding="utf-8",
    )
    reading = read_files([first], store=store)
    reading.table().to_csv(again, index=False)
    back = read_files([again], store=store)
    assert (back.faults, len(back.rows)) == ([], 6)
    told = ["region", "indicator", "unit", "year", "value", "price_base", "kind", "note"]
    one, other = (made.rows.astype(object)[told].to_numpy().tolist() for made in (reading, back))
    assert one == other
    assert set(reading.rows["price_base"]) == {"current", ""} and set(reading.rows["kind"]) == {"preliminary", ""}
    assert [*back.rows["name"][2:]] == ["某某指标", "某某指标", "另一指标", "另一指标"]
    assert back.table()["note"].tolist() == reading.table()["note"].tolist()


def test_a_region_is_given_to_tables_that_name_none(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "own.csv"
    path.write_text("年份,人均GDP(元)\n2015,30152\n2016,31502\n", encoding="utf-8")
    without, given = read_files([path], store=store), read_files([path], store=store, region="yunfu")
    assert set(without.rows["region"]) == {""}
    assert as_told(without, ["give --region"])
    assert set(given.rows["region"]) == {"yunfu"}


def test_a_region_is_taken_from_a_title_that_begins_with_a_year_too(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "2018年新兴县统计公报主要指标,,\n指标,单位,2018年\n城镇化率,%,42.6\n城镇登记失业率,%,2.4\n", encoding="utf-8"
    )
    reading = read_files([path], store=store)
    assert set(reading.rows["region"]) == {"xinxing"} and as_told(
        reading, ["the region xinxing was taken from the title"]
    )


@pytest.mark.parametrize("sign", ["，", "；"])
def test_full_width_commas_separate_cells(sign: str, tmp_path: Path, store: Store) -> None:
    lines = ["地区,指标,年份,数值", "云浮市,森林覆盖率,2017,69.7", "罗定市,森林覆盖率,2017,66.1"]
    (tmp_path / "a.csv").write_text("\n".join(lines).replace(",", sign), encoding="utf-8")
    reading = read_files([tmp_path / "a.csv"], store=store)
    assert [*zip(reading.rows["region"], reading.rows["value"], strict=True)] == [("yunfu", 69.7), ("luoding", 66.1)]
    assert not reading.faults


def test_what_is_written_has_the_columns_of_the_contract(folder: Path, corpus: dict[str, Case], store: Store) -> None:
    assert corpus
    assert OUT == ["region", "indicator", "no", "name", "unit", "year", "value", "file", "sheet", "cell", "note"]
    assert set(OUT) <= set(read_files([folder / "nbs.xls"], store=store).rows)


def test_faults_of_several_files_come_together(folder: Path, corpus: dict[str, Case], store: Store) -> None:
    assert corpus
    paths = [folder / "login.xls", folder / "tidy.csv", folder / "empty.csv"]
    reading = read_files(paths, store=store)
    assert [Path(fault.file).name for fault in reading.faults] == ["login.xls", "empty.csv"]
    assert len(reading.rows) == 4


@pytest.mark.parametrize("seed", range(2))
def test_fuzzed_files_give_figures_or_named_faults(seed: int, tmp_path: Path, store: Store) -> None:
    """Never a traceback, a figure that its cell does not hold, or a number that is lost: see `fuzz_files`."""
    found = list(fuzz(range(FUZZED), seed, tmp_path, store, books=0.03))
    assert [
        (made.name, made.kind, judged.wrong) for made, judged in found if judged.wrong and not judged.seconds > SLOW
    ] == []
    assert {made.kind for made, _ in found} == set(KINDS)


def test_the_judge_of_fuzzed_files_sees_what_is_changed_moved_or_lost(tmp_path: Path, store: Store) -> None:
    """A figure of another cell, one that is not told, and one of another year, put into a right answer."""
    grid, figures = LAYOUTS["across"]
    path = tmp_path / "across.csv"
    path.write_bytes(as_text(grid))
    made = Made(path.name, "same", b"", [list(row) for row in grid], dict(figures))
    right = read_files([path], store=store)

    def judged(rows: pd.DataFrame) -> str:
        with mock.patch("fuzz_files.read_files", lambda *_, **__: seen(rows)):
            return " ".join(judge(made, path, store).wrong)

    def seen(rows: pd.DataFrame) -> Reading:
        from fuzz_files import office_files

        office_files.read_sheets(path)
        return replace(right, rows=rows)

    rows = right.rows
    assert judged(rows) == ""
    assert "the figure 2.0" in judged(rows.assign(value=[2.0, *rows["value"][1:]]))
    assert "lost: C3 of 4 numbers" in judged(rows.iloc[1:])
    assert "gives" in judged(rows.assign(year=[2017, *rows["year"][1:]]))


def test_layouts_of_the_corpus_are_in_every_format(corpus: dict[str, Case]) -> None:
    assert {f"{name}.xlsx" for name in LAYOUTS} <= set(corpus)


@pytest.mark.parametrize(
    ("remark", "values", "said"),
    [
        ("罗定市数据", [60, 2.4], "line 2: the remark '罗定市数据' names luoding"), ("作废", [2.4], "void by '作废', and were not"),
        ("2017年为罗定市数据", [60, 2.4], "line 2: the remark '2017年为罗定市数据' names luoding"), ("云浮市统计局", [60, 2.4], ""),
        ("单位为‰", [2.4], "the unit '% / ‰'"), ("单位：%", [60, 2.4], ""),
    ],
)  # fmt: skip
def test_remarks_that_change_what_a_figure_is_are_said(
    remark: str, values: list[float], said: str, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"指标,单位,2017年,备注\n森林覆盖率,%,60,{remark}\n城镇登记失业率,%,2.4,\n", encoding="utf-8")
    reading = read_files([path], store=store, region="yunfu")
    assert reading.rows["value"].tolist() == values
    assert said in "\n".join(map(str, [*reading.doubts, *reading.faults])) and (said or not reading.doubts)


def test_a_note_that_leaves_a_region_out_is_as_in_a_title(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "own.csv"
    path.write_text("指标,2017年\n森林覆盖率,60\n注：本表数据不含罗定市,\n", encoding="utf-8")
    reading = read_files([path], store=store, region="yunfu")
    assert reading.rows.empty and "'注：本表数据不含罗定市' leaves out a part of the region" in str(reading.faults[0])
    path.write_text("指标,2017年\n森林覆盖率,60\n注：森林覆盖率为罗定市数据,\n", encoding="utf-8")
    reading = read_files([path], store=store, region="yunfu")
    assert len(reading.rows) == 1 and "names luoding: which figures are of that" in "".join(reading.doubts)

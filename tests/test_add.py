"""Figures of users into data/raw: with series, definition, source and checksum, all or nothing."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pandas as pd
import pytest
from made_up import SmallProject

from xk import bench, tables
from xk.bench import Question
from xk.contracts.provenance import sha256_of
from xk.errors import InputError, UsageError
from xk.readers import Store, read_everything, read_files, read_names, read_store
from xk.readers.adding import Source, accept, add_reading, appended, renewed, source_of
from xk.readers.own_aliases import confirm_alias
from xk.readers.own_figures import store_as_asked
from xk.readers.store import Asked
from xk.running.cli import main

SCHEME = "national-2013"
HEAD = "region,indicator,year,value,price_base\n"
SHARES = "广东省,第三产业增加值占GDP比重,2017,50.1,\n广东省,第三产业增加值占GDP比重,2018,50.9,\n"
YEARBOOK = Source("Guangdong Statistics Bureau", "Yearbook", "2019-11-01")


def files_of(project: SmallProject) -> dict[str, bytes]:
    return {path.relative_to(project.raw).as_posix(): path.read_bytes() for path in project.raw.rglob("*.csv")}


def add(project: SmallProject, content: str, source: Source = YEARBOOK) -> dict[str, int]:
    """Add figures of a CSV file with the head of `HEAD`."""
    path, store = project.root / "own.csv", read_store(project.root)
    path.write_text(HEAD + content, encoding="utf-8")
    return add_reading(read_files([path], store=store), store, source, scheme=SCHEME)


def test_figures_stand_in_a_series_and_a_definition_of_their_source(small_project: SmallProject) -> None:
    before = files_of(small_project)
    added = add(small_project, SHARES + "广东省,人均GDP,2018,86412,\n广东省,人均GDP,2017,80932,2010\n")
    table = "observations/guangdong_statistics_bureau_yearbook_20191101.csv"
    assert added == {table: 4}
    rows = small_project.read(table).to_dict("records")
    assert [(row["indicator"], row["year"], row["value"], row["price_base"]) for row in rows] == [
        ("services_share_of_gdp", "2017", "50.1", ""),
        ("services_share_of_gdp", "2018", "50.9", ""),
        ("gdp_per_capita", "2018", "86412", "not_stated"),  # a price base is never assumed
        ("gdp_per_capita", "2017", "80932", "2010"),
    ]
    own = "guangdong_statistics_bureau_yearbook"
    assert {row["series"] for row in rows} == {
        f"guangdong.services_share_of_gdp.{own}",
        f"guangdong.gdp_per_capita.{own}_not_stated",
        f"guangdong.gdp_per_capita.{own}_2010",
    }
    assert rows[1]["note"].endswith("own.csv D3")
    store, faults = read_everything(small_project.root)
    assert not faults
    mine = store.observations[store.observations["series"] == f"guangdong.services_share_of_gdp.{own}"]
    assert set(mine["grade"]) == {"own"} and set(mine["vintage"]) == {"2019-11-01"}

    after = files_of(small_project)
    for name, content in before.items():  # data/raw is only added to, but for the checksums of two registers
        kept = [line for line in content.splitlines() if line not in after[name].splitlines()]
        changed = ["observations/definitions.csv", "observations/series.csv"] if name == "sources.csv" else []
        assert sorted(line.split(b",")[5].decode() for line in kept) == changed


def test_prices_of_what_has_none_are_read_added_and_checked_by_one_rule(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A share in current prices is the share; one in prices of 2010 is another, and the register has none such."""
    monkeypatch.chdir(small_project.root)
    add = ["add", "own.csv", "--source", "省统计局: 年鉴", "--vintage", "2019-11-01"]
    for base, status in ("2010", 1), ("current", 0):
        Path("own.csv").write_text(f"{HEAD}广东省,第三产业增加值占GDP比重,2018,50.9,{base}\n", encoding="utf-8")
        for command in ["read", "own.csv"], ["check", "own.csv"], add:
            assert main(command) == status
            assert ("'2010' differs from (empty)" in capsys.readouterr().err) == bool(status)
    (row,) = read_store(small_project.root).observations.query("value == 50.9").to_dict("records")
    assert pd.isna(row["price_base"]) and not row["series"].endswith("current")


def test_a_kind_that_is_not_known_is_refused_alike(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_project.root)
    before, words = files_of(small_project), ("observed", "全年预计", "统计公报", "official", "Observed.", "projected")
    lines = [f"guangdong,2,{year},50.9,{word}" for year, word in enumerate(words, start=2010)]
    Path("own.csv").write_text("\n".join(["region,indicator,year,value,kind", *lines]), encoding="utf-8")
    for command in ["read"], ["check"], ["add", "--source", "a: b", "--vintage", "2019-05-01"]:
        assert main([*command, "own.csv"]) == 1
        told = capsys.readouterr().err.splitlines()[:5]
        said = "use one of observed, preliminary, estimated, target, evaluation"
        wanted = [f"own.csv:{row}: column 'kind': unknown word {word!r}; {said}" for row, word in enumerate(words, 2)]
        assert told == wanted[1:]
    assert files_of(small_project) == before


def test_figures_that_are_left_out_are_counted_and_those_without_a_name_told(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_project.root)
    lines = "某地,第三产业增加值占GDP比重,2017,50,\n广东省,某指标,2018,51,\n广东省,,2018,52,\n"
    Path("own.csv").write_text(f"{HEAD}{SHARES}{lines}", encoding="utf-8")
    for said in "2 rows written", "nothing new":
        assert main(["add", "own.csv", "--source", "a: b", "--vintage", "2019-05-01"]) == 0
        out = capsys.readouterr().out
        assert said in out and "? own.csv: D6: no line says of which indicator the figures are\n" in out
        assert out.endswith("\n3 of 5 figures were left out: their region or indicator is not known\n")
    wide = "指标,2017年,2018年\n第三产业增加值占GDP比重,50.1,50.9\n某指标,1,2\n"
    Path("own.csv").write_text(wide, encoding="utf-8")
    assert main(["check", "own.csv", "--region", "广东省"]) == 0
    assert capsys.readouterr().out.endswith("\n2 of 4 figures were left out: their region or indicator is not known\n")


def test_what_is_refused_is_not_said_to_be_lacking(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_project.root)
    lines = "广东省,城镇人口比重,2018,70.7,\n"
    command = ["add", "own.csv", "--source", "a: b", "--vintage"]
    Path("own.csv").write_text(HEAD + SHARES + lines, encoding="utf-8")
    assert main([*command, "2019-05-01"]) == 0
    capsys.readouterr()
    for year, refused, lacks in ("2019", "", True), ("2020", lines.replace("70.7", "170.7"), False):
        Path("own.csv").write_text(HEAD + SHARES.replace("2018", year) + refused, encoding="utf-8")
        assert main([*command, "2021-05-01"]) == (1 if refused else 0)
        assert ("lacks 1 of 2 indicators" in capsys.readouterr().out) == lacks


def test_a_file_that_is_not_there_is_a_fault(small_project: SmallProject, capsys: pytest.CaptureFixture[str]) -> None:
    own = small_project.root / "own.csv"
    own.write_text(HEAD + SHARES, encoding="utf-8")
    before = files_of(small_project)
    command = ["add", str(own), str(small_project.root / "no.xlsx"), "--source", "省统计局: 年鉴"]
    assert main([*command, "--root", str(small_project.root)]) == 1
    assert re.search("no.xlsx: there is no such file; mend the path\nnothing was written", capsys.readouterr().err)
    assert files_of(small_project) == before


def test_a_break_that_is_marked_stands_in_the_register_of_series(small_project: SmallProject) -> None:
    written = add(small_project, SHARES.replace("2018,50.9", "2018,50.9 b"))
    assert written["observations/series.csv"] == 1  # it is new
    name, register = "guangdong.services_share_of_gdp.guangdong_statistics_bureau_yearbook", "observations/series.csv"
    assert small_project.read(register).set_index("series").at[name, "breaks"] == "2018"
    later = Source(YEARBOOK.publisher, YEARBOOK.title, "2020-11-01")
    written = add(small_project, "广东省,第三产业增加值占GDP比重,2019,52.3 (b),\n", later)
    assert written["observations/series.csv"] == 1  # it has one break more
    assert small_project.read(register).set_index("series").at[name, "breaks"] == "2018;2019"
    store, faults = read_everything(small_project.root)
    own = store.observations[store.observations["series"] == name]
    assert dict(zip(own["year"], own["segment"], strict=True)) == {2017: 0, 2018: 1, 2019: 2} and not faults
    before = files_of(small_project)
    assert add(small_project, "广东省,第三产业增加值占GDP比重,2019,52.3 (b),\n", later) == {}
    assert files_of(small_project) == before


def test_a_break_that_is_marked_parts_own_figures(small_project: SmallProject) -> None:
    path, store = small_project.root / "own.csv", read_store(small_project.root)
    path.write_text(HEAD + SHARES.replace("2018,50.9", "2018,50.9 b"), encoding="utf-8")
    asked = store_as_asked(store, Asked((str(path),)), scheme=SCHEME, region="guangdong")
    own = asked.observations[asked.observations["series"] == "guangdong.services_share_of_gdp.own"]
    assert dict(zip(own["year"], own["segment"], strict=True)) == {2017: 0, 2018: 1}


def test_own_figures_serve_and_the_baseline_of_others_stays(small_project: SmallProject) -> None:
    """50.9 of 47: 108.3 %, by the user's figure of 2018."""
    add(small_project, SHARES)
    line = bench.results_of(Question(scheme=SCHEME, region="广东省", as_of=2018), read_store(small_project.root)).line(
        "2"
    )
    assert (line.latest.year, line.latest.value) == (2018, 50.9)
    assert line.distance.score == pytest.approx(50.9 / 47 * 100)


def test_the_same_source_later_continues_its_series_and_its_last_word_counts(small_project: SmallProject) -> None:
    add(small_project, SHARES)
    later = Source(YEARBOOK.publisher, YEARBOOK.title, "2020-11-01")
    assert list(add(small_project, "guangdong,2,2018,51.3,\nguangdong,2,2019,52.0,\n", later).values()) == [2]
    observations = read_store(small_project.root).observations
    mine = observations[observations["series"].str.endswith("bureau_yearbook")]
    assert dict(zip(mine["year"], mine["value"], strict=True)) == {2017: 50.1, 2018: 51.3, 2019: 52.0}
    assert len(small_project.read("observations/definitions.csv").query("grade == 'own'")) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (SHARES + "广东省,第三产业增加值占GDP比重,2019,509,\n", "own.csv:4: .*509 lies outside the natural bounds"),
        (
            SHARES + "广东省,第三产业增加值占GDP比重,2020,51,\n",
            "own.csv:4: .*a figure of 2020, which had not come in 2019",
        ),
        (SHARES + "广东省,第三产业增加值占GDP比重,2018,51,\n", "keep one of the two"),
        (
            "某地,第三产业增加值占GDP比重,2019,50.9,\n广东省,某指标,2019,50.9,\n",
            r"no figure of a known region and indicator; (?=.*某地)(?=.*某指标)",
        ),
    ],
)
def test_one_fault_and_nothing_is_written(small_project: SmallProject, content: str, message: str) -> None:
    before = files_of(small_project)
    with pytest.raises(InputError, match=message):
        add(small_project, content)
    assert files_of(small_project) == before


def test_an_annex_gives_targets_and_evaluations_which_stand_beside_ours(small_project: SmallProject) -> None:
    """Of 47: 41.34 is 87.96 (88.0: the same), 46.88 is 99.74 (2.2 more), of 2030 there is none."""
    path, store = small_project.root / "annex.csv", read_store(small_project.root)
    path.write_text(
        "全面建成小康社会进度计划表\n序号,指标名称,单位,2005年,,2013年,,2030年,\n,,,目标值,评价值,目标值,评价值,目标值,评价值\n"
        "2,第三产业增加值占GDP比重,%,41,88.0,45,97.5,47,100\n",
        encoding="utf-8",
    )
    added = add_reading(read_files([path], store=store, scheme=SCHEME), store, YEARBOOK, scheme=SCHEME)
    assert added == {f"schemes/{SCHEME}/schedule.csv": 3}
    store = read_store(small_project.root)
    schedule = store.schemes[SCHEME].schedule
    assert schedule[["planned_value", "evaluation"]].to_numpy().tolist() == [[41, 88], [45, 97.5], [47, 100]]
    question = Question(scheme=SCHEME, region="china", as_of=2013)
    results = bench.results_of(question, store)
    shown = tables.table_evaluations(bench.words_of(question, store, results), "economy").html
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>(.*?)</tr>", shown, flags=re.S)[1:]]
    assert [row[-5:] for row in rows] == [
        ["2005", "41.34", "88", "88.0", "一致"], ["2013", "46.88", "97.5", "99.7", "本报告+2.2"],
        ["2030", "—", "100", "—", "无可比的当年数值"],
    ]  # fmt: skip
    other = Question(scheme=SCHEME, region="guangdong", as_of=2013)
    words = bench.words_of(other, store, bench.results_of(other, store))
    assert tables.table_evaluations(words, "culture").html == ""


def test_the_same_month_again_is_nothing_new(small_project: SmallProject) -> None:
    """What a source says twice in one vintage stands once, also where it was corrected; another value is a fault."""
    add(small_project, SHARES)
    before = files_of(small_project)
    assert add(small_project, SHARES) == {}
    assert files_of(small_project) == before
    with pytest.raises(
        InputError, match=r"own.csv:2: .*2017 stands in observations/guangdong_.*_20191101.csv:2 already"
    ):
        add(small_project, SHARES.replace("50.1", "50.2"))
    assert files_of(small_project) == before
    added = add(small_project, SHARES + "广东省,第三产业增加值占GDP比重,2019,51.7,\n")
    assert list(added.values()) == [1]
    series = "guangdong.services_share_of_gdp.guangdong_statistics_bureau_yearbook"
    ledger = f"series,year,vintage,expect,value,reason,date\n{series},2017,2019-11-01,50.1,50.3,x,2019-11-02\n"
    (small_project.raw / "observations/corrections.csv").write_text(ledger, "utf-8")
    small_project.register()
    assert add(small_project, SHARES) == {}


def test_a_month_that_says_nothing_new_ends_well(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_project.root)
    Path("own.csv").write_text(HEAD + SHARES, encoding="utf-8")
    asked = ["add", "own.csv", "--source", "局: 月报", "--scheme", SCHEME, "--vintage"]
    assert main([*asked, "2019-11-01"]) == 0
    assert "said again" not in capsys.readouterr().out
    assert main([*asked, "2019-11-01"]) == 0
    assert capsys.readouterr().out.endswith("\nnothing new: data/raw has all of it already\n")
    Path("own.csv").write_text(HEAD + SHARES.replace("50.9", "51"), encoding="utf-8")
    assert main([*asked, "2019-12-01"]) == 0
    assert "\n1 of 2 figures are those that their source gave before, said again\n" in capsys.readouterr().out


def test_two_sources_never_share_a_series(small_project: SmallProject) -> None:
    """Chinese names of which the same Latin letters are left, and Latin ones that differ in their signs alone."""
    assert Source("丙", "年报", "").slug != Source("丁", "年报", "").slug
    words = [("甲局", "月报 数据.csv"), ("乙局", "年报 别的.csv"), ("A", "b c"), ("A b", "c")]
    for at, (publisher, title) in enumerate(words):
        add(
            small_project,
            f"广东省,第三产业增加值占GDP比重,2018,{50 + at / 10},\n",
            Source(publisher, title, "2019-11-01"),
        )
    series = small_project.read("observations/series.csv")["series"]
    own = [name for name in series if "services_share_of_gdp." in name][-len(words) :]
    assert len(set(own)) == len(words)
    about = read_store(small_project.root).sources.set_index("source_id")
    table = small_project.read(f"observations/csv_{Source('乙局', '年报 别的.csv', '').mark}_20191101.csv")
    assert table["value"].tolist() == ["50.1"]
    assert about.loc[table["source_id"][0], "publisher"] == "乙局"


def test_a_source_keeps_the_name_that_it_has() -> None:
    """A name of the register, made by other rules, stays that of who had it first."""
    rows = [
        {"source_id": f"csv_2019110{n}", "publisher": name, "title": "月报 csv"} for n, name in ((1, "甲"), (2, "乙"))
    ]
    register = pd.DataFrame(rows)
    assert Source("甲", "月报 csv", "").known_in(register).slug == "csv"
    other = Source("乙", "月报 csv", "")
    assert other.known_in(register).slug == other.slug == f"csv_{other.mark}"
    long = Source("Bureau of Statistics of the Province", "Yearbook of the whole Province", "")
    assert len(long.slug) < 60 and long.slug.endswith(long.mark)


def test_a_disk_that_fails_leaves_what_was_there(small_project: SmallProject, monkeypatch: pytest.MonkeyPatch) -> None:
    from xk.readers import changing

    before, write = files_of(small_project), changing.write_bytes

    def fail(content: bytes, path: Path) -> None:
        if path.name == "sources.csv":
            raise OSError(28, "No space left on device")
        write(content, path)

    monkeypatch.setattr(changing, "write_bytes", fail)
    with pytest.raises(OSError, match="No space"):
        add(small_project, SHARES)
    assert files_of(small_project) == before


def test_planned_values_of_an_annex_go_into_the_schedule(small_project: SmallProject) -> None:
    """The annex: 目标值 and 评价值 by year; unchanged ones are no news, changed ones are refused."""
    path, store = small_project.root / "annex.csv", read_store(small_project.root)
    head = "序号,指标名称,单位,2017年,,2018年,\n,,,目标值,评价值,目标值,评价值\n"
    path.write_text(
        f"{head}1,人均GDP,元,34000,58.6,36000,62.1\n2,第三产业增加值占GDP比重,%,44,93.6,45.5,96.8\n", "utf-8"
    )
    table = f"schemes/{SCHEME}/schedule.csv"
    assert add_reading(read_files([path], store=store), store, YEARBOOK, scheme=SCHEME) == {table: 4}
    assert (small_project.raw / table).read_text(encoding="utf-8") == (
        "indicator,year,planned_value,evaluation\ngdp_per_capita,2017,34000,58.6\ngdp_per_capita,2018,36000,62.1\n"
        "services_share_of_gdp,2017,44,93.6\nservices_share_of_gdp,2018,45.5,96.8\n"
    )
    assert add_reading(read_files([path], store=store), store, YEARBOOK, scheme=SCHEME) == {}
    path.write_text(f"{head}1,人均GDP,元,35000,60.3,36000,62.1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"schedule.csv:6: .*gdp_per_capita, year 2017 stands in line 2 already"):
        add_reading(read_files([path], store=store), store, YEARBOOK, scheme=SCHEME)


PLANNED_HEAD = "region,indicator,year,value,unit,kind\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (PLANNED_HEAD + "china,2,2018,45,%,target\nguangdong,2,2018,50,%,target\n",
         "own.csv:3: D3 .* of guangdong, .*leave it out"),
        ("广东省年度目标\n指标,单位,2018年目标值,2019年目标值\n2,%,50,51\n", "own.csv:3: C3 .* of guangdong, and the "),
        (PLANNED_HEAD + "china,2,2018,45,%,target\nchina,第三产业增加值占GDP比重,2018,50,%,target\n",
         "own.csv: D3 has 50 for china .* 2018, but D2 has 45 as 2; keep one of the two"),
        ("指标,单位,2018年目标值,2019年目标值\n人均GDP（当年价）,元,40000,50000\n",
         "own.csv:2: C2 is in prices current, .* target of gdp_per_capita in 2010; give it in the target's prices"),
        ("指标,单位,2018年目标值\n第三产业增加值占GDP比重（2015年价）,%,40\n", "C2 is in prices 2015, .* in none"),
    ],
)  # fmt: skip
def test_planned_values_that_the_schedule_cannot_hold_are_refused(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    content: str, message: str,
) -> None:  # fmt: skip
    """Of another region than the programme's own, in other prices than the target, or two for one year."""
    monkeypatch.chdir(small_project.root)
    before = files_of(small_project)
    Path("own.csv").write_text(content, encoding="utf-8")
    for command in ["check"], ["read", "-o", "read.csv"], ["add", "--source", "a: b", "--vintage", "2019-05-01"]:
        assert main([*command, "own.csv", "--scheme", SCHEME]) == 1
        assert re.search(message, capsys.readouterr().err)
    assert files_of(small_project) == before
    assert not re.search(r",(50|51|40000|40)(\.0)?,", Path("read.csv").read_text(encoding="utf-8-sig"))


def test_planned_values_without_prices_are_taken_as_in_the_targets_and_said(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_project.root)
    for name, said in ("人均GDP", 1), ("人均GDP（2010年价）", 0):
        Path("own.csv").write_text(f"指标,单位,2018年目标值,2019年目标值\n{name},元,40000,50000\n", encoding="utf-8")
        assert main(["add", "own.csv", "--scheme", SCHEME, "--source", "a: b", "--vintage", "2019-05-01"]) == 0
        told = "? gdp_per_capita: its planned values state no prices, and are taken as in 2010"
        assert capsys.readouterr().out.count(told) == said


@pytest.mark.parametrize(
    ("text", "publisher", "title", "slug"),
    [
        ("国家统计局: 年度数据", "国家统计局", "年度数据", f"own_{sha256_of('国家统计局:年度数据'.encode())[:8]}"),
        ("国家统计局：年度数据", "国家统计局", "年度数据", f"own_{sha256_of('国家统计局:年度数据'.encode())[:8]}"),
        ("NBS: Data: annual", "NBS", "Data: annual", "nbs_data_annual"),
    ],
)
def test_a_source_is_publisher_and_title(tmp_path: Path, text: str, publisher: str, title: str, slug: str) -> None:
    (tmp_path / "a.csv").write_bytes(b"x")
    source = source_of(text, vintage="2020-01-31", paths=[tmp_path / "a.csv"])
    assert (source.publisher, source.title, source.slug) == (publisher, title, slug)
    assert source.read_from == f"Read from a.csv (sha256 {sha256_of(b'x')})."


def test_a_source_without_a_title_and_a_day_that_is_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x")
    with pytest.raises(UsageError, match="'年鉴' is no source; write it as 'PUBLISHER: TITLE'"):
        source_of("年鉴", vintage="", paths=[tmp_path / "a.csv"])
    with pytest.raises(UsageError, match="'2020-13-01' is no vintage"):
        source_of("a: b", vintage="2020-13-01", paths=[tmp_path / "a.csv"])


def test_rows_are_added_below_and_known_keys_left_out() -> None:
    table = b'a,b\n1,"x, y"\n2,z'
    assert appended(table, [{"b": "w", "a": 1}, {"a": 3, "c": 9}], key=["a"]) == b'a,b\n1,"x, y"\n2,z\n3,\n'
    assert appended(table, [{"a": 1, "b": "w"}, {"a": 2, "b": "z"}]) == b'a,b\n1,"x, y"\n2,z\n1,w\n'


def test_a_checksum_is_renewed_and_every_other_byte_stays() -> None:
    table = 'file,sha256,note\na.csv,1,"two\nlines, one ""word"""\nb.csv,2,\n'
    assert renewed(table.encode(), {"b.csv": "9", "c.csv": "7"}) == table.replace("b.csv,2", "b.csv,9").encode()
    assert renewed(table.encode(), {"a.csv": "9"}) == table.replace("a.csv,1", "a.csv,9").encode()


def test_an_edit_that_is_meant_is_accepted(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_project.root)
    assert accept(small_project.root) == []
    small_project.put("measures.csv", 2, name_en="per cent")
    assert main(["check"]) == 1
    assert "measures.csv is not the file recorded here" in capsys.readouterr().err
    assert main(["check", "--accept"]) == 0
    assert "measures.csv: checksum renewed" in capsys.readouterr().out
    assert main(["check"]) == 0


@pytest.mark.parametrize(
    "broken", ["measures.csv", "observations/china.csv", "sources.csv", "sources.csv rows", "sources.csv gone"]
)
def test_what_is_broken_is_not_accepted(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    """The record of the good file would be gone."""
    monkeypatch.chdir(small_project.root)
    sources = small_project.raw / "sources.csv"
    path = small_project.raw / broken.split()[0]
    head = sources.read_text(encoding="utf-8").partition("\n")[0]
    path.write_text(head if broken.endswith("rows") else "", encoding="utf-8")
    if broken.endswith("gone"):
        path.unlink()
    before = sources.read_bytes() if sources.exists() else None
    assert main(["check", "--accept"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.endswith("no checksum was renewed; mend these first\n")
    assert (sources.read_bytes() if sources.exists() else None) == before


def test_checksums_of_one_scheme_are_accepted_alone(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A head with blanks is read as the reader of tables does."""
    monkeypatch.chdir(small_project.root)
    small_project.put("measures.csv", 2, name_en="per cent")
    assert main(["check", "--accept", "--scheme", "nosuch"]) == 2
    small_project.replace("sources.csv", ",file,", ", file,")
    assert accept(small_project.root, scheme=SCHEME) == ["measures.csv"]
    assert "renewed" not in capsys.readouterr().out


def test_a_confirmed_alias_is_kept(small_project: SmallProject) -> None:
    for alias in ("人均产值", "人均产值", "三产比"):
        path = confirm_alias("indicator", "gdp_per_capita", alias, root=small_project.root)
    assert list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:] == [
        ["indicator", "gdp_per_capita", "人均产值"],
        ["indicator", "gdp_per_capita", "三产比"],
    ]
    assert read_names(read_store(small_project.root)).slug("indicator", "人均产值") == "gdp_per_capita"


def test_the_commands_add_and_alias(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_project.root)
    Path("own.csv").write_text("indicator,year,value\n服务比重,2018,50.9\n", encoding="utf-8")
    assert main(["alias", "服务比重", "第三产业增加值占GDP比重"]) == 0
    assert main(["alias", "服务比重", "gdp_per_capita"]) == 2
    assert "'服务比重' is known already, as 'services_share_of_gdp'" in capsys.readouterr().err
    assert (
        main(["add", "own.csv", "--source", "广东省统计局: 年鉴", "--region", "广东省", "--vintage", "2019-11-01"]) == 0
    )
    assert ".csv: 1 rows written" in capsys.readouterr().out
    store: Store = read_store(small_project.root)
    assert (store.observations["value"] == 50.9).any()
    assert main(["add", "own.csv", "--source", "广东省统计局"]) == 2


def test_the_name_of_a_file_is_one_line_whatever_is_in_it(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_project.root)
    path = Path("a\nb.csv")
    path.write_text(HEAD + "guangdong,2,2018,50.9,\n", encoding="utf-8")
    assert main(["read", str(path)]) == 0
    assert "a\\nb.csv: tidy" in capsys.readouterr().out
    assert main(["add", str(path), "--source", "广东省统计局: 年鉴", "--vintage", "2019-11-01"]) == 0
    assert set(re.findall(r"(\d+) rows written", capsys.readouterr().out)) == {"1"}
    path.write_text(HEAD + "guangdong,2,2018,100.0001,\n", encoding="utf-8")
    assert main(["read", str(path)]) == 1
    assert "a\\nb.csv:2: column 'value': 100.0001 lies outside" in capsys.readouterr().err


def test_prices_of_a_year_that_has_not_come_are_refused(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_project.root)
    Path("own.csv").write_text(HEAD + "guangdong,1,2018,50000,2099\n", encoding="utf-8")
    for command in (["read"], ["check"], ["add", "--source", "a: b"]):
        assert main([*command, "own.csv"]) == 1
        assert "D2: 50000 is of 2099, the year of its prices, which has not come" in capsys.readouterr().err


def test_what_is_a_hundred_fold_another_is_held_back_unless_it_is_meant(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0.509 for 50.9 %: about a hundredth of what is published."""
    monkeypatch.chdir(small_project.root)
    before = files_of(small_project)
    Path("own.csv").write_text(HEAD + "guangdong,2,2018,0.509,\n", encoding="utf-8")
    asked = ["add", "own.csv", "--source", "局: 快报", "--scheme", SCHEME, "--vintage"]
    assert main([*asked, "2019-11-01"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("nothing was written: ") and "likely a share written as a fraction" in said
    assert said.endswith("if its figures are meant as they stand: xk add --accept\n")
    assert files_of(small_project) == before
    assert main([*asked, "2019-11-01", "--accept"]) == 0
    row = small_project.read(
        "observations/" + next(n for n in files_of(small_project) if n.endswith("20191101.csv"))[13:]
    )
    assert row["note"].tolist() == ["own.csv D2"]


def test_a_release_that_has_not_come_is_refused(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would go before every real one: in the option, in a column, and in the date of the file."""
    monkeypatch.chdir(small_project.root)
    before, own = files_of(small_project), Path("own.csv")
    own.write_text(HEAD + "guangdong,2,2018,50.9,\n", encoding="utf-8")
    asked = ["add", "own.csv", "--source", "局: 快报", "--scheme", SCHEME]
    assert main([*asked, "--vintage", "2099-01-01"]) == 2
    assert "the vintage 2099-01-01 has not come" in capsys.readouterr().err
    os.utime(own, (4070908800, 4070908800))
    assert main(asked) == 2
    assert "the vintage 2099-01-01, the day on which the file was last changed, has not" in capsys.readouterr().err
    own.write_text("region,indicator,year,value,vintage\nguangdong,2,2018,50.9,2099-01-01\n", encoding="utf-8")
    assert main([*asked, "--vintage", "2019-11-01"]) == 1
    assert "D2: 50.9 is of 2099-01-01, whose release has not come; give the day of" in capsys.readouterr().err
    assert files_of(small_project) == before


def test_adding_says_which_of_two_figures_serves(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another bureau's later word of the newest year serves, one released before does not; the same is not told."""
    monkeypatch.chdir(small_project.root)
    told = []
    words = (("a", "2026-03-01", 50.9), ("b", "2026-04-01", 51.3), ("c", "2026-02-01", 52), ("d", "2026-04-02", 51.3))
    for title, day, share in words:
        path = small_project.root / "own.csv"
        path.write_text(HEAD + f"guangdong,2,2025,{share},\n", encoding="utf-8")
        assert main(["add", str(path), "--source", f"局: {title}", "--scheme", SCHEME, "--vintage", day]) == 0
        told.append([line for line in capsys.readouterr().out.splitlines() if "serves" in line])
    about = "guangdong services_share_of_gdp 2025: "
    assert told == [
        [],
        [about + "50.9 (2026-03-01) was there, 51.3 (2026-04-01) is added; 51.3 serves as of 2025"],
        [about + "51.3 (2026-04-01) was there, 52 (2026-02-01) is added; 51.3 serves as of 2025"],
        [],
    ]


@pytest.mark.parametrize(
    ("alias", "name", "said"),
    [
        *((unit, "元", "known already, as a unit of measure") for unit in ("万元", "美元", "千元", "万 元")),
        ("2016年", "gdp_per_capita", "known already, as a year"),
        *(
            (head, "gdp_per_capita", "known already, as a word over the columns")
            for head in ("指标", "Indicator", "注")
        ),
        ("地区", "yunfu", "known already, as a word over the columns"),
        ("产值 1-9月完成", "gdp_per_capita", "is of a part (1-9月)"),
        ("广东省（不含深圳）", "广东省", "is of a part (不含)"),
        *((f"森林{mark}率", "gdp_per_capita", "cannot be seen; type the name anew") for mark in "\n\t\x07\u2028"),
    ],
)
def test_an_alias_is_nothing_that_files_have_already(
    alias: str, name: str, said: str, small_project: SmallProject, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(small_project.root)
    assert main(["alias", alias, name]) == 2
    assert said in capsys.readouterr().err and not (small_project.root / "data/own/aliases.csv").exists()


def test_an_alias_is_undone_and_makes_no_region_another(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small_project.root)
    assert main(["alias", "四会市", "广东省", "--kind", "region"]) == 2
    assert "'四会市' reads as another region" in capsys.readouterr().err
    for alias in ("全  省", "粤东省"):  # 东 is of 广东省
        assert main(["alias", alias, "广东省"]) == 0
    assert "全  省 is region guangdong; to undo: xk alias --remove '全  省'" in capsys.readouterr().out
    assert main(["alias", "--remove", "全 省"]) == 0
    assert capsys.readouterr().out == "全 省 is no longer region guangdong\n"
    assert main(["alias", "--remove", "全 省"]) == 2
    assert "those in data/own/aliases.csv: '粤东省'" in capsys.readouterr().err
    assert main(["alias", "全省"]) == 2


def test_baselines_that_are_no_figures_are_told_until_they_are_added(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A baseline of 1951 and the region's figure of it."""
    monkeypatch.chdir(small_project.root)
    table = f"{small_project.SCHEME}/indicators.csv"
    place = small_project.read(table)["indicator"].tolist().index("services_share_of_gdp")
    small_project.put(table, place + 2, baseline_year="1951", baseline_value="35", baseline_kind="observed")
    small_project.register()
    region = read_store(small_project.root).scheme(SCHEME).home_region()
    assert main(["check"]) == 0
    told = capsys.readouterr().out.splitlines()[-1]
    assert told.startswith(f"{SCHEME}: no figure of {region} is on file for the baseline years of ")
    assert "services_share_of_gdp (1951: 35); the programme's baselines are no figures" in told
    add(small_project, f"{region},2,1951,35,\n")
    assert main(["check"]) == 0
    assert "baselines" not in capsys.readouterr().out


def test_a_mended_file_goes_before_under_a_later_vintage(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same source and day with other values is refused, with the way out, which works."""
    monkeypatch.chdir(small_project.root)
    asked = ["add", "own.csv", "--source", "局: 快报", "--scheme", SCHEME, "--accept", "--vintage"]
    Path("own.csv").write_text(HEAD + "guangdong,2,2018,0.509,\nguangdong,2,2019,0.51,\n", encoding="utf-8")
    assert main([*asked, "2020-11-01"]) == 0
    Path("own.csv").write_text(HEAD + "guangdong,2,2018,50.9,\nguangdong,2,2019,51,\n", encoding="utf-8")
    assert main([*asked, "2020-11-01"]) == 1
    said = capsys.readouterr().err
    assert "own.csv:2: " in said and "own.csv:3: " in said and "or give what was corrected a later --vintage" in said
    assert said.endswith("nothing was written\n")
    assert main([*asked, "2020-11-02"]) == 0

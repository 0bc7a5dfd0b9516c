"""The door for files of offices: what is asked wrongly, what cannot be written, what contradicts a programme."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from made_up import SmallProject

from xk.errors import Fault, InputError, grouped
from xk.readers import adding, read_files, read_observations, read_store, writing
from xk.readers.plausibility import off_schedule, off_target
from xk.readers.store import Store
from xk.running.cli import main

SCHEME = "national-2013"
HEAD = "region,indicator,year,value\n"
SHARE = HEAD + "广东省,第三产业增加值占GDP比重,2018,50.9\n"
ANNEX = (
    "序号,指标名称,单位,2013年,,2020年,\n,,,目标值,评价值,目标值,评价值\n2,第三产业增加值占GDP比重,%,45,97.5,{},100\n"
)


@pytest.fixture
def here(small_project: SmallProject, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a small project with a file of one figure."""
    monkeypatch.chdir(small_project.root)
    Path("own.csv").write_text(SHARE, encoding="utf-8")
    return small_project.root


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("how", ["same", "linked", "hard", "roundabout"])
@pytest.mark.parametrize("command", ["read own.csv", "project own.csv --to 2020", "score --observations own.csv"])
def test_no_output_goes_over_an_input(here: Path, how: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = {"same": "own.csv", "linked": "link.csv", "hard": "hard.csv", "roundabout": "data/../own.csv"}
    os.symlink("own.csv", "link.csv")
    os.link("own.csv", "hard.csv")
    more = ["--scheme", SCHEME, "--region", "guangdong"] if command.startswith("score") else []
    assert main([*command.split(), *more, "-o", names[how]]) == 2
    assert "would be written over what is read (own.csv); give another name" in capsys.readouterr().err
    assert (here / "own.csv").read_text(encoding="utf-8") == SHARE


def test_no_output_goes_into_the_tables_of_the_project(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["read", "own.csv"], ["template", "schedule", "--scheme", SCHEME]):
        ending = ".csv" if command[0] == "read" else ".xlsx"
        assert main([*command, "-o", f"data/raw/observations/a{ending}"]) == 2
        assert "would lie among what a project reads (data/raw)" in capsys.readouterr().err
    assert main(["template", "schedule", "--scheme", SCHEME, "-o", "data/raw/schemes"]) == 2
    assert not list(here.rglob("*.xlsx"))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["add", "own.csv", "--source", "a: b", "--vintage", ""], "--vintage"),
        (["add", "own.csv", "--source", "a: b", "--region="], "--region="),
        (["read", " "], "read"),
        (["report", "--scheme", ""], "--scheme"),
    ],
)
@pytest.mark.usefixtures("here")
def test_an_empty_text_is_no_value(arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert f"{named} has an empty value; give one, or leave it out" in capsys.readouterr().err


def test_a_disk_that_is_full_is_told_in_a_line(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in (here / "data").rglob("*"))

    def full(*_: object, **__: object) -> None:
        raise shutil.Error([("a", "b", f"[Errno 28] {os.strerror(errno.ENOSPC)}: 'a' -> 'b'")])

    monkeypatch.setattr(adding.shutil, "copytree", full)
    assert main(["add", "own.csv", "--source", "a: b"]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert "No space left on device" in line
    assert sorted({path.name for path in (here / "data").rglob("*")} - {".lock"}) == sorted(set(before))


@pytest.mark.usefixtures("here")
def test_a_table_that_a_full_disk_does_not_take_is_no_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(writing, "_write_part", full)
    assert main(["read", "own.csv", "-o", "out.csv"]) == 3
    assert "out.csv: No space left on device; nothing was changed by half; free some room" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="pipes as Unix has them")
def test_who_reads_no_further_gets_no_traceback(here: Path) -> None:
    ends, begins = os.pipe()
    os.close(ends)
    command = [sys.executable, "-m", "xk", "read", "own.csv"]
    found = subprocess.run(command, cwd=here, stdout=begins, stderr=subprocess.PIPE, text=True, check=False)
    os.close(begins)
    assert (found.returncode, found.stderr) == (141, "")


@pytest.mark.skipif(sys.platform != "linux", reason="names of files that are bytes")
def test_a_name_that_is_not_in_utf8_is_shown_in_what_it_is(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = os.fsdecode("数据.csv".encode("gb18030"))
    Path("own.csv").rename(name)
    assert main(["read", name, "-o", "out.csv"]) == 0
    assert capsys.readouterr().out.startswith("数据.csv: tidy")
    assert "数据.csv" in Path("out.csv").read_text(encoding="utf-8")
    assert main(["check", name]) == 0
    assert main(["add", name, "--source", "局: 年鉴", "--scheme", SCHEME]) == 0
    assert main(["report", "--observations", name, "--scheme", SCHEME]) == 2
    assert (
        capsys.readouterr().err
        == "数据.csv: a report cannot name a file whose name is not plain text in UTF-8; rename it\n"
    )
    assert "数据.csv D2" in "".join(p.read_text("utf-8") for p in (here / "data/raw/observations").glob("own_*.csv"))


def test_a_target_that_is_not_the_programmes_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The programme's target of 2020 for services is 47 %; 47.0 is that, 46 is not, and is taken as it is."""
    for value, found in ((47.0, 0), (46, 1)):
        written(here / "annex.csv", ANNEX.format(value))
        scheme = read_store(here).scheme(SCHEME)
        remarks = off_target(read_files(["annex.csv"], store=read_store(here)).rows, scheme)
        assert len(remarks) == found
    assert remarks[0].said("en") == (
        "F3: the target of 46 % for services_share_of_gdp 2020 is not that of the programme, 47"
    )
    for command in ("check", "add"):
        more = ["--source", "局: 附件"] if command == "add" else []
        assert main([command, "annex.csv", "--scheme", SCHEME, *more]) == 0
        assert "? F3: the target of 46 %" in capsys.readouterr().out
    (remark,) = off_schedule(read_store(here).scheme(SCHEME))
    assert remark.said().startswith("进度计划表：") and "46" in remark.said()
    assert main(["check"]) == 0
    assert "? the schedule: the target of 46 %" in capsys.readouterr().out


def test_files_that_can_be_added_can_be_checked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(here / "annex.csv", ANNEX.format(47))
    written(here / "nameless.csv", "indicator,year,value\n第三产业增加值占GDP比重,2018,50.9\n")
    assert main(["check", "annex.csv"]) == 0
    assert capsys.readouterr().out.endswith("annex.csv: no faults; 0 observations, 4 targets and evaluations\n")
    assert main(["check", "nameless.csv", "--region", "广东省"]) == 0
    assert capsys.readouterr().out.endswith("nameless.csv: no faults; 1 observations\n")
    assert main(["check", "annex.csv", "nameless.csv", "--region", "广东省"]) == 0
    assert capsys.readouterr().out.endswith("no faults; 1 observations, 4 targets and evaluations\n")


def test_a_file_that_is_given_twice_is_read_once(here: Path) -> None:
    os.symlink("own.csv", "link.csv")
    reading = read_files(["own.csv", "own.csv", "link.csv"], store=read_store(here))
    assert len(reading.rows) == 1 and len(reading.layouts) == 1
    assert reading.doubts == ["own.csv: is given twice and was read once", "link.csv: is given twice and was read once"]


def test_two_words_for_one_figure_in_two_files_are_told_with_both_cells(here: Path) -> None:
    """In the same line of both, under two names of the indicator."""
    written(here / "other.csv", HEAD + "广东省,services_share_of_gdp,2018,51\n")
    with pytest.raises(InputError) as refused:
        read_observations(["own.csv", "other.csv"], store=read_store(here), scheme=SCHEME)
    assert str(refused.value) == (
        "other.csv: D2 has 51 for guangdong services_share_of_gdp 2018, "
        "but own.csv D2 has 50.9 as 第三产业增加值占GDP比重; keep one of the two"
    )


def test_a_fault_without_a_line_has_no_place_for_one() -> None:
    assert str(Fault("a.csv", None, "", "is missing", "make it")) == "a.csv: is missing; make it"
    rows = [Fault("a.csv", row, "b", "is odd", "mend it") for row in (2, 3, 5)]
    assert grouped(rows) == ["a.csv: rows 2-3, 5: column 'b': is odd; mend it"]


GROUPED = (
    "3-1 主要指标（2018年）,,,\n地区,人口与城镇化,,{}\n"
    ",常住人口城镇化率（%）,城镇登记失业率（%）,每千人口执业（助理）医师数（人）\n"
    "云浮市,42.31,2.4,1.93\n罗定市,40.2,2.5,1.71\n"
)


def test_a_name_under_the_head_of_a_group_is_tried_alone(tmp_path: Path, store: Store) -> None:
    reading = read_files([written(tmp_path / "a.csv", GROUPED.format("卫生"))], store=store)
    assert set(reading.rows["indicator"]) == {
        "urban_population_share", "registered_unemployment_rate", "doctors_per_1000",
    }  # fmt: skip
    assert any("heads of groups were left out of names: 人口与城镇化, 卫生" in doubt for doubt in reading.doubts)


@pytest.mark.parametrize("group", ["农村", "比上年增长", "人均", "第三产业增加值占GDP比重"])
def test_a_head_that_tells_things_apart_is_never_left_out(tmp_path: Path, store: Store, group: str) -> None:
    reading = read_files([written(tmp_path / "a.csv", GROUPED.format(group))], store=store)
    assert "doctors_per_1000" not in set(reading.rows["indicator"])


@pytest.mark.parametrize("before", ["注：①郁南县为初步数；", "注：", "注：①初步数。②口径调整；"])
def test_a_price_note_behind_another_is_read(tmp_path: Path, store: Store, before: str) -> None:
    table = f"指标,单位,2017年,2018年\n人均GDP,元,34000,36000\n{before}人均GDP按当年价格计算,,,\n"
    rows = read_files([written(tmp_path / "a.csv", table)], store=store, region="yunfu").rows
    assert set(rows["price_base"]) == {"current"}


def test_a_named_row_without_a_figure_is_counted(tmp_path: Path, store: Store) -> None:
    table = "指标,单位,2017年,2018年\n环境,,,\n森林覆盖率,%,68.7,69\n城镇登记失业率,%,,\n"
    reading = read_files([written(tmp_path / "a.csv", table)], store=store, region="yunfu")
    assert reading.layouts[0].endswith("cells without a figure: 2 empty")


def test_figures_under_the_head_of_a_frequency_are_said_to_be_unread(tmp_path: Path, store: Store) -> None:
    table = "地区,森林覆盖率（%）,频率\n云浮市,69,3\n罗定市,68,4\n"
    reading = read_files([written(tmp_path / "森林2018.csv", table)], store=store)
    assert len(reading.rows) == 2
    assert any("column C (频率) was not read" in doubt for doubt in reading.doubts)


def test_a_code_above_a_head_changes_nothing_of_what_is_read(tmp_path: Path, store: Store) -> None:
    bare, coded = (
        read_files([written(tmp_path / "a.csv", above + ANNEX.format(47))], store=store).rows
        for above in ("进度计划表,,,,,,\n", "进度计划表,,,Country Code,,,\n")
    )
    told = ["year", "kind", "value"]
    assert coded[told].to_numpy().tolist() == bare[told].to_numpy().tolist()
    assert bare[told].to_numpy().tolist()[1] == [2013, "evaluation", 97.5]

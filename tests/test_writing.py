"""What commands write: to files alone, in the format that the name says, without a text that is a formula."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up import SmallProject

from xk import project
from xk.errors import UsageError
from xk.readers import read_files, read_points, read_store, write_table
from xk.readers.openers import read_sheets
from xk.readers.own_aliases import confirm_alias
from xk.readers.writing import check_output, guarded, unguarded, write_bytes
from xk.running.cli import main

POINTS = "region,indicator,year,value\na,b,2015,1\na,b,2016,2\n"
EVIL = ["=1+1", "+1+1", "-1+1", "@SUM(1)", '=cmd|"/c calc"!A1', "'=1+1", "''=1"]
COMMANDS = {
    "read": ["read", "absent.csv"],
    "project": ["project", "absent.csv", "--to", "2020"],
    "score": ["score", "--scheme", "no-such", "--region", "yunfu"],
    "template": ["template", "observations", "--scheme", "no-such"],
}


@pytest.fixture
def points(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(POINTS, encoding="utf-8")
    return path


@pytest.mark.parametrize("there", [True, False])
def test_the_target_of_a_link_is_written_and_the_link_stays(tmp_path: Path, points: Path, there: bool) -> None:
    (tmp_path / "far").mkdir()
    link, target = tmp_path / "out.csv", tmp_path / "far" / "figures.csv"
    if there:
        target.write_text("old", encoding="utf-8")
    link.symlink_to(Path("far") / "figures.csv")
    assert main(["project", str(points), "--to", "2017", "-o", str(link)]) == 0
    assert link.is_symlink() and target.read_text(encoding="utf-8").startswith("region,indicator,year,value,lo80")
    assert [path.name for path in target.parent.iterdir()] == ["figures.csv"]


def test_links_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    link = tmp_path / "out.csv"
    link.symlink_to(Path("absent") / "out.csv")
    with pytest.raises(UsageError, match="there is no folder .*absent; make it first"):
        write_table(pd.DataFrame({"a": [1]}), link)
    (tmp_path / "one.csv").symlink_to("two.csv")
    (tmp_path / "two.csv").symlink_to("one.csv")
    with pytest.raises(UsageError, match=r"one\.csv is a link that leads back to itself"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "one.csv")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of POSIX")
@pytest.mark.parametrize("command", list(COMMANDS))
def test_a_pipe_is_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """No input is there; the command says what is wrong with the output."""
    pipe = tmp_path / ("out.xlsx" if command == "template" else "out.csv")
    os.mkfifo(pipe)
    (tmp_path / f"link{pipe.suffix}").symlink_to(pipe.name)
    for name in (pipe.name, f"link{pipe.suffix}"):
        assert main([*COMMANDS[command], "-o", str(tmp_path / name)]) == 2
        assert f"{name} is a named pipe; give the name of a file" in capsys.readouterr().err
    with pytest.raises(UsageError, match="is a named pipe"):
        write_bytes(b"x", tmp_path / f"link{pipe.suffix}")
    assert stat.S_ISFIFO(pipe.stat().st_mode) and len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("name", ["out.xls", "out.ods", "out.json", "out", "out.csv.gz"])
@pytest.mark.parametrize("command", ["read", "project", "score"])
def test_what_cannot_be_written_is_refused_with_what_can(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    assert main([*COMMANDS[command], "-o", str(tmp_path / name)]) == 2
    assert f"{name} cannot be written; give a name that ends in .csv or .xlsx" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["raw", "raw/observations", "own"])
def test_nothing_is_written_among_the_tables_of_another_project(tmp_path: Path, points: Path, folder: str) -> None:
    for made in ("raw/schemes", "raw/observations", "own"):
        (tmp_path / "other" / "data" / made).mkdir(parents=True)
    out = tmp_path / "other" / "data" / folder / "x.csv"
    with pytest.raises(UsageError, match=r"would lie among what a project reads \(.*\); give another name"):
        check_output(out, inputs=[points])
    check_output(tmp_path / "other" / "data" / "x.csv", inputs=[tmp_path])  # a folder for a file is told on reading


def test_a_template_is_a_workbook_or_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name, said in {"a.xls": "give a name that ends in .xlsx", "file": "is no folder; name a folder"}.items():
        assert main([*COMMANDS["template"], "-o", str(tmp_path / name)]) == 2
        assert said in capsys.readouterr().err
    (tmp_path / "forms.2026").mkdir()
    assert main(["template", "tasks", "--office", "市发改局", "-o", str(tmp_path / "forms.2026")]) == 0
    assert [path.suffix for path in (tmp_path / "forms.2026").iterdir()] == [".xlsx"]
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_workbook_is_a_workbook(tmp_path: Path, points: Path) -> None:
    assert main(["project", str(points), "--to", "2017", "-o", str(tmp_path / "out.XLSX")]) == 0
    (sheet,) = read_sheets(tmp_path / "out.XLSX")
    assert sheet.rows[0][:4] == ["region", "indicator", "year", "value"]
    # 2, and 1 more a year at most: numbers are numbers, what is not there is empty
    assert sheet.rows[2][:4] == ["a", "b", 2016.0, 2.0] and sheet.rows[2][4] in ("", None)
    assert len(sheet.rows) == 4 and isinstance(sheet.rows[3][3], float)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_names_come_back_as_they_were(tmp_path: Path, ending: str) -> None:
    path, names = tmp_path / f"out.{ending}", np.repeat(EVIL, 3)
    given = pd.DataFrame({"region": names, "indicator": names, "year": [2014, 2015, 2016] * len(EVIL), "value": 1.5})
    write_table(given.assign(value=np.arange(len(given)) - 3.5), path)
    back = read_points(path)
    assert back["region"].tolist() == back["indicator"].tolist() == names.tolist()
    assert back["value"].tolist() == (np.arange(len(given)) - 3.5).tolist()
    if ending == "csv":
        assert path.read_text(encoding="utf-8").splitlines()[1] == "'=1+1,'=1+1,2014,-3.5"


@pytest.mark.parametrize("cell", [*EVIL, "-5", "'-5", "+1e3", "云浮", "'x", "-", "", "\t=1", "＝1"])
def test_the_guard_can_be_taken_off(cell: str) -> None:
    assert unguarded(str(guarded(cell))) == cell


@pytest.mark.parametrize("level", ["0.8", "0.95", "1"])
def test_levels_are_per_cent(points: Path, capsys: pytest.CaptureFixture[str], level: str) -> None:
    """0.8 is meant as 80 %, not as the 0.8 % that it says."""
    out = points.with_name("out.csv")
    assert main(["project", str(points), "--to", "2017", "--levels", f"{level},95", "-o", str(out)]) == 2
    assert "levels are per cent, such as 80,95" in capsys.readouterr().err
    assert not out.exists()


def test_levels_of_the_call_are_per_cent() -> None:
    series = pd.DataFrame({"region": "a", "indicator": "b", "year": [2015, 2016], "value": [1.0, 2.0]})
    with pytest.raises(UsageError, match="level 0.95: levels are per cent, such as 80,95; write 95"):
        project(series, to=2017, levels=(80, 0.95))


def test_a_stream_that_cannot_say_a_name_stops_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, stream = tmp_path / "年鉴.csv", io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    path.write_text(POINTS, encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["read", str(path)]) == 0
    stream.seek(0)
    assert "\\u5e74\\u9274.csv: tidy" in stream.read()


def test_raw_data_keep_the_name_itself(small_project: SmallProject) -> None:
    """What xk alone reads is exact: an alias =1+1 stands so, and a guarded cell means it."""
    path = confirm_alias("region", "guangdong", "=1+1", root=small_project.root)
    assert path.read_text(encoding="utf-8").splitlines()[-1] == "region,guangdong,=1+1"
    table = small_project.root / "own.csv"
    table.write_text("region,indicator,year,value\n'=1+1,services_share_of_gdp,2019,55.5\n", encoding="utf-8")
    assert read_files([table], store=read_store(small_project.root)).rows["region"].tolist() == ["guangdong"]

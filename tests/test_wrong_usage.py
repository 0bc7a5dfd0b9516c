"""Wrong usage of the command line: the usage of the command itself, the nearest option, what a value looks like."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from made_up import SmallProject

from xk.running.cli import main
from xk.running.runs.pages import _file_title

ODD = os.fsdecode(b"\xb9\xe3")
"""Words of a terminal in GBK."""


@pytest.mark.parametrize(
    ("words", "usage", "said"),
    [
        ("report --obsrvations x.csv", "xk report", "--obsrvations (did you mean --observations?)"),
        ("report --regoin yunfu", "xk report", "--regoin (did you mean --region?)"),
        ("score --regoin=yunfu", "xk score", "--regoin (did you mean --region?)"),
        ("check --acept x.csv", "xk check", "--acept (did you mean --accept?)"),
        ("report --zzz 1 --kep 2", "xk report", "--zzz, --kep (did you mean --keep?)"),
        ("runs -lang zh", "xk runs", "-lang (did you mean --lang?), zh"),
        ("init a b", "xk init", "unrecognized arguments: b"),
        ("repport --keep 3", "xk", "unknown command 'repport' (did you mean report?); commands: check, build,"),
        ("report --as-of 16年", "xk report", "--as-of: '16年' is no year; write four digits, such as 2016"),
        ("report --to soon", "xk report", "--to: 'soon' is no year; write four digits, such as 2016"),
        ("project a.csv --to 2020年 -o b.csv", "xk project", "'2020年' is no year; write four digits, such as 2016"),
        ("report --jobs two", "xk report", "--jobs: 'two' is no whole number; write one such as 4"),
    ],
)
def test_the_command_says_its_usage_and_what_is_nearest(
    words: str, usage: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words.split())
    told = capsys.readouterr()
    assert told.err.startswith(f"usage: {usage} [") and said in told.err
    assert not told.out


@pytest.mark.parametrize(
    "words",
    [
        ["alias", ODD, "doctors_per_1000"], ["alias", "--remove", ODD], ["read", "x.csv", "--region", ODD],
        ["add", "x.csv", "--region", "yunfu", "--source", f"{ODD}: x", "--vintage", "2019-01-01"],
        ["report", "--region", "yunfu", ODD], ["check", "--scheme", ODD],
    ],
)  # fmt: skip
def test_words_that_are_no_utf8_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"usage: xk {words[0]}")
    assert "b'\\xb9\\xe3" in said and "is no text in UTF-8; type it in a terminal that is in UTF-8" in said


@pytest.mark.skipif(os.name != "posix", reason="elsewhere such a folder stays")
def test_a_working_folder_that_is_gone_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SystemExit) as ended:
        main(["check"])
    assert ended.value.code == 2
    assert "the working folder is gone (No such file or directory); go to one that is" in capsys.readouterr().err


def test_names_of_files_may_be_any_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / f"{ODD}.csv"
    file.write_text("region,indicator,year,value\nyunfu,gdp_per_capita,2016,31502\n", encoding="utf-8")
    assert main(["read", str(file), "-o", str(tmp_path / f"{ODD}2.csv")]) == 0
    assert len(list(tmp_path.iterdir())) == 2
    assert "1 figures" in capsys.readouterr().out


def test_the_start_of_an_option_and_what_stands_behind_two_dashes_are_as_they_were(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["runs", "--ou", str(tmp_path)]) == 0
    with pytest.raises(SystemExit, match="0"):
        main(["report", "--regoin", "--help"])
    assert "--observations" in capsys.readouterr().out
    assert main(["read", "--", "--no-such-file.csv"]) == 1
    assert "--no-such-file.csv" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["data/raw", "data/raw/observations", "data/own"])
def test_runs_do_not_lie_among_what_is_read(
    folder: str, small_project: SmallProject, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log among the tables would be a file without a line in the register of sources."""
    root = small_project.raw.parent.parent
    before = sorted(root.rglob("*"))
    assert main(["report", "--root", str(root), "--out", str(root / folder)]) == 2
    assert "would lie among what a project reads" in capsys.readouterr().err
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize("command", ["report", "runs"])
@pytest.mark.parametrize("beneath", ["", "runs"])
def test_a_file_in_place_of_the_folder_of_runs_is_said_to_be_one(
    command: str, beneath: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "county.xlsx"
    file.write_bytes(b"")
    assert main([command, "--root", str(root), "--out", str(file / beneath)]) == 2
    assert capsys.readouterr().err == f"{file} is a file; --out wants a folder, a new one or one with runs\n"
    assert file.read_bytes() == b""


def test_an_alias_of_nothing_known_is_not_likened_to_names_of_any_kind(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alias", "第三产业", "nosuch", "--root", str(root)]) == 2
    told = capsys.readouterr().err
    assert "did you mean" not in told and "--kind region|indicator|domain|office|unit" in told
    assert main(["alias", "甲地", "yunfo", "--root", str(root)]) == 2
    assert capsys.readouterr().err == "'yunfo' is no known name; did you mean 'yunfu'?\n"


@pytest.mark.parametrize("name", ["csv-metadata.json", "datapackage.json"])
def test_files_that_describe_the_tables_have_names_in_words(name: str) -> None:
    said = [_file_title(Path("data") / name, lang) for lang in ("zh", "en")]
    assert said[0].startswith("表的说明") and said[1].startswith("Description of the tables")


@pytest.mark.parametrize("bound", ["nan", "inf", "-inf", "x"])
def test_a_bound_that_bounds_nothing_is_refused(bound: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["project", "x.csv", "--to", "2020", f"--lower={bound}", "-o", "y.csv"])
    assert f"'{bound}' is no number that bounds figures" in capsys.readouterr().err

"""Files that went wrong elsewhere, given to each command that reads figures: what is said, what is taken."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from xk.running.cli import main

HEAD = "region,indicator,year,value\n"
SHARE = "yunfu,services_share_of_gdp,"
GDP = "yunfu,gdp_per_capita,"


def written(folder: Path, *lines: str, head: str = HEAD) -> str:
    path = folder / "own.csv"
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Return the exit status and all that is printed."""
    status = main(words)
    said = capsys.readouterr()
    return status, said.out + said.err


def test_marks_that_nobody_sees_make_no_region_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A byte-order mark within a joined file, a blank of no width and marks of direction in a name: one series."""
    lines = [
        SHARE + "2015,37.9",
        f"\ufeff{SHARE}2016,38.5",
        f"yun\u200bfu{SHARE[5:]}2017,39",
        f"\u202ayunfu\u202c{SHARE[5:]}2018,39.5",
    ]
    file, out = written(tmp_path, *lines), tmp_path / "out.csv"
    assert run(["check", file], capsys)[0] == 0
    assert run(["read", file, "-o", str(out)], capsys)[0] == 0
    assert pd.read_csv(out)[["region", "value"]].to_numpy().tolist() == [
        ["yunfu", 37.9], ["yunfu", 38.5], ["yunfu", 39.0], ["yunfu", 39.5]
    ]  # fmt: skip
    assert main(["project", file, "--to", "2020", "-o", str(out)]) == 0
    assert set(pd.read_csv(out)["region"]) == {"yunfu"}
    joined = written(tmp_path, SHARE + "2015,37.9", "\ufeff" + HEAD + SHARE + "2016,38.5")
    assert main(["project", joined, "--to", "2018", "-o", str(out)]) == 0
    assert pd.read_csv(out)["year"].tolist() == [2015, 2016, 2017, 2018]


@pytest.mark.parametrize("command", ["read", "check", "project"])
def test_years_of_two_digits_are_refused(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, *(f"{SHARE}{year},38" for year in ("08", "09", "10")))
    more = ["--to", "2018", "-o", str(tmp_path / "out.csv")] if command == "project" else []
    status, said = run([command, file, *more], capsys)
    assert status == 1
    assert f"{file}:4: column 'C': '10' is no year; write YYYY, such as 2016" in said


@pytest.mark.parametrize("command", ["read", "check", "project"])
def test_no_remedy_changes_a_number(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """38.5① is 38.5 and 38² is 38, with their marks; of 1,5 both readings are named, of 1.234,5 the one there is."""
    values = ["38.5①", "38²", '"1,5"', '"1.234,5"']
    file = written(tmp_path, *(f"{SHARE}{2012 + at},{value}" for at, value in enumerate(values)))
    more = ["--to", "2018", "-o", str(tmp_path / "out.csv")] if command == "project" else []
    status, said = run([command, file, *more], capsys)
    assert status == 1
    assert "'1,5' can be 1.5 (decimal comma) or 15 (a comma too many)" in said
    assert "'1.234,5' is 1234.5 with a decimal comma, or mistyped" in said
    said = said.replace(str(tmp_path), "")  # a folder may be called anything
    assert not any(wrong in said for wrong in ("38.51", "382", "1.2345"))


def test_figures_in_another_unit_are_warned_of_and_impossible_ones_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0.385 for 38.5 %, 3.0152 (10,000 yuan) for 30,152 yuan, 10,000-fold from year to year; 400,000 % cannot be."""
    file = written(tmp_path, SHARE + "2015,37.9", SHARE + "2016,0.385", GDP + "2015,3.0152", GDP + "2016,34000")
    for command in "read", "check":
        status, said = run([command, file], capsys)
        assert status == 0
        assert "D3: 0.385 % for yunfu services_share_of_gdp 2016 is about 1/100 of" in said
        assert (
            "likely a share written as a fraction" in said and "likely tens of thousands of yuan given as yuan" in said
        )
        assert "D4: 3.0152 元 for yunfu gdp_per_capita 2015 is about 1/10,000 of" in said
        assert (
            "D5: 34000 元 for yunfu gdp_per_capita 2016 is about" not in said
        )  # 10,000 times that of the year before, which is the odd one
    status, said = run(["project", file, "--to", "2018", "-o", str(tmp_path / "out.csv")], capsys)
    assert (status, "34000 for yunfu gdp_per_capita 2016 is about 10,000 times 3.0152 of 2015" in said) == (0, True)
    status, said = run(["check", written(tmp_path, SHARE + "2016,400000")], capsys)
    assert status == 1
    assert "lies outside the natural bounds" in said and "bounds: 0 to 100" in said


def test_a_blank_first_line_is_no_empty_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, SHARE + "2015,37.9", SHARE + "2016,x1", head="\n" + HEAD)
    status, said = run(["check", file], capsys)
    assert status == 1
    assert f"{file}:4: column 'D': 'x1' is no figure" in said and "empty" not in said.split("is no figure")[0]


def test_faults_of_files_are_grouped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, *(f"{SHARE}{year},38,5" for year in range(2000, 2016)))
    status, said = run(["check", file], capsys)
    assert status == 1
    assert f"{file}: rows 2-17: has 5 cells, the header 4; check separators" in said

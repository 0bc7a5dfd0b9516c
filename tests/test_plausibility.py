"""Figures that are likely in another unit, jump, turn negative or are fewer than before are told; sound ones are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from xk.readers import Store, read_files, read_store

HEAD = "region,indicator,year,value\n"


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        # the plan's baseline of 2016 is 38.5 %: 0.391 is about a hundredth of it
        ("yunfu,services_share_of_gdp,2017,0.391", "1/100 of 38.5 of 2016: likely a share written as a fraction"),
        # 31,502 yuan in 2016: 3.4 is about a ten-thousandth
        ("yunfu,gdp_per_capita,2017,3.4", "1/10,000 of 31502 of 2016: likely 万元 written as 元"),
        ("yunfu,gdp_per_capita,2017,340000000", "10,000 times 31502"),
        ("yunfu,life_expectancy,2015,76\nyunfu,life_expectancy,2016,760", "from 76 in 2015 to 760 in 2016, about 10 times"),
        ("yunfu,rd_expenditure_intensity,2015,2\nyunfu,rd_expenditure_intensity,2016,2.1\nyunfu,rd_expenditure_intensity,2017,-2.1",
         "D4: -2.1 for yunfu rd_expenditure_intensity 2017 is negative"),
        ("yunfu,gdp_per_capita,2016,31502\nyunfu,services_share_of_gdp,2016,38.5\nyunfu,gdp_per_capita,2017,33000",
         "2017 lacks 1 of the 2 indicators of 2016: services_share_of_gdp"),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_said(lines: str, words: str, tmp_path: Path, store: Store) -> None:
    path = tmp_path / "own.csv"
    path.write_text(HEAD + lines + "\n", encoding="utf-8")
    assert [doubt for doubt in read_files([path], store=store).doubts if words in doubt]


def test_sound_figures_raise_no_doubt(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "own.csv"
    path.write_text(HEAD + "yunfu,gdp_per_capita,2015,30152\nyunfu,gdp_per_capita,2016,31502\n", encoding="utf-8")
    assert read_files([path], store=store).doubts == []

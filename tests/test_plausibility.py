"""Figures likely in another unit, that jump, turn negative or are fewer than before are told; sound ones are not."""

# ruff: noqa: E501  # tables read best as tables
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
        # published for 2017 is 48.1 %: 0.391 is a hundred-and-twenty-third of it, near a hundredth
        ("yunfu,services_share_of_gdp,2017,0.391", ": likely a share written as a fraction"),
        # published for 2017 are 33,285 yuan: 3.4 is about a ten-thousandth
        ("yunfu,gdp_per_capita,2017,3.4", ": likely 万元 written as 元"),
        ("yunfu,gdp_per_capita,2017,340000000", "is about 10,000 times"),
        ("yunfu,life_expectancy,2015,76\nyunfu,life_expectancy,2016,760", "760 岁 for yunfu life_expectancy 2016 is about 10 times 76 of 2015"),
        ("yunfu,rd_expenditure_intensity,2015,2\nyunfu,rd_expenditure_intensity,2016,2.1\nyunfu,rd_expenditure_intensity,2017,-2.1",
         "D4: -2.1 % for yunfu rd_expenditure_intensity 2017 is negative"),
        ("yunfu,gdp_per_capita,2016,31502\nyunfu,services_share_of_gdp,2016,38.5\nyunfu,gdp_per_capita,2017,33000",
         "2017 lacks 1 of 2 indicators of 2016: services_share_of_gdp"),
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

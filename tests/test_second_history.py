"""An invented history of the plan after 2016: the status of every line, worked out by hand from the method.

The 38 figures of ``tests/data/yunfu_invented_history.csv`` are made up and say nothing of any place. Projections are by
`drift` (first to last figure), so that they can be made on paper; what is borrowed follows the real series of Guangdong
and China.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from xk.pipeline.result import tally_statuses
from xk.running.cli import main

INVENTED = Path(__file__).parent / "data" / "yunfu_invented_history.csv"
# as of 2020 a target of 2020 without a figure of 2020 was not seen to be met or missed
UNSEEN = "not_seen"

# number: status as of 2018, as of 2019, as of 2020, and why
BY_HAND = {
    "1": ("not_comparable", "not_comparable", "not_comparable", "prices of the figure are not stated"),
    "2": ("lagging", "lagging", UNSEEN, "17.5 points are missing, Guangdong gains under one a year"),
    "3": ("lagging", "lagging", UNSEEN, "19 points are missing, Guangdong gains under one a year"),
    "4": ("not_comparable", "not_comparable", "not_comparable", "the figure is a rate, the target an index"),
    "5": ("no_trend", "no_trend", UNSEEN, "2016 alone, nobody to borrow from"),
    "6": ("lagging", "lagging", UNSEEN, "0.51 of 2.5; Guangdong grows by a fifth in four years"),
    "7": ("no_trend", "no_trend", UNSEEN, "2016 alone"),
    "8": ("lagging", "lagging", UNSEEN, "5.36 of 30; China stands still"),
    "9": ("no_trend", "no_trend", UNSEEN, "2016 alone"),
    "10": ("met_to_hold", "not_held", "not_held", "96, then 95, an exact hit; 94.9 in 2019 falls short of 95"),
    "11": ("lagging", "lagging", UNSEEN, "0.05 a year: 0.6 of 2.3 in 2020"),
    "12": ("met_to_hold", "met_to_hold", UNSEEN, "0.9 in 2018, at most 1; 2017 and 2019 were not seen"),
    "13": ("no_trend", "no_trend", UNSEEN, "2016 alone"),
    "14": ("lagging", "lagging", UNSEEN, "0.98 of 5; China gains a tenth"),
    "15": ("no_trend", "no_trend", UNSEEN, "2016 alone"),
    "16": ("no_trend", "no_trend", UNSEEN, "2016 alone"),
    "17": ("met_to_hold", "met_to_hold", UNSEEN, "100 in 2017 and 2018; 2019 was not seen"),
    "18": ("not_held", "not_held", "not_held", "7.9 in 2017, 8 is to be held"),
    "19": ("not_comparable", "not_comparable", "not_comparable", "prices of the figure are not stated"),
    "20": ("not_held", "not_held", "not_held", "2.45, 4.2, 2.4 against at most 4: missed in 2018"),
    "21": ("no_target", "no_target", "no_target", "the plan gives none"),
    "22": ("no_target", "no_target", "no_target", "the plan gives none"),
    "23": ("no_trend", "no_trend", UNSEEN, "as its parts"),
    "23.1": ("no_trend", "no_trend", UNSEEN, "2016 alone"),
    "23.2": ("no_trend", "no_trend", UNSEEN, "2016 alone"),
    "24": ("lagging", "lagging", UNSEEN, "1.46 years are missing, China gains 0.28 a year: 1.1"),
    "25": ("no_trend", "no_trend", UNSEEN, "2014 alone"),
    "26": ("lagging", "lagging", UNSEEN, "1.74 of 2.5; China gains 19 % in four years: 2.07"),
    "27": ("lagging", "no_trend", UNSEEN, "by China 22.6 x 41.2/31.6 = 29.5 of 35; in 2019 its 2016 is too old"),
    "28": ("met_to_hold", "met_to_hold", UNSEEN, "100 in 2016, nothing seen since"),
    "29": ("not_held", "not_held", "not_held", "one part was missed: 29.2"),
    "29.1": ("met_to_hold", "met_to_hold", UNSEEN, "94.66 in the baseline year does not count; 95.1, 95.6, 96 of 95"),
    "29.2": ("not_held", "not_held", "not_held", "99.5 in 2018, 100 is to be held; 100 in 2019 mends nothing"),
    "30": ("missed", "missed", "missed", "96.5 at its deadline of 2018; 100 in 2019 came late"),
    "31": ("on_track", "met_to_hold", UNSEEN, "0.42, 0.28, 0.14: -0.14 a year, below 0.078 in 2019; 0.07 in 2019"),
    "32": ("met_to_hold", "met_to_hold", UNSEEN, "95 in 2017, an exact hit; 2018 was not seen; 96 in 2019"),
    "33": ("regressing", "regressing", UNSEEN, "77.53, 79: 83.4 in 2020, further from 53"),
    "34": ("lagging", "lagging", UNSEEN, "by China 207.48 x 58.9/93.7 = 130.5, then 146.8; 125.4 at most"),
    "35": ("on_track", "lagging", UNSEEN, "by China 0.715 x 0.589/0.685 = 0.615 of 0.62; a year later 0.628"),
    "36": ("no_data", "no_data", "no_data", "no figure at all"),
    "37": ("no_trend", "not_held", "not_held", "37.2 and 37.4 have no trend; as of 2019 37.1 was missed"),
    "37.1": ("met_to_hold", "not_held", "not_held", "91 in 2018 (2017 not seen), 89.5 in 2019, 90 is to be held"),
    "37.2": ("no_trend", "no_trend", UNSEEN, "2016 alone"),
    "37.3": ("on_track", "on_track", UNSEEN, "69.6 of 70; China gains 0.8 points in four years"),
    "37.4": ("no_trend", "no_trend", UNSEEN, "2016 alone"),
    "38": ("on_track", "on_track", UNSEEN, "38.1 decides: on track goes before met"),
    "38.1": ("on_track", "on_track", UNSEEN, "90.8, 92, 94: 1.6 a year, 97.2 of 95; then 94.5: 95.7"),
    "38.2": ("met_to_hold", "met_to_hold", UNSEEN, "86, then 86.5 of 85, asked of 2020 alone: 84 in 2017 is no miss"),
    "39": ("met_to_hold", "met_to_hold", UNSEEN, "as its parts"),
    "39.1": ("met_to_hold", "met_to_hold", UNSEEN, "100 in 2016, nothing seen since"),
    "39.2": ("met_to_hold", "met_to_hold", UNSEEN, "100 in 2016, nothing seen since"),
    "40": ("on_track", "on_track", UNSEEN, "66.3, 72: two points, 5.7 a year, 89.1 of 88"),
    "41": ("no_trend", "no_trend", UNSEEN, "2016 alone"),
    "41.2": ("no_data", "no_data", "no_data", "no figure at all"),
    "42": ("uncertain", "uncertain", UNSEEN, "89.94, 90.455, 90.97: 0.515 a year, 92 of 92: as likely as not"),
}  # fmt: skip


@lru_cache
def scored(year: int, folder: Path) -> pd.DataFrame:
    """Return what ``xk score`` writes as of a year."""
    out = folder / f"{year}.csv"
    command = ["score", "--scheme", "yunfu-2020", "--region", "yunfu", "--as-of", str(year), "--method", "drift"]
    assert main([*command, "--observations", str(INVENTED), "-o", str(out)]) == 0
    return pd.read_csv(out, dtype={"no": str}).set_index("no")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scores")


def test_there_are_38_figures_and_all_lines_are_worked_out(folder: Path) -> None:
    assert len(pd.read_csv(INVENTED)) == 38
    assert list(BY_HAND) == list(scored(2018, folder).index)


@pytest.mark.parametrize("place", [0, 1, 2], ids=["as of 2018", "as of 2019", "as of 2020"])
def test_every_status_is_that_worked_out_by_hand(folder: Path, place: int) -> None:
    found = scored(2018 + place, folder)["status"]
    assert {no: status for no, status in found.items() if status != BY_HAND[no][place]} == {}


@pytest.mark.parametrize(
    ("year", "no", "reason"),
    [
        (2018, "20", "2018年4.2，未达到应保持的水平"),
        (2018, "12", "2018年数值0.9已达到目标，2019—2020年仍须达到；应达标的2017年没有数值"),
        (2018, "29", "取决于分项29.2（未能保持）；其他分项：29.1（已达标，须保持）"),
        (2018, "30", "目标年2018年数值96.5，未达到目标"),
        (2019, "30", "目标年2018年数值96.5，未达到目标；2019年数值100，属逾期达到"),
        (2018, "38", "取决于分项38.1（符合进度）；其他分项：38.2（已达标，须保持）"),
        (2019, "42", "按自身趋势，2020年推算为92.00，难以判断能否达标（达标概率50%）"),
        (2020, "28", "应达标的2017—2020年没有数值，最新数值为2016年100"),
        (2020, "2", "应达标的2020年没有数值，最新数值为2016年38.5"),
    ],
)  # fmt: skip
def test_reasons_name_years_values_and_parts(folder: Path, year: int, no: str, reason: str) -> None:
    assert scored(year, folder).loc[no, "reason"] == reason


def test_nothing_is_projected_once_the_target_year_is_there(folder: Path) -> None:
    found: Any = scored(2020, folder)
    assert found[["probability", "projected_value"]].isna().all(axis=None)


def test_the_42_indicators_are_counted_by_their_own_status() -> None:
    """As of 2019; the twelve parts and the second target of 41 (with a dot in their numbers) stand apart."""
    own = tally_statuses(row[1] for no, row in BY_HAND.items() if "." not in no)
    assert sum(own.values()) == 42
    assert (own["not_held"], own["missed"], own["uncertain"]) == (5, 1, 1)

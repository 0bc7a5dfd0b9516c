"""The house status in every case, each with its reason."""

from __future__ import annotations

import math

import pytest

from xk.arithmetic.status import Standing, house_status
from xk.arithmetic.target import Target

MORE = Target("positive", 80.0, year=2020)
LESS = Target("inverse", 80.0, year=2020)
HELD = Target("positive", 95.0, year=2020, hold_from=2017, hold_to=2020)
NAN = math.nan


@pytest.mark.parametrize(
    ("values", "projected", "target", "status", "key"),
    [
        ([70, 80], NAN, MORE, "achieved", "achieved"),
        ([70, 75], 80.0, MORE, "on_track", "on_track_own"),
        ([70, 75], 79.9, MORE, "lagging", "lagging_own"),
        ([75, 75], 75.0, MORE, "lagging", "lagging_own"),
        ([75, 70], 69.0, MORE, "regressing", "regressing_own"),
        ([90, 85], 80.0, LESS, "on_track", "on_track_own"),
        ([90, 85], 86.0, LESS, "regressing", "regressing_own"),
        ([90, 80], NAN, LESS, "achieved", "achieved"),
        ([70], NAN, MORE, "no_data", "no_trend"),
        ([], NAN, MORE, "no_data", "no_figure"),
        ([70], 90.0, Target("positive"), "no_target", "no_target"),
    ],
)
def test_every_status(values: list[float], projected: float, target: Target, status: str, key: str) -> None:
    years = list(range(2019 - len(values), 2019))
    found, reason = house_status(Standing(years, values, 2018, projected), target)
    assert (found, reason.key) == (status, key)


def test_borrowed_trends_are_named() -> None:
    found, reason = house_status(Standing([2016], [70], 2016, 81.0, "guangdong"), MORE)
    assert (found, reason.key, reason.values["region"]) == ("on_track", "on_track_borrowed", "guangdong")


@pytest.mark.parametrize(
    ("years", "values", "as_of", "projected", "status", "key"),
    [
        # nothing was asked of 2016
        ([2016], [96], 2016, NAN, "achieved", "achieved_to_hold"),
        ([2016, 2017, 2018], [94.66, 95, 96], 2018, NAN, "achieved", "achieved_to_hold"),
        # missed once, though met now
        ([2016, 2017, 2018], [96, 94, 96], 2018, 96.0, "on_track", "held_missed"),
        ([2016, 2017, 2018], [96, 94, 96], 2018, 94.0, "lagging", "held_missed"),
        # 2017 is past, but nobody knows
        ([2016], [96], 2018, NAN, "no_data", "held_unseen"),
        ([2017, 2018, 2019, 2020], [95, 95, 95, 95], 2020, NAN, "achieved", "achieved"),
        ([2016], [94.66], 2016, 95.5, "on_track", "on_track_own"),
    ],
)
def test_targets_to_be_held(
    years: list[int], values: list[float], as_of: int, projected: float, status: str, key: str
) -> None:
    found, reason = house_status(Standing(years, values, as_of, projected), HELD)
    assert (found, reason.key) == (status, key)


def test_a_deadline_of_its_own() -> None:
    early = Target("positive", 100.0, year=2018)
    assert house_status(Standing([2016, 2018], [34.8, 99.0], 2018), early)[1].key == "deadline_missed"
    assert house_status(Standing([2016, 2018], [34.8, 100.0], 2018), early)[0] == "achieved"
    assert house_status(Standing([2016], [34.8], 2019, 100.0), early)[1].key == "deadline_unseen"
    assert house_status(Standing([2016], [34.8], 2017, 100.0), early)[0] == "on_track"

"""The house status in every case, each with its reason."""

from __future__ import annotations

import math
from typing import Any

import pytest

from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS, Case, Verdict
from xk.arithmetic.target import Target
from xk.vocab import STATUSES

MORE = Target("positive", 80.0, year=2020)
LESS = Target("inverse", 80.0, year=2020)
HELD = Target("positive", 95.0, year=2020, hold_from=2017, hold_to=2020)
NAN = math.nan


def judged(years: list[int], values: list[float], target: Target, *, projected: float = NAN, **facts: Any) -> Verdict:
    """Judge a series whose projection is known, NaN where there is none."""
    return RULEBOOKS[HOUSE].judge(Case(tuple(years), tuple(values), target, projected=projected, **facts))


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
    found = judged(years, values, target, as_of=2018, projected=projected)
    assert (found.status, found.why.key) == (status, key)


def test_borrowed_trends_are_named() -> None:
    found = judged([2016], [70], MORE, projected=81.0, borrowed_from="guangdong")
    assert (found.status, found.why.key, found.why.values["region"]) == ("on_track", "on_track_borrowed", "guangdong")


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
    found = judged(years, values, HELD, as_of=as_of, projected=projected)
    assert (found.status, found.why.key) == (status, key)


def test_a_deadline_of_its_own() -> None:
    early = Target("positive", 100.0, year=2018)
    assert judged([2016, 2018], [34.8, 99.0], early).why.key == "deadline_missed"
    assert judged([2016, 2018], [34.8, 100.0], early).status == "achieved"
    assert judged([2016], [34.8], early, as_of=2019, projected=100.0).why.key == "deadline_unseen"
    assert judged([2016], [34.8], early, as_of=2017, projected=100.0).status == "on_track"


def test_a_known_projection_is_not_made_again() -> None:
    """Nothing to project is not the same as not yet projected."""
    series = (2016, 2017, 2018), (70.0, 72.0, 74.0)
    assert RULEBOOKS[HOUSE].judge(Case(*series, MORE)).why.key == "lagging_own"
    assert RULEBOOKS[HOUSE].judge(Case(*series, MORE, projected=NAN)).why.key == "no_trend"
    given = RULEBOOKS[HOUSE].judge(Case(*series, MORE, projected=81.0, probability=0.7))
    assert (given.value, given.probability) == (81.0, 0.7)


def test_the_words_of_the_house_are_those_of_the_library() -> None:
    assert RULEBOOKS[HOUSE].words == STATUSES


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (["achieved", "achieved"], "achieved"),
        (["achieved", "on_track"], "on_track"),
        (["achieved", "regressing", "lagging"], "regressing"),
        (["lagging", "no_data"], "lagging"),
        # good news needs every part
        (["achieved", "no_target"], "no_data"),
        (["not_comparable"], "no_data"),
        ([], "no_data"),
    ],
)
def test_composites_have_the_worst_status_of_their_parts(statuses: list[str], status: str) -> None:
    parts = [(f"1.{place}", word) for place, word in enumerate(statuses)]
    found = RULEBOOKS[HOUSE].judge_parts(parts)
    assert (found.status, found.why.key) == (status, "composite" if parts else "no_parts")
    assert found.why.values["parts"] == parts

"""A city's target divided among counties: by hand, exact in sum, refused where it cannot be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from xk.arithmetic.allocation import RULES, allocate_targets, whole_of
from xk.errors import InputError, UsageError

BASELINES = {"a": 40.0, "b": 60.0}
WEIGHTS = {"a": 3.0, "b": 1.0}  # the city stands at 45


def weighted_mean(values: Iterable[float], weights: list[float]) -> float:
    """Return the exact weighted mean, rounded once."""
    pairs = [(Fraction(value), Fraction(weight)) for value, weight in zip(values, weights, strict=True)]
    return float(sum(value * weight for value, weight in pairs) / sum(weight for _, weight in pairs))


@pytest.mark.parametrize(
    ("rule", "targets"), [("proportional", [160 / 3, 80.0]), ("equal_effort", [55.0, 75.0]), ("converge", [60.0, 60.0])]
)
def test_shares_by_hand(rule: str, targets: list[float]) -> None:
    # 60 / 45 = 4/3 of each; or 15 more for each; or 60 for both
    found = allocate_targets(60, BASELINES, weights=WEIGHTS, rule=rule, kind="share", years=5)
    assert found["target"].tolist() == pytest.approx(targets)
    assert found["annual_change"].tolist() == pytest.approx(
        [(y - x) / 5 for y, x in zip(targets, (40, 60), strict=True)]
    )
    assert found["weight"].tolist() == [0.75, 0.25]


@pytest.mark.parametrize(
    ("rule", "targets"), [("proportional", [80.0, 120.0]), ("equal_effort", [115.0, 85.0]), ("converge", [150.0, 50.0])]
)
def test_sums_by_hand(rule: str, targets: list[float]) -> None:
    # 200 for the two that have 40 + 60: twice as much each; or 25 more a head; or 50 a head
    found = allocate_targets(200, BASELINES, weights=WEIGHTS, rule=rule, kind="sum")
    assert found["target"].tolist() == pytest.approx(targets)


def test_the_whole_table_by_hand() -> None:
    found = allocate_targets(60, {"a": 40.0, "b": 60.0, "c": 0.0}, weights={"a": 3, "b": 1, "c": 1}, rule="converge")
    # the city stands at (120 + 60) / 5 = 36; without years there is no change a year, from 0 no growth
    assert found["region"].tolist() == ["a", "b", "c"] and found["baseline"].tolist() == [40, 60, 0]
    assert found["weight"].tolist() == [0.6, 0.2, 0.2] and found["change"].tolist() == [20, 0, 60]
    assert found["growth"].tolist() == pytest.approx([50, 0, math.nan], nan_ok=True)
    assert found["annual_change"].isna().all() and not found["relaxes"].any()
    assert list(found) == ["region", "baseline", "weight", "target", "change", "growth", "annual_change", "relaxes"]
    assert allocate_targets(60, BASELINES, weights=WEIGHTS, years=1)["annual_change"].tolist() == pytest.approx(
        [160 / 3 - 40, 20]
    )
    # proportional and rate are what is meant where nothing is said
    assert allocate_targets(60, BASELINES, weights=WEIGHTS)["target"].tolist() == pytest.approx([160 / 3, 80])
    numbered = allocate_targets(60, [40.0, 60.0], weights=pd.Series([3.0, 1.0], index=["1", "2"]))
    assert numbered["region"].tolist() == ["1", "2"]


def test_what_counties_come_to_together() -> None:
    assert whole_of(BASELINES, WEIGHTS) == 45 and whole_of(BASELINES, kind="sum") == 100
    with pytest.raises(UsageError, match="a rate needs weights"):
        whole_of(BASELINES)
    with pytest.raises(UsageError, match="unknown kind 'shares'"):
        whole_of(BASELINES, WEIGHTS, kind="shares")
    with pytest.raises(InputError, match="'b': has no weight"):
        whole_of(BASELINES, {"a": 1.0})


def test_steps_go_to_where_rounding_took_most() -> None:
    # 10 among three alike: 3.333 each, and the tenth that is missing to the one that weighs most
    found = allocate_targets(10, [1, 1, 1], kind="sum", rule="converge", decimals=1)["target"]
    assert sorted(found) == [3.3, 3.3, 3.4]
    heavy = allocate_targets(10, [1, 1], weights=[1, 2], rule="equal_effort", decimals=0)["target"]
    assert heavy.tolist() == [10, 10]
    # 4.4 and 5.6 are 10 of 10: rounded to 4 and 6 nothing is missing
    assert allocate_targets(10, [4.4, 5.6], kind="sum", decimals=0)["target"].tolist() == [4, 6]
    # 1.4, 1.4 and 7.2 become 1, 1 and 7: of the two that lose 0.4 the heavier takes the 1 that is missing
    for start, targets in (([1.4, 1.4, 7.2], [1, 2, 7]), ([1.6, 1.6, 6.8], [2, 1, 7])):
        found = allocate_targets(10, start, weights=[1, 2, 1], kind="sum", decimals=0)["target"]
        assert found.tolist() == targets


def test_a_step_is_taken_only_where_it_brings_the_mean_closer() -> None:
    # 10.4 with a weight of 2 and 9.2 with one of 1, rounded to 10 and 9: a third is missing. A step of the heavier
    # county, which lost more, would be two thirds and as far off again; one of the lighter is what is missing.
    found = allocate_targets(10, [10.4, 9.2], weights=[2, 1], rule="equal_effort", decimals=0)["target"]
    assert found.tolist() == [10, 10]


def test_bounds_hold_to_the_bound_itself() -> None:
    even = {"weights": WEIGHTS, "rule": "converge"}
    assert allocate_targets(100, BASELINES, kind="share", **even)["target"].tolist() == [100, 100]
    assert allocate_targets(0, BASELINES, kind="share", **even)["target"].tolist() == [0, 0]
    assert allocate_targets(60, BASELINES, lower=60, upper=60, **even)["target"].tolist() == [60, 60]
    assert allocate_targets(-5, BASELINES, **even)["target"].tolist() == [-5, -5]  # a rate may be anything
    with pytest.raises(InputError, match="of the city lies above the natural bound 50") as caught:
        allocate_targets(60, BASELINES, upper=50, **even)
    assert [fault.column for fault in caught.value.faults] == ["target"] * 3
    assert [fault.message.split(" lies ")[0] for fault in caught.value.faults] == [
        f"target 60 of {place}" for place in ("the city", "a", "b")
    ]
    assert "choose another rule, or another target for the city" in str(caught.value)
    # a sum has no bound above, and the city's own is not one of its parts
    assert allocate_targets(500, BASELINES, kind="sum", **even)["target"].sum() == 500
    with pytest.raises(InputError, match="target 375 of a lies above the natural bound 200") as caught:
        allocate_targets(500, BASELINES, kind="sum", upper=200, **even)
    assert len(caught.value.faults) == 1


def test_sum_without_weights_counts_counties_alike() -> None:
    found = allocate_targets(200, BASELINES, rule="equal_effort", kind="sum")
    assert found["target"].tolist() == [90.0, 110.0]


@pytest.mark.parametrize("rule", RULES)
def test_the_citys_target_comes_back_to_the_last_digit(rule: str) -> None:
    rng = np.random.default_rng(5)
    for _ in range(60):
        n = int(rng.integers(1, 9))
        x, w = rng.uniform(1, 90, n).round(2).tolist(), rng.uniform(0.1, 900, n).round(1).tolist()
        goal = round(float(rng.uniform(1, 99)), 2)
        assert weighted_mean(allocate_targets(goal, x, weights=w, rule=rule)["target"], w) == goal
        goal = round(1.4 * sum(x), 2)
        parts = allocate_targets(goal, x, rule=rule, kind="sum")["target"]
        assert float(sum(map(Fraction, parts))) == goal


@pytest.mark.parametrize(
    ("goal", "baselines", "weights", "rule"),
    [
        (6.46, [49.85, 16.06], [1, 1], "equal_effort"),
        (91.2, [0.1, 45025.9], [27.6, 35.3], "equal_effort"),
        (54.7, [40.0, 91781.4], [63.4, 51.1], "equal_effort"),
        (6.0, [8088.0, 29.0, 5877046.0], [77.0, 58.0, 2.0], "equal_effort"),
        (3.0, [88.0, -41.0, -66.0], [40.0, 35.0, 34.0], "proportional"),
        (1.0, [71.0, 81.0, 7.0], [6.0, 3.0, 1.0], "equal_effort"),
    ],
)
def test_the_finest_digit_takes_what_the_coarser_ones_cannot(
    goal: float, baselines: list[float], weights: list[float], rule: str
) -> None:
    """Counties so unlike in size that what rounding loses can be given back in one order and not in another."""
    found = allocate_targets(goal, baselines, weights=weights, rule=rule)["target"]
    assert weighted_mean(found, weights) == goal


def test_what_no_double_can_give_back_is_refused() -> None:
    # beside 1e17 the next double is 16 away: no two of them have a mean of 0.1, round figures have one of 0
    with pytest.raises(InputError, match="^targets of either sign cancel so far that doubles cannot .*; use decimals$"):
        allocate_targets(0.1, [1e17, -1e17], weights=[1, 1], rule="equal_effort")
    round_ones = allocate_targets(0.1, [1e17, -1e17], weights=[1, 1], rule="equal_effort", decimals=0)["target"]
    assert round_ones.tolist() == [1e17, -1e17]


@pytest.mark.parametrize("rule", RULES)
def test_round_targets_give_a_round_mean(rule: str) -> None:
    rng = np.random.default_rng(6)
    for _ in range(60):
        n = int(rng.integers(1, 9))
        x, w = rng.uniform(10, 90, n).round(2).tolist(), rng.uniform(0.1, 900, n).round(1).tolist()
        found = allocate_targets(55.5, x, weights=w, rule=rule, decimals=1)["target"]
        assert found.tolist() == found.round(1).tolist()
        assert round(weighted_mean(found, w), 1) == 55.5
        whole = round(1.4 * sum(x))
        parts = allocate_targets(whole, x, weights=w, rule="proportional", kind="sum", decimals=0)["target"]
        assert parts.sum() == whole


def test_targets_that_relax_are_marked() -> None:
    found = allocate_targets(50, BASELINES, weights=WEIGHTS, rule="converge")
    assert found["relaxes"].tolist() == [False, True]
    found = allocate_targets(44, BASELINES, weights=WEIGHTS, rule="converge", direction="inverse")
    assert found["relaxes"].tolist() == [True, False]
    # what stays as it is, but for rounding, relaxes nothing
    assert not allocate_targets(45, BASELINES, weights=WEIGHTS, rule="equal_effort")["relaxes"].any()
    # rounding is 1e-9 of what the county has: 4 of 4e9, and 5 are more
    for change, relaxes in ((4, False), (5, True)):
        assert allocate_targets(4e9 - change, [4e9], kind="sum")["relaxes"].tolist() == [relaxes]
        less = allocate_targets(4e9 + change, [4e9], kind="sum", direction="inverse")
        assert less["relaxes"].tolist() == [relaxes]


def test_beyond_a_natural_bound_is_refused_with_all_counties() -> None:
    with pytest.raises(InputError) as caught:
        allocate_targets(98, {"a": 40, "b": 60, "c": 61}, weights={"a": 3, "b": 1, "c": 1}, kind="share")
    said = [str(fault) for fault in caught.value.faults]
    assert len(said) == 2
    assert "target 121.992 of b lies above the natural bound 100" in said[0]
    assert "choose another rule" in said[0]
    with pytest.raises(InputError, match="the city lies above"):
        allocate_targets(101, BASELINES, weights=WEIGHTS, rule="converge", kind="share")
    with pytest.raises(InputError, match="of a lies below the natural bound 0"):
        allocate_targets(10, BASELINES, weights=WEIGHTS, rule="equal_effort", kind="sum")


def test_no_factor_leads_away_from_zero() -> None:
    with pytest.raises(InputError, match="average 0"):
        allocate_targets(5, [0, 0], weights=[1, 2], rule="proportional")
    assert allocate_targets(5, [0, 0], weights=[1, 2], rule="equal_effort")["target"].tolist() == [5, 5]


@pytest.mark.parametrize(
    ("baselines", "weights", "said"),
    [
        ({"a": 1}, {"b": 1}, ["'a': has no weight", "'b': has a weight but no baseline"]),
        (
            {"a": None, "b": "x"},
            {"a": 1, "b": 1},
            ["'a': baseline None is no number", "'b': baseline 'x' is no number"],
        ),
        ({"a": True, "b": float("inf")}, {"a": 1, "b": "1"}, ["baseline True", "baseline inf", "weight '1' is no"]),
        ({"a": 1, "b": 2}, {"a": 0, "b": -1}, ["'a': weight 0 is no number above 0", "'b': weight -1 is"]),
        ({}, {}, ["there are no counties"]),
        (pd.Series([1, 2], index=["a", "a"]), {"a": 1}, ["a county stands twice"]),
    ],
)
def test_counties_that_do_not_fit_are_told_together(baselines: object, weights: object, said: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        allocate_targets(5, baselines, weights=weights)
    assert all(one in str(caught.value) for one in said)


def test_faults_are_told_to_the_letter() -> None:
    with pytest.raises(InputError) as caught:
        allocate_targets(5, {"a": 1, "b": None, "c": "x", "e": 1}, weights={"a": 0, "b": 1, "c": 1, "d": 1})  # type: ignore[dict-item]
    assert str(caught.value).splitlines() == [
        "column 'e': has no weight", "column 'd': has a weight but no baseline",
        "column 'b': baseline None is no number", "column 'c': baseline 'x' is no number",
        "column 'a': weight 0 is no number above 0",
    ]  # fmt: skip
    with pytest.raises(InputError, match="^there are no counties$"):
        allocate_targets(5, {}, weights={})
    with pytest.raises(InputError, match="^a county stands twice$"):
        whole_of(pd.Series([1.0, 2.0], index=["a", "a"]), kind="sum")
    with pytest.raises(InputError) as caught:
        allocate_targets(98, {"a": 40, "b": 60}, weights={"a": 3, "b": 1}, kind="share")
    assert str(caught.value) == (
        "column 'target': target 130.667 of b lies above the natural bound 100; choose another rule, or another target"
        " for the city"
    )
    with pytest.raises(InputError, match="^the counties' baselines average 0, which no factor .*; use equal_effort or"):
        allocate_targets(5, [0, 0], weights=[1, 2])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rule": "proportionel"}, "unknown allocation rule 'proportionel'; did you mean 'proportional'"),
        ({"kind": "shares"}, "unknown kind 'shares'; did you mean 'share'"),
        ({"uper": 1}, "unknown argument of allocate_targets 'uper'; did you mean 'upper'"),
        ({"weights": None}, "a rate needs weights"),
        ({"lower": 2, "upper": 1}, "wrong order"),
        ({"years": 0}, "1 or more"),
        ({"direction": "down"}, "unknown direction"),
    ],
)
def test_arguments_that_cannot_be(asked: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        allocate_targets(50, BASELINES, **{"weights": WEIGHTS, **asked})
    with pytest.raises(UsageError, match="finite number"):
        allocate_targets(float("nan"), BASELINES, weights=WEIGHTS)

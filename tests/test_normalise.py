"""Normalisation by hand, with ties, gaps, zero range and frozen bounds."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from xk.arithmetic.normalise import METHODS, normalise, normalise_with_reasons, scale_of
from xk.errors import InputError, UsageError

VALUES = pd.Series([10.0, 20.0, 40.0, np.nan], index=list("abcd"))
NAN = math.nan


# mean 23 1/3, sd (n - 1) = sqrt(700/3) = 15.275
@pytest.mark.parametrize(
    ("method", "bounds", "scores"),
    [
        ("minmax", {}, [0, 100 / 3, 100]),
        ("minmax", {"low": 0, "high": 20}, [50, 100, 200]),
        ("zscore", {}, [-0.872872, -0.218218, 1.091089]),
        ("goalposts", {"low": 20, "high": 30}, [0, 0, 100]),
        ("goalposts", {"low": 40, "high": 20}, [100, 100, 0]),
        ("distance_to_reference", {"reference": 30}, [0, 50, 150]),
        ("distance_to_reference", {"reference": 30, "low": 0}, [100 / 3, 200 / 3, 400 / 3]),
        ("rank", {}, [1, 2, 3]),
        ("percentile_rank", {}, [0, 50, 100]),
    ],
)
def test_methods_by_hand(method: str, bounds: dict[str, float], scores: list[float]) -> None:
    found = normalise(VALUES, method, **bounds)
    assert found.tolist() == pytest.approx([*scores, NAN], nan_ok=True, abs=1e-6)
    assert found.index.tolist() == list("abcd")


@pytest.mark.parametrize(
    ("method", "bounds", "scores"),
    [
        ("minmax", {}, [100, 200 / 3, 0]),
        ("zscore", {}, [0.872872, 0.218218, -1.091089]),
        ("goalposts", {"low": 10, "high": 20}, [100, 0, 0]),
        ("distance_to_reference", {"reference": 20}, [150, 100, 0]),
        ("rank", {}, [3, 2, 1]),
        ("percentile_rank", {}, [100, 50, 0]),
    ],
)
def test_inverse_methods_by_hand(method: str, bounds: dict[str, float], scores: list[float]) -> None:
    found = normalise(VALUES, method, direction="inverse", **bounds)
    assert found.tolist() == pytest.approx([*scores, NAN], nan_ok=True, abs=1e-6)


def test_logarithm() -> None:
    # between 1 and 100 the value 10 lies half way in logarithms
    assert normalise(np.array([10.0]), "goalposts", low=1, high=100, log=True).tolist() == pytest.approx([50])
    found = normalise_with_reasons(np.array([10.0, 0.0, -1.0]), "goalposts", low=1, high=100, log=True)
    assert found.reasons.tolist() == ["", "not_positive", "not_positive"]
    with pytest.raises(UsageError, match="above 0"):
        normalise(VALUES, "goalposts", low=0, high=100, log=True)


def test_ties_share_the_lowest_rank() -> None:
    tied = np.array([5.0, 7.0, 7.0, 9.0])
    assert normalise(tied, "rank").tolist() == [1, 2, 2, 4]
    assert normalise(tied, "rank", direction="inverse").tolist() == [4, 2, 2, 1]
    assert normalise(tied, "percentile_rank").tolist() == pytest.approx([0, 100 / 3, 100 / 3, 100])


@pytest.mark.parametrize(
    ("values", "method", "reason"),
    [
        ([3.0, 3.0], "minmax", "zero_range"),
        ([3.0, 3.0], "zscore", "zero_range"),
        ([3.0], "zscore", "one_value"),
        ([3.0], "percentile_rank", "one_value"),
        ([NAN, NAN], "minmax", "missing"),
    ],
)
def test_what_has_no_score_says_why(values: list[float], method: str, reason: str) -> None:
    found = normalise_with_reasons(np.array(values), method)
    assert np.isnan(found.scores).all()
    assert set(found.reasons) == {reason}


def test_reference_that_is_not_better_than_the_worst() -> None:
    found = normalise_with_reasons(VALUES, "distance_to_reference", reference=5)
    assert found.scores.isna().all()
    assert found.reasons.tolist() == ["reference_not_better"] * 3 + ["missing"]


def test_frame_takes_direction_and_bounds_by_column() -> None:
    frame = pd.DataFrame({"up": [0.0, 10.0], "down": [0.0, 10.0]})
    found = normalise(
        frame, "goalposts", direction={"up": "positive", "down": "inverse"}, low={"up": 0, "down": 0},
        high={"up": 20, "down": 20},
    )  # fmt: skip
    assert found["up"].tolist() == [0, 50]
    assert found["down"].tolist() == [100, 50]
    with pytest.raises(UsageError, match="'down'"):
        normalise(frame, direction={"up": "positive"})


def test_a_kept_scale_scores_other_values_alike() -> None:
    scale = scale_of(VALUES, "minmax")
    assert scale.score(np.array([25.0, 70.0])).scores.tolist() == pytest.approx([50, 200])


def test_no_argument_is_changed() -> None:
    frame = pd.DataFrame({"x": [0.0, 10, 5, 20]})
    before = frame.copy()
    normalise(frame, "zscore")
    normalise(frame["x"], "rank")
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("method", METHODS)
def test_adding_a_constant_moves_no_score_but_of_fixed_posts(method: str) -> None:
    bounds = {"goalposts": {"low": 0, "high": 50}, "distance_to_reference": {"reference": 45}}.get(method, {})
    moved = {name: value + 7 for name, value in bounds.items()}
    first, second = normalise(VALUES, method, **bounds), normalise(VALUES + 7, method, **moved)
    assert first.tolist() == pytest.approx(second.tolist(), nan_ok=True)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"method": "min_max"}, "did you mean 'minmax'"),
        ({"method": "goalposts"}, "needs low="),
        ({"method": "distance_to_reference"}, "needs reference="),
        ({"method": "goalposts", "low": 3, "high": 3}, "two different ends"),
        ({"low": 5, "high": 3}, "low 5 is above high 3"),
        ({"direction": "up"}, "unknown direction"),
        ({"hihg": 3}, "did you mean 'high'"),
        ({"low": math.inf}, "must be a finite number"),
        ({"low": "a"}, "low must be a finite number, not 'a'"),
    ],
)
def test_arguments_that_cannot_be(asked: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        normalise(VALUES, **asked)


def test_values_that_are_no_numbers() -> None:
    with pytest.raises(InputError, match="must be numbers"):
        normalise(pd.Series(["a", "b"]))
    with pytest.raises(InputError, match="must be finite"):
        normalise(np.array([1.0, np.inf]))
    with pytest.raises(UsageError, match="ranks depend on all values"):
        scale_of(VALUES, "rank")

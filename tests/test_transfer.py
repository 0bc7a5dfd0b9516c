"""Borrowed trend: growth factors for levels and rates, changes in the logit for shares."""

from __future__ import annotations

import numpy as np
import pytest

from xk.arithmetic.peers.transfer import Transfer, borrow_path
from xk.errors import UsageError

NAN = np.nan
SHARE = Transfer("share", 0, 100)
YEARS = np.array([2015.0, 2016.0, 2017.0, 2018.0])


@pytest.mark.parametrize("scale", ["level", "rate"])
def test_a_level_grows_by_the_factors_of_the_reference(scale: str) -> None:
    # 50 in 2016; the reference goes 100 -> 110 -> 121 from 2016 on: 50 * 1.1 = 55, 50 * 1.21 = 60.5
    path = borrow_path((2016, 50.0), YEARS, np.array([90.0, 100.0, 110.0, 121.0]), transfer=Transfer(scale))
    np.testing.assert_allclose(path, [NAN, NAN, 55.0, 60.5])


def test_a_share_moves_by_the_odds_of_the_reference() -> None:
    # the reference's odds go from 50/50 = 1 to 80/20 = 4; 20/80 = 0.25 becomes 1: 50 per cent
    path = borrow_path((2016, 20.0), YEARS, np.array([40.0, 50.0, 80.0, 50.0]), transfer=SHARE)
    np.testing.assert_allclose(path, [NAN, NAN, 50.0, 20.0])


def test_a_share_keeps_its_own_bounds() -> None:
    # between 50 and 150: 75 has odds 1/3, the reference's odds go from 1 (100) to 3 (125): 1, so 100
    path = borrow_path((2016, 75.0), YEARS, np.array([100.0, 100.0, 125.0, 100.0]), transfer=Transfer("share", 50, 150))
    np.testing.assert_allclose(path, [NAN, NAN, 100.0, 75.0])


@pytest.mark.parametrize("bound", [0.0, 100.0])
def test_a_share_at_its_bound_stays_there(bound: float) -> None:
    path = borrow_path((2016, bound), YEARS, np.array([40.0, 50.0, 80.0, NAN]), transfer=SHARE)
    np.testing.assert_allclose(path, [NAN, NAN, bound, NAN])


def test_a_reference_at_its_bound_counts_as_a_tenth_of_a_per_cent_off() -> None:
    # odds of the reference go from 1 to 99.9/0.1 = 999; 0.25 * 999 = 249.75: 100 * 249.75 / 250.75
    path = borrow_path((2016, 20.0), YEARS, np.array([50.0, 50.0, 100.0, 100.0]), transfer=SHARE)
    np.testing.assert_allclose(path[2:], 100 * 249.75 / 250.75)


def test_the_start_may_lie_in_a_gap_of_the_reference() -> None:
    # 2016 lies half way between 100 and 120: 110; 55 * 132 / 110 = 66
    path = borrow_path((2016, 55.0), YEARS, np.array([100.0, NAN, 120.0, 132.0]), transfer=Transfer("level"))
    np.testing.assert_allclose(path, [NAN, NAN, 60.0, 66.0])


@pytest.mark.parametrize(
    ("start", "reference"),
    [
        (2014, [90.0, 100.0, 110.0, 121.0]),  # before the reference begins
        (2019, [90.0, 100.0, 110.0, 121.0]),  # after it ends
        (2016, [NAN, NAN, NAN, NAN]),
        (2016, [NAN, NAN, 110.0, 121.0]),
        (2016, [90.0, 0.0, 110.0, 121.0]),  # no growth from zero
        (2016, [90.0, -5.0, 110.0, 121.0]),
    ],
)
def test_nothing_is_borrowed_where_there_is_nothing_to_borrow(start: int, reference: list[float]) -> None:
    assert np.isnan(borrow_path((start, 50.0), YEARS, np.array(reference), transfer=Transfer("level"))).all()


def test_arguments_are_left_alone_and_an_unknown_scale_is_refused() -> None:
    reference = np.array([90.0, 100.0, 110.0, 121.0])
    borrow_path((2016, 50.0), YEARS, reference, transfer=SHARE)
    assert reference.tolist() == [90.0, 100.0, 110.0, 121.0]
    with pytest.raises(UsageError, match="unknown scale 'levle'; did you mean 'level'"):
        Transfer("levle")

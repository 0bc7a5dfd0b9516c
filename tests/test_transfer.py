"""The scale of a borrowed trend: growth factors for levels and rates, changes in the logit for shares."""

from __future__ import annotations

import numpy as np
import pytest

from xk.arithmetic.peers.transfer import Transfer
from xk.errors import UsageError

NAN = np.nan
SHARE = Transfer("share", 0, 100)


@pytest.mark.parametrize("scale", ["level", "rate"])
def test_a_level_grows_by_the_factors_of_the_reference(scale: str) -> None:
    # 50; the reference goes 100 -> 110 -> 121: 50 * 1.1 = 55, 50 * 1.21 = 60.5
    np.testing.assert_allclose(Transfer(scale).bring(50.0, 100.0, np.array([110.0, 121.0, NAN])), [55.0, 60.5, NAN])


def test_a_share_moves_by_the_odds_of_the_reference() -> None:
    # the reference's odds go from 50/50 = 1 to 80/20 = 4; 20/80 = 0.25 becomes 1: 50 per cent
    np.testing.assert_allclose(SHARE.bring(20.0, 50.0, np.array([80.0, 50.0])), [50.0, 20.0])


def test_a_share_keeps_its_own_bounds() -> None:
    # between 50 and 150: 75 has odds 1/3, the reference's odds go from 1 (100) to 3 (125): 1, so 100
    np.testing.assert_allclose(Transfer("share", 50, 150).bring(75.0, 100.0, np.array([125.0, 100.0])), [100.0, 75.0])


@pytest.mark.parametrize("bound", [0.0, 100.0])
def test_a_share_at_its_bound_stays_there(bound: float) -> None:
    np.testing.assert_allclose(SHARE.bring(bound, 50.0, np.array([80.0, NAN])), [bound, NAN])


def test_a_reference_at_its_bound_counts_as_a_tenth_of_a_per_cent_off() -> None:
    # odds of the reference go from 1 to 99.9/0.1 = 999; 0.25 * 999 = 249.75: 100 * 249.75 / 250.75
    np.testing.assert_allclose(SHARE.bring(20.0, 50.0, np.array([100.0])), [100 * 249.75 / 250.75])


@pytest.mark.parametrize("base", [0.0, -5.0, NAN])
def test_nothing_grows_from_what_is_not_above_zero(base: float) -> None:
    assert np.isnan(Transfer("level").bring(50.0, base, np.array([110.0, 121.0]))).all()


def test_arguments_are_left_alone_and_an_unknown_scale_is_refused() -> None:
    reference = np.array([90.0, 100.0, 110.0, 121.0])
    SHARE.bring(50.0, 90.0, reference)
    assert reference.tolist() == [90.0, 100.0, 110.0, 121.0]
    with pytest.raises(UsageError, match="unknown scale 'levle'; did you mean 'level'"):
        Transfer("levle")

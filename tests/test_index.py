"""The composite index by hand: two levels, gaps, coverage, contributions, and how firm it is."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from xk.arithmetic.index import (
    build_tree,
    composite_index,
    effective_weights,
    hdi,
    level_indices,
    robustness,
    weight_tree,
)
from xk.arithmetic.index.robustness import leave_one_out, rank_regions
from xk.errors import InputError, UsageError

NAN = math.nan
TREE = pd.DataFrame(
    {
        "indicator": ["economy", "life", "a", "b", "c"],
        "parent": ["", "", "economy", "economy", "life"],
        "weight": [1.0, 3.0, 1.0, 1.0, 1.0],
    }
)
SCORES = {"a": 40.0, "b": 60.0, "c": 90.0}


def test_two_levels_by_hand() -> None:
    # economy 50, life 90; (1 * 50 + 3 * 90) / 4 = 80
    found = composite_index(SCORES, TREE)
    assert found.value == pytest.approx(80)
    assert found.nodes.to_dict() == pytest.approx({"economy": 50, "life": 90, "total": 80})
    assert found.coverage == 1
    # effective weights 1/8, 1/8, 3/4 and their contributions
    assert effective_weights(TREE).to_dict() == {"a": 0.125, "b": 0.125, "c": 0.75}
    assert found.contributions.to_dict() == pytest.approx({"a": 5, "b": 7.5, "c": 67.5})


def test_geometric_by_hand() -> None:
    # economy sqrt(40 * 90) = 60, life 90; (60 * 90^3)^(1/4)
    found = composite_index({"a": 40, "b": 90, "c": 90}, TREE, how="geometric")
    assert found.nodes["economy"] == pytest.approx(60)
    assert found.value == pytest.approx((60 * 90**3) ** 0.25)
    assert found.contributions.sum() == pytest.approx(found.value)
    mixed = composite_index({"a": 40, "b": 90, "c": 90}, TREE, how={"economy": "geometric"})
    assert mixed.value == pytest.approx((60 + 3 * 90) / 4)


@pytest.mark.parametrize(
    ("missing", "value", "coverage"),
    # b missing: reweight economy = 40, (40 + 270)/4; zero: economy = 20
    [("reweight", 77.5, 0.875), ("zero", 72.5, 0.875)],
)
def test_missing_scores(missing: str, value: float, coverage: float) -> None:
    found = composite_index({**SCORES, "b": NAN}, TREE, missing=missing)
    assert (found.value, found.coverage) == pytest.approx((value, coverage))
    assert found.contributions.sum() == pytest.approx(value)


def test_missing_scores_may_be_an_error() -> None:
    with pytest.raises(InputError) as caught:
        composite_index({"a": NAN, "b": NAN, "c": 1}, TREE, missing="raise")
    assert [fault.column for fault in caught.value.faults] == ["a", "b"]


def test_whole_domain_missing_is_left_out() -> None:
    found = composite_index({"a": NAN, "b": NAN, "c": 90.0}, TREE)
    assert (found.value, found.coverage) == (90, 0.75)


def test_levels_of_many_rows_are_those_of_the_index() -> None:
    rows = pd.DataFrame([SCORES, {**SCORES, "a": NAN, "b": NAN}])
    value, coverage = level_indices(rows.to_numpy(float), build_tree(TREE), min_coverage=0.8)
    one_by_one = composite_index(rows, TREE, min_coverage=0.8)
    np.testing.assert_array_equal(value, one_by_one.nodes)
    np.testing.assert_array_equal(coverage, one_by_one.node_coverage)
    assert not math.isnan(value[0, -1]) and math.isnan(value[1, -1])


def test_index_is_withheld_under_its_coverage() -> None:
    gap = {**SCORES, "c": NAN}  # three quarters of the weight
    assert composite_index(gap, TREE, min_coverage=0.25).value == pytest.approx(50)
    found = composite_index(gap, TREE, min_coverage=0.26)
    assert math.isnan(found.value)
    assert found.reason == "coverage_below_minimum"
    assert found.contributions.isna().all()
    assert composite_index(dict.fromkeys("abc", NAN), TREE).reason == "no_data"


@pytest.mark.parametrize("how", ["arithmetic", "geometric"])
@pytest.mark.parametrize("missing", ["reweight", "zero"])
def test_contributions_add_up(how: str, missing: str) -> None:
    rng = np.random.default_rng(1)
    scores = pd.DataFrame(rng.uniform(1, 100, (40, 3)), columns=list("abc")).mask(rng.random((40, 3)) < 0.3)
    found = composite_index(scores, TREE, how=how, missing=missing)
    shown = found.value.notna()
    assert shown.any()
    sums = found.contributions.sum(axis=1)
    assert sums[shown].tolist() == pytest.approx(found.value[shown].tolist())


def test_index_lies_between_its_scores_and_geometric_below_arithmetic() -> None:
    rng = np.random.default_rng(2)
    scores = pd.DataFrame(rng.uniform(1, 100, (200, 3)), columns=list("abc"))
    plain, geometric = (composite_index(scores, TREE, how=how).value for how in ("arithmetic", "geometric"))
    assert ((plain >= scores.min(axis=1) - 1e-9) & (plain <= scores.max(axis=1) + 1e-9)).all()
    assert (geometric <= plain + 1e-9).all()


def test_geometric_refuses_negative_scores_and_is_zero_at_a_zero() -> None:
    assert composite_index({"a": 0, "b": 60, "c": 90}, TREE, how="geometric").value == 0
    with pytest.raises(InputError, match="'a' is -1"):
        composite_index({"a": -1, "b": 60, "c": 90}, TREE, how="geometric")


def test_weights_in_plain_order() -> None:
    assert composite_index([10.0, 20.0], [1, 3]).value == pytest.approx(17.5)
    assert composite_index(np.array([[10.0, 20.0], [0.0, 4.0]]), [1, 3]).value.tolist() == [17.5, 3.0]


SCHEME = pd.DataFrame(
    {
        "indicator": ["a", "b", "b1", "b2", "c", "extra"], "domain": ["e", "e", "e", "e", "l", "l"],
        "parent": [None, None, "b", "b", None, None], "weight": [2.0, 6.0, None, None, 4.0, 0.0],
    }
)  # fmt: skip


def test_tree_of_a_scheme() -> None:
    equal = effective_weights(weight_tree(SCHEME))
    assert equal.to_dict() == {"a": 0.25, "b1": 0.125, "b2": 0.125, "c": 0.5, "extra": 0.0}
    given = effective_weights(weight_tree(SCHEME, weighting="given"))
    assert given.to_dict() == pytest.approx({"a": 2 / 12, "b1": 3 / 12, "b2": 3 / 12, "c": 4 / 12, "extra": 0.0})
    with pytest.raises(InputError, match="no weight is given for c"):
        weight_tree(SCHEME.assign(weight=[2, 6, None, None, None, 0]), weighting="given")
    with pytest.raises(UsageError, match="did you mean 'equal'"):
        weight_tree(SCHEME, weighting="eqal")


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"a": 1, "b": -1, "c": 1}, "weight of 'b' is -1"),
        ({"a": 1, "b": NAN, "c": 1}, "weight of 'b' is nan"),
        ({"a": 0, "b": 0, "c": 0}, "add up to 0"),
        ({"a": 1, "b": 1}, "'c': has a score but no weight"),
        ({"a": 1, "b": 1, "c": 1, "d": 1}, "'d': has a weight but no column"),
        ({}, "there are no weights"),
        (TREE[TREE["indicator"] != "life"], "'life' is a parent without a line"),
        (TREE.assign(parent=["life", "economy", "economy", "economy", "life"]), "stands below itself"),
        (pd.concat([TREE, TREE.tail(1)]), "'c' has more than one weight"),
        (TREE.drop(columns="weight"), "no column 'weight'"),
    ],
)
def test_weights_that_cannot_be(weights: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        composite_index(SCORES, weights)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"how": "harmonic"}, "unknown mean 'harmonic'"),
        ({"missing": "drop"}, "unknown missing policy"),
        ({"min_coverage": 2}, "between 0 and 1"),
        ({"how": {"ekonomy": "geometric"}}, "did you mean 'economy'"),
    ],
)
def test_arguments_that_cannot_be(asked: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        composite_index(SCORES, TREE, **asked)
    with pytest.raises(InputError, match="scores must be finite"):
        composite_index({**SCORES, "a": math.inf}, TREE)


def test_hdi_by_hand() -> None:
    # half way on every scale: life 52.5, schooling 9 and 7.5, income sqrt(100 * 75000)
    assert hdi(52.5, 9, mean_schooling=7.5, gni_per_capita=7_500_000**0.5) == pytest.approx(0.5)
    assert hdi(90, 20, mean_schooling=20, gni_per_capita=1e6) == 1
    assert hdi(50, 9, mean_schooling=7, gni_per_capita=50) == 0
    assert math.isnan(hdi(NAN, 9, mean_schooling=7, gni_per_capita=5000))


REGIONS = pd.DataFrame({"a": [40.0, 50, 90], "b": [60.0, 50, 90], "c": [90.0, 10, 95]}, index=["x", "y", "z"])


def test_robustness_by_hand() -> None:
    found = robustness(REGIONS, {"a": 1, "b": 1, "c": 1}, draws=500)
    assert found.index["nominal"].tolist() == pytest.approx([190 / 3, 110 / 3, 275 / 3])
    assert found.ranks is not None and found.ranks["nominal"].tolist() == [2, 3, 1]
    # z leads in every indicator: no weights can move it
    assert found.ranks.loc["z", ["low", "high"]].tolist() == [1, 1]
    assert found.without["c"].tolist() == [50, 50, 90]
    assert found.ranks_without is not None and found.ranks_without["c"].tolist() == [2, 2, 1]


def test_no_noise_gives_the_index_itself() -> None:
    found = robustness(REGIONS, TREE, draws=20, noise=0)
    for point in ("mean", "low", "median", "high"):
        assert found.index[point].tolist() == pytest.approx(found.index["nominal"].tolist())


def test_draws_agree_with_a_plain_loop() -> None:
    """The same law written differently: one draw at a time, the two domains spelled out."""
    rng = np.random.default_rng(3)
    drawn = []
    for _ in range(3000):
        economy, life, a, b, _c = TREE["weight"].to_numpy() * (1 + 0.5 * rng.uniform(-1, 1, len(TREE)))
        first = (a * REGIONS["a"] + b * REGIONS["b"]) / (a + b)
        drawn.append(((economy * first + life * REGIONS["c"]) / (economy + life)).to_numpy())
    found = robustness(REGIONS, TREE, draws=3000, noise=0.5).index
    for column, point in (("low", 0.05), ("median", 0.5), ("high", 0.95)):
        assert found[column].tolist() == pytest.approx(np.quantile(drawn, point, axis=0).tolist(), abs=0.6)


def test_seed_fixes_the_draws() -> None:
    one, two, other = (robustness(REGIONS, TREE, draws=50, seed=seed).index for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, two)
    assert not one["mean"].equals(other["mean"])


def test_normalisations_are_drawn() -> None:
    other = REGIONS.rank() * 100 / 3
    found = robustness({"minmax": REGIONS, "rank": other}, TREE, draws=400, noise=0)
    both = [composite_index(frame, TREE).value["y"] for frame in (REGIONS, other)]
    assert found.index.loc["y", ["low", "high"]].tolist() == pytest.approx(sorted(both))


def test_withheld_regions_stay_withheld() -> None:
    gap = REGIONS.mask(REGIONS.index.to_series().eq("y"), NAN)
    found = robustness(gap, TREE, draws=20)
    assert found.index.loc["y"].isna().all()
    assert found.ranks is not None and found.ranks["nominal"].tolist()[::2] == [2, 1]


def test_one_region_has_no_rank() -> None:
    alone = REGIONS.head(1)
    assert robustness(alone, TREE, draws=5).ranks is None
    with pytest.raises(UsageError, match="at least two regions"):
        rank_regions(leave_one_out(alone, TREE))
    with pytest.raises(UsageError, match="noise 2"):
        robustness(REGIONS, TREE, noise=2)

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
    used_weights,
    weight_tree,
)
from xk.arithmetic.index.robustness import CHUNK, SEED, leave_one_out, rank_regions
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


def test_one_row_and_many_in_every_form() -> None:
    table = composite_index(pd.DataFrame([SCORES, dict.fromkeys("abc", NAN)], index=["x", "y"]), TREE)
    assert [one.name for one in (table.value, table.coverage, table.reason)] == ["value", "coverage", "reason"]
    assert table.reason.to_dict() == {"x": "", "y": "no_data"} and table.weights.name == "effective_weight"
    assert table.value.to_dict() == pytest.approx({"x": 80, "y": NAN}, nan_ok=True)
    assert table.contributions.loc["x"].to_dict() == pytest.approx({"a": 5, "b": 7.5, "c": 67.5})
    assert table.contributions.loc["y"].isna().all()
    assert table.nodes.loc["x"].to_dict() == {"economy": 50, "life": 90, "total": 80}
    assert table.node_coverage.to_numpy().tolist() == [[1, 1, 1], [0, 0, 0]]
    one = composite_index(pd.Series(SCORES)[["c", "a", "b"]], build_tree(TREE))
    assert (float(one), one.coverage, one.reason) == (80, 1, "") and one.contributions["c"] == 67.5
    assert one.node_coverage.to_dict() == {"economy": 1, "life": 1, "total": 1}
    assert one.weights.to_dict() == {"a": 0.125, "b": 0.125, "c": 0.75}
    # what is withheld is a number as well, which is none
    assert all((one.dtypes == np.float64).all() for one in (table.contributions, table.nodes, table.node_coverage))
    gaps = pd.DataFrame([{**SCORES, "b": pd.NA}, {**SCORES, "b": None}], dtype=object)
    assert composite_index(gaps, TREE).value.tolist() == [77.5, 77.5]
    # numbers that came as objects, and columns that are numbers
    assert composite_index(pd.DataFrame([SCORES], dtype=object), TREE).value.tolist() == [80]
    assert composite_index(pd.DataFrame([[10.0, 20.0]]), {"0": 1, "1": 3}).value.tolist() == [17.5]


def test_weights_that_are_really_used() -> None:
    rows = np.array([[40.0, 60.0, 90.0], [40.0, NAN, 90.0], [NAN, NAN, 90.0], [40.0, 60.0, NAN], [NAN] * 3])
    found = used_weights(rows, build_tree(TREE))
    assert found.tolist() == [[0.125, 0.125, 0.75], [0.25, 0, 0.75], [0, 0, 1], [0.5, 0.5, 0], [0, 0, 0]]
    # half of a domain is too little for it, and so it has no weight
    assert used_weights(rows[1:2], build_tree(TREE), min_coverage=0.6).tolist() == [[0, 0, 1]]


def test_a_mean_at_its_minimum_is_shown_and_one_below_is_no_data_above() -> None:
    gap = {**SCORES, "b": NAN}  # half of economy, 7/8 of the whole
    at = composite_index(gap, TREE, min_coverage={"economy": 0.5})
    assert at.nodes.to_dict() == pytest.approx({"economy": 40, "life": 90, "total": 77.5})
    below = composite_index(gap, TREE, min_coverage={"economy": 0.51})
    assert below.nodes.to_dict() == pytest.approx({"economy": NAN, "life": 90, "total": 90}, nan_ok=True)
    assert below.node_coverage.to_dict() == {"economy": 0.5, "life": 1, "total": 0.75}
    assert below.contributions.to_dict() == pytest.approx({"a": 0, "b": NAN, "c": 90}, nan_ok=True)
    # under zero a missing score takes part
    zero = composite_index(gap, TREE, missing="zero")
    assert zero.contributions.to_dict() == pytest.approx({"a": 5, "b": 0, "c": 67.5})
    # what is short of its minimum by rounding alone is not
    assert composite_index(gap, TREE, min_coverage={"economy": 0.5 + 1e-12}).nodes["economy"] == 40
    for bound in (0.0, 1.0):
        assert composite_index(SCORES, TREE, min_coverage=bound).value == 80
    with pytest.raises(UsageError, match="^min_coverage is a share of weight; it must lie between 0 and 1$"):
        composite_index(SCORES, TREE, min_coverage={"life": -0.1})
    with pytest.raises(UsageError, match="unknown name in min_coverage= 'lif'"):
        composite_index(SCORES, TREE, min_coverage={"lif": 0.1})


def test_contributions_of_a_geometric_mean_by_hand() -> None:
    # G = 20 of 10 and 40; L(10, 20) = 10 / ln 2, L(40, 20) = 20 / ln 2: pulls 2 and 1 of 3, so 20/3 and 40/3
    found = composite_index({"a": 10, "b": 40}, {"a": 1, "b": 1}, how="geometric")
    assert found.value == pytest.approx(20)
    assert found.contributions.to_dict() == pytest.approx({"a": 20 / 3, "b": 40 / 3})
    small = composite_index({"a": 0.1, "b": 0.4}, {"a": 1, "b": 1}, how="geometric")
    assert small.value == pytest.approx(0.2)
    assert small.contributions.to_dict() == pytest.approx({"a": 0.2 / 3, "b": 0.4 / 3})
    # L(20, 20) = 20: pulls of 2 ln 2, ln 2 and 1
    whole = 3 * math.log(2) + 1
    three = composite_index({"a": 10, "b": 40, "c": 20}, dict.fromkeys("abc", 1), how="geometric")
    assert three.contributions.to_dict() == pytest.approx(
        {"a": 20 * math.log(2) / whole, "b": 40 * math.log(2) / whole, "c": 20 / whole}
    )
    even = composite_index({"a": 10, "b": 10}, {"a": 1, "b": 3}, how="geometric")
    assert even.contributions.to_dict() == pytest.approx({"a": 2.5, "b": 7.5})
    # a zero takes the whole, and one of no weight takes nothing
    none = composite_index({"a": 0, "b": 40}, {"a": 1, "b": 1}, how="geometric")
    assert none.contributions.to_dict() == {"a": 0, "b": 0}
    assert composite_index({"a": 0, "b": 40}, {"a": 0, "b": 1}, how="geometric").value == pytest.approx(40)
    gap = composite_index({"a": NAN, "b": 40}, {"a": 1, "b": 1}, how="geometric")
    assert (gap.value, gap.coverage) == (pytest.approx(40), 0.5)
    with pytest.raises(InputError, match="scores of 0 or more; 'life' is -3 in row 'y'"):
        rows = pd.DataFrame([{**SCORES, "c": 0.0}, {**SCORES, "c": -3.0}], index=["x", "y"])
        composite_index(rows, TREE, how={"total": "geometric"})


def test_faults_of_weights_are_told_to_the_letter() -> None:
    with pytest.raises(InputError) as caught:
        build_tree({"a": -1, "b": NAN})
    assert str(caught.value).splitlines() == [
        f"column 'weight': weight of {name} is {weight}; give a number of 0 or more"
        for name, weight in (("'a'", "-1"), ("'b'", "nan"))
    ]
    with pytest.raises(InputError) as caught:
        build_tree(pd.DataFrame({"indicator": ["a", "a"], "parent": ["", "x"], "weight": [1, 1]}))
    assert str(caught.value).splitlines() == [
        "column 'indicator': 'a' has more than one weight; keep one of them",
        "column 'parent': 'x' is a parent without a line of its own; add it with its weight",
    ]
    for weights, said in (
        ({}, "there are no weights"),
        (TREE.drop(columns=["weight", "parent"]), "the table of weights has no column 'parent'"),
    ):
        with pytest.raises(InputError, match=f"^{said}$"):
            build_tree(weights)
    with pytest.raises(InputError, match="^no weight is given for a, c; use equal weights or state them$"):
        weight_tree(SCHEME.assign(weight=[None, 6, None, None, None, 0]), weighting="given")


def test_columns_that_do_not_fit_the_weights_are_told_together() -> None:
    twice = pd.DataFrame([[1.0, 2.0, 3.0, 4.0]], columns=["a", "a", "b", "d"])
    with pytest.raises(InputError) as caught:
        composite_index(twice, {"a": 1, "b": 1, "dd": 1})
    assert list(map(str, caught.value.faults)) == [
        "column 'd': has a score but no weight; did you mean 'dd'?",
        "column 'dd': has a weight but no column of scores; did you mean 'd'?",
        "column 'a': has two columns of scores",
    ]
    with pytest.raises(InputError, match="^there are no rows of scores$"):
        composite_index(pd.DataFrame(columns=list("abc"), dtype=float), TREE)
    with pytest.raises(InputError, match="^scores must be finite; cap them first$"):
        composite_index({**SCORES, "b": -math.inf}, TREE)
    with pytest.raises(InputError, match="there are 2 weights for 3 indicators"):
        composite_index(SCORES, [1, 2])
    assert composite_index(SCORES, [1, 1, 2]).value == pytest.approx((40 + 60 + 180) / 4)
    assert composite_index(pd.DataFrame([SCORES]), np.array([1, 1, 2])).value.tolist() == [70]
    with pytest.raises(InputError):
        composite_index([1.0, 2.0, 3.0], [1, 2])


def test_missing_scores_may_be_an_error() -> None:
    with pytest.raises(InputError, match="^column 'b': no score in row 'y'; choose missing=\"reweight\"$"):
        rows = pd.DataFrame([SCORES, {**SCORES, "b": NAN}], index=["x", "y"])
        composite_index(rows, TREE, missing="raise")
    assert composite_index(SCORES, TREE, missing="raise").value == 80
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
    assert composite_index([10.0, 20.0], np.array([[1], [3]])).value == pytest.approx(17.5)


SCHEME = pd.DataFrame(
    {
        "indicator": ["a", "b", "b1", "b2", "c", "extra"], "domain": ["e", "e", "e", "e", "l", "l"],
        "parent": [None, None, "b", "b", None, None], "weight": [2.0, 6.0, None, None, 4.0, 0.0],
    }
)  # fmt: skip


def test_lines_of_a_scheme_by_hand() -> None:
    lines = weight_tree(SCHEME, weighting="given", unread={"l": 3.0})
    assert list(lines) == ["indicator", "parent", "weight"]
    assert lines.to_numpy().tolist() == [
        ["e", "", 8.0], ["l", "", 7.0], ["a", "e", 2.0], ["b", "e", 6.0], ["b1", "b", 1.0], ["b2", "b", 1.0],
        ["c", "l", 4.0], ["extra", "l", 0.0], ["unread:l", "l", 3.0],
    ]  # fmt: skip
    assert lines.index.tolist() == list(range(9))
    equal = weight_tree(SCHEME)
    assert equal["weight"].tolist() == [1, 1, 1, 1, 1, 1, 1, 0]
    # parts keep weights of their own
    parts = weight_tree(SCHEME.assign(weight=[2.0, 6.0, 3.0, 1.0, 4.0, 0.0]))
    assert parts["weight"].tolist() == [1, 1, 1, 1, 3, 1, 1, 0]
    # domains stand in the order of the scheme
    assert weight_tree(SCHEME.replace({"domain": {"e": "z"}}))["indicator"].tolist()[:2] == ["z", "l"]
    tree = build_tree(lines)
    assert (tree.leaves, tree.names) == (("a", "b1", "b2", "c", "extra", "unread:l"), ["b", "e", "l", "total"])
    assert tree.nodes[1].weights.tolist() == [2, 6] and tree.nodes[1].nodes.tolist() == [0]
    assert build_tree(tree) is tree
    # one name at the top is the total itself
    single = build_tree(
        pd.DataFrame({"indicator": ["all", "a", "b"], "parent": [NAN, "all", "all"], "weight": [1, 1, 3]})
    )
    assert single.names == ["all"] and composite_index({"a": 0, "b": 4}, single).value == 3
    deep = {"indicator": ["p", "q", "r", "s", "a"], "parent": ["", "p", "q", "r", "s"], "weight": 1}
    assert build_tree(pd.DataFrame(deep)).names == ["s", "r", "q", "p"]
    assert build_tree({"a": 1}).names == ["total"]
    assert build_tree([2, 3]).leaves == ("0", "1")


def test_tree_of_a_scheme() -> None:
    equal = effective_weights(weight_tree(SCHEME))
    assert equal.to_dict() == {"a": 0.25, "b1": 0.125, "b2": 0.125, "c": 0.5, "extra": 0.0}
    given = effective_weights(weight_tree(SCHEME, weighting="given"))
    assert given.to_dict() == pytest.approx({"a": 2 / 12, "b1": 3 / 12, "b2": 3 / 12, "c": 4 / 12, "extra": 0.0})
    with pytest.raises(InputError, match="no weight is given for c"):
        weight_tree(SCHEME.assign(weight=[2, 6, None, None, None, 0]), weighting="given")
    with pytest.raises(UsageError, match="unknown weighting 'eqal'; did you mean 'equal'"):
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
        ({"a": 1, "b": math.inf, "c": 1}, "column 'weight': weight of 'b' is inf; give a number of 0 or more"),
        ({"a": 1, "b": "x", "c": 1}, "weight of 'b' is nan"),
        (dict.fromkeys("abc", pd.Timestamp(2020, 1, 1)), "weight of 'b' is nan"),
        (TREE.assign(weight=[1.0, 3.0, 0.0, 0.0, 1.0]), "weights under 'economy' add up to 0; at least one"),
        (TREE.assign(weight=[0.0, 0.0, 1.0, 1.0, 1.0]), "weights under 'total' add up to 0"),
        (
            TREE[TREE["indicator"] != "life"],
            "column 'parent': 'life' is a parent without a line of its own; add it with",
        ),
        (TREE.assign(parent=["life", "economy", "economy", "economy", "life"]), "stands below itself"),
        (pd.concat([TREE, TREE.tail(1)]), "column 'indicator': 'c' has more than one weight; keep one"),
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
        ({"how": {"ekonomy": "geometric"}}, "unknown name in how= 'ekonomy'; did you mean 'economy'"),
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
    # each scale alone: a quarter of one leaves the cube root of a quarter, of one half of education that of 5/8
    full = {"mean_schooling": 15.0, "gni_per_capita": 75_000.0}
    assert hdi(36.25, 18, **full) == pytest.approx(0.25 ** (1 / 3))
    assert hdi(85, 4.5, **full) == hdi(85, 18, **(full | {"mean_schooling": 3.75})) == pytest.approx(0.625 ** (1 / 3))
    assert hdi(85, 18, **(full | {"gni_per_capita": 100 * 750**0.25})) == pytest.approx(0.25 ** (1 / 3))
    two = pd.Series([52.5, 85.0], index=["x", "y"])
    found = hdi(two, two * 0 + 18, mean_schooling=two * 0 + 15, gni_per_capita=two * 0 + 75_000)
    assert isinstance(found, pd.Series) and found.to_dict() == pytest.approx({"x": 0.5 ** (1 / 3), "y": 1})
    plain = hdi(
        np.array([52.5, 85]), np.array([18, 18]), mean_schooling=np.array([15, 15]), gni_per_capita=two * 0 + 1e5
    )
    assert list(plain) == pytest.approx([0.5 ** (1 / 3), 1])
    assert type(hdi(52.5, 9, mean_schooling=7.5, gni_per_capita=1000.0)) is float
    # half way on every scale, as a series: of income that is 100 times the root of 750
    half = pd.Series({"x": 1.0})
    found = hdi(52.5 * half, 9 * half, mean_schooling=7.5 * half, gni_per_capita=100 * 750**0.5 * half)
    assert list(found) == pytest.approx([0.5])


REGIONS = pd.DataFrame({"a": [40.0, 50, 90], "b": [60.0, 50, 90], "c": [90.0, 10, 95]}, index=["x", "y", "z"])


def test_robustness_by_hand() -> None:
    found = robustness(REGIONS, {"a": 1, "b": 1, "c": 1}, draws=500)
    assert found.index["nominal"].tolist() == pytest.approx([190 / 3, 110 / 3, 275 / 3])
    assert found.ranks is not None and found.ranks["nominal"].tolist() == [2, 3, 1]
    # z leads in every indicator: no weights can move it
    assert found.ranks.loc["z", ["low", "high"]].tolist() == [1, 1]
    assert found.without["c"].tolist() == [50, 50, 90]
    assert found.ranks_without is not None and found.ranks_without["c"].to_dict() == {"x": 2, "y": 2, "z": 1}
    # weights in plain order are those of the columns
    plain = robustness(REGIONS, [1, 1, 1], draws=500)
    pd.testing.assert_frame_equal(plain.index, found.index)
    pd.testing.assert_frame_equal(leave_one_out(REGIONS, [1, 1, 1]), found.without)


def test_ten_thousand_draws_are_what_is_meant_where_nothing_is_said() -> None:
    asked = robustness(REGIONS, TREE, draws=10_000, noise=0.25, seed=SEED)
    pd.testing.assert_frame_equal(robustness(REGIONS, TREE).index, asked.index, check_exact=True)


def test_a_point_of_ranks_is_a_rank() -> None:
    """Two draws, which by the seed take one normalisation each: x is first in one and second in the other."""
    first = pd.DataFrame({"a": [2.0, 1.0]}, index=["x", "y"])
    found = robustness({"one": first, "other": 3 - first}, {"a": 1}, draws=2, seed=1).ranks
    assert found is not None
    assert found.loc["x"].to_dict() == {"nominal": 1, "mean": 1.5, "low": 1, "median": 1, "high": 2}


def test_no_noise_gives_the_index_itself() -> None:
    found = robustness(REGIONS, TREE, draws=CHUNK + CHUNK // 2, noise=0)
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
    assert found.index.loc["y"].isna().all() and (found.index.dtypes == np.float64).all()
    assert found.ranks is not None and found.ranks["nominal"].tolist()[::2] == [2, 1]


def test_one_region_has_no_rank() -> None:
    alone = REGIONS.head(1)
    assert robustness(alone, TREE, draws=5).ranks is None
    with pytest.raises(UsageError, match="^ranks need at least two regions$"):
        rank_regions(leave_one_out(alone, TREE))
    with pytest.raises(UsageError, match="draws is 0, noise 0.25; use at least 1 draw and a noise of 0 to 1"):
        robustness(REGIONS, TREE, draws=0)
    for noise in (-0.1, 2):
        with pytest.raises(UsageError, match=f"noise {noise}"):
            robustness(REGIONS, TREE, noise=noise)
    with pytest.raises(UsageError, match="^the frames of scores must have the same regions in the same order$"):
        robustness({"one": REGIONS, "other": REGIONS[::-1]}, TREE, draws=5)
    assert robustness(REGIONS, TREE, draws=1, noise=1).index.notna().all(axis=None)
    two = robustness(REGIONS.head(2), TREE, draws=5).ranks
    assert two is not None and two["nominal"].tolist() == [1, 2]


def test_one_draw_follows_its_law() -> None:
    """The same draw written out: which normalisation, then one number for each weight, node by node."""
    random = np.random.default_rng(7)
    random.integers(1, size=1)
    (a, b), _, (economy, life) = (1 + 0.25 * random.uniform(-1, 1, (n, 1))[:, 0] for n in (2, 1, 2))
    first = (a * REGIONS["a"] + b * REGIONS["b"]) / (a + b)
    asked = (economy * first + 3 * life * REGIONS["c"]) / (economy + 3 * life)
    found = robustness(REGIONS, TREE, draws=1, seed=7)
    assert found.index.columns.tolist() == ["nominal", "mean", "low", "median", "high"]
    for point in ("mean", "low", "median", "high"):
        assert found.index[point].to_dict() == pytest.approx(asked.to_dict())
    # with a gap the weight falls to what is present
    gap = robustness(REGIONS.mask(REGIONS.eq(40.0), NAN), TREE, draws=1, seed=7).index["mean"]
    filled = (economy * 60 + 3 * life * 90) / (economy + 3 * life)
    assert gap.to_dict() == pytest.approx(asked.to_dict() | {"x": filled})


def test_two_draws_follow_their_law() -> None:
    """Two numbers for each weight."""
    random = np.random.default_rng(7)
    random.integers(1, size=2)
    (a, b), _, (economy, life) = (1 + 0.25 * random.uniform(-1, 1, (n, 2)) for n in (2, 1, 2))
    asked = (economy * (a * 40 + b * 60) / (a + b) + 3 * life * 90) / (economy + 3 * life)
    found = robustness(REGIONS, TREE, draws=2, seed=7).index.loc["x"]
    assert found["mean"] == pytest.approx(asked.mean()) and found["median"] == pytest.approx(np.median(asked))


def test_points_are_five_fifty_and_ninety_five_per_cent() -> None:
    found = robustness(REGIONS, TREE, draws=CHUNK + 1, noise=0.5)
    spread = found.index.loc["x"]
    # x: 50 and 90 with a weight of life around 3/4: below 1 + 3 * 1.5 and above 1.5 + 3 * 0.5
    assert 50 + 40 * 1.5 / 3 < spread["low"] < spread["median"] < spread["high"] < 50 + 40 * 4.5 / 5
    assert found.ranks is not None and set(np.ravel(found.ranks[["low", "median", "high"]])) <= {1, 2, 3}
    assert found.without.columns.tolist() == ["a", "b", "c"] and found.without.index.tolist() == ["x", "y", "z"]
    # without a: (60 + 3 * 90) / 4; without c: 50
    assert found.without.loc["x"].to_dict() == pytest.approx({"a": 82.5, "b": 77.5, "c": 50})
    assert found.ranks_without is not None and found.ranks_without["a"].tolist() == [2, 3, 1]

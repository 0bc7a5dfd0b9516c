"""Prices: by hand, and which figures may be compared with their targets."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from made_up import LINES, REGIONS, indicator, points, results, worded

from xk.arithmetic.prices import (
    CONVERSION_COLUMNS,
    PriceIndex,
    compare_bases,
    compare_scheme,
    convert_baselines,
    convert_latest,
    deflate,
    illustrate_prices,
    missing_indices,
    nearest_indices,
    rebase,
)
from xk.bench import Question, prices_of, results_of, words_of
from xk.errors import InputError, UsageError
from xk.pipeline.pricing import build_prices
from xk.readers import read_store
from xk.tables.price_bases import show_prices, table_comparability
from xk.vocab import OWN_GRADE

INDEX = {2010: 100.0, 2013: 110.0, 2016: 121.0}
INDICES = {"consumer": PriceIndex("china", "cpi", INDEX, "bureau")}


def test_deflate_by_hand() -> None:
    # 121 at prices of 2016, 21 % above those of 2010, are 100 at prices of 2010 and 110 at those of 2013
    assert deflate([121, 110, math.nan], [2016, 2013, 2016], index=INDEX, base=2010).tolist()[:2] == pytest.approx(
        [100, 100]
    )
    assert deflate([121], [2016], index=INDEX, base=2013).tolist() == pytest.approx([110])
    assert deflate([7.0], [2010], index=INDEX, base=2010).tolist() == [7.0]
    assert math.isnan(deflate([None], [2016], index=INDEX, base=2010)[0])  # type: ignore[list-item]


def test_the_base_of_the_index_does_not_matter() -> None:
    moved = rebase(INDEX, 2016)
    assert moved[2016] == 100
    assert deflate([50.0], [2013], index=moved, base=2010)[0] == pytest.approx(
        deflate([50.0], [2013], index=INDEX, base=2010)[0]
    )


def test_rebase_and_back_is_the_index() -> None:
    assert rebase(rebase(INDEX, 2013), 2010) == pytest.approx(INDEX)
    assert rebase({2010: 0.5, 2016: 1.0}, 2010) == {2010: 100, 2016: 200}


@pytest.mark.parametrize(
    ("found", "wanted", "same", "verdict"),
    [
        ("2010", "2010", True, ("comparable", "same_prices")),
        ("", "", True, ("comparable", "no_prices")),
        (None, float("nan"), True, ("comparable", "no_prices")),
        ("", "", False, ("not_comparable", "other_measure")),
        ("not_stated", "2010", True, ("not_comparable", "prices_not_stated")),
        ("current", "not_stated", True, ("not_comparable", "target_not_stated")),
        ("", "not_stated", True, ("not_comparable", "prices_not_stated")),
        ("not_stated", "not_stated", True, ("comparable", "both_not_stated")),
        ("not_stated", "not_stated", False, ("not_comparable", "other_measure")),
        ("current", "2010", True, ("convertible", "needs_deflator")),
        ("2005", "2010", True, ("convertible", "needs_deflator")),
        ("", "2010", True, ("not_comparable", "price_and_none")),
    ],
)
def test_comparability_by_rule(found: object, wanted: object, same: bool, verdict: tuple[str, str]) -> None:
    assert compare_bases(found, wanted, same_measure=same) == verdict


def test_both_measure_the_same_where_nothing_else_is_said() -> None:
    assert compare_bases("2010", "2010") == ("comparable", "same_prices")


ROWS = pd.DataFrame(
    {
        "indicator": ["income", "rate", "energy", "gini", "spending"],
        "direction": ["positive", "positive", "inverse", "inverse", "positive"],
        "baseline_year": pd.array([2016, 2016, 2016, None, 2016], dtype="Int64"),
        "baseline_value": [121.0, 64.0, 0.7, math.nan, 104.0],
        "baseline_price_base": ["not_stated", None, "2010", None, None],
        "price_base": ["2010", None, "2010", None, None],
        "deflator": ["consumer", None, "per_output", None, "output"],
        "target_value": [200.0, 100.0, 0.6, math.nan, 250.0],
        "comparable": ["no", "no", "yes", "yes", "yes"],
    }
)


def test_every_baseline_of_a_scheme_is_decided() -> None:
    found = compare_scheme(ROWS).set_index("indicator")
    assert found["verdict"].to_dict() == {
        "income": "not_comparable", "rate": "not_comparable", "energy": "comparable", "gini": "no_figure",
        "spending": "comparable",
    }  # fmt: skip
    assert found["rule"].to_dict() == {
        "income": "prices_not_stated", "rate": "other_measure", "energy": "same_prices", "gini": "no_baseline",
        "spending": "both_not_stated",
    }  # fmt: skip
    assert list(found) == ["found", "wanted", "verdict", "rule"]
    assert found.loc["income", ["found", "wanted"]].tolist() == ["not_stated", "2010"]
    # a rate has no prices, so that no base of theirs is missing
    assert found.loc["rate", ["found", "wanted"]].tolist() == ["", ""]
    # spending has prices in it, which the programme states for neither figure
    assert found.loc["spending"].tolist() == ["not_stated", "not_stated", "comparable", "both_not_stated"]


def test_illustration_is_marked_and_by_hand() -> None:
    found = illustrate_prices(ROWS, INDICES)
    assert found["indicator"].tolist() == ["income"]
    row = found.iloc[0]
    assert (row["kind"], row["assumed_base"]) == ("illustration", 2016)
    assert (row["converted"], row["score"], row["score_unconverted"]) == pytest.approx((100.0, 50.0, 60.5))
    assert row[["index_region", "index_kind", "index_source"]].tolist() == ["china", "cpi", "bureau"]
    assert row["price_base"] == 2010 and row["index"] == pytest.approx(121.0)
    assert (row["indicator"], row["year"], row["value"], row["target_value"]) == ("income", 2016, 121.0, 200.0)
    # less is better: 200 of 100 at the prices of 2010, 200 of 121 as it stands
    fewer = illustrate_prices(ROWS.assign(direction="inverse"), INDICES).iloc[0]
    assert (fewer["score"], fewer["score_unconverted"]) == pytest.approx((200.0, 100 * 200 / 121))
    # the year of the figure, and that of the target's prices, must both be in the index
    for years in ({2010: 100.0}, {2016: 121.0}):
        none = illustrate_prices(ROWS, {"consumer": PriceIndex("china", "cpi", years)})
        assert none.empty and list(none) == list(CONVERSION_COLUMNS)
    both = illustrate_prices(ROWS, {"consumer": PriceIndex("china", "cpi", {2010: 100.0, 2016: 121.0})})
    assert both["converted"].tolist() == pytest.approx([100])
    assert illustrate_prices(ROWS.assign(price_base="current"), INDICES).empty
    assert PriceIndex("china", "cpi", INDEX).source_id == ""
    # output has a deflator of its own: that of income is not taken for it
    assert illustrate_prices(ROWS.assign(deflator="output"), INDICES).empty


def test_a_baseline_in_current_prices_is_converted() -> None:
    found = convert_baselines(ROWS.assign(baseline_price_base="current"), INDICES)
    # 121 at prices of 2016 are 121 / 1.21 = 100 at those of 2010; the others have no prices that consumers pay
    assert found[["indicator", "year", "value", "kind"]].to_numpy().tolist() == [["income", 2016, 121.0, "converted"]]
    assert found.loc[0, "converted"] == pytest.approx(100.0)
    assert convert_baselines(ROWS, INDICES).empty


def test_each_price_has_the_index_of_the_nearest_region() -> None:
    table = pd.DataFrame(
        [("china", 2010, 100.0, "gdp_derived"), ("china", 2016, 118.0, "gdp_derived"), ("china", 2010, 100.0, "cpi"),
         ("guangdong", 2010, 100.0, "cpi"), ("guangdong", 2016, 115.0, "cpi")],
        columns=["region", "year", "index", "kind"],
    ).assign(base_year=2010, source_id="s")  # fmt: skip
    found = nearest_indices(table, ["yunfu", "guangdong", "china"])
    assert found["output"] == PriceIndex("china", "gdp_derived", {2010: 100.0, 2016: 118.0}, "s")
    assert found["per_output"] == found["output"]
    # the published index before the derived one; of two bases the rows of the first
    both = pd.concat(
        [table, table.assign(kind="gdp", index=90.0, source_id="p"), table.assign(base_year=2015, index=1)]
    )
    assert nearest_indices(both, ["china"])["output"] == PriceIndex("china", "gdp", {2010: 90.0, 2016: 90.0}, "p")
    assert nearest_indices(both, ["china"])["consumer"].values == {2010: 100.0}
    assert nearest_indices(both, ["guangdong"])["consumer"].values == {2010: 100.0, 2016: 115.0}
    assert (found["consumer"].region, found["consumer"].values[2016]) == ("guangdong", 115)
    assert set(nearest_indices(table, ["guangdong"])) == {"consumer"} and nearest_indices(table[:0], ["china"]) == {}


def test_what_cannot_be_deflated_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        deflate([1, 2, 3], [2011, 2016, 2012], index=INDEX, base=2010)
    assert [fault.message for fault in caught.value.faults] == [
        "the price index has no value for 2011", "the price index has no value for 2012",
    ]  # fmt: skip
    assert str(caught.value).startswith("column 'year': the price index has no value for 2011; it covers 2010-2016\n")
    with pytest.raises(InputError, match="no value for its base 2009; it covers 2010-2016"):
        rebase(INDEX, 2009)
    for wrong in (math.nan, math.inf, -1.0):
        with pytest.raises(InputError, match=rf"^column 'index': is {wrong:g} in 2016; it must be above 0$"):
            rebase({2010: 100.0, 2016: wrong}, 2010)
    with pytest.raises(InputError, match="is 0 in 2010"):
        rebase({2010: 0.0}, 2010)
    with pytest.raises(InputError, match="^the price index is empty$"):
        rebase({}, 2010)
    with pytest.raises(UsageError, match="2 years for values of shape"):
        deflate([1.0], [2010, 2016], index=INDEX, base=2010)


def test_latest_figure_in_current_prices_is_converted() -> None:
    observed = pd.DataFrame(
        {
            "indicator": ["income", "income", "energy", "rate"], "year": [2013, 2016, 2016, 2016],
            "value": [100.0, 121.0, 0.7, 64.0], "price_base": ["current", "current", "2010", "current"],
        }
    )  # fmt: skip
    found = convert_latest(observed, ROWS, indices=INDICES)
    # the rate has no prices, energy stands in those of 2010 already
    assert found["indicator"].tolist() == ["income"]
    assert found.loc[0, ["year", "converted", "score"]].tolist() == pytest.approx([2016, 100, 50])
    assert found.loc[0, "kind"] == "converted"
    # the latest is the one of the last year, wherever it stands
    turned = convert_latest(observed[::-1], ROWS, indices=INDICES)
    assert turned["year"].tolist() == [2016] and list(found) == list(CONVERSION_COLUMNS)
    assert convert_latest(observed, ROWS, indices={"consumer": PriceIndex("china", "cpi", {2010: 100.0})}).empty
    assert convert_latest(observed, ROWS, indices={}).empty


def test_a_figure_that_the_index_does_not_reach_is_named_with_the_remedy() -> None:
    """Income of 2019 in current prices; the index ends in 2016."""
    observed = pd.DataFrame({"indicator": ["income"], "year": [2019], "value": [150.0], "price_base": ["current"]})
    (found,) = missing_indices(observed, ROWS, indices=INDICES)
    assert found == {"indicator": "income", "year": 2019, "price_base": "2010", "index_region": "china",
                     "index_kind": "cpi", "first": 2010, "last": 2016}  # fmt: skip
    again = pd.concat([observed, observed.assign(year=2016)])
    assert missing_indices(again, ROWS, indices=INDICES) == [found]
    assert missing_indices(observed.assign(price_base="2010"), ROWS, indices=INDICES) == []
    assert missing_indices(observed, ROWS, indices={}) == []
    assert missing_indices(observed.assign(year=2016), ROWS, indices=INDICES) == []
    line = indicator("plain", "1", unit="元", price_base="2010", upper_bound="", deflator="output", target_value=60)
    mine = points("city", "plain", {2019: 54}, unit="元", price_base="current", grade=OWN_GRADE)
    words = worded(results(mine, [line, *LINES[1:]], as_of=2019))
    said = words.reason(words.results.line("plain").verdict.why, words.results.line("plain"))
    assert said.startswith("数值按现价计算，目标值按2010年不变价计算；该数值为自有数据，优先于公布值；请提供")
    index = pd.DataFrame({"region": "city", "kind": "gdp", "base_year": 2010, "year": [2010, 2016],
                          "index": [100.0, 121.0], "source_id": "x"})  # fmt: skip
    shown = show_prices(words, build_prices(words.results, regions=REGIONS, deflators=index)).plain
    assert "2019年数值按当年价格计算" in shown and "只有2010、2016年" in shown and "补充2019年指数" in shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_target_of_no_stated_prices_is_said_to_be_one_and_no_index_is_asked_for(lang: str) -> None:
    line = indicator("plain", "1", unit="元", upper_bound="", deflator="output", target_value=60, baseline_year=2016,
                     baseline_value=50)  # fmt: skip
    mine = points("city", "plain", {2019: 54}, unit="元", price_base="current", grade=OWN_GRADE)
    words = worded(results(mine, [line, *LINES[1:]], as_of=2019), lang)
    judged = words.results.line("plain")
    said = words.reason(judged.verdict.why, judged)
    why, none = {"zh": ("方案未说明目标值按何种价格计算", "不涉及价格"),
                 "en": ("the programme does not state the prices of the target", "no prices")}[lang]  # fmt: skip
    assert why in said and none not in said and words.price_base("current") in said
    index = pd.DataFrame({"region": "city", "kind": "gdp", "base_year": 2010, "year": [2010, 2016],
                          "index": [100.0, 121.0], "source_id": "x"})  # fmt: skip
    assert build_prices(words.results, regions=REGIONS, deflators=index).missing == []
    row = ROWS[ROWS["indicator"] == "spending"].assign(baseline_price_base="current")
    found = compare_scheme(row)
    assert found["rule"].tolist() == ["target_not_stated"]
    assert why in table_comparability(words, found.assign(indicator="plain")).html


def test_what_is_per_unit_of_output_is_multiplied() -> None:
    observed = pd.DataFrame({"indicator": ["energy"], "year": [2016], "value": [0.6], "price_base": ["current"]})
    found = convert_latest(observed, ROWS, indices={"per_output": PriceIndex("china", "gdp", INDEX)}).iloc[0]
    # 0.6 t for 10,000 yuan of 2016, which are 10,000 / 1.21 of 2010: 0.726 t for 10,000 of these; 0.6 of it is 82.6 %
    assert found["converted"] == pytest.approx(0.726) and found["score"] == pytest.approx(100 * 0.6 / 0.726)


def test_an_index_is_named_by_the_years_that_it_joins() -> None:
    """China's consumer prices are of 2010 and of 2014 on: no span of years says so."""
    question, store = Question(region="yunfu", as_of=2016, lang="en"), read_store()
    found = results_of(question, store)
    shown = show_prices(words_of(question, store, found), prices_of(question, store)).html
    assert "consumer price index implied by nominal and real income, 2016 (2010 = 100)<" in shown
    assert "2010–2016" not in shown

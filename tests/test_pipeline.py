"""The pipeline on a made-up programme of six lines whose results can be worked on paper."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from made_up import REGIONS, own_figures, points, results, scheme

from xk.arithmetic.scenario import build_scenario
from xk.errors import UsageError
from xk.pipeline import SHARED, Settings, build_results
from xk.pipeline.composites import mean_of_parts


def test_one_point_without_reference_is_not_projected() -> None:
    row = results(own_figures()).row("plain")
    # 40 of 60: attainment 66.7; 20 points in four years: 5 a year, (60/40)^(1/4) - 1 = 10.67 %
    assert row["attainment"] == pytest.approx(200 / 3)
    assert row["required_change"] == 5 and row["required_growth"] == pytest.approx(10.668, abs=1e-3)
    assert (row["status"], row["reason"].key) == ("no_data", "no_trend")
    assert math.isnan(row["projected_value"]) and math.isnan(row["observed_change"])


def test_borrowed_trend_is_taken_from_the_nearest_region_and_says_so() -> None:
    # the province moves 20, 25, 30: logit(0.3) at the start, logit(0.5) in 2020 by drift (30 + 4 x 5)
    reference = points("province", "plain", {2014: 20, 2015: 25, 2016: 30})
    far = points("china", "plain", {2014: 60, 2015: 60, 2016: 60})
    row = results(pd.concat([own_figures(), reference, far])).row("plain")
    shift = math.log(0.5 / 0.5) - math.log(0.3 / 0.7)
    odds = math.exp(math.log(0.4 / 0.6) + shift)
    assert row["projected_value"] == pytest.approx(100 * odds / (1 + odds))
    assert (row["projected_kind"], row["trend"], row["trend_region"]) == ("borrowed", "borrowed", "province")
    assert row["status"] == "on_track" and row["reason"].key == "on_track_borrowed"
    assert math.isnan(row["probability"]) and math.isnan(row["projected_lo80"])


def test_reference_that_ends_long_before_is_not_borrowed() -> None:
    reference = points("province", "plain", {2011: 20, 2012: 25, 2013: 30})
    assert results(pd.concat([own_figures(), reference])).row("plain")["trend"] == "none"


def test_own_trend_is_projected_with_interval_and_odds() -> None:
    # 30, 35, 40 by drift: 5 a year, 60 in 2020, which is an exact hit
    own = points("city", "plain", {2014: 30, 2015: 35, 2016: 40})
    row = results(pd.concat([own_figures().iloc[1:], own])).row("plain")
    assert row["projected_value"] == pytest.approx(60)
    assert (row["projected_kind"], row["trend"], row["status"]) == ("projected", "own", "on_track")
    assert row["projected_lo95"] <= row["projected_lo80"] <= 60 <= row["projected_hi80"] <= row["projected_hi95"]
    assert 0 <= row["probability"] <= 1 and row["year_reached"] == 2020


def test_target_to_be_held() -> None:
    assert results(own_figures()).row("held")["status"] == "achieved"
    later = pd.concat([own_figures(), points("city", "held", {2017: 94, 2018: 96})])
    row = results(later).row("held")
    assert row["status"] == "on_track" and row["reason"].key == "held_missed"
    assert row["reason"].values == {"years": [2017]}
    falling = pd.concat([own_figures(), points("city", "held", {2017: 94})])
    assert results(falling).row("held")["status"] == "regressing"
    unseen = pd.concat([own_figures(), points("city", "plain", {2018: 50})])
    assert results(unseen).row("held")["reason"].key == "held_unseen"


def test_composite_is_the_mean_of_its_known_parts_and_its_worst_status() -> None:
    row = results(own_figures()).row("mixed")
    assert row["attainment"] == 50 and row["parts_known"] == 0.5
    assert row["status"] == "no_data"
    reference = points("province", "half", {2014: 20, 2015: 20, 2016: 20})
    assert results(pd.concat([own_figures(), reference])).row("mixed")["status"] == "lagging"


def test_other_prices_are_not_compared() -> None:
    row = results(own_figures()).row("priced")
    assert row["status"] == "not_comparable" and row["reason"].key == "prices_not_stated"
    for column in ("score", "attainment", "required_change", "planned_value", "progress"):
        assert math.isnan(row[column]), column
    same = points("city", "priced", {2016: 150}, unit="元", price_base="2010", series="city.priced.real")
    row = results(pd.concat([own_figures(), same])).row("priced")
    assert row["attainment"] == 75 and row["status"] == "no_data"


def test_index_says_how_much_of_the_weight_has_figures() -> None:
    index = results(own_figures()).index
    latest = index[index["basis"] == "latest"].set_index("level")
    # first: (66.7 + 100) / 2; second: 3 alone of 3 and 4, half of 3's parts: a quarter of the weight
    assert latest.loc["first", "value"] == pytest.approx((200 / 3 + 100) / 2)
    assert latest.loc["first", "coverage"] == 100
    assert latest.loc["second", "value"] == 50 and latest.loc["second", "coverage"] == 25
    assert latest.loc["total", "coverage"] == 62.5


def test_planned_path_and_gap_by_year() -> None:
    later = pd.concat([own_figures(), points("city", "plain", {2018: 52})])
    path = results(later).path("plain").set_index("year")
    # straight line from 40 in 2016 to 60 in 2020
    assert path["planned_value"].tolist() == [40, 45, 50, 55, 60]
    assert path.loc[2018, "plan_gap"] == 2 and math.isnan(path.loc[2017, "plan_gap"])
    assert path.loc[2018, "status"] is not None and path["status"].notna().sum() == 1


def test_nothing_after_the_as_of_year_is_seen() -> None:
    later = pd.concat([own_figures(), points("city", "plain", {2017: 99})])
    row = results(later, as_of=2016).row("plain")
    assert (row["latest_year"], row["latest_value"]) == (2016, 40)


def test_what_reports_share_is_at_hand_once_it_is_computed() -> None:
    found = results(own_figures())
    found.compute_shared()
    assert set(SHARED) <= set(vars(found))


def test_scenario_replaces_the_path_of_what_it_names() -> None:
    content = {"name": "push", "indicators": {"plain": {"change": 6.0}}}
    scenario = build_scenario(content, indicators=["plain"], domains=[])
    asked = Settings("city", method="drift")
    changed = build_results(scheme(), own_figures(), regions=REGIONS, settings=asked, scenario=scenario)
    row = changed.row("plain")
    assert row["projected_value"] == 64 and row["projected_kind"] == "scenario" and row["status"] == "on_track"
    assert set(changed.yearly["scenario"]) == {"push"}


def test_arguments_are_not_changed() -> None:
    observations, table = own_figures(), scheme()
    before, columns = observations.copy(), table.indicators.copy()
    build_results(table, observations, regions=REGIONS, settings=Settings("city"))
    pd.testing.assert_frame_equal(observations, before)
    pd.testing.assert_frame_equal(table.indicators, columns)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings("citty"), "unknown region 'citty'; did you mean 'city'"),
        (Settings("city", as_of=2018, to=2017), r"\(2017\) is before the last known year \(2018\)"),
        (Settings("city", method="magic"), "unknown method 'magic'"),
    ],
)
def test_refusals(settings: Settings, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        build_results(scheme(), own_figures(), regions=REGIONS, settings=settings)


def test_region_without_any_figure_has_results_all_the_same() -> None:
    found = results(own_figures()[own_figures()["region"] == "nowhere"])
    assert set(found.summary["status"]) == {"no_data"}
    assert found.index["value"].isna().all() and np.all(found.index["coverage"] == 0)


def test_a_composite_has_the_years_in_which_all_its_parts_have_one() -> None:
    given = pd.concat([own_figures(), points("city", "none", {2015: 45, 2016: 81, 2017: 90})])
    found = results(given, to=2017).composite_years
    # 2016: 50 of 100 and 81 of 90; no other year has a figure of both parts
    assert found.to_dict("list") == {
        "indicator": ["mixed"], "year": [2016], "attainment": [70.0], "kind": ["observed"],
    }  # fmt: skip
    assert results(own_figures()).composite_years.empty
    ahead = pd.concat([points("city", "half", {2016: 50}), points("city", "none", {2014: 9, 2015: 9, 2016: 9})])
    reference = points("province", "half", {2014: 20, 2015: 20, 2016: 20})
    kinds = results(pd.concat([ahead, reference]), to=2017).composite_years.set_index("year")["kind"].to_dict()
    assert kinds == {2016: "observed", 2017: "projected"}


def test_the_mean_of_parts_is_of_the_known_ones_unless_all_are_asked_for() -> None:
    assert mean_of_parts([50.0, math.nan]) == 50.0
    assert mean_of_parts([50.0, 90.0], complete=True) == 70.0
    assert math.isnan(mean_of_parts([50.0, math.nan], complete=True))
    assert math.isnan(mean_of_parts([])) and math.isnan(mean_of_parts([math.nan]))

"""The pipeline on a made-up programme of six lines whose results can be worked on paper."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_up import LINES, REGIONS, own_figures, points, results, scheme, worded

from xk.arithmetic.scenario import build_scenario
from xk.errors import UsageError
from xk.pipeline import SHARED, Settings, build_results, resolve_settings
from xk.pipeline.summary import mean_of_parts
from xk.tables.key_points import key_points


def test_one_point_without_reference_is_not_projected() -> None:
    result = results(own_figures()).line("plain")
    # 40 of 60: attainment 66.7; 20 points in four years: 5 a year, (60/40)^(1/4) - 1 = 10.67 %
    assert result.distance.attainment == pytest.approx(200 / 3)
    assert result.distance.required.change == 5
    assert result.distance.required.growth == pytest.approx(10.668, abs=1e-3)
    assert (result.status, result.verdict.why.key) == ("no_trend", "no_trend")
    assert math.isnan(result.outlook.value) and math.isnan(result.distance.observed.change)


def test_borrowed_trend_is_taken_from_the_nearest_region_and_says_so() -> None:
    # the province moves 20, 25, 30: logit(0.3) at the start, logit(0.5) in 2020 by drift (30 + 4 x 5)
    reference = points("province", "plain", {2014: 20, 2015: 25, 2016: 30})
    far = points("china", "plain", {2014: 60, 2015: 60, 2016: 60})
    result = results(pd.concat([own_figures(), reference, far])).line("plain")
    shift = math.log(0.5 / 0.5) - math.log(0.3 / 0.7)
    odds = math.exp(math.log(0.4 / 0.6) + shift)
    assert result.outlook.value == pytest.approx(100 * odds / (1 + odds))
    assert (result.outlook.kind, result.trend.kind, result.trend.region) == ("borrowed", "borrowed", "province")
    # two regions cannot tell how far borrowing leads wrong: it is shown, and not judged by
    assert (result.status, result.verdict.why.key) == ("no_trend", "no_trend_untested")
    assert math.isnan(result.outlook.probability) and not result.outlook.ends


def test_reference_that_ends_long_before_is_not_borrowed() -> None:
    reference = points("province", "plain", {2011: 20, 2012: 25, 2013: 30})
    assert results(pd.concat([own_figures(), reference])).line("plain").trend.kind == "none"


def test_own_trend_is_projected_with_interval_and_odds() -> None:
    # 30, 35, 40 by drift: 5 a year, 60 in 2020, which is an exact hit: as likely to be met as not
    own = points("city", "plain", {2014: 30, 2015: 35, 2016: 40})
    result = results(pd.concat([own_figures().iloc[1:], own])).line("plain")
    outlook, ends = result.outlook, result.outlook.ends
    assert outlook.value == pytest.approx(60)
    assert (outlook.kind, result.trend.kind, result.status) == ("projected", "own", "uncertain")
    assert ends["lo95"] <= ends["lo80"] <= 60 <= ends["hi80"] <= ends["hi95"]
    assert outlook.probability == outlook.probability_target_year == pytest.approx(0.5)
    assert outlook.year_reached == 2020


def test_target_to_be_held() -> None:
    assert results(own_figures()).line("held").status == "met_to_hold"
    later = pd.concat([own_figures(), points("city", "held", {2017: 94, 2018: 96})])
    verdict = results(later).line("held").verdict
    assert (verdict.status, verdict.why.key, verdict.why.values) == (
        "not_held",
        "not_held",
        {"figures": [(2017, 94.0)]},
    )
    first = key_points(worded(results(later))).plain.splitlines()[1]  # before what is furthest behind
    assert first.startswith("- 2\u00a0指标：2017年94，未达到应保持的水平（目标2017—2020年每年≥95）")
    falling = pd.concat([own_figures(), points("city", "held", {2017: 94})])
    assert results(falling).line("held").status == "not_held"
    unseen = pd.concat([own_figures(), points("city", "plain", {2018: 50})])
    found = results(unseen).line("held")
    assert (found.status, [one.key for one in found.verdict.why.also]) == ("met_to_hold", ["unseen"])


def test_odds_of_holding_are_those_of_the_years_after_as_of() -> None:
    """96 and more since 2012 against 95 in 2017-2020; as of 2018, 2019 and 2020 remain."""
    figures = points("city", "held", {2012: 95.8, 2013: 96.4, 2014: 95.5, 2015: 96.6, 2016: 96, 2017: 95.9})
    found = results(figures, as_of=2018).line("held").outlook
    assert 0.3 < found.probability < found.probability_target_year < 1
    # seen in 2019 too, 2020 alone remains
    last = results(pd.concat([figures, points("city", "held", {2018: 96, 2019: 96})]), as_of=2019).line("held").outlook
    assert last.probability == last.probability_target_year


def test_what_is_to_be_striven_for_has_odds_of_its_own() -> None:
    lines = [LINES[0] | {"target_stretch": "75"}, *LINES[1:]]
    own = points("city", "plain", {2012: 31, 2013: 36, 2014: 40, 2015: 46, 2016: 50})
    found = results(own, lines).line("plain")
    assert found.stretch is not None
    # 70 in 2020 by drift: past 60, short of 75
    assert found.outlook.value == found.stretch.value == pytest.approx(69)
    assert found.stretch.probability < 0.5 < found.verdict.probability


def test_nothing_is_projected_to_a_year_that_is_past() -> None:
    own = points("city", "plain", {2014: 30, 2015: 35, 2016: 40})
    found = results(own, as_of=2020, to=2020).line("plain")
    assert found.status == "not_seen" and math.isnan(found.outlook.value)


def test_composite_is_the_mean_of_its_known_parts_and_its_worst_status() -> None:
    result = results(own_figures()).line("mixed")
    assert result.distance.attainment == 50 and result.parts_known == 0.5
    assert (result.status, result.verdict.why.values["parts"]) == ("no_data", [("3.2", "no_data")])
    still = points("city", "half", {2014: 50, 2015: 50})
    assert results(pd.concat([own_figures(), still])).line("mixed").status == "lagging"


def test_other_prices_are_not_compared() -> None:
    result = results(own_figures()).line("priced")
    assert (result.status, result.verdict.why.key) == ("not_comparable", "prices_not_stated")
    far = result.distance
    assert [math.isnan(value) for value in (far.score, far.attainment, far.required.change, far.progress)] == [True] * 4
    assert math.isnan(result.plan.value)
    same = points("city", "priced", {2016: 150}, unit="元", price_base="2010", series="city.priced.real")
    result = results(pd.concat([own_figures(), same])).line("priced")
    assert result.distance.attainment == 75 and result.status == "no_trend"


def test_index_says_how_much_of_the_weight_has_figures() -> None:
    index = results(own_figures()).index
    latest = index[index["basis"] == "latest"].set_index("level")
    # first: (66.7 + 100) / 2; second: 3 alone of 3 and 4, half of 3's parts: a quarter of the weight
    assert latest.loc["first", "value"] == pytest.approx((200 / 3 + 100) / 2)
    assert latest.loc["first", "coverage"] == 100
    assert math.isnan(latest.loc["second", "value"]) and latest.loc["second", "coverage"] == 25
    # the total is that of the first domain alone, which holds half of the weight
    assert latest.loc["total", "value"] == latest.loc["first", "value"] and latest.loc["total", "coverage"] == 62.5
    assert latest["reason"].tolist() == ["", "coverage_below_minimum", ""]
    assert latest["domains"].tolist() == [1, 0, 1] and latest["indicators"].tolist() == [2, 0, 2]


def test_planned_path_and_gap_by_year() -> None:
    later = pd.concat([own_figures(), points("city", "plain", {2018: 52})])
    path = results(later).path("plain").set_index("year")
    # straight line from 40 in 2016 to 60 in 2020
    assert path["planned_value"].tolist() == [40, 45, 50, 55, 60]
    assert path.loc[2018, "plan_gap"] == 2 and math.isnan(path.loc[2017, "plan_gap"])
    assert path.loc[2018, "status"] is not None and path["status"].notna().sum() == 1


@pytest.mark.parametrize(
    ("more", "own", "year"),
    [
        ({2018: 41}, None, 2016),  # one of four lines: 2018 is not the year of the others
        ({2018: 41, 2019: 42}, None, 2016),
        ({2018: 41}, 2015, 2015),  # the programme's own default stands before all
    ],
)
def test_one_figure_does_not_move_the_year_of_all_others(more: dict[int, float], own: int | None, year: int) -> None:
    figures = pd.concat([own_figures(), points("city", "plain", more)])
    plan = replace(scheme(), as_of=own)
    assert resolve_settings(Settings("city"), plan, figures, regions=REGIONS).as_of == year


def test_the_year_of_a_region_is_the_last_in_which_half_of_what_it_reports_was_seen() -> None:
    def year_of(*lines: pd.DataFrame) -> int | None:
        return resolve_settings(Settings("city"), scheme(), pd.concat(lines), regions=REGIONS).as_of

    plain, half = points("city", "plain", {2016: 1, 2018: 1}), points("city", "half", {2017: 1, 2018: 1})
    held, priced = points("city", "held", {2017: 1}), points("city", "priced", {2015: 1})
    assert year_of(plain, half, held, priced) == 2018  # two of four
    assert year_of(plain, half, held, priced, points("city", "none", {2014: 1})) == 2018  # the most, if not half
    assert year_of(plain, held, priced, points("city", "none", {2021: 1})) == 2020  # one each
    assert year_of(plain[:0]) == 2020  # no figure at all: the target year
    assert year_of(points("province", "plain", {2014: 1})) == 2020


def test_nothing_after_the_as_of_year_is_seen() -> None:
    later = pd.concat([own_figures(), points("city", "plain", {2017: 99})])
    latest = results(later, as_of=2016).line("plain").latest
    assert (latest.year, latest.value, latest.points) == (2016, 40, 1)


def test_what_reports_share_is_at_hand_once_it_is_computed() -> None:
    found = results(own_figures())
    found.compute_shared()
    assert set(SHARED) <= set(vars(found))


def test_scenario_replaces_the_path_of_what_it_names() -> None:
    content = {"name": "push", "indicators": {"plain": {"change": 6.0}}}
    scenario = build_scenario(content, indicators=["plain"], domains=[])
    asked = Settings("city", method="drift")
    changed = build_results(scheme(), own_figures(), regions=REGIONS, settings=asked, scenario=scenario)
    result = changed.line("plain")
    assert (result.outlook.value, result.outlook.kind, result.status) == (64, "scenario", "on_track")
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
        (Settings("city", as_of=2017, to=2016), r"\(2016\) is before the last known year \(2017\)"),
        (Settings("city", as_of=2018), "whole year in 1900-2017, a year after the last figure, not 2018"),
        (Settings("city", as_of=1066), "whole year in 1900-2017, a year after the last figure, not 1066"),
        (Settings("city", as_of=2016.5), "whole year in 1900-2017, a year after the last figure, not 2016.5"),
        (Settings("city", to=20), "the year to project to must be a whole year in 1900-2200, not 20"),
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


def test_a_composite_has_the_years_in_which_half_of_its_parts_have_one() -> None:
    given = pd.concat([own_figures(), points("city", "none", {2015: 45, 2016: 81, 2017: 90})])
    found = results(given, to=2017)
    # 2015: 45 of 90 alone; 2016: 50 of 100 and 81 of 90; 2017: 90 of 90 alone
    assert found.composite_years.to_dict("list") == {
        "indicator": ["mixed"] * 3, "year": [2015, 2016, 2017], "attainment": [50.0, 70.0, 100.0],
        "kind": ["observed"] * 3, "known": [1, 2, 1], "parts": [2] * 3,
    }  # fmt: skip
    # the summary takes the latest of each part: (50 + 100) / 2; as of 2016 it is what the heat map shows
    assert found.line("mixed").distance.attainment == 75
    assert results(given, as_of=2016).line("mixed").distance.attainment == 70
    ahead = pd.concat([points("city", "half", {2016: 50}), points("city", "none", {2014: 9, 2015: 9, 2016: 9})])
    reference = points("province", "half", {2014: 20, 2015: 20, 2016: 20})
    kinds = results(pd.concat([ahead, reference]), to=2017).composite_years.set_index("year")["kind"].to_dict()
    assert kinds == {2014: "observed", 2015: "observed", 2016: "observed", 2017: "projected"}
    # without the province the part that stands at 50 has no trend, and the other one alone would make a leap
    alone = results(ahead, to=2017)
    assert not math.isnan(alone.line("none").outlook.attainment) and math.isnan(alone.line("mixed").outlook.attainment)
    assert alone.composite_years["kind"].tolist() == ["observed"] * 3


def test_the_mean_of_parts_is_of_the_known_ones_if_they_hold_half_of_the_weight() -> None:
    parts = [scheme().lines[name] for name in ("half", "none", "plain")]
    nothing = math.nan
    assert mean_of_parts(zip(parts, [50.0, 90.0, nothing], strict=True)) == 70.0
    assert mean_of_parts(zip(parts[:2], [50.0, nothing], strict=True)) == 50.0
    assert math.isnan(mean_of_parts(zip(parts, [50.0, nothing, nothing], strict=True)))
    assert math.isnan(mean_of_parts([])) and math.isnan(mean_of_parts([(parts[0], nothing)]))
    # weights 3 and 1: (3 x 50 + 90) / 4; the lighter one alone holds a quarter
    weighed = [replace(part, weight=weight) for part, weight in zip(parts, (3.0, 1.0), strict=False)]
    assert mean_of_parts(zip(weighed, [50.0, 90.0], strict=True)) == 60.0
    assert math.isnan(mean_of_parts(zip(weighed, [nothing, 90.0], strict=True)))

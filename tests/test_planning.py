"""Positions on the planned path, official or derived, and the years in which a target is to be held."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from made_up import points, typed, worded

from xk.contracts.scheme import Scheme
from xk.contracts.scheme_tables import TABLES
from xk.errors import UsageError
from xk.pipeline import Settings, build_results
from xk.pipeline.figures import Figure
from xk.pipeline.index import build_contributions, build_index, build_index_pair, build_index_without, build_index_years
from xk.pipeline.planning import Position, build_held_years, build_positions, official_values, start_of
from xk.pipeline.result import LineResult
from xk.tables.planned import table_plan

REGIONS = pd.DataFrame({"region": ["city"], "parent": [None]})
PHASES = [
    {"phase": "1", "name_zh": "部署", "name_en": "Start", "start": "2017-11", "end": "2018-03"},
    {"phase": "2", "name_zh": "实施", "name_en": "Work", "start": "2018-04", "end": "2020-06"},
]


def line(name: str, no: str, **more: Any) -> dict[str, str]:
    row = {
        "indicator": name, "no": no, "domain": "one", "name_zh": "指标", "name_en": "Indicator", "unit": "%",
        "direction": "positive", "baseline_year": "2016", "baseline_kind": "observed", "target_year": "2020",
        "lower_bound": "0", "upper_bound": "100", "lead_offices": "bureau", "comparable": "yes", "clause": no,
    }  # fmt: skip
    return row | {key: str(value) for key, value in more.items()}


LINES = [
    line("up", "1", baseline_value=40, target_value=80),
    line("down", "2", direction="inverse", baseline_value=50, target_value=25, domain="two"),
    line("held", "3", baseline_value=96, target_value=95, hold_from=2017, hold_to=2020, domain="two"),
]


def scheme(schedule: list[dict[str, str]] | None = None) -> Scheme:
    domains = [{"domain": name, "no": name, "name_zh": "领域", "name_en": name} for name in ("one", "two")]
    tables = {name: typed(name, []) for name in TABLES}
    tables |= {"domains": typed("domains", domains), "indicators": typed("indicators", LINES)}
    tables |= {"phases": typed("phases", PHASES), "schedule": typed("schedule", schedule or [])}
    return Scheme("made-up", {"name_zh": "方案", "name_en": "Plan"}, 2020, "equal", ("city",), **tables)


def figures(**series: dict[int, float]) -> pd.DataFrame:
    return pd.concat([points("city", name, values) for name, values in series.items()], ignore_index=True)


GIVEN = figures(
    up={2014: 36, 2015: 38, 2016: 40, 2017: 52}, down={2015: 52, 2016: 50, 2017: 45}, held={2016: 96, 2017: 94}
)


def results(of: Scheme | None = None, **settings: Any) -> Any:
    asked = Settings("city", **({"method": "drift"} | settings))
    return build_results(of or scheme(), GIVEN, regions=REGIONS, settings=asked)


def positions(of: Scheme, as_of: int = 2017) -> dict[str, Position]:
    return {row.indicator: row for row in build_positions(results(of, as_of=as_of).lines, as_of=as_of)}


def test_position_against_the_derived_path() -> None:
    found = positions(scheme())
    # a quarter of the way from 40 to 80 is 50, from 50 to 25 it is 43.75
    assert {name: (row.planned_value, row.plan_gap, row.plan_status) for name, row in found.items()} == {
        "up": (50, 2, "ahead"),
        "down": (43.75, -1.25, "behind"),
        "held": (95, -1, "behind"),
    }
    assert {(row.planned_kind, row.years_left) for row in found.values()} == {("derived", 3)}


def test_the_baseline_itself_is_on_no_path_yet() -> None:
    assert {row.plan_status for row in positions(scheme(), 2016).values()} == {"at_start"}


def test_a_baseline_in_other_prices_starts_the_path_as_the_series_has_it_else_as_it_is_converted() -> None:
    line = replace(scheme().lines["up"], baseline_price_base="current", price_base="2010")
    seen = [
        Figure("city", "up", "city.up", year, value, "observed", "plan", "A", "2010", comparable=True)
        for year, value in {2016: 41.0, 2017: 52.0}.items()
    ]
    assert start_of(line, seen, 38.0) == (2016, 41.0)
    assert start_of(line, seen[1:], 38.0) == (2016, 38.0)
    assert start_of(line, seen[1:]) is None
    assert start_of(replace(line, comparable="no"), seen, 38.0) is None


def test_an_official_schedule_leads() -> None:
    official = scheme([{"indicator": "up", "year": "2017", "planned_value": "55"}])
    found = positions(official)
    row = found["up"]
    assert (row.planned_value, row.planned_kind, row.plan_status) == (55, "official", "behind")
    assert found["down"].planned_kind == "derived"
    assert official_values(official.schedule, "up") == {2017: 55.0}
    assert official_values(official.schedule, "down") == {}


def test_years_to_be_held_one_by_one() -> None:
    seen = [
        Figure("city", "held", "city.held", year, value, "observed", "plan", "A", "", comparable=year != 2018)
        for year, value in {2016: 90.0, 2017: 95.0, 2018: 96.0, 2019: 94.0}.items()
    ]
    found = build_held_years(scheme(), {"held": seen}, as_of=2019)
    assert {row.year: row.result for row in found} == {2017: "met", 2018: "unknown", 2019: "missed", 2020: "ahead"}


def test_index_by_year_and_its_change_over_the_common_indicators() -> None:
    found = build_index_years(scheme(), results().yearly)
    total = found[found["level"] == "total"].set_index("year")
    # 2015: 38/80 = 47.5 and 25/52 = 48.08 %; 2016: 50 in the first domain, (50 + 100)/2 in the second
    assert total.loc[2015, "value"] == pytest.approx((47.5 + 100 * 25 / 52) / 2)
    assert total.loc[2016, "value"] == pytest.approx((50 + 75) / 2)
    assert total.loc[2016, "coverage"] == 100 and total.loc[2015, "coverage"] == 75
    # held came in new in 2016: the change counts up and down alone
    assert total.loc[2016, "change"] == pytest.approx((50 - 47.5 + 50 - 100 * 25 / 52) / 2)
    assert math.isnan(total.loc[2014, "change"])
    assert total.loc[[2016, 2017], "kind"].tolist() == ["observed", "observed"]
    assert total.loc[[2018, 2020], "kind"].tolist() == ["projected", "projected"]


def test_index_interval_is_that_of_a_single_projection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first domain has one indicator, so its interval is that of the indicator, brought to attainment."""
    given = results()
    monkeypatch.setattr("xk.pipeline.index.DRAWS", 20_000)
    assert build_index_years(scheme(), given.yearly)["lo80"].isna().all()  # one indicator is fewer than six
    monkeypatch.setattr("xk.pipeline.index.ENOUGH", 1)
    found = build_index_years(scheme(), given.yearly)
    row = found[(found["level"] == "one") & (found["year"] == 2018)].iloc[0]
    path = given.path("up").set_index("year").loc[2018]
    for end in ("lo80", "hi80"):
        assert row[end] == pytest.approx(min(100 * path[end] / 80, 100), abs=0.5)
    assert row["lo95"] <= row["lo80"] <= row["value"] <= row["hi80"] <= row["hi95"] <= 100
    assert (row["projected_share"], row["interval_share"]) == (100, 100)


def test_seed_fixes_the_draws() -> None:
    one, two = (build_index_years(scheme(), results().yearly) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


def lines(attained: list[float], ahead: list[float] | None = None) -> dict[str, LineResult]:
    """Return the results with other attainments: of the latest figures and as projected."""
    return {
        name: replace(
            one, distance=replace(one.distance, attainment=now), outlook=replace(one.outlook, attainment=then)
        )
        for (name, one), now, then in zip(results().lines.items(), attained, ahead or attained, strict=True)
    }


def test_index_is_withheld_under_its_coverage() -> None:
    # the first domain alone holds half of the weight: enough, and the index is one over one domain
    kept = build_index(scheme(), lines([50.0, math.nan, math.nan])).set_index(["basis", "level"])
    assert kept.loc[("latest", "total"), ["value", "coverage", "reason", "domains"]].tolist() == [50, 50, "", 1]
    assert kept.loc[("latest", "two"), "reason"] == "no_data"
    # half of the second domain is a quarter of the whole
    held = build_index(scheme(), lines([math.nan, 80.0, math.nan])).set_index(["basis", "level"]).loc["latest"]
    assert held.loc["two", ["value", "coverage"]].tolist() == [80, 50]
    assert math.isnan(held.loc["total", "value"])
    assert held.loc["total", ["coverage", "reason"]].tolist() == [25, "coverage_below_minimum"]


def test_contributions_add_up_and_say_what_is_possible() -> None:
    given = results()
    found = build_contributions(scheme(), given.lines)
    latest = found[(found["basis"] == "latest") & (found["level"] == "total")].set_index("indicator")
    index = given.index.set_index(["basis", "level"])["value"]
    assert latest["contribution"].sum() == pytest.approx(index["latest", "total"])
    # up holds half the weight and stands at 65: 17.5 points are possible
    assert latest.loc["up", ["weight", "attainment", "contribution", "possible"]].tolist() == pytest.approx(
        [50, 65, 32.5, 17.5]
    )
    assert index["latest", "total"] + latest["possible"].sum() == pytest.approx(100)


def test_an_attainment_of_zero_may_still_rise() -> None:
    nothing = lines([0.0, math.nan, 100.0])
    found = build_contributions(scheme(), nothing).set_index(["level", "basis", "indicator"])
    assert found.loc[("total", "latest", "up"), ["contribution", "possible"]].tolist() == pytest.approx([0, 50])
    # held has the weight of down too, in its domain (all of it) and in the total (half)
    columns = ["weight", "used_weight", "contribution"]
    assert found.loc[("total", "latest", "held"), columns].tolist() == pytest.approx([25, 50, 50])
    assert found.loc[("two", "latest", "held"), columns].tolist() == pytest.approx([50, 100, 100])
    assert found.loc[("two", "latest", "down"), columns[1:]].isna().all()


def test_index_now_and_then_over_the_same_indicators() -> None:
    given = lines([60.0, 40.0, 90.0], [80.0, math.nan, 100.0])
    found = build_index_pair(scheme(), given).set_index("level")
    assert found.loc["total", ["latest", "target", "change", "coverage"]].tolist() == [75, 90, 15, 75]


def test_the_index_without_each_indicator(monkeypatch: pytest.MonkeyPatch) -> None:
    given = lines([60.0, 40.0, 100.0])
    assert build_index_without(scheme(), given) == {}
    monkeypatch.setattr("xk.pipeline.index.ENOUGH", 3)
    # without `up` only the second domain is left
    assert build_index_without(scheme(), given)["up"] == 70


def test_levels_of_the_index_are_those_of_the_projections() -> None:
    with pytest.raises(UsageError, match="no column 'lo50'"):
        build_index_years(scheme(), results().yearly, levels=(50,))
    settings = Settings("city", method="drift", levels=(50,))
    years = build_results(scheme(), GIVEN, regions=REGIONS, settings=settings).index_years
    assert {"lo50", "hi50"} <= set(years) and not {"lo80", "hi95"} & set(years)


def test_results_carry_the_official_schedule() -> None:
    official = scheme([{"indicator": "up", "year": "2017", "planned_value": "55"}])
    given = build_results(official, GIVEN, regions=REGIONS, settings=Settings("city", method="drift"))
    plan = given.line("up").plan
    assert (plan.value, plan.kind, plan.gap) == (55, "official", -3)
    path = given.path("up").set_index("year")
    # a third of the way from 55 in 2017 to 80 in 2020
    assert path.loc[2018, "planned_value"] == pytest.approx(55 + 25 / 3)
    assert path.loc[[2017, 2018], "planned_kind"].tolist() == ["official", "derived"]


def test_what_has_no_newer_figure_up_to_the_known_year_is_said_beside_later_figures() -> None:
    """Of 2017, after 2016, all three have a figure: nothing is newer as of 2016, and 2017 is for comparison alone."""
    found = results(as_of=2016)
    held = build_positions(found.lines, as_of=2016)
    said = {lang: table_plan(worded(found, lang), held).plain for lang in ("zh", "en")}
    assert said["zh"] == (
        "有进度计划的3项，截至2016年都没有基期以后的新数值，尚无进度可比。"
        "其中3项2016年以后的数值列于图表，只供对照，不据以判断进度。"
    )
    assert "Figures after 2016 (3 lines) are for comparison alone." in said["en"]
    early = results(as_of=2017)
    assert "以后的数值列于图表" not in table_plan(worded(early), build_positions(early.lines, as_of=2017)).plain

"""Positions on the planned path, official or derived, and the years in which a target is to be held."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from made_up import typed

from xk.contracts.declarations import contract_of
from xk.contracts.scheme import Scheme
from xk.contracts.scheme_tables import TABLES
from xk.errors import UsageError
from xk.pipeline import Settings, build_results
from xk.pipeline.index import (
    build_contributions,
    build_index,
    build_index_pair,
    build_index_range,
    build_index_years,
)
from xk.pipeline.planning import build_held_years, build_positions, official_values, phase_at

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
    rows = [
        {"region": "city", "indicator": name, "year": year, "value": float(value), "vintage": "2020-01-01",
         "unit": "%", "price_base": "",
         "kind": "observed", "source_id": "plan", "series": f"city.{name}", "grade": "A"}
        for name, values in series.items() for year, value in values.items()
    ]  # fmt: skip
    return pd.DataFrame(rows).reindex(columns=[*contract_of("observations").columns, "grade"])


GIVEN = figures(
    up={2014: 36, 2015: 38, 2016: 40, 2017: 52}, down={2015: 52, 2016: 50, 2017: 45}, held={2016: 96, 2017: 94}
)


def results(**settings: Any) -> Any:
    return build_results(
        scheme(), GIVEN, regions=REGIONS, settings=Settings("city", **({"method": "drift"} | settings))
    )


def test_position_against_the_derived_path() -> None:
    found = build_positions(scheme(), results().lines, as_of=2017).set_index("indicator")
    # a quarter of the way from 40 to 80 is 50, from 50 to 25 it is 43.75
    assert found.loc["up", ["planned_value", "plan_gap", "plan_status"]].tolist() == [50, 2, "ahead"]
    assert found.loc["down", ["planned_value", "plan_gap", "plan_status"]].tolist() == [43.75, -1.25, "behind"]
    assert found.loc["held", ["planned_value", "plan_gap", "plan_status"]].tolist() == [95, -1, "behind"]
    assert set(found["planned_kind"]) == {"derived"}
    assert found["years_left"].tolist() == [3, 3, 3]


def test_the_baseline_itself_is_on_no_path_yet() -> None:
    found = build_positions(scheme(), results(as_of=2016).lines, as_of=2016)
    assert found["plan_status"].tolist() == ["at_start"] * 3


def test_an_official_schedule_leads() -> None:
    official = scheme([{"indicator": "up", "year": "2017", "planned_value": "55"}])
    found = build_positions(official, results().lines, as_of=2017).set_index("indicator")
    assert found.loc["up", ["planned_value", "planned_kind", "plan_status"]].tolist() == [55, "official", "behind"]
    assert found.loc["down", "planned_kind"] == "derived"
    assert official_values(official.schedule, "up") == {2017: 55.0}
    assert official_values(official.schedule, "down") == {}


@pytest.mark.parametrize(
    ("year", "month", "phase"),
    [(2017, 10, None), (2017, 11, 1), (2018, 3, 1), (2018, 4, 2), (2019, 12, 2), (2020, 7, None)],
)
def test_phase_of_a_month(year: int, month: int, phase: int | None) -> None:
    assert phase_at(typed("phases", PHASES), year, month) == phase
    assert phase_at(typed("phases", []), year) is None


def test_years_to_be_held_one_by_one() -> None:
    observed = pd.DataFrame(
        {"indicator": "held", "year": [2016, 2017, 2019], "value": [90.0, 95.0, 94.0], "comparable": True}
    )
    found = build_held_years(scheme(), observed, as_of=2019)
    assert found["year"].tolist() == [2017, 2018, 2019, 2020]
    assert found["result"].tolist() == ["met", "unknown", "missed", "ahead"]


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


def test_index_is_withheld_under_its_coverage() -> None:
    gap = results().summary.assign(attainment=[50.0, math.nan, math.nan])
    kept = build_index(scheme(), gap, min_coverage=0.5).set_index(["basis", "level"])["value"]
    held = build_index(scheme(), gap, min_coverage=0.51).set_index(["basis", "level"])["value"]
    assert kept["latest", "total"] == 50 and math.isnan(held["latest", "total"])


def test_contributions_add_up_and_say_what_is_possible() -> None:
    given = results()
    found = build_contributions(scheme(), given.summary)
    latest = found[found["basis"] == "latest"].set_index("indicator")
    index = given.index.set_index(["basis", "level"])["value"]
    assert latest["contribution"].sum() == pytest.approx(index["latest", "total"])
    # up holds half the weight and stands at 65: 17.5 points are possible
    assert latest.loc["up", ["weight", "attainment", "contribution", "possible"]].tolist() == pytest.approx(
        [50, 65, 32.5, 17.5]
    )
    assert index["latest", "total"] + latest["possible"].sum() == pytest.approx(100)


def test_an_attainment_of_zero_may_still_rise() -> None:
    nothing = results().summary.assign(attainment=[0.0, math.nan, 100.0])
    found = build_contributions(scheme(), nothing).set_index(["basis", "indicator"])
    assert found.loc[("latest", "up"), ["contribution", "possible"]].tolist() == pytest.approx([0, 50])


def test_index_now_and_then_over_the_same_indicators() -> None:
    summary = results().summary.assign(attainment=[60.0, 40.0, 90.0], projected_attainment=[80.0, math.nan, 100.0])
    found = build_index_pair(scheme(), summary).set_index("level")
    assert found.loc["total", ["latest", "target", "change", "coverage"]].tolist() == [75, 90, 15, 75]


def test_range_of_the_index_under_other_weights() -> None:
    summary = results().summary.assign(attainment=[60.0, 40.0, 100.0])
    found = build_index_range(scheme(), summary)
    assert found["value"] == 65
    assert found["low"] < 65 < found["high"]
    # without `up` only the second domain is left
    assert found["without"]["up"] == 70


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

"""The lines of a programme and their results: read from rows, written as rows, counted by status."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from made_up import LINE, LINES, RESULT, made, scheme

from xk.arithmetic.rulebooks import Reason, Verdict
from xk.contracts.records import records
from xk.contracts.scheme import Line
from xk.pipeline import Settings
from xk.pipeline.result import Latest, LineResult, Plan, count_parts, count_statuses
from xk.pipeline.summary import summary_table

ROWS = {row["indicator"]: row for row in records(scheme().indicators)}
ENDS = ["lo80", "hi80", "lo95", "hi95"]


def judged(status: str, direction: str = "positive", *, counted: bool = True) -> LineResult:
    return replace(RESULT, line=replace(LINE, direction=direction, counted=counted), verdict=Verdict(status, math.nan))


def test_a_line_has_the_types_of_its_columns() -> None:
    line = Line.of(ROWS["held"])
    assert (line.indicator, line.no, line.unit) == ("held", "2", "%")
    years = (line.hold_from, line.hold_to, line.baseline_year, line.target_year)
    assert years == (2017, 2020, 2016, 2020) and {type(year) for year in years} == {int}
    values = (line.baseline_value, line.target_value, line.lower_bound, line.upper_bound)
    assert values == (96, 95, 0, 100) and {type(value) for value in values} == {float}


def test_what_a_line_leaves_open_is_none_nan_or_empty() -> None:
    line = Line.of(ROWS["none"] | {"lead_offices": None})
    assert (line.baseline_year, line.hold_from, line.hold_to) == (None, None, None)
    assert math.isnan(line.baseline_value) and math.isnan(line.target_stretch)
    assert (line.price_base, line.baseline_kind, line.lead_offices) == ("", "", ())
    assert not line.has_baseline and not line.has_stretch and not line.is_composite
    assert Line.of(ROWS["half"]).has_baseline and Line.of(ROWS["mixed"]).is_composite
    assert Line.of(ROWS["plain"] | {"target_stretch": 80}).has_stretch


@pytest.mark.parametrize(
    ("cell", "offices"), [("a", ("a",)), ("b;a", ("b", "a")), ("b;a;b", ("b", "a")), (math.nan, ()), (pd.NA, ())]
)
def test_offices_stand_in_their_order_and_once_each(cell: object, offices: tuple[str, ...]) -> None:
    assert Line.of(ROWS["plain"] | {"lead_offices": cell}).lead_offices == offices


def test_a_line_is_found_by_slug_and_by_number() -> None:
    found = scheme()
    assert list(found.lines) == [row["indicator"] for row in LINES]
    assert found.line("3.1") is found.line("half") is found.lines["half"]
    assert list(found.lines_in("first")) == ["plain", "held"] and found.lines_in(None) == found.lines


def test_the_row_of_a_line_has_what_is_known_and_leaves_the_rest_open() -> None:
    row = replace(RESULT, plan=Plan(35000.0, "derived", -2000.0)).record(ENDS)
    assert (row["no"], row["lead_offices"], row["price_base"], row["parent"]) == ("1", "a", "2010", None)
    assert [row[f"latest_{name}"] for name in ("year", "value", "kind")] == [2017, 33000.0, "observed"]
    assert (row["trend"], row["trend_region"], row["trend_proxy"]) == ("own", "gd", False)
    assert [row[f"projected_{name}"] for name in ("value", "kind", "lo80", "hi80")] == [
        40123.4, "projected", 39000.2, 41000.7,
    ]  # fmt: skip
    assert math.isnan(row["projected_lo95"]) and math.isnan(row["projected_hi95"]), "an end that is not known"
    assert (row["required_change"], row["required_growth"], row["required_years"]) == (100.0, 5.0, 3)
    assert math.isnan(row["observed_change"]) and row["observed_years"] == 0
    assert (row["planned_value"], row["planned_kind"], row["plan_gap"]) == (35000.0, "derived", -2000.0)
    assert (row["status"], row["reason"]) == ("lagging", Reason("lagging"))
    assert (row["stretch_status"], row["stretch_reason"], row["year_reached"]) == (None, None, None)


def test_the_row_tells_the_further_target_and_several_offices() -> None:
    further = replace(
        RESULT, line=replace(LINE, lead_offices=("b", "a"), parent="whole"), stretch=Verdict("no_data", math.nan)
    )
    row = further.record([])
    assert (row["lead_offices"], row["parent"]) == ("b;a", "whole")
    assert (row["stretch_status"], row["stretch_reason"]) == ("no_data", Reason("no_figure"))
    assert not [name for name in row if name.startswith(("projected_lo", "projected_hi"))]


def test_whole_years_stay_whole_beside_open_ones() -> None:
    lines = {
        "a": RESULT,
        "b": replace(RESULT, line=replace(LINE, indicator="b", baseline_year=None, target_year=None)),
        "c": replace(RESULT, line=replace(LINE, indicator="c", hold_from=2017, hold_to=2020)),
    }
    table = summary_table(lines, Settings("city", 2017, 2020))
    assert list(table["indicator"]) == ["gdp", "b", "c"]
    assert list(table["target_year"].astype(object)) == [2020, pd.NA, 2020]
    written = table[["hold_from", "hold_to", "baseline_year", "target_year"]].to_csv(index=False).split()
    assert written == ["hold_from,hold_to,baseline_year,target_year", ",,2016,2020", ",,,", "2017,2020,2016,2020"]


def test_the_summary_has_a_row_for_every_line_and_every_end_that_is_asked_for() -> None:
    found = made(levels=(50, 80))
    assert list(found.summary["indicator"]) == list(found.lines) == [row["indicator"] for row in LINES]
    assert list(found.summary["status"]) == [result.status for result in found.lines.values()]
    ends = [name for name in found.summary if str(name).startswith(("projected_lo", "projected_hi"))]
    assert ends == ["projected_lo50", "projected_hi50", "projected_lo80", "projected_hi80"]


def test_indicators_are_counted_by_status_and_their_parts_apart() -> None:
    lines = [judged("no_data"), judged("lagging"), judged("no_data"), judged("achieved"),
             judged("regressing", "composite"), judged("lagging", counted=False),
             judged("regressing", counted=False)]  # fmt: skip
    assert list(count_statuses(lines).items()) == [
        ("achieved", 1), ("lagging", 1), ("regressing", 1), ("no_data", 2)
    ]  # fmt: skip
    assert list(count_parts(lines).items()) == [("lagging", 1), ("regressing", 1)]
    assert count_statuses([]) == count_parts([]) == {}


def test_a_part_and_a_further_target_beside_an_indicator_do_not_count_as_indicators() -> None:
    """41.2 is a line of its own beside 41; 5.1 stands beside no 5."""
    rows = [dict(LINES[0], indicator=name, no=no) for name, no in (("a", "41"), ("b", "41.2"), ("c", "5.1"))]
    found = scheme([*rows, *(row for row in LINES if row["no"].startswith("3"))]).lines
    assert [line.no for line in found.values() if line.counted] == ["41", "5.1", "3"]


def test_a_line_without_a_figure_has_neither_year_nor_value() -> None:
    row = replace(RESULT, latest=Latest()).record([])
    assert (row["latest_year"], row["latest_kind"], row["series"], row["points"]) == (None, None, None, 0)
    assert math.isnan(row["latest_value"])

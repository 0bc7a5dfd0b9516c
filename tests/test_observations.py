"""Observations: which vintage and which series serve, and the ledger of corrections."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_up import SmallProject

from xk.contracts.observations import correct, correction_faults, newest_vintage
from xk.contracts.records import records, text_of
from xk.errors import Fault
from xk.pipeline.figures import Chosen, Figure, choose_series
from xk.readers import read_everything

LEDGER = "observations/corrections.csv"
HEADER = "series,year,vintage,expect,value,reason,date"
SERIES = "guangdong.services_share_of_gdp.nbs"


def figures(*rows: tuple[str, str, int, float, str]) -> pd.DataFrame:
    """Return observations of x in r: series, grade, year, value, vintage."""
    frame = pd.DataFrame(rows, columns=["series", "grade", "year", "value", "vintage"])
    return frame.assign(region="r", indicator="x", price_base=None).astype({"year": "Int64", "price_base": "str"})


def long(series: str, grade: str, n: int, *, price_base: str | None = None) -> pd.DataFrame:
    return figures(*((series, grade, 2000 + i, 1.0, "2020-01-01") for i in range(n))).assign(price_base=price_base)


def chosen(*parts: pd.DataFrame, price_base: str = "") -> Chosen:
    columns = [*Figure._fields[:3], "year", "value"]
    points = [
        Figure(*(row[name] for name in columns), "observed", "plan", row["grade"], text_of(row["price_base"]))
        for part in parts for row in records(part)
    ]  # fmt: skip
    (found,) = choose_series(points, price_bases={"x": price_base}).values()
    return found


def test_the_newest_vintage_of_a_year_stands() -> None:
    frame = figures(
        ("s", "A", 2010, 1.0, "2012-01-01"),
        ("s", "A", 2010, 2.0, "2015-06-30"),
        ("s", "A", 2011, 3.0, "2015-06-30"),
        ("s", "A", 2011, 4.0, "2016-01-01"),
    )
    before = frame.copy()
    assert newest_vintage(frame)["value"].tolist() == [2.0, 4.0]
    pd.testing.assert_frame_equal(frame, before)


def test_vintages_of_different_series_do_not_push_each_other_out() -> None:
    frame = figures(("s", "A", 2010, 1.0, "2012-01-01"), ("t", "B", 2010, 2.0, "2015-01-01"))
    assert newest_vintage(frame)["series"].tolist() == ["s", "t"]


@pytest.mark.parametrize(
    ("a", "b", "level", "trend"),
    [
        (5, 9, "a", "a"),  # A is long enough for both
        (4, 5, "b", "b"),  # A is short and B is not: B gives both
        (4, 4, "a", "a"),  # both short and equally long: A
        (2, 4, "a", "b"),  # both short: A gives the level, the longer B the trend
        (1, 0, "a", "a"),
        (0, 1, "", "b"),  # B alone, and short: it gives no level
    ],
)
def test_series_by_grade_and_length(a: int, b: int, level: str, trend: str) -> None:
    assert chosen(long("a", "A", a), long("b", "B", b)) == Chosen(level, trend)


def test_a_series_in_other_prices_gives_no_trend_and_no_level_where_there_is_another() -> None:
    current, real = long("c", "A", 9, price_base="current"), long("d", "B", 5, price_base="2010")
    assert chosen(current, real, price_base="2010") == Chosen("d", "d")
    assert chosen(current, price_base="2010") == Chosen("c", None)


def test_of_no_points_no_series_is_chosen() -> None:
    assert choose_series([], price_bases={"x": ""}) == {}


def ledger(project: SmallProject, *lines: str) -> tuple[pd.DataFrame, list[Fault]]:
    """Write a ledger of corrections; return the observations of the series and all faults."""
    (project.raw / LEDGER).write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    project.register()
    store, faults = read_everything(project.root)
    return store.observations[store.observations["series"] == SERIES].set_index("year"), faults


def figure(project: SmallProject) -> tuple[str, float]:
    """Return vintage and value of the series in 2010."""
    table = project.read("observations/guangdong.csv")
    row = table[(table["series"] == SERIES) & (table["year"] == "2010")].iloc[0]
    return row["vintage"], float(row["value"])


def test_an_empty_ledger_changes_nothing(small_project: SmallProject) -> None:
    found, faults = ledger(small_project)
    assert not faults
    assert found.loc[2010, "value"] == figure(small_project)[1]
    assert found["correction"].isna().all()


def test_a_correction_puts_the_right_value_with_its_reason(small_project: SmallProject) -> None:
    vintage, value = figure(small_project)
    found, faults = ledger(small_project, f"{SERIES},2010,{vintage},{value},44.4,misprint,2026-01-02")
    assert not faults
    assert found.loc[2010, ["value", "correction"]].tolist() == [44.4, "misprint"]
    assert found["correction"].notna().sum() == 1


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("{s},2010,{v},1.5,44.4,misprint,2026-01-02", "expect", "expects 1.5 but finds {x:g}"),
        ("{s},1950,{v},{x},44.4,misprint,2026-01-02", "series", "corrects no observation"),
        ("nothing,2010,{v},{x},44.4,misprint,2026-01-02", "series", "corrects no observation"),
        ("{s},2010,1999-01-01,{x},44.4,misprint,2026-01-02", "series", "corrects no observation"),
        ("{s},2010,{v},{x},44.4,,2026-01-02", "reason", "is empty"),
        ("{s},2010,{v},{x},44.4,misprint,yesterday", "date", "'yesterday' is no date"),
        ("{s},2010,{v},{x},44.4,misprint,2026-99-99", "date", "'2026-99-99' is no date"),
        ("{s},2010,{v},{x},44.4,misprint,2026-02-29", "date", "'2026-02-29' is no date"),
        (
            "{s},2010,{v},{x},385,misprint,2026-01-02",
            "value",
            "385 lies outside the natural bounds of services_share_of_gdp",
        ),
        ("{s},2010,{v},,44.4,misprint,2026-01-02", "expect", "is empty"),
        ("{s},2010,{v},abc,44.4,misprint,2026-01-02", "expect", "'abc' is not a number"),
    ],
)
def test_a_wrong_correction_is_told_and_not_applied(
    small_project: SmallProject, line: str, column: str, message: str
) -> None:
    vintage, value = figure(small_project)
    found, faults = ledger(small_project, line.format(s=SERIES, v=vintage, x=value))
    assert [(fault.row, fault.column, fault.message) for fault in faults] == [(2, column, message.format(x=value))]
    assert all(fault.file.endswith(LEDGER) and fault.remedy for fault in faults)
    assert found.loc[2010, "value"] == value


def test_the_same_figure_cannot_be_corrected_twice(small_project: SmallProject) -> None:
    vintage, value = figure(small_project)
    line = f"{SERIES},2010,{vintage},{value},44.4,misprint,2026-01-02"
    _, faults = ledger(small_project, line, line)
    assert [(fault.row, fault.column) for fault in faults] == [(3, "vintage")]


def test_correct_leaves_its_argument_alone() -> None:
    frame = figures(("s", "A", 2010, 1.0, "v"), ("s", "A", 2011, 2.0, "v"))
    before = frame.copy()
    row = {"series": "s", "year": 2011, "vintage": "v", "expect": 2.0, "value": 3.0, "reason": "slip", "date": "d"}
    changes = pd.DataFrame([row])
    assert correct(frame, changes)["value"].tolist() == [1.0, 3.0]
    pd.testing.assert_frame_equal(frame, before)
    found = correction_faults(changes.assign(expect=np.nan), frame, "f", measures=pd.DataFrame())
    assert [fault.column for fault in found] == ["vintage", "expect", "date"]

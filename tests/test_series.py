"""Series: definitions in regions, their breaks, and which of them a scheme lets serve for a line."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from made_up import SmallProject

from xk.bench import Question, results_of, words_of
from xk.charts.strips import strip_message
from xk.contracts.forms import is_years
from xk.contracts.observations import join_series, segment_figures, serving_faults, years_in
from xk.contracts.scheme import Serving
from xk.errors import Fault
from xk.pipeline.figures import Chosen, Figure, choose_series, last_segment
from xk.readers import read_everything, read_store
from xk.readers.store import describe_figures

SERIES, DEFINITIONS = "observations/series.csv", "observations/definitions.csv"
SERVING = f"{SmallProject.SCHEME}/serving.csv"


def said(project: SmallProject) -> list[Fault]:
    """Return all faults of a project, files named from data/raw on."""
    project.register()
    _, faults = read_everything(project.root)
    return [replace(fault, file=fault.file.partition("data/raw/")[2]) for fault in faults]


# registers


@pytest.mark.parametrize(
    ("cell", "fine"),
    [("2014", True), ("2011;2014", True), ("2014;2011", False), ("2011;2011", False), ("2011, 2014", False),
     ("11", False), ("2011;", False), ("", False)],
)  # fmt: skip
def test_years_are_listed_in_ascending_order(cell: str, fine: bool) -> None:
    assert is_years(cell) is fine


def test_breaks_that_are_no_years_are_told(small_project: SmallProject) -> None:
    small_project.put(DEFINITIONS, 2, breaks="2014;2011")
    small_project.put(SERIES, 3, breaks="soon")
    found = said(small_project)
    assert [(fault.file, fault.row, fault.column) for fault in found] == [
        (DEFINITIONS, 2, "breaks"), (SERIES, 3, "breaks"),
    ]  # fmt: skip
    assert found[0].message == "'2014;2011' lists no years" and "ascending" in found[0].remedy


def test_an_unknown_definition_is_told_with_the_nearest(small_project: SmallProject) -> None:
    known = small_project.read(SERIES).loc[0, "definition"]
    small_project.put(SERIES, 2, definition=f"{known}x")
    (fault,) = [one for one in said(small_project) if one.file == SERIES]
    assert (fault.row, fault.column) == (2, "definition")
    assert fault.message == f"unknown definition '{known}x'" and known in fault.remedy


def test_a_definition_stands_once_in_a_region(small_project: SmallProject) -> None:
    first = small_project.read(SERIES).loc[0]
    line = small_project.repeat(SERIES, 2, series="china.another")
    (fault,) = said(small_project)
    assert (fault.file, fault.row, fault.column) == (SERIES, line, "definition")
    assert fault.message == f"{first['region']} has a series of definition {first['definition']} already"


def test_breaks_are_those_of_the_definition_and_of_the_series() -> None:
    definitions = pd.DataFrame({
        "definition": ["x.a", "x.b"], "indicator": "x", "grade": "A", "unit": "%", "price_base": None,
        "breaks": ["2011;2014", None],
    })  # fmt: skip
    series = pd.DataFrame({
        "series": ["r.a", "s.a", "r.b"], "region": ["r", "s", "r"], "definition": ["x.a", "x.a", "x.b"],
        "breaks": ["2009;2014", None, None],
    })  # fmt: skip
    joined = join_series(series, definitions).set_index("series")
    assert joined["breaks"].to_dict() == {"r.a": "2009;2011;2014", "s.a": "2011;2014", "r.b": ""}
    assert joined["indicator"].tolist() == ["x", "x", "x"]
    assert years_in("2011;2014") == ["2011", "2014"] and years_in("") == years_in(None) == []


def test_segments_count_the_breaks_up_to_the_year() -> None:
    figures = pd.DataFrame({"series": ["a", "a", "a", "a", "b"], "year": [2010, 2011, 2013, 2014, 2014]})
    # the year of a break is the first one after it
    assert segment_figures(figures, {"a": [2011, 2014], "b": []}).tolist() == [0, 1, 1, 2, 0]


def test_figures_have_what_their_series_say() -> None:
    register = pd.DataFrame({"series": ["r.a"], "grade": ["B"], "definition": ["x.a"], "breaks": ["2014"]})
    figures = pd.DataFrame({"series": ["r.a", "r.a", "r.file"], "year": [2013, 2014, 2014]})
    found = describe_figures(figures, register)
    assert found["grade"].tolist() == ["B", "B", "A"]
    assert found["definition"].tolist() == ["x.a", "x.a", "r.file"]
    assert found["segment"].tolist() == [0, 1, 0]


# what serves


KNOWN = pd.DataFrame({"definition": ["x.a", "x.b", "y.a"], "indicator": ["x", "x", "y"]})


def test_what_serves_must_be_a_definition_of_the_line() -> None:
    rows = pd.DataFrame({"indicator": ["x"], "level": ["x.a;x.c"], "trend": [None], "proxy": ["y.a"]}, index=[2])
    found = [(fault.row, fault.column, fault.message) for fault in serving_faults(rows, "f", definitions=KNOWN)]
    assert found == [(2, "level", "unknown definition 'x.c'"), (2, "proxy", "'y.a' is a definition of y")]
    assert serving_faults(rows.assign(level="x.a", proxy="x.b"), "f", definitions=KNOWN) == []


def test_a_scheme_that_names_the_series_of_another_line_is_told(small_project: SmallProject) -> None:
    row = {"indicator": "gdp_per_capita", "level": "urban_population_share.china_nbs", "trend": "", "proxy": "",
           "note_zh": "x", "note_en": "x"}  # fmt: skip
    small_project.write(SERVING, pd.DataFrame([row]))
    (fault,) = said(small_project)
    assert (fault.file, fault.row, fault.column) == (SERVING, 2, "level")
    assert fault.message.endswith("is a definition of urban_population_share")


# the choice


def series(name: str, years: range, *, grade: str = "A", own: bool = False, price_base: str = "") -> list[Figure]:
    """Return figures of x in r; the name of the series is its definition."""
    return [
        Figure("r", "x", name, year, 1.0, "observed", "plan", grade, price_base, definition=name, own=own)
        for year in years
    ]


def chosen(*parts: list[Figure], price_base: str = "", **names: tuple[str, ...]) -> Chosen | None:
    points = [point for part in parts for point in part]
    return choose_series(points, price_bases={"x": price_base}, serving={"x": Serving(**names)}).get(("r", "x"))


OLD, NEW = series("old", range(2005, 2017)), series("new", range(2015, 2019))


def test_the_first_named_serves_while_it_lasts() -> None:
    until = [point for point in NEW if point.year <= 2016]
    assert chosen(OLD, until, level=("old", "new")) == Chosen("old", "old", named=True)
    # from 2017 on the first has no figure of the newest year that any has
    assert chosen(OLD, NEW, level=("old", "new")) == Chosen("new", "new", named=True)
    # what is not named takes no part in "newest", and does not serve beside those that are
    assert chosen(OLD, until, series("other", range(2000, 2019), grade="B"), level=("old", "new")) == Chosen(
        "old", "old", named=True
    )


def test_own_figures_go_before_what_is_named() -> None:
    own = series("r.x.file", range(2016, 2017), own=True)
    found = chosen(OLD, own, level=("old",))
    assert found is not None and found.level == "r.x.file"


def test_what_may_give_no_level_silences_no_own_figures() -> None:
    """A proxy of later years lends its trend alone: the own figure of 2018 stays the latest one known."""
    plan, proxy = series("plan", range(2016, 2017)), series("proxy", range(2005, 2020), grade="B")
    own = series("r.x.file", range(2017, 2019), own=True)
    found = chosen(plan, proxy, own, proxy=("proxy",))
    assert found is not None and (found.level, found.proxies) == ("r.x.file", ("proxy",))
    near = series("near", range(2016, 2020), grade="B")  # of four years
    found = chosen(plan, near, own)
    assert found is not None and found.level == "r.x.file"
    later = chosen(plan, near, own, level=("plan", "near"))
    assert later is not None and (later.level, later.own) == ("near", ("r.x.file",))


def test_level_and_trend_may_be_of_two_series() -> None:
    plan = series("plan", range(2016, 2017))
    yearbook = series("yearbook", range(2014, 2017), grade="B")
    assert chosen(plan, yearbook, level=("plan", "yearbook"), trend=("yearbook",)) == Chosen(
        "plan", "yearbook", named=True
    )


def test_a_proxy_lends_its_trend_and_is_never_a_level() -> None:
    plan = series("plan", range(2016, 2017))
    long = series("long", range(2005, 2017), grade="B")
    found = chosen(plan, long, proxy=("long",))
    assert found is not None and (found.level, found.proxies, found.named) == ("plan", ("long",), False)
    # by the rule of grades alone the longer B would give the level
    assert chosen(plan, long) == Chosen("long", "long")
    assert chosen(long, proxy=("long",)) is None


def test_a_proxy_alone_gives_a_level_from_five_points_on() -> None:
    """With fewer it is no data; three points are a trend to lend all the same."""
    four, five = (series("near", range(first, 2017), grade="B") for first in (2013, 2012))
    assert chosen(five) == Chosen("near", "near")
    assert chosen(four) == Chosen("", "near")
    # a user's own figure gives the level, though the proxy goes on after it
    own = series("r.x.file", range(2015, 2016), own=True)
    found = chosen(four, own)
    assert found is not None and found.level == "r.x.file"
    # what the scheme names for the level serves, whatever its grade
    assert chosen(four, level=("near",)) == Chosen("near", "near", named=True)


def test_no_region_has_a_level_by_a_proxy_of_one_year() -> None:
    """Guangzhou's years of schooling are those of all ages in the census of 2010; no. 25 asks for working age.

    Its place among the cities is by that figure, which the page says serves no verdict.
    """
    store = read_store()
    for question in (Question(region="guangzhou"), Question(as_of=2012)):
        results = results_of(question, store)
        line = results.line("25")
        assert (line.status, line.latest.year) == ("no_data", None) and math.isnan(line.distance.attainment)
        peer = results.peers[line.indicator]
        assert "年（只供比较，不作判定依据）" in strip_message(words_of(question, store, results), peer)


def test_beside_named_series_no_other_proxy_serves() -> None:
    plan, other = series("plan", range(2016, 2017)), series("other", range(2005, 2017), grade="B")
    assert chosen(plan, other, level=("named",)) == Chosen("plan", "plan", named=True)
    assert chosen(other, level=("named",)) is None


def test_a_trend_is_taken_from_the_last_segment() -> None:
    points = [point._replace(segment=int(point.year >= 2014)) for point in OLD]
    assert [point.year for point in last_segment(points)] == [2014, 2015, 2016]
    # what may not be compared takes no part
    points[-1] = points[-1]._replace(comparable=False)
    assert [point.year for point in last_segment(points)] == [2014, 2015]
    assert last_segment([]) == []

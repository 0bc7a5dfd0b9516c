"""The traps of Yunfu's record: what is never joined, and what a proxy never gives."""

import pytest

from xk.bench import Question, results_of
from xk.readers import read_store


def test_the_first_vintage_and_the_revised_accounts_are_never_joined() -> None:
    """The plan prints 38.5 (38.46 in the yearbook); as revised 2016 is 43.86: another definition, in no result."""
    store, line = read_store(), "services_share_of_gdp"
    figures = store.observations[(store.observations["region"] == "yunfu") & (store.observations["year"] == 2016)]
    known = figures[figures["indicator"] == line].set_index("definition")["value"]
    assert known[f"{line}.yearbook"] == pytest.approx(38.46)
    assert known[f"{line}.revised"] == pytest.approx(43.8619)
    results = results_of(Question(), store)
    used = results.history[results.history["indicator"] == line]
    assert set(used["series"]) == {f"yunfu.{line}.yearbook"}


def test_a_trend_is_taken_from_the_segment_that_holds_the_baseline() -> None:
    """Services: breaks in 2009, 2017 and 2019, so 2009-2016 serves a projection made as of 2016."""
    seen = results_of(Question(), read_store()).paths.seen["services_share_of_gdp"]
    assert {point.year for point in seen if point.segment == seen[-1].segment} == set(range(2009, 2017))


def test_counties_with_another_border_do_not_compare_over_time() -> None:
    figures = read_store().observations
    for region, segments in (("yuncheng", [0, 1]), ("yunan_district", [0, 1]), ("luoding", [0, 0])):
        rows = figures[figures["series"] == f"{region}.urban_population_share.census"].sort_values("year")
        assert (rows["year"].tolist(), rows["segment"].tolist()) == ([2010, 2020], segments)


def test_a_proxy_lends_its_trend_and_never_its_level() -> None:
    """The yearbook has 74.41 for waste water in 2016, where the plan prints 90.8."""
    line = results_of(Question(), read_store()).line("38.1")
    assert (line.latest.value, line.latest.points, line.trend.proxy) == (90.8, 1, True)

"""A line among peers and its base rate, on made-up regions whose counts can be worked on paper."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up import LINES, indicator, points, scheme, typed

from xk.arithmetic.peers import BaseRate, Move, Standing
from xk.arithmetic.peers.base_rate import Pace
from xk.arithmetic.scenario import build_scenario
from xk.pipeline import Results, Settings, build_results
from xk.pipeline.surroundings import Surroundings, build_definitions

CITIES = ("city", "b", "c", "d")
REGIONS = pd.DataFrame({
    "region": ["china", "province", *CITIES, "other", "county"],
    "level": ["country", "province", *["prefecture"] * 5, "county"],
    "parent": [None, "china", *["province"] * 4, "china", "city"],
})  # fmt: skip
# from 40 in 2016 to 60 in 2020: 5 points a year over windows of four years
OWN = points("city", "plain", {2012: 36, 2016: 40})


def rising(region: str, start: float, step: float, **more: Any) -> pd.DataFrame:
    """Return figures of 2012 to 2016 that rise by a step a year: one window of four years."""
    return points(region, "plain", {2012 + n: start + n * step for n in range(5)}, **more)


def test_no_figure_is_no_definition() -> None:
    assert build_definitions(OWN[:0].assign(grade="A", definition="d")) == {}


def found(*figures: pd.DataFrame, region: str = "city", as_of: int = 2016, **serving: str) -> Results:
    programme = scheme()
    if serving:
        programme = replace(programme, serving=typed("serving", [{"indicator": "plain", "note_zh": "注"} | serving]))
    observations = pd.concat([OWN, points("china", "none", {as_of: 1.0}), *figures], ignore_index=True)
    asked = Settings(region, as_of=as_of, method="drift")
    return build_results(programme, observations, regions=REGIONS, settings=asked)


def rate_of(results: Results) -> BaseRate:
    rate = results.line("plain").base_rate
    assert rate is not None
    return rate


# --- who is a peer


@pytest.mark.parametrize(
    ("region", "peers"),
    [("city", ("b", "c", "d")), ("c", ("city", "b", "d")), ("other", ()), ("china", ()), ("county", ())],
)
def test_peers_have_the_same_level_and_parent_and_are_not_the_region_itself(
    region: str, peers: tuple[str, ...]
) -> None:
    group = Surroundings(OWN, REGIONS).group(region)
    assert group.peers == peers
    assert group.all == (region, *peers)


def test_what_all_regions_observed_is_laid_out_once() -> None:
    around = Surroundings(OWN, REGIONS)
    assert around.group("city").definitions is around.group("b").definitions


@pytest.mark.parametrize(("region", "origins"), [("b", ["of c"]), ("c", ["of b"]), ("city", ["of b", "of c"])])
def test_where_figures_of_peers_come_from_leaves_out_what_only_the_region_itself_has(
    region: str, origins: list[str]
) -> None:
    """Each source here tells of one year of one region, but for that which all have."""
    every = [points(one, "plain", {2014: 1}) for one in ("b", "c", "city", "county")]
    own = [points(one, "plain", {2015: 1}, source_id=f"of {one}") for one in ("b", "c")]
    seen = Surroundings(pd.concat([*own, *every]), REGIONS).origins(region)
    assert sorted(seen.loc[seen["year"] == 2015, "source_id"]) == origins
    assert len(seen.loc[seen["year"] == 2014]) == 1


def test_figures_of_peers_move_no_result_of_the_region() -> None:
    alone, among = found(), found(rising("b", 10, 6), rising("c", 10, 1))
    pd.testing.assert_frame_equal(alone.yearly, among.yearly)
    pd.testing.assert_frame_equal(alone.index, among.index)


# --- base rates


def test_the_newest_vintage_is_that_of_peers_that_are_shown_too() -> None:
    """One of other prices, of a later year or without a place is not shown; what differs in region alone is once."""
    results = found(
        rising("b", 30, 1, vintage="2032-01-01"), points("c", "plain", {2017: 1}, vintage="2033-01-01"),
        points("d", "plain", {2016: 1}, vintage="2034-01-01", unit="元", definition="yuan"),
    )  # fmt: skip
    assert (results.vintage, results.beside["vintage"].unique().tolist()) == ("2032-01-01", ["2032-01-01"])
    two = found(rising("b", 30, 1, vintage="2032-01-01"), rising("c", 20, 2, vintage="2032-01-01"))
    assert two.beside["year"].tolist() == results.beside["year"].tolist() != []


def test_the_base_rate_of_a_line() -> None:
    """5 points a year are required. b managed 6, c 1, the city itself 1; d has no figure, the province is no peer."""
    rate = rate_of(found(rising("b", 10, 6), rising("c", 10, 1), rising("province", 10, 9)))
    assert (rate.required, rate.measure, rate.years) == (5.0, "change", 4)
    assert (rate.reached, rate.windows) == (1, 3)
    assert (rate.regions_reached, rate.regions) == (1, 3)
    assert rate.fastest == Pace("b", 2012, 2016, 6.0)
    assert rate.among == ("b", "c", "city")
    assert (rate.definition, rate.is_elsewhere, rate.is_proxy) == ("plain", False, False)


def test_an_exact_hit_counts() -> None:
    assert rate_of(found(rising("b", 10, 5))).reached == 1


def test_figures_after_the_known_year_play_no_part() -> None:
    later = points("b", "plain", {2016: 30, 2020: 90})
    assert rate_of(found(rising("c", 10, 1), later)).windows == 2


def test_a_window_across_a_break_is_counted_not_used() -> None:
    broken = rising("b", 10, 6).assign(segment=[0, 0, 0, 1, 1])
    rate = rate_of(found(broken, rising("c", 10, 1)))
    assert (rate.reached, rate.windows, rate.across_breaks) == (0, 2, 1)


def test_other_definitions_are_never_pooled() -> None:
    """b's five points a year stand in another definition: counted apart, and not as reached."""
    rate = rate_of(found(rising("c", 10, 1), rising("b", 10, 6, definition="plain.survey", grade="B")))
    assert (rate.reached, rate.windows, rate.other_definitions) == (0, 2, 1)


def test_other_prices_and_units_are_never_pooled() -> None:
    others = [rising("b", 10, 6, price_base="current"), rising("d", 10, 6, unit="元")]
    rate = rate_of(found(rising("c", 10, 1), *others))
    assert (rate.windows, rate.other_definitions) == (2, 0)


def test_what_the_scheme_names_goes_before_other_definitions_and_a_proxy_after() -> None:
    """The city's own figures hold no second window; the proxy has two, the survey, which nothing names, three."""
    proxy = [rising(region, 10, 2, definition="plain.proxy", grade="B") for region in ("b", "c")]
    survey = [rising(region, 10, 6, definition="plain.survey", grade="B") for region in ("b", "c", "d")]
    own = OWN[OWN["year"] == 2016]
    figures = pd.concat([own, *proxy, *survey, points("china", "none", {2016: 1.0})], ignore_index=True)
    serving = typed("serving", [{"indicator": "plain", "proxy": "plain.proxy", "note_zh": "注"}])
    asked = Settings("city", as_of=2016, method="drift")
    results = build_results(replace(scheme(), serving=serving), figures, regions=REGIONS, settings=asked)
    rate = rate_of(results)
    assert (rate.definition, rate.is_proxy, rate.reached, rate.windows) == ("plain.proxy", True, 0, 2)
    assert rate.other_definitions == 3
    peer = results.peers["plain"]
    assert peer.is_proxy
    assert peer.latest["attainment"].isna().all()


def test_elsewhere_counts_where_neither_region_nor_peers_have_a_window() -> None:
    """The country has two windows of its own definition, the province one of another: the country's, one left out."""
    own = OWN[OWN["year"] == 2016]
    country = points("china", "plain", {year: 3.0 * year for year in range(2011, 2017)}, definition="plain.country")
    province = rising("province", 10, 6, definition="plain.province")
    figures = pd.concat([own, country, province], ignore_index=True)
    results = build_results(scheme(), figures, regions=REGIONS, settings=Settings("city", as_of=2016, method="drift"))
    rate = rate_of(results)
    assert (rate.reached, rate.windows, rate.other_definitions) == (0, 2, 1)
    assert (rate.is_elsewhere, rate.is_few, rate.among) == (True, True, ("china",))


def test_nobody_anywhere_has_a_window() -> None:
    own = OWN[OWN["year"] == 2016]
    results = build_results(scheme(), own, regions=REGIONS, settings=Settings("city", as_of=2016, method="drift"))
    rate = rate_of(results)
    assert (rate.required, rate.windows, rate.fastest, rate.definition) == (5.0, 0, None, "")


def test_no_pace_no_base_rate() -> None:
    """What is to be held and is met needs none; a line without a figure has none; a composite is no line to pace."""
    results = found(points("city", "held", {2016: 96}), rising("b", 10, 6))
    for name in ("held", "none", "mixed"):
        assert results.line(name).base_rate is None


def test_what_a_scenario_assumes_has_a_base_rate_of_its_own() -> None:
    """10 points a year, 80 in 2020, where 5 are required: b managed 6 and the city 1, so none of two."""
    growing = build_scenario(
        {"name": "fast", "title_zh": "快", "title_en": "Fast", "indicators": {"plain": {"change": 10}}},
        indicators=["plain"], regions=list(CITIES), domains={}, bounds={"plain": (0.0, 100.0)},
    )  # fmt: skip
    figures = pd.concat([OWN, rising("b", 10, 6)], ignore_index=True)
    asked = Settings("city", as_of=2016, method="drift")
    line = build_results(scheme(), figures, regions=REGIONS, settings=asked, scenario=growing).line("plain")
    assert line.assumed_rate is not None
    assert (line.assumed_rate.required, line.assumed_rate.reached, line.assumed_rate.windows) == (10.0, 0, 2)
    assert line.assumed_rate.is_unprecedented
    assert line.base_rate is not None and line.base_rate.reached == 1
    assert found(rising("b", 10, 6)).line("plain").assumed_rate is None


def test_the_summary_says_how_often_and_who() -> None:
    row = found(rising("b", 10, 6), rising("c", 10, 1)).summary.set_index("indicator").loc["plain"]
    assert (row["windows"], row["windows_reached"], row["windows_definition"]) == (3, 1, "plain")
    assert (row["fastest_region"], row["fastest_from"], row["fastest_to"], row["fastest_pace"]) == ("b", 2012, 2016, 6)


def test_a_final_assessment_holds_later_windows_apart() -> None:
    """The pace was 5 points a year from 2016. Up to 2016: b 1, city 1. Since then b from 14 to 38, 6 a year; city 2."""
    since = [points("b", "plain", {2020: 38}), points("city", "plain", {2020: 48})]
    rate = rate_of(found(rising("b", 10, 1), *since, as_of=2020))
    assert (rate.required, rate.until, rate.reached, rate.windows) == (5.0, 2016, 0, 2)
    assert rate.later is not None
    assert (rate.later.since, rate.later.until, rate.later.reached, rate.later.windows) == (2017, 2020, 1, 2)
    assert rate.later.fastest == Pace("b", 2016, 2020, 6.0)


def test_a_baseline_that_is_barred_from_comparison_sets_no_pace() -> None:
    barred = indicator("plain", "1", baseline_year=2016, baseline_value=40, baseline_kind="observed", target_value=60)
    figures = pd.concat([OWN, points("city", "plain", {2020: 50})], ignore_index=True)
    asked = Settings("city", as_of=2020, method="drift")
    results = build_results(
        scheme([barred | {"comparable": "no"}, *LINES[1:]]), figures, regions=REGIONS, settings=asked
    )
    assert results.line("plain").base_rate is None


# --- the line among peers


def test_latest_values_paces_and_attainment() -> None:
    """2012 to 2016: b 10 to 34, 6 a year; the city 36 to 40, 1 a year. Of a target of 60 these are 56.7 and 66.7 %."""
    peer = found(rising("b", 10, 6), points("d", "plain", {2014: 66})).peers["plain"]
    latest = peer.latest.set_index("region")
    assert latest["year"].to_dict() == {"b": 2016, "city": 2016, "d": 2014}
    assert latest["value"].to_dict() == {"b": 34.0, "city": 40.0, "d": 66.0}
    np.testing.assert_allclose(latest["pace"], [6.0, 1.0, math.nan])
    np.testing.assert_allclose(latest["attainment"], [100 * 34 / 60, 100 * 40 / 60, 100.0])
    assert latest["own"].to_dict() == {"b": False, "city": True, "d": False}
    assert (peer.required.change, peer.measure, peer.level, peer.unit) == (5.0, "change", "prefecture", "%")
    assert peer.base_rate == rate_of(found(rising("b", 10, 6), points("d", "plain", {2014: 66})))


def test_places_now_and_then() -> None:
    """2016: c 70, the city 40, b 34; 2012: the city 36, c 20, b 10."""
    peer = found(rising("b", 10, 6), points("c", "plain", {2012: 20, 2016: 70})).peers["plain"]
    assert peer.now == Standing(2016, 2, 3, 0, 40.0)
    assert peer.then == Standing(2012, 1, 3, 0, 36.0)
    assert peer.moved == Move(-1, 3)


def test_who_is_left_out_and_why() -> None:
    """b is measured otherwise, d in other prices, c is compared, then broken; then c has nothing and d another year."""
    survey = rising("b", 10, 6, definition="plain.survey")
    current = rising("d", 10, 6, price_base="current")
    left_out = {
        name: dict(found(survey, current, *figures).peers["plain"].left_out)
        for name, figures in {
            "compared": [rising("c", 10, 1)],
            "broken": [rising("c", 10, 1).assign(segment=[0, 0, 0, 1, 1])],
        }.items()
    }
    both = {"other_definition": 1, "other_prices": 1}
    assert left_out == {"compared": both, "broken": both | {"across_break": 1}}
    other_year = found(rising("b", 10, 1), points("d", "plain", {2014: 50})).peers["plain"]
    assert other_year.left_out == {"no_figure": 1, "no_common_year": 1}


def test_one_peer_without_a_common_year_has_no_place() -> None:
    peer = found(points("b", "plain", {2014: 50})).peers["plain"]
    assert (peer.now, peer.then) == (None, None)
    assert peer.left_out == {"no_figure": 2, "no_common_year": 1}


def test_the_definition_that_gives_a_place_goes_before_one_that_gives_none() -> None:
    proxies = [rising(region, 10, 2, definition="plain.proxy", grade="B") for region in ("city", "c")]
    proxies[0] = proxies[0].assign(series="city.proxy")
    peer = found(points("b", "plain", {2014: 50}), *proxies, proxy="plain.proxy").peers["plain"]
    assert (peer.definition, peer.now and peer.now.of) == ("plain.proxy", 2)


def test_lines_of_which_but_one_region_has_figures_are_not_there() -> None:
    assert found().peers == {}
    assert found(region="b").peers == {}
    assert found(rising("province", 10, 6), rising("china", 10, 6), rising("other", 10, 6)).peers == {}

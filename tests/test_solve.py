"""What would do: the pace that just meets a target, odds of an assumption, what moves the index most."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from xk.arithmetic.peers import paces, usual_step
from xk.arithmetic.peers.region_grid import RegionGrid
from xk.arithmetic.scenario import build_scenario
from xk.arithmetic.solving import asked_years, enough, latest_start, solve_change, solve_factor, solve_growth
from xk.arithmetic.target import Target, meets
from xk.bench import Question, results_of, surroundings_of
from xk.errors import UsageError
from xk.pipeline import Results, build_results, vary_results
from xk.pipeline.index import weigh_lines
from xk.pipeline.levers import (
    build_ranks,
    build_tornado,
    domain_weights,
    solve_domain,
    solve_line,
    start_of_pace,
    weigh_domains,
)
from xk.pipeline.paths import donor_regions
from xk.pipeline.spread import SETS_PACE
from xk.readers import Store, read_store

TARGET = Target("positive", value=60.0, year=2020)
PATH = {2016: 50.0, 2017: 52.0, 2018: 54.0, 2019: 56.0, 2020: 58.0}
LINE = "services_share_of_gdp"


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


@pytest.fixture(scope="module")
def reference(store: Store) -> Results:
    return results_of(Question(), store)


def under(store: Store, **said: Any) -> Results:
    return results_of(Question(scenario={"name": "own", "title_zh": "自拟", "title_en": "Own", **said}), store)


# --- arithmetic


@pytest.mark.parametrize(
    ("target", "start", "change", "growth"),
    [
        (TARGET, (2016, 50.0), 2.5, 100 * (1.2**0.25 - 1)),  # 10 in 4 years
        (Target("inverse", value=40.0, year=2018), (2016, 50.0), -5.0, 100 * (0.8**0.5 - 1)),
        # to be held from 2018 on: 10 in 2 years, though the target year is 2020
        (Target("positive", value=60.0, year=2020, hold_from=2018, hold_to=2020), (2016, 50.0), 5.0, None),
        (Target("interval", low=60.0, high=70.0, limit_low=0, limit_high=100, year=2020), (2016, 90.0), -5.0, None),
        (TARGET, (2016, 60.0), 0.0, 0.0),  # an exact hit is a hit
        (TARGET, (2020, 50.0), math.nan, math.nan),  # no year is left
        (Target("positive"), (2016, 50.0), math.nan, math.nan),
        (TARGET, (2016, -5.0), 16.25, math.nan),  # nothing grows from below 0
    ],
)
def test_change_and_growth_by_hand(
    target: Target, start: tuple[int, float], change: float, growth: float | None
) -> None:
    assert solve_change(start, target, after=2016) == pytest.approx(change, nan_ok=True)
    if growth is not None:
        assert solve_growth(start, target, after=2016) == pytest.approx(growth, nan_ok=True)


def test_a_pace_that_meets_an_interval_first_and_leaves_it_later_does_not_do() -> None:
    # 50 -> 60 in one year is 10 a year, 90 in 2020: beyond 70
    target = Target("interval", low=60.0, high=70.0, limit_low=0, limit_high=100, year=2020, hold_from=2017,
                    hold_to=2020)  # fmt: skip
    assert math.isnan(solve_change((2016, 50.0), target, after=2016))


@pytest.mark.parametrize(
    ("target", "since", "factor"),
    [
        (TARGET, 2016, 1.25),  # (60 - 50) / (58 - 50)
        (TARGET, 2018, 1.5),  # (60 - 54) / (58 - 54)
        (TARGET, 2010, 1.25),  # from the last figure on
        (TARGET, 2020, math.nan),  # too late
        (Target("positive", value=50.0, year=2020), 2016, 0.0),
        (Target("positive", value=55.0, year=2020), 2016, 0.625),  # less than the trend is enough
        (Target("inverse", value=40.0, year=2020), 2016, math.nan),  # the trend leads away
        (Target("positive", value=60.0, year=2020, hold_from=2019, hold_to=2020), 2016, 10 / 6),
        (Target("positive", value=60.0, year=2022), 2016, math.nan),  # the path ends before
    ],
)
def test_the_factor_on_a_trend_by_hand(target: Target, since: int, factor: float) -> None:
    assert solve_factor(PATH, target, since=since, after=2016) == pytest.approx(factor, nan_ok=True)


@pytest.mark.parametrize(
    ("pace", "year"),
    [
        (("change", 3.0), 2018),  # 54 + 2 x 3 = 60; from 2019: 56 + 3 = 59
        (("change", 4.0), 2019),  # 56 + 4
        (("change", 2.4), None),  # 50 + 4 x 2.4 = 59.6
        (("growth", 8.0), 2019),  # 56 x 1.08 = 60.48
        (("accelerate", 1.5), 2018),  # 54 + 1.5 x 4
        (("accelerate", 1.2), None),
    ],
)
def test_the_latest_start_by_hand(pace: tuple[str, float], year: int | None) -> None:
    assert latest_start(PATH, TARGET, pace=pace, after=2016) == year


def test_what_is_asked_is_rounded_away_from_zero() -> None:
    assert [enough(x, decimals=2) for x in (4.7625, -4.7625, 4.76, 0.0, 0.1 + 0.2)] == [4.77, -4.77, 4.76, 0.0, 0.3]
    assert math.isnan(enough(math.nan, decimals=2))


def test_years_asked_for_are_those_to_come() -> None:
    held = replace(TARGET, hold_from=2017, hold_to=2020)
    assert asked_years(held, after=2018) == [2019, 2020]
    assert asked_years(TARGET, after=2020) == []


def test_a_usual_step_is_half_between_the_quartiles() -> None:
    # paces of a year: 1, 2, 3, 4, 5; quartiles 2 and 4
    grid = RegionGrid(("a",), 2010, np.cumsum([[0, 1, 2, 3, 4, 5]], axis=1).astype(float), np.zeros((1, 6), dtype=int))
    assert usual_step(paces(grid, years=1, measure="change")) == 1.0
    assert math.isnan(usual_step(paces(grid.until(2011), years=1, measure="change")))


# --- of a programme


@pytest.mark.parametrize("rule", ["change", "growth", "accelerate"])
@pytest.mark.parametrize("indicator", ["1", "2", "3", "26", "34", "37.4", "38.1"])
def test_what_is_solved_for_just_meets(store: Store, reference: Results, indicator: str, rule: str) -> None:
    solution = solve_line(reference, indicator, rule)
    if (indicator, rule) == ("34", "accelerate"):  # its trend is borrowed and untested: nothing is judged by it
        assert solution.why == "no_path"
        return
    assert not solution.why
    met = under(store, indicators={solution.indicator: dict([solution.argument])}).line(indicator)
    assert met.status == "on_track"
    step = 0.001 if rule == "change" else 0.01
    less = solution.value - math.copysign(step * max(abs(solution.value), 1), solution.value)
    rules = {"factor": less, "from": solution.since} if rule == "accelerate" else less
    short = under(store, indicators={solution.indicator: {rule: rules}}).line(indicator)
    assert short.status != "on_track"


def test_why_nothing_is_solved_for(reference: Results) -> None:
    found = {no: solve_line(reference, no, "accelerate").why for no in ("20", "21", "36", "29.1", "40", "2")}
    assert found == {"20": "met", "21": "no_target", "36": "no_figure", "29.1": "no_path", "40": "no_way", "2": ""}
    with pytest.raises(UsageError, match="unknown rule to solve for 'grwoth'; did you mean 'growth'"):
        solve_line(reference, "2", "grwoth")


def test_a_domain_is_solved_by_the_line_that_asks_most(store: Store, reference: Results) -> None:
    found = solve_domain(reference, "environment", since=2016)
    own = {one.indicator: one.value for one in found.lines if not one.why}
    assert found.value == max(own.values()) and own[found.binding] == found.value
    rules = {"environment": {"accelerate": {"factor": found.value, "from": 2016}}}
    scenario = under(store, domains=rules)
    assert {scenario.line(name).status for name in own} == {"on_track"}
    assert all(one.rate is not None for one in found.lines if not one.why)


def test_the_latest_start_of_a_pace_in_a_programme(reference: Results) -> None:
    # 56 is asked in 2020; the path of 2017 plus 3 x 6 is beyond it, that of 2018 plus 2 x 6 is short
    ahead = {
        year: value for year, value in zip(*(reference.path("2")[name] for name in ("year", "value")), strict=True)
    }
    assert ahead[2017] + 18 > 56 > ahead[2018] + 12
    assert start_of_pace(reference, "2", ("change", 6.0)) == 2017
    assert start_of_pace(reference, "29.1", ("change", 6.0)) is None


# --- odds of an assumption


def test_the_pace_of_the_reference_has_its_odds_to_the_digit(store: Store, reference: Results) -> None:
    # once the trend, from the last figure on, is the reference itself
    rules = {name: {"accelerate": {"factor": 1, "from": 2016}} for name in reference.scheme.domain_names()}
    same = under(store, domains=rules)
    odds = {name: line.outlook.probability for name, line in reference.lines.items()}
    known = [name for name, value in odds.items() if not math.isnan(value)]
    assert len(known) >= 7
    assert {name: same.lines[name].outlook.probability_if_holds for name in known} == {
        name: odds[name] for name in known
    }
    assert all(math.isnan(line.outlook.probability) for line in same.lines.values() if line.trend.kind == "scenario")


def test_at_the_target_odds_are_even_and_grow_with_the_pace(store: Store) -> None:
    found = [
        under(store, indicators={LINE: {"change": pace}}).line(LINE) for pace in (0.0, 3.0, 4.385, 6.0)
    ]  # 38.46 + 4 x 4.385 = 56, the target
    odds = [line.outlook.probability_if_holds for line in found]
    assert odds == sorted(odds) and odds[2] == pytest.approx(0.5, abs=1e-9)
    # statuses follow the assumed path: on track at the target, whatever the odds
    assert [line.status for line in found] == ["lagging", "lagging", "on_track", "on_track"]
    assert all(not line.outlook.ends and math.isnan(line.outlook.probability) for line in found)


@pytest.mark.parametrize("rules", [{"halt": True}, {"reach": True}, {"level": {"2020": 58}}])
def test_a_value_that_is_set_has_no_odds(store: Store, rules: dict[str, Any]) -> None:
    line = under(store, indicators={LINE: rules}).line(LINE)
    assert math.isnan(line.outlook.probability_if_holds) and line.outlook.kind == "scenario"
    assert next(iter(rules)) not in SETS_PACE


def test_without_an_interval_in_the_reference_there_are_no_odds(store: Store, reference: Results) -> None:
    assert not reference.line("6").outlook.ends
    assert math.isnan(
        under(store, indicators={"rd_expenditure_intensity": {"change": 0.5}}).line("6").outlook.probability_if_holds
    )


def test_the_band_of_the_index_moves_with_the_assumption(store: Store, reference: Results) -> None:
    # only what is projected with an interval weighs: eight indicators, of composites one part
    known = [line.line for line in reference.lines.values() if line.outlook.ends]
    chosen = {*(line.indicator for line in known), *(line.parent for line in known)}
    weights = {name: 1.0 if name in chosen else 1e-6 for name in reference.scheme.lines}
    asked, rules = Question(weights=weights), {LINE: {"change": 5.0}}
    plain = results_of(asked, store)
    fast, still = (
        results_of(replace(asked, scenario={"name": "own", "indicators": one}), store)
        for one in (rules, {line.indicator: {"halt": True} for line in known})
    )
    old, new, flat = (one.index_band.set_index("level").loc["total"] for one in (plain, fast, still))
    year = plain.index_years[(plain.index_years["year"] == 2020) & (plain.index_years["level"] == "total")].iloc[0]
    assert old[["value", "lo80", "hi80"]].tolist() == year[["value", "lo80", "hi80"]].tolist()
    assert old["lo80"] < new["lo80"] < new["value"] < new["hi80"] and old["value"] < new["value"]
    assert math.isnan(flat["lo80"]) and not math.isnan(flat["value"])  # what is set has no errors to carry


# --- the short way


def test_the_paths_that_serve_again_give_what_the_long_way_gives(store: Store, reference: Results) -> None:
    scheme, rules = store.scheme("yunfu-2020"), {"environment": {"accelerate": {"factor": 1.5, "from": 2017}}}
    content = {"name": "own", "domains": rules, "indicators": {LINE: {"change": 3.0}, "life_expectancy": {"delay": 1}}}
    names = {"indicators": list(scheme.lines), "domains": scheme.domain_names()}
    scenario = build_scenario(content, **names)
    around = surroundings_of(store)
    figures = surroundings_of(store).figures_in(["yunfu", "guangdong", "china", *donor_regions(scheme, scenario)])
    settings = Question(region="yunfu").settings(scheme)
    long = build_results(scheme, figures, regions=store.regions, settings=settings, scenario=scenario, around=around)
    short = vary_results(reference, reference.scheme, scenario=scenario)
    assert short.summary.astype(str).equals(long.summary.astype(str))
    assert short.yearly.equals(long.yearly) and short.index.equals(long.index)
    assert short.references.reset_index(drop=True).equals(long.references.reset_index(drop=True))


# --- what moves the index


def test_the_tornado_by_hand(reference: Results) -> None:
    found = build_tornado(reference, domain="economy").set_index("indicator")
    row, line = found.loc[LINE], reference.line(LINE)
    # 9 indicators in the domain, 5 domains
    gap = 100 - line.outlook.attainment
    assert row["target_domain"] == pytest.approx(gap / 9) and row["target"] == pytest.approx(gap / 45)
    # four years at one usual step more, in points of the target of 56
    assert row["faster_domain"] == pytest.approx(100 * row["step"] * 4 / 56 / 9)
    assert row["slower"] == pytest.approx(-row["faster"])
    size = found[["target_domain", "faster_domain", "slower_domain"]].abs().max(axis=1)
    assert size.is_monotonic_decreasing and set(found["domain"]) == {"economy"}


def test_the_tornado_says_what_the_scenario_of_it_moves(store: Store, reference: Results) -> None:
    met = under(store, indicators={LINE: {"reach": True}})
    shift = reference.index_shift(met).set_index("level")["points"]
    row = build_tornado(reference).set_index("indicator").loc[LINE]
    assert (row["target"], row["target_domain"]) == pytest.approx((shift["total"], shift["economy"]))


def test_domains_weigh_as_they_are_asked(store: Store, reference: Results) -> None:
    assert domain_weights(reference) == pytest.approx(dict.fromkeys(reference.scheme.domain_names(), 20.0))
    weights = weigh_domains(reference, {"economy": 40.0})  # 40 of 120
    heavy = results_of(Question(weights=weights), store)
    assert domain_weights(heavy)["economy"] == pytest.approx(100 / 3)
    inside, before = weigh_lines(heavy.scheme)["economy"], weigh_lines(reference.scheme)["economy"]
    assert inside == pytest.approx(before)
    ranks = build_ranks(reference, heavy).set_index("level")
    assert (ranks["rank_before"].iloc[:-1] == ranks["rank_after"].iloc[:-1]).all()  # within, nothing moved
    value = sum(ranks["value_before"].iloc[:-1] * ranks["weight"].iloc[:-1]) / 100
    assert ranks.at["total", "value_after"] == pytest.approx(value)
    with pytest.raises(UsageError, match="unknown domain 'econmy'; did you mean 'economy'"):
        weigh_domains(reference, {"econmy": 1.0})


def test_other_weights_of_lines_change_the_rank_of_domains(store: Store, reference: Results) -> None:
    weights = weigh_domains(reference, {})
    # all of economy on the one indicator that stands best there
    best = max((line for line in reference.lines.values() if line.line.domain == "economy"),
               key=lambda line: np.nan_to_num(line.distance.attainment))  # fmt: skip
    chosen = {name: (20.0 if name == best.indicator else 0.0) if reference.line(name).line.domain == "economy" else one
              for name, one in weights.items()}  # fmt: skip
    ranks = build_ranks(reference, results_of(Question(weights=chosen), store)).set_index("level")
    assert ranks.at["economy", "rank_before"] == 5 and ranks.at["economy", "rank_after"] < 5
    assert meets(ranks.at["economy", "value_after"], Target("positive", best.distance.attainment))

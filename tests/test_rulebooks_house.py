"""The house status in every case, each with its reason."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS, Case, Verdict, judge, say, short_years
from xk.arithmetic.target import Target
from xk.vocab import STATUSES

MORE = Target("positive", 80.0, year=2020)
LESS = Target("inverse", 80.0, year=2020)
WITHIN = Target("interval", low=40, high=60, limit_low=0, limit_high=100, year=2020)
HELD = Target("positive", 95.0, year=2020, hold_from=2017, hold_to=2020)
CEILING = Target("inverse", 4.0, year=2020, hold_from=2017, hold_to=2020)
NAN = math.nan


def judged(years: list[int], values: list[float], target: Target, *, projected: float = NAN, **facts: Any) -> Verdict:
    """Judge a series whose projection is known, NaN where there is none."""
    return RULEBOOKS[HOUSE].judge(Case(tuple(years), tuple(values), target, projected=projected, **facts))


def keys(found: Verdict) -> list[str]:
    """Return the clauses of its reason."""
    return [one.key for one in found.why.clauses()]


@pytest.mark.parametrize(
    ("values", "projected", "target", "status", "key"),
    [
        ([70, 80], NAN, MORE, "met_to_hold", "met_to_hold"),
        ([90, 80], NAN, LESS, "met_to_hold", "met_to_hold"),
        # no odds: the central path decides
        ([70, 75], 80.0, MORE, "on_track", "on_track_own"),
        ([70, 75], 79.9, MORE, "lagging", "lagging_own"),
        ([75, 75], 75.0, MORE, "lagging", "lagging_own"),
        ([75, 70], 69.0, MORE, "regressing", "regressing_own"),
        ([90, 85], 80.0, LESS, "on_track", "on_track_own"),
        ([90, 85], 86.0, LESS, "regressing", "regressing_own"),
        # interval 40-60: 70 is 10 above it, 29 is 11 below it, 31 is 9 below it
        ([72, 70], 29.0, WITHIN, "regressing", "regressing_own"),
        ([72, 70], 31.0, WITHIN, "lagging", "lagging_own"),
        ([70], NAN, MORE, "no_trend", "no_trend"),
        ([], NAN, MORE, "no_data", "no_figure"),
        ([70], 90.0, Target("positive"), "no_target", "no_target"),
    ],
)
def test_before_the_target_year(values: list[float], projected: float, target: Target, status: str, key: str) -> None:
    years = list(range(2019 - len(values), 2019))
    found = judged(years, values, target, as_of=2018, projected=projected)
    assert (found.status, keys(found)) == (status, [key])


@pytest.mark.parametrize(
    ("doubt", "projected", "status", "key"),
    [
        ("untested", 79.0, "no_trend", "no_trend_assumed"),  # made of a borrowed trend that nobody could test
        ("untested", 81.0, "no_trend", "no_trend_assumed"),
        ("", 79.0, "lagging", "assumed_missed"),
        ("", 81.0, "on_track", "assumed_met"),
        ("", 69.0, "regressing", "assumed_further"),
    ],
)
def test_a_scenario_judges_no_more_than_the_reference(doubt: str, projected: float, status: str, key: str) -> None:
    found = judged([2018], [70], MORE, as_of=2018, projected=projected, doubt=doubt, assumed=("accelerate", {}))
    assert (found.status, keys(found)) == (status, [key])
    if doubt:
        assert dict(found.why.values) == {"assumption": ("accelerate", {}), "projected": projected, "target_year": 2020}
        held = judged([2016], [94], HELD, as_of=2018, projected=projected, doubt=doubt, assumed=("accelerate", {}))
        assert keys(held) == [key, "unseen"]


@pytest.mark.parametrize(
    ("odds", "projected", "status"),
    [
        (0.67, 81.0, "on_track"),
        (2 / 3, 81.0, "on_track"),
        # 0.1 + 0.2 + 1/3 + 1/30 is 2/3 but for the last bit
        (0.1 + 0.2 + 1 / 3 + 1 / 30, 81.0, "on_track"),
        (0.66, 81.0, "uncertain"),
        # the path falls short, and yet it is about even
        (0.47, 79.5, "uncertain"),
        (1 / 3, 78.0, "uncertain"),
        # the odds speak, also where the path lies further off
        (0.4, 74.0, "uncertain"),
        (0.33, 78.0, "lagging"),
        (0.33, 75.0, "lagging"),
        (0.33, 74.9, "regressing"),
        (0.0, 60.0, "regressing"),
    ],
)
def test_odds_decide_where_there_are_any(odds: float, projected: float, status: str) -> None:
    """The latest value is 75, the target 80 in 2020."""
    found = judged([2016, 2017, 2018], [71, 73, 75], MORE, projected=projected, probability=odds)
    assert (found.status, keys(found)) == (status, [f"{status}_odds"])
    assert (found.probability, found.value) == (odds, projected)


def test_reasons_tell_the_odds_and_never_that_it_will_miss() -> None:
    found = judged([2016, 2017, 2018], [71, 73, 75], MORE, projected=79.5, probability=0.47)
    assert say(found.why, "zh") == "按自身趋势，2020年推算为79.5，难以判断能否达标（达标概率47%）"
    assert found.reason.endswith("it is uncertain whether the target is met (probability 47 %)")
    assert "达不到" not in say(found.why, "zh")
    sure = judged([2016, 2017, 2018], [71, 73, 75], MORE, projected=99.0, probability=0.9999)
    assert say(sure.why, "zh").endswith("达标概率> 99%")


def test_borrowed_trends_are_named() -> None:
    found = judged([2016], [70], MORE, projected=81.0, probability=0.7, borrowed_from="guangdong")
    assert (found.status, found.why.key, found.why.values["region"]) == ("on_track", "on_track_borrowed", "guangdong")
    # what nothing can tell the errors of is shown and not judged by
    found = judged([2016], [70], MORE, projected=81.0, borrowed_from="guangdong")
    assert (found.status, found.why.key) == ("no_trend", "no_trend_untested")
    # years that nobody saw are said beside
    held = {"as_of": 2018, "projected": 95.5, "borrowed_from": "guangdong"}
    assert keys(judged([2016], [94], HELD, **held)) == ["no_trend_untested", "unseen"]
    assert keys(judged([2016], [94], HELD, **held, probability=0.2)) == ["lagging_borrowed", "unseen"]


@pytest.mark.parametrize(
    ("years", "values", "as_of", "projected", "status", "said"),
    [
        # nothing was asked of 2016
        ([2016], [96], 2016, NAN, "met_to_hold", ["met_to_hold"]),
        ([2016, 2017, 2018], [94.66, 95, 96], 2018, NAN, "met_to_hold", ["met_to_hold"]),
        # 2017 and 2018 are past, nobody saw them, and the target is still ahead
        ([2016], [96], 2018, NAN, "met_to_hold", ["met_to_hold", "unseen"]),
        ([2016], [94.66], 2018, 95.5, "on_track", ["on_track_own", "unseen"]),
        ([2016], [94.66], 2018, NAN, "no_trend", ["no_trend", "unseen"]),
        # missed once, whatever comes after
        ([2016, 2017, 2018], [96, 94, 96], 2018, 96.0, "not_held", ["not_held"]),
        ([2016, 2017], [96, 94], 2017, 96.0, "not_held", ["not_held"]),
        ([2016, 2018], [96, 94], 2021, NAN, "not_held", ["not_held"]),
        ([2017, 2018, 2019, 2020], [95, 95, 95, 94.9], 2020, NAN, "not_held", ["not_held"]),
        # at its end: all seen and met, or one not seen
        ([2017, 2018, 2019, 2020], [95, 95, 95, 95], 2020, NAN, "achieved", ["achieved_held"]),
        ([2017, 2019, 2020], [95, 95, 95], 2020, NAN, "not_seen", ["not_seen", "latest_meets"]),
        ([2017, 2018, 2019], [95, 95, 95], 2020, NAN, "not_seen", ["not_seen", "latest_meets"]),
        ([2016], [94.66], 2016, 95.5, "on_track", ["on_track_own"]),
    ],
)
def test_targets_to_be_held(
    years: list[int], values: list[float], as_of: int, projected: float, status: str, said: list[str]
) -> None:
    found = judged(years, values, HELD, as_of=as_of, projected=projected)
    assert (found.status, keys(found)) == (status, said)


def test_a_ceiling_that_was_broken_once_is_not_held() -> None:
    """Unemployment of 2.45, 4.2 and 2.4 against at most 4 in every year."""
    found = judged([2017, 2018, 2019], [2.45, 4.2, 2.4], CEILING, projected=2.3, probability=0.95)
    assert (found.status, found.why.values["figures"]) == ("not_held", [(2018, 4.2)])
    assert say(found.why, "zh") == "2018年4.2，未达到应保持的水平"
    assert judged([2017, 2018], [2.45, 4.0], CEILING).status == "met_to_hold"


def test_the_odds_of_holding_are_said_beside_those_of_the_year_alone() -> None:
    facts = {"projected": 96.0, "probability": 0.4, "probability_target_year": 0.7}
    found = judged([2016, 2017, 2018], [94, 95, 96], HELD, **facts)
    assert (found.status, keys(found)) == ("met_to_hold", ["met_to_hold", "odds", "odds_of_year"])
    assert say(found.why, "zh") == (
        "2018年数值96已达到目标，2019、2020年仍须达到；达标概率40%；该概率指2019、2020年各年均达标，仅2020年达标的概率为70%"
    )
    # one year remains: there is one probability
    last = judged([2016, 2017, 2018, 2019], [94, 95, 96, 96], HELD, **facts)
    assert keys(last) == ["met_to_hold", "odds"]


def test_a_path_below_a_target_to_be_held_is_not_on_track() -> None:
    """94.24 in 2015 and 94.66 in 2016, by its own trend 94.9 in 2017 and 95.5 in 2020, against 95 in every year."""
    found = judged([2015, 2016], [94.24, 94.66], HELD, projected=95.5, short=(2017,))
    assert (found.status, found.why.key) == ("lagging", "short_own")
    assert say(found.why, "zh") == "按自身趋势，2020年推算为95.5，但2017年达不到应保持的水平"


EARLY = Target("positive", 100.0, year=2018)
ONCE = Target("positive", 100.0, year=2018, once=True)


@pytest.mark.parametrize(
    ("years", "values", "target", "as_of", "status", "said"),
    [
        ([2016, 2018], [34.8, 100.0], EARLY, 2018, "achieved", ["achieved"]),
        ([2016, 2018, 2019], [34.8, 100.0, 90.0], EARLY, 2019, "achieved", ["achieved"]),
        ([2016, 2018], [34.8, 96.5], EARLY, 2018, "missed", ["missed"]),
        # a later success is one that came too late
        ([2016, 2018, 2019], [34.8, 96.5, 100], EARLY, 2019, "missed", ["missed", "reached_late"]),
        ([2016, 2018, 2019], [34.8, 96.5, 100], ONCE, 2019, "missed", ["missed", "reached_late"]),
        ([2016, 2018, 2019], [34.8, 96.5, 97], EARLY, 2019, "missed", ["missed"]),
        ([2016, 2017], [34.8, 100], EARLY, 2017, "met_to_hold", ["met_to_hold"]),
        # once is enough: also a year before its year, whatever comes after
        ([2016, 2017], [34.8, 100], ONCE, 2017, "achieved", ["achieved_once"]),
        ([2016, 2017, 2018], [34.8, 100, 99], ONCE, 2018, "achieved", ["achieved_once"]),
        ([2016, 2017], [34.8, 100], ONCE, 2019, "achieved", ["achieved_once"]),
        ([2016, 2018], [34.8, 100], ONCE, 2018, "achieved", ["achieved_once"]),
        # to be held in one year is to be met in it
        ([2016, 2018], [34.8, 100], replace(EARLY, hold_from=2018, hold_to=2018), 2018, "achieved", ["achieved"]),
        ([2016, 2017], [34.8, 100], EARLY, 2019, "not_seen", ["not_seen", "latest_meets"]),
        # 2018 itself was not seen; 2019 does not tell
        ([2016, 2019], [34.8, 100], ONCE, 2019, "not_seen", ["not_seen", "latest_meets"]),
        ([2016], [34.8], EARLY, 2018, "not_seen", ["not_seen"]),
        ([2016], [34.8], EARLY, 2017, "on_track", ["on_track_own"]),
    ],
)
def test_a_deadline_of_its_own(
    years: list[int], values: list[float], target: Target, as_of: int, status: str, said: list[str]
) -> None:
    projected = 100.0 if as_of < 2018 else NAN
    found = judged(years, values, target, as_of=as_of, projected=projected)
    assert (found.status, keys(found)) == (status, said)


def test_reached_late_says_so() -> None:
    found = judged([2018, 2019], [96.5, 100.0], ONCE)
    assert say(found.why, "zh") == "目标年2018年数值96.5，未达到目标，差3.5；2019年数值100，属逾期达到"
    assert (
        found.reason == "the figure of the target year 2018, 96.5, misses the target by 3.5; reached late: 100 in 2019"
    )


def test_the_call_ends_with_the_last_year_of_the_series() -> None:
    asked = {"target": 80, "target_year": 2020}
    assert judge([2016, 2017, 2018], [70, 78, 80], **asked).status == "met_to_hold"
    assert judge([2018, 2019, 2020], [70, 78, 80], **asked).status == "achieved"
    assert judge([2018, 2019, 2020], [70, 78, 79.9], **asked).status == "missed"
    assert judge([2018, 2019, 2021], [70, 78, 80], **asked).status == "not_seen"
    assert judge([2017, 2019], [70, 80], target=80, target_year=2018, once=True).status == "not_seen"
    assert judge([2017, 2019], [80, 70], target=80, target_year=2018, once=True).status == "achieved"
    # held from the year after the baseline: 2017 was not seen
    assert judge([2016, 2018], [96, 96], target=95, target_year=2018, hold=True).status == "not_seen"


def test_a_known_projection_is_not_made_again() -> None:
    """Nothing to project is not the same as not yet projected."""
    series = (2016, 2017, 2018), (70.0, 72.0, 74.0)
    assert RULEBOOKS[HOUSE].judge(Case(*series, MORE)).why.key.endswith("_odds")
    assert RULEBOOKS[HOUSE].judge(Case(*series, MORE, projected=NAN)).why.key == "no_trend"
    given = RULEBOOKS[HOUSE].judge(Case(*series, MORE, projected=81.0, probability=0.7))
    assert (given.value, given.probability) == (81.0, 0.7)


def test_two_points_have_a_path_and_no_odds() -> None:
    found = judge([2017, 2018], [70, 75], target=80, target_year=2020)
    # 5 a year: 85
    assert (found.status, found.value, found.why.key) == ("on_track", pytest.approx(85), "on_track_own")
    assert math.isnan(found.probability) and math.isnan(found.probability_target_year)


def test_holding_is_never_likelier_than_the_target_year_alone() -> None:
    found = judge(
        range(2011, 2019), [93, 93.5, 93.9, 94, 94.5, 94.4, 94.8, 95.2], target=95, target_year=2021, hold=True,
        baseline_year=2017,
    )  # fmt: skip
    assert found.status == "met_to_hold"
    assert 0 < found.probability < found.probability_target_year < 1


def test_the_words_of_the_house_are_those_of_the_library() -> None:
    assert RULEBOOKS[HOUSE].words == STATUSES


@pytest.mark.parametrize(
    ("statuses", "status", "deciding"),
    [
        (["achieved", "achieved"], "achieved", ["1.0", "1.1"]),
        (["achieved", "met_to_hold"], "met_to_hold", ["1.1"]),
        (["met_to_hold", "on_track"], "on_track", ["1.1"]),
        (["not_comparable", "on_track"], "not_comparable", ["1.0"]),
        (["not_comparable", "no_trend"], "no_trend", ["1.1"]),
        (["no_trend", "no_data"], "no_data", ["1.1"]),
        (["no_data", "not_seen"], "not_seen", ["1.1"]),
        (["not_seen", "uncertain"], "uncertain", ["1.1"]),
        (["uncertain", "lagging", "no_data"], "lagging", ["1.1"]),
        (["achieved", "regressing", "lagging"], "regressing", ["1.1"]),
        (["not_held", "regressing"], "not_held", ["1.0"]),
        (["not_held", "missed", "missed"], "missed", ["1.1", "1.2"]),
        # a part without target does not count
        (["achieved", "no_target"], "achieved", ["1.0"]),
        (["no_target", "no_target"], "no_target", ["1.0", "1.1"]),
    ],
)
def test_composites_have_the_worst_status_of_their_parts(statuses: list[str], status: str, deciding: list[str]) -> None:
    parts = [(f"1.{place}", word) for place, word in enumerate(statuses)]
    found = RULEBOOKS[HOUSE].judge_parts(parts)
    assert (found.status, found.why.key) == (status, "deciding_parts")
    assert [no for no, _ in found.why.values["parts"]] == deciding
    assert [one.values["parts"] for one in found.why.also] == (
        [[p for p in parts if p[1] != status]] * (len(parts) > len(deciding))
    )


def test_every_reason_names_its_figures() -> None:
    """The facts behind each sentence of the house, in the cases that the sentences above do not spell out."""
    series: tuple[list[int], list[float]] = ([2016, 2017, 2018], [71, 73, 75])
    near = {"projected": 79.5, "target_year": 2020}
    odds = judged(*series, MORE, projected=79.5, probability=0.5)
    assert dict(odds.why.values) == near | {"odds": 0.5}
    lent = judged(*series, MORE, projected=79.5, probability=0.5, borrowed_from="guangdong")
    assert dict(lent.why.values) == near | {"odds": 0.5, "region": "guangdong"}
    apart = judged(*series, MORE, projected=79.5, borrowed_from="guangdong", doubt="apart")
    assert (apart.why.key, dict(apart.why.values)) == ("no_trend_apart", near | {"region": "guangdong"})
    assert (apart.value, apart.status) == (79.5, "no_trend")
    barred = judged(*series, MORE, doubt="barred")
    assert (barred.why.key, dict(barred.why.values)) == ("no_trend_barred", {"n": 3, "year": 2018})
    for projected, key in ((79.5, "assumed_missed"), (80.0, "assumed_met")):
        assumed = judged(*series, MORE, projected=projected, assumed=("growth", 3.0))
        assert assumed.why.key == key
        assert dict(assumed.why.values) == near | {"projected": projected, "assumption": ("growth", 3.0)}
    short = judged([2015, 2016], [94.24, 94.66], HELD, projected=95.5, short=(2017,))
    assert dict(short.why.values) == {"projected": 95.5, "target_year": 2020, "years": (2017,)}
    unseen = judged([2016], [94.66], HELD, as_of=2018, projected=95.5)
    assert dict(unseen.why.also[0].values) == {"years": [2017, 2018]}
    met = judged([2016, 2017, 2018], [94, 95, 96], HELD, projected=96.0, probability=0.4, probability_target_year=0.7)
    assert [dict(one.values) for one in met.why.also] == [
        {"odds": 0.4}, {"years": [2019, 2020], "target_year": 2020, "odds": 0.7},
    ]  # fmt: skip
    alone = judged([2016, 2017, 2018], [94, 95, 96], HELD, projected=96.0, probability=0.4)
    assert keys(alone) == ["met_to_hold", "odds"]
    lagging = judged([2016], [94], HELD, projected=95.5, probability=0.2, probability_target_year=0.7)
    assert keys(lagging) == ["lagging_odds", "odds_of_year"]
    late = judged([2018, 2019], [96.5, 100.0], ONCE).why
    assert dict(late.values) == {"year": 2018, "value": 96.5, "gap": 3.5}
    assert dict(late.also[0].values) == {"year": 2019, "value": 100.0}
    once = judged([2016, 2017], [34.8, 100], ONCE, as_of=2017)
    assert dict(once.why.values) == {"year": 2017, "value": 100}
    ended = judged([2016, 2018], [34.8, 100.0], EARLY, as_of=2018)
    assert dict(ended.why.values) == {"year": 2018, "value": 100.0, "years": [2018]}


def test_a_step_away_that_is_rounding_is_none() -> None:
    assert judged([2017, 2018], [75, 75], MORE, projected=75 - 75e-10).status == "lagging"
    assert judged([2017, 2018], [75, 75], MORE, projected=75 - 75e-8).status == "regressing"
    assert judged([2017, 2018], [0, 0], MORE, projected=-1e-10).status == "regressing"
    # 1e-9 of 1e9 is 1: as much is rounding, more is not
    for step, status in ((1, "lagging"), (2, "regressing")):
        far = Target("positive", 2e9, year=2020)
        assert judged([2017, 2018], [1e9, 1e9], far, projected=1e9 - step).status == status


def test_years_in_which_a_path_falls_short() -> None:
    path = {2016: 90.0, 2017: 94.0, 2018: 95.0, 2019: 94.9}
    assert short_years(path, HELD, after=2016) == (2017, 2019)
    assert short_years(path, HELD, after=2017) == (2019,)
    assert short_years(path, MORE, after=2016) == ()


def test_what_is_projected_here_and_what_is_not() -> None:
    book = RULEBOOKS[HOUSE]
    three = (2016, 2017, 2018), (70.0, 72.0, 74.0)
    for target in (Target("positive"), Target("positive", 80.0), replace(MORE, year=2018)):
        assert math.isnan(book.judge(Case(*three, target)).value)
    assert math.isnan(book.judge(Case((2018,), (74.0,), MORE)).value)
    assert math.isnan(book.judge(Case(*three, MORE, as_of=2020)).value)
    # as of 2019, 2020 is yet to come: from two points 4 a year
    later = book.judge(Case((2017, 2018), (70.0, 74.0), MORE, as_of=2019))
    assert later.value == pytest.approx(82)
    # values may be greater than any year
    assert book.judge(Case((2017, 2018), (3000.0, 4000.0), Target("positive", 9e3, year=2020))).value == 6000
    # bounds hold for the path; a target to be held falls short where the path does
    bounded = book.judge(Case((2017, 2018), (70.0, 90.0), Target("positive", 120.0, year=2020), bounds=(0.0, 100.0)))
    assert bounded.value <= 100
    slow = Target("positive", 79.0, year=2020, hold_from=2019, hold_to=2020)
    found = book.judge(Case((2017, 2018), (70.0, 74.0), slow))
    assert (found.why.key, found.why.values["years"]) == ("short_own", (2019,))
    # by odds of its own: those of the year alone stand beside
    long = book.judge(Case(tuple(range(2010, 2019)), tuple(70.0 + 0.8 * i + i % 2 for i in range(9)), slow))
    assert 0 < long.probability <= long.probability_target_year < 1
    # as of 2019 the last year alone remains, and a target to be held ends in its last year where it has no other
    series = tuple(range(2010, 2019)), tuple(70.0 + 0.8 * i + i % 2 for i in range(9))
    later = book.judge(Case(*series, slow, as_of=2019))
    assert later.probability == later.probability_target_year == long.probability_target_year
    held = book.judge(Case(*series, replace(slow, year=None)))
    assert (held.value, held.probability) == (long.value, long.probability)


def test_composites_name_the_part_that_decides() -> None:
    found = RULEBOOKS[HOUSE].judge_parts([("38.1", "missed"), ("38.2", "achieved")])
    assert say(found.why, "zh") == "取决于分项38.1（未达标）；其他分项：38.2（已达标）"
    assert found.reason == "decided by 38.1 (missed); other parts: 38.2 (achieved)"
    none = RULEBOOKS[HOUSE].judge_parts([])
    assert (none.status, none.why.key) == ("no_data", "no_parts")
    assert math.isnan(found.value) and math.isnan(none.value)

"""Who lends a line its trend, with odds or without, and how well borrowing would have served the peers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up import LINES, indicator, own_figures, points, scheme, typed

from xk.charts.borrowing_review import borrowing_points, plot_served, show_borrowing
from xk.exhibits import Wording
from xk.pipeline import Results, Settings, build_results
from xk.pipeline.lending_review import LendingReview, build_lending_review, count_served
from xk.pipeline.surroundings import MOST_LENDERS, PeerGroup, Surroundings

YEARS = range(2008, 2017)
# from 20 in 2008 by 2 a year: 36 in 2016, 44 in 2020 by the drift
STEADY = [20.0 + 2 * step for step in range(9)]
# up and down by 20 about 40: the drift of what rose last goes wrong
ZIGZAG = [30.0 + 20 * (step % 2) for step in range(9)]


def region_table(count: int) -> pd.DataFrame:
    """Return the city, so many peers, and those above them."""
    peers = [f"peer{number}" for number in range(count)]
    return pd.DataFrame({
        "region": ["china", "province", "city", *peers],
        "level": ["country", "province", *["prefecture"] * (count + 1)],
        "parent": [None, "china", *["province"] * (count + 1)],
    })  # fmt: skip


def lend(values: list[float], count: int, definition: str = "plain", **more: Any) -> list[pd.DataFrame]:
    """Return the same figures for so many peers."""
    known = dict(zip(YEARS, values, strict=False))
    return [points(f"peer{n}", "plain", known, series=f"peer{n}.{definition}", **more) for n in range(count)]


def borrowed(
    *figures: pd.DataFrame, count: int = 9, serving: dict[str, str] | None = None, target: float = 60, **facts: Any
) -> tuple[Results, Surroundings]:
    """Return results of the city as of 2016, by drift, and what is known of all regions."""
    lines = [indicator("plain", "1", baseline_year=2016, baseline_value=40, baseline_kind="observed",
                       target_value=target), *LINES[1:]]  # fmt: skip
    plan = replace(scheme(lines), **facts)
    if serving:
        plan = replace(plan, serving=typed("serving", [serving]))
    known = pd.concat([own_figures(), *figures], ignore_index=True)
    asked = Settings("city", method="drift", as_of=2016)
    around = Surroundings(known, region_table(count))
    return build_results(plan, known, regions=around.regions, settings=asked, around=around), around


def test_nine_peers_lend_with_an_interval_and_odds() -> None:
    result = borrowed(*lend(STEADY, 9))[0].line("plain")
    # odds go from 36/64 to 44/56 as the peers' do: 40/60 * (44/56)/(36/64) = 0.9312, or 48.2 per cent
    odds = (40 / 60) * (44 / 56) / (36 / 64)
    assert result.outlook.value == pytest.approx(100 * odds / (1 + odds))
    assert (result.trend.region, result.trend.peers, result.trend.doubt) == ("province", 9, "")
    # all peers moved alike, so that nothing went wrong: 60 is out of reach
    assert result.outlook.ends["lo80"] <= result.outlook.value <= result.outlook.ends["hi80"]
    assert result.outlook.probability == pytest.approx(0, abs=1e-6)
    assert result.status == "lagging"


def test_with_seven_peers_the_region_above_lends_a_path_without_a_verdict() -> None:
    above = points("province", "plain", dict(zip(YEARS, STEADY, strict=True)))
    result = borrowed(*lend(STEADY, 7), above, count=7)[0].line("plain")
    assert (result.trend.region, result.trend.peers, result.trend.doubt) == ("province", 0, "untested")
    assert result.outlook.value == pytest.approx(48.2, abs=0.05)
    assert math.isnan(result.outlook.probability) and not result.outlook.ends
    assert result.status == "no_trend"


def test_where_the_rules_disagree_there_is_no_verdict() -> None:
    # from 12 to 16: 4 points more would be 44, the same change of the odds 48.2; 46 lies between them
    low = [4.0 + step for step in range(9)]
    odds = (40 / 60) * (16 / 84) / (12 / 88)
    found = {target: borrowed(*lend(low, 9), target=target)[0].line("plain") for target in (43, 46, 60)}
    assert found[46].outlook.value == pytest.approx(100 * odds / (1 + odds))
    assert found[46].trend.doubt == "apart" and found[46].status == "no_trend"
    assert math.isnan(found[46].outlook.probability)
    assert found[43].trend.doubt == found[60].trend.doubt == ""
    assert (found[43].status, found[60].status) == ("on_track", "lagging")


@pytest.mark.parametrize(("values", "donor"), [(STEADY, "city"), (ZIGZAG, "province")])
def test_a_proxy_lends_first_unless_it_did_no_better_than_no_change(values: list[float], donor: str) -> None:
    serving = {"indicator": "plain", "level": "plain", "proxy": "near"}
    own = points("city", "plain", dict(zip(YEARS, values, strict=True)), series="city.near", grade="B")
    near = [own, *lend(values, 9, "near", grade="B")]
    found, around = borrowed(*lend(STEADY, 9), *near, serving=serving)
    trend = found.line("plain").trend
    assert (trend.region, trend.proxy, trend.peers) == (donor, donor == "city", 0 if donor == "city" else 9)
    (check,) = build_lending_review(found, around).proxies
    assert (check.definition, check.verdict) == ("near", "used" if donor == "city" else "failed")
    assert check.own.regions == 10


def test_of_very_many_peers_some_lend_to_all() -> None:
    peers = region_table(499)  # 500 with the city
    around = Surroundings(own_figures(), peers)
    lenders = around.group("city").lenders
    assert len(lenders) == MOST_LENDERS == 200 and lenders == around.group("peer7").lenders
    # two of five by name: the city is the first, then peer0, peer1, peer10, peer100 and so on
    names = sorted(peers["region"].iloc[2:])
    assert [names.index(name) for name in sorted(lenders)[:5]] == [0, 2, 5, 7, 10]
    assert around.group("china").lenders == {"china"}
    assert {*Surroundings(own_figures(), region_table(9)).group("city").lenders} == {
        "city",
        *(f"peer{n}" for n in range(9)),
    }


@pytest.mark.parametrize("proxy", [True, False])
def test_a_region_that_lends_to_nobody_borrows_as_the_others_do(
    monkeypatch: pytest.MonkeyPatch, *, proxy: bool
) -> None:
    own = points("city", "plain", dict(zip(YEARS, STEADY, strict=True)), series="city.near", grade="B")
    serving = {"indicator": "plain", "level": "plain", "proxy": "near"} if proxy else None
    known = [*lend(STEADY, 9), *([own, *lend(STEADY, 9, "near", grade="B")] if proxy else [])]
    usual = borrowed(*known, serving=serving)[0].line("plain")
    monkeypatch.setattr(PeerGroup, "lenders", property(lambda group: frozenset(group.all) - {"city"}))
    apart = borrowed(*known, serving=serving)[0].line("plain")
    assert (apart.trend, apart.outlook.value, apart.status) == (usual.trend, usual.outlook.value, "lagging")
    assert (apart.trend.proxy, apart.trend.peers) == ((True, 0) if proxy else (False, 9))


def test_where_none_may_lend_nothing_is_borrowed() -> None:
    result = borrowed(*lend(STEADY, 9), borrow={"plain": "none"})[0].line("plain")
    assert (result.trend.kind, result.trend.doubt, result.status) == ("none", "barred", "no_trend")
    assert math.isnan(result.outlook.value)


def review_of(*figures: pd.DataFrame, count: int = 9) -> tuple[Results, LendingReview]:
    found, around = borrowed(*figures, count=count)
    return found, build_lending_review(found, around)


def test_what_came_is_counted_by_what_was_known() -> None:
    later = [points(f"peer{n}", "plain", {2017: 38, 2018: 90}) for n in range(9)]
    _, review = review_of(*lend(STEADY, 9), *later)
    # each of 9 peers borrows from the 8 others in 2010, of three points, to 2016; the errors of an earlier year are
    # needed for an interval: from 2011 on 4, 4, 3, 2, 1 years to 2016, and 2 later ones of 2016 itself
    known, after = (review.part(after=later) for later in (False, True))
    assert known.groupby("origin").size().to_dict() == {2011: 36, 2012: 36, 2013: 27, 2014: 18, 2015: 9}
    assert after.groupby("ahead").size().to_dict() == {1: 9, 2: 9}
    assert set(after["origin"]) == {2016}
    # 38 is what all would have borrowed, 90 is not
    assert count_served(after[after["ahead"] == 1])["in95"] == 100
    counts = count_served(after[after["ahead"] == 2])
    assert (counts["cases"], counts["in80"], counts["in95"]) == (9, 0, 0)
    # logits: from 36 to 90 against from 36 to 40 that was borrowed
    logit = lambda x: math.log(x / (100 - x))  # noqa: E731
    assert counts["ratio"] == pytest.approx((logit(90) - logit(40)) / (logit(90) - logit(36)))
    # all moved alike up to 2016
    assert count_served(known)["ratio"] == pytest.approx(0, abs=1e-9)


def test_later_figures_change_nothing_that_was_known() -> None:
    noise = np.random.default_rng(3).normal(0, 1, (9, 9)).cumsum(axis=1)
    peers = [points(f"peer{n}", "plain", dict(zip(YEARS, 40 + noise[n], strict=True))) for n in range(9)]
    later = [points(f"peer{n}", "plain", {2017: 99}) for n in range(9)]
    one, two = (review_of(*figures)[1] for figures in (peers, [*peers, *later]))
    pd.testing.assert_frame_equal(one.cases, two.part(after=False))
    assert one.part(after=True).empty


def said(words: Wording, review: LendingReview) -> list[str]:
    return borrowing_points(words, review)


def test_the_review_says_it_in_words_and_draws_it() -> None:
    later = [points(f"peer{n}", "plain", {2017: 38}) for n in range(9)]
    found, review = review_of(*lend(STEADY, 9), *later)
    words = Wording(found, "en", region_names={"city": "City", "province": "Province"}, measure_labels={"%": "%"})
    known, came, lenders = said(words, review)
    assert known.startswith("Had each of 10 cities in Province") and "of 126 outcomes" in known
    assert "9 outcomes have come since" in came
    assert lenders == "City borrows 1 trend now: 1 from its peers, 0 from a proxy of its own, 0 from other regions."
    axes = plot_served(words, review)
    dots = {line.get_gid(): line for line in axes.get_lines() + list(axes.artists)}
    np.testing.assert_allclose(dots["known-95"].get_ydata(), [100] * 4)
    shown = show_borrowing(words, review)
    assert [part.kind for part in shown.parts] == ["figure", "table", "table"]


def test_a_region_without_enough_peers_has_nobody_to_be_tested_by() -> None:
    found, review = review_of(*lend(STEADY, 3), count=3)
    words = Wording(found, "zh", region_names={"city": "某市", "province": "某省"}, measure_labels={"%": "%"})
    assert said(words, review) == [
        "某市没有8个以上可供检验的同类地区，参照趋势的误差无从检验。",
        "某市目前没有参照趋势的指标。",
    ]
    assert not show_borrowing(words, review).parts

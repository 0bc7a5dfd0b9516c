"""Peers: paces, base rates and places, each worked on paper; what may not be pooled is left out and counted."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from made_up import lay_out_figures

from xk.arithmetic.peers import (
    BaseRate,
    Move,
    RegionGrid,
    Standing,
    base_rate,
    latest_paces,
    measure_of,
    paces,
    place_among,
    place_before,
    places_moved,
)
from xk.arithmetic.peers.base_rate import Pace
from xk.arithmetic.target import Rates, Target, required_rate
from xk.errors import UsageError

MORE, LESS = Target("positive", 100.0, year=2020), Target("inverse", 1.0, year=2020)


def frame_of(breaks: dict[str, tuple[int, ...]] | None = None, **series: dict[int, float]) -> pd.DataFrame:
    """Return the figures of some regions; `breaks`: region -> first years after a break of its series."""
    rows = [
        (region, year, value, sum(year >= after for after in (breaks or {}).get(region, ())))
        for region, figures in series.items()
        for year, value in figures.items()
    ]
    return pd.DataFrame(rows, columns=["region", "year", "value", "segment"])


def grid_of(breaks: dict[str, tuple[int, ...]] | None = None, **series: dict[int, float]) -> RegionGrid:
    return lay_out_figures(frame_of(breaks, **series))


def rate_of(grid: RegionGrid, change: float, years: int, *, until: int = 2016, since: int | None = None) -> BaseRate:
    found = base_rate(grid, Rates(change, math.nan, years), measure="change", until=until, since=since)
    assert found is not None
    return found


# --- the grid


def test_figures_are_laid_out_by_region_and_year() -> None:
    figures = frame_of({"b": (2012,)}, b={2011: 3.0, 2013: 5.0}, a={2010: 1.0})
    grid = lay_out_figures(figures)
    assert grid.regions == ("a", "b")
    assert grid.start == 2010
    assert grid.values[1].tolist()[1::2] == [3.0, 5.0]
    back = grid.frame.sort_values("region", ascending=False).reset_index(drop=True)
    pd.testing.assert_frame_equal(back, figures.astype({"region": "str"}))


def test_parts_of_a_grid() -> None:
    grid = grid_of(a={2010: 1.0, 2012: 3.0}, b={2011: 2.0})
    assert grid.of(["b", "elsewhere"]).regions == ("b",)
    assert grid.until(2010).known == ("a",)
    assert grid.since(2011).frame["year"].tolist() == [2012, 2011]
    assert not grid.until(2000).known
    with pytest.raises(UsageError, match="unknown region 'c'"):
        grid.row_of("c")


def test_two_series_of_a_region_are_never_pooled() -> None:
    figures = pd.concat([frame_of(a={2010: 1.0, 2011: 2.0}), frame_of(a={2011: 3.0})])
    with pytest.raises(UsageError, match="two figures of a in 2011"):
        lay_out_figures(figures)


# --- paces


def test_paces_of_a_share() -> None:
    """Windows of two years: (15 - 10)/2, (11 - 12)/2, (20 - 15)/2 points a year."""
    found = paces(grid_of(a={2010: 10.0, 2011: 12.0, 2012: 15.0, 2013: 11.0, 2014: 20.0}), years=2, measure="change")
    assert found.first.tolist() == [2010, 2011, 2012]
    assert found.last.tolist() == [2012, 2013, 2014]
    assert found.pace.tolist() == [2.5, -0.5, 2.5]


def test_paces_of_a_level_over_a_gap() -> None:
    """From 100 to 121 in two years: 10 per cent a year; the year between need not be known."""
    found = paces(grid_of(a={2010: 100.0, 2012: 121.0}), years=2, measure="growth")
    assert found.pace.tolist() == pytest.approx([10.0])


def test_growth_from_nothing_has_no_pace_and_is_counted() -> None:
    grid = grid_of(a={2010: 0.0, 2011: 4.0, 2012: 2.0})
    found = paces(grid, years=1, measure="growth")
    assert found.pace.tolist() == [-50.0]
    assert found.without_pace == 1
    assert paces(grid, years=1, measure="change").pace.tolist() == [4.0, -2.0]


def test_windows_across_a_break_do_not_count() -> None:
    """Seven years have five windows of two; those of 2011-2013 and 2012-2014 hold the break before 2013."""
    figures = dict.fromkeys(range(2010, 2017), 1.0)
    found = paces(grid_of({"a": (2013,)}, a=figures), years=2, measure="change")
    assert list(zip(found.first.tolist(), found.last.tolist(), strict=True)) == [
        (2010, 2012),
        (2013, 2015),
        (2014, 2016),
    ]
    assert found.across_breaks == 2
    assert paces(grid_of(a=figures), years=2, measure="change").across_breaks == 0


@pytest.mark.parametrize("years", [3, 4, 40])
def test_series_too_short_for_a_window_have_none(years: int) -> None:
    assert not len(paces(grid_of(a={2010: 1.0, 2012: 2.0}), years=years, measure="change").pace)


def test_what_no_window_is() -> None:
    with pytest.raises(UsageError, match="one year or more, not 0"):
        paces(grid_of(a={2010: 1.0}), years=0, measure="change")
    with pytest.raises(UsageError, match="unknown measure 'grow'.*'growth'"):
        paces(grid_of(a={2010: 1.0}), years=1, measure="grow")


@pytest.mark.parametrize(
    ("scale", "price_base", "measure"),
    [("level", "2010", "growth"), ("level", "", "change"), ("share", "", "change"), ("rate", "", "change")],
)
def test_what_compounds_is_measured_by_its_growth(scale: str, price_base: str, measure: str) -> None:
    assert measure_of(scale, price_base) == measure


# --- base rates


def test_base_rate_counts_windows_and_regions() -> None:
    """Two-year windows: a +2, +3 (2010-2012, 2011-2013); b +1, 0; c has one figure, hence none.

    +2 a year: both of a's, none of b's.
    """
    grid = grid_of(
        a={2010: 10.0, 2011: 11.0, 2012: 14.0, 2013: 17.0},
        b={2010: 5.0, 2011: 7.0, 2012: 7.0, 2013: 7.0},
        c={2012: 9.0},
    )
    found = rate_of(grid, 2.0, 2)
    assert (found.reached, found.windows) == (2, 4)
    assert (found.regions_reached, found.regions) == (1, 2)
    assert found.fastest == Pace("a", 2011, 2013, 3.0)
    assert found.hits == (Pace("a", 2011, 2013, 3.0), Pace("a", 2010, 2012, 2.0))
    assert found.share == 0.5
    assert found.is_few
    assert not found.is_unprecedented


def test_a_pace_that_nobody_reached() -> None:
    found = rate_of(grid_of(a={2010: 10.0, 2014: 12.0}, b={2010: 10.0, 2014: 16.0}), 4.375, 4)
    assert (found.reached, found.windows, found.hits) == (0, 2, ())
    assert found.is_unprecedented
    assert found.fastest == Pace("b", 2010, 2014, 1.5)


def test_an_exact_hit_counts_within_rounding() -> None:
    """(66.3 - 44.6)/4 and (88 - 66.3)/4 are both 5.425; as binary numbers they differ."""
    required = required_rate(2016, 66.3, Target("positive", 88.0, year=2020))
    grid = grid_of(a={2010: 44.6, 2014: 66.3}, b={2010: 44.6, 2014: 66.2999})
    found = base_rate(grid, required, measure="change", until=2016)
    assert found is not None
    assert (found.reached, found.windows) == (1, 2)


def test_less_is_better_where_the_figure_must_fall() -> None:
    """From 0.8 to 0.4 in two years: 0.2 less a year; windows -0.3, -0.1 and +0.4."""
    required = required_rate(2014, 0.8, Target("inverse", 0.4, year=2016))
    grid = grid_of(a={2010: 1.0, 2012: 0.4}, b={2010: 1.0, 2012: 0.8}, c={2010: 0.2, 2012: 1.0})
    found = base_rate(grid, required, measure="change", until=2014)
    assert found is not None
    assert found.required == pytest.approx(-0.2)
    assert (found.reached, found.windows) == (1, 3)
    assert found.fastest == Pace("a", 2010, 2012, pytest.approx(-0.3))


def test_growth_is_compared_with_growth() -> None:
    """4 to 9 in two years: 50 per cent a year; from 2 to 4.5 the same with a smaller change, 10 to 16 only 26."""
    required = required_rate(2014, 4.0, Target("positive", 9.0, year=2016))
    grid = grid_of(a={2010: 2.0, 2012: 4.5}, b={2010: 10.0, 2012: 16.0})
    found = base_rate(grid, required, measure="growth", until=2014)
    assert found is not None
    assert found.required == pytest.approx(50.0)
    assert [hit.region for hit in found.hits] == ["a"]
    changed = base_rate(grid, required, measure="change", until=2014)
    assert changed is not None
    assert [hit.region for hit in changed.hits] == ["b"]


@pytest.mark.parametrize(
    "required",
    [
        required_rate(2016, 95.68, Target("positive", 95.0, year=2020, hold_from=2017, hold_to=2020)),
        required_rate(2020, 50.0, Target("positive", 60.0, year=2020)),
        required_rate(2016, math.nan, Target("positive", 60.0, year=2020)),
        required_rate(2016, 50.0, Target("positive")),
    ],
    ids=["held and met", "year is past", "no figure", "no target"],
)
def test_no_required_pace_no_base_rate(required: Rates) -> None:
    assert base_rate(grid_of(a={2010: 1.0, 2014: 2.0}), required, measure="change", until=2016) is None


def test_windows_end_by_the_known_year_and_later_ones_stand_apart() -> None:
    """One figure a year, +1 each: two-year windows end in 2012 to 2016, those to 2014 first, then 2015 and 2016."""
    grid = grid_of(a={year: float(year) for year in range(2010, 2017)})
    assert rate_of(grid, 1.0, 2, until=2014).windows == 3
    later = rate_of(grid, 1.0, 2, until=2016, since=2015)
    assert later.windows == later.reached == 2
    assert later.fastest == Pace("a", 2013, 2015, 1.0)
    assert rate_of(grid, 1.0, 2, until=2009).windows == 0


def test_breaks_are_counted_within_the_years_asked_for() -> None:
    """Broken before 2013; two-year windows across end in 2013 and 2014: one up to 2013, one after."""
    grid = grid_of({"a": (2013,)}, a={year: float(year) for year in range(2010, 2017)})
    assert rate_of(grid, 1.0, 2, until=2013).across_breaks == 1
    assert rate_of(grid, 1.0, 2, until=2016, since=2014).across_breaks == 1


def test_without_a_window_nothing_is_said_to_be_unprecedented() -> None:
    found = rate_of(grid_of(a={2010: 1.0}), 1.0, 4)
    assert (found.windows, found.regions, found.fastest) == (0, 0, None)
    assert math.isnan(found.share)
    assert not found.is_unprecedented


def test_of_the_fastest_the_earliest_is_named() -> None:
    grid = grid_of(a={2012: 1.0, 2013: 3.0}, b={2010: 5.0, 2011: 7.0}, c={2010: 1.0, 2011: 3.0})
    assert rate_of(grid, 9.0, 1).fastest == Pace("b", 2010, 2011, 2.0)


@pytest.mark.parametrize(("windows", "few"), [(29, True), (30, False)])
def test_thirty_windows_are_no_longer_few(windows: int, few: bool) -> None:
    grid = grid_of(a={1980 + year: float(year) for year in range(windows + 1)})
    assert rate_of(grid, 1.0, 1).is_few == few


# --- latest paces


def test_the_latest_pace_is_that_of_five_years_or_since_the_last_break() -> None:
    """a: (20 - 10)/5 from 2011; b: broken before 2014, (9 - 5)/2; c: one figure; d: none up to then."""
    grid = grid_of(
        {"b": (2014,)},
        a={2009: 0.0, 2011: 10.0, 2016: 20.0}, b={2013: 1.0, 2014: 5.0, 2016: 9.0}, c={2015: 3.0}, d={2017: 4.0},
    ).until(2016)  # fmt: skip
    years, values, pace = latest_paces(grid, measure="change")
    assert years.tolist() == [2016, 2016, 2015, 0]
    np.testing.assert_array_equal(values, [20.0, 9.0, 3.0, math.nan])
    np.testing.assert_array_equal(pace, [2.0, 2.0, math.nan, math.nan])


def test_the_latest_growth() -> None:
    """4 to 9 in two years: 50 per cent a year; from 0 there is none."""
    _, _, pace = latest_paces(grid_of(a={2014: 4.0, 2016: 9.0}, b={2014: 0.0, 2016: 9.0}), measure="growth")
    np.testing.assert_allclose(pace, [50.0, math.nan])


# --- places


def test_place_now_and_then() -> None:
    """2016: b 9, a 7, c 5: a is second of three; 2011: a 3, b 2: first of two."""
    grid = grid_of(a={2011: 3.0, 2016: 7.0}, b={2011: 2.0, 2016: 9.0}, c={2016: 5.0})
    now = place_among(grid, "a", target=MORE, until=2016)
    assert now == Standing(2016, 2, 3, 0, 7.0)
    assert place_before(grid, "a", now, target=MORE) == Standing(2011, 1, 2, 0, 3.0)


def test_places_are_moved_among_the_regions_of_both_years_alone() -> None:
    """a is last of four in 2011 and last of two in 2016, c and d having left: among a and b it moved by nothing.

    Of the joint first places of a and b the one is lost where b alone gains: from 1 to 2 among the two.
    """
    grid = grid_of(a={2011: 1.0, 2016: 1.0}, b={2011: 2.0, 2016: 3.0}, c={2011: 4.0}, d={2011: 5.0})
    now, then = Standing(2016, 2, 2, 0, 1.0), Standing(2011, 4, 4, 0, 1.0)
    assert places_moved(grid, "a", now, then, target=MORE) == Move(0, 2)
    tied = grid_of(a={2011: 1.0, 2016: 1.0}, b={2011: 1.0, 2016: 3.0}, e={2016: 9.0})
    then = place_before(tied, "a", Standing(2016, 3, 3, 0, 1.0), target=MORE)
    assert then == Standing(2011, 1, 2, 1, 1.0)
    assert places_moved(tied, "a", Standing(2016, 3, 3, 0, 1.0), then, target=MORE) == Move(-1, 2)


def test_no_place_is_moved_where_no_other_region_has_both_years() -> None:
    grid = grid_of(a={2011: 1.0, 2016: 2.0}, b={2011: 2.0}, c={2016: 3.0})
    assert places_moved(grid, "a", Standing(2016, 2, 2, 0, 2.0), Standing(2011, 2, 2, 0, 1.0), target=MORE) is None


def test_regions_of_both_years_are_looked_up_once_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for each region anew, a thousand of them would take a second for each line."""
    asked, look_up = [], RegionGrid.known_in
    monkeypatch.setattr(RegionGrid, "known_in", lambda grid, year: asked.append(year) or look_up(grid, year))
    grid = grid_of(**{name: {2011: float(n), 2016: 1.0} for n, name in enumerate("abcdefgh")})
    now, then = Standing(2016, 1, 8, 7, 1.0), Standing(2011, 8, 8, 0, 0.0)
    assert places_moved(grid, "a", now, then, target=MORE) == Move(7, 8)
    assert sorted(asked) == [2011, 2016]


def test_less_is_better_and_like_values_share_a_place() -> None:
    """4 is best, then 5 twice, then 6: b is second with c, d fourth."""
    grid = grid_of(a={2016: 4.0}, b={2016: 5.0}, c={2016: 5.0}, d={2016: 6.0})
    assert place_among(grid, "b", target=LESS, until=2016) == Standing(2016, 2, 4, 1, 5.0)
    assert place_among(grid, "d", target=LESS, until=2016) == Standing(2016, 4, 4, 0, 6.0)


def test_nearer_to_a_target_interval_is_better() -> None:
    """Asked for 40 to 60: 50 and 60 are inside, 62 lies 2 off, 35 lies 5 off."""
    target = Target("interval", low=40.0, high=60.0, limit_low=0.0, limit_high=100.0)
    grid = grid_of(a={2016: 62.0}, b={2016: 50.0}, c={2016: 35.0}, d={2016: 60.0})
    assert place_among(grid, "a", target=target, until=2016) == Standing(2016, 3, 4, 0, 62.0)
    assert place_among(grid, "b", target=target, until=2016) == Standing(2016, 1, 4, 1, 50.0)


def test_without_a_common_year_there_is_no_place() -> None:
    grid = grid_of(a={2016: 1.0}, b={2015: 2.0}, c={2014: 3.0})
    assert place_among(grid, "a", target=MORE, until=2016) is None


def test_a_region_alone_or_without_figures_has_no_place() -> None:
    assert place_among(grid_of(a={2016: 1.0}), "a", target=MORE, until=2016) is None
    assert place_among(grid_of(a={2016: 1.0}, b={2016: 1.0}), "c", target=MORE, until=2016) is None


def test_one_peer_is_enough_for_a_place() -> None:
    grid = grid_of(a={2016: 1.0}, b={2016: 2.0})
    assert place_among(grid, "a", target=MORE, until=2016) == Standing(2016, 2, 2, 0, 1.0)


def test_a_year_that_few_have_does_not_take_the_place_of_one_that_most_have() -> None:
    """2015 has five figures, 2016 two, fewer than half of five."""
    series = {name: {2015: float(place)} for place, name in enumerate("abcde")}
    series["a"][2016], series["b"][2016] = 8.0, 9.0
    now = place_among(grid_of(**series), "a", target=MORE, until=2016)
    assert now == Standing(2015, 5, 5, 0, 0.0)


def test_later_figures_play_no_part() -> None:
    grid = grid_of(a={2015: 1.0, 2016: 9.0}, b={2015: 2.0, 2016: 2.0})
    assert place_among(grid, "a", target=MORE, until=2015) == Standing(2015, 2, 2, 0, 1.0)


def test_the_place_then_is_nearest_to_five_years_before_and_before_no_break() -> None:
    """Common years 2009, 2012, 2016; 2012 lies four years before, 2009 seven. After a break in 2013 none serves.

    Nor does 2008, eight years before, or 2014, two before.
    """
    series = {name: dict.fromkeys((2009, 2012, 2016), value) for name, value in {"a": 1.0, "b": 2.0}.items()}
    far = grid_of(**{name: dict.fromkeys((2008, 2014, 2016), value) for name, value in {"a": 1.0, "b": 2.0}.items()})
    assert place_before(far, "a", Standing(2016, 2, 2, 0, 1.0), target=MORE) is None
    for breaks, year in (({}, 2012), ({"a": (2010,)}, 2012), ({"a": (2013,)}, None)):
        grid = grid_of(breaks, **series)
        now = place_among(grid, "a", target=MORE, until=2016)
        assert now is not None
        then = place_before(grid, "a", now, target=MORE)
        assert (then and then.year) == year

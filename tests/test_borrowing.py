"""Borrowed trends: medians and transfers by hand, nothing of the region itself or of later years, honest widths."""

from __future__ import annotations

import math
from dataclasses import replace

import borrowing as benchmark
import numpy as np
import pandas as pd
import pytest

from xk.arithmetic.peers.borrowing import OWN, PEERS, BorrowingTable, calibrate
from xk.arithmetic.peers.misses import Moves, build_widths, stay_positions, usual_departure
from xk.arithmetic.peers.transfer import Transfer
from xk.arithmetic.target import Target
from xk.errors import InputError, UsageError
from xk.readers.store import read_store

LEVEL, SHARE = Transfer("level"), Transfer("share", 0, 100)
CITIES = tuple(f"city{number}" for number in range(10))
RNG_SEED = 5


def rows(region: str, first: int, values: list[float], *, definition: str = "one", segment: int = 0) -> pd.DataFrame:
    years = range(first, first + len(values))
    return pd.DataFrame({
        "definition": definition, "region": region, "year": years, "value": values, "segment": segment
    })  # fmt: skip


def table(*parts: pd.DataFrame, transfer: Transfer = LEVEL, as_of: int = 2016, method: str = "drift") -> BorrowingTable:
    figures = pd.concat(parts, ignore_index=True)
    transfers = {name: transfer for name in figures["definition"].unique()}
    return calibrate(figures, transfers, peers=CITIES, as_of=as_of, horizon=4, method=method)


def walks(*, transfer: Transfer = LEVEL, seed: int = RNG_SEED, count: int = 10, first: int = 2005) -> pd.DataFrame:
    """Ten cities and their province, 2005-2020, growing some 5 per cent a year (levels) or rising (shares)."""
    rng = np.random.default_rng(seed)
    parts = []
    for region in (*CITIES[:count], "province"):
        steps = np.cumsum(rng.normal(0.05, 0.03, 2021 - first))
        values = 100 * np.exp(steps) if transfer.scale == "level" else 100 / (1 + np.exp(1 - steps))
        parts.append(rows(region, first, values.tolist()))
    return pd.concat(parts, ignore_index=True)


# eight peers of 2014-2016: three stand still, two go 100, 150, 200, three 100, 200, 300
CHANGES = (0, 0, 0, 50, 50, 100, 100, 100)
EIGHT = [
    rows(city, 2014, [100 + step * year for year in range(3)])
    for city, step in zip(CITIES[1:], CHANGES, strict=False)
]  # fmt: skip


def test_the_median_of_the_peers_factors_is_carried_over() -> None:
    # drift goes on by 0, 50 or 100 a year: 2017 over 2016 is 1 (three), 250/200 = 1.25 (two), 400/300 (three)
    # median 1.25, and 300/200 = 1.5 in 2018: 40 becomes 50 and 60; in units the median change is 50 a year
    found = table(*EIGHT).borrow("city0", "one", (2016, 40.0))
    assert found.years[:2].tolist() == [2017, 2018]
    assert found.path[:2] == pytest.approx([50, 60])
    assert found.plain[:2] == pytest.approx([90, 140])
    assert found.lenders == CITIES[1:9]


def test_a_share_takes_over_the_change_of_the_logit() -> None:
    # all go 40, 50, 60, then 70: odds from 60/40 = 3/2 to 70/30 = 7/3, 14/9 times; 20/80 times 14/9 = 7/18: 28 per cent
    peers = [rows(city, 2014, [40, 50, 60]) for city in CITIES[1:9]]
    found = table(*peers, transfer=SHARE).borrow("city0", "one", (2016, 20.0))
    assert found.path[0] == pytest.approx(28)
    assert found.plain[0] == pytest.approx(30)


def test_an_older_figure_follows_what_the_peers_did_since() -> None:
    # from 2015: factor 200/150 = 4/3 to 2016, seen; 250/150 = 5/3 to 2017; the others 1 and 3/2, 2
    found = table(*EIGHT).borrow("city0", "one", (2015, 30.0))
    assert found.years[:2].tolist() == [2016, 2017]
    assert found.path[:2] == pytest.approx([40, 50])


def test_only_the_last_segment_lends() -> None:
    # 2012-2013 lie before a break and are ten times as high: the same as without them
    before = [rows(city, 2012, [9_000, 1_000], segment=0) for city in CITIES[1:9]]
    after = [part.assign(segment=1) for part in EIGHT]
    found = table(*before, *after).borrow("city0", "one", (2016, 40.0))
    assert found.path[:2] == pytest.approx([50, 60])
    assert np.isnan(table(*before, *after).borrow("city0", "one", (2013, 40.0)).path).all()


def test_a_region_must_know_three_points_of_late_to_lend() -> None:
    short, old = rows("city1", 2015, [100, 150]), rows("city1", 2011, [100, 150, 200])
    for part in (short, old):
        assert table(part, *EIGHT[1:]).borrow("city0", "one", (2016, 40.0)).lenders == CITIES[2:9]
    assert "city1" in table(old.assign(year=old["year"] + 1), *EIGHT[1:]).borrow("city0", "one", (2016, 40.0)).lenders


def test_rules_that_disagree_give_no_odds() -> None:
    figures = walks()
    found = table(figures, method="auto").borrow("city0", "one", (2016, 20.0))
    # growth of 5 per cent leads from 20 to about 24 in 2020, the peers' changes in units (about 9 a year) far above
    assert found.path[3] < 30 < found.plain[3]
    between, low = Target("positive", 30.0, year=2020), Target("positive", 21.0, year=2020)
    assert not found.agrees(between)
    assert math.isnan(found.probability(between))
    assert found.agrees(low)
    assert found.probability(low) > 0.5


def test_odds_are_those_of_the_interval() -> None:
    found = table(walks(), method="auto").borrow("city0", "one", (2016, 200.0))
    low, high = found.interval(80)
    assert (low < found.path).all() and (found.path < high).all()
    assert (np.diff(high - low) > 0).all()
    far = Target("positive", float(high[3]), year=2020)
    assert found.probability(far) == pytest.approx(0.1, abs=1e-4)
    assert found.probability(Target("inverse", float(low[3]), year=2020)) == pytest.approx(0.1, abs=1e-4)
    every = replace(Target("positive", 202.0, year=2020), hold_from=2017)
    assert found.probability(every) < found.probability(every.alone)
    # 2017-2019 being past, the last year alone remains
    assert found.probability(every, after=2019) == pytest.approx(found.probability(every.alone))


def test_what_is_left_to_meet_counts_within_the_bounds() -> None:
    found = table(walks(transfer=SHARE), transfer=SHARE, method="auto").borrow("city0", "one", (2016, 97.0))
    low, high = found.interval(95)
    assert (low >= 0).all() and (high <= 100).all()
    assert found.probability(Target("positive", 0.0, year=2020)) == 1
    assert found.probability(Target("interval", low=0, high=100, limit_low=0, limit_high=100, year=2020)) == 1


def same(one: BorrowingTable, other: BorrowingTable, *, donor: str = PEERS, region: str = "city0") -> bool:
    """Say whether two tables lend the same, but for the rounding of another order of the regions."""
    pair = [each.borrow(region, "one", (2016, 50.0), donor=donor) for each in (one, other)]
    ends = [np.stack([found.path, found.plain, *found.interval(80), *found.interval(95)]) for found in pair]
    assert not np.isnan(ends[0]).any()
    return np.allclose(*ends, rtol=1e-12, atol=0)


@pytest.mark.parametrize("transfer", [LEVEL, SHARE])
def test_nothing_of_the_region_itself_plays_a_part(transfer: Transfer) -> None:
    figures = walks(transfer=transfer)
    own = figures["region"] == "city0"
    other = figures.assign(value=figures["value"].where(~own, 99.0 - figures["value"] % 7))
    first, second = (table(each, transfer=transfer, method="auto") for each in (figures, other))
    assert same(first, second)
    assert same(first, table(figures[~own], transfer=transfer, method="auto"))
    assert same(first, second, donor="province")
    # another region's do
    assert not same(first, second, region="city1")


def test_nothing_later_plays_a_part() -> None:
    figures = walks()
    later = figures["year"] > 2016
    other = figures.assign(value=figures["value"].where(~later, 1.0))
    first, second = (table(each, method="auto") for each in (figures, other))
    assert same(first, second)
    assert same(first, second, donor=OWN)
    assert same(first, table(figures, as_of=2020, method="auto").until(2016))


def test_under_eight_peers_there_is_a_path_but_no_interval() -> None:
    found = table(*EIGHT[1:], walks(count=8).assign(definition="two")).borrow("city0", "one", (2016, 40.0))
    # 1, 1, 1.25, 1.25, 4/3, 4/3, 4/3
    assert found.path[0] == pytest.approx(50)
    assert found.projection is None
    assert np.isnan(found.interval(80)).all()
    assert math.isnan(found.probability(Target("positive", 1.0, year=2020)))
    # eight lend, but one left out seven would: nothing to tell the errors by
    assert table(walks(count=8)).borrow("elsewhere", "one", (2016, 40.0)).projection is None
    assert table(walks(count=9)).borrow("elsewhere", "one", (2016, 40.0)).projection is not None


def test_a_region_above_lends_where_the_peers_can_tell_how_well() -> None:
    figures = walks()
    found = table(figures, method="auto").borrow("city0", "one", (2016, 50.0), donor="province")
    assert (found.lenders, found.projection is not None) == (("province",), True)
    # nine peers; a year ahead the starts 2007-2015 could be seen to end by 2016, two years ahead 2007-2014, ...
    assert (found.errors, found.origins, found.seen) == (9 * (9 + 8 + 7 + 6), 9, 4)
    few = figures[(figures["region"] != "province") | (figures["year"] > 2012)]
    assert table(few, method="auto").borrow("city0", "one", (2016, 50.0), donor="province").projection is None
    lonely = figures[figures["region"].isin(["province", *CITIES[:8]])]
    alone = table(lonely, method="auto").borrow("city0", "one", (2016, 50.0), donor="province")
    assert not np.isnan(alone.path).any()
    assert alone.projection is None


def test_the_own_proxy_lends_its_own_projection() -> None:
    # 80, 90, 100, then 110: a tenth more of 30 is 33
    found = table(rows("city0", 2014, [80, 90, 100]), *EIGHT).borrow("city0", "one", (2016, 30.0), donor=OWN)
    assert found.path[0] == pytest.approx(33)
    assert found.lenders == ("city0",)
    assert np.isnan(table(*EIGHT).borrow("city0", "one", (2016, 30.0), donor=OWN).path).all()


def test_a_region_that_is_not_in_the_table_may_lend_to_itself() -> None:
    alone = table(rows("city0", 2014, [80, 90, 100])).donors
    found = table(*EIGHT).borrow("city0", "one", (2016, 30.0), donor=OWN, own=alone)
    assert found.path[0] == pytest.approx(33) and found.lenders == ("city0",)
    # known up to 2014 alone, it has too few points to lend
    then = table(*EIGHT).until(2014).borrow("city0", "one", (2014, 30.0), donor=OWN, own=alone.until(2014))
    assert np.isnan(then.path).all()


def test_a_proxy_must_do_better_than_no_change() -> None:
    # straight lines: drift is never wrong; ups and downs: it is wrong by more than no change
    lines = [rows(city, 2010, [100 + 5 * year for year in range(7)]) for city in CITIES]
    skill = table(*lines).skill("one", donor=OWN)
    assert skill.error == pytest.approx(0, abs=1e-12)
    assert (skill.better, skill.regions, skill.cases) == (True, 10, 10 * (4 + 3 + 2 + 1))
    swings = [rows(city, 2010, [100, 110, 100, 110, 100, 110, 100]) for city in CITIES]
    assert not table(*swings).skill("one", donor=OWN).better
    assert not table(*lines[:7]).skill("one", donor=OWN).better
    assert math.isnan(table(*EIGHT).skill("one", donor=OWN).error)


def moves_of(lent: np.ndarray, came: np.ndarray, at_bound: np.ndarray | None = None) -> Moves:
    place = np.argsort(lent, axis=-1)
    none = np.zeros((*lent.shape[:2], lent.shape[-1]), dtype=bool)
    order, count = np.take_along_axis(lent, place, axis=-1), (~np.isnan(lent)).sum(axis=-1)
    group = np.ones(lent.shape[-1], dtype=bool)
    bound = none if at_bound is None else at_bound
    return Moves(lent, came, bound, order, np.argsort(place, axis=-1), count, group)


@pytest.mark.parametrize("own", [None, 0, 7])
def test_medians_without_two_regions_a_slow_second_writing(own: int | None) -> None:
    rng = np.random.default_rng(3)
    lent = np.round(rng.normal(size=(6, 2, 3, 13)), 1)
    lent[rng.random(lent.shape) < 0.25] = np.nan
    found = moves_of(lent, lent).medians(own)
    for cell in np.ndindex(6, 2, 3):
        for region in range(13):
            kept = [x for other, x in enumerate(lent[cell]) if other not in (region, own) and not math.isnan(x)]
            expected = np.median(kept) if len(kept) >= 8 else math.nan
            np.testing.assert_allclose(found[(*cell, region)], expected)


def widths_of(sizes: list[float]) -> tuple[float, float]:
    """80 and 95 per cent points of errors of so many regions, one origin, one year ahead, a usual departure of 1."""
    errors = np.array(sizes).reshape(1, 1, 1, -1)
    none = np.zeros((1, 1, len(sizes)), dtype=bool)
    found = build_widths(errors, none, np.ones((1, 1)), np.zeros(1))
    half, tail = float(found.half[0, 0]), found.tail
    return half * math.sinh(tail * 1.281552) / tail, half * math.sinh(tail * 1.959964) / tail


def test_the_widths_reach_the_ranks_of_conformal_prediction() -> None:
    # of 19 errors the rank 0.8 * 20 / 19 is the 16th, 0.95 * 20 / 19 the 19th
    signs = np.where(np.arange(19) % 2, 1, -1)
    heavy = [*[0.5] * 15, 2.0, 3.0, 4.0, 8.0]
    assert widths_of((signs * heavy).tolist()) == pytest.approx((2, 8), rel=0.01)
    # thinner than normal tails are taken for normal: 16 at 80 per cent, 16 * 1.96 / 1.2816 = 24.47 at 95, not 19
    assert widths_of((signs * np.arange(1.0, 20)).tolist()) == pytest.approx((16, 24.47), rel=0.01)
    assert np.isnan(widths_of([1.0] * 7)).all()


def test_a_definition_seen_from_few_origins_is_drawn_to_what_is_common() -> None:
    # errors of 1 seen from three origins (weight 3/4) and of 4 from one (weight 1/2), the usual departure being 1:
    # common log (3/4 log 1 + 1/2 log 4) / (5/4) = 0.4 log 4; scales 4^(0.4 / 4) = 4^0.1 and 4^(0.5 + 0.5 * 0.4) = 4^0.7
    errors = np.full((3, 2, 1, 9), np.nan)
    errors[:, 0], errors[0, 1] = 1.0, 4.0
    found = build_widths(errors, np.zeros((3, 2, 9), dtype=bool), np.ones((2, 1)), np.zeros(1))
    assert found.half[1, 0] / found.half[0, 0] == pytest.approx(4**0.6)
    assert found.origins.tolist() == [3, 1]
    # with ten times the usual departure, ten times the width for the same share of it
    wider = build_widths(10 * errors, np.zeros((3, 2, 9), dtype=bool), np.full((2, 1), 10.0), np.zeros(1))
    np.testing.assert_allclose(wider.half, 10 * found.half)


def test_the_usual_departure_grows_with_the_years_that_are_not_seen() -> None:
    # one year: eight stand still and one moves by 9, roots 0 (eight) and 3: (3/9)^2 = 1/9; two years: by 36, 4/9;
    # three and four years were not seen: 3/2 and 2 times 4/9
    came = np.zeros((1, 1, 4, 9))
    came[0, 0, :2, 0] = 9, 36
    came[0, 0, 2:] = np.nan
    found = usual_departure(came, np.ones(9, dtype=bool))
    assert found[0] == pytest.approx([1 / 9, 4 / 9, 6 / 9, 8 / 9])


def test_a_share_at_its_bound_stays_with_the_odds_seen() -> None:
    # four of nine start at the bound; after a year three are still there: (3 + 1) / (4 + 2) = 2/3, and the normal
    # position of 1 - 2/3 is -0.4307; two years ahead was not seen: (2/3)^2 = 4/9, 0.1397
    came = np.full((1, 1, 2, 9), np.nan)
    came[0, 0, 0] = [0, 0, 0, -1, 0, 0, 0, 0, 0]
    at_bound = np.arange(9)[None, None] < 4
    found = stay_positions(moves_of(came, came, at_bound), np.ones(9, dtype=bool))
    assert found == pytest.approx([-0.4307, 0.1397], abs=1e-4)


def test_one_at_its_bound_has_those_odds_of_holding_it() -> None:
    # of the nine peers, 95 and 100 in turn, none ever stays at 100: five start there in 2010, four in 2011, ...
    swings = [
        rows(city, 2010, [(95.0, 100.0)[(year + number) % 2] for year in range(7)])
        for number, city in enumerate(CITIES)
    ]
    found = table(*swings, transfer=SHARE).borrow("elsewhere", "one", (2016, 100.0))
    assert found.path.tolist() == [100] * 4
    # a year ahead none of 30 stayed (ten regions, half of them at 100 in each of six years): 1/32
    assert found.probability(Target("positive", 100.0, year=2017)) == pytest.approx(1 / 32, abs=1e-4)


def test_what_is_unknown_or_twice_there_is_refused() -> None:
    one = table(*EIGHT)
    with pytest.raises(UsageError, match="unknown definition 'ome'; did you mean 'one'"):
        one.borrow("city0", "ome", (2016, 1.0))
    with pytest.raises(UsageError, match="unknown donor 'pears'; did you mean 'peers'"):
        one.borrow("city0", "one", (2016, 1.0), donor="pears")
    with pytest.raises(UsageError, match="a figure of 2017 cannot borrow what was known in 2016"):
        one.borrow("city0", "one", (2017, 1.0))
    with pytest.raises(UsageError, match="two figures of city1 in 2014"):
        table(*EIGHT, EIGHT[0])
    with pytest.raises(InputError, match="no figures of any region up to 2013"):
        table(*EIGHT, as_of=2013)


def test_without_peers_or_figures_nothing_is_lent() -> None:
    found = table(*EIGHT).borrow("city0", "one", (2010, 40.0))
    assert np.isnan(found.path).all() and found.lenders == ()
    province = table(rows("province", 2010, [100, 105, 110, 115, 120, 125, 130])).borrow("city0", "one", (2016, 26.0))
    assert np.isnan(province.path).all()
    lent = table(rows("province", 2010, [100, 105, 110, 115, 120, 125, 130]))
    above = lent.borrow("city0", "one", (2016, 26.0), donor="province")
    # 135 / 130 of 26 is 27; no peers that could tell how well
    assert above.path[0] == pytest.approx(27) and above.projection is None


@pytest.fixture(scope="module")
def checks() -> pd.DataFrame:
    store = read_store()
    last = int(benchmark.figures_of(store)["year"].max())
    return benchmark.check(benchmark.build_table(store, last))


def test_intervals_cover_what_came_in_the_cities(checks: pd.DataFrame) -> None:
    total = checks.assign(of=np.where(checks["origin"] == benchmark.ORIGIN, "2016", "others"))
    for found in (benchmark.summarise(checks.assign(of="all"), "of"), benchmark.summarise(checks, "ahead")):
        assert found["cover80"].between(76, 84).all()
        assert found["cover95"].between(92, 98).all()
    assert benchmark.summarise(total, "of")["cover95"].between(92, 98).all()
    assert len(checks) > 4_500


def test_borrowing_from_peers_is_better_than_no_change(checks: pd.DataFrame) -> None:
    found = benchmark.summarise(checks, "line")["ratio"]
    assert (found < 1.005).all()
    assert checks["error"].mean() < 0.95 * checks["still"].mean()

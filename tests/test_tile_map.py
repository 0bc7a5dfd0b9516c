"""The tile map: which tiles, how coloured, with which words."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from drawn import corners_of, gids, outside, overlaps, words_at
from made_up import PEER_REGIONS, peer_line, peered

from xk import charts
from xk.bench import Question, results_of, words_of
from xk.charts.tile_map import Tile, class_of, mapped_line, plot_tile_map, show_tile_map, show_tiles, tiles_of
from xk.readers import read_store

pytestmark = pytest.mark.usefixtures("style")
ATTAINED = {"city": 66.7, "north": 100.0, "south": 90.0}


def test_the_regions_of_a_parent_have_a_tile() -> None:
    tiles = tiles_of(PEER_REGIONS, "province", ATTAINED, "city")
    assert [(tile.region, tile.row, tile.column) for tile in tiles] == [
        ("city", 2, 1), ("north", 1, 1), ("south", 3, 1), ("east", 2, 2)
    ]  # fmt: skip
    assert [tile.own for tile in tiles] == [True, False, False, False]
    assert math.isnan(tiles[3].value), "no figure stays none"


def test_a_region_without_a_place_has_no_map() -> None:
    assert tiles_of(PEER_REGIONS, "china", {}) == []
    assert show_tile_map(peered(), PEER_REGIONS.assign(tile_row=[None, None, None, 1, 2, 3])).html == ""
    placeless = PEER_REGIONS.assign(tile_row=None)
    assert show_tile_map(peered(), placeless).html == ""


@pytest.mark.parametrize(("value", "place"), [(0, 0), (39.9, 0), (40, 1), (79.9, 2), (80, 3), (99.99, 3), (100, 4)])
def test_classes_begin_at_their_bounds(value: float, place: int) -> None:
    assert class_of(value) == place


def test_tiles_are_coloured_outlined_or_hatched() -> None:
    axes = plot_tile_map(peered(), tiles_of(PEER_REGIONS, "province", ATTAINED, "city"))
    # third row, first column: from 3 to 4 down, from 1 to 2 across, less the gap
    corners = corners_of(axes, "tile-south")
    assert (corners > [1, 3]).all() and (corners < [2, 4]).all()
    fills = {str(patch.get_gid()): patch.get_facecolor() for patch in axes.patches if patch.get_gid() != "key"}
    assert len({fills["tile-city"], fills["tile-north"], fills["tile-south"]}) == 3
    (empty,) = [patch for patch in axes.patches if patch.get_gid() == "empty-east"]
    assert empty.get_hatch() and "tile-east" not in gids(axes)
    assert (corners_of(axes, "own") == corners_of(axes, "tile-city")).all()
    assert words_at(axes, "value") == ["67", "100", "90", "—"]
    assert words_at(axes, "name") == ["某市", "北市", "南市", "东市"]
    assert {"没有数值", "低于40", "60—不足80", "已达目标（100）"} <= set(words_at(axes, "legend"))


def test_almost_reached_is_not_written_as_reached() -> None:
    axes = plot_tile_map(peered(), tiles_of(PEER_REGIONS, "province", {"city": 99.97}))
    assert "100" not in words_at(axes, "value")


NAMES = ["Guangzhou", "Zhongshan", "Yun'an District", "Shaoguan", "Zhanjiang", "Yangjiang", "Dongguan"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_of_a_wide_map_have_room(lang: str) -> None:
    words = peered(lang=lang)
    words.region_names = {name: name if lang == "en" else "阳江县级市" for name in NAMES}
    tiles = [Tile(name, row, place + 1, 99.97, own=False) for row in (1, 2) for place, name in enumerate(NAMES)]
    axes = plot_tile_map(words, tiles)
    assert overlaps(axes) == [] and outside(axes) == []


def test_colours_differ_in_grey() -> None:
    axes = plot_tile_map(peered(), [Tile("city", 1, place, value, own=False)
                                    for place, value in enumerate((10.0, 50.0, 70.0, 90.0, 100.0))])  # fmt: skip
    fills = [patch.get_facecolor() for patch in axes.patches if patch.get_gid() == "tile-city"]
    grey = [0.299 * red + 0.587 * green + 0.114 * blue for red, green, blue, _ in fills]
    assert all(after - before > 0.08 for before, after in zip(grey, grey[1:], strict=False))


def test_the_worst_line_that_half_of_the_regions_have_is_mapped() -> None:
    few = peer_line().latest.assign(attainment=[66.7, math.nan, math.nan, math.nan])
    held = peer_line(indicator="held")
    # 1 of 4 regions has a figure of the first line, which is the further from its target
    words = peered(peer_line(latest=few), held)
    assert mapped_line(words, None, 4) is held
    worse = peer_line()
    assert mapped_line(peered(worse, held), None, 4) is worse, "66.7 is less than 100"
    assert mapped_line(words, "second", 4) is None


def test_the_map_is_told_in_words_and_numbers() -> None:
    shown = charts.show_tile_map(peered(), PEER_REGIONS)
    html = shown.html.replace("\u00a0", " ")
    assert "1 指标：2016年各地实现程度（%）" in html
    assert "4个地区中4个有数值，1个已达目标。某市为66.7%。最低为某市（66.7%）。" in html
    order = [html.index(f">{name}</th>") for name in ("北市", "南市", "东市", "某市")]
    assert order == sorted(order)
    assert charts.show_tile_map(peered(), PEER_REGIONS, "second").html == ""


def test_figures_of_different_years_stand_without_a_year() -> None:
    peer = peer_line(latest=peer_line().latest.assign(year=[2016, 2016, 2015, 2016]))
    assert "各地最新实现程度" in charts.show_tile_map(peered(peer), PEER_REGIONS).html


def test_a_map_without_any_figure_says_so() -> None:
    tiles = tiles_of(PEER_REGIONS, "province", {}, "city")
    assert "4个地区都没有数值。" in show_tiles(peered(), tiles, "plain").html
    assert show_tiles(peered(), [], "plain").html == ""


def test_highest_and_lowest_where_none_has_reached_it() -> None:
    html = show_tiles(peered(lang="en"), tiles_of(PEER_REGIONS, "province", {"city": 50.0, "east": 75.0}), "plain").html
    assert "Highest is east (75.0\u00a0%), lowest 某市 (50.0\u00a0%)." in html


def test_places_may_be_whole_numbers_as_they_are_stored() -> None:
    stored = PEER_REGIONS.astype({"tile_row": "Int64", "tile_column": "Int64"})
    assert isinstance(stored, pd.DataFrame) and len(tiles_of(stored, "province", {})) == 4


def test_a_map_by_another_series_than_the_level_says_so_with_both_values() -> None:
    """1.8153 of 2.5 doctors are 72.6 % by the yearbook, by which cities compare; the 1.74 judged are 69.6 %."""
    store = read_store()
    words = words_of(Question(lang="en"), store, results_of(Question(lang="en"), store))
    said = show_tile_map(words, store.regions, "livelihood").html.replace("\u00a0", " ")
    assert "Yunfu is at 72.6 %." in said
    assert (
        "by another series, in which Yunfu has 1.82 persons; the one judged by has 1.74 persons in 2016, "
        "an attainment of 69.6 %." in said
    )
    assert "another series" not in show_tile_map(words, store.regions, "economy").html

"""A tile map: one square a region, placed roughly as on a map, coloured by the attainment of one line."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from xk.charts.frame import draw_legend, draw_scale, fold
from xk.charts.marks import TEXT, WIDTH, Margins, Style, draw_field, figure_of, new_axes, write_at
from xk.contracts.records import records
from xk.exhibits import Columns, Exhibit, Wording, figure, folded
from xk.exhibits.peer_words import say_level_beside
from xk.pipeline.peering import PeerLine
from xk.theme import INK, MUTED, PAPER, ink_on

TILE, WIDEST = 32.0, 66.0  # points: a tile's height, and its width at most
LEGEND, ROOM = 34.0, 4.0  # points: the legend below, and the edge of the sheet
GAP = 1.5  # points: between tiles
EDGE: Style = {"edgecolor": MUTED, "linewidth": 0.5}
EMPTY: Style = {"facecolor": "none", "hatch": "////", **EDGE}
BOUNDS: tuple[float, ...] = (40, 60, 80, 100)
"""Where one class of attainment ends and the next begins; 100 begins the last."""


@dataclass(frozen=True)
class Tile:
    """A region on the map: its place from the upper left, its attainment in per cent, NaN where there is no figure."""

    region: str
    row: int
    column: int
    value: float
    own: bool


def tiles_of(regions: pd.DataFrame, parent: object, attainment: Mapping[str, float], own: str = "") -> list[Tile]:
    """Return the regions of a parent that have a place on the map.

    Parameters
    ----------
    regions : DataFrame
        region, parent, tile_row, tile_column.
    parent : str
    attainment : mapping
        Region -> attainment in per cent; a region that it does not name has no figure.
    own : str
        The region that is outlined, if any.
    """
    here = (regions["parent"] == parent).fillna(False).astype(bool)
    placed = regions[here & regions["tile_row"].notna() & regions["tile_column"].notna()]
    return [
        Tile(row["region"], int(row["tile_row"]), int(row["tile_column"]),
             attainment.get(row["region"], math.nan), row["region"] == own)
        for row in records(placed)
    ]  # fmt: skip


def class_of(value: float) -> int:
    """Return in which class an attainment lies, the lowest being 0."""
    return sum(value >= bound for bound in BOUNDS)


def plot_tile_map(words: Wording, tiles: Sequence[Tile]) -> Axes:
    """Draw a tile for each region.

    Parameters
    ----------
    words : Wording
    tiles : sequence of Tile

    Returns
    -------
    Axes
        Gids ``tile-<region>``, ``empty-<region>`` for one without a figure, ``own`` for the outline, texts ``name``
        and ``value``.
    """
    first, last = min(tile.column for tile in tiles), max(tile.column for tile in tiles) + 1
    top, bottom = min(tile.row for tile in tiles), max(tile.row for tile in tiles) + 1
    wide = min((72 * WIDTH - 2 * ROOM) / (last - first), WIDEST)
    room = ROOM / 72
    margins = Margins(left=room, right=WIDTH - room - wide * (last - first) / 72, top=room, bottom=LEGEND / 72)
    axes = new_axes(WIDTH, (TILE * (bottom - top) + ROOM + LEGEND) / 72, margins)
    axes.set_xlim(first, last)
    axes.set_ylim(bottom, top)
    axes.spines[:].set_visible(False)
    for side in ("left", "bottom"):
        draw_scale(axes, side, [], [])
    _key(axes, words)
    for tile in tiles:
        _draw_tile(axes, words, tile, wide)
    draw_legend(axes, below=0.03)
    return axes


def _colours() -> list[str]:
    """Return the colours of the classes: dark is low, light is high, in grey too."""
    return [to_hex(mpl.colormaps["cividis"](share)) for share in (0.0, 0.3, 0.55, 0.78, 1.0)]


def _key(axes: Axes, words: Wording) -> None:
    """Put into the legend what the colours mean, the highest first, and that a hatched tile has no figure."""
    nowhere = (math.nan, math.nan)
    none: Style = {**EMPTY, "label": words.text("tilemap_no_figure"), "gid": "key"}
    draw_field(axes, nowhere, nowhere, **none)
    ends = [*BOUNDS, math.inf]
    for place, colour in enumerate(_colours()):
        low, high = BOUNDS[place - 1] if place else -math.inf, ends[place]
        key = "tilemap_below" if not place else "tilemap_reached" if math.isinf(high) else "tilemap_between"
        draw_field(axes, nowhere, nowhere, facecolor=colour, edgecolor=MUTED, linewidth=0.5, gid="key",
                   label=words.text(key, low=f"{low:g}", high=f"{high:g}"))  # fmt: skip


def _draw_tile(axes: Axes, words: Wording, tile: Tile, wide: float) -> None:
    across, up = GAP / wide, GAP / TILE
    x, y = (tile.column + across, tile.column + 1 - across), (tile.row + up, tile.row + 1 - up)
    known = not math.isnan(tile.value)
    colour = _colours()[class_of(tile.value)] if known else PAPER
    look: Style = {**EDGE, "facecolor": colour, "gid": f"tile-{tile.region}"}
    draw_field(axes, x, y, **(look if known else {**look, **EMPTY, "gid": f"empty-{tile.region}"}))
    if tile.own:
        draw_field(axes, x, y, facecolor="none", edgecolor=INK, linewidth=2.6, zorder=5, clip_on=False, gid="own")
    ink = ink_on(colour) if known else INK
    value = words.points(tile.value, 0) if known else words.text("dash")
    said = {"name": fold(words.region(tile.region), (wide - 2) / TEXT, lines=1), "value": value}
    ground: dict[str, str | float] = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.5, "alpha": 0.0 if known else 1}
    for (name, text), away in zip(said.items(), (1.0, -1.5), strict=True):
        write_at(axes, text, (tile.column + 0.5, tile.row + 0.5), (0, away), ha="center", color=ink, bold=tile.own,
                 va="bottom" if name == "name" else "top", zorder=6, bbox=ground, gid=name)  # fmt: skip


def mapped_line(words: Wording, domain: str | None, tiles: int) -> PeerLine | None:
    """Return the line whose map says most: of those that half of the regions have, the one with the least attainment.

    Parameters
    ----------
    words : Wording
    domain : str or None
    tiles : int
        Regions on the map.
    """
    lines, peers = words.results.lines, words.results.peers
    known = [
        peers[name]
        for name in words.results.scheme.lines_in(domain)
        if name in peers and 2 * peers[name].latest["attainment"].notna().sum() >= tiles
    ]
    worst = {peer.indicator: lines[peer.indicator].distance.attainment for peer in known}
    return min(known, key=lambda peer: (math.isnan(worst[peer.indicator]), worst[peer.indicator]), default=None)


def show_tile_map(words: Wording, regions: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return the map of the line that matters most in a domain; nothing where there is no such line, or no place.

    Parameters
    ----------
    words : Wording
    regions : DataFrame
        As `tiles_of` takes it.
    domain : str, optional
    """
    own = words.results.settings.region
    parent = dict(zip(regions["region"], regions["parent"], strict=True))[own]
    placed = tiles_of(regions, parent, {}, own)
    peer = mapped_line(words, domain, len(placed)) if any(tile.own for tile in placed) else None
    if peer is None:
        return Exhibit("")
    attained = dict(zip(peer.latest["region"], peer.latest["attainment"].tolist(), strict=True))
    years = {int(year) for year in peer.latest["year"]}
    year = years.pop() if len(years) == 1 else None
    beside = say_level_beside(words, peer)
    return show_tiles(words, tiles_of(regions, parent, attained, own), peer.indicator, year=year, beside=beside)


def show_tiles(
    words: Wording, tiles: Sequence[Tile], indicator: str, *, year: int | None = None, beside: str = ""
) -> Exhibit:
    """Return the map of one line, by slug or number, with its message and its figures; nothing without tiles.

    `beside`: what its note says of the own value by the series that is judged by, where that is another one.
    """
    if not tiles:
        return Exhibit("")
    slug = words.results.scheme.line(indicator).indicator
    key = "caption_tilemap" if year is None else "caption_tilemap_year"
    caption, message = words.text(key, line=words.line(slug), year=year), _message(words, tiles)
    outlined = words.text("tilemap_outlined") if any(tile.own for tile in tiles) else ""
    show = Columns(words)
    region = show.text("column_region", lambda tile: words.region(tile.region), head=True)
    best_first = sorted(tiles, key=lambda tile: (math.isnan(tile.value), -tile.value))
    data = folded(words, best_first, [region, show.points("column_attainment", "value")], caption)
    note = words.sentences(message, beside, words.text("note_tilemap"), outlined)
    drawn, identifier = figure_of(plot_tile_map(words, tiles)), f"map-{slug.replace('_', '-')}"
    alt = words.text("alt_tilemap", said=message)
    return figure(drawn, identifier, caption=caption, alt=alt, note=note, data=data)


def _message(words: Wording, tiles: Sequence[Tile]) -> str:
    """Return how many regions reached the target, the own attainment, the highest and the lowest."""
    known = sorted((tile for tile in tiles if not math.isnan(tile.value)), key=lambda tile: tile.value)
    if not known:
        return words.text("tilemap_all_empty", n=len(tiles))
    met = sum(tile.value >= 100 for tile in known)
    said = words.text("tilemap_said", n=len(tiles), known=len(known), met=met)
    low, high = known[0], known[-1]
    lowest, at = words.region(low.region), words.share(low.value)
    if met:  # then the highest are many alike
        ends = words.text("tilemap_lowest", region=lowest, value=at)
    else:
        highest, top = words.region(high.region), words.share(high.value)
        ends = words.text("tilemap_ends", lowest=lowest, low=at, highest=highest, high=top)
    own = [words.text("tilemap_own", region=words.region(tile.region), value=words.share(tile.value))
           for tile in known if tile.own]  # fmt: skip
    return words.sentences(said, *own, ends)

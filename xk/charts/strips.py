"""A region among its peers: the latest values of all of them and their paces, target and required pace marked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from xk.arithmetic.peers.base_rate import Pace
from xk.charts.frame import draw_scale, ems, fold, label_ticks, named_bound, spread, value_limits, write_title
from xk.charts.marks import TEXT, Margins, draw_dots, draw_hover, draw_line, figure_of, new_stack, write_at
from xk.contracts.records import Record, records
from xk.exhibits import Columns, Exhibit, Wording, bullets, folded, panels, paragraph
from xk.exhibits.peer_words import (
    is_comparable,
    measured_value,
    needed_said,
    pace_measure,
    pace_value,
    peer_value,
    place_said,
)
from xk.pipeline.peering import PeerLine
from xk.theme import GRID, INK, MUTED, PAPER, SERIES_COLOURS, STATUS_COLOURS

OPEN = 5  # lines whose strips no fold hides
MOST = 60  # regions of a strip; more would but hide each other, and make pages of many megabytes
WIDTH, SIDE = 2.3, 0.09  # inches: a panel, and left and right of its strips
NAME, HEAD, LABEL, BAND, SCALE = 23.0, 11.5, 11.5, 21.0, 14.0  # points: the parts of a panel from above
DOT, APART = 4.4, 3.9  # points: a mark's size, and between marks that would hide each other
TITLE_EMS = 16.2
OWN, ASKED, FASTEST = SERIES_COLOURS[0], STATUS_COLOURS["achieved"], SERIES_COLOURS[1]


@dataclass(frozen=True)
class Flag:
    """What is written above a strip: where it points, its words, its colour, in which row from below."""

    name: str
    at: float
    words: str
    colour: str = INK
    row: int = 0
    bold: bool = False


def peer_lines(words: Wording, domain: str | None) -> list[PeerLine]:
    """Return the lines of a domain that have a place among peers, the least attainment first, unknown ones last."""
    lines, peers = words.results.lines, words.results.peers
    found = [peers[name] for name in words.results.scheme.lines_in(domain) if name in peers and peers[name].now]
    attained = {peer.indicator: lines[peer.indicator].distance.attainment for peer in found}
    return sorted(found, key=lambda peer: (math.isnan(attained[peer.indicator]), attained[peer.indicator]))


def plot_strips(words: Wording, peer: PeerLine, *, hover: bool = False) -> list[Axes]:
    """Draw all regions' latest values on a strip, and their paces on one below it.

    Parameters
    ----------
    words : Wording
    peer : PeerLine
    hover : bool
        Whether each mark says which region it is to who points at it.

    Returns
    -------
    list of Axes
        One, or two where paces are known, on one sheet; gids ``peers``, ``own``, ``target``, ``required``,
        ``fastest``, ``head`` and ``label-<what>``; the first has the ``title``.
    """
    shown = [("value", _value_flags(words, peer), NAME + HEAD), ("pace", _pace_flags(words, peer), HEAD)]
    shown = [part for part in shown if peer.latest[part[0]].notna().any()]
    rows = []
    for _, flags, above in shown:
        top, below = above + LABEL * _label_rows(flags), SCALE / 72
        rows.append(((top + BAND + SCALE) / 72, Margins(left=SIDE, right=SIDE, top=top / 72, bottom=below)))
    drawn = new_stack(WIDTH, rows)
    for axes, (name, flags, _) in zip(drawn, shown, strict=True):
        _plot_strip(axes, words, peer, name, flags, hover=hover)
    status = words.results.lines[peer.indicator].status
    write_title(drawn[0], words.line(peer.indicator), TITLE_EMS, status=status)
    return drawn


def _label_rows(flags: Sequence[Flag]) -> int:
    return 1 + max((flag.row for flag in flags), default=0)


def _own(peer: PeerLine, name: str) -> float:
    own = peer.latest.loc[peer.latest["own"].astype(bool), name]
    return float(own.iloc[0]) if len(own) else math.nan


def _flag_own(words: Wording, peer: PeerLine, at: float, shown: str, others: Sequence[Flag]) -> list[Flag]:
    """Return what is written above the own mark: name and figure, the figure alone where there is no room for both."""
    if math.isnan(at):
        return []
    named = words.text("strip_own", region=words.region(peer.own_region), value=shown)
    flags = [Flag("own", at, said, bold=True) for said in (named, shown)]
    taken = sum(_text_width(flag) for flag in others if flag.row == 0)
    return flags[:1] if _text_width(flags[0]) + taken <= _width() else flags[1:]


def _value_flags(words: Wording, peer: PeerLine) -> list[Flag]:
    line, at = words.results.lines[peer.indicator].line, _own(peer, "value")
    ends = {"target": line.target_value, "target-low": line.target_low, "target-high": line.target_high}
    known = {name: end for name, end in ends.items() if is_comparable(peer) and not math.isnan(end)}
    found = [Flag(name, end, named_bound(words, end, line, name), ASKED) for name, end in known.items()]
    return _flag_own(words, peer, at, peer_value(words, peer, at), found) + found


def _pace_flags(words: Wording, peer: PeerLine) -> list[Flag]:
    at, rate, found = _own(peer, "pace"), peer.base_rate, []
    if rate is not None:
        shown = pace_value(words, rate.measure, rate.required, away=True)
        found.append(Flag("required", rate.required, words.text("strip_required", value=shown), ASKED))
        found += [] if rate.fastest is None else [_flag_fastest(words, peer, rate.fastest)]
    return _flag_own(words, peer, at, pace_value(words, peer.measure, at), found) + found


def _flag_fastest(words: Wording, peer: PeerLine, fastest: Pace) -> Flag:
    """Return who was fastest, when and how fast, a long name cut so that the rest has room."""
    region, first, last, value = fastest
    said: dict[str, object] = {"first": first, "last": last, "value": pace_value(words, peer.measure, value)}
    room = _width() / TEXT - 1 - ems(words.text("peers_window", region="", **said))
    name = fold(words.region(region), room, lines=1)
    return Flag("fastest", value, words.text("peers_window", region=name, **said), FASTEST, row=1)


def _plot_strip(axes: Axes, words: Wording, peer: PeerLine, name: str, flags: Sequence[Flag], *, hover: bool) -> None:
    known = _ranked(peer, name)
    others = known.loc[~known["own"].astype(bool), name].to_numpy(float)
    axes.set_xlim(*value_limits([*known[name], *(flag.at for flag in flags)], room=0.04))
    axes.set_ylim(-BAND / 2, BAND / 2)
    axes.spines[:].set_visible(False)
    point = np.diff(axes.get_xlim())[0] / _width()
    draw_line(axes, axes.get_xlim(), [0, 0], color=GRID, linewidth=1.0, gid="ground", zorder=0)
    for flag in flags:
        _draw_flag(axes, flag)
    draw_dots(axes, others, _heights(others / point), "o", DOT, markerfacecolor=MUTED, markeredgecolor=PAPER,
              markeredgewidth=0.5, alpha=0.75, clip_on=False, zorder=3, gid="peers")  # fmt: skip
    if hover:
        rows = [*records(known[~known["own"].astype(bool)]), *records(known[known["own"].astype(bool)])]
        at = [*_heights(others / point), *[0.0] * (len(rows) - others.size)]
        draw_hover(axes, [row[name] for row in rows], at, [_said_of(words, peer, name, row) for row in rows])
    _write_flags(axes, flags, point)
    draw_scale(axes, "left", [], [])
    label_ticks(axes, words, "bottom", nbins=4, marks=False)
    _write_head(axes, words, peer, name, BAND / 2 + LABEL * _label_rows(flags))


def _ranked(peer: PeerLine, name: str) -> pd.DataFrame:
    """Return the regions with a value or pace: all, or `MOST` of them evenly by rank, and the region itself."""
    known = peer.latest[peer.latest[name].notna()].sort_values(name, kind="stable")
    ranks = np.linspace(0, len(known) - 1, min(len(known), MOST)).round()
    return known[np.isin(np.arange(len(known)), ranks) | known["own"].to_numpy(dtype=bool)].sort_index()


def _said_of(words: Wording, peer: PeerLine, name: str, row: Record) -> str:
    """Return whose a mark is, and what it stands at."""
    shown = peer_value(words, peer, row[name]) if name == "value" else pace_value(words, peer.measure, row[name])
    return f"{words.region(row['region'])} {shown}"


def _width() -> float:
    """Return how wide a strip is, in points."""
    return 72 * (WIDTH - 2 * SIDE)


def _heights(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far above or below the middle each mark stands, in points, so that few hide each other.

    `places` are in points. A mark takes the row nearest to the middle that has room; where none has, the middle.
    """
    rows = np.array([0, 1, -1, 2, -2]) * APART
    last = np.full(rows.size, -math.inf)
    found = np.zeros(places.size)
    for place in np.argsort(places, kind="stable"):
        free = np.flatnonzero(places[place] - last >= DOT)
        row = int(free[0]) if free.size else 0
        last[row], found[place] = places[place], rows[row]
    return found


def _draw_flag(axes: Axes, flag: Flag) -> None:
    """Draw the mark of what is written above: a bar for what is asked, a shape of its own for each other."""
    if flag.name == "own":
        draw_dots(axes, [flag.at], [0], "D", 7, color=OWN, markeredgecolor=PAPER, markeredgewidth=1.0, clip_on=False,
                  zorder=6, gid="own")  # fmt: skip
    elif flag.name == "fastest":
        draw_dots(axes, [flag.at], [0], "^", 7, color=FASTEST, markerfacecolor=PAPER, markeredgewidth=1.5,
                  clip_on=False, zorder=5, gid="fastest")  # fmt: skip
    else:
        draw_line(axes, [flag.at] * 2, [-BAND / 2, BAND / 2], color=ASKED, linewidth=2.2, solid_capstyle="butt",
                  clip_on=False, zorder=4, gid=flag.name)  # fmt: skip


def _write_flags(axes: Axes, flags: Sequence[Flag], point: float) -> None:
    """Write the words of each row apart from each other, with a thin lead from each to its mark."""
    left, right = axes.get_xlim()
    for row in range(_label_rows(flags)):
        listed = [flag for flag in flags if flag.row == row]
        middles = [(flag.at - left) / point for flag in listed]
        widths = np.array([_text_width(flag) for flag in listed])
        places = spread(middles, widths, widths / 2, _width() - widths / 2)
        for flag, place in zip(listed, places, strict=True):
            at, low = left + place * point, BAND / 2 + LABEL * row
            draw_line(axes, [flag.at, flag.at, at], [0, BAND / 2, low + 2], color=flag.colour, linewidth=0.7,
                      clip_on=False, zorder=2, gid="lead")  # fmt: skip
            write_at(axes, flag.words, (at, low + 2), ha="center", va="bottom", bold=flag.bold, zorder=7,
                     bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.4}, gid=f"label-{flag.name}")  # fmt: skip


def _text_width(flag: Flag) -> float:
    return (ems(flag.words) * (1.06 if flag.bold else 1.0) + 0.8) * TEXT


def _write_head(axes: Axes, words: Wording, peer: PeerLine, name: str, low: float) -> None:
    """Write above a strip what it shows and in which unit."""
    line = words.results.lines[peer.indicator].line
    if name == "value":
        said, unit = words.text("strip_value"), words.measure(line)
    else:
        said, unit = words.text("column_pace"), pace_measure(words, line, peer.measure)
    head = fold(said + words.bracketed(unit), _width() / TEXT, lines=1)
    write_at(axes, head, (axes.get_xlim()[0], low), (0, 2), color=MUTED, va="bottom", gid="head")


def strip_message(words: Wording, peer: PeerLine) -> str:
    """Return what a pair of strips says: own value, place, required pace, whether anybody ever moved as fast."""
    result, value = words.results.lines[peer.indicator], _own(peer, "value")
    rate = peer.base_rate
    said = [place_said(words, peer, measured_value(words, peer, value))]
    said += [needed_said(words, result, rate)] if rate is not None else []
    return words.text("line_said", line=words.line(peer.indicator), said=words.several(said))


def show_strips(words: Wording, domain: str | None = None) -> Exhibit:
    """Return strips of the lines of a domain that are furthest from their targets, with a message for each.

    A sentence where no line has peers; the other lines are in `show_more_strips`.
    """
    found = peer_lines(words, domain)
    if not found:
        return paragraph(words.text("empty_peers"))
    names = [name for name in words.results.scheme.lines_in(domain) if name in words.results.peers]
    shown = {peer.indicator for peer in found}
    numbers = words.numbers(name for name in names if name not in shown)
    note = words.text("note_strips_without", numbers=numbers) if numbers else ""
    return _strips(words, found[:OPEN], "strips", note)


def show_more_strips(words: Wording, domain: str | None = None) -> Exhibit:
    """Return strips of the lines of a domain after those of `show_strips`; nothing where there are none."""
    found = peer_lines(words, domain)[OPEN:]
    return _strips(words, found, "more-strips") if found else Exhibit("")


def show_strip(words: Wording, indicator: str) -> Exhibit:
    """Return the strips of one line, whose marks say which region they are; a sentence where it has no peers."""
    peer = words.results.peers.get(words.results.line(indicator).indicator)
    if peer is None or peer.now is None:
        return paragraph(words.text("empty_peers"))
    return _strips(words, [peer], "strip", hover=True)


def _strips(
    words: Wording, found: Sequence[PeerLine], identifier: str, remark: str = "", *, hover: bool = False
) -> Exhibit:
    own = words.region(words.results.settings.region)
    numbers = words.numbers(peer.indicator for peer in found)
    caption = words.text("caption_strips", region=own, numbers=numbers)
    messages = [strip_message(words, peer) for peer in found]
    drawn = [figure_of(plot_strips(words, peer, hover=hover)[0]) for peer in found]
    until = max((peer.base_rate.until or 0 for peer in found if peer.base_rate is not None), default=0)
    until = until or words.results.settings.years()[0]
    some = words.text("note_strips_some", n=MOST) if max(len(peer.latest) for peer in found) > MOST else ""
    note = words.sentences(words.text("note_strips", region=own, until=until), some, remark)
    data = _data(words, found, caption)
    shown = panels(list(zip(drawn, messages, strict=True)), identifier, caption=caption, note=note, data=data)
    return shown + bullets(messages)


def _data(words: Wording, found: Sequence[PeerLine], caption: str) -> Exhibit | None:
    """Return the figures of the regions that are shown, the best first in each line."""
    rows, lines = [], words.results.lines
    for peer in found:
        falls = lines[peer.indicator].line.direction == "inverse"
        best_first = _ranked(peer, "value").sort_values("value", ascending=falls, kind="stable")
        rows += [row | {"peer": peer} for row in records(best_first)]
    show = Columns(words)
    columns = [
        show.group(lambda row: words.line(row["peer"].indicator)),
        show.text("column_region", lambda row: words.region(row["region"]), head=True),
        show.year("column_year"),
        show.number("column_value", lambda row: peer_value(words, row["peer"], row["value"])),
        show.number("column_pace", lambda row: pace_value(words, row["peer"].measure, row["pace"])),
        show.points("column_attainment", "attainment"),
    ]
    return folded(words, rows, columns, caption)

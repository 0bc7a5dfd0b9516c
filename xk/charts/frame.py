"""What stands around a drawing: scales along the axes, the legend below them.

Matplotlib's own ticks and legend lay themselves out anew at every drawing, which takes most of a small chart's time.
Here places are known when the chart is made: each label is one text, the marks of a scale are one line.

Common ground of the charts: text that fits, values as they are written, limits, the phases of the plan.
"""

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Unpack

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.markers import TICKDOWN, TICKLEFT, TICKUP, MarkerStyle
from matplotlib.patches import Patch, Polygon
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator
from matplotlib.transforms import ScaledTranslation, Transform
from numpy.typing import ArrayLike

from xk.charts.marks import TEXT, Style, draw_dots, draw_field, figure_of, write_at
from xk.contracts.scheme import Line
from xk.exhibits import Wording, number, published_decimals
from xk.theme import GRID, INK, MUTED, STATUS_COLOURS, STATUS_MARKERS
from xk.vocab import STATUSES, UNJUDGED, language

NARROW = 0.56  # width of a Latin letter in ems, with Noto Sans


def ems(text: str) -> float:
    """Return the width of a text in ems: 1 for a Chinese character, a little over half for a Latin one."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else NARROW for char in text)


def fold(text: str, width: float, *, lines: int) -> str:
    """Return `text` broken into at most `lines` of `width` ems; what does not fit is cut with an ellipsis.

    Chinese breaks anywhere but before closing punctuation, Latin text between words.
    """
    rows = [""]
    for piece in _pieces(text):
        if ems(rows[-1] + piece.rstrip()) <= width or not rows[-1] or piece[0] in "，。、；：）》”":
            rows[-1] += piece
        elif len(rows) < lines:
            rows.append(piece.lstrip())
        else:
            rows[-1] = _cut(rows[-1], width)
            break
    return "\n".join(row.rstrip() if ems(row.rstrip()) <= width + 1 else _cut(row, width) for row in rows)


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WF"
        if pieces[-1] and (wide or pieces[-1][-1] in " -/" or unicodedata.east_asian_width(pieces[-1][-1]) in "WF"):
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces


def _cut(row: str, width: float) -> str:
    while row and ems(row.rstrip() + "…") > width:
        row = row[:-1]
    return row.rstrip() + "…"


def tick_labels(words: Wording, ticks: Sequence[float]) -> list[str]:
    """Return values as they stand beside an axis, all with the same decimals and the same word for thousands."""
    largest = max((abs(tick) for tick in ticks), default=0.0)
    divisor, key = next(((size, key) for size, key in _big(words) if largest >= max(size, 1e6)), (1.0, ""))
    step = min((b - a for a, b in zip(ticks, ticks[1:], strict=False)), default=1.0) / divisor
    # as many decimals as say every tick as it stands: a step of 1.5 needs one, although it is above 1
    shown = [tick / divisor for tick in ticks]
    exact = (d for d in range(7) if all(abs(round(tick, d) - tick) <= 1e-6 * step for tick in shown))
    decimals = next(exact, 6)
    written = [number(tick, words.lang, decimals=decimals) for tick in shown]
    return [words.text(key, value=value) for value in written] if key else written


def _big(words: Wording) -> list[tuple[float, str]]:
    """Return the numbers that the language has a word for, with the key of the word, the highest first."""
    return [(10.0**power, f"big_1e{power}") for power in language(words.lang).powers]


def short_value(words: Wording, value: float, decimals: int | None, *, short_of: Sequence[float] = ()) -> str:
    """Return a value for a label in a chart; from a million on it is shortened to four figures and a word."""
    if not math.isfinite(value) or abs(value) < 1e6:
        decimals = published_decimals(value) if decimals is None else decimals
        return number(value, words.lang, decimals=decimals, short_of=short_of)
    size, key = next((size, key) for size, key in _big(words) if abs(value) >= size)
    short = value / size
    places = max(0, 3 - math.floor(math.log10(abs(short))))
    decimals, ends = min(places, published_decimals(short)), [x / size for x in short_of]
    written = number(short, words.lang, decimals=decimals, short_of=ends)
    return words.text(key, value=written)


def bound(words: Wording, value: float, line: Line, name: str) -> str:
    """Return a target as it is written beside its mark, with the side on which to be."""
    shown = short_value(words, value, None)
    return shown if name in ("target-low", "target-high") else words.bound(shown, line.direction)


def named_bound(words: Wording, value: float, line: Line, name: str) -> str:
    """Return a target as it is written with the word for what it is: target, stretch target, end of an interval."""
    return words.text(f"label_{name.replace('-', '_')}", value=bound(words, value, line, name))


def value_limits(values: Iterable[float], *, room: float = 0.18) -> tuple[float, float]:
    """Return the ends of an axis that holds `values`: room on both sides, and never a span of nearly nothing."""
    known = np.array([value for value in values if math.isfinite(value)], dtype=float)
    if not known.size:
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    least = 0.06 * max(abs(low), abs(high)) or 1.0
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
    span = high - low
    return low - room * span, high + room * span


def spread(places: Sequence[float], sizes: ArrayLike, low: ArrayLike, high: ArrayLike) -> list[float]:
    """Return the middles of things moved as little as needed to stand beside each other.

    Parameters
    ----------
    places : sequence of float
        Where the middles would be.
    sizes, low, high : float, or one for each
        How much room each takes, and between which places its middle stays where they all fit.
    """
    out = np.array(places, dtype=float)
    order = np.argsort(out, kind="stable")
    half, lowest, highest = (np.broadcast_to(part, out.shape) for part in (np.asarray(sizes) / 2, low, high))
    edge = -math.inf
    for i in order:
        out[i] = max(out[i], edge + half[i], lowest[i])
        edge = out[i] + half[i]
    edge = math.inf
    for i in order[::-1]:
        out[i] = min(out[i], edge - half[i], highest[i])
        edge = out[i] - half[i]
    return [float(place) for place in out]


def apart_at_edge(axes: Axes, values: Sequence[float], gap: float, *, edge: float = 0.0) -> list[float]:
    """Return where words stand beside values at the right edge: `gap` points apart, `edge` points from either end."""
    low, high = axes.get_ylim()
    point = (high - low) / (figure_of(axes).get_figheight() * axes.get_position().height * 72)
    return spread(values, gap * point, low + edge * point, high - edge * point)


def write_ends(
    axes: Axes, said: Mapping[str, tuple[float, str]], gap: float, *, edge: float = 0.0, away: float = 3.0
) -> None:
    """Write words (gid -> value, words) at the right edge beside their values, `gap` points apart (`apart_at_edge`)."""
    places = apart_at_edge(axes, [value for value, _ in said.values()], gap, edge=edge)
    for (gid, (_, shown)), place in zip(said.items(), places, strict=True):
        write_at(axes, shown, (1.0, place), (away, 0), on="row", va="center", gid=gid)


def month_place(month: str, *, end: bool) -> float:
    """Return where the start or end of a month (YYYY-MM) lies on an axis on which a year is centred on its tick."""
    year, part = (int(piece) for piece in month.split("-"))
    return year - 0.5 + (part - (0 if end else 1)) / 12


def plot_phases(axes: Axes, words: Wording, *, labels: bool = True) -> None:
    """Draw the phases of the plan as quiet bands (gid ``phase-1``, ...), numbered at the top."""
    for place, phase in enumerate(words.results.scheme.ordered_phases):
        start, end = month_place(phase["start"], end=False), month_place(phase["end"], end=True)
        shade = (0.28, 0.62)[place % 2]
        draw_field(axes, (start, end), (0, 1), transform=axes.get_xaxis_transform(), color=GRID, alpha=shade,
                   linewidth=0, zorder=0, gid=f"phase-{phase['phase']}")  # fmt: skip
        if labels:
            write_at(axes, _phase_mark(words, place + 1), ((start + end) / 2, 1.0), (0, 1), on="column", ha="center",
                     va="bottom", color=MUTED, gid=f"phase-label-{phase['phase']}")  # fmt: skip


def _phase_mark(words: Wording, place: int) -> str:
    return words.text(f"phase_mark_{place}") if place <= 4 else str(place)


def phase_note(words: Wording) -> str:
    """Return what the numbered bands mean, or nothing for a programme without phases."""
    said = [
        words.text("phase_named", mark=_phase_mark(words, place), name=phase[f"name_{words.lang}"],
                   start=words.month(phase["start"]), end=words.month(phase["end"]))
        for place, phase in enumerate(words.results.scheme.ordered_phases, start=1)
    ]  # fmt: skip
    return words.text("note_phases", phases=words.several(said)) if said else ""


def plot_marks(
    axes: Axes, x: ArrayLike, y: ArrayLike, status: str, *, size: float = 7.0, **style: Unpack[Style]
) -> None:
    """Draw the symbol of a status at places (gid ``status-<status>``): colour and shape, hollow where not judged."""
    colour = STATUS_COLOURS[status]
    looks: Style = {"markerfacecolor": "none" if status in UNJUDGED else colour, "markeredgewidth": 1.3, "zorder": 4}
    looks |= {"color": colour, "clip_on": False, "gid": f"status-{status}", **style}
    draw_dots(axes, x, y, STATUS_MARKERS[status], size, **looks)


def plot_statuses(
    axes: Axes, x: ArrayLike, y: ArrayLike, statuses: Sequence[str], *, words: Wording | None = None, size: float = 7.0
) -> None:
    """Draw the symbol of each status at its place, one status after the other; with `words` the legend names them."""
    x, y, marked = np.asarray(x), np.asarray(y), np.array(statuses)
    for status in STATUSES:
        label = words.text(f"status_{status}") if words else None
        plot_marks(axes, x[marked == status], y[marked == status], status, size=size, label=label)


def plot_status(axes: Axes, status: str) -> None:
    """Draw the symbol of a status in the upper left corner of a panel."""
    top = 1 - 0.1 / figure_of(axes).get_figheight()
    plot_marks(axes, [0.055], [top], status, size=6, markeredgewidth=1.2, zorder=2,
               transform=figure_of(axes).transFigure)  # fmt: skip


def write_title(axes: Axes, title: str, width: float, *, status: str = "") -> None:
    """Write the title of a panel in two lines at most of `width` ems, behind the symbol of a status if it has one."""
    if status:
        plot_status(axes, status)
    at = (0.105 if status else 0.02, 1 - 0.015 / figure_of(axes).get_figheight())
    write_at(axes, fold(title, width, lines=2), at, on="figure", va="top", linespacing=1.15, gid="title")


TICK, LEGEND = "tick", "legend"
"""The gids of a scale's labels, and of what a legend is made of."""

EM = TEXT / 72  # inches
KEY, KEY_ROOM, BETWEEN, ROW = 1.8, 2.3, 1.2, 1.5  # ems: of a key, with the space behind it, between columns, of a row
LENGTH, PAD = 4.8, 3.5  # points: of the marks of a scale, between them and the labels
_MARKS = {"bottom": MarkerStyle(TICKDOWN), "top": MarkerStyle(TICKUP), "left": MarkerStyle(TICKLEFT)}


def draw_scale(
    axes: Axes, side: str, places: Sequence[float], labels: Sequence[str], *, marks: bool = True, size: float = TEXT
) -> None:
    """Write `labels` at `places` along one side of the axes, within their limits as they are now.

    Parameters
    ----------
    axes : Axes
    side : str
        "bottom", "top" or "left".
    places : sequence of float
        In data coordinates.
    labels : sequence of str
        One a place; an empty one leaves its mark.
    marks : bool
        Whether a short line marks each place.
    size : float
        Of the labels, in points.
    """
    axis, ends = (axes.yaxis, axes.get_ylim()) if side == "left" else (axes.xaxis, axes.get_xlim())
    axis.set_visible(False)
    axis.set_major_locator(FixedLocator(list(places)))
    axis.set_major_formatter(FixedFormatter(list(labels)))
    shown = [(at, label) for at, label in zip(places, labels, strict=True) if min(ends) <= at <= max(ends)]
    length = LENGTH if marks else 0.0
    if marks and shown:
        _draw_marks(axes, side, [at for at, _ in shown])
    where = {"bottom": axes.get_xaxis_text1_transform, "top": axes.get_xaxis_text2_transform,
             "left": axes.get_yaxis_text1_transform}[side]  # fmt: skip
    transform, upright, across = where(length + PAD)
    for at, label in shown:
        place = (0.0, at) if side == "left" else (at, float(side == "top"))
        if label:
            axes.text(*place, label, transform=transform, va=upright, ha=across, fontsize=size, color=INK, gid=TICK)


def _draw_marks(axes: Axes, side: str, places: Sequence[float]) -> None:
    edge = [float(side == "top")] * len(places)
    at = (edge, places) if side == "left" else (places, edge)
    transform = axes.get_yaxis_transform() if side == "left" else axes.get_xaxis_transform()
    axes.add_artist(Line2D(*at, transform=transform, linestyle="none", marker=_MARKS[side], markersize=LENGTH,
                           color=MUTED, markeredgewidth=1.0, clip_on=False, gid="marks"))  # fmt: skip


def drop_scale(axes: Axes, side: str) -> None:
    """Leave one side of the axes without a line and without labels."""
    axes.spines[side].set_visible(False)
    draw_scale(axes, side, [], [])


def label_years(axes: Axes, first: float, last: float, *, ends_only: bool = False, size: float = TEXT) -> None:
    """Put whole years under the axis, or just the first and the last."""
    ticks = MaxNLocator(integer=True, nbins=7, min_n_ticks=2).tick_values(*axes.get_xlim())
    years = [math.ceil(first), math.floor(last)] if ends_only else [year for year in ticks if first <= year <= last]
    draw_scale(axes, "bottom", years, [f"{year:.0f}" for year in years], size=size)


def label_values(axes: Axes, words: Wording, bounds: tuple[float, float]) -> None:
    """Put values beside the axis, none beyond a natural bound; big ones are shortened by a word."""
    ends = max(bounds[0] - 1e-9, axes.get_ylim()[0]), min(bounds[1] + 1e-9, axes.get_ylim()[1])
    ticks = MaxNLocator(nbins=5, min_n_ticks=3, steps=[1, 2, 5, 10]).tick_values(*axes.get_ylim())
    ticks = [tick for tick in ticks if ends[0] <= tick <= ends[1]]
    draw_scale(axes, "left", ticks, tick_labels(words, ticks))


def label_ticks(axes: Axes, words: Wording, side: str, *, nbins: int = 6, marks: bool = True) -> None:
    """Put round figures along one side of the axes, from one end to the other."""
    low, high = axes.get_ylim() if side == "left" else axes.get_xlim()
    ticks = [
        tick for tick in MaxNLocator(nbins=nbins, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= tick <= high
    ]
    draw_scale(axes, side, ticks, tick_labels(words, ticks), marks=marks)


def label_amounts(axes: Axes, words: Wording, title: str) -> None:
    """Put round figures from 0 on under the axis, and below them what they measure."""
    ticks = [float(tick) for tick in MaxNLocator(nbins=8, steps=[1, 2, 5, 10]).tick_values(*axes.get_xlim())]
    draw_scale(axes, "bottom", ticks, tick_labels(words, ticks))
    name_scale(axes, title)


def name_scale(axes: Axes, title: str, *, across: Literal["left", "center"] = "center") -> None:
    """Write what the scale at the bottom measures below its labels."""
    below = LENGTH + PAD + 1.2 * TEXT + 2
    at = (0.0 if across == "left" else 0.5, 0)
    write_at(axes, title, at, (0, -below), on="axes", ha=across, va="top", gid="scale")


def draw_legend(axes: Axes, *, below: float) -> None:
    """Put the legend `below` inches under the axes; what was drawn last, and so lies on top, comes first.

    A second call replaces what the first one drew.
    """
    for old in [child for child in axes.get_children() if child.get_gid() == LEGEND]:
        old.remove()
    handles, labels = axes.get_legend_handles_labels()
    handles, labels = handles[::-1], labels[::-1]
    if not handles:
        return
    # inches from the axes' lower left corner
    corner = figure_of(axes).dpi_scale_trans + ScaledTranslation(0, 0, axes.transAxes)  # type: ignore[arg-type]
    left = 0.0
    for part in np.array_split(np.arange(len(labels)), _columns_that_fit(axes, labels)):
        for row, place in enumerate(part):
            middle = -below - (0.4 + (row + 0.5) * ROW) * EM
            _draw_key(axes, handles[place], (left, middle), corner)
            axes.text(left + KEY_ROOM * EM, middle - 0.36 * EM, labels[place], transform=corner, fontsize=TEXT,
                      color=INK, va="baseline", gid=LEGEND)  # fmt: skip
        left += (KEY_ROOM + BETWEEN + max((ems(labels[place]) for place in part), default=0.0)) * EM


def _draw_key(axes: Axes, of: Artist, at: tuple[float, float], corner: Transform) -> None:
    """Draw a short piece of what a label stands for: a line with one mark in its middle, or a small field."""
    x, y = at
    key: Line2D | Polygon
    right, low, high = x + KEY * EM, y - 0.35 * EM, y + 0.35 * EM
    if isinstance(of, Line2D):
        key = Line2D([x, (x + right) / 2, right], [y, y, y])
        key.update_from(of)
        key.set_markevery([1])
    elif isinstance(of, Patch):
        key = Polygon([(x, low), (right, low), (right, high), (x, high)], closed=True)
        key.update_from(of)
    else:
        raise TypeError(f"the legend has no key for a {type(of).__name__}")
    key.set(transform=corner, clip_on=False, label=None, gid=LEGEND)
    axes.add_artist(key)


def _columns_that_fit(axes: Axes, labels: Sequence[str]) -> int:
    """Return how many columns of labels, at most three, stand beside each other on the sheet."""
    room = figure_of(axes).get_figwidth() * (1 - axes.get_position().x0) * 72 / TEXT
    for columns in (3, 2):
        parts = [part for part in np.array_split(np.array([ems(label) for label in labels]), columns) if part.size]
        if sum(part.max() + KEY_ROOM for part in parts) + BETWEEN * (columns - 1) <= room:
            return columns
    return 1

"""Reliability diagrams: what was stated against how often it came true, with counts and two standard errors."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from xk.arithmetic.calibration import EDGES, FEWEST, OddsClass
from xk.charts.frame import draw_scale, fold
from xk.charts.marks import TEXT, Margins, draw_dots, draw_line, figure_of, new_axes, write_at
from xk.contracts.records import Record
from xk.exhibits import Column, Columns, Exhibit, Wording, folded, number, panels, paragraph
from xk.pipeline.lending_review import LendingReview
from xk.pipeline.review import Review
from xk.theme import GRID, INK, SERIES_COLOURS, STATUS_COLOURS

WIDTH, HEIGHT = 2.3, 2.35
MARGINS = Margins(left=0.4, right=0.12, top=0.28, bottom=0.3)
TICKS = (0, 20, 40, 60, 80, 100)


def plot_reliability(words: Wording, classes: Sequence[OddsClass], title: str) -> Axes:
    """Draw the share that came true over the odds that were stated, a dot a class, its cases beside it.

    Returns
    -------
    Axes
        gids: even (what is stated comes true as often), band (two standard errors about it), share (within the band, or
        with too few cases to tell: hollow), off (outside of it).
    """
    axes = new_axes(WIDTH, HEIGHT, MARGINS)
    axes.set_xlim(-4, 104)
    axes.set_ylim(-4, 112)
    draw_line(axes, [0, 100], [0, 100], color=GRID, linewidth=1.0, gid="even")
    for one in (each for each in classes if each.cases):
        x, y, around = 100 * one.stated, 100 * one.share, 100 * one.band
        ends = max(0.0, x - around), min(100.0, x + around)
        draw_line(axes, [x, x], ends, color=SERIES_COLOURS[0], alpha=0.3, linewidth=5, solid_capstyle="butt",
                  gid="band")  # fmt: skip
        is_off = one.enough and not one.holds
        colour = STATUS_COLOURS["regressing"] if is_off else INK
        draw_dots(axes, [x], [y], "X" if is_off else "o", 5, color=colour, gid="off" if is_off else "share",
                  markerfacecolor=colour if one.enough else "none")  # fmt: skip
        count = number(one.cases, words.lang, decimals=0)
        write_at(axes, count, (x, max(y, ends[1])), (0, 4), ha="center", va="bottom", fontsize=TEXT - 1.2, gid="count")
    labels = [str(tick) for tick in TICKS]
    draw_scale(axes, "left", TICKS, labels, size=TEXT - 0.6)
    draw_scale(axes, "bottom", TICKS, labels, size=TEXT - 0.6)
    write_at(axes, fold(title, 22, lines=1), (0.02, 0.99), on="figure", va="top", gid="title")
    return axes


def show_reliability(words: Wording, review: Review, lending: LendingReview, card: Record | None = None) -> Exhibit:
    """Return a diagram a claim: of the reviewed series, of borrowed trends, and of the odds that were published.

    `card`: what came of the published ones (see `build_card`).
    """
    found = {**review.reliability, "borrowed": lending.reliability}
    if card and card["total"]["scored"]:
        found["published"] = tuple(
            OddsClass(low, high, cases, came, cases, stated if cases else float("nan"))
            for low, high, (cases, came, stated) in zip(EDGES, EDGES[1:], card["total"]["classes"], strict=False)
        )
    able = {claim: classes for claim, classes in found.items() if any(one.enough for one in classes)}
    few = [words.text(f"claim_{claim}") for claim in found if claim not in able]
    left = words.text("reliability_few", names=words.listed(few), n=FEWEST) if few else ""
    if not able:
        return paragraph(left)
    drawn = []
    for claim, classes in able.items():
        title = words.text(f"claim_{claim}")
        told = [one for one in classes if one.enough]
        inside = sum(one.holds for one in told)
        cases = sum(one.cases for one in classes)
        alt = words.text("alt_reliability", claim=title, n=len(told), inside=inside, cases=cases)
        drawn.append((figure_of(plot_reliability(words, classes, title)), alt))
    caption = words.text("caption_reliability")
    note = words.sentences(words.text("note_reliability", n=FEWEST), left)
    rows = [{"claim": claim, "one": one} for claim, classes in found.items() for one in classes if one.cases]
    return panels(drawn, "reliability", caption=caption, note=note, data=folded(words, rows, _columns(words), caption))


def _columns(words: Wording) -> list[Column]:
    def share(value: float) -> str:
        return words.share(100 * value)

    def told(row: Record) -> str:
        one: OddsClass = row["one"]
        key = "too_few" if not one.enough else "holds" if one.holds else "off"
        return words.text(f"reliability_{key}")

    show = Columns(words)
    return [
        show.group(lambda row: words.text(f"claim_{row['claim']}")),
        show.number("column_odds_stated", lambda row: share(row["one"].stated)),
        show.number("column_odds_share", lambda row: share(row["one"].share)),
        show.number("column_odds_band", lambda row: share(row["one"].band)),
        show.number("column_odds_cases", lambda row: number(row["one"].cases, words.lang, decimals=0)),
        show.number("column_odds_apart", lambda row: number(row["one"].independent, words.lang, decimals=0)),
        show.text("column_odds_told", told),
    ]

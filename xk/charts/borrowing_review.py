"""How well borrowing would have served the peers: coverage by years ahead, and who lends to the region now."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from xk.charts.frame import draw_scale
from xk.charts.marks import TEXT, WIDTH, Margins, draw_dots, draw_line, figure_of, new_axes, write_at
from xk.contracts.records import Record, grouped
from xk.exhibits import Columns, Exhibit, Wording, bullets, figure, fold, join, number
from xk.exhibits.peer_words import counted_regions
from xk.pipeline.lending_review import LendingReview, ProxyCheck, count_served
from xk.theme import SERIES_COLOURS

HEIGHT, LEAST = 2.0, 50
MARGINS = Margins(left=0.45, right=0.95, top=0.12, bottom=0.72)
LEVELS = (80, 95)


def show_borrowing(words: Wording, review: LendingReview) -> Exhibit:
    """Return what borrowing would have been worth: in words, as a chart, line by line under a fold."""
    said = bullets(borrowing_points(words, review))
    lenders = table_lenders(words, review)
    if not len(review.cases):
        return join([said, fold(words.text("fold_lenders"), lenders)]) if review.trends else said
    known = count_served(review.part(after=False))
    alt = words.text("alt_served", **{name: words.share(known[name]) for name in ("in80", "in95")})
    drawn = figure(figure_of(plot_served(words, review)), "served", caption=words.text("caption_served"), alt=alt,
                   note=words.text("note_served", year=review.as_of))  # fmt: skip
    return join([said, drawn, fold(words.text("fold_served"), table_served(words, review), lenders)])


def borrowing_points(words: Wording, review: LendingReview) -> list[str]:
    """Return how often the intervals held, which proxies lend, and who lends to the region."""
    among = counted_regions(words, review.peers, review.level)
    facts = {"parent": words.region(review.parent), "among": among, "year": review.as_of}
    known, later = (count_served(review.part(after=after)) for after in (False, True))
    if not known["cases"]:
        return [words.text("served_nobody", region=words.region(review.region)), _said_of_lenders(words, review)]
    said = [words.text("served_known", **facts, ahead=int(review.cases["ahead"].max()), **_told(words, known))]
    said += [words.text("served_later", **facts, **_told(words, later))] if later["cases"] else []
    return [*said, *_said_of_proxies(words, review.proxies), _said_of_lenders(words, review)]


def _told(words: Wording, counts: dict[str, float]) -> dict[str, str]:
    """Return a count of cases in words."""
    shares = {name: words.share(counts[name]) for name in ("in80", "in95")}
    return {"n": number(counts["cases"], words.lang, decimals=0), "ratio": _ratio(words, counts), **shares}


def _ratio(words: Wording, counts: dict[str, float]) -> str:
    return number(counts["ratio"], words.lang, decimals=2)


def _said_of_proxies(words: Wording, proxies: Sequence[ProxyCheck]) -> list[str]:
    found = {fate: [one.indicator for one in proxies if one.verdict == fate] for fate in
             ("used", "failed", "untold")}  # fmt: skip
    parts = [words.text(f"proxies_{fate}", n=len(named), numbers=words.numbers(named)) for fate, named in found.items()
             if named]  # fmt: skip
    return [words.text("served_proxies", said=words.several(parts))] if parts else []


def _said_of_lenders(words: Wording, review: LendingReview) -> str:
    region, borrowed = words.region(review.region), review.trends
    if not borrowed:
        return words.text("lenders_none", region=region)
    untold = [name for name, trend in borrowed.items() if trend.doubt == "untested"]
    lenders = ["peers" if one.peers else "own" if one.region == review.region else "other" for one in borrowed.values()]
    counts = {by: lenders.count(by) for by in ("peers", "own", "other")}
    said = words.text("lenders_said", region=region, n=len(borrowed), **counts)
    return said + (words.text("lenders_untold", n=len(untold), numbers=words.numbers(untold)) if untold else "")


def plot_served(words: Wording, review: LendingReview) -> Axes:
    """Draw the share of outcomes within the intervals by years ahead, against what they promise.

    Returns
    -------
    Axes
        gids: nominal-80, known-80 (outcomes up to the last known year), later-80 (those after it), and of 95.
    """
    axes = new_axes(WIDTH, HEIGHT, MARGINS)
    counts = [row for row in review.counts if "indicator" not in row]
    ahead = [int(row["ahead"]) for row in counts]
    axes.set_xlim(0.6, ahead[-1] + 0.4)
    axes.set_ylim(LEAST, 102)
    draw_scale(axes, "left", [60, 80, 95, 100], ["60", "80", "95", "100"], size=TEXT - 0.6)
    for level, colour in zip(LEVELS, SERIES_COLOURS, strict=False):
        draw_line(axes, [0.6, ahead[-1] + 0.4], [level, level], color=colour, linewidth=0.8, alpha=0.6,
                  gid=f"nominal-{level}")  # fmt: skip
        shares = {part: [row[part][f"in{level}"] for row in counts] for part in ("known", "later")}
        draw_line(axes, ahead, shares["known"], color=colour, linewidth=1.2)
        draw_dots(axes, ahead, shares["known"], "o", 4.5, color=colour, gid=f"known-{level}")
        draw_dots(axes, ahead, shares["later"], "o", 4.5, color=colour, markerfacecolor="none", gid=f"later-{level}")
        write_at(axes, words.text("legend_interval", level=level), (1, level), (4, 0), on="row", va="center",
                 color=colour, gid=f"name-{level}")  # fmt: skip
    draw_scale(axes, "bottom", ahead, [words.ahead(year) for year in ahead], size=TEXT - 0.6)
    for row in counts:
        for place, part in enumerate(("known", "later"), start=1):
            n = words.text(f"served_{part}_n", n=number(row[part]["cases"], words.lang, decimals=0))
            write_at(axes, n, (row["ahead"], 0), (0, -7 - 10 * place), on="column", ha="center", va="top", gid="count",
                     fontsize=TEXT - 0.6)  # fmt: skip
    return axes


def table_served(words: Wording, review: LendingReview) -> Exhibit:
    """Return coverage and error by line and years ahead, of what was known and of what came later."""
    alike = grouped((row for row in review.counts if "indicator" in row), lambda row: row["indicator"])
    known = {line: list(dict.fromkeys(row["definition"] for row in each)) for line, each in alike.items()}

    def name(row: Record) -> str:
        if "indicator" not in row:
            return words.text("all_lines")
        line, names = words.line(row["indicator"]), known[row["indicator"]]
        at = names.index(row["definition"]) + 1
        return line if len(names) == 1 else words.text("series_numbered", name=line, n=at)

    show = Columns(words)
    columns = [
        show.group(name),
        show.text("column_ahead", lambda row: words.ahead(row["ahead"]), head=True),
        *(
            show.number(f"column_{after}_{name}", lambda row, part=(after, name): _cell(words, row[part[0]], part[1]))
            for after in ("known", "later")
            for name in ("cases", "in80", "in95", "ratio")
        ),
    ]
    return show.table("served_lines", review.counts, columns, note=True)


def _cell(words: Wording, counts: dict[str, float], name: str) -> str:
    if not counts["cases"]:
        return words.text("dash")
    if name == "ratio":
        return _ratio(words, counts)
    return number(counts[name], words.lang, decimals=0 if name == "cases" else 1)


def table_lenders(words: Wording, review: LendingReview) -> Exhibit:
    """Return who lends to which line of the region now, and whether anything tells how far that goes wrong."""
    rows = [{"indicator": name, "trend": review.trends[name]} for name in words.results.scheme.lines
            if name in review.trends]  # fmt: skip

    def tested(row: Record) -> str:
        return words.text("lender_untested" if row["trend"].doubt == "untested" else "lender_tested")

    show = Columns(words)
    columns = [
        show.line(),
        show.text("column_lender", lambda row: words.reference(row["trend"])),
        show.text("column_lender_tested", tested),
    ]
    return show.table("lenders", rows, columns, empty=True)

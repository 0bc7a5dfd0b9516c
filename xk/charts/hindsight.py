"""Projections of the past beside what happened: a small panel for each series."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from xk.charts.frame import draw_scale, fold, label_years, tick_labels, value_limits
from xk.charts.marks import TEXT, Margins, draw_dots, draw_interval, draw_line, figure_of, new_axes, write_at
from xk.contracts.records import Record, grouped, records, records_by, text_of
from xk.exhibits import Column, Columns, Exhibit, Wording, bullets, number, panels, table
from xk.pipeline.review import Review
from xk.theme import INK, SERIES_COLOURS, STATUS_COLOURS

WIDTH, HEIGHT = 2.3, 1.6
MARGINS = Margins(left=0.5, right=0.12, top=0.42, bottom=0.24)
TITLE_EMS, BEFORE = 17.5, 12
ALPHAS = (0.16, 0.3)  # of the wider interval and the narrower


def plot_review_panel(
    words: Wording, rows: list[Record], history: list[Record], *, origin: int, title: str = ""
) -> Axes:
    """Draw one series: known figures, what was projected from the origin with its intervals, what happened.

    Parameters
    ----------
    words : Wording
    rows : list of mappings
        The review's rows of the series.
    history : list of mappings
        Its observations (year, value).
    origin : int
        Last year that the projection knew.
    title : str
        What the series is called (see `series_titles`).

    Returns
    -------
    Axes
        gids: known, projected, happened, missed (outside the widest interval).
    """
    axes = new_axes(WIDTH, HEIGHT, MARGINS)
    known = sorted((int(row["year"]), float(row["value"])) for row in history if 0 <= origin - row["year"] <= BEFORE)
    ahead = [(int(row["year"]), float(row["value"])) for row in rows]
    levels = sorted((name[7:] for name in rows[0] if name.startswith("covered")), key=float)[::-1]
    for level, alpha in zip(levels, ALPHAS, strict=False):
        low, high = ([row[f"{end}{level}"] for row in rows] for end in ("lo", "hi"))
        draw_interval(axes, float(level), [year for year, _ in ahead], low, high, alpha=alpha)
    draw_line(axes, *_apart(known), color=INK, linewidth=1.4, gid="known")
    draw_line(axes, *_apart([*known[-1:], *ahead]), color=SERIES_COLOURS[0], linestyle=(0, (4, 2)), linewidth=1.3,
              gid="projected")  # fmt: skip
    for gid, is_out, colour, mark in ("happened", False, INK, "o"), ("missed", True, STATUS_COLOURS["regressing"], "X"):
        part = [(row["year"], row["actual"]) for row in rows if (row[f"covered{levels[0]}"] == 0) == is_out]
        draw_dots(axes, *_apart(part), mark, 4, color=colour, gid=gid)
    values = [value for _, value in [*known, *ahead]] + [float(row["actual"]) for row in rows]
    axes.set_ylim(*value_limits([*values, *(float(row[f"lo{levels[-1]}"]) for row in rows)]))
    first, last = known[0][0], ahead[-1][0]
    axes.set_xlim(first - 0.5, last + 0.5)
    ticks = [float(tick) for tick in MaxNLocator(nbins=4).tick_values(*axes.get_ylim())]
    draw_scale(axes, "left", ticks, tick_labels(words, ticks), size=TEXT - 0.6)
    label_years(axes, first, last, ends_only=True, size=TEXT - 0.6)
    write_at(axes, fold(title, TITLE_EMS, lines=2), (0.02, 0.99), on="figure", va="top", linespacing=1.15, gid="title")
    return axes


def _apart(points: list[tuple[int, float]]) -> tuple[list[int], list[float]]:
    return [year for year, _ in points], [value for _, value in points]


def series_titles(words: Wording, review: Review) -> dict[str, str]:
    """Return series -> region, line, unit and prices, with a number where several of a line have all that alike."""
    found: dict[str, list[str]] = {}
    for row in records(review.rows.drop_duplicates("series")):
        said = words.bracketed(words.in_prices(row["unit"], text_of(row["price_base"])))
        name = f"{words.region(row['region'])} {words.line(row['indicator'])}{said}"
        found.setdefault(name, []).append(row["series"])
    return {
        series: name if len(alike) == 1 else words.text("series_numbered", name=name, n=at)
        for name, alike in found.items()
        for at, series in enumerate(alike, 1)
    }


def show_review(words: Wording, review: Review, observations: pd.DataFrame) -> Exhibit:
    """Return a panel for each reviewed series, in the order of the review."""
    drawn, level, names = [], f"{review.level:g}", series_titles(words, review)
    seen = observations.loc[observations["series"].isin(review.rows["series"]), ["series", "segment", "year", "value"]]
    # only the segment that was projected: a series is never joined across a break
    last = seen["segment"].where(seen["year"] <= review.origin).groupby(seen["series"]).transform("max")
    histories = records_by(seen[seen["segment"] == last], "series")
    for series, rows in records_by(review.rows, "series").items():
        name = names[series]
        axes = plot_review_panel(words, rows, histories[series], origin=review.origin, title=name)
        inside = sum(int(row[f"covered{level}"]) for row in rows)
        alt = words.text("alt_review", name=name, inside=inside, n=len(rows), level=level)
        drawn.append((figure_of(axes), alt))
    caption, note = words.text("caption_review_panels"), words.text("note_review_panels", origin=review.origin)
    return panels(drawn, "review", caption=caption, note=note)


def review_points(words: Wording, review: Review) -> Exhibit:
    """Return the message of the review: how many years lay inside, how that compares with no change."""
    rows = review.rows
    region, method = words.results.settings.region, words.text(f"method_{words.results.settings.method}")
    said = [words.text("review_scope", origin=review.origin, last=int(rows["year"].max()), years=len(rows),
                       series=rows["series"].nunique(), method=method)]  # fmt: skip
    if region not in set(rows["region"]):
        said.append(words.text("review_none_here", region=words.region(region)))
    whole = review.coverage[(review.coverage["region"] == "all") & (review.coverage["horizon"] == 0)]
    for row in records(whole):
        said.append(words.text("review_inside", level=f"{row['level']:g}", inside=row["inside"], years=row["years"],
                               share=words.share(row["share"])))  # fmt: skip
    both = rows[["scaled_error", "naive_error"]].dropna()
    if len(both):
        ours, naive = (number(both[name].mean(), words.lang, decimals=2) for name in ("scaled_error", "naive_error"))
        said.append(words.text("review_errors", ours=ours, naive=naive))
    return bullets(said)


def table_coverage(words: Wording, review: Review) -> Exhibit:
    """Return the years inside the intervals, by region and years ahead."""
    order = review.coverage["region"].eq("all").astype(int)
    ordered = review.coverage.assign(order=order).sort_values(["order", "region", "horizon"], kind="stable")
    groups = grouped(records(ordered), lambda row: (row["region"], row["horizon"])).values()
    rows = [group[0] | {"levels": {row["level"]: row for row in group}} for group in groups]

    def region(row: Record) -> str:
        return words.text("all_regions") if row["region"] == "all" else words.region(row["region"])

    show = Columns(words)
    columns = [
        show.group(region, "fact_region"),
        show.text("column_ahead", lambda row: words.ahead(row["horizon"]), head=True),
        *(
            show.number("column_inside", lambda row, at=at: _inside(words, row["levels"].get(at)), level=f"{at:g}")
            for at in sorted(review.coverage["level"].unique())
        ),
    ]
    return show.table("coverage", rows, columns, note=True)


def _inside(words: Wording, row: Record | None) -> str:
    """Return how many years lay inside of how many, and their share."""
    if row is None:
        return words.text("dash")
    return f"{row['inside']} / {row['years']}{words.bracketed(words.share(row['share']))}"


def table_misses(words: Wording, review: Review) -> Exhibit:
    """Return the years outside the widest interval, the farthest first."""
    columns = [*_series_columns(words, review), Columns(words).word("column_side", "side", "side")]
    caption, empty = (words.text(key, level=f"{review.level:g}") for key in ("caption_misses", "empty_misses"))
    return table(review.misses, columns, "misses", caption=caption, empty=empty)


def table_review(words: Wording, review: Review) -> Exhibit:
    """Return every year compared: actual, projected, interval, error in mean yearly changes."""
    show = Columns(words)
    error = show.share("column_scaled_error", "scaled_error", decimals=2)
    return show.table("review", review.rows, [*_series_columns(words, review), error], note=True)


def _series_columns(words: Wording, review: Review) -> list[Column]:
    names = series_titles(words, review)

    def like(row: Record, column: str) -> str:
        """Write a projected figure with one decimal more than the observed one has."""
        return number(row[column], words.lang, decimals=words.decimals_beside(row["actual"]))

    show = Columns(words)
    return [
        show.group(lambda row: names[row["series"]]),
        show.year("column_year", head=True),
        show.number("column_actual", lambda row: words.given(row["actual"])),
        show.number("column_value_projected", lambda row: like(row, "value")),
        show.interval(review.level, like),
    ]

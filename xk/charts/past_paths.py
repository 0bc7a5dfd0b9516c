"""The backtest of one series: what would have been projected in each of the last years, against what came."""

import pandas as pd
from matplotlib.axes import Axes

from xk.charts.drawn import natural_bounds
from xk.charts.frame import label_values, label_years, short_value, value_limits
from xk.charts.marks import Margins, draw_hover, draw_line, figure_of, new_axes, write_at
from xk.contracts.records import Record
from xk.exhibits import Columns, Exhibit, Wording, figure, folded, number, paragraph
from xk.theme import INK, MUTED, SERIES_COLOURS

WIDTH, HEIGHT = 6.6, 3.6
MARGINS = Margins(left=0.62, right=0.3, top=0.36, bottom=0.34)


def plot_past_paths(words: Wording, indicator: str, compared: pd.DataFrame) -> Axes:
    """Draw the series and the path that was projected from each origin.

    Parameters
    ----------
    words : Wording
    indicator : str
    compared : DataFrame
        As `xk.bench.backtest_of` gives it.

    Returns
    -------
    Axes
        gids ``observed``, ``from-<origin>``.
    """
    result, path = words.results.line(indicator), words.results.path(indicator)
    seen = path[path["value"].notna() & (path["year"] <= words.results.settings.years()[0])]
    axes = new_axes(WIDTH, HEIGHT, MARGINS)
    values = [*seen["value"], *compared["value"]]
    axes.set_xlim(seen["year"].min() - 0.5, seen["year"].max() + 0.5)
    axes.set_ylim(*value_limits(values, room=0.08))
    for place, (origin, rows) in enumerate(compared.groupby("origin")):
        start = seen[seen["year"] == origin]
        colour = SERIES_COLOURS[place % len(SERIES_COLOURS)]
        draw_line(axes, [*start["year"], *rows["year"]], [*start["value"], *rows["value"]], color=colour, linewidth=1.3,
                  linestyle=(0, (4, 2)), gid=f"from-{origin}")  # fmt: skip
        values = [short_value(words, value, words.decimals(result)) for value in rows["value"]]
        said = [words.text("hover_from", origin=origin, year=year, value=value)
                for year, value in zip(rows["year"], values, strict=True)]  # fmt: skip
        draw_hover(axes, rows["year"], rows["value"], said)
    draw_line(axes, seen["year"], seen["value"], color=INK, linewidth=1.8, marker="o", markersize=4, gid="observed")
    told = [f"{int(year)}: {words.given(value)}" for year, value in zip(seen["year"], seen["value"], strict=True)]
    draw_hover(axes, seen["year"], seen["value"], told)
    label_values(axes, words, natural_bounds(result.line))
    label_years(axes, float(seen["year"].min()), float(seen["year"].max()))
    write_at(axes, words.measure(result.line), (0, 1), (-34, 10), on="axes", color=MUTED, gid="unit")
    return axes


def _beside(words: Wording, row: Record) -> str:
    """Return a projected figure with one decimal more than the one that came."""
    return short_value(words, row["value"], words.decimals_beside(row["actual"]))


def show_past_paths(words: Wording, indicator: str, compared: pd.DataFrame) -> Exhibit:
    """Return the backtest of one series: its chart, and how far it was off by years ahead, beside no change."""
    name = words.names[words.results.line(indicator).indicator]
    if compared.empty:
        return paragraph(words.text("empty_backtest", name=name))
    ours = compared.groupby("horizon").agg(n=("error", "size"), off=("scaled_error", "mean"),
                                           naive=("naive_error", "mean"), inside=("inside", "sum"))  # fmt: skip
    caption = words.text("caption_backtest", name=name, method=words.text(f"method_{words.results.settings.method}"))
    off, naive = (number(compared[key].mean(), words.lang, decimals=2) for key in ("scaled_error", "naive_error"))
    said = words.text("backtest_said", n=len(compared), off=off, naive=naive, level=words.results.settings.levels[-1],
                      inside=int(compared["inside"].sum()))  # fmt: skip
    show = Columns(words)
    columns = [
        show.year("backtest_origin", "origin", head=True),
        show.year("column_year"),
        show.number("column_actual", lambda row: words.given(row["actual"])),
        show.number("column_value_projected", lambda row: _beside(words, row)),
        show.share("column_scaled_error", "scaled_error", decimals=2),
    ]
    data = folded(words, compared.sort_values(["origin", "year"]), columns, caption)
    drawn = figure(figure_of(plot_past_paths(words, indicator, compared)), "backtest", caption=caption, alt=said,
                   note=words.text("note_backtest"), data=data)  # fmt: skip
    ahead = [
        show.text("column_ahead", lambda row: words.ahead(row["horizon"]), head=True),
        show.count("backtest_n", "n"),
        show.share("backtest_off", "off", decimals=2),
        show.share("backtest_naive", "naive", decimals=2),
    ]
    table = show.table("backtest_ahead", ours.reset_index(), ahead)
    return Exhibit(drawn.html + table.html, f"{caption}: {said}", drawn.rows, drawn.parts + table.parts)

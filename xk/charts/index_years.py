"""The index of each domain and in total: now, and year by year."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from xk.charts.frame import draw_scale, ems, fold, label_years, name_scale, phase_note, plot_phases
from xk.charts.marks import (
    BAND_ALPHA,
    TEXT,
    WIDTH,
    Margins,
    draw_field,
    draw_interval,
    draw_line,
    figure_of,
    new_axes,
    write_at,
)
from xk.contracts.records import Record, records
from xk.exhibits import Column, Columns, Exhibit, Wording, figure, folded, panels, paragraph, table
from xk.exhibits.index_words import index_and_coverage, latest_index, level_title, why_withheld
from xk.pipeline.index import ENOUGH
from xk.theme import INK, MUTED, PAPER, SERIES_COLOURS, STATUS_COLOURS
from xk.vocab import AHEAD_KINDS

ROW = 0.36


def index_levels(words: Wording) -> list[str]:
    """Return the levels of the index in the order in which they are drawn: domains, then the total."""
    return [*words.results.scheme.domain_names(), "total"]


def plot_index(words: Wording) -> Axes:
    """Draw the index of each domain and the total as bars; paler where less of the weight has figures.

    Returns
    -------
    Axes
        One bar a level with its name as gid, ``target`` at 100, texts ``value``.
    """
    index, order = words.results.index, index_levels(words)
    rows = records(index[index["basis"] == "latest"].set_index("level").reindex(order).reset_index())
    names = [_beside_others(words, row) for row in rows]
    margins = Margins(left=max(map(ems, names)) * TEXT / 72 + 0.12, right=0.15, top=0.06, bottom=0.42)
    axes = new_axes(WIDTH, ROW * len(rows) + 0.48, margins)
    axes.set_ylim(len(order) - 0.5, -0.5)
    draw_line(axes, [100, 100], axes.get_ylim(), color=STATUS_COLOURS["achieved"], linewidth=1.4, gid="target")
    said = [index_and_coverage(words, row) for row in rows]
    for place, row in enumerate(rows):
        colour, alpha = INK if row["level"] == "total" else SERIES_COLOURS[0], 0.3 + 0.7 * row["coverage"] / 100
        if not math.isnan(row["value"]):
            draw_field(axes, (0, row["value"]), (place - 0.29, place + 0.29), color=colour, alpha=alpha, linewidth=0,
                       gid=row["level"])  # fmt: skip
        write_at(axes, said[place], (max(100.0, row["value"]), place), (5, 0), va="center", gid="value")
    inches = WIDTH - margins.left - margins.right
    axes.set_xlim(0, 100 * inches / (inches - max(map(ems, said)) * TEXT / 72 - 0.1))
    draw_scale(axes, "left", range(len(order)), names, marks=False)
    draw_scale(axes, "bottom", [0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
    name_scale(axes, words.text("axis_attainment"), across="left")
    return axes


def _beside_others(words: Wording, row: Record) -> str:
    """Return the name of a level beside others: a domain's own, or what the index over all of them is called."""
    return level_title(words, row) if row["level"] == "total" else words.domain(row["level"])


def show_index(words: Wording) -> Exhibit:
    """Return the chart of the index by domain; nothing where all of them are withheld."""
    index = words.results.index
    rows = index[index["basis"] == "latest"]
    if rows["value"].isna().all():
        return Exhibit("")
    said = [f"{_beside_others(words, row)} {words.points(row['value'])}" for row in records(rows)]
    alt = words.text("alt_index", values=words.listed(said))
    caption, note, show = _range_said(words, rows), words.text("note_index_chart"), Columns(words)
    columns = [_level(words), show.points("column_index", "value"), show.points("column_coverage", "coverage")]
    data = folded(words, rows, columns, caption)
    return figure(figure_of(plot_index(words)), "index", caption=caption, alt=alt, note=note, data=data)


def _range_said(words: Wording, rows: pd.DataFrame) -> str:
    """Return which domains stand highest and lowest; just what is shown where that cannot be told."""
    known = rows[(rows["level"] != "total") & rows["value"].notna()].sort_values("value", kind="stable")
    if len(known) < 2 or known["value"].iloc[0] == known["value"].iloc[-1]:
        return words.text("caption_index_chart")
    ends = records(known.iloc[[0, -1]])
    (low, least), (high, most) = ((words.domain(row["level"]), words.points(row["value"])) for row in ends)
    return words.text("caption_index_range", high=high, most=most, low=low, least=least)


def _level(words: Wording) -> Column:
    return Columns(words).text("column_domain", lambda row: _beside_others(words, row), head=True)


def _target_beside(words: Wording, show: Columns) -> list[Column]:
    """Return, under a scenario, the column of the index that the reference comes to in the target year."""
    if words.beside is None:
        return []
    old = words.beside.results.index_pair.set_index("level")["target"].to_dict()
    return [show.number("column_reference", lambda row: words.points(old[row["level"]]))]


def table_index(words: Wording) -> Exhibit:
    """Return the index of each domain and in total; now and in the target year over the same indicators, where known.

    What is withheld has its reason in its place.
    """
    results, show = words.results, Columns(words)
    parts = results.contributions
    parts = parts[(parts["level"] == "total") & (parts["basis"] == "latest")]
    used = parts["used_weight"]
    weights = used.groupby(parts["domain"]).sum(min_count=1).to_dict() | {"total": used.sum(min_count=1)}
    pair = {row["level"]: row for row in records(results.index_pair)}
    rows = records(results.index[results.index["basis"] == "latest"])
    rows = [row | {"used": weights[row["level"]], **{f"pair_{name}": cell for name, cell in pair[row["level"]].items()}}
            for row in rows]  # fmt: skip
    columns = [
        _level(words),
        show.points("column_index", "value"),
        show.points("column_coverage", "coverage"),
        show.count("column_index_indicators", "indicators"),
        show.share("column_used_weight", "used"),
    ]
    if any(row["reason"] for row in rows):
        columns.append(show.text("column_why_withheld", lambda row: why_withheld(words, row) or words.text("dash")))
    note = words.text(f"note_index_{results.scheme.weights}")
    if results.is_final:
        return table(rows, columns, "index", caption=words.text("caption_index"), note=note)
    if any(not row["reason"] for row in pair.values()):
        columns += _pair_columns(words)
        note += words.text("note_index_pair")
    else:
        note += words.text("note_index_pair_none", year=results.scheme.target_year)
    return table(rows, columns, "index", caption=words.text("caption_index"), note=note)


def _pair_columns(words: Wording) -> list[Column]:
    show, year = Columns(words), words.results.scheme.target_year
    return [
        show.points("column_same_now", "pair_latest"),
        show.points("column_same_target", "pair_target", year=year),
        *_target_beside(words, show),
        show.share("column_same_change", "pair_change", signed=True),
        show.points("column_same_coverage", "pair_coverage"),
    ]


PANEL = (2.3, 1.5)
PANEL_MARGINS = Margins(left=0.36, right=0.46, top=0.3, bottom=0.24)


def plot_index_years(words: Wording, years: pd.DataFrame) -> list[Axes]:
    """Draw the index of the total and each domain over the years, with its band where it is projected.

    Parameters
    ----------
    words : Wording
    years : DataFrame
        The index by year, as `xk.pipeline.index.build_index_years` gives it.

    Returns
    -------
    list of Axes
        The total first, no panel for a level that has an index in no year; each has a figure of its own; gids
        ``observed``, ``projected``, ``band-80``, ``title``, ``label-latest``, ``label-projected``.
    """
    return [_plot_level(words, years, level) for level in _total_first(words, years)]


def _total_first(words: Wording, years: pd.DataFrame) -> list[str]:
    """Return the levels that have an index in some year, the total first."""
    *domains, total = index_levels(words)
    known = set(years.loc[years["value"].notna(), "level"])
    return [level for level in (total, *domains) if level in known]


def _plot_level(words: Wording, years: pd.DataFrame, level: str) -> Axes:
    rows = years[years["level"] == level].sort_values("year")
    axes = new_axes(*PANEL, PANEL_MARGINS)
    first, last = float(years["year"].min()), float(years["year"].max())
    axes.set_xlim(first - 0.5, last + 0.5)
    axes.set_ylim(0, 108)
    plot_phases(axes, words, labels=False)
    draw_line(axes, axes.get_xlim(), [100, 100], color=STATUS_COLOURS["achieved"], linewidth=1.2, gid="target")
    rows = rows[rows["value"].notna()]
    seen, ahead = rows[rows["kind"] == "observed"], rows[rows["kind"] != "observed"]
    _plot_band(axes, ahead)
    _plot_reference(axes, words, level)
    draw_line(axes, *_with_start(seen, _apart(ahead)), color=SERIES_COLOURS[0], linewidth=1.7, marker="o",
              markersize=3.4, markerfacecolor=PAPER, gid="projected")  # fmt: skip
    joined = _apart(seen)
    draw_line(axes, joined["year"], joined["value"], color=INK, linewidth=1.8, marker="o", markersize=3.4,
              gid="observed")  # fmt: skip
    _label_level(axes, words, level, seen, ahead)
    label_years(axes, first, last, ends_only=True)
    draw_scale(axes, "left", [0, 50, 100], ["0", "50", "100"])
    return axes


def _apart(years: pd.DataFrame) -> pd.DataFrame:
    """Return the years with an empty row before each that is over other indicators than the one before it.

    Nothing is joined there: figures that come and go, such as those of every second year, would draw a zigzag.
    """
    alike = np.isclose(years["value"].diff(), years["change"].astype(float))
    breaks = years.iloc[1:][~alike[1:]].assign(value=math.nan)
    return pd.concat([breaks, years]).sort_values("year", kind="stable")


def _with_start(seen: pd.DataFrame, ahead: pd.DataFrame) -> tuple[list[float], list[float]]:
    """Return years and values of what is projected, from the level that the same indicators had in the year before.

    What is observed is over more of them: from there the line would seem to move by those that are not projected.
    """
    years, values = ahead["year"].tolist(), ahead["value"].tolist()
    change = float(ahead["change"].iloc[0]) if years else math.nan
    if len(seen) and years and not math.isnan(change) and int(seen["year"].iloc[-1]) == years[0] - 1:
        years, values = [years[0] - 1, *years], [values[0] - change, *values]
    return years, values


def _level_title(words: Wording, level: str, shown: pd.DataFrame) -> str:
    """Return the name of a level; a total that is over part of the domains at the end is called one over so many."""
    return level_title(words, records(shown)[-1]) if level == "total" and len(shown) else words.level(level)


def _plot_reference(axes: Axes, words: Wording, level: str) -> None:
    """Draw, under a scenario, the index that the reference projects (gid ``reference``), with its name."""
    if words.beside is None:
        return
    ahead = _reference_years(words.beside, level)
    if len(ahead) < 2:
        return
    draw_line(axes, ahead["year"], ahead["value"], color=MUTED, linewidth=1.3, linestyle=(0, (4, 2)), gid="reference")
    at = (float(ahead["year"].iloc[-1]), float(ahead["value"].iloc[-1]))
    said = words.text("label_reference", value=words.points(at[1]))
    write_at(axes, said, at, (0, -9), ha="right", va="top", color=MUTED, gid="label-reference")


def _reference_years(words: Wording, level: str) -> pd.DataFrame:
    """Return the latest observed and all projected years of a level of the index, as they are drawn."""
    years = words.results.index_years
    rows = years[(years["level"] == level) & years["value"].notna()]
    last = rows.loc[rows["kind"] == "observed", "year"].max()
    return rows[(rows["kind"] != "observed") | (rows["year"] == last)].sort_values("year")


def _plot_band(axes: Axes, ahead: pd.DataFrame) -> None:
    for level in sorted(BAND_ALPHA, reverse=True):
        if f"lo{level:g}" not in ahead:
            continue
        band = ahead[ahead[f"lo{level:g}"].notna()]
        if len(band):
            draw_interval(axes, level, band["year"], band[f"lo{level:g}"], band[f"hi{level:g}"])


def _label_level(axes: Axes, words: Wording, level: str, seen: pd.DataFrame, ahead: pd.DataFrame) -> None:
    title = fold(_level_title(words, level, pd.concat([seen, ahead])), 17.0, lines=1)
    write_at(axes, title, (0.02, 1 - 0.02 / PANEL[1]), on="figure", va="top", bold=True, gid="title")
    if len(seen):
        last = seen.iloc[-1]
        said, at = words.points(last["value"]), (float(last["year"]), float(last["value"]))
        write_at(axes, said, at, (0, -6), ha="center", va="top", bold=True, gid="label-latest")
    if len(ahead):
        end = ahead.iloc[-1]
        said, at = words.points(end["value"]), (1.0, float(end["value"]))
        write_at(axes, said, at, (3, 0), on="row", va="center", gid="label-projected")


def show_index_years(words: Wording, years: pd.DataFrame) -> Exhibit:
    """Return the index over the years, a panel for the total and each domain.

    Parameters
    ----------
    words : Wording
    years : DataFrame
        As `xk.pipeline.index.build_index_years` gives it.
    """
    if years["value"].notna().sum() == 0:
        return paragraph(words.text("index_years_none"))
    caption = _finding(words, years)
    levels = _total_first(words, years)
    messages = (_level_message(words, years, level) for level in levels)
    drawn = list(zip(map(figure_of, plot_index_years(words, years)), messages, strict=True))
    unseen = (words.level(level) for level in index_levels(words) if level not in levels)
    without = words.listed(unseen)
    left = words.text("note_index_years_without", levels=without) if without else ""
    ahead = words.text("note_index_years_ahead", n=ENOUGH) if years["kind"].isin(AHEAD_KINDS).any() else ""
    drawn_by = words.text("note_index_years", as_of=words.results.settings.years()[0])
    said = [drawn_by, ahead, left, _of_fewer(words, years), _beside_latest(words, years), phase_note(words)]
    note = words.sentences(*said)
    return panels(drawn, "index-years", caption=caption, note=note, data=_data_index_years(words, years, caption))


def _of_fewer(words: Wording, years: pd.DataFrame) -> str:
    """Return in which years the total is over fewer domains than in its last; nothing where there are none."""
    rows = years[(years["level"] == "total") & years["value"].notna()].sort_values("year")
    fewer = rows[rows["domains"] < rows["domains"].iloc[-1]] if len(rows) else rows
    said = words.listed(map(str, fewer["year"]))
    return words.text("note_index_years_fewer", years=said) if said else ""


def _beside_latest(words: Wording, years: pd.DataFrame) -> str:
    """Return why the index of the as-of year is not that of the latest figures; nothing where they are one."""
    as_of, latest = words.results.settings.years()[0], latest_index(words, "total")
    row = years[(years["level"] == "total") & (years["year"] == as_of)]
    counted = [one for one in words.results.lines.values() if not math.isnan(one.distance.attainment)]
    dated = ((one, one.latest.year) for one in counted if not one.line.is_composite)
    older = [(one, year) for one, year in dated if year is not None and year < as_of]
    if row.empty or latest["reason"] or not older or row["value"].isna().all():
        return ""
    said = (words.text("line_of_year", line=words.line(one.indicator), year=year) for one, year in older)
    value, now = (words.points(cell) for cell in (row["value"].iloc[0], latest["value"]))
    lines = words.listed(said)
    return words.text("note_index_latest", year=as_of, value=value, latest=now, lines=lines)


def _finding(words: Wording, years: pd.DataFrame) -> str:
    """Return what the index over all domains came to in the first and last year seen; just what is shown if unknown."""
    seen = years[(years["level"] == "total") & years["value"].notna() & ~years["kind"].isin(AHEAD_KINDS)]
    rows = records(seen.sort_values("year"))
    if not rows:
        return words.text("caption_index_years")
    rows = [row for row in rows if row["domains"] == rows[-1]["domains"]]
    level, (first, last) = level_title(words, rows[0]), (rows[0], rows[-1])
    said = {"level": level, "year": int(last["year"]), "value": words.points(last["value"])}
    if len(rows) == 1:
        return words.text("caption_index_year_alone", **said)
    return words.text("caption_index_years_seen", first=int(first["year"]), was=words.points(first["value"]), **said)


def _level_message(words: Wording, years: pd.DataFrame, level: str) -> str:
    rows = years[(years["level"] == level) & years["value"].notna()].sort_values("year")
    said = [
        words.text("alt_index_level_year", year=int(row.year), value=words.points(row.value),
                   kind=words.text(f"index_{row.kind}"), coverage=words.share(float(str(row.coverage))))
        for row in (rows.iloc[0], rows.iloc[-1])
    ]  # fmt: skip
    joined = words.several(dict.fromkeys(said))
    return words.text("alt_index_level", level=words.level(level), years=joined)


def _data_index_years(words: Wording, years: pd.DataFrame, caption: str) -> Exhibit | None:
    order = {level: place for place, level in enumerate(index_levels(words))}
    rows = years[years["value"].notna()]
    rows = rows.assign(place=rows["level"].map(order)).sort_values(["place", "year"], kind="stable")
    show = Columns(words)
    columns = [
        show.group(lambda row: level_title(words, row)),
        show.year("column_year", head=True),
        show.points("column_index", "value"),
        show.word("column_kind", "kind", "index"),
        show.points("column_coverage", "coverage"),
    ]
    if rows["lo80"].notna().any():
        columns.append(show.interval(80, lambda row, end: words.points(row[end])))
    return folded(words, rows, columns, caption)

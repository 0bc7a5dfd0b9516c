"""What the index is made of: points that each indicator, or each domain, adds to it and lacks."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from xk.charts.frame import draw_legend, drop_scale, fold, label_amounts
from xk.charts.marks import WIDTH, Margins, Style, draw_field, figure_of, new_axes, write_at
from xk.contracts.records import Record, records
from xk.exhibits import Columns, Exhibit, Wording, figure, folded, number, paragraph
from xk.exhibits.index_words import index_sentence, latest_index, level_name
from xk.theme import GRID, MUTED, SERIES_COLOURS

ROW = 0.46
PARTS = ("gained", "lost")


def contribution_rows(contributions: pd.DataFrame, domain: str | None) -> pd.DataFrame:
    """Return what the chart of contributions shows, by the latest figures, in the scheme's order.

    Parameters
    ----------
    contributions : DataFrame
        As `xk.pipeline.index.build_contributions` gives it.
    domain : str, optional
        Its indicators, and what they add to its index; without one, all domains summed up, and the total.

    Returns
    -------
    DataFrame
        key (indicator or domain), no, whole (per cent of the whole weight), weight (per cent really in use), gained
        (points; they add up to the index), lost (points short of the weight). NaN where the index leaves it out.
    """
    rows = contributions[(contributions["basis"] == "latest") & (contributions["level"] == (domain or "total"))]
    rows = rows[rows["weight"] > 0]
    rows = rows.assign(key=rows["domain"] if domain is None else rows["indicator"])
    columns = {"weight": "whole", "used_weight": "weight", "contribution": "gained", "possible": "lost"}
    rows = rows[["key", "no", *columns]].rename(columns=columns)
    if domain is not None:
        return rows.reset_index(drop=True)
    summed = rows.groupby("key", sort=False)[list(columns.values())].sum(min_count=1).reset_index()
    return summed.assign(no="")


def plot_contributions(words: Wording, rows: pd.DataFrame, domain: str | None = None) -> Axes:
    """Draw how many points of the index each indicator of a domain (or each domain) gains and lacks.

    Parameters
    ----------
    words : Wording
    rows : DataFrame
        As `contribution_rows` gives them.
    domain : str, optional
        The domain whose indicators they are; without one they are domains.

    Returns
    -------
    Axes
        Stacked bars with the gids ``gained`` and ``lost``, a row each but for what the index leaves out; texts ``name``
        and ``points``.
    """
    margins = Margins(left=0.17, right=0.75, top=0.08, bottom=0.95)
    axes = new_axes(WIDTH, ROW * len(rows) + 1.03, margins)
    looks: dict[str, Style] = {
        "gained": {"gid": "gained", "color": SERIES_COLOURS[0], "linewidth": 0},
        "lost": {"gid": "lost", "facecolor": GRID, "edgecolor": MUTED, "linewidth": 0.5},
    }
    left = np.zeros(len(rows))
    for kind, look in looks.items():
        right = left + rows[kind].to_numpy(float)
        shown = np.flatnonzero(~np.isnan(right))
        for place in shown:
            named: Style = look | {"label": words.text(f"legend_{kind}") if place == shown[0] else None}
            draw_field(axes, (left[place], right[place]), (place - 0.2, place + 0.2), **named)
        left = right
    _name_contributions(axes, words, rows, domain)
    axes.set_ylim(len(rows) - 0.6, -0.85)
    axes.set_xlim(0, max(float(rows["weight"].max()), 1e-9) * 1.02)
    drop_scale(axes, "left")
    label_amounts(axes, words, words.text("axis_points"))
    draw_legend(axes, below=0.42)
    return axes


def _name_contributions(axes: Axes, words: Wording, rows: pd.DataFrame, domain: str | None) -> None:
    for place, row in enumerate(records(rows)):
        name = fold(_name(words, row, domain), 35.0, lines=1)
        write_at(axes, name, (0.0, place), (1, 9), on="row", gid="name")
        write_at(axes, points_of(words, row), (1.0, place), (5, 0), on="row", va="center", gid="points")


def _name(words: Wording, row: Record, domain: str | None) -> str:
    return words.domain(row["key"]) if domain is None else f"{row['no']} {words.names[row['key']]}"


def points_of(words: Wording, row: Record) -> str:
    """Return points gained of points possible; a dash for what the index leaves out."""
    if math.isnan(row["gained"]):
        return words.text("dash")
    gained, weight = (number(row[name], words.lang, decimals=1) for name in ("gained", "weight"))
    return words.text("points_of", gained=gained, weight=weight)


def show_contributions(words: Wording, contributions: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return what the index is made of: the indicators of a domain, or the domains.

    Parameters
    ----------
    words : Wording
    contributions : DataFrame
        As `xk.pipeline.index.build_contributions` gives it.
    domain : str, optional
    """
    index = latest_index(words, domain or "total")
    rows = contribution_rows(contributions, domain)
    if index["reason"] or rows.empty:
        return paragraph(index_sentence(words, domain or "total"))
    worst = records(rows.sort_values("lost", ascending=False, kind="stable"))[0]
    level = level_name(words, index)
    lost, most = (number(points, words.lang, decimals=1) for points in (rows["lost"].sum(), worst["lost"]))
    said = {"level": level, "value": words.points(index["value"]), "lost": lost, "points": most}
    caption, alt = (words.text(f"{key}_contributions", **said, name=_name(words, worst, domain)) for key in
                    ("caption", "alt"))  # fmt: skip
    without = words.text("note_contributions_without") if rows["weight"].isna().any() else ""
    note = words.sentences(words.text("note_contributions", level=level, value=said["value"]), without)
    show, what = Columns(words), "column_domain" if domain is None else "column_indicator"
    columns = [
        show.text(what, lambda row: _name(words, row, domain), head=True),
        show.share("column_weight", "whole"),
        show.share("column_used_weight", "weight"),
        *(show.share(f"legend_{kind}", kind) for kind in PARTS),
    ]
    drawn, data = figure_of(plot_contributions(words, rows, domain)), folded(words, rows, columns, caption)
    return figure(drawn, "contributions", caption=caption, alt=alt, note=note, data=data)

"""What the index is made of: points that each indicator, or each domain, gains, lacks and leaves open."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from xk.charts.frame import draw_legend, drop_scale, label_amounts
from xk.charts.ground import fold
from xk.charts.marks import Style, draw_field, write_at
from xk.charts.sheet import WIDTH, Margins, figure_of, new_axes
from xk.contracts.records import Record, records
from xk.exhibits import Exhibit, figure, number, paragraph, table
from xk.exhibits.columns import Columns, folded
from xk.exhibits.wording import Wording
from xk.pipeline.index import IndexRange
from xk.theme import GRID, MUTED, SERIES_COLOURS
from xk.vocab import language

ROW = 0.46
PARTS = ("gained", "lost", "unknown")


def contribution_rows(contributions: pd.DataFrame, domain: str | None) -> pd.DataFrame:
    """Return what the chart of contributions shows, by the latest figures, heaviest part first.

    Parameters
    ----------
    contributions : DataFrame
        As `xk.pipeline.index.build_contributions` gives it.
    domain : str, optional
        Its indicators; without one, all domains summed up.

    Returns
    -------
    DataFrame
        key (indicator or domain), no, weight (points of the total index), gained, lost, unknown (they add up to it;
        unknown: the weight of indicators without attainment).
    """
    rows = contributions[(contributions["basis"] == "latest") & (contributions["weight"] > 0)]
    rows = rows if domain is None else rows[rows["domain"] == domain]
    known = rows["attainment"].notna()
    rows = rows.assign(
        key=rows["domain"] if domain is None else rows["indicator"],
        gained=(rows["weight"] * rows["attainment"] / 100).where(known, 0.0),
        unknown=rows["weight"].where(~known, 0.0),
    )
    rows = rows.assign(lost=rows["weight"] - rows["gained"] - rows["unknown"])
    if domain is not None:
        return rows[["key", "no", "weight", "gained", "lost", "unknown"]].reset_index(drop=True)
    summed = rows.groupby("key", sort=False)[["weight", "gained", "lost", "unknown"]].sum().reset_index()
    return summed.assign(no="")


def plot_contributions(words: Wording, rows: pd.DataFrame, domain: str | None = None) -> Axes:
    """Draw how many points of the total index each indicator of a domain (or each domain) gains, lacks, leaves open.

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
        Stacked bars with the gids ``gained``, ``lost`` and ``unknown``, a row each; texts ``name`` and ``points``.
    """
    margins = Margins(left=0.17, right=0.75, top=0.08, bottom=0.95)
    axes = new_axes(WIDTH, ROW * max(len(rows), 1) + 1.03, margins)
    looks: dict[str, Style] = {
        "gained": {"gid": "gained", "color": SERIES_COLOURS[0], "linewidth": 0},
        "lost": {"gid": "lost", "facecolor": GRID, "edgecolor": MUTED, "linewidth": 0.5},
        "unknown": {"gid": "unknown", "facecolor": "none", "edgecolor": MUTED, "linewidth": 0.5, "hatch": "////"},
    }
    left = np.zeros(len(rows))
    for kind, look in looks.items():
        right = left + rows[kind].to_numpy(float)
        for place, ends in enumerate(zip(left, right, strict=True)):
            named: Style = look | {"label": words.text(f"legend_{kind}") if place == 0 else None}
            draw_field(axes, ends, (place - 0.2, place + 0.2), **named)
        left = right
    _name_contributions(axes, words, rows, domain)
    axes.set_ylim(len(rows) - 0.6, -0.85)
    axes.set_xlim(0, max(float(rows["weight"].max()), 1e-9) * 1.02 if len(rows) else 1)
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
    """Return points gained of points possible."""
    gained = words.text("dash") if row["unknown"] >= row["weight"] else number(row["gained"], words.lang, decimals=1)
    return words.text("points_of", gained=gained, weight=number(row["weight"], words.lang, decimals=1))


def show_contributions(words: Wording, contributions: pd.DataFrame, domain: str | None = None) -> Exhibit:
    """Return what the index is made of: the indicators of a domain, or the domains.

    Parameters
    ----------
    words : Wording
    contributions : DataFrame
        As `xk.pipeline.index.build_contributions` gives it.
    domain : str, optional
    """
    rows = contribution_rows(contributions, domain)
    if rows.empty:
        return paragraph(words.text("key_index_none"))
    worst = records(rows.sort_values("lost", ascending=False, kind="stable"))[0]
    total = {kind: number(rows[kind].sum(), words.lang, decimals=1) for kind in ("weight", *PARTS)}
    points = number(worst["lost"], words.lang, decimals=1)
    alt = words.text("alt_contributions", **total, name=_name(words, worst, domain), points=points)
    caption = words.text("caption_contributions", domain=words.domain(domain), **total)
    note = words.text("note_contributions")
    show, what = Columns(words), "column_domain" if domain is None else "column_indicator"
    columns = [
        show.text(what, lambda row: _name(words, row, domain), head=True),
        *(show.share(f"legend_{kind}", kind) for kind in PARTS),
        show.number("column_points", lambda row: points_of(words, row)),
    ]
    data = folded(words, rows, columns, caption)
    drawn = figure_of(plot_contributions(words, rows, domain))
    return figure(drawn, "contributions", caption=caption, alt=alt, note=note, data=data)


def table_contributions(
    words: Wording, contributions: pd.DataFrame, *, firmness: IndexRange | None = None, domain: str | None = None
) -> Exhibit:
    """Return what each indicator adds to the latest index, most first, and how firm the index is.

    Parameters
    ----------
    words : Wording
    contributions : DataFrame
        As `build_contributions` gives it.
    firmness : mapping, optional
        As `build_index_range` gives it.
    domain : str, optional
    """
    wanted = list(words.results.scheme.lines_in(domain))
    rows = contributions[(contributions["basis"] == "latest") & contributions["indicator"].isin(wanted)]
    rows = rows[rows["contribution"].notna()].sort_values("contribution", ascending=False, kind="stable")
    show = Columns(words)
    columns = [
        show.line(),
        show.share("column_weight", "weight"),
        show.points("column_attainment", "attainment"),
        show.share("column_contribution", "contribution", decimals=2),
        show.share("column_possible", "possible", decimals=2),
    ]
    note = [words.text("note_contributions_table")]
    if firmness is not None:
        rows = rows.assign(without=rows["indicator"].map(firmness["without"]))
        columns.append(show.points("column_without", "without"))
        ends = {name: words.points(firmness[name]) for name in ("low", "high")}
        noise = words.text("per_cent", value=number(100 * firmness["noise"], words.lang, decimals=0))
        draws = number(firmness["draws"], words.lang, decimals=0)
        note.append(words.text("note_index_range", noise=noise, draws=draws, **ends))
    said = language(words.lang).space.join(note)
    caption, empty = words.text("caption_contributions_table"), words.text("empty_contributions")
    return table(rows, columns, "contributions", caption=caption, note=said, empty=empty)

"""Status of the indicators of each lead office: one symbol an indicator."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from xk.charts.frame import draw_legend, draw_scale
from xk.charts.ground import TEXT, WIDTH, ems, fold, plot_marks
from xk.charts.sheet import Margins, new_axes
from xk.exhibits.wording import Wording
from xk.theme import INK, MUTED
from xk.vocab import STATUSES, language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# height of a row in inches and width of a name in ems: in wide characters, and in letters
ROW = {True: 0.235, False: 0.33}
NAME_EMS = {True: 13.5, False: 19.0}
STEP = 0.18


@lru_cache(maxsize=1)  # chart, table and message of one exhibit ask for it
def office_marks(words: Wording) -> pd.DataFrame:
    """Return each lead office's indicators (parts, not composites) with their place in its row.

    Returns
    -------
    DataFrame
        office, no, indicator, status, place (0, 1, ...: the plan's statuses in order), row (offices with most first,
        then in the programme's order).
    """
    lines = words.results.summary
    lines = lines[(lines["direction"] != "composite") & lines["lead_offices"].notna()]
    each = lines.assign(office=lines["lead_offices"].str.split(";")).explode("office")[
        ["office", "no", "indicator", "status"]
    ]
    rank = {status: place for place, status in enumerate(STATUSES)}
    each = each.assign(rank=each["status"].map(rank)).sort_values("rank", kind="stable")
    each = each.assign(place=each.groupby("office").cumcount())
    order = {office: place for place, office in enumerate(words.office_names)}
    sizes = each.groupby("office").size().rename("n").reset_index()
    sizes = sizes.assign(order=sizes["office"].map(order)).sort_values(["n", "order"], ascending=[False, True])
    rows = {office: place for place, office in enumerate(sizes["office"])}
    return (
        each.assign(row=each["office"].map(rows))
        .drop(columns="rank")
        .sort_values(["row", "place"])
        .reset_index(drop=True)
    )


def plot_offices(words: Wording, *, ax: Axes | None = None) -> Axes:
    """Draw a row a lead office: one symbol for each of its indicators, best status first, and how many there are.

    Returns
    -------
    Axes
        Marks ``status-<status>`` at (place, row); texts ``name`` and ``count``.
    """
    marks = office_marks(words)
    names = marks.drop_duplicates("office").set_index("office")["row"]
    wide = language(words.lang).wide
    height, name_ems = ROW[wide], NAME_EMS[wide]
    # room for a legend of one column, where the words are long
    below = 0.25 + 1.5 * TEXT / 72 * marks["status"].nunique()
    margins = Margins(left=name_ems * TEXT / 72 + 0.1, right=0.3, top=0.06, bottom=below)
    axes = new_axes(WIDTH, height * max(len(names), 1) + 0.06 + below, margins) if ax is None else ax
    axes.set_xlim(-0.8, max((WIDTH - margins.left - margins.right) / STEP - 0.8, float(marks["place"].max()) + 1))
    axes.set_ylim(len(names) - 0.5, -0.5)
    for status in STATUSES:
        part = marks[marks["status"] == status]
        if len(part):
            plot_marks(axes, part["place"], part["row"], status, label=words.text(f"status_{status}"))
    counts = marks.groupby("office").size().to_dict()
    for office, row in names.to_dict().items():
        name = words.office_names.get(str(office), str(office))
        axes.annotate(fold(name, name_ems, lines=1 if ems(name) <= name_ems else 2), (0, row),
                      xycoords=("axes fraction", "data"), xytext=(-4, 0), textcoords="offset points", ha="right",
                      va="center", fontsize=TEXT, color=INK, linespacing=0.98, gid="name")  # fmt: skip
        axes.annotate(str(counts[office]), (counts[office] - 1, row), xytext=(11, 0), textcoords="offset points",
                      va="center", fontsize=TEXT, color=MUTED, gid="count")  # fmt: skip
    for side in ("bottom", "left"):
        draw_scale(axes, side, [], [])
    axes.spines["bottom"].set_visible(False)
    draw_legend(axes, below=0.1)
    return axes

"""Status of the indicators of each lead office: one symbol an indicator."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from xk.charts.frame import draw_legend, draw_scale, drop_scale
from xk.charts.ground import ems, fold, plot_statuses
from xk.charts.marks import TEXT, write_at
from xk.charts.sheet import WIDTH, Margins, figure_of, new_axes
from xk.contracts.records import Record
from xk.exhibits import Column, Exhibit, figure, paragraph, table
from xk.exhibits.columns import Columns, folded
from xk.exhibits.wording import Wording
from xk.pipeline.result import LineResult, count_statuses
from xk.theme import MUTED
from xk.vocab import STATUSES, language

# height of a row in inches and width of a name in ems: in wide characters, and in letters
ROW = {True: 0.235, False: 0.33}
NAME_EMS = {True: 13.5, False: 19.0}
STEP = 0.18
BEHIND = ("lagging", "regressing")


def office_marks(words: Wording) -> pd.DataFrame:
    """Return each lead office's indicators (parts, not composites) with their place in its row.

    Returns
    -------
    DataFrame
        office, no, indicator, status, place (0, 1, ...: the plan's statuses in order), row (offices with most first,
        then in the programme's order).
    """
    led = {office: _judged(words, office) for office in words.office_names}
    order = sorted((office for office in led if led[office]), key=lambda office: -len(led[office]))
    cells = [
        (office, result.no, result.indicator, result.status, place, row)
        for row, office in enumerate(order)
        for place, result in enumerate(sorted(led[office], key=lambda one: STATUSES.index(one.status)))
    ]
    return pd.DataFrame(cells, columns=["office", "no", "indicator", "status", "place", "row"])


def _judged(words: Wording, office: str) -> list[LineResult]:
    return [result for result in words.results.led_lines.get(office, []) if not result.line.is_composite]


def plot_offices(words: Wording, marks: pd.DataFrame) -> Axes:
    """Draw a row a lead office: one symbol for each of its indicators, best status first, and how many there are.

    Parameters
    ----------
    words : Wording
    marks : DataFrame
        As `office_marks` gives them.

    Returns
    -------
    Axes
        Marks ``status-<status>`` at (place, row); texts ``name`` and ``count``.
    """
    names = marks.drop_duplicates("office").set_index("office")["row"]
    wide = language(words.lang).wide
    height, name_ems = ROW[wide], NAME_EMS[wide]
    # room for a legend of one column, where the words are long
    below = 0.25 + 1.5 * TEXT / 72 * marks["status"].nunique()
    margins = Margins(left=name_ems * TEXT / 72 + 0.1, right=0.3, top=0.06, bottom=below)
    axes = new_axes(WIDTH, height * max(len(names), 1) + 0.06 + below, margins)
    axes.set_xlim(-0.8, max((WIDTH - margins.left - margins.right) / STEP - 0.8, float(marks["place"].max()) + 1))
    axes.set_ylim(len(names) - 0.5, -0.5)
    plot_statuses(axes, marks["place"], marks["row"], list(marks["status"]), words=words)
    counts = marks.groupby("office").size().to_dict()
    for office, row in names.to_dict().items():
        name = words.office_names.get(str(office), str(office))
        folded_name = fold(name, name_ems, lines=1 if ems(name) <= name_ems else 2)
        write_at(axes, folded_name, (0, row), (-4, 0), on="row", ha="right", va="center", linespacing=0.98, gid="name")
        write_at(axes, str(counts[office]), (counts[office] - 1, row), (11, 0), va="center", color=MUTED, gid="count")
    drop_scale(axes, "bottom")
    draw_scale(axes, "left", [], [])
    draw_legend(axes, below=0.1)
    return axes


def show_offices(words: Wording) -> Exhibit:
    """Return the statuses of each lead office's indicators, one symbol an indicator."""
    marks = office_marks(words)
    if marks.empty:
        return paragraph(words.text("empty_chart"))
    behind = marks[marks["status"].isin(BEHIND)].groupby("office", sort=False).size().nlargest(3).to_dict()
    named = [words.text("office_behind", office=words.offices(str(office)), n=n) for office, n in behind.items()]
    most = words.text("list_separator").join(named) if named else words.text("office_none_behind")
    alt = words.text("alt_offices", offices=marks["office"].nunique(), most=most)
    caption = words.text("caption_offices_chart")
    once = (words.results.lines[name] for name in marks["indicator"].unique())
    note = words.text("note_offices_chart", symbols=words.statuses(once))
    data = folded(words, _counts(words), _columns(words), caption)
    return figure(figure_of(plot_offices(words, marks)), "offices", caption=caption, alt=alt, note=note, data=data)


def _counts(words: Wording) -> list[Record]:
    """Return a row a lead office, most indicators first: their numbers, and how many have which status."""
    rows: list[Record] = []
    for office in words.office_names:
        if led := _judged(words, office):
            numbers = words.text("list_separator").join(result.no for result in led)
            counts = dict.fromkeys(STATUSES, 0) | count_statuses(led)
            rows.append({"office": office, "n": len(led), "numbers": numbers} | counts)
    return sorted(rows, key=lambda row: row["n"], reverse=True)


def _columns(words: Wording, *, numbers: bool = False) -> list[Column]:
    show, rows = Columns(words), _counts(words)
    return [
        show.text("column_lead_offices", lambda row: words.offices(row["office"]), head=True),
        show.count("column_count", "n"),
        *([show.text("column_indicator", lambda row: row["numbers"])] if numbers else []),
        *(show.count(f"status_{status}", status) for status in STATUSES if any(row[status] for row in rows)),
    ]


def table_lead_offices(words: Wording) -> Exhibit:
    """Return a row a lead office, most indicators first: its indicators and their statuses counted."""
    caption, note = words.text("caption_lead_offices"), words.text("note_lead_offices")
    return table(_counts(words), _columns(words, numbers=True), "lead-offices", caption=caption, note=note)

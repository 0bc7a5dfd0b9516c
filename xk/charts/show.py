"""Charts as exhibits: each with caption, message in words, and note."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from xk.charts.overview import attainment_grid, gap_rows, plot_gaps, plot_heatmap, plot_index
from xk.charts.scenario import plot_scenario, scenario_lines
from xk.charts.trajectory import plot_trajectory
from xk.exhibits import Exhibit, figure, number, paragraph
from xk.pipeline import Results
from xk.wording import Wording


def _figure_of(axes: object) -> Figure:
    found = getattr(axes, "figure", None)
    if not isinstance(found, Figure):
        raise TypeError("the axes stand in no figure")
    return found


def show_trajectory(words: Wording, indicator: str) -> Exhibit:
    """Return the trajectory of one indicator with its message in words."""
    row = words.results.row(indicator)
    caption = words.text(
        "caption_trajectory", no=row["no"], name=words.names[row["indicator"]], unit=words.unit(row)
    )
    chart = _figure_of(plot_trajectory(words, indicator))
    return figure(chart, str(row["indicator"]).replace("_", "-"), caption=caption, alt=trajectory_message(words, row),
                  note=words.note(row["indicator"]))  # fmt: skip


def trajectory_message(words: Wording, row: pd.Series) -> str:
    """Return what a trajectory says: latest value, target, projection, status."""
    name, target = words.names[row["indicator"]], words.target(row)
    if pd.isna(row["latest_value"]):
        return words.text("alt_no_figure", name=name, target=target)
    ahead = words.text("alt_not_projected")
    if not pd.isna(row["projected_value"]):
        year = int(row["target_year"]) if not pd.isna(row["target_year"]) else words.results.settings.years()[1]
        ahead = words.text("alt_projected", year=year, value=words.projected(row))
    value = words.text("with_unit", value=words.given(row["latest_value"]), unit=words.unit(row))
    return words.text("alt_trajectory", name=name, year=int(row["latest_year"]), value=value, target=target,
                      outlook=ahead, status=words.text(f"status_{row['status']}"))  # fmt: skip


def show_trajectories(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the trajectories of all indicators of a domain that have a figure or a target."""
    rows = words.results.summary
    wanted = words.results.scheme.in_domain(domain)["indicator"]
    rows = rows[rows["indicator"].isin(wanted) & (rows["direction"] != "composite")]
    rows = rows[rows["latest_value"].notna() | rows["target_value"].notna()]
    drawn = [show_trajectory(words, name) for name in rows["indicator"]]
    inside = "\n".join(piece.html for piece in drawn)
    return Exhibit(f'<div class="xk-gallery">{inside}</div>', "\n".join(piece.plain for piece in drawn))


def show_gaps(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the chart of distances to target."""
    rows = gap_rows(words, domain)
    caption, note = words.text("caption_gaps", domain=words.domain(domain)), words.text("note_gaps")
    if rows.empty:
        return Exhibit("", "")
    worst = rows.loc[rows["score"].idxmin()]
    alt = words.text(
        "alt_gaps", n=len(rows), met=int((rows["score"] >= 100).sum()), name=words.names[worst["indicator"]],
        value=number(worst["score"], words.lang, decimals=1),
    )  # fmt: skip
    return figure(_figure_of(plot_gaps(words, domain)), "gaps", caption=caption, alt=alt, note=note)


def show_heatmap(words: Wording) -> Exhibit:
    """Return the heat map of all indicators by year."""
    values, _ = attainment_grid(words)
    summary = words.results.summary
    met = int((summary.loc[summary["direction"] != "composite", "attainment"] >= 100).sum())
    alt = words.text("alt_heatmap", n=len(values), first=values.columns.min(), last=values.columns.max(), met=met)
    caption, note = words.text("caption_heatmap"), words.text("note_heatmap")
    return figure(_figure_of(plot_heatmap(words)), "heatmap", caption=caption, alt=alt, note=note)


def show_index(words: Wording) -> Exhibit:
    """Return the chart of the index by domain."""
    index = words.results.index
    rows = index[index["basis"] == "latest"]
    said = [
        f"{words.text('total') if row.level == 'total' else words.domain(row.level)} {number(row.value, words.lang, decimals=1)}"
        for row in rows.itertuples()
    ]
    alt = words.text("alt_index", values=words.text("list_separator").join(said))
    return figure(_figure_of(plot_index(words)), "index", caption=words.text("caption_index_chart"), alt=alt)


def show_scenario(words: Wording, before: Results) -> Exhibit:
    """Return the trajectories that a scenario changes, each beside its reference."""
    rows = scenario_lines(words)
    if rows.empty:
        return paragraph(words.text("empty_scenario"))
    pieces = []
    for _, row in rows.iterrows():
        name, old = words.names[row["indicator"]], before.row(row["indicator"])
        alt = words.text(
            "alt_scenario", name=name, year=words.results.scheme.target_year, target=words.target(row),
            value=words.value(row["projected_value"], row), old=words.value(old["projected_value"], row),
        )  # fmt: skip
        caption = words.text("caption_trajectory", no=row["no"], name=name, unit=words.unit(row))
        drawn = _figure_of(plot_scenario(words, before, row["indicator"]))
        pieces.append(figure(drawn, f"scenario-{row['indicator'].replace('_', '-')}", caption=caption, alt=alt))
    inside = "\n".join(piece.html for piece in pieces)
    return Exhibit(f'<div class="xk-gallery">{inside}</div>', "\n".join(piece.plain for piece in pieces))

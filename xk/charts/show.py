"""Charts as exhibits: each with caption, message in words, note, and its numbers folded under it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xk.charts.data import data_gaps, data_heatmap, data_measures, data_multiples, data_trajectory
from xk.charts.gaps import gap_rows, plot_gaps
from xk.charts.ground import note_of, phase_note
from xk.charts.heatmap import attainment_grid, plot_heatmap
from xk.charts.multiples import multiple_rows, plot_small_multiples
from xk.charts.offices import office_marks, plot_offices
from xk.charts.scenario import plot_scenario, scenario_lines
from xk.charts.sheet import figure_of
from xk.charts.trajectory import plot_trajectory
from xk.contracts.records import Record
from xk.exhibits import Exhibit, figure, number, panels, paragraph
from xk.exhibits.wording import Wording
from xk.pipeline import Results
from xk.vocab import STATUSES


def show_trajectory(words: Wording, indicator: str, *, phases: bool = True) -> Exhibit:
    """Return the trajectory of one indicator; its note explains the bands of the plan's phases if `phases`."""
    row: Any = words.results.row(indicator)
    caption = words.text(
        "caption_trajectory", no=row["no"], name=words.names[row["indicator"]], measure=words.measure(row)
    )
    notes = [words.note(row["indicator"]), phase_note(words) if phases else ""]
    return figure(
        figure_of(plot_trajectory(words, indicator)), str(row["indicator"]).replace("_", "-"), caption=caption,
        alt=trajectory_message(words, row), note=note_of(words, *notes),
        data=data_trajectory(words, indicator, caption),
    )  # fmt: skip


def trajectory_message(words: Wording, row: Any) -> str:
    """Return what a trajectory says: latest value, target, projection, status."""
    name, target = words.names[row["indicator"]], words.target(row)
    if pd.isna(row["latest_value"]):
        return words.text("alt_no_figure", name=name, target=target)
    ahead = words.text("alt_not_projected")
    if not pd.isna(row["projected_value"]):
        year = int(row["target_year"]) if not pd.isna(row["target_year"]) else words.results.settings.years()[1]
        ahead = words.text("alt_projected", year=year, value=words.projected(row))
    value = words.text("with_measure", value=words.given(row["latest_value"]), measure=words.measure(row))
    return words.text("alt_trajectory", name=name, year=int(row["latest_year"]), value=value, target=target,
                      outlook=ahead, status=words.text(f"status_{row['status']}"))  # fmt: skip


def show_trajectories(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the trajectories of all indicators of a domain that have a figure or a target."""
    drawn = [show_trajectory(words, name, phases=False) for name in multiple_rows(words, domain)["indicator"]]
    inside = "\n".join(piece.html for piece in drawn)
    gallery = Exhibit(f'<div class="xk-gallery">{inside}</div>', "\n".join(piece.plain for piece in drawn))
    note = note_of(words, words.text("note_trajectories"), phase_note(words))
    return paragraph(note, note=True) + gallery if drawn else paragraph(words.text("empty_chart"))


def show_small_multiples(words: Wording, domain: str | None = None) -> Exhibit:
    """Return all indicators of a domain at a glance, a small panel each."""
    rows = multiple_rows(words, domain)
    if rows.empty:
        return paragraph(words.text("empty_chart"))
    drawn = [figure_of(axes) for axes in plot_small_multiples(words, domain)]
    messages = [trajectory_message(words, row) for _, row in rows.iterrows()]
    caption = words.text("caption_multiples", domain=words.domain(domain))
    note = note_of(words, words.text("note_multiples"), phase_note(words))
    data = data_multiples(words, rows, caption)
    return panels(list(zip(drawn, messages, strict=True)), "multiples", caption=caption, note=note, data=data)


def show_gaps(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the chart of distances to target."""
    rows = gap_rows(words, domain)
    if not rows:
        return paragraph(words.text("empty_chart"))
    caption = words.text("caption_gaps", domain=words.domain(domain))
    worst = min(rows, key=lambda row: float(row["score"]))
    alt = words.text(
        "alt_gaps", n=len(rows), met=sum(row["score"] >= 100 for row in rows), name=words.names[worst["indicator"]],
        value=number(worst["score"], words.lang, decimals=1),
    )  # fmt: skip
    note = words.text("note_gaps") + _left_out(words, domain, rows)
    data = data_gaps(words, domain, caption)
    return figure(figure_of(plot_gaps(words, domain)), "gaps", caption=caption, alt=alt, note=note, data=data)


def _left_out(words: Wording, domain: str | None, rows: list[Record]) -> str:
    shown = {row["indicator"] for row in rows}
    missing = [line["no"] for name, line in words.results.scheme.lines_in(domain).items() if name not in shown]
    return words.text("note_left_out", numbers=words.text("list_separator").join(missing)) if missing else ""


def show_heatmap(words: Wording) -> Exhibit:
    """Return the heat map of all indicators by year."""
    values, _ = attainment_grid(words)
    summary = words.results.summary
    met = int((summary.loc[summary["direction"] != "composite", "attainment"] >= 100).sum())
    alt = words.text("alt_heatmap", n=len(values), first=values.columns.min(), last=values.columns.max(), met=met)
    caption, note = words.text("caption_heatmap"), words.text("note_heatmap_cells")
    data = data_heatmap(words, caption)
    return figure(figure_of(plot_heatmap(words)), "heatmap", caption=caption, alt=alt, note=note, data=data)


def show_offices(words: Wording) -> Exhibit:
    """Return the statuses of each lead office's indicators, one symbol an indicator."""
    marks = office_marks(words)
    if marks.empty:
        return paragraph(words.text("empty_chart"))
    behind = marks[marks["status"].isin(["lagging", "regressing"])].groupby("office", sort=False).size()
    named = [words.text("office_behind", office=words.offices(office), n=n) for office, n in behind.nlargest(3).items()]
    most = words.text("list_separator").join(named) if named else words.text("office_none_behind")
    alt = words.text("alt_offices", offices=marks["office"].nunique(), most=most)
    caption, note = (
        words.text("caption_offices_chart"),
        words.text("note_offices_chart", symbols=_symbols(words, marks)),
    )
    data = data_measures(words, caption)
    return figure(figure_of(plot_offices(words)), "offices", caption=caption, alt=alt, note=note, data=data)


def _symbols(words: Wording, marks: pd.DataFrame) -> str:
    counts = marks.drop_duplicates("indicator")["status"].value_counts()
    said = [f"{words.text(f'status_{status}')} {counts[status]}" for status in STATUSES if status in counts]
    return words.text("list_separator").join(said)


def show_scenario(words: Wording, before: Results) -> Exhibit:
    """Return the trajectories that a scenario changes, each beside its reference."""
    rows = scenario_lines(words)
    if rows.empty:
        return paragraph(words.text("empty_scenario"))
    pieces = []
    row: Any
    for _, row in rows.iterrows():
        name, old = words.names[row["indicator"]], before.row(row["indicator"])
        alt = words.text(
            "alt_scenario", name=name, year=words.results.scheme.target_year, target=words.target(row),
            value=words.value(row["projected_value"], row), old=words.value(old["projected_value"], row),
        )  # fmt: skip
        caption = words.text("caption_trajectory", no=row["no"], name=name, measure=words.measure(row))
        drawn = figure_of(plot_scenario(words, before, row["indicator"]))
        data = data_trajectory(words, row["indicator"], caption)
        identifier = f"scenario-{row['indicator'].replace('_', '-')}"
        pieces.append(figure(drawn, identifier, caption=caption, alt=alt, data=data))
    inside = "\n".join(piece.html for piece in pieces)
    return Exhibit(f'<div class="xk-gallery">{inside}</div>', "\n".join(piece.plain for piece in pieces))

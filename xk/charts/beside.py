"""A scenario's trajectory with the reference beside it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from matplotlib.axes import Axes

from xk.charts.frame import draw_legend
from xk.charts.marks import draw_line
from xk.charts.sheet import figure_of
from xk.charts.trajectory import data_trajectory, plot_trajectory, trajectory_caption
from xk.exhibits import Column, Exhibit, figure, gallery, paragraph
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording
from xk.pipeline import Results
from xk.pipeline.result import LineResult, Outlook
from xk.theme import SERIES_COLOURS


def scenario_lines(words: Wording) -> list[LineResult]:
    """Return the results of the lines whose path the scenario sets."""
    yearly = words.results.yearly
    changed = set(yearly.loc[yearly["kind"] == "scenario", "indicator"])
    return [result for name, result in words.results.lines.items() if name in changed]


def plot_scenario(words: Wording, before: Results, indicator: str) -> Axes:
    """Draw the trajectory of one indicator under the scenario, and its reference path (gid ``reference``).

    Parameters
    ----------
    words : Wording
        Results under the scenario.
    before : Results
        The reference.
    indicator : str
        Slug or number of the programme.
    """
    axes = plot_trajectory(words, indicator)
    path = before.path(indicator)
    ahead = path[path["kind"].isin(["projected", "borrowed"])]
    draw_line(axes, ahead["year"], ahead["value"], color=SERIES_COLOURS[0], linestyle=(0, (1, 1.2)), linewidth=2.0,
              label=words.text("legend_reference"), gid="reference")  # fmt: skip
    draw_legend(axes, below=0.27)
    return axes


def show_scenario(words: Wording, before: Results) -> Exhibit:
    """Return the trajectories that a scenario changes, each beside its reference."""
    drawn = [_show_line(words, before, result) for result in scenario_lines(words)]
    return gallery(drawn) if drawn else paragraph(words.text("empty_scenario"))


def _show_line(words: Wording, before: Results, result: LineResult) -> Exhibit:
    name, caption = result.indicator, trajectory_caption(words, result)
    new, old = (words.value(one.outlook.value, result) for one in (result, before.lines[name]))
    alt = words.text("alt_scenario", name=words.names[name], year=words.results.scheme.target_year,
                     target=words.target(result.line), value=new, old=old)  # fmt: skip
    drawn, data = figure_of(plot_scenario(words, before, name)), data_trajectory(words, name, caption)
    return figure(drawn, f"scenario-{name.replace('_', '-')}", caption=caption, alt=alt, data=data)


SIDES = ("old", "new")


@dataclass(frozen=True)
class Moved:
    """A line that a scenario moves: its results under it, and under the reference."""

    new: LineResult
    old: LineResult


def moved_lines(results: Results, before: Results) -> list[Moved]:
    """Return the lines whose target-year figure or status differs from `before`."""
    pairs = [Moved(new, before.lines[name]) for name, new in results.lines.items() if name in before.lines]
    return [pair for pair in pairs if _outcome(pair.new) != _outcome(pair.old)]


def _outcome(result: LineResult) -> tuple[str, ...]:
    """Return what a scenario can move; as words, in which NaN equals NaN."""
    outlook: Outlook = result.outlook
    return result.status, repr(float(outlook.value)), repr(float(outlook.attainment))


def table_scenario(words: Wording, before: Results) -> Exhibit:
    """Return the indicators that a scenario moves: value, attainment, status in the target year, before and after."""

    def paired(column: Column, side: str) -> Column:
        which = words.text("column_reference" if side == "old" else "column_scenario")
        return replace(column, label=words.text("column_of", what=column.label, which=which))

    def value(side: str) -> Callable[[Moved], str]:
        return lambda pair: words.value(getattr(pair, side).outlook.value, pair.new)

    show = Columns(words)
    columns = [
        show.fixed_line("new.indicator"),
        show.text("column_measure", lambda pair: words.measure(pair.new.line)),
        *(paired(show.number("column_value", value(side)), side) for side in SIDES),
        *(paired(show.points("column_attainment", f"{side}.outlook.attainment"), side) for side in SIDES),
        *(paired(show.status(f"{side}.status", alone=False), side) for side in SIDES),
    ]
    rows, year = moved_lines(words.results, before), words.results.scheme.target_year
    return show.table("scenario", rows, columns, empty=True, year=year)


def table_scenario_index(words: Wording, before: Results) -> Exhibit:
    """Return the projected index of each domain and in total, before and after."""
    keys = ["level", "basis"]
    rows = words.results.index.join(before.index.set_index(keys)["value"].rename("old_value"), on=keys)
    rows = rows[rows["basis"] == "target"]
    rows = rows.assign(difference=rows["value"] - rows["old_value"])
    show = Columns(words)
    columns = [
        show.level(),
        show.share("column_reference", "old_value", decimals=2),
        show.share("column_scenario", "value", decimals=2),
        show.share("column_difference", "difference", decimals=2, signed=True),
        show.points("column_coverage", "coverage"),
    ]
    return show.table("scenario_index", rows, columns, note=True, year=words.results.scheme.target_year)

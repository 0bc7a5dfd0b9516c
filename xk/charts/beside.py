"""What a scenario changes: its lines, their figures and the index, with the reference beside them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from xk.charts.trajectory import show_trajectory
from xk.exhibits import Column, Exhibit, gallery, paragraph
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording
from xk.pipeline import Results
from xk.pipeline.result import LineResult, Outlook


def scenario_lines(words: Wording) -> list[LineResult]:
    """Return the results of the lines whose path the scenario sets."""
    return [result for result in words.results.lines.values() if result.trend.kind == "scenario"]


def show_scenario(words: Wording) -> Exhibit:
    """Return the trajectories that a scenario changes, each beside its reference."""
    drawn = [show_trajectory(words, result.indicator, phases=False) for result in scenario_lines(words)]
    return gallery(drawn) if drawn else paragraph(words.text("empty_scenario"))


SIDES = ("old", "new")


@dataclass(frozen=True)
class Moved:
    """A line that a scenario moves: its results under it, and under the reference."""

    new: LineResult
    old: LineResult


def moved_lines(results: Results) -> list[Moved]:
    """Return the lines whose target-year figure or status differs from the reference; none in the reference itself."""
    before = results.reference or results
    pairs = [Moved(new, before.lines[name]) for name, new in results.lines.items()]
    return [pair for pair in pairs if _outcome(pair.new) != _outcome(pair.old)]


def _outcome(result: LineResult) -> tuple[str, ...]:
    """Return what a scenario can move; as words, in which NaN equals NaN."""
    outlook: Outlook = result.outlook
    return result.status, repr(float(outlook.value)), repr(float(outlook.attainment))


def table_scenario(words: Wording) -> Exhibit:
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
    rows, year = moved_lines(words.results), words.results.scheme.target_year
    return show.table("scenario", rows, columns, empty=True, year=year)


def table_scenario_index(words: Wording) -> Exhibit:
    """Return the projected index of each domain and in total, before and after."""
    keys, before = ["level", "basis"], words.results.reference or words.results
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

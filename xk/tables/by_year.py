"""One indicator year by year, beside the planned path."""

from xk.exhibits import Columns, Exhibit, Wording, table


def table_path(words: Wording, indicator: str) -> Exhibit:
    """Return the figures of one indicator year by year, observed and projected, beside the planned path."""
    result, level = words.results.line(indicator), words.results.settings.levels[0]

    show = Columns(words)
    columns = [
        show.year("column_year", head=True),
        show.number("column_value", lambda year: words.value(year["value"], result)),
        show.text("column_kind", lambda year: words.kind(year["kind"])),
        show.interval(level, lambda year, end: words.value(year[end], result)),
        show.number("column_planned", lambda year: words.planned(year["planned_value"], result)),
        show.number("column_plan_gap", lambda year: words.planned(year["plan_gap"], result, signed=True)),
        show.points("column_score", "score"),
    ]
    name, measure = words.names[result.indicator], words.measure(result.line)
    caption, note = words.text("caption_path", name=name, measure=measure), words.text("note_path")
    path, empty = words.results.path(indicator), words.text("reason_no_figure")
    return table(path, columns, "path", caption=caption, note=note, empty=empty)

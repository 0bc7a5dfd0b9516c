"""What changed between two runs: settings, figures, targets, statuses, by the tables beside the reports."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from xk.bench.question import PARAMETERS
from xk.contracts.records import Record, grouped, records
from xk.contracts.scenario_rules import REFERENCE
from xk.errors import UsageError
from xk.exhibits import Column, Exhibit, badge, escape, number, table
from xk.running.report.data import DATA
from xk.running.runs.history import list_runs
from xk.running.runs.manifest import Parameters, read_manifest
from xk.vocab import STATUSES, text

CHANGES: tuple[str, ...] = (
    "setting", "indicator_new", "indicator_gone", "target", "figure_series", "figure_other", "figure_unserved",
    "figure_new", "figure_revised", "figure_restated", "figure_gone", "status",
)  # fmt: skip
"""Kinds of change, in the order in which they are told."""

_TEXTS = {"region", "indicator", "no", "name", "status", "direction", "unit", "price_base", "kind"}

Rows = dict[tuple[object, ...], dict[str, object]]
"""Rows of a table by their keys; a cell is a number, a text, or None."""


@dataclass(frozen=True)
class Change:
    """One thing that changed.

    Parameters
    ----------
    kind : str
        One of `CHANGES`.
    field : str
        The setting, or the column of a table; empty where a row comes or goes that says all by its key.
    before, after : object
        Its values; None where there is none.
    region, indicator, year
        The row of the table, as far as they are its key.
    title : str
        Number and name of the indicator, as the later run writes them.
    """

    kind: str
    field: str
    before: object
    after: object
    region: str = ""
    indicator: str = ""
    year: float = 0
    title: str = ""


@dataclass(frozen=True)
class _Compared:
    """A table to compare: its key, columns whose changes are told, and the kinds of change.

    Rows that came or went are told as ``<moved>_new`` and ``<moved>_gone``, with the cell of the column `shown`.
    """

    key: tuple[str, ...]
    changed: str
    fields: tuple[str, ...]
    moved: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Serving:
    """The series that serve a line in a run, the source of the last figure, first and last year."""

    series: frozenset[str]
    source: str
    first: int
    last: int


_SETTINGS = "settings"
_SAME = ("scheme", "regions", "scenario", "scenarios", "weights", "observations", "vintage")
"""What two runs have in common that are set beside each other without being asked."""
_COMPARED = {
    "observations": _Compared(
        ("region", "indicator", "year"), "figure_revised", ("value", "unit", "price_base", "kind"), "figure", "value"
    ),
    "indicators": _Compared(
        ("indicator",), "target", (
            "direction", "baseline_year", "baseline_value", "target_year", "target_value", "target_low", "target_high",
            "limit_low", "limit_high", "target_stretch", "hold_from", "hold_to", "weight",
        ), "indicator",
    ),
    "summary": _Compared(("region", "indicator"), "status", ("status",)),
    # Programme and region must be the same.
    _SETTINGS: _Compared((), "setting", tuple(name for name in PARAMETERS if name not in ("domain", "region", "lang"))),
}  # fmt: skip


def diff_runs(before: Path, after: Path) -> list[Change]:
    """Return what changed from the run in folder `before` to that in `after`, by kind and in the programme's order.

    Only regions that both runs report on are compared, and of several scenarios in a run only the reference.

    Raises
    ------
    UsageError
        A folder holds no run or a damaged one, or the runs are of different programmes or have no region in common.
    """
    try:
        return _diff(before, after)
    except (ArithmeticError, LookupError, OSError, TypeError, ValueError) as error:
        named = f"{type(error).__name__}: {error}"
        raise UsageError(f"{before.name} and {after.name} cannot be compared, one is damaged: {named}") from None


def _diff(before: Path, after: Path) -> list[Change]:
    old, new = ({name: _read_rows(folder, name) for name in _COMPARED} for folder in (before, after))
    schemes = [side[_SETTINGS][()]["scheme"] for side in (old, new)]
    if schemes[0] != schemes[1]:
        raise UsageError(f"the runs are of different programmes: {schemes[0]} and {schemes[1]}")
    shared = {region for region, _ in old["summary"]} & {region for region, _ in new["summary"]}
    if not shared:
        raise UsageError(f"{before.name} and {after.name} have no region in common")
    titles: dict[object, str] = {}
    for (region, indicator), row in (*new["summary"].items(), *old["summary"].items()):
        if region in shared:
            titles.setdefault(indicator, f"{row['no']} {row['name']}")
    places = {indicator: place for place, indicator in enumerate(titles)}
    figures = [side["observations"] for side in (old, new)]
    changes = []
    for name, compared in _COMPARED.items():
        changes += [_of_series(one, *figures) for one in _compare(compared, old[name], new[name], titles)]
    for one in _other_series(_serving(figures[0]), _serving(figures[1]), titles):
        changes.append(replace(one, before=_named(one.before, before), after=_named(one.after, after)))
    told = [one for one in changes if one.region in {"", *shared}]
    return sorted(told, key=lambda one: (CHANGES.index(one.kind), one.region, places.get(one.indicator, -1), one.year))


def previous_run(out: Path, name: str) -> Path | None:
    """Return the run below `out` before the run `name` that asked the same (`_SAME`).

    The language does not matter. None where there is none, or where its tables are gone.
    """
    runs = list_runs(out)
    own = next(place for place, run in enumerate(runs) if run.name == name)
    asked = _same(runs[own].manifest.get("parameters", {}))
    for run in runs[own + 1 :]:
        if _same(run.manifest.get("parameters", {})) == asked and (out / run.name / DATA).is_dir():
            return out / run.name
    return None


def count_changes(changes: Sequence[Change], lang: str, runs: tuple[str, str] | None = None) -> str:
    """Return in one sentence how many changes of which kind there are, since the run before or between named `runs`."""
    counts = Counter(change.kind for change in changes)
    said = [text(f"diff_count_{kind}", lang, n=counts[kind]) for kind in CHANGES if kind in counts]
    facts = {"counts": text("list_separator", lang).join(said)} if said else {}
    if runs:
        named = dict(zip(("before", "after"), runs, strict=True))
        return text("diff_counts_named" if said else "diff_none_named", lang, **named, **facts)
    return text("diff_counts" if said else "diff_none", lang, **facts)


def diff_text(changes: Sequence[Change], lang: str, runs: tuple[str, str] | None = None) -> str:
    """Return the changes as lines of text for a terminal; `runs` are the names by which the two were asked for."""
    lines, several = [count_changes(changes, lang, runs)], _several_regions(changes)
    for one in changes:
        place = " ".join(part for part in (one.region * several, one.title, _field(one, lang)) if part)
        change = text("diff_from_to", lang, before=_shown(one, one.before, lang), after=_shown(one, one.after, lang))
        lines.append(text("diff_line", lang, kind=text(f"diff_{one.kind}", lang), place=place, change=change))
    return "\n".join(lines)


def table_changes(changes: Sequence[Change], lang: str, *, region_names: Mapping[str, str]) -> Exhibit:
    """Return the changes as a table; the words that there are none where nothing changed."""

    def cell(side: str) -> Callable[[Change], str]:
        def html(one: Change) -> str:
            value = getattr(one, side)
            if one.kind == "status" and value in STATUSES:
                return badge(value, text(f"status_{value}", lang))
            return escape(_shown(one, value, lang))

        return html

    dash = text("dash", lang)
    columns = [
        Column(text("diff_column_what", lang), lambda one: text(f"diff_{one.kind}", lang), head=True),
        Column(text("column_indicator", lang), lambda one: one.title or dash),
        Column(text("diff_column_field", lang), lambda one: _field(one, lang) or dash),
        Column(text("diff_column_before", lang), cell("before"), raw=True),
        Column(text("diff_column_after", lang), cell("after"), raw=True),
    ]
    if _several_regions(changes):
        region = Column(text("fact_region", lang), lambda one: region_names.get(one.region, one.region) or dash)
        columns.insert(1, region)
    caption, empty = text("diff_caption", lang), text("diff_none", lang)
    return table(changes, columns, "changes", caption=caption, note=text("diff_note", lang), empty=empty)


def _same(parameters: Parameters) -> list[object]:
    return [parameters.get(name) for name in _SAME]


def _read_rows(folder: Path, name: str) -> Rows:
    path, keys = folder / DATA / f"{name}.csv", _COMPARED[name].key
    if name == _SETTINGS:
        if (manifest := read_manifest(folder)) is None:
            raise UsageError(f"there is no run in {folder}: its manifest is missing or cannot be read")
        return {(): {field: manifest.get("parameters", {}).get(field) for field in PARAMETERS}}
    if not path.is_file():
        raise UsageError(f"{folder} is no run with data to compare: there is no data/{name}.csv")
    frame = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    if "scenario" in frame and len(set(frame["scenario"])) > 1:
        frame = frame[frame["scenario"] == REFERENCE]
    if missing := [key for key in keys if key not in frame]:
        raise UsageError(f"{path} has no column {', '.join(missing)}")
    read = [{column: _value(column, cell) for column, cell in row.items()} for row in records(frame)]
    if len(rows := {tuple(row[key] for key in keys): row for row in read}) < len(read):
        raise UsageError(f"{path}: {', '.join(keys)} do not tell its rows apart")
    return rows


def _value(column: str, cell: str) -> object:
    try:
        return cell or None if column in _TEXTS else float(cell)
    except ValueError:
        return cell or None


def _compare(table: _Compared, old: Rows, new: Rows, titles: Mapping[object, str]) -> Iterator[Change]:
    """Yield what is new, gone or changed: the outer merge of the rows of two runs, cell by cell."""
    for key in {**new, **old}:
        before, after = old.get(key, {}), new.get(key, {})
        place: Record = dict(zip(table.key, key, strict=True))
        place["title"] = titles.get(place.get("indicator"), "")
        if before and after:
            kind = table.changed
            told = [name for name in table.fields if name in before.keys() & after and before[name] != after[name]]
        else:
            kind, told = f"{table.moved}_{'gone' if before else 'new'}", [table.shown] if table.moved else []
        for name in told:
            stated = kind == "figure_revised" and name != "value"
            yield Change("figure_restated" if stated else kind, name, before.get(name), after.get(name), **place)


def _serving(figures: Rows) -> dict[tuple[str, str], Serving]:
    """Return region and indicator -> the series that serves there."""
    groups = grouped(figures.values(), lambda row: (str(row["region"]), str(row["indicator"])))
    found = {}
    for key, rows in groups.items():
        last, years = max(rows, key=lambda row: str(row["year"])), [int(float(str(row["year"]))) for row in rows]
        series = frozenset(map(_series, rows))
        found[key] = Serving(series, str(last.get("source_id") or ""), min(years), max(years))
    return found


def _of_series(one: Change, old: Rows, new: Rows) -> Change:
    """Return a change of a figure as one of series, where that is what changed.

    A figure of a series that did not serve before is not new and revises nothing; one of a series that does not serve
    any more was not withdrawn.
    """
    if one.kind not in ("figure_new", "figure_revised", "figure_gone"):
        return one
    key = one.region, one.indicator, one.year
    if one.kind == "figure_revised":
        moved = _differ({_series(old[key])}, {_series(new[key])})
    else:
        rows, others = (new, old) if one.kind == "figure_new" else (old, new)
        moved = _differ({_series(rows[key])}, {_series(row) for place, row in others.items() if place[:2] == key[:2]})
    return replace(one, kind="figure_unserved" if one.kind == "figure_gone" else "figure_other") if moved else one


def _series(row: Mapping[str, object]) -> str:
    return str(row.get("series") or "")


def _differ(some: set[str], others: set[str]) -> bool:
    """Return whether series are known on both sides, and none is on both."""
    return bool(others) and "" not in some | others and not some & others


def _other_series(
    old: Mapping[tuple[str, str], Serving], new: Mapping[tuple[str, str], Serving], titles: Mapping[object, str]
) -> Iterator[Change]:
    """Yield the lines that another series serves now."""
    for key in old.keys() & new.keys():
        if old[key].series != new[key].series and "" not in old[key].series | new[key].series:
            title = titles.get(key[1], "")
            yield Change("figure_series", "", old[key], new[key], *key, title=title)


def _named(one: object, folder: Path) -> object:
    """Return a series that serves with the publisher and title of its source, as far as the run tells them."""
    path = folder / DATA / "sources.csv"
    if not isinstance(one, Serving) or not path.is_file():
        return one
    sources = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False).set_index("source_id")
    if one.source not in sources.index:
        return one
    said = [str(sources.at[one.source, name]) for name in ("publisher", "title")]
    return replace(one, source=": ".join(filter(None, said)))


def _several_regions(changes: Sequence[Change]) -> bool:
    return len({change.region for change in changes} - {""}) > 1


def _field(one: Change, lang: str) -> str:
    """Return what of an indicator changed: year of a figure, name of a setting or of a part of a target."""
    if one.kind == "setting":
        return text(f"fact_{one.field}", lang)
    field = text(f"field_{one.field}", lang) if one.field not in ("", "status", "value") else ""
    if not one.year:
        return field
    return text("of_year", lang, year=int(one.year)) + (text("in_brackets", lang, word=field) if field else "")


def _shown(one: Change, value: object, lang: str) -> str:
    if one.kind == "setting" and one.field == "scenario":
        named = isinstance(value, Mapping) and value.get(f"title_{lang}", value.get("name", value))
        return str(named or text("scenario_reference", lang))
    if one.kind == "setting" and one.field == "weights":
        return text("weights_programme" if value is None else "weights_chosen", lang)
    if one.kind == "setting" and one.field == "observations":
        return text("list_separator", lang).join(value if isinstance(value, list) else [text("dash", lang)])
    if one.kind == "setting" and one.field == "vintage" and value is None:
        return text("diff_newest", lang)
    if isinstance(value, Serving):
        several = text("year_range", lang, first=value.first, last=value.last)
        years = text("of_year", lang, year=value.first if value.first == value.last else several)
        return value.source + text("in_brackets", lang, word=years)
    if value is None:
        return text("diff_automatic" if one.kind == "setting" else "dash", lang)
    if one.field in ("status", "kind", "direction", "method"):
        return text(f"{one.field}_{value}", lang)
    if one.field == "price_base":
        base = str(value)
        return text("prices_of", lang, year=base) if base.isdigit() else text(f"prices_{base}", lang)
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if one.field.endswith("year") else number(value, lang)

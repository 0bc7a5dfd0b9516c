"""What changed between two runs: settings, figures, targets, statuses, by the tables beside the reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from xk.contracts.records import Record, records
from xk.errors import UsageError
from xk.exhibits import Column, Exhibit, badge, escape, number, table
from xk.question import PARAMETERS
from xk.running.report.data import DATA
from xk.running.runs.history import list_runs
from xk.running.runs.manifest import Parameters, read_manifest
from xk.vocab import STATUSES, text

COLUMNS: tuple[str, ...] = ("change", "region", "indicator", "no", "name", "year", "field", "before", "after")
CHANGES: tuple[str, ...] = (
    "setting", "indicator_new", "indicator_gone", "target", "figure_new", "figure_revised", "figure_gone",
    "status",
)  # fmt: skip
"""Kinds of change, in the order in which they are told."""

# What runs may differ in and still be compared, told as a change; programme and region must be the same.
_SETTINGS = tuple(name for name in PARAMETERS if name not in ("domain", "scheme", "region", "lang"))
_TARGETS = (
    "direction", "baseline_year", "baseline_value", "target_year", "target_value", "target_low",
    "target_high", "limit_low", "limit_high", "target_stretch", "hold_from", "hold_to", "weight",
)  # fmt: skip
_FIGURES = ("value", "unit", "price_base", "kind")
_TEXTS = {"region", "indicator", "no", "name", "status", "direction", *_FIGURES[1:]}
_KEYS: dict[str, tuple[str, ...]] = {
    "observations": ("region", "indicator", "year"),
    "indicators": ("indicator",),
    "summary": ("region", "indicator"),
}


def diff_runs(before: Path, after: Path) -> pd.DataFrame:
    """Return what changed from the run in folder `before` to that in `after`, one change a row.

    Columns: change (see `CHANGES`), region, indicator, no, name (as the later run writes it), year, field,
    before, after. Only regions that both runs report on are compared. No rows: nothing changed.

    Raises
    ------
    UsageError
        A folder holds no run, or the runs are of different programmes or have no region in common.
    """
    old, new = _read_run(before), _read_run(after)
    parameters = [_parameters(folder) for folder in (before, after)]
    schemes = [values.get("scheme") for values in parameters]
    if schemes[0] != schemes[1]:
        raise UsageError(f"the runs are of different programmes: {schemes[0]} and {schemes[1]}")
    shared = set(old["summary"]["region"]) & set(new["summary"]["region"])
    if not shared:
        raise UsageError(f"{before.name} and {after.name} have no region in common")
    old, new = ({name: _only(frame, shared) for name, frame in tables.items()} for tables in (old, new))
    rows = [
        *_setting_rows(*parameters),
        *_coming_and_going(old["indicators"], new["indicators"], "indicator", ()),
        *_field_rows(old["indicators"], new["indicators"], "target", _TARGETS),
        *_coming_and_going(old["observations"], new["observations"], "figure", ("value",)),
        *_field_rows(old["observations"], new["observations"], "figure_revised", _FIGURES),
        *_field_rows(old["summary"], new["summary"], "status", ("status",)),
    ]
    return _named_and_ordered(pd.DataFrame(rows, columns=list(COLUMNS)), old["summary"], new["summary"])


def previous_run(out: Path, name: str) -> Path | None:
    """Return the run below `out` before the run `name` that asked the same: programme, regions, scenario and weights.

    The language does not matter. None where there is none, or where its tables are gone.
    """
    runs = list_runs(out)
    own = next(place for place, run in enumerate(runs) if run.name == name)
    asked = _same(runs[own].manifest.get("parameters", {}))
    for run in runs[own + 1 :]:
        if _same(run.manifest.get("parameters", {})) == asked and (out / run.name / DATA).is_dir():
            return out / run.name
    return None


def count_changes(changes: pd.DataFrame, lang: str) -> str:
    """Return in one sentence how many changes of which kind there are."""
    if changes.empty:
        return text("diff_none", lang)
    counts = changes["change"].value_counts()
    said = [text(f"diff_count_{kind}", lang, n=counts[kind]) for kind in CHANGES if kind in counts]
    return text("diff_counts", lang, counts=text("list_separator", lang).join(said))


def diff_text(changes: pd.DataFrame, lang: str) -> str:
    """Return the changes as lines of text for a terminal."""
    lines, several = [count_changes(changes, lang)], _several_regions(changes)
    for row in records(changes):
        region = row["region"] if several and not _is_missing(row["region"]) else ""
        place = " ".join(part for part in (region, _indicator(row), _field(row, lang)) if part)
        change = text("diff_from_to", lang, before=_shown(row, "before", lang), after=_shown(row, "after", lang))
        lines.append(text("diff_line", lang, kind=text(f"diff_{row['change']}", lang), place=place, change=change))
    return "\n".join(lines)


def table_changes(changes: pd.DataFrame, lang: str, *, region_names: Mapping[str, str]) -> Exhibit:
    """Return the changes as a table; the words that there are none where nothing changed."""

    def cell(side: str) -> Callable[[Record], str]:
        def html(row: Record) -> str:
            if row["change"] == "status" and row[side] in STATUSES:
                return badge(row[side], text(f"status_{row[side]}", lang))
            return escape(_shown(row, side, lang))

        return html

    def region(row: Record) -> str:
        name = row["region"]
        return text("dash", lang) if _is_missing(name) else region_names.get(name, name)

    columns = [
        Column(text("diff_column_what", lang), lambda row: text(f"diff_{row['change']}", lang), head=True),
        Column(text("column_indicator", lang), lambda row: _indicator(row) or text("dash", lang)),
        Column(text("diff_column_field", lang), lambda row: _field(row, lang) or text("dash", lang)),
        Column(text("diff_column_before", lang), cell("before"), raw=True),
        Column(text("diff_column_after", lang), cell("after"), raw=True),
    ]
    if _several_regions(changes):
        columns.insert(1, Column(text("fact_region", lang), region))
    caption, empty = text("diff_caption", lang), text("diff_none", lang)
    return table(changes, columns, "changes", caption=caption, note=text("diff_note", lang), empty=empty)


def _parameters(folder: Path) -> Parameters:
    manifest = read_manifest(folder)
    if manifest is None:
        raise UsageError(f"there is no run in {folder}: its manifest is missing or cannot be read")
    return manifest.get("parameters", {})


def _same(parameters: Parameters) -> list[object]:
    return [parameters.get(name) for name in ("scheme", "regions", "scenario", "weights")]


def _read_run(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a run by key; cells are numbers or texts, empty where there is no value."""
    tables = {}
    for name, keys in _KEYS.items():
        path = folder / DATA / f"{name}.csv"
        if not path.is_file():
            raise UsageError(f"{folder} is no run with data to compare: there is no data/{name}.csv")
        frame = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
        if missing := [key for key in keys if key not in frame]:
            raise UsageError(f"{path} has no column {', '.join(missing)}")
        for column in frame:
            frame[column] = frame[column].map(str if column in _TEXTS else _number).astype(object)
        if frame.duplicated(list(keys)).any():
            raise UsageError(f"{path}: {', '.join(keys)} do not tell its rows apart")
        tables[name] = frame.set_index(list(keys), drop=False)
    return tables


def _number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def _only(frame: pd.DataFrame, regions: set[str]) -> pd.DataFrame:
    return frame[frame["region"].isin(regions)] if "region" in frame else frame


def _setting_rows(old: Parameters, new: Parameters) -> list[Record]:
    changed = [name for name in _SETTINGS if old.get(name) != new.get(name)]
    return [{"change": "setting", "field": name, "before": old.get(name), "after": new.get(name)} for name in changed]


def _coming_and_going(old: pd.DataFrame, new: pd.DataFrame, what: str, shown: Sequence[str]) -> list[Record]:
    """Return a row for each key that is only in `new` or only in `old`, with the columns `shown`."""
    rows = []
    for change, side, here, there in (
        (f"{what}_new", "after", new, old),
        (f"{what}_gone", "before", old, new),
    ):
        for _, row in here[~here.index.isin(there.index)].iterrows():
            values = {name: row[name] for name in shown}
            told = {"field": next(iter(values), None), side: next(iter(values.values()), None)}
            rows.append(_key(row) | {"change": change} | told)
    return rows


def _field_rows(old: pd.DataFrame, new: pd.DataFrame, change: str, fields: Sequence[str]) -> list[Record]:
    """Return a row for each cell of `fields` that differs where a key is in both."""
    shared = new.index[new.index.isin(old.index)]
    rows = []
    for name in fields:
        if name not in old or name not in new:
            continue
        before, after = old.loc[shared, name], new.loc[shared, name]
        for key in shared[[not _equal(*pair) for pair in zip(before, after, strict=True)]]:
            told = {"change": change, "field": name, "before": before[key], "after": after[key]}
            rows.append(_key(new.loc[key]) | told)
    return rows


def _equal(before: object, after: object) -> bool:
    return (_is_missing(before) and _is_missing(after)) or bool(before == after)


def _is_missing(cell: object) -> bool:
    return cell is None or cell is pd.NA or cell == "" or cell != cell  # NaN is not itself


def _key(row: pd.Series) -> Record:
    return {name: row[name] for name in ("region", "indicator", "year") if name in row}


def _named_and_ordered(changes: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the changes with number and name of each indicator, by kind and in the programme's order."""
    names = pd.concat([new, old]).drop_duplicates("indicator").set_index("indicator")
    place = {name: position for position, name in enumerate(names.index)}
    out = changes.assign(
        no=changes["indicator"].map(names["no"]),
        name=changes["indicator"].map(names["name"]),
        kind=changes["change"].map(CHANGES.index),
        place=changes["indicator"].map(place),
    )
    out = out.sort_values(["kind", "region", "place", "year"], kind="stable", na_position="first")
    return out[list(COLUMNS)].astype({"year": "Int64"}).reset_index(drop=True)


def _several_regions(changes: pd.DataFrame) -> bool:
    return len(changes["region"].dropna().unique()) > 1


def _indicator(row: Record) -> str:
    return "" if _is_missing(row["indicator"]) else f"{row['no']} {row['name']}"


def _field(row: Record, lang: str) -> str:
    """Return what of an indicator changed: year of a figure, name of a setting or of a part of a target."""
    if row["change"] == "setting":
        return text(f"fact_{row['field']}", lang)
    if not _is_missing(row["year"]):
        year = text("of_year", lang, year=int(row["year"]))
        return (
            year
            if row["field"] == "value"
            else year + text("in_brackets", lang, word=text(f"field_{row['field']}", lang))
        )
    return "" if _is_missing(row["field"]) or row["change"] == "status" else text(f"field_{row['field']}", lang)


def _shown(row: Record, side: str, lang: str) -> str:
    value = row[side]
    if row["change"] == "setting" and row["field"] == "scenario":
        return text("scenario_reference", lang) if _is_missing(value) else str(value.get("name", value))
    if row["change"] == "setting" and row["field"] == "weights":
        return text("weights_programme" if _is_missing(value) else "weights_chosen", lang)
    if _is_missing(value):
        return text("diff_automatic" if row["change"] == "setting" else "dash", lang)
    if row["field"] in ("status", "kind", "direction", "method"):
        return text(f"{row['field']}_{value}", lang)
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if str(row["field"]).endswith("year") else number(value, lang)

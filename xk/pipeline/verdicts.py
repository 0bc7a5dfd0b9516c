"""Verdict history: each line as it would have been judged at each past year, and what changed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xk.arithmetic.rulebooks import HOUSE
from xk.arithmetic.target import meets
from xk.contracts.records import Record
from xk.contracts.scheme import Scheme
from xk.errors import UsageError
from xk.pipeline.judging import COLUMNS, judge_lines
from xk.pipeline.paths import Paths, build_paths, figures_of
from xk.pipeline.result import LineResult
from xk.pipeline.summary import build_lines
from xk.pipeline.targets import target_of

if TYPE_CHECKING:
    from xk.pipeline import Settings

CHANGES = (
    "first",
    "parts",
    "first_figure",
    "time_passed",
    "target_met",
    "target_lost",
    "trend_source",
    "projection",
    "new_figure",
)
HISTORY = (*COLUMNS, "as_of", "latest_year", "latest_value", "projected_value", "changed", "change", "before")
MOST_YEARS = 7


def build_verdict_history(
    scheme: Scheme,
    observations: pd.DataFrame,
    *,
    regions: pd.DataFrame,
    settings: Settings,
    years: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Judge every line with the figures known in each of several years.

    Parameters
    ----------
    scheme, observations, regions
        As for `build_results`; of a figure that was revised, the newest vintage stands for all years.
    settings : Settings
        Resolved; region and method.
    years : sequence of int, optional
        Years to judge at; the last seven up to `as_of` that have a figure of the region, if not given.

    Returns
    -------
    DataFrame
        The columns of `build_verdicts` and as_of, latest_year, latest_value, projected_value, changed (bool), change
        (see `CHANGES`; None where the status is that of the year before), before (the status then).
    """
    last, _ = settings.years()
    asked = list(years) if years is not None else _years(scheme, observations, settings)
    if not asked:
        raise UsageError(f"region {settings.region!r} has no figure to judge by")
    if max(asked) > last:
        raise UsageError(f"the history ends in {last}, the last known year; {max(asked)} lies after it")
    found = build_paths(scheme, observations, regions=regions, settings=settings, years=sorted(set(asked)))
    lines: dict[tuple[str, str, str], list[Record]] = {}
    for year, paths in found.items():
        for row in _judge_at(scheme, paths, settings=replace(settings, as_of=year)):
            lines.setdefault((row["indicator"], row["goal"], row["rulebook"]), []).append(row)
    rows = [row for line in lines.values() for row in _with_changes(line)]
    words = {name: pd.Series([row[name] for row in rows], dtype=object) for name in ("change", "before")}
    return pd.DataFrame(rows, columns=list(HISTORY)).astype({"latest_year": float}).assign(**words)


def _years(scheme: Scheme, observations: pd.DataFrame, settings: Settings) -> list[int]:
    last, _ = settings.years()
    own = figures_of(scheme, observations, [settings.region])
    known = {int(year) for year in own["year"] if year <= last}
    return sorted({*known, last})[-MOST_YEARS:] if known else []


def _judge_at(scheme: Scheme, paths: Paths, *, settings: Settings) -> list[Record]:
    """Return the verdicts of one year, each with the facts of its line that tell why it changed."""
    lines = build_lines(scheme, paths, settings=settings)
    facts = {name: _facts(result) | {"as_of": settings.years()[0]} for name, result in lines.items()}
    return [row | facts[row["indicator"]] for row in judge_lines(scheme, paths.seen, lines)]


def _facts(result: LineResult) -> Record:
    latest, trend = result.latest, result.trend
    return {
        "latest_year": latest.year, "latest_value": latest.value, "projected_value": result.outlook.value,
        "trend": (trend.kind, trend.region), "direction": result.line.direction, "met": _met(result),
    }  # fmt: skip


def _met(result: LineResult) -> bool:
    target = None if result.line.is_composite else target_of(result.line)
    return target is not None and target.known and result.comparable and meets(result.latest.value, target)


def _with_changes(rows: list[Record]) -> list[Record]:
    """Return the verdicts of one line, goal and rulebook, years ascending, each beside that of the year before."""
    out = []
    for old, new in zip([None, *rows[:-1]], rows, strict=True):
        change = _change(old, new)
        before = None if old is None else old["status"]
        out.append(new | {"changed": change not in (None, "first"), "change": change, "before": before})
    return out


def _change(old: Record | None, new: Record) -> str | None:
    """Return what changed a status since the year before; None where it is the same."""
    if old is None:
        return "first"
    if old["status"] == new["status"]:
        return None
    if new["direction"] == "composite":
        return "parts"
    if pd.isna(old["latest_year"]) and pd.notna(new["latest_year"]):
        return "first_figure"
    if old["latest_year"] == new["latest_year"]:
        return "time_passed"
    if old["met"] != new["met"]:
        return "target_met" if new["met"] else "target_lost"
    if new["rulebook"] != HOUSE:
        return "new_figure"
    if old["trend"] != new["trend"]:
        return "trend_source"
    same = np.isclose(old["projected_value"], new["projected_value"], equal_nan=True)
    return "new_figure" if same else "projection"

"""Verdict history: each line as it would have been judged at each past year, and what changed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xk.errors import UsageError
from xk.pipeline.judging import build_verdicts
from xk.pipeline.paths import build_paths
from xk.pipeline.summary import build_summary
from xk.pipeline.targets import target_of
from xk.progress import meets
from xk.scheme import Scheme

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
FACTS = ("latest_year", "latest_value", "projected_value", "trend", "trend_region")
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
    frames = [
        _judge_at(scheme, observations, regions=regions, settings=replace(settings, as_of=year))
        for year in sorted(set(asked))
    ]
    return _with_changes(pd.concat(frames, ignore_index=True))


def _years(scheme: Scheme, observations: pd.DataFrame, settings: Settings) -> list[int]:
    last, _ = settings.years()
    own = observations[
        (observations["region"] == settings.region)
        & observations["indicator"].isin(scheme.indicators["indicator"])
        & (observations["year"] <= last)
    ]
    return sorted({*own["year"].astype(int), last})[-MOST_YEARS:] if len(own) else []


def _judge_at(scheme: Scheme, observations: pd.DataFrame, *, regions: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    paths = build_paths(scheme, observations, regions=regions, settings=settings)
    summary = build_summary(scheme, paths, settings=settings)
    met = [_met(scheme, row) for row in summary.to_dict("records")]
    composite = (summary["direction"] == "composite").to_list()
    facts = summary.set_index("indicator").reindex(columns=list(FACTS)).assign(met=met, composite=composite)
    verdicts = build_verdicts(scheme, paths.observed, summary)
    return verdicts.assign(as_of=settings.years()[0]).join(facts, on="indicator")


def _met(scheme: Scheme, row: dict[Any, Any]) -> bool:
    target = target_of(scheme.indicator(row["indicator"])) if row["direction"] != "composite" else None
    if target is None or not target.known or pd.isna(row["latest_value"]):
        return False
    return bool(meets(row["latest_value"], target)) and bool(row["comparable"])


def _with_changes(history: pd.DataFrame) -> pd.DataFrame:
    frames = [
        group.assign(**_changes(group.to_dict("records")))
        for _, group in history.groupby(["indicator", "goal", "rule"], sort=False)
    ]
    together = pd.concat(frames, ignore_index=True).drop(columns=["met", "composite", "trend", "trend_region"])
    # an empty group of years would turn None into NaN
    words = {name: together[name].astype(object).where(together[name].notna(), None) for name in ("change", "before")}
    return together.assign(**words)


def _changes(rows: list[dict[Any, Any]]) -> dict[str, list[Any]]:
    before = [None, *rows[:-1]]
    change = [_change(old, new) for old, new in zip(before, rows, strict=True)]
    return {
        "changed": [word not in (None, "first") for word in change],
        "change": change,
        "before": [None if old is None else old["status"] for old in before],
    }


def _change(old: dict[Any, Any] | None, new: dict[Any, Any]) -> str | None:
    """Return what changed a status since the year before; None where it is the same."""
    if old is None:
        return "first"
    if old["status"] == new["status"]:
        return None
    if new["composite"]:
        return "parts"
    if pd.isna(old["latest_year"]) and pd.notna(new["latest_year"]):
        return "first_figure"
    if old["latest_year"] == new["latest_year"]:
        return "time_passed"
    if old["met"] != new["met"]:
        return "target_met" if new["met"] else "target_lost"
    if new["rule"] != "house":
        return "new_figure"
    if (old["trend"], old["trend_region"]) != (new["trend"], new["trend_region"]):
        return "trend_source"
    same = np.isclose(old["projected_value"], new["projected_value"], equal_nan=True)
    return "new_figure" if same else "projection"

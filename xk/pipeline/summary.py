"""Where every line stands: level, attainment, distance, rates, projection, status; and the same by year."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS, Case, Reason, Verdict
from xk.arithmetic.target import (
    Target,
    cap,
    meets,
    observed_rate,
    progress,
    required_rate,
    scale_of,
    score,
    stretch,
    year_reached,
)
from xk.contracts.records import Record, text_of
from xk.contracts.scheme import Line, Scheme
from xk.pipeline.composites import mean_of_parts
from xk.pipeline.paths import Paths
from xk.pipeline.planning import baseline_serves, plan_of
from xk.pipeline.result import Distance, Latest, LineResult, Outlook, Plan, Trend
from xk.pipeline.targets import case_of, target_of

if TYPE_CHECKING:
    from xk.pipeline import Settings

YEARS_BEYOND = 10
WHOLE = ("hold_from", "hold_to", "baseline_year", "target_year")


def summary_table(lines: Mapping[str, LineResult], settings: Settings) -> pd.DataFrame:
    """Return the results of the lines as a table, one row a line, as it goes out."""
    frame = pd.DataFrame([line.record(settings.ends()) for line in lines.values()])
    return frame.astype(dict.fromkeys(WHOLE, "Int64"))


def build_lines(scheme: Scheme, paths: Paths, *, settings: Settings) -> dict[str, LineResult]:
    """Return indicator -> its results (parts and composites too), in the plan's order."""
    plain = {line.indicator: _build_line(scheme, line, paths, settings) for line in scheme.plain_lines()}
    return {
        name: plain[name]
        if name in plain
        else _build_composite(line, [plain[part] for part in scheme.parts(name)], paths)
        for name, line in scheme.lines.items()
    }


def _build_line(scheme: Scheme, line: Line, paths: Paths, settings: Settings) -> LineResult:
    target, seen = target_of(line), paths.seen.get(line.indicator, [])
    ahead, source = paths.ahead.get(line.indicator, []), paths.sources.get(line.indicator, {})
    comparable = bool(seen[-1]["comparable"]) if seen else True
    good = [point for point in seen if point["comparable"]]
    latest, outlook = _latest(seen), _outlook(ahead, target, settings)
    trend = _trend(source, latest)
    reached = _reached(good, ahead, target, last=settings.years()[1] + YEARS_BEYOND)
    result = LineResult(
        line,
        scale_of(line.unit, line.upper_bound),
        latest,
        _verdict(case_of(line, good, target), outlook, trend, settings),
        trend,
        replace(outlook, year_reached=reached),
        comparable=comparable,
    )
    if not comparable:
        verdict = replace(result.verdict, status="not_comparable", why=_not_comparable(line, seen[-1]))
        return replace(result, verdict=verdict) if target.known else result
    result = _with_distance(result, good, target, scheme)
    if not line.has_stretch:
        return result
    further = stretch(target, line.target_stretch)
    return replace(result, stretch=_verdict(case_of(line, good, further), outlook, trend, settings))


def _verdict(case: Case, outlook: Outlook, trend: Trend, settings: Settings) -> Verdict:
    known = replace(
        case,
        as_of=settings.years()[0],
        projected=outlook.value,
        probability=outlook.probability,
        borrowed_from=trend.region if trend.kind == "borrowed" else None,
    )
    return RULEBOOKS[HOUSE].judge(known)


def _series(points: Sequence[Record]) -> tuple[list[int], list[float]]:
    return [int(point["year"]) for point in points], [point["value"] for point in points]


def _latest(seen: list[Record]) -> Latest:
    if not seen:
        return Latest()
    last = seen[-1]
    return Latest(int(last["year"]), last["value"], last["kind"], last["series"], last["source_id"], len(seen))


def _trend(source: Record, latest: Latest) -> Trend:
    kind = source.get("trend", "none")
    series = source.get("series") or ((latest.series or "") if kind == "own" else "")
    proxy = bool(source.get("proxy", False))
    return Trend(kind, source.get("reference", ""), series, proxy, source.get("method", ""))


def _outlook(ahead: list[Record], target: Target, settings: Settings) -> Outlook:
    year = target.year or settings.years()[1]
    row = next((point for point in ahead if point["year"] == year), None)
    if row is None:
        return Outlook()
    ends = {end: float(row[end]) for end in settings.ends() if end in row and pd.notna(row[end])}
    return Outlook(float(row["value"]), row["kind"], float(row.get("probability", math.nan)), ends)


def _with_distance(result: LineResult, good: list[Record], target: Target, scheme: Scheme) -> LineResult:
    """Return the results with the distance from the target and the plan; without a target it stays unknown."""
    if not good or not target.known:
        return result
    line, year, value = result.line, int(good[-1]["year"]), float(good[-1]["value"])
    scored = score([value, result.outlook.value], target)
    (planned,), (kind,) = plan_of(scheme, line, [year], comparable=baseline_serves(line))
    return replace(
        result,
        distance=Distance(
            scored[0],
            cap(scored)[0],
            _progress(line, value, target),
            required_rate(year, value, target),
            observed_rate(*_series(good)),
        ),
        plan=Plan(planned, kind, target.sign * (value - planned)),
        outlook=replace(result.outlook, attainment=cap(scored)[1]),
    )


def _progress(line: Line, value: float, target: Target) -> float:
    if not line.has_baseline or not baseline_serves(line):
        return math.nan
    return progress(value, line.baseline_value, target)


def _not_comparable(line: Line, latest: Record) -> Reason:
    found = text_of(latest["price_base"])
    if found == line.price_base:
        return Reason("other_measure")
    if found == "not_stated":
        return Reason("prices_not_stated", {"wanted": line.price_base})
    return Reason("other_prices", {"found": found, "wanted": line.price_base})


def _reached(good: list[Record], ahead: list[Record], target: Target, *, last: int) -> int | None:
    if not target.known or not good:
        return None
    if meets(good[-1]["value"], target):
        return year_reached(*_series(good), target)
    return year_reached(*_series([point for point in ahead if point["year"] <= last]), target)


def _build_composite(line: Line, parts: list[LineResult], paths: Paths) -> LineResult:
    """Return the results of a composite: mean attainment of its parts, equal weights, worst known status."""
    attained = [part.distance.attainment for part in parts]
    mean, known = mean_of_parts(attained), sum(not math.isnan(one) for one in attained)
    return LineResult(
        line,
        "share",
        _latest(paths.seen.get(line.indicator, [])),
        RULEBOOKS[HOUSE].judge_parts([(part.no, part.status) for part in parts]),
        outlook=Outlook(attainment=mean_of_parts((part.outlook.attainment for part in parts), complete=True)),
        distance=Distance(mean, mean),
        parts_known=known / len(parts) if parts else 0.0,
    )


def build_yearly(scheme: Scheme, paths: Paths, lines: Mapping[str, LineResult], *, settings: Settings) -> pd.DataFrame:
    """Return the results by indicator and year: observed, then projected, beside the planned path."""
    columns: dict[str, list[object]] = {}
    for line in scheme.plain_lines():
        for name, cells in _years_of(scheme, lines[line.indicator], paths, settings).items():
            columns.setdefault(name, []).extend(cells)
    words = {name: pd.Series(columns[name], dtype="str") for name in ("kind", "planned_kind", "status")}
    return pd.DataFrame({**columns, **words})


def _years_of(scheme: Scheme, result: LineResult, paths: Paths, settings: Settings) -> dict[str, list[object]]:
    """Return the columns of one indicator's years: those with a figure or a planned value."""
    line, (_, to) = result.line, settings.years()
    target, name = target_of(line), line.indicator
    seen = paths.seen.get(name, [])
    points = {int(point["year"]): point for point in [*paths.ahead.get(name, []), *seen]}
    first = [year for year in (line.baseline_year, seen[0]["year"] if seen else None) if year is not None]
    years = sorted({*range(min(first), to + 1)} if first else {*target.held_years()})
    planned, kinds = plan_of(scheme, line, years, comparable=baseline_serves(line))
    found = [points.get(year, {}) for year in years]
    value = np.array([point.get("value", math.nan) for point in found], dtype=float)
    good = np.where([point.get("comparable", True) for point in found], value, math.nan)
    scores = score(good, target) if target.known else np.full(len(years), math.nan)
    odds = result.outlook.probability
    columns = {
        "indicator": [name] * len(years), "year": years, "value": value, "kind": [point.get("kind") for point in found],
        **{end: [point.get(end, math.nan) for point in found] for end in settings.ends()},
        "score": scores, "attainment": cap(scores), "planned_value": planned, "planned_kind": kinds,
        "plan_gap": target.sign * (good - planned),
        "status": [result.status if year == result.latest.year else None for year in years],
        "probability": [odds if year == line.target_year else math.nan for year in years],
    }  # fmt: skip
    kept = ~(np.isnan(value) & np.isnan(planned))
    return {name: [cell for cell, keep in zip(cells, kept, strict=True) if keep] for name, cells in columns.items()}

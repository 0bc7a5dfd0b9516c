"""One row an indicator: level, attainment, distance, rates, projection, status; and the same by year."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xk.arithmetic.status import Reason, Standing, house_status
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
from xk.contracts.scheme import Scheme
from xk.pipeline.paths import Paths
from xk.pipeline.planning import baseline_serves, plan_of
from xk.pipeline.targets import target_of

if TYPE_CHECKING:
    from xk.pipeline import Settings

CARRIED = (
    "indicator", "no", "parent", "domain", "unit", "price_base", "direction", "hold_from", "hold_to", "baseline_year",
    "baseline_value", "baseline_kind", "target_year", "target_value", "target_low", "target_high", "target_stretch",
    "weight", "lead_offices",
)  # fmt: skip
WORST_FIRST = ("regressing", "lagging", "on_track", "achieved")


def build_summary(scheme: Scheme, paths: Paths, *, settings: Settings) -> pd.DataFrame:
    """Return one row an indicator (parts and composites too), in the plan's order."""
    return pd.DataFrame(summarise(scheme, paths, settings=settings))


def summarise(scheme: Scheme, paths: Paths, *, settings: Settings) -> list[Record]:
    """Return the rows of `build_summary` as mappings."""
    rows = {row["indicator"]: _summarise(scheme, row, paths, settings) for row in scheme.plain_lines()}
    for name, row in scheme.lines.items():
        if name not in rows:
            rows[name] = _summarise_composite(row, [rows[part] for part in scheme.parts(name)], paths)
    return [rows[name] for name in scheme.lines]


def _summarise(scheme: Scheme, row: Record, paths: Paths, settings: Settings) -> Record:
    as_of, to = settings.years()
    target, name = target_of(row), row["indicator"]
    seen, ahead, trend = paths.seen.get(name, []), paths.ahead.get(name, []), paths.sources.get(name, {})
    out: Record = {column: row[column] for column in CARRIED}
    out |= _latest(seen)
    out["scale"] = scale_of(row["unit"], float(row["upper_bound"]))
    out |= {
        "trend": trend.get("trend", "none"),
        "trend_region": trend.get("reference", ""),
        "trend_series": trend.get("series") or (out["series"] if trend.get("trend") == "own" else ""),
        "trend_proxy": bool(trend.get("proxy", False)),
        "method": trend.get("method", ""),
    }
    out |= _projected(ahead, target, settings)
    comparable = bool(seen[-1]["comparable"]) if seen else True
    good = [point for point in seen if point["comparable"]]
    out |= _distance(scheme, row, good if comparable else [], target, out)
    borrowed = out["trend_region"] if out["trend"] == "borrowed" else None
    standing = Standing(*_series(good), as_of, out["projected_value"], borrowed)
    status, reason = house_status(standing, target)
    if target.known and not comparable:
        status, reason = "not_comparable", _not_comparable(row, seen[-1])
    out |= {"status": status, "reason": reason, "comparable": comparable}
    out |= _stretched(row, standing, target, comparable=comparable)
    return out | {"year_reached": _reached(good, ahead, target, last=to + 10), "parts_known": math.nan}


def _series(points: list[Record]) -> tuple[list[int], list[float]]:
    return [int(point["year"]) for point in points], [point["value"] for point in points]


def _latest(seen: list[Record]) -> Record:
    names = {
        "year": "latest_year",
        "value": "latest_value",
        "kind": "latest_kind",
        "series": "series",
        "source_id": "source_id",
    }
    if not seen:
        return dict.fromkeys(names.values(), None) | {"latest_value": math.nan, "points": 0}
    last = seen[-1]
    return {label: last[column] for column, label in names.items()} | {"points": len(seen)}


def _projected(ahead: list[Record], target: Target, settings: Settings) -> Record:
    ends = settings.ends()
    out: Record = {"projected_value": math.nan, "projected_kind": None, "probability": math.nan}
    out |= {f"projected_{end}": math.nan for end in ends}
    year = target.year or settings.years()[1]
    row = next((point for point in ahead if point["year"] == year), None)
    if row is None:
        return out
    out |= {"projected_value": float(row["value"]), "projected_kind": row["kind"]}
    out |= {f"projected_{end}": float(row[end]) for end in ends if end in row and pd.notna(row[end])}
    if "probability" in row and pd.notna(row["probability"]):
        out["probability"] = float(row["probability"])
    return out


def _distance(scheme: Scheme, row: Record, good: list[Record], target: Target, out: Record) -> Record:
    names = ("score", "attainment", "progress", "required_change", "required_growth", "observed_change",
             "observed_growth", "planned_value", "plan_gap", "projected_attainment")  # fmt: skip
    result: Record = dict.fromkeys(names, math.nan) | {
        "required_years": 0,
        "observed_years": 0,
        "planned_kind": None,
    }
    if not good or not target.known:
        return result
    year, value = int(good[-1]["year"]), float(good[-1]["value"])
    scores = score([value, out["projected_value"]], target)
    required, seen = required_rate(year, value, target), observed_rate(*_series(good))
    (planned,), (planned_kind,) = plan_of(scheme, row, [year], comparable=baseline_serves(row))
    return result | {
        "score": scores[0], "attainment": cap(scores)[0], "projected_attainment": cap(scores)[1],
        "progress": _progress(row, value, target),
        "required_change": required.change, "required_growth": required.growth, "required_years": required.years,
        "observed_change": seen.change, "observed_growth": seen.growth, "observed_years": seen.years,
        "planned_value": planned, "planned_kind": planned_kind, "plan_gap": target.sign * (value - planned),
    }  # fmt: skip


def _progress(row: Record, value: float, target: Target) -> float:
    if pd.isna(row["baseline_value"]) or not baseline_serves(row):
        return math.nan
    return progress(value, float(row["baseline_value"]), target)


def _not_comparable(row: Record, latest: Record) -> Reason:
    if text_of(latest["price_base"]) != text_of(row["price_base"]):
        if text_of(latest["price_base"]) == "not_stated":
            return Reason("prices_not_stated", {"wanted": text_of(row["price_base"])})
        return Reason("other_prices", {"found": text_of(latest["price_base"]), "wanted": text_of(row["price_base"])})
    return Reason("other_measure")


def _stretched(row: Record, standing: Standing, target: Target, *, comparable: bool) -> Record:
    if pd.isna(row["target_stretch"]) or not comparable:
        return {"stretch_status": None, "stretch_reason": None}
    status, reason = house_status(standing, stretch(target, float(row["target_stretch"])))
    return {"stretch_status": status, "stretch_reason": reason}


def _reached(good: list[Record], ahead: list[Record], target: Target, *, last: int) -> int | None:
    if not target.known or not good:
        return None
    if bool(meets(good[-1]["value"], target)):
        return year_reached(*_series(good), target)
    return year_reached(*_series([point for point in ahead if point["year"] <= last]), target)


def _summarise_composite(row: Record, parts: list[Record], paths: Paths) -> Record:
    """Summarise a composite indicator: mean attainment of its parts, equal weights, worst known status."""
    out: Record = {column: row[column] for column in CARRIED}
    out |= _latest(paths.seen.get(row["indicator"], []))
    out |= {
        "trend": "none",
        "trend_region": "",
        "trend_series": "",
        "trend_proxy": False,
        "method": "",
        "scale": "share",
    }
    known = [part["attainment"] for part in parts if not math.isnan(part["attainment"])]
    ahead = [_ahead(part) for part in parts]
    status = _composite_status([part["status"] for part in parts])
    by_status = [(part["no"], part["status"]) for part in parts]
    mean = float(np.mean(known)) if known else math.nan
    complete = bool(parts) and not any(map(math.isnan, ahead))
    return out | {
        "projected_value": math.nan, "projected_kind": None, "probability": math.nan, "score": mean, "attainment": mean,
        "projected_attainment": float(np.mean(ahead)) if complete else math.nan, "status": status,
        "reason": Reason("composite" if parts else "no_parts", {"parts": by_status}), "comparable": True,
        "parts_known": len(known) / len(parts) if parts else 0.0, "stretch_status": None, "stretch_reason": None,
        "year_reached": None, "required_years": 0, "observed_years": 0,
    }  # fmt: skip


def _composite_status(statuses: list[str]) -> str:
    """Return the worst status of the parts; good news needs all of them to be known."""
    worst = next((name for name in WORST_FIRST if name in statuses), "no_data")
    unknown = set(statuses) - set(WORST_FIRST)
    return "no_data" if unknown and worst in ("on_track", "achieved") else worst


def _ahead(part: Record) -> float:
    """Return a part's attainment in the target year; one that is achieved and has no trend stays unknown."""
    return float(part["projected_attainment"])


def build_yearly(scheme: Scheme, paths: Paths, summary: pd.DataFrame, *, settings: Settings) -> pd.DataFrame:
    """Return the results by indicator and year: observed, then projected, beside the planned path."""
    lines = [_years_of(scheme, row, paths, settings) for row in scheme.plain_lines()]
    columns = {name: [cell for line in lines for cell in line[name]] for name in lines[0]}
    words = {name: pd.Series(columns[name], dtype="str") for name in ("kind", "planned_kind")}
    yearly = pd.DataFrame({**columns, **words})
    latest = summary.set_index("indicator")[["latest_year", "status", "target_year", "probability"]]
    at = yearly.join(latest, on="indicator").astype({"latest_year": "Float64", "target_year": "Float64"})
    yearly["status"] = at["status"].where((at["year"] == at["latest_year"]).fillna(value=False), None)
    yearly["probability"] = at["probability"].where((at["year"] == at["target_year"]).fillna(value=False))
    return yearly


def _years_of(scheme: Scheme, row: Record, paths: Paths, settings: Settings) -> dict[str, list[Any]]:
    """Return the columns of one indicator's years: those with a figure or a planned value."""
    _, to = settings.years()
    target, name = target_of(row), row["indicator"]
    seen = paths.seen.get(name, [])
    points = {int(point["year"]): point for point in [*paths.ahead.get(name, []), *seen]}
    first = [int(year) for year in (row["baseline_year"], seen[0]["year"] if seen else None) if pd.notna(year)]
    years = sorted({*range(min(first), to + 1)} if first else {*target.held_years()})
    planned, kinds = plan_of(scheme, row, years, comparable=baseline_serves(row))
    found = [points.get(year, {}) for year in years]
    value = np.array([point.get("value", math.nan) for point in found], dtype=float)
    good = np.where([point.get("comparable", True) for point in found], value, math.nan)
    scores = score(good, target) if target.known else np.full(len(years), math.nan)
    columns = {
        "indicator": [name] * len(years), "year": years, "value": value, "kind": [point.get("kind") for point in found],
        **{end: [point.get(end, math.nan) for point in found] for end in settings.ends()},
        "score": scores, "attainment": cap(scores), "planned_value": planned, "planned_kind": kinds,
        "plan_gap": target.sign * (good - planned),
    }  # fmt: skip
    kept = np.flatnonzero(~(np.isnan(value) & np.isnan(planned)))
    return {name: [cells[place] for place in kept] for name, cells in columns.items()}

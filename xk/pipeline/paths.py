"""Which figures stand for a region, and where their trend leads: own, borrowed, or not known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xk.borrowed import borrow_path
from xk.observations import choose_series
from xk.pipeline.assumed import apply_scenario
from xk.pipeline.targets import target_of
from xk.progress import scale_of
from xk.projection import Outlook, as_frame, outlook, probability
from xk.records import Record, records, records_by, text_of
from xk.scenario import Scenario
from xk.scheme import Scheme

if TYPE_CHECKING:
    from xk.pipeline import Settings

OWN_POINTS = 3
REFERENCE_MAX_AGE = 2
YEARS_BEYOND = 10


@dataclass(frozen=True)
class Paths:
    """Figures and paths of one region.

    Attributes
    ----------
    observed : DataFrame
        indicator, year, value, kind, unit, price_base, series, grade, source_id, vintage, comparable.
    projected : DataFrame
        indicator, year, value, kind (projected, borrowed, scenario), lo/hi per level.
    trends : DataFrame
        indicator (index), trend (own, borrowed, none), reference (region), proxy (bool), method.
    """

    observed: pd.DataFrame
    projected: pd.DataFrame
    trends: pd.DataFrame

    @cached_property
    def seen(self) -> dict[str, list[Record]]:
        """Indicator -> what was observed, years ascending."""
        return records_by(self.observed, "indicator")

    @cached_property
    def ahead(self) -> dict[str, list[Record]]:
        """Indicator -> its path, years ascending."""
        return records_by(self.projected, "indicator")

    @cached_property
    def sources(self) -> dict[str, Record]:
        """Indicator -> where its trend comes from."""
        return {row["indicator"]: row for row in records(self.trends.reset_index())}


def build_paths(
    scheme: Scheme,
    observations: pd.DataFrame,
    *,
    regions: pd.DataFrame,
    settings: Settings,
    scenario: Scenario | None = None,
) -> Paths:
    """Return the figures of a region and their paths to ten years beyond the horizon (for the year reached)."""
    as_of, to = settings.years()
    chain = reference_regions(settings.region, regions)
    # only a scenario looks at other regions
    relevant = figures_of(scheme, observations, [settings.region, *chain] if scenario is None else None)
    known = relevant[relevant["year"] <= as_of]
    bases = {name: text_of(line["price_base"]) for name, line in scheme.lines.items()}
    chosen = choose_series(known, as_of=as_of, price_bases=bases)
    observed = _observed(scheme, known, chosen, settings.region)
    plain = [line["indicator"] for line in scheme.plain_lines()]
    judged = observed[observed["indicator"].isin(plain) & observed["comparable"]]
    sources = _trend_sources(known, chosen, judged, chain, as_of=as_of)
    projected = _project_all(scheme, known, judged, sources, settings=settings, to=to + YEARS_BEYOND)
    used = _with_methods(sources, projected)
    if scenario is not None:
        trends = chosen.set_index(["region", "indicator"])["trend"]

        def pace(indicator: str, other: str) -> pd.DataFrame:
            series = known[known["series"] == trends.get((other, indicator))]
            path = _project(series, scheme, settings, to=to + YEARS_BEYOND, keep_observed=True)
            return path if path.empty else _borrow(scheme, judged, path, [indicator], to=to + YEARS_BEYOND)

        projected = apply_scenario(projected, scenario, scheme=scheme, observed=judged, to=to + YEARS_BEYOND, pace=pace)
    return Paths(observed, projected, used)


def figures_of(scheme: Scheme, observations: pd.DataFrame, regions: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the observations of the scheme's indicators, of some regions or of all."""
    wanted = observations["indicator"].isin(list(scheme.lines))
    return observations[wanted if regions is None else wanted & observations["region"].isin(regions)]


def reference_regions(region: str, regions: pd.DataFrame) -> list[str]:
    """Return the regions whose trend a region may borrow, nearest first: parent, grandparent, ..."""
    parents = dict(zip(regions["region"].tolist(), regions["parent"].tolist(), strict=True))
    chain: list[str] = []
    above = parents.get(region)
    while isinstance(above, str) and above not in chain:
        chain.append(above)
        above = parents.get(above)
    return chain


def _observed(scheme: Scheme, known: pd.DataFrame, chosen: pd.DataFrame, region: str) -> pd.DataFrame:
    levels = chosen.loc[chosen["region"] == region, "level"]
    rows = known[(known["region"] == region) & known["series"].isin(levels)]
    rows = rows.sort_values(["indicator", "year"], kind="stable").reset_index(drop=True)
    comparable = [_comparable(row, scheme.lines[row["indicator"]]) for row in records(rows)]
    return rows.assign(comparable=np.array(comparable, dtype=bool))


def _comparable(figure: Record, line: Record) -> bool:
    """Return whether a figure is in the scheme's prices and not a baseline that the scheme bars from comparison."""
    same_prices = text_of(figure["price_base"]) == text_of(line["price_base"])
    if not same_prices or line["comparable"] != "no" or pd.isna(line["baseline_year"]):
        return same_prices
    is_baseline = figure["year"] == line["baseline_year"] and np.isclose(figure["value"], line["baseline_value"])
    return not is_baseline


def _trend_sources(
    known: pd.DataFrame, chosen: pd.DataFrame, observed: pd.DataFrame, chain: list[str], *, as_of: int
) -> pd.DataFrame:
    """Return for every observed indicator where its trend comes from: trend, reference, series, proxy."""
    region = observed["region"].iloc[0] if len(observed) else ""
    lenders = _lenders(known, chosen, [region, *chain], as_of=as_of)
    rows = []
    for indicator, points in sorted(records_by(observed, "indicator").items()):
        n, levels = len(points), {point["series"] for point in points}
        row = {"indicator": indicator, "trend": "own", "reference": "", "series": "", "proxy": False, "n": n}
        if n < OWN_POINTS:
            found = next(((name, series) for name, series in lenders.get(indicator, []) if series not in levels), None)
            if found is not None:
                row |= {"trend": "borrowed", "reference": found[0], "series": found[1], "proxy": found[0] == region}
            elif n < 2:
                row["trend"] = "none"
        rows.append(row)
    columns = ["indicator", "trend", "reference", "series", "proxy", "n"]
    return pd.DataFrame(rows, columns=columns).set_index("indicator")


def _lenders(
    known: pd.DataFrame, chosen: pd.DataFrame, regions: list[str], *, as_of: int
) -> dict[str, list[tuple[str, str]]]:
    """Return indicator -> regions, nearest first, and their series, if long and recent enough to be borrowed."""
    years: dict[str, list[int]] = {}
    for series, year in zip(known["series"].tolist(), known["year"].tolist(), strict=True):
        years.setdefault(series, []).append(year)
    enough = {
        series for series, seen in years.items() if len(seen) >= OWN_POINTS and max(seen) >= as_of - REFERENCE_MAX_AGE
    }
    options = [row for row in records(chosen) if row["region"] in regions and row["trend"] in enough]
    found: dict[str, list[tuple[str, str]]] = {}
    for row in sorted(options, key=lambda row: regions.index(row["region"])):
        found.setdefault(row["indicator"], []).append((row["region"], row["trend"]))
    return found


def _project_all(
    scheme: Scheme,
    known: pd.DataFrame,
    observed: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    settings: Settings,
    to: int,
) -> pd.DataFrame:
    own = sources.index[sources["trend"] == "own"]
    points = observed[observed["indicator"].isin(own)]
    projected = _project(points, scheme, settings, to=to).assign(kind="projected")
    borrowed = sources[sources["trend"] == "borrowed"]
    if borrowed.empty:
        return projected
    reference = known[known["series"].isin(borrowed["series"])]
    path = _project(reference, scheme, settings, to=to, keep_observed=True)
    frames = [projected, _borrow(scheme, observed, path, list(borrowed.index), to=to)]
    return pd.concat([frame for frame in frames if len(frame)] or [projected], ignore_index=True)


def _project(
    points: pd.DataFrame, scheme: Scheme, settings: Settings, *, to: int, keep_observed: bool = False
) -> pd.DataFrame:
    columns = ["indicator", "year", "value", *settings.ends(), "method"]
    if points.empty:
        words = ("indicator", "method")
        return pd.DataFrame({name: pd.Series(dtype=object if name in words else float) for name in columns})
    view = outlook(
        points[["region", "indicator", "year", "value"]].astype({"year": "int64"}),
        to=to,
        method=settings.method,
        levels=settings.levels,
        bounds=scheme.indicators[["indicator", "lower_bound", "upper_bound"]],
    )
    out = as_frame(view)
    kept = out["value"].notna() if keep_observed else out["value"].notna() & (out["kind"] == "projected")
    rows = out.loc[kept, columns].reset_index(drop=True)
    if keep_observed:
        return rows
    odds, key = _odds(scheme, view), zip(rows["indicator"].tolist(), rows["year"].tolist(), strict=True)
    return rows.assign(probability=np.array([odds.get(at, np.nan) for at in key], dtype=float))


def _odds(scheme: Scheme, view: Outlook) -> dict[tuple[str, int], float]:
    """Return indicator and year of its target -> probability of meeting (or holding) it then."""
    targets = {name: target_of(scheme.lines[name]) for name in view.series["indicator"].tolist()}
    alike: dict[tuple[str, int, int | None], dict[str, float]] = {}
    for name, target in targets.items():
        if target.year is not None and not math.isnan(target.value):
            alike.setdefault((target.direction, target.year, target.hold_from), {})[name] = target.value
    odds: dict[tuple[str, int], float] = {}
    for (direction, year, hold_from), values in alike.items():
        asked = np.array([values.get(name, np.nan) for name in targets])
        found = probability(view.projection, asked, year=year, direction=direction, hold_from=hold_from)
        odds |= {(name, year): float(found[place]) for place, name in enumerate(targets) if name in values}
    return odds


def _borrow(scheme: Scheme, observed: pd.DataFrame, path: pd.DataFrame, names: list[str], *, to: int) -> pd.DataFrame:
    """Return the figures of some indicators carried forward, each along the path of its reference region."""
    last = {name: points[-1] for name, points in records_by(observed, "indicator").items()}
    references = records_by(path, "indicator")
    rows = []
    for name in names:
        line, reference = scheme.lines[name], references[name]
        years, values = (np.array([point[column] for point in reference], dtype=float) for column in ("year", "value"))
        carried = borrow_path(
            (int(last[name]["year"]), float(last[name]["value"])),
            years,
            values,
            scale=scale_of(line["unit"], float(line["upper_bound"])),
            upper=float(line["upper_bound"]),
            lower=0.0 if pd.isna(line["lower_bound"]) else float(line["lower_bound"]),
        )
        rows += [
            (name, point["year"], value, reference[-1]["method"])
            for point, value in zip(reference, carried.tolist(), strict=True)
            if not math.isnan(value) and point["year"] <= to
        ]
    return pd.DataFrame(rows, columns=["indicator", "year", "value", "method"]).assign(kind="borrowed")


def _with_methods(sources: pd.DataFrame, projected: pd.DataFrame) -> pd.DataFrame:
    """Return the sources with the method that projected each; one that could not be projected has no trend."""
    methods = dict(zip(projected["indicator"].tolist(), projected["method"].tolist(), strict=True))
    used = [methods.get(name, "") for name in sources.index]
    trends = [trend if method else "none" for trend, method in zip(sources["trend"].tolist(), used, strict=True)]
    return sources.assign(method=used, trend=trends)

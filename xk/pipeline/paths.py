"""Which figures stand for a region, and where their trend leads: own, borrowed, or not known."""

from __future__ import annotations

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
from xk.records import Record, records, records_by
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
    relevant = observations[observations["indicator"].isin(scheme.indicators["indicator"])]
    known = relevant[relevant["year"] <= as_of]
    bases = dict(zip(scheme.indicators["indicator"], scheme.indicators["price_base"].fillna(""), strict=True))
    chosen = choose_series(known, as_of=as_of, price_bases=bases)
    observed = _observed(scheme, known, chosen, settings.region)
    plain = scheme.indicators.loc[scheme.indicators["direction"] != "composite", "indicator"]
    judged = observed[observed["indicator"].isin(plain) & observed["comparable"]]
    sources = _trend_sources(known, chosen, judged, reference_regions(settings.region, regions), as_of=as_of)
    projected = _project_all(scheme, known, judged, sources, settings=settings, to=to + YEARS_BEYOND)
    used = _with_methods(sources, projected)
    if scenario is not None:
        trends = chosen.set_index(["region", "indicator"])["trend"]

        def pace(indicator: str, other: str) -> pd.DataFrame:
            series = known[known["series"] == trends.get((other, indicator))]
            path = _project(series, scheme, settings, to=to + YEARS_BEYOND, keep_observed=True)
            return path if path.empty else _borrow(scheme, judged, path, indicator, to=to + YEARS_BEYOND)

        projected = apply_scenario(projected, scenario, scheme=scheme, observed=judged, to=to + YEARS_BEYOND, pace=pace)
    return Paths(observed, projected, used)


def reference_regions(region: str, regions: pd.DataFrame) -> list[str]:
    """Return the regions whose trend a region may borrow, nearest first: parent, grandparent, ..."""
    parents = regions.set_index("region")["parent"]
    chain: list[str] = []
    above = parents.get(region)
    while isinstance(above, str) and above not in chain:
        chain.append(above)
        above = parents.get(above)
    return chain


def _observed(scheme: Scheme, known: pd.DataFrame, chosen: pd.DataFrame, region: str) -> pd.DataFrame:
    levels = chosen.loc[chosen["region"] == region, "level"]
    rows = known[(known["region"] == region) & known["series"].isin(levels)].copy()
    rows = rows.sort_values(["indicator", "year"], kind="stable").reset_index(drop=True)
    table = scheme.indicators.set_index("indicator")
    same_prices = rows["price_base"].fillna("") == rows["indicator"].map(table["price_base"]).fillna("")
    is_baseline = rows["year"] == rows["indicator"].map(table["baseline_year"])
    is_baseline &= np.isclose(rows["value"], rows["indicator"].map(table["baseline_value"]).astype(float))
    barred = is_baseline.fillna(False) & (rows["indicator"].map(table["comparable"]) == "no")
    rows["comparable"] = same_prices & ~barred.astype(bool)
    return rows


def _trend_sources(
    known: pd.DataFrame, chosen: pd.DataFrame, observed: pd.DataFrame, chain: list[str], *, as_of: int
) -> pd.DataFrame:
    """Return for every observed indicator where its trend comes from: trend, reference, series, proxy."""
    counts = observed.groupby("indicator")["year"].size()
    spans = known.groupby("series")["year"].agg(["size", "max"])
    region = observed["region"].iloc[0] if len(observed) else ""
    rows = []
    for indicator, n in counts.items():
        row = {"indicator": indicator, "trend": "own", "reference": "", "series": "", "proxy": False, "n": int(n)}
        if n < OWN_POINTS:
            found = _reference(str(indicator), chosen, spans, [region, *chain], observed=observed, as_of=as_of)
            if found is not None:
                row |= {"trend": "borrowed", "reference": found[0], "series": found[1], "proxy": found[0] == region}
            elif n < 2:
                row["trend"] = "none"
        rows.append(row)
    columns = ["indicator", "trend", "reference", "series", "proxy", "n"]
    return pd.DataFrame(rows, columns=columns).set_index("indicator")


def _reference(
    indicator: str, chosen: pd.DataFrame, spans: pd.DataFrame, regions: list[str], *, observed: pd.DataFrame, as_of: int
) -> tuple[str, str] | None:
    levels = set(observed.loc[observed["indicator"] == indicator, "series"])
    options = chosen[(chosen["indicator"] == indicator) & chosen["trend"].notna()].set_index("region")["trend"]
    for region in regions:
        series = options.get(region)
        if series is None or series in levels:
            continue
        if spans.loc[series, "size"] >= OWN_POINTS and spans.loc[series, "max"] >= as_of - REFERENCE_MAX_AGE:
            return region, str(series)
    return None


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
    frames = [_project(points, scheme, settings, to=to).assign(kind="projected")]
    borrowed = sources[sources["trend"] == "borrowed"]
    reference = known[known["series"].isin(borrowed["series"])]
    path = _project(reference, scheme, settings, to=to, keep_observed=True)
    frames += [_borrow(scheme, observed, path, str(name), to=to) for name in borrowed.index]
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


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
    rows = out if keep_observed else out[out["kind"] == "projected"]
    rows = rows.loc[rows["value"].notna(), columns].reset_index(drop=True)
    return rows if keep_observed else rows.merge(_odds(scheme, view), on=["indicator", "year"], how="left")


def _odds(scheme: Scheme, view: Outlook) -> pd.DataFrame:
    """Return indicator, year, probability of meeting (or holding) the target in its year."""
    table = scheme.indicators.set_index("indicator").loc[view.series["indicator"]]
    frames = [pd.DataFrame({"indicator": [], "year": [], "probability": []})]
    asked = table[table["target_value"].notna() & table["direction"].isin(["positive", "inverse"])]
    for _, rows in asked.groupby(["direction", "target_year", "hold_from"], dropna=False):
        target = target_of(rows.iloc[0])
        year = int(rows["target_year"].iloc[0])
        odds = probability(
            view.projection,
            table["target_value"].to_numpy(float),
            year=year,
            direction=target.direction,
            hold_from=target.hold_from,
        )
        found = pd.Series(odds, index=table.index)[rows.index]
        frames.append(pd.DataFrame({"indicator": rows.index, "year": year, "probability": found.to_numpy()}))
    return pd.concat([frame for frame in frames if len(frame)] or frames, ignore_index=True)


def _borrow(scheme: Scheme, observed: pd.DataFrame, path: pd.DataFrame, indicator: str, *, to: int) -> pd.DataFrame:
    last = observed[observed["indicator"] == indicator].iloc[-1]
    row = scheme.indicator(indicator)
    reference = path[path["indicator"] == indicator]
    values = borrow_path(
        (int(last["year"]), float(last["value"])),
        reference["year"].to_numpy(float),
        reference["value"].to_numpy(float),
        scale=scale_of(row["unit"], float(row["upper_bound"])),
        upper=float(row["upper_bound"]),
        lower=0.0 if pd.isna(row["lower_bound"]) else float(row["lower_bound"]),
    )
    method = str(reference["method"].iloc[-1])
    out = pd.DataFrame({"indicator": indicator, "year": reference["year"], "value": values, "method": method})
    return out[out["value"].notna() & (out["year"] <= to)].assign(kind="borrowed")


def _with_methods(sources: pd.DataFrame, projected: pd.DataFrame) -> pd.DataFrame:
    methods = projected.groupby("indicator")["method"].last() if len(projected) else pd.Series(dtype=object)
    out = sources.assign(method=[methods.get(name, "") for name in sources.index])
    lost = (out["trend"] != "none") & (out["method"] == "")
    return out.assign(trend=out["trend"].mask(lost, "none"))

"""Which figures stand for a region, and where their trend leads: own, borrowed, or not known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xk.arithmetic.borrowed import Values, borrow_path
from xk.arithmetic.projection import Projection, probability, project_panel
from xk.arithmetic.projection.panel import build_panel
from xk.arithmetic.scenario import Scenario
from xk.arithmetic.target import scale_of
from xk.contracts.observations import Chosen, choose_series
from xk.contracts.records import Record, grouped, records, records_by, text_of
from xk.contracts.scheme import Line, Scheme
from xk.pipeline.assumed import apply_scenario
from xk.pipeline.targets import target_of

if TYPE_CHECKING:
    from xk.pipeline import Settings

OWN_POINTS = 3
REFERENCE_MAX_AGE = 2
YEARS_BEYOND = 10

Points = dict[str, list[Record]]
"""Indicator -> its points, years ascending."""


@dataclass(frozen=True)
class Paths:
    """Figures and paths of one region.

    Attributes
    ----------
    seen : dict
        Indicator -> what was observed: the observations' columns, ``place`` and ``comparable``.
    ahead : dict
        Indicator -> its path: indicator, year, value, kind (projected, borrowed, scenario), method; those projected
        have lo/hi per level and ``probability``.
    sources : dict
        Indicator -> where its trend comes from: trend (own, borrowed, none), reference (region), series, proxy
        (bool), method.
    figures : DataFrame
        The observations that `seen` is taken from, by ``place``.
    """

    seen: Points
    ahead: Points
    sources: dict[str, Record]
    figures: pd.DataFrame = field(repr=False)

    @property
    def observed(self) -> pd.DataFrame:
        """What was observed, as a table by indicator and year, with ``comparable``."""
        points = [point for line in self.seen.values() for point in line]
        rows = self.figures.iloc[[point["place"] for point in points]].reset_index(drop=True)
        return rows.assign(comparable=np.array([point["comparable"] for point in points], dtype=bool))


def build_paths(
    scheme: Scheme,
    observations: pd.DataFrame,
    *,
    regions: pd.DataFrame,
    settings: Settings,
    years: Sequence[int],
    scenario: Scenario | None = None,
) -> dict[int, Paths]:
    """Return as-of year -> figures of a region and their paths to ten years beyond the horizon (for the year reached).

    Parameters
    ----------
    scheme, observations, regions, scenario
        As for `build_results`.
    settings : Settings
        Resolved; all but the as-of year, in place of which each of `years` stands.
    years : sequence of int
    """
    own = [settings.region, *reference_regions(settings.region, regions)]
    others = [] if scenario is None else scenario.matched_regions()
    figures = figures_of(scheme, observations, [*own, *others])
    points = _with_comparable(scheme, figures)
    found = {}
    for year in years:
        known = [point for point in points if point["year"] <= year]
        found[year] = _paths_at(scheme, known, own, figures, replace(settings, as_of=year), scenario)
    return found


def figures_of(scheme: Scheme, observations: pd.DataFrame, regions: Sequence[str]) -> pd.DataFrame:
    """Return the observations of the scheme's indicators in some regions."""
    of_regions = observations[observations["region"].isin(regions)]
    return of_regions[of_regions["indicator"].isin(list(scheme.lines))]


def reference_regions(region: str, regions: pd.DataFrame) -> list[str]:
    """Return the regions whose trend a region may borrow, nearest first: parent, grandparent, ..."""
    parents = dict(zip(regions["region"].tolist(), regions["parent"].tolist(), strict=True))
    chain: list[str] = []
    above = parents.get(region)
    while isinstance(above, str) and above not in chain:
        chain.append(above)
        above = parents.get(above)
    return chain


def _with_comparable(scheme: Scheme, figures: pd.DataFrame) -> list[Record]:
    return [
        point | {"place": place, "comparable": _comparable(point, scheme.lines[point["indicator"]])}
        for place, point in enumerate(records(figures))
    ]


def _comparable(figure: Record, line: Line) -> bool:
    """Return whether a figure is in the scheme's prices and not a baseline that the scheme bars from comparison."""
    same_prices = text_of(figure["price_base"]) == line.price_base
    if not same_prices or line.comparable != "no" or line.baseline_year is None:
        return same_prices
    return not (figure["year"] == line.baseline_year and np.isclose(figure["value"], line.baseline_value))


def _paths_at(
    scheme: Scheme,
    known: list[Record],
    regions: list[str],
    figures: pd.DataFrame,
    settings: Settings,
    scenario: Scenario | None,
) -> Paths:
    """Return the paths from what was known; `regions`: the own, then those that lend."""
    bases = {name: line.price_base for name, line in scheme.lines.items()}
    chosen = choose_series(known, price_bases=bases)
    seen = _seen(known, chosen, settings.region)
    plain = {line.indicator for line in scheme.plain_lines()}
    good = {name: [point for point in points if point["comparable"]] for name, points in seen.items() if name in plain}
    judged = {name: points for name, points in good.items() if points}
    by_series = grouped(known, "series")
    sources = _trend_sources(by_series, chosen, judged, regions, as_of=settings.years()[0])
    ahead = _project_all(scheme, by_series, judged, sources, settings)
    used = _with_methods(sources, ahead)
    if scenario is not None:
        trends = {key: by_series.get(series.trend or "", []) for key, series in chosen.items()}
        ahead = _assume(scheme, scenario, ahead, judged, trends, settings)
    return Paths(seen, ahead, used, figures)


def _seen(known: list[Record], chosen: Mapping[tuple[str, str], Chosen], region: str) -> Points:
    levels = {series.level for (owner, _), series in chosen.items() if owner == region}
    own = [point for point in known if point["region"] == region and point["series"] in levels]
    return grouped(sorted(own, key=lambda point: (point["indicator"], point["year"])), "indicator")


def _trend_sources(
    by_series: Points,
    chosen: Mapping[tuple[str, str], Chosen],
    judged: Points,
    regions: list[str],
    *,
    as_of: int,
) -> dict[str, Record]:
    """Return for every observed indicator where its trend comes from: trend, reference, series, proxy."""
    lenders = _lenders(by_series, chosen, regions, as_of=as_of)
    sources = {}
    for indicator, points in judged.items():
        n, levels = len(points), {point["series"] for point in points}
        row = {"indicator": indicator, "trend": "own", "reference": "", "series": "", "proxy": False}
        if n < OWN_POINTS:
            found = next(((name, series) for name, series in lenders.get(indicator, []) if series not in levels), None)
            if found is not None:
                proxy = found[0] == regions[0]
                row |= {"trend": "borrowed", "reference": found[0], "series": found[1], "proxy": proxy}
            elif n < 2:
                row["trend"] = "none"
        sources[indicator] = row
    return sources


def _lenders(
    by_series: Points, chosen: Mapping[tuple[str, str], Chosen], regions: list[str], *, as_of: int
) -> dict[str, list[tuple[str, str]]]:
    """Return indicator -> regions, nearest first, and their series, if long and recent enough to be borrowed."""
    enough = {
        series
        for series, points in by_series.items()
        if len(points) >= OWN_POINTS and max(point["year"] for point in points) >= as_of - REFERENCE_MAX_AGE
    }
    found: dict[str, list[tuple[str, str]]] = {}
    for region in regions:
        for (owner, indicator), series in chosen.items():
            if owner == region and series.trend in enough:
                found.setdefault(indicator, []).append((region, series.trend))
    return found


def _project_all(
    scheme: Scheme, by_series: Points, judged: Points, sources: dict[str, Record], settings: Settings
) -> Points:
    own = {name: points for name, points in judged.items() if sources[name]["trend"] == "own"}
    lent = {name: by_series[row["series"]] for name, row in sources.items() if row["trend"] == "borrowed"}
    return _project_own(scheme, own, settings) | _borrow(scheme, judged, lent, settings)


def _project(scheme: Scheme, points: Points, settings: Settings) -> Projection:
    """Project the figures of some indicators, a row each in their order."""
    number = [place for place, line in enumerate(points.values()) for _ in line]
    years, values = ([point[column] for line in points.values() for point in line] for column in ("year", "value"))
    panel = build_panel(np.array(number), np.array(years), np.array(values, dtype=float), len(points))
    lower, upper = (
        np.array([getattr(scheme.lines[name], end) for name in points]) for end in ("lower_bound", "upper_bound")
    )
    return project_panel(
        panel, to=_horizon(settings), method=settings.method, levels=settings.levels, bounds=(lower, upper)
    )


def _horizon(settings: Settings) -> int:
    return settings.years()[1] + YEARS_BEYOND


def _project_own(scheme: Scheme, points: Points, settings: Settings) -> Points:
    if not points:
        return {}
    projection, names = _project(scheme, points, settings), list(points)
    odds = _odds(scheme, names, projection)
    rows, columns = np.nonzero((projection.years <= _horizon(settings)) & ~np.isnan(projection.path))
    ends = [end for level in settings.levels for end in projection.interval(level)]
    cells = [grid[rows, columns].tolist() for grid in (projection.years, projection.path, *ends)]
    ahead: Points = {}
    for row, year, *values in zip(rows.tolist(), *cells, strict=True):
        name = names[row]
        point = {"indicator": name, "year": year, "kind": "projected", "method": projection.used[row]}
        point |= dict(zip(("value", *settings.ends()), values, strict=True))
        ahead.setdefault(name, []).append(point | {"probability": odds.get((name, year), math.nan)})
    return ahead


def _odds(scheme: Scheme, names: list[str], projection: Projection) -> dict[tuple[str, int], float]:
    """Return indicator and year of its target -> probability of meeting (or holding) it then."""
    targets = [target_of(scheme.lines[name]) for name in names]
    found = zip(names, targets, probability(projection, targets).tolist(), strict=True)
    return {(name, target.year): odds for name, target, odds in found if target.year is not None and target.known}


def _borrow(scheme: Scheme, judged: Points, references: Points, settings: Settings) -> Points:
    """Return the figures of some indicators carried forward, each along the path of its reference series."""
    if not references:
        return {}
    projection = _project(scheme, references, settings)
    ahead: Points = {}
    for row, (name, points) in enumerate(references.items()):
        years, values = (
            np.array([*(point[column] for point in points), *further[row].tolist()], dtype=float)
            for column, further in (("year", projection.years), ("value", projection.path))
        )
        carried = _carry(scheme.lines[name], judged[name][-1], years, values)
        kept = ~np.isnan(carried) & (years <= _horizon(settings))
        words = {"kind": "borrowed", "method": projection.used[row]}
        ahead[name] = [
            {"indicator": name, "year": int(year), "value": value} | words
            for year, value in zip(years[kept].tolist(), carried[kept].tolist(), strict=True)
        ]
    return ahead


def _carry(line: Line, last: Record, years: Values, values: Values) -> Values:
    return borrow_path(
        (int(last["year"]), float(last["value"])),
        years,
        values,
        scale=scale_of(line.unit, line.upper_bound),
        upper=line.upper_bound,
        lower=0.0 if math.isnan(line.lower_bound) else line.lower_bound,
    )


def _with_methods(sources: dict[str, Record], ahead: Points) -> dict[str, Record]:
    """Return the sources with the method that projected each; one that could not be projected has no trend."""
    used = {}
    for name, source in sources.items():
        path = ahead.get(name)
        used[name] = source | ({"method": path[-1]["method"]} if path else {"method": "", "trend": "none"})
    return used


def _assume(
    scheme: Scheme,
    scenario: Scenario,
    ahead: Points,
    judged: Points,
    trends: Mapping[tuple[str, str], list[Record]],
    settings: Settings,
) -> Points:
    """Return the paths under a scenario; `trends`: region and indicator -> figures of the series for its trend."""

    def pace(indicator: str, region: str) -> pd.DataFrame:
        points = trends.get((region, indicator), [])
        return _frame(_borrow(scheme, judged, {indicator: points} if points else {}, settings))

    to = _horizon(settings)
    assumed = apply_scenario(_frame(ahead), scenario, scheme=scheme, observed=_frame(judged), to=to, pace=pace)
    return records_by(assumed, "indicator")


def _frame(points: Points) -> pd.DataFrame:
    rows = [point for line in points.values() for point in line]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["indicator", "year", "value"])

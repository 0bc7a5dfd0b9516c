"""Which figures stand for a region, and where their trend leads: own, borrowed, or not known."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from xk.arithmetic.projection import Projection, probability, project_panel
from xk.arithmetic.projection.panel import build_panel
from xk.arithmetic.scenario import Scenario
from xk.contracts.borrow_rules import NOBODY, donor_for
from xk.contracts.records import grouped, records_by
from xk.contracts.scheme import Line, Scheme
from xk.pipeline.assumed import apply_scenario, assumed_trend
from xk.pipeline.figures import (
    Chosen,
    Figure,
    Figures,
    choose_by_scheme,
    deciding_figures,
    figures_of,
    group_by_series,
    last_segment,
    later_figures,
    read_figures,
)
from xk.pipeline.lending import Lending, at_level, build_lending, build_trends
from xk.pipeline.result import NONE, Step, Trend
from xk.pipeline.settings import Settings
from xk.pipeline.spread import SETS_PACE, Spread, goals_of
from xk.pipeline.surroundings import Surroundings
from xk.vocab import YEAR_RANGE

YEARS_BEYOND = 10


# indicator -> its path, years ascending
Steps = dict[str, list[Step]]


@dataclass(frozen=True)
class Paths:
    """Figures and paths of one region.

    Attributes
    ----------
    seen : dict
        Indicator -> what was observed, of the series that gives the level.
    later : dict
        Indicator -> what was observed after the last known year: it plays no part in any result.
    ahead : dict
        Indicator -> its path after the last known year: what is past is seen or not, but never projected.
    trends : dict
        Indicator -> where its trend comes from.
    figures : DataFrame
        The observations that `seen`, `later` and `lent` are taken from, by ``place``.
    lent, lent_ahead : dict
        Indicator -> figures of the series that lends it its trend, and the path of that series.
    own_lent : dict
        Those of `lent` that are the line's own trend in the reference, brought to its level.
    of_peers : DataFrame
        The figures by which peers lend theirs.
    lending : Lending or None
        Who may lend what, as of the last known year.
    basis : Basis
        What they are made of before a scenario sets any.
    """

    seen: Figures
    ahead: Steps
    trends: dict[str, Trend]
    figures: pd.DataFrame = field(repr=False)
    lent: Figures
    lent_ahead: Steps
    own_lent: Figures
    basis: "Basis" = field(repr=False)
    later: Figures = field(default_factory=dict)
    of_peers: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    lending: Lending | None = field(default=None, repr=False)

    @property
    def observed(self) -> pd.DataFrame:
        """What was observed, as a table by indicator and year, with ``comparable``."""
        points = [point for line in self.seen.values() for point in line]
        rows = self._rows(points)
        return rows.assign(comparable=np.array([point.comparable for point in points], dtype=bool))

    @property
    def references(self) -> pd.DataFrame:
        """Figures and paths of the series that lend trends, by the indicator that borrows; `region`: whose they are.

        Paths (kind ``projected``) have no source and no vintage.
        """
        seen = [self._rows(points).assign(indicator=name) for name, points in self.lent.items()]
        ahead = [
            pd.DataFrame({
                "indicator": name, "region": self.lent[name][-1].region, "series": self.lent[name][-1].series,
                "year": [step.year for step in path], "value": [step.value for step in path], "kind": "projected",
            })
            for name, path in self.lent_ahead.items()
        ]  # fmt: skip
        rows = pd.concat([self.figures[:0], *seen, *ahead, self.of_peers], ignore_index=True)
        order = {name: place for place, name in enumerate(self.trends)}
        return rows.sort_values(["indicator", "year"], key=lambda column: column.replace(order), kind="stable")

    def _rows(self, points: list[Figure]) -> pd.DataFrame:
        return self.figures.iloc[[point.place for point in points]].reset_index(drop=True)


@dataclass(frozen=True)
class _Asked:
    """What paths are asked for: scheme, settings, who lends, and the donors that are named."""

    scheme: Scheme
    settings: Settings
    lending: Lending
    donors: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Basis:
    """What paths are made of before a scenario sets any: the same for every scenario that names no region.

    `judged`: figures that paths start from; `ahead`: the paths themselves, past years too; `spreads`: how far they may
    err; `by_series`: figures by series; `lenders`: region and indicator -> the series for its trend.
    """

    asked: _Asked
    judged: Figures
    ahead: Steps
    spreads: Mapping[str, Spread]
    by_series: Mapping[str, list[Figure]]
    lenders: Mapping[tuple[str, str], str]

    def lent(self, region: str, indicator: str) -> list[Figure]:
        """Return the figures of the series by which a region lends its trend."""
        return self.by_series.get(self.lenders.get((region, indicator), ""), [])


def build_paths(
    scheme: Scheme, around: Surroundings, *, settings: Settings, years: Sequence[int], scenario: Scenario | None = None
) -> dict[int, Paths]:
    """Return as-of year -> figures of a region and their paths to ten years beyond the horizon (for the year reached).

    Parameters
    ----------
    scheme, scenario
        As for `build_results`.
    around : Surroundings
        Figures of the region, of its peers, of those above it, and of those that scheme or scenario name.
    settings : Settings
        Resolved; all but the as-of year, in place of which each of `years` stands.
    years : sequence of int
    """
    above = reference_regions(settings.region, around.regions)
    named = donor_regions(scheme, scenario)
    figures = figures_of(scheme, around.figures_in([settings.region, *above, *named]))
    points = read_figures(scheme, figures)
    to = (max(years), _horizon(settings))
    lending = build_lending(scheme, around, settings.region, (above, named), years=to, method=settings.method)
    found = {}
    for year in years:
        known = [point for point in points if point.year <= year]
        asked = _Asked(scheme, replace(settings, as_of=year), lending.until(year), _donors(scheme, scenario))
        paths = _paths_at(asked, known, figures)
        lent = _figures_of_peers(paths.trends, around, settings.region, as_of=year)
        later = later_figures(scheme, points, settings.region, as_of=year)
        paths = replace(paths, later=later, of_peers=lent, lending=asked.lending)
        found[year] = paths if scenario is None else assume_paths(paths, scenario)
    return found


def _figures_of_peers(trends: Mapping[str, Trend], around: Surroundings, region: str, *, as_of: int) -> pd.DataFrame:
    """Return the figures by which peers lend their trends."""
    used = {trend.definition for trend in trends.values() if trend.peers}
    if not used:
        return around.observations[:0]
    seen = around.figures_in(around.group(region).lenders - {region})
    return seen[(seen["year"] <= as_of) & seen["definition"].isin(used)]


def donor_regions(scheme: Scheme, scenario: Scenario | None) -> list[str]:
    """Return the regions that a scheme and a scenario name: whose trend is borrowed, or whose pace is kept."""
    named = [] if scenario is None else scenario.named_regions()
    return [*named, *(donor for donor in scheme.borrow.values() if donor != NOBODY)]


def reference_regions(region: str, regions: pd.DataFrame) -> list[str]:
    """Return the regions whose trend a region may borrow, nearest first: parent, grandparent, ..."""
    parents = dict(zip(regions["region"].tolist(), regions["parent"].tolist(), strict=True))
    chain: list[str] = []
    above = parents.get(region)
    while isinstance(above, str) and above not in chain:
        chain.append(above)
        above = parents.get(above)
    return chain


def _paths_at(asked: _Asked, known: list[Figure], figures: pd.DataFrame) -> Paths:
    """Return the paths from what was known."""
    scheme, settings, lending = asked.scheme, asked.settings, asked.lending
    chosen = choose_by_scheme(scheme, deciding_figures(scheme, known))
    seen = _seen(known, chosen, settings.region)
    good = {name: last_segment(points) for name, points in seen.items()}
    judged = {name: points for name, points in good.items() if points and not scheme.lines[name].is_composite}
    by_series = group_by_series(known)
    trends = build_trends(scheme, by_series, chosen, judged=judged, donors=asked.donors, lending=lending)
    references = {name: by_series[trend.series] for name, trend in trends.items() if trend.series}
    lent_ahead = _project_references(scheme, references, settings)
    own = _own_figures(scheme, trends, judged, references, lent_ahead)
    borrowed = {
        name: lending.path(scheme.lines[name], judged[name][-1], trend, settings=settings)
        for name, trend in trends.items()
        if trend.kind == "borrowed"
    }
    ahead, spreads = project_own(scheme, own, settings)
    ahead |= {name: lent.path for name, lent in borrowed.items()}
    spreads |= {name: lent.spread for name, lent in borrowed.items() if lent.spread is not None}
    trends |= {name: lent.trend for name, lent in borrowed.items()}
    used = {name: _with_method(trend, ahead.get(name), judged[name][-1]) for name, trend in trends.items()}
    lenders = {key: series.trend or "" for key, series in chosen.items()}
    basis = Basis(asked, judged, ahead, spreads, by_series, lenders)
    mine = {name: points for name, points in references.items() if trends[name].kind == "own"}
    return Paths(seen, _to_come(ahead, settings), used, figures, references, lent_ahead, mine, basis)


def _to_come(ahead: Steps, settings: Settings) -> Steps:
    """Return the paths without the years that are past."""
    as_of, _ = settings.years()
    return {name: [step for step in path if step.year > as_of] for name, path in ahead.items()}


def assume_paths(paths: Paths, scenario: Scenario) -> Paths:
    """Return the reference's paths with those that a scenario sets in their place.

    Regions that the scenario names must be known to them (see `build_paths`).
    """
    basis = paths.basis
    scheme, settings, used = basis.asked.scheme, basis.asked.settings, dict(paths.trends)
    changed = _assume(basis, scenario)
    for name, path in changed.items():
        shown = [step.value for step in path if step.year <= settings.years()[1]]
        used[name] = _assumed(basis, scheme.lines[name], scenario, shown, used[name])
    # what an assumption rests on, in place of what the reference borrowed
    references = {name: basis.by_series[trend.series] for name, trend in used.items() if trend.region and trend.series}
    known = {name: paths.lent_ahead[name] for name, points in references.items() if paths.lent.get(name) is points}
    new = {name: points for name, points in references.items() if name not in known}
    lent_ahead = known | _project_references(scheme, new, settings)
    peers = {trend.definition for trend in used.values() if trend.peers}
    of_peers = paths.of_peers[paths.of_peers["definition"].isin(peers)] if len(paths.of_peers) else paths.of_peers
    ahead = paths.ahead | _to_come(changed, settings)
    return replace(paths, ahead=ahead, trends=used, lent=references, lent_ahead=lent_ahead, of_peers=of_peers)


def project_by(paths: Paths, method: str) -> Paths:
    """Return the reference's paths with those that lines have by trends of their own projected by another method."""
    basis = paths.basis
    scheme, settings = basis.asked.scheme, replace(basis.asked.settings, method=method)
    lent_ahead = _project_references(scheme, paths.lent, settings)
    own = _own_figures(scheme, paths.trends, basis.judged, paths.lent, lent_ahead)
    ahead, _ = project_own(scheme, own, settings)
    used = {name: _with_method(paths.trends[name], ahead.get(name), points[-1]) for name, points in own.items()}
    return replace(paths, ahead=paths.ahead | _to_come(ahead, settings), trends=paths.trends | used)


def _own_figures(scheme: Scheme, trends: Mapping[str, Trend], judged: Figures, lent: Figures, ahead: Steps) -> Figures:
    """Return the figures that lines with trends of their own are projected from."""
    return {
        name: at_level(scheme.lines[name], lent[name], points, ahead.get(name, ())) if name in lent else points
        for name, points in judged.items()
        if trends[name].kind == "own"
    }


def _donors(scheme: Scheme, scenario: Scenario | None) -> dict[str, str]:
    """Return indicator -> the donor that the scenario, or else the scheme, names for it, of those with one."""
    assumed = {} if scenario is None else scenario.borrow
    found = {
        name: donor_for(assumed, name, line.domain) or donor_for(scheme.borrow, name, line.domain)
        for name, line in scheme.lines.items()
    }
    return {name: donor for name, donor in found.items() if donor is not None}


def _seen(known: list[Figure], chosen: Mapping[tuple[str, str], Chosen], region: str) -> Figures:
    levels = {series.level for (owner, _), series in chosen.items() if owner == region}
    own = [point for point in known if point.region == region and point.series in levels]
    return grouped(sorted(own, key=lambda point: (point.indicator, point.year)), lambda point: point.indicator)


def _project(scheme: Scheme, figures: Figures, settings: Settings) -> Projection:
    """Project the figures of some indicators, a row each in their order."""
    cells = [(row, one.year, one.value) for row, points in enumerate(figures.values()) for one in points]
    number, years, values = (np.array(column) for column in zip(*cells, strict=True))
    panel = build_panel(number, years, values.astype(float), len(figures))
    lines = [scheme.lines[name] for name in figures]
    bounds = np.array([line.lower_bound for line in lines]), np.array([line.upper_bound for line in lines])
    return project_panel(panel, to=_horizon(settings), method=settings.method, levels=settings.levels, bounds=bounds)


def _horizon(settings: Settings) -> int:
    return min(settings.years()[1] + YEARS_BEYOND, YEAR_RANGE[1])


def project_own(scheme: Scheme, figures: Figures, settings: Settings) -> tuple[Steps, dict[str, Spread]]:
    """Return the paths by the own figures of some indicators, and how far they may err."""
    if not figures:
        return {}, {}
    projection, names = _project(scheme, figures, settings), list(figures)
    lines = [scheme.lines[name] for name in names]
    odds = _odds(projection, lines, as_of=settings.years()[0])
    rows, columns = np.nonzero((projection.years <= _horizon(settings)) & ~np.isnan(projection.path))
    ends = [end for level in settings.levels for end in projection.interval(level)]
    cells = [grid[rows, columns].tolist() for grid in (projection.years, projection.path, *ends)]
    ahead: Steps = {}
    for row, year, value, *around in zip(rows.tolist(), *cells, strict=True):
        interval = dict(zip(settings.ends(), around, strict=True))
        met = odds[row] if year == lines[row].target_year else NONE
        step = Step(year, value, "projected", projection.used[row], interval, met)
        ahead.setdefault(names[row], []).append(step)
    return ahead, {name: Spread(projection, row) for row, name in enumerate(names)}


def _odds(projection: Projection, lines: Sequence[Line], *, as_of: int) -> list[dict[str, float]]:
    """Return the odds of meeting, for each line: its target, that in its year alone, and what is to be striven for."""
    goals = [goals_of(line) for line in lines]
    by_goal = {name: [each[name] for each in goals] for name in goals[0]}
    found = [probability(projection, asked, after=as_of).tolist() for asked in by_goal.values()]
    return [dict(zip(by_goal, odds, strict=True)) for odds in zip(*found, strict=True)]


def _project_references(scheme: Scheme, references: Figures, settings: Settings) -> Steps:
    """Return the paths of the series that lend their trends, by the indicator that borrows."""
    if not references:
        return {}
    projection = _project(scheme, references, settings)
    found: Steps = {}
    for name, used, years, values in zip(references, projection.used, projection.years, projection.path, strict=True):
        path = zip(years.tolist(), values.tolist(), strict=True)
        found[name] = [Step(year, value, "projected", used) for year, value in path
                       if year <= _horizon(settings) and not math.isnan(value)]  # fmt: skip
    return found


def _with_method(trend: Trend, path: list[Step] | None, last: Figure) -> Trend:
    """Return a trend with the method that projected it; what could not be projected has none."""
    if not path:
        return replace(trend, kind="none")
    return replace(trend, method=path[-1].method, series=trend.series or ("" if trend.peers else last.series))


def _assume(basis: Basis, scenario: Scenario) -> Steps:
    """Return the paths that a scenario changes, with their odds and intervals for the case that it holds."""
    scheme, settings, lending = basis.asked.scheme, basis.asked.settings, basis.asked.lending

    def pace(indicator: str, region: str) -> pd.DataFrame:
        points = basis.lent(region, indicator)
        trend = Trend("borrowed", region, definition=points[-1].definition) if points else None
        line, last = scheme.lines[indicator], basis.judged[indicator][-1]
        return _frame({indicator: lending.path(line, last, trend, settings=settings).path} if trend else {})

    to, (reference, judged) = _horizon(settings), (_frame(basis.ahead), _frame(basis.judged))
    assumed = apply_scenario(reference, scenario, scheme=scheme, observed=judged, to=to, pace=pace)
    changed = records_by(assumed[assumed["kind"] == "scenario"], "indicator")
    # a changed path takes the place of the reference's; the others stay as they are, with their intervals
    found = {
        name: [Step(int(row["year"]), row["value"], row["kind"], row["method"]) for row in rows]
        for name, rows in changed.items()
    }
    return {name: _carried(basis, scheme.lines[name], path, settings) for name, path in found.items()}


def _carried(basis: Basis, line: Line, path: list[Step], settings: Settings) -> list[Step]:
    """Return an assumed path with the reference's errors about it, where it assumes a pace and there are any."""
    spread = basis.spreads.get(line.indicator)
    return path if spread is None or path[0].method not in SETS_PACE else spread.about(path, line, settings)


def _assumed(basis: Basis, line: Line, scenario: Scenario, path: list[float], reference: Trend) -> Trend:
    """Return where a path that a scenario sets comes from."""
    rule = scenario.rule_of(line.indicator, line.domain)
    if rule is None:
        return reference
    points = basis.lent(str(rule[1]), line.indicator) if rule[0] == "match" else []
    rests = Trend(region=points[-1].region, series=points[-1].series) if points else reference
    return assumed_trend(rule, path, line, rests=rests)


def _frame(points: Mapping[str, Sequence[Figure | Step]]) -> pd.DataFrame:
    rows = [(name, one.year, one.value, one.kind) for name, line in points.items() for one in line]
    return pd.DataFrame(rows, columns=["indicator", "year", "value", "kind"])

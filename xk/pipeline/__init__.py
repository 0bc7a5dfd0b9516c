"""From a scheme and observations to results; reads like the method note (docs/en/method.md)."""

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import pandas as pd

from xk.arithmetic.scenario import Scenario
from xk.contracts.scheme import Scheme
from xk.pipeline.assumed import apply_scenario
from xk.pipeline.index import (
    build_contributions,
    build_index,
    build_index_pair,
    build_index_shift,
    build_index_without,
    build_index_years,
)
from xk.pipeline.localising import localise_scheme
from xk.pipeline.outturns import Outturn, build_outturns
from xk.pipeline.paths import Paths, assume_paths, build_paths, project_by
from xk.pipeline.peering import PeerLine, build_peer_lines, build_rated_lines
from xk.pipeline.planning import HeldYear, Position, build_held_years, build_positions
from xk.pipeline.result import LineResult, count_statuses
from xk.pipeline.settings import Settings, resolve_settings
from xk.pipeline.summary import build_composite_years, build_lines, build_yearly, summary_table
from xk.pipeline.surroundings import ORIGIN, PeerGroup, Surroundings
from xk.pipeline.verdicts import Disagreement, Judged, build_disagreements, build_verdicts
from xk.vocab import LANGUAGES, OWN_GRADE
from xk.vocab.cards import Card, Shown, both, joined

__all__ = ["ORIGIN", "Results", "Settings", "apply_scenario", "build_results", "resolve_settings"]

SHARED = ("contributions", "positions", "held_years", "verdicts", "disagreements", "summary", "planned_values", "peers")


@dataclass(frozen=True, repr=False)
class Results(Shown):
    """Everything that a report shows.

    Attributes
    ----------
    yearly : DataFrame
        scheme, scenario, region, indicator, year, value, kind, lo/hi per level, score, attainment, planned_value,
        plan_gap, status (at the latest observation), probability (in the target year).
    lines : dict of LineResult
        Indicator -> its results, in the plan's order.
    index : DataFrame
        level (domain or total), basis (latest or target), value and coverage in per cent.
    paths : Paths
        The figures behind the results, and where their trend leads.
    group : PeerGroup
        The region and its peers.
    reference : Results or None
        Under a scenario what the same question comes to without it; None in the reference itself.
    """

    scheme: Scheme = field(repr=False)
    settings: Settings
    scenario: Scenario
    yearly: pd.DataFrame = field(repr=False)
    lines: dict[str, LineResult] = field(repr=False)
    index: pd.DataFrame = field(repr=False)
    paths: Paths = field(repr=False)
    group: PeerGroup = field(repr=False)
    reference: "Results | None" = field(default=None, repr=False)

    def card(self) -> Card:
        """Return what they are of, how many lines have which status, and the lines."""
        as_of, to = self.settings.years()
        counts = count_statuses(self.lines.values())
        facts = [
            (both("fact_region"), self.settings.region), (both("fact_as_of"), as_of), (both("fact_to"), to),
            (both("fact_method"), both(f"method_{self.settings.method}")), (both("fact_scenario"), self.scenario.name),
            (both("fact_newest"), self.vintage),
            (both("field_status"), ", ".join(f"{both(f'status_{name}')} {n}" for name, n in counts.items())),
        ]  # fmt: skip
        head = ["field_name_zh", "field_latest_value", "field_target_value", "field_projected_value", "card_odds",
                "field_status", "field_source_id"]  # fmt: skip
        rows = [result.row() for result in self.lines.values()]
        return Card(joined(map(self.scheme.name, LANGUAGES)), facts, [both(key) for key in head], rows)

    @property
    def is_final(self) -> bool:
        """Whether the target year is past, so that they are a final assessment."""
        return self.settings.years()[0] >= self.scheme.target_year

    @cached_property
    def history(self) -> pd.DataFrame:
        """Observations behind the results, with their sources."""
        return self.paths.observed

    @cached_property
    def references(self) -> pd.DataFrame:
        """Figures and paths of the series that lend trends (see `Paths.references`), if anything is projected."""
        as_of, to = self.settings.years()
        return self.paths.references if to > as_of else self.paths.references[:0]

    @property
    def later(self) -> pd.DataFrame:
        """Observations after the last known year, with their sources: they play no part in the results."""
        places = [point.place for name in self.scheme.lines for point in self.paths.later.get(name, [])]
        return self.paths.figures.iloc[places].reset_index(drop=True)

    @cached_property
    def beside(self) -> pd.DataFrame:
        """Where figures of peers come from: those up to the last known year, of the lines that have a place among them.

        Of figures that differ in their region and value alone one is there: of a thousand peers they are too many.
        """
        named = {peer.definition: name for name, peer in self.peers.items() if peer.now}
        seen = self.group.around.origins(self.group.region)
        wanted = seen["definition"].map(named) == seen["indicator"]
        return seen[wanted & (seen["year"] <= self.settings.years()[0])]

    @property
    def shown(self) -> dict[str, pd.DataFrame]:
        """All observations that are shown, by what they are for: ``own``, ``lent``, ``later``, ``peers``."""
        return {"own": self.history, "lent": self.references, "later": self.later, "peers": self.beside}

    @cached_property
    def vintage(self) -> str:
        """The newest vintage of all figures that are shown; empty where there are none."""
        return self._newest(own=True)

    @cached_property
    def released(self) -> str:
        """The same of the published ones alone, without a user's own; empty where there are none."""
        return self._newest(own=False)

    def _newest(self, *, own: bool) -> str:
        days = pd.concat([one.loc[own | (one["grade"] != OWN_GRADE), "vintage"] for one in self.shown.values()])
        return str(days.max()) if len(days.dropna()) else ""

    @property
    def is_yardstick(self) -> bool:
        """Whether the programme sets its targets for other regions, so that they only serve this one for comparison."""
        return bool(self.scheme.regions) and self.settings.region not in self.scheme.regions

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The results of the lines as a table, one row a line, as it goes out."""
        return summary_table(self.lines, self.settings)

    @cached_property
    def composite_years(self) -> pd.DataFrame:
        """The attainment of composite indicators in every year (see `build_composite_years`)."""
        return build_composite_years(self.scheme, self.yearly)

    @cached_property
    def index_years(self) -> pd.DataFrame:
        """The index of every year, with an interval where projections go in (see `build_index_years`)."""
        return build_index_years(self.scheme, self.yearly, levels=self.settings.levels)

    @cached_property
    def index_band(self) -> pd.DataFrame:
        """The index of the target year with its interval; under a scenario that for the case that it holds.

        What the scenario assumes then errs as far as in the reference, or, where that has no interval or the rule sets
        the value itself, stands still (see `Spread.about`, `build_index_years`).
        """
        year, ends = self.scheme.target_year, self.settings.ends()
        held = {name: step.if_holds for name, path in self.paths.ahead.items() for step in path if step.year == year}
        rows = self.yearly[self.yearly["year"] == year]
        around = [held.get(name, {}) for name in rows["indicator"]]
        held_ends = {end: pd.Series([one.get(end) for one in around], rows.index, float) for end in ends}
        widened = {end: rows[end].fillna(cells) for end, cells in held_ends.items()}
        return build_index_years(self.scheme, rows.assign(**widened), levels=self.settings.levels)

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """What each indicator adds to the index (see `build_contributions`)."""
        return build_contributions(self.scheme, self.lines)

    @cached_property
    def index_without(self) -> dict[str, float]:
        """What the index is without each line (see `build_index_without`)."""
        return build_index_without(self.scheme, self.lines)

    @cached_property
    def index_pair(self) -> pd.DataFrame:
        """The index now and in the target year over the same indicators (see `build_index_pair`)."""
        return build_index_pair(self.scheme, self.lines)

    def index_shift(self, other: "Results") -> pd.DataFrame:
        """Return what other results make of the index of the target year (see `build_index_shift`)."""
        return build_index_shift(self.scheme, self.lines, other.lines)

    @cached_property
    def peers(self) -> dict[str, PeerLine]:
        """Indicator -> the line among peers, of which two of them have figures (see `build_peer_lines`)."""
        return build_peer_lines(self.scheme, self.lines, self.group, self.settings)

    @cached_property
    def positions(self) -> list[Position]:
        """Where each line stands on the planned path (see `build_positions`)."""
        return build_positions(self.lines, as_of=self.settings.years()[0])

    @cached_property
    def held_years(self) -> list[HeldYear]:
        """Every year in which a target is to be held (see `build_held_years`)."""
        return build_held_years(self.scheme, self.paths.seen, as_of=self.settings.years()[0])

    @cached_property
    def verdicts(self) -> list[Judged]:
        """Every line under every rulebook (see `build_verdicts`)."""
        return build_verdicts(self.scheme, self.paths.seen, self.lines)

    @cached_property
    def disagreements(self) -> list[Disagreement]:
        """The lines on which the rulebooks disagree (see `build_disagreements`)."""
        return build_disagreements(self.verdicts)

    @cached_property
    def outturns(self) -> list[Outturn]:
        """What came after the last known year beside what was projected for it (see `build_outturns`)."""
        return build_outturns(self.scheme, self.paths, self.settings)

    @cached_property
    def led_lines(self) -> dict[str, list[LineResult]]:
        """Office -> the results of the lines that it leads, in the plan's order.

        A composite is led by those who lead all of its parts: its status may be that of a part that is another's.
        """
        found: dict[str, list[LineResult]] = {}
        for name, result in self.lines.items():
            parts = [set(self.lines[part].line.lead_offices) for part in self.scheme.parts(name)]
            for office in result.line.lead_offices:
                if all(office in leads for leads in parts):
                    found.setdefault(office, []).append(result)
        return found

    @cached_property
    def planned_values(self) -> dict[tuple[str, int], float]:
        """Indicator and year -> planned value; NaN where there is none."""
        cells = (self.yearly[name].tolist() for name in ("indicator", "year", "planned_value"))
        return {(name, year): value for name, year, value in zip(*cells, strict=True)}

    @cached_property
    def _paths(self) -> dict[str, pd.DataFrame]:
        return {str(name): rows for name, rows in self.yearly.groupby("indicator", sort=False)}

    def compute_shared(self) -> None:
        """Compute what several reports show, before they are forked from this process."""
        for name in SHARED:
            getattr(self, name)

    def comparable_years(self, indicator: str) -> set[int]:
        """Return the years of one indicator whose figures can be compared with its target."""
        seen = self.paths.seen.get(self.scheme.line(indicator).indicator, ())
        return {figure.year for figure in seen if figure.comparable}

    def segments(self, indicator: str) -> dict[int, int]:
        """Return year -> segment of the figures of one indicator: across segments they are never joined."""
        seen = self.paths.seen.get(self.scheme.line(indicator).indicator, ())
        return {figure.year: figure.segment for figure in seen}

    def line(self, indicator: str) -> LineResult:
        """Return the results of one line by slug or number; raise UsageError for an unknown one."""
        return self.lines[self.scheme.line(indicator).indicator]

    def path(self, indicator: str) -> pd.DataFrame:
        """Return the yearly results of one indicator."""
        return self._paths.get(self.scheme.line(indicator).indicator, self.yearly[:0])


def build_results(
    scheme: Scheme,
    observations: pd.DataFrame,
    *,
    regions: pd.DataFrame,
    settings: Settings,
    scenario: Scenario | None = None,
    around: Surroundings | None = None,
) -> Results:
    """Compute all results of one region under one scheme and scenario.

    Parameters
    ----------
    scheme : Scheme
    observations : DataFrame
        Checked observations with ``grade``, newest vintage, of the region and its reference regions.
    regions : DataFrame
        region, level, parent: whose trend may be borrowed, and who is a peer.
    settings : Settings
    scenario : Scenario, optional
        Differences from the reference.
    around : Surroundings, optional
        Figures of all regions, to compare with; those of `observations` if not given.

    Raises
    ------
    UsageError
        Unknown region, impossible years, unknown method.
    """
    asked = resolve_settings(settings, scheme, observations, regions=regions)
    as_of, _ = asked.years()
    others = around or Surroundings(observations, regions)
    scheme = _localised(scheme, asked.region, others, as_of)
    paths = build_paths(scheme, others, settings=asked, years=[as_of], scenario=scenario)[as_of]
    return _results(scheme, asked, paths, others.group(asked.region), scenario or Scenario())


def vary_results(
    plain: Results, scheme: Scheme, *, scenario: Scenario | None = None, method: str | None = None
) -> Results:
    """Return what the same question comes to under a scenario, other weights, or by a method: its paths serve again.

    Parameters
    ----------
    plain : Results
        Under no scenario.
    scheme : Scheme
        Its own, that under other weights, or a part of it.
    scenario : Scenario, optional
        One that names no region: the paths of others are not at hand.
    method : str, optional
        For lines with a trend of their own; what is borrowed stays.
    """
    paths = plain.paths if method is None else project_by(plain.paths, method)
    paths = paths if scenario is None else assume_paths(paths, scenario)
    settings = plain.settings if method is None else replace(plain.settings, method=method)
    return _results(scheme, settings, paths, plain.group, scenario or Scenario())


def _results(scheme: Scheme, asked: Settings, paths: Paths, group: PeerGroup, scenario: Scenario) -> Results:
    lines = build_rated_lines(scheme, build_lines(scheme, paths, settings=asked), group, asked)
    yearly = build_yearly(scheme, paths, lines, settings=asked)
    index = build_index(scheme, lines)
    yearly.insert(0, "scheme", scheme.id)
    yearly.insert(1, "scenario", scenario.name)
    yearly.insert(2, "region", asked.region)
    return Results(scheme, asked, scenario, yearly, lines, index, paths, group)


@lru_cache(maxsize=32)
def _localised(scheme: Scheme, region: str, around: Surroundings, as_of: int) -> Scheme:
    """Return the scheme as a region has it by a year: one and the same for all methods and horizons."""
    known = around.figures_in([region])
    return localise_scheme(scheme, region, known[known["year"] <= as_of])

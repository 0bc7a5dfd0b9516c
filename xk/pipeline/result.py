"""Where one line of a programme stands: figure, trend, distance from the target, plan, verdict."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from xk.arithmetic.peers.base_rate import BaseRate
from xk.arithmetic.rulebooks import Verdict, say
from xk.arithmetic.target import Rates
from xk.contracts.records import Record
from xk.contracts.scenario_rules import Rule
from xk.contracts.scheme import Line
from xk.vocab import LANGUAGES, STATUSES
from xk.vocab.cards import Card, Shown, both, joined, said

NONE: Mapping[str, float] = MappingProxyType({})


def ends_of(levels: Iterable[int]) -> list[str]:
    """Return the names of the ends of intervals: lo80, hi80, ..."""
    return [f"{end}{level}" for level in levels for end in ("lo", "hi")]


class Step(NamedTuple):
    """A year of a path: its value, kind (projected, borrowed, scenario) and method.

    What is projected has the ends of its intervals (lo80, ...) and, in the target's year, the odds of meeting it (see
    `goals_of`). What a scenario assumes has neither; `if_holds` are both for the case that the assumption holds, errors
    as large as in the reference (see `Spread.about`).
    """

    year: int
    value: float
    kind: str
    method: str
    ends: Mapping[str, float] = NONE
    odds: Mapping[str, float] = NONE
    if_holds: Mapping[str, float] = NONE


@dataclass(frozen=True)
class Latest:
    """The latest figure, and how many there are: year, value in the line's unit, kind, series, source."""

    year: int | None = None
    value: float = math.nan
    kind: str | None = None
    series: str | None = None
    source_id: str | None = None
    points: int = 0


@dataclass(frozen=True)
class Trend:
    """Where the path ahead comes from: kind (own, borrowed, scenario, none), region and series that lend it, method.

    `proxy`: figures on another coverage of the same thing lend it; `peers`: those of so many peers do, `region` being
    the one about them; `definition`: what their figures are. `doubt`: why it is not judged by
    (``untested``, ``apart``: see `Lending.path`), or that none may be borrowed (``barred``). `assumed`: the rule of
    the scenario that sets the path; region and series are then those that the assumption rests on, if it rests on any.
    `stops_at`: the natural bound at which the assumed path stops, NaN where it meets none.
    """

    kind: str = "none"
    region: str = ""
    series: str = ""
    proxy: bool = False
    method: str = ""
    definition: str = ""
    peers: int = 0
    doubt: str = ""
    assumed: Rule | None = None
    stops_at: float = math.nan


@dataclass(frozen=True)
class Outlook:
    """What is projected for the target year: value, kind, ends of its intervals, odds of meeting the target.

    `probability` is that of all remaining years of a target to be held, `probability_target_year` that of its year
    alone; `short` are the years to come in which the central path falls short of a target to be held.
    Of a value that a scenario assumes there is no probability; `probability_if_holds` is that for the case that the
    assumption holds, errors as large as in the reference. `attainment` is that of the value in per cent;
    `year_reached` the first year in which the central path meets the target.
    """

    value: float = math.nan
    kind: str | None = None
    probability: float = math.nan
    probability_target_year: float = math.nan
    short: tuple[int, ...] = ()
    ends: Mapping[str, float] = field(default_factory=lambda: NONE)
    attainment: float = math.nan
    year_reached: int | None = None
    probability_if_holds: float = math.nan


@dataclass(frozen=True)
class Distance:
    """How far the latest figure is from the target: score, attainment and progress in per cent, yearly rates."""

    score: float = math.nan
    attainment: float = math.nan
    progress: float = math.nan
    required: Rates = Rates()
    observed: Rates = Rates()


@dataclass(frozen=True)
class Plan:
    """The planned value of the latest figure's year, how it came about, and the gap to it (positive: ahead)."""

    value: float = math.nan
    kind: str | None = None
    gap: float = math.nan


@dataclass(frozen=True, repr=False)
class LineResult(Shown):
    """Results of one line in one region.

    Attributes
    ----------
    line : Line
        What the programme says of it.
    scale : str
        share, rate or level (see `xk.arithmetic.target.scale_of`).
    latest, trend, outlook, distance, plan
    verdict, stretch : Verdict
        Under the house rulebook, for the target and for what is to be striven for (None where there is no such target).
    comparable : bool
        Whether figure and target measure the same.
    baseline : float
        The baseline in the prices of the target; NaN where it is not known in them (see `converted_baseline`).
    parts_known : float
        Share (0..1) of a composite's parts whose attainment is known; NaN for others.
    base_rate : BaseRate or None
        How often the pace that is required was reached, None where none is.
    assumed_rate : BaseRate or None
        The same of the pace that a scenario assumes up to the target year.
    """

    line: Line
    scale: str
    latest: Latest
    verdict: Verdict
    trend: Trend = Trend()
    outlook: Outlook = Outlook()
    distance: Distance = Distance()
    plan: Plan = Plan()
    stretch: Verdict | None = None
    comparable: bool = True
    baseline: float = math.nan
    parts_known: float = math.nan
    base_rate: BaseRate | None = None
    assumed_rate: BaseRate | None = None

    @property
    def outcome(self) -> tuple[str, str, str]:
        """What a scenario can move: status and figures of the target year; as words, in which NaN equals NaN."""
        return self.status, repr(float(self.outlook.value)), repr(float(self.outlook.attainment))

    @property
    def indicator(self) -> str:
        """Slug of the line."""
        return self.line.indicator

    @property
    def no(self) -> str:
        """Number of the line in the programme."""
        return self.line.no

    @property
    def status(self) -> str:
        """Status under the house rulebook."""
        return self.verdict.status

    def card(self) -> Card:
        """Return where the line stands: figure, target, trend, odds, status and why, series and source."""
        latest, outlook, trend = self.latest, self.outlook, self.trend
        ends = [said(outlook.ends[name]) for name in ("lo80", "hi80") if name in outlook.ends]
        projected = f"{said(outlook.value)} ({'–'.join(ends)})" if ends else said(outlook.value)
        return Card(self.line.title, [
            (both("field_latest_value"), f"{said(latest.value)} {self.line.unit} ({said(latest.year)})"),
            (both("field_target_value"), f"{self.line.asked} ({said(self.line.target_year)})"),
            (both("field_attainment"), self.distance.attainment),
            (both("field_trend"), f"{both(f'trend_{trend.kind}')} {trend.region} {trend.method}"),
            (both("field_projected_value"), projected), (both("card_odds"), outlook.probability),
            (both("field_status"), both(f"status_{self.status}")),
            (both("field_reason"), joined(say(self.verdict.why, lang) for lang in LANGUAGES)),
            (both("field_series"), latest.series), (both("field_source_id"), latest.source_id),
        ])  # fmt: skip

    def row(self) -> list[object]:
        """Return its row in the card of all results: title, figure and year, target, projection, odds, status."""
        latest, outlook = self.latest, self.outlook
        return [
            self.line.title, f"{said(latest.value)} {self.line.unit} ({said(latest.year)})", self.line.asked,
            outlook.value, outlook.probability, both(f"status_{self.status}"), latest.source_id,
        ]  # fmt: skip

    def record(self, ends: list[str]) -> Record:
        """Return the row of the summary as it goes out, column -> cell; `ends`: names of the intervals' ends."""
        line, latest, trend, outlook, distance = self.line, self.latest, self.trend, self.outlook, self.distance
        stretch = self.stretch
        return {
            "indicator": line.indicator, "no": line.no, "parent": line.parent or None, "counted": line.counted,
            "domain": line.domain,
            "unit": line.unit, "price_base": line.price_base or None, "direction": line.direction,
            "hold_from": line.hold_from, "hold_to": line.hold_to, "once": line.once,
            "baseline_year": line.baseline_year, "baseline_value": line.baseline_value,
            "baseline_kind": line.baseline_kind or None,
            "baseline_price_base": line.baseline_price_base or None, "target_year": line.target_year,
            "target_value": line.target_value, "target_low": line.target_low, "target_high": line.target_high,
            "target_stretch": line.target_stretch, "weight": line.weight,
            "lead_offices": ";".join(line.lead_offices) or None, "latest_year": latest.year,
            "latest_value": latest.value, "latest_kind": latest.kind, "series": latest.series,
            "source_id": latest.source_id, "points": latest.points, "scale": self.scale, "trend": trend.kind,
            "trend_region": trend.region, "trend_series": trend.series, "trend_proxy": trend.proxy,
            "method": trend.method, "projected_value": outlook.value, "projected_kind": outlook.kind,
            "probability": outlook.probability, "probability_target_year": outlook.probability_target_year,
            "probability_if_holds": outlook.probability_if_holds,
            **{f"projected_{end}": outlook.ends.get(end, math.nan) for end in ends},
            "score": distance.score, "attainment": distance.attainment, "progress": distance.progress,
            "required_change": distance.required.change, "required_growth": distance.required.growth,
            "observed_change": distance.observed.change, "observed_growth": distance.observed.growth,
            "planned_value": self.plan.value, "plan_gap": self.plan.gap, "projected_attainment": outlook.attainment,
            "required_years": distance.required.years, "observed_years": distance.observed.years,
            "planned_kind": self.plan.kind, "status": self.verdict.status, "reason": self.verdict.why,
            "comparable": self.comparable, "stretch_status": stretch.status if stretch else None,
            "stretch_reason": stretch.why if stretch else None, "year_reached": outlook.year_reached,
            "parts_known": self.parts_known, **_record_of(self.base_rate),
        }  # fmt: skip


def _record_of(rate: BaseRate | None) -> Record:
    """Return the cells of a base rate; empty where no pace is required, or nobody has a window."""
    fastest = None if rate is None else rate.fastest
    return {
        "windows": None if rate is None else rate.windows, "windows_reached": None if rate is None else rate.reached,
        "windows_definition": rate.definition or None if rate is not None else None,
        "fastest_region": fastest and fastest.region, "fastest_from": fastest and fastest.first,
        "fastest_to": fastest and fastest.last, "fastest_pace": fastest.value if fastest else math.nan,
    }  # fmt: skip


def count_statuses(results: Iterable[LineResult]) -> dict[str, int]:
    """Return how many of the programme's own indicators have which status, in the order of the statuses.

    One with parts counts once, by its own status; what is not counted here is in `count_parts`.
    """
    return tally_statuses(result.status for result in results if result.line.counted)


def count_parts(results: Iterable[LineResult]) -> dict[str, int]:
    """Return how many parts of indicators, and further targets beside one, have which status, in their order."""
    return tally_statuses(result.status for result in results if not result.line.counted)


def split_parts(results: Iterable[LineResult]) -> dict[str, list[LineResult]]:
    """Return, of lines that are not counted, the ``parts`` of indicators and the ``further`` targets beside one."""
    apart = [result for result in results if not result.line.counted]
    return {
        "parts": [result for result in apart if result.line.parent],
        "further": [result for result in apart if not result.line.parent],
    }


def tally_statuses(statuses: Iterable[str]) -> dict[str, int]:
    """Return how often each status comes, in the order of the statuses."""
    found = Counter(statuses)
    return {status: found[status] for status in STATUSES if found[status]}

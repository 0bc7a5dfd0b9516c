"""Odds that were published, held against what came: whether what was said of years to come can be trusted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

import pandas as pd

from xk.arithmetic.calibration import brier_score, count_classes
from xk.arithmetic.projection import METHODS
from xk.arithmetic.target import DIRECTIONS, TOLERANCE, Target, meets
from xk.contracts.forms import is_printable, is_year
from xk.contracts.records import Record, grouped, records
from xk.contracts.scheme import Scheme
from xk.errors import UsageError
from xk.vocab import STATUSES

LEVELS = (80, 95)
APART = ("no_odds", "not_yet", "known_then", "other_series", "revised", "across_break", "unseen_year", "unknown_line")
"""Why a published line is not scored, in the order in which it is told. Where no odds were given, no figure tells."""
LONGEST = 200

Figures = dict[int, tuple[float, int]]
"""Year -> value and segment of one series."""


@dataclass(frozen=True)
class Stated:
    """What a run published of a line; most names are those of the summary that goes out.

    Attributes
    ----------
    run, date, vintage : str
        The run, the day on which it was made, the newest vintage in it.
    known : bool
        Whether a figure of the target year was among its data already: its odds then prove nothing.
    """

    run: str
    date: str
    vintage: str
    scheme: str
    region: str
    indicator: str
    as_of: int
    method: str
    direction: str
    target_year: int
    target_value: float
    target_low: float
    target_high: float
    hold_from: int | None
    hold_to: int | None
    once: bool
    series: str
    latest_year: int
    latest_value: float
    status: str
    probability: float
    projected_value: float
    projected_lo80: float
    projected_hi80: float
    projected_lo95: float
    projected_hi95: float
    known: bool

    @property
    def target(self) -> Target:
        """What is to be met."""
        ends = (self.target_low, self.target_high) * 2
        value = math.nan if self.direction == "interval" else self.target_value
        held = (self.hold_from, self.hold_to)
        return Target(self.direction, value, *ends, self.target_year, *held, self.once)

    @property
    def has_odds(self) -> bool:
        """Whether odds were given at all."""
        return not math.isnan(self.probability)

    @property
    def question(self) -> tuple[str, ...]:
        """What it answers: the same asked twice counts once."""
        asked = (
            self.scheme, self.region, self.indicator, self.as_of, self.method, self.target_year, self.direction,
            self.target_value, self.target_low, self.target_high, self.hold_from, self.hold_to, self.once,
        )  # fmt: skip
        return tuple(map(str, asked))

    def inside(self, level: int, value: float) -> bool | None:
        """Return whether a value lies within the interval of a level; None where there is none."""
        low, high = (getattr(self, f"projected_{end}{level}") for end in ("lo", "hi"))
        return None if math.isnan(low + high + value) else bool(low <= value <= high)


def read_stated(record: Mapping[str, object]) -> Stated:
    """Return what a record says, whatever stands in it; raise ValueError with what is wrong.

    Cells may be text; empty ones are missing.
    """
    missing = [one.name for one in fields(Stated) if one.name not in record]
    if missing:
        raise ValueError(f"has no {missing[0]}")
    cells: dict[str, object] = {}
    for one in fields(Stated):
        try:
            cells[one.name] = _READ[str(one.type)](record[one.name])
        except (ValueError, TypeError, OverflowError):
            raise ValueError(f"{str(record[one.name])!r:.60} is no {one.name}") from None
    found = Stated(**cells)  # type: ignore[arg-type]  # as they were just read
    for name, words in (("status", STATUSES), ("direction", DIRECTIONS), ("method", METHODS)):
        if getattr(found, name) not in words:
            raise ValueError(f"{getattr(found, name)!r:.60} is no {name}")
    if not (math.isnan(found.probability) or 0 <= found.probability <= 1):
        raise ValueError(f"{found.probability!r} is no probability")
    try:
        still_to_come = found.target.known and found.target_year > found.as_of
    except UsageError as error:
        raise ValueError(str(error)) from None
    if not still_to_come:
        raise ValueError("has no target that is still to come")
    return found


def _text(cell: object) -> str:
    if not isinstance(cell, str) or len(cell) > LONGEST or not is_printable(cell):
        raise ValueError
    return cell


def _number(cell: object) -> float:
    if cell in (None, ""):
        return math.nan
    if isinstance(cell, bool) or not isinstance(cell, str | int | float) or math.isinf(float(cell)):
        raise ValueError
    return float(cell)


def _year(cell: object) -> int:
    if not is_year(number := _number(cell)):
        raise ValueError
    return int(number)


def _flag(cell: object) -> bool:
    return {"True": True, "False": False}[str(cell)] if str(cell) in ("True", "False") else bool(_year(cell))


_READ: dict[str, Callable[[object], object]] = {
    "str": _text,
    "int": _year,
    "int | None": lambda cell: None if cell in (None, "") else _year(cell),
    "float": _number,
    "bool": _flag,
}


@dataclass(frozen=True)
class Scored:
    """What was published of a line, and what came of it.

    Attributes
    ----------
    domain : str
        Of the line.
    actual : float
        The figure of the target year, in the series that was projected; NaN where there is none.
    came : bool or None
        Whether the target was met, or held in all years that were to come; None where that cannot be told.
    apart : str
        Why it is not scored (see `APART`); empty where it is.
    """

    stated: Stated
    domain: str
    actual: float = math.nan
    came: bool | None = None
    apart: str = ""

    def record(self) -> Record:
        """Return it as a row that goes out."""
        inside = {f"covered{level}": self.stated.inside(level, self.actual) for level in LEVELS}
        told = {"actual": self.actual, "came": self.came, "apart": self.apart or None}
        return {**asdict(self.stated), "domain": self.domain or None, **told, **inside}


def score_stated(stated: Iterable[Stated], scheme: Scheme, observations: pd.DataFrame, *, method: str) -> list[Scored]:
    """Hold what was published under a scheme, by one method, against the figures that are there now.

    Of several answers to one question the first counts: later ones may know more. Only the series that was
    projected tells, if it did not break since, and if its figure of then is the same now (a revised one begins anew).
    Held targets are met where every year to come was seen to meet them.

    Parameters
    ----------
    stated : iterable of Stated
        In the order in which they were published.
    scheme : Scheme
    observations : DataFrame
        All that is known now: region, indicator, series, segment, year, value.
    method : str
        Projection method.
    """
    asked: dict[tuple[str, ...], Stated] = {}
    for one in stated:
        if one.scheme == scheme.id and one.method == method:
            asked.setdefault(one.question, one)
    regions, lines = ({getattr(one, name) for one in asked.values()} for name in ("region", "indicator"))
    kept = observations["region"].isin(regions) & observations["indicator"].isin(lines) & observations["value"].notna()
    seen = records(observations.loc[kept, ["region", "indicator", "series", "segment", "year", "value"]])
    by_line = grouped(seen, lambda row: (row["region"], row["indicator"]))
    return [_scored(one, scheme, by_line.get((one.region, one.indicator), [])) for one in asked.values()]


def _scored(one: Stated, scheme: Scheme, rows: Sequence[Record]) -> Scored:
    line = scheme.lines.get(one.indicator)
    if line is None:
        return Scored(one, "", apart="unknown_line")
    own = {int(row["year"]): (float(row["value"]), int(row["segment"])) for row in rows if row["series"] == one.series}
    reason, without = _why_apart(one, own, {int(row["year"]) for row in rows}), "" if one.has_odds else "no_odds"
    if reason:
        return Scored(one, line.domain, apart=without or reason)
    actual, came = own[one.target_year][0], _came(one, own)
    return Scored(one, line.domain, actual, came, without or ("unseen_year" if came is None else ""))


def _why_apart(one: Stated, own: Figures, years: set[int]) -> str:
    """Return why the figures tell nothing of a published line; empty where they do."""
    if one.known:
        return "known_then"
    if one.target_year not in own:
        return "other_series" if one.target_year in years else "not_yet"
    value, segment = own.get(one.latest_year, (math.nan, -1))
    if not abs(value - one.latest_value) <= TOLERANCE * abs(one.latest_value):
        return "revised"
    return "" if own[one.target_year][1] == segment else "across_break"


def _came(one: Stated, own: Figures) -> bool | None:
    """Return whether the target was met in the years asked for that were to come; None where one was not seen."""
    target, held = one.target, [year for year in one.target.held_years() if year > one.as_of]
    if one.once:
        return any(meets(own[year][0], target) for year in range(one.as_of + 1, one.target_year + 1) if year in own)
    years = held or [one.target_year]
    met = [meets(own[year][0], target) for year in years if year in own]
    return False if not all(met) else None if len(met) < len(years) else True


def build_card(scored: Sequence[Scored], region: str) -> Record:
    """Return what came of the odds that were published of a region, as plain values that a notebook can be given.

    ``stated``, ``odds`` and ``runs``: how many questions were answered, how many of them with odds, in how many runs;
    ``total``, ``domains`` and
    ``everywhere`` (all regions of the programme): as `tally` gives them; ``apart``: reason -> lines not scored.
    """
    own = [one for one in scored if one.stated.region == region]
    by_domain = grouped((one for one in own if not one.apart), lambda one: one.domain)
    reasons = [one.apart for one in own]
    return {
        "stated": len(own), "odds": sum(one.stated.has_odds for one in own),
        "runs": len({one.stated.run for one in own}), "total": tally(own),
        "domains": {domain: tally(group) for domain, group in by_domain.items()}, "everywhere": tally(scored),
        "apart": {reason: reasons.count(reason) for reason in APART if reason in reasons},
    }  # fmt: skip


def tally(scored: Iterable[Scored]) -> Record:
    """Return how many lines are scored, how many came true, mean odds, Brier score, classes of odds and coverage.

    ``classes``: cases, came true and mean odds of each class of `EDGES`; ``in80``, ``in95``: inside, of how many. The
    intervals of lines without odds count, too.
    """
    told = [one for one in scored if one.came is not None]
    counted = [one for one in told if not one.apart]
    odds, came = [one.stated.probability for one in counted], [bool(one.came) for one in counted]
    inside = {level: [one.stated.inside(level, one.actual) for one in told] for level in LEVELS}
    classes = count_classes(odds, came)
    return {
        "scored": len(counted), "came": sum(came), "stated": sum(odds) / len(odds) if odds else None,
        "brier": brier_score(odds, came) if odds else None,
        "classes": [[one.cases, one.came, one.stated if one.cases else None] for one in classes],
        **{f"in{level}": [each.count(True), len(each) - each.count(None)] for level, each in inside.items()},
    }  # fmt: skip

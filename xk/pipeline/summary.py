"""Where every line stands: level, attainment, distance, rates, projection, status; and the same by year.

Attainment of composite indicators: the weighted mean of their parts.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from xk.arithmetic.index import MIN_COVERAGE
from xk.arithmetic.prices import NOT_STATED
from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS, Reason, Verdict, short_years
from xk.arithmetic.target import (
    TOLERANCE,
    Rates,
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
from xk.contracts.records import Record, records_by
from xk.contracts.scheme import Line, Scheme
from xk.pipeline.figures import Figure, case_of, last_segment, target_of
from xk.pipeline.paths import Paths
from xk.pipeline.planning import converted_baseline, plan_of, start_of
from xk.pipeline.result import NONE, Distance, Latest, LineResult, Outlook, Plan, Step, Trend
from xk.pipeline.settings import Settings
from xk.vocab import AHEAD_KINDS, NOT_FINAL


def mean_of_parts(parts: Iterable[tuple[Line, float]]) -> float:
    """Return the attainment of a composite from that of its parts, in per cent.

    The mean of the parts that are known, by their weights (equal where the programme gives none); NaN where these hold
    less than `MIN_COVERAGE` of the weight of all. The index takes composites in the same way.
    """
    every = [(1.0 if math.isnan(line.weight) else line.weight, attained) for line, attained in parts]
    known = [(weight, attained) for weight, attained in every if not math.isnan(attained)]
    held, whole = (sum(weight for weight, _ in some) for some in (known, every))
    if not held or held / whole < MIN_COVERAGE - 1e-12:
        return math.nan
    return sum(weight * attained for weight, attained in known) / held


def mean_ahead(parts: Iterable[tuple[Line, float]], seen: Iterable[bool]) -> float:
    """Return `mean_of_parts` of what is projected, NaN where a part that was `seen` is not: the mean would leap."""
    ahead = list(parts)
    lost = any(was and math.isnan(one) for was, (_, one) in zip(seen, ahead, strict=True))
    return math.nan if lost else mean_of_parts(ahead)


def build_composite_years(scheme: Scheme, yearly: pd.DataFrame) -> pd.DataFrame:
    """Return the attainment of the composite indicators by year (see `mean_of_parts`).

    Parameters
    ----------
    scheme : Scheme
    yearly : DataFrame
        indicator, year, kind, attainment, as `build_yearly` gives them.

    Returns
    -------
    DataFrame
        indicator, year, attainment, kind: ``projected`` where a part's figure is, else ``observed``; known, parts: how
        many parts have an attainment, of how many. No year is projected without all parts that have figures.
    """
    points = records_by(yearly[["indicator", "year", "kind", "attainment"]], "indicator")
    rows: list[tuple[object, ...]] = []
    for name in scheme.lines:
        parts = [scheme.lines[part] for part in scheme.parts(name)]
        by_part = [{point["year"]: point for point in points.get(part.indicator, [])} for part in parts]
        seen = [any(_attained(point) >= 0 and not _is_ahead(point) for point in years.values()) for years in by_part]
        for year in sorted({year for years in by_part for year in years}):
            rows += _year_of(name, year, parts, [years.get(year) for years in by_part], seen)
    return pd.DataFrame(rows, columns=["indicator", "year", "attainment", "kind", "known", "parts"])


def _year_of(
    name: str, year: int, parts: list[Line], found: Sequence[Record | None], seen: Sequence[bool]
) -> list[tuple[object, ...]]:
    """Return the row of a year, if there is one; `seen`: whether the part has a figure in any year."""
    attained = [math.nan if point is None else _attained(point) for point in found]
    known = [point for point, one in zip(found, attained, strict=True) if point and not math.isnan(one)]
    ahead = any(map(_is_ahead, known))
    of_parts = zip(parts, attained, strict=True)
    mean = mean_ahead(of_parts, seen) if ahead else mean_of_parts(of_parts)
    if math.isnan(mean):
        return []
    return [(name, year, mean, "projected" if ahead else "observed", len(known), len(parts))]


def _attained(point: Record) -> float:
    return float(str(point["attainment"]))


def _is_ahead(point: Record) -> bool:
    return point["kind"] in AHEAD_KINDS


YEARS_BEYOND = 10
BY_DUE_FIGURE = ("achieved", "missed", "not_held")
"""Statuses that rest on figures of the years asked for: whether these join the baseline is said."""
BY_TREND = ("on_track", "uncertain", "lagging", "regressing")
"""Statuses that rest on the trend: whether this is of another series of the region's own is said."""
WHOLE = (
    "hold_from", "hold_to", "baseline_year", "target_year", "windows", "windows_reached", "fastest_from", "fastest_to",
)  # fmt: skip


def summary_table(lines: Mapping[str, LineResult], settings: Settings) -> pd.DataFrame:
    """Return the results of the lines as a table, one row a line, as it goes out."""
    frame = pd.DataFrame([line.record(settings.ends()) for line in lines.values()])
    return frame.astype(dict.fromkeys(WHOLE, "Int64"))


def build_lines(scheme: Scheme, paths: Paths, *, settings: Settings) -> dict[str, LineResult]:
    """Return indicator -> its results (parts and composites too), in the plan's order."""
    plain = {line.indicator: _build_line(scheme, line, paths, settings) for line in scheme.plain_lines()}
    return {
        name: plain.get(name) or _build_composite(line, [plain[part] for part in scheme.parts(name)], paths)
        for name, line in scheme.lines.items()
    }


def _build_line(scheme: Scheme, line: Line, paths: Paths, settings: Settings) -> LineResult:
    target, seen = target_of(line), paths.seen.get(line.indicator, [])
    ahead, trend = paths.ahead.get(line.indicator, []), paths.trends.get(line.indicator, Trend())
    comparable = seen[-1].comparable if seen else True
    good = [point for point in seen if point.comparable]
    latest, outlook = _latest(seen), _outlook(ahead, target, settings)
    reached = _reached(good, ahead, target, last=settings.years()[1] + YEARS_BEYOND)
    verdict = _verdict(line, good, target, outlook, trend, settings)
    outlook, scale = replace(outlook, year_reached=reached), scale_of(line.unit, line.upper_bound)
    figures = chain.from_iterable(paths.basis.by_series.values())
    based = converted_baseline(scheme, line, figures, settings.region)
    result = LineResult(line, scale, latest, verdict, trend, outlook, comparable=comparable, baseline=based)
    if not comparable:
        verdict = replace(result.verdict, status="not_comparable", why=_not_comparable(line, seen[-1]))
        return replace(result, verdict=verdict) if target.known else result
    result = _with_distance(result, good, target, scheme)
    if result.status in BY_DUE_FIGURE and not _joins_baseline(line, good, based):
        of_whom = "own_figure" if good[-1].own else "other_vintage"
        value = line.baseline_value if math.isnan(based) else based
        facts: Reason = Reason(of_whom, {"value": value, "year": line.baseline_year})
        result = _because(result, facts)
    if result.status in BY_TREND and trend.kind == "own" and trend.region:
        result = _because(result, Reason("trend_of_other_series"))
    if target.due is not None and settings.years()[0] >= target.due:  # nothing is required of years that are past
        result = replace(result, distance=replace(result.distance, required=Rates()))
    if not line.has_stretch:
        return result
    further, known = stretch(target, line.target_stretch), _outlook(ahead, target, settings, odds="stretch")
    return replace(result, stretch=_verdict(line, good, further, known, trend, settings))


def _because(result: LineResult, also: Reason) -> LineResult:
    """Return results whose verdict says one thing more."""
    why = replace(result.verdict.why, also=(*result.verdict.why.also, also))
    return replace(result, verdict=replace(result.verdict, why=why))


def _joins_baseline(line: Line, good: Sequence[Figure], based: float) -> bool:
    """Return whether the latest figure compares with the baseline: its series, unbroken, has that too.

    `based`: the baseline in the target's prices. A baseline counts as found where it differs by no more than a unit of
    its last decimal. One that is latest itself joins, and so does any figure of a line without a baseline.
    """
    if not line.has_baseline or good[-1].year == line.baseline_year:
        return True
    unit = 10.0 ** -max(0, -int(Decimal(f"{line.baseline_value:.10g}").normalize().as_tuple().exponent))
    return any(
        point.year == line.baseline_year and abs(point.value - based) <= unit * (1 + TOLERANCE)
        for point in last_segment(good)
    )


def _verdict(
    line: Line, good: Sequence[Figure], target: Target, outlook: Outlook, trend: Trend, settings: Settings
) -> Verdict:
    known = replace(
        case_of(line, good, target), as_of=settings.years()[0], projected=outlook.value,
        probability=outlook.probability, probability_target_year=outlook.probability_target_year,
        short=outlook.short, doubt=trend.doubt,
        borrowed_from=trend.region if trend.kind == "borrowed" else None, assumed=trend.assumed,
    )  # fmt: skip
    verdict = RULEBOOKS[HOUSE].judge(known)
    return replace(verdict, why=replace(verdict.why, also=(*verdict.why.also, *_not_final(verdict.why, good))))


def _not_final(why: Reason, good: Sequence[Figure]) -> list[Reason]:
    """Say of the figures that a reason names, of the latest if it names none, which are preliminary or estimates."""
    named = {year for one in why.clauses() for year in _years_named(one)} or {point.year for point in good[-1:]}
    by_kind = {kind: [point.year for point in good if point.year in named and point.kind == kind] for kind in NOT_FINAL}
    return [Reason("not_final", {"kind": kind, "years": years}) for kind, years in by_kind.items() if years]


def _years_named(reason: Reason) -> list[int]:
    """Return the years of the figures that a clause names."""
    figures: Any = reason.values.get("figures", [(reason.values.get("year"), reason.values.get("value"))])
    return [year for year, _ in figures if year is not None]


def _series(points: Sequence[Figure | Step]) -> tuple[list[int], list[float]]:
    return [point.year for point in points], [point.value for point in points]


def _latest(seen: Sequence[Figure]) -> Latest:
    if not seen:
        return Latest()
    last = seen[-1]
    return Latest(last.year, last.value, last.kind, last.series, last.source_id, len(seen))


def _outlook(ahead: list[Step], target: Target, settings: Settings, *, odds: str = "target") -> Outlook:
    """Return what is projected for the target year, with the odds of one goal; nothing is where the year is past."""
    as_of, to = settings.years()
    year = target.year or to
    step = next((step for step in ahead if step.year == year > as_of), None)
    if step is None:
        return Outlook()
    ends = {end: value for end, value in step.ends.items() if not math.isnan(value)}
    short = short_years({one.year: one.value for one in ahead}, target, after=as_of)
    met, alone = (step.odds.get(goal, math.nan) for goal in (odds, "target_year" if odds == "target" else odds))
    if_holds = step.if_holds.get(odds, math.nan)
    return Outlook(step.value, step.kind, met, alone, short, ends, probability_if_holds=if_holds)


def _with_distance(result: LineResult, good: list[Figure], target: Target, scheme: Scheme) -> LineResult:
    """Return the results with the distance from the target and the plan; without a target it stays unknown."""
    if not good or not target.known:
        return result
    line, year, value = result.line, good[-1].year, good[-1].value
    scored = score([value, result.outlook.value], target)
    start = start_of(line, good, result.baseline)
    (planned,), (kind,) = plan_of(scheme, line, [year], start=start)
    return replace(
        result,
        distance=Distance(
            scored[0], cap(scored)[0], math.nan if start is None else progress(value, start[1], target),
            required_rate(year, value, target), observed_rate(*_series(last_segment(good))),
        ),
        plan=Plan(planned, kind, target.sign * (value - planned)),
        outlook=replace(result.outlook, attainment=cap(scored)[1]),
    )  # fmt: skip


def _not_comparable(line: Line, latest: Figure) -> Reason:
    found = latest.price_base
    if found == line.price_base:
        return Reason("other_measure")
    if line.price_base in ("", NOT_STATED):  # nothing to convert to, and nothing to give it in
        return Reason("target_not_stated", {"found": found}, (Reason("own_first"),) if latest.own else ())
    remedy = (Reason("give_in_prices", {"wanted": line.price_base}),) if latest.own else ()
    if found in ("", NOT_STATED):
        return Reason("prices_not_stated", {"wanted": line.price_base}, remedy)
    return Reason("other_prices", {"found": found, "wanted": line.price_base}, remedy)


def _reached(good: list[Figure], ahead: list[Step], target: Target, *, last: int) -> int | None:
    if not target.known or not good:
        return None
    path = good if meets(good[-1].value, target) else [step for step in ahead if step.year <= last]
    return year_reached(*_series(path), target)


def _build_composite(line: Line, parts: list[LineResult], paths: Paths) -> LineResult:
    """Return the results of a composite: mean attainment of its parts, worst status."""
    attained = [(part.line, part.distance.attainment) for part in parts]
    mean, known = mean_of_parts(attained), sum(not math.isnan(one) for _, one in attained)
    ahead = [(part.line, part.outlook.attainment) for part in parts]
    return LineResult(
        line,
        "share",
        _latest(paths.seen.get(line.indicator, [])),
        RULEBOOKS[HOUSE].judge_parts([(part.no, part.status) for part in parts]),
        outlook=Outlook(attainment=mean_ahead(ahead, (not math.isnan(one) for _, one in attained))),
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
    seen, ahead = paths.seen.get(name, []), {step.year: step for step in paths.ahead.get(name, [])}
    known = {figure.year: figure for figure in seen}
    first = [year for year in (line.baseline_year, seen[0].year if seen else None) if year is not None]
    years = sorted({*range(min(first), to + 1)} if first else {*target.held_years()})
    planned, kinds = plan_of(scheme, line, years, start=start_of(line, seen, result.baseline))
    found = [known.get(year) or ahead.get(year) for year in years]
    value = np.array([point.value if point else math.nan for point in found], dtype=float)
    good = np.where([year not in known or known[year].comparable for year in years], value, math.nan)
    scores = score(good, target) if target.known else np.full(len(years), math.nan)
    ends = [point.ends if isinstance(point, Step) else NONE for point in found]
    columns = {
        "indicator": [name] * len(years), "year": years, "value": value,
        "kind": [point.kind if point else None for point in found],
        **{end: [around.get(end, math.nan) for around in ends] for end in settings.ends()},
        "score": scores, "attainment": cap(scores), "planned_value": planned, "planned_kind": kinds,
        "plan_gap": target.sign * (good - planned),
        "status": [result.status if year == result.latest.year else None for year in years],
        "probability": [result.outlook.probability if year == line.target_year else math.nan for year in years],
    }  # fmt: skip
    kept = ~(np.isnan(value) & np.isnan(planned))
    return {name: [cell for cell, keep in zip(cells, kept, strict=True) if keep] for name, cells in columns.items()}

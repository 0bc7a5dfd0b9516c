"""Attainment of composite indicators: the weighted mean of their parts."""

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from xk.arithmetic.index import MIN_COVERAGE
from xk.contracts.records import records_by
from xk.contracts.scheme import Line, Scheme
from xk.vocab import AHEAD_KINDS


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
        many parts have an attainment, of how many.
    """
    points = records_by(yearly[["indicator", "year", "kind", "attainment"]], "indicator")
    rows: list[tuple[object, ...]] = []
    for name in scheme.lines:
        parts = [scheme.lines[part] for part in scheme.parts(name)]
        by_part = [{point["year"]: point for point in points.get(part.indicator, [])} for part in parts]
        for year in sorted({year for years in by_part for year in years}):
            found = [years.get(year) for years in by_part]
            rows += _year_of(name, year, parts, found)
    return pd.DataFrame(rows, columns=["indicator", "year", "attainment", "kind", "known", "parts"])


def _year_of(
    name: str, year: int, parts: list[Line], found: Sequence[dict[str, object] | None]
) -> list[tuple[object, ...]]:
    attained = [math.nan if point is None else float(str(point["attainment"])) for point in found]
    mean = mean_of_parts(zip(parts, attained, strict=True))
    if math.isnan(mean):
        return []
    known = [point for point, one in zip(found, attained, strict=True) if point and not math.isnan(one)]
    ahead = any(point["kind"] in AHEAD_KINDS for point in known)
    return [(name, year, mean, "projected" if ahead else "observed", len(known), len(parts))]

"""Where the trend of each line comes from: the region's own figures, or those that it borrows."""

from collections.abc import Mapping

from xk.pipeline.figures import Chosen, Figure
from xk.pipeline.result import Trend

OWN_POINTS = 3
REFERENCE_MAX_AGE = 2


def build_trends(
    by_series: Mapping[str, list[Figure]],
    chosen: Mapping[tuple[str, str], Chosen],
    judged: Mapping[str, list[Figure]],
    regions: list[str],
    *,
    as_of: int,
) -> dict[str, Trend]:
    """Return for every observed indicator where its trend comes from.

    With too few points in the series of its level a region takes the trend of the series that the scheme names for it,
    then borrows: from another series of itself (a proxy), then from the nearest region above it.
    """
    enough = _long_enough(by_series, as_of)
    trends = {}
    for indicator, points in judged.items():
        one = chosen[regions[0], indicator]
        lent = by_series.get(one.trend or "", [])
        shared = any(point.year == points[-1].year for point in lent)
        if len(points) >= OWN_POINTS:
            trends[indicator] = Trend("own")
        elif one.trend in enough and one.trend != one.level and shared and one.named:
            trends[indicator] = Trend("own", regions[0], one.trend or "")
        else:
            own = [(regions[0], series) for series in (*one.proxies, one.trend) if series != one.level]
            above = [
                (region, chosen[region, indicator].trend) for region in regions[1:] if (region, indicator) in chosen
            ]
            lenders = [(region, series) for region, series in (*own, *above) if series in enough]
            trends[indicator] = _lent(lenders, regions[0]) if lenders else Trend("own" if len(points) > 1 else "none")
    return trends


def _lent(lenders: list[tuple[str, str]], own: str) -> Trend:
    region, series = lenders[0]
    return Trend("borrowed", region, series, proxy=region == own)


def _long_enough(by_series: Mapping[str, list[Figure]], as_of: int) -> set[str]:
    """Return the series that are long and recent enough to lend their trend."""
    return {
        series
        for series, points in by_series.items()
        if len(points) >= OWN_POINTS and points[-1].year >= as_of - REFERENCE_MAX_AGE
    }

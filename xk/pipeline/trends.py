"""Where the trend of each line comes from: the region's own figures, or those that it borrows."""

from collections.abc import Mapping, Sequence

from xk.contracts.borrow_rules import NOBODY
from xk.pipeline.figures import Chosen, Figure
from xk.pipeline.result import Trend

OWN_POINTS = 3
REFERENCE_MAX_AGE = 2


def build_trends(
    by_series: Mapping[str, list[Figure]],
    chosen: Mapping[tuple[str, str], Chosen],
    judged: Mapping[str, list[Figure]],
    *,
    regions: list[str],
    as_of: int,
    donors: Mapping[str, str],
) -> dict[str, Trend]:
    """Return for every observed indicator where its trend comes from.

    With too few points in the series of its level a region takes the trend of the series that the scheme names for it,
    then borrows: from another series of itself (a proxy), then from the nearest region above it. `donors`: indicator ->
    the one region that may lend, or ``none``, where one is named.
    """
    enough = _long_enough(by_series, as_of)
    trends = {}
    for indicator, points in judged.items():
        one, last = chosen[regions[0], indicator], points[-1].year
        at_level = any(point.year == last for point in by_series.get(one.trend or "", []))
        if len(points) >= OWN_POINTS:
            trends[indicator] = Trend("own")
        elif one.named and one.trend in enough and one.trend != one.level and at_level:
            trends[indicator] = Trend("own", regions[0], one.trend or "")
        else:
            lenders = _lenders(indicator, chosen, regions, donor=donors.get(indicator))
            able = [(region, series) for region, series in lenders if series in enough]
            alone = Trend("own") if len(points) > 1 else Trend(barred=donors.get(indicator) == NOBODY)
            trends[indicator] = _lent(able, regions[0]) if able else alone
    return trends


def _lenders(
    indicator: str, chosen: Mapping[tuple[str, str], Chosen], regions: list[str], *, donor: str | None
) -> list[tuple[str, str | None]]:
    """Return regions and their series that may lend their trend, the first one that is able does."""
    if donor is not None:
        other = chosen.get((donor, indicator))
        return [(donor, other.trend)] if other else []
    one = chosen[regions[0], indicator]
    own = [(regions[0], series) for series in (*one.proxies, one.trend) if series != one.level]
    return [
        *own,
        *((region, chosen[region, indicator].trend) for region in regions[1:] if (region, indicator) in chosen),
    ]


def _lent(lenders: Sequence[tuple[str, str | None]], own: str) -> Trend:
    region, series = lenders[0]
    return Trend("borrowed", region, series or "", proxy=region == own)


def _long_enough(by_series: Mapping[str, list[Figure]], as_of: int) -> set[str]:
    """Return the series that are long and recent enough to lend their trend."""
    return {
        series
        for series, points in by_series.items()
        if len(points) >= OWN_POINTS and points[-1].year >= as_of - REFERENCE_MAX_AGE
    }

"""Where the trend of each line comes from: the region's own figures, or those that it borrows."""

from collections.abc import Iterator, Mapping, Sequence

from xk.contracts.borrow_rules import NOBODY
from xk.contracts.scheme import Line, Scheme
from xk.pipeline.figures import MIN_SERIES_POINTS, NO_SERVING, Chosen, Figure
from xk.pipeline.lending import Lending
from xk.pipeline.result import Trend

OWN_POINTS = 3
REFERENCE_MAX_AGE = 2


def build_trends(
    scheme: Scheme,
    by_series: Mapping[str, list[Figure]],
    chosen: Mapping[tuple[str, str], Chosen],
    *,
    judged: Mapping[str, list[Figure]],
    donors: Mapping[str, str],
    lending: Lending,
) -> dict[str, Trend]:
    """Return for every observed indicator where its trend comes from.

    Of a region's own series the first that serves: one of a user's figures with five points, that of the level or what
    the scheme names with three, one of a user's figures with three. Without any the region borrows: from another series
    of itself (a proxy, unless it is known to do no better than no change), then from its peers, then from the nearest
    region above it. `donors`: indicator -> the one region that may lend, or ``none``, where one is named.
    """
    trends = {}
    for name, points in judged.items():
        one, last = chosen[lending.region, name], points[-1]
        own = _own_series(one, points, by_series, lending)
        if own:
            trends[name] = Trend("own") if own == points else Trend("own", lending.region, own[-1].series)
        else:
            donor = donors.get(name)
            lenders = [donor] if donor else [lending.region, *lending.above]
            able = {region: _series_of(chosen.get((region, name)), by_series, lending) for region in lenders}
            proxies = scheme.served_by.get(name, NO_SERVING).proxy
            lent = next(_candidates(scheme.lines[name], last, able, proxies=proxies, lending=lending), None)
            alone = Trend("own") if len(points) > 1 else Trend(doubt="barred" if donor == NOBODY else "")
            trends[name] = lent or alone
    return trends


def _own_series(
    one: Chosen, points: list[Figure], by_series: Mapping[str, list[Figure]], lending: Lending
) -> list[Figure]:
    """Return the figures of a region's own that a trend is taken from; none where it must borrow.

    Other series than that of the level count where they are recent. A user's own figures that do not give the level
    come last; a published series of another year than the level's counts only beside a user's own level.
    """
    served, last = one.published or one, points[-1]
    own = [points if name == last.series else by_series.get(name, []) for name in one.own]
    named = by_series.get(served.trend or "", []) if served.named and served.trend != served.level else []
    same = one.published is not None or any(point.year == last.year for point in named)
    published = [points if served is one else by_series.get(served.level, []), named if same else []]
    leads = one.published is not None or last.series in one.own
    long = [series for series in own if leads and len(series) >= MIN_SERIES_POINTS]
    able = (some for some in (*long, *published, *own) if some == points or _lends(some, lending.as_of))
    return next((some for some in able if len(some) >= OWN_POINTS and _meets_level(some, last.year)), [])


def _meets_level(points: Sequence[Figure], year: int) -> bool:
    """Whether a series can be brought to a level of that year: by its figure of it, or its path from before."""
    return points[-1].year < year or any(point.year == year for point in points)


def _series_of(one: Chosen | None, by_series: Mapping[str, list[Figure]], lending: Lending) -> list[Figure]:
    """Return the figures of the series by which a region lends: its trend; of the region that borrows a proxy first."""
    if one is None:
        return []
    names = [*one.proxies, one.trend] if one.proxies else [one.trend]
    able = (by_series.get(name or "", []) for name in names if name != one.level or not one.proxies)
    return next((points for points in able if _lends(points, lending.as_of)), [])


def _candidates(
    line: Line, last: Figure, able: Mapping[str, list[Figure]], *, proxies: Sequence[str], lending: Lending
) -> Iterator[Trend]:
    """Return the trends that a line may borrow, the first choice first; `able`: region -> series by which it lends."""
    own = able.get(lending.region, [])
    if own and own[-1].series != last.series and not lending.fails(own[-1].definition):
        yield Trend("borrowed", lending.region, own[-1].series, proxy=True, definition=own[-1].definition)
    if lending.region in able and (peers := lending.peers_for(line, last, proxies)) is not None:
        yield peers
    for region, points in able.items():
        if points and region != lending.region:
            yield Trend("borrowed", region, points[-1].series, definition=points[-1].definition)


def _lends(points: Sequence[Figure], as_of: int) -> bool:
    """Whether a series is long and recent enough to lend its trend."""
    return len(points) >= OWN_POINTS and points[-1].year >= as_of - REFERENCE_MAX_AGE

"""Figures, and which series of an indicator serves: for its level, and for its trend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from xk.contracts.records import grouped

MIN_SERIES_POINTS = 5


class Figure(NamedTuple):
    """An observation of an indicator, in the unit of its series.

    `price_base` is empty where there are no prices in it or none is stated, `place` its row in the table it is from,
    `comparable` whether it may be compared with the target.
    """

    region: str
    indicator: str
    series: str
    year: int
    value: float
    kind: str
    source_id: str
    grade: object
    price_base: str
    place: int = 0
    comparable: bool = True


def choose_series(points: Iterable[Figure], *, price_bases: Mapping[str, str]) -> dict[tuple[str, str], Chosen]:
    """Choose for every region and indicator the series that gives its level and the one that gives its trend.

    Rulebook: a series in the scheme's price base goes before one in another; grade A (the plan's definition) goes
    before grade B (a close proxy); B gives level and trend where A has under five points and B has five or more;
    where neither has five, A gives the level and B, if longer, the trend.

    Parameters
    ----------
    points : iterable of Figure
        Observations of one vintage, no year later than the last one known.
    price_bases : mapping
        indicator -> the scheme's price base (empty where there are no prices in it).

    Returns
    -------
    dict
        Region and indicator -> series.
    """
    counted = _count(points, price_bases)
    level: dict[tuple[str, str], str] = {}
    for one in sorted(counted, key=lambda one: (one.other_prices, one.short, _last(one.grade), -one.points)):
        level.setdefault(one.key, one.series)
    trend: dict[tuple[str, str], str] = {}
    usable = [one for one in counted if not one.other_prices]
    for one in sorted(usable, key=lambda one: (one.short, _last("" if one.short else one.grade), -one.points)):
        trend.setdefault(one.key, one.series)
    return {key: Chosen(series, trend.get(key)) for key, series in level.items()}


class Chosen(NamedTuple):
    """The series that gives a level, and the one that gives a trend, if any."""

    level: str
    trend: str | None


class Counted(NamedTuple):
    """A series as the choice sees it."""

    key: tuple[str, str]
    series: str
    grade: object
    points: int
    other_prices: bool

    @property
    def short(self) -> bool:
        """Whether it has too few points for a trend."""
        return self.points < MIN_SERIES_POINTS


def _count(points: Iterable[Figure], price_bases: Mapping[str, str]) -> list[Counted]:
    """Return the series in order of appearance; prices are those of the first point that states any."""
    found = []
    for (region, indicator, series, grade), group in grouped(points, lambda one: (*one[:3], one.grade)).items():
        other = next(filter(None, (one.price_base for one in group)), "") != (price_bases.get(indicator) or "")
        found.append(Counted((region, indicator), series, grade, len(group), other))
    return found


def _last(grade: object) -> tuple[bool, str]:
    """Return a key by which grades sort, what has none coming last."""
    return (not isinstance(grade, str), str(grade))

"""Figures, and which series of an indicator serves: for its level, and for its trend.

What a scheme asks of an indicator, and the figures to judge by, as the arithmetic takes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from xk.arithmetic.rulebooks import Case
from xk.arithmetic.target import Target
from xk.contracts.records import grouped, text_of
from xk.contracts.scheme import Line, Scheme, Serving
from xk.vocab import OWN_GRADE

MIN_SERIES_POINTS = 5
PROXY_GRADE = "B"
NO_SERVING = Serving()


class Figure(NamedTuple):
    """An observation of an indicator, in the unit of its series.

    `price_base` is empty where there are no prices in it or none is stated; `definition` is that of its series,
    `segment` the part of the series between two breaks; `own`: a user's figure; `vintage`: the day of its release;
    `place` its row in the table it is from, `comparable` whether it may be compared with the target.
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
    definition: str = ""
    segment: int = 0
    own: bool = False
    vintage: str = ""
    place: int = 0
    comparable: bool = True


# name -> its figures, years ascending
Figures = dict[str, list[Figure]]


class Chosen(NamedTuple):
    """The series that gives a level, the one that gives a trend, if any, and the proxies that may lend theirs.

    `level` is empty where none may: of grade B alone with under five points, which may still lend a trend. `named`: the
    scheme names the series for the trend, so that it is the line's own. `own`: the series of a user's own figures in
    the target's prices, that of the level first, then the longest. `published`: what would serve without them, where
    they give the level.
    """

    level: str
    trend: str | None
    proxies: tuple[str, ...] = ()
    named: bool = False
    own: tuple[str, ...] = ()
    published: Chosen | None = None


def choose_series(
    points: Iterable[Figure], *, price_bases: Mapping[str, str], serving: Mapping[str, Serving] | None = None
) -> dict[tuple[str, str], Chosen]:
    """Choose for every region and indicator the series that gives its level and the one that gives its trend.

    Rulebook: of users' own series those in the target's prices go first, of these the one with the newest year, then
    that with the newest vintage: the newest word. Where it reaches as far as all published ones that may give the
    level, it does.
    The trend is that of own series with five points, the level's first, then the longest; of what would have served
    without them; of own series with fewer (see `build_trends`). What the scheme names serves in the order named: for
    the level the first that has a figure of the newest year that any of them has, for the trend the first; a proxy
    lends its trend, never its level, and beside named series no other of grade B serves. Where nothing is named, a
    series in the scheme's price base goes before one in another; grade A (the plan's definition) goes before grade B
    (a close proxy); B gives level and trend where A has under five points and B has five or more; where neither has
    five, A gives the level and B, if longer, the trend; B alone gives none there.

    Parameters
    ----------
    points : iterable of Figure
        Observations of one vintage, no year later than the last one known.
    price_bases : mapping
        indicator -> the scheme's price base (empty where there are no prices in it).
    serving : mapping, optional
        indicator -> the definitions that the scheme names.

    Returns
    -------
    dict
        Region and indicator -> series; none where there are proxies alone.
    """
    named = serving or {}
    found = {}
    for key, counted in grouped(_count(points, price_bases), lambda one: one.key).items():
        chosen = _choose(counted, named.get(key[1], NO_SERVING))
        if chosen is not None:
            found[key] = chosen
    return found


class Counted(NamedTuple):
    """A series as the choice sees it."""

    key: tuple[str, str]
    series: str
    grade: object
    points: int
    other_prices: bool
    definition: str
    last: int
    own: bool
    vintage: str

    @property
    def short(self) -> bool:
        """Whether it has too few points for a trend."""
        return self.points < MIN_SERIES_POINTS


def _choose(counted: list[Counted], serving: Serving) -> Chosen | None:
    published = _choose_by_grade([one for one in counted if not one.own], serving)
    if not (words := _newest([one for one in counted if one.own])):
        return published
    levels = [one for one in counted if not one.own and _may_serve(one, serving) and _gives_level(one, serving)]
    if published is not None and published.level and words[0].last < max(one.last for one in levels):
        return published._replace(own=_for_trend(words))
    own = _for_trend(words)
    long = next((one.series for name in own for one in words if one.series == name and not one.short), None)
    if published is None:
        proxies = tuple(one.series for one in _named(counted, serving.proxy))
        return Chosen(words[0].series, long or next(iter(own), None), proxies, own=own)
    trend = long or published.trend or next(iter(own), None)
    return Chosen(words[0].series, trend, published.proxies, published.named and not long, own, published)


def _newest(own: list[Counted]) -> list[Counted]:
    """Return series of users' own figures, the newest word first: that of the newest year, then of the newest vintage.

    Those in other prices than the target's come last.
    """
    by_vintage = sorted(own, key=lambda one: one.vintage, reverse=True)
    return sorted(by_vintage, key=lambda one: (one.other_prices, -one.last))


def _for_trend(words: list[Counted]) -> tuple[str, ...]:
    """Return the own series that a trend may be taken from: that of the level, then the longest."""
    usable = [one for one in words if not one.other_prices]
    return tuple(one.series for one in [*usable[:1], *sorted(usable[1:], key=lambda one: -one.points)])


def _choose_by_grade(counted: list[Counted], serving: Serving) -> Chosen | None:
    able = [one for one in counted if _may_serve(one, serving)]
    proxies = _named(counted, serving.proxy)
    by_grade = sorted(able, key=lambda one: (one.other_prices, one.short, _last(one.grade), -one.points))
    for_level = [one for one in by_grade if _gives_level(one, serving)]
    level = next(iter([*_lasting(_named(able, serving.level)), *for_level]), None)
    usable = [one for one in able if not one.other_prices]
    for_trend = sorted(usable, key=lambda one: (one.short, _last("" if one.short else one.grade), -one.points))
    named = [*_named(able, serving.trend), *([level] if level and serving.level else [])]
    trend = next(iter([*named, *for_trend]), None)
    if level is None and trend is None:
        return None
    own, given = bool(named) and trend is not None, level.series if level else ""
    return Chosen(given, trend.series if trend else None, tuple(one.series for one in proxies), own)


def _may_serve(one: Counted, serving: Serving) -> bool:
    """Return whether a series may give a level: where the scheme names some, no other proxy does."""
    named = {*serving.level, *serving.trend}
    able = serving == NO_SERVING or one.grade == "A"
    return one.definition in named or (able and one.definition not in serving.proxy)


def _gives_level(one: Counted, serving: Serving) -> bool:
    """Return whether a series that may serve is no proxy, is named for the level, or has the points of a series."""
    return one.grade != PROXY_GRADE or one.definition in serving.level or not one.short


def _named(counted: list[Counted], definitions: Sequence[str]) -> list[Counted]:
    return [one for name in definitions for one in counted if one.definition == name]


def _lasting(named: list[Counted]) -> list[Counted]:
    """Return the named series that have not ended while another of them goes on."""
    return [one for one in named if one.last == max(other.last for other in named)]


def _count(points: Iterable[Figure], price_bases: Mapping[str, str]) -> list[Counted]:
    """Return the series in order of appearance; prices are those of the first point that states any."""
    found = []
    for (region, indicator, series, grade), group in grouped(points, lambda one: (*one[:3], one.grade)).items():
        other = next(filter(None, (one.price_base for one in group)), "") != (price_bases.get(indicator) or "")
        last, own = max(group, key=lambda one: one.year), any(one.own for one in group)
        told = (len(group), other, last.definition, last.year, own, text_of(last.vintage))
        found.append(Counted((region, indicator), series, grade, *told))
    return found


def _last(grade: object) -> tuple[bool, str]:
    """Return a key by which grades sort, what has none coming last."""
    return (not isinstance(grade, str), str(grade))


def last_segment(points: Sequence[Figure]) -> list[Figure]:
    """Return the comparable figures after the last break of their series: those that a trend may be taken from."""
    good = [point for point in points if point.comparable]
    return [point for point in good if point.segment == good[-1].segment]


def figures_of(scheme: Scheme, observations: pd.DataFrame) -> pd.DataFrame:
    """Return the observations of the scheme's indicators."""
    return observations[observations["indicator"].isin(list(scheme.lines))]


def read_figures(scheme: Scheme, figures: pd.DataFrame) -> list[Figure]:
    """Return the rows of a table of observations as figures, each with its place and whether it is comparable."""
    found = []
    asked = figures.assign(own=figures["grade"] == OWN_GRADE)[list(Figure._fields[:-2])]
    for place, cells in enumerate(asked.itertuples(index=False, name=None)):
        point = Figure._make((*cells, place, True))
        point = point._replace(price_base=text_of(point.price_base))
        found.append(point._replace(comparable=_is_comparable(point, scheme.lines[point.indicator])))
    return found


def _is_comparable(figure: Figure, line: Line) -> bool:
    """Return whether a figure is in the scheme's prices and not a baseline that the scheme bars from comparison."""
    same_prices = figure.price_base == line.price_base
    if not same_prices or line.comparable != "no" or line.baseline_year is None:
        return same_prices
    return not (figure.year == line.baseline_year and np.isclose(figure.value, line.baseline_value))


def choose_by_scheme(scheme: Scheme, known: Iterable[Figure]) -> dict[tuple[str, str], Chosen]:
    """Return the series that serve under a scheme (see `choose_series`)."""
    bases = {name: line.price_base for name, line in scheme.lines.items()}
    return choose_series(known, price_bases=bases, serving=scheme.served_by)


def deciding_figures(scheme: Scheme, known: Iterable[Figure]) -> list[Figure]:
    """Return the figures by which the series is chosen: once the target year was seen, no later ones.

    A series that begins afterwards then does not take the place of the one with the figure that decides.
    """
    points = list(known)
    due = {(one.region, one.indicator) for one in points if one.year == scheme.lines[one.indicator].target_year}

    def decides(one: Figure) -> bool:
        last = scheme.lines[one.indicator].target_year
        return (one.region, one.indicator) not in due or last is None or one.year <= last

    return [one for one in points if decides(one)]


def group_by_series(known: list[Figure]) -> Figures:
    """Return series -> its figures after its last break, years ascending."""
    good = sorted((point for point in known if point.comparable), key=lambda point: point.year)
    return {series: last_segment(points) for series, points in grouped(good, lambda point: point.series).items()}


def level_figures(scheme: Scheme, known: Sequence[Figure]) -> list[Figure]:
    """Return the figures of the series that give the levels under a scheme."""
    levels = {key: chosen.level for key, chosen in choose_by_scheme(scheme, known).items()}
    return [one for one in known if levels.get((one.region, one.indicator)) == one.series]


def level_series(scheme: Scheme, points: Iterable[Figure]) -> set[str]:
    """Return the series that may give a level: a user's own, and those that no rule makes a mere proxy."""
    bases = {name: line.price_base for name, line in scheme.lines.items()}
    found = ((one, scheme.served_by.get(one.key[1], NO_SERVING)) for one in _count(points, bases))
    return {one.series for one, named in found if one.own or _may_serve(one, named) and _gives_level(one, named)}


def later_figures(scheme: Scheme, points: list[Figure], region: str, *, as_of: int) -> Figures:
    """Return what a region observed after a year, of each year the figure that would have served then."""
    found: Figures = {}
    own = [point for point in points if point.region == region]
    for year in sorted({point.year for point in own if point.year > as_of}):
        for point in level_figures(scheme, [point for point in own if point.year <= year]):
            if point.year == year:
                found.setdefault(point.indicator, []).append(point)
    return found


def target_of(line: Line) -> Target:
    """Return what the scheme asks of a line."""
    interval = (line.target_low, line.target_high, line.limit_low, line.limit_high)
    held = (line.hold_from, line.hold_to, line.once)
    return Target(line.direction, line.target_value, *interval, line.target_year, *held)


def case_of(line: Line, points: Sequence[Figure], target: Target) -> Case:
    """Return the case of a line: comparable figures of it, years ascending, and a target."""
    years, values = tuple(point.year for point in points), tuple(point.value for point in points)
    return Case(years, values, target, baseline_year=line.baseline_year, per_cent=line.unit == "%")

"""What came after the last known year, held against what had been projected for it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from xk.contracts.records import Record
from xk.contracts.scheme import Scheme
from xk.pipeline.figures import Figure, last_segment
from xk.pipeline.lending import at_level
from xk.pipeline.paths import Paths
from xk.pipeline.result import NONE
from xk.pipeline.settings import Settings


@dataclass(frozen=True)
class Outturn:
    """What was projected of a line for a year, and the figure that came.

    Attributes
    ----------
    indicator, year, series, vintage
        Of the figure that came.
    published : float
        That figure, as it was published.
    actual : float
        The same at the level of the projection; NaN where the two do not compare.
    reason : str
        Why they do not: ``other_series`` (another series or vintage), ``across_break`` (the series broke in between),
        ``not_projected``; empty where they do.
    converted : bool
        Whether it was brought to the level of the projection, as the figures were that the trend is taken from.
    value : float
        What was projected.
    kind, method : str
        How (``projected``, ``borrowed``), empty where nothing was.
    ends : mapping
        Ends of the intervals: lo80, hi80, ...
    probability : float
        Odds of meeting the target as they stood, in the target year; NaN in others.
    """

    indicator: str
    year: int
    series: str
    published: float
    actual: float
    reason: str
    converted: bool
    value: float = math.nan
    kind: str = ""
    method: str = ""
    ends: Mapping[str, float] = field(default_factory=lambda: NONE)
    probability: float = math.nan

    @property
    def error(self) -> float:
        """What came less what was projected, in the line's unit."""
        return self.actual - self.value

    def inside(self, level: int) -> bool | None:
        """Return whether what came lies within the interval of a level; None where there is none to tell."""
        low, high = (self.ends.get(f"{end}{level}", math.nan) for end in ("lo", "hi"))
        return None if math.isnan(low + high + self.actual) else low <= self.actual <= high

    def record(self, levels: Sequence[int]) -> Record:
        """Return it as a row that goes out."""
        ends = {f"{end}{level}": self.ends.get(f"{end}{level}", math.nan) for level in levels for end in ("lo", "hi")}
        inside = {level: self.inside(level) for level in levels}
        covered = {f"covered{level}": math.nan if one is None else float(one) for level, one in inside.items()}
        names = ("indicator", "year", "series", "published", "actual", "value", "error")
        cells: Record = {name: getattr(self, name) for name in names} | {"kind": self.kind or None}
        told = {"probability": self.probability, "method": self.method or None, "apart": self.reason or None}
        return cells | ends | covered | told

    @classmethod
    def columns(cls, levels: Sequence[int]) -> list[str]:
        """Return the columns of `record`."""
        return list(cls("", 0, "", math.nan, math.nan, "", converted=False).record(levels))


def build_outturns(scheme: Scheme, paths: Paths, settings: Settings) -> list[Outturn]:
    """Hold the later figures of a region against its projections, up to the last year of these.

    Only a figure of the series that was projected compares, and only if that did not break in between. Where a trend
    was brought to the level of another series, the later figures of its own series are brought there in the same way.

    Parameters
    ----------
    scheme : Scheme
    paths : Paths
        Figures and paths as of a year, with what was observed later.
    settings : Settings
        Resolved.
    """
    _, to = settings.years()
    return [
        _outturn(scheme, paths, name, figure)
        for name in scheme.lines
        for figure in paths.later.get(name, [])
        if figure.year <= to
    ]


def why_apart(paths: Paths, name: str, figure: Figure) -> str:
    """Return why a later figure is not held against the projection of a line (see `Outturn.reason`)."""
    if name not in paths.ahead or not paths.ahead[name]:
        return "not_projected"
    last = _rests_on(paths, name)[-1]
    if figure.series != last.series or not figure.comparable:
        return "other_series"
    return "" if figure.segment == last.segment else "across_break"


def _rests_on(paths: Paths, name: str) -> list[Figure]:
    """Return the region's figures that the path of a line is taken from: those of its level, or of its own trend."""
    return paths.own_lent.get(name) or last_segment(paths.seen[name])


def _outturn(scheme: Scheme, paths: Paths, name: str, figure: Figure) -> Outturn:
    reason = why_apart(paths, name, figure)
    step = next((one for one in paths.ahead.get(name, ()) if one.year == figure.year), None)
    actual, converted = (math.nan, False) if reason else bring_figure(scheme, paths, name, figure)
    found = Outturn(name, int(figure.year), figure.series, figure.value, actual, reason, converted)
    if step is None:
        return found
    ends = {end: value for end, value in step.ends.items() if not math.isnan(value)}
    odds = step.odds.get("target", math.nan)
    return replace(found, value=step.value, kind=step.kind, method=step.method, ends=ends, probability=odds)


def bring_figure(scheme: Scheme, paths: Paths, name: str, figure: Figure) -> tuple[float, bool]:
    """Return a later figure that compares (`why_apart`) at the level of the path, and whether it was brought there."""
    last = last_segment(paths.seen[name])[-1]
    if figure.series == last.series:
        return figure.value, False
    return at_level(scheme.lines[name], [*_rests_on(paths, name), figure], [last])[-1].value, True

"""A line small enough for a cell: what was observed, what is projected, where the target is."""

import math
from collections.abc import Sequence

from xk.contracts.records import grouped
from xk.exhibits.wording import Wording
from xk.vocab import AHEAD_KINDS

WIDTH, HEIGHT, EDGE = 76, 22, 4  # CSS pixels; EDGE keeps marks inside
Point = tuple[float, float]


def sparkline(words: Wording, indicator: str) -> str:
    """Return the figures of a line as a small picture: dots and line observed, a bar the target, and what is ahead.

    That looks as in charts: a line projected, dashes along a borrowed trend or as a scenario assumes. It repeats what
    stands in other cells, so that it is hidden from screen readers; nothing where nothing is known.
    """
    path, line = words.results.path(indicator), words.results.scheme.line(indicator)
    known = [row for row in zip(path["year"], path["value"], path["kind"], strict=True) if not math.isnan(row[1])]
    seen = [(float(year), float(value)) for year, value, kind in known if kind not in AHEAD_KINDS]
    ahead = [(float(year), float(value)) for year, value, kind in known if kind in AHEAD_KINDS]
    kinds = [kind for _, _, kind in known if kind in AHEAD_KINDS]
    marks = [mark for mark in (line.target_value, line.target_low, line.target_high) if not math.isnan(mark)]
    if not seen and not ahead:
        return ""
    due = float(line.target_year or words.results.settings.years()[1])
    place = _places([*seen, *ahead, *((due, mark) for mark in marks)])
    goals = [place((due, mark)) for mark in marks]
    drawn = [f'<path class="xk-goal" d="M{x - EDGE:.1f} {y:.1f}h{2 * EDGE}"/>' for x, y in goals]
    drawn += [_line(f"xk-{kinds[-1]}", [place(point) for point in [*seen[-1:], *ahead]])] if ahead else []
    drawn += [_line("xk-seen", [place(point) for point in run]) for run in _unbroken(words, indicator, seen)]
    drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>' for x, y in map(place, seen[-1:])]
    return (
        f'<svg class="xk-spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f"{''.join(drawn)}</svg>"
    )


def _unbroken(words: Wording, indicator: str, seen: Sequence[Point]) -> list[list[Point]]:
    """Return what was seen, apart where the series breaks."""
    segments = words.results.segments(indicator)
    return list(grouped(seen, lambda point: segments.get(int(point[0]))).values())


class _places:
    """Places of points in the picture, so that all of `points` are inside."""

    def __init__(self, points: Sequence[Point]) -> None:
        (self.left, right), (self.low, high) = ((min(ends), max(ends)) for ends in zip(*points, strict=True))
        self.wide, self.tall = right - self.left, high - self.low

    def __call__(self, point: Point) -> Point:
        across = (point[0] - self.left) / self.wide if self.wide else 0.5
        upright = (point[1] - self.low) / self.tall if self.tall else 0.5
        return EDGE + across * (WIDTH - 2 * EDGE), HEIGHT - EDGE - upright * (HEIGHT - 2 * EDGE)


def _line(kind: str, points: Sequence[Point]) -> str:
    return f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'

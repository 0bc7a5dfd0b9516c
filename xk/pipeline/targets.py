"""What a scheme asks of an indicator, and the figures to judge by, as the arithmetic takes them."""

from collections.abc import Sequence

from xk.arithmetic.rulebooks import Case
from xk.arithmetic.target import Target
from xk.contracts.scheme import Line
from xk.pipeline.figures import Figure


def target_of(line: Line) -> Target:
    """Return what the scheme asks of a line."""
    interval = (line.target_low, line.target_high, line.limit_low, line.limit_high)
    return Target(
        line.direction, line.target_value, *interval, line.target_year, line.hold_from, line.hold_to, line.once
    )


def case_of(line: Line, points: Sequence[Figure], target: Target) -> Case:
    """Return the case of a line: comparable figures of it, years ascending, and a target."""
    return Case(
        tuple(point.year for point in points),
        tuple(point.value for point in points),
        target,
        baseline_year=line.baseline_year,
        per_cent=line.unit == "%",
    )

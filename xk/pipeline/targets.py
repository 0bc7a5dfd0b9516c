"""What a scheme asks of an indicator, as the arithmetic takes it."""

from __future__ import annotations

from xk.arithmetic.target import Target
from xk.contracts.scheme import Line


def target_of(line: Line) -> Target:
    """Return what the scheme asks of a line."""
    return Target(
        line.direction,
        value=line.target_value,
        low=line.target_low,
        high=line.target_high,
        limit_low=line.limit_low,
        limit_high=line.limit_high,
        year=line.target_year,
        hold_from=line.hold_from,
        hold_to=line.hold_to,
    )

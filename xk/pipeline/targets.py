"""What a scheme asks of an indicator, as the arithmetic takes it."""

from __future__ import annotations

import pandas as pd

from xk.arithmetic.target import Target
from xk.contracts.records import Record


def target_of(row: Record | pd.Series) -> Target:
    """Return what the scheme asks of the indicator in `row` (a row of its table of indicators)."""

    def whole(name: str) -> int | None:
        return None if pd.isna(row[name]) else int(row[name])

    return Target(
        row["direction"],
        value=float(row["target_value"]),
        low=float(row["target_low"]),
        high=float(row["target_high"]),
        limit_low=float(row["limit_low"]),
        limit_high=float(row["limit_high"]),
        year=whole("target_year"),
        hold_from=whole("hold_from"),
        hold_to=whole("hold_to"),
    )

"""Distances: how far a figure may lie from those beside it, by what figures of its indicator were ever seen to do."""

import numpy as np
import pandas as pd

from xk.readers.store import Store
from xk.vocab import OWN_GRADE

FAR, APART, YEARS, GROWTH = 5, 20, 5, 1.25
"""The least factor that is far; that between regions, of which one may well be unlike all others; the years within
which it holds, and by what it grows with each year more between two figures."""
LONGEST = 1e12
"""Beyond this a number of times is written with its power of ten."""


def widest_moves(store: Store) -> pd.Series:
    """Return indicator -> the largest factor between two published figures that follow each other in a series."""
    rows = store.observations
    rows = rows[(rows["grade"] != OWN_GRADE) & (rows["value"] > 0)].sort_values(["series", "year"], kind="stable")
    logs = pd.Series(np.log(rows["value"].astype(float)), rows.index)
    moves = logs.groupby(rows["series"]).diff().abs().groupby(rows["indicator"].astype(str)).max()
    return pd.Series(np.exp(moves), moves.index)


def is_far(ratio: pd.Series, gap: pd.Series, widest: pd.Series) -> pd.Series:
    """Return whether a ratio of two figures is beyond what those of its indicator ever moved, and five-fold at least.

    Parameters
    ----------
    ratio : Series
        Of a figure to the one beside it; what is not above zero is not judged.
    gap : Series
        Years between the two.
    widest : Series
        The largest factor that was ever seen, NaN where none is known.
    """
    most = widest.astype(float).clip(lower=FAR).fillna(FAR) * GROWTH ** (gap.astype(float) - YEARS).clip(lower=0)
    logs = pd.Series(np.log(ratio.astype(float).where(ratio > 0)), ratio.index)
    return logs.notna() & (logs.abs() < np.inf) & (logs.abs() > np.log(most) + 1e-9)


def is_beyond(rows: pd.DataFrame) -> pd.Series:
    """Return whether a value lies farther outside the range of others, ``low`` to ``high``, than that is wide.

    The range is counted twenty-fold at least; one that begins at zero or below judges nothing.
    """
    value, low, high = (rows[name].astype(float) for name in ("value", "low", "high"))
    outside = (value / high).where(value > high, (value / low).where(value < low, 1.0))
    return is_far(outside, pd.Series(0, rows.index), (high / low).where(low > 0).clip(lower=APART)) & (low > 0)


def times(value: float, other: float, power: int) -> str:
    """Return how many times a figure is another, or that its part: a power of ten, or a number of two digits."""
    ratio = value / other
    found = 10 ** abs(power) if power else float(f"{max(ratio, 1 / ratio):.2g}")
    return f"{found:,.15g}" if found < LONGEST else f"{found:.0e}"

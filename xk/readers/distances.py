"""Distances: how far a figure may lie from those beside it, by what figures of its indicator were ever seen to do."""

import numpy as np
import pandas as pd

from xk.readers.store import Store
from xk.vocab import OWN_GRADE

FAR, APART, YEARS, GROWTH = 5, 20, 5, 1.25
"""The least factor that is far; that between regions, of which one may well be unlike all others; the years within
which it holds, and by what it grows with each year more between two figures."""
NEAR, SHORT, LARGEST = 0.2, 5, 8
"""How near to a power of ten a ratio is (in powers); years within which 10-fold is no growth; the largest power."""
UNUSUAL, MOVES, POINTS, MANY, ROOM = 1.25, 20, 5, 5, 2
"""The least factor that is unusual; how many of the widest moves are; the least move of a share in points, of which two
are; of how many regions a range tells how wide it is; how many times beyond one a figure may lie."""
LONGEST = 1e12
"""Beyond this a number of times is written with its power of ten."""


def widest_moves(store: Store) -> pd.Series:
    """Return indicator -> the largest factor between two published figures that follow each other in a series."""
    rows = store.observations
    rows = rows[(rows["grade"] != OWN_GRADE) & (rows["value"] > 0)].sort_values(["series", "year"], kind="stable")
    logs = pd.Series(np.log(rows["value"].astype(float)), rows.index)
    moves = logs.groupby(rows["series"]).diff().abs().groupby(rows["indicator"].astype(str)).max()
    return pd.Series(np.exp(moves), moves.index)


def widest_points(store: Store) -> pd.Series:
    """Return share -> the most points that a published one moved from one year of a series to the next."""
    measures = store.measures.set_index("indicator")
    rows = store.observations[store.observations["grade"] != OWN_GRADE].sort_values(["series", "year"], kind="stable")
    rows = rows[rows["indicator"].isin(measures.index[measures["upper_bound"] == 100])]
    moves = rows.groupby("series")["value"].diff().abs()
    return moves.groupby(rows["indicator"].astype(str)).max()


def is_far(ratio: pd.Series, gap: pd.Series, widest: pd.Series, least: float = FAR) -> pd.Series:
    """Return whether a ratio of two figures is beyond what those of its indicator ever moved, and five-fold at least.

    Parameters
    ----------
    ratio : Series
        Of a figure to the one beside it; what is not above zero is not judged.
    gap : Series
        Years between the two.
    widest : Series
        The largest factor that was ever seen, NaN where none is known.
    least : float
        The least factor that is far.
    """
    most = widest.astype(float).clip(lower=least).fillna(least) * GROWTH ** (gap.astype(float) - YEARS).clip(lower=0)
    logs = pd.Series(np.log(ratio.astype(float).where(ratio > 0)), ratio.index)
    return logs.notna() & (logs.abs() < np.inf) & (logs.abs() > np.log(most) + 1e-9)


def is_unusual(rows: pd.DataFrame) -> pd.Series:
    """Return whether ``value`` is far from ``value_other``, in ``gap`` years, for an indicator that hardly moves.

    Such as a life of 57 years beside one of 76: beyond 20 times the ``widest`` move that was seen, or two times that of
    a share in ``points``. Where none was seen, or is not told, nothing is unusual, nor is nothing, or another sign.
    """
    if not {"widest", "points"} <= {*rows}:
        return pd.Series(data=False, index=rows.index)
    value, other, gap, widest, points = (
        rows[name].astype(float) for name in ("value", "value_other", "gap", "widest", "points")
    )
    longer = GROWTH ** (gap - YEARS).clip(lower=0)
    alike = value * other > 0
    logs = pd.Series(np.log((value / other).where(alike)), rows.index).abs()
    moved = logs > np.log((widest**MOVES).clip(UNUSUAL, FAR) * longer) + 1e-9
    return moved | alike & ((value - other).abs() > 2 * points.clip(lower=POINTS) * longer)


def power_near(ratio: pd.Series) -> pd.Series:
    """Return the power of ten that a ratio is near to, from 10 to 100,000,000-fold; 0 where it is near none."""
    power = pd.Series(np.log10(ratio.astype(float).where(ratio > 0)), index=ratio.index)
    whole = power.round()
    return whole.where(((power - whole).abs() < NEAR) & whole.abs().between(1, LARGEST), 0).fillna(0).astype(int)


def is_another_power(rows: pd.DataFrame) -> pd.Series:
    """Return whether a value well outside the range of others would lie in it times, or by, a power of ten."""
    value, low, high = (rows[name].astype(float) for name in ("value", "low", "high"))
    outside = (value < low / ROOM) | (value > high * ROOM)
    powers = [value * 10.0**power for power in range(-LARGEST, LARGEST + 1) if power]
    return outside & np.logical_or.reduce([one.between(low, high) for one in powers])


def is_beyond(rows: pd.DataFrame, least: float = APART) -> pd.Series:
    """Return whether a value lies farther outside the range of others, ``low`` to ``high``, than that is wide.

    The range is counted twenty-fold, or `least`; one that begins at zero or below judges nothing.
    """
    value, low, high = (rows[name].astype(float) for name in ("value", "low", "high"))
    outside = (value / high).where(value > high, (value / low).where(value < low, 1.0))
    return is_far(outside, pd.Series(0, rows.index), (high / low).where(low > 0), least) & (low > 0)


def times(value: float, other: float, power: int) -> str:
    """Return how many times a figure is another, or that its part: a power of ten, or a number of two digits."""
    ratio = value / other
    found = 10 ** abs(power) if power else float(f"{max(ratio, 1 / ratio):.2g}")
    return f"{found:,.15g}" if found < LONGEST else f"{found:.0e}"

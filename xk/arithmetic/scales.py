"""Values on other scales, so that regions and indicators of unlike size can be looked at together."""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from xk.errors import UsageError, check_known

Values = npt.NDArray[np.float64]
Prices = Mapping[int, float] | None
"""Year -> price index, where prices are to be changed."""
SCALES: tuple[str, ...] = ("value", "log", "index", "change", "target_share", "current_prices")
"""As it is; as it is, on a logarithmic axis; first year = 100; yearly change; per cent of the target; at the prices
of each year."""


def on_scale(
    values: npt.ArrayLike, years: npt.ArrayLike, scale: str, *, target: float = math.nan, prices: Prices = None
) -> Values:
    """Return yearly values on a scale.

    Formula: ``index``: ``100 x_t / x_f``, f the first year; ``change``: ``x_t - x_(t-1)``, NaN where the year
    before is not known; ``target_share``: ``100 x_t / y*``; ``current_prices``: ``x_t P_t / 100``, NaN where P_t is
    not known; ``value`` and ``log``: ``x_t``. Unit: per cent, that of the values for changes, of prices their own
    year's. Source: definition of an index number; of a deflator (`xk.arithmetic.prices.deflate`, turned round).

    Parameters
    ----------
    values, years : array_like, shape (n,)
        Years ascending.
    scale : str
        One of `SCALES`.
    target : float
        What the values are to reach, for ``target_share``.
    prices : mapping, optional
        Year -> price index that is 100 in the year whose prices the values are at, for ``current_prices``.

    Raises
    ------
    UsageError
        An unknown scale; no base above 0 to divide by; values that are not above 0 on a logarithmic axis;
        no price index.
    """
    check_known(scale, SCALES, "scale")
    found, at = np.asarray(values, dtype=float), np.asarray(years, dtype=float)
    if scale == "log" and not (found[~np.isnan(found)] > 0).all():
        raise UsageError("a logarithmic axis needs values above 0")
    if scale == "change":
        before = np.concatenate([[math.nan], np.where(np.diff(at) == 1, found[:-1], math.nan)])
        return found - before[: found.size]
    if scale == "current_prices":
        if not prices:
            raise UsageError("current prices need values at the prices of one year, and a price index for them")
        return found * np.array([prices.get(int(year), math.nan) for year in at]) / 100.0
    if scale not in ("index", "target_share"):
        return found
    known = found[~np.isnan(found)]
    base = target if scale == "target_share" else known[0] if known.size else math.nan
    if known.size and not base > 0:
        what = "target" if scale == "target_share" else "first value"
        raise UsageError(f"scale {scale!r} divides by the {what}, and there is none above 0")
    return found / base * 100.0  # the base itself is 100 to the last digit

"""Borrowed trend (参照趋势): a region with too few points takes the path of a reference region.

It is never the region's own trend, and every result that rests on it carries the kind ``borrowed``.
"""

import numpy as np
import numpy.typing as npt

from xk.errors import check_known

Values = npt.NDArray[np.float64]
EDGE = 0.001
SCALES = ("share", "rate", "level")


def borrow_path(
    start: tuple[int, float], years: Values, reference: Values, *, scale: str, upper: float = 100.0, lower: float = 0.0
) -> Values:
    """Carry a value forward along the path of a reference region.

    Formula: level and rate ``x_t = x_s r_t / r_s`` (growth factors); share, with ``z = (x - l)/(u - l)``:
    ``logit z_t = logit z_s + logit q_t - logit q_s`` (changes in the logit), q the reference on the same bounds.
    A share at a bound stays there; a reference within 0.1 % of a bound counts as 0.1 % off it.
    Source: own definition, after the practice of small-area projections (docs/method.md).

    Parameters
    ----------
    start : (year, value)
        Last observation of the region, in the indicator's unit.
    years, reference : array, shape (n,)
        Years and values of the reference's path (observed, then projected), the same unit. The value in the
        year of `start` is interpolated if it lies in a gap.
    scale : str
        share, rate or level.
    upper, lower : float
        Natural bounds of a share.

    Returns
    -------
    array, shape (n,)
        The region's value in each year after the start; NaN up to it and where the reference is not known.
    """
    check_known(scale, SCALES, "scale")
    year, value = start
    known = ~np.isnan(reference)
    if not known.any() or not years[known].min() <= year <= years[known].max():
        return np.full(years.shape, np.nan)
    base = float(np.interp(year, years[known], reference[known]))
    path = carry_over(value, base, reference, scale=scale, upper=upper, lower=lower)
    return np.where(years > year, path, np.nan)


def carry_over(
    value: float, base: float, reference: Values, *, scale: str, upper: float = 100.0, lower: float = 0.0
) -> Values:
    """Bring a reference to the level of a value, `base` being the reference's own value at that time.

    Formula and source: as `borrow_path`.
    """
    check_known(scale, SCALES, "scale")
    if scale == "share":
        return _along_logit(value, base, reference, lower, upper)
    return _along_growth(value, base, reference)


def _along_growth(value: float, base: float, reference: Values) -> Values:
    if base <= 0:
        return np.full(reference.shape, np.nan)
    return np.asarray(value * reference / base)


def _along_logit(value: float, base: float, reference: Values, lower: float, upper: float) -> Values:
    if value <= lower or value >= upper:
        return np.where(np.isnan(reference), np.nan, value)
    width = upper - lower
    shift = _logit((reference - lower) / width) - _logit(np.array((base - lower) / width))
    odds = np.exp(np.log((value - lower) / (upper - value)) + shift)
    return np.asarray(lower + width * odds / (1 + odds))


def _logit(part: Values) -> Values:
    inside = np.clip(part, EDGE, 1 - EDGE)
    return np.asarray(np.log(inside / (1 - inside)))

"""Numbers in words: as each language writes them."""

import math
from decimal import Decimal
from numbers import Real

import pandas as pd

from xk.vocab import language


def decimals_of(*values: float) -> int:
    """Return how many decimals the most precise of `values` is written with, up to ten figures."""
    known = [Decimal(f"{value:.10g}") for value in values if _is_known(value) and math.isfinite(value)]
    return max((max(0, -int(value.normalize().as_tuple().exponent)) for value in known), default=1)


def _is_known(value: object) -> bool:
    """Return whether `value` is a number; anything that is neither that nor missing raises TypeError."""
    if value is None or value is pd.NA or isinstance(value, Real):
        return isinstance(value, Real) and not math.isnan(value)
    raise TypeError(f"{value!r} is no number")


def number(value: object, lang: str, *, decimals: int | None = None, signed: bool = False) -> str:
    """Return a number as its language writes it, an em dash where it is not known.

    As given if `decimals` is None; thousands are set apart by the sign of the language.
    """
    if not _is_known(value):
        return "—"
    value = float(value)  # type: ignore[arg-type]
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    sign = "+" if signed else ""
    if decimals is None:
        decimals = decimals_of(value)
    written = f"{value:{sign},.{decimals}f}"
    if float(written.replace(",", "")) == 0:
        written = written.lstrip("+-")
    return written.replace(",", language(lang).thousands)

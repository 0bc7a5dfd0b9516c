"""Numbers in words: as each language writes them, rounded as a reader rounds them."""

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, ROUND_UP, Context, Decimal
from numbers import Real

import pandas as pd

from xk.vocab import language

_NUMBERS = (int, float, Real)
"""The first two are told at once, where an abstract class asks around."""
_WIDE = Context(prec=700)
_FIGURES, _FURTHER = 13, 3
"""Figures of a double that its arithmetic leaves alone; decimals that are added to tell a figure from its target."""


def decimals_of(*values: float) -> int:
    """Return how many decimals the most precise of `values` is written with, up to ten figures."""
    known = [Decimal(f"{value:.10g}") for value in values if _is_known(value) and math.isfinite(value)]
    return max((max(0, -int(value.normalize().as_tuple().exponent)) for value in known), default=1)


def _is_known(value: object) -> bool:
    """Return whether `value` is a number; anything that is neither that nor missing raises TypeError."""
    if value is None or value is pd.NA or isinstance(value, _NUMBERS):
        return isinstance(value, _NUMBERS) and not math.isnan(value)
    raise TypeError(f"{value!r} is no number")


def number(
    value: object,
    lang: str,
    *,
    decimals: int | None = None,
    signed: bool = False,
    away: bool = False,
    short_of: Iterable[float] = (),
) -> str:
    """Return a number as its language writes it, an em dash where it is not known.

    Rounded half away from zero from its shortest decimal form: 0.475 is 0.48, not the 0.47 of its binary form.

    Parameters
    ----------
    value : number or missing
    lang : str
        Thousands are set apart by the sign of the language.
    decimals : int, optional
        As given if None.
    signed : bool
    away : bool
        Rounded away from zero always: what is asked for is never asked for short.
    short_of : iterable of float
        Targets that it does not meet: it gets further decimals where it would print as one of them.
    """
    if not _is_known(value):
        return "—"
    value = float(value)  # type: ignore[arg-type]
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    rounded, decimals = _round(value, decimals_of(value) if decimals is None else decimals, away, set(short_of))
    sign = "+" if signed else ""
    written = f"{rounded:{sign},.{decimals}f}"
    if rounded == 0:
        written = written.lstrip("+-")
    return written.replace(",", language(lang).thousands)


def published(value: object, lang: str, *, short_of: Iterable[float] = ()) -> str:
    """Return a figure as it was published (see `published_decimals`), never as the whole number that it is short of.

    `short_of`: targets that it does not meet, as which it is not printed either.
    """
    if not _is_known(value) or not math.isfinite(float(value)):  # type: ignore[arg-type]
        return number(value, lang)
    figure = float(value)  # type: ignore[arg-type]
    return number(figure, lang, decimals=published_decimals(figure), short_of=[round(figure), *short_of])


def published_decimals(*values: float) -> int:
    """Return the most decimals of some figures; one worked out from published figures has no more than those have."""
    known = [value for value in values if _is_known(value) and math.isfinite(value)]
    most = {value: 2 if abs(value) >= 10 else 3 if abs(value) >= 1 else 4 for value in known}
    return max((min(decimals_of(value), n) for value, n in most.items()), default=1)


def _round(value: float, decimals: int, away: bool, targets: Iterable[float]) -> tuple[Decimal, int]:
    """Return a figure rounded, with its decimals: as many as tell it from the targets that it is short of."""
    exact, apart = _shortest(value), {_shortest(target) for target in targets if math.isfinite(target)}
    rounding = ROUND_UP if away else ROUND_HALF_UP
    for places in range(decimals, decimals + _FURTHER + 1):
        rounded = exact.quantize(Decimal(1).scaleb(-places), rounding, _WIDE)
        if rounded not in apart or exact == rounded:
            return rounded, places
    last = Decimal(1).scaleb(-places)
    return rounded + (last if exact > rounded else -last), places


def _shortest(value: float) -> Decimal:
    """Return the shortest decimal that `value` is the double of, without what arithmetic adds in its last figures."""
    return Decimal(f"{value:.{_FIGURES}g}" if abs(value) < 10 ** (_FIGURES - 1) else repr(float(value)))

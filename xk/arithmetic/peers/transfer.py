"""The scale on which a trend is carried over: factors of growth (levels, rates) or changes in the logit (shares)."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from xk.arithmetic.target import Target, Values, scale_of
from xk.errors import check_known

# a share nearer to a bound than so much of its width counts as this far off
EDGE = 0.001
SCALES = ("share", "rate", "level")
# logarithm of what is smaller, 0 above all
LEAST = 1e-300


@dataclass(frozen=True)
class Transfer:
    """How values of an indicator are compared and carried from one region to another.

    Parameters
    ----------
    scale : str
        share, rate or level.
    lower, upper : float
        Natural bounds, in the indicator's unit; infinite for none. A share has both.
    """

    scale: str
    lower: float = 0.0
    upper: float = math.inf

    def __post_init__(self) -> None:
        check_known(self.scale, SCALES, "scale")

    @property
    def ends(self) -> tuple[float, float]:
        """Return the bounds on the scale of the transfer, infinite where there is none."""
        if self.scale == "share":
            edge = float(_logit(np.array(1.0)))
            return -edge, edge
        return -math.inf, float(self.apply(np.array(self.upper))) if math.isfinite(self.upper) else math.inf

    def apply(self, values: npt.ArrayLike) -> Values:
        """Return ``log x`` of a level or rate, the logit of a share between its bounds; NaN where x is not above 0."""
        x = np.asarray(values, dtype=np.float64)
        if self.scale == "share":
            return _logit((x - self.lower) / (self.upper - self.lower))
        return np.asarray(np.log(np.where(x > 0, x, np.nan)))

    def restore(self, scaled: Values) -> Values:
        """Undo `apply`; a share as near to a bound as EDGE lies on it."""
        if self.scale != "share":
            with np.errstate(over="ignore"):
                return np.asarray(np.clip(np.exp(scaled), self.lower, self.upper))
        low, high = self.ends
        inside = self.lower + (self.upper - self.lower) / (1.0 + np.exp(-scaled))
        return np.where(scaled >= high, self.upper, np.where(scaled <= low, self.lower, inside))

    def carry(self, start: float, changes: Values) -> Values:
        """Return a value after changes on the scale: ``x exp(c)``; a share at its bound stays there."""
        if self.scale != "share":
            return np.asarray(np.clip(start * np.exp(changes), self.lower, self.upper))
        if start <= self.lower or start >= self.upper:
            return np.where(np.isnan(changes), np.nan, start)
        odds = np.exp(math.log((start - self.lower) / (self.upper - start)) + changes)
        return np.asarray(self.lower + (self.upper - self.lower) * odds / (1 + odds))

    def bring(self, value: float, base: float, reference: Values) -> Values:
        """Return a reference at the level of a value, `base` being the reference's own value at that time."""
        return self.carry(value, self.apply(reference) - self.apply(base))

    def add(self, start: float, changes: Values) -> Values:
        """Return a value after changes in its own unit, within its bounds."""
        return np.asarray(np.clip(start + changes, self.lower, self.upper))

    def target(self, target: Target) -> Target:
        """Return a target on the scale of the transfer."""
        value, low, high = (self._end(end) for end in (target.value, target.low, target.high))
        least, most = self._end(target.limit_low), self._end(target.limit_high)
        return replace(target, value=value, low=low, high=high, limit_low=least, limit_high=most)

    def _end(self, value: float) -> float:
        if math.isnan(value) or self.scale == "share":
            return float(self.apply(np.array(value)))
        return math.log(max(value, LEAST))


def transfer_of(unit: str, *, lower: float, upper: float) -> Transfer:
    """Return the transfer of an indicator by its unit and natural bounds (NaN for none; none below is 0)."""
    low = 0.0 if math.isnan(lower) else lower
    return Transfer(scale_of(unit, upper), low, math.inf if math.isnan(upper) else upper)


def _logit(part: Values) -> Values:
    inside = np.clip(part, EDGE, 1 - EDGE)
    return np.asarray(np.log(inside / (1 - inside)))

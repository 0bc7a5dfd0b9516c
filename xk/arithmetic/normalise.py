"""Bring values to one scale (无量纲化) by bounds, spread or rank, with a reason where a score is missing.

Scores run the same way whatever the indicator does: more is better. All methods but `zscore` and `rank`
score in per cent, 0 at the bad end and 100 at the good end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypedDict, TypeVar, Unpack, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.typing import NDArray

from xk.contracts.forms import check_numbers
from xk.errors import InputError, UsageError, check_known

METHODS = ("minmax", "zscore", "goalposts", "distance_to_reference", "rank", "percentile_rank")
RANK_METHODS = ("rank", "percentile_rank")
SIGNS = {"positive": 1.0, "inverse": -1.0}

Array = NDArray[np.float64]
Way = str | Mapping[str, str]
PerColumn = float | Mapping[str, float] | None
Values = TypeVar("Values", pd.Series, pd.DataFrame, Array)


class Bounds(TypedDict, total=False):
    """Fixed ends of a scale, in the unit of the values; a mapping gives one for each column."""

    low: PerColumn
    high: PerColumn
    reference: PerColumn


class Normalised(NamedTuple, Generic[Values]):
    """Scores and, in the same shape, why a score is missing (empty where it is there).

    Reasons: `missing` (no value), `no_data` (none at all), `not_positive` (no logarithm), `zero_range`
    (all values equal), `one_value` (no spread or rank of one), `reference_not_better` (than the worst).
    """

    scores: Values
    reasons: pd.Series | pd.DataFrame | NDArray[np.object_]


@dataclass(frozen=True)
class Scale:
    """A straight scale: `factor * (x - origin) / span`, of ln x where `log`; cut to 0..factor where `clip`.

    `span` 0 stands for a scale that cannot be made, and `reason` says why.
    """

    origin: float
    span: float
    factor: float = 100.0
    clip: bool = False
    log: bool = False
    reason: str = ""

    def score(self, values: Array) -> Normalised[Array]:
        """Return the scores of `values` and the reasons of those that are missing."""
        level, reasons = _levels(values, self.log)
        if self.reason:
            reasons[reasons == ""] = self.reason
            return Normalised(np.full(values.shape, np.nan), reasons)
        # + 0.0 turns the negative zero of a reversed scale into zero
        scores = self.factor * ((level - self.origin) / self.span) + 0.0
        return Normalised(np.clip(scores, 0.0, self.factor) if self.clip else scores, reasons)


def normalise(
    values: Values, method: str = "minmax", *, direction: Way = "positive", log: bool = False, **bounds: Unpack[Bounds]
) -> Values:
    """Bring values to one scale on which more is better.

    Parameters
    ----------
    values : array, Series or DataFrame
        Values of one indicator over regions or years; a frame has one indicator a column.
    method : str
        With ``d`` = +1 (positive) or -1 (inverse), ``min`` and ``max`` over the values present:

        - ``minmax``: ``100 (x - min)/(max - min)``, reversed for inverse; `low` and `high` stand in for
          min and max where given (frozen bounds) and nothing is cut;
        - ``zscore``: ``d (x - mean)/sd``, sd with divisor n - 1; no unit;
        - ``goalposts``: ``100 (x - low)/(high - low)`` cut to 0..100; where high < low less is better, and
          `direction` inverse says the same of low < high;
        - ``distance_to_reference``: ``100 (x - worst)/(reference - worst)``, not cut above 100; worst is
          `low` where given (`high` for inverse), else the worst value present;
        - ``rank``: n for the best, 1 for the worst, equal values share the lowest rank;
        - ``percentile_rank``: ``100 (rank - 1)/(n - 1)``.
    direction : str or mapping
        ``positive`` or ``inverse``; a mapping gives it by column.
    log : bool
        Take natural logarithms of values and bounds first (UNDP income).
    **bounds
        `low`, `high`, `reference` in the unit of the values; mappings give them by column.

    Returns
    -------
    Like `values`
        Scores; NaN where there is none (`normalise_with_reasons` says why). No argument is changed.

    Raises
    ------
    UsageError
        Unknown method, direction or bound; a bound missing or meaningless for the method.
    InputError
        Values that are no finite numbers.

    Notes
    -----
    Sources: OECD and JRC, Handbook on Constructing Composite Indicators (2008), as in COINr
    (``n_minmax``, ``n_zscore``, ``n_goalposts``, ``n_dist2ref`` and ``n_prank`` times 100, ``n_rank``);
    goalposts: UNDP HDR technical note 1, SDSN Sustainable Development Report.
    """
    return normalise_with_reasons(values, method, direction=direction, log=log, **bounds).scores


def normalise_with_reasons(
    values: Values, method: str = "minmax", *, direction: Way = "positive", log: bool = False, **bounds: Unpack[Bounds]
) -> Normalised[Values]:
    """Do as `normalise` and say why a score is missing.

    Parameters, errors and sources as in `normalise`.

    Returns
    -------
    Normalised
        Scores and reasons, both in the shape of `values`.
    """
    _check_bounds(method, bounds)
    if isinstance(values, pd.DataFrame):
        parts = {
            name: normalise_with_reasons(values[name], method, direction=direction, log=log, **bounds)
            for name in values
        }
        return Normalised(
            pd.DataFrame({name: part.scores for name, part in parts.items()}, index=values.index),
            pd.DataFrame({name: part.reasons for name, part in parts.items()}, index=values.index),
        )
    name = str(getattr(values, "name", ""))
    numbers, way = _floats(values), _direction(direction, name)
    ends = cast(Bounds, {key: _of_column(value, name, key) for key, value in bounds.items()})
    if method in RANK_METHODS:
        part = _ranks(numbers, method, way)
    else:
        part = scale_of(numbers, method, direction=way, log=log, **ends).score(numbers)
    if isinstance(values, pd.Series):
        scores = pd.Series(part.scores, index=values.index, name=values.name)
        return Normalised(scores, pd.Series(part.reasons, index=values.index, name=values.name, dtype="str"))
    return part


def scale_of(
    values: Values, method: str, *, direction: str = "positive", log: bool = False, **bounds: Unpack[Bounds]
) -> Scale:
    """Return the straight scale that `normalise` lays through `values`, to be kept and used again.

    Parameters, formulas, unit, errors and sources as in `normalise`; ranks have no such scale.

    Returns
    -------
    Scale
        Its ``score(values)`` brings any values to this scale.
    """
    _check_bounds(method, bounds)
    if method in RANK_METHODS:
        raise UsageError(f"method {method!r} has no fixed scale; ranks depend on all values present")
    inverse = _direction(direction, "") == "inverse"
    level, _ = _levels(_floats(values), log)
    ends = _level_bounds(bounds, log)
    if method == "goalposts":
        return _goalposts(ends, inverse, log)
    present = level[~np.isnan(level)]
    if not len(present):
        return Scale(0.0, 0.0, log=log, reason="no_data")
    return STRAIGHT[method](present, inverse, log, ends)


def _goalposts(ends: Mapping[str, float], inverse: bool, log: bool) -> Scale:
    low, high = ends["low"], ends["high"]
    if inverse and low < high:
        low, high = high, low
    return Scale(low, high - low, clip=True, log=log)


def _minmax(level: Array, inverse: bool, log: bool, ends: Mapping[str, float]) -> Scale:
    low, high = ends.get("low", level.min()), ends.get("high", level.max())
    if low > high:
        raise UsageError(f"low {low:g} is above high {high:g}; minmax needs low < high")
    worst, best = (float(high), float(low)) if inverse else (float(low), float(high))
    return Scale(worst, best - worst, log=log, reason="zero_range" if best == worst else "")


def _distance(level: Array, inverse: bool, log: bool, ends: Mapping[str, float]) -> Scale:
    worst = float(ends.get("high", level.max()) if inverse else ends.get("low", level.min()))
    span = ends["reference"] - worst
    reason = "" if (span < 0 if inverse else span > 0) else "reference_not_better"
    return Scale(worst, span, log=log, reason=reason)


def _zscore(level: Array, inverse: bool, log: bool, _ends: Mapping[str, float]) -> Scale:
    if len(level) < 2:
        return Scale(0.0, 0.0, log=log, reason="one_value")
    sd = 0.0 if level.min() == level.max() else float(level.std(ddof=1))
    reason = "" if sd else "zero_range"
    return Scale(float(level.mean()), -sd if inverse else sd, factor=1.0, log=log, reason=reason)


STRAIGHT: dict[str, Callable[[Array, bool, bool, Mapping[str, float]], Scale]] = {
    "minmax": _minmax,
    "distance_to_reference": _distance,
    "zscore": _zscore,
}


def _ranks(values: Array, method: str, direction: str) -> Normalised[Array]:
    reasons = np.where(np.isnan(values), "missing", "").astype(object)
    flat = pd.Series((SIGNS[direction] * values).ravel())
    ranks = np.asarray(flat.rank(method="min"), dtype=float).reshape(values.shape)
    count = int(flat.count())
    if method == "rank":
        return Normalised(ranks, reasons)
    if count == 1:
        reasons[reasons == ""] = "one_value"
        return Normalised(np.full(values.shape, np.nan), reasons)
    return Normalised(100.0 * (ranks - 1.0) / max(count - 1, 1), reasons)


def _levels(values: Array, log: bool) -> tuple[Array, NDArray[np.object_]]:
    reasons = np.where(np.isnan(values), "missing", "").astype(object)
    if not log:
        return values, reasons
    positive = values > 0
    reasons[~positive & (reasons == "")] = "not_positive"
    return np.log(values, out=np.full(values.shape, np.nan), where=positive), reasons


def _level_bounds(bounds: Mapping[str, object], log: bool) -> dict[str, float]:
    given = {name: value for name, value in bounds.items() if value is not None}
    check_numbers(**given)
    ends = {name: float(cast(float, value)) for name, value in given.items()}
    for name, value in ends.items():
        if not np.isfinite(value) or (log and value <= 0):
            raise UsageError(f"{name} is {value:g}; it must be a finite number" + " above 0" * log)
    if ends.get("low") is not None and ends.get("low") == ends.get("high"):
        raise UsageError(f"low and high are both {ends['low']:g}; a scale needs two different ends")
    return {name: float(np.log(value)) if log else value for name, value in ends.items()}


def _check_bounds(method: str, bounds: Mapping[str, object]) -> None:
    check_known(method, METHODS, "normalisation method")
    for name in bounds:
        check_known(name, Bounds.__annotations__, "argument of normalise")
    needed = {"goalposts": ("low", "high"), "distance_to_reference": ("reference",)}.get(method, ())
    for name in needed:
        if bounds.get(name) is None:
            raise UsageError(f"method {method!r} needs {name}=")


def _direction(direction: Way, name: str) -> str:
    found = str(_of_column(direction, name, "direction"))
    check_known(found, SIGNS, "direction")
    return found


def _of_column(option: object, name: str, what: str) -> object:
    """Return what is asked of one column; a mapping that lacks the column is an error, not a default."""
    if not isinstance(option, Mapping | pd.Series):
        return option
    check_known(name, [str(known) for known in option.keys()], f"column in {what}=")
    return option[name]


def _floats(values: npt.ArrayLike) -> Array:
    """Return a new float array; NA becomes NaN, text and infinities are refused."""
    try:
        numbers = pd.Series(np.ravel(values)).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise InputError(f"values must be numbers: {error}") from None
    if np.isinf(numbers).any():
        raise InputError("values must be finite; an infinite one cannot be brought to a scale")
    return cast(Array, numbers.reshape(np.shape(values)))

"""What a series looks like, in numbers of size one that know neither its unit nor what it is about."""

import numpy as np

from xk.arithmetic.projection.panel import Array, Ints

LOOKS = (
    "one", "length", "straight", "rough", "autocorrelation", "last", "last size", "last three", "rated", "error",
    "place", "change", "away",
)  # fmt: skip
SLIVER = 1e-9


def looks_of(values: Array, points: Ints, *, rated: np.ndarray, level: Array, error: Array) -> Array:
    """Measure series without gaps (series, features); a series turned upside down looks the same.

    With c the yearly changes, m their mean absolute value and d their mean: length ``log(n/12)``; straight
    ``2|d|/m - 1``; rough ``log(root mean square of c - d, over m)``; autocorrelation of c at lag 1, twice, shrunk; last
    ``(c_n - d)/m`` along the trend; last size ``|c_n|/m - 1``; last three, the mean of these changes as for the last;
    rated, whether rates are tried; error ``log`` of the typical error of the rules over m; place of the last value
    between the least and the largest, along the trend; change ``log(m / |y_n|)``; away, whether the trend leads away
    from zero or towards it (0 where signs differ). Unbounded ones go through tanh. Source: own, docs/en/projection.md.

    Parameters
    ----------
    values : array (series, years)
        Values less the last one, on any scale.
    points : array (series,)
        Number of observations.
    rated : array (series,) of bool
        Whether constant rates are tried.
    level : array (series,)
        Distance of the last value from zero on the scale of the values.
    error : array (series,)
        Typical past error of the rules; NaN where none is known: the roughness stands for it.
    """
    change = np.diff(values, axis=1)
    mean = np.maximum(np.abs(change).mean(axis=1), SLIVER)
    change = change / mean[:, None]
    drift = change.mean(axis=1)
    along = np.where(drift < 0, -1.0, 1.0)
    rest = change - drift[:, None]
    rough = np.sqrt((rest**2).sum(axis=1) / max(change.shape[1] - 1, 1))
    low, high = values.min(axis=1), values.max(axis=1)
    place = (values[:, -1] - low) / np.maximum(high - low, SLIVER)
    size, whole = np.abs(change), values + level[:, None]
    columns = (
        np.ones(len(values)),
        np.log(points / 12.0),
        2.0 * np.abs(drift) - 1.0,
        np.tanh(np.log(rough + 0.05)),
        2.0 * (rest[:, 1:] * rest[:, :-1]).sum(axis=1) / ((rest**2).sum(axis=1) + 0.5),
        np.tanh((change[:, -1] - drift) * along / 2.0),
        np.tanh(size[:, -1] - 1.0),
        np.tanh((change[:, -3:].mean(axis=1) - drift) * along),
        rated - 0.5,
        np.tanh(np.log(np.where(np.isnan(error), rough, error / mean) + 0.05)),
        (2.0 * place - 1.0) * along,
        np.tanh((np.log(mean / np.maximum(np.abs(level), SLIVER) + 0.003) + 3.0) / 2.0),
        np.where(whole.min(axis=1) * whole.max(axis=1) > 0, np.sign(level) * along, 0.0),
    )
    return np.stack(columns, axis=1)

"""What would have been projected in the past, against what happened."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from xk.arithmetic.projection.checks import BoundRows, check_levels, check_method, check_observations
from xk.arithmetic.projection.frames import as_frame, level_name, outlook
from xk.arithmetic.projection.methods import METHODS, NONE
from xk.arithmetic.projection.panel import Levels
from xk.errors import Fault, InputError, UsageError

KEYS = ["region", "indicator", "year"]


def backtest(
    observations: pd.DataFrame,
    *,
    origins: Iterable[int],
    horizon: int,
    methods: Sequence[str] = METHODS,
    levels: Levels = (80, 95),
    bounds: BoundRows = None,
) -> pd.DataFrame:
    """Project from past years and compare with what was observed afterwards.

    Parameters
    ----------
    observations : DataFrame
        region, indicator, year, value.
    origins : iterable of int
        Years after which nothing is shown to the methods.
    horizon : int
        Years ahead, at least 1.
    methods : sequence of str
        Some of METHODS.
    levels : sequence of float
        Levels of the intervals, in per cent.
    bounds : DataFrame, optional
        Natural bounds, as in `project`.

    Returns
    -------
    DataFrame
        One row a method, origin, region, indicator and year that was observed: method, used, origin, region,
        indicator, year, horizon (years after the origin), actual, value, error (``value - actual``, unit of
        the series), scaled_error (``|error|`` over the mean absolute yearly change up to the origin: the
        terms of the MASE of Hyndman and Koehler 2006; NaN where nothing changed), and for each level
        lo, hi, covered (0 or 1; NaN without interval).

    Errors
    ------
    UsageError for unknown methods, levels or horizon; InputError for faulty rows, or where no origin leaves
    both a past and a later observation.
    """
    for method in methods:
        check_method(method)
    checked = check_levels(levels)
    if horizon < 1:
        raise UsageError(f"the horizon must be at least one year, not {horizon!r}")
    clean = check_observations(observations).dropna(subset="value")
    parts = [
        part
        for origin in sorted(set(origins))
        for part in one_origin(clean, origin, horizon, methods=methods, levels=checked, bounds=bounds)
        if len(part)
    ]
    if not parts:
        message = "no origin has observations both up to it and in the years after it"
        raise InputError([Fault("observations", None, "year", message, "choose origins within the data")])
    return pd.concat(parts, ignore_index=True)


def one_origin(
    clean: pd.DataFrame, origin: int, horizon: int, *, methods: Sequence[str], levels: Levels, bounds: BoundRows
) -> list[pd.DataFrame]:
    """Compare the projection of each method from one origin with the later observations."""
    past = clean[clean["year"] <= origin]
    later = clean[clean["year"].between(origin + 1, origin + horizon)].rename(columns={"value": "actual"})
    if past.empty or later.empty:
        return []
    later = later.merge(mean_change(past), on=KEYS[:2], how="left")
    compared = []
    for method in methods:
        result = as_frame(outlook(past, to=origin + horizon, method=method, levels=levels, bounds=bounds))
        ahead = result[(result["kind"] == "projected") & (result["method"] != NONE)]
        both = later.merge(ahead.drop(columns="kind").rename(columns={"method": "used"}), on=KEYS)
        compared.append(score(both.assign(method=method, origin=origin), levels))
    return compared


def mean_change(past: pd.DataFrame) -> pd.DataFrame:
    """Mean absolute yearly change of each series (``sum |y_t - y_s| / sum (t - s)`` over neighbours)."""
    ordered = past.sort_values(KEYS)
    groups = ordered.groupby(KEYS[:2], sort=False)
    moved = groups["value"].diff().abs().groupby([ordered["region"], ordered["indicator"]]).sum()
    span = groups["year"].max() - groups["year"].min()
    change = moved / span.reindex(moved.index).where(lambda years: years > 0)
    return change.rename("mean_change").reset_index()


def score(both: pd.DataFrame, levels: Levels) -> pd.DataFrame:
    """Add errors and coverage to the merged rows, and bring the columns into order."""
    error = both["value"] - both["actual"]
    scaled = error.abs() / both["mean_change"].where(both["mean_change"] > 0)
    scored = both.assign(horizon=both["year"] - both["origin"], error=error, scaled_error=scaled)
    names = ["method", "used", "origin", *KEYS, "horizon", "actual", "value", "error", "scaled_error"]
    for level in map(level_name, levels):
        low, high = scored[f"lo{level}"], scored[f"hi{level}"]
        inside = ((scored["actual"] >= low) & (scored["actual"] <= high)).astype(np.float64)
        scored[f"covered{level}"] = inside.where(low.notna())
        names += [f"lo{level}", f"hi{level}", f"covered{level}"]
    return scored[names]

"""Observations in, observations and projected years out, as tidy frames.

Which method or weights each series was projected with, and what these rest on.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xk.arithmetic.projection.arrays import Projection, project_panel
from xk.arithmetic.projection.checks import BoundRows, Observations, as_numbers, check_observations
from xk.arithmetic.projection.panel import Array, Levels, build_panel
from xk.errors import Fault, InputError, UsageError, raise_faults

BOUNDS = ["indicator", "lower_bound", "upper_bound"]


@dataclass(frozen=True)
class Outlook:
    """A projection together with the names of its series.

    Parameters
    ----------
    series : DataFrame
        region and indicator, one row a series in the order of the projection's arrays.
    projection : Projection
        Paths and distributions.
    observations : DataFrame
        The checked input: region, indicator, year, value, and the number of its series.
    to : int
        Last year projected to.
    """

    series: pd.DataFrame
    projection: Projection
    observations: pd.DataFrame
    to: int

    def row(self, region: str, indicator: str) -> int:
        """Return the position of a series in the arrays; InputError where there is none."""
        found = np.flatnonzero((self.series["region"] == region) & (self.series["indicator"] == indicator))
        if not len(found):
            raise InputError(f"no series of region {region!r} and indicator {indicator!r}")
        return int(found[0])


def outlook(
    observations: Observations, *, to: int, method: str = "auto", levels: Levels = (80, 95), bounds: BoundRows = None
) -> Outlook:
    """Project every series of a long frame and keep the distributions; parameters as in `project`."""
    frame, series = number_series(check_observations(observations))
    panel = build_panel(frame["series"].to_numpy(), frame["year"].to_numpy(), frame["value"].to_numpy(), len(series))
    pair = None if bounds is None else match_bounds(bounds, series)
    projection = project_panel(panel, to=to, method=method, levels=levels, bounds=pair)
    return Outlook(series, projection, frame, int(to))


def project(
    observations: Observations, *, to: int, method: str = "auto", levels: Levels = (80, 95), bounds: BoundRows = None
) -> pd.DataFrame:
    """Project every series of a long frame to a year.

    Parameters
    ----------
    observations : DataFrame or Series
        region, indicator, year, value; one row a series and year, other columns are ignored. Missing
        values are kept and take no part; gaps between years are allowed. Of one series year and value alone do, or a
        Series of values by year: the region is then ``own``, the indicator the name of the Series, or ``value``.
    to : int
        Last year. A series that already reaches it is kept and gets no rows.
    method : str
        constant, drift, linear, growth, theil_sen, damped, theta or auto.
    levels : sequence of float
        Levels of the intervals in per cent.
    bounds : DataFrame, optional
        indicator, lower_bound, upper_bound: natural bounds of path and intervals, NaN for none.

    Returns
    -------
    DataFrame
        region, indicator, year, value, lo80, hi80, lo95, hi95 (a pair a level), method, kind, in the unit
        of the values. Every input row is there with kind `observed`; the years after the last observed
        value up to `to` follow with kind `projected`, in place of rows of these years without a value.
        Two observations give the drift without interval, one gives NaN and method `none`.

    Errors
    ------
    UsageError for an unknown method or level; InputError with all faults of the rows, or where no series
    ends before `to`.
    """
    return as_frame(outlook(observations, to=to, method=method, levels=levels, bounds=bounds))


def number_series(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the frame with the number of each row's series, and the series in order of appearance."""
    region, regions = pd.factorize(frame["region"])
    indicator, indicators = pd.factorize(frame["indicator"])
    number, codes = pd.factorize(region.astype(np.int64) * len(indicators) + indicator)
    of, at = np.divmod(codes, len(indicators))
    series = pd.DataFrame({"region": regions[of], "indicator": indicators[at]})
    return frame.assign(series=number.astype(np.int64)), series


def match_bounds(bounds: pd.DataFrame, series: pd.DataFrame) -> tuple[Array, Array]:
    """Return the natural bounds of each series by its indicator; infinite where none is stated."""
    if not isinstance(bounds, pd.DataFrame):
        raise UsageError(f"bounds must be a DataFrame with the columns {', '.join(BOUNDS)}, not {bounds!r}")
    missing = [name for name in BOUNDS if name not in bounds.columns]
    raise_faults([Fault("bounds", None, name, "column of the bounds is missing") for name in missing])
    places = pd.Index(bounds["indicator"])
    (lower, text), (upper, more) = (as_numbers(bounds[name]) for name in BOUNDS[1:])
    faults = []
    if (text | more).any():
        faults.append(Fault("bounds", None, "", "a bound is no number", "leave it empty where there is none"))
    if not places.is_unique:
        faults.append(Fault("bounds", None, "indicator", "an indicator has two rows of bounds", "keep one"))
    if (lower > upper).any():
        faults.append(Fault("bounds", None, "lower_bound", "a lower bound lies above its upper bound"))
    raise_faults(faults)
    found = places.get_indexer(pd.Index(series["indicator"]))
    return np.where(found >= 0, lower.to_numpy()[found], np.nan), np.where(found >= 0, upper.to_numpy()[found], np.nan)


def level_name(level: float) -> str:
    """Write a level as in a column name: 80, 97.5."""
    return f"{level:g}"


def as_frame(result: Outlook) -> pd.DataFrame:
    """Return observed and projected rows of an outlook, by series and year."""
    projection, observed = result.projection, result.observations
    years = projection.years
    wanted = (years <= result.to) & (projection.panel.count > 0)[:, None]
    rows, _ = np.nonzero(wanted)
    series = np.concatenate([observed["series"].to_numpy(), rows])
    year = np.concatenate([observed["year"].to_numpy(), years[wanted]])
    is_ahead = np.arange(len(series)) >= len(observed)
    order = np.lexsort((is_ahead, year, series))
    again = (np.diff(series[order]) == 0) & (np.diff(year[order]) == 0)  # an empty row of a year that is projected
    order = order[~np.append(again, np.zeros(min(1, len(order)), dtype=bool))]
    names = {name: result.series[name].to_numpy()[series[order]] for name in ("region", "indicator")}
    values: dict[str, Array] = {"value": np.concatenate([observed["value"].to_numpy(), projection.path[wanted]])}
    for level in projection.levels:
        for end, limit in zip(("lo", "hi"), projection.interval(level), strict=True):
            values[f"{end}{level_name(level)}"] = np.concatenate([np.full(len(observed), np.nan), limit[wanted]])
    words = {"method": np.where(is_ahead, projection.used[series], ""),
             "kind": np.where(is_ahead, "projected", "observed")}  # fmt: skip
    sorted_columns = {name: cells[order] for name, cells in {"year": year, **values, **words}.items()}
    return pd.DataFrame({**names, **sorted_columns})


def explain(result: Outlook) -> pd.DataFrame:
    """Tell of each series how it was projected.

    Returns
    -------
    DataFrame
        region, indicator, observations (count), last_year, method (used), and for each
        member of the combination weight_<name> (0-1) and error_<name> (mean absolute backtest error in units
        of the mean yearly change; NaN where it could not be measured), and capped_from, the first year in which
        the path was drawn in to what like series ever showed (NA where none).
    """
    projection = result.projection
    panel, used = projection.panel, projection.used
    table = result.series.assign(observations=panel.count, last_year=panel.last, method=used)
    for column, name in enumerate(projection.members):
        table[f"weight_{name}"] = projection.weights[:, column]
        table[f"error_{name}"] = projection.errors[:, column]
    capped = pd.Series(projection.panel.last + projection.capped, dtype="Int64")
    return table.assign(capped_from=capped.where(projection.capped > 0))

"""Review of projections: what would have been projected in an earlier year, against what was observed since."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd

from xk.arithmetic.projection import backtest
from xk.contracts.scheme import Scheme
from xk.errors import InputError, UsageError
from xk.pipeline.claims import Reliability, build_reliability
from xk.vocab import columns_of

NAIVE = "constant"
NAMES = ["no", *columns_of("name"), "unit"]


@dataclass(frozen=True)
class Review:
    """Projections of the past beside what happened.

    Attributes
    ----------
    rows : DataFrame
        One row a series and year that was observed: region, indicator, series, no, name_zh, name_en, unit (of the
        series), year, horizon (years after the origin), value (projected), actual, error (``actual - value``),
        scaled_error (in mean yearly changes up to the origin), naive_error (the same for no change since the origin),
        lo, hi and covered (1 or 0) for each level, method.
    coverage : DataFrame
        region (``all`` for all of them), horizon (0 for all), level, years, inside, share (per cent).
    misses : DataFrame
        Rows outside the interval of the highest level, with side (``above`` or ``below``), the farthest first.
    origin, level : int, float
        Year of the projections, and the level whose misses are named.
    reliability : Reliability
        As `build_reliability` gives it.
    """

    rows: pd.DataFrame
    coverage: pd.DataFrame
    misses: pd.DataFrame
    origin: int
    level: float
    reliability: Reliability = field(default_factory=dict)


def build_review(
    scheme: Scheme,
    observations: pd.DataFrame,
    *,
    origin: int,
    to: int,
    method: str = "auto",
    levels: Sequence[float] = (80, 95),
) -> Review:
    """Project every series of a scheme's indicators from `origin` and compare with what was observed up to `to`.

    Formula: a projection from the observations up to the origin, nothing later; coverage = years inside / years with
    an interval. Series of three points and more up to the origin and one or more after it take part, each for itself,
    between two breaks: what lies beyond a break is left out.

    Parameters
    ----------
    scheme : Scheme
    observations : DataFrame
        region, indicator, series, segment, year, value, unit; one vintage. All regions in it are reviewed.
    origin, to : int
        Last year shown to the method; last year compared.
    method : str
        Projection method.
    levels : sequence of float
        Levels of the intervals, in per cent.

    Raises
    ------
    UsageError
        `to` not after `origin`, no level, unknown method.
    InputError
        No series can be compared.
    """
    if to <= origin:
        raise UsageError(f"the last year of the review ({to}) must lie after its origin ({origin})")
    if not len(levels):
        raise UsageError("a review needs at least one level")
    known = reviewable(scheme, observations, origin=origin, to=to)
    if known.empty:
        raise InputError(f"no series has three values up to {origin} and one in {origin + 1}-{to}")
    columns = {"region": known["region"], "indicator": known["series"], "year": known["year"], "value": known["value"]}
    series, bounds = pd.DataFrame(columns).astype({"year": "int64"}), _bounds(scheme, known)
    compared = backtest(
        series,
        origins=[origin],
        horizon=to - origin,
        methods=list(dict.fromkeys([method, NAIVE])),
        levels=levels,
        bounds=bounds,
    )
    rows = _rows(scheme, known, compared, method)
    ordered = sorted(float(level) for level in levels)
    coverage = pd.concat([_coverage(rows, level) for level in ordered], ignore_index=True)
    stated = build_reliability(series, origin=origin, method=method, bounds=bounds)
    return Review(rows, coverage, _misses(rows, ordered[-1]), origin, ordered[-1], stated)


def reviewable(scheme: Scheme, observations: pd.DataFrame, *, origin: int, to: int) -> pd.DataFrame:
    """Keep the series of the scheme's indicators that have three values up to the origin and one after it, unbroken."""
    wanted = observations["indicator"].isin(scheme.indicators["indicator"]) & observations["value"].notna()
    known = observations[wanted & (observations["year"] <= to)]
    # segments count upwards: the last one up to the origin is the one projected
    projected = known["segment"].where(known["year"] <= origin).groupby(known["series"]).transform("max")
    known = known[known["segment"] == projected]
    before = (known["year"] <= origin).groupby(known["series"]).transform("sum")
    after = (known["year"] > origin).groupby(known["series"]).transform("sum")
    return known[(before >= 3) & (after >= 1)].reset_index(drop=True)


def _bounds(scheme: Scheme, known: pd.DataFrame) -> pd.DataFrame:
    owner = dict(zip(known["series"], known["indicator"], strict=True))
    bounds = scheme.indicators.set_index("indicator").loc[list(owner.values()), ["lower_bound", "upper_bound"]]
    return bounds.assign(indicator=list(owner)).reset_index(drop=True)


def _rows(scheme: Scheme, known: pd.DataFrame, compared: pd.DataFrame, method: str) -> pd.DataFrame:
    """Return the rows of the method with the names of the indicators and the error of no change beside."""
    key = ["region", "indicator", "year"]
    naive = compared.loc[compared["method"] == NAIVE, [*key, "scaled_error"]]
    rows = compared[compared["method"] == method].merge(
        naive.rename(columns={"scaled_error": "naive_error"}), on=key, how="left", validate="one_to_one"
    )
    rows = rows.rename(columns={"indicator": "series"}).assign(error=rows["actual"] - rows["value"])
    owner = known.drop_duplicates("series")[["series", "indicator", "unit"]]
    names = scheme.indicators[["indicator", *NAMES[:-1]]]
    rows = rows.merge(owner.merge(names, on="indicator"), on="series", how="left", validate="many_to_one")
    ends = [name for name in rows.columns if name.startswith(("lo", "hi", "covered")) and name[-1].isdigit()]
    shown = ["region", "indicator", "series", *NAMES, "year", "horizon", "value", "actual", "error"]
    order = {slug: place for place, slug in enumerate(scheme.lines)}
    rows = rows.assign(place=rows["indicator"].map(order)).sort_values(["region", "place", "series", "year"])
    return rows[[*shown, "scaled_error", "naive_error", *ends, "method"]].reset_index(drop=True)


def _coverage(rows: pd.DataFrame, level: float) -> pd.DataFrame:
    """Count the years inside the intervals of a level: by region and horizon, and in all."""
    known = list(rows[["region", "horizon", f"covered{level:g}"]].dropna().itertuples(index=False, name=None))
    found: dict[tuple[str, int], list[float]] = {}
    for any_horizon, any_region in product((False, True), repeat=2):
        for region, horizon, inside in known:
            key = "all" if any_region else region, 0 if any_horizon else horizon
            found.setdefault(key, []).append(inside)
    counted = [
        (*key, level, len(inside), int(sum(inside)), 100 * sum(inside) / len(inside)) for key, inside in found.items()
    ]
    return pd.DataFrame(counted, columns=["region", "horizon", "level", "years", "inside", "share"])


def _misses(rows: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the rows outside the interval of a level, the farthest in mean yearly changes first."""
    outside = rows[rows[f"covered{level:g}"] == 0]
    side = np.where(outside["actual"] > outside[f"hi{level:g}"], "above", "below")
    missed = outside.assign(side=side).sort_values("scaled_error", ascending=False, kind="stable")
    return missed.reset_index(drop=True)

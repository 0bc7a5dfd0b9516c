"""Review of projections: what would have been projected in an earlier year, against what was observed since.

Stated odds against what came, over the series of a review: met in a year, held every year, reached by a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.arithmetic.calibration import OddsClass, count_classes
from xk.arithmetic.projection import Projection, backtest, outlook, probability
from xk.arithmetic.projection.backtesting import mean_change
from xk.arithmetic.projection.odds import met_by_draw
from xk.arithmetic.projection.panel import Levels
from xk.arithmetic.target import Target, meets
from xk.contracts.records import Record, records
from xk.contracts.scheme import Scheme
from xk.errors import InputError, UsageError
from xk.vocab import columns_of

AWAY = (-4, -2, -1, -0.5, 0, 0.5, 1, 2, 4, 8)
"""Targets of a review: the last known value, and so many mean yearly changes from it."""
CLAIMS = ("met", "held", "reached")

Reliability = dict[str, tuple[OddsClass, ...]]
"""Claim -> what was stated of it in each class of odds, and what came."""
Case = tuple[int, Target]
"""A series by its row, and what it is asked."""


def build_reliability(
    known: pd.DataFrame, *, origin: int, method: str, bounds: pd.DataFrame | None = None
) -> Reliability:
    """Return what the projections from a year would have stated of targets about the last value, and what came of it.

    Targets lie `AWAY` mean yearly changes from the last known value, upwards and downwards, within the natural bounds;
    the year is the last one observed. ``met``: in that year; ``held``: in every year to it, where all were observed;
    ``reached``: in one of these at the least, of targets not met yet. Source: own definition (docs/en/projection.md).

    Parameters
    ----------
    known : DataFrame
        region, indicator (the series), year, value, each series with a value after the origin.
    origin : int
        Last year that is known.
    method : str
        Projection method.
    bounds : DataFrame, optional
        indicator, lower_bound, upper_bound.
    """
    past, later = known[known["year"] <= origin], known[known["year"] > origin]
    ahead = outlook(past, to=int(later["year"].max()), method=method, bounds=bounds)
    change = {(row["region"], row["indicator"]): float(row["mean_change"]) for row in records(mean_change(past))}
    cases: list[tuple[Case, npt.NDArray[np.float64]]] = []
    for (region, indicator), rows in later.groupby(["region", "indicator"], sort=False):
        number, step = ahead.row(str(region), str(indicator)), change[str(region), str(indicator)]
        came = rows.sort_values("year")
        last, spread = float(ahead.projection.panel.grid[number, -1]), ahead.projection.distribution
        ends = float(spread.lower[number]), float(spread.upper[number])
        asked = _targets(last, step, ends, came["year"].tolist())
        cases += [((number, one), came["value"].to_numpy()) for one in asked]
    if not cases:
        return {claim: () for claim in CLAIMS}
    return {claim: _classes(claim, cases, ahead.projection, origin) for claim in CLAIMS}


def _targets(last: float, step: float, ends: tuple[float, float], years: Sequence[int]) -> list[Target]:
    """Return what one series is asked for in the last of some years; nothing of one that never changed."""
    if not step > 0:
        return []
    asked = [(direction, last + away * step * (-1 if direction == "inverse" else 1))
             for away, direction in product(AWAY, ("positive", "inverse"))]  # fmt: skip
    return [
        Target(direction, value, year=years[-1], hold_from=years[0], hold_to=years[-1])
        for direction, value in asked
        if ends[0] < value < ends[1]
    ]


def _classes(
    claim: str, cases: Sequence[tuple[Case, npt.NDArray[np.float64]]], projection: Projection, origin: int
) -> tuple[OddsClass, ...]:
    """Return the classes of one claim; the cases of one series stand or fall together."""
    kept = [
        ((number, target), values)
        for (number, target), values in cases
        if claim == "met" or (len(values) == (target.year or 0) - origin)
        if claim != "reached" or not meets(projection.panel.grid[number, -1], target)
    ]
    if not kept:
        return ()
    rows = np.array([number for (number, _), _ in kept])
    targets = [target.alone if claim == "met" else target for (_, target), _ in kept]
    came = [meets(values, target) for (_, target), values in kept]
    true = [one[-1] if claim == "met" else one.all() if claim == "held" else one.any() for one in came]
    asked = _rows_of(projection, rows)
    odds = reached_odds(asked, targets) if claim == "reached" else probability(asked, targets, after=origin)
    return count_classes(odds, true, rows.tolist())


def _rows_of(projection: Projection, rows: npt.NDArray[np.int64]) -> Projection:
    """Return the projection of some series, which may stand in it more than once."""
    panel = projection.panel
    return replace(
        projection,
        panel=replace(panel, grid=panel.grid[rows], last=panel.last[rows], count=panel.count[rows]),
        path=projection.path[rows],
        distribution=projection.distribution.take(rows),
    )


def reached_odds(projection: Projection, targets: Sequence[Target]) -> npt.NDArray[np.float64]:
    """Return the odds that each target is met in one year at the least, up to its own; NaN without an interval."""
    due = np.array([target.due or 0 for target in targets]) - projection.panel.last
    ahead, odds = np.arange(1, projection.path.shape[1] + 1), np.full(len(targets), np.nan)
    for part, inside in met_by_draw(projection, targets, np.arange(len(targets))):
        odds[part] = (inside & (ahead <= due[part, None])[:, None]).any(axis=2).mean(axis=1)
    return np.where(np.isnan(projection.distribution.up).any(axis=1), np.nan, odds)


def reliability_rows(reliability: Reliability) -> list[Record]:
    """Return the classes as rows that go out, one a claim and class that has cases."""
    return [
        {
            "claim": claim, "odds_from": one.low, "odds_to": one.high, "cases": one.cases, "came": one.came,
            "independent": one.independent, "stated": one.stated, "share_came": one.share, "band": one.band,
        }
        for claim, classes in reliability.items()
        for one in classes
        if one.cases
    ]  # fmt: skip


NAIVE = "constant"
NAMES = ["no", *columns_of("name"), "unit"]


@dataclass(frozen=True)
class Review:
    """Projections of the past beside what happened.

    Attributes
    ----------
    rows : DataFrame
        One row a series and year that was observed: region, indicator, series, no, name_zh, name_en, unit (of the
        series), price_base, year, horizon (years after the origin), value (projected), actual, error
        (``actual - value``), scaled_error (in mean yearly changes up to the origin), naive_error (the same for no
        change since the origin), lo, hi and covered (1 or 0) for each level, method.
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
    scheme: Scheme, observations: pd.DataFrame, *, origin: int, to: int, method: str = "auto", levels: Levels = (80, 95)
) -> Review:
    """Project every series of a scheme's indicators from `origin` and compare with what was observed up to `to`.

    Formula: a projection from the observations up to the origin, nothing later; coverage = years inside / years with
    an interval. Series of three points and more up to the origin and one or more after it take part, each for itself,
    between two breaks: what lies beyond a break is left out.

    Parameters
    ----------
    scheme : Scheme
    observations : DataFrame
        region, indicator, series, segment, year, value, unit, price_base; one vintage. All regions in it are reviewed.
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
    methods = list(dict.fromkeys([method, NAIVE]))
    compared = backtest(series, origins=[origin], horizon=to - origin, methods=methods, levels=levels, bounds=bounds)
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
    owner = known.drop_duplicates("series").reindex(columns=["series", "indicator", "unit", "price_base"])
    names = scheme.indicators[["indicator", *NAMES[:-1]]]
    rows = rows.merge(owner.merge(names, on="indicator"), on="series", how="left", validate="many_to_one")
    ends = [name for name in rows.columns if name.startswith(("lo", "hi", "covered")) and name[-1].isdigit()]
    shown = ["region", "indicator", "series", *NAMES, "price_base", "year", "horizon", "value", "actual", "error"]
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
    tallies = ((key, len(each), int(sum(each)), 100 * sum(each) / len(each)) for key, each in found.items())
    counted = [(*key, level, *tally) for key, *tally in tallies]
    return pd.DataFrame(counted, columns=["region", "horizon", "level", "years", "inside", "share"])


def _misses(rows: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the rows outside the interval of a level, the farthest in mean yearly changes first."""
    outside = rows[rows[f"covered{level:g}"] == 0]
    side = np.where(outside["actual"] > outside[f"hi{level:g}"], "above", "below")
    missed = outside.assign(side=side).sort_values("scaled_error", ascending=False, kind="stable")
    return missed.reset_index(drop=True)

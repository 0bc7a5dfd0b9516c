"""The path of a line on another scale: observed figures, projection, interval and target."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xk.arithmetic.prices import Indices, rebase
from xk.arithmetic.scales import on_scale
from xk.contracts.scheme import Scheme
from xk.pipeline import Results
from xk.vocab import AHEAD_KINDS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scaled:
    """The path of a line of one region, years ascending.

    Attributes
    ----------
    indicator, region, scale : str
    year, value : array of float, shape (n,)
        On the scale.
    raw : array of float, shape (n,)
        The values themselves.
    kind : array of str, shape (n,)
        How each came about.
    ends : mapping
        Level -> lower and upper ends, for scales that keep the order of values.
    target : float
        On the scale; NaN where there is none, or none on this scale.
    """

    indicator: str
    region: str
    scale: str
    year: Floats = field(repr=False)
    value: Floats = field(repr=False)
    raw: Floats = field(repr=False)
    kind: NDArray[np.object_] = field(repr=False)
    ends: Mapping[int, tuple[Floats, Floats]] = field(repr=False)
    target: float = math.nan

    @property
    def ahead(self) -> NDArray[np.bool_]:
        """Which years are projected."""
        return np.isin(self.kind, AHEAD_KINDS)


def build_scaled(
    results: Results, indicator: str, scale: str, *, since: int | None = None, indices: Indices | None = None
) -> Scaled:
    """Return the path of one line on a scale; raise UsageError where it cannot be on it (see `on_scale`).

    `since`: the first year, so that the indices of several regions have the same base. `indices`: price indices of the
    region; at current prices only what was observed stands, as nobody knows the prices of years ahead.
    """
    line, path = results.line(indicator).line, results.path(indicator)
    path = path[path["value"].notna() & (path["year"] >= (since or 0))]
    prices = prices_of_line(results.scheme, line.indicator, indices or {}) if scale == "current_prices" else {}
    if scale == "current_prices":
        path = path[path["year"].isin(list(prices)) & ~path["kind"].isin(AHEAD_KINDS)]
        prices = prices if len(path) else {}
    year, raw = path["year"].to_numpy(float), path["value"].to_numpy(float)
    value = on_scale(raw, year, scale, target=line.target_value, prices=prices)
    # of the scales that multiply, the factor; changes have no interval of their own
    factor = value[0] / raw[0] if raw.size and scale in ("index", "target_share") else 1.0
    ends = {} if scale in ("change", "current_prices") else {
        level: (factor * path[f"lo{level}"].to_numpy(float), factor * path[f"hi{level}"].to_numpy(float))
        for level in results.settings.levels
    }  # fmt: skip
    target = math.nan if scale in ("change", "current_prices") else factor * line.target_value
    region = results.settings.region
    return Scaled(line.indicator, region, scale, year, value, raw, path["kind"].to_numpy(object), ends, target)


def prices_of_line(scheme: Scheme, indicator: str, indices: Indices) -> dict[int, float]:
    """Return the price index of a line, 100 in the year whose prices it is at; empty where there is none."""
    row = scheme.indicators.set_index("indicator").loc[indicator]
    base, index = str(row["price_base"]), indices.get(str(row.get("deflator", "")))
    return rebase(index.values, int(base)) if index and base.isdecimal() and int(base) in index.values else {}

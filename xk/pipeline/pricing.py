"""Prices: which figures are comparable with their targets, and what they would be in the targets' prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from xk.arithmetic.prices import compare_scheme, convert_latest, deflator_of, illustrate_prices
from xk.pipeline.paths import reference_regions

if TYPE_CHECKING:
    from xk.pipeline import Results


@dataclass(frozen=True)
class Prices:
    """What is comparable with its target, and figures brought to its prices by the index of a region.

    Attributes
    ----------
    comparisons, illustration, converted : DataFrame
        As `compare_scheme`, `illustrate_prices` and `convert_latest` give them; the last two None without an index.
    region, kind : str
        Whose price index it is, and of which kind; empty where there is none.
    """

    comparisons: pd.DataFrame
    illustration: pd.DataFrame | None = None
    converted: pd.DataFrame | None = None
    region: str = ""
    kind: str = ""


def build_prices(results: Results, *, regions: pd.DataFrame, deflators: pd.DataFrame) -> Prices:
    """Return what prices do to results, by the price index of the region or the nearest one above that has one.

    Parameters
    ----------
    results : Results
    regions : DataFrame
        region, parent.
    deflators : DataFrame
        region, base_year, year, index, source_id, kind; may be empty.
    """
    indicators, region = results.scheme.indicators, results.settings.region
    comparisons = compare_scheme(indicators)
    known = set(deflators["region"]) if len(deflators) else set()
    near = next((name for name in (region, *reference_regions(region, regions)) if name in known), None)
    if near is None:
        return Prices(comparisons)
    kind, index = deflator_of(deflators, near)
    illustration = illustrate_prices(indicators, index)
    return Prices(comparisons, illustration, convert_latest(results.history, indicators, index=index), near, kind)

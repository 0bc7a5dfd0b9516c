"""Prices: which figures are comparable with their targets, and what they would be in the targets' prices."""

from dataclasses import dataclass

import pandas as pd

from xk.arithmetic.prices import (
    compare_scheme,
    convert_baselines,
    convert_latest,
    illustrate_prices,
    missing_indices,
    nearest_indices,
)
from xk.contracts.records import Record
from xk.pipeline import Results
from xk.pipeline.paths import reference_regions


@dataclass(frozen=True)
class Prices:
    """What is comparable with its target, and figures brought to its prices by the index that serves them.

    Attributes
    ----------
    comparisons, illustration, converted : DataFrame
        As `compare_scheme`, `illustrate_prices`, and `convert_baselines` and `convert_latest` give them.
    missing : list of dict
        Figures that an index does not reach (see `missing_indices`), and its years, of which some may be lacking.
    """

    comparisons: pd.DataFrame
    illustration: pd.DataFrame
    converted: pd.DataFrame
    missing: list[Record]


def build_prices(results: Results, *, regions: pd.DataFrame, deflators: pd.DataFrame) -> Prices:
    """Return what prices do to results: income by consumer prices, output by its deflator.

    The indices are those of the region or the nearest one above that has one.

    Parameters
    ----------
    results : Results
    regions : DataFrame
        region, parent.
    deflators : DataFrame
        region, base_year, year, index, source_id, kind; may be empty.
    """
    indicators, region = results.scheme.indicators, results.settings.region
    indices = nearest_indices(deflators, [region, *reference_regions(region, regions)])
    both = [convert_baselines(indicators, indices), convert_latest(results.history, indicators, indices=indices)]
    converted = pd.concat(both, ignore_index=True).drop_duplicates(["indicator", "year", "value"])
    years = {(index.region, index.kind): sorted(index.values) for index in indices.values()}
    missing = [
        row | {"years": years[row["index_region"], row["index_kind"]]}
        for row in missing_indices(results.history, indicators, indices=indices)
    ]
    comparisons = compare_scheme(indicators)
    if results.is_yardstick:  # whose baselines the programme does not set
        comparisons["rule"] = comparisons["rule"].replace("no_baseline", "no_baseline_here")
    return Prices(comparisons, illustrate_prices(indicators, indices), converted, missing)

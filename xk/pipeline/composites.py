"""Attainment of composite indicators: the plain mean of their parts."""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from xk.contracts.records import records_by
from xk.contracts.scheme import Scheme
from xk.vocab import AHEAD_KINDS


def mean_of_parts(attainments: Iterable[float], *, complete: bool = False) -> float:
    """Return the attainment of a composite from that of its parts, in per cent: the mean of those that are known.

    NaN where none is, or with `complete` where one is not.
    """
    every = list(attainments)
    known = [one for one in every if not math.isnan(one)]
    return float(np.mean(known)) if known and not (complete and len(known) < len(every)) else math.nan


def build_composite_years(scheme: Scheme, yearly: pd.DataFrame) -> pd.DataFrame:
    """Return the attainment of the composite indicators in the years in which all parts have one.

    Other years are left out: parts that come and go would move the mean (the summary says how many are known).

    Parameters
    ----------
    scheme : Scheme
    yearly : DataFrame
        indicator, year, kind, attainment, as `build_yearly` gives them.

    Returns
    -------
    DataFrame
        indicator, year, attainment, kind: ``projected`` where a part's figure is, else ``observed``.
    """
    points = records_by(yearly[["indicator", "year", "kind", "attainment"]], "indicator")
    rows = []
    for name in scheme.lines:
        parts = [{point["year"]: point for point in points.get(part, [])} for part in scheme.parts(name)]
        for year in sorted(set.intersection(*map(set, parts))) if parts else ():
            mean = mean_of_parts((part[year]["attainment"] for part in parts), complete=True)
            ahead = any(part[year]["kind"] in AHEAD_KINDS for part in parts)
            if not math.isnan(mean):
                rows.append((name, year, mean, "projected" if ahead else "observed"))
    return pd.DataFrame(rows, columns=["indicator", "year", "attainment", "kind"])

"""A scheme under other weights than its own."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from xk.contracts.scheme import Scheme
from xk.errors import Fault, nearest, raise_faults


def weigh_scheme(scheme: Scheme, weights: pd.DataFrame) -> Scheme:
    """Return the scheme with given weights in place of its own; it is not changed itself.

    Parameters
    ----------
    scheme : Scheme
    weights : DataFrame
        indicator, weight: a row for every indicator; parts without one weigh the same.

    Raises
    ------
    InputError
        An indicator is unknown or has no weight.
    """
    known = list(scheme.indicators["indicator"])
    given = dict(zip(weights["indicator"], weights["weight"].astype(float), strict=True))
    top = scheme.indicators.loc[scheme.indicators["parent"].isna(), "indicator"]
    faults = [Fault("", None, name, "is no indicator", nearest(name, known)) for name in given if name not in known]
    faults += [Fault("", None, name, "has no weight") for name in top if name not in given]
    raise_faults(faults)
    column = scheme.indicators["indicator"].map(given).astype(float)
    return replace(scheme, indicators=scheme.indicators.assign(weight=column), weights="given")

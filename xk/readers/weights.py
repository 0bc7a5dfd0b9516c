"""Weights of an index as a file: other weights for the lines of a scheme."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from xk.contracts.faults import duplicate_faults
from xk.contracts.scheme import Scheme
from xk.errors import Fault, nearest, raise_faults
from xk.readers.text import read_typed, shown

WEIGHTS = pa.DataFrameSchema({"indicator": pa.Column(str), "weight": pa.Column(float)})
TOLERANCE = 1e-9


def read_weights(path: str | Path, *, scheme: Scheme, total: float | None = None) -> pd.DataFrame:
    """Read weights for the lines of a scheme from a CSV file.

    Parameters
    ----------
    path : str or Path
        Columns indicator, weight: a row for every indicator of the scheme; parts of a composite may be left out
        and then weigh the same. Weights are relative; 0 leaves a line out.
    scheme : Scheme
        Whose lines they are.
    total : float, optional
        What the weights of the indicators must add up to (100, 1); not asked if not given.

    Returns
    -------
    DataFrame
        indicator, weight; fit for :func:`xk.pipeline.weighting.weigh_scheme`.

    Raises
    ------
    InputError
        With every fault: unknown or missing indicators, weights below 0, a sum that is not `total`.
    """
    file = shown(Path(path))
    frame, faults = read_typed(Path(path), WEIGHTS)
    raise_faults(faults)
    known = list(scheme.indicators["indicator"])
    top = scheme.indicators.loc[scheme.indicators["parent"].isna(), "indicator"]
    faults = duplicate_faults(frame, ["indicator"], file)
    for row, name, weight in frame[["indicator", "weight"]].itertuples(name=None):
        if name not in known:
            faults.append(Fault(file, int(row), "indicator", f"unknown indicator {name!r}", nearest(str(name), known)))
        if not weight >= 0:
            faults.append(Fault(file, int(row), "weight", f"weight of {name!r} is {weight:g}", "give 0 or more"))
    faults += [
        Fault(file, None, "indicator", f"{name} has no weight", "add a row for it")
        for name in top
        if name not in set(frame["indicator"])
    ]
    raise_faults(faults)
    found = float(frame.loc[frame["indicator"].isin(top), "weight"].sum())
    if total is not None and abs(found - total) > TOLERANCE * max(abs(total), 1):
        message = f"the weights add up to {found:g}, not {total:g}"
        raise_faults([Fault(file, None, "weight", message, "mend the weights or the sum that is asked for")])
    return frame.reset_index(drop=True)

"""A scheme under other weights than its own."""

import math
from collections.abc import Mapping
from dataclasses import replace

from xk.contracts.scheme import Scheme
from xk.errors import Fault, nearest, raise_faults

CHOSEN = "chosen"


def weigh_scheme(scheme: Scheme, weights: Mapping[str, float]) -> Scheme:
    """Return the scheme with chosen weights in place of its own; it is not changed itself.

    Parameters
    ----------
    scheme : Scheme
    weights : mapping
        Line -> weight, relative, 0 leaving it out: of every indicator; parts without one weigh the same.

    Raises
    ------
    InputError
        With every fault that `weight_faults` finds.
    """
    raise_faults(weight_faults(weights, scheme))
    column = scheme.indicators["indicator"].map(weights).astype(float)
    return replace(scheme, indicators=scheme.indicators.assign(weight=column), weights=CHOSEN)


def weight_faults(
    weights: Mapping[str, float], scheme: Scheme, file: str = "", *, rows: Mapping[str, int] | None = None
) -> list[Fault]:
    """Return what is wrong with weights: unknown or missing indicators, what is no number of 0 or more.

    `rows`: line -> its row in `file`.
    """
    known, at = list(scheme.indicators["indicator"]), rows or {}
    top = scheme.indicators.loc[scheme.indicators["parent"].isna(), "indicator"]
    faults = [Fault(file, None, "indicator", f"{name} has no weight", "add it") for name in top if name not in weights]
    for name, weight in weights.items():
        if name not in known:
            faults.append(Fault(file, at.get(name), "indicator", f"unknown indicator {name!r}", nearest(name, known)))
        if not isinstance(weight, int | float) or not 0 <= weight < math.inf:
            message = f"weight of {name!r} is {weight!r}"
            faults.append(Fault(file, at.get(name), "weight", message, "give a number of 0 or more"))
    return faults

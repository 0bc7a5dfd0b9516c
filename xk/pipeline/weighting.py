"""A scheme under other weights than its own."""

from collections.abc import Mapping
from dataclasses import replace

from xk.contracts.scheme import Scheme
from xk.contracts.scheme_tables import weight_faults
from xk.errors import raise_faults

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

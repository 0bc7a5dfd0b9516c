"""Weights of an index as a file: other weights for the lines of a scheme."""

from pathlib import Path

from xk.contracts.declarations import contract_of
from xk.contracts.faults import duplicate_faults
from xk.contracts.scheme import Scheme
from xk.contracts.scheme_tables import weight_faults
from xk.errors import raise_faults
from xk.readers.naming import Names
from xk.readers.text import read_typed, shown


def read_weights(path: str | Path, *, scheme: Scheme, names: Names | None = None) -> dict[str, float]:
    """Read weights for the lines of a scheme from a CSV file, checked, as a mapping: line -> weight.

    Parameters
    ----------
    path : str or Path
        Columns indicator, weight: a row for every indicator of the scheme; parts of a composite may be left out
        and then weigh the same. Weights are relative; 0 leaves a line out.
    scheme : Scheme
        Whose lines they are.
    names : Names, optional
        Which names of indicators are known besides slugs.

    Raises
    ------
    InputError
        With every fault: a line twice, unknown or missing indicators, weights below 0.
    """
    file = shown(Path(path))
    frame, faults = read_typed(Path(path), contract_of("weights"))
    raise_faults(faults)
    if names is not None:
        frame["indicator"] = names.column("indicator", frame["indicator"])
    weights = dict(zip(frame["indicator"], frame["weight"].tolist(), strict=True))
    rows = dict(zip(frame["indicator"], frame.index, strict=True))
    raise_faults(duplicate_faults(frame, ["indicator"], file) + weight_faults(weights, scheme, file, rows=rows))
    return weights

"""Composite index: attainment of the indicators, up to domains and the total, with coverage beside it."""

from __future__ import annotations

import pandas as pd

from xk.composite import composite_index, weight_tree
from xk.scheme import Scheme

BASES = {"latest": "attainment", "target": "projected_attainment"}


def build_index(scheme: Scheme, summary: pd.DataFrame) -> pd.DataFrame:
    """Return the index by domain and in total, by latest figures and as projected for the target year.

    Returns
    -------
    DataFrame
        level (domain or ``total``), basis (latest or target), value (per cent), coverage (per cent of weight).
        A level without any attainment has NaN and a coverage of 0.
    """
    tree = weight_tree(scheme.indicators, weighting=scheme.weights)
    parents = set(tree["parent"])
    leaves = [name for name in scheme.indicators["indicator"] if name not in parents]
    scores = pd.DataFrame(
        [summary.set_index("indicator")[column].reindex(leaves).astype(float) for column in BASES.values()],
        index=list(BASES),
    )
    found = composite_index(scores, tree)
    levels = [*scheme.domain_names(), "total"]
    frames = [
        pd.DataFrame(
            {
                "level": levels,
                "basis": basis,
                "value": found.nodes.loc[basis].reindex(levels).to_numpy(float),
                "coverage": 100 * found.node_coverage.loc[basis].reindex(levels).to_numpy(float),
            }
        )
        for basis in BASES
    ]
    return pd.concat(frames, ignore_index=True)

"""Composite index (综合指数): weighted means up a tree of domains, contributions, robustness."""

from xk.arithmetic.index.composite import (
    MIN_COVERAGE,
    IndexResult,
    IndexTable,
    composite_index,
    level_indices,
    used_weights,
)
from xk.arithmetic.index.hdi import hdi
from xk.arithmetic.index.robustness import Robustness, leave_one_out, rank_regions, robustness
from xk.arithmetic.index.weights import UNREAD, Tree, build_tree, effective_weights, weight_tree

__all__ = [
    "MIN_COVERAGE",
    "UNREAD",
    "IndexResult",
    "IndexTable",
    "Robustness",
    "Tree",
    "build_tree",
    "composite_index",
    "effective_weights",
    "hdi",
    "leave_one_out",
    "level_indices",
    "rank_regions",
    "robustness",
    "used_weights",
    "weight_tree",
]

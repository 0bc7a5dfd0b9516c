"""Composite index (综合指数): weighted means up a tree of domains, contributions, robustness."""

from xk.arithmetic.index.composite import IndexResult, IndexTable, composite_index
from xk.arithmetic.index.hdi import hdi
from xk.arithmetic.index.robustness import Robustness, leave_one_out, rank_regions, robustness
from xk.arithmetic.index.weights import Tree, build_tree, effective_weights, weight_tree

__all__ = [
    "IndexResult",
    "IndexTable",
    "Robustness",
    "Tree",
    "build_tree",
    "composite_index",
    "effective_weights",
    "hdi",
    "leave_one_out",
    "rank_regions",
    "robustness",
    "weight_tree",
]

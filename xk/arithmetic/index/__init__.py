"""Composite index (综合指数): weighted means up a tree of domains, contributions, robustness."""

from xk.arithmetic.index.composite import MIN_COVERAGE, composite_index, level_indices, used_weights
from xk.arithmetic.index.hdi import hdi
from xk.arithmetic.index.robustness import leave_one_out, robustness
from xk.arithmetic.index.weights import UNREAD, Tree, build_tree, effective_weights, weight_tree

__all__ = [
    "MIN_COVERAGE", "Tree", "UNREAD", "build_tree", "composite_index", "effective_weights", "hdi",
    "leave_one_out", "level_indices", "robustness", "used_weights", "weight_tree",
]  # fmt: skip

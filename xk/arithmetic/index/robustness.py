"""How firm index and ranks are: other weights, other normalisations, one indicator less."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xk.arithmetic.index.composite import as_rows, level_indices
from xk.arithmetic.index.weights import Array, Tree, Weights, named_tree
from xk.errors import UsageError

CHUNK = 1000  # draws held in memory at once
LEVELS = (0.05, 0.5, 0.95)
SEED = 20_160_101


@dataclass(frozen=True)
class Robustness:
    """What the draws gave.

    Attributes
    ----------
    index : DataFrame
        By region: `nominal`, `mean`, `low` (5 %), `median`, `high` (95 %), in the unit of the scores.
    ranks : DataFrame or None
        The same of the ranks, 1 = best; None for a single region.
    without : DataFrame
        Index by region (rows) when the indicator (column) is left out.
    ranks_without : DataFrame or None
        Ranks in the same form.
    """

    index: pd.DataFrame
    ranks: pd.DataFrame | None
    without: pd.DataFrame
    ranks_without: pd.DataFrame | None


def robustness(
    scores: pd.DataFrame | Mapping[str, pd.DataFrame],
    weights: Weights,
    *,
    draws: int = 10_000,
    noise: float = 0.25,
    seed: int = SEED,
) -> Robustness:
    """Draw other weights and normalisations and report the range of index and rank.

    Parameters
    ----------
    scores : DataFrame, or mapping of name to DataFrame
        Regions by indicator. Several frames are the same figures under several normalisations, of which
        each draw takes one at random; the first is the nominal one. They need one unit.
    weights : mapping, Series or DataFrame
        As in `composite_index`.
    draws : int
        Number of draws.
    noise : float
        f in ``w (1 + f u)``, u uniform in (-1, 1), drawn for every weight of the tree; 0..1.
    seed : int
        The same seed gives the same figures.

    Returns
    -------
    Robustness
        5, 50 and 95 % points of index and rank, and both with each indicator left out; ranks of two regions or more.

    Raises
    ------
    UsageError
        No draw; noise outside 0..1; frames that do not match.

    Notes
    -----
    Arithmetic means over what is present; a region without data has no index in any draw. Sources: OECD and
    JRC, Handbook on Constructing Composite Indicators (2008), step 7; COINr ``get_noisy_weights``,
    ``remove_elements``.
    """
    if draws < 1 or not 0 <= noise <= 1:
        raise UsageError(f"draws is {draws}, noise {noise:g}; use at least 1 draw and a noise of 0 to 1")
    frames = list(scores.values()) if isinstance(scores, Mapping) else [scores]
    tree = named_tree(weights, frames[0])
    frames = [as_rows(frame, tree)[0] for frame in frames]
    index = frames[0].index
    if not all(frame.index.equals(index) for frame in frames):
        raise UsageError("the frames of scores must have the same regions in the same order")
    scored = [(frame.to_numpy(), level_indices(frame.to_numpy(), tree)[0]) for frame in frames]
    drawn = _draw_all(tree, scored, draws, noise, seed)
    nominal, left_out = scored[0][1][:, -1], leave_one_out(frames[0], tree)
    ranked = len(index) > 1
    return Robustness(
        _summary(nominal, drawn, index, "linear"),
        _summary(_ranks(nominal[:, None])[:, 0], _ranks(drawn), index, "inverted_cdf") if ranked else None,
        left_out,
        rank_regions(left_out) if ranked else None,
    )


def leave_one_out(scores: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """Return the index by region (rows) with each indicator (column) left out in turn.

    Parameters, formula, unit and source as in `robustness`; the other weights are rescaled.
    """
    tree = named_tree(weights, scores)
    frame = as_rows(scores, tree)[0]
    # the rows of all regions, once for each leaf that is missing in them
    less = np.repeat(frame.to_numpy()[None], len(tree.leaves), axis=0)
    less[range(len(tree.leaves)), :, range(len(tree.leaves))] = np.nan
    left = level_indices(less.reshape(-1, len(tree.leaves)), tree)[0][:, -1].reshape(len(tree.leaves), -1)
    return pd.DataFrame(left.T, index=frame.index, columns=list(tree.leaves))


def rank_regions(index: pd.DataFrame) -> pd.DataFrame:
    """Return ranks by column: 1 = highest index, equal ones share the better rank, NaN stays NaN.

    Raises
    ------
    UsageError
        There is only one region, which has no rank.
    """
    if len(index) < 2:
        raise UsageError("ranks need at least two regions")
    return pd.DataFrame(_ranks(index.to_numpy()), index=index.index, columns=index.columns)


def _draw_all(tree: Tree, scored: list[tuple[Array, Array]], draws: int, noise: float, seed: int) -> Array:
    """Return the index by region and draw; `scored`: scores and means of the tree, for each normalisation."""
    random = np.random.default_rng(seed)
    drawn = np.empty((len(scored[0][0]), draws))
    for start in range(0, draws, CHUNK):
        size = min(CHUNK, draws - start)
        which = random.integers(len(scored), size=size)
        noisy = [
            node.weights[:, None] * (1 + noise * random.uniform(-1, 1, (len(node.weights), size)))
            for node in tree.nodes
        ]
        for k, (scores, means) in enumerate(scored):
            at = np.flatnonzero(which == k)
            drawn[:, start + at] = _draw(tree, scores, np.isnan(means), [one[:, at] for one in noisy])
    return drawn


def _draw(tree: Tree, scores: Array, withheld: NDArray[np.bool_], weights: list[Array]) -> Array:
    """Return the index by region and draw; as `evaluate`, with one set of weights a draw."""
    present = (~np.isnan(scores)).astype(float)
    filled = np.nan_to_num(scores)
    values: list[Array] = []
    for node, given in zip(tree.nodes, weights, strict=True):
        leaf, inner = np.split(given, [len(node.leaves)])
        has = present[:, node.leaves]
        top, weight = (filled[:, node.leaves] * has) @ leaf, has @ leaf
        for child, row in zip(node.nodes, inner, strict=True):
            share = (~withheld[:, child]).astype(float)[:, None] * row
            top = top + share * values[child]
            weight = weight + share
        values.append(np.divide(top, weight, out=np.zeros_like(top), where=weight > 0))
    return np.where(withheld[:, [-1]], np.nan, values[-1])


def _ranks(index: Array) -> Array:
    """Rank by column, 1 = highest, equal ones share the better rank, NaN stays NaN."""
    return pd.DataFrame(index).rank(method="min", ascending=False).to_numpy()


def _summary(nominal: Array, drawn: Array, index: pd.Index, method: Literal["linear", "inverted_cdf"]) -> pd.DataFrame:
    points = np.full((len(LEVELS), len(drawn)), np.nan)
    mean = np.full(len(drawn), np.nan)
    shown = ~np.isnan(drawn).any(axis=1)
    if shown.any():
        points[:, shown] = np.quantile(drawn[shown], LEVELS, axis=1, method=method)
        mean[shown] = drawn[shown].mean(axis=1)
    columns = {"nominal": nominal, "mean": mean, "low": points[0], "median": points[1], "high": points[2]}
    return pd.DataFrame(columns, index=index)

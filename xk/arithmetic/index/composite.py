"""The index itself: weighted means up the tree, coverage beside each, contributions that add up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict, Unpack, overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xk.arithmetic.index.weights import Array, Node, Tree, Weights, effective_weights, named_tree, per_node
from xk.errors import Fault, InputError, UsageError, check_known, nearest, raise_faults

HOWS = ("arithmetic", "geometric")
MISSING = ("reweight", "zero", "raise")
MIN_COVERAGE = 0.5  # share of weight with data under which an index says nothing of the whole
TOLERANCE = 1e-12  # of a share of weight that is met exactly but for rounding

Boolean = NDArray[np.bool_]
How = str | Mapping[str, str]
MinCoverage = float | Mapping[str, float]
Row = pd.Series | Mapping[str, float] | list[float]
Scores = pd.DataFrame | Row | Array


@dataclass(frozen=True)
class IndexTable:
    """Index of many rows (regions, years, draws).

    Attributes
    ----------
    value : Series
        The index by row, in the unit of the scores; NaN where withheld, with the reason in `reason`.
    coverage : Series
        Share of the weight that has data, 0..1.
    contributions : DataFrame
        Rows by indicator; the present ones add up to `value` (NaN: no score, or index withheld).
    nodes, node_coverage : DataFrame
        The same for every mean in the tree (domains, ..., total last).
    weights : Series
        Effective weights, adding up to 1.
    reason : Series
        "" , ``no_data`` or ``coverage_below_minimum``.
    """

    value: pd.Series
    coverage: pd.Series
    contributions: pd.DataFrame
    nodes: pd.DataFrame
    node_coverage: pd.DataFrame
    weights: pd.Series
    reason: pd.Series


@dataclass(frozen=True)
class IndexResult:
    """Index of one row; attributes as in `IndexTable`, with plain numbers for `value` and `coverage`."""

    value: float
    coverage: float
    contributions: pd.Series
    nodes: pd.Series
    node_coverage: pd.Series
    weights: pd.Series
    reason: str

    def __float__(self) -> float:
        return self.value


class Asked(TypedDict, total=False):
    """How `composite_index` averages."""

    how: How
    missing: str
    min_coverage: MinCoverage


@overload
def composite_index(scores: pd.DataFrame, weights: Weights, **asked: Unpack[Asked]) -> IndexTable: ...
@overload
def composite_index(scores: Row, weights: Weights, **asked: Unpack[Asked]) -> IndexResult: ...
@overload
def composite_index(scores: Array, weights: Weights, **asked: Unpack[Asked]) -> IndexResult | IndexTable: ...
def composite_index(
    scores: Scores,
    weights: Weights,
    *,
    how: How = "arithmetic",
    missing: str = "reweight",
    min_coverage: MinCoverage = 0.0,
) -> IndexResult | IndexTable:
    """Return the weighted mean of scores, level by level up the tree of weights.

    Parameters
    ----------
    scores : Series, mapping, sequence, DataFrame or 2-d array
        Scores by indicator (columns), one row or many; all in one unit (per cent), NaN = no score.
    weights : mapping, Series, sequence, DataFrame or Tree
        Relative weights by indicator, 0 or more; a frame `indicator, parent, weight` for a tree, or what `build_tree`
        makes of it.
    how : {"arithmetic", "geometric"} or mapping
        ``sum(w x)/sum(w)`` or ``exp(sum(w ln x)/sum(w))``; a mapping by name of the mean, ``total`` the
        last, with arithmetic for the rest.
    missing : {"reweight", "zero", "raise"}
        ``reweight``: the mean over what is present, at each level; ``zero``: a missing score counts as 0;
        ``raise``: an error that names the gaps.
    min_coverage : float or mapping
        A mean with a smaller share of weight with data (0..1) is withheld, at every level, or by name.

    Returns
    -------
    IndexResult or IndexTable
        Value (unit of the scores), coverage, contributions, domains, effective weights.

    Raises
    ------
    UsageError
        Unknown `how`, `missing` or name.
    InputError
        Indicators without weight or weights without indicator; bad weights; missing scores under
        ``raise``; a negative score under a geometric mean.

    Notes
    -----
    A domain that is withheld has no data for the level above (COINr ``dat_thresh``), except under ``zero``.
    Coverage counts the weight of the data that the index uses. Contributions of a geometric mean G are
    ``v x`` with ``v`` proportional to ``w / L(x, G)``, L the logarithmic mean: they add up to G exactly
    (Reinsdorf, Diewert and Ehemann 2002). A geometric mean with a zero in it is 0.
    Sources: OECD and JRC, Handbook on Constructing Composite Indicators (2008); COINr ``a_amean``,
    ``a_gmean``; UNDP HDR technical note 1 (geometric).
    """
    tree = named_tree(weights, scores)
    table, single = as_rows(scores, tree)
    run = evaluate(tree, table.to_numpy(), rules_of(tree, how, missing, min_coverage), table.index)
    result = _table(tree, table.index, run, effective_weights(tree))
    return _first_row(result) if single else result


def level_indices(scores: Array, tree: Tree, *, min_coverage: float = 0.0) -> tuple[Array, Array]:
    """Return index and coverage (rows, means of `tree`) of scores (rows, leaves): arithmetic, over what is present.

    Formula, unit and source as in `composite_index`, for many rows at once: an index that is withheld is NaN.
    """
    run = evaluate(tree, scores, rules_of(tree, "arithmetic", "reweight", min_coverage), pd.RangeIndex(len(scores)))
    return np.where(run.withheld, np.nan, run.level), run.coverage


def used_weights(scores: Array, tree: Tree, *, min_coverage: float = 0.0) -> Array:
    """Return the weight that each leaf really has in the total: that of absent ones falls to their siblings.

    Formula: the product down the tree of ``w_i / sum of w over the siblings in use``; share of 1, 0 for what is not in
    use (no score, or under a mean that is withheld, the total apart). Parameters and source as in `level_indices`.
    """
    ones = np.where(np.isnan(scores), np.nan, 1.0)
    run = evaluate(tree, ones, rules_of(tree, "arithmetic", "reweight", min_coverage), pd.RangeIndex(len(scores)))
    return np.nan_to_num(run.contributions)


@dataclass(frozen=True)
class Rules:
    """How to average at each node, what to do with gaps, and the coverage that a node needs."""

    geometric: list[bool]
    missing: str
    minimum: list[float]


@dataclass(frozen=True)
class Run:
    """Means and coverage by row and node, what is withheld, and what each leaf adds to the total."""

    level: Array
    coverage: Array
    withheld: Boolean
    contributions: Array


def rules_of(tree: Tree, how: How, missing: str, min_coverage: MinCoverage) -> Rules:
    """Check `how`, `missing` and `min_coverage` and spread them over the nodes of `tree`."""
    check_known(missing, MISSING, "missing policy")
    hows = per_node(how, tree, "how", default="arithmetic")
    for one in hows:
        check_known(one, HOWS, "mean")
    minimum = per_node(min_coverage, tree, "min_coverage", default=0.0)
    if not all(0 <= one <= 1 for one in minimum):
        raise UsageError("min_coverage is a share of weight; it must lie between 0 and 1")
    return Rules([one == "geometric" for one in hows], missing, minimum)


def as_rows(scores: Scores, tree: Tree) -> tuple[pd.DataFrame, bool]:
    """Return the scores as rows by leaf, in the tree's order, and whether it was one row."""
    if isinstance(scores, Mapping | pd.Series):
        frame, single = pd.DataFrame([dict(scores.items())]), True
    elif isinstance(scores, pd.DataFrame):
        frame, single = scores, False
    else:
        numbers = np.asarray(scores)
        frame, single = pd.DataFrame(np.atleast_2d(numbers)), numbers.ndim == 1
        if frame.shape[1] == len(tree.leaves):
            frame = frame.set_axis(list(tree.leaves), axis=1)
    frame = frame.rename(columns=str)
    _check_names(list(frame.columns), tree)
    if frame.empty:
        raise InputError("there are no rows of scores")
    rows = frame[list(tree.leaves)]
    if not (rows.dtypes == np.float64).all():
        rows = rows.apply(pd.to_numeric).astype(float)
    numbers = rows.to_numpy()
    if np.isinf(numbers).any():
        raise InputError("scores must be finite; cap them first")
    return pd.DataFrame(numbers, index=frame.index, columns=list(tree.leaves)), single


def _check_names(columns: list[str], tree: Tree) -> None:
    known = set(tree.leaves)
    without, alone = [one for one in columns if one not in known], [one for one in tree.leaves if one not in columns]
    faults = [Fault("", None, name, "has a score but no weight", nearest(name, known)) for name in without]
    message = "has a weight but no column of scores"
    faults += [Fault("", None, name, message, nearest(name, columns)) for name in alone]
    faults += [Fault("", None, name, "has two columns of scores") for name in known if columns.count(name) > 1]
    raise_faults(faults)


def evaluate(tree: Tree, scores: Array, rules: Rules, index: pd.Index) -> Run:
    """Average up the tree, then carry the shares down again for the contributions.

    Formula, unit and source as in `composite_index`; `scores` has rows by leaf.
    """
    present = ~np.isnan(scores)
    if rules.missing == "raise":
        raise_faults(_gap_faults(tree, present, index))
    filled = np.where(present, scores, 0.0)
    shape = (len(scores), len(tree.nodes))
    values, coverage, withheld = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    shares = []
    for i, node in enumerate(tree.nodes):
        level = np.hstack([filled[:, node.leaves], values[:, node.nodes]])
        has = np.hstack([present[:, node.leaves], ~withheld[:, node.nodes]])
        seen = np.hstack([present[:, node.leaves], coverage[:, node.nodes] * ~withheld[:, node.nodes]])
        coverage[:, i] = seen @ node.weights / node.weights.sum()
        withheld[:, i] = (coverage[:, i] == 0) | (coverage[:, i] < rules.minimum[i] - TOLERANCE)
        used = node.weights * (has if rules.missing == "reweight" else np.ones_like(has))
        whole = used.sum(axis=1, keepdims=True)
        share = np.divide(used, whole, out=np.zeros_like(used), where=used.any(axis=1, keepdims=True))
        if rules.geometric[i]:
            _check_positive(level, node, tree, index)
            values[:, i], share = _geometric(level, share)
        else:
            values[:, i] = (share * level).sum(axis=1)
        shares.append(share)
    contributions = _contributions(tree, filled, shares)
    if rules.missing == "reweight":
        contributions[~present] = np.nan
    return Run(values, coverage, withheld, contributions)


def _geometric(level: Array, share: Array) -> tuple[Array, Array]:
    """Return the geometric mean and the weights of the arithmetic mean that equals it."""
    zero = (level == 0) & (share > 0)
    logs = np.log(level, out=np.zeros_like(level), where=level > 0)
    mean = np.where(zero.any(axis=1), 0.0, np.exp((share * logs).sum(axis=1)))
    column = mean[:, None]
    ratio = np.divide(level, column, out=np.ones_like(level), where=(column > 0) & (level > 0))
    near = np.abs(ratio - 1.0) < 1e-6  # there the quotient loses digits; its limit is the middle
    middle = np.divide(ratio - 1.0, np.log(ratio), out=(1.0 + ratio) / 2.0, where=~near)
    pull = np.where(zero.any(axis=1, keepdims=True), zero * share, share / middle)
    total = pull.sum(axis=1, keepdims=True)
    return mean, np.divide(pull, total, out=np.zeros_like(pull), where=total > 0)


def _contributions(tree: Tree, filled: Array, shares: list[Array]) -> Array:
    pulls = np.zeros((len(filled), len(tree.nodes)))
    pulls[:, -1] = 1.0
    leaf = np.zeros_like(filled)
    for i in reversed(range(len(tree.nodes))):
        node = tree.nodes[i]
        leaf[:, node.leaves], pulls[:, node.nodes] = node.split(shares[i] * pulls[:, [i]])
    return leaf * filled


def _check_positive(level: Array, node: Node, tree: Tree, index: pd.Index) -> None:
    if (level < 0).any():
        row, child = np.argwhere(level < 0)[0]
        names = [tree.leaves[k] for k in node.leaves] + [tree.nodes[k].name for k in node.nodes]
        raise InputError(
            f"a geometric mean needs scores of 0 or more; {names[child]!r} is {level[row, child]:g}"
            f" in row {index[row]!r}"
        )


def _gap_faults(tree: Tree, present: Boolean, index: pd.Index) -> list[Fault]:
    return [
        Fault("", None, tree.leaves[column], f"no score in row {index[row]!r}", 'choose missing="reweight"')
        for row, column in np.argwhere(~present)
    ]


def _table(tree: Tree, index: pd.Index, run: Run, weights: pd.Series) -> IndexTable:
    shown = np.where(run.withheld, np.nan, run.level)
    nodes, coverage = (pd.DataFrame(one, index=index, columns=tree.names) for one in (shown, run.coverage))
    last = run.withheld[:, -1]
    parts = np.where(last[:, None], np.nan, run.contributions)
    reason = np.where(last, np.where(run.coverage[:, -1] == 0, "no_data", "coverage_below_minimum"), "")
    value, covered = nodes[tree.names[-1]].rename("value"), coverage[tree.names[-1]].rename("coverage")
    contributions = pd.DataFrame(parts, index=index, columns=list(tree.leaves))
    why = pd.Series(reason, index=index, name="reason")
    return IndexTable(value, covered, contributions, nodes, coverage, weights, why)


def _first_row(table: IndexTable) -> IndexResult:
    value, coverage, reason = table.value.iloc[0], table.coverage.iloc[0], table.reason.iloc[0]
    parts, nodes, covered = (one.iloc[0] for one in (table.contributions, table.nodes, table.node_coverage))
    return IndexResult(float(value), float(coverage), parts, nodes, covered, table.weights, str(reason))

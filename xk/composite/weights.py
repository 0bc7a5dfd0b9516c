"""Weights (权重) and the tree they hang on: indicator, domain, total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xk.errors import Fault, InputError, check_known

Array = NDArray[np.float64]
Weights = Mapping[str, float] | Sequence[float] | Array | pd.Series | pd.DataFrame

TOTAL = "total"
EDGE_COLUMNS = ("indicator", "parent", "weight")
WEIGHTINGS = ("equal", "given")


@dataclass(frozen=True)
class Node:
    """One mean in the tree: its children among the leaves and among the nodes before it, with weights."""

    name: str
    leaves: NDArray[np.intp]
    leaf_weights: Array
    nodes: NDArray[np.intp]
    node_weights: Array

    @property
    def weights(self) -> Array:
        """Weights of all children, leaves first; no unit."""
        return np.concatenate([self.leaf_weights, self.node_weights])


@dataclass(frozen=True)
class Tree:
    """Leaves (indicators) and nodes (means of them), children before parents, the total last."""

    leaves: tuple[str, ...]
    nodes: tuple[Node, ...]

    @property
    def names(self) -> list[str]:
        """Names of the nodes, the total last."""
        return [node.name for node in self.nodes]


def effective_weights(weights: Weights) -> pd.Series:
    """Return the weight of each indicator in the total.

    Parameters
    ----------
    weights : mapping, Series or DataFrame
        As in `composite_index`.

    Returns
    -------
    Series
        Product down the tree of ``w_i / sum of w over its siblings``; share of 1, sums to 1.

    Notes
    -----
    Source: OECD and JRC, Handbook on Constructing Composite Indicators (2008); COINr ``get_eff_weights``.
    """
    tree = build_tree(weights)
    share = np.zeros(len(tree.leaves))
    pull = np.zeros(len(tree.nodes))
    pull[-1] = 1.0
    for position in reversed(range(len(tree.nodes))):
        node = tree.nodes[position]
        total = node.weights.sum()
        share[node.leaves] = pull[position] * node.leaf_weights / total
        pull[node.nodes] = pull[position] * node.node_weights / total
    return pd.Series(share, index=list(tree.leaves), name="effective_weight")


def check_weights(weights: Weights, *, total: float = 1.0, tolerance: float = 1e-9) -> None:
    """Raise InputError unless the weights of every group of siblings add up to `total`.

    Parameters
    ----------
    weights : mapping, Series or DataFrame
        As in `composite_index`.
    total : float
        What they must add up to (1, 100, ...), in the unit of the weights.
    tolerance : float
        Largest difference that is let pass.

    Notes
    -----
    `composite_index` takes weights as relative and rescales them; this is for a scheme that states the sum.
    """
    faults = []
    for node in build_tree(weights).nodes:
        found = float(node.weights.sum())
        if abs(found - total) > tolerance:
            message = f"the weights under {node.name!r} add up to {found:g}, not {total:g}"
            faults.append(Fault("", None, "weight", message, "mend the weights or state their sum"))
    if faults:
        raise InputError(faults)


def weight_tree(indicators: pd.DataFrame, *, weighting: str = "equal") -> pd.DataFrame:
    """Lay out the weights of a scheme: part, indicator, domain.

    Parameters
    ----------
    indicators : DataFrame
        Columns `indicator`, `domain`, `parent` (slug of the indicator it is a part of, else empty) and
        `weight` (may be empty).
    weighting : {"equal", "given"}
        ``equal``: equal within a domain and equal across domains, a weight of 0 staying 0;
        ``given``: the scheme's weights, a domain weighing what its indicators weigh together.
        Parts of an indicator are equal where the scheme gives none.

    Returns
    -------
    DataFrame
        `indicator`, `parent`, `weight`, with a line for each domain; fit for `composite_index`.

    Raises
    ------
    UsageError
        Unknown weighting.
    InputError
        A weight that is asked for is not given.

    Notes
    -----
    No unit. Equal weights are an assumption where a plan prints none; the national scheme of 2013 prints
    its own in points of 100.
    """
    check_known(weighting, WEIGHTINGS, "weighting")
    part_of = indicators["parent"].fillna("").astype(str)
    given = pd.to_numeric(indicators["weight"]).astype(float)
    top = part_of == ""
    if weighting == "given" and given[top].isna().any():
        names = ", ".join(indicators.loc[top & given.isna(), "indicator"])
        raise InputError(f"no weight is given for {names}; use equal weights or state them")
    equal = given.where(given == 0, 1.0)
    weight = (equal if weighting == "equal" else given).fillna(1.0)
    lines = pd.DataFrame(
        {
            "indicator": indicators["indicator"].astype(str),
            "parent": part_of.where(~top, indicators["domain"].astype(str)),
            "weight": weight,
        }
    )
    domains = lines[top].groupby("parent", sort=False)["weight"].sum().rename_axis("indicator").reset_index()
    domains = domains.assign(parent="", weight=1.0 if weighting == "equal" else domains["weight"])
    return pd.concat([domains[list(EDGE_COLUMNS)], lines], ignore_index=True)


def build_tree(weights: Weights) -> Tree:
    """Turn weights into a `Tree`.

    Parameters
    ----------
    weights : mapping, Series, sequence or DataFrame
        Flat: name to weight, or weights in order (names are then 0, 1, ...). Tree: a frame with columns
        `indicator`, `parent` (empty at the top) and `weight`, a line for every indicator and domain.

    Raises
    ------
    InputError
        Weights that are negative, not finite or sum to 0; a name twice; a parent without a line; a circle.
    """
    edges = _edges(weights)
    _check_edges(edges)
    parents = list(dict.fromkeys(edges["parent"]))
    leaves = [name for name in edges["indicator"] if name not in set(parents)]
    order = _order(edges, parents)
    _check_sums(edges, order)
    if len(order) > 1 and (edges["parent"] == "").sum() == 1:
        order.remove("")  # one name at the top is the total itself
    place = {name: i for i, name in enumerate(leaves)}
    rank = {name: i for i, name in enumerate(order)}
    nodes = tuple(_node(name, edges[edges["parent"] == name], place, rank) for name in order)
    return Tree(tuple(leaves), nodes)


def _node(name: str, children: pd.DataFrame, place: dict[str, int], rank: dict[str, int]) -> Node:
    is_leaf = children["indicator"].isin(list(place))
    leaf, inner = children[is_leaf], children[~is_leaf]
    return Node(
        name or TOTAL,
        np.array([place[child] for child in leaf["indicator"]], dtype=np.intp),
        leaf["weight"].to_numpy(dtype=float),
        np.array([rank[child] for child in inner["indicator"]], dtype=np.intp),
        inner["weight"].to_numpy(dtype=float),
    )


def _edges(weights: Weights) -> pd.DataFrame:
    if isinstance(weights, pd.DataFrame):
        missing = [column for column in EDGE_COLUMNS if column not in weights]
        if missing:
            raise InputError(f"the table of weights has no column {missing[0]!r}")
        edges = weights[list(EDGE_COLUMNS)].reset_index(drop=True)
        return edges.assign(
            indicator=edges["indicator"].astype(str),
            parent=edges["parent"].astype(object).where(edges["parent"].notna(), "").astype(str),
            weight=pd.to_numeric(edges["weight"], errors="coerce").astype(float),
        )
    if not isinstance(weights, Mapping | pd.Series):
        weights = {str(i): weight for i, weight in enumerate(np.ravel(cast(Array, weights)).tolist())}
    names, numbers = zip(*weights.items(), strict=True) if len(weights) else ((), ())
    weight = pd.to_numeric(pd.Series(list(numbers), dtype=object), errors="coerce").astype(float)
    return pd.DataFrame({"indicator": [str(name) for name in names], "parent": "", "weight": weight})


def _check_edges(edges: pd.DataFrame) -> None:
    if edges.empty:
        raise InputError("there are no weights")
    faults = []
    remedy = "give a number of 0 or more"
    for name, weight in zip(edges["indicator"], edges["weight"].to_numpy(dtype=float), strict=True):
        if not np.isfinite(weight) or weight < 0:
            faults.append(Fault("", None, "weight", f"weight of {name!r} is {weight:g}", remedy))
    for name in edges.loc[edges["indicator"].duplicated(), "indicator"].unique():
        faults.append(Fault("", None, "indicator", f"{name!r} has more than one weight", "keep one of them"))
    for name in sorted(set(edges["parent"]) - set(edges["indicator"]) - {""}):
        remedy = "add it with its weight"
        faults.append(Fault("", None, "parent", f"{name!r} is a parent without a line of its own", remedy))
    if faults:
        raise InputError(faults)


def _check_sums(edges: pd.DataFrame, order: list[str]) -> None:
    for name in order:
        if not edges.loc[edges["parent"] == name, "weight"].sum() > 0:
            raise InputError(f"the weights under {name or TOTAL!r} add up to 0; at least one must be above 0")


def _order(edges: pd.DataFrame, parents: list[str]) -> list[str]:
    """Sort the parents so that children come first; a circle never reaches the top."""
    above = dict(zip(edges["indicator"], edges["parent"], strict=True))
    depth = {}
    for name in parents:
        steps, at = 0, name
        while at and steps <= len(above):
            steps, at = steps + 1, above[at]
        if at:
            raise InputError(f"{name!r} stands below itself in the table of weights")
        depth[name] = steps
    return sorted(parents, key=lambda name: -depth[name])


def named_weights(weights: Weights, scores: object) -> Weights:
    """Give weights that come in plain order the names of the scores, where these have names."""
    plain = not isinstance(weights, Mapping | pd.Series | pd.DataFrame)
    if not plain or not isinstance(scores, Mapping | pd.Series | pd.DataFrame):
        return weights
    names = [str(name) for name in (scores.columns if isinstance(scores, pd.DataFrame) else scores.keys())]
    numbers = np.ravel(cast(Array, weights)).tolist()
    if len(names) != len(numbers):
        raise InputError(f"there are {len(numbers)} weights for {len(names)} indicators")
    return dict(zip(names, numbers, strict=True))


def per_node(option: float | str | Mapping[str, float] | Mapping[str, str], tree: Tree, what: str) -> list[object]:
    """Spread an option over the nodes; a mapping by name leaves "arithmetic" or 0 to the others."""
    if not isinstance(option, Mapping):
        return [option] * len(tree.nodes)
    for name in option:
        check_known(name, tree.names, f"name in {what}=")
    default: object = "arithmetic" if what == "how" else 0.0
    return [option.get(name, default) for name in tree.names]

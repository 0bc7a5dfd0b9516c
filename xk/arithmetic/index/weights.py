"""Weights (权重) and the tree they hang on: indicator, domain, total."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xk.contracts.records import grouped
from xk.errors import Fault, InputError, check_known, raise_faults

Array = NDArray[np.float64]
TOTAL = "total"
UNREAD = "unread:"
EDGE_COLUMNS = ("indicator", "parent", "weight")
WEIGHTINGS = ("equal", "given")
Option = TypeVar("Option", str, float)


@dataclass(frozen=True)
class Node:
    """One mean in the tree: its children among the leaves and the nodes before it, with weights, leaves first."""

    name: str
    leaves: NDArray[np.intp]
    nodes: NDArray[np.intp]
    weights: Array

    def split(self, cells: Array) -> list[Array]:
        """Return what belongs to the leaves and to the nodes among the children (last axis)."""
        return np.split(cells, [len(self.leaves)], axis=-1)


@dataclass(frozen=True)
class Tree:
    """Leaves (indicators) and nodes (means of them), children before parents, the total last."""

    leaves: tuple[str, ...]
    nodes: tuple[Node, ...]

    @property
    def names(self) -> list[str]:
        """Names of the nodes, the total last."""
        return [node.name for node in self.nodes]


Plain = Mapping[str, float] | Sequence[float] | Array | pd.Series | pd.DataFrame
Weights = Plain | Tree


class Edge(NamedTuple):
    """One line of a table of weights; its parent is empty at the top."""

    name: str
    parent: str
    weight: float


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
        share[node.leaves], pull[node.nodes] = node.split(pull[position] * node.weights / node.weights.sum())
    return pd.Series(share, index=list(tree.leaves), name="effective_weight")


def weight_tree(
    indicators: pd.DataFrame, *, weighting: str = "equal", unread: Mapping[str, float] | None = None
) -> pd.DataFrame:
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
    unread : mapping, optional
        Domain -> weight that the scheme prints for it beyond the indicators listed: a leaf ``unread:<domain>`` of its
        own, last in order, so that the whole published weight counts.

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
    weight = given.where(~top | (weighting == "given"), given.where(given == 0)).fillna(1.0)
    parent = part_of.where(~top, indicators["domain"].astype(str))
    lines = pd.DataFrame({"indicator": indicators["indicator"].astype(str), "parent": parent, "weight": weight})
    rest = [(f"{UNREAD}{domain}", domain, left) for domain, left in (unread or {}).items()]
    if rest:
        lines = pd.concat([lines, pd.DataFrame(rest, columns=list(EDGE_COLUMNS))])
    whole = lines[lines["parent"].isin(set(indicators["domain"]))].groupby("parent", sort=False)["weight"].sum()
    of_domains = 1.0 if weighting == "equal" else whole.to_numpy()
    domains = pd.DataFrame({"indicator": whole.index, "parent": "", "weight": of_domains})
    return pd.concat([domains, lines], ignore_index=True)


def build_tree(weights: Weights) -> Tree:
    """Turn weights into a `Tree`; one that is a tree already stays as it is.

    Parameters
    ----------
    weights : mapping, Series, sequence, DataFrame or Tree
        Flat: name to weight, or weights in order (names are then 0, 1, ...). Tree: a frame with columns
        `indicator`, `parent` (empty at the top) and `weight`, a line for every indicator and domain.

    Raises
    ------
    InputError
        Weights that are negative, not finite or sum to 0; a name twice; a parent without a line; a circle.
    """
    if isinstance(weights, Tree):
        return weights
    edges = _edges(weights)
    _check_edges(edges)
    children = grouped(edges, lambda edge: edge.parent)
    order = _order(edges, list(children))
    for name in order:
        if not sum(child.weight for child in children[name]) > 0:
            raise InputError(f"the weights under {name or TOTAL!r} add up to 0; at least one must be above 0")
    if len(order) > 1 and len(children[""]) == 1:
        order.remove("")  # one name at the top is the total itself
    leaves = [edge.name for edge in edges if edge.name not in children]
    place = {name: i for i, name in enumerate(leaves)}
    rank = {name: i for i, name in enumerate(order)}
    return Tree(tuple(leaves), tuple(_node(name, children[name], place, rank) for name in order))


def _node(name: str, children: list[Edge], place: dict[str, int], rank: dict[str, int]) -> Node:
    leaf, inner = ([child for child in children if (child.name in place) == there] for there in (True, False))
    return Node(
        name or TOTAL,
        np.array([place[child.name] for child in leaf], dtype=np.intp),
        np.array([rank[child.name] for child in inner], dtype=np.intp),
        np.array([child.weight for child in leaf + inner]),
    )


def _edges(weights: Plain) -> list[Edge]:
    if not isinstance(weights, pd.DataFrame):
        given = pd.Series(weights if isinstance(weights, Mapping | pd.Series) else np.ravel(weights))
        weights = pd.DataFrame({"indicator": given.index, "parent": "", "weight": given.to_numpy()})
    missing = [column for column in EDGE_COLUMNS if column not in weights]
    if missing:
        raise InputError(f"the table of weights has no column {missing[0]!r}")
    names, parents, numbers = (weights[column].tolist() for column in EDGE_COLUMNS)
    above = ["" if pd.isna(parent) else str(parent) for parent in parents]
    figures = pd.to_numeric(pd.Series(numbers, dtype=object), errors="coerce").astype(float).tolist()
    return [Edge(str(name), parent, weight) for name, parent, weight in zip(names, above, figures, strict=True)]


def _check_edges(edges: list[Edge]) -> None:
    if not edges:
        raise InputError("there are no weights")
    remedy = "give a number of 0 or more"
    faults = [
        Fault("", None, "weight", f"weight of {edge.name!r} is {edge.weight:g}", remedy)
        for edge in edges
        if not 0 <= edge.weight < np.inf
    ]
    counts = Counter(edge.name for edge in edges)
    for name in (name for name, count in counts.items() if count > 1):
        faults.append(Fault("", None, "indicator", f"{name!r} has more than one weight", "keep one of them"))
    for name in sorted({edge.parent for edge in edges} - set(counts) - {""}):
        message = f"{name!r} is a parent without a line of its own"
        faults.append(Fault("", None, "parent", message, "add it with its weight"))
    raise_faults(faults)


def _order(edges: list[Edge], parents: list[str]) -> list[str]:
    """Sort the parents so that children come first; a circle never reaches the top."""
    above = {edge.name: edge.parent for edge in edges}
    depth = {}
    for name in parents:
        steps, at = 0, name
        while at and steps <= len(above):
            steps, at = steps + 1, above[at]
        if at:
            raise InputError(f"{name!r} stands below itself in the table of weights")
        depth[name] = steps
    return sorted(parents, key=lambda name: -depth[name])


def named_tree(weights: Weights, scores: object) -> Tree:
    """Return the tree of weights; those in plain order take the names of the scores, where these have names."""
    named = isinstance(weights, Mapping | pd.Series | pd.DataFrame | Tree)
    if not named and isinstance(scores, Mapping | pd.Series | pd.DataFrame):
        names, numbers = list(map(str, scores.keys())), np.ravel(cast(Array, weights)).tolist()
        if len(names) != len(numbers):
            raise InputError(f"there are {len(numbers)} weights for {len(names)} indicators")
        weights = dict(zip(names, numbers, strict=True))
    return build_tree(weights)


def per_node(option: Option | Mapping[str, Option], tree: Tree, what: str, *, default: Option) -> list[Option]:
    """Spread an option over the nodes; a mapping by name leaves the default to the others."""
    if not isinstance(option, Mapping):
        return [option] * len(tree.nodes)
    for name in option:
        check_known(name, tree.names, f"name in {what}=")
    return [option.get(name, default) for name in tree.names]

"""Composite index: attainment of the indicators, up to domains and the total, with coverage beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.arithmetic.index import (
    MIN_COVERAGE,
    UNREAD,
    Tree,
    build_tree,
    effective_weights,
    leave_one_out,
    level_indices,
    used_weights,
    weight_tree,
)
from xk.arithmetic.projection.normal import normal_quantile
from xk.arithmetic.target import Values, cap, score
from xk.contracts.records import Record, records_by
from xk.contracts.scheme import Line, Scheme
from xk.errors import UsageError
from xk.pipeline.figures import target_of
from xk.pipeline.result import LineResult, ends_of
from xk.vocab import AHEAD_KINDS

BASES = ("latest", "target")
LEVELS = (80, 95)
DRAWS = 2_000
SEED = 20_160_101
ENOUGH = 6  # indicators: an interval over a handful (five or fewer) would look like certainty


@dataclass(frozen=True)
class Means:
    """The index of a scheme as a set of means.

    `tree` has its weights, `lines` its leaves (other leaves are weight that could not be read), `levels` what is shown,
    the total last, `within` which lines belong to each level, `owners` the place of the indicator of each line.
    """

    tree: Tree
    lines: list[str]
    levels: list[str]
    within: npt.NDArray[np.bool_]
    owners: npt.NDArray[np.intp]

    def of(self, scores: Values) -> Values:
        """Return the index (rows, levels) of scores (rows, lines); NaN where it is withheld, under `MIN_COVERAGE`.

        The root is the total whatever the tree calls it.
        """
        return level_indices(self._whole(scores), self.tree, min_coverage=MIN_COVERAGE)[0][:, self._places]

    def coverage(self, scores: Values) -> Values:
        """Return the share of the whole weight of each level that has scores (rows, levels), 0..1."""
        return level_indices(self._whole(scores), self.tree)[1][:, self._places]

    @property
    def _places(self) -> list[int]:
        return [*(self.tree.names.index(level) for level in self.levels[:-1]), -1]

    def used(self, scores: Values) -> Values:
        """Return the weight that each line really has in the total (rows, lines); 0 where the index leaves it out."""
        return used_weights(self._whole(scores), self.tree, min_coverage=MIN_COVERAGE)[:, : len(self.lines)]

    def count(self, there: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Return how many indicators (rows, levels) have a line that is there (rows, lines); parts count as one."""
        one = np.zeros((len(there), self.owners.max() + 1, len(self.levels)), dtype=bool)
        for place, owner in enumerate(self.owners):
            one[:, owner] |= there[:, [place]] & self.within[:, place]
        return one.sum(axis=1)

    def shares(self) -> Values:
        """Return the part of the whole weight of each level that each line holds (levels, lines); 0 outside of it.

        Weight that could not be read is in the whole.
        """
        whole = effective_weights(self.tree)
        own = whole[self.lines].to_numpy() * self.within
        unread = [whole.get(f"{UNREAD}{level}", 0.0) for level in self.levels[:-1]]
        return np.asarray(own / (own.sum(axis=1) + [*unread, sum(unread)])[:, None])

    def _whole(self, scores: Values) -> Values:
        return np.hstack([scores, np.full((len(scores), len(self.tree.leaves) - len(self.lines)), np.nan)])


@lru_cache(maxsize=8)
def _means(scheme: Scheme) -> Means:
    weighting = "equal" if scheme.weights == "equal" else "given"
    tree = build_tree(weight_tree(scheme.indicators, weighting=weighting, unread=scheme.unread_weights()))
    lines = [name for name in tree.leaves if not name.startswith(UNREAD)]
    domains = np.array([scheme.lines[name].domain for name in lines], dtype=object)
    within = [domains == level for level in scheme.domain_names()]
    owners = pd.factorize(pd.Series([scheme.lines[name].parent or name for name in lines], dtype=object))[0]
    return Means(tree, lines, [*scheme.domain_names(), "total"], np.array([*within, domains == domains]), owners)


def weigh_lines(scheme: Scheme) -> dict[str, dict[str, float]]:
    """Return level -> line -> the part (0..1) that it holds of the whole weight of the level."""
    means = _means(scheme)
    shares = zip(means.levels, means.shares().tolist(), strict=True)
    return {level: dict(zip(means.lines, each, strict=True)) for level, each in shares}


def build_index(scheme: Scheme, lines: Mapping[str, LineResult]) -> pd.DataFrame:
    """Return the index by domain and in total, by latest figures and as projected for the target year.

    Returns
    -------
    DataFrame
        level (domain or ``total``), basis (latest or target), value (per cent), coverage (per cent of the scheme's
        whole weight that has data), reason, domains and indicators (how many it is over). Under `MIN_COVERAGE` the
        value is NaN, the reason ``no_data`` or ``coverage_below_minimum``. A domain without a value is not in the
        total, which is then one over fewer domains, and none where these hold too little of the weight
        (``domains_below_minimum``).
    """
    means = _means(scheme)
    scores = _by_basis(means, lines).to_numpy()
    levels = {"level": means.levels * len(BASES), "basis": [basis for basis in BASES for _ in means.levels]}
    return pd.DataFrame({**levels, **{name: np.ravel(cells) for name, cells in _columns(means, scores).items()}})


def _columns(means: Means, scores: Values) -> dict[str, npt.NDArray[np.generic]]:
    """Return value, coverage, reason, domains and indicators of the index (rows, levels) of scores (rows, lines)."""
    value, coverage = means.of(scores), means.coverage(scores)
    known = ~np.isnan(value)
    domains = known.astype(np.int64)
    domains[:, -1] = np.where(known[:, -1], known[:, :-1].sum(axis=1), 0)
    enough = np.where(coverage < MIN_COVERAGE, "coverage_below_minimum", "domains_below_minimum")
    why = np.where(coverage > 0, enough, "no_data")
    return {
        "value": value, "coverage": 100 * coverage, "reason": np.where(known, "", why), "domains": domains,
        "indicators": np.where(known, means.count(means.used(scores) > 0), 0),
    }  # fmt: skip


def build_contributions(scheme: Scheme, lines: Mapping[str, LineResult]) -> pd.DataFrame:
    """Return what each indicator (parts in place of composites) adds to the index of its domain, and to the total.

    Returns
    -------
    DataFrame
        level (domain or ``total``), basis (latest or target), indicator, no, domain, weight (per cent of the whole
        weight of the level), used_weight (per cent: the weight that it really has, that of lines without data falling
        to their siblings; adds up to 100), attainment (per cent), contribution (points, ``used_weight`` times
        attainment; they add up to the index of the level), possible (points it would add if it alone rose to 100).
        The last four NaN where the line is not in the index; contributions of a level that is withheld are NaN.
    """
    means = _means(scheme)
    scores = _by_basis(means, lines).to_numpy()
    value = means.of(scores)
    whole, used = means.shares(), means.used(scores)
    frames = []
    for place, level in enumerate(means.levels):
        here = np.flatnonzero(means.within[place])
        named = [scheme.lines[means.lines[line]] for line in here]
        for row, basis in enumerate(BASES):
            shares = np.where(used[row, here] > 0, used[row, here], np.nan)
            shares = shares * (np.nan if np.isnan(value[row, place]) else 1 / np.nansum(shares))
            attained = np.where(np.isnan(shares), np.nan, scores[row, here])
            frames.append(pd.DataFrame({
                "level": level, "basis": basis, "indicator": [line.indicator for line in named],
                "no": [line.no for line in named], "domain": [line.domain for line in named],
                "weight": 100 * whole[place, here], "used_weight": 100 * shares, "attainment": attained,
                "contribution": shares * attained, "possible": shares * (100 - attained),
            }))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def build_index_years(scheme: Scheme, yearly: pd.DataFrame, *, levels: tuple[int, ...] = LEVELS) -> pd.DataFrame:
    """Return the index of every year, with an interval where projections go in.

    Parameters
    ----------
    scheme : Scheme
    yearly : DataFrame
        indicator, year, value, kind, attainment and lo/hi per level, as `build_yearly` gives them.
    levels : tuple of int
        Levels of the intervals, in per cent; those of the projections.

    Returns
    -------
    DataFrame
        level (domain or ``total``), year, kind (observed, projected, mixed), value (per cent), lo/hi per level, change
        (points since the last year before that has figures, over the indicators that both years have: figures that come
        and go do not move it), coverage, reason, domains and indicators as in `build_index`, projected_share and
        interval_share (per cent of the weight in use whose figure is projected, and whose projection has an interval).
        The interval comes from seeded draws of each projection's own distribution, taken from its quantiles, each for
        itself; borrowed trends and assumptions have none and stand still in the draws. It is shown where at least
        `ENOUGH` indicators have one, and half of what is projected.
    """
    means = _means(scheme)
    rows = yearly[yearly["indicator"].isin(means.lines) & yearly["attainment"].notna()]
    if rows.empty:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in _year_columns(levels)})
    years, row = np.unique(rows["year"].to_numpy(int), return_inverse=True)
    cell = row, pd.Index(means.lines).get_indexer(pd.Index(rows["indicator"]))
    attained, ahead, uncertain = np.full((3, len(years), len(means.lines)), np.nan)
    has_interval = _has_interval(rows, levels)
    attained[cell] = rows["attainment"]
    ahead[cell] = rows["attainment"].where(rows["kind"].isin(AHEAD_KINDS))
    uncertain[cell] = rows["attainment"].where(has_interval)
    columns = _columns(means, attained)
    in_use = means.used(attained)
    held, projected, spread = (in_use * ~np.isnan(some) @ means.within.T for some in (attained, ahead, uncertain))
    drawn = records_by(rows[has_interval], "year")
    ends = _ends(scheme, means, attained, [drawn.get(year, []) for year in years.tolist()], levels)
    enough = means.count((in_use > 0) & ~np.isnan(uncertain)) >= ENOUGH
    shown = enough & (spread >= projected / 2) & ~np.isnan(columns["value"].astype(float))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = {"projected_share": 100 * projected / held, "interval_share": 100 * spread / held}
    covered = 100 * means.coverage(ahead)
    all_ahead = np.isclose(covered, columns["coverage"].astype(float))
    columns["kind"] = np.select([covered == 0, all_ahead], ["observed", "projected"], "mixed")
    columns |= {"change": _change(means, attained)} | shares
    columns |= {name: np.where(shown, points, np.nan) for name, points in ends.items()}
    out = pd.DataFrame({name: np.ravel(cells) for name, cells in columns.items()})
    out["level"] = means.levels * len(years)
    out["year"] = np.repeat(years, len(means.levels))
    return out[_year_columns(levels)]


def _year_columns(levels: tuple[int, ...]) -> list[str]:
    shares = ("change", "coverage", "reason", "domains", "indicators", "projected_share", "interval_share")
    return ["level", "year", "kind", "value", *ends_of(levels), *shares]


def _change(means: Means, attained: Values) -> Values:
    """Return the change of the index over the indicators that a year and the one before have; NaN where none."""
    before = np.vstack([np.full_like(attained[:1], np.nan), attained[:-1]])
    missing = np.isnan(attained) | np.isnan(before)
    now, then = (means.of(np.where(missing, np.nan, scores)) for scores in (attained, before))
    return np.asarray(now - then)


def _ends(
    scheme: Scheme, means: Means, attained: Values, rows: list[list[Record]], levels: tuple[int, ...]
) -> dict[str, Values]:
    """Return the ends of the intervals (years, levels), NaN in years without a projection that has one.

    `rows`: for each year the projections with an interval.
    """
    odds = {f"{end}{level}": (100 + sign * level) / 200 for level in levels for end, sign in (("lo", -1), ("hi", 1))}
    ends = np.full((len(odds), len(attained), len(means.levels)), np.nan)
    for i, projected in enumerate(rows):
        if projected:
            drawn = _draw(scheme, means.lines, attained[i], projected, levels)
            ends[:, i] = np.quantile(means.of(drawn), list(odds.values()), axis=0)
    return dict(zip(odds, ends, strict=True))


def _draw(
    scheme: Scheme, names: list[str], attained: Values, projected: list[Record], levels: tuple[int, ...]
) -> Values:
    """Return attainment (draws, lines) in one year, every projected figure drawn from its own distribution."""
    rows = {row["indicator"]: row for row in projected}
    named = [(place, name) for place, name in enumerate(names) if name in rows]
    # published intervals were drawn behind a first row that nothing uses: without it all of them would move
    random = np.random.default_rng(SEED).standard_normal((1 + len(named), DRAWS))[1:]
    drawn = np.repeat(attained[None], DRAWS, axis=0)
    for (place, name), good in zip(named, random, strict=True):
        line = scheme.lines[name]
        target = target_of(line)
        drawn[:, place] = cap(score(_values_at(target.sign * good, rows[name], levels, line), target))
    return drawn


def _values_at(z: Values, row: Record, levels: tuple[int, ...], line: Line) -> Values:
    """Return the values at standard normal positions: straight lines between the known quantiles and on beyond them."""
    known = sorted(levels)
    places = [normal_quantile((100 + level) / 200) for level in known]
    at = np.array([-place for place in reversed(places)] + [0.0, *places])
    value = [row[f"lo{level}"] for level in reversed(known)] + [row["value"]] + [row[f"hi{level}"] for level in known]
    x = np.array(value, dtype=float)
    inside = np.interp(z, at, x)
    below = x[0] + (z - at[0]) * (x[1] - x[0]) / (at[1] - at[0])
    above = x[-1] + (z - at[-1]) * (x[-1] - x[-2]) / (at[-1] - at[-2])
    out = np.where(z < at[0], below, np.where(z > at[-1], above, inside))
    low, high = line.lower_bound, line.upper_bound
    return np.clip(out, -np.inf if np.isnan(low) else low, np.inf if np.isnan(high) else high)


def _has_interval(rows: pd.DataFrame, levels: tuple[int, ...]) -> pd.Series:
    ends = ends_of(levels)
    missing = [end for end in ends if end not in rows]
    if missing:
        raise UsageError(f"the projections have no column {missing[0]!r}; use the levels that they were made with")
    return rows[ends].notna().all(axis=1) & rows["kind"].isin(AHEAD_KINDS)


def _by_basis(means: Means, lines: Mapping[str, LineResult]) -> pd.DataFrame:
    found = [lines.get(name) for name in means.lines]
    latest = [one.distance.attainment if one else np.nan for one in found]
    ahead = [(one.distance if _is_there(one) else one.outlook).attainment if one else np.nan for one in found]
    return pd.DataFrame([latest, ahead], index=list(BASES), columns=means.lines, dtype=float)


def _is_there(result: LineResult) -> bool:
    """Return whether a line is observed in its target year: it need not be projected then."""
    seen, due = result.latest.year, result.line.target_year
    return seen is not None and due is not None and seen >= due


def build_index_without(scheme: Scheme, lines: Mapping[str, LineResult]) -> dict[str, float]:
    """Return the latest total index without each line; nothing under `ENOUGH` indicators, or where it is withheld."""
    means = _means(scheme)
    scores = _by_basis(means, lines).to_numpy()[:1]
    used = means.used(scores)
    if means.count(used > 0)[0, -1] < ENOUGH or np.isnan(means.of(scores)[0, -1]):
        return {}
    # what the index leaves out is out of all of them
    frame = pd.DataFrame(np.where(used > 0, scores, np.nan), columns=means.lines).reindex(columns=means.tree.leaves)
    left = leave_one_out(frame, means.tree).iloc[0]
    return {name: float(left[name]) for name in means.lines}


def build_index_pair(scheme: Scheme, lines: Mapping[str, LineResult]) -> pd.DataFrame:
    """Return the index now and in the target year over the same indicators: those that have both.

    Returns
    -------
    DataFrame
        level (domain or ``total``), latest, target, change (per cent and points), coverage, reason, domains and
        indicators as in `build_index`.
    """
    means = _means(scheme)
    scores = _by_basis(means, lines).to_numpy()
    columns = _columns(means, np.where(np.isnan(scores).any(axis=0), np.nan, scores))
    latest, target = columns.pop("value").astype(float)
    found = {"level": means.levels, "latest": latest, "target": target, "change": target - latest}
    return pd.DataFrame({**found, **{name: cells[0] for name, cells in columns.items()}})


def build_index_shift(
    scheme: Scheme, lines: Mapping[str, LineResult], others: Mapping[str, LineResult]
) -> pd.DataFrame:
    """Return by how much other results move the index of the target year, whatever it is made of besides.

    No index is needed for it: where it is withheld, this still says what the difference between two scenarios weighs.

    Returns
    -------
    DataFrame
        level (domain or ``total``), points (sum of the line's part of the whole weight of the level times the
        difference of its attainment; other lines count as unmoved), indicators (how many have both attainments).
    """
    means = _means(scheme)
    before, after = (_by_basis(means, each).to_numpy()[BASES.index("target")] for each in (lines, others))
    both = ~np.isnan(before) & ~np.isnan(after)
    points = means.shares() @ np.where(both, after - before, 0)
    return pd.DataFrame({"level": means.levels, "points": points, "indicators": means.count(both[None])[0]})

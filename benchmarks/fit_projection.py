"""Learn the numbers of `auto` from the sets of ../shared/bench: how its rules weigh, how wide its intervals are.

python benchmarks/fit_projection.py              writes the files of xk/arithmetic/projection that hold them
python benchmarks/fit_projection.py --left-out   fits four times with a set left out and prints what that does to it

Needs scipy (a development dependency); half a minute a fit.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from projection_sets import SETS, SHARED, Sample, read_sample
from scipy.optimize import minimize

from xk.arithmetic.projection import auto, fitted
from xk.arithmetic.projection.looks import LOOKS
from xk.arithmetic.projection.rules import RULES

PACKAGE = Path(fitted.__file__).parent
LEADS = 6
# of each series: as it is, up to so many earlier years, and so many short cuts of its last years
EARLIER, CUTS = 3, 2
# weight of a set's series as they are, of earlier years, of cuts
COUNTS = (1.0, 0.5, 0.5)
TODAY = 8.0
# what a rule is: damping over six years, how far it looks at the last years, smoothing of the level
DAMPING = {"0.7": 0.31, "0.85": 0.57, "1.0": 1.0}
KINDS = {"constant": (0, 1, 0), "recent 1": (None, 1, 0), "recent 3": (None, 0.6, 0), "drift 5": (None, 0.4, 0),
         "drift all": (None, 0, 0), "holt 1.0 0.3": (None, 0.7, 0), "holt 0.5 0.6": (None, 0.6, 0.5),
         "holt 0.8 0.1": (None, 0.2, 0.2), "level 0.1": (0, 0, 0.9), "level 0.3": (0, 0, 0.7), "level 0.6": (0, 0, 0.4),
         "line 0.1": (1, 0, 0.9), "line 0.3": (1, 0, 0.7), "line 0.6": (1, 0, 0.4), "line all": (1, 0, 1),
         "growth all": (None, 0, 0), "growth 5": (None, 0.4, 0), "growth 3": (None, 0.6, 0),
         "growth holt": (None, 0.7, 0), "growth line 0.6": (1, 0, 0.4), "growth line all": (1, 0, 1),
         "steady changes": (1, 0, 0), "steady rates": (1, 0, 0)}  # fmt: skip
# pulls: towards no influence of the looks, towards even weights beforehand, of sharpness towards 8, of the path towards
# that of even weights and sharpness 8, and of the mean length of the paths towards the same
PULLS = {"looks": 1e-3, "even": 1e-3, "sharpness": 1e-5, "path": 0.3, "reach": 10.0}


@dataclass(frozen=True)
class Cases:
    """Projections of all rules and what came, in mean yearly changes of the whole history, for many origins.

    Parameters
    ----------
    paths : array (cases, rules, leads)
    actual, share : array (cases, leads)
        What came less the last value, 0 where unknown; weight of each year, 0 where unknown, adding up to 1.
    errors : array (cases, rules)
        Logarithm of the typical errors of the rules.
    looks : array (cases, looks)
    unit : array (cases, leads)
        What an error of the time is like.
    group : DataFrame
        Set, series (number), source (what may not stand on both sides of a split), kind (0 as it is, 1 an earlier
        year, 2 a cut), length.
    """

    paths: np.ndarray
    actual: np.ndarray
    share: np.ndarray
    errors: np.ndarray
    looks: np.ndarray
    unit: np.ndarray
    group: pd.DataFrame

    def take(self, rows: np.ndarray) -> Cases:
        """Return some of the cases."""
        arrays = [getattr(self, name)[rows] for name in ("paths", "actual", "share", "errors", "looks", "unit")]
        return Cases(*arrays, self.group.iloc[rows].reset_index(drop=True))


def origins(sample: Sample, rng: np.random.Generator) -> pd.DataFrame:
    """Return series, first and last column (excluded) and kind of what is shown: whole, up to earlier years, cut."""
    count = (~np.isnan(sample.history)).sum(axis=1)
    end, rows = sample.history.shape[1], []
    for series, points in enumerate(count.tolist()):
        begin = end - points
        rows += [(series, begin, end, 0), (series, end - int(rng.integers(3, 6)), end, 2)]
        if points > 7:
            rows.append((series, end - int(rng.integers(6, points)), end, 2))
        if points > 4:
            earlier = rng.choice(np.arange(4, points), size=min(EARLIER, points - 4), replace=False)
            rows += [(series, begin, begin + int(last), 1) for last in earlier]
    return pd.DataFrame(rows, columns=["series", "begin", "end", "kind"])


def read_origins(bench: Path) -> Iterator[tuple[Sample, pd.DataFrame, np.ndarray, np.ndarray]]:
    """Yield set by set and length by length: the sample, its origins, what is shown at them, and what came."""
    rng = np.random.default_rng(20_200_101)
    for name in SETS:
        sample, source = read_sources(name, bench)
        known = np.full((len(sample.history), LEADS), np.nan)
        known[:, : sample.actual.shape[1]] = sample.actual
        whole, end = np.concatenate([sample.history, known], axis=1), sample.history.shape[1]
        table = origins(sample, rng)
        table = table.assign(set=name, source=source[table["series"]], length=table["end"] - table["begin"])
        for length, part in table.groupby("length"):
            series, begin, stop = (part[column].to_numpy()[:, None] for column in ("series", "begin", "end"))
            ahead = stop + np.arange(LEADS)
            # the past is judged by the past: what came after the history is seen from its end only
            hidden = (part["kind"] == 1).to_numpy()[:, None] & (ahead >= end)
            came = np.where(hidden, np.nan, whole[series, ahead])
            yield sample, part.reset_index(drop=True), whole[series, begin + np.arange(int(length))], came


def build_cases(sample: Sample, part: pd.DataFrame, shown: np.ndarray, came: np.ndarray) -> Cases:
    """Project with all rules from origins with histories of one length."""
    values, seen, points = auto.lay_out(shown)
    own, looks = auto.look_back(values, seen, points)[:2]
    usual = sample.change[part["series"]]
    change = np.abs(np.diff(shown, axis=1)).mean(axis=1) / usual
    error = np.exp(np.arctanh(np.clip(looks[:, LOOKS.index("error")], -0.99999, 0.99999)))
    lead = np.arange(1.0, LEADS + 1)
    share = ~np.isnan(came) / lead
    total = share.sum(axis=1, keepdims=True)
    return Cases(
        values.project(values.years, LEADS) * (values.scaling.width * values.scaling.size / usual)[:, None, None],
        np.nan_to_num((came - shown[:, -1:]) / usual[:, None]),
        share / np.where(total > 0, total, 1.0),
        np.log(own),
        looks,
        np.maximum((change * (0.3 + error))[:, None] * lead**0.7, 0.05),
        part,
    )


def read_cases(bench: Path = SHARED) -> Cases:
    """Return the cases of all sets; always the same."""
    parts = [build_cases(*at) for at in read_origins(bench)]
    names = ("paths", "actual", "share", "errors", "looks", "unit")
    joined = [np.concatenate([getattr(part, name) for part in parts]).astype(np.float32) for name in names]
    found = Cases(*joined, pd.concat([part.group for part in parts], ignore_index=True))
    return found.take(np.flatnonzero(found.share.sum(axis=1) > 0))


def read_sources(name: str, bench: Path = SHARED) -> tuple[Sample, np.ndarray]:
    """Return a set, and of each series what others of it come from as well: a dataset, an indicator, a competition."""
    sample = read_sample(name, bench)
    own = sample.names.get_level_values("indicator")
    if name in ("owid", "business"):
        table = pd.read_csv(bench / f"{name}_series.csv", dtype=str).set_index("indicator").loc[own]
        own = table["dataset"] if name == "owid" else table["source"] + " " + table["per_year"]
    return sample, name + " " + own.to_numpy(dtype=object).astype(str)


def counted(cases: Cases, paths: np.ndarray) -> np.ndarray:
    """Weight of each case: each set counts alike, in units of what the paths of the time miss by."""
    group, weight = cases.group, np.zeros(len(cases.group))
    missed = (np.abs(paths - cases.actual) * cases.share).sum(axis=1)
    names = group["set"].unique()
    for name in names:
        typical = missed[(group["set"] == name) & (group["kind"] == 0)].mean()
        for kind, count in enumerate(COUNTS):
            rows = (group["set"] == name) & (group["kind"] == kind)
            weight[rows] = count / max(rows.sum(), 1) / typical / len(names)
    return weight


@dataclass(frozen=True)
class Learner:
    """The weights as a function of few numbers: even ones, looks times kinds, sharpness; and what they cost."""

    cases: Cases

    def unpack(self, numbers: np.ndarray) -> tuple[np.ndarray, float]:
        """Return what each look adds to the logits of the rules (looks, rules), and the sharpness."""
        rules, kinds = len(RULES), table_of_kinds()
        fitted = numbers[rules:-1].reshape(-1, kinds.shape[1]) @ kinds.T
        fitted[0] += numbers[:rules]
        return fitted, float(numbers[-1])

    def project(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return weights (cases, rules) and paths (cases, leads)."""
        fitted, sharpness = self.unpack(numbers)
        logits = self.cases.looks @ fitted.astype(np.float32) - np.float32(sharpness) * self.cases.errors
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        return weights, np.matmul(weights[:, None], self.cases.paths)[:, 0]

    def fit(self, steps: int = 40) -> np.ndarray:
        """Return the numbers that cost least."""
        kinds, looks = table_of_kinds(), self.cases.looks
        start = np.zeros(len(RULES) + looks.shape[1] * kinds.shape[1] + 1)
        start[-1] = TODAY
        pull = np.full(len(start), PULLS["looks"])
        pull[: len(RULES)], pull[-1] = PULLS["even"], PULLS["sharpness"]
        before = self.project(start)[1]
        count = counted(self.cases, before)[:, None].astype(np.float32)
        share, unit = self.cases.share, self.cases.unit
        way = np.sign(before) * share / unit * count
        reach = float((way * before).sum())

        def cost(numbers: np.ndarray) -> tuple[float, np.ndarray]:
            weights, paths = self.project(numbers)
            error, apart = paths - self.cases.actual, (paths - before) / unit
            missed = (np.abs(error) * share).sum(axis=1, keepdims=True)
            root, longer = np.sqrt(missed + 0.05), float((way * (paths - before)).sum()) / reach
            total = (count * (missed + root + PULLS["path"] * (apart**2 * share).sum(axis=1, keepdims=True))).sum()
            slope = np.sign(error) * share * count * (1 + 0.5 / root) + 2 * PULLS["path"] * count * apart * share / unit
            slope += 2 * PULLS["reach"] * longer * way / reach
            inner = np.matmul(self.cases.paths, slope[:, :, None])[:, :, 0] - (paths * slope).sum(axis=1, keepdims=True)
            inner *= weights
            by_look = (looks.T @ inner @ kinds).ravel()
            apart_from = numbers - start
            gradient = np.concatenate([inner.sum(axis=0), by_look, [-(inner * self.cases.errors).sum()]])
            total += (pull * apart_from**2).sum() + PULLS["reach"] * longer**2
            return float(total), (gradient + 2 * pull * apart_from).astype(np.float64)

        return np.asarray(minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": steps}).x)


def kind_of(rule: str) -> tuple[float, ...]:
    """What a rule is: KINDS, whether it is one of rates, and whether it follows what is steady."""
    stem, _, last = rule.rpartition(" ")
    damping, recent, smoothing = KINDS.get(rule) or KINDS[stem]
    rates, steady = rule.startswith("growth") or rule.endswith("rates"), rule.startswith("steady")
    return DAMPING[last] if damping is None else damping, recent, smoothing, float(rates), float(steady)


def table_of_kinds() -> np.ndarray:
    """What the rules are (rules, kinds), each kind with mean 0 and deviation 1."""
    kinds = np.array([kind_of(rule) for rule in RULES])
    return (kinds - kinds.mean(axis=0)) / kinds.std(axis=0) / np.sqrt(kinds.shape[1])


def left_out(cases: Cases, name: str) -> pd.Series:
    """Return the MASE of the series of a set, by number, with weights learned from the other sets alone."""
    theirs = cases.take(np.flatnonzero(cases.group["set"] != name))
    own = cases.take(np.flatnonzero((cases.group["set"] == name) & (cases.group["kind"] == 0)))
    return errors_of(own, Learner(theirs).fit())


def errors_of(cases: Cases, numbers: np.ndarray) -> pd.Series:
    """Return the mean absolute error of each case in mean yearly changes, the path drawn in to the cap."""
    most = auto.CAP * np.arange(1.0, LEADS + 1)
    path = np.clip(Learner(cases).project(numbers)[1], -most, most)
    known = cases.share > 0
    error = np.where(known, np.abs(path - cases.actual), 0.0).sum(axis=1) / known.sum(axis=1)
    return pd.Series(error, index=cases.group["series"]).sort_index()


def write_weights(numbers: np.ndarray, cases: Cases) -> None:
    """Write what each look adds to the logit of each rule, and the sharpness."""
    table, sharpness = Learner(cases).unpack(numbers)
    frame = pd.DataFrame(table.T, index=pd.Index(RULES, name="rule"), columns=list(LOOKS))
    frame.loc[fitted.SHARPNESS] = [sharpness] + [0.0] * (len(LOOKS) - 1)
    frame.round(4).to_csv(PACKAGE / "rule_weights.csv", lineterminator="\n")


def main() -> None:
    """Learn, and write; or print what is left of it on a set that took no part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bench", type=Path, default=SHARED)
    parser.add_argument("--left-out", action="store_true")
    asked = parser.parse_args()
    cases = read_cases(asked.bench)
    if not asked.left_out:
        write_weights(Learner(cases).fit(), cases)
        return
    found = {name: left_out(cases, name) for name in SETS}
    print(pd.DataFrame({name: {"mase": e.mean(), "median": e.median()} for name, e in found.items()}).T.round(4))


if __name__ == "__main__":
    main()

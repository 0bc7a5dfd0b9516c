"""Verdict history: each line as it would have been judged at each past year, and what changed it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xk.arithmetic.rulebooks import HOUSE
from xk.arithmetic.target import meets
from xk.contracts.scheme import Scheme
from xk.errors import UsageError
from xk.pipeline.figures import figures_of
from xk.pipeline.judging import Judged, build_verdicts
from xk.pipeline.paths import build_paths
from xk.pipeline.peering import Surroundings
from xk.pipeline.result import LineResult
from xk.pipeline.settings import Settings
from xk.pipeline.summary import build_lines
from xk.pipeline.targets import target_of

CHANGES = (
    "first",
    "parts",
    "first_figure",
    "time_passed",
    "due",
    "target_met",
    "target_lost",
    "trend_source",
    "projection",
    "new_figure",
)
FINAL = ("achieved", "missed")
"""Statuses by the figure of the target year, wherever it stood before."""
MOST_YEARS = 7


@dataclass(frozen=True)
class PastVerdict(Judged):
    """A verdict as of a year, on the results of that year.

    `change` says what changed the status since the year before (see `CHANGES`; None where it is the same), `before` is
    the status then.
    """

    result: LineResult
    as_of: int
    change: str | None = None
    before: str | None = None

    @property
    def changed(self) -> bool:
        """Whether the status is another than the year before."""
        return self.change not in (None, "first")


def build_verdict_history(
    scheme: Scheme, around: Surroundings, *, settings: Settings, years: Sequence[int] | None = None
) -> list[PastVerdict]:
    """Judge every line with the figures known in each of several years.

    Parameters
    ----------
    scheme, around
        As for `build_paths`; of a figure that was revised, the newest vintage stands for all years.
    settings : Settings
        Resolved; region and method.
    years : sequence of int, optional
        Years to judge at; the last seven up to `as_of` that have a figure of the region, if not given.

    Returns
    -------
    list of PastVerdict
        Line by line, goal and rulebook, years ascending; none for a region without figures.
    """
    last, _ = settings.years()
    asked = list(years) if years is not None else _years(scheme, around.observations, settings)
    if max(asked, default=last) > last:
        raise UsageError(f"the history ends in {last}, the last known year; {max(asked)} lies after it")
    if not asked:
        return []
    found = build_paths(scheme, around, settings=settings, years=sorted(set(asked)))
    lines: dict[tuple[str, str, str], list[PastVerdict]] = {}
    for year, paths in found.items():
        results = build_lines(scheme, paths, settings=replace(settings, as_of=year))
        for one in build_verdicts(scheme, paths.seen, results):
            line = lines.setdefault((one.indicator, one.goal, one.rulebook), [])
            new = PastVerdict(**vars(one), result=results[one.indicator], as_of=year)
            old = line[-1] if line else None
            line.append(replace(new, change=_change(old, new), before=old.status if old else None))
    return [one for line in lines.values() for one in line]


def _years(scheme: Scheme, observations: pd.DataFrame, settings: Settings) -> list[int]:
    last, _ = settings.years()
    own = figures_of(scheme, observations, [settings.region])
    known = {int(year) for year in own["year"] if year <= last}
    return sorted({*known, last})[-MOST_YEARS:] if known else []


def _met(result: LineResult) -> bool:
    target = target_of(result.line)
    return target.known and result.comparable and meets(result.latest.value, target)


def _change(old: PastVerdict | None, new: PastVerdict) -> str | None:
    """Return what changed a status since the year before; None where it is the same."""
    if old is None:
        return "first"
    if old.status == new.status:
        return None
    if new.result.line.is_composite:
        return "parts"
    then, now = old.result, new.result
    if then.latest.year is None and now.latest.year is not None:
        return "first_figure"
    if then.latest.year == now.latest.year:
        return "time_passed"
    if new.rulebook == HOUSE and new.status in FINAL:
        return "due"
    if _met(then) != _met(now):
        return "target_met" if _met(now) else "target_lost"
    if new.rulebook != HOUSE:
        return "new_figure"
    if (then.trend.kind, then.trend.region) != (now.trend.kind, now.trend.region):
        return "trend_source"
    same = np.isclose(then.outlook.value, now.outlook.value, equal_nan=True)
    return "new_figure" if same else "projection"

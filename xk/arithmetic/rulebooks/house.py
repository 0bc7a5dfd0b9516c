"""The house rule: years asked for that are past, latest value, projection of the target year with its odds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xk.arithmetic.projection import probability, project_arrays
from xk.arithmetic.rulebooks.case import Case, Reason, Verdict, at_least
from xk.arithmetic.rulebooks.rulebook import HOUSE, Rulebook
from xk.arithmetic.target import TOLERANCE, Target, meets, shortfall
from xk.vocab import BEHIND, GOOD, UNJUDGED

FEWEST = 2
LIKELY, UNLIKELY = 2 / 3, 1 / 3
OF_PARTS = (
    "missed", "not_held", "regressing", "lagging", "uncertain", "not_seen", "no_data", "no_trend", "not_comparable",
    "on_track", "met_to_hold", "achieved",
)  # fmt: skip
"""Statuses of parts: the first one that a part has is that of the whole."""

Judgement = tuple[str, Reason]


def judge_house(case: Case) -> Verdict:
    """Judge under the house rule.

    Formula, in this order: ``no_target``; ``no_data`` no figure; ``achieved`` every year asked for (the target year,
    and those in which it is to be held) is past, was seen and met the target, or, where once is enough, any figure up
    to the target year did; ``not_held`` or ``missed`` one of them was seen to fall short; ``not_seen`` all are past
    and one was not seen; ``met_to_hold`` the latest value meets the target, which is asked for in years to come;
    ``no_trend`` nothing is projected, or what is borrowed has no odds; then by the odds p of meeting it in all
    remaining years: ``on_track`` p >= 2/3, ``uncertain`` 1/3 <= p < 2/3, below ``regressing`` where the projection
    lies further from the target than the latest value, else ``lagging``. Without odds the projection decides: on_track
    where it meets the target in the target year and falls short in no year to be held. Years up to `as_of` are past.
    The projection is `projected` where given, else the combined one of `xk.arithmetic.projection` from two values on.
    `value` is the value projected for the target year, in the indicator's unit, `probability` p. Source: own rule
    (docs/en/rulebooks.md).
    """
    known = _with_outlook(case)
    status, why = _judge(known)
    projected = math.nan if known.projected is None else known.projected
    return Verdict(status, projected, known.probability, why, known.probability_target_year)


def judge_parts(parts: Sequence[tuple[str, str]]) -> Verdict:
    """Judge an indicator by the number and the status of each of its parts.

    Formula: the first status of `OF_PARTS` that a part has; a part without target does not count, and where none has
    one the indicator is ``no_target``; ``no_data`` without parts. Source: own rule (docs/en/rulebooks.md).
    """
    if not parts:
        return Verdict("no_data", math.nan, why=Reason("no_parts"))
    asked = [status for _, status in parts if status != "no_target"]
    status = min(asked, key=OF_PARTS.index, default="no_target")
    deciding = [part for part in parts if part[1] == status]
    others = [part for part in parts if part[1] != status]
    also = (Reason("other_parts", {"parts": others}),) if others else ()
    return Verdict(status, math.nan, why=Reason("deciding_parts", {"parts": deciding}, also))


RULEBOOK = Rulebook(
    HOUSE,
    1,
    judge_house,
    dict.fromkeys(GOOD, 3) | {"uncertain": 2} | dict.fromkeys(BEHIND, 2) | {"regressing": 1},
    unjudged=UNJUDGED,
    whole=judge_parts,
)


def _with_outlook(case: Case) -> Case:
    """Return the case with the target year's value and the odds of meeting the target, where there are any."""
    if case.projected is not None:
        return case
    target, due = case.target, case.target.due
    if not target.known or due is None or len(case.years) < FEWEST or max(case.latest[0], _as_of(case)) >= due:
        return case
    view = project_arrays(np.array(case.years), np.array([case.values]), to=due, bounds=case.bounds)
    path = {case.latest[0] + 1 + place: float(value) for place, value in enumerate(view.path[0])}
    odds = [float(probability(view, one, after=case.as_of)[0]) for one in (replace(target, year=due), target.alone)]
    short = short_years(path, target, after=_as_of(case))
    return replace(case, projected=path[due], probability=odds[0], probability_target_year=odds[1], short=short)


def short_years(path: dict[int, float], target: Target, *, after: int) -> tuple[int, ...]:
    """Return the years later than `after` in which a target is to be held and a path (year -> value) falls short.

    Formula: as `meets`; years without a value are passed over. Source: own rule.
    """
    held = (year for year in target.held_years() if year > after and year in path)
    return tuple(year for year in held if not meets(path[year], target))


def _as_of(case: Case) -> int:
    return case.latest[0] if case.as_of is None else case.as_of


@dataclass(frozen=True)
class _Asked:
    """The years in which the target has to be met: those seen to be missed, those past and not seen, those to come."""

    missed: list[tuple[int, float]]
    unseen: list[int]
    ahead: list[int]

    @staticmethod
    def of(case: Case, due: int) -> _Asked:
        """Return them for a case, whose target is due in a year."""
        seen, asked = dict(zip(case.years, case.values, strict=True)), _asked_years(case.target, due)
        past = [year for year in asked if year <= _as_of(case)]
        missed = [(year, seen[year]) for year in past if year in seen and not meets(seen[year], case.target)]
        return _Asked(missed, [year for year in past if year not in seen], [y for y in asked if y not in past])


def _asked_years(target: Target, due: int) -> list[int]:
    return sorted({*target.held_years(), due})


def _judge(case: Case) -> Judgement:
    target, due = case.target, case.target.due
    if not target.known or due is None:
        return "no_target", Reason("no_target")
    if not case.years:
        return "no_data", Reason("no_figure")
    asked = _Asked.of(case, due)
    past = _judge_past(case, asked, due)
    if past is not None:
        return past
    return _judge_met(case, asked) if meets(case.latest[1], target) else _judge_trend(case, asked)


def _judge_past(case: Case, asked: _Asked, due: int) -> Judgement | None:
    """Judge by the years asked for that are past; None where these do not decide."""
    target, seen = case.target, list(zip(case.years, case.values, strict=True))
    once = [at for at in seen if target.once and at[0] <= due and meets(at[1], target)]
    if once:
        return "achieved", _met_in(*once[0], "achieved_once")
    if asked.missed and target.held_years():
        return "not_held", Reason("not_held", {"figures": asked.missed})
    if asked.missed:
        late = next((at for at in seen if at[0] > due and meets(at[1], target)), None)
        also = () if late is None else (_met_in(*late, "reached_late"),)
        year, value = asked.missed[0]
        return "missed", _met_in(year, value, "missed", also, gap=shortfall(value, target))
    if asked.ahead:
        return None
    if asked.unseen:
        also = (Reason("latest_meets"),) if meets(case.latest[1], target) else ()
        return "not_seen", _met_in(*case.latest, "not_seen", also, years=asked.unseen)
    value = dict(seen)[due]
    held = len(target.held_years()) > 1
    return "achieved", _met_in(due, value, "achieved_held" if held else "achieved", years=_asked_years(target, due))


def _met_in(year: int, value: float, key: str, also: tuple[Reason, ...] = (), **facts: object) -> Reason:
    return Reason(key, {"year": year, "value": value, **facts}, also)


def _judge_met(case: Case, asked: _Asked) -> Judgement:
    """Judge a series whose latest value meets a target that is asked for in years to come."""
    odds = (Reason("odds", {"odds": case.probability}),) if not math.isnan(case.probability) else ()
    also = (*_unseen(asked), *odds, *_odds_of_year(case, asked))
    return "met_to_hold", _met_in(*case.latest, "met_to_hold", also, years=asked.ahead)


def _unseen(asked: _Asked) -> tuple[Reason, ...]:
    return (Reason("unseen", {"years": asked.unseen}),) if asked.unseen else ()


def _odds_of_year(case: Case, asked: _Asked) -> tuple[Reason, ...]:
    """Say, where the target is to be held in several years to come, of which years the odds are."""
    if len(asked.ahead) < 2 or math.isnan(case.probability) or math.isnan(case.probability_target_year):
        return ()
    facts = {"years": asked.ahead, "target_year": case.target.due, "odds": case.probability_target_year}
    return (Reason("odds_of_year", facts),)


def _judge_trend(case: Case, asked: _Asked) -> Judgement:
    target, (year, value), projected = case.target, case.latest, case.projected
    if projected is None or math.isnan(projected):
        key = f"no_trend_{case.doubt}" if case.doubt else "no_trend"
        return "no_trend", Reason(key, {"n": len(case.years), "year": year}, _unseen(asked))
    if case.borrowed_from and math.isnan(case.probability):
        facts = {"region": case.borrowed_from, "projected": projected, "target_year": target.due}
        return "no_trend", Reason(f"no_trend_{case.doubt or 'untested'}", facts, _unseen(asked))
    if case.assumed is not None and case.doubt:  # made of a path that the reference does not judge by
        facts = {"assumption": case.assumed, "projected": projected, "target_year": target.due}
        return "no_trend", Reason("no_trend_assumed", facts, _unseen(asked))
    further = shortfall(projected, target) - shortfall(value, target) > TOLERANCE * max(abs(value), 1e-300)
    status = _by_odds(case, further=further)
    return status, _trend_reason(case, status, (*_odds_of_year(case, asked), *_unseen(asked)))


def _trend_reason(case: Case, status: str, also: tuple[Reason, ...]) -> Reason:
    """Return why, by where the projection comes from; odds, where there are any, are of its own trend."""
    facts: dict[str, object] = {"projected": case.projected, "target_year": case.target.due}
    met = case.projected is not None and meets(case.projected, case.target)
    if case.assumed is not None:
        said = "met" if met else "further" if status == "regressing" else "missed"
        return Reason(f"assumed_{said}", facts | {"assumption": case.assumed})
    if not math.isnan(case.probability):
        facts["odds"] = case.probability
        if case.borrowed_from:
            return Reason(f"{status}_borrowed", facts | {"region": case.borrowed_from}, also)
        return Reason(f"{status}_odds", facts, also)
    said = "short" if case.short and met else status
    return Reason(f"{said}_own", facts | {"years": case.short}, also)


def _by_odds(case: Case, *, further: bool) -> str:
    """Return the status of a series that does not meet its target yet; `further`: the projection is further from it."""
    odds = case.probability
    if math.isnan(odds):
        if case.projected is not None and meets(case.projected, case.target) and not case.short:
            return "on_track"
    elif at_least(odds, UNLIKELY):
        return "on_track" if at_least(odds, LIKELY) else "uncertain"
    return "regressing" if further else "lagging"

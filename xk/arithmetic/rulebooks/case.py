"""What every rulebook is asked and what it answers, and the arithmetic that several of them share.

Why a verdict was given, as data and in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xk.arithmetic.target import Target
from xk.contracts.scenario_rules import Rule
from xk.vocab import LANGUAGES, text
from xk.vocab.cards import Card, Shown, both, joined
from xk.vocab.clauses import clause


@dataclass(frozen=True)
class Reason:
    """Why a status was given: a key of the label table and the figures that it names, and what is to be said besides.

    Parameters
    ----------
    key : str
        The label is ``reason_<key>``.
    values : mapping
        What the label names.
    also : tuple of Reason
        Further clauses.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    also: tuple[Reason, ...] = ()

    def clauses(self) -> Iterator[Reason]:
        """Yield what is said, clause by clause."""
        yield self
        yield from self.also


def say(reason: Reason, lang: str) -> str:
    """Return a reason in `lang`."""
    said = [clause(one.key, one.values, lang) for one in reason.clauses()]
    return text("clause_separator", lang).join(said)


NOT_AVAILABLE = "not_available"


@dataclass(frozen=True, repr=False)
class Verdict(Shown):
    """What a rulebook says of a series.

    Attributes
    ----------
    status : str
        In the rulebook's own words, or `not_available`.
    value : float
        The quantity that the rulebook judges by (see docs/en/rulebooks.md); NaN where it has none.
    probability : float
        House rule: odds that the target is met in its year, or in all remaining years in which it is to be held; NaN
        for the others.
    why : Reason
        Key of the label table and the numbers that it names.
    probability_target_year : float
        The odds of the target year alone.
    """

    status: str
    value: float
    probability: float = math.nan
    why: Reason = Reason("no_figure")
    probability_target_year: float = math.nan

    @property
    def reason(self) -> str:
        """Why, in English."""
        return say(self.why, "en")

    def card(self) -> Card:
        """Return status, the quantity that was judged by, odds and reason."""
        reason = joined(say(self.why, lang) for lang in LANGUAGES)
        facts = [(both("field_value"), self.value), (both("card_odds"), self.probability)]
        return Card(f"{both('field_status')}: {self.status}", [*facts, (both("field_reason"), reason)])


def verdict(status: str, value: float, why: Reason) -> Verdict:
    """Return a verdict by the quantity `value`."""
    return Verdict(status, float(value), why=why)


def unavailable(key: str, **facts: object) -> Verdict:
    """Return the verdict of a rulebook that cannot say."""
    return verdict(NOT_AVAILABLE, math.nan, Reason(key, facts))


@dataclass(frozen=True)
class Case:
    """A series and its target, in the indicator's unit, and facts that a rulebook may ask for.

    Parameters
    ----------
    years, values : tuple
        What was observed: years ascending, no value missing.
    target : Target
    as_of : int or None
        Last year that counts as known; that of the last observation if None.
    baseline_year : int or None
        The first year of the series if None.
    projected : float or None
        Value in the target year; NaN where nothing can be projected, None where the rulebook is to project.
    probability, probability_target_year : float
        Odds that the target is met in all its remaining years, and in the target year alone, if `projected` is given.
    short : tuple of int
        Years to come in which the target is to be held and the central path falls short of it, likewise.
    borrowed_from : str or None
        Region whose trend leads to `projected`.
    doubt : str
        Why a borrowed trend is not judged by (``untested``, ``apart``), or that none may be (``barred``).
    assumed : (rule, argument) or None
        Rule of a scenario that leads to `projected`.
    bounds : pair or None
        Natural bounds (low, high) of the indicator.
    limit : float or None
        Natural limit of an indicator without target.
    per_cent : bool
        Whether the values are shares in per cent.
    """

    years: tuple[int, ...]
    values: tuple[float, ...]
    target: Target
    as_of: int | None = None
    baseline_year: int | None = None
    projected: float | None = None
    probability: float = math.nan
    probability_target_year: float = math.nan
    short: tuple[int, ...] = ()
    borrowed_from: str | None = None
    doubt: str = ""
    assumed: Rule | None = None
    bounds: tuple[float, float] | None = None
    limit: float | None = None
    per_cent: bool = False

    @property
    def latest(self) -> tuple[int, float]:
        """Year and value of the last observation."""
        return self.years[-1], self.values[-1]

    def base(self) -> tuple[int, float] | None:
        """Return the baseline (year, value): as asked for, else the next later one; the first if none is."""
        wanted = self.baseline_year
        return next((at for at in zip(self.years, self.values, strict=True) if wanted is None or at[0] >= wanted), None)


def no_pace(case: Case, needed: int) -> Verdict:
    """Return the verdict of a rulebook that finds no pace since the baseline, with the reason that is so.

    Figures of fewer than `needed` years; all of them from before the baseline; or none since it.
    """
    base = case.base()
    if len(case.years) < needed:
        return unavailable("rulebook_few_years", n=len(case.years), needed=needed)
    if base is None:
        return unavailable("rulebook_before_baseline", year=case.baseline_year)
    return unavailable("rulebook_no_year_since", year=base[0])


def growth(start: tuple[int, float], end: tuple[int, float]) -> float:
    """Return yearly growth ``(x_t/x_b)^(1/(t-b)) - 1`` between two (year, value); NaN where there is none."""
    years, ratio = end[0] - start[0], end[1] / start[1] if start[1] else math.nan
    return float(ratio ** (1.0 / years)) - 1.0 if years > 0 and ratio >= 0 else math.nan


def carry(value: float, rate: float, years: int) -> float:
    """Return ``x (1 + a)^n``, infinite where it is beyond a double."""
    try:
        return float(value * (1 + rate) ** years)
    except OverflowError:
        return math.copysign(math.inf, value)


def at_least(value: float, cut: float) -> bool:
    """Whether a value is at or above a cut; an exact hit that rounding has moved counts."""
    return value >= cut or math.isclose(value, cut, rel_tol=1e-12, abs_tol=1e-12)

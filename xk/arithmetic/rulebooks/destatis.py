"""German sustainable development strategy: weather symbols of the Federal Statistical Office."""

import math
from dataclasses import replace

from xk.arithmetic.rulebooks.case import Case, Reason, Verdict, at_least, unavailable, verdict
from xk.arithmetic.rulebooks.rulebook import Rulebook
from xk.arithmetic.target import meets

STATUSES = {"sun": 3, "slightly_cloudy": 2, "cloud": 2, "thunderstorm": 1}
POINTS, FEWEST = 6, 4
SLIGHT, CLEAR = 0.05, 0.20


def judge_destatis(case: Case) -> Verdict:
    """Judge under the weather symbols of the German strategy.

    Formula: ``m`` mean yearly change over the last six points (at least four); miss share
    ``d (y* - x_t - m (T - t)) / (d (y* - x_t))``: below 5 % sun, to 20 % slightly cloudy, above and d m > 0
    cloud, d m <= 0 thunderstorm. To be held or met already: by level and direction. Interval: the weaker
    bound. No target: mean and last change. `value` is the miss share (1 = the whole remaining way); for a
    held target d m, in units a year. Source: Federal Statistical Office (dns-indikatoren.de, Status of the
    indicators); checked against its symbols.
    """
    if len(case.years) < FEWEST:
        return unavailable("rulebook_few_years", n=len(case.years), needed=FEWEST)
    if case.target.direction == "interval":
        return _weaker_bound(case)
    drift = case.target.sign * _mean_change(case)
    if not case.target.known:
        return _by_direction(case, drift)
    if case.target.hold_from is not None or meets(case.latest[1], case.target):
        return _by_level(case, drift)
    if case.target.year is None:
        return unavailable("rulebook_no_target_year")
    return _by_miss(case, drift)


RULEBOOK = Rulebook("destatis", 3, judge_destatis, STATUSES, years=FEWEST, checked=True)


def _mean_change(case: Case) -> float:
    years, values = case.years[-POINTS:], case.values[-POINTS:]
    return _change(values[0], values[-1]) / (years[-1] - years[0])


def _drift_facts(case: Case, drift: float) -> dict[str, object]:
    """Return the mean change as it is said: in units a year, with the year that it is counted from."""
    return {"change": case.target.sign * drift, "since": case.years[-POINTS:][0]}


def _change(before: float, after: float) -> float:
    """Return the change, 0 where rounding alone has moved the value."""
    return 0.0 if math.isclose(before, after, rel_tol=1e-12) else after - before


def _weaker_bound(case: Case) -> Verdict:
    target = case.target
    ends = {"positive": target.low, "inverse": target.high}
    bounds = (replace(target, direction=direction, value=end) for direction, end in ends.items())
    verdicts = (judge_destatis(replace(case, target=bound)) for bound in bounds)
    return max(verdicts, key=lambda found: RULEBOOK.words.index(found.status))


def _by_miss(case: Case, drift: float) -> Verdict:
    gap = case.target.sign * (case.target.value - case.latest[1])
    share = 1 - drift * max((case.target.year or 0) - case.latest[0], 0) / gap
    facts = {"miss_share": max(share, 0.0), "target_year": case.target.year, **_drift_facts(case, drift)}
    if drift <= 0:
        return verdict("thunderstorm", share, Reason("rulebook_away", facts))
    if not at_least(share, SLIGHT):
        return verdict("sun", share, Reason("rulebook_miss_none" if at_least(0, share) else "rulebook_miss", facts))
    status = "slightly_cloudy" if at_least(CLEAR, share) else "cloud"
    return verdict(status, share, Reason("rulebook_miss", facts))


def _by_level(case: Case, drift: float) -> Verdict:
    met = meets(case.latest[1], case.target)
    if met:
        status = "sun" if drift >= 0 else "slightly_cloudy"
    else:
        status = "cloud" if drift > 0 else "thunderstorm"
    facts = {"year": case.latest[0], "value": case.latest[1], **_drift_facts(case, drift)}
    return verdict(status, drift, Reason("rulebook_level_met" if met else "rulebook_level_missed", facts))


def _by_direction(case: Case, drift: float) -> Verdict:
    last = case.target.sign * _change(case.values[-2], case.values[-1])
    status = list(STATUSES)[(0 if last > 0 else 1) if drift > 0 else (2 if last > 0 else 3)]
    facts = {**_drift_facts(case, drift), "last": case.target.sign * last}
    return verdict(status, drift, Reason("rulebook_direction", facts))

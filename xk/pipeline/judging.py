"""Every line of a scheme under all rulebooks, and where these disagree."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from xk.arithmetic.rulebooks import NOT_AVAILABLE, RULEBOOKS, Case, Verdict, read_case, status_label, unavailable
from xk.arithmetic.status import Reason
from xk.arithmetic.target import Target, stretch
from xk.contracts.records import Record, records, records_by
from xk.contracts.scheme import Line, Scheme
from xk.pipeline.result import LineResult
from xk.pipeline.targets import target_of

COLUMNS = ("indicator", "no", "goal", "rulebook", "status", "grade", "value", "probability", "reason")
GOALS = ("target", "stretch")
CAUSES = ("deadline", "level", "window", "cuts")
# reasons that rest on the level reached, not on where the trend leads
BY_LEVEL = ("achieved", "achieved_to_hold", "rulebook_level_met")


def build_verdicts(scheme: Scheme, observed: pd.DataFrame, lines: Mapping[str, LineResult]) -> pd.DataFrame:
    """Judge every line under every rulebook.

    Parameters
    ----------
    scheme : Scheme
    observed : DataFrame
        The region's figures: indicator, year, value, comparable (`Paths.observed`). The other programmes' rulebooks
        judge by these alone; a borrowed trend serves the house rulebook only.
    lines : mapping of LineResult
        The verdicts of the house.

    Returns
    -------
    DataFrame
        One row an indicator, goal (target, stretch) and rulebook: status in the rulebook's words, grade (3 met or on
        track, 2 right way but not enough, 1 no progress or wrong way, 0 not judged), value the rulebook judges by,
        probability (house), reason.
    """
    rows = judge_lines(scheme, records_by(observed, "indicator"), lines)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def judge_lines(scheme: Scheme, figures: Mapping[str, list[Record]], house: Mapping[str, LineResult]) -> list[Record]:
    """Return the rows of `build_verdicts` as mappings; the figures by indicator."""
    rows: dict[tuple[str, str], dict[str, Verdict]] = {}
    for row in scheme.plain_lines():
        name, target = row.indicator, target_of(row)
        seen = figures.get(name, [])
        rows[name, "target"] = _judge_line(row, seen, target) | {"house": house[name].verdict}
        if row.has_stretch:
            further = stretch(target, row.target_stretch)
            rows[name, "stretch"] = _judge_line(row, seen, further) | {"house": _stretched(house[name])}
    for name in scheme.lines:
        if (name, "target") not in rows:
            parts = [(scheme.lines[part].no, rows[part, "target"]) for part in scheme.parts(name)]
            rows[name, "target"] = _judge_parts(parts) | {"house": house[name].verdict}
    return _in_order(scheme, rows)


def _in_order(scheme: Scheme, rows: dict[tuple[str, str], dict[str, Verdict]]) -> list[Record]:
    lines = []
    for row in scheme.lines.values():
        for goal in GOALS:
            for rulebook, found in _ordered(rows.get((row.indicator, goal), {})):
                grade = RULEBOOKS[rulebook].grade(found.status)
                cells = (found.status, grade, found.value, found.probability, found.why)
                line = (row.indicator, row.no, goal, rulebook, *cells)
                lines.append(dict(zip(COLUMNS, line, strict=True)))
    return lines


def _ordered(found: dict[str, Verdict]) -> list[tuple[str, Verdict]]:
    return [(rulebook, found[rulebook]) for rulebook in RULEBOOKS if rulebook in found]


def _stretched(result: LineResult) -> Verdict:
    return replace(result.stretch or result.verdict, probability=math.nan)


def _judge_line(row: Line, seen: list[Record], target: Target) -> dict[str, Verdict]:
    good = [point for point in seen if point["comparable"]]
    others = [rulebook for rulebook in RULEBOOKS if rulebook != "house"]
    if seen and not good and target.known:
        return dict.fromkeys(others, unavailable("rulebook_no_own_figures"))
    case = _case(row, good, target)
    return {rulebook: RULEBOOKS[rulebook].judge(case) for rulebook in others}


def _case(row: Line, good: list[Record], target: Target) -> Case:
    known: Any = target.value if target.known else None
    return read_case(
        [point["year"] for point in good],
        [point["value"] for point in good],
        target=(target.low, target.high) if target.direction == "interval" else known,
        target_year=target.year,
        direction=target.direction,
        options={
            "hold": target.hold_from is not None,
            "baseline_year": row.baseline_year,
            "per_cent": row.unit == "%",
        },
    )


def _judge_parts(parts: Sequence[tuple[str, dict[str, Verdict]]]) -> dict[str, Verdict]:
    """Return for each rulebook the worst verdict on the parts; a good one only where every part is judged."""
    out = {}
    for rulebook in RULEBOOKS:
        if rulebook == "house":
            continue
        found = [(no, verdicts[rulebook].status) for no, verdicts in parts]
        words = RULEBOOKS[rulebook].words()[:-1]
        judged = [status for _, status in found if status in words]
        worst = max(judged, key=words.index, default=NOT_AVAILABLE)
        if RULEBOOKS[rulebook].grade(worst) == max(RULEBOOKS[rulebook].statuses.values()) and len(judged) < len(found):
            worst = NOT_AVAILABLE
        said = [(no, status_label(rulebook, status).removeprefix("status_")) for no, status in found]
        why = Reason("composite", {"parts": said}) if said else Reason("no_parts")
        out[rulebook] = Verdict(worst, math.nan, why=why)
    return out


def build_disagreements(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the lines on which the rulebooks that judge them disagree, most divided first.

    Parameters
    ----------
    verdicts : DataFrame
        As `build_verdicts` gives it.

    Returns
    -------
    DataFrame
        indicator, no, goal, rulebooks (how many judge), best and worst (grades), best_rulebooks and worst_rulebooks
        (names joined by a semicolon), best_reason and worst_reason (of the first of them), cause: ``level`` (some
        rulebooks count the level reached now, others look at the trend), ``deadline`` (the year is there and the
        target missed, which some do not ask), ``window`` (the trend turns with the years it is taken from) or
        ``cuts`` (same trend, other thresholds).
    """
    groups: dict[tuple[str, str], list[Record]] = {}
    for row in records(verdicts):
        if row["grade"] > 0:
            groups.setdefault((row["indicator"], row["goal"]), []).append(row)
    rows = []
    for (name, goal), group in groups.items():
        best, worst = (end(row["grade"] for row in group) for end in (max, min))
        if best == worst:
            continue
        top, low = ([row for row in group if row["grade"] == grade] for grade in (best, worst))
        names = [";".join(row["rulebook"] for row in side) for side in (top, low)]
        cells = (name, group[0]["no"], goal, len(group), best, worst, *names, top[0]["reason"], low[0]["reason"])
        rows.append((*cells, _cause(top, low)))
    columns = ["indicator", "no", "goal", "rulebooks", "best", "worst", "best_rulebooks", "worst_rulebooks",
               "best_reason", "worst_reason", "cause"]  # fmt: skip
    found = pd.DataFrame(rows, columns=columns)
    apart = (found["worst"] - found["best"]).astype(float)
    return found.iloc[apart.argsort(kind="stable").to_numpy()].reset_index(drop=True)


def _cause(top: list[Record], low: list[Record]) -> str:
    if any(row["reason"].key == "deadline_missed" for row in low):
        return "deadline"
    if any(row["reason"].key in BY_LEVEL for row in top):
        return "level"
    return "window" if all(row["grade"] == 1 for row in low) else "cuts"

"""Every line of a scheme under all rulebooks, and where these disagree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS, Verdict, unavailable
from xk.arithmetic.target import Target, stretch
from xk.contracts.records import Record, records, records_by
from xk.contracts.scheme import Line, Scheme
from xk.pipeline.result import LineResult
from xk.pipeline.targets import case_of, target_of

# rulebook -> what it says of one line
Verdicts = dict[str, Verdict]
COLUMNS = ("indicator", "no", "goal", "rulebook", "status", "grade", "value", "probability", "reason")
GOALS = ("target", "stretch")
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
    found: dict[tuple[str, str], Verdicts] = {}
    for line in scheme.plain_lines():
        name, target, result = line.indicator, target_of(line), house[line.indicator]
        points = figures.get(name, [])
        found[name, "target"] = _judge_line(line, points, target, result.verdict)
        if line.has_stretch:
            known = replace(result.stretch or result.verdict, probability=math.nan)
            found[name, "stretch"] = _judge_line(line, points, stretch(target, line.target_stretch), known)
    for name in scheme.lines:
        if (name, "target") not in found:
            parts = [(scheme.lines[part].no, found[part, "target"]) for part in scheme.parts(name)]
            found[name, "target"] = {
                rulebook: one.judge_parts([(no, verdicts[rulebook].status) for no, verdicts in parts])
                for rulebook, one in RULEBOOKS.items()
            }
    lines = [(line, goal, found.get((line.indicator, goal), {})) for line in scheme.lines.values() for goal in GOALS]
    return [_row(line, goal, *verdict) for line, goal, verdicts in lines for verdict in verdicts.items()]


def _row(line: Line, goal: str, rulebook: str, found: Verdict) -> Record:
    grade = RULEBOOKS[rulebook].grade(found.status)
    cells = (found.status, grade, found.value, found.probability, found.why)
    return dict(zip(COLUMNS, (line.indicator, line.no, goal, rulebook, *cells), strict=True))


def _judge_line(line: Line, points: list[Record], target: Target, house: Verdict) -> Verdicts:
    """Return the verdicts on one line; that of the house, which looks at more than the figures, is known."""
    good = [point for point in points if point["comparable"]]
    case = case_of(line, good, target)
    none = unavailable("rulebook_no_own_figures") if points and not good and target.known else None
    return {name: house if name == HOUSE else none or one.judge(case) for name, one in RULEBOOKS.items()}


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

"""Lines against the planned path, and targets to be held, year by year."""

import math
from collections.abc import Callable, Sequence

from xk.contracts.records import Record, grouped, records
from xk.exhibits import Columns, Exhibit, Wording, number, paragraph, table
from xk.pipeline.planning import HeldYear, Position
from xk.tables.tasks import in_domain
from xk.vocab import KINDS

STILL = ("at_start", "no_plan")
"""Lines that cannot be compared with the planned path: the latest figure is the baseline, or there is no path."""


def table_plan(words: Wording, positions: Sequence[Position], domain: str | None = None) -> Exhibit:
    """Return each line's latest figure against the planned value of its year, beside the status for the target year.

    Nothing in a final assessment: what is planned for the target year is the target.

    Parameters
    ----------
    words : Wording
    positions : sequence of Position
        As `build_positions` gives it.
    domain : str, optional
    """
    if words.results.is_final:
        return Exhibit("")
    every = in_domain(words, positions, domain)
    rows = [row for row in every if row.plan_status not in STILL]
    started = [row for row in every if row.plan_status == "at_start"]
    if not rows:
        return paragraph(_started(words, "only", started) or words.text("empty_plan"))

    def plan(name: str, *, signed: bool = False) -> Callable[[Position], str]:
        return lambda row: words.planned(getattr(row, name), words.results.lines[row.indicator], signed=signed)

    def kind(row: Position) -> str:
        return words.text(f"planned_{row.planned_kind}" if row.planned_kind else "dash")

    show = Columns(words)
    columns = [
        show.line(),
        show.year("column_plan_year"),
        show.number("column_latest", lambda row: words.given(row.value, words.results.lines[row.indicator].line)),
        show.number("column_planned", plan("planned_value")),
        show.text("column_planned_kind", kind),
        show.number("column_plan_gap", plan("plan_gap", signed=True)),
        show.word("column_plan_status", "plan_status", "plan"),
        show.status(),
        show.year("column_years_left", "years_left"),
    ]
    caption = words.text("caption_plan", n=len(rows), domain=words.domain(domain))
    note = words.sentences(words.text("note_plan"), _started(words, "too", started))
    return table(rows, columns, "plan", caption=caption, note=note)


def _started(words: Wording, which: str, started: Sequence[Position]) -> str:
    """Return of how many lines the latest figure is the baseline, and of how many later ones are shown; else nothing.

    `which`: only or too, after no other lines or after some.
    """
    if not started:
        return ""
    year, _ = words.results.settings.years()
    came = sum(bool(words.results.paths.later.get(row.indicator)) for row in started)
    later = words.text("plan_later", n=came, year=year) if came else ""
    return words.text(f"plan_at_start_{which}", n=len(started), year=year, later=later)


def table_evaluations(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the programme's own evaluations of single years beside the scores here; nothing where it gives none.

    A score is cut to 100 where the programme's own evaluation is not above it.
    """
    scheme, yearly = words.results.scheme, words.results.yearly
    known = records(yearly[yearly["kind"].isin(KINDS)])
    scores = {(row["indicator"], row["year"]): (row["score"], row["value"]) for row in known}
    whole = words.results.composite_years
    for row in records(whole[whole["kind"].isin(KINDS)]):
        scores[row["indicator"], row["year"]] = row["attainment"], math.nan
    given = scheme.in_order(records(scheme.schedule.dropna(subset=["evaluation"])))
    rows = []
    for row in in_domain(words, given, domain):
        score, value = scores.get((row["indicator"], int(row["year"])), (math.nan, math.nan))
        ours = min(score, 100.0) if row["evaluation"] <= 100 else score
        rows.append(row | {"value": value, "gap": ours - row["evaluation"], "ours": ours})
    if not rows:
        return Exhibit("")
    show = Columns(words)
    columns = [
        show.line(),
        show.year("column_year"),
        show.number("column_value", lambda row: words.given(row["value"])),
        show.number("column_evaluation", lambda row: words.given(row["evaluation"])),
        show.share("column_score", "ours"),
        show.text("column_compared", lambda row: _compared(words, row)),
    ]
    return show.table("evaluations", rows, columns, note=True, domain=words.domain(domain), n=len(rows))


def _compared(words: Wording, row: Record) -> str:
    """Return how two evaluations compare: the same where they differ by no more than theirs was rounded by."""
    if math.isnan(row["gap"]):
        return words.text("evaluation_not_here")
    _, _, decimals = f"{row['evaluation']:.15g}".partition(".")
    if abs(row["gap"]) <= 0.5 * 10.0 ** -len(decimals) + 1e-9:
        return words.text("evaluation_same")
    gap = number(row["gap"], words.lang, decimals=max(1, len(decimals)), signed=True)
    return words.text("evaluation_differs", gap=gap)


def table_held(words: Wording, held: Sequence[HeldYear], domain: str | None = None) -> Exhibit:
    """Return the targets to be held with the result of every year.

    Parameters
    ----------
    words : Wording
    held : sequence of HeldYear
        As `build_held_years` gives it.
    domain : str, optional
    """
    shown = in_domain(words, held, domain)
    if shown and all(one.result == "ahead" for one in shown):
        return paragraph(_all_ahead(words, shown))
    rows = [
        {"indicator": indicator, "years": {one.year: one for one in group}}
        for indicator, group in grouped(shown, lambda one: one.indicator).items()
    ]

    show = Columns(words)
    columns = [
        show.line(),
        show.number("column_target", lambda row: words.target(words.results.scheme.lines[row["indicator"]])),
        *(
            show.text("of_year", lambda row, year=year: _result(words, row["years"].get(year)), year=year)
            for year in sorted({one.year for one in shown})
        ),
    ]
    return show.table("held", rows, columns, note=True, empty=True)


def _all_ahead(words: Wording, held: Sequence[HeldYear]) -> str:
    names = [words.line(name) for name in dict.fromkeys(one.indicator for one in held)]
    years = words.years({one.year for one in held})
    return words.text("held_all_ahead", n=len(names), years=years, names=words.listed(names))


def _result(words: Wording, held: HeldYear | None) -> str:
    if held is None:
        return words.text("dash")
    word = words.text(f"held_{held.result}")
    if math.isnan(held.value):
        return word
    return number(held.value, words.lang) + words.bracketed(word)

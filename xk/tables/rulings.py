"""Verdicts: lines under all rulebooks, where these disagree, and the house's over the years."""

from collections import Counter
from collections.abc import Mapping, Sequence

from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS
from xk.contracts.records import Record, grouped
from xk.exhibits import Columns, Exhibit, Wording, badge, escape, fold, paragraph, table
from xk.exhibits.columns import with_note
from xk.pipeline.verdicts import Disagreement, Judged, PastVerdict
from xk.tables.tasks import in_domain
from xk.vocab.clauses import clause
from xk.vocab.counting import Counted, listed

# grade of a verdict -> house status that lends symbol and colour
GRADE_LOOKS = {3: "on_track", 2: "lagging", 1: "regressing", 0: "no_data"}


def verdict_of(words: Wording, rulebook: str, status: object) -> str:
    """Return a verdict as HTML: symbol and the rulebook's own word."""
    if not isinstance(status, str):
        return escape(words.text("dash"))
    look = status if rulebook == HOUSE else GRADE_LOOKS[RULEBOOKS[rulebook].grade(status)]
    return badge(look, words.text(RULEBOOKS[rulebook].label(status)))


def table_rulebooks(words: Wording, verdicts: Sequence[Judged], domain: str | None = None) -> Exhibit:
    """Return the lines of a domain with their verdict under every rulebook.

    Parameters
    ----------
    words : Wording
    verdicts : sequence of Judged
        As `build_verdicts` gives it.
    domain : str, optional
    """
    every = _wide(in_domain(words, verdicts, domain))
    rows = [row for row in every if _others_judge(row)]
    if every and not rows:
        return paragraph(words.text("rulebooks_none_judge", n=_lines(every), needs=_needs(words)))

    show = Columns(words)
    columns = [
        show.line(),
        *(
            show.text(f"rulebook_short_{name}", lambda row, name=name: verdict_of(words, name, row[name]), raw=True)
            for name in RULEBOOKS
        ),
    ]
    counted = Counted(len(RULEBOOKS), words.lang)
    caption = words.text("caption_rulebooks", n=counted, domain=words.domain(domain), lines=_lines(rows))
    left = _lines(every) - _lines(rows)
    rest = words.text("rulebooks_rest", n=left) if left else ""
    note = words.sentences(words.text("note_rulebooks", needs=_needs(words), checked=_checked(words)), rest)
    return table(rows, columns, "rulebooks", caption=caption, note=note, empty=words.text("empty_rulebooks"))


def _lines(rows: Sequence[Record]) -> int:
    """Return how many lines rows are of: one with a stretch target has two."""
    return len({row["indicator"] for row in rows})


def _others_judge(row: Record) -> bool:
    """Return whether a rulebook besides that of the house came to a verdict on a line."""
    return any(_can_judge(name, row.get(name)) for name in RULEBOOKS if name != HOUSE)


def _can_judge(rulebook: str, status: object) -> bool:
    """Return whether a rulebook came to a verdict that has a grade."""
    return isinstance(status, str) and RULEBOOKS[rulebook].grade(status) > 0


def _needs(words: Wording) -> str:
    """Return how many years of figures the rulebooks need, those that need the fewest first."""
    said = ""
    for years in sorted({rulebook.years for rulebook in RULEBOOKS.values() if rulebook.years}):
        names = [words.text(f"rulebook_need_{one.name}") for one in RULEBOOKS.values() if one.years == years]
        need = {"rulebooks": listed(names, words.lang), "n": Counted(years, words.lang)}
        said = words.text("rulebooks_need_more", less=said, **need) if said else words.text("rulebooks_need", **need)
    since = [words.text(f"rulebook_need_{one.name}") for one in RULEBOOKS.values() if one.since_baseline]
    said = words.text("rulebooks_since_baseline", needs=said, rulebooks=listed(since, words.lang)) if since else said
    met = [words.text(f"rulebook_need_{one.name}") for one in RULEBOOKS.values() if one.met_in_one]
    return words.text("rulebooks_met_in_one", needs=said, rulebooks=listed(met, words.lang)) if met else said


def _checked(words: Wording) -> str:
    """Return which rulebooks gave what their programmes published."""
    names = [words.text(f"rulebook_need_{one.name}") for one in RULEBOOKS.values() if one.checked]
    return listed(names, words.lang)


def _wide(verdicts: Sequence[Judged]) -> list[Record]:
    """Return one row a line and goal: the status of each rulebook in its column."""
    groups = grouped(verdicts, lambda one: (one.indicator, one.goal))
    return [
        {"indicator": indicator, "goal": goal} | {one.rulebook: one.status for one in group}
        for (indicator, goal), group in groups.items()
    ]


def table_disagreements(words: Wording, disagreements: Sequence[Disagreement], domain: str | None = None) -> Exhibit:
    """Return the lines on which the rulebooks disagree, with the verdicts, their reasons and the cause.

    Parameters
    ----------
    words : Wording
    disagreements : sequence of Disagreement
        As `build_disagreements` gives it.
    domain : str, optional
    """
    show = Columns(words)
    columns = [
        show.line(),
        show.text("column_best_rulebooks", lambda row: _side(words, row.best), raw=True),
        show.text("column_worst_rulebooks", lambda row: _side(words, row.worst), raw=True),
        show.word("column_cause", "cause", "cause"),
    ]
    rows = in_domain(words, disagreements, domain)
    if rows:
        return show.table("disagreements", rows, columns, note=True)
    every = _wide(in_domain(words, words.results.verdicts, domain))
    if not any(map(_others_judge, every)):
        return Exhibit("")  # `table_rulebooks` says so
    n = _lines([row for row in every if sum(_can_judge(name, row.get(name)) for name in RULEBOOKS) > 1])
    key = "disagreements_none" if n else "disagreements_none_judged"
    return paragraph(words.text(key, n=n, lines=_lines(every)))


def _side(words: Wording, verdicts: Sequence[Judged]) -> str:
    """Return the rulebooks on one side with their words, and the reason of the first of them."""
    lines = []
    for one in verdicts:
        name = escape(words.text(f"rulebook_short_{one.rulebook}"))
        verdict = verdict_of(words, one.rulebook, one.status)
        lines.append(words.text("rulebook_and_verdict", rulebook=name, word=verdict))
    return with_note("<br>".join(lines), reason_of(words, verdicts[0]))


def table_judged(words: Wording, indicator: str) -> Exhibit:
    """Return what every rulebook says of one indicator, with its reason; a stretch target has rows of its own."""
    name = words.results.line(indicator).indicator
    rows = [one for one in words.results.verdicts if one.indicator == name]
    show = Columns(words)
    columns = [
        show.group(lambda one: words.text(f"goal_{one.goal}", line=words.line(name))),
        show.text("column_rulebook", lambda one: words.text(f"rulebook_short_{one.rulebook}"), head=True),
        show.text("column_verdict", lambda one: verdict_of(words, one.rulebook, one.status), raw=True),
        show.text("column_reason", lambda one: reason_of(words, one)),
    ]
    table = show.table("judged", rows, columns, empty=True, name=words.names[name])
    kept = [{"indicator": name, "goal": one.goal, "rulebook": one.rulebook, "status": one.status,
             "reason": reason_of(words, one)} for one in rows]  # fmt: skip
    return Exhibit(table.html, table.plain, kept, table.parts)


def reason_of(words: Wording, judged: Judged) -> str:
    """Return the reason of a verdict in words; who lent the trend of a past one is as it was then."""
    if judged.rulebook == HOUSE:
        line = judged.result if isinstance(judged, PastVerdict) else words.results.lines[judged.indicator]
        return words.reason(judged.verdict.why, line)
    return clause(judged.verdict.why.key, judged.verdict.why.values, words.lang)


OPEN_ROWS = 15


def table_verdict_history(words: Wording, history: Sequence[PastVerdict], domain: str | None = None) -> Exhibit:
    """Return the house status of each line as of each year, and what changed it last; folded where many changed.

    Parameters
    ----------
    words : Wording
    history : sequence of PastVerdict
        As `build_verdict_history` gives it.
    domain : str, optional
    """
    house = [one for one in history if one.rulebook == HOUSE and one.goal == "target"]
    shown = in_domain(words, house, domain)
    every: list[Record] = [
        {"indicator": indicator, "verdicts": group, "by_year": {one.as_of: one.status for one in group}}
        for indicator, group in grouped(shown, lambda one: one.indicator).items()
    ]
    since = {row["indicator"]: unchanged_since(row["by_year"]) for row in every}
    rows = [row for row in every if since[row["indicator"]] is None]
    left = _left(words, since)
    if every and not rows:
        return paragraph(left)

    show = Columns(words)
    columns = [
        show.line(),
        *(show.text("of_year", lambda row, at=at: verdict_of(words, HOUSE, row["by_year"].get(at)), raw=True, year=at)
          for at in sorted({one.as_of for one in shown})),
        show.text("column_last_change", lambda row: _last_change(words, row["verdicts"])),
    ]  # fmt: skip
    caption = words.text("caption_history", domain=words.domain(domain), n=len(rows))
    note = words.sentences(words.text("note_history"), left)
    shown_rows = table(rows, columns, "verdict-history", caption=caption, note=note, empty=words.text("empty_history"))
    return fold(words.text("fold_history", n=len(rows)), shown_rows) if len(rows) > OPEN_ROWS else shown_rows


def unchanged_since(by_year: Mapping[int, str]) -> int | None:
    """Return the year of the first figure of a line whose verdict is the same ever since; 0 where it always was.

    `by_year`: year -> status, in order. None for a line whose verdict changed, or came and went with its figures.
    """
    if len(set(by_year.values())) == 1:
        return 0
    first = min([year for year, status in by_year.items() if status != "no_data"])
    return first if len({status for year, status in by_year.items() if year >= first}) == 1 else None


def _left(words: Wording, since: Mapping[str, int | None]) -> str:
    """Return what is not in the table: how many lines have one verdict since their first figure, which always had."""
    begun = Counter(year for year in since.values() if year)
    said = [words.text("history_since", n=n, year=year) for year, n in sorted(begun.items())]
    same = [words.line(indicator) for indicator, year in since.items() if year == 0]
    if same:
        said.append(words.text("history_same", n=len(same), names=words.listed(same)))
    return words.sentences(*said)


def _last_change(words: Wording, verdicts: Sequence[PastVerdict]) -> str:
    latest = next((one for one in reversed(verdicts) if one.changed), None)
    if latest is None:
        return words.text("change_none")
    before, now = (words.text(f"status_{status}") for status in (latest.before, latest.status))
    why = words.text(f"change_{latest.change}")
    return words.text("change_said", year=latest.as_of, before=before, now=now, why=why)

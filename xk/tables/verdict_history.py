"""The house's verdicts over the years, and what changed them last."""

from collections import Counter
from collections.abc import Mapping, Sequence

from xk.arithmetic.rulebooks import HOUSE
from xk.contracts.records import Record, grouped
from xk.exhibits import Columns, Exhibit, Wording, fold, paragraph, table
from xk.pipeline.verdicts import PastVerdict
from xk.tables.rulings import verdict_of
from xk.tables.tasks import in_domain

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
        said.append(words.text("history_same", n=len(same), names=words.text("list_separator").join(same)))
    return words.sentences(*said)


def _last_change(words: Wording, verdicts: Sequence[PastVerdict]) -> str:
    latest = next((one for one in reversed(verdicts) if one.changed), None)
    if latest is None:
        return words.text("change_none")
    before, now = (words.text(f"status_{status}") for status in (latest.before, latest.status))
    why = words.text(f"change_{latest.change}")
    return words.text("change_said", year=latest.as_of, before=before, now=now, why=why)

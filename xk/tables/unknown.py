"""What cannot be judged, why, and what would be required each year."""

from xk.exhibits import Exhibit
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording
from xk.pipeline.result import LineResult
from xk.tables.indicators import lines_of
from xk.vocab import UNJUDGED


def table_unknown(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the indicators that cannot be judged, with the reason and what would be required each year."""
    rows = [result for result in lines_of(words, domain) if result.status in UNJUDGED]
    show = Columns(words)
    columns = [show.fixed_line(), show.status(), show.text("column_why", lambda result: _why(words, result))]
    return show.table("unknown", rows, columns, empty=True)


def _why(words: Wording, result: LineResult) -> str:
    said, required = [words.reason(result.verdict.why, result), words.note(result.indicator)], result.distance.required
    if required.years and required.change != 0:
        change = words.change(required, result, away=True)
        said.append(words.text("unknown_required", change=change, years=required.years))
    end = words.text("sentence_end")
    return " ".join(part.rstrip("。.") + end for part in said if part)

"""What is furthest from its target, whether or not there is a trend, and what is judged to be behind."""

import math

from xk.exhibits import Exhibit, paragraph, table
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording
from xk.pipeline.result import LineResult
from xk.tables.indicators import judged_lines
from xk.vocab import BEHIND

FURTHEST = 10


def short_lines(words: Wording, domain: str | None = None) -> list[LineResult]:
    """Return the lines short of their targets, lowest attainment first, then by the growth that is required."""
    short = [result for result in judged_lines(words, domain) if result.distance.attainment < 100]
    return sorted(short, key=_rank)


def _rank(result: LineResult) -> tuple[float, float]:
    growth = result.distance.required.growth
    return result.distance.attainment, 0.0 if math.isnan(growth) else -abs(growth)


def table_furthest(words: Wording) -> Exhibit:
    """Return the lines of the lowest attainment, and all others that are behind, with what is required of whom."""
    short = short_lines(words)
    behind = [result for result in judged_lines(words) if result.status in BEHIND]
    rows = short[:FURTHEST] + [result for result in short[FURTHEST:] if result.status in BEHIND]
    rows += [result for result in behind if result not in short]
    if not rows:
        known = sum(not math.isnan(result.distance.attainment) for result in judged_lines(words))
        return paragraph(words.text("empty_furthest" if known else "empty_furthest_unknown", n=known))
    show = Columns(words)
    columns = [
        show.line_with_measure(),
        show.status(),
        show.latest(),
        show.target(),
        show.points("column_attainment", "distance.attainment"),
        *show.required(),
        *show.outlook("column_projected_target"),
        *show.lead_offices(),
    ]
    n, final = min(FURTHEST, len(short)), words.results.is_final
    said = {"short": len(short), "behind": len(behind), "n": n, "parts": words.parts_in(short)}
    caption = words.text("caption_furthest_final" if final else "caption_furthest", **said)
    return table(rows, columns, "furthest", caption=caption, note="" if final else words.text("note_furthest"))

"""The circular (定期通报) by lead office: where the programme stands, and what each office has to answer for."""

import math

from xk.exhibits import Exhibit, join, paragraph
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording
from xk.tables.indicators import judged_lines, lines_of
from xk.tables.key_points import latest_index
from xk.tables.office_blocks import is_behind, offices_in_charge
from xk.tables.phases import phase_sentence


def opening(words: Wording) -> Exhibit:
    """Return how the programme stands, in the sentences with which a circular begins."""
    results = words.results
    as_of, _ = results.settings.years()
    lines = lines_of(words, None)
    said = [
        words.text("circular_counts", region=words.region(results.settings.region), year=as_of,
                   scheme=results.scheme.name(words.lang), n=words.count(lines), counts=words.statuses(lines)),
        _index_sentence(words),
        phase_sentence(words),
        words.text("circular_offices", n=len(offices_in_charge(words))),
    ]  # fmt: skip
    return join([paragraph(sentence) for sentence in said if sentence])


def _index_sentence(words: Wording) -> str:
    value, coverage = latest_index(words, "total")
    if math.isnan(value):
        return words.text("key_index_none")
    return words.text("circular_index", value=words.share(value), coverage=words.share(coverage))


def table_behind(words: Wording) -> Exhibit:
    """Return the indicators that lag or move away from their targets, with what is required and who leads."""
    rows = [result for result in judged_lines(words) if is_behind(result)]
    show = Columns(words)
    columns = [
        show.line_with_measure(),
        show.status(),
        show.latest(),
        show.target(),
        show.number("column_projected_target", words.projected),
        show.probability(),
        show.required(),
        show.lead_offices(),
    ]
    return show.table("behind", rows, columns, note=True, empty=True)

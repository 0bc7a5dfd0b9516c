"""The circular (定期通报) by lead office: where the programme stands, and what each office has to answer for."""

import math

from xk.exhibits import Exhibit, join, paragraph
from xk.exhibits.wording import Wording
from xk.tables.indicators import lines_of
from xk.tables.key_points import latest_index
from xk.tables.office_blocks import offices_in_charge
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

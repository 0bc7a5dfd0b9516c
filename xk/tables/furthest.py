"""What is furthest from its target."""

from xk.exhibits import Exhibit, table
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording
from xk.tables.indicators import judged_lines

FURTHEST = 10


def table_furthest(words: Wording) -> Exhibit:
    """Return the indicators with the lowest attainment (composites are shown by their parts)."""
    short = [result for result in judged_lines(words) if result.distance.attainment < 100]
    rows = sorted(short, key=lambda result: result.distance.attainment)[:FURTHEST]
    show = Columns(words)
    columns = [
        show.fixed_line(),
        show.measure(),
        show.latest(),
        show.target(),
        show.points("column_attainment", "distance.attainment"),
        show.required(),
        show.lead_offices(),
        show.status(),
        *show.beside(),
    ]
    return table(rows, columns, "furthest", caption=words.text("caption_furthest"), empty=words.text("empty_unknown"))

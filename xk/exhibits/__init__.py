"""What a report is made of: headings, figures, tables, tiles and notes as self-contained pieces of HTML."""

from xk.exhibits.columns import Columns, folded
from xk.exhibits.grid import Column, bare_table, table
from xk.exhibits.numbers import decimals_of, number, published_decimals
from xk.exhibits.pieces import (
    Exhibit,
    Part,
    Switch,
    badge,
    begun,
    bullets,
    escape,
    figure,
    fold,
    gallery,
    heading,
    join,
    lead,
    panels,
    paragraph,
    section,
    side_by_side,
    subheading,
    switched,
)
from xk.exhibits.wording import Wording

__all__ = [
    "Column", "Columns", "Exhibit", "Part", "Switch", "Wording", "badge", "bare_table", "begun", "bullets",
    "decimals_of", "escape", "figure", "fold", "folded", "gallery", "heading", "join", "lead", "number",
    "panels", "paragraph", "published_decimals", "section", "side_by_side", "subheading", "switched",
    "table",
]  # fmt: skip

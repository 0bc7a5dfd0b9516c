"""What a report is made of: headings, figures, tables, tiles and notes as self-contained pieces of HTML."""

from xk.exhibits.grid import Column, details, table
from xk.exhibits.numbers import decimals_of, number
from xk.exhibits.pieces import (
    Exhibit,
    Part,
    Rows,
    badge,
    bullets,
    escape,
    facts,
    figure,
    gallery,
    heading,
    join,
    panels,
    paragraph,
    section,
    subheading,
)

__all__ = [
    "Column", "Exhibit", "Part", "Rows", "badge", "bullets", "decimals_of", "details", "escape", "facts", "figure",
    "gallery", "heading", "join", "number", "panels", "paragraph", "section", "subheading", "table",
]  # fmt: skip

"""A block: the figures of one table, and what names each of its rows and columns."""

from dataclasses import dataclass, field

from xk.readers.sheets import Sheet

BLANK = (None, "")


@dataclass
class Head:
    """The head of a table: its lines, the first line of figures, whether years stand across."""

    lines: list[int]
    first: int
    years: bool


@dataclass
class Block:
    """A rectangle of figures.

    Attributes
    ----------
    sheet, layout
        Where it is, and the name of its layout.
    rows, columns : list of int
        Those that hold the figures.
    by_row : dict of list
        What the labels say: region, name, no, unit, price_base, year, kind, vintage ... -> one for each row.
    by_column : list of dict
        The same of each column.
    whole : dict
        What is told above the table, and holds for all of it.
    doubts : list of str
        What was supposed, and what was left unread.
    words : set of str
        The words of its head.
    width : int
        Cells of its widest line of head.
    gaps : int
        Cells of rows that are named, and hold no figure at all.
    notes : list of str
        The texts above and under it, as they are.
    """

    sheet: Sheet
    layout: str
    rows: list[int]
    columns: list[int]
    by_row: dict[str, list[object]]
    by_column: list[dict[str, object]]
    whole: dict[str, object]
    doubts: list[str] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    width: int = 0
    gaps: int = 0
    notes: list[str] = field(default_factory=list)

    def says(self, what: str) -> bool:
        """Return whether labels, heads or lines above say something of every figure."""
        in_columns = bool(self.by_column) and all(one.get(what) for one in self.by_column)
        return what in self.by_row or in_columns or bool(self.whole.get(what))

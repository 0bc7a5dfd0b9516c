"""A sheet: what stands in each cell of a file, as it is stored, and where a user finds it.

A block: the figures of one table, and what names each of its rows and columns.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from xlsxwriter.utility import xl_col_to_name

from xk.errors import Fault, InputError

Value = str | float | int | bool | date | time | timedelta | None
"""What a cell holds; a cell of a text file holds text, an empty one None or an empty text."""
Cell = tuple[int, int]
"""Row and column, from 0."""

MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 500_000, 16_384, 5_000_000
"""What a sheet of a workbook may have; no table of an office comes near it."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file, cell by cell as it is stored.

    Attributes
    ----------
    file, name : str
        The file as the user would type it; the sheet's name, empty where the format has none.
    rows : list of list
        The values, each row as long as the others in a workbook. Text in a merged cell stands in all that it covers.
    lines : sequence of int
        Of a text file the line on which each row begins; 0 for text around the table of a page, which has none; empty
        for a workbook.
    hidden : bool
        Whether the sheet is hidden.
    hidden_rows, hidden_columns, percents, errors
        Rows and columns that are hidden, cells shown as per cent, cells with an error instead of a value.
    struck, comments
        Cells that are struck out; what comments on cells say.
    unknown : tuple of str
        What the format does not tell.
    separator : str
        What stands between the cells of a text file.
    """

    file: str
    name: str
    rows: list[list[Value]] = field(repr=False)
    lines: Sequence[int] = field(default=(), repr=False)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    percents: frozenset[Cell] = frozenset()
    errors: Mapping[Cell, str] = field(default_factory=dict)
    struck: frozenset[Cell] = frozenset()
    comments: Mapping[Cell, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    separator: str = ""

    @property
    def title(self) -> str:
        """The file with its sheet, for faults."""
        return titled(self.file, self.name)

    def line(self, row: int) -> int:
        """Return the number under which a user finds a row."""
        return self.lines[row] if self.lines else row + 1

    def place(self, row: int, column: int) -> str:
        """Return the name of a cell, such as B7; of a text file as a workbook would name it: second cell of line 7."""
        return f"{xl_col_to_name(column)}{self.line(row)}"

    def fault(self, row: int | None, column: int | None, message: str, remedy: str = "") -> Fault:
        """Return a fault of a cell, a row, a column or the whole sheet."""
        name = "" if column is None else xl_col_to_name(column)
        return Fault(self.title, None if row is None else self.line(row) or None, name, message, remedy)


def titled(file: str, sheet: str) -> str:
    """Return a file with its sheet, if that has a name, as faults name it."""
    return f"{file} [{sheet}]" if sheet else file


def refused(file: str, message: str, remedy: str, line: int | None = None) -> InputError:
    """Return the error for a file that cannot be read at all."""
    return InputError([Fault(file, line, "", message, remedy)])


def check_size(file: str, rows: int, columns: int, *, rows_allowed: int = MAX_ROWS) -> None:
    """Raise InputError where a sheet has more rows, columns or cells than a table of figures can have."""
    cells_allowed = MAX_CELLS * (1 if rows_allowed == MAX_ROWS else 4)
    if rows > rows_allowed or columns > MAX_COLUMNS or rows * columns > cells_allowed:
        message = f"has {rows:,} rows and {columns:,} columns, more than is read of one sheet"
        most = f"{rows_allowed:,} rows, {MAX_COLUMNS:,} columns"
        raise refused(file, message, f"leave the table in it, of at most {most}; delete the rest")


LONGEST_COMMENT, MOST_COMMENTS, MOST_LISTED = 100, 10, 5
"""Characters of a comment that are said, comments, and cells."""
BLANK = (None, "")
NOT_STORED = "a formula without a stored value"


def unstored_faults(sheet: Sheet, told: Collection[Fault]) -> list[Fault]:
    """Return a fault for each cell, figure or not, that is a formula without a stored value, and that none has told."""
    known = {(fault.file, fault.row, fault.column) for fault in told}
    remedy = "open it in Excel or WPS, save it, and read it again"
    cells = sorted(cell for cell, said in sheet.errors.items() if said == NOT_STORED)
    faults = (sheet.fault(*cell, f"{NOT_STORED} stands in it", remedy) for cell in cells)
    return [fault for fault in faults if (fault.file, fault.row, fault.column) not in known]


def doubts_of_cells(sheet: Sheet) -> list[str]:
    """Return a doubt for each text of comments on cells that hold something, and one for cells that are struck out."""
    texts: dict[str, list[str]] = {}
    filled = {place for place in (*sheet.comments, *sheet.struck) if _holds(sheet, *place)}
    for place in sorted(filled & {*sheet.comments}):
        texts.setdefault(sheet.comments[place], []).append(sheet.place(*place))
    said = [f"the comment {text[:LONGEST_COMMENT]!r} stands on {listed(cells)}: does it change what the figures are?"
            for text, cells in texts.items()]  # fmt: skip
    said[MOST_COMMENTS:] = [f"{len(said) - MOST_COMMENTS} more comments stand on cells"] if said[MOST_COMMENTS:] else []
    struck = [sheet.place(*place) for place in sorted(filled & sheet.struck)]
    return [*said, *([f"{listed(struck)}: what is struck out was read: delete what is not meant"] if struck else [])]


def _holds(sheet: Sheet, row: int, column: int) -> bool:
    return row < len(sheet.rows) and column < len(sheet.rows[row]) and sheet.rows[row][column] not in BLANK


def listed(cells: Sequence[str]) -> str:
    """Return the first of some cells, and whether there are more."""
    return ", ".join(cells[:MOST_LISTED]) + (f" and {len(cells) - MOST_LISTED} more" if cells[MOST_LISTED:] else "")


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
    left : list of int
        Rows of plans, which are not read.
    over : dict of str
        Row -> the line over its group, where that gives it no region and may name one.
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
    left: list[int] = field(default_factory=list)
    over: dict[int, str] = field(default_factory=dict)

    def leave_rows(self, places: Collection[int]) -> None:
        """Take rows out, with what is said of them."""
        gone = set(places)
        kept = [at for at, place in enumerate(self.rows) if place not in gone]
        self.rows = [self.rows[at] for at in kept]
        self.by_row = {role: [cells[at] for at in kept] for role, cells in self.by_row.items()}

    def says(self, what: str) -> bool:
        """Return whether labels, heads or lines above say something of every figure."""
        in_columns = bool(self.by_column) and all(one.get(what) for one in self.by_column)
        return what in self.by_row or in_columns or bool(self.whole.get(what))

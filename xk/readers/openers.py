"""Opening: what a file is by its first bytes, and its sheets."""

import csv
import re
from collections import Counter
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from xk.errors import InputError
from xk.readers.cells import UNSEEN
from xk.readers.sheets import Sheet, Value, check_size, refused
from xk.readers.text import broken, shown
from xk.readers.web_pages import MARKUP, open_page
from xk.readers.workbooks import OLE, ZIP, open_workbook
from xk.readers.writing import unguarded

if TYPE_CHECKING:
    import pyarrow

MAX_BYTES, MAX_LINE, MAX_LINES = 256 * 2**20, 2**20, 1_000_000
AS_XLSX = "open it in Excel or WPS and save it as .xlsx"
ANOTHER = {
    b"%PDF": ("is a PDF, not a table", "give the workbook or CSV that it was made from"),
    b"MIME-Version": ("is a web archive", AS_XLSX),
    b"{\\rtf": ("is a text document, not a table", "copy its table into a workbook"),
    b"\x1f\x8b": ("is packed with gzip", "unpack it"),
    b"Rar!": ("is a packed archive", "unpack it"),
    b"7z\xbc\xaf": ("is a packed archive", "unpack it"),
    b"\x89PNG": ("is a picture, not a table", "type its table into a workbook"),
    b"\xff\xd8\xff": ("is a picture, not a table", "type its table into a workbook"),
    b"\x09\x08": ("is a workbook of Excel 4 or before", AS_XLSX),
}
"""First bytes -> what a file is that no reader knows, and what to do about it."""
BOM, FOREIGN = b"\xef\xbb\xbf", re.compile(r"[\x00-\x7f\u0530-\u07ff]*")
SEPARATORS = "\t;,|，；"
SAMPLE = 50


def read_sheets(path: str | Path) -> list[Sheet]:
    """Read all sheets of a CSV, TSV, xlsx, xls, ods, HTML or Parquet file, whatever its name ends in.

    Raises
    ------
    InputError
        The file is none of these, damaged, protected, too large, or a page that asks for a login.
    """
    file = Path(path)
    name, head = shown(file), _first_bytes(file)
    for start, (message, remedy) in ANOTHER.items():
        if head.startswith(start):
            raise refused(name, message, remedy)
    if head.startswith((ZIP, OLE)):
        return open_workbook(file)
    if head.startswith(b"PAR1"):
        return [open_parquet(file)]
    text = decode(_read_lines(file), name)
    return open_page(text, name) if MARKUP.match(text) else [open_text(text, name)]


def _first_bytes(file: Path) -> bytes:
    name = shown(file)
    try:
        if not file.is_file() and file.exists():
            kind, remedy = ("folder", "give the files in it") if file.is_dir() else ("device", "give a file")
            raise refused(name, f"is a {kind}, not a file", remedy)
        if (size := file.stat().st_size) > MAX_BYTES:
            raise refused(name, f"has {size / 2**20:,.0f} MB, more than a table of figures", "give the table alone")
        with file.open("rb") as opened:
            head = opened.read(4096)
    except FileNotFoundError:
        raise refused(name, "there is no such file", "mend the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise refused(name, f"cannot be read ({reason})", "mend the path or its rights") from error
    if not head.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise refused(name, "is empty", "write a header line and rows")
    return head


def _read_lines(file: Path) -> bytes:
    """Return a text file's bytes, unless a line is longer than any line of a table, or there are too many."""
    name, parts, longest, lines = shown(file), [], 0, 0
    with file.open("rb") as opened:
        while part := opened.read(MAX_LINE):
            breaks = part.count(b"\n") or part.count(b"\r")
            longest, lines = (0, lines + breaks) if breaks else (longest + len(part), lines)
            if longest > 2 * MAX_LINE:
                raise refused(name, "has a line of more than 1 MB, so it is no table", "save it as CSV, row by row")
            if lines > MAX_LINES:
                raise refused(name, f"has more than {MAX_LINES:,} lines, more than a sheet can hold", "give less")
            parts.append(part)
    return b"".join(parts)


def decode(content: bytes, name: str) -> str:
    """Return the text of a file in UTF-8 (with or without mark), UTF-16 or GB18030.

    Raises
    ------
    InputError
        It is in none of them; bytes of another that happen to be valid GB18030 show in rare characters.
    """
    even = content[: len(content) // 2 * 2]
    wide = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}.get(content[:2])
    if wide is None and content[:400].count(b"\0") > len(content[:400]) // 4:
        wide = "utf-16-le" if content[1:400:2].count(b"\0") > content[:400:2].count(b"\0") else "utf-16-be"
    for encoding in [wide] if wide else ["utf-8-sig", "gb18030"]:
        try:
            text = (even if wide else content).decode(str(encoding))
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            line = text[: text.index("\0")].count("\n") + 1
            raise refused(name, "has a NUL character", "save it anew as CSV UTF-8", line)
        if encoding == "utf-8-sig" and FOREIGN.fullmatch(text) and not text.isascii() and content[:3] != BOM:
            continue  # a word or two of GB18030, such as 注, is valid UTF-8 as well, of a script that no office writes
        foreign = [char for char in UNSEEN.sub("", text) if ord(char) > 127] if encoding == "gb18030" else []
        rare = sum(not char.encode("gb2312", "ignore") for char in foreign)
        if rare * 10 <= len(foreign):
            return text
    remedy = "save it as CSV UTF-8 (Excel: Save As, CSV UTF-8)"
    raise refused(name, "is text in neither UTF-8, UTF-16 nor GB18030", remedy)


def open_text(text: str, name: str) -> Sheet:
    """Return the cells of a text file with what separates them; a line of a broken quote is named.

    Raises
    ------
    InputError
        Quotes are left open.
    """
    lines = text.splitlines(keepends=True) if "\n" not in text and "\r" in text else text.split("\n")
    separator = _separator([line for line in lines if line.strip()][:SAMPLE])
    reader = csv.reader((line.rstrip("\r\n") + "\n" for line in lines), delimiter=separator, strict=True)
    rows: list[list[Value]] = []
    places, line = [], 1
    words: dict[str, str] = {}  # most cells of a long table stand in it many times: one string for each
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                rows.append([words.setdefault(cell, cell) if cell[:1] != "'" else unguarded(cell) for cell in cells])
                places.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused(name, *broken(error), line) from error
    check_size(name, 1, max(map(len, rows), default=0))
    return Sheet(name, "", rows, places, separator=separator)


def _separator(lines: list[str]) -> str:
    """Return what separates cells: what gives most lines the same number of them, of several the most cells."""

    def fit(separator: str) -> tuple[int, int]:
        try:
            widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=separator))
        except csv.Error:
            return 0, 0
        return max([(count, width) for width, count in widths.items() if width > 1], default=(0, 0))

    return max(SEPARATORS, key=fit)


def open_parquet(file: Path) -> Sheet:
    """Return the table of a Parquet file, its names as the first row; the first record counts as line 2."""
    import pyarrow
    import pyarrow.parquet as parquet

    name = shown(file)
    try:
        opened = parquet.ParquetFile(file)
        about = opened.metadata
        check_size(name, about.num_rows, about.num_columns, rows_allowed=MAX_LINES)
        size = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
        if size > MAX_BYTES:
            raise refused(name, f"would unpack to {size / 2**20:,.0f} MB", "give the table alone")
        texts = [field.name for field in opened.schema_arrow if str(field.type).endswith("string")]
        table = parquet.ParquetFile(file, read_dictionary=texts).read()
        columns = [[cell for part in column.chunks for cell in _cells(part)] for column in table.columns]
    except (OSError, ValueError, NotImplementedError, pyarrow.ArrowException) as error:
        if isinstance(error, InputError):
            raise
        raise refused(name, f"cannot be read as Parquet ({str(error).splitlines()[0]})", "write it again") from error
    rows: list[list[Value]] = [list(map(str, opened.schema_arrow.names)), *map(list, zip_longest(*columns))]
    return Sheet(name, "", rows, range(1, len(rows) + 1))


def _cells(part: "pyarrow.Array") -> list[Value]:
    """Return the cells of a part of a column; a text that stands in many of them is one text."""
    import pyarrow

    if pyarrow.types.is_dictionary(part.type):
        words = part.dictionary.to_pylist()
        if any(len(word or "") > csv.field_size_limit() for word in words):
            raise ValueError(f"a cell has more than {csv.field_size_limit()} characters")
        return [None if place is None else words[place] for place in part.indices.to_pylist()]
    if pyarrow.types.is_decimal(part.type):
        return [None if cell is None else float(cell) for cell in part.to_pylist()]
    odd = pyarrow.types.is_nested(part.type) or pyarrow.types.is_binary(part.type)
    return [str(cell) if odd else cell for cell in part.to_pylist()]

"""Workbooks: xlsx, xls and ods, read by calamine in a process of its own behind guards.

A damaged or hostile workbook may make a reader ask for all memory or end its process: what is read here is looked at
before it is unpacked, and read where nothing else can fall with it.
"""

import gc
import json
import math
import re
import subprocess
import sys
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from posixpath import normpath

from xlsxwriter.utility import xl_cell_to_rowcol

from xk.errors import InputError
from xk.readers.cell_looks import Format, Styles, comments_of, read_styles, rich_cells, rich_strings
from xk.readers.raised import number_notes
from xk.readers.sheets import BLANK, MAX_COLUMNS, NOT_STORED, Cell, Sheet, Value, check_size, refused
from xk.readers.text import shown

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MAX_UNPACKED, MAX_RATIO = 512 * 2**20, 200
SECONDS, BYTES_PER_SECOND, LONGEST, MEMORY, MEMORY_PER_BYTE = 2, 2**21, 300, 400 * 2**20, 8
DAMAGED = ("is a damaged workbook", "open it in Excel or WPS and save it as a new .xlsx")
PROTECTED = ("is protected by a password", "take the password off (File, Info, Protect) and save it")
CELL = rb'<(?:\w+:)?c r="([A-Z]{1,3}\d{1,7})"'
ROW_NUMBER = re.compile(rb'\br="(\d{1,9})"')
COLUMNS = re.compile(rb'<(?:\w+:)?col\b(?=[^>]* hidden="(?:1|true)")([^>]*)>')
WRONG = re.compile(CELL + rb'[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([^<]*)')
UNSTORED = re.compile(
    CELL + rb"(?![^>]* t=\"str\")[^>]*>(?:<f[^>]*/>|<f\b[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</(?:\w+:)?c>"
)
UNSHOWN = "#FORMULA!"
"""What stands for a value that is not stored."""
READ_APART = Path(__file__).with_name("read_apart.py")
LOCKED = 77
"""What its exit status is for a workbook that is protected by a password."""


@dataclass
class Looks:
    """What calamine does not tell of a sheet of an xlsx."""

    percents: set[Cell] = field(default_factory=set)
    formats: dict[Cell, Format] = field(default_factory=dict)
    texts: dict[Cell, str] = field(default_factory=dict)
    struck: set[Cell] = field(default_factory=set)
    comments: dict[Cell, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: dict[Cell, str] = field(default_factory=dict)


def open_workbook(file: Path) -> list[Sheet]:
    """Return the sheets of a workbook; charts and macros are no sheets.

    Raises
    ------
    InputError
        It is damaged, protected, too large, or no workbook.
    """
    name = shown(file)
    with file.open("rb") as opened:
        packed = opened.read(4) == ZIP
    looks, unpacked = None, 4 * file.stat().st_size  # type: Mapping[str, Looks] | None, int
    unknown: tuple[str, ...] = (
        "hidden rows and columns", "per-cent formats", "errors of formulas", "raised footnote marks",
        "words of number formats", "comments",
    )  # fmt: skip
    if packed:
        try:
            with zipfile.ZipFile(file) as archive:
                looks = _look_into(archive, name)
                unpacked = sum(info.file_size for info in archive.infolist())
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, NotImplementedError, EOFError) as error:
            if isinstance(error, InputError):
                raise
            raise refused(name, *(PROTECTED if "encrypted" in str(error) else DAMAGED)) from error
    sheets = []
    for title, hidden, rows, merged in _read_apart(file, name, unpacked):
        own = (looks or {}).get(title, Looks())
        check_size(name, len(rows), max(map(len, rows), default=0))
        _show_looks(rows, own)
        _spread(rows, merged)
        _show(rows, own.errors)
        sheets.append(Sheet(
            name, title, rows, hidden=hidden, hidden_rows=frozenset(own.hidden_rows), errors=own.errors,
            hidden_columns=frozenset(own.hidden_columns), percents=frozenset(own.percents),
            unknown=() if looks else unknown, struck=frozenset(own.struck), comments=own.comments,
        ))  # fmt: skip
    if not any(any(sheet.rows) for sheet in sheets):
        raise refused(name, "is a workbook without a filled sheet", "give one with a table")
    return sheets


def _read_apart(
    file: Path, name: str, unpacked: int
) -> list[tuple[str, bool, list[list[Value]], list[tuple[Cell, Cell]]]]:
    """Read a workbook in a process of its own; what ends that process is a fault of the file."""
    memory, seconds = MEMORY + MEMORY_PER_BYTE * unpacked, SECONDS + unpacked // BYTES_PER_SECOND
    command = [sys.executable, "-P", str(READ_APART), str(file.absolute()), str(memory), str(seconds)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise refused(name, *DAMAGED) from error
    if done.returncode:
        with file.open("rb") as opened:
            locked = done.returncode == LOCKED or b"E\0n\0c\0r\0y\0p\0t" in opened.read()
        raise refused(name, *(PROTECTED if locked else DAMAGED))
    collects = gc.isenabled()
    gc.disable()  # millions of cells come, and none goes
    try:
        return list(_sheets_in(done.stdout))
    finally:
        if collects:
            gc.enable()


def _sheets_in(told: bytes) -> Iterator[tuple[str, bool, list[list[Value]], list[tuple[Cell, Cell]]]]:
    """Yield the sheets that the other process tells: name, hidden, rows, merged cells."""
    place = 8 + int.from_bytes(told[:8], "little")
    for title, hidden, width, words, merged in json.loads(told[8:place]):
        others, numbers = array("q"), array("d")
        for part in others, numbers:
            end = place + 8 + 8 * int.from_bytes(told[place : place + 8], "little")
            part.frombytes(told[place + 8 : end])
            place = end
        cells: list[Value] = [*numbers.tolist()]
        for at, word in zip(others, words, strict=True):
            cells[at] = date.fromisoformat(word["day"]) if isinstance(word, dict) else word
        rows = [cells[start : start + width] for start in range(0, len(cells), max(width, 1))]
        yield title, hidden, rows, [(tuple(first), tuple(last)) for first, last in merged]


def _spread(rows: list[list[Value]], merged: list[tuple[Cell, Cell]]) -> None:
    """Repeat the text of merged cells in all that they cover; a number is one figure and stays where it is."""
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]) or not isinstance(rows[top][left], str):
            continue
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = row[column] if row[column] not in ("", None) else rows[top][left]


def _show_looks(rows: list[list[Value]], own: Looks) -> None:
    """Make cells what they show: numbers with the words of their formats, texts with their footnote marks."""
    for (row, column), text in own.texts.items():
        if row < len(rows) and column < len(rows[row]) and isinstance(rows[row][column], str):
            rows[row][column] = text
    for (row, column), form in own.formats.items():
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if isinstance(value, float) and math.isfinite(value) and (shown_as := form.show(value)):
            rows[row][column] = shown_as
            own.percents.discard((row, column))
    if own.texts:
        number_notes(rows)


def _show(rows: list[list[Value]], errors: Mapping[Cell, str]) -> None:
    """Fill cells that hold no value though something stands in them, so that no row of such is taken for empty."""
    for row, column in errors:
        if row < len(rows) and column < len(rows[row]) and rows[row][column] in BLANK:
            rows[row][column] = UNSHOWN


def _look_into(archive: zipfile.ZipFile, name: str) -> dict[str, Looks] | None:
    """Check what an archive would unpack to; return what is seen of an xlsx, None of an ods."""
    members = {info.filename: info for info in archive.infolist()}
    unpacked, packed = (sum(getattr(info, key) for info in members.values()) for key in ("file_size", "compress_size"))
    if unpacked > MAX_UNPACKED or unpacked > 2**24 and unpacked > MAX_RATIO * max(packed, 1):
        message = f"would unpack to {unpacked / 2**20:,.0f} MB, so it is no table of figures"
        raise refused(name, message, "open it in Excel or WPS, keep the table alone, save it as a new .xlsx")
    if "content.xml" in members:
        _check_ods(archive, name)
        return None
    if "xl/workbook.bin" in members and "xl/workbook.xml" not in members:
        remedy = "open it in Excel or WPS and save it as .xlsx"
        raise refused(name, "is a workbook in the binary format .xlsb", remedy)
    if "xl/workbook.xml" not in members:
        raise refused(name, "is an archive, not a workbook", "unpack it")
    styles = read_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in members else Styles()
    strings, found = rich_strings(archive, members), {}
    for title, part in _sheet_parts(archive):
        if part in members:
            found[title] = _look_at(archive, part, styles, strings, name)
            found[title].comments = comments_of(archive, part, members)
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and the part of the archive that holds it."""
    from html import unescape

    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    tags = re.findall(r"<(?:\w+:)?Relationship\b([^>]*)>", links)
    found = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in tags]
    targets = {link.get("Id"): link.get("Target", "") for link in found}
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    for tag in re.findall(r"<(?:\w+:)?sheet\b([^>]*)>", book):
        given = dict(re.findall(r'([\w:]+)="([^"]*)"', tag))
        target = targets.get(next((value for key, value in given.items() if key.endswith(":id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
        yield unescape(given.get("name", "")), part


def _look_at(archive: zipfile.ZipFile, part: str, styles: Styles, strings: Mapping[bytes, str], name: str) -> Looks:
    """Return what is seen of a sheet, unpacked piece by piece; raise InputError where it is larger than a table."""
    looks, rows, rest = Looks(), 0, b""
    styled = re.compile(CELL + rb'[^>]*? s="(' + b"|".join(sorted(styles.any())) + rb')"') if styles.any() else None
    with archive.open(part) as opened:
        while block := opened.read(2**22):
            text = rest + block
            cut = text.rfind(b"row ") if len(block) == 2**22 else len(text)  # between two rows, so that none is cut
            text, rest = text[:cut], text[max(cut, 0) :]
            tags = text.split(b"row ")[1:] if b' hidden="' in text else [text.rpartition(b"row ")[2]]
            rows += text.count(b"row ") - len(tags)
            for tag in (tag[: tag.find(b">")] for tag in tags):
                number = ROW_NUMBER.search(tag)
                rows = max(rows + 1, int(number[1])) if number else rows + 1
                if b'hidden="1"' in tag or b'hidden="true"' in tag:
                    looks.hidden_rows.add(rows - 1)
            check_size(name, rows, 1)
            for tag in COLUMNS.findall(text) if b"cols>" in text else ():
                ends = {end: int(number) for end, number in re.findall(rb' (min|max)="(\d{1,5})"', tag)}
                looks.hidden_columns |= {*range(ends[b"min"] - 1, min(ends[b"max"], MAX_COLUMNS))}
            for cell, style in styled.findall(text) if styled else ():
                _style(looks, xl_cell_to_rowcol(cell.decode()), style, styles)
            looks.texts |= dict(rich_cells(text, strings))
            if b't="e"' in text:
                wrong = {cell.decode(): said.decode("utf-8", "replace") for cell, said in WRONG.findall(text)}
                looks.errors |= {xl_cell_to_rowcol(cell): said for cell, said in wrong.items()}
            if b"<f" in text:
                looks.errors |= {xl_cell_to_rowcol(cell.decode()): NOT_STORED for cell in UNSTORED.findall(text)}
    return looks


def _style(looks: Looks, cell: Cell, style: bytes, styles: Styles) -> None:
    """Note what the style of a cell shows."""
    if style in styles.percents:
        looks.percents.add(cell)
    if style in styles.struck:
        looks.struck.add(cell)
    if style in styles.formats:
        looks.formats[cell] = styles.formats[style]


def _check_ods(archive: zipfile.ZipFile, name: str) -> None:
    """Raise InputError where rows or cells of an ods are repeated more often than a table can be long."""
    rows = 0
    with archive.open("content.xml") as opened:
        while block := opened.read(2**22):
            for number, part in enumerate(block.split(b"<table:table ")):
                rows = (0 if number else rows) + part.count(b"<table:table-row")
                check_size(name, rows, 1)
    content = archive.read("content.xml")
    repeated = rb"(?s)<table:table-row\b([^>]*-rows-repeated=[^>]*[^>/])>(.*?)</table:table-row>"
    for tag, cells in re.findall(repeated, content):
        repeats = [int(times) for times in re.findall(rb'number-columns-repeated="(\d{1,9})"[^>]*office:value', cells)]
        times = re.search(rb'number-rows-repeated="(\d{1,9})', tag)
        filled = b"office:value" in cells or b"<text:p" in cells
        check_size(name, int(times[1]) if times and filled else 1, max(repeats, default=1))

"""Files as offices have them, written byte by byte where no library of the project writes them: xls, ods, HTML."""

# ruff: noqa: C901, E501  # formats of files are long
from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Sequence
from html import escape
from xml.sax.saxutils import escape as xml_escape

import xlsxwriter

Grid = Sequence[Sequence[object]]
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


def as_text(grid: Grid, *, separator: str = ",", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    """Return a grid as CSV or TSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(
        [f"{cell:.15g}" if isinstance(cell, float) else cell for cell in row] for row in grid
    )
    return out.getvalue().encode(encoding)


def as_xlsx(
    grid: Grid,
    *,
    sheet: str = "Sheet1",
    merged: Sequence[tuple[int, int, int, int]] = (),
    percent: Sequence[tuple[int, int]] = (),
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
    errors: Sequence[tuple[int, int, str]] = (),
    hidden_sheet: Grid = (),
    more: dict[str, Grid] | None = None,
) -> bytes:
    """Return grids as an xlsx workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    share = book.add_format({"num_format": "0.0%"})
    for name, rows in {sheet: grid, **(more or {})}.items():
        page = book.add_worksheet(name)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell not in ("", None):
                    page.write(place, column, cell, share if name == sheet and (place, column) in percent else None)
        if name == sheet:
            for area in merged:
                page.merge_range(*area, grid[area[0]][area[1]])
            for place in hidden_rows:
                page.set_row(place, None, None, {"hidden": True})
            for place in hidden_columns:
                page.set_column(place, place, None, None, {"hidden": True})
            for place, column, error in errors:
                page.write_formula(place, column, "=1/0", None, error)
    if hidden_sheet:
        page = book.add_worksheet("hidden")
        page.hide()
        for place, row in enumerate(hidden_sheet):
            page.write_row(place, 0, row)
    book.close()
    return out.getvalue()


def as_ods(grid: Grid, *, sheet: str = "Sheet1") -> bytes:
    """Return a grid as an ods workbook, with the many empty rows that spreadsheets write behind a table."""

    def cell(value: object) -> str:
        if value in ("", None):
            return "<table:table-cell/>"
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value!r}"><text:p>{value}</text:p></table:table-cell>'
        return (
            f'<table:table-cell office:value-type="string"><text:p>{xml_escape(str(value))}</text:p></table:table-cell>'
        )

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in grid)
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{xml_escape(sheet)}">{rows}{empty}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def as_html(grid: Grid, *, encoding: str = "utf-8") -> bytes:
    """Return a grid as the page that web systems give out under the name of a workbook."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{'' if cell is None else escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in grid
    )
    page = f'<html><head><meta charset="{encoding}"></head><body><table border="1">{rows}</table></body></html>'
    return page.encode(encoding)


def as_xml_2003(grid: Grid) -> bytes:
    """Return a grid as Excel's XML of 2003."""
    rows = "".join(
        "<Row>"
        + "".join(
            f'<Cell ss:Index="{at}"><Data ss:Type="{"String" if isinstance(cell, str) else "Number"}">{xml_escape(str(cell))}</Data></Cell>'
            for at, cell in enumerate(row, 1) if cell not in ("", None)
        )
        + "</Row>"
        for row in grid
    )  # fmt: skip
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="Sheet1"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode()


def as_xls(grid: Grid, *, sheet: str = "Sheet1") -> bytes:
    """Return a grid as an xls workbook (BIFF8 in a compound file)."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def text(word: str, length: str) -> bytes:
        wide = word.encode("utf-16-le")
        return struct.pack(length, len(wide) // 2) + b"\x01" + wide

    cells = b""
    for place, row in enumerate(grid):
        for column, cell in enumerate(row):
            head = struct.pack("<HHH", place, column, 0)
            if isinstance(cell, int | float):
                cells += record(0x0203, head + struct.pack("<d", cell))
            elif cell not in ("", None):
                cells += record(0x0204, head + text(str(cell), "<H"))
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    end = record(0x000A, b"")
    font = record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + text("Arial", "<B"))
    look = record(0x00E0, struct.pack("<HHHBBBBIIH", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    globals_ = record(0x0809, begin) + record(0x0042, struct.pack("<H", 1200)) + font + look
    bound = 4 + 6 + len(text(sheet, "<B"))
    start = len(globals_) + bound + len(end)
    globals_ += record(0x0085, struct.pack("<IBB", start, 0, 0) + text(sheet, "<B")) + end
    page = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + end
    return compound("Workbook", globals_ + page)


def compound(name: str, stream: bytes) -> bytes:
    """Return one stream in a compound file of version 3."""
    stream += b"\0" * max(0, 4096 - len(stream))
    count = -(-len(stream) // SECTOR)
    fats = 1
    while fats * 128 < count + 1 + fats:
        fats += 1
    chain = [*range(1, count), END, END, *[FAT] * fats]
    chain += [FREE] * (fats * 128 - len(chain))

    def entry(word: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
        wide = (word + "\0").encode("utf-16-le") if word else b""
        return (
            wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide), kind, 1, FREE, FREE, child) + b"\0" * 36
            + struct.pack("<IQ", start, size)
        )  # fmt: skip

    folder = entry("Root Entry", 5, END, 0, 1) + entry(name, 2, 0, len(stream)) + entry("", 0, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, fats, count, 0, 4096, END, 0, END, 0)
    places = [count + 1 + number for number in range(fats)]
    header += struct.pack("<109I", *places, *[FREE] * (109 - fats))
    return header + stream.ljust(count * SECTOR, b"\0") + folder + struct.pack(f"<{fats * 128}I", *chain)

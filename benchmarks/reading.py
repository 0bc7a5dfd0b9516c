"""Seconds that a clean sheet takes to be read, beside the bare reading of its cells; and how hostile files are refused.

python benchmarks/reading.py [ROWS] [YEARS]
"""

import os
import random
import resource
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import xlsxwriter

from xk.readers import read_files, read_store


def write_sheet(path: Path, rows: int, years: int) -> None:
    """Write regions and indicators down, years across."""
    chance = random.Random(1)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["region", "indicator", *(str(2000 + year) for year in range(years))])
    for row in range(rows):
        names = [f"region {row % 5000}", f"indicator {row // 5000}"]
        sheet.write_row(row + 1, 0, [*names, *(round(chance.random() * 100, 2) for _ in range(years))])
    book.close()


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of some work, that of other processes which it starts counted in."""

    def spent() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in used)

    before = spent()
    work()
    return spent() - before


# --- hostile files

MB = 2**20
XLSX = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',  # noqa: E501
}
ODS = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}
TABLES = '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'


def write_archive(path: Path, parts: dict[str, str], last: str, pieces: Iterable[bytes]) -> None:
    """Write an archive whose last part comes piece by piece."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        with archive.open(last, "w") as part:
            for piece in pieces:
                part.write(piece)


def sheet_rows(rows: int) -> Iterable[bytes]:
    """Yield the rows of an xlsx, three numbers each."""
    yield b"<worksheet><sheetData>"
    for first in range(1, rows + 1, 1000):
        cells = '<row r="{0}"><c r="A{0}"><v>1</v></c><c r="B{0}"><v>2.5</v></c><c r="C{0}"><v>{0}</v></c></row>'
        yield "".join(cells.format(row) for row in range(first, min(first + 1000, rows + 1))).encode()
    yield b"</sheetData></worksheet>"


def write_hostile(folder: Path) -> None:
    """Write files that no table is, each of a kind."""
    sheet, blanks = "xl/worksheets/sheet1.xml", (b" " * MB for _ in range(1024))
    write_archive(folder / "zip bomb, 1 GB.xlsx", XLSX, sheet, blanks)
    write_archive(folder / "zip bomb, 1 GB.ods", ODS, "content.xml", (b" " * MB for _ in range(1024)))
    write_archive(folder / "a million rows.xlsx", XLSX, sheet, sheet_rows(1_048_576))
    row = '<table:table-row{}><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
    ends = "</table:table></office:spreadsheet></office:body></office:document-content>"
    repeated = TABLES + '<table:table table:name="S">' + row.format(' table:number-rows-repeated="1048576"') + ends
    write_archive(folder / "a million rows, repeated.ods", ODS, "content.xml", [repeated.encode()])
    many = (row.format("").encode() * 1000 for _ in range(1049))
    write_archive(
        folder / "a million rows.ods", ODS, "content.xml", [TABLES.encode() + b"<table:table>", *many, ends.encode()]
    )
    (folder / "two million rows.csv").write_bytes(b"region,indicator,year,value\n" + b"a,b,2016,1.5\n" * 2_000_000)
    with (folder / "one line of 1 GB.csv").open("wb") as file:
        file.truncate(1024 * MB)
    (folder / "one line of 200 MB.csv").write_bytes(b"1," * (100 * MB))
    (folder / "nested a million deep.xls").write_bytes(b"<html>" + b"<div><table><tr>\n<td>" * 900_000)
    (folder / "divisions.xls").write_bytes(b"<html>" + b"<div>\n" * 900_000)
    (folder / "entities.xls").write_text(
        f"{ENTITIES}<Workbook><Worksheet><Table><Row><Cell><Data>&l9;</Data></Cell></Row>"
    )
    one = f'{ENTITIES}<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&l9;</v></c></row></sheetData></worksheet>'
    laughs = [one.encode()]
    write_archive(folder / "entities.xlsx", XLSX, sheet, laughs)
    cell = row.format("").replace(
        'office:value-type="float" office:value="1"/>', "><text:p>&l9;</text:p></table:table-cell>"
    )
    write_archive(
        folder / "entities.ods", ODS, "content.xml", [f"{ENTITIES}{TABLES}<table:table>{cell}{ends}".encode()]
    )
    parquet.write_table(
        pa.table({"a": pa.array(["x" * 300 * MB])}), folder / "a cell of 300 MB.parquet", compression="zstd"
    )
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 900_000), ["x" * MB])
    parquet.write_table(pa.table({"a": words}), folder / "a cell of 1 MB, 900,000 times.parquet", compression="zstd")
    numbers = pa.table({"a": pa.DictionaryArray.from_arrays(pa.array([0] * 50_000_000, pa.int8()), ["x"])})
    parquet.write_table(numbers, folder / "50 million rows.parquet", compression="zstd")


def refused(path: Path) -> tuple[float, float, str]:
    """Return seconds of processor time, MB (of the largest process) and what is said of a file read apart."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        from xk.errors import InputError
        from xk.readers.openers import read_sheets

        try:
            said = f"read: {len(read_sheets(path))} sheets"
        except InputError as error:
            said = error.faults[0].message
        except BaseException as error:
            said = f"TRACEBACK {type(error).__name__}"
        os.write(writer, said.encode()[:4000])
        os._exit(0)
    _, _, used = os.wait4(child, 0)
    os.close(writer)
    said = os.read(reader, 4000).decode()
    os.close(reader)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said


def print_refusals() -> None:
    """Print a table of hostile files: their size, seconds, memory, and what is said of them."""
    with tempfile.TemporaryDirectory() as name:
        writing = os.fork()  # what is written here would count as memory of the reader
        if writing == 0:
            write_hostile(Path(name))
            os._exit(0)
        os.waitpid(writing, 0)
        print(f"{'file':40}{'MB':>7}{'s':>6}{'MB used':>9}  said")
        for path in sorted(Path(name).iterdir()):
            taken, used, said = refused(path)
            print(f"{path.name:40}{path.stat().st_size / MB:7.1f}{taken:6.2f}{used:9.0f}  {said[:90]}", flush=True)


def main() -> None:
    """Print the refusals; both times and their ratio."""
    print_refusals()
    given = [int(text) for text in sys.argv[1:3]]
    rows, years = [*given, *[100_000, 20][len(given) :]]
    store = read_store()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        write_sheet(path, rows, years)
        bare = seconds(lambda: pd.read_excel(path, engine="calamine"))
        ours = seconds(lambda: read_files([path], store=store))
    print(f"{rows:,} rows x {years} years: pandas {bare:.1f} s, read_files {ours:.1f} s, {ours / bare:.2f} times")


if __name__ == "__main__":
    main()

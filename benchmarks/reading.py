"""Seconds that a clean sheet takes to be read, with names, cells and units, beside the bare reading of its cells.

python benchmarks/reading.py [ROWS] [YEARS]
"""

import random
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
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


def main() -> None:
    """Print both times and their ratio."""
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

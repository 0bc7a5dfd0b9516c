"""Reads a workbook in a process of its own: python -P read_apart.py FILE BYTES SECONDS

Told on stdout: the sheets as JSON with what is no number, then the numbers as they are in memory; nothing of xk is
loaded. Whatever a damaged workbook makes the reader do, it does here, with at most BYTES of memory and
SECONDS of processor time.
"""

from __future__ import annotations

import gc
import json
import sys
from array import array
from collections.abc import Iterator
from datetime import date, datetime

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum

LOCKED = 77
"""Exit status for a workbook that is protected by a password."""


def limit(memory: int, seconds: int) -> None:
    """Take no more than so many bytes of memory and seconds of processor time, where the system can see to that."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(cell: object) -> object:
    """Return what stands for a cell in JSON."""
    if isinstance(cell, str | bool | int):
        return cell
    return {"day": cell.isoformat()[:10]} if isinstance(cell, date | datetime) else str(cell)


def read(path: str) -> Iterator[tuple[list[object], array[int], array[float]]]:
    """Yield of each sheet name, hidden, width, words, merged cells; the places of the words; the numbers."""
    book = CalamineWorkbook.from_path(path)
    for about in book.sheets_metadata:
        if about.typ == SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(about.name)
            rows = sheet.to_python(skip_empty_area=False)
            cells = [cell for row in rows for cell in row]
            others = array("q", [place for place, cell in enumerate(cells) if type(cell) is not float])
            numbers = array("d", [cell if type(cell) is float else 0.0 for cell in cells])
            hidden, width = not str(about.visible).endswith("Visible"), len(rows[0]) if rows else 0
            words = [plain(cells[place]) for place in others]
            yield [about.name, hidden, width, words, sheet.merged_cell_ranges or []], others, numbers


def tell(path: str, memory: int, seconds: int) -> int:
    """Write what is read of a workbook to stdout; return the exit status."""
    gc.disable()  # millions of cells come, and none goes
    limit(memory, seconds)
    try:
        found = list(read(path))
    except PasswordError:
        return LOCKED
    head = json.dumps([sheet for sheet, _, _ in found]).encode()
    out = sys.stdout.buffer
    out.write(len(head).to_bytes(8, "little") + head)
    for _, others, numbers in found:
        for part in (others, numbers):
            out.write(len(part).to_bytes(8, "little") + part.tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(tell(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

"""Files damaged and disordered at random: each must give figures or named faults, and no figure may be lost or changed.

python tests/fuzz_files.py --count 10000 --seed 1

The corpus of the tests is damaged in bytes, within the parts of archives and in its grids; others are made up of words
that tables have. Of each file is judged, against the cells that were written: whether every figure is the number in the
cell that it names (times the factor that its note names), whether every number is a figure, a label or said to be
unread, and, where the change means nothing (rows in another order, blanks, marks), whether the figures are the same.
"""

# ruff: noqa: C901, E501  # a step for each kind of damage; tables read best as tables
from __future__ import annotations

import argparse
import io
import os
import random
import re
import resource
import signal
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from unittest import mock

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))

import pandas as pd
from files.containers import Grid, as_html, as_ods, as_text, as_xls, as_xlsx, as_xml_2003
from files.make import LAYOUTS, Case, make_cases
from xlsxwriter.utility import xl_col_to_name

from xk.errors import Fault
from xk.readers import Reading, Store, office_files, read_files, read_store
from xk.readers.layouts.head_words import LINE_OF, ROLE_OF, key
from xk.readers.openers import read_sheets
from xk.readers.sheets import Sheet

PLAUSIBLE = 5
"""One file in so many is also looked at for what is implausible: that takes most of the time, and changes no figure."""
SLOW = 5.0
"""Seconds of processor time after which a file counts as one that hangs."""
PIECES = [
    "2016年", "指标", "地区", "单位：万元", "年份", "\t", ",", ";", "\n", '"', "①", "…", "-", "1,5", "1.234,5", "%", "‰", "续表", "注：",
    "月", "2016Q1", "<td>", "</tr>", "\ufeff", "\u200b", "0", "9" * 20, "1e400", "#N/A", "NaN", "\0", "区域", "频率", "value",
    "云浮市", "目标值", "(", ")", "\\TIME_PERIOD", "﷽", "\u202e", "数据库：", "<table>", "<![CDATA[", "&#x0;", "&#1114112;", "''", "\r",
    "{", "1/0", "２０１６", "年", "㉑", "²", "₂", "½", "⓪",
]  # fmt: skip
WORDS = [
    "地区", "指标", "年份", "数值", "单位", "region", "indicator", "year", "value", "云浮市", "广东省", "肇庆市", "人均GDP(元)", "城镇化率(%)", "人口",
    "2014", "2015", "2016", "2015年", "2016年", "2017年", "2016Q1", "2016年3月", "1.5", "38.5", "31502", "31,502", "38.5①", "1,5", "1.234,5",
    "-", "—", "…", "x", "", "", "", "％", "%", "万元", "元", "亿元", "注：见说明", "数据来源：统计局", "单位：万元", "续表", "目标值", "评价值", "序号",
    "Country Name", "Country Code", "Entity", "Code", "freq,unit,geo\\TIME_PERIOD", "区域", "频率", "月", "数据库：年度数据", "0", "-3", "1e5", "9" * 18,
    "（3）", "#DIV/0!", "约38", "合计", "一、经济", "2500", "1985", "0.385", "38,5", "NaN", "TRUE", "\u200b", "12 345", "38.5 p", ": c",
]  # fmt: skip
WRITERS: dict[str, Callable[[Grid], bytes]] = {
    ".csv": as_text, "_gb.csv": lambda grid: as_text(grid, encoding="gb18030"), ".tsv": lambda grid: as_text(grid, separator="\t"),
    "_utf16.tsv": lambda grid: as_text(grid, separator="\t", encoding="utf-16"), "_semicolon.csv": lambda grid: as_text(grid, separator=";"),
    "_page.xls": as_html, "_excel.xml": as_xml_2003, ".xlsx": as_xlsx, ".xls": as_xls, ".ods": as_ods,
}  # fmt: skip
BOOKS = (".xlsx", ".ods", ".xls")
Rows = list[dict[str, object]]
KINDS = ("bytes", "part", "cells", "same", "made up")
WEIGHTS = (35, 10, 30, 15, 10)


# --- making


@dataclass
class Made:
    """A file to judge: what it is called, how it was changed, its content, its cells as written, the figures it must keep."""

    name: str
    kind: str
    content: bytes
    grid: list[list[object]] | None = None
    figures: dict[tuple[str, str, int], float] | None = None


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Return content with some bytes changed, put in, taken out or repeated."""
    out = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 3, 8, 30])):
        place, step = rng.randrange(len(out) + 1), rng.randrange(6)
        if step == 0 and out:
            out[min(place, len(out) - 1)] = rng.randrange(256)
        elif step == 1:
            out[place:place] = rng.choice(PIECES).encode(rng.choice(["utf-8", "gb18030"]), "surrogatepass")
        elif step == 2:
            del out[place : place + rng.choice([1, 2, 5, 20])]
        elif step == 3:
            out[place:place] = out[place // 2 : place // 2 + rng.choice([3, 10, 50, 1000])]
        elif step == 4 and out:
            out[min(place, len(out) - 1)] ^= 1 << rng.randrange(8)
        elif rng.random() < 0.1:
            del out[place:]
    return bytes(out)


def mutated_part(content: bytes, rng: random.Random) -> bytes:
    """Return an archive one of whose parts has changed within, so that its checksums are right."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return mutated(content, rng)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        parts = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        target = rng.choice(parts + [name for name in parts if "sheet" in name or "content" in name] * 3)
        for name in old.namelist():
            if not (name == target and rng.random() < 0.03):
                new.writestr(name, mutated(old.read(name), rng) if name == target else old.read(name))
    return out.getvalue()


def disordered(grid: Grid, rng: random.Random) -> list[list[object]]:
    """Return a grid with cells swapped, emptied or overwritten, rows and columns moved, repeated, lost or put in."""
    out = [list(row) for row in grid]
    for _ in range(rng.choice([1, 1, 2, 4])):
        width = max(map(len, out), default=0)
        row, column, step = rng.randrange(len(out)), rng.randrange(max(width, 1)), rng.randrange(10)
        out = [[*cells, *[""] * (width - len(cells))] for cells in out]
        if step == 0:
            other = rng.randrange(len(out))
            out[row][column], out[other][column] = out[other][column], out[row][column]
        elif step == 1:
            out[row][column] = rng.choice(["", *WORDS])
        elif step == 2:
            out.insert(row, list(out[rng.randrange(len(out))]))
        elif step == 3:
            out.insert(row, [""] * width)
        elif step == 4 and len(out) > 2:
            del out[row]
        elif step == 5:
            out[row] = [""] * width
        elif step == 6:
            out = [[*cells[:column], rng.choice(WORDS) if rng.random() < 0.5 else "", *cells[column:]] for cells in out]
        elif step == 7:
            out.append([rng.choice(WORDS) for _ in range(width)])
        elif step == 8:
            other = rng.randrange(width)
            for cells in out:
                cells[column], cells[other] = cells[other], cells[column]
        else:
            out += [list(cells) for cells in rng.choice(list(LAYOUTS.values()))[0]]
    return out


ORDERLY = [
    name
    for name in ("tidy", "tidy_zh", "across", "down", "nbs", "nbs_regions", "nbs_regions_no_head", "owid", "groups")
]
"""Layouts whose rows of figures stand in any order, those above `first_row` apart."""


def first_row(grid: Grid) -> int:
    """Return the first row of figures."""
    return next(
        at
        for at, row in enumerate(grid)
        if sum(isinstance(cell, int | float) and not 1900 <= cell <= 2200 for cell in row)
    )


def unchanged(name: str, rng: random.Random) -> tuple[list[list[object]], dict[tuple[str, str, int], float]]:
    """Return a grid changed so that it means the same, and its figures."""
    grid, figures = LAYOUTS[name]
    out = [list(row) for row in grid]
    start = first_row(out)
    end = next((at for at in range(start, len(out)) if str(out[at][0]).startswith(("注", "数据来源"))), len(out))
    body, width = out[start:end], max(map(len, out))
    for _ in range(rng.choice([1, 2, 3])):
        step = rng.randrange(8)
        if step == 0:
            rng.shuffle(body)
        elif step == 1:
            body.insert(rng.randrange(len(body) + 1), [""] * width)
        elif step == 2:
            body.insert(rng.randrange(len(body) + 1), list(rng.choice(body)))
        elif step == 3:
            body = [[dressed(cell, rng) for cell in row] for row in body]
        elif step == 4:
            body.append(["注：以上为年报数。", *[""] * (width - 1)])
        elif step == 5:
            body = [
                [f" {cell}\u3000" if isinstance(cell, str) and cell and rng.random() < 0.4 else cell for cell in row]
                for row in body
            ]
        elif step == 6:
            out = [
                [f"{cell}\u200b" if isinstance(cell, str) and cell and rng.random() < 0.3 else cell for cell in row]
                for row in out
            ]
        else:
            out = [[*row, *[""] * (width - len(row)), ""] for row in out]
            body, width = [[*row, ""] for row in body], width + 1
    return [*out[:start], *body, *out[end:]], dict(figures)


def dressed(cell: object, rng: random.Random) -> object:
    """Return a number as somebody may have typed it."""
    if not isinstance(cell, int | float) or 1900 <= cell <= 2200 or rng.random() < 0.5:
        return cell
    plain = f"{cell:.15g}"
    wide = plain.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    return rng.choice(
        [
            plain,
            f"{plain}①",
            f"{plain}*",
            f" {plain} ",
            wide,
            f"{plain}\u200b",
            f"{cell:,}",
            f"{plain}[注1]",
            f"'{plain}",
        ]
    )


def made_up(rng: random.Random) -> bytes:
    """Return a text of lines of words that tables have, or of any characters."""
    if rng.random() < 0.3:
        size = rng.choice([1, 5, 80, 2000])
        return "".join(
            chr(rng.choice([rng.randrange(32, 127), rng.randrange(0x4E00, 0x9FFF), 10, 44, rng.randrange(0x2FF)]))
            for _ in range(size)
        ).encode(rng.choice(["utf-8", "utf-16", "gb18030"]), "replace")
    width = rng.choice([1, 2, 3, 4, 5, 8])
    grid = [[rng.choice(WORDS) for _ in range(width)] for _ in range(rng.choice([1, 2, 4, 8, 20]))]
    if rng.random() < 0.5:
        grid[0] = [rng.choice(WORDS[:9]), *(str(year) + rng.choice(["", "年"]) for year in range(2010, 2010 + width))][
            :width
        ]
    return as_text(
        grid,
        separator=rng.choice(",\t;|"),
        encoding=rng.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
        end=rng.choice(["\n", "\r\n", "\r"]),
    )


def make(cases: list[Case], rng: random.Random, *, books: float = 0.3) -> Made:
    """Return one file; `books` is the part of workbooks among those that can be one."""
    kind = rng.choices(KINDS, WEIGHTS)[0]
    if kind == "made up":
        return Made("made_up.csv", kind, made_up(rng))
    if kind in ("bytes", "part"):
        book = kind == "part" or rng.random() < books
        case = rng.choice([one for one in cases if one.name.endswith(BOOKS[:2] if kind == "part" else BOOKS) == book])
        return Made(case.name, kind, (mutated_part if kind == "part" else mutated)(case.content, rng))
    ending = rng.choice([one for one in WRITERS if one.endswith(BOOKS) == (rng.random() < books)] or list(WRITERS))
    if kind == "cells":
        name = rng.choice(list(LAYOUTS))
        grid, figures = disordered(LAYOUTS[name][0], rng), None
    else:
        name = rng.choice(ORDERLY)
        grid, figures = unchanged(name, rng)
    return Made(name + ending, kind, WRITERS[ending](grid), grid, figures)


# --- judging


@dataclass
class Judged:
    """What came of a file: figures, faults, seconds, peak memory in MB, and what was wrong with the answer."""

    figures: int = 0
    faults: int = 0
    seconds: float = 0.0
    memory: float = 0.0
    wrong: list[str] = field(default_factory=list)


def judge(made: Made, path: Path, store: Store, *, plausible: bool = True) -> Judged:
    """Read a file and judge the answer."""
    out, start, opened = Judged(), sum(os.times()[:4]), []  # type: Judged, float, list[Sheet]
    reset = _reset_peak()

    def keep(file: str | Path) -> list[Sheet]:
        opened.extend(sheets := read_sheets(file))
        return sheets

    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(12 * int(SLOW))
    try:
        doubtful = office_files.implausible if plausible else lambda *_: []
        with mock.patch.multiple(office_files, read_sheets=keep, implausible=doubtful):
            reading = read_files([path], store=store)
            reading.rows = pd.concat([reading.rows, reading.refused])
    except Exception as error:  # whatever comes, it is what is looked for
        out.wrong.append(f"traceback: {type(error).__name__}: {error}"[:200])
        return out
    finally:
        signal.alarm(0)
    out.seconds, out.memory = sum(os.times()[:4]) - start, _peak(reset)
    out.figures, out.faults = len(reading.rows), len(reading.faults)
    out.wrong += [f"took {out.seconds:.1f} s"] if out.seconds > SLOW else []
    out.wrong += [] if out.figures or out.faults or len(reading.done) else ["neither figures nor faults"]
    out.wrong += [
        f"a fault without file or message: {fault}"
        for fault in reading.faults
        if path.name not in fault.file or not fault.message
    ]
    sheets = [sheet for sheet in opened if not sheet.hidden]
    if made.grid is not None and opened:
        out.wrong += misread(made, sheets)
    for sheet in sheets:
        rows = _rows_of(sheet, reading)
        out.wrong += changed(sheet, rows)
        out.wrong += lost(sheet, rows, reading)
    if made.figures is not None:
        out.wrong += moved(made.figures, reading)
    return out


def misread(made: Made, sheets: list[Sheet]) -> list[str]:
    """Return where the cells of a file are not those that were written."""
    if len(sheets) != 1:
        return (
            [f"{len(sheets)} sheets, one was written"]
            if made.grid and any(map(any, made.grid)) and not made.name.endswith(("_page.xls", "_excel.xml"))
            else []
        )
    rows = {sheets[0].line(at): row for at, row in enumerate(sheets[0].rows)}
    return [
        f"{xl_col_to_name(column)}{line} is {rows[line][column]!r}, {cell!r} was written"
        for line, written in enumerate(made.grid or [], 1) if line in rows
        for column, cell in enumerate(written) if column < len(rows[line]) and not _alike(rows[line][column], cell)
    ][:1]  # fmt: skip


def _alike(read: object, written: object) -> bool:
    texts = [
        ""
        if cell is None
        else f"{cell:.15g}"
        if isinstance(cell, int | float)
        else re.sub(r"\s+", " ", str(cell)).strip()
        for cell in (read, written)
    ]
    return texts[0] == texts[1]


DIGITS = str.maketrans("０１２３４５６７８９．％，", "0123456789.%,")
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[,' \u2019][0-9]{3})*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u0000-\u0008]")


def says(cell: object, value: float, note: str) -> bool:
    """Return whether a cell holds a figure: its digits, times the factors that the note names."""
    factor = Decimal(1)
    for found in re.findall(r"x ([0-9.E+-]+) from ", note):
        factor *= Decimal(found)
    if "is shown as per cent" in note:
        factor *= 100
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        numbers = {float(cell)}
    else:
        text = (
            UNSEEN.sub("", str(cell))
            .translate(DIGITS)
            .replace("−", "-")
            .replace("\u3000", " ")
            .replace("\u00a0", " ")
            .replace("＋", "+")
            .replace("－", "-")
        )
        numbers = {float(re.sub("[,' \u2019]", "", one)) for one in NUMBER.findall(text)[:1]}
    return any(float(Decimal(repr(one)) * factor) == value for one in numbers)


def changed(sheet: Sheet, rows: Rows) -> Iterator[str]:
    """Yield the figures that are not the number in the cell that they name."""
    cells = _cells(sheet)
    for row in rows:
        column, line = re.fullmatch(r"([A-Z]+)(\d+)", row["cell"]).groups()  # type: ignore[union-attr]
        cell = cells[column, int(line)]
        if not says(cell, row["value"], row["note"]):
            yield f"{row['cell']} is {cell!r}, the figure {row['value']!r} ({row['note']})"
            return


def _rows_of(sheet: Sheet, reading: Reading) -> Rows:
    if reading.rows.empty:
        return []
    plain = reading.rows.astype({name: object for name in reading.rows.select_dtypes("category")})
    return plain[plain["sheet"] == sheet.name].to_dict("records")


def _cells(sheet: Sheet) -> dict[tuple[str, int], object]:
    return {
        (xl_col_to_name(column), sheet.line(at)): cell
        for at, row in enumerate(sheet.rows)
        for column, cell in enumerate(row)
    }


WHOLE = (
    "holds figures of months",
    "no year stands",
    "unknown column",
    "no known layout",
    "a second column",
    "is no year",
    "with its",
    "not that of",
)


def lost(sheet: Sheet, rows: Rows, reading: Reading) -> list[str]:
    """Return the numbers of a sheet that are no figure, no label, and not told to be unread."""
    own = [
        fault
        for fault in reading.faults
        if fault.file.endswith(f"[{sheet.name}]" if sheet.name else Path(sheet.file).name)
    ]
    own = [fault for fault in own if "keep one of the two" not in fault.message + fault.remedy]
    if any(word in fault.message for word in WHOLE for fault in own) or any(
        fault.row is None and not fault.column for fault in own
    ):
        return []
    read = {row["cell"] for row in rows}
    labels: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        labels[int(row["line"])] |= {*str(row["name"]).split()}
        labels[int(row["line"])] |= {
            _plain(row[what])
            for what in ("region", "name", "no", "unit", "year", "vintage", "kind", "series", "source_id", "price_base")
        }
    cells = _cells(sheet)
    numbers = {place: cell for place, cell in cells.items() if _is_number(cell)}
    heads: dict[str, set[str]] = defaultdict(set)
    for row in sheet.rows:
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                heads[xl_col_to_name(column)].add(ROLE_OF.get(key(cell), ""))
    left = [f"{column}{line}" for (column, line), cell in numbers.items() if not (
        f"{column}{line}" in read or _told(own, column, line) or _plain(cell) in labels.get(line, ())
        or (line not in labels and 1900 <= float(str(cell)) <= 2200)
        or heads[column] & {"region", "name", "unit", "no", "code", "note", "vintage", "series", "kind", "source_id", "price_base"}
        or any(f"column {column} " in doubt for doubt in reading.doubts)
        or LINE_OF.get(key(cells.get(("A", line), ""))) in ("about", "time", "frequency", "database", "source", "note")
    )]  # fmt: skip
    said = sum(int(found[1]) for doubt in reading.doubts if (found := re.search(r"(\d+) cells? with figures", doubt)))
    return [f"lost: {', '.join(left[:5])} of {len(numbers)} numbers"] if len(left) > said else []


def _told(faults: list[Fault], column: str, line: int) -> bool:
    return any(fault.row == line or (fault.row is None and fault.column == column) for fault in faults)


def _plain(cell: object) -> str:
    return f"{cell:.15g}" if isinstance(cell, int | float) else str(cell)


def _is_number(cell: object) -> bool:
    if isinstance(cell, str):
        return bool(re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]+)?", cell))
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def moved(figures: dict[tuple[str, str, int], float], reading: Reading) -> list[str]:
    """Return what a file gives that it did not give before the change, and what it lacks without a fault."""
    found: dict[tuple[str, str, int], float] = {}
    for row in reading.rows.astype(object).to_dict("records"):
        if row["kind"] != "evaluation":
            found[row["region"], row["indicator"] or row["name"], row["year"]] = row["value"]
    other = {place: value for place, value in found.items() if figures.get(place) != value}
    lacks = [] if reading.faults else [place for place in figures if place not in found]
    return [f"gives {other}"] if other else [f"lacks {lacks}"] if lacks else []


# --- running


def _give_up(*_: object) -> None:
    raise TimeoutError("hangs")


def _reset_peak() -> bool:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return False
    return True


def _peak(reset: bool) -> float:
    """Return the peak memory in MB since the reset (of the process, where it cannot be reset)."""
    if reset and (found := re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())):
        return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fuzz(turns: range, seed: int, folder: Path, store: Store, *, books: float = 0.3) -> Iterator[tuple[Made, Judged]]:
    """Make and judge a file for each turn, one by one; those with something wrong stay in the folder."""
    cases = make_cases(folder)
    for turn in turns:
        made = make(cases, random.Random(f"{seed}-{turn}"), books=books)
        path = folder / f"{turn}_{made.name}"
        path.write_bytes(made.content)
        judged = judge(made, path, store, plausible=turn % PLAUSIBLE == 0)
        if not judged.wrong:
            path.unlink()
        yield made, judged


def summary(found: list[tuple[Made, Judged]]) -> str:
    """Return a table by format and change: files, with figures, refused, seconds and memory at worst, wrong answers."""
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for made, judged in found:
        groups[Path(made.name).suffix.lstrip("."), made.kind].append(judged)
        groups["all", ""].append(judged)
    lines = [
        f"{'format':8}{'change':9}{'files':>7}{'figures':>9}{'faults':>8}{'both':>7}{'worst s':>9}{'MB':>7}{'wrong':>7}"
    ]
    for (ending, kind), some in sorted(groups.items(), key=lambda one: (one[0][0] == "all", one[0])):
        cells = Counter((bool(one.figures), bool(one.faults)) for one in some)
        lines.append(
            f"{ending:8}{kind:9}{len(some):7}{cells[True, False]:9}{cells[False, True]:8}{cells[True, True]:7}"
            f"{max(one.seconds for one in some):9.2f}{max(one.memory for one in some):7.0f}{sum(bool(one.wrong) for one in some):7}"
        )
    return "\n".join(lines)


def main() -> int:
    """Run, print each wrong answer as it comes, and the summary; 1 where there was one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--first", type=int, default=0, help="turn to begin with: the same file for each turn of a seed"
    )
    parser.add_argument("--keep", type=Path, help="folder in which files with wrong answers stay")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    found: list[tuple[Made, Judged]] = []
    turns = range(asked.first, asked.first + asked.count)
    for turn, (made, judged) in zip(turns, fuzz(turns, asked.seed, folder, read_store()), strict=True):
        made.content = b""
        found.append((made, judged))
        for wrong in judged.wrong:
            print(f"{turn}_{made.name} ({made.kind}): {wrong}", flush=True)
    print(summary(found))
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"seed {asked.seed}; the largest process that read a workbook took {child:.0f} MB")
    return int(any(judged.wrong for _, judged in found))


if __name__ == "__main__":
    sys.exit(main())

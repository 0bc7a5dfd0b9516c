"""Base rates of the plan's main lines, counted a second time: plain loops over the rows of the files."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from xk.arithmetic.peers import base_rate, build_region_grid
from xk.arithmetic.target import Rates

CITIES = """
chaozhou dongguan foshan guangzhou heyuan huizhou jiangmen jieyang maoming meizhou qingyuan shantou shanwei shaoguan
shenzhen yangjiang yunfu zhanjiang zhaoqing zhongshan zhuhai
""".split()
# number -> how its definition begins, measure, pace required for 2020 from 2016, first years after the breaks
LINES = {
    "1": ("DERIVED: GDP per capita (original vintage)", "growth", 17.0, (2011,)),
    "2": ("第三产业增加值占地区生产总值比重, as published", "change", (56 - 38.5) / 4, (2009, 2017, 2019)),
    "3": ("常住人口城镇化率: 城镇常住人口/常住人口, first vintage", "change", (60 - 40.95) / 4, ()),
    "26": ("DERIVED: 医生数 / 年末常住人口", "change", (2.5 - 1.74) / 4, (2011, 2014)),
    "40": ("一般工业固体废物综合利用率, 全市", "change", (88 - 66.3) / 4, ()),
}
# number, last year, breaks left out: windows that reached the pace, of all
COUNTS = {
    ("1", 2016, False): (2, 159), ("1", 2016, True): (2, 79),
    ("2", 2016, False): (0, 168), ("2", 2016, True): (0, 84),
    ("3", 2016, False): (0, 42), ("3", 2016, True): (0, 42),
    ("26", 2016, False): (9, 164), ("26", 2016, True): (4, 42),
    ("40", 2016, False): (0, 14), ("40", 2016, True): (0, 14),
    ("1", 2023, False): (2, 159), ("1", 2023, True): (2, 79),
    ("2", 2023, False): (2, 273), ("2", 2023, True): (0, 84),
    ("3", 2023, False): (0, 105), ("3", 2023, True): (0, 105),
    ("26", 2023, False): (18, 310), ("26", 2023, True): (12, 167),
    ("40", 2023, False): (6, 59), ("40", 2023, True): (6, 59),
}  # fmt: skip
Figures = dict[str, dict[int, float]]


@pytest.fixture(scope="module")
def figures(shared: Path) -> dict[str, Figures]:
    """Return number -> region -> year -> value, read row by row."""
    found: dict[str, Figures] = {no: {} for no in LINES}
    for name in ("guangdong_cities", "yunfu_record"):
        with (shared / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                wanted = LINES.get(row["no"])
                if wanted and row["definition"].startswith(wanted[0]) and row["region"] in CITIES:
                    found[row["no"]].setdefault(row["region"], {})[int(row["year"])] = float(row["value"])
    return found


def counted(figures: Figures, no: str, until: int, *, breaks: tuple[int, ...]) -> tuple[list[tuple[str, int]], int]:
    """Return the windows (region, first year) that reached the pace of a line, and how many there are."""
    _, measure, required, _ = LINES[no]
    hits, windows = [], 0
    for region, values in figures.items():
        for first, before in values.items():
            last = first + 4
            if last not in values or last > until or any(first < year <= last for year in breaks):
                continue
            windows += 1
            moved = 100 * ((values[last] / before) ** 0.25 - 1) if measure == "growth" else (values[last] - before) / 4
            if moved > required - 1e-9:
                hits.append((region, first))
    return sorted(hits), windows


def frame_of(figures: Figures, breaks: tuple[int, ...]) -> pd.DataFrame:
    rows = [
        (region, year, value, sum(year >= first for first in breaks))
        for region, values in figures.items()
        for year, value in values.items()
    ]
    return pd.DataFrame(rows, columns=["region", "year", "value", "segment"])


@pytest.mark.parametrize(("no", "until", "leave_out"), COUNTS)
def test_base_rates_are_those_of_plain_loops(figures: dict[str, Figures], no: str, until: int, leave_out: bool) -> None:
    _, measure, required, breaks = LINES[no]
    breaks = breaks if leave_out else ()
    hits, windows = counted(figures[no], no, until, breaks=breaks)
    assert (len(hits), windows) == COUNTS[no, until, leave_out]
    asked = Rates(required, required, 4)
    found = base_rate(build_region_grid(frame_of(figures[no], breaks)), asked, measure=measure, until=until)
    assert found is not None
    assert sorted((hit.region, hit.first) for hit in found.hits) == hits
    assert (found.reached, found.windows) == (len(hits), windows)
    assert found.windows + found.across_breaks == COUNTS[no, until, False][1]

"""Eight files that were really exported: every figure with its cell, or the true reason why a file is refused.

Counts and single figures were read off the files by eye; all others are compared with the cells as another way of
opening the file gives them.
"""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from xk.readers import Reading, read_files, read_store


@dataclass(frozen=True)
class Export:
    """What a file must give: how many figures, regions, names and cells without a figure, which years, and some cells."""

    layout: str
    figures: int
    years: tuple[int, int]
    area: str
    regions: int = 1
    names: int = 1
    blank: int = 0
    known: tuple[str, ...] = ()
    cells: dict[str, tuple[str, str, str, int, float]] | None = None


EXPORTS = {
    "nbs_national_energy.xls": Export(
        "NBS export", 119, (2015, 2024), "B4:K17", names=14, blank=21, cells={
            "B4": ("china", "能源消费总量", "万吨标准煤", 2024, 596000), "C6": ("china", "石油占能源消费总量的比重", "%", 2023, 18.3),
            "E11": ("china", "原油消费量", "万吨", 2021, 72298.86), "K17": ("china", "电力消费量", "亿千瓦小时", 2015, 58019.98),
        },
    ),
    "nbs_national_gdp_index_no_head.xls": Export(
        "years across", 276, (1978, 2023), "B2:AU7", names=6, cells={
            "B2": ("china", "国民总收入指数", "1978年=100", 2023, 4673.9), "I4": ("china", "第一产业增加值指数", "1978年=100", 2016, 516.8),
            "AT7": ("china", "人均国内生产总值指数", "1978年=100", 1979, 106.2), "AU7": ("china", "人均国内生产总值指数", "1978年=100", 1978, 100),
        },
    ),
    "nbs_national_sanitation.xls": Export(
        "NBS export", 42, (2015, 2024), "B4:K8", names=5, blank=8, cells={
            "B4": ("china", "道路清扫保洁面积", "万平方米", 2024, 1163205), "J6": ("china", "粪便清运量", "万吨", 2016, 1299),
            "K8": ("china", "公共厕所数量", "座", 2015, 126344),
        },
    ),
    "nbs_national_waste.xls": Export(
        "NBS export", 247, (2006, 2024), "B4:U19", names=16, blank=73, known=("urban_waste_harmless_treatment",), cells={
            "C4": ("china", "生活垃圾清运量", "万吨", 2024, 25961.2),
            "Q7": ("china", "生活垃圾堆肥无害化处理厂数", "座", 2010, 11), "U19": ("china", "生活垃圾无害化处理率", "%", 2006, 52.2),
            "C19": ("china", "生活垃圾无害化处理率", "%", 2024, 100),
        },
    ),
    "nbs_provinces_population.csv": Export(
        "NBS export by region", 310, (2015, 2024), "B5:K35", regions=31, cells={
            "B5": ("北京市", "年末常住人口", "万人", 2024, 2183), "J23": ("guangdong", "年末常住人口", "万人", 2016, 11908),
            "K35": ("新疆维吾尔自治区", "年末常住人口", "万人", 2015, 2385),
        },
    ),
    "nbs_provinces_unemployment_translated.xls": Export(
        "NBS export by region", 494, (2007, 2022), "B5:Q35", regions=31, blank=2, cells={
            "B5": ("Beijing", "Urban unemployment rate", "%", 2022, 4.7), "Q23": ("guangdong", "Urban unemployment rate", "%", 2007, 2.5),
            "O30": ("Tibet", "Urban unemployment rate", "%", 2009, 3.8), "Q35": ("Xinjiang", "Urban unemployment rate", "%", 2007, 3.9),
        },
    ),
    "nbs_provinces_gdp_translated.xlsx": Export(
        "NBS export by region", 589, (2004, 2022), "B5:T35", regions=31, cells={
            "B5": ("Beijing", "Gross regional domestic product", "100 million yuan", 2022, 41540.9),
            "H23": ("guangdong", "Gross regional domestic product", "100 million yuan", 2016, 82163.2),
            "T35": ("Xinjiang", "Gross regional domestic product", "100 million yuan", 2004, 2170.4),
        },
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def files(shared: Path) -> Path:
    folder = shared / "files"
    if not folder.is_dir():
        pytest.skip("the real exports (../shared/files) are not on this machine")
    return folder


@pytest.fixture(scope="module", params=EXPORTS)
def export(request: pytest.FixtureRequest, files: Path) -> tuple[Path, Export, Reading]:
    path = files / request.param
    return path, EXPORTS[request.param], read_files([path], store=read_store())


def numbers_in(path: Path, area: str) -> tuple[dict[str, float], int]:
    """Return the numbers in an area of a file by cell, and how many of its cells are empty."""
    if path.suffix == ".csv":
        rows = list(csv.reader(path.read_text(encoding="gb18030").splitlines()))
    else:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    (left, top), (right, bottom) = (re.fullmatch(r"([A-Z]+)(\d+)", corner).groups() for corner in area.split(":"))
    columns = [*(chr(65 + n) for n in range(26)), *("A" + chr(65 + n) for n in range(26))]
    places = columns[columns.index(left) : columns.index(right) + 1]
    cells = {
        f"{name}{row}": rows[row - 1][columns.index(name)]
        for row in range(int(top), int(bottom) + 1)
        for name in places
    }
    return {cell: float(value) for cell, value in cells.items() if value != ""}, sum(v == "" for v in cells.values())


def test_an_export_gives_what_was_counted_in_it(export: tuple[Path, Export, Reading]) -> None:
    _, wanted, reading = export
    rows = reading.rows.astype({name: object for name in ("region", "name", "indicator", "layout")})
    assert not reading.faults
    assert (len(rows), rows["year"].min(), rows["year"].max()) == (wanted.figures, *wanted.years)
    assert (set(rows["layout"]), rows["region"].nunique(), rows["name"].nunique()) == (
        {wanted.layout}, wanted.regions, wanted.names
    )  # fmt: skip
    assert set(rows["indicator"]) - {""} == set(wanted.known)


def test_every_figure_stands_in_its_cell_and_every_number_is_a_figure(export: tuple[Path, Export, Reading]) -> None:
    path, wanted, reading = export
    there, blank = numbers_in(path, wanted.area)
    assert dict(zip(reading.rows["cell"], reading.rows["value"], strict=True)) == there
    assert (blank, set(reading.rows["note"])) == (wanted.blank, {""})
    assert (f"without a figure: {blank} empty" in reading.layouts[0]) == bool(blank)


def test_single_figures_are_those_that_were_read_by_eye(export: tuple[Path, Export, Reading]) -> None:
    _, wanted, reading = export
    rows = reading.rows.astype({name: object for name in ("region", "name", "unit")}).set_index("cell")
    columns = ["region", "name", "unit", "year", "value"]
    found = {cell: tuple(rows.loc[cell, columns]) if cell in rows.index else None for cell in wanted.cells or {}}
    assert found == wanted.cells


def test_a_monthly_series_is_refused_for_what_it_is(files: Path) -> None:
    """Ten months from 05/2023 to 03/2024, without January: no year can be made of them."""
    reading = read_files([files / "ceic_broadband.csv"], store=read_store())
    (fault,) = reading.faults
    assert reading.rows.empty
    assert "months, quarters or days (05/2023 ...), not of years" in fault.message
    assert "sum, mean or last one" in fault.remedy

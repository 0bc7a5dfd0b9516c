"""Six raw files of a bureau: invented figures of Yunfu, each file in another format and layout."""

from __future__ import annotations

from pathlib import Path

from files.containers import Grid, as_html, as_ods, as_text, as_xlsx

YEARS = tuple(range(2010, 2018))
SERIES = {
    "services_share_of_gdp": ("服务业增加值占GDP比重", "%", (33.1, 33.9, 34.6, 35.5, 36.4, 37.6, 38.9, 40.3)),
    "urban_population_share": ("常住人口城镇化率", "%", (36.2, 36.9, 37.5, 38.4, 39.1, 40.0, 41.0, 42.1)),
    "internet_penetration_index": ("互联网普及率指数", "%", (31, 36, 41, 47, 52, 58, 64, 71)),
    "rd_expenditure_intensity": ("研究与试验发展经费投入强度", "%", (0.21, 0.25, 0.3, 0.34, 0.39, 0.45, 0.51, 0.58)),
    "high_tech_share_of_exports": ("高技术产品出口额占总出口额比重", "%", (2.1, 2.4, 3, 3.5, 4.1, 4.7, 5.4, 6.2)),
    "lawyers_per_10000": ("每万人口拥有律师数", "人", (0.2, 0.22, 0.25, 0.28, 0.31, 0.35, 0.4, 0.46)),
    "gdp_per_capita": ("人均GDP", "元", (17100, 19000, 21200, 23500, 25700, 28000, 30400, 32900)),
}  # fmt: skip
"""Indicator -> its name, unit and figures of `YEARS`; those of gdp_per_capita are in prices of 2010."""


def _across(names: list[str], years: list[int]) -> Grid:
    """Return a line an indicator, a column a year."""
    found = [(SERIES[name][0], SERIES[name][1], dict(zip(YEARS, SERIES[name][2], strict=True))) for name in names]
    return [[f"{name}({unit})", *(points[year] for year in years)] for name, unit, points in found]


def _down(names: list[str]) -> Grid:
    """Return a line a year, a column an indicator."""
    heads = [f"{SERIES[name][0]}({SERIES[name][1]})" for name in names]
    return [["年份", *heads], *([year, *(SERIES[name][2][at] for name in names)] for at, year in enumerate(YEARS))]


def write_bureau(folder: Path) -> list[str]:
    """Write the six files into a folder; return their names."""
    newest = sorted(YEARS, reverse=True)
    export: Grid = [
        ["数据库：分市年度数据"], ["地区：云浮市"], ["时间：最近8年"], ["指标", *(f"{year}年" for year in newest)],
        *_across(["services_share_of_gdp", "urban_population_share"], newest), ["数据来源：云浮市统计局"],
    ]  # fmt: skip
    gb: Grid = [["指标", *(f"{year}年" for year in YEARS)], *_across(["internet_penetration_index"], [*YEARS])]
    prices = [
        ["云浮市", "人均GDP", year, value, "元", "2010"]
        for year, value in zip(YEARS, SERIES["gdp_per_capita"][2], strict=True)
    ]
    annex: Grid = [
        ["云浮市全面建成小康社会进度计划表"],
        ["序号", "指标名称", "单位", "2017年", ""],
        ["", "", "", "目标值", "评价值"],
        ["2", "服务业增加值占GDP比重", "%", 41.6, 68.8],
    ]
    science = _down(["rd_expenditure_intensity", "high_tech_share_of_exports"])
    files = {
        "1_国民经济核算.xls": as_html(export),
        "2_信息化.csv": as_text(gb, encoding="gb18030"),
        "3_科技年鉴.xlsx": as_xlsx([["云浮市科技活动主要指标"], *science]),
        "4_司法.ods": as_ods([["地区：云浮市"], *_down(["lawyers_per_10000"])]),
        "5_人均GDP.csv": as_text([["地区", "指标", "年份", "数值", "单位", "price_base"], *prices]),
        "6_进度计划表.xlsx": as_xlsx(annex),
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return list(files)

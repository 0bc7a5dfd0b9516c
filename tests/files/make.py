"""Files of offices for the tests: layouts by formats, each quirk alone and together, and what must come of each.

python tests/files/make.py FOLDER      writes all of them, to look at
"""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from files.containers import Grid, as_html, as_ods, as_text, as_xls, as_xlsx, as_xml_2003

Key = tuple[str, str, int]
"""Region, indicator (where it is not known, its name) and year."""


@dataclass
class Case:
    """A file: its name and content, the figures that must be read, and words of its faults and doubts in order."""

    name: str
    content: bytes
    figures: dict[Key, float] = field(default_factory=dict)
    faults: Sequence[str] = ()
    doubts: Sequence[str] = ()
    notes: dict[Key, str] = field(default_factory=dict)
    cells: dict[Key, str] = field(default_factory=dict)
    units: dict[Key, str] = field(default_factory=dict)


GDP, SERVICES, URBAN, FOREST = "gdp_per_capita", "services_share_of_gdp", "urban_population_share", "forest_coverage"
TRUE = {
    ("yunfu", GDP, 2015): 30152.0, ("yunfu", GDP, 2016): 31502.0,
    ("yunfu", SERVICES, 2015): 37.9, ("yunfu", SERVICES, 2016): 38.5,
}  # fmt: skip
"""What the layouts of one region tell; typed once more in each of them."""
POPULATION = {
    ("北京市", "年末常住人口", 2016): 2195, ("北京市", "年末常住人口", 2015): 2188,
    ("guangdong", "年末常住人口", 2016): 11908, ("guangdong", "年末常住人口", 2015): 11678,
}  # fmt: skip
YEARBOOK = {
    ("guangzhou", "地区生产总值 合计", 2016): 19547.44, ("guangzhou", "地区生产总值 第一产业", 2016): 239.28,
    ("guangzhou", GDP, 2016): 141933, ("yunfu", "地区生产总值 合计", 2016): 778.28,
    ("yunfu", "地区生产总值 第一产业", 2016): 150.2, ("yunfu", GDP, 2016): 31502,
    ("guangzhou", URBAN, 2016): 86.06, ("yunfu", URBAN, 2016): 40.95,
}  # fmt: skip
CHINA = {("china", "GDP per capita (current US$)", 1960): 89.5, ("china", "GDP per capita (current US$)", 1962): 70.9}
LIFE = {("china", "life_expectancy", 2015): 76.1, ("china", "life_expectancy", 2016): 76.3}

LAYOUTS: dict[str, tuple[Grid, dict[Key, float]]] = {
    "tidy": (
        [
            ["region", "indicator", "year", "value"],
            ["yunfu", "gdp_per_capita", 2015, 30152], ["yunfu", "gdp_per_capita", 2016, 31502],
            ["yunfu", "services_share_of_gdp", 2015, 37.9], ["yunfu", "services_share_of_gdp", 2016, 38.5],
        ], TRUE,
    ),
    "tidy_zh": (
        [
            ["地区", "指标", "单位", "年份", "数值"],
            ["云浮市", "人均GDP", "元", "2015年", 30152], ["云浮市", "人均GDP", "元", "2016年", 31502],
            ["云浮", "服务业增加值占GDP比重", "%", "2015年", 37.9], ["云浮", "服务业增加值占GDP比重", "%", "2016年", 38.5],
        ], TRUE,
    ),
    "across": (
        [
            ["云浮市主要指标", "", "", ""], ["指标", "单位", "2015年", "2016年"],
            ["人均GDP", "元", 30152, 31502], ["服务业增加值占GDP比重", "%", 37.9, 38.5],
        ], TRUE,
    ),
    "down": (
        [
            ["地区：云浮市", "", ""], ["年份", "人均GDP（元）", "服务业增加值占GDP比重（%）"],
            [2015, 30152, 37.9], [2016, 31502, 38.5],
        ], TRUE,
    ),
    "nbs": (
        [
            ["数据库：分省年度数据", "", ""], ["地区：云浮市", "", ""], ["时间：最近2年", "", ""], ["指标", "2016年", "2015年"],
            ["人均GDP(元)", 31502, 30152], ["服务业增加值占GDP比重(%)", 38.5, 37.9],
            ["注：2016年为初步核算数。", "", ""], ["数据来源：国家统计局", "", ""],
        ], TRUE,
    ),
    "nbs_regions": (
        [
            ["数据库：分省年度数据", "", ""], ["指标：年末常住人口(万人)", "", ""], ["时间：最近2年", "", ""],
            ["地区", "2016年", "2015年"], ["北京市", 2195, 2188], ["广东省", 11908, 11678], ["数据来源：国家统计局", "", ""],
        ], POPULATION,
    ),
    "nbs_regions_no_head": (
        [["年末常住人口(万人)", "", ""], ["地区", 2016, 2015], ["北京市", 2195, 2188], ["广东省", 11908, 11678]],
        POPULATION,
    ),
    "yearbook": (
        [
            ["1-5 各市主要经济指标（2016年）", "", "", ""], ["", "", "", "单位：亿元"],
            ["地区", "地区生产总值", "", "人均GDP(元)"], ["", "合计", "第一产业", ""],
            ["广 州 市", 19547.44, 239.28, 141933], ["云 浮 市", 778.28, 150.2, 31502],
            ["1-5 续表", "", "", ""], ["地区", "城镇化率(%)", "", ""],
            ["广 州 市", 86.06, "", ""], ["云 浮 市", 40.95, "", ""], ["注：本表按当年价格计算。", "", "", ""],
        ], YEARBOOK,
    ),
    "groups": (
        [
            ["地区", "人均GDP(元)", "", "服务业增加值占GDP比重(%)", ""], ["", "2015年", "2016年", "2015年", "2016年"],
            ["云浮市", 30152, 31502, 37.9, 38.5],
        ], TRUE,
    ),
    "regions_across": (
        [["2016年主要指标", "", "", ""], ["指标", "单位", "云浮市", "广东省"], ["人均GDP", "元", 31502, 72787]],
        {("yunfu", GDP, 2016): 31502, ("guangdong", GDP, 2016): 72787},
    ),
    "world_bank": (
        [
            ["Data Source", "World Development Indicators", "", "", "", "", ""], ["", "", "", "", "", "", ""],
            ["Last Updated Date", "2024-10-24", "", "", "", "", ""], ["", "", "", "", "", "", ""],
            ["Country Name", "Country Code", "Indicator Name", "Indicator Code", "1960", "1961", "1962"],
            ["China", "CHN", "GDP per capita (current US$)", "NY.GDP.PCAP.CD", 89.5, "", 70.9],
        ], CHINA,
    ),
    "owid": (
        [["Entity", "Code", "Year", "Life expectancy"], ["China", "CHN", 2015, 76.1], ["China", "CHN", 2016, 76.3]], LIFE,
    ),
    "annex": (
        [
            ["云浮市全面建成小康社会进度计划表", "", "", "", "", "", ""],
            ["序号", "指标名称", "单位", "2016年", "", "2017年", ""], ["", "", "", "目标值", "评价值", "目标值", "评价值"],
            ["1", "人均GDP", "元", 31502, 54.3, 34000, 58.6],
        ],
        {("yunfu", GDP, 2016): 31502, ("yunfu", GDP, 2017): 34000},  # and the evaluations, of which a test of its own tells
    ),
}  # fmt: skip
FORMATS = {
    ".csv": as_text, ".xlsx": as_xlsx, ".xls": as_xls, ".ods": as_ods,
    "_gb.csv": lambda grid: as_text(grid, encoding="gb18030"),
    "_utf16.tsv": lambda grid: as_text(grid, separator="\t", encoding="utf-16"),
    "_page.xls": as_html,
}  # fmt: skip


def layouts_by_formats() -> list[Case]:
    """Return every layout in every format: the same figures."""
    return [
        Case(name + ending, write(grid), dict(figures))
        for name, (grid, figures) in LAYOUTS.items()
        for ending, write in FORMATS.items()
    ]


HEAD = "region,indicator,year,value\n"
LINE = "yunfu,services_share_of_gdp"
ONE = ("yunfu", SERVICES, 2016)


def lines(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return (head + "\n".join(rows) + "\n").encode(encoding)


def one(cell: str) -> bytes:
    """Return a tidy file with one figure, written as `cell`."""
    return lines(f"{LINE},2016,{cell}")


RIGHT = {
    "mark_circled": ("38.5①", 38.5, "①"), "mark_raised": ("38²", 38, "²"), "mark_star": ("38.5*", 38.5, "*"),
    "mark_note": ("38.5[注1]", 38.5, "[注1]"), "mark_before": ("①38.5", 38.5, "①"), "mark_dagger": ("38.5†", 38.5, "†"),
    "full_width": ("３８．５", 38.5, ""), "per_cent": ("38.5％", 38.5, ""), "permille": ("385‰", 38.5, "x 0.1 from ‰"),
    "flag": ("38.5 p", 38.5, "p"), "exponent": ("3.85E+01", 38.5, ""), "text_number": ("'38.5", 38.5, ""),
    "blanks": (" 38.5\u3000", 38.5, ""), "unseen": ("38\u200b.5", 38.5, ""), "plus": ("+38.5", 38.5, ""),
    "mark_21": ("38.5㉑", 38.5, "㉑"), "mark_lowered": ("38₂", 38, "₂"), "mark_0": ("38⓪", 38, "⓪"), "zero": ("0", 0, ""), "bidi": ("\u202a38.5\u202c", 38.5, ""),
}  # fmt: skip
"""Quirk -> the cell, the figure, and what its note keeps."""
WRONG = {
    "decimal_comma": ('"1,5"', "can be 1.5 (decimal comma) or 15 (a comma too many)"),
    "decimal_comma_points": ('"1.234,5"', "1234.5 with a decimal comma"), "bookkeeping": ("(3.5)", "can be -3.5"),
    "about": ("约38.5", "no exact figure"), "more_than": (">38", "no exact figure"), "words": ("三十八", "is no figure"),
    "error": ("#DIV/0!", "error of a formula"), "error_na": ("#N/A", "error of a formula"),
    "two_points": ("3.8.5", "is no figure"), "infinite": ("inf", "is no figure"), "huge": ("1e400", "too large"),
    "mark_within": ("38①.5", "'38①.5' is no figure"), "fraction": ("38½", "'38½' is no figure"), "range": ("38-39", "is no figure"), "true": ("TRUE", "is no figure"), "day": ("2016-03-05", "is no figure"),
}  # fmt: skip
"""Quirk -> the cell, and what its fault says; no figure comes of it."""
NONE = {
    "empty": "",
    "dash": "-",
    "long_dash": "—",
    "dots": "…",
    "three_dots": "...",
    "x": "x",
    "na": "NA",
    "colon": ":",
}


def quirks() -> list[Case]:
    """Return every quirk of a cell alone."""
    other = ("yunfu", SERVICES, 2015)
    cases = [
        Case(f"quirk_{name}.csv", one(cell), {ONE: value}, notes={ONE: note})
        for name, (cell, value, note) in RIGHT.items()
    ]
    cases += [
        Case(f"quirk_{name}.csv", lines(f"{LINE},2015,37.9", f"{LINE},2016,{cell}"), {other: 37.9}, faults=[words])
        for name, (cell, words) in WRONG.items()
    ]
    return cases + [
        Case(f"quirk_{name}.csv", lines(f"{LINE},2015,37.9", f"{LINE},2016,{cell}"), {other: 37.9})
        for name, cell in NONE.items()
    ]


def tables() -> list[Case]:
    """Return quirks of whole tables, alone."""
    across = [["地区", "指标", "2015年", "2016年"], ["云浮市", "人均GDP(万元)", 3.0152, 3.1502]]
    gdp = {("yunfu", GDP, 2015): 30152.0, ("yunfu", GDP, 2016): 31502.0}
    grouped_heads = [["地区", "2015年", "", "2016年", ""], ["", "人均GDP(元)", "城镇化率(%)", "人均GDP(元)", "城镇化率(%)"],
                     ["云浮市", 30152, 40, 31502, 40.95]]  # fmt: skip
    both = gdp | {("yunfu", URBAN, 2015): 40, ("yunfu", URBAN, 2016): 40.95}
    tidy = LAYOUTS["tidy"][0]
    return [
        Case("unit_10000.csv", as_text(across), gdp, notes={("yunfu", GDP, 2016): "x 10000 from 万元"}, units={("yunfu", GDP, 2016): "元"}),
        Case("semicolons.csv", as_text(tidy, separator=";"), TRUE),
        Case("bom.csv", b"\xef\xbb\xbf" + as_text(tidy), TRUE),
        Case("bom_within.csv", lines(f"\ufeff{LINE},2016,38.5"), {ONE: 38.5}),
        Case("utf16_without_mark.csv", as_text(tidy, encoding="utf-16-le"), TRUE),
        Case("old_mac_lines.csv", as_text(tidy, end="\r"), TRUE),
        Case("blank_lines.csv", as_text([[], tidy[0], [], *tidy[1:], [], []]), TRUE),
        Case("thousands.csv", lines('yunfu,gdp_per_capita,2016,"31,502"'), {("yunfu", GDP, 2016): 31502}),
        Case("text_as.xls", as_text(tidy), TRUE),
        Case("xml_2003.xls", as_xml_2003(LAYOUTS["across"][0]), TRUE),
        Case("merged_heads.xlsx", as_xlsx(grouped_heads, merged=[(0, 1, 0, 2), (0, 3, 0, 4), (0, 0, 1, 0)]), both),
        Case("heads_of_two_lines.csv", as_text(grouped_heads), both),
        Case(
            "merged_regions.xlsx",
            as_xlsx([["地区", "指标", "2015年", "2016年"], ["云浮市", "人均GDP(元)", 30152, 31502], ["", "城镇化率(%)", 40, 40.95]],
                    merged=[(1, 0, 2, 0)]), both,
        ),
        Case(
            "regions_said_once.csv",
            as_text([["地区", "指标", "2015年", "2016年"], ["云浮市", "人均GDP(元)", 30152, 31502], ["", "城镇化率(%)", 40, 40.95]]),
            both, doubts=["blank regions were filled"],
        ),
        Case(
            "percent_cells.xlsx", as_xlsx([["地区", "指标", "2016年"], ["云浮市", "城镇化率(%)", 0.4095]], percent=[(1, 2)]),
            {("yunfu", URBAN, 2016): 40.95}, notes={("yunfu", URBAN, 2016): "0.4095 is shown as per cent"},
        ),
        Case(
            "hidden_rows.xlsx", as_xlsx(LAYOUTS["groups"][0], hidden_rows=[2]), TRUE,
            notes={("yunfu", GDP, 2016): "in a hidden row"}, doubts=["hidden row(s) 3 were read"],
        ),
        Case(
            "hidden_columns.xlsx", as_xlsx(LAYOUTS["across"][0], hidden_columns=[3]), TRUE,
            notes={("yunfu", GDP, 2016): "in a hidden column"}, doubts=["hidden column(s) D were read"],
        ),
        Case("hidden_sheet.xlsx", as_xlsx(tidy, hidden_sheet=[["年份", "人均GDP"], [2016, 1]]), TRUE, doubts=["is hidden"]),
        Case(
            "formula_errors.xlsx", as_xlsx(LAYOUTS["across"][0], errors=[(2, 3, "#DIV/0!")]),
            {key: value for key, value in TRUE.items() if key != ("yunfu", GDP, 2016)}, faults=["#DIV/0! stands in place"],
        ),
        Case(
            "formula_without_value.xlsx", as_xlsx(LAYOUTS["across"][0], errors=[(2, 3, "")]),
            {key: value for key, value in TRUE.items() if key != ("yunfu", GDP, 2016)}, faults=["formula without a stored"],
        ),
        Case("two_sheets.xlsx", as_xlsx(tidy[:3], more={"第二页": [tidy[0], *tidy[3:]]}), TRUE),
        Case("year_marks.csv", as_text([["地区", "指标", "2016年①"], ["云浮市", "城镇化率", 40.95]]), {("yunfu", URBAN, 2016): 40.95},
             notes={("yunfu", URBAN, 2016): "①"}),
        Case("year_in_words.csv", as_text([["地区", "指标", "二〇一六年"], ["云浮市", "城镇化率", 40.95]]), {("yunfu", URBAN, 2016): 40.95}),
        Case("year_ends.csv", lines("yunfu,services_share_of_gdp,2015-12-31,37.9", "yunfu,services_share_of_gdp,2016-12-31,38.5"),
             {ONE: 38.5, ("yunfu", SERVICES, 2015): 37.9}),
        Case("eurostat.tsv", b"freq,unit,geo\\TIME_PERIOD\t2015 \t2016 \nA,PC,CN\t38.5 p\t: \n", {("CN", "", 2015): 38.5}),
        Case("eurostat_flags.tsv", b"freq,unit,geo\\TIME_PERIOD\t2013 \t2014 \t2015 \t2016 \t2017 \nA,PC,CN\t38.5 b\t: c\t38.6 e\t: \t38.7 bp\n",
             {("CN", "", 2013): 38.5, ("CN", "", 2015): 38.6, ("CN", "", 2017): 38.7}, notes={("CN", "", 2013): "b", ("CN", "", 2015): "e", ("CN", "", 2017): "bp"}),
        Case("world_bank_footer.xlsx", as_xlsx([
            ["Country Name", "Country Code", "Series Name", "Series Code", "2015 [YR2015]", "2016 [YR2016]"],
            ["China", "CHN", "Life expectancy", "SP.DYN.LE00.IN", 76.1, ".."], [], [], [],
            ["Data from database: World Development Indicators"], ["Last Updated: 10/24/2024"]]), {("china", "life_expectancy", 2015): 76.1}),
        Case("wps.xlsx", as_xlsx([["地区", "指标", "2015年", "2016年", ""], ["云浮市", "人均GDP(元)", "30152", "31502 ", "\u00a0"],
             ["云浮市", "城镇化率(%)", "40.00", "\u00a040.95", ""]], hidden_sheet=[["WpsReserved_CellImgList"]]), both, doubts=["is hidden"]),
        Case("percent_cells.xls", as_xls([["地区", "指标", "2016年"], ["云浮市", "城镇化率", 0.4095]]), {("yunfu", URBAN, 2016): 0.4095},
             doubts=["hidden rows and columns, per-cent formats, errors of formulas, raised footnote marks, words of number formats, comments cannot be seen"]),
        Case("percent_cells.ods", as_ods([["地区", "指标", "2016年"], ["云浮市", "城镇化率", 0.4095]]), {("yunfu", URBAN, 2016): 0.4095},
             doubts=["hidden rows and columns, per-cent formats, errors of formulas, raised footnote marks, words of number formats, comments cannot be seen"]),
        Case("continued_sheets.xlsx", as_xlsx(
            [["1-5 各市主要经济指标（2016年）", ""], ["地区", "人均GDP(元)"], ["云浮市", 31502]],
            more={"续": [["1-5 续表", ""], ["地区", "城镇化率(%)"], ["云浮市", 40.95]], "别表": [["地区", "第三产业增加值比重(%)"], ["云浮市", 38.5]]}),
            {("yunfu", GDP, 2016): 31502, ("yunfu", URBAN, 2016): 40.95}, faults=["no year stands"]),
        Case("footnotes.csv", as_text([["云浮市主要指标", "", ""], ["指标", "2015年", "2016年①"], ["人均GDP(元)②", "30152③", "31502"], ["注：", "", ""],
             ["① 2016年为快报数", "", ""], ["②按常住人口计算", "", ""], ["3. 2015年为第三次修订数", "", ""], ["资料来源：云浮市统计局", "", ""]]), gdp,
             notes={("yunfu", GDP, 2015): "③", ("yunfu", GDP, 2016): "mark ② of the label; mark ① of the head"}),
        Case("utf16_semicolons.csv", as_text(tidy, separator=";", encoding="utf-16"), TRUE),
        Case("two_tables.csv", as_text([["地区：云浮市", "", ""], ["指标", "2015年", "2016年"], ["人均GDP(元)", 30152, 31502], ["", "", ""],
             ["地区：云浮市", "", ""], ["项目", 2015, 2016], ["城镇化率(%)", 40, 40.95]]), both),
        Case("monthly.csv", as_text([["指标", "2016年1月", "2016年2月"], ["用电量", 1, 2]]), faults=["months, quarters or days"]),
        Case("quarterly.csv", as_text([["", "GDP"], ["2016Q1", 1], ["2016Q2", 2]]), faults=["months, quarters or days"]),
        Case("ceic_monthly.csv", as_text([["", "宽带用户"], ["区域", "中国"], ["频率", "月"], ["单位", "百万户"], ["状态", "继续"],
             ["平均", 612], ["05/2023", 611.076], ["06/2023", 614.33]]), faults=["months, quarters or days"]),
        Case("ceic_annual.csv", as_text([["", "宽带用户"], ["区域", "中国"], ["频率", "年"], ["单位", "百万户"], ["状态", "继续"],
             ["平均", 612], ["12/2022", 589.65], ["12/2023", 636.306]]),
             {("china", "宽带用户", 2022): 589.65, ("china", "宽带用户", 2023): 636.306}),
        Case("no_year.csv", as_text([["指标", "数值"], ["人均GDP", 31502]]), faults=["no year stands"]),
        Case("year_in_file_name_2016.csv", as_text([["地区", "人均GDP(元)"], ["云浮市", 31502]]), {("yunfu", GDP, 2016): 31502},
             doubts=["the name of the file"]),
        Case("extra_comma.csv", lines("yunfu,gdp_per_capita,2016,31,502"), faults=["has 5 cells, the header 4"]),
        Case("missing_comma.csv", lines("yunfu,gdp_per_capita,2016"), faults=["has 3 cells, the header 4"]),
        Case("commas_in_doubt.csv", as_text([["地区", "指标", "2015年", "2016年"], ["云浮市", "城镇化率(%)", "1,5", "1,234"]], separator=";"),
             faults=["can be 1.5", "can be 1.234 or 1234"]),
        Case("twice.csv", lines(f"{LINE},2016,38.5", f"{LINE},2016,38.6", f"{LINE},2015,37.9"), {("yunfu", SERVICES, 2015): 37.9}, faults=["keep one of the two"]),
        Case("other_unit.csv", as_text([["地区", "指标", "单位", "2016年"], ["云浮市", "城镇化率", "万人", 40.95]]),
             faults=["is not that of urban_population_share"]),
        Case("near_miss.csv", as_text([["地区", "指标", "2016年"], ["云浮市", "常驻人口城镇化率", 40.95]]),
             {("yunfu", "常驻人口城镇化率", 2016): 40.95}, doubts=["did you mean"]),
        Case("unread_column.csv", as_text([["地区", "指标", "2016年", "比上年增长"], ["云浮市", "城镇化率", 40.95, 1.2]]),
             {("yunfu", URBAN, 2016): 40.95}, doubts=["比上年增长"]),
        Case("outside.csv", lines(f"{LINE},2015,37.9", f"{LINE},2016,385"), {("yunfu", SERVICES, 2015): 37.9}, faults=["385 lies outside"]),
        Case("who_made_it.xlsx", as_xlsx([["云浮市小康指标", "", ""], ["制表单位：云浮市统计局", "", "制表日期：2020年3月1日"],
             ["指标", "2015年", "2016年"], ["人均GDP（元）", 30152, 31502]], merged=[(0, 0, 0, 2)]), gdp, doubts=["taken from the title"]),
        Case("whole_of_counties.xlsx", as_xlsx([["2016年各县（市、区）主要指标", "", ""], ["县（市、区）", "城镇化率%", "森林覆盖率 ％"],
             ["全  市", 40.95, 69.6], ["云 城 区", 65, 66.3], ["罗定市", 39, 65.8]]),
             {("yunfu", URBAN, 2016): 40.95, ("yuncheng", URBAN, 2016): 65, ("luoding", URBAN, 2016): 39, ("yunfu", FOREST, 2016): 69.6,
              ("yuncheng", FOREST, 2016): 66.3, ("luoding", FOREST, 2016): 65.8}, doubts=["全 市 was taken for yunfu"]),
        Case("legend.csv", as_text([["云浮市主要指标", "", ""], ["指标", "2015年", "2016年②"], ["城镇化率", "40①", 40.95], ["注：①口径调整。②初步数。", "", ""]]),
             {("yunfu", URBAN, 2015): 40, ("yunfu", URBAN, 2016): 40.95}, doubts=["1 cells are marked as preliminary"],
             notes={("yunfu", URBAN, 2015): "mark ①; ①: 口径调整", ("yunfu", URBAN, 2016): "preliminary; mark ② of the head; ②: 初步数"}),
        Case("legend_plan.csv", as_text([["云浮市主要指标", "", ""], ["指标", "2015年", "2016年"], ["城镇化率", 40, "42①"], ["人均GDP（元）", "30152②", 31502],
             ["注：①为计划数。②系预计完成数。", "", ""]]), {("yunfu", URBAN, 2015): 40, ("yunfu", GDP, 2015): 30152, ("yunfu", GDP, 2016): 31502},
             doubts=["1 cells are marked as target by a note under the table, and were not read: a plan is no observation", "marked as estimated"]),
        Case("login.xls", b"<html><form><input type='password' name='p'></form></html>", faults=["login or challenge page"]),
        Case("challenge.xls", "<html><script>location.href='/x'</script><p>请完成安全验证</p></html>".encode(),
             faults=["login or challenge page"]),
        Case("page_without_table.xls", b"<html><p>404</p></html>", faults=["without a table"]),
        Case("empty.csv", b"", faults=["is empty"]),
        Case("only_text.csv", "总结\n今年\n".encode(), faults=["holds no table of figures"]),
        Case("damaged.xlsx", as_xlsx(tidy)[:900], faults=["damaged workbook"]),
        Case("damaged.xls", as_xls(tidy)[:700], faults=["damaged workbook"]),
        Case("paper.pdf", b"%PDF-1.7 ...", faults=["is a PDF"]),
        Case("latin.csv", lines("québec,x,2016,1", encoding="latin-1"), faults=["neither UTF-8, UTF-16 nor GB18030"]),
        Case("open_quote.csv", lines('yunfu,"x,2016,1'), faults=["cannot be read further"]),
    ]  # fmt: skip


def together() -> list[Case]:
    """Return many quirks in one file."""
    grid = [
        ["数据库：分省年度数据"], ["地区：云\u3000浮\u3000市"], ["时间：最近3年"], ["指　标", "单位", "2017年①", "2016年", "2015年*"],
        ["人均GDP（按当年价格）", "万元", "3.5", "３.１５０２", "3.0152②"], ["服务业增加值占GDP比重", "％", "—", "38.5％", "379‰"],
        ["城镇化率", "%", "…", " 40.95 ", "x"], ["注：2017年为快报数。"], ["数据来源：云浮市统计局"],
    ]  # fmt: skip
    figures = {
        ("yunfu", GDP, 2017): 35000, ("yunfu", GDP, 2016): 31502, ("yunfu", GDP, 2015): 30152,
        ("yunfu", SERVICES, 2016): 38.5, ("yunfu", URBAN, 2016): 40.95,
    }  # fmt: skip  # services of 2015: the cell says ‰, its line %
    return [
        Case("together.csv", as_text(grid, encoding="gb18030"), figures, faults=["'% / ‰'"]),
        Case(
            "together_page.xls", as_html([[*row, *[""] * (5 - len(row))] for row in grid]), figures, faults=["'% / ‰'"]
        ),
    ]


def parquet_files(folder: Path) -> list[Case]:
    """Return Parquet files, which pandas writes to a folder."""
    grid, figures = LAYOUTS["tidy"]
    path = folder / "tidy.parquet"
    pd.DataFrame(grid[1:], columns=grid[0]).to_parquet(path)
    return [
        Case("tidy.parquet", path.read_bytes(), figures),
        Case("damaged.parquet", b"PAR1 no", faults=["as Parquet"]),
    ]


def make_cases(folder: Path) -> list[Case]:
    """Write all files to a folder and return them."""
    cases = [*layouts_by_formats(), *quirks(), *tables(), *together(), *parquet_files(folder)]
    for case in cases:
        (folder / case.name).write_bytes(case.content)
    return cases


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    print(len(make_cases(Path(sys.argv[1]))), "files")

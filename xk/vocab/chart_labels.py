"""Labels of the charts and of the circular by responsible unit."""

from __future__ import annotations

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip

CHARTS: dict[str, tuple[str, str]] = {
    "big_1e4": ("{value}万", "{value}"),
    "big_1e8": ("{value}亿", "{value}"),
    "big_1e6": ("{value}", "{value} m"),
    "big_1e9": ("{value}", "{value} bn"),
    "phase_mark_1": ("①", "①"),
    "phase_mark_2": ("②", "②"),
    "phase_mark_3": ("③", "③"),
    "phase_mark_4": ("④", "④"),
    "phase_named": ("{mark}{name}（{start}至{end}）", "{mark} {name} ({start} to {end})"),
    "note_phases": ("底色为攻坚行动阶段：{phases}。", "Background bands are the phases of the plan: {phases}."),
    "month_of_year": ("{year}年{month}", "{month} {year}"),
    "legend_baseline_estimated": ("基期（预计）", "baseline (estimate)"),
    "label_target": ("目标{value}", "target {value}"),
    "label_stretch": ("力争{value}", "stretch {value}"),
    "label_target_low": ("目标下限{value}", "target from {value}"),
    "label_target_high": ("目标上限{value}", "target to {value}"),
    "label_projected": ("推算{value}", "projected {value}"),
    "label_borrowed": ("参照{value}", "borrowed {value}"),
    "label_scenario": ("情景{value}", "scenario {value}"),
    "index_with_coverage": ("{value}（覆盖{coverage}）", "{value} (coverage {coverage})"),
    "note_index_chart": (
        "颜色越浅，有数值指标的权重占比越低。",
        "The paler a bar, the smaller the share of weight that has figures.",
    ),
    "data_of_chart": ("图中数据", "Data of this chart"),
    "projected_mark": ("{value}（推算）", "{value} (projected)"),
    "empty_chart": ("没有可以绘图的数值。", "There is no figure to draw."),
    "note_trajectories": (
        "实线与圆点为实际值，外圈标出基期；绿线为目标值，须保持的贯穿各应保持年份；空心点与目标值不可比。参照其他地区趋势的推算为粉色虚线，不附区间。",
        "Line and dots: observed, the baseline ringed. Green: the target, drawn through all years in which it is to be held. Hollow dots cannot be compared with the target. A path borrowed from another region is dashed and pink and carries no interval.",
    ),
    "caption_multiples": ("{domain}领域各指标一览", "{domain}: all indicators at a glance"),
    "note_multiples": (
        "各图年份相同，纵轴各自独立；标题前的符号为进度状态，右侧粗体为最新值，≥、≤后为目标值；点线为进度计划（推导）。",
        "Same years in all panels, each with values of its own. The symbol before the title is the status; at the right the latest value in bold, and the target after ≥ or ≤. Dotted: planned path (derived).",
    ),
    "note_left_out": ("未列入：{numbers}。", " Left out: {numbers}."),
    "note_heatmap_cells": (
        "满格为实际数值，虚线框内的小格为推算，空白处没有数值，整行斜线为没有可比数值；实现程度以100%封顶。年份左侧的符号为进度状态。合成指标在各分项均有数值的年份列出其平均。",
        "Full cells are figures, smaller ones in a dashed frame projections, blanks have no figure; a hatched line has no comparable figure at all. Attainment is capped at 100 %. The symbol beside the years is the status. A composite shows the mean of its parts in years in which all are known.",
    ),
    "caption_units_chart": ("各牵头责任单位的指标状态", "Status of the indicators by lead unit"),
    "note_units_chart": (
        "一个符号代表一项指标（含分项），一项指标有多个牵头单位的，在每个单位下各列一次。全部指标：{symbols}。",
        "One symbol is one indicator (parts included); an indicator with several lead units stands under each. All indicators: {symbols}.",
    ),
    "alt_units": (
        "共{units}个牵头责任单位；滞后或背离的指标最多的是：{most}。",
        "{units} lead units; most indicators lagging or regressing: {most}.",
    ),
    "unit_behind": ("{unit}{n}项", "{unit} {n}"),
    "unit_none_behind": ("无", "none"),
    **{f"month_{place}": (f"{place}月", name) for place, name in enumerate(MONTHS, start=1)},
}

CHART_LABELS: dict[str, tuple[str, str]] = {**CHARTS}

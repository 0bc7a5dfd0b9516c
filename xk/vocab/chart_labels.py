"""Labels of the charts and of the circular by responsible unit."""

from __future__ import annotations

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip

CHARTS: dict[str, tuple[str, str]] = {
    "big_1e4": ("{value}万", "{value}"),
    "big_1e8": ("{value}亿", "{value}"),
    "big_1e12": ("{value}万亿", "{value} tn"),
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
    "index_observed": ("实际", "observed"),
    "index_projected": ("推算", "projected"),
    "index_mixed": ("部分推算", "partly projected"),
    "caption_index_years": ("综合指数与各领域指数的历年变化", "The index year by year, in total and by domain"),
    "note_index_years": (
        "各年有数值的指标不同，水平不能逐年直接比较，覆盖率见图中数据；覆盖率不足50%的年份以灰色空心点表示，不连线。蓝线为全部或部分推算的年份，色带为80%、95%区间（只含有区间的推算），绿线为100%。",
        "The indicators that have figures differ from year to year, so that levels are not directly comparable; coverage is in the data below. Grey rings: years in which less than 50 % of the weight has figures. Blue: years projected in part or whole; bands: 80 % and 95 % intervals (of projections that have one); green: 100 %.",
    ),
    "alt_index_level": ("{level}：{years}。", "{level}: {years}."),
    "alt_index_level_none": ("{level}：没有可计算的年份。", "{level}: no year can be computed."),
    "alt_index_level_year": (
        "{year}年{value}（{kind}，覆盖{coverage}）",
        "{value} in {year} ({kind}, coverage {coverage})",
    ),
    "legend_gained": ("已得", "gained"),
    "legend_lost": ("尚差", "lacking"),
    "legend_unknown": ("无可比数值", "no comparable figure"),
    "axis_points": ("综合指数的点数", "points of the total index"),
    "points_of": ("{gained} / {weight}", "{gained} of {weight}"),
    "column_points": ("已得/应得点数", "Points gained of possible"),
    "caption_contributions": ("{domain}对综合指数的贡献", "Contribution to the total index: {domain}"),
    "note_contributions": (
        "条长为权重（满分100点中的点数）；已得为权重乘以实现程度，尚差为到100%所缺，无可比数值的指标不参与指数。",
        "A bar is as long as the weight (points of 100): gained is weight times attainment, lacking is what is short of 100 %; indicators without a comparable figure are not in the index.",
    ),
    "alt_contributions": (
        "权重共{weight}点：已得{gained}点，尚差{lost}点，无可比数值{unknown}点；差得最多的是{name}（{points}点）。",
        "Of {weight} points {gained} are gained, {lost} lacking, {unknown} without a comparable figure; {name} lacks most ({points}).",
    ),
    "section_glance": ("走势速览", "Trends at a glance"),
    "section_index_years": ("指数的历年变化", "The index year by year"),
    "section_contributions": ("指数的构成", "What the index is made of"),
    "data_of_chart": ("图中数据", "Data of this chart"),
    "projected_mark": ("{value}（推算）", "{value} (projected)"),
    "empty_chart": ("没有可以绘图的数值。", "There is no figure to draw."),
    "note_trajectories": (
        "实线与圆点为实际值，外圈标出基期；绿线为目标值，须保持的贯穿各应保持年份；空心点与目标值不可比。参照其他地区趋势的推算为粉色虚线，不附区间。",
        "Line and dots: observed, the baseline ringed. Green: the target, drawn through all years in which it is to be held. Hollow dots cannot be compared with the target. A path borrowed from another region is dashed and pink and carries no interval.",
    ),
    "caption_multiples": ("{domain}领域各指标走势", "{domain}: trends of all indicators"),
    "note_multiples": (
        "各图年份相同，纵轴各自独立；标题前的符号为进度状态，右侧粗体为最新值，≥、≤后为目标值；点线为进度计划（推导）。",
        "Same years in all panels, each with values of its own. The symbol before the title is the status; at the right the latest value in bold, and the target after ≥ or ≤. Dotted: planned path (derived).",
    ),
    "note_left_out": ("未列入：{numbers}。", " Left out: {numbers}."),
    "note_heatmap_cells": (
        "满格为实际数值，虚线框内的小格为推算，空白处没有数值，整行斜线为没有可比数值；实现程度以100%封顶。年份左侧的符号为进度状态。合成指标在各分项均有数值的年份列出其平均。",
        "Full cells are figures, smaller ones in a dashed frame projections, blanks have no figure; a hatched line has no comparable figure at all. Attainment is capped at 100 %. The symbol beside the years is the status. A composite shows the mean of its parts in years in which all are known.",
    ),
    "caption_offices_chart": ("各牵头责任单位的指标状态", "Status of the indicators by lead unit"),
    "note_offices_chart": (
        "一个符号代表一项指标（含分项），一项指标有多个牵头单位的，在每个单位下各列一次。全部指标：{symbols}。",
        "One symbol is one indicator (parts included); an indicator with several lead units stands under each. All indicators: {symbols}.",
    ),
    "alt_offices": (
        "共{offices}个牵头责任单位；滞后或背离的指标最多的是：{most}。",
        "{offices} lead units; most indicators lagging or regressing: {most}.",
    ),
    "office_behind": ("{office}{n}项", "{office} {n}"),
    "office_none_behind": ("无", "none"),
    **{f"month_{place}": (f"{place}月", name) for place, name in enumerate(MONTHS, start=1)},
}

CIRCULAR: dict[str, tuple[str, str]] = {
    "title_circular": ("{region}指标任务进度通报", "{region}: circular on progress, by lead unit"),
    "section_circular_state": ("总体进度", "How the programme stands"),
    "section_circular_behind": ("滞后和背离的指标", "Indicators lagging or regressing"),
    "section_circular_offices": ("责任单位索引", "Units in charge"),
    "section_circular_each": ("各责任单位进度", "Unit by unit"),
    "circular_counts": (
        "截至{year}年，{region}按《{scheme}》监测的{n}项指标（含分项）中，{counts}。",
        "Figures up to {year}. Of the {n} indicators (parts included) monitored in {region} under the {scheme}: {counts}.",
    ),
    "circular_count": ("{status}{n}项", "{n} {status}"),
    "circular_index": (
        "综合实现程度为{value}，按权重计覆盖{coverage}的指标。",
        "Overall attainment is {value}, with a coverage of {coverage} by weight.",
    ),
    "circular_offices": (
        "现将各责任单位牵头的指标、任务及进度分列如下，次序同方案的单位名单；配合单位见各领域报告。",
        "The indicators and tasks that each unit leads follow, in the order of the plan's list of units; supporting units are named in the reports on the domains.",
    ),
    "phase_before": (
        "按方案安排，攻坚行动自{start}起进入{phase}；{year}年的数值反映行动开始前的情况。",
        "The plan's first phase ({phase}) begins in {start}; figures of {year} show the state before it.",
    ),
    "phase_now": (
        "按方案安排，{year}年底处于{phase}（{start}至{end}）：{aim}。",
        "At the end of {year} the plan is in the phase “{phase}” ({start} to {end}): {aim}.",
    ),
    "phase_after": (
        "按方案安排，攻坚行动已于{end}结束，最后阶段为{phase}。",
        "The plan ended in {end}; its last phase was “{phase}”.",
    ),
    "column_projected_target": ("目标年推算值", "Projected, target year"),
    "column_office_in_charge": ("责任单位", "Unit in charge"),
    "column_led_indicators": ("牵头指标", "Indicators led"),
    "column_led_tasks": ("牵头任务", "Tasks led"),
    "column_supported_tasks": ("配合任务", "Tasks supported"),
    "column_gap_to_plan": ("与进度计划的差距", "Gap to the planned path"),
    "column_planned_next": ("{year}年计划值", "Planned {year}"),
    "column_quantities": ("量化要求", "Quantified"),
    "caption_behind": ("滞后和背离的指标及其牵头单位", "Indicators lagging or regressing, and who leads them"),
    "note_behind": (
        "滞后指方向正确但推算达不到目标，背离指推算偏离目标。“参照”表示借用其他地区的趋势。",
        "Lagging: moves the right way but is projected to miss. Regressing: projected to move away. A borrowed trend is another region's.",
    ),
    "empty_behind": ("没有滞后或背离的指标。", "No indicator is lagging or regressing."),
    "caption_offices": ("责任单位牵头的指标和任务", "Indicators and tasks by unit in charge"),
    "empty_offices": ("方案未列责任单位。", "The programme names no units in charge."),
    "caption_office": ("{office}牵头的指标", "{office}: indicators led"),
    "note_office": (
        "与进度计划的差距：正值表示好于计划；最新值就是基期值的，尚无差距可言，以—表示。计划值由基期与目标推导（方案附件未公开）。",
        "Gap: positive is ahead of the plan; — where the latest figure is the baseline itself. Planned values are derived from baseline and target (the plan's annex is not public).",
    ),
    "caption_office_tasks": ("{office}牵头的重点任务", "{office}: tasks led"),
    "office_indicators": (
        "牵头指标{n}项（含分项）：{counts}。{tasks}",
        "Indicators led: {n} (parts included): {counts}. {tasks}",
    ),
    "office_tasks": ("牵头重点任务{led}项，配合{supported}项。", "Tasks: {led} led, {supported} supported."),
    "office_tasks_only": (
        "不牵头指标；牵头重点任务{led}项，配合{supported}项。",
        "No indicator led. Tasks: {led} led, {supported} supported.",
    ),
    "attainment_of": ("实现程度{value}", "attainment {value}"),
    "milestone_of": ("{title}：{quantity}", "{title}: {quantity}"),
}

CHART_LABELS: dict[str, tuple[str, str]] = {**CHARTS, **CIRCULAR}

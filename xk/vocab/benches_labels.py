"""Labels of the benches: one indicator by method and year, a scenario beside the reference."""

from __future__ import annotations

BENCHES_LABELS: dict[str, tuple[str, str]] = {
    "column_value": ("数值", "Value"),
    "column_kind": ("性质", "Kind"),
    "column_year": ("年份", "Year"),
    "column_plan_gap": ("与计划的差距", "Gap to plan"),
    "column_probability": ("达标概率", "Probability"),
    "column_of": ("{what}：{which}", "{what}: {which}"),
    "not_reached": ("推算期内未达到", "not within the projection"),
    "caption_methods": ("{name}：各种方法的推算", "{name}: projected by each method"),
    "note_methods": (
        "区间为80%水平，取自滚动回测误差。各方法的公式见方法说明。",
        "Intervals are at the 80 % level, from rolling backtest errors. Formulas stand in the method note.",
    ),
    "caption_path": ("{name}（{unit}）：逐年数值", "{name} ({unit}): year by year"),
    "note_path": (
        "与计划的差距：正值表示好于计划。评价值未封顶，目标为100。",
        "Gap to plan: positive is ahead. The score is not capped; the target is 100.",
    ),
    "caption_scenario": ("{year}年：情景与基准情景的差别", "{year}: what the scenario changes"),
    "empty_scenario": ("该情景没有改变任何指标。", "The scenario changes no indicator."),
    "caption_scenario_index": (
        "{year}年推算指数：情景与基准情景",
        "Projected index {year}: scenario beside the reference",
    ),
    "note_scenario_index": (
        "差额为指数点。只含有推算值的指标，覆盖率为其权重占比。",
        "Differences are in index points. Only indicators with a projection are in; coverage is their share of weight.",
    ),
    "legend_reference": ("基准情景", "reference"),
    "alt_scenario": (
        "{name}：{year}年情景值{value}，基准情景{old}，目标{target}。",
        "{name}: {value} in {year} under the scenario, {old} in the reference, target {target}.",
    ),
}

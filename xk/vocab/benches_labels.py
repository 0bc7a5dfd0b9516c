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
    "caption_path": ("{name}（{measure}）：逐年数值", "{name} ({measure}): year by year"),
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
    "column_rule_weight": ("权重", "Weight"),
    "column_family": ("规则类别", "Family of rules"),
    "column_past_error": ("以往误差（年均变化量的倍数）", "Past error (mean yearly changes)"),
    "caption_weights": ("自动组合的权重及依据", "Weights of the automatic combination, and why"),
    "note_weights": (
        "权重取自该序列自身的滚动回测误差，并向等权收缩；误差越小，权重越大。所示序列为本地区自身的趋势，或被参照的趋势。",
        "Weights come from rolling backtest errors on the series itself, shrunk towards equal weights: the smaller the error, the larger the weight. The series is the region's own, or the one whose trend it borrows.",
    ),
    "empty_weights": (
        "没有推算，或只用一种方法，不涉及权重。",
        "Nothing is projected, or by one method alone: no weights.",
    ),
    "family_constant": ("末值不变", "last value"),
    "family_recent": ("近年变化延续", "recent changes go on"),
    "family_drift": ("首末连线", "first to last"),
    "family_holt": ("阻尼或局部趋势", "damped or local trend"),
    "family_level": ("平滑水平", "smoothed level"),
    "family_line": ("直线拟合", "fitted line"),
    "family_growth": ("固定增速（对数尺度）", "growth (logarithms)"),
}

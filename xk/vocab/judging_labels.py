"""Labels of the judging part: rules and their words, reasons, prices, plan status, allocation, history."""

from __future__ import annotations

RULE_LABELS: dict[str, tuple[str, str]] = {
    "rule_house": ("本方案规则", "House rule"),
    "rule_opensdg": ("Open SDG（加拿大统计局）", "Open SDG (Statistics Canada)"),
    "rule_destatis": ("德国联邦统计局", "Destatis (Germany)"),
    "rule_un2023": ("联合国进展图（2023年）", "UN Progress Chart 2023"),
    "rule_sdsn": ("SDSN可持续发展报告", "SDSN SDG Index"),
    "rule_escap": ("联合国亚太经社会", "UN ESCAP"),
    "status_not_available": ("无法判定", "not available"),
    "status_opensdg_target_achieved": ("目标已实现", "target achieved"),
    "status_opensdg_substantial_progress": ("进展显著", "substantial progress"),
    "status_opensdg_moderate_progress": ("进展一般", "moderate progress"),
    "status_opensdg_limited_progress": ("进展有限", "limited progress"),
    "status_opensdg_deterioration": ("恶化", "deterioration"),
    "status_destatis_sun": ("晴", "sun"),
    "status_destatis_slightly_cloudy": ("少云", "slightly cloudy"),
    "status_destatis_cloud": ("多云", "cloud"),
    "status_destatis_thunderstorm": ("雷雨", "thunderstorm"),
    "status_un2023_met_or_on_track": ("已实现或有望实现", "met or on track"),
    "status_un2023_fair_progress": ("有进展，但须加快", "fair progress, acceleration needed"),
    "status_un2023_stagnation_or_regression": ("停滞或倒退", "stagnation or regression"),
    "status_sdsn_on_track": ("符合进度", "on track"),
    "status_sdsn_moderately_improving": ("适度改善", "moderately improving"),
    "status_sdsn_stagnating": ("停滞", "stagnating"),
    "status_sdsn_decreasing": ("下降", "decreasing"),
    "status_escap_maintain": ("保持势头", "maintain"),
    "status_escap_accelerate": ("须加快", "accelerate"),
    "status_escap_reverse": ("须扭转", "reverse the trend"),
    "grade_3": ("达到或可望达到", "met or on track"),
    "grade_2": ("方向正确但不足", "right way, not enough"),
    "grade_1": ("无进展或背离", "no progress or wrong way"),
}

REASON_LABELS: dict[str, tuple[str, str]] = {
    "reason_rule_no_interval": ("该规则不适用于区间目标", "the rule has no form for interval targets"),
    "reason_rule_few_years": (
        "该规则至少需要{needed}个年份的数值，现有{n}个",
        "the rule needs figures of at least {needed} years; there are {n}",
    ),
    "reason_rule_no_own_figures": (
        "没有本地区可比的数值",
        "the region has no comparable figures of its own",
    ),
    "reason_rule_sign_change": (
        "基期值与最新值正负号不同，增速无意义",
        "baseline and latest value differ in sign, so there is no growth rate",
    ),
    "reason_rule_no_growth": (
        "基期值为零，或与最新值、目标值正负号不同，无法计算年均增速",
        "no yearly growth can be taken: the baseline is zero, or latest value or target differs from it in sign",
    ),
    "reason_rule_no_target_year": (
        "没有目标年，或目标年不在基期之后",
        "there is no target year, or none after the baseline",
    ),
    "reason_rule_growth_ratio": (
        "实际年均增速为所需增速的{ratio}倍",
        "observed yearly growth is {ratio} times the growth required",
    ),
    "reason_rule_growth": (
        "没有目标值，朝期望方向的年均增速为{growth_share}",
        "there is no target; yearly growth in the desired direction is {growth_share}",
    ),
    "reason_rule_miss_none": (
        "按近五年平均变化（每年{change}），{target_year}年可达到目标",
        "at the mean change of the last five years ({change} a year) the target is met in {target_year}",
    ),
    "reason_rule_miss": (
        "按近五年平均变化（每年{change}），到{target_year}年仍差现有差距的{miss_share}",
        "at the mean change of the last five years ({change} a year), {miss_share} of the remaining gap is left in {target_year}",
    ),
    "reason_rule_away": (
        "近五年平均变化（每年{change}）没有朝向目标",
        "the mean change of the last five years ({change} a year) does not lead towards the target",
    ),
    "reason_rule_level_met": (
        "{year}年数值{value}达到要求，近五年平均每年变化{change}",
        "the {year} figure, {value}, meets the target; the mean change of the last five years is {change} a year",
    ),
    "reason_rule_level_missed": (
        "{year}年数值{value}未达到要求，近五年平均每年变化{change}",
        "the {year} figure, {value}, misses the target; the mean change of the last five years is {change} a year",
    ),
    "reason_rule_direction": (
        "没有目标值；近五年平均每年变化{change}，最近一年变化{last}",
        "there is no target; the mean change of the last five years is {change} a year, the latest change {last}",
    ),
    "reason_rule_way": (
        "按基期以来的年均增速，{target_year}年可走完基期至目标路程的{way_share}",
        "at the yearly growth since the baseline, {way_share} of the way from baseline to target is covered in {target_year}",
    ),
    "reason_rule_fallen_back": (
        "{year}年基期已达到目标，最新值又低于要求",
        "the baseline of {year} met the target, the latest value no longer does",
    ),
    "reason_rule_pace": (
        "{year}年以来的年均变化为所需变化的{pace_share}",
        "the mean yearly change since {year} is {pace_share} of the change needed",
    ),
    "reason_rule_decreasing": (
        "{year}年以来向相反方向变化",
        "it has moved the wrong way since {year}",
    ),
    "reason_rule_gap_none": (
        "按加权趋势，{target_year}年推算为{projected}，可达到目标",
        "by the weighted trend {target_year} comes to {projected}, which meets the target",
    ),
    "reason_rule_gap": (
        "按加权趋势，{target_year}年推算为{projected}，所差为基期至目标路程的{gap_share}",
        "by the weighted trend {target_year} comes to {projected}; the gap is {gap_share} of the way from baseline to target",
    ),
}

JUDGING_LABELS: dict[str, tuple[str, str]] = {**RULE_LABELS, **REASON_LABELS}

"""Labels of the review of projections."""

from __future__ import annotations

REVIEW_LABELS: dict[str, tuple[str, str]] = {
    "title_review": (
        "推算方法回顾：当时的推算与后来的实际",
        "Review of projections: what was projected, what happened",
    ),
    "section_review_panels": ("当时的推算与后来的实际", "Projected and actual"),
    "section_review_coverage": ("区间命中情况", "Coverage of the intervals"),
    "section_review_misses": ("落在区间外的年份", "Years outside the intervals"),
    "section_review_years": ("逐年对照", "Year by year"),
    "review_scope": (
        "以{origin}年及以前的数据、按“{method}”推算，与截至{last}年的实际数值比较：{series}个数据序列，{years}个年份。",
        "Projected from figures up to {origin} (method: {method}) and compared with what was observed up to {last}: {series} series, {years} years.",
    ),
    "review_inside": (
        "{level}%区间：{years}个年份中有{inside}个落在区间内（{share}）。",
        "{level} % intervals: {inside} of {years} years lay inside ({share}).",
    ),
    "review_errors": (
        "平均误差为年均变化量的{ours}倍；假定保持不变，则为{naive}倍。",
        "The mean error is {ours} times the mean yearly change; taking the last value as unchanged it is {naive} times.",
    ),
    "caption_review_panels": ("各数据序列的推算与实际", "Each series, projected and actual"),
    "note_review_panels": (
        "实线为{origin}年及以前的实际值，虚线为当时的推算，深浅色带为80%和95%区间；圆点为后来的实际值，叉号为落在区间外的年份。括号内为数据序列代码。",
        "Solid: figures up to {origin}; dashed: projection; bands: 80 % and 95 % intervals; dots: what happened; crosses: years outside the intervals. In brackets the mark of the series.",
    ),
    "alt_review": (
        "{name}：{n}个年份中有{inside}个落在{level}%区间内。",
        "{name}: {inside} of {n} years lay inside the {level} % interval.",
    ),
    "all_regions": ("全部地区", "All regions"),
    "all_years_ahead": ("全部年份", "all years"),
    "years_ahead": ("{n}年后", "{n} years ahead"),
    "year_ahead": ("1年后", "1 year ahead"),
    "column_ahead": ("推算年数", "Years ahead"),
    "column_level": ("区间水平", "Level"),
    "column_inside": ("落在区间内／年份数", "Inside / years"),
    "column_share_inside": ("命中率（%）", "Share inside (%)"),
    "column_actual": ("实际值", "Actual"),
    "column_value_projected": ("推算值", "Projected"),
    "column_side": ("方向", "Side"),
    "column_scaled_error": ("误差（年均变化量的倍数）", "Error (mean yearly changes)"),
    "side_above": ("高于区间", "above"),
    "side_below": ("低于区间", "below"),
    "caption_coverage": ("区间命中率", "Share of years inside the intervals"),
    "note_coverage": (
        "命中率应接近区间水平；年份少时偏差大，同一序列相邻年份的误差相互关联。其中含疫情年份。",
        "The share should be near the level; with few years it strays, and errors of neighbouring years of a series go together. Years of the pandemic are among them.",
    ),
    "caption_misses": ("落在{level}%区间外的年份", "Years outside the {level} % interval"),
    "empty_misses": ("没有年份落在{level}%区间外。", "No year lay outside the {level} % interval."),
    "caption_review": ("各序列逐年对照", "Every series year by year"),
    "note_review": (
        "误差以截至推算起点的年均变化量（绝对值）为单位。",
        "Errors are in units of the mean absolute yearly change up to the origin.",
    ),
}

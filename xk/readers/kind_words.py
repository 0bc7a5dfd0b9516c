"""Words that say what a figure is: observed, preliminary, estimated, planned, forecast, void, or an evaluation."""

import re

SAID = {
    "target": r"(年度|全年|本年|当年|主要|工作)*(计划|规划|目标|预期|预算|任务|力争|争取)性?"
              r"(目标|计划|任务|指标)?[值数额]?|targets?|plan|planned|goal|budget",
    "evaluation": "评价值|评价得分|得分|实现程度|evaluation|score",
    "observed": r"(年度|全年|本年|当年|累计)?(实际|实绩|实现|完成)(完成|实现)?(值|数|额|情况)?|实绩[值数]"
                r"|绝对[数值]|数值|本年|总量|决算数?|actuals?|value|observed"
                r"|(最终|正式)?(修订|修正|核实|核定)[值数]?(据|后)?|(基期|现状|基准)[值数]?|revised?|final",
    "preliminary": r"初步(核算|统计)?(数据?|结果)?|快报(数据?)?|(尚|还)?未经[^,;]{0,10}(审定|核定|审核|核实)的?(数据?)?"
                   r"|prelim(inary)?\.?|prov(isional)?\.?",
    "estimated": r"预计(完成|实现)[值数额]?|([估推测匡][计算])[值数]?|est(imate[sd]?)?\.?",
    "void": r"(本行|该行|数据|此行)?(已)?(作废|无效|废止|停用|勿用|弃用)(数据|不用)?|void|invalid|obsolete|withdrawn",
    "forecast": r"预|预计[值数]?|预测[值数]?|展望|forecasts?|projected|projections?",
}  # fmt: skip
"""Kind -> what heads call it. What is merely expected is a forecast; what is expected to have come is estimated."""
ANY_PLAN = "(?!.*(完成|实际|实现))[\u4e00-\u9fff]{1,6}目标(任务|指标)?[值数]?"
"""What a head calls a plan besides, whatever stands before 目标, as in 规划期目标; sentences go by `SAID`."""
PATTERNS = {kind: re.compile(f"{words}|{ANY_PLAN}" if kind == "target" else words) for kind, words in SAID.items()}
LETTERS = {"e": "estimated", "f": "forecast"}
"""What stands behind a year alone, as in 2017E."""
DATED = re.compile(r"((?:19|20|21)[0-9]{2})(?:年度?末?|年底)?[(\[]?([^()\[\]0-9]{1,12})[)\]]?")
OF_YEAR = re.compile(r"([^()\[\]0-9]{1,12})[(\[]?((?:19|20|21)[0-9]{2})(?:年度?末?|年底)?[)\]]?")
"""A kind before its year, as 现状值(2017年)."""
BEHIND = re.compile(r"(.+?)\s*[(（\[【]([^()（）\[\]【】]{1,16})[)）\]】]\s*")
NO_OBSERVATION = {"target": "a plan is no observation", "forecast": "what is expected is no observation",
                  "void": "what is void does not count"}  # fmt: skip
"""Kind of columns and rows that are not read -> why."""


def kind_said(word: str) -> str:
    """Return the kind of figure that a word says; empty where it says none."""
    folded = re.sub(r"\s", "", word).casefold()
    return next((kind for kind, words in PATTERNS.items() if words.fullmatch(folded)), "")


def dated_kind(text: str) -> tuple[int, str] | None:
    """Return the year and the kind of what is written as ``2017年(计划)``; None where a text is not of that form."""
    word = re.sub(r"\s", "", text).casefold()
    if (before := OF_YEAR.fullmatch(word)) and kind_said(before[1]):
        return int(before[2]), kind_said(before[1])
    found = DATED.fullmatch(word)
    kind = found and (LETTERS.get(found[2]) or kind_said(found[2]))
    return (int(found[1]), kind) if found and kind else None


def kind_behind(text: str) -> tuple[str, str]:
    """Return a text and the kind of figure in brackets behind it, as in ``2.6（初步数）``; itself if there is none."""
    found = BEHIND.fullmatch(text)
    kind = kind_said(found[2]) if found else ""
    return (found[1], kind) if found and kind else (text, "")

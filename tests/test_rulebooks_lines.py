"""Lines of a scheme under all rules, their disagreements and history, and the tables that show them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from made_up import points, typed

from xk.arithmetic.allocation import allocate_targets
from xk.arithmetic.prices import PriceIndex, compare_scheme, illustrate_prices
from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS, Case, Reason, Verdict, judge
from xk.arithmetic.rulebooks.rulebook import Rulebook
from xk.contracts.scheme import Scheme
from xk.contracts.scheme_tables import TABLES
from xk.errors import UsageError
from xk.exhibits import Exhibit, Wording
from xk.pipeline import Results, Settings, build_results
from xk.pipeline.planning import build_held_years
from xk.pipeline.surroundings import Surroundings
from xk.pipeline.verdicts import Judged, PastVerdict, build_disagreements, build_verdict_history
from xk.tables.counties import table_rules
from xk.tables.planned import table_held, table_plan
from xk.tables.price_bases import table_comparability, table_prices
from xk.tables.rulings import table_disagreements, table_rulebooks, table_verdict_history, unchanged_since
from xk.vocab import LANGUAGES, read_labels

REGIONS = pd.DataFrame({"region": ["city"], "parent": [None]})


def line(name: str, no: str, **more: Any) -> dict[str, str]:
    row = {
        "indicator": name, "no": no, "domain": "one", "name_zh": f"指标{no}", "name_en": f"Line {no}", "unit": "%",
        "direction": "positive", "target_year": "2020", "lower_bound": "0", "upper_bound": "100",
        "lead_offices": "bureau", "comparable": "yes", "clause": no,
    }  # fmt: skip
    base = {"baseline_year": 2016, "baseline_kind": "observed"} if "baseline_value" in more else {}
    return row | {key: str(value) for key, value in (base | more).items()}


LINES = [
    line("up", "1", target_value=61, target_stretch=80),
    line("whole", "2", direction="composite"),
    line("part", "2.1", parent="whole", target_value=50),
    line("gap", "2.2", parent="whole", target_value=50),
    line("held", "3", baseline_value=96, target_value=95, hold_from=2017, hold_to=2020),
    line("priced", "4", unit="元", price_base="2010", baseline_price_base="not_stated", baseline_value=110,
         target_value=200, comparable="no", upper_bound="", deflator="output"),
    line("open", "5", target_year=""),
]  # fmt: skip
INDEX = PriceIndex("city", "gdp", {2010: 100, 2016: 110})
POINTS: dict[str, dict[int, float]] = {
    "up": {2012: 40, 2013: 42, 2014: 46, 2015: 49, 2016: 52, 2017: 53},
    "part": {2014: 60, 2015: 60, 2016: 60, 2017: 60},
    "held": {2016: 96, 2017: 94},
    "priced": {2016: 110},
    "open": {2015: 10, 2017: 12},
}


def scheme() -> Scheme:
    tables = {name: typed(name, []) for name in TABLES}
    tables["domains"] = typed("domains", [{"domain": "one", "no": "1", "name_zh": "领域", "name_en": "Domain"}])
    tables["indicators"] = typed("indicators", LINES)
    return Scheme("made-up", {"name_zh": "方案", "name_en": "Plan"}, 2020, "equal", ("city",), **tables)


def figures() -> pd.DataFrame:
    prices = {"priced": {"unit": "元", "price_base": "not_stated"}}
    frames = [points("city", name, values, **prices.get(name, {})) for name, values in POINTS.items()]
    return pd.concat(frames, ignore_index=True)


def results() -> Results:
    return build_results(scheme(), figures(), regions=REGIONS, settings=Settings("city", method="drift"))


def verdicts() -> list[Judged]:
    return results().verdicts


def words_of(found: list[Judged], name: str, goal: str = "target") -> dict[str, str]:
    return {one.rulebook: one.status for one in found if (one.indicator, one.goal) == (name, goal)}


def test_every_line_has_every_rule() -> None:
    found = verdicts()
    assert len(found) == (len(LINES) + 1) * len(RULEBOOKS)
    assert list(dict.fromkeys(one.indicator for one in found)) == [row["indicator"] for row in LINES]
    assert {one.rulebook for one in found} == set(RULEBOOKS)


def test_verdicts_are_those_of_the_single_call() -> None:
    found = verdicts()
    for goal, target in (("target", 61), ("stretch", 80)):
        for row in (one for one in found if (one.indicator, one.goal) == ("up", goal) and one.rulebook != "house"):
            alone = judge(
                list(POINTS["up"]), list(POINTS["up"].values()), target=target, target_year=2020, rule=row.rulebook,
                per_cent=True,
            )  # fmt: skip
            assert (row.status, row.grade) == (alone.status, RULEBOOKS[row.rulebook].grade(alone.status))
            assert row.verdict.value == pytest.approx(alone.value, nan_ok=True)


SEVENTH = {
    "rulebook_short_seventh": ("第七", "Seventh"),
    "rulebook_need_seventh": ("第七", "Seventh"),
    "status_seventh_fine": ("好", "fine"),
}


@pytest.mark.parametrize(
    ("lang", "caption", "needs"),
    [
        (
            "zh",
            "6项在七种规则下的判定",
            "Open SDG、联合国、SDSN和亚太经社会至少需要2个年份，德国和第七至少需要4个年份"
            "；Open SDG、联合国和SDSN还须有基期以后的年份；最新值已达到目标的，Open SDG和联合国凭一个年份即可判定。",
        ),
        (
            "en",
            "6 lines under seven rules",
            "Open SDG, UN, SDSN and ESCAP need two years or more, "
            "Germany and Seventh four; Open SDG, UN and SDSN need one after the baseline, too; "
            "where the latest figure meets the target, "
            "one year is enough for Open SDG and UN.",
        ),
    ],
)
def test_a_rulebook_more_is_judged_by_and_counted(
    monkeypatch: pytest.MonkeyPatch, lang: str, caption: str, needs: str
) -> None:
    def judge_fine(case: Case) -> Verdict:
        return Verdict("fine", float(len(case.years)))

    for key, pair in SEVENTH.items():
        monkeypatch.setitem(read_labels()[lang], key, dict(zip(LANGUAGES, pair, strict=True))[lang])
    monkeypatch.setitem(RULEBOOKS, "seventh", Rulebook("seventh", 7, judge_fine, {"fine": 3}, years=4))
    found = verdicts()
    assert words_of(found, "up")["seventh"] == words_of(found, "up", "stretch")["seventh"] == "fine"
    assert words_of(found, "priced")["seventh"] == "not_available"
    shown = table_rulebooks(wording(lang), found).html
    assert caption in shown and needs in shown
    assert ("第七" if lang == "zh" else "Seventh") in shown


def test_the_caption_counts_the_rulebooks() -> None:
    assert "4项在六种规则下的判定" in exhibits("zh")["rules"].html
    assert "4 lines under six rules" in exhibits("en")["rules"].html


def test_two_targets_have_two_verdicts() -> None:
    found = verdicts()
    # 40 in 2012 to 53 in 2017: 2.6 a year by drift, 60.8 in 2020, a hair short of 61: that is about even
    assert words_of(found, "up")["house"] == "uncertain"
    assert words_of(found, "up", "stretch")["house"] == "lagging"
    assert words_of(found, "up")["un2023"] == "met_or_on_track"
    assert words_of(found, "up", "stretch")["un2023"] == "fair_progress"


def test_composite_takes_the_worst_part_and_no_good_verdict_over_a_gap() -> None:
    found = verdicts()
    assert words_of(found, "part")["opensdg"] == "target_achieved"
    assert words_of(found, "gap")["opensdg"] == "not_available"
    assert words_of(found, "whole")["opensdg"] == "not_available"


def test_held_target_under_each_rule() -> None:
    found = words_of(verdicts(), "held")
    assert found["house"] == "not_held"
    assert (found["opensdg"], found["un2023"], found["sdsn"]) == (
        "deterioration",
        "stagnation_or_regression",
        "decreasing",
    )
    assert found["destatis"] == "not_available"


def test_what_is_not_comparable_is_judged_by_no_rule() -> None:
    found = verdicts()
    assert set(words_of(found, "priced").values()) == {"not_comparable", "not_available"}
    (sdsn,) = (one for one in found if (one.indicator, one.rulebook) == ("priced", "sdsn"))
    assert sdsn.verdict.why.key == "rulebook_no_own_figures"


def test_line_without_target_has_the_rules_that_need_none() -> None:
    found = words_of(verdicts(), "open")
    assert (found["house"], found["sdsn"]) == ("no_target", "not_available")
    # 10 -> 12 in two years is 9.5 % a year
    assert (found["opensdg"], found["un2023"]) == ("substantial_progress", "met_or_on_track")


def test_disagreements_name_the_divided_lines_with_their_cause() -> None:
    found = {(one.indicator, one.goal): one for one in build_disagreements(verdicts())}
    assert "part" not in {name for name, _ in found}
    row = found["up", "target"]
    assert (row.best[0].grade, row.worst[0].grade, row.cause) == (3, 2, "cuts")
    # 60.8 misses 61 by little, 2.5 % of the way that is left: that is no sun lost, but 99 % of the pace needed
    assert [one.rulebook for one in row.worst] == ["house", "sdsn"]
    assert [one.rulebook for one in row.best][:2] == ["opensdg", "destatis"]
    apart = [one.best[0].grade - one.worst[0].grade for one in found.values()]
    assert apart == sorted(apart, reverse=True)


@pytest.mark.parametrize(
    ("statuses", "keys", "cause"),
    [
        (("on_track", "lagging"), ("achieved", "lagging_own"), "level"),
        (("on_track", "missed"), ("rulebook_growth_ratio", "missed"), "deadline"),
        (("on_track", "not_held"), ("rulebook_growth_ratio", "not_held"), "deadline"),
        (("on_track", "not_held"), ("achieved", "not_held"), "level"),
        (("on_track", "regressing"), ("rulebook_growth_ratio", "rulebook_away"), "window"),
        (("on_track", "lagging"), ("rulebook_growth_ratio", "rulebook_miss"), "cuts"),
        # missed by the figure of the year, whichever way the trend leads: no rule takes other years for that
        (("missed", "regressing"), ("missed", "rulebook_growth_ratio"), "deadline"),
        (("not_held", "regressing"), ("not_held", "rulebook_decreasing"), "deadline"),
        (("on_track", "lagging"), ("rulebook_growth_ratio", "assumed_short"), "assumed"),
        (("achieved", "lagging"), ("achieved", "assumed_short"), "assumed"),
    ],
)
def test_causes(statuses: tuple[str, str], keys: tuple[str, str], cause: str) -> None:
    pairs = zip(statuses, keys, strict=True)
    made = [Judged("x", "target", HOUSE, Verdict(status, math.nan, why=Reason(key))) for status, key in pairs]
    assert [one.cause for one in build_disagreements(made)] == [cause]


@pytest.mark.parametrize(("way", "cause"), [(0.079, "cuts"), (0.0, "cuts"), (-0.02, "window")])
def test_what_hardly_moves_leads_not_away(way: float, cause: str) -> None:
    """The UN's lowest word is also for up to a tenth of the way: 8 % of it is the right way, as others say."""
    fair = Judged("x", "target", "opensdg", Verdict("limited_progress", 0.1, why=Reason("rulebook_growth_ratio")))
    slow = Judged("x", "target", "un2023", Verdict("stagnation_or_regression", way,
                                                   why=Reason("rulebook_way", {"way_share": way})))  # fmt: skip
    assert [one.cause for one in build_disagreements([fair, slow])] == [cause]


def test_the_cause_of_a_whole_is_that_of_its_parts() -> None:
    made = [Judged("x", "target", name, Verdict(status, math.nan, why=Reason(key, {"parts": ()})))
            for name, status, key in ((HOUSE, "missed", "deciding_parts"), ("sdsn", "on_track", "composite"))
            ]  # fmt: skip
    assert [one.cause for one in build_disagreements(made)] == ["parts"]


def test_rules_that_agree_or_stand_alone_are_no_disagreement() -> None:
    assert build_disagreements([one for one in verdicts() if one.rulebook == HOUSE]) == []


def history(**asked: Any) -> list[PastVerdict]:
    given = results()
    return build_verdict_history(scheme(), Surroundings(figures(), REGIONS), settings=given.settings, **asked)


def test_history_judges_with_what_was_known_in_each_year() -> None:
    house = [one for one in history() if (one.indicator, one.rulebook) == ("held", HOUSE)]
    assert [one.status for one in house] == ["no_data"] * 4 + ["met_to_hold", "not_held"]
    assert [one.change for one in house] == ["first", None, None, None, "first_figure", "target_lost"]
    assert (house[-1].as_of, house[-1].before, house[-1].result.latest.value) == (2017, "met_to_hold", 94)
    assert [one.changed for one in house] == [False] * 4 + [True, True]


@pytest.mark.parametrize(
    ("values", "status", "change"),
    [
        ({2016: 94, 2017: 94.5}, "not_held", "held_missed"),  # the first year to be held is there, not a projection
        ({2016: 96, 2017: 94}, "not_held", "target_lost"),
        ({2016: 94, 2020: 96}, "not_seen", "time_passed"),  # a figure came in, but none of the years before
        ({2015: 96, 2016: 94}, "regressing", "target_lost"),
        ({2014: 20, 2015: 21}, "lagging", "trend_found"),  # of one figure no trend can be told
    ],
)
def test_what_changed_a_verdict_is_what_decided_it(values: dict[int, float], status: str, change: str) -> None:
    around = Surroundings(points("city", "held", values), REGIONS)
    settings = build_results(scheme(), around.observations, regions=REGIONS, settings=Settings("city", method="drift")
                             ).settings  # fmt: skip
    last = [one for one in build_verdict_history(scheme(), around, settings=settings)
            if (one.indicator, one.rulebook) == ("held", HOUSE)][-1]  # fmt: skip
    assert (last.status, last.change) == (status, change)


def test_history_of_the_last_year_is_the_present() -> None:
    now = {(one.indicator, one.goal, one.rulebook): one.status for one in history() if one.as_of == 2017}
    assert now == {(one.indicator, one.goal, one.rulebook): one.status for one in verdicts()}


def test_history_of_chosen_years() -> None:
    assert sorted({one.as_of for one in history(years=[2017, 2015])}) == [2015, 2017]
    with pytest.raises(UsageError, match="the history ends in 2017"):
        history(years=[2018])
    assert history(years=[]) == []


def wording(lang: str) -> Wording:
    return Wording(results(), lang, region_names={"city": "市"}, measure_labels={"%": "%", "元": "元"})


def exhibits(lang: str) -> dict[str, Exhibit]:
    words, given = wording(lang), results()
    shares = allocate_targets(60, {"city": 50.0, "other": 56.0}, weights={"city": 1, "other": 2}, kind="share", years=3)
    indicators = given.scheme.indicators
    return {
        "rules": table_rulebooks(words, given.verdicts),
        "disagreements": table_disagreements(words, given.disagreements),
        "history": table_verdict_history(words, history()),
        "plan": table_plan(words, given.positions),
        "held": table_held(words, build_held_years(given.scheme, given.paths.seen, as_of=2018)),
        "comparability": table_comparability(words, compare_scheme(indicators)),
        "prices": table_prices(words, illustrate_prices(indicators, {"output": INDEX})),
        "allocation": table_rules(words, {"proportional": shares}, "up", kind="share"),
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_show_every_figure(lang: str) -> None:
    for name, exhibit in exhibits(lang).items():
        assert exhibit.frame is not None and len(exhibit.frame), name
        assert not {"nan", "None", "inf", "<NA>"} & set(exhibit.html.replace("<", " ").replace(">", " ").split()), name


def test_tables_use_the_words_of_each_rule() -> None:
    shown = exhibits("zh")
    assert "进展一般" in shown["rules"].html or "进展显著" in shown["rules"].html
    assert "指标1（力争目标）" in shown["rules"].html.replace("1 ", "")
    assert "2017年由“已达标，须保持”变为“未能保持”：新数值达不到目标" in shown["history"].html
    assert "94（未达到）" in shown["held"].html and "达到年" not in shown["held"].html
    assert "未说明价格基准" in shown["comparability"].html
    # 110 in prices of 2016 is 100 in those of 2010, half of 200
    assert shown["prices"].frame is not None and shown["prices"].frame["score"].tolist() == pytest.approx([50])


def test_tables_of_nothing_say_so() -> None:
    words = wording("en")
    assert "There is no line to judge" in table_rulebooks(words, []).html
    # of eight lines and goals: what one rule judges, or none, is no agreement
    assert "Of 7 lines (parts included) 4 can be judged by two rules or more" in table_disagreements(words, []).html


@pytest.mark.parametrize(
    ("statuses", "year"),
    [
        (["no_trend", "no_trend", "no_trend"], 0),
        # the first figure of 2016 came in, and nothing has changed since
        (["no_data", "no_data", "lagging"], 2016),
        (["no_data", "lagging", "lagging"], 2015),
        # figures that changed a verdict, or were lost again, are a change
        (["no_data", "lagging", "on_track"], None),
        (["no_data", "lagging", "no_data"], None),
        (["met_to_hold", "met_to_hold", "not_held"], None),
    ],
)
def test_a_first_figure_is_no_change_of_verdict(statuses: list[str], year: int | None) -> None:
    assert unchanged_since(dict(zip([2014, 2015, 2016], statuses, strict=True))) == year

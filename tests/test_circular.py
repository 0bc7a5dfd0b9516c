"""The circular by responsible unit: who leads what, the phase of the plan, gaps, tasks with their quantities."""

from __future__ import annotations

import re
from functools import lru_cache

import pandas as pd
import pytest
from made_up import LINES, made, own_figures, phased, points, results, typed, worded

from xk import bench, tables
from xk.exhibits.wording import Wording
from xk.pipeline import Results
from xk.readers import read_store
from xk.tables.circular import (
    gap_to_plan,
    office_lines,
    office_sections,
    office_sentence,
    office_tasks,
    offices_in_charge,
    opening,
    phase_sentence,
    status_counts,
    table_behind,
    table_office,
)

OFFICES = [{"office": name, "name_zh": zh, "name_en": en, "kind": "bureau"}
         for name, zh, en in (("bureau", "甲局", "Bureau"), ("office", "乙办", "Office"),
                              ("station", "丙站", "Station"))]  # fmt: skip
TASKS = [
    {"indicator": "half", "task": "1", "title_zh": "修路", "title_en": "Build roads", "offices": "office;bureau",
     "offices_from": "task"},
    {"indicator": "plain", "task": "1", "title_zh": "办学", "title_en": "Run schools", "offices": "bureau",
     "offices_from": "task"},
    {"indicator": "plain", "task": "2", "title_zh": "<b>植树</b>", "title_en": "Plant trees",
     "offices": "bureau;station", "offices_from": "task"},
]  # fmt: skip
STONES = [
    {"indicator": "plain", "milestone": "1", "task": "2", "title_zh": "树木", "title_en": "Trees",
     "relation": "at_least", "value": "40", "unit": "%", "first_year": "2017", "year": "2020",
     "offices": "bureau;station"},
    {"indicator": "plain", "milestone": "2", "task": "2", "title_zh": "林带", "title_en": "Belts", "relation": "equal",
     "value": "3", "unit": "%", "first_year": "", "year": "2018", "offices": "bureau;station"},
]  # fmt: skip


def staffed(found: Results | None = None) -> Results:
    """Return results whose programme has three offices, three tasks and two milestones."""
    changed = found or made()
    for name, rows in (("offices", OFFICES), ("tasks", TASKS), ("milestones", STONES)):
        object.__setattr__(changed.scheme, name, typed(name, rows))
    return changed


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ")


def cells(html: str, row: int) -> list[str]:
    found = re.findall(r"<tr>(.*?)</tr>", html, flags=re.S)[row]
    return [" ".join(plain(cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", found, flags=re.S)]


def test_units_that_lead_an_indicator_or_a_task_are_in_charge_in_the_order_of_the_list() -> None:
    assert offices_in_charge(worded(staffed())) == ["bureau", "office"]


def test_lines_and_tasks_of_a_unit() -> None:
    words = worded(staffed())
    assert [result.no for result in office_lines(words, "bureau")] == ["1", "2", "3", "3.1", "3.2", "4"]
    assert office_lines(words, "office") == []
    assert [task["title_zh"] for task in office_tasks(words, "bureau")] == ["办学", "<b>植树</b>"]
    assert [task["title_zh"] for task in office_tasks(words, "bureau", leading=False)] == ["修路"]
    assert office_tasks(words, "station") == []


def test_unit_is_one_of_several_and_not_part_of_a_name() -> None:
    lines = [LINES[0] | {"lead_offices": "bureau;office"}, *LINES[1:]]
    words = worded(staffed(made(lines)))
    assert [result.no for result in office_lines(words, "office")] == ["1"]
    assert office_lines(words, "off") == []


@pytest.mark.parametrize(
    ("lang", "unit", "said"),
    [
        ("zh", "bureau", "牵头指标5项（含分项）：已达标1项、无数据3项、不可比1项。牵头重点任务2项，配合1项。"),
        ("zh", "office", "不牵头指标；牵头重点任务1项，配合0项。"),
        ("en", "office", "No indicator led. Tasks: 1 led, 0 supported."),
    ],
)
def test_sentence_of_a_unit(lang: str, unit: str, said: str) -> None:
    assert office_sentence(worded(staffed(), lang), unit) == said


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (2016, "自2017年11月起进入一期；2016年的数值反映行动开始前的情况"),
        (2017, "2017年底处于一期（2017年11月至2018年3月）：甲。"),
        (2018, "2018年底处于二期（2018年4月至2020年12月）：乙。"),
        (2020, "2020年底处于二期"),
    ],
)
def test_phase_at_the_end_of_the_last_known_year(as_of: int, said: str) -> None:
    assert said in phase_sentence(worded(phased(made(as_of=as_of))))


def test_phase_after_the_plan_and_without_phases() -> None:
    assert "已于2020年12月结束" in phase_sentence(worded(phased(made(as_of=2021))))
    assert phase_sentence(worded(made())) == ""


def test_opening_counts_lines_without_composites() -> None:
    said = opening(worded(staffed())).plain
    assert "监测的5项指标（含分项）中，已达标1项、无数据3项、不可比1项。" in said
    assert "综合实现程度为" in said


def test_table_of_a_unit() -> None:
    html = table_office(worded(staffed()), "bureau").html
    # from 40 to 60 in four years: 45 is planned for 2017; the latest figure is the baseline: no gap yet
    assert cells(html, 1)[1:7] == ["□ 无数据", "40（2016年）", "≥60", "—", "≥45.0", "+5.00（+10.7%）"]
    # the composite: attainment, and neither gap nor plan
    assert cells(html, 3)[2:6] == ["实现程度50.0%", "—", "—", "—"]
    # what is to be held is planned at its target
    assert cells(html, 2)[5] == "≥95"


def test_gap_to_plan_is_told_once_there_is_a_newer_figure() -> None:
    figures = own_figures()
    mine = points("city", "plain", {2016: 40, 2017: 43})
    found = results(pd.concat([figures[figures["indicator"] != "plain"], mine], ignore_index=True))
    # 45 was planned for 2017
    assert gap_to_plan(worded(found), found.line("plain")) == "-2.0"


def test_last_year_has_no_plan_after_it() -> None:
    html = table_office(worded(staffed(made(as_of=2020))), "bureau").html
    assert cells(html, 1)[5] == "—"


def test_tasks_stand_with_their_quantities() -> None:
    html = office_sections(worded(staffed())).html
    assert "树木：不低于40%（2017—2020年每年）" in html and "林带：3%（2018年底前）" in html
    assert "&lt;b&gt;植树&lt;/b&gt;" in html and "<b>植树" not in html


def test_index_of_units_leads_to_their_sections() -> None:
    words = worded(staffed())
    shown, each = tables.table_offices(words).html, office_sections(words).html
    links = re.findall(r'href="#([^"]+)"', shown)
    assert links == ["office-bureau", "office-office"]
    assert all(f'<h3 id="{link}">' in each for link in links)
    assert cells(shown, 1) == ["甲局", "5", "已达标1项、无数据3项、不可比1项", "2", "1"]


def test_a_programme_without_tasks_has_sections_too() -> None:
    words = worded(staffed())
    object.__setattr__(words.results.scheme, "tasks", typed("tasks", []))
    assert office_tasks(words, "bureau") == []
    assert cells(tables.table_offices(words).html, 1)[-2:] == ["—", "—"]
    assert 'id="tab-office-bureau"' in office_sections(words).html and "-tasks" not in office_sections(words).html


def test_nothing_to_lead_is_said() -> None:
    words = worded(staffed(made([row | {"lead_offices": ""} for row in LINES])))
    object.__setattr__(words.results.scheme, "tasks", typed("tasks", []))
    assert offices_in_charge(words) == []
    assert office_sections(words).plain == tables.table_offices(words).plain == "方案未列责任单位。"


def test_behind_lists_what_lags_or_moves_away() -> None:
    reference = points("province", "plain", {2014: 20, 2015: 19, 2016: 18})
    html = table_behind(worded(made(more=reference))).html
    assert len(re.findall(r"<tr>", html)) == 2 and "背离" in cells(html, 1)[1]
    assert table_behind(worded(made())).plain == "没有滞后或背离的指标。"


def test_counts_of_nothing() -> None:
    words = worded(made())
    assert status_counts(words, []) == "—"


@lru_cache(maxsize=2)
def plan_words(lang: str) -> Wording:
    store = read_store()
    question = bench.Question(scheme="yunfu-2020", lang=lang)
    return bench.words_of(question, store, bench.results_of(question, store))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_of_the_plan_is_lost(lang: str) -> None:
    """Every indicator, every task and every milestone stands under the unit that leads it."""
    words = plan_words(lang)
    scheme, units = words.results.scheme, offices_in_charge(words)
    led = {result.indicator for unit in units for result in office_lines(words, unit)}
    assert led == set(scheme.indicators["indicator"])
    assert sum(len(office_tasks(words, unit)) for unit in units) == len(scheme.tasks)
    said = plain(office_sections(words).html)
    for title in [*scheme.tasks[f"title_{lang}"], *scheme.milestones[f"title_{lang}"]]:
        assert title in said.replace("&#x27;", "'").replace("&amp;", "&"), title


def test_circular_of_the_plan_opens_with_its_state() -> None:
    said = opening(plan_words("zh")).plain
    assert said.startswith("截至2016年，云浮市按《云浮市全面建成小康社会各项指标任务攻坚行动工作方案》监测的50项")
    assert "攻坚行动自2017年11月起进入研究部署阶段" in said

"""The circular by lead office: who leads what, what of it is behind, which quantities it must reach."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

import pytest
from made_up import LINES, made, phased, points, typed, worded

from xk import bench
from xk.exhibits import Wording
from xk.pipeline import Results
from xk.readers import read_store
from xk.tables import office_blocks, opening, table_furthest
from xk.tables.furthest import short_lines
from xk.tables.key_points import key_points, tiles
from xk.tables.office_blocks import office_duties, office_lines, office_sentence, offices_in_charge, table_office
from xk.tables.tasks import is_overdue, office_tasks, phase_sentence, say_tasks, table_milestones

OFFICES = [{"office": name, "name_zh": zh, "name_en": en, "kind": "bureau"}
         for name, zh, en in (("bureau", "甲局", "Bureau"), ("office", "乙办", "Office"),
                              ("station", "丙站", "Station"))]  # fmt: skip
TASKS = [
    {"indicator": "half", "task": "1", "title_zh": "修路", "title_en": "Build roads",
     "lead_offices": "office", "support_offices": "bureau", "offices_from": "task"},
    {"indicator": "plain", "task": "1", "title_zh": "办学", "title_en": "Run schools",
     "lead_offices": "bureau", "offices_from": "task"},
    {"indicator": "plain", "task": "2", "title_zh": "<b>植树</b>", "title_en": "Plant trees",
     "lead_offices": "bureau", "support_offices": "station", "offices_from": "task"},
]  # fmt: skip
STONES = [
    {"indicator": "plain", "milestone": "1", "task": "2", "title_zh": "<b>树木</b>", "title_en": "Trees",
     "relation": "at_least", "value": "40", "unit": "%", "first_year": "2017", "year": "2020",
     "lead_offices": "bureau", "support_offices": "station"},
    {"indicator": "plain", "milestone": "2", "task": "2", "title_zh": "林带", "title_en": "Belts", "relation": "equal",
     "value": "3", "unit": "%", "first_year": "", "year": "2018", "due": "by_year_end",
     "lead_offices": "bureau", "support_offices": "station"},
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


def test_offices_that_lead_an_indicator_or_a_task_are_in_charge_in_the_order_of_the_list() -> None:
    assert offices_in_charge(worded(staffed())) == ["bureau", "office"]


def test_lines_and_tasks_of_an_office() -> None:
    words = worded(staffed())
    assert [result.no for result in office_lines(words, "bureau")] == ["1", "2", "3", "3.1", "3.2", "4"]
    assert office_lines(words, "office") == []
    assert [task["title_zh"] for task in office_tasks(words, "bureau")] == ["办学", "<b>植树</b>"]
    assert [task["title_zh"] for task in office_tasks(words, "bureau", leading=False)] == ["修路"]
    assert office_tasks(words, "station") == []


def test_office_is_one_of_several_and_not_part_of_a_name() -> None:
    lines = [LINES[0] | {"lead_offices": "bureau;office"}, *LINES[1:]]
    words = worded(staffed(made(lines)))
    assert [result.no for result in office_lines(words, "office")] == ["1"]
    assert office_lines(words, "off") == []


@pytest.mark.parametrize(
    ("lang", "office", "ends"),
    [
        ("zh", "bureau", "牵头重点任务2项（其中有量化要求的1项），配合1项。"),
        ("zh", "office", "牵头重点任务1项。"),
        ("en", "office", "Tasks: 1 led."),
    ],
)
def test_sentence_of_an_office_counts_its_tasks(lang: str, office: str, ends: str) -> None:
    assert office_sentence(worded(staffed(), lang), office).endswith(ends)


def test_sentence_of_an_office_counts_indicators_first_and_parts_in_brackets() -> None:
    """Four indicators (1 to 4) and two parts (3.1, 3.2) stand under the one office."""
    said = office_sentence(worded(staffed()), "bureau")
    assert said.startswith("牵头指标4项：") and "分项" in said


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (2016, "自2017年11月起进入一期；2016年的数值反映实施前的情况"),
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


def test_table_of_an_office() -> None:
    html = table_office(worded(staffed()), "bureau").html
    # from 40 to 60 in four years: by constant growth or a line, 45 is planned for 2017
    assert cells(html, 1)[2:] == ["40（2016年）", "≥60", "≥45.0", "+5.00"]
    # the composite has its attainment and no plan; what is to be held is planned at its target
    assert cells(html, 3)[2:5] == ["实现程度50.0%", "—", "—"]
    assert cells(html, 2)[4] == "≥95"
    # nobody says in which prices the figure is: only the target has a price base
    assert cells(html, 6)[0] == "4 指标 元" and cells(html, 6)[3] == "≥200（2010年不变价）"


def test_the_last_year_has_no_column_of_plans_after_it() -> None:
    """In the target year nothing is required any more: line, status, latest figure and target remain."""
    html = table_office(worded(staffed(made(as_of=2020))), "bureau").html
    assert "2021" not in html and len(cells(html, 1)) == 4


def test_quantities_are_listed_and_tasks_without_one_are_not() -> None:
    html = office_duties(worded(staffed()), "bureau").html
    assert "须达到的量化要求2条" in html and "林带：3%（到2018年底）" in html
    assert "&lt;b&gt;树木&lt;/b&gt;：40%以上（2017—2020年每年）" in html and "<b>" not in html
    assert "办学" not in html and office_duties(worded(staffed()), "office").html == ""


DONE = [
    {"indicator": "plain", "task": "2", "milestone": "1", "date": "2019-03-01", "share": "100", "evidence": "<i>验"},
    {"indicator": "plain", "task": "1", "milestone": "", "date": "2018-06-30", "share": "40", "evidence": "开工"},
    {"indicator": "plain", "task": "1", "milestone": "", "date": "2019-02-01", "share": "60", "evidence": "封顶"},
]  # fmt: skip


def recorded(rows: list[dict[str, str]], lang: str = "zh", **more: int) -> Wording:
    words = worded(staffed(made(**more)), lang)
    object.__setattr__(words.results.scheme, "done", typed("done", rows))
    return words


def test_the_last_record_stands_and_what_was_due_without_one_is_overdue() -> None:
    """As of March 2019, the last record: the belts were due at the end of 2018, the trees of that year are done."""
    words = recorded(DONE)
    said = plain(office_duties(words, "bureau").html)
    assert "须达到的量化要求2条" in said
    assert "树木 ：40%以上（2017—2020年每年）100%（2019-03-01，&lt;i&gt;验）" in said.replace(
        "&lt;/b&gt;", " "
    ).replace("&lt;b&gt;", "")
    assert "逾期 林带：3%（到2018年底）" in " ".join(said.split())
    assert "已录入进展的任务1项" in said and "办学：60%（2019-02-01，封顶）" in said and "开工" not in said
    opened = opening(words).plain
    assert "已录入完成情况2项，其中完成1项、未完成1项。" in opened
    assert "截至2019-03-01，到期而未录入完成的量化要求1条（甲局）。" in opened


@pytest.mark.parametrize(
    ("share", "date", "overdue"),
    [("100", "2018-12-31", ["2"]), ("100", "2017-12-31", ["1", "2"]), ("99", "2019-06-30", ["1", "2"])],
)
def test_what_is_due_every_year_is_done_once_a_year(share: str, date: str, overdue: list[str]) -> None:
    """As of the end of 2018, by the last year known; a record of 2017 says nothing of 2018, nor does 99 %."""
    words = recorded([DONE[0] | {"share": share, "date": date}], as_of=2018)
    stones = words.results.scheme.ordered_milestones
    assert [str(stone["milestone"]) for stone in stones if is_overdue(words, stone)] == overdue


def test_without_any_record_it_is_said_and_nothing_is_marked() -> None:
    for lang, told in (("zh", "各单位完成情况尚未录入。"), ("en", "No completion is recorded yet")):
        words = recorded([], lang)
        assert told in opening(words).plain and "到期" not in opening(words).plain
    late = recorded([], as_of=2018)
    assert "到期而未录入完成的量化要求2条（甲局）" in opening(late).plain
    assert "逾期" not in office_duties(late, "bureau").html


def test_what_is_behind_stands_with_its_reason() -> None:
    """42, 41, 40: the city moves away from 60."""
    falling = points("city", "plain", {2014: 42, 2015: 41})
    words = worded(staffed(made(more=falling)))
    said = plain(office_duties(words, "bureau").html)
    assert "进度落后1项" in said and "背离" in said and "1 指标：按自身趋势" in said


def test_a_block_has_its_heading_and_neither_numbered_table_nor_source_line() -> None:
    shown = office_blocks(worded(staffed()))
    assert [part.kind for part in shown.parts] == ["subsection", "subsection"]
    assert [part.anchor for part in shown.parts] == ["office-bureau", "office-office"]


def test_nothing_to_lead_is_said() -> None:
    words = worded(staffed(made([row | {"lead_offices": ""} for row in LINES])))
    object.__setattr__(words.results.scheme, "tasks", typed("tasks", []))
    assert offices_in_charge(words) == []
    assert office_blocks(words).plain == "方案未列责任单位。"


def test_milestones_of_a_domain_have_their_records_beside_them() -> None:
    html = table_milestones(recorded(DONE), "first").html
    assert "完成情况" in html and "100%（2019-03-01" in html and "未见公布" not in html
    assert "未见公布" in table_milestones(recorded([]), "first").html


def test_a_domain_counts_its_tasks() -> None:
    said = say_tasks(worded(staffed()), "first").plain
    assert said.startswith("本领域重点任务共2项，其中1项任务有量化要求，共2条，") and "其余1项" in said


def test_furthest_is_by_attainment_then_by_required_growth_with_or_without_a_trend() -> None:
    """40 of 60 is 66.7 per cent, 50 of 100 is 50; nothing here has a trend."""
    words = worded(staffed())
    assert [result.no for result in short_lines(words)] == ["3.1", "1"]
    html = table_furthest(words).html
    assert "2项（含分项）未达到目标，0项进度落后" in html and "达标概率" in html
    twice = [LINES[0], LINES[0] | {"indicator": "later", "no": "1.5", "target_year": "2018"}, *LINES[1:]]
    again = made(twice, points("city", "later", {2016: 40}))
    # the same attainment: what must come sooner must grow faster, and stands first
    assert [result.no for result in short_lines(worded(again))] == ["3.1", "1.5", "1"]


def test_the_first_screen_names_pace_and_office_and_links_to_what_it_rests_on() -> None:
    words = worded(staffed())
    shown = key_points(words)
    lines = shown.plain.splitlines()
    assert lines[0].startswith("- 共监测4项指标（另有分项2项）：")
    # from 50 in 2016 to 100 in 2020: 12.5 a year; a share rises by points
    assert "3.1\u00a0指标：2016年50%，目标≥100，实现程度50.0%；2016—2020年须年均提高12.5个百分点，" in lines[1]
    assert "，没有同样长的先例期间可比；牵头：甲局。" in lines[1]
    assert shown.html.count('href="#tab-furthest"') == 2 and 'href="#fig-index"' in shown.html
    assert 'href="#tab-summary"' in key_points(words, "first").html
    assert "href" not in key_points(words, places={}).html


def test_tiles_have_parts_in_brackets() -> None:
    """3.1 and 3.2 are parts; the composite counts as an indicator, by the worst of them."""
    html = tiles(worded(staffed())).html
    counts = [int(n) for n in re.findall(r'xk-count">(\d+)<', html)]
    assert sum(counts) == 4 and sum(int(n) for n in re.findall(r"（另(\d+)）", html)) == 2


@lru_cache(maxsize=2)
def plan_words(lang: str) -> Wording:
    store = read_store()
    question = bench.Question(scheme="yunfu-2020", lang=lang)
    return bench.words_of(question, store, bench.results_of(question, store))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_of_the_plan_is_lost(lang: str) -> None:
    """Every indicator, or all of its parts, and every milestone stands under who leads it; every task is counted."""
    words = plan_words(lang)
    scheme, offices = words.results.scheme, offices_in_charge(words)
    led = {result.indicator for office in offices for result in office_lines(words, office)}
    shared = {name for name in scheme.lines if scheme.parts(name) and set(scheme.parts(name)) <= led}
    assert led | shared == set(scheme.indicators["indicator"])
    # 37 and 39 are several offices': each answers for its own part alone
    assert {scheme.lines[name].no for name in shared - led} == {"37", "39"}
    assert {(task["indicator"], task["task"]) for office in offices for task in office_tasks(words, office)} == set(
        zip(scheme.tasks["indicator"], scheme.tasks["task"], strict=True)
    )
    said = plain(office_blocks(words).html)
    for title in scheme.milestones[f"title_{lang}"]:
        assert title in said.replace("&#x27;", "'").replace("&amp;", "&"), title


def test_circular_of_the_plan_opens_with_its_phase() -> None:
    assert "自2017年11月起进入研究部署阶段" in opening(plan_words("zh")).plain


def test_quantities_of_the_plan_keep_its_digits() -> None:
    """359.68 times 10,000 mu are 3.5968 million, not 3.597; what is asked for reads the same in both languages."""
    question = bench.Question(region="yunfu", as_of=2016)
    store = read_store()
    for lang in ("zh", "en"):
        one = replace(question, lang=lang)
        words = bench.words_of(one, store, bench.results_of(one, store))
        shown = plain(table_milestones(words).html)
        for stone in words.results.scheme.milestones.to_dict("records"):
            label = words.measure_labels[stone["unit"]]
            times = 10_000 if label.startswith("× 10,000 ") else 1
            said = words.amount(stone["value"], stone["unit"], asked=True)
            figure, million = re.findall(r"^([\d,.]+)( million)?", said)[0]
            asked = Decimal(str(stone["value"])) * times
            assert Decimal(figure.replace(",", "")) * (10**6 if million else 1) == asked, said
            assert plain(said) in shown

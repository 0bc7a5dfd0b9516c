"""The index of all runs: what it tells of each, links that show only some of them, what changed since the last."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from made_up import ASKED, OBSERVATIONS, SUMMARY, changed, write_run

from xk.running.runs.listing import runs_page
from xk.running.runs.manifest import read_statuses

FACTS = {"监测方案": "云浮市工作方案", "地区": "云浮市", "情景": "基准情景"}
FACTS_EN = {"Programme": "Yunfu plan", "Region": "Yunfu", "Scenario": "reference"}


def add_run(out: Path, name: str, number: int, asked: dict[str, Any], **more: Any) -> None:
    folder = write_run(out / name, asked, number=number, **more.pop("tables", {}))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    lang = (ASKED | asked)["lang"]
    manifest |= {
        "lang": lang,
        "facts": FACTS_EN if lang == "en" else FACTS,
        "started": f"2026-01-0{number}T08:30:59Z",
        "reports": {"overview": {"ok": True}, "economy": {"ok": number != 2}},
        "statuses": {"achieved": number, "lagging": 2, "no_data": 0},
    } | more
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "index.html").write_text("<title>run</title>", encoding="utf-8")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Return the index of five runs: in Chinese, in English, of a scenario, of three regions, unreadable."""
    fast = {"scenario": {"name": "fast"}}
    add_run(tmp_path, "a", 1, {})
    add_run(tmp_path, "b", 2, {"lang": "en"})
    add_run(tmp_path, "c", 3, fast, facts=FACTS | {"情景": "<b>加快</b>"})
    names = {"yunfu": "云浮市", "china": "中国", "guangdong": "广东省", "x": "某市"}
    add_run(tmp_path, "d", 4, {"regions": list(names)}, names=names)
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "manifest.json").write_text("{", encoding="utf-8")
    tables = {"observations": changed(OBSERVATIONS, 2, value=69.25), "summary": changed(SUMMARY, 0, status="achieved")}
    add_run(tmp_path, "f", 5, {}, tables=tables)
    (tmp_path / "latest.json").write_text('{"run": "f"}')
    (tmp_path / "index.html").write_text(runs_page(tmp_path, "zh"), encoding="utf-8")
    return tmp_path / "index.html"


@pytest.mark.browser
def test_links_show_only_some_runs_without_script(index: Path, page: Any) -> None:
    page.goto(index.as_uri())
    rows = page.locator("#xk-main > figure:first-of-type tbody tr")

    def shown() -> list[str]:
        links = rows.locator("th > a:first-child")
        return [link.get_attribute("href")[0] for link in links.all() if link.is_visible()]

    assert shown() == ["f", "d", "c", "b", "a", "e"]
    for label, names in {
        "英文（1）": ["b"],
        "<b>加快</b>（1）": ["c"],
        "中国（1）": ["d"],
        "云浮市（5）": ["f", "d", "c", "b", "a"],
        "全部（6）": ["f", "d", "c", "b", "a", "e"],
    }.items():
        page.get_by_role("link", name=label, exact=True).click()
        assert shown() == names, label
    page.get_by_role("link", name="英文（1）", exact=True).click()
    weight = "getComputedStyle(document.querySelector('.xk-facets a[href=\"' + location.hash + '\"]')).fontWeight"
    assert page.evaluate(weight) == "700", "the chosen link stands out"


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_index_fits_the_screen(index: Path, page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(index.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(
        "[...document.querySelectorAll('.xk-scroll')].every(box => box.scrollWidth <= box.clientWidth)"
    )
    page.locator(".xk-facets a").nth(1).click()
    rows = page.locator("#xk-main > figure:first-of-type tbody tr")
    assert 0 < sum(row.is_visible() for row in rows.all()) < rows.count()


def test_runs_are_told_in_the_language_of_the_reader(index: Path) -> None:
    """The English run b by what its manifest says in Chinese; where that of an older version does not, in its own."""
    html = index.read_text(encoding="utf-8")
    assert '<td lang="en" data-label="监测方案">Yunfu plan</td>' in html
    said = {"scheme": "云浮市工作方案", "scenario": "基准情景", "region": {"yunfu": "云浮市"}, "as_of": "2016年"}
    path = index.with_name("b") / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"said": {"zh": said}}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    html = runs_page(index.parent, "zh")
    assert "Yunfu" not in html and '<td class="xk-short" lang="zh-CN" data-label="数据截至">2016年</td>' in html
    assert '<td class="xk-short" data-label="语言">英文</td>' in html and "English（" not in html
    assert '<a href="b/index.html">2026-01-02 08:30</a>' in html
    assert "云浮市等4个地区" in html and "2份报告，1份未生成" in html and "清单无法读取" in html
    assert "</span> 已达标 5</span>" in html and "</span> 已达标 2</span>" in html and "无数据 0" not in html
    assert "<b>加快</b>" not in html and "&lt;b&gt;加快&lt;/b&gt;" in html


def test_scenarios_are_chosen_by_their_titles_though_a_run_be_of_several(tmp_path: Path) -> None:
    fast, slow = ({"name": name, "title_zh": zh, "title_en": name.title()} for name, zh in
                  (("fast", "加快情景"), ("slow", "放缓情景")))  # fmt: skip
    add_run(tmp_path, "a", 1, {})
    add_run(tmp_path, "b", 2, {"scenario": slow}, facts=FACTS | {"情景": "放缓情景"})
    add_run(tmp_path, "c", 3, {"scenarios": [fast, slow, {"name": "bare"}]}, facts=FACTS | {"情景": "三种情景"})
    html = runs_page(tmp_path, "zh")
    named = re.findall(r'href="#only-scenario-\d+">([^<]*)<', html)
    assert named == ["加快情景（1）", "放缓情景（2）", "bare（1）", "基准情景（1）"]


def test_what_changed_since_the_run_before(index: Path) -> None:
    html = index.read_text(encoding="utf-8")
    assert "与上一期相比：修订数据1处、状态变化1项。" in html
    assert '<a href="b/index.html">b</a> → <a href="f/index.html">f</a>' in html
    assert "68.5" in html and "69.25" in html and 'id="tab-changes"' in html


def test_first_run_and_no_run(tmp_path: Path) -> None:
    assert "还没有报告。" in runs_page(tmp_path, "zh")
    add_run(tmp_path, "a", 1, {})
    html = runs_page(tmp_path, "en")
    assert "There is no earlier run to compare with." in html and 'id="only-' not in html


def test_runs_that_cannot_be_compared_do_not_stop_the_index(tmp_path: Path) -> None:
    add_run(tmp_path, "a", 1, {}, tables={"observations": OBSERVATIONS.drop(columns="year")})
    add_run(tmp_path, "b", 2, {})
    assert "与上一期无法比较：" in runs_page(tmp_path, "zh")


def test_statuses_are_read_of_the_indicators_alone(tmp_path: Path) -> None:
    """gdp lagging, forest achieved; water is a part of another indicator."""
    lines = SUMMARY.assign(counted=[True, True, False], domain=["economy", "nature", "nature"])
    folder = write_run(tmp_path / "a", summary=lines)
    assert read_statuses(folder) == [("yunfu", "economy", "lagging"), ("yunfu", "nature", "achieved")]
    assert read_statuses(tmp_path) == []

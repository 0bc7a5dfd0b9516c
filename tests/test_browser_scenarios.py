"""The bench of scenarios as Chromium shows it on a page of a real Voila: turned, saved, opened by link, reported."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from benches import open_bench, served
from made_up import ROOT

from xk.bench import Question, results_of, words_of
from xk.readers import read_scenario, read_store
from xk.running.cli import main

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAME, SERVICES = "tried_in_a_browser", "services_share_of_gdp"
OF_HOSTS = re.compile(
    r"404 \(Not Found\)|fontawesome|ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|ERR_FAILED|403 \(Forbidden\)"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project of its own with the raw tables and notebooks of this one: what is saved goes there."""
    root = tmp_path_factory.mktemp("project")
    (root / "data").mkdir()
    (root / "data" / "raw").symlink_to(ROOT / "data" / "raw")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    return root


@pytest.fixture(scope="module")
def host(browser: Any, project: Path) -> Iterator[tuple[Any, str]]:
    """Open the bench once; silence on the console is demanded at the end."""
    said: list[str] = []
    with served("voila", "scenarios.ipynb", project) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.route(lambda url: "127.0.0.1" not in url and not url.startswith("data:"), lambda route: route.abort())
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        open_bench(page, "voila", address)
        yield page, address
        context.close()
    assert [words for words in said if not OF_HOSTS.search(words)] == []


def said(page: Any, words: str) -> str:
    """Wait until the status line says some words, and return it."""
    page.wait_for_function("words => document.querySelector('.xk-said').innerText.includes(words)", arg=words)
    return str(page.inner_text(".xk-said"))


def test_a_slider_moves_chart_odds_verdict_and_index_by_the_keyboard_alone(host: tuple[Any, str]) -> None:
    page, _ = host
    before = page.inner_html(".xk-shown")
    page.locator(".xk-knob [role=slider]").first.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    line = said(page, "经济发展指数")
    assert "假定成立时达标概率" in line and "滞后" in line
    after = page.inner_html(".xk-shown")
    assert after != before and page.locator(".xk-shown svg.xk-chart").count() == 1
    page.get_by_role("button", name="求恰好达标").focus()
    page.keyboard.press("Enter")
    assert "50%" in said(page, "符合进度")
    assert "56.00" in page.inner_text(".xk-shown") and "▲" in page.inner_text(".xk-shown")


def test_it_is_saved_opened_by_link_and_reported_with_the_same_numbers(
    host: tuple[Any, str], project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, address = host
    page.get_by_label("情景名称（小写字母）", exact=True).fill(NAME)
    page.keyboard.press("Enter")
    said(page, NAME)
    page.get_by_role("button", name="保存", exact=True).click()
    said(page, f"{NAME}.toml")
    file = project / "data" / "own" / "scenarios" / f"{NAME}.toml"
    kept, shown = read_scenario(file), page.inner_text(".xk-shown table")
    link = page.evaluate("document.querySelectorAll('.xk-again textarea')[0].value")
    page.goto(address + "?" + link.partition("?")[2], wait_until="commit")
    page.wait_for_selector(".xk-shown table")
    assert page.inner_text(".xk-shown table") == shown and quote(NAME) in link
    monkeypatch.chdir(project)
    asked = ["report", "--region", "yunfu", "--domain", "economy", "--scenario", NAME, "--jobs", "1"]
    assert main([*asked, "--out", str(tmp_path)]) == 0
    html = (tmp_path / "latest" / "economy.html").read_text(encoding="utf-8")
    question = Question(scenario=kept)
    store = read_store()
    words = words_of(question, store, results_of(question, store))
    result = words.results.line(SERVICES)
    assert words.projected(result) in html and f'data-status="{result.status}"' in html
    assert words.value(result.outlook.value, result) in shown and words.scenario_title() in shown

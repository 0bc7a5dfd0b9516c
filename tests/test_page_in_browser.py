"""A report as Chromium shows it: fits the screen, silent console, Chinese in its own font."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from xk.running.report import run_notebook
from xk.running.report.export import Page, export_html

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parent / "data" / "notebooks" / "sample.ipynb"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make the page of the sample; in a thread, as the browser's event loop may occupy this one."""
    with ThreadPoolExecutor(1) as pool:
        notebook = pool.submit(run_notebook, SAMPLE, {}).result()
    path = tmp_path_factory.mktemp("page") / "sample.html"
    facts = (("监测方案", "云浮市率先全面建成小康社会攻坚行动工作方案"), ("地区", "云浮市"))
    path.write_text(export_html(notebook, Page("样例", facts=facts)), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_fits_the_screen_in_silence(address: str, page: Any, width: int, scheme: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert said == []


def test_wide_table_scrolls_in_its_own_box(address: str, page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address)
    box = "document.querySelector('#tab-summary .xk-scroll')"
    assert page.evaluate(f"{box}.scrollWidth > {box}.clientWidth")
    page.evaluate(f"{box}.scrollLeft = 200")
    left = page.evaluate(f"{box}.querySelector('tbody th').getBoundingClientRect().left")
    assert left == page.evaluate(f"{box}.getBoundingClientRect().left"), "the row heads stay in view"


def test_contents_lead_to_headings(address: str, page: Any) -> None:
    page.goto(address)
    links = page.locator(".xk-contents ol a")
    assert links.count() == 4
    for number in range(links.count()):
        links.nth(number).click()
        title = page.evaluate("document.querySelector(':target').textContent")
        assert title == links.nth(number).text_content()


def test_charts_use_the_embedded_font(address: str, page: Any) -> None:
    page.goto(address)
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('10px xk', '云'))")
    assert page.evaluate("[...document.fonts].map(face => [face.family, face.status])") == [["xk", "loaded"]]
    family = "getComputedStyle(document.querySelector('.xk-chart text')).fontFamily"
    assert page.evaluate(family).startswith("xk")


def test_chart_colours_follow_the_scheme(address: str, page: Any) -> None:
    page.goto(address)
    ink = "getComputedStyle(document.querySelector('.xk-chart text')).fill"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ink) == "rgb(31, 36, 48)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ink) == "rgb(231, 233, 238)"


def test_prints_with_repeated_heads_and_open_details(address: str, page: Any) -> None:
    page.goto(address)
    page.emulate_media(media="print", color_scheme="dark")
    style = "getComputedStyle(document.querySelector('{}')).{}"
    assert page.evaluate(style.format("thead", "display")) == "table-header-group"
    assert page.evaluate(style.format("body", "color")) == "rgb(31, 36, 48)", "ink on paper, also at night"
    assert page.locator("details p").first.is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")

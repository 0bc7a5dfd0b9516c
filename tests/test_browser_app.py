"""`xk app` as Chromium shows it: controls work, users are apart, nothing is asked of the network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from made_up import HANG, wait_until
from served import Served

pytestmark = pytest.mark.browser

RULEBOOKS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def visit(app: Served, browser: Any) -> Iterator[Callable[..., Any]]:
    """Return what opens a page for a new user: silence of the console demanded, and no request to other machines."""
    contexts: list[Any] = []
    said: list[str] = []

    def opened(path: str, **options: Any) -> Any:
        contexts.append(browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options}))
        contexts[-1].set_default_timeout(1000 * HANG)
        page = contexts[-1].new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if is_foreign(request.url, app) else None)
        page.goto(app.address)
        if path != "/":
            page.goto(f"http://{app.host}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def is_foreign(url: str, app: Served) -> bool:
    return urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != app.host


def axe_faults(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": RULEBOOKS}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found]


def test_two_users_at_once_do_not_see_each_other(app: Served, visit: Callable[..., Any]) -> None:
    before = app.kernels()
    one, two = visit("/explore?region=yunfu"), visit("/explore?region=china")
    shown = [page.locator(".shown") for page in (one, two)]
    texts = [each.text_content() for each in shown]
    assert [text.partition("云 ")[2] for text in texts] == ["region=yunfu", "region=china"]
    kernels = [int(text.split()[0]) for text in texts]
    assert set(kernels) == app.kernels() - before and kernels[0] != kernels[1]
    assert one.locator("#xk-wait").is_hidden() and one.locator("#xk-lost").is_hidden()
    one.locator(".noUi-handle").focus()
    one.keyboard.press("ArrowRight")
    one.get_by_text(f"{kernels[0]} = 4").wait_for()
    assert two.locator(".shown").text_content() == texts[1]
    one.goto(f"http://{app.host}/")
    assert wait_until(lambda: app.kernels() - before == {kernels[1]}), "a page that is left ends its kernel"


def test_page_says_that_its_kernel_is_gone(app: Served, browser: Any) -> None:
    page = browser.new_context().new_page()  # the console says so, too
    page.goto(app.address)
    page.goto(f"http://{app.host}/explore")
    page.locator(".shown").wait_for()
    kernel = page.evaluate("jupyterapp.widgetManager.kernel.id")
    app.ask(f"/api/kernels/{kernel}", method="DELETE")
    page.evaluate("dispatchEvent(new Event('focus'))")  # somebody comes back to it
    page.locator("#xk-lost").get_by_text("请重新载入本页").wait_for()
    page.context.close()


def test_chinese_is_drawn_in_the_font_of_the_server(visit: Callable[..., Any]) -> None:
    """With no other font to fall back to: what the browser says it drew with is one that a page brought."""
    page = visit("/?lang=zh")
    page.add_style_tag(content="*{font-family:xk,xk-whole!important}")
    page.evaluate("document.fonts.load('16px xk', '小康').then(() => document.fonts.ready).then(() => true)")
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert [font["isCustomFont"] for font in fonts] == [True]


@pytest.mark.parametrize("path", ["/?lang=zh", "/?lang=en", "/explore?lang=en", "/scenarios", "/counties"])
def test_nothing_bars_users(visit: Callable[..., Any], path: str) -> None:
    page = visit(path, viewport={"width": 390, "height": 800}, color_scheme="dark" if "en" in path else "light")
    if not path.startswith("/?"):
        page.locator("#xk-wait").wait_for(state="hidden")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert axe_faults(page) == []


def test_start_page_leads_to_benches_and_languages(visit: Callable[..., Any]) -> None:
    page = visit("/")
    page.get_by_role("link", name="English").click()
    assert page.title() == "Indicator benches"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.get_by_role("heading", name="Targets for counties").get_by_role("link").click()
    assert re.fullmatch(r"http://[^/]+/counties\?lang=en", page.url)
    page.get_by_text("云浮").wait_for()
    page.get_by_role("link", name="中文").click()
    assert page.get_by_role("link", name="小康指标工作台").is_visible()

"""The benches as Chromium shows them: in a real JupyterLab and as a page of a real Voila, on this machine alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from benches import ask, choose, open_bench, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Requests and words of the hosts themselves: JupyterLab asks for settings that nobody has made, Voila's stock page for
# an icon font on the network.
OF_HOSTS = re.compile(r"404 \(Not Found\)|fontawesome|ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|ERR_FAILED")
OWN_LETTERS = """text => { const probe = document.createElement('canvas').getContext('2d');
  const drawn = family => { probe.font = '40px ' + family; return [...text].map(one => {
    probe.clearRect(0, 0, 60, 60); probe.fillText(one, 5, 45);
    return probe.canvas.toDataURL(); }); };
  const own = drawn('xk'); return new Set(own).size === new Set(text).size; }"""


@pytest.fixture(scope="module", params=["voila", "lab"])
def host(request: pytest.FixtureRequest, browser: Any) -> Iterator[tuple[str, Any, list[str]]]:
    """Open the explore bench once in each host; silence on the console is demanded at the end."""
    said: list[str] = []
    with served(request.param) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.route(lambda url: "127.0.0.1" not in url and not url.startswith("data:"), lambda route: route.abort())
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        query = (
            "scheme=national-2013&region=guangdong&as_of=2016&to=2022&indicators=2" if request.param == "voila" else ""
        )
        open_bench(page, request.param, address, query)
        yield request.param, page, said
        context.close()
    assert [words for words in said if not OF_HOSTS.search(words)] == []


def shown(page: Any) -> str:
    return str(page.inner_html(".xk-shown"))


def test_a_question_in_one_line_changes_the_picture(host: tuple[str, Any, list[str]]) -> None:
    _, page, _ = host
    before = shown(page)
    ask(page, "广东 服务业 theta 2014")
    page.wait_for_function("document.querySelector('.xk-said').innerText.includes('2014')")
    assert shown(page) != before and page.locator(".xk-shown svg.xk-chart").count() == 1
    assert page.get_by_label("推算方法", exact=True).evaluate("one => one.selectedOptions[0].text") == "动态优化Theta"


def test_it_is_asked_in_five_actions_by_the_controls_with_the_keyboard_alone(host: tuple[str, Any, list[str]]) -> None:
    _, page, _ = host
    by_line = page.inner_text(".xk-shown")
    page.click('button:text-is("复原")')
    at_rest(page)
    for name, typed in (("地区", "广东"), ("指标", "services_share_of_gdp")):
        page.get_by_label(name, exact=True).focus()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        at_rest(page)  # the lists of the other controls follow
    choose(page, "推算方法", "动态优化Theta")
    at_rest(page)
    choose(page, "截至年份", "2014")
    page.wait_for_function("line => document.querySelector('.xk-shown').innerText === line", arg=by_line)


def at_rest(page: Any) -> None:
    """Wait until the picture has stood for three seconds."""
    page.evaluate("window.xkSeen = null")
    page.wait_for_function("""() => {
      const seen = document.querySelector('.xk-shown').innerHTML;
      if (seen !== window.xkSeen) { window.xkSeen = seen; window.xkStood = performance.now(); }
      return performance.now() - window.xkStood > 3000;
    }""")


def test_a_list_is_searched_as_one_types(host: tuple[str, Any, list[str]]) -> None:
    _, page, _ = host
    field = page.get_by_label("指标", exact=True)
    options = field.evaluate("one => [...one.list.options].map(option => option.value)")
    assert any("城镇" in one and "Urban share" in one for one in options)


def test_a_mistake_is_told_and_the_picture_stays(host: tuple[str, Any, list[str]]) -> None:
    _, page, _ = host
    before = shown(page)
    page.fill(".xk-asked input", "广东 thetta")
    page.press(".xk-asked input", "Enter")
    page.wait_for_selector(".xk-wrong [role=alert]")
    assert "theta" in page.inner_text(".xk-wrong") and "Traceback" not in page.content() and shown(page) == before
    page.fill(".xk-asked input", "")  # what was wrong stays there to be mended


def test_what_is_shown_can_be_saved_and_letters_are_real(host: tuple[str, Any, list[str]]) -> None:
    _, page, _ = host
    ask(page, "广东 城镇 2016")
    for kind in ("svg", "png"):
        with page.expect_download() as saving:
            page.click(f'[data-save="{kind}"]')
        content = saving.value.path().read_bytes()
        assert saving.value.suggested_filename == f"explore-trajectory.{kind}"
        assert (b"@font-face" in content) if kind == "svg" else content.startswith(b"\x89PNG") and len(content) > 9000
    assert page.evaluate("document.fonts.check('16px xk', '广东省城镇')")
    assert page.evaluate(OWN_LETTERS, "广东省城镇人口比重推算")


def test_the_status_is_a_live_region(host: tuple[str, Any, list[str]]) -> None:
    _, page, _ = host
    assert page.get_attribute(".xk-said", "aria-live") == "polite"
    assert page.locator(".xk-said [role=status]").count() == 1

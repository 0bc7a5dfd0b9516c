"""How long the reports of the plan are, on screens and on paper, and what their first screens hold."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from test_browser_reports import axe_faults

from xk.running.report.pdf import print_pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGS = ("zh", "en")
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
SIZES = {"wide": WIDE, "phone": PHONE}
# Page: at most so many pixels high at 1280 and at 390.
HEIGHTS = {
    "overview": (8_000, 16_000), "circular": (12_000, 25_000), "livelihood": (10_000, 20_000),
    "environment": (10_000, 20_000), "economy": (10_000, 20_000),
}  # fmt: skip
FIRST = ("overview", "economy", "circular")
# what one must scroll sideways to see: the captions of tables that no fold hides
HIDDEN = """[...document.querySelectorAll('.xk-scroll:not(details *)')]
    .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.getAttribute('aria-label'))"""
UNFOLDED = "[...document.querySelectorAll('figure details')].filter(part => part.checkVisibility()).length"
# Width of A4 within the margins, in pixels of 1/96 inch: (210 - 28) / 25.4 * 96.
PAPER = 688
LETTERS = """[...document.querySelectorAll('svg.xk-chart text')].filter(text => text.checkVisibility()).map(text => {
  const chart = text.ownerSVGElement
  const scale = chart.getBoundingClientRect().width / chart.viewBox.baseVal.width
  return parseFloat(getComputedStyle(text).fontSize) * scale * 72 / 96 })"""


@pytest.fixture(scope="module")
def made(plan_run: Callable[[str], Path], browser_path: str) -> dict[str, Path]:  # noqa: ARG001
    """Make the reports of the plan in both languages."""
    return {lang: plan_run(lang) for lang in LANGS}


@pytest.fixture(scope="module")
def printed(made: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Return what gives a page, by name and language, on paper: printed once."""
    folder = tmp_path_factory.mktemp("paper")

    @cache
    def on_paper(name: str, lang: str) -> Path:
        pdf = folder / f"{name}_{lang}.pdf"
        print_pdf(made[lang] / f"{name}.html", pdf)
        return pdf

    return on_paper


def on_screens(page: Any) -> dict[str, Any]:
    """Return how high a page is on each screen, and where what belongs on the first of them ends."""
    bottom = "[...document.querySelectorAll('{}')].map(part => part.getBoundingClientRect().bottom)"
    parts = ("> li", "+ ul > li", "+ ul > li:nth-child(-n+4) > a.xk-lead")
    found: dict[str, Any] = {"heights": [], "firsts": {}}
    for name, size in SIZES.items():
        page.set_viewport_size(size)
        found["heights"].append(page.evaluate("document.documentElement.scrollHeight"))
        found["firsts"][name] = [page.evaluate(bottom.format(f"main .xk-tiles {part}")) for part in parts]
        if size is WIDE:
            found["hidden"] = page.evaluate(HIDDEN)
    page.set_viewport_size({"width": 360, "height": 800})
    return found | {"narrow": page.evaluate("document.documentElement.scrollWidth")}


def on_sheets(page: Any) -> dict[str, Any]:
    """Return how large letters of charts are on paper, and how many figures are folded and shown there."""
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    return {"letters": page.evaluate(LETTERS), "folds": page.locator("figure details").count(),
            "unfolded": page.evaluate(UNFOLDED)}  # fmt: skip


@pytest.fixture(scope="module")
def looks(made: dict[str, Path], browser: Any) -> Callable[[str, str], dict[str, Any]]:
    """Return what tells of a page, by name and language, how it is on screens and on paper: opened once."""

    @cache
    def look_at(name: str, lang: str) -> dict[str, Any]:
        context = browser.new_context(offline=True)
        page = context.new_page()
        page.goto((made[lang] / f"{name}.html").as_uri())
        heads = page.evaluate(
            "[...document.querySelectorAll('main h2, main h3, main h4')].map(part => part.textContent)"
        )
        found = on_screens(page) | on_sheets(page) | {"heads": {squeezed(head) for head in heads}}
        context.close()
        return found

    return look_at


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", HEIGHTS)
def test_heights(looks: Callable[[str, str], dict[str, Any]], name: str, lang: str) -> None:
    look = looks(name, lang)
    for size, height, most in zip(SIZES.values(), look["heights"], HEIGHTS[name], strict=True):
        assert 0 < height <= most, f"{name} in {lang} is {height} px high at {size['width']}"
    assert look["hidden"] == [], "columns stand beyond the edge"
    assert look["narrow"] == 360


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", FIRST)
@pytest.mark.parametrize("size", SIZES)
def test_first_screen(looks: Callable[[str, str], dict[str, Any]], size: str, name: str, lang: str) -> None:
    """The statuses counted, then the count in words and the three worst, each with its link, above the fold."""
    tiles, sentences, links = looks(name, lang)["firsts"][size]
    sentences = sentences[:4]
    assert len(tiles) >= 3 and len(sentences) == 4 and len(links) >= 3
    assert max(*tiles, *sentences, *links) <= SIZES[size]["height"]


def poppler(program: str, *arguments: str | Path) -> str:
    if not shutil.which(program):
        pytest.skip(f"no {program} on this machine (Debian: poppler-utils)")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def sheets_of(pdf: Path) -> list[str]:
    """Return the text of each sheet."""
    return poppler("pdftotext", "-layout", pdf, "-").rstrip("\f").split("\f")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("name", "most"), [("overview", 10), ("circular", 13)])
def test_paper(
    looks: Callable[[str, str], dict[str, Any]], printed: Callable[[str, str], Path], *, name: str, most: int, lang: str
) -> None:
    """So many sheets of A4; none ends in a heading or caption, of which the last lines above the number are read."""
    sheets = sheets_of(printed(name, lang))
    assert len(sheets) <= most
    heads, lone = looks(name, lang)["heads"], []
    for sheet in sheets:
        lines = [line for line in map(squeezed, sheet.splitlines()) if line and not re.fullmatch(r"\d+/\d+", line)]
        lone += [lines[-1]] if lines and lines[-1] in heads else []
    assert len(heads) >= 5 and lone == []


@pytest.mark.parametrize("lang", LANGS)
def test_folded_parts_print_once(looks: Callable[[str, str], dict[str, Any]], lang: str) -> None:
    look = looks("overview", lang)
    assert look["folds"] > 0 and look["unfolded"] == 0


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["overview", "economy", "livelihood"])
def test_letters_of_charts_on_paper(looks: Callable[[str, str], dict[str, Any]], name: str, lang: str) -> None:
    letters = looks(name, lang)["letters"]
    assert letters and min(letters) >= 7.5


def test_nothing_bars_readers_of_a_scenario(pushed_run: Path, browser: Any) -> None:
    """The plain pages are looked at in test_browser_reports."""
    context = browser.new_context(offline=True, bypass_csp=True)
    page = context.new_page()
    page.goto((pushed_run / "economy.html").as_uri())
    found = axe_faults(page)
    context.close()
    assert found == []


def test_letters_on_paper(printed: Callable[[str, str], Path]) -> None:
    text = poppler("pdftotext", printed("overview", "zh"), "-")
    assert "云浮市目标任务监测总览" in text and "图1" in text
    assert "\ufffd" not in text and "□□" not in text
    fonts = poppler("pdffonts", printed("overview", "zh"))
    assert {row.split()[-5] for row in fonts.splitlines()[2:]} == {"yes"}, "every font is embedded"


@pytest.mark.parametrize("lang", LANGS)
def test_the_overview_leaves_half_a_sheet(printed: Callable[[str, str], Path], lang: str) -> None:
    """A sheet is 842 points high; the number at its foot, below 800, does not count."""
    pdf = printed("overview", lang)
    if len(sheets_of(pdf)) < 10:
        return
    told = poppler("pdftotext", "-f", "10", "-l", "10", "-bbox", pdf, "-")
    bottoms = [float(y) for y in re.findall(r'yMax="([0-9.]+)"', told)]
    assert max(y for y in bottoms if y < 800) <= 842 / 2

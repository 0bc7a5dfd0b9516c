"""How long the reports of the plan are, on screens and on paper, and what their first screens hold."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_up import ROOT, run_report
from test_browser_reports import axe_faults

from xk.running.report.pdf import print_pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGS = ("zh", "en")
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
# Page: at most so many pixels high at 1280 and at 390.
HEIGHTS = {
    "overview": (8_000, 16_000), "circular": (12_000, 25_000), "livelihood": (10_000, 20_000),
    "environment": (10_000, 20_000), "economy": (10_000, 20_000),
}  # fmt: skip
FIRST = ("overview", "economy", "circular")
# what one must scroll sideways to see: the captions of tables that no fold hides
HIDDEN = """[...document.querySelectorAll('.xk-scroll:not(details *)')]
    .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.getAttribute('aria-label'))"""


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
    plan_run: Callable[[str], Path],
    browser_path: str,  # noqa: ARG001
) -> dict[str, Path]:
    """Make the reports of the plan in both languages, and those of a scenario."""
    folder = tmp_path_factory.mktemp("length")
    pace = ROOT / "data" / "raw" / "scenarios" / "faster_push.toml"
    pushed = run_report(ROOT, folder / "scenario", "--scenario", str(pace), "--domain", "economy")
    return {**{lang: plan_run(lang) for lang in LANGS}, "scenario": pushed}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", HEIGHTS)
def test_heights(made: dict[str, Path], page: Any, name: str, lang: str) -> None:
    page.goto((made[lang] / f"{name}.html").as_uri())
    for size, most in zip((WIDE, PHONE), HEIGHTS[name], strict=True):
        page.set_viewport_size(size)
        height = page.evaluate("document.documentElement.scrollHeight")
        assert 0 < height <= most, f"{name} in {lang} is {height} px high at {size['width']}"
        if size is WIDE:
            assert page.evaluate(HIDDEN) == [], "columns stand beyond the edge"
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", FIRST)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_first_screen(made: dict[str, Path], page: Any, size: dict[str, int], name: str, lang: str) -> None:
    """The statuses counted, then the count in words and the three worst, each with its link, above the fold."""
    page.set_viewport_size(size)
    page.goto((made[lang] / f"{name}.html").as_uri())
    bottom = "[...document.querySelectorAll('{}')].map(part => part.getBoundingClientRect().bottom)"
    tiles = page.evaluate(bottom.format("main .xk-tiles > li"))
    sentences = page.evaluate(bottom.format("main .xk-tiles + ul > li"))[:4]
    links = page.evaluate(bottom.format("main .xk-tiles + ul > li:nth-child(-n+4) > a.xk-lead"))
    assert len(tiles) >= 3 and len(sentences) == 4 and len(links) >= 3
    assert max(*tiles, *sentences, *links) <= size["height"]


def paper(page: Path, folder: Path) -> list[str]:
    """Print a page and return the text of each sheet."""
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext on this machine (Debian: poppler-utils)")
    pdf = folder / "page.pdf"
    print_pdf(page, pdf)
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\f").split("\f")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("name", "most"), [("overview", 10), ("circular", 13)])
def test_paper(made: dict[str, Path], page: Any, tmp_path: Path, *, name: str, most: int, lang: str) -> None:
    """So many sheets of A4; none ends in a heading or caption, of which the last lines above the number are read."""
    file = made[lang] / f"{name}.html"
    sheets = paper(file, tmp_path)
    assert len(sheets) <= most
    page.goto(file.as_uri())
    heads = page.evaluate("[...document.querySelectorAll('main h2, main h3, main h4')].map(part => part.textContent)")
    heads = {squeezed(head) for head in heads}
    lone = []
    for sheet in sheets:
        lines = [line for line in map(squeezed, sheet.splitlines()) if line and not re.fullmatch(r"\d+/\d+", line)]
        lone += [lines[-1]] if lines and lines[-1] in heads else []
    assert len(heads) >= 5 and lone == []


@pytest.mark.parametrize("lang", LANGS)
def test_folded_parts_print_once(made: dict[str, Path], page: Any, lang: str) -> None:
    page.goto((made[lang] / "overview.html").as_uri())
    page.emulate_media(media="print")
    shown = "[...document.querySelectorAll('figure details')].filter(part => part.checkVisibility()).length"
    assert page.locator("figure details").count() > 0 and page.evaluate(shown) == 0


# Width of A4 within the margins, in pixels of 1/96 inch: (210 - 28) / 25.4 * 96.
PAPER = 688
LETTERS = """[...document.querySelectorAll('svg.xk-chart text')].filter(text => text.checkVisibility()).map(text => {
  const chart = text.ownerSVGElement
  const scale = chart.getBoundingClientRect().width / chart.viewBox.baseVal.width
  return parseFloat(getComputedStyle(text).fontSize) * scale * 72 / 96 })"""


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["overview", "economy", "livelihood"])
def test_letters_of_charts_on_paper(made: dict[str, Path], page: Any, name: str, lang: str) -> None:
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    page.goto((made[lang] / f"{name}.html").as_uri())
    letters = page.evaluate(LETTERS)
    assert letters and min(letters) >= 7.5


@pytest.mark.parametrize("lang", [*LANGS, "scenario"])
def test_nothing_bars_readers_of_long_pages(made: dict[str, Path], browser: Any, lang: str) -> None:
    found = {}
    context = browser.new_context(offline=True, bypass_csp=True)
    for name in ("economy",) if lang == "scenario" else FIRST:
        page = context.new_page()
        page.goto((made[lang] / f"{name}.html").as_uri())
        found[name] = axe_faults(page)
        page.close()
    context.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("lang", LANGS)
def test_the_overview_leaves_half_a_sheet(made: dict[str, Path], tmp_path: Path, lang: str) -> None:
    """A sheet is 842 points high; the number at its foot, below 800, does not count."""
    if len(paper(made[lang] / "overview.html", tmp_path)) < 10:
        return
    command = ["pdftotext", "-f", "10", "-l", "10", "-bbox", str(tmp_path / "page.pdf"), "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    bottoms = [float(y) for y in re.findall(r'yMax="([0-9.]+)"', told)]
    assert max(y for y in bottoms if y < 800) <= 842 / 2

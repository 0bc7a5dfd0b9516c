"""The real reports as Chromium shows them, from disk and offline: both languages, narrow and wide, hostile names."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from made_up import ROOT, run_report
from python_calamine import CalamineWorkbook

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGS = ("zh", "en")
# The last one is 1280 px at a zoom of 200 %.
WIDTHS = (360, 768, 1280, 640)
OVERVIEW = ("overview", "circular")
RULEBOOKS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TEXTS = "h1,h2,h3,figcaption,summary,thead th,.xk-label,.xk-status,.xk-line dt,nav a,svg text,footer"
HELD = """texts => { const all = (of, what) => [...document.querySelectorAll(of)].map(what); return {
  lang: document.documentElement.lang, texts: all(texts, part => part.textContent),
  links: all('[href]', link => link.getAttribute('href')), anchors: all('[id]', part => part.id)} }"""
EVIL = {
    "name": "<script>window.broken=1</script>",
    "note": "\"><img src=x onerror=window.broken=1>'",
    "task": "</td></table><svg onload=window.broken=1>",
    "unit": "<b onmouseover=window.broken=1>&lt;",
    "source": "</style></title><script>window.broken=1</script> javascript:window.broken=1 {{ 7*7 }}",
}


def hostile_project(folder: Path) -> Path:
    """Return a copy of the project whose names, notes, tasks, units and sources are meant to break out."""
    raw, scheme = folder / "data" / "raw", folder / "data" / "raw" / "schemes" / "yunfu-2020"
    shutil.copytree(ROOT / "data" / "raw", raw)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    put(scheme / "indicators.csv", name_zh=EVIL["name"], name_en=EVIL["name"], note_zh=EVIL["note"])
    put(scheme / "milestones.csv", title_zh=EVIL["task"])
    put(scheme / "offices.csv", name_zh=EVIL["unit"])
    put(raw / "sources.csv", publisher=EVIL["source"], title=EVIL["source"])
    register(raw)
    return folder


def put(path: Path, **cells: str) -> None:
    """Append texts to columns of a table, with the row's number, so that all stay different."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows and set(cells) <= set(rows[0]), f"{path.name}: {list(rows[0])}"
    for number, row in enumerate(rows):
        row.update({column: f"{row[column]}{text}{number}" for column, text in cells.items() if row[column]})
    write(path, rows)


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def register(raw: Path) -> None:
    """Write the checksums of the files as they are now into the register of sources."""
    with (raw / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["file"]:
            row["sha256"] = hashlib.sha256((raw / row["file"]).read_bytes()).hexdigest()
    write(raw / "sources.csv", rows)


@pytest.fixture(scope="module")
def runs(
    tmp_path_factory: pytest.TempPathFactory,
    plan_run: Callable[[str], Path],
    browser_path: str,  # noqa: ARG001
) -> dict[str, Path]:
    """Make the reports once: all in both languages, one domain with hostile names."""
    folder = tmp_path_factory.mktemp("reports")
    hostile = hostile_project(folder / "hostile")
    with ThreadPoolExecutor(2) as pool:
        made = {
            **{lang: pool.submit(plan_run, lang) for lang in LANGS},
            "hostile": pool.submit(run_report, hostile, folder / "evil", "--domain", "culture"),
        }
        return {name: future.result() for name, future in made.items()}


def pages_of(run: Path) -> list[Path]:
    """Return the pages of a run and the index of all runs."""
    found = sorted(run.glob("*.html"))
    assert len(found) >= 8, found
    return [*found, run.parent / "index.html"]


@contextmanager
def opening(browser: Any) -> Iterator[Any]:
    """Give a function that opens a file: offline, silence on the console demanded, only its own file read."""
    contexts: dict[Any, Any] = {}
    said: list[str] = []

    def opened(path: Path, width: int = 1280, **options: Any) -> Any:
        key = tuple(sorted(options.items()))
        if key not in contexts:
            contexts[key] = browser.new_context(offline=True, **options)
        page = contexts[key].new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.on("console", lambda message: said.append(f"{path.name}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"{path.name}: {error}"))
        page.on("request", lambda request: said.append(request.url) if asks_outside(request.url, path) else None)
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts.values():
        context.close()
    assert said == []


@pytest.fixture
def open_page(browser: Any) -> Iterator[Any]:
    with opening(browser) as opened:
        yield opened


def look_at(page: Any) -> dict[str, Any]:
    """Return what a page holds, and how wide it is on each screen with all its parts unfolded."""
    found = page.evaluate(HELD, TEXTS)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    found["widths"] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found["widths"][width] = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    return dict(found)


@pytest.fixture(scope="module")
def looks(runs: dict[str, Path], browser: Any) -> dict[str, dict[Path, dict[str, Any]]]:
    """Look once at every page in every language."""
    with opening(browser) as opened:
        return {lang: {path: look_at(opened(path)) for path in pages_of(runs[lang])} for lang in LANGS}


def asks_outside(url: str, path: Path) -> bool:
    return not url.startswith("data:") and url.partition("#")[0] != path.as_uri()


@pytest.mark.parametrize("lang", LANGS)
def test_pages_fit_the_screen_in_silence(looks: dict[str, dict[Path, dict[str, Any]]], lang: str) -> None:
    widths = [(path.name, *pair) for path, look in looks[lang].items() for pair in look["widths"].items()]
    assert len(widths) >= 8 * len(WIDTHS)
    assert [one for one in widths if one[1] != one[2]] == []


@pytest.mark.parametrize("lang", LANGS)
def test_every_link_resolves(looks: dict[str, dict[Path, dict[str, Any]]], lang: str) -> None:
    dead = []
    for path, look in looks[lang].items():
        assert look["links"]
        for link in look["links"]:
            file, _, anchor = link.partition("#")
            there = (path.parent / file).exists() if file else anchor in look["anchors"]
            if not link.startswith("data:,") and not there:
                dead.append(f"{path.name}: {link}")
    assert dead == []


@pytest.mark.parametrize("lang", LANGS)
def test_contents_lead_to_what_they_say(runs: dict[str, Path], open_page: Any, lang: str) -> None:
    page = open_page(runs[lang] / "overview.html")
    links = page.locator(".xk-contents ol a")
    assert links.count() > 5
    for number in range(links.count()):
        links.nth(number).click()
        assert page.evaluate("document.querySelector(':target').textContent") == links.nth(number).text_content()
        assert 0 <= page.evaluate("document.querySelector(':target').getBoundingClientRect().top") < 900
    page.locator(".xk-contents details details summary").click()
    last = page.locator(".xk-contents ul a").last
    last.click()
    caption = page.evaluate("document.querySelector(':target figcaption').textContent")
    assert caption.split() == last.text_content().split()


def axe_faults(page: Any) -> list[str]:
    """Return what axe-core finds: WCAG 2.2 up to AA and its own good practice, folded parts included."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    options = {
        "runOnly": {"type": "tag", "values": RULEBOOKS},
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
    }
    found = Axe().run(page, options=options).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found]


def test_nothing_bars_readers(runs: dict[str, Path], open_page: Any) -> None:
    found = {}
    for path in pages_of(runs["zh"]):
        page = open_page(path, bypass_csp=True)
        found[path.name] = axe_faults(page)
        page.close()
    assert not any(found.values()), found


def test_nothing_bars_readers_of_a_phone_at_night(runs: dict[str, Path], open_page: Any) -> None:
    found = {}
    for name in ("overview.html", "circular.html", "index.html"):
        page = open_page(runs["en"] / name, 360, color_scheme="dark", bypass_csp=True)
        found[name] = axe_faults(page)
        page.close()
    assert not any(found.values()), found


def test_bars_would_be_found(runs: dict[str, Path], open_page: Any) -> None:
    page = open_page(runs["zh"] / "index.html", bypass_csp=True)
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"data:,\"><p style=\"color:#eee\">faint</p>'")
    assert {fault.partition(":")[0] for fault in axe_faults(page)} >= {"image-alt", "color-contrast"}


def test_sizes(runs: dict[str, Path]) -> None:
    sizes = {path.stem: path.stat().st_size for lang in LANGS for path in pages_of(runs[lang])}
    heavy = {name: size for name, size in sizes.items() if size > (1_500_000 if name in OVERVIEW else 1_000_000)}
    assert heavy == {}


@pytest.mark.parametrize("lang", LANGS)
def test_no_address_and_no_script_in_any_page(runs: dict[str, Path], lang: str) -> None:
    for path in pages_of(runs[lang]):
        html = path.read_text(encoding="utf-8")
        assert not re.search(r"<script|\son\w+=|(href|src)=\"?(https?:|//)|@import", html), path.name
        assert "default-src 'none'" in html


def test_english_pages_are_english(looks: dict[str, dict[Path, dict[str, Any]]]) -> None:
    """Headings, captions, heads of columns, statuses and the text in charts; publications keep their titles."""
    for path, look in looks["en"].items():
        texts = look["texts"]
        assert look["lang"] == "en"
        assert texts and not [text for text in texts if re.search("[\u3400-\u9fff]", text)], path.name


def test_statuses_do_not_rest_on_colour(runs: dict[str, Path], open_page: Any) -> None:
    page = open_page(runs["zh"] / "economy.html")
    told = page.evaluate("[...document.querySelectorAll('.xk-status')].map(part => part.textContent.trim())")
    assert told and all(re.fullmatch("[■●▲◆▼○□◇▽] [\u4e00-\u9fff，、]+", text) for text in told)


def test_hostile_names_stay_text(runs: dict[str, Path], open_page: Any) -> None:
    """With the policy in the page switched off, so that escaping alone has to hold."""
    page = open_page(runs["hostile"] / "culture.html", bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.mouse.move(300, 600)
    text = page.evaluate("document.body.textContent")
    for kind, evil in EVIL.items():
        assert evil in text, f"the hostile {kind} is not shown"
    assert page.evaluate("window.broken") is None
    elements = "script,iframe,object,img[src=x],b[onmouseover],svg[onload],a[href^=javascript]"
    assert page.locator(elements).count() == 0
    assert page.evaluate("document.title").startswith("云浮市"), "the page's own title"


def test_hostile_names_in_the_workbook(runs: dict[str, Path]) -> None:
    book = CalamineWorkbook.from_path(str(runs["hostile"] / "tables.xlsx"))
    cells = [cell for row in book.get_sheet_by_name("指标汇总").to_python() for cell in row]
    assert any(EVIL["name"] in str(cell) for cell in cells)

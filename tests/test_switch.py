"""What a reader of a report switches without a script: scenarios and methods; keyboard, paper, equality of numbers."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_up import ROOT

from xk.bench import Question, methods_of, results_of, scenarios_of, words_of
from xk.charts import show_alternatives, show_small_multiples
from xk.contracts.scheme import Scheme
from xk.exhibits import Exhibit, heading, paragraph, switch
from xk.readers import Store, read_scenario, read_shipped, read_store
from xk.running.report.pdf import print_pdf

DOMAIN = "economy"
CHART = re.compile(r"<svg class=\"xk-chart\".*?</svg>")
SAID = re.compile(r">([^<>]+)</text>")


def ids_in(content: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', content)


# --- the piece


def test_one_choice_is_itself() -> None:
    alone = paragraph("a")
    assert switch("x", "Which", [("A", alone)]) is alone


def test_a_switch_has_a_group_of_buttons_and_the_first_part_alone() -> None:
    shown = switch("x", "Which <one>", [("A", heading("a", "First")), ("B & C", heading("a", "Second"))], printed="p")
    assert shown.html.count('type="radio"') == 2 and shown.html.count(" checked>") == 1
    assert "<fieldset><legend>Which &lt;one&gt;</legend>" in shown.html and ">B &amp; C</label>" in shown.html
    assert [part.anchor for part in shown.parts] == ["a"] and "Second" in shown.html and "<script" not in shown.html
    assert '<p class="xk-note xk-printed">p</p>' in shown.html
    assert shown.plain == "Which <one>:\nA: First\nB & C: Second"


def test_ids_are_told_apart_where_a_piece_comes_again() -> None:
    drawn = Exhibit('<svg id="c"><path id="c-1" clip-path="url(#c-2)"/><a href="#c-1">#4</a><g id="c-2"/></svg>')
    inner = switch("in", "m", [("1", drawn), ("2", drawn)])
    shown = switch("out", "s", [("1", inner), ("2", drawn), ("3", inner)])
    ids = ids_in(shown.html)
    assert len(ids) == len(set(ids)) == 3 * 5 + 2 * 4 + 6
    assert set(re.findall(r'(?:href="#|url\(#|for=")([^")]+)', shown.html)) <= set(ids)
    assert ">#4<" in shown.html  # text is left alone
    # the buttons of a copy are a group of their own
    assert {"switch-out", "switch-in", "switch-in-switch-out-3"} == set(re.findall(r' name="([^"]+)"', shown.html))


# --- what is offered


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


def test_scenarios_of_other_programmes_are_not_offered(store: Store) -> None:
    regions = list(store.regions["region"])
    named = [one["name"] for one in read_shipped(store.root, store.scheme("yunfu-2020"), regions=regions)]
    assert named == sorted(path.stem for path in (ROOT / "data" / "raw" / "scenarios").glob("*.toml")) and named
    part: Scheme = store.scheme("yunfu-2020").only(["services_share_of_gdp"])
    assert read_shipped(store.root, part, regions=regions) == []


def test_nothing_is_offered_beside_a_scenario_or_after_the_target_year(store: Store) -> None:
    scenario = {"name": "own", "indicators": {"services_share_of_gdp": {"halt": True}}}
    for question in (Question(scenario=scenario), Question(as_of=2020, to=2021)):
        assert scenarios_of(question, store, DOMAIN) == [] and methods_of(question, store, DOMAIN) == []


def test_a_domain_that_no_scenario_moves_has_no_switch(store: Store, style: None) -> None:  # noqa: ARG001
    question = Question()
    words = words_of(question, store, results_of(question, store))
    scenarios, methods = scenarios_of(question, store, DOMAIN), methods_of(question, store, "culture")
    assert methods == [] and len(scenarios) == 2 and scenarios_of(question, store, "culture") == []
    shown = show_alternatives(words, "culture", scenarios=scenarios, methods=methods)
    assert shown.html == show_small_multiples(words, "culture").html


@pytest.mark.parametrize("domain", [DOMAIN, "environment"])
def test_lines_by_a_method_are_what_they_are_among_all(store: Store, domain: str) -> None:
    """A method projects the lines of a domain alone; asked for with --method it projects them among all others."""
    question = Question()
    found = methods_of(question, store, domain)
    assert [words.results.settings.method for words in found] == ["constant", "drift", "linear", "growth", "theil_sen"]
    for words in found[2:4]:
        whole = results_of(replace(question, method=words.results.settings.method), store)
        ends = whole.settings.ends()
        assert words.results.lines
        for name, result in words.results.lines.items():
            assert repr(result.record(ends)) == repr(whole.lines[name].record(ends))
            assert repr(words.results.path(name).to_dict("records")) == repr(whole.path(name).to_dict("records"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_choice_says_what_the_scenarios_own_report_says(store: Store, lang: str, style: None) -> None:  # noqa: ARG001
    """Charts to the letter and to the point; figures as they stand in the results under the scenario."""
    question = Question(lang=lang)
    words = words_of(question, store, results_of(question, store))
    path = ROOT / "data" / "raw" / "scenarios" / "faster_push.toml"
    asked = replace(question, scenario=read_scenario(path))
    own = words_of(asked, store, results_of(asked, store))
    drawn = CHART.findall(show_small_multiples(own, DOMAIN).html)
    shown = show_alternatives(words, DOMAIN, scenarios=scenarios_of(question, store, DOMAIN))
    choice = shown.html.partition('id="switch-scenario-2-shown"')[2].partition('id="switch-scenario-3-shown"')[0]
    charts = CHART.findall(choice)
    assert len(charts) == 5

    def bare(chart: str) -> str:
        return re.sub(r'( id=")[^"]+|(#)multiples[\w-]+', r"\1\2", chart)

    assert {bare(chart) for chart in charts} <= {bare(chart) for chart in drawn}
    cells = html.unescape(re.sub(r"<[^>]+>", "|", choice.partition("<table")[2]))
    for name in ("gdp_per_capita", "services_share_of_gdp", "urban_population_share"):
        assert f"|{own.projected(own.results.line(name))}|" in cells
        assert words.projected(words.results.line(name)) in cells


# --- in the page


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_keys_turn_it_and_paper_has_the_first(
    plan_run: Callable[[str], Path], page: Any, tmp_path: Path, lang: str
) -> None:
    file = plan_run(lang) / f"{DOMAIN}.html"
    page.goto(file.as_uri())
    seen = "[...document.querySelectorAll('.xk-choice')].filter(one => one.checkVisibility()).map(one => one.id)"
    assert page.evaluate(seen) == ["switch-scenario-1-shown", "switch-method-1-shown"]
    page.locator("#switch-scenario-1").focus()
    heights = [page.evaluate("document.documentElement.scrollHeight")]
    page.keyboard.press("ArrowRight")
    assert page.evaluate(seen) == ["switch-scenario-2-shown"]
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate("document.activeElement.id") == "switch-scenario-2" and page.evaluate(outline) == "solid"
    assert page.get_by_role("radio", checked=True).count() == 1
    heights.append(page.evaluate("document.documentElement.scrollHeight"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(seen) == ["switch-scenario-1-shown", "switch-method-2-shown"]
    heights.append(page.evaluate("document.documentElement.scrollHeight"))
    assert max(heights) == heights[0]  # a choice takes no more room than what it replaces
    page.emulate_media(media="print")  # whatever is chosen, paper has the first
    assert page.evaluate(seen) == ["switch-scenario-1-shown", "switch-method-1-shown"]
    text = re.sub(r"\s", "", printed(file, tmp_path))
    others = page.locator("#switch-scenario-1 ~ *, fieldset label").all_text_contents()
    assert len(others) == 3 + 6
    for name in others:
        assert re.sub(r"\s", "", name) in text
    # a break after a hyphen takes it away
    assert re.search("xkreport-+scenario", text) and re.search("xkreport-+method", text)


def printed(file: Path, folder: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext on this machine (Debian: poppler-utils)")
    print_pdf(file, folder / "page.pdf")
    command = ["pdftotext", "-l", "2", str(folder / "page.pdf"), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_the_page_numbers_what_is_seen_at_first(plan_run: Callable[[str], Path]) -> None:
    run = plan_run("en")
    content = (run / f"{DOMAIN}.html").read_text(encoding="utf-8")
    ids = ids_in(content)
    assert len(ids) == len(set(ids)) and len(content.encode()) < 1_000_000
    numbers = [int(n) for n in re.findall(r'class="xk-number" href="[^"]+">Figure (\d+)<', content)]
    assert numbers == list(range(1, len(numbers) + 1))
    listed = set(re.findall(r'<li><a href="#(fig-[^"]+)">', content))
    assert "fig-multiples" in listed and not any(name.startswith("fig-multiples-") for name in listed)
    cells = json.loads((run / "notebooks" / f"{DOMAIN}.ipynb").read_text(encoding="utf-8"))["cells"]
    (glance,) = [cell for cell in cells if cell["id"] == "glance"]
    parts = glance["outputs"][0]["metadata"]["xk"]["parts"]
    assert [part["anchor"] for part in parts] == ["glance", "fig-multiples"]
    # without the style sheet of reports a notebook hides the others too: what does that rides along
    assert "@media print{.xk-switch>fieldset" in "".join(glance["outputs"][0]["data"]["text/html"])

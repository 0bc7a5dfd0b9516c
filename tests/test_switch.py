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
from matplotlib.figure import Figure

from xk.bench import Question, methods_of, results_of, scenarios_of, words_of
from xk.charts import show_alternatives, show_small_multiples
from xk.charts.marks import Margins, draw_line, figure_of, lay, new_axes, seen_in
from xk.charts.multiples import View, plot_small_multiples
from xk.contracts.scheme import Scheme
from xk.exhibits import Switch, heading, panels, paragraph, switched
from xk.readers import Store, read_scenario, read_shipped, read_store
from xk.running.report.pdf import print_pdf
from xk.theme import LAYER

DOMAIN = "economy"
CHART = re.compile(r"<svg class=\"xk-chart.*?</svg>")
SAID = re.compile(r">([^<>]+)</text>")


def ids_in(content: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', content)


# --- the piece


def drawn() -> list[tuple[Figure, str, list[int]]]:
    """Two charts; the second is not in the third view."""
    found = []
    for name, views in (("A", [1, 2, 3]), ("B", [1, 2])):
        axes = new_axes(2, 1, Margins(0, 0, 0, 0))
        draw_line(axes, [0, 1], [0, 1], gid="kept")
        draw_line(axes, [0, 1], [0.5, 0.5], gid="own")
        lay([mark for mark in axes.get_children() if mark.get_gid() == "own"], 1, f"{name} as it is")
        for number in views[1:]:
            with seen_in(axes, number, f"{name} by {number}"):
                draw_line(axes, [0, 1], [1, 1 / number])
        found.append((figure_of(axes), name, views))
    return found


def test_a_figure_without_views_is_as_panels_are() -> None:
    switch = Switch("x", "Which", "First", [], "p")
    plain = panels([(fig, alt) for fig, alt, _ in drawn()], "c", caption="C", note="n")
    assert switched(drawn(), "c", caption="C", note="n", switches=[switch]).html == plain.html


def test_a_switch_has_a_group_of_buttons_and_the_first_view_alone() -> None:
    two = Switch("x", "Which <one>", "A", [(2, "B & C", heading("b", "Second"))], "p")
    three = Switch("y", "How", "D", [(3, "E", paragraph("Third"))], "q")
    shown = switched(drawn(), "c", caption="C", note="n", switches=[two, three])
    assert shown.html.count('type="radio"') == 4 and shown.html.count(" checked>") == 2
    assert "<legend>Which &lt;one&gt;</legend>" in shown.html and ">B &amp; C</label>" in shown.html
    assert [part.anchor for part in shown.parts] == ["fig-c"] and "Second" in shown.html and "<script" not in shown.html
    assert all(f'<p class="xk-note xk-printed">{said}</p>' in shown.html for said in "pq")
    assert shown.plain.splitlines() == ["C:", "A", "B", "Which <one>: B & C: Second", "How: E: Third"]
    ids = ids_in(shown.html)
    assert len(ids) == len(set(ids)) and set(re.findall(r'(?:href="#|url\(#|for=")([^")]+)', shown.html)) <= set(ids)


def test_what_differs_is_told_apart_in_one_chart() -> None:
    """Where styles are dropped the first view stands; who hears the chart hears the view that is seen."""
    one = Switch("x", "Which", "A", [(2, "B", paragraph("b")), (3, "C", paragraph("c"))], "p")
    first, second = CHART.findall(switched(drawn(), "c", caption="C", switches=[one]).html)
    assert 'class="xk-chart xk-only xk-only-1 xk-only-2 xk-only-3"' in first
    assert 'class="xk-chart xk-only xk-only-1 xk-only-2"' in second and ' role="group" aria-label="B"' in second
    layers = re.findall(r'<g class="xk-only xk-only-(\d)"( display="none")? role="img" aria-label="([^"]+)"', first)
    assert layers == [("2", ' display="none"', "A by 2"), ("3", ' display="none"', "A by 3"), ("1", "", "A as it is")]
    assert first.count("M 0 72 L 144 0") == 1  # what all views have is there once


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
    """Figures as they stand in the results under the scenario, paths to the point."""
    question = Question(lang=lang)
    words = words_of(question, store, results_of(question, store))
    path = ROOT / "data" / "raw" / "scenarios" / "faster_push.toml"
    asked = replace(question, scenario=read_scenario(path))
    own = words_of(asked, store, results_of(asked, store))
    names = ["gdp_per_capita", "services_share_of_gdp", "urban_population_share"]
    for axes in plot_small_multiples(words, DOMAIN, views=[View(own, "", names, paragraph(""))]):
        title = next(text for text in axes.texts if text.get_gid() == "title").get_text().replace("\n", " ")
        (line,) = [own.results.lines[name] for name in own.results.lines if own.line(name)[:9] == title[:9]]
        paths = [mark for mark in axes.lines if f'{LAYER}[2, ""]' == mark.get_gid()]
        known = own.results.path(line.indicator).set_index("year")["value"]
        assert len(paths) == 2 * (line.indicator in names)  # the reference, and what the scenario makes of it
        for mark in paths[1:]:
            years, values = mark.get_data()
            assert values.tolist() == known.loc[years].tolist() and values[-1] == line.outlook.value
    shown = show_alternatives(words, DOMAIN, scenarios=scenarios_of(question, store, DOMAIN)).html
    choice = shown.partition('<div class="xk-only xk-only-2"')[2].partition('<div class="xk-only xk-only-3"')[0]
    cells = html.unescape(re.sub(r"<[^>]+>", "|", choice.partition("<table")[2]))
    for name in names:
        assert f"|{own.projected(own.results.line(name))}|" in cells
        assert words.projected(words.results.line(name)) in cells
    assert len(re.findall(r'class="xk-chart [^"]*xk-only-2\b', shown)) == 5


def test_views_share_their_axis_of_values_within_reason(store: Store, style: None) -> None:  # noqa: ARG001
    """A view that fits changes nothing; one that does not widens the axis, at most by what it was on that side."""
    words = words_of(Question(), store, results_of(Question(), store))
    name = "gdp_per_capita"  # 30,679 in 2016, 58,000 to be reached
    (before,) = [axes.get_ylim() for axes in plot_small_multiples(words, DOMAIN)[:1]]
    for change, high in ((100.0, before[1]), (20000.0, None), (1e6, 2 * before[1] - before[0])):
        scenario = {"name": "own", "indicators": {name: {"change": change}}}
        asked = Question(scenario=scenario)
        other = words_of(asked, store, results_of(asked, store))
        axes = plot_small_multiples(words, DOMAIN, views=[View(other, "", [name], paragraph(""))])[0]
        assert axes.get_ylim()[0] == before[0]
        assert axes.get_ylim()[1] == pytest.approx(other.results.lines[name].outlook.value if high is None else high)


# --- in the page


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_keys_turn_it_and_paper_has_the_first(
    plan_run: Callable[[str], Path], page: Any, tmp_path: Path, lang: str
) -> None:
    file = plan_run(lang) / f"{DOMAIN}.html"
    page.goto(file.as_uri())
    shown = "[...document.querySelectorAll('.xk-only:not(svg)')].filter(one => one.getClientRects().length)"
    seen = f"[...new Set({shown}.map(one => [...one.classList].at(-1)))]"
    assert page.evaluate(seen) == ["xk-only-1"]
    page.locator("#switch-scenario-1").focus()
    heights = [page.evaluate("document.documentElement.scrollHeight")]
    page.keyboard.press("ArrowRight")
    assert page.evaluate(seen) == ["xk-only-7"]  # behind five other methods
    assert page.locator("svg.xk-only").filter(visible=True).count() == 5
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate("document.activeElement.id") == "switch-scenario-2" and page.evaluate(outline) == "solid"
    assert page.get_by_role("radio", checked=True).count() == 1
    heights.append(page.evaluate("document.documentElement.scrollHeight"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(seen) == ["xk-only-2"]
    heights.append(page.evaluate("document.documentElement.scrollHeight"))
    assert max(heights) == heights[0]  # a choice takes no more room than what it replaces
    page.emulate_media(media="print")  # whatever is chosen, paper has the first
    assert page.evaluate(seen) == ["xk-only-1"]
    text = re.sub(r"\s", "", printed(file, tmp_path))
    others = page.locator("#switch-scenario-1 ~ *, fieldset label").all_text_contents()
    assert len(others) == 3 + 6
    for name in others:
        assert re.sub(r"\s", "", name) in text
    assert "xkreport" not in text  # whose readers type no commands


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
    assert "@media print{.xk-switch .xk-only:not(.xk-only-1)" in "".join(glance["outputs"][0]["data"]["text/html"])

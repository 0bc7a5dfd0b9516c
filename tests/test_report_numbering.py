"""Numbers of sections, figures and tables: in the text, in order, in the language of the page."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html import escape
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from xk.errors import UsageError
from xk.exhibits import Exhibit, Part, heading, join, lead, paragraph, subheading
from xk.running.report import check_report
from xk.running.report.export import Page, export_html
from xk.running.report.numbering import Numbered, number_parts, put_numbers
from xk.running.report.refusals import count_exhibits
from xk.tables.notes import show_formulas
from xk.theme.formulas import FORMULAS, formula
from xk.vocab import text

INSIDE = {"figure": "<svg></svg>", "table": "<table><tr><td>1</td></tr></table>"}


def showing(*shown: Exhibit | str) -> NotebookNode:
    bundles = [({"text/html": one}, {}) if isinstance(one, str) else one._repr_mimebundle_() for one in shown]
    outputs = [new_output("display_data", data, metadata=metadata) for data, metadata in bundles]
    return new_notebook(cells=[new_code_cell("show()", execution_count=1, outputs=outputs)])


def exhibit(kind: Any, anchor: str, caption: str = "人均收入") -> Exhibit:
    part = Part(kind, anchor, caption)
    return Exhibit(
        f"{part.opening}{INSIDE[kind]}<figcaption>{escape(caption)}</figcaption></figure>", caption, parts=(part,)
    )


def titles(shown: Exhibit, lang: str) -> list[str]:
    return [one.title for one in number_parts(shown.parts, lang)]


def main_of(*shown: Exhibit | str, lang: str = "zh") -> str:
    return export_html(showing(*shown), Page("x", lang)).partition("<main")[2].partition("</main>")[0]


def test_sections_in_both_languages() -> None:
    shown = join(
        [*map(heading, "ad", "甲丁"), *map(subheading, "bc", "乙丙"), heading("e", "戊"), subheading("f", "己")]
    )
    assert titles(shown, "zh") == ["一、甲", "二、丁", "（一）乙", "（二）丙", "三、戊", "（一）己"]
    assert titles(shown, "en") == ["1. 甲", "2. 丁", "2.1 乙", "2.2 丙", "3. 戊", "3.1 己"]


def test_figures_and_tables_each_by_themselves_and_through_the_page() -> None:
    shown = join(exhibit(kind, f"{kind}-{n}") for n in (1, 2) for kind in INSIDE)
    assert titles(shown, "zh") == ["图1 人均收入", "表1 人均收入", "图2 人均收入", "表2 人均收入"]
    assert titles(shown, "en")[2] == "Figure 2. 人均收入"


def test_the_number_is_a_link_to_its_own_place() -> None:
    linked = '<figcaption><a class="xk-number" href="#fig-a">图1</a>\u3000人均收入</figcaption>'
    assert linked in main_of(exhibit("figure", "fig-a"))


def test_a_link_to_a_place_names_it_by_its_number() -> None:
    """Paper has no links; one to what the page lacks says what it said."""
    leads = lead("tab-b", "见表") + lead("fig-a", "见图") + lead("x", "见图") + lead("each", "见表")
    page = main_of(Exhibit(f"<p>甲{leads}</p>"), exhibit("figure", "fig-a"), exhibit("table", "tab-a"),
                   exhibit("table", "tab-b"), heading("each", "各单位"))  # fmt: skip
    assert '<a class="xk-lead" href="#each">见一、各单位</a>' in page
    assert '<a class="xk-lead" href="#tab-b">见表2</a>' in page and '<a class="xk-lead" href="#fig-a">见图1</a>' in page
    assert '<a class="xk-lead" href="#x">见图</a>' in page
    english = main_of(Exhibit(lead("fig-a", "See figure")), exhibit("figure", "fig-a"), lang="en")
    assert '<a class="xk-lead" href="#fig-a">See Figure 1</a>' in english


def test_numbers_go_on_from_one_output_to_the_next_and_the_notebook_stays_as_it_was() -> None:
    notebook = showing(heading("a", "甲") + exhibit("figure", "f"), "<h2>x</h2>", heading("b", "乙"))
    page = export_html(notebook, Page("x"))
    assert '<h2 id="a">一、甲</h2>' in page and '<h2 id="b">二、乙</h2>' in page and "<h2>x</h2>" in page
    assert not re.search("xk-number|一、", str(notebook))


def test_what_says_nothing_of_its_parts_leaves_no_gap_in_the_count() -> None:
    plain = '<h2 id="p">x</h2><figure class="xk-figure" id="o"><svg></svg><figcaption>x</figcaption></figure>'
    main = main_of(plain, exhibit("figure", "f"))
    assert plain in main and ">图1</a>" in main
    assert count_exhibits(showing(plain, exhibit("figure", "f"), exhibit("table", "t"))) == {"figures": 1, "tables": 1}


def test_labels_from_data_stay_text() -> None:
    evil = '<script>x</script><h2 id="a">"<figcaption>'
    assert titles(exhibit("figure", "a", evil), "en") == [f"Figure 1. {evil}"]
    main = main_of(subheading("s", evil), exhibit("figure", evil, evil), lang="en")
    assert "<script" not in main and "<h2" not in main and main.count("<figcaption>") == 1


def test_nothing_is_put_where_data_only_reads_like_a_part() -> None:
    title = '<h2 id="b">'
    numbered = number_parts((heading("a", title) + heading("b", "乙")).parts, "zh")
    page = (heading("a", title) + heading("b", "乙")).html
    assert (
        put_numbers(page, numbered, "zh") == '<h2 id="a">一、&lt;h2 id=&quot;b&quot;&gt;</h2>\n<h2 id="b">二、乙</h2>'
    )
    assert put_numbers("<p>x</p>", [Numbered(Part("figure", "f", "x"), "x", "1")], "zh") == "<p>x</p>"


def test_the_page_lists_figures_and_tables() -> None:
    page = export_html(showing(exhibit("figure", "fig-a", "a & <b>")), Page("x"))
    assert re.search(r'<summary>图表目录</summary>\s*<ul>\s*<li><a href="#fig-a">图1 a &amp; &lt;b&gt;</a></li>', page)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (exhibit("figure", ""), "a figure needs an id and a title: '人均收入'"),
        (exhibit("table", "tab-a", " "), "a table needs an id and a title: 'tab-a'"),
        (heading("", ""), "a section needs an id and a title: '(neither)'"),
        (Exhibit("<h2>x</h2>", parts=(Part("section", "a", "x"),)), "the section 'x' is not there: <h2 id=\"a\">"),
        (
            Exhibit('<figure class="xk-figure" id="f"></figure><svg></svg>', parts=(Part("figure", "f", "x"),)),
            "an empty figure: 'x'",
        ),
        (
            Exhibit('<figure class="xk-table" id="t"><svg></svg></figure>', parts=(Part("table", "t", "x"),)),
            "an empty table: 'x'",
        ),
    ],
)
def test_parts_that_are_not_whole_are_refused(shown: Exhibit, said: str) -> None:
    assert check_report(showing("<p>x</p>", shown)) == [f"cell 1: {said}"]


# Sources


def test_figures_and_tables_lead_to_the_sources() -> None:
    sources = heading("sources", "来源 & 版本") + exhibit("table", "tab-s")
    later = heading("b", "乙") + exhibit("figure", "fig-b")
    shown = heading("a", "甲") + exhibit("figure", "fig-a"), sources, later
    main = main_of(*shown)
    line = '<p class="xk-note xk-source">资料来源：见“<a href="#sources">二、来源 &amp; 版本</a>”。</p></figure>'
    assert main.count(line) == 2
    assert main.index(line) < main.index('id="tab-s"') < main.index('id="fig-b"') < main.rindex(line)
    assert 'Source: see <a lang="zh-CN" href="#sources">2. 来源 &amp; 版本</a>.' in main_of(*shown, lang="en")


def test_without_a_section_of_sources_nothing_is_cited() -> None:
    assert "xk-source" not in main_of(paragraph("x"), exhibit("figure", "fig-a"))


# Formulas


@pytest.mark.parametrize("key", FORMULAS)
def test_formulas_are_sound_mathml(key: str) -> None:
    root = ET.fromstring(formula(key))
    known = {"div", "math", "mrow", "mi", "mn", "mo", "mfrac", "msub", "msup", "munder"}
    assert {element.tag for element in root.iter()} <= known
    pairs = [element for element in root.iter() if element.tag in ("mfrac", "msub", "msup", "munder")]
    assert all(len(element) == 2 for element in pairs)
    written = "".join(root.itertext())
    assert written.count("(") == written.count(")") and written.count("=") == 1


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("score_positive", "s=100×xy*"),
        ("score_inverse", "s=100×y*x"),
        ("attainment", "a=min(max(s,0),100)"),
        ("index", "I=∑iwiai∑iwi"),
        ("required_growth", "g=(y*xt)1/(T−t)−1"),
    ],
)
def test_formulas_say_what_the_method_note_says(key: str, written: str) -> None:
    assert re.sub("<[^>]+>", "", formula(key)) == written


def test_formulas_show_in_a_report() -> None:
    assert check_report(showing(*(formula(key) for key in FORMULAS))) == []
    assert "∑" in export_html(showing(formula("index")), Page("x"))


def test_no_such_formula() -> None:
    with pytest.raises(UsageError, match="unknown formula 'indx'; did you mean 'index'"):
        formula("indx")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_formula_is_named_and_its_letters_explained(lang: str) -> None:
    shown = show_formulas(lang).html
    assert check_report(showing(shown)) == []
    assert "</math>" in export_html(showing(shown), Page("x", lang)), "the font has every letter"
    assert shown.count("<math") == shown.count("<dt>") == len(FORMULAS)
    letters = {letter for key in FORMULAS for letter in re.findall("<mi>([A-Za-z])</mi>", formula(key))}
    explained = re.findall(r"(?<![A-Za-z])([A-Za-z])(?![A-Za-z])", text("formula_letters", lang))
    assert letters - {"i"} <= set(explained), "i only counts"

"""Numbers of sections, figures and tables: in the text, in order, in the language of the page."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from xk.errors import UsageError
from xk.running.report import Page, check_report, export_html, read_fragments
from xk.running.report.numbering import number_notebook
from xk.tables.formulas import show_formulas
from xk.theme.formulas import FORMULAS, formula
from xk.vocab import text


def showing(*fragments: str) -> NotebookNode:
    outputs = [new_output("display_data", {"text/html": text}) for text in fragments]
    return new_notebook(cells=[new_code_cell("show()", execution_count=1, outputs=outputs)])


def exhibit(kind: str, anchor: str, caption: str = "人均收入") -> str:
    inside = "<svg></svg>" if kind == "figure" else "<table><tr><td>1</td></tr></table>"
    return f'<figure class="xk-{kind}" id="{anchor}">{inside}<figcaption\n lang="zh">{caption}</figcaption></figure>'


def texts(notebook: NotebookNode) -> list[str]:
    return [output.data["text/html"] for cell in notebook.cells for output in cell.outputs]


def captions(notebook: NotebookNode, lang: str) -> list[tuple[str, str]]:
    numbered = number_notebook(notebook, lang)
    assert [found.text for found in read_fragments(numbered.notebook).captions] == [c.text for c in numbered.captions]
    return [(found.anchor, found.text) for found in numbered.captions]


def headings(notebook: NotebookNode, lang: str) -> list[str]:
    numbered = number_notebook(notebook, lang)
    found = read_fragments(numbered.notebook).headings
    assert [h.text for h in found if h.level < 4] == [h.text for h in numbered.contents]
    return [h.text for h in found]


def test_sections_in_both_languages() -> None:
    heads = '<h2 id="a">甲</h2><h3 id="b">乙</h3>\n<h3 id="c">丙</h3>'
    notebook = showing(heads, '<p>x</p>\n\n  <h2\nid="d">丁</h2><h3 id="e">戊</h3><h4>己</h4>')
    assert headings(notebook, "zh") == ["一、甲", "（一）乙", "（二）丙", "二、丁", "（一）戊", "己"]
    assert headings(notebook, "en") == ["1. 甲", "1.1 乙", "1.2 丙", "2. 丁", "2.1 戊", "己"]


def test_figures_and_tables_each_by_themselves_and_through_the_page() -> None:
    notebook = showing(
        exhibit("figure", "fig-a") + exhibit("table", "tab-a"), exhibit("figure", "fig-b"), exhibit("table", "tab-b")
    )
    assert captions(notebook, "zh") == [
        ("fig-a", "图1 人均收入"),
        ("tab-a", "表1 人均收入"),
        ("fig-b", "图2 人均收入"),
        ("tab-b", "表2 人均收入"),
    ]
    assert captions(notebook, "en")[2] == ("fig-b", "Figure 2. 人均收入")


def test_the_number_is_a_link_to_its_own_place() -> None:
    (html,) = texts(number_notebook(showing(exhibit("figure", "fig-a")), "zh").notebook)
    assert '<figcaption\n lang="zh"><a class="xk-number" href="#fig-a">图1</a>\u3000人均收入</figcaption>' in html


def test_nothing_else_is_touched() -> None:
    given = "<!-- <h2> --><p title='<h2>'>1 &lt;h2&gt;</p><figure><figcaption>x</figcaption></figure>"
    notebook = showing(given, exhibit("figure", "a"))
    assert texts(number_notebook(notebook, "zh").notebook)[0] == given
    assert "xk-number" not in "".join(texts(notebook)), "the notebook itself stays as it was"


def test_other_figures_leave_no_gap_in_the_count() -> None:
    other = '<figure class="other" id="o"><figcaption>x</figcaption></figure>'
    assert captions(showing(other, exhibit("figure", "f")), "zh") == [("f", "图1 人均收入")]


def test_labels_from_data_stay_text() -> None:
    evil = exhibit("figure", "a", "&lt;script&gt;x&lt;/script&gt;&lt;h2&gt;")
    assert captions(showing(evil), "en") == [("a", "Figure 1. <script>x</script><h2>")]


def test_the_page_lists_figures_and_tables() -> None:
    page = export_html(showing(exhibit("figure", "fig-a", "a &amp; &lt;b&gt;")), Page("x"))
    assert re.search(r'<summary>图表目录</summary>\s*<ul>\s*<li><a href="#fig-a">图1 a &amp; &lt;b&gt;</a></li>', page)


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (exhibit("figure", ""), "'人均收入'"),
        (exhibit("table", "tab-a", " "), "'tab-a'"),
        ("<figure class='xk-figure' id='f'><svg></svg></figure>", "'f'"),
    ],
)
def test_figures_without_id_or_caption_are_refused(html: str, said: str) -> None:
    assert check_report(showing("<p>x</p>" + html)) == [f"cell 1: a figure or table needs an id and a caption: {said}"]


# Sources


def test_figures_and_tables_lead_to_the_sources() -> None:
    sources = '<h2 id="sources">来源 &amp; 版本</h2>' + exhibit("table", "tab-s")
    later = '<h2 id="b">乙</h2>' + exhibit("figure", "fig-b")
    notebook = showing('<h2 id="a">甲</h2>' + exhibit("figure", "fig-a"), sources, later)
    page = export_html(notebook, Page("x"))
    line = '<p class="xk-note xk-source">资料来源：见“<a href="#sources">二、来源 &amp; 版本</a>”。</p></figure>'
    assert page.count(line) == 2
    assert page.index(line) < page.index('id="tab-s"') < page.index('id="fig-b"') < page.rindex(line)
    assert 'Source: see <a lang="zh-CN" href="#sources">2. 来源 &amp; 版本</a>.' in export_html(
        notebook, Page("x", "en")
    )


def test_without_a_section_of_sources_nothing_is_cited() -> None:
    assert "xk-source" not in export_html(showing(exhibit("figure", "fig-a")), Page("x")).partition("<body>")[2]


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

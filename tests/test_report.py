"""One report: parameters are refused, quiet failures become errors, the page is one file without script."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from xk.errors import ReportError, UsageError
from xk.running import kernels
from xk.running.kernels import FailedReport
from xk.running.kernels.parameters import Parameter, check_parameters, notebook_parameters, read_notebook
from xk.running.report import check_report, run_notebook, settled
from xk.running.report.export import Page, export_html, mark_chinese, render_page
from xk.running.report.refusals import count_exhibits

SAMPLE = Path(__file__).parent / "data" / "notebooks" / "sample.ipynb"
SHOW = "from IPython.display import HTML\nHTML('<p>云浮</p>')"

# What goes wrong -> the code cells that do it, and what the runner says.
BROKEN: dict[str, tuple[list[str], str]] = {
    "raises": (["1 / 0"], r"cell \[3\] raised ZeroDivisionError: division by zero"),
    "exits": (["import sys\nsys.exit(0)", "x = 1"], r"cell 3 stopped with SystemExit: 0\n.*cell 4 did not run"),
    "killed": (["import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"], "did not come to its end.*died"),
    "hangs": (["import time\nwhile True:\n    time.sleep(1)"], "did not come to its end.*timed out"),
    "stderr": (["import warnings\nwarnings.warn('old')"], "cell 3 wrote to stderr: .*UserWarning: old"),
    "glyph": (
        [
            "import matplotlib.pyplot as plt\nfrom xk import theme\ntheme.use()\nfigure = plt.figure()",
            "text = figure.suptitle('好 ✗')\nHTML(theme.figure_svg(figure, 'f', alt='x'))",
        ],
        r"cell 4 wrote to stderr: .*Glyph 10007 .* missing from font",
    ),
}
QUIET = {"exits", "stderr", "glyph"}
IN_KERNELS = ("raises", "exits", "killed", "hangs")
"""What is run in ordinary kernels, of which each takes seconds to start; how forks end stands in test_kernels."""


def write_notebook(path: Path, sources: list[str], parameters: str = "year = 2017  # last year") -> Path:
    cells = [new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate([SHOW, *sources])]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def attempt(path: Path, parameters: Mapping[str, Any], kernel: str) -> NotebookNode | FailedReport:
    # The notebook that hangs is given five seconds a cell, those that import matplotlib need more.
    timeout = 5 if path.stem == "hangs" else 600
    try:
        execute = partial(kernels.execute, kernel=kernel, timeout=timeout)
        return run_notebook(path, parameters, execute=execute)
    except FailedReport as error:
        return error


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NotebookNode | FailedReport]:
    """Run everything once: each broken notebook, and the sample in two different folders."""
    folder, elsewhere = tmp_path_factory.mktemp("broken"), tmp_path_factory.mktemp("else {where}")
    copy = elsewhere / "sample.ipynb"
    copy.write_bytes(SAMPLE.read_bytes())
    paths = {name: write_notebook(folder / f"{name}.ipynb", sources) for name, (sources, _) in BROKEN.items()}
    paths |= {"sample": SAMPLE, "again": copy}
    given = {name: {"year": 2016} if name in ("sample", "again") else {} for name in paths}
    made = {name: attempt(path, given[name], "auto") for name, path in paths.items() if name not in IN_KERNELS}
    with ThreadPoolExecutor(3) as pool:
        futures = {name: pool.submit(attempt, paths[name], given[name], "process") for name in IN_KERNELS}
        return made | {name: future.result() for name, future in futures.items()}


@pytest.fixture(scope="module")
def sample(runs: dict[str, NotebookNode | FailedReport]) -> NotebookNode:
    executed = runs["sample"]
    assert isinstance(executed, NotebookNode), executed
    return executed


@pytest.fixture(scope="module")
def html(sample: NotebookNode) -> str:
    facts = (("地区", "云浮市"), ("文号", "云府〔2018〕10号"))
    links = (("index.html", "目录"), ("notebooks/sample.ipynb", "笔记本"))
    return export_html(sample, Page("<民生> & 报告", "zh", "第一期", facts, links))


@pytest.mark.parametrize("name", BROKEN)
def test_no_failure_is_quiet(runs: dict[str, NotebookNode | FailedReport], name: str) -> None:
    error = runs[name]
    assert isinstance(error, FailedReport), f"{name} counts as success"
    assert re.search(BROKEN[name][1], str(error), re.S), str(error)
    assert error.exit_status == 3
    kept = error.notebook
    assert kept is not None and any(cell.get("outputs") for cell in kept.cells)
    assert "start_time" not in nbformat.writes(kept)


@pytest.mark.parametrize("name", sorted(QUIET))
def test_the_engine_alone_would_not_tell(runs: dict[str, NotebookNode | FailedReport], name: str) -> None:
    """These are the failures that the checks after the run find; the message says in which cell."""
    assert str(runs[name]).startswith(f"{name}.ipynb: cell ")


def test_parameters_reach_the_notebook(sample: NotebookNode, html: str) -> None:
    (injected,) = [cell for cell in sample.cells if "injected-parameters" in cell.metadata.get("tags", [])]
    assert (injected.id, injected.source) == ("injected-parameters-3", "# Parameters\nyear = 2016\n")
    assert "<dd>2016 年</dd>" in html


def test_two_runs_give_the_same_bytes(runs: dict[str, NotebookNode | FailedReport]) -> None:
    first, second = runs["sample"], runs["again"]
    assert nbformat.writes(first) == nbformat.writes(second)
    page = Page("t")
    assert export_html(first, page) == export_html(second, page)


def test_nothing_of_the_machine_or_the_clock_remains(sample: NotebookNode) -> None:
    text = nbformat.writes(sample)
    assert "papermill" not in text and "else {where}" not in text and str(Path.cwd()) not in text
    assert not re.search(r"\d{4}-\d\d-\d\dT\d\d", text)


def test_page_has_no_script_and_no_url(html: str) -> None:
    assert not re.search(r"<script|<iframe|<object|<embed|javascript:|\son\w+\s*=", html, re.I)
    assert not re.search(r"https?:|src=\"(?!data:)|url\((?!\"?(?:data:|#))|@import", html)
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:" in html


def test_page_is_whole(html: str) -> None:
    assert html.startswith('<!DOCTYPE html>\n<html lang="zh-CN">') and html.rstrip().endswith("</html>")
    assert "<title>&lt;民生&gt; &amp; 报告 – 第一期</title>" in html
    assert "<h1>&lt;民生&gt; &amp; 报告</h1>" in html
    assert '<a href="index.html">目录</a>' in html and '<a href="notebooks/sample.ipynb">笔记本</a>' in html
    assert "<div><dt>文号</dt><dd>云府〔2018〕10号</dd></div>" in html
    assert len(re.sub(r"base64,[^\"]+", "", html)) < 42_000


def test_page_lists_its_contents(html: str) -> None:
    listed = re.findall(r'<li class="xk-level-(\d)"><a href="#([^"]+)">([^<]+)</a>', html)
    assert listed == [
        ("2", "key-figures", "一、概况"),
        ("3", "income", "（一）城乡居民人均收入"),
        ("2", "summary", "二、指标一览"),
        ("2", "method", "三、方法与来源"),
    ]


def test_what_says_nothing_of_its_parts_is_shown_as_it_is(html: str) -> None:
    assert '<h2 id="remarks">附注</h2><figure class="xk-figure"><figcaption>样例</figcaption></figure>' in html


def test_page_hides_code_and_what_speaks_to_users_of_the_notebook(html: str) -> None:
    for hidden in ("import matplotlib", "Speaks to users", "year = 2016", "IPython.core.display"):
        assert hidden not in html


def expecting(notebook: NotebookNode, **fewest: int) -> NotebookNode:
    """Return a copy that says how many figures and tables it shows."""
    copied = copy.deepcopy(notebook)
    copied.metadata["xk"] = {"expect": fewest}
    return copied


def test_sample_shows_what_it_promises(sample: NotebookNode) -> None:
    counts = count_exhibits(sample)
    assert (counts["figures"], counts["tables"]) == (1, 1)
    assert check_report(expecting(sample, figures=1, tables=1)) == []


@pytest.mark.parametrize(
    ("expect", "message"),
    [({"figures": 2}, "1 figures where at least 2 belong"), ({"tables": 5}, "1 tables where at least 5 belong")],
)
def test_too_few_figures_and_tables(sample: NotebookNode, expect: dict[str, int], message: str) -> None:
    assert check_report(expecting(sample, **expect)) == [message]


def test_expectation_of_something_else(sample: NotebookNode) -> None:
    with pytest.raises(UsageError, match="unknown expectation 'figure'; did you mean 'figures'"):
        check_report(expecting(sample, figure=1))


def showing(*fragments: str, mime: str = "text/html", **metadata: Any) -> NotebookNode:
    outputs = [new_output("display_data", {mime: text}, metadata=metadata) for text in fragments]
    return new_notebook(cells=[new_code_cell("show()", execution_count=1, outputs=outputs)])


def test_expectation_from_the_notebook_itself() -> None:
    notebook = expecting(showing("<p>x</p>"), figures=1)
    assert check_report(notebook) == ["0 figures where at least 1 belong"]


@pytest.mark.parametrize(
    ("fragment", "fault"),
    [
        ("<td>nan</td>", "shows 'nan'"),
        ("<td>NaN%</td>", "shows 'NaN'"),
        ("<td>-inf</td>", "shows 'inf'"),
        ("<td>5.3→∞%</td>", "shows '∞'"),
        ("<p>目标值None</p>", "shows 'None'"),
        ("<p>自NaT起</p>", "shows 'NaT'"),
        ("<td>&lt;NA&gt;</td>", "shows '<NA>'"),
        ("<svg><text>nan</text></svg>", "shows 'nan'"),
        ('<svg aria-label="到 nan"></svg><p>x</p>', "shows 'nan'"),
        ("<p>x<script>1</script></p>", "<script> has no place"),
        ("<p onclick='x()'>x</p>", "onclick would run a script"),
        ("<a href='https://example.org'>x</a>", "leads out of the report"),
        ("<a href='//example.org'>x</a>", "leads out of the report"),
        ("<a href=' java\nscript:x()'>x</a>", "leads out of the report"),
        ("<img alt='x' src='http://example.org/a.png'>", "leads out of the report"),
        ("<img src='data:image/png;base64,AA'>", "without a written alternative"),
        ("<p style='background:url(//example.org)'>x</p>", "a style that loads something"),
        ("<style>@import 'a.css';</style><p>x</p>", "a style that loads something"),
        ("<p id='a'>x</p><p id='a'>y</p>", "id 'a' stands more than once"),
        ("<div><p>x</p>", "<div> is never closed"),
        ("<svg><g></g><text>x</text>", "<svg> is never closed"),
        ("<SVG><Text>x</Text><USE XLINK:HREF='//example.org'/></SVG>", "leads out of the report"),
        ('<svg><a href="java&#115;cript:x()"><text>x</text></a></svg>', "leads out of the report"),
        ('<svg><path d="M0 0" style="fill:url(//example.org)"/></svg><p>x</p>', "a style that loads something"),
        ("<svg><style>text{fill:url(//example.org)}</style><text>x</text></svg>", "a style that loads something"),
        ('<svg><title>x</title><g onload="x()"/></svg>', "onload would run a script"),
        ('<svg aria-label="</svg>"><svg><text>x</text></svg><text>nan</text></svg>', "shows 'nan'"),
        ("<svg><!-- </svg> --><text>x</text><![CDATA[ > ]]><text>&#110;an</text></svg>", "shows 'nan'"),
        ('<p title="1 > nan">x</p>', "shows 'nan'"),
        ("<p> </p>", "the notebook shows nothing"),
        ("<p>&#1;</p>", "the notebook shows nothing"),
    ],
)
def test_what_may_not_be_shown(fragment: str, fault: str) -> None:
    faults = check_report(showing(fragment))
    assert len(faults) == 1 and fault in faults[0]


@pytest.mark.parametrize(
    "fragment",
    [
        "<p>finance, information, banana, Nonesuch, nano, 1nan</p>",
        "<a href='#a'>x</a><a href='data/a.csv'>y</a><a href='../index.html'>z</a>",
        "<a download='a.csv' href='data:text/csv;base64,AA=='>x</a>",
        "<style>.a{fill:url(#b)}</style><p>nothing</p>",
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        "<ul><li>a<li>b</ul>",
        "<svg viewBox='0 0 1 1'><path d='M0 0'/><use href='#m'/></svg><p>x</p>",
        "<h2>x</h2><figure class='xk-figure'><p>x</p></figure>",
    ],
)
def test_what_may_be_shown(fragment: str) -> None:
    assert check_report(showing(fragment)) == []


def test_ids_are_unique_across_cells() -> None:
    assert check_report(showing("<p id='a'>x</p>", "<p id='a'>y</p>")) == ["id 'a' stands more than once in the page"]


def test_pictures_need_a_written_alternative() -> None:
    assert "without a written alternative" in check_report(showing("AAAA", mime="image/png"))[-1]
    notebook = showing("AA\nAA", mime="image/png", alt='到 "2020" 年')
    assert check_report(expecting(notebook, figures=1)) == []
    page = export_html(notebook, Page("x"))
    assert 'alt="到 &#34;2020&#34; 年" src="data:image/png;base64,AAAA"' in page


def test_pictures_of_vectors() -> None:
    page = export_html(showing("<svg/>", mime="image/svg+xml", alt="x"), Page("x"))
    assert 'alt="x" src="data:image/svg+xml;base64,PHN2Zy8+"' in page


def test_a_cell_that_should_show_something() -> None:
    notebook = showing("<p>x</p>")
    notebook.cells.append(new_code_cell("x = 1", execution_count=2, metadata={"tags": ["figure"]}))
    assert check_report(notebook) == ["cell 2 is tagged 'figure' and shows nothing"]


def test_a_cell_that_was_skipped() -> None:
    """Neither papermill nor nbclient minds a cell with this tag; the report would lack it."""
    notebook = showing("<p>x</p>")
    notebook.cells.append(new_code_cell("x = 1", metadata={"tags": ["skip-execution"]}))
    assert check_report(notebook) == ["cell 2 did not run to its end"]


def test_outputs_of_other_kinds_are_not_shown() -> None:
    notebook = showing("<p>x</p>")
    notebook.cells += [
        new_markdown_cell("seen by nobody"),
        new_code_cell("", outputs=[new_output("stream", name="stdout", text="printed")]),
        new_code_cell("", outputs=[new_output("display_data", {"text/plain": "a repr"})]),
    ]
    assert check_report(notebook) == []
    assert not re.search("seen by nobody|printed|a repr", export_html(notebook, Page("x")))


@pytest.mark.parametrize("mime", ["application/javascript", "text/vnd.mermaid", "text/markdown"])
def test_outputs_that_cannot_be_shown_are_refused(mime: str) -> None:
    faults = check_report(showing("evil()", mime=mime))
    assert faults == ["the notebook shows nothing", f"cell 1: no way to show {mime}"]


def test_a_character_without_a_glyph_is_refused() -> None:
    with pytest.raises(ReportError, match="no glyph for: ✗"):
        export_html(showing("<p>好 ✗</p>"), Page("x"))


def test_english_page() -> None:
    parts = [{"kind": "section", "anchor": "a", "title": "Text"}]
    page = export_html(showing('<h2 id="a">Text</h2>', xk={"parts": parts}), Page("Report", "en"))
    assert '<html lang="en">' in page and ">Contents<" in page
    assert not re.search("[\u4e00-\u9fff]", page.replace("PingFang", ""))


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<td>云浮市</td>", '<td lang="zh-CN">云浮市</td>'),
        ('<td\n class="a">GDP：国内生产总值</td>', '<td lang="zh-CN"\n class="a">GDP：国内生产总值</td>'),
        ("<p>Yunfu (云浮)</p>", "<p>Yunfu (云浮)</p>"),
        ('<p lang="zh">云浮</p><p>x &lt;p&gt;</p>', '<p lang="zh">云浮</p><p>x &lt;p&gt;</p>'),
        ("<style>p{content:'云'}</style><title>云</title>", "<style>p{content:'云'}</style><title>云</title>"),
        ("<p>The <b>云浮</b> plan</p>", '<p>The <b lang="zh-CN">云浮</b> plan</p>'),
        ("<p title='<b>云'>a</p><p title='>'>云</p>", "<p title='<b>云'>a</p><p lang=\"zh-CN\" title='>'>云</p>"),
        ('<svg><path d="M0 0"/>云<a:b>云</a:b></svg>', '<svg><path d="M0 0"/>云<a:b lang="zh-CN">云</a:b></svg>'),
        ("<p>云&lt;&lt;&amp;</p>", '<p lang="zh-CN">云&lt;&lt;&amp;</p>'),
    ],
)
def test_chinese_in_english_pages_is_marked(html: str, marked: str) -> None:
    assert mark_chinese(html) == marked
    assert marked in export_html(showing(f"<div>{html}</div>"), Page("x", "en"))
    assert html in export_html(showing(f"<div>{html}</div>"), Page("x", "zh"))


def test_pages_without_a_notebook_escape_everything() -> None:
    page = render_page("failed.html.j2", Page("<a>", links=(('"x', "<b>"),)), reasons=["<script>", "✗"])
    assert "<script" not in page and "<b>" not in page and 'href="&#34;x"' in page
    assert "&lt;script&gt;" in page and "✗" in page


def test_settled_leaves_its_argument_alone() -> None:
    notebook = showing("<p>x</p>")
    notebook.metadata["papermill"] = {"duration": 1}
    notebook.cells[0].outputs[0].data["text/plain"] = "<Axes at 0x7f00aa>"
    copied = settled(notebook)
    assert copied.cells[0].outputs[0].data["text/plain"] == "<Axes>"
    assert "papermill" in notebook.metadata and "papermill" not in copied.metadata


# Parameters


def parameters_of(source: str) -> dict[str, Parameter]:
    cell = new_code_cell(source, metadata={"tags": ["parameters"]})
    return notebook_parameters(new_notebook(cells=[new_code_cell("x = 1"), cell]))


def test_parameters_are_read_with_their_types() -> None:
    found = parameters_of(
        'lang = "zh"  # zh or en; "a = b" is no value\n'
        "to: int | None = 2020\n"
        "share = 0.5\n"
        "flag = True\n"
        "levels = [\n    80,  # inner\n    95,\n]  # per cent\n"
        "method = None  # type: str  nothing = automatic"
    )
    assert [(p.name, p.kind, p.optional) for p in found.values()] == [
        ("lang", str, False),
        ("to", int, True),
        ("share", float, False),
        ("flag", bool, False),
        ("levels", list, False),
        ("method", str, True),
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import os", "more than names and literals: import os"),
        ("year = 1 + last", "more than names and literals"),
        ("a = b = 1", "more than names and literals"),
        ("a, b = 1, 2", "more than names and literals"),
        ("year: int", "more than names and literals"),
        ("year = None  # last year", "'year' defaults to None; say its type"),
        ("year = ", "is not Python"),
    ],
)
def test_parameters_cell_with_something_else(source: str, message: str) -> None:
    with pytest.raises(ReportError, match=message):
        parameters_of(source)


KNOWN = 'year = 2017\nshare = 0.5\nlang = "zh"\nflag = True\nlevels = [80]\nmethod = None  # type: str'


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"yaer": 2016}, "unknown parameter 'yaer'; did you mean 'year'?"),
        ({"year": "2016"}, "'year' takes int, not str '2016'"),
        ({"year": 2016.0}, "'year' takes int, not float"),
        ({"year": True}, "'year' takes int, not bool True"),
        ({"year": None}, "'year' takes int, not NoneType None"),
        ({"share": "half"}, "'share' takes float, not str"),
        ({"lang": 1}, "'lang' takes str, not int 1"),
        ({"flag": 1}, "'flag' takes bool, not int 1"),
        ({"levels": 80}, "'levels' takes list, not int"),
        ({"method": 3}, "'method' takes str or None, not int 3"),
    ],
)
def test_parameters_are_refused_before_anything_runs(tmp_path: Path, given: dict[str, Any], message: str) -> None:
    path = write_notebook(tmp_path / "n.ipynb", [], KNOWN)
    with pytest.raises(UsageError, match=re.escape(message)):
        kernels.execute(path, given)


def test_parameters_that_fit() -> None:
    known = parameters_of(KNOWN)
    check_parameters(known, {"year": 2016, "share": 1, "lang": "en", "flag": False, "levels": [], "method": None})
    check_parameters(known, {"share": 0.25, "levels": (80, 95), "method": "drift"})


def test_no_such_notebook(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no notebook a\.ipynb"):
        read_notebook(tmp_path / "a.ipynb")


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[1]"])
def test_file_that_is_no_notebook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"a\.ipynb is not a notebook"):
        read_notebook(path)

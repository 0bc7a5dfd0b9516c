"""Pages on paper: Chinese as text in an embedded font, bookmarks, no trace of the machine; and no browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from xk.errors import ReportError, UsageError
from xk.exhibits import Exhibit, heading
from xk.running.report.export import Page, export_html
from xk.running.report.pdf import NoBrowserError, find_browser, print_pdf, settled_pdf

TEXT = "云浮市率先全面建成小康社会攻坚行动"


def write_page(path: Path) -> Path:
    rows = "".join(f'<tr><th scope="row">指标{n}</th><td>{n}</td></tr>' for n in range(120))
    table = f"<table><thead><tr><th>监测指标名称</th><th>值</th></tr></thead><tbody>{rows}</tbody></table>"
    shown = heading("a", "概况") + Exhibit(f'<p>{TEXT}</p><figure class="xk-table" id="tab-a">{table}</figure>')
    data, metadata = shown._repr_mimebundle_()
    outputs = [new_output("display_data", data, metadata=metadata)]
    notebook = new_notebook(cells=[new_code_cell("show()", execution_count=1, outputs=outputs)])
    links = (("index.html", "目录"), ("notebooks/a.ipynb", "笔记本"))
    path.write_text(export_html(notebook, Page("民生领域", links=links)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Path:  # noqa: ARG001
    folder = tmp_path_factory.mktemp("printed")
    print_pdf(write_page(folder / "a.html"), folder / "a.pdf")
    return folder / "a.pdf"


def poppler(program: str, *arguments: str) -> str:
    if not shutil.which(program):
        pytest.skip(f"no {program} on this machine (Debian: poppler-utils)")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


@pytest.mark.browser
def test_chinese_is_text(printed: Path) -> None:
    assert TEXT in poppler("pdftotext", str(printed), "-")


@pytest.mark.browser
def test_table_heads_and_page_numbers_are_on_every_page(printed: Path) -> None:
    pages = poppler("pdftotext", "-layout", str(printed), "-").rstrip("\f").split("\f")
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert "监测指标名称" in page and f"{number}/{len(pages)}" in page.replace(" ", "")


@pytest.mark.browser
def test_fonts_are_embedded(printed: Path) -> None:
    """Columns of pdffonts from the right: object (2), unicode, subset, embedded; bold is drawn (Type 3)."""
    rows = poppler("pdffonts", str(printed)).splitlines()[2:]
    assert {row.split()[0].partition("+")[2] for row in rows} == {"NotoSansSC-Regular", ""}, rows
    assert all((row.split()[-5], row.split()[-3]) == ("yes", "yes") for row in rows), rows


@pytest.mark.browser
def test_headings_are_bookmarks(printed: Path) -> None:
    content = printed.read_bytes()
    titles = [bytes.fromhex(found.decode()) for found in re.findall(rb"/Title <FEFF([0-9A-F]+)>", content)]
    assert {"民生领域", "一、概况"} <= {title.decode("utf-16-be") for title in titles}


@pytest.mark.browser
def test_nothing_of_the_machine_or_the_clock_remains(printed: Path) -> None:
    content = printed.read_bytes()
    assert b"file:" not in content and str(printed.parent).encode() not in content
    assert set(re.findall(rb"Date \(D:(\d{8})", content)) == {b"20000101"}
    assert sorted(path.name for path in printed.parent.iterdir()) == ["a.html", "a.pdf"]


@pytest.mark.browser
def test_same_page_gives_the_same_bytes(printed: Path, tmp_path: Path) -> None:
    print_pdf(printed.with_suffix(".html"), tmp_path / "b.pdf")
    assert (tmp_path / "b.pdf").read_bytes() == printed.read_bytes()


def test_what_changes_from_one_time_to_the_next_is_settled() -> None:
    printed = [
        b"/ID (node%08d) /P (node%08d) /ID (node%08d) /CreationDate (D:%d+00'00')" % numbers
        for numbers in ((34, 35, 41, 20180105103000), (35, 37, 99, 20180106103000))
    ]
    wanted = b"/ID (node00000000) /P (node00000001) /ID (node00000002) /CreationDate (D:20000101000000+00'00')"
    assert [settled_pdf(content) for content in printed] == [wanted, wanted]


def test_without_a_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XK_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("xk.running.report.pdf._PLACES", ())
    page = write_page(tmp_path / "a.html")
    with pytest.raises(NoBrowserError, match="install Chromium or Chrome.*XK_CHROMIUM") as caught:
        print_pdf(page, tmp_path / "a.pdf")
    assert caught.value.exit_status == 3
    assert not (tmp_path / "a.pdf").exists()


def test_browser_named_wrongly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XK_CHROMIUM", str(tmp_path / "chrome"))
    with pytest.raises(NoBrowserError, match="XK_CHROMIUM is '.*chrome', and there is no such program"):
        find_browser()


@pytest.mark.skipif(shutil.which("false") is None, reason="no program that fails")
def test_browser_that_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XK_CHROMIUM", "false")
    with pytest.raises(ReportError, match=r"made no PDF of a\.html: it said nothing"):
        print_pdf(write_page(tmp_path / "a.html"), tmp_path / "a.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell to stand for a browser")
def test_blank_pages_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\nfor o; do case $o in --print-to-pdf=*) echo %PDF-1.4 > "${o#*=}";; esac; done\n')
    browser.chmod(0o755)
    monkeypatch.setenv("XK_CHROMIUM", str(browser))
    with pytest.raises(ReportError, match=r"printed a\.html without its font: the text would be missing"):
        print_pdf(write_page(tmp_path / "a.html"), tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


def test_no_page_to_print(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no page .*a\.html to print"):
        print_pdf(tmp_path / "a.html", tmp_path / "a.pdf")

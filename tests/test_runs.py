"""Runs: published whole, failures contained, `latest` always good, the same bytes for the same inputs."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from made_up import HANG
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from xk.errors import InputError, ReportError, UsageError
from xk.running.kernels import FailedReport
from xk.running.runs import Job, Run, RunResult, run_reports
from xk.running.runs.latest import point_to, run_at

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@pytest.fixture
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a notebook that shows its parameter, raises for year 0 and writes to stderr for year 1."""
    source = (
        "import sys\nfrom IPython.display import HTML\n"
        "_ = year == 1 and print('careful', file=sys.stderr)\n"
        "HTML(f'<h2 id=\"a\">{2020 // year * year} 年</h2>')"
    )
    cells = [
        new_code_cell("year = 2017  # last year", id="parameters", metadata={"tags": ["parameters"]}),
        new_code_cell(source, id="show"),
    ]
    path = tmp_path_factory.mktemp("source") / "report.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    return path


def pretend(path: Path, parameters: Mapping[str, Any]) -> NotebookNode:
    """Stand in for the engine: shows the year; year 0 fails half-way, year 1 shows a gap, year 2 breaks."""
    year = parameters.get("year", 2017)
    output = new_output("display_data", {"text/html": f'<h2 id="a">{year} 年</h2>'})
    made = new_notebook(cells=[new_code_cell("show()", id="show", execution_count=1, outputs=[output])])
    if year == 0:
        raise FailedReport(f"{path.name}: cell [1] raised \x1b[31mZeroDivisionError\x1b[0m: <b>✗</b>", made)
    if year == 1:
        made.cells[0].outputs[0].data["text/html"] += "<p>nan</p>"
    if year == 2:
        raise MemoryError("no room")
    return made


def jobs(notebook: Path, *years: int) -> list[Job]:
    return [Job(f"report{n}", notebook, {"year": year}, f"报告{n}") for n, year in enumerate(years, start=1)]


def run_in(out: Path, name: str = "20180101T000000Z", **options: Any) -> Run:
    return Run(out, name, "云浮市", **{"kernel": "fork", **options})


def make(out: Path, notebook: Path, *years: int, name: str = "20180101T000000Z", **options: Any) -> RunResult:
    return run_reports(jobs(notebook, *years), run_in(out, name, **options), execute=pretend, progress=False)


def manifest_of(result: RunResult) -> dict[str, Any]:
    return dict(json.loads((result.folder / "manifest.json").read_text(encoding="utf-8")))


def names_in(folder: Path) -> list[str]:
    """Return what is in a folder, but for the lock and the log that every folder of runs has."""
    return sorted(path.name for path in folder.iterdir() if path.name not in (".lock", "log.jsonl"))


class Links(HTMLParser):
    """Collects the addresses that a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def dead_links(page: Path) -> list[str]:
    reader = Links()
    reader.feed(page.read_text(encoding="utf-8"))
    assert reader.found
    targets = [link.partition("#")[0] for link in reader.found]
    return [target for target in targets if target and not (page.parent / target).is_file()]


@pytest.mark.parametrize("kernel", ["fork", "process"])
def test_kernels_side_by_side(tmp_path: Path, notebook: Path, kernel: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Real notebooks: two good reports and two that fail in different ways, two at a time."""
    run = run_in(tmp_path / "out", workers=2, kernel=kernel)
    result = run_reports(jobs(notebook, 2016, 0, 1, 2018), run, progress=False)
    assert result.exit_status == 3
    assert list(result.failures) == ["report2", "report3"]
    assert "ZeroDivisionError" in result.failures["report2"]
    assert "wrote to stderr: careful" in result.failures["report3"]
    assert "2018 年</h2>" in (result.folder / "report4.html").read_text(encoding="utf-8")
    assert names_in(result.folder / "notebooks") == [
        "report1.ipynb", "report2.failed.ipynb", "report3.failed.ipynb", "report4.ipynb",
    ]  # fmt: skip
    assert not (tmp_path / "out" / "latest").exists()
    assert capfd.readouterr().err == ""


def test_good_run(tmp_path: Path, notebook: Path) -> None:
    out = tmp_path / "deep" / "out"
    result = make(out, notebook, 2016, 2017)
    assert (result.exit_status, result.failures) == (0, {})
    assert names_in(out) == ["20180101T000000Z", "index-zh.html", "index.html", "latest", "latest.json"]
    assert names_in(result.folder) == [
        "index.html", "manifest.json", "notebooks", "report1.html", "report2.html",
    ]  # fmt: skip
    assert os.readlink(out / "latest") == "20180101T000000Z"
    assert json.loads((out / "latest.json").read_text()) == {"run": "20180101T000000Z"}
    assert result.folder.stat().st_mode & 0o777 == 0o755


def test_all_links_resolve(tmp_path: Path, notebook: Path) -> None:
    def add_files(folder: Path) -> None:
        (folder / "data").mkdir()
        (folder / "data" / "results.csv").write_bytes(b"a\n1\n")

    for name, years in (("r1", (2016,)), ("r2", (2016, 0, 1))):
        make(tmp_path / "out", notebook, *years, name=name, add_files=add_files)
    pages = sorted((tmp_path / "out").rglob("*.html"))
    assert len(pages) == 2 + 2 + 4
    assert {page.relative_to(tmp_path).as_posix(): dead_links(page) for page in pages if dead_links(page)} == {}
    index = (tmp_path / "out" / "r1" / "index.html").read_text(encoding="utf-8")
    assert '<a href="data/results.csv">' in index and "1 kB" in index


def test_index_pages_have_no_script_and_no_url(tmp_path: Path, notebook: Path) -> None:
    make(tmp_path, notebook, 2016, 0)
    for page in tmp_path.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<script|https?:|javascript:|src=\"(?!data:)", text, re.I), page.name
        assert "default-src 'none'" in text


def test_failed_report_leaves_the_others_and_latest(tmp_path: Path, notebook: Path) -> None:
    make(tmp_path, notebook, 2016, name="r1")
    result = make(tmp_path, notebook, 2016, 0, 1, 2, name="r2")
    assert result.exit_status == 3
    assert run_at(tmp_path) == os.readlink(tmp_path / "latest") == "r1"
    assert "2016 年</h2>" in (result.folder / "report1.html").read_text(encoding="utf-8")
    failed = (result.folder / "report2.html").read_text(encoding="utf-8")
    assert "本报告未能生成：报告2" in failed and "ZeroDivisionError: &lt;b&gt;✗&lt;/b&gt;" in failed
    assert "\x1b" not in failed
    assert 'href="notebooks/report2.failed.ipynb"' in failed
    assert result.failures["report3"].endswith("shows 'nan' where a value belongs: 'nan'")
    assert result.failures["report4"] == "MemoryError: no room"
    kept = names_in(result.folder / "notebooks")
    assert kept == ["report1.ipynb", "report2.failed.ipynb", "report3.failed.ipynb"]
    index = (result.folder / "index.html").read_text(encoding="utf-8")
    assert index.count('class="xk-failed"') == 3
    assert "4份报告，3份未生成" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_latest_moves_to_the_next_good_run(tmp_path: Path, notebook: Path) -> None:
    for name, year in (("r1", 2016), ("r2", 0), ("r3", 2017)):
        make(tmp_path, notebook, year, name=name)
    assert run_at(tmp_path) == os.readlink(tmp_path / "latest") == "r3"
    runs = re.findall(r'<th scope="row"><a href="(\w+)/', (tmp_path / "index.html").read_text(encoding="utf-8"))
    assert runs == ["r3", "r2", "r1"]


def test_system_without_links(tmp_path: Path, notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    make(tmp_path, notebook, 2016, name="r1")
    assert names_in(tmp_path) == ["index-zh.html", "index.html", "latest.json", "r1"]
    assert run_at(tmp_path) == "r1"
    assert 'href="r1/index.html"' in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_link_that_cannot_be_moved_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "r1").mkdir()
    point_to(tmp_path, "r1")

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    with pytest.raises(OSError, match="disk full"):
        point_to(tmp_path, "r2")
    assert run_at(tmp_path) == "r1"


def test_manifest(tmp_path: Path, notebook: Path) -> None:
    source = tmp_path / "observations.csv"
    source.write_bytes(b"region,year\n")
    run = {"inputs": {"data/observations.csv": source}, "about": {"scheme": "yunfu-2020", "as_of": None}}
    result = make(tmp_path / "out", notebook, 2016, 0, **run)
    manifest = manifest_of(result)
    assert manifest["run"] == "20180101T000000Z"
    assert manifest["exit_status"] == 3
    assert manifest["parameters"] == {"scheme": "yunfu-2020", "as_of": None}
    assert manifest["inputs"] == {
        "data/observations.csv": hashlib.sha256(b"region,year\n").hexdigest(),
        "notebooks/report.ipynb": hashlib.sha256(notebook.read_bytes()).hexdigest(),
    }
    files = {path.relative_to(result.folder).as_posix(): path for path in result.folder.rglob("*.*")}
    assert manifest["outputs"] == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if name != "manifest.json"
    }
    assert {name: report["ok"] for name, report in manifest["reports"].items()} == {"report1": True, "report2": False}
    assert manifest["reports"]["report1"]["parameters"] == {"year": 2016}
    assert 0 <= manifest["reports"]["report1"]["seconds"] <= manifest["seconds"]
    assert {"python", "papermill", "nbconvert", "matplotlib"} <= set(manifest["versions"])
    text = (result.folder / "manifest.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text and "云浮市" in text
    assert list(json.loads(text)) == sorted(manifest)


def test_same_inputs_give_the_same_bytes(tmp_path: Path, notebook: Path) -> None:
    one = manifest_of(make(tmp_path / "one", notebook, 2016, 0))
    two = manifest_of(make(tmp_path / "two" / "deep", notebook, 2016, 0, workers=2))
    assert one["outputs"] == two["outputs"] and len(one["outputs"]) == 5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"jobs": []}, "nothing to run"),
        ({"name": "../x"}, r"'\.\./x' cannot be the name of a run"),
        ({"name": "latest"}, "'latest' cannot be the name of a run"),
        ({"name": ""}, "'' cannot be the name of a run"),
        ({"job": "index"}, "'index' cannot be the name of a report"),
        ({"job": "../x"}, "cannot be the name of a report"),
        ({"job": "a\0b"}, "cannot be the name of a report"),
        ({"twice": True}, "'report1' cannot be the name of a report, or stands twice"),
        ({"workers": 0}, "must be 1 or more, not 0"),
        ({"parameters": {"yaer": 1}}, "unknown parameter 'yaer'; did you mean 'year'"),
        ({"parameters": {"year": "2016"}}, "'year' takes int, not str"),
        ({"notebook": "absent.ipynb"}, r"there is no notebook absent\.ipynb"),
    ],
)
def test_wrong_usage_writes_nothing(tmp_path: Path, notebook: Path, changes: dict[str, Any], message: str) -> None:
    source = notebook.parent / changes.get("notebook", notebook.name)
    job = Job(changes.get("job", "report1"), source, changes.get("parameters", {}), "报告")
    given = changes.get("jobs", [job, job] if "twice" in changes else [job])
    run = run_in(tmp_path / "out", changes.get("name", "r1"), workers=changes.get("workers", 1))
    with pytest.raises(UsageError, match=message):
        run_reports(given, run, execute=pretend)
    assert not (tmp_path / "out").exists()


def test_run_that_is_there_already_is_not_touched(tmp_path: Path, notebook: Path) -> None:
    before = manifest_of(make(tmp_path, notebook, 2016, name="r1"))
    with pytest.raises(UsageError, match="the run 'r1' is there already"):
        make(tmp_path, notebook, 2017, name="r1")
    assert json.loads((tmp_path / "r1" / "manifest.json").read_text(encoding="utf-8")) == before


def test_something_else_called_latest(tmp_path: Path, notebook: Path) -> None:
    (tmp_path / "latest").mkdir()
    with pytest.raises(UsageError, match="'latest' in .* is not a link of ours"):
        make(tmp_path, notebook, 2016)


def test_folder_that_is_a_file(tmp_path: Path, notebook: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="cannot write to"):
        make(tmp_path / "out", notebook, 2016)


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("lock", r"cannot write to .*: .*out/\.lock is a folder; move it away"),
        ("link", "out is a link to nowhere, which is not there; mend the link"),
        ("no lock", r"cannot write to .*out/\.lock: Permission denied; mend its owner or rights, or remove it"),
        ("no log", r"cannot write to .*out/log\.jsonl: Permission denied; mend its owner or rights, or move it away"),
    ],
)
def test_what_is_in_the_way_is_named(
    tmp_path: Path, notebook: Path, way: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    if way == "link":
        out.symlink_to("nowhere")
    else:
        (out / ".lock" if way == "lock" else out).mkdir(parents=True)
    if way == "no lock":
        (out / ".lock").touch()
        monkeypatch.setattr("os.open", refuse)
    if way == "no log":
        (out / "log.jsonl").touch()
        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UsageError, match=said):
        make(out, notebook, 2016)


def refuse(*_: object) -> None:
    """Refuse as the system does; root is refused nothing."""
    raise PermissionError(errno.EACCES, "Permission denied")


@pytest.mark.parametrize(("kernel", "problem"), [("fork", InputError("a fault")), ("process", KeyboardInterrupt())])
def test_broken_off_run_leaves_nothing(tmp_path: Path, notebook: Path, kernel: str, problem: BaseException) -> None:
    make(tmp_path, notebook, 2016, name="r1")

    def add_files(folder: Path) -> None:
        assert folder.parent == tmp_path and folder.name.startswith(".r2.")
        raise problem

    with pytest.raises(type(problem)):
        make(tmp_path, notebook, 2016, name="r2", add_files=add_files, kernel=kernel)
    assert names_in(tmp_path) == ["index-zh.html", "index.html", "latest", "latest.json", "r1"]
    assert run_at(tmp_path) == "r1"


def test_disk_that_is_full(tmp_path: Path, notebook: Path) -> None:
    make(tmp_path, notebook, 2016, name="r1")

    def add_files(_: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ReportError, match="the run 'r2' could not be written to .*No space left"):
        make(tmp_path, notebook, 2016, name="r2", add_files=add_files)
    assert names_in(tmp_path) == ["index-zh.html", "index.html", "latest", "latest.json", "r1"]


@pytest.mark.parametrize("kernel", ["fork", "process"])
def test_workers_run_at_the_same_time(tmp_path: Path, notebook: Path, kernel: str) -> None:
    meeting = multiprocessing.get_context("fork").Barrier(2, timeout=HANG)

    def meet(path: Path, parameters: Mapping[str, Any]) -> NotebookNode:
        meeting.wait()
        return pretend(path, parameters)

    run = run_in(tmp_path / "out", workers=2, kernel=kernel)
    assert run_reports(jobs(notebook, 2016, 2017), run, execute=meet, progress=False).exit_status == 0


def test_progress_bar_on_request(tmp_path: Path, notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_reports(jobs(notebook, 2016, 2017), run_in(tmp_path, "r1"), execute=pretend, progress=True)
    assert "2/2" in capsys.readouterr().err
    run_reports(jobs(notebook, 2016), run_in(tmp_path, "r2"), execute=pretend)
    assert capsys.readouterr().err == ""


def test_manifest_that_cannot_be_read_is_listed_as_such(tmp_path: Path, notebook: Path) -> None:
    (tmp_path / "r0").mkdir()
    (tmp_path / "r0" / "manifest.json").write_text("{")
    make(tmp_path, notebook, 2016, name="r1")
    assert "清单无法读取" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_names_from_data_stay_text(tmp_path: Path, notebook: Path) -> None:
    evil = '<script>alert("1")</script>'
    job = Job("a", notebook, {}, evil, subtitle=evil, facts=((evil, evil),))
    run = Run(tmp_path, "r1", evil, kernel="fork", facts=((evil, evil),))
    run_reports([job], run, execute=pretend, progress=False)
    for page in tmp_path.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text and "&lt;script&gt;" in text


def test_english_pages(tmp_path: Path, notebook: Path) -> None:
    job = Job("a", notebook, {"year": 0}, "Report")
    run = Run(tmp_path, "r1", "Yunfu", lang="en", kernel="fork")
    run_reports([job], run, execute=pretend, progress=False)
    for page in (tmp_path / "index.html", tmp_path / "r1" / "index.html", tmp_path / "r1" / "a.html"):
        text = page.read_text(encoding="utf-8")
        assert '<html lang="en">' in text and not re.search("[\u4e00-\u9fff]", text)

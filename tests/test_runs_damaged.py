"""What others left in a folder of runs, of any shape: read as what it is, never in the way of a new run."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from made_up import INDICATORS, OBSERVATIONS, SUMMARY, write_notebook, write_run
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from xk.errors import UsageError, XkError
from xk.readers.text import read_plain
from xk.running.cli import main
from xk.running.runs import Job, Run, list_runs, run_reports, verify_run
from xk.running.runs.diff import diff_runs
from xk.running.runs.latest import run_at
from xk.running.runs.manifest import read_manifest

NAMES = ("exit_status", "facts", "lang", "names", "number", "outputs", "parameters", "reports", "statuses", "title")
ODD: tuple[Any, ...] = (
    None, True, -1, 1e300, "", "\ud800", "<script>", [], [1], {}, {"a": None}, {"a": {"ok": 1}}, {"regions": 7},
    {"regions": [None]}, {"scenarios": "x"}, {"scenarios": [1]}, {"scheme": [1]}, "x" * 1000, [[[[]]]],
)  # fmt: skip
BYTES = {
    "empty": b"", "half": b'{"run": "r', "binary": bytes(range(256)), "list": b"[1, 2]", "number": b"7",
    "deep": b"[" * 100_000, "not UTF-8": '{"title": "云浮"}'.encode("gb18030"), "no number": b'{"number": NaN}',
    "long number": b'{"number": ' + b"9" * 5000 + b"}",
}  # fmt: skip


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_notebook(tmp_path_factory.mktemp("source") / "report.ipynb")


def pretend(*_: object) -> NotebookNode:
    output = new_output("display_data", {"text/html": '<h2 id="a">2016 年</h2>'})
    return new_notebook(cells=[new_code_cell("show()", id="show", execution_count=1, outputs=[output])])


def make(out: Path, notebook: Path, name: str) -> int:
    about = {"scheme": "yunfu-2020", "regions": ["yunfu"], "scenario": None}
    run = Run(out, name, "云浮市", kernel="process", about=about, add_files=tables)
    return run_reports([Job("a", notebook, {}, "报告")], run, execute=pretend, progress=False).exit_status


def tables(folder: Path) -> None:
    write_run(folder / "made", summary=SUMMARY.assign(counted=True, domain="a", scenario="reference"))
    shutil.move(folder / "made" / "data", folder / "data")
    shutil.rmtree(folder / "made")


def damaged(out: Path, name: str, content: bytes) -> Path:
    (out / name).mkdir(parents=True)
    (out / name / "manifest.json").write_bytes(content)
    return out / name


@pytest.mark.parametrize("content", BYTES.values(), ids=BYTES)
def test_manifest_that_is_none(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    folder = damaged(tmp_path, "r1", content)
    assert [(run.name, run.number, run.reports) for run in list_runs(tmp_path)] == [("r1", 0, 0)]
    assert main(["runs", "--out", str(tmp_path)]) == 0
    for command in (["verify", str(folder)], ["diff", str(folder), str(folder)]):
        assert main(command) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_run_that_cannot_be_read_is_listed_with_the_reason(
    tmp_path: Path, notebook: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a folder of somebody, which is no run; a new run is not hindered."""
    assert make(tmp_path, notebook, "r1") == 0
    (tmp_path / "r1" / "manifest.json").rename(tmp_path / "moved.json")
    for name in ("mine", "20180101T063000Z-yunfu-2020-zh"):
        (tmp_path / name).mkdir()
    assert main(["runs", "--lang", "en", "--out", str(tmp_path)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "* r1  0/0  no manifest  latest"
    assert second == "  20180101T063000Z-yunfu-2020-zh  0/0  no manifest"
    assert make(tmp_path, notebook, "r2") == 0 and "没有清单" in (tmp_path / "index.html").read_text(encoding="utf-8")
    monkeypatch.setattr("xk.running.runs.history._problem", lambda _: "runs_no_access")
    assert main(["runs", "--lang", "en", "--out", str(tmp_path)]) == 0
    assert "  20180101T063000Z-yunfu-2020-zh  0/0  folder cannot be read\n" in capsys.readouterr().out
    with pytest.raises(UsageError, match="r1 cannot be read; mend its owner or rights"):
        verify_run(tmp_path / "r1")


def test_a_new_run_among_damaged_ones(tmp_path: Path, notebook: Path) -> None:
    """Every key of a manifest holds every odd value once, the other keys being as they are; and what is no manifest."""
    assert make(tmp_path, notebook, "r0") == 0
    whole = json.loads((tmp_path / "r0" / "manifest.json").read_text(encoding="utf-8"))
    for key in NAMES:
        for number, odd in enumerate(ODD):
            folder = damaged(tmp_path, f"{key}-{number}", json.dumps(whole | {key: odd}).encode())
            if key == "parameters":
                shutil.copytree(tmp_path / "r0" / "data", folder / "data")
    for number, content in enumerate(BYTES.values()):
        damaged(tmp_path, f"bytes-{number}", content)
    os.mkfifo(damaged(tmp_path, "fifo", b"") / "x")
    (tmp_path / "fifo" / "manifest.json").unlink()
    os.mkfifo(tmp_path / "fifo" / "manifest.json")
    (tmp_path / os.fsdecode(b"\xff")).mkdir()
    (tmp_path / "r0" / "data" / "summary.csv").write_bytes(b"\x00\xff\n")
    assert make(tmp_path, notebook, "r1") == 0
    assert run_at(tmp_path) == "r1" and 'href="r1/' in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_tables_of_an_old_run_of_any_shape(tmp_path: Path) -> None:
    """Cells, lines and bytes of the tables are thrown about: a comparison says what changed, or that it cannot."""
    dice, whole = random.Random(1), write_run(tmp_path / "whole")
    for number in range(60):
        old = write_run(tmp_path / f"old{number}", summary=SUMMARY, indicators=INDICATORS, observations=OBSERVATIONS)
        path = dice.choice(sorted((old / "data").glob("*.csv")))
        content = bytearray(path.read_bytes())
        for _ in range(dice.randint(1, 30)):
            content[dice.randrange(len(content))] = dice.choice(b'\x00\xff,"\n1x')
        path.write_bytes(bytes(content[: dice.randrange(len(content))] if number % 3 == 0 else content))
        try:
            diff_runs(old, whole)
        except UsageError:
            continue


def test_only_what_has_its_type_is_taken(tmp_path: Path) -> None:
    reports = {"a": {"ok": True, "seconds": 1}, "b": {"ok": "yes"}, "c": 7}
    asked = {"scheme": "s", "regions": 7, "method": ["x"]}
    values = {"number": True, "title": 7, "lang": "fr", "reports": reports, "parameters": asked, "more": 1, "git": None}
    folder = damaged(tmp_path, "r1", json.dumps(values).encode())
    assert read_manifest(folder) == {
        "reports": {"a": reports["a"]}, "parameters": {"scheme": "s", "method": ["x"]}, "git": None,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["latest.json", "index.html", "log.jsonl"])
def test_what_is_no_file_in_the_place_of_one(tmp_path: Path, notebook: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(XkError, match="is no file; move it away"):
        make(tmp_path, notebook, "r1")
    assert list_runs(tmp_path) == []


def test_a_file_that_is_too_big_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xk.readers.text.LARGEST", 10)
    folder = damaged(tmp_path, "r1", b'{"number": 123456789}')
    assert read_manifest(folder) is None
    assert "are not read; move it away" in read_plain(folder / "manifest.json")[1]

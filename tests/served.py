"""A server of `xk app` as its users start it, for tests that ask it and that open it in a browser."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from made_up import HANG, ROOT, is_gone, wait_until
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SLIDER = """
import os
import ipywidgets
shown = ipywidgets.HTML(f"<p class='shown'>{os.getpid()} 云 {os.environ['QUERY_STRING']}</p>")
slider = ipywidgets.IntSlider(value=3, max=10, description="年份", continuous_update=False)
slider.observe(lambda change: setattr(shown, "value", f"<p class='shown'>{os.getpid()} = {change.new}</p>"), "value")
ipywidgets.VBox([slider, shown])
"""
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Served:
    """A server that answers: where, with which token, what it said."""

    process: subprocess.Popen[str]
    address: str
    log: Path

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    @property
    def token(self) -> str:
        return urlsplit(self.address).query.removeprefix("token=")

    def ask(self, path: str, *, token: bool = True, method: str = "GET", **headers: str) -> tuple[HTTPResponse, str]:
        """Send a path as it is, undone by no client, and return answer and text."""
        connection = HTTPConnection(self.host, timeout=60)
        given = {"Authorization": f"token {self.token}"} if token else {}
        connection.request(
            method, path, headers=given | {name.replace("_", "-"): said for name, said in headers.items()}
        )
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer, text

    def kernels(self) -> set[int]:
        """Return the processes that kernels run in: children of the one that they are forked from."""
        (warm,) = children(self.process.pid)
        return children(warm)


def children(pid: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:  # gone meanwhile
            continue
        if int(rest.split()[1]) == pid:
            found.add(int(name.split()[0]))
    return found


def write_bench(folder: Path, name: str, *sources: str) -> None:
    cells = [new_code_cell(source.strip(), id=f"c{number}") for number, source in enumerate(sources)]
    title = new_markdown_cell("# 试验 · Trial", id="title")
    nbformat.write(new_notebook(cells=[title, *cells], metadata={"kernelspec": KERNEL}), folder / f"{name}.ipynb")


def project(folder: Path) -> Path:
    """Make a project whose benches are a slider, one that fails, and one that shows figures."""
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "raw").symlink_to(ROOT / "data" / "raw")
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    write_bench(notebooks, "explore", SLIDER)
    write_bench(notebooks, "scenarios", "1 / 0", "print('not reached')")
    write_bench(notebooks, "counties", "from IPython.display import HTML\nHTML('<p>云浮</p>')")
    write_bench(notebooks, "private", "1")
    latest = folder / "reports" / "20180101T000000Z"
    latest.mkdir(parents=True)
    (latest / "index.html").write_text("<!DOCTYPE html><title>报告</title><p>报告</p>", encoding="utf-8")
    (latest / "log.txt").write_text("not for everybody", encoding="utf-8")
    (latest.parent / "latest").symlink_to(latest.name)
    return folder


@contextmanager
def served(root: Path, log: Path, *options: str) -> Iterator[Served]:
    """Start `xk app`, wait for the address that it prints, end it as Ctrl+C does, and see that nothing is left."""
    command = [sys.executable, "-m", "xk", "app", "--port", "0", "--no-browser", "--root", str(root), *options]
    with log.open("w") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=file, text=True, cwd=root, start_new_session=True,
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # what runs behind a shell ignores it
        )  # fmt: skip
    try:
        said = wait_until(lambda: process.poll() is not None or re.search(r"http://\S+", log.read_text()))
        assert said is not True, log.read_text()
        yield Served(process, said[0], log)
        (warm,) = children(process.pid)
        alive = {warm, *children(warm)}
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=HANG) == 0
        assert wait_until(lambda: all(map(is_gone, alive))), "kernels end with their server"
    finally:
        process.kill()

"""What docs/en/running.md says to call after a run, taken from the page and called: a mail, a message to a chat."""

from __future__ import annotations

import json
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer

import pytest
from made_up import ROOT, write_notebook
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from xk.errors import ReportError
from xk.running.kernels import FailedReport
from xk.running.runs import Job, Run, RunResult, run_reports

PAGE, ZH = ((ROOT / "docs" / lang / "running.md").read_text(encoding="utf-8") for lang in ("en", "zh"))
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
RECIPES = dict(zip(("mail", "hook"), BLOCK.findall(PAGE), strict=True))


class Mail(StreamRequestHandler):
    """A server of mail as far as a sender sees it."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            command = line[:4].upper()
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.got.append(content)  # type: ignore[attr-defined]
            self.wfile.write(b"250 fine\r\n" if command != b"QUIT" else b"221 bye\r\n")
            if command == b"QUIT":
                return


class Hook(BaseHTTPRequestHandler):
    """A server that takes what is posted to it; under /broken it fails."""

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers["Content-Type"], content))  # type: ignore[attr-defined]
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[TCPServer]:
    kind = HTTPServer if request.param is Hook else TCPServer
    with kind(("127.0.0.1", 0), request.param) as server:
        server.got = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def pretend(path: Path, _: object) -> NotebookNode:
    if path.stem == "bad":
        raise FailedReport("it failed: 坏")
    output = new_output("display_data", {"text/html": '<h2 id="a">2016 年</h2>'})
    return new_notebook(cells=[new_code_cell("show()", id="show", execution_count=1, outputs=[output])])


def make(folder: Path, command: str) -> RunResult:
    folder.mkdir(exist_ok=True)
    jobs = [Job(name, write_notebook(folder / f"{name}.ipynb"), {}, name) for name in ("good", "bad")]
    run = Run(folder / "out", "r1", "云浮市监测", kernel="process", on_finish=command)
    return run_reports(jobs, run, execute=pretend, progress=False)


def recipe(folder: Path, name: str) -> str:
    (folder / f"tell {name}.py").write_text(RECIPES[name], encoding="utf-8")
    return f"{sys.executable} '{folder}/tell {name}.py'"


def test_both_pages_have_the_same_recipes() -> None:
    assert BLOCK.findall(ZH) == list(RECIPES.values())


@pytest.mark.parametrize("server", [Mail], indirect=True)
def test_a_mail(tmp_path: Path, server: TCPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"FROM": "xk@example.org", "TO": "a@example.org, b@example.org"}.items():
        monkeypatch.setenv(f"MAIL_{name}", value)
    monkeypatch.setenv("MAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("MAIL_PORT", str(server.server_address[1]))
    result = make(tmp_path, recipe(tmp_path, "mail"))
    (content,) = server.got  # type: ignore[attr-defined]
    mail = message_from_bytes(content, policy=policy.default)
    assert (mail["Subject"], mail["To"]) == ("云浮市监测: 1/2", "a@example.org, b@example.org")
    body = mail.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").split("\n\n") == [
        str(result.folder / "index.html"),
        "bad: it failed: 坏\n",
    ]


@pytest.mark.parametrize("server", [Hook], indirect=True)
def test_a_message_to_a_chat(tmp_path: Path, server: TCPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("HOOK_URL", f"http://127.0.0.1:{server.server_address[1]}/robot")
    make(tmp_path, recipe(tmp_path, "hook"))
    ((kind, content),) = server.got  # type: ignore[attr-defined]
    assert kind == "application/json"
    assert json.loads(content) == {"msgtype": "text", "text": {"content": "云浮市监测: 1/2 bad"}}
    monkeypatch.setenv("HOOK_URL", f"http://127.0.0.1:{server.server_address[1]}/broken")
    with pytest.raises(ReportError, match="the run stands, but the command after it failed"):
        make(tmp_path / "more", recipe(tmp_path, "hook"))


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl on this machine")
@pytest.mark.parametrize("server", [Hook], indirect=True)
def test_the_manifest_to_a_web_server(tmp_path: Path, server: TCPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (command,) = re.findall(r'--on-finish "(curl [^"]*)"', PAGE)
    address = f"http://127.0.0.1:{server.server_address[1]}/runs"
    result = make(tmp_path, re.sub(r"https://\S+", address, command))
    ((kind, content),) = server.got  # type: ignore[attr-defined]
    assert (kind, content) == ("application/json", (result.folder / "manifest.json").read_bytes())

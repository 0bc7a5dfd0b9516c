"""`xk app`: its options, whom it lets in, and that it serves nothing but the benches."""

from __future__ import annotations

import json
import re
import socket
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import quote

import pytest
from made_up import ROOT, wait_until
from served import Served

from xk.errors import UsageError
from xk.running.cli import main
from xk.running.web.addresses import Site, checked, is_loopback
from xk.running.web.server import say_where, tornado_settings

REFUSED = ("地址里没有口令", "The address holds no token")
FAILED = ("这一部分没有算出来", "This part could not be computed")


def test_address_of_the_site() -> None:
    assert Site(ROOT).url == "http://127.0.0.1:8866/"
    assert Site(ROOT, "::1", 80).url == "http://[::1]:80/"
    behind = Site(ROOT, address="https://stats.example")
    assert (behind.url, behind.name) == ("https://stats.example/", "stats.example")


def test_each_start_has_a_token_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({Site(ROOT).token, Site(ROOT).token}) == 2 and len(Site(ROOT).token) >= 32
    monkeypatch.setenv("XK_TOKEN", "kept")
    assert Site(ROOT).token == "kept"
    assert Site(ROOT).token != "kept", "kernels do not find it in their environment"
    assert "kept" not in repr(Site(ROOT, token="kept"))


@pytest.mark.parametrize(
    ("host", "alone"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_hosts_that_others_see(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone
    assert Site(ROOT, host).is_open is not alone


def test_free_port_in_place_of_none() -> None:
    assert checked(Site(ROOT, port=0)).port > 0


def test_busy_port_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["app", "--port", str(port)]) == 2
        assert f"port {port} of 127.0.0.1 cannot be used" in (said := capsys.readouterr().err)
        assert "choose another with --port" in said


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.7"])
def test_host_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(UsageError, match=re.escape(host)):
        checked(Site(ROOT, host, 0))


@pytest.mark.parametrize("address", ["stats.example", "ftp://stats.example/", "https://stats.example/benches/"])
def test_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="give the whole address of a host"):
        checked(Site(ROOT, port=0, address=address))


def test_without_voila_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("xk.running.cli.benches.find_spec", {"voila": None}.get)
    assert main(["app"]) == 2
    assert 'pip install "xk[app]"' in capsys.readouterr().err


def test_without_notebooks_there_is_no_app(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "raw").symlink_to(ROOT / "data" / "raw")
    assert main(["app", "--root", str(tmp_path)]) == 2
    assert f"there is no folder {tmp_path / 'notebooks'}" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["/", "/explore", "/reports/index.html", "/nothing", "/?token=wrong"])
def test_without_token_nothing_is_shown(app: Served, path: str) -> None:
    answer, text = app.ask(path, token=False)
    assert answer.status == 403
    assert all(sentence in text for sentence in REFUSED)
    assert answer.getheader("Location") is None


def test_token_becomes_a_cookie_and_leaves_the_address(app: Served) -> None:
    answer, _ = app.ask(f"/explore?region=yunfu&token={app.token}&lang=en", token=False)
    assert (answer.status, answer.getheader("Location")) == (302, "/explore?region=yunfu&lang=en")
    cookie = answer.getheader("Set-Cookie") or ""
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and app.token not in cookie
    answer, text = app.ask("/", token=False, Cookie=cookie.partition(";")[0])
    assert answer.status == 200 and "走势与推算" in text


def test_start_page_in_both_languages(app: Served) -> None:
    for lang, title, other in (("zh", "小康指标工作台", "English"), ("en", "Indicator benches", "中文")):
        _, text = app.ask(f"/?lang={lang}")
        assert f"<h1>{title}</h1>" in text and f">{other}</a>" in text
        links = re.findall(r'<h2><a href="([^"]+)"', text)
        assert links == [
            *(f"/{name}?lang={lang}" for name in ("explore", "scenarios", "counties")),
            "/reports/index.html",
        ]


def test_latest_reports_are_served_and_nothing_beside_them(app: Served) -> None:
    assert "报告" in app.ask("/reports/index.html")[1]
    assert app.ask("/reports/log.txt")[0].status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/private", "/explore.ipynb", "/voila/render/private.ipynb", "/voila/render/explore.ipynb", "/voila/tree",
        "/voila/tree/", "/voila/files/private.ipynb", "/voila/files/../data/raw/sources.csv", "/voila/api/contents/",
        "/api/contents", "/api/kernels", "/api/terminals", "/login", "/files/data/raw/sources.csv",
    ],
)  # fmt: skip
def test_only_the_benches_are_served(app: Served, path: str) -> None:
    answer, text = app.ask(path)
    assert answer.status == 404
    assert "没有这一页" in text


@pytest.mark.parametrize(
    "folder", ["/reports/", "/voila/static/", "/xk/", "/voila/labextensions/", "/voila/api/themes/", "/"]
)
@pytest.mark.parametrize("up", ["../" * 9, quote("../" * 9, safe=""), "..%5c" * 9, "....//" * 9])
def test_no_way_leads_out_of_the_folders(app: Served, folder: str, up: str) -> None:
    answer, text = app.ask(f"{folder}{up}etc/passwd")
    assert answer.status in (400, 403, 404)
    assert "root:" not in text
    answer, text = app.ask(f"{folder}{up.replace('../' * 9, '../')}data/raw/sources.csv")
    assert answer.status in (400, 403, 404) and "sha256" not in text


def test_other_names_of_the_server_are_refused(app: Served) -> None:
    """Another site's name that leads to this machine would give that site's pages what is served here."""
    assert app.ask("/", Host="evil.example")[0].status == 403
    assert app.ask("/", Host=app.host.replace("127.0.0.1", "localhost"))[0].status == 200


@pytest.mark.parametrize(
    ("site", "any_number", "names"),
    [
        (Site(ROOT), False, ["localhost", "127.0.0.1"]),
        (Site(ROOT, address="https://stats.example/"), False, ["localhost", "stats.example"]),
        (Site(ROOT, "stats.example"), False, ["localhost", "stats.example"]),
        (Site(ROOT, "0.0.0.0"), True, ["localhost", "0.0.0.0"]),
        (Site(ROOT, "0.0.0.0", address="http://stats.example"), False, ["localhost", "stats.example"]),
    ],
)
def test_names_under_which_the_server_may_be_asked(site: Site, any_number: bool, names: list[str]) -> None:
    told = tornado_settings(site)
    assert (told["allow_remote_access"], told["local_hostnames"]) == (any_number, names)


def test_policy_lets_no_foreign_script_in(app: Served) -> None:
    panel = b64encode(sha256((ROOT / "xk" / "running" / "app" / "panel.js").read_bytes()).digest()).decode()
    for path in ("/", "/explore", "/nothing"):
        answer, text = app.ask(path)
        policy = (answer.getheader("Content-Security-Policy") or "").split("; ")
        assert "default-src 'none'" in policy
        assert f"script-src 'self' 'unsafe-hashes' 'sha256-{panel}'" in policy, "one script beside those of the server"
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert not re.search(r"<script(?![^>]*\b(src=\"/|type=\"application/))|\son\w+=|https?://", text), path


def test_what_stands_in_an_address_stays_text(app: Served) -> None:
    evil = "\"><script>alert(1)</script>'"
    for path in ("/", "/counties", "/nothing"):
        _, text = app.ask(f"{path}?region={quote(evil)}&{quote(evil)}=1&lang={quote(evil)}")
        assert "<script>alert" not in text, path
        assert 'lang="zh-CN"' in text


def test_bench_that_fails_says_so_without_a_traceback(app: Served) -> None:
    answer, text = app.ask("/scenarios")
    assert answer.status == 200
    assert all(sentence in text for sentence in FAILED)
    assert "ZeroDivisionError" not in text and "Traceback" not in text and "not reached" not in text
    assert wait_until(lambda: "ZeroDivisionError" in app.log.read_text())


def test_bench_gets_the_parameters_of_its_address(app: Served) -> None:
    _, text = app.ask("/explore?region=guangdong&lang=en")
    settings = json.loads(re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', text)[1])  # type: ignore[index]
    answer, model = app.ask(f"/api/kernels/{settings['kernelId']}")
    assert answer.status == 200 and json.loads(model)["name"] == "python3"
    assert "/explore?region=guangdong&amp;lang=zh" in text, "the other language keeps the question"
    before = app.kernels()
    app.ask(f"/api/kernels/{settings['kernelId']}", method="DELETE")
    assert wait_until(lambda: len(app.kernels()) == len(before) - 1)


def test_address_is_printed_and_given_to_the_browser_by_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not on the browser's command line, which every user of the machine can read."""
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("xk.running.web.server.IOLoop", Mock())
    say_where(Site(ROOT, "0.0.0.0", 8866, token="abc"), browser=True)
    said = capsys.readouterr()
    assert "http://0.0.0.0:8866/?token=abc" in said.out and "Ctrl+C ends it" in said.out
    assert "0.0.0.0 is seen by other machines" in said.err
    path = Path(opened[0].removeprefix("file://"))
    assert "abc" in path.read_text() and path.stat().st_mode & 0o077 == 0 and "abc" not in opened[0]
    path.unlink()

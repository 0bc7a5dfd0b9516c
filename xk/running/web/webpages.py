"""The pages of `xk app`: start, benches, reports, refusals; each with the same head, in the language asked for.

What a page shows of an address is escaped, and no page takes a script that is not a file of this server: so says the
policy that is sent along with each.
"""

import asyncio
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import jinja2
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError, RequestHandler, StaticFileHandler
from voila.handler import VoilaHandler

from xk import theme
from xk.readers import RAW
from xk.running.report.export import stylesheet
from xk.vocab import LANGUAGES, NATIVE, language, read_labels, text

TEMPLATES = Path(__file__).with_name("templates")
BENCHES = ("explore", "scenarios", "counties")
"""The notebooks that are served, in the order in which they are offered."""
SHOWN = (".html", ".xlsx", ".csv", ".json", ".pdf")
"""Endings of the files of a run that are served."""
ASSETS = {"style.css": "text/css", "page.js": "text/javascript", "xk.woff": "font/woff", "whole.ttf": "font/ttf"}
MOST = 64
"""Kernels at the same time: more would take the memory of a usual server."""

SILENCES = 15
"""Times that Voila may say, every ten seconds, that nothing has come yet: more than a cell may take."""

PANEL = Path(__file__).parents[1] / "app" / "panel.js"
"""The one script that comes with the controls and not as a file of the server: let in by its checksum."""
_MARK = "<!-- cells -->"
_AT_WORK = "voila_heartbeat"


class Page(JupyterHandler):
    """A page of the app; without the token a refusal."""

    @property
    def content_security_policy(self) -> str:
        return policy()

    @property
    def lang(self) -> str:
        asked = self.get_query_argument("lang", NATIVE)
        return asked if asked in LANGUAGES else NATIVE

    async def prepare(self) -> None:  # type: ignore[override]
        """Take the token out of the address once a cookie stands for it: addresses are copied and passed on."""
        await super().prepare()
        if self.current_user and self.get_query_argument("token", ""):
            self.redirect(self.address(token=None))

    def get_login_url(self) -> str:
        raise HTTPError(403)

    def address(self, **changed: str | None) -> str:
        """Return the address of this page with some of its parameters changed, or taken out with None."""
        given = {name: values[-1].decode("utf-8", "replace") for name, values in self.request.query_arguments.items()}
        asked = {name: value for name, value in (given | changed).items() if value is not None}
        return self.request.path + ("?" + urlencode(asked) if asked else "")

    def page(self, template: str, **values: object) -> str:
        """Return a page with the app's head; all values are escaped by the template."""
        report = (self.settings["xk_root"] / "reports" / "latest" / "index.html").is_file()
        benches = [(name, self.text(f"app_{name}"), self.text(f"app_note_{name}")) for name in BENCHES]
        languages = [(self.address(lang=lang, token=None), language(lang).html, text(f"runs_lang_{lang}", lang))
                     for lang in LANGUAGES if lang != self.lang]  # fmt: skip
        return _environment().get_template(template).render(
            base=self.base_url, benches=benches, html_lang=language(self.lang).html, lang=self.lang,
            languages=languages, report=report, text=self.text, **values,
        )  # fmt: skip

    def text(self, key: str) -> str:
        return text(key, self.lang)

    def write_error(self, status_code: int, **_: object) -> None:
        kind = {403: "refused", 404: "missing", 503: "full"}.get(status_code, "failed")
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(self.page("said.html.j2", title=self.text(f"app_{kind}_title"), said=said_to_all(f"app_{kind}")))


class Start(Page):
    def get(self) -> None:
        self.finish(self.page("start.html.j2"))


class Missing(Page):
    def get(self) -> None:
        raise HTTPError(404)


class Bench(Page, VoilaHandler):
    """A bench: its notebook, run in a kernel of its own, sent cell by cell."""

    async def get(self, name: str) -> None:
        if len(self.kernel_manager) >= MOST:
            raise HTTPError(503)
        _ = self.xsrf_token  # sets the cookie without which a page that is left cannot end its kernel
        head, foot = self.page("bench.html.j2", name=name, title=self.text(f"app_{name}"), mark=_MARK).split(_MARK)
        self.write(head)
        await self.flush()
        silent = 0
        try:
            async for html in self.get_generator(path=f"{name}.ipynb"):
                silent = silent + 1 if _AT_WORK in html else 0
                if silent > SILENCES:  # Voila itself would wait for ever
                    raise TimeoutError
                self.write("<!-- at work -->" if silent else html)
                await self.flush()
        except Exception:  # whatever it is, half of the page is out; the log has the rest
            self.log.exception("the bench %s could not be shown", name)
            self.write(_environment().get_template("failed.html.j2").render(failed=said_to_all("app_cell")))
        await self.finish(foot)


class Report(Page, StaticFileHandler):
    """The pages and tables of the last good run."""

    def initialize(self) -> None:  # type: ignore[override]
        super().initialize(path=str((self.settings["xk_root"] / "reports" / "latest").resolve()))

    @property
    def content_security_policy(self) -> str:
        return "frame-ancestors 'self'"  # the pages bring their own, which is stricter

    async def get(self, path: str) -> None:  # type: ignore[override]
        if not path.endswith(SHOWN):
            raise HTTPError(404)
        await StaticFileHandler.get(self, path)


class Asset(RequestHandler):
    """What the pages are made with: style, script and font of this package, the same for everybody."""

    async def get(self, path: str) -> None:
        self.set_header("Content-Type", ASSETS[path])
        self.set_header("Cache-Control", "max-age=604800" if "font" in ASSETS[path] else "no-cache")
        self.finish(await asyncio.to_thread(_content, path, self.settings["xk_root"]))


@cache
def policy() -> str:
    """Return what a page may load and run, for the browser to keep to."""
    script = "script-src 'self'"
    if PANEL.is_file():
        script += f" 'unsafe-hashes' 'sha256-{b64encode(sha256(PANEL.read_bytes()).digest()).decode()}'"
    return (
        f"default-src 'none'; {script}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)


@cache
def _content(name: str, root: Path) -> bytes:
    if name == "whole.ttf":
        return theme.font_path().read_bytes()
    if name == "xk.woff":
        return theme.font_woff(_words(root))
    own = (TEMPLATES / name).read_text(encoding="utf-8")
    if name == "style.css":
        own = theme.css_variables() + stylesheet() + own
    return own.encode()


def _words(root: Path) -> str:
    """Return the characters of all labels and names; the whole font is fetched for others, such as of own files."""
    labels = (label for labels in read_labels().values() for label in labels.values())
    names = (path.read_text(encoding="utf-8") for path in (root / RAW).rglob("*.csv"))
    return "".join({char for part in (*labels, *names) for char in part})


def said_to_all(key: str) -> list[tuple[str, str]]:
    """Return a sentence in all languages: what is said before it is known who reads."""
    return [(language(lang).html, text(key, lang)) for lang in LANGUAGES]

"""An executed notebook as one HTML page: nbconvert with a template of our own, no script, no requests.

Passages in Chinese on an English page are marked as such, so that screen readers change their voice.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from html import unescape
from pathlib import Path

import jinja2
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import List, Unicode
from traitlets.config import Config

from xk import theme, vocab
from xk.errors import ReportError
from xk.running.report.numbering import CAPTIONED, Numbered, number_parts, parts_of, put_numbers
from xk.running.report.refusals import image_alt, shown_outputs
from xk.vocab import NATIVE, language

# The beginning of an element, with whatever its attributes hold, and the text right behind it.
_BEGINNING = re.compile(r"""<([A-Za-z][^\s/>]*)((?:[^"'<>]|"[^"]*"|'[^']*')*)>([^<]*)""")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_LANG = re.compile(r"\slang\s*=", re.I)
_SILENT = {"style", "title"}


def mark_chinese(html: str) -> str:
    """Return a page with ``lang`` on every element that begins with a text which is Chinese for the most part."""
    start = max(html.find("<body"), 0)
    return html[:start] + _BEGINNING.sub(_marked, html[start:])


def _marked(found: re.Match[str]) -> str:
    name, attributes, text = found.groups()
    if not _HAN.search(text) or name.lower() in _SILENT or _LANG.search(attributes) or attributes.endswith("/"):
        return found[0]
    if len(_HAN.findall(text)) <= len(_LATIN.findall(unescape(text))):
        return found[0]
    return f'<{name} lang="{language(NATIVE).html}"{attributes}>{text}'


TEMPLATES = Path(__file__).with_name("templates")
TEMPLATE_NAME = "xk"

_FONT_PLACE = "/* embedded font */"


@dataclass(frozen=True)
class Page:
    """What stands around the text of a page.

    Parameters
    ----------
    title : str
        Heading and window title.
    lang : str
        One of `xk.vocab.LANGUAGES`.
    subtitle : str
        A line under the title.
    facts : tuple of (label, value)
        The title block: region, as of, scenario, data version, in that order.
    links : tuple of (address, label)
        Ways out of the page, relative to it: index, executed notebook.
    notice : tuple of str
        What a reader must know before all else: that this is a scenario, and what it assumes, a line each.
    """

    title: str
    lang: str = vocab.NATIVE
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    notice: tuple[str, ...] = ()


class ReportExporter(TemplateExporter):
    """nbconvert's template exporter, set to the template of this package.

    Not nbconvert's HTMLExporter: it parses the finished page and writes it anew, which changes inline SVG.
    """

    output_mimetype = "text/html"
    file_extension = Unicode(".html")
    template_name = Unicode(TEMPLATE_NAME)
    extra_template_basedirs = List([str(TEMPLATES)])

    @property
    def default_config(self) -> Config:
        shown = ["text/html", "image/svg+xml", "image/png", "text/plain"]
        # No preprocessors: not one is needed, and each has the notebook checked anew.
        config = Config({"NbConvertBase": {"display_data_priority": shown}, "Exporter": {"default_preprocessors": []}})
        config.merge(super().default_config)
        return config


def export_html(notebook: NotebookNode, page: Page) -> str:
    """Return the page with the outputs of `notebook`; the font holds the characters that appear in it.

    Sections, figures and tables are numbered, and sources cited, in the page, not in the notebook. An output that
    says nothing of its parts is shown as it is.

    Raises
    ------
    ReportError
        A character has no glyph in the font.
    """
    parts = [part for _, output in shown_outputs(notebook) for part in parts_of(output)]
    numbered = number_parts(parts, page.lang)
    body, _ = _exporter().from_notebook_node(notebook, resources={"xk": page_values(page, numbered)})
    body = _spoken(put_numbers(body, numbered, page.lang), page)
    characters = _characters(body)
    if missing := theme.missing_characters(characters):
        raise ReportError(f"the font has no glyph for: {' '.join(missing)}")
    return _with_font(body, characters)


@lru_cache(maxsize=1)
def _exporter() -> ReportExporter:
    """Return the exporter, its templates compiled once a process."""
    return ReportExporter(filters={"image_alt": image_alt})


def render_page(template: str, page: Page, **values: object) -> str:
    """Return a page without a notebook (index, failed report); all values are escaped by the template.

    A character without a glyph is no error here: the page that tells of a failure must come about.
    """
    body = _environment().get_template(template).render(xk=page_values(page), **values)
    return _with_font(_spoken(body, page), _characters(body))


def page_values(page: Page, numbered: Sequence[Numbered] = ()) -> dict[str, object]:
    """Return what the templates know as ``xk``."""
    return {
        "page": page,
        "html_lang": vocab.language(page.lang).html,
        "html_langs": {lang: vocab.language(lang).html for lang in vocab.LANGUAGES},
        "contents": [one for one in numbered if one.part.kind not in CAPTIONED],
        "captions": [one for one in numbered if one.part.kind in CAPTIONED],
        "css": f"{_FONT_PLACE}\n{theme.css_variables()}{stylesheet()}",
        "text": partial(vocab.text, lang=page.lang),
    }


def _spoken(body: str, page: Page) -> str:
    return body if page.lang == vocab.NATIVE else mark_chinese(body)


def _characters(body: str) -> str:
    return "".join(set(html.unescape(body)))


def _with_font(body: str, characters: str) -> str:
    return body.replace(_FONT_PLACE, theme.font_face_css(characters), 1)


@lru_cache(maxsize=1)
def stylesheet() -> str:
    return (TEMPLATES / TEMPLATE_NAME / "style.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(TEMPLATES / TEMPLATE_NAME)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
